"""并案: a like text joins a filed proposal; everybody is told, every proposer gets the reply and rates it."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from cppcc_portal.office import deadlines
from cppcc_portal.office.models import Notice
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady
from proposals import actions
from proposals.models import Category, Evaluation, Handling, Proposal, Proposer
from tests import district as made
from tests import people, stages
from tests.browsing import logged_in, text

pytestmark = pytest.mark.django_db
WHY = "内容相同，已电话征得提案人同意。"


@pytest.fixture
def d(district: SimpleNamespace) -> SimpleNamespace:
    district.fourth = people.member("m4", "季四", district.plenary.term)
    return district


def of(d: SimpleNamespace, author: Any) -> Proposal:
    """A text of this member's own, handed in."""
    proposal = actions.start_draft(by=author, at=made.JANUARY)
    actions.save_draft(proposal, by=author, version=1, at=made.JANUARY, **made.TEXT)
    actions.save_choices(proposal, by=author, may_publish=True, secrecy_confirmed=True)
    return actions.submit(proposal.fresh(), by=author, at=made.JANUARY)


def merged(d: SimpleNamespace, main: Proposal | None = None) -> tuple[Proposal, Proposal]:
    main, child = main or stages.filed(d), of(d, d.fourth)
    actions.merge(child, by=d.office, into=main, note=WHY, at=made.JANUARY)
    return main.fresh(), child.fresh()


def names(proposal: Proposal) -> list[str]:
    return [proposer.name for proposer in proposal.proposers.confirmed()]


def test_proposers_of_the_child_stand_behind_the_main_one(d: SimpleNamespace) -> None:
    main, child = merged(d)

    assert (child.status, child.merged_into, child.number) == ("merged", main, None)
    assert names(main) == ["陈一", "黄二", "季四"]
    joined = main.proposers.get(membership__person=d.fourth.person)
    assert (joined.merged_from, joined.text) == (child, child.current_text)
    told = Notice.objects.filter(kind="merged", person=d.fourth.person)
    assert told.count() == 1
    here = Notice.objects.filter(kind="merged_here")
    assert {notice.person for notice in here} == {d.author.person, d.cosigner.person}


def test_merge_of_three_with_replies_to_all(d: SimpleNamespace) -> None:
    main = stages.answerable(d)
    fifth = people.member("m5", "顾五", d.plenary.term)
    for author in (d.fourth, fifth):
        actions.merge(of(d, author), by=d.office, into=main, note=WHY, at=stages.APRIL)

    stages.send(stages.lead_of(main), by=stages.again(d.clerk))

    asked = Evaluation.objects.filter(reply__handling__proposal=main)
    people_asked = {row.proposer.name for row in asked}
    assert people_asked == {"陈一", "黄二", "季四", "顾五"}
    for author in (d.fourth, fifth):
        assert Notice.objects.filter(kind="replied", person=author.person).count() == 1
        stages.rate(stages.rating_of(author), by=author)
    assert not Handling.objects.filter(proposal__status="merged").exists()
    # Received is what is filed, merged, not filed, withdrawn or still in process.
    assert Proposal.objects.filter(number__isnull=False).count() == 1
    assert Proposal.objects.filter(status="merged").count() == 2


@pytest.mark.parametrize("state", [made.submitted, stages.replied, stages.closed])
def test_only_into_a_filed_one_without_reply(d: SimpleNamespace, state: Any) -> None:
    main, child = state(d), of(d, d.fourth)

    with pytest.raises(NotReady, match="只能并入已立案、还没有答复的提案|已有单位答复"):
        actions.merge(child, by=d.office, into=main, note=WHY)

    assert names(main) == ["陈一", "黄二"]
    assert child.fresh().status == "submitted"


def test_neither_itself_nor_in_chains_nor_without_reason(d: SimpleNamespace) -> None:
    main, child = merged(d)
    other = of(d, d.other)

    with pytest.raises(NotReady, match="不能并入它自己"):
        actions.merge(other, by=d.office, into=other, note=WHY)
    with pytest.raises(NotReady, match="请写明并案的理由"):
        actions.merge(other, by=d.office, into=main, note=" ")
    with pytest.raises(NotReady, match="只能并入已立案"):
        actions.merge(other, by=d.office, into=child, note=WHY)
    with pytest.raises(IllegalMove):
        actions.merge(child, by=d.office, into=main, note=WHY)


@pytest.mark.parametrize("who", ["author", "fourth", "clerk"])
def test_only_the_office_merges(d: SimpleNamespace, who: str) -> None:
    main, child = stages.filed(d), of(d, d.fourth)

    with pytest.raises(NotAllowed):
        actions.merge(child, by=getattr(d, who), into=main, note=WHY)


