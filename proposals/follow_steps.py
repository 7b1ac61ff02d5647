"""Steps on a share that has been answered, as pages: what each asks, does and tells."""

from typing import Any

from django import forms
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.forms import DateInput, text_area
from cppcc_portal.office.steps import Step, StepForm
from members.models import Commitment
from proposals import actions
from proposals.actions.following import FOLLOWED, share_of
from proposals.models import Handling, Proposal, ResultClass
from proposals.models.rights import acts_for_unit, may_act_for_unit
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


class ProgressForm(StepForm):
    """How far it is."""

    on = forms.DateField(label=_("日期"), widget=DateInput, initial=timezone.localdate)
    text = forms.CharField(
        label=_("进展情况"),
        widget=text_area(),
        max_length=2000,
        help_text=_("做了什么、做到哪一步、能否按期完成。提案人能看到这段话。"),
    )


class SupplementForm(StepForm):
    """What has come of it since the reply, and the class as it now is."""

    result_class = forms.ModelChoiceField(
        label=_("现在的办理结果类别"), queryset=ResultClass.objects.filter(active=True)
    )
    on = forms.DateField(label=_("日期"), widget=DateInput, initial=timezone.localdate)
    document_number = forms.CharField(label=_("文号"), max_length=60, required=False)
    text = forms.CharField(
        label=_("补充答复正文"),
        widget=text_area(),
        help_text=_("答复之后有什么进展；没有办成的，说明原因。所有提案人都会收到。"),
    )
    signer = forms.CharField(label=_("签发人"), max_length=30)
    signer_post = forms.CharField(label=_("签发人职务"), max_length=60)


def may_supplement(handling: Handling, user: Any) -> bool:
    answered = handling.status == Handling.Status.REPLIED
    followed = answered and handling.proposal.status in FOLLOWED
    return followed and may_act_for_unit(handling, user)


def may_report(commitment: Commitment, user: Any) -> bool:
    share = share_of(commitment)
    is_open = commitment.status == Commitment.Status.OPEN
    return is_open and share is not None and may_act_for_unit(share, user)


def is_own_promise(commitment: Commitment, user: Any) -> bool:
    share = share_of(commitment)
    return share is not None and acts_for_unit(share, user)


def desk_of(commitment: Commitment, _user: Any) -> str:
    share = share_of(commitment)
    return share.get_absolute_url() if share else "/"


def get_promise(request: Any, pk: int) -> Commitment:
    """A promise made in a share that this person may know of."""
    promise = get_object_or_404(Commitment, pk=pk)
    share = share_of(promise)
    if share is None or not Handling.objects.visible_to(request.user).filter(pk=share.pk).exists():
        raise Http404
    return promise


PROMISE_STEPS = (
    Step(
        "report_progress",
        actions.report_progress,
        _("进展已登记，提案人和办公室能看到。"),
        label=_("报告进展"),
        form=ProgressForm,
        may=may_report,
        acts=is_own_promise,
        back=desk_of,
    ),
)
FOLLOW_STEPS = (
    Step(
        "supplement",
        actions.supplement,
        _("补充答复已发给所有提案人。"),
        label=_("补充答复"),
        form=SupplementForm,
        may=may_supplement,
        acts=acts_for_unit,
        subject=named,
        side=True,
    ),
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
