"""The same member twice: over several sheets one person, inside one sheet a question."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from members.roster.columns import Field
from members.roster.directory import Named
from members.roster.report import Parsed, PlannedRow, Severity
from members.roster.values import squeezed


def work_of(values: Mapping[str, Any]) -> str:
    """Workplace and post as one text without spaces: the part of the key that is the post."""
    return squeezed(f"{values.get(Field.WORKPLACE) or ''}{values.get(Field.POST) or ''}")


def is_same_person(one: PlannedRow, other: PlannedRow) -> bool:
    """Whether two sheets of one book speak of the same member."""
    for said in (Field.NUMBER, Field.PHONE):
        mine, theirs = one.values.get(said), other.values.get(said)
        if mine and theirs:
            return bool(mine == theirs)
    mine, theirs = work_of(one.values), work_of(other.values)
    return bool(mine) and mine == theirs


def join_sheets(parsed: Parsed) -> None:
    """The same roster printed by sector, by street and by committee is one roster."""
    if len({table.sheet for table in parsed.tables}) < 2:
        return
    kept: list[PlannedRow] = []
    by_name: dict[tuple[str, int | None], list[PlannedRow]] = {}
    for row in parsed.rows:
        key = (row.values.get(Field.NAME, ""), row.values.get(Field.TERM))
        earlier = [
            other
            for other in by_name.get(key, [])
            if key[0]
            and other.sheet != row.sheet
            and all(sheet != row.sheet for sheet, _row in other.also)
            and is_same_person(other, row)
        ]
        if len(earlier) != 1:
            by_name.setdefault(key, []).append(row)
            kept.append(row)
            continue
        _join(earlier[0], row)
    parsed.rows = kept


def _join(first: PlannedRow, again: PlannedRow) -> None:
    first.also.append((again.sheet, again.row))
    for said, value in again.values.items():
        mine = first.values.get(said)
        if mine in (None, ""):
            first.values[said] = value
        elif mine != value and said not in (
            Field.WORKPLACE,
            Field.POST,
            Field.NOTE,
            "other_phones",
        ):
            again.tell(
                _("与工作表“%(sheet)s”第%(row)d行不一致，用了前面的。")
                % {"sheet": first.sheet, "row": first.row},
                Severity.WARNING,
                said,
                value.name if isinstance(value, Named) else str(value),
            )
    # A second sheet's own faults stay faults: the cell is wrong wherever it stands.
    first.problems += again.problems


def find_repeats(rows: list[PlannedRow]) -> None:
    """Ask about rows that would be one member; the same name alone is no mistake."""
    numbers: dict[tuple[Any, str], PlannedRow] = {}
    phones: dict[tuple[Any, str], PlannedRow] = {}
    keys: dict[tuple[Any, ...], PlannedRow] = {}
    for row in rows:
        values = row.values
        term = values.get(Field.TERM)
        if number := values.get(Field.NUMBER):
            first = numbers.setdefault((term, number), row)
            if first is not row:
                _ask_repeat(row, first, Field.NUMBER, _("委员证号与第%(row)d行重复。"))
                continue
        if phone := values.get(Field.PHONE):
            first = phones.setdefault((term, phone), row)
            if first is not row:
                _ask_repeat(row, first, Field.PHONE, _("手机号与第%(row)d行重复。"))
                continue
        sector = values.get(Field.SECTOR)
        key = (term, values.get(Field.NAME), sector.name if sector else "", work_of(values))
        first = keys.setdefault(key, row)
        if first is row or not values.get(Field.NAME):
            continue
        told_apart = any(
            values.get(said) and first.values.get(said) and values[said] != first.values[said]
            for said in (Field.NUMBER, Field.PHONE, Field.ID_NUMBER)
        )
        if not told_apart:
            _ask_repeat(row, first, Field.NAME, _("与第%(row)d行同名，看不出是不是同一人。"))


def _ask_repeat(row: PlannedRow, first: PlannedRow, said: Field, reason: str) -> None:
    text = reason % {"row": first.row}
    if first.sheet != row.sheet:
        text += _("（工作表“%(sheet)s”）") % {"sheet": first.sheet}
    row.tell(text, Severity.QUESTION, said, row.values.get(said))
