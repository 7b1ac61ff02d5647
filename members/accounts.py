"""Finding the account that somebody means: by staff number, phone number, or a name that is unique."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from cppcc_portal.office.personal import keyed_hash, normalise_phone
from members.models import User


def find_account(login: str) -> User | None:
    """The account meant by what was typed as account: staff number, else phone, else a unique name."""
    login = login.strip()
    users = User.objects.select_related("person")
    if user := users.filter(username=login).first():
        return user
    try:
        phone = normalise_phone(login)
    except ValueError:
        phone = ""
    if phone:
        return users.filter(person__phone_hash=keyed_hash(phone, "phone")).first()
    # A name shared by two people opens no door: both log in by number or phone.
    named = list(users.filter(person__name=login)[:2])
    return named[0] if len(named) == 1 else None


def display_name(user: User) -> str:
    return user.name


def account_of_attempt(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Under which account failures are counted, so that three spellings are not three doors."""
    login = str((credentials or {}).get("username") or request.POST.get("login") or "")
    user = find_account(login) if login else None
    return user.username if user else login[:60]


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: Any = None, **kw: Any
) -> HttpResponse:
    """What is shown while an account is locked for this address; the same for unknown accounts."""
    message = _(
        "密码错误次数过多，这个账号在本机地址上已暂停登录 30 分钟。请稍后再试，或请办公室重设密码。"
    )
    return render(request, "account/locked.html", {"message": message}, status=429)
