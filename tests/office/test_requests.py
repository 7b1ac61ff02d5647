"""What belongs to a request: address, number, refusals, and what may not be kept by a browser."""

import json
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.messages import get_messages
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db import IntegrityError, InterfaceError, OperationalError, ProgrammingError
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path
from pytest_django import Settings

from cppcc_portal.office import audit
from cppcc_portal.office.audit import AuditEvent
from cppcc_portal.office.requests import (
    RequestContextMiddleware,
    client_address,
    is_listed,
    is_passing,
    unavailable,
)
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady
from cppcc_portal.views import server_error
from members.models import Commitment, Unit, User

# What the views of this module raise, by the word in the address.
TROUBLE: dict[str, Exception] = {}


@login_not_required
def public(request: HttpRequest) -> HttpResponse:
    return HttpResponse("public")


def private(request: HttpRequest, pk: int = 0) -> HttpResponse:
    return HttpResponse(f"for {request.user}")


def deed(request: HttpRequest) -> HttpResponse:
    audit.record("proposal.file", "proposals.proposal:1")
    return HttpResponse("done")


def trouble(request: HttpRequest, pk: int = 0) -> HttpResponse:
    raise TROUBLE["now"]


urlpatterns = [
    path("", private),
    path("public/", public),
    path("private/", private),
    path("deed/", deed),
    path("trouble/", trouble),
    path("proposals/<int:pk>/", trouble, name="proposal"),
    path("admin/", admin.site.urls),
    path("account/login/", public, name="account_login"),
]


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return HttpResponse("forbidden", status=403)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return HttpResponse("not found", status=404)


handler403, handler404, handler500 = forbidden, not_found, server_error

# The middleware of the portal without what leads to pages of other apps.
MIDDLEWARE = [
    name
    for name in django_settings.MIDDLEWARE
    if not name.startswith(("members.", "allauth.", "whitenoise.", "axes."))
]


@pytest.fixture(autouse=True)
def _own_pages(settings: Settings) -> None:
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = MIDDLEWARE
    settings.AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
    settings.SECURE_SSL_REDIRECT = False
    settings.ADMIN_ALLOW = []
    settings.TRUSTED_PROXIES = []


@pytest.fixture
def user(db: None) -> User:
    return User.objects.create_user("g001", is_staff=True)


def written_down() -> Any:
    """What the visits left in the audit log, without the login before them."""
    return AuditEvent.objects.exclude(action="user.login")


@pytest.fixture
def visitor(user: User, client: Client) -> Client:
    client.force_login(user)
    return client


@pytest.fixture
def commitment(db: None) -> Commitment:
    unit = Unit.objects.create(kind=Unit.Kind.UNIT, name="住建局", side=Unit.Side.GOVERNMENT)
    return Commitment.objects.create(
        unit=unit, subject="proposals.reply:1", what="修好路灯", who="陈志远", due_on="2026-12-01"
    )


# Addresses


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "1.1.1.1, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "198.51.100.1, 10.0.0.7", "198.51.100.1"),
        ("10.0.0.1", "10.0.0.8, 10.0.0.7", "10.0.0.8"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "nonsense", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1, <script>", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1:5123", "198.51.100.1"),
        ("10.0.0.1", "[2001:db8::1]:443", "2001:db8::1"),
        ("10.0.0.1", "2001:DB8:0::1", "2001:db8::1"),
        ("::ffff:10.0.0.1", "::ffff:198.51.100.1", "198.51.100.1"),
        ("", "198.51.100.1", "127.0.0.1"),
    ],
)
def test_client_address_believes_trusted_proxies_only(
    settings: Settings, rf: RequestFactory, peer: str, forwarded: str, client: str
) -> None:
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    request = rf.get("/", REMOTE_ADDR=peer, headers={"X-Forwarded-For": forwarded})

    assert client_address(request) == client


def test_client_address_without_proxies_ignores_every_header(rf: RequestFactory) -> None:
    request = rf.get(
        "/", REMOTE_ADDR="203.0.113.9", HTTP_X_FORWARDED_FOR="1.1.1.1", HTTP_X_REAL_IP="1.1.1.1"
    )

    assert client_address(request) == "203.0.113.9"


