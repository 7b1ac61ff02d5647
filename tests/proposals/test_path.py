"""The whole life of a proposal by actions alone: from a draft to a second round that satisfies."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest

from cppcc_portal.office import deadlines
from cppcc_portal.office.models import Notice
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady
from members.models import Commitment, User
from proposals import actions
from proposals.models import (
    Category,
    Destination,
    Evaluation,
    Handling,
    Proposal,
    RefusalReason,
    Rehandling,
    ResultClass,
)
from tests import people
from tests.district import JANUARY, TEXT, drafted, handed_over, seat, submitted
from tests.stages import scan_for

pytestmark = pytest.mark.django_db


def test_path_reaches_every_proposer_and_a_second_round_satisfies(
    district: SimpleNamespace,
) -> None:
    d = district
    proposal = handed_over(d)
    assert proposal.label == "15-5-001"
    assert proposal.status == Proposal.Status.ASSIGNED
    lead = proposal.handlings.get(unit=d.housing)
    joint = proposal.handlings.get(unit=d.fire)
    assert lead.due_on.isoformat() == "2026-06-18"
    d.clerk, d.joint_clerk = (
        type(user).objects.get(pk=user.pk) for user in (d.clerk, d.joint_clerk)
    )

    actions.acknowledge(lead, by=d.clerk)
    actions.acknowledge(joint, by=d.joint_clerk)
    proposal.refresh_from_db()
    assert proposal.status == Proposal.Status.HANDLING
    answer = {
        "result_class": ResultClass.objects.get(code="B"),
        "document_number": "海住建提〔2026〕1号",
        "text": "逐条答复。",
        "signer": "局长",
        "signer_post": "负责人",
    }
    promise = {
        "what": "建成十处充电点",
        "who": "科长",
        "due_on": (datetime.now(people.CHINA) + timedelta(days=90)).date(),
    }
    Handling.objects.filter(pk=joint.pk).update(due_on="2099-01-01")
    with pytest.raises(NotReady):  # the joint opinion is not in, and its term is not over
        actions.reply(lead, by=d.clerk, commitments=[promise], **answer)
    actions.give_opinion(
        joint, by=d.joint_clerk, text="同意。", signer="大队长", signer_post="负责人"
    )
    lead.refresh_from_db()
    with pytest.raises(NotReady):  # class B without a promise
        actions.reply(lead, by=d.clerk, **answer)
    lead.refresh_from_db()
    actions.reply(lead, by=d.clerk, commitments=[promise], **answer)

    proposal.refresh_from_db()
    assert proposal.status == Proposal.Status.REPLIED
    assert Commitment.objects.count() == 1
    mine, theirs = Evaluation.objects.order_by("proposer__order")
    actions.evaluate(mine, by=d.author, attitude="satisfied", result="satisfied")
    actions.evaluate(theirs, by=d.cosigner, attitude="satisfied", result="not", text="没有写明地点")
    with pytest.raises(NotReady):
        actions.close(proposal, by=d.office)
    actions.start_rehandling(Rehandling.objects.get(), by=d.office)
    proposal.refresh_from_db()
    lead.refresh_from_db()
    assert (proposal.status, lead.round) == (Proposal.Status.REHANDLING, 2)

    letter = scan_for(lead, d.clerk)  # signed by the principal leader on paper
    actions.reply(
        lead, by=d.clerk, commitments=[promise], signed=letter, signer_rank="principal", **answer
    )
    for evaluation in Evaluation.objects.filter(reply__round=2):
        user = evaluation.proposer.membership.person.user
        actions.evaluate(evaluation, by=user, attitude="satisfied", result="satisfied")
    actions.close(proposal, by=d.office)
    proposal.refresh_from_db()
    assert proposal.status == Proposal.Status.TRACKING
    keys = list(Notice.objects.values_list("dedupe_key", flat=True))
    assert len(keys) == len(set(keys)) > 15


def test_number_waits_for_nobody_and_is_never_given_twice(district: SimpleNamespace) -> None:
    first, second = submitted(district), submitted(district)

    for proposal in (first, second):
        actions.file(proposal, by=district.office, category=Category.objects.get())

    assert [first.number, second.number] == [1, 2]
    with pytest.raises(IllegalMove):
        actions.file(first, by=district.office, category=Category.objects.get())


def test_refusal_needs_reason_and_destination_and_tells_the_proposers(
    district: SimpleNamespace,
) -> None:
    proposal = submitted(district)

    actions.refuse(
        proposal,
        by=district.office,
        refusal_reason=RefusalReason.objects.get(),
        destination=Destination.objects.get(),
    )

    assert proposal.status == Proposal.Status.NOT_FILED
    assert Notice.objects.filter(kind="not_filed").count() == 2


def test_cosigner_who_signed_other_words_is_asked_again(district: SimpleNamespace) -> None:
    d = district
    proposal = drafted(d)
    actions.invite(proposal, by=d.author, memberships=[seat(d.cosigner)], at=JANUARY)
    invitation = proposal.proposers.get(order=1)
    actions.agree(invitation, by=d.cosigner, at=JANUARY)
    changed = {**TEXT, "suggestions": "一、全部拆除。"}
    actions.save_draft(proposal, by=d.author, version=2, at=JANUARY, **changed)

    with pytest.raises(NotReady):
        actions.submit(proposal, by=d.author, at=JANUARY)
    actions.invite(proposal, by=d.author, memberships=[], at=JANUARY)

    invitation.refresh_from_db()
    assert invitation.status == invitation.Status.WAITING
    assert invitation.text.suggestions == "一、全部拆除。"


def test_two_windows_keep_both_texts(district: SimpleNamespace) -> None:
    proposal = drafted(district)

    with pytest.raises(actions.DraftConflict) as conflict:
        actions.save_draft(
            proposal, by=district.author, version=1, **{**TEXT, "situation": "另一个窗口"}
        )

    assert conflict.value.theirs.situation == TEXT["situation"]
    assert proposal.draft_copies.get().situation == "另一个窗口"


def test_stranger_cannot_take_any_step(district: SimpleNamespace) -> None:
    proposal = submitted(district)

    with pytest.raises(NotAllowed):
        actions.return_(proposal, by=district.other, note="改")
    with pytest.raises(NotAllowed):
        actions.start_review(proposal, by=district.other)
    assert not Proposal.objects.visible_to(district.other).exists()


def test_copies_of_due_dates_follow_an_extension(district: SimpleNamespace) -> None:
    proposal = handed_over(district)
    lead = proposal.handlings.get(unit=district.housing)
    clock = deadlines.Deadline.objects.current(lead, "reply")
    assert clock is not None

    deadlines.extend(
        clock, to=date(2026, 8, 18), on=date(2026, 6, 1), by=district.office, note="需踏勘"
    )

    lead.refresh_from_db()
    proposal.refresh_from_db()
    assert lead.due_on == proposal.due_on == date(2026, 8, 18)


def test_last_promise_kept_ends_the_tracking(district: SimpleNamespace) -> None:
    d = district
    proposal = handed_over(d)
    lead = proposal.handlings.get(unit=d.housing)
    joint = proposal.handlings.get(unit=d.fire)
    clerk, other = User.objects.get(pk=d.clerk.pk), User.objects.get(pk=d.joint_clerk.pk)
    actions.acknowledge(lead, by=clerk)
    actions.acknowledge(joint, by=other)
    actions.give_opinion(joint, by=other, text="同意。", signer="大队长", signer_post="负责人")
    lead.refresh_from_db()
    actions.reply(
        lead,
        by=clerk,
        commitments=[{"what": "建成十处", "who": "科长", "due_on": date(2099, 1, 1)}],
        result_class=ResultClass.objects.get(code="B"),
        document_number="1号",
        text="答复。",
        signer="局长",
        signer_post="负责人",
    )
    for evaluation in Evaluation.objects.all():
        by = evaluation.proposer.membership.person.user
        actions.evaluate(evaluation, by=by, attitude="satisfied", result="satisfied")
    actions.close(proposal, by=d.office)
    assert proposal.status == Proposal.Status.TRACKING

    promise = Commitment.objects.get()
    with pytest.raises(NotReady):
        actions.settle_commitment(promise, by=d.office, kept=True, note="")
    actions.settle_commitment(promise, by=d.office, kept=True, note="已建成并验收。")

    assert proposal.fresh().status == Proposal.Status.CLOSED
    assert promise.fresh().status == Commitment.Status.KEPT
