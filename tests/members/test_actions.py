"""Accounts, roles and postings: who may change them, never for oneself, and what it leaves behind."""

import threading
from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from cppcc_portal.office.audit import AuditEvent
from cppcc_portal.office.workflow import NotReady
from members import actions
from members.models import PasswordHistory, User
from members.roles import ADMIN_ROLES, SEPARATED_ROLES, Role
from tests import people

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 18)


@pytest.fixture
def team(db: None) -> SimpleNamespace:
    """One of each who has to do with accounts, a colleague of two of them, and a member."""
    return SimpleNamespace(
        sysadmin=people.account("sa", "系统甲", Role.SYSTEM_ADMIN),
        secadmin=people.account("sc", "安全甲", Role.SECURITY_ADMIN),
        second=people.account("sc2", "安全乙", Role.SECURITY_ADMIN),
        auditor=people.account("au", "审计甲", Role.AUDITOR),
        office=people.account("bg", "办公室甲", Role.OFFICE),
        member=people.account("wy", "陈一", Role.MEMBER),
    )


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


KEEPING: dict[str, Callable[[User, User], Any]] = {
    "disable": lambda user, by: actions.disable_account(user, by=by),
    "enable": lambda user, by: actions.enable_account(user, by=by),
    "reset_password": lambda user, by: actions.reset_password(user, by=by),
    "unlock": lambda user, by: actions.unlock_account(user, by=by),
    "reset_second_factor": lambda user, by: actions.reset_second_factor(user, by=by),
}
GRANTING: dict[str, Callable[[User, User], Any]] = {
    "grant_role": lambda user, by: actions.grant_role(user, Role.CONVENOR, by=by),
    "revoke_role": lambda user, by: actions.revoke_role(user, Role.MEMBER, by=by),
}


@pytest.mark.parametrize("verb", KEEPING)
@pytest.mark.parametrize("who", ["secadmin", "auditor", "office", "member"])
def test_accounts_are_kept_by_the_system_administrator_only(
    team: SimpleNamespace, verb: str, who: str
) -> None:
    target = people.account("wy2", "黄二", Role.MEMBER)

    with pytest.raises(PermissionDenied):
        KEEPING[verb](target, getattr(team, who))

    assert not AuditEvent.objects.filter(action=f"user.{verb}").exists()
    KEEPING[verb](target, team.sysadmin)
    event = AuditEvent.objects.get(action=f"user.{verb}")
    assert (event.user, event.object) == (team.sysadmin, f"members.user:{target.pk}")


@pytest.mark.parametrize("verb", GRANTING)
@pytest.mark.parametrize("who", ["sysadmin", "auditor", "office", "member"])
def test_roles_are_granted_by_the_security_administrator_only(
    team: SimpleNamespace, verb: str, who: str
) -> None:
    target = people.account("wy2", "黄二", Role.MEMBER)
    before = fresh(target).roles

    with pytest.raises(PermissionDenied):
        GRANTING[verb](target, getattr(team, who))

    assert fresh(target).roles == before
    GRANTING[verb](target, team.secadmin)
    assert fresh(target).roles != before
    last = AuditEvent.objects.filter(action=f"user.{verb}", user=team.secadmin).get()
    assert "role" in last.fields


@pytest.mark.parametrize("role", sorted(Role.values))
def test_nobody_grants_themselves_anything(team: SimpleNamespace, role: str) -> None:
    before = fresh(team.secadmin).roles

    with pytest.raises(PermissionDenied):
        actions.grant_role(team.secadmin, role, by=team.secadmin)
    with pytest.raises(PermissionDenied):
        actions.revoke_role(team.secadmin, Role.SECURITY_ADMIN, by=team.secadmin)

    assert fresh(team.secadmin).roles == before


def test_not_even_by_another_copy_of_oneself(team: SimpleNamespace) -> None:
    with pytest.raises(PermissionDenied):
        actions.grant_role(fresh(team.secadmin), Role.OFFICE, by=team.secadmin)


@pytest.mark.parametrize("verb", KEEPING)
def test_nobody_keeps_their_own_account(team: SimpleNamespace, verb: str) -> None:
    with pytest.raises(PermissionDenied):
        KEEPING[verb](fresh(team.sysadmin), team.sysadmin)


