"""Lock-out: wrong passwords and wrong one-time codes count together, and are written down.

Five failures lock an account for one address: a colleague behind the same address still gets in,
and nobody locks somebody out from afar. Two wider limits stand behind it, for guessing at one
account from many addresses and for trying one password on many accounts.
"""

from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils.translation import gettext as _

from cppcc_portal.office import audit
from members.accounts import account_of_attempt, as_written, counted_as, find_account
from members.models import User

# Failures within AXES_COOLOFF_TIME.
LIMIT_OF_ACCOUNT = 30
LIMIT_OF_ADDRESS = 300  # an office with hundreds of people may stand behind one address


class LockoutHandler(AxesDatabaseHandler):
    """Counts in the database without keeping what was typed, and tells the audit log."""

    def get_failures(self, request: Any, credentials: Any = None) -> int:
        """Failures against the limit of account and address; those of the wide limits weigh less."""
        both, account, address = (
            sum(attempts.values_list("failures_since_start", flat=True))
            for attempts in self.get_user_attempts(request, credentials)
        )
        limit: int = settings.AXES_FAILURE_LIMIT
        return max(both, account * limit // LIMIT_OF_ACCOUNT, address * limit // LIMIT_OF_ADDRESS)

    def user_login_failed(
        self, sender: Any, credentials: Any, request: Any = None, **kwargs: Any
    ) -> None:
        """Count a failure, lock at the limit; a try while locked is refused and not counted."""
        if request is None:
            return
        if request.axes_locked_out:
            _write_down("user.login", credentials, audit.Result.DENIED)
            return
        self.clean_expired_user_attempts(request, credentials)
        with transaction.atomic():
            count_one_more(request, account_of_attempt(request, credentials))
            _write_down("user.login", credentials, audit.Result.FAILED)
        if self.is_locked(request, credentials):
            request.axes_locked_out = True
            _write_down("user.lock_out", credentials, audit.Result.OK)

    def user_logged_in(self, sender: Any, request: Any, user: Any, **kwargs: Any) -> None:
        """Forget the account's failures at this address; write the login down."""
        super().user_logged_in(sender, request, user, **kwargs)
        audit.record("user.login", user, by=user)

    def user_logged_out(self, sender: Any, request: Any, user: Any, **kwargs: Any) -> None:
        super().user_logged_out(sender, request, user, **kwargs)
        if user is not None:
            why = getattr(request, "logged_out_because", "asked")
            audit.record("user.logout", user, by=user, fields={"why": (None, why)})

    def reset_user_attempts(self, request: Any, credentials: Any = None) -> int:
        # The wide counts stay: logging in with an account of one's own must not wipe them out.
        both, _account, _address = self.filter_user_attempts(request, credentials)
        count: int = both.delete()[0]
        return count


def count_one_more(request: Any, account: str) -> None:
    """One row for each account and address; no user agent, no form: they hold what people typed."""
    attempt, created = AccessAttempt.objects.select_for_update().get_or_create(
        username=account,
        ip_address=request.axes_ip_address,
        user_agent="",
        defaults={"failures_since_start": 1, "path_info": request.axes_path_info},
    )
    if not created:
        AccessAttempt.objects.filter(pk=attempt.pk).update(
            failures_since_start=F("failures_since_start") + 1,
            attempt_time=request.axes_attempt_time,
        )


def _write_down(action: str, credentials: Any, result: str) -> None:
    """A failure is nobody's deed yet: it names the account that was meant, or a keyed hash of it."""
    login = str(credentials.get("username") or "")
    user = find_account(login)
    fields = {"factor": (None, credentials.get("factor", "password"))}
    if user is None:
        fields["login"] = (None, audit.digest(as_written(login).casefold()))
    audit.record(action, user, result=result, fields=fields)


def refuse_if_locked(request: HttpRequest, user: User) -> None:
    """ValidationError while the account is locked here; the page of the lock is then the answer."""
    credentials = _credentials_of_code(user)
    if AxesProxyHandler.is_allowed(request, credentials):
        return
    request.axes_locked_out = True  # type: ignore[attr-defined]
    user_login_failed.send(sender=__name__, credentials=credentials, request=request)
    raise ValidationError(_("错误次数过多，暂时不能登录。"))


def count_wrong_code(request: HttpRequest, user: User) -> None:
    """A wrong one-time or recovery code weighs as much as a wrong password."""
    AxesProxyHandler.update_request(request)
    user_login_failed.send(sender=__name__, credentials=_credentials_of_code(user), request=request)


def _credentials_of_code(user: User) -> dict[str, str]:
    return {"username": user.username, "factor": "code"}


def unlock(user: User) -> int:
    """Forget the failures of an account at every address; returns at how many there were some."""
    count: int = AccessAttempt.objects.filter(username=counted_as(user)).delete()[0]
    return count
