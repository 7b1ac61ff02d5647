"""Finding the account that somebody means: by staff number, phone number, or a name that is unique."""

import unicodedata
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from cppcc_portal.office import parameters
from cppcc_portal.office.personal import keyed_hash, normalise_phone
from members.models import User


def as_written(login: str) -> str:
    """What was typed as account without blanks, full-width letters and marks that nobody sees."""
    plain = unicodedata.normalize("NFKC", login)
    return "".join(
        letter for letter in plain if not letter.isspace() and unicodedata.category(letter) != "Cf"
    )


def find_account(login: str) -> User | None:
    """The account meant by what was typed as account: staff number, else phone, else a unique name."""
    typed, plain = login.strip(), as_written(login)
    if not plain:
        return None
    users = User.objects.select_related("person")
    numbered = list(users.filter(username__iexact=plain)[:2])
    if len(numbered) == 1:
        return numbered[0]
    if user := users.filter(username=typed).first():
        return user
    if phone := _phone(plain):
        return users.filter(person__phone_hash=keyed_hash(phone, "phone")).first()
    # A name shared by two people opens no door: both log in by number or phone.
    named = list(users.filter(person__name__in={typed, plain})[:2])
    return named[0] if len(named) == 1 else None


def _phone(plain: str) -> str:
    try:
        return normalise_phone(plain)
    except ValueError:
        return ""


def display_name(user: User) -> str:
    return user.name


def idle_minutes(user: User) -> int:
    """After how long without a request a session of this account ends."""
    whose = "staff" if user.is_staff or user.holds_staff_role else "member"
    minutes: int = parameters.get(f"accounts.idle_minutes_{whose}")
    return minutes


def account_of_attempt(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Under what failures are counted, so that three spellings are not three doors.

    An account that does not exist is counted in the same way, or the lock would tell which do; what
    was typed may be a phone number, a name or even a password, so only its keyed hash is kept.
    """
    login = str((credentials or {}).get("username") or request.POST.get("login") or "")
    if user := find_account(login):
        return counted_as(user)
    plain = as_written(login)
    return "none:" + keyed_hash(_phone(plain) or plain.casefold(), "login")[:40]


def counted_as(user: User) -> str:
    return f"user:{user.pk}"


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: Any = None, **kw: Any
) -> HttpResponse:
    """What is shown while an account is locked for this address; the same for unknown accounts."""
    message = _(
        "密码或验证码错误次数过多，这个账号在本机地址上已暂停登录 30 分钟。"
        "请稍后再试，或请办公室重设密码。"
    )
    return render(request, "account/locked.html", {"message": message}, status=429)
