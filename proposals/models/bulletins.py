"""The numbered bulletin (《社情民意》第×期), and at which levels it was adopted."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.files import Attachment
from cppcc_portal.office.instructions import Instruction, Level
from cppcc_portal.office.keys import key_of, split_key
from cppcc_portal.office.ledger import LedgerQuerySet, LedgerRow
from members.models import Person
from proposals.models.dispatches import OpinionDispatch
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


def attachments_of(bulletin: Bulletin) -> Any:
    """What the authors of an issue added to their texts; never the paper from which staff entered one."""
    keys = [key_of(report) for report in OpinionReport.objects.filter(bulletin=bulletin)]
    files = Attachment.objects.present().filter(subject__in=keys, restricted=False)
    return files.filter(kind=Attachment.Kind.ATTACHMENT)
