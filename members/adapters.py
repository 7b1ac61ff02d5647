"""How allauth behaves here: no sign-up, the office's words, second-factor secrets encrypted."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office import personal

STOOD_AS = "session_epoch_at_password"


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by the office; nobody signs up."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _(
            "账号或密码不正确。账号可以是工号、手机号或姓名（有同名时请用手机号）；忘记密码请联系办公室重设。"
        ),
        "account_inactive": _("账号或密码不正确。"),
    }

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> Any:
        """Between password and one-time code lie minutes: remember as what the account stood."""
        request.session[STOOD_AS] = user.session_epoch
        return super().pre_login(request, user, **kwargs)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class SecondFactorAdapter(DefaultMFAAdapter):
    """One-time-code secrets are encrypted like phone numbers."""

    def encrypt(self, text: str) -> str:
        return personal.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return personal.decrypt(encrypted_text)

    def get_totp_label(self, user: Any) -> str:
        return str(user.username)
