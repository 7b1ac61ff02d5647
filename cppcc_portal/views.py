"""The home page, which gathers from all apps, and the pages for what went wrong."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import Case, Count, Prefetch, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cppcc_portal import dashboards
from cppcc_portal.office import health
from cppcc_portal.office.deadlines import long_date
from cppcc_portal.office.notices import Notice
from cppcc_portal.office.requests import is_passing, unavailable
from cppcc_portal.office.workflow import NotAllowed
from members.models import Unit
from proposals.forms import in_stage
from proposals.models import Evaluation, Handling, Proposal, Proposer
from proposals.turns import share_turn, turn_of
from proposals.views import may_start

MOST = 10  # of each kind of task on the home page


@dataclass(frozen=True)
class Task:
    """Something that waits for this person: what it is, what to do, where, by when."""

    label: Any
    title: str
    url: str
    what: str = ""
    due_on: date | None = None
    overdue: bool = False
    days_left: int | None = None


def task(
    label: Any, title: Any, url: str, what: str, today: date, due_on: date | None = None
) -> Task:
    left = (due_on - today).days if due_on else None
    late = left is not None and left < 0
    return Task(label, str(title), url, what, due_on, late, None if late else left)


def home(request: HttpRequest) -> HttpResponse:
    """My work: whose turn it is, what is due, most urgent first."""
    user, today = request.user, timezone.localdate()
    tasks = [*_cosigning(user, today), *_rating(user, today), *_desk(user, today)]
    tasks.sort(key=lambda task: task.due_on or date.max)
    tasks += _writing(user, today)  # what others wait for comes first
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


def _writing(user: Any, today: date) -> Iterator[Task]:
    """Drafts and returned texts: only their author goes on with them."""
    status = Proposal.Status
    open_texts = Proposal.objects.filter(
        status__in=[status.DRAFT, status.COSIGNING, status.RETURNED],
        proposers__order=0,
        proposers__membership__in=user.seat_ids,
    ).select_related("draft")
    own_step_first = Case(
        When(status=status.RETURNED, then=0), When(status=status.DRAFT, then=1), default=2
    )
    for proposal in open_texts.order_by(own_step_first, "-pk")[:MOST]:
        label, title = proposal.get_status_display(), proposal
        if proposal.status == status.COSIGNING:
            what = _("等受邀委员答复；随时可以提交。")
            url = proposal.get_absolute_url()
            yield task(label, title, url, what, today, proposal.cosign_until)
            continue
        what = _("按办公室的说明修改后再提交。")
        if proposal.status == status.DRAFT:
            saved_on = timezone.localtime(proposal.draft.saved_at).date()
            what = _("上次保存 %s，可以接着写。") % long_date(saved_on)
        yield task(label, title, reverse("proposals:edit", args=[proposal.pk]), what, today)


def _cosigning(user: Any, today: date) -> Iterator[Task]:
    waiting = Proposer.objects.waiting_for(user).order_by("proposal__cosign_until", "pk")[:MOST]
    invitations = waiting.prefetch_related(
        Prefetch("proposal", Proposal.objects.with_first_proposer())
    )
    for invitation in invitations:
        proposal = invitation.proposal
        first = proposal.first_proposer
        what = _("%s 请您看全文，决定是否联名。") % (first.name if first else "")
        url = reverse("proposals:agree", args=[proposal.pk])
        yield task(_("邀请联名"), proposal, url, what, today, proposal.cosign_until)


def _rating(user: Any, today: date) -> Iterator[Task]:
    waiting = Evaluation.objects.waiting_for(user).select_related(
        "reply__handling__proposal", "reply__handling__unit"
    )
    for evaluation in waiting.order_by("due_on", "pk")[:MOST]:
        handling = evaluation.reply.handling
        what = _("%s 已答复，请看答复并评价。") % handling.unit
        url = evaluation.get_absolute_url()
        yield task(_("评价答复"), handling.proposal, url, what, today, evaluation.due_on)


def _desk(user: Any, today: date) -> Iterator[Task]:
    if not user.body_ids:
        return
    shares = Handling.objects.filter(unit__in=user.body_ids).open()
    for handling in shares.select_related("proposal", "unit").order_by("due_on", "pk")[:MOST]:
        turn = share_turn(handling, user, today, clocks={})
        title = f"{handling.proposal.label} {handling.proposal}"
        what = f"{handling.get_role_display()}：{turn.what}" if turn else ""
        due_on = turn.due_on if turn else handling.due_on
        label, url = handling.get_status_display(), handling.get_absolute_url()
        yield task(label, title, url, what, today, due_on)


def _mine(user: Any, today: date) -> list[Any]:
    """The latest proposals this person put or co-signed, each with whose turn it is."""
    in_hand = [Proposal.Status.DRAFT, Proposal.Status.COSIGNING, Proposal.Status.RETURNED]
    rows = Proposal.objects.visible_to(user).mine(user).exclude(status__in=in_hand)
    latest: list[Any] = list(rows.order_by("-pk").with_first_proposer().with_handlings()[:5])
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
        status.FILED.value: _("待交办"),
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
    before_hand_over = {"in_review", status.FILED.value}
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
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    error = sys.exc_info()[1]
    if is_passing(error):  # before any view: the session could not be read
        return unavailable(request, error)
    return render(request, "500.html", status=500)
