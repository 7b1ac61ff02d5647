import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import OperationalError, connection, transaction

from cppcc_portal.celery import app as celery_app
from cppcc_portal.office import jobs
from cppcc_portal.office.jobs import Job
from tests import servers

NOON = datetime(2024, 3, 18, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
LATER = NOON + timedelta(hours=1)

effects: list[str] = []


@jobs.job_kind("test.note")
def note(payload: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """Its effect stands under a unique key, as the effects of every job must."""
    for number in range(payload.get("rows", 1)):
        progress(number + 1, payload.get("rows", 1))
    if payload["reference"] not in effects:
        effects.append(payload["reference"])
    return {"rows": payload.get("rows", 1)}


@jobs.job_kind("test.fail")
def fail(payload: dict[str, Any], progress: jobs.Progress) -> None:
    raise ValueError("13800131234 must not be written down")


@jobs.job_kind("test.killed")
def killed(payload: dict[str, Any], progress: jobs.Progress) -> None:
    """Dies on the first attempt as a process does: nothing is tidied up."""
    if payload["reference"] not in effects:
        effects.append(payload["reference"])
        raise SystemExit
    effects.append("done")


@jobs.job_kind("test.refuse")
def refuse(payload: dict[str, Any], progress: jobs.Progress) -> None:
    raise jobs.GiveUp("文件里没有一行可以导入。")


@jobs.job_kind("test.cancelled")
def cancelled(payload: dict[str, Any], progress: jobs.Progress) -> None:
    jobs.cancel(Job.objects.get(key="cancelled"), by=None)
    progress(1, 10)
    effects.append("went on")


@pytest.fixture(autouse=True)
def _no_effects() -> None:
    effects.clear()


@pytest.fixture(autouse=True)
def _bell_not_silent() -> None:
    jobs.bell.silent_until = 0.0


def put(kind: str, key: str = "", **payload: Any) -> Job:
    return jobs.enqueue(kind, key or kind, {"reference": "1", **payload}, now=NOON)


@pytest.mark.django_db
def test_job_same_key_is_one_row() -> None:
    first = put("test.note", "import:1")

    again = put("test.note", "import:1")

    assert first.pk == again.pk
    assert Job.objects.count() == 1


@pytest.mark.django_db
def test_job_of_unknown_kind_is_refused_at_once() -> None:
    with pytest.raises(KeyError):
        put("test.nobody_knows")


@pytest.mark.django_db
def test_job_runs_once_and_shows_result() -> None:
    job = put("test.note", rows=3)

    states = [jobs.run_job(job.pk, NOON), jobs.run_job(job.pk, NOON)]

    job.refresh_from_db()
    assert states == [Job.State.DONE, ""]
    assert (job.done, job.total, job.percent, job.result) == (3, 3, 100, {"rows": 3})
    assert job.is_over
    assert effects == ["1"]


@pytest.mark.django_db
def test_job_not_before_its_time() -> None:
    job = jobs.enqueue("test.note", "k", {"reference": "1"}, run_after=LATER, now=NOON)

    assert jobs.run_job(job.pk, NOON) == ""
    assert jobs.run_job(job.pk, LATER) == Job.State.DONE


@pytest.mark.django_db
def test_job_rings_after_commit(django_capture_on_commit_callbacks: Callable[..., Any]) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        job = jobs.enqueue("test.note", "k", {"reference": "1"})

    job.refresh_from_db()
    assert job.state == Job.State.DONE


@pytest.mark.django_db
def test_job_failing_is_tried_again_with_longer_waits_then_shown() -> None:
    job, now, waits = put("test.fail"), NOON, []

    for _attempt in range(jobs.MAX_ATTEMPTS):
        jobs.run_job(job.pk, now)
        job.refresh_from_db()
        waits.append(job.run_after - now)
        now = max(now, job.run_after)

    assert waits[:4] == jobs.BACK_OFF
    assert job.state == Job.State.FAILED
    assert "ValueError" in job.message
    assert "1380013" not in job.message
    assert jobs.run_job(job.pk, now + timedelta(days=1)) == ""


@pytest.mark.django_db
def test_job_giving_up_shows_its_sentence_and_is_not_repeated() -> None:
    job = put("test.refuse")

    jobs.run_job(job.pk, NOON)

    job.refresh_from_db()
    assert (job.state, job.attempts) == (Job.State.FAILED, 1)
    assert job.message == "文件里没有一行可以导入。"


@pytest.mark.django_db
def test_job_of_a_killed_worker_is_done_once_by_another() -> None:
    job = put("test.killed")
    with pytest.raises(SystemExit):
        jobs.run_job(job.pk, NOON)

    too_early = jobs.run_job(job.pk, NOON + timedelta(minutes=1))
    found = jobs.sweep(LATER)  # rings; without a worker the test does it in place
    again = jobs.run_job(job.pk, LATER + timedelta(hours=1))

    job.refresh_from_db()
    assert (too_early, found, again) == ("", 1, "")
    assert (job.state, job.attempts) == (Job.State.DONE, 2)
    assert effects == ["1", "done"]


@pytest.mark.django_db
def test_job_that_kills_every_worker_ends_as_failed() -> None:
    job = put("test.note")
    Job.objects.filter(pk=job.pk).update(
        state=Job.State.RUNNING, lease_until=NOON, attempts=jobs.MAX_ATTEMPTS
    )

    jobs.sweep(LATER)

    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert job.message


@pytest.mark.django_db
def test_job_cancelled_stops_at_its_next_progress() -> None:
    job = put("test.cancelled", "cancelled")

    jobs.run_job(job.pk, NOON)

    job.refresh_from_db()
    assert job.state == Job.State.CANCELLED
    assert effects == []


@pytest.mark.django_db
def test_job_overtaken_writes_nothing_more() -> None:
    job = put("test.note")
    Job.objects.filter(pk=job.pk).update(
        state=Job.State.RUNNING, lease_until=NOON, holder="first", attempts=1
    )
    slow = jobs.Reporter(Job.objects.get(), jobs.LEASE, NOON)
    jobs.run_job(job.pk, LATER)

    with pytest.raises(jobs.Stopped):
        slow(5, 10)

    assert Job.objects.get().state == Job.State.DONE


@pytest.mark.django_db
def test_progress_renews_the_lease_and_is_throttled(
    django_assert_num_queries: Callable[..., Any],
) -> None:
    job = put("test.note")
    Job.objects.filter(pk=job.pk).update(
        state=Job.State.RUNNING, lease_until=NOON + timedelta(seconds=1), holder="me"
    )
    report = jobs.Reporter(Job.objects.get(), jobs.LEASE, NOON)

    with django_assert_num_queries(2):
        for number in range(1, 501):
            report(number, 500, "读取")

    job.refresh_from_db()
    assert job.lease_until is not None
    assert job.lease_until >= NOON + jobs.LEASE
    assert (job.done, job.message) == (500, "读取")


@pytest.mark.django_db
def test_failed_job_is_started_again_by_a_person(
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    job = put("test.note")
    Job.objects.filter(pk=job.pk).update(
        state=Job.State.FAILED, finished_at=NOON, attempts=jobs.MAX_ATTEMPTS
    )

    with django_capture_on_commit_callbacks(execute=True):
        jobs.retry(job, by=None)

    job.refresh_from_db()
    assert job.state == Job.State.DONE


def at_once(number: int, what: Callable[[], Any]) -> list[Any]:
    """Call it in so many threads together; SQLite may say "locked" before it says who was first."""
    ready, results = threading.Barrier(number), []

    def one() -> None:
        try:
            ready.wait()
            for _try in range(50):
                try:
                    results.append(what())
                    return
                except OperationalError as error:
                    if "locked" not in str(error):
                        raise
                    time.sleep(0.02)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _number in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
def test_job_claimed_by_one_of_several_workers_at_once() -> None:
    job = put("test.note")
    effects.clear()
    Job.objects.update(state=Job.State.QUEUED, finished_at=None, attempts=0)

    states = at_once(4, lambda: jobs.run_job(job.pk, LATER))

    assert sorted(states) == ["", "", "", Job.State.DONE]
    assert Job.objects.get().attempts == 1
    assert effects == ["1"]


@pytest.mark.django_db(transaction=True)
def test_job_asked_for_by_several_at_once_is_one_row() -> None:
    at_once(4, lambda: put("test.note", "one"))

    assert Job.objects.count() == 1


# Without a broker ------------------------------------------------------------------------------


@pytest.fixture
def broker_at() -> Iterator[Callable[[str], None]]:
    before, options = celery_app.conf.broker_url, celery_app.conf.broker_transport_options
    celery_app.conf.task_always_eager = False

    def use(url: str) -> None:
        celery_app.conf.broker_url = url
        celery_app.conf.broker_transport_options = {}

    yield use
    celery_app.conf.task_always_eager = True
    celery_app.conf.broker_url, celery_app.conf.broker_transport_options = before, options


@pytest.mark.django_db(transaction=True)
def test_request_without_broker_neither_fails_nor_waits(
    broker_at: Callable[[str], None],
) -> None:
    broker_at(f"redis://127.0.0.1:{servers.free_port()}/0")
    start = time.monotonic()

    with transaction.atomic():
        for number in range(5):
            put("test.note", str(number))

    assert time.monotonic() - start < 1.0
    assert Job.objects.filter(state=Job.State.QUEUED).count() == 5


def test_bell_does_not_wait_for_a_broker_that_hangs(broker_at: Callable[[str], None]) -> None:
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        broker_at(f"redis://127.0.0.1:{mute.getsockname()[1]}/0")
        start = time.monotonic()

        rung = [jobs.bell.ring("cppcc_portal.office.tasks.sweep_jobs") for _number in range(3)]

    assert rung == [False, False, False]
    assert time.monotonic() - start < 1.0


def test_bell_is_silent_for_a_while_then_tries_again(broker_at: Callable[[str], None]) -> None:
    broker_at(f"redis://127.0.0.1:{servers.free_port()}/0")
    jobs.bell.ring("cppcc_portal.office.tasks.sweep_jobs")

    silent = jobs.bell.silent_until - time.monotonic()

    assert 10 < silent <= jobs.Bell.SILENCE
