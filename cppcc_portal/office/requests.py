"""What belongs to a request: whose address it came from, its number, and how it is refused."""

import logging
import re
import uuid
from collections.abc import Callable, Iterable
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template import loader
from django.urls import is_valid_path
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from cppcc_portal.office import audit
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady

log = logging.getLogger("portal.requests")

GetResponse = Callable[[HttpRequest], HttpResponseBase]
RETRY_AFTER = 10  # seconds

# Addresses -----------------------------------------------------------------------------------


@lru_cache(maxsize=16)
def _networks(entries: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    try:
        return tuple(ip_network(entry.strip(), strict=False) for entry in entries if entry.strip())
    except ValueError as error:
        raise ImproperlyConfigured(
            f"TRUSTED_PROXIES and ADMIN_ALLOW take addresses or networks such as 10.1.0.0/16: {error}"
        ) from error


def _plain(entry: str) -> str:
    """An address as everybody writes it, without port and brackets; "" when it is none."""
    entry = entry.strip()
    if match := re.fullmatch(r"\[(.+)\](?::\d+)?|(\d+\.\d+\.\d+\.\d+):\d+", entry):
        entry = match[1] or match[2]
    try:
        address = ip_address(entry.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(address)


def is_listed(address: str, entries: Iterable[str]) -> bool:
    """Whether an address is among addresses and networks ("10.1.2.3", "10.1.0.0/16")."""
    if not (plain := _plain(address)):
        return False
    known = ip_address(plain)
    return any(known in network for network in _networks(tuple(entries)))


def client_address(request: HttpRequest) -> str:
    """The address of the person, not of our own proxies; what a stranger writes in a header is ignored.

    X-Forwarded-For is read only when it comes from one of TRUSTED_PROXIES, from the right: the
    first address there that is no trusted proxy is the client.
    """
    # Over a Unix socket there is no address: the peer is on this machine.
    address = _plain(request.META.get("REMOTE_ADDR", "")) or "127.0.0.1"
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    while hops and is_listed(address, settings.TRUSTED_PROXIES):
        if not (before := _plain(hops.pop())):
            break
        address = before
    return address


# Who is at work, and what is written down about it -------------------------------------------

_SPOOFABLE = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST")


class RequestContextMiddleware:
    """Outermost: gives the request its number and address, tells the audit log who is at work.

    Also keeps /admin/ to the addresses of ADMIN_ALLOW, writes denied access down, and forbids
    browsers to keep pages that were made for somebody.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        for entries in (settings.TRUSTED_PROXIES, settings.ADMIN_ALLOW):
            _networks(tuple(entries))  # a wrong entry stops the start, not the first visitor

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.id = uuid.uuid4().hex  # type: ignore[attr-defined]
        address = client_address(request)
        if not is_listed(request.META.get("REMOTE_ADDR") or "127.0.0.1", settings.TRUSTED_PROXIES):
            for name in _SPOOFABLE:
                request.META.pop(name, None)
        token = audit.context.set(
            audit.Context(lambda: getattr(request, "user", None), address, request.id)  # type: ignore[attr-defined]
        )
        try:
            response = self.get_response(request)
            _write_down_refusal(request, response)
        finally:
            audit.context.reset(token)
        response["X-Request-ID"] = request.id  # type: ignore[attr-defined]
        if _was_made_for_somebody(request, response):
            response["Cache-Control"] = "no-store"
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        match = request.resolver_match
        if not settings.ADMIN_ALLOW or match is None or "admin" not in match.app_names:
            return
        address = audit.context.get().address
        if not is_listed(address, settings.ADMIN_ALLOW):
            log.warning("admin refused to %s, request %s", address, audit.context.get().request_id)
            raise Http404


def _was_made_for_somebody(request: HttpRequest, response: HttpResponseBase) -> bool:
    # A page that never looked at the session is the same for everybody; looking now would cost a
    # query, and fail where the page said 503 because the database is away.
    session = getattr(request, "session", None)
    return (
        session is not None
        and response.status_code < 500
        and session.accessed
        and SESSION_KEY in session
    )


def _write_down_refusal(request: HttpRequest, response: HttpResponseBase) -> None:
    """Denied access is audited, whoever denied it; also a page hidden from somebody who is logged in."""
    match = request.resolver_match
    hidden = (
        response.status_code == 404
        and match is not None
        and bool(match.kwargs or "admin" in match.app_names)
    )
    if response.status_code != 403 and not (hidden and _was_made_for_somebody(request, response)):
        return
    if getattr(request, "refusal_is_written", False):
        return
    page = ""
    if match is not None:
        page = ":".join(
            ["page", match.view_name or "", *(str(part) for part in match.kwargs.values())]
        )
    _record_quietly(
        "access.hidden" if hidden else "access.denied", page, audit.Result.DENIED, request.method
    )


def _record_quietly(action: str, obj: Any, result: str, method: str | None) -> None:
    # The refusal stands even where it cannot be written down.
    try:
        audit.record(action, obj, result=result, fields={"method": (None, method)})
    except DatabaseError:
        log.exception("not in the audit log: %s", action)


# Refusals ------------------------------------------------------------------------------------


class RefusalMiddleware:
    """Turns what an action refuses into an answer people can use; the one place that does."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        # After logging in anew, or on reloading, a browser asks for the address of a button.
        if response.status_code == 405 and "text/html" in request.headers.get("Accept", ""):
            messages.warning(request, _("刚才那一步还没有办。请看下面的现状，需要时再点一次。"))
            return redirect(_page_above(request.path))
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, NotAllowed):
            _write_down(request, error, audit.Result.DENIED)
            return None  # Django's own 403
        if isinstance(error, IllegalMove):
            _write_down(request, error, audit.Result.FAILED)
            now = type(error.thing)._base_manager.filter(pk=error.thing.pk).first()
            return _back(request, now, "illegal_move", [what_happened(error, now, request.user)])
        if isinstance(error, NotReady):
            _write_down(request, error, audit.Result.FAILED)
            return _back(request, error.thing, "not_ready", error.reasons)
        if is_passing(error):
            return unavailable(request, error)
        return None


def _page_above(path: str) -> str:
    """The nearest address above this one that is a page."""
    while path.strip("/"):
        path = path.rstrip("/").rpartition("/")[0] + "/"
        if is_valid_path(path):
            return path
    return "/"


def _write_down(request: HttpRequest, error: Any, result: str) -> None:
    request.refusal_is_written = True  # type: ignore[attr-defined]
    action = f"{error.thing._meta.model_name}.{error.verb}"
    thing = error.thing if error.thing.pk else None  # what could not even be begun has no key
    _record_quietly(action, thing, result, request.method)


def what_happened(error: IllegalMove, now: Any, user: Any) -> str:
    """How the thing stands now (None: it is gone) and why the step is no longer possible, in a sentence.

    Whoever could have taken the other step themselves is told who took it, and when.
    """
    if now is None:
        return _("您要办的事项已不存在，可能已有别人先办了。")
    words = {
        "thing": now,
        "status": now.get_status_display(),
        "verb": error.label or now.MOVES[error.verb].label,
    }
    first = _who_was_first(now, user)
    if first is None:
        return _("“%(thing)s”现在是“%(status)s”，不能再“%(verb)s”：可能已有别人先办了。") % words
    words |= {
        "done": first.label,
        "who": first.who,
        "at": f"{timezone.localtime(first.at):%Y-%m-%d %H:%M}",
    }
    if first.by.pk == user.pk:
        return (
            _("“%(thing)s”现在是“%(status)s”，不能再“%(verb)s”：您已在 %(at)s 办理“%(done)s”。")
            % words
        )
    return (
        _("“%(thing)s”现在是“%(status)s”，不能再“%(verb)s”：%(who)s已在 %(at)s 办理“%(done)s”。")
        % words
    )


def _who_was_first(now: Any, user: Any) -> Any:
    """The line of history that led to the present state, for those who might have written it; else None."""
    last = now.changes.select_related("by__person").order_by("at", "pk").last()
    if last is None or last.by is None or last.new != now.status or last.verb not in now.MOVES:
        return None
    move = now.MOVES[last.verb]
    return last if not move.by_itself and user.is_active and move.may(now, user) else None


def _back(request: HttpRequest, thing: Any, code: str, reasons: list[str]) -> HttpResponse:
    """To the thing as it now is, with each reason as a message; 409 to a script that asked."""
    address = getattr(request, "refused_to", "")  # where the page that asked wants to go on
    has_page = thing is not None and thing.pk and hasattr(thing, "get_absolute_url")
    address = address or (thing.get_absolute_url() if has_page else "/")
    if _wants_json(request):
        said = {"error": code, "reasons": [str(reason) for reason in reasons], "url": address}
        return JsonResponse(said, status=409)
    for reason in reasons:
        messages.error(request, str(reason))
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)


