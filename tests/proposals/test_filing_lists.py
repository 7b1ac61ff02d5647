"""Results of the review on a list that the chairpersons' meeting passes, carried out in one step."""

import io
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document

from cppcc_portal.office import parameters
from cppcc_portal.office.decisions import Decision, ensure_default_bodies, record_decision
from cppcc_portal.office.models import Notice
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady
from members.roles import Role
from proposals import actions
from proposals.actions import listing
from proposals.defaults import lay_down_lists
from proposals.models import (
    Category,
    Destination,
    FilingList,
    FilingRow,
    Proposal,
    RefusalReason,
)
from tests import district as made
from tests import people, stages
from tests.browsing import logged_in, text
from tests.laid import once

pytestmark = pytest.mark.django_db
MEETING: dict[str, Any] = {
    "meeting_number": "第十五届第12次",
    "held_on": date(2026, 2, 1),
    "result": "passed",
}


@pytest.fixture
@once
def d(district: SimpleNamespace) -> SimpleNamespace:
    lay_down_lists()
    ensure_default_bodies()
    district.society = Category.objects.get(code="society")
    district.why = {
        "refusal_reason": RefusalReason.objects.get(code="empty"),
        "destination": Destination.objects.get(code="kept"),
    }
    return district


def reviewed(d: SimpleNamespace, result: str = "file", **more: Any) -> Proposal:
    """Handed in, and suggested for this result by the first stage."""
    proposal = made.submitted(d)
    given = {"category": d.society, "lead": d.housing, "note": "材料齐全。", **d.why, **more}
    actions.examine(proposal, by=d.office, result=result, at=made.JANUARY, **given)
    return proposal


def gathered(d: SimpleNamespace) -> FilingList:
    series = Proposal.Series.PLENARY
    return actions.start_list(by=d.office, plenary=d.plenary, series=series, title="第一批")


def passed(d: SimpleNamespace) -> FilingList:
    listed = gathered(d)
    listing.decide(listed, by=d.office, **MEETING)
    return listed


# Rules ----------------------------------------------------------------------------------------


def test_list_gathers_what_the_review_has_a_result_for(d: SimpleNamespace) -> None:
    main = reviewed(d)
    child = reviewed(d, "merge", main=main)
    refused = reviewed(d, "refuse")
    reviewed(d, "return")
    made.submitted(d)

    listed = gathered(d)
    later = reviewed(d)

    rows = {row.proposal: row for row in listed.rows.all()}
    assert set(rows) == {main, child, refused}
    assert (rows[main].category, rows[main].units) == (d.society, "区住建局")
    assert (rows[child].main, rows[refused].destination) == (main, d.why["destination"])
    assert actions.gather(listed, by=d.office) == 1
    assert listed.rows.filter(proposal=later).exists()


def test_passed_list_files_merges_and_refuses_in_one_step(d: SimpleNamespace) -> None:
    # The text that joins comes before the one it joins.
    child = reviewed(d, "refuse")
    main, other, gone = reviewed(d), reviewed(d), reviewed(d, "refuse")
    listed = gathered(d)
    actions.put_on_list(listed, child, by=d.office, result="merge", main=main, note="内容相同。")
    listing.decide(listed, by=d.office, **MEETING)

    left = actions.carry_out(listed, by=d.office, at=stages.APRIL)

    assert left == []
    assert listed.fresh().status == "done"
    now = {row.pk: row for row in Proposal.objects.all()}
    assert [now[row.pk].number for row in (main, other)] == [1, 2]
    assert (now[child.pk].status, now[child.pk].merged_into) == ("merged", main)
    assert now[gone.pk].status == "not_filed"
    decision = Decision.objects.get()
    for proposal, verb in ((main, "file"), (child, "merge"), (gone, "refuse")):
        assert proposal.changes.get(verb=verb).decision == decision
    assert Notice.objects.filter(kind="filed", person=d.author.person).count() == 2


def test_what_cannot_be_done_is_named_and_the_rest_is_done(d: SimpleNamespace) -> None:
    good, gone, orphan = reviewed(d), reviewed(d), reviewed(d)
    loose = made.submitted(d)
    listed = gathered(d)
    actions.put_on_list(listed, orphan, by=d.office, result="merge", main=loose, note="相近。")
    listing.decide(listed, by=d.office, **MEETING)
    actions.withdraw(gone, by=d.author, at=made.JANUARY)

    left = {row.proposal: row.told for row in actions.carry_out(listed, by=d.office)}

    assert good.fresh().number == 1
    assert left[gone] == "现在是「已撤回」，不能办理。"
    assert "只能并入已立案" in left[orphan]
    assert listed.fresh().status == "passed"
    actions.file(loose, by=d.office, category=d.society)
    assert actions.carry_out(listed, by=d.office) == []
    assert orphan.fresh().merged_into == loose
    assert listed.fresh().status == "done"
    assert Notice.objects.filter(kind="filed", person=d.author.person).count() == 2


