"""The desk's first page: what a unit has to answer, proposals and recommendations, by date."""

from datetime import date
from typing import Any

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cppcc_portal.office.columns import choice_of, query_of, take_choice
from cppcc_portal.office.paging import newest, soonest
from feedback.models import Adoption
from members.requests import MemberRequest
from proposals.columns import DESK_COLUMNS, lines_of, with_lines
from proposals.models import (
    Countersign,
    Handling,
    MeetingReport,
    OpinionDispatch,
    Proposal,
    SupervisionMeeting,
    UnitConsultation,
    UnitRequest,
)
from proposals.models.consultations import may_hand_over
from proposals.models.lights import Light, due_under
from proposals.turns import share_turn

MOST = 50  # recommendations on the first page; a unit has a handful


def index(request: MemberRequest) -> HttpResponse:
    """What this unit has to answer: open ones by date, then what is done."""
    user, today = request.user, timezone.localdate()
    choice = choice_of(user, "desk", DESK_COLUMNS)
    rows = Handling.objects.visible_to(user).select_related("unit", "proposal", "return_request")
    rows = with_lines(rows, choice).with_light(today)
    done, light = request.GET.get("done") == "1", request.GET.get("light", "")
    # A reply that is being checked stays in sight, though the unit has nothing to do.
    open_rows = rows.filter(status__in=[*Handling.OPEN, Handling.Status.CHECKING])
    if done:
        finished = [
            Handling.Status.REPLIED,
            Handling.Status.OPINION_GIVEN,
            Handling.Status.REHANDED,
            Handling.Status.ENDED,
        ]
        page = newest(rows.filter(status__in=finished), request)
    elif light in Light:
        page = soonest(rows.under(light, today), request)
    else:
        page = soonest(open_rows, request)
    for handling in page:
        handling.turn = share_turn(handling, user, today, clocks={})
        handling.lines = lines_of(handling, choice)
        handling.light_label = dict(Light.choices).get(handling.light, "")
    # The secretariat and the supervision office see all recommendations under their own heading.
    own = Adoption.objects.delegated_to(user) if user.body_ids else Adoption.objects.none()
    open_advice = own.open()
    advice = own.exclude(status__in=Adoption.UNITS_TURN) if done else open_advice
    shown: list[Any] = list(advice.with_names().order_by("due_on", "pk")[:MOST])
    for adoption in shown:
        adoption.late = adoption.is_overdue(today)
    opinions = opinions_of(user, today, done=done)
    waiting = opinions_of(user, today, done=False) if done else opinions
    context = {
        "page": page,
        "columns": choice,
        "query": request.GET.urlencode(),
        "done": done,
        "lit": light in Light,
        "advice": shown,
        "opinions": opinions,
        "many_units": user.has_perm("proposals.view_handling")
        or user.has_perm("proposals.view_handed_over")
        or len(user.body_ids) > 1,
        "tabs": [
            {
                "label": _("待办理"),
                "url": "?",
                "current": not done,
                "count": open_rows.count()
                + len(waiting)
                + (len(shown) if not done and len(shown) < MOST else open_advice.count()),
            },
            {"label": _("已完成"), "url": "?done=1", "current": done},
        ],
        "lights": [] if done else lights_of(user, today, light),
        "sees_sums": bool(user.body_ids)
        or user.has_perm("proposals.view_handed_over")
        or user.has_perm("proposals.view_evaluation"),
        "sees_advice": user.has_perm("feedback.view_adoption"),
        "to_check": Handling.objects.to_check().count()
        if user.has_perm("proposals.check_reply")
        else None,
        "to_countersign": list(
            Countersign.objects.waiting_for(user).with_names().order_by("due_on", "pk")[:MOST]
        )
        if user.body_ids and not done
        else [],
        "reports": reports_of(user, today) if not done else [],
        "sees_meetings": SupervisionMeeting.objects.visible_to(user).exists(),
        "to_decide": UnitRequest.objects.visible_to(user).undecided().count()
        if user.has_perm("proposals.decide_request")
        else None,
        "consulted": UnitConsultation.objects.visible_to(user).standing().unanswered().count(),
        "to_hand_over": Proposal.objects.filter(status__in=Proposal.NOT_HANDED_OVER).count()
        if may_hand_over(None, user)
        else None,
    }
    return render(request, "desk/index.html", context)


@require_POST
def columns(request: MemberRequest) -> HttpResponse:
    """Keep which lines the cards of the desk show."""
    take_choice(request, "desk", DESK_COLUMNS)
    return redirect(f"{reverse('desk:index')}{query_of(request, ('done', 'light'))}")


def lights_of(user: Any, today: date, chosen: str) -> list[dict[str, Any]]:
    """The shares by how near their day is: all, red, yellow, green, each with its figure; one query."""
    rows = Handling.objects.visible_to(user)
    lit = {light.value: Count("pk", filter=due_under(light, today)) for light in Light}
    counted = rows.open().aggregate(**lit)
    whole = {"label": _("全部"), "url": "?", "current": chosen not in Light}
    return [
        whole,
        *(
            {
                "label": light.label,
                "url": f"?light={light.value}",
                "current": chosen == light.value,
                "count": counted[light.value],
            }
            for light in Light
        ),
    ]


def opinions_of(user: Any, today: date, *, done: bool) -> list[Any]:
    """Public-opinion bulletins that this unit has to answer, or has read and answered."""
    if not user.body_ids:
        return []
    received = OpinionDispatch.objects.filter(unit__in=user.body_ids)
    waiting = received.unanswered()
    rows = received.exclude(pk__in=waiting.values("pk")) if done else waiting
    found: list[Any] = list(rows.select_related("bulletin__text", "unit").order_by("-pk")[:MOST])
    for dispatch in found:
        dispatch.late = dispatch.is_overdue(today)
    return found


def reports_of(user: Any, today: date) -> list[Any]:
    """How far this unit has come, to be told before supervision consultations."""
    rows = MeetingReport.objects.owed_by(user).with_names()
    found: list[Any] = list(rows.order_by("due_on", "pk")[:MOST])
    for report in found:
        report.late = report.due_on < today
    return found
