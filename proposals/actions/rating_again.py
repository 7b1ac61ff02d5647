"""A rating is changed while its round is open; the committee asks for another round without a complaint."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cppcc_portal.office import audit, deadlines, notices
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.workflow import IllegalMove, NotReady
from members.models import User
from members.posted import office_people
from proposals.actions.grades import graded
from proposals.actions.rating import begin_round, propose_second_round, whose
from proposals.actions.writing import locked
from proposals.models import EarlierRating, Evaluation, Handling, Proposal, Rehandling


@transaction.atomic
def change_rating(
    evaluation: Evaluation,
    *,
    by: User,
    attitude: str,
    result: str,
    contacted: str = "",
    to_the_point: str = "",
    text: str = "",
    scan: Attachment | None = None,
    at: datetime | None = None,
) -> None:
    """The proposer says something else than before; the same words again change nothing.

    Allowed until the round closes: a second round has begun, or the proposal is closed. Whoever is
    no longer dissatisfied asks for no second round any more; whoever now is, asks for one.
    """
    at = at or timezone.now()
    proposal = locked(evaluation.reply.handling.proposal)
    evaluation.reply.handling.refresh_from_db(fields=["status", "round"])
    behalf = whose(evaluation, proposal, "change", by=by, scan=scan)
    given: dict[str, Any] = {
        "attitude": attitude,
        "result": result,
        "contacted": contacted,
        "to_the_point": to_the_point,
        "text": text,
    }
    before: dict[str, Any] = {name: getattr(evaluation, name) for name in Evaluation.ANSWER}
    if before == given:
        return
    answered_at = evaluation.answered_at or at
    words = {name: getattr(evaluation, name) for name in Evaluation.GRADED}
    now = {**given, **graded(attitude, result)}
    evaluation.move_to("change", by=by, at=at, **now, answered_at=at, **behalf)
    EarlierRating.objects.create(
        evaluation=evaluation, **before, **words, answered_at=answered_at, replaced_at=at
    )
    asked = evaluation.rehandlings.exclude(status=Rehandling.Status.DROPPED).first()
    if evaluation.is_dissatisfied and asked is None:
        propose_second_round(evaluation, proposal, by=by, at=at)
    elif asked is not None and asked.status == Rehandling.Status.PROPOSED:
        if evaluation.is_dissatisfied:
            return  # the office decides on what is said now
        _drop(asked, proposal, by=by, at=at)


def _drop(asked: Rehandling, proposal: Proposal, *, by: User, at: datetime) -> None:
    """Nobody is asked to decide any more; the office learns why it is off its list."""
    asked.move_to("drop", by=by, at=at)
    deadlines.cancel_all([asked], by=by, at=at)
    notices.tell(
        "dissatisfied_no_more",
        asked,
        people=office_people(),
        round=asked.handling.round,
        at=at,
        words={"number": proposal.label, "unit": str(asked.handling.unit)},
        url=proposal.get_absolute_url(),
    )


@transaction.atomic
def demand_round(
    handling: Handling, *, by: User, reason: str, at: datetime | None = None
) -> Handling:
    """The reply does not meet the requirements: another round, though no proposer has complained."""
    at = at or timezone.now()
    proposal = locked(handling.proposal)
    held = Handling.objects.select_related("unit").get(pk=handling.pk)
    held.proposal = proposal
    held.require("rehandle", by=by)
    if proposal.status not in Proposal.RATED:
        raise IllegalMove(held, "rehandle")
    if not reason.strip():
        raise NotReady(held, "rehandle", [_("请写明答复哪里不符合要求，承办单位和提案人会看到。")])
    demanded = Rehandling(handling=held, due_on=timezone.localdate(at), demand=reason.strip())
    demanded.save(force_insert=True)
    audit.record("rehandling.demand", demanded, by=by)
    demanded.move_to("start", by=by, note=reason.strip(), at=at)
    begin_round(held, proposal, by=by, note=reason.strip(), at=at)
    handling.refresh_from_db()
    return handling


@transaction.atomic
def call_for_rating(
    evaluation: Evaluation, *, by: User, note: str, at: datetime | None = None
) -> None:
    """The days are over and nothing came: the office has asked by telephone, and keeps what was said."""
    proposal = locked(evaluation.reply.handling.proposal)
    evaluation.require("call", by=by)
    evaluation.reply.handling.refresh_from_db(fields=["status", "round"])
    over = evaluation.reply.round != evaluation.reply.handling.round
    if over or proposal.status not in Proposal.RATED:
        raise IllegalMove(evaluation, "call")
    if not note.strip():
        raise NotReady(evaluation, "call", [_("请写明电话里怎样说。")])
    evaluation.move_to("call", by=by, note=note.strip(), at=at)
