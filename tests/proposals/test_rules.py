"""Attacks on the rules of proposals: each is tried to be broken from every door there is.

The states are those of tests/stages.py. Rules 1 to 3 stand here, 4 to 6 and 15 to 17 in
test_rules_of_answers.py. Where a rule is tested besides:

1  status by moves alone: office.workflow in test_path, test_admin (posted page), test_races (real
   races), test_house_rules (who writes a status), test_histories (random orders)
2  numbers: test_races (at once), test_path, test_histories (no gap)
3  frozen texts: test_path (asked again), test_views (old page, two windows)
4  units and shares: test_desk (other units, own proposal), test_admin (on paper)
5  promises: test_path, test_desk (page and draft), test_admin (on paper)
6  ratings: test_views (own, sums for units), test_admin (on paper)
14 notices and 13 due dates: tests/office/test_rules.py
15 nothing deleted: tests/office/test_rules.py for the log and files
16 taken out: test_removing (no word left)
17 paper: test_admin (with scan)
"""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from cppcc_portal.office.models import Notice
from cppcc_portal.office.workflow import IllegalMove, NotAllowed
from members.models import Commitment, User
from members.roles import Role
from proposals import actions
from proposals.models import (
    Category,
    Destination,
    Draft,
    Evaluation,
    Proposal,
    Proposer,
    RefusalReason,
    Rehandling,
    ResultClass,
)
from proposals.models.proposals import digest_of
from tests import people
from tests.district import JANUARY, TEXT, drafted, handed_over, seat, submitted
from tests.stages import (
    APRIL,
    LATE,
    acknowledged,
    again,
    answerable,
    closed,
    dissatisfied,
    everything,
    filed,
    give,
    invited,
    joint_of,
    lead_of,
    logged_in,
    rate,
    rating_of,
    replied,
    send,
)

pytestmark = pytest.mark.django_db


def refuse_by(user: User) -> Callable[[Proposal], Any]:
    return lambda it: actions.refuse(
        it,
        by=user,
        refusal_reason=RefusalReason.objects.get(),
        destination=Destination.objects.get(),
    )


# Every step of a proposal with whatever it needs, by whoever is given.
STEPS: dict[str, Callable[[Proposal, User, SimpleNamespace], Any]] = {
    "invite": lambda it, by, d: actions.invite(it, by=by, memberships=[seat(d.other)]),
    "submit": lambda it, by, d: actions.submit(it, by=by),
    "recall": lambda it, by, d: actions.recall(it, by=by),
    "withdraw": lambda it, by, d: actions.withdraw(it, by=by),
    "start_review": lambda it, by, d: actions.start_review(it, by=by),
    "return_": lambda it, by, d: actions.return_(it, by=by, note="请写具体"),
    "file": lambda it, by, d: actions.file(it, by=by, category=Category.objects.get()),
    "refuse": lambda it, by, d: refuse_by(by)(it),
    "hand_over": lambda it, by, d: actions.hand_over(it, by=by, lead=d.housing),
    "close": lambda it, by, d: actions.close(it, by=by),
    "take_out": lambda it, by, d: actions.take_out(it, by=by, note="转区委保密办"),
}
AUTHORS = ("invite", "submit", "recall", "withdraw")

# Rule 1: status changes only through the one table ------------------------------------------------

STAGES = [drafted, invited, submitted, filed, handed_over, acknowledged, replied, closed]


@pytest.mark.parametrize("stage", STAGES)
def test_rule_1_no_step_is_taken_out_of_order(district: SimpleNamespace, stage: Any) -> None:
    proposal = stage(district)
    wrong = [verb for verb in STEPS if proposal.status not in Proposal.MOVES[verb].old]
    before = everything()

    for verb in wrong:
        by = district.author if verb in AUTHORS else district.office
        with pytest.raises(IllegalMove):
            STEPS[verb](proposal.fresh(), by, district)

    assert wrong
    assert everything() == before


