"""What waits for the secretariat: each queue is a choice of rows, the same for its figure and its list."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office import parameters
from members.models import Invitation
from proposals.models import (
    Evaluation,
    Handling,
    KeyMark,
    Proposal,
    Rehandling,
    ReviewStage,
    SupervisionEntry,
    SupervisionMeeting,
    UnitConsultation,
)

CLOSABLE, ANSWERS_IN, SILENT = "closable", "answers_in", "silent"
STAGE, EXAMINED = "stage-", "examined"  # by stage of the review, and where all have spoken
ENTERED = "entered"

PROPOSAL_QUEUES: dict[str, Any] = {
    ENTERED: _("代录草稿待提交"),
    Proposal.Status.SUBMITTED.value: _("待审查"),
    Proposal.Status.REVIEWING.value: _("审查中"),
    Proposal.Status.RETURNED.value: _("退回未改"),
    Proposal.Status.FILED.value: _("已立案待交办"),
    Proposal.Status.PREASSIGNED.value: _("预交办征求意见"),
    ANSWERS_IN: _("预交办意见已齐"),
    CLOSABLE: _("可以办结"),
    SILENT: _("重点提案待督办"),
}
TO_PUBLISH = "publish"
PUBLICATION_QUEUES: dict[str, Any] = {TO_PUBLISH: _("待公开")}
HANDLING_QUEUES: dict[str, Any] = {
    "not_acknowledged": _("超期未签收"),
    "not_answered": _("逾期未答复"),
    "to_check": _("答复待审核"),
}
MEETING_QUEUES: dict[str, Any] = {
    "to_notify": _("督办协商待通知"),
    "to_record": _("督办协商待登记结果"),
    "leave": _("督办协商请假待批"),
}
# From when a share waits in its queue.
HANDLINGS_SINCE = {
    "not_acknowledged": "sign_in_due_on",
    "not_answered": "due_on",
    "to_check": "current_reply__handed_in_at",
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
    if queue == SILENT:
        since = timezone.localdate() - timedelta(days=parameters.get("proposals.supervision_days"))
        pressed = SupervisionEntry.objects.filter(proposal=OuterRef("pk"), on__gt=since)
        marks = KeyMark.objects.current().filter(
            proposal=OuterRef("pk"), selected_at__date__lte=since
        )
        with_units = rows.filter(status__in=Proposal.WITH_UNITS, handed_over_on__lte=since)
        return with_units.filter(Exists(marks), ~Exists(pressed), key_official__isnull=False)
    return rows.filter(status=queue)


def handlings_in(rows: Any, queue: str, today: date) -> Any:
    """The shares of one queue."""
    if queue == "not_acknowledged":
        return rows.filter(status=Handling.Status.WAITING, sign_in_due_on__lt=today)
    if queue == "to_check":
        return rows.to_check()
    return rows.overdue(today)


def meetings_in(rows: Any, queue: str, now: datetime) -> Any:
    """The supervision consultations of one queue."""
    status = SupervisionMeeting.Status
    if queue == "to_notify":
        return rows.filter(status=status.PLANNED)
    told = rows.filter(status__in=[status.NOTIFIED, status.OPEN])
    if queue == "to_record":
        return told.filter(gathering__starts_at__lte=now)
    leave = Invitation.objects.filter(
        gathering=OuterRef("gathering"), status=Invitation.Status.LEAVE_REQUESTED
    )
    return told.filter(Exists(leave))
