"""Reminders of proposals: for each kind the day it comes, who gets it, and that it comes once."""

from datetime import date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from cppcc_portal.office.deadlines import Deadline
from cppcc_portal.office.models import Notice
from cppcc_portal.office.parameters import set_parameter
from members.models import Plenary
from members.roles import Role
from proposals import actions
from proposals.models import Category, Handling, Proposal, Rehandling
from tests import district as made
from tests import people, stages
from tests.browsing import logged_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def d(district: SimpleNamespace) -> SimpleNamespace:
    """The district with a supervision office and a leader of the lead unit."""
    district.supervision = people.account("dc", "督查员甲", Role.SUPERVISION)
    district.unit_leader = people.account(
        "u3", "局长甲", Role.UNIT_LEADER, body=district.housing.body_ptr, post="principal"
    )
    return district


def told(kind: str, on: date) -> set[str]:
    """Who is told newly by the day's run; a second run tells nobody."""
    before = set(Notice.objects.values_list("pk", flat=True))
    actions.remind(on)
    new = Notice.objects.filter(kind=kind).exclude(pk__in=before)
    names = {notice.person.name for notice in new.select_related("person")}
    count = Notice.objects.count()
    actions.remind(on)
    assert Notice.objects.count() == count
    return names


def at(day: date, clock: time = time(9)) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock))


# A late reply ---------------------------------------------------------------------------------------


def test_late_reply_is_told_to_supervision_and_office_from_the_next_day(d: SimpleNamespace) -> None:
    due = stages.lead_of(stages.answerable(d)).due_on

    assert told("reply_reminder", due) == {"经办甲"}
    late = {"经办甲", "局长甲", "督查员甲", "办公室甲"}
    assert told("reply_reminder", due + timedelta(days=1)) == late
    assert told("reply_reminder", due + timedelta(days=2)) == set()
    assert told("reply_reminder", due + timedelta(days=8)) == late


def test_office_sets_how_late_a_reply_is_before_others_hear_of_it(d: SimpleNamespace) -> None:
    set_parameter("proposals.escalate_reply", 8, by=d.office)
    due = stages.lead_of(stages.answerable(d)).due_on

    assert told("reply_reminder", due + timedelta(days=1)) == {"经办甲", "局长甲"}
    assert {"督查员甲", "办公室甲"} < told("reply_reminder", due + timedelta(days=8))


# A returned text -------------------------------------------------------------------------------------

BACK = at(date(2026, 1, 6))  # a Tuesday


def returned(d: SimpleNamespace) -> Any:
    proposal = made.submitted(d)
    actions.return_(proposal, by=d.office, note="请写明地点。", at=BACK)
    return proposal


def revision_of(proposal: Any) -> Deadline:
    clock = Deadline.objects.current(proposal, "revision")
    assert clock is not None
    return clock


def test_returned_text_has_a_day_that_says_why(d: SimpleNamespace) -> None:
    proposal = returned(d)

    clock = revision_of(proposal)
    page = text(logged_in(d.author).get(proposal.get_absolute_url()))
    assert clock.due_on == date(2026, 1, 13)
    assert "2026年1月13日" in page
    assert "2026年1月6日退回修改 + 5个工作日" in page
    notice = Notice.objects.get(kind="returned")
    assert notice.due_on == clock.due_on
    assert "在 2026-01-13 前" in notice.body


def test_author_is_reminded_of_a_returned_text_until_it_comes_again(d: SimpleNamespace) -> None:
    proposal = returned(d)
    due = revision_of(proposal).due_on

    assert told("revision_reminder", due - timedelta(days=3)) == set()
    assert told("revision_reminder", due - timedelta(days=2)) == {"陈一"}
    assert told("revision_reminder", due) == {"陈一"}
    assert (
        told("review_reminder", due) == set()
    )  # the office waits for the author, not the other way
    stages.rewrite(proposal, d)
    assert not revision_of(proposal).is_open
    assert told("revision_reminder", due + timedelta(days=7)) == set()


