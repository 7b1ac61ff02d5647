"""Source keys: how a lower app points at a thing of a higher one, as text ("proposals.proposal:12")."""

from django.db import models


class SourceKeyField(models.CharField):
    """The key of the thing that a row belongs to; indexed, never a foreign key upwards."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs.setdefault("max_length", 80)
        kwargs.setdefault("db_index", True)
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]


def key_of(thing: models.Model) -> str:
    """The source key of a saved row."""
    return f"{thing._meta.label_lower}:{thing.pk}"


def split_key(key: str) -> tuple[str, int]:
    """Model label and primary key of a source key; ValueError when it is none."""
    label, _, pk = key.rpartition(":")
    if not label:
        raise ValueError(key)
    return label, int(pk)
