"""Private PostgreSQL and Redis servers for one run of the tests, and what is absent for them."""

from __future__ import annotations

import contextlib
import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")


def find_chromium() -> str | None:
    return next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


def find_postgres() -> Path | None:
    """The folder of the newest PostgreSQL's programs; Debian keeps initdb off the PATH."""
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda path: float(path.parts[-3]),
    )
    if debian:
        return debian[-1].parent
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


def find_redis() -> str | None:
    return shutil.which("redis-server")


def absent() -> list[str]:
    """One sentence for each program that some tests need and this machine lacks."""
    sentences = {
        "Chromium is not installed: the browser tests are skipped.": find_chromium(),
        "PostgreSQL is not installed: the tests of PostgreSQL are skipped.": find_postgres(),
        "Redis is not installed: the tests of Redis are skipped.": find_redis(),
    }
    return [sentence for sentence, found in sentences.items() if not found]


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """A PostgreSQL of our own on a free port of this machine; gives its DATABASE_URL."""
    programs = find_postgres()
    if not programs:
        raise SystemExit("PostgreSQL is not installed.")
    # initdb refuses to work as root.
    user = database_user() if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="portal-postgres-", ignore_cleanup_errors=True) as home:
        if user:
            os.chown(home, user.pw_uid, user.pw_gid)
        cluster, port = f"{home}/cluster", free_port()
        identity: dict[str, Any] = {}
        if user:
            identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        initdb = [str(programs / "initdb"), "--pgdata", cluster, "--username", "postgres"]
        subprocess.run(
            [*initdb, "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=home,
            **identity,
        )
        settings = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": home,
            # Nothing here outlives the run: no need to wait for the disk.
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "logging_collector": "off",
        }
        command = [str(programs / "postgres"), "-D", cluster, "-p", str(port)]
        command += [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        ready = [str(programs / "pg_isready"), "--quiet", "--host", "127.0.0.1", "-p", str(port)]
        with server(
            command,
            answers=lambda: subprocess.run(ready, check=False).returncode == 0,
            # INT is PostgreSQL's "fast" end: open connections are closed, not waited for.
            end_by=signal.SIGINT,
            cwd=home,
            **identity,
        ):
            yield f"postgres://postgres@127.0.0.1:{port}/portal"


@contextlib.contextmanager
def redis() -> Iterator[str]:
    """A Redis of our own on a free port of this machine; gives its REDIS_URL."""
    program = find_redis()
    if not program:
        raise SystemExit("Redis is not installed.")
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="portal-redis-", ignore_cleanup_errors=True) as home:
        command = [program, "--bind", "127.0.0.1", "--port", str(port), "--dir", home]
        with server(
            [*command, "--save", "", "--appendonly", "no"],
            answers=lambda: listens(port),
            end_by=signal.SIGTERM,
            cwd=home,
        ):
            yield f"redis://127.0.0.1:{port}/0"


@contextlib.contextmanager
def server(
    command: list[str], *, answers: Callable[[], bool], end_by: signal.Signals, **options: Any
) -> Iterator[None]:
    """Run a server until the block ends, however it ends; it also ends when we are killed."""
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            command,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # a Ctrl-C is for the tests; the server ends after them
            preexec_fn=end_with_parent,
            **options,
        )
        try:
            give_up = time.monotonic() + 30
            while not answers():
                if process.poll() is not None or time.monotonic() > give_up:
                    log.seek(0)
                    text = log.read().decode(errors="replace")
                    raise SystemExit(f"{command[0]} did not start:\n{text}")
                time.sleep(0.05)
            yield
        finally:
            process.send_signal(end_by)
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def end_with_parent() -> None:
    """Ask Linux to end this process when the one that started it is gone."""
    if sys.platform == "linux":
        PR_SET_PDEATHSIG = 1
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)


def database_user() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise SystemExit("PostgreSQL does not run as root, and there is no user postgres or nobody.")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
