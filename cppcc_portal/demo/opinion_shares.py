"""社情民意 that units handle in the demonstration: received, put off, asked back, passed on, answered."""

from datetime import datetime, timedelta
from typing import Any

from cppcc_portal.demo.district import District, moment
from cppcc_portal.demo.opinion_words import REPLY
from cppcc_portal.demo.papers import paper
from cppcc_portal.office import parameters
from members.models import Unit, User
from proposals.actions import bulletins, requesting
from proposals.actions import opinion_handling as handling
from proposals.models import Bulletin, OpinionAuthor, OpinionDispatch, OpinionResult


def tell(district: District, *, now: datetime) -> None:
    """The office has units handle reports since the day before yesterday; one issue for each way it can go."""
    parameters.set_parameter("opinions.units_handle", True, by=district.office)
    today = now.date()
    issues = Bulletin.objects.filter(issued_on__lte=today - timedelta(days=3)).order_by("-pk")
    ways = (_waits, _in_hand, _asks_to_return, _passed_on, _answered)
    for way, bulletin in zip(ways, issues[: len(ways)], strict=False):
        way(district, bulletin, now)


def _give(
    district: District, bulletin: Bulletin, now: datetime, *, first: str = ""
) -> tuple[OpinionDispatch, User]:
    """Hand the issue to a unit with an account that has not received it: `first` if it can be."""
    at = moment(now.date() - timedelta(days=2), 9)
    unit = _free(district, bulletin, first)
    clerk = district.clerks[unit.short_name]
    dispatch = bulletins.send(
        bulletin,
        by=district.office,
        target="unit",
        unit=unit,
        answer_wanted=True,
        sent_on=at.date(),
        at=at,
    )
    return dispatch, User.objects.get(pk=clerk.pk)


def _free(district: District, bulletin: Bulletin, first: str = "") -> Unit:
    taken = set(bulletin.dispatches.values_list("unit", flat=True))
    names = sorted(district.clerks, key=lambda name: (name != first, name))
    return next(
        district.units[name]
        for name in names
        if name in district.units and district.units[name].pk not in taken
    )


def _received(district: District, bulletin: Bulletin, now: datetime) -> Any:
    dispatch, clerk = _give(district, bulletin, now)
    handling.acknowledge(dispatch, by=clerk, at=moment(now.date() - timedelta(days=2), 15))
    return dispatch, clerk, moment(now.date() - timedelta(days=1), 10)


def _waits(district: District, bulletin: Bulletin, now: datetime) -> None:
    named = district.accounts["unit"].person.postings.first()
    _give(district, bulletin, now, first=str(named.body.short_name) if named else "")


def _in_hand(district: District, bulletin: Bulletin, now: datetime) -> None:
    """Spoken about with its author, and put off by a week."""
    dispatch, clerk, at = _received(district, bulletin, now)
    author = OpinionAuthor.objects.filter(report__bulletin=bulletin).order_by("pk").first()
    assert author is not None
    handling.record_contact(
        dispatch,
        by=clerk,
        author=author,
        way="phone",
        on=at.date(),
        summary="电话向作者了解了具体路段和时段，约定下周一同到现场查看。",
        at=at,
    )
    assert dispatch.due_on is not None
    asked = handling.request_extension(
        dispatch,
        by=clerk,
        reason="需要会同属地镇街现场核实，请延期一周。",
        wanted_on=dispatch.due_on + timedelta(days=7),
        at=at,
    )
    requesting.grant(asked, by=district.office, at=at + timedelta(hours=4))


def _asks_to_return(district: District, bulletin: Bulletin, now: datetime) -> None:
    dispatch, clerk, at = _received(district, bulletin, now)
    handling.request_return(
        dispatch,
        by=clerk,
        reason="所反映事项由属地镇街管理，不属于本单位职责。",
        office_decides=True,
        upload=paper("退办申请.pdf"),
        at=at,
    )


def _passed_on(district: District, bulletin: Bulletin, now: datetime) -> None:
    dispatch, _clerk, at = _received(district, bulletin, now)
    unit = _free(district, bulletin)
    note = "经研究，主要职责在新单位。"
    handling.rehand(dispatch, by=district.office, unit=unit, note=note, at=at)


def _answered(district: District, bulletin: Bulletin, now: datetime) -> None:
    dispatch, clerk, at = _received(district, bulletin, now)
    result = OpinionResult.objects.filter(active=True).order_by("order")[1]
    handling.answer(dispatch, by=clerk, answer=REPLY, result=result, at=at)
