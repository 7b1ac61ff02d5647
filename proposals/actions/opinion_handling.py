"""What units do with the issues sent to them: receive, contact, ask to return, answer; staff may from paper.

Where the office has units handle public-opinion reports, an issue that is handed over goes the way of a
unit's share of a proposal: the same clocks, requests and reminders, without ratings or countersigning.
"""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cppcc_portal.office import audit, deadlines, files, notices
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady
from members.models import Person, Posting, Unit, User
from members.posted import office_people, people_of, people_with_role
from members.roles import Role
from proposals.actions.asking import against, ask, decision_clock, tell_decided, whose_else
from proposals.actions.opinions import tell_authors
from proposals.actions.people import clerks_at
from proposals.models import (
    Bulletin,
    OpinionAuthor,
    OpinionContact,
    OpinionDispatch,
    OpinionDispatchChange,
    OpinionResult,
    UnitRequest,
)
from proposals.models.bulletins import reports_of
from proposals.models.dispatches import acts_for_receiver, may_act

STATUS = OpinionDispatch.Status


def locked_bulletin(bulletin: Bulletin, verb: str) -> Bulletin:
    """The issue, held until the transaction ends; of one that was taken out nothing more is recorded."""
    held = (
        Bulletin.objects.select_for_update(of=("self",)).select_related("text").get(pk=bulletin.pk)
    )
    if held.is_emptied:
        raise NotReady(held, verb, [_("这一期的文字已因涉密嫌疑移出，不再报送、答复或登记。")])
    return held


def held_dispatch(dispatch: OpinionDispatch, verb: str) -> OpinionDispatch:
    """What was sent as it now is, its issue held: of two who act at once one finds it done."""
    bulletin = locked_bulletin(dispatch.bulletin, verb)
    held: OpinionDispatch = OpinionDispatch.objects.select_related("unit", "return_request").get(
        pk=dispatch.pk
    )
    held.bulletin = bulletin
    return held


def paper(
    dispatch: OpinionDispatch, by: User, scan: Attachment | None, verb: str
) -> dict[str, Any]:
    """On whose behalf and on what paper, when staff act for a unit; nothing when the unit itself acts."""
    if acts_for_receiver(dispatch, by):
        return {}
    if scan is None:
        told = _("代%s办理须附盖章材料的扫描件。") % dispatch.receiver
        raise NotReady(dispatch, verb, [told])
    return {"behalf": dispatch.receiver, "scan": scan}


def tell_all_authors(
    kind: str, dispatch: OpinionDispatch, *, at: datetime, round: int = 1, **words: str
) -> None:
    """The authors of every report in the issue, each with their own number."""
    for report in reports_of(dispatch.bulletin):
        tell_authors(kind, report, at=at, round=round, words={"number": report.label, **words})


def _nth(dispatch: OpinionDispatch, *verbs: str) -> int:
    """How many such steps there have been on the issue: each is told in a round of its own."""
    changes = OpinionDispatchChange.objects.filter(subject__bulletin=dispatch.bulletin_id)
    return changes.filter(verb__in=verbs).count()


# The office ------------------------------------------------------------------------------------


def give(dispatch: OpinionDispatch, *, by: User, on: date, at: datetime, note: str = "") -> None:
    """Hand what was sent to a unit over to it, with clocks counted from this day."""
    working = deadlines.WorkingCalendar()
    dispatch.move_to(
        "hand_over",
        by=by,
        at=at,
        note=note,
        handed_over_on=on,
        sign_in_due_on=deadlines.rule_of("opinion_sign_in").term.due(on, working),
        due_on=deadlines.rule_of("opinion_answer").term.due(on, working),
    )
    # It may have been asked for an answer before; that clock stops, the new one is another round.
    asked = deadlines.Deadline.objects.current(dispatch, "opinion_answer")
    deadlines.cancel_all([dispatch], by=by, at=at)
    deadlines.start(dispatch, "opinion_sign_in", on=on, by=by)
    deadlines.start(dispatch, "opinion_answer", on=on, by=by, round=2 if asked else 1)


@transaction.atomic
def hand_over(
    dispatch: OpinionDispatch, *, by: User, note: str = "", at: datetime | None = None
) -> None:
    """Give an issue that a unit has received to the unit to be handled; it and the authors are told."""
    at = at or timezone.now()
    held = held_dispatch(dispatch, "hand_over")
    give(held, by=by, on=timezone.localdate(at), at=at, note=note.strip())
    tell_receiver(held, at=at)
    tell_handed_over(held, at=at)
    dispatch.refresh_from_db()


