"""States laid once by their actions and then copied: the same rows, without walking the way again.

`@once` marks a function that lays a state (`handed_over(d)`). The first call in a process walks; what it
changed in the database and among the uploads is kept as statements and files. A later call puts that
back, if everything before it was laid in the same way on the same day. After any other write, with
further arguments, with real transactions or at a travelled time, the way is walked again.
"""

import copy
import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ParamSpec, TypeVar

import time_machine
from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.db import connection
from django.utils import timezone

P = ParamSpec("P")
T = TypeVar("T")

WRITES = ("INSERT", "UPDATE", "DELETE", "ROLLBA")  # the last: a savepoint's work was taken back
Rows = dict[str, dict[str, tuple[str, ...]]]  # by table and primary key: values as SQL literals
Files = dict[str, bytes]


@dataclass
class Kept:
    """What a call left behind."""

    result: Any
    statements: list[str]
    files: Files


@dataclass
class Ground:
    """What the running test stands on: the calls that laid it, or None when nobody can say."""

    calls: tuple[str, ...] | None = None
    walking: bool = False
    kept: dict[tuple[date, tuple[str, ...]], Kept] = field(default_factory=dict)


ground = Ground()


@contextmanager
def on_empty_ground() -> Iterator[None]:
    """For the length of a test: nothing is laid yet, and every write by others is noticed."""
    ground.calls = ()
    try:
        with connection.execute_wrapper(_notice):
            yield
    finally:
        ground.calls = None


def forget() -> None:
    """Walk from here on in this test: something that the states are made of is not as usual."""
    ground.calls = None


def begin_anew() -> None:
    """The database was emptied and filled again: what it began with may have other keys now."""
    ground.kept.clear()


def _notice(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    if not ground.walking and sql.lstrip()[:6].upper() in WRITES:
        ground.calls = None
    return execute(sql, params, many, context)


def once(lay: Callable[P, T]) -> Callable[P, T]:
    """Lay this state once in a process; what it takes, if anything, is the district."""
    name = f"{lay.__module__}.{lay.__qualname__}"

    @functools.wraps(lay)
    def laid(*args: P.args, **kwargs: P.kwargs) -> T:
        given = (*args, *kwargs.values())
        plain = all(one is None or isinstance(one, SimpleNamespace) for one in given)
        if ground.calls is None or ground.walking or not plain or not _is_known_time_and_place():
            return lay(*args, **kwargs)
        calls = (*ground.calls, name)
        key = (timezone.localdate(), calls)
        if key in ground.kept:
            result: T = _put_back(ground.kept[key])
        else:
            ground.calls = None  # should it fail half-way
            result = _walk(functools.partial(lay, *args, **kwargs), key)
        ground.calls = calls
        return result

    return laid


def _is_known_time_and_place() -> bool:
    return connection.in_atomic_block and not time_machine.escape_hatch.is_travelling()


def _walk(lay: Callable[[], T], key: tuple[date, tuple[str, ...]]) -> T:
    rows, files = _rows(), _files()
    ground.walking = True
    try:
        result = lay()
    finally:
        ground.walking = False
    new = {path: content for path, content in _files().items() if path not in files}
    ground.kept[key] = Kept(copy.deepcopy(result), _statements(rows, _rows()), new)
    return result


def _put_back(kept: Kept) -> Any:
    # Below Django's own cursor: these are no queries of the test.
    with connection.connection.cursor() if connection.vendor == "postgresql" else _raw() as cursor:
        for statement in kept.statements:
            cursor.execute(statement)
    for path, content in kept.files.items():
        target = Path(settings.MEDIA_ROOT) / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return copy.deepcopy(kept.result)


@contextmanager
def _raw() -> Iterator[Any]:
    yield connection.connection


# What is there ----------------------------------------------------------------------------------


@functools.cache
def _columns() -> dict[str, tuple[str, list[str]]]:
    """The primary key and the columns of each table."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        return {
            table: (
                str(connection.introspection.get_primary_key_column(cursor, table)),
                [
                    column.name
                    for column in connection.introspection.get_table_description(cursor, table)
                ],
            )
            for table in names
        }


def _rows() -> Rows:
    quote, found = connection.ops.quote_name, {}
    literal = "quote({})" if connection.vendor == "sqlite" else "quote_nullable({}::text)"
    with connection.cursor() as cursor:
        for table, (key, columns) in _columns().items():
            values = ", ".join(literal.format(quote(column)) for column in columns)
            cursor.execute(f"SELECT {values} FROM {quote(table)}")  # noqa: S608 (names of the schema)
            at = columns.index(key)
            found[table] = {str(row[at]): tuple(map(str, row)) for row in cursor.fetchall()}
    return found


def _files() -> Files:
    root = Path(settings.MEDIA_ROOT)
    return {
        str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()
    }


# The way from one to the other ------------------------------------------------------------------


def _statements(before: Rows, after: Rows) -> list[str]:
    quote, made, counted = connection.ops.quote_name, [], set()
    for table, (key, columns) in _columns().items():
        old, new = before[table], after[table]
        for gone in old.keys() - new.keys():
            made.append(f"DELETE FROM {quote(table)} WHERE {quote(key)} = {gone}")  # noqa: S608
        fresh = [row for pk, row in new.items() if pk not in old]
        if fresh:
            counted.add(table)
            names = ", ".join(map(quote, columns))
            rows = ", ".join(f"({', '.join(row)})" for row in fresh)
            made.append(f"INSERT INTO {quote(table)} ({names}) VALUES {rows}")  # noqa: S608
        for pk, row in new.items():
            if pk in old and old[pk] != row:
                values = ", ".join(
                    f"{quote(column)} = {value}"
                    for column, value, was in zip(columns, row, old[pk], strict=True)
                    if value != was
                )
                made.append(f"UPDATE {quote(table)} SET {values} WHERE {quote(key)} = {pk}")  # noqa: S608
    models = [one for one in apps.get_models() if one._meta.db_table in counted]
    # Rows that are put back have their keys; PostgreSQL's counters must go on behind them.
    return made + connection.ops.sequence_reset_sql(no_style(), models)
