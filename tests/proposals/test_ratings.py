"""Ratings: who learns what of them, how they are changed, counted and asked for again."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from cppcc_portal.office.deadlines import Deadline
from cppcc_portal.office.keys import key_of
from cppcc_portal.office.models import Notice
from cppcc_portal.office.parameters import set_parameter
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady
from members.models import User
from members.roles import Role
from proposals import actions
from proposals.models import EarlierRating, Evaluation, Handling, Proposal, Rehandling
from proposals.rating_sums import sums, unrated
from proposals.resources import ProposalResource
from tests import people
from tests.browsing import text
from tests.stages import (
    APRIL,
    LATE,
    again,
    closed,
    dissatisfied,
    everything,
    lead_of,
    logged_in,
    rate,
    rating_of,
    replied,
    scan_for,
    send,
)

pytestmark = pytest.mark.django_db


# What is known before a second round --------------------------------------------------------------


@pytest.mark.parametrize("who", ["clerk", "joint_clerk", "cosigner", "supervision"])
def test_nobody_else_learns_before_the_decision_that_somebody_was_not_satisfied(
    district: SimpleNamespace, who: str
) -> None:
    d = district
    d.supervision = people.account("dc", "督查员甲", Role.SUPERVISION)
    proposal = dissatisfied(d)

    page = text(logged_in(getattr(d, who)).get(proposal.get_absolute_url()))

    assert "不满意" not in page
    assert "重新办理" not in page


@pytest.mark.parametrize("who", ["author", "office"])
def test_the_rater_and_the_office_read_that_a_decision_is_awaited(
    district: SimpleNamespace, who: str
) -> None:
    proposal = dissatisfied(district)

    page = text(logged_in(again(getattr(district, who))).get(proposal.get_absolute_url()))

    assert "有提案人不满意，决定是否重新办理" in page


# A meeting that was not necessary ---------------------------------------------------------------


def test_proposer_who_wanted_no_meeting_is_counted_apart_and_never_as_met(
    district: SimpleNamespace,
) -> None:
    d, proposal = district, replied(district)
    first = proposal.proposers.get(order=0)

    def noted(way: str) -> str:
        actions.record_contact(
            lead_of(proposal),
            by=again(d.clerk),
            proposer=first,
            way=way,
            stage="during",
            on=timezone.localdate(APRIL),
            summary="电话里说不用见面。",
            at=APRIL,
        )
        exported = ProposalResource().export(Proposal.objects.filter(pk=proposal.pk))
        return str(exported.dict[0]["面商情况"])

    before = ProposalResource().export(Proposal.objects.all()).dict[0]["面商情况"]
    assert [before, noted("phone"), noted("not_needed")] == [
        "未面商",
        "未面商",
        "提案人表示不必面商",
    ]
    assert noted("visit") == "已面商"

    given = {"attitude": "satisfied", "result": "satisfied", "to_the_point": "yes"}
    rating = rating_of(d.author)
    page = logged_in(d.author)
    assert "本人表示不必面商" in text(page.get(rating.get_absolute_url()))
    page.post(rating.get_absolute_url(), {**given, "contacted": "not_needed"})
    assert rating.fresh().contacted == Evaluation.Contacted.NOT_NEEDED


# The second round under the principal leader ------------------------------------------------------


def second_round(d: SimpleNamespace) -> Handling:
    lead = lead_of(dissatisfied(d))
    return actions.start_rehandling(lead.rehandlings.get(), by=d.office, at=APRIL)


@pytest.mark.parametrize("scope", ["none", "key", "all"])
def test_second_round_is_never_sent_by_the_clerk_alone(
    district: SimpleNamespace, scope: str
) -> None:
    d = district
    share = second_round(d)
    set_parameter("proposals.sign_off", scope, by=d.office)

    send(share, by=again(d.clerk))

    assert share.fresh().status == Handling.Status.SIGNING
    assert share.replies.sent().count() == 1  # that of the first round


def test_second_round_is_signed_by_the_principal_leader_where_there_is_one(
    district: SimpleNamespace,
) -> None:
    d = district
    body = d.housing.body_ptr
    vice = people.account("vice", "副局长甲", Role.UNIT_LEADER, body=body, post="leader")
    share = second_round(d)
    send(share, by=again(d.clerk))
    share = share.fresh()
    assert share.can("sign", again(vice))

    boss = people.account("boss", "局长甲", Role.UNIT_LEADER, body=body, post="principal")
    assert not share.can("sign", again(vice))
    with pytest.raises(NotAllowed):
        actions.sign(share, by=again(vice), at=APRIL)
    actions.sign(share, by=again(boss), at=APRIL)

    assert share.fresh().status == Handling.Status.REPLIED


def test_second_round_that_was_signed_on_paper_goes_with_its_scan(
    district: SimpleNamespace,
) -> None:
    d = district
    share = second_round(d)

    send(share, by=again(d.clerk), signed=scan_for(share, d.clerk))

    assert share.fresh().status == Handling.Status.REPLIED
    assert share.fresh().current_reply.signed_paper is not None


# Changed while the round is open ------------------------------------------------------------------


def change(d: SimpleNamespace, *, by: User | None = None, **given: Any) -> Evaluation:
    rating = rating_of(d.author)
    words = {"attitude": "satisfied", "result": "satisfied", "contacted": "phone", **given}
    actions.change_rating(rating, by=by or again(d.author), at=APRIL, **words)
    return rating.fresh()


def test_changed_rating_keeps_the_old_answer_and_asks_for_no_second_round_any_more(
    district: SimpleNamespace,
) -> None:
    d = district
    dissatisfied(d)

    rating = change(d, result="basically")

    assert (rating.status, rating.result, rating.text) == ("answered", "basically", "")
    old = rating.earlier.get()
    assert (old.result, old.text, old.answered_at) == ("not", "没有写明地点", APRIL)
    asked = Rehandling.objects.get()
    assert asked.status == Rehandling.Status.DROPPED
    assert not Deadline.objects.filter(subject=key_of(asked)).open().exists()
    assert Notice.objects.filter(kind="dissatisfied_no_more", person=d.office.person).count() == 1
    with pytest.raises(IllegalMove):
        actions.start_rehandling(asked, by=d.office, at=APRIL)
    assert actions.close(rating.reply.handling.proposal, by=d.office, at=APRIL) is None


def test_rating_changed_to_not_satisfied_asks_for_a_second_round_again(
    district: SimpleNamespace,
) -> None:
    d = district
    dissatisfied(d)
    change(d)

    rating = change(d, result="not", text="还是没有地点")

    statuses = list(rating.rehandlings.order_by("pk").values_list("status", flat=True))
    assert statuses == ["dropped", "proposed"]
    assert [old.result for old in rating.earlier.all()] == ["satisfied", "not"]
    with pytest.raises(NotReady):
        change(d, result="not", text=" ")
    assert change(d, result="not", text="地点、时间都没有").rehandlings.count() == 2


def test_the_same_words_again_change_nothing(district: SimpleNamespace) -> None:
    d = district
    replied(d)
    page = logged_in(d.author)
    url = rating_of(d.author).get_absolute_url()
    typed = {
        "attitude": "satisfied", "result": "satisfied", "contacted": "phone",
        "to_the_point": "yes", "text": "",
    }  # fmt: skip

    for _tap in range(2):
        assert page.post(url, typed).status_code == 302

    assert rating_of(d.author).changes.count() == 1
    assert not EarlierRating.objects.exists()
    assert "办结或启动重新办理之前可以修改" in text(page.get(url))
    assert "修改评价" in text(
        page.get(rating_of(d.author).reply.handling.proposal.get_absolute_url())
    )
    page.post(url, {**typed, "result": "basically"})
    assert "修改前的评价 1 份" in text(page.get(url))


def test_rating_is_changed_by_nobody_else_and_not_after_its_round(
    district: SimpleNamespace,
) -> None:
    d = district
    proposal = dissatisfied(d)
    before = everything()
    for user in (d.cosigner, d.clerk, d.joint_clerk, d.other):
        with pytest.raises(NotAllowed):
            change(d, by=again(user))
    with pytest.raises(NotReady):  # from paper, without it
        change(d, by=again(d.office))
    assert everything() == before
    changed = change(
        d, by=again(d.office), scan=scan_for(proposal, d.office), result="not", text="甲"
    )
    assert changed.changes.last().behalf == "陈一"

    actions.start_rehandling(changed.rehandlings.get(), by=d.office, at=APRIL)

    with pytest.raises(NotReady):
        change(d)
    assert "提交修改后的评价" not in text(logged_in(d.author).get(changed.get_absolute_url()))


def test_rating_is_not_changed_once_the_proposal_is_closed(district: SimpleNamespace) -> None:
    d = district
    closed(d)

    with pytest.raises(NotReady):
        change(d, result="basically")


def test_of_two_changes_at_once_one_wins(district: SimpleNamespace) -> None:
    d = district
    dissatisfied(d)
    page, other_page = rating_of(d.author), rating_of(d.author)
    words = {"attitude": "satisfied", "contacted": "phone"}

    actions.change_rating(page, by=again(d.author), result="satisfied", at=APRIL, **words)
    with pytest.raises(IllegalMove), transaction.atomic():
        actions.change_rating(other_page, by=again(d.author), result="basically", **words)

    assert EarlierRating.objects.count() == 1


def test_earlier_rating_is_changed_by_no_door_but_the_removal_of_secrets(
    district: SimpleNamespace,
) -> None:
    d = district
    proposal = dissatisfied(d)
    change(d)

    for attempt in (
        EarlierRating.objects.all().delete,
        lambda: EarlierRating.objects.update(text=""),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()
    actions.take_out(proposal.fresh(), by=d.office, note="转区委保密办", at=APRIL)

    assert EarlierRating.objects.get().text == ""


# A second round without a complaint ---------------------------------------------------------------


def test_committee_asks_for_a_second_round_though_nobody_complained(
    district: SimpleNamespace,
) -> None:
    d = district
    share = lead_of(replied(d))
    office = logged_in(d.office)
    url = f"{share.get_absolute_url()}demand_round/"
    before = everything()
    assert office.post(url, {"reason": " "}).status_code == 422
    for user in (d.clerk, d.joint_clerk, d.author):
        assert logged_in(user).post(url, {"reason": "甲"}).status_code in (403, 404)
    with pytest.raises(NotReady):
        actions.demand_round(share, by=again(d.office), reason=" ", at=APRIL)
    assert everything() == before

    assert office.post(url, {"reason": "没有逐条答复"}).status_code == 302

    share = share.fresh()
    assert (share.status, share.round) == ("acknowledged", 2)
    assert share.proposal.fresh().status == Proposal.Status.REHANDLING
    demanded = Rehandling.objects.get()
    assert (demanded.status, demanded.evaluation, demanded.demand) == (
        "started", None, "没有逐条答复",
    )  # fmt: skip
    told = set(Notice.objects.filter(kind="rehandling_told").values_list("person", flat=True))
    assert told == {d.author.person.pk, d.cosigner.person.pk}
    desk = text(logged_in(d.clerk).get(share.get_absolute_url()))
    assert "提案委办公室：没有逐条答复" in desk
    assert "没有逐条答复" in text(
        office.get(reverse("admin:proposals_rehandling_change", args=[demanded.pk]))
    )
    assert office.get(reverse("admin:proposals_rehandling_changelist")).status_code == 200
    with pytest.raises(IllegalMove):  # the unit is at work on it already
        actions.demand_round(share, by=again(d.office), reason="甲", at=APRIL)


def test_no_round_is_asked_for_once_the_proposal_is_closed(district: SimpleNamespace) -> None:
    d = district
    share = lead_of(closed(d))

    with pytest.raises(IllegalMove):
        actions.demand_round(share, by=again(d.office), reason="甲", at=APRIL)


def test_round_needs_a_complaint_or_a_reason(district: SimpleNamespace) -> None:
    share = lead_of(replied(district))

    with pytest.raises(IntegrityError), transaction.atomic():
        Rehandling.objects.create(handling=share, due_on=LATE)


# Sums ---------------------------------------------------------------------------------------------


def test_units_and_supervision_read_sums_only_after_the_window_and_of_enough_forms(
    district: SimpleNamespace,
) -> None:
    d = district
    d.supervision = people.account("dc", "督查员甲", Role.SUPERVISION)
    replied(d)
    rate(rating_of(d.author), by=d.author)
    Evaluation.objects.update(due_on=LATE)
    clerk, url = logged_in(d.clerk), reverse("desk:ratings")
    assert "还没有可以汇总的评价" in text(clerk.get(url))

    Evaluation.objects.update(due_on=date(2026, 5, 1))
    actions.expire_evaluations(LATE)
    page = text(clerk.get(url))
    assert "发出 2 份，收回 1 份，未评价 1 份" in page
    assert "不足 5 份" in page
    assert "100%" not in page

    shown = replace(sums(d.plenary, LATE)[0], least=1)
    assert not shown.is_hidden
    assert [part["share"] for part in shown.lines[0]["parts"]] == [100, 0, 0]
    assert "区住建局" in text(logged_in(d.supervision).get(url))
    assert "区住建局" not in text(logged_in(d.joint_clerk).get(url))
    assert logged_in(d.author).get(url).status_code == 403
    assert "评价汇总" in text(clerk.get(reverse("desk:index")))


def test_sums_leave_out_what_waits_for_a_decision(district: SimpleNamespace) -> None:
    dissatisfied(district)
    Evaluation.objects.update(due_on=date(2026, 5, 1))

    assert sums(district.plenary, LATE) == []


# Unanswered ---------------------------------------------------------------------------------------


def test_unanswered_ratings_stand_on_a_call_list_and_opening_is_kept(
    district: SimpleNamespace,
) -> None:
    d = district
    replied(d)
    rating = rating_of(d.author)
    assert rating.opened_at is None
    logged_in(d.author).get(rating.get_absolute_url())
    opened = rating.fresh().opened_at
    logged_in(d.author).get(rating.get_absolute_url())
    assert opened is not None
    assert rating.fresh().opened_at == opened
    rate(rating_of(d.cosigner), by=d.cosigner)
    assert list(unrated(Evaluation.objects.all())) == []
    actions.expire_evaluations(LATE)
    office = logged_in(d.office)
    assert "到期未评价（电话催评）" in text(office.get(reverse("admin:index")))
    assert "陈一" in text(
        office.get(reverse("admin:proposals_evaluation_changelist"), {"queue": "unrated"})
    )

    url = reverse("admin:proposals_evaluation_call", args=[rating.pk])
    assert office.post(url, {"note": " "}).status_code == 200
    assert office.post(url, {"note": "说本周评价"}).status_code == 302

    line = rating.changes.last()
    assert (line.verb, line.note, line.by) == ("call", "说本周评价", d.office)
    with pytest.raises(NotAllowed):
        actions.call_for_rating(rating.fresh(), by=again(d.author), note="甲")
    rate(rating.fresh(), by=d.author)
    assert list(unrated(Evaluation.objects.all())) == []
    with pytest.raises(IllegalMove):
        actions.call_for_rating(rating.fresh(), by=again(d.office), note="甲")
