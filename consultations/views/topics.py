"""Topics: lists, the plan, writing one, one as a whole."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from consultations.actions import planning, topics
from consultations.forms import TopicForm
from consultations.models import AnnualPlan, Session, Topic
from consultations.models.rights import is_proposer
from consultations.steps import PLAN_STEPS, TOPIC_STEPS
from consultations.turns import turn_of_topic
from cppcc_portal.office import files, steps
from cppcc_portal.office.deadlines import Deadline, long_date
from cppcc_portal.office.paging import latest, newest
from members.models import Membership
from members.requests import MemberRequest


def get_topic(request: Any, pk: int) -> Topic:
    """The topic, or 404 for what this person may not know of."""
    rows = Topic.objects.visible_to(request.user).with_names()
    return get_object_or_404(
        rows.select_related("approval__body", "decline_reason", "entered_by__person"), pk=pk
    )


SCOPES = ("sessions", "mine", "committee", "plan")


def index(request: MemberRequest) -> HttpResponse:
    """What one is invited to, what one has proposed, what one's committee runs, what the plan holds."""
    user, today = request.user, timezone.localdate()
    runs = bool(user.body_ids) or user.has_perm("consultations.view_topic")
    labels = {
        "sessions": _("协商活动"),
        "mine": _("我提的议题"),
        **({"committee": _("承办的议题")} if runs else {}),
        "plan": _("今年的计划"),
    }
    scope = request.GET.get("scope", "")
    if scope not in labels:
        scope = "committee" if runs and not user.has_perm("proposals.add_proposal") else "sessions"
    context: dict[str, Any] = {"scope": scope, "can_propose": may_propose(user)}
    if scope == "sessions":
        rows = Session.objects.visible_to(user).with_names()
        page = latest(rows, request, field="gathering__starts_at")
        own = own_answers(user, [session.gathering_id for session in page])
        for session in page:
            session.own = own.get(session.gathering_id)
    else:
        page = newest(_topics(scope, user, today).with_names(), request)
        for topic in page:
            topic.turn = turn_of_topic(topic, user, today)
    context["page"] = page
    context["year"] = today.year
    may_plan = user.has_perm("consultations.plan_topics")
    context["may_open"] = next_year_to_open(today) if may_plan else None
    context["tabs"] = [
        {"label": label, "url": f"?scope={name}", "current": name == scope}
        for name, label in labels.items()
    ]
    return render(request, "consultations/index.html", context)


def _topics(scope: str, user: Any, today: date) -> Any:
    rows = Topic.objects.visible_to(user)
    if scope == "mine":
        return rows.proposed_by(user)
    if scope == "plan":
        return rows.filter(plan__year=today.year)
    if user.has_perm("consultations.view_topic"):
        return rows
    return rows.of_committees(user.body_ids)


def own_answers(user: Any, gatherings: list[int]) -> dict[int, Any]:
    """This person's own invitations to these gatherings."""
    person = getattr(user, "person", None)
    if person is None:
        return {}
    own = person.invitations.filter(gathering__in=gatherings)
    return {invitation.gathering_id: invitation for invitation in own}


def get_plan(request: Any, year: int) -> AnnualPlan:
    """The plan of a year; before it is issued for the office and leaders only."""
    if not request.user.has_perm("consultations.read_plan"):
        raise PermissionDenied
    found = get_object_or_404(AnnualPlan.objects.select_related("approval__body"), year=year)
    shown = (AnnualPlan.Status.ISSUED, AnnualPlan.Status.CLOSED)
    if found.status not in shown and not request.user.has_perm("consultations.view_annualplan"):
        raise Http404
    return found


@require_POST
def open_year(request: MemberRequest) -> HttpResponse:
    """Begin the plan of the coming year, or of this one where there is none yet."""
    today = timezone.localdate()
    year = next_year_to_open(today) or today.year + 1
    return redirect(planning.open_year(year, by=request.user))


def next_year_to_open(today: date) -> int | None:
    """This year or the coming one, whichever has no plan yet; None where both have."""
    years = set(AnnualPlan.objects.values_list("year", flat=True))
    return next((year for year in (today.year, today.year + 1) if year not in years), None)


def plan(request: MemberRequest, year: int) -> HttpResponse:
    """The plan of a year: its rows with their states, and the decisions on which it rests."""
    found = get_plan(request, year)
    rows = Topic.objects.visible_to(request.user).filter(plan=found)
    context = {
        "plan": found,
        "rows": rows.with_names().order_by("number"),
        "steps": found.steps.select_related("body", "decision__body"),
        "changes": found.changes.select_related("by__person", "scan", "decision__body").order_by(
            "-at", "-pk"
        )
        if request.user.has_perm("consultations.plan_topics")
        else [],
        "years": AnnualPlan.objects.values_list("year", flat=True),
        "buttons": steps.buttons(PLAN_STEPS, found, request.user, found.get_absolute_url()),
        "may_open": next_year_to_open(timezone.localdate())
        if request.user.has_perm("consultations.plan_topics")
        else None,
    }
    return render(request, "consultations/plan.html", context)


