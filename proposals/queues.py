"""What waits for the secretariat: each queue is a choice of rows, the same for its figure and its list."""

from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef
from django.utils.translation import gettext_lazy as _

from proposals.models import (
    Evaluation,
    Handling,
    Proposal,
    Rehandling,
    ReviewStage,
    UnitConsultation,
)

CLOSABLE, ANSWERS_IN = "closable", "answers_in"
STAGE, EXAMINED = "stage-", "examined"  # by stage of the review, and where all have spoken

PROPOSAL_QUEUES: dict[str, Any] = {
    Proposal.Status.SUBMITTED.value: _("待审查"),
    Proposal.Status.REVIEWING.value: _("审查中"),
    Proposal.Status.RETURNED.value: _("退回未改"),
    Proposal.Status.FILED.value: _("已立案待交办"),
    Proposal.Status.PREASSIGNED.value: _("预交办征求意见"),
    ANSWERS_IN: _("预交办意见已齐"),
    CLOSABLE: _("可以办结"),
}
HANDLING_QUEUES: dict[str, Any] = {
    "not_acknowledged": _("超期未签收"),
    "not_answered": _("逾期未答复"),
}


def stages() -> list[ReviewStage]:
    """The stages of the review that are in use."""
    return list(ReviewStage.objects.filter(active=True))


def stage_queues(in_use: list[ReviewStage]) -> dict[str, Any]:
    """What is under review, by the stage that is to speak next."""
    if not in_use:
        return {}
    waiting: dict[str, Any] = {f"{STAGE}{stage.code}": _("待%s") % stage for stage in in_use}
    return {**waiting, EXAMINED: _("审查意见已齐")}


def proposal_queues() -> dict[str, Any]:
    """All queues of the list of proposals."""
    return {**PROPOSAL_QUEUES, **stage_queues(stages())}


def proposals_in(rows: Any, queue: str) -> Any:
    """The proposals of one queue, or of one status."""
    if queue == ANSWERS_IN:
        silent = UnitConsultation.objects.standing().unanswered().filter(proposal=OuterRef("pk"))
        return rows.filter(~Exists(silent), status=Proposal.Status.PREASSIGNED)
    if queue == EXAMINED:
        return rows.with_stage().filter(status=Proposal.Status.REVIEWING, stage=None)
    if queue.startswith(STAGE):
        named = ReviewStage.objects.filter(code=queue.removeprefix(STAGE))
        under_review = rows.with_stage().filter(status=Proposal.Status.REVIEWING)
        return under_review.filter(stage=named.values("pk")[:1])
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
