"""Who may fetch a file of a recommendation's answer: whoever sees the answer."""

from typing import Any

from cppcc_portal.office.files import readable
from feedback.models import Adoption, LookBack, LookBackFinding


@readable("feedback.adoption")
def of_adoption(user: Any, pk: int) -> bool:
    return Adoption.objects.visible_to(user).filter(pk=pk).exists()


@readable("feedback.lookback")
def of_look_back(user: Any, pk: int) -> bool:
    return LookBack.objects.visible_to(user).filter(pk=pk).exists()


@readable("feedback.lookbackfinding")
def of_finding(user: Any, pk: int) -> bool:
    """The unit's paper: for whoever sees the look-back, and for the unit."""
    finding = LookBackFinding.objects.select_related("recommendation__adoption").filter(pk=pk)
    return any(row.is_seen_by(user) for row in finding)
