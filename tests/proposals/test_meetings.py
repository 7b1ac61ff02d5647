"""督办协商: told to both sides once, reported on by every unit, held in its time, its results become promises."""

import io
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document

from cppcc_portal.office.deadlines import Deadline
from cppcc_portal.office.models import Notice
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady
from members import duty
from members.models import Commitment, DutyRecord, Gathering, Invitation
from proposals import actions
from proposals.actions import holding_meetings as holding
from proposals.actions import meetings
from proposals.actions.reminding import remind
from proposals.meeting_turns import why_of
from proposals.models import (
    MeetingReport,
    MeetingResult,
    Proposal,
    SupervisionEntry,
    SupervisionMeeting,
    SupervisionWay,
)
from tests import district as made
from tests import people, stages, talks
from tests.browsing import logged_in, queries, text
from tests.decided import LEADERS, decided
from tests.stages import again, joint_of, lead_of, scan_for
from tests.talks import AFTER, DAY, STARTS, TOLD

pytestmark = pytest.mark.django_db
State = SupervisionMeeting.Status


@pytest.fixture
def d(district: SimpleNamespace) -> SimpleNamespace:
    duty.lay_down_categories()
    SupervisionWay.objects.create(code="talks", name="协商座谈")
    return district


# Preparing -------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [made.submitted, stages.filed])
def test_only_what_units_have_is_talked_about(d: SimpleNamespace, state: Any) -> None:
    with pytest.raises(NotReady, match="只有已交办"):
        talks.opened(d, [state(d)])

    assert not SupervisionMeeting.objects.exists()
    assert not Gathering.objects.exists()


@pytest.mark.parametrize("who", ["author", "other", "clerk", "joint_clerk"])
def test_only_the_office_opens_tells_moves_and_holds(d: SimpleNamespace, who: str) -> None:
    user = again(getattr(d, who))
    given = {**talks.WORDS, "starts_at": STARTS, "organiser": talks.committee(d).body_ptr}
    with pytest.raises(NotAllowed):
        meetings.open_meeting([stages.acknowledged(d)], by=user, at=stages.APRIL, **given)
    meeting = talks.opened(d, [Proposal.objects.get()])
    attempts = [
        lambda: meetings.notify(meeting, by=user, at=TOLD),
        lambda: meetings.arrange(meeting, by=user, starts_at=STARTS, at=TOLD, **talks.WORDS),
        lambda: meetings.invite(meeting, [], by=user),
        lambda: meetings.strike(meeting.gathering.invitations.first(), by=user),
        lambda: meetings.cancel(meeting, by=user, note="不开了。"),
    ]

    for attempt in attempts:
        with pytest.raises(NotAllowed):
            attempt()

    assert meeting.fresh().status == State.PLANNED


def test_what_is_not_written_is_named(d: SimpleNamespace) -> None:
    proposal = stages.acknowledged(d)
    for name, told in (("title", "会议名称"), ("presides", "主持人"), ("agenda", "议程")):
        with pytest.raises(NotReady, match=told):
            talks.opened(d, [proposal], **{name: " "})
    with pytest.raises(NotReady, match="已经过去"):
        talks.opened(d, [proposal], starts_at=stages.APRIL - timedelta(days=1))


def test_one_proposal_is_on_one_list_at_a_time(d: SimpleNamespace) -> None:
    meeting = talks.opened(d)

    with pytest.raises(NotReady, match="另一次还没有召开"):
        talks.opened(d, [Proposal.objects.get()])

    meetings.cancel(meeting, by=again(d.office), note="并入下次。", at=TOLD)
    talks.opened(d, [Proposal.objects.get()])


def test_list_is_proposed_from_the_proposal(d: SimpleNamespace) -> None:
    proposal = stages.acknowledged(d)
    actions.select_key(
        proposal, by=d.office, decision=decided(d.office), leaders=LEADERS, at=stages.APRIL
    )

    meeting = talks.opened(d, [proposal])

    rows = meeting.gathering.invitations.all()
    named = {(one.name, one.category) for one in rows}
    assert named == {
        ("陈一", "member"),
        ("黄二", "member"),
        ("经办甲", "department"),
        ("经办乙", "department"),
        ("沈海", "department"),
    }
    assert rows.get(guest="沈海").organisation == "副区长"


