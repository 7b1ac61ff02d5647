"""Whether the portal and all it stands on are well: for monitors, load balancers and the desk."""

import os
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import Error, connection
from django.db.models import Min
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from redis import Redis
from redis.exceptions import RedisError

from cppcc_portal.office.jobs import BEAT, TICK, WORKER, Heartbeat, Job
from cppcc_portal.office.notices import Delivery
from cppcc_portal.office.requests import client_address, is_listed

Finding = dict[str, Any]

# Every 30 seconds a sign of life: three missed ones are seen within two minutes.
SILENT = timedelta(seconds=100)
STUCK = timedelta(minutes=10)
FULL_PERCENT = 90
LOOPBACK = ("127.0.0.0/8", "::1")


def database(now: datetime) -> Finding:
    """The database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return {"ok": True, "vendor": connection.vendor}


def broker(now: datetime) -> Finding:
    """Redis answers, or the folder of the embedded broker can be written."""
    if not settings.REDIS_URL:
        queue = Path(settings.BROKER_DIR) / "queue"
        return {"ok": os.access(queue, os.W_OK | os.X_OK), "kind": "folder"}
    client = Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1)
    try:
        return {"ok": bool(client.ping()), "kind": "redis"}
    except (RedisError, OSError) as error:
        return {"ok": False, "kind": "redis", "error": type(error).__name__}
    finally:
        client.close()


def disk(now: datetime) -> Finding:
    """Uploads, messages and the embedded database have room."""
    used = {}
    folders: dict[str, str | Path] = {
        "media": settings.MEDIA_ROOT,
        "var": settings.VAR_DIR,
        "notify": settings.NOTIFY_DIR,
    }
    for name, folder in folders.items():
        if not folder:
            continue
        place = Path(folder)
        while not place.exists():
            place = place.parent
        room = shutil.disk_usage(place)
        # As df counts: room kept for root is not ours.
        used[name] = round(100 * room.used / max(1, room.used + room.free))
    return {"ok": all(percent < FULL_PERCENT for percent in used.values()), "percent": used}


def _pulse(name: str, now: datetime) -> Finding:
    at = Heartbeat.objects.filter(name=name).values_list("at", flat=True).first()
    if at is None:
        return {"ok": False, "seconds": None}
    return {"ok": now - at <= SILENT, "seconds": round((now - at).total_seconds())}


def worker(now: datetime) -> Finding:
    """The worker lives (written by its own timer, so a dead clock does not hide it)."""
    return _pulse(WORKER, now)


def beat(now: datetime) -> Finding:
    """The clock turns."""
    return _pulse(BEAT, now)


def _age(oldest: datetime | None, now: datetime) -> Finding:
    if oldest is None:
        return {"ok": True, "oldest_seconds": 0}
    return {
        "ok": now - oldest <= STUCK,
        "oldest_seconds": max(0, round((now - oldest).total_seconds())),
    }


def notices(now: datetime) -> Finding:
    """No notice lies due and unsent; those held back in quiet hours are not yet due."""
    return _age(Delivery.objects.unsent().aggregate(at=Min("next_try_at"))["at"], now)


def jobs(now: datetime) -> Finding:
    """No job waits for long, and what the clock sends is done by the worker."""
    waiting = Job.objects.filter(state=Job.State.QUEUED).aggregate(at=Min("run_after"))["at"]
    found = _age(waiting, now)
    tick = Heartbeat.objects.filter(name=TICK).values_list("at", flat=True).first()
    if tick is not None:
        found["tick_seconds"] = round((now - tick).total_seconds())
        found["ok"] = found["ok"] and now - tick <= STUCK
    return found


CHECKS: tuple[Callable[[datetime], Finding], ...] = (
    database,
    broker,
    disk,
    worker,
    beat,
    notices,
    jobs,
)


def check(now: datetime | None = None) -> dict[str, Finding]:
    """Each part with `ok` and what was measured; what cannot be asked is not well."""
    now = now or timezone.now()
    found: dict[str, Finding] = {}
    for one in CHECKS:
        try:
            found[one.__name__] = one(now)
        except (Error, OSError) as error:
            found[one.__name__] = {"ok": False, "error": type(error).__name__}
    return found


def is_well(found: dict[str, Finding]) -> bool:
    return all(finding["ok"] for finding in found.values())


def warnings() -> list[str]:
    """What staff should know now, as sentences for the banner; asked at most every half minute."""
    ill: list[str] | None = cache.get("health.warnings")
    if ill is None:
        ill = [name for name, finding in check().items() if not finding["ok"]]
        cache.set("health.warnings", ill, 30)
    return [sentence for name, sentence in _sentences().items() if name in ill]


def _sentences() -> dict[str, str]:
    return {
        "database": gettext("数据库没有响应。"),
        "broker": gettext("消息队列没有响应，通知和后台任务会推迟。"),
        "disk": gettext("磁盘已用 90% 以上，请尽快清理或扩容，否则将不能上传附件。"),
        "worker": gettext("后台处理进程未运行，通知和导入会停住。请通知系统管理员。"),
        "beat": gettext("定时进程未运行，不会生成新的提醒。请通知系统管理员。"),
        "notices": gettext("有通知超过 10 分钟没有发出。"),
        "jobs": gettext("有后台任务等待超过 10 分钟。"),
    }


@login_not_required
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """This process lives; asks nothing of anybody."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Everything is well (200) or not (503); what exactly, only for those whom it concerns."""
    found = check()
    well = is_well(found)
    said: dict[str, Any] = {"ok": well}
    if _may_see_details(request):
        said["checks"] = found
    return JsonResponse(said, status=200 if well else 503)


def _may_see_details(request: HttpRequest) -> bool:
    address = client_address(request)
    if is_listed(address, (*LOOPBACK, *settings.ADMIN_ALLOW)):
        return True
    try:
        return bool(request.user.is_active and request.user.is_staff)
    except Error:  # the session stands in the database, which may be what is ill
        return False
