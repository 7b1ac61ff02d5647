"""重点提案: none without a decision and a leading official; the log is kept, read by all concerned, and pressed for."""

import io
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from docx import Document

from cppcc_portal.office import files
from cppcc_portal.office.decisions import Decision
from cppcc_portal.office.models import Notice
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady
from members.models import Committee
from members.roles import Role
from proposals import actions
from proposals.actions.reminding import remind
from proposals.models import KeyMark, LeadingOfficial, Proposal, SupervisionEntry, SupervisionWay
from tests import district as made
from tests import people, stages
from tests.browsing import logged_in, queries, text
from tests.decided import LEADERS, decided
from tests.laid import once
from tests.topics import pdf

pytestmark = pytest.mark.django_db
ON = date(2026, 4, 1)


@pytest.fixture
@once
def d(district: SimpleNamespace) -> SimpleNamespace:
    term = district.plenary.term
    own, other = (
        Committee.objects.create(kind="committee", name=name, short_name=name, term=term)
        for name in ("甲委", "乙委")
    )
    district.committee, district.other_committee = own, other
    district.chair = people.account(
        "ch", "主任甲", Role.COMMITTEE_CHAIR, body=own.body_ptr, post="chair"
    )
    district.staff = people.account(
        "st", "干事甲", Role.COMMITTEE_STAFF, body=own.body_ptr, post="staff"
    )
    district.other_chair = people.account(
        "chb", "主任乙", Role.COMMITTEE_CHAIR, body=other.body_ptr, post="chair"
    )
    district.leader = people.account("leader", "副主席甲", Role.LEADER)
    district.way = SupervisionWay.objects.create(code="talks", name="协商座谈")
    return district


def key(d: SimpleNamespace, proposal: Proposal | None = None, **more: Any) -> Proposal:
    proposal = proposal or stages.acknowledged(d)
    given = {"decision": decided(d.office), "leaders": LEADERS, "committee": d.committee}
    actions.select_key(proposal, by=d.office, at=stages.APRIL, **{**given, **more})
    return proposal.fresh()


def entry(d: SimpleNamespace, **more: Any) -> dict[str, Any]:
    words = {"took_part": "副区长沈海，区住建局", "said": "现场察看三个小区。"}
    return {"way": d.way, "on": ON, **words, **more}


# Choosing --------------------------------------------------------------------------------------


def test_key_needs_a_decision_of_the_right_body_and_a_leader(d: SimpleNamespace) -> None:
    proposal, good = stages.filed(d), decided(d.office)
    replaced = decided(d.office)
    decided(d.office, replaces=replaced, result="refused", text="未通过", meeting_number="")
    attempts: list[tuple[str, dict[str, Any]]] = [
        ("须有主席会议的决定", {"decision": decided(d.office, body="party_group")}),
        ("没有通过", {"decision": decided(d.office, result="refused", text="另议")}),
        ("已被更正", {"decision": replaced}),
        ("请写明督办领导", {"leaders": []}),
        ("姓名和职务都要写", {"leaders": [{"name": "沈海", "post": " "}]}),
        ("早于提案提交", {"decision": decided(d.office, held_on=date(2025, 12, 31))}),
    ]

    for told, wrong in attempts:
        with pytest.raises(NotReady, match=told):
            actions.select_key(
                proposal, by=d.office, **{"decision": good, "leaders": LEADERS, **wrong}
            )

    assert not KeyMark.objects.exists()
    assert not proposal.fresh().is_key


def test_database_has_no_mark_without_decision_or_leader(d: SimpleNamespace) -> None:
    proposal = key(d)
    mark = proposal.key_marks.get()
    attempts = [
        lambda: KeyMark.objects.filter(pk=mark.pk).update(decision=None),
        lambda: LeadingOfficial.objects.update(name=""),
        lambda: LeadingOfficial.objects.update(post=""),
        lambda: KeyMark.objects.create(
            proposal=proposal, decision=mark.decision, selected_by=d.office
        ),
        lambda: Proposal.objects.filter(pk=proposal.pk).update(number=None, status="revoked"),
        lambda: Proposal.objects.filter(pk=proposal.pk).update(status="taken_out"),
    ]

    for attempt in attempts:
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()


@pytest.mark.parametrize("state", [made.drafted, made.submitted])
def test_only_what_is_filed_is_chosen(d: SimpleNamespace, state: Any) -> None:
    with pytest.raises(IllegalMove):
        key(d, state(d))


def test_only_the_office_chooses_and_only_once(d: SimpleNamespace) -> None:
    proposal, decision = stages.filed(d), decided(d.office)
    for user in (d.author, d.chair, d.leader, d.clerk):
        with pytest.raises(NotAllowed):
            actions.select_key(proposal, by=user, decision=decision, leaders=LEADERS)
    key(d, proposal)

    with pytest.raises(NotReady, match="已经是重点提案"):
        key(d, proposal)

    assert KeyMark.objects.count() == 1


