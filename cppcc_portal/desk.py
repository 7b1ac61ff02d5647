"""The desk's first page: what a unit has to answer, proposals and recommendations, by date."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cppcc_portal.office import audit
from cppcc_portal.office.columns import Choice, choice_of, query_of, take_choice
from cppcc_portal.office.kept_lists import came_back, filters_of, keep_filter, narrow_first
from cppcc_portal.office.paging import newest, soonest
from cppcc_portal.office.spreadsheets import table_response
from feedback.models import Adoption
from members.requests import MemberRequest
from proposals.columns import DESK_COLUMNS, desk_cells, desk_headings, lines_of, with_lines
from proposals.desk_lists import FILTERS, DeskFilterForm, chosen, lights_of, lit, to_acknowledge
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
from proposals.models.lights import Light
from proposals.turns import share_turn

MOST = 50  # recommendations on the first page; a unit has a handful


PAGE = "desk"
MOST_EXPORTED = 2000  # a unit's shares of many years
FINISHED = (
    Handling.Status.REPLIED,
    Handling.Status.OPINION_GIVEN,
    Handling.Status.REHANDED,
    Handling.Status.ENDED,
)


def _shares(request: MemberRequest, choice: Choice) -> Any:
    """What this person sees of shares, with what their lines show."""
    rows = Handling.objects.visible_to(request.user)
    return with_lines(rows.select_related("unit", "proposal", "return_request"), choice)


def _open(rows: Any) -> Any:
    # A reply that is being checked stays in sight, though the unit has nothing to do.
    return rows.filter(status__in=[*Handling.OPEN, Handling.Status.CHECKING])


@require_safe
def export(request: MemberRequest) -> HttpResponse:
    """The list as it is filtered, whole, as Excel or CSV."""
    choice = choice_of(request.user, PAGE, DESK_COLUMNS)
    rows = _shares(request, choice)
    done = request.GET.get("done") == "1"
    rows = rows.filter(status__in=FINISHED) if done else _open(rows)
    form, today = DeskFilterForm(request.GET), timezone.localdate()
    rows, _filtered = chosen(rows, form, today)
    if not done:
        rows, _light = lit(rows, form, today)
    found = list(rows.order_by("due_on", "pk")[: MOST_EXPORTED + 1])
    if len(found) > MOST_EXPORTED:
        return narrow_first(request, FILTERS, MOST_EXPORTED, reverse("desk:index"))
    audit.record("handling.export", by=request.user, fields={"rows": (None, len(found))})
    cells = (desk_cells(handling, choice) for handling in found)
    kind = request.GET.get("format", "")
    return table_response("handlings", kind, desk_headings(choice), cells)


@require_POST
def filters(request: MemberRequest) -> HttpResponse:
    """Keep the filters at hand under a name, or forget one."""
    return keep_filter(request, PAGE, FILTERS, reverse("desk:index"))


def index(request: MemberRequest) -> HttpResponse:
    """What this unit has to answer: open ones by date, then what is done."""
    if left := came_back(request, PAGE):
        return redirect(f"{request.path}?{left}")
    user, today = request.user, timezone.localdate()
    choice = choice_of(user, PAGE, DESK_COLUMNS)
    rows = _shares(request, choice).with_light(today)
    done = request.GET.get("done") == "1"
    open_rows = _open(rows)
    form = DeskFilterForm(request.GET)
    found, filtered = chosen(rows.filter(status__in=FINISHED) if done else open_rows, form, today)
    shown_rows, light = (found, "") if done else lit(found, form, today)
    page = newest(shown_rows, request) if done else soonest(shown_rows, request)
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
        **filters_of(request, PAGE, FILTERS, plain=("done",)),
        "page": page,
        "form": form,
        "filtered": filtered,
        "to_acknowledge": to_acknowledge(user).count() if user.body_ids and not done else 0,
        "columns": choice,
        "query": request.GET.urlencode(),
        "done": done,
        "lit": light,
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
        "lights": [] if done else lights_of(found, request.GET, today, light),
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
    return redirect(f"{reverse('desk:index')}{query_of(request, FILTERS)}")


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
