"""What proposers do: write, invite, agree, submit, take back."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from cppcc_portal.office import audit, deadlines, files, notices
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.workflow import IllegalMove, NotReady
from members.models import Membership, Plenary, Term, Unit, User
from members.posted import office_people, together
from proposals.actions.holding import locked, may_write
from proposals.actions.people import people_behind, proposers_of
from proposals.actions.seals import settle_collective
from proposals.actions.seconding import lapse_secondings
from proposals.models import Draft, DraftCopy, ImportedProposal, Proposal, Proposer, TextVersion
from proposals.models.proposals import PARTS, digest_of, titled


class DraftConflict(Exception):
    """Another window saved in between; both texts are kept, `theirs` is the one now in the draft."""

    def __init__(self, theirs: Draft, mine: DraftCopy) -> None:
        self.theirs, self.mine = theirs, mine
        super().__init__(theirs.version)


def plenary_at(moment: datetime, term: Term) -> Plenary:
    """The plenary a text of this moment belongs to: the latest of the author's term whose call has begun."""
    plenaries = Plenary.objects.filter(term=term).select_related("term")
    plenary = plenaries.filter(submission_from__lte=moment).first() or plenaries.last()
    if plenary is None:
        raise NotReady(
            Proposal(),
            "start_draft",
            [_("还没有登记全体会议，请秘书处先在「全体会议」中登记届次和截稿时间。")],
        )
    return plenary


@transaction.atomic
def start_draft(
    *, by: User, membership: Membership | None = None, at: datetime | None = None
) -> Proposal:
    """Open an empty draft for the member themselves, or by staff for a member who writes on paper (代录)."""
    at = at or timezone.now()
    in_office = Membership.objects.active().of_current_term().select_related("term")
    own = in_office.filter(person__user=by).first()
    seat, entered_by = own, None
    if membership is not None and membership != own:
        if not by.has_perm("proposals.enter_for_others"):
            raise PermissionDenied
        seat, entered_by = in_office.filter(pk=membership.pk).first(), by
    if seat is None:
        raise PermissionDenied(_("只有本届在任委员可以撰写提案。"))
    plenary = plenary_at(at, seat.term)
    proposal = Proposal.objects.create(
        term=plenary.term, plenary=plenary, entered_by=entered_by, created_at=at
    )
    Proposer.objects.create(
        proposal=proposal,
        membership=seat,
        order=0,
        status=Proposer.Status.AGREED,
    )
    Draft.objects.create(proposal=proposal, saved_by=by, saved_at=at)
    audit.record("proposal.start_draft", proposal, by=by)
    return proposal


def on_paper(proposal: Proposal, by: User, verb: str) -> dict[str, Any]:
    """On whose behalf and on what paper, when staff act for a member; nothing when the member acts."""
    first = proposal.first_proposer
    if first is None or first.is_user(by) or proposal.entered_by_id != by.pk:
        return {}
    scan = files.for_subject(proposal).filter(kind=Attachment.Kind.SCAN).last()
    imported = ImportedProposal.objects.filter(proposal=proposal).select_related("file").first()
    if scan is None and imported is not None:
        scan = imported.file  # the office's own list stands for the paper
    if scan is None:
        raise NotReady(
            proposal, verb, [_("代录须附委员签名的纸质提案扫描件，请在工作台重新代录并附上。")]
        )
    return {"behalf": first.name, "scan": scan}


@transaction.atomic
def _write(
    proposal: Proposal, *, by: User, version: int, parts: Mapping[str, str], at: datetime
) -> bool:
    """Write the draft if it still is the version this window knows."""
    # Held, or a text saved while another window submits would be gone with the draft.
    may_write(locked(proposal), by)
    draft = {name: parts[name] for name in PARTS}
    written = Draft.objects.filter(proposal=proposal, version=version).update(
        **draft, version=F("version") + 1, saved_at=at, saved_by=by
    )
    if written:
        Proposal.objects.filter(pk=proposal.pk, status=Proposal.Status.DRAFT).update(
            title=draft["title"]
        )
    return bool(written)


