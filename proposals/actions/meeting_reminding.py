"""The clock's work on supervision consultations: reports that units owe, and the day before."""

from collections.abc import Iterator

from django.utils import timezone

from cppcc_portal.office.deadlines import Deadline
from cppcc_portal.office.keys import key_of
from cppcc_portal.office.notices import Telling
from members.models import Invitation, Person
from members.posted import Day
from members.roles import Role
from proposals.actions.meetings import CLOCK, words_of
from proposals.models import MeetingReport, SupervisionMeeting


def progress_reports(day: Day) -> Iterator[Telling | None]:
    """Reports that units owe; once late their leaders and the office hear of it as well."""
    waiting = MeetingReport.objects.waiting().exclude(
        meeting__status=SupervisionMeeting.Status.PLANNED
    )
    rows = list(waiting.with_names().prefetch_related("meeting__matters__proposal"))
    clocks = Deadline.objects.for_subjects(key_of(report) for report in rows)
    for report in rows:
        clock = clocks.get(key_of(report), {}).get(CLOCK)
        if clock is None or not clock.is_open:
            continue
        people = day.clerks(report.handling.unit_id)
        if day.today > report.due_on:
            people = people + day.leaders(report.handling.unit_id) + day.with_role(Role.OFFICE)
        yield day.telling(
            "report_reminder",
            report,
            people,
            report.due_on,
            "report",
            clock.started_on,
            round=clock.round,
            words={
                "number": report.handling.proposal.label,
                "unit": str(report.handling.unit),
                "when": words_of(report.meeting)["when"],
            },
        )


def meetings(day: Day) -> Iterator[Telling | None]:
    """Who is expected is told shortly before."""
    status = Invitation.Status
    expected = Invitation.objects.filter(
        status__in=[status.INVITED, status.ATTENDING, status.LEAVE_REQUESTED],
        person__isnull=False,
        gathering__supervision_meeting__status=SupervisionMeeting.Status.NOTIFIED,
        gathering__starts_at__date__gte=day.today,
    )
    people: dict[int, list[Person]] = {}
    for invitation in expected.select_related("person"):
        assert invitation.person is not None
        people.setdefault(invitation.gathering_id, []).append(invitation.person)
    rows = SupervisionMeeting.objects.filter(gathering__in=people).with_names()
    for meeting in rows:
        assert meeting.notified_at is not None
        yield day.telling(
            "meeting_reminder",
            meeting,
            people[meeting.gathering_id],
            meeting.gathering.on,
            "meeting",
            timezone.localdate(meeting.notified_at),
            words={**words_of(meeting), "place": meeting.gathering.place},
        )
