"""Everything that writes in members: accounts and roles, people and what they belong to."""

import secrets
from datetime import date
from typing import Any

from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from cppcc_portal.office import audit
from cppcc_portal.office.keys import key_of
from cppcc_portal.office.personal import keyed_hash, normalise_phone
from cppcc_portal.office.workflow import NotReady
from members import lockout, second_factor
from members.models import Body, Commitment, PasswordHistory, Person, Posting, Unit, User
from members.roles import ADMIN_ROLES, SEPARATED_ROLES

# No letters or digits that are mistaken for each other when read out on the telephone.
READABLE_LETTERS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789"


def first_password() -> str:
    """A random one-time password that can be read out: 3 kinds of characters, 12 long."""
    while True:
        word = "".join(secrets.choice(READABLE_LETTERS) for _i in range(12))
        kinds = (str.islower, str.isupper, str.isdigit)
        if all(any(kind(letter) for letter in word) for kind in kinds):
            return word


@transaction.atomic
def create_account(
    *, by: User | None, username: str, person: Person | None = None, password: str | None = None
) -> tuple[User, str]:
    """Make an account with a random first password (returned once, kept nowhere).

    Its person may act at once for the bodies they were posted to before.
    """
    if by is not None and not by.has_perm("members.add_user"):
        raise PermissionDenied
    if person is not None and person.user_id is not None:
        raise NotReady(
            person, "create_account", [_("%s 已有账号，请停用或重设原账号。") % person.name]
        )
    password = password or first_password()
    user = User.objects.create_user(username, password)
    if person is not None:
        person.user = user
        person.save(update_fields=["user"])
        for posting in person.postings.current().select_related("body"):
            user.groups.add(open_group(posting.body))
    audit.record("user.create", user, by=by, job="" if by else "setup")
    return user, password


@transaction.atomic
def grant_role(user: User, role: str, *, by: User | None) -> None:
    """Give a role; nobody gives one to themselves, nor holds two of the three administrators' roles."""
    if by is not None:
        _may_grant(user, by)
    User.objects.select_for_update().get(
        pk=user.pk
    )  # two roles granted at once are seen one by one
    rivals = set(SEPARATED_ROLES) - {role}
    if role in SEPARATED_ROLES and user.groups.filter(name__in=rivals).exists():
        raise NotReady(
            user,
            "grant_role",
            [_("系统管理员、安全管理员、审计员须由三个人分别担任；请先撤销此人的另一个管理角色。")],
        )
    user.groups.add(Group.objects.get(name=role))
    _roles_changed(user)
    audit.record(
        "user.grant_role", user, by=by, job="" if by else "setup", fields={"role": ["", str(role)]}
    )


@transaction.atomic
def revoke_role(user: User, role: str, *, by: User) -> None:
    """Take a role away; the account's sessions end at once."""
    _may_grant(user, by)
    user.groups.remove(Group.objects.get(name=role))
    _roles_changed(user)
    audit.record("user.revoke_role", user, by=by, fields={"role": [str(role), ""]})


def _may_grant(user: User, by: User) -> None:
    if not by.has_perm("members.grant_role"):
        raise PermissionDenied
    if user.pk == by.pk:
        raise PermissionDenied(_("不能给自己授予或撤销角色，请由另一位安全管理员办理。"))


def _may_keep(user: User, by: User) -> None:
    if not by.has_perm("members.change_user"):
        raise PermissionDenied
    if user.pk == by.pk:
        raise PermissionDenied(_("不能停用或重设自己的账号，请由另一位系统管理员办理。"))


def _roles_changed(user: User) -> None:
    names = set(user.groups.values_list("name", flat=True))
    User.objects.filter(pk=user.pk).update(
        session_epoch=F("session_epoch") + 1, is_staff=bool(names & ADMIN_ROLES)
    )
    _forget(user)


def _forget(user: User) -> None:
    """Drop what this instance has cached about its roles and bodies."""
    for name in (
        "_groups",
        "roles",
        "rights",
        "_postings",
        "posted",
        "posted_in",
        "body_ids",
        "led_ids",
        "chaired_ids",
        "seat_ids",
    ):
        user.__dict__.pop(name, None)
    user.refresh_from_db(fields=["session_epoch", "is_staff", "is_active"])


@transaction.atomic
def disable_account(user: User, *, by: User) -> None:
    """Close an account; its sessions end at once, its records stay."""
    _may_keep(user, by)
    User.objects.filter(pk=user.pk).update(is_active=False, session_epoch=F("session_epoch") + 1)
    _forget(user)
    audit.record("user.disable", user, by=by)


@transaction.atomic
def enable_account(user: User, *, by: User) -> None:
    """Open a closed account again; its next password is a new one."""
    _may_keep(user, by)
    User.objects.filter(pk=user.pk).update(is_active=True, must_change_password=True)
    _forget(user)
    audit.record("user.enable", user, by=by)


