"""The clock's work on proposals: every reminder that is due today, each once however often this runs."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Subquery
from django.utils import timezone

from cppcc_portal.office import notices, parameters
from cppcc_portal.office.deadlines import Deadline, WorkingCalendar
from cppcc_portal.office.keys import key_of
from members.models import Commitment, Posting
from members.posted import Day, together
from members.roles import Role
from proposals.actions.following import remind_progress
from proposals.actions.lapsing import lapse_invitations
from proposals.actions.meeting_reminding import meetings, progress_reports
from proposals.actions.opinion_reminding import (
    bulletins_to_answer,
    bulletins_to_receive,
    coauthors_to_answer,
)
from proposals.actions.rating import expire_evaluations
from proposals.actions.reminding_early import (
    Plan,
    behind,
    cosigning,
    cut_off,
    cut_off_hours,
    hand_overs,
    reviews,
    revisions,
)
from proposals.models import (
    ContactEntry,
    Countersign,
    Evaluation,
    Handling,
    KeyMark,
    Proposal,
    ProposerKind,
    Publication,
    Rehandling,
    SupervisionEntry,
    UnitConsultation,
    UnitRequest,
)
from proposals.models.promises import made_in
from proposals.models.rights import SUPERVISING_POSTS


def remind(today: date) -> int:
    """Write today's reminders about proposals; return how many are new. Safe to run again.

    Each kind asks a handful of queries whatever the number of proposals, and one more for every
    few hundred reminders that are due.
    """
    day = Day(today, "proposals")
    made = sum(
        notices.tell_all(telling for telling in plan(day) if telling is not None)
        for plan in (
            cosigning,
            cut_off,
            cut_off_hours,
            revisions,
            reviews,
            hand_overs,
            _sign_in,
            _contact,
            _opinions,
            _countersigns,
            _replies,
            _checks,
            _evaluations,
            _decisions,
            _requests,
            coauthors_to_answer,
            bulletins_to_receive,
            bulletins_to_answer,
            _publications,
            _consultations,
            _commitments,
            remind_progress,
            _supervision,
            meetings,
            progress_reports,
        )
    )
    expire_evaluations(today)
    return made + lapse_invitations(today, at=day.moment)


def _handlings() -> Any:
    return Handling.objects.select_related("proposal", "unit")


def _sign_in(day: Day) -> Plan:
    """The clerks at first; the unit's leaders and the secretariat's only from so many working days on."""
    working, days = WorkingCalendar(), parameters.get("proposals.escalate_sign_in")
    above = together(day.with_role(Role.SECRETARY_GENERAL), day.with_role(Role.OFFICE))
    for handling in _handlings().filter(status=Handling.Status.WAITING):
        people = day.clerks(handling.unit_id)
        since = working.add(handling.handed_over_on, days)
        step = (since - handling.sign_in_due_on).days
        yield day.telling(
            "sign_in_reminder",
            handling,
            people,
            handling.sign_in_due_on,
            "sign_in",
            handling.handed_over_on,
            late={step: [*day.leaders(handling.unit_id), *above]},
            also=[step],
            every=7,
            words={"number": handling.proposal.label, "unit": str(handling.unit)},
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
    """The unit before its day; once it is late, its leaders and whoever presses units as well."""
    others = together(day.with_role(Role.SUPERVISION), day.with_role(Role.OFFICE))
    for handling in _handlings().open().exclude(role=Handling.Role.JOINT):
        again = handling.round > 1
        people = day.clerks(handling.unit_id)
        signing = handling.status == Handling.Status.SIGNING
        if again or signing or day.today > handling.due_on:
            people = people + day.leaders(handling.unit_id)
        yield day.telling(
            "reply_reminder",
            handling,
            people,
            handling.due_on,
            "rehandling" if again else "reply",
            handling.handed_over_on,
            late={parameters.get("proposals.escalate_reply"): others},
            every=7,
            round=handling.round,
            words={"number": handling.proposal.label, "unit": str(handling.unit)},
        )


def _countersigns(day: Day) -> Plan:
    """Drafts of replies that joint units were asked to countersign."""
    for row in Countersign.objects.waiting().with_names():
        yield day.telling(
            "countersign_reminder",
            row,
            day.clerks(row.handling.unit_id),
            row.due_on,
            "countersign",
            timezone.localdate(row.asked_at),
            words={"number": row.handling.proposal.label, "unit": str(row.reply.handling.unit)},
        )


def _checks(day: Day) -> Plan:
    """Replies that wait for the check."""
    people = together(day.with_role(Role.SUPERVISION), day.with_role(Role.OFFICE))
    for handling in _handlings().to_check().select_related("current_reply"):
        yield day.telling(
            "check_reminder",
            handling,
            people,
            handling.check_due_on,
            "check",
            timezone.localdate(handling.current_reply.handed_in_at),
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
            behind(evaluation.proposer, day, roles),
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
        if rehandling.evaluation and rehandling.evaluation.answered_at is not None:
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
    everybody = together(day.with_role(Role.SUPERVISION), day.with_role(Role.OFFICE))
    for request in UnitRequest.objects.undecided().with_names():
        yield day.telling(
            "request_reminder",
            request,
            day.with_role(Role.OFFICE) if request.dispatch_id else everybody,
            request.due_on,
            "request",
            timezone.localdate(request.asked_at),
            every=7,
            words={
                "unit": str(request.share.unit),
                "kind": str(request.get_kind_display()),
                "number": request.label,
            },
        )


def _publications(day: Day) -> Plan:
    """Texts and replies that the office has still to make public."""
    waiting = Publication.objects.waiting().select_related("proposal")
    for publication in waiting.filter(due_on__lte=day.today + timedelta(days=31)):
        assert publication.due_on is not None  # it waits for that day
        filed_at = publication.proposal.filed_at
        yield day.telling(
            "publication_reminder",
            publication,
            day.with_role(Role.OFFICE),
            publication.due_on,
            "publication",
            timezone.localdate(filed_at) if filed_at else day.today,
            every=7,
            words={"number": publication.proposal.label},
        )


def _consultations(day: Day) -> Plan:
    """Units that have not said whether a proposal is their business."""
    others = together(
        day.with_role(Role.SUPERVISION)
        if parameters.get("proposals.hand_over_by") == "supervision"
        else [],
        day.with_role(Role.OFFICE),
    )
    for asked in UnitConsultation.objects.standing().unanswered().with_names():
        people = day.clerks(asked.unit_id)
        if day.today > asked.due_on:
            people = people + day.leaders(asked.unit_id) + others
        yield day.telling(
            "consultation_reminder",
            asked,
            people,
            asked.due_on,
            "consultation",
            timezone.localdate(asked.asked_at),
            words={"number": asked.proposal.label, "unit": str(asked.unit)},
        )


def _commitments(day: Day) -> Plan:
    """Promises of replies and consultations: the unit is reminded before and, once late, every month."""
    near = Commitment.objects.filter(
        status=Commitment.Status.OPEN,
        due_on__lte=day.today + timedelta(days=60),
    ).select_related("unit")
    made = made_in(near)
    for commitment in near:
        origin = made.get(commitment.subject)
        if origin is None:  # of another app, which reminds of it
            continue
        yield day.telling(
            "commitment_reminder",
            commitment,
            day.people_of(commitment.unit_id, Posting.Role.CLERK, *Posting.LEADS),
            commitment.due_on,
            "commitment",
            origin.on,
            every=30,
            words={"number": origin.handling.proposal.label, "unit": str(commitment.unit)},
            url=origin.handling.get_absolute_url(),
        )


def _supervision(day: Day) -> Plan:
    """Key proposals with units that nobody has pressed for a while: the office, and the committee."""
    days = timedelta(days=parameters.get("proposals.supervision_days"))
    last = SupervisionEntry.objects.filter(proposal=OuterRef("proposal")).order_by("-on")
    marks = KeyMark.objects.current().filter(proposal__status__in=Proposal.WITH_UNITS)
    for mark in marks.select_related("proposal").annotate(last_on=Subquery(last.values("on")[:1])):
        begun = (mark.last_on, timezone.localdate(mark.selected_at), mark.proposal.handed_over_on)
        since = max(on for on in begun if on is not None)
        committee = day.people_of(mark.committee_id, *SUPERVISING_POSTS)
        yield day.telling(
            "supervision_reminder",
            mark,
            together(day.with_role(Role.OFFICE), committee),
            since + days,
            "supervision",
            since,
            every=7,
            words={"number": mark.proposal.label, "since": since.isoformat()},
        )
