"""Publication (公开): what waits for it, its versions, whose consent it takes, and the way back."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Min
from django.utils import timezone
from django.utils.translation import gettext as _

from cppcc_portal.office import audit, deadlines, notices
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.keys import key_of
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady
from members.models import Unit, User
from members.posted import office_people
from proposals.actions.people import clerks_of, people_behind, proposers_of
from proposals.actions.writing import locked
from proposals.models import (
    Proposal,
    Proposer,
    Publication,
    PublicationChange,
    PublicationConsent,
    PublicReply,
    PublicVersion,
    Reply,
)
from proposals.models.publications import public_digest, sent_replies

TEXT, REPLY = "publish_text", "publish_reply"
Words = Mapping[int, tuple[str, str]]  # openness and words of each reply, by its key


# What waits --------------------------------------------------------------------------------------


def wait_for_text(proposal: Proposal, *, by: User, at: datetime) -> None:
    """A filed proposal whose proposer agrees waits to be made public, by its day."""
    if proposal.may_publish:
        publication, _created = Publication.objects.get_or_create(proposal=proposal)
        _wait(publication, TEXT, on=timezone.localdate(at), by=by)


def wait_for_reply(reply: Reply, *, by: User, at: datetime) -> None:
    """A reply that its unit does not keep from the public waits as well, unless all is kept from it."""
    proposal = reply.handling.proposal
    if reply.openness == Reply.Openness.NONE or not proposal.may_publish:
        return
    publication, _created = Publication.objects.get_or_create(proposal=proposal)
    if publication.status in (Publication.Status.WAITING, Publication.Status.PUBLIC):
        _wait(publication, REPLY, on=timezone.localdate(at), by=by)


def _wait(publication: Publication, kind: str, *, on: date, by: User) -> None:
    clock = deadlines.Deadline.objects.current(publication, kind)
    if clock is None or not clock.is_open:
        round = clock.round + 1 if clock else 1
        deadlines.start(publication, kind, on=on, by=by, round=round)
    follow_clocks(publication)


def follow_clocks(publication: Publication) -> None:
    """The row's own date is the first of those that still run."""
    running = deadlines.Deadline.objects.filter(subject=key_of(publication)).open()
    due_on = running.aggregate(first=Min("due_on"))["first"]
    Publication.objects.filter(pk=publication.pk).update(due_on=due_on)
    publication.due_on = due_on


def _held(publication: Publication, *, whatever_year: bool = False) -> Publication:
    """The publication as it now is, its proposal held until the transaction ends."""
    proposal = locked(publication.proposal, whatever_year=whatever_year)
    held = Publication.objects.select_for_update(of=("self",)).get(pk=publication.pk)
    held.proposal = proposal
    return held


# Preparing ---------------------------------------------------------------------------------------


@transaction.atomic
def open_publication(proposal: Proposal, *, by: User) -> Publication:
    """Begin to prepare a filed proposal for the public, also one that nobody waits for."""
    held = locked(proposal)
    if not by.is_active or not by.has_perm("proposals.publish_proposal"):
        raise NotAllowed(held, "publish")
    if held.status not in Proposal.STANDING:
        raise NotReady(held, "publish", [_("只有已立案的提案才能公开。")])
    publication, created = Publication.objects.get_or_create(proposal=held)
    if created:
        audit.record("publication.open", publication, by=by)
    return publication


