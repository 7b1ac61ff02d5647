"""Pages of awards: excellent proposals and advanced units of each plenary year."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from cppcc_portal.office import steps
from cppcc_portal.office.paging import newest
from members.models import Plenary
from members.requests import MemberRequest
from proposals.key_steps import AWARD_STEPS
from proposals.models import Award, Proposal


def get_award(request: Any, pk: int) -> Award:
    """For the office and leaders, who sees the proposal, and the unit itself; others get 404."""
    user = request.user
    rows = Award.objects.select_related("proposal", "unit", "plenary__term", "decision__body")
    if not user.has_perm("proposals.view_award"):
        seen = Proposal.objects.visible_to(user).values("pk")
        rows = rows.filter(Q(proposal__in=seen) | Q(unit__in=user.body_ids))
    return get_object_or_404(rows, pk=pk)


def awards(request: MemberRequest) -> HttpResponse:
    """Who was named in a plenary year, the latest first."""
    if not request.user.has_perm("proposals.view_award"):
        raise PermissionDenied
    plenaries = list(Plenary.objects.filter(awards__isnull=False).distinct().select_related("term"))
    wanted = request.GET.get("plenary", "")
    chosen = next((one for one in plenaries if str(one.pk) == wanted), None)
    rows = Award.objects.select_related("proposal", "unit", "plenary__term", "decision__body")
    if chosen is not None:
        rows = rows.filter(plenary=chosen)
    tabs = [{"label": _("全部"), "url": "?", "current": chosen is None}]
    tabs += [
        {"label": str(one), "url": f"?plenary={one.pk}", "current": one == chosen}
        for one in plenaries
    ]
    context = {"page": newest(rows, request), "tabs": tabs if plenaries else []}
    return render(request, "proposals/awards.html", context)


def award(request: MemberRequest, pk: int) -> HttpResponse:
    """One award: to whom, for which year, by which decision."""
    given = get_award(request, pk)
    user = request.user
    context = {
        "award": given,
        "buttons": steps.buttons(AWARD_STEPS, given, user, given.get_absolute_url()),
        "changes": given.changes.select_related("by__person", "scan", "decision__body").order_by(
            "-at", "-pk"
        ),
    }
    return render(request, "proposals/award.html", context)
