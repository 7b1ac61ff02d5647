"""What becomes of a signed report: issued with a number, sent, adopted, instructed, archived."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from cppcc_portal.office import audit, deadlines, files, instructions, parameters
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.instructions import Instruction
from cppcc_portal.office.workflow import NotReady
from members.models import Person, Unit, User
from proposals.actions import opinion_handling
from proposals.actions.opinion_duty import settle_bulletin
from proposals.actions.opinion_editing import counters_of
from proposals.actions.opinion_handling import locked_bulletin
from proposals.actions.opinions import locked_report, tell_authors
from proposals.models import (
    AdoptionRecord,
    Bulletin,
    OpinionDispatch,
    OpinionReport,
    OpinionYear,
)
from proposals.models.bulletins import reports_of


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
    with_files: bool = False,
    at: datetime | None = None,
) -> OpinionDispatch:
    """Record where a bulletin goes and tell whoever receives it, and the authors that it went.

    Where the office has units answer (`opinions.units_answer`), a unit may be asked to, by a date; where
    it has them handle reports (`opinions.units_handle`), what is to be answered is handed over.
    """
    at = at or timezone.now()
    _may_handle(by)
    bulletin = locked_bulletin(bulletin, "send")
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
        bulletin=bulletin, sent_on=sent_on, sent_by=by, with_files=with_files, **same
    )
    wants = unit is not None and answer_wanted
    if wants and parameters.get("opinions.units_handle"):
        opinion_handling.give(dispatch, by=by, on=sent_on, at=at)
    elif wants and parameters.get("opinions.units_answer"):
        clock = deadlines.start(dispatch, "opinion_answer", on=sent_on, by=by)
        dispatch.due_on = clock.due_on
        dispatch.save(update_fields=["due_on"])
    audit.record("opiniondispatch.create", dispatch, by=by, fields={"target": (None, target)})
    opinion_handling.tell_receiver(dispatch, at=at)
    if dispatch.is_handed_over:
        opinion_handling.tell_handed_over(dispatch, at=at)
        return dispatch
    round = bulletin.dispatches.count()
    # Which leader or office got it is not told; which unit is.
    to = dispatch.receiver if unit else str(wanted.label)
    for report in reports_of(bulletin):
        words = {"number": report.label, "to": to}
        tell_authors("opinion_sent", report, at=at, round=round, words=words)
    return dispatch


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
    bulletin = locked_bulletin(bulletin, "record_adoption")
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
    settle_bulletin(bulletin, by=by)
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
    bulletin = locked_bulletin(bulletin, "record_instruction")
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
    settle_bulletin(bulletin, by=by)
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
