"""The audit log: who did what to which thing, when, from where, and with what result.

`record` is one plain INSERT in the transaction of the deed. A sealer chains the events within a
minute (a chain extended in the deed's own transaction would make the portal a single writer);
`verify` walks the chain and names the first broken link. Events hold field names, references and
keyed hashes, never free text or phone numbers. `triggers` makes the tables append-only.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cppcc_portal.office import triggers
from cppcc_portal.office.keys import SourceKeyField, key_of
from cppcc_portal.office.ledger import LedgerRow
from cppcc_portal.office.personal import keyed_hash, mask_phone

FIRST_LINK = "0" * 64
LEAST_DAYS = 180  # 网络安全法: six months at least
LATE = timedelta(
    minutes=10
)  # the sealer runs every minute; an older unsealed event says it does not
CHUNK = 2000  # rows


class Result(models.TextChoices):
    OK = "ok", gettext_lazy("成功")
    DENIED = "denied", gettext_lazy("拒绝")
    FAILED = "failed", gettext_lazy("失败")


class AuditEvent(LedgerRow):
    """One deed. The account and roles are also kept as the text they were at that time."""

    at = models.DateTimeField(gettext_lazy("时间"), default=timezone.now, db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=gettext_lazy("用户"),
    )
    account = models.CharField(gettext_lazy("账号"), max_length=150, blank=True)
    role = models.CharField(gettext_lazy("角色"), max_length=200, blank=True)
    job = models.CharField(gettext_lazy("自动任务"), max_length=60, blank=True)
    address = models.CharField(gettext_lazy("地址"), max_length=45, blank=True)
    request_id = models.CharField(gettext_lazy("请求编号"), max_length=32, blank=True)
    action = models.CharField(gettext_lazy("操作"), max_length=80, db_index=True)
    object = SourceKeyField(gettext_lazy("对象"), blank=True)
    result = models.CharField(gettext_lazy("结果"), max_length=6, choices=Result, default=Result.OK)
    fields = models.JSONField(gettext_lazy("前后值"), default=dict, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = gettext_lazy("审计记录")
        ordering: ClassVar = ["-id"]
        default_permissions = ("view",)
        permissions: ClassVar = [("export_auditevent", gettext_lazy("导出审计记录"))]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(result__in=Result.values), name="office_auditevent_result"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "-id"], name="office_auditevent_account"),
            models.Index(fields=["request_id"], name="office_auditevent_request"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.account or self.job} {self.action} {self.object}"


class AuditSeal(LedgerRow):
    """One link of the chain: the digest of the link before and of what the event says."""

    event = models.OneToOneField(AuditEvent, models.PROTECT, related_name="seal")
    sequence = models.BigIntegerField(unique=True)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.sequence}: {self.digest[:12]}"


class AuditHead(models.Model):
    """The one row that knows where the chain begins and ends, so that a tail cut off is missed.

    Its `mac` is made with FIELD_KEY: whoever has the database alone can rewrite the chain, but not
    sign the new end of it.
    """

    base_sequence = models.BigIntegerField(default=0)  # the last link that retention took away
    base_digest = models.CharField(max_length=64, default=FIRST_LINK)
    sequence = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, default=FIRST_LINK)
    mac = models.CharField(max_length=64, blank=True)
    # Below `floor` every event is sealed: the sealer need not look at a million old rows. A number
    # becomes the floor a day after it was the newest, when no transaction can still bring a lower one.
    floor = models.BigIntegerField(default=0)
    next_floor = models.BigIntegerField(default=0)
    next_floor_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.sequence}: {self.digest}"

    def signed(self) -> str:
        """The mac that belongs to where the chain begins and ends now."""
        ends = f"{self.base_sequence}:{self.base_digest}:{self.sequence}:{self.digest}"
        return keyed_hash(ends, "audit head")


class AuditGate(models.Model):
    """The guarded switch of the append-only tables: one row, open only inside `open_gate`."""

    open = models.BooleanField(default=False)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return "open" if self.open else "closed"


# Who is at work ------------------------------------------------------------------------------


def _nobody() -> Any:
    return None


@dataclass(frozen=True)
class Context:
    """Who acts, from which address, in which request; `user` is asked only when something is recorded."""

    user: Callable[[], Any] = _nobody
    address: str = ""
    request_id: str = ""


context: ContextVar[Context] = ContextVar("audit_context", default=Context())  # noqa: B039 (frozen)


@contextmanager
def acting(user: Any = None, *, address: str = "", request_id: str = "") -> Iterator[None]:
    """Whatever is recorded inside is this person's deed (commands, jobs on somebody's behalf)."""
    token = context.set(Context(lambda: user, address, request_id))
    try:
        yield
    finally:
        context.reset(token)


# Recording -----------------------------------------------------------------------------------

_REFERENCE = re.compile(r"[\w.:+\-/]{0,80}", re.ASCII)
_KEY = re.compile(r"[a-z_]+\.[a-z_]+:\d+")
_LONG_NUMBER = re.compile(r"\d{8}")
_PHONE = re.compile(r"1\d{10}")
_BIGGEST_COUNT = 10**9


def digest(value: object) -> str:
    """A value that may not be shown, as a keyed hash: equal values are seen to be equal, no more."""
    if value is None or value == "":
        return ""
    return "hmac:" + keyed_hash(str(value), "audit")[:32]


def record(
    action: str,
    obj: models.Model | str | None = None,
    *,
    by: Any = None,
    job: str = "",
    result: str = Result.OK,
    fields: Mapping[str, Sequence[Any]] | None = None,
    at: datetime | None = None,
) -> AuditEvent:
    """Write down a deed, in the transaction of the deed: one INSERT.

    action  noun.verb, "proposal.file"
    obj     the thing, or its source key
    by      who; the person of the request when neither `by` nor `job` is given
    job     which job, when no person acted
    fields  {field name: (before, after)}; whatever is no reference is replaced by its `digest`
    """
    now = context.get()
    user = by if by is not None or job else now.user()
    known = user is not None and user.pk is not None
    return AuditEvent.objects.create(
        at=at or timezone.now(),
        user_id=user.pk if known else None,
        account=_account(user) if known else "",
        role=_role(user) if known else "",
        job=job,
        address=now.address,
        request_id=now.request_id,
        action=action,
        object=key_of(obj) if isinstance(obj, models.Model) else (obj or "")[:80],
        result=result,
        fields={name: _pair(values) for name, values in (fields or {}).items()},
    )


def _account(user: Any) -> str:
    name = str(user.get_username())
    return mask_phone(name) if _PHONE.fullmatch(name) else name[:150]


def _role(user: Any) -> str:
    # The account remembers its roles: asked once a request at most, mostly by the page already.
    return ",".join(sorted(user.roles))[:200]


def _pair(values: Sequence[Any]) -> list[Any]:
    before, after = values
    return [_shown(before), _shown(after)]


def _shown(value: Any) -> Any:
    """The value itself where it is a reference, a small number, a day or a code; else its digest."""
    if isinstance(value, Enum):
        value = value.value
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) < _BIGGEST_COUNT else digest(value)
    if isinstance(value, models.Model):
        return key_of(value)
    if isinstance(value, date | UUID):
        return value.isoformat() if isinstance(value, date) else str(value)
    text = str(value)
    harmless = text.startswith("hmac:") or _KEY.fullmatch(text) or not _LONG_NUMBER.search(text)
    return text if harmless and _REFERENCE.fullmatch(text) else digest(text)


# The chain -----------------------------------------------------------------------------------

_COLUMNS = (
    "id", "at", "user_id", "account", "role", "job", "address", "request_id", "action", "object",
    "result", "fields",
)  # fmt: skip


def _link(previous: str, event: Mapping[str, Any]) -> str:
    """The digest of a link: sha256 over the link before and the event as canonical JSON."""
    said = {**event, "at": event["at"].astimezone(UTC).isoformat(timespec="microseconds")}
    canonical = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256((previous + canonical).encode()).hexdigest()


def _locked_head() -> AuditHead:
    AuditHead.objects.get_or_create(pk=1)
    return AuditHead.objects.select_for_update().get(pk=1)


@transaction.atomic
def seal(limit: int = 5000) -> int:
    """Chain up to `limit` events that are not yet chained; returns how many. Safe to run twice at once."""
    head = _locked_head()
    waiting = AuditEvent.objects.filter(pk__gt=head.floor, seal=None)
    events = list(waiting.order_by("pk").values(*_COLUMNS)[:limit])
    seals = []
    for event in events:
        previous, head.digest = head.digest, _link(head.digest, event)
        head.sequence += 1
        seals.append(
            AuditSeal(
                event_id=event["id"],
                sequence=head.sequence,
                previous=previous,
                digest=head.digest,
            )
        )
    AuditSeal.objects.bulk_create(seals)
    now = timezone.now()
    if len(events) < limit and now - head.next_floor_at > timedelta(days=1):
        head.floor = head.next_floor
        head.next_floor = AuditSeal.objects.aggregate(newest=Max("event_id"))["newest"] or 0
        head.next_floor_at = now
    if events or not head.mac:
        head.mac = head.signed()
    head.save()
    return len(events)


@dataclass
class Report:
    """What `verify` found: `broken` names the first broken link in a sentence, "" when there is none."""

    checked: int = 0
    broken: str = ""
    event: int | None = None
    unsealed: int = 0
    late: int = 0
    oldest_unsealed: int | None = None
    head: str = FIRST_LINK
    warnings: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """The chain holds and the sealer keeps up."""
        return not self.broken and not self.late


def verify(now: datetime | None = None) -> Report:
    """Walk the chain from its beginning to the head; stop at the first broken link."""
    report = Report()
    # The head first: links that the sealer adds meanwhile lie behind it and are not looked at.
    head = AuditHead.objects.filter(pk=1).first() or AuditHead()
    report.head = head.digest
    _walk(head, report)
    if not report.broken:
        _check_ends(head, report)
    waiting = AuditEvent.objects.filter(seal=None)
    report.unsealed = waiting.count()
    if report.unsealed:
        report.late = waiting.filter(at__lt=(now or timezone.now()) - LATE).count()
        report.oldest_unsealed = waiting.order_by("pk").values_list("pk", flat=True).first()
    append_only = triggers.protected(connection)
    report.warnings = [
        _("数据表 %(table)s 没有防改触发器。") % {"table": table}
        for table in (AuditEvent._meta.db_table, AuditSeal._meta.db_table)
        if table not in append_only
    ]
    if AuditGate.objects.filter(open=True).exists():
        report.warnings.append(_("防改开关处于打开状态。"))
    return report


def _walk(head: AuditHead, report: Report) -> None:
    sequence, previous = head.base_sequence, head.base_digest
    while sequence < head.sequence:
        links = list(
            AuditSeal.objects.filter(sequence__gt=sequence, sequence__lte=head.sequence)
            .order_by("sequence")
            .values_list("sequence", "event_id", "previous", "digest")[:CHUNK]
        )
        events = {
            event["id"]: event
            for event in AuditEvent.objects.filter(pk__in=[link[1] for link in links])
            .order_by()
            .values(*_COLUMNS)
        }
        for found, event_id, before, now in links:
            if found != sequence + 1:
                break
            report.event = event_id
            event = events.get(event_id)
            if event is None:
                report.broken = _("第 %(event)d 条记录不见了。") % {"event": event_id}
            elif before != previous:
                report.broken = _("第 %(event)d 条记录的链接与前一条不符。") % {"event": event_id}
            elif _link(previous, event) != now:
                report.broken = _("第 %(event)d 条记录被改动过。") % {"event": event_id}
            if report.broken:
                return
            sequence, previous = found, now
            report.checked += 1
        else:
            if links:
                continue
        report.broken = _("链上第 %(sequence)d 环不见了（最后完好的是第 %(event)d 条记录）。") % {
            "sequence": sequence + 1,
            "event": report.event or 0,
        }
        return
    report.event = None
    if previous != head.digest:
        report.broken = _("链尾与登记的末端不符。")


def _check_ends(head: AuditHead, report: Report) -> None:
    newest = AuditSeal.objects.aggregate(newest=Max("sequence"))["newest"] or 0
    # Read again after the links: a sealer at work in between only ever moves it forward.
    now = AuditHead.objects.filter(pk=1).first()
    if newest > (now.sequence if now else 0):
        report.broken = _("链上有第 %(sequence)d 环，但末端登记被改回或删除。") % {
            "sequence": newest
        }
    elif now and head.mac != head.signed():
        report.broken = _("末端登记的签名不符：被改动过，或 FIELD_KEY 不是原来那一把。")


# The guarded switch --------------------------------------------------------------------------


@contextmanager
def open_gate(reason: str, *, by: Any = None, job: str = "") -> Iterator[None]:
    """Inside, append-only rows can be changed and deleted; one transaction, and the opening is recorded.

    reason: a short code such as "flush" or "retain".
    """
    with transaction.atomic():
        record("audit.open_gate", by=by, job=job, fields={"reason": (None, reason)})
        if connection.vendor == "postgresql":
            # The event's own deferred check would stand in the way of a TRUNCATE.
            connection.check_constraints()
        AuditGate.objects.update_or_create(pk=1, defaults={"open": True})
        yield
        AuditGate.objects.filter(pk=1).update(open=False)


def retain(days: int, *, by: Any = None, job: str = "", now: datetime | None = None) -> int:
    """Take away the chained events older than `days`; returns how many. The rest still verifies.

    ValueError below 180 days, and when the chain is broken: its evidence stays.
    """
    if days < LEAST_DAYS:
        raise ValueError(_("审计记录至少保存 %(days)d 天。") % {"days": LEAST_DAYS})
    if report := verify(now).broken:
        raise ValueError(report)
    before = (now or timezone.now()) - timedelta(days=days)
    with open_gate("retain", by=by, job="" if by else job or "retain_audit"):
        head = _locked_head()
        links = AuditSeal.objects.order_by("sequence")
        kept = links.filter(event__at__gte=before).values_list("sequence", flat=True).first()
        end = head.sequence if kept is None else kept - 1
        # The last link stays in any case: it carries the chain on.
        last = links.filter(sequence__lte=min(end, head.sequence - 1)).last()
        if last is None:
            return 0
        gone = list(links.filter(sequence__lte=last.sequence).values_list("event_id", flat=True))
        for start in range(0, len(gone), CHUNK):
            chunk = gone[start : start + CHUNK]
            AuditSeal._base_manager.filter(event__in=chunk).delete()
            AuditEvent._base_manager.filter(pk__in=chunk).delete()
        head.base_sequence, head.base_digest = last.sequence, last.digest
        head.mac = head.signed()
        head.save()
        record("audit.retain", by=by, job="" if by else job or "retain_audit",
               fields={"removed": (None, len(gone)), "days": (None, days)})  # fmt: skip
    return len(gone)