def test_invitations_and_reports_go_out_once(d: SimpleNamespace) -> None:
    meeting = talks.notified(d)

    with pytest.raises(IllegalMove):
        meetings.notify(meeting, by=again(d.office), at=TOLD)

    told = Notice.objects.filter(kind="meeting_notified")
    assert {one.person.name for one in told} == {"陈一", "黄二", "经办甲", "经办乙"}
    assert told.count() == 4
    asked = Notice.objects.filter(kind="report_asked")
    assert {one.person.name for one in asked} == {"经办甲", "经办乙"}
    report = talks.report_of(meeting, again(d.clerk))
    assert report.due_on == date(2026, 4, 15)
    assert "4月20日" in why_of(report)
    assert "5天" in why_of(report)


def test_short_notice_is_due_the_same_day(d: SimpleNamespace) -> None:
    meeting = talks.opened(d)

    meetings.notify(meeting, by=again(d.office), at=STARTS - timedelta(days=2))

    assert talks.report_of(meeting, again(d.clerk)).due_on == date(2026, 4, 18)


def test_notice_needs_both_sides_and_a_time_ahead(d: SimpleNamespace) -> None:
    meeting = talks.opened(d)
    with pytest.raises(NotReady, match="已经过去"):
        meetings.notify(meeting, by=again(d.office), at=AFTER)
    for one in meeting.gathering.invitations.filter(category="department"):
        meetings.strike(one, by=again(d.office))

    with pytest.raises(NotReady, match="还没有承办单位的人"):
        meetings.notify(meeting, by=again(d.office), at=TOLD)


def test_list_only_grows_once_it_is_out(d: SimpleNamespace) -> None:
    meeting = talks.notified(d)
    office = again(d.office)

    with pytest.raises(IllegalMove):
        meetings.strike(meeting.gathering.invitations.all()[0], by=office)
    meetings.invite(meeting, [{"person": d.other.person, "category": "member"}], by=office, at=TOLD)

    assert Notice.objects.filter(kind="meeting_notified", person=d.other.person).count() == 1


def test_second_window_does_not_overwrite_the_arrangement(d: SimpleNamespace) -> None:
    meeting = talks.opened(d)
    given = {**talks.WORDS, "starts_at": STARTS, "at": TOLD, "version": meeting.version}
    meetings.arrange(meeting.fresh(), by=again(d.office), **given)

    with pytest.raises(IllegalMove):
        meetings.arrange(meeting.fresh(), by=again(d.office), **given)


def test_postponed_with_a_reason_and_told_anew(d: SimpleNamespace) -> None:
    meeting, office = talks.notified(d), again(d.office)
    clerk = again(d.clerk)
    holding.report_progress(
        talks.report_of(meeting, clerk), by=clerk, text="已选点。", signer="王强", at=TOLD
    )
    with pytest.raises(NotReady, match="改期的原因"):
        meetings.postpone(meeting, by=office, note=" ", at=TOLD)
    meetings.postpone(meeting, by=office, note="与区委会议冲突。", at=TOLD)

    assert meeting.fresh().status == State.PLANNED
    moved = Notice.objects.filter(kind="meeting_moved")
    assert {one.person.name for one in moved} == {"陈一", "黄二", "经办甲", "经办乙"}
    assert not MeetingReport.objects.owed_by(again(d.joint_clerk)).exists()
    later = STARTS + timedelta(days=7)
    meetings.arrange(meeting, by=office, starts_at=later, at=TOLD, **talks.WORDS)
    meetings.notify(meeting, by=office, at=TOLD)
    assert Notice.objects.filter(kind="meeting_notified").count() == 8
    # What was reported stands; who owes it has the new day.
    assert talks.report_of(meeting, clerk).status == "given"
    assert talks.report_of(meeting, again(d.joint_clerk)).due_on == date(2026, 4, 22)
    assert Notice.objects.filter(kind="report_asked", person=d.clerk.person).count() == 1
    assert Notice.objects.filter(kind="report_asked", person=d.joint_clerk.person).count() == 2


