"""Terms and the bodies of the office: committees, sectors, town committees, handling units."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.contrib.auth.models import Group
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from cppcc_portal.office.personal import PinyinInitialsField


class Term(models.Model):
    """A term (届) of the committee, five years."""

    number = models.PositiveSmallIntegerField(_("届"), unique=True)
    starts_on = models.DateField(_("开始"))
    ends_on = models.DateField(_("结束"))
    is_current = models.BooleanField(_("本届"), default=False)
    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = _("届")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_current"],
                condition=models.Q(is_current=True),
                name="members_one_current_term",
                violation_error_message=_("只能有一个本届；请先取消另一届的「本届」。"),
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__gt=models.F("starts_on")),
                name="members_term_ends_after_start",
                violation_error_message=_("结束日期应在开始日期之后。"),
            ),
        ]

    def __str__(self) -> str:
        return f"第{self.number}届"


class Plenary(models.Model):
    """A yearly plenary (次) of a term, with the window in which texts count as plenary proposals."""

    term = models.ForeignKey(Term, models.PROTECT, related_name="plenaries", verbose_name=_("届"))
    number = models.PositiveSmallIntegerField(_("次"))
    opens_on = models.DateField(_("开幕"))
    closes_on = models.DateField(_("闭幕"))
    submission_from = models.DateTimeField(_("征集开始"))
    cut_off = models.DateTimeField(
        _("截稿时间"), help_text=_("截稿后提交的提案不会被拒收，按平时提案处理。")
    )
    last_serial = models.PositiveIntegerField(_("已用流水号"), default=0, editable=False)
    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = _("全体会议")
        ordering = ["-term__number", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["term", "number"], name="members_plenary_once"),
            models.CheckConstraint(
                condition=models.Q(cut_off__gt=models.F("submission_from")),
                name="members_cut_off_after_start",
                violation_error_message=_("截稿时间应在征集开始之后。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.term}第{self.number}次会议"

    @property
    def code(self) -> str:
        """Short form used in proposal numbers: 15-3."""
        return f"{self.term.number}-{self.number}"

    def takes_plenary_texts_at(self, moment: datetime) -> bool:
        """Whether a text submitted at this moment counts as a plenary proposal."""
        return self.submission_from <= moment <= self.cut_off


class Body(models.Model):
    """Anything a person can act for: a committee, a sector, a town committee, a unit, the office."""

    class Kind(models.TextChoices):
        OFFICE = "office", _("机关")
        COMMITTEE = "committee", _("专委会")
        SECTOR = "sector", _("界别")
        TOWN = "town", _("镇街政协工委")
        UNIT = "unit", _("承办单位")
        PARTY = "party", _("党派")
        FEDERATION = "federation", _("工商联")
        ORGANISATION = "organisation", _("人民团体")
        GROUP = "group", _("委员小组")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("类别"), max_length=20, choices=Kind, editable=False)
    name = models.CharField(_("名称"), max_length=80)
    short_name = models.CharField(_("简称"), max_length=30, blank=True)
    initials = PinyinInitialsField(source="name", surname=False)
    active = models.BooleanField(_("在用"), default=True)
    order = models.PositiveSmallIntegerField(_("次序"), default=0)
    # Rights on single objects are delegated to this group, so that a clerk's transfer is one change.
    group = models.OneToOneField(
        Group, models.PROTECT, null=True, blank=True, editable=False, related_name="body"
    )

    class Meta:
        verbose_name = verbose_name_plural = _("组织")
        ordering = ["kind", "order", "pk"]

    def __str__(self) -> str:
        return self.short_name or self.name


class Committee(Body):
    """A special committee (专委会) or working office of a term."""

    term = models.ForeignKey(Term, models.PROTECT, related_name="committees", verbose_name=_("届"))
    history = HistoricalRecords(inherit=False)

    class Meta:
        verbose_name = verbose_name_plural = _("专委会")


class Sector(Body):
    """A sector (界别) of a term, linked to the committee that leads it."""

    term = models.ForeignKey(Term, models.PROTECT, related_name="sectors", verbose_name=_("届"))
    linked_committee = models.ForeignKey(
        Committee,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sectors",
        verbose_name=_("联系专委会"),
    )
    aliases = models.JSONField(
        _("别名"),
        default=list,
        blank=True,
        help_text=_("名册里可能出现的其他写法，用于导入时识别。"),
    )
    history = HistoricalRecords(inherit=False)

    class Meta:
        verbose_name = verbose_name_plural = _("界别")
        permissions = [("import_sector", _("导入界别")), ("export_sector", _("导出界别"))]


class TownCommittee(Body):
    """The CPPCC work committee of a town or street (镇街政协工委)."""

    history = HistoricalRecords(inherit=False)

    class Meta:
        verbose_name = verbose_name_plural = _("镇街政协工委")


class Organisation(Body):
    """A party, the federation of industry, a people's organisation or a member group: it puts proposals of its own."""

    KINDS: ClassVar = (
        Body.Kind.PARTY,
        Body.Kind.FEDERATION,
        Body.Kind.ORGANISATION,
        Body.Kind.GROUP,
    )

    history = HistoricalRecords(inherit=False)

    class Meta:
        verbose_name = verbose_name_plural = _("党派团体和小组")


class UnitQuerySet(models.QuerySet["Unit"]):
    def in_use(self) -> "UnitQuerySet":
        return self.filter(active=True)


class Unit(Body):
    """A handling unit (承办单位): a bureau that answers proposals."""

    class Side(models.TextChoices):
        PARTY = "party", _("党委系统")
        GOVERNMENT = "government", _("政府系统")
        OTHER = "other", _("其他")

    side = models.CharField(_("系统"), max_length=12, choices=Side, default=Side.GOVERNMENT)
    remit = models.CharField(
        _("职责关键词"), max_length=300, blank=True, help_text=_("用于交办时查找，以空格分开。")
    )
    contact_name = models.CharField(_("联系人"), max_length=30, blank=True)
    contact_phone = models.CharField(_("办公电话"), max_length=30, blank=True)
    history = HistoricalRecords(inherit=False)

    objects: ClassVar = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("承办单位")
        permissions = [("import_unit", _("导入承办单位")), ("export_unit", _("导出承办单位"))]
