"""Steps on a share that has been answered, as pages: what each asks, does and tells."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.forms import text_area
from cppcc_portal.office.steps import Step, StepForm
from proposals import actions
from proposals.models import Handling, Proposal
from proposals.steps import HANDLING_STEPS, named


class DemandForm(StepForm):
    """What the reply lacks; the unit reads it, and the proposers learn that it answers again."""

    reason = forms.CharField(
        label=_("要求重新办理的理由"),
        widget=text_area(),
        max_length=1000,
        help_text=_("答复哪里不符合要求，例如没有逐条答复、没有与提案人沟通。承办单位会看到。"),
    )


def may_demand_round(handling: Handling, user: Any) -> bool:
    rated = handling.proposal.status in Proposal.RATED
    return rated and handling.can("rehandle", user)


FOLLOW_STEPS = (
    Step(
        "demand_round",
        actions.demand_round,
        _("已要求重新办理，承办单位和提案人都已收到消息。"),
        label=_("要求重新办理"),
        question=_(
            "没有提案人不满意，而答复不符合要求时使用；期限从今天起重新计算，由单位主要负责人牵头。"
        ),
        form=DemandForm,
        may=may_demand_round,
        subject=named,
        danger=True,
    ),
)
STEPS_OF_SHARE = (*HANDLING_STEPS, *FOLLOW_STEPS)
