"""What a member did, year by year; the chair sees the committee's members. Nobody is ranked."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from cppcc_portal.office.paging import latest
from members.models import DutyRecord, Membership
from members.requests import MemberRequest

MOST = 50  # members listed to choose from; more are found by name


def seats_seen(user: Any) -> Any:
    """The members in office whose records this person may look at, besides their own."""
    seats = Membership.objects.active().of_current_term().select_related("person", "sector")
    if user.has_perm("members.view_dutyrecord"):
        return seats
    return seats.filter(committee__in=user.chaired_ids) if user.chaired_ids else seats.none()


def index(request: MemberRequest) -> HttpResponse:
    """Duty records of one year by kind: one's own, or those of a member one may look at."""
    user, this_year = request.user, timezone.localdate().year
    others = seats_seen(user)
    wanted, words = request.GET.get("member", ""), request.GET.get("q", "").strip()[:60]
    chosen = others.filter(pk=int(wanted)).first() if _is_number(wanted) else None
    found = others.search(words) if words else others
    rows = DutyRecord.objects.visible_to(user).counted()
    rows = rows.filter(membership=chosen) if chosen else rows.filter(membership__in=user.seat_ids)
    years = {this_year, *(on.year for on in rows.dates("on", "year"))}
    year_asked = request.GET.get("year", "")
    year = int(year_asked) if year_asked in map(str, years) else this_year
    rows = rows.filter(on__year=year)
    keep = {"member": str(chosen.pk)} if chosen else {}
    kinds = rows.order_by().values("category__code", "category__name")
    category = request.GET.get("category", "")
    shown = rows.filter(category__code=category) if category else rows
    context: dict[str, Any] = {
        "page": latest(shown.select_related("category", "membership__person"), request),
        "categories": [
            {
                "label": kind["category__name"],
                "figure": kind["count"],
                "url": "?" + urlencode({**keep, "year": year, "category": kind["category__code"]}),
            }
            for kind in kinds.annotate(count=Count("pk")).order_by("category__order", "category")
        ],
        "category": category,
        "year": year,
        "years": [
            {
                "label": str(one),
                "url": "?" + urlencode({**keep, "year": one}),
                "current": one == year,
            }
            for one in sorted(years, reverse=True)
        ],
        "looks_on": bool(user.chaired_ids or user.has_perm("members.view_dutyrecord")),
        "has_seat": bool(user.seat_ids),
        "members": list(found.order_by("person__initials", "pk")[:MOST]) if not chosen else [],
        "words": words,
        "chosen": chosen,
    }
    return render(request, "duty/index.html", context)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18
