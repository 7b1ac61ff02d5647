"""重新审查: what was not filed comes back to the committee, with a reason that its proposers read."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cppcc_portal.office import deadlines, notices
from cppcc_portal.office.workflow import NotReady
from members.models import User
from proposals.actions.people import proposers_of
from proposals.actions.writing import locked
from proposals.models import Proposal


@transaction.atomic
def reopen(proposal: Proposal, *, by: User, note: str, at: datetime | None = None) -> None:
    """Review again what was not filed, unless it already goes on as a public-opinion report.

    The reason given and the destination no longer hold; the line of history keeps them.
    """
    at = at or timezone.now()
    held = locked(proposal)
    held.require("reopen", by=by)
    if not note.strip():
        raise NotReady(held, "reopen", [_("请写明重新审查的理由，提案人会看到。")])
    was = _("原不予立案的理由：%(reason)s；去向：%(destination)s。") % {
        "reason": held.refusal_reason,
        "destination": held.destination,
    }
    held.move_to(
        "reopen",
        by=by,
        at=at,
        note=f"{note.strip()}\n{was}",
        refusal_reason=None,
        destination=None,
    )
    clock = deadlines.Deadline.objects.current(held, "review_ordinary")
    if clock is not None:
        deadlines.restart(clock, on=timezone.localdate(at), by=by)
    notices.tell(
        "reopened",
        held,
        people=proposers_of(held),
        round=held.changes.filter(verb="reopen").count(),
        at=at,
        words={"serial": str(held.serial)},
        url=held.get_absolute_url(),
    )
    proposal.refresh_from_db()
