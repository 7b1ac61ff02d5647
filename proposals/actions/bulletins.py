"""What becomes of a signed report: issued with a number, sent, answered, adopted, instructed, archived."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from cppcc_portal.office import audit, deadlines, files, instructions, notices, parameters
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.instructions import Instruction
from cppcc_portal.office.workflow import NotReady
from members.models import Person, Posting, Unit, User
from members.posted import office_people, people_of, people_with_role
from members.roles import Role
from proposals.actions.opinion_editing import counters_of
from proposals.actions.opinions import locked_report, tell_authors
from proposals.models import (
    AdoptionRecord,
    Bulletin,
    OpinionDispatch,
    OpinionReport,
    OpinionYear,
)
from proposals.models.bulletins import acts_for_receiver, reports_of


@transaction.atomic
def issue(report: OpinionReport, *, by: User, at: datetime | None = None) -> Bulletin:
    """Issue the signed text under the next number of the year; every author in it is credited and told."""
    at = at or timezone.now()
    held = locked_report(report)
    held.require("issue", by=by)
    others = list(
        OpinionReport.objects.select_for_update(of=("self",)).filter(
            combined_into=held, status=OpinionReport.Status.COMBINED
        )
    )
    on = timezone.localdate(at)
    counters = counters_of(on.year)
    OpinionYear.objects.filter(pk=counters.pk).update(last_number=F("last_number") + 1)
    assert held.edited_text is not None  # what is signed was edited (constraint)
    assert held.signer_id is not None
    bulletin = Bulletin.objects.create(
        year=on.year,
        number=counters.last_number + 1,
        kind=Bulletin.Kind.COMBINED if others else Bulletin.Kind.SINGLE,
        text=held.edited_text,
        signer_id=held.signer_id,
        issued_on=on,
        issued_by=by,
    )
    held.move_to("issue", by=by, at=at, bulletin=bulletin)
    for other in others:
        other.move_to("issue_with", by=by, at=at, bulletin=bulletin)
    for one in (held, *others):
        words = {"number": one.label, "issue": str(bulletin)}
        tell_authors("opinion_issued", one, at=at, words=words)
    report.refresh_from_db()
    return bulletin


def _locked(bulletin: Bulletin, verb: str) -> Bulletin:
    """The issue, held until the transaction ends; of one that was taken out nothing more is recorded."""
    held = (
        Bulletin.objects.select_for_update(of=("self",)).select_related("text").get(pk=bulletin.pk)
    )
    if held.is_emptied:
        raise NotReady(held, verb, [_("这一期的文字已因涉密嫌疑移出，不再报送、答复或登记。")])
    return held


def _may_handle(by: User) -> None:
    if not by.is_active or not by.has_perm("proposals.handle_opinionreport"):
        raise PermissionDenied


def _not_before_issue(bulletin: Bulletin, verb: str, on: date, at: datetime) -> None:
    if on < bulletin.issued_on:
        raise NotReady(bulletin, verb, [_("日期不能早于印发日期 %s。") % bulletin.issued_on])
    if on > timezone.localdate(at):
        raise NotReady(bulletin, verb, [_("日期不能晚于今天。")])


@transaction.atomic
def send(
    bulletin: Bulletin,
    *,
    by: User,
    target: str,
    sent_on: date,
    name: str = "",
    leader: Person | None = None,
    unit: Unit | None = None,
    answer_wanted: bool = False,
    at: datetime | None = None,
) -> OpinionDispatch:
    """Record where a bulletin goes and tell whoever receives it, and the authors that it went.

    Where the office has units answer (`opinions.units_answer`), a unit may be asked to, by a date.
    """
    at = at or timezone.now()
    _may_handle(by)
    bulletin = _locked(bulletin, "send")
    _not_before_issue(bulletin, "send", sent_on, at)
    name = name.strip()
    wanted = OpinionDispatch.Target(target)
    if wanted != OpinionDispatch.Target.UNIT:
        unit = None
    if wanted != OpinionDispatch.Target.LEADER:
        leader = None
    if wanted == OpinionDispatch.Target.UNIT and unit is None:
        raise NotReady(bulletin, "send", [_("请选择报送的单位。")])
    if wanted == OpinionDispatch.Target.LEADER and leader is None and not name:
        raise NotReady(bulletin, "send", [_("请选择领导，或写明领导的姓名和职务。")])
    if wanted == OpinionDispatch.Target.UPPER and not name:
        raise NotReady(bulletin, "send", [_("请写明上级政协的名称。")])
    if unit or leader or wanted == OpinionDispatch.Target.SUPERVISION:
        name = ""
    same = {"target": wanted, "unit": unit, "leader": leader, "name": name}
    if bulletin.dispatches.filter(**same).exists():
        raise NotReady(bulletin, "send", [_("这一期已经报送过这里，不必重复登记。")])
    dispatch = OpinionDispatch.objects.create(
        bulletin=bulletin, sent_on=sent_on, sent_by=by, **same
    )
    asks = unit is not None and answer_wanted and parameters.get("opinions.units_answer")
    if asks:
        clock = deadlines.start(dispatch, "opinion_answer", on=sent_on, by=by)
        dispatch.due_on = clock.due_on
        dispatch.save(update_fields=["due_on"])
    audit.record("opiniondispatch.create", dispatch, by=by, fields={"target": (None, target)})
    _tell_receiver(dispatch, at=at)
    round = bulletin.dispatches.count()
    for report in reports_of(bulletin):
        words = {"number": report.label, "to": str(wanted.label)}
        tell_authors("opinion_sent", report, at=at, round=round, words=words)
    return dispatch


def _tell_receiver(dispatch: OpinionDispatch, *, at: datetime) -> None:
    """A unit's people, the leader or the supervision office; who has no account gets it on paper."""
    words = {"issue": str(dispatch.bulletin)}
    kind, people = "opinion_received", list[Person]()
    if dispatch.unit is not None:
        on = timezone.localdate(at)
        people = people_of(dispatch.unit, Posting.Role.CLERK, *Posting.LEADS, on=on)
        people = people or office_people()  # so that it reaches the unit itself
        if dispatch.due_on is not None:
            kind, words = "opinion_to_answer", {**words, "until": dispatch.due_on.isoformat()}
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


