"""The yearly look-back reminder goes out exactly once, whatever is repeated, killed or emptied."""

import contextlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection

from cppcc_portal.office.notices import Notice
from feedback.actions import looking_back, remind
from feedback.actions.reminding import step_of
from feedback.models import LookBack, LookBackYear
from tests import migrated
from tests import topics as made

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 180  # seconds; what a killed worker was sending is free again after two minutes
TOLD = {"秘书长甲", "主任甲"}

# Celery's own clock and worker; only the intervals are shortened, or the test would take minutes.
CLOCK = """
from cppcc_portal.celery import app
wanted = ("plan_feedback_reminders", "sweep_notices")
app.conf.beat_schedule = {
    name: {**entry, "schedule": 1} for name, entry in app.conf.beat_schedule.items() if name in wanted
}
app.Beat(loglevel="ERROR", schedule=SCHEDULE).run()
"""


@pytest.fixture
def d(db: None) -> SimpleNamespace:
    return made.district()


def told() -> Counter[str]:
    return Counter(
        Notice.objects.filter(kind="lookback_yearly").values_list("person__name", flat=True)
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "step"),
    [
        (date(2027, 1, 31), None),
        (date(2027, 2, 1), 1),
        (date(2027, 2, 28), 1),
        (date(2027, 3, 1), 2),
        (date(2027, 3, 14), 2),
        (date(2027, 3, 15), 3),
        (date(2027, 3, 31), 4),
        (date(2027, 4, 6), 4),
        (date(2027, 4, 7), 5),
        (date(2027, 4, 14), 6),
    ],
)
def test_steps_are_the_fixed_days_and_then_weekly(day: date, step: int | None) -> None:
    found = step_of(day)

    assert (found[0] if found else None) == step


@pytest.mark.django_db
def test_each_step_is_told_once_and_a_late_run_only_the_last(d: SimpleNamespace) -> None:
    made.adopted(d)

    remind(date(2027, 3, 20))  # nothing ran in February
    remind(date(2027, 3, 20))
    remind(date(2027, 3, 30))

    assert told() == Counter(TOLD)
    remind(date(2027, 3, 31))
    assert told() == Counter(dict.fromkeys(TOLD, 2))
    assert set(Notice.objects.filter(kind="lookback_yearly").values_list("step", flat=True)) == {
        3,
        4,
    }


@pytest.mark.django_db
def test_command_run_twice_changes_nothing(
    d: SimpleNamespace, capsys: pytest.CaptureFixture[str]
) -> None:
    made.adopted(d)

    def run() -> list[str]:
        call_command("remind", on=date(2027, 2, 1), json=True)
        return [notice["kind"] for notice in json.loads(capsys.readouterr().out)["notices"]]

    assert run().count("lookback_yearly") == 2
    assert run() == []


@pytest.mark.django_db
def test_rehearsal_writes_nothing(d: SimpleNamespace) -> None:
    made.adopted(d)

    call_command("remind", on=date(2027, 2, 1), dry_run=True, json=True)

    assert not told()
    assert not LookBackYear.objects.exists()


@pytest.mark.django_db
def test_ordinary_topics_are_no_candidates(d: SimpleNamespace) -> None:
    topic = made.in_plan(d, is_key=False)
    made.issued(d, topic)
    session = made.notified(d, made.planned(d, made.researched(d, made.running(d, topic))))
    made.assigned(d, made.sent(d, made.archived(d, made.held(d, session))))

    assert remind(date(2027, 2, 1)) == 0 or not told()
    assert not LookBack.objects.exists()


@pytest.mark.django_db
def test_reminder_stops_when_the_minimum_is_chosen(d: SimpleNamespace) -> None:
    made.adopted(d)
    remind(date(2027, 2, 1))
    decision = made.decided(d, "chair_meeting", "回头看")

    looking_back.select(LookBack.objects.get(), by=d.office, decision=decision)
    remind(date(2027, 3, 1))

    assert told() == Counter(TOLD)


