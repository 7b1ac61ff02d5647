"""Reminders of the time before units have a proposal: whoever writes, co-signs, reviews, hands over."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone

from cppcc_portal.office import parameters
from cppcc_portal.office.deadlines import Deadline
from cppcc_portal.office.keys import split_key
from cppcc_portal.office.notices import Telling
from members.models import Person, Plenary
from members.posted import Day, together
from members.roles import Role
from proposals.models import Draft, Proposal, Proposer, ProposerKind

Plan = Iterator[Telling | None]


def cosigning(day: Day) -> Plan:
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


def cut_off(day: Day) -> Plan:
    """Whoever still has a draft shortly before the plenary's cut-off."""
    near = Plenary.objects.filter(
        cut_off__date__range=(day.today, day.today + timedelta(days=31)),
        submission_from__date__lte=day.today,
    )
    if not near:
        return
    writing = _in_writing(day)
    for plenary in near:
        for draft, people in writing:
            yield day.telling(
                "cut_off_reminder",
                draft.proposal,
                people,
                timezone.localdate(plenary.cut_off),
                "cut_off",
                timezone.localdate(draft.proposal.created_at),
            )


def cut_off_hours(day: Day) -> Plan:
    """The same people once more in the last hours; once for each cut-off, whatever is changed in them."""
    hours = parameters.get("proposals.remind_before_cut_off")
    near = Plenary.objects.filter(
        cut_off__range=(day.moment, day.moment + timedelta(hours=hours)),
        submission_from__lte=day.moment,
    )
    if not hours or not near:
        return
    writing = _in_writing(day)
    for plenary in near:
        until = timezone.localtime(plenary.cut_off)
        for draft, people in writing:
            if people:
                yield Telling(
                    "cut_off_hours",
                    draft.proposal,
                    people,
                    due=until.date(),
                    at=day.moment,
                    words={"until": f"{until:%Y-%m-%d %H:%M}"},
                    url=draft.proposal.get_absolute_url(),
                )


def _in_writing(day: Day) -> list[tuple[Draft, list[Person]]]:
    """Every draft that has words and was not submitted, with who puts it."""
    first_proposers = Proposer.objects.filter(order=0).select_related("membership__person", "body")
    roles = ProposerKind.objects.roles()
    writing = Draft.objects.filter(
        proposal__status__in=[Proposal.Status.DRAFT, Proposal.Status.COSIGNING]
    )
    rows = writing.select_related("proposal").prefetch_related(
        Prefetch("proposal__proposers", first_proposers, to_attr="first_proposers")
    )
    return [
        (draft, behind(first, day, roles))
        for draft in rows.exclude(title="", situation="", suggestions="")
        if (first := draft.proposal.first_proposer) is not None
    ]


def behind(proposer: Proposer, day: Day, roles: Mapping[str, list[str]]) -> list[Person]:
    """The proposer, or who signs for the body today."""
    if proposer.body is None:
        return [proposer.person]
    return day.people_of(proposer.body_id, *roles.get(proposer.body.kind, ()))


def _running(kind: str, *statuses: str) -> list[tuple[Deadline, Any]]:
    """The running clocks of this kind, each with its proposal while that stands in one of these states."""
    clocks = list(
        Deadline.objects.of(Proposal).filter(kind=kind).running().order_by("due_on", "pk")
    )
    rows = Proposal.objects.filter(status__in=statuses).select_related("plenary__term")
    first = Proposer.objects.filter(order=0).select_related("membership__person", "body")
    known = rows.prefetch_related(Prefetch("proposers", first, to_attr="first_proposers"))
    found = known.in_bulk([split_key(clock.subject)[1] for clock in clocks])
    pairs = ((clock, found.get(split_key(clock.subject)[1])) for clock in clocks)
    return [(clock, proposal) for clock, proposal in pairs if proposal is not None]


def revisions(day: Day) -> Plan:
    """Texts that were given back and have not come again."""
    roles = ProposerKind.objects.roles()
    status = Proposal.Status
    for clock, proposal in _running("revision", status.RETURNED, status.COSIGNING):
        first = proposal.first_proposer
        if first is not None:
            yield day.telling(
                "revision_reminder",
                proposal,
                behind(first, day, roles),
                clock.due_on,
                "revision",
                clock.started_on,
                round=clock.round,
                words={"serial": str(proposal.serial)},
            )


def reviews(day: Day) -> Plan:
    """Texts of the time between plenaries that the office has not decided on."""
    status = Proposal.Status
    for clock, proposal in _running("review_ordinary", status.SUBMITTED, status.REVIEWING):
        yield day.telling(
            "review_reminder",
            proposal,
            day.with_role(Role.OFFICE),
            clock.due_on,
            "review",
            clock.started_on,
            every=7,
            words={"serial": str(proposal.serial)},
        )


def hand_overs(day: Day) -> Plan:
    """Filed proposals that no unit has: one reminder for all of a plenary that are due on the same day."""
    people = day.with_role(Role.OFFICE)
    if parameters.get("proposals.hand_over_by") == "supervision":
        people = together(day.with_role(Role.SUPERVISION), people)
    due: dict[tuple[Plenary, date], list[Deadline]] = {}
    for clock, proposal in _running("hand_over", *Proposal.NOT_HANDED_OVER):
        due.setdefault((proposal.plenary, clock.due_on), []).append(clock)
    for (plenary, due_on), clocks in due.items():
        yield day.telling(
            "hand_over_reminder",
            plenary,
            people,
            due_on,
            "hand_over",
            min(clock.started_on for clock in clocks),
            every=7,
            words={"plenary": str(plenary), "count": str(len(clocks))},
            url=reverse("desk:hand_overs"),
        )
