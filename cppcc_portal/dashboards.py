"""The dashboard of a committee: six figures, each with its formula, each opening exactly its rows.

Figure and list ask the same rows: what is counted is what is shown, by construction.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Case, CharField, Count, F, QuerySet, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.models import Recommendation, Session, Topic
from cppcc_portal.office.paging import newest
from feedback.models import Adoption
from members.models import Committee, DutyRecord, Gathering, Membership, Sector


class Scope:
    """Which committees are looked at, on which day; asked once for all figures."""

    def __init__(self, committees: Sequence[Committee], today: date) -> None:
        self.committees = list(committees)
        self.today = today

    @cached_property
    def pks(self) -> list[int]:
        return [committee.pk for committee in self.committees]


# Rows of each figure ---------------------------------------------------------------------------


def plan_rows(scope: Scope) -> QuerySet[Any]:
    """The rows of this year's plan, whatever became of them."""
    rows = Topic.objects.filter(committee__in=scope.pks, plan__year=scope.today.year)
    return rows.with_names().annotate(part=F("status"))


def sessions(scope: Scope) -> QuerySet[Any]:
    """Sessions of this calendar month that were not called off."""
    return (
        Session.objects.filter(
            topic__committee__in=scope.pks,
            gathering__starts_at__year=scope.today.year,
            gathering__starts_at__month=scope.today.month,
        )
        .exclude(status=Session.Status.CANCELLED)
        .with_names()
        .annotate(part=F("status"))
    )


def recommendations(scope: Scope) -> QuerySet[Any]:
    """Recommendations sent this year, by what their units decided."""
    part = Case(
        When(adoption__conclusion__gt="", then=F("adoption__conclusion")),
        default=Value(UNANSWERED),
        output_field=CharField(),
    )
    sent = Recommendation.objects.filter(
        document__session__topic__committee__in=scope.pks,
        document__submitted_on__year=scope.today.year,
    ).exclude(status=Recommendation.Status.DRAFT)
    return sent.select_related("document", "lead", "adoption").annotate(part=part)


def overdue(scope: Scope) -> QuerySet[Any]:
    """Recommendations whose unit must act and whose date has passed (computed, never stored)."""
    late = Adoption.objects.overdue(scope.today)
    rows = late.filter(recommendation__document__session__topic__committee__in=scope.pks)
    return rows.with_names().annotate(part=F("status"))


def without_duty(scope: Scope) -> QuerySet[Any]:
    """Members in office of the committee without a counted duty record this year."""
    year = DutyRecord.objects.counted().filter(on__year=scope.today.year, on__lte=scope.today)
    seats = Membership.objects.active().of_current_term().filter(committee__in=scope.pks)
    rows = seats.exclude(pk__in=year.values("membership"))
    return rows.select_related("person", "sector", "committee").annotate(
        part=Case(When(is_standing=True, then=Value("standing")), default=Value("member"))
    )


def without_service(scope: Scope) -> QuerySet[Any]:
    """Sectors linked to the committee without a verified service activity this year."""
    counted = Gathering.objects.counted_in(scope.today.year)
    linked = Sector.objects.filter(
        linked_committee__in=scope.pks, term__is_current=True, active=True
    )
    rows = linked.exclude(pk__in=counted.values("sectors"))
    return rows.select_related("linked_committee").annotate(part=Value("sector"))


# What a list shows of a row --------------------------------------------------------------------

UNANSWERED = "unanswered"


@dataclass(frozen=True)
class Line:
    """One row of a list: where it leads, what it is, and a few facts."""

    title: str
    url: str
    facts: tuple[str, ...]


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def topic_line(topic: Any) -> Line:
    month = str(_("%d月") % topic.month) if topic.month else ""
    facts = (str(topic.get_status_display()), str(topic.form or ""), month)
    title = f"{topic.number}. {topic}" if topic.number else str(topic)
    return Line(title, topic.get_absolute_url(), facts)


def session_line(session: Any) -> Line:
    starts = timezone.localtime(session.gathering.starts_at)
    facts = (
        str(session.get_status_display()),
        starts.strftime("%Y-%m-%d %H:%M"),
        session.gathering.place,
    )
    return Line(str(session), session.get_absolute_url(), facts)


def recommendation_line(recommendation: Any) -> Line:
    adoption = getattr(recommendation, "adoption", None)
    conclusion = adoption.get_conclusion_display() if adoption and adoption.conclusion else ""
    facts = (
        str(conclusion or _("尚未答复")),
        str(recommendation.lead),
        recommendation.document.document_number,
    )
    url = adoption.get_absolute_url() if adoption else recommendation.document.get_absolute_url()
    return Line(str(recommendation), url, facts)


def adoption_line(adoption: Any) -> Line:
    facts = (
        str(adoption.get_status_display()),
        str(adoption.unit),
        str(_("期限 %s") % _day(adoption.due_on)),
    )
    return Line(str(adoption), adoption.get_absolute_url(), facts)


def seat_line(seat: Any) -> Line:
    facts = (str(seat.sector or ""), seat.person.workplace)
    return Line(seat.person.name, f"{reverse('duty:index')}?member={seat.pk}", facts)


def sector_line(sector: Any) -> Line:
    return Line(str(sector), "", (str(sector.linked_committee or ""),))


