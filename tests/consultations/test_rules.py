"""The rules of topics and sessions, each attacked by every door below the pages.

Rule 7 (nothing runs before the approving body's decision), rule 8 (no consultation without research,
five categories, waivers in the open, no advice without a finding), rule 1 (one winner, legal steps),
rule 12 (one duty record a fact), rule 17 (paper is marked as such).
"""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from consultations.actions import meeting, outcome, planning, researching, topics
from consultations.models import (
    AnnualPlan,
    CategoryWaiver,
    DeclineReason,
    Recommendation,
    Research,
    Session,
    SessionForm,
    Topic,
)
from cppcc_portal.office import files
from cppcc_portal.office.decisions import Decision
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.notices import Notice
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady
from members import gatherings
from members.models import DutyRecord, Invitation
from tests import topics as made

pytestmark = pytest.mark.django_db


@pytest.fixture
def d(db: None) -> SimpleNamespace:
    return made.district()


def refused(reasons: pytest.ExceptionInfo[NotReady]) -> str:
    return "；".join(map(str, reasons.value.reasons))


def broken(model: Any, pk: int, **fields: Any) -> None:
    """The database itself refuses these values, past every form and action."""
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.filter(pk=pk).update(**fields)


# Topics and the three criteria -----------------------------------------------------------------


def test_topic_without_reason_or_confirmation_is_not_taken_in(d: SimpleNamespace) -> None:
    topic = topics.start_topic(by=d.author, membership=made.seat(d.author), title="改造")

    with pytest.raises(NotReady) as error:
        topics.submit(topic, by=d.author)

    assert "背景和理由" in refused(error)
    assert "不涉密" in refused(error)
    assert Topic.objects.get().status == Topic.Status.DRAFT


def test_topic_longer_than_the_limit_is_told_by_how_much(d: SimpleNamespace) -> None:
    with pytest.raises(NotReady, match="共 1007 字，最多 1000 字"):
        made.proposed(d, background="长" * 994)


def test_somebody_elses_topic_is_neither_written_nor_submitted(d: SimpleNamespace) -> None:
    topic = topics.start_topic(by=d.author, membership=made.seat(d.author), **made.TEXT)

    for somebody in (d.member, d.office, d.chair):
        with pytest.raises(NotAllowed):
            topics.save_topic(topic, by=somebody, version=topic.version, title="别的")
        with pytest.raises(NotAllowed):
            topics.submit(topic, by=somebody)
    with pytest.raises(NotAllowed):
        topics.start_topic(by=d.member, membership=made.seat(d.author), title="冒名")


def test_two_windows_lose_no_text(d: SimpleNamespace) -> None:
    topic = topics.start_topic(by=d.author, membership=made.seat(d.author), **made.TEXT)
    seen = topic.version
    topics.save_topic(topic, by=d.author, version=seen, title="手机上写的")

    with pytest.raises(topics.TopicConflict):
        topics.save_topic(topic, by=d.author, version=seen, title="电脑上写的")

    topics.save_topic(
        topic, by=d.author, version=seen, title="手机上写的"
    )  # sent twice: no conflict
    assert Topic.objects.get().title == "手机上写的"


def test_screening_answers_all_three_criteria(d: SimpleNamespace) -> None:
    topic = made.proposed(d)

    with pytest.raises(NotReady) as error:
        topics.screen(topic, by=d.office, needed="需要", hoped_for=" ", feasible="", committee=None)

    assert [word in refused(error) for word in ("党政所需", "群众所盼", "政协所能", "专委会")] == [
        False,
        True,
        True,
        True,
    ]


@pytest.mark.parametrize("who", ["author", "member", "clerk", "chair", "leader", "secgen"])
def test_only_the_office_screens_and_plans(d: SimpleNamespace, who: str) -> None:
    somebody = getattr(d, who)
    topic = made.proposed(d)
    words = {"needed": "一", "hoped_for": "二", "feasible": "三"}

    with pytest.raises(NotAllowed):
        topics.screen(topic, by=somebody, committee=d.committee, **words)
    with pytest.raises(NotAllowed):
        topics.not_take(
            topic, by=somebody, decline_reason=DeclineReason.objects.first(), note="不行"
        )
    with pytest.raises(NotAllowed):
        planning.open_year(2026, by=somebody)


def test_declined_topic_tells_its_reason(d: SimpleNamespace) -> None:
    topic = made.proposed(d)

    with pytest.raises(NotReady):
        topics.not_take(topic, by=d.office, decline_reason=DeclineReason.objects.first(), note=" ")
    broken(Topic, topic.pk, status="declined")


