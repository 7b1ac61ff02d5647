"""显示的列: chosen for each person and list, kept, gone back from; what leaves as a table follows them."""

import csv
import io
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from cppcc_portal.office import parameters
from cppcc_portal.office.columns import choice_of, keep_columns
from cppcc_portal.office.models import ShownColumns
from members.roles import Role
from proposals.columns import DESK_COLUMNS, LIST_COLUMNS, WORKPLACE_COLUMNS
from proposals.models import Proposal
from tests import district as made
from tests import people, stages
from tests.browsing import logged_in, queries, text
from tests.proposals.test_publications import published

pytestmark = pytest.mark.django_db
INDEX, DESK = "/proposals/", "/desk/"
ADMIN = "/admin/proposals/proposal/"
EVERY = [column.name for column in LIST_COLUMNS]


@pytest.fixture
def d(district: SimpleNamespace) -> SimpleNamespace:
    return district


def choose(client: Client, page: str, *names: str, **more: Any) -> Any:
    return client.post(f"{page}columns/", {"columns": names, **more})


def headings(client: Client, url: str = INDEX) -> list[str]:
    page = text(client.get(url))
    head = page.split("<thead>")[1].split("</thead>")[0]
    return [part.split("</th>")[0] for part in head.split('<th scope="col">')[1:]]


# The portal's list --------------------------------------------------------------------------------


def test_a_list_shows_its_default_and_then_what_was_chosen(d: SimpleNamespace) -> None:
    made.submitted(d)
    client = logged_in(d.author)
    assert headings(client) == ["案号", "案由", "第一提案人", "状态", "轮到谁"]

    answer = choose(client, INDEX, "status", "submitted_at", query="scope=all&q=充电&next=//evil")

    assert answer.headers["Location"] == f"{INDEX}?scope=all&q=%E5%85%85%E7%94%B5"
    assert headings(client) == ["案号", "案由", "状态", "提交时间"]
    # Also after a new login, and on no other list.
    assert headings(logged_in(d.author)) == ["案号", "案由", "状态", "提交时间"]
    assert not choice_of(d.author, "desk", DESK_COLUMNS).is_own


def test_the_way_back_to_the_default(d: SimpleNamespace) -> None:
    made.submitted(d)
    client = logged_in(d.author)
    assert "恢复默认" not in text(client.get(INDEX))
    choose(client, INDEX, "status")
    assert "恢复默认" in text(client.get(INDEX))

    choose(client, INDEX, "status", reset="1")

    assert headings(client) == ["案号", "案由", "第一提案人", "状态", "轮到谁"]
    assert not ShownColumns.objects.exists()


def test_number_and_title_always_stand(d: SimpleNamespace) -> None:
    made.submitted(d)
    client = logged_in(d.author)

    choose(client, INDEX)

    assert headings(client) == ["案号", "案由"]


def test_only_columns_that_the_list_has_are_kept(d: SimpleNamespace) -> None:
    client = logged_in(d.author)

    choose(client, INDEX, "status", "proposers__membership__person__phone", "<b>", "number")
    ShownColumns.objects.update(names=["status", "gone"])

    assert choice_of(d.author, "proposals", LIST_COLUMNS).names == {"number", "title", "status"}
    assert client.get(INDEX).status_code == 200


def test_the_choice_is_ones_own(d: SimpleNamespace) -> None:
    made.submitted(d)
    choose(logged_in(d.author), INDEX, "status")

    assert "轮到谁" in headings(logged_in(d.cosigner))


def test_it_is_kept_once_for_a_person_and_list(d: SimpleNamespace) -> None:
    for names in (["status"], ["first"]):
        keep_columns(d.author, "proposals", LIST_COLUMNS, names)

    assert ShownColumns.objects.get().names == ["first"]
    with pytest.raises(IntegrityError), transaction.atomic():
        ShownColumns.objects.create(user=d.author, page="proposals")


@pytest.mark.parametrize("page", [INDEX, DESK, ADMIN])
def test_nothing_is_kept_by_looking_or_by_a_visitor(d: SimpleNamespace, page: str) -> None:
    assert Client().post(f"{page}columns/", {"columns": "status"}).status_code in (302, 403)
    assert logged_in(d.office).get(f"{page}columns/").status_code in (404, 405)
    assert not ShownColumns.objects.exists()


