"""Random lives of proposals: whatever anybody tries in whatever order, what must hold holds after each step.

A walk is drawn from a seed, which a failure names: who tries which step on what, and how many days
pass. Most steps are legal ones by the right person, so that walks get far; the others are anybody's
attempt at anything.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cppcc_portal.office import audit
from cppcc_portal.office.audit import AuditEvent
from cppcc_portal.office.deadlines import Deadline, DeadlineEvent
from cppcc_portal.office.keys import key_of
from cppcc_portal.office.models import Notice
from cppcc_portal.office.workflow import IllegalMove, NotReady, Workflow
from members.models import Commitment, User
from members.roles import Role
from proposals import actions
from proposals.models import (
    Category,
    Destination,
    Evaluation,
    Handling,
    KeyMark,
    Proposal,
    Proposer,
    Publication,
    RefusalReason,
    Rehandling,
    Reply,
    ResultClass,
    ReviewOpinion,
    ReviewStage,
    SupervisionEntry,
    SupervisionWay,
    TextVersion,
    UnitConsultation,
)
from tests import people
from tests.decided import LEADERS, decided
from tests.district import TEXT, drafted, handed_over, seat, submitted
from tests.stages import APRIL, dissatisfied, invited, replied, scan_for

pytestmark = pytest.mark.django_db

WALKS, STEPS = 48, 25
MODELS: list[type[Workflow]] = [
    Proposal, Proposer, Handling, UnitConsultation, Evaluation, Rehandling, Commitment, KeyMark,
]  # fmt: skip
TOLD = (IllegalMove, NotReady, PermissionDenied, actions.DraftConflict)
ENDED = ("not_filed", "withdrawn", "closed", "tracking", "archived", "revoked", "taken_out")
# Steps back and steps that end a life have their turn now and then, or no walk would get far.
BACK = {"recall", "return_", "decline", "cancel", "drop_key", "step_out"}
LAST = {"withdraw", "refuse", "take_out", "revoke"}


class Rows:
    """Everything there is at one moment, fetched in a few queries."""

    def __init__(self) -> None:
        self.by_model = {
            model: list(model._base_manager.order_by("pk").prefetch_related("changes"))
            for model in MODELS
        }
        self.replies = list(Reply.objects.order_by("pk").select_related("result_class"))
        self.clocks = list(Deadline.objects.select_related("rule").prefetch_related("events"))

    def __iter__(self) -> Iterator[Any]:
        for rows in self.by_model.values():
            yield from rows

    def of(self, model: type[Workflow], **wanted: Any) -> list[Any]:
        """The rows of a model in which these fields have these values."""
        return [
            row
            for row in self.by_model[model]
            if all(getattr(row, name) == value for name, value in wanted.items())
        ]


def refused(d: SimpleNamespace) -> None:
    why = {"refusal_reason": RefusalReason.objects.get(), "destination": Destination.objects.get()}
    actions.refuse(submitted(d), by=d.office, at=APRIL, **why)


class Walk:
    """One random life: two proposals, seven people, and a calendar that goes on."""

    def __init__(self, d: SimpleNamespace, chance: Random) -> None:
        self.d, self.chance, self.at = d, chance, APRIL
        self.people = [d.author, d.cosigner, d.other, d.office, d.clerk, d.joint_clerk, d.closed]
        self.done: Counter[str] = Counter()
        self.seen: list[Any] | None = None
        begin = [drafted, invited, submitted, refused, handed_over, replied, dissatisfied]
        for _proposal in range(2):
            chance.choice(begin)(d)
        self.rows = Rows()

    def step(self) -> None:
        """Somebody tries something; a refusal leaves nothing behind."""
        self.at += timedelta(days=self.chance.choice([0, 0, 1, 3, 9]), minutes=1)
        verb, row, by = self.next_try()
        thing, user = row.fresh(), User.objects.get(pk=by.pk)
        before = self.seen = self.seen or trace()
        try:
            VERBS[type(thing)][verb](self, thing, user, self.chance.randrange(10_000))
        except TOLD:
            assert trace() == before, f"{verb} was refused and left something behind"
        else:
            self.done[verb] += 1
            self.check()

    def remind(self) -> None:
        day = timezone.localdate(self.at)
        actions.remind(day)
        assert actions.remind(day) == 0
        self.check()

    def next_try(self) -> tuple[str, Any, User]:
        roll = self.chance.random()
        turn = LAST if roll < 0.05 else BACK if roll < 0.3 else set()
        legal = list(self.legal()) if roll < 0.8 else []
        usual = [one for one in legal if one[0] not in BACK | LAST]
        if chosen := [one for one in legal if one[0] in turn] or usual:
            return self.chance.choice(chosen)
        thing = self.chance.choice(list(self.rows))
        return self.chance.choice(list(VERBS[type(thing)])), thing, self.chance.choice(self.people)

    def legal(self) -> Iterator[tuple[str, Any, User]]:
        """Every step that is open in the tables, with the person whose step it is."""
        for thing in self.rows:
            for verb in VERBS[type(thing)]:
                if getattr(thing, "ended_at", None) is not None:
                    continue  # a unit that was let go is asked no more
                move = thing.MOVES[NEIGHBOUR.get(verb, verb)]
                if thing.status in move.old:
                    yield verb, thing, self.whose(verb, thing)

    def whose(self, verb: str, thing: Any) -> Any:
        d = self.d
        if isinstance(thing, Handling | UnitConsultation):
            return d.clerk if thing.unit_id == d.housing.pk else d.joint_clerk
        if isinstance(thing, Evaluation):
            return thing.proposer.membership.person.user
        if verb in ("agree", "decline", "step_out"):
            return thing.membership.person.user
        if verb in ("save_draft", "invite", "submit", "recall", "withdraw", "cancel"):
            return d.author
        return d.office

    def check(self) -> None:
        self.rows, self.seen = Rows(), None
        check_histories(self.rows)
        check_numbers(self.rows)
        check_texts(self.rows)
        check_consultations(self.rows)
        check_answers(self.rows)
        check_deadlines(self.rows, timezone.localdate(self.at))
        check_ends(self.rows)
        check_keys(self.rows)
        keys = list(Notice.objects.values_list("dedupe_key", flat=True))
        assert len(keys) == len(set(keys))


def trace() -> list[Any]:
    """What a refused step must leave as it was."""
    rows = [
        list(model._base_manager.order_by("pk").values_list("pk", "status", "version"))
        for model in MODELS
    ]
    counted: list[Any] = [
        Notice, AuditEvent, TextVersion, ReviewOpinion, Deadline, DeadlineEvent, SupervisionEntry,
    ]  # fmt: skip
    return [*rows, *(model.objects.count() for model in counted), Reply.objects.sent().count()]


# Attempts -------------------------------------------------------------------------------------


def save_draft(walk: Walk, it: Proposal, by: User, salt: int) -> None:
    draft = getattr(it, "draft", None)
    words = {**TEXT, "suggestions": f"一、第{salt % 3}种办法。"}
    version = draft.version - (salt % 4 == 0) if draft else 1
    actions.save_draft(it, by=by, version=version, at=walk.at, **words)


def invite(walk: Walk, it: Proposal, by: User, salt: int) -> None:
    asked = [walk.d.cosigner, walk.d.other, walk.d.author][salt % 3 :]
    actions.invite(it, by=by, memberships=map(seat, asked), at=walk.at)


def return_(walk: Walk, it: Proposal, by: User, salt: int) -> None:
    actions.return_(it, by=by, note="请写具体。" if salt % 3 else " ", at=walk.at)


def file(walk: Walk, it: Proposal, by: User, salt: int) -> None:
    actions.file(it, by=by, category=Category.objects.get(), at=walk.at)


def examine(walk: Walk, it: Proposal, by: User, salt: int) -> None:
    results = [*ReviewOpinion.Result.values, "没有"]
    why = {"refusal_reason": RefusalReason.objects.get(), "destination": Destination.objects.get()}
    actions.examine(
        it,
        by=by,
        at=walk.at,
        result=results[salt % 6],
        category=Category.objects.get(),
        note="请写具体。" if salt % 5 else "",
        **why,
    )


def refuse(walk: Walk, it: Proposal, by: User, salt: int) -> None:
    why = {"refusal_reason": RefusalReason.objects.get(), "destination": Destination.objects.get()}
    actions.refuse(it, by=by, at=walk.at, **why)


def reopen(walk: Walk, it: Proposal, by: User, salt: int) -> None:
    actions.reopen(it, by=by, note="主席会议要求再审。" if salt % 4 else " ", at=walk.at)


def consult_units(walk: Walk, it: Proposal, by: User, salt: int) -> None:
    housing, fire = walk.d.housing, walk.d.fire
    ways: list[dict[str, Any]] = [
        {"lead": housing, "joint": [fire]},
        {"separate": [housing, fire]},
        {"lead": fire},
        {"separate": [fire]},
    ]
    actions.consult_units(it, by=by, at=walk.at, **ways[salt % 4])


def object_(walk: Walk, it: UnitConsultation, by: User, salt: int) -> None:
    reason = "不属于本局职责。" if salt % 3 else " "
    units = [walk.d.housing, walk.d.fire, None]
    actions.object_to_handle(it, by=by, reason=reason, suggested_unit=units[salt % 3], at=walk.at)


def hand_over(walk: Walk, it: Proposal, by: User, salt: int) -> None:
    housing, fire = walk.d.housing, walk.d.fire
    ways: list[dict[str, Any]] = [
        {"lead": housing, "joint": [fire]},
        {"separate": [housing, fire]},
        {"lead": housing},
        {"lead": housing, "joint": [housing]},
        {"joint": [fire]},
    ]
    actions.hand_over(it, by=by, at=walk.at, **ways[salt % 5])


def take_out(walk: Walk, it: Proposal, by: User, salt: int) -> None:
    actions.take_out(it, by=by, note="转区委保密办" if salt % 2 else "", at=walk.at)


def revoke(walk: Walk, it: Proposal, by: User, salt: int) -> None:
    scan = walk.d.scan if salt % 3 else None
    actions.revoke(it, by=by, note="情况有变" if salt % 5 else " ", scan=scan, at=walk.at)


def select_key(walk: Walk, it: Proposal, by: User, salt: int) -> None:
    leaders = LEADERS if salt % 4 else []
    actions.select_key(it, by=by, decision=walk.d.decision, leaders=leaders, at=walk.at)


def drop_key(walk: Walk, it: KeyMark, by: User, salt: int) -> None:
    note = "另有安排" if salt % 3 else ""
    actions.drop_key(it.proposal, by=by, decision=walk.d.decision, note=note, at=walk.at)


def supervise(walk: Walk, it: KeyMark, by: User, salt: int) -> None:
    on = timezone.localdate(walk.at) + timedelta(days=salt % 3 - 1)
    way, said = SupervisionWay.objects.get(), "听取进展。" if salt % 4 else ""
    actions.supervise(it.proposal, by=by, way=way, on=on, took_part="各方", said=said, at=walk.at)


def reply(walk: Walk, it: Handling, by: User, salt: int) -> None:
    due_on = timezone.localdate(walk.at) + timedelta(days=salt % 40)
    promise = {"what": "建成十处", "who": "科长", "due_on": due_on}
    actions.reply(
        it,
        by=by,
        at=walk.at,
        result_class=ResultClass.objects.get(code="ABC"[salt % 3]),
        text="逐条答复。",
        document_number="1号" if salt % 11 else "",
        signer="局长",
        signer_post="局长" if salt % 13 else "",
        signer_rank=Reply.Rank.PRINCIPAL if salt % 5 else Reply.Rank.LEADER,
        signed=walk.d.scan if salt % 7 else None,
        commitments=[promise] * (salt % 4),
    )


def contact(walk: Walk, it: Handling, by: User, salt: int) -> None:
    proposer = Proposer.objects.order_by("pk")[salt % Proposer.objects.count()]
    words = {"way": "phone", "stage": "during", "summary": "已沟通。"}
    on = timezone.localdate(walk.at) + timedelta(days=salt % 3 - 1)
    actions.record_contact(it, by=by, proposer=proposer, on=on, at=walk.at, **words)


def evaluate(walk: Walk, it: Evaluation, by: User, salt: int) -> None:
    result = ("satisfied", "not", "basically", "不错")[salt % 4]
    text = "没有写明地点。" if salt % 3 else ""
    actions.evaluate(it, by=by, attitude="satisfied", result=result, text=text, at=walk.at)


def settle(walk: Walk, it: Commitment, by: User, salt: int) -> None:
    actions.settle_commitment(it, by=by, kept=bool(salt % 2), note="已验收。", at=walk.at)


def plain(action: Any, **given: Any) -> Callable[[Walk, Any, User, int], None]:
    """A step that needs nothing typed."""
    return lambda walk, it, by, salt: action(it, by=by, at=walk.at, **given)


VERBS: dict[type, dict[str, Callable[[Walk, Any, User, int], None]]] = {
    Proposal: {
        "save_draft": save_draft,
        "invite": invite,
        "submit": plain(actions.submit),
        "recall": plain(actions.recall),
        "withdraw": plain(actions.withdraw),
        "start_review": plain(actions.start_review),
        "examine": examine,
        "return_": return_,
        "file": file,
        "refuse": refuse,
        "reopen": reopen,
        "consult_units": consult_units,
        "hand_over": hand_over,
        "close": plain(actions.close),
        "archive": plain(actions.archive),
        "revoke": revoke,
        "select_key": select_key,
        "take_out": take_out,
    },
    Proposer: {
        "agree": plain(actions.agree),
        "decline": plain(actions.decline),
        "cancel": lambda walk, it, by, salt: actions.cancel_invitation(it, by=by),
        "step_out": plain(actions.step_out, note="另有考虑。"),
    },
    Handling: {
        "acknowledge": plain(actions.acknowledge),
        "give_opinion": plain(
            actions.give_opinion, text="同意。", signer="大队长", signer_post="负责人"
        ),
        "contact": contact,
        "reply": reply,
    },
    UnitConsultation: {"agree": plain(actions.agree_to_handle), "object": object_},
    Evaluation: {"evaluate": evaluate},
    Rehandling: {
        "start": plain(actions.start_rehandling),
        "refuse": plain(actions.refuse_rehandling, reason="已充分说明。"),
    },
    Commitment: {"keep": settle},
    KeyMark: {"drop_key": drop_key, "supervise": supervise},
}
# Steps that are no move of a table are open when these are.
NEIGHBOUR = {
    "save_draft": "submit",
    "contact": "reply",
    "select_key": "hand_over",
    "supervise": "drop_key",
}


# What must hold after each step ---------------------------------------------------------------


def check_histories(rows: Rows) -> None:
    """Each row's status is what the table makes of its history, and its version counts the lines."""
    for row in rows:
        changes = sorted(row.changes.all(), key=lambda change: change.pk)
        # The first proposer stands from the beginning and has no history.
        status = row.status if not changes else row._meta.get_field("status").default
        assert changes or status in (row._meta.get_field("status").default, "agreed")
        for change in changes:
            move = row.MOVES[change.verb]
            assert change.old == status, f"{row!r}: {change} does not follow {status}"
            assert change.old in move.old, f"{row!r}: {change} is not in the table"
            assert change.new == move.new
            status = change.new
        assert row.status == status
        assert row.version == len(changes)