def test_cancelled_with_a_reason_nobody_owes_anything(d: SimpleNamespace) -> None:
    meeting, office = talks.notified(d), again(d.office)
    with pytest.raises(NotReady, match="取消的原因"):
        meetings.cancel(meeting, by=office, note="", at=TOLD)

    meetings.cancel(meeting, by=office, note="问题已解决。", at=TOLD)

    assert Notice.objects.filter(kind="meeting_cancelled").count() == 4
    assert {report.status for report in meeting.reports.all()} == {"lapsed"}
    assert not Deadline.objects.filter(kind="progress_report").open().exists()
    for verb in ("notify", "open", "hold", "postpone", "cancel"):
        with pytest.raises(IllegalMove):
            meeting.fresh().require(verb, by=office)


# Reports ---------------------------------------------------------------------------------------


def test_unit_reports_for_itself_alone_and_once(d: SimpleNamespace) -> None:
    meeting = talks.notified(d)
    report = talks.report_of(meeting, again(d.clerk))
    words = {"text": "已选点八处。", "signer": "王强", "at": TOLD}
    for user in (d.joint_clerk, d.author, d.other):
        with pytest.raises(NotAllowed):
            holding.report_progress(report.fresh(), by=again(user), **words)
    with pytest.raises(NotReady, match="请写明办理进展"):
        holding.report_progress(report, by=again(d.clerk), text=" ", signer="王强", at=TOLD)
    holding.report_progress(report, by=again(d.clerk), **words)

    with pytest.raises(IllegalMove):
        holding.report_progress(report, by=again(d.clerk), **words)

    told = Notice.objects.filter(kind="report_given")
    assert {one.person.name for one in told} == {"陈一", "黄二", "办公室甲"}
    clock = Deadline.objects.current(report, "progress_report")
    assert clock is not None
    assert not clock.is_open


def test_office_enters_a_report_only_from_paper(d: SimpleNamespace) -> None:
    meeting = talks.notified(d)
    report = talks.report_of(meeting, again(d.clerk))
    office = again(d.office)
    with pytest.raises(NotReady, match="盖章材料"):
        holding.report_progress(report, by=office, text="已选点。", signer="王强", at=TOLD)

    scan = scan_for(report, office)
    holding.report_progress(report, by=office, text="已选点。", signer="王强", scan=scan, at=TOLD)

    change = report.changes.get()
    assert (change.behalf, change.scan) == ("区住建局", scan)
    assert report.fresh().is_entered


def test_reminded_once_and_late_ones_reach_the_office(d: SimpleNamespace) -> None:
    talks.notified(d)

    for _run in range(2):
        for on in (date(2026, 4, 13), date(2026, 4, 15), date(2026, 4, 16), date(2026, 4, 19)):
            remind(on)

    reminders = Notice.objects.filter(kind="report_reminder")
    counted = {
        name: reminders.filter(person__name=name).count() for name in ("经办甲", "办公室甲", "陈一")
    }
    assert counted == {"经办甲": 3, "办公室甲": 2, "陈一": 0}
    assert Notice.objects.filter(kind="meeting_reminder").count() == 4


def test_new_unit_of_a_share_owes_the_report(d: SimpleNamespace) -> None:
    meeting = talks.notified(d)
    parks = people.unit("区园林局")
    old = lead_of(Proposal.objects.get())

    actions.rehand(old, by=d.office, unit=parks, note="职责调整。", at=TOLD)

    standing = {str(one.handling.unit): one.status for one in meeting.reports.standing()}
    assert standing == {"区消防救援大队": "waiting", "区园林局": "waiting"}
    assert not SupervisionMeeting.objects.visible_to(
        people.account("x", "无关", "unit_clerk")
    ).exists()


# Holding ---------------------------------------------------------------------------------------


def test_not_before_its_time(d: SimpleNamespace) -> None:
    meeting = talks.reported(d)
    office = again(d.office)
    with pytest.raises(NotReady, match="届时才能开放"):
        holding.open_check_in(meeting, by=office, at=STARTS - timedelta(hours=5))
    talks.begun(d, meeting)

    with pytest.raises(NotReady, match="开始以后才能登记结果"):
        talks.held(d, meeting, at=DAY)

    assert meeting.fresh().status == State.OPEN


def test_somebody_must_have_come_and_the_words_be_there(d: SimpleNamespace) -> None:
    meeting = talks.reported(d)
    holding.open_check_in(meeting, by=again(d.office), at=DAY)

    with pytest.raises(NotReady) as refused:
        talks.held(d, meeting, said=" ")

    assert "还没有人签到" in str(refused.value)
    assert "请写明会议情况" in str(refused.value)


