"""What moves a due date: start, extension, pause, a new start, the end."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any, TypeVar

from django.core.exceptions import ImproperlyConfigured
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext

from cppcc_portal.office import audit
from cppcc_portal.office.deadlines.clocks import Deadline, DeadlineEvent, long_date, subject_key
from cppcc_portal.office.deadlines.rules import DeadlineRule, Roll, Unit, rule_of
from cppcc_portal.office.keys import split_key
from cppcc_portal.office.working_days import WorkingCalendar

# What somebody decided about a date; the others only follow from steps that are audited themselves.
DECIDED = (
    DeadlineEvent.Kind.EXTEND,
    DeadlineEvent.Kind.PAUSE,
    DeadlineEvent.Kind.RESUME,
    DeadlineEvent.Kind.RESTART,
)


class DeadlineRefused(ValueError):
    """A due date cannot be changed this way; the message says why, in plain Chinese."""


def locked(deadline: Deadline) -> Deadline:
    """The row as it now is, held until the transaction ends."""
    return Deadline.objects.select_for_update().get(pk=deadline.pk)


def still_running(deadline: Deadline) -> Deadline:
    """The locked row; refused when it is met, cancelled or paused."""
    now = still_open(deadline)
    if now.paused_on is not None:
        raise DeadlineRefused(gettext("期限正在暂停计时，须先恢复。"))
    return now


def still_open(deadline: Deadline) -> Deadline:
    """The locked row; refused when it is met or cancelled."""
    now = locked(deadline)
    if not now.is_open:
        raise DeadlineRefused(gettext("该期限已完成或已取消，不能再改。"))
    return now


def change(
    deadline: Deadline,
    kind: str,
    *,
    on: date,
    by: Any,
    job: str,
    note: str = "",
    due_on: date | None = None,
    event: dict[str, Any] | None = None,
    **fields: Any,
) -> Deadline:
    """Write the fields and the event, and bring the caller's object up to date."""
    before = locked(deadline).due_on
    after = due_on or before
    fields["due_on"] = after
    Deadline.objects.filter(pk=deadline.pk).update(**fields)
    for name, value in fields.items():
        setattr(deadline, name, value)
    deadline.events.create(
        kind=kind,
        on=on,
        due_before=before,
        due_after=after,
        by=by,
        job=job,
        note=note,
        **(event or {}),
    )
    if kind in DECIDED:
        audit.record(
            f"deadline.{kind}", deadline, by=by, job=job, fields={"due_on": (before, after)}
        )
    if after != before:
        follow = FOLLOWERS.get(split_key(deadline.subject)[0])
        if follow is not None:
            follow(deadline)
    return deadline


# Lists are sorted by copies of due dates on their own rows; whoever keeps a copy registers here, and
# it follows in the same transaction whatever moves the date: extension, pause, a new holiday plan.
FOLLOWERS: dict[str, Callable[[Deadline], None]] = {}

Follower = TypeVar("Follower", bound=Callable[[Deadline], None])


def followed_by(label: str) -> Callable[[Follower], Follower]:
    """Register who keeps copies of the due dates of things of this model ("proposals.handling")."""

    def register(follower: Follower) -> Follower:
        if label in FOLLOWERS:
            raise ImproperlyConfigured(f"Two keep copies of the due dates of {label}.")
        FOLLOWERS[label] = follower
        return follower

    return register


def reckoned(
    rule: DeadlineRule, on: date, due_on: date | None, working: WorkingCalendar
) -> tuple[date, dict[str, Any]]:
    """The due date of a rule that starts on this day, and what the event keeps of how it came about."""
    term = rule.term
    if due_on is not None:
        if due_on < on:
            raise DeadlineRefused(gettext("期限不能早于起算日。"))
        return due_on, {"start_label": rule.start_label}
    due = term.due(on, working)
    return due, {
        "start_label": rule.start_label,
        "term": {
            "unit": str(term.unit),
            "amount": term.amount,
            "month": term.month,
            "day": term.day,
            "roll": str(term.roll),
            "reached": term.reached(on, working).isoformat(),
        },
        "guesses": working.guesses(on, due) if term.uses_calendar else {},
    }


