"""Two at once on public-opinion reports: one wins, the other is told, and no number is given twice."""

from types import SimpleNamespace

import pytest
from django.db import connection

from cppcc_portal.office import parameters
from cppcc_portal.office.models import Notice
from cppcc_portal.office.workflow import IllegalMove, NotReady
from members.models import User
from proposals import actions, defaults
from proposals.actions import bulletins, opinion_handling
from proposals.actions import opinion_editing as editing
from proposals.models import Bulletin, OpinionDispatch, OpinionReport, OpinionResult
from tests import opinions as made
from tests import people
from tests.opinions import MAY
from tests.proposals.test_opinions import not_filed
from tests.proposals.test_races import at_once
from tests.stages import scan_for

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 12 if connection.vendor == "postgresql" else 5


@pytest.fixture
def d() -> SimpleNamespace:
    return made.office()


def test_many_issuers_at_once_give_as_many_numbers(d: SimpleNamespace) -> None:
    waiting = [made.signed(d) for _turn in range(MANY)]

    ended = at_once(
        [lambda report=report: bulletins.issue(report, by=d.office, at=MAY) for report in waiting]
    )

    assert ended == {"done": MANY}
    numbers = Bulletin.objects.order_by("number").values_list("year", "number")
    assert list(numbers) == [(2026, number) for number in range(1, MANY + 1)]


def test_one_report_issued_twice_at_once_is_issued_once(d: SimpleNamespace) -> None:
    report = made.signed(d)

    ended = at_once([lambda: bulletins.issue(report.fresh(), by=d.office, at=MAY)] * 2)

    assert ended == {"done": 1, "told": 1}
    assert Bulletin.objects.count() == 1
    assert Notice.objects.filter(kind="opinion_issued").count() == 1


def test_of_the_leader_and_staff_signing_at_once_one_wins(d: SimpleNamespace) -> None:
    report = made.checked(d)
    scan = scan_for(report, d.office)
    leader = User.objects.get(pk=d.leader.pk)

    ended = at_once(
        [
            lambda: editing.sign(report.fresh(), by=leader, at=MAY),
            lambda: editing.sign(report.fresh(), by=d.office, scan=scan, at=MAY),
        ]
    )

    assert ended == {"done": 1, "told": 1}
    assert report.changes.filter(verb="sign").count() == 1


def test_many_registrations_at_once_give_as_many_numbers(d: SimpleNamespace) -> None:
    waiting = [made.submitted(d) for _turn in range(MANY)]

    ended = at_once(
        [lambda report=report: editing.register(report, by=d.office, at=MAY) for report in waiting]
    )

    assert ended == {"done": MANY}
    serials = OpinionReport.objects.order_by("serial").values_list("serial", flat=True)
    assert list(serials) == list(range(1, MANY + 1))


def test_selecting_and_keeping_at_once_one_wins(d: SimpleNamespace) -> None:
    report = made.registered(d)

    ended = at_once(
        [
            lambda: editing.select(report.fresh(), by=d.office, at=MAY),
            lambda: editing.return_(report.fresh(), by=d.checker, note="补充", at=MAY),
        ]
    )

    assert ended == {"done": 1, "told": 1}


def test_a_proposal_converted_twice_at_once_makes_one_report(d: SimpleNamespace) -> None:
    proposal = not_filed(d)

    def convert() -> None:
        try:
            actions.convert(proposal.fresh(), by=d.office, at=MAY)
        except NotReady as late:
            raise IllegalMove(proposal, "convert") from late

    assert at_once([convert, convert]) == {"done": 1, "told": 1}
    assert OpinionReport.objects.count() == 1


def test_answering_and_passing_on_at_once_one_wins(d: SimpleNamespace) -> None:
    defaults.lay_down_lists()
    parameters.set_parameter("opinions.units_handle", True, by=d.office)
    parks = people.unit("区城管局")
    share = made.sent(d)
    opinion_handling.acknowledge(share, by=User.objects.get(pk=d.clerk.pk), at=MAY)
    done = OpinionResult.objects.get(code="done")

    ended = at_once(
        [
            lambda: opinion_handling.answer(
                share.fresh(),
                by=User.objects.get(pk=d.clerk.pk),
                answer="已划线。",
                result=done,
                at=MAY,
            ),
            lambda: opinion_handling.rehand(
                share.fresh(), by=d.office, unit=parks, note="职责在新单位。", at=MAY
            ),
        ]
    )

    assert ended == {"done": 1, "told": 1}
    share.refresh_from_db()
    assert (share.status == "answered") != OpinionDispatch.objects.filter(unit=parks).exists()
