"""Who may what on a proposal and its parts, by fact, by delegation, by role."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from members.models import Posting

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


def is_cosigner(proposer: "Proposer", user: Any) -> bool:
    """Who co-signed, from their own account; the first proposer withdraws the whole instead."""
    return not proposer.is_first and proposer.is_user(user)


def is_inviter(proposer: "Proposer", user: Any) -> bool:
    return is_author(proposer.proposal, user)


def may_take_signatures(proposal: "Proposal", user: Any) -> bool:
    """Staff, for a member's text: their own entry in writing, or what the office has under review."""
    if not user.has_perm("proposals.enter_for_others"):
        return False
    if proposal.status in proposal.UNDER_REVIEW:
        return not _is_of_a_body(proposal)
    in_writing = proposal.status in proposal.MOVES["submit"].old
    return in_writing and proposal.entered_by_id == user.pk and not _is_of_a_body(proposal)


def _is_of_a_body(proposal: "Proposal") -> bool:
    first = proposal.first_proposer
    return first is None or first.body_id is not None


def takes_signatures(proposer: "Proposer", user: Any) -> bool:
    return may_take_signatures(proposer.proposal, user)


def acts_for_unit(handling: "Handling", user: Any) -> bool:
    """The unit's clerks and leaders, through the right delegated to the unit's group.

    Only while they are posted there: a posting may end on a day on which nobody touches the group.
    """
    if handling.unit_id not in user.body_ids:
        return False
    return _once(
        user,
        ("answers", handling.pk),
        lambda: bool(user.has_perm("proposals.answer_handling", handling)),
    )


def _once(user: Any, key: tuple[str, int], ask: Callable[[], bool]) -> bool:
    """The answer, asked once while a page is shown."""
    known: dict[tuple[str, int], bool] | None = getattr(user, "_rights_seen", None)
    if known is None:
        return ask()
    if key not in known:
        known[key] = ask()
    return known[key]


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
    if is_own_proposal(handling, user):
        return False
    return may_act_for_unit(handling, user)


def is_own_proposal(handling: "Handling", user: Any) -> bool:
    """Whether this person put or co-signed the proposal of which this is a share."""
    proposal = handling.proposal
    return _once(user, ("puts", proposal.pk), lambda: proposal.is_proposer(user))


def may_evaluate(evaluation: "Evaluation", user: Any) -> bool:
    """The proposer from their own account, or staff from paper; never the unit."""
    if evaluation.proposer.is_user(user):
        return True
    if acts_for_unit(evaluation.reply.handling, user):
        return False
    return bool(user.has_perm("proposals.enter_for_others"))


SUPERVISING_POSTS = (Posting.Role.CHAIR, Posting.Role.STAFF)


def supervised_by(user: Any) -> frozenset[int]:
    """The committees for which this person supervises key proposals: as chair or staff."""
    return frozenset(body for body, role in user.posted if role in SUPERVISING_POSTS)


def may_supervise(proposal: "Proposal", user: Any) -> bool:
    """The office, and chair or staff of the committee that supervises this key proposal."""
    if user.has_perm("proposals.supervise_proposal"):
        return True
    committees = supervised_by(user)
    marks = proposal.key_marks.current()
    return bool(committees) and bool(marks.filter(committee__in=committees).exists())
