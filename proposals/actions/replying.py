"""How a unit's reply comes about: kept as a draft, signed, checked, sent to every proposer."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from cppcc_portal.office import deadlines, files, notices
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady
from members.actions import record_commitment
from members.models import Posting, User
from proposals.actions.handling import lapse, lapse_requests, paper, settle
from proposals.actions.people import clerks_of, leaders_of, proposers_of, supervisors, tell_unit
from proposals.actions.publishing import wait_for_reply
from proposals.actions.writing import locked
from proposals.models import Evaluation, Handling, Reply, ResultClass, UnitRequest
from proposals.models.replies import PROMISE_PARTS, is_asked
from proposals.models.rights import may_act_for_unit

REPLY_FIELDS = (
    "result_class",
    "document_number",
    "text",
    "signer",
    "signer_post",
    "signer_rank",
    "contact_name",
    "contact_phone",
    "openness",
    "promised",
    "planned",
)


@transaction.atomic
def save_reply(
    handling: Handling,
    *,
    by: User,
    version: int | None = None,
    at: datetime | None = None,
    **fields: Any,
) -> Reply:
    """Keep the unit's reply as a draft; only the unit reads it.

    Raises IllegalMove when the reply was sent or, with `version`, when a colleague saved in between.
    """
    at = at or timezone.now()
    # Held, or words saved while the proposal is taken out would come back after it.
    locked(handling.proposal)
    handling.refresh_from_db(fields=["status"])
    if handling.status != Handling.Status.ACKNOWLEDGED or not handling.answers_proposers:
        raise IllegalMove(handling, "reply")
    if not by.is_active or not may_act_for_unit(handling, by):
        raise NotAllowed(handling, "reply")
    draft, _created = Reply.objects.get_or_create(handling=handling, round=handling.round)
    values = {name: value for name, value in fields.items() if name in REPLY_FIELDS}
    if values.get("result_class") is not None and values["result_class"].needs_commitment:
        values["promised"] = True
    rows = Reply.objects.filter(pk=draft.pk, sent_at__isnull=True)
    if version is not None:
        rows = rows.filter(version=version)
    if not rows.update(**values, version=F("version") + 1, saved_at=at):
        raise IllegalMove(handling, "reply")
    draft.refresh_from_db()
    return draft


@transaction.atomic
def reply(
    handling: Handling,
    *,
    by: User,
    commitments: Iterable[Mapping[str, Any]] = (),
    scan: Attachment | None = None,
    signed: Any = None,
    at: datetime | None = None,
    **fields: Any,
) -> Reply:
    """The unit's reply is written: it goes to the leader, to the check, or to every proposer, as the office asks.

    `commitments` are what, who, due_on; a class that promises needs at least one (rule 5). `signed`
    is the scan of a letter that was signed on paper.
    """
    at = at or timezone.now()
    proposal = locked(handling.proposal)
    draft = save_reply(handling, by=by, at=at, **fields)
    # The date as it now stands: it may have been extended since the page was opened.
    handling.refresh_from_db(fields=["due_on"])
    handling.proposal = proposal
    planned = _whole(handling, commitments, on=timezone.localdate(at))
    on_paper = paper(handling, by, scan, "reply")
    if signed is not None and not isinstance(signed, Attachment):
        signed = files.accept(signed, subject=draft, by=by, kind=Attachment.Kind.SCAN)
    _keep(draft, planned=planned, promised=draft.must_promise or bool(planned))
    if is_asked("sign_off", handling):
        letter = scan if on_paper else signed
        if letter is None:
            handling.move_to("submit_for_signing", by=by, at=at, current_reply=draft)
            _tell_leaders(handling, at=at)
            return draft
        _keep(draft, signed_paper=letter, signed_at=at)
    return _hand_in(handling, draft, by=by, at=at, on_paper=on_paper)


def _whole(
    handling: Handling, commitments: Iterable[Mapping[str, Any]], *, on: date
) -> list[dict[str, str]]:
    """The promises as they are kept in the draft; each says what, who, and a day to come."""
    planned = []
    for promise in commitments:
        if not promise["what"].strip() or not promise["who"].strip():
            raise NotReady(handling, "reply", [_("每项承诺都须写明做什么、谁负责、何时完成。")])
        if promise["due_on"] <= on:
            raise NotReady(
                handling, "reply", [_("承诺的完成期限应晚于今天，请检查：%s") % promise["what"]]
            )
        planned.append({part: str(promise[part]) for part in PROMISE_PARTS})
    return planned


def _keep(draft: Reply, **fields: Any) -> None:
    """Write to the draft what belongs to the step; IllegalMove when it was sent meanwhile."""
    if not Reply.objects.filter(pk=draft.pk, sent_at__isnull=True).update(**fields):
        raise IllegalMove(draft.handling, "reply")
    for name, value in fields.items():
        setattr(draft, name, value)


def _held(handling: Handling) -> tuple[Handling, Reply]:
    """The share as it now is, its proposal held until the transaction ends, and the draft that has gone on."""
    proposal = locked(handling.proposal)
    held = Handling.objects.select_related("unit", "current_reply__result_class").get(
        pk=handling.pk
    )
    held.proposal = proposal
    draft = held.current_reply
    if draft is None or draft.is_sent:
        raise IllegalMove(held, "reply")
    draft.handling = held
    return held, draft


@transaction.atomic
def sign(handling: Handling, *, by: User, note: str = "", at: datetime | None = None) -> Reply:
    """The unit's leader signs the reply off; it goes to the check, or to the proposers."""
    at = at or timezone.now()
    held, draft = _held(handling)
    held.require("sign", by=by)
    post = Posting.objects.current(timezone.localdate(at)).filter(
        body=held.unit_id, role__in=Posting.LEADS, person__user=by
    )
    signer = {"signer": str(by.person)[:30], "signed_by": by, "signed_at": at}
    own = post.order_by("-role")[0]
    signer["signer_rank"] = own.role
    # The leader's post is told by the office's own word where the clerk wrote none.
    if draft.signer.strip() != signer["signer"] or not draft.signer_post.strip():
        signer["signer_post"] = str(own.get_role_display())
    _keep(draft, **signer)
    held.move_to("sign", by=by, at=at, note=note, current_reply=draft)
    sent = _hand_in(held, draft, by=by, at=at, on_paper={})
    handling.refresh_from_db()
    return sent


