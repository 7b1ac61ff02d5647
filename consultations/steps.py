"""The steps of topics, research and sessions as pages: what each asks, does and tells."""

from copy import copy
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations import forms
from consultations.actions import meeting, outcome, planning, researching, topics
from consultations.models import (
    AnnualPlan,
    OutcomeDocument,
    Recommendation,
    Research,
    Session,
    Topic,
    rights,
)
from cppcc_portal.office import parameters
from cppcc_portal.office.steps import NoteForm, RemarkForm, Step
from cppcc_portal.office.working_days import WorkingCalendar

# Who may prepare, while it may be prepared: acts that are no moves ------------------------------


def may_edit_research(research: Research, user: Any) -> bool:
    open_states = (Research.Status.DRAFT, Research.Status.RUNNING)
    return research.status in open_states and rights.runs(research.topic, user)


def may_fill_research(research: Research, user: Any) -> bool:
    return research.status == Research.Status.RUNNING and rights.runs(research.topic, user)


def may_plan_session(topic: Topic, user: Any) -> bool:
    return topic.status in Topic.RUNNING and rights.runs(topic, user)


def may_prepare(session: Session, user: Any) -> bool:
    return session.status == Session.Status.PLANNED and rights.runs(session.topic, user)


def may_invite(session: Session, user: Any) -> bool:
    states = (Session.Status.PLANNED, Session.Status.NOTIFIED)
    return session.status in states and rights.runs(session.topic, user)


def may_waive_research(session: Session, user: Any) -> bool:
    has_none = not hasattr(session, "research_waiver")
    return (
        session.status == Session.Status.PLANNED
        and session.topic.status != Topic.Status.RESEARCH_DONE
        and has_none
        and bool(user.has_perm("consultations.enter_for_others"))
    )


def may_write_minutes(session: Session, user: Any) -> bool:
    return session.status == Session.Status.HELD and rights.runs(session.topic, user)


def may_draft_document(session: Session, user: Any) -> bool:
    return session.status in Session.HELD_ON and rights.runs(session.topic, user)


def may_extract(document: OutcomeDocument, user: Any) -> bool:
    is_draft = document.status == OutcomeDocument.Status.DRAFT
    return is_draft and rights.runs(document.session.topic, user)


def may_revise(recommendation: Recommendation, user: Any) -> bool:
    return may_extract(recommendation.document, user)


def missing_before_notice(session: Session) -> list[str]:
    """What is missing before the invitations go out, asked with the proofs that the step will find."""
    asked = copy(session)
    for name, proof in meeting.proofs_of(session).items():
        setattr(asked, name, proof)
    return asked.missing("notify")


# Whose own act it is ---------------------------------------------------------------------------


def chair_acts(thing: Any, user: Any) -> bool:
    return rights.is_chair(thing if isinstance(thing, Topic) else thing.topic, user)


def leader_acts(research: Research, user: Any) -> bool:
    return rights.is_leader(research.topic, user)


def chair_or_leader_acts(research: Research, user: Any) -> bool:
    return chair_acts(research, user) or leader_acts(research, user)


def invite(session: Session, *, by: Any, **typed: Any) -> Any:
    """Members and guests as the form names them."""
    people: list[dict[str, Any]] = [
        {"person": seat.person, "category": "member"} for seat in typed["members"]
    ]
    for category in forms.GUESTS:
        people += [{**guest, "category": category} for guest in typed[category]]
    return meeting.invite(session, people, by=by)


def record_step(plan: AnnualPlan, *, by: Any, decision: Any) -> None:
    """Close the next open step of the route."""
    step = forms.next_step(plan)
    if step is not None:
        planning.record_step(step, by=by, decision=decision)


def late_notice(session: Session) -> list[str]:
    """The notice should go out some working days before; later it still may."""
    days = parameters.get("consultations.notice_days")
    today, working = timezone.localdate(), WorkingCalendar()
    left = working.between(today, session.gathering.on)
    if left >= days:
        return []
    told = _("按规定会前 %(days)d 个工作日通知，现在只剩 %(left)d 个；仍可发出，请另行电话确认。")
    return [str(told) % {"days": days, "left": left}]


def may_record_step(plan: AnnualPlan, user: Any) -> bool:
    walking = plan.status == AnnualPlan.Status.APPROVING and forms.next_step(plan) is not None
    return walking and bool(user.has_perm("consultations.plan_topics"))


