from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from cppcc_portal.office import health, jobs
from cppcc_portal.office.jobs import Job
from cppcc_portal.office.notices import Delivery, Notice
from members.models import Person, User
from tests import servers

STRANGER = {"REMOTE_ADDR": "203.0.113.9"}


@pytest.fixture(autouse=True)
def _embedded_broker(settings: Settings, tmp_path: Path) -> None:
    settings.REDIS_URL = ""
    settings.BROKER_DIR = tmp_path
    (tmp_path / "queue").mkdir()
    cache.delete("health.warnings")


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def alive(db: None, now: datetime) -> None:
    """Worker and clock have just shown that they live."""
    for name in (jobs.BEAT, jobs.WORKER, jobs.TICK):
        jobs.pulse(name, now)


def ill(now: datetime) -> list[str]:
    return [name for name, finding in health.check(now).items() if not finding["ok"]]


def test_all_is_well(alive: None, now: datetime) -> None:
    found = health.check(now)

    assert health.is_well(found)
    assert set(found) == {"database", "broker", "disk", "worker", "beat", "notices", "jobs"}


@pytest.mark.django_db
def test_nothing_ran_yet_is_not_well(now: datetime) -> None:
    assert ill(now) == ["worker", "beat"]


@pytest.mark.parametrize("name", ["worker", "beat"])
def test_dead_worker_and_dead_clock_are_told_apart(alive: None, now: datetime, name: str) -> None:
    later = now + timedelta(minutes=2)
    for other in {jobs.BEAT, jobs.WORKER, jobs.TICK} - {name}:
        jobs.pulse(other, later)

    assert ill(later) == [name]


def test_worker_that_lives_but_does_nothing_is_seen(alive: None, now: datetime) -> None:
    later = now + timedelta(minutes=11)
    jobs.pulse(jobs.BEAT, later)
    jobs.pulse(jobs.WORKER, later)

    assert ill(later) == ["jobs"]


def test_job_waiting_too_long(alive: None, now: datetime) -> None:
    Job.objects.create(key="1", kind="x", run_after=now - timedelta(minutes=11), created_at=now)

    assert ill(now) == ["jobs"]


def test_notice_unsent_too_long(alive: None, now: datetime) -> None:
    notice = Notice.objects.create(
        person=Person.objects.create(name="陈志远"),
        kind="x",
        subject="x.x:1",
        title="x",
        dedupe_key="x",
        created_at=now,
    )
    delivery = Delivery.objects.create(
        notice=notice, channel="in_app", next_try_at=now - timedelta(minutes=11), message_id="1"
    )

    assert ill(now) == ["notices"]

    Delivery.objects.filter(pk=delivery.pk).update(next_try_at=now + timedelta(hours=8))
    assert ill(now) == []  # held back over night


def test_full_disk(alive: None, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "FULL_PERCENT", 0)

    assert ill(now) == ["disk"]


def test_broker_away(alive: None, now: datetime, settings: Settings) -> None:
    settings.REDIS_URL = f"redis://127.0.0.1:{servers.free_port()}/0"

    assert ill(now) == ["broker"]


def test_folder_of_the_broker_away(alive: None, now: datetime, settings: Settings) -> None:
    settings.BROKER_DIR = settings.BROKER_DIR / "gone"

    assert ill(now) == ["broker"]


def away(*args: Any) -> None:
    raise OperationalError("server closed the connection unexpectedly")


@pytest.mark.django_db
def test_database_away_is_not_ready_but_alive(alive: None, client: Client) -> None:
    with connection.execute_wrapper(away):
        live, ready = client.get("/healthz"), client.get("/readyz")

    assert live.status_code == 200
    assert ready.status_code == 503
    assert ready.json()["checks"]["database"] == {"ok": False, "error": "OperationalError"}


def test_readyz_says_everything_to_this_machine(alive: None, client: Client) -> None:
    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json()["checks"]["worker"]["ok"]


@pytest.mark.django_db
def test_readyz_says_no_more_than_yes_or_no_to_strangers(client: Client) -> None:
    answer = client.get("/readyz", **STRANGER)

    assert answer.status_code == 503
    assert answer.json() == {"ok": False}


@pytest.mark.django_db
@pytest.mark.parametrize(("is_staff", "details"), [(True, True), (False, False)])
def test_readyz_says_everything_to_staff(client: Client, is_staff: bool, details: bool) -> None:
    user = User.objects.create_user("s001", is_staff=is_staff, must_change_password=False)
    client.force_login(user, backend="members.backends.LoginBackend")

    answer = client.get("/readyz", **STRANGER)

    assert ("checks" in answer.json()) is details


@pytest.mark.django_db
def test_banner_says_it_in_words_and_asks_seldom(
    django_assert_num_queries: Callable[..., Any],
) -> None:
    sentences = health.warnings()

    assert len(sentences) == 2
    assert "后台处理进程未运行" in sentences[0]
    with django_assert_num_queries(0):
        assert health.warnings() == sentences
