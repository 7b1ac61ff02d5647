"""归档: what is over and whole is put away; from then on it is only looked at."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from members.models import User
from proposals.actions.writing import locked
from proposals.models import Proposal


@transaction.atomic
def archive(proposal: Proposal, *, by: User, note: str = "", at: datetime | None = None) -> None:
    """Put the record away once letters, ratings and promises are complete; nobody writes it any more."""
    at = at or timezone.now()
    locked(proposal).move_to("archive", by=by, note=note, at=at, archived_at=at)
    proposal.refresh_from_db()
