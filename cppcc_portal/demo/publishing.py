"""公开 in the demonstration: published in full and as summaries, taken back, kept internal, and what waits."""

from datetime import datetime, timedelta
from typing import Any

from members.models import User
from proposals.actions import publishing
from proposals.models import Proposal, Publication, Reply
from proposals.models.publications import sent_replies

PUBLISHED, WAITING = 24, 6  # how many; the rest of the past was never public here
BEGUN = 2  # of those that wait, how many have a version at hand

TAKEN_BACK = "公开后发现答复中的工程进度与实际不符，待承办单位更正。"
KEPT = "内容涉及正在协商的征收补偿方案，暂不宜公开。"


def tell(office: User, *, now: datetime) -> None:
    """The latest proposals whose proposers agree; the oldest of them first, as an office would."""
    rows = Proposal.objects.filter(status__in=Proposal.STANDING, publication=None)
    agreed = (
        rows.filter(may_publish=True).select_related("current_text").order_by("-filed_at", "-pk")
    )
    answered = agreed.filter(status__in=[Proposal.Status.CLOSED, Proposal.Status.REPLIED])
    for number, proposal in enumerate(answered[:PUBLISHED]):
        at = now - timedelta(days=2 * number + 1)
        publication = _prepared(proposal, office, summary=number % 3 == 1, at=at)
        _publish(publication, office, at=at)
        if number == 4:
            publishing.unpublish(
                publication, by=office, note=TAKEN_BACK, at=at + timedelta(hours=5)
            )
    fresh = list(agreed.filter(publication=None)[: WAITING + 1])
    for number, proposal in enumerate(fresh):
        filed_at = proposal.filed_at or now
        publishing.wait_for_text(proposal, by=office, at=filed_at)
        publication = Publication.objects.get(proposal=proposal)
        if number == WAITING:
            publishing.keep_internal(publication, by=office, note=KEPT, at=now)
        elif number < BEGUN:
            _prepared(proposal, office, at=now)
    for number, proposal in enumerate(rows.filter(may_publish=False).order_by("-pk")[:2]):
        publication = _prepared(proposal, office, at=now)
        if number == 0:
            publishing.ask_consent(publication, by=office, at=now)


def _prepared(
    proposal: Proposal, office: User, *, at: datetime, summary: bool = False
) -> Publication:
    """A public version: the text as it is, each reply as its unit has set, some only as a summary."""
    text: Any = proposal.current_text
    publication = publishing.open_publication(proposal, by=office)
    replies = {}
    for reply in sent_replies(proposal):
        how = reply.openness
        if summary and how == Reply.Openness.FULL:
            how = Reply.Openness.SUMMARY.value
        words = reply.text.strip()
        if how == Reply.Openness.SUMMARY:
            words = _summary(words)
        replies[reply.pk] = (how, words)
    publishing.prepare(publication, by=office, replies=replies, at=at, **text.parts)
    return publication


def _summary(words: str) -> str:
    """The first sentence of each of its paragraphs, without salutation and thanks."""
    paragraphs = [
        one for one in words.split("\n")[1:-1] if "。" in one and not one.startswith("您")
    ]
    return "".join(f"{one.split('。')[0]}。\n" for one in paragraphs).strip() or words


def _publish(publication: Publication, office: User, *, at: datetime) -> None:
    version = publication.latest
    assert version is not None  # it was just prepared
    publishing.publish(
        publication,
        by=office,
        number=version.number,
        secrecy_confirmed=True,
        hints_confirmed=True,
        at=at,
    )
