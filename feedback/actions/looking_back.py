"""The yearly look-back: candidates on a day, chosen by a decision, checked by members, one finding each."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.actions.people import chair_paper, paper_of
from consultations.models import AnnualPlan, Recommendation, Topic
from cppcc_portal.office import audit, deadlines, notices
from cppcc_portal.office.decisions import Decision
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady
from feedback.actions.adopting import clerks_of, reopen
from feedback.models import (
    Adoption,
    LookBack,
    LookBackChecker,
    LookBackFinding,
    LookBackYear,
)
from feedback.models.lookbacks import chairs
from members import duty
from members.models import Invitation, Membership, User
from members.posted import people_with_role
from members.roles import Role

CANDIDATE_STATES = (Topic.Status.TRACKING, Topic.Status.CLOSED, Topic.Status.OUTCOME_SENT)


@transaction.atomic
def list_candidates(year: int, *, on: date) -> LookBackYear:
    """Last year's key topics become candidates; safe to run again, by several schedulers at once."""
    row, created = LookBackYear.objects.get_or_create(year=year, defaults={"opened_on": on})
    if created:
        audit.record("lookbackyear.open", row, by=None, job="feedback.remind")
    plan = AnnualPlan.objects.filter(year=year - 1).first()
    if plan is not None:
        topics = plan.rows.filter(is_key=True, status__in=CANDIDATE_STATES)
        LookBack.objects.bulk_create(
            [LookBack(year=row, topic=topic) for topic in topics], ignore_conflicts=True
        )
    return row


def locked(look_back: LookBack) -> LookBack:
    """The row as it now is, held until the transaction ends."""
    return (
        LookBack.objects.select_for_update(of=("self",))
        .select_related("topic__committee", "year")
        .get(pk=look_back.pk)
    )


@transaction.atomic
def select(
    look_back: LookBack, *, by: User, decision: Decision | None, at: datetime | None = None
) -> None:
    """Chosen by the recorded decision; of two clerks at once only as many as the setting allows."""
    # Whoever chooses next in this year waits here, and then counts what has been chosen.
    LookBackYear.objects.select_for_update().get(pk=look_back.year_id)
    held = locked(look_back)
    held.move_to("select_lookback", by=by, decision=decision, at=at, chosen_by=decision)
    look_back.refresh_from_db()


@transaction.atomic
def skip(look_back: LookBack, *, by: User, note: str = "", at: datetime | None = None) -> None:
    """Not this year; the reason, if one is given, stays."""
    held = locked(look_back)
    held.move_to("skip", by=by, note=note, at=at)
    look_back.refresh_from_db()


@transaction.atomic
def name_checkers(look_back: LookBack, members: Iterable[Membership], *, by: User) -> None:
    """The members who go and look; those of the original research first, if the chair so wishes."""
    held = locked(look_back)
    if not by.is_active or not chairs(held, by):
        raise NotAllowed(held, "name_checkers")
    if held.status not in (LookBack.Status.SELECTED, LookBack.Status.CHECKING):
        raise IllegalMove(held, "name_checkers", _("确定检查委员"))
    known = set(held.checkers.values_list("membership_id", flat=True))
    LookBackChecker.objects.bulk_create(
        LookBackChecker(look_back=held, membership=seat) for seat in members if seat.pk not in known
    )
    audit.record("lookback.name_checkers", held, by=by)


@transaction.atomic
def start_check(
    look_back: LookBack,
    *,
    by: User,
    scan: Attachment | None = None,
    at: datetime | None = None,
) -> None:
    """Every unit is asked for its own report on every recommendation; the members set out."""
    at = at or timezone.now()
    held = locked(look_back)
    paper = chair_paper(held, held.topic, "start_check", by, scan)
    held.move_to("start_check", by=by, at=at, **paper)
    asked = Recommendation.objects.of_topic(held.topic).exclude(status=Recommendation.Status.DRAFT)
    LookBackFinding.objects.bulk_create(
        LookBackFinding(look_back=held, recommendation=recommendation) for recommendation in asked
    )
    on = timezone.localdate(at)
    clock = deadlines.start(held, "lookback_self_report", on=on, by=by)
    for adoption in _adoptions(held):
        notices.tell(
            "lookback_self_report",
            adoption,
            people=clerks_of(adoption, at),
            round=held.year.year,
            due=clock.due_on,
            at=at,
            words={
                "document": adoption.recommendation.document.document_number,
                "number": str(adoption.recommendation.number),
                "unit": str(adoption.unit),
                "until": clock.due_on.isoformat(),
            },
            url=adoption.desk_url,
        )
    look_back.refresh_from_db()


