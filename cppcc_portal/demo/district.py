"""The district of the demonstration: term, plenaries, bodies, people, accounts."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, Permission

from cppcc_portal.demo import people as words
from cppcc_portal.demo.bodies import COMMITTEES, ORGANISATIONS, SECTORS, TOWNS, UNITS
from cppcc_portal.demo.rows import Rows
from cppcc_portal.office.personal import keyed_hash
from members.actions import open_group
from members.models import (
    Body,
    Committee,
    Membership,
    Organisation,
    Person,
    Plenary,
    Posting,
    Sector,
    Term,
    TownCommittee,
    Unit,
    User,
)
from members.roles import ADMIN_ROLES, Role

CHINA = ZoneInfo("Asia/Shanghai")
UNUSABLE = make_password(None)

# account: role, what it is in one phrase
ACCOUNTS: dict[str, tuple[tuple[Role, ...], str]] = {
    "office": ((Role.OFFICE,), "秘书处办公室（提案委办公室）"),
    "secgen": ((Role.SECRETARY_GENERAL,), "秘书长"),
    "chair": ((Role.COMMITTEE_CHAIR,), "专委会主任"),
    "leader": ((Role.LEADER,), "副主席"),
    "member": ((Role.MEMBER,), "委员"),
    "cosigner": ((Role.MEMBER,), "委员（常联名）"),
    "convener": ((Role.MEMBER, Role.CONVENOR), "界别召集人"),
    "unit": ((Role.UNIT_CLERK,), "承办单位经办人"),
    "unit2": ((Role.UNIT_CLERK,), "另一承办单位经办人"),
    "unitleader": ((Role.UNIT_LEADER,), "承办单位负责人"),
    "supervision": ((Role.SUPERVISION,), "督查室"),
    "town": ((Role.TOWN,), "镇街政协工委"),
    "sysadmin": ((Role.SYSTEM_ADMIN,), "系统管理员"),
    "secadmin": ((Role.SECURITY_ADMIN,), "安全管理员"),
    "auditor": ((Role.AUDITOR,), "审计员"),
    "party": ((Role.ORGANISATION_CLERK,), "党派经办人（民盟区总支）"),
}
UNIT, UNIT2 = "区住建局", "区城管局"
PARTY = "民盟区总支"
CHAIRED = "教卫文体委"  # whose chair tries the demonstration


def moment(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """A time of day in the office's zone."""
    return datetime.combine(day, time(hour, minute), tzinfo=CHINA)


@dataclass
class District:
    """Everything that stands before the first proposal."""

    term: Term
    plenaries: list[Plenary]
    memberships: list[Membership]
    units: dict[str, Unit]
    clerks: dict[str, User]
    leaders: dict[str, User]
    accounts: dict[str, User] = field(default_factory=dict)
    committees: dict[str, Committee] = field(default_factory=dict)
    sectors: dict[str, Sector] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    # Chair and staff of each special committee, and the leaders in charge of topics.
    chairs: dict[str, User] = field(default_factory=dict)
    staff: dict[str, User] = field(default_factory=dict)
    deputies: list[User] = field(default_factory=list)

    @property
    def office(self) -> User:
        return self.accounts["office"]


def build(rng: Random, *, today: date, password: str, members: int = 320) -> District:
    """Term, bodies, people and accounts as an office has them on this day."""
    # Three plenary years must lie in one term: in a term's first two years the demonstration's
    # began two years earlier than the calendar's.
    into = (today.year - 2022) % 5
    since = date(today.year - (into if into >= 2 else 2), 1, 1)
    number = 15 + (since.year - 2022) // 5
    term = Term.objects.create(
        number=number,
        starts_on=since,
        ends_on=since.replace(year=since.year + 5) - timedelta(days=1),
        is_current=True,
    )
    bodies = _bodies(term)
    district = District(
        term=term,
        plenaries=_plenaries(term, today),
        memberships=[],
        units={unit.short_name: unit for unit in bodies["unit"].values()},
        clerks={},
        leaders={},
        committees=bodies["committee"],
        sectors=bodies["sector"],
        organisations=bodies["organisation"],
    )
    rows = Rows()
    hashed = make_password(password)
    _members(rng, rows, district, bodies, hashed, count=members, today=today)
    _unit_people(rng, rows, district, hashed, since)
    _party_people(rows, district, hashed, since)
    _office_people(rng, rows, district, bodies, hashed, since)
    _committee_people(rows, district, since)
    rows.close()
    _groups(district)
    return district


def _plenaries(term: Term, today: date) -> list[Plenary]:
    """The plenaries of this term that fall in the three years ending today, and the open call."""
    made = []
    for year in range(max(term.starts_on.year, today.year - 2), term.ends_on.year + 1):
        call = moment(date(year - 1, 10, 15))
        if call.date() > today:
            break
        made.append(
            Plenary.objects.create(
                term=term,
                number=year - term.starts_on.year + 1,
                opens_on=date(year, 1, 8),
                closes_on=date(year, 1, 11),
                submission_from=call,
                cut_off=moment(date(year, 1, 10), 17),
            )
        )
    return made


