"""优秀提案 and 先进承办单位: named by a decision for a plenary year."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.decisions import Decision
from cppcc_portal.office.workflow import Move, StatusChange, Workflow
from members.models import Plenary, Unit
from proposals.models.rights import has


class AwardQuerySet(models.QuerySet["Award"]):
    def standing(self) -> "AwardQuerySet":
        """Those that were not taken back."""
        return self.filter(status=Award.Status.GIVEN)


class Award(Workflow):
    """One excellent proposal or one advanced unit of a plenary year."""

    class Status(models.TextChoices):
        GIVEN = "given", _("已表彰")
        WITHDRAWN = "withdrawn", _("已撤销")

    MOVES: ClassVar[Mapping[str, Move]] = {
        "withdraw_award": Move(
            {Status.GIVEN},
            Status.WITHDRAWN,
            _("撤销表彰"),
            _("提案委办公室（凭会议决定）"),
            has("award_proposal"),
        ),
        "end": Move({Status.GIVEN}, Status.WITHDRAWN, _("随提案终止"), by_itself=True),
    }

    plenary = models.ForeignKey(
        Plenary, models.PROTECT, related_name="awards", verbose_name=_("表彰年度（届次）")
    )
    proposal = models.ForeignKey(
        "proposals.Proposal",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="awards",
        verbose_name=_("优秀提案"),
    )
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="awards",
        verbose_name=_("先进承办单位"),
    )
    status = models.CharField(
        _("状态"), max_length=10, choices=Status, default=Status.GIVEN, editable=False
    )
    decision = models.ForeignKey(
        Decision, models.PROTECT, related_name="+", verbose_name=_("会议决定")
    )
    given_at = models.DateTimeField(_("登记时间"), default=timezone.now)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("登记人")
    )

    objects: ClassVar = AwardQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("提案表彰")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(proposal__isnull=False, unit__isnull=True)
                | Q(proposal__isnull=True, unit__isnull=False),
                name="proposals_award_has_one_receiver",
            ),
            models.UniqueConstraint(
                fields=["proposal"],
                condition=Q(status="given", proposal__isnull=False),
                name="proposals_excellent_once",
            ),
            models.UniqueConstraint(
                fields=["plenary", "unit"],
                condition=Q(status="given", unit__isnull=False),
                name="proposals_advanced_once_a_year",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}：{self.receiver}"

    def get_absolute_url(self) -> str:
        return reverse("proposals:award", args=[self.pk])

    @property
    def title(self) -> Any:
        return _("优秀提案") if self.proposal_id else _("先进承办单位")

    @property
    def receiver(self) -> Any:
        return self.proposal or self.unit


class AwardChange(StatusChange):
    """History of one award."""

    subject = models.ForeignKey(Award, models.CASCADE, related_name="changes")
