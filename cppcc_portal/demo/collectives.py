"""Proposals of organisations in the demonstration: in writing, under review, answered and rated."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from cppcc_portal.demo import papers, people
from cppcc_portal.demo.district import CHAIRED, PARTY, District
from cppcc_portal.demo.proposals import ProposalText, proposal_text
from members.models import Body, Membership, Unit, User
from proposals import actions
from proposals.models import Category, Evaluation, Handling, Proposal, ResultClass

BEYOND = 41_000  # texts that no other proposal of the demonstration uses


def tell(district: District, rng: Random, *, now: datetime) -> None:
    """A party's proposals at four places of their way, a committee's, a sector's, one from paper."""
    teller = Teller(district, rng)
    party = body_of(district.organisations[PARTY])
    clerk = User.objects.get(username="party")
    teller.begin(party, clerk, now - timedelta(days=2))
    submitted = teller.begin(party, clerk, now - timedelta(days=9), sealed=True)
    teller.join(
        submitted, body_of(district.organisations["区工商联"]), clerk, now - timedelta(days=8)
    )
    actions.submit(submitted, by=clerk, at=now - timedelta(days=6))
    for days, rated in ((70, False), (110, True)):
        proposal = teller.begin(party, clerk, now - timedelta(days=days), sealed=True)
        teller.answer(proposal, clerk, now - timedelta(days=days - 2), rated=rated)
    committee = body_of(district.committees[CHAIRED])
    teller.begin(
        committee, User.objects.get(username="chair"), now - timedelta(days=3), sealed=True
    )
    federation = body_of(district.organisations["区工商联"])
    office = User.objects.get(username="office")
    on_paper = teller.begin(federation, office, now - timedelta(days=12), sealed=True)
    actions.submit(on_paper, by=office, at=now - timedelta(days=11))
    teller.file(on_paper, now - timedelta(days=4))
    convener = User.objects.get(username="convener")
    seat = Membership.objects.select_related("sector").get(person__user=convener)
    last = [plenary for plenary in district.plenaries if plenary.cut_off < now][-1]
    assert seat.sector is not None  # every seat of the demonstration has one
    early = last.cut_off - timedelta(days=8)
    of_sector = teller.begin(body_of(seat.sector), convener, early)
    actions.submit(of_sector, by=convener, at=early + timedelta(days=3))
    teller.file(of_sector, min(now, last.cut_off + timedelta(days=20)))


def body_of(special: Body) -> Body:
    """A committee, sector or organisation as the body that stands behind it."""
    return Body.objects.get(pk=special.pk)


class Teller:
    """Writes the texts and takes the steps, each through its action."""

    def __init__(self, district: District, rng: Random) -> None:
        self.district, self.rng = district, rng
        self.office = User.objects.get(username="office")
        self.texts: dict[int, ProposalText] = {}

    def begin(self, body: Body, by: User, at: datetime, *, sealed: bool = False) -> Proposal:
        """A text in the name of a body, with its contact, and sealed where it is ready."""
        number = len(self.texts)
        text = proposal_text(self.rng, BEYOND + number)
        writers = [people.invent_name(self.rng, "male", 1980) for _n in range(2)]
        proposal = actions.start_collective(
            by=by,
            body=body,
            at=at,
            contact_name=people.invent_name(self.rng, "female", 1985),
            contact_phone=people.phone(9500 + number),
            writers="、".join(writers),
        )
        parts = {
            name: getattr(text, name) for name in ("title", "situation", "analysis", "suggestions")
        }
        actions.save_draft(proposal, by=by, version=1, at=at, **parts)
        actions.save_choices(proposal, by=by, may_publish=True, secrecy_confirmed=True)
        if sealed:
            actions.keep_collective(
                proposal.collective, by=by, version=0, seal=papers.paper("盖章提案.pdf")
            )
        self.texts[proposal.pk] = text
        return proposal.fresh()

    def join(self, proposal: Proposal, body: Body, by: User, at: datetime) -> None:
        """A second body puts the text as well, under its own seal."""
        actions.add_body(
            proposal,
            by=by,
            body=body,
            contact_name=people.invent_name(self.rng, "male", 1979),
            contact_phone=people.phone(9600 + len(self.texts)),
            seal=papers.paper("联合盖章提案.pdf"),
            at=at,
        )

    def file(self, proposal: Proposal, at: datetime) -> None:
        category = Category.objects.get(code=self.texts[proposal.pk].category)
        actions.file(proposal, by=self.office, category=category, at=at)

    def answer(self, proposal: Proposal, clerk: User, at: datetime, *, rated: bool) -> None:
        """Submitted, filed, handed over and answered, each some days after the other."""
        actions.submit(proposal, by=clerk, at=at)
        self.file(proposal, at + timedelta(days=5))
        lead = Unit.objects.get(short_name=self.texts[proposal.pk].lead_unit_short)
        actions.hand_over(proposal, by=self.office, lead=lead, at=at + timedelta(days=8))
        share = Handling.objects.get(proposal=proposal)
        first = proposal.first_proposer
        assert first is not None  # the body itself
        unit_clerk = User.objects.get(pk=self.district.clerks[lead.short_name].pk)
        actions.acknowledge(share, by=unit_clerk, at=at + timedelta(days=9))
        actions.record_contact(
            share,
            by=unit_clerk,
            proposer=first,
            way="meeting",
            stage="before",
            on=(at + timedelta(days=30)).date(),
            summary="到总支座谈，逐条听取意见。",
            at=at + timedelta(days=30),
        )
        actions.reply(share.fresh(), by=unit_clerk, at=at + timedelta(days=60), **self.reply(share))
        if rated:
            rating = Evaluation.objects.get(reply__handling=share)
            satisfied: dict[str, Any] = {"attitude": "satisfied", "result": "basically"}
            actions.evaluate(
                rating,
                by=clerk,
                contacted="meeting",
                to_the_point="yes",
                at=at + timedelta(days=64),
                **satisfied,
            )

    def reply(self, share: Handling) -> dict[str, Any]:
        return {
            "result_class": ResultClass.objects.get(code="A"),
            "document_number": f"{share.unit}提〔{share.handed_over_on.year}〕{share.pk}号",
            "text": "贵组织提出的建议切合实际。经研究，所提各条已列入工作安排并逐项落实，有关情况将继续通报。",
            "signer": people.invent_name(self.rng, "male", 1972),
            "signer_post": "分管负责人",
        }