# Rule 7: nothing runs before the decision ------------------------------------------------------


def test_nothing_runs_before_the_plan_is_issued(d: SimpleNamespace) -> None:
    topic = made.in_plan(d)

    with pytest.raises(IllegalMove):
        researching.start_research(topic, by=d.staff)
    with pytest.raises(NotReady, match="批准后才能安排"):
        meeting.plan_session(topic, by=d.staff, title="先开", starts_at=made.MEETING)
    for status in ("approved", "researching", "research_done", "consulted", "tracking", "closed"):
        broken(Topic, topic.pk, status=status)
    topic.status = Topic.Status.APPROVED
    with pytest.raises(IntegrityError), transaction.atomic():
        topic.save()


def test_approval_cannot_be_taken_by_hand(d: SimpleNamespace) -> None:
    topic = made.in_plan(d)
    decision = made.decided(d, "chair_meeting")

    with pytest.raises(NotReady, match="区委常委会"):
        topic.move_to("approve", by=d.office, approval=decision)
    assert not topic.can("approve", d.office)


def test_steps_are_closed_in_order_by_their_own_body(d: SimpleNamespace) -> None:
    plan = made.in_plan(d).plan
    assert plan is not None
    planning.close_call(plan, by=d.office)
    planning.send(plan, by=d.office)
    first, second, last = plan.steps.select_related("body", "plan")

    with pytest.raises(NotReady, match="请先记入前一步"):
        planning.record_step(last, by=d.office, decision=made.decided(d, last.body.code))
    with pytest.raises(NotReady, match="不是党组会议"):
        planning.record_step(first, by=d.office, decision=made.decided(d, second.body.code))
    bad = made.decided(
        d, first.body.code, result=Decision.Result.RETURNED, meeting_number="", text="再议"
    )
    with pytest.raises(NotReady, match="没有通过"):
        planning.record_step(first, by=d.office, decision=bad)
    with pytest.raises(NotReady) as error:
        planning.issue(plan, by=d.office, document_number="海委办〔2026〕8号")
    assert refused(error).count("还没有通过的会议决定") == 3
    broken(AnnualPlan, plan.pk, status="issued", document_number="海委办〔2026〕8号")


def test_approving_decision_has_its_number_and_file(d: SimpleNamespace) -> None:
    plan = made.in_plan(d).plan
    assert plan is not None
    planning.close_call(plan, by=d.office)
    planning.send(plan, by=d.office)
    for step in plan.steps.select_related("body", "plan"):
        bare = made.decided(d, step.body.code, paper=False, document_number="")
        with pytest.raises(NotReady, match="还缺：文号、会议文件"):
            planning.record_step(step, by=d.office, decision=bare)
        corrected = made.decided(d, step.body.code, replaces=bare)
        planning.record_step(step, by=d.office, decision=corrected)

    assert planning.issue(plan, by=d.office, document_number="海委办〔2026〕8号") == 1


def test_replaced_decision_lets_nothing_go_on(d: SimpleNamespace) -> None:
    plan = made.in_plan(d).plan
    assert plan is not None
    planning.close_call(plan, by=d.office)
    planning.send(plan, by=d.office)
    steps = list(plan.steps.select_related("body", "plan"))
    for step in steps:
        planning.record_step(step, by=d.office, decision=made.decided(d, step.body.code))
    made.decided(
        d,
        steps[-1].body.code,
        result=Decision.Result.REFUSED,
        meeting_number="",
        text="重新研究",
        replaces=steps[-1].decision,
    )

    with pytest.raises(NotReady, match="区委常委会还没有通过的会议决定"):
        planning.issue(plan, by=d.office, document_number="海委办〔2026〕8号")

    assert set(plan.rows.values_list("status", flat=True)) == {"in_plan"}


def test_route_without_the_standing_committee_needs_a_decision(d: SimpleNamespace) -> None:
    plan = made.in_plan(d).plan
    assert plan is not None
    plan.steps.filter(body__code="district_party_committee").delete()
    planning.close_call(plan, by=d.office)
    planning.send(plan, by=d.office)
    for step in plan.steps.select_related("body", "plan"):
        planning.record_step(step, by=d.office, decision=made.decided(d, step.body.code))

    with pytest.raises(NotReady, match="最后一步须是区委常委会"):
        planning.issue(plan, by=d.office, document_number="海政协〔2026〕8号")

    route = made.decided(d, "district_party_committee", "简化程序")
    planning.issue(plan, by=d.office, document_number="海政协〔2026〕8号", route_decision=route)
    assert plan.rows.get().status == Topic.Status.APPROVED


