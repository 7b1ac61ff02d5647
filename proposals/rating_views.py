"""Sums of ratings, for the units themselves and for who supervises them; never a single one."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from members.models import Plenary, Unit
from members.requests import MemberRequest
from proposals.rating_sums import sums


def ratings(request: MemberRequest) -> HttpResponse:
    """By plenary: each unit sees its own sums, the supervision office, the secretariat and leaders all of them."""
    user = request.user
    sees_all = user.has_perm("proposals.view_handed_over") or user.has_perm(
        "proposals.view_evaluation"
    )
    own = Unit.objects.filter(pk__in=user.body_ids)
    if not sees_all and not own.exists():
        raise PermissionDenied
    plenaries = list(Plenary.objects.select_related("term").order_by("-opens_on")[:10])
    asked = request.GET.get("plenary", "")
    chosen = next((one for one in plenaries if str(one.pk) == asked), None)
    chosen = chosen or next(iter(plenaries), None)
    units = None if sees_all else own.values_list("pk", flat=True)
    found = sums(chosen, timezone.localdate(), units=units) if chosen else []
    context = {
        "tabs": [
            {"label": str(one), "url": f"?plenary={one.pk}", "current": one == chosen}
            for one in plenaries
        ],
        "sums": found,
        "sees_all": sees_all,
    }
    return render(request, "desk/ratings.html", context)
