"""The annual plan: rows put in, approved step by step, issued; only then may anything run."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.actions.people import committee_people, proposers_of
from consultations.actions.topics import delegate, locked
from consultations.models import AnnualPlan, PlanStep, SessionForm, Topic
from consultations.models.plans import papers_missing
from cppcc_portal.office import audit, notices, parameters
from cppcc_portal.office.decisions import DecidingBody, Decision
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady
from members.models import Committee, Person, User


@transaction.atomic
def open_year(year: int, *, by: User) -> AnnualPlan:
    """Begin the plan of a year with the approval route as the office has set it."""
    if not by.is_active or not by.has_perm("consultations.plan_topics"):
        raise NotAllowed(AnnualPlan(year=year), "open_year")
    plan, created = AnnualPlan.objects.get_or_create(year=year)
    if created:
        known = {body.code: body for body in DecidingBody.objects.all()}
        codes = parameters.get("consultations.approval_route")
        PlanStep.objects.bulk_create(
            PlanStep(plan=plan, order=order, body=known[code])
            for order, code in enumerate(codes, start=1)
            if code in known
        )
        audit.record("annualplan.open", plan, by=by)
    return plan


@transaction.atomic
def put_in_plan(
    topic: Topic,
    *,
    by: User,
    plan: AnnualPlan,
    form: SessionForm,
    committee: Committee,
    leader: Person,
    month: int,
    is_key: bool = False,
    at: datetime | None = None,
) -> None:
    """Make the topic a numbered row of a plan that is still being drafted."""
    plan = _locked_plan(plan)
    held = locked(topic)
    number = (plan.rows.aggregate(last=Max("number"))["last"] or 0) + 1
    held.move_to(
        "put_in_plan",
        by=by,
        at=at,
        plan=plan,
        number=number,
        form=form,
        committee=committee,
        leader=leader,
        month=month,
        is_key=is_key,
    )
    delegate(held, committee)
    topic.refresh_from_db()


@transaction.atomic
def take_from_plan(topic: Topic, *, by: User, note: str = "", at: datetime | None = None) -> None:
    """Take a row out of a plan that has not been issued."""
    held = locked(topic)
    if held.plan is not None:
        _locked_plan(held.plan)
    held.move_to("take_from_plan", by=by, note=note, at=at)
    Topic.objects.filter(pk=held.pk).update(plan=None, number=None)
    topic.refresh_from_db()


def close_call(plan: AnnualPlan, *, by: User, at: datetime | None = None) -> None:
    """End the call for topics; drafting begins."""
    plan.move_to("close_call", by=by, at=at)


def send(plan: AnnualPlan, *, by: User, at: datetime | None = None) -> None:
    """Send the draft on its way through the bodies."""
    plan.move_to("send", by=by, at=at)


@transaction.atomic
def return_plan(plan: AnnualPlan, *, by: User, note: str, at: datetime | None = None) -> None:
    """A body sent it back: the steps begin anew."""
    if not note.strip():
        raise NotReady(plan, "return_", [_("请写明退回的意见。")])
    plan.move_to("return_", by=by, note=note, at=at)
    plan.steps.update(decision=None)


@transaction.atomic
def record_step(step: PlanStep, *, by: User, decision: Decision) -> None:
    """Close one step of the route by its body's recorded decision, in order."""
    plan = _locked_plan(step.plan)
    if not by.is_active or not by.has_perm("consultations.plan_topics"):
        raise NotAllowed(plan, "record_step")
    if plan.status != AnnualPlan.Status.APPROVING:
        raise IllegalMove(plan, "record_step", _("记入会议决定"))
    reasons: list[Any] = []
    if decision.body_id != step.body_id:
        reasons.append(_("这份决定不是%s作出的。") % step.body)
    if not decision.lets_go_on:
        reasons.append(_("这份决定没有通过，或已被更正。"))
    reasons += papers_missing(decision)
    if PlanStep.objects.filter(decision=decision).exclude(pk=step.pk).exists():
        reasons.append(_("这份决定已经用于另一个步骤。"))
    earlier = plan.steps.filter(order__lt=step.order, decision=None).select_related("body").first()
    if earlier is not None:
        reasons.append(_("请先记入前一步：%s。") % earlier.body)
    if reasons:
        raise NotReady(plan, "record_step", reasons)
    PlanStep.objects.filter(pk=step.pk).update(decision=decision)
    step.decision = decision
    audit.record("annualplan.record_step", plan, by=by, fields={"step": [None, step.order]})


@transaction.atomic
def clear_step(plan: AnnualPlan, *, by: User, note: str, at: datetime | None = None) -> None:
    """Take back the decision recorded last: it was the wrong one. Which, and why, stays in the history."""
    held = _locked_plan(plan)
    held.require("clear_step", by=by)
    if not note.strip():
        raise NotReady(held, "clear_step", [_("请写明为什么撤销记入的决定。")])
    last = held.steps.exclude(decision=None).select_related("decision").order_by("order").last()
    decision = last.decision if last else None
    held.move_to("clear_step", by=by, at=at, note=note.strip(), decision=decision)
    if last is not None:
        PlanStep.objects.filter(pk=last.pk).update(decision=None)


@transaction.atomic
def issue(
    plan: AnnualPlan,
    *,
    by: User,
    document_number: str,
    route_decision: Decision | None = None,
    at: datetime | None = None,
) -> int:
    """Issue the plan with its document number; every row is approved. Return how many rows."""
    at = at or timezone.now()
    held = _locked_plan(plan)
    last = held.steps.order_by("order").last()
    held.move_to(
        "issue",
        by=by,
        at=at,
        decision=last.decision if last else None,
        document_number=document_number.strip(),
        approval=last.decision if last else None,
        route_decision=route_decision,
    )
    rows = list(held.rows.filter(status=Topic.Status.IN_PLAN))
    for row in rows:
        _approve(locked(row), held, by=by, at=at)
    plan.refresh_from_db()
    return len(rows)


def _approve(topic: Topic, plan: AnnualPlan, *, by: User, at: datetime) -> None:
    topic.plan = plan
    topic.move_to("approve", by=by, at=at, decision=plan.approval, approval=plan.approval)
    people = {
        person.pk: person
        for person in [
            *committee_people(topic, timezone.localdate(at)),
            *proposers_of(topic),
            *([topic.leader] if topic.leader else []),
        ]
    }
    notices.tell(
        "topic_approved",
        topic,
        people=people.values(),
        at=at,
        words={
            "year": str(plan.year),
            "number": str(topic.number),
            "document": plan.document_number,
            "committee": str(topic.committee),
            "month": str(topic.month),
        },
    )


def close_year(plan: AnnualPlan, *, by: User, note: str = "", at: datetime | None = None) -> None:
    """Close the year's plan when each row is done or cancelled."""
    plan.move_to("close", by=by, note=note, at=at)


@transaction.atomic
def cancel(
    topic: Topic, *, by: User, decision: Decision, note: str, at: datetime | None = None
) -> None:
    """Strike an approved topic, on a recorded decision; the reason stays in the year's table."""
    held = locked(topic)
    if not note.strip():
        raise NotReady(held, "cancel", [_("请写明取消的原因。")])
    held.move_to("cancel", by=by, note=note, decision=decision, at=at, cancelled_by=decision)
    topic.refresh_from_db()


def _locked_plan(plan: AnnualPlan) -> AnnualPlan:
    return AnnualPlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)


def label_of(topic: Topic) -> dict[str, Any]:
    """Year and number of a plan row, as notices name it."""
    year = topic.plan.year if topic.plan else ""
    return {"year": str(year), "number": str(topic.number or "")}
