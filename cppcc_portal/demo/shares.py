"""One unit's share of a proposal's story: signed in, talked over, answered, rated, answered again."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from cppcc_portal.demo import reasons, replies
from cppcc_portal.demo.district import moment
from cppcc_portal.office.deadlines import Deadline
from cppcc_portal.office.keys import key_of
from members.models import Commitment, Unit
from proposals.actions.grades import graded
from proposals.models import (
    ContactEntry,
    Evaluation,
    Handling,
    HandlingGroupPermission,
    JointOpinion,
    Proposal,
    Rehandling,
    Reply,
)

State = Proposal.Status
WAYS = {"visit": "visit", "meeting": "meeting", "phone": "phone"}


class Share:
    """One unit's share of the story."""

    def __init__(self, story: Any, unit: Unit, role: str, at: datetime) -> None:
        self.story, self.t, self.rng, self.rows = story, story.t, story.rng, story.rows
        self.clerk = story.t.district.clerks[unit.short_name]
        self.leader = story.t.district.leaders[unit.short_name]
        office, on = story.office, timezone.localdate(at)
        self.at = at
        self.row: Any = self.rows.add(
            Handling,
            proposal=story.proposal,
            unit=unit,
            unit_name=str(unit),
            role=role,
            handed_over_on=on,
            sign_in_due_on=on,
            due_on=on,
        )
        self.sign_in = self.t.clock(self.row, "sign_in", at, office)
        if role == "joint":
            self.due = self.t.clock(self.row, "joint_opinion", at, office)
        else:
            ordinary = story.plan.series == "ordinary"
            rule = "reply_ordinary" if ordinary else "reply"
            self.due = self.t.clock(self.row, rule, at, office, kind="reply")
            self.first_contact = self.t.clock(self.row, "first_contact", at, office)
        self.row.sign_in_due_on, self.row.due_on = self.sign_in.due_on, self.due.due_on
        self.rows.add(
            HandlingGroupPermission,
            permission=self.t.permission,
            group_id=unit.group_id,
            content_object=self.row,
        )
        self.promises: list[Commitment] = []
        self.dissatisfied: list[Evaluation] = []
        people = [self.clerk.person]
        self.t.tell(
            "unit_handed_over",
            self.row,
            people,
            at,
            self.row.get_absolute_url(),
            number=story.proposal.label,
            role=self.row.get_role_display(),
            sign_in=self.row.sign_in_due_on.isoformat(),
            until=self.row.due_on.isoformat(),
        )

    def acknowledge(self) -> None:
        self.signed = self.at + timedelta(
            days=self.rng.choice((0, 1, 1, 2)), hours=self.rng.randint(1, 7)
        )
        self.row.acknowledged_at = self.signed
        self.t.move(self.row, "acknowledge", self.signed, self.clerk)
        self.t.meet(self.sign_in, self.signed, self.clerk)

    def contact(self) -> None:
        words = replies.contact_log(self.rng, self.story.text)
        at = self.signed + timedelta(days=self.rng.randint(1, 9))
        at = min(at, self.t.now - timedelta(hours=3))
        self.rows.add(
            ContactEntry,
            handling=self.row,
            proposer=self.story.first,
            way=WAYS.get(words.way, "other"),
            stage="before",
            on=timezone.localdate(at),
            summary=words.note,
            recorded_by=self.clerk,
            recorded_at=at,
        )
        self.t.meet(self.first_contact, at, self.clerk)

    def give_opinion(self) -> None:
        at = self.signed + timedelta(days=self.rng.randint(3, 18))
        at = min(at, self.t.now - timedelta(hours=2))
        unit = self.row.unit
        opinion = self.rows.add(
            JointOpinion,
            handling=self.row,
            unit_name=str(unit),
            text=replies.joint_opinion(self.rng, self.story.text, unit.short_name),
            document_number=f"海{unit.short_name[1:3]}会〔{at.year}〕{self.rng.randint(1, 60)}号",
            signer=self.leader.person.name,
            signer_post="主要负责人",
            given_at=at,
            given_by=self.clerk,
        )
        self.row.joint_opinion, self.row.done_at = opinion, at
        self.t.move(self.row, "give_opinion", at, self.clerk)
        self.t.meet(self.due, at, self.clerk)

    def reply(self) -> None:
        """Most in time; of those that take long a few are late."""
        days = (self.row.due_on - self.row.handed_over_on).days
        late = self.rng.random() < 0.05
        wait = self.rng.randint(days + 1, days + 25) if late else self.rng.randint(30, days - 3)
        if self.story.plan.stop:
            wait = 38
        at = self.at + timedelta(days=wait, hours=self.rng.randint(0, 7))
        klass = self.rng.choices(("A", "B", "C"), (62, 28, 10))[0]
        if self.story.plan.stop == "tracking":
            klass = "B"
        elif self.story.plan.stop == "closed":
            klass = "A"
        self._send(at, klass, replies.reply_text(self.rng, self.story.text, klass))

    def _send(self, at: datetime, klass: str, text: str) -> None:
        story, unit, teller = self.story, self.row.unit, self.t
        self.replied = at
        sent = self.rows.add(
            Reply,
            handling=self.row,
            round=self.row.round,
            result_class=teller.classes[klass],
            document_number=f"海{unit.short_name[1:3]}提〔{at.year}〕{self.rng.randint(1, 90)}号",
            text=text,
            signer=self.leader.person.name,
            signer_post="主要负责人" if self.row.round > 1 else "分管负责人",
            signer_rank=Reply.Rank.PRINCIPAL if self.row.round > 1 else Reply.Rank.LEADER,
            contact_name=unit.contact_name,
            contact_phone=unit.contact_phone,
            promised=klass == "B",
            saved_at=at,
            sent_at=at,
            sent_by=self.clerk,
            unit_name=str(unit),
            due_on=self.row.due_on,
        )
        if klass == "B":
            words = replies.commitment(self.rng, story.text, timezone.localdate(at))
            promise = self.rows.add(
                Commitment,
                subject=key_of(sent),
                unit=unit,
                what=words.what[:500],
                who=words.who[:60],
                due_on=words.due_on,
            )
            self.promises.append(promise)
            sent.first_commitment = promise
        self.row.current_reply, self.row.done_at = sent, at
        if self.row.round > 1:  # under the principal leader, who signs it off
            sent.signed_by, sent.signed_at = self.leader, at
            teller.move(self.row, "submit_for_signing", at - timedelta(hours=2), self.clerk)
            teller.move(self.row, "sign", at, self.leader)
            teller.move(self.row, "reply", at, self.leader)
        else:
            teller.move(self.row, "reply", at, self.clerk)
        teller.meet(self.due, at, self.clerk)
        self.rating = teller.clock(sent, "evaluation", at, self.clerk)
        self.asked = [
            self.rows.add(Evaluation, reply=sent, proposer=proposer, due_on=self.rating.due_on)
            for proposer in story.confirmed
        ]
        teller.tell(
            "replied",
            self.row,
            story.people,
            at,
            story.url,
            number=story.proposal.label,
            unit=str(unit),
            until=self.rating.due_on.isoformat(),
        )

    def rate(self, *, must_differ: bool = False, content: bool = False) -> None:
        """Each proposer's own rating; some stay silent and count as 未评价."""
        answered = max(self.replied, self.story.replied)
        self.rated = answered
        for place, evaluation in enumerate(self.asked):
            seat = evaluation.proposer.membership
            user = seat.person.user
            at = answered + timedelta(days=self.rng.randint(1, 12), hours=self.rng.randint(0, 6))
            grade = self.rng.choices(("satisfied", "basically", "not"), (80, 16, 4))[0]
            if must_differ and place == 0:
                grade = "not"
            elif content and grade == "not":
                grade = "basically"
            if user is None or (self.rng.random() < 0.12 and grade != "not"):
                over = moment(evaluation.due_on + timedelta(days=1), 8)
                if over < self.t.now:
                    self.t.move(evaluation, "expire", over, job="expire_evaluations")
                    self.rated = max(self.rated, over)
                continue
            at = min(at, self.t.now - timedelta(hours=1))
            attitude = "basically" if grade == "not" else grade
            for name, value in graded(attitude, grade).items():
                setattr(evaluation, name, value)
            evaluation.contacted = self.rng.choice(("visit", "meeting", "phone", "not_needed"))
            evaluation.to_the_point = "no" if grade == "not" else "yes"
            if grade == "not" or self.rng.random() < 0.4:
                evaluation.text = replies.evaluation_remark(self.rng, self.story.text, grade)
            evaluation.answered_at = at
            self.t.move(evaluation, "evaluate", at, user)
            self.rated = max(self.rated, at)
            if grade == "not":
                self.dissatisfied.append(evaluation)
        if all(evaluation.status == "answered" for evaluation in self.asked):
            self.t.meet(self.rating, self.rated, self.clerk)

    def propose_second_round(self) -> list[Rehandling]:
        """Each "not satisfied" proposes another round, to be decided within the office's days."""
        self.proposed: list[Rehandling] = []
        self.decisions: dict[int, Deadline] = {}
        for evaluation in self.dissatisfied:
            at = evaluation.answered_at or self.rated
            proposed = self.rows.add(
                Rehandling, handling=self.row, evaluation=evaluation, due_on=at.date()
            )
            clock = self.t.clock(proposed, "rehandle_start", at, self.story.office)
            proposed.due_on = clock.due_on
            self.decisions[proposed.pk] = clock
            self.proposed.append(proposed)
        return list(self.proposed)

    def refuse_second_round(self, proposed: Rehandling) -> None:
        at, office = self.rated + timedelta(hours=20), self.story.office
        proposed.reason = self.rng.choice(reasons.SECOND_ROUND_REFUSALS)
        self.t.move(proposed, "refuse", at, office, note=proposed.reason)
        self.t.meet(self.decisions[proposed.pk], at, office)
        self.rated = at

    def second_round(self, *, answer: bool) -> None:
        """The committee opens the unit's second round; with `answer` it satisfies."""
        story, teller, office = self.story, self.t, self.story.office
        wanted = [proposed for proposed in self.proposed if proposed.status == "proposed"]
        if not wanted:
            return
        at = min(
            self.rated + timedelta(days=self.rng.randint(1, 3)), teller.now - timedelta(hours=1)
        )
        remark = wanted[0].why
        for proposed in wanted:
            teller.move(proposed, "start", at, office)
            teller.meet(self.decisions[proposed.pk], at, office)
        for waiting in self.asked:
            if waiting.status == "waiting":
                teller.move(waiting, "expire", at, office)
        self.row.round += 1
        self.due = teller.clock(
            self.row, "rehandle_reply", at, office, kind="reply", round=self.row.round
        )
        self.row.due_on, self.row.done_at = self.due.due_on, None
        teller.move(self.row, "rehandle", at, office)
        if story.proposal.status == State.REPLIED:
            story.proposal.due_on = self.due.due_on
            teller.move(story.proposal, "rehandle", at, office)
        teller.tell(
            "rehandling_started",
            self.row,
            [self.leader.person, self.clerk.person],
            at,
            self.row.get_absolute_url(),
            number=story.proposal.label,
            unit=str(self.row.unit),
            until=self.due.due_on.isoformat(),
            round="2",
        )
        if not answer:
            return
        self._send(
            at + timedelta(days=self.rng.randint(12, 22)),
            "A",
            replies.second_reply_text(self.rng, story.text, remark),
        )
        if story.proposal.status == State.REHANDLING:
            teller.move(story.proposal, "all_replied", self.replied, self.clerk)
        self.rate(content=True)
