"""What was read, what is wrong with it and what was passed over: the words of the report."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from members.roster.columns import Column, Heading
from members.roster.directory import Directory, Entry, Kind
from members.roster.reading import Book, letter
from members.roster.values import Value, text_of


class Severity(StrEnum):
    """error: the row cannot be taken; question: it waits for an answer; warning: read, with a doubt."""

    ERROR = "error"
    QUESTION = "question"
    WARNING = "warning"


@dataclass(slots=True)
class Problem:
    """What is wrong with one cell, row or sheet, as the office is told it.

    row 0 and column "" when the whole sheet or row is meant. choices: what an answer may be;
    ask: (kind, text) under which `Known.answers` takes it.
    """

    sheet: str
    row: int
    column: str
    heading: str
    value: str
    reason: str
    severity: Severity = Severity.ERROR
    field: str = ""
    choices: tuple[Entry, ...] = ()
    ask: tuple[str, str] | None = None

    @property
    def where(self) -> str:
        """工作表“名册”第5行 C列“手机号”."""
        if not self.row:
            return _("工作表“%(sheet)s”") % {"sheet": self.sheet}
        if not self.column:
            return _("工作表“%(sheet)s”第%(row)d行") % {"sheet": self.sheet, "row": self.row}
        return _("工作表“%(sheet)s”第%(row)d行 %(column)s列“%(heading)s”") % {
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "heading": self.heading,
        }

    def __str__(self) -> str:
        return f"{self.where}：{self.reason}"


@dataclass(slots=True)
class PlannedRow:
    """One member as the roster says; values hold only what the roster really says.

    values by Field: name, phone, number, term (int), sector/committee/town (Named), sex ("male",
    "female"), party, ethnic_group, birth and since (PartialDate), education, workplace, post,
    id_number, address, email, is_standing (bool), note; other_phones (tuple of str).
    also: further places (sheet, row) of the same book that say the same person.
    """

    sheet: str
    row: int
    values: dict[str, Any]
    problems: list[Problem] = field(default_factory=list)
    columns: dict[str, Column] = field(default_factory=dict)
    also: list[tuple[str, int]] = field(default_factory=list)

    @property
    def is_ready(self) -> bool:
        """Whether the row can be taken as it is."""
        return all(problem.severity is Severity.WARNING for problem in self.problems)

    def tell(
        self,
        reason: str,
        severity: Severity,
        said: str = "",
        value: Value = None,
        column: Column | None = None,
    ) -> Problem:
        """Note a problem of this row."""
        column = column or self.columns.get(said)
        problem = Problem(
            self.sheet,
            self.row,
            letter(column.index) if column else "",
            text_of(column.heading) if column else "",
            text_of(value),
            reason,
            severity,
            said,
        )
        self.problems.append(problem)
        return problem


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that was not read: a column (rows is empty), or rows; and why."""

    sheet: str
    reason: str
    column: str = ""
    heading: str = ""
    rows: tuple[int, ...] = ()


@dataclass(slots=True)
class Table:
    """A table that was found: the rows of its heading and what its columns were taken for."""

    sheet: str
    heading: Heading
    members: int = 0


@dataclass(slots=True)
class Parsed:
    """What a file says: its members, what is wrong, and what was passed over."""

    book: Book
    rows: list[PlannedRow] = field(default_factory=list)
    general: list[Problem] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)

    @property
    def problems(self) -> list[Problem]:
        """Every problem once, in the order of the file."""
        order = {sheet.title: number for number, sheet in enumerate(self.book.sheets)}
        found = {id(problem): problem for problem in self.general}
        found |= {id(problem): problem for row in self.rows for problem in row.problems}
        return sorted(
            found.values(), key=lambda p: (order.get(p.sheet, -1), p.row, len(p.column), p.column)
        )

    @property
    def ready(self) -> list[PlannedRow]:
        return [row for row in self.rows if row.is_ready]

    @property
    def refused(self) -> list[PlannedRow]:
        return [row for row in self.rows if not row.is_ready]

    @property
    def is_clean(self) -> bool:
        """Whether the whole file can be taken: nothing wrong, nothing to ask."""
        return all(problem.severity is Severity.WARNING for problem in self.problems)


@dataclass(frozen=True)
class Known:
    """What the register knows before the file is read.

    term: the term asked for; it stands over the title of the roster, not over its column.
    current_term: used when neither the file nor the caller names one.
    terms: the terms there are; empty when any may come.
    answers: (kind, text without spaces) -> key, what the office chose when asked before.
    may_add: whether unknown sectors, committees and town groups are new bodies.
    """

    sectors: tuple[Entry, ...] = ()
    committees: tuple[Entry, ...] = ()
    towns: tuple[Entry, ...] = ()
    term: int | None = None
    current_term: int | None = None
    terms: tuple[int, ...] = ()
    answers: Mapping[tuple[str, str], int] = field(default_factory=dict)
    may_add: bool = False
    today: date = field(default_factory=timezone.localdate)

    def directories(self) -> dict[Kind, Directory]:
        return {
            kind: Directory(kind, entries, self.answers, may_add=self.may_add)
            for kind, entries in (
                (Kind.SECTOR, self.sectors),
                (Kind.TOWN, self.towns),
                (Kind.COMMITTEE, self.committees),
            )
        }
