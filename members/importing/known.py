"""What the register knows before a roster is compared with it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import Body, Committee, Membership, Person, Sector, Term, TownCommittee
from members.roster.columns import Field
from members.roster.directory import Entry, Named
from members.roster.matching import Existing
from members.roster.plan import parse
from members.roster.reading import Book
from members.roster.report import Known
from members.roster.values import PartialDate, Unreadable, read_term

PERSON_FIELDS = {
    Field.NAME: "name",
    Field.PHONE: "phone",
    Field.SEX: "sex",
    Field.PARTY: "party",
    Field.ETHNIC_GROUP: "ethnic_group",
    Field.EDUCATION: "education",
    Field.WORKPLACE: "workplace",
    Field.POST: "post",
    Field.ID_NUMBER: "id_number",
    Field.ADDRESS: "address",
    Field.EMAIL: "email",
}
SEAT_FIELDS = {
    Field.NUMBER: "number",
    Field.SECTOR: "sector",
    Field.COMMITTEE: "committee",
    Field.TOWN: "town",
    Field.IS_STANDING: "is_standing",
    Field.SINCE: "since",
    Field.NOTE: "note",
}
BODIES = (Field.SECTOR, Field.COMMITTEE, Field.TOWN)


class NoTerm(Exception):
    """The roster's term is not in the register; the sentence says how to go on."""


def known_of(
    term: Term, answers: Mapping[tuple[str, str], int] | None = None, *, may_add: bool = False
) -> Known:
    """The bodies of a term by all their names.

    A term that has no bodies yet takes them from its first roster.
    """
    sectors = _entries(Sector.objects.filter(term=term))
    committees = _entries(Committee.objects.filter(term=term))
    return Known(
        sectors=sectors,
        committees=committees,
        towns=_entries(TownCommittee.objects.all()),
        term=term.number,
        answers=answers or {},
        may_add=may_add or not (sectors or committees),
    )


def _entries(bodies: Iterable[Any]) -> tuple[Entry, ...]:
    return tuple(
        Entry(
            body.pk,
            body.name,
            tuple(filter(None, (body.short_name, *map(str, getattr(body, "aliases", []))))),
        )
        for body in bodies
    )


def existing() -> list[Existing]:
    """Everybody in the register, once for each seat; who has none stands there without."""
    persons = {person.pk: (person, _of_person(person)) for person in Person.objects.all()}
    found: list[Existing] = []
    seated: set[int] = set()
    numbers = dict(Term.objects.values_list("pk", "number"))
    names = dict(Body.objects.values_list("pk", "name"))
    for seat in Membership.objects.order_by("pk"):
        seated.add(seat.person_id)
        values = persons[seat.person_id][1] | _of_seat(seat, names)
        found.append(Existing(seat.person_id, seat.pk, numbers[seat.term_id], values))
    found += [
        Existing(pk, None, None, values)
        for pk, (_person, values) in persons.items()
        if pk not in seated
    ]
    return found


def _of_person(person: Person) -> dict[str, Any]:
    values = {
        str(said): getattr(person, name)
        for said, name in PERSON_FIELDS.items()
        if getattr(person, name)
    }
    if person.birth_year:
        values[Field.BIRTH] = PartialDate(person.birth_year, person.birth_month)
    return values


def _of_seat(seat: Membership, names: Mapping[int, str]) -> dict[str, Any]:
    values: dict[str, Any] = {Field.IS_STANDING: seat.is_standing}
    if seat.number:
        values[Field.NUMBER] = seat.number
    if seat.note:
        values[Field.NOTE] = seat.note
    if seat.since:
        values[Field.SINCE] = PartialDate(seat.since.year, seat.since.month, seat.since.day)
    for said in BODIES:
        if key := getattr(seat, f"{said}_id"):
            values[said] = Named(key, names[key])
    return values


# Which term ----------------------------------------------------------------------------------


def term_named(text: str) -> Term:
    """The term somebody typed: 15, 十五, 第15届. Raises NoTerm."""
    try:
        number = read_term(text).value
    except Unreadable:
        number = None
    return _the_term(number, text)


def term_of(book: Book) -> Term:
    """The term a roster says it is of, else the current one. Raises NoTerm."""
    terms = {term.number: term for term in Term.objects.all()}
    if not terms:
        raise NoTerm(_no_terms())
    current = next((term.number for term in terms.values() if term.is_current), None)
    rows = parse(book, Known(current_term=current, may_add=True)).rows
    told = Counter(number for row in rows if (number := row.values.get(Field.TERM)))
    if not told and current is None:
        raise NoTerm(
            _("看不出名册是哪一届，系统里也没有设本届。请指明届次（--term），或先设定本届。")
        )
    return _the_term(told.most_common(1)[0][0] if told else current, "")


def _the_term(number: int | None, text: str) -> Term:
    term = Term.objects.filter(number=number).first() if number else None
    if term is not None:
        return term
    terms = list(Term.objects.order_by("-number"))
    if not terms:
        raise NoTerm(_no_terms())
    raise NoTerm(
        _("系统里没有“%(wanted)s”，只有%(terms)s。请先在工作台的“届”里新建，或改用已有的届次。")
        % {
            "wanted": _("第%d届") % number if number else text,
            "terms": "、".join(str(term) for term in terms),
        }
    )


def _no_terms() -> str:
    return _(
        "系统里还没有届次。请先在工作台的“届”里新建一届（届数、起止日期，勾选“本届”），再导入。"
    )


def has_ended(term: Term) -> bool:
    return term.ends_on < timezone.localdate()