def check_numbers(rows: Rows) -> None:
    """Numbers begin with 1 and leave no gap; what has a place in the register has one."""
    given: dict[str, list[int]] = {}
    for proposal in rows.of(Proposal):
        assert proposal.number or proposal.status not in Proposal.NUMBERED
        if proposal.number:
            given.setdefault(proposal.series, []).append(proposal.number)
    for numbers in given.values():
        assert sorted(numbers) == list(range(1, len(numbers) + 1))


def check_texts(rows: Rows) -> None:
    """Whoever signs what the office has, agreed to the words that the office has."""
    for proposal in rows.of(Proposal):
        if proposal.status not in ("draft", "cosigning", "returned", "withdrawn", "taken_out"):
            signed = rows.of(Proposer, proposal_id=proposal.pk, status="agreed")
            for proposer in signed:
                assert proposer.text_id == proposal.current_text_id
            own = [proposer for proposer in signed if proposer.merged_from_id is None]
            kind = "cosigned" if len(own) > 1 else "individual"
            assert proposal.kind in (kind, "collective")


def check_consultations(rows: Rows) -> None:
    """Units are asked exactly while a proposal is with them, each once; what has ended asks no more."""
    standing = [row for row in rows.of(UnitConsultation) if row.ended_at is None]
    asked = {row.proposal_id for row in standing}
    wanted = {proposal.pk for proposal in rows.of(Proposal, status="preassigned")}
    assert asked == wanted
    keys = [(row.proposal_id, row.unit_id) for row in standing]
    assert len(keys) == len(set(keys))
    open_clocks = {clock.subject for clock in rows.clocks if clock.is_open}
    for row in rows.of(UnitConsultation):
        assert (key_of(row) in open_clocks) == (row.status == "asked")


