"""The one door: every login, the admin's too, comes through here."""

from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from members.accounts import find_account
from members.models import User


class LoginBackend(ModelBackend):
    """Account by staff number, phone or unique name; an unknown one costs the same time as a known one."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        if username is None or password is None:
            return None
        user = find_account(username)
        if user is None:
            User().set_password(password)
            return None
        if not user.check_password(password) or not self.user_can_authenticate(user):
            return None
        return user

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """What the account's roles allow: nothing is granted to an account alone."""
        if user_obj.is_superuser or not isinstance(user_obj, User):
            return super().get_all_permissions(user_obj, obj)
        return set() if obj is not None or not user_obj.is_active else user_obj.rights

    def user_can_authenticate(self, user: Any) -> bool:
        # Nobody works as superuser in production, nor goes on working: sessions ask this too.
        if user.is_superuser and settings.PRODUCTION:
            return False
        return super().user_can_authenticate(user)
