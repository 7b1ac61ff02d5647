"""States of a supervision consultation, reached by actions."""

from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

from members.models import Committee
from proposals.actions import holding_meetings as holding
from proposals.actions import meetings
from proposals.models import MeetingReport, MeetingResult, Proposal, SupervisionMeeting
from tests import people, stages
from tests.stages import again, lead_of

STARTS = datetime(2026, 4, 20, 14, 30, tzinfo=people.CHINA)
TOLD = datetime(2026, 4, 8, 9, tzinfo=people.CHINA)
DAY = datetime(2026, 4, 20, 14, 20, tzinfo=people.CHINA)
AFTER = datetime(2026, 4, 20, 17, tzinfo=people.CHINA)
WORDS = {
    "title": "充电设施督办协商会",
    "place": "区政协二楼会议室",
    "presides": "区政协副主席李梅",
    "agenda": "一、听取进展。二、协商选址难点。",
}
PROMISE = {"what": "六月底前建成十处", "who": "副局长王强", "due_on": date(2026, 6, 30)}


def committee(d: SimpleNamespace) -> Committee:
    made, _created = Committee.objects.get_or_create(
        kind="committee", name="提案委员会", short_name="提案委", term=d.plenary.term
    )
    return made


def opened(
    d: SimpleNamespace, proposals: list[Proposal] | None = None, **more: Any
) -> SupervisionMeeting:
    given = {**WORDS, "starts_at": STARTS, "organiser": committee(d).body_ptr, "at": stages.APRIL}
    chosen = proposals or [stages.acknowledged(d)]
    return meetings.open_meeting(chosen, by=again(d.office), **{**given, **more})


def notified(d: SimpleNamespace, proposals: list[Proposal] | None = None) -> SupervisionMeeting:
    meeting = opened(d, proposals)
    meetings.notify(meeting, by=again(d.office), at=TOLD)
    return meeting


def report_of(meeting: SupervisionMeeting, user: Any) -> MeetingReport:
    return meeting.reports.get(handling__unit__in=user.body_ids)


def reported(d: SimpleNamespace) -> SupervisionMeeting:
    """Both units have told how far they are."""
    meeting = notified(d)
    for user in (d.clerk, d.joint_clerk):
        clerk = again(user)
        report = report_of(meeting, clerk)
        holding.report_progress(report, by=clerk, text="已选点八处。", signer="王强", at=TOLD)
    return meeting


def begun(d: SimpleNamespace, meeting: SupervisionMeeting | None = None) -> SupervisionMeeting:
    """Check-in is open and the author is there."""
    meeting = meeting or reported(d)
    holding.open_check_in(meeting, by=again(d.office), at=DAY)
    holding.check_in(meeting, by=d.author, at=DAY)
    return meeting


def result(meeting: SupervisionMeeting, **more: Any) -> dict[str, Any]:
    share = lead_of(meeting.matters.all()[0].proposal)
    return {"handling": share, **PROMISE, **more}


def held(
    d: SimpleNamespace, meeting: SupervisionMeeting | None = None, **more: Any
) -> list[MeetingResult]:
    meeting = meeting or begun(d)
    given = {"said": "双方商定先建十处。", "results": [result(meeting)], "at": AFTER}
    return holding.hold(meeting, by=again(d.office), **{**given, **more})