def test_held_without_all_reports_only_with_a_reason(d: SimpleNamespace) -> None:
    meeting = talks.begun(d, talks.notified(d))
    with pytest.raises(NotReady, match="区住建局（15-5-001）、区消防救援大队"):
        talks.held(d, meeting)

    talks.held(d, meeting, without_reports="时间紧，会上口头汇报。")

    kept = meeting.fresh()
    assert "区住建局" in kept.missing_units
    assert kept.without_reports
    assert {report.status for report in meeting.reports.all()} == {"lapsed"}


def test_results_become_promises_that_are_followed(d: SimpleNamespace) -> None:
    (result,) = talks.held(d)

    promise = Commitment.objects.get()
    assert promise.subject == f"proposals.meetingresult:{result.pk}"
    assert (promise.unit, promise.who) == (d.housing, "副局长王强")
    remind(date(2026, 6, 23))
    assert Notice.objects.filter(kind="commitment_reminder", person=d.clerk.person).count() == 1
    answer = logged_in(d.clerk).get(reverse("desk:promise_register"))
    words = [
        cell.text
        for table in Document(io.BytesIO(answer.content)).tables
        for row in table.rows
        for cell in row.cells
    ]
    assert "六月底前建成十处" in words
    page = logged_in(d.office).get(reverse("admin:members_commitment_change", args=[promise.pk]))
    assert "充电设施督办协商会" in text(page)


def test_what_was_promised_at_a_consultation_is_reported_on_like_a_replys_promise(
    d: SimpleNamespace,
) -> None:
    (result,) = talks.held(d)
    promise = Commitment.objects.get()
    share, clerk = result.handling, again(d.clerk)
    desk = share.get_absolute_url()
    on = result.meeting.gathering.on
    assert reverse("desk:promise_report_progress", args=[promise.pk]) in text(
        logged_in(clerk).get(desk)
    )

    remind(on + timedelta(days=82))
    assert not Notice.objects.filter(kind="progress_reminder").exists()
    remind(on + timedelta(days=83))  # a week before the quarter is over
    assert Notice.objects.filter(kind="progress_reminder", person=d.clerk.person).count() == 1
    early = {"text": "还没有开会。", "on": on - timedelta(days=1), "at": AFTER}
    with pytest.raises(NotReady, match="不能早于作出承诺之日"):
        actions.report_progress(promise, by=clerk, **early)
    actions.report_progress(promise, by=clerk, text="金丝雀进展。", on=on, at=AFTER)

    for url in (desk, share.proposal.get_absolute_url()):
        assert "金丝雀进展。" in text(logged_in(clerk if url == desk else d.author).get(url))


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"what": " "}, "做什么、谁负责"),
        ({"who": ""}, "做什么、谁负责"),
        ({"due_on": date(2026, 4, 20)}, "应晚于今天"),
    ],
)
def test_a_result_is_whole(d: SimpleNamespace, wrong: dict[str, Any], told: str) -> None:
    meeting = talks.begun(d)

    with pytest.raises(NotReady, match=told):
        talks.held(d, meeting, results=[talks.result(meeting, **wrong)])

    assert not Commitment.objects.exists()
    assert meeting.fresh().status == State.OPEN


def test_no_promise_for_a_share_that_is_not_talked_about(d: SimpleNamespace) -> None:
    meeting = talks.begun(d)
    other = made.handed_over(d)
    row = talks.result(meeting, handling=other.handlings.get(role="lead"))

    with pytest.raises(NotReady, match="不是这次协商的承办单位"):
        talks.held(d, meeting, results=[row])


def test_nobody_changes_it_after_it_is_held(d: SimpleNamespace) -> None:
    meeting, office = talks.begun(d), again(d.office)
    talks.held(d, meeting)
    present = meeting.gathering.invitations.came().get()
    attempts = [
        lambda: talks.held(d, meeting),
        lambda: meetings.postpone(meeting, by=office, note="改。", at=AFTER),
        lambda: meetings.cancel(meeting, by=office, note="改。", at=AFTER),
        lambda: meetings.arrange(meeting, by=office, starts_at=STARTS, at=TOLD, **talks.WORDS),
        lambda: meetings.invite(meeting, [], by=office),
        lambda: meetings.strike(present, by=office),
        lambda: holding.note_attendance(present, by=office, came=False),
        lambda: meetings.attend(present, by=d.author),
    ]

    for attempt in attempts:
        with pytest.raises(IllegalMove):
            attempt()

    assert Commitment.objects.count() == 1


