"""What units ask for in the demonstration: released, kept, given more time, and two that wait today."""

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from cppcc_portal.demo import papers
from cppcc_portal.office import deadlines
from members.models import Posting, Unit, User
from members.roles import Role
from proposals import actions
from proposals.actions import requesting
from proposals.models import Handling

RETURN_REASONS = (
    "经研究，所提事项不属于本单位职责范围，建议由主管部门承办。",
    "提案主要涉及审批事项，本单位只负责事后监管，建议改由审批部门主办。",
    "机构职能调整后，相关职责已经划出。",
)
EXTENSION_REASONS = (
    "方案须经专家论证后才能答复，论证会定于下月召开。",
    "所涉资金须待年中预算调整后明确，请求延期答复。",
)


def tell(rng: Random, *, today: date, now: datetime) -> None:
    """A handful of requests about shares that units have not answered yet."""
    supervision = User.objects.filter(groups__name=Role.SUPERVISION, is_active=True).first()
    units = list(Unit.objects.in_use().order_by("pk"))
    calendar = deadlines.WorkingCalendar()
    fresh = [
        share
        for share in _open(Handling.Role.LEAD, Handling.Role.SEPARATE)
        if calendar.between(share.handed_over_on, today) <= 9
    ]
    for number, share in enumerate(fresh[:3]):
        asked = _ask_return(share, rng, units, now=now)
        if asked is None or number == 0 or supervision is None:
            continue  # the first one waits
        at = min(now, asked.asked_at + timedelta(days=1))
        if number == 1:
            requesting.grant(asked, by=supervision, unit=asked.suggested_unit, at=at)
        else:
            told = "该事项在你单位职责清单之内，请继续办理。"
            requesting.refuse(asked, by=supervision, answer=told, at=at)
    long_running = [
        share
        for share in _open(Handling.Role.LEAD)
        if share.status == Handling.Status.ACKNOWLEDGED
        and share.round == 1
        and share.due_on > today
    ]
    for number, share in enumerate(long_running[:2]):
        clock = deadlines.Deadline.objects.current(share, "reply")
        clerk = _clerk(share, today)
        if clock is None or clerk is None:
            continue
        wanted = min(share.due_on + timedelta(days=30), deadlines.latest_extension(clock))
        if wanted <= share.due_on:
            continue
        extension = actions.request_extension(
            share,
            by=clerk,
            reason=EXTENSION_REASONS[number],
            wanted_on=wanted,
            at=now - timedelta(days=2),
        )
        if number == 1 and supervision is not None:
            requesting.grant(extension, by=supervision, at=now - timedelta(days=1))


def _open(*roles: str) -> Any:
    """Shares in work of first rounds, newest first."""
    rows = Handling.objects.open().filter(role__in=roles, round=1)
    return rows.select_related("unit", "proposal").order_by("-handed_over_on", "-pk")


def _clerk(share: Handling, on: date) -> User | None:
    postings = Posting.objects.current(on).filter(body=share.unit_id, role=Posting.Role.CLERK)
    posting = postings.select_related("person__user").order_by("pk").first()
    return posting.person.user if posting else None


def _ask_return(share: Handling, rng: Random, units: list[Unit], *, now: datetime) -> Any:
    clerk = _clerk(share, timezone.localdate(now))
    others = share.proposal.handlings.values_list("unit_id", flat=True)
    free = [unit for unit in units if unit.pk not in set(others)]
    if clerk is None or not free:
        return None
    morning = datetime.combine(share.handed_over_on, now.timetz()) + timedelta(days=1)
    return actions.request_return(
        share,
        by=clerk,
        reason=rng.choice(RETURN_REASONS),
        suggested_unit=rng.choice(free),
        upload=papers.paper("退办申请.pdf"),
        at=min(now, morning),
    )
