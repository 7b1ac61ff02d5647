"""Suspected secret: the words leave the system, a tombstone without hash stays (rule 16)."""

from datetime import datetime

from django.db import transaction
from django.db.models import CharField
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _

from cppcc_portal.office import audit, deadlines, files, notices
from cppcc_portal.office.keys import key_of
from cppcc_portal.office.workflow import NotReady
from members.models import Commitment, CommitmentChange, User
from proposals.actions.awarding import end_awards
from proposals.actions.consulting_units import end_consultation
from proposals.actions.handling import lapse_requests
from proposals.actions.importing import forget_import
from proposals.actions.meeting_removing import end_meetings, purge_meetings
from proposals.actions.merging import release_merged
from proposals.actions.opinion_removing import take_out_report
from proposals.actions.publishing import end_publication, purge_publication
from proposals.actions.supervising import end_key
from proposals.actions.writing import locked
from proposals.models import (
    Award,
    AwardChange,
    Collective,
    ContactEntry,
    Countersign,
    CountersignChange,
    Draft,
    DraftCopy,
    EarlierRating,
    Evaluation,
    EvaluationChange,
    FilingRow,
    FollowUp,
    FurtherBody,
    Handling,
    HandlingChange,
    HandlingGroupPermission,
    InternalNote,
    JointOpinion,
    KeyMarkChange,
    OpinionReport,
    ProgressNote,
    Proposal,
    ProposalChange,
    Proposer,
    ProposerChange,
    Publication,
    Rehandling,
    RehandlingChange,
    Reply,
    ReviewOpinion,
    Seconding,
    SecondingChange,
    SupervisionEntry,
    TextVersion,
    UnitConsultation,
    UnitConsultationChange,
    UnitRequest,
    UnitRequestChange,
)


