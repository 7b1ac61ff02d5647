"""Reminders of the time before units have a proposal: whoever writes, co-signs, reviews, hands over."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from django.db.models import Prefetch
from django.utils import timezone

from cppcc_portal.office.notices import Telling
from members.models import Person, Plenary
from members.posted import Day
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
                    behind(first, day, roles),
                    timezone.localdate(plenary.cut_off),
                    "cut_off",
                    timezone.localdate(draft.proposal.created_at),
                )


def behind(proposer: Proposer, day: Day, roles: Mapping[str, list[str]]) -> list[Person]:
    """The proposer, or who signs for the body today."""
    if proposer.body is None:
        return [proposer.person]
    return day.people_of(proposer.body_id, *roles.get(proposer.body.kind, ()))
