"""Pages before the hand-over: what a unit is asked, and what waits for whoever hands over."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from cppcc_portal.office import steps
from cppcc_portal.office.deadlines import Deadline
from cppcc_portal.office.paging import newest, soonest
from cppcc_portal.office.turns import dated
from cppcc_portal.office.workplace import say_each, take_each
from members.requests import MemberRequest
from proposals import actions
from proposals.attachments import shown_with
from proposals.hand_over_steps import CONSULTATION_STEPS
from proposals.models import Proposal, UnitConsultation
from proposals.models.consultations import chosen_units, consulted, may_hand_over
from proposals.turns import due_if_handed_over


def get_consultation(request: Any, pk: int) -> UnitConsultation:
    """The question, or 404 for whom it is not put to."""
    rows = UnitConsultation.objects.visible_to(request.user).with_names()
    rows = rows.select_related("proposal__current_text", "proposal__category")
    return get_object_or_404(rows, pk=pk)


def consultations(request: MemberRequest) -> HttpResponse:
    """What units are asked before the hand-over: first what waits for an answer, then what is said."""
    user, today = request.user, timezone.localdate()
    rows = UnitConsultation.objects.visible_to(user).standing().with_names()
    answered = request.GET.get("done") == "1"
    waiting = rows.unanswered()
    if answered:
        page = newest(rows.exclude(status=UnitConsultation.Status.ASKED), request)
    else:
        page = soonest(waiting, request)
    for asked in page:
        asked.late = asked.is_overdue(today)
    tabs = [
        {"label": _("待答复"), "url": "?", "current": not answered, "count": waiting.count()},
        {"label": _("已答复"), "url": "?done=1", "current": answered},
    ]
    return render(request, "desk/consultations.html", {"page": page, "tabs": tabs})


def consultation(request: MemberRequest, pk: int) -> HttpResponse:
    """One question: in which part the unit is thought of, the whole text, until when, the answer."""
    asked, user = get_consultation(request, pk), request.user
    proposal, turn = asked.proposal, None
    if asked.status == UnitConsultation.Status.ASKED:
        clock = Deadline.objects.current(asked, "unit_consultation")
        turn = dated(
            str(asked.unit),
            _("看提案，答复同意或提出异议。"),
            asked.due_on,
            timezone.localdate(),
            why=clock.explain() if clock else "",
            mine=asked.unit_id in user.body_ids,
        )
    # Whoever lets a unit go closes the text to it as well; the office reads it where it works.
    reads = Proposal.objects.visible_to(user).filter(pk=proposal.pk).exists()
    context = {
        "asked": asked,
        "proposal": proposal,
        "text": proposal.current_text if reads else None,
        "files": shown_with(proposal) if reads else [],
        "turn": turn,
        "buttons": steps.buttons(CONSULTATION_STEPS, asked, user, asked.get_absolute_url()),
        "changes": asked.changes.select_related("by__person", "scan", "decision").order_by(
            "-at", "-pk"
        ),
    }
    return render(request, "desk/consultation.html", context)


def hand_overs(request: MemberRequest) -> HttpResponse:
    """What waits for the hand-over, with the units that were asked; ticked ones are handed over to them."""
    user = request.user
    if not user.is_active or not may_hand_over(None, user):
        raise PermissionDenied
    rows = Proposal.objects.visible_to(user).filter(status__in=Proposal.NOT_HANDED_OVER)
    if request.method == "POST":
        keys = [
            int(key) for key in request.POST.getlist("chosen") if key.isascii() and key.isdigit()
        ]
        _hand_over_each(request, list(rows.filter(pk__in=keys).order_by("number", "pk")))
        return redirect(request.get_full_path())
    page = newest(rows, request)
    asked = consulted([proposal.pk for proposal in page])
    today = timezone.localdate()
    due = due_if_handed_over(today)
    for proposal in page:
        proposal.answers = asked.get(proposal.pk, [])
        agreed = [row.status == row.Status.AGREED for row in proposal.answers]
        proposal.all_agreed = bool(agreed) and all(agreed)
        proposal.late = any(row.is_overdue(today) for row in proposal.answers)
        proposal.due = due[proposal.series]
    context = {"page": page, "count": rows.count()}
    return render(request, "desk/hand_overs.html", context)


def _hand_over_each(request: MemberRequest, chosen: list[Proposal]) -> None:
    """One at a time to the units that were asked; each that is refused is named with the reason."""
    asked = consulted([proposal.pk for proposal in chosen])

    def act(proposal: Proposal) -> None:
        units = chosen_units(asked.get(proposal.pk, []))
        actions.hand_over(proposal, by=request.user, **units)

    say_each(request, *take_each(chosen, act), _("交办"))
