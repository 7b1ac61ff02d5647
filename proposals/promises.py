"""What was promised in replies, each with its own."""

from collections.abc import Sequence
from typing import Any

from django.db.models import prefetch_related_objects

from cppcc_portal.office.keys import key_of
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
    answers = [one for one in replies if isinstance(one, Reply)]
    prefetch_related_objects(answers, "follow_ups__result_class")
    for reply in replies:
        reply.promises = by_subject.get(key_of(reply), [])
    return promises