PLAN_STEPS = (
    Step("close_call", planning.close_call, _("征集已结束，可以起草计划。")),
    Step("send", planning.send, _("计划已送审，请逐步记入会议决定。")),
    Step(
        "record_step",
        record_step,
        _("会议决定已记入。"),
        label=_("记入会议决定"),
        form=forms.RecordStepForm,
        may=may_record_step,
    ),
    Step(
        "issue",
        planning.issue,
        _("计划已印发，各议题已批准，有关人员都已收到消息。"),
        form=forms.IssueForm,
        question=_("印发后计划不再直接改动；调整须有会议决定。"),
    ),
    Step(
        "close", planning.close_year, _("本年度计划已总结。"), form=RemarkForm, shows_missing=True
    ),
    Step(
        "clear_step",
        planning.clear_step,
        _("已撤销，请记入正确的决定。"),
        form=NoteForm,
        shows_missing=True,
        danger=True,
    ),
    Step("return_", planning.return_plan, _("已退回，报批从头开始。"), form=NoteForm, danger=True),
)
TOPIC_STEPS = (
    Step("screen", topics.screen, _("已审核通过。"), form=forms.ScreenForm),
    Step("put_in_plan", planning.put_in_plan, _("已列入计划。"), form=forms.PlanRowForm),
    Step(
        "return_",
        topics.return_,
        _("已退回，提出人会看到说明。"),
        form=NoteForm,
        danger=True,
    ),
    Step(
        "not_take",
        topics.not_take,
        _("已告诉提出人。"),
        form=forms.NotTakeForm,
        danger=True,
    ),
    Step(
        "take_from_plan", planning.take_from_plan, _("已移出计划。"), form=RemarkForm, danger=True
    ),
    Step(
        "cancel",
        planning.cancel,
        _("议题已取消。"),
        form=forms.CancelTopicForm,
        danger=True,
    ),
    Step(
        "recall",
        topics.recall,
        _("已撤回，可以继续修改。"),
        question=_("撤回后可以修改，再重新提交。"),
    ),
    Step(
        "start_research",
        researching.start_research,
        _("已开始调研，请先拟定方案。"),
        question=_("议题已获批准，开始调研后拟定方案、组成调研组。"),
        to=lambda topic, research: research.get_absolute_url(),
    ),
    Step(
        "plan_session",
        meeting.plan_session,
        _("已建立协商活动，请邀请参加人员。"),
        label=_("安排协商活动"),
        form=forms.PlanSessionForm,
        may=may_plan_session,
        to=lambda topic, session: session.get_absolute_url(),
    ),
)
RESEARCH_STEPS = (
    Step(
        "save_scheme",
        researching.save_scheme,
        _("调研方案已保存。"),
        label=_("调研方案"),
        form=forms.SchemeForm,
        may=may_edit_research,
    ),
    Step(
        "add_to_team",
        researching.add_to_team,
        _("已加入调研组。"),
        label=_("添加组员"),
        form=forms.TeamForm,
        may=may_edit_research,
    ),
    Step(
        "start",
        researching.start,
        _("调研已启动。"),
        question=_("方案和调研组已经确定，开始走访。"),
    ),
    Step(
        "record_visit",
        researching.record_visit,
        _("走访已登记，参加的委员已记入履职。"),
        label=_("登记走访"),
        form=forms.VisitForm,
        may=may_fill_research,
    ),
    Step(
        "add_finding",
        researching.add_finding,
        _("调研发现已登记。"),
        label=_("登记调研发现"),
        form=forms.FindingForm,
        may=may_fill_research,
    ),
    Step(
        "add_suggestion",
        researching.add_suggestion,
        _("建议已登记。"),
        label=_("登记建议"),
        form=forms.SuggestionForm,
        may=may_fill_research,
    ),
    Step(
        "submit_report",
        researching.submit_report,
        _("报告已提交，请专委会主任审核。"),
        form=forms.ReportForm,
        question=_("提交后走访、发现和建议不再改动，先由专委会主任审核，再由牵头领导批准。"),
    ),
    Step(
        "check",
        researching.check,
        _("已审核，报告送牵头领导。"),
        form=RemarkForm,
        acts=chair_acts,
    ),
    Step(
        "approve",
        researching.approve,
        _("调研报告已批准，可以通知协商了。"),
        form=RemarkForm,
        acts=leader_acts,
    ),
    Step(
        "return_",
        researching.return_report,
        _("已退回修改。"),
        form=NoteForm,
        acts=chair_or_leader_acts,
        danger=True,
    ),
)
SESSION_STEPS = (
    Step(
        "notify",
        meeting.notify,
        _("通知已发出，请留意答复。"),
        question=_("通知会发给名单上的每一位；没有账号的来宾请另行电话通知。"),
        missing=missing_before_notice,
        warnings=late_notice,
    ),
    Step(
        "invite",
        invite,
        _("名单已更新。"),
        label=_("邀请参加人员"),
        form=forms.InviteForm,
        may=may_invite,
    ),
    Step(
        "reschedule",
        meeting.reschedule,
        _("时间地点已更新。"),
        label=_("改时间地点"),
        form=forms.RescheduleForm,
        may=may_prepare,
    ),
    Step(
        "waive_category",
        meeting.waive_category,
        _("已登记说明。"),
        label=_("说明不邀请某类人员"),
        form=forms.CategoryWaiverForm,
        may=may_prepare,
    ),
    Step(
        "waive_research",
        meeting.waive_research,
        _("已登记，活动页、看板和年度报告都会显示。"),
        label=_("登记免除调研的签批"),
        question=_("“不调研不协商”。确需免除的，须有领导签批，并会公开显示。"),
        form=forms.ResearchWaiverForm,
        may=may_waive_research,
        danger=True,
    ),
    Step(
        "open",
        meeting.open_check_in,
        _("签到已开放，可以出示签到码。"),
        question=_("当天开放签到；受邀人扫码或由工作人员登记。"),
    ),
    Step(
        "close_check_in",
        meeting.close_check_in,
        _("签到已结束，请写纪要。"),
        question=_("结束后不能再扫码；没有到的记为缺席，之后仍可更正。"),
    ),
    Step(
        "save_minutes",
        meeting.save_minutes,
        _("纪要已保存。"),
        label=_("写纪要"),
        form=forms.MinutesForm,
        may=may_write_minutes,
    ),
    Step(
        "submit_minutes",
        meeting.submit_minutes,
        _("纪要已提交，请专委会主任签发。"),
    ),
    Step("sign_minutes", meeting.sign_minutes, _("纪要已签发。"), acts=chair_acts),
    Step(
        "return_minutes",
        meeting.return_minutes,
        _("纪要已退回。"),
        form=NoteForm,
        acts=chair_acts,
        danger=True,
    ),
    Step(
        "archive",
        meeting.archive,
        _("已归档，出席的委员已记入履职。"),
        question=_("请先核对出席情况。归档后为每位出席的委员生成一条履职记录。"),
    ),
    Step(
        "draft_document",
        outcome.draft_document,
        _("已建立成果，请提炼意见建议。"),
        label=_("起草协商成果"),
        form=forms.DocumentForm,
        may=may_draft_document,
        side=True,
    ),
    Step(
        "postpone",
        meeting.postpone,
        _("已改期，受邀人都已收到消息。"),
        form=NoteForm,
        danger=True,
    ),
    Step(
        "cancel",
        meeting.cancel,
        _("活动已取消。"),
        form=NoteForm,
        acts=chair_acts,
        danger=True,
    ),
)
DOCUMENT_STEPS = (
    Step(
        "save_document",
        outcome.save_document,
        _("成果已保存。"),
        label=_("修改成果"),
        form=forms.EditDocumentForm,
        may=may_extract,
        side=True,
    ),
    Step(
        "extract",
        outcome.extract,
        _("意见建议已登记。"),
        label=_("提炼意见建议"),
        form=forms.RecommendationForm,
        may=may_extract,
    ),
    Step(
        "submit",
        outcome.submit_document,
        _("成果已报送，请交办各条意见建议。"),
        form=forms.SubmitDocumentForm,
        question=_("报送区委、区政府后，各条意见建议逐条交办、逐条答复。"),
    ),
)
RECOMMENDATION_STEPS = (
    Step(
        "revise",
        outcome.revise,
        _("意见建议已修改。"),
        label=_("修改意见建议"),
        form=forms.ReviseForm,
        may=may_revise,
    ),
)
