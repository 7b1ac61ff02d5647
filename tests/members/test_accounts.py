"""The one door: lock-out, first password, second factor, the end of sessions, what is written down."""

import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from axes.models import AccessAttempt
from django.conf import settings as portal_settings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from cppcc_portal.office import parameters
from cppcc_portal.office.audit import AuditEvent
from members import actions, lockout
from members.accounts import find_account
from members.models import User
from members.roles import ROLE_PERMISSIONS, SEPARATED_ROLES, STAFF_ROLES, Role
from tests import people

pytestmark = pytest.mark.django_db

PHONE = "13800130001"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
LOGIN, CODE = "/account/login/", "/account/2fa/authenticate/"
WRONG = "Cuowu-mima-2026"


@pytest.fixture
def member(db: None) -> User:
    user = people.account("WY0001", "陈一", Role.MEMBER)
    actions.set_phone(user.person, PHONE)
    user.person.save()
    return user


@pytest.fixture
def colleague(db: None) -> User:
    return people.account("WY0002", "黄二", Role.MEMBER)


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def log_in(login: str, password: str = people.PASSWORD, **where: Any) -> Any:
    client = where.pop("client", None) or Client()
    return client.post(LOGIN, {"login": login, "password": password}, **where)


def entered(user: User, **where: Any) -> Client:
    client = Client()
    answer = log_in(user.username, client=client, **where)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return client


def lock(login: str, **where: Any) -> Any:
    answers = [log_in(login, WRONG, **where) for _try in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
    return answers[-1]


def is_in(client: Client) -> bool:
    return client.get("/").status_code == 200


def is_out(client: Client) -> bool:
    """Asked to log in; an open session may also be led elsewhere, as to a new password."""
    answer = client.get("/")
    return answer.status_code == 302 and answer["Location"].startswith(LOGIN)


def events(action: str, **fields: Any) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(action=action, **fields).order_by("pk"))


# Which account is meant -----------------------------------------------------------------------

SPELLINGS = [
    "WY0001",
    "wy0001",
    " ＷＹ０００１ ",
    "WY 0001",
    "WY\u200b0001",
    PHONE,
    "１３８００１３０００１",
    "138 0013 0001",
    "138-0013-0001",
    "+8613800130001",
    "+86 138-0013-0001",
    "008613800130001",
    "陈一",
    "陈 一",
    "陈\u3000一",
]


@pytest.mark.parametrize("login", SPELLINGS)
def test_every_spelling_means_the_same_account(member: User, login: str) -> None:
    assert find_account(login) == member
    assert log_in(login).status_code == 302


def test_name_opens_only_while_it_is_unique(member: User) -> None:
    people.account("WY0009", "陈一", Role.MEMBER)

    answer = log_in("陈一")

    assert answer.status_code == 200
    assert "账号或密码不正确" in answer.content.decode()
    assert log_in("WY0001").status_code == 302
    assert log_in(PHONE).status_code == 302


def test_account_that_differs_in_case_alone_is_not_mistaken(member: User) -> None:
    other = people.account("wy0001", "施三", Role.MEMBER)

    assert (find_account("wy0001"), find_account("WY0001")) == (other, member)
    assert find_account("Wy0001") is None


@pytest.mark.parametrize("login", ["", "  ", "\u200b", "无此人", "13900139000", "' OR 1=1 --"])
def test_nobody_is_meant_by_anything_else(member: User, login: str) -> None:
    assert find_account(login) is None


# Lock-out -------------------------------------------------------------------------------------


def test_five_wrong_passwords_lock_and_the_right_one_stays_refused(member: User) -> None:
    lock("WY0001")

    answer = log_in("WY0001")

    said = answer.content.decode()
    assert answer.status_code == 429
    assert "暂停登录 30 分钟" in said
    assert "请办公室重设密码" in said
    assert parameters.get("portal.help_text") in said
    assert reverse("account_login") in said
    assert events("user.login", result="ok") == []


