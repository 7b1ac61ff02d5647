"""What units ask for: to be released of a share, or for a later date; decided, re-handed, and told."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from guardian.shortcuts import remove_perm

from cppcc_portal.office import deadlines, notices
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady
from members.actions import open_group
from members.models import Unit, User
from proposals.actions import opinion_handling
from proposals.actions.asking import (
    against,
    answer_clock,
    ask,
    decision_clock,
    limit_of,
    tell_decided,
    whose_else,
)
from proposals.actions.handling import lapse_requests, paper, settle
from proposals.actions.meetings import leave_meetings
from proposals.actions.people import clerks_of, proposers_of, supervisors, tell_handed_over
from proposals.actions.reviewing import give_share
from proposals.actions.writing import locked
from proposals.models import Handling, Proposal, UnitRequest
from proposals.models.rights import acts_for_unit, may_act_for_unit


def _held(handling: Handling) -> Handling:
    """The share as it now is, its proposal held until the transaction ends."""
    proposal = locked(handling.proposal)
    held = Handling.objects.select_related("unit").get(pk=handling.pk)
    held.proposal = proposal
    return held


@transaction.atomic
def request_return(
    handling: Handling,
    *,
    by: User,
    reason: str,
    suggested_unit: Unit | None = None,
    office_decides: bool = False,
    upload: Any = None,
    scan: Attachment | None = None,
    at: datetime | None = None,
) -> UnitRequest:
    """The unit says that it is not its business, whose it is, and why; its clock goes on meanwhile.

    `upload` is the request signed by the unit's leader; staff who enter it give the `scan` instead.
    """
    at = at or timezone.now()
    held = _held(handling)
    held.require("request_return", by=by)
    on_paper = paper(held, by, scan, "request_return")
    reasons = []
    if not reason.strip():
        reasons.append(_("请写明申请退办的理由。"))
    if upload is None and not on_paper:
        reasons.append(_("请附上单位负责人签字的申请（扫描件或照片）。"))
    reasons += whose_else(held, suggested_unit, office_decides)
    if reasons:
        raise NotReady(held, "request_return", reasons)
    held.moment = at  # the guard judges by the moment of the step
    if told := held.missing("request_return"):
        raise NotReady(held, "request_return", told)
    request = ask(
        held,
        by=by,
        at=at,
        told=supervisors(),
        is_entered=not acts_for_unit(held, by),
        upload=scan or upload,
        kind=UnitRequest.Kind.RETURN,
        reason=reason.strip(),
        suggested_unit=suggested_unit,
        office_decides=office_decides,
    )
    held.move_to(
        "request_return", by=by, at=at, note=reason.strip(), return_request=request, **on_paper
    )
    handling.refresh_from_db()
    return request


@transaction.atomic
def request_extension(
    handling: Handling,
    *,
    by: User,
    reason: str,
    wanted_on: date,
    upload: Any = None,
    scan: Attachment | None = None,
    at: datetime | None = None,
) -> UnitRequest:
    """The unit asks for a later date, before the present one has passed and within the longest allowed."""
    at = at or timezone.now()
    held = _held(handling)
    if not by.is_active or not may_act_for_unit(held, by):
        raise NotAllowed(held, "request_extension")
    if held.status not in (Handling.Status.WAITING, Handling.Status.ACKNOWLEDGED):
        raise IllegalMove(held, "request_extension", _("申请延期"))
    if not held.answers_proposers:
        raise NotReady(held, "request_extension", [_("会办意见不办理延期，请与主办单位商量。")])
    if reasons := [
        *against(held, wanted_on, at),
        *([] if reason.strip() else [_("请写明延期的理由。")]),
    ]:
        raise NotReady(held, "request_extension", reasons)
    on_paper = paper(held, by, scan, "request_extension")
    return ask(
        held,
        by=by,
        at=at,
        told=supervisors(),
        is_entered=not acts_for_unit(held, by),
        upload=on_paper.get("scan") or upload,
        kind=UnitRequest.Kind.EXTENSION,
        reason=reason.strip(),
        wanted_on=wanted_on,
    )


def _locked_request(request: UnitRequest) -> UnitRequest:
    """The request as it now is, after its share is held: of two who decide one finds it decided."""
    if request.dispatch is not None:
        opinion_handling.held_dispatch(request.dispatch, "grant")
    else:
        _held(request.share)
    return (
        UnitRequest.objects.select_for_update(of=("self",))
        .select_related(
            "handling__unit",
            "handling__proposal",
            "dispatch__unit",
            "dispatch__bulletin__text",
            "suggested_unit",
        )
        .get(pk=request.pk)
    )


@transaction.atomic
def grant(
    request: UnitRequest,
    *,
    by: User,
    unit: Unit | None = None,
    until: date | None = None,
    answer: str = "",
    at: datetime | None = None,
) -> None:
    """Agree: the share goes to `unit` (退办), or the answer is due on `until` (延期)."""
    at = at or timezone.now()
    held = _locked_request(request)
    held.require("grant", by=by)
    share, note = held.share, answer.strip() or held.reason
    if held.kind == UnitRequest.Kind.EXTENSION:
        day = until or held.wanted_on
        assert day is not None  # the database asks for it
        clock = answer_clock(share)
        if share.status not in share.OPEN:
            raise IllegalMove(share, "request_extension", _("延期"))
        reasons = against(share, day, held.asked_at)
        if day < timezone.localdate(at):
            reasons.append(_("同意延至的日期已经过去，请另定日期。"))
        if reasons:
            raise NotReady(share, "grant", reasons)
        held.move_to("grant", by=by, at=at, answer=answer.strip(), granted_until=day)
        deadlines.extend(clock, to=day, on=timezone.localdate(at), by=by, limit=limit_of(share))
        if held.dispatch is not None:
            opinion_handling.tell_extended(held.dispatch.fresh(), at=at)
    elif held.dispatch is not None:
        opinion_handling.check_new_unit(held.dispatch, unit)
        held.move_to("grant", by=by, at=at, answer=answer.strip())
        opinion_handling.pass_on(held.dispatch, unit, by=by, at=at, note=note)
    else:
        _check_new_unit(share, unit)
        held.move_to("grant", by=by, at=at, answer=answer.strip())
        _pass_on(share, unit, by=by, at=at, note=note)
    deadlines.meet_current(held, decision_clock(held), at=at, by=by)
    tell_decided(held, at=at)
    request.refresh_from_db()


@transaction.atomic
def refuse(request: UnitRequest, *, by: User, answer: str, at: datetime | None = None) -> None:
    """Do not agree, and say why; a unit that asked to be released carries on, its clock as before."""
    at = at or timezone.now()
    held = _locked_request(request)
    held.move_to("refuse", by=by, at=at, answer=answer.strip(), note=answer.strip())
    _carry_on(held, by=by, at=at)
    deadlines.meet_current(held, decision_clock(held), at=at, by=by)
    tell_decided(held, at=at)
    request.refresh_from_db()


@transaction.atomic
def withdraw(
    request: UnitRequest,
    *,
    by: User,
    scan: Attachment | None = None,
    at: datetime | None = None,
) -> None:
    """The unit takes its request back before it is decided."""
    at = at or timezone.now()
    held = _locked_request(request)
    held.require("withdraw", by=by)
    if held.dispatch is not None:
        on_paper = opinion_handling.paper(held.dispatch, by, scan, "withdraw")
    else:
        on_paper = paper(held.share, by, scan, "withdraw")
    held.move_to("withdraw", by=by, at=at, **on_paper)
    _carry_on(held, by=by, at=at)
    deadlines.meet_current(held, decision_clock(held), at=at, by=by)
    request.refresh_from_db()


def _carry_on(request: UnitRequest, *, by: User, at: datetime) -> None:
    """The share is the unit's again, and counts as received."""
    if request.dispatch is not None:
        opinion_handling.carry_on(request.dispatch, by=by, at=at)
        return
    share: Handling = request.share
    if share.status != Handling.Status.RETURN_ASKED:
        return
    share.move_to("keep", by=by, at=at, acknowledged_at=share.acknowledged_at or at)
    deadlines.meet_current(share, "sign_in", at=at, by=by)
    settle(share.proposal, by=by, at=at)


