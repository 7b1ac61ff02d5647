"""How settings are defined, kept, read and changed."""

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from datetime import time as clock
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db import DatabaseError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office import audit
from cppcc_portal.office.ledger import LedgerRow

logger = logging.getLogger("portal.parameters")

FRESH_SECONDS = 3.0  # how long another process's change may stay unseen


class Kind(StrEnum):
    INT = "int"
    BOOL = "bool"
    TEXT = "text"
    CHOICE = "choice"
    LIST = "list"
    DAYS = "days"
    TIME = "time"


class ParameterRefused(ValueError):
    """The value does not fit; the message says what would, in plain Chinese."""


@dataclass(frozen=True)
class Definition:
    """What the code knows of one setting. Bounds count characters for text and items for lists."""

    key: str
    kind: Kind
    default: Any
    label: Any
    help: Any
    group: Any
    minimum: int | None = None
    maximum: int | None = None
    choices: tuple[tuple[str, Any], ...] = ()
    unit: Any = ""
    # What is wrong with a value that fits its kind, as the end of a sentence; empty where nothing is.
    check: Callable[[Any], str] | None = None

    def clean(self, value: Any) -> Any:
        """The value as JSON keeps it, from a form's text or from Python; ParameterRefused."""
        cleaned = CLEANERS[self.kind](self, value)
        if self.check is not None and (reason := self.check(cleaned)):
            raise self.refuse(reason)
        return cleaned

    def python(self, value: Any) -> Any:
        """The value as code uses it, from the value that JSON keeps."""
        if self.kind == Kind.TIME:
            return clock.fromisoformat(value)
        if self.kind in (Kind.LIST, Kind.DAYS):
            return list(value)
        return value

    def refuse(self, reason: str) -> ParameterRefused:
        return ParameterRefused(
            gettext("“%(label)s”%(reason)s") % {"label": self.label, "reason": reason}
        )

    def _check_bounds(self, size: int, below: str, above: str) -> None:
        words = {"minimum": self.minimum, "maximum": self.maximum, "unit": self.unit, "size": size}
        if self.minimum is not None and size < self.minimum:
            raise self.refuse(below % words)
        if self.maximum is not None and size > self.maximum:
            raise self.refuse(above % words)


def clean_int(definition: Definition, value: Any) -> int:
    """A whole number within the bounds; full-width digits are read too."""
    try:
        if isinstance(value, bool) or (isinstance(value, float) and value != int(value)):
            raise ValueError
        number = int(value)
    except (TypeError, ValueError, OverflowError):
        raise definition.refuse(gettext("须填写整数。")) from None
    definition._check_bounds(
        number,
        gettext("不能小于%(minimum)s%(unit)s，填写的是%(size)s。"),
        gettext("不能大于%(maximum)s%(unit)s，填写的是%(size)s。"),
    )
    return number


def clean_bool(definition: Definition, value: Any) -> bool:
    """True or false, also as a form says it."""
    known = {True: True, False: False, "true": True, "false": False, "on": True, "": False}
    if not isinstance(value, bool | str) or value not in known:
        raise definition.refuse(gettext("须选择“是”或“否”。"))
    return known[value]


def clean_text(definition: Definition, value: Any) -> str:
    """Text of a length within the bounds."""
    if not isinstance(value, str) or "\x00" in value:  # PostgreSQL cannot keep a NUL
        raise definition.refuse(gettext("须填写文字。"))
    text = value.strip()
    definition._check_bounds(
        len(text),
        gettext("至少%(minimum)s个字。") if text else gettext("不能为空。"),
        gettext("最多%(maximum)s个字，填写了%(size)s个。"),
    )
    return text


def clean_choice(definition: Definition, value: Any) -> str:
    """One of the choices."""
    if value not in [name for name, _label in definition.choices]:
        labels = gettext("、").join(str(label) for _name, label in definition.choices)
        raise definition.refuse(gettext("须从以下各项中选择：%(labels)s。") % {"labels": labels})
    return str(value)


def clean_list(definition: Definition, value: Any) -> list[str]:
    """Texts without blanks and repetitions, from a list or from one line each."""
    if isinstance(value, str):
        value = value.splitlines()
    if not isinstance(value, list | tuple) or not all(
        isinstance(item, str) and "\x00" not in item for item in value
    ):
        raise definition.refuse(gettext("须每行填写一项。"))
    items = list(dict.fromkeys(item.strip() for item in value if item.strip()))
    if definition.choices:
        for item in items:
            clean_choice(definition, item)
    definition._check_bounds(
        len(items),
        gettext("至少%(minimum)s项。"),
        gettext("最多%(maximum)s项，填写了%(size)s项。"),
    )
    return items


def clean_days(definition: Definition, value: Any) -> list[int]:
    """Days counted from a date (-7 is a week before), in order; from a list or from one line of text."""
    if isinstance(value, str):
        value = value.translate(str.maketrans("，、；;－−", ",,,,--")).replace(",", " ").split()
    try:
        days = sorted({int(day) for day in value})
    except (TypeError, ValueError, OverflowError):
        raise definition.refuse(gettext("须填写天数，以逗号分开，例如 -7，-1，0。")) from None
    if any(abs(day) > 366 for day in days):
        raise definition.refuse(gettext("每个天数须在前后一年之内。"))
    return days


