"""What was promised in replies, each with its own."""

from collections.abc import Sequence
from typing import Any

from cppcc_portal.office.keys import key_of
from members.models import Commitment


def promises_of(replies: Sequence[Any]) -> list[Commitment]:
    """What the replies promise; each reply gets its own as `promises`."""
    by_subject: dict[str, list[Commitment]] = {}
    promises = list(
        Commitment.objects.filter(subject__in=[key_of(reply) for reply in replies])
        .select_related("unit")
        .order_by("due_on", "pk")
    )
    for promise in promises:
        by_subject.setdefault(promise.subject, []).append(promise)
    for reply in replies:
        reply.promises = by_subject.get(key_of(reply), [])
    return promises
