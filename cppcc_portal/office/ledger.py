"""Rows that are written once: who did what and when. A correction is a new row, never a change."""

from typing import Any

from django.db import models


class WrittenOnce(Exception):
    """Somebody tried to change or delete a row that only ever grows by further rows."""


class LedgerQuerySet(models.QuerySet[Any]):
    """Reads and creates; refuses the two ways that would change history in bulk."""

    def update(self, **fields: Any) -> int:
        raise WrittenOnce(self.model._meta.label)

    def delete(self) -> tuple[int, dict[str, int]]:
        raise WrittenOnce(self.model._meta.label)


class LedgerRow(models.Model):
    """A row that can be created and read, not changed or deleted."""

    objects = LedgerQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert the row; WrittenOnce when it is already there."""
        if not self._state.adding:
            raise WrittenOnce(self._meta.label)
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Never: WrittenOnce."""
        raise WrittenOnce(self._meta.label)
