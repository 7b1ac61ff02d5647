"""The machinery around the tests: servers, browser, and what must not leave the test's own folder."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from django.apps import apps
from django.core.management.color import no_style
from django.db import connection
from django.test import TransactionTestCase
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker, Settings
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

from cppcc_portal.celery import app as celery_app
from cppcc_portal.office import parameters
from cppcc_portal.office.audit import AuditGate
from tests import laid, migrated, servers

# Playwright keeps an event loop in the main thread; Django would refuse its database there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# How fast a machine draws its examples says nothing about the portal.
hypothesis_settings.register_profile(
    "portal", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("portal")


# Servers --------------------------------------------------------------------------------------


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("portal", "the portal's servers")
    group.addoption("--postgres", action="store_true", help="run on a temporary PostgreSQL")
    group.addoption("--redis", action="store_true", help="run with a temporary Redis")


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> int | None:
    """With --postgres or --redis: start the servers and run the same tests again inside them.

    The settings read the environment before any conftest is loaded, so the servers must be there
    before pytest starts: this pytest only starts another.
    """
    asked = {"--postgres", "--redis"} & set(config.invocation_params.args)
    if not asked:
        return None
    rest = [word for word in config.invocation_params.args if word not in asked]
    env = dict(os.environ)
    signal.signal(signal.SIGTERM, end_on_term)
    # Ctrl-C reaches the inner pytest too: it ends its tests, and then the servers end here.
    signal.signal(signal.SIGINT, wait_for_the_inner)
    with contextlib.ExitStack() as running:
        if "--postgres" in asked:
            env["DATABASE_URL"] = running.enter_context(servers.postgres())
        if "--redis" in asked:
            env["REDIS_URL"] = running.enter_context(servers.redis())
        command = [sys.executable, "-m", "pytest", *rest]
        inner = subprocess.run(command, env=env, check=False, preexec_fn=servers.end_with_parent)
        return inner.returncode


def wait_for_the_inner(number: int, frame: FrameType | None) -> None:
    pass


def end_on_term(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if "browser" in fixtures:
            item.add_marker("browser")
        marker = item.get_closest_marker("django_db")
        if fixtures & {"transactional_db", "live_server"} or (
            marker and marker.kwargs.get("transaction")
        ):
            # The flush after such a test takes what the migrations wrote: it is put back.
            whole = pytest.mark.django_db(transaction=True, serialized_rollback=True)
            item.add_marker(whole, append=False)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("postgres") and connection.vendor != "postgresql":
        pytest.skip("speaks of PostgreSQL only")
    if item.get_closest_marker("redis") and not os.environ.get("REDIS_URL"):
        pytest.skip("speaks of Redis only")


class ByFile(LoadScopeScheduling):  # type: ignore[misc]
    """A file's tests stay in one worker, which then lays their states once; a browser's go one by one."""

    def _split_scope(self, nodeid: str) -> str:
        file: str = nodeid.partition("::")[0]
        return nodeid if file.startswith("tests/browser/") else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    return ByFile(config, log)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for sentence in servers.absent():
        terminalreporter.write_line(sentence)


# Browser --------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """Debian's Chromium, since a machine without a way out cannot fetch Playwright's own."""
    chromium = servers.find_chromium()
    if not chromium:
        pytest.skip("Chromium is not installed")
    return {**browser_type_launch_args, "executable_path": chromium, "args": ["--no-sandbox"]}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, object]) -> dict[str, object]:
    return {**browser_context_args, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}


# What every test stands on --------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """The database is there, migrated, before the tests ask for it."""
    return True


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[None]:
    """On SQLite a file of its own for each process, on PostgreSQL a database of its own.

    In memory, SQLite would share one connection between the threads of the browser tests: the
    transactions of two requests at once would run into each other.
    """
    if connection.vendor == "sqlite":
        file = tmp_path_factory.mktemp("database") / "test.sqlite3"
        migrated.put(file)
        connection.settings_dict["TEST"]["NAME"] = str(file)
        # What the tests write is thrown away: nothing waits for the disk.
        options = connection.settings_dict["OPTIONS"]
        options["init_command"] += "PRAGMA synchronous=OFF;"
        yield
        return
    request.getfixturevalue("django_db_modify_db_settings_parallel_suffix")
    name = connection.creation._get_test_db_name()
    with django_db_blocker.unblock():
        template = migrated.clone(name)
    yield
    with django_db_blocker.unblock():
        migrated.drop(name, template)


@pytest.fixture(scope="session", autouse=True)
def _nobody_else_holds_the_database(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """A browser's open line keeps a thread of the live server, and its connection, past the last test."""
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(scope="session", autouse=True)
def _flush_leaves_what_the_migrations_wrote(django_db_setup: None) -> Iterator[None]:
    """After a test with real transactions the database is again as the migrations left it, for whichever follows.

    The flush may empty the append-only tables too, which nobody else may delete from.
    """
    flush = TransactionTestCase._fixture_teardown
    # Beside Playwright's event loop Django hands out another connection, which has not kept this.
    # A run without real transactions keeps nothing, and needs nothing.
    written: str = getattr(connection, "_test_serialized_contents", "")

    def flush_and_fill(case: TransactionTestCase) -> None:
        AuditGate.objects.update_or_create(pk=1, defaults={"open": True})
        connection._test_serialized_contents = written  # type: ignore[attr-defined]
        flush(case)
        connection.creation.deserialize_db_from_string(written)
        AuditGate.objects.filter(pk=1).update(open=False)
        # Rows that were put back have their keys; PostgreSQL's counters must go on behind them.
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), apps.get_models()):
                cursor.execute(statement)
        laid.begin_anew()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", flush_and_fill)
        patch.setattr(TransactionTestCase, "_fixture_setup", classmethod(lambda case: None))
        yield


@pytest.fixture(scope="session", autouse=True)
def _jobs_run_at_once() -> Iterator[None]:
    """No worker runs beside the tests: what rings for one runs the job in place."""
    celery_app.loader.import_default_modules()  # only tasks that are known can run in place
    celery_app.conf.task_always_eager = True
    celery_app.conf.task_eager_propagates = True
    yield
    celery_app.conf.task_always_eager = False


@pytest.fixture(autouse=True)
def _settings_of_the_last_test_are_forgotten() -> Iterator[None]:
    """What the office can set is kept for seconds by each process; a test must not see its neighbour's."""
    parameters.forget()
    yield
    parameters.forget()


@pytest.fixture(autouse=True)
def _what_is_laid_is_known() -> Iterator[None]:
    """States of the district are walked once and then copied, as long as nothing else was written."""
    with laid.on_empty_ground():
        yield


@pytest.fixture(autouse=True)
def _own_folders(settings: Settings, tmp_path: Path) -> None:
    """Uploads and messages go to the test's own folder; passwords need not be slow to guess."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.NOTIFY_DIR = str(tmp_path / "messages")
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