@pytest.mark.parametrize("start", range(0, len(SPELLINGS), 5))
def test_failures_in_many_spellings_count_together(member: User, start: int) -> None:
    for login in SPELLINGS[start : start + 5]:
        log_in(login, WRONG)

    assert all(log_in(login).status_code == 429 for login in SPELLINGS)
    assert AccessAttempt.objects.count() == 1


def test_unknown_account_is_counted_in_every_spelling_as_well(member: User) -> None:
    unknown = ["13900139000", "１３９００１３９０００", "139 0013 9000", "+8613900139000"]

    answers = [log_in(login, WRONG).status_code for login in [*unknown, unknown[0], unknown[1]]]

    assert answers == [200, 200, 200, 200, 429, 429]


def test_both_doors_are_one(member: User) -> None:
    clerk = people.account("bg01", "办公室甲", Role.OFFICE)
    client = Client()
    for _try in range(5):
        door = client.get("/admin/login/")
        log_in("bg01", WRONG, client=client)

    # The admin's address takes no password; it leads to the portal's login.
    posted = client.post("/admin/login/", {"username": "bg01", "password": people.PASSWORD})

    assert door.status_code == posted.status_code == 302
    assert posted["Location"].startswith(LOGIN)
    assert client.post(posted["Location"], {"login": "bg01", "password": people.PASSWORD}).status_code == 429  # fmt: skip
    assert is_out(client)
    assert client.get("/admin/").status_code == 302
    assert not events("user.login", result="ok", user=clerk)


def test_other_addresses_and_other_accounts_go_on(member: User, colleague: User) -> None:
    lock("WY0001")

    assert log_in("WY0002").status_code == 302
    assert log_in("WY0001", REMOTE_ADDR="203.0.113.5").status_code == 302
    assert log_in("WY0001").status_code == 429


@pytest.mark.parametrize("header", ["HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_FORWARDED"])
def test_address_written_into_a_header_opens_nothing(member: User, header: str) -> None:
    answers = [log_in("WY0001", WRONG, **{header: f"203.0.113.{n}"}) for n in range(5)]

    assert answers[-1].status_code == 429
    assert log_in("WY0001", **{header: "203.0.113.77"}).status_code == 429


def test_browser_that_changes_its_name_is_counted_all_the_same(member: User) -> None:
    answers = [log_in("WY0001", WRONG, HTTP_USER_AGENT=f"agent {n}") for n in range(5)]

    assert answers[-1].status_code == 429


def test_one_account_is_not_guessed_from_many_addresses(member: User) -> None:
    for n in range(lockout.LIMIT_OF_ACCOUNT):
        log_in("WY0001", WRONG, REMOTE_ADDR=f"198.51.100.{n // 4}")

    assert log_in("WY0001", REMOTE_ADDR="203.0.113.5").status_code == 429


def test_one_password_is_not_tried_on_many_accounts(
    member: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lockout, "LIMIT_OF_ADDRESS", 20)

    for n in range(20):
        log_in(f"gh{n:03}", WRONG)

    assert log_in("WY0001").status_code == 429
    assert log_in("WY0001", REMOTE_ADDR="203.0.113.5").status_code == 302


def test_own_login_does_not_wipe_out_what_was_tried_on_others(
    member: User, colleague: User
) -> None:
    for _try in range(4):
        log_in("WY0001", WRONG)
    log_in("WY0002")

    assert log_in("WY0001", WRONG).status_code == 429


def test_success_forgets_the_failures_before_it(member: User) -> None:
    for _round in range(3):
        for _try in range(4):
            assert log_in("WY0001", WRONG).status_code == 200
        assert log_in("WY0001").status_code == 302


def test_lock_ends_after_its_time_and_not_before(member: User) -> None:
    lock("WY0001")

    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=29))
    assert log_in("WY0001").status_code == 429
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=31))
    assert log_in("WY0001").status_code == 302


