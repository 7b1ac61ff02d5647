"""评价等次: the office words the grades and says what each counts as; what was rated keeps its words."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from cppcc_portal.office.workflow import NotReady
from proposals import actions, papers
from proposals.models import EarlierRating, Evaluation, RatingGrade, Rehandling
from proposals.rating_sums import sums
from tests import stages
from tests.browsing import logged_in, text
from tests.district import seat
from tests.stages import APRIL, LATE, rating_of

pytestmark = pytest.mark.django_db


def rate(d: SimpleNamespace, attitude: str, result: str, **more: Any) -> Evaluation:
    rating = rating_of(d.author)
    given = {"attitude": attitude, "result": result, "at": APRIL, **more}
    actions.evaluate(rating, by=d.author, **given)
    return rating.fresh()


def test_office_begins_with_three_grades(db: None) -> None:
    grades = list(RatingGrade.objects.values_list("code", "name", "is_satisfied", "needs_reason"))

    assert grades == [
        ("satisfied", "满意", True, False),
        ("basically", "基本满意", True, False),
        ("not", "不满意", False, True),
    ]


def test_a_grade_means_one_thing(db: None) -> None:
    both = RatingGrade(code="odd", name="奇怪", is_satisfied=True, needs_reason=True)

    with pytest.raises(ValidationError, match="不能既计为满意"):
        both.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        both.save()


def test_what_was_rated_keeps_its_words(district: SimpleNamespace) -> None:
    stages.replied(district)
    rating = rate(district, "satisfied", "basically")

    RatingGrade.objects.filter(code="satisfied").update(name="很满意")

    rating = rating.fresh()
    assert (rating.attitude_name, rating.result_name) == ("满意", "基本满意")
    page = text(logged_in(district.author).get(rating.get_absolute_url()))
    assert "很满意" in page  # offered from now on, where the rating can be changed
    shown = text(logged_in(district.author).get(rating.reply.get_absolute_url()))
    assert "办理态度：满意；办理结果：基本满意" in shown


def test_changed_rating_keeps_the_words_of_before(district: SimpleNamespace) -> None:
    stages.replied(district)
    rating = rate(district, "satisfied", "basically")
    RatingGrade.objects.filter(code="satisfied").update(name="很满意")

    given = {"attitude": "satisfied", "result": "satisfied", "at": APRIL}
    actions.change_rating(rating, by=district.author, **given)

    before = EarlierRating.objects.get()
    assert (before.attitude_name, before.result_name) == ("满意", "基本满意")
    assert rating.fresh().result_name == "很满意"
    with pytest.raises(IntegrityError), transaction.atomic():
        EarlierRating.objects.update(result_name="改写")


@pytest.mark.parametrize("code", ["unknown", "", "retired"])
def test_grades_that_are_not_in_use_are_refused(district: SimpleNamespace, code: str) -> None:
    stages.replied(district)
    RatingGrade.objects.create(code="retired", name="旧等次", active=False)

    with pytest.raises(NotReady, match="分别评价"):
        rate(district, "satisfied", code)

    assert rating_of(district.author).status == Evaluation.Status.WAITING


def test_own_grade_that_needs_a_reason_asks_for_it_and_for_a_second_round(
    district: SimpleNamespace,
) -> None:
    stages.replied(district)
    RatingGrade.objects.create(code="poor", name="较差", order=4, needs_reason=True)

    with pytest.raises(NotReady, match="写明理由"):
        rate(district, "satisfied", "poor")
    rating = rate(district, "satisfied", "poor", text="没有落实")

    assert rating.is_dissatisfied
    assert Rehandling.objects.get().evaluation == rating


def test_dissatisfaction_without_a_mark_of_reason_asks_for_none(district: SimpleNamespace) -> None:
    stages.replied(district)
    RatingGrade.objects.filter(code="not").update(needs_reason=False)

    rating = rate(district, "not", "not")

    assert not rating.is_dissatisfied
    assert not Rehandling.objects.exists()


def test_form_paper_and_sums_follow_the_list(district: SimpleNamespace) -> None:
    stages.replied(district)
    RatingGrade.objects.create(code="great", name="非常满意", order=0, is_satisfied=True)
    RatingGrade.objects.filter(code="basically").update(name="比较满意", active=False)
    rating = rating_of(district.author)
    client = logged_in(district.author)

    page = text(client.get(rating.get_absolute_url()))
    paper = str(papers.rating_form(rating).parts)

    assert "非常满意" in page
    assert "比较满意" not in page
    assert "□ 非常满意" in paper
    assert "比较满意" not in paper
    client.post(
        rating.get_absolute_url(),
        {"attitude": "great", "result": "great", "contacted": "phone", "to_the_point": "yes"},
    )
    assert rating.fresh().result_name == "非常满意"
    (sum_,) = sums(district.plenary, LATE)
    assert dict(sum_.result)["非常满意"] == 1


def test_page_asks_for_the_reason_by_the_grade_s_own_name(district: SimpleNamespace) -> None:
    stages.replied(district)
    RatingGrade.objects.filter(code="not").update(name="很不满意")
    rating = rating_of(district.author)

    answer = logged_in(district.author).post(
        rating.get_absolute_url(),
        {"attitude": "not", "result": "not", "contacted": "phone", "to_the_point": "no"},
    )

    assert "选择“很不满意”时请写明理由" in text(answer)


@pytest.mark.parametrize(
    "change",
    [
        {"attitude_name": ""},
        {"result": ""},
        {"is_dissatisfied": True},
        {"status": "waiting", "answered_at": None},
    ],
    ids=str,
)
def test_database_keeps_ratings_whole(district: SimpleNamespace, change: dict[str, Any]) -> None:
    stages.replied(district)
    rating = rate(district, "satisfied", "basically")

    with pytest.raises(IntegrityError), transaction.atomic():
        Evaluation.objects.filter(pk=rating.pk).update(**change)


def test_office_words_the_grades_in_its_workplace(district: SimpleNamespace) -> None:
    grade = RatingGrade.objects.get(code="basically")
    client = logged_in(district.office)
    page = f"/admin/proposals/ratinggrade/{grade.pk}/change/"
    assert client.get(page).status_code == 200

    client.post(
        page,
        {
            "code": "basically",
            "name": "比较满意",
            "order": "1",
            "active": "on",
            "is_satisfied": "on",
        },
    )

    grade.refresh_from_db()
    assert grade.name == "比较满意"
    assert grade.history.count() >= 1
    assert logged_in(district.author).get(page).status_code in (302, 403, 404)
    assert seat(district.author).pk