def _hand_in(
    handling: Handling, draft: Reply, *, by: User, at: datetime, on_paper: dict[str, Any]
) -> Reply:
    """Signed as far as the office asks for it: to the check, where there is one, else to the proposers."""
    if not is_asked("check_reply", handling):
        return _send(handling, draft, "reply", by=by, at=at, **on_paper)
    on = timezone.localdate(at)
    _keep(draft, handed_in_by=by, handed_in_at=at)
    # What was asked for meanwhile is over: a unit that gets its reply back can ask again.
    lapse(list(UnitRequest.objects.undecided().filter(handling=handling)), by=by, at=at)
    times = handling.changes.filter(verb="submit_for_check").count() + 1
    clock = deadlines.start(handling, "check", on=on, by=by, round=times)
    handling.move_to(
        "submit_for_check",
        by=by,
        at=at,
        current_reply=draft,
        check_due_on=clock.due_on,
        **on_paper,
    )
    # The unit has done its part: while others look at it, its clock stands still.
    own = deadlines.Deadline.objects.current(handling, "reply")
    if own is not None and own.is_open and on <= own.due_on:
        deadlines.pause(own, on=on, by=by)
    notices.tell(
        "reply_to_check",
        handling,
        people=supervisors(),
        round=times,
        due=clock.due_on,
        at=at,
        words={**_words(handling), "until": clock.due_on.isoformat()},
        url=handling.get_absolute_url(),
    )
    return draft


def _words(handling: Handling) -> dict[str, str]:
    return {"number": handling.proposal.label, "unit": str(handling.unit)}


def _go_on(handling: Handling, *, by: User, at: datetime) -> None:
    """The check is over: its clock is met, the unit's runs again."""
    deadlines.meet_current(handling, "check", at=at, by=by)
    own = deadlines.Deadline.objects.current(handling, "reply")
    if own is not None and own.is_open and own.paused_on is not None:
        deadlines.resume(own, on=timezone.localdate(at), by=by)
        handling.refresh_from_db(fields=["due_on"])


@transaction.atomic
def check(
    handling: Handling,
    *,
    by: User,
    result_class: ResultClass | None = None,
    reason: str = "",
    note: str = "",
    at: datetime | None = None,
) -> Reply:
    """Pass the unit's reply, which goes to every proposer; another class than the unit's needs a reason."""
    at = at or timezone.now()
    held, draft = _held(handling)
    held.require("check", by=by)
    given = draft.result_class
    if result_class is not None and result_class != given:
        if not reason.strip():
            raise NotReady(held, "check", [_("更改类别须写明理由，承办单位会看到。")])
        if result_class.needs_commitment and not draft.planned_promises:
            told = _("“%s”须有承诺事项，而答复里没有；请退回承办单位补写承诺后再报。")
            raise NotReady(held, "check", [told % result_class])
        _keep(
            draft, given_class=given, result_class=result_class, class_reason=reason.strip()[:500]
        )
        if result_class.needs_commitment:
            _keep(draft, promised=True)
    _go_on(held, by=by, at=at)
    note = note.strip() or reason.strip()
    sent = _send(held, draft, "check", by=by, at=at, note=note)
    tell_unit(
        "reply_checked" if draft.given_class is None else "class_changed",
        held,
        people=clerks_of(held, timezone.localdate(at)),
        round=draft.round,
        at=at,
        words={**_words(held), "class": str(sent.result_class)},
    )
    handling.refresh_from_db()
    return sent


