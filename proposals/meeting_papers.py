"""A supervision consultation on paper: the agenda before it, the record after it."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from cppcc_portal.office.deadlines import long_date
from cppcc_portal.office.documents import Paper
from members.models import Invitation
from proposals.models import SupervisionMeeting


def _when(meeting: SupervisionMeeting) -> str:
    starts = timezone.localtime(meeting.gathering.starts_at)
    return f"{long_date(starts.date())} {starts:%H:%M}"


def _begun(meeting: SupervisionMeeting, subject: Any, seen: set[int]) -> Paper:
    """Title, time, place, chair, and the proposals; of those this person may not see the number alone."""
    paper = Paper(str(subject))
    paper.title(meeting)
    paper.facts(
        [
            (_("时间"), _when(meeting)),
            (_("地点"), meeting.gathering.place),
            (_("主持人"), meeting.presides),
            (_("组织单位"), meeting.gathering.organiser),
        ]
    )
    paper.heading(_("协商的提案"))
    rows = []
    for number, matter in enumerate(meeting.matters.all(), start=1):
        shares = matter.proposal.handlings.standing().select_related("unit")
        shown = matter.proposal_id in seen
        units = "、".join(str(share.unit) for share in shares) if shown else ""
        title = matter.proposal if shown else ""
        rows.append([number, matter.proposal.label, title, units])
    head = [_("序号"), _("提案号"), _("案由"), _("承办单位")]
    paper.table(head, rows, widths=(14, 30, 68, 44))
    paper.heading(_("议程和协商的问题"))
    paper.text(meeting.agenda)
    return paper


def _people(paper: Paper, people: list[Invitation]) -> None:
    rows = [[one.name, one.get_category_display(), one.organisation] for one in people]
    paper.table([_("姓名"), _("类别"), _("单位职务")], rows, widths=(36, 36, 84))


def _reports(paper: Paper, meeting: SupervisionMeeting, seen: set[int]) -> None:
    reports = meeting.reports.filter(status="given", handling__proposal__in=seen)
    for report in reports.select_related("handling__unit", "handling__proposal"):
        share = report.handling
        paper.heading(_("%(unit)s的进展报告（%(number)s）") % {
            "unit": share.unit, "number": share.proposal.label,
        })  # fmt: skip
        paper.text(report.text)
        paper.text(_("报告人：%s") % report.signer)


def agenda_paper(meeting: SupervisionMeeting, seen: set[int]) -> Paper:
    """议程: what is talked about, who is asked, the reports that are in."""
    paper = _begun(meeting, _("督办协商议程"), seen)
    paper.heading(_("受邀人员"))
    _people(paper, list(meeting.gathering.invitations.select_related("person").order_by("pk")))
    _reports(paper, meeting, seen)
    return paper


def record_paper(meeting: SupervisionMeeting, seen: set[int]) -> Paper:
    """会议记录: who came, what was said, what each unit took on."""
    paper = _begun(meeting, _("督办协商记录"), seen)
    paper.heading(_("参加人员"))
    _people(paper, list(meeting.gathering.invitations.came().select_related("person")))
    paper.heading(_("会议情况"))
    paper.text(meeting.said)
    if meeting.missing_units:
        words = {"units": meeting.missing_units, "why": meeting.without_reports}
        paper.text(_("会前没有收到进展报告：%(units)s。仍然召开的理由：%(why)s") % words)
    paper.heading(_("协商结果"))
    results = meeting.results.filter(handling__proposal__in=seen)
    rows = [
        [
            result.handling.proposal.label,
            result.handling.unit,
            result.what,
            result.who,
            result.due_on.isoformat(),
        ]
        for result in results.select_related("handling__unit", "handling__proposal")
    ]
    head = [_("提案号"), _("承办单位"), _("结果"), _("责任人"), _("完成期限")]
    if rows:
        paper.table(head, rows, widths=(26, 30, 52, 22, 26))
    else:
        paper.text(_("没有形成结果。"))
    _reports(paper, meeting, seen)
    return paper
