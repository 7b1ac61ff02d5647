"""The life of one proposal as rows: every state with the history, deadlines and proofs that belong to it."""

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from cppcc_portal.demo import following, reasons, replies
from cppcc_portal.demo.district import moment
from cppcc_portal.demo.plans import Plan
from cppcc_portal.demo.proposals import ProposalText, proposal_text, says_the_same, unfit_text
from cppcc_portal.demo.shares import Share
from cppcc_portal.demo.teller import Teller
from members.models import Membership, User
from proposals.actions.hand_over_clock import hand_over_start
from proposals.models import (
    Draft,
    Proposal,
    Proposer,
    TextVersion,
)
from proposals.models.proposals import digest_of


def write(teller: Teller, plan: Plan, seed: int, beyond: int) -> Proposal:
    """Tell one proposal's life until today, or until where its plan ends.

    `beyond` is how many texts the plans use: one that says what another says takes its own from there.
    """
    rng = Random(f"{seed}:{plan.index}")  # noqa: S311  the same data on the same day
    index = says_the_same(plan.twin.index, beyond) if plan.twin else plan.index
    return Story(teller, plan, rng, index).told()


class Story:
    """One proposal on its way; each step is a method, in the order of life."""

    def __init__(self, teller: Teller, plan: Plan, rng: Random, index: int) -> None:
        self.t, self.plan, self.rng = teller, plan, rng
        self.rows, self.office = teller.rows, teller.district.office
        unfit = plan.outcome == "refuse"
        self.unfit = unfit_text(rng, index) if unfit else None
        self.text: ProposalText = self.unfit.text if self.unfit else proposal_text(rng, index)
        self.version: TextVersion | None = None
        self.seats: list[Membership] = []
        self.users: dict[int, User] = {}

    def told(self) -> Proposal:
        self.begin()
        if self.plan.stop == "draft":
            return self.proposal
        self.cosign()
        if self.plan.stop == "cosigning" or self.plan.serial is None:
            return self.proposal
        self.submit(self.plan.submitted)
        if self.plan.stop == "submitted":
            return self.proposal
        if not self.review():
            return self.proposal
        if self.plan.stop == "filed" or self.plan.handed_over > self.t.now:
            return self.proposal
        self.hand_over()
        self.handle()
        return self.proposal

    @property
    def url(self) -> str:
        return self.proposal.get_absolute_url()

    @property
    def people(self) -> list[Any]:
        return [seat.person for seat in self.seats]

    def begin(self) -> None:
        plan, rng, teller = self.plan, self.rng, self.t
        # The demonstration's own member and co-signer write more than others.
        recent_known = bool(plan.stop) and rng.random() < 0.35
        if recent_known or rng.random() < 0.03:
            first = teller.known[0]
        elif rng.random() < 0.05 and teller.silent:
            first = rng.choice(teller.silent)
        else:
            first = rng.choice(teller.active)
        self.seats = [first]
        entered_by = None if first.person.user_id else self.office
        self.author: Any = entered_by or first.person.user
        self.proposal = self.rows.add(
            Proposal,
            term=teller.district.term,
            plenary=plan.plenary,
            title=self.text.title,
            may_publish=True,
            secrecy_confirmed=True,
            entered_by=entered_by,
            created_at=plan.created,
        )
        self.first = self.rows.add(
            Proposer, proposal=self.proposal, membership=first, order=0, status="agreed"
        )
        self.cosigners: list[Proposer] = []
        if plan.stop in ("draft", "cosigning", "returned"):
            parts = self.parts()
            if plan.stop == "draft" and rng.random() < 0.4:
                parts["suggestions"] = ""
            self.rows.add(
                Draft,
                proposal=self.proposal,
                saved_by=self.author,
                saved_at=plan.created + timedelta(minutes=38),
                version=rng.randint(3, 30),
                **parts,
            )

    def parts(self) -> dict[str, str]:
        suggestions = self.text.suggestions or "建议有关部门予以重视。"
        return {
            "title": self.text.title,
            "situation": self.text.situation,
            "analysis": self.text.analysis,
            "suggestions": suggestions,
        }

    def freeze(self, at: datetime) -> TextVersion:
        if self.version is None:
            parts = self.parts()
            self.version = self.rows.add(
                TextVersion,
                proposal=self.proposal,
                number=1,
                digest=digest_of(parts),
                made_by=self.author,
                made_at=at,
                **parts,
            )
            self.proposal.current_text = self.version
            self.first.text = self.version
        return self.version

    def cosign(self) -> None:
        """Invite a few, most of whom agree; the demonstration's co-signer is often among them."""
        rng, plan, teller = self.rng, self.plan, self.t
        wanted = (
            rng.choice((0, 0, 1, 2, 3, 5)) if plan.stop != "cosigning" else rng.choice((2, 3, 4))
        )
        pool = [seat for seat in rng.sample(teller.active, wanted + 1) if seat is not self.seats[0]]
        asked = pool[:wanted]
        known = [seat for seat in teller.known[1:] if seat is not self.seats[0]]
        if asked and rng.random() < (0.5 if plan.stop else 0.06):
            asked[0] = rng.choice(known)
        if not asked:
            return
        at = plan.created + timedelta(days=1, minutes=rng.randint(5, 200))
        text = self.freeze(at)
        until = timezone.localdate(at) + timedelta(days=7)
        if plan.stop == "cosigning":
            until = timezone.localdate(teller.now) + timedelta(days=rng.randint(2, 6))
        self.proposal.cosign_until = until
        teller.move(self.proposal, "invite", at, self.author)
        for order, seat in enumerate(asked, start=1):
            proposer = self.rows.add(
                Proposer, proposal=self.proposal, membership=seat, order=order, text=text
            )
            self.cosigners.append(proposer)
            teller.tell(
                "cosign_invited",
                self.proposal,
                [seat.person],
                at,
                self.url,
                who=self.seats[0].person.name,
                until=until.isoformat(),
            )
            answers = plan.stop != "cosigning" or (order > 1 and rng.random() < 0.4)
            if not answers:
                continue
            answered = at + timedelta(hours=rng.randint(2, 40))
            verb = "agree" if rng.random() < 0.86 else "decline"
            proposer.answered_at = answered
            teller.move(proposer, verb, answered, seat.person.user)
            if verb == "agree":
                self.seats.append(seat)

    def submit(self, at: datetime) -> None:
        plan, proposal = self.plan, self.proposal
        self.freeze(at)
        proposal.serial, proposal.series, proposal.submitted_at = plan.serial, plan.series, at
        proposal.kind = "cosigned" if len(self.seats) > 1 else "individual"
        self.t.move(proposal, "submit", at, self.author)
        for proposer in self.cosigners:
            if proposer.status == "waiting":
                self.t.move(proposer, "lapse", at, self.author)
        self.confirmed = [self.first, *(one for one in self.cosigners if one.status == "agreed")]
        self.review_clock = None
        if plan.series == "ordinary":
            self.review_clock = self.t.clock(proposal, "review_ordinary", at, self.author)
        self.t.tell(
            "submitted",
            proposal,
            self.people,
            at,
            self.url,
            serial=str(plan.serial),
            series=proposal.get_series_display(),
        )

    def review(self) -> bool:
        """The office decides; whether the story goes on to hand-over."""
        plan, proposal, teller = self.plan, self.proposal, self.t
        reviewed = plan.submitted + (plan.decided - plan.submitted) / 2
        if plan.outcome == "withdraw":
            teller.move(
                proposal, "withdraw", reviewed, self.author, note="情况已有变化，撤回重写。"
            )
            return False
        teller.move(proposal, "start_review", reviewed, self.office)
        if plan.stop == "reviewing" or plan.decided > teller.now:
            return False
        if plan.outcome == "return":
            note = reasons.review_comment(self.rng)
            teller.move(proposal, "return_", reviewed + timedelta(hours=3), self.office, note=note)
            clock = teller.clock(proposal, "revision", reviewed + timedelta(hours=3), self.office)
            teller.tell(
                "returned",
                proposal,
                self.people[:1],
                reviewed + timedelta(hours=3),
                self.url,
                serial=str(plan.serial),
                until=clock.due_on.isoformat(),
            )
            if plan.stop == "returned":
                return False
            teller.move(proposal, "submit", reviewed + timedelta(hours=20), self.author)
            teller.meet(clock, reviewed + timedelta(hours=20), self.author)
        if self.unfit:
            self.refuse()
            return False
        proposal.category = teller.categories[self.text.category]
        proposal.number = plan.number
        proposal.label = proposal.make_label(plan.number or 0, plan.series)
        proposal.filed_at = plan.decided
        self._keep_names()
        teller.move(proposal, "file", plan.decided, self.office)
        self._review_is_over()
        together = teller.rules["hand_over"].term
        over = together.due(proposal.plenary.closes_on, teller.working)
        rule, on = hand_over_start(proposal, timezone.localdate(plan.decided), over)
        self.hand_over_clock = teller.clock(
            proposal, rule, plan.decided, self.office, kind="hand_over", on=on
        )
        teller.tell("filed", proposal, self.people, plan.decided, self.url, number=proposal.label)
        return True

    def _keep_names(self) -> None:
        for proposer in self.confirmed:
            proposer.kept_at = self.plan.decided
            for name, value in proposer.names_now().items():
                setattr(proposer, name, value)

    def _review_is_over(self) -> None:
        if self.review_clock is not None:
            self.t.meet(self.review_clock, self.plan.decided, self.office)

    def refuse(self) -> None:
        assert self.unfit is not None  # asked by the caller
        proposal, teller = self.proposal, self.t
        proposal.refusal_reason = teller.refusals[self.unfit.reason_code]
        proposal.destination = teller.destinations[self.unfit.destination_code]
        self._keep_names()
        teller.move(proposal, "refuse", self.plan.decided, self.office, note=self.unfit.comment)
        self._review_is_over()
        teller.tell(
            "not_filed",
            proposal,
            self.people,
            self.plan.decided,
            self.url,
            serial=str(self.plan.serial),
            reason=proposal.refusal_reason.name,
            destination=proposal.destination.name,
        )

    def hand_over(self) -> None:
        plan, rng, teller = self.plan, self.rng, self.t
        at = plan.handed_over
        units = teller.district.units
        lead = units[self.text.lead_unit_short]
        joint = [units[name] for name in self.text.joint_unit_shorts if name in units]
        shared = joint and rng.random() < 0.08
        roles = [(lead, "separate" if shared else "lead")]
        if shared:
            roles.append((joint[0], "separate"))
        elif rng.random() < 0.6:
            roles += [(unit, "joint") for unit in joint if unit is not lead]
        self.shares: list[Share] = [Share(self, unit, role, at) for unit, role in roles]
        proposal = self.proposal
        proposal.handed_over_on = timezone.localdate(at)
        proposal.first_share = self.shares[0].row
        proposal.due_on = max(
            share.row.due_on for share in self.shares if share.row.role != "joint"
        )
        teller.move(proposal, "hand_over", at, self.office)
        teller.meet(self.hand_over_clock, at, self.office)
        teller.tell(
            "handed_over",
            proposal,
            self.people,
            at,
            self.url,
            number=proposal.label,
            units="、".join(str(share.row) for share in self.shares),
            until=proposal.due_on.isoformat(),
        )

    def handle(self) -> None:
        """Units sign in, contact, give opinions and reply; then ratings, a second round, closing."""
        plan, teller, rng = self.plan, self.t, self.rng
        lead = self.shares[0]
        if plan.stop == "assigned":
            for share in self.shares[1:]:
                if rng.random() < 0.5:
                    share.acknowledge()
            return
        for share in self.shares:
            share.acknowledge()
        teller.move(
            self.proposal,
            "all_acknowledged",
            max(share.signed for share in self.shares),
            lead.clerk,
        )
        answering = [share for share in self.shares if share.row.role != "joint"]
        for share in self.shares:
            if share.row.role == "joint" and (plan.stop != "handling" or rng.random() < 0.5):
                share.give_opinion()
        if plan.stop in ("handling", "late"):
            if plan.stop == "late" or rng.random() < 0.6:
                lead.contact()
            return
        for share in answering:
            share.contact()
            share.reply()
        self.replied = max(share.replied for share in answering)
        teller.move(self.proposal, "all_replied", self.replied, lead.clerk)
        if plan.stop == "replied":
            return
        differs = plan.stop in ("rehandling", "dissatisfied")
        for share in answering:
            # One second round at a time: the others' proposers are content.
            share.rate(
                must_differ=differs and share is lead,
                content=share is not lead or plan.stop == "closable",
            )
        for proposed in lead.propose_second_round():
            if plan.stop != "dissatisfied" and not differs and rng.random() < 0.25:
                lead.refuse_second_round(proposed)
        if plan.stop in ("dissatisfied", "closable"):
            return
        lead.second_round(answer=plan.stop != "rehandling")
        if plan.stop == "rehandling":
            return
        self.close(answering)

    def close(self, answering: list[Share]) -> None:
        teller, proposal, office = self.t, self.proposal, self.office
        at = max(share.rated for share in answering) + timedelta(days=self.rng.randint(1, 4))
        if at > teller.now:
            return
        proposal.closed_at = at
        teller.move(proposal, "close", at, office)
        shares = {promise.pk: share for share in answering for promise in share.promises}
        promises = [promise for share in answering for promise in share.promises]
        if promises:
            teller.move(proposal, "track", at, office)
        teller.tell("closed", proposal, self.people, at, self.url, number=proposal.label)
        ended = at
        for promise in promises:
            following.progress(self, shares[promise.pk], promise, at)
            settled = moment(promise.due_on) - timedelta(days=self.rng.randint(0, 20))
            fate = self.rng.random()
            if settled > teller.now or fate > 0.8 or self.plan.stop == "tracking":
                continue  # still open; some of them are late
            verb = "keep" if fate < 0.7 else "drop"
            ended = max(ended, settled)
            teller.move(
                promise, verb, max(at, settled), office, note=replies.progress_note(self.rng)
            )
            following.settled(self, shares[promise.pk], promise, max(at, settled))
        if promises and all(promise.status != "open" for promise in promises):
            teller.move(proposal, "all_kept", ended, office)
        self.archive(ended)

    def archive(self, ended: datetime) -> None:
        """The years before last were put away in the spring after, as far as they were whole by then."""
        proposal, year = self.proposal, self.plan.plenary.opens_on.year
        at = max(ended, moment(date(year + 1, 4, 10))) + timedelta(hours=1)
        if proposal.status == "closed" and year <= self.t.now.year - 2 and at < self.t.now:
            proposal.archived_at = at
            self.t.move(proposal, "archive", at, self.office)