@transaction.atomic
def rehand(
    handling: Handling,
    *,
    by: User,
    unit: Unit | None,
    note: str,
    at: datetime | None = None,
) -> Handling | None:
    """改办: give the share to another unit without a request; a joint share may also just be dropped."""
    at = at or timezone.now()
    held = _held(handling)
    held.require("rehand", by=by)
    if not note.strip():
        raise NotReady(held, "rehand", [_("请写明改办的理由，提案人和各单位会看到。")])
    if held.round > 1:
        raise NotReady(held, "rehand", [_("重新办理由原单位主要负责人牵头，不再改办。")])
    _check_new_unit(held, unit)
    asked = held.requests.undecided().filter(kind=UnitRequest.Kind.RETURN).first()
    if asked is not None:
        grant(asked, by=by, unit=unit, answer=note, at=at)
        handling.refresh_from_db()
        return held.proposal.handlings.standing().filter(unit=unit).first() if unit else None
    made = _pass_on(held, unit, by=by, at=at, note=note.strip())
    handling.refresh_from_db()
    return made


def _check_new_unit(share: Handling, unit: Unit | None) -> None:
    reasons = []
    if unit is None and share.answers_proposers:
        reasons.append(_("请选择改由哪个单位承办。"))
    if unit is not None:
        if not unit.active:
            reasons.append(_("%s 已停用，请另选承办单位。") % unit)
        others = share.proposal.handlings.standing().exclude(pk=share.pk).filter(unit=unit)
        other = others.first()
        if unit == share.unit:
            reasons.append(_("改办须选择另一个单位。"))
        elif other is not None and (other.answers_proposers or other.status not in Handling.OPEN):
            told = _("%(unit)s已是这件提案的%(role)s单位，请另选。")
            reasons.append(told % {"unit": unit, "role": other.get_role_display()})
    if reasons:
        raise NotReady(share, "rehand", reasons)


