"""The lists an office keeps for proposals: categories, reasons, destinations, result classes."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords


class Entry(models.Model):
    """An entry of a list: never deleted once used, only taken out of use."""

    code = models.CharField(_("代码"), max_length=20, unique=True)
    name = models.CharField(_("名称"), max_length=120)
    order = models.PositiveSmallIntegerField(_("次序"), default=0)
    active = models.BooleanField(_("在用"), default=True)

    class Meta:
        abstract = True
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name


class Category(Entry):
    """What a proposal is about; a tree of two levels."""

    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("上级"),
    )
    history = HistoricalRecords()

    class Meta(Entry.Meta):
        verbose_name = verbose_name_plural = _("提案类别")
        permissions = [("import_category", _("导入类别")), ("export_category", _("导出类别"))]


class RefusalReason(Entry):
    """Why a proposal is not filed; the author reads it."""

    history = HistoricalRecords()

    class Meta(Entry.Meta):
        verbose_name = verbose_name_plural = _("不予立案理由")


class Destination(Entry):
    """Where a text goes that is not filed; the author reads it."""

    history = HistoricalRecords()

    class Meta(Entry.Meta):
        verbose_name = verbose_name_plural = _("不予立案去向")


class ResultClass(Entry):
    """The class a unit gives its reply (A, B, C …), in the office's own meaning."""

    needs_commitment = models.BooleanField(
        _("须附承诺"),
        default=False,
        help_text=_("选这一类答复时，必须写明做什么、谁负责、何时完成。"),
    )
    history = HistoricalRecords()

    class Meta(Entry.Meta):
        verbose_name = verbose_name_plural = _("办理结果类别")

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class SupervisionWay(Entry):
    """In which form a key proposal is pressed: talks, a visit, an inspection …"""

    history = HistoricalRecords()

    class Meta(Entry.Meta):
        verbose_name = verbose_name_plural = _("督办形式")


class OpinionResult(Entry):
    """What came of a public-opinion report that a unit handled, in the office's own meaning."""

    history = HistoricalRecords()

    class Meta(Entry.Meta):
        verbose_name = verbose_name_plural = _("社情民意办理结果")


class RatingGrade(Entry):
    """A grade in which proposers rate a reply, in the office's own words, and what it counts as."""

    is_satisfied = models.BooleanField(
        _("计为满意"), default=False, help_text=_("统计满意率时算作满意。")
    )
    needs_reason = models.BooleanField(
        _("须写明理由"),
        default=False,
        help_text=_("选这一档时必须写明理由，并会提请重新办理。"),
    )
    history = HistoricalRecords()

    class Meta(Entry.Meta):
        verbose_name = verbose_name_plural = _("评价等次")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_satisfied=False) | models.Q(needs_reason=False),
                name="proposals_grade_means_one_thing",
                violation_error_message=_("同一档不能既计为满意，又须写明理由提请重新办理。"),
            )
        ]