def test_trying_on_does_not_make_the_lock_longer(member: User) -> None:
    lock("WY0001")
    began = AccessAttempt.objects.get().attempt_time

    log_in("WY0001", WRONG)

    assert AccessAttempt.objects.get().attempt_time == began


@pytest.mark.parametrize("verb", ["unlock", "reset_password"])
def test_administrator_ends_the_lock(member: User, verb: str) -> None:
    lock("WY0001")
    sysadmin = entered(people.account("sa", "系统甲", Role.SYSTEM_ADMIN))

    answer = sysadmin.post(reverse(f"admin:members_user_{verb}", args=[member.pk]), follow=True)

    assert answer.status_code == 200
    password = people.PASSWORD if verb == "unlock" else answer.context["password"]
    assert log_in("WY0001", password).status_code == 302
    assert [event.user.username for event in events(f"user.{verb}")] == ["sa"]


# No telling who is there ----------------------------------------------------------------------


def without_token(answer: Any) -> str:
    return "\n".join(
        line for line in answer.content.decode().splitlines() if "csrfmiddlewaretoken" not in line
    )


def test_every_refusal_looks_the_same(member: User, colleague: User) -> None:
    User.objects.filter(pk=colleague.pk).update(is_active=False)
    # Of one length, since the page shows again what was typed.
    tries = [("WY0001", WRONG), ("WY0002", WRONG), ("WY0002", people.PASSWORD), ("WY0404", WRONG)]

    answers = [log_in(login, password) for login, password in tries]

    assert {answer.status_code for answer in answers} == {200}
    pages = {
        without_token(answer).replace(login, "")
        for answer, (login, _password) in zip(answers, tries, strict=True)
    }
    assert len(pages) == 1
    assert "停用" not in pages.pop()


def test_the_lock_of_nobody_looks_like_the_lock_of_somebody(member: User) -> None:
    known, unknown = lock("WY0001"), lock("WY0404")

    assert without_token(known) == without_token(unknown)


@pytest.mark.parametrize("login", ["WY0001", PHONE, "陈一", "WY0002", "WY0404", "黄二"])
def test_every_refusal_costs_one_hash(
    member: User, colleague: User, monkeypatch: pytest.MonkeyPatch, login: str
) -> None:
    people.account("WY0003", "黄二", Role.MEMBER)
    User.objects.filter(pk=colleague.pk).update(is_active=False)
    hashed: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(hasher: Any, password: str, salt: str) -> str:
        hashed.append(password)
        return encode(hasher, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)

    log_in(login, WRONG)

    assert hashed == [WRONG]


# The first password ---------------------------------------------------------------------------


@pytest.fixture
def newcomer(db: None) -> SimpleNamespace:
    user, password = actions.create_account(
        by=None, username="WY0007", person=people.person("瞿七")
    )
    actions.grant_role(user, Role.MEMBER, by=None)
    client = Client()
    assert log_in("WY0007", password, client=client).status_code == 302
    return SimpleNamespace(user=user, password=password, client=client)


@pytest.mark.parametrize(
    "path",
    ["/", "/proposals/", "/notices/", "/desk/", "/admin/", "/account/2fa/totp/activate/",
     "/account/2fa/", "/account/sessions/", "/files/", "/account/password/changed/"],
)  # fmt: skip
def test_first_password_is_changed_before_any_page(newcomer: SimpleNamespace, path: str) -> None:
    for answer in (newcomer.client.get(path), newcomer.client.post(path)):
        assert answer.status_code == 302
        assert answer["Location"] == "/account/password/change/"


def change(client: Client, old: str, new: str, again: str = "", **where: Any) -> Any:
    words = {"old_password": old, "new_password1": new, "new_password2": again or new}
    return client.post("/account/password/change/", words, **where)


def test_first_password_cannot_be_kept(newcomer: SimpleNamespace) -> None:
    answer = change(newcomer.client, newcomer.password, newcomer.password)

    assert answer.status_code == 200
    assert "新密码要与现在的密码不同。" in answer.content.decode()
    assert newcomer.client.get("/").status_code == 302


