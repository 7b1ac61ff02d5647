"""常用筛选: kept by name for one person and list, bounded; and a list opened again shows how it was left."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from cppcc_portal.office import parameters
from cppcc_portal.office.saved_filters import FilterRefused, SavedFilter, remove_filter, save_filter
from members.roles import Role
from tests import people
from tests import stages as made
from tests.browsing import logged_in, queries, text
from tests.district import district

pytestmark = pytest.mark.django_db
PAGE = "proposals_proposal"
LIST = "/admin/proposals/proposal/"


@pytest.fixture
def d() -> SimpleNamespace:
    return district()


def post(client: Client, verb: str, **fields: Any) -> Any:
    return client.post(reverse(f"admin:{PAGE}_{verb}"), fields)


def kept(d: SimpleNamespace) -> list[tuple[str, str]]:
    return list(SavedFilter.objects.filter(user=d.office).values_list("name", "query"))


# Kept by name ------------------------------------------------------------------------------------


def test_filter_is_saved_shown_as_a_chip_and_removed(d: SimpleNamespace) -> None:
    client = logged_in(d.office)

    answer = post(client, "save_filter", name="我的待办", query="status__exact=filed&q=充电")

    assert kept(d) == [("我的待办", "q=%E5%85%85%E7%94%B5&status__exact=filed")]
    page = text(client.get(answer.headers["Location"]))
    assert "我的待办" in page
    assert 'aria-current="true"' in page
    post(client, "remove_filter", filter=SavedFilter.objects.get().pk)
    assert kept(d) == []


def test_only_what_the_list_offers_is_kept(d: SimpleNamespace) -> None:
    client = logged_in(d.office)
    query = "queue=filed&proposers__membership__person__phone=138&_popup=1&p=7&next=//evil&q="

    post(client, "save_filter", name="甲", query=query)

    assert kept(d) == [("甲", "queue=filed")]


@pytest.mark.parametrize(
    ("name", "query", "told"),
    [
        ("", "queue=filed", "名称"),
        ("长" * 21, "queue=filed", "名称"),
        ("甲", "p=3", "没有筛选条件"),
        ("甲", "q=" + "a" * 600, "太长"),
    ],
)
def test_what_cannot_be_kept_is_told(d: SimpleNamespace, name: str, query: str, told: str) -> None:
    client = logged_in(d.office)

    post(client, "save_filter", name=name, query=query)

    assert kept(d) == []
    assert told in text(client.get(f"{LIST}?reset=1", follow=True))


def test_same_name_is_kept_once_and_the_number_is_bounded(d: SimpleNamespace) -> None:
    parameters.set_parameter("lists.most_saved", 2, by=d.office)
    for name, query in (("甲", "q=1"), ("乙", "q=2"), ("甲", "q=3")):
        save_filter(d.office, PAGE, name=name, query=query)

    assert kept(d) == [("甲", "q=3"), ("乙", "q=2")]
    with pytest.raises(FilterRefused, match="最多保存 2"):
        save_filter(d.office, PAGE, name="丙", query="q=4")
    save_filter(d.office, "members_unit", name="丙", query="q=4")  # each list by itself


def test_filters_are_ones_own(d: SimpleNamespace) -> None:
    other = people.account("office2", "办公室乙", Role.OFFICE)
    saved = save_filter(d.office, PAGE, name="甲", query="q=1")

    assert "甲</a>" not in text(logged_in(other).get(f"{LIST}?q=2"))
    remove_filter(other, PAGE, pk=saved.pk)
    post(logged_in(other), "remove_filter", filter=saved.pk)

    assert kept(d) == [("甲", "q=1")]


@pytest.mark.parametrize("verb", ["save_filter", "remove_filter"])
def test_who_may_not_see_the_list_keeps_nothing(d: SimpleNamespace, verb: str) -> None:
    auditor = people.account("au", "审计员", Role.AUDITOR)

    assert post(logged_in(auditor), verb, name="甲", query="q=1").status_code == 403
    assert logged_in(d.office).get(reverse(f"admin:{PAGE}_{verb}")).status_code == 404
    assert not SavedFilter.objects.exists()


def test_database_refuses_an_empty_one_and_two_of_a_name(d: SimpleNamespace) -> None:
    save_filter(d.office, PAGE, name="甲", query="q=1")

    for row in (
        {"name": "", "query": "q=1"},
        {"name": "乙", "query": ""},
        {"name": "甲", "query": "q"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            SavedFilter.objects.create(user=d.office, page=PAGE, **row)


# As it was left -----------------------------------------------------------------------------------


def test_list_opened_from_the_menu_shows_how_it_was_left(d: SimpleNamespace) -> None:
    client = logged_in(d.office)
    client.get(f"{LIST}?queue=filed&q=充电&p=1")

    answer = client.get(LIST, headers={"referer": "http://testserver/admin/"})

    assert answer.headers["Location"] == f"{LIST}?q=%E5%85%85%E7%94%B5&queue=filed"
    # Another list, another person, another login know nothing of it.
    assert client.get("/admin/members/unit/").status_code == 200
    assert logged_in(d.office).get(LIST).status_code == 200


def test_whoever_clears_the_list_sees_all_of_it(d: SimpleNamespace) -> None:
    client = logged_in(d.office)
    client.get(f"{LIST}?queue=filed")

    # The last filter was taken away on the list itself.
    here = client.get(LIST, headers={"referer": f"http://testserver{LIST}?queue=filed"})
    assert here.status_code == 200
    assert client.get(LIST).status_code == 200

    client.get(f"{LIST}?queue=filed")
    reset = client.get(f"{LIST}?reset=1")
    assert reset.headers["Location"] == LIST
    assert client.get(LIST).status_code == 200


def test_search_cleared_is_forgotten(d: SimpleNamespace) -> None:
    client = logged_in(d.office)
    client.get(f"{LIST}?q=充电")

    client.get(f"{LIST}?q=")

    assert client.get(LIST).status_code == 200


@pytest.mark.parametrize(
    ("url", "query"),
    [
        ("/admin/members/membership/", "todo=active"),
        ("/admin/members/unit/", "active__exact=1"),
        (LIST, "publicity=public"),
    ],
)
def test_each_of_the_three_lists_keeps_filters(d: SimpleNamespace, url: str, query: str) -> None:
    client = logged_in(d.office)

    client.post(f"{url}save_filter/", {"name": "常看", "query": query})

    page = text(client.get(f"{url}?{query}"))
    assert f'href="?{query}"' in page
    assert "常看" in page
    assert client.get(url).headers["Location"] == f"{url}?{query}"


def test_chips_cost_the_same_whatever_their_number(d: SimpleNamespace) -> None:
    made.filed(d)
    client = logged_in(d.office)
    url = f"{LIST}?queue=filed"
    save_filter(d.office, PAGE, name="甲", query="q=1")
    few = queries(client, url)
    for name in ("乙", "丙"):
        save_filter(d.office, PAGE, name=name, query="q=1")

    assert queries(client, url) == few
