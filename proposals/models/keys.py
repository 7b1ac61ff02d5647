"""重点提案: chosen by a decision, led by named officials, with a log of what was done to press it."""

from collections.abc import Mapping
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.decisions import Decision
from cppcc_portal.office.workflow import Move, StatusChange, Workflow
from members.models import Committee, Person
from proposals.models.lists import SupervisionWay
from proposals.models.rights import has


class KeyMarkQuerySet(models.QuerySet["KeyMark"]):
    def current(self) -> "KeyMarkQuerySet":
        return self.filter(status=KeyMark.Status.CURRENT)


class KeyMark(Workflow):
    """That a proposal is a key one: by which decision, supervised by which committee."""

    class Status(models.TextChoices):
        CURRENT = "current", _("重点提案")
        DROPPED = "dropped", _("不再列为重点")

    MOVES: ClassVar[Mapping[str, Move]] = {
        "drop_key": Move(
            {Status.CURRENT},
            Status.DROPPED,
            _("不再列为重点提案"),
            _("提案委办公室（凭会议决定）"),
            has("select_key_proposal"),
        ),
        "end": Move({Status.CURRENT}, Status.DROPPED, _("随提案终止"), by_itself=True),
    }

    proposal = models.ForeignKey(
        "proposals.Proposal", models.PROTECT, related_name="key_marks", verbose_name=_("提案")
    )
    status = models.CharField(
        _("状态"), max_length=10, choices=Status, default=Status.CURRENT, editable=False
    )
    decision = models.ForeignKey(
        Decision, models.PROTECT, related_name="+", verbose_name=_("会议决定")
    )
    committee = models.ForeignKey(
        Committee,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("督办专委会"),
    )
    selected_at = models.DateTimeField(_("列为重点的时间"), default=timezone.now)
    selected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("经办人")
    )

    objects: ClassVar = KeyMarkQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("重点提案")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal"],
                condition=Q(status="current"),
                name="proposals_one_current_key_mark",
            )
        ]

    def __str__(self) -> str:
        return str(self.proposal)

    def get_absolute_url(self) -> str:
        return self.proposal.get_absolute_url()


class KeyMarkChange(StatusChange):
    """History of one mark."""

    subject = models.ForeignKey(KeyMark, models.CASCADE, related_name="changes")


class LeadingOfficial(models.Model):
    """督办领导: who leads the handling of a key proposal, as the decision names them."""

    mark = models.ForeignKey(KeyMark, models.PROTECT, related_name="officials")
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("人员")
    )
    name = models.CharField(_("姓名"), max_length=30)
    post = models.CharField(_("职务"), max_length=60)

    class Meta:
        verbose_name = verbose_name_plural = _("督办领导")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(post=""), name="proposals_official_has_name_and_post"
            )
        ]

    def __str__(self) -> str:
        return f"{self.post} {self.name}"


class SupervisionEntry(models.Model):
    """One line of the supervision log (督办记录): added, never changed."""

    proposal = models.ForeignKey(
        "proposals.Proposal", models.PROTECT, related_name="supervision", verbose_name=_("提案")
    )
    way = models.ForeignKey(
        SupervisionWay, models.PROTECT, related_name="+", verbose_name=_("督办形式")
    )
    on = models.DateField(_("日期"))
    took_part = models.CharField(_("参加人员"), max_length=300)
    said = models.TextField(_("督办情况"))
    undertook = models.TextField(_("承办单位的承诺和下一步安排"), blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = _("督办记录")
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(took_part="") & ~Q(said=""), name="proposals_supervision_is_whole"
            )
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.way}"