def save_draft(
    proposal: Proposal,
    *,
    by: User,
    version: int,
    title: str,
    situation: str,
    analysis: str,
    suggestions: str,
    at: datetime | None = None,
) -> Draft:
    """Keep what was typed; `version` is the one this window last saw.

    Raises DraftConflict when another window was first: this text is then kept beside it. The same
    text sent twice (a phone that lost the answer) is no conflict.
    """
    at = at or timezone.now()
    parts = {
        "title": title[:200],
        "situation": situation,
        "analysis": analysis,
        "suggestions": suggestions,
    }
    if not _write(proposal, by=by, version=version, parts=parts, at=at):
        theirs = Draft.objects.get(proposal=proposal)
        if digest_of(theirs.parts) == digest_of(parts):
            return theirs
        kept = DraftCopy.objects.filter(proposal=proposal).first()
        if kept is None or digest_of({name: getattr(kept, name) for name in PARTS}) != digest_of(
            parts
        ):
            kept = DraftCopy.objects.create(proposal=proposal, saved_by=by, saved_at=at, **parts)
        raise DraftConflict(theirs, kept)
    return Draft.objects.get(proposal=proposal)


@transaction.atomic
def save_choices(
    proposal: Proposal,
    *,
    by: User,
    may_publish: bool | None,
    unpublished_reason: str = "",
    secrecy_confirmed: bool = False,
    wished_units: Iterable[Unit] = (),
    wished_joint_units: Iterable[Unit] = (),
) -> None:
    """Keep what the author chose beside the text: publication, secrecy, wished lead and joint units."""
    may_write(locked(proposal), by)
    choices = {
        "may_publish": may_publish,
        "unpublished_reason": unpublished_reason,
        "secrecy_confirmed": secrecy_confirmed,
    }
    Proposal.objects.filter(pk=proposal.pk).update(**choices)
    for name, value in choices.items():
        setattr(proposal, name, value)
    leads = list(wished_units)
    proposal.wished_units.set(leads)
    proposal.wished_joint_units.set(unit for unit in wished_joint_units if unit not in leads)


def freeze(proposal: Proposal, *, by: User, at: datetime) -> TextVersion:
    """The text as it now stands, frozen with its hash; the same words are frozen once."""
    draft = getattr(proposal, "draft", None)
    if draft is None:
        assert proposal.current_text is not None  # what was shown was frozen (constraint)
        return proposal.current_text
    if proposal.current_text is not None and proposal.current_text.digest == draft.digest:
        return proposal.current_text
    last = proposal.texts.aggregate(last=Max("number"))["last"] or 0
    return TextVersion.objects.create(
        proposal=proposal,
        number=last + 1,
        digest=draft.digest,
        made_by=by,
        made_at=at,
        **draft.parts,
    )


@transaction.atomic
def invite(
    proposal: Proposal,
    *,
    by: User,
    memberships: Iterable[Membership],
    until: date | None = None,
    at: datetime | None = None,
) -> int:
    """Show the frozen text to members and ask them to co-sign; return how many were asked.

    Who agreed to an earlier text is asked again when the words have changed.
    """
    at = at or timezone.now()
    today = timezone.localdate(at)
    held = locked(proposal)
    held.require("invite", by=by)
    first = held.first_proposer
    # As they are now: somebody may have resigned since the page was opened.
    asked = list(
        Membership.objects.active()
        .of_current_term()
        .filter(pk__in=[member.pk for member in memberships])
        .exclude(pk=(first and first.membership_id) or 0)
        .select_related("person")
    )
    if not asked and not held.proposers.filter(order__gt=0).exists():
        raise NotReady(held, "invite", [_("请先选择要邀请的委员。")])
    if reasons := held.missing("invite"):
        raise NotReady(held, "invite", reasons)
    until = until or deadlines.rule_of("cosign").term.due(today, deadlines.WorkingCalendar())
    if until < today:
        raise NotReady(held, "invite", [_("联名截止日期不能早于今天。")])
    text = freeze(held, by=by, at=at)
    held.move_to(
        "invite",
        by=by,
        at=at,
        current_text=text,
        cosign_until=until,
        **titled(text.title),
        **on_paper(held, by, "invite"),
    )
    words = {"who": str(first), "until": until.isoformat()}
    told = _ask_again(held, text, by=by, at=at, words=words)
    order = held.proposers.aggregate(last=Max("order"))["last"] or 0
    known = {proposer.membership_id: proposer for proposer in held.proposers.all()}
    for member in asked:
        proposer = known.get(member.pk)
        if proposer is None:
            order += 1
            proposer = Proposer.objects.create(
                proposal=held, membership=member, order=order, text=text
            )
            audit.record("proposer.invite", proposer, by=by)
        elif proposer.status in (Proposer.Status.WAITING, Proposer.Status.AGREED):
            continue
        else:
            proposer.move_to("ask_again", by=by, at=at, text=text, answered_at=None, paper=None)
        told += notices.tell(
            "cosign_invited",
            held,
            people=[member.person],
            # Once for each time of asking: whoever is asked again after a cancelled invitation is told.
            round=proposer.version + 1,
            due=until,
            at=at,
            words=words,
            url=held.get_absolute_url(),
        )
    proposal.refresh_from_db()
    return told