def clean_time(definition: Definition, value: Any) -> str:
    """A time of day as 08:00."""
    if isinstance(value, str):
        try:
            value = clock.fromisoformat(value.strip().replace("：", ":"))
        except ValueError:
            value = None
    if not isinstance(value, clock):
        raise definition.refuse(gettext("须填写时间，例如 08:00。"))
    return value.strftime("%H:%M")


CLEANERS = {
    Kind.INT: clean_int,
    Kind.BOOL: clean_bool,
    Kind.TEXT: clean_text,
    Kind.CHOICE: clean_choice,
    Kind.LIST: clean_list,
    Kind.DAYS: clean_days,
    Kind.TIME: clean_time,
}

DEFINITIONS: dict[str, Definition] = {}


def define(
    key: str,
    *,
    kind: str,
    default: Any,
    label: Any,
    help: Any,
    group: Any,
    minimum: int | None = None,
    maximum: int | None = None,
    choices: Iterable[tuple[str, Any]] = (),
    unit: Any = "",
    check: Callable[[Any], str] | None = None,
) -> Definition:
    """Make a setting known, at import; the default must fit its own bounds."""
    if key in DEFINITIONS:
        raise ValueError(f"Parameter {key} is defined twice.")
    definition = Definition(
        key, Kind(kind), default, label, help, group, minimum, maximum, tuple(choices), unit, check
    )
    definition.clean(default)
    DEFINITIONS[key] = definition
    return definition


class Parameter(models.Model):
    """The value that the office chose for one setting; without a row the default holds."""

    key = models.CharField(_("设置项"), max_length=80, unique=True)
    value = models.JSONField(_("值"))
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("系统设置")
        verbose_name_plural = _("系统设置")
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key


class ParameterVersion(LedgerRow):
    """One value that a setting had: who chose it, when, why."""

    key = models.CharField(_("设置项"), max_length=80)
    version = models.PositiveIntegerField(_("版本"))
    value = models.JSONField(_("值"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("设置人")
    )
    note = models.CharField(_("说明"), max_length=300, blank=True)
    at = models.DateTimeField(_("时间"), default=timezone.now)

    class Meta:
        verbose_name = _("设置历史")
        verbose_name_plural = _("设置历史")
        ordering = ["key", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["key", "version"], name="office_parameterversion_once")
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.version}"


# What this process knows: when it asked, and the values of the rows then. Replaced as a whole, so
# that threads never see half of it.
_known: tuple[float, dict[str, Any]] = (float("-inf"), {})


def forget() -> None:
    """Ask the database at the next `get`; what is known stays for when it does not answer."""
    global _known
    _known = (float("-inf"), _known[1])


def stored_values() -> dict[str, Any]:
    """The values of all rows, at most FRESH_SECONDS old."""
    global _known
    asked, values = _known
    now = time.monotonic()
    if now - asked < FRESH_SECONDS:
        return values
    try:
        values = dict(Parameter.objects.values_list("key", "value"))
    except DatabaseError:
        # An error page must still be able to say the portal's name.
        logger.warning("Settings could not be read; the last known values hold.")
    _known = (now, values)
    return values


def get(key: str) -> Any:
    """The value of a setting now; KeyError when nobody defined it."""
    definition = DEFINITIONS[key]
    values = stored_values()
    if key not in values:
        return definition.python(definition.clean(definition.default))
    try:
        return definition.python(definition.clean(values[key]))
    except ParameterRefused:
        # Bounds may have become narrower in a later release than the stored value.
        logger.warning("The stored value of %s is out of bounds; the default holds.", key)
        return definition.python(definition.clean(definition.default))


@transaction.atomic
def set_parameter(
    key: str, value: Any, *, by: Any, note: str = "", at: datetime | None = None
) -> Parameter:
    """Change a setting and keep the earlier value; ParameterRefused when the value does not fit."""
    definition = DEFINITIONS[key]
    kept = definition.clean(value)
    row = Parameter.objects.select_for_update().filter(key=key).first()
    if row is None and kept == definition.clean(definition.default):
        return Parameter(key=key, value=kept, version=0)
    if row is not None and row.value == kept:
        return row
    if row is None:
        row = Parameter(key=key, version=0)
    row.value = kept
    row.version += 1
    row.save()
    ParameterVersion.objects.create(
        key=key, version=row.version, value=kept, by=by, note=note, at=at or timezone.now()
    )
    audit.record("parameter.set", row, by=by, fields={"version": (row.version - 1, row.version)})
    forget()
    # Another thread may have read the old value before this transaction ended.
    transaction.on_commit(forget)
    return row


@dataclass(frozen=True)
class Shown:
    """One setting as the page and the contract show it."""

    definition: Definition
    value: Any
    version: int
    changed_at: datetime | None
    changed_by: Any

    @property
    def is_default(self) -> bool:
        return self.version == 0


def all_parameters() -> list[Shown]:
    """Every setting with its value and who changed it last, by group and in the order defined."""
    rows = {row.key: row for row in Parameter.objects.all()}
    last: dict[str, ParameterVersion] = {}
    for version in ParameterVersion.objects.select_related("by").order_by("version"):
        last[version.key] = version
    groups = list(dict.fromkeys(str(one.group) for one in DEFINITIONS.values()))
    shown = []
    for definition in sorted(DEFINITIONS.values(), key=lambda one: groups.index(str(one.group))):
        row, latest = rows.get(definition.key), last.get(definition.key)
        shown.append(
            Shown(
                definition,
                definition.python(row.value if row else definition.clean(definition.default)),
                row.version if row else 0,
                latest.at if latest else None,
                latest.by if latest else None,
            )
        )
    return shown