def tell_handed_over(dispatch: OpinionDispatch, *, at: datetime) -> None:
    """The authors: which unit handles it, and until when it answers."""
    assert dispatch.due_on is not None  # set with the status (constraint)
    words = {"unit": dispatch.receiver, "until": dispatch.due_on.isoformat()}
    round = _nth(dispatch, "hand_over")
    tell_all_authors("opinion_handed_over", dispatch, at=at, round=round, **words)


def tell_extended(dispatch: OpinionDispatch, *, at: datetime) -> None:
    """The authors: until when the unit now answers, the office having agreed."""
    extended = UnitRequest.objects.filter(
        dispatch__bulletin=dispatch.bulletin_id,
        kind=UnitRequest.Kind.EXTENSION,
        status=UnitRequest.Status.GRANTED,
    )
    assert dispatch.due_on is not None  # it had a date to be put off
    words = {"unit": dispatch.receiver, "until": dispatch.due_on.isoformat()}
    tell_all_authors("opinion_extended", dispatch, at=at, round=extended.count(), **words)


def tell_receiver(dispatch: OpinionDispatch, *, at: datetime) -> None:
    """A unit's people, the leader or the supervision office; who has no account gets it on paper."""
    words = {"issue": str(dispatch.bulletin)}
    kind, people = "opinion_received", list[Person]()
    if dispatch.unit is not None:
        on = timezone.localdate(at)
        people = people_of(dispatch.unit, Posting.Role.CLERK, *Posting.LEADS, on=on)
        people = people or office_people()  # so that it reaches the unit itself
        if dispatch.due_on is not None:
            kind, words = "opinion_to_answer", {**words, "until": dispatch.due_on.isoformat()}
        if dispatch.status == STATUS.WAITING and dispatch.sign_in_due_on is not None:
            kind, words["sign_in"] = "opinion_to_handle", dispatch.sign_in_due_on.isoformat()
    elif dispatch.leader is not None:
        people = [dispatch.leader]
    elif dispatch.target == OpinionDispatch.Target.SUPERVISION:
        people = people_with_role(Role.SUPERVISION)
    notices.tell(
        kind,
        dispatch,
        people=people,
        due=dispatch.due_on,
        at=at,
        words=words,
        url=dispatch.get_absolute_url(),
    )


# The unit --------------------------------------------------------------------------------------


@transaction.atomic
def acknowledge(
    dispatch: OpinionDispatch,
    *,
    by: User,
    scan: Attachment | None = None,
    at: datetime | None = None,
) -> None:
    """The unit confirms that it has received what it is to handle; the authors are told."""
    at = at or timezone.now()
    held = held_dispatch(dispatch, "acknowledge")
    held.require("acknowledge", by=by)
    on_paper = paper(held, by, scan, "acknowledge")
    held.move_to("acknowledge", by=by, at=at, acknowledged_at=at, **on_paper)
    deadlines.meet_current(held, "opinion_sign_in", at=at, by=by)
    round = _nth(held, "acknowledge")
    tell_all_authors("opinion_in_hand", held, at=at, round=round, unit=held.receiver)
    dispatch.refresh_from_db()


@transaction.atomic
def record_contact(
    dispatch: OpinionDispatch,
    *,
    by: User,
    author: OpinionAuthor,
    way: str,
    on: date,
    summary: str,
    at: datetime | None = None,
) -> OpinionContact:
    """Keep a contact of the unit with an author: when, how, what was said; the office reads it as well."""
    at = at or timezone.now()
    held = held_dispatch(dispatch, "record_contact")
    if not by.is_active or not may_act(held, by):
        raise NotAllowed(held, "record_contact")
    if held.status not in (STATUS.ACKNOWLEDGED, STATUS.ANSWERED) or not held.is_handed_over:
        raise IllegalMove(held, "record_contact", _("登记沟通情况"))
    reasons = []
    if author.report.bulletin_id != held.bulletin_id:
        reasons.append(_("请选择这一期的作者。"))
    if not summary.strip():
        reasons.append(_("请写明沟通情况。"))
    if on > timezone.localdate(at):
        reasons.append(_("沟通日期不能晚于今天。"))
    if held.handed_over_on is not None and on < held.handed_over_on:
        handed = deadlines.long_date(held.handed_over_on)
        reasons.append(_("沟通日期不能早于交办日期 %s。") % handed)
    if reasons:
        raise NotReady(held, "record_contact", reasons)
    entry = OpinionContact.objects.create(
        dispatch=held,
        author=author,
        way=way,
        on=on,
        summary=summary.strip(),
        recorded_by=by,
        recorded_at=at,
    )
    audit.record("opiniondispatch.contact", held, by=by, fields={"way": ["", way]})
    return entry