@transaction.atomic
def start(
    subject: models.Model | str,
    rule_code: str,
    *,
    on: date,
    by: Any = None,
    job: str = "",
    round: int = 1,
    kind: str = "",
    due_on: date | None = None,
    note: str = "",
    working: WorkingCalendar | None = None,
) -> Deadline:
    """Begin the clock of a thing by a rule; `due_on` where the office fixed the day itself.

    `kind` is the rule's code unless given. IntegrityError when this round has its clock already.
    """
    working = working or WorkingCalendar()
    rule = rule_of(rule_code)
    due, event = reckoned(rule, on, due_on, working)
    deadline = Deadline(
        subject=subject_key(subject),
        rule=rule,
        kind=kind or rule_code,
        round=round,
        unit=rule.unit,
        started_on=on,
        original_due_on=due,
        due_on=due,
    )
    deadline.save(force_insert=True)
    deadline.working = working
    deadline.events.create(
        kind=DeadlineEvent.Kind.START, on=on, due_after=due, by=by, job=job, note=note, **event
    )
    return deadline


def latest_extension(deadline: Deadline, rule_code: str = "extension_max") -> date:
    """The last day to which this may be extended: counted from its start, by a rule."""
    return rule_of(rule_code).term.due(deadline.started_on, deadline.working)


@transaction.atomic
def extend(
    deadline: Deadline,
    *,
    to: date,
    on: date,
    by: Any = None,
    job: str = "",
    note: str = "",
    limit: str | None = "extension_max",
) -> Deadline:
    """Grant a later day, at most as the rule `limit` allows (None: without limit); the first day stays."""
    now = still_running(deadline)
    if to <= now.due_on:
        raise DeadlineRefused(
            gettext("新期限须晚于现期限%(due)s。") % {"due": long_date(now.due_on)}
        )
    if limit and to > (latest := latest_extension(now, limit)):
        raise DeadlineRefused(
            gettext("最迟只能延到%(latest)s（自%(start)s起%(term)s）。")
            % {
                "latest": long_date(latest),
                "start": long_date(now.started_on),
                "term": rule_of(limit).term,
            }
        )
    return change(deadline, DeadlineEvent.Kind.EXTEND, on=on, by=by, job=job, note=note, due_on=to)


@transaction.atomic
def pause(
    deadline: Deadline, *, on: date, by: Any = None, job: str = "", note: str = ""
) -> Deadline:
    """Stop the clock from this day on (the day itself no longer counts)."""
    now = still_running(deadline)
    if on < now.started_on:
        raise DeadlineRefused(gettext("暂停日不能早于起算日。"))
    if on > now.due_on:
        raise DeadlineRefused(gettext("期限已过，不能再暂停。"))
    return change(
        deadline, DeadlineEvent.Kind.PAUSE, on=on, by=by, job=job, note=note, paused_on=on
    )


@transaction.atomic
def resume(
    deadline: Deadline, *, on: date, by: Any = None, job: str = "", note: str = ""
) -> Deadline:
    """Let the clock run again from this day; the due date moves by the days it stood still.

    Working days for rules in working days, days for all others.
    """
    now = still_open(deadline)
    if now.paused_on is None:
        raise DeadlineRefused(gettext("该期限没有暂停。"))
    if on < now.paused_on:
        raise DeadlineRefused(gettext("恢复日不能早于暂停日。"))
    working = deadline.working
    guesses: dict[str, str] = {}
    if now.unit == Unit.WORKING_DAYS:
        eve = date.fromordinal(now.paused_on.toordinal() - 1)
        days = working.between(eve, date.fromordinal(on.toordinal() - 1))
        due = working.add(now.due_on, days)
        guesses = working.guesses(now.paused_on, due)
    else:
        days = (on - now.paused_on).days
        due = date.fromordinal(now.due_on.toordinal() + days)
        if now.rule.roll == Roll.NEXT_WORKING_DAY:
            due = working.roll(due)
    return change(
        deadline,
        DeadlineEvent.Kind.RESUME,
        on=on,
        by=by,
        job=job,
        note=note,
        due_on=due,
        event={"days": days, "guesses": guesses},
        paused_on=None,
    )