def test_after_the_change_the_pages_open(newcomer: SimpleNamespace) -> None:
    answer = change(newcomer.client, newcomer.password, "shan gao shui chang")

    assert answer["Location"] == "/"
    assert is_in(newcomer.client)
    assert log_in("WY0007", newcomer.password).status_code == 200


def test_guessing_the_present_password_at_an_open_browser_is_counted(member: User) -> None:
    client = entered(member)

    answers = [change(client, WRONG, "shan gao shui chang") for _try in range(5)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
    assert change(client, people.PASSWORD, "shan gao shui chang").status_code == 429
    member.refresh_from_db()
    assert member.check_password(people.PASSWORD)


# The end of sessions --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "deed",
    [
        lambda user, by: actions.disable_account(user, by=by.sysadmin),
        lambda user, by: actions.reset_password(user, by=by.sysadmin),
        lambda user, by: actions.reset_second_factor(user, by=by.sysadmin),
        lambda user, by: actions.grant_role(user, Role.CONVENOR, by=by.secadmin),
        lambda user, by: actions.revoke_role(user, Role.MEMBER, by=by.secadmin),
    ],
)
def test_sessions_end_at_once(member: User, deed: Callable[[User, Any], Any]) -> None:
    by = SimpleNamespace(
        sysadmin=people.account("sa", "系统甲", Role.SYSTEM_ADMIN),
        secadmin=people.account("sc", "安全甲", Role.SECURITY_ADMIN),
    )
    phone, desk = entered(member), entered(member, REMOTE_ADDR="203.0.113.5")
    assert is_in(phone)

    deed(fresh(member), by)

    assert is_out(phone)
    assert is_out(desk)


def test_enabling_again_does_not_revive_an_old_session(member: User) -> None:
    sysadmin = people.account("sa", "系统甲", Role.SYSTEM_ADMIN)
    client = entered(member)

    actions.disable_account(member, by=sysadmin)
    actions.enable_account(member, by=sysadmin)

    assert is_out(client)


def test_password_change_ends_the_other_browsers_only(member: User) -> None:
    here, there = entered(member), entered(member)

    change(here, people.PASSWORD, "shan gao shui chang")

    assert is_in(here)
    assert is_out(there)


def test_login_gives_the_session_a_new_name(member: User) -> None:
    client = Client()
    client.get(LOGIN)
    session = client.session
    session["planted"] = "1"
    session.save()
    client.cookies.load({portal_settings.SESSION_COOKIE_NAME: str(session.session_key)})

    log_in("WY0001", client=client)

    assert client.session.session_key != session.session_key
    assert not client.session.exists(session.session_key)


def put_back(client: Client, **minutes: int) -> None:
    session = client.session
    for name, ago in minutes.items():
        session[name] = int(time.time()) - 60 * ago
    session.save()


@pytest.mark.parametrize(
    ("role", "limit"),
    [(Role.MEMBER, 120), (Role.OFFICE, 30), (Role.UNIT_CLERK, 30), (Role.LEADER, 30)],
)
def test_session_ends_after_its_idle_time(db: None, role: str, limit: int) -> None:
    user = people.account("x", "某某", role)
    client = entered(user)
    client.get("/")

    put_back(client, seen_at=limit - 2)
    assert is_in(client)
    put_back(client, seen_at=limit + 1)
    assert is_out(client)
    assert events("user.logout")[-1].fields == {"why": [None, "idle"]}


def test_session_ends_after_twelve_hours_in_any_case(member: User) -> None:
    client = entered(member)
    client.get("/")

    put_back(client, logged_in_at=12 * 60 - 2)
    assert is_in(client)
    put_back(client, logged_in_at=12 * 60 + 1)
    assert is_out(client)
    assert events("user.logout")[-1].fields == {"why": [None, "longest"]}


# The second factor ----------------------------------------------------------------------------