def check_answers(rows: Rows) -> None:
    """What was sent is whole, promises what its class asks for, and is rated once by each proposer."""
    shares = {share.pk: share for share in rows.of(Handling)}
    promises = {promise.pk: promise for promise in rows.of(Commitment)}
    for sent in rows.replies:
        rated = [rating.proposer_id for rating in rows.of(Evaluation, reply_id=sent.pk)]
        if not sent.is_sent:
            assert rated == []
            continue
        share = shares[sent.handling_id]
        assert share.role != Handling.Role.JOINT
        assert all([sent.text, sent.signer, sent.document_number, sent.due_on])
        if sent.must_promise:
            assert promises[sent.first_commitment_id].subject == key_of(sent)
        signed = rows.of(Proposer, proposal_id=share.proposal_id, status="agreed")
        assert sorted(rated) == sorted(proposer.pk for proposer in signed)
    leads = Counter(share.proposal_id for share in shares.values() if share.role == "lead")
    assert set(leads.values()) <= {1}


def check_deadlines(rows: Rows, today: date) -> None:
    """Each date says how it came about, its copies agree with it, and late is only what is past."""
    shares = {key_of(share): share for share in rows.of(Handling)}
    for clock in rows.clocks:
        assert clock.explain().strip()
        assert list(clock.events.all())[-1].due_after == clock.due_on
        share = shares.get(clock.subject)
        if share and clock.kind in ("reply", "joint_opinion") and clock.round == share.round:
            assert share.due_on == clock.due_on
    late = {share.pk for share in shares.values() if share.is_overdue(today)}
    assert set(Handling.objects.overdue(today).values_list("pk", flat=True)) == late
    for proposal in rows.of(Proposal):
        answering = [
            share.due_on
            for share in rows.of(Handling, proposal_id=proposal.pk)
            if share.answers_proposers
        ]
        assert proposal.due_on == max(answering, default=None)


