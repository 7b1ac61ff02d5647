"""Whose row is this: the member to update, a new one, or a question; the same file again changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from members.roster.columns import Field
from members.roster.directory import Kind, Named, core
from members.roster.repeats import work_of
from members.roster.report import PlannedRow
from members.roster.values import squeezed

# What is compared and written; `work` has become workplace and post.
WRITTEN = tuple(
    said for said in Field if said not in (Field.SERIAL, Field.PROBLEM, Field.WORK, Field.TERM)
)


@dataclass(frozen=True, slots=True)
class Existing:
    """A person in the register with the seat of one term; without a seat, seat and term are None.

    person, seat: keys in the database. values: as PlannedRow.values, blanks left out or "";
    sector, committee and town are Named. The phone is the number of eleven digits.
    """

    person: int
    seat: int | None
    term: int | None
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Create:
    """Nobody like this is in the register: a new person with a new seat."""


@dataclass(frozen=True, slots=True)
class Update:
    """The person is known. seat None: the person gets a seat in the row's term.

    changes: field -> (what the register says, what the roster says).
    """

    person: int
    seat: int | None
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The register already says all that the row says."""

    person: int
    seat: int


@dataclass(frozen=True, slots=True)
class Ask:
    """The office must say whether it is one of these persons or somebody new."""

    candidates: tuple[Existing, ...]
    reason: str


Outcome = Create | Update | Unchanged | Ask


class Register:
    """The persons of the register, found by number, phone and name; built once for a whole file."""

    def __init__(self, existing: Sequence[Existing]) -> None:
        self.numbers: dict[tuple[int | None, str], list[Existing]] = {}
        self.phones: dict[str, list[Existing]] = {}
        self.names: dict[str, list[Existing]] = {}
        self.persons: dict[int, list[Existing]] = {}
        for one in existing:
            if number := one.values.get(Field.NUMBER):
                self.numbers.setdefault((one.term, squeezed(number).upper()), []).append(one)
            if phone := one.values.get(Field.PHONE):
                self.phones.setdefault(_digits(phone), []).append(one)
            self.names.setdefault(str(one.values.get(Field.NAME, "")), []).append(one)
            self.persons.setdefault(one.person, []).append(one)

    def seats_of(self, person: int, term: int | None) -> Existing:
        """The person's seat in this term, or the person with another or no seat."""
        records = self.persons[person]
        return next((one for one in records if one.term == term), records[0])


def match(
    row: PlannedRow, existing: Sequence[Existing] | Register, *, chosen: int | None = None
) -> Outcome:
    """Decide what a row means: by number, else phone, else term with name, sector and post.

    chosen: the person the office named when it was asked; 0 says it is somebody new.
    """
    register = existing if isinstance(existing, Register) else Register(existing)
    values = row.values
    term = values.get(Field.TERM)
    if chosen == 0:
        return Create()
    if chosen is not None and chosen in register.persons:
        return _outcome(values, register.seats_of(chosen, term), term)
    by_number = _persons(
        register, register.numbers.get((term, str(values.get(Field.NUMBER, ""))), []), term
    )
    by_phone = _persons(
        register, register.phones.get(_digits(values.get(Field.PHONE, "")), []), term
    )
    for found in (by_number, by_phone):
        if not found:
            continue
        if len(found) > 1:
            return Ask(tuple(found), _("有几个人用这个号码。"))
        if found[0].values.get(Field.NAME) != values.get(Field.NAME):
            return Ask(tuple(found), _("号码相同而姓名不同，请确认是不是同一人。"))
        if by_number and by_phone and by_number[0].person != by_phone[0].person:
            return Ask((*by_number, *by_phone), _("委员证号和手机号指向不同的人。"))
        return _outcome(values, found[0], term)
    return _by_name(values, register, term)


def _by_name(values: Mapping[str, Any], register: Register, term: int | None) -> Outcome:
    named = list(register.names.get(str(values.get(Field.NAME, "")), []))
    namesakes = _persons(register, named, term)
    if not namesakes:
        return Create()
    card = values.get(Field.ID_NUMBER)
    by_card = [one for one in namesakes if card and one.values.get(Field.ID_NUMBER) == card]
    if len(by_card) == 1:
        return _outcome(values, by_card[0], term)
    same_key = [
        one
        for one in namesakes
        if one.term == term
        and _same_body(Field.SECTOR, one.values.get(Field.SECTOR), values.get(Field.SECTOR))
        and work_of(one.values) == work_of(values)
    ]
    contradicted = [one for one in namesakes if _told_apart(one, values, term)]
    exact = [one for one in same_key if one not in contradicted]
    if len(exact) == 1:
        return _outcome(values, exact[0], term)
    if exact:
        return Ask(tuple(exact), _("有几个同名、同界别、同职务的人。"))
    if same_key:
        return Ask(tuple(same_key), _("姓名、界别、职务都相同而号码不同：换了号码，还是另一人？"))
    unsure = [one for one in namesakes if one not in contradicted]
    if unsure:
        return Ask(tuple(unsure), _("有同名的人，看不出是不是同一人。"))
    return Create()


def _outcome(values: Mapping[str, Any], one: Existing, term: int | None) -> Outcome:
    changes = _changes(values, one.values)
    if one.term != term or one.seat is None:
        return Update(one.person, None, changes | {str(Field.TERM): (None, term)})
    return Update(one.person, one.seat, changes) if changes else Unchanged(one.person, one.seat)


def _changes(values: Mapping[str, Any], old: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Where the roster says something else; what it leaves blank is kept."""
    changes: dict[str, tuple[Any, Any]] = {}
    work_is_same = work_of(values) == work_of(old)
    for said in WRITTEN:
        new, before = values.get(said), old.get(said)
        if new in (None, "") or new == before:
            continue
        if said in (Field.WORKPLACE, Field.POST) and work_is_same:
            # Cut at another place, but the same text.
            continue
        if isinstance(new, Named) and _same_body(said, before, new):
            continue
        if said == Field.PHONE and _digits(new) == _digits(before or ""):
            continue
        changes[str(said)] = (before, new)
    return changes


def _told_apart(one: Existing, values: Mapping[str, Any], term: int | None) -> bool:
    """Whether number, phone or identity card show two persons; a number counts in its term only."""
    keys = [Field.PHONE, Field.ID_NUMBER, *([Field.NUMBER] if one.term == term else [])]
    return any(
        one.values.get(said)
        and values.get(said)
        and _digits(one.values[said]) != _digits(values[said])
        for said in keys
    )


def _same_body(said: Field, one: Named | None, other: Named | None) -> bool:
    if one is None or other is None:
        return one is other
    if one.key is not None and other.key is not None:
        return one.key == other.key
    return core(Kind(said), one.name) == core(Kind(said), other.name)


def _persons(register: Register, found: list[Existing], term: int | None) -> list[Existing]:
    """Each person once, with the seat of this term where there is one."""
    persons = dict.fromkeys(one.person for one in found)
    return [register.seats_of(person, term) for person in persons]


def _digits(phone: str) -> str:
    """A number for comparing: without spaces and country code."""
    bare = squeezed(phone).upper()
    return bare[-11:] if bare.startswith("+86") else bare
