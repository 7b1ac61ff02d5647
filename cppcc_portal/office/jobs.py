"""Work done outside a request: the row is the truth, the broker is only a door-bell."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from celery import current_app, signature
from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from kombu.exceptions import ChannelError, KombuError
from redis.exceptions import RedisError

from cppcc_portal.office import audit

logger = logging.getLogger("portal.jobs")

LEASE = timedelta(minutes=5)
BACK_OFF = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60)]
MAX_ATTEMPTS = len(BACK_OFF) + 1

# The door-bell ---------------------------------------------------------------------------------


BROKER_ERRORS = (KombuError, ChannelError, RedisError, OSError)


class Bell:
    """Tells the worker that something is due; silent for a while after the broker did not answer."""

    SILENCE = 15.0  # seconds; with the time-outs below a dead broker costs a request well under 1 s
    # A dead broker refuses at once, a frozen one does not answer: both must end quickly.
    TIMEOUTS = {"socket_connect_timeout": 0.4, "socket_timeout": 0.4}

    def __init__(self) -> None:
        self.silent_until = 0.0

    def ring(self, task: str, *args: int) -> bool:
        """Ask the worker to run a task now; whether the broker took it. Never raises."""
        if time.monotonic() < self.silent_until:
            return False
        try:
            with current_app.connection_for_write(transport_options=self.TIMEOUTS) as connection:
                signature(task, args=args).apply_async(
                    connection=connection,
                    # Without a policy Celery waits for seconds, even when told not to retry.
                    retry=True,
                    retry_policy={"max_retries": 0},
                )
        except BROKER_ERRORS as error:
            self.silent_until = time.monotonic() + self.SILENCE
            logger.warning("The broker does not answer (%s); the sweep will find the work.", error)
            return False
        return True

    def ring_after_commit(self, task: str, *args: int) -> None:
        """Ring once the rows of the present transaction can be seen by others."""

        def ring() -> None:
            self.ring(task, *args)

        # Not functools.partial: Django cannot name it when it logs what went wrong.
        transaction.on_commit(ring, robust=True)


bell = Bell()

# Kinds of work ---------------------------------------------------------------------------------

Progress = Callable[..., None]
Run = Callable[[dict[str, Any], Progress], dict[str, Any] | None]


@dataclass(frozen=True)
class JobKind:
    """One kind of work: what runs, and how long it may go without a sign of life."""

    name: str
    run: Run
    lease: timedelta


KINDS: dict[str, JobKind] = {}


def job_kind(name: str, *, lease: timedelta = LEASE) -> Callable[[Run], Run]:
    """Register `run(payload, progress) -> result`; its effects must bear being repeated.

    `lease`: after this long without `progress(done, total, message)` another worker takes over.
    Call `progress` outside transactions, or nobody sees it and the database stays locked.
    """

    def register(run: Run) -> Run:
        if name in KINDS and KINDS[name].run is not run:
            raise ValueError(f"The kind of job {name} is registered twice.")
        KINDS[name] = JobKind(name, run, lease)
        return run

    return register


class GiveUp(Exception):
    """Trying again is of no use; the sentence is shown to the person who asked."""


class Stopped(Exception):
    """Raised by `progress` when the job was cancelled or another worker has taken it over."""


class JobQuerySet(models.QuerySet["Job"]):
    def due(self, now: datetime) -> "JobQuerySet":
        """Waiting and due, or left lying by a worker that died."""
        return self.filter(
            Q(state=Job.State.QUEUED, run_after__lte=now)
            | Q(state=Job.State.RUNNING, lease_until__lt=now)
        )

    def asked_by(self, user: models.Model) -> "JobQuerySet":
        return self.filter(created_by=user)


class Job(models.Model):
    """One piece of work; its payload holds references only, never texts or phone numbers."""

    class State(models.TextChoices):
        QUEUED = "queued", _("等待")
        RUNNING = "running", _("进行中")
        DONE = "done", _("完成")
        FAILED = "failed", _("失败")
        CANCELLED = "cancelled", _("已取消")

    key = models.CharField(_("唯一键"), max_length=200, unique=True)
    kind = models.CharField(_("种类"), max_length=60)
    payload = models.JSONField(_("引用"), default=dict, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.QUEUED)
    run_after = models.DateTimeField(_("不早于"))
    lease_until = models.DateTimeField(_("占用至"), null=True, blank=True)
    holder = models.CharField(_("占用者"), max_length=32, blank=True)
    attempts = models.PositiveSmallIntegerField(_("次数"), default=0)
    done = models.PositiveIntegerField(_("已处理"), default=0)
    total = models.PositiveIntegerField(_("总数"), default=0)
    message = models.CharField(_("说明"), max_length=300, blank=True)
    result = models.JSONField(_("结果"), default=dict, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("发起人"),
        null=True,
        blank=True,
        related_name="+",
    )
    created_at = models.DateTimeField(_("发起时间"))
    finished_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("后台任务")
        verbose_name_plural = _("后台任务")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["state", "run_after"], name="job_due")]
        constraints = [
            models.CheckConstraint(
                name="job_running_has_lease",
                condition=~Q(state="running") | Q(lease_until__isnull=False),
            ),
            models.CheckConstraint(
                name="job_finished_has_time",
                condition=Q(state__in=["queued", "running"]) | Q(finished_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    @property
    def is_over(self) -> bool:
        """Nothing more will happen by itself."""
        return self.state in (self.State.DONE, self.State.FAILED, self.State.CANCELLED)

    @property
    def percent(self) -> int:
        """Share done, 0 to 100, for the progress bar."""
        return min(100, self.done * 100 // self.total) if self.total else 0


# Three signs of life, so that a dead clock is told from a dead worker (see clock.py).
BEAT, WORKER, TICK = "beat", "worker", "tick"


class Heartbeat(models.Model):
    """When a part of the portal last showed that it lives."""

    name = models.CharField(_("部件"), max_length=20, primary_key=True)
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("心跳")
        verbose_name_plural = _("心跳")

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"


def pulse(name: str, now: datetime | None = None) -> None:
    """Write down that a part lives."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": now or timezone.now()})


