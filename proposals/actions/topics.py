"""A draft begun from the office's catalogue of topics."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import User
from proposals.actions.writing import save_draft, start_draft
from proposals.models import Proposal, SuggestedTopic


@transaction.atomic
def start_from_topic(topic: SuggestedTopic, *, by: User, at: datetime | None = None) -> Proposal:
    """Open a draft whose subject line is the topic; the clue stays in the catalogue, the text is the member's own."""
    at = at or timezone.now()
    if not SuggestedTopic.objects.on_offer().filter(pk=topic.pk).exists():
        raise PermissionDenied(_("这个选题已不在目录中。"))
    begun = topic.taken_by.filter(
        status=Proposal.Status.DRAFT, entered_by=None, proposers__membership__person__user=by
    )
    # Whoever taps twice goes on with the draft they have.
    if (proposal := begun.order_by("-pk").first()) is not None:
        return proposal
    proposal = start_draft(by=by, at=at)
    save_draft(
        proposal,
        by=by,
        version=1,
        title=topic.title,
        situation="",
        analysis="",
        suggestions="",
        at=at,
    )
    topic.taken_by.add(proposal)
    return proposal.fresh()