@transaction.atomic
def answer(
    dispatch: OpinionDispatch,
    *,
    by: User,
    answer: str,
    result: OpinionResult | None = None,
    upload: Any = None,
    scan: Attachment | None = None,
    at: datetime | None = None,
) -> None:
    """What the unit says to it; staff enter a unit's paper with its scan. The authors are told.

    What was handed over ends with a `result` from the office's list.
    """
    at = at or timezone.now()
    held = held_dispatch(dispatch, "answer")
    held.require("answer", by=by)
    on_paper = paper(held, by, scan, "answer")
    stamped = scan
    if upload is not None:
        stamped = files.accept(upload, subject=held, by=by, kind=Attachment.Kind.REPLY)
    if not answer.strip():
        raise NotReady(held, "answer", [_("请写明答复内容。")])
    held.move_to(
        "answer",
        by=by,
        at=at,
        answer=answer.strip(),
        answered_on=timezone.localdate(at),
        result=result if held.is_handed_over else None,
        paper=stamped,
        **on_paper,
    )
    deadlines.meet_current(held, "opinion_answer", at=at, by=by)
    _lapse(held, by=by, at=at)
    answered = held.bulletin.dispatches.filter(status=STATUS.ANSWERED)
    tell_all_authors("opinion_answered", held, at=at, round=answered.count(), unit=held.receiver)
    notices.tell(
        "opinion_answer_in",
        held,
        people=office_people(),
        at=at,
        words={"unit": held.receiver, "issue": str(held.bulletin)},
        url=held.bulletin.get_absolute_url(),
    )
    dispatch.refresh_from_db()


# What units ask for ----------------------------------------------------------------------------


@transaction.atomic
def request_return(
    dispatch: OpinionDispatch,
    *,
    by: User,
    reason: str,
    suggested_unit: Unit | None = None,
    office_decides: bool = False,
    upload: Any = None,
    scan: Attachment | None = None,
    at: datetime | None = None,
) -> UnitRequest:
    """The unit says that it is not its business, whose it is, and why; its clock goes on meanwhile."""
    at = at or timezone.now()
    held = held_dispatch(dispatch, "request_return")
    held.require("request_return", by=by)
    on_paper = paper(held, by, scan, "request_return")
    reasons = []
    if not reason.strip():
        reasons.append(_("请写明申请退办的理由。"))
    if upload is None and not on_paper:
        reasons.append(_("请附上单位负责人签字的申请（扫描件或照片）。"))
    reasons += whose_else(held, suggested_unit, office_decides)
    held.moment = at  # the guard judges by the moment of the step
    if reasons := [*reasons, *held.missing("request_return")]:
        raise NotReady(held, "request_return", reasons)
    request = ask(
        held,
        by=by,
        at=at,
        upload=scan or upload,
        told=office_people(),
        is_entered=bool(on_paper),
        kind=UnitRequest.Kind.RETURN,
        reason=reason.strip(),
        suggested_unit=suggested_unit,
        office_decides=office_decides,
    )
    held.move_to(
        "request_return", by=by, at=at, note=reason.strip(), return_request=request, **on_paper
    )
    dispatch.refresh_from_db()
    return request


def may_ask_extension(dispatch: OpinionDispatch, user: Any) -> bool:
    """While the unit has it in hand."""
    return dispatch.status in (STATUS.WAITING, STATUS.ACKNOWLEDGED) and may_act(dispatch, user)


@transaction.atomic
def request_extension(
    dispatch: OpinionDispatch,
    *,
    by: User,
    reason: str,
    wanted_on: date,
    upload: Any = None,
    scan: Attachment | None = None,
    at: datetime | None = None,
) -> UnitRequest:
    """The unit asks for a later date, before the present one has passed and within the longest allowed."""
    at = at or timezone.now()
    held = held_dispatch(dispatch, "request_extension")
    if not by.is_active or not may_act(held, by):
        raise NotAllowed(held, "request_extension")
    if held.status not in (STATUS.WAITING, STATUS.ACKNOWLEDGED):
        raise IllegalMove(held, "request_extension", _("申请延期"))
    reasons = against(held, wanted_on, at)
    if not reason.strip():
        reasons.append(_("请写明延期的理由。"))
    if reasons:
        raise NotReady(held, "request_extension", reasons)
    on_paper = paper(held, by, scan, "request_extension")
    return ask(
        held,
        by=by,
        at=at,
        upload=on_paper.get("scan") or upload,
        told=office_people(),
        is_entered=bool(on_paper),
        kind=UnitRequest.Kind.EXTENSION,
        reason=reason.strip(),
        wanted_on=wanted_on,
    )


