"""Lists page by page without counting millions: by key, newest first, equally quick at any depth."""

from datetime import date, datetime
from functools import reduce
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest

PAGE_SIZE = 20


class Page:
    """One page of a list ordered by primary key, newest first: its rows and the ways to its neighbours."""

    def __init__(
        self, rows: list[Any], *, next_url: str = "", previous_url: str = "", first_url: str = ""
    ) -> None:
        self.rows = rows
        self.next_url, self.previous_url, self.first_url = next_url, previous_url, first_url

    def __iter__(self) -> Any:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def newest(rows: QuerySet[Any], request: HttpRequest, *, size: int = PAGE_SIZE) -> Page:
    """The page that the address asks for (`before` or `after` a key); filters in the address are kept."""
    before, after = _key(request, "before"), _key(request, "after")
    if after is not None:
        found = list(rows.filter(pk__gt=after).order_by("pk")[: size + 1])
        more_before = len(found) > size
        found = found[:size][::-1]
        has_next = True
    else:
        if before is not None:
            rows = rows.filter(pk__lt=before)
        found = list(rows.order_by("-pk")[: size + 1])
        has_next = len(found) > size
        found = found[:size]
        more_before = before is not None
    return Page(
        found,
        next_url=_url(request, before=found[-1].pk) if found and has_next else "",
        previous_url=_url(request, after=found[0].pk) if found and more_before else "",
        first_url=_url(request) if found and more_before else "",
    )


def soonest(
    rows: QuerySet[Any], request: HttpRequest, *, field: str = "due_on", size: int = PAGE_SIZE
) -> Page:
    """As `newest`, for a list ordered by a date (most urgent first) and, within a day, by key."""
    return _by_date(rows, request, field, size, ("", "gt", "lt"))


def latest(
    rows: QuerySet[Any], request: HttpRequest, *, field: str = "on", size: int = PAGE_SIZE
) -> Page:
    """As `soonest`, the latest date first: what was done, told from today backwards."""
    return _by_date(rows, request, field, size, ("-", "lt", "gt"))


def _by_date(
    rows: QuerySet[Any], request: HttpRequest, field: str, size: int, way: tuple[str, str, str]
) -> Page:
    """`way`: the sign of the order, and how what comes later or earlier in it compares."""
    sign, later, earlier = way
    back = "" if sign else "-"
    before, after = _mark(request, "before"), _mark(request, "after")

    def beyond(mark: tuple[date, int], how: str) -> Q:
        day, pk = mark
        return Q(**{f"{field}__{how}": day}) | Q(**{field: day, f"pk__{how}": pk})

    if after is not None:  # the way back
        passed = rows.filter(beyond(after, earlier))
        found = list(passed.order_by(f"{back}{field}", f"{back}pk")[: size + 1])
        more_before = len(found) > size
        found = found[:size][::-1]
        has_next = True
    else:
        if before is not None:
            rows = rows.filter(beyond(before, later))
        found = list(rows.order_by(f"{sign}{field}", f"{sign}pk")[: size + 1])
        has_next = len(found) > size
        found = found[:size]
        more_before = before is not None

    def mark(row: Any) -> str:
        value = reduce(getattr, field.split("__"), row)
        return f"{value.isoformat()}_{row.pk}"

    return Page(
        found,
        next_url=_url(request, before=mark(found[-1])) if found and has_next else "",
        previous_url=_url(request, after=mark(found[0])) if found and more_before else "",
        first_url=_url(request) if found and more_before else "",
    )


def _mark(request: HttpRequest, name: str) -> tuple[date, int] | None:
    """A day or moment and a key, as in ?before=2026-03-18_17; None for anything else."""
    day, _, pk = request.GET.get(name, "").partition("_")
    kind = datetime if "T" in day else date
    try:
        when = kind.fromisoformat(day)
        if len(pk) > 18 or (isinstance(when, datetime) and when.tzinfo is None):
            return None
        return when, int(pk)
    except ValueError:
        return None


def _key(request: HttpRequest, name: str) -> int | None:
    value = request.GET.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else None


def _url(request: HttpRequest, **keys: int | str) -> str:
    query = request.GET.copy()
    for name in ("before", "after"):
        query.pop(name, None)
    for name, value in keys.items():
        query[name] = str(value)
    return f"{request.path}?{query.urlencode()}" if query else request.path
