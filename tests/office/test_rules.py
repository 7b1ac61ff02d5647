"""Attacks on what the office's mechanisms promise: each is tried to be broken from every door there is.

Where a rule is tested besides:

1-6 the life of a proposal: tests/proposals/test_rules.py
13  due dates: test_deadlines (reckoning, words, pauses, stale copies), tests/proposals/test_histories
14  notices: test_notices (keys, channels, crashes, workers at once), test_jobs (repeated jobs)
15  the log: test_audit (chain, triggers, retention), test_decisions and test_files (kept, replaced)
16  destroyed files and taken back notices: test_files, test_notices, tests/proposals/test_removing
17  paper: tests/proposals/test_rules.py and test_admin
"""

import json
from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from cppcc_portal.office import audit, deadlines, files, notices
from cppcc_portal.office.audit import AuditEvent, AuditGate
from cppcc_portal.office.deadlines import Deadline, DeadlineRule
from cppcc_portal.office.decisions import DecidingBody, Decision
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.models import Delivery, Notice
from members.roles import Role
from proposals import actions, tasks
from proposals.models import Handling, Proposal, ProposalChange
from tests import district as made
from tests import people
from tests.stages import PDF, logged_in, scan_for

pytestmark = pytest.mark.django_db

MARCH = date(2026, 3, 18)
LEAD_DUE = date(2026, 6, 18)


@pytest.fixture
def district() -> SimpleNamespace:
    return made.district()


@pytest.fixture
def share(district: SimpleNamespace) -> Handling:
    """The lead unit's share, handed over on 18 March and due on 18 June."""
    return made.handed_over(district).handlings.get(role=Handling.Role.LEAD)


def clock_of(share: Handling) -> Deadline:
    clock = Deadline.objects.current(share, "reply")
    assert clock is not None
    return clock


def remind(on: date, *options: str) -> list[dict[str, Any]]:
    """What `manage.py remind` says it made."""
    out = StringIO()
    call_command("remind", "--on", on.isoformat(), "--json", *options, stdout=out)
    made_now: list[dict[str, Any]] = json.loads(out.getvalue())["notices"]
    return made_now


def post_everywhere(client: Client, model: Any, row: Any) -> None:
    """Try to add, change and delete a row through every form the workplace could have."""
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    forged = {field.name: "1" for field in model._meta.concrete_fields if not field.primary_key} | {
        "_save": "1",
        "post": "yes",
    }
    for page, args in (("add", []), ("change", [row.pk]), ("delete", [row.pk])):
        try:
            where = reverse(f"{name}_{page}", args=args)
        except NoReverseMatch:
            continue
        client.post(where, forged)
    try:
        where = reverse(f"{name}_changelist")
    except NoReverseMatch:
        return
    chosen = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    client.post(where, chosen)


# Rule 13: late is reckoned, never stored ----------------------------------------------------------


def test_rule_13_no_table_has_a_column_for_late() -> None:
    columns = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if any(word in field.name.split("_") for word in ("overdue", "late", "delayed"))
    }

    assert columns == set()


def test_rule_13_late_follows_the_day_asked_and_nothing_is_written(share: Handling) -> None:
    before = list(Handling.objects.order_by("pk").values_list())

    seen = [
        share.pk in Handling.objects.overdue(day).values_list("pk", flat=True)
        for day in (LEAD_DUE, LEAD_DUE + timedelta(days=1), LEAD_DUE)
    ]

    assert seen == [False, True, False]
    assert list(Handling.objects.order_by("pk").values_list()) == before


def test_rule_13_forged_page_moves_no_date(district: SimpleNamespace, share: Handling) -> None:
    d = district
    forged = {"due_on": "2099-01-01", "sign_in_due_on": "2099-01-01", "round": "9", "_save": "1"}

    for user in (d.office, d.clerk, people.account("sys", "系统", Role.SYSTEM_ADMIN)):
        client = logged_in(user)
        client.post(reverse("admin:proposals_handling_change", args=[share.pk]), forged)
        client.post(reverse("desk:acknowledge", args=[share.pk]), forged)

    now = share.fresh()
    assert (now.due_on, now.sign_in_due_on, now.round) == (LEAD_DUE, share.sign_in_due_on, 1)
    assert clock_of(share).due_on == LEAD_DUE


