"""Who may fetch a file that belongs to a proposal or one of its parts: as its parent, at that moment."""

from typing import Any

from cppcc_portal.office import files
from cppcc_portal.office.files import Attachment, readable, shared
from cppcc_portal.office.keys import split_key
from proposals.models import (
    Countersign,
    Evaluation,
    Handling,
    JointOpinion,
    OpinionDispatch,
    OpinionReport,
    Proposal,
    Publication,
    Reply,
    SupervisionEntry,
    UnitConsultation,
    UnitRequest,
)
from proposals.models.bulletins import attachments_of
from proposals.models.rights import acts_for_unit


def shown_with(proposal: Proposal) -> Any:
    """What the proposers added to their text; seals and signatures on paper are shown where they belong."""
    return files.for_subject(proposal).exclude(kind=Attachment.Kind.SCAN)


@readable("proposals.proposal")
def of_proposal(user: Any, pk: int) -> bool:
    return Proposal.objects.visible_to(user).filter(pk=pk).exists()


@readable("proposals.handling")
def of_handling(user: Any, pk: int) -> bool:
    return Handling.objects.visible_to(user).filter(pk=pk).exists()


@readable("proposals.jointopinion")
def of_joint_opinion(user: Any, pk: int) -> bool:
    """The joint unit, the other units of the same proposal, and the office."""
    opinion = JointOpinion.objects.filter(pk=pk).select_related("handling").first()
    if opinion is None:
        return False
    shares = Handling.objects.visible_to(user)
    return shares.filter(proposal_id=opinion.handling.proposal_id).exists()


@readable("proposals.reply")
def of_reply(user: Any, pk: int) -> bool:
    """Once sent, whoever sees the proposal; before, the unit that writes it and, handed in, who checks it."""
    reply = Reply.objects.filter(pk=pk).select_related("handling").first()
    if reply is None:
        return False
    if reply.is_sent:
        return of_proposal(user, reply.handling.proposal_id)
    handling = reply.handling
    return user.is_active and (acts_for_unit(handling, user) or handling.can("check", user))


@readable("proposals.evaluation")
def of_evaluation(user: Any, pk: int) -> bool:
    return Evaluation.objects.visible_to(user).filter(pk=pk).exists()


@readable("proposals.unitrequest")
def of_request(user: Any, pk: int) -> bool:
    return UnitRequest.objects.visible_to(user).filter(pk=pk).exists()


@readable("proposals.supervisionentry")
def of_supervision(user: Any, pk: int) -> bool:
    """Whoever sees the proposal reads its log."""
    entry = SupervisionEntry.objects.filter(pk=pk).first()
    return entry is not None and of_proposal(user, entry.proposal_id)


@readable("proposals.publication")
def of_publication(user: Any, pk: int) -> bool:
    """The paper on which somebody agreed that it be public: the office alone."""
    return (
        user.has_perm("proposals.view_publication") and Publication.objects.filter(pk=pk).exists()
    )


@readable("proposals.countersign")
def of_countersign(user: Any, pk: int) -> bool:
    return Countersign.objects.visible_to(user).filter(pk=pk).exists()


@readable("proposals.unitconsultation")
def of_consultation(user: Any, pk: int) -> bool:
    return UnitConsultation.objects.visible_to(user).filter(pk=pk).exists()


@readable("proposals.opinionreport")
def of_opinion_report(user: Any, pk: int) -> bool:
    """The author, the office, the chair of the author's committee; who gets the bulletin: see below."""
    return OpinionReport.objects.visible_to(user).filter(pk=pk).exists()


@shared("proposals.opinionreport")
def with_bulletin(user: Any, attachment: Attachment) -> bool:
    """Whoever received the issue together with what its authors added to their texts; never their paper."""
    _label, pk = split_key(attachment.subject)
    received = OpinionDispatch.objects.received_by(user).filter(
        with_files=True, bulletin__reports=pk
    )
    dispatch = received.select_related("bulletin__text").first()
    if dispatch is None or dispatch.bulletin.is_emptied:
        return False
    return attachments_of(dispatch.bulletin).filter(pk=attachment.pk).exists()


@readable("proposals.opiniondispatch")
def of_opinion_dispatch(user: Any, pk: int) -> bool:
    return OpinionDispatch.objects.visible_to(user).filter(pk=pk).exists()


@readable("office.instruction")
def of_instruction(user: Any, pk: int) -> bool:
    """The paper of an instruction, for who records them."""
    return bool(user.is_active and user.has_perm("office.add_instruction"))
