"""Working days as the State Council sets them: weekends, statutory holidays and make-up work days.

The table of holidays is loaded from a file each November, without a way out to the internet.
A year without rows is reckoned by weekends alone, and whoever asks is told so.
"""

import calendar
import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from cppcc_portal.office import audit

HOLIDAYS_FILE = Path(__file__).parent / "data" / "holidays-2024-2027.csv"

DAY = timedelta(days=1)


class Holiday(models.Model):
    """A day on which the office rests though it is a weekday, or works though it is a weekend."""

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", _("放假")
        WORKDAY = "workday", _("调休上班")

    class Status(models.TextChoices):
        PUBLISHED = "published", _("已公布")
        PROVISIONAL = "provisional", _("暂定")

    day = models.DateField(_("日期"), unique=True)
    kind = models.CharField(_("类别"), max_length=10, choices=Kind)
    name = models.CharField(_("名称"), max_length=40)
    status = models.CharField(_("状态"), max_length=12, choices=Status, default=Status.PUBLISHED)
    comment = models.CharField(_("依据"), max_length=200, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("节假日与调休")
        verbose_name_plural = _("节假日与调休")
        ordering = ["day"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["holiday", "workday"]), name="office_holiday_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["published", "provisional"]),
                name="office_holiday_status",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.name}（{self.get_kind_display()}）"


class WorkingCalendar:
    """Which days are worked. Reads the table once, when first asked; share one over a whole list."""

    def __init__(
        self, marks: Mapping[date, str] | None = None, *, provisional: Iterable[int] = ()
    ) -> None:
        """`marks` maps days to Holiday.Kind values; without it the table in the database is read.

        `provisional` names the years whose plan is not yet published.
        """
        self._given = marks
        self._given_provisional = frozenset(provisional)

    @cached_property
    def _table(self) -> tuple[Mapping[date, str], frozenset[int], frozenset[int]]:
        if self._given is not None:
            years = frozenset(day.year for day in self._given)
            return self._given, years - self._given_provisional, years & self._given_provisional
        marks: dict[date, str] = {}
        published, known = set(), set()
        for day, kind, status in Holiday.objects.values_list("day", "kind", "status"):
            marks[day] = kind
            known.add(day.year)
            if status == Holiday.Status.PUBLISHED:
                published.add(day.year)
        return marks, frozenset(published), frozenset(known - published)

    def is_working_day(self, day: date) -> bool:
        """Whether the office works on this day."""
        kind = self._table[0].get(day)
        if kind is None:
            return day.weekday() < calendar.SATURDAY
        return kind == Holiday.Kind.WORKDAY

    def add(self, day: date, count: int) -> date:
        """The working day `count` working days after `day` (before it, when negative).

        `day` itself is not counted, as a term begins on the morrow (民法典第二百零一条).
        """
        step = DAY if count >= 0 else -DAY
        left = abs(count)
        while left:
            day += step
            left -= self.is_working_day(day)
        return day

    def roll(self, day: date) -> date:
        """The day itself when worked, otherwise the next working day."""
        while not self.is_working_day(day):
            day += DAY
        return day

    def between(self, first: date, last: date) -> int:
        """Working days after `first` up to and with `last`; negative when `last` lies before."""
        if last < first:
            return -self.between(last, first)
        return sum(
            self.is_working_day(first + timedelta(days=step))
            for step in range(1, (last - first).days + 1)
        )

    def guesses(self, first: date, last: date) -> dict[str, str]:
        """Years of this span that rest on a guess: "weekends" (no plan) or "provisional"."""
        _marks, published, provisional = self._table
        return {
            str(year): "provisional" if year in provisional else "weekends"
            for year in range(first.year, last.year + 1)
            if year not in published
        }


def is_working_day(day: date, working: WorkingCalendar | None = None) -> bool:
    """Whether the office works on this day."""
    return (working or WorkingCalendar()).is_working_day(day)


def add_working_days(day: date, count: int, working: WorkingCalendar | None = None) -> date:
    """The day `count` working days after `day`, which is not counted itself."""
    return (working or WorkingCalendar()).add(day, count)


def working_days_between(first: date, last: date, working: WorkingCalendar | None = None) -> int:
    """Working days after `first` up to and with `last`; negative when `last` lies before."""
    return (working or WorkingCalendar()).between(first, last)


def add_months(day: date, count: int) -> date:
    """The same day `count` months on, or the last of that month where it has no such day.

    30 November and three months make the last of February (民法典第二百零二条).
    """
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


# Loading -------------------------------------------------------------------------------------


