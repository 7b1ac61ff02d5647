"""Whose turn it is on something, by when, and why that day: the box that every page with a life shows."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Turn:
    """Who must act, what they must do, until when, and how that day came about."""

    who: str
    what: str
    due_on: date | None = None
    why: str = ""
    mine: bool = False
    overdue: bool = False
    days_left: int | None = None


def dated(
    who: str, what: str, due_on: date | None, today: date, *, why: str = "", mine: bool = False
) -> Turn:
    """A turn with how many days are left, or that it is overdue (rule 13: computed, never stored)."""
    left = (due_on - today).days if due_on else None
    return Turn(
        who,
        what,
        due_on,
        why,
        mine,
        overdue=left is not None and left < 0,
        days_left=left if left is not None and left >= 0 else None,
    )
