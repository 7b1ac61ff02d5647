"""What units ask for in the demonstration: released, kept, given more time, and two that wait today."""

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from cppcc_portal.demo import papers, reasons
from cppcc_portal.office import deadlines
from members.models import Posting, Unit, User
from members.roles import Role
from proposals import actions
from proposals.actions import requesting
from proposals.models import Handling


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
            requesting.refuse(asked, by=supervision, answer=reasons.RETURN_REFUSALS[0], at=at)
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
            reason=reasons.extension_reason(rng),
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
    other = rng.choice(free)
    return actions.request_return(
        share,
        by=clerk,
        reason=reasons.unit_return_reason(rng, str(share.unit), str(other)),
        suggested_unit=other,
        upload=papers.paper("退办申请.pdf"),
        at=min(now, morning),
    )
