"""What the office does with lists and documents of proposals: upload, look through, write or give up."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cppcc_portal.office import audit, files, jobs
from cppcc_portal.office.archives import Refused
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.workflow import NotAllowed, NotReady
from members.importing.writing import lock_register
from members.models import User
from members.roster.reading import read
from members.roster.report import Problem
from proposals.actions.holding import locked
from proposals.actions.writing import plenary_at, submit
from proposals.importing.columns import Record
from proposals.importing.documents import read_document
from proposals.importing.known import Known, known_now
from proposals.importing.plan import Plan, plan_rows, records_of_book
from proposals.importing.rows import Planned, Verdict
from proposals.models import (
    Collective,
    Draft,
    ImportedProposal,
    InternalNote,
    Proposal,
    ProposalImport,
    Proposer,
)
from proposals.models.proposals import titled

SENT = Attachment.Kind.EVIDENCE
BATCH = 500  # rows
SUBMIT_JOB = "proposals.submit_imported"
CHANGED_SINCE = gettext_lazy("看过预览以后，系统里又有变化。请按最新的预览再确认一次。")


@files.readable("proposals.proposalimport")
def reads_imports(user: Any, pk: int) -> bool:
    return bool(user.has_perm("proposals.import_proposal"))


@dataclass
class Looked:
    """What an upload would do, and from which file each of its rows comes."""

    plan: Plan
    known: Known
    file_of: dict[int, Attachment]


@transaction.atomic
def upload_proposals(uploads: Iterable[UploadedFile], *, by: User) -> ProposalImport:
    """Keep files of proposals to be looked through; Refused when one cannot be read at all."""
    if not by.is_active or not by.has_perm("proposals.import_proposal"):
        raise PermissionDenied
    uploads = list(uploads)
    names = "、".join(files.clean_name(upload.name or "") for upload in uploads)
    batch = ProposalImport.objects.create(name=names[:200], created_by=by)
    files.accept_all(uploads, subject=batch, by=by, kind=SENT, restricted=True)
    batch.counts = look(batch).plan.counts
    ProposalImport.objects.filter(pk=batch.pk).update(counts=batch.counts)
    audit.record("proposalimport.upload", batch, by=by)
    return batch


def look(batch: ProposalImport, at: datetime | None = None) -> Looked:
    """Read the files again and compare them with the register as it now is."""
    known = known_now(at or timezone.now())
    whole = Plan()
    found: list[tuple[Record, Attachment]] = []
    for attachment in files.for_subject(batch).filter(kind=SENT):
        with attachment.open() as stream:
            content = stream.read()
        if PurePath(attachment.name).suffix.lower() == ".docx":
            found += [(record, attachment) for record in _document(content, attachment.name, whole)]
            continue
        book = read(io.BytesIO(content), attachment.name)
        whole.parsed, general, records = records_of_book(book)
        whole.general += general
        found += [(record, attachment) for record in records]
    # All of one upload are compared with each other, whichever file they come from.
    whole.rows = plan_rows([record for record, _file in found], known)
    if whole.parsed is not None:
        whole.parsed.general = whole.problems
    files_of_rows = zip(whole.rows, found, strict=True)
    return Looked(whole, known, {id(row): attachment for row, (_one, attachment) in files_of_rows})


def _document(content: bytes, name: str, plan: Plan) -> list[Record]:
    """A document's record; one that cannot be read is named, the others go on."""
    try:
        return [read_document(content, name)]
    except Refused as refusal:
        plan.general.append(Problem(name, 0, "", "", "", refusal.message))
        return []


