"""What waits in feedback: each queue is a choice of rows, the same for its figure and its list."""

from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from feedback.models import Adoption, LookBack

ADOPTION_QUEUES: dict[str, Any] = {
    Adoption.Status.ASSIGNED.value: _("单位待签收的意见建议"),
    Adoption.Status.STUDYING.value: _("单位待答复的意见建议"),
    "overdue": _("逾期的意见建议"),
    Adoption.Status.STALLED.value: _("无法推进的意见建议"),
    "to_confirm": _("待核实确认的意见建议"),
}
LOOKBACK_QUEUES: dict[str, Any] = {
    LookBack.Status.CANDIDATE.value: _("回头看候选议题"),
    "under_way": _("进行中的回头看"),
}


def adoption_waits_in(queue: str, today: date) -> Q:
    """Which recommendations with their units stand in this queue."""
    if queue == "overdue":
        return Adoption.late_on(today)
    if queue == "to_confirm":
        return Q(status__in=[Adoption.Status.ANSWERED, Adoption.Status.DONE_REPORTED])
    return Q(status=queue)


def lookback_waits_in(queue: str, today: date) -> Q:
    """Which look-backs: this year's candidates, or what was chosen and has not ended."""
    if queue == "under_way":
        status = LookBack.Status
        return Q(status__in=[status.SELECTED, status.CHECKING, status.EVALUATED])
    return Q(status=queue, year__year=today.year)
