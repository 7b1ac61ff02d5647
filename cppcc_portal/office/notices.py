"""What the portal tells people: a row in the transaction of its cause, sent by a worker, once.

Once per person, subject, kind, step, round and due date, whatever is repeated or dies. What leaves
the portal (mail, robots, text messages) leaves at most once: if it is not known whether it left,
the delivery is shown as uncertain and never repeated by itself.
"""

import logging
import string
import time
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Case, F, Q, Value, When, prefetch_related_objects
from django.utils import timezone, translation
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office import audit, parameters
from cppcc_portal.office.channels import (
    BY_HAND,
    FAMILIES,
    IN_APP,
    Channel,
    Message,
    NotSent,
    configured,
)
from cppcc_portal.office.jobs import BACK_OFF, MAX_ATTEMPTS, bell
from cppcc_portal.office.keys import SourceKeyField, key_of

logger = logging.getLogger("portal.notices")

LEASE = timedelta(minutes=2)
BATCH = 500  # rows of one INSERT or IN (...)
SWEEP_SECONDS = 20.0  # a dead mail server must not hold up everything else the worker has to do

# Kinds and their words -------------------------------------------------------------------------


@dataclass(frozen=True)
class NoticeKind:
    """One kind of notice: its words, and the families of channels it takes."""

    code: str
    title: str
    body: str
    label: Any
    default_channels: tuple[str, ...]
    names: frozenset[str]

    @property
    def channels(self) -> list[str]:
        return list(parameters.get(f"notice.{self.code}.channels"))

    def words(self, part: str, given: Mapping[str, str]) -> str:
        """Title or body in the office's wording, filled in."""
        default: str = getattr(self, part)
        text = str(parameters.get(f"notice.{self.code}.{part}"))
        try:
            strange = names_in(text) - self.names
        except ValueError:
            strange = {text}
        if strange:
            logger.warning(
                "The wording notice.%s.%s is unusable; the default holds.", self.code, part
            )
            text = default
        return text.format_map(given)


KINDS: dict[str, NoticeKind] = {}


def names_in(text: str) -> set[str]:
    """The {names} of a wording; ValueError for anything cleverer than a plain name."""
    names = set()
    for _literal, name, spec, conversion in string.Formatter().parse(text):
        if name is None:
            continue
        if not name.isidentifier() or spec or conversion:
            raise ValueError(f"Only plain names may stand in braces: {text!r}")
        names.add(name)
    return names


def notice_kind(
    code: str,
    *,
    title: Any,
    body: Any,
    label: Any,
    default_channels: Sequence[str] = (IN_APP, "email"),
) -> NoticeKind:
    """Make a kind of notice known, at import; the office may change its words and channels.

    Words may hold numbers and names of units by plain {names}, never the text of a proposal.
    """
    if code in KINDS:
        raise ValueError(f"The kind of notice {code} is defined twice.")
    # In the office's language, whatever language the first request of this process has.
    with translation.override(settings.LANGUAGE_CODE):
        title, body = str(title), str(body)
    names = frozenset(names_in(title) | names_in(body))
    kind = NoticeKind(code, title, body, label, tuple(default_channels), names)
    for part, text, name, longest in (
        ("title", title, _("标题"), 120),
        ("body", body, _("正文"), 1000),
    ):
        parameters.define(
            f"notice.{code}.{part}",
            kind="text",
            default=text,
            label=format_lazy("{}：{}", label, name),
            help=format_lazy(
                _("可用的占位：{}"), " ".join(f"{{{name}}}" for name in sorted(names)) or "—"
            ),
            group=_("通知用语"),
            maximum=longest,
        )
    parameters.define(
        f"notice.{code}.channels",
        kind="list",
        default=list(default_channels),
        choices=FAMILIES,
        label=format_lazy("{}：{}", label, _("渠道")),
        help=_("站内通知总会显示；其余渠道须由系统管理员接通。"),
        group=_("通知用语"),
    )
    KINDS[code] = kind
    return kind


