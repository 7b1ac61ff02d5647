"""退出联名: a co-signer steps out before the review has decided; the first proposer is told."""

from types import SimpleNamespace

import pytest
from django.urls import reverse

from cppcc_portal.office.models import Notice
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady
from proposals import actions
from proposals.models import Proposal, Proposer
from tests import district as made
from tests import stages
from tests.browsing import logged_in, text

pytestmark = pytest.mark.django_db
WHY = "内容与我的调研不一致。"


def seat_of(proposal: Proposal, user: object) -> Proposer:
    return proposal.proposers.get(membership__person=user.person)  # type: ignore[attr-defined]


def test_cosigner_steps_out_and_the_lead_is_told(district: SimpleNamespace) -> None:
    proposal = made.submitted(district)
    assert proposal.kind == "cosigned"

    actions.step_out(seat_of(proposal, district.cosigner), by=district.cosigner, note=WHY)

    assert seat_of(proposal, district.cosigner).status == "left"
    assert proposal.fresh().kind == "individual"
    assert [row.person for row in Notice.objects.filter(kind="cosigner_left")] == [
        district.author.person
    ]
    assert not Proposal.objects.visible_to(district.cosigner).filter(pk=proposal.pk).exists()
    page = text(logged_in(district.author).get(proposal.get_absolute_url()))
    assert "已退出" in page
    assert WHY in page


def test_stays_cosigned_while_another_signs(district: SimpleNamespace) -> None:
    proposal = made.drafted(district)
    seats = [made.seat(district.cosigner), made.seat(district.other)]
    actions.invite(proposal, by=district.author, memberships=seats, at=made.JANUARY)
    for user in (district.cosigner, district.other):
        actions.agree(seat_of(proposal, user), by=user, at=made.JANUARY)
    actions.submit(proposal, by=district.author, at=made.JANUARY)

    actions.step_out(seat_of(proposal, district.other), by=district.other)

    assert proposal.fresh().kind == "cosigned"


@pytest.mark.parametrize("state", [stages.filed, stages.replied])
def test_not_after_the_decision(district: SimpleNamespace, state: object) -> None:
    proposal = state(district)  # type: ignore[operator]

    with pytest.raises(NotReady, match="立案前才能自行退出"):
        actions.step_out(seat_of(proposal, district.cosigner), by=district.cosigner)
    assert seat_of(proposal, district.cosigner).status == "agreed"


def test_only_the_cosigner_and_only_once(district: SimpleNamespace) -> None:
    proposal = made.submitted(district)
    seat = seat_of(proposal, district.cosigner)

    for who in (district.author, district.other, district.office):
        with pytest.raises(NotAllowed):
            actions.step_out(seat, by=who)
    with pytest.raises(NotAllowed):  # the first proposer withdraws the whole instead
        actions.step_out(seat_of(proposal, district.author), by=district.author)
    actions.step_out(seat, by=district.cosigner)
    with pytest.raises(IllegalMove):
        actions.step_out(seat.fresh(), by=district.cosigner)


def test_who_left_may_be_asked_again(district: SimpleNamespace) -> None:
    proposal = made.submitted(district)
    actions.step_out(seat_of(proposal, district.cosigner), by=district.cosigner)
    actions.return_(proposal, by=district.office, note="请写具体。")

    actions.invite(proposal, by=district.author, memberships=[made.seat(district.cosigner)])

    assert seat_of(proposal, district.cosigner).status == "waiting"


def test_on_the_page_of_the_proposal(district: SimpleNamespace) -> None:
    proposal = made.submitted(district)
    url = reverse("proposals:proposal_step_out", args=[proposal.pk])
    cosigner, author = logged_in(district.cosigner), logged_in(district.author)

    assert "退出联名" in text(cosigner.get(proposal.get_absolute_url()))
    assert "退出联名" not in text(author.get(proposal.get_absolute_url()))
    assert author.get(url).status_code == 403
    assert "退出联名" in text(cosigner.get(url))
    answer = cosigner.post(url, {"note": WHY})
    assert answer["Location"] == "/"
    assert seat_of(proposal, district.cosigner).status == "left"
    assert cosigner.get(proposal.get_absolute_url()).status_code == 404
