"""What units do at the desk: acknowledge, contact, give a joint opinion, reply. Staff may from paper."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from cppcc_portal.office import audit, deadlines, notices
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady
from members.actions import record_commitment
from members.models import User
from proposals.actions.people import clerks_of, proposers_of
from proposals.actions.publishing import wait_for_reply
from proposals.actions.writing import locked
from proposals.models import (
    ContactEntry,
    Evaluation,
    Handling,
    JointOpinion,
    Proposal,
    Proposer,
    Reply,
    UnitRequest,
)
from proposals.models.rights import acts_for_unit, may_act_for_unit


def paper(handling: Handling, by: User, scan: Attachment | None, verb: str) -> dict[str, Any]:
    """On whose behalf and on what paper, when staff act for a unit; nothing when the unit itself acts."""
    if acts_for_unit(handling, by):
        return {}
    if verb in handling.MOVES:
        handling.require(verb, by=by)
    if scan is None:
        raise NotReady(handling, verb, [_("代录须附上该单位盖章材料的扫描件。")])
    return {"behalf": str(handling.unit), "scan": scan}


def lapse_requests(shares: Iterable[Handling], *, by: User, at: datetime) -> None:
    """Nobody decides any more what these units asked for: the share is answered, ended or elsewhere."""
    requests = list(UnitRequest.objects.undecided().filter(handling__in=shares))
    for request in requests:
        request.move_to("lapse", by=by, at=at)
    deadlines.cancel_all(requests, by=by, at=at)


@transaction.atomic
def acknowledge(
    handling: Handling, *, by: User, scan: Attachment | None = None, at: datetime | None = None
) -> None:
    """The unit confirms that it has received its share; when all have, the proposal is in handling."""
    at = at or timezone.now()
    proposal = locked(handling.proposal)
    handling.move_to(
        "acknowledge",
        by=by,
        at=at,
        acknowledged_at=at,
        **paper(handling, by, scan, "acknowledge"),
    )
    deadlines.meet_current(handling, "sign_in", at=at, by=by)
    settle(proposal, by=by, at=at)


def settle(proposal: Proposal, *, by: User, at: datetime) -> None:
    """What follows for the proposal (held) from how its shares stand: all received, all answered."""
    shares = proposal.handlings.standing()
    not_received = (Handling.Status.WAITING, Handling.Status.RETURN_ASKED)
    if (
        proposal.status == Proposal.Status.ASSIGNED
        and not shares.filter(status__in=not_received).exists()
    ):
        proposal.move_to("all_acknowledged", by=by, at=at)
    answering = shares.exclude(role=Handling.Role.JOINT)
    if (
        proposal.status in Proposal.MOVES["all_replied"].old
        and not answering.exclude(status=Handling.Status.REPLIED).exists()
    ):
        proposal.move_to("all_replied", by=by, at=at)


@transaction.atomic
def record_contact(
    handling: Handling,
    *,
    by: User,
    proposer: Proposer,
    way: str,
    stage: str,
    on: date,
    summary: str,
    at: datetime | None = None,
) -> ContactEntry:
    """Keep a contact of the unit with a proposer: when, how, what was said."""
    at = at or timezone.now()
    proposal = locked(handling.proposal)
    handling.refresh_from_db(fields=["status"])
    if not by.is_active or not may_act_for_unit(handling, by):
        raise NotAllowed(handling, "contact")
    if handling.status in Handling.GONE:
        raise IllegalMove(handling, "contact", _("登记沟通情况"))
    if handling.status == Handling.Status.WAITING:
        raise NotReady(handling, "contact", [_("请先签收，再登记沟通情况。")])
    if not proposal.proposers.confirmed().filter(pk=proposer.pk).exists():
        raise NotReady(handling, "contact", [_("请选择这件提案的提案人或联名人。")])
    if not summary.strip():
        raise NotReady(handling, "contact", [_("请写明沟通情况。")])
    if on > timezone.localdate(at):
        raise NotReady(handling, "contact", [_("沟通日期不能晚于今天。")])
    entry = ContactEntry.objects.create(
        handling=handling,
        proposer=proposer,
        way=way,
        stage=stage,
        on=on,
        summary=summary,
        recorded_by=by,
        recorded_at=at,
    )
    audit.record("handling.contact", handling, by=by, fields={"way": ["", way]})
    deadlines.meet_current(handling, "first_contact", at=at, by=by)
    return entry


@transaction.atomic
def give_opinion(
    handling: Handling,
    *,
    by: User,
    text: str,
    signer: str,
    document_number: str = "",
    scan: Attachment | None = None,
    at: datetime | None = None,
) -> JointOpinion:
    """A joint unit says its part to the lead unit; it never answers the proposer itself."""
    at = at or timezone.now()
    handling.proposal = locked(handling.proposal)
    if not text.strip() or not signer.strip():
        raise NotReady(handling, "give_opinion", [_("请写明会办意见和签发人。")])
    opinion = JointOpinion.objects.create(
        handling=handling,
        text=text,
        signer=signer,
        document_number=document_number,
        given_at=at,
        given_by=by,
    )
    handling.move_to(
        "give_opinion",
        by=by,
        at=at,
        joint_opinion=opinion,
        done_at=at,
        **paper(handling, by, scan, "give_opinion"),
    )
    deadlines.meet_current(handling, "joint_opinion", at=at, by=by)
    for lead in handling.proposal.handlings.standing().filter(role=Handling.Role.LEAD):
        notices.tell(
            "opinion_given",
            handling,
            people=clerks_of(lead, timezone.localdate(at)),
            at=at,
            words={"number": handling.proposal.label, "unit": str(handling.unit)},
            url=lead.get_absolute_url(),
        )
    return opinion


REPLY_FIELDS = (
    "result_class",
    "document_number",
    "text",
    "signer",
    "signer_post",
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
    at: datetime | None = None,
    **fields: Any,
) -> Reply:
    """Send the unit's written reply to every proposer, with its promises; each is asked to rate it.

    `commitments` are what, who, due_on. A class that promises needs at least one (rule 5).
    """
    at = at or timezone.now()
    on = timezone.localdate(at)
    proposal = locked(handling.proposal)
    draft = save_reply(handling, by=by, at=at, **fields)
    # The date as it now stands: it may have been extended since the page was opened.
    handling.refresh_from_db(fields=["due_on"])
    commitments = list(commitments)
    for promise in commitments:
        if not promise["what"].strip() or not promise["who"].strip():
            raise NotReady(handling, "reply", [_("每项承诺都须写明做什么、谁负责、何时完成。")])
        if promise["due_on"] <= on:
            raise NotReady(
                handling, "reply", [_("承诺的完成期限应晚于今天，请检查：%s") % promise["what"]]
            )
    promised = [
        record_commitment(draft, by=by, unit=handling.unit, **promise) for promise in commitments
    ]
    sent = {
        "sent_at": at,
        "sent_by": by,
        "due_on": handling.due_on,
        "promised": draft.must_promise or bool(promised),
        "planned": [],
        "first_commitment": promised[0] if promised else None,
    }
    for name, value in sent.items():
        setattr(draft, name, value)
    # The guard looks at the reply as it will be sent; only then is the row written.
    handling.proposal = proposal
    change = handling.move_to(
        "reply",
        by=by,
        at=at,
        current_reply=draft,
        done_at=at,
        **paper(handling, by, scan, "reply"),
    )
    if not Reply.objects.filter(pk=draft.pk, sent_at__isnull=True).update(**sent):
        raise IllegalMove(handling, "reply")
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
        words={
            "number": proposal.label,
            "unit": str(handling.unit),
            "until": rate_by.isoformat(),
        },
        url=proposal.get_absolute_url(),
    )
    settle(proposal, by=by, at=at)
    wait_for_reply(draft, by=by, at=at)
    return draft


def _ask_for_ratings(handling: Handling, sent: Reply, *, by: User, on: date) -> date:
    """One rating per proposer for this reply; all share one clock, which hangs on the reply."""
    clock = deadlines.start(sent, "evaluation", on=on, by=by)
    Evaluation.objects.bulk_create(
        Evaluation(reply=sent, proposer=proposer, due_on=clock.due_on)
        for proposer in handling.proposal.proposers.confirmed()
    )
    return clock.due_on
