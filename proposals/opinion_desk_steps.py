"""The steps of a unit at the desk with what was sent to it, as pages: what each asks, does and tells."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.steps import RemarkForm, Step
from proposals import opinion_desk_forms as forms
from proposals import request_forms
from proposals.actions import opinion_handling as handling
from proposals.actions.asking import too_late
from proposals.models import OpinionDispatch, UnitRequest
from proposals.models.dispatches import acts_for_receiver, may_act, may_be_handed_over
from proposals.models.dispatches import may_be_returned as return_guard

STATUS = OpinionDispatch.Status


def issued_as(dispatch: OpinionDispatch) -> str:
    return f"{dispatch.bulletin} · {dispatch.bulletin.title}"


def may_hand_over(dispatch: OpinionDispatch, user: Any) -> bool:
    """Shown only where the office has units handle reports."""
    if dispatch.bulletin.is_emptied or may_be_handed_over(dispatch):
        return False
    return dispatch.can("hand_over", user)


def may_note_contact(dispatch: OpinionDispatch, user: Any) -> bool:
    in_hand = dispatch.status in (STATUS.ACKNOWLEDGED, STATUS.ANSWERED)
    return in_hand and dispatch.is_handed_over and may_act(dispatch, user)


def too_late_to_return(dispatch: OpinionDispatch) -> list[str]:
    return [str(reason) for reason in return_guard(dispatch)]


def too_late_to_extend(dispatch: OpinionDispatch) -> list[str]:
    if dispatch.due_on is None or timezone.localdate() <= dispatch.due_on:
        return []
    return [too_late(dispatch.due_on, about_report=True)]


def request_page(_dispatch: OpinionDispatch, request: UnitRequest) -> str:
    return request.get_absolute_url()


def page_of(_dispatch: OpinionDispatch, made: OpinionDispatch) -> str:
    return made.get_absolute_url()


DISPATCH_STEPS = (
    Step(
        "hand_over",
        handling.hand_over,
        _("已交办，单位会收到签收和答复的期限。"),
        form=RemarkForm,
        question=_("交办后单位须签收、办理并答复；期限从今天起算。"),
        may=may_hand_over,
        subject=issued_as,
    ),
    Step(
        "acknowledge",
        handling.acknowledge,
        _("已签收，作者会知道正在办理。请研究办理后答复。"),
        question=_("签收表示本单位已收到，并将办理和答复。"),
        acts=acts_for_receiver,
        subject=issued_as,
    ),
    Step(
        "answer",
        handling.answer,
        _("答复已提交，办公室和作者会收到消息。"),
        form=forms.UnitAnswerForm,
        acts=acts_for_receiver,
        subject=issued_as,
    ),
    Step(
        "record_contact",
        handling.record_contact,
        _("沟通情况已登记。"),
        label=_("登记与作者的沟通"),
        form=forms.OpinionContactForm,
        may=may_note_contact,
        subject=issued_as,
        side=True,
    ),
    Step(
        "request_extension",
        handling.request_extension,
        _("延期申请已提交，决定后会用消息告诉您；在此之前仍按原期限办理。"),
        label=_("申请延期"),
        form=request_forms.ExtensionRequestForm,
        may=handling.may_ask_extension,
        acts=acts_for_receiver,
        missing=too_late_to_extend,
        in_season=True,
        subject=issued_as,
        to=request_page,
        side=True,
    ),
    Step(
        "request_return",
        handling.request_return,
        _("退办申请已提交，决定后会用消息告诉您；在此之前期限照常计算。"),
        question=_("确实不属于本单位职责的，请写明理由和建议的单位；决定之前期限照常计算。"),
        form=request_forms.ReturnRequestForm,
        acts=acts_for_receiver,
        missing=too_late_to_return,
        in_season=True,
        subject=issued_as,
        to=request_page,
        danger=True,
    ),
    Step(
        "rehand",
        handling.rehand,
        _("已改办，两个单位和作者都已收到消息。"),
        question=_("原单位的办理到此为止，新单位的期限从今天起算；原期限留在经过里。"),
        form=forms.OpinionRehandForm,
        subject=issued_as,
        to=page_of,
        danger=True,
    ),
)