def test_fifty_are_numbered_without_a_gap(d: SimpleNamespace) -> None:
    for _number in range(50):
        reviewed(d)

    actions.carry_out(passed(d), by=d.office)

    numbers = sorted(row.number or 0 for row in Proposal.objects.all())
    assert numbers == list(range(1, 51))


def test_nothing_is_carried_out_before_the_meeting_has_passed_it(d: SimpleNamespace) -> None:
    proposal = reviewed(d)
    listed = gathered(d)

    with pytest.raises(IllegalMove):
        actions.carry_out(listed, by=d.office)
    listing.decide(listed, by=d.office, **{**MEETING, "result": "returned", "text": "再核。"})
    with pytest.raises(IllegalMove):
        actions.carry_out(listed, by=d.office)

    assert listed.fresh().status == "collecting"
    assert [change.verb for change in listed.changes.all()] == ["return_"]
    assert proposal.fresh().status == "reviewing"


def test_decision_that_was_corrected_carries_nothing(d: SimpleNamespace) -> None:
    reviewed(d)
    listed = passed(d)
    record_decision(
        by=d.office,
        body="chair_meeting",
        item="第一批",
        result="refused",
        text="记录有误，会议未通过。",
        replaces=listed.approval,
    )

    with pytest.raises(NotReady, match="已更正"):
        actions.carry_out(listed, by=d.office)


def test_decision_and_list_are_asked_for_whole(d: SimpleNamespace) -> None:
    empty = gathered(d)
    with pytest.raises(NotReady, match="清单里还没有提案"):
        listing.decide(empty, by=d.office, **MEETING)
    assert not Decision.objects.exists()

    reviewed(d)
    actions.gather(empty, by=d.office)
    with pytest.raises(NotReady, match="会议届次"):
        listing.decide(empty, by=d.office, **{**MEETING, "meeting_number": ""})
    with pytest.raises(IntegrityError), transaction.atomic():
        FilingList.objects.filter(pk=empty.pk).update(**{"status": "passed"})


def test_list_is_closed_once_it_is_passed(d: SimpleNamespace) -> None:
    proposal = reviewed(d)
    listed = passed(d)

    for attempt in (
        lambda: actions.gather(listed, by=d.office),
        lambda: actions.put_on_list(
            listed, proposal, by=d.office, result="file", category=d.society
        ),
        lambda: actions.leave_out(listed, proposal, by=d.office),
        lambda: listing.decide(listed, by=d.office, **MEETING),
    ):
        with pytest.raises(IllegalMove):
            attempt()


def test_proposal_waits_on_one_list_at_a_time(d: SimpleNamespace) -> None:
    proposal = reviewed(d)
    first, second = gathered(d), gathered(d)

    assert second.rows.count() == 0
    with pytest.raises(NotReady, match="已在另一份清单里"):
        actions.put_on_list(second, proposal, by=d.office, result="file", category=d.society)
    with pytest.raises(IntegrityError), transaction.atomic():
        FilingRow.objects.create(
            listed=second, proposal=proposal, result="file", category=d.society
        )
    listing.drop(first, by=d.office, note="重排。")

    assert actions.gather(second, by=d.office) == 1


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"result": "file"}, "请选择类别"),
        ({"result": "refuse"}, "请选择理由"),
        ({"result": "merge", "note": "相近"}, "请选择并入哪一件"),
        ({"result": "没有"}, "请选择拟审查结果"),
    ],
)
def test_row_says_what_it_lacks(d: SimpleNamespace, given: dict[str, Any], told: str) -> None:
    listed = gathered(d)

    with pytest.raises(NotReady, match=told):
        actions.put_on_list(listed, made.submitted(d), by=d.office, **given)


def test_one_unit_does_not_lead_and_join(d: SimpleNamespace) -> None:
    given = {"result": "file", "category": d.society, "lead": d.housing, "joint": [d.housing]}

    with pytest.raises(NotReady, match="既主办又会办"):
        actions.put_on_list(gathered(d), made.submitted(d), by=d.office, **given)


def test_only_the_office_makes_and_carries_out_a_list(d: SimpleNamespace) -> None:
    reviewed(d)
    listed = passed(d)
    secgen = people.account("sg", "秘书长", Role.SECRETARY_GENERAL)

    for user in (secgen, d.author, d.clerk):
        with pytest.raises(NotAllowed):
            actions.carry_out(listed, by=user)
        with pytest.raises(NotAllowed):
            actions.start_list(by=user, plenary=d.plenary, series="plenary", title="乙")
        with pytest.raises(NotAllowed):
            listing.drop(listed, by=user, note="不要")