@pytest.fixture
def _early_in_a_code(db: None) -> Iterator[None]:
    """The clock stands while a code is good; no web process has seen one before."""
    cache.clear()
    now = int(time.time())
    with time_machine.travel(now - now % 30 + 5, tick=False):
        yield


one_time = pytest.mark.usefixtures("_early_in_a_code")


def with_app(user: User) -> list[str]:
    """An authenticator app for somebody; gives their recovery codes."""
    TOTP.activate(user, SECRET)
    codes: list[str] = RecoveryCodes.activate(user).get_unused_codes()
    return codes


def code_now() -> str:
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))


def wrong_code() -> str:
    return f"{(int(code_now()) + 1) % 10**6:06}"


def at_second_step(user: User, **where: Any) -> Client:
    client = Client()
    answer = log_in(user.username, client=client, **where)
    assert answer["Location"].startswith(CODE)
    return client


@pytest.fixture
def clerk(db: None) -> User:
    return people.account("bg01", "办公室甲", Role.OFFICE)


@pytest.mark.parametrize("role", sorted(Role.values))
def test_second_factor_is_asked_of_every_staff_role_in_production(
    settings: Settings, role: str
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    client = entered(people.account("x", "某某", role))

    answer = client.get("/")

    if role in STAFF_ROLES:
        assert answer["Location"] == "/account/2fa/totp/activate/"
        assert client.get("/notices/").status_code == 302
        assert client.get("/admin/").status_code == 302
    else:
        assert answer.status_code == 200


def test_second_factor_is_not_asked_in_the_demonstration(clerk: User) -> None:
    assert portal_settings.PORTAL_ENV == "demo"
    assert portal_settings.SECOND_FACTOR_REQUIRED is False
    assert is_in(entered(clerk))


@pytest.mark.parametrize(("env", "asked"), [("production", "True"), ("demo", "False")])
def test_installation_decides_on_the_second_factor(tmp_path: Path, env: str, asked: str) -> None:
    given = {
        "PORTAL_ENV": env, "VAR_DIR": str(tmp_path), "MEDIA_ROOT": str(tmp_path),
        "SECRET_KEY": "s" * 50, "FIELD_KEY": "f" * 32, "ALLOWED_HOSTS": "portal.example",
        "PUBLIC_URL": "https://portal.example", "DATABASE_URL": f"sqlite:///{tmp_path}/x.sqlite3",
        "STATIC_ROOT": str(tmp_path),
    }  # fmt: skip
    code = "from cppcc_portal import settings; print(settings.SECOND_FACTOR_REQUIRED)"

    said = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **given}, capture_output=True, check=True
    )

    assert said.stdout.decode().strip() == asked


def test_password_alone_opens_nothing(clerk: User) -> None:
    with_app(clerk)
    client = at_second_step(clerk)

    assert is_out(client)
    assert client.get("/admin/").status_code == 302
    assert events("user.login", result="ok") == []


@one_time
def test_one_time_code_opens(clerk: User) -> None:
    with_app(clerk)
    client = at_second_step(clerk)

    client.post(CODE, {"code": code_now()})

    assert is_in(client)
    assert len(events("user.login", result="ok", user=clerk)) == 1
    assert events("user.use_second_factor")[0].fields == {"kind": [None, "totp"]}


@one_time
def test_one_time_code_opens_one_door_once(clerk: User) -> None:
    with_app(clerk)
    first, second = at_second_step(clerk), at_second_step(clerk)
    code = code_now()
    first.post(CODE, {"code": code})
    cache.clear()  # another web process has a cache of its own

    second.post(CODE, {"code": code})

    assert is_in(first)
    assert is_out(second)


@one_time
@pytest.mark.parametrize("verb", ["disable_account", "reset_password"])
def test_login_half_done_ends_with_the_account_s_standing(clerk: User, verb: str) -> None:
    with_app(clerk)
    client = at_second_step(clerk)

    getattr(actions, verb)(fresh(clerk), by=people.account("sa", "系统甲", Role.SYSTEM_ADMIN))
    answer = client.post(CODE, {"code": code_now()})

    assert "账号刚有变动" in answer.content.decode()
    assert is_out(client)
    assert events("user.login", result="ok") == []