def _ask_again(
    proposal: Proposal, text: TextVersion, *, by: User, at: datetime, words: dict[str, str]
) -> int:
    """Whoever saw other words than these decides anew (rule 3)."""
    told = 0
    stale = proposal.proposers.filter(
        order__gt=0, status__in=[Proposer.Status.AGREED, Proposer.Status.WAITING]
    ).exclude(text=text)
    for proposer in stale.select_related("membership__person"):
        proposer.move_to("ask_again", by=by, at=at, text=text, answered_at=None, paper=None)
        told += notices.tell(
            "cosign_asked_again",
            proposal,
            people=[proposer.person],
            round=text.number,
            due=proposal.cosign_until,
            at=at,
            words=words,
            url=proposal.get_absolute_url(),
        )
    return told


@transaction.atomic
def agree(
    proposer: Proposer,
    *,
    by: User,
    remark: str = "",
    text: int | None = None,
    at: datetime | None = None,
) -> None:
    """Co-sign the frozen text from one's own account; `text` is the version that was on the page."""
    if text is not None and text != proposer.text_id:
        raise NotReady(
            proposer, "agree", [_("您打开页面之后文字又有改动，请看过新文字再决定是否联名。")]
        )
    _answer(proposer, "agree", by=by, remark=remark, at=at, answer=_("同意联名"))


@transaction.atomic
def decline(proposer: Proposer, *, by: User, remark: str = "", at: datetime | None = None) -> None:
    """Do not co-sign; the first proposer is told."""
    _answer(proposer, "decline", by=by, remark=remark, at=at, answer=_("没有联名"))


def _answer(
    proposer: Proposer, verb: str, *, by: User, remark: str, at: datetime | None, answer: str
) -> None:
    at = at or timezone.now()
    # Held, so that an answer comes either before the submission, and counts, or after it, and is told so.
    proposal = proposer.proposal = locked(proposer.proposal)
    proposer.move_to(verb, by=by, note=remark, at=at, remark=remark[:300], answered_at=at)
    first = proposal.first_proposer
    if first is not None:
        notices.tell(
            "cosign_answered",
            proposer,
            people=people_behind([first]),
            # Once for each answer: who declined and is asked again may agree to the same words.
            round=proposer.version,
            at=at,
            words={"who": proposer.name, "answer": answer},
            url=proposal.get_absolute_url(),
        )


@transaction.atomic
def cancel_invitation(proposer: Proposer, *, by: User) -> None:
    """Take back an invitation that was not yet answered."""
    proposer.move_to("cancel", by=by)