def test_filing_asks_for_a_decision_where_the_office_wants_it(d: SimpleNamespace) -> None:
    main = actions.file(made.submitted(d), by=d.office, category=d.society)
    loose, proposal = made.submitted(d), reviewed(d)
    parameters.set_parameter("proposals.filing_needs_decision", True, by=d.office)
    other = record_decision(by=d.office, body="proposal_committee", item="立案", **MEETING)

    for decision in (None, other):
        with pytest.raises(NotReady, match="立案须有主席会议通过的决定"):
            actions.file(loose, by=d.office, category=d.society, decision=decision)
        with pytest.raises(NotReady, match="不予立案须有主席会议通过的决定"):
            actions.refuse(loose, by=d.office, decision=decision, **d.why)
        with pytest.raises(NotReady, match="并案须有主席会议通过的决定"):
            actions.merge(loose, by=d.office, into=main, note="相近。", decision=decision)
    actions.carry_out(passed(d), by=d.office)

    assert proposal.fresh().status == "filed"
    assert loose.fresh().status == "submitted"


@pytest.mark.parametrize("verb", ["file", "refuse", "merge"])
def test_pages_of_results_ask_for_the_decision(d: SimpleNamespace, verb: str) -> None:
    proposal = made.submitted(d)
    parameters.set_parameter("proposals.filing_needs_decision", True, by=d.office)
    url = reverse(f"admin:proposals_proposal_{verb}", args=[proposal.pk])
    client = logged_in(d.office)

    assert "依据的会议决定" in text(client.get(url))
    client.post(url, {"note": "相近。", "category": d.society.pk})
    assert proposal.fresh().status == "submitted"


# Pages ----------------------------------------------------------------------------------------


def test_office_gathers_prints_records_and_carries_out_by_pages(d: SimpleNamespace) -> None:
    first, second = reviewed(d), reviewed(d, "refuse")
    loose = made.submitted(d)
    Proposal.objects.filter(pk=loose.pk).update(category=d.society)
    client = logged_in(d.office)

    client.post(
        reverse("admin:proposals_filinglist_add"),
        {"plenary": d.plenary.pk, "series": "plenary", "title": "大会提案审查结果（第一批）"},
    )
    listed = FilingList.objects.get()
    page = reverse("admin:proposals_filinglist_change", args=[listed.pk])
    client.post(
        reverse("admin:proposals_proposal_changelist"),
        {"action": "list_many", "_selected_action": [loose.pk]},
    )
    row = listed.rows.get(proposal=second)
    edit = reverse("admin:proposals_filinglist_row", args=[listed.pk, row.pk])
    lacking = client.post(edit, {"result": "merge", "note": "相近的话"})
    client.post(edit, {"result": "refuse", **{k: v.pk for k, v in d.why.items()}, "note": "空泛"})
    paper = client.get(reverse("admin:proposals_filinglist_paper", args=[listed.pk]))
    decide = reverse("admin:proposals_filinglist_decide", args=[listed.pk])
    wrong = client.post(decide, {**MEETING, "result": "returned", "document_number": "甲1号"})
    client.post(decide, MEETING)
    preview = client.get(reverse("admin:proposals_filinglist_carry_out", args=[listed.pk]))
    done = client.post(
        reverse("admin:proposals_filinglist_carry_out", args=[listed.pk]), follow=True
    )

    assert "相近的话" in text(lacking)
    assert "请写明理由" in text(wrong)
    assert "甲1号" in text(wrong)
    words = "\n".join(
        cell.text
        for table in Document(io.BytesIO(paper.content)).tables
        for line in table.rows
        for cell in line.cells
    )
    for word in ("序号", "案由", "提案人", "类别", "拟办单位", "审查意见", "陈一等2人", "空泛"):
        assert word in words
    assert str(first) in text(preview)
    assert "已办理 3 件" in text(done)
    assert {p.status for p in Proposal.objects.all()} == {"filed", "not_filed"}
    assert "按审定结果办理" not in text(client.get(page))


def test_secretary_general_looks_on_and_others_find_no_list(d: SimpleNamespace) -> None:
    reviewed(d)
    listed = passed(d)
    page = reverse("admin:proposals_filinglist_change", args=[listed.pk])
    secgen = logged_in(people.account("sg", "秘书长", Role.SECRETARY_GENERAL))

    assert secgen.get(page).status_code == 200
    carry_out = reverse("admin:proposals_filinglist_carry_out", args=[listed.pk])
    assert secgen.post(carry_out).status_code == 403
    assert logged_in(d.author).get(page).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_page_of_a_list_asks_a_constant_number_of_queries(d: SimpleNamespace, count: int) -> None:
    for _number in range(count):
        reviewed(d, joint=[d.fire])
    listed = gathered(d)
    client = logged_in(d.office)

    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("admin:proposals_filinglist_change", args=[listed.pk]))

    assert len(queries) <= 19
