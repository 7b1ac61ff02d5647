"""Pages of units' requests: the list for who decides, one with what speaks for it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from cppcc_portal.office import steps
from cppcc_portal.office.deadlines import Deadline
from cppcc_portal.office.paging import newest, soonest
from cppcc_portal.office.turns import dated
from members.requests import MemberRequest
from proposals.actions.asking import decision_clock
from proposals.models import UnitRequest
from proposals.models.requests import may_decide
from proposals.steps import REQUEST_STEPS


def get_request(request: Any, pk: int) -> UnitRequest:
    """What was asked, or 404 for what this person may not know of."""
    rows = UnitRequest.objects.visible_to(request.user).with_names()
    rows = rows.select_related(
        "paper", "asked_by__person", "handling__rehanded_to", "dispatch__rehanded_to"
    )
    return get_object_or_404(rows, pk=pk)


def requests(request: MemberRequest) -> HttpResponse:
    """Requests that wait for a decision, the most urgent first; then what was decided."""
    user, today = request.user, timezone.localdate()
    rows = UnitRequest.objects.visible_to(user).with_names()
    waiting, decided = rows.undecided(), request.GET.get("done") == "1"
    if decided:
        page = newest(rows.exclude(status=UnitRequest.Status.OPEN), request)
    else:
        page = soonest(waiting, request)
    for asked in page:
        asked.late = asked.status == UnitRequest.Status.OPEN and asked.due_on < today
    tabs = [
        {"label": _("待决定"), "url": "?", "current": not decided, "count": waiting.count()},
        {"label": _("已决定"), "url": "?done=1", "current": decided},
    ]
    return render(request, "desk/requests.html", {"page": page, "tabs": tabs})


def request(request: MemberRequest, pk: int) -> HttpResponse:
    """One request: what is asked, why, who decides by when; then what was decided."""
    asked, user = get_request(request, pk), request.user
    turn = None
    if asked.status == UnitRequest.Status.OPEN:
        clock = Deadline.objects.current(asked, decision_clock(asked))
        turn = dated(
            str(_("政协办公室") if asked.dispatch_id else _("督查室、提案委办公室")),
            _("决定是否同意。"),
            asked.due_on,
            timezone.localdate(),
            why=clock.explain() if clock else "",
            mine=may_decide(asked, user),
        )
    share = asked.share
    seen = type(share).objects.visible_to(user).filter(pk=share.pk)
    context = {
        "asked": asked,
        "share": share,
        # A unit that was released no longer reads it.
        "share_url": share.get_absolute_url() if seen.exists() else "",
        "turn": turn,
        "buttons": steps.buttons(REQUEST_STEPS, asked, user, asked.get_absolute_url()),
        "changes": asked.changes.select_related("by__person", "scan", "decision").order_by(
            "-at", "-pk"
        ),
    }
    return render(request, "desk/request.html", context)
