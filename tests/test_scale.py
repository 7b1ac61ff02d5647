"""A page asks as many questions of five thousand proposals as of six hundred, and reads no table whole.

The six hundred are the demonstration's; they are repeated inside the database, as `bench/` does.
"""

import io
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from bench.management.commands.prepare import pages
from bench.multiply import multiply
from members.models import User
from proposals import actions
from proposals.models import Proposal
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db

COPIES = 8
# Whoever looks for words reads the titles; figures and queues are counted over what is open.
COUNTS = re.compile(r"search|home|workplace|queue|late ones")
BIG = ("proposals_proposal", "proposals_handling", "office_notice", "office_auditevent")

Key = tuple[str, str]  # what, and who looks at it
Asked = dict[Key, list[dict[str, str]]]  # the queries of each page


@pytest.fixture(scope="module")
def scaled(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Asked]]:
    """What each page asks at 600 proposals ("few") and at 5,400 ("many"); taken back at the end."""
    folder = tmp_path_factory.mktemp("scale")
    with (
        django_db_blocker.unblock(),
        override_settings(VAR_DIR=folder, MEDIA_ROOT=folder / "media"),
        pytest.MonkeyPatch.context() as patch,
        transaction.atomic(),
    ):
        assert "test" in str(connection.settings_dict["NAME"])
        patch.setenv("DEMO_PASSWORD", PASSWORD)
        call_command("demo", verbosity=0, stdout=io.StringIO())
        asked = {"few": ask_all()}
        multiply(COPIES)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        asked["many"] = ask_all()
        yield asked
        transaction.set_rollback(True)


def ask_all() -> Asked:
    """The queries of every page that the bench times, as its own person."""
    clients: dict[str, Client] = {}
    asked: Asked = {}
    for page in pages():
        client = clients.setdefault(page["role"], Client())
        if not client.cookies:
            client.force_login(User.objects.get(username=page["role"]))
        # Now and then a visit also keeps the session alive or reads the settings afresh.
        visits = [queries_of(client, page["path"]) for _turn in range(3)]
        asked[page["name"], page["role"]] = min(visits, key=len)
    return asked


def queries_of(client: Client, path: str) -> list[dict[str, str]]:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200, path
    return queries.captured_queries


def test_pages_take_as_many_queries_at_five_thousand(scaled: dict[str, Asked]) -> None:
    assert Proposal.objects.count() > 5000

    few = {page: len(queries) for page, queries in scaled["few"].items()}
    many = {page: len(queries) for page, queries in scaled["many"].items()}

    assert many == few
    assert max(many.values()) <= 40


def test_lists_read_no_table_whole(scaled: dict[str, Asked]) -> None:
    whole = {
        page: sql[-300:]
        for page, queries in scaled["many"].items()
        if not COUNTS.search(page[0])
        for sql in (query["sql"] for query in queries)
        if sql.startswith("SELECT") and any(f'"{table}"' in sql for table in BIG)
        if reads_whole_table(sql)
    }

    assert whole == {}


def reads_whole_table(sql: str) -> bool:
    """Whether the database, by its own plan, would go through all rows of a big table."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
            plan = cursor.fetchone()[0]
        return scans(json.loads(plan) if isinstance(plan, str) else plan)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        steps = [detail for _id, parent, _unused, detail in cursor.fetchall() if not parent]
    # In the order of the keys it stops as soon as the page is full.
    stops = " LIMIT " in sql and not any("ORDER BY" in step for step in steps)
    return not stops and any(re.match(rf"SCAN ({'|'.join(BIG)})\b", step) for step in steps)


def scans(plan: Any, *, stops: bool = False) -> bool:
    """Whether a plan of PostgreSQL goes through a big table without stopping at a limit."""
    if isinstance(plan, list):
        return any(scans(part, stops=stops) for part in plan)
    node = plan.get("Plan", plan)
    kind = node["Node Type"]
    if kind == "Seq Scan" and node["Relation Name"] in BIG:
        return not stops
    # Below a limit rows are read until the page is full, unless they must all be there first.
    stops = kind == "Limit" or (stops and kind not in ("Sort", "Aggregate", "Hash"))
    return scans(node.get("Plans", []), stops=stops)


def test_repeated_plan_of_reminders_is_cheap(scaled: dict[str, Asked]) -> None:
    today = Proposal.objects.latest("pk").created_at.date()
    actions.remind(today)

    with CaptureQueriesContext(connection) as again:
        made = actions.remind(today)

    assert made == 0
    # Three or four for each of the three dozen kinds of reminder, however many proposals there are.
    assert len(again) < 130
