"""Ratings: who learns what of them, how they are changed, counted and asked for again."""

from types import SimpleNamespace

import pytest

from members.roles import Role
from tests import people
from tests.browsing import text
from tests.stages import again, dissatisfied, logged_in

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
