"""Answers and attendance of past sessions as rows: some nine hundred steps, written together."""

from datetime import datetime, timedelta
from typing import Any

from cppcc_portal.office.audit import AuditEvent
from cppcc_portal.office.keys import key_of
from members.models import Gathering, Invitation, InvitationChange, User


class Attendance:
    """Takes legal steps only, each with its history line and audit event, and writes them at the end."""

    def __init__(self, gathering: Gathering) -> None:
        rows = gathering.invitations.select_related("person__user")
        self.rows = list(rows)
        self.changes: list[InvitationChange] = []
        self.events: list[AuditEvent] = []

    def move(
        self, invitation: Invitation, verb: str, at: datetime, by: User, **fields: Any
    ) -> None:
        move = Invitation.MOVES[verb]
        old = invitation.status
        if old not in move.old:
            raise ValueError(f"an invitation that is {old} cannot {verb}")
        for name, value in {
            "status": move.new,
            "version": invitation.version + 1,
            **fields,
        }.items():
            setattr(invitation, name, value)
        self.changes.append(
            InvitationChange(subject=invitation, verb=verb, old=old, new=move.new, by=by, at=at)
        )
        self.events.append(
            AuditEvent(
                at=at,
                user=by,
                account=by.username,
                action=f"invitation.{verb}",
                object=key_of(invitation),
                fields={"status": [str(old), str(move.new)]},
            )
        )

    def write(self) -> None:
        Invitation.objects.bulk_update(
            self.rows, ["status", "version", "leave_reason", "arrived_at"], batch_size=100
        )
        InvitationChange.objects.bulk_create(self.changes)
        AuditEvent.objects.bulk_create(self.events)


def note_all(gathering: Gathering, *, staff: User, told: datetime) -> None:
    """Who said they come, who asked for leave and got it; who came, late or in time, and who did not."""
    steps = Attendance(gathering)
    starts = gathering.starts_at
    for place, invitation in enumerate(steps.rows):
        user = invitation.person.user if invitation.person else None
        if user is not None and place == 5:
            steps.move(invitation, "ask_leave", told, user, leave_reason="外出参加培训")
            steps.move(invitation, "grant_leave", told + timedelta(hours=5), staff)
            continue
        if user is not None and place % 4 != 2:
            steps.move(invitation, "attend", told, user)
        if place % 9 == 8:
            continue  # did not come
        if user is None:
            steps.move(invitation, "note_present", starts, staff, arrived_at=starts)
            continue
        late = place % 8 == 4
        at = starts + timedelta(minutes=25 if late else -(place % 12) - 1)
        steps.move(invitation, "check_in_late" if late else "check_in", at, user, arrived_at=at)
    steps.write()