def test_each_return_has_a_day_of_its_own_and_late_texts_are_taken(d: SimpleNamespace) -> None:
    proposal = returned(d)
    late = at(revision_of(proposal).due_on + timedelta(days=30))
    stages.rewrite(proposal, d, at=late)
    assert revision_of(proposal).is_late

    actions.return_(proposal.fresh(), by=d.office, note="再改。", at=late)

    clock = revision_of(proposal)
    assert (clock.round, clock.is_open) == (2, True)
    assert clock.started_on == late.date()
    actions.withdraw(proposal.fresh(), by=d.author, at=late)
    assert revision_of(proposal).cancelled_at is not None


# A review --------------------------------------------------------------------------------------------


def test_office_is_reminded_of_a_review_that_waits(d: SimpleNamespace) -> None:
    people.account("office2", "办公室乙", Role.OFFICE)
    proposal = actions.submit(made.drafted(d), by=d.author, at=at(date(2026, 4, 1)))
    due = Deadline.objects.current(proposal, "review_ordinary").due_on

    assert told("review_reminder", due - timedelta(days=1)) == set()
    assert told("review_reminder", due) == {"办公室甲", "办公室乙"}
    assert told("review_reminder", due + timedelta(days=7)) == {"办公室甲", "办公室乙"}
    actions.file(proposal, by=d.office, category=Category.objects.get(), at=at(due))
    assert told("review_reminder", due + timedelta(days=14)) == set()


# The hand-over ---------------------------------------------------------------------------------------


def hand_over_of(proposal: Any) -> Deadline:
    clock = Deadline.objects.current(proposal, "hand_over")
    assert clock is not None
    return clock


def test_plenary_proposals_are_handed_over_within_days_of_the_plenarys_end(
    d: SimpleNamespace,
) -> None:
    proposal = stages.filed(d)

    clock = hand_over_of(proposal)
    assert clock.due_on == d.plenary.closes_on + timedelta(days=30)
    assert clock.explain() == "2026年1月11日全会闭幕 + 30天 = 2月10日（周二）"
    page = text(logged_in(d.author).get(proposal.get_absolute_url()))
    assert "2026年2月10日" in page
    assert "全会闭幕 + 30天" in page
    inside = reverse("admin:proposals_proposal_change", args=[proposal.pk])
    assert "全会闭幕 + 30天" in text(logged_in(d.office).get(inside))


@pytest.mark.parametrize("series", ["ordinary", "plenary"])
def test_what_is_filed_later_has_days_from_its_filing(d: SimpleNamespace, series: str) -> None:
    proposal = made.submitted(d)
    Proposal.objects.filter(pk=proposal.pk).update(series=series)
    on = date(2026, 4, 1)

    actions.file(proposal, by=d.office, category=Category.objects.get(), at=at(on))

    clock = hand_over_of(proposal)
    assert (clock.started_on, clock.rule.code) == (on, "hand_over_ordinary")


def test_whoever_hands_over_is_reminded_once_for_all_of_a_day(d: SimpleNamespace) -> None:
    first, second = stages.filed(d), stages.filed(d)
    due = hand_over_of(first).due_on

    assert told("hand_over_reminder", due) == {"办公室甲"}
    assert "还有 2 件" in Notice.objects.get(kind="hand_over_reminder").title
    set_parameter("proposals.hand_over_by", "supervision", by=d.office)
    assert told("hand_over_reminder", due + timedelta(days=7)) == {"办公室甲", "督查员甲"}
    for proposal in (first, second):
        actions.hand_over(proposal, by=d.supervision, lead=d.housing, at=at(due))
        assert not hand_over_of(proposal).is_open
    assert told("hand_over_reminder", due + timedelta(days=14)) == set()


def test_revoked_proposal_is_not_handed_over_and_nobody_is_reminded(d: SimpleNamespace) -> None:
    proposal = stages.filed(d)
    scan = stages.scan_for(proposal, d.office)
    actions.revoke(proposal, by=d.office, note="书面申请", scan=scan, at=stages.JANUARY)

    assert hand_over_of(proposal).cancelled_at is not None
    assert told("hand_over_reminder", hand_over_of(proposal).due_on) == set()