@pytest.mark.parametrize("held", SEPARATED_ROLES)
@pytest.mark.parametrize("wanted", SEPARATED_ROLES)
def test_three_administrators_are_three_people(
    team: SimpleNamespace, held: Role, wanted: Role
) -> None:
    user = people.account("x", "某某", held)
    if held == wanted:
        return

    with pytest.raises(NotReady):
        actions.grant_role(user, wanted, by=team.secadmin)

    assert fresh(user).roles == {held}
    actions.revoke_role(user, held, by=team.secadmin)
    actions.grant_role(user, wanted, by=team.secadmin)
    assert fresh(user).roles == {wanted}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_grants_at_once_do_not_make_one_person_of_two() -> None:
    user = people.account("x", "某某")
    granters = [people.account(f"sc{n}", f"安全{n}", Role.SECURITY_ADMIN) for n in range(2)]
    start, refused = threading.Barrier(2), []

    def grant(role: Role, by: User) -> None:
        start.wait()
        try:
            actions.grant_role(fresh(user), role, by=by)
        except NotReady:
            refused.append(role)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=grant, args=pair)
        for pair in zip((Role.SYSTEM_ADMIN, Role.AUDITOR), granters, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(refused) == 1
    assert len(fresh(user).roles) == 1


@pytest.mark.parametrize("role", sorted(Role.values))
def test_workplace_opens_with_the_role_and_closes_with_it(team: SimpleNamespace, role: str) -> None:
    user = people.account("x", "某某")

    actions.grant_role(user, role, by=team.secadmin)
    granted = fresh(user)
    actions.revoke_role(user, role, by=team.secadmin)

    assert granted.is_staff is (role in ADMIN_ROLES)
    assert granted.session_epoch == 1
    assert (fresh(user).is_staff, fresh(user).session_epoch) == (False, 2)


def test_role_takes_effect_in_the_hand_at_once(team: SimpleNamespace) -> None:
    user = team.member
    assert not user.has_perm("proposals.file_proposal")

    actions.grant_role(user, Role.OFFICE, by=team.secadmin)

    assert user.has_perm("proposals.file_proposal")
    actions.disable_account(user, by=team.sysadmin)
    assert not user.has_perm("proposals.file_proposal")


# Passwords ------------------------------------------------------------------------------------


def test_first_password_is_random_and_readable() -> None:
    words = {actions.first_password() for _try in range(200)}

    assert len(words) == 200
    for word in words:
        assert len(word) == 12
        assert not set(word) & set("0O1lI")
        assert any(map(str.islower, word))
        assert any(map(str.isupper, word))
        assert any(map(str.isdigit, word))


def test_reset_makes_the_next_password_a_first_one(team: SimpleNamespace) -> None:
    password = actions.reset_password(team.member, by=team.sysadmin)

    user = fresh(team.member)
    assert user.check_password(password)
    assert not user.check_password(people.PASSWORD)
    assert user.must_change_password
    assert user.password_age_days(timezone.now() + timedelta(hours=1)) == 0
    assert PasswordHistory.objects.filter(user=user).count() == 1


def test_passwords_are_neither_in_the_audit_log_nor_readable(team: SimpleNamespace) -> None:
    first = actions.reset_password(team.member, by=team.sysadmin)
    actions.change_password(team.member, to="shan gao shui chang")

    rows = str(list(AuditEvent.objects.values()) + list(PasswordHistory.objects.values()))
    assert first not in rows
    assert "shan gao shui chang" not in rows
    assert fresh(team.member).password not in str(list(AuditEvent.objects.values()))


def test_account_is_made_by_the_system_administrator_once_for_a_person(
    team: SimpleNamespace,
) -> None:
    person = people.person("瞿四")

    with pytest.raises(PermissionDenied):
        actions.create_account(by=team.secadmin, username="g1", person=person)
    user, password = actions.create_account(by=team.sysadmin, username="g1", person=person)
    with pytest.raises(NotReady):
        actions.create_account(by=team.sysadmin, username="g2", person=person)

    assert user.check_password(password)
    assert (user.must_change_password, user.is_staff, user.is_superuser) == (True, False, False)
    assert fresh(user).roles == frozenset()


# Postings -------------------------------------------------------------------------------------


def test_posting_gives_the_body_s_rights_and_its_end_takes_them(team: SimpleNamespace) -> None:
    unit = people.unit("区住建局")
    member = team.member
    epoch = fresh(member).session_epoch

    posting = actions.appoint(member.person, unit.body_ptr, "clerk", by=team.office, on=TODAY)
    posted = fresh(member)
    names, bodies = posted.roles, posted.body_ids
    actions.end_posting(posting, by=team.office, on=TODAY)

    assert unit.group.name in names
    assert unit.body_ptr.pk in bodies
    assert unit.group.name not in fresh(member).roles
    assert fresh(member).session_epoch == epoch + 2


@pytest.mark.parametrize("who", ["sysadmin", "secadmin", "auditor", "member"])
def test_postings_are_kept_by_who_keeps_the_registers(team: SimpleNamespace, who: str) -> None:
    unit = people.unit("区住建局")
    posting = actions.appoint(
        people.person("瞿四"), unit.body_ptr, "clerk", by=team.office, on=TODAY
    )

    with pytest.raises(PermissionDenied):
        actions.appoint(
            people.person("施三"), unit.body_ptr, "clerk", by=getattr(team, who), on=TODAY
        )
    with pytest.raises(PermissionDenied):
        actions.end_posting(posting, by=getattr(team, who), on=TODAY)

    posting.refresh_from_db()
    assert posting.until is None


def test_nobody_posts_themselves_to_a_unit(team: SimpleNamespace) -> None:
    unit = people.unit("区住建局")

    with pytest.raises(PermissionDenied):
        actions.appoint(team.office.person, unit.body_ptr, "clerk", by=team.office, on=TODAY)

    assert unit.group.name not in fresh(team.office).roles