def test_is_listed_takes_addresses_and_networks() -> None:
    assert is_listed("10.1.2.3", ["192.0.2.1", "10.1.0.0/16"])
    assert is_listed("192.0.2.1", ["192.0.2.1"])
    assert not is_listed("10.2.0.1", ["10.1.0.0/16"])
    assert not is_listed("", ["0.0.0.0/0"])


def test_a_wrong_entry_stops_the_start(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = ["the proxy"]

    with pytest.raises(ImproperlyConfigured, match="the proxy"):
        RequestContextMiddleware(lambda request: HttpResponse())


# Context


@pytest.mark.django_db
def test_every_answer_has_its_number(client: Client) -> None:
    first, second = client.get("/public/"), client.get("/public/")

    assert len(first["X-Request-ID"]) == 32
    assert first["X-Request-ID"] != second["X-Request-ID"]


def test_audit_knows_who_where_and_which_request(visitor: Client, user: User) -> None:
    answer = visitor.get("/deed/", REMOTE_ADDR="203.0.113.9", HTTP_X_REQUEST_ID="forged")

    event = written_down().get()
    assert (event.user, event.address) == (user, "203.0.113.9")
    assert event.request_id == answer["X-Request-ID"]
    assert audit.context.get() == audit.Context()


@pytest.mark.django_db
def test_context_is_cleared_after_a_failure(visitor: Client) -> None:
    TROUBLE["now"] = ZeroDivisionError()

    with pytest.raises(ZeroDivisionError):
        visitor.get("/trouble/")

    assert audit.context.get() == audit.Context()


def test_pages_for_somebody_are_not_kept(visitor: Client) -> None:
    assert visitor.get("/private/")["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_pages_for_everybody_may_be_kept(client: Client) -> None:
    assert client.get("/public/proposals/")["Cache-Control"].startswith("public")
    assert "no-store" not in client.get("/private/").get("Cache-Control", "")


# Refusals


def test_denied_access_is_403_and_audited(visitor: Client, user: User) -> None:
    TROUBLE["now"] = PermissionDenied()

    answer = visitor.get("/proposals/7/")

    event = written_down().get()
    assert answer.status_code == 403
    assert (event.action, event.result, event.user) == ("access.denied", "denied", user)
    assert event.object == "page:proposal:7"


def test_hidden_page_is_404_and_audited_for_somebody(visitor: Client) -> None:
    TROUBLE["now"] = Http404()

    assert visitor.get("/proposals/7/").status_code == 404

    event = written_down().get()
    assert (event.action, event.result) == ("access.hidden", "denied")


def test_an_address_that_leads_nowhere_is_not_audited(visitor: Client) -> None:
    assert visitor.get("/nowhere/").status_code == 404
    assert not written_down().exists()


def test_a_step_not_allowed_is_403_and_audited_once(
    visitor: Client, commitment: Commitment
) -> None:
    TROUBLE["now"] = NotAllowed(commitment, "keep")

    answer = visitor.post("/trouble/")

    event = written_down().get()
    assert answer.status_code == 403
    assert (event.action, event.result) == ("commitment.keep", "denied")
    assert event.object == f"members.commitment:{commitment.pk}"


def test_an_illegal_move_leads_back_with_a_message(
    visitor: Client, commitment: Commitment, monkeypatch: pytest.MonkeyPatch
) -> None:
    TROUBLE["now"] = IllegalMove(commitment, "keep")
    monkeypatch.setattr(Commitment, "get_absolute_url", lambda thing: "/private/", raising=False)

    answer = visitor.post("/trouble/")

    assert (answer.status_code, answer["Location"]) == (302, "/private/")
    (message,) = get_messages(answer.wsgi_request)
    assert "可能已有别人先办了" in str(message)
    assert str(commitment.get_status_display()) in str(message)
    assert written_down().get().result == "failed"


def test_an_illegal_move_on_something_gone_leads_home(
    visitor: Client, commitment: Commitment
) -> None:
    TROUBLE["now"] = IllegalMove(commitment, "keep")
    Commitment.objects.filter(pk=commitment.pk).delete()

    answer = visitor.post("/trouble/")

    assert answer["Location"] == "/"
    assert "已不存在" in str(next(iter(get_messages(answer.wsgi_request))))


def test_what_is_not_ready_tells_each_reason(
    visitor: Client, commitment: Commitment, monkeypatch: pytest.MonkeyPatch
) -> None:
    TROUBLE["now"] = NotReady(commitment, "keep", ["还没有附件。", "还没有责任人。"])
    monkeypatch.setattr(Commitment, "get_absolute_url", lambda thing: "/private/", raising=False)

    answer = visitor.post("/trouble/")

    assert answer["Location"] == "/private/"
    assert [str(m) for m in get_messages(answer.wsgi_request)] == ["还没有附件。", "还没有责任人。"]


@pytest.mark.parametrize("headers", [{"X-Requested-With": "fetch"}, {"Accept": "application/json"}])
def test_a_script_hears_409(
    visitor: Client, commitment: Commitment, headers: dict[str, str]
) -> None:
    TROUBLE["now"] = NotReady(commitment, "keep", ["还没有附件。"])

    answer = visitor.post("/trouble/", headers=headers)

    assert answer.status_code == 409
    assert answer.json()["error"] == "not_ready"
    assert answer.json()["reasons"] == ["还没有附件。"]


def test_htmx_is_sent_back_to_a_whole_page(visitor: Client, commitment: Commitment) -> None:
    TROUBLE["now"] = NotReady(commitment, "keep", ["还没有附件。"])

    answer = visitor.post("/trouble/", headers={"HX-Request": "true"})

    assert answer.status_code == 204
    assert answer["HX-Redirect"]


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


class Deadlock(Exception):
    pgcode = "40P01"


class NoTable(Exception):
    pgcode = "42P01"


@pytest.mark.parametrize(
    ("error", "passing"),
    [
        (OperationalError("database is locked"), True),
        (OperationalError("database table is locked"), True),
        (OperationalError("unable to open database file"), True),
        (OperationalError("server closed the connection unexpectedly"), True),
        (OperationalError('connection to server at "db" failed: Connection refused'), True),
        (InterfaceError("connection already closed"), True),
        (caused(OperationalError("deadlock detected"), Deadlock()), True),
        (OperationalError("no such table: office_x"), False),
        (caused(ProgrammingError("no table"), NoTable()), False),
        (IntegrityError("locked"), False),
        (ValueError("locked"), False),
    ],
)
def test_is_passing_tells_trouble_from_mistakes(error: Exception, passing: bool) -> None:
    assert is_passing(error) is passing


def test_passing_trouble_is_503_in_chinese_with_retry_after(visitor: Client) -> None:
    TROUBLE["now"] = OperationalError("database is locked")

    answer = visitor.get("/trouble/")

    assert answer.status_code == 503
    assert answer["Retry-After"] == "10"
    assert "系统暂时不能使用" in answer.content.decode()


def test_trouble_before_any_view_is_503_too(
    visitor: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*args: Any) -> None:
        raise OperationalError("database is locked")

    # The session is asked before any view: no process_exception sees what goes wrong there.
    monkeypatch.setattr(SessionStore, "load", locked)
    visitor.raise_request_exception = False

    assert visitor.get("/private/").status_code == 503


def test_unavailable_asks_no_database(rf: RequestFactory) -> None:
    assert unavailable(rf.get("/")).status_code == 503  # without the mark django_db it would fail
    to_script = unavailable(rf.get("/", headers={"Accept": "application/json"}))
    assert json.loads(to_script.content)["error"] == "busy"


# The door of the admin


@pytest.mark.parametrize("allowed", [["203.0.113.0/24"], ["203.0.113.9"], []])
def test_admin_opens_for_a_listed_address(
    visitor: Client, settings: Settings, allowed: list[str]
) -> None:
    settings.ADMIN_ALLOW = allowed

    answer = visitor.get("/admin/jsi18n/", REMOTE_ADDR="203.0.113.9")

    assert answer.status_code == 200


@pytest.mark.parametrize(
    "path", ["/admin/", "/admin/login/", "/admin/members/person/", "/admin/x/"]
)
def test_admin_is_not_found_from_elsewhere(visitor: Client, settings: Settings, path: str) -> None:
    settings.ADMIN_ALLOW = ["203.0.113.0/24"]

    there = visitor.get(path, REMOTE_ADDR="198.51.100.1", HTTP_X_FORWARDED_FOR="203.0.113.9")

    assert there.status_code == 404
    assert there.content == visitor.get("/nowhere/").content
    assert visitor.get("/private/", REMOTE_ADDR="198.51.100.1").status_code == 200
