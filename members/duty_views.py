"""What a member did, year by year; the chair sees the committee's members. Nobody is ranked."""

from collections import Counter
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from cppcc_portal.office.paging import newest
from members.models import DutyRecord, Membership
from members.requests import MemberRequest


def index(request: MemberRequest) -> HttpResponse:
    """One's own duty records of a year by category; for a chair those of a chosen member."""
    user = request.user
    seen = DutyRecord.objects.visible_to(user).counted()
    others = _others(user)
    wanted = request.GET.get("member", "")
    chosen = next((seat for seat in others if str(seat.pk) == wanted), None)
    own = seen.filter(membership=chosen) if chosen else seen.filter(membership__in=user.seat_ids)
    this_year = timezone.localdate().year
    year = request.GET.get("year", "")
    year_number = int(year) if year.isdigit() and len(year) == 4 else this_year
    rows = own.filter(on__year=year_number)
    by_category = Counter(rows.values_list("category__name", flat=True))
    context: dict[str, Any] = {
        "page": newest(rows.select_related("category", "membership__person"), request),
        "categories": [
            {"label": name, "figure": count} for name, count in sorted(by_category.items())
        ],
        "year": year_number,
        "years": sorted({this_year, *(on.year for on in own.dates("on", "year"))}, reverse=True),
        "members": others,
        "chosen": chosen,
    }
    return render(request, "duty/index.html", context)


def _others(user: Any) -> list[Membership]:
    """The members of the committees this person chairs."""
    if not user.chaired_ids:
        return []
    seats = Membership.objects.active().of_current_term().filter(committee__in=user.chaired_ids)
    return list(seats.select_related("person").order_by("person__initials", "pk"))
