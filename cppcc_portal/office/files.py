"""Attachments behind rights: checked on the way in, kept under names nobody can guess, and handed
out only to whoever may read the thing they belong to at that moment.

Nothing is deleted that somebody relied on: `remove` hides a file, `purge` alone destroys it.
"""

import errno
import hashlib
import logging
import os
import re
import secrets
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

from django import forms
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cppcc_portal.office import audit, file_types, parameters
from cppcc_portal.office.archives import Limits, Refused
from cppcc_portal.office.file_types import clean_name
from cppcc_portal.office.keys import SourceKeyField, key_of, split_key

__all__ = [
    "Attachment", "CappedUploadHandler", "Limits", "MultipleFileField", "Refused", "accept",
    "accept_all", "check", "clean_name", "for_subject", "limits", "lost_files", "purge",
    "readable", "remove", "room", "shared", "sweep_orphans",
]  # fmt: skip

logger = logging.getLogger("portal.files")

INCOMING = "incoming"  # the folder of files that are still being written
STORED_NAME = re.compile(r"[0-9a-f]{40}")
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

Subject = models.Model | str


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def present(self) -> "AttachmentQuerySet":
        """Files that have not been removed."""
        return self.filter(removed_at=None)

    def of(self, subject: Subject) -> "AttachmentQuerySet":
        """Files of one thing, or of a source key."""
        return self.filter(subject=subject_key(subject))


class Attachment(models.Model):
    """A file that belongs to something, and may be read by whoever may read that."""

    class Kind(models.TextChoices):
        ATTACHMENT = "attachment", gettext_lazy("附件")
        SCAN = "scan", gettext_lazy("扫描件")
        SEAL = "seal", gettext_lazy("盖章件")
        REPLY = "reply", gettext_lazy("答复函")
        REPORT = "report", gettext_lazy("报告")
        DECISION = "decision", gettext_lazy("会议文件")
        EVIDENCE = "evidence", gettext_lazy("佐证材料")

    uid = models.UUIDField(gettext_lazy("编号"), default=uuid.uuid4, unique=True, editable=False)
    subject = SourceKeyField(gettext_lazy("所属对象"), editable=False)
    kind = models.CharField(
        gettext_lazy("类别"), max_length=12, choices=Kind, default=Kind.ATTACHMENT
    )
    name = models.CharField(
        gettext_lazy("文件名"), max_length=file_types.MAX_NAME, blank=True, editable=False
    )
    size = models.PositiveBigIntegerField(gettext_lazy("大小"), editable=False)
    sha256 = models.CharField(gettext_lazy("校验值"), max_length=64, blank=True, editable=False)
    content_type = models.CharField(
        gettext_lazy("格式"), max_length=100, blank=True, editable=False
    )
    # Neither the name nor the address tells where the file lies; null once it is destroyed.
    path = models.CharField(max_length=43, unique=True, null=True, editable=False)  # noqa: DJ001
    restricted = models.BooleanField(gettext_lazy("限制查阅"), default=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=gettext_lazy("上传人"),
        editable=False,
    )
    created_at = models.DateTimeField(
        gettext_lazy("上传时间"), default=timezone.now, editable=False
    )
    removed_at = models.DateTimeField(
        gettext_lazy("移除时间"), null=True, blank=True, editable=False
    )
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=gettext_lazy("移除人"),
        editable=False,
    )
    removed_note = models.CharField(
        gettext_lazy("移除说明"), max_length=200, blank=True, editable=False
    )

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = gettext_lazy("附件")
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(removed_at=None, removed_by=None)
                | models.Q(removed_at__isnull=False, removed_by__isnull=False),
                name="office_attachment_removed_by",
            ),
            models.CheckConstraint(
                condition=models.Q(path__isnull=False)
                | models.Q(removed_at__isnull=False, name=""),
                name="office_attachment_has_file",
            ),
        ]

    def __str__(self) -> str:
        return self.name or _("已销毁的文件")

    def get_absolute_url(self) -> str:
        return reverse("files:fetch", args=[self.uid])

    @property
    def is_viewable(self) -> bool:
        """Whether a browser may show it itself, by ?view=1."""
        return self.content_type in file_types.VIEWABLE

    def can_be_read_by(self, user: Any) -> bool:
        """Whether this person may have the file now: it is there, and its subject lets them read."""
        if self.removed_at or not user.is_active:
            return False
        label, pk = split_key(self.subject)
        reader, also = _readers.get(label), _also.get(label)
        if reader is not None and reader(user, pk):
            return True
        return also is not None and bool(also(user, self))

    def open(self) -> IO[bytes]:
        """The stored bytes; FileNotFoundError when they are gone."""
        if not self.path:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        return (Path(settings.MEDIA_ROOT) / self.path).open("rb")


