"""Supervision consultations: the list, one as a whole, the invited person's answer, attendance, reports."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cppcc_portal.office import steps
from cppcc_portal.office.paging import newest
from cppcc_portal.office.printing import given
from cppcc_portal.office.workflow import NotReady
from members.models import Invitation
from members.requests import MemberRequest
from proposals.actions import meetings as preparing
from proposals.actions.meetings import open_meeting as open_it
from proposals.actions.meetings import why_not_on
from proposals.meeting_forms import OpenForm
from proposals.meeting_papers import agenda_paper, record_paper
from proposals.meeting_steps import MEETING_STEPS, REPORT_STEPS
from proposals.meeting_turns import meeting_turn, report_turn
from proposals.models import MeetingReport, Proposal, SupervisionMeeting
from proposals.models.meetings import runs
from proposals.promises import promises_of

State = SupervisionMeeting.Status
MOST = 50  # proposals of one consultation


def get_meeting(request: Any, pk: int) -> SupervisionMeeting:
    """The consultation, or 404 for what this person may not know of."""
    rows = SupervisionMeeting.objects.visible_to(request.user).with_names()
    return get_object_or_404(rows, pk=pk)


def meetings(request: MemberRequest) -> HttpResponse:
    """Consultations this person has a part in: first those ahead, then those that are over."""
    user = request.user
    rows = SupervisionMeeting.objects.visible_to(user).with_names()
    over = request.GET.get("done") == "1"
    ahead = rows.ahead()
    page = newest(rows.exclude(status__in=SupervisionMeeting.AHEAD) if over else ahead, request)
    seen = seen_of([one for meeting in page for one in meeting.matters.all()], user)
    for meeting in page:
        meeting.shown = labels(meeting, seen)
    tabs = [
        {"label": _("待召开"), "url": "?", "current": not over, "count": ahead.count()},
        {"label": _("已结束"), "url": "?done=1", "current": over},
    ]
    may_open = user.has_perm("proposals.supervise_proposal")
    context = {"page": page, "tabs": tabs, "over": over, "may_open": may_open}
    return render(request, "proposals/meetings.html", context)


def seen_of(matters: Any, user: Any) -> set[int]:
    """Which of these proposals this person may see: of the others only the number is told."""
    keys = {matter.proposal_id for matter in matters}
    return set(Proposal.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True))


def labels(meeting: SupervisionMeeting, seen: set[int]) -> list[str]:
    return [
        f"{one.proposal.label} {one.proposal}" if one.proposal_id in seen else one.proposal.label
        for one in meeting.matters.all()
    ]


def open_meeting(request: MemberRequest) -> HttpResponse:
    """Prepare a consultation on the proposals in the address (?on=…)."""
    user = request.user
    if not user.has_perm("proposals.supervise_proposal"):
        raise PermissionDenied
    keys = [int(key) for key in request.GET.getlist("on") if key.isascii() and key.isdigit()]
    rows = Proposal.objects.visible_to(user).filter(pk__in=keys[:MOST])
    chosen = list(rows.with_first_proposer().with_handlings().order_by("pk"))
    if not chosen:
        raise Http404
    form = OpenForm(request.POST if request.method == "POST" else None, thing=chosen)
    if request.method == "POST" and form.is_valid():
        try:
            made = open_it(chosen, by=user, **form.cleaned_data)
        except NotReady as refused:
            for reason in refused.reasons:
                form.add_error(None, str(reason))
        else:
            messages.success(request, _("已列出受邀人，请核对名单后发通知。"))
            return redirect(made)
    missing = [] if request.method == "POST" else why_not_on(chosen)
    context = {"chosen": chosen, "form": form, "missing": missing}
    status = 422 if form.errors else 200
    return render(request, "proposals/open_meeting.html", context, status=status)


def meeting(request: MemberRequest, pk: int) -> HttpResponse:
    """Time, place, questions, whose turn; who comes; the units' reports; what came of it."""
    found, user, today = get_meeting(request, pk), request.user, timezone.localdate()
    office = runs(found, user)
    people = list(found.gathering.invitations.select_related("person__user").order_by("pk"))
    for one in people:
        one.gathering = found.gathering  # a move asks for it
    own = next((one for one in people if one.person and one.person.user_id == user.pk), None)
    matters: list[Any] = list(found.matters.all())
    seen = seen_of(matters, user)
    reports = [
        report
        for report in found.reports.standing().select_related("handling__unit")
        if report.handling.proposal_id in seen
    ]
    results = [
        result
        for result in found.results.select_related("handling__unit")
        if result.handling.proposal_id in seen
    ]
    promises_of(results)
    for matter in matters:
        matter.seen = matter.proposal_id in seen
        matter.reports = [one for one in reports if one.handling.proposal_id == matter.proposal_id]
        matter.results = [one for one in results if one.handling.proposal_id == matter.proposal_id]
        for report in matter.reports:
            report.own = report.handling.unit_id in user.body_ids or office
    missing = found.missing("notify") if office and found.status == State.PLANNED else []
    lines = list(
        found.changes.select_related("by__person", "scan", "decision").order_by("-at", "-pk")
    )
    off = next((line for line in lines if line.verb in ("postpone", "cancel")), None)
    context = {
        "meeting": found,
        # Why it is not held, or not as it was told before; others of its steps stay inside.
        "called_off": off if found.status in (State.PLANNED, State.CANCELLED) else None,
        "matters": matters,
        "people": people,
        "leave": [one for one in people if one.status == "leave_requested"],
        "own": own,
        "own_moves": [verb for verb, _move in own.open_moves(user)] if own else [],
        "office": office,
        "strikes": office and found.status == State.PLANNED and found.notified_at is None,
        "turn": meeting_turn(found, reports, user, today),
        "missing": missing,
        "buttons": steps.buttons(MEETING_STEPS, found, user, found.get_absolute_url()),
        "changes": lines if office else [],
    }
    return render(request, "proposals/meeting.html", context)


