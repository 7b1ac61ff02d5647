"""撤案: the proposers take a filed proposal back in writing, before any unit has replied."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cppcc_portal.office import deadlines, notices
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.workflow import NotReady
from members.models import User
from proposals.actions.awarding import end_awards
from proposals.actions.consulting_units import end_consultation
from proposals.actions.handling import lapse_requests
from proposals.actions.holding_meetings import end_results
from proposals.actions.meetings import leave_meetings
from proposals.actions.merging import release_merged
from proposals.actions.people import clerks_at, clerks_of, proposers_of, tell_unit
from proposals.actions.publishing import end_publication
from proposals.actions.supervising import end_key, leading_it
from proposals.actions.writing import locked
from proposals.models import Handling, Proposal


@transaction.atomic
def revoke(
    proposal: Proposal,
    *,
    by: User,
    note: str,
    scan: Attachment | None = None,
    at: datetime | None = None,
) -> None:
    """End a filed proposal on the written request of its proposers: units stop, its number stays used.

    `scan` is the request that all proposers signed; `note` says why, and units and proposers read it.
    """
    at = at or timezone.now()
    held = locked(proposal)
    held.require("revoke", by=by)
    missing = []
    if scan is None:
        missing.append(_("请附上全体提案人签名的撤案申请扫描件。"))
    if not note.strip():
        missing.append(_("请写明撤案的理由，提案人和承办单位会看到。"))
    if missing:
        raise NotReady(held, "revoke", missing)
    shares = list(held.handlings.standing().select_related("unit"))
    leading = leading_it(held, on=timezone.localdate(at))
    held.move_to(
        "revoke",
        by=by,
        at=at,
        note=note.strip(),
        behalf=_names(held),
        scan=scan,
        key_official=None,
    )
    lapse_requests(shares, by=by, at=at)
    leave_meetings(shares, by=by, at=at)
    end_results(held, by=by, at=at)
    for share in held.handlings.filter(status__in=Handling.MOVES["end"].old):
        share.move_to("end", by=by, at=at)
    deadlines.cancel_all([held, *held.handlings.all()], by=by, at=at)
    end_key(held, by=by, at=at)
    asked = list(held.consultations.standing().select_related("unit"))
    end_consultation(held, by=by, at=at)
    end_awards(held, by=by, at=at)
    end_publication(held, by=by, at=at)
    release_merged(held, by=by, at=at)
    words = {"number": held.label}
    notices.tell(
        "revoked", held, people=proposers_of(held), at=at, words=words, url=held.get_absolute_url()
    )
    known = {person.pk for person in proposers_of(held)}
    notices.tell(
        "revoked_key",
        held,
        people=[person for person in leading if person.pk not in known],
        at=at,
        words=words,
        url=held.get_absolute_url(),
    )
    for consulted in asked:
        notices.tell(
            "revoked_unit",
            consulted,
            people=clerks_at(consulted.unit, timezone.localdate(at)),
            at=at,
            words=words,
            url=consulted.get_absolute_url(),
        )
    for share in shares:
        share.proposal = held
        people = clerks_of(share, timezone.localdate(at))
        tell_unit("revoked_unit", share, people=people, at=at, words=words)
    proposal.refresh_from_db()


def _names(proposal: Proposal) -> str:
    """In whose name it is taken back."""
    names = [proposer.name for proposer in proposal.proposers.confirmed().with_people()]
    if len(names) == 1:
        return names[0]
    return _("%(first)s等%(count)d名提案人") % {"first": names[0], "count": len(names)}