# What is done with them ------------------------------------------------------------------------


@transaction.atomic
def enqueue(
    kind: str,
    key: str,
    payload: dict[str, Any],
    *,
    by: Any = None,
    run_after: datetime | None = None,
    now: datetime | None = None,
) -> Job:
    """Ask for work once: the same key again gives the row that already stands.

    Belongs into the transaction of its cause. KeyError for an unknown kind.
    """
    registered, now = KINDS[kind], now or timezone.now()
    job, new = Job.objects.get_or_create(
        key=key,
        defaults={
            "kind": registered.name,
            "payload": payload,
            "created_by": by,
            "created_at": now,
            "run_after": run_after or now,
        },
    )
    if new:
        bell.ring_after_commit("cppcc_portal.office.tasks.look_at_job", job.pk)
    return job


class Reporter:
    """What a running job calls to show how far it is; renews the lease and sees a cancellation."""

    def __init__(self, job: Job, lease: timedelta, now: datetime, *, every: float = 1.0) -> None:
        self.mine = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, holder=job.holder)
        self.lease, self.every = lease, every
        self.start, self.started_at, self.last = time.monotonic(), now, -every

    def __call__(self, done: int, total: int | None = None, message: str = "") -> None:
        """Show progress, at most once a second; Stopped when the job is no longer ours."""
        passed = time.monotonic() - self.start
        if passed - self.last < self.every and done != total:
            return
        self.last = passed
        fields: dict[str, Any] = {"done": done, "message": message[:300]}
        if total is not None:
            fields["total"] = total
        if not self.mine.update(
            lease_until=self.started_at + timedelta(seconds=passed) + self.lease, **fields
        ):
            raise Stopped


