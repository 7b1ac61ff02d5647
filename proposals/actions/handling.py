"""What units do at the desk: acknowledge, contact, give a joint opinion, reply. Staff may from paper."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from cppcc_portal.office import audit, deadlines, notices
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady
from members.models import User
from proposals.actions.people import clerks_of
from proposals.actions.writing import locked
from proposals.models import (
    ContactEntry,
    Countersign,
    Handling,
    JointOpinion,
    Proposal,
    Proposer,
    UnitRequest,
)
from proposals.models.replies import is_asked
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
    """Nobody answers any more what these units asked: the share is answered, ended or elsewhere."""
    shares = list(shares)
    asked = Countersign.objects.waiting().filter(
        Q(handling__in=shares) | Q(reply__handling__in=shares)
    )
    lapse([*UnitRequest.objects.undecided().filter(handling__in=shares), *asked], by=by, at=at)


def lapse(rows: Sequence[UnitRequest | Countersign], *, by: User, at: datetime) -> None:
    """Nobody waits for these any more; their clocks stop."""
    for row in rows:
        row.move_to("lapse", by=by, at=at)
    deadlines.cancel_all(rows, by=by, at=at)


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
    consent: str = "",
    scan: Attachment | None = None,
    at: datetime | None = None,
) -> ContactEntry:
    """Keep a contact of the unit with a proposer: when, how, what was said; staff may from paper.

    Where a talk face to face is asked for, another way needs the proposer's `consent`, in words.
    """
    at = at or timezone.now()
    proposal = locked(handling.proposal)
    handling.refresh_from_db(fields=["status"])
    if not by.is_active or not may_act_for_unit(handling, by):
        raise NotAllowed(handling, "contact")
    if handling.status in Handling.GONE or proposal.status in Proposal.ENDED:
        raise IllegalMove(handling, "contact", _("登记沟通情况"))
    if handling.status == Handling.Status.WAITING:
        raise NotReady(handling, "contact", [_("请先签收，再登记沟通情况。")])
    on_paper = paper(handling, by, scan, "contact")
    if not proposal.proposers.confirmed().filter(pk=proposer.pk).exists():
        raise NotReady(handling, "contact", [_("请选择这件提案的提案人或联名人。")])
    if not summary.strip():
        raise NotReady(handling, "contact", [_("请写明沟通情况。")])
    if on > timezone.localdate(at):
        raise NotReady(handling, "contact", [_("沟通日期不能晚于今天。")])
    submitted_on = timezone.localdate(proposal.submitted_at)
    if on < submitted_on:
        told = _("沟通日期不能早于提案提交日期 %s。") % deadlines.long_date(submitted_on)
        raise NotReady(handling, "contact", [told])
    if stage == ContactEntry.Stage.AFTER and not handling.replies.sent().exists():
        raise NotReady(handling, "contact", [_("还没有答复，阶段请选“办理前”或“办理中”。")])
    asked = is_asked("in_person", handling) and not handling.contacts.settled(proposer)
    if asked and way not in ContactEntry.IN_PERSON and not consent.strip():
        told = _("这件提案须当面沟通；改用其他方式的，请写明提案人是怎样同意的。")
        raise NotReady(handling, "contact", [told])
    entry = ContactEntry.objects.create(
        handling=handling,
        proposer=proposer,
        way=way,
        stage=stage,
        on=on,
        summary=summary,
        in_person_asked=asked,
        consent=consent.strip(),
        recorded_by=by,
        recorded_at=at,
        is_entered=bool(on_paper),
        scan=on_paper.get("scan"),
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
    signer_post: str,
    document_number: str = "",
    scan: Attachment | None = None,
    at: datetime | None = None,
) -> JointOpinion:
    """A joint unit says its part to the lead unit; it never answers the proposer itself."""
    at = at or timezone.now()
    handling.proposal = locked(handling.proposal)
    if not text.strip() or not signer.strip() or not signer_post.strip():
        raise NotReady(handling, "give_opinion", [_("请写明会办意见、签发人和签发人职务。")])
    opinion = JointOpinion.objects.create(
        handling=handling,
        text=text,
        signer=signer,
        signer_post=signer_post.strip(),
        document_number=document_number,
        unit_name=str(handling.unit),
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
