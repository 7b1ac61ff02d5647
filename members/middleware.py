"""What stands between a session and the pages: time limits, first password, second factor."""

from collections.abc import Callable
from datetime import timedelta

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from cppcc_portal.office import parameters
from members.accounts import idle_minutes
from members.models import User

GetResponse = Callable[[HttpRequest], HttpResponse]
SEEN, BORN = "seen_at", "logged_in_at"


class SessionLimitMiddleware:
    """Ends a session after its idle time (staff and members apart) and after its longest in any case."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if user.is_authenticated:
            now = int(timezone.now().timestamp())
            session = request.session
            born, seen = session.setdefault(BORN, now), session.get(SEEN, now)
            longest = parameters.get("accounts.session_hours")
            idle = now - seen > timedelta(minutes=idle_minutes(user)).total_seconds()
            if idle or now - born > timedelta(hours=longest).total_seconds():
                request.logged_out_because = "idle" if idle else "longest"  # type: ignore[attr-defined]
                logout(request)
            # Written at most once a minute: not every page view is a write to the session table.
            elif now - seen >= 60 or SEEN not in session:
                session[SEEN] = now
        return self.get_response(request)


class FirstStepsMiddleware:
    """Before anything else: the first password is changed, and staff set up their second factor."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if step := self.first_step(request):
            return step
        return self.get_response(request)

    def first_step(self, request: HttpRequest) -> HttpResponse | None:
        user = request.user
        if not user.is_authenticated:
            return None
        if user.must_change_password or self.password_is_too_old(user):
            return self.lead_to("account_change_password", request.path)
        if settings.SECOND_FACTOR_REQUIRED and user.holds_staff_role and not is_mfa_enabled(user):
            confirming = ("account_reauthenticate", "mfa_reauthenticate", "account_change_password")
            return self.lead_to("mfa_activate_totp", request.path, *confirming)
        return None

    def lead_to(self, step: str, path: str, *also: str) -> HttpResponse | None:
        """To the page of the step; only what the step needs stays open, and what has no content."""
        always = ("account_logout", "look:large_type", "set_language")
        allowed = tuple(reverse(name) for name in (step, *also, *always))
        return None if path.startswith((*allowed, settings.STATIC_URL)) else redirect(step)

    def password_is_too_old(self, user: User) -> bool:
        """In production only; 0 days: never."""
        if not settings.PRODUCTION:
            return False
        whose = "staff" if user.holds_staff_role else "member"
        days: int = parameters.get(f"accounts.password_days_{whose}")
        return 0 < days < user.password_age_days(timezone.now())
