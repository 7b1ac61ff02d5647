import hashlib
import re
import resource
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ImproperlyConfigured
from django.core.files.uploadedfile import (
    SimpleUploadedFile,
    TemporaryUploadedFile,
    UploadedFile,
)
from django.core.files.uploadhandler import MemoryFileUploadHandler, TemporaryFileUploadHandler
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client, RequestFactory
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.utils.datastructures import MultiValueDict
from pytest_django import Settings

from cppcc_portal.office import files, parameters
from cppcc_portal.office.audit import AuditEvent
from cppcc_portal.office.files import Attachment, CappedUploadHandler, MultipleFileField, Refused

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF\n"
SUBJECT = "tests.thing:1"
NONE_LEFT = timedelta(0)
# What differs on every page: the address asked for, the CSRF token, the number of the request.
NONCE = re.compile(rb"[0-9A-Za-z]{64}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}")

may_read: set[int] = set()


@files.readable("tests.thing")
def reads_thing(user: Any, pk: int) -> bool:
    return pk == 1 and user.pk in may_read


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    """Nobody may read, and no setting of another test is remembered."""
    may_read.clear()
    parameters.forget()
    yield
    parameters.forget()


def account(name: str) -> Any:
    return get_user_model().objects.create_user(name, must_change_password=False)


@pytest.fixture
def member(db: None) -> Any:
    """Somebody who may read the thing."""
    user = account("member")
    may_read.add(user.pk)
    return user


@pytest.fixture
def stranger(db: None) -> Any:
    """Somebody who may not."""
    return account("stranger")


def upload(name: str = "调研报告.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/html")


def stored() -> list[Path]:
    """Every file in the folder of uploads."""
    return sorted(path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file())


def body(response: HttpResponseBase) -> bytes:
    return b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined]


# On the way in -------------------------------------------------------------------------------


def test_accept_keeps_file_and_row(member: Any) -> None:
    attachment = files.accept(
        upload("../\u202e调研 报告.pdf"), subject=SUBJECT, by=member, kind=Attachment.Kind.REPORT
    )

    attachment.refresh_from_db()
    assert (attachment.name, attachment.size) == ("调研 报告.pdf", len(PDF))
    assert attachment.content_type == "application/pdf"
    assert attachment.sha256 == hashlib.sha256(PDF).hexdigest()
    assert attachment.uploaded_by == member
    with attachment.open() as file:
        assert file.read() == PDF
    assert list(files.for_subject(SUBJECT)) == [attachment]


def test_accept_stores_under_a_name_that_nobody_can_guess(member: Any) -> None:
    attachment = files.accept(upload(), subject=SUBJECT, by=member)

    assert re.fullmatch(r"([0-9a-f]{2})/\1[0-9a-f]{38}", attachment.path or "")
    assert attachment.uid.hex not in (attachment.path or "")
    assert [path.relative_to(settings.MEDIA_ROOT).as_posix() for path in stored()] == [
        attachment.path
    ]


def test_accept_is_in_the_audit_log_without_name_and_hash(member: Any) -> None:
    attachment = files.accept(upload(), subject=SUBJECT, by=member)

    event = AuditEvent.objects.get(action="file.accept")
    assert event.object == f"office.attachment:{attachment.pk}"
    assert event.fields == {"subject": [None, SUBJECT], "kind": [None, "attachment"]}


def test_accept_refuses_and_keeps_nothing(member: Any) -> None:
    with pytest.raises(Refused, match="网页"):
        files.accept(upload("a.pdf", b"<html>"), subject=SUBJECT, by=member)

    assert not stored()
    assert not Attachment.objects.exists()


