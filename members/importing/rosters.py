"""What happens to an uploaded roster: read, asked about, confirmed, written. Both jobs bear repeating."""

import io
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from cppcc_portal.office import files, jobs
from cppcc_portal.office.archives import Refused
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.keys import split_key
from cppcc_portal.office.workflow import IllegalMove
from members.importing import preview
from members.importing.known import known_of
from members.importing.plan import Plan, body_answers, compare, make_plan
from members.importing.writing import lock_register, write
from members.models import RosterImport, Term, User
from members.models.imports import imports_members
from members.roster.marked import marked
from members.roster.plan import parse
from members.roster.reading import Book, read

logger = logging.getLogger("portal.roster")

READ_JOB, WRITE_JOB = "members.read_roster", "members.write_roster"
KEPT = timedelta(days=30)  # how long the uploaded and the marked file stay after the end
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

SENT, MARKED = Attachment.Kind.EVIDENCE, Attachment.Kind.REPORT


@files.readable("members.rosterimport")
def reads_rosters(user: Any, pk: int) -> bool:
    return imports_members(None, user)


# What people do --------------------------------------------------------------------------------


@transaction.atomic
def upload(
    file: UploadedFile, *, term: Term, all_or_nothing: bool, may_add: bool, by: User
) -> RosterImport:
    """Take a roster in; a job reads it. Raises Refused with what to do instead."""
    if not imports_members(None, by):
        raise PermissionDenied
    roster = RosterImport.objects.create(
        term=term,
        name=files.clean_name(file.name or ""),
        all_or_nothing=all_or_nothing,
        may_add=may_add,
        created_by=by,
    )
    files.accept(file, subject=roster, by=by, kind=SENT, restricted=True)
    _enqueue(roster, READ_JOB, by)
    return roster


@transaction.atomic
def answer(
    roster: RosterImport,
    *,
    answers: Mapping[str, str],
    may_add: bool,
    forget: bool = False,
    by: User,
) -> None:
    """Take answers to the questions of a roster and have it read again with them."""
    kept = {} if forget else roster.answers
    roster.move_to("answer", by=by, answers={**kept, **answers}, may_add=may_add)
    _enqueue(roster, READ_JOB, by)


@transaction.atomic
def confirm(roster: RosterImport, *, all_or_nothing: bool, by: User) -> None:
    """Have written what the preview shows."""
    roster.move_to("confirm", by=by, all_or_nothing=all_or_nothing)
    _enqueue(roster, WRITE_JOB, by)


@transaction.atomic
def cancel(roster: RosterImport, *, by: User, at: datetime | None = None) -> None:
    """Stop an import; nothing of it has been written or will be."""
    roster.move_to("cancel", by=by, at=at, finished_at=at or timezone.now())
    if job := job_of(roster):
        jobs.cancel(job, by=by)


@transaction.atomic
def try_again(roster: RosterImport, *, by: User) -> bool:
    """Let a job that failed run once more."""
    job = job_of(roster)
    return bool(imports_members(roster, by) and job and jobs.retry(job, by=by))


def job_of(roster: RosterImport) -> jobs.Job | None:
    """The work that stands behind the present state."""
    return jobs.Job.objects.filter(key=roster.job_key).first() if roster.job_key else None


def _enqueue(roster: RosterImport, kind: str, by: User) -> None:
    # Each round has a key of its own: the version rises with each step.
    roster.job_key = f"{kind}:{roster.pk}:{roster.version}"
    RosterImport.objects.filter(pk=roster.pk).update(job_key=roster.job_key)
    jobs.enqueue(kind, roster.job_key, {"roster": roster.pk, "version": roster.version}, by=by)


# What the worker does --------------------------------------------------------------------------


def _wanted(payload: dict[str, Any], status: str) -> RosterImport | None:
    """The import, if it still waits for this very piece of work."""
    return (
        RosterImport.objects.select_related("term", "created_by")
        .filter(pk=payload["roster"], version=payload["version"], status=status)
        .first()
    )