def may_propose(user: Any) -> bool:
    """A member in office, or staff who enter what others propose."""
    seats = Membership.objects.active().of_current_term()
    return seats.filter(pk__in=user.seat_ids).exists() or (
        not user.seat_ids and user.has_perm("consultations.add_topic")
    )


@require_POST
def new(request: MemberRequest) -> HttpResponse:
    """Open an empty draft; one that was begun and left empty is taken up again."""
    user = request.user
    seats = Membership.objects.active().of_current_term().filter(pk__in=user.seat_ids)
    seat = seats.first()
    empty = Topic.objects.filter(
        status=Topic.Status.DRAFT,
        entered_by=user,
        proposer=seat,
        title="",
        background="",
        suggestion="",
    )
    topic = empty.first() or topics.start_topic(by=user, membership=seat)
    return redirect("consultations:edit", topic.pk)


def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Write: saved by itself and by the button; two windows lose nothing."""
    topic = get_topic(request, pk)
    if not is_proposer(topic, request.user):
        raise PermissionDenied
    if topic.status not in Topic.WRITING:
        messages.info(request, _("议题目前是“%s”，不能修改文字。") % topic.get_status_display())
        return redirect(topic)
    posted = request.method == "POST"
    form = TopicForm(request.POST if posted else None, instance=topic)
    theirs = None
    if posted and form.is_valid():
        try:
            topics.save_topic(get_topic(request, pk), by=request.user, **form.kept())
        except topics.TopicConflict as conflict:
            theirs = conflict.topic
        else:
            if "submit" in request.POST:
                return redirect("consultations:submit", pk)
            messages.success(request, _("草稿已保存。"))
            return redirect("consultations:edit", pk)
    context = {
        "topic": topic,
        "form": form,
        "version": theirs.version if theirs else topic.version,
        "saved_at": topic.saved_at,
        "theirs": theirs,
        "last_return": topic.changes.filter(verb="return_").last(),
        "page_has_errors": bool(form.errors or theirs),
    }
    return render(request, "consultations/edit.html", context, status=409 if theirs else 200)


@require_POST
def save_draft(request: MemberRequest, pk: int) -> HttpResponse:
    """Autosave of the topic being written; answers in JSON."""
    topic = get_topic(request, pk)
    form = TopicForm(request.POST, instance=topic)
    if not form.is_valid():
        reasons = [str(error) for errors in form.errors.values() for error in errors]
        return JsonResponse({"message": _("没有保存：%s") % "".join(reasons)}, status=400)
    try:
        saved = topics.save_topic(get_topic(request, pk), by=request.user, **form.kept())
    except topics.TopicConflict as conflict:
        theirs = conflict.topic
        parts = {name: getattr(theirs, name) for name in ("title", "background", "suggestion")}
        told = _("另一个窗口也修改了这份草稿，两份文字都已保留。")
        return JsonResponse(
            {"version": theirs.version, "theirs": parts, "message": told}, status=409
        )
    saved_at = timezone.localtime(saved.saved_at)
    return JsonResponse({"version": saved.version, "saved_at": f"{saved_at:%H:%M}"})


def submit(request: MemberRequest, pk: int) -> HttpResponse:
    """A last look at the whole text, then hand it to the office."""
    topic = get_topic(request, pk)
    topic.require("submit", by=request.user)
    missing = topic.missing("submit")
    if request.method == "POST" and not missing:
        topics.submit(topic, by=request.user)
        clock = Deadline.objects.current(topic, "topic_screening")
        until = long_date(clock.due_on) if clock else ""
        messages.success(request, _("议题已提交。办公室在 %s 前审核，结果会用消息通知您。") % until)
        return redirect(topic)
    return render(request, "consultations/submit.html", {"topic": topic, "missing": missing})


def topic(request: MemberRequest, pk: int) -> HttpResponse:
    """One topic: whose turn it is, the text, the criteria, the plan, research and sessions, history."""
    found = get_topic(request, pk)
    user, today = request.user, timezone.localdate()
    research = getattr(found, "research", None)
    sessions = list(Session.objects.visible_to(user).filter(topic=found).with_names())
    inside = user.has_perm("consultations.view_topic") or found.committee_id in user.body_ids
    changes = found.changes.select_related("by__person", "scan", "decision").order_by("-at", "-pk")
    context = {
        "topic": found,
        "turn": turn_of_topic(found, user, today, clock=_clock(found), sessions=sessions),
        "research": research if inside else None,
        "sessions": sessions,
        "inside": inside,
        "is_proposer": is_proposer(found, user),
        "can": [verb for verb, _move in found.open_moves(user)],
        "buttons": steps.buttons(TOPIC_STEPS, found, user, found.get_absolute_url()),
        "files": files.for_subject(found),
        "changes": changes,
    }
    return render(request, "consultations/topic.html", context)


def _clock(topic: Topic) -> Deadline | None:
    if topic.status != Topic.Status.PROPOSED:
        return None
    return Deadline.objects.current(topic, "topic_screening")
