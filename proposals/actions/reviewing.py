"""What the office does: review, return, file, not file, hand over."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from guardian.shortcuts import assign_perm

from cppcc_portal.office import audit, deadlines, notices, parameters
from cppcc_portal.office.decisions import DecidingBody, Decision
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady
from members.actions import open_group
from members.models import Plenary, Unit, User
from proposals.actions.consulting_units import checked_units, end_consultation
from proposals.actions.hand_over_clock import start_hand_over_clock
from proposals.actions.names import keep_names
from proposals.actions.people import people_behind, proposers_of, tell_handed_over
from proposals.actions.publishing import wait_for_text
from proposals.actions.writing import locked, reopen_draft
from proposals.models import (
    Category,
    Destination,
    Handling,
    InternalNote,
    Proposal,
    RefusalReason,
)


@transaction.atomic
def start_review(proposal: Proposal, *, by: User, at: datetime | None = None) -> None:
    """Begin the review; from now on the author cannot take the text back to change it."""
    proposal.move_to("start_review", by=by, at=at)


@transaction.atomic
def return_(
    proposal: Proposal,
    *,
    by: User,
    note: str,
    text_stays: bool = False,
    at: datetime | None = None,
) -> None:
    """Give the text back for revision, saying what is to be changed.

    It comes again with other words, unless `text_stays`: only something beside the text is asked for.
    """
    at = at or timezone.now()
    held = locked(proposal)
    if not note.strip():
        raise NotReady(held, "return_", [_("请写明需要修改的地方，提案人会看到。")])
    held.move_to(
        "return_",
        by=by,
        note=note,
        at=at,
        returned_text=None if text_stays else held.current_text,
    )
    first = held.first_proposer
    author = held.entered_by or (first.person.user if first and first.person else None)
    reopen_draft(held, by=author or by)
    round = held.changes.filter(verb="return_").count()
    clock = deadlines.start(held, "revision", on=timezone.localdate(at), by=by, round=round)
    notices.tell(
        "returned",
        held,
        people=people_behind([first] if first else []),
        round=round,
        due=clock.due_on,
        at=at,
        words={"serial": str(held.serial), "until": clock.due_on.isoformat()},
        url=held.get_absolute_url(),
    )
    proposal.refresh_from_db()


def decision_is_lacking(decision: Decision | None, result: str) -> list[str]:
    """Where the office asks for it, no result without a decision of the body that passes the results."""
    if not parameters.get("proposals.filing_needs_decision"):
        return []
    body = parameters.get("proposals.filing_body")
    if decision is not None and decision.body.code == body and decision.lets_go_on:
        return []
    name = DecidingBody.objects.filter(code=body).values_list("name", flat=True).first()
    told = _("%(result)s须有%(body)s通过的决定：请汇总成立案审查清单，登记审定结果后一并办理。")
    return [told % {"result": result, "body": name or body}]


@transaction.atomic
def file(
    proposal: Proposal,
    *,
    by: User,
    category: Category,
    note: str = "",
    decision: Decision | None = None,
    at: datetime | None = None,
) -> Proposal:
    """File the proposal: it gets the next number of its plenary and series, which is never used again."""
    at = at or timezone.now()
    held = locked(proposal)
    held.require("file", by=by)
    if reasons := decision_is_lacking(decision, _("立案")):
        raise NotReady(held, "file", reasons)
    # Whoever files next waits here: the number is taken from a row that only one can hold.
    plenary = Plenary.objects.select_for_update(of=("self",)).get(pk=held.plenary_id)
    taken = Proposal.objects.filter(plenary=plenary, series=held.series)
    number = (taken.aggregate(last=Max("number"))["last"] or 0) + 1
    held.move_to(
        "file",
        by=by,
        note=note,
        decision=decision,
        at=at,
        category=category,
        number=number,
        label=held.make_label(number, held.series),
        filed_at=at,
    )
    deadlines.meet_current(held, "review_ordinary", at=at, by=by)
    keep_names(held, at=at)
    start_hand_over_clock(held, by=by, at=at)
    wait_for_text(held, by=by, at=at)
    notices.tell(
        "filed",
        held,
        people=proposers_of(held),
        at=at,
        words={"number": held.label},
        url=held.get_absolute_url(),
    )
    proposal.refresh_from_db()
    return held


@transaction.atomic
def refuse(
    proposal: Proposal,
    *,
    by: User,
    refusal_reason: RefusalReason,
    destination: Destination,
    note: str = "",
    decision: Decision | None = None,
    at: datetime | None = None,
) -> None:
    """Do not file: reason and destination from the office's lists, both told to every proposer."""
    at = at or timezone.now()
    held = locked(proposal)
    held.require("refuse", by=by)
    if reasons := decision_is_lacking(decision, _("不予立案")):
        raise NotReady(held, "refuse", reasons)
    held.move_to(
        "refuse",
        by=by,
        note=note,
        decision=decision,
        at=at,
        refusal_reason=refusal_reason,
        destination=destination,
    )
    keep_names(held, at=at)
    deadlines.meet_current(held, "review_ordinary", at=at, by=by)
    notices.tell(
        "not_filed",
        held,
        people=proposers_of(held),
        # Once for each decision: it may be taken back and taken again.
        round=held.changes.filter(verb="refuse").count(),
        at=at,
        words={
            "serial": str(held.serial),
            "reason": refusal_reason.name,
            "destination": destination.name,
        },
        url=held.get_absolute_url(),
    )
    proposal.refresh_from_db()


