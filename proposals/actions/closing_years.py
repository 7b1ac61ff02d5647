"""年结: a plenary year is closed once everything of it is settled, and opened again only by name."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from cppcc_portal.office import audit, parameters
from cppcc_portal.office.decisions import Decision
from cppcc_portal.office.workflow import NotAllowed, NotReady
from members.models import Plenary, User
from proposals.models import ClosedYear, ClosedYearChange, Proposal

# What the year still has to settle: under review, with the proposers, or with units.
UNSETTLED = (
    *Proposal.UNDER_REVIEW,
    Proposal.Status.RETURNED,
    *Proposal.NOT_HANDED_OVER,
    *Proposal.WITH_UNITS,
    Proposal.Status.REPLIED,
)
TO_ARCHIVE = (Proposal.Status.CLOSED, Proposal.Status.TRACKING)


def lacking_to_close(plenary: Plenary, *, at: datetime) -> list[str]:
    """What still stands against closing this year, in the words shown to people."""
    reasons = []
    rows = Proposal.objects.filter(plenary=plenary)
    if unsettled := rows.filter(status__in=UNSETTLED).count():
        told = _("还有 %s 件提案没有办结，请先办完；名单见“按年度归档”和提案列表。")
        reasons.append(told % unsettled)
    waiting = rows.filter(status__in=TO_ARCHIVE).count()
    if waiting and not parameters.get("proposals.archive_after_year_closed"):
        told = _("还有 %s 件已办结的提案没有归档，请先归档；也可以在设置里允许年结后继续归档。")
        reasons.append(told % waiting)
    # Until the next call has begun, whatever is handed in still belongs to this year.
    later = Plenary.objects.filter(submission_from__lte=at).filter(
        Q(term=plenary.term, number__gt=plenary.number) | Q(term__number__gt=plenary.term.number)
    )
    if not later.exists():
        reasons.append(
            _(
                "下一次全体会议的提案征集还没有开始，新提交的提案仍归入本年度；请在征集开始后再年结。"
            )
        )
    return reasons


@transaction.atomic
def close_year(
    plenary: Plenary,
    *,
    by: User,
    note: str = "",
    decision: Decision | None = None,
    at: datetime | None = None,
) -> ClosedYear:
    """Close the year: from now on nothing of its proposals is changed."""
    at = at or timezone.now()
    # Held: whoever files or archives at the same moment comes before or after, never in between.
    held = Plenary.objects.select_for_update(of=("self",)).select_related("term").get(pk=plenary.pk)
    year = ClosedYear.objects.select_for_update().filter(plenary=held).first()
    if year is None:
        year = ClosedYear(plenary=held, closed_at=at, decision=decision)
        if not by.is_active or not by.has_perm("proposals.archive_proposal"):
            raise NotAllowed(year, "close")
        _require_settled(year, held, at=at)
        year.save(force_insert=True)
        ClosedYearChange.objects.create(
            subject=year,
            verb="close",
            old="",
            new=ClosedYear.Status.CLOSED,
            by=by,
            note=note.strip(),
            decision=decision,
            at=at,
        )
        audit.record("closedyear.close", year, by=by, fields={"status": ["", year.status]})
        return year
    year.require("close", by=by)
    _require_settled(year, held, at=at)
    year.move_to(
        "close",
        by=by,
        at=at,
        note=note.strip(),
        decision=decision,
        closed_at=at,
        reopened_by_whom="",
        reopened_for="",
    )
    return year


def _require_settled(year: ClosedYear, plenary: Plenary, *, at: datetime) -> None:
    if reasons := lacking_to_close(plenary, at=at):
        raise NotReady(year, "close", reasons)


@transaction.atomic
def reopen_year(
    year: ClosedYear, *, by: User, whom: str, reason: str, at: datetime | None = None
) -> None:
    """Let the year be changed again, until it is closed anew: by whose leave, and what for, stays on record."""
    at = at or timezone.now()
    held = (
        ClosedYear.objects.select_for_update(of=("self",)).select_related("plenary").get(pk=year.pk)
    )
    whom, reason = whom.strip(), reason.strip()
    held.move_to(
        "reopen",
        by=by,
        at=at,
        note=_("批准：%(whom)s；事由：%(reason)s") % {"whom": whom, "reason": reason},
        reopened_by_whom=whom,
        reopened_for=reason,
    )
    year.refresh_from_db()