# Rows ------------------------------------------------------------------------------------------


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: Any) -> "NoticeQuerySet":
        """One's own, without those taken back."""
        if not user.is_active:
            return self.none()
        return self.filter(person__user=user, withdrawn_at=None)

    def unread_by(self, user: Any) -> "NoticeQuerySet":
        return self.visible_to(user).filter(read_at=None)

    def about(self, thing: models.Model | str) -> "NoticeQuerySet":
        return self.filter(subject=_key(thing))


class Notice(models.Model):
    """What one person is told; the row itself is the message inside the portal."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        "members.Person", models.PROTECT, related_name="notices", verbose_name=_("接收人")
    )
    kind = models.CharField(_("种类"), max_length=60)
    subject = SourceKeyField(_("事项"))
    step = models.SmallIntegerField(_("步骤"), default=0)
    round = models.PositiveSmallIntegerField(_("轮次"), default=1)
    due_on = models.DateField(_("期限"), null=True, blank=True)
    title = models.CharField(_("标题"), max_length=200)
    body = models.TextField(_("正文"), blank=True)
    url = models.CharField(_("链接"), max_length=300, blank=True)
    dedupe_key = models.CharField(_("唯一键"), max_length=220, unique=True)
    created_at = models.DateTimeField(_("时间"))
    read_at = models.DateTimeField(_("阅读时间"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("通知")
        verbose_name_plural = _("通知")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["person", "-created_at"], name="notice_of_person"),
            models.Index(
                fields=["person"],
                condition=Q(read_at=None, withdrawn_at=None),
                name="notice_unread",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return self.url

    @property
    def label(self) -> str:
        """What kind of notice it is, in words."""
        return str(KINDS[self.kind].label) if self.kind in KINDS else self.kind


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self, now: datetime) -> "DeliveryQuerySet":
        """Waiting and due, or left by a worker that died before anything had left."""
        return self.filter(
            Q(state=Delivery.State.WAITING, next_try_at__lte=now)
            | Q(state=Delivery.State.SENDING, lease_until__lt=now, handed_at=None)
        )

    def unsent(self) -> "DeliveryQuerySet":
        return self.filter(state__in=[Delivery.State.WAITING, Delivery.State.SENDING])

    def troubled(self) -> "DeliveryQuerySet":
        """What a person must look at: failed for good, or perhaps sent and perhaps not."""
        return self.filter(state__in=[Delivery.State.FAILED, Delivery.State.UNCERTAIN])

    def call_list(self) -> "DeliveryQuerySet":
        """People whom no channel reaches: the office telephones."""
        return self.filter(state=Delivery.State.BY_HAND)


class Delivery(models.Model):
    """One notice on its way by one channel."""

    class State(models.TextChoices):
        WAITING = "waiting", _("待发送")
        SENDING = "sending", _("发送中")
        SENT = "sent", _("已发送")
        FAILED = "failed", _("发送失败")
        UNCERTAIN = "uncertain", _("不确定是否送达")
        BY_HAND = "by_hand", _("需人工通知")
        WITHDRAWN = "withdrawn", _("已撤回")

    notice = models.ForeignKey(
        Notice, models.CASCADE, related_name="deliveries", verbose_name=_("通知")
    )
    channel = models.CharField(_("渠道"), max_length=20)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("次数"), default=0)
    next_try_at = models.DateTimeField(_("不早于"))
    lease_until = models.DateTimeField(_("占用至"), null=True, blank=True)
    holder = models.CharField(_("占用者"), max_length=32, blank=True)
    # From this moment it may have left: it is never sent again by itself.
    handed_at = models.DateTimeField(_("交出时间"), null=True, blank=True)
    sent_at = models.DateTimeField(_("发送时间"), null=True, blank=True)
    error = models.CharField(_("错误"), max_length=200, blank=True)
    message_id = models.CharField(_("消息编号"), max_length=200, unique=True, editable=False)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("发送记录")
        verbose_name_plural = _("发送记录")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["state", "next_try_at"], name="delivery_due")]
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel"], name="delivery_once_a_channel"),
            models.CheckConstraint(
                name="delivery_sent_has_time",
                condition=~Q(state="sent") | Q(sent_at__isnull=False),
            ),
            models.CheckConstraint(
                name="delivery_sending_has_lease",
                condition=~Q(state="sending") | Q(lease_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.channel} {self.state}"

    def message(self, channel: Channel) -> Message:
        """What leaves; the same at every attempt."""
        notice = self.notice
        address = channel.address(notice.person)
        return Message(
            id=self.message_id,
            channel=self.channel,
            to=address,
            shown_to=channel.shown(address),
            subject=notice.title,
            body=notice.body,
            url=f"{settings.PUBLIC_URL}{notice.url}" if notice.url else "",
            created_at=notice.created_at,
            dedupe_key=notice.dedupe_key,
        )


# Telling ---------------------------------------------------------------------------------------


def _key(thing: models.Model | str) -> str:
    return thing if isinstance(thing, str) else key_of(thing)


@dataclass(frozen=True)
class Telling:
    """One thing to tell to some people: what `tell` takes, written down to be told with others."""

    kind: str
    obj: models.Model | str
    people: Sequence[Any]
    step: int = 0
    round: int = 1
    due: date | None = None
    at: datetime | None = None
    words: Mapping[str, Any] | None = None
    url: str = ""

    def by_key(self) -> dict[str, Any]:
        """The unique key of each person's notice: once per person, thing, kind, step, round, due date."""
        subject, rest = _key(self.obj), (self.kind, self.step, self.round, self.due or "-")
        return {"|".join(map(str, (one.pk, subject, *rest))): one for one in self.people}


