"""The year of public-opinion reports: each figure is the number of its rows, the Excel file says the same."""

import io
import re
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.test import Client
from openpyxl import load_workbook

from cppcc_portal.office.audit import AuditEvent
from members.models import Membership, Person, Sector
from proposals.actions.opinion_removing import take_out_report
from proposals.models import OpinionReport
from proposals.opinion_figures import FIGURES, GROUPINGS, rows_of
from tests import opinions as made
from tests.browsing import logged_in, queries, text
from tests.opinions import MAY

pytestmark = pytest.mark.django_db

PAGE = "/opinions/figures/"


@pytest.fixture
def d() -> SimpleNamespace:
    return made.office()


@pytest.fixture
def year(d: SimpleNamespace) -> SimpleNamespace:
    """A combined issue of two members, adopted twice and instructed; one kept; one only handed in."""
    sector = Sector.objects.create(kind="sector", name="教育界", term=d.plenary.term)
    Membership.objects.filter(person__in=[d.author.person, d.cosigner.person]).update(sector=sector)
    Person.objects.filter(pk=d.author.person.pk).update(party="=民革")
    d.main, d.second = made.issued_combined(d)
    made.adopted(d, d.main.bulletin)
    made.adopted(d, d.main.bulletin, adopter="市委办")
    wrong = made.adopted(d, d.main.bulletin, level="nation", adopter="误登单位")
    made.adopted(d, d.main.bulletin, level="province", adopter="省政协", replaces=wrong)
    made.instructed(d, d.main.bulletin)
    made.sent(d, d.main.bulletin)
    d.handed_in = made.submitted(d, d.other, title="=SUM(1)")
    return d


def counts(code: str, client: Client, **more: Any) -> int:
    with time_machine.travel(MAY, tick=False):
        answer = client.get(f"{PAGE}{code}/", {"year": 2026, **more})
    assert answer.status_code == 200
    assert answer.context["count"] == len(answer.context["lines"])
    return int(answer.context["count"])


def shown(client: Client) -> Any:
    with time_machine.travel(MAY, tick=False):
        return client.get(PAGE).context


def test_figures_say_what_happened(year: SimpleNamespace) -> None:
    tiles = {str(tile["label"]): tile["figure"] for tile in shown(logged_in(year.office))["tiles"]}

    assert tiles == {
        "提交": 3,
        "登记": 2,
        "选用": 2,
        "留存": 0,
        "印发": 2,
        "采用": 2,
        "区级采用": 0,
        "市级采用": 2,  # two offices, each report once
        "省级采用": 2,
        "国家级采用": 0,  # corrected
        "获批示": 2,
        "刊物期数": 1,
        "采用次数": 3,
        "批示次数": 1,
        "送单位": 1,
        "单位答复": 0,
    }


def test_every_figure_equals_the_rows_that_it_opens(year: SimpleNamespace) -> None:
    client = logged_in(year.office)
    context = shown(client)

    for tile in context["tiles"]:
        with time_machine.travel(MAY, tick=False):
            rows = client.get(tile["url"]).context
        assert tile["figure"] == rows["count"] == len(rows["lines"]), tile
    cells = 0
    for table in context["tables"]:
        for line in table["lines"]:
            for cell in line["cells"]:
                with time_machine.travel(MAY, tick=False):
                    rows = client.get(cell["url"]).context
                assert cell["count"] == rows["count"] == len(rows["lines"]), (table["code"], cell)
                cells += 1
    assert cells == 4 * 11  # a sector, a party, a committee, a unit: each with every figure
    assert {table["code"] for table in context["tables"] if table["lines"]} == {
        "sector",
        "party",
        "committee",
        "unit",
    }


def test_a_report_of_two_counts_once_in_their_common_sector(year: SimpleNamespace) -> None:
    sector = Sector.objects.get(name="教育界")

    by = GROUPINGS["sector"]

    assert rows_of(FIGURES["issued"], 2026, by, str(sector.pk)).count() == 2
    lines = list(by.lines(2026))
    assert [{f.code: n for f, n in line["cells"]}["issued"] for line in lines] == [2]


def test_another_year_and_what_was_taken_out_do_not_count(year: SimpleNamespace) -> None:
    assert all(figure.rows(2025).count() == 0 for figure in FIGURES.values())

    take_out_report(year.main, by=year.office, note="转区委保密办。", at=MAY)

    client = logged_in(year.office)
    assert counts("bulletins", client) == counts("adoptions", client) == 0
    assert counts("instructions", client) == counts("sent", client) == 0
    assert counts("registered", client) == 1  # the other author's own words stay
    assert counts("adopted", client) == 0


def test_kept_reports_are_told_apart(d: SimpleNamespace) -> None:
    made.kept(d)

    client = logged_in(d.office)

    assert counts("kept", client) == 1
    assert counts("selected", client) == 0


def test_only_who_sees_all_reports_sees_figures(year: SimpleNamespace) -> None:
    for name in ("author", "clerk", "chair", "leader", "supervision", "informant"):
        client = logged_in(getattr(year, name))
        for page in (PAGE, f"{PAGE}issued/", f"{PAGE}export/"):
            assert client.get(page).status_code == 403, (name, page)


@pytest.mark.parametrize(
    "address",
    ["nothing/", "issued/?by=moon&of=1", "issued/?by=sector&of=x", "issued/?by=sector&of=9999999",
     "bulletins/?by=sector&of=1", "?year=1999", "?year=二零"],
)  # fmt: skip
def test_addresses_that_mean_nothing_are_not_found(d: SimpleNamespace, address: str) -> None:
    assert logged_in(d.office).get(f"{PAGE}{address}").status_code == 404


def test_the_workbook_says_the_same_and_holds_no_formula(year: SimpleNamespace) -> None:
    client = logged_in(year.office)
    context = shown(client)

    with time_machine.travel(MAY, tick=False):
        answer = client.get(f"{PAGE}export/?year=2026")

    book = load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["总数", "按界别", "按党派", "按专委会", "按反映单位", "按报送的单位", "登记册"]  # fmt: skip
    totals = {row[0]: row[1] for row in book["总数"].iter_rows(min_row=2, values_only=True)}
    assert totals == {str(tile["label"]): tile["figure"] for tile in context["tiles"]}
    for table in context["tables"]:
        rows = list(book[str(table["label"])].iter_rows(min_row=2, values_only=True))
        assert [list(row[1:]) for row in rows] == [
            [cell["count"] for cell in line["cells"]] for line in table["lines"]
        ]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not any(cell.data_type == "f" for cell in cells)
    assert not any(re.match(r"\s*[=+@]", str(cell.value)) for cell in cells)
    assert "'=民革" in [cell.value for cell in cells]
    event = AuditEvent.objects.filter(action="opinionreport.export").get()
    assert event.fields["rows"] == [None, 2]


def test_the_page_asks_as_much_of_many_reports_as_of_few(d: SimpleNamespace) -> None:
    made.issued(d)
    client = logged_in(d.office)
    with time_machine.travel(MAY, tick=False):
        few = [queries(client, PAGE), queries(client, f"{PAGE}registered/")]
        for by in (d.cosigner, d.other):
            made.registered(d, by)
        many = [queries(client, PAGE), queries(client, f"{PAGE}registered/")]

    assert OpinionReport.objects.count() == 3
    assert few == many


def test_the_list_leads_to_the_figures(d: SimpleNamespace) -> None:
    assert PAGE in text(logged_in(d.office).get("/opinions/"))
    assert PAGE not in text(logged_in(d.author).get("/opinions/"))
