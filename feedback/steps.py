"""The steps of recommendations and look-backs as pages: what each asks, does and tells."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from consultations.models import Topic
from consultations.models.rights import is_chair
from cppcc_portal.office.steps import NoteForm, RemarkForm, Step
from feedback import forms
from feedback.actions import adopting, looking_back
from feedback.models import Adoption, LookBack, LookBackFinding
from feedback.models.adoptions import acts_for_unit, may_act_for_unit
from feedback.models.lookbacks import chairs


def desk_url(adoption: Adoption, _user: Any) -> str:
    return adoption.desk_url


def finding_page(finding: LookBackFinding, user: Any) -> str:
    """The look-back, or for the unit that is only asked its own page of the recommendation."""
    if LookBack.objects.visible_to(user).filter(pk=finding.look_back_id).exists():
        return finding.get_absolute_url()
    assert finding.adoption is not None
    return finding.adoption.desk_url


def unit_reports(finding: LookBackFinding, user: Any) -> bool:
    return finding.is_units_own(user)


def chair_acts(thing: Any, user: Any) -> bool:
    return is_chair(thing.topic, user)


def may_report_progress(adoption: Adoption, user: Any) -> bool:
    states = (Adoption.Status.IMPLEMENTING, Adoption.Status.STALLED)
    return adoption.status in states and may_act_for_unit(adoption, user)


def may_name_checkers(look_back: LookBack, user: Any) -> bool:
    states = (LookBack.Status.SELECTED, LookBack.Status.CHECKING)
    return look_back.status in states and chairs(look_back, user)


def may_report_self(finding: LookBackFinding, user: Any) -> bool:
    if finding.look_back.status != LookBack.Status.CHECKING:
        return False
    return bool(finding.is_units_own(user) or user.has_perm("feedback.enter_for_others"))


def may_find(finding: LookBackFinding, user: Any) -> bool:
    under_way = finding.look_back.status == LookBack.Status.CHECKING
    return under_way and chairs(finding.look_back, user)


def name_checkers(look_back: LookBack, *, by: Any, members: Any) -> None:
    looking_back.name_checkers(look_back, members, by=by)


UNIT_STEPS = (
    Step(
        "acknowledge",
        adopting.acknowledge,
        _("已签收，请研究是否采纳。"),
        form=forms.AcknowledgeForm,
        acts=acts_for_unit,
        back=desk_url,
    ),
    Step(
        "answer",
        adopting.answer,
        _("答复已发出，专委会和提出人都会看到。"),
        label=_("答复"),
        question=_("四选一。采纳、部分采纳须写明措施；未采纳、留作参考须写明理由。"),
        form=forms.AnswerForm,
        may=lambda adoption, user: adoption.can("adopt", user),
        acts=acts_for_unit,
        back=desk_url,
    ),
    Step(
        "report_done",
        adopting.report_done,
        _("已报告完成，等专委会核实。"),
        form=forms.DoneForm,
        acts=acts_for_unit,
        back=desk_url,
    ),
    Step(
        "report_progress",
        adopting.report_progress,
        _("进展已登记。"),
        label=_("报告进展"),
        form=forms.ProgressForm,
        may=may_report_progress,
        acts=acts_for_unit,
        back=desk_url,
    ),
    Step("resume", adopting.resume, _("已恢复推进。"), acts=acts_for_unit, back=desk_url),
    Step(
        "stall",
        adopting.stall,
        _("已登记，专委会会看到原因。"),
        form=NoteForm,
        acts=acts_for_unit,
        back=desk_url,
        danger=True,
    ),
)
CHAIR_STEPS = (
    Step(
        "verify",
        adopting.verify,
        _("已核实办结。"),
        question=_("请先看证明材料或到现场看过。"),
        form=RemarkForm,
        acts=chair_acts,
    ),
    Step(
        "refuse_done", adopting.refuse_done, _("已退回继续落实。"), form=NoteForm, acts=chair_acts
    ),
    Step(
        "accept_answer", adopting.accept_answer, _("已确认答复。"), form=RemarkForm, acts=chair_acts
    ),
    Step(
        "challenge",
        adopting.challenge,
        _("已请承办单位重新研究。"),
        form=NoteForm,
        acts=chair_acts,
        danger=True,
    ),
)


def chair_of_topic_acts(topic: Topic, user: Any) -> bool:
    return is_chair(topic, user)


TOPIC_STEPS = (
    Step(
        "close",
        adopting.close_topic,
        _("议题已办结。"),
        question=_("各条意见建议都已核实或确认后，可以办结这个议题。"),
        form=RemarkForm,
        acts=chair_of_topic_acts,
        shows_missing=True,
    ),
)
LOOKBACK_STEPS = (
    Step("select_lookback", looking_back.select, _("已选为今年的回头看。"), form=forms.SelectForm),
    Step(
        "name_checkers",
        name_checkers,
        _("检查委员已确定。"),
        label=_("确定检查委员"),
        form=forms.CheckersForm,
        may=may_name_checkers,
    ),
    Step(
        "start_check",
        looking_back.start_check,
        _("检查已开始，已请各单位自查。"),
        question=_("开始后各承办单位会收到自查的消息。"),
        acts=chair_acts,
    ),
    Step(
        "evaluate",
        looking_back.evaluate,
        _("结论已形成；没有落实好的已退回继续落实。"),
        question=_("每条意见建议都须有单位自查和检查结论。"),
        acts=chair_acts,
    ),
    Step("report", looking_back.report, _("已报告主席会议。"), form=forms.ReportForm),
    Step("close", looking_back.close, _("回头看已结束。"), form=RemarkForm),
    Step("skip", looking_back.skip, _("今年不选这个议题。"), form=RemarkForm, danger=True),
)
FINDING_STEPS = (
    Step(
        "report_self",
        looking_back.report_self,
        _("自查报告已提交。"),
        label=_("提交自查"),
        form=forms.SelfReportForm,
        may=may_report_self,
        acts=unit_reports,
        back=finding_page,
    ),
    Step(
        "find",
        looking_back.find,
        _("检查结论已登记。"),
        label=_("登记检查结论"),
        form=forms.FindForm,
        may=may_find,
        back=finding_page,
    ),
)