def subject_key(subject: Subject) -> str:
    """The source key of a thing, or the key itself."""
    return subject if isinstance(subject, str) else key_of(subject)


def for_subject(subject: Subject) -> AttachmentQuerySet:
    """The files of a thing that have not been removed, oldest first."""
    return Attachment.objects.of(subject).present()


# Rights --------------------------------------------------------------------------------------

Reader = Callable[[Any, int], bool]
_readers: dict[str, Reader] = {}


def readable(label: str) -> Callable[[Reader], Reader]:
    """Register who may read the files of one model: `@readable("proposals.proposal")` over a function
    of user and primary key. Files of a model without one are read by nobody.
    """

    def register(reader: Reader) -> Reader:
        if label in _readers:
            raise ImproperlyConfigured(f"The files of {label} already have a reader.")
        _readers[label] = reader
        return reader

    return register


Also = Callable[[Any, Attachment], bool]
_also: dict[str, Also] = {}


def shared(label: str) -> Callable[[Also], Also]:
    """Register who else may read single files of one model: `@shared("proposals.opinionreport")` over a
    function of user and attachment, asked where the reader of the whole says no.
    """

    def register(also: Also) -> Also:
        if label in _also:
            raise ImproperlyConfigured(f"The files of {label} are already shared.")
        _also[label] = also
        return also

    return register


# On the way in -------------------------------------------------------------------------------


def limits() -> Limits:
    """The bounds of one file as the office has set them."""
    return Limits(
        size=parameters.get("files.max_megabytes") * 1024**2,
        unpacked=parameters.get("files.unpacked_megabytes") * 1024**2,
        ratio=parameters.get("files.unpacked_ratio"),
        members=parameters.get("files.unpacked_members"),
    )


def room(subject: Subject, kind: str = Attachment.Kind.ATTACHMENT) -> int:
    """How many more files of this kind the thing may have."""
    have = for_subject(subject).filter(kind=kind).count()
    return max(0, parameters.get("files.max_per_proposal") - have)


def check(upload: UploadedFile) -> str:
    """The content type of an upload that may be taken; Refused otherwise. Nothing is kept."""
    assert upload.file is not None
    try:
        return file_types.check(upload.file, upload.name or "", limits())
    except OSError as error:
        raise _full(error) from error


def accept(
    upload: UploadedFile,
    *,
    subject: Subject,
    by: Any,
    kind: str = Attachment.Kind.ATTACHMENT,
    restricted: bool = False,
) -> Attachment:
    """Check an upload and keep it with its subject; Refused says what to do instead."""
    if not room(subject, kind):
        raise _too_many()
    content_type = check(upload)
    path, size, digest = _store(upload)
    try:
        with transaction.atomic():
            attachment = Attachment.objects.create(
                subject=subject_key(subject),
                kind=kind,
                name=clean_name(upload.name or ""),
                size=size,
                sha256=digest,
                content_type=content_type,
                path=path,
                restricted=restricted,
                uploaded_by=by,
            )
            # Neither name nor hash: they would outlive a purge.
            audit.record(
                "file.accept",
                attachment,
                by=by,
                fields={"subject": (None, attachment.subject), "kind": (None, kind)},
            )
    except BaseException:
        _unlink(path)
        raise
    return attachment


