"""The second factor: what happens to it is written down, and a one-time code opens one door once."""

from typing import Any

from allauth.mfa import signals
from allauth.mfa.models import Authenticator
from django.db import transaction

from cppcc_portal.office import audit
from cppcc_portal.office.personal import keyed_hash
from members.models import User

REMEMBERED = 5  # codes; more than are valid at one time


@transaction.atomic
def claim(authenticator: Authenticator, code: str) -> bool:
    """Whether this code of an authenticator app is used for the first time.

    allauth remembers used codes in the cache, which every web process has for itself.
    """
    if authenticator.type != Authenticator.Type.TOTP:
        return True  # recovery codes are crossed out in the database by allauth
    row = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
    mark, spent = keyed_hash("".join(code.split()), "one-time code"), row.data.get("spent", [])
    if mark in spent:
        return False
    row.data["spent"] = [*spent, mark][-REMEMBERED:]
    row.save(update_fields=["data"])
    return True


def remove(user: User) -> int:
    """Take the second factor and its recovery codes off an account; returns how many were there."""
    count: int = Authenticator.objects.filter(user=user).delete()[0]
    return count


def listen() -> None:
    """allauth's pages tell of the second factor by signals only."""
    for signal, deed in (
        (signals.authenticator_added, "user.enable_second_factor"),
        (signals.authenticator_removed, "user.disable_second_factor"),
        (signals.authenticator_reset, "user.renew_recovery_codes"),
        (signals.authenticator_used, "user.use_second_factor"),
    ):
        signal.connect(_writer(deed), weak=False, dispatch_uid=deed)


def _writer(deed: str) -> Any:
    def write_down(sender: Any, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
        audit.record(deed, user, by=user, fields={"kind": (None, authenticator.type)})

    return write_down
