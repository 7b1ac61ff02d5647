"""Names as they stood: whoever changes post, sector or name later changes no page or paper of before."""

from collections.abc import Iterable
from datetime import datetime

from proposals.models import Proposal, Proposer


def keep_names(proposal: Proposal, *, at: datetime) -> None:
    """The review has decided: its proposers stay as they are called today."""
    keep_names_of(proposal.proposers.confirmed(), at=at)


def keep_names_of(proposers: Iterable[Proposer], *, at: datetime) -> None:
    """Whoever joins a filed proposal is kept as called on that day."""
    keys = [proposer.pk for proposer in proposers]
    for proposer in Proposer.objects.filter(pk__in=keys).with_people():
        Proposer.objects.filter(pk=proposer.pk).update(kept_at=at, **proposer.names_now())
