"""Duty records from facts: whoever holds the fact calls down to here, in its own transaction."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office import audit
from cppcc_portal.office.keys import key_of
from members.models import DutyCategory, DutyRecord, Gathering, Invitation, Membership, User

# The kinds an installation begins with; the office edits the rows, never this table.
CATEGORIES = (
    ("consultation", _("协商活动")),
    ("research", _("调研")),
    ("lookback", _("回头看")),
    ("service", _("服务为民")),
    ("opinion", _("反映社情民意")),
    ("opinion_district", _("社情民意区级采用")),
    ("opinion_city", _("社情民意市级采用")),
    ("opinion_province", _("社情民意省级采用")),
    ("opinion_nation", _("社情民意国家级采用")),
    ("opinion_instructed", _("社情民意获批示")),
)


@dataclass(frozen=True)
class Fact:
    """What a member did, as whoever holds the fact knows it now."""

    membership: Membership
    source: models.Model
    category: str
    role: str
    title: str
    on: date
    url: str = ""
    share: int = 100


def lay_down_categories() -> None:
    """Make the kinds that are missing; what the office edited stays. Safe to run again."""
    for code, _name in CATEGORIES:
        category_of(code)


def category_of(code: str) -> DutyCategory:
    """The office's kind of this code; laid down now where a later version brought it."""
    codes = [known for known, _name in CATEGORIES]
    defaults = {"name": str(dict(CATEGORIES)[code]), "order": codes.index(code)}
    return DutyCategory.objects.get_or_create(code=code, defaults=defaults)[0]


@transaction.atomic
def record_duty(
    membership: Membership,
    source: models.Model,
    *,
    category: str,
    role: str,
    title: str,
    on: date,
    by: User | None,
    job: str = "",
    url: str = "",
    share: int = 100,
) -> DutyRecord:
    """Record what a member did; the same member, source and role again changes nothing (rule 12).

    A record that was withdrawn stands again when its fact does.
    """
    record, created = DutyRecord.objects.get_or_create(
        membership=membership,
        source=key_of(source),
        role=role,
        defaults={
            "category": category_of(category),
            "title": title[:200],
            "on": on,
            "url": url,
            "share": share,
        },
    )
    if created:
        audit.record("duty.record", record, by=by, job=job, fields={"role": ["", role]})
    elif record.status == DutyRecord.Status.WITHDRAWN:
        record.move_to("restore", by=by, job=job, share=share)
    return record


@transaction.atomic
def withdraw_duty(
    membership: Membership, source: models.Model, *, by: User | None, job: str = ""
) -> int:
    """Take back what rested on a fact that was corrected; return how many records."""
    standing = DutyRecord.objects.counted().filter(membership=membership, source=key_of(source))
    records = list(standing)
    for record in records:
        record.move_to("withdraw", by=by, job=job)
    return len(records)


@transaction.atomic
def settle_duty(
    facts: Iterable[Fact], *, sources: Iterable[str], by: User | None, job: str = ""
) -> None:
    """Make the records that rest on these sources what the facts now are; safe to run again.

    `sources` are the keys of everything the facts may rest on: whatever else stands there is withdrawn.
    """
    wanted = set()
    for fact in facts:
        record = record_duty(
            fact.membership,
            fact.source,
            category=fact.category,
            role=fact.role,
            title=fact.title,
            on=fact.on,
            by=by,
            job=job,
            url=fact.url,
            share=fact.share,
        )
        wanted.add(record.pk)
    standing = DutyRecord.objects.counted().filter(source__in=list(sources))
    for record in standing.exclude(pk__in=wanted):
        record.move_to("withdraw", by=by, job=job)


def record_attendance(
    gathering: Gathering,
    source: models.Model,
    *,
    category: str,
    title: str,
    by: User | None,
    job: str = "",
    url: str = "",
) -> int:
    """One record for every member who came, in the role they had; withdrawn for who did not come.

    `source` is what the gathering was held for (a session, a research). Return how many stand.
    """
    seats: dict[int, Membership] = {
        seat.person_id: seat
        for seat in Membership.objects.active().filter(
            person__invitations__gathering=gathering,
            term__starts_on__lte=gathering.on,
            term__ends_on__gte=gathering.on,
        )
    }
    stand = 0
    for invitation in gathering.invitations.filter(person__isnull=False):
        assert invitation.person_id is not None
        seat = seats.get(invitation.person_id)
        if seat is None:
            continue
        if invitation.status in Invitation.CAME:
            record_duty(
                seat,
                source,
                category=category,
                role=invitation.role,
                title=title,
                on=gathering.on,
                by=by,
                job=job,
                url=url,
            )
            stand += 1
        else:
            withdraw_duty(seat, source, by=by, job=job)
    return stand
