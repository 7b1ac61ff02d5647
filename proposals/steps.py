"""The steps at the desk as pages: what each asks, does and tells."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.steps import NoteForm, RemarkForm, Step
from proposals import request_forms as forms
from proposals.actions import asking, countersigning, replying, requesting
from proposals.models import Countersign, Handling, UnitRequest
from proposals.models.dispatches import acts_for_receiver
from proposals.models.handlings import may_be_returned
from proposals.models.rights import acts_for_unit, may_act_for_unit


def may_ask_extension(handling: Handling, user: Any) -> bool:
    states = (Handling.Status.WAITING, Handling.Status.ACKNOWLEDGED)
    return (
        handling.status in states
        and handling.answers_proposers
        and may_act_for_unit(handling, user)
    )


def too_late_to_return(handling: Handling) -> list[str]:
    return [str(reason) for reason in may_be_returned(handling)]


def too_late_to_extend(handling: Handling) -> list[str]:
    return [] if timezone.localdate() <= handling.due_on else [asking.too_late(handling.due_on)]


def named(handling: Handling) -> str:
    """The proposal that the share is of: what a unit's clerk knows it by."""
    return f"{handling.proposal.label} {handling.proposal}"


def unit_asks(request: UnitRequest, user: Any) -> bool:
    if request.dispatch is not None:
        return acts_for_receiver(request.dispatch, user)
    return acts_for_unit(request.share, user)


def request_page(_handling: Handling, request: UnitRequest) -> str:
    return request.get_absolute_url()


def rehanded_to(handling: Handling, made: Handling | None) -> str:
    return (made or handling).proposal.get_absolute_url()


def joint_unit_acts(row: Countersign, user: Any) -> bool:
    return acts_for_unit(row.handling, user)


def class_and_promises(handling: Handling) -> list[str]:
    """What a checker should look at before passing the reply."""
    if handling.contacts.exists():
        return []
    return [str(_("承办单位没有登记与提案人的沟通，请先核实。"))]


REPLY_STEPS = (
    Step(
        "sign",
        replying.sign,
        _("已签发。"),
        question=_("签发后按设置送督查审核，或直接发给所有提案人；发出后不能修改。"),
        form=RemarkForm,
        subject=named,
    ),
    Step(
        "check",
        replying.check,
        _("审核通过，答复已发给所有提案人。"),
        form=forms.CheckForm,
        subject=named,
        warnings=class_and_promises,
    ),
    Step(
        "send_back",
        replying.send_back,
        _("已退回修改，经办人会收到消息。"),
        form=NoteForm,
        subject=named,
        danger=True,
    ),
)
COUNTERSIGN_STEPS = (
    Step(
        "agree",
        countersigning.agree,
        _("已同意会签，主办单位会收到消息。"),
        form=forms.AgreeForm,
        acts=joint_unit_acts,
        subject=lambda row: named(row.handling),
    ),
    Step(
        "dissent",
        countersigning.dissent,
        _("不同意见已告知主办单位，由主办单位负责协调。"),
        form=forms.DissentForm,
        acts=joint_unit_acts,
        subject=lambda row: named(row.handling),
    ),
)
HANDLING_STEPS = (
    *REPLY_STEPS,
    Step(
        "request_extension",
        requesting.request_extension,
        _("延期申请已提交，决定后会用消息告诉您；在此之前仍按原期限办理。"),
        label=_("申请延期"),
        form=forms.ExtensionRequestForm,
        may=may_ask_extension,
        acts=acts_for_unit,
        missing=too_late_to_extend,
        in_season=True,
        side=True,
        subject=named,
        to=request_page,
    ),
    Step(
        "request_return",
        requesting.request_return,
        _("退办申请已提交，决定后会用消息告诉您；在此之前期限照常计算。"),
        question=_("确实不属于本单位职责的，请写明理由和建议的单位；决定之前期限照常计算。"),
        form=forms.ReturnRequestForm,
        acts=acts_for_unit,
        missing=too_late_to_return,
        in_season=True,
        subject=named,
        to=request_page,
        danger=True,
    ),
    Step(
        "rehand",
        requesting.rehand,
        _("已改办，新单位和提案人都已收到消息。"),
        question=_("原单位的办理到此为止，新单位的期限从今天起算；原期限留在经过里。"),
        form=forms.RehandForm,
        subject=lambda handling: f"{named(handling)} · {handling}",
        to=rehanded_to,
        danger=True,
    ),
)
REQUEST_STEPS = (
    Step("grant", requesting.grant, _("已同意，承办单位会收到消息。"), form=forms.GrantForm),
    Step(
        "refuse",
        requesting.refuse,
        _("已答复承办单位。"),
        form=forms.RefuseRequestForm,
        danger=True,
    ),
    Step(
        "withdraw",
        requesting.withdraw,
        _("申请已撤回，请继续办理。"),
        question=_("撤回后由本单位继续办理，期限照常计算。"),
        acts=unit_asks,
        danger=True,
    ),
)
