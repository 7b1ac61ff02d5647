"""Copies of due dates on the rows that lists are sorted by follow their deadline in the same transaction."""

from cppcc_portal.office.deadlines import Deadline, followed_by
from cppcc_portal.office.keys import split_key
from proposals.actions.publishing import follow_clocks
from proposals.models import (
    Countersign,
    Evaluation,
    Handling,
    MeetingReport,
    OpinionDispatch,
    Proposal,
    Publication,
    Rehandling,
    UnitConsultation,
    UnitRequest,
)


@followed_by("proposals.handling")
def of_handling(clock: Deadline) -> None:
    """The share's own dates, and the proposal's date, which is the latest of those who answer."""
    rows = Handling.objects.filter(pk=split_key(clock.subject)[1])
    if clock.kind == "sign_in":
        rows.update(sign_in_due_on=clock.due_on)
    elif clock.kind == "check":
        rows.update(check_due_on=clock.due_on)
    elif clock.kind in ("reply", "joint_opinion"):
        rows.filter(round=clock.round).update(due_on=clock.due_on)
        for handling in rows:
            last = Handling.objects.last_due_on(handling.proposal_id)
            Proposal.objects.filter(pk=handling.proposal_id).update(due_on=last)


@followed_by("proposals.reply")
def of_reply(clock: Deadline) -> None:
    """Ratings still to be given share the reply's clock."""
    Evaluation.objects.filter(
        reply=split_key(clock.subject)[1], status=Evaluation.Status.WAITING
    ).update(due_on=clock.due_on)


@followed_by("proposals.countersign")
def of_countersign(clock: Deadline) -> None:
    Countersign.objects.filter(pk=split_key(clock.subject)[1]).update(due_on=clock.due_on)


@followed_by("proposals.unitrequest")
def of_request(clock: Deadline) -> None:
    UnitRequest.objects.filter(pk=split_key(clock.subject)[1]).update(due_on=clock.due_on)


@followed_by("proposals.unitconsultation")
def of_consultation(clock: Deadline) -> None:
    UnitConsultation.objects.filter(pk=split_key(clock.subject)[1]).update(due_on=clock.due_on)


@followed_by("proposals.rehandling")
def of_rehandling(clock: Deadline) -> None:
    Rehandling.objects.filter(pk=split_key(clock.subject)[1]).update(due_on=clock.due_on)


@followed_by("proposals.publication")
def of_publication(clock: Deadline) -> None:
    follow_clocks(Publication.objects.get(pk=split_key(clock.subject)[1]))


@followed_by("proposals.opiniondispatch")
def of_opinion_dispatch(clock: Deadline) -> None:
    rows = OpinionDispatch.objects.filter(pk=split_key(clock.subject)[1])
    if clock.kind == "opinion_sign_in":
        rows.update(sign_in_due_on=clock.due_on)
    else:
        rows.update(due_on=clock.due_on)


@followed_by("proposals.meetingreport")
def of_report(clock: Deadline) -> None:
    MeetingReport.objects.filter(pk=split_key(clock.subject)[1]).update(due_on=clock.due_on)
