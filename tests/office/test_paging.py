"""Lists page by page by key, forward and back, whatever stands in the address."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import RequestFactory

from cppcc_portal.office.deadlines import Holiday
from cppcc_portal.office.paging import Page, latest, newest, soonest

pytestmark = pytest.mark.django_db
FIRST = date(2026, 1, 1)


def get(url: str) -> Any:
    return RequestFactory().get(url)


def holiday(number: int) -> Holiday:
    day = FIRST + timedelta(days=number)
    return Holiday.objects.create(day=day, kind=Holiday.Kind.HOLIDAY, name="节")


@pytest.fixture
def days() -> list[Holiday]:
    """Seven days, made in an order that is not that of their dates."""
    Holiday.objects.all().delete()
    order = (3, 0, 6, 1, 5, 2, 4)
    return [holiday(n) for n in order]


def by_date(url: str) -> Page:
    return soonest(Holiday.objects.all(), get(url), field="day", size=3)


def test_soonest_walks_forward_and_back(days: list[Holiday]) -> None:
    first = by_date("/list/?done=0")
    second = by_date(first.next_url)
    third = by_date(second.next_url)
    back = by_date(third.previous_url)

    offsets = [(row.day - FIRST).days for page in (first, second, third) for row in page]
    assert offsets == [0, 1, 2, 3, 4, 5, 6]
    assert list(back) == list(second)
    assert list(by_date(back.previous_url)) == list(first)
    assert "done=0" in first.next_url
    assert not third.next_url


def test_latest_walks_the_other_way(days: list[Holiday]) -> None:
    def page(url: str) -> Page:
        return latest(Holiday.objects.all(), get(url), field="day", size=3)

    first = page("/list/")
    second = page(first.next_url)
    third = page(second.next_url)

    offsets = [(row.day - FIRST).days for one in (first, second, third) for row in one]
    assert offsets == [6, 5, 4, 3, 2, 1, 0]
    assert list(page(third.previous_url)) == list(second)
    assert list(page(second.previous_url)) == list(first)
    assert not third.next_url


@pytest.mark.parametrize("mark", ["", "x", "2026-13-01_1", "2026-01-01", "2026-01-01_" + "9" * 30])
def test_soonest_takes_a_strange_mark_for_none(days: list[Holiday], mark: str) -> None:
    assert len(by_date(f"/list/?before={mark}")) == 3


def test_newest_walks_forward_and_back(days: list[Holiday]) -> None:
    first = newest(Holiday.objects.all(), get("/list/"), size=3)
    second = newest(Holiday.objects.all(), get(first.next_url), size=3)

    assert [*first, *second] == days[::-1][:6]
    assert list(newest(Holiday.objects.all(), get(second.previous_url), size=3)) == list(first)
