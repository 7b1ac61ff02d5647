"""Whose turn it is on a proposal or a unit's share, by when, and why that day."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from cppcc_portal.office import parameters
from cppcc_portal.office.deadlines import (
    Deadline,
    WorkingCalendar,
    long_date,
    rule_of,
    short_date,
)
from cppcc_portal.office.keys import key_of
from cppcc_portal.office.turns import Turn, dated
from members.models import Commitment
from proposals.models import Evaluation, Handling, Proposal, Rehandling
from proposals.models.consultations import may_hand_over

Clocks = Mapping[str, Mapping[str, Deadline]]


def clocks_of(things: Iterable[Model]) -> Clocks:
    """The due dates of all these things with how each came about, in a constant number of queries."""
    keys = [key_of(thing) for thing in things]
    return Deadline.objects.prefetch_related("events").for_subjects(keys)


def clock_of(thing: Model, kind: str, clocks: Clocks) -> Deadline | None:
    return clocks.get(key_of(thing), {}).get(kind)


def _by_clock(
    proposal: Proposal,
    kind: str,
    clocks: Clocks | None,
    who: str,
    what: str,
    today: date,
    mine: bool,
) -> Turn:
    """A turn with the date of one of the proposal's own clocks, where it runs and is at hand."""
    clock = clock_of(proposal, kind, clocks or {})
    if clock is None or not clock.is_open:
        return dated(who, what, None, today, mine=mine)
    return dated(who, what, clock.due_on, today, why=clock.explain(), mine=mine)


def turn_of(
    proposal: Proposal, user: Any, today: date, clocks: Clocks | None = None
) -> Turn | None:
    """Whose turn it is; needs `first_proposer` and, once handed over, `shares_at_work` with units.

    With `clocks` (of the proposal and its shares) each date says why.
    """
    status = Proposal.Status
    first = proposal.first_proposer
    name = first.name if first else ""
    mine = first is not None and first.is_user(user)
    office, works_here = str(_("提案委办公室")), user.has_perm("proposals.file_proposal")
    match proposal.status:
        case status.DRAFT:
            return dated(name, _("写完后提交，或邀请联名。"), None, today, mine=mine)
        case status.COSIGNING:
            what = _("等受邀委员答复；随时可以提交。")
            why = _("受邀委员答复的最后一天；到期未答复的不列为提案人。")
            return dated(name, what, proposal.cosign_until, today, why=why, mine=mine)
        case status.RETURNED:
            what = _("按办公室的说明修改后再提交。")
            return _by_clock(proposal, "revision", clocks, name, what, today, mine)
        case status.SUBMITTED | status.REVIEWING:
            what = _("审查：立案、退回或不予立案。")
            return _by_clock(
                proposal, "review_ordinary", clocks, office, what, today, mine=works_here
            )
        case status.FILED | status.PREASSIGNED:
            return _hand_over_turn(proposal, user, today, clocks)
        case status.ASSIGNED | status.HANDLING | status.REHANDLING:
            return _units_turn(proposal, user, today, clocks or {})
        case status.REPLIED:
            return dated(_("提案人"), _("对答复作出评价。"), None, today)
        case status.TRACKING:
            return dated(_("承办单位"), _("兑现承诺事项。"), None, today)
    return None


def due_if_handed_over(on: date) -> dict[str, str]:
    """By when units would have to reply if it were handed over on this day, and why that day; by series."""
    calendar = WorkingCalendar()
    rules = {Proposal.Series.PLENARY: "reply", Proposal.Series.ORDINARY: "reply_ordinary"}
    found = {}
    for series, code in rules.items():
        rule = rule_of(code)
        words = {
            "on": short_date(on, on.year),
            "start": rule.start_label,
            "term": rule.term,
            "due": long_date(rule.term.due(on, calendar)),
        }
        found[str(series)] = str(_("%(due)s（%(on)s%(start)s + %(term)s）") % words)
    return found


def _hand_over_turn(proposal: Proposal, user: Any, today: date, clocks: Clocks | None) -> Turn:
    """Whoever hands over by the office's setting; units that are asked stay unnamed to proposers."""
    asked = proposal.status == Proposal.Status.PREASSIGNED
    what = _("征求拟承办单位意见，然后交办。") if asked else _("交给承办单位。")
    supervised = parameters.get("proposals.hand_over_by") == "supervision"
    who = str(_("督查室") if supervised else _("提案委办公室"))
    mine = may_hand_over(proposal, user)
    return _by_clock(proposal, "hand_over", clocks, who, what, today, mine)