# A receipt -------------------------------------------------------------------------------------------


def test_leaders_hear_of_a_missing_receipt_only_from_five_working_days_on(
    d: SimpleNamespace,
) -> None:
    people.account("sg", "秘书长甲", Role.SECRETARY_GENERAL)
    share = stages.lead_of(made.handed_over(d))
    Handling.objects.exclude(pk=share.pk).update(status=Handling.Status.ENDED)
    assert share.handed_over_on == date(2026, 3, 18)  # a Wednesday
    above = {"局长甲", "秘书长甲", "办公室甲"}

    assert told("sign_in_reminder", date(2026, 3, 22)) == {"经办甲"}
    assert told("sign_in_reminder", share.sign_in_due_on) == {"经办甲"}
    assert told("sign_in_reminder", date(2026, 3, 24)) == set()
    assert told("sign_in_reminder", date(2026, 3, 25)) == {"经办甲", *above}
    assert told("sign_in_reminder", date(2026, 3, 31)) == set()
    assert told("sign_in_reminder", date(2026, 4, 1)) == {"经办甲", *above}
    actions.acknowledge(share, by=stages.again(d.clerk), at=at(date(2026, 4, 2)))
    assert told("sign_in_reminder", date(2026, 4, 8)) == set()


def test_office_sets_after_how_many_working_days_leaders_hear_of_a_missing_receipt(
    d: SimpleNamespace,
) -> None:
    set_parameter("proposals.escalate_sign_in", 8, by=d.office)
    share = stages.lead_of(made.handed_over(d))
    Handling.objects.exclude(pk=share.pk).update(status=Handling.Status.ENDED)

    assert told("sign_in_reminder", date(2026, 3, 25)) == {"经办甲"}  # missed days come as one
    assert told("sign_in_reminder", date(2026, 3, 30)) >= {"经办甲", "局长甲"}


# What members have still to do -----------------------------------------------------------------------


def after(day: date, days: int) -> date:
    return day + timedelta(days=days)


def test_who_was_asked_to_co_sign_is_reminded_before_the_day(d: SimpleNamespace) -> None:
    proposal, until = made.drafted(d), date(2026, 1, 12)
    seats = [made.seat(d.cosigner), made.seat(d.other)]
    actions.invite(proposal, by=d.author, memberships=seats, until=until, at=made.JANUARY)
    answered = proposal.proposers.get(membership=made.seat(d.cosigner))
    actions.agree(answered, by=d.cosigner, at=made.JANUARY)

    assert told("cosign_reminder", after(until, -4)) == set()
    assert told("cosign_reminder", after(until, -3)) == {"施三"}
    assert told("cosign_reminder", after(until, -2)) == set()
    assert told("cosign_reminder", after(until, -1)) == {"施三"}
    assert told("cosign_reminder", until) == set()


def test_authors_of_drafts_are_reminded_before_the_cut_off(d: SimpleNamespace) -> None:
    proposal, closes = made.drafted(d), date(2026, 1, 12)
    Plenary.objects.filter(pk=d.plenary.pk).update(cut_off=at(closes, time(17)))

    assert told("cut_off_reminder", after(closes, -4)) == set()
    assert told("cut_off_reminder", after(closes, -3)) == {"陈一"}
    assert told("cut_off_reminder", after(closes, -1)) == {"陈一"}
    actions.submit(proposal, by=d.author, at=at(closes, time(8)))
    Notice.objects.filter(kind="cut_off_reminder").delete()
    assert told("cut_off_reminder", after(closes, -1)) == set()


def test_proposers_are_reminded_to_rate_until_they_have(d: SimpleNamespace) -> None:
    proposal = stages.replied(d)
    due = stages.rating_of(d.author).due_on

    assert told("evaluation_reminder", after(due, -12)) == set()
    assert told("evaluation_reminder", after(due, -11)) == {"陈一", "黄二"}
    stages.rate(stages.rating_of(d.author), by=d.author)
    assert told("evaluation_reminder", after(due, -4)) == {"黄二"}
    assert told("evaluation_reminder", due) == {"黄二"}
    assert told("evaluation_reminder", after(due, 1)) == set()
    assert proposal.fresh().status == "replied"  # silence is no rating


