"""Pages of bulletins and of where they were sent: each for whoever received it; their papers."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from cppcc_portal.office import files, steps
from cppcc_portal.office.instructions import Instruction
from cppcc_portal.office.printing import given
from members.requests import MemberRequest
from proposals import opinion_papers
from proposals.models import Bulletin, OpinionDispatch
from proposals.models.bulletins import attachments_of, reports_of
from proposals.models.dispatches import acts_for_receiver, is_own_report
from proposals.opinion_desk_steps import DISPATCH_STEPS
from proposals.opinion_steps import BULLETIN_STEPS
from proposals.opinion_turns import turn_of_dispatch
from proposals.opinion_views import get_report


def get_bulletin(request: Any, pk: int) -> Bulletin:
    """The issue, or 404 for whom it was not sent to."""
    rows = Bulletin.objects.visible_to(request.user).select_related("text", "signer")
    return get_object_or_404(rows, pk=pk)


def get_dispatch(request: Any, pk: int) -> OpinionDispatch:
    """What was sent to this person or their unit; the office sees all."""
    rows = OpinionDispatch.objects.visible_to(request.user)
    return get_object_or_404(
        rows.select_related(
            "bulletin__text", "unit", "leader", "paper", "result", "return_request", "rehanded_to"
        ),
        pk=pk,
    )


def bulletin(request: MemberRequest, pk: int) -> HttpResponse:
    """One issue: its text, every author credited; to the office where it went and what came of it."""
    found = get_bulletin(request, pk)
    user, today = request.user, timezone.localdate()
    inside = user.has_perm("proposals.view_opinionreport")
    sent: list[Any] = list(
        found.dispatches.select_related("unit", "leader", "paper", "result", "rehanded_to")
        if inside
        else OpinionDispatch.objects.received_by(user)
        .filter(bulletin=found)
        .select_related("unit", "leader", "paper", "result", "rehanded_to")
    )
    for dispatch in sent:
        dispatch.late = dispatch.is_overdue(today)
    reads = user.has_perm("office.view_instruction")
    instructed: list[Any] = list(Instruction.objects.about(found)) if reads else []
    papers = user.has_perm("office.add_instruction")
    for one in instructed:
        one.papers = files.for_subject(one) if papers else []
    context = {
        "bulletin": found,
        "inside": inside,
        "reports": reports_of(found),
        "sent": sent,
        "files": attachments_of(found) if inside or any(one.with_files for one in sent) else [],
        "adoptions": found.adoptions.current() if inside else [],
        "struck": found.adoptions.exclude(replaced_by=None) if inside else [],
        "instructions": instructed,
        "buttons": steps.buttons(BULLETIN_STEPS, found, user, found.get_absolute_url()),
    }
    return render(request, "opinions/bulletin.html", context)


def dispatch(request: MemberRequest, pk: int) -> HttpResponse:
    """What a unit, a leader or the supervision office received, and the unit's answer."""
    found = get_dispatch(request, pk)
    user, today = request.user, timezone.localdate()
    inside = user.has_perm("proposals.view_opinionreport")
    acts = acts_for_receiver(found, user)
    context = {
        "dispatch": found,
        "bulletin": found.bulletin,
        "authors": reports_of(found.bulletin),
        "files": attachments_of(found.bulletin) if found.with_files else [],
        "turn": turn_of_dispatch(found, user, today),
        "acts": acts,
        # The unit and the office read what was said and asked; a leader or another receiver does not.
        "contacts": found.contacts.select_related("author", "recorded_by__person")
        if acts or inside
        else [],
        "requests": found.requests.with_names() if acts or inside else [],
        "own_report": acts and is_own_report(found, user),
        "buttons": steps.buttons(DISPATCH_STEPS, found, user, found.get_absolute_url())
        if found.unit_id
        else [],
        "changes": found.changes.select_related("by__person", "scan", "decision").order_by(
            "-at", "-pk"
        ),
    }
    return render(request, "opinions/dispatch.html", context)


# Papers ----------------------------------------------------------------------------------------


def paper(request: MemberRequest, pk: int) -> HttpResponse:
    """The issue as it is printed, for whoever reads it here."""
    found = get_bulletin(request, pk)
    inside = request.user.has_perm("proposals.view_opinionreport")
    paper = opinion_papers.bulletin_paper(found, sent_to=inside)
    return given(request, paper, found, "bulletin", found)


def sheet(request: MemberRequest, pk: int) -> HttpResponse:
    """The sheet that goes round with a report inside the office."""
    report = get_report(request, pk)
    if report.author_text is None or not request.user.has_perm("proposals.view_opinionreport"):
        raise Http404
    paper = opinion_papers.report_sheet(report)
    return given(request, paper, report, "opinion", _("社情民意信息稿签"), report.label)
