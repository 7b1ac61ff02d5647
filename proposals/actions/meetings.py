"""督办协商 before it is held: opened on proposals, its list proposed and adapted, told, moved, called off."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from cppcc_portal.office import audit, deadlines, notices, parameters
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady
from members import gatherings
from members.models import Body, Gathering, Invitation, Person, User
from members.posted import office_people, people_of, together
from proposals.actions.people import clerks_at, clerks_of, leaders_of, proposers_of, tell_unit
from proposals.actions.supervising import SUPERVISING_POSTS
from proposals.models import (
    Handling,
    LeadingOfficial,
    MeetingMatter,
    MeetingReport,
    Proposal,
    SupervisionMeeting,
)
from proposals.models.meetings import runs

State = SupervisionMeeting.Status
CLOCK = "progress_report"


def locked(meeting: SupervisionMeeting) -> SupervisionMeeting:
    """The row as it now is, after its proposals: who changes one of them waits, or is waited for."""
    keys = meeting.matters.values("proposal")
    list(Proposal.objects.select_for_update().filter(pk__in=keys).order_by("pk").values("pk"))
    return (
        SupervisionMeeting.objects.select_for_update(of=("self",))
        .select_related("gathering__organiser")
        .get(pk=meeting.pk)
    )


def _preparing(meeting: SupervisionMeeting, by: User, verb: str, *states: str) -> Any:
    """The row held, if it may be prepared now by this person; else IllegalMove or NotAllowed."""
    held = locked(meeting)
    if not by.is_active or not runs(held, by):
        raise NotAllowed(held, verb)
    if held.status not in (states or (State.PLANNED,)):
        raise IllegalMove(held, verb, _("修改会议安排"))
    return held


def why_not_on(proposals: Sequence[Proposal]) -> list[str]:
    """What keeps these proposals from being talked about: each by its number."""
    missing = []
    busy = MeetingMatter.objects.filter(
        proposal__in=proposals, meeting__status__in=SupervisionMeeting.AHEAD
    ).select_related("meeting__gathering")
    planned = {matter.proposal_id: matter.meeting for matter in busy}
    for proposal in proposals:
        words = {"number": proposal.display_number or proposal.title}
        if proposal.status not in Proposal.HANDED_OVER or proposal.status in Proposal.ENDED:
            words["status"] = str(proposal.get_status_display())
            told = _("%(number)s现在是“%(status)s”；只有已交办、没有归档的提案可以督办协商。")
            missing.append(told % words)
        elif proposal.pk in planned:
            words["meeting"] = str(planned[proposal.pk])
            missing.append(_("%(number)s已列入另一次还没有召开的协商：%(meeting)s。") % words)
    return missing


def _written(at: datetime, *, title: str, starts_at: datetime, presides: str, agenda: str) -> Any:
    missing = []
    if not title.strip():
        missing.append(_("请填写会议名称。"))
    if not presides.strip():
        missing.append(_("请写明主持人的姓名和职务。"))
    if not agenda.strip():
        missing.append(_("请写明议程和要协商的问题。"))
    if starts_at <= at:
        missing.append(_("开始时间已经过去，请填写今后的时间。"))
    return missing


@transaction.atomic
def open_meeting(
    proposals: Iterable[Proposal],
    *,
    by: User,
    title: str,
    starts_at: datetime,
    place: str,
    presides: str,
    agenda: str,
    organiser: Body,
    ends_at: datetime | None = None,
    at: datetime | None = None,
) -> SupervisionMeeting:
    """Begin to prepare a consultation on these proposals; who should come is on the list already."""
    at = at or timezone.now()
    keys = [proposal.pk for proposal in proposals]
    rows = Proposal.objects.select_for_update(of=("self",)).filter(pk__in=keys)
    found = list(rows.order_by("pk"))
    meeting = SupervisionMeeting(presides=presides.strip(), agenda=agenda.strip())
    if not by.is_active or not runs(meeting, by):
        raise NotAllowed(meeting, "open_meeting")
    missing = why_not_on(found)
    if not found:
        missing.append(_("请选择要协商的提案。"))
    missing += _written(at, title=title, starts_at=starts_at, presides=presides, agenda=agenda)
    if missing:
        raise NotReady(meeting, "open_meeting", missing)
    meeting.gathering = Gathering.objects.create(
        kind=Gathering.Kind.TALKS,
        title=title.strip(),
        place=place.strip(),
        starts_at=starts_at,
        ends_at=ends_at,
        organiser=organiser,
        recorded_by=by,
    )
    meeting.save(force_insert=True)
    for proposal in found:
        MeetingMatter.objects.create(meeting=meeting, proposal=proposal)
    audit.record("supervisionmeeting.open", meeting, by=by, fields={"proposals": [0, len(found)]})
    gatherings.invite(meeting.gathering, suggested(found, on=timezone.localdate(at)), by=by)
    return meeting


def suggested(proposals: Sequence[Proposal], *, on: date) -> list[dict[str, Any]]:
    """Who should be asked: confirmed proposers, who acts for the units, the leading officials."""
    rows: dict[Any, dict[str, Any]] = {}
    category = Invitation.Category

    def ask(person: Person, kind: str, organisation: str = "") -> None:
        rows.setdefault(
            person.pk, {"person": person, "category": kind, "organisation": organisation[:120]}
        )

    for proposal in proposals:
        for person in proposers_of(proposal):
            ask(person, category.MEMBER)
    for proposal in proposals:
        for share in proposal.handlings.standing().select_related("unit"):
            for person in together(clerks_of(share, on), leaders_of(share, on)):
                ask(person, category.DEPARTMENT, str(share.unit))
    officials = LeadingOfficial.objects.filter(
        mark__proposal__in=proposals, mark__status="current"
    ).select_related("person")
    for official in officials:
        if official.person is not None:
            ask(official.person, category.DEPARTMENT, official.post)
        else:
            rows.setdefault(
                (official.name, official.post),
                {
                    "guest": official.name,
                    "organisation": official.post,
                    "category": category.DEPARTMENT,
                },
            )
    return list(rows.values())


@transaction.atomic
def arrange(
    meeting: SupervisionMeeting,
    *,
    by: User,
    title: str,
    starts_at: datetime,
    place: str,
    presides: str,
    agenda: str,
    ends_at: datetime | None = None,
    version: int | None = None,
    at: datetime | None = None,
) -> None:
    """Another time, place, chair or agenda while it is being prepared; `version` is the one last seen."""
    at = at or timezone.now()
    held = _preparing(meeting, by, "arrange")
    if version is not None and held.version != version:
        raise IllegalMove(held, "arrange", _("修改会议安排"))
    if missing := _written(at, title=title, starts_at=starts_at, presides=presides, agenda=agenda):
        raise NotReady(held, "arrange", missing)
    Gathering.objects.filter(pk=held.gathering_id).update(
        title=title.strip(), starts_at=starts_at, ends_at=ends_at, place=place.strip()
    )
    SupervisionMeeting.objects.filter(pk=held.pk).update(
        presides=presides.strip(), agenda=agenda.strip(), version=F("version") + 1
    )
    audit.record("supervisionmeeting.arrange", held, by=by)
    meeting.refresh_from_db()
    meeting.gathering.refresh_from_db()


@transaction.atomic
def invite(
    meeting: SupervisionMeeting,
    people: Iterable[Mapping[str, Any]],
    *,
    by: User,
    at: datetime | None = None,
) -> list[Invitation]:
    """Put people on the list, also at the door; who comes to it later is told at once."""
    at = at or timezone.now()
    held = _preparing(meeting, by, "invite", *SupervisionMeeting.AHEAD)
    made = gatherings.invite(held.gathering, people, by=by)
    if held.status != State.PLANNED:
        _tell_invited(held, made, at=at)
    return made


@transaction.atomic
def strike(invitation: Invitation, *, by: User) -> None:
    """Take somebody off the list before it has gone out."""
    held = _preparing(invitation.gathering.supervision_meeting, by, "strike")
    if held.notified_at is not None:
        told = _("通知已经发过，名单不再删减；不用来的请在会上登记缺席。")
        raise NotReady(held, "strike", [told])
    gatherings.strike(invitation, by=by)


@transaction.atomic
def notify(meeting: SupervisionMeeting, *, by: User, at: datetime | None = None) -> int:
    """Send the invitations; from now on each unit owes its report. Return how many are told."""
    at = at or timezone.now()
    held = locked(meeting)
    held.move_to("notify", by=by, at=at, notified_at=held.notified_at or at)
    told = _tell_invited(held, held.gathering.invitations.select_related("person"), at=at)
    shares = Handling.objects.in_force().filter(
        proposal__in=held.matters.in_force().values("proposal")
    )
    shares = shares.exclude(status=Handling.Status.ENDED).select_related("unit", "proposal")
    for share in shares.order_by("proposal", "pk"):
        ask_report(held, share, by=by, at=at)
    meeting.refresh_from_db()
    return told


def ask_report(
    meeting: SupervisionMeeting, share: Handling, *, by: User, at: datetime
) -> MeetingReport:
    """The unit owes its report some days before; what it gave before a postponement stands."""
    on = timezone.localdate(at)
    days = parameters.get("proposals.report_days_before")
    due_on = max(on, meeting.gathering.on - timedelta(days=days))
    report, created = MeetingReport.objects.get_or_create(
        meeting=meeting, handling=share, defaults={"due_on": due_on}
    )
    if report.status != MeetingReport.Status.WAITING:
        return report
    rounds = deadlines.Deadline.objects.filter(
        subject=f"proposals.meetingreport:{report.pk}"
    ).count()
    words = {"day": deadlines.long_date(meeting.gathering.on), "days": days}
    note = _("%(day)s召开，会前%(days)s天") % words
    deadlines.start(report, CLOCK, on=on, by=by, round=rounds + 1, due_on=due_on, note=note)
    if not created:
        MeetingReport.objects.filter(pk=report.pk).update(due_on=due_on)
        report.due_on = due_on
    people = together(clerks_of(share, on), leaders_of(share, on))
    told = {"number": share.proposal.label, "until": due_on.isoformat(), **words_of(meeting)}
    if not people:  # the office passes it on
        tell_unit("report_asked", share, people=people, at=at, words=told, due=due_on)
    notices.tell(
        "report_asked", report, people=people, round=rounds + 1, due=due_on, at=at, words=told
    )
    return report


def words_of(meeting: SupervisionMeeting) -> dict[str, str]:
    """When and on what, as notices name it: numbers, never the title a clerk typed."""
    starts = timezone.localtime(meeting.gathering.starts_at)
    when = _("%(month)d月%(day)d日 %(time)s") % {
        "month": starts.month,
        "day": starts.day,
        "time": starts.strftime("%H:%M"),
    }
    matters: Any = meeting.matters.all()
    if "matters" not in getattr(meeting, "_prefetched_objects_cache", {}):
        matters = matters.select_related("proposal")
    gone = ("revoked", "taken_out")
    labels = [one.proposal.label for one in matters if one.proposal.status not in gone]
    numbers = "、".join(labels[:3])
    if len(labels) > 3:
        words = {"first": numbers, "count": len(labels)}
        numbers = _("%(first)s等%(count)s件") % words
    return {"when": when, "numbers": numbers}


def _tell_invited(
    meeting: SupervisionMeeting, invited: Iterable[Invitation], *, at: datetime
) -> int:
    return notices.tell(
        "meeting_notified",
        meeting,
        people=[one.person for one in invited if one.person is not None],
        round=meeting.changes.filter(verb="notify").count(),
        due=meeting.gathering.on,
        at=at,
        words={**words_of(meeting), "place": meeting.gathering.place},
    )


@transaction.atomic
def postpone(
    meeting: SupervisionMeeting, *, by: User, note: str, at: datetime | None = None
) -> None:
    """Back to preparation with a reason; everybody is told not to come, reports wait for the new day."""
    at = at or timezone.now()
    held = locked(meeting)
    held.require("postpone", by=by)
    if not note.strip():
        raise NotReady(held, "postpone", [_("请写明改期的原因，受邀人会看到。")])
    held.move_to("postpone", by=by, note=note.strip(), at=at)
    deadlines.cancel_all(list(held.reports.waiting()), by=by, at=at)
    _tell_off(held, "meeting_moved", at=at)
    meeting.refresh_from_db()


@transaction.atomic
def cancel(meeting: SupervisionMeeting, *, by: User, note: str, at: datetime | None = None) -> None:
    """Call it off with a reason; everybody who was told is told."""
    at = at or timezone.now()
    held = locked(meeting)
    held.require("cancel", by=by)
    if not note.strip():
        raise NotReady(held, "cancel", [_("请写明取消的原因，受邀人会看到。")])
    waiting = list(held.reports.waiting())
    held.move_to("cancel", by=by, note=note.strip(), at=at)
    lapse_reports(waiting, by=by, at=at)
    if held.notified_at is not None:
        _tell_off(held, "meeting_cancelled", at=at)
    meeting.refresh_from_db()


def _tell_off(meeting: SupervisionMeeting, kind: str, *, at: datetime) -> None:
    notices.tell(
        kind,
        meeting,
        people=everybody(meeting, on=timezone.localdate(at)),
        round=meeting.changes.count(),
        at=at,
        words=words_of(meeting),
    )


def everybody(meeting: SupervisionMeeting, *, on: date) -> list[Person]:
    """Who is invited, the clerks of the units, and the committees that supervise key ones."""
    invited = meeting.gathering.invitations.select_related("person")
    people = [one.person for one in invited if one.person is not None]
    reports = meeting.reports.standing().select_related("handling__unit")
    clerks = (clerks_at(report.handling.unit, on) for report in reports)
    committees = [
        people_of(mark.committee, *SUPERVISING_POSTS, on=on)
        for matter in meeting.matters.in_force().select_related("proposal")
        for mark in matter.proposal.key_marks.current().select_related("committee")
    ]
    return together(people, *clerks, *committees)


def lapse_reports(
    reports: Sequence[MeetingReport], *, by: User, at: datetime, verb: str = "lapse"
) -> None:
    """Nobody waits for these any more; their clocks stop."""
    for report in reports:
        report.move_to(verb, by=by, at=at)
    deadlines.cancel_all(reports, by=by, at=at)


def leave_meetings(
    shares: Iterable[Handling], *, by: User, at: datetime, made: Handling | None = None
) -> None:
    """These shares go elsewhere or end: their reports fall away; the new unit's is asked for."""
    rows = MeetingReport.objects.standing().filter(
        handling__in=list(shares), meeting__status__in=SupervisionMeeting.AHEAD
    )
    reports = list(rows.select_related("meeting__gathering"))
    lapse_reports(reports, by=by, at=at, verb="withdraw")
    if made is not None:
        for meeting in {report.meeting_id: report.meeting for report in reports}.values():
            if meeting.status in (State.NOTIFIED, State.OPEN):
                ask_report(meeting, made, by=by, at=at)


