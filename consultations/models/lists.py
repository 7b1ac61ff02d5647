"""Lists that the office edits: forms of consultation and reasons for which a topic is not taken."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from cppcc_portal.office.decisions import Decision


class SessionForm(models.Model):
    """A form of consultation with its own rules; research is required unless a decision exempts it."""

    code = models.SlugField(_("代码"), unique=True, max_length=40)
    name = models.CharField(_("名称"), max_length=40)
    research_required = models.BooleanField(_("须先调研"), default=True)
    exempted_by = models.ForeignKey(
        Decision,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("免除调研的会议决定"),
        help_text=_("“不调研不协商”：只有凭会议决定才能取消这一要求。"),
    )
    order = models.PositiveSmallIntegerField(_("次序"), default=0)
    active = models.BooleanField(_("启用"), default=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = _("协商形式")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(research_required=True) | Q(exempted_by__isnull=False),
                name="consultations_form_exempted_by_decision",
                violation_error_message=_("取消“须先调研”须选择作出这一决定的会议决定。"),
            )
        ]

    def __str__(self) -> str:
        return self.name


class DeclineReason(models.Model):
    """Why a topic is not taken."""

    code = models.SlugField(_("代码"), unique=True, max_length=40)
    name = models.CharField(_("名称"), max_length=60)
    order = models.PositiveSmallIntegerField(_("次序"), default=0)
    active = models.BooleanField(_("启用"), default=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = _("不采用理由")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name