@one_time
@pytest.mark.parametrize("kind", ["totp", "recovery"])
def test_wrong_codes_lock_like_wrong_passwords(clerk: User, kind: str) -> None:
    recovery = with_app(clerk)
    client = at_second_step(clerk)
    wrong = wrong_code() if kind == "totp" else "00000000"
    right = code_now() if kind == "totp" else recovery[0]

    answers = [client.post(CODE, {"code": wrong}).status_code for _try in range(5)]

    assert answers == [200, 200, 200, 200, 429]
    assert client.post(CODE, {"code": right}).status_code == 429
    assert is_out(client)
    assert log_in("bg01").status_code == 429
    assert log_in("bg01", REMOTE_ADDR="203.0.113.5").status_code == 302
    failed = events("user.login", result="failed")
    assert [event.fields for event in failed] == [{"factor": [None, "code"]}] * 5
    assert {event.object for event in failed} == {f"members.user:{clerk.pk}"}
    assert len(events("user.lock_out")) == 1


@one_time
def test_password_known_does_not_buy_new_tries_at_the_code(clerk: User) -> None:
    with_app(clerk)

    answers = [
        at_second_step(clerk).post(CODE, {"code": wrong_code()}).status_code for _try in range(5)
    ]

    assert answers[-1] == 429


@one_time
def test_codes_and_passwords_are_counted_together(clerk: User) -> None:
    with_app(clerk)
    client = at_second_step(clerk)
    for _try in range(3):
        client.post(CODE, {"code": wrong_code()})
    log_in("bg01", WRONG)

    assert log_in("bg01", WRONG).status_code == 429
    assert client.post(CODE, {"code": code_now()}).status_code == 429


@one_time
def test_recovery_code_opens_once(clerk: User) -> None:
    recovery = with_app(clerk)
    first, second = at_second_step(clerk), at_second_step(clerk)

    first.post(CODE, {"code": recovery[0]})
    second.post(CODE, {"code": recovery[0]})

    assert is_in(first)
    assert is_out(second)
    assert events("user.use_second_factor")[0].fields == {"kind": [None, "recovery_codes"]}


def confirm(client: Client, password: str) -> Any:
    return client.post("/account/reauthenticate/", {"password": password})


@one_time
@pytest.mark.parametrize("factor", ["password", "code"])
def test_guessing_at_an_open_browser_is_counted(clerk: User, factor: str) -> None:
    client = entered(clerk)
    with_app(clerk)
    page, right, wrong = ("/account/reauthenticate/", people.PASSWORD, WRONG)
    if factor == "code":
        page, right, wrong = ("/account/2fa/reauthenticate/", code_now(), wrong_code())

    answers = [client.post(page, {factor: wrong}).status_code for _try in range(5)]

    assert answers == [200, 200, 200, 200, 429]
    assert client.post(page, {factor: right}).status_code == 429
    assert client.get("/account/2fa/recovery-codes/").status_code == 302
    assert {event.fields["factor"][1] for event in events("user.login", result="failed")} == {factor}  # fmt: skip


@one_time
def test_second_factor_is_written_down_when_it_comes_and_goes(
    clerk: User, django_capture_on_commit_callbacks: Any
) -> None:
    client = entered(clerk)
    confirm(client, people.PASSWORD)
    secret = client.get("/account/2fa/totp/activate/").context["form"].secret
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))

    with django_capture_on_commit_callbacks(execute=True):
        client.post("/account/2fa/totp/activate/", {"code": code})
    assert Authenticator.objects.filter(user=clerk, type="totp").exists()
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/account/2fa/totp/deactivate/")

    assert not Authenticator.objects.filter(user=clerk).exists()
    came, went = events("user.enable_second_factor"), events("user.disable_second_factor")
    assert [None, "totp"] in [event.fields["kind"] for event in came]
    assert [None, "totp"] in [event.fields["kind"] for event in went]
    assert {event.user for event in [*came, *went]} == {clerk}


