#!/usr/bin/env python3
"""The project's tasks, with nothing but Python's own library: `python3 tasks.py help`.

The first task that needs the environment makes it in `.venv` from a lock file; a later one finds it
by the lock's hash and goes on at once.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path

from tests import servers

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
VAR = ROOT / "var"
RESULTS = VAR / "test-results"
LOCKS = {"core": ROOT / "requirements.lock", "dev": ROOT / "requirements-dev.lock"}
SUPPORTED = [(3, 11), (3, 12), (3, 13)]


# The environment ------------------------------------------------------------------------------


def use_supported_python() -> None:
    """Go on with a Python the portal supports, or say plainly which one is missing."""
    if sys.version_info[:2] in SUPPORTED:
        return
    for major, minor in reversed(SUPPORTED):
        found = shutil.which(f"python{major}.{minor}")
        if found:
            os.execv(found, [found, *sys.argv])  # noqa: S606
    sys.exit(
        f"The portal needs Python 3.11, 3.12 or 3.13; this is {sys.version.split()[0]} and no "
        "other was found. Install one, or name it: make PYTHON=/path/to/python3.11 …"
    )


def lock_hash(lock: str) -> str:
    return hashlib.sha256(LOCKS[lock].read_bytes()).hexdigest()


def setup(lock: str = "core") -> None:
    """Make `.venv` hold what is locked: the core to run the portal, "dev" for tests and checks."""
    use_supported_python()
    with Path(__file__).open() as this_file:
        # Two tasks started together: the second waits, then finds the work done.
        fcntl.flock(this_file, fcntl.LOCK_EX)
        stamp = VENV / "locks.json"
        held = json.loads(stamp.read_text()) if stamp.exists() and PYTHON.exists() else {}
        wanted = {"python": list(sys.version_info[:2]), "core": lock_hash("core")}
        if any(held.get(key) != value for key, value in wanted.items()):
            held = wanted
            make_venv()
        # The core is part of the development lock: where that is installed, nothing is missing.
        elif lock == "core" or held.get("dev") == lock_hash("dev"):
            return
        stamp.unlink(missing_ok=True)
        say(f"Installing what {LOCKS[lock].name} names (once; half a minute or so) …")
        install(LOCKS[lock])
        if lock == "dev":
            held["dev"] = lock_hash("dev")
        stamp.write_text(json.dumps(held))


def make_venv() -> None:
    shutil.rmtree(VENV, ignore_errors=True)
    bare = [] if importlib.util.find_spec("ensurepip") else ["--without-pip"]
    run([sys.executable, "-m", "venv", *bare, str(VENV)])


def install(lock: Path) -> None:
    pip = [str(PYTHON), "-m", "pip"]
    if not list(VENV.glob("lib/python*/site-packages/pip")):
        # Debian's python3 without python3-venv: the machine's own pip fills the environment.
        pip = [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    quiet = ["--quiet", "--quiet", "--disable-pip-version-check", "--no-input"]
    run([*pip, "install", *quiet, "--require-hashes", "-r", str(lock)])


def say(line: str) -> None:
    print(line, flush=True)


def run(command: list[str], env: dict[str, str] | None = None) -> None:
    """Run a command in the project's folder; end with its exit code if it fails."""
    code = subprocess.run(command, cwd=ROOT, env=env, check=False).returncode
    if code:
        sys.exit(code)


def manage(*words: str, env: dict[str, str] | None = None) -> None:
    run([str(PYTHON), "manage.py", *words], env=env)


def replace_by(*words: str) -> None:
    """Become `manage.py …`, so that Ctrl-C and TERM reach it and nothing stands in between."""
    os.chdir(ROOT)
    os.execv(PYTHON, [str(PYTHON), "manage.py", *words])  # noqa: S606


# Running it -----------------------------------------------------------------------------------


def refuse_busy_port() -> None:
    """End with a plain sentence if something listens already where the portal would."""
    bind = os.environ.get("BIND", "127.0.0.1:8000")
    host, _, port = bind.rpartition(":")
    if not port.isdigit() or not 0 < int(port) < 65536:
        sys.exit(f"BIND must be an address and a port, such as 127.0.0.1:8000; it is {bind!r}.")
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]") or "127.0.0.1", int(port)))
        except OSError as fault:
            sys.exit(
                f"Nothing was started: {bind} cannot be used ({fault.strerror}). Stop the program "
                f"that listens there, or choose another port: BIND=127.0.0.1:8001 make {sys.argv[1]}"
            )


def migrations_hash() -> str:
    names = sorted(str(path) for path in ROOT.glob("*/**/migrations/*.py"))
    return hashlib.sha256("\n".join([*names, lock_hash("core")]).encode()).hexdigest()


