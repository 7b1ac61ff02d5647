"""Seals of bodies: under which words each stands, and what stands when the text is submitted."""

from datetime import datetime

from django.db.models import Max

from members.models import User
from proposals.models import Collective, FurtherBody, Proposal, Proposer, TextVersion


def words_under_seal(proposal: Proposal, *, by: User) -> str:
    """The hash of the words that the scan uploaded now shows.

    Staff type the text from the sealed paper itself: theirs is named when it is submitted.
    """
    if proposal.entered_by_id == by.pk:
        return ""
    text = getattr(proposal, "draft", None) or proposal.current_text
    return text.digest if text is not None else ""


def settle_collective(proposal: Proposal, text: TextVersion, *, by: User, at: datetime) -> None:
    """From now on the organisation's contact stands, and its seal where its kind asks for one.

    Further bodies stand behind the text from now on as well, each by its own seal.
    """
    collective = proposal.collective
    Collective.objects.filter(pk=collective.pk).update(
        submitted_at=at,
        needs_seal=collective.kind.needs_seal,
        seal_digest=_sealed(collective, text),
    )
    known = {one.body_id: one for one in proposal.proposers.filter(body__isnull=False, order__gt=0)}
    order = proposal.proposers.aggregate(last=Max("order"))["last"] or 0
    for side in proposal.further_bodies.standing():
        FurtherBody.objects.filter(pk=side.pk).update(
            submitted_at=at, needs_seal=True, seal_digest=_sealed(side, text)
        )
        proposer = known.pop(side.body_id, None)
        if proposer is None:
            order += 1
            Proposer.objects.create(
                proposal=proposal,
                body_id=side.body_id,
                order=order,
                text=text,
                status=Proposer.Status.AGREED,
                answered_at=at,
            )
        elif proposer.status == Proposer.Status.AGREED:
            Proposer.objects.filter(pk=proposer.pk).update(text=text, answered_at=at)
        else:
            proposer.move_to("put_together", by=by, at=at, text=text, answered_at=at)
    for proposer in known.values():
        if proposer.status == Proposer.Status.AGREED:
            proposer.move_to("put_no_more", by=by, at=at)


def _sealed(side: Collective | FurtherBody, text: TextVersion) -> str:
    """A seal on the paper from which staff typed stands under what they submit."""
    if side.seal_id is None:
        return ""
    return side.seal_digest or text.digest