def _adoptions(look_back: LookBack) -> Any:
    return Adoption.objects.with_names().filter(
        recommendation__document__session__topic=look_back.topic
    )


@transaction.atomic
def report_self(
    finding: LookBackFinding,
    *,
    by: User,
    text: str,
    scan: Attachment | None = None,
    at: datetime | None = None,
) -> None:
    """The unit's own report on one recommendation; staff enter it from paper, with its scan."""
    at = at or timezone.now()
    held = locked(finding.look_back)
    acts = finding.is_units_own(by)
    if not by.is_active or not (acts or by.has_perm("feedback.enter_for_others")):
        raise NotAllowed(held, "report_self")
    if held.status != LookBack.Status.CHECKING:
        raise IllegalMove(held, "report_self", _("提交自查"))
    if not text.strip():
        raise NotReady(held, "report_self", [_("请写明自查的落实情况。")])
    if not acts:
        scan = paper_of(held, "report_self", finding.recommendation.lead, scan)
    LookBackFinding.objects.filter(pk=finding.pk).update(
        unit_report=text.strip(),
        reported_by=by,
        reported_at=at,
        scan=scan,
    )
    finding.refresh_from_db()
    audit.record("lookback.report_self", held, by=by)
    if not held.findings.filter(unit_report="").exists():
        deadlines.meet_current(held, "lookback_self_report", at=at, by=by)


@transaction.atomic
def find(
    finding: LookBackFinding,
    *,
    by: User,
    result: str,
    text: str,
    version: int | None = None,
    at: datetime | None = None,
) -> None:
    """What the members found about one recommendation; IllegalMove when somebody wrote in between."""
    at = at or timezone.now()
    held = locked(finding.look_back)
    if not by.is_active or not chairs(held, by):
        raise NotAllowed(held, "find")
    if held.status != LookBack.Status.CHECKING:
        raise IllegalMove(held, "find", _("登记检查结论"))
    reasons = []
    if not text.strip():
        reasons.append(_("请写明检查情况。"))
    if result not in LookBackFinding.Result.values:
        reasons.append(_("请选择检查结论。"))
    if finding.reported_by_id == by.pk:
        reasons.append(_("写自查报告的人不能自己下检查结论。"))
    if reasons:
        raise NotReady(held, "find", reasons)
    rows = LookBackFinding.objects.filter(pk=finding.pk)
    if version is not None:
        rows = rows.filter(version=version)
    changed = rows.update(
        result=result, text=text.strip(), found_by=by, found_at=at, version=F("version") + 1
    )
    if not changed:
        raise IllegalMove(held, "find", _("登记检查结论"))
    finding.refresh_from_db()
    audit.record("lookback.find", held, by=by, fields={"result": ["", result]})


@transaction.atomic
def evaluate(
    look_back: LookBack,
    *,
    by: User,
    scan: Attachment | None = None,
    at: datetime | None = None,
) -> None:
    """Every recommendation has its finding: what is wanting goes back to its unit, members get their records."""
    at = at or timezone.now()
    held = locked(look_back)
    paper = chair_paper(held, held.topic, "evaluate", by, scan)
    held.move_to("evaluate", by=by, at=at, **paper)
    wanting = held.findings.filter(result__in=LookBackFinding.PRESS_AGAIN)
    for finding in wanting.select_related("recommendation__adoption"):
        adoption = getattr(finding.recommendation, "adoption", None)
        if adoption is not None:
            reopen(adoption, by=by, note=finding.text, at=at)
    for checker in held.checkers.select_related("membership"):
        duty.record_duty(
            checker.membership,
            held,
            category="lookback",
            role=Invitation.Role.PARTICIPANT,
            title=_("参加%s") % held,
            on=timezone.localdate(at),
            by=by,
            url=held.get_absolute_url(),
        )
    notices.tell(
        "lookback_evaluated",
        held,
        people=people_with_role(Role.SECRETARY_GENERAL),
        at=at,
        words={"year": str(held.year.year)},
    )
    look_back.refresh_from_db()


@transaction.atomic
def report(
    look_back: LookBack, *, by: User, report_number: str, at: datetime | None = None
) -> None:
    """Reported to the chairpersons' meeting, with the number of the report."""
    held = locked(look_back)
    if not report_number.strip():
        raise NotReady(held, "report", [_("请填写报告文号。")])
    held.move_to("report", by=by, at=at, report_number=report_number.strip())
    look_back.refresh_from_db()


@transaction.atomic
def close(look_back: LookBack, *, by: User, note: str = "", at: datetime | None = None) -> None:
    """The secretary-general ends this look-back."""
    held = locked(look_back)
    held.move_to("close", by=by, note=note, at=at)
    look_back.refresh_from_db()