class HolidayFileError(ValueError):
    """The file cannot be loaded; `faults` names each line and what is wrong with it."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("\n".join(faults))


@dataclass(frozen=True)
class HolidayRow:
    """One line of the file."""

    day: date
    kind: str
    name: str
    status: str
    comment: str = ""


@dataclass
class LoadedHolidays:
    """What a load did: days added, changed, taken out, and years left as the office has them."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    kept_years: list[int] = field(default_factory=list)


KINDS = {
    "holiday": "holiday", "放假": "holiday", "休": "holiday",
    "workday": "workday", "调休上班": "workday", "上班": "workday", "班": "workday",
}  # fmt: skip
STATUSES = {
    "": "published", "published": "published", "已公布": "published",
    "provisional": "provisional", "暂定": "provisional",
}  # fmt: skip


def parse_day(text: str) -> date | None:
    """The date of "2026-10-01", "2026/10/1" or "2026.10.1"; None when it is none."""
    try:
        return datetime.strptime(text.replace("/", "-").replace(".", "-"), "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None


def read_holidays(content: bytes) -> list[HolidayRow]:
    """The rows of a CSV file with the columns date,kind,name,status,comment (UTF-8 or GBK).

    Raises HolidayFileError that names every bad line.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", errors="replace")
    reader = csv.DictReader(io.StringIO(text))
    if not {"date", "kind", "name"} <= set(reader.fieldnames or ()):
        raise HolidayFileError([gettext("第1行：表头须有 date、kind、name、status 各列。")])
    rows: dict[date, HolidayRow] = {}
    faults = []
    for line in reader:
        cells = {name: (line.get(name) or "").strip() for name in reader.fieldnames or ()}
        if not any(cells.values()):
            continue
        day = parse_day(cells["date"])
        kind, status = KINDS.get(cells["kind"]), STATUSES.get(cells.get("status", ""))
        at = gettext("第%(line)d行") % {"line": reader.line_num}
        if day is None:
            faults.append(
                gettext("%(at)s：日期“%(text)s”无法识别，应写成 2026-10-01。")
                % {"at": at, "text": cells["date"]}
            )
        elif day in rows:
            faults.append(gettext("%(at)s：%(day)s 重复出现。") % {"at": at, "day": day})
        if kind is None:
            faults.append(
                gettext("%(at)s：类别“%(text)s”应为 holiday（放假）或 workday（上班）。")
                % {"at": at, "text": cells["kind"]}
            )
        if status is None:
            faults.append(
                gettext("%(at)s：状态“%(text)s”应为 published（已公布）或 provisional（暂定）。")
                % {"at": at, "text": cells["status"]}
            )
        if not cells["name"]:
            faults.append(gettext("%(at)s：缺少名称。") % {"at": at})
        if day and kind and status:
            rows[day] = HolidayRow(day, kind, cells["name"], status, cells.get("comment", ""))
    if faults:
        raise HolidayFileError(faults)
    return list(rows.values())


@transaction.atomic
def load_holidays(rows: Iterable[HolidayRow], *, by: Any = None, job: str = "") -> LoadedHolidays:
    """Bring the table to what the file says of the years it covers; safe to run again.

    A published plan replaces what was provisional. A provisional file never touches a year whose
    plan the office has already loaded.
    """
    rows = list(rows)
    done = LoadedHolidays()
    years = {row.day.year for row in rows}
    present = {one.day: one for one in Holiday.objects.filter(day__year__in=years)}
    plan_known = {
        day.year for day, one in present.items() if one.status == Holiday.Status.PUBLISHED
    }
    plan_given = {row.day.year for row in rows if row.status == Holiday.Status.PUBLISHED}
    done.kept_years = sorted((years & plan_known) - plan_given)
    for row in rows:
        if row.day.year in done.kept_years:
            continue
        wanted = {"kind": row.kind, "name": row.name, "status": row.status, "comment": row.comment}
        holiday = present.pop(row.day, None)
        if holiday is None:
            holiday = Holiday(day=row.day, **wanted)
            done.added += 1
        elif any(getattr(holiday, name) != value for name, value in wanted.items()):
            for name, value in wanted.items():
                setattr(holiday, name, value)
            done.changed += 1
        else:
            continue
        holiday._history_user = by  # type: ignore[attr-defined]
        holiday.save()
    for holiday in present.values():
        # What the office entered by hand as published stays, whatever the file leaves out.
        provisional = holiday.status == Holiday.Status.PROVISIONAL
        if provisional and holiday.day.year not in done.kept_years:
            holiday._history_user = by  # type: ignore[attr-defined]
            holiday.delete()
            done.removed += 1
    if done.added or done.changed or done.removed:
        audit.record(
            "holidays.load",
            by=by,
            job=job,
            fields={
                "added": (None, done.added),
                "changed": (None, done.changed),
                "removed": (None, done.removed),
            },
        )
    return done
