"""联名邀请过期: invitations that nobody answered by the cut-off lapse; who was asked and who asked are told."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from cppcc_portal.office import notices
from proposals.actions.holding import locked
from proposals.actions.people import people_behind
from proposals.models import Proposal, Proposer


def lapse_invitations(today: date, *, at: datetime | None = None) -> int:
    """Close what was not answered by its day; return how many people are told. Safe to run again."""
    at = at or timezone.now()
    over = Proposal.objects.filter(
        status=Proposal.Status.COSIGNING,
        cosign_until__lt=today,
        proposers__status=Proposer.Status.WAITING,
    )
    return sum(_lapse_all(proposal, today, at) for proposal in over.order_by("pk").distinct())


@transaction.atomic
def _lapse_all(proposal: Proposal, today: date, at: datetime) -> int:
    # Held, so that an answer or a new day given at this very moment comes before or after.
    held = locked(proposal)
    until = held.cosign_until
    if held.status != Proposal.Status.COSIGNING or until is None or until >= today:
        return 0
    waiting = list(
        held.proposers.filter(status=Proposer.Status.WAITING).select_related("membership__person")
    )
    told = 0
    for proposer in waiting:
        proposer.move_to("lapse", job="lapse_invitations", at=at)
        told += notices.tell(
            "cosign_expired",
            proposer,
            people=people_behind([proposer]),
            round=proposer.version,
            due=until,
            at=at,
            words={"who": str(held.first_proposer), "until": until.isoformat()},
            url="/",
        )
    return told + _tell_inviter(held, waiting, until, at)


def _tell_inviter(proposal: Proposal, lapsed: Iterable[Proposer], until: date, at: datetime) -> int:
    names = [proposer.name for proposer in lapsed]
    first = proposal.first_proposer
    return notices.tell(
        "cosign_unanswered",
        proposal,
        people=people_behind([first] if first else []),
        # Once for each round of invitations, also where two of them end on one day.
        round=proposal.version,
        due=until,
        at=at,
        words={
            "count": str(len(names)),
            "names": "、".join(names),
            "until": until.isoformat(),
        },
        url=proposal.get_absolute_url(),
    )