def _pass_on(
    share: Handling, unit: Unit | None, *, by: User, at: datetime, note: str
) -> Handling | None:
    """End this unit's share; the new unit begins with clocks of its own, the old dates stay on record."""
    proposal = locked(share.proposal)
    on = timezone.localdate(at)
    share.move_to("rehand", by=by, at=at, note=note, rehanded_to=unit)
    _leave(share, by=by, at=at)
    made = joint = None
    if unit is not None:
        joint = proposal.handlings.standing().filter(unit=unit).first()
        if joint is not None:  # who was to give an opinion now answers: its joint share ends
            joint.move_to("rehand", by=by, at=at, note=note, rehanded_to=unit)
            _leave(joint, by=by, at=at)
        made = give_share(
            proposal,
            unit,
            share.role,
            by=by,
            on=on,
            due_on=None,
            working=deadlines.WorkingCalendar(),
        )
        tell_handed_over(made, at=at)
    leave_meetings([share, *([joint] if joint else [])], by=by, at=at, made=made)
    _follow(proposal, share, made)
    settle(proposal, by=by, at=at)
    _tell_rehanded(share, unit, at=at)
    return made


def _tell_rehanded(share: Handling, unit: Unit | None, *, at: datetime) -> None:
    """The proposers, the other units of the proposal, and the unit that no longer has it."""
    proposal, on = share.proposal, timezone.localdate(at)
    kind = "rehanded" if unit is not None else "dropped"
    words = {
        "number": proposal.label,
        "role": str(share.get_role_display()),
        "old": str(share.unit),
        "new": str(unit or ""),
    }
    people = proposers_of(proposal)
    notices.tell(kind, share, people=people, at=at, words=words, url=proposal.get_absolute_url())
    notices.tell(
        kind, share, people=clerks_of(share, on), at=at, words=words, url=reverse("desk:index")
    )
    for other in proposal.handlings.standing().exclude(unit=unit).select_related("unit"):
        people = clerks_of(other, on)
        notices.tell(kind, share, people=people, at=at, words=words, url=other.get_absolute_url())


def _leave(share: Handling, *, by: User, at: datetime) -> None:
    """The unit's clocks stop, its open requests lapse, and it no longer reads the proposal."""
    deadlines.cancel_all([share], by=by, at=at)
    lapse_requests([share], by=by, at=at)
    remove_perm("proposals.answer_handling", open_group(share.unit), share)


def _follow(proposal: Proposal, old: Handling, new: Handling | None) -> None:
    """The proposal's own date and proof follow the shares that stand."""
    fields: dict[str, Any] = {"due_on": Handling.objects.last_due_on(proposal)}
    if new is not None and proposal.first_share_id == old.pk:
        fields["first_share"] = new
    Proposal.objects.filter(pk=proposal.pk).update(**fields)
