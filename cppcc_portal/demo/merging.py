"""并案 in the demonstration: texts under review join the filed proposals that are most like them."""

from datetime import datetime

from members.models import User
from proposals import actions
from proposals.models import Proposal

MERGED = 2  # texts; most years merge one in twenty


def tell(office: User, *, now: datetime) -> None:
    """The pairs whose titles share the most; the office has asked the authors."""
    status = Proposal.Status
    waiting = Proposal.objects.filter(status__in=[status.SUBMITTED, status.REVIEWING])
    filed = list(Proposal.objects.filter(status=status.FILED).order_by("pk"))
    pairs = sorted(
        ((_shared(text.title, main.title), text, main) for text in waiting for main in filed),
        key=lambda pair: (-pair[0], pair[1].pk, pair[2].pk),
    )
    done: set[int] = set()
    for _like, text, main in pairs:
        if len(done) == MERGED:
            break
        if text.pk not in done:
            note = "内容相近，已电话征得提案人同意，合并办理。"
            actions.merge(text, by=office, into=main, note=note, at=now)
            done.add(text.pk)


def _shared(one: str, other: str) -> int:
    """How many pairs of neighbouring characters two titles share."""
    first, second = ({text[i : i + 2] for i in range(len(text) - 1)} for text in (one, other))
    return len(first & second)