# The administrators ---------------------------------------------------------------------------


def test_superuser_does_not_enter_production(settings: Settings) -> None:
    chief = User.objects.create_superuser("chief", people.PASSWORD)
    User.objects.filter(pk=chief.pk).update(must_change_password=False)
    inside = entered(chief)
    settings.PRODUCTION = True

    refused = log_in("chief")

    assert refused.status_code == 200
    assert "账号或密码不正确" in refused.content.decode()
    assert is_out(inside)


def test_three_administrators_are_kept_apart() -> None:
    system, security, auditor = (set(ROLE_PERMISSIONS[role]) for role in SEPARATED_ROLES)

    assert auditor == {"office.view_auditevent", "office.export_auditevent"}
    assert "members.grant_role" not in system | auditor
    assert not security & {"members.add_user", "members.change_user"}
    for permissions in (system, security, auditor):
        assert not [name for name in permissions if name.startswith(("proposals.", "feedback."))]
    content = ("members.view_person", "members.unmask_person", "office.view_attachment")
    assert not (system | security | auditor) & set(content)
    holders = [
        role for role, names in ROLE_PERMISSIONS.items() if "office.view_auditevent" in names
    ]
    assert holders == [Role.AUDITOR]


# What is written down -------------------------------------------------------------------------


def test_login_and_logout_are_written_down(member: User) -> None:
    client = entered(member, REMOTE_ADDR="203.0.113.5")
    client.post("/account/logout/", REMOTE_ADDR="203.0.113.5")

    (login,), (logout,) = events("user.login"), events("user.logout")
    for event in (login, logout):
        assert (event.user, event.address, event.result) == (member, "203.0.113.5", "ok")
        assert event.object == f"members.user:{member.pk}"
        assert event.role == "member"
    assert logout.fields == {"why": [None, "asked"]}


def test_failures_lock_and_refusals_are_written_down(member: User) -> None:
    lock("WY0001")
    log_in("WY0001")

    written = [(e.action, e.result) for e in AuditEvent.objects.filter(action__startswith="user.l").order_by("pk")]  # fmt: skip
    assert written == [
        *[("user.login", "failed")] * 5,
        ("user.lock_out", "ok"),
        ("user.login", "denied"),
    ]
    # Whoever failed is not known to be the owner of the account.
    assert {event.user for event in events("user.login")} == {None}
    assert {event.object for event in events("user.login")} == {f"members.user:{member.pk}"}


def test_nothing_that_was_typed_is_kept(member: User, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    typed = ["13900139000", "李不存在", "Mima-zai-zhanghao-lan-1"]
    for login in typed:
        log_in(login, "Mimi-de-kouling-77")
    log_in(PHONE, "Mimi-de-kouling-77")
    log_in("陈一", "Mimi-de-kouling-77")
    client = entered(member)
    change(client, "Mimi-de-kouling-77", "Xin-de-kouling-88")
    change(client, people.PASSWORD, "Xin-de-kouling-88")

    audit_log = json.dumps(list(AuditEvent.objects.values()), default=str, ensure_ascii=False)
    counted = json.dumps(list(AccessAttempt.objects.values()), default=str, ensure_ascii=False)
    secrets = [*typed, PHONE, "陈一", "Mimi-de-kouling-77", "Xin-de-kouling-88", people.PASSWORD]
    for place in (audit_log, counted, caplog.text):
        assert [word for word in secrets if word in place] == []
    unknown = [event.fields["login"][1] for event in events("user.login") if not event.object]
    assert len(set(unknown)) == 3
    assert all(mark.startswith("hmac:") for mark in unknown)
    assert len(events("user.change_password", user=member)) == 1
