"""Rules 9 and 11: one decision a recommendation, evidence and another's verification, the look-back.

Each attacked by every door below the pages: the wrong person, the wrong order, two at once, `update`.
"""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from cppcc_portal.office import files
from cppcc_portal.office.decisions import Decision
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady
from feedback.actions import adopting, looking_back, remind
from feedback.models import Adoption, LookBack, LookBackFinding, LookBackYear
from members import actions as member_actions
from members.models import Commitment, User
from tests import topics as made

pytestmark = pytest.mark.django_db
PROMISE = {"what": "完成三个小区", "who": "局长甲", "due_on": date(2026, 12, 20)}
AT = made.MEETING + timedelta(days=20)


@pytest.fixture
def d(db: None) -> SimpleNamespace:
    return made.district()


def broken(model: Any, pk: int, **fields: Any) -> None:
    """The database itself refuses these values, past every form and action."""
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.filter(pk=pk).update(**fields)


def studying(d: SimpleNamespace) -> Adoption:
    adoption = made.assigned(d)
    adopting.acknowledge(adoption, by=d.clerk, at=AT)
    return adoption


# Rule 9 ----------------------------------------------------------------------------------------


def test_adopted_without_a_commitment_is_refused(d: SimpleNamespace) -> None:
    adoption = studying(d)

    with pytest.raises(NotReady, match="至少一项措施"):
        adopting.answer(adoption, by=d.clerk, conclusion="adopted", answer="同意", at=AT)
    with pytest.raises(NotReady, match="晚于今天"):
        adopting.answer(
            adoption,
            by=d.clerk,
            conclusion="adopted",
            answer="同意",
            commitments=[{**PROMISE, "due_on": date(2026, 1, 1)}],
            at=AT,
        )
    assert not Commitment.objects.exists()
    broken(Adoption, adoption.pk, status="implementing", conclusion="adopted")
    broken(Adoption, adoption.pk, status="implementing")


def test_not_adopted_needs_a_reason_of_some_length(d: SimpleNamespace) -> None:
    adoption = studying(d)

    for conclusion in ("not_adopted", "reference"):
        with pytest.raises(NotReady, match="至少 20 个字"):
            adopting.answer(adoption, by=d.clerk, conclusion=conclusion, reason="没钱", at=AT)
    broken(Adoption, adoption.pk, conclusion="not_adopted", reason="")


def test_partly_adopted_says_what_is_left_out(d: SimpleNamespace) -> None:
    adoption = studying(d)

    with pytest.raises(NotReady, match="其余部分"):
        adopting.answer(
            adoption, by=d.clerk, conclusion="partly", answer="部分", commitments=[PROMISE], at=AT
        )
    assert not Commitment.objects.exists()


@pytest.mark.parametrize("who", ["other_clerk", "author", "chair", "secgen", "leader"])
def test_only_the_unit_answers(d: SimpleNamespace, who: str) -> None:
    adoption = studying(d)

    with pytest.raises(NotAllowed):
        adopting.answer(
            adoption,
            by=getattr(d, who),
            conclusion="adopted",
            answer="同意",
            commitments=[PROMISE],
            at=AT,
        )


def test_clerk_who_left_the_unit_answers_no_more(d: SimpleNamespace) -> None:
    adoption = studying(d)
    posting = d.clerk.person.postings.get()
    member_actions.end_posting(posting, by=d.office, on=date(2020, 1, 2))

    with pytest.raises(NotAllowed):
        adopting.report_progress(adoption, by=User.objects.get(pk=d.clerk.pk), text="还在办")


def test_progress_is_entered_for_the_unit_only_from_paper(d: SimpleNamespace) -> None:
    adoption = made.adopted(d)

    with pytest.raises(NotReady, match="代区住建局办理须附"):
        adopting.report_progress(adoption, by=d.office, text="来电说已开工")
    paper = files.accept(made.pdf(), subject=adoption, by=d.office, kind=Attachment.Kind.SCAN)
    report = adopting.report_progress(adoption, by=d.office, text="来函说已开工", scan=paper)
    own = adopting.report_progress(adoption, by=d.clerk, text="已开工")

    assert (report.scan, own.scan) == (paper, None)


