"""Writes a plan into the register: all of it in one transaction, a handful of queries for many rows."""

from typing import Any

from django.db import models, transaction
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from cppcc_portal.office import audit
from cppcc_portal.office.personal import pinyin
from members.actions import open_group, set_id_number, set_phone
from members.importing.known import BODIES, PERSON_FIELDS, SEAT_FIELDS, has_ended
from members.importing.plan import Plan, Step
from members.models import (
    Body,
    Committee,
    Membership,
    Person,
    Sector,
    Term,
    TownCommittee,
    User,
)
from members.roster.columns import Field
from members.roster.directory import Kind, Named
from members.roster.matching import Create, Update

BATCH = 500  # rows
REASON = "名册导入"


def lock_register() -> None:
    """Let one import after the other compare and write; the caller's transaction holds it."""
    list(Term.objects.select_for_update().order_by("pk"))


@transaction.atomic
def write(plan: Plan, *, by: User | None, job: str = "", about: models.Model | None = None) -> None:
    """Write every row of the plan that has something to write, with its history.

    IntegrityError when the register has changed since the plan was made; then nothing is written.
    """
    _make_bodies(plan, by=by, job=job)
    steps = [step for step in plan.steps if step.writes]
    persons = _write_persons(steps, by)
    _write_seats(steps, persons, plan.term, by)
    audit.record(
        "membership.import",
        about,
        by=by,
        job="" if by else job,
        fields={name: (None, count) for name, count in plan.counts.items()},
    )


def _make_bodies(plan: Plan, *, by: User | None, job: str) -> None:
    """Make the sectors, committees and town groups that the roster names for the first time."""
    made: dict[tuple[Kind, str], Body] = {}
    for kind, name in plan.new_bodies:
        body: Any
        match kind:
            case Kind.SECTOR:
                body = Sector(kind=Body.Kind.SECTOR, name=name, term=plan.term)
            case Kind.COMMITTEE:
                body = Committee(kind=Body.Kind.COMMITTEE, name=name, term=plan.term)
            case Kind.TOWN:
                body = TownCommittee(kind=Body.Kind.TOWN, name=name)
        body._history_user = by
        body.save()
        open_group(body.body_ptr)
        audit.record(f"{body._meta.model_name}.add", body, by=by, job="" if by else job)
        made[kind, name] = body
    for step in plan.steps:
        for kind in Kind:
            named = step.row.values.get(kind)
            if isinstance(named, Named) and named.key is None and (kind, named.name) in made:
                step.row.values[kind] = Named(made[kind, named.name].pk, named.name)


def _write_persons(steps: list[Step], by: User | None) -> dict[int, Person]:
    """Persons by the place of their step in the list."""
    known = Person.objects.in_bulk([step.person for step in steps if step.person is not None])
    found: dict[int, Person] = {}
    new: list[Person] = []
    changed: list[Person] = []
    moved: list[Person] = []
    columns: set[str] = set()
    for place, step in enumerate(steps):
        person = found[place] = known[step.person] if step.person is not None else Person()
        before = person.phone_hash, person.id_number_hash
        touched = _fill_person(person, _said(step, of_seat=False))
        if step.person is None:
            new.append(person)
        elif touched:
            changed.append(person)
            columns |= touched
            if before != (person.phone_hash, person.id_number_hash) and any(before):
                moved.append(person)
    # Numbers may change hands inside one file: first all let go, then all take.
    Person.objects.filter(pk__in=[person.pk for person in moved]).update(
        phone_hash=None, id_number_hash=None
    )
    if moved:
        columns |= {"phone_hash", "id_number_hash"}
    if changed:
        bulk_update_with_history(
            changed,
            Person,
            sorted(columns),
            batch_size=BATCH,
            default_user=by,
            default_change_reason=REASON,
        )
    made = bulk_create_with_history(
        new, Person, batch_size=BATCH, default_user=by, default_change_reason=REASON
    )
    assert all(person.pk for person in made)
    return found


def _said(step: Step, *, of_seat: bool) -> dict[str, Any]:
    """What is written: all that the row says of somebody or some seat that is new, else what differs."""
    values = step.row.values
    match step.outcome:
        case Create():
            return values
        case Update(seat=None) if of_seat:
            return values
    # The row's own value where it has one, since a new body has got its key there.
    return {name: values.get(name, new) for name, (_old, new) in step.changes.items()}


def _fill_person(person: Person, said: dict[str, Any]) -> set[str]:
    """Put what the row says into the person; the columns that changed."""
    columns: set[str] = set()
    for key, name in PERSON_FIELDS.items():
        value = said.get(key)
        if value is None or value == getattr(person, name):
            continue
        match key:
            case Field.PHONE:
                set_phone(person, value)
                columns |= {"phone", "phone_hash"}
            case Field.ID_NUMBER:
                set_id_number(person, value)
                columns |= {"id_number", "id_number_hash"}
            case Field.NAME:
                person.name, person.initials = value, pinyin(value)
                columns |= {"name", "initials"}
            case _:
                setattr(person, name, value)
                columns.add(name)
    birth = said.get(Field.BIRTH)
    if birth and (person.birth_year, person.birth_month) != (birth.year, birth.month):
        person.birth_year, person.birth_month = birth.year, birth.month
        columns |= {"birth_year", "birth_month"}
    return columns


def _write_seats(
    steps: list[Step], persons: dict[int, Person], term: Term, by: User | None
) -> None:
    known = Membership.objects.in_bulk(
        [
            step.outcome.seat
            for step in steps
            if isinstance(step.outcome, Update) and step.outcome.seat is not None
        ]
    )
    status = Membership.Status.ENDED if has_ended(term) else Membership.Status.ACTIVE
    new: list[Membership] = []
    changed: list[Membership] = []
    columns: set[str] = set()
    moved: list[int] = []
    for place, step in enumerate(steps):
        said = _said(step, of_seat=True)
        seat = step.outcome.seat if isinstance(step.outcome, Update) else None
        if seat is None:
            fresh = Membership(person=persons[place], term=term, status=status)
            _fill_seat(fresh, said)
            new.append(fresh)
        elif touched := _fill_seat(known[seat], said):
            changed.append(known[seat])
            columns |= touched
            if "number" in touched:
                moved.append(seat)
    Membership.objects.filter(pk__in=moved).update(number="")
    if changed:
        bulk_update_with_history(
            changed,
            Membership,
            sorted(columns),
            batch_size=BATCH,
            default_user=by,
            default_change_reason=REASON,
        )
    bulk_create_with_history(
        new, Membership, batch_size=BATCH, default_user=by, default_change_reason=REASON
    )


def _fill_seat(seat: Membership, said: dict[str, Any]) -> set[str]:
    columns: set[str] = set()
    for key, name in SEAT_FIELDS.items():
        value = said.get(key)
        if value is None or value == "":
            continue
        if key in BODIES:
            setattr(seat, f"{name}_id", value.key)
        else:
            setattr(seat, name, value.first_day if key is Field.SINCE else value)
        columns.add(name)
    return columns