def tell(
    kind: str,
    obj: models.Model | str,
    *,
    people: Iterable[Any],
    step: int = 0,
    round: int = 1,
    due: date | None = None,
    at: datetime | None = None,
    words: Mapping[str, Any] | None = None,
    url: str = "",
) -> int:
    """Tell people something about a thing, in the transaction of its cause; how many are told anew.

    A repetition with the same person, thing, kind, step, round and due date changes nothing.
    `at` is the moment written on the notice; it is sent as soon as a worker can. ValueError when a
    word that the kind needs is not given.
    """
    return tell_all([Telling(kind, obj, list(people), step, round, due, at, words, url)])


def tell_all(tellings: Iterable[Telling]) -> int:
    """Tell many things, some hundreds at a time; how many notices are new.

    A repetition costs one query for every five hundred notices that are there already.
    """
    made, batch, size = 0, list[Telling](), 0
    for telling in tellings:
        batch.append(telling)
        size += len(telling.people)
        if size >= BATCH:
            made += _tell_batch(batch)
            batch, size = [], 0
    return made + _tell_batch(batch)


@transaction.atomic
def _tell_batch(tellings: Sequence[Telling]) -> int:
    now = timezone.now()
    keyed = {key: telling for telling in tellings for key in telling.by_key()}
    told: set[str] = set()
    wanted = list(keyed)
    for start in range(0, len(wanted), BATCH):
        there = Notice.objects.filter(dedupe_key__in=wanted[start : start + BATCH])
        told.update(there.values_list("dedupe_key", flat=True))
    rows: dict[str, list[Notice]] = {}
    persons: dict[int, Any] = {}
    for telling in tellings:
        new = {key: one for key, one in telling.by_key().items() if key not in told}
        told.update(new)
        title, body = _render(KINDS[telling.kind], telling.words or {})
        persons.update((one.pk, one) for one in new.values())
        rows.setdefault(telling.kind, []).extend(
            _notice(telling, key, one.pk, title, body, now) for key, one in new.items()
        )
    made = 0
    for kind, notices in rows.items():
        written = _insert(notices)
        for notice in written:
            notice.person = persons[notice.person_id]
        _send_off(KINDS[kind], written, now)
        made += len(written)
    return made