# The figures -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Figure:
    """One figure: what it is called, how it is reckoned, its rows, and into what parts they fall."""

    code: str
    label: Any
    formula: Any
    rows: Callable[[Scope], QuerySet[Any]]
    line: Callable[[Any], Line]
    parts: tuple[tuple[str, Any], ...] = ()
    late: bool = False

    def url(self, scope_query: str = "", part: str = "") -> str:
        address = reverse("dashboard:rows", args=[self.code])
        query = "&".join(word for word in (scope_query, f"part={part}" if part else "") if word)
        return f"{address}?{query}" if query else address


FIGURES = {
    figure.code: figure
    for figure in (
        Figure(
            "plan",
            gettext_lazy("今年计划议题"),
            gettext_lazy("本年度协商计划中由本专委会承办的议题数，按当前状态分列。"),
            plan_rows,
            topic_line,
            tuple(Topic.Status.choices),
        ),
        Figure(
            "sessions",
            gettext_lazy("本月协商活动"),
            gettext_lazy("开始时间在本月、没有取消的协商活动数，按当前状态分列。"),
            sessions,
            session_line,
            tuple(Session.Status.choices),
        ),
        Figure(
            "recommendations",
            gettext_lazy("今年报送的意见建议"),
            gettext_lazy("今年随协商成果报送的意见建议条数，按承办单位的采纳结论分列。"),
            recommendations,
            recommendation_line,
            (*Adoption.Conclusion.choices, (UNANSWERED, gettext_lazy("尚未答复"))),
        ),
        Figure(
            "overdue",
            gettext_lazy("逾期未办的意见建议"),
            gettext_lazy("轮到承办单位办理、期限早于今天的意见建议条数。"),
            overdue,
            adoption_line,
            tuple(Adoption.Status.choices),
            late=True,
        ),
        Figure(
            "without_duty",
            gettext_lazy("今年没有履职记录的委员"),
            gettext_lazy("本专委会在任委员中，今年没有一条有效履职记录的人数。"),
            without_duty,
            seat_line,
            (("standing", gettext_lazy("常委")), ("member", gettext_lazy("委员"))),
        ),
        Figure(
            "without_service",
            gettext_lazy("今年没有服务活动的界别"),
            gettext_lazy("本专委会联系的界别中，今年没有一次经核实的服务为民活动的界别数。"),
            without_service,
            sector_line,
        ),
    )
}


def _scope(request: HttpRequest) -> tuple[Scope, str, list[Committee]]:
    """What this person may look at: their own committees; the office and leaders any, or all together."""
    user: Any = request.user
    known = Committee.objects.filter(term__is_current=True, active=True)
    if not user.has_perm("consultations.view_topic"):
        known = known.filter(pk__in=user.chaired_ids)
    allowed = list(known)
    if not allowed:
        raise PermissionDenied(_("看板供专委会主任、秘书长和政协领导使用。"))
    wanted = request.GET.get("committee", "")
    chosen = [committee for committee in allowed if str(committee.pk) == wanted]
    if wanted and not chosen:
        raise Http404
    query = f"committee={wanted}" if wanted else ""
    return Scope(chosen or allowed, timezone.localdate()), query, allowed


def index(request: HttpRequest) -> HttpResponse:
    """Six figures with formula and moment; each opens its rows."""
    scope, query, allowed = _scope(request)
    shown = []
    for figure in FIGURES.values():
        counted = _by_part(figure, scope)
        labels = dict(figure.parts)
        shown.append(
            {
                "figure": figure,
                "count": sum(counted.values()),
                "url": figure.url(query),
                "parts": [
                    {"label": labels[part], "count": counted[part], "url": figure.url(query, part)}
                    for part in labels
                    if counted.get(part)
                ],
            }
        )
    return render(
        request,
        "dashboard/index.html",
        {
            "figures": shown,
            "as_of": timezone.localtime(),
            "committees": allowed if len(allowed) > 1 else [],
            "chosen": scope.committees[0] if len(scope.committees) == 1 else None,
        },
    )


def _by_part(figure: Figure, scope: Scope) -> dict[str, int]:
    rows = figure.rows(scope).order_by().values("part").annotate(n=Count("pk", distinct=True))
    return {row["part"]: row["n"] for row in rows}


def rows(request: HttpRequest, code: str) -> HttpResponse:
    """Exactly the rows that a figure counts, or one of its parts."""
    figure = FIGURES.get(code)
    if figure is None:
        raise Http404
    scope, query, _allowed = _scope(request)
    found = figure.rows(scope)
    part = request.GET.get("part", "")
    labels = dict(figure.parts)
    if part:
        if part not in labels:
            raise Http404
        found = found.filter(part=part)
    page = newest(found, request)
    return render(
        request,
        "dashboard/rows.html",
        {
            "figure": figure,
            "part": labels.get(part, ""),
            "page": page,
            "lines": [figure.line(row) for row in page],
            "count": found.count(),
            "as_of": timezone.localtime(),
            "back_url": f"{reverse('dashboard:index')}{f'?{query}' if query else ''}",
        },
    )


def may_look(user: Any) -> bool:
    """Whether this person has a dashboard."""
    return bool(user.chaired_ids) or user.has_perm("consultations.view_topic")