def attend(invitation: Invitation, *, by: User, at: datetime | None = None) -> None:
    """The invited person will come."""
    _still_ahead(invitation, "attend")
    gatherings.attend(invitation, by=by, at=at)


@transaction.atomic
def ask_leave(invitation: Invitation, *, by: User, reason: str, at: datetime | None = None) -> None:
    """The invited person cannot come and says why; the office decides."""
    at = at or timezone.now()
    meeting = _still_ahead(invitation, "ask_leave")
    gatherings.ask_leave(invitation, by=by, reason=reason, at=at)
    notices.tell(
        "meeting_leave_asked",
        invitation,
        people=office_people(),
        round=invitation.changes.filter(verb="ask_leave").count(),
        at=at,
        words={"who": invitation.name, "when": words_of(meeting)["when"]},
        url=meeting.get_absolute_url(),
    )


@transaction.atomic
def answer_leave(
    invitation: Invitation, *, by: User, grant: bool, note: str = "", at: datetime | None = None
) -> None:
    """The office grants the leave, or not and says why."""
    meeting = _still_ahead(invitation, "answer_leave")
    if not by.is_active or not runs(meeting, by):
        raise NotAllowed(meeting, "answer_leave")
    if grant:
        gatherings.grant_leave(invitation, by=by, at=at)
    else:
        gatherings.refuse_leave(invitation, by=by, note=note, at=at)
    if invitation.person is not None:
        answer = str(_("已批准") if grant else _("没有批准"))
        notices.tell(
            "meeting_leave_answered",
            invitation,
            people=[invitation.person],
            round=invitation.changes.count(),
            at=at,
            words={"answer": answer, "when": words_of(meeting)["when"]},
            url=meeting.get_absolute_url(),
        )


def _still_ahead(invitation: Invitation, verb: str) -> SupervisionMeeting:
    """The consultation, if its invitations have gone out and it has not been held."""
    meeting: SupervisionMeeting = invitation.gathering.supervision_meeting
    if meeting.status not in (State.NOTIFIED, State.OPEN):
        raise IllegalMove(meeting, verb, _("答复邀请"))
    return meeting
