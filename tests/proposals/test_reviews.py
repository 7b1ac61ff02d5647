"""The review in stages: who speaks when, what is missing, who reads it; never a word of it to the author."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cppcc_portal.office import parameters
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady
from members.models import Committee
from members.roles import Role
from proposals import actions
from proposals.defaults import lay_down_lists
from proposals.models import (
    Category,
    Destination,
    Proposal,
    RefusalReason,
    ReviewOpinion,
    ReviewStage,
)
from proposals.models.reviews import Spoken
from proposals.suggestions import REVIEWED, suggest
from tests import district as made
from tests import people, stages
from tests.browsing import logged_in, text
from tests.laid import once

pytestmark = pytest.mark.django_db
SECRET = "金丝雀审查说明"


@pytest.fixture
@once
def d(district: SimpleNamespace) -> SimpleNamespace:
    """The district with three stages of review, two colleagues and the chair of the proposal committee."""
    lay_down_lists()
    district.society = Category.objects.get(code="society")
    district.second = people.account("office2", "办公室乙", Role.OFFICE)
    committee = Committee.objects.create(
        kind="committee", name="提案委员会", short_name="提案委", term=district.plenary.term
    )
    district.chair = people.account(
        "tc", "提案主任", Role.COMMITTEE_CHAIR, body=committee.body_ptr, post="chair"
    )
    return district


def reviewing(d: SimpleNamespace) -> Proposal:
    proposal = made.submitted(d)
    actions.start_review(proposal, by=d.office)
    return proposal


def speak(d: SimpleNamespace, proposal: Proposal, by: Any, **more: Any) -> ReviewOpinion:
    given = {"result": "file", "category": d.society, "note": SECRET, **more}
    return actions.examine(proposal, by=by, at=made.JANUARY, **given)


def set_to(d: SimpleNamespace, **wanted: Any) -> None:
    for name, value in wanted.items():
        parameters.set_parameter(f"proposals.{name}", value, by=d.office)


# Rules ----------------------------------------------------------------------------------------


def test_stages_speak_in_their_order_each_by_another_person(d: SimpleNamespace) -> None:
    proposal = reviewing(d)

    first = speak(d, proposal, d.office, lead=d.housing, joint=[d.fire])
    second = speak(d, proposal, d.second)
    with pytest.raises(NotReady, match="您已提出过审查意见，终审请由其他同事进行"):
        speak(d, proposal, d.office)
    last = speak(d, proposal, d.chair)

    assert [row.stage.name for row in (first, second, last)] == ["初审", "复审", "终审"]
    assert first.units == "区住建局、区消防救援大队"
    assert proposal.fresh().status == "reviewing"
    with pytest.raises(NotReady, match="都已提出"):
        speak(d, proposal, people.account("office3", "办公室丁", Role.OFFICE))


def test_last_reviewer_may_speak_again_and_the_newest_counts(d: SimpleNamespace) -> None:
    proposal = reviewing(d)
    speak(d, proposal, d.office)

    speak(d, proposal, d.office, result="return", category=None, note="请写具体。")

    assert ReviewOpinion.objects.count() == 2
    assert [row.result for row in Spoken([proposal]).on(proposal)] == ["return"]


def test_one_person_may_speak_at_each_stage_where_the_office_allows_it(d: SimpleNamespace) -> None:
    proposal = reviewing(d)
    set_to(d, review_by_others=False)

    for _turn in range(3):
        speak(d, proposal, d.office)

    assert not Spoken([proposal]).left(proposal)


def test_office_may_keep_one_stage_or_none(d: SimpleNamespace) -> None:
    proposal = reviewing(d)
    ReviewStage.objects.exclude(code="first").update(active=False)
    speak(d, proposal, d.office)
    with pytest.raises(NotReady, match="都已提出"):
        speak(d, proposal, d.second)

    ReviewStage.objects.update(active=False)
    with pytest.raises(NotReady, match="没有在用的审查环节"):
        speak(d, made.submitted(d), d.second)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"category": None}, "请选择类别"),
        ({"result": "refuse"}, "请选择理由"),
        ({"result": "merge"}, "请选择并入哪一件"),
        ({"result": "return", "note": " "}, "请写明理由"),
        ({"result": "convert", "note": ""}, "请写明理由"),
        ({"result": "没有"}, "请选择建议的结果"),
    ],
)
def test_opinion_says_what_it_lacks(d: SimpleNamespace, given: dict[str, Any], told: str) -> None:
    proposal = reviewing(d)

    with pytest.raises(NotReady, match=told):
        speak(d, proposal, d.office, **given)

    assert not ReviewOpinion.objects.exists()


def test_opinion_names_a_unit_once_and_never_itself(d: SimpleNamespace) -> None:
    proposal = reviewing(d)

    with pytest.raises(NotReady, match="既主办又会办"):
        speak(d, proposal, d.office, lead=d.housing, joint=[d.housing])
    with pytest.raises(NotReady, match="并入它自己"):
        speak(d, proposal, d.office, result="merge", main=proposal)


def test_strangers_and_authors_have_no_opinion(d: SimpleNamespace) -> None:
    proposal = reviewing(d)
    people.member_actions.grant_role(d.cosigner, Role.OFFICE, by=None)

    for user in (d.author, stages.again(d.cosigner), d.other, d.clerk):
        with pytest.raises(NotAllowed):
            speak(d, proposal, user)


@pytest.mark.parametrize("state", [made.drafted, stages.filed, made.handed_over])
def test_opinion_is_given_under_review_only(d: SimpleNamespace, state: Any) -> None:
    Category.objects.exclude(code="society").delete()
    proposal = state(d)

    with pytest.raises(IllegalMove):
        speak(d, proposal, d.office)


def test_first_opinion_brings_a_text_under_review(d: SimpleNamespace) -> None:
    proposal = made.submitted(d)

    speak(d, proposal, d.office)

    verbs = [change.verb for change in proposal.changes.all()][-2:]
    assert verbs == ["start_review", "examine"]


def test_database_refuses_half_an_opinion_and_any_change(d: SimpleNamespace) -> None:
    proposal = reviewing(d)
    opinion = speak(d, proposal, d.office, joint=[d.fire])
    base = {
        "proposal": proposal,
        "text": proposal.current_text,
        "stage": opinion.stage,
        "by": d.office,
    }

    for result in ("file", "refuse", "merge"):
        with pytest.raises(IntegrityError), transaction.atomic():
            ReviewOpinion.objects.create(result=result, **base)
    for attempt in (
        lambda: ReviewOpinion.objects.update(note="改"),
        lambda: opinion.joint.clear(),
        lambda: ReviewOpinion.objects.filter(pk=opinion.pk)._raw_delete("default"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()


def test_decision_waits_for_the_stages_where_the_office_asks_for_it(d: SimpleNamespace) -> None:
    proposal = reviewing(d)
    set_to(d, review_stages_required=True)
    why = {
        "refusal_reason": RefusalReason.objects.first(),
        "destination": Destination.objects.first(),
    }

    speak(d, proposal, d.office)
    with pytest.raises(NotReady, match="还缺复审、终审的意见"):
        actions.file(proposal, by=d.office, category=d.society)
    with pytest.raises(NotReady, match="还缺复审、终审的意见"):
        actions.refuse(proposal, by=d.office, **why)
    speak(d, proposal, d.second)
    speak(d, proposal, d.chair)
    actions.file(proposal, by=d.office, category=d.society)

    assert proposal.fresh().status == "filed"


def test_review_begins_anew_with_new_words(d: SimpleNamespace) -> None:
    proposal = reviewing(d)
    speak(d, proposal, d.office, result="return", category=None)
    actions.return_(proposal, by=d.office, note="请写具体。", at=made.JANUARY)
    held = proposal.fresh()
    words = {**made.TEXT, "suggestions": "一、先建十处。"}
    actions.save_draft(held, by=d.author, version=held.draft.version, at=made.JANUARY, **words)
    actions.invite(held, by=d.author, memberships=[], at=made.JANUARY)
    actions.submit(held.fresh(), by=d.author, at=made.JANUARY)

    held = held.fresh()

    assert Spoken([held]).on(held) == []
    assert Spoken([held]).open_to(held, d.office)[0].code == "first"


def test_what_the_review_suggests_is_offered_for_filing_and_hand_over(d: SimpleNamespace) -> None:
    proposal = reviewing(d)
    proposal.wished_units.set([d.fire])
    speak(d, proposal, d.office, lead=d.housing, joint=[d.fire])

    likely = suggest([proposal])[proposal.pk]

    assert (likely.category, likely.lead, likely.joint) == (d.society, d.housing, (d.fire,))
    assert likely.source == REVIEWED


def test_take_out_leaves_no_word_of_the_review(d: SimpleNamespace) -> None:
    proposal = reviewing(d)
    speak(d, proposal, d.office)

    actions.take_out(proposal, by=d.office, note="转区委保密办")

    assert ReviewOpinion.objects.get().note == ""


# Pages ----------------------------------------------------------------------------------------


def test_opinions_are_read_by_who_decides_and_never_by_the_author(d: SimpleNamespace) -> None:
    proposal = reviewing(d)
    speak(d, proposal, d.office)
    secgen = people.account("sg", "秘书长", Role.SECRETARY_GENERAL)
    portal = reverse("proposals:detail", args=[proposal.pk])
    admin = reverse("admin:proposals_proposal_change", args=[proposal.pk])

    for user in (d.chair, secgen, d.office):
        assert SECRET in text(logged_in(user).get(portal))
    assert SECRET in text(logged_in(d.office).get(admin))
    for user in (d.author, d.cosigner):
        page = text(logged_in(user).get(portal))
        assert SECRET not in page
        assert "审查意见" not in page
    assert logged_in(d.author).get(f"{portal}examine/").status_code == 403
    assert logged_in(d.other).get(f"{portal}examine/").status_code == 404


def test_office_gives_an_opinion_beside_the_text_and_goes_on(d: SimpleNamespace) -> None:
    first, second = reviewing(d), reviewing(d)
    client = logged_in(d.office)
    listed = reverse("admin:proposals_proposal_changelist")
    page = reverse("admin:proposals_proposal_examine", args=[first.pk])
    page = f"{page}?_changelist_filters=queue%3Dstage-first"

    shown = client.get(page)
    empty = client.post(page, {"stage": shown.context["form"]["stage"].initial.pk, "note": "x"})
    stage = ReviewStage.objects.get(code="first")
    given = {"stage": stage.pk, "result": "file", "category": d.society.pk, "lead": d.housing.pk}
    done = client.post(page, {**given, "note": "同意立案"})

    assert empty.status_code == 200
    assert "x" in text(empty)
    assert done.url.startswith(reverse("admin:proposals_proposal_examine", args=[second.pk]))
    assert ReviewOpinion.objects.get().proposal == first
    waiting = client.get(listed, {"queue": "stage-second"}).context["cl"].result_list
    assert [row.pk for row in waiting] == [first.pk]
    again = client.get(reverse("admin:proposals_proposal_file", args=[first.pk]))
    assert again.context["form"].initial["category"] == d.society
    assert "同意立案" in text(again)


def test_chair_speaks_last_on_the_portal(d: SimpleNamespace) -> None:
    proposal = reviewing(d)
    speak(d, proposal, d.office)
    speak(d, proposal, d.second)
    client = logged_in(d.chair)

    assert "待终审" in text(client.get("/"))
    page = f"{proposal.get_absolute_url()}examine/"
    assert client.get(page).context["form"].initial["category"] == d.society
    lacking = client.post(page, {"result": "refuse", "note": SECRET})
    done = client.post(page, {"result": "file", "category": d.society.pk})

    assert lacking.status_code == 422
    assert SECRET in text(lacking)
    assert done.status_code == 302
    assert ReviewOpinion.objects.latest("pk").stage.code == "final"


def test_one_result_for_many_names_each_refusal(d: SimpleNamespace) -> None:
    good, other, own = reviewing(d), made.submitted(d), reviewing(d)
    Proposal.objects.filter(pk__in=[good.pk, own.pk, other.pk]).update(category=d.society)
    speak(d, own, d.office)
    speak(d, own, d.second)
    rows = [good.pk, other.pk, own.pk]
    client = logged_in(d.office)
    listed = reverse("admin:proposals_proposal_changelist")

    preview = client.post(listed, {"action": "examine_many", "_selected_action": rows})
    lacking = client.post(
        reverse("admin:proposals_proposal_examine_many"), {"chosen": rows, "result": "return"}
    )
    done = client.post(
        reverse("admin:proposals_proposal_examine_many"),
        {"chosen": rows, "result": "file", "note": ""},
        follow=True,
    )

    assert "终审请由其他同事进行" in text(preview)
    assert lacking.status_code == 200
    assert ReviewOpinion.objects.count() == 4
    assert "已提出审查意见 2 件" in text(done)
    assert "终审请由其他同事进行" in text(done)


@pytest.mark.parametrize("count", [1, 3])
def test_preview_of_many_asks_a_constant_number_of_queries(d: SimpleNamespace, count: int) -> None:
    rows = [reviewing(d) for _number in range(count)]
    for row in rows:
        speak(d, row, d.second, lead=d.housing, joint=[d.fire])
    client = logged_in(d.office)
    listed = reverse("admin:proposals_proposal_changelist")
    keys = [row.pk for row in rows]

    with CaptureQueriesContext(connection) as queries:
        page = client.post(listed, {"action": "examine_many", "_selected_action": keys})

    assert page.status_code == 200
    assert len(queries) <= 42


def test_workbench_counts_by_stage_what_its_lists_show(d: SimpleNamespace) -> None:
    first, second, done = reviewing(d), reviewing(d), reviewing(d)
    speak(d, second, d.office)
    for user in (d.office, d.second, d.chair):
        speak(d, done, user)
    client = logged_in(d.office)

    page = client.get(reverse("admin:index"))

    found = {str(one.label): one for group in page.context["groups"] for one in group.queues}
    wanted = {"待初审": [first], "待复审": [second], "待终审": [], "审查意见已齐": [done]}
    for label, rows in wanted.items():
        assert found[label].count == len(rows)
        listed = client.get(found[label].url).context["cl"].result_list
        assert [row.pk for row in listed] == [row.pk for row in rows]


# What was changed since the return -------------------------------------------------------------------


def test_reviewers_see_what_was_changed_since_the_text_was_returned(d: SimpleNamespace) -> None:
    proposal = made.submitted(d)
    inside = reverse("admin:proposals_proposal_change", args=[proposal.pk])
    later = made.JANUARY + timedelta(days=1)
    actions.return_(proposal, by=d.office, note="请写明地点。", at=later)
    office = logged_in(d.office)
    assert "退回后作者的修改" not in text(office.get(inside))

    stages.rewrite(proposal, d, at=later + timedelta(days=1))

    for url in (inside, proposal.get_absolute_url()):
        page = office.get(url)
        parts = {part.label: part.differs for part in page.context["revised"]}
        assert parts["建议"]
        assert not parts["情况"]
        assert "退回后作者的修改" in text(page)
        assert "地点见附图" in text(page)
    for user in (d.author, d.cosigner):
        assert logged_in(user).get(proposal.get_absolute_url()).context["revised"] == []
    actions.file(proposal.fresh(), by=d.office, category=d.society, at=later + timedelta(days=2))
    assert "退回后作者的修改" not in text(office.get(inside))
