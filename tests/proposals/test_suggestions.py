"""What is likely for a proposal: the wish first, then earlier proposals of like title."""

from types import SimpleNamespace
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from members.models import Unit
from proposals import actions
from proposals.models import Category, Proposal
from proposals.suggestions import ALIKE, WISHED, suggest
from tests import district as made
from tests import people


def titled(d: SimpleNamespace, title: str) -> Proposal:
    proposal = made.submitted(d)
    Proposal.objects.filter(pk=proposal.pk).update(title=title)
    proposal.refresh_from_db()
    return proposal


def handed(d: SimpleNamespace, title: str, category: Category, lead: Unit) -> Proposal:
    proposal = titled(d, title)
    actions.file(proposal, by=d.office, category=category)
    actions.hand_over(proposal, by=d.office, lead=lead)
    return proposal


@pytest.fixture
def earlier(district: SimpleNamespace) -> SimpleNamespace:
    """Two matters the office has dealt with before."""
    district.safety = Category.objects.create(code="safety", name="公共安全")
    district.care = Category.objects.create(code="care", name="养老服务")
    for place in ("城东", "城西"):
        title = f"关于{place}消防通道整治的建议"
        handed(district, title, district.safety, district.fire)
        title = f"关于在{place}开办老年食堂的建议"
        handed(district, title, district.care, district.housing)
    return district


def test_like_titles_suggest_category_and_lead(earlier: SimpleNamespace) -> None:
    proposal = titled(earlier, "关于加快消防通道整治的提案")

    likely = suggest([proposal])[proposal.pk]

    assert (likely.category, likely.lead, likely.joint) == (earlier.safety, earlier.fire, ())
    assert likely.source == ALIKE


def test_wish_comes_before_what_is_alike(earlier: SimpleNamespace) -> None:
    proposal = titled(earlier, "关于加快消防通道整治的提案")
    proposal.wished_units.set([earlier.housing, earlier.fire])

    likely = suggest([proposal])[proposal.pk]

    assert {likely.lead, *likely.joint} == {earlier.housing, earlier.fire}
    assert likely.source == WISHED


def test_a_wish_for_a_joint_unit_is_no_wish_for_a_lead(earlier: SimpleNamespace) -> None:
    wished = titled(earlier, "关于加快消防通道整治的提案")
    wished.wished_units.set([earlier.housing])
    wished.wished_joint_units.set([earlier.fire])
    alike = titled(earlier, "关于加快消防通道整治的提案")
    alike.wished_joint_units.set([earlier.housing])

    likely = suggest([wished, alike])

    assert (likely[wished.pk].lead, likely[wished.pk].joint) == (earlier.housing, (earlier.fire,))
    assert (likely[alike.pk].lead, likely[alike.pk].joint) == (earlier.fire, (earlier.housing,))


def test_nothing_alike_suggests_nothing(earlier: SimpleNamespace) -> None:
    proposal = titled(earlier, "水稻")

    likely = suggest([proposal])[proposal.pk]

    assert (likely.category, likely.lead) == (None, None)


def test_what_is_out_of_use_is_not_suggested(earlier: SimpleNamespace) -> None:
    Unit.objects.filter(pk=earlier.fire.pk).update(active=False)
    Category.objects.filter(pk=earlier.safety.pk).update(active=False)
    proposal = titled(earlier, "关于加快消防通道整治的提案")

    likely = suggest([proposal])[proposal.pk]

    assert (likely.category, likely.lead) == (None, None)


def test_first_proposal_of_an_installation_has_no_suggestion(district: SimpleNamespace) -> None:
    proposal = made.submitted(district)

    assert suggest([proposal])[proposal.pk].lead is None


@pytest.mark.parametrize("count", [1, 3])
def test_suggestions_ask_a_constant_number_of_queries(
    earlier: SimpleNamespace, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    titles = [f"关于{people.CHINA}{number}的建议" for number in range(count)]
    asked: list[Any] = [titled(earlier, title) for title in titles]

    with django_assert_num_queries(8):
        suggest(asked)