def _notice(
    telling: Telling, key: str, person: int, title: str, body: str, now: datetime
) -> Notice:
    obj = telling.obj
    url = telling.url or (obj.get_absolute_url() if hasattr(obj, "get_absolute_url") else "")
    return Notice(
        person_id=person,
        kind=telling.kind,
        subject=_key(obj),
        step=telling.step,
        round=telling.round,
        due_on=telling.due,
        title=title,
        body=body,
        url=url,
        dedupe_key=key,
        created_at=telling.at or now,
    )


def _insert(rows: Sequence[Notice]) -> list[Notice]:
    # Another worker may insert the same rows at this moment: the key decides, and only the rows
    # that carry our own uid are ours.
    Notice.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    made: list[Notice] = []
    for start in range(0, len(rows), BATCH):
        ours = [row.uid for row in rows[start : start + BATCH]]
        made += Notice.objects.filter(uid__in=ours)
    return made


def _render(kind: NoticeKind, given: Mapping[str, Any]) -> tuple[str, str]:
    if missing := kind.names - given.keys():
        raise ValueError(f"The notice {kind.code} needs the words: {', '.join(sorted(missing))}")
    # In the office's language, whoever's request caused it.
    with translation.override(settings.LANGUAGE_CODE):
        words = {name: str(value) for name, value in given.items()}
        return kind.words("title", words)[:200], kind.words("body", words)


def _send_off(kind: NoticeKind, notices: Sequence[Notice], now: datetime) -> None:
    prefetch_related_objects([notice.person for notice in notices], "user")
    wanted = kind.channels
    channels = [channel for channel in configured().values() if channel.family in wanted]
    deliveries = []
    for notice in notices:
        at = min(notice.created_at, now)
        ways = [channel.code for channel in channels if channel.can_reach(notice.person)]
        for code in ways:
            deliveries.append(_delivery(notice, code, Delivery.State.WAITING, at))
        if not ways:
            deliveries.append(_delivery(notice, BY_HAND, Delivery.State.BY_HAND, at))
    made = Delivery.objects.bulk_create(deliveries, batch_size=BATCH)
    waiting = [row.pk for row in made if row.state == Delivery.State.WAITING]
    if waiting:
        bell.ring_after_commit("cppcc_portal.office.tasks.look_at_delivery", *waiting)


def _delivery(notice: Notice, code: str, state: Delivery.State, at: datetime) -> Delivery:
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    return Delivery(
        notice=notice,
        channel=code,
        state=state,
        next_try_at=at,
        message_id=f"{notice.uid}.{code}@{host}",
    )


# Sending ---------------------------------------------------------------------------------------


class Overtaken(Exception):
    """The lease ran out and another worker has it, or the notice was taken back."""


class Claim:
    """A worker's hold on one delivery; every write asks whether it is still ours."""

    def __init__(self, delivery: Delivery, now: datetime) -> None:
        self.pk, self.now, self.holder = delivery.pk, now, uuid.uuid4().hex
        self.handed = False
        self.taken = bool(
            Delivery.objects.due(now)
            .filter(pk=self.pk, attempts__lt=MAX_ATTEMPTS)
            .update(
                state=Delivery.State.SENDING,
                lease_until=now + LEASE,
                holder=self.holder,
                attempts=F("attempts") + 1,
                error="",
            )
        )
        self.attempts = delivery.attempts + 1

    def leaving(self) -> None:
        """Written down before anything leaves, so that a crash after it never sends twice."""
        mine = Delivery.objects.filter(pk=self.pk, holder=self.holder, state=Delivery.State.SENDING)
        if not mine.update(handed_at=self.now):
            raise Overtaken
        self.handed = True

    def end(self, state: Delivery.State, **fields: Any) -> str:
        # A slow sender may find its delivery marked uncertain; it knows better.
        mine = Delivery.objects.filter(
            pk=self.pk,
            holder=self.holder,
            state__in=[Delivery.State.SENDING, Delivery.State.UNCERTAIN],
        )
        return str(state) if mine.update(state=state, lease_until=None, **fields) else ""

    def try_later(self, error: str) -> str:
        """Nothing has left: again after a while, and after the last attempt not at all."""
        if self.attempts >= MAX_ATTEMPTS:
            return self.give_up(error)
        return self.end(
            Delivery.State.WAITING,
            handed_at=None,
            next_try_at=self.now + BACK_OFF[self.attempts - 1],
            error=error[:200],
        )

    def wait(self, error: str) -> str:
        """Our own disk is at fault, however long: it counts as no attempt."""
        return self.end(
            Delivery.State.WAITING,
            attempts=self.attempts - 1,
            next_try_at=self.now + BACK_OFF[0],
            error=error[:200],
        )

    @transaction.atomic
    def give_up(self, error: str) -> str:
        ended = self.end(Delivery.State.FAILED, handed_at=None, error=error[:200])
        if ended:
            _call_instead([self.pk], self.now)
        return ended