def test_accept_refuses_one_file_too_many_of_a_kind(member: Any) -> None:
    parameters.set_parameter("files.max_per_proposal", 2, by=member)
    first = files.accept(upload(), subject=SUBJECT, by=member)
    files.accept(upload(), subject=SUBJECT, by=member)

    with pytest.raises(Refused, match="最多可以上传 2 个文件"):
        files.accept(upload(), subject=SUBJECT, by=member)

    files.accept(upload(), subject="tests.thing:2", by=member)
    files.accept(upload(), subject=SUBJECT, by=member, kind=Attachment.Kind.SCAN)
    files.remove(first, by=member, note="传错了")
    files.accept(upload(), subject=SUBJECT, by=member)


def test_accept_follows_the_limit_that_the_office_set(member: Any) -> None:
    parameters.set_parameter("files.max_megabytes", 1, by=member)

    with pytest.raises(Refused, match="超过 1 MB"):
        files.accept(upload(content=PDF + b"%" * 2**20 + PDF), subject=SUBJECT, by=member)


def test_accept_says_that_the_disk_is_full_and_leaves_nothing(
    member: Any, caplog: pytest.LogCaptureFixture
) -> None:
    large = upload(content=PDF + b"%" * 15 * 2**20 + PDF)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (12 * 2**20, hard))
    try:
        with pytest.raises(Refused, match="空间已满"):
            files.accept(large, subject=SUBJECT, by=member)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert not stored()
    assert not Attachment.objects.exists()
    assert "No room left" in caplog.text
    files.accept(large, subject=SUBJECT, by=member)


def test_accept_reads_an_upload_that_lies_on_disk(member: Any) -> None:
    large = TemporaryUploadedFile("a.pdf", "text/html", len(PDF), None)
    large.write(PDF)

    attachment = files.accept(large, subject=SUBJECT, by=member)

    large.close()
    assert attachment.size == len(PDF)


def test_accept_all_keeps_all_or_none(member: Any) -> None:
    with pytest.raises(Refused, match="“二.doc”：文件内容是网页"):
        files.accept_all(
            [upload("一.pdf"), upload("二.doc", b"<html>")], subject=SUBJECT, by=member
        )

    assert not stored()
    assert not Attachment.objects.exists()
    kept = files.accept_all([upload("一.pdf"), upload("二.pdf")], subject=SUBJECT, by=member)
    assert [one.name for one in kept] == ["一.pdf", "二.pdf"]


# Sweeping ------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_sweep_takes_files_whose_transaction_never_ended() -> None:
    member = account("member")
    kept = files.accept(upload(), subject=SUBJECT, by=member)
    with transaction.atomic():
        files.accept(upload(), subject=SUBJECT, by=member)
        transaction.set_rollback(True)
    unfinished = Path(settings.MEDIA_ROOT) / "incoming" / ("0" * 40 + ".part")
    unfinished.write_bytes(b"half")
    foreign = Path(settings.MEDIA_ROOT) / "00"
    foreign.mkdir(exist_ok=True)
    (foreign / "readme").write_bytes(b"not ours")

    assert files.sweep_orphans(timedelta(hours=1)) == 0
    assert files.sweep_orphans(NONE_LEFT) == 2

    assert {path.name for path in stored()} == {"readme", Path(kept.path or "").name}
    assert list(files.lost_files()) == []


def test_lost_files_are_named(member: Any) -> None:
    attachment = files.accept(upload(), subject=SUBJECT, by=member)
    stored()[0].unlink()

    assert list(files.lost_files()) == [attachment]


# Removing and purging ------------------------------------------------------------------------


def test_remove_hides_and_keeps(member: Any) -> None:
    attachment = files.accept(upload(), subject=SUBJECT, by=member)

    assert files.remove(attachment, by=member, note="传错了")
    assert not files.remove(attachment, by=member, note="再次")

    attachment.refresh_from_db()
    assert attachment.removed_by == member
    assert attachment.removed_note == "传错了"
    assert not files.for_subject(SUBJECT).exists()
    assert len(stored()) == 1
    assert AuditEvent.objects.filter(action="file.remove").count() == 1


