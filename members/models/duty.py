"""Duty records: what a member did, made from facts that other parts of the portal hold."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from cppcc_portal.office.keys import SourceKeyField
from cppcc_portal.office.workflow import Move, StatusChange, Workflow
from members.models.gatherings import Invitation
from members.models.people import Membership


class DutyCategory(models.Model):
    """A kind of duty; the office edits the rows."""

    code = models.SlugField(_("代码"), unique=True, max_length=40)
    name = models.CharField(_("名称"), max_length=40)
    order = models.PositiveSmallIntegerField(_("次序"), default=0)
    active = models.BooleanField(_("启用"), default=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = _("履职类别")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name


class DutyRole(models.TextChoices):
    """In which role somebody does their duty outside meetings."""

    AUTHOR = "author", _("作者")
    COAUTHOR = "coauthor", _("共同作者")


class DutyRecordQuerySet(models.QuerySet["DutyRecord"]):
    def visible_to(self, user: Any) -> "DutyRecordQuerySet":
        """One's own; the chair of a committee those of its members; the office all."""
        if not user.is_active:
            return self.none()
        if user.has_perm("members.view_dutyrecord"):
            return self
        shown = models.Q(membership__in=user.seat_ids)
        if user.chaired_ids:
            shown |= models.Q(membership__committee__in=user.chaired_ids)
        return self.filter(shown)

    def counted(self) -> "DutyRecordQuerySet":
        """Records that stand: rule 12 counts automatic and verified ones only."""
        return self.filter(status=DutyRecord.Status.AUTO)


class DutyRecord(Workflow):
    """One thing a member did in one role; one record per member, source and role."""

    class Status(models.TextChoices):
        AUTO = "auto", _("自动生成")
        WITHDRAWN = "withdrawn", _("已撤销")

    MOVES: ClassVar[Mapping[str, Move]] = {
        # The fact behind it was corrected, and again.
        "withdraw": Move({Status.AUTO}, Status.WITHDRAWN, _("随事实更正撤销"), by_itself=True),
        "restore": Move({Status.WITHDRAWN}, Status.AUTO, _("随事实更正恢复"), by_itself=True),
    }

    membership = models.ForeignKey(
        Membership, models.PROTECT, related_name="duty_records", verbose_name=_("委员")
    )
    source = SourceKeyField(_("来源"))
    role = models.CharField(
        _("身份"), max_length=12, choices=[*Invitation.Role.choices, *DutyRole.choices]
    )
    category = models.ForeignKey(
        DutyCategory, models.PROTECT, related_name="records", verbose_name=_("类别")
    )
    title = models.CharField(_("内容"), max_length=200)
    url = models.CharField(_("链接"), max_length=200, blank=True)
    on = models.DateField(_("日期"), db_index=True)
    # What several did together may count in part for those who joined.
    share = models.PositiveSmallIntegerField(_("计入比例（%）"), default=100)
    status = models.CharField(_("状态"), max_length=12, choices=Status, default=Status.AUTO)

    objects: ClassVar = DutyRecordQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("履职记录")
        ordering = ["-on", "-pk"]
        indexes = [models.Index(fields=["membership", "-on"], name="members_duty_of_member")]
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "source", "role"], name="members_duty_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(title="") & ~models.Q(source=""),
                name="members_duty_has_source",
            ),
            models.CheckConstraint(
                condition=models.Q(share__lte=100), name="members_duty_share_is_percentage"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class DutyRecordChange(StatusChange):
    """History of one duty record."""

    subject = models.ForeignKey(DutyRecord, models.CASCADE, related_name="changes")
