"""What the office will probably choose for a proposal: a category, a lead unit, joint units.

The units that were asked come first, then what the review suggested, then the proposer's wish;
otherwise earlier proposals whose titles share the rarest pairs of characters are asked. Nothing is chosen by this: it is shown, and a
person presses the button.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from members.models import Unit
from proposals.models import Category, Handling, Proposal, ReviewOpinion, UnitConsultation
from proposals.models.consultations import chosen_units, consulted

MOST_ASKED = 2000  # earlier proposals, newest first
NEAREST = 7
LIKE_ENOUGH = 0.15  # cosine of two titles, 0 to 1; below that they share common words only
MAJORITY = 0.5  # share of the nearest that must agree


# Where the units of a suggestion come from, as the page says it.
ASKED, REVIEWED = _("按预交办征求意见"), _("按审查意见")
WISHED, ALIKE = _("按提案人的建议"), _("按同类提案")


@dataclass(frozen=True)
class Suggestion:
    """What to offer, and where its units come from."""

    category: Category | None = None
    lead: Unit | None = None
    joint: tuple[Unit, ...] = ()
    separate: tuple[Unit, ...] = ()
    source: Any = ""
    answers: tuple[UnitConsultation, ...] = ()  # of the units that were asked


def suggest(proposals: Iterable[Proposal]) -> dict[int, Suggestion]:
    """A suggestion for each proposal; a constant number of queries."""
    rows = list(proposals)
    asked = Earlier.read()
    categories = {one.pk: one for one in Category.objects.filter(active=True)}
    units = {one.pk: one for one in Unit.objects.in_use()}
    wishes = _wished(Proposal.wished_units.through, rows, units)
    joint_wishes = _wished(Proposal.wished_joint_units.through, rows, units)
    reviewed, consulted_units = _reviewed(rows), consulted([row.pk for row in rows])
    found = {}
    for row in rows:
        near, opinion = asked.nearest(row), reviewed.get(row.pk)
        source: Any
        chosen: list[Any]
        if opinion is not None and opinion.lead_id in units:
            source, chosen = REVIEWED, [opinion.lead, *opinion.joint.all()]
        elif wishes[row.pk]:
            source, chosen = WISHED, [*wishes[row.pk], *joint_wishes[row.pk]]
        else:
            alike = units.get(agreed(near, asked.lead))
            source, chosen = (ALIKE, [alike]) if alike else ("", [])
            if alike:  # who was wished for as a joint unit only assists whoever leads
                chosen += [unit for unit in joint_wishes[row.pk] if unit != alike]
        category = row.category or (opinion.category if opinion else None)
        if answers := consulted_units.get(row.pk):
            units_asked = chosen_units(answers)
            found[row.pk] = Suggestion(
                category=category,
                lead=units_asked["lead"],
                joint=tuple(units_asked["joint"]),
                separate=tuple(units_asked["separate"]),
                source=ASKED,
                answers=tuple(answers),
            )
            continue
        found[row.pk] = Suggestion(
            category=category or categories.get(agreed(near, asked.category)),
            lead=chosen[0] if chosen else None,
            joint=tuple(unit for unit in chosen[1:] if unit.pk in units),
            source=source,
        )
    return found


def _wished(links: Any, rows: list[Proposal], units: Mapping[int, Unit]) -> dict[int, list[Unit]]:
    """The units in use that proposers wish for, by proposal."""
    found: dict[int, list[Unit]] = defaultdict(list)
    chosen = links.objects.filter(proposal__in=[row.pk for row in rows]).order_by("pk")
    for proposal_id, unit_id in chosen.values_list("proposal_id", "unit_id"):
        if unit_id in units:
            found[proposal_id].append(units[unit_id])
    return found


def _reviewed(rows: list[Proposal]) -> dict[int, ReviewOpinion]:
    """The last opinion on the present text of each, where it is to file."""
    said = ReviewOpinion.objects.filter(
        proposal__in=[row.pk for row in rows], text=F("proposal__current_text")
    )
    latest = {opinion.proposal_id: opinion for opinion in said.with_names().order_by("pk")}
    to_file = ReviewOpinion.Result.FILE
    return {pk: opinion for pk, opinion in latest.items() if opinion.result == to_file}


def agreed(near: list[tuple[float, int]], chosen: Mapping[int, int]) -> int:
    """What most of the nearest were given, or 0."""
    votes: Counter[int] = Counter()
    for weight, pk in near:
        if pk in chosen:
            votes[chosen[pk]] += weight  # type: ignore[assignment]  # weighed, not counted
    if not votes:
        return 0
    (winner, weight) = votes.most_common(1)[0]
    return winner if weight >= MAJORITY * sum(votes.values()) else 0


def pairs(title: str) -> set[str]:
    """Neighbouring characters: the smallest words of Chinese."""
    text = re.sub(r"\W", "", title)
    return {text[at : at + 2] for at in range(len(text) - 1)}


class Earlier:
    """Titles of filed proposals with what was chosen for them."""

    def __init__(
        self, titles: Mapping[int, str], category: Mapping[int, int], lead: Mapping[int, int]
    ) -> None:
        self.category, self.lead = category, lead
        self.holding: dict[str, list[int]] = defaultdict(list)
        words = {pk: pairs(title) for pk, title in titles.items()}
        for pk, parts in words.items():
            for part in parts:
                self.holding[part].append(pk)
        self.weight = {
            part: math.log(1 + len(titles) / len(pks)) for part, pks in self.holding.items()
        }
        self.length = {pk: self.norm(parts) for pk, parts in words.items()}

    @classmethod
    def read(cls) -> "Earlier":
        filed = Proposal.objects.filter(filed_at__isnull=False).order_by("-pk")
        rows = list(filed.values_list("pk", "title", "category_id")[:MOST_ASKED])
        leads = Handling.objects.standing().filter(role=Handling.Role.LEAD)
        if rows:
            leads = leads.filter(proposal_id__gte=rows[-1][0])
        return cls(
            {pk: title for pk, title, _category in rows},
            {pk: category for pk, _title, category in rows if category},
            dict(leads.values_list("proposal_id", "unit_id")),
        )

    def norm(self, parts: set[str]) -> float:
        return math.sqrt(sum(self.weight.get(part, 0.0) ** 2 for part in parts))

    def nearest(self, proposal: Proposal) -> list[tuple[float, int]]:
        """Likeness and key of the earlier proposals most like this one."""
        parts = pairs(proposal.title)
        own = self.norm(parts)
        shared: dict[int, float] = defaultdict(float)
        for part in parts:
            for pk in self.holding.get(part, ()):
                shared[pk] += self.weight[part] ** 2
        likeness = (
            (sum_of / (own * self.length[pk]), pk)
            for pk, sum_of in shared.items()
            if pk != proposal.pk
        )
        return sorted((one for one in likeness if one[0] >= LIKE_ENOUGH), reverse=True)[:NEAREST]