def test_purge_destroys_bytes_and_leaves_a_tombstone(
    member: Any, django_capture_on_commit_callbacks: Any
) -> None:
    first = files.accept(upload(), subject=SUBJECT, by=member)
    removed = files.accept(upload(), subject=SUBJECT, by=member)
    files.remove(removed, by=member, note="传错了")
    other = files.accept(upload(), subject="tests.thing:2", by=member)

    with django_capture_on_commit_callbacks(execute=True):
        assert files.purge(SUBJECT, by=member, note="疑似涉密") == 2

    first.refresh_from_db()
    assert (first.name, first.sha256, first.size, first.path) == ("", "", 0, None)
    assert str(first) == "已销毁的文件"
    assert [path.name for path in stored()] == [Path(other.path or "").name]
    assert AuditEvent.objects.filter(action="file.purge").count() == 2
    with pytest.raises(FileNotFoundError):
        first.open()


# On the way out ------------------------------------------------------------------------------


def test_fetch_gives_the_file_to_whoever_may_read(client: Client, member: Any) -> None:
    attachment = files.accept(upload(), subject=SUBJECT, by=member)
    client.force_login(member)

    response = client.get(attachment.get_absolute_url())

    assert response.status_code == 200
    assert body(response) == PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == (
        "attachment; filename*=utf-8''%E8%B0%83%E7%A0%94%E6%8A%A5%E5%91%8A.pdf"
    )
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]
    assert not AuditEvent.objects.filter(action="file.fetch").exists()


def test_fetch_asks_at_that_moment(client: Client, member: Any) -> None:
    attachment = files.accept(upload(), subject=SUBJECT, by=member)
    client.force_login(member)
    assert body(client.get(attachment.get_absolute_url())) == PDF

    may_read.clear()

    assert client.get(attachment.get_absolute_url()).status_code == 404


