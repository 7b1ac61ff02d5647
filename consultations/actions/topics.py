"""Topics from a member's phone to the office's screening."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from guardian.shortcuts import assign_perm, remove_perm

from consultations.actions.people import on_paper, proposers_of
from consultations.models import DeclineReason, Topic
from consultations.models.rights import is_proposer
from cppcc_portal.office import audit, deadlines, files, notices
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady
from members.actions import open_group
from members.models import Committee, Membership, User

TEXT_FIELDS = ("title", "background", "suggestion", "no_secret", "source", "proposed_for")


class TopicConflict(Exception):
    """Another window saved this topic in between; nothing was overwritten."""

    def __init__(self, topic: Topic) -> None:
        self.topic = topic
        super().__init__(f"topic {topic.pk} is at version {topic.version}")


@transaction.atomic
def start_topic(
    *, by: User, membership: Membership | None = None, at: datetime | None = None, **fields: Any
) -> Topic:
    """Open a draft: a member's own, or staff for a body that proposes."""
    at = at or timezone.now()
    if membership is not None:
        seat = Membership.objects.active().of_current_term().filter(pk=membership.pk).first()
        own = seat is not None and seat.person.user_id == by.pk
        if not own and not by.has_perm("consultations.enter_for_others"):
            raise NotAllowed(Topic(), "start_topic")
    elif not by.has_perm("consultations.add_topic"):
        raise NotAllowed(Topic(), "start_topic")
    values = {name: value for name, value in fields.items() if name in TEXT_FIELDS}
    topic = Topic.objects.create(
        proposer=membership, entered_by=by, created_at=at, saved_at=at, **values
    )
    audit.record("topic.start", topic, by=by)
    return topic


@transaction.atomic
def enter_topic(
    *, by: User, membership: Membership, scan: Any, at: datetime | None = None
) -> Topic:
    """代录: open a member's draft from paper; the paper's `scan` (an upload) is kept with it."""
    if not by.is_active or not by.has_perm("consultations.enter_for_others"):
        raise NotAllowed(Topic(), "enter_topic")
    topic = start_topic(by=by, membership=membership, at=at)
    files.accept(scan, subject=topic, by=by, kind=Attachment.Kind.SCAN)
    return topic


def _paper(topic: Topic, verb: str, by: User) -> dict[str, Any]:
    """On whose behalf and on what paper, when somebody else goes on with a member's topic."""
    seat = topic.proposer
    if seat is None or seat.person.user_id == by.pk:
        return {}
    scan = files.for_subject(topic).filter(kind=Attachment.Kind.SCAN).last()
    return on_paper(topic, verb, acts=False, by=by, behalf=seat.person.name, scan=scan)


@transaction.atomic
def save_topic(
    topic: Topic, *, by: User, version: int, at: datetime | None = None, **fields: Any
) -> Topic:
    """Keep what was typed; `version` is the one this window last saw.

    Raises IllegalMove once submitted, NotAllowed for others, TopicConflict when another window was
    first; the same text sent twice is no conflict.
    """
    at = at or timezone.now()
    held = locked(topic)
    if held.status not in Topic.WRITING:
        raise IllegalMove(held, "save_draft", _("修改文字"))
    if not by.is_active or not is_proposer(held, by):
        raise NotAllowed(held, "save_draft")
    values = {name: value for name, value in fields.items() if name in TEXT_FIELDS}
    if held.version != version:
        if all(getattr(held, name) == value for name, value in values.items()):
            return held
        raise TopicConflict(held)
    Topic.objects.filter(pk=held.pk).update(**values, version=F("version") + 1, saved_at=at)
    held.refresh_from_db()
    return held


@transaction.atomic
def submit(topic: Topic, *, by: User, at: datetime | None = None) -> None:
    """Hand the topic in; the office has some working days to look at it."""
    at = at or timezone.now()
    held = locked(topic)
    held.move_to("submit", by=by, at=at, submitted_at=at, **_paper(held, "submit", by))
    clock = deadlines.start(
        held,
        "topic_screening",
        on=timezone.localdate(at),
        by=by,
        round=held.changes.filter(verb="submit").count(),
    )
    notices.tell(
        "topic_submitted",
        held,
        people=proposers_of(held),
        round=held.changes.filter(verb="submit").count(),
        at=at,
        words={"until": clock.due_on.isoformat()},
    )
    topic.refresh_from_db()


@transaction.atomic
def recall(topic: Topic, *, by: User, at: datetime | None = None) -> None:
    """The proposer takes it back before the office has looked at it."""
    at = at or timezone.now()
    held = locked(topic)
    held.move_to("recall", by=by, at=at, **_paper(held, "recall", by))
    deadlines.meet_current(held, "topic_screening", at=at, by=by)
    topic.refresh_from_db()


@transaction.atomic
def return_(topic: Topic, *, by: User, note: str, at: datetime | None = None) -> None:
    """Give it back for revision, saying what is to be changed."""
    at = at or timezone.now()
    held = locked(topic)
    if not note.strip():
        raise NotReady(held, "return_", [_("请写明需要修改的地方，提出人会看到。")])
    held.move_to("return_", by=by, note=note, at=at)
    deadlines.meet_current(held, "topic_screening", at=at, by=by)
    notices.tell(
        "topic_returned",
        held,
        people=proposers_of(held),
        round=held.changes.filter(verb="return_").count(),
        at=at,
    )
    topic.refresh_from_db()


@transaction.atomic
def screen(
    topic: Topic,
    *,
    by: User,
    needed: str,
    hoped_for: str,
    feasible: str,
    committee: Committee | None,
    at: datetime | None = None,
) -> None:
    """The three criteria answered in a line each, and a committee that takes the topic on."""
    at = at or timezone.now()
    held = locked(topic)
    held.move_to(
        "screen",
        by=by,
        at=at,
        needed=needed.strip(),
        hoped_for=hoped_for.strip(),
        feasible=feasible.strip(),
        committee=committee,
    )
    assert committee is not None
    delegate(held, committee)
    deadlines.meet_current(held, "topic_screening", at=at, by=by)
    notices.tell(
        "topic_screened",
        held,
        people=proposers_of(held),
        at=at,
        words={"committee": str(committee)},
    )
    topic.refresh_from_db()


@transaction.atomic
def not_take(
    topic: Topic,
    *,
    by: User,
    decline_reason: DeclineReason,
    note: str,
    at: datetime | None = None,
) -> None:
    """Do not take the topic: a reason from the list and a sentence for the proposer."""
    at = at or timezone.now()
    held = locked(topic)
    held.move_to("not_take", by=by, at=at, decline_reason=decline_reason, decline_note=note.strip())
    deadlines.meet_current(held, "topic_screening", at=at, by=by)
    notices.tell(
        "topic_not_taken",
        held,
        people=proposers_of(held),
        at=at,
        words={"reason": str(decline_reason)},
    )
    topic.refresh_from_db()


def delegate(topic: Topic, committee: Committee) -> None:
    """The committee's group may run this topic, and no other committee's."""
    for other in topic.topicgrouppermission_set.exclude(group=open_group(committee)):
        remove_perm("consultations.run_topic", other.group, topic)
    assign_perm("consultations.run_topic", open_group(committee), topic)


def locked(topic: Topic) -> Topic:
    """The row as it now is, held until the transaction ends."""
    return (
        Topic.objects.select_for_update(of=("self",))
        .select_related("plan", "committee", "form", "leader", "proposer__person", "approval__body")
        .get(pk=topic.pk)
    )