def test_every_column_shows_something_and_every_card_names_its_lines(d: SimpleNamespace) -> None:
    parameters.set_parameter("proposals.seconding", True, by=d.office)
    made.handed_over(d)
    client = logged_in(d.author)

    choose(client, INDEX, *EVERY)

    page = text(client.get(INDEX))
    assert headings(client) == [str(column.label) for column in LIST_COLUMNS]
    for label, words in (
        ("类别", "社会建设"),
        ("承办单位", "区住建局、区消防救援大队"),
        ("交办日期", "2026-03-18"),
        ("附议", "—"),
    ):
        assert f'data-label="{label}">{words}' in page


def test_what_the_office_switched_off_is_not_offered(d: SimpleNamespace) -> None:
    made.submitted(d)
    client = logged_in(d.author)

    choose(client, INDEX, "seconded")

    assert 'value="seconded"' not in text(client.get(INDEX))
    assert headings(client) == ["案号", "案由"]


@pytest.mark.parametrize("page", [INDEX, ADMIN])
def test_lists_with_all_columns_ask_the_same(d: SimpleNamespace, page: str) -> None:
    parameters.set_parameter("proposals.seconding", True, by=d.office)
    client = logged_in(d.office)
    known = LIST_COLUMNS if page == INDEX else WORKPLACE_COLUMNS
    choose(client, page, *(column.name for column in known))
    url = f"{page}?q=充电"
    published(d, stages.filed(d))
    made.handed_over(d)
    few = queries(client, url)
    for _n in range(2):
        made.handed_over(d)

    assert queries(client, url) == few


# The desk -----------------------------------------------------------------------------------------


def test_the_desks_cards_show_the_chosen_lines(d: SimpleNamespace) -> None:
    made.handed_over(d)
    client = logged_in(d.clerk)
    assert "第一提案人 陈一" not in text(client.get(DESK))

    choose(client, DESK, "first", "category", "plenary", "handed_over_on", query="done=1")
    page = text(client.get(DESK))

    assert "第一提案人 陈一 · 类别 社会建设" in page
    assert "交办日期 2026-03-18" in page
    assert 'class="due' not in page  # the next step was not ticked


def test_the_desk_asks_the_same_with_all_lines(d: SimpleNamespace) -> None:
    client = logged_in(d.clerk)
    choose(client, DESK, *(column.name for column in DESK_COLUMNS))
    made.handed_over(d)
    few = queries(client, DESK)
    for _n in range(2):
        made.handed_over(d)

    assert queries(client, DESK) == few


# The workplace and the table that leaves ----------------------------------------------------------


def ticked(page: str) -> set[str]:
    boxes = page.split('name="proposalresource_')[1:]
    return {box.split('"')[0] for box in boxes if "checked" in box.split(">")[0]}


def test_the_workplaces_list_and_its_export_follow_the_choice(d: SimpleNamespace) -> None:
    made.handed_over(d)
    client = logged_in(d.office)

    answer = choose(client, ADMIN, "units", "submitted_at", query="q=充电&proposers__id=3")
    page = text(client.get(answer.headers["Location"]))

    assert answer.headers["Location"] == f"{ADMIN}?q=%E5%85%85%E7%94%B5"
    assert "column-units" in page
    assert "column-status" not in page
    export = text(client.get(f"{ADMIN}export/?q=充电"))
    assert ticked(export) == {"label", "title", "lead", "joint", "submitted_at"}
    assert "导出全部列" in export


def table(answer: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_all_columns_leave_by_choice_and_no_formula_with_them(d: SimpleNamespace) -> None:
    proposal = made.submitted(d)
    Proposal.objects.filter(pk=proposal.pk).update(title="=1+1")
    client = logged_in(d.office)
    url = f"{ADMIN}export/"

    some = table(client.post(url, {"format": "1", "proposalresource_title": "on"}))
    whole = table(client.post(url, {"format": "1", "all_columns": "1"}))

    assert some == [["案由"], ["'=1+1"]]
    assert len(whole[0]) > 20
    assert whole[0][:3] == ["提案号", "流水号", "案由"]
    assert "'=1+1" in whole[1]


def test_columns_open_no_export_to_who_has_no_right(d: SimpleNamespace) -> None:
    client = logged_in(people.account("sg", "秘书长", Role.SECRETARY_GENERAL))

    answer = client.post(f"{ADMIN}export/", {"format": "1", "all_columns": "1"})

    assert answer.status_code == 403


def test_who_may_not_see_the_list_keeps_nothing(d: SimpleNamespace) -> None:
    auditor = people.account("au", "审计员", Role.AUDITOR)

    assert choose(logged_in(auditor), ADMIN, "status").status_code == 403
    assert reverse("admin:proposals_proposal_columns") == f"{ADMIN}columns/"
    assert not ShownColumns.objects.exists()