# What units have still to do -------------------------------------------------------------------------


def test_unit_is_reminded_to_sign_in_and_its_leader_once_it_is_late(d: SimpleNamespace) -> None:
    share = stages.lead_of(made.handed_over(d))
    due = share.sign_in_due_on

    assert "经办甲" in told("sign_in_reminder", after(due, -1))
    assert told("sign_in_reminder", due) == {"经办甲", "经办乙"}  # both units, clerks alone
    late = told("sign_in_reminder", after(due, 7))
    assert {"经办甲", "局长甲"} <= late
    actions.acknowledge(share, by=stages.again(d.clerk), at=at(after(due, 8)))
    assert "经办甲" not in told("sign_in_reminder", after(due, 14))


def test_unit_is_reminded_to_speak_with_the_proposer(d: SimpleNamespace) -> None:
    share = stages.lead_of(stages.acknowledged(d))
    clock = Deadline.objects.current(share, "first_contact")
    assert clock is not None

    assert told("contact_reminder", after(clock.due_on, -8)) == set()
    assert told("contact_reminder", after(clock.due_on, -7)) == {"经办甲"}
    actions.record_contact(
        share,
        by=stages.again(d.clerk),
        proposer=share.proposal.first_proposer,
        way="visit",
        stage="before",
        on=after(clock.due_on, -5),
        summary="登门听取意见。",
        at=at(after(clock.due_on, -5)),
    )
    assert told("contact_reminder", clock.due_on) == set()


def test_joint_unit_is_reminded_and_the_lead_unit_once_it_is_late(d: SimpleNamespace) -> None:
    share = stages.joint_of(stages.acknowledged(d))

    assert told("opinion_reminder", after(share.due_on, -5)) == {"经办乙"}
    assert told("opinion_reminder", share.due_on) == {"经办乙"}
    assert told("opinion_reminder", after(share.due_on, 3)) == {"经办甲", "经办乙"}
    actions.give_opinion(
        share,
        by=stages.again(d.joint_clerk),
        text="同意。",
        signer="大队长",
        signer_post="负责人",
        at=stages.APRIL,
    )
    Notice.objects.filter(kind="opinion_reminder").delete()
    assert told("opinion_reminder", after(share.due_on, 3)) == set()


def test_unit_is_reminded_before_its_reply_is_due(d: SimpleNamespace) -> None:
    due = stages.lead_of(stages.answerable(d)).due_on

    days = {
        step for step in range(-31, 1) if told("reply_reminder", after(due, step)) == {"经办甲"}
    }

    assert days == {-30, -15, -7, -1, 0}


# A second round --------------------------------------------------------------------------------------


def test_office_is_reminded_to_decide_on_a_second_round(d: SimpleNamespace) -> None:
    stages.dissatisfied(d)
    asked = Rehandling.objects.get()

    assert told("decision_reminder", after(asked.due_on, -2)) == {"办公室甲"}
    assert told("decision_reminder", asked.due_on) == {"办公室甲"}
    assert told("decision_reminder", after(asked.due_on, 1)) == {"办公室甲"}
    actions.start_rehandling(asked, by=d.office, at=at(after(asked.due_on, 1)))
    assert told("decision_reminder", after(asked.due_on, 8)) == set()


def test_the_units_leader_is_reminded_of_a_second_round(d: SimpleNamespace) -> None:
    proposal = stages.dissatisfied(d)
    actions.start_rehandling(Rehandling.objects.get(), by=d.office, at=stages.APRIL)
    due = stages.lead_of(proposal).due_on

    days = {
        step
        for step in range(-11, 1)
        if told("reply_reminder", after(due, step)) == {"经办甲", "局长甲"}
    }

    assert days == {-10, -3, 0}