@transaction.atomic
def take_out(proposal: Proposal, *, by: User, note: str, at: datetime | None = None) -> None:
    """Take a proposal suspected of secrets out of the system: text, versions, replies, files, notices.

    What stays says that there was a proposal, who took it out and when. `note` must not repeat
    what the text said; it names the paper file in which the matter goes on.
    """
    at = at or timezone.now()
    held = locked(proposal, whatever_year=True)
    held.require("take_out", by=by)
    if not note.strip():
        raise NotReady(
            held, "take_out", [_("请写明转到哪里处理（不要写涉密内容），例如：转区委保密办。")]
        )
    gone = str(_("（已移出）"))
    handlings = list(held.handlings.all())
    replies = Reply.objects.filter(handling__in=handlings)
    opinions = JointOpinion.objects.filter(handling__in=handlings)
    evaluations = Evaluation.objects.filter(reply__in=replies)
    rehandlings = Rehandling.objects.filter(handling__in=handlings)
    consultations = UnitConsultation.objects.filter(proposal=held)
    requests = UnitRequest.objects.filter(handling__in=handlings)
    countersigns = Countersign.objects.filter(reply__in=replies)
    proposers = Proposer.objects.filter(proposal=held)
    commitments = Commitment.objects.filter(subject__in=[key_of(reply) for reply in replies])
    log = SupervisionEntry.objects.filter(proposal=held)
    awards = Award.objects.filter(proposal=held)
    marks = held.key_marks.all()
    secondings = Seconding.objects.filter(proposal=held)
    things = [
        held,
        *handlings,
        *replies,
        *opinions,
        *evaluations,
        *rehandlings,
        *requests,
        *countersigns,
        *consultations,
        *proposers,
        *commitments,
        *log,
        *awards,
        *marks,
        *secondings,
        *Publication.objects.filter(proposal=held),
    ]
    for thing in things:
        files.purge(thing, by=by, note=str(_("涉密嫌疑，移出")))
        notices.withdraw(thing, at=at)
    deadlines.cancel_all(things, by=by, at=at)
    end_consultation(held, by=by, at=at)
    forget_import(held, by=by, note=str(_("涉密嫌疑，移出")))
    _end(held, by=by, at=at, gone=gone)
    end_meetings(held, by=by, at=at)
    release_merged(held, by=by, at=at)
    end_publication(held, by=by, at=at)
    with audit.open_gate("take_out", by=by):
        TextVersion.objects.filter(proposal=held).update(
            title="", situation="", analysis="", suggestions="", digest=""
        )
        purge_publication(held)
        purge_meetings(held, by=by, at=at, gone=gone)
        ProposalChange.objects.filter(subject=held).update(note="")
        ReviewOpinion.objects.filter(proposal=held).update(note="")
        ProposerChange.objects.filter(subject__in=proposers).update(note="")
        HandlingChange.objects.filter(subject__in=handlings).update(note="")
        FollowUp.objects.filter(reply__in=replies).update(text=gone)
        ProgressNote.objects.filter(commitment__in=commitments).update(text=gone)
        EarlierRating.objects.filter(evaluation__in=evaluations).update(text="")
        EvaluationChange.objects.filter(subject__in=evaluations).update(note="")
        RehandlingChange.objects.filter(subject__in=rehandlings).update(note="")
        UnitConsultationChange.objects.filter(subject__in=consultations).update(note="")
        UnitRequestChange.objects.filter(subject__in=requests).update(note="")
        CountersignChange.objects.filter(subject__in=countersigns).update(note="")
        CommitmentChange.objects.filter(subject__in=commitments).update(note="")
        KeyMarkChange.objects.filter(subject__in=marks).update(note="")
        AwardChange.objects.filter(subject__in=awards).update(note="")
        SecondingChange.objects.filter(subject__in=secondings).update(note="")
        log.update(took_part=gone, said=gone)
        log.exclude(undertook="").update(undertook=gone)
    # No hash is left, only a word that says nothing: the seals themselves are gone.
    for sides in (Collective, FurtherBody):
        rows = sides._base_manager.filter(proposal=held, seal__isnull=False)
        rows.update(seal_digest=Cast("pk", CharField()))
    Draft.objects.filter(proposal=held).delete()
    DraftCopy.objects.filter(proposal=held).delete()
    InternalNote.objects.filter(proposal=held).delete()
    replies.filter(sent_at__isnull=True).update(text="", planned=[])
    replies.filter(sent_at__isnull=False).update(text=gone, planned=[])
    replies.exclude(class_reason="").update(class_reason=gone)
    opinions.update(text=gone)
    countersigns.update(text=gone, digest=Cast("pk", CharField()))
    countersigns.exclude(remark="").update(remark=gone)
    evaluations.exclude(text="").update(text=gone)
    rehandlings.exclude(reason="").update(reason=gone)
    rehandlings.exclude(demand="").update(demand=gone)
    consultations.exclude(reason="").update(reason=gone)
    requests.update(reason=gone)
    requests.exclude(answer="").update(answer=gone)
    commitments.update(what=gone)
    proposers.update(remark="")
    secondings.update(remark="")
    FilingRow.objects.filter(proposal=held).exclude(note="").update(note=gone)
    contacts = ContactEntry.objects.filter(handling__in=handlings)
    contacts.update(summary=gone)
    contacts.exclude(consent="").update(consent=gone)
    HandlingGroupPermission.objects.filter(content_object__in=handlings).delete()
    held.move_to(
        "take_out",
        by=by,
        note=note,
        at=at,
        title="",
        initials="",
        unpublished_reason="",
        key_official=None,
    )
    for report in OpinionReport.objects.filter(from_proposal=held).exclude(
        status=OpinionReport.Status.TAKEN_OUT
    ):
        take_out_report(report, by=by, note=note, at=at)
    proposal.refresh_from_db()


def _end(proposal: Proposal, *, by: User, at: datetime, gone: str) -> None:
    """Nobody has anything more to do about it: no share, rating, decision or promise waits on."""
    end_key(proposal, by=by, at=at)
    end_awards(proposal, by=by, at=at)
    shares = proposal.handlings.all()
    for proposer in proposal.proposers.filter(status=Proposer.Status.WAITING):
        proposer.move_to("lapse", by=by, at=at)
    lapse_requests(shares, by=by, at=at)
    for share in shares.filter(status__in=Handling.MOVES["end"].old):
        share.move_to("end", by=by, at=at)
    for rating in Evaluation.objects.filter(
        reply__handling__in=shares, status=Evaluation.Status.WAITING
    ):
        rating.move_to("expire", by=by, at=at)
    for proposed in Rehandling.objects.filter(
        handling__in=shares, status=Rehandling.Status.PROPOSED
    ):
        proposed.move_to("end", by=by, at=at, reason=gone)
    replies = Reply.objects.filter(handling__in=shares)
    for promise in Commitment.objects.filter(
        subject__in=[key_of(reply) for reply in replies], status=Commitment.Status.OPEN
    ):
        promise.move_to("end", by=by, at=at)
