"""The shape of one matter that proposals are written about."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Matter:
    """One matter in the words of a district: what is so, why, what to do, what a unit can answer.

    `{p}` stands for the place ("我区", "悦来镇", "三厂街道新河社区"; nothing in a title of the whole
    district), `{12-30}` for a figure of that range. A suggestion is a short request, a full stop,
    and its details; the reply takes it up by the request. `done`, `plan` and `hurdle` are
    clauses without a subject and without a full stop.
    """

    code: str
    subject: str
    lead: str
    joint: tuple[str, ...]
    titles: tuple[str, str]
    situation: tuple[str, ...]
    analysis: tuple[str, ...]
    suggestions: tuple[str, ...]
    done: str
    plan: str
    hurdle: str
    where: Literal["any", "city", "country"] = "any"