def test_office_answers_for_the_unit_only_from_paper(d: SimpleNamespace) -> None:
    adoption = studying(d)
    fields = {"conclusion": "adopted", "answer": "同意", "commitments": [PROMISE], "at": AT}

    with pytest.raises(NotReady, match="扫描件"):
        adopting.answer(adoption, by=d.office, **fields)
    scan = files.accept(
        made.pdf("复函.pdf"), subject=adoption, by=d.office, kind=Attachment.Kind.SCAN
    )
    adopting.answer(adoption, by=d.office, scan=scan, **fields)

    line = adoption.changes.get(verb="adopt")
    assert (line.behalf, line.scan) == ("区住建局", scan)


def test_of_two_clerks_one_answers(d: SimpleNamespace) -> None:
    adoption = studying(d)
    other = Adoption.objects.get(pk=adoption.pk)
    made_fields = {"answer": "同意", "commitments": [PROMISE], "at": AT}
    adopting.answer(adoption, by=d.clerk, conclusion="adopted", **made_fields)

    with pytest.raises(IllegalMove):
        adopting.answer(other, by=d.clerk, conclusion="adopted", **made_fields)

    assert Commitment.objects.count() == 1


def test_done_needs_evidence_and_an_effect(d: SimpleNamespace) -> None:
    adoption = made.adopted(d)

    with pytest.raises(NotReady, match="证明办结的材料"):
        adopting.report_done(adoption, by=d.clerk, effect="policy", at=AT)
    with pytest.raises(NotReady, match="转化形式"):
        adopting.report_done(adoption, by=d.clerk, effect="", upload=made.pdf(), at=AT)
    broken(Adoption, adoption.pk, status="done_reported", effect="policy")


def test_nobody_verifies_their_own_report(d: SimpleNamespace) -> None:
    adoption = made.done(d)

    for somebody in (d.clerk, d.other_chair, d.author, d.secgen, d.staff):
        with pytest.raises(NotAllowed):
            adopting.verify(adoption, by=somebody)
    broken(Adoption, adoption.pk, status="verified")
    broken(Adoption, adoption.pk, status="verified", verified_by=d.clerk)


def test_office_that_reported_from_paper_does_not_verify(d: SimpleNamespace) -> None:
    adoption = made.adopted(d)
    scan = files.accept(
        made.pdf("函.pdf"), subject=adoption, by=d.office, kind=Attachment.Kind.SCAN
    )
    adopting.report_done(
        adoption, by=d.office, effect="policy", upload=made.pdf(), scan=scan, at=AT
    )

    with pytest.raises(NotReady, match="不能自己核实"):
        adopting.verify(adoption, by=d.office, scan=scan)


def test_chair_who_acts_for_the_unit_does_not_verify(d: SimpleNamespace) -> None:
    adoption = made.done(d)
    member_actions.appoint(
        d.chair.person, d.housing.body_ptr, "leader", by=None, on=date(2020, 1, 1)
    )

    with pytest.raises(NotAllowed):
        adopting.verify(adoption, by=User.objects.get(pk=d.chair.pk))


def test_topic_is_not_closed_while_advice_is_open(d: SimpleNamespace) -> None:
    adoption = made.adopted(d)

    with pytest.raises(NotReady, match="还有 1 条意见建议没有办结"):
        adopting.close_topic(adoption.topic, by=d.chair)


def test_answer_may_be_challenged_only_so_often(d: SimpleNamespace) -> None:
    adoption = studying(d)
    for number in range(3):
        adopting.answer(
            adoption, by=d.clerk, conclusion="not_adopted", reason="今年财力有限" * 5, at=AT
        )
        if number < 2:
            adopting.challenge(adoption, by=d.chair, note="请再研究", at=AT)

    with pytest.raises(NotReady, match="列入督办"):
        adopting.challenge(adoption, by=d.chair, note="再研究", at=AT)
    adopting.accept_answer(adoption, by=d.chair)
    assert adoption.recommendation.fresh().status == "settled"


def test_recommendation_is_assigned_once(d: SimpleNamespace) -> None:
    adoption = made.assigned(d)

    with pytest.raises(NotReady, match="已经交办"):
        adopting.assign(adoption.recommendation, by=d.office)
    with pytest.raises(NotAllowed):
        adopting.assign(adoption.recommendation, by=d.chair)


def test_due_date_says_how_it_came_about(d: SimpleNamespace) -> None:
    adoption = made.assigned(d)

    clock = adopting.deadlines.Deadline.objects.current(adoption, "adoption_reply")

    assert adoption.due_on == clock.due_on == date(2026, 6, 20)
    assert "交办" in clock.explain()
    assert adoption.is_overdue(date(2026, 6, 21))
    assert not adoption.is_overdue(date(2026, 6, 20))