def deliver(pk: int, now: datetime | None = None) -> str:
    """Send one delivery if it is due and nobody else has it; the state it then has, or "".

    Must not be called inside a transaction: the mark before the hand-over has to survive a crash.
    """
    now = now or timezone.now()
    delivery = Delivery.objects.select_related("notice__person__user").filter(pk=pk).first()
    if delivery is None:
        return ""
    channel = configured().get(delivery.channel)
    if channel and channel.heeds_quiet_hours and (until := quiet_until(now)):
        Delivery.objects.filter(pk=pk, state=Delivery.State.WAITING, next_try_at__lt=until).update(
            next_try_at=until
        )
        return ""
    claim = Claim(delivery, now)
    if not claim.taken:
        return ""
    if channel is None:
        return claim.give_up(gettext("渠道未接通"))
    message = delivery.message(channel)
    if not message.to:
        return claim.give_up(gettext("此人已没有这个渠道的地址"))
    try:
        # Before the hand-over: afterwards a crash would leave a message without its file.
        message.mirror()
    except OSError as error:
        logger.warning("NOTIFY_DIR cannot be written (%s); delivery %s waits.", error, pk)
        return claim.wait(gettext("消息文件夹无法写入"))
    try:
        channel.send(message, claim.leaving)
    except Overtaken:
        return ""
    except NotSent as refusal:
        return claim.try_later(str(refusal))
    except Exception as error:
        logger.exception("Delivery %s by %s failed.", pk, delivery.channel)
        if claim.handed:
            return claim.end(Delivery.State.UNCERTAIN, error=type(error).__name__)
        return claim.try_later(type(error).__name__)
    return claim.end(Delivery.State.SENT, sent_at=now)


def deliver_all(
    pks: Iterable[int], now: datetime | None = None, *, seconds: float = SWEEP_SECONDS
) -> int:
    """Send several, as far as the time goes; the sweep finds the rest. How many were sent."""
    stop, sent = time.monotonic() + seconds, 0
    for pk in pks:
        sent += deliver(pk, now) == Delivery.State.SENT
        if time.monotonic() > stop:
            break
    return sent


def sweep(now: datetime | None = None) -> int:
    """Mark what a dead worker left uncertain or failed, then send what is due; how many were sent."""
    now = now or timezone.now()
    left = Delivery.objects.filter(state=Delivery.State.SENDING, lease_until__lt=now)
    left.exclude(handed_at=None).update(
        state=Delivery.State.UNCERTAIN, lease_until=None, error=gettext("发送途中中断")
    )
    _fail(left.filter(handed_at=None, attempts__gte=MAX_ATTEMPTS), now)
    in_app_first = Case(When(channel=IN_APP, then=Value(0)), default=Value(1))
    due = Delivery.objects.due(now).order_by(in_app_first, "next_try_at", "pk")
    return deliver_all(list(due.values_list("pk", flat=True)[:2000]), now)