def write_proposals(
    batch: ProposalImport,
    *,
    by: User,
    all_or_nothing: bool,
    fingerprint: str = "",
    at: datetime | None = None,
) -> Plan:
    """Write what was shown, in one transaction: drafts entered by the office, dated rows submitted.

    Raises NotReady when the register has changed since, or when a row is refused and all were wanted.
    """
    at = at or timezone.now()
    with transaction.atomic():
        lock_register()
        held = ProposalImport.objects.select_for_update().get(pk=batch.pk)
        held.require("write", by=by)
        looked = look(held, at)
        plan = looked.plan
        if fingerprint and fingerprint != plan.fingerprint:
            raise NotReady(held, "write", [str(CHANGED_SINCE)])
        if all_or_nothing and plan.refused:
            told = _("还有 %s 处错误，一件也没有写入。请改好后重新上传，或选“只写入没有问题的行”。")
            raise NotReady(held, "write", [told % len(plan.refused)])
        _write(looked, held, by=by, at=at)
        held.move_to("write", by=by, at=at, counts=plan.counts, finished_at=at)
        fields = {name: (None, count) for name, count in plan.counts.items()}
        audit.record("proposal.import", held, by=by, fields=fields)
    batch.refresh_from_db()
    return plan


@transaction.atomic
def cancel_import(batch: ProposalImport, *, by: User, at: datetime | None = None) -> None:
    """Give an upload up: nothing was written, its files are destroyed."""
    at = at or timezone.now()
    batch.move_to("cancel", by=by, at=at, finished_at=at)
    files.purge(batch, by=by, note=str(_("取消导入")))


def _write(looked: Looked, batch: ProposalImport, *, by: User, at: datetime) -> None:
    new = [row for row in looked.plan.rows if row.verdict is Verdict.CREATED]
    _create(new, looked, batch, by=by, at=at)
    changed = [row for row in looked.plan.rows if row.verdict is Verdict.UPDATED]
    _update(changed, looked, batch, by=by, at=at)
    if any(row.submitted_at for row in (*new, *changed)):
        jobs.enqueue(SUBMIT_JOB, f"{SUBMIT_JOB}:{batch.pk}", {"batch": batch.pk}, by=by)


def _create(
    rows: list[Planned], looked: Looked, batch: ProposalImport, *, by: User, at: datetime
) -> None:
    """All new drafts with what hangs on them: a handful of queries for many rows."""
    if not rows:
        return
    known = looked.known
    plenary = plenary_at(at, known.term)
    proposals = Proposal.objects.bulk_create(
        [
            Proposal(
                term=known.term,
                plenary=plenary,
                title=row.parts["title"],
                may_publish=row.may_publish,
                unpublished_reason=row.unpublished_reason,
                secrecy_confirmed=True,
                entered_by=by,
                created_at=at,
            )
            for row in rows
        ],
        batch_size=BATCH,
    )
    pairs = list(zip(rows, proposals, strict=True))
    Proposer.objects.bulk_create(
        [
            Proposer(
                proposal=proposal,
                membership_id=row.seat,
                body=row.body,
                order=0,
                status=Proposer.Status.AGREED,
            )
            for row, proposal in pairs
        ],
        batch_size=BATCH,
    )
    Draft.objects.bulk_create(
        [
            Draft(proposal=proposal, saved_by=by, saved_at=at, **row.parts)
            for row, proposal in pairs
        ],
        batch_size=BATCH,
    )
    Collective.objects.bulk_create(
        [
            Collective(proposal=proposal, kind=known.kinds[row.body.kind], **row.side)
            for row, proposal in pairs
            if row.body is not None
        ],
        batch_size=BATCH,
    )
    InternalNote.objects.bulk_create(
        [
            InternalNote(proposal=proposal, text=row.note, by=by, at=at)
            for row, proposal in pairs
            if row.note
        ],
        batch_size=BATCH,
    )
    wished = Proposal.wished_units.through
    wished.objects.bulk_create(
        [
            wished(proposal_id=proposal.pk, unit_id=unit)
            for row, proposal in pairs
            for unit in row.units
        ],
        batch_size=BATCH,
    )
    ImportedProposal.objects.bulk_create(
        [
            ImportedProposal(
                proposal=proposal,
                batch=batch,
                file=looked.file_of[id(row)],
                sheet=row.record.sheet[:120],
                row=row.record.row,
                digest=row.digest,
                text_digest=row.text_digest,
                submit_as_of=row.submitted_at,
            )
            for row, proposal in pairs
        ],
        batch_size=BATCH,
    )