def _bodies(term: Term) -> dict[str, dict[str, Any]]:
    committees: dict[str, Any] = {}
    for order, spec in enumerate(COMMITTEES):
        kind = Body.Kind.OFFICE if spec.kind == "office" else Body.Kind.COMMITTEE
        committees[spec.short_name] = Committee.objects.create(
            kind=kind, name=spec.name, short_name=spec.short_name, order=order, term=term
        )
    sectors = {
        spec.short_name: Sector.objects.create(
            kind=Body.Kind.SECTOR,
            name=spec.name,
            short_name=spec.short_name,
            order=order,
            term=term,
            linked_committee=committees[spec.committee],
            aliases=list(spec.aliases),
        )
        for order, spec in enumerate(SECTORS)
    }
    towns = {
        spec.name: TownCommittee.objects.create(
            kind=Body.Kind.TOWN, name=spec.committee_name, short_name=spec.name, order=order
        )
        for order, spec in enumerate(TOWNS)
    }
    units = {
        spec.short_name: Unit.objects.create(
            kind=Body.Kind.UNIT,
            name=spec.name,
            short_name=spec.short_name,
            order=order,
            side=spec.side,
            remit=spec.remit,
            contact_name=spec.contact_name,
            contact_phone=spec.contact_phone,
        )
        for order, spec in enumerate(UNITS)
    }
    organisations = {
        short_name: Organisation.objects.create(
            kind=kind, name=name, short_name=short_name, order=order
        )
        for order, (kind, name, short_name) in enumerate(ORGANISATIONS)
    }
    found: dict[str, dict[str, Any]] = {
        "committee": committees,
        "sector": sectors,
        "town": towns,
        "unit": units,
        "organisation": organisations,
    }
    for bodies in found.values():
        for body in bodies.values():
            open_group(body)
    return found


def _user(rows: Rows, username: str, at: datetime, password: str = UNUSABLE) -> User:
    return rows.add(
        User,
        username=username,
        password=password,
        must_change_password=False,
        password_changed_at=at,
        created_at=at,
    )


def _members(
    rng: Random,
    rows: Rows,
    district: District,
    bodies: dict[str, dict[str, Any]],
    password: str,
    *,
    count: int,
    today: date,
) -> None:
    """The roll of the term; some seven in eight have an account, the rest are served on paper."""
    names = ("member", "cosigner", "convener")
    since = district.term.starts_on
    for at, seat in enumerate(words.roster(rng, count)):
        user = None
        if at < len(names):
            user = _user(rows, names[at], moment(since), password)
            district.accounts[names[at]] = user
        elif rng.random() < 0.88:
            user = _user(rows, f"wy{seat.number}", moment(since))
        phone_hash = keyed_hash(seat.phone, "phone") if seat.phone else None
        person = rows.add(
            Person,
            user=user,
            name=seat.name,
            sex=seat.sex,
            birth_year=seat.birth_year,
            birth_month=seat.birth_month,
            ethnic_group=seat.ethnic_group,
            party=seat.party,
            education=seat.education,
            workplace=seat.workplace,
            post=seat.post,
            address=seat.address,
            phone=seat.phone,
            phone_hash=phone_hash,
        )
        district.memberships.append(
            rows.add(
                Membership,
                person=person,
                term=district.term,
                number=seat.number,
                sector=bodies["sector"][seat.sector],
                committee=bodies["committee"][seat.committee],
                town=bodies["town"].get(seat.town),
                is_standing=seat.is_standing,
                since=since,
            )
        )
    convened = district.memberships[2]
    rows.add(
        Posting,
        person=convened.person,
        body=convened.sector,
        role=Posting.Role.CONVENOR,
        since=since,
    )


def _colleague(
    rng: Random, rows: Rows, serial: int, user: User, workplace: str, post: str
) -> Person:
    one = words.colleague(rng, serial, workplace=workplace, post=post)
    return rows.add(
        Person,
        user=user,
        name=one.name,
        sex=one.sex,
        birth_year=one.birth_year,
        birth_month=one.birth_month,
        ethnic_group=one.ethnic_group,
        party=one.party,
        education=one.education,
        workplace=one.workplace,
        post=one.post,
        phone=one.phone,
        phone_hash=keyed_hash(one.phone, "phone") if one.phone else None,
    )


