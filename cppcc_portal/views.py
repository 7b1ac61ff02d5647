"""The home page, which gathers from all apps, and the pages for what went wrong."""

import sys
from collections.abc import Iterator
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cppcc_portal import dashboards
from cppcc_portal.office import health
from cppcc_portal.office.notices import Notice
from cppcc_portal.office.requests import is_passing, unavailable
from cppcc_portal.office.visitors import PUBLIC
from cppcc_portal.office.workflow import NotAllowed
from cppcc_portal.waiting import MOST, tasks_of
from members.models import Unit
from proposals.forms import in_stage
from proposals.models import Handling, Proposal
from proposals.turns import turn_of
from proposals.views import may_start


def home(request: HttpRequest) -> HttpResponse:
    """My work: whose turn it is, what is due, most urgent first."""
    user, today = request.user, timezone.localdate()
    tasks = tasks_of(user, today)
    tiles = list(_tiles(user, today))
    context = {
        "tasks": tasks,
        "more_tasks": len(tasks) >= MOST,
        "mine": _mine(user, today),
        "unread": Notice.objects.unread_by(user).order_by("-created_at", "-pk")[:5],
        "can_write": may_start(user),
        "places": list(_places(user)),
        "late": _late(user, today),
        "tiles": tiles,
        "tiles_title": _tiles_title(user) if tiles else "",
        "warnings": health.warnings() if user.is_staff else [],
    }
    return render(request, "home.html", context)


def _mine(user: Any, today: date) -> list[Any]:
    """The latest proposals this person put or co-signed, each with whose turn it is."""
    in_hand = [Proposal.Status.DRAFT, Proposal.Status.COSIGNING, Proposal.Status.RETURNED]
    rows = Proposal.objects.visible_to(user).mine(user).exclude(status__in=in_hand)
    latest: list[Any] = list(rows.order_by("-pk").with_first_proposer().with_shares_at_work()[:5])
    for proposal in latest:
        proposal.turn = turn_of(proposal, user, today)
    return latest


def _sees_more(user: Any) -> bool:
    return any(
        user.has_perm(f"proposals.{right}")
        for right in ("view_proposal", "view_handed_over", "view_committee_proposals")
    )


def _tiles_title(user: Any) -> str:
    if user.has_perm("proposals.view_proposal"):
        return _("全区提案现况")
    if user.has_perm("proposals.view_handed_over"):
        return _("已交办提案现况")
    return _("本专委会委员提案现况")


def _tiles(user: Any, today: date) -> Iterator[dict[str, Any]]:
    """How many proposals stand where, for those who look after more than their own; each leads to its list."""
    if not _sees_more(user):
        return
    status = Proposal.Status
    wanted: dict[str, Any] = {
        "in_review": _("审查阶段"),
        "to_hand_over": _("待交办"),
        "in_handling": _("承办阶段"),
        "late": _("逾期未答复"),
        status.REPLIED.value: _("待评价"),
        status.TRACKING.value: _("跟踪落实"),
    }
    # Only what a tile counts: most proposals are closed, and need not be read for that.
    counted = reduce(or_, (in_stage(code, today) for code in wanted))
    figures = (
        Proposal.objects.visible_to(user)
        .filter(counted)
        .aggregate(**{f"n_{code}": Count("pk", filter=in_stage(code, today)) for code in wanted})
    )
    before_hand_over = {"in_review", "to_hand_over"}
    for code, label in wanted.items():
        figure = figures[f"n_{code}"]
        if code in before_hand_over and not figure and not user.has_perm("proposals.view_proposal"):
            continue
        url = f"{reverse('proposals:index')}?scope=all&status={code}"
        tone = "late" if code == "late" and figure else ""
        yield {"label": label, "figure": figure, "url": url, "tone": tone}


def _late(user: Any, today: date) -> list[Any]:
    """The shares that are late the longest, for those who look after all units."""
    if not (
        user.has_perm("proposals.view_handling") or user.has_perm("proposals.view_handed_over")
    ):
        return []
    shares = Handling.objects.visible_to(user).overdue(today).select_related("unit", "proposal")
    latest: list[Any] = list(shares.order_by("due_on", "pk")[:5])
    for handling in latest:
        handling.days_late = (today - handling.due_on).days
    return latest


def _places(user: Any) -> Iterator[dict[str, Any]]:
    """The other entrances this person has."""
    if user.is_staff:
        yield {"label": _("秘书处工作台"), "url": reverse("admin:index"), "main": True}
    if user.is_staff and dashboards.may_look(user):
        yield {"label": _("看板"), "url": reverse("dashboard:index"), "main": False}
    if user.body_ids & _unit_ids(user):
        yield {"label": _("承办工作台"), "url": reverse("desk:index"), "main": True}
    elif user.has_perm("proposals.view_handed_over"):
        yield {"label": _("各单位办理情况（按期限）"), "url": reverse("desk:index"), "main": False}
    if _sees_more(user):
        url = f"{reverse('proposals:index')}?scope=all"
        yield {"label": _("全部提案"), "url": url, "main": False}


def _unit_ids(user: Any) -> frozenset[int]:
    return frozenset(Unit.objects.filter(pk__in=user.body_ids).values_list("pk", flat=True))


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form is too old or comes from elsewhere; nothing was changed."""
    return render(request, "403_csrf.html", status=403)


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    # A refused step names its object for the log; people are told in the page's own words.
    message = "" if isinstance(exception, NotAllowed) else str(exception or "")[:200]
    return render(request, "403.html", {"message": message}, status=403)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    template = "public/404.html" if request.path_info.startswith(PUBLIC) else "404.html"
    return render(request, template, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    error = sys.exc_info()[1]
    if is_passing(error):  # before any view: the session could not be read
        return unavailable(request, error)
    return render(request, "500.html", status=500)
