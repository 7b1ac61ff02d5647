"""The office's machinery in the workplace: settings with bounds, days from a file, deliveries, audit."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from cppcc_portal.office import audit, decisions, parameters
from cppcc_portal.office.audit import AuditEvent
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.models import (
    DeadlineRule,
    DecidingBody,
    Decision,
    Delivery,
    Holiday,
    Parameter,
    ParameterVersion,
)
from members.models import User
from members.roles import Role
from tests import district as made
from tests import people

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
def district(db: None) -> SimpleNamespace:
    return made.district()


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="members.backends.LoginBackend")
    return client


@pytest.fixture
def office(district: SimpleNamespace) -> Client:
    return logged_in(district.office)


def page(name: str, *args: Any) -> str:
    return reverse(f"admin:office_{name}", args=args)


def as_role(role: str) -> Client:
    return logged_in(people.account("x", "某人", role))


# Who of office, member-work, secretary-general, system, security, auditor sees the list.
SEEN = {
    "deadlinerule": (200, 200, 200, 403, 403, 403),
    "holiday": (200, 200, 200, 403, 403, 403),
    "decision": (200, 200, 200, 403, 403, 403),
    "parameter": (200, 403, 403, 200, 403, 403),
    "notice": (200, 403, 403, 403, 403, 403),
    "delivery": (200, 403, 403, 403, 403, 403),
    "job": (200, 403, 403, 200, 403, 403),
    "auditevent": (403, 403, 403, 403, 403, 200),
}
ROLES = (
    Role.OFFICE,
    Role.MEMBER_WORK,
    Role.SECRETARY_GENERAL,
    Role.SYSTEM_ADMIN,
    Role.SECURITY_ADMIN,
    Role.AUDITOR,
)


@pytest.mark.parametrize("place", range(len(ROLES)), ids=[role.value for role in ROLES])
def test_list_opens_for_its_roles_alone(district: SimpleNamespace, place: int) -> None:
    client = as_role(ROLES[place])

    seen = {name: client.get(page(f"{name}_changelist")).status_code for name in SEEN}

    assert seen == {name: statuses[place] for name, statuses in SEEN.items()}


# Settings -------------------------------------------------------------------------------------


def settings_of(client: Client, group: str) -> tuple[str, dict[str, Any]]:
    """The address of one group's page and what its form would post unchanged."""
    first = client.get(page("parameter_changelist"))
    address = next(one["url"] for one in first.context["groups"] if one["label"] == group)
    address = page("parameter_changelist") + address
    form = client.get(address).context["form"]
    posted = {
        name: "on" if form[name].value() is True else form[name].value()
        for name in form.fields
        if form[name].value() is not None and form[name].value() is not False
    }
    return address, posted


def test_settings_are_saved_with_versions(district: SimpleNamespace, office: Client) -> None:
    address, posted = settings_of(office, "账号与登录")

    office.post(address, {**posted, "accounts.idle_minutes_staff": "20", "note": "党组会议定"})

    assert parameters.get("accounts.idle_minutes_staff") == 20
    assert Parameter.objects.count() == 1
    version = ParameterVersion.objects.get()
    assert (version.by, version.note) == (district.office, "党组会议定")
    shown = office.get(page("parameter_versions"), {"key": "accounts.idle_minutes_staff"})
    assert "党组会议定" in shown.content.decode()


def test_setting_out_of_bounds_is_refused_beside_its_field(
    district: SimpleNamespace, office: Client
) -> None:
    address, posted = settings_of(office, "账号与登录")

    answer = office.post(address, {**posted, "accounts.idle_minutes_staff": "999"})

    assert "不能大于240" in str(answer.context["form"].errors["accounts.idle_minutes_staff"])
    assert not Parameter.objects.exists()


def test_every_group_of_settings_opens_and_saves_unchanged(
    district: SimpleNamespace, office: Client
) -> None:
    groups = office.get(page("parameter_changelist")).context["groups"]

    for group in groups:
        address, posted = settings_of(office, group["label"])
        answer = office.post(address, posted)
        assert answer.status_code == 302, answer.context["form"].errors
    assert not Parameter.objects.exists()


def test_settings_that_may_be_read_only_are_not_posted(district: SimpleNamespace) -> None:
    assert as_role(Role.MEMBER_WORK).post(page("parameter_changelist"), {}).status_code == 403


# Rules, days, decisions -----------------------------------------------------------------------


def test_rules_are_changed_with_history_never_added(
    district: SimpleNamespace, office: Client
) -> None:
    rule = DeadlineRule.objects.filter(code="sign_in").first()
    if rule is None:
        made.handed_over(district)
        rule = DeadlineRule.objects.get(code="sign_in")
    fields = {
        name: getattr(rule, name)
        for name in ("label", "start_label", "unit", "amount", "roll", "near_days", "note")
    }

    office.post(page("deadlinerule_change", rule.pk), {**fields, "amount": 8, "code": "x"})

    rule.refresh_from_db()
    assert (rule.code, rule.amount) == ("sign_in", 8)
    assert rule.history.first().history_user == district.office
    assert office.get(page("deadlinerule_add")).status_code == 403


