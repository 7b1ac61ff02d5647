"""Whose turn it is on a supervision consultation and on a unit's report, by when, and why that day."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from cppcc_portal.office.deadlines import Deadline
from cppcc_portal.office.turns import Turn, dated
from proposals.actions.meetings import CLOCK
from proposals.models import MeetingReport, SupervisionMeeting
from proposals.models.meetings import runs

State = SupervisionMeeting.Status


def meeting_turn(
    meeting: SupervisionMeeting, reports: Sequence[MeetingReport], user: Any, today: date
) -> Turn | None:
    """The office prepares it and writes it down; between lies the units' turn, as far as it is seen."""
    office, on = str(_("提案委办公室")), meeting.gathering.on
    mine = runs(meeting, user)
    if meeting.status == State.PLANNED:
        return dated(office, _("核对名单和安排，发通知。"), None, today, mine=mine)
    if meeting.status not in (State.NOTIFIED, State.OPEN):
        return None
    waiting = [one for one in reports if one.status == MeetingReport.Status.WAITING]
    if waiting and on >= today and meeting.status == State.NOTIFIED:
        first = min(waiting, key=lambda one: one.due_on)
        units = "、".join(dict.fromkeys(str(one.handling.unit) for one in waiting))
        own = any(one.handling.unit_id in user.body_ids for one in waiting)
        return dated(
            units, _("会前报告办理进展。"), first.due_on, today, why=why_of(first), mine=own
        )
    if meeting.status == State.NOTIFIED and on > today:
        return dated(office, _("按期召开。"), on, today)
    return dated(office, _("开放签到，开过以后登记结果。"), on, today, mine=mine)


def report_turn(report: MeetingReport, user: Any, today: date) -> Turn | None:
    """The unit's, until it has reported."""
    if report.status != MeetingReport.Status.WAITING or report.meeting.status in (
        State.PLANNED,
        State.HELD,
        State.CANCELLED,
    ):
        return None
    return dated(
        str(report.handling.unit),
        _("报告办理进展。"),
        report.due_on,
        today,
        why=why_of(report),
        mine=report.handling.unit_id in user.body_ids,
    )


def why_of(report: MeetingReport) -> str:
    """From which day it was counted back."""
    clock = Deadline.objects.current(report, CLOCK)
    if clock is None:
        return ""
    start = clock.events.first()
    words = {"sum": clock.explain(), "note": start.note if start else ""}
    return _("%(sum)s（%(note)s）") % words if words["note"] else str(words["sum"])