@pytest.mark.django_db(transaction=True)
def test_four_schedulers_at_once_tell_once(d: SimpleNamespace) -> None:
    made.adopted(d)
    ready = threading.Barrier(4)

    def one() -> None:
        try:
            ready.wait()
            for _try in range(100):
                try:
                    remind(date(2027, 2, 1))
                    return
                except OperationalError as error:
                    if "locked" not in str(error):
                        raise
                    time.sleep(0.02)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert told() == Counter(TOLD)
    assert LookBack.objects.count() == LookBackYear.objects.count() == 1


# With real processes ---------------------------------------------------------------------------


class Office:
    """The processes of an installation, each killed at will and ended with the test."""

    def __init__(self, home: Path) -> None:
        self.home, self.running = home, contextlib.ExitStack()
        self.env = {name: value for name, value in os.environ.items() if name != "REDIS_URL"} | {
            "DJANGO_SETTINGS_MODULE": "cppcc_portal.settings",
            "PYTHONPATH": str(ROOT),
            "PORTAL_ENV": "demo",
            "DATABASE_URL": f"sqlite:///{home}/portal.sqlite3",
            "VAR_DIR": str(home / "var"),
            "NOTIFY_DIR": str(home / "sent"),
        }

    def run(self, *command: str) -> None:
        done = subprocess.run(
            [sys.executable, *command], cwd=ROOT, env=self.env, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr[-2000:]

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env=self.env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.running.callback(end, process)
        return process

    def worker(self) -> subprocess.Popen[bytes]:
        arguments = "-q -A cppcc_portal worker --pool threads --concurrency 2 --loglevel ERROR"
        return self.start("-m", "celery", *arguments.split())

    def clock(self, number: int) -> subprocess.Popen[bytes]:
        schedule = str(self.home / f"schedule-{number}")
        return self.start("-c", CLOCK.replace("SCHEDULE", repr(schedule)))

    def ask(self, query: str) -> int:
        with contextlib.closing(sqlite3.connect(self.home / "portal.sqlite3", timeout=20)) as db:
            return int(db.execute(query).fetchone()[0])

    def notices(self) -> int:
        return self.ask("SELECT count(*) FROM office_notice WHERE kind = 'lookback_yearly'")

    def unsent(self) -> int:
        return self.ask(
            "SELECT count(*) FROM office_delivery WHERE state IN ('waiting', 'sending')"
        )

    def sent(self) -> list[dict[str, str]]:
        files = (self.home / "sent").rglob("*.json") if (self.home / "sent").exists() else ()
        messages = [json.loads(file.read_text()) for file in files]
        return [message for message in messages if "回头看" in message["subject"]]


def end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.kill()
    process.wait()


def wait_for(what: object, seconds: float = PATIENCE) -> None:
    give_up = time.monotonic() + seconds
    while not what():  # type: ignore[operator]
        assert time.monotonic() < give_up, what
        time.sleep(0.05)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made_here = Office(tmp_path)
    migrated.put(tmp_path / "portal.sqlite3")
    made_here.run(str(ROOT / "tests/feedback/lookback_office.py"))
    with made_here.running:
        yield made_here


@pytest.mark.skipif(
    date.today() < date(date.today().year, 2, 1),  # noqa: DTZ011  the processes ask the machine
    reason="in January no look-back is due yet",
)
def test_two_clocks_a_killed_worker_and_an_emptied_broker_send_once(office: Office) -> None:
    office.clock(1)
    office.clock(2)
    worker = office.worker()
    wait_for(office.notices)
    worker.send_signal(signal.SIGKILL)  # in the middle of its work
    worker.wait()
    shutil.rmtree(office.home / "var" / "broker", ignore_errors=True)
    office.run("manage.py", "remind")
    for folder in ("processed", "control", ""):
        (office.home / "var" / "broker" / folder).mkdir(parents=True, exist_ok=True)

    office.worker()
    wait_for(lambda: not office.unsent())
    office.run("manage.py", "remind")
    time.sleep(3)  # the clocks ring on

    assert office.notices() == 2
    assert Counter(message["dedupe_key"] for message in office.sent()).most_common(1)[0][1] == 1
    assert len(office.sent()) == 2
