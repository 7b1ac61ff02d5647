"""Where the promises on shares were made: in a reply, or at a supervision consultation."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from cppcc_portal.office.keys import key_of, split_key
from members.models import Commitment
from proposals.models.handlings import Handling
from proposals.models.meetings import MeetingResult
from proposals.models.replies import Reply

REPLY, RESULT = "proposals.reply", "proposals.meetingresult"


@dataclass(frozen=True)
class Origin:
    """The reply or the result in which something was promised: of which share, since when, of what class."""

    handling: Handling
    on: date
    reply: Reply | None = None
    result: MeetingResult | None = None

    @property
    def kind(self) -> str:
        """The class of the reply; nothing for what was agreed at a consultation."""
        return self.reply.result_class.code if self.reply and self.reply.result_class else ""


def made_in(commitments: Iterable[Any]) -> dict[str, Origin]:
    """Where these were promised, by their source keys; others' are left out. Two queries at most."""
    keys: dict[str, set[int]] = {REPLY: set(), RESULT: set()}
    for commitment in commitments:
        label, pk = split_key(commitment.subject)
        if label in keys:
            keys[label].add(pk)
    found: dict[str, Origin] = {}
    shares = ("handling__proposal__term", "handling__unit")
    replies = Reply.objects.filter(pk__in=keys[REPLY]).select_related(*shares, "result_class")
    for reply in replies if keys[REPLY] else ():
        assert reply.sent_at is not None  # only what was sent promises
        found[key_of(reply)] = Origin(reply.handling, timezone.localdate(reply.sent_at), reply)
    results = MeetingResult.objects.filter(pk__in=keys[RESULT])
    for result in results.select_related(*shares, "meeting__gathering") if keys[RESULT] else ():
        on = result.meeting.gathering.on
        found[key_of(result)] = Origin(result.handling, on, result=result)
    return found


def open_promises(proposal: Any) -> QuerySet[Commitment]:
    """What units still have to keep on a proposal."""
    replies = Reply.objects.filter(handling__proposal=proposal).sent()
    results = MeetingResult.objects.filter(handling__proposal=proposal)
    subjects = [key_of(thing) for thing in (*replies, *results)]
    return Commitment.objects.filter(subject__in=subjects, status=Commitment.Status.OPEN)
