"""督办协商 as it is held: reports before it, check-in, the record, and what units took on."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cppcc_portal.office import deadlines, notices
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.keys import key_of
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady
from members import duty, gatherings
from members.actions import record_commitment
from members.models import Commitment, Invitation, User
from members.posted import office_people, together
from proposals.actions.handling import paper
from proposals.actions.meetings import CLOCK, everybody, lapse_reports, locked, words_of
from proposals.actions.people import proposers_of
from proposals.actions.supervising import supervise
from proposals.models import (
    Handling,
    MeetingReport,
    MeetingResult,
    Proposal,
    SupervisionMeeting,
    SupervisionWay,
)
from proposals.models.meetings import runs
from proposals.models.rights import acts_for_unit

State = SupervisionMeeting.Status
WAY = "talks"  # 协商座谈 in the list of ways of supervision


@transaction.atomic
def report_progress(
    report: MeetingReport,
    *,
    by: User,
    text: str,
    signer: str,
    scan: Attachment | None = None,
    at: datetime | None = None,
) -> None:
    """The unit says how far it has come; all who are asked and see the proposal read it."""
    at = at or timezone.now()
    meeting = locked(report.meeting)
    held = MeetingReport.objects.select_related("handling__unit", "handling__proposal").get(
        pk=report.pk
    )
    held.meeting = meeting
    held.require("report_progress", by=by)
    on_paper = paper(held.handling, by, scan, "report_progress")
    held.move_to(
        "report_progress",
        by=by,
        at=at,
        text=text.strip(),
        signer=signer.strip(),
        given_at=at,
        is_entered=not acts_for_unit(held.handling, by),
        **on_paper,
    )
    deadlines.meet_current(held, CLOCK, at=at, by=by)
    share = held.handling
    notices.tell(
        "report_given",
        held,
        people=together(office_people(), proposers_of(share.proposal)),
        at=at,
        words={
            "number": share.proposal.label,
            "unit": str(share.unit),
            "when": words_of(meeting)["when"],
        },
        url=meeting.get_absolute_url(),
    )
    report.refresh_from_db()


@transaction.atomic
def open_check_in(meeting: SupervisionMeeting, *, by: User, at: datetime | None = None) -> None:
    """On the day: the code at the door counts from shortly before the beginning."""
    held = locked(meeting)
    held.move_to("open", by=by, at=at)
    gatherings.open_check_in(held.gathering)
    meeting.refresh_from_db()


def check_in(meeting: SupervisionMeeting, *, by: User, at: datetime | None = None) -> bool:
    """The invited person scanned the code; whether they were late."""
    invitation = meeting.gathering.invitations.filter(person__user=by).first()
    if invitation is None:
        raise NotAllowed(meeting, "check_in")
    if meeting.status != State.OPEN:
        raise NotReady(meeting, "check_in", [_("签到没有开放，请现场工作人员为您登记。")])
    return gatherings.check_in(invitation, by=by, at=at)


@transaction.atomic
def note_attendance(
    invitation: Invitation, *, by: User, came: bool, at: datetime | None = None
) -> None:
    """Staff say who was there, until the results are on record."""
    held = locked(invitation.gathering.supervision_meeting)
    if not by.is_active or not runs(held, by):
        raise NotAllowed(held, "note_attendance")
    if held.status != State.OPEN:
        raise IllegalMove(held, "note_attendance", _("登记出席"))
    if came:
        gatherings.note_present(invitation, by=by, at=at)
    else:
        gatherings.note_absent(invitation, by=by, at=at)


def missing_units(meeting: SupervisionMeeting) -> str:
    """The units whose reports have not come, each with the proposal."""
    waiting = meeting.reports.waiting().select_related("handling__unit", "handling__proposal")
    waiting = waiting.order_by("handling__proposal_id", "handling_id")
    names = [f"{one.handling.unit}（{one.handling.proposal.label}）" for one in waiting]
    return "、".join(names)[:500]


@transaction.atomic
def hold(
    meeting: SupervisionMeeting,
    *,
    by: User,
    said: str,
    results: Iterable[Mapping[str, Any]] = (),
    without_reports: str = "",
    at: datetime | None = None,
) -> list[MeetingResult]:
    """It was held: what was said, who came, and what each unit took on, which becomes its promise.

    `results` are handling, what, who, due_on.
    """
    at = at or timezone.now()
    held = locked(meeting)
    held.require("hold", by=by)
    wanted = list(results)
    if missing := _not_sound(held, wanted, at=at):
        raise NotReady(held, "hold", missing)
    waiting = list(held.reports.waiting())
    held.move_to(
        "hold",
        by=by,
        at=at,
        said=said.strip(),
        held_at=held.gathering.starts_at,
        missing_units=missing_units(held),
        without_reports=without_reports.strip() if waiting else "",
    )
    gatherings.close_check_in(held.gathering, by=by, at=at)
    lapse_reports(waiting, by=by, at=at)
    made = [_promise(held, result, by=by) for result in wanted]
    _press(held, made, by=by, at=at)
    _follow_closed(made, by=by, at=at)
    duty.record_attendance(
        held.gathering,
        held,
        category="consultation",
        title=str(held),
        by=by,
        url=held.get_absolute_url(),
    )
    notices.tell(
        "meeting_held",
        held,
        people=everybody(held, on=timezone.localdate(at)),
        at=at,
        words={**words_of(held), "count": str(len(made))},
    )
    meeting.refresh_from_db()
    return made


def _not_sound(
    meeting: SupervisionMeeting, results: list[Mapping[str, Any]], *, at: datetime
) -> list[str]:
    """What is wrong with the results as typed."""
    missing, on = [], timezone.localdate(at)
    shares = set(shares_of(meeting).values_list("pk", flat=True))
    for result in results:
        handling = result["handling"]
        if handling.pk not in shares:
            told = _("%s不是这次协商的承办单位，不能登记它的结果。")
            missing.append(told % handling.unit)
        if not result["what"].strip() or not result["who"].strip():
            missing.append(_("每项结果都须写明做什么、谁负责、何时完成。"))
        elif result["due_on"] <= on:
            missing.append(_("结果的完成期限应晚于今天，请检查：%s") % result["what"])
    return list(dict.fromkeys(missing))


def shares_of(meeting: SupervisionMeeting) -> Any:
    """The shares that are talked about: standing ones of proposals on which something may still be written."""
    matters = meeting.matters.in_force().exclude(proposal__status__in=Proposal.ENDED)
    shares = Handling.objects.in_force().filter(proposal__in=matters.values("proposal"))
    return shares.select_related("unit", "proposal").order_by("proposal", "pk")


def _promise(meeting: SupervisionMeeting, result: Mapping[str, Any], *, by: User) -> MeetingResult:
    row = MeetingResult.objects.create(
        meeting=meeting,
        handling=result["handling"],
        what=result["what"].strip(),
        who=result["who"].strip(),
        due_on=result["due_on"],
    )
    record_commitment(
        row, by=by, unit=row.handling.unit, what=row.what, who=row.who, due_on=row.due_on
    )
    return row


def _press(
    meeting: SupervisionMeeting, made: list[MeetingResult], *, by: User, at: datetime
) -> None:
    """A line in the log of each key proposal: it was pressed by talks."""
    matters = meeting.matters.in_force().select_related("proposal")
    key = [
        matter.proposal
        for matter in matters
        if matter.proposal.is_key and matter.proposal.status not in Proposal.ENDED
    ]
    if not key:
        return
    way = SupervisionWay.objects.filter(code=WAY).first() or SupervisionWay.objects.first()
    if way is None:
        told = _("请先在“督办形式”中登记“协商座谈”（代码 talks），再登记结果。")
        raise NotReady(meeting, "hold", [told])
    came = meeting.gathering.invitations.came().select_related("person")
    names = "、".join(one.name for one in came)
    for proposal in key:
        own = [result for result in made if result.handling.proposal_id == proposal.pk]
        lines = [
            _("%(unit)s：%(what)s（%(who)s，%(day)s前）")
            % {
                "unit": result.handling.unit,
                "what": result.what,
                "who": result.who,
                "day": deadlines.long_date(result.due_on),
            }
            for result in own
        ]
        supervise(
            proposal,
            by=by,
            way=way,
            on=meeting.gathering.on,
            took_part=names[:300],
            said=_log_words(meeting),
            undertook="\n".join(lines),
            at=at,
        )


def _log_words(meeting: SupervisionMeeting) -> str:
    """The log points to the record: its words may be about other proposals, whose readers are others."""
    if meeting.matters.count() == 1:
        return meeting.said
    return _("召开督办协商“%s”，与其他提案一并协商；会议情况见督办协商记录。") % meeting


def _follow_closed(made: list[MeetingResult], *, by: User, at: datetime) -> None:
    """A closed proposal that has a new promise is followed again."""
    keys = {result.handling.proposal_id for result in made}
    for proposal in Proposal.objects.filter(pk__in=keys, status=Proposal.Status.CLOSED):
        proposal.move_to("track", by=by, at=at)


def end_results(proposal: Proposal, *, by: User, at: datetime) -> None:
    """The proposal (held) is over before it was handled: nobody waits for what was promised."""
    results = MeetingResult.objects.filter(handling__proposal=proposal)
    open_ones = Commitment.objects.filter(
        subject__in=[key_of(result) for result in results], status=Commitment.Status.OPEN
    )
    for promise in open_ones:
        promise.move_to("end", by=by, at=at)
