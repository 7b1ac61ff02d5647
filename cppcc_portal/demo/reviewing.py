"""The review in stages, its list for the chairpersons' meeting, and units asked before the hand-over."""

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from cppcc_portal.demo import people, reasons
from cppcc_portal.demo.district import UNIT, District
from members import actions as member_actions
from members.models import Person, Posting, Unit, User
from members.roles import Role
from proposals import actions
from proposals.actions import listing
from proposals.models import (
    Category,
    Destination,
    FilingRow,
    Proposal,
    RefusalReason,
    ReviewOpinion,
    UnitConsultation,
)
from proposals.suggestions import suggest

FITS = "属于本级职权，材料齐全，建议具体，同意立案。"
COLLECTED, CARRIED_OUT = (
    4,
    3,
)  # texts on the list that is being gathered, and on the one that is done


def tell(district: District, rng: Random, *, now: datetime) -> None:
    """Opinions at each stage, one list carried out and one being gathered, units in every state of answer."""
    office, chair = district.office, district.chairs["提案委"]
    colleague = _colleague(rng)
    reviewers = (office, colleague, chair)
    reviewing = _of(Proposal.Status.REVIEWING)
    # The first waits for its second opinion, the next for its third, the last but one for the decision.
    for spoken, proposal in zip((1, 2, 3), reviewing, strict=False):
        for reviewer in reviewers[:spoken]:
            _opinion(proposal, reviewer, rng, now)
    _lists(office, rng, now)
    _ask_units(office, rng, now)


def _of(*statuses: str) -> Any:
    return Proposal.objects.filter(status__in=statuses).order_by("submitted_at", "pk")


def _colleague(rng: Random) -> User:
    """Another of the office, so that the second opinion is somebody else's; has no account to try."""
    one = people.colleague(rng, 290, workplace="区政协", post="提案委办公室工作人员")
    person = Person.objects.create(name=one.name, workplace=one.workplace, post=one.post)
    user, _password = member_actions.create_account(by=None, username="office2", person=person)
    member_actions.grant_role(user, Role.OFFICE, by=None)
    return User.objects.get(pk=user.pk)


def _opinion(
    proposal: Proposal, by: User, rng: Random, now: datetime, result: str = "file"
) -> None:
    likely = suggest([proposal])[proposal.pk]
    given: dict[str, Any] = {"note": FITS}
    if result == ReviewOpinion.Result.REFUSE:
        given = {
            "refusal_reason": RefusalReason.objects.get(code="N10"),
            "destination": Destination.objects.get(code="public"),
            "note": reasons.review_comment(rng),
        }
    actions.examine(
        proposal,
        by=by,
        result=result,
        category=likely.category or Category.objects.exclude(parent=None).first(),
        lead=likely.lead,
        joint=likely.joint,
        at=max(_last(proposal), now - timedelta(hours=3)),
        **given,
    )


def _last(proposal: Proposal) -> datetime:
    """When something was last done to it."""
    at: datetime = proposal.changes.latest("at", "pk").at
    return at


def _lists(office: User, rng: Random, now: datetime) -> None:
    """Of the texts of one plenary and series a few are decided by the meeting, the others being gathered."""
    fresh = _of(Proposal.Status.SUBMITTED)
    first = fresh.first()
    if first is None:
        return
    alike = list(fresh.filter(plenary=first.plenary, series=first.series))
    likely = suggest(alike)
    rows = sorted(alike, key=lambda row: likely[row.pk].category is None)
    for titled, chosen in (
        ("第一批", rows[:CARRIED_OUT]),
        ("第二批", rows[CARRIED_OUT : CARRIED_OUT + COLLECTED]),
    ):
        for number, proposal in enumerate(chosen):
            _opinion(proposal, office, rng, now, "refuse" if number == 2 else "file")
        listed = actions.start_list(
            by=office,
            plenary=first.plenary,
            series=first.series,
            title=f"{first.plenary}{first.get_series_display()}审查结果（{titled}）",
            at=now - timedelta(hours=2),
        )
        for row in FilingRow.objects.filter(listed=listed).exclude(proposal__in=chosen):
            actions.leave_out(listed, row.proposal, by=office)
        if titled == "第一批":
            _pass(listed, office, now)


def _pass(listed: Any, office: User, now: datetime) -> None:
    listing.decide(
        listed,
        by=office,
        meeting_number="第41次",
        held_on=timezone.localdate(now),
        result="passed",
        document_number="海政协主席会〔2026〕41号",
        at=now,
    )
    actions.carry_out(listed, by=office, at=now)


def _ask_units(office: User, rng: Random, now: datetime) -> None:
    """One waits for its unit, one is agreed to by all, one is objected to."""
    today, units = timezone.localdate(now), list(Unit.objects.in_use().order_by("pk"))
    filed = list(_of(Proposal.Status.FILED).filter(merged=None))
    likely = suggest(filed)
    # First what the demonstration's own unit would get.
    waiting = sorted(filed, key=lambda row: str(likely[row.pk].lead) != UNIT)[:3]
    for number, proposal in enumerate(waiting):
        lead, joint = _units_of(proposal, units, rng)
        at = max(_last(proposal), now - timedelta(days=2))
        actions.consult_units(proposal, by=office, lead=lead, joint=joint, at=at)
        asked = UnitConsultation.objects.standing().filter(proposal=proposal)
        for row in asked.with_names().order_by("pk"):
            clerk = _clerk(row.unit, today)
            if number == 0 or clerk is None:
                continue
            if number == 2 and row.role == "lead":
                other = rng.choice([unit for unit in units if unit not in (lead, *joint)])
                reason = reasons.unit_return_reason(rng, str(row.unit), str(other))
                actions.object_to_handle(row, by=clerk, reason=reason, suggested_unit=other, at=now)
            else:
                actions.agree_to_handle(row, by=clerk, at=now)


def _units_of(proposal: Proposal, units: list[Unit], rng: Random) -> tuple[Unit, tuple[Unit, ...]]:
    likely = suggest([proposal])[proposal.pk]
    lead = likely.lead or units[0]
    free = [unit for unit in units if unit != lead]
    return lead, tuple(unit for unit in likely.joint if unit != lead) or (rng.choice(free),)


def _clerk(unit: Unit, on: date) -> User | None:
    postings = Posting.objects.current(on).filter(body=unit.pk, role=Posting.Role.CLERK)
    posting = postings.select_related("person__user").order_by("pk").first()
    return posting.person.user if posting else None
