"""The chair's dashboard: six figures that equal their rows, for their own committee only."""

from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consultations.actions import outcome
from feedback.actions import adopting
from members.models import Gathering, Membership, Sector
from tests import people
from tests import topics as made
from tests.browsing import logged_in

pytestmark = pytest.mark.django_db
FIGURES = ["plan", "sessions", "recommendations", "overdue", "without_duty", "without_service"]
MAY = datetime(2026, 5, 28, 10, tzinfo=people.CHINA)


@pytest.fixture
def d(db: None) -> SimpleNamespace:
    return made.district()


def figures(client: Client, query: str = "") -> dict[str, Any]:
    page = client.get(reverse("dashboard:index") + query)
    assert page.status_code == 200
    return {item["figure"].code: item for item in page.context["figures"]}


def listed(client: Client, url: str) -> list[str]:
    """The titles behind a figure, over all pages."""
    titles = []
    while url:
        page = client.get(url)
        assert page.status_code == 200
        titles += [line.title for line in page.context["lines"]]
        url = page.context["page"].next_url
    return titles


def filled(d: SimpleNamespace) -> None:
    """A topic all the way to a recommendation, one more that waits, a sector with and one without service."""
    document = made.sent(d)
    made.assigned(d, document)
    served, other = (
        Sector.objects.create(
            kind=Sector.Kind.SECTOR,
            name=name,
            term=d.plenary.term,
            linked_committee=d.committee,
        )
        for name in ("医卫界", "教育界")
    )
    gathering = Gathering.objects.create(
        kind=Gathering.Kind.SERVICE,
        title="义诊",
        starts_at=made.SPRING,
        organiser=d.committee,
        recorded_by=d.office,
        verified_by=d.secgen,
        verified_at=made.SPRING,
    )
    gathering.sectors.add(served)
    unverified = Gathering.objects.create(
        kind=Gathering.Kind.SERVICE,
        title="送教",
        starts_at=made.SPRING,
        organiser=d.committee,
        recorded_by=d.office,
    )
    unverified.sectors.add(other)


def test_six_figures_equal_their_rows(d: SimpleNamespace) -> None:
    filled(d)
    newcomer = people.member("m9", "高九", d.plenary.term, committee=d.committee)
    chair = logged_in(d.chair)

    with time_machine.travel(datetime(2026, 7, 28, 10, tzinfo=people.CHINA), tick=False):
        shown = figures(chair)

        assert list(shown) == FIGURES
        for item in shown.values():
            assert len(listed(chair, item["url"])) == item["count"]
            for part in item["parts"]:
                assert len(listed(chair, part["url"])) == part["count"]
            if item["parts"]:
                assert sum(part["count"] for part in item["parts"]) == item["count"]
        counts = {code: item["count"] for code, item in shown.items()}
        assert counts == {
            "plan": 1,
            "sessions": 0,
            "recommendations": 1,
            "overdue": 1,
            "without_duty": 1,
            "without_service": 1,
        }
        assert listed(chair, shown["without_duty"]["url"]) == [newcomer.name]
        assert listed(chair, shown["without_service"]["url"]) == ["教育界"]
    with time_machine.travel(MAY, tick=False):
        assert figures(chair)["sessions"]["count"] == 1
        assert figures(chair)["overdue"]["count"] == 0


def test_each_figure_says_formula_and_moment(d: SimpleNamespace) -> None:
    with time_machine.travel(MAY, tick=False):
        html = logged_in(d.chair).get(reverse("dashboard:index")).content.decode()

    assert "截至 2026年5月28日 10:00" in html
    assert html.count("本专委会") >= 3


def test_answered_advice_moves_to_its_conclusion(d: SimpleNamespace) -> None:
    document = made.sent(d)
    chair = logged_in(d.chair)
    with time_machine.travel(MAY, tick=False):
        before = figures(chair)["recommendations"]["parts"]
        made.adopted(d, made.assigned(d, document))
        after = figures(chair)["recommendations"]["parts"]

    assert [part["label"] for part in before] == ["尚未答复"]
    assert [part["label"] for part in after] == ["采纳"]


def test_chair_sees_the_own_committee_only(d: SimpleNamespace) -> None:
    filled(d)
    other = logged_in(d.other_chair)

    with time_machine.travel(MAY, tick=False):
        assert {item["count"] for item in figures(other).values()} == {0}
        asked = f"{reverse('dashboard:index')}?committee={d.committee.pk}"
        assert other.get(asked).status_code == 404
        assert figures(logged_in(d.secgen), f"?committee={d.committee.pk}")["plan"]["count"] == 1
        assert figures(logged_in(d.leader))["plan"]["count"] == 1


@pytest.mark.parametrize("who", ["author", "clerk", "staff"])
def test_nobody_else_has_a_dashboard(d: SimpleNamespace, who: str) -> None:
    client = logged_in(getattr(d, who))

    assert client.get(reverse("dashboard:index")).status_code == 403
    assert client.get(reverse("dashboard:rows", args=["plan"])).status_code == 403


def test_unknown_figures_and_parts_are_not_found(d: SimpleNamespace) -> None:
    chair = logged_in(d.chair)

    assert chair.get("/dashboard/money/").status_code == 404
    assert chair.get("/dashboard/plan/?part=stolen").status_code == 404


def test_dashboard_takes_as_many_queries_for_three_rows_as_for_one(d: SimpleNamespace) -> None:
    document = made.sent(d)
    chair = logged_in(d.chair)
    addresses = [reverse("dashboard:index")]
    addresses += [reverse("dashboard:rows", args=[code]) for code in FIGURES]

    def asked() -> list[int]:
        return [min(count(address), count(address)) for address in addresses]

    def count(address: str) -> int:
        # What the process keeps for a while is fetched anew now and then: the lower of two counts.
        chair.get(address)
        with CaptureQueriesContext(connection) as seen:
            assert chair.get(address).status_code == 200
        return len(seen)

    with time_machine.travel(MAY, tick=False):
        people.member("m4", "高四", d.plenary.term, committee=d.committee)
        Sector.objects.create(
            kind="sector", name="界一", term=d.plenary.term, linked_committee=d.committee
        )
        adopting.assign(document.recommendations.get(), by=d.office)
        one = asked()
        for number in (5, 6):
            people.member(f"m{number}", f"高{number}", d.plenary.term, committee=d.committee)
            Sector.objects.create(
                kind="sector",
                name=f"界{number}",
                term=d.plenary.term,
                linked_committee=d.committee,
            )
            more = outcome.draft_document(
                document.session, by=d.staff, kind="report", title=f"报告{number}"
            )
            outcome.extract(more, by=d.staff, text="再办", lead=d.fire, minute="会上提出")
            outcome.submit_document(more, by=d.office, document_number=f"海政协〔2026〕{number}号")
            adopting.assign(more.recommendations.get(), by=d.office)
        assert Membership.objects.filter(committee=d.committee).count() == 6
        three = asked()

    assert three == one
    assert max(one) <= 30
