"""Fill a database with this release's schema and keep it for upgrade tests: `python -m tests.make_upgrade_dump 0.1.0`."""

import json
import lzma
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests import servers

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "tests" / "data" / "upgrade"
TODAY = "2026-11-26"


def field_key(version: str) -> str:
    """The key under which a dump's personal data is encrypted; it guards invented people only."""
    return f"upgrade-tests-only-{version}".ljust(32, "-")


def environment(version: str, database: str, folder: str) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": database,
        "VAR_DIR": folder,
        "FIELD_KEY": field_key(version),
        "DEMO_PASSWORD": "Shengji-2026-ceshi",
    }


def manage(env: dict[str, str], *words: str) -> str:
    """Run a management command of the portal and return what it printed."""
    done = subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=env,
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(words)} failed:\n{done.stderr}")
    return done.stdout


def fill(env: dict[str, str]) -> None:
    manage(env, "migrate", "--verbosity", "0")
    manage(env, "demo", "--today", TODAY)


LOOK = """
import hashlib, json
from proposals.models import Proposal, Reply, TextVersion
from members.models import Membership, Person
from cppcc_portal.office.models import AuditEvent
rows = [
    list(Proposal.objects.order_by("pk").values_list("pk", "title", "status", "label")),
    list(TextVersion.objects.order_by("pk").values_list("pk", "digest", "suggestions")),
    list(Reply.objects.order_by("pk").values_list("pk", "text", "document_number")),
    [(p.pk, p.name, p.phone) for p in Person.objects.order_by("pk")],
]
print("SEEN " + json.dumps({
    "hash": hashlib.sha256(repr(rows).encode()).hexdigest(),
    "proposals": Proposal.objects.count(),
    "members": Membership.objects.count(),
    "audit": AuditEvent.objects.count(),
}))
"""


def seen(env: dict[str, str]) -> dict[str, object]:
    """What people see in this database: one hash over texts, and counts."""
    lines = manage(env, "shell", "--verbosity", "0", "-c", LOOK).splitlines()
    found: dict[str, object] = json.loads(next(x[5:] for x in lines if x.startswith("SEEN ")))
    return found


def new_database(url: str) -> str:
    """An empty database on a private server; gives its address as PostgreSQL's own programs take it."""
    address = url.replace("postgres://", "postgresql://")
    server, _, name = address.rpartition("/")
    subprocess.run(
        ["psql", "--quiet", "--command", f"CREATE DATABASE {name}", f"{server}/postgres"],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return address


def main() -> None:
    """Make both dumps, and note what this release sees in them."""
    version = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "portal.sqlite3"
        fill(environment(version, f"sqlite:///{file}", folder))
        subprocess.run(
            [
                sys.executable,
                "-c",
                f"import sqlite3; sqlite3.connect({str(file)!r}).execute('vacuum')",
            ],
            check=True,
        )
        env = environment(version, f"sqlite:///{file}", folder)
        noted = seen(env)
        (FOLDER / f"{version}.json").write_text(json.dumps(noted, indent=1) + "\n")
        (FOLDER / f"{version}.sqlite3.xz").write_bytes(lzma.compress(file.read_bytes()))
    with tempfile.TemporaryDirectory() as folder, servers.postgres() as url:
        address = new_database(url)
        fill(environment(version, url, folder))
        if seen(environment(version, url, folder)) != noted:
            raise SystemExit("The two databases do not hold the same.")
        dumped = subprocess.run(
            ["pg_dump", "--no-owner", "--no-privileges", address],
            check=True,
            capture_output=True,
        )
        (FOLDER / f"{version}.postgresql.sql.xz").write_bytes(lzma.compress(dumped.stdout))


if __name__ == "__main__":
    main()