@transaction.atomic
def answer(
    dispatch: OpinionDispatch,
    *,
    by: User,
    answer: str,
    upload: Any = None,
    scan: Attachment | None = None,
    at: datetime | None = None,
) -> None:
    """What the unit says to it; staff enter a unit's paper with its scan. The authors are told."""
    at = at or timezone.now()
    _locked(dispatch.bulletin, "answer")
    held = OpinionDispatch.objects.select_for_update(of=("self",)).get(pk=dispatch.pk)
    held.require("answer", by=by)
    paper: dict[str, Any] = {}
    if not acts_for_receiver(held, by):
        if scan is None:
            raise NotReady(held, "answer", [_("代%s答复须附盖章材料的扫描件。") % held.receiver])
        paper = {"behalf": held.receiver, "scan": scan}
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
        paper=stamped,
        **paper,
    )
    deadlines.meet_current(held, "opinion_answer", at=at, by=by)
    round = held.bulletin.dispatches.filter(status=OpinionDispatch.Status.ANSWERED).count()
    for report in reports_of(held.bulletin):
        words = {"number": report.label, "unit": held.receiver}
        tell_authors("opinion_answered", report, at=at, round=round, words=words)
    notices.tell(
        "opinion_answer_in",
        held,
        people=office_people(),
        at=at,
        words={"unit": held.receiver, "issue": str(held.bulletin)},
        url=held.bulletin.get_absolute_url(),
    )
    dispatch.refresh_from_db()


