"""Ratings: who learns what of them, how they are changed, counted and asked for again."""

from types import SimpleNamespace

import pytest
from django.utils import timezone

from cppcc_portal.office.parameters import set_parameter
from cppcc_portal.office.workflow import NotAllowed
from members.roles import Role
from proposals import actions
from proposals.models import Evaluation, Handling, Proposal
from proposals.resources import ProposalResource
from tests import people
from tests.browsing import text
from tests.stages import (
    APRIL,
    again,
    dissatisfied,
    lead_of,
    logged_in,
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
    assert [before, noted("phone"), noted("not_needed")] == ["未面商", "未面商", "提案人表示不必面商"]
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
