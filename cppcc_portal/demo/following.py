"""What units say of their promises afterwards: progress, and supplementary replies with the class of then."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from cppcc_portal.demo import replies
from cppcc_portal.office.keys import split_key
from members.models import Commitment
from proposals.models import FollowUp, ProgressNote


def progress(story: Any, share: Any, promise: Commitment, closed: datetime) -> None:
    """A quarter later the unit says how far it is, if that day has come."""
    at = closed + timedelta(days=80)
    if at < story.t.now and at.date() < promise.due_on:
        story.rows.add(
            ProgressNote,
            commitment=promise,
            text=replies.progress_note(Random(promise.pk)),  # noqa: S311
            on=timezone.localdate(at),
            said_by=share.clerk,
            said_at=at,
        )


def settled(story: Any, share: Any, promise: Commitment, at: datetime) -> None:
    """What came of it, to every proposer: of class A where the promise was kept."""
    kept = promise.status == Commitment.Status.KEPT
    text = replies.supplementary_reply_text(story.text) if kept else replies.NOT_KEPT
    story.rows.add(
        FollowUp,
        reply_id=split_key(promise.subject)[1],
        result_class=story.t.classes["A" if kept else "B"],
        text=text,
        signer=share.leader.person.name,
        signer_post="主要负责人",
        on=timezone.localdate(at),
        said_by=share.clerk,
        said_at=at,
    )
