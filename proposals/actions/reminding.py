"""The clock's work on proposals: every reminder that is due today, each once however often this runs."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch
from django.utils import timezone

from cppcc_portal.office import notices
from cppcc_portal.office.deadlines import Deadline
from cppcc_portal.office.keys import key_of, split_key
from cppcc_portal.office.notices import Telling
from members.models import Commitment, Person, Plenary, Posting
from members.posted import Day, together
from members.roles import Role
from proposals.actions.rating import expire_evaluations
from proposals.models import (
    ContactEntry,
    Draft,
    Evaluation,
    Handling,
    Proposal,
    Proposer,
    ProposerKind,
    Rehandling,
    Reply,
    UnitRequest,
)


def remind(today: date) -> int:
    """Write today's reminders about proposals; return how many are new. Safe to run again.

    Each kind asks a handful of queries whatever the number of proposals, and one more for every
    few hundred reminders that are due.
    """
    day = Day(today, "proposals")
    made = sum(
        notices.tell_all(telling for telling in plan(day) if telling is not None)
        for plan in (
            _cosigning,
            _cut_off,
            _sign_in,
            _contact,
            _opinions,
            _replies,
            _evaluations,
            _decisions,
            _requests,
            _commitments,
        )
    )
    expire_evaluations(today)
    return made


Plan = Iterator[Telling | None]


def _cosigning(day: Day) -> Plan:
    waiting = Proposer.objects.filter(
        status=Proposer.Status.WAITING,
        proposal__status=Proposal.Status.COSIGNING,
        proposal__cosign_until__gte=day.today,
    ).select_related("proposal", "membership__person", "text")
    for proposer in waiting:
        until = proposer.proposal.cosign_until
        if proposer.text is not None and until is not None:
            yield day.telling(
                "cosign_reminder",
                proposer,
                [proposer.person],
                until,
                "cosign",
                timezone.localdate(proposer.text.made_at),
                round=proposer.text.number,
            )


def _cut_off(day: Day) -> Plan:
    """Whoever still has a draft shortly before the plenary's cut-off."""
    near = Plenary.objects.filter(
        cut_off__date__range=(day.today, day.today + timedelta(days=31)),
        submission_from__date__lte=day.today,
    )
    first_proposers = Proposer.objects.filter(order=0).select_related("membership__person", "body")
    roles = ProposerKind.objects.roles()
    for plenary in near:
        writing = Draft.objects.filter(
            proposal__status__in=[Proposal.Status.DRAFT, Proposal.Status.COSIGNING]
        )
        writing = writing.select_related("proposal").prefetch_related(
            Prefetch("proposal__proposers", first_proposers, to_attr="first_proposers")
        )
        for draft in writing.exclude(title="", situation="", suggestions=""):
            first = draft.proposal.first_proposer
            if first is not None:
                yield day.telling(
                    "cut_off_reminder",
                    draft.proposal,
                    _behind(first, day, roles),
                    timezone.localdate(plenary.cut_off),
                    "cut_off",
                    timezone.localdate(draft.proposal.created_at),
                )


def _behind(proposer: Proposer, day: Day, roles: Mapping[str, list[str]]) -> list[Person]:
    """The proposer, or who signs for the body today."""
    if proposer.body is None:
        return [proposer.person]
    return day.people_of(proposer.body_id, *roles.get(proposer.body.kind, ()))


def _handlings() -> Any:
    return Handling.objects.select_related("proposal", "unit")


def _sign_in(day: Day) -> Plan:
    for handling in _handlings().filter(status=Handling.Status.WAITING):
        people = day.clerks(handling.unit_id)
        if day.today > handling.sign_in_due_on:
            people = people + day.leaders(handling.unit_id)
        yield day.telling(
            "sign_in_reminder",
            handling,
            people,
            handling.sign_in_due_on,
            "sign_in",
            handling.handed_over_on,
            every=7,
            words={"number": handling.proposal.label},
        )


def _contact(day: Day) -> Plan:
    silent = (
        _handlings()
        .open()
        .exclude(role=Handling.Role.JOINT)
        .filter(~Exists(ContactEntry.objects.filter(handling=OuterRef("pk"))), round=1)
    )
    clocks = Deadline.objects.for_subjects(key_of(handling) for handling in silent)
    for handling in silent:
        clock = clocks.get(key_of(handling), {}).get("first_contact")
        if clock is not None:
            yield day.telling(
                "contact_reminder",
                handling,
                day.clerks(handling.unit_id),
                clock.due_on,
                "contact",
                handling.handed_over_on,
                words={"number": handling.proposal.label},
            )


