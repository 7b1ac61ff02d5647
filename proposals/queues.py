"""What waits for the secretariat: each queue is a choice of rows, the same for its figure and its list."""

from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef
from django.utils.translation import gettext_lazy as _

from proposals.models import Evaluation, Handling, Proposal, Rehandling

CLOSABLE = "closable"
ENTERED = "entered"

PROPOSAL_QUEUES: dict[str, Any] = {
    ENTERED: _("代录草稿待提交"),
    Proposal.Status.SUBMITTED.value: _("待审查"),
    Proposal.Status.REVIEWING.value: _("审查中"),
    Proposal.Status.RETURNED.value: _("退回未改"),
    Proposal.Status.FILED.value: _("已立案待交办"),
    CLOSABLE: _("可以办结"),
}
HANDLING_QUEUES: dict[str, Any] = {
    "not_acknowledged": _("超期未签收"),
    "not_answered": _("逾期未答复"),
}


def proposals_in(rows: Any, queue: str) -> Any:
    """The proposals of one queue, or of one status."""
    if queue == ENTERED:
        return rows.filter(status=Proposal.Status.DRAFT, entered_by__isnull=False)
    if queue == CLOSABLE:
        waiting = Evaluation.objects.filter(
            reply__handling__proposal=OuterRef("pk"),
            reply__round=F("reply__handling__round"),
            status=Evaluation.Status.WAITING,
        )
        undecided = Rehandling.objects.filter(
            handling__proposal=OuterRef("pk"), status=Rehandling.Status.PROPOSED
        )
        return rows.filter(~Exists(waiting), ~Exists(undecided), status=Proposal.Status.REPLIED)
    return rows.filter(status=queue)


def handlings_in(rows: Any, queue: str, today: date) -> Any:
    """The shares of one queue."""
    if queue == "not_acknowledged":
        return rows.filter(status=Handling.Status.WAITING, sign_in_due_on__lt=today)
    return rows.overdue(today)
