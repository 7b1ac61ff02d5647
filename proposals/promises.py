"""What was promised in replies, and the replies in which it was promised."""

from collections.abc import Sequence
from typing import Any

from django.db.models import prefetch_related_objects

from cppcc_portal.office.keys import key_of, split_key
from members.models import Commitment
from proposals.models import Reply


def promises_of(replies: Sequence[Any]) -> list[Commitment]:
    """What the replies promise; each reply gets its own as `promises`."""
    by_subject: dict[str, list[Commitment]] = {}
    promises = list(
        Commitment.objects.filter(subject__in=[key_of(reply) for reply in replies])
        .select_related("unit")
        .prefetch_related("progress")
        .order_by("due_on", "pk")
    )
    for promise in promises:
        by_subject.setdefault(promise.subject, []).append(promise)
    prefetch_related_objects(list(replies), "follow_ups__result_class")
    for reply in replies:
        reply.promises = by_subject.get(key_of(reply), [])
    return promises


def replies_of(commitments: Any) -> dict[str, Reply]:
    """The replies in which these promises were made, by their source keys."""
    keys = [split_key(commitment.subject) for commitment in commitments]
    rows = Reply.objects.filter(pk__in=[pk for label, pk in keys if label == "proposals.reply"])
    return {
        key_of(reply): reply
        for reply in rows.select_related("handling__proposal__term", "result_class")
    }