def test_who_has_come_is_not_sent_home(d: SimpleNamespace) -> None:
    meeting = talks.begun(d)

    for step in (meetings.postpone, meetings.cancel):
        with pytest.raises(NotReady, match="已经有人到会"):
            step(meeting, by=again(d.office), note="人不齐。", at=AFTER)


def test_members_who_came_have_it_on_record(d: SimpleNamespace) -> None:
    talks.held(d)

    record = DutyRecord.objects.get()
    assert record.membership.person == d.author.person
    assert record.title == "充电设施督办协商会"
    absent = Invitation.objects.filter(status="absent")
    assert {one.name for one in absent} == {"黄二", "经办甲", "经办乙"}


def test_key_proposal_has_it_in_its_log(d: SimpleNamespace) -> None:
    proposal = stages.acknowledged(d)
    actions.select_key(
        proposal, by=d.office, decision=decided(d.office), leaders=LEADERS, at=stages.APRIL
    )
    meeting = talks.notified(d, [proposal.fresh()])

    talks.held(d, talks.begun(d, meeting), without_reports="口头汇报。")

    entry = SupervisionEntry.objects.get()
    assert (entry.on, entry.way.code) == (date(2026, 4, 20), "talks")
    assert "陈一" in entry.took_part
    assert "六月底前建成十处" in entry.undertook


def keep(d: SimpleNamespace) -> None:
    """What was promised in replies is kept."""
    for promise in Commitment.objects.all():
        actions.settle_commitment(promise, by=again(d.office), kept=True, note="已建。", at=TOLD)


def test_closed_proposal_with_a_new_promise_is_followed_until_kept(d: SimpleNamespace) -> None:
    proposal = stages.closed(d)
    keep(d)
    meeting = talks.notified(d, [proposal.fresh()])
    talks.held(d, talks.begun(d, meeting), without_reports="口头汇报。")
    assert proposal.fresh().status == Proposal.Status.TRACKING

    promise = Commitment.objects.get(status="open")
    actions.settle_commitment(promise, by=again(d.office), kept=True, note="已建成。", at=AFTER)

    assert proposal.fresh().status == Proposal.Status.CLOSED


def test_archive_waits_for_consultation_and_promise(d: SimpleNamespace) -> None:
    proposal = stages.closed(d)
    keep(d)
    meeting = talks.notified(d, [proposal.fresh()])
    with pytest.raises(NotReady, match="还有一次督办协商没有召开"):
        actions.archive(proposal.fresh(), by=d.office)
    talks.held(d, talks.begun(d, meeting), without_reports="口头汇报。")

    with pytest.raises(NotReady, match="六月底前建成十处"):
        actions.archive(proposal.fresh(), by=d.office)


def test_revoked_proposal_is_no_longer_talked_about(d: SimpleNamespace) -> None:
    meeting = talks.notified(d)
    proposal = Proposal.objects.get()
    scan = scan_for(proposal, d.office)
    actions.revoke(proposal, by=d.office, note="已列入实事项目。", scan=scan, at=TOLD)

    assert {report.status for report in meeting.reports.all()} == {"lapsed"}
    with pytest.raises(NotReady, match="不是这次协商"):
        talks.held(d, talks.begun(d, meeting))


def test_taken_out_leaves_no_word(d: SimpleNamespace) -> None:
    talks.held(d)
    proposal = Proposal.objects.get()

    actions.take_out(proposal, by=d.office, note="转区委保密办。", at=AFTER)

    kept = "".join(
        str(list(model.objects.values_list()))
        for model in (SupervisionMeeting, MeetingReport, MeetingResult, Commitment, Gathering)
    )
    for word in ("十处", "选点", "充电设施", "选址"):
        assert word not in kept
    assert Commitment.objects.get().status == Commitment.Status.DROPPED


