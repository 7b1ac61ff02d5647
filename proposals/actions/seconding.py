"""附议: a member supports a proposal of others, or takes that back; its proposers hear of it once a day."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cppcc_portal.office import audit, notices
from cppcc_portal.office.workflow import NotReady
from members.models import User
from proposals.actions.holding import locked
from proposals.actions.people import proposers_of
from proposals.models import Proposal, Seconding, TextVersion
from proposals.models.secondings import may_read, seat_in_office, seconding_is_open


@transaction.atomic
def second(
    proposal: Proposal, *, by: User, remark: str = "", at: datetime | None = None
) -> Seconding:
    """Support a proposal one may read and did not put, once; the proposers and the office read who and why."""
    at = at or timezone.now()
    # Held, so that it comes either before the filing or closing, and counts, or after it, and is told so.
    held = locked(proposal)
    seat = seat_in_office(by)
    if seat is None:
        raise PermissionDenied(_("只有本届在任委员可以附议。"))
    if not may_read(held, by):
        raise PermissionDenied
    if reasons := why_not(held, by):
        raise NotReady(held, "second", reasons)
    assert held.current_text is not None  # what is submitted is frozen (constraint)
    remark = remark.strip()[:300]
    fields: dict[str, Any] = {"text": held.current_text, "remark": remark, "seconded_at": at}
    given = Seconding.objects.filter(proposal=held, membership=seat).first()
    if given is None:
        given = Seconding.objects.create(proposal=held, membership=seat, **fields)
        given.changes.create(verb="second", old="", new=given.status, by=by, note=remark, at=at)
        audit.record("seconding.second", given, by=by)
    elif given.status == Seconding.Status.STANDING:
        raise NotReady(held, "second", [_("您已经附议过这件提案，不必再附议。")])
    else:
        given.proposal = held
        given.move_to("second", by=by, note=remark, at=at, **fields)
    _tell(held, at=at)
    return given


def why_not(proposal: Proposal, user: User) -> list[str]:
    """Why this member does not second this proposal, in plain words; nothing where they may."""
    if proposal.is_proposer(user):
        return [_("您是这件提案的提案人，不必附议。")]
    return [str(reason) for reason in seconding_is_open(proposal)]


def _tell(proposal: Proposal, *, at: datetime) -> None:
    """The proposers, once a day however many seconded it: the day since submission is the round."""
    assert proposal.submitted_at is not None  # only what was submitted is seconded
    since = timezone.localdate(proposal.submitted_at)
    notices.tell(
        "seconded",
        proposal,
        people=proposers_of(proposal),
        round=max((timezone.localdate(at) - since).days, 0) + 1,
        at=at,
        words={"number": proposal.display_number},
        url=proposal.get_absolute_url(),
    )


@transaction.atomic
def take_back_seconding(seconding: Seconding, *, by: User, at: datetime | None = None) -> None:
    """Support it no longer, as long as the office lets members second it; that it was so stays on record."""
    proposal = locked(seconding.proposal)
    held = Seconding.objects.get(pk=seconding.pk)
    held.proposal = proposal
    held.move_to("take_back", by=by, at=at)
    seconding.refresh_from_db()


def lapse_secondings(proposal: Proposal, text: TextVersion, *, by: User, at: datetime) -> None:
    """Who supported other words than those that are now handed in decides anew, and is told so."""
    stale = Seconding.objects.filter(proposal=proposal, status=Seconding.Status.STANDING)
    for one in stale.exclude(text__digest=text.digest).select_related("membership__person"):
        one.move_to("lapse", by=by, at=at)
        notices.tell(
            "seconding_lapsed",
            one,
            people=[one.membership.person],
            round=one.version,
            at=at,
            words={"number": proposal.display_number},
        )