def paper(request: MemberRequest, pk: int) -> HttpResponse:
    """The agenda before it, the record after it; each with what this person may see."""
    found = get_meeting(request, pk)
    if found.status == State.CANCELLED:
        raise Http404
    seen = seen_of(found.matters.all(), request.user)
    written = record_paper if found.status == State.HELD else agenda_paper
    made = written(found, seen)
    return given(request, made, found, "meeting", made.subject, found.gathering.on.isoformat())


# The units' reports ----------------------------------------------------------------------------


def get_report(request: Any, pk: int) -> MeetingReport:
    """The report for its unit and the office; others read what was sent on the consultation's page."""
    rows = MeetingReport.objects.visible_to(request.user).with_names()
    return get_object_or_404(rows, pk=pk)


def report(request: MemberRequest, pk: int) -> HttpResponse:
    """One report: for which consultation, by when and why that day, what was written."""
    found, user = get_report(request, pk), request.user
    lines = found.changes.select_related("by__person", "scan", "decision").order_by("-at", "-pk")
    context = {
        "report": found,
        "meeting": found.meeting,
        "proposal": found.handling.proposal,
        "turn": report_turn(found, user, timezone.localdate()),
        "buttons": steps.buttons(REPORT_STEPS, found, user, found.get_absolute_url()),
        "changes": lines,
    }
    return render(request, "desk/report.html", context)


@require_POST
def strike(request: MemberRequest, pk: int, invitation: int) -> HttpResponse:
    """Take somebody off the list before it has gone out."""
    one = invitation_of(request, pk, invitation)
    preparing.strike(one, by=request.user)
    messages.success(request, _("已移出名单：%s。") % one.name)
    return redirect("proposals:meeting", pk)


def invitation_of(request: MemberRequest, pk: int, invitation: int) -> Invitation:
    """One of the list, for the office."""
    found = get_meeting(request, pk)
    if not runs(found, request.user):
        raise PermissionDenied
    rows = found.gathering.invitations.select_related("person__user", "gathering")
    return get_object_or_404(rows, pk=invitation)
