"""A proposal held while somebody decides, and who may still change it."""

from django.utils.translation import gettext as _

from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady
from members.models import User
from proposals.models import ClosedYear, Proposal
from proposals.models.rights import is_author

# What may go on in a closed year: a text that is not yet handed in moves to the year of its submission,
# and what was closed may still wait for its promises (`archive_after_year_closed`).
GOES_ON = (
    *Proposal.PRIVATE,
    Proposal.Status.CLOSED,
    Proposal.Status.TRACKING,
)


def locked(proposal: Proposal, *, whatever_year: bool = False) -> Proposal:
    """The proposal as it now is, held until the end of the transaction: one decides at a time.

    NotReady where its year is closed; what is suspected of secrets is taken out `whatever_year`.
    """
    held = (
        Proposal.objects.select_for_update(of=("self",))
        .select_related("plenary__term", "plenary__closed_year", "current_text", "draft")
        .get(pk=proposal.pk)
    )
    if not whatever_year:
        require_open_year(held)
    return held


def require_open_year(proposal: Proposal) -> None:
    """Nothing of a closed year is changed: NotReady says how the office opens it again."""
    year: ClosedYear | None = getattr(proposal.plenary, "closed_year", None)
    if year is None or not year.is_shut or proposal.status in GOES_ON:
        return
    told = _("%s已经年结，不能再改动；确需改动的，请提案委办公室写明批准的领导和事由后重新开放。")
    raise NotReady(proposal, "closed_year", [told % proposal.plenary])


def may_write(proposal: Proposal, user: User) -> None:
    """Only the author writes, and only before submission or after a return; IllegalMove or NotAllowed."""
    if proposal.status not in Proposal.MOVES["submit"].old:
        raise IllegalMove(proposal, "save_draft", _("修改文字"))
    if not is_author(proposal, user):
        raise NotAllowed(proposal, "save_draft")
