"""A proposal held while somebody decides, and who may still change it."""

from django.utils.translation import gettext as _

from cppcc_portal.office.workflow import IllegalMove, NotAllowed
from members.models import User
from proposals.models import Proposal
from proposals.models.rights import is_author


def locked(proposal: Proposal) -> Proposal:
    """The proposal as it now is, held until the end of the transaction: one decides at a time."""
    return (
        Proposal.objects.select_for_update(of=("self",))
        .select_related("plenary__term", "current_text", "draft")
        .get(pk=proposal.pk)
    )


def may_write(proposal: Proposal, user: User) -> None:
    """Only the author writes, and only before submission or after a return; IllegalMove or NotAllowed."""
    if proposal.status not in Proposal.MOVES["submit"].old:
        raise IllegalMove(proposal, "save_draft", _("修改文字"))
    if not is_author(proposal, user):
        raise NotAllowed(proposal, "save_draft")
