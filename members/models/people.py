"""People: one row a person, many memberships; names are never keys."""

import uuid
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from cppcc_portal.office.personal import (
    EncryptedTextField,
    PinyinInitialsField,
    mask_phone,
)
from members.models.bodies import Body, Committee, Sector, Term, TownCommittee

if TYPE_CHECKING:
    from members.models.accounts import User


class PersonQuerySet(models.QuerySet["Person"]):
    def search(self, words: str) -> "PersonQuerySet":
        """By name, or by pinyin (initials or whole)."""
        return self.filter(Q(name__icontains=words) | Q(initials__icontains=words.lower()))


class Person(models.Model):
    """A person known to the office; may have no account and never log in."""

    class Sex(models.TextChoices):
        MALE = "male", _("男")
        FEMALE = "female", _("女")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user: "models.OneToOneField[User | None, User | None]" = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="person",
        verbose_name=_("账号"),
    )
    name = models.CharField(_("姓名"), max_length=60)
    initials = PinyinInitialsField(source="name")
    sex = models.CharField(_("性别"), max_length=6, choices=Sex, blank=True)
    birth_year = models.PositiveSmallIntegerField(_("出生年"), null=True, blank=True)
    birth_month = models.PositiveSmallIntegerField(_("出生月"), null=True, blank=True)
    ethnic_group = models.CharField(_("民族"), max_length=20, blank=True)
    party = models.CharField(_("党派"), max_length=40, blank=True)
    education = models.CharField(_("学历"), max_length=40, blank=True)
    workplace = models.CharField(_("工作单位"), max_length=120, blank=True)
    post = models.CharField(_("职务"), max_length=120, blank=True)
    address = models.CharField(_("通信地址"), max_length=200, blank=True)
    email = models.EmailField(_("电子邮箱"), blank=True)
    phone = EncryptedTextField(_("手机号"), blank=True)
    # A keyed hash: login and look-up by phone never need the number itself.
    phone_hash = models.CharField(  # noqa: DJ001  NULL, so that many may have no phone
        max_length=64, null=True, blank=True, editable=False
    )
    id_number = EncryptedTextField(_("身份证号"), blank=True)
    id_number_hash = models.CharField(  # noqa: DJ001  NULL, so that many may have none
        max_length=64, null=True, blank=True, editable=False
    )
    note = models.TextField(_("备注"), blank=True)
    history = HistoricalRecords()

    objects: ClassVar = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("人员")
        ordering = ["initials", "pk"]
        permissions = [
            ("unmask_person", _("查看完整手机号与证件号")),
            ("import_person", _("导入人员")),
            ("export_person", _("导出人员")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["phone_hash"],
                name="members_phone_once",
                violation_error_message=_("这个手机号已登记在另一人名下。"),
            ),
            models.UniqueConstraint(
                fields=["id_number_hash"],
                name="members_id_number_once",
                violation_error_message=_("这个身份证号已登记在另一人名下。"),
            ),
            models.CheckConstraint(
                condition=Q(birth_month__isnull=True) | Q(birth_month__range=(1, 12)),
                name="members_birth_month_range",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.phone)


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self) -> "MembershipQuerySet":
        """Members in office now: only they can submit, sign or be invited."""
        return self.filter(status=Membership.Status.ACTIVE)

    def of_current_term(self) -> "MembershipQuerySet":
        return self.filter(term__is_current=True)

    def search(self, words: str) -> "MembershipQuerySet":
        """By name, pinyin initials, member number or sector."""
        return self.filter(
            Q(person__name__icontains=words)
            | Q(person__initials__icontains=words.lower())
            | Q(number=words)
            | Q(sector__name__icontains=words)
        )


class Membership(models.Model):
    """A person's seat in one term: the member (委员) as sector, committee and town know them."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("在任")
        RESIGNED = "resigned", _("辞去")
        REMOVED = "removed", _("撤销")
        DIED = "died", _("去世")
        ENDED = "ended", _("届满")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="memberships", verbose_name=_("人员")
    )
    term = models.ForeignKey(Term, models.PROTECT, related_name="memberships", verbose_name=_("届"))
    number = models.CharField(_("委员证号"), max_length=20, blank=True)
    sector = models.ForeignKey(
        Sector,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name=_("界别"),
    )
    committee = models.ForeignKey(
        Committee,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name=_("专委会"),
    )
    town = models.ForeignKey(
        TownCommittee,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name=_("镇街小组"),
    )
    is_standing = models.BooleanField(_("常委"), default=False)
    status = models.CharField(_("状态"), max_length=12, choices=Status, default=Status.ACTIVE)
    since = models.DateField(_("起"), null=True, blank=True)
    until = models.DateField(_("止"), null=True, blank=True)
    note = models.TextField(_("备注"), blank=True)
    history = HistoricalRecords()

    objects: ClassVar = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("委员")
        ordering = ["-term__number", "pk"]
        permissions = [
            ("import_membership", _("导入委员")),
            ("export_membership", _("导出委员")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "term"],
                name="members_one_seat_a_term",
                violation_error_message=_("此人在这一届已有委员资格。"),
            ),
            models.UniqueConstraint(
                fields=["term", "number"],
                condition=~Q(number=""),
                name="members_number_once_a_term",
                violation_error_message=_("这个委员证号本届已有人使用。"),
            ),
        ]

    def __str__(self) -> str:
        return self.person.name

    @property
    def is_active(self) -> bool:
        return self.status == self.Status.ACTIVE

    @property
    def initials(self) -> str:
        """Pinyin initials of the person, by which lists are searched."""
        return str(self.person.initials)


class PostingQuerySet(models.QuerySet["Posting"]):
    def current(self, on: date | None = None) -> "PostingQuerySet":
        on = on or timezone.localdate()
        return self.filter(Q(until__isnull=True) | Q(until__gte=on), since__lte=on)


class Posting(models.Model):
    """A person acting for a body in a role, from one day to another."""

    class Role(models.TextChoices):
        CHAIR = "chair", _("主任")
        STAFF = "staff", _("工作人员")
        CONVENOR = "convenor", _("召集人")
        CLERK = "clerk", _("经办人")
        LEADER = "leader", _("负责人")
        PRINCIPAL = "principal", _("主要负责人")

    LEADS: ClassVar = (Role.LEADER, Role.PRINCIPAL)

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="postings", verbose_name=_("人员")
    )
    body = models.ForeignKey(Body, models.PROTECT, related_name="postings", verbose_name=_("组织"))
    role = models.CharField(_("职责"), max_length=12, choices=Role)
    since = models.DateField(_("起"), default=timezone.localdate)
    until = models.DateField(_("止"), null=True, blank=True)
    history = HistoricalRecords()

    objects: ClassVar = PostingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("任职")
        ordering = ["body", "role", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "body", "role"],
                condition=Q(until__isnull=True),
                name="members_posting_once",
                violation_error_message=_("此人在该组织已有同样的任职。"),
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("since")),
                name="members_posting_ends_after_start",
                violation_error_message=_("结束日期不能早于开始日期。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.body} {self.get_role_display()}"
