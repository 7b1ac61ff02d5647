"""The research on a topic: one page with everything, each step on its own."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from consultations.actions import researching
from consultations.models import Research, Session, TeamMember, Topic
from consultations.steps import RESEARCH_STEPS, may_edit_research
from cppcc_portal.office import steps
from members.requests import MemberRequest


def get_research(request: Any, pk: int) -> Research:
    """The research of a topic, for those who work on it or were invited to what rests on it."""
    rows = Research.objects.select_related(
        "topic__committee", "topic__leader", "topic__plan", "report"
    )
    research = get_object_or_404(rows, topic=pk)
    if not may_read(research, request.user):
        raise Http404
    return research


def may_read(research: Research, user: Any) -> bool:
    """The committee, the office and leaders; once approved also who is invited or sees the topic."""
    if user.has_perm("consultations.view_topic"):
        return bool(user.is_active)
    seen = Topic.objects.visible_to(user).filter(pk=research.topic_id)
    if research.topic.committee_id in user.body_ids:
        return seen.exists()
    if research.status != Research.Status.APPROVED:
        return False
    return (
        seen.exists() or Session.objects.visible_to(user).filter(topic=research.topic_id).exists()
    )


def research(request: MemberRequest, pk: int) -> HttpResponse:
    """Scheme, team, visits, findings, suggestions, report; what is still missing for the next step."""
    found = get_research(request, pk)
    user = request.user
    visits = found.visits.select_related("gathering").prefetch_related(
        "gathering__invitations__person"
    )
    next_move = {"draft": "start", "running": "submit_report"}.get(found.status)
    found_first = {"first_visit": visits.first(), "first_suggestion": found.suggestions.first()}
    for name, value in found_first.items():
        setattr(found, name, value)
    context = {
        "research": found,
        "topic": found.topic,
        "team": found.team.select_related("membership__person"),
        "visits": visits,
        "findings": found.findings.all(),
        "suggestions": found.suggestions.select_related("addressee", "finding"),
        "missing": found.missing(next_move) if next_move else [],
        "may_edit": may_edit_research(found, user),
        "buttons": steps.buttons(RESEARCH_STEPS, found, user, found.get_absolute_url()),
        "changes": found.changes.select_related("by__person", "scan", "decision").order_by(
            "-at", "-pk"
        ),
    }
    return render(request, "consultations/research.html", context)


@require_POST
def drop_from_team(request: MemberRequest, pk: int, member: int) -> HttpResponse:
    """Take somebody out of the team."""
    found = get_research(request, pk)
    one = get_object_or_404(TeamMember, research=found, pk=member)
    if not may_edit_research(found, request.user):
        raise PermissionDenied
    researching.drop_from_team(one, by=request.user)
    messages.success(request, _("已移出调研组。"))
    return redirect(found)
