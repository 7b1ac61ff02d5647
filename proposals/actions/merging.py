"""并案: a text that says the same joins a filed proposal; its proposers join too and get the reply."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from cppcc_portal.office import deadlines, notices
from cppcc_portal.office.decisions import Decision
from cppcc_portal.office.workflow import NotReady
from members.models import User
from proposals.actions.names import keep_names, keep_names_of
from proposals.actions.people import clerks_at, clerks_of, people_behind, proposers_of
from proposals.actions.reviewing import decision_is_lacking
from proposals.actions.writing import locked
from proposals.models import Handling, Proposal, Proposer


@transaction.atomic
def merge(
    proposal: Proposal,
    *,
    by: User,
    into: Proposal,
    note: str,
    decision: Decision | None = None,
    at: datetime | None = None,
) -> None:
    """Merge a text under review into a filed proposal: everybody is told, every proposer gets the reply.

    `note` says why, and what its author said of it; both authors read it.
    """
    at = at or timezone.now()
    if proposal.pk == into.pk:
        raise NotReady(proposal, "merge", [_("提案不能并入它自己，请另选。")])
    child, main = _both(proposal, into)
    if not note.strip():
        child.require("merge", by=by)
        raise NotReady(
            child, "merge", [_("请写明并案的理由和征求提案人意见的情况，双方提案人会看到。")]
        )
    child.require("merge", by=by)
    if reasons := decision_is_lacking(decision, _("并案")):
        raise NotReady(child, "merge", reasons)
    child.move_to("merge", by=by, at=at, note=note.strip(), decision=decision, merged_into=main)
    deadlines.meet_current(child, "review_ordinary", at=at, by=by)
    before = proposers_of(main)
    keep_names(child, at=at)
    joined = _join(child, main, by=by, at=at)
    keep_names_of(joined, at=at)
    words = {"number": main.label, "serial": str(child.serial)}
    notices.tell(
        "merged",
        child,
        people=proposers_of(child),
        round=child.version,
        at=at,
        words=words,
        url=main.get_absolute_url(),
    )
    known = {person.pk for person in people_behind(joined)}
    others = [person for person in before if person.pk not in known]
    _tell_main(child, main, others, at=at, words=words)
    for share in main.handlings.exclude(status__in=Handling.GONE):
        people = clerks_of(share, timezone.localdate(at))
        _tell_main(child, main, people, at=at, words=words, url=share.get_absolute_url())
    for asked in main.consultations.standing().select_related("unit"):
        people = clerks_at(asked.unit, timezone.localdate(at))
        _tell_main(child, main, people, at=at, words=words, url=asked.get_absolute_url())
    proposal.refresh_from_db()
    into.refresh_from_db()


def _both(child: Proposal, main: Proposal) -> tuple[Proposal, Proposal]:
    """Both rows held, in the order of their keys: two who merge crosswise never wait for each other."""
    held = {one.pk: locked(one) for one in sorted((child, main), key=lambda one: one.pk)}
    return held[child.pk], held[main.pk]


def _tell_main(
    child: Proposal,
    main: Proposal,
    people: list[Any],
    *,
    at: datetime,
    words: dict[str, str],
    url: str = "",
) -> None:
    notices.tell(
        "merged_here",
        child,
        people=people,
        round=child.version,
        at=at,
        words=words,
        url=url or main.get_absolute_url(),
    )


def _join(child: Proposal, main: Proposal, *, by: User, at: datetime) -> list[Proposer]:
    """Who put or signed the child stands behind the main proposal as well, after those who were there."""
    signed = list(child.proposers.confirmed().select_related("membership__person", "body"))
    there = {
        (proposer.membership_id, proposer.body_id): proposer
        for proposer in main.proposers.select_related("membership__person", "body")
    }
    order = main.proposers.aggregate(last=Max("order"))["last"] or 0
    joined = []
    for proposer in signed:
        known = there.get((proposer.membership_id, proposer.body_id))
        fields: dict[str, Any] = {
            "text": child.current_text,
            "answered_at": at,
            "paper_id": proposer.paper_id,
            "merged_from": child,
        }
        if known is None:
            order += 1
            joined.append(
                Proposer.objects.create(
                    proposal=main,
                    membership=proposer.membership,
                    body=proposer.body,
                    order=order,
                    status=Proposer.Status.AGREED,
                    **fields,
                )
            )
        elif known.status != Proposer.Status.AGREED:  # was asked once and did not sign
            known.move_to("join", by=by, at=at, **fields)
            joined.append(known)
    return joined


def release_merged(main: Proposal, *, by: User, at: datetime) -> None:
    """The main proposal (held) is gone: what was merged into it is under review again."""
    for child in main.merged.filter(status=Proposal.Status.MERGED).order_by("pk"):
        held = locked(child, whatever_year=True)
        held.move_to("release", by=by, at=at)
        _back_to_review(held, main, by=by, at=at)


def _back_to_review(child: Proposal, main: Proposal, *, by: User, at: datetime) -> None:
    """The pointer goes, the review's clock begins anew, the authors are told."""
    Proposal.objects.filter(pk=child.pk).update(merged_into=None)
    clock = deadlines.Deadline.objects.current(child, "review_ordinary")
    if clock is not None and clock.cancelled_at is None:
        deadlines.restart(clock, on=timezone.localdate(at), by=by)
    words = {"number": main.label, "serial": str(child.serial)}
    people, url = proposers_of(child), child.get_absolute_url()
    notices.tell("unmerged", child, people=people, round=child.version, at=at, words=words, url=url)


def _let_go(child: Proposal, main: Proposal, *, by: User, at: datetime) -> None:
    """Who joined through this text leaves, unless another text merged here is theirs as well."""
    others = list(main.merged.filter(status=Proposal.Status.MERGED).exclude(pk=child.pk))
    for proposer in main.proposers.filter(merged_from=child).confirmed():
        theirs = {"membership": proposer.membership_id, "body": proposer.body_id}
        still = next((one for one in others if one.proposers.confirmed().filter(**theirs)), None)
        if still is None:
            proposer.move_to("leave", by=by, at=at)
        else:
            Proposer.objects.filter(pk=proposer.pk).update(
                merged_from=still, text=still.current_text
            )


@transaction.atomic
def unmerge(proposal: Proposal, *, by: User, note: str, at: datetime | None = None) -> None:
    """Take the merging back before the main proposal is handed over: the text is under review again."""
    at = at or timezone.now()
    into = Proposal.objects.select_related("merged_into").get(pk=proposal.pk).merged_into
    child, main = _both(proposal, into or proposal)
    child.require("unmerge", by=by)
    if not note.strip():
        raise NotReady(child, "unmerge", [_("请写明撤销并案的理由，提案人会看到。")])
    child.merged_into = main  # as it now is: it may have been handed over while we waited
    child.move_to("unmerge", by=by, at=at, note=note.strip())
    _let_go(child, main, by=by, at=at)
    _back_to_review(child, main, by=by, at=at)
    words = {"number": main.label, "serial": str(child.serial)}
    notices.tell(
        "unmerged_here",
        child,
        people=proposers_of(main),
        round=child.version,
        at=at,
        words=words,
        url=main.get_absolute_url(),
    )
    proposal.refresh_from_db()
