"""预交办: units are asked before the hand-over, answer at the desk, and are let go when others are chosen."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cppcc_portal.office import audit, deadlines, notices, parameters
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.workflow import IllegalMove, NotReady
from members.models import Person, Unit, User
from members.posted import office_people, people_with_role, together
from members.roles import Role
from proposals.actions.people import clerks_at
from proposals.actions.writing import locked
from proposals.models import Handling, Proposal, UnitConsultation
from proposals.models.consultations import unit_answers


def who_hands_over() -> list[Person]:
    """Who is told of units' answers: the secretariat, and the supervision office where it hands over."""
    if parameters.get("proposals.hand_over_by") == "office":
        return office_people()
    return together(people_with_role(Role.SUPERVISION), office_people())


def checked_units(
    proposal: Proposal,
    verb: str,
    lead: Unit | None,
    joint: Iterable[Unit],
    separate: Iterable[Unit],
) -> list[tuple[Unit, str]]:
    """The units with their parts: one lead with any joint ones, or two and more separate; all in use, each once."""
    wanted: list[tuple[Unit, str]] = [(lead, Handling.Role.LEAD)] if lead else []
    wanted += [(unit, Handling.Role.JOINT) for unit in joint]
    wanted += [(unit, Handling.Role.SEPARATE) for unit in separate]
    units = [unit for unit, _role in wanted]
    if len(set(units)) < len(units):
        raise NotReady(proposal, verb, [_("同一单位只能选一次，请检查主办、会办、分办单位。")])
    closed = Unit.objects.filter(pk__in=[unit.pk for unit in units], active=False)
    if closed:
        names = "、".join(str(unit) for unit in closed)
        raise NotReady(proposal, verb, [_("%s 已停用，请另选承办单位。") % names])
    return wanted


@transaction.atomic
def consult_units(
    proposal: Proposal,
    *,
    by: User,
    lead: Unit | None = None,
    joint: Iterable[Unit] = (),
    separate: Iterable[Unit] = (),
    note: str = "",
    at: datetime | None = None,
) -> list[UnitConsultation]:
    """Ask the units that are thought of; again with other units, the earlier ones are let go.

    A unit that is asked for the same part as before is not asked twice, and its answer stands.
    """
    at = at or timezone.now()
    held = locked(proposal)
    held.require("consult_units", by=by)
    wanted = checked_units(held, "consult_units", lead, joint, separate)
    roles = [role for _unit, role in wanted]
    separate_only = set(roles) == {Handling.Role.SEPARATE} and len(roles) >= 2
    if not separate_only and (Handling.Role.LEAD not in roles or Handling.Role.SEPARATE in roles):
        told = _("预交办需要一个主办单位（可带会办单位），或两个以上分办单位。")
        raise NotReady(held, "consult_units", [told])
    before = {
        (row.unit_id, row.role): row
        for row in UnitConsultation.objects.standing().filter(proposal=held)
    }
    asked = {(unit.pk, role) for unit, role in wanted}
    let_go([row for key, row in before.items() if key not in asked], by=by, at=at)
    held.move_to("consult_units", by=by, at=at, note=note.strip())
    for unit, role in wanted:
        if (unit.pk, role) not in before:
            _ask(held, unit, role, by=by, at=at)
    proposal.refresh_from_db()
    return list(UnitConsultation.objects.standing().filter(proposal=held))


def _ask(proposal: Proposal, unit: Unit, role: str, *, by: User, at: datetime) -> None:
    """One unit with its clock, and its clerks told; where it has named nobody, the office."""
    on = timezone.localdate(at)
    row = UnitConsultation.objects.create(
        proposal=proposal, unit=unit, role=role, asked_by=by, asked_at=at, due_on=on
    )
    clock = deadlines.start(row, "unit_consultation", on=on, by=by)
    UnitConsultation.objects.filter(pk=row.pk).update(due_on=clock.due_on)
    audit.record("unitconsultation.ask", row, by=by, fields={"role": ["", role]})
    words = {"number": proposal.label, "unit": str(unit), "until": clock.due_on.isoformat()}
    if people := clerks_at(unit, on):
        notices.tell(
            "unit_consulted",
            row,
            people=people,
            due=clock.due_on,
            at=at,
            words={**words, "role": str(row.get_role_display())},
            url=row.get_absolute_url(),
        )
        return
    notices.tell(
        "unit_without_people",
        row,
        people=office_people(),
        due=clock.due_on,
        at=at,
        words=words,
        url=proposal.get_absolute_url(),
    )


def let_go(rows: Iterable[UnitConsultation], *, by: User, at: datetime) -> None:
    """These units are thought of no more: who has not answered has not agreed, and none reads the text on."""
    for row in rows:
        if row.status == UnitConsultation.Status.ASKED:
            row.move_to("lapse", by=by, at=at, ended_at=at)
        else:
            UnitConsultation.objects.filter(pk=row.pk).update(ended_at=at)
        deadlines.cancel_all([row], by=by, at=at)


def end_consultation(proposal: Proposal, *, by: User, at: datetime) -> None:
    """The hand-over has come, or the text is gone: nothing more is asked."""
    let_go(UnitConsultation.objects.standing().filter(proposal=proposal), by=by, at=at)


def _held(consultation: UnitConsultation) -> UnitConsultation:
    """The question as it now is, its proposal held: it may have been handed over meanwhile."""
    locked(consultation.proposal)
    return UnitConsultation.objects.with_names().get(pk=consultation.pk)


def _answer(
    consultation: UnitConsultation,
    verb: str,
    *,
    by: User,
    scan: Attachment | None,
    at: datetime | None,
    **fields: Any,
) -> None:
    at = at or timezone.now()
    held = _held(consultation)
    if held.ended_at is not None:
        raise IllegalMove(held, verb)
    held.require(verb, by=by)
    paper: dict[str, Any] = {}
    if not unit_answers(held, by):
        if scan is None:
            raise NotReady(held, verb, [_("代录须附上该单位盖章材料的扫描件。")])
        paper = {"behalf": str(held.unit), "scan": scan}
    held.move_to(verb, by=by, at=at, answered_at=at, **paper, **fields)
    deadlines.meet_current(held, "unit_consultation", at=at, by=by)
    notices.tell(
        "unit_answered",
        held,
        people=who_hands_over(),
        round=held.version,
        at=at,
        words={
            "number": held.proposal.label,
            "unit": str(held.unit),
            "answer": str(held.get_status_display()),
        },
        url=held.get_absolute_url(),
    )
    consultation.refresh_from_db()


@transaction.atomic
def agree_to_handle(
    consultation: UnitConsultation,
    *,
    by: User,
    scan: Attachment | None = None,
    at: datetime | None = None,
) -> None:
    """The unit says that it is its business."""
    fields: dict[str, Any] = {"reason": "", "suggested_unit": None}
    _answer(consultation, "agree", by=by, scan=scan, at=at, **fields)


@transaction.atomic
def object_to_handle(
    consultation: UnitConsultation,
    *,
    by: User,
    reason: str,
    suggested_unit: Unit | None = None,
    scan: Attachment | None = None,
    at: datetime | None = None,
) -> None:
    """The unit says why it is not its business, and whose it is."""
    fields: dict[str, Any] = {"reason": reason.strip(), "suggested_unit": suggested_unit}
    _answer(consultation, "object", by=by, scan=scan, at=at, **fields)
