"""Recommendations with their units: the list, one with everything, the unit's own page, assigning."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.models import OutcomeDocument
from cppcc_portal.office import steps
from cppcc_portal.office.deadlines import Deadline
from cppcc_portal.office.keys import key_of
from cppcc_portal.office.paging import newest, soonest
from cppcc_portal.office.turns import Turn, dated
from feedback.actions import adopting
from feedback.filters import ENDED, STAGES, FilterForm, of_scope
from feedback.models import Adoption, LookBackFinding
from feedback.models.adoptions import acts_for_unit
from feedback.steps import CHAIR_STEPS, UNIT_STEPS, may_report_self
from feedback.views.lookbacks import look_back_year
from members.models import Commitment, Committee
from members.requests import MemberRequest


def get_adoption(request: Any, pk: int) -> Adoption:
    """The recommendation with its unit, or 404 for what this person may not know of."""
    rows = Adoption.objects.visible_to(request.user).with_names()
    return get_object_or_404(
        rows.select_related(
            "recommendation__finding",
            "recommendation__voiced_by__person",
            "evidence",
            "done_by__person",
            "verified_by__person",
        ),
        pk=pk,
    )


def works_in_committee(user: Any) -> bool:
    """Chair or staff of a committee; a unit's people have bodies of another kind."""
    bodies = user.body_ids
    return bool(bodies) and Committee.objects.filter(pk__in=bodies).exists()


def index(request: MemberRequest) -> HttpResponse:
    """Recommendations one may see: one's own, the committee's, all; what is due first on top."""
    user, today = request.user, timezone.localdate()
    scopes = {
        **({"mine": _("与我有关")} if user.seat_ids else {}),
        **({"committee": _("本专委会")} if works_in_committee(user) else {}),
        "all": _("全部可见"),
    }
    scope = request.GET.get("scope", "")
    if scope not in scopes:
        scope = "committee" if user.chaired_ids else "all"
    form = FilterForm(request.GET)
    rows = of_scope(Adoption.objects.visible_to(user), scope, user)
    rows, narrowed = form.narrow(rows, today)
    rows = rows.with_names()
    stage = form.stage_shown
    page = newest(rows, request) if stage in ENDED else soonest(rows, request)
    for adoption in page:
        adoption.late = adoption.is_overdue(today)
    context = {
        "page": page,
        "form": form,
        "scope": scope,
        "stage_label": STAGES[stage],
        "filtered": narrowed or stage != "open" or bool(form.errors),
        "tabs": [
            {"label": label, "url": f"?scope={name}&stage={stage}", "current": name == scope}
            for name, label in scopes.items()
        ],
        "look_back_year": look_back_year(user, today.year),
    }
    return render(request, "feedback/index.html", context)


def turn_of(adoption: Adoption, user: Any, today: date) -> Turn | None:
    """Whose turn it is, by when, and why that day."""
    status = Adoption.Status
    topic, unit = adoption.topic, str(adoption.unit)
    chair, is_mine = str(_("%s主任") % topic.committee), topic.committee_id in user.chaired_ids
    acts = adoption.unit_id in user.body_ids
    if adoption.status in (status.ASSIGNED, status.STUDYING):
        clock = Deadline.objects.current(adoption, "adoption_reply")
        why = clock.explain() if clock else ""
        what = _("答复是否采纳。")
        if adoption.status == status.ASSIGNED:
            what = _("签收，并答复是否采纳。")
        return dated(unit, what, adoption.due_on, today, why=why, mine=acts)
    if adoption.status == status.IMPLEMENTING:
        why = str(_("单位承诺的完成日期。"))
        what = _("按承诺落实，完成后报告。")
        return dated(unit, what, adoption.due_on, today, why=why, mine=acts)
    if adoption.status == status.STALLED:
        return dated(unit, _("恢复推进，或说明情况。"), None, today, mine=acts)
    if adoption.status == status.DONE_REPORTED:
        clock = Deadline.objects.current(adoption, "adoption_verify")
        due_on, why = (clock.due_on, clock.explain()) if clock else (None, "")
        return dated(chair, _("核实办结。"), due_on, today, why=why, mine=is_mine)
    if adoption.status == status.ANSWERED:
        return dated(chair, _("确认答复，或请重新研究。"), None, today, mine=is_mine)
    return None


def _context(request: MemberRequest, adoption: Adoption) -> dict[str, Any]:
    findings = LookBackFinding.objects.filter(recommendation=adoption.recommendation_id)
    return {
        "adoption": adoption,
        "recommendation": adoption.recommendation,
        "topic": adoption.topic,
        "turn": turn_of(adoption, request.user, timezone.localdate()),
        "commitments": Commitment.objects.filter(subject=key_of(adoption)),
        "reports": adoption.reports.select_related("file", "scan", "reported_by__person"),
        "findings": findings.select_related("look_back__year", "look_back__topic"),
        "changes": adoption.changes.select_related("by__person", "scan", "decision").order_by(
            "-at", "-pk"
        ),
    }


def adoption(request: MemberRequest, pk: int) -> HttpResponse:
    """Conclusion, progress and effect of one recommendation, each by itself; the chair's steps."""
    found = get_adoption(request, pk)
    context = _context(request, found)
    context["buttons"] = steps.buttons(CHAIR_STEPS, found, request.user, found.get_absolute_url())
    context["desk_url"] = found.desk_url if acts_for_unit(found, request.user) else ""
    return render(request, "feedback/adoption.html", context)


def advice(request: MemberRequest, pk: int) -> HttpResponse:
    """The unit's page of one recommendation: what is asked, why, by when, and the next step."""
    found = get_adoption(request, pk)
    user = request.user
    if not (acts_for_unit(found, user) or user.has_perm("feedback.enter_for_others")):
        raise PermissionDenied
    context = _context(request, found)
    context["buttons"] = steps.buttons(UNIT_STEPS, found, user, found.desk_url)
    asked = [finding for finding in context["findings"] if may_report_self(finding, user)]
    context["to_report"] = asked
    return render(request, "feedback/advice.html", context)


def assign(request: MemberRequest, pk: int) -> HttpResponse:
    """Hand all recommendations of a submitted document to their units, at one press."""
    if not request.user.has_perm("feedback.assign_recommendation"):
        raise PermissionDenied
    rows = OutcomeDocument.objects.filter(status=OutcomeDocument.Status.SUBMITTED)
    document = get_object_or_404(rows.select_related("session__topic"), pk=pk)
    waiting = document.recommendations.filter(adoption=None).select_related("lead")
    if request.method == "POST":
        with transaction.atomic():  # all of them or none
            assigned = [adopting.assign(row, by=request.user) for row in waiting]
        messages.success(request, _("已交办 %d 条意见建议，各单位都已收到消息。") % len(assigned))
        return redirect("feedback:chain", document.session.topic_id)
    return render(request, "feedback/assign.html", {"document": document, "waiting": waiting})
