"""Rows made in memory with their keys and written in bulk: fifty thousand proposals in minutes."""

from typing import Any, TypeVar

from django.core.management.color import no_style
from django.db import connection, models
from django.db.models import Max

Row = TypeVar("Row", bound=models.Model)
BATCH = 500


class Rows:
    """Collects rows of several models, gives them keys, and writes them in the order they were first seen.

    Keys are given here, so that rows may point at each other before any of them is written; the
    database checks foreign keys at the end of the transaction.
    """

    def __init__(self) -> None:
        self.waiting: dict[type[models.Model], list[models.Model]] = {}
        self.last: dict[type[models.Model], int] = {}

    def add(self, model: type[Row], **fields: Any) -> Row:
        """A new row with the next key of its table, to be written by `write`."""
        if model not in self.last:
            self.last[model] = model._base_manager.aggregate(last=Max("pk"))["last"] or 0
            self.waiting[model] = []
        self.last[model] += 1
        row = model(pk=self.last[model], **fields)
        self.waiting[model].append(row)
        return row

    def write(self) -> None:
        """Write what was collected since the last time."""
        for model, rows in self.waiting.items():
            model._base_manager.bulk_create(rows, batch_size=BATCH)
            self.waiting[model] = []

    def close(self) -> None:
        """Tell PostgreSQL which keys are used; the next ordinary row then gets a free one."""
        self.write()
        statements = connection.ops.sequence_reset_sql(no_style(), list(self.last))
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