def _update(
    rows: list[Planned], looked: Looked, batch: ProposalImport, *, by: User, at: datetime
) -> None:
    """Drafts that nobody has touched since they were imported take the new words of their row."""
    for row in rows:
        # Held, and looked at again: somebody may have saved or submitted since the comparison.
        proposal = locked(Proposal(pk=row.standing))
        draft = Draft.objects.filter(proposal=proposal).first()
        imported = ImportedProposal.objects.get(proposal=proposal)
        known = (imported.text_digest, row.text_digest)
        if proposal.status != Proposal.Status.DRAFT or draft is None or draft.digest not in known:
            raise NotReady(batch, "write", [str(CHANGED_SINCE)])
        Draft.objects.filter(proposal=proposal).update(
            **row.parts, version=F("version") + 1, saved_by=by, saved_at=at
        )
        # An empty cell takes nothing away that was filled in at the portal.
        said: dict[str, Any] = {}
        if row.may_publish is not None:
            said = {
                "may_publish": row.may_publish,
                "unpublished_reason": row.unpublished_reason,
            }
        Proposal.objects.filter(pk=proposal.pk).update(
            **titled(row.parts["title"]), **said, entered_by=by
        )
        if row.units:
            proposal.wished_units.set(row.units)
        if side := {name: value for name, value in row.side.items() if value}:
            Collective.objects.filter(proposal=proposal).update(**side, version=F("version") + 1)
        if row.note:
            InternalNote.objects.get_or_create(
                proposal=proposal, text=row.note, defaults={"by": by, "at": at}
            )
        ImportedProposal.objects.filter(proposal=proposal).update(
            batch=batch,
            file=looked.file_of[id(row)],
            sheet=row.record.sheet[:120],
            row=row.record.row,
            digest=row.digest,
            text_digest=row.text_digest,
            submit_as_of=row.submitted_at,
        )


@jobs.job_kind(SUBMIT_JOB)
def run_submissions(payload: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """Submit what an import dated; killed half-way, another worker goes on with the rest."""
    return submit_imported(payload["batch"], progress)


def submit_imported(batch: int, progress: jobs.Progress | None = None) -> dict[str, Any]:
    """Each complete dated row of an import as of its day, one by one; what is refused stays a draft."""
    waiting = ImportedProposal.objects.filter(batch=batch, submit_as_of__isnull=False)
    keys = list(waiting.order_by("submit_as_of", "pk").values_list("pk", flat=True))
    done = 0
    for number, pk in enumerate(keys):
        done += _submit_one(pk)
        if progress is not None:
            progress(number + 1, len(keys), _("正在提交"))
    return {"submitted": done, "left": len(keys) - done}


@transaction.atomic
def _submit_one(pk: int) -> bool:
    imported = (
        ImportedProposal.objects.select_for_update(of=("self",))
        .select_related("proposal__entered_by")
        .get(pk=pk)
    )
    proposal, as_of = imported.proposal, imported.submit_as_of
    by = proposal.entered_by
    if as_of is None or by is None or proposal.status != Proposal.Status.DRAFT:
        return False
    # Once only: who takes the text back to write on is not overtaken by a second run.
    ImportedProposal.objects.filter(pk=pk).update(submit_as_of=None)
    try:
        submit(proposal, by=by, at=min(as_of, timezone.now()))  # a bare day is its noon
    except (NotReady, NotAllowed) as refused:
        reasons = getattr(refused, "reasons", [_("录入的账号已不能代录。")])
        told = _("导入后没有能提交：%s") % "；".join(map(str, reasons))
        InternalNote.objects.create(proposal=proposal, text=told, by=by)
        return False
    return True


def forget_import(proposal: Proposal, *, by: User, note: str) -> None:
    """A text suspected of secrets also stands in the file it came from: that file is destroyed."""
    imported = ImportedProposal.objects.filter(proposal=proposal).select_related("batch").first()
    if imported is not None:
        files.purge(imported.batch, by=by, note=note)
        # A file is often named by the title of what it holds.
        ProposalImport.objects.filter(pk=imported.batch_id).update(name=_("（已移出）"))
        imported.delete()