@jobs.job_kind(READ_JOB)
def read_roster(payload: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """Read an uploaded roster and compare it with the register; writes nothing into the register."""
    roster = _wanted(payload, RosterImport.Status.UPLOADED)
    if roster is None:
        return {}
    progress(0, 4, _("打开文件"))
    try:
        book = _book_of(roster)
        progress(1, 4, _("辨认表格"))
        plan = make_plan(book, roster.term, answers=roster.answers, may_add=roster.may_add)
        if not plan.parsed.tables:
            raise Refused(plan.parsed.general[-1].reason)
    except Refused as refusal:
        with transaction.atomic():
            roster.move_to(
                "refuse", job=READ_JOB, reason=refusal.message[:300], finished_at=timezone.now()
            )
        return {}
    progress(3, 4, _("标出问题"))
    workbook = _marked_file(roster, plan) if plan.parsed.problems else None
    progress(4, 4)
    try:
        with transaction.atomic():
            _show(roster, "read", plan)
            _keep_marked(roster, workbook)
    except IllegalMove:
        return {}  # cancelled meanwhile
    return dict(plan.counts)


@jobs.job_kind(WRITE_JOB)
def write_roster(payload: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """Write what was confirmed, or show it again where the register has changed meanwhile."""
    roster = _wanted(payload, RosterImport.Status.CONFIRMED)
    if roster is None:
        return {}
    progress(0, 3, _("打开文件"))
    answers = body_answers(roster.answers)
    known = known_of(roster.term, answers, may_add=roster.may_add)
    parsed = parse(_book_of(roster), known)
    # One transaction cannot tell how far it is: the bar only shows that it goes on.
    progress(1, 0, _("正在一次写完，不会只写一半"))
    plan: Plan | None = None
    try:
        plan = _write(roster, Plan(roster.term, known, parsed))
    except IllegalMove:
        return {}  # cancelled meanwhile; nothing was written
    except IntegrityError:
        # Somebody entered the same person by hand between our reading and our writing.
        logger.warning("Roster %s met a change of the register.", roster.pk)
    if plan is None:
        _reopen(roster)
        return {}
    progress(3, 3)
    return dict(plan.counts)


@transaction.atomic
def _write(roster: RosterImport, read_so_far: Plan) -> Plan | None:
    """All of it or nothing; None when it is no longer what was confirmed."""
    lock_register()
    known = known_of(roster.term, body_answers(roster.answers), may_add=roster.may_add)
    if known != read_so_far.known:
        return None
    plan = compare(read_so_far.parsed, known, roster.term, roster.answers)
    if plan.fingerprint != roster.fingerprint:
        return None
    write(plan, by=_confirmed_by(roster), about=roster)
    roster.move_to("write", job=WRITE_JOB, finished_at=timezone.now(), reason="")
    return plan


def _confirmed_by(roster: RosterImport) -> User:
    """Whoever pressed the button answers for the rows, also when another uploaded the file."""
    change = roster.changes.filter(verb="confirm").select_related("by").last()
    return change.by if change and change.by else roster.created_by


def _reopen(roster: RosterImport) -> None:
    roster = RosterImport.objects.select_related("term", "created_by").get(pk=roster.pk)
    if roster.status != RosterImport.Status.CONFIRMED:
        return
    plan = make_plan(_book_of(roster), roster.term, answers=roster.answers, may_add=roster.may_add)
    workbook = _marked_file(roster, plan) if plan.parsed.problems else None
    with transaction.atomic():
        _show(
            roster,
            "reopen",
            plan,
            reason=_("确认之后，系统里的名册又有变化，所以没有写入。请按最新的对照再确认一次。"),
        )
        _keep_marked(roster, workbook)


def _show(roster: RosterImport, verb: str, plan: Plan, reason: str = "") -> None:
    roster.move_to(
        verb,
        job=READ_JOB if verb == "read" else WRITE_JOB,
        counts=plan.counts,
        preview=preview.stored(plan),
        fingerprint=plan.fingerprint,
        reason=reason,
    )


# Files -----------------------------------------------------------------------------------------


def sent_file(roster: RosterImport) -> Attachment | None:
    return files.for_subject(roster).filter(kind=SENT).first()


def marked_file(roster: RosterImport) -> Attachment | None:
    """The roster back with its bad cells marked."""
    return files.for_subject(roster).filter(kind=MARKED).last()


def _book_of(roster: RosterImport) -> Book:
    attachment = sent_file(roster)
    if attachment is None:
        raise Refused(_("上传的文件已过保存期，请重新上传。"))
    with attachment.open() as stream:
        return read(io.BytesIO(stream.read()), attachment.name)


def _marked_file(roster: RosterImport, plan: Plan) -> SimpleUploadedFile:
    written = io.BytesIO()
    marked(plan.parsed).save(written)
    name = _("%s（标出问题）.xlsx") % PurePath(roster.name).stem[:80]
    return SimpleUploadedFile(name, written.getvalue(), content_type=XLSX)


def _keep_marked(roster: RosterImport, workbook: SimpleUploadedFile | None) -> None:
    for earlier in files.for_subject(roster).filter(kind=MARKED):
        files.remove(earlier, by=roster.created_by, note=_("重新读取"))
    if workbook is not None:
        files.accept(workbook, subject=roster, by=roster.created_by, kind=MARKED, restricted=True)


def forget_old(now: datetime | None = None) -> int:
    """Destroy files and previews of imports whose time is over; counts and history stay."""
    now = now or timezone.now()
    label = RosterImport._meta.label_lower
    keys = Attachment.objects.exclude(path=None).filter(subject__startswith=f"{label}:")
    pks = {split_key(key)[1] for key in keys.values_list("subject", flat=True)}
    old = RosterImport.objects.select_related("created_by").filter(
        Q(finished_at__lt=now - KEPT) | Q(finished_at=None, created_at__lt=now - KEPT), pk__in=pks
    )
    return sum(_forget(roster, now) for roster in old)


@transaction.atomic
def _forget(roster: RosterImport, now: datetime) -> bool:
    if roster.status in RosterImport.MOVES["lapse"].old:
        roster.move_to(
            "lapse",
            job="members.forget_rosters",
            at=now,
            finished_at=now,
            reason=_("一直没有确认，已过保存期。请重新上传。"),
        )
    files.purge(roster, by=roster.created_by, note=_("已过保存期"))
    RosterImport.objects.filter(pk=roster.pk).update(preview="", answers={})
    return True
