"""What happens to each proposal of the demonstration and when: plans first, rows afterwards.

Serials follow the order of submission and numbers the order of filing, so both are dealt out over
all plans before the first row is made.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from cppcc_portal.demo.district import moment
from members.models import Plenary

# The recent ones: where each story stands today, and how many of six hundred stand there.
RECENT: tuple[tuple[str, int], ...] = (
    ("draft", 6),
    ("cosigning", 6),
    ("submitted", 10),
    ("reviewing", 6),
    ("returned", 4),
    ("withdrawn", 2),
    ("not_filed", 4),
    ("filed", 10),
    ("assigned", 8),
    ("handling", 14),
    ("late", 4),
    ("replied", 10),
    ("dissatisfied", 3),
    ("closable", 4),
    ("rehandling", 5),
    ("closed", 4),
    ("tracking", 3),
)
MERGED = 2  # texts under review that say what a filed one says; most years merge one in twenty
# Days from the first word to each state, for the recent ones.
REACHED = {
    "draft": 0,
    "cosigning": 2,
    "submitted": 5,
    "withdrawn": 7,
    "reviewing": 7,
    "returned": 9,
    "not_filed": 10,
    "filed": 11,
    "assigned": 14,
    "handling": 17,
    "replied": 55,
    "dissatisfied": 66,
    "rehandling": 68,
    "closable": 75,
    "closed": 90,
    "tracking": 90,
    "late": 118,
}


@dataclass
class Plan:
    """The life of one proposal: its season, its decision, and where the story ends at the latest."""

    index: int
    plenary: Plenary
    series: str
    created: datetime
    submitted: datetime
    decided: datetime
    handed_over: datetime
    outcome: str  # file, refuse, withdraw, return (and filed after a second submission)
    stop: str = ""  # a recent one ends here; "" runs on until today
    serial: int | None = None
    number: int | None = None
    twin: "Plan | None" = None  # a filed one that says the same: this one joins it

    def goes_beyond(self, state: str) -> bool:
        """Whether the story goes on after this state."""
        return not self.stop or REACHED[self.stop] > REACHED[state]


def season_at(plenaries: Sequence[Plenary], day: datetime) -> Plenary:
    """The plenary whose call was open last on this day."""
    return max(
        (plenary for plenary in plenaries if plenary.submission_from <= day),
        key=lambda plenary: plenary.submission_from,
        default=plenaries[0],
    )


def plan_all(rng: Random, plenaries: Sequence[Plenary], *, now: datetime, count: int) -> list[Plan]:
    """The plans of `count` proposals over the plenary years, the recent ones in every state."""
    recent = [state for state, share in RECENT for _turn in range(max(1, share * count // 600))]
    opened = [plenary for plenary in plenaries if moment(plenary.opens_on) < now]
    older = max(0, count - len(recent))
    plans = [
        _older(rng, index, opened[index * len(opened) // max(older, 1)], now)
        for index in range(older)
    ]
    plans += [
        _recent(rng, older + turn, state, plenaries, now) for turn, state in enumerate(recent)
    ]
    like = [plan for plan in plans if plan.stop == "reviewing"][:MERGED]
    for plan, filed in zip(like, (plan for plan in plans if plan.stop == "filed"), strict=False):
        plan.twin = filed
    deal_out(plans, now)
    return plans


def _older(rng: Random, index: int, plenary: Plenary, now: datetime) -> Plan:
    """Five in six come before the plenary's cut-off, the others through the year."""
    plenary_text = rng.random() < 0.83
    if plenary_text:
        submitted = moment(plenary.opens_on, 8) + timedelta(
            minutes=rng.randint(-12 * 1440, 2 * 1440 + 500)
        )
        decided = moment(plenary.closes_on) + timedelta(
            days=rng.randint(20, 44), hours=rng.randint(0, 8)
        )
        handed_over = moment(plenary.closes_on.replace(month=3, day=18))
    else:
        submitted = moment(plenary.closes_on) + timedelta(
            days=rng.randint(20, 300), minutes=rng.randint(0, 500)
        )
        decided = submitted + timedelta(days=rng.randint(2, 7))
        handed_over = decided + timedelta(days=rng.randint(3, 12))
    outcome = rng.choices(("file", "refuse", "withdraw", "return"), (80, 12, 3, 5))[0]
    # What would still be running comes from the recent ones: older stories began long enough ago.
    latest = now - timedelta(days=120)
    if submitted > latest:
        shift = submitted - latest + timedelta(days=rng.randint(0, 40))
        submitted, decided, handed_over = (at - shift for at in (submitted, decided, handed_over))
    return Plan(
        index=index,
        plenary=plenary,
        series="plenary" if plenary.takes_plenary_texts_at(submitted) else "ordinary",
        created=submitted - timedelta(days=rng.randint(3, 20), minutes=rng.randint(0, 600)),
        submitted=submitted,
        decided=decided,
        handed_over=handed_over,
        outcome=outcome,
    )


def _recent(
    rng: Random, index: int, state: str, plenaries: Sequence[Plenary], now: datetime
) -> Plan:
    at_work = now.replace(hour=9, minute=0, second=0, microsecond=0)
    ended = at_work - timedelta(days=rng.randint(1, 6), minutes=rng.randint(0, 50))
    created = ended - timedelta(days=REACHED[state] + 1)
    submitted = created + timedelta(days=5, minutes=rng.randint(0, 400))
    plenary = season_at(plenaries, submitted)
    return Plan(
        index=index,
        plenary=plenary,
        series="plenary" if plenary.takes_plenary_texts_at(submitted) else "ordinary",
        created=created,
        submitted=submitted,
        decided=created + timedelta(days=10, hours=1),
        handed_over=created + timedelta(days=13),
        outcome={"not_filed": "refuse", "withdrawn": "withdraw", "returned": "return"}.get(
            state, "file"
        ),
        stop=state,
    )


def deal_out(plans: Sequence[Plan], now: datetime) -> None:
    """Serials in the order of submission, numbers in the order of filing, per plenary and series."""
    serials: dict[int, int] = {}
    for plan in sorted(plans, key=lambda plan: (plan.submitted, plan.index)):
        if plan.submitted < now and (plan.stop == "submitted" or plan.goes_beyond("cosigning")):
            serials[plan.plenary.pk] = plan.serial = serials.get(plan.plenary.pk, 0) + 1
    numbers: dict[tuple[int, str], int] = {}
    for plan in sorted(plans, key=lambda plan: (plan.decided, plan.index)):
        filed = plan.outcome in ("file", "return") and plan.decided < now
        if filed and plan.serial and (plan.stop == "filed" or plan.goes_beyond("returned")):
            key = (plan.plenary.pk, plan.series)
            numbers[key] = plan.number = numbers.get(key, 0) + 1
