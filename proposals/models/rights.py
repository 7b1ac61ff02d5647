"""Who may what on a proposal and its parts, by fact, by delegation, by role."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from proposals.models.evaluations import Evaluation
    from proposals.models.handlings import Handling
    from proposals.models.proposals import Proposal
    from proposals.models.proposers import Proposer


def has(permission: str) -> Any:
    """A right of the office: by role, on all rows."""

    def allowed(thing: Any, user: Any) -> bool:
        return bool(user.has_perm(f"proposals.{permission}"))

    return allowed


def is_author(proposal: "Proposal", user: Any) -> bool:
    """The first proposer from their own account, or staff who entered the text from paper."""
    if proposal.entered_by_id is not None and proposal.entered_by_id == user.pk:
        return bool(user.has_perm("proposals.enter_for_others"))
    first = proposal.first_proposer
    return first is not None and first.is_user(user)


def may_invite(proposal: "Proposal", user: Any) -> bool:
    """Members sign a member's text; what a body puts bears the body's name alone."""
    first = proposal.first_proposer
    return is_author(proposal, user) and first is not None and first.body_id is None


def is_invitee(proposer: "Proposer", user: Any) -> bool:
    return proposer.is_user(user)


def is_inviter(proposer: "Proposer", user: Any) -> bool:
    return is_author(proposer.proposal, user)


def acts_for_unit(handling: "Handling", user: Any) -> bool:
    """The unit's clerks and leaders, through the right delegated to the unit's group.

    Only while they are posted there: a posting may end on a day on which nobody touches the group.
    """
    if handling.unit_id not in user.body_ids:
        return False
    known: dict[int, bool] | None = getattr(user, "_rights_seen", None)
    if known is None:
        return bool(user.has_perm("proposals.answer_handling", handling))
    if handling.pk not in known:
        known[handling.pk] = bool(user.has_perm("proposals.answer_handling", handling))
    return known[handling.pk]


@contextmanager
def remembered(user: Any) -> Iterator[None]:
    """While a page is shown, which asks the same right for each of its buttons; never around an action."""
    user._rights_seen = {}
    try:
        yield
    finally:
        del user._rights_seen


def may_act_for_unit(handling: "Handling", user: Any) -> bool:
    """The unit itself, or staff from paper (代录, with a scan)."""
    return acts_for_unit(handling, user) or user.has_perm("proposals.enter_for_others")


def may_sign_for_unit(handling: "Handling", user: Any) -> bool:
    """As `may_act_for_unit`, but nobody signs their own unit's reply to their own proposal."""
    if handling.proposal.is_proposer(user):
        return False
    return may_act_for_unit(handling, user)


def may_evaluate(evaluation: "Evaluation", user: Any) -> bool:
    """The proposer from their own account, or staff from paper; never the unit."""
    if evaluation.proposer.is_user(user):
        return True
    if acts_for_unit(evaluation.reply.handling, user):
        return False
    return bool(user.has_perm("proposals.enter_for_others"))