@transaction.atomic
def submit(proposal: Proposal, *, by: User, at: datetime | None = None) -> Proposal:
    """Hand the text to the office: frozen, with a serial number; late texts count as ordinary-time."""
    at = at or timezone.now()
    held = locked(proposal)
    held.require("submit", by=by)
    held.moment = at
    if reasons := held.missing("submit"):
        raise NotReady(held, "submit", reasons)
    fields: dict[str, Any] = {"submitted_at": at}
    if held.serial is None:
        # A text that was returned keeps its serial and its place among plenary or ordinary ones.
        plenary = Plenary.objects.select_for_update(of=("self",)).get(
            pk=plenary_at(at, held.term).pk
        )
        Plenary.objects.filter(pk=plenary.pk).update(last_serial=F("last_serial") + 1)
        series = (
            Proposal.Series.PLENARY
            if plenary.takes_plenary_texts_at(at)
            else Proposal.Series.ORDINARY
        )
        fields |= {
            "plenary": plenary,
            "term_id": plenary.term_id,
            "serial": plenary.last_serial + 1,
            "series": series,
        }
    text = freeze(held, by=by, at=at)
    first = held.first_proposer
    cosigners = held.proposers.filter(order__gt=0)
    if first is not None and first.body_id:
        fields["kind"] = Proposal.Kind.COLLECTIVE
        settle_collective(held, text, by=by, at=at)
    elif cosigners.filter(status=Proposer.Status.AGREED).exists():
        fields["kind"] = Proposal.Kind.COSIGNED
    else:
        fields["kind"] = Proposal.Kind.INDIVIDUAL
    held.move_to(
        "submit",
        by=by,
        at=at,
        current_text=text,
        **titled(text.title),
        **fields,
        **on_paper(held, by, "submit"),
    )
    for waiting in cosigners.filter(status=Proposer.Status.WAITING).select_related(
        "membership__person"
    ):
        waiting.move_to("lapse", by=by, at=at)
        notices.tell(
            "cosign_lapsed", waiting, people=[waiting.person], round=waiting.version, at=at, url="/"
        )
    lapse_secondings(held, text, by=by, at=at)
    Draft.objects.filter(proposal=held).delete()
    deadlines.meet_current(held, "revision", at=at, by=by)
    if held.series == Proposal.Series.ORDINARY:
        on = timezone.localdate(at)
        clock = deadlines.Deadline.objects.current(held, "review_ordinary")
        if clock is None:
            deadlines.start(held, "review_ordinary", on=on, by=by)
        else:  # while the author was changing the text the office could not review it
            deadlines.restart(clock, on=max(on, clock.started_on), by=by)
    Proposer.objects.filter(proposal=held, order=0).update(text=text)
    notices.tell(
        "submitted",
        held,
        people=proposers_of(held),
        round=held.changes.filter(verb="submit").count(),
        at=at,
        words={"serial": str(held.serial), "series": held.get_series_display()},
        url=held.get_absolute_url(),
    )
    proposal.refresh_from_db()
    return held


@transaction.atomic
def recall(proposal: Proposal, *, by: User, at: datetime | None = None) -> None:
    """Take the text back before the office has begun to review it, to go on writing."""
    held = locked(proposal)
    held.move_to("recall", by=by, at=at, **on_paper(held, by, "recall"))
    reopen_draft(held, by=by)
    proposal.refresh_from_db()


@transaction.atomic
def withdraw(proposal: Proposal, *, by: User, note: str = "", at: datetime | None = None) -> None:
    """Take the proposal back for good, before filing; its text and history stay on record."""
    at = at or timezone.now()
    held = locked(proposal)
    held.move_to("withdraw", by=by, note=note, at=at, **on_paper(held, by, "withdraw"))
    deadlines.cancel_all([held], at=at, by=by)
    # The people as they stood behind it or were asked; whoever takes it back reads a receipt.
    concerned = proposers_of(held)
    for waiting in held.proposers.filter(status=Proposer.Status.WAITING).select_related(
        "membership__person"
    ):
        waiting.move_to("lapse", by=by, at=at)
        concerned += people_behind([waiting])
    if held.serial is not None:
        concerned = together(concerned, office_people())
    numbered = _("提案（流水号 %s）") % held.serial
    notices.tell(
        "withdrawn",
        held,
        people=concerned,
        at=at,
        words={
            "who": str(held.first_proposer),
            "what": numbered if held.serial is not None else _("正在征集联名的提案"),
        },
        url=held.get_absolute_url(),
    )
    proposal.refresh_from_db()


def reopen_draft(proposal: Proposal, *, by: User) -> None:
    """The last frozen text as a draft again, for its author to change."""
    if proposal.status not in Proposal.MOVES["submit"].old:
        raise IllegalMove(proposal, "submit")
    assert proposal.current_text is not None  # a submitted text was frozen (constraint)
    Draft.objects.get_or_create(
        proposal=proposal, defaults={**proposal.current_text.parts, "saved_by": by}
    )
