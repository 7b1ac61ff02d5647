"""Suspected secret: what was said of a proposal at supervision consultations leaves with it (rule 16)."""

from datetime import datetime

from django.utils.translation import gettext as _

from cppcc_portal.office import files, notices
from cppcc_portal.office.keys import key_of
from members.models import Commitment, CommitmentChange, DutyRecord, Gathering, User
from proposals.actions.holding_meetings import end_results
from proposals.actions.meetings import leave_meetings
from proposals.models import (
    MeetingReport,
    MeetingReportChange,
    MeetingResult,
    Proposal,
    SupervisionMeeting,
    SupervisionMeetingChange,
)


def end_meetings(proposal: Proposal, *, by: User, at: datetime) -> None:
    """No unit reports on it any more, and nobody waits for what was promised."""
    leave_meetings(proposal.handlings.all(), by=by, at=at)
    end_results(proposal, by=by, at=at)


def purge_meetings(proposal: Proposal, *, by: User, at: datetime, gone: str) -> None:
    """Reports, results and the record of every consultation on it; the caller holds the gate open.

    A record may be about several proposals: which sentence is about which nobody can tell here.
    """
    meetings = SupervisionMeeting.objects.filter(matters__proposal=proposal)
    keys = list(meetings.values_list("pk", flat=True))
    reports = MeetingReport.objects.filter(handling__proposal=proposal)
    results = MeetingResult.objects.filter(handling__proposal=proposal)
    subjects = [key_of(result) for result in results]
    promises = Commitment.objects.filter(subject__in=subjects)
    note = str(_("涉密嫌疑，移出"))
    for thing in [*reports, *results, *promises, *meetings]:
        files.purge(thing, by=by, note=note)
        notices.withdraw(thing, at=at)
    CommitmentChange.objects.filter(subject__in=promises).update(note="")
    promises.update(what=gone)
    results.update(what=gone)
    MeetingReportChange.objects.filter(subject__in=reports).update(note="")
    reports.exclude(text="").update(text=gone)
    SupervisionMeetingChange.objects.filter(subject__in=keys).update(note="")
    rows = SupervisionMeeting.objects.filter(pk__in=keys)
    rows.update(agenda=gone)
    rows.exclude(said="").update(said=gone)
    rows.exclude(without_reports="").update(without_reports=gone)
    Gathering.objects.filter(supervision_meeting__in=keys).update(title=gone)
    sources = [f"proposals.supervisionmeeting:{key}" for key in keys]
    DutyRecord.objects.filter(source__in=sources).update(title=gone)