@transaction.atomic
def restart(
    deadline: Deadline,
    *,
    on: date,
    by: Any = None,
    job: str = "",
    note: str = "",
    due_on: date | None = None,
) -> Deadline:
    """Begin the same clock anew, by the rule as it now is; the first due date stays on record.

    Opens again what was met. Cancelled ones are refused.
    """
    now = locked(deadline)
    if now.cancelled_at is not None:
        raise DeadlineRefused(gettext("该期限已取消，不能重新起算。"))
    if on < now.started_on:
        raise DeadlineRefused(gettext("重新起算日不能早于原起算日。"))
    rule = now.rule
    due, event = reckoned(rule, on, due_on, deadline.working)
    return change(
        deadline,
        DeadlineEvent.Kind.RESTART,
        on=on,
        by=by,
        job=job,
        note=note,
        due_on=due,
        event=event,
        started_on=on,
        unit=rule.unit,
        paused_on=None,
        met_at=None,
    )


@transaction.atomic
def meet(
    deadline: Deadline, *, at: datetime, by: Any = None, job: str = "", note: str = ""
) -> Deadline:
    """It is done, at this moment; whether in time follows from the due date."""
    still_open(deadline)
    return change(
        deadline,
        DeadlineEvent.Kind.MEET,
        on=timezone.localdate(at),
        by=by,
        job=job,
        note=note,
        met_at=at,
        paused_on=None,
    )


def cancel_all(subjects: Iterable[Any], *, at: datetime, by: Any = None) -> None:
    """Whatever still runs for these things no longer matters."""
    keys = [subject_key(subject) for subject in subjects]
    for clock in Deadline.objects.filter(subject__in=keys).open():
        cancel(clock, at=at, by=by)


def meet_current(subject: Any, kind: str, *, at: datetime, by: Any = None) -> None:
    """What was due by the subject's clock of this kind is done; a clock stopped before stays as it is."""
    clock = Deadline.objects.current(subject, kind)
    if clock is not None and clock.is_open:
        meet(clock, at=at, by=by)


@transaction.atomic
def cancel(
    deadline: Deadline, *, at: datetime, by: Any = None, job: str = "", note: str = ""
) -> Deadline:
    """It no longer matters (the matter was taken back or went elsewhere)."""
    still_open(deadline)
    return change(
        deadline,
        DeadlineEvent.Kind.CANCEL,
        on=timezone.localdate(at),
        by=by,
        job=job,
        note=note,
        cancelled_at=at,
        paused_on=None,
    )


@transaction.atomic
def recalculate_guesses(*, on: date, by: Any = None, job: str = "") -> list[Deadline]:
    """After a plan of holidays is loaded: reckon again what rested on a guess; return what moved.

    Only dates that nobody has moved since; a date that people agreed on stays as agreed.
    """
    working = WorkingCalendar()
    moved = []
    doubtful = DeadlineEvent.objects.filter(deadline=models.OuterRef("pk")).exclude(guesses={})
    guessed = Deadline.objects.running().filter(models.Exists(doubtful), due_on__gte=on)
    starts = (DeadlineEvent.Kind.START, DeadlineEvent.Kind.RESTART)
    for deadline in guessed.select_related("rule").prefetch_related("events"):
        events = list(deadline.events.all())
        doubts = events[-1].guesses
        while events[-1].kind == DeadlineEvent.Kind.RECALCULATE:
            events.pop()
        if not doubts or events[-1].kind not in starts:
            continue
        term, first = events[-1].kept_term, events[-1].on
        due = term.due(first, working)
        guesses = working.guesses(first, due)
        if due < on or (due == deadline.due_on and guesses == doubts):
            continue
        due_before = deadline.due_on
        change(
            deadline,
            DeadlineEvent.Kind.RECALCULATE,
            on=on,
            by=by,
            job=job,
            due_on=due,
            event={"guesses": guesses},
        )
        if due != due_before:
            moved.append(deadline)
    return moved