def test_rule_13_each_date_of_a_handed_over_proposal_says_how_it_came_about(
    share: Handling,
) -> None:
    # The others begin before: with the filing, or with the plenary's end.
    clocks = list(Deadline.objects.exclude(kind__in=["publish_text", "hand_over"]))

    assert {clock.kind for clock in clocks} >= {"sign_in", "reply", "joint_opinion"}
    for clock in clocks:
        words = clock.explain()
        assert "2026年3月18日" in words
        assert f"{clock.due_on.month}月{clock.due_on.day}日" in words


def test_rule_13_edited_rule_moves_only_what_begins_after_it(
    district: SimpleNamespace, share: Handling
) -> None:
    words = clock_of(share).explain()

    DeadlineRule.objects.filter(code="reply").update(amount=1)

    assert clock_of(share).explain() == words
    assert share.fresh().due_on == LEAD_DUE
    later = made.handed_over(district).handlings.get(role=Handling.Role.LEAD)
    assert later.due_on == date(2026, 4, 18)


@pytest.mark.parametrize(
    "wrong",
    [
        {"due_on": date(2026, 3, 17)},
        {"met_at": timezone.now(), "cancelled_at": timezone.now()},
        {"paused_on": MARCH, "met_at": timezone.now()},
    ],
)
def test_rule_13_database_refuses_a_clock_that_cannot_be(
    share: Handling, wrong: dict[str, Any]
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Deadline.objects.filter(pk=clock_of(share).pk).update(**wrong)


# Rule 14: told once, however often it is said -----------------------------------------------------


def test_rule_14_second_run_of_a_day_tells_nobody_by_whatever_door(share: Handling) -> None:
    day = LEAD_DUE - timedelta(days=7)

    first = remind(day)
    told = list(Notice.objects.order_by("pk").values_list())
    sent = list(Delivery.objects.order_by("pk").values_list("pk"))

    assert first
    assert remind(day) == []
    assert actions.remind(day) == 0
    assert remind(day, "--dry-run") == []
    assert list(Notice.objects.order_by("pk").values_list()) == told
    assert list(Delivery.objects.order_by("pk").values_list("pk")) == sent
    assert len({notice["dedupe_key"] for notice in first}) == len(first)


def test_rule_14_scheduled_job_of_today_follows_the_command_silently(share: Handling) -> None:
    remind(timezone.localdate())
    told = Notice.objects.count()

    assert [tasks.remind.delay().get() for _run in range(3)] == [0, 0, 0]
    assert Notice.objects.count() == told


def test_rule_14_rehearsal_writes_nothing_at_all(share: Handling) -> None:
    day = LEAD_DUE - timedelta(days=7)
    before = (Notice.objects.count(), Delivery.objects.count(), AuditEvent.objects.count())

    rehearsed = remind(day, "--dry-run")

    assert (Notice.objects.count(), Delivery.objects.count(), AuditEvent.objects.count()) == before
    keys = [notice["dedupe_key"] for notice in rehearsed]
    assert keys
    assert [notice["dedupe_key"] for notice in remind(day)] == keys


def test_rule_14_year_of_daily_runs_is_the_same_year_run_twice(share: Handling) -> None:
    days = [MARCH + timedelta(days=n) for n in range(0, 160, 3)]
    for day in days:
        actions.remind(day)
    told = Notice.objects.count()

    assert sum(actions.remind(day) for day in days) == 0
    assert Notice.objects.count() == told > 10


def test_rule_14_run_that_dies_halfway_is_made_good_by_the_next(
    share: Handling, monkeypatch: pytest.MonkeyPatch
) -> None:
    day, before = LEAD_DUE - timedelta(days=7), Notice.objects.count()
    wanted = [notice["dedupe_key"] for notice in remind(day, "--dry-run")]
    with monkeypatch.context() as broken:
        broken.setattr(Delivery.objects, "bulk_create", lambda *args, **kwargs: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            remind(day)
    assert Notice.objects.count() == before

    assert [notice["dedupe_key"] for notice in remind(day)] == wanted


def test_rule_14_missed_week_is_told_once_by_its_last_step(share: Handling) -> None:
    told = [row for row in remind(LEAD_DUE + timedelta(days=1)) if row["kind"] == "reply_reminder"]

    assert {row["step"] for row in told} == {1}
    assert remind(LEAD_DUE + timedelta(days=1)) == []


def test_rule_14_extension_and_its_repetition_have_a_reminder_of_their_own(
    district: SimpleNamespace, share: Handling
) -> None:
    step = timedelta(days=7)
    remind(LEAD_DUE - step)
    later = date(2026, 8, 18)
    deadlines.extend(
        clock_of(share), to=later, on=date(2026, 6, 12), by=district.office, note="需踏勘"
    )

    replies = [row for row in remind(later - step) if row["kind"] == "reply_reminder"]

    assert [row["due_on"] for row in replies] == ["2026-08-18"]
    assert remind(later - step) == []


def test_rule_14_database_refuses_the_same_notice_and_the_same_way_twice(share: Handling) -> None:
    notice = Notice.objects.latest("pk")
    delivery = notice.deliveries.first()
    assert delivery is not None
    copy = {
        field.attname: getattr(notice, field.attname)
        for field in Notice._meta.concrete_fields
        if field.name not in ("id", "uid")
    }

    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.create(**copy)
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.create(
            notice=notice,
            channel=delivery.channel,
            next_try_at=timezone.now(),
            message_id="another@localhost",
        )
    for wrong in ({"state": "sent", "sent_at": None}, {"state": "sending", "lease_until": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Delivery.objects.filter(pk=delivery.pk).update(**wrong)


def test_rule_14_step_and_its_notice_stand_or_fall_together(
    district: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposal = made.submitted(district)
    before = Notice.objects.count()

    # The history line comes first, the notice after it; what fails between them takes both back.
    with monkeypatch.context() as broken:
        broken.setattr(Delivery.objects, "bulk_create", lambda *args, **kwargs: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            actions.return_(proposal, by=district.office, note="请写地点")

    assert Notice.objects.count() == before
    assert proposal.fresh().status == Proposal.Status.SUBMITTED
    assert not proposal.changes.filter(verb="return_").exists()


# Rule 15: the log and what it speaks of only grow -------------------------------------------------


@pytest.mark.parametrize("role", list(Role))
def test_rule_15_no_role_writes_or_deletes_a_record_by_a_form(
    district: SimpleNamespace, share: Handling, role: str
) -> None:
    records: list[Any] = [
        model
        for model in admin.site._registry
        if model in (AuditEvent, Notice, Delivery, Proposal, Handling)
    ]
    client = logged_in(people.account("one", "某人", role))
    audit.seal()
    shown = {model: list(model._base_manager.order_by("pk").values_list()) for model in records}

    for model in records:
        post_everywhere(client, model, model._base_manager.earliest("pk"))

    assert len(records) == 5
    for model in records:
        now = list(model._base_manager.order_by("pk").values_list())
        # What was tried is itself on record: the log may have grown, and only that.
        assert now[: len(shown[model])] == shown[model]
        assert model is AuditEvent or len(now) == len(shown[model])
    audit.seal()
    assert audit.verify().ok


def test_rule_15_refused_attempt_is_itself_on_record(
    district: SimpleNamespace, share: Handling
) -> None:
    client = logged_in(people.account("sg", "秘书长", Role.SECRETARY_GENERAL))
    where = reverse("admin:proposals_proposal_take_out", args=[share.proposal_id])

    assert client.post(where, {"note": "转"}).status_code == 403

    event = AuditEvent.objects.latest("pk")
    assert event.account == "sg"
    assert event.result == audit.Result.DENIED
    assert "转" not in json.dumps(event.fields, ensure_ascii=False)


def test_rule_15_gate_pushed_open_by_hand_does_not_hide_what_was_done(share: Handling) -> None:
    while audit.seal():
        pass
    assert audit.verify().ok
    victim = AuditEvent.objects.order_by("pk")[3]

    AuditGate.objects.update_or_create(pk=1, defaults={"open": True})
    with connection.cursor() as cursor:
        cursor.execute("UPDATE office_auditevent SET action = 'x' WHERE id = %s", [victim.pk])
    AuditGate.objects.update(open=False)

    report = audit.verify()
    assert not report.ok
    assert str(victim.pk) in report.broken
    with pytest.raises(CommandError, match=f"broken at event {victim.pk}"):
        call_command("verify_audit", stdout=StringIO())


def test_rule_15_rows_of_history_keep_their_people_and_papers(
    district: SimpleNamespace, share: Handling
) -> None:
    paper = scan_for(share, district.office)
    actions.acknowledge(share, by=district.office, scan=paper)

    for row in (paper, district.office, district.author):
        with pytest.raises(IntegrityError), transaction.atomic():
            row.delete()

    assert share.changes.get().scan == paper


# Rule 16: what was taken out does not come back ---------------------------------------------------


def test_rule_16_withdrawn_notice_is_not_told_again_by_any_door(
    district: SimpleNamespace, share: Handling
) -> None:
    day = LEAD_DUE - timedelta(days=7)
    remind(day)
    actions.take_out(share.proposal, by=district.office, note="转区委保密办")
    words = list(Notice.objects.order_by("pk").values_list("title", "body", "withdrawn_at"))
    office = logged_in(people.account("admin9", "系统", Role.OFFICE, Role.SYSTEM_ADMIN))

    for action in ("send_again", "told_by_hand"):
        office.post(
            reverse("admin:office_delivery_changelist"),
            {
                "action": action,
                "_selected_action": list(Delivery.objects.values_list("pk", flat=True)),
            },
        )
    remind(day)
    notices.sweep()

    assert list(Notice.objects.order_by("pk").values_list("title", "body", "withdrawn_at")) == words
    withdrawn = Delivery.objects.exclude(notice__withdrawn_at=None)
    assert not withdrawn.unsent().exists()
    assert not withdrawn.call_list().exists()


def test_rule_16_destroyed_file_is_fetched_by_no_old_address(
    district: SimpleNamespace, share: Handling
) -> None:
    kept = files.accept(
        SimpleUploadedFile("附件.pdf", PDF, "application/pdf"),
        subject=share.proposal,
        by=district.author,
    )
    address = kept.get_absolute_url()
    author = logged_in(district.author)
    assert b"".join(author.get(address)) == PDF

    actions.take_out(share.proposal, by=district.office, note="转区委保密办")

    for client in (author, logged_in(district.office), logged_in(district.clerk)):
        assert client.get(address).status_code == 404


# Rule 17: what was entered for others says so -----------------------------------------------------


def test_rule_17_database_refuses_an_entry_for_another_without_paper(
    district: SimpleNamespace, share: Handling
) -> None:
    line = {"verb": "acknowledge", "old": "waiting", "new": "acknowledged", "by": district.office}

    with pytest.raises(IntegrityError), transaction.atomic():
        share.changes.create(**line, behalf=str(share.unit), at=timezone.now())


def test_rule_17_scan_that_is_no_document_enters_nothing(
    district: SimpleNamespace, share: Handling
) -> None:
    office = logged_in(district.office)
    uploads: list[Callable[[], Any]] = [
        lambda: SimpleUploadedFile("盖章件.pdf", b"MZ\x90\x00", "application/pdf"),
        lambda: SimpleUploadedFile("盖章件.pdf", b"", "application/pdf"),
        lambda: "盖章件.pdf",
    ]

    for upload in uploads:
        office.post(
            reverse("admin:proposals_handling_acknowledge", args=[share.pk]), {"scan": upload()}
        )

    assert share.fresh().status == Handling.Status.WAITING
    assert not Attachment.objects.exists()
    assert not ProposalChange.objects.filter(behalf__gt="").exists()
    assert share.changes.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["office_decision", "office_deadlineevent"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_rule_15_the_database_keeps_decisions_and_what_moved_dates(
    table: str, statement: str
) -> None:
    d = made.district()
    made.handed_over(d)
    Decision.objects.create(
        body=DecidingBody.objects.create(code="x", name="某会议"),
        item="事项",
        result=Decision.Result.REFUSED,
        text="不同意",
        recorded_by=d.office,
    )

    with (
        pytest.raises(IntegrityError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))
