"""Keeps web, worker and clock running: the small process that stays behind `manage.py runall`.

Nothing but Python's own library, and run as a file: as a part of the portal it would take as much
memory as the web itself, only to wait.
"""

import argparse
import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

LONGEST_WAIT = 30.0  # seconds between two starts of a part that keeps falling over
STEADY = 60.0  # seconds after which a part counts as having started well
GRACE = 10.0  # seconds for requests and jobs in hand; what is cut short is done again
PR_SET_PDEATHSIG = 1


@dataclass
class Part:
    """One process with its own process group, started again whenever it ends."""

    name: str
    command: list[str]
    env: dict[str, str]
    orphan_signal: signal.Signals
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    start_at: float = 0.0
    wait: float = 1.0

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.command,
            env=self.env,
            process_group=0,  # Ctrl-C is for us alone: we end the parts in order
            preexec_fn=end_with_parent(self.orphan_signal),
        )
        self.started = time.monotonic()

    def look(self) -> str:
        """Start it if it is due, note it if it fell; a sentence when there is something to say."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.start_at:
                self.start()
            return ""
        code = self.process.poll()
        if code is None:
            return ""
        self.kill_group()
        self.process = None
        self.wait = 1.0 if now - self.started > STEADY else min(2 * self.wait, LONGEST_WAIT)
        self.start_at = now + self.wait
        return f"{self.name} 意外退出（{code}），{self.wait:.0f} 秒后重新启动"

    def end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def kill_group(self) -> None:
        if self.process is None:
            return
        # A child of it may have outlived it.
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        finally:
            self.process.wait()


def end_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    """For the new process: ask Linux to end it when the one that started it is gone."""
    if sys.platform != "linux":
        return None
    prctl, parent = ctypes.CDLL(None).prctl, os.getpid()

    def in_child() -> None:
        prctl(PR_SET_PDEATHSIG, int(number))
        if os.getppid() != parent:
            os._exit(1)

    return in_child


def address(bind: str) -> tuple[str, int]:
    """Host and port of "127.0.0.1:8000" or "[::1]:8000"."""
    host, _colon, port = bind.rpartition(":")
    return host.strip("[]"), int(port)


def parts(bind: str) -> list[Part]:
    """The web, and the worker with the clock inside it; an office runs all three on their own."""
    env = {**os.environ, "BIND": bind}
    python = [sys.executable, "-m"]
    web = [*python, "gunicorn", "--preload", "cppcc_portal.wsgi", "--bind", bind]
    web += ["--worker-class", "gthread", "--workers", "2", "--threads", "4"]
    web += ["--graceful-timeout", str(int(GRACE)), "--log-level", "warning", "--no-control-socket"]
    worker = [*python, "celery", "--quiet", "-A", "cppcc_portal", "worker", "--pool", "threads"]
    worker += ["--concurrency", "2", "--without-gossip", "--without-mingle"]
    worker += ["--without-heartbeat", "--loglevel", "warning"]
    return [
        Part("网站 web", web, env, signal.SIGTERM),
        # Its jobs have a lease and are done again: better cut short than left behind.
        Part("后台 worker", worker, {**env, "CLOCK_IN_WORKER": "1"}, signal.SIGKILL),
    ]


def end_all(running: list[Part]) -> None:
    for part in running:
        part.end()
    give_up = time.monotonic() + GRACE
    for part in running:
        if part.process is not None:
            try:
                part.process.wait(max(0.1, give_up - time.monotonic()))
            except subprocess.TimeoutExpired:
                part.process.kill()
            part.kill_group()


def answers(bind: str) -> bool:
    host, port = address(bind)
    target = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    try:
        with socket.create_connection((target, port), timeout=0.5):
            return True
    except OSError:
        return False


def say(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()


def greet(bind: str, accounts: Path) -> None:
    host, port = address(bind)
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, bind.rpartition(":")[0])  # noqa: S104
    say(f"门户已启动 The portal is running: http://{shown}:{port}/")
    if accounts.exists():
        say(f"演示账号 Demo accounts: {accounts}")
    say("按 Ctrl-C 停止。Press Ctrl-C to stop.")


def watch(running: list[Part], bind: str, accounts: Path, stop: threading.Event) -> None:
    """Until told to stop: start what is not running, greet once the web answers."""
    greeted = False
    while not stop.wait(0.25):
        for part in running:
            if said := part.look():
                say(said)
        if not greeted and answers(bind):
            greeted = True
            greet(bind, accounts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bind", required=True)
    parser.add_argument("--accounts", type=Path, required=True)
    options = parser.parse_args()
    stop = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, end)
    running = parts(options.bind)
    try:
        watch(running, options.bind, options.accounts, stop)
    finally:
        say("正在停止… Stopping…")
        end_all(running)
        say("已停止。Stopped.")


if __name__ == "__main__":
    main()
