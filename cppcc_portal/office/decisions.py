"""What a body decided: number, date, result, document.

Bodies do not click: the secretariat records. A record is never changed; a correction is a new
record that replaces the old one. Other modules point at the record that lets them go on.
"""

import uuid
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from cppcc_portal.office import audit
from cppcc_portal.office.files import readable
from cppcc_portal.office.ledger import LedgerQuerySet, LedgerRow


class DecidingBody(models.Model):
    """A body whose decision lets something go on."""

    code = models.SlugField(_("代码"), unique=True, max_length=40)
    name = models.CharField(_("名称"), max_length=60, unique=True)
    order = models.PositiveSmallIntegerField(_("顺序"), default=0)
    active = models.BooleanField(_("启用"), default=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("决定机构")
        verbose_name_plural = _("决定机构")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name


# The bodies an installation begins with, in the order of the lists; the office edits the rows.
DEFAULT_BODIES: dict[str, Any] = {
    "party_group": _("党组会议"),
    "chair_meeting": _("主席会议"),
    "standing_committee": _("常委会会议"),
    "district_party_committee": _("区委常委会"),
    "proposal_committee": _("提案审查委员会（提案委会议）"),
    "three_offices": _("三办会签"),
}


def ensure_default_bodies() -> int:
    """Add the bodies that are missing, leave those the office has edited; return how many are new."""
    have = set(DecidingBody.objects.values_list("code", flat=True))
    with translation.override(settings.LANGUAGE_CODE):
        for order, (code, name) in enumerate(DEFAULT_BODIES.items(), start=1):
            if code not in have:
                DecidingBody.objects.get_or_create(
                    code=code, defaults={"name": str(name), "order": order * 10}
                )
    return len(DEFAULT_BODIES.keys() - have)


class DecisionQuerySet(LedgerQuerySet):
    def current(self) -> "DecisionQuerySet":
        """Records that no correction has replaced."""
        return self.filter(replaced_by=None)

    def passed(self) -> "DecisionQuerySet":
        """Records that let something go on."""
        return self.filter(result__in=Decision.PASSED)

    def of_body(self, code: str) -> "DecisionQuerySet":
        """Records of one body."""
        return self.filter(body__code=code)

    def to_choose(self, most: int = 100) -> "DecisionQuerySet":
        """The newest of these as a list to choose from; who needs an older one cites it in the remark."""
        newest = list(self.values_list("pk", flat=True)[:most])
        return type(self)(self.model).filter(pk__in=newest).select_related("body")


class Decision(LedgerRow):
    """One item decided by a body at a meeting, as the secretariat recorded it."""

    class Result(models.TextChoices):
        PASSED = "passed", _("通过")
        PASSED_WITH_CHANGES = "passed_with_changes", _("修改后通过")
        RETURNED = "returned", _("退回修改")
        REFUSED = "refused", _("不予通过")

    PASSED = (Result.PASSED, Result.PASSED_WITH_CHANGES)

    uid = models.UUIDField(_("编号"), default=uuid.uuid4, unique=True, editable=False)
    body = models.ForeignKey(
        DecidingBody, models.PROTECT, related_name="decisions", verbose_name=_("决定机构")
    )
    meeting_number = models.CharField(
        _("会议届次"), max_length=60, blank=True, help_text=_("例如“第十七届第12次”。")
    )
    held_on = models.DateField(_("会议日期"), null=True, blank=True)
    item = models.CharField(_("议题"), max_length=200)
    result = models.CharField(_("结果"), max_length=20, choices=Result)
    text = models.TextField(_("决定内容"), blank=True)
    document_number = models.CharField(_("文号"), max_length=60, blank=True)
    attachment = models.ForeignKey(
        "office.Attachment",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("文件"),
    )
    replaces = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name=_("更正的记录"),
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("记录人")
    )
    created_at = models.DateTimeField(_("记录时间"), default=timezone.now)

    objects = DecisionQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("会议决定")
        verbose_name_plural = _("会议决定")
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    ~Q(result__in=["passed", "passed_with_changes"])
                    | (~Q(meeting_number="") & Q(held_on__isnull=False))
                ),
                name="office_decision_passed_has_meeting",
                violation_error_message=_("通过的决定须填写会议届次和会议日期。"),
            ),
            models.CheckConstraint(
                condition=Q(result__in=["passed", "passed_with_changes", "returned", "refused"]),
                name="office_decision_result",
            ),
        ]

    def __str__(self) -> str:
        words = {
            "body": self.body.name,
            "number": self.meeting_number,
            "on": self.held_on,
            "item": self.item,
            "result": self.get_result_display(),
        }
        if self.held_on is None:
            return gettext("%(body)s：%(item)s（%(result)s）") % words
        return gettext("%(body)s%(number)s（%(on)s）：%(item)s（%(result)s）") % words

    @property
    def lets_go_on(self) -> bool:
        """Passed, and not replaced by a correction since."""
        return self.is_passed and not Decision.objects.filter(replaces=self).exists()

    @property
    def is_passed(self) -> bool:
        """Whether it lets something go on."""
        return self.result in self.PASSED

    def clean(self) -> None:
        """Passed means: at a numbered meeting, on a day; a change is told in words."""
        faults: dict[str, Any] = {}
        if self.is_passed and not self.meeting_number:
            faults["meeting_number"] = _("通过的决定须填写会议届次。")
        if self.is_passed and self.held_on is None:
            faults["held_on"] = _("通过的决定须填写会议日期。")
        if self.held_on and self.held_on > timezone.localdate(self.created_at):
            faults["held_on"] = _("会议日期不能晚于记录当天。")
        if self.result == self.Result.PASSED_WITH_CHANGES and not self.text.strip():
            faults["text"] = _("修改后通过的，请写明作了哪些修改。")
        if self.result in (self.Result.RETURNED, self.Result.REFUSED) and not self.text.strip():
            faults["text"] = _("退回或不予通过的，请写明理由。")
        if faults:
            raise ValidationError(faults)


@transaction.atomic
def record_decision(
    *,
    by: Any,
    body: DecidingBody | str,
    item: str,
    result: str,
    meeting_number: str = "",
    held_on: date | None = None,
    text: str = "",
    document_number: str = "",
    attachment: Any = None,
    replaces: Decision | None = None,
    at: datetime | None = None,
) -> Decision:
    """Put on record what a body (or its code) decided; `replaces` corrects an earlier record.

    Raises ValidationError with a Chinese sentence for each field that is not right.
    """
    if isinstance(body, str):
        body = DecidingBody.objects.get(code=body)
    if replaces is None and not body.active:
        raise ValidationError({"body": _("该机构已停用，请另选。")})
    decision = Decision(
        body=body,
        item=item.strip(),
        result=result,
        meeting_number=meeting_number.strip(),
        held_on=held_on,
        text=text.strip(),
        document_number=document_number.strip(),
        attachment=attachment,
        replaces=replaces,
        recorded_by=by,
        created_at=at or timezone.now(),
    )
    if replaces is not None and Decision.objects.filter(replaces=replaces).exists():
        raise ValidationError({"replaces": _("该记录已被更正，请在最新的记录上更正。")})
    decision.full_clean()
    decision.save()
    audit.record(
        "decision.correct" if replaces else "decision.record",
        decision,
        by=by,
        fields={
            "body": (None, body.code),
            "result": (replaces.result if replaces else None, str(result)),
            "replaces": (None, replaces),
        },
    )
    return decision


@readable("office.decision")
def reads_decision(user: Any, pk: int) -> bool:
    """The paper of a decision, for whoever may look the decision up."""
    return bool(user.is_active and user.has_perm("office.view_decision"))