def _opinions(day: Day) -> Plan:
    rows = _handlings().open().filter(role=Handling.Role.JOINT)
    leads = Handling.objects.standing().filter(role=Handling.Role.LEAD)
    for handling in rows.prefetch_related(Prefetch("proposal__handlings", leads, to_attr="leads")):
        people = day.clerks(handling.unit_id)
        if day.today > handling.due_on:
            for lead in handling.proposal.leads:
                people = people + day.clerks(lead.unit_id)
        yield day.telling(
            "opinion_reminder",
            handling,
            people,
            handling.due_on,
            "opinion",
            handling.handed_over_on,
            words={"number": handling.proposal.label, "unit": str(handling.unit)},
        )


def _replies(day: Day) -> Plan:
    for handling in _handlings().open().exclude(role=Handling.Role.JOINT):
        again = handling.round > 1
        people = day.clerks(handling.unit_id)
        if again or day.today > handling.due_on:
            people = people + day.leaders(handling.unit_id)
        yield day.telling(
            "reply_reminder",
            handling,
            people,
            handling.due_on,
            "rehandling" if again else "reply",
            handling.handed_over_on,
            every=7,
            round=handling.round,
            words={"number": handling.proposal.label, "unit": str(handling.unit)},
        )


def _evaluations(day: Day) -> Plan:
    waiting = Evaluation.objects.filter(status=Evaluation.Status.WAITING).select_related(
        "reply__handling__proposal",
        "reply__handling__unit",
        "proposer__membership__person",
        "proposer__body",
    )
    roles = ProposerKind.objects.roles()
    for evaluation in waiting:
        yield day.telling(
            "evaluation_reminder",
            evaluation,
            _behind(evaluation.proposer, day, roles),
            evaluation.due_on,
            "evaluation",
            timezone.localdate(evaluation.reply.sent_at),
            round=evaluation.reply.round,
            words={
                "number": evaluation.reply.handling.proposal.label,
                "unit": str(evaluation.reply.handling.unit),
            },
        )


def _decisions(day: Day) -> Plan:
    waiting = Rehandling.objects.filter(status=Rehandling.Status.PROPOSED).select_related(
        "handling__proposal", "handling__unit", "evaluation"
    )
    people = day.with_role(Role.OFFICE)
    for rehandling in waiting:
        if rehandling.evaluation.answered_at is not None:
            yield day.telling(
                "decision_reminder",
                rehandling,
                people,
                rehandling.due_on,
                "decision",
                timezone.localdate(rehandling.evaluation.answered_at),
                every=7,
                words={
                    "number": rehandling.handling.proposal.label,
                    "unit": str(rehandling.handling.unit),
                },
            )


def _requests(day: Day) -> Plan:
    """Requests of units that wait for a decision."""
    people = together(day.with_role(Role.SUPERVISION), day.with_role(Role.OFFICE))
    for request in UnitRequest.objects.undecided().with_names():
        yield day.telling(
            "request_reminder",
            request,
            people,
            request.due_on,
            "request",
            timezone.localdate(request.asked_at),
            every=7,
            words={
                "unit": str(request.handling.unit),
                "kind": str(request.get_kind_display()),
                "number": request.handling.proposal.label,
            },
        )


def _commitments(day: Day) -> Plan:
    """Promises that came with replies: the unit is reminded before and, once late, every month."""
    near = Commitment.objects.filter(
        status=Commitment.Status.OPEN,
        subject__startswith="proposals.reply:",
        due_on__lte=day.today + timedelta(days=60),
    ).select_related("unit")
    keys = {split_key(commitment.subject)[1] for commitment in near}
    replies = Reply.objects.select_related("handling__proposal").in_bulk(keys)
    for commitment in near:
        reply = replies[split_key(commitment.subject)[1]]
        yield day.telling(
            "commitment_reminder",
            commitment,
            day.people_of(commitment.unit_id, Posting.Role.CLERK, Posting.Role.LEADER),
            commitment.due_on,
            "commitment",
            timezone.localdate(reply.sent_at),
            every=30,
            words={"number": reply.handling.proposal.label, "unit": str(commitment.unit)},
            url=reply.handling.get_absolute_url(),
        )