@transaction.atomic
def reset_password(user: User, *, by: User) -> str:
    """Give a new one-time password, to be changed at the next login; returned once. A lock ends."""
    _may_keep(user, by)
    password = first_password()
    _set_password(user, password, must_change=True)
    lockout.unlock(user)
    audit.record("user.reset_password", user, by=by)
    return password


@transaction.atomic
def unlock_account(user: User, *, by: User) -> None:
    """Let somebody who typed the wrong password too often try again at once."""
    _may_keep(user, by)
    lockout.unlock(user)
    audit.record("user.unlock", user, by=by)


@transaction.atomic
def reset_second_factor(user: User, *, by: User) -> None:
    """Take the second factor off an account whose phone is lost; a new one is set up at next login."""
    _may_keep(user, by)
    second_factor.remove(user)
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    _forget(user)
    audit.record("user.reset_second_factor", user, by=by)


@transaction.atomic
def change_password(user: User, *, to: str) -> None:
    """The account's own new password; every other session of the account ends."""
    _set_password(user, to, must_change=False)
    audit.record("user.change_password", user, by=user)


def _set_password(user: User, password: str, *, must_change: bool) -> None:
    PasswordHistory.objects.create(user=user, hash=user.password)
    user.set_password(password)
    user.must_change_password = must_change
    user.password_changed_at = timezone.now()
    user.session_epoch = F("session_epoch") + 1
    user.save(
        update_fields=["password", "must_change_password", "password_changed_at", "session_epoch"]
    )
    user.refresh_from_db(fields=["session_epoch"])


def set_phone(person: Person, phone: str) -> None:
    """Write a phone number with its look-up hash (not saved yet); ValueError when it is none."""
    person.phone = normalise_phone(phone) if phone else ""
    person.phone_hash = keyed_hash(person.phone, "phone") if person.phone else None


def set_id_number(person: Person, number: str) -> None:
    """Write an ID number with its look-up hash (not saved yet)."""
    person.id_number = number.strip().upper()
    person.id_number_hash = keyed_hash(person.id_number, "id_number") if number else None


@transaction.atomic
def save_person(person: Person, *, by: User | None, job: str = "") -> Person:
    """Keep a person's record; what changed is audited by field name and keyed hash."""
    before: Any = Person.objects.filter(pk=person.pk).values().first() or {}
    person.save()
    after = Person.objects.filter(pk=person.pk).values().get()
    changed = {
        name: [audit.digest(before.get(name)), audit.digest(value)]
        for name, value in after.items()
        if before.get(name) != value and name not in ("uid", "initials")
    }
    audit.record("person.save", person, by=by, job=job, fields=changed)
    return person


@transaction.atomic
def open_group(body: Body) -> Group:
    """The group to which rights on single objects are delegated for this body."""
    if body.group is None:
        body.group, _created = Group.objects.get_or_create(name=f"{body.kind}:{body.pk}")
        Body.objects.filter(pk=body.pk).update(group=body.group)
    return body.group


def _may_post(person: Person, by: User) -> None:
    if not by.has_perm("members.add_posting"):
        raise PermissionDenied
    # Acting for a body is a right on its matters: it is a role that nobody takes for themselves.
    if person.user_id == by.pk:
        raise PermissionDenied(_("不能给自己登记任职，请由同事办理。"))


@transaction.atomic
def appoint(person: Person, body: Body, role: str, *, by: User | None, on: date) -> Posting:
    """A person acts for a body from this day on; with an account, they join its group."""
    if by is not None:
        _may_post(person, by)
    posting, created = Posting.objects.get_or_create(
        person=person, body=body, role=role, until=None, defaults={"since": on}
    )
    if created and person.user is not None:
        person.user.groups.add(open_group(body))
        _roles_changed(person.user)
    audit.record(
        "posting.appoint", posting, by=by, job="" if by else "setup", fields={"role": ["", role]}
    )
    return posting


@transaction.atomic
def end_posting(posting: Posting, *, by: User, on: date) -> None:
    """A person acts for a body until this day; where it is not ahead, they lose the right at once."""
    if not by.has_perm("members.change_posting"):
        raise PermissionDenied
    Posting.objects.filter(pk=posting.pk).update(until=on)
    user, body = posting.person.user, posting.body
    left = Posting.objects.filter(person=posting.person, body=body).filter(
        Q(until__isnull=True) | Q(until__gt=timezone.localdate())
    )
    if user is not None and body.group is not None and not left.exists():
        user.groups.remove(body.group)
        _roles_changed(user)
    audit.record("posting.end", posting, by=by)


@transaction.atomic
def record_commitment(
    subject: Any, *, by: User | None, unit: Unit, what: str, who: str, due_on: date, job: str = ""
) -> Commitment:
    """Put a unit's promise on record: what, who, by when."""
    commitment = Commitment.objects.create(
        subject=key_of(subject), unit=unit, what=what, who=who, due_on=due_on
    )
    audit.record("commitment.record", commitment, by=by, job=job)
    return commitment
