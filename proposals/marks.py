"""What pages show beside a proposal: who leads a key one and how it was pressed, its award, why it was revoked, who seconds it."""

from dataclasses import dataclass, field
from typing import Any

from cppcc_portal.office.files import Attachment
from cppcc_portal.office.keys import key_of
from members.models import Commitment
from proposals.models import (
    Award,
    KeyMark,
    MeetingResult,
    Proposal,
    ProposalChange,
    Seconding,
    SupervisionMeeting,
)
from proposals.models.secondings import seconding_is_on
from proposals.promises import promises_of


@dataclass
class Supervision:
    """The marks of a proposal (the current one first), and its log, the latest first."""

    mark: KeyMark | None = None
    dropped: list[Any] = field(default_factory=list)
    log: list[Any] = field(default_factory=list)


def supervision_of(proposal: Proposal) -> Supervision | None:
    """None where no decision ever made it a key proposal."""
    marks = list(
        proposal.key_marks.select_related("decision__body", "committee").prefetch_related(
            "officials", "changes__decision__body"
        )
    )
    if not marks:
        return None
    current = next((mark for mark in marks if mark.status == KeyMark.Status.CURRENT), None)
    log: list[Any] = list(proposal.supervision.select_related("way", "recorded_by__person"))
    _with_files(log)
    return Supervision(current, [mark for mark in marks if mark is not current], log)


def _with_files(log: list[Any]) -> None:
    """Each entry with its files, in one query."""
    by_subject: dict[str, list[Attachment]] = {}
    kept = Attachment.objects.present().filter(subject__in=[key_of(entry) for entry in log])
    for file in kept if log else ():
        by_subject.setdefault(file.subject, []).append(file)
    for entry in log:
        entry.files = by_subject.get(key_of(entry), [])


def award_of(proposal: Proposal) -> Award | None:
    """The award that stands, if it was named excellent."""
    given = Award.objects.standing().filter(proposal=proposal)
    return given.select_related("plenary__term", "decision__body").first()


def revoked(proposal: Proposal) -> ProposalChange | None:
    """When, on whose request and why it was taken back after filing."""
    if proposal.status != Proposal.Status.REVOKED:
        return None
    last: ProposalChange | None = proposal.changes.filter(verb="revoke").last()
    return last


@dataclass
class Support:
    """How many second a proposal, and who and why, for whoever reads that."""

    count: int
    people: list[Seconding] = field(default_factory=list)


def seconded_by(proposal: Proposal, user: Any) -> Support | None:
    """Names and remarks for its proposers and the office, the number for everybody else; None where nobody does."""
    if not seconding_is_on() or proposal.submitted_at is None:
        return None
    rows = Seconding.objects.of_others(proposal)
    if user.has_perm("proposals.view_proposal") or proposal.is_proposer(user):
        people = list(rows)
        return Support(len(people), people) if people else None
    count = rows.count()
    return Support(count) if count else None


def meetings_of(proposal: Proposal, user: Any) -> list[Any]:
    """Consultations on a proposal that this person may open; results are read by all who see the proposal.

    Each carries what came of it for this proposal alone as `own_results`.
    """
    rows = SupervisionMeeting.objects.filter(matters__proposal=proposal)
    held = SupervisionMeeting.Status.HELD
    known = SupervisionMeeting.objects.visible_to(user).filter(matters__proposal=proposal)
    opened = set(known.values_list("pk", flat=True))
    shown: list[Any] = [
        meeting
        for meeting in rows.select_related("gathering").order_by("-pk")
        if meeting.pk in opened or meeting.status == held
    ]
    if not shown:
        return []
    results = list(
        MeetingResult.objects.filter(handling__proposal=proposal).select_related("handling__unit")
    )
    promises_of(results)
    for meeting in shown:
        meeting.opens = meeting.pk in opened
        meeting.own_results = [one for one in results if one.meeting_id == meeting.pk]
    return shown


def promised_at(meetings: list[Any]) -> list[Commitment]:
    """What units took on for the proposal at these consultations."""
    return [
        promise
        for meeting in meetings
        for result in meeting.own_results
        for promise in result.promises
    ]
