"""The two profiles of passwords, and how they are hashed."""

from typing import Any

import pytest
from django.contrib.auth.hashers import check_password, identify_hasher, make_password
from django.core.exceptions import ValidationError
from pytest_django import Settings

from members.actions import change_password, grant_role
from members.models import Person, User
from members.passwords import StaffOrMemberValidator
from members.roles import Role, lay_down

pytestmark = pytest.mark.django_db
validator = StaffOrMemberValidator()


def account(role: str, **fields: Any) -> User:
    lay_down()
    user = User.objects.create_user("wy0001", "Chushi-mima-1")
    Person.objects.create(name="陈志远", phone="13800130001", birth_year=1974, user=user, **fields)
    grant_role(user, role, by=None)
    return User.objects.get(pk=user.pk)


@pytest.fixture
def member() -> User:
    return account(Role.MEMBER)


@pytest.fixture
def clerk() -> User:
    return account(Role.UNIT_CLERK)


def codes(password: str, user: User | None) -> set[str]:
    try:
        validator.validate(password, user)
    except ValidationError as error:
        return {fault.code or "" for fault in error.error_list}
    return set()


@pytest.mark.parametrize(
    "password", ["kuaile chi fan", "xiaoqiao8", "山高水长风清月明", "a b c d e f g"]
)
def test_member_needs_eight_characters_of_any_kind(member: User, password: str) -> None:
    assert codes(password, member) == set()


def test_member_is_refused_seven_characters(member: User) -> None:
    assert codes("xqlsdjf", member) == {"password_too_short"}


@pytest.mark.parametrize(
    "password",
    [
        "陈志远20261",
        "chenzhiyuan1",
        "ChenZhiYuan!",
        "13800130001",
        "00130001ab",
        "政协2026!!",
        "haimen2026",
        "Haimen1974",
        "zhengxie123",
        "海门政协委员提案",
        "wy0001wy0001",
        "password12",
    ],
)
def test_member_is_refused_what_others_know(member: User, password: str) -> None:
    assert codes(password, member) == {"password_given_away"}


def test_a_long_sentence_may_hold_such_a_word(member: User) -> None:
    assert codes("我在海门种了三亩西瓜两亩豆", member) == set()


@pytest.mark.parametrize("length", [64, 200])
def test_long_passwords_are_taken(member: User, clerk_password: str, length: int) -> None:
    assert codes((clerk_password * length)[:length], member) == set()


@pytest.fixture
def clerk_password() -> str:
    return "Sunny-bamboo-47"


def test_staff_password_is_taken(clerk: User, clerk_password: str) -> None:
    assert codes(clerk_password, clerk) == set()
    assert codes("sunny bamboo 47", clerk) == set()


@pytest.mark.parametrize("password", ["sunnybamboo", "sunnybamboo47", "SUNNYBAMBOO", "47110815923"])
def test_staff_need_three_kinds(clerk: User, password: str) -> None:
    assert codes(password, clerk) == {"password_too_plain"}


def test_staff_hear_every_reason_at_once(clerk: User) -> None:
    assert codes("haimen1", clerk) == {
        "password_too_short",
        "password_too_plain",
        "password_given_away",
    }


def test_staff_entry_alone_makes_it_strict() -> None:
    assert codes("sunnybamboo", User(username="g01", is_staff=True)) == {"password_too_plain"}


def test_unknown_account_gets_the_strict_profile() -> None:
    assert codes("sunnybamboo", None) == {"password_too_plain"}


def test_account_not_yet_saved_is_judged_without_history() -> None:
    assert codes("xiaoqiao8", User(username="wy0002")) == set()


def test_staff_are_refused_their_last_five(clerk: User) -> None:
    used = [f"Sunny-bamboo-{number}" for number in range(6)]
    for password in used:
        change_password(clerk, to=password)
    clerk = User.objects.get(pk=clerk.pk)

    assert [codes(password, clerk) for password in used] == [
        set(),
        *[{"password_used_before"}] * 5,
    ]


def test_member_may_return_to_an_earlier_one(member: User) -> None:
    change_password(member, to="kuaile chi fan")

    assert codes("kuaile chi fan", member) == set()


def test_reasons_are_chinese_sentences(clerk: User) -> None:
    with pytest.raises(ValidationError) as caught:
        validator.validate("haimen1", clerk)

    assert all(
        message.startswith("密码") and message.endswith("。") for message in caught.value.messages
    )
    assert "可以粘贴" in validator.get_help_text()


def test_hasher_has_the_documented_cost(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["members.hashers.Argon2Hasher"]
    encoded = make_password("Sunny-bamboo-47")

    assert "argon2id$v=19$m=19456,t=2,p=1$" in encoded
    assert check_password("Sunny-bamboo-47", encoded)
    assert identify_hasher(encoded).algorithm == "argon2"
