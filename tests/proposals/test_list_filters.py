"""Lists of the portal: filters kept by name and on the way back, tables that leave, many acknowledged at once."""

import csv
import io
import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from cppcc_portal import desk
from cppcc_portal.office import parameters
from cppcc_portal.office.models import AuditEvent, SavedFilter
from members.actions import set_phone
from proposals import actions, views
from proposals.models import Category, Handling, Proposal
from tests import stages
from tests.browsing import logged_in, queries, text
from tests.district import JANUARY, TEXT, handed_over, submitted
from tests.laid import once
from tests.stages import lead_of

pytestmark = pytest.mark.django_db
INDEX, DESK = "/proposals/", "/desk/"
LISTS = ((INDEX, "scope=all&q=充电"), (DESK, "q=充电"))


def rows_of(answer: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def clerk_or_author(d: SimpleNamespace, page: str) -> Client:
    return logged_in(d.clerk if page == DESK else d.author)


@once
def second_share(d: SimpleNamespace) -> Proposal:
    """A second proposal of another member, handed to the same lead unit."""
    proposal = actions.start_draft(by=d.other, at=JANUARY)
    words = {**TEXT, "title": "=HYPERLINK(1)关于河道清淤的建议"}
    actions.save_draft(proposal, by=d.other, version=1, at=JANUARY, **words)
    actions.save_choices(proposal, by=d.other, may_publish=True, secrecy_confirmed=True)
    actions.submit(proposal.fresh(), by=d.other, at=JANUARY)
    actions.file(proposal.fresh(), by=d.office, category=Category.objects.get(), at=JANUARY)
    actions.hand_over(proposal.fresh(), by=d.office, lead=d.housing, at=JANUARY)
    return proposal.fresh()


# Kept filters -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("page", "query"), LISTS, ids=["proposals", "desk"])
def test_filters_are_kept_by_name_for_their_reader_alone(
    district: SimpleNamespace, page: str, query: str
) -> None:
    handed_over(district)
    client = clerk_or_author(district, page)

    answer = client.post(f"{page}filters/", {"name": "充电桩", "query": f"{query}&next=//evil"})

    kept = SavedFilter.objects.get()
    assert "evil" not in kept.query
    assert answer.headers["Location"] == f"{page}?{kept.query}"
    assert "充电桩" in text(client.get(page))
    assert "充电桩" not in text(logged_in(district.office).get(page))
    other = logged_in(district.joint_clerk)
    other.post(f"{page}filters/", {"remove": str(kept.pk)})
    assert SavedFilter.objects.exists()
    client.post(f"{page}filters/", {"remove": str(kept.pk)})
    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize("posted", [{"name": "空"}, {"name": "", "query": "q=a"}], ids=str)
def test_what_cannot_be_kept_is_told(district: SimpleNamespace, posted: dict[str, str]) -> None:
    client = logged_in(district.author)

    client.post(f"{INDEX}filters/", posted)

    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize("key", ["x", "１", "9" * 19])
def test_strange_keys_are_not_found(district: SimpleNamespace, key: str) -> None:
    answer = logged_in(district.author).post(f"{INDEX}filters/", {"remove": key})

    assert answer.status_code == 404


def test_more_than_the_office_allows_are_not_kept(district: SimpleNamespace) -> None:
    client = logged_in(district.author)
    most = parameters.get("lists.most_saved")

    for number in range(most + 1):
        client.post(f"{INDEX}filters/", {"name": f"条件{number}", "query": f"q=a{number}"})

    assert SavedFilter.objects.count() == most


@pytest.mark.parametrize(("page", "query"), LISTS, ids=["proposals", "desk"])
def test_filters_survive_going_to_a_record_and_back(
    district: SimpleNamespace, page: str, query: str
) -> None:
    proposal = handed_over(district)
    client = clerk_or_author(district, page)
    client.get(f"{page}?{query}")
    record = proposal if page == INDEX else lead_of(proposal)
    came_from = {"HTTP_REFERER": f"http://testserver{record.get_absolute_url()}"}

    answer = client.get(page, **came_from)

    assert answer.status_code == 302
    back = client.get(answer.headers["Location"])
    assert "已筛选" in text(back)
    # Whoever opens the list from elsewhere, or empties it there, sees all of it.
    assert client.get(page).status_code == 200
    assert client.get(page, **came_from).status_code == 200


def test_a_foreign_address_brings_nobody_back(district: SimpleNamespace) -> None:
    client = logged_in(district.author)
    client.get(f"{INDEX}?q=充电")

    answer = client.get(INDEX, HTTP_REFERER="http://evil.example/proposals/1/")

    assert answer.status_code == 200


# The desk's filters -----------------------------------------------------------------------------


def test_desk_is_filtered_by_words_role_and_lateness(district: SimpleNamespace) -> None:
    handed_over(district)
    second_share(district)
    client = logged_in(district.clerk)

    def titles(query: str) -> int:
        return len(re.findall(r'<li><a href="/desk/\d', text(client.get(f"{DESK}?{query}"))))

    assert titles("") == 2
    assert titles("q=河道") == 1
    assert titles("q=查无此件") == 0
    assert titles("role=lead") == 2
    assert titles("role=joint") == 0
    late = Handling.objects.overdue(Handling.objects.latest("due_on").due_on).count()
    assert titles("late=on") <= 2
    assert late <= 2


def test_desk_filter_shows_nothing_of_others(district: SimpleNamespace) -> None:
    handed_over(district)
    second_share(district)

    page = text(logged_in(district.joint_clerk).get(f"{DESK}?q=河道"))

    assert "河道清淤" not in page


# Tables that leave ------------------------------------------------------------------------------


def test_member_exports_what_the_list_shows_and_no_more(district: SimpleNamespace) -> None:
    submitted(district)
    second_share(district)
    person = district.author.person
    set_phone(person, "19900008947")
    person.save()

    answer = logged_in(district.author).get(f"{INDEX}export/?format=csv&scope=all")

    head, *rows = rows_of(answer)
    assert head == ["案号", "案由", "第一提案人", "状态", "轮到谁"]
    assert [row[1] for row in rows] == [TEXT["title"]]
    assert "19900008947" not in answer.content.decode()
    event = AuditEvent.objects.filter(action="proposal.export").latest("pk")
    assert event.user_id == district.author.pk


@pytest.mark.parametrize("page", [INDEX, DESK])
def test_a_list_too_long_for_one_file_is_not_cut_short(
    district: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    handed_over(district)
    second_share(district)
    client = logged_in(district.office if page == INDEX else district.clerk)
    asked = {"format": "csv", "scope": "all"}
    monkeypatch.setattr(views if page == INDEX else desk, "MOST_EXPORTED", 2)
    assert len(rows_of(client.get(f"{page}export/", asked))) == 3

    monkeypatch.setattr(views if page == INDEX else desk, "MOST_EXPORTED", 1)
    answer = client.get(f"{page}export/", asked, follow=True)

    assert answer.redirect_chain[0][0].startswith(page)
    assert "符合条件的超过 1 件" in text(answer)
    assert AuditEvent.objects.filter(action__endswith=".export").count() == 1


def test_export_follows_filters_and_columns(district: SimpleNamespace) -> None:
    submitted(district)
    client = logged_in(district.author)
    client.post(f"{INDEX}columns/", {"columns": ["category", "submitted_at"]})

    none = rows_of(client.get(f"{INDEX}export/?format=csv&q=查无此件"))
    some = rows_of(client.get(f"{INDEX}export/?format=csv&q=充电"))

    assert none == [["案号", "案由", "类别", "提交时间"]]
    assert len(some) == 2


def test_excel_and_csv_hold_no_formula(district: SimpleNamespace) -> None:
    second_share(district)
    client = logged_in(district.clerk)

    table = rows_of(client.get(f"{DESK}export/?format=csv"))
    book = load_workbook(io.BytesIO(client.get(f"{DESK}export/?format=xlsx").content))

    assert table[1][1].startswith("'=HYPERLINK")
    cell = book.active.cell(row=2, column=2)  # type: ignore[union-attr]
    assert cell.data_type == "s"
    assert str(cell.value).startswith("'=")


def test_unit_exports_its_own_shares_alone(district: SimpleNamespace) -> None:
    handed_over(district)
    second_share(district)

    own = rows_of(logged_in(district.clerk).get(f"{DESK}export/?format=csv"))
    joint = rows_of(logged_in(district.joint_clerk).get(f"{DESK}export/?format=csv"))
    strange = rows_of(logged_in(district.author).get(f"{DESK}export/?format=csv"))

    assert (len(own), len(joint), len(strange)) == (3, 2, 1)


@pytest.mark.parametrize("address", [f"{INDEX}export/", f"{DESK}export/"])
def test_visitors_export_nothing(district: SimpleNamespace, address: str) -> None:
    handed_over(district)

    answer = Client().get(address)

    assert answer.status_code == 302
    assert "/account/login" in answer.headers["Location"]
    assert Client().post(address).status_code in (302, 405)


def test_exports_take_as_many_queries_for_two_as_for_one(district: SimpleNamespace) -> None:
    handed_over(district)
    client = logged_in(district.clerk)
    address = f"{DESK}export/?format=csv"
    client.get(address)
    one = queries(client, address)
    second_share(district)

    assert queries(client, address) == one


# Many at once -----------------------------------------------------------------------------------


def test_unit_acknowledges_what_it_ticked(district: SimpleNamespace) -> None:
    first, second = lead_of(handed_over(district)), lead_of(second_share(district))
    client = logged_in(district.clerk)
    address = reverse("desk:acknowledge_many")
    assert "批量签收（2 件）" in text(client.get(DESK))
    page = text(client.get(address))
    assert page.count('type="checkbox"') == 2

    client.post(address, {"chosen": [str(first.pk), "x", "999999"]})

    assert first.fresh().status == Handling.Status.ACKNOWLEDGED
    assert second.fresh().status == Handling.Status.WAITING
    change = first.changes.get(verb="acknowledge")
    assert change.by == district.clerk


def test_unit_acknowledges_no_share_of_another(district: SimpleNamespace) -> None:
    share = lead_of(handed_over(district))
    address = reverse("desk:acknowledge_many")

    logged_in(district.joint_clerk).post(address, {"chosen": [str(share.pk)]})

    assert share.fresh().status == Handling.Status.WAITING
    assert logged_in(district.author).get(address).status_code == 403
    assert stages.again(district.clerk).body_ids
