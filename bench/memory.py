"""How much memory the portal's processes take, and how soon the demonstration answers."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from tests import servers

PROC = Path("/proc")
PATIENCE = 60  # seconds


def of_workers(port: int) -> list[dict[str, float]]:
    """Resident and proportional megabytes of each worker of the web server on this port."""
    bind = f"127.0.0.1:{port}"
    web = [pid for pid in processes() if bind in command(pid) and "gunicorn" in command(pid)]
    return [megabytes(pid) for pid in web if parent(pid) in web]


def of_the_demonstration(root: Path) -> dict[str, Any]:
    """`make demo` in a folder of its own: the second start to the first answer, then its memory.

    A VAR_DIR of its own makes tasks.py look whether the database is ready on every start, which
    `make demo` in a fresh clone skips: the figure is on the long side.
    """
    with tempfile.TemporaryDirectory(prefix="portal-demo-", ignore_cleanup_errors=True) as folder:
        env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        port = servers.free_port()
        env |= {"VAR_DIR": folder, "BIND": f"127.0.0.1:{port}"}
        env.pop("DJANGO_SETTINGS_MODULE", None)
        first, _memory = start(root, env, port, patience=4 * PATIENCE)
        second, memory = start(root, env, port, patience=PATIENCE)
    return {"first_start_s": first, "second_start_s": second, **memory}


def start(
    root: Path, env: dict[str, str], port: int, *, patience: float
) -> tuple[float, dict[str, float]]:
    """Seconds from the command to the first answer, and the megabytes of all it started."""
    begun = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "tasks.py", "demo"],
        cwd=root,
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=servers.end_with_parent,
    )
    try:
        while not answers(port):
            if process.poll() is not None or time.monotonic() - begun > patience:
                raise SystemExit("make demo did not start.")
            time.sleep(0.05)
        took = time.monotonic() - begun
        time.sleep(8)  # the worker is up, the first sweep is done
        family = descendants(process.pid)
        pss = sum(megabytes(pid)["pss"] for pid in family)
        rss = sum(megabytes(pid)["rss"] for pid in family)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    sizes = {"processes": len(family), "pss": round(pss, 1), "rss": round(rss, 1)}
    return round(took, 1), sizes


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/account/login/", timeout=5) as page:
            return bool(page.status == 200)
    except (urllib.error.URLError, OSError):
        return False


# What Linux says of processes ----------------------------------------------------------------


def processes() -> list[int]:
    return [int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit()]


def command(pid: int) -> str:
    try:
        return (PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    except (OSError, UnicodeDecodeError):
        return ""


def parent(pid: int) -> int:
    try:
        status = (PROC / str(pid) / "status").read_text()
    except OSError:
        return 0
    found = re.search(r"^PPid:\s+(\d+)", status, re.MULTILINE)
    return int(found[1]) if found else 0


def descendants(pid: int) -> list[int]:
    """The process and everything it started."""
    parents = {one: parent(one) for one in processes()}
    family = [pid]
    for one in family:
        family += [child for child, its in parents.items() if its == one]
    return family


def megabytes(pid: int) -> dict[str, float]:
    """Resident memory, and the proportional one (pages shared with others counted by share)."""
    try:
        text = (PROC / str(pid) / "smaps_rollup").read_text()
    except OSError:
        return {"rss": 0.0, "pss": 0.0}
    sizes = {
        name: int(size) for name, size in re.findall(r"^(\w+):\s+(\d+) kB", text, re.MULTILINE)
    }
    return {"rss": round(sizes["Rss"] / 1024, 1), "pss": round(sizes["Pss"] / 1024, 1)}
