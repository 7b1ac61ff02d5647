"""How a unit's reply comes about: kept as a draft, sent to every proposer, rated."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from cppcc_portal.office import deadlines, notices
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady
from members.actions import record_commitment
from members.models import User
from proposals.actions.handling import lapse_requests, paper, settle
from proposals.actions.people import proposers_of
from proposals.actions.writing import locked
from proposals.models import Evaluation, Handling, Reply
from proposals.models.rights import may_act_for_unit

REPLY_FIELDS = (
    "result_class",
    "document_number",
    "text",
    "signer",
    "signer_post",
    "contact_name",
    "contact_phone",
    "openness",
    "promised",
    "planned",
)


@transaction.atomic
def save_reply(
    handling: Handling,
    *,
    by: User,
    version: int | None = None,
    at: datetime | None = None,
    **fields: Any,
) -> Reply:
    """Keep the unit's reply as a draft; only the unit reads it.

    Raises IllegalMove when the reply was sent or, with `version`, when a colleague saved in between.
    """
    at = at or timezone.now()
    # Held, or words saved while the proposal is taken out would come back after it.
    locked(handling.proposal)
    handling.refresh_from_db(fields=["status"])
    if handling.status != Handling.Status.ACKNOWLEDGED or not handling.answers_proposers:
        raise IllegalMove(handling, "reply")
    if not by.is_active or not may_act_for_unit(handling, by):
        raise NotAllowed(handling, "reply")
    draft, _created = Reply.objects.get_or_create(handling=handling, round=handling.round)
    values = {name: value for name, value in fields.items() if name in REPLY_FIELDS}
    if values.get("result_class") is not None and values["result_class"].needs_commitment:
        values["promised"] = True
    rows = Reply.objects.filter(pk=draft.pk, sent_at__isnull=True)
    if version is not None:
        rows = rows.filter(version=version)
    if not rows.update(**values, version=F("version") + 1, saved_at=at):
        raise IllegalMove(handling, "reply")
    draft.refresh_from_db()
    return draft


@transaction.atomic
def reply(
    handling: Handling,
    *,
    by: User,
    commitments: Iterable[Mapping[str, Any]] = (),
    scan: Attachment | None = None,
    at: datetime | None = None,
    **fields: Any,
) -> Reply:
    """Send the unit's written reply to every proposer, with its promises; each is asked to rate it.

    `commitments` are what, who, due_on. A class that promises needs at least one (rule 5).
    """
    at = at or timezone.now()
    on = timezone.localdate(at)
    proposal = locked(handling.proposal)
    draft = save_reply(handling, by=by, at=at, **fields)
    # The date as it now stands: it may have been extended since the page was opened.
    handling.refresh_from_db(fields=["due_on"])
    commitments = list(commitments)
    for promise in commitments:
        if not promise["what"].strip() or not promise["who"].strip():
            raise NotReady(handling, "reply", [_("每项承诺都须写明做什么、谁负责、何时完成。")])
        if promise["due_on"] <= on:
            raise NotReady(
                handling, "reply", [_("承诺的完成期限应晚于今天，请检查：%s") % promise["what"]]
            )
    promised = [
        record_commitment(draft, by=by, unit=handling.unit, **promise) for promise in commitments
    ]
    sent = {
        "sent_at": at,
        "sent_by": by,
        "due_on": handling.due_on,
        "promised": draft.must_promise or bool(promised),
        "planned": [],
        "first_commitment": promised[0] if promised else None,
    }
    for name, value in sent.items():
        setattr(draft, name, value)
    # The guard looks at the reply as it will be sent; only then is the row written.
    handling.proposal = proposal
    change = handling.move_to(
        "reply",
        by=by,
        at=at,
        current_reply=draft,
        done_at=at,
        **paper(handling, by, scan, "reply"),
    )
    if not Reply.objects.filter(pk=draft.pk, sent_at__isnull=True).update(**sent):
        raise IllegalMove(handling, "reply")
    deadlines.meet_current(handling, "reply", at=at, by=by)
    lapse_requests([handling], by=by, at=at)
    rate_by = _ask_for_ratings(handling, draft, by=by, on=on)
    notices.tell(
        "replied",
        handling,
        people=proposers_of(proposal),
        round=draft.round,
        due=rate_by,
        at=change.at,
        words={
            "number": proposal.label,
            "unit": str(handling.unit),
            "until": rate_by.isoformat(),
        },
        url=proposal.get_absolute_url(),
    )
    settle(proposal, by=by, at=at)
    return draft


def _ask_for_ratings(handling: Handling, sent: Reply, *, by: User, on: date) -> date:
    """One rating per proposer for this reply; all share one clock, which hangs on the reply."""
    clock = deadlines.start(sent, "evaluation", on=on, by=by)
    Evaluation.objects.bulk_create(
        Evaluation(reply=sent, proposer=proposer, due_on=clock.due_on)
        for proposer in handling.proposal.proposers.confirmed()
    )
    return clock.due_on