def accept_all(
    uploads: Iterable[UploadedFile],
    *,
    subject: Subject,
    by: Any,
    kind: str = Attachment.Kind.ATTACHMENT,
    restricted: bool = False,
) -> list[Attachment]:
    """Keep all of these uploads, or none; what is refused is named."""
    kept: list[Attachment] = []
    try:
        with transaction.atomic():
            for upload in uploads:
                try:
                    kept.append(
                        accept(upload, subject=subject, by=by, kind=kind, restricted=restricted)
                    )
                except Refused as error:
                    raise Refused(_named(upload, error)) from error
    except BaseException:
        for attachment in kept:
            _unlink(attachment.path)
        raise
    return kept


def _named(upload: UploadedFile, error: Refused) -> str:
    return _("“%(name)s”：%(message)s") % {
        "name": clean_name(upload.name or ""),
        "message": error.message,
    }


def _too_many() -> Refused:
    return Refused(
        _("最多可以上传 %(count)d 个文件。请先移除不需要的文件，或把几个文件合并后再上传。")
        % {"count": parameters.get("files.max_per_proposal")}
    )


def _full(error: OSError) -> Exception:
    """What is said when the disk is full; any other failure as it is."""
    if error.errno not in FULL:
        return error
    logger.error("No room left for uploaded files: %s", error.strerror)
    return Refused(
        _("存放文件的空间已满，文件没有保存。请稍后再试，并告诉办公室；其他内容可以照常保存。")
    )