def demo() -> None:
    """Start the portal with demonstration data: web, worker and scheduler, ended by Ctrl-C."""
    refuse_busy_port()
    setup()
    # What the last start made ready is not made again: the second start takes seconds.
    stamp, database = VAR / "demo-ready", VAR / "portal.sqlite3"
    ready = (
        not {"DATABASE_URL", "VAR_DIR"} & set(os.environ)
        and database.exists()
        and stamp.exists()
        and stamp.read_text() == migrations_hash()
    )
    if not ready:
        say("Preparing the database …")
        manage("migrate", "--no-input", "--verbosity", "0")
        if database_is_empty():
            say("Writing the demonstration data (once; it is kept afterwards) …")
            manage("demo")
        VAR.mkdir(exist_ok=True)
        stamp.write_text(migrations_hash())
    replace_by("runall")


def database_is_empty() -> bool:
    question = "from django.contrib.auth import get_user_model as m; print(m().objects.exists())"
    command = [str(PYTHON), "manage.py", "shell", "--no-imports", "--command", question]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if answer.returncode:
        sys.exit(answer.stderr)
    return answer.stdout.strip().endswith("False")


def run_portal() -> None:
    """Start the portal on the data it has, without demonstration data."""
    refuse_busy_port()
    setup()
    manage("migrate", "--no-input", "--verbosity", "0")
    replace_by("runall")


# Testing and checking -------------------------------------------------------------------------


def test() -> None:
    """Run the whole suite on the embedded default; ARGS="tests/office -k deadline" narrows it."""
    setup("dev")
    shutil.rmtree(RESULTS, ignore_errors=True)
    pytest = [str(PYTHON), "-m", "pytest", *os.environ.get("ARGS", "").split()]
    env = testing_environment()
    nothing_selected = 5  # pytest's exit code; only the first run must find something
    select = ["-n", "2", "-m", "not postgres and not redis"]
    codes = [call([*pytest, *select, "--junitxml", str(RESULTS / "embedded.xml")], env)]
    # What speaks of PostgreSQL or Redis alone runs apart, on servers of its own, if they are here.
    present = {
        "postgres": servers.find_postgres(),
        "redis": servers.find_redis(),
    }
    for marker, found in present.items():
        if found:
            say(f"The tests of {marker} alone:")
            results = ["--junitxml", str(RESULTS / f"{marker}.xml")]
            codes.append(call([*pytest, f"--{marker}", "-m", marker, *results], env))
    tally()
    sys.exit(codes[0] or next((code for code in codes if code not in (0, nothing_selected)), 0))


def call(command: list[str], env: dict[str, str]) -> int:
    # Ctrl-C reaches the called program too: it ends its servers, and we end after it.
    pressed: list[int] = []
    signal.signal(signal.SIGINT, lambda number, frame: pressed.append(number))
    code = subprocess.run(command, cwd=ROOT, env=env, check=False).returncode
    if pressed:
        sys.exit(130)
    return code


def tally() -> None:
    """Add up what the last test runs found, in one plain line."""
    total = dict.fromkeys(("tests", "failures", "errors", "skipped"), 0)
    for file in RESULTS.glob("*.xml"):
        for suite in ElementTree.parse(file).iter("testsuite"):  # noqa: S314 (our own file)
            for name in total:
                total[name] += int(suite.get(name, 0))
    failed = total["failures"] + total["errors"]
    passed = total["tests"] - failed - total["skipped"]
    say(f"{passed} passed, {failed} failed, {total['skipped']} skipped")
    if not passed:
        sys.exit(1)


def clean_environment() -> dict[str, str]:
    """The environment without what an installation sets: tests and checks bring their own."""
    own = {
        "ADMIN_ALLOW", "ALLOWED_HOSTS", "BIND", "DATABASE_URL", "EMAIL_URL", "FIELD_KEY",
        "FONTS_DIR", "LOG_DIR", "MEDIA_ROOT", "NOTIFY_DIR", "NOTIFY_URLS", "PORTAL_ENV",
        "PUBLIC_URL", "REDIS_URL", "SECRET_KEY", "STATIC_ROOT", "TRUSTED_PROXIES", "VAR_DIR",
    }  # fmt: skip
    return {name: value for name, value in os.environ.items() if name not in own}


def testing_environment() -> dict[str, str]:
    """Keys that last for one run, and a folder apart from that of a running demonstration."""
    keys = {name: secrets.token_urlsafe(60) for name in ("SECRET_KEY", "FIELD_KEY")}
    return clean_environment() | keys | {"VAR_DIR": str(VAR / "tests")}


