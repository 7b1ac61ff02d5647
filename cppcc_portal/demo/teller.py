"""Turns what is told of proposals into rows: history lines, audit events, deadlines, notices."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.models import Permission
from django.utils import timezone, translation

from cppcc_portal.demo.district import District, answering_permission
from cppcc_portal.demo.rows import Rows
from cppcc_portal.office import notices
from cppcc_portal.office.audit import AuditEvent
from cppcc_portal.office.deadlines import Deadline, DeadlineEvent, DeadlineRule, WorkingCalendar
from cppcc_portal.office.deadlines.changes import reckoned
from cppcc_portal.office.keys import key_of
from cppcc_portal.office.notices import Delivery, Notice
from members.models import Commitment, CommitmentChange, User
from proposals.models import (
    Category,
    Destination,
    Evaluation,
    EvaluationChange,
    Handling,
    HandlingChange,
    Proposal,
    ProposalChange,
    Proposer,
    ProposerChange,
    RefusalReason,
    Rehandling,
    RehandlingChange,
    ResultClass,
)

CHANGES: dict[Any, Any] = {
    Proposal: ProposalChange,
    Proposer: ProposerChange,
    Handling: HandlingChange,
    Evaluation: EvaluationChange,
    Rehandling: RehandlingChange,
    Commitment: CommitmentChange,
}


@dataclass
class Teller:
    """Knows the district and its lists, and turns plans into rows."""

    district: District
    rows: Rows
    now: datetime

    rules: dict[str, DeadlineRule] = field(default_factory=dict)
    categories: dict[str, Category] = field(default_factory=dict)
    classes: dict[str, ResultClass] = field(default_factory=dict)
    refusals: dict[str, RefusalReason] = field(default_factory=dict)
    destinations: dict[str, Destination] = field(default_factory=dict)
    permission: Permission | None = None
    working: WorkingCalendar = field(default_factory=WorkingCalendar)
    told: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.rules = {rule.code: rule for rule in DeadlineRule.objects.all()}
        self.categories = {entry.code: entry for entry in Category.objects.all()}
        self.classes = {entry.code: entry for entry in ResultClass.objects.all()}
        self.refusals = {entry.code: entry for entry in RefusalReason.objects.all()}
        self.destinations = {entry.code: entry for entry in Destination.objects.all()}
        self.permission = answering_permission()
        # Only people who can log in to the demonstration get their notices of the past.
        self.readers = {user.pk for user in self.district.accounts.values()}
        with_account = [seat for seat in self.district.memberships if seat.person.user_id]
        self.active = with_account[3:]
        self.silent = [seat for seat in self.district.memberships if not seat.person.user_id]
        self.known = with_account[:3]

    # Rows --------------------------------------------------------------------------------------

    def move(
        self, thing: Any, verb: str, at: datetime, by: User | None = None, **more: Any
    ) -> None:
        """One step of a thing's table, with its history line and audit event."""
        move = thing.MOVES[verb]
        if thing.status not in move.old:
            raise ValueError(f"{thing._meta.label} is {thing.status}, cannot {verb}")
        old, thing.status = thing.status, str(move.new)
        thing.version += 1
        self.rows.add(
            CHANGES[type(thing)],
            subject=thing,
            verb=verb,
            old=old,
            new=move.new,
            by=by,
            at=at,
            **more,
        )
        self.rows.add(
            AuditEvent,
            at=at,
            user=by,
            account=by.username if by else "",
            job=more.get("job", ""),
            action=f"{thing._meta.model_name}.{verb}",
            object=key_of(thing),
            fields={"status": [str(old), str(move.new)]},
        )

    def clock(
        self,
        thing: Any,
        code: str,
        at: datetime,
        by: User,
        *,
        kind: str = "",
        round: int = 1,
        on: date | None = None,
    ) -> Deadline:
        """Start a deadline as the office's rule has it, on the day of this moment or another one."""
        on = on or timezone.localdate(at)
        rule = self.rules[code]
        due, event = reckoned(rule, on, None, self.working)
        clock = self.rows.add(
            Deadline,
            subject=key_of(thing),
            rule=rule,
            kind=kind or code,
            round=round,
            unit=rule.unit,
            started_on=on,
            original_due_on=due,
            due_on=due,
        )
        self.rows.add(
            DeadlineEvent, deadline=clock, kind="start", on=on, due_after=due, by=by, at=at, **event
        )
        return clock

    def meet(self, clock: Deadline, at: datetime, by: User) -> None:
        if clock.met_at is None:
            clock.met_at = at
            self.rows.add(
                DeadlineEvent,
                deadline=clock,
                kind="meet",
                on=timezone.localdate(at),
                due_before=clock.due_on,
                due_after=clock.due_on,
                by=by,
                at=at,
            )

    def tell(
        self, kind: str, thing: Any, people: list[Any], at: datetime, url: str, **words: str
    ) -> None:
        """Notices of the past to those who can log in; they count as sent, and the old ones as read."""
        readers = [one for one in people if one and one.user_id in self.readers]
        if not readers:
            return
        with translation.override("zh-hans"):
            title = notices.KINDS[kind].words("title", words)[:200]
            body = notices.KINDS[kind].words("body", words)
        for person in readers:
            key = f"{person.pk}|{key_of(thing)}|{kind}|0|{words.get('round', 1)}|{at:%Y-%m-%d}"
            if key in self.told:
                continue
            self.told.add(key)
            notice = self.rows.add(
                Notice,
                person=person,
                kind=kind,
                subject=key_of(thing),
                title=title,
                body=body,
                url=url,
                dedupe_key=key,
                created_at=at,
                read_at=at + timedelta(hours=5) if self.now - at > timedelta(days=12) else None,
            )
            self.rows.add(
                Delivery,
                notice=notice,
                channel="inapp",
                state="sent",
                next_try_at=at,
                sent_at=at,
                message_id=f"{notice.uid}.inapp@demo",
            )