def test_issued_row_is_struck_only_on_a_decision(d: SimpleNamespace) -> None:
    topic = made.approved(d)

    with pytest.raises(IllegalMove):
        planning.take_from_plan(topic, by=d.office)
    bad = made.decided(
        d, "chair_meeting", result=Decision.Result.REFUSED, meeting_number="", text="不同意"
    )
    with pytest.raises(NotReady, match="取消已批准的议题"):
        planning.cancel(topic, by=d.office, decision=bad, note="情况变化")
    broken(Topic, topic.pk, status="cancelled")


def test_of_two_clerks_one_issues(d: SimpleNamespace) -> None:
    topic = made.in_plan(d)
    plan = topic.plan
    assert plan is not None
    mine, theirs = AnnualPlan.objects.get(), AnnualPlan.objects.get()
    planning.close_call(mine, by=d.office)

    with pytest.raises(IllegalMove):
        planning.close_call(theirs, by=d.office)


# Rule 8: research ------------------------------------------------------------------------------


def test_report_needs_visit_suggestion_and_file(d: SimpleNamespace) -> None:
    research = made.running(d)

    with pytest.raises(NotReady) as error:
        researching.submit_report(research, by=d.staff, summary="")

    assert [word in refused(error) for word in ("走访", "建议", "报告文件")] == [True] * 3
    for status in ("reported", "checked", "approved"):
        broken(Research, research.pk, status=status)


def test_suggestion_without_addressee_is_refused(d: SimpleNamespace) -> None:
    research = made.running(d)
    finding = researching.add_finding(research, by=d.staff, kind="problem", text="缺资金")

    with pytest.raises(NotReady, match="建议对象"):
        researching.add_suggestion(
            research, by=d.staff, finding=finding, text="补资金", addressee=None
        )


def test_report_is_read_by_chair_and_then_by_the_leader(d: SimpleNamespace) -> None:
    research = made.visited(d)
    researching.submit_report(research, by=d.staff, summary="", upload=made.pdf())

    with pytest.raises(IllegalMove):
        researching.approve(research, by=d.leader)
    for somebody in (d.staff, d.other_chair, d.leader, d.member):
        with pytest.raises(NotAllowed):
            researching.check(research, by=somebody)
    researching.check(research, by=d.chair)
    for somebody in (d.chair, d.staff, d.secgen):
        with pytest.raises(NotAllowed):
            researching.approve(research, by=somebody)
    researching.approve(research, by=d.leader)
    assert research.status == Research.Status.APPROVED


def test_office_signs_for_the_leader_only_from_paper(d: SimpleNamespace) -> None:
    research = made.visited(d)
    researching.submit_report(research, by=d.staff, summary="", upload=made.pdf())
    researching.check(research, by=d.chair)

    with pytest.raises(NotReady, match="扫描件"):
        researching.approve(research, by=d.office)
    scan = files.accept(
        made.pdf("签批.pdf"), subject=research, by=d.office, kind=Attachment.Kind.SCAN
    )
    researching.approve(research, by=d.office, scan=scan)

    line = research.changes.get(verb="approve")
    assert (line.behalf, line.scan) == ("副主席甲", scan)


def test_reported_research_is_not_changed_any_more(d: SimpleNamespace) -> None:
    research = made.visited(d)
    researching.submit_report(research, by=d.staff, summary="", upload=made.pdf())

    with pytest.raises(IllegalMove):
        researching.add_finding(research, by=d.staff, kind="problem", text="补一条")


def test_other_committees_cannot_touch_the_research(d: SimpleNamespace) -> None:
    research = made.running(d)

    with pytest.raises(NotAllowed):
        researching.add_finding(research, by=d.other_chair, kind="problem", text="改")
    with pytest.raises(NotAllowed):
        researching.submit_report(research, by=d.other_chair, summary="")


# Rule 8: no consultation without research ------------------------------------------------------


def prepared(d: SimpleNamespace) -> Session:
    """Everything but the research."""
    return made.planned(d, Topic.objects.get(pk=made.visited(d).topic_id))


