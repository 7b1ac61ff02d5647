"""Due dates and what happened to them; each says in words how it came about."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.deadlines.rules import DeadlineRule, Term, Unit
from cppcc_portal.office.keys import SourceKeyField, key_of
from cppcc_portal.office.ledger import LedgerRow
from cppcc_portal.office.working_days import WorkingCalendar


def subject_key(subject: models.Model | str) -> str:
    """The source key of a row, or the key itself."""
    return subject if isinstance(subject, str) else key_of(subject)


class DeadlineState(models.TextChoices):
    """Where a due date stands on a day."""

    NORMAL = "normal", _("正常")
    NEAR = "near", _("临近")
    DUE = "due", _("今日到期")
    OVERDUE = "overdue", _("逾期")
    PAUSED = "paused", _("暂停计时")
    MET = "met", _("按期完成")
    MET_LATE = "met_late", _("逾期完成")
    CANCELLED = "cancelled", _("已取消")


@dataclass(frozen=True)
class Standing:
    """A due date seen on one day: its state, and what is left (negative: what is past)."""

    state: DeadlineState
    days: int
    first: date
    last: date
    working: WorkingCalendar

    @cached_property
    def working_days(self) -> int:
        """Working days left after today; negative when past."""
        return self.working.between(self.first, self.last)

    @property
    def label(self) -> str:
        return str(self.state.label)

    def __str__(self) -> str:
        """The words for a list: 正常（还有12天）, 逾期3天."""
        match self.state:
            case DeadlineState.NORMAL | DeadlineState.NEAR:
                return gettext("%(state)s（还有%(days)d天，其中工作日%(working)d天）") % {
                    "state": self.label,
                    "days": self.days,
                    "working": self.working_days,
                }
            case DeadlineState.OVERDUE:
                return gettext("逾期%(days)d天（工作日%(working)d天）") % {
                    "days": -self.days,
                    "working": -self.working_days,
                }
            case _other:
                return self.label


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    def open(self) -> "DeadlineQuerySet":
        """Neither met nor cancelled; paused ones are among them."""
        return self.filter(met_at=None, cancelled_at=None)

    def running(self) -> "DeadlineQuerySet":
        """Open and not paused: these can fall due."""
        return self.open().filter(paused_on=None)

    def overdue(self, today: date) -> "DeadlineQuerySet":
        """Running and past: a due date counts through its own day."""
        return self.running().filter(due_on__lt=today)

    def due_between(self, first: date, last: date) -> "DeadlineQuerySet":
        """Running and due from the one day through the other."""
        return self.running().filter(due_on__range=(first, last))

    def of(self, model: type[models.Model]) -> "DeadlineQuerySet":
        """Those whose subject is a row of this model."""
        return self.filter(subject__startswith=f"{model._meta.label_lower}:")

    def for_subjects(self, keys: Iterable[str]) -> dict[str, dict[str, "Deadline"]]:
        """By subject, then by kind, the deadline of the latest round; in one query.

        All of them share one calendar, so that a whole list costs at most one query more.
        """
        found: dict[str, dict[str, Deadline]] = {}
        working = WorkingCalendar()
        keys = set(keys)
        for deadline in self.filter(subject__in=keys).select_related("rule").order_by("round"):
            deadline.working = working
            found.setdefault(deadline.subject, {})[deadline.kind] = deadline
        return found

    def current(self, subject: "models.Model | str", kind: str) -> "Deadline | None":
        """The subject's deadline of this kind in its latest round."""
        return (
            self.filter(subject=subject_key(subject), kind=kind)
            .select_related("rule")
            .order_by("-round")
            .first()
        )


