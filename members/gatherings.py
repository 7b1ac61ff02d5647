"""Inviting, answering, checking in: the same for every gathering, whatever it is held for."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cppcc_portal.office import audit, parameters
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady
from members.models import Gathering, Invitation, User


@transaction.atomic
def invite(
    gathering: Gathering,
    people: Iterable[Mapping[str, Any]],
    *,
    by: User,
    at: datetime | None = None,
) -> list[Invitation]:
    """Put people on the list: each with `category` and either `person` or `guest`; `role`, `organisation`.

    Who is on the list already stays as they are.
    """
    known = set(gathering.invitations.values_list("person_id", flat=True))
    made = []
    for one in people:
        person = one.get("person")
        if person is not None and person.pk in known:
            continue
        made.append(Invitation.objects.create(gathering=gathering, **one))
        if person is not None:
            known.add(person.pk)
    if made:
        audit.record("gathering.invite", gathering, by=by, fields={"people": [0, len(made)]})
    return made


@transaction.atomic
def strike(invitation: Invitation, *, by: User) -> None:
    """Take somebody off a list that has not gone out yet."""
    audit.record("gathering.strike", invitation.gathering, by=by)
    if not Invitation.objects.filter(pk=invitation.pk, status=Invitation.Status.INVITED).delete()[
        0
    ]:
        raise IllegalMove(invitation, "strike", _("移出名单"))


def open_check_in(gathering: Gathering) -> None:
    """Check-in counts from shortly before the beginning until shortly after (both are settings)."""
    before = timedelta(minutes=parameters.get("members.check_in_before"))
    after = timedelta(minutes=parameters.get("members.check_in_after"))
    window = {
        "check_in_from": gathering.starts_at - before,
        "check_in_until": gathering.starts_at + after,
    }
    Gathering.objects.filter(pk=gathering.pk).update(**window)
    for name, value in window.items():
        setattr(gathering, name, value)


@transaction.atomic
def close_check_in(gathering: Gathering, *, by: User, at: datetime) -> None:
    """Nobody checks in any more; who was expected and did not come is absent, until staff know better."""
    Gathering.objects.filter(pk=gathering.pk).update(check_in_until=at)
    gathering.check_in_until = at
    missed = gathering.invitations.filter(status__in=Invitation.MOVES["miss"].old)
    for invitation in missed:
        invitation.move_to("miss", by=by, at=at)


def attend(invitation: Invitation, *, by: User, at: datetime | None = None) -> None:
    """The invited person will come."""
    invitation.move_to("attend", by=by, at=at)


def ask_leave(invitation: Invitation, *, by: User, reason: str, at: datetime | None = None) -> None:
    """The invited person cannot come and says why, before it begins."""
    invitation.move_to("ask_leave", by=by, at=at, leave_reason=reason.strip())


def grant_leave(invitation: Invitation, *, by: User, at: datetime | None = None) -> None:
    _not_ones_own(invitation, "grant_leave", by)
    invitation.move_to("grant_leave", by=by, at=at)


def refuse_leave(
    invitation: Invitation, *, by: User, note: str, at: datetime | None = None
) -> None:
    _not_ones_own(invitation, "refuse_leave", by)
    if not note.strip():
        raise NotReady(invitation, "refuse_leave", [_("请写明不准假的理由。")])
    invitation.move_to("refuse_leave", by=by, note=note, at=at)


def _not_ones_own(invitation: Invitation, verb: str, by: User) -> None:
    if invitation.person is not None and invitation.person.user_id == by.pk:
        raise NotAllowed(invitation, verb)


def check_in(invitation: Invitation, *, by: User, at: datetime | None = None) -> bool:
    """The invited person is there; whether they were late. Twice is once."""
    at = at or timezone.now()
    if invitation.status in Invitation.CAME:
        return invitation.status == Invitation.Status.LATE
    grace = timedelta(minutes=parameters.get("members.late_after"))
    late = at > invitation.gathering.starts_at + grace
    invitation.move_to("check_in_late" if late else "check_in", by=by, at=at, arrived_at=at)
    return late


def note_present(invitation: Invitation, *, by: User, at: datetime | None = None) -> None:
    """Staff saw the person; also as a correction afterwards."""
    at = at or timezone.now()
    if invitation.status != Invitation.Status.PRESENT:
        arrived = invitation.arrived_at or at
        invitation.move_to("note_present", by=by, at=at, arrived_at=arrived)


def note_absent(
    invitation: Invitation, *, by: User, note: str = "", at: datetime | None = None
) -> None:
    """A correction: the person was not there."""
    invitation.move_to("note_absent", by=by, note=note, at=at)


@transaction.atomic
def verify_service(gathering: Gathering, *, by: User, at: datetime | None = None) -> bool:
    """Somebody other than the recorder confirms a service activity; only then it counts. False if done already.

    PermissionDenied without the right, or for the recorder's own row.
    """
    at = at or timezone.now()
    if not by.is_active or not by.has_perm("members.verify_gathering"):
        raise PermissionDenied
    if gathering.recorded_by_id == by.pk:
        raise PermissionDenied(_("登记人不能核实自己登记的活动，请换一位核实。"))
    rows = Gathering.objects.services().filter(pk=gathering.pk, verified_by=None)
    if not rows.update(verified_by=by, verified_at=at):
        return False
    audit.record("gathering.verify", gathering, by=by)
    gathering.refresh_from_db()
    return True