@transaction.atomic
def prepare(
    publication: Publication,
    *,
    by: User,
    title: str,
    situation: str,
    analysis: str,
    suggestions: str,
    replies: Words | None = None,
    after: int | None = None,
    at: datetime | None = None,
) -> PublicVersion:
    """Keep a public version; the same words are kept once, and nothing of it is public yet.

    `replies` gives openness and public words of each sent reply; `after` is the number of the
    version last seen, so that of two who prepare at once the second sees the first's.
    """
    held = _held(publication)
    held.require("publish", by=by)
    if held.proposal.status not in Proposal.STANDING:
        raise NotReady(held, "publish", [_("只有已立案的提案才能公开。")])
    parts = {
        "title": title.strip(),
        "situation": situation.strip(),
        "analysis": analysis.strip(),
        "suggestions": suggestions.strip(),
    }
    known = {reply.pk: reply for reply in sent_replies(held.proposal)}
    given = {pk: words for pk, words in (replies or {}).items() if pk in known}
    reasons = []
    if not parts["title"] or not parts["suggestions"]:
        reasons.append(_("公开稿至少要有案由和建议。"))
    for pk, (openness, text) in given.items():
        if openness != Reply.Openness.NONE and not text.strip():
            reasons.append(_("请写%s答复的公开内容，或选“不公开”。") % known[pk].handling.unit)
    latest = held.latest
    number = latest.number if latest else 0
    if after is not None and after != number:
        reasons.append(
            _("另一位同事刚存了第 %s 稿。请对照那一稿改好后再存一次，您写的内容还在。") % number
        )
    if reasons:
        raise NotReady(held, "publish", reasons)
    clean = [
        (pk, str(openness), "" if openness == Reply.Openness.NONE else text.strip())
        for pk, (openness, text) in given.items()
    ]
    digest = public_digest(parts, clean)
    text_now = held.proposal.current_text
    assert text_now is not None  # what is filed has a frozen text
    if latest and latest.digest == digest and latest.based_on_id == text_now.pk:
        return latest
    version = PublicVersion.objects.create(
        publication=held,
        number=number + 1,
        digest=digest,
        based_on=text_now,
        made_by=by,
        made_at=at or timezone.now(),
        **parts,
    )
    PublicReply.objects.bulk_create(
        PublicReply(version=version, reply=known[pk], openness=openness, text=text)
        for pk, openness, text in clean
    )
    audit.record("publication.prepare", held, by=by, fields={"version": [number, version.number]})
    return version


# Publishing and the way back ---------------------------------------------------------------------


@transaction.atomic
def publish(
    publication: Publication,
    *,
    by: User,
    number: int,
    secrecy_confirmed: bool = False,
    hints_confirmed: bool = False,
    note: str = "",
    at: datetime | None = None,
) -> None:
    """Make the version with this number public: it must be the newest, so nobody publishes unseen words."""
    at = at or timezone.now()
    held = _held(publication)
    held.require("publish", by=by)
    version = held.latest
    if version is not None and version.number != number:
        raise NotReady(held, "publish", [_("又存了新的公开稿，请看过新稿再公开。")])
    if version is not None and held.current_id == version.pk:
        raise NotReady(held, "publish", [_("第 %s 稿已经公开，没有新的公开稿。") % number])
    proof = held.consents_now().filter(proposer__isnull=False).order_by("pk").first()
    held.move_to(
        "publish",
        by=by,
        at=at,
        note=note.strip() or (_("第 %s 稿") % number),
        current=version,
        consented=not held.is_open_anew,
        consent=proof if held.is_open_anew else None,
        secrecy_confirmed=secrecy_confirmed,
        hints_confirmed=hints_confirmed,
        published_at=held.published_at or at,
        changed_at=at,
    )
    for kind in (TEXT, REPLY):
        deadlines.meet_current(held, kind, at=at, by=by)
    follow_clocks(held)
    words = {"number": held.proposal.label}
    url = held.get_absolute_url()
    told = proposers_of(held.proposal)
    for share in held.answering():
        told += clerks_of(share, timezone.localdate(at))
    people = list(dict.fromkeys(told))
    notices.tell("published", held, people=people, round=number, at=at, words=words, url=url)
    publication.refresh_from_db()


@transaction.atomic
def keep_internal(
    publication: Publication, *, by: User, note: str, at: datetime | None = None
) -> None:
    """不予公开: what waits is not made public, with the reason that its proposers read."""
    _leave_public(publication, "keep_internal", by=by, note=note, at=at)


@transaction.atomic
def unpublish(publication: Publication, *, by: User, note: str, at: datetime | None = None) -> None:
    """取消公开: the public page is gone at once; to bring it back takes everybody's consent."""
    _leave_public(publication, "unpublish", by=by, note=note, at=at)


def _leave_public(
    publication: Publication, verb: str, *, by: User, note: str, at: datetime | None
) -> None:
    at = at or timezone.now()
    held = _held(publication)
    held.require(verb, by=by)
    if not note.strip():
        raise NotReady(held, verb, [_("请写明不公开的理由，提案人会看到。")])
    _stop(held, verb, by=by, at=at, note=note.strip(), internal_since=at)
    people, url = proposers_of(held.proposal), held.get_absolute_url()
    words = {"number": held.proposal.label}
    notices.tell(
        "unpublished", held, people=people, round=held.version, at=at, words=words, url=url
    )
    publication.refresh_from_db()


def _stop(held: Publication, verb: str, *, by: User, at: datetime, **fields: Any) -> None:
    """No version is public any more, and nothing waits."""
    held.move_to(verb, by=by, at=at, current=None, consented=False, consent=None, **fields)
    deadlines.cancel_all([held], by=by, at=at)
    follow_clocks(held)