def check_keys(rows: Rows) -> None:
    """A key proposal has one mark that holds, with an official who leads it; no other has one."""
    for proposal in rows.of(Proposal):
        current = rows.of(KeyMark, proposal_id=proposal.pk, status="current")
        assert len(current) == proposal.is_key
        if proposal.is_key:
            assert proposal.key_official.mark_id == current[0].pk
            assert proposal.status in Proposal.NUMBERED


def check_ends(rows: Rows) -> None:
    """What has ended waits for nobody: no share, rating, second round or clock is left open."""
    for proposal in rows.of(Proposal):
        if proposal.status not in ENDED:
            continue
        shares = rows.of(Handling, proposal_id=proposal.pk)
        keys = {share.pk for share in shares}
        replies = [reply for reply in rows.replies if reply.handling_id in keys]
        rounds = [row for row in rows.of(Rehandling) if row.handling_id in keys]
        things = [proposal, *shares, *replies, *rounds]
        assert {share.status for share in shares} <= {"opinion_given", "replied", "ended"}
        assert "proposed" not in {row.status for row in rounds}
        for reply in replies:
            assert rows.of(Evaluation, reply_id=reply.pk, status="waiting") == []
        subjects = {key_of(thing) for thing in things}
        left = [clock.kind for clock in rows.clocks if clock.subject in subjects and clock.is_open]
        assert left == [], f"{proposal.status} and still waiting"