def production_environment(folder: str) -> dict[str, str]:
    """A production environment as an office would set it, with keys that last for one check."""
    return testing_environment() | {
        "PORTAL_ENV": "production",
        "DATABASE_URL": f"sqlite:///{folder}/portal.sqlite3",
        "ALLOWED_HOSTS": "portal.example.org",
        "PUBLIC_URL": "https://portal.example.org",
        "MEDIA_ROOT": f"{folder}/media",
        "STATIC_ROOT": f"{folder}/static",
        "VAR_DIR": folder,
    }


def program(name: str) -> str:
    return str(VENV / "bin" / name)


def templates() -> list[str]:
    return sorted(str(path.relative_to(ROOT)) for path in (ROOT / "templates").rglob("*.html"))


def check() -> None:
    """Format, lint, types, import contracts, migrations, deployment, translations; changes nothing."""
    setup("dev")
    env = testing_environment()
    with tempfile.TemporaryDirectory(prefix="portal-check-") as folder:
        production = production_environment(folder)
        deploy = [str(PYTHON), "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
        steps = [
            ("format", [program("ruff"), "format", "--check", "."], env),
            ("lint", [program("ruff"), "check", "."], env),
            ("templates", [program("djade"), "--check", *templates()], env),
            ("types", [program("mypy")], env),
            ("imports", [program("lint-imports"), "--no-cache"], env),
            ("migrations", [str(PYTHON), "manage.py", "makemigrations", "--check"], env),
            ("deployment", deploy, production),
            ("translations", [str(PYTHON), "locale/catalogues.py", "check"], env),
        ]
        failed = [name for name, command, its_env in steps if not passes(name, command, its_env)]
    if failed:
        sys.exit(f"Not in order: {', '.join(failed)}. `make fix` mends what tools can mend.")
    say("Everything is in order.")


def passes(name: str, command: list[str], env: dict[str, str]) -> bool:
    """Run one step; show what it says only if it fails or has something to report."""
    result = subprocess.run(
        command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    say(f"{name:<14}{'ok' if result.returncode == 0 else 'FAILED'}")
    if result.returncode or name == "translations":
        say(result.stdout.decode(errors="replace").rstrip())
    return result.returncode == 0


def fix() -> None:
    """Mend what tools can mend: imports, format, simple lint, templates."""
    setup("dev")
    lint, form = ["check", "--fix", "."], ["format", "."]
    for name, words in (("ruff", lint), ("ruff", form), ("djade", templates())):
        call([program(name), *words], clean_environment())


# Making things --------------------------------------------------------------------------------


def migrations() -> None:
    """Write a migration with a name that says what it is for: APP=proposals NAME=add_merge."""
    app, name = os.environ.get("APP"), os.environ.get("NAME")
    if not app or not name:
        sys.exit("Say which and what for: make migrations APP=proposals NAME=add_merge")
    setup("dev")
    manage("makemigrations", app, "--name", name, env=testing_environment())


def messages() -> None:
    """Gather the texts into the English catalogue (needs gettext) and compile every catalogue."""
    setup("dev")
    if shutil.which("xgettext"):
        skipped = [word for name in ("var/*", "tests/*", "bench/*") for word in ("--ignore", name)]
        words = ["--locale", "en", "--add-location", "file", "--no-wrap", *skipped]
        manage("makemessages", *words, env=testing_environment())
    else:
        say("gettext is not installed: no new texts were gathered, the catalogues are compiled.")
    run([str(PYTHON), "locale/catalogues.py", "compile"])


def bench() -> None:
    """Measure; the table goes to the screen, JSON to bench/out/."""
    setup("dev")
    run([str(PYTHON), "-m", "bench.run", *os.environ.get("ARGS", "").split()])


def faults() -> None:
    """Break things on purpose (kill processes, stop servers) and see that nothing is lost."""
    trials = ROOT / "bench" / "faults.py"
    if not trials.exists():
        sys.exit("This version has no fault trials yet.")
    setup("dev")
    run([str(PYTHON), str(trials), *os.environ.get("ARGS", "").split()])


def print_help() -> None:
    """Show this list."""
    for name, task in TASKS.items():
        say(f"  make {name:<12}{(task.__doc__ or '').splitlines()[0]}")


TASKS: dict[str, Callable[[], None]] = {
    "help": print_help,
    "setup": setup,
    "demo": demo,
    "run": run_portal,
    "test": test,
    "check": check,
    "fix": fix,
    "migrations": migrations,
    "messages": messages,
    "bench": bench,
    "faults": faults,
    "tally": tally,
}


def main() -> None:
    name = sys.argv[1] if len(sys.argv) > 1 else "help"
    if name not in TASKS or len(sys.argv) > 2:
        print_help()
        sys.exit(f"There is no task {' '.join(sys.argv[1:])!r}.")
    try:
        TASKS[name]()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