def _wants_json(request: HttpRequest) -> bool:
    return (
        request.headers.get("X-Requested-With", "").lower() in ("fetch", "xmlhttprequest")
        or request.get_preferred_type(["text/html", "application/json"]) == "application/json"
    )


# SQLSTATE classes that pass by themselves: connection, rollback (deadlock), resources, not in the
# right state (lock timeout), operator's intervention (shutdown, cancelled).
_PASSING_STATES = ("08", "40", "53", "55", "57")
_PASSING_WORDS = re.compile(r"locked|busy|unable to open|disk|closed|connect", re.IGNORECASE)


def is_passing(error: BaseException | None) -> bool:
    """Whether this is trouble of the database that is over in a moment, not a mistake in the portal."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    state = getattr(error.__cause__, "pgcode", None)
    if state:
        return str(state)[:2] in _PASSING_STATES
    return bool(_PASSING_WORDS.search(str(error)))


def unavailable(request: HttpRequest, error: BaseException | None = None) -> HttpResponse:
    """The page for a moment's trouble: 503, when to come back. Asks neither database nor session."""
    log.error("503 on %s, request %s", request.path, getattr(request, "id", ""), exc_info=error)
    if _wants_json(request):
        response: HttpResponse = JsonResponse(
            {"error": "busy", "reasons": [_("系统正忙，请稍后再试。")]}, status=503
        )
    else:
        response = HttpResponse(loader.render_to_string("503.html"), status=503)
    response["Retry-After"] = str(RETRY_AFTER)
    add_never_cache_headers(response)
    return response
