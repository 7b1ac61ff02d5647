"""What is made of ratings: the list of whom to call, and the sums that units and the supervision office see."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office import parameters
from members.models import Plenary, Unit
from proposals.models import Evaluation, Proposal, RatingGrade, Rehandling

UNRATED = "unrated"
RATING_QUEUES: dict[str, Any] = {UNRATED: _("到期未评价（电话催评）")}


def unrated(rows: Any) -> Any:
    """Whose days are over and who may still answer: whom the office asks by telephone."""
    return rows.of_last_round().filter(
        status=Evaluation.Status.EXPIRED, reply__handling__proposal__status__in=Proposal.RATED
    )


@dataclass(frozen=True)
class Sum:
    """The ratings of one unit's last replies, added up; who did not answer is counted apart, never as satisfied."""

    unit: Unit
    asked: int
    answered: int
    attitude: Sequence[tuple[Any, int]]
    result: Sequence[tuple[Any, int]]
    least: int

    @property
    def unanswered(self) -> int:
        return self.asked - self.answered

    @property
    def is_hidden(self) -> bool:
        """Too few to be a sum: a single rating could be read from it."""
        return self.answered < self.least

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Attitude and result, each with its numbers and shares of those who answered."""
        return [
            {
                "label": label,
                "parts": [
                    {"label": name, "count": count, "share": round(100 * count / self.answered)}
                    for name, count in numbers
                ],
            }
            for label, numbers in ((_("办理态度"), self.attitude), (_("办理结果"), self.result))
            if self.answered
        ]


def sums(plenary: Plenary, today: date, *, units: Iterable[int] | None = None) -> list[Sum]:
    """By unit, over the replies whose window has closed and on which no decision waits; three queries.

    The denominator is the forms answered in the last round of each share; the forms sent stand beside it.
    """
    waits = Rehandling.objects.filter(
        handling=OuterRef("reply__handling"), status=Rehandling.Status.PROPOSED
    )
    over = Q(due_on__lt=today) | ~Q(reply__handling__proposal__status__in=Proposal.RATED)
    rows = Evaluation.objects.of_last_round().filter(
        over, ~Exists(waits), reply__handling__proposal__plenary=plenary
    )
    rows = rows.exclude(reply__handling__proposal__status=Proposal.Status.TAKEN_OUT)
    if units is not None:
        rows = rows.filter(reply__handling__unit__in=list(units))
    given = Q(status=Evaluation.Status.ANSWERED)
    grades = list(RatingGrade.objects.values_list("code", "name"))
    figures: dict[str, Any] = {"asked": Count("pk"), "answered": Count("pk", filter=given)}
    for half in ("attitude", "result"):
        for code, _name in grades:
            figures[f"{half}_{code}"] = Count("pk", filter=given & Q(**{half: code}))
    found: dict[int, Any] = {
        row["reply__handling__unit"]: row
        for row in rows.order_by().values("reply__handling__unit").annotate(**figures)
    }
    least = parameters.get("proposals.rating_sums_least")
    return [
        Sum(
            unit,
            found[unit.pk]["asked"],
            found[unit.pk]["answered"],
            _numbers(found[unit.pk], "attitude", grades),
            _numbers(found[unit.pk], "result", grades),
            least,
        )
        for unit in Unit.objects.filter(pk__in=found).order_by("side", "order", "pk")
    ]


def _numbers(
    row: dict[str, Any], half: str, grades: Sequence[tuple[str, str]]
) -> list[tuple[Any, int]]:
    """How many gave each grade, in the order of the office's list."""
    return [(name, row[f"{half}_{code}"]) for code, name in grades]
