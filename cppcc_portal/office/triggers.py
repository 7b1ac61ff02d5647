"""Tables that only ever grow: the database itself refuses to change, delete or truncate their rows.

A migration calls `install` in a RunPython. The triggers let through only while the row of AuditGate
says open, which `audit.open_gate` writes inside its own transaction: no other session ever sees it
open. SQLite drops a table's triggers when a later migration rebuilds the table: such a migration
calls `remove` before and `install` after, and `audit.verify` names a table that lost them.
"""

from collections.abc import Iterable
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

GATE = "office_auditgate"
ROWS, WHOLE = "append_only_rows", "append_only_whole"
_OPEN = f"EXISTS (SELECT 1 FROM {GATE} WHERE open)"  # noqa: S608 (a constant)

# A TRUNCATE of an empty table takes nothing away; refusing it would only stop the tests' flush.
_POSTGRESQL_FUNCTION = f"""
CREATE OR REPLACE FUNCTION office_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE filled boolean;
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I.%I)', TG_TABLE_SCHEMA, TG_TABLE_NAME)
            INTO filled;
        IF NOT filled THEN RETURN NULL; END IF;
    END IF;
    IF {_OPEN} THEN
        IF TG_OP = 'UPDATE' THEN RETURN NEW; END IF;
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NULL;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$
"""  # noqa: S608 (a constant)


def install(schema_editor: Any, tables: Iterable[str]) -> None:
    """Make these tables append-only; safe to run again. IntegrityError meets whoever tries."""
    for statement in _statements(schema_editor.connection, tables):
        schema_editor.execute(statement, params=None)


def remove(schema_editor: Any, tables: Iterable[str]) -> None:
    """Let these tables be changed again (before a migration rebuilds them, and on the way back)."""
    quote = schema_editor.quote_name
    for table in tables:
        if schema_editor.connection.vendor == "postgresql":
            for name in (ROWS, WHOLE):
                schema_editor.execute(
                    f"DROP TRIGGER IF EXISTS {name} ON {quote(table)}", params=None
                )
        else:
            for verb in ("update", "delete"):
                name = quote(f"{table}_{ROWS}_{verb}")
                schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}", params=None)


def protected(connection: BaseDatabaseWrapper) -> frozenset[str]:
    """The tables that are append-only in this database now."""
    if connection.vendor == "postgresql":
        # Enabled ones only: "D" is what ALTER TABLE … DISABLE TRIGGER leaves behind.
        query = (
            "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE t.tgname IN (%s, %s) AND t.tgenabled <> 'D' "
            "AND c.relnamespace = current_schema()::regnamespace "
            "GROUP BY c.relname HAVING count(*) = 2"
        )
        params = [ROWS, WHOLE]
    else:
        query = (
            "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' "
            "AND name IN (tbl_name || %s, tbl_name || %s) GROUP BY tbl_name HAVING count(*) = 2"
        )
        params = [f"_{ROWS}_update", f"_{ROWS}_delete"]
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return frozenset(name for (name,) in cursor.fetchall())


def _statements(connection: BaseDatabaseWrapper, tables: Iterable[str]) -> Iterable[str]:
    quote = connection.ops.quote_name
    if connection.vendor == "postgresql":
        yield _POSTGRESQL_FUNCTION
        for table in tables:
            yield f"DROP TRIGGER IF EXISTS {ROWS} ON {quote(table)}"
            yield (
                f"CREATE TRIGGER {ROWS} BEFORE UPDATE OR DELETE ON {quote(table)} "
                "FOR EACH ROW EXECUTE FUNCTION office_refuse_change()"
            )
            yield f"DROP TRIGGER IF EXISTS {WHOLE} ON {quote(table)}"
            yield (
                f"CREATE TRIGGER {WHOLE} BEFORE TRUNCATE ON {quote(table)} "
                "FOR EACH STATEMENT EXECUTE FUNCTION office_refuse_change()"
            )
        return
    # A flush empties the tables in any order: the open gate must outlast the others.
    yield (
        f"CREATE TRIGGER IF NOT EXISTS {GATE}_outlasts BEFORE DELETE ON {GATE} WHEN OLD.open "
        "BEGIN SELECT RAISE(IGNORE); END"
    )
    for table in tables:
        for verb in ("update", "delete"):
            yield (
                f"CREATE TRIGGER IF NOT EXISTS {quote(f'{table}_{ROWS}_{verb}')} "
                f"BEFORE {verb.upper()} ON {quote(table)} WHEN NOT {_OPEN} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only: {verb.upper()} refused'); END"
            )