@pytest.mark.parametrize("stage", [invited, submitted, filed, dissatisfied])
def test_rule_1_no_step_is_taken_by_the_wrong_person(district: SimpleNamespace, stage: Any) -> None:
    d, proposal = district, stage(district)
    officer = people.account("office8", "办公室丙", Role.OFFICE)
    User.objects.filter(pk=officer.pk).update(is_active=False)
    strangers = [people.account(f"r{role}", "某人", role) for role in Role if role != Role.OFFICE]
    everybody = [again(user) for user in (officer, d.cosigner, d.other, d.clerk, *strangers)]
    right = [verb for verb in STEPS if proposal.status in Proposal.MOVES[verb].old]
    before = everything()

    for verb in right:
        for user in [*everybody, d.office if verb in AUTHORS else d.author]:
            if verb in AUTHORS or not user.has_perm(f"proposals.{verb.strip('_')}_proposal"):
                with pytest.raises(NotAllowed):
                    STEPS[verb](proposal.fresh(), user, d)

    assert right
    assert everything() == before


def stale_pairs(d: SimpleNamespace) -> dict[str, tuple[Any, Any, Any]]:
    """What two people hold at once, what the first does with it, and what the second tries after."""
    second = people.account("office2", "办公室乙", Role.OFFICE)
    clerk = lambda: again(d.clerk)  # noqa: E731
    end = {"note": "已验收", "at": APRIL}
    return {
        "review, return": (
            lambda: submitted(d),
            lambda it: actions.start_review(it, by=d.office),
            lambda it: actions.start_review(it, by=second),
        ),
        "return, file": (
            lambda: submitted(d),
            lambda it: STEPS["return_"](it, d.office, d),
            lambda it: STEPS["file"](it, second, d),
        ),
        "recall, review": (
            lambda: submitted(d),
            lambda it: actions.recall(it, by=d.author),
            lambda it: actions.start_review(it, by=d.office),
        ),
        "withdraw, refuse": (
            lambda: submitted(d),
            lambda it: actions.withdraw(it, by=d.author),
            refuse_by(d.office),
        ),
        "file, withdraw": (
            lambda: submitted(d),
            lambda it: STEPS["file"](it, d.office, d),
            lambda it: actions.withdraw(it, by=d.author),
        ),
        "hand over twice": (
            lambda: filed(d),
            lambda it: actions.hand_over(it, by=d.office, lead=d.housing),
            lambda it: actions.hand_over(it, by=second, lead=d.fire),
        ),
        "cancel, agree": (
            lambda: invited(d).proposers.get(order=1),
            lambda it: actions.cancel_invitation(it, by=d.author),
            lambda it: actions.agree(it, by=d.cosigner, at=JANUARY),
        ),
        "agree, decline": (
            lambda: invited(d).proposers.get(order=1),
            lambda it: actions.agree(it, by=d.cosigner, at=JANUARY),
            lambda it: actions.decline(it, by=d.cosigner, at=JANUARY),
        ),
        "acknowledge twice": (
            lambda: lead_of(handed_over(d)),
            lambda it: actions.acknowledge(it, by=clerk(), at=APRIL),
            lambda it: actions.acknowledge(it, by=clerk(), at=APRIL),
        ),
        "opinion twice": (
            lambda: joint_of(acknowledged(d)),
            lambda it: give(it, by=again(d.joint_clerk)),
            lambda it: give(it, by=again(d.joint_clerk)),
        ),
        "reply twice": (
            lambda: lead_of(answerable(d)),
            lambda it: send(it, by=clerk()),
            lambda it: send(it, by=clerk(), text="另一份答复。"),
        ),
        "rate twice": (
            lambda: (replied(d), rating_of(d.author))[1],
            lambda it: rate(it, by=d.author),
            lambda it: rate(it, by=d.author, result="not", text="改主意了"),
        ),
        "start, refuse": (
            lambda: (dissatisfied(d), Rehandling.objects.get())[1],
            lambda it: actions.start_rehandling(it, by=d.office, at=APRIL),
            lambda it: actions.refuse_rehandling(it, by=second, reason="已答清", at=APRIL),
        ),
        "kept, dropped": (
            lambda: (closed(d), Commitment.objects.get())[1],
            lambda it: actions.settle_commitment(it, by=d.office, kept=True, **end),
            lambda it: actions.settle_commitment(it, by=second, kept=False, **end),
        ),
        "take out, close": (
            lambda: dissatisfied(d),
            lambda it: STEPS["take_out"](it, d.office, d),
            lambda it: actions.close(it, by=second),
        ),
    }


