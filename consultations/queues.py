"""What waits in consultation: each queue is a choice of rows, the same for its figure and its list."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consultations.models import OutcomeDocument, Research, Session, Topic

# Where a topic waits, and what for.
TOPIC_QUEUES: dict[str, Any] = {
    Topic.Status.PROPOSED.value: _("待审核的议题"),
    Topic.Status.SCREENED.value: _("待列入计划的议题"),
    Topic.Status.IN_PLAN.value: _("待批准的议题"),
    Topic.Status.APPROVED.value: _("待开始调研的议题"),
    Topic.Status.RESEARCH_DONE.value: _("待安排协商的议题"),
    Topic.Status.CONSULTED.value: _("待报送成果的议题"),
    Topic.Status.OUTCOME_SENT.value: _("待交办意见建议的议题"),
}
RESEARCH_QUEUES: dict[str, Any] = {
    Research.Status.REPORTED.value: _("待主任审核的调研报告"),
    Research.Status.CHECKED.value: _("待领导批准的调研报告"),
}
SESSION_QUEUES: dict[str, Any] = {
    Session.Status.PLANNED.value: _("待发通知的协商活动"),
    "to_sign": _("待签发的纪要"),
    Session.Status.MINUTES_SIGNED.value: _("待归档的协商活动"),
}
DOCUMENT_QUEUES: dict[str, Any] = {OutcomeDocument.Status.DRAFT.value: _("待报送的协商成果")}


def waits_in(queue: str) -> Q:
    """Which topics, reports, sessions or documents stand in this queue."""
    if queue == "to_sign":
        return Q(status__in=[Session.Status.HELD, Session.Status.MINUTES_DRAFT])
    return Q(status=queue)
