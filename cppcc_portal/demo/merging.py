"""并案 in the demonstration: texts under review join the filed proposals that say the same."""

from collections.abc import Iterable
from datetime import datetime

from members.models import User
from proposals import actions
from proposals.models import Proposal


def tell(office: User, alike: Iterable[tuple[int, int]], *, now: datetime) -> None:
    """Of each pair of keys the first joins the second; the office has asked the authors."""
    note = "内容相近，已电话征得提案人同意，合并办理。"
    for text, main in alike:
        into = Proposal.objects.get(pk=main)
        actions.merge(Proposal.objects.get(pk=text), by=office, into=into, note=note, at=now)
