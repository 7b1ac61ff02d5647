"""年结: a plenary year whose proposals are settled; nothing of it is changed but by a named reopening."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.decisions import Decision
from cppcc_portal.office.workflow import Move, StatusChange, Workflow
from members.models import Plenary
from proposals.models.rights import has


def reopening_is_named(year: "ClosedYear") -> list[Any]:
    missing: list[Any] = []
    if not year.reopened_by_whom.strip():
        missing.append(_("请填写批准重新开放的领导姓名和职务。"))
    if not year.reopened_for.strip():
        missing.append(_("请写明为什么重新开放、要改什么。"))
    return missing


class ClosedYear(Workflow):
    """One plenary year that the office has closed, as often as it was opened again."""

    class Status(models.TextChoices):
        CLOSED = "closed", _("已年结")
        REOPENED = "reopened", _("重新开放")

    MOVES: ClassVar[Mapping[str, Move]] = {
        "reopen": Move(
            {Status.CLOSED},
            Status.REOPENED,
            _("重新开放"),
            _("提案委办公室，须写明批准的领导和事由"),
            has("archive_proposal"),
            reopening_is_named,
        ),
        "close": Move(
            {Status.REOPENED},
            Status.CLOSED,
            _("再次年结"),
            _("提案委办公室"),
            has("archive_proposal"),
        ),
    }

    plenary = models.OneToOneField(
        Plenary, models.PROTECT, related_name="closed_year", verbose_name=_("届次")
    )
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.CLOSED)
    closed_at = models.DateTimeField(_("年结时间"))
    decision = models.ForeignKey(
        Decision,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("会议决定"),
    )
    reopened_by_whom = models.CharField(_("批准领导"), max_length=60, blank=True)
    reopened_for = models.CharField(_("重新开放的事由"), max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("年结")
        ordering = ["-plenary__term__number", "-plenary__number"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="reopened") | (~Q(reopened_by_whom="") & ~Q(reopened_for="")),
                name="proposals_reopened_year_is_named",
            )
        ]

    def __str__(self) -> str:
        return f"{self.plenary} · {self.get_status_display()}"

    @property
    def is_shut(self) -> bool:
        return self.status == self.Status.CLOSED


class ClosedYearChange(StatusChange):
    """History of one closed year."""

    subject = models.ForeignKey(ClosedYear, models.CASCADE, related_name="changes")
