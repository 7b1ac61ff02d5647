"""Asking units and handing over as pages: what each step asks, does and tells."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.steps import Step
from proposals import actions
from proposals import hand_over_forms as forms
from proposals.models import Proposal, UnitConsultation
from proposals.models.consultations import consulted, unit_answers


def answers(proposal: Proposal) -> list[str]:
    """What the units that were asked have said, beside the form."""
    return [row.words for row in consulted([proposal.pk]).get(proposal.pk, [])]


def hand_overs(_proposal: Proposal, _result: Any) -> str:
    return reverse("desk:hand_overs")


def named(consultation: UnitConsultation) -> str:
    return f"{consultation.proposal.label} {consultation.proposal}"


HAND_OVER_STEPS = (
    Step(
        "consult_units",
        actions.consult_units,
        _("已请这些单位答复意见。"),
        question=_("单位在期限内答复同意或提出异议；不答复不等于同意。提案人只看到正在征求意见。"),
        form=forms.ConsultUnitsStepForm,
        warnings=answers,
        to=hand_overs,
    ),
    Step(
        "hand_over",
        actions.hand_over,
        _("已交办，各单位和提案人都已收到消息。"),
        form=forms.HandOverStepForm,
        warnings=answers,
        to=hand_overs,
    ),
)
CONSULTATION_STEPS = (
    Step(
        "agree",
        actions.agree_to_handle,
        _("已答复同意承办。"),
        question=_("正式交办后再签收、办理。"),
        acts=unit_answers,
        subject=named,
    ),
    Step(
        "object",
        actions.object_to_handle,
        _("意见已提交，由交办单位决定。"),
        form=forms.ObjectForm,
        acts=unit_answers,
        subject=named,
        danger=True,
    ),
)