PAIRS = [
    "review, return", "return, file", "recall, review", "withdraw, refuse", "file, withdraw",
    "hand over twice", "cancel, agree", "agree, decline", "acknowledge twice", "opinion twice",
    "reply twice", "rate twice", "start, refuse", "kept, dropped", "take out, close",
]  # fmt: skip


@pytest.mark.parametrize("pair", PAIRS)
def test_rule_1_of_two_with_the_same_page_the_second_is_told(
    district: SimpleNamespace, pair: str
) -> None:
    build, first, second = stale_pairs(district)[pair]
    thing = build()
    mine, theirs = thing.fresh(), thing.fresh()
    first(mine)
    after = everything()

    with pytest.raises(IllegalMove):
        second(theirs)

    assert everything() == after


FORGED = {
    "status": "closed", "number": "99", "serial": "99", "label": "15-5-099", "version": "0",
    "filed_at": "2020-01-01", "closed_at": "2020-01-01", "due_on": "2099-01-01", "round": "7",
    "sent_at": "2020-01-01", "entered_by": "1", "by": "1", "job": "x", "behalf": "某人",
}  # fmt: skip


def test_rule_1_forged_fields_of_a_step_are_not_read(district: SimpleNamespace) -> None:
    office, proposal = logged_in(district.office), submitted(district)
    category = Category.objects.get().pk

    for verb, more in (("start_review", {}), ("file", {"category": category})):
        where = reverse(f"admin:proposals_proposal_{verb}", args=[proposal.pk])
        assert office.post(where, {**FORGED, **more}).status_code == 302

    proposal.refresh_from_db()
    assert (proposal.status, proposal.number, proposal.label) == ("filed", 1, "15-5-001")
    assert (proposal.serial, proposal.entered_by, proposal.due_on) == (1, None, None)
    assert proposal.filed_at.year > 2020
    assert {change.by for change in proposal.changes.exclude(verb="invite")} == {
        district.author,
        district.office,
    }


def test_rule_1_forged_fields_of_the_desk_are_not_read(district: SimpleNamespace) -> None:
    share = lead_of(answerable(district))
    typed = {
        "text": "逐条答复。",
        "result_class": ResultClass.objects.get(code="A").pk,
        "document_number": "1号",
        "signer": "局长",
        "signer_post": "局长",
        "openness": "full",
        "promises-TOTAL_FORMS": "0",
        "promises-INITIAL_FORMS": "0",
    }

    logged_in(district.clerk).post(
        reverse("desk:reply", args=[share.pk]), {**FORGED, **typed, "version": "1", "reply": ""}
    )

    now = share.fresh()
    assert (now.status, now.round, now.due_on) == ("replied", 1, share.due_on)
    assert now.current_reply.sent_by == district.clerk
    assert now.current_reply.sent_at.year > 2020


def test_rule_1_moves_that_follow_by_themselves_have_no_door(district: SimpleNamespace) -> None:
    proposal = handed_over(district)
    office = logged_in(district.office)
    before = everything()

    for verb in ("all_acknowledged", "all_replied", "track", "all_kept", "rehandle"):
        assert office.post(f"/admin/proposals/proposal/{proposal.pk}/{verb}/").status_code in (
            302, 404,
        )  # fmt: skip
        assert office.post(f"/proposals/{proposal.pk}/{verb}/").status_code == 404
        assert not proposal.can(verb, district.office)

    assert everything() == before


