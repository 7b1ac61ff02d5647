"""The steps of supervision consultations as pages: what each asks, does and tells."""

from copy import copy
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.steps import NoteForm, Step
from proposals import meeting_forms as forms
from proposals.actions import holding_meetings as holding
from proposals.actions import meetings
from proposals.models import MeetingReport, SupervisionMeeting
from proposals.models.meetings import runs
from proposals.models.rights import acts_for_unit

State = SupervisionMeeting.Status


def may_arrange(meeting: SupervisionMeeting, user: Any) -> bool:
    return meeting.status == State.PLANNED and runs(meeting, user)


def may_invite(meeting: SupervisionMeeting, user: Any) -> bool:
    return meeting.status in SupervisionMeeting.AHEAD and runs(meeting, user)


def lacking_reports(meeting: SupervisionMeeting) -> list[str]:
    """Whose reports have not come: told where the results are written."""
    units = holding.missing_units(meeting)
    return [str(_("还没有收到进展报告：%s。") % units)] if units else []


def not_yet(meeting: SupervisionMeeting) -> list[str]:
    """What the form cannot mend: it has not begun, or nobody is there."""
    asked = copy(meeting)
    asked.said = "…"  # asked for on the page itself
    asked.moment = timezone.now()
    return asked.missing("hold")


def named(report: MeetingReport) -> str:
    """The proposal by which the unit's clerk knows it, and the consultation."""
    proposal = report.handling.proposal
    return f"{proposal.label} {proposal} · {report.meeting}"


def unit_acts(report: MeetingReport, user: Any) -> bool:
    return acts_for_unit(report.handling, user)


def reported_at(report: MeetingReport, _result: Any) -> str:
    return report.get_absolute_url()


MEETING_STEPS = (
    Step(
        "notify",
        meetings.notify,
        _("通知已发出，承办单位会收到报告进展的期限。"),
        question=_("通知发给名单上有账号的人，来宾请另行通知；发出后名单只增不减。"),
    ),
    Step(
        "open",
        holding.open_check_in,
        _("签到已开放，请出示签到码。"),
        question=_("开放后受邀人扫码签到，也可以由您登记。"),
    ),
    Step(
        "hold",
        holding.hold,
        _("结果已登记，成为承办单位的承诺；参加的委员已记入履职。"),
        question=_(
            "登记后不能修改。每项结果成为该单位的承诺，到期提醒；没有签到的受邀人记为缺席。"
        ),
        form=forms.HoldForm,
        missing=not_yet,
        warnings=lacking_reports,
    ),
    Step(
        "arrange",
        meetings.arrange,
        _("会议安排已修改。"),
        label=_("修改安排"),
        form=forms.ArrangeForm,
        may=may_arrange,
        side=True,
    ),
    Step(
        "invite",
        meetings.invite,
        _("已列入名单。"),
        label=_("增加受邀人"),
        form=forms.InviteForm,
        may=may_invite,
        side=True,
    ),
    Step(
        "postpone",
        meetings.postpone,
        _("已改期，受邀人都会收到消息；改好时间后再通知。"),
        form=NoteForm,
        danger=True,
    ),
    Step(
        "cancel",
        meetings.cancel,
        _("已取消，受邀人都会收到消息。"),
        form=NoteForm,
        danger=True,
    ),
)
REPORT_STEPS = (
    Step(
        "report_progress",
        holding.report_progress,
        _("进展报告已提交，提案人和提案委办公室会收到消息。"),
        question=_("提交后不能修改；能看到这件提案的受邀人都能看到。"),
        form=forms.ReportForm,
        acts=unit_acts,
        subject=named,
        to=reported_at,
    ),
)
