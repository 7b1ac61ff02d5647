"""Who is told what: proposers, a unit's clerks and leaders, the office."""

from collections.abc import Iterable
from datetime import date, datetime

from django.utils import timezone

from cppcc_portal.office import notices
from members.models import Person, Posting, Unit
from members.posted import office_people, people_of, people_with_role, together
from members.roles import Role
from proposals.models import Handling, Proposal, Proposer
from proposals.models.proposer_kinds import signers_of


def proposers_of(proposal: Proposal) -> list[Person]:
    """The first proposer and all who co-signed, in their order."""
    confirmed = proposal.proposers.confirmed().select_related("membership__person", "body")
    return people_behind(confirmed)


def people_behind(proposers: Iterable[Proposer]) -> list[Person]:
    """The proposers themselves; bodies are told through their people."""
    proposers = list(proposers)
    people = [proposer.person for proposer in proposers if proposer.person]
    bodies = [proposer.body_id for proposer in proposers if proposer.body_id]
    if bodies:
        people += Person.objects.filter(postings__in=signers_of(bodies)).distinct()
    return people


def clerks_at(unit: Unit | None, on: date) -> list[Person]:
    """The unit's clerks; where a unit has named none, its leaders."""
    return people_of(unit, Posting.Role.CLERK, on=on) or people_of(unit, *Posting.LEADS, on=on)


def clerks_of(handling: Handling, on: date) -> list[Person]:
    return clerks_at(handling.unit, on)


def supervisors() -> list[Person]:
    """The supervision office, and the secretariat's office which acts where there is none."""
    return together(people_with_role(Role.SUPERVISION), office_people())


def leaders_of(handling: Handling, on: date) -> list[Person]:
    return people_of(handling.unit, *Posting.LEADS, on=on)


def tell_unit(
    kind: str,
    share: Handling,
    *,
    people: list[Person],
    at: datetime,
    words: dict[str, str],
    round: int = 1,
    due: date | None = None,
    url: str = "",
) -> None:
    """Tell a unit's people; where it has named nobody, the office, so that it reaches the unit itself.

    `due` and `url` are the share's own unless another day or page is meant.
    """
    proposal = share.proposal
    if people:
        notices.tell(
            kind,
            share,
            people=people,
            round=round,
            due=due or share.due_on,
            at=at,
            words=words,
            url=url or share.get_absolute_url(),
        )
        return
    notices.tell(
        "unit_without_people",
        share,
        people=office_people(),
        round=round,
        due=share.due_on,
        at=at,
        words={"number": proposal.label, "unit": str(share.unit)},
        url=proposal.get_absolute_url(),
    )


def tell_handed_over(share: Handling, *, at: datetime) -> None:
    """A unit's clerks: they have a new share, to be received and answered by these days."""
    tell_unit(
        "unit_handed_over",
        share,
        people=clerks_of(share, timezone.localdate(at)),
        at=at,
        words={
            "number": share.proposal.label,
            "role": str(share.get_role_display()),
            "sign_in": share.sign_in_due_on.isoformat(),
            "until": share.due_on.isoformat(),
        },
    )
