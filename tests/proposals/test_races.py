"""Two and fifty at once: exactly one wins, the loser is told, and no number is given twice."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, connections

from cppcc_portal.office.models import Notice
from cppcc_portal.office.workflow import IllegalMove
from members.models import Membership, Person, User
from members.roles import Role
from proposals import actions
from proposals.models import Category, Destination, Proposal, Proposer, RefusalReason
from tests import people
from tests.district import JANUARY, district, drafted, submitted

pytestmark = pytest.mark.django_db(transaction=True)

# SQLite has one writer: fewer threads prove the same there, and the suite stays quick.
MANY = 50 if connection.vendor == "postgresql" else 12


def at_once(doings: list[Callable[[], Any]]) -> Counter[str]:
    """Do all at the same moment, each on its own connection; count how they ended."""
    together = Barrier(len(doings))

    def do(doing: Callable[[], Any]) -> str:
        try:
            together.wait(timeout=30)
            doing()
        except IllegalMove:
            return "told"
        else:
            return "done"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(doings)) as pool:
        return Counter(pool.map(do, doings))


@pytest.fixture
def d() -> SimpleNamespace:
    return district()


def test_two_officers_deciding_at_once_one_wins_and_the_other_is_told(d: SimpleNamespace) -> None:
    proposal = submitted(d)
    second = people.account("office2", "办公室乙", Role.OFFICE)
    category = Category.objects.get()
    reason, destination = RefusalReason.objects.get(), Destination.objects.get()

    ended = at_once(
        [
            lambda: actions.file(proposal.fresh(), by=d.office, category=category),
            lambda: actions.refuse(
                proposal.fresh(), by=second, refusal_reason=reason, destination=destination
            ),
        ]
    )

    assert ended == {"done": 1, "told": 1}
    decided = proposal.changes.filter(verb__in=["file", "refuse"])
    assert decided.count() == 1
    assert proposal.fresh().status == decided.get().new


def test_one_proposal_filed_by_twenty_at_once_is_filed_once(d: SimpleNamespace) -> None:
    proposal = submitted(d)
    category = Category.objects.get()

    ended = at_once([lambda: actions.file(proposal, by=d.office, category=category)] * 20)

    assert ended == {"done": 1, "told": 19}
    assert proposal.changes.filter(verb="file").count() == 1
    assert Notice.objects.filter(kind="filed").count() == 2


def test_many_filings_at_once_give_as_many_numbers(d: SimpleNamespace) -> None:
    waiting = []
    for _turn in range(MANY):
        proposal = drafted(d)
        waiting.append(actions.submit(proposal, by=d.author, at=JANUARY))
    category = Category.objects.get()

    ended = at_once(
        [
            lambda proposal=proposal: actions.file(proposal, by=d.office, category=category)
            for proposal in waiting
        ]
    )

    assert ended == {"done": MANY}
    numbers = sorted(row.number or 0 for row in Proposal.objects.all())
    assert numbers == list(range(1, MANY + 1))
    serials = sorted(row.serial or 0 for row in Proposal.objects.all())
    assert serials == list(range(1, MANY + 1))


def test_many_cosigners_at_once_are_counted_exactly(d: SimpleNamespace) -> None:
    proposal = drafted(d)
    users = []
    for turn in range(MANY):
        user = User.objects.create(username=f"c{turn}", must_change_password=False)
        person = Person.objects.create(name=f"委员{turn}", user=user)
        Membership.objects.create(person=person, term=d.plenary.term, number=f"c{turn}")
        users.append(user)
    seats = Membership.objects.filter(person__user__in=users).select_related("person")
    actions.invite(proposal, by=d.author, memberships=seats, at=JANUARY)
    invitations = {
        proposer.membership.person.user: proposer
        for proposer in proposal.proposers.filter(order__gt=0).select_related(
            "membership__person__user"
        )
    }

    ended = at_once(
        [lambda user=user: actions.agree(invitations[user], by=user, at=JANUARY) for user in users]
    )

    assert ended == {"done": MANY}
    agreed = proposal.proposers.filter(order__gt=0, status=Proposer.Status.AGREED)
    assert agreed.count() == MANY
    assert Notice.objects.filter(kind="cosign_answered").count() == MANY


def test_double_submit_makes_one_serial(d: SimpleNamespace) -> None:
    proposal = drafted(d)

    ended = at_once([lambda: actions.submit(proposal, by=d.author, at=JANUARY)] * 2)

    assert ended == {"done": 1, "told": 1}
    assert proposal.changes.filter(verb="submit").count() == 1
