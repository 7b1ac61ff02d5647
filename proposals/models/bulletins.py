"""The numbered bulletin (《社情民意》第×期), where it was sent, and at which levels it was adopted."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.files import Attachment
from cppcc_portal.office.instructions import Instruction, Level
from cppcc_portal.office.keys import split_key
from cppcc_portal.office.ledger import LedgerQuerySet, LedgerRow
from cppcc_portal.office.workflow import Move, StatusChange, Workflow
from members.models import Person, Unit
from proposals.models.opinion_texts import OpinionText
from proposals.models.opinions import OpinionReport


class BulletinQuerySet(LedgerQuerySet):
    def visible_to(self, user: Any) -> "BulletinQuerySet":
        """The office all; others only what was sent to them, to their unit or office, or what they signed."""
        if not user.is_active:
            return self.none()
        if user.has_perm("proposals.view_opinionreport"):
            return self
        received = OpinionDispatch.objects.received_by(user)
        shown = Q(pk__in=received.values("bulletin"))
        if user.has_perm("proposals.sign_opinionreport"):
            shown |= Q(signer__user=user)
        if user.has_perm("office.view_instruction"):
            own = Instruction.objects.filter(
                leader__user=user, subject__startswith=SUBJECT, replaced_by=None
            )
            keys = own.values_list("subject", flat=True)
            shown |= Q(pk__in=[split_key(key)[1] for key in keys])
        return self.filter(shown)


SUBJECT = "proposals.bulletin:"  # the source keys of instructions on bulletins


class Bulletin(LedgerRow):
    """One issue: the signed text of one report, or of several combined; it never changes."""

    class Kind(models.TextChoices):
        SINGLE = "single", _("单篇")
        COMBINED = "combined", _("综合")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    year = models.PositiveIntegerField(_("年度"))
    number = models.PositiveIntegerField(_("期号"))
    kind = models.CharField(_("种类"), max_length=10, choices=Kind)
    text = models.OneToOneField(
        OpinionText, models.PROTECT, related_name="bulletin", verbose_name=_("文稿")
    )
    signer = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("签发领导"))
    issued_on = models.DateField(_("印发日期"))
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("印发人")
    )

    objects = BulletinQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = verbose_name_plural = _("社情民意刊物")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="proposals_bulletin_once")
        ]

    def __str__(self) -> str:
        words = {"year": self.year, "number": self.number}
        return str(_("《社情民意》%(year)s年第%(number)s期") % words)

    def get_absolute_url(self) -> str:
        return reverse("opinions:bulletin", args=[self.pk])

    @property
    def is_emptied(self) -> bool:
        """Whether its words were taken out on suspicion of a secret (rule 16)."""
        return not self.text.digest

    @property
    def title(self) -> str:
        return str(self.text) or str(_("（已移出）"))


def acts_for_receiver(dispatch: "OpinionDispatch", user: Any) -> bool:
    """The unit that received it, by who is posted there."""
    return dispatch.unit_id is not None and dispatch.unit_id in user.body_ids


def may_answer(dispatch: "OpinionDispatch", user: Any) -> bool:
    """The unit itself, or staff from its paper (代录, with a scan)."""
    if dispatch.unit_id is None:
        return False
    return acts_for_receiver(dispatch, user) or user.has_perm("proposals.enter_for_others")


def is_sent_to_a_unit(dispatch: "OpinionDispatch") -> list[Any]:
    return [] if dispatch.unit_id else [_("只有报送单位的才登记答复；领导批示、采用请分别登记。")]


class OpinionDispatchQuerySet(models.QuerySet["OpinionDispatch"]):
    def received_by(self, user: Any) -> "OpinionDispatchQuerySet":
        """What was sent to this person, to a unit they act for, or to the supervision office."""
        mine = Q(unit__in=user.body_ids) | Q(leader__user=user)
        if user.has_perm("proposals.read_sent_opinions"):
            mine |= Q(target=OpinionDispatch.Target.SUPERVISION)
        return self.filter(mine)

    def visible_to(self, user: Any) -> "OpinionDispatchQuerySet":
        """Who received it, and the office."""
        if not user.is_active:
            return self.none()
        if user.has_perm("proposals.view_opinionreport"):
            return self
        return self.received_by(user)

    def unanswered(self) -> "OpinionDispatchQuerySet":
        """Sent to a unit that is asked for an answer, and has not given it."""
        return self.filter(status=OpinionDispatch.Status.SENT, due_on__isnull=False)


class OpinionDispatch(Workflow):
    """One way on which a bulletin went: upward, to a leader, to a unit; and what the unit answered."""

    class Target(models.TextChoices):
        UPPER = "upper", _("上级政协")
        LEADER = "leader", _("领导")
        UNIT = "unit", _("单位")
        SUPERVISION = "supervision", _("督查室")

    class Status(models.TextChoices):
        SENT = "sent", _("已报送")
        ANSWERED = "answered", _("已答复")

    MOVES: ClassVar[Mapping[str, Move]] = {
        "answer": Move(
            {Status.SENT},
            Status.ANSWERED,
            _("答复"),
            _("收到的单位"),
            may_answer,
            is_sent_to_a_unit,
        ),
    }

    bulletin = models.ForeignKey(
        Bulletin, models.PROTECT, related_name="dispatches", verbose_name=_("刊物")
    )
    status = models.CharField(
        _("状态"), max_length=10, choices=Status, default=Status.SENT, editable=False
    )
    target = models.CharField(_("报送"), max_length=12, choices=Target)
    # A leader of another level has no row here: the name is written.
    name = models.CharField(_("名称"), max_length=60, blank=True)
    leader = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("领导")
    )
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="opinion_dispatches",
        verbose_name=_("单位"),
    )
    sent_on = models.DateField(_("报送日期"))
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("报送人")
    )
    due_on = models.DateField(_("答复期限"), null=True, blank=True, editable=False)
    answer = models.TextField(_("答复"), blank=True)
    answered_on = models.DateField(_("答复日期"), null=True, blank=True)
    paper = models.ForeignKey(
        Attachment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("答复的扫描件"),
    )

    objects: ClassVar = OpinionDispatchQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("社情民意报送")
        ordering = ["sent_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(target="unit", unit__isnull=False, leader__isnull=True)
                | Q(target="leader", unit__isnull=True, leader__isnull=False)
                | (Q(target="leader", unit__isnull=True, leader__isnull=True) & ~Q(name=""))
                | (Q(target="upper", unit__isnull=True, leader__isnull=True) & ~Q(name=""))
                | Q(target="supervision", unit__isnull=True, leader__isnull=True),
                name="proposals_dispatch_has_receiver",
            ),
            models.CheckConstraint(
                condition=~Q(status="answered")
                | (~Q(answer="") & Q(answered_on__isnull=False, target="unit")),
                name="proposals_dispatch_is_answered",
            ),
            models.UniqueConstraint(
                fields=["bulletin", "unit"], name="proposals_dispatch_unit_once"
            ),
            models.UniqueConstraint(
                fields=["bulletin", "leader"], name="proposals_dispatch_leader_once"
            ),
            models.UniqueConstraint(
                fields=["bulletin", "target", "name"],
                condition=Q(unit__isnull=True, leader__isnull=True),
                name="proposals_dispatch_name_once",
            ),
        ]
        indexes = [models.Index(fields=["status", "due_on"], name="proposals_dispatch_due")]

    def __str__(self) -> str:
        return self.receiver

    def get_absolute_url(self) -> str:
        return reverse("desk:dispatch", args=[self.pk])

    @property
    def receiver(self) -> str:
        """To whom it went, by name."""
        return str(self.unit or self.leader or self.name or self.get_target_display())

    def is_overdue(self, today: date) -> bool:
        waiting = self.status == self.Status.SENT and self.due_on is not None
        return bool(waiting and self.due_on and self.due_on < today)


class OpinionDispatchChange(StatusChange):
    """History of one dispatch."""

    subject = models.ForeignKey(OpinionDispatch, models.CASCADE, related_name="changes")


class AdoptionRecordQuerySet(LedgerQuerySet):
    def current(self) -> "AdoptionRecordQuerySet":
        """Records that no correction has replaced, without those that were struck."""
        return self.filter(replaced_by=None).exclude(kind=AdoptionRecord.Kind.STRUCK)


class AdoptionRecord(LedgerRow):
    """At which level, by whom and how a bulletin was adopted; corrected only by a new record."""

    class Kind(models.TextChoices):
        SINGLE = "single", _("单篇采用")
        COMBINED = "combined", _("综合采用")
        FORWARDED = "forwarded", _("转送")
        STRUCK = "struck", _("误登，撤销")

    bulletin = models.ForeignKey(
        Bulletin, models.PROTECT, related_name="adoptions", verbose_name=_("刊物")
    )
    level = models.CharField(_("层级"), max_length=10, choices=Level)
    kind = models.CharField(_("采用方式"), max_length=10, choices=Kind)
    adopter = models.CharField(_("采用单位"), max_length=80)
    adopted_on = models.DateField(_("采用日期"))
    note = models.CharField(_("说明"), max_length=300, blank=True)
    replaces = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name=_("更正的记录"),
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("登记人")
    )
    recorded_at = models.DateTimeField(_("登记时间"), default=timezone.now)

    objects = AdoptionRecordQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = verbose_name_plural = _("社情民意采用")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(adopter=""), name="proposals_adoption_names_adopter"
            ),
            models.CheckConstraint(
                condition=~Q(kind="struck") | (Q(replaces__isnull=False) & ~Q(note="")),
                name="proposals_adoption_struck_says_why",
            ),
        ]

    def __str__(self) -> str:
        words = {
            "level": self.get_level_display(),
            "adopter": self.adopter,
            "kind": self.get_kind_display(),
        }
        return str(_("%(level)s：%(adopter)s%(kind)s") % words)


def reports_of(bulletin: Bulletin) -> Any:
    """The reports of an issue with their authors, the main one first."""
    rows = OpinionReport.objects.filter(bulletin=bulletin).with_authors()
    return rows.select_related("author_text").order_by(
        models.F("combined_into").asc(nulls_first=True), "pk"
    )
