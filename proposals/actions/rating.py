"""What follows a reply: each proposer's rating, a second round or its refusal, closing."""

from contextlib import suppress
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cppcc_portal.office import audit, deadlines, notices
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.workflow import IllegalMove, NotReady
from members.models import Commitment, User
from members.posted import office_people
from proposals.actions.following import follow_up, last_class
from proposals.actions.grades import graded
from proposals.actions.handling import lapse_requests
from proposals.actions.people import (
    clerks_of,
    leaders_of,
    people_behind,
    proposers_of,
    tell_unit,
)
from proposals.actions.writing import locked
from proposals.models import Evaluation, Handling, Proposal, Rehandling, Reply, ResultClass
from proposals.models.promises import made_in, open_promises


@transaction.atomic
def evaluate(
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
    """A proposer's own rating, attitude and result apart; staff enter it from paper with its scan.

    "Not satisfied" proposes a second round, which the office decides within its days.
    """
    at = at or timezone.now()
    proposal = locked(evaluation.reply.handling.proposal)
    # A second round may have begun since the page was opened: then this reply no longer counts.
    evaluation.reply.handling.refresh_from_db(fields=["status", "round"])
    behalf = whose(evaluation, proposal, "evaluate", by=by, scan=scan)
    evaluation.move_to(
        "evaluate",
        by=by,
        at=at,
        **graded(attitude, result),
        contacted=contacted,
        to_the_point=to_the_point,
        text=text,
        answered_at=at,
        **behalf,
    )
    if not Evaluation.objects.filter(
        reply=evaluation.reply, status=Evaluation.Status.WAITING
    ).exists():
        deadlines.meet_current(evaluation.reply, "evaluation", at=at, by=by)
    if evaluation.is_dissatisfied:
        propose_second_round(evaluation, proposal, by=by, at=at)


def whose(
    evaluation: Evaluation, proposal: Proposal, verb: str, *, by: User, scan: Attachment | None
) -> dict[str, Any]:
    """On whose behalf and on what paper it is said, where the proposer does not say it; only while it counts."""
    evaluation.require(verb, by=by)
    if proposal.status not in Proposal.RATED:
        raise NotReady(evaluation, verb, [_("这件提案已经办结，不能再评价；有意见请联系办公室。")])
    if evaluation.proposer.is_user(by):
        return {}
    if scan is None:
        raise NotReady(evaluation, verb, [_("代录评价须附上提案人签字的征询意见表扫描件。")])
    return {"behalf": evaluation.proposer.name, "scan": scan}


def propose_second_round(
    evaluation: Evaluation, proposal: Proposal, *, by: User, at: datetime
) -> None:
    handling = evaluation.reply.handling
    on = timezone.localdate(at)
    proposed = Rehandling(handling=handling, evaluation=evaluation, due_on=on)
    proposed.save(force_insert=True)
    clock = deadlines.start(proposed, "rehandle_start", on=on, by=by)
    Rehandling.objects.filter(pk=proposed.pk).update(due_on=clock.due_on)
    audit.record("rehandling.propose", proposed, by=by)
    notices.tell(
        "dissatisfied",
        proposed,
        people=office_people(),
        round=evaluation.reply.round,
        due=clock.due_on,
        at=at,
        words={
            "number": proposal.label,
            "unit": str(handling.unit),
            "until": clock.due_on.isoformat(),
        },
        url=proposal.get_absolute_url(),
    )


@transaction.atomic
def start_rehandling(
    rehandling: Rehandling, *, by: User, note: str = "", at: datetime | None = None
) -> Handling:
    """Open the unit's next round under its principal leader; all who were not satisfied are served by it."""
    at = at or timezone.now()
    handling = rehandling.handling
    proposal = locked(handling.proposal)
    rehandling.move_to("start", by=by, note=note, at=at)
    deadlines.meet_current(rehandling, "rehandle_start", at=at, by=by)
    return begin_round(handling, proposal, by=by, note=note, at=at)


def begin_round(
    handling: Handling, proposal: Proposal, *, by: User, note: str, at: datetime
) -> Handling:
    """The unit has the (held) proposal once more; what other proposers asked for is served by this round."""
    on = timezone.localdate(at)
    for other in handling.rehandlings.filter(status=Rehandling.Status.PROPOSED):
        other.move_to("start", by=by, note=note, at=at)
        deadlines.meet_current(other, "rehandle_start", at=at, by=by)
    handling.refresh_from_db()
    round_ = handling.round + 1
    clock = deadlines.start(handling, "rehandle_reply", on=on, by=by, round=round_, kind="reply")
    handling.move_to(
        "rehandle", by=by, note=note, at=at, round=round_, due_on=clock.due_on, done_at=None
    )
    last = Handling.objects.last_due_on(proposal)
    if proposal.status in Proposal.MOVES["rehandle"].old:
        proposal.move_to("rehandle", by=by, note=note, at=at, due_on=last)
    else:  # other units are still answering for the first time
        Proposal.objects.filter(pk=proposal.pk).update(due_on=last)
    # Ratings of the old reply that nobody gave are over: the new reply is what counts.
    for waiting in Evaluation.objects.filter(
        reply__handling=handling, status=Evaluation.Status.WAITING
    ):
        waiting.move_to("expire", by=by, at=at)
    deadlines.cancel_all(handling.replies.all(), by=by, at=at)
    words = {
        "number": proposal.label,
        "unit": str(handling.unit),
        "until": clock.due_on.isoformat(),
    }
    tell_unit(
        "rehandling_started",
        handling,
        people=[*leaders_of(handling, on), *clerks_of(handling, on)],
        round=round_,
        at=at,
        words=words,
    )
    notices.tell(
        "rehandling_told",
        handling,
        people=proposers_of(proposal),
        round=round_,
        due=clock.due_on,
        at=at,
        words=words,
        url=proposal.get_absolute_url(),
    )
    return handling


@transaction.atomic
def refuse_rehandling(
    rehandling: Rehandling, *, by: User, reason: str, at: datetime | None = None
) -> None:
    """Do not open a second round; the proposer reads why."""
    at = at or timezone.now()
    proposal = locked(rehandling.handling.proposal)
    rehandling.move_to("refuse", by=by, note=reason, at=at, reason=reason)
    deadlines.meet_current(rehandling, "rehandle_start", at=at, by=by)
    asked = [rehandling.evaluation.proposer] if rehandling.evaluation else []
    notices.tell(
        "rehandling_refused",
        rehandling,
        people=people_behind(asked),
        at=at,
        words={"number": proposal.label},
        url=proposal.get_absolute_url(),
    )


@transaction.atomic
def close(proposal: Proposal, *, by: User, note: str = "", at: datetime | None = None) -> None:
    """Close the proposal; while promises are open it is followed on. Opinions still missing come too late."""
    at = at or timezone.now()
    held = locked(proposal)
    held.move_to("close", by=by, note=note, at=at, closed_at=at)
    lapse_requests(held.handlings.all(), by=by, at=at)
    for share in held.handlings.open():
        share.move_to("end", by=by, at=at)
    # A contact never noted, a rating never given: nothing of it is waited for any more.
    replies = Reply.objects.filter(handling__proposal=held).sent()
    deadlines.cancel_all([*held.handlings.all(), *replies], by=by, at=at)
    if open_promises(held).exists():
        held.move_to("track", by=by, at=at)
    notices.tell(
        "closed",
        held,
        people=proposers_of(held),
        at=at,
        words={"number": held.label},
        url=held.get_absolute_url(),
    )
    proposal.refresh_from_db()


@transaction.atomic
def settle_commitment(
    commitment: Commitment,
    *,
    by: User,
    kept: bool,
    note: str,
    result_class: ResultClass | None = None,
    at: datetime | None = None,
) -> None:
    """Say that a promise was kept, or why not, with the class as it now is; every proposer is told.

    With the last promise the proposal is followed no more.
    """
    at = at or timezone.now()
    if not note.strip():
        raise NotReady(commitment, "keep", [_("请写明兑现情况或未能兑现的原因，供以后查考。")])
    commitment.move_to("keep" if kept else "drop", by=by, note=note, at=at)
    origin = made_in([commitment]).get(commitment.subject)
    if origin is None:
        return
    held = locked(origin.handling.proposal)
    if (reply := origin.reply) is not None:
        reply.handling.proposal = held
        follow_up(
            reply,
            by=by,
            at=at,
            on=timezone.localdate(at),
            text=f"{commitment.what}：{note.strip()}",
            result_class=result_class or last_class(reply),
        )
    if held.status == Proposal.Status.TRACKING and not open_promises(held).exists():
        held.move_to("all_kept", by=by, at=at)


def expire_evaluations(today: date, *, at: datetime | None = None) -> int:
    """Ratings whose days are over become 未评价, never "satisfied"; return how many. Safe to run again."""
    expired = 0
    for evaluation in Evaluation.objects.filter(
        status=Evaluation.Status.WAITING, due_on__lt=today
    ).iterator():
        # Somebody may rate at this very moment: then there is nothing to expire.
        with suppress(IllegalMove):
            evaluation.move_to("expire", job="expire_evaluations", at=at)
            expired += 1
    return expired