@transaction.atomic
def _fail(left: models.QuerySet[Delivery], now: datetime) -> None:
    pks = list(left.values_list("pk", flat=True)[:BATCH])
    if pks and left.filter(pk__in=pks).update(
        state=Delivery.State.FAILED, lease_until=None, error=gettext("处理进程多次中断")
    ):
        _call_instead(pks, now)


def _call_instead(failed: Sequence[int], now: datetime) -> None:
    # Whoever cannot be reached by any other way goes on the office's call list.
    others = Delivery.objects.exclude(
        state__in=[Delivery.State.FAILED, Delivery.State.WITHDRAWN]
    ).values("notice")
    unreached = Notice.objects.filter(deliveries__in=failed).exclude(pk__in=others).distinct()
    Delivery.objects.bulk_create(
        [_delivery(notice, BY_HAND, Delivery.State.BY_HAND, now) for notice in unreached],
        ignore_conflicts=True,
    )


def quiet_until(now: datetime) -> datetime | None:
    """When the quiet hours end that `now` lies in; None outside them."""
    start, end = parameters.get("notices.quiet_from"), parameters.get("notices.quiet_until")
    local = timezone.localtime(now)
    clock = local.time()
    over_midnight = start > end
    if start == end or not (
        (clock >= start or clock < end) if over_midnight else (start <= clock < end)
    ):
        return None
    day = local.date() + timedelta(days=1 if over_midnight and clock >= start else 0)
    return timezone.make_aware(datetime.combine(day, end))


# What people do with them ----------------------------------------------------------------------


def mark_read(notice: Notice, *, by: Any, at: datetime | None = None) -> bool:
    """The receiver has seen it; whether this was the first time. PermissionDenied for others."""
    if notice.person.user_id != by.pk:
        raise PermissionDenied
    return bool(
        Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=at or timezone.now())
    )


def mark_all_read(*, by: Any, at: datetime | None = None) -> int:
    """Everything this person was told is seen; how many were unread."""
    return Notice.objects.unread_by(by).update(read_at=at or timezone.now())


@transaction.atomic
def withdraw(thing: models.Model | str, *, at: datetime | None = None) -> int:
    """Take back all notices about a thing: nothing more is sent, the words are gone; how many."""
    at = at or timezone.now()
    notices = Notice.objects.about(thing).filter(withdrawn_at=None)
    waiting = [Delivery.State.WAITING, Delivery.State.SENDING, Delivery.State.BY_HAND]
    # What may have left already stays on record as what it is.
    Delivery.objects.filter(notice__in=notices, state__in=waiting, handed_at=None).update(
        state=Delivery.State.WITHDRAWN, lease_until=None
    )
    return notices.update(withdrawn_at=at, title=gettext("（已撤回）"), body="", url="")


@transaction.atomic
def send_again(delivery: Delivery, *, by: Any, now: datetime | None = None) -> bool:
    """A person decides that a failed or uncertain delivery is to be sent once more."""
    now = now or timezone.now()
    if not (
        Delivery.objects.troubled()
        .filter(pk=delivery.pk)
        .update(state=Delivery.State.WAITING, attempts=0, handed_at=None, next_try_at=now, error="")
    ):
        return False
    audit.record("delivery.send_again", delivery, by=by)
    bell.ring_after_commit("cppcc_portal.office.tasks.look_at_delivery", delivery.pk)
    return True


@transaction.atomic
def told_by_hand(delivery: Delivery, *, by: Any, now: datetime | None = None) -> bool:
    """The office has telephoned: off the call list."""
    listed = Delivery.objects.call_list().filter(pk=delivery.pk)
    if not listed.update(state=Delivery.State.SENT, sent_at=now or timezone.now()):
        return False
    audit.record("delivery.told_by_hand", delivery, by=by)
    return True


def count_as_sent(before: datetime) -> int:
    """What was written before a moment counts as sent and never leaves (demonstration data)."""
    return (
        Delivery.objects.filter(notice__created_at__lt=before)
        .exclude(state=Delivery.State.SENT)
        .update(state=Delivery.State.SENT, sent_at=F("next_try_at"), lease_until=None)
    )
