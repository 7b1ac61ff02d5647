"""退出联名: who co-signed takes it back before the review has decided; the first proposer is told."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from cppcc_portal.office import notices
from members.models import User
from proposals.actions.people import people_behind
from proposals.actions.writing import locked
from proposals.models import FurtherBody, Proposal, Proposer


@transaction.atomic
def step_out(proposer: Proposer, *, by: User, note: str = "", at: datetime | None = None) -> None:
    """No longer stand behind the text; a text that nobody else signed is an individual one again."""
    at = at or timezone.now()
    # Held, so that one steps out either before the decision or is told of it.
    proposal = proposer.proposal = locked(proposer.proposal)
    proposer.move_to("step_out", by=by, at=at, note=note.strip(), remark=note.strip()[:300])
    cosigners = proposal.proposers.confirmed().filter(order__gt=0)
    if proposal.kind == Proposal.Kind.COSIGNED and not cosigners.exists():
        Proposal.objects.filter(pk=proposal.pk).update(kind=Proposal.Kind.INDIVIDUAL)
    if proposer.body_id is not None:
        FurtherBody.objects.filter(proposal=proposal, body=proposer.body_id).update(left_at=at)
    first = proposal.first_proposer
    notices.tell(
        "cosigner_left",
        proposer,
        people=people_behind([first] if first else []),
        round=proposer.version,
        at=at,
        words={"who": proposer.name},
        url=proposal.get_absolute_url(),
    )
