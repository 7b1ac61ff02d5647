"""A text written in Word, taken into the draft; what stood there before is kept beside it."""

from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from cppcc_portal.office import audit, files
from cppcc_portal.office.archives import Refused
from members.models import User
from proposals.actions.holding import locked, may_write
from proposals.actions.writing import reopen_draft
from proposals.importing.documents import read_document
from proposals.importing.rows import TITLE_MOST, parts_of
from proposals.models import Draft, DraftCopy, Proposal
from proposals.models.proposals import PARTS, titled


@transaction.atomic
def fill_from_document(
    proposal: Proposal, *, by: User, document: UploadedFile, at: datetime | None = None
) -> dict[str, int]:
    """Fill the draft from a .docx; how many characters each part got. Refused when nothing was read.

    Parts the document does not have stay as they were; a text that is replaced is kept as a copy.
    """
    at = at or timezone.now()
    files.check(document)
    document.seek(0)
    found = parts_of(read_document(document.read(), files.clean_name(document.name or "")))
    found["title"] = found["title"][:TITLE_MOST]
    if not any(found.values()):
        raise Refused(_("文档里没有读到文字。图片里的字认不出来，请复制文字或另存为 .docx。"))
    held = locked(proposal)
    may_write(held, by)
    if not hasattr(held, "draft"):  # a text that was returned
        reopen_draft(held, by=by)
    draft = Draft.objects.get(proposal=held)
    before = draft.parts
    replaced = any(
        before[name].strip() and found[name] and found[name] != before[name] for name in PARTS
    )
    if replaced:
        DraftCopy.objects.create(proposal=held, saved_by=by, saved_at=at, **before)
    parts = {name: found[name] or before[name] for name in PARTS}
    Draft.objects.filter(pk=draft.pk).update(
        **parts, version=F("version") + 1, saved_by=by, saved_at=at
    )
    Proposal.objects.filter(pk=held.pk, status=Proposal.Status.DRAFT).update(
        **titled(parts["title"])
    )
    audit.record("proposal.fill_from_document", held, by=by)
    return {name: len(found[name]) for name in PARTS}
