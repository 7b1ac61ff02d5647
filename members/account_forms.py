"""The forms of one's own account in the office's words; every secret asked for counts when wrong."""

from typing import Any

from allauth.account import forms
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from django.contrib.auth import authenticate
from django.contrib.auth.forms import PasswordChangeForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from members import lockout, second_factor
from members.adapters import STOOD_AS


class LoginForm(forms.LoginForm):
    """Account and password; no puzzle, paste and password managers allowed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("账号")
        self.fields["login"].help_text = _("工号、手机号或姓名")
        self.fields["password"].label = _("密码")
        self.fields["password"].help_text = ""
        for name, autocomplete in (("login", "username"), ("password", "current-password")):
            attrs = self.fields[name].widget.attrs
            attrs.pop("placeholder", None)
            attrs["autocomplete"] = autocomplete
        self.fields.pop("remember", None)


class CountedCode:
    """A one-time or recovery code: refused while locked, counted when wrong, good only once."""

    user: Any
    authenticator: Any

    def clean_code(self) -> str:
        lockout.refuse_if_locked(context.request, self.user)
        try:
            code: str = super().clean_code()  # type: ignore[misc]
            if not second_factor.claim(self.authenticator, code):
                raise get_adapter().validation_error("incorrect_code")
        except ValidationError:
            lockout.count_wrong_code(context.request, self.user)
            raise
        return code


class LoginCodeForm(CountedCode, AuthenticateForm):
    """The second step of a login, as long as the first one still holds."""

    def clean_code(self) -> str:
        stands_as = context.request.session.get(STOOD_AS)
        if not self.user.is_active or self.user.session_epoch != stands_as:
            raise ValidationError(_now("账号刚有变动，请取消后重新登录。"))
        return super().clean_code()


class ConfirmCodeForm(CountedCode, ReauthenticateForm):
    """The same code asked again before a setting that the account's safety hangs on."""


class PasswordForm(PasswordChangeForm):
    """One's own new password; the present one is tried through the portal's one door."""

    def __init__(self, request: HttpRequest, *args: Any) -> None:
        user: Any = request.user
        super().__init__(user, *args)
        self.request = request

    def clean_old_password(self) -> str:
        old: str = self.cleaned_data["old_password"]
        # Somebody at a browser left open could guess here without being counted.
        if authenticate(self.request, username=self.user.username, password=old) is None:
            raise ValidationError(
                self.error_messages["password_incorrect"], code="password_incorrect"
            )
        return old

    def clean(self) -> Any:
        cleaned = super().clean()
        new = self.cleaned_data.get("new_password1")
        if new and new == self.cleaned_data.get("old_password"):
            self.add_error("new_password1", _now("新密码要与现在的密码不同。"))
        return cleaned
