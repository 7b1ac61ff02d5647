"""Filled databases of past releases reach the present schema, and people see in them what they saw."""

import contextlib
import json
import lzma
import os
import re
import sqlite3
import subprocess
from pathlib import Path

import pytest
from django.db import connection

from tests import migrated, servers
from tests.make_upgrade_dump import FOLDER, environment, manage, new_database, seen

VERSIONS = sorted(file.name.removesuffix(".sqlite3.xz") for file in FOLDER.glob("*.sqlite3.xz"))
# What the dump of each release holds, as that release itself counted it.
SEEN = {
    version: json.loads((FOLDER / f"{version}.json").read_text())
    for version in VERSIONS
    if (FOLDER / f"{version}.json").exists()
}


def test_a_dump_is_kept_of_each_release() -> None:
    assert "0.1.0" in VERSIONS


@pytest.mark.parametrize("version", VERSIONS)
def test_sqlite_of_a_past_release_reaches_the_present_schema(version: str, tmp_path: Path) -> None:
    file = tmp_path / "portal.sqlite3"
    file.write_bytes(lzma.decompress((FOLDER / f"{version}.sqlite3.xz").read_bytes()))
    env = environment(version, f"sqlite:///{file}", str(tmp_path))

    manage(env, "migrate", "--verbosity", "0")

    assert seen(env) == SEEN[version]
    assert manage(env, "verify_audit")
    # A new installation begins with the squashed migrations: they must lead to the same place.
    fresh = tmp_path / "fresh.sqlite3"
    migrated.put(fresh)
    assert schema(file) == schema(fresh)


def schema(file: Path) -> dict[str, object]:
    """Everything the database itself says of its tables, in no order: columns are added at the end."""
    with contextlib.closing(sqlite3.connect(file)) as lines:
        made = lines.execute(
            "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_master"
            " WHERE name NOT LIKE 'sqlite_%'"
        ).fetchall()
        found: dict[str, object] = {
            name: (table, " ".join(sql.split()))
            for kind, name, table, sql in made
            if kind != "table"
        }
        for kind, name, _, sql in made:
            if kind != "table":
                continue
            columns = lines.execute(f'PRAGMA table_info("{name}")').fetchall()
            targets = lines.execute(f'PRAGMA foreign_key_list("{name}")').fetchall()
            indexes = lines.execute(f'PRAGMA index_list("{name}")').fetchall()
            found[name] = (
                {column[1:] for column in columns},
                {target[2:] for target in targets},
                sorted((unique, partial) for _, _, unique, _, partial in indexes),
                set(re.findall(r'CONSTRAINT "(\w+)"', sql)),
            )
        return found


@pytest.mark.postgres
@pytest.mark.parametrize("version", VERSIONS)
def test_postgresql_of_a_past_release_reaches_the_present_schema(
    version: str, tmp_path: Path
) -> None:
    assert connection.vendor == "postgresql"
    sql = lzma.decompress((FOLDER / f"{version}.postgresql.sql.xz").read_bytes())
    with servers.postgres() as url:
        subprocess.run(
            ["psql", "--quiet", "--set", "ON_ERROR_STOP=1", new_database(url)],
            input=sql,
            check=True,
            capture_output=True,
            env=os.environ,
        )
        env = environment(version, url, str(tmp_path))

        manage(env, "migrate", "--verbosity", "0")

        assert seen(env) == SEEN[version]
        assert manage(env, "verify_audit")
