"""What stands under a body's text at the moment it is submitted."""

from datetime import datetime

from proposals.models import Collective, Proposal


def settle_collective(proposal: Proposal, *, at: datetime) -> None:
    """From now on the organisation's contact stands, and its seal where its kind asks for one."""
    collective = proposal.collective
    Collective.objects.filter(pk=collective.pk).update(
        submitted_at=at, needs_seal=collective.kind.needs_seal
    )
