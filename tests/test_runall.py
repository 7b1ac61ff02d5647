"""`manage.py runall`: starts everything, keeps it running, leaves nothing behind."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cppcc_portal.management import supervise
from tests import servers

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 90  # seconds; a busy machine with two cores takes five

linux = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc, which Linux has")


class Portal:
    """A running portal of a test: its supervisor and all processes that it brought up."""

    def __init__(self, home: Path) -> None:
        self.home, self.bind = home, f"127.0.0.1:{servers.free_port()}"
        self.log = (home / "log").open("w+")
        # The folder is known to this portal alone, so it marks its processes in /proc.
        env = {name: value for name, value in os.environ.items() if name not in UNWANTED}
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "runall", "--bind", self.bind],
            cwd=ROOT,
            env={**env, "VAR_DIR": str(home), "PORTAL_ENV": "demo"},
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )

    def said(self) -> str:
        return (self.home / "log").read_text()

    def pids(self, word: str = "") -> set[int]:
        """Processes of this portal that are alive, those whose command has the word."""
        found = set()
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                env = (folder / "environ").read_bytes()
                command = (folder / "cmdline").read_bytes().decode()
            except OSError:
                continue
            if f"VAR_DIR={self.home}\0".encode() in env and word in command:
                found.add(int(folder.name))
        return found

    def healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://{self.bind}/healthz", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    def worker_is_up(self) -> bool:
        return "beat-schedule" in " ".join(file.name for file in self.home.iterdir())


UNWANTED = {"DATABASE_URL", "REDIS_URL", "NOTIFY_DIR", "BIND", "PUBLIC_URL"}


def wait_for(what: Callable[[], object], seconds: float = PATIENCE) -> None:
    give_up = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < give_up, what
        time.sleep(0.1)


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    """Started and answering; ended whatever the test says."""
    running = Portal(tmp_path)
    try:
        wait_for(lambda: running.process.poll() is not None or "Ctrl-C" in running.said())
        assert running.process.poll() is None, running.said()
        wait_for(running.healthy)
        wait_for(running.worker_is_up)
        yield running
    finally:
        for pid in running.pids():
            os.kill(pid, signal.SIGKILL)
        running.process.wait()
        running.log.close()


@linux
def test_runall_serves_works_restarts_and_ends_cleanly(portal: Portal) -> None:
    assert f"http://{portal.bind}/" in portal.said()
    (worker,) = portal.pids("celery")
    os.kill(worker, signal.SIGKILL)
    wait_for(lambda: portal.pids("celery") - {worker})
    assert "后台 worker 意外退出" in portal.said()

    portal.process.send_signal(signal.SIGTERM)

    assert portal.process.wait(timeout=supervise.GRACE + 5) == 0
    assert portal.pids() == set()


@linux
def test_runall_killed_leaves_nothing_behind(portal: Portal) -> None:
    assert len(portal.pids()) >= 4

    portal.process.kill()
    portal.process.wait()

    wait_for(lambda: not portal.pids(), seconds=supervise.GRACE + 5)


def runall(bind: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "runall", "--bind", bind],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_busy_port_is_said_in_both_languages_before_anything_starts() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        done = runall(f"127.0.0.1:{port}")

    assert done.returncode == 1
    assert f"端口 {port} 已被占用" in done.stderr
    assert f"Port {port} is busy" in done.stderr
    assert re.search(r"BIND=127\.0\.0\.1:\d+", done.stderr)


@pytest.mark.parametrize("bind", ["8000", "127.0.0.1:99999", "127.0.0.1:http"])
def test_wrong_bind_is_refused(bind: str) -> None:
    done = runall(bind)

    assert done.returncode == 1
    assert "is not HOST:PORT" in done.stderr


def test_part_that_falls_over_waits_longer_each_time() -> None:
    part = supervise.Part("x", [sys.executable, "-c", ""], dict(os.environ), signal.SIGKILL)
    waits = []

    for _start in range(7):
        part.start()
        assert part.process
        part.process.wait()
        part.look()
        waits.append(part.wait)

    assert waits == [2, 4, 8, 16, 30, 30, 30]