@transaction.atomic
def record_adoption(
    bulletin: Bulletin,
    *,
    by: User,
    level: str,
    kind: str,
    adopter: str,
    adopted_on: date,
    note: str = "",
    replaces: AdoptionRecord | None = None,
    at: datetime | None = None,
) -> AdoptionRecord:
    """At which level it was adopted; `replaces` corrects (or strikes) an earlier record."""
    at = at or timezone.now()
    _may_handle(by)
    bulletin = _locked(bulletin, "record_adoption")
    _not_before_issue(bulletin, "record_adoption", adopted_on, at)
    struck = kind == AdoptionRecord.Kind.STRUCK
    if struck and (replaces is None or not note.strip()):
        told = _("撤销只用于误登的记录：请选择要更正的记录，并写明原因。")
        raise NotReady(bulletin, "record_adoption", [told])
    if replaces is not None and (
        replaces.bulletin_id != bulletin.pk
        or AdoptionRecord.objects.filter(replaces=replaces).exists()
    ):
        told = _("该记录已被更正，请在最新的记录上更正。")
        raise NotReady(bulletin, "record_adoption", [told])
    standing = bulletin.adoptions.current().exclude(pk=replaces.pk if replaces else None)
    if standing.filter(level=level, kind=kind, adopter=adopter.strip()).exists():
        raise NotReady(bulletin, "record_adoption", [_("这一采用已经登记过，不必重复登记。")])
    made = AdoptionRecord.objects.create(
        bulletin=bulletin,
        level=level,
        kind=kind,
        adopter=adopter.strip(),
        adopted_on=adopted_on,
        note=note.strip(),
        replaces=replaces,
        recorded_by=by,
        recorded_at=at,
    )
    verb = "adoptionrecord.correct" if replaces else "adoptionrecord.record"
    audit.record(verb, made, by=by, fields={"level": (None, level), "kind": (None, kind)})
    round = bulletin.adoptions.count()
    letter = "opinion_adopted" if replaces is None else "opinion_adoption_corrected"
    for report in reports_of(bulletin):
        words = {"number": report.label, "level": str(made.get_level_display())}
        tell_authors(letter, report, at=at, round=round, words=words)
    return made


@transaction.atomic
def record_instruction(
    bulletin: Bulletin,
    *,
    by: User,
    level: str,
    given_on: date,
    text: str,
    leader: Person | None = None,
    leader_name: str = "",
    released: bool = False,
    upload: Any = None,
    replaces: Instruction | None = None,
    at: datetime | None = None,
) -> Instruction:
    """批示: leader, level, date, text; the authors are told that there is one, its text only if released."""
    at = at or timezone.now()
    if not by.is_active or not by.has_perm("office.add_instruction"):
        raise PermissionDenied
    bulletin = _locked(bulletin, "record_instruction")
    _not_before_issue(bulletin, "record_instruction", given_on, at)
    try:
        made = instructions.record(
            bulletin,
            by=by,
            level=level,
            given_on=given_on,
            text=text,
            leader=leader,
            leader_name=leader_name,
            released=released,
            replaces=replaces,
            at=at,
        )
    except ValidationError as faults:
        raise NotReady(bulletin, "record_instruction", faults.messages) from faults
    if upload:
        files.accept(upload, subject=made, by=by, kind=Attachment.Kind.SCAN, restricted=True)
    if replaces is None:
        _tell_of_instruction(bulletin, made, at=at)
    return made


def _tell_of_instruction(bulletin: Bulletin, made: Instruction, *, at: datetime) -> None:
    """That there is one and at which level; never what it says."""
    round = Instruction.objects.filter(subject=made.subject, replaces=None).count()
    for report in reports_of(bulletin):
        words = {"number": report.label, "level": str(made.get_level_display())}
        tell_authors("opinion_instructed", report, at=at, round=round, words=words)


@transaction.atomic
def release_instruction(
    bulletin: Bulletin, *, by: User, instruction: Instruction, at: datetime | None = None
) -> None:
    """Let the authors of a bulletin read what the leader wrote on it."""
    if not by.is_active or not by.has_perm("office.add_instruction"):
        raise PermissionDenied
    instructions.release(instruction, by=by, at=at)


@transaction.atomic
def archive(report: OpinionReport, *, by: User, note: str = "", at: datetime | None = None) -> None:
    """Put it away; results that come in later are still recorded on the bulletin."""
    held = locked_report(report)
    held.move_to("archive", by=by, at=at, note=note)
    report.refresh_from_db()
