"""The look-back: candidates of a year, one look-back with its findings."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from cppcc_portal.office import parameters, steps
from cppcc_portal.office.deadlines import Deadline
from cppcc_portal.office.turns import Turn, dated
from feedback.actions.reminding import yearly_steps
from feedback.models import Adoption, LookBack, LookBackFinding, LookBackYear
from feedback.steps import FINDING_STEPS, LOOKBACK_STEPS
from members.requests import MemberRequest


def get_lookback(request: Any, pk: int) -> LookBack:
    """The look-back, or 404 for what this person may not know of."""
    rows = LookBack.objects.filter(
        pk__in=LookBack.objects.visible_to(request.user).values("pk")
    ).select_related("year", "topic__committee", "chosen_by__body")
    return get_object_or_404(rows, pk=pk)


def get_finding(request: Any, pk: int) -> LookBackFinding:
    """One line of a look-back: for who sees it, and for the unit it is about."""
    rows = LookBackFinding.objects.select_related(
        "look_back__year",
        "look_back__topic__committee",
        "recommendation__adoption__unit",
        "recommendation__document",
    )
    finding = get_object_or_404(rows, pk=pk)
    if not finding.is_seen_by(request.user):
        raise Http404
    return finding


def look_back_year(user: Any, year: int) -> int | None:
    """The latest year with look-backs that this person may look at; None where there is none."""
    seen = LookBack.objects.visible_to(user).filter(year__year__lte=year)
    latest: int | None = seen.order_by("-year__year").values_list("year__year", flat=True).first()
    return latest


def lookbacks(request: MemberRequest, year: int) -> HttpResponse:
    """Last year's key topics as candidates, with what speaks for each; how many are still to be chosen."""
    rows = LookBack.objects.visible_to(request.user).filter(year__year=year)
    user = request.user
    if not (user.has_perm("feedback.view_lookback") or user.chaired_ids or rows.exists()):
        raise PermissionDenied
    found: list[Any] = list(
        rows.select_related("topic__committee", "topic__plan", "year", "chosen_by__body")
    )
    open_items = _open_items([row.topic_id for row in found])
    for row in found:
        row.reasons = open_items.get(row.topic_id, {})
        row.weight = sum(row.reasons.values())
        row.buttons = steps.buttons(LOOKBACK_STEPS, row, user, row.get_absolute_url())
    found.sort(key=lambda row: -row.weight)
    chosen = LookBack.objects.filter(year__year=year, chosen_by__isnull=False).count()
    least = parameters.get("feedback.lookback_least")
    days = yearly_steps(year)[-1:]
    context = {
        "year": year,
        "rows": found,
        "chosen": chosen,
        "least": least,
        "most": parameters.get("feedback.lookback_most"),
        "until": days if chosen < least else [],
        "years": LookBackYear.objects.filter(look_backs__in=LookBack.objects.visible_to(user))
        .distinct()
        .values_list("year", flat=True),
    }
    return render(request, "feedback/lookbacks.html", context)


def _open_items(topics: list[int]) -> dict[int, dict[str, int]]:
    """What ranks a candidate: open, stalled, overdue and challenged recommendations of each topic."""
    today, status = timezone.localdate(), Adoption.Status
    path = "recommendation__document__session__topic"
    rows = (
        Adoption.objects.filter(**{f"{path}__in": topics})
        .order_by()
        .values(path)
        .annotate(
            open=Count("pk", filter=~Q(status__in=[status.VERIFIED, status.CLOSED])),
            stalled=Count("pk", filter=Q(status=status.STALLED)),
            overdue=Count("pk", filter=Q(status__in=Adoption.UNITS_TURN, due_on__lt=today)),
            challenged=Count("pk", filter=Q(challenges__gt=0)),
        )
    )
    names = ("open", "stalled", "overdue", "challenged")
    return {row[path]: {name: row[name] for name in names} for row in rows}


def turn_of(
    look_back: LookBack, findings: list[Any], user: Any, today: date, clock: Deadline | None
) -> Turn | None:
    """Whose turn it is on a look-back; `clock` is that of the units' own reports."""
    status, topic = LookBack.Status, look_back.topic
    chair, is_mine = str(_("%s主任") % topic.committee), topic.committee_id in user.chaired_ids
    office, in_office = str(_("秘书处办公室")), user.has_perm("feedback.select_lookback")
    match look_back.status:
        case status.CANDIDATE:
            until = yearly_steps(look_back.year.year)[-1:]
            what = _("提请主席会议决定是否选为回头看。")
            return dated(office, what, until[0] if until else None, today, mine=in_office)
        case status.SELECTED:
            return dated(chair, _("确定检查委员，开始检查。"), None, today, mine=is_mine)
        case status.CHECKING:
            silent = [row for row in findings if not row.unit_report]
            if silent:
                units = "、".join(dict.fromkeys(str(row.recommendation.lead) for row in silent))
                own = any(row.is_units_own(user) for row in silent)
                due_on, why = (clock.due_on, clock.explain()) if clock else (None, "")
                return dated(units, _("提交自查。"), due_on, today, why=why, mine=own)
            what = _("逐条登记检查结论，形成结论。")
            return dated(chair, what, None, today, mine=is_mine)
        case status.EVALUATED:
            return dated(office, _("报告主席会议。"), None, today, mine=in_office)
        case status.REPORTED:
            may_close = user.has_perm("feedback.close_lookback")
            return dated(str(_("秘书长")), _("结束回头看。"), None, today, mine=may_close)
    return None


def lookback(request: MemberRequest, pk: int) -> HttpResponse:
    """One look-back: who checks, each recommendation with the unit's own report beside the finding."""
    found = get_lookback(request, pk)
    user = request.user
    findings: list[Any] = list(
        found.findings.select_related(
            "look_back__topic__committee",
            "recommendation__lead",
            "recommendation__adoption__unit",
            "recommendation__document",
            "reported_by__person",
            "scan",
            "found_by__person",
        )
    )
    for finding in findings:
        base = f"/feedback/findings/{finding.pk}/"
        finding.buttons = steps.buttons(FINDING_STEPS, finding, user, base)
    clock = Deadline.objects.current(found, "lookback_self_report")
    clock = clock if clock and clock.is_open else None
    context = {
        "lookback": found,
        "topic": found.topic,
        "checkers": found.checkers.select_related("membership__person"),
        "findings": findings,
        "turn": turn_of(found, findings, user, timezone.localdate(), clock),
        "missing": found.missing("evaluate") if found.status == "checking" else [],
        "buttons": steps.buttons(LOOKBACK_STEPS, found, user, found.get_absolute_url()),
        "changes": found.changes.select_related("by__person", "scan", "decision").order_by(
            "-at", "-pk"
        ),
    }
    return render(request, "feedback/lookback.html", context)