def test_rule_1_looking_at_an_address_moves_nothing(district: SimpleNamespace) -> None:
    d, proposal = district, replied(district)
    text, share = invited(d), lead_of(proposal)
    before = everything()

    for user in (d.author, d.cosigner, d.office, d.clerk):
        client = logged_in(user)
        for verb in ("submit", "invite", "agree", "decline", "recall", "withdraw", "save_draft"):
            client.get(reverse(f"proposals:{verb}", args=[text.pk]))
        client.get(reverse("proposals:new"))
        client.get(
            reverse("proposals:cancel", args=[text.pk, text.proposers.get(order=1).pk]),
        )
        client.get(reverse("proposals:evaluate", args=[rating_of(d.author).pk]))
        for verb in ("acknowledge", "contact", "give_opinion", "reply", "save_reply"):
            client.get(reverse(f"desk:{verb}", args=[share.pk]))
        for verb in ("start_review", "return_", "file", "refuse", "hand_over", "close", "take_out"):
            client.get(reverse(f"admin:proposals_proposal_{verb}", args=[proposal.pk]))

    # That the author has opened the page is itself what is kept; nothing else has changed.
    assert rating_of(d.author).opened_at is not None
    Evaluation.objects.update(opened_at=None)
    assert everything() == before


def test_rule_1_bulk_actions_move_only_what_may_move(district: SimpleNamespace) -> None:
    d, office = district, logged_in(district.office)
    hidden, open_, rated = drafted(d), submitted(d), replied(d)
    keys = [hidden.pk, open_.pk, rated.pk]
    before = everything()

    for action in ("delete_selected", "close_many", "hand_over_many"):
        posted = {"action": action, "_selected_action": keys, "post": "yes"}
        office.post(reverse("admin:proposals_proposal_changelist"), posted)
    office.post(
        reverse("admin:proposals_proposal_file_many"),
        {"chosen": [hidden.pk, rated.pk], "category": Category.objects.get().pk, **FORGED},
    )
    office.post(
        reverse("admin:proposals_proposal_hand_over_many"),
        {"rows": keys, f"p{open_.pk}-chosen": "on", f"p{open_.pk}-lead": d.housing.pk},
    )

    assert everything() == before


