"""What is promised is followed: progress by the unit, supplementary replies to every proposer, reminders."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from cppcc_portal.office import audit, notices, parameters
from cppcc_portal.office.deadlines import long_date
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.keys import key_of
from cppcc_portal.office.notices import Telling
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady
from members.models import Commitment, Plenary, Posting, User
from members.posted import Day, office_people
from proposals.actions.handling import paper
from proposals.actions.people import proposers_of
from proposals.actions.writing import locked
from proposals.models import (
    FollowUp,
    Handling,
    MeetingResult,
    ProgressNote,
    Proposal,
    Reply,
    ResultClass,
)
from proposals.models.promises import made_in
from proposals.models.rights import may_act_for_unit

FOLLOWED = (Proposal.Status.REPLIED, Proposal.Status.CLOSED, Proposal.Status.TRACKING)


def share_of(commitment: Commitment) -> Handling | None:
    """The share in which the promise was made, by its reply or later; None where it is of another app."""
    origin = made_in([commitment]).get(commitment.subject)
    return origin.handling if origin else None


def _said(
    thing: Any, verb: str, *, text: str, on: date, since: date, told: str, at: datetime
) -> str:
    """The words, once they and their day are sound; `told` where they are of a day before `since`."""
    if not text.strip():
        raise NotReady(thing, verb, [_("请写明内容。")])
    if on > timezone.localdate(at):
        raise NotReady(thing, verb, [_("日期不能晚于今天。")])
    if on < since:
        raise NotReady(thing, verb, [told])
    return text.strip()


@transaction.atomic
def report_progress(
    commitment: Commitment,
    *,
    by: User,
    text: str,
    on: date,
    scan: Attachment | None = None,
    at: datetime | None = None,
) -> ProgressNote:
    """The unit says how far it is with its promise; staff may from paper."""
    at = at or timezone.now()
    origin = made_in([commitment]).get(commitment.subject)
    share = origin.handling if origin else None
    if origin is None or share is None or not by.is_active or not may_act_for_unit(share, by):
        raise NotAllowed(commitment, "report_progress")
    locked(share.proposal)
    commitment.refresh_from_db(fields=["status"])
    if commitment.status != Commitment.Status.OPEN:
        raise IllegalMove(commitment, "report_progress", _("报告进展"))
    told = _("日期不能早于作出承诺之日 %s。") % long_date(origin.on)
    text = _said(commitment, "report_progress", text=text, on=on, since=origin.on, told=told, at=at)
    how = paper(share, by, scan, "report_progress")
    note = ProgressNote.objects.create(
        commitment=commitment, text=text, on=on, said_by=by, said_at=at, **how
    )
    audit.record("commitment.report_progress", commitment, by=by)
    return note


@transaction.atomic
def supplement(
    handling: Handling,
    *,
    by: User,
    result_class: ResultClass,
    text: str,
    on: date,
    signer: str,
    signer_post: str,
    document_number: str = "",
    scan: Attachment | None = None,
    at: datetime | None = None,
) -> FollowUp:
    """The unit replies again to every proposer, as the matter has moved on, with the class as it now is."""
    at = at or timezone.now()
    proposal = locked(handling.proposal)
    held = Handling.objects.select_related("unit", "current_reply").get(pk=handling.pk)
    held.proposal = proposal
    sent = held.current_reply
    if held.status != Handling.Status.REPLIED or sent is None or proposal.status not in FOLLOWED:
        raise IllegalMove(held, "supplement", _("补充答复"))
    if not by.is_active or not may_act_for_unit(held, by):
        raise NotAllowed(held, "supplement")
    if not signer.strip():
        raise NotReady(held, "supplement", [_("请填写签发人。")])
    if not signer_post.strip():
        raise NotReady(held, "supplement", [_("请填写签发人职务。")])
    if result_class.needs_commitment and not open_promises(sent):
        told = _("“%s”须有未了结的承诺事项，而这件答复没有；请选择其他类别。")
        raise NotReady(held, "supplement", [told % result_class])
    since = timezone.localdate(sent.sent_at)
    told = _("日期不能早于答复之日 %s。") % long_date(since)
    text = _said(held, "supplement", text=text, on=on, since=since, told=told, at=at)
    how = paper(held, by, scan, "supplement")
    return follow_up(
        sent,
        by=by,
        at=at,
        on=on,
        text=text,
        result_class=result_class,
        document_number=document_number.strip(),
        signer=signer.strip(),
        signer_post=signer_post.strip(),
        **how,
    )


def open_promises(reply: Reply) -> bool:
    """Whether something of what was promised with the reply, or on its share, is still to be done."""
    results = MeetingResult.objects.filter(handling=reply.handling_id)
    keys = [key_of(thing) for thing in (reply, *results)]
    return Commitment.objects.filter(subject__in=keys, status=Commitment.Status.OPEN).exists()


def last_class(reply: Reply) -> ResultClass:
    """The class as it was said last; the first one stands in the reply."""
    last = reply.follow_ups.select_related("result_class").last()
    first = reply.result_class
    assert first is not None  # it was sent
    return last.result_class if last else first


def follow_up(reply: Reply, *, by: User, at: datetime, **said: Any) -> FollowUp:
    """Keep what is said, and send it to every proposer; the office learns of it too."""
    made = FollowUp.objects.create(reply=reply, said_by=by, said_at=at, **said)
    share = reply.handling
    audit.record("reply.follow_up", share, by=by, fields={"class": ["", made.result_class.code]})
    words = {
        "number": share.proposal.label,
        "unit": str(share.unit),
        "class": str(made.result_class),
    }
    people = {person.pk: person for person in [*proposers_of(share.proposal), *office_people()]}
    notices.tell(
        "supplement_sent",
        made,
        people=list(people.values()),
        at=at,
        words=words,
        url=share.proposal.get_absolute_url(),
    )
    return made


def remind_progress(day: Day) -> Iterator[Telling | None]:
    """Each quarter, and before the next plenary: how far is the unit with what it promised.

    In a reply or at a consultation: both are followed until done.
    """
    waiting = (
        Commitment.objects.filter(status=Commitment.Status.OPEN)
        .select_related("unit")
        .annotate(last_on=Max("progress__on"))
    )
    made = made_in(waiting)
    days = timedelta(days=parameters.get("proposals.progress_days"))
    plenary = Plenary.objects.filter(opens_on__gte=day.today).order_by("opens_on").first()
    for promise in waiting:
        origin = made.get(promise.subject)
        if origin is None:  # of another app, which reminds of it
            continue
        people = day.people_of(promise.unit_id, Posting.Role.CLERK, *Posting.LEADS)
        words = {"number": origin.handling.proposal.label, "unit": str(promise.unit)}
        url = origin.handling.get_absolute_url()
        since = promise.last_on or origin.on
        common: dict[str, Any] = {"words": words, "url": url}
        yield day.telling(
            "progress_reminder",
            promise,
            people,
            since + days,
            "progress",
            since,
            every=30,
            **common,
        )
        if plenary is not None:
            yield day.telling(
                "plenary_progress_reminder",
                promise,
                people,
                plenary.opens_on,
                "progress_plenary",
                since,
                **common,
            )