def test_no_research_no_consultation(d: SimpleNamespace) -> None:
    session = prepared(d)

    with pytest.raises(NotReady, match="不调研不协商"):
        meeting.notify(session, by=d.staff, at=made.SPRING)

    assert not Notice.objects.filter(kind="session_notified").exists()
    for status in ("notified", "open", "held", "minutes_draft", "minutes_signed", "archived"):
        broken(Session, session.pk, status=status, held_at=made.MEETING, minutes="有")
    session.status = Session.Status.NOTIFIED
    with pytest.raises(IntegrityError), transaction.atomic():
        session.save()


def test_research_of_another_topic_does_not_count(d: SimpleNamespace) -> None:
    session = prepared(d)
    other = Research.objects.get()
    Research.objects.filter(pk=other.pk).update(version=other.version)  # still running

    with pytest.raises(NotReady, match="不调研不协商"):
        session.move_to("notify", by=d.staff, at=made.SPRING, research=other)


def test_waiver_needs_leader_reason_and_file_and_stays_in_sight(d: SimpleNamespace) -> None:
    session = prepared(d)
    leader = d.leader.person

    with pytest.raises(NotReady, match="理由"):
        meeting.waive_research(session, by=d.office, leader=leader, reason=" ", paper=made.pdf())
    with pytest.raises(NotReady, match="文件"):
        meeting.waive_research(session, by=d.office, leader=leader, reason="防汛急事", paper=None)
    with pytest.raises(NotAllowed):
        meeting.waive_research(
            session, by=d.staff, leader=leader, reason="赶时间", paper=made.pdf()
        )
    waiver = meeting.waive_research(
        session, by=d.office, leader=leader, reason="防汛急事", paper=made.pdf()
    )
    meeting.notify(session, by=d.staff, at=made.SPRING)

    session.refresh_from_db()
    assert (session.status, session.waiver, session.research) == ("notified", waiver, None)


def test_form_is_exempted_only_by_a_decision(d: SimpleNamespace) -> None:
    form = SessionForm.objects.get(code="counterpart")
    broken(SessionForm, form.pk, research_required=False)
    session = prepared(d)
    SessionForm.objects.filter(pk=form.pk).update(
        research_required=False, exempted_by=made.decided(d, "chair_meeting", "免调研")
    )
    session = Session.objects.get(pk=session.pk)

    meeting.notify(session, by=d.staff, at=made.SPRING)

    assert session.exemption is not None


def test_every_category_is_asked_or_waived_with_a_reason(d: SimpleNamespace) -> None:
    session = made.planned(d)
    session.gathering.invitations.filter(category="public").delete()

    with pytest.raises(NotReady, match="参加人员还缺：群众代表"):
        meeting.notify(session, by=d.staff, at=made.SPRING)
    with pytest.raises(NotReady, match="理由"):
        meeting.waive_category(session, by=d.staff, category="public", reason=" ")
    with pytest.raises(IntegrityError), transaction.atomic():
        CategoryWaiver.objects.create(session=session, category="public", reason="")
    meeting.waive_category(session, by=d.staff, category="public", reason="涉及企业商业秘密")

    meeting.notify(session, by=d.staff, at=made.SPRING)
    assert session.status == Session.Status.NOTIFIED


def test_two_tabs_notify_once(d: SimpleNamespace) -> None:
    session = made.planned(d)
    other = Session.objects.get(pk=session.pk)
    meeting.notify(session, by=d.staff, at=made.SPRING)

    with pytest.raises(IllegalMove):
        meeting.notify(other, by=d.chair, at=made.SPRING)

    assert Notice.objects.filter(kind="session_notified").count() == 3


@pytest.mark.parametrize("who", ["author", "clerk", "other_chair", "leader", "secgen"])
def test_only_the_committee_notifies(d: SimpleNamespace, who: str) -> None:
    session = made.planned(d)

    with pytest.raises(NotAllowed):
        meeting.notify(session, by=getattr(d, who), at=made.SPRING)


# Attendance ------------------------------------------------------------------------------------


def invitation_of(session: Session, user: Any) -> Invitation:
    return session.gathering.invitations.get(person=user.person)