def _unit_people(rng: Random, rows: Rows, district: District, password: str, since: date) -> None:
    """A clerk and a leader for each unit; three of them have demonstration accounts."""
    named = {(UNIT, "clerk"): "unit", (UNIT2, "clerk"): "unit2", (UNIT, "leader"): "unitleader"}
    for order, (short_name, unit) in enumerate(district.units.items()):
        for role, post, kept in (
            ("clerk", "办公室经办人", district.clerks),
            ("leader", "主要负责人", district.leaders),
        ):
            account = named.get((short_name, role), "")
            serial = 1 + 2 * order + (role == "leader")
            made = _user(
                rows,
                account or f"dw{serial:03d}",
                moment(since),
                password if account else UNUSABLE,
            )
            person = _colleague(rng, rows, serial, made, unit.name, post)
            rows.add(Posting, person=person, body=unit, role=role, since=since)
            kept[short_name] = made
            if account:
                district.accounts[account] = made


def _party_people(rows: Rows, district: District, password: str, since: date) -> None:
    """The clerk who writes for a party; the other organisations hand their proposals in on paper."""
    rng = Random(f"organisations:{since.isoformat()}")  # noqa: S311  invented names, nothing secret
    user = district.accounts["party"] = _user(rows, "party", moment(since), password)
    body = district.organisations[PARTY]
    person = _colleague(rng, rows, 450, user, body.name, "办公室经办人")
    rows.add(Posting, person=person, body=body, role=Posting.Role.CLERK, since=since)


def _office_people(
    rng: Random,
    rows: Rows,
    district: District,
    bodies: dict[str, dict[str, Any]],
    password: str,
    since: date,
) -> None:
    places = {
        "chair": (bodies["committee"][CHAIRED], Posting.Role.CHAIR),
        "office": (bodies["committee"]["办公室"], Posting.Role.STAFF),
        "town": (bodies["town"]["常乐镇"], Posting.Role.STAFF),
    }
    for serial, (account, (_roles, post)) in enumerate(ACCOUNTS.items(), start=200):
        if account in district.accounts:
            continue
        user = _user(rows, account, moment(since), password)
        person = _colleague(rng, rows, serial, user, "区政协", post)
        district.accounts[account] = user
        if account in places:
            body, role = places[account]
            rows.add(Posting, person=person, body=body, role=role, since=since)


def _committee_people(rows: Rows, district: District, since: date) -> None:
    """A chair and a member of staff for each special committee, and two more leaders; none logs in."""
    rng = Random(f"committees:{since.isoformat()}")  # noqa: S311  invented names, nothing secret
    serial = 300
    for short_name, body in district.committees.items():
        if body.kind != Body.Kind.COMMITTEE:
            continue
        for role, post, kept in (
            (Posting.Role.CHAIR, "专委会主任", district.chairs),
            (Posting.Role.STAFF, "专委会办公室工作人员", district.staff),
        ):
            serial += 1
            if role == Posting.Role.CHAIR and short_name == CHAIRED:
                kept[short_name] = district.accounts["chair"]
                continue
            kept[short_name] = _user(rows, f"zw{serial}", moment(since))
            person = _colleague(rng, rows, serial, kept[short_name], "区政协", post)
            rows.add(Posting, person=person, body=body, role=role, since=since)
    district.deputies.append(district.accounts["leader"])
    for serial in (401, 402):
        user = _user(rows, f"ld{serial}", moment(since))
        _colleague(rng, rows, serial, user, "区政协", "副主席")
        district.deputies.append(user)


def _groups(district: District) -> None:
    """Roles, and the group of the body each acts for, all in one go."""
    groups = {group.name: group for group in Group.objects.all()}
    joined: list[tuple[int, int]] = []
    staff = []
    for account, (roles, _post) in ACCOUNTS.items():
        user = district.accounts[account]
        joined += [(user.pk, groups[role].pk) for role in roles]
        if set(roles) & ADMIN_ROLES:
            staff.append(user.pk)
    demo = {user.pk for user in district.accounts.values()}
    for seat in district.memberships:
        if seat.person.user_id and seat.person.user_id not in demo:
            joined.append((seat.person.user_id, groups[Role.MEMBER].pk))
    for kept, role in ((district.clerks, Role.UNIT_CLERK), (district.leaders, Role.UNIT_LEADER)):
        joined += [(user.pk, groups[role].pk) for user in kept.values() if user.pk not in demo]
    for users, role in (
        (district.chairs.values(), Role.COMMITTEE_CHAIR),
        (district.staff.values(), Role.COMMITTEE_STAFF),
        (district.deputies, Role.LEADER),
    ):
        joined += [(user.pk, groups[role].pk) for user in users if user.pk not in demo]
    staff += [user.pk for user in district.staff.values()]
    for posting in Posting.objects.select_related("person", "body"):
        if posting.person.user_id and posting.body.group_id:
            joined.append((posting.person.user_id, posting.body.group_id))
    through = User.groups.through
    through.objects.bulk_create(
        [through(user_id=user, group_id=group) for user, group in dict.fromkeys(joined)],
        batch_size=500,
    )
    User.objects.filter(pk__in=staff).update(is_staff=True)


def answering_permission() -> Permission:
    """The right that is delegated to a unit's group on each of its handlings."""
    return Permission.objects.get(codename="answer_handling", content_type__app_label="proposals")
