"""Pages of a reply on its way: what a joint unit is asked to countersign, what waits for the check."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from cppcc_portal.office import steps
from cppcc_portal.office.deadlines import Deadline
from cppcc_portal.office.paging import soonest
from cppcc_portal.office.turns import dated
from members.requests import MemberRequest
from proposals.models import Countersign, Handling
from proposals.steps import COUNTERSIGN_STEPS


def get_countersign(request: Any, pk: int) -> Countersign:
    """What is asked, or 404 for what this person may not know of."""
    return get_object_or_404(Countersign.objects.visible_to(request.user).with_names(), pk=pk)


def countersign(request: MemberRequest, pk: int) -> HttpResponse:
    """The draft as it was shown to the joint unit; then what it said."""
    row, user = get_countersign(request, pk), request.user
    turn = None
    if row.status == Countersign.Status.WAITING:
        clock = Deadline.objects.current(row, "countersign")
        turn = dated(
            str(row.handling.unit),
            _("看过答复稿后会签；到期未会签的，主办单位可以继续。"),
            row.due_on,
            timezone.localdate(),
            why=clock.explain() if clock else "",
            mine=row.handling.unit_id in user.body_ids,
        )
    own = row.handling.unit_id in user.body_ids
    context = {
        "row": row,
        "proposal": row.handling.proposal,
        "share_url": (row.handling if own else row.reply.handling).get_absolute_url(),
        "turn": turn,
        "buttons": steps.buttons(COUNTERSIGN_STEPS, row, user, row.get_absolute_url()),
        "changes": row.changes.select_related("by__person", "scan", "decision").order_by(
            "-at", "-pk"
        ),
    }
    return render(request, "desk/countersign.html", context)


def checks(request: MemberRequest) -> HttpResponse:
    """Replies that wait for the check, the most urgent first."""
    user, today = request.user, timezone.localdate()
    rows = Handling.objects.visible_to(user).to_check()
    if not user.has_perm("proposals.check_reply"):
        rows = rows.none()
    page = soonest(rows.select_related("unit", "proposal"), request, field="check_due_on")
    for share in page:
        share.late = share.check_due_on < today
    return render(request, "desk/checks.html", {"page": page})