class Deadline(models.Model):
    """By when one thing is due, in one round."""

    subject = SourceKeyField(_("对象"))
    rule = models.ForeignKey(DeadlineRule, models.PROTECT, verbose_name=_("规则"))
    kind = models.CharField(_("种类"), max_length=40)
    round = models.PositiveSmallIntegerField(_("轮次"), default=1)
    unit = models.CharField(_("单位"), max_length=15, choices=Unit)
    started_on = models.DateField(_("起算日"))
    original_due_on = models.DateField(_("原定期限"))
    due_on = models.DateField(_("期限"))
    met_at = models.DateTimeField(_("完成时间"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("取消时间"), null=True, blank=True)
    paused_on = models.DateField(_("暂停日"), null=True, blank=True)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        verbose_name = _("期限")
        verbose_name_plural = _("期限")
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "kind", "round"], name="office_deadline_once_a_round"
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("started_on")), name="office_deadline_due_after_start"
            ),
            models.CheckConstraint(
                condition=Q(met_at=None) | Q(cancelled_at=None),
                name="office_deadline_met_or_cancelled",
            ),
            models.CheckConstraint(
                condition=Q(paused_on=None) | Q(met_at=None, cancelled_at=None),
                name="office_deadline_paused_while_open",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on"],
                condition=Q(met_at=None, cancelled_at=None, paused_on=None),
                name="office_deadline_running",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule.label}：{self.due_on}"

    @cached_property
    def working(self) -> WorkingCalendar:
        """The calendar to reckon with; a list sets one for all its rows."""
        return WorkingCalendar()

    @property
    def is_open(self) -> bool:
        return self.met_at is None and self.cancelled_at is None

    @property
    def is_late(self) -> bool:
        """Whether it was met after the due date as it then stood."""
        return self.met_at is not None and timezone.localdate(self.met_at) > self.due_on

    def is_overdue(self, today: date) -> bool:
        """Whether it runs and its last day has passed."""
        return self.is_open and self.paused_on is None and self.due_on < today

    def state(self, today: date) -> Standing:
        """Where it stands today, and how many days are left; nothing of this is ever stored."""
        days = (self.due_on - today).days
        if self.cancelled_at is not None:
            state = DeadlineState.CANCELLED
        elif self.met_at is not None:
            state = DeadlineState.MET_LATE if self.is_late else DeadlineState.MET
        elif self.paused_on is not None:
            state = DeadlineState.PAUSED
        elif days < 0:
            state = DeadlineState.OVERDUE
        elif days == 0:
            state = DeadlineState.DUE
        elif days <= self.rule.near_days:
            state = DeadlineState.NEAR
        else:
            state = DeadlineState.NORMAL
        return Standing(state, days, today, self.due_on, self.working)

    def explain(self) -> str:
        """How this due date came about: 2026年3月18日交办 + 3个月 = 6月18日（周四）。"""
        ends = (DeadlineEvent.Kind.MEET, DeadlineEvent.Kind.CANCEL)
        return gettext("；").join(
            event.words for event in self.events.all() if event.kind not in ends
        )