@pytest.fixture
def crowd(district: SimpleNamespace) -> SimpleNamespace:
    """The district, and somebody of the office whose account was closed this morning."""
    closed = people.account("office9", "办公室丙", Role.OFFICE)
    User.objects.filter(pk=closed.pk).update(is_active=False)
    district.closed = closed
    district.decision = decided(district.office)
    district.scan = scan_for(closed, district.office)
    SupervisionWay.objects.create(code="talks", name="协商座谈")
    for order, name in enumerate(("初审", "终审")):
        ReviewStage.objects.create(code=f"stage{order}", name=name, order=order)
    return district


def test_random_histories_keep_every_promise(crowd: SimpleNamespace) -> None:
    done: Counter[str] = Counter()

    @settings(
        max_examples=WALKS,
        deadline=None,
        derandomize=True,
        database=None,
        # A walk is read as it is: its steps hang together, and making it smaller takes minutes.
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.randoms(use_true_random=True))
    def walks(chance: Random) -> None:
        with transaction.atomic():
            walk = Walk(crowd, chance)
            for turn in range(STEPS):
                walk.step()
                if turn % 8 == 7:
                    walk.remind()
            moved = AuditEvent.objects.filter(fields__has_key="status").count()
            ended = sum(Publication.objects.values_list("version", flat=True))  # with a revoked one
            assert moved == sum(row.version for row in walk.rows) + ended
            while audit.seal():
                pass
            assert audit.verify().ok, audit.verify().broken
            done.update(walk.done)
            transaction.set_rollback(True)

    walks()

    # The walks are worth something only if they get everywhere.
    every = {verb for verbs in VERBS.values() for verb in verbs}
    assert every <= set(done), f"never succeeded: {sorted(every - set(done))}"