def test_all_concerned_are_told_once(d: SimpleNamespace) -> None:
    leaders = [*LEADERS, {"name": "副主席甲", "post": "副主席", "person": d.leader.person}]

    key(d, leaders=leaders)

    told = [notice.person for notice in Notice.objects.filter(kind="key_selected")]
    wanted = [d.author, d.cosigner, d.leader, d.chair, d.staff, d.clerk, d.joint_clerk]
    assert sorted(person.pk for person in told) == sorted(user.person.pk for user in wanted)


def test_dropped_by_decision_with_a_reason_keeps_the_log(d: SimpleNamespace) -> None:
    proposal = key(d)
    actions.supervise(proposal, by=d.staff, at=stages.APRIL, **entry(d))
    with pytest.raises(NotReady, match="请写明不再列为"):
        actions.drop_key(proposal, by=d.office, decision=decided(d.office), note=" ")
    with pytest.raises(NotAllowed):
        actions.drop_key(proposal, by=d.chair, decision=decided(d.office), note="并入他案")

    decision = decided(d.office, "调整重点提案")
    actions.drop_key(proposal, by=d.office, decision=decision, note="已由专项规划统筹。")

    line = proposal.key_marks.get().changes.get()
    assert (line.verb, line.decision, line.note) == ("drop_key", decision, "已由专项规划统筹。")
    assert not proposal.fresh().is_key
    page = text(logged_in(d.author).get(proposal.get_absolute_url()))
    assert "现已不再列为重点" in page
    assert "现场察看三个小区" in page
    with pytest.raises(IllegalMove):
        actions.drop_key(proposal, by=d.office, decision=decision, note="再来")
    key(d, proposal)  # chosen anew by a further decision
    assert proposal.fresh().is_key


# The log ---------------------------------------------------------------------------------------


def test_log_needs_who_what_and_a_day_that_has_been(d: SimpleNamespace) -> None:
    plain, proposal = stages.filed(d), key(d)

    for told, wrong in (
        ("请写明参加人员", {"took_part": " "}),
        ("请写明督办情况", {"said": " "}),
        ("不能晚于今天", {"on": ON + timedelta(days=1)}),
        ("不能早于立案日期", {"on": timezone.localdate(proposal.filed_at) - timedelta(days=1)}),
    ):
        with pytest.raises(NotReady, match=told):
            actions.supervise(proposal, by=d.office, at=stages.APRIL, **entry(d, **wrong))
    with pytest.raises(NotReady, match="先选为重点提案"):
        actions.supervise(plain, by=d.office, at=stages.APRIL, **entry(d))
    for user in (d.author, d.clerk, d.other_chair, d.leader):
        with pytest.raises(NotAllowed):
            actions.supervise(proposal, by=user, at=stages.APRIL, **entry(d))

    assert not SupervisionEntry.objects.exists()