class DeadlineEvent(LedgerRow):
    """What happened to a due date: who (or which job) moved it, from when to when, and why."""

    class Kind(models.TextChoices):
        START = "start", _("起算")
        EXTEND = "extend", _("延期")
        PAUSE = "pause", _("暂停")
        RESUME = "resume", _("恢复")
        RESTART = "restart", _("重新起算")
        RECALCULATE = "recalculate", _("按新放假安排推算")
        MEET = "meet", _("完成")
        CANCEL = "cancel", _("取消")

    deadline = models.ForeignKey(
        Deadline, models.CASCADE, related_name="events", verbose_name=_("期限")
    )
    kind = models.CharField(_("事项"), max_length=12, choices=Kind)
    on = models.DateField(_("日期"))
    due_before = models.DateField(_("原期限"), null=True, blank=True)
    due_after = models.DateField(_("现期限"))
    # The rule as it stood then: a later edit of the rule must not rewrite how this date came about.
    start_label = models.CharField(_("起算事项"), max_length=20, blank=True)
    term = models.JSONField(_("期间"), default=dict, blank=True)
    days = models.PositiveSmallIntegerField(_("暂停天数"), null=True, blank=True)
    guesses = models.JSONField(_("按推算的年份"), default=dict, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("经办人"),
    )
    job = models.CharField(_("自动任务"), max_length=60, blank=True)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    at = models.DateTimeField(_("记录时间"), default=timezone.now)

    class Meta:
        verbose_name = _("期限变动")
        verbose_name_plural = _("期限变动")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(by__isnull=False, job="") | (Q(by__isnull=True) & ~Q(job="")),
                name="office_deadlineevent_by_or_job",
            ),
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def words(self) -> str:
        """This event as a piece of the sentence that explains the due date."""
        year = self.deadline.started_on.year
        words = {
            "on": short_date(self.on, year),
            "long_on": long_date(self.on),
            "label": self.start_label,
            "due": short_date(self.due_after, year, weekday=True),
            "days": self.days,
            "note": self.note,
        }
        match self.kind:
            case self.Kind.START | self.Kind.RESTART:
                text = self._reckoning(words)
            case self.Kind.EXTEND:
                text = gettext("%(on)s同意延期，改为%(due)s") % words
            case self.Kind.PAUSE:
                text = gettext("%(on)s起暂停计时") % words
            case self.Kind.RESUME if self.deadline.unit == Unit.WORKING_DAYS:
                text = gettext("%(on)s恢复计时，扣除暂停的%(days)d个工作日，改为%(due)s") % words
            case self.Kind.RESUME:
                text = gettext("%(on)s恢复计时，扣除暂停的%(days)d天，改为%(due)s") % words
            case self.Kind.RECALCULATE if self.due_after == self.due_before:
                text = gettext("%(on)s按公布的放假安排核对，期限不变") % words
            case self.Kind.RECALCULATE:
                text = gettext("%(on)s按公布的放假安排重新推算，改为%(due)s") % words
            case self.Kind.MEET:
                text = gettext("%(on)s完成") % words
            case _other:
                text = gettext("%(on)s取消") % words
        return text + self._doubts()

    @property
    def kept_term(self) -> Term:
        """The term as the rule stood when this clock was started."""
        return Term(
            **{name: self.term[name] for name in ("unit", "amount", "month", "day", "roll")}
        )

    def _reckoning(self, words: dict[str, Any]) -> str:
        """The start and its sum: 2026年3月18日交办 + 3个月 = 6月18日（周四）."""
        if self.kind == self.Kind.RESTART:
            words["start"] = gettext("%(long_on)s%(label)s，重新起算") % words
        else:
            words["start"] = gettext("%(long_on)s%(label)s") % words
        if not self.term:
            return gettext("%(start)s，期限定为%(due)s") % words
        term = self.kept_term
        reached = date.fromisoformat(self.term["reached"])
        words["term"] = term
        words["reached"] = short_date(reached, self.deadline.started_on.year, weekday=True)
        if term.unit == Unit.FIXED_DATE and reached == self.due_after:
            return gettext("%(start)s，期限固定为%(due)s") % words
        if term.unit == Unit.FIXED_DATE:
            return gettext("%(start)s，期限固定为%(reached)s，遇节假日顺延至%(due)s") % words
        if reached == self.due_after:
            return gettext("%(start)s + %(term)s = %(due)s") % words
        return gettext("%(start)s + %(term)s = %(reached)s，遇节假日顺延至%(due)s") % words

    def _doubts(self) -> str:
        """Says which years were reckoned without a published plan of holidays."""
        texts = {
            "weekends": gettext("（%(year)s年放假安排尚未导入，按周末推算）"),
            "provisional": gettext("（%(year)s年放假安排尚未公布，按法定节日和周末推算）"),
        }
        return "".join(texts[why] % {"year": year} for year, why in sorted(self.guesses.items()))


def weekday_name(day: date) -> str:
    """周一 to 周日."""
    return [
        gettext("周一"), gettext("周二"), gettext("周三"), gettext("周四"), gettext("周五"),
        gettext("周六"), gettext("周日"),
    ][day.weekday()]  # fmt: skip


def long_date(day: date) -> str:
    """2026年3月18日."""
    return gettext("%(year)d年%(month)d月%(day)d日") % {
        "year": day.year,
        "month": day.month,
        "day": day.day,
    }


def short_date(day: date, year: int, *, weekday: bool = False) -> str:
    """6月18日, with the year where it is another one than `year`, and （周四） where asked."""
    if day.year != year:
        text = long_date(day)
    else:
        text = gettext("%(month)d月%(day)d日") % {"month": day.month, "day": day.day}
    if weekday:
        return gettext("%(date)s（%(weekday)s）") % {"date": text, "weekday": weekday_name(day)}
    return text
