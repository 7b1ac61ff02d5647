"""Supervision consultations in the demonstration: one that was held, with a kept and an open promise, one to come."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q

from cppcc_portal.demo.district import CHAIRED, UNIT, District, moment
from cppcc_portal.demo.papers import paper
from cppcc_portal.office import files, parameters
from cppcc_portal.office.files import Attachment
from members.models import Body, Commitment, Committee
from proposals import actions
from proposals.actions import holding_meetings as holding
from proposals.actions import meetings
from proposals.models import MeetingReport, Proposal, SupervisionMeeting

HELD_AGO, TO_COME = 12, 6  # days
AGENDA = (
    "一、承办单位汇报办理进展。\n"
    "二、提案人谈办理中的意见和群众反映。\n"
    "三、围绕资金来源、点位安排和完成时间协商，逐项明确责任人。"
)
REPORT = (
    "已完成摸底排查，建立问题清单，逐项明确责任科室。存在的困难：部分点位权属不清，年度资金尚未全部"
    "落实。下一步：本月内与属地镇街会商点位，下季度完成第一批。"
)
SAID = (
    "承办单位汇报了办理进展，提案人肯定已做的工作，提出进度要公开、管护要有人。经协商，双方商定先做"
    "群众反映最集中的点位，资金分两年安排，进展每月书面告知提案人。"
)


def tell(district: District, *, today: date, now: datetime) -> None:
    """Of the key proposals that units have, one was talked about and two will be."""
    chosen = _candidates(today)
    if chosen[:1]:
        _held(district, chosen[0], today=today, now=now)
    if coming := chosen[1:3]:
        _coming(district, coming, today=today, now=now)


def _candidates(today: date) -> list[Proposal]:
    """Long enough with units, key ones and those of the demonstration's own unit first."""
    status = Proposal.Status
    rows = Proposal.objects.filter(
        status__in=[status.HANDLING, status.REPLIED, status.REHANDLING],
        handed_over_on__lte=today - timedelta(days=30),
    )
    own = rows.filter(Q(handlings__unit__short_name=UNIT) & ~Q(handlings__status="rehanded"))
    key = list(own.filter(key_official__isnull=False).order_by("pk").distinct()[:3])
    more = [
        *rows.filter(key_official__isnull=False).order_by("pk")[:3],
        *own.order_by("-pk").distinct()[:3],
    ]
    return list({proposal.pk: proposal for proposal in [*key, *more]}.values())


def _organiser(district: District) -> Body:
    name = parameters.get("proposals.committee")
    committees = Committee.objects.filter(term__is_current=True, active=True)
    found = committees.filter(Q(name=name) | Q(short_name=name)).first()
    return Body.objects.get(pk=(found or district.committees[CHAIRED]).pk)


def _told(
    district: District, proposals: list[Proposal], *, starts_at: datetime, at: datetime
) -> SupervisionMeeting:
    office = district.office
    labels = "、".join(proposal.label for proposal in proposals)
    meeting = meetings.open_meeting(
        proposals,
        by=office,
        title=f"提案{labels}督办协商会",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        place="区政协二楼会议室",
        presides="区政协副主席",
        agenda=AGENDA,
        organiser=_organiser(district),
        at=at,
    )
    meetings.notify(meeting, by=office, at=at + timedelta(hours=2))
    return meeting


def _report(district: District, report: MeetingReport, *, at: datetime) -> None:
    """The unit's own clerk; where it has named none, the office from paper."""
    share = report.handling
    posting = share.unit.postings.filter(role="clerk", person__user__isnull=False).first()
    words: dict[str, Any] = {"text": REPORT, "signer": "副局长", "at": at}
    clerk = posting.person.user if posting else None
    if clerk is not None:
        holding.report_progress(report, by=clerk, **words)
        return
    scan = files.accept(
        paper("进展报告.pdf"), subject=report, by=district.office, kind=Attachment.Kind.SCAN
    )
    holding.report_progress(report, by=district.office, scan=scan, **words)


def _held(district: District, proposal: Proposal, *, today: date, now: datetime) -> None:
    office, day = district.office, today - timedelta(days=HELD_AGO)
    starts = moment(day, 15)
    told = moment(day - timedelta(days=10), 9)
    meeting = _told(district, [proposal], starts_at=starts, at=told)
    for report in meeting.reports.all():
        _report(district, report, at=moment(day - timedelta(days=6), 10))
    holding.open_check_in(meeting, by=office, at=starts)
    invited = list(meeting.gathering.invitations.order_by("pk"))
    for one in invited[: max(1, len(invited) - 1)]:
        holding.note_attendance(one, by=office, came=True, at=starts)
    share = next(iter(holding.shares_of(meeting)))
    soon, later = today - timedelta(days=2), today + timedelta(days=60)
    results = [
        {
            "handling": share,
            "what": "列出第一批点位清单并书面告知提案人",
            "who": "科长",
            "due_on": soon,
        },
        {
            "handling": share,
            "what": "完成第一批点位的改造，建立每月巡查制度",
            "who": "分管负责人",
            "due_on": later,
        },
    ]
    made = holding.hold(
        meeting, by=office, said=SAID, results=results, at=starts + timedelta(hours=2)
    )
    promise = Commitment.objects.get(subject=f"proposals.meetingresult:{made[0].pk}")
    actions.settle_commitment(
        promise,
        by=office,
        kept=True,
        note="清单已书面告知提案人，办公室电话核实。",
        at=now - timedelta(days=1),
    )


def _coming(district: District, proposals: list[Proposal], *, today: date, now: datetime) -> None:
    starts = moment(today + timedelta(days=TO_COME), 15)
    meeting = _told(district, proposals, starts_at=starts, at=now - timedelta(days=3))
    reports = list(meeting.reports.order_by("pk"))
    for report in reports[-1:] if len(reports) > 1 else ():
        _report(district, report, at=now - timedelta(days=1))
