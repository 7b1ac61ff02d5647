"""A migrated empty database, made once and copied: making one takes half a minute of a processor.

The file is kept in var/ under a name that follows from all migrations, so that the next run finds it too.
On PostgreSQL the tests of one run share a template, which goes with them.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / "var" / "migrated"


def fingerprint() -> str:
    """What the schema follows from: our migrations, and the packages that bring others."""
    digest = hashlib.sha256((ROOT / "requirements.lock").read_bytes())
    digest.update((ROOT / "cppcc_portal" / "settings.py").read_bytes())
    for file in sorted(ROOT.glob("**/migrations/*.py")):
        if ".venv" not in file.parts:
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """The workers of a run wait for whoever came first."""
    HOME.mkdir(parents=True, exist_ok=True)
    with (HOME / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def migrate(url: str) -> None:
    """Migrate the database of this address in a process of its own."""
    with tempfile.TemporaryDirectory() as var:
        env = {**os.environ, "VAR_DIR": var, "DATABASE_URL": url, "PORTAL_ENV": "demo"}
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
            cwd=ROOT,
            env=env,
            check=True,
        )


def put(target: Path) -> None:
    """A migrated SQLite database at this place, which holds none yet."""
    kept = HOME / f"{fingerprint()}.sqlite3"
    with one_at_a_time():
        if not kept.exists():
            for older in HOME.glob("*.sqlite3"):
                older.unlink()
            with tempfile.TemporaryDirectory() as folder:
                made = Path(folder) / "portal.sqlite3"
                migrate(f"sqlite:///{made}")  # its log is written back when the process ends
                part = kept.with_suffix(".part")
                shutil.copy(made, part)
                part.replace(kept)  # whoever is stopped while copying leaves no half database
        shutil.copy(kept, target)


def clone(name: str) -> str:
    """A migrated PostgreSQL database of this name, in place of one left behind; gives its template's name."""
    template = f"{connection.settings_dict['NAME']}_migrated"
    quote = connection.ops.quote_name
    with one_at_a_time(), connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template])
        if cursor.fetchone() is None:
            cursor.execute(f"CREATE DATABASE {quote(template)}")
            migrate(os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{template}")
        cursor.execute(f"DROP DATABASE IF EXISTS {quote(name)}")
        cursor.execute(f"CREATE DATABASE {quote(name)} TEMPLATE {quote(template)}")
    return template


def drop(*names: str) -> None:
    """The clone goes, and with the last one the template."""
    connection.close()
    quote = connection.ops.quote_name
    with one_at_a_time(), connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        for name in names:
            cursor.execute(f"DROP DATABASE IF EXISTS {quote(name)}")