@transaction.atomic
def send_back(handling: Handling, *, by: User, note: str, at: datetime | None = None) -> None:
    """Give the reply back to the clerk who wrote it, saying what is to be changed; it is signed anew."""
    at = at or timezone.now()
    held, draft = _held(handling)
    held.require("send_back", by=by)
    if not note.strip():
        raise NotReady(held, "send_back", [_("请写明需要修改的地方，承办单位会看到。")])
    if held.status == Handling.Status.CHECKING:
        _go_on(held, by=by, at=at)
    _keep(
        draft,
        signed_by=None,
        signed_at=None,
        signed_paper=None,
        handed_in_by=None,
        handed_in_at=None,
    )
    held.move_to("send_back", by=by, at=at, note=note.strip())
    tell_unit(
        "reply_sent_back",
        held,
        people=clerks_of(held, timezone.localdate(at)),
        round=held.changes.filter(verb="send_back").count(),
        at=at,
        words=_words(held),
    )
    handling.refresh_from_db()


def _tell_leaders(handling: Handling, *, at: datetime) -> None:
    tell_unit(
        "reply_to_sign",
        handling,
        people=leaders_of(handling, timezone.localdate(at)),
        round=handling.changes.filter(verb="submit_for_signing").count(),
        at=at,
        words={**_words(handling), "until": handling.due_on.isoformat()},
    )


def _send(
    handling: Handling, draft: Reply, verb: str, *, by: User, at: datetime, **how: Any
) -> Reply:
    """To every proposer, with its promises; each is asked to rate it. `how`: on what paper, with what note."""
    on, proposal = timezone.localdate(at), handling.proposal
    late = [promise["what"] for promise in draft.planned_promises if promise["due_on"] <= on]
    if late:
        told = _("承诺的完成期限应晚于今天，请检查：%s")
        raise NotReady(handling, verb, [told % "、".join(late)])
    promised = [
        record_commitment(draft, by=by, unit=handling.unit, **promise)
        for promise in draft.planned_promises
    ]
    sent = {
        "sent_at": at,
        "sent_by": draft.handed_in_by or by,
        "unit_name": str(handling.unit),
        "due_on": handling.due_on,
        "promised": draft.must_promise or bool(promised),
        "planned": [],
        "first_commitment": promised[0] if promised else None,
    }
    for name, value in sent.items():
        setattr(draft, name, value)
    # The guard looks at the reply as it will be sent; only then is the row written.
    change = handling.move_to(verb, by=by, at=at, current_reply=draft, done_at=at, **how)
    if not Reply.objects.filter(pk=draft.pk, sent_at__isnull=True).update(**sent):
        raise IllegalMove(handling, verb)
    deadlines.meet_current(handling, "reply", at=at, by=by)
    lapse_requests([handling], by=by, at=at)
    rate_by = _ask_for_ratings(handling, draft, by=by, on=on)
    notices.tell(
        "replied",
        handling,
        people=proposers_of(proposal),
        round=draft.round,
        due=rate_by,
        at=change.at,
        words={**_words(handling), "until": rate_by.isoformat()},
        url=proposal.get_absolute_url(),
    )
    _copy_to_joint_units(handling, draft, at=change.at)
    settle(proposal, by=by, at=at)
    wait_for_reply(draft, by=by, at=at)
    return draft


def _copy_to_joint_units(handling: Handling, sent: Reply, *, at: datetime) -> None:
    """抄送: the units that gave their opinion for it learn what was answered."""
    others = handling.proposal.handlings.standing().filter(role=Handling.Role.JOINT)
    for joint in others.select_related("unit"):
        notices.tell(
            "reply_copied",
            joint,
            people=clerks_of(joint, timezone.localdate(at)),
            round=sent.round,
            at=at,
            words={**_words(handling), "class": str(sent.result_class)},
            url=joint.get_absolute_url(),
        )


def _ask_for_ratings(handling: Handling, sent: Reply, *, by: User, on: date) -> date:
    """One rating per proposer for this reply; all share one clock, which hangs on the reply."""
    clock = deadlines.start(sent, "evaluation", on=on, by=by)
    Evaluation.objects.bulk_create(
        Evaluation(reply=sent, proposer=proposer, due_on=clock.due_on)
        for proposer in handling.proposal.proposers.confirmed()
    )
    return clock.due_on
