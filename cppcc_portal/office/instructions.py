"""What leaders wrote on a paper (批示): leader, level, date, text; read by few.

`subject` is the thing it was written on. A record is never changed: a correction is a new record that
replaces the old one, and that its text may be told to authors is a record of its own.
"""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office import audit
from cppcc_portal.office.keys import SourceKeyField, key_of
from cppcc_portal.office.ledger import LedgerQuerySet, LedgerRow


class Level(models.TextChoices):
    """The four levels at which something is adopted or instructed."""

    DISTRICT = "district", _("区级")
    CITY = "city", _("市级")
    PROVINCE = "province", _("省级")
    NATION = "nation", _("国家级")


class InstructionQuerySet(LedgerQuerySet):
    def about(self, thing: models.Model) -> "InstructionQuerySet":
        """Instructions on one thing that no correction has replaced."""
        rows = self.filter(subject=key_of(thing), replaced_by=None)
        return rows.select_related("leader", "recorded_by__person", "release")


class Instruction(LedgerRow):
    """What one leader wrote on one paper."""

    subject = SourceKeyField()
    level = models.CharField(_("层级"), max_length=10, choices=Level)
    leader = models.ForeignKey(
        "members.Person",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("批示领导"),
    )
    # Leaders of other levels have no row here: name and post as the paper has them.
    leader_name = models.CharField(_("领导姓名和职务"), max_length=60, blank=True)
    given_on = models.DateField(_("批示日期"))
    text = models.TextField(_("批示内容"))
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

    objects = InstructionQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = verbose_name_plural = _("领导批示")
        ordering = ["given_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="office_instruction_has_text"),
            models.CheckConstraint(
                condition=Q(leader__isnull=False) | ~Q(leader_name=""),
                name="office_instruction_names_leader",
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(who)s（%(level)s）%(on)s批示") % {
            "who": self.who,
            "level": self.get_level_display(),
            "on": self.given_on,
        }

    @property
    def who(self) -> str:
        return self.leader_name or str(self.leader)

    @property
    def is_released(self) -> bool:
        """Whether the author may read the text; needs `release` selected with it."""
        return hasattr(self, "release")


class InstructionRelease(LedgerRow):
    """That the text of an instruction may be told to the authors, and who decided so."""

    instruction = models.OneToOneField(Instruction, models.PROTECT, related_name="release")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = _("批示告知作者")

    def __str__(self) -> str:
        return f"{self.instruction_id} {self.at:%Y-%m-%d}"


@transaction.atomic
def record(
    subject: models.Model,
    *,
    by: Any,
    level: str,
    given_on: date,
    text: str,
    leader: Any = None,
    leader_name: str = "",
    released: bool = False,
    replaces: Instruction | None = None,
    at: datetime | None = None,
) -> Instruction:
    """Put on record what a leader wrote on `subject`; `replaces` corrects an earlier record.

    Raises ValidationError with a Chinese sentence for what is not right.
    """
    at = at or timezone.now()
    faults: dict[str, Any] = {}
    if leader is None and not leader_name.strip():
        faults["leader_name"] = gettext("请选择领导，或写明领导的姓名和职务。")
    if not text.strip():
        faults["text"] = gettext("请照原件写明批示内容。")
    if given_on > timezone.localdate(at):
        faults["given_on"] = gettext("批示日期不能晚于今天。")
    if replaces is not None and Instruction.objects.filter(replaces=replaces).exists():
        faults["text"] = gettext("这条批示已被更正，请在最新的记录上更正。")
    if faults:
        raise ValidationError(faults)
    made = Instruction.objects.create(
        subject=key_of(subject),
        level=level,
        leader=leader,
        leader_name=leader_name.strip(),
        given_on=given_on,
        text=text.strip(),
        replaces=replaces,
        recorded_by=by,
        recorded_at=at,
    )
    verb = "instruction.correct" if replaces else "instruction.record"
    audit.record(verb, made, by=by, fields={"level": (None, level)})
    if released or (replaces is not None and hasattr(replaces, "release")):
        release(made, by=by, at=at)
    return made


@transaction.atomic
def release(instruction: Instruction, *, by: Any, at: datetime | None = None) -> None:
    """Let the authors read the text; a repetition changes nothing."""
    _row, made = InstructionRelease.objects.get_or_create(
        instruction=instruction, defaults={"by": by, "at": at or timezone.now()}
    )
    if made:
        audit.record("instruction.release", instruction, by=by)