def test_fetch_of_missing_removed_destroyed_and_forbidden_files_looks_alike(
    client: Client, member: Any, stranger: Any
) -> None:
    forbidden = files.accept(upload(), subject="tests.thing:2", by=member)
    unknown = files.accept(upload(), subject="tests.nothing:1", by=member)
    removed = files.accept(upload(), subject=SUBJECT, by=member)
    files.remove(removed, by=member, note="传错了")
    client.force_login(member)

    answers = [
        client.get(f"/files/{uid}/")
        for uid in (forbidden.uid, unknown.uid, removed.uid, uuid.uuid4())
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert len({NONCE.sub(b"", answer.content) for answer in answers}) == 1
    assert len({tuple(sorted(dict(answer.items()))) for answer in answers}) == 1


def test_fetch_is_closed_without_a_login(client: Client, member: Any) -> None:
    attachment = files.accept(upload(), subject=SUBJECT, by=member)

    response = client.get(attachment.get_absolute_url())

    assert response.status_code == 302
    assert client.get(f"/files/{uuid.uuid4()}/").status_code == 302


def test_fetch_of_a_restricted_file_is_recorded(client: Client, member: Any) -> None:
    attachment = files.accept(upload(), subject=SUBJECT, by=member, restricted=True)
    client.force_login(member)

    body(client.get(attachment.get_absolute_url()))

    event = AuditEvent.objects.get(action="file.fetch")
    assert (event.user, event.object) == (member, f"office.attachment:{attachment.pk}")


@pytest.mark.parametrize(
    ("name", "content", "disposition"),
    [("a.pdf", PDF, "inline"), ("a.txt", b"text", "attachment")],
)
def test_only_what_a_browser_shows_safely_is_shown(
    client: Client, member: Any, name: str, content: bytes, disposition: str
) -> None:
    attachment = files.accept(upload(name, content), subject=SUBJECT, by=member)
    client.force_login(member)

    response = client.get(attachment.get_absolute_url(), {"view": "1"})

    body(response)
    assert response["Content-Disposition"] == f'{disposition}; filename="{name}"'


def test_fetch_leaves_the_bytes_to_the_proxy(
    client: Client, member: Any, settings: Settings
) -> None:
    settings.PROTECTED_FILES_PREFIX = "/内部/"
    attachment = files.accept(upload(), subject=SUBJECT, by=member)
    client.force_login(member)

    response = client.get(attachment.get_absolute_url())

    assert response["X-Accel-Redirect"] == f"/%E5%86%85%E9%83%A8/{attachment.path}"
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment;")
    assert response.content == b""


def test_fetch_of_a_file_lost_on_disk_is_a_plain_404(
    client: Client, member: Any, caplog: pytest.LogCaptureFixture
) -> None:
    attachment = files.accept(upload(), subject=SUBJECT, by=member)
    stored()[0].unlink()
    client.force_login(member)

    assert client.get(attachment.get_absolute_url()).status_code == 404
    assert str(attachment.uid) in caplog.text


def test_reader_of_a_model_is_registered_once() -> None:
    with pytest.raises(ImproperlyConfigured):
        files.readable("tests.thing")(lambda user, pk: True)


def test_disabled_account_reads_nothing(member: Any) -> None:
    attachment = files.accept(upload(), subject=SUBJECT, by=member)
    assert attachment.can_be_read_by(member)

    member.is_active = False

    assert not attachment.can_be_read_by(member)


# Forms ---------------------------------------------------------------------------------------


class AttachForm(forms.Form):
    uploads = MultipleFileField(required=False)


def filled(*uploads: SimpleUploadedFile) -> AttachForm:
    return AttachForm({}, MultiValueDict({"uploads": list(uploads)}))


def test_form_gives_all_files(db: None) -> None:
    form = filled(upload("一.pdf"), upload("二.pdf"))

    assert form.is_valid()
    assert [one.name for one in form.cleaned_data["uploads"]] == ["一.pdf", "二.pdf"]
    assert filled().is_valid()
    assert not stored()


def test_form_says_which_file_is_wrong_and_why(db: None) -> None:
    form = filled(upload("一.pdf"), upload("二.pdf", b"<html>"), upload("三.pdf", b""))

    assert [str(error).split("：")[0] for error in form.errors["uploads"]] == [
        "“二.pdf”",
        "“三.pdf”",
    ]
    assert "空的" in form.errors["uploads"][1]


def test_form_counts_files_and_knows_when_one_is_needed(db: None) -> None:
    form = filled(upload(), upload())
    field = form.fields["uploads"]
    assert isinstance(field, MultipleFileField)
    field.room = 1
    assert "最多可以上传" in form.errors["uploads"][0]

    form = filled()
    form.fields["uploads"].required = True
    assert "uploads" in form.errors


def test_file_field_opens_the_picker_with_the_formats_that_are_taken() -> None:
    html = str(AttachForm()["uploads"])

    assert "multiple" in html
    assert ".docx" in html


# Uploads beyond all bounds -------------------------------------------------------------------


def test_upload_beyond_the_limit_is_thrown_away_as_it_comes(db: None, rf: RequestFactory) -> None:
    limit = parameters.get("files.max_megabytes") * 2**20
    large = upload(content=PDF + b"%" * (limit + 3 * 2**20))
    content = encode_multipart(BOUNDARY, {"large": large, "small": upload()})
    request = rf.generic("POST", "/", content, MULTIPART_CONTENT)
    request.upload_handlers = [
        CappedUploadHandler(request),
        MemoryFileUploadHandler(request),
        TemporaryFileUploadHandler(request),
    ]

    arrived, small = request.FILES["large"], request.FILES["small"]

    assert isinstance(arrived, UploadedFile)
    assert isinstance(small, UploadedFile)
    assert arrived.size == limit + 1
    assert small.read() == PDF
    with pytest.raises(Refused, match="超过 20 MB"):
        files.check(arrived)
    request.close()