def _store(upload: UploadedFile) -> tuple[str, int, str]:
    """Write the upload under a random name; its path, size and SHA-256. The last step is a rename."""
    root = Path(settings.MEDIA_ROOT)
    name = secrets.token_hex(20)
    path = f"{name[:2]}/{name}"
    unfinished = root / INCOMING / f"{name}.part"
    allowed, size, digest = limits(), 0, hashlib.sha256()
    try:
        _make_folder(unfinished.parent)
        with unfinished.open("xb") as out:
            for chunk in upload.chunks():
                size += len(chunk)
                if size > allowed.size:
                    raise file_types.too_large(allowed)
                digest.update(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        if settings.FILE_UPLOAD_PERMISSIONS is not None:
            unfinished.chmod(settings.FILE_UPLOAD_PERMISSIONS)
        _make_folder((root / path).parent)
        unfinished.replace(root / path)
        _sync_folder((root / path).parent)
    except OSError as error:
        raise _full(error) from error
    finally:
        unfinished.unlink(missing_ok=True)
    return path, size, digest.hexdigest()


def _make_folder(folder: Path) -> None:
    if folder.is_dir():
        return
    folder.mkdir(parents=True, exist_ok=True)
    if settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS is not None:
        folder.chmod(settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    """After a power failure a row must not point at a name that never reached the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _unlink(path: str | None) -> None:
    if path:
        (Path(settings.MEDIA_ROOT) / path).unlink(missing_ok=True)


# On the way out ------------------------------------------------------------------------------


@transaction.atomic
def remove(attachment: Attachment, *, by: Any, note: str) -> bool:
    """Hide a file from everybody; bytes and row stay. False when it was removed before."""
    at = timezone.now()
    row = Attachment.objects.filter(pk=attachment.pk, removed_at=None)
    if not row.update(removed_at=at, removed_by=by, removed_note=note[:200]):
        return False
    attachment.removed_at, attachment.removed_by, attachment.removed_note = at, by, note[:200]
    audit.record("file.remove", attachment, by=by)
    return True


@transaction.atomic
def purge(subject: Subject, *, by: Any, note: str) -> int:
    """Destroy all files of a thing under suspicion of secrecy; returns how many.

    Rows stay as tombstones without name and hash. The bytes go when the transaction has ended.
    """
    at = timezone.now()
    found = list(Attachment.objects.of(subject).exclude(path=None).select_for_update())
    for attachment in found:
        Attachment.objects.filter(pk=attachment.pk).update(
            name="",
            size=0,
            sha256="",
            content_type="",
            path=None,
            removed_at=attachment.removed_at or at,
            removed_by=attachment.removed_by_id or by.pk,
            removed_note=note[:200],
        )
        audit.record("file.purge", attachment, by=by)
    paths = [attachment.path for attachment in found]

    def destroy() -> None:
        for path in paths:
            _unlink(path)

    transaction.on_commit(destroy)
    return len(found)


def sweep_orphans(older_than: timedelta = timedelta(days=1)) -> int:
    """Delete stored files without a row (the transaction never ended); returns how many.

    `older_than` must be longer than any transaction lasts: a file is written before its row.
    """
    root = Path(settings.MEDIA_ROOT)
    before = (timezone.now() - older_than).timestamp()
    count = 0
    for folder in [root / INCOMING, *root.glob("[0-9a-f][0-9a-f]")]:
        old = {
            f"{folder.name}/{file.name}": file
            for file in (folder.iterdir() if folder.is_dir() else ())
            if STORED_NAME.fullmatch(file.name.removesuffix(".part")) and _age_of(file) <= before
        }
        known: set[str | None] = set()
        names = list(old)
        for start in range(0, len(names), 500):
            rows = Attachment.objects.filter(path__in=names[start : start + 500])
            known.update(rows.values_list("path", flat=True))
        for path in old.keys() - known:
            old[path].unlink(missing_ok=True)
            count += 1
    return count


def _age_of(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except FileNotFoundError:  # finished or swept by somebody else meanwhile
        return float("inf")


def lost_files() -> Iterator[Attachment]:
    """Rows whose file is missing on disk: there should be none."""
    root = Path(settings.MEDIA_ROOT)
    for attachment in Attachment.objects.exclude(path=None).iterator():
        if not (root / str(attachment.path)).is_file():
            yield attachment


# Forms ---------------------------------------------------------------------------------------


class MultipleFileInput(forms.FileInput):
    allow_multiple_selected = True


class MultipleFileField(forms.FileField):
    """Several files at once, each checked; what is wrong with which stands beside the field.

    The clean value is a list of uploads for `accept_all`. A form that knows its subject sets `room`.
    """

    widget = MultipleFileInput
    room: int | None = None

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("附件"))
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "accept": ",".join(file_types.FORMATS)}

    def clean(self, data: Any, initial: Any = None) -> Any:
        uploads: Sequence[Any] = data if isinstance(data, list | tuple) else [data]
        uploads = [upload for upload in uploads if upload]
        if not uploads:
            super().clean(None, initial)
            return []
        most = parameters.get("files.max_per_proposal") if self.room is None else self.room
        if len(uploads) > most:
            raise ValidationError(_too_many().message, code="too_many")
        errors = []
        for upload in uploads:
            try:
                check(upload)
            except Refused as error:
                errors.append(ValidationError(_named(upload, error), code="refused"))
        if errors:
            raise ValidationError(errors)
        return uploads


class CappedUploadHandler(FileUploadHandler):
    """Stands first among the upload handlers: what goes beyond the limits is read and thrown away.

    One byte over the limit still arrives, so that the form can say that the file is too large.
    """

    taken = 0  # bytes of all files of the request

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.left = parameters.get("files.max_megabytes") * 1024**2 + 1
        self.left = min(self.left, self._most() - self.taken)

    def _most(self) -> int:
        count = parameters.get("files.max_per_proposal") + 1
        return count * (parameters.get("files.max_megabytes") * 1024**2 + 1)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        chunk = raw_data[: max(0, self.left)]
        self.left -= len(chunk)
        self.taken += len(chunk)
        return chunk or None

    def file_complete(self, file_size: int) -> None:
        """Whether the file lies in memory or on disk is for the next handlers to say."""
        return