def test_database_keeps_the_merging(d: SimpleNamespace) -> None:
    main, child = merged(d)

    for fields in ({"merged_into": None}, {"merged_into": child}, {"status": "filed"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Proposal.objects.filter(pk=child.pk).update(**fields)
    with pytest.raises(IllegalMove):
        actions.file(child, by=d.office, category=Category.objects.get())


def test_member_who_declined_once_joins_by_the_own_text(d: SimpleNamespace) -> None:
    main = stages.filed(d)  # the other was invited and never answered
    assert main.proposers.get(membership__person=d.other.person).status == "lapsed"

    actions.merge(of(d, d.other), by=d.office, into=main, note=WHY, at=made.JANUARY)

    assert names(main) == ["陈一", "黄二", "施三"]


def test_unmerging_before_the_hand_over_only(d: SimpleNamespace) -> None:
    main, child = merged(d)
    with pytest.raises(NotReady, match="请写明撤销并案的理由"):
        actions.unmerge(child, by=d.office, note="")

    actions.unmerge(child, by=d.office, note="提案人不同意并案。")

    assert (child.status, child.merged_into) == ("reviewing", None)
    assert names(main) == ["陈一", "黄二"]
    actions.merge(child, by=d.office, into=main, note=WHY)
    assert names(main) == ["陈一", "黄二", "季四"]
    actions.hand_over(main, by=d.office, lead=d.housing)
    with pytest.raises(NotReady, match="主案已经交办"):
        actions.unmerge(child, by=d.office, note="又不同意。")


def test_who_signed_two_merged_texts_stays_while_one_of_them_is_merged(
    d: SimpleNamespace,
) -> None:
    main, child = merged(d)
    second = of(d, d.fourth)
    actions.merge(second, by=d.office, into=main, note=WHY, at=made.JANUARY)

    actions.unmerge(child, by=d.office, note="提案人不同意并案。")
    assert names(main) == ["陈一", "黄二", "季四"]
    assert main.proposers.get(membership__person=d.fourth.person).merged_from == second
    actions.unmerge(second, by=d.office, note="提案人不同意并案。")
    assert names(main) == ["陈一", "黄二"]


def test_unmerging_judges_the_main_one_as_it_now_is(d: SimpleNamespace) -> None:
    main, child = merged(d)
    stale = Proposal.objects.select_related("merged_into").get(pk=child.pk)
    actions.hand_over(main, by=d.office, lead=d.housing)

    with pytest.raises(NotReady, match="主案已经交办"):
        actions.unmerge(stale, by=d.office, note="提案人不同意并案。")


def test_main_taken_out_gives_the_child_back_to_review(d: SimpleNamespace) -> None:
    main, child = merged(d)

    actions.take_out(main, by=d.office, note="转区委保密办。")

    child = child.fresh()
    assert (child.status, child.merged_into) == ("reviewing", None)
    assert Notice.objects.filter(kind="unmerged", person=d.fourth.person).count() == 1
    clock = deadlines.Deadline.objects.current(child, "review_ordinary")
    assert clock is None or clock.is_open


def test_unit_reads_what_was_merged_into_its_proposal(d: SimpleNamespace) -> None:
    main = stages.acknowledged(d)
    actions.merge(of(d, d.fourth), by=d.office, into=main, note=WHY, at=stages.APRIL)

    page = text(logged_in(d.clerk).get(stages.lead_of(main).get_absolute_url()))

    assert "并入的提案" in page
    assert "季四" in page


def test_office_merges_on_its_page_and_both_sides_see_it(d: SimpleNamespace) -> None:
    main, child = stages.filed(d), of(d, d.fourth)
    office = logged_in(d.office)
    url = reverse("admin:proposals_proposal_merge", args=[child.pk])

    assert "并入哪一件" in text(office.get(url))
    bare = office.post(url, {"into": main.pk, "note": ""})
    assert bare.status_code == 200
    office.post(url, {"into": main.pk, "note": WHY})

    assert child.fresh().status == "merged"
    own = text(logged_in(d.fourth).get(child.get_absolute_url()))
    assert "已并案办理" in own
    assert WHY in own
    shown = text(logged_in(d.author).get(main.get_absolute_url()))
    assert "并入本案的提案" in shown
    assert "季四" in shown
    assert WHY in shown
    assert logged_in(d.fourth).get(main.get_absolute_url()).status_code == 200
    page = text(office.get(reverse("admin:proposals_proposal_change", args=[main.pk])))
    assert "并入本案的提案" in page


def test_merged_proposer_keeps_the_place_when_the_first_texts_are_signed_anew(
    d: SimpleNamespace,
) -> None:
    main, _child = merged(d)
    rows = Proposer.objects.filter(proposal=main).order_by("order")

    assert [row.order for row in rows] == [0, 1, 2, 3]
    assert [row.status for row in rows] == ["agreed", "agreed", "lapsed", "agreed"]
