"""The audit log: one insert a deed, nothing personal in it, a chain that shows what was touched."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from cppcc_portal.office import audit, triggers
from cppcc_portal.office.audit import AuditEvent, AuditGate, AuditHead, AuditSeal
from cppcc_portal.office.ledger import WrittenOnce
from cppcc_portal.office.personal import keyed_hash
from members.models import Person, User

TABLES = [AuditEvent._meta.db_table, AuditSeal._meta.db_table]
PHONE = "13800130001"


@pytest.fixture
def user(db: None) -> User:
    return User.objects.create_user("g001")


@pytest.fixture
def guarded(transactional_db: None) -> None:
    """The two tables as a migration leaves them, also where tables were made without migrations."""
    with connection.schema_editor() as editor:
        triggers.install(editor, TABLES)


def chain(count: int) -> list[int]:
    """So many chained events; their keys in order."""
    made = [audit.record("proposal.file", f"proposals.proposal:{n}").pk for n in range(count)]
    audit.seal()
    return made


@pytest.fixture
def tampering(transactional_db: None) -> Iterator[Any]:
    """SQL as somebody with the database in hand writes it, past the triggers and foreign keys."""

    before = triggers.protected(connection)

    def tamper(sql: str, *params: Any) -> None:
        with connection.schema_editor() as editor:
            triggers.remove(editor, TABLES)
        with connection.constraint_checks_disabled(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("ALTER TABLE office_auditevent DISABLE TRIGGER ALL")
            cursor.execute(sql, params)

    yield tamper
    # What was broken on purpose is taken away, or the flush would meet dangling keys; a test that
    # went through the ORM alone has its triggers still.
    if triggers.protected(connection) & set(TABLES):
        with connection.schema_editor() as editor:
            triggers.remove(editor, TABLES)
    with connection.constraint_checks_disabled():
        AuditSeal._base_manager.all().delete()
        AuditEvent._base_manager.all().delete()
    with connection.schema_editor() as editor:
        if connection.vendor == "postgresql":
            editor.execute("ALTER TABLE office_auditevent ENABLE TRIGGER ALL")
        triggers.install(editor, before & set(TABLES))


# Recording


@pytest.mark.django_db
def test_record_is_one_insert(
    user: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    assert user.roles == frozenset()

    with django_assert_num_queries(1) as asked:
        audit.record(
            "proposal.file", "proposals.proposal:1", by=user, fields={"status": ("a", "b")}
        )

    assert asked.captured_queries[0]["sql"].startswith("INSERT")


@pytest.mark.django_db
def test_record_keeps_who_what_when_and_result(user: User) -> None:
    at = datetime(2026, 3, 18, 8, 0, 0, 123456, tzinfo=UTC)

    made = audit.record("person.save", user, by=user, result="failed", at=at)

    event = AuditEvent.objects.get(pk=made.pk)
    assert (event.at, event.user, event.account, event.action) == (at, user, "g001", "person.save")
    assert (event.object, event.result) == (f"members.user:{user.pk}", "failed")


@pytest.mark.django_db
def test_record_takes_who_and_where_from_the_request(user: User) -> None:
    with audit.acting(user, address="10.1.2.3", request_id="ab12"):
        event = audit.record("export.run")
    outside = audit.record("export.run")

    assert (event.user, event.address, event.request_id) == (user, "10.1.2.3", "ab12")
    assert (outside.user, outside.address, outside.request_id) == (None, "", "")


@pytest.mark.django_db
def test_a_job_is_nobodys_deed_even_inside_a_request(user: User) -> None:
    with audit.acting(user):
        event = audit.record("deadline.extend", job="sweep")

    assert (event.user, event.account, event.job) == (None, "", "sweep")


@pytest.mark.django_db
def test_record_masks_a_phone_number_used_as_account() -> None:
    event = audit.record("user.login", by=User.objects.create_user(PHONE))

    assert event.account == "138****0001"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "secret",
    [
        PHONE,
        int(PHONE),
        "+86 13800130001",
        "陈志远",
        "给市长的一句话",
        "32000019990101123X",
        "0513-82210000",
    ],
)
def test_record_never_keeps_text_or_numbers_of_people(secret: object) -> None:
    event = audit.record("person.save", fields={"phone": (None, secret)})

    event.refresh_from_db()
    assert event.fields == {"phone": [None, audit.digest(secret)]}
    assert event.fields["phone"][1].startswith("hmac:")


@pytest.mark.django_db
def test_record_keeps_references_codes_counts_and_days(user: User) -> None:
    kept = {
        "status": ("draft", "submitted"),
        "handling": (None, user),
        "source": ("", "proposals.proposal:123456789"),
        "count": (0, 12345),
        "due_on": (timezone.localdate(), None),
        "active": (True, False),
        "hash": (audit.digest("a"), audit.digest("b")),
    }

    event = audit.record("x.y", fields=kept)

    event.refresh_from_db()
    assert event.fields == {
        **{name: list(pair) for name, pair in kept.items()},
        "handling": [None, f"members.user:{user.pk}"],
        "due_on": [timezone.localdate().isoformat(), None],
    }


def test_digest_is_keyed_and_empty_for_nothing(settings: Settings) -> None:
    assert audit.digest(None) == audit.digest("") == ""
    assert audit.digest(PHONE) == "hmac:" + keyed_hash(PHONE, "audit")[:32]
    before = audit.digest(PHONE)
    settings.FIELD_KEY = "another key, long enough to be one, and then some"
    assert audit.digest(PHONE) != before


@pytest.mark.django_db
def test_record_goes_with_the_deed() -> None:
    def deed_that_fails() -> None:
        with transaction.atomic():
            audit.record("proposal.file")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        deed_that_fails()

    assert not AuditEvent.objects.exists()


@pytest.mark.django_db
def test_an_account_with_deeds_cannot_be_deleted(user: User) -> None:
    audit.record("user.login", by=user)

    with pytest.raises(ProtectedError):
        user.delete()


# The chain


@pytest.mark.django_db
def test_seal_chains_each_event_once() -> None:
    made = [audit.record("proposal.file").pk for _ in range(5)]

    assert audit.seal(limit=3) == 3
    assert audit.seal() == 2
    assert audit.seal() == 0

    links = list(AuditSeal.objects.order_by("sequence"))
    assert [link.event_id for link in links] == made
    assert [link.sequence for link in links] == [1, 2, 3, 4, 5]
    assert [link.previous for link in links[1:]] == [link.digest for link in links[:-1]]
    assert AuditHead.objects.get().digest == links[-1].digest


@pytest.mark.django_db
def test_verify_of_an_untouched_chain_is_ok() -> None:
    chain(5)

    report = audit.verify()

    assert report.ok
    assert (report.checked, report.unsealed, report.broken) == (5, 0, "")


@pytest.mark.django_db
def test_verify_of_an_empty_log_is_ok() -> None:
    assert audit.verify().ok


@pytest.mark.django_db
def test_verify_walks_in_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "CHUNK", 2)
    chain(5)

    assert audit.verify().checked == 5


@pytest.mark.django_db
def test_seal_leaves_settled_rows_alone_but_takes_late_ones() -> None:
    chain(3)
    for _ in range(2):
        AuditHead.objects.update(next_floor_at=timezone.now() - timedelta(days=2))
        audit.seal()
    head = AuditHead.objects.get()
    newest = AuditEvent.objects.order_by("pk").values_list("pk", flat=True).last()

    audit.record("proposal.file")

    assert head.floor == newest
    assert audit.seal() == 1
    assert audit.verify().ok


@pytest.mark.django_db
def test_unsealed_events_are_counted_and_late_ones_not_ok() -> None:
    chain(2)
    young = audit.record("proposal.file")

    report = audit.verify()
    later = audit.verify(now=timezone.now() + timedelta(minutes=11))

    assert report.ok
    assert (report.unsealed, report.oldest_unsealed) == (1, young.pk)
    assert (later.ok, later.late) == (False, 1)


@pytest.mark.parametrize(
    "change",
    [
        "action = 'proposal.refuse'",
        "account = 'somebody'",
        "address = '10.9.9.9'",
        "result = 'denied'",
        "object = 'proposals.proposal:99'",
        "fields = '{\"status\": [1, 2]}'",
        "at = '2020-01-01 00:00:00+00:00'",
    ],
)
def test_verify_names_a_changed_event(tampering: Any, change: str) -> None:
    made = chain(5)

    tampering("UPDATE office_auditevent SET " + change + " WHERE id = %s", made[2])  # noqa: S608

    report = audit.verify()
    assert report.event == made[2]
    assert "被改动过" in report.broken


def test_verify_names_a_missing_event(tampering: Any) -> None:
    made = chain(5)

    tampering("DELETE FROM office_auditevent WHERE id = %s", made[1])

    report = audit.verify()
    assert report.event == made[1]
    assert "不见了" in report.broken


def test_verify_names_a_missing_link(tampering: Any) -> None:
    made = chain(5)

    tampering("DELETE FROM office_auditseal WHERE event_id = %s", made[1])

    report = audit.verify()
    assert report.event == made[0]
    assert "第 2 环不见了" in report.broken


def test_verify_names_a_cut_tail(tampering: Any) -> None:
    made = chain(5)

    tampering("DELETE FROM office_auditseal WHERE sequence > 3")

    report = audit.verify()
    assert report.event == made[2]
    assert "第 4 环不见了" in report.broken


def test_verify_finds_a_chain_written_anew_without_the_key(tampering: Any) -> None:
    made = chain(3)
    tampering("UPDATE office_auditevent SET action = 'proposal.refuse' WHERE id = %s", made[0])
    previous = audit.FIRST_LINK
    for number, pk in enumerate(made, 1):
        event = AuditEvent.objects.filter(pk=pk).values(*audit._COLUMNS).get()
        digest = audit._link(previous, event)
        tampering(
            "UPDATE office_auditseal SET previous = %s, digest = %s WHERE sequence = %s",
            previous,
            digest,
            number,
        )
        previous = digest
    AuditHead.objects.update(digest=previous)

    assert "签名不符" in audit.verify().broken


def test_verify_finds_a_head_set_back_or_taken_away(tampering: Any) -> None:
    chain(2)
    old = AuditHead.objects.values("sequence", "digest", "mac").get()
    chain(2)

    AuditHead.objects.update(**old)
    assert "末端登记被改回或删除" in audit.verify().broken
    AuditHead.objects.all().delete()
    assert "末端登记被改回或删除" in audit.verify().broken


def test_one_row_of_many_is_found_each_time(tampering: Any) -> None:
    AuditEvent.objects.bulk_create(
        AuditEvent(action="proposal.file", object=f"proposals.proposal:{n}") for n in range(1000)
    )
    audit.seal()
    keys = list(AuditEvent.objects.order_by("pk").values_list("pk", flat=True))

    for pk in keys[::50]:
        tampering("UPDATE office_auditevent SET action = 'proposal.refuse' WHERE id = %s", pk)
        assert audit.verify().event == pk
        tampering("UPDATE office_auditevent SET action = 'proposal.file' WHERE id = %s", pk)
    assert not audit.verify().broken


@pytest.mark.django_db(transaction=True)
def test_two_sealers_at_once_are_harmless() -> None:
    for n in range(40):
        audit.record("proposal.file", f"proposals.proposal:{n}")
    start = threading.Barrier(2)
    sealed: list[int] = []

    def work() -> None:
        try:
            start.wait()
            sealed.extend(audit.seal(limit=5) for _ in range(8))
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sum(sealed) == 40
    assert len(sealed) == 16
    report = audit.verify()
    assert (report.broken, report.checked, report.unsealed) == ("", 40, 0)


# Append-only


@pytest.mark.django_db
def test_models_refuse_change_and_deletion() -> None:
    event = audit.record("proposal.file")

    with pytest.raises(WrittenOnce):
        event.save()
    with pytest.raises(WrittenOnce):
        event.delete()
    with pytest.raises(WrittenOnce):
        AuditEvent.objects.update(action="x")
    with pytest.raises(WrittenOnce):
        AuditEvent.objects.all().delete()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE office_auditevent SET action = 'x'",
        "DELETE FROM office_auditevent",
        "UPDATE office_auditseal SET digest = 'x'",
        "DELETE FROM office_auditseal",
    ],
)
def test_database_refuses_change_and_deletion(guarded: None, sql: str) -> None:
    chain(2)

    with pytest.raises(IntegrityError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(sql)

    assert audit.verify().ok
    assert not audit.verify().warnings


@pytest.mark.postgres
def test_database_refuses_truncate(guarded: None) -> None:
    chain(1)

    with pytest.raises(IntegrityError, match="append-only"), connection.cursor() as cursor:
        cursor.execute("TRUNCATE office_auditevent CASCADE")


def test_triggers_may_be_installed_twice_and_removed(guarded: None) -> None:
    with connection.schema_editor() as editor:
        triggers.install(editor, TABLES)
    assert triggers.protected(connection) >= set(TABLES)

    with connection.schema_editor() as editor:
        triggers.remove(editor, TABLES)
    assert not triggers.protected(connection) & set(TABLES)
    assert len(audit.verify().warnings) == 2
    with connection.schema_editor() as editor:
        triggers.install(editor, TABLES)


def test_open_gate_lets_through_is_recorded_and_closes(guarded: None) -> None:
    made = chain(2)

    with audit.open_gate("repair"):
        AuditEvent._base_manager.filter(pk=made[0]).update(action="x")

    opening = AuditEvent.objects.get(action="audit.open_gate")
    assert opening.fields == {"reason": [None, "repair"]}
    assert not AuditGate.objects.get().open
    with pytest.raises(IntegrityError):
        AuditEvent._base_manager.filter(pk=made[0]).update(action="y")
    assert audit.verify().event == made[0]


def test_open_gate_closes_when_something_fails(guarded: None) -> None:
    chain(1)

    with pytest.raises(ZeroDivisionError), audit.open_gate("repair"):
        1 / 0  # noqa: B018

    assert not AuditGate.objects.filter(open=True).exists()
    with pytest.raises(IntegrityError):
        AuditEvent._base_manager.update(action="y")


def test_open_gate_is_open_for_nobody_else(guarded: None) -> None:
    chain(1)
    seen: list[bool] = []

    def look() -> None:
        try:
            seen.append(AuditGate.objects.filter(open=True).exists())
        finally:
            connection.close()

    with audit.open_gate("repair"):
        other = threading.Thread(target=look)
        other.start()
        other.join()

    assert seen == [False]


def test_flush_passes_through_the_open_gate(guarded: None) -> None:
    audit.record("user.login", by=User.objects.create_user("g001"))
    audit.seal()

    with audit.open_gate("flush"):
        call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=True)

    assert not AuditEvent.objects.exists()
    assert not AuditGate.objects.filter(open=True).exists()


# Keeping


@pytest.mark.django_db
def test_retain_refuses_less_than_180_days() -> None:
    with pytest.raises(ValueError, match="180"):
        audit.retain(179)


def test_retain_takes_old_events_and_the_rest_verifies(guarded: None) -> None:
    now = timezone.now()
    for days in (400, 300, 200, 10, 1):
        audit.record("proposal.file", at=now - timedelta(days=days))
    audit.seal()

    assert audit.retain(250) == 2
    audit.seal()

    assert AuditEvent.objects.filter(action="proposal.file").count() == 3
    assert AuditEvent.objects.get(action="audit.retain").fields["removed"] == [None, 2]
    report = audit.verify()
    assert (report.ok, report.checked) == (True, 5)
    assert audit.retain(250) == 0


def test_retain_leaves_the_last_link(guarded: None) -> None:
    for days in (400, 300):
        audit.record("proposal.file", at=timezone.now() - timedelta(days=days))
    audit.seal()

    assert audit.retain(180) == 1
    assert not audit.verify().broken


def test_retain_refuses_a_broken_chain(tampering: Any) -> None:
    made = chain(2)
    tampering("UPDATE office_auditevent SET action = 'x' WHERE id = %s", made[0])

    with pytest.raises(ValueError, match="被改动过"):
        audit.retain(180)


# The command


def run() -> str:
    out = StringIO()
    call_command("verify_audit", stdout=out, stderr=out)
    return out.getvalue()


@pytest.mark.django_db
def test_command_says_ok_and_names_what_is_unsealed() -> None:
    chain(3)
    pk = audit.record("proposal.file").pk

    said = run()

    assert "ok 3: 审计链完好" in said
    assert f"unsealed 1: 1 条记录尚未封存，最早的是第 {pk} 条。" in said


@pytest.mark.django_db
def test_command_fails_when_the_sealer_does_not_run() -> None:
    audit.record("proposal.file", at=timezone.now() - timedelta(hours=1))

    with pytest.raises(CommandError, match="late 1: "):
        run()


def test_command_fails_with_the_first_broken_link(tampering: Any) -> None:
    made = chain(5)
    tampering("UPDATE office_auditevent SET action = 'x' WHERE id >= %s", made[2])

    with pytest.raises(CommandError, match=f"broken at event {made[2]}: "):
        run()


@pytest.mark.django_db
def test_nothing_personal_is_found_in_the_log(user: User) -> None:
    person = Person.objects.create(name="陈志远", phone=PHONE, user=user)
    audit.record(
        "person.save", person, by=user, fields={"phone": ("", PHONE), "name": ("", "陈志远")}
    )

    row = str(AuditEvent.objects.values().get())
    assert PHONE not in row
    assert "陈志远" not in row