def _units_turn(proposal: Proposal, user: Any, today: date, clocks: Clocks) -> Turn | None:
    at_work = proposal.shares_at_work
    open_shares = [share for share in at_work if share.status in Handling.OPEN]
    if not open_shares:
        return check_turn(at_work[0], user, today, clocks) if at_work else None
    asked = [share for share in open_shares if share.status == Handling.Status.RETURN_ASKED]
    if len(asked) == len(open_shares):
        return request_turn(asked[0], user, today)
    open_shares = [share for share in open_shares if share not in asked]
    open_shares.sort(key=lambda share: not share.answers_proposers)
    units = "、".join(str(share.unit) for share in open_shares)
    waiting = all(share.status == Handling.Status.WAITING for share in open_shares)
    own = any(share.unit_id in user.body_ids for share in open_shares)
    if waiting:
        first = min(open_shares, key=lambda share: share.sign_in_due_on)
        clock = clock_of(first, "sign_in", clocks)
        due_on, what = first.sign_in_due_on, _("签收。")
    else:
        # The date that proposers wait for is that of the reply, not of an opinion among units.
        answering = [share for share in open_shares if share.answers_proposers] or open_shares
        first = min(answering, key=lambda share: share.due_on)
        kind = "reply" if first.answers_proposers else "joint_opinion"
        clock = clock_of(first, kind, clocks)
        due_on, what = first.due_on, _("办理并答复。")
    return dated(units, what, due_on, today, why=clock.explain() if clock else "", mine=own)


def turn_after_reply(
    proposal: Proposal,
    user: Any,
    today: date,
    *,
    clocks: Clocks,
    ratings: Sequence[Evaluation] = (),
    rehandlings: Sequence[Rehandling] = (),
    promises: Sequence[Commitment] = (),
) -> Turn | None:
    """Whose turn it is on a page that knows ratings, second rounds and promises as well."""
    if proposal.status == Proposal.Status.REPLIED:
        undecided = [item for item in rehandlings if item.status == Rehandling.Status.PROPOSED]
        waiting = [item for item in ratings if item.status == Evaluation.Status.WAITING]
        own = [item for item in waiting if item.proposer.is_user(user)]
        if own or (waiting and not undecided):
            rating = min(own or waiting, key=lambda item: item.due_on)
            clock = clock_of(rating.reply, "evaluation", clocks)
            why = clock.explain() if clock else ""
            who = "、".join(dict.fromkeys(item.proposer.name for item in own or waiting))
            return dated(who, _("对答复作出评价。"), rating.due_on, today, why=why, mine=bool(own))
        if undecided:
            asked = min(undecided, key=lambda item: item.due_on)
            clock = clock_of(asked, "rehandle_start", clocks)
            return dated(
                str(_("提案委办公室")),
                _("有提案人不满意，决定是否重新办理。"),
                asked.due_on,
                today,
                why=clock.explain() if clock else "",
                mine=user.has_perm("proposals.rehandle_proposal"),
            )
    if proposal.status == Proposal.Status.TRACKING:
        kept_open = [item for item in promises if item.status == Commitment.Status.OPEN]
        if kept_open:
            first = min(kept_open, key=lambda item: item.due_on)
            return dated(
                str(first.unit),
                _("兑现承诺：%s") % first.what,
                first.due_on,
                today,
                why=_("作出承诺时写明的完成期限。"),
                mine=first.unit_id in user.body_ids,
            )
    return turn_of(proposal, user, today, clocks)


def request_turn(handling: Handling, user: Any, today: date) -> Turn:
    """A unit has asked to be released: who decides, and by when (told where the request is at hand)."""
    who = str(_("督查室、提案委办公室"))
    request = handling.return_request if "return_request" in handling._state.fields_cache else None
    due_on = request.due_on if request else None
    what = _("决定%s的退办申请。") % handling.unit
    return dated(who, what, due_on, today, mine=user.has_perm("proposals.decide_request"))


def check_turn(
    handling: Handling, user: Any, today: date, clocks: Clocks | None = None
) -> Turn | None:
    """The unit has done its part: who checks the reply, and by when."""
    clock = clock_of(handling, "check", clocks_of([handling]) if clocks is None else clocks)
    return dated(
        str(_("督查室、提案委办公室")),
        _("审核%s的答复。") % handling.unit,
        handling.check_due_on,
        today,
        why=clock.explain() if clock else "",
        mine=user.has_perm("proposals.check_reply") and handling.unit_id not in user.body_ids,
    )


def share_turn(
    handling: Handling, user: Any, today: date, clocks: Clocks | None = None
) -> Turn | None:
    """Whose turn it is on one unit's share, with the day explained."""
    own = handling.unit_id in user.body_ids
    if handling.status not in (*Handling.OPEN, Handling.Status.CHECKING):
        return None
    if handling.status == Handling.Status.RETURN_ASKED:
        return request_turn(handling, user, today)
    if handling.status == Handling.Status.CHECKING:
        return check_turn(handling, user, today, clocks)
    if clocks is None:
        clocks = clocks_of([handling])
    if handling.status == Handling.Status.WAITING:
        kind, what, due_on = "sign_in", _("签收。"), handling.sign_in_due_on
    elif handling.role == Handling.Role.JOINT:
        kind, what, due_on = "joint_opinion", _("提交会办意见。"), handling.due_on
    elif handling.status == Handling.Status.SIGNING:
        kind, what, due_on = "reply", _("由单位负责人签发答复。"), handling.due_on
    else:
        kind, what, due_on = "reply", _("与提案人沟通，并书面答复。"), handling.due_on
    clock, who = clock_of(handling, kind, clocks), str(handling.unit)
    if handling.status == Handling.Status.SIGNING:
        who, own = _("%s负责人") % who, handling.unit_id in user.led_ids
    why = clock.explain() if clock else ""
    return dated(who, what, due_on, today, why=why, mine=own)