def test_database_holds_the_rules_whoever_writes(d: SimpleNamespace) -> None:
    meeting = talks.notified(d)
    rows = SupervisionMeeting.objects.filter(pk=meeting.pk)
    report = meeting.reports.first()
    attempts = [
        lambda: rows.update(status="held"),
        lambda: rows.update(status="held", held_at=AFTER, said="说了", missing_units="某局"),
        lambda: rows.update(notified_at=None),
        lambda: rows.update(agenda=""),
        lambda: MeetingReport.objects.filter(pk=report.pk).update(status="given"),
        lambda: MeetingReport.objects.create(
            meeting=meeting, handling=report.handling, due_on=date(2026, 4, 1)
        ),
    ]

    for attempt in attempts:
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()


def test_results_and_history_are_never_changed(d: SimpleNamespace) -> None:
    talks.held(d)

    for table in ("meetingresult", "supervisionmeetingchange", "meetingreportchange"):
        for statement in (
            f"UPDATE proposals_{table} SET id = id",  # noqa: S608 (constants)
            f"DELETE FROM proposals_{table}",  # noqa: S608 (constants)
        ):
            with (
                pytest.raises(IntegrityError, match="append-only"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)


# Pages -----------------------------------------------------------------------------------------


def test_leave_is_asked_and_answered_on_the_pages(d: SimpleNamespace) -> None:
    meeting = talks.notified(d)
    url = meeting.get_absolute_url()
    with time_machine.travel(TOLD, tick=False):
        assert logged_in(d.author).post(f"{url}attend/").status_code == 302
        member = logged_in(d.cosigner)
        assert member.post(f"{url}ask_leave/", {"reason": "出差"}).status_code == 302
        one = meeting.gathering.invitations.get(person=d.cosigner.person)
        assert member.post(f"{url}people/{one.pk}/grant_leave/").status_code == 403
        answer = logged_in(d.office).post(f"{url}people/{one.pk}/grant_leave/")

    assert answer.status_code == 302
    one.refresh_from_db()
    assert one.status == Invitation.Status.ON_LEAVE
    assert Notice.objects.filter(kind="meeting_leave_answered").count() == 1


def test_invited_people_see_only_the_proposals_they_may(d: SimpleNamespace) -> None:
    meeting = talks.reported(d)
    meetings.invite(
        meeting, [{"person": d.other.person, "category": "member"}], by=again(d.office), at=TOLD
    )
    url = meeting.get_absolute_url()

    own, other = (text(logged_in(user).get(url)) for user in (d.author, d.other))

    assert "已选点八处" in own
    assert "15-5-001" in other
    for word in ("已选点八处", made.TEXT["title"]):
        assert word not in other
    paper = logged_in(d.other).get(f"{url}paper/")
    written = Document(io.BytesIO(paper.content))
    cells = [cell.text for table in written.tables for row in table.rows for cell in row.cells]
    lines = [line.text for line in written.paragraphs]
    assert "15-5-001" in cells
    assert not {made.TEXT["title"], "已选点八处。"} & {*cells, *lines}


def test_before_the_notice_it_is_the_offices_alone(d: SimpleNamespace) -> None:
    meeting = talks.opened(d)
    url = meeting.get_absolute_url()

    answers = {
        name: logged_in(getattr(d, name)).get(url).status_code
        for name in ("office", "author", "other", "clerk")
    }

    assert answers == {"office": 200, "author": 404, "other": 404, "clerk": 404}


def test_whole_path_on_the_pages(d: SimpleNamespace) -> None:
    proposal = stages.acknowledged(d)
    committee = talks.committee(d)
    office, clerk = d.office, d.clerk
    address = f"{reverse('proposals:open_meeting')}?on={proposal.pk}"
    with time_machine.travel(stages.APRIL, tick=False):
        client = logged_in(office)
        admin = client.get(reverse("admin:proposals_proposal_change", args=[proposal.pk]))
        assert address in text(admin)
        given = {
            **talks.WORDS,
            "starts_at": "2026-04-20T14:30",
            "organiser": committee.pk,
        }
        answer = client.post(address, given)
        meeting = SupervisionMeeting.objects.get()
        assert answer.headers["Location"] == meeting.get_absolute_url()
        url = meeting.get_absolute_url()
        assert client.post(f"{url}notify/").status_code == 302
    with time_machine.travel(TOLD, tick=False):
        desk = logged_in(clerk)
        report = talks.report_of(meeting, again(clerk))
        assert report.get_absolute_url() in text(desk.get(reverse("desk:index")))
        assert "轮到您办理" in text(desk.get(report.get_absolute_url()))
        page = f"{report.get_absolute_url()}report_progress/"
        assert desk.post(page, {"text": "", "signer": ""}).status_code == 422
        assert desk.post(page, {"text": "已选点。", "signer": "王强"}).status_code == 302
        assert logged_in(d.joint_clerk).get(page).status_code == 404
    with time_machine.travel(DAY, tick=False):
        client = logged_in(office)
        assert client.post(f"{url}open/").status_code == 302
        assert client.get(f"{url}code.svg").status_code == 200
        door = reverse("proposals:meeting_check_in", args=[meeting.uid])
        assert logged_in(d.author).post(door).status_code == 302
        assert logged_in(d.other).get(door).status_code == 404
    share = lead_of(proposal)
    row = f"s{share.pk}_0_"
    posted = {
        "said": "商定先建十处。",
        f"{row}what": "六月底前建成十处",
        f"{row}who": "王强",
        f"{row}due_on": "2026-06-30",
    }
    with time_machine.travel(AFTER, tick=False):
        client = logged_in(office)
        lacking = client.post(f"{url}hold/", {**posted, f"{row}who": ""})
        assert lacking.status_code == 422
        assert "六月底前建成十处" in text(lacking)
        refused = client.post(f"{url}hold/", posted)
        assert "区消防救援大队" in text(refused)
        done = client.post(f"{url}hold/", {**posted, "without_reports": "口头汇报。"})
        assert done.status_code == 302
        whole = text(logged_in(d.author).get(url))
        assert "六月底前建成十处" in whole
        assert "六月底前建成十处" in text(
            logged_in(d.author).get(reverse("proposals:detail", args=[proposal.pk]))
        )
        for user in (d.author, office):
            assert logged_in(user).get(f"{url}paper/?as=pdf").content.startswith(b"%PDF")
    assert meeting.fresh().status == State.HELD
    assert joint_of(proposal).meeting_results.count() == 0


def test_several_are_chosen_in_the_list(d: SimpleNamespace) -> None:
    proposals = [stages.acknowledged(d), made.handed_over(d)]
    listed = reverse("admin:proposals_proposal_changelist")
    posted = {"action": "talks_many", "_selected_action": [one.pk for one in proposals]}

    answer = logged_in(d.office).post(listed, posted)

    expected = "&".join(f"on={one.pk}" for one in proposals)
    assert answer.headers["Location"] == f"{reverse('proposals:open_meeting')}?{expected}"
    page = logged_in(d.office).get(answer.headers["Location"])
    assert text(page).count(made.TEXT["title"]) == 2
    assert logged_in(d.author).get(answer.headers["Location"]).status_code == 403


@pytest.mark.parametrize(
    "page", ["proposals:meetings", "admin:proposals_supervisionmeeting_changelist", "desk:index"]
)
def test_lists_ask_a_constant_number_of_queries(d: SimpleNamespace, page: str) -> None:
    user = d.clerk if page == "desk:index" else d.office
    counts = []
    for number in range(3):
        proposal = made.handed_over(d)
        talks.notified(d, [proposal])
        if number != 1:
            with time_machine.travel(TOLD, tick=False):
                counts.append(queries(logged_in(user), reverse(page)))

    assert counts[0] == counts[1]


def test_reminding_asks_a_constant_number_of_queries(d: SimpleNamespace) -> None:
    counts = []
    for number in range(3):
        talks.notified(d, [made.handed_over(d)])
        remind(date(2026, 4, 13))
        if number != 1:
            with CaptureQueriesContext(connection) as seen:
                remind(date(2026, 4, 13))
            counts.append(len(seen))

    assert counts[0] == counts[1]


def test_meeting_page_asks_no_more_for_more_proposals(d: SimpleNamespace) -> None:
    counts = []
    for number in (1, 3):
        chosen = [made.handed_over(d) for _one in range(number)]
        meeting = talks.notified(d, chosen)
        with time_machine.travel(datetime(2026, 4, 9, 9, tzinfo=people.CHINA), tick=False):
            counts.append(queries(logged_in(d.office), meeting.get_absolute_url()))

    assert counts[0] == counts[1]