def end_publication(proposal: Proposal, *, by: User, at: datetime) -> None:
    """The proposal is no longer one: its public page goes in the same transaction, whatever it showed."""
    publication = Publication.objects.filter(proposal=proposal).first()
    if publication is not None and publication.status != Publication.Status.GONE:
        # Who ends the proposal was asked already whether its year is closed.
        _stop(_held(publication, whatever_year=True), "end", by=by, at=at)


def purge_publication(proposal: Proposal) -> None:
    """The words of its public versions leave the system; only inside the open gate of `take_out`."""
    versions = PublicVersion.objects.filter(publication__proposal=proposal)
    PublicReply.objects.filter(version__in=versions).exclude(text="").update(text=_("（已移出）"))
    versions.update(title="", situation="", analysis="", suggestions="", digest="")
    PublicationChange.objects.filter(subject__proposal=proposal).update(note="")


# Consent -----------------------------------------------------------------------------------------


@transaction.atomic
def ask_consent(publication: Publication, *, by: User, at: datetime | None = None) -> None:
    """征求公开同意: tell those whose consent is lacking that they are asked, and where to give it."""
    at = at or timezone.now()
    held = _held(publication)
    held.require("publish", by=by)
    sides = held.asked_of()
    if not sides:
        raise NotReady(held, "publish", [_("所需的同意都已有记录，不必再征求。")])
    asked = held.consents.count() + PublicationChange.objects.filter(subject=held).count()
    told = sum(
        notices.tell(
            "publication_asked",
            held,
            people=_people_of(held, side, timezone.localdate(at)),
            round=asked + 1,
            at=at,
            words={"number": held.proposal.label},
            url=held.get_absolute_url(),
        )
        for side in sides
    )
    if not told:
        lacking = _("这一稿已经征求过；对方没有账号的，请取得书面同意后代录。")
        raise NotReady(held, "publish", [lacking])
    audit.record("publication.ask_consent", held, by=by, fields={"sides": [None, len(sides)]})


def _people_of(held: Publication, side: Proposer | Unit, on: date) -> list[Any]:
    if isinstance(side, Proposer):
        return people_behind([side])
    return clerks_of(next(share for share in held.answering() if share.unit_id == side.pk), on)


@transaction.atomic
def consent(publication: Publication, *, by: User, at: datetime | None = None) -> None:
    """The proposer or the unit itself agrees that it be public."""
    at = at or timezone.now()
    held = _held(publication)
    sides = held.sides_of(by) if by.is_active else []
    if not sides:
        raise NotAllowed(held, "consent")
    _record(held, sides, by=by, at=at)


@transaction.atomic
def enter_consent(
    publication: Publication,
    *,
    by: User,
    side: Proposer | Unit,
    scan: Attachment | None,
    at: datetime | None = None,
) -> None:
    """代录同意公开: staff enter what the proposer or the unit signed on paper."""
    at = at or timezone.now()
    held = _held(publication)
    if not by.is_active or not by.has_perm("proposals.enter_for_others"):
        raise NotAllowed(held, "enter_consent")
    reasons = []
    if scan is None:
        reasons.append(_("代录须附上签字或盖章的同意书扫描件。"))
    if side not in held.asked_of():
        reasons.append(_("%s 不必再同意，或已有同意的记录。") % side)
    if reasons:
        raise NotReady(held, "publish", reasons)
    _record(held, [side], by=by, at=at, scan=scan, is_entered=True)


def _record(
    held: Publication, sides: Iterable[Proposer | Unit], *, by: User, at: datetime, **paper: Any
) -> None:
    if held.status == Publication.Status.GONE:
        raise IllegalMove(held, "publish", _("同意公开"))
    for side in sides:
        who = {"proposer": side} if isinstance(side, Proposer) else {"unit": side}
        made = PublicationConsent.objects.create(publication=held, by=by, at=at, **who, **paper)
        audit.record("publication.consent", held, by=by, fields={"consent": [None, made.pk]})
    notices.tell(
        "publication_consented",
        held,
        people=office_people(),
        round=held.consents.aggregate(last=Max("pk"))["last"],
        at=at,
        words={"number": held.proposal.label, "who": "、".join(str(side) for side in sides)},
        url=held.get_absolute_url(),
    )
    if not held.asked_of() and held.status != Publication.Status.PUBLIC:
        _wait(held, TEXT, on=timezone.localdate(at), by=by)