def test_log_only_grows(d: SimpleNamespace) -> None:
    proposal = key(d)
    kept = actions.supervise(proposal, by=d.staff, at=stages.APRIL, **entry(d))

    for attempt in (
        lambda: SupervisionEntry.objects.filter(pk=kept.pk).update(said="别的话"),
        kept.delete,
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()


def test_committee_reads_and_writes_what_it_supervises_others_do_not(d: SimpleNamespace) -> None:
    proposal = key(d)
    url = f"{proposal.get_absolute_url()}supervise/"

    assert logged_in(d.other_chair).get(url).status_code == 404
    assert logged_in(d.author).get(url).status_code == 403
    page = logged_in(d.chair)
    assert page.get(url).status_code == 200
    posted = {
        "on": "2026-04-01",
        "way": d.way.pk,
        "took_part": "专委会、区住建局",
        "said": "听取进展。",
        "undertook": "六月底前完成选址。",
        "upload": pdf("纪要.pdf"),
    }
    assert page.post(url, posted).status_code == 302

    kept = SupervisionEntry.objects.get()
    assert (kept.recorded_by, kept.undertook) == (d.chair, "六月底前完成选址。")
    paper = files.for_subject(kept).get()
    share = stages.lead_of(proposal)
    for user, address in (
        (d.author, proposal.get_absolute_url()),
        (d.leader, proposal.get_absolute_url()),
        (d.clerk, share.get_absolute_url()),
    ):
        assert "六月底前完成选址" in text(logged_in(user).get(address))
        fetched = logged_in(user).get(reverse("files:fetch", args=[paper.uid]))
        assert b"".join(fetched.streaming_content).startswith(b"%PDF")
    assert logged_in(d.other).get(reverse("files:fetch", args=[paper.uid])).status_code == 404
    told = {notice.person for notice in Notice.objects.filter(kind="supervised")}
    assert {d.author.person, d.clerk.person} <= told
    assert d.chair.person not in told


def test_nothing_typed_is_lost_when_the_log_is_refused(d: SimpleNamespace) -> None:
    proposal = key(d)
    page = logged_in(d.office).post(
        f"{proposal.get_absolute_url()}supervise/",
        {"on": "2099-01-01", "way": d.way.pk, "took_part": "区住建局", "said": "听取进展。"},
    )

    assert page.status_code == 422
    assert "听取进展。" in text(page)
    assert "督办日期不能晚于今天" in text(page)


def test_silence_reminds_office_and_committee_again_after_each_entry(d: SimpleNamespace) -> None:
    proposal = key(d)
    due = stages.APRIL.date() + timedelta(days=30)

    remind(due - timedelta(days=1))
    assert not Notice.objects.filter(kind="supervision_reminder").exists()
    remind(due)
    assert remind(due) == 0
    told = {notice.person for notice in Notice.objects.filter(kind="supervision_reminder")}
    assert told == {d.office.person, d.chair.person, d.staff.person}

    later = datetime(2026, 5, 10, 9, tzinfo=people.CHINA)
    actions.supervise(proposal, by=d.staff, at=later, **entry(d, on=later.date()))
    before = Notice.objects.filter(kind="supervision_reminder").count()
    remind(due + timedelta(days=14))
    assert Notice.objects.filter(kind="supervision_reminder").count() == before


def test_silent_ones_stand_in_a_queue_until_pressed(d: SimpleNamespace) -> None:
    proposal = key(d)
    key(d, stages.filed(d))  # no unit has it yet: nobody to press
    url = f"{reverse('admin:proposals_proposal_changelist')}?queue=silent"
    office = logged_in(d.office)

    found = office.get(url).context["cl"].result_list

    assert [row.pk for row in found] == [proposal.pk]
    today = timezone.localdate()
    actions.supervise(proposal, by=d.staff, **entry(d, on=today))
    assert office.get(url).context["cl"].result_count == 0


def test_hand_over_sheet_names_who_leads(d: SimpleNamespace) -> None:
    lead = stages.lead_of(key(d))

    sheet = logged_in(d.clerk).get(reverse("desk:sheet", args=[lead.pk]))

    document = Document(io.BytesIO(sheet.content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert "副区长 沈海" in cells


# Pages -----------------------------------------------------------------------------------------


def test_office_chooses_on_its_page(d: SimpleNamespace) -> None:
    proposal, decision = stages.filed(d), decided(d.office)
    office = logged_in(d.office)
    inside = reverse("admin:proposals_proposal_change", args=[proposal.pk])
    assert f"{proposal.get_absolute_url()}select_key/" in text(office.get(inside))
    url = f"{proposal.get_absolute_url()}select_key/"

    refused = office.post(url, {"decision": decision.pk, "others": "沈海"})
    assert refused.status_code == 422
    assert "姓名和职务都要写" in text(refused)
    done = office.post(
        url,
        {"decision": decision.pk, "others": "沈海，副区长", "people": [d.leader.person.pk]},
    )

    assert done.headers["Location"] == inside
    assert {str(one) for one in LeadingOfficial.objects.all()} == {
        "副区长 沈海",
        "政协领导 副主席甲",
    }
    for user in (d.author, d.office):
        for address in (proposal.get_absolute_url(), f"{reverse('proposals:index')}?status=key"):
            assert "重点" in text(logged_in(user).get(address))
    listed = logged_in(d.office).get(
        reverse("admin:proposals_proposal_changelist"), {"mark": "key"}
    )
    assert listed.context["cl"].result_count == 1


@pytest.mark.parametrize("count", [1, 3])
def test_list_with_key_proposals_takes_a_constant_number(d: SimpleNamespace, count: int) -> None:
    for _number in range(count):
        key(d, stages.filed(d))
    client = logged_in(d.office)

    assert queries(client, f"{reverse('proposals:index')}?status=key") <= 16
    assert queries(client, f"{reverse('admin:proposals_proposal_changelist')}?mark=key") <= 22


@pytest.mark.parametrize("count", [1, 4])
def test_page_with_a_long_log_takes_a_constant_number(d: SimpleNamespace, count: int) -> None:
    proposal = key(d)
    for number in range(count):
        actions.supervise(
            proposal, by=d.staff, at=stages.APRIL, **entry(d, upload=pdf(f"{number}.pdf"))
        )

    assert queries(logged_in(d.author), proposal.get_absolute_url()) <= 36


def test_taken_out_takes_the_log_with_it(d: SimpleNamespace) -> None:
    proposal = key(d)
    actions.supervise(proposal, by=d.staff, at=stages.APRIL, **entry(d, upload=pdf("纪要.pdf")))

    actions.take_out(proposal, by=d.office, note="转区委保密办")

    kept = SupervisionEntry.objects.get()
    assert "小区" not in kept.said
    assert not files.for_subject(kept).exists()
    assert proposal.key_marks.get().status == KeyMark.Status.DROPPED
    assert Decision.objects.exists()
