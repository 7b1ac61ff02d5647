"""The frozen texts of a public-opinion report, and the counters of a year."""

import hashlib
from collections.abc import Mapping

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.ledger import LedgerQuerySet, LedgerRow

OPINION_PARTS = ("title", "situation", "advice")


def opinion_digest(parts: Mapping[str, str]) -> str:
    """SHA-256 of the three parts, the same for the same words whatever the line ends."""
    joined = "\x1f".join(parts[name].replace("\r\n", "\n").strip() for name in OPINION_PARTS)
    return hashlib.sha256(joined.encode()).hexdigest()


class OpinionText(LedgerRow):
    """A frozen text of a report: as the author handed it in, or as the office edited it."""

    class Kind(models.TextChoices):
        ORIGINAL = "original", _("作者原文")
        EDITED = "edited", _("编辑稿")

    report = models.ForeignKey("proposals.OpinionReport", models.PROTECT, related_name="texts")
    kind = models.CharField(_("种类"), max_length=10, choices=Kind)
    number = models.PositiveSmallIntegerField(_("第几稿"))
    title = models.CharField(_("标题"), max_length=200)
    situation = models.TextField(_("情况"))
    advice = models.TextField(_("建议"))
    digest = models.CharField(max_length=64)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("录入人")
    )
    made_at = models.DateTimeField(_("时间"), default=timezone.now)

    objects = LedgerQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = verbose_name_plural = _("社情民意文稿")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "kind", "number"], name="proposals_opinion_text_number"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def parts(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in OPINION_PARTS}


class OpinionYear(models.Model):
    """The counters of one year: they only go up, so no register or issue number is given twice."""

    year = models.PositiveIntegerField(_("年度"), unique=True)
    last_serial = models.PositiveIntegerField(_("已用登记号"), default=0)
    last_number = models.PositiveIntegerField(_("已用期号"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("社情民意年度")

    def __str__(self) -> str:
        return str(self.year)