def test_check_in_only_within_its_window_and_by_the_invited(d: SimpleNamespace) -> None:
    session = made.notified(d)
    with pytest.raises(NotReady, match="没有开放"):
        meeting.check_in(session, by=d.author, at=made.MEETING)
    with pytest.raises(NotReady, match="当天才能开放"):
        meeting.open_check_in(session, by=d.staff, at=made.MEETING - timedelta(days=1))
    with pytest.raises(NotReady, match="签到从 13:30 开始，届时才能开放"):
        meeting.open_check_in(session, by=d.staff, at=made.MEETING - timedelta(hours=2))
    meeting.open_check_in(session, by=d.staff, at=made.MEETING - timedelta(minutes=30))

    with pytest.raises(NotReady, match="签到从 13:30 开始"):
        meeting.check_in(session, by=d.author, at=made.MEETING - timedelta(hours=1))
    with pytest.raises(NotReady, match="已经截止"):
        meeting.check_in(session, by=d.author, at=made.MEETING + timedelta(hours=2))
    with pytest.raises(NotAllowed):
        meeting.check_in(session, by=d.clerk, at=made.MEETING)
    with pytest.raises(NotAllowed):  # nobody checks in for somebody else
        gatherings.check_in(invitation_of(session, d.member), by=d.author, at=made.MEETING)
    assert meeting.check_in(session, by=d.author, at=made.MEETING) is False
    assert meeting.check_in(session, by=d.author, at=made.MEETING) is False  # twice is once
    assert meeting.check_in(session, by=d.member, at=made.MEETING + timedelta(minutes=20)) is True


def test_nothing_is_held_before_it_begins(d: SimpleNamespace) -> None:
    session = made.notified(d)
    meeting.open_check_in(session, by=d.staff, at=made.MEETING - timedelta(minutes=20))
    meeting.check_in(session, by=d.author, at=made.MEETING - timedelta(minutes=5))

    with pytest.raises(NotReady, match="14:00 开始，开始以后才能结束签到"):
        meeting.close_check_in(session, by=d.staff, at=made.MEETING - timedelta(minutes=1))

    assert invitation_of(session, d.member).status == Invitation.Status.INVITED


def test_wrong_decision_is_taken_back_and_the_right_one_recorded(d: SimpleNamespace) -> None:
    plan = made.in_plan(d).plan
    assert plan is not None
    planning.close_call(plan, by=d.office)
    planning.send(plan, by=d.office)
    first = plan.steps.select_related("body", "plan").first()
    assert first is not None
    planning.record_step(first, by=d.office, decision=made.decided(d, first.body.code, "别的事"))

    with pytest.raises(NotReady, match="请写明为什么撤销"):
        planning.clear_step(plan, by=d.office, note=" ")
    with pytest.raises(NotAllowed):
        planning.clear_step(plan, by=d.chair, note="记错了")
    planning.clear_step(plan, by=d.office, note="记错了")

    first.refresh_from_db()
    assert first.decision is None
    line = plan.changes.get(verb="clear_step")
    assert (line.note, line.decision.item) == ("记错了", "别的事")
    planning.record_step(first, by=d.office, decision=made.decided(d, first.body.code))


def test_returned_topic_stays_with_the_office_and_goes_in_again(d: SimpleNamespace) -> None:
    topic = made.proposed(d)
    topics.return_(topic, by=d.office, note="请写明地点。")

    assert topic.status == Topic.Status.RETURNED
    assert Topic.objects.visible_to(d.office).filter(pk=topic.pk).exists()
    with pytest.raises(IllegalMove):
        topics.return_(topic, by=d.office, note="再退一次。")
    topics.save_topic(topic, by=d.author, version=topic.version, background="解放路社区。")
    topics.submit(topic, by=d.author)
    assert topic.status == Topic.Status.PROPOSED


def test_advice_is_corrected_until_it_is_sent(d: SimpleNamespace) -> None:
    session = made.archived(d)
    document = outcome.draft_document(session, by=d.staff, kind="bulletin", title="专报")
    advice = outcome.extract(document, by=d.staff, text="改造", lead=d.housing, minute="会上提出")

    with pytest.raises(NotReady, match="不调研不建言"):
        outcome.revise(advice, by=d.staff, text="分三批改造", lead=d.housing)
    with pytest.raises(NotAllowed):
        outcome.revise(advice, by=d.member, text="别的", lead=d.housing, minute="会上提出")
    outcome.revise(advice, by=d.staff, text="分三批改造", lead=d.housing, minute="会上提出")
    outcome.save_document(document, by=d.staff, kind="report", title="报告", text="全文")
    assert (advice.number, advice.text, document.kind) == (1, "分三批改造", "report")
    outcome.submit_document(document, by=d.office, document_number="海政协〔2026〕1号")

    with pytest.raises(IllegalMove):
        outcome.revise(advice, by=d.staff, text="又改", lead=d.housing, minute="会上提出")
    with pytest.raises(IllegalMove):
        outcome.save_document(document, by=d.staff, kind="report", title="又改")