def run_job(pk: int, now: datetime | None = None) -> str:
    """Do the work of a row if it is due and nobody else has it; the state it then has, or ""."""
    now = now or timezone.now()
    kind = KINDS.get(Job.objects.filter(pk=pk).values_list("kind", flat=True).first() or "")
    claimed = (
        Job.objects.due(now)
        .filter(pk=pk, attempts__lt=MAX_ATTEMPTS)
        .update(
            state=Job.State.RUNNING,
            lease_until=now + (kind.lease if kind else LEASE),
            holder=(holder := uuid4().hex),
            attempts=F("attempts") + 1,
        )
    )
    job = Job.objects.filter(pk=pk, holder=holder).first() if claimed else None
    if job is None:
        return ""
    reporter = Reporter(job, kind.lease if kind else LEASE, now)
    try:
        if kind is None:
            raise GiveUp(gettext("没有这一种后台任务：%(kind)s") % {"kind": job.kind})
        result = kind.run(job.payload, reporter)
    except Stopped:
        logger.info("Job %s stopped: cancelled or taken over.", pk)
        return ""
    except GiveUp as reason:
        return _finish(reporter, Job.State.FAILED, now, message=str(reason)[:300])
    except Exception as error:
        logger.exception("Job %s (%s) failed, attempt %s.", pk, job.kind, job.attempts)
        return _try_later(reporter, job, now, error)
    return _finish(reporter, Job.State.DONE, now, result=result or {}, message="")


def _finish(reporter: Reporter, state: Job.State, now: datetime, **fields: Any) -> str:
    passed = timedelta(seconds=time.monotonic() - reporter.start)
    # Only if it is still ours: a worker whose lease ran out must not overwrite its successor.
    return (
        str(state)
        if reporter.mine.update(state=state, lease_until=None, finished_at=now + passed, **fields)
        else ""
    )


def _try_later(reporter: Reporter, job: Job, now: datetime, error: Exception) -> str:
    # The name of the error only: its text may quote what people wrote.
    reason = gettext("第 %(attempt)s 次出错（%(error)s）") % {
        "attempt": job.attempts,
        "error": type(error).__name__,
    }
    if job.attempts >= MAX_ATTEMPTS:
        return _finish(reporter, Job.State.FAILED, now, message=reason)
    again = now + BACK_OFF[job.attempts - 1]
    return (
        str(Job.State.QUEUED)
        if reporter.mine.update(
            state=Job.State.QUEUED, lease_until=None, run_after=again, message=reason
        )
        else ""
    )


@transaction.atomic
def cancel(job: Job, *, by: Any, now: datetime | None = None) -> bool:
    """Stop a job that is waiting or running; it ends at its next sign of progress."""
    going_on = Job.objects.filter(pk=job.pk, state__in=[Job.State.QUEUED, Job.State.RUNNING])
    if not going_on.update(
        state=Job.State.CANCELLED,
        lease_until=None,
        finished_at=now or timezone.now(),
        message=gettext("已由人取消"),
    ):
        return False
    audit.record("job.cancel", job, by=by)
    return True


@transaction.atomic
def retry(job: Job, *, by: Any, now: datetime | None = None) -> bool:
    """Let a failed or cancelled job run once more, from its first attempt."""
    again = Job.objects.filter(pk=job.pk, state__in=[Job.State.FAILED, Job.State.CANCELLED])
    if not again.update(
        state=Job.State.QUEUED,
        attempts=0,
        run_after=now or timezone.now(),
        finished_at=None,
        message="",
    ):
        return False
    audit.record("job.retry", job, by=by)
    bell.ring_after_commit("cppcc_portal.office.tasks.look_at_job", job.pk)
    return True


def sweep(now: datetime | None = None) -> int:
    """Ring again for what is due and was not heard; number of jobs rung for."""
    now = now or timezone.now()
    Job.objects.filter(
        state=Job.State.RUNNING, lease_until__lt=now, attempts__gte=MAX_ATTEMPTS
    ).update(
        state=Job.State.FAILED,
        lease_until=None,
        finished_at=now,
        message=gettext("处理进程多次中断，已停止重试"),
    )
    due = list(Job.objects.due(now).order_by("run_after", "pk").values_list("pk", flat=True)[:50])
    for pk in due:
        bell.ring("cppcc_portal.office.tasks.look_at_job", pk)
    return len(due)
