"""Accounts: who may log in. The person behind an account stands in people.py."""

from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from members.models.people import Membership, Posting
from members.roles import STAFF_ROLES


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """An account that must change its first password."""
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """A break-glass account; production refuses it at login (`members.backends`)."""
        return self.create_user(username, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=username)


class User(AbstractBaseUser, PermissionsMixin):
    """An account: a staff number or name of its own, a password, roles by group."""

    username = models.CharField(
        _("账号"), max_length=60, unique=True, help_text=_("工号，或由办公室给定的登录名。")
    )
    is_staff = models.BooleanField(_("可进入工作台"), default=False)
    is_active = models.BooleanField(_("启用"), default=True)
    session_epoch = models.PositiveIntegerField(_("会话批次"), default=0, editable=False)
    must_change_password = models.BooleanField(_("首次登录须改密码"), default=True)
    password_changed_at = models.DateTimeField(_("密码修改时间"), null=True, blank=True)
    created_at = models.DateTimeField(_("建立时间"), default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = verbose_name_plural = _("账号")
        ordering = ["username"]
        permissions = [("grant_role", _("授予角色"))]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def name(self) -> str:
        """The person's name; the account name where there is no person."""
        person = getattr(self, "person", None)
        return person.name if person else self.username

    @cached_property
    def _groups(self) -> list[tuple[str, str | None, str | None]]:
        """The names of this account's groups, each with what it may do: one query a request for both."""
        what = ("permissions__content_type__app_label", "permissions__codename")
        return list(self.groups.order_by().values_list("name", *what))

    @cached_property
    def roles(self) -> frozenset[str]:
        """The names of this account's groups: roles, and the bodies it acts for."""
        return frozenset(name for name, _app, _codename in self._groups)

    @cached_property
    def rights(self) -> set[str]:
        """What its roles allow this account, as `app.codename`."""
        return {f"{app}.{codename}" for _name, app, codename in self._groups if codename}

    @cached_property
    def _postings(self) -> list[tuple[int, str, str]]:
        """Where this account's person is posted today, what kind of body that is, and as what."""
        rows = Posting.objects.current().filter(person__user=self)
        return list(rows.order_by().values_list("body_id", "body__kind", "role"))

    @cached_property
    def posted(self) -> frozenset[tuple[int, str]]:
        """Where this account's person is posted today, and as what."""
        return frozenset((body, role) for body, _kind, role in self._postings)

    @cached_property
    def posted_in(self) -> dict[int, str]:
        """The bodies where this account's person is posted today, with the kind of each."""
        return {body: kind for body, kind, _role in self._postings}

    @cached_property
    def body_ids(self) -> frozenset[int]:
        """The bodies (units, committees) on whose behalf this account acts today."""
        return frozenset(body for body, _role in self.posted)

    @cached_property
    def led_ids(self) -> frozenset[int]:
        """The units this account leads today."""
        return frozenset(body for body, role in self.posted if role in ("leader", "principal"))

    @cached_property
    def chaired_ids(self) -> frozenset[int]:
        """The committees this account chairs today."""
        return frozenset(body for body, role in self.posted if role == "chair")

    @cached_property
    def seat_ids(self) -> frozenset[int]:
        """The seats this account's person has or had, one a term; proposals are signed by seat."""
        seats = Membership.objects.filter(person__user=self).order_by()
        return frozenset(seats.values_list("pk", flat=True))

    @property
    def holds_staff_role(self) -> bool:
        return bool(self.roles & STAFF_ROLES)

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    def get_session_auth_hash(self) -> str:
        """Dead at once when the password, the roles or the standing of the account change."""
        return self._epoch_hash()

    def _epoch_hash(self, secret: str | None = None) -> str:
        return salted_hmac(
            "members.models.User.session",
            f"{self.password}|{self.session_epoch}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()

    def password_age_days(self, now: datetime) -> int:
        """Days since the password was last changed; an account that never did counts from its making."""
        return (now - (self.password_changed_at or self.created_at)).days


class PasswordHistory(models.Model):
    """Hashes of earlier passwords, so that the last five are refused for staff."""

    user = models.ForeignKey(User, models.CASCADE, related_name="password_history")
    hash = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.user_id} {self.at:%Y-%m-%d}"
