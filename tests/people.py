"""The people of the tests: each a sentence, made by the same actions as in life."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from members import actions as member_actions
from members.models import Membership, Person, Plenary, Term, Unit, User
from members.roles import Role
from proposals.models import Category, Destination, RefusalReason, ResultClass

CHINA = ZoneInfo("Asia/Shanghai")
PASSWORD = "Gongzuo-2026-ceshi"


def person(name: str, **fields: Any) -> Person:
    return Person.objects.create(name=name, **fields)


def account(username: str, name: str, *roles: str, body: Any = None, post: str = "") -> User:
    """Somebody with an account whose first password is already changed."""
    someone = person(name)
    user, _password = member_actions.create_account(
        by=None, username=username, person=someone, password=PASSWORD
    )
    User.objects.filter(pk=user.pk).update(must_change_password=False)
    for role in roles:
        member_actions.grant_role(user, role, by=None)
    if body is not None:
        member_actions.appoint(someone, body, post, by=None, on=date(2020, 1, 1))
    return User.objects.get(pk=user.pk)


def member(username: str, name: str, term: Term, **fields: Any) -> User:
    """A member in office with an account of their own."""
    user = account(username, name, Role.MEMBER)
    Membership.objects.create(person=user.person, term=term, number=username, **fields)
    return user


def term_with_plenary() -> Plenary:
    term = Term.objects.create(
        number=15, starts_on=date(2022, 1, 1), ends_on=date(2027, 1, 31), is_current=True
    )
    return Plenary.objects.create(
        term=term,
        number=5,
        opens_on=date(2026, 1, 8),
        closes_on=date(2026, 1, 11),
        submission_from=datetime(2025, 10, 15, tzinfo=CHINA),
        cut_off=datetime(2026, 1, 10, 17, tzinfo=CHINA),
    )


def unit(name: str, side: str = Unit.Side.GOVERNMENT) -> Unit:
    made = Unit.objects.create(kind=Unit.Kind.UNIT, name=name, short_name=name, side=side)
    member_actions.open_group(made.body_ptr)
    made.refresh_from_db()
    return made


def lists() -> None:
    """The lists an installation begins with, as far as tests need them."""
    Category.objects.create(code="society", name="社会建设")
    RefusalReason.objects.create(code="empty", name="没有具体建议")
    Destination.objects.create(code="kept", name="留存参考")
    ResultClass.objects.create(code="A", name="已解决或采纳")
    ResultClass.objects.create(code="B", name="列入计划拟解决", needs_commitment=True)
    ResultClass.objects.create(code="C", name="留作参考")