@pytest.mark.parametrize("status", [*Proposal.NUMBERED, "not_filed"])
def test_rule_1_database_refuses_a_status_without_its_proof(
    district: SimpleNamespace, status: str
) -> None:
    proposal = submitted(district)
    row = proposal.fresh()
    setattr(row, "status", status)  # noqa: B010 (a rule of the house finds the plain assignment)

    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk).update(**{"status": status})
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_rule_1_history_says_who_or_which_job(district: SimpleNamespace) -> None:
    proposal = submitted(district)
    line = {"verb": "file", "old": "submitted", "new": "filed", "at": JANUARY}

    for wrong in ({}, {"by": district.office, "job": "x"}, {"by": district.office, "behalf": "甲"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            proposal.changes.create(**line, **wrong)


LEDGERS = [
    "textversion", "proposalchange", "proposerchange", "handlingchange", "evaluationchange",
    "rehandlingchange",
]  # fmt: skip


@pytest.mark.parametrize("table", LEDGERS)
def test_rule_1_database_refuses_to_rewrite_history(district: SimpleNamespace, table: str) -> None:
    actions.start_rehandling(
        (dissatisfied(district), Rehandling.objects.get())[1], by=district.office, at=APRIL
    )
    column = "title" if table == "textversion" else "note"

    for sql in (
        f"UPDATE proposals_{table} SET {column} = 'x'",  # noqa: S608 (a constant)
        f"DELETE FROM proposals_{table}",  # noqa: S608 (a constant)
    ):
        refused = pytest.raises(IntegrityError, match="append-only")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


# Rule 2: a number is given once, when filed -------------------------------------------------------


def test_rule_2_number_of_what_was_taken_out_is_not_given_again(district: SimpleNamespace) -> None:
    last = filed(district)
    actions.take_out(last, by=district.office, note="转区委保密办")

    assert (last.fresh().number, filed(district).number) == (1, 2)


def test_rule_2_filing_that_fails_leaves_no_gap(
    district: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposal = submitted(district)
    with monkeypatch.context() as broken:
        broken.setattr(Notice.objects, "bulk_create", lambda *args, **kwargs: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            STEPS["file"](proposal, district.office, district)

    assert proposal.fresh().status == Proposal.Status.SUBMITTED
    assert filed(district).number == 1
    assert STEPS["file"](proposal, district.office, district).number == 2


def test_rule_2_database_refuses_a_number_twice_and_a_filed_text_without_one(
    district: SimpleNamespace,
) -> None:
    first, second = filed(district), filed(district)

    for wrong in (
        {"number": first.number},
        {"serial": first.serial},
        {"number": None},
        {"category": None},
        {"series": ""},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Proposal.objects.filter(pk=second.pk).update(**wrong)


def test_rule_2_series_count_apart_and_serial_survives_a_return(district: SimpleNamespace) -> None:
    d, plenary = district, filed(district)
    ordinary = actions.submit(drafted(d), by=d.author, at=APRIL)
    actions.return_(ordinary, by=d.office, note="补附件", text_stays=True, at=APRIL)
    again_ = actions.submit(ordinary, by=d.author, at=APRIL)
    actions.file(again_, by=d.office, category=Category.objects.get(), at=APRIL)

    now = ordinary.fresh()
    assert (plenary.label, now.label) == ("15-5-001", "15-5-平001")
    assert now.serial == ordinary.serial
    assert d.plenary.__class__.objects.get().last_serial == 2


# Rule 3: what co-signers saw is frozen ------------------------------------------------------------


def test_rule_3_signature_goes_to_the_words_on_record(district: SimpleNamespace) -> None:
    d, proposal = district, invited(district)
    old_page = proposal.proposers.get(order=1)
    changed = {**TEXT, "suggestions": "一、全部拆除。"}
    actions.save_draft(proposal, by=d.author, version=2, at=JANUARY, **changed)
    actions.invite(proposal, by=d.author, memberships=[], until=LATE, at=JANUARY)

    with pytest.raises(IllegalMove):
        actions.agree(old_page, by=d.cosigner, at=JANUARY)
    forged = {"text": old_page.text_id, "remark": "同意"}
    logged_in(d.cosigner).post(reverse("proposals:agree", args=[proposal.pk]), forged)

    assert old_page.fresh().status == Proposer.Status.WAITING
    assert [text.suggestions for text in proposal.texts.all()] == [
        TEXT["suggestions"],
        changed["suggestions"],
    ]


@pytest.mark.parametrize("stage", [submitted, filed, handed_over, replied])
def test_rule_3_submitted_words_are_changed_by_no_door(
    district: SimpleNamespace, stage: Any
) -> None:
    d, proposal = district, stage(district)
    typed = {**TEXT, "title": "改掉的题目", "version": 2, "may_publish": "False"}
    before = everything()

    for verb in ("edit", "save_draft", "submit", "invite"):
        logged_in(d.author).post(reverse(f"proposals:{verb}", args=[proposal.pk]), typed)
    for act in (
        lambda: actions.save_draft(proposal.fresh(), by=d.author, version=2, **TEXT),
        lambda: actions.save_choices(proposal.fresh(), by=d.author, may_publish=True),
    ):
        with pytest.raises(IllegalMove):
            act()

    assert everything() == before
    assert not Draft.objects.filter(proposal=proposal).exists()


def test_rule_3_old_window_writes_nothing_after_the_submission(district: SimpleNamespace) -> None:
    proposal = drafted(district)
    old_window = proposal.fresh()
    actions.submit(proposal, by=district.author, at=JANUARY)

    with pytest.raises(IllegalMove):
        actions.save_draft(old_window, by=district.author, version=2, **{**TEXT, "title": "改"})

    text = proposal.fresh().current_text
    assert (text.title, text.digest) == (TEXT["title"], digest_of(text.parts))


def test_rule_3_returned_text_is_kept_beside_the_revised_one(district: SimpleNamespace) -> None:
    d, proposal = district, drafted(district)
    actions.submit(proposal, by=d.author, at=JANUARY)
    actions.return_(proposal, by=d.office, note="请写地点", at=JANUARY)
    words = {**TEXT, "suggestions": "一、在朝阳里增设。"}
    actions.save_draft(proposal, by=d.author, version=1, at=JANUARY, **words)
    actions.submit(proposal, by=d.author, at=JANUARY)

    first, second = proposal.texts.all()
    assert first.suggestions == TEXT["suggestions"]
    assert (second.suggestions, proposal.fresh().current_text) == (words["suggestions"], second)
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk).update(current_text=None)
