"""A reply on its way: countersigned by joint units, signed by the leader, checked, sent."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from cppcc_portal.office import parameters
from cppcc_portal.office.deadlines import Deadline
from cppcc_portal.office.models import Notice
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady
from members import actions as member_actions
from members.models import Commitment, Posting, User
from members.roles import Role
from proposals import actions
from proposals.actions import countersigning
from proposals.forms import in_stage
from proposals.models import Countersign, Evaluation, Handling, Proposal, Reply, ResultClass
from tests import people
from tests.stages import (
    APRIL,
    LATE,
    PDF,
    acknowledged,
    again,
    answer,
    answerable,
    everything,
    joint_of,
    lead_of,
    logged_in,
    replied,
    scan_for,
    send,
)

pytestmark = pytest.mark.django_db
LATER = APRIL + timedelta(days=5)


@pytest.fixture
def boss(district: SimpleNamespace) -> User:
    return people.account(
        "boss", "局长甲", Role.UNIT_LEADER, body=district.housing.body_ptr, post="leader"
    )


@pytest.fixture
def supervision(district: SimpleNamespace) -> User:
    return people.account("sup", "督查甲", Role.SUPERVISION)


def ask_for(district: SimpleNamespace, *steps: str) -> None:
    for step in steps:
        parameters.set_parameter(f"proposals.{step}", "all", by=district.office)


def signing(d: SimpleNamespace) -> Handling:
    """The clerk has sent the reply to the leader."""
    ask_for(d, "sign_off")
    share = lead_of(answerable(d))
    send(share, by=again(d.clerk))
    return share.fresh()


def checking(d: SimpleNamespace, **more: Any) -> Handling:
    """The reply waits for the check."""
    ask_for(d, "check_reply")
    share = lead_of(answerable(d))
    send(share, by=again(d.clerk), **more)
    return share.fresh()


# Sign-off ------------------------------------------------------------------------------------------


def test_reply_reaches_proposers_only_when_the_leader_has_signed_it(
    district: SimpleNamespace, boss: User
) -> None:
    share = signing(district)

    assert share.status == Handling.Status.SIGNING
    assert not Reply.objects.sent().exists()
    assert not Evaluation.objects.exists()
    assert Notice.objects.filter(kind="reply_to_sign", person=boss.person).count() == 1

    actions.sign(share, by=again(boss), at=LATER)

    sent = Reply.objects.sent().get()
    assert share.fresh().status == Handling.Status.REPLIED
    assert (sent.signer, sent.signed_by, sent.signed_at) == ("局长甲", boss, LATER)
    assert Evaluation.objects.count() == 2
    assert [change.verb for change in share.changes.all()][-3:] == [
        "submit_for_signing", "sign", "reply",
    ]  # fmt: skip


@pytest.mark.parametrize("who", ["clerk", "joint_clerk", "office", "author", "supervision"])
def test_only_a_leader_of_the_unit_signs(
    district: SimpleNamespace, boss: User, supervision: User, who: str
) -> None:
    share = signing(district)
    user = supervision if who == "supervision" else getattr(district, who)
    before = everything()

    with pytest.raises(NotAllowed):
        actions.sign(share, by=again(user), at=LATER)

    assert everything() == before


def test_a_key_proposal_is_signed_by_the_principal_leader_where_there_is_one(
    district: SimpleNamespace, boss: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    share = signing(district)
    parameters.set_parameter("proposals.countersign", "none", by=district.office)
    monkeypatch.setattr(Proposal, "is_key", True)
    head = people.account(
        "head", "局长乙", Role.UNIT_LEADER, body=district.housing.body_ptr, post="principal"
    )

    with pytest.raises(NotAllowed):
        actions.sign(share, by=again(boss), at=LATER)
    actions.sign(share.fresh(), by=again(head), at=LATER)

    assert Reply.objects.get().signer_post == "主要负责人"


def test_every_reply_names_the_signers_post(district: SimpleNamespace) -> None:
    share = lead_of(answerable(district))

    with pytest.raises(NotReady, match="签发人职务"):
        send(share, by=again(district.clerk), signer_post=" ")
    reply = send(share.fresh(), by=again(district.clerk), signer_rank="leader")

    with pytest.raises(IntegrityError), transaction.atomic():
        Reply.objects.filter(pk=reply.pk).update(signer_post="")


def test_a_key_proposals_letter_is_signed_by_the_principal_leader_on_paper_too(
    district: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    share = lead_of(answerable(district))
    letter = scan_for(share, district.clerk)
    for step in ("countersign", "check_reply"):
        parameters.set_parameter(f"proposals.{step}", "none", by=district.office)
    monkeypatch.setattr(Proposal, "is_key", True)

    for rank in ("", "leader"):
        for sign_off in ("key", "none"):  # whether or not the portal asks for the sign-off
            parameters.set_parameter("proposals.sign_off", sign_off, by=district.office)
            with pytest.raises(NotReady, match="须由单位主要负责人签发"):
                send(share.fresh(), by=again(district.clerk), signed=letter, signer_rank=rank)
    send(share.fresh(), by=again(district.clerk), signed=letter, signer_rank="principal")

    assert Reply.objects.sent().get().signer_rank == "principal"


def test_office_sets_whose_signature_is_enough(
    district: SimpleNamespace, boss: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    people.account(
        "head", "局长乙", Role.UNIT_LEADER, body=district.housing.body_ptr, post="principal"
    )
    parameters.set_parameter("proposals.countersign", "none", by=district.office)
    parameters.set_parameter("proposals.signer_other", "principal", by=district.office)
    share = signing(district)
    with pytest.raises(NotAllowed):
        actions.sign(share, by=again(boss), at=LATER)
    parameters.set_parameter("proposals.signer_key", "leader", by=district.office)
    parameters.set_parameter("proposals.check_reply", "none", by=district.office)
    monkeypatch.setattr(Proposal, "is_key", True)

    actions.sign(share.fresh(), by=again(boss), at=LATER)

    reply = Reply.objects.sent().get()
    assert (reply.signer, reply.signer_post, reply.signer_rank) == ("局长甲", "负责人", "leader")


def test_a_joint_opinion_names_the_signers_post_and_prints_it(district: SimpleNamespace) -> None:
    share = joint_of(acknowledged(district))
    given = {"text": "同意。", "signer": "大队长甲", "at": APRIL}

    with pytest.raises(NotReady, match="签发人职务"):
        actions.give_opinion(share, by=again(district.joint_clerk), signer_post=" ", **given)
    actions.give_opinion(share, by=again(district.joint_clerk), signer_post="大队长", **given)

    page = logged_in(district.joint_clerk).get(share.get_absolute_url())
    assert "大队长甲（大队长）" in page.content.decode()


def test_a_proposer_never_signs_the_reply_to_their_own_proposal(
    district: SimpleNamespace, boss: User
) -> None:
    share = signing(district)
    member_actions.appoint(
        district.author.person,
        district.housing.body_ptr,
        "leader",
        by=None,
        on=APRIL.date(),
    )

    with pytest.raises(NotAllowed):
        actions.sign(share, by=again(district.author), at=LATER)


def test_leader_whose_posting_has_ended_signs_nothing(
    district: SimpleNamespace, boss: User
) -> None:
    share = signing(district)
    Posting.objects.filter(person=boss.person).update(until=APRIL.date())

    with pytest.raises(NotAllowed):
        actions.sign(share, by=again(boss), at=LATER)


def test_a_letter_signed_on_paper_needs_no_leader_in_the_portal(district: SimpleNamespace) -> None:
    ask_for(district, "sign_off")
    share = lead_of(answerable(district))
    letter = scan_for(share, district.clerk)

    with pytest.raises(NotReady, match="签发人"):
        send(share, by=again(district.clerk), signed=letter, signer="")
    send(share.fresh(), by=again(district.clerk), signed=letter)

    sent = Reply.objects.sent().get()
    assert (sent.signed_paper, sent.signed_by) == (letter, None)


def test_staff_enter_a_signed_letter_from_paper(district: SimpleNamespace) -> None:
    ask_for(district, "sign_off")
    share = lead_of(answerable(district))

    send(share, by=district.office, scan=scan_for(share, district.office))

    assert share.fresh().status == Handling.Status.REPLIED
    assert share.changes.last().behalf == str(district.housing)


def test_what_is_signed_was_not_changed_since_and_comes_back_with_a_reason(
    district: SimpleNamespace, boss: User
) -> None:
    share = signing(district)

    with pytest.raises(IllegalMove):
        actions.save_reply(share, by=again(district.clerk), text="改一改。")
    with pytest.raises(NotReady, match="需要修改的地方"):
        actions.send_back(share, by=again(boss), note=" ", at=LATER)
    actions.send_back(share, by=again(boss), note="第二条太笼统。", at=LATER)

    assert share.fresh().status == Handling.Status.ACKNOWLEDGED
    assert Notice.objects.filter(kind="reply_sent_back", person=district.clerk.person).count() == 1
    page = logged_in(district.clerk).get(reverse("desk:reply", args=[share.pk]))
    assert "第二条太笼统。" in page.content.decode()


def test_promises_are_on_record_only_when_the_reply_is_sent(
    district: SimpleNamespace, boss: User
) -> None:
    ask_for(district, "sign_off")
    share = lead_of(answerable(district))
    promise = {"what": "建成十处", "who": "科长", "due_on": LATE}
    send(share, by=again(district.clerk), letter="B", commitments=[promise])
    assert not Commitment.objects.exists()

    actions.sign(share.fresh(), by=again(boss), at=LATER)

    assert Commitment.objects.get().what == "建成十处"
    assert Reply.objects.get().first_commitment == Commitment.objects.get()


def test_a_promise_whose_day_has_passed_before_the_signature_is_told(
    district: SimpleNamespace, boss: User
) -> None:
    ask_for(district, "sign_off")
    share = lead_of(answerable(district))
    soon = (APRIL + timedelta(days=2)).date()
    promise = {"what": "建成十处", "who": "科长", "due_on": soon}
    send(share, by=again(district.clerk), letter="B", commitments=[promise])

    with pytest.raises(NotReady, match="建成十处"):
        actions.sign(share.fresh(), by=again(boss), at=LATER)
    assert share.fresh().status == Handling.Status.SIGNING


# Check -----------------------------------------------------------------------------------------------


def test_reply_is_checked_before_it_is_sent_and_the_clock_stands_still(
    district: SimpleNamespace, supervision: User
) -> None:
    share = checking(district)
    own = Deadline.objects.current(share, "reply")
    due = own.due_on

    assert share.status == Handling.Status.CHECKING
    assert own.paused_on == APRIL.date()
    assert not Evaluation.objects.exists()
    told = Notice.objects.filter(kind="reply_to_check")
    assert {row.person for row in told} == {supervision.person, district.office.person}

    actions.check(share, by=again(supervision), at=LATER)

    sent = Reply.objects.sent().get()
    assert share.fresh().status == Handling.Status.REPLIED
    assert sent.sent_by == district.clerk
    assert sent.due_on == due + timedelta(days=5)
    assert Deadline.objects.current(share, "reply").met_at == LATER
    assert Deadline.objects.current(share, "check").met_at == LATER


def test_another_class_needs_a_reason_and_is_told_to_the_unit(
    district: SimpleNamespace, supervision: User
) -> None:
    share = checking(district)
    c = ResultClass.objects.get(code="C")
    by = again(supervision)

    with pytest.raises(NotReady, match="理由"):
        actions.check(share, by=by, result_class=c, at=LATER)
    actions.check(share.fresh(), by=by, result_class=c, reason="尚未动工。", at=LATER)

    sent = Reply.objects.sent().get()
    assert (sent.result_class.code, sent.given_class.code) == ("C", "A")
    assert sent.class_reason == "尚未动工。"
    assert Notice.objects.filter(kind="class_changed", person=district.clerk.person).exists()


def test_a_class_that_promises_is_not_given_to_a_reply_without_promises(
    district: SimpleNamespace, supervision: User
) -> None:
    share = checking(district)
    b = ResultClass.objects.get(code="B")
    before = everything()

    with pytest.raises(NotReady, match="退回承办单位补写承诺"):
        actions.check(share, by=again(supervision), result_class=b, reason="尚未完成。", at=LATER)

    assert everything() == before


@pytest.mark.parametrize("who", ["clerk", "joint_clerk", "author"])
def test_only_the_supervision_office_or_the_secretariat_checks(
    district: SimpleNamespace, who: str
) -> None:
    share = checking(district)
    before = everything()

    for step in (actions.check, actions.send_back):
        with pytest.raises(NotAllowed):
            step(share, by=again(getattr(district, who)), note="退回。", at=LATER)

    assert everything() == before


def test_nobody_of_the_unit_checks_its_reply(district: SimpleNamespace, supervision: User) -> None:
    share = checking(district)
    member_actions.appoint(
        supervision.person, district.housing.body_ptr, "clerk", by=None, on=APRIL.date()
    )

    with pytest.raises(NotAllowed):
        actions.check(share, by=again(supervision), at=LATER)


def test_sent_back_from_the_check_the_clock_runs_again_and_a_second_check_has_its_own(
    district: SimpleNamespace, supervision: User
) -> None:
    share = checking(district)
    due = Deadline.objects.current(share, "reply").due_on

    actions.send_back(share, by=again(supervision), note="没有回答第二条。", at=LATER)
    own = Deadline.objects.current(share, "reply")
    assert (own.paused_on, own.due_on) == (None, due + timedelta(days=5))
    assert share.fresh().due_on == due + timedelta(days=5)
    assert Deadline.objects.current(share, "check").met_at == LATER

    actions.reply(share.fresh(), by=again(district.clerk), at=LATER, **answer())
    assert Deadline.objects.current(share, "check").round == 2
    assert Notice.objects.filter(kind="reply_to_check", round=2).count() == 2


def test_of_two_checkers_one_wins_and_the_proposers_hear_it_once(
    district: SimpleNamespace, supervision: User
) -> None:
    share = checking(district)
    first, second = share.fresh(), share.fresh()

    actions.check(first, by=again(supervision), at=LATER)
    with pytest.raises(IllegalMove):
        actions.check(second, by=district.office, at=LATER)

    assert Notice.objects.filter(kind="replied").count() == 2  # author and co-signer
    assert Evaluation.objects.count() == 2


def test_a_late_reply_is_not_made_timely_by_its_check(
    district: SimpleNamespace, supervision: User
) -> None:
    ask_for(district, "check_reply")
    share = lead_of(answerable(district))
    late = datetime.combine(share.due_on + timedelta(days=3), APRIL.timetz())
    actions.reply(share, by=again(district.clerk), at=late, **answer())
    actions.check(share.fresh(), by=again(supervision), at=late + timedelta(days=1))

    sent = Reply.objects.sent().get()
    assert sent.due_on == share.due_on
    assert sent.sent_at.date() > sent.due_on


def test_leader_then_check_in_that_order(
    district: SimpleNamespace, boss: User, supervision: User
) -> None:
    ask_for(district, "sign_off", "check_reply")
    share = lead_of(answerable(district))

    send(share, by=again(district.clerk))
    with pytest.raises(IllegalMove):
        actions.check(share.fresh(), by=again(supervision), at=LATER)
    actions.sign(share.fresh(), by=again(boss), at=LATER)
    assert share.fresh().status == Handling.Status.CHECKING
    actions.check(share.fresh(), by=again(supervision), at=LATER)

    assert Reply.objects.sent().get().signer == "局长甲"


def test_reply_before_the_check_is_read_by_the_unit_and_who_checks_alone(
    district: SimpleNamespace, supervision: User
) -> None:
    share = checking(district, text="待审核的金丝雀。")
    url = reverse("desk:detail", args=[share.pk])

    for user in (district.clerk, supervision, district.office):
        assert "待审核的金丝雀" in logged_in(user).get(url).content.decode()
    assert logged_in(district.author).get(url).status_code == 404
    joint = reverse("desk:detail", args=[joint_of(share.proposal).pk])
    assert "待审核的金丝雀" not in logged_in(district.joint_clerk).get(joint).content.decode()
    page = logged_in(district.author).get(share.proposal.get_absolute_url()).content.decode()
    assert "待审核的金丝雀" not in page


# Countersigning ----------------------------------------------------------------------------------------


def drafted(d: SimpleNamespace, **more: Any) -> Handling:
    """Joint units countersign; the lead has written its draft."""
    ask_for(d, "countersign")
    share = lead_of(answerable(d))
    actions.save_reply(share, by=again(d.clerk), at=APRIL, **{**answer(), **more})
    return share.fresh()


def test_reply_waits_for_the_joint_units_word_on_these_very_words(
    district: SimpleNamespace,
) -> None:
    share = drafted(district)
    clerk, joint = again(district.clerk), again(district.joint_clerk)

    with pytest.raises(NotReady, match="还没有送 区消防救援大队 会签"):
        send(share, by=clerk)
    (row,) = actions.send_for_countersign(share.fresh(), by=clerk, at=APRIL)
    with pytest.raises(NotReady, match="还没有会签"):
        send(share.fresh(), by=clerk)
    countersigning.agree(row, by=joint, at=APRIL)
    with pytest.raises(NotReady, match="须重新会签"):
        send(share.fresh(), by=clerk, text="换了一段话。")
    send(share.fresh(), by=clerk)

    assert share.fresh().status == Handling.Status.REPLIED
    assert Notice.objects.filter(kind="countersigned", person=clerk.person).count() == 1


def test_changed_words_are_asked_again_and_the_old_question_lapses(
    district: SimpleNamespace,
) -> None:
    share, clerk = drafted(district), again(district.clerk)
    (old,) = actions.send_for_countersign(share, by=clerk, at=APRIL)
    with pytest.raises(NotReady, match="已经送过会签"):
        actions.send_for_countersign(share.fresh(), by=clerk, at=APRIL)

    actions.save_reply(share.fresh(), by=clerk, at=APRIL, text="换了一段话。")
    (new,) = actions.send_for_countersign(share.fresh(), by=clerk, at=APRIL)

    assert old.fresh().status == Countersign.Status.LAPSED
    assert new.text == "换了一段话。"
    assert not Deadline.objects.current(old, "countersign").is_open
    with pytest.raises(IllegalMove):
        countersigning.agree(old.fresh(), by=again(district.joint_clerk), at=APRIL)


def test_dissent_says_why_is_seen_by_the_lead_and_does_not_block(
    district: SimpleNamespace,
) -> None:
    share, clerk = drafted(district), again(district.clerk)
    (row,) = actions.send_for_countersign(share, by=clerk, at=APRIL)
    joint = again(district.joint_clerk)

    with pytest.raises(NotReady, match="不同意的地方"):
        countersigning.dissent(row, by=joint, remark=" ", at=APRIL)
    countersigning.dissent(row.fresh(), by=joint, remark="消防间距不够。", at=APRIL)
    page = logged_in(district.clerk).get(reverse("desk:reply", args=[share.pk]))
    assert "消防间距不够。" in page.content.decode()
    send(share.fresh(), by=clerk)

    assert share.fresh().status == Handling.Status.REPLIED


def test_silence_of_a_joint_unit_blocks_until_its_day_only(district: SimpleNamespace) -> None:
    share, clerk = drafted(district), again(district.clerk)
    (row,) = actions.send_for_countersign(share, by=clerk, at=APRIL)
    after = datetime.combine(row.due_on + timedelta(days=1), APRIL.timetz())

    actions.reply(share.fresh(), by=clerk, at=after, **answer())

    assert row.fresh().status == Countersign.Status.LAPSED
    assert share.fresh().status == Handling.Status.REPLIED


@pytest.mark.parametrize("who", ["clerk", "author", "office"])
def test_only_the_joint_unit_countersigns(district: SimpleNamespace, who: str) -> None:
    share = drafted(district)
    (row,) = actions.send_for_countersign(share, by=again(district.clerk), at=APRIL)

    with pytest.raises((NotAllowed, NotReady)):  # the office with the unit's paper only
        countersigning.agree(row, by=again(getattr(district, who)), at=APRIL)

    assert row.fresh().status == Countersign.Status.WAITING


def test_staff_enter_a_countersignature_from_paper(district: SimpleNamespace) -> None:
    share = drafted(district)
    (row,) = actions.send_for_countersign(share, by=again(district.clerk), at=APRIL)

    scan = scan_for(row, district.office)
    countersigning.agree(row, by=district.office, scan=scan, at=APRIL)

    assert row.changes.get().behalf == str(district.fire)


def test_countersign_page_is_hidden_from_everybody_else(district: SimpleNamespace) -> None:
    share = drafted(district)
    (row,) = actions.send_for_countersign(share, by=again(district.clerk), at=APRIL)
    url = row.get_absolute_url()

    for user in (district.clerk, district.joint_clerk):
        assert logged_in(user).get(url).status_code == 200
    stranger = people.account(
        "u9", "经办丙", Role.UNIT_CLERK, body=people.unit("区水利局").body_ptr, post="clerk"
    )
    for user in (district.author, stranger):
        assert logged_in(user).get(url).status_code == 404
    listed = logged_in(district.joint_clerk).get(reverse("desk:index"))
    assert url in listed.content.decode()


def test_database_refuses_half_a_countersignature_and_half_a_check(
    district: SimpleNamespace,
) -> None:
    share = drafted(district)
    (row,) = actions.send_for_countersign(share, by=again(district.clerk), at=APRIL)
    draft = row.reply

    for model, pk, wrong in (
        (Countersign, row.pk, {"status": "dissented", "answered_at": APRIL}),
        (Countersign, row.pk, {"status": "agreed"}),
        (Reply, draft.pk, {"given_class": draft.result_class}),
        (Reply, draft.pk, {"signed_at": APRIL}),
        (Handling, share.pk, {"status": "checking"}),
        (Handling, joint_of(share.proposal).pk, {"status": "signing"}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.filter(pk=pk).update(**wrong)


# Defaults and pages --------------------------------------------------------------------------------------


def test_by_default_an_ordinary_proposal_is_answered_without_these_steps(
    district: SimpleNamespace,
) -> None:
    assert lead_of(replied(district)).status == Handling.Status.REPLIED


def test_a_key_proposal_takes_all_these_steps_by_default(
    district: SimpleNamespace, boss: User, supervision: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    share = lead_of(answerable(district))
    monkeypatch.setattr(Proposal, "is_key", True)
    clerk = again(district.clerk)
    actions.save_reply(share, by=clerk, at=APRIL, **answer())
    (row,) = actions.send_for_countersign(share.fresh(), by=clerk, at=APRIL)
    countersigning.agree(row, by=again(district.joint_clerk), at=APRIL)

    send(share.fresh(), by=clerk)
    actions.sign(share.fresh(), by=again(boss), at=LATER)
    actions.check(share.fresh(), by=again(supervision), at=LATER)

    assert share.fresh().status == Handling.Status.REPLIED


def test_clerk_leader_and_checker_walk_the_pages(
    district: SimpleNamespace, boss: User, supervision: User
) -> None:
    ask_for(district, "sign_off", "check_reply", "countersign")
    share = lead_of(answerable(district))
    clerk, url = logged_in(district.clerk), reverse("desk:reply", args=[share.pk])
    typed = {
        "text": "逐条答复。",
        "result_class": ResultClass.objects.get(code="A").pk,
        "document_number": "海住建提〔2026〕1号",
        "openness": "full",
        "promises-TOTAL_FORMS": "0",
        "promises-INITIAL_FORMS": "0",
    }

    assert "送签发" in clerk.get(url).content.decode()
    answered = clerk.post(url, {**typed, "countersign": "1"}, follow=True)
    assert "答复稿已送会签" in answered.content.decode()
    row = Countersign.objects.get()
    joint = logged_in(district.joint_clerk)
    joint.post(row.get_absolute_url() + "agree/", {"remark": "同意。"})
    draft = Reply.objects.get()
    told = clerk.post(url, {**typed, "version": draft.version, "reply": "1"}, follow=True)
    assert "已送单位负责人签发" in told.content.decode()
    desk = reverse("desk:detail", args=[share.pk])
    assert f"{desk}sign/" in logged_in(boss).get(desk).content.decode()
    logged_in(boss).post(f"{desk}sign/", {"note": ""})
    checks = logged_in(supervision).get(reverse("desk:checks"))
    assert desk in checks.content.decode()
    done = logged_in(supervision).post(
        f"{desk}check/", {"result_class": typed["result_class"], "note": ""}, follow=True
    )
    assert "审核通过" in done.content.decode()
    assert share.fresh().status == Handling.Status.REPLIED


def test_clerk_attaches_the_letter_signed_on_paper_at_the_reply_page(
    district: SimpleNamespace,
) -> None:
    ask_for(district, "sign_off")
    share = lead_of(answerable(district))
    clerk, url = logged_in(district.clerk), reverse("desk:reply", args=[share.pk])
    typed = {
        "text": "逐条答复。",
        "result_class": ResultClass.objects.get(code="A").pk,
        "document_number": "海住建提〔2026〕1号",
        "openness": "full",
        "signer": "局长甲",
        "signer_post": "负责人",
        "promises-TOTAL_FORMS": "0",
        "promises-INITIAL_FORMS": "0",
        "reply": "1",
    }

    broken = SimpleUploadedFile("答复函.pdf", b"no paper at all", "application/pdf")
    page = clerk.post(url, {**typed, "signed": broken})
    assert page.context["form"].errors["signed"]
    assert Reply.objects.get().text == "逐条答复。"  # kept, whatever became of the scan
    saving = {name: value for name, value in typed.items() if name != "reply"} | {"save": "1"}
    kept = clerk.post(url, {**saving, "signed": SimpleUploadedFile("a.pdf", PDF)}, follow=True)
    assert "扫描件没有保存" in kept.content.decode()

    upload = SimpleUploadedFile("答复函.pdf", PDF, "application/pdf")
    clerk.post(url, {**typed, "signed": upload})

    assert Reply.objects.sent().get().signed_paper is not None


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_checks_asks_a_constant_number_of_queries(
    district: SimpleNamespace, supervision: User, count: int, django_assert_max_num_queries: Any
) -> None:
    ask_for(district, "check_reply")
    for _number in range(count):
        send(lead_of(answerable(district)), by=again(district.clerk))
    client = logged_in(supervision)
    url = reverse("desk:checks")
    client.get(url)

    with django_assert_max_num_queries(9):
        assert client.get(url).status_code == 200


def test_reminders_go_to_joint_units_and_checkers(
    district: SimpleNamespace, supervision: User
) -> None:
    ask_for(district, "check_reply")
    share = drafted(district)
    (row,) = actions.send_for_countersign(share, by=again(district.clerk), at=APRIL)

    actions.remind(row.due_on)
    actions.remind(row.due_on)
    assert (
        Notice.objects.filter(
            kind="countersign_reminder", person=district.joint_clerk.person
        ).count()
        == 1
    )
    countersigning.agree(row.fresh(), by=again(district.joint_clerk), at=APRIL)
    send(share.fresh(), by=again(district.clerk))
    due = share.fresh().check_due_on
    assert due is not None
    actions.remind(due)
    actions.remind(due)

    assert (
        Notice.objects.filter(kind="check_reminder", person=supervision.person, due_on=due).count()
        == 1
    )


# At the seams -------------------------------------------------------------------------------------------


def test_checker_gives_another_class_to_a_reply_that_was_countersigned(
    district: SimpleNamespace, supervision: User
) -> None:
    ask_for(district, "check_reply")
    share, clerk = drafted(district), again(district.clerk)
    (row,) = actions.send_for_countersign(share, by=clerk, at=APRIL)
    countersigning.agree(row, by=again(district.joint_clerk), at=APRIL)
    send(share.fresh(), by=clerk)

    c = ResultClass.objects.get(code="C")
    actions.check(
        share.fresh(), by=again(supervision), result_class=c, reason="尚未动工。", at=LATER
    )

    assert Reply.objects.sent().get().result_class == c


def test_words_that_come_back_are_asked_about_again(district: SimpleNamespace) -> None:
    share, clerk = drafted(district), again(district.clerk)
    (row,) = actions.send_for_countersign(share, by=clerk, at=APRIL)
    for text in ("换了一段话。", answer()["text"]):
        actions.save_reply(share.fresh(), by=clerk, at=APRIL, text=text)
        actions.send_for_countersign(share.fresh(), by=clerk, at=APRIL)

    assert row.fresh().status == Countersign.Status.WAITING
    assert Deadline.objects.current(row, "countersign").round == 2
    with pytest.raises(NotReady, match="还没有会签"):
        send(share.fresh(), by=clerk)


def test_who_handed_it_in_does_not_check_it(district: SimpleNamespace) -> None:
    ask_for(district, "check_reply")
    share = lead_of(answerable(district))
    send(share, by=district.office, scan=scan_for(share, district.office))

    with pytest.raises(NotAllowed):
        actions.check(share.fresh(), by=again(district.office), at=LATER)
    other = people.account("office2", "办公室乙", Role.OFFICE)
    actions.check(share.fresh(), by=other, at=LATER)

    assert Reply.objects.sent().exists()


def test_unit_is_not_told_that_it_is_its_turn_while_others_check(
    district: SimpleNamespace,
) -> None:
    share = checking(district)

    page = logged_in(district.clerk).get(share.get_absolute_url()).content.decode()

    assert "轮到您办理" not in page
    assert "督查" in page


def test_reply_in_check_stays_in_sight_at_the_desk(district: SimpleNamespace) -> None:
    share = checking(district)

    page = logged_in(district.clerk).get(reverse("desk:index")).content.decode()

    assert share.get_absolute_url() in page
    assert "审核区住建局的答复" in page


def test_request_of_the_unit_lapses_when_its_reply_is_handed_in(district: SimpleNamespace) -> None:
    ask_for(district, "check_reply")
    share = lead_of(answerable(district))
    asked = actions.request_extension(
        share, by=again(district.clerk), wanted_on=LATER.date() + timedelta(days=90),
        reason="材料未齐。", at=APRIL,
    )  # fmt: skip

    send(share.fresh(), by=again(district.clerk))

    assert asked.fresh().status == "lapsed"


def test_staff_come_to_a_countersignature_from_the_joint_units_share(
    district: SimpleNamespace,
) -> None:
    share = drafted(district)
    (row,) = actions.send_for_countersign(share, by=again(district.clerk), at=APRIL)
    office = logged_in(district.office)
    inside = reverse("admin:proposals_handling_change", args=[row.handling_id])
    assert row.get_absolute_url() in office.get(inside).content.decode()
    page = f"{row.get_absolute_url()}dissent/"
    typed = {"remark": "第二条不属本单位。"}

    without = office.post(page, typed)
    scan = SimpleUploadedFile("会签.pdf", PDF, "application/pdf")
    office.post(page, {**typed, "scan": scan})

    assert "scan" in without.context["form"].errors
    assert "第二条不属本单位。" in without.content.decode()
    assert row.fresh().status == Countersign.Status.DISSENTED
    assert row.changes.get().behalf == str(row.handling.unit)


def test_scan_of_a_countersignature_is_read_by_both_units(district: SimpleNamespace) -> None:
    share = drafted(district)
    (row,) = actions.send_for_countersign(share, by=again(district.clerk), at=APRIL)
    scan = scan_for(row, district.office)
    countersigning.agree(row, by=district.office, scan=scan, at=APRIL)

    for user in (district.clerk, district.joint_clerk, district.office):
        assert scan.can_be_read_by(again(user))
    assert not scan.can_be_read_by(again(district.author))


def test_reply_in_check_is_not_counted_as_late(district: SimpleNamespace) -> None:
    share = checking(district)
    after = share.due_on + timedelta(days=3)
    late = Proposal.objects.filter(in_stage("late", after))

    assert not late.exists()
    Handling.objects.filter(pk=share.pk).update(status="acknowledged")
    assert late.get() == share.proposal
