"""What a co-signer may still do after having agreed, as a page of its own."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.steps import RemarkForm, Step
from cppcc_portal.office.workflow import NotAllowed
from proposals import actions
from proposals.models import Proposal, Proposer


def own_seat(proposal: Proposal, user: Any) -> Proposer | None:
    """The line on which this person co-signed and can step out."""
    rows = proposal.proposers.confirmed().filter(order__gt=0).select_related("membership__person")
    for proposer in rows:
        proposer.proposal = proposal
        if proposer.can("step_out", user) and not proposer.missing("step_out"):
            return proposer
    return None


def may_step_out(proposal: Proposal, user: Any) -> bool:
    return own_seat(proposal, user) is not None


def step_out(proposal: Proposal, *, by: Any, note: str) -> None:
    seat = own_seat(proposal, by)
    if seat is None:  # another window was first
        raise NotAllowed(proposal, "step_out")
    actions.step_out(seat, by=by, note=note)


def home(_proposal: Proposal, _nothing: None) -> str:
    """Who has left sees the text no more."""
    return reverse("home")


COSIGNER_STEPS = (
    Step(
        "step_out",
        step_out,
        _("已退出联名，第一提案人会收到消息。"),
        label=_("退出联名"),
        question=_(
            "退出后您不再是这件提案的提案人，也看不到它的内容；第一提案人会看到您写的说明。"
        ),
        form=RemarkForm,
        may=may_step_out,
        to=home,
        danger=True,
        side=True,
    ),
)