def test_days_come_from_a_file(district: SimpleNamespace, office: Client) -> None:
    good = SimpleUploadedFile(
        "2030.csv", "date,kind,name,status\n2030-10-01,放假,国庆节,已公布\n".encode()
    )
    bad = SimpleUploadedFile("2031.csv", "date,kind,name,status\n某日,放假,国庆节,\n".encode())

    refused = office.post(page("holiday_load"), {"file": bad})
    office.post(page("holiday_load"), {"file": good})

    assert "第2行" in str(refused.context["form"].errors["file"])
    assert Holiday.objects.get(day="2030-10-01").kind == Holiday.Kind.HOLIDAY
    assert as_role(Role.MEMBER_WORK).get(page("holiday_load")).status_code == 403


def test_decision_is_recorded_once_and_never_changed(
    district: SimpleNamespace, office: Client
) -> None:
    decisions.ensure_default_bodies()
    given = {
        "body": DecidingBody.objects.get(code="chair_meeting").pk,
        "meeting_number": "第十五届第20次",
        "held_on": "2026-02-01",
        "item": "提案立案",
        "result": "passed",
        "text": "",
        "document_number": "",
    }

    lacking = office.post(page("decision_add"), {**given, "meeting_number": ""})
    office.post(page("decision_add"), given)

    decision = Decision.objects.get()
    assert lacking.context["errors"]
    assert decision.recorded_by == district.office
    assert office.post(page("decision_change", decision.pk), given).status_code == 403
    assert office.get(page("decision_change", decision.pk)).status_code == 200
    assert AuditEvent.objects.filter(action="decision.record").exists()


def test_decision_keeps_its_paper_for_whoever_may_look_it_up(
    district: SimpleNamespace, office: Client
) -> None:
    decisions.ensure_default_bodies()
    given = {
        "body": DecidingBody.objects.get(code="chair_meeting").pk,
        "meeting_number": "第十五届第20次",
        "held_on": "2026-02-01",
        "item": "提案立案",
        "result": "passed",
    }
    broken = SimpleUploadedFile("纪要.pdf", b"<script>alert(1)</script>", "application/pdf")
    minutes = SimpleUploadedFile("纪要.pdf", PDF, "application/pdf")

    refused = office.post(page("decision_add"), {**given, "file": broken})
    office.post(page("decision_add"), {**given, "file": minutes})

    decision = Decision.objects.get()
    paper = Attachment.objects.get()
    assert refused.context["adminform"].form.errors["file"]
    assert (paper.kind, paper.subject) == (
        Attachment.Kind.DECISION,
        f"office.decision:{decision.pk}",
    )
    assert "纪要.pdf" in office.get(page("decision_change", decision.pk)).content.decode()
    address = reverse("files:fetch", args=[paper.uid])
    fetched = office.get(address)
    assert b"".join(fetched.streaming_content) == PDF
    assert as_role(Role.AUDITOR).get(address).status_code == 404
    assert logged_in(district.author).get(address).status_code == 404


# Notices --------------------------------------------------------------------------------------


def test_deliveries_are_sent_again_and_told_by_hand(
    district: SimpleNamespace, office: Client
) -> None:
    made.submitted(district)
    first, second = Delivery.objects.order_by("pk")[:2]
    Delivery.objects.filter(pk=first.pk).update(state=Delivery.State.FAILED)
    Delivery.objects.filter(pk=second.pk).update(state=Delivery.State.BY_HAND)
    keys = [first.pk, second.pk]

    again = {"action": "send_again", "_selected_action": keys}
    told = office.post(page("delivery_changelist"), again, follow=True)
    office.post(page("delivery_changelist"), {"action": "told_by_hand", "_selected_action": keys})

    first.refresh_from_db()
    second.refresh_from_db()
    assert first.state != Delivery.State.FAILED
    assert second.state == Delivery.State.SENT
    assert "没有失败，不用重发" in told.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_lists_ask_a_constant_number_of_queries(
    district: SimpleNamespace,
    office: Client,
    count: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for _number in range(count):
        made.submitted(district)
    for name, most in (("notice", 12), ("delivery", 13), ("job", 12), ("holiday", 15)):
        with django_assert_max_num_queries(most):
            assert office.get(page(f"{name}_changelist")).status_code == 200


def test_notice_shows_its_ways(district: SimpleNamespace, office: Client) -> None:
    made.submitted(district)
    notice = Delivery.objects.latest("pk").notice

    assert office.get(page("notice_change", notice.pk)).status_code == 200
    assert office.post(page("notice_change", notice.pk), {"title": "x"}).status_code == 403


# Audit ----------------------------------------------------------------------------------------


def test_audit_is_read_and_taken_away_by_the_auditor_alone(district: SimpleNamespace) -> None:
    audit.record("=test.formula", by=district.office, fields={"size": (1, 2)})
    auditor = as_role(Role.AUDITOR)

    listed = auditor.get(page("auditevent_changelist"), {"q": "=test"})
    event = listed.context["cl"].result_list[0]
    detail = auditor.get(page("auditevent_change", event.pk))
    table = auditor.get(page("auditevent_export"), {"q": "=test"})

    assert "size: 1 → 2" in detail.content.decode()
    assert auditor.post(page("auditevent_change", event.pk), {"action": "x"}).status_code == 403
    assert table.content.startswith(b"\xef\xbb\xbf")
    lines = table.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "'=test.formula" in lines[1]
    assert AuditEvent.objects.filter(action="auditevent.export").exists()
    assert logged_in(district.office).get(page("auditevent_export")).status_code == 403