def test_nobody_grants_their_own_leave(d: SimpleNamespace) -> None:
    session = made.planned(d)
    meeting.invite(session, [{"person": d.staff.person, "category": "department"}], by=d.staff)
    made.notified(d, session)
    own = invitation_of(session, d.staff)
    meeting.ask_leave(own, by=d.staff, reason="出差", at=made.SPRING)

    with pytest.raises(NotAllowed):
        meeting.answer_leave(own, by=d.staff, grant=True)
    with pytest.raises(NotAllowed):
        meeting.answer_leave(own, by=d.author, grant=True)
    meeting.answer_leave(own, by=d.chair, grant=True)
    assert own.status == Invitation.Status.ON_LEAVE


def test_leave_needs_a_reason_and_comes_before_the_beginning(d: SimpleNamespace) -> None:
    session = made.notified(d)
    own = invitation_of(session, d.author)

    with pytest.raises(NotReady, match="事由"):
        meeting.ask_leave(own, by=d.author, reason=" ", at=made.SPRING)
    with pytest.raises(NotReady, match="已经开始"):
        meeting.ask_leave(own, by=d.author, reason="忘了", at=made.MEETING + timedelta(minutes=1))


# Duty records ----------------------------------------------------------------------------------


def test_absent_members_get_no_record_and_a_correction_follows(d: SimpleNamespace) -> None:
    session = made.archived(d)
    standing = DutyRecord.objects.counted().filter(category__code="consultation")
    assert {record.membership.person.name for record in standing} == {"陈一", "黄二"}

    with pytest.raises(NotReady, match="依据"):
        meeting.note_attendance(invitation_of(session, d.author), by=d.staff, came=False)
    meeting.note_attendance(
        invitation_of(session, d.author), by=d.staff, came=False, note="签到后离会，见说明"
    )
    meeting.note_attendance(
        invitation_of(session, d.third), by=d.staff, came=True, note="补签，见签到表"
    )

    assert {record.membership.person.name for record in standing.all()} == {"施三", "黄二"}
    assert DutyRecord.objects.filter(category__code="consultation").count() == 3


def test_one_record_for_one_fact(d: SimpleNamespace) -> None:
    made.archived(d)
    record = DutyRecord.objects.filter(category__code="consultation").first()
    assert record is not None

    with pytest.raises(IntegrityError), transaction.atomic():
        DutyRecord.objects.create(
            membership=record.membership,
            source=record.source,
            role=record.role,
            category=record.category,
            title="再记一次",
            on=record.on,
        )


# Outcome ---------------------------------------------------------------------------------------


def test_no_advice_without_a_finding_or_a_minute(d: SimpleNamespace) -> None:
    session = made.archived(d)
    document = outcome.draft_document(session, by=d.staff, kind="bulletin", title="专报")

    with pytest.raises(NotReady, match="不调研不建言"):
        outcome.extract(document, by=d.staff, text="应当改造", lead=d.housing)
    with pytest.raises(NotReady, match="主办单位"):
        outcome.extract(document, by=d.staff, text="应当改造", lead=None, minute="会上")
    with pytest.raises(IntegrityError), transaction.atomic():
        Recommendation.objects.create(document=document, number=1, text="改", lead=d.housing)
    with pytest.raises(NotReady, match="至少提炼一条"):
        outcome.submit_document(document, by=d.office, document_number="海政协〔2026〕1号")


def test_outcome_waits_for_signed_minutes(d: SimpleNamespace) -> None:
    session = made.held(d)
    document = outcome.draft_document(session, by=d.staff, kind="bulletin", title="专报")
    outcome.extract(document, by=d.staff, text="改造", lead=d.housing, minute="会上提出")

    with pytest.raises(NotReady, match="纪要签发后"):
        outcome.submit_document(document, by=d.office, document_number="海政协〔2026〕1号")
    with pytest.raises(NotAllowed):
        outcome.submit_document(document, by=d.staff, document_number="海政协〔2026〕1号")


def test_minutes_saved_in_two_windows_are_not_overwritten(d: SimpleNamespace) -> None:
    session = made.held(d)
    seen = session.version
    meeting.save_minutes(session, by=d.staff, version=seen, minutes="甲写的")

    with pytest.raises(IllegalMove):
        meeting.save_minutes(session, by=d.chair, version=seen, minutes="乙写的")

    assert Session.objects.get().minutes == "甲写的"