# Rule 11: the look-back ------------------------------------------------------------------------


def candidate(d: SimpleNamespace) -> LookBack:
    made.verified(d)
    remind(date(2027, 2, 1))
    return LookBack.objects.get()


def test_look_back_is_chosen_by_a_decision_of_the_right_body(d: SimpleNamespace) -> None:
    look_back = candidate(d)
    refused = made.decided(
        d, "chair_meeting", result=Decision.Result.REFUSED, meeting_number="", text="不选"
    )

    for decision, why in [
        (None, "请选择主席会议"),
        (refused, "请选择主席会议"),
        (made.decided(d, "party_group"), "由主席会议决定"),
    ]:
        with pytest.raises(NotReady, match=why):
            looking_back.select(look_back, by=d.office, decision=decision)
    with pytest.raises(NotAllowed):
        looking_back.select(look_back, by=d.chair, decision=made.decided(d, "chair_meeting"))
    broken(LookBack, look_back.pk, status="selected")


def test_no_more_than_the_setting_allows(d: SimpleNamespace) -> None:
    look_back = candidate(d)
    year = LookBackYear.objects.get()
    others = [
        LookBack.objects.create(year=year, topic=made.screened(d, title=f"议题{number}"))
        for number in (1, 2)
    ]
    decision = made.decided(d, "chair_meeting")
    looking_back.select(look_back, by=d.office, decision=decision)
    looking_back.select(others[0], by=d.office, decision=decision)

    with pytest.raises(NotReady, match="最多选 2 个"):
        looking_back.select(others[1], by=d.office, decision=decision)


def test_look_back_needs_three_members_and_a_finding_for_each(d: SimpleNamespace) -> None:
    look_back = candidate(d)
    looking_back.select(look_back, by=d.office, decision=made.decided(d, "chair_meeting"))
    looking_back.name_checkers(look_back, [made.seat(d.author)], by=d.chair)

    with pytest.raises(NotReady, match="至少 3 名委员"):
        looking_back.start_check(look_back, by=d.chair)
    seats = [made.seat(user) for user in (d.author, d.member, d.third)]
    looking_back.name_checkers(look_back, seats, by=d.chair)
    looking_back.start_check(look_back, by=d.chair)
    with pytest.raises(NotReady, match="还没有自查报告"):
        looking_back.evaluate(look_back, by=d.chair)
    finding = look_back.findings.get()
    with pytest.raises(NotAllowed):
        looking_back.report_self(finding, by=d.other_clerk, text="不是我的")
    with pytest.raises(NotAllowed):
        looking_back.find(finding, by=d.clerk, result="holding", text="自己说好")
    looking_back.report_self(finding, by=d.clerk, text="都完成了")
    with pytest.raises(NotReady, match="还没有检查结论"):
        looking_back.evaluate(look_back, by=d.chair)
    broken(LookBackFinding, finding.pk, result="holding")
    seen = finding.version
    looking_back.find(finding, by=d.chair, result="holding", text="看过", version=seen)
    with pytest.raises(IllegalMove):
        looking_back.find(finding, by=d.chair, result="weak", text="又改", version=seen)
    looking_back.evaluate(look_back, by=d.chair)
    assert look_back.status == LookBack.Status.EVALUATED


def test_who_wrote_the_self_report_does_not_judge_it(d: SimpleNamespace) -> None:
    look_back = candidate(d)
    looking_back.select(look_back, by=d.office, decision=made.decided(d, "chair_meeting"))
    seats = [made.seat(user) for user in (d.author, d.member, d.third)]
    looking_back.name_checkers(look_back, seats, by=d.chair)
    looking_back.start_check(look_back, by=d.chair)
    finding = look_back.findings.get()
    with pytest.raises(NotReady, match="代区住建局办理须附"):
        looking_back.report_self(finding, by=d.office, text="单位寄来的自查")
    paper = files.accept(made.pdf(), subject=finding, by=d.office, kind=Attachment.Kind.SCAN)
    looking_back.report_self(finding, by=d.office, text="单位寄来的自查", scan=paper)
    assert paper.can_be_read_by(d.clerk)
    assert not paper.can_be_read_by(d.other_clerk)

    with pytest.raises(NotReady, match="不能自己下检查结论"):
        looking_back.find(finding, by=d.office, result="holding", text="好")
