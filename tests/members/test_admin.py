"""Registers of people and bodies: masked, audited, changed by actions; accounts and roles kept apart."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from cppcc_portal.office.audit import AuditEvent
from members import actions
from members.models import Body, Membership, Person, Posting, Sector, Unit, User
from members.roles import Role
from tests import district as made
from tests import people

pytestmark = pytest.mark.django_db

PHONE = "19900001234"


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
    return reverse(f"admin:members_{name}", args=args)


def as_role(role: str, name: str = "x") -> Client:
    return logged_in(people.account(name, f"{name}某", role))


def with_phone(district: SimpleNamespace) -> Person:
    person: Person = district.author.person
    actions.set_phone(person, PHONE)
    actions.set_id_number(person, "320684197501010018")
    return actions.save_person(person, by=district.office)


EMPTY_SEATS = {
    "memberships-TOTAL_FORMS": "0",
    "memberships-INITIAL_FORMS": "0",
    "history-TOTAL_FORMS": "0",
}
REGISTERS = ["person", "membership", "posting", "term", "plenary", "committee", "sector"]


@pytest.mark.parametrize("name", [*REGISTERS, "towncommittee", "unit"])
@pytest.mark.parametrize(
    ("role", "listed", "added"),
    [
        (Role.OFFICE, 200, 200),
        (Role.MEMBER_WORK, 200, 200),
        (Role.SECRETARY_GENERAL, 200, 403),
        (Role.COMMITTEE_STAFF, 200, 403),
        (Role.SYSTEM_ADMIN, 403, 403),
        (Role.SECURITY_ADMIN, 403, 403),
        (Role.AUDITOR, 403, 403),
    ],
)
def test_register_opens_for_who_keeps_or_reads_it(
    district: SimpleNamespace, name: str, role: str, listed: int, added: int
) -> None:
    client = as_role(role)

    assert client.get(page(f"{name}_changelist")).status_code == listed
    assert client.get(page(f"{name}_add")).status_code == added


@pytest.mark.parametrize("count", [1, 3])
def test_lists_ask_a_constant_number_of_queries(
    district: SimpleNamespace,
    office: Client,
    count: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(count):
        person = people.person(f"某{number}")
        Membership.objects.create(person=person, term=district.plenary.term)
        actions.appoint(
            person, district.fire.body_ptr, Posting.Role.CLERK, by=None, on=person_day()
        )
    for name, most in (
        ("person", 13),
        ("membership", 16),
        ("posting", 12),
        ("unit", 12),
        ("plenary", 13),
    ):
        with django_assert_max_num_queries(most):
            office.get(page(f"{name}_changelist"))


def person_day() -> Any:
    return made.JANUARY.date()


def test_numbers_are_masked_until_somebody_who_may_asks(
    district: SimpleNamespace, office: Client
) -> None:
    person = with_phone(district)

    for address in (page("person_changelist"), page("person_change", person.pk)):
        content = office.get(address).content.decode()
        assert "199****1234" in content
        assert PHONE not in content
    assert office.get(page("person_unmask", person.pk)).status_code == 302
    whole = office.post(page("person_unmask", person.pk))

    assert PHONE in whole.content.decode()
    event = AuditEvent.objects.get(action="person.unmask")
    assert (event.user, event.object) == (district.office, f"members.person:{person.pk}")
    reader = as_role(Role.SECRETARY_GENERAL)
    assert reader.post(page("person_unmask", person.pk)).status_code == 403
    assert "查看完整号码" not in reader.get(page("person_change", person.pk)).content.decode()


def test_history_never_shows_a_number(district: SimpleNamespace, office: Client) -> None:
    person = with_phone(district)
    actions.set_phone(person, "19900005678")
    actions.save_person(person, by=district.office)

    content = office.get(page("person_history", person.pk)).content.decode()

    assert PHONE not in content
    assert "19900005678" not in content
    version = person.history.latest().pk
    old = office.get(reverse("admin:members_person_simple_history", args=[person.pk, version]))
    assert "19900005678" not in old.content.decode()


def test_person_is_kept_through_the_action(district: SimpleNamespace, office: Client) -> None:
    office.post(
        page("person_add"),
        {"name": "瞿四", "new_phone": "１９９ 0000 4321", **EMPTY_SEATS},
    )
    person = Person.objects.get(name="瞿四")
    again = office.post(
        page("person_add"), {"name": "瞿五", "new_phone": "19900004321", **EMPTY_SEATS}
    )
    office.post(
        page("person_change", person.pk),
        {"name": "瞿四", "post": "工程师", **EMPTY_SEATS},
    )

    person.refresh_from_db()
    assert person.phone == "19900004321"
    assert person.post == "工程师"
    assert "已登记在另一人名下" in again.content.decode()
    events = AuditEvent.objects.filter(action="person.save", object=f"members.person:{person.pk}")
    assert events.count() == 2
    assert all("19900004321" not in str(event.fields) for event in events)


def test_person_is_found_by_name_pinyin_and_whole_phone(
    district: SimpleNamespace, office: Client
) -> None:
    person = with_phone(district)

    for words in ("陈一", "cy", PHONE):
        listed = office.get(page("person_changelist"), {"q": words})
        assert list(listed.context["cl"].result_list) == [person], words
    assert not office.get(page("person_changelist"), {"q": "1990000"}).context["cl"].result_count


def test_new_unit_has_its_kind_and_its_group(district: SimpleNamespace, office: Client) -> None:
    office.post(
        page("unit_add"),
        {"name": "区水务局", "side": "government", "order": "1", "active": "on"},
    )

    unit = Unit.objects.get(name="区水务局")
    assert unit.kind == Body.Kind.UNIT
    assert unit.group is not None
    assert AuditEvent.objects.filter(action="unit.add", object=f"members.unit:{unit.pk}").exists()
    assert office.get(page("unit_history", unit.pk)).status_code == 200


def test_units_come_in_by_name(district: SimpleNamespace, office: Client) -> None:
    file = SimpleUploadedFile(
        "单位.csv",
        "名称,简称,系统,次序,在用\n区住建局,住建局,政府系统,3,是\n区水务局,水务局,政府系统,4,是\n".encode(),
        "text/csv",
    )

    preview = office.post(page("unit_import"), {"import_file": file, "format": "1"})
    assert not Unit.objects.filter(name="区水务局").exists()
    office.post(page("unit_process_import"), preview.context["confirm_form"].initial)

    district.housing.refresh_from_db()
    made_anew = Unit.objects.get(name="区水务局")
    assert district.housing.short_name == "住建局"
    assert made_anew.kind == Body.Kind.UNIT
    assert made_anew.group is not None
    assert made_anew.history.get().history_user == district.office


def test_sector_that_is_written_wrongly_is_named(district: SimpleNamespace, office: Client) -> None:
    file = SimpleUploadedFile("界别.csv", "届,名称\n99,农业界\n".encode(), "text/csv")

    preview = office.post(page("sector_import"), {"import_file": file, "format": "1"})

    assert "confirm_form" not in preview.context
    assert not Sector.objects.exists()


def test_importing_needs_its_own_right(district: SimpleNamespace) -> None:
    client = as_role(Role.COMMITTEE_STAFF)

    for name in ("unit_import", "sector_import", "unit_export", "membership_export"):
        assert client.get(page(name)).status_code == 403


def test_members_leave_with_masked_phones(district: SimpleNamespace, office: Client) -> None:
    with_phone(district)
    columns = {"format": "1"} | {
        f"membershipresource_{name}": "on" for name in ("number", "name", "term", "phone")
    }

    table = office.post(page("membership_export"), columns).content.decode("utf-8-sig")

    assert table.splitlines()[0] == "委员证号,姓名,届,手机号"
    assert "m1,陈一,第15届,199****1234" in table
    assert AuditEvent.objects.filter(action="membership.export").exists()


def test_posting_is_begun_and_ended_by_actions(district: SimpleNamespace, office: Client) -> None:
    clerk = people.account("u9", "经办丙", Role.UNIT_CLERK)

    office.post(
        page("posting_add"),
        {
            "person": clerk.person.pk,
            "body": district.housing.pk,
            "role": "clerk",
            "since": "2026-01-01",
        },
    )
    posting = Posting.objects.get(person=clerk.person)
    assert clerk.groups.filter(pk=district.housing.group_id).exists()
    shown = office.get(page("posting_change", posting.pk))
    early = office.post(page("posting_end", posting.pk), {"on": "2025-12-31"})
    office.post(page("posting_end", posting.pk), {"on": "2026-06-30"})

    posting.refresh_from_db()
    assert "结束任职" in shown.content.decode()
    assert early.context["form"].errors
    assert posting.until is not None
    assert not clerk.groups.filter(pk=district.housing.group_id).exists()
    assert as_role(Role.COMMITTEE_STAFF).post(page("posting_end", posting.pk)).status_code == 403


def test_choices_tell_people_of_one_name_apart(district: SimpleNamespace, office: Client) -> None:
    people.person("陈一", workplace="区医院")

    found = office.get(
        reverse("admin:autocomplete"),
        {"app_label": "members", "model_name": "posting", "field_name": "person", "term": "陈一"},
    ).json()

    assert "陈一（区医院）" in [one["text"] for one in found["results"]]


# Accounts -------------------------------------------------------------------------------------


def test_account_is_made_with_a_password_shown_once(district: SimpleNamespace) -> None:
    people.person("瞿四")
    sysadmin = as_role(Role.SYSTEM_ADMIN)

    unknown = sysadmin.post(page("user_add"), {"username": "g1", "person": "无此人"})
    shown = sysadmin.post(page("user_add"), {"username": "g1", "person": "瞿四"})

    user = User.objects.get(username="g1")
    match = re.search(r'<code class="secret">(\w+)</code>', shown.content.decode())
    assert match is not None
    assert user.check_password(match[1])
    assert user.must_change_password
    assert unknown.context["form"].errors
    detail = sysadmin.get(page("user_change", user.pk)).content.decode()
    assert match[1] not in detail
    assert user.password not in detail
    assert "is_superuser" not in detail


def test_account_is_disabled_enabled_and_reset_by_the_system_administrator(
    district: SimpleNamespace,
) -> None:
    sysadmin = as_role(Role.SYSTEM_ADMIN)
    user = district.clerk
    before = user.password

    sysadmin.post(page("user_disable", user.pk))
    user.refresh_from_db()
    assert not user.is_active
    sysadmin.post(page("user_enable", user.pk))
    sysadmin.post(page("user_reset_password", user.pk))

    user.refresh_from_db()
    assert user.is_active
    assert user.password != before
    for verb in ("disable", "enable", "reset_password"):
        assert AuditEvent.objects.filter(action=f"user.{verb}").exists()


def test_nobody_keeps_their_own_account_or_grants_themselves(district: SimpleNamespace) -> None:
    sysadmin = people.account("sa", "系统甲", Role.SYSTEM_ADMIN)
    secadmin = people.account("sc", "安全甲", Role.SECURITY_ADMIN)

    assert logged_in(sysadmin).post(page("user_disable", sysadmin.pk)).status_code == 403
    answer = logged_in(secadmin).post(
        page("user_grant_role", secadmin.pk), {"role": Role.OFFICE.value}
    )

    assert answer.status_code == 403
    assert Role.OFFICE not in User.objects.get(pk=secadmin.pk).roles


def test_roles_are_granted_by_the_security_administrator_alone(district: SimpleNamespace) -> None:
    secadmin, sysadmin = as_role(Role.SECURITY_ADMIN, "sc"), as_role(Role.SYSTEM_ADMIN, "sa")
    user = people.account("new", "新来")
    role = {"role": Role.OFFICE.value}

    assert sysadmin.post(page("user_grant_role", user.pk), role).status_code == 403
    assert secadmin.post(page("user_disable", user.pk)).status_code == 403
    assert secadmin.get(page("user_add")).status_code == 403
    secadmin.post(page("user_grant_role", user.pk), role)
    granted = User.objects.get(pk=user.pk)
    held = granted.roles
    secadmin.post(page("user_revoke_role", user.pk), role)

    assert Role.OFFICE in held
    assert granted.is_staff
    assert Role.OFFICE not in User.objects.get(pk=user.pk).roles


def test_nobody_holds_two_of_the_three_administrators_roles(district: SimpleNamespace) -> None:
    secadmin = as_role(Role.SECURITY_ADMIN)
    user = people.account("sa", "系统甲", Role.SYSTEM_ADMIN)

    answer = secadmin.post(
        page("user_grant_role", user.pk), {"role": Role.AUDITOR.value}, follow=True
    )

    assert "须由三个人分别担任" in answer.content.decode()
    assert Role.AUDITOR not in User.objects.get(pk=user.pk).roles


def test_account_is_never_posted_as_a_form(district: SimpleNamespace) -> None:
    sysadmin = as_role(Role.SYSTEM_ADMIN)

    answer = sysadmin.post(
        page("user_change", district.clerk.pk), {"is_superuser": "on", "is_staff": "on"}
    )

    district.clerk.refresh_from_db()
    assert answer.status_code == 405
    assert not district.clerk.is_superuser


@pytest.mark.parametrize("role", [Role.OFFICE, Role.MEMBER_WORK, Role.AUDITOR])
def test_accounts_are_no_business_of_others(district: SimpleNamespace, role: str) -> None:
    client = as_role(role)

    assert client.get(page("user_changelist")).status_code == 403
    assert client.get(page("user_change", district.clerk.pk)).status_code == 403
    assert client.post(page("user_reset_password", district.clerk.pk)).status_code == 403