@transaction.atomic
def hand_over(
    proposal: Proposal,
    *,
    by: User,
    lead: Unit | None = None,
    joint: Iterable[Unit] = (),
    separate: Iterable[Unit] = (),
    due_on: date | None = None,
    note: str = "",
    at: datetime | None = None,
) -> list[Handling]:
    """Hand the proposal to its units, whose clerks may from now on answer it.

    One lead with any joint units, or two and more separate ones. The due dates follow the office's
    rules; `due_on` is a day the office fixed itself for the reply.
    """
    at = at or timezone.now()
    on = timezone.localdate(at)
    held = locked(proposal)
    held.require("hand_over", by=by)
    wanted = checked_units(held, "hand_over", lead, joint, separate)
    if due_on is not None and due_on <= on:
        raise NotReady(held, "hand_over", [_("答复期限应晚于交办日期。")])
    working = deadlines.WorkingCalendar()
    handlings = [
        give_share(held, unit, role, by=by, on=on, due_on=due_on, working=working)
        for unit, role in wanted
    ]
    answering = [share for share in handlings if share.answers_proposers]
    held.move_to(
        "hand_over",
        by=by,
        note=note,
        at=at,
        handed_over_on=on,
        due_on=max((share.due_on for share in answering), default=None),
        first_share=next(iter(answering), None),
    )
    deadlines.meet_current(held, "hand_over", at=at, by=by)
    end_consultation(held, by=by, at=at)
    for share in handlings:
        tell_handed_over(share, at=at)
    notices.tell(
        "handed_over",
        held,
        people=proposers_of(held),
        due=held.due_on,
        at=at,
        words={
            "number": held.label,
            "units": "、".join(str(share) for share in handlings),
            "until": held.due_on.isoformat() if held.due_on else "",
        },
        url=held.get_absolute_url(),
    )
    proposal.refresh_from_db()
    return handlings


def give_share(
    proposal: Proposal,
    unit: Unit,
    role: str,
    *,
    by: User,
    on: date,
    due_on: date | None,
    working: deadlines.WorkingCalendar,
) -> Handling:
    """One unit's share with its clocks, and the right to answer it for the unit's group."""
    handling = Handling(
        proposal=proposal,
        unit=unit,
        unit_name=str(unit),
        role=role,
        handed_over_on=on,
        sign_in_due_on=on,
        due_on=on,
    )
    handling.save(force_insert=True)
    sign_in = deadlines.start(handling, "sign_in", on=on, by=by, working=working)
    if role == Handling.Role.JOINT:
        clock = deadlines.start(handling, "joint_opinion", on=on, by=by, working=working)
    else:
        ordinary = proposal.series == Proposal.Series.ORDINARY
        rule = "reply_ordinary" if ordinary else "reply"
        clock = deadlines.start(
            handling, rule, on=on, by=by, kind="reply", due_on=due_on, working=working
        )
        deadlines.start(handling, "first_contact", on=on, by=by, working=working)
    handling.sign_in_due_on, handling.due_on = sign_in.due_on, clock.due_on
    handling.save(update_fields=["sign_in_due_on", "due_on"])
    assign_perm("proposals.answer_handling", open_group(unit), handling)
    audit.record("handling.create", handling, by=by, fields={"role": ["", role]})
    return handling


@transaction.atomic
def add_note(proposal: Proposal, *, by: User, text: str) -> InternalNote:
    """A remark for colleagues; proposers and units never see it."""
    if not by.has_perm("proposals.review_proposal"):
        raise NotAllowed(proposal, "add_note")
    if locked(proposal).status in Proposal.ENDED:
        raise IllegalMove(proposal, "add_note", _("写批注"))
    note = InternalNote.objects.create(proposal=proposal, text=text, by=by)
    audit.record("proposal.add_note", proposal, by=by)
    return note