def carry_on(dispatch: OpinionDispatch, *, by: User, at: datetime) -> None:
    """Refused or taken back: it is the unit's again, and counts as received."""
    if dispatch.status != STATUS.RETURN_ASKED:
        return
    dispatch.move_to("keep", by=by, at=at, acknowledged_at=dispatch.acknowledged_at or at)
    deadlines.meet_current(dispatch, "opinion_sign_in", at=at, by=by)


@transaction.atomic
def rehand(
    dispatch: OpinionDispatch, *, by: User, unit: Unit, note: str, at: datetime | None = None
) -> OpinionDispatch:
    """改办: another unit handles it from now on, asked for or not; both units and the authors are told."""
    at = at or timezone.now()
    held = held_dispatch(dispatch, "rehand")
    held.require("rehand", by=by)
    if not note.strip():
        raise NotReady(held, "rehand", [_("请写明改办的理由，各单位会看到。")])
    check_new_unit(held, unit)
    asked = held.requests.undecided().filter(kind=UnitRequest.Kind.RETURN).first()
    if asked is not None:
        asked.move_to("grant", by=by, at=at, answer=note.strip())
        deadlines.meet_current(asked, decision_clock(asked), at=at, by=by)
    made = pass_on(held, unit, by=by, at=at, note=note.strip())
    if asked is not None:
        tell_decided(asked, at=at)
    dispatch.refresh_from_db()
    return made


def check_new_unit(dispatch: OpinionDispatch, unit: Unit | None) -> None:
    """Raise NotReady with why this unit cannot take it over."""
    reasons = []
    if unit is None:
        reasons.append(_("请选择改由哪个单位承办。"))
    else:
        if not unit.active:
            reasons.append(_("%s 已停用，请另选承办单位。") % unit)
        if unit == dispatch.unit:
            reasons.append(_("改办须选择另一个单位。"))
        elif _standing_at(dispatch, unit).exclude(status=STATUS.SENT).exists():
            reasons.append(_("这一期已经交%s办理或由其答复，请另选。") % unit)
    if reasons:
        raise NotReady(dispatch, "rehand", reasons)


def _standing_at(dispatch: OpinionDispatch, unit: Unit) -> Any:
    return OpinionDispatch.objects.standing().filter(bulletin=dispatch.bulletin_id, unit=unit)


def pass_on(
    dispatch: OpinionDispatch, unit: Unit | None, *, by: User, at: datetime, note: str
) -> OpinionDispatch:
    """End this unit's part; the new unit begins with clocks of its own, the old dates stay on record."""
    assert unit is not None  # asked by `check_new_unit`
    on = timezone.localdate(at)
    dispatch.move_to("rehand", by=by, at=at, note=note, rehanded_to=unit)
    deadlines.cancel_all([dispatch], by=by, at=at)
    _lapse(dispatch, by=by, at=at)
    made: OpinionDispatch | None = _standing_at(dispatch, unit).first()
    if made is None:
        made = OpinionDispatch.objects.create(
            bulletin=dispatch.bulletin,
            target=dispatch.target,
            unit=unit,
            sent_on=on,
            sent_by=by,
            with_files=dispatch.with_files,
        )
        audit.record(
            "opiniondispatch.create", made, by=by, fields={"target": (None, str(made.target))}
        )
    made.bulletin = dispatch.bulletin
    give(made, by=by, on=on, at=at, note=note)
    tell_receiver(made, at=at)
    words = {"issue": str(dispatch.bulletin), "old": dispatch.receiver, "new": str(unit)}
    notices.tell(
        "opinion_rehanded_from",
        dispatch,
        people=clerks_at(dispatch.unit, on),
        at=at,
        words=words,
        url=reverse("desk:index"),
    )
    round = _nth(dispatch, "rehand")
    tell_all_authors(
        "opinion_rehanded", dispatch, at=at, round=round, old=words["old"], new=words["new"]
    )
    return made


def _lapse(dispatch: OpinionDispatch, *, by: User, at: datetime) -> None:
    """Nobody answers any more what this unit asked."""
    waiting = list(dispatch.requests.undecided())
    for request in waiting:
        request.move_to("lapse", by=by, at=at)
    deadlines.cancel_all(waiting, by=by, at=at)


def end_all(bulletin: Bulletin, *, by: User, at: datetime) -> list[UnitRequest]:
    """The issue was taken out: nobody handles it any more; return what units had asked, to be purged."""
    for dispatch in bulletin.dispatches.filter(status__in=OpinionDispatch.HANDLED):
        dispatch.move_to("end", by=by, at=at)
        _lapse(dispatch, by=by, at=at)
    return list(UnitRequest.objects.filter(dispatch__bulletin=bulletin))
