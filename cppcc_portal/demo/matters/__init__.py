"""What the demonstration's proposals are about: 125 matters of an invented district."""

from cppcc_portal.demo.matters import (
    culture,
    ecology,
    economy,
    politics,
    society_city,
    society_people,
)
from cppcc_portal.demo.matters.shape import Matter

MATTERS: tuple[Matter, ...] = (
    *economy.MATTERS,
    *politics.MATTERS,
    *culture.MATTERS,
    *society_people.MATTERS,
    *society_city.MATTERS,
    *ecology.MATTERS,
)

__all__ = ["MATTERS", "Matter"]
