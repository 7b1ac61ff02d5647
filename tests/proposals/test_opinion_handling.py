"""Units handle public-opinion reports: received, asked back, put off, passed on, answered; told at each step."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cppcc_portal.office import files, parameters
from cppcc_portal.office.models import Deadline, Notice
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady
from members.models import Posting, User
from members.roles import Role
from proposals import defaults
from proposals.actions import opinion_handling, remind, requesting
from proposals.actions.opinion_removing import take_out_report
from proposals.models import (
    ContactEntry,
    OpinionAuthor,
    OpinionContact,
    OpinionDispatch,
    OpinionResult,
    UnitRequest,
)
from tests import opinions as made
from tests import people
from tests.browsing import queries, text
from tests.opinions import DAY, MAY
from tests.stages import again, logged_in, scan_for
from tests.topics import pdf

pytestmark = pytest.mark.django_db
WHY = "不属于本单位职责，应由区城管局办理。"
STATUS = OpinionDispatch.Status


@pytest.fixture
def d() -> SimpleNamespace:
    d = made.office()
    defaults.lay_down_lists()
    parameters.set_parameter("opinions.units_handle", True, by=d.office)
    d.parks = people.unit("区城管局")
    d.parks_clerk = people.account(
        "cg", "城管经办", Role.UNIT_CLERK, body=d.parks.body_ptr, post="clerk"
    )
    d.done = OpinionResult.objects.get(code="done")
    return d


def posted(user: User, unit: Any) -> None:
    """This person also is a clerk of the unit."""
    Posting.objects.create(
        person=user.person, body=unit.body_ptr, role=Posting.Role.CLERK, since=date(2020, 1, 1)
    )


def received(d: SimpleNamespace, **more: Any) -> OpinionDispatch:
    dispatch = made.sent(d, **more)
    opinion_handling.acknowledge(dispatch, by=again(d.clerk), at=MAY)
    return dispatch


def asked_back(d: SimpleNamespace) -> UnitRequest:
    return opinion_handling.request_return(
        received(d), by=again(d.clerk), reason=WHY, suggested_unit=d.parks, upload=pdf(), at=MAY
    )


def put_off(d: SimpleNamespace, dispatch: OpinionDispatch, by: Any, **more: Any) -> UnitRequest:
    assert dispatch.due_on is not None
    values = {"reason": "需要实地核实", "wanted_on": dispatch.due_on + timedelta(days=7), **more}
    return opinion_handling.request_extension(dispatch, by=again(by), at=MAY, **values)


def answered(d: SimpleNamespace, dispatch: OpinionDispatch | None = None) -> OpinionDispatch:
    dispatch = dispatch or received(d)
    opinion_handling.answer(dispatch, by=again(d.clerk), answer="已划线。", result=d.done, at=MAY)
    return dispatch


def ended(d: SimpleNamespace) -> OpinionDispatch:
    dispatch = received(d)
    report = dispatch.bulletin.reports.get()
    take_out_report(report, by=d.office, note="转区委保密办。", at=MAY)
    dispatch.refresh_from_db()
    return dispatch


def rehanded(d: SimpleNamespace) -> OpinionDispatch:
    dispatch = received(d)
    opinion_handling.rehand(dispatch, by=d.office, unit=d.parks, note=WHY, at=MAY)
    return dispatch


def plainly_sent(d: SimpleNamespace) -> OpinionDispatch:
    return made.sent(d, answer_wanted=False)


STATES: dict[str, Any] = {
    STATUS.SENT: plainly_sent,
    STATUS.WAITING: made.sent,
    STATUS.ACKNOWLEDGED: received,
    STATUS.RETURN_ASKED: lambda d: asked_back(d).share,
    STATUS.ANSWERED: answered,
    STATUS.REHANDED: rehanded,
    STATUS.ENDED: ended,
}
DOES: dict[str, Any] = {
    "hand_over": lambda d, share, by: opinion_handling.hand_over(share, by=by, at=MAY),
    "acknowledge": lambda d, share, by: opinion_handling.acknowledge(
        share, by=by, at=MAY, scan=paper_of(d, share, by)
    ),
    "answer": lambda d, share, by: opinion_handling.answer(
        share, by=by, answer="答", result=d.done, at=MAY, scan=paper_of(d, share, by)
    ),
    "request_return": lambda d, share, by: opinion_handling.request_return(
        share,
        by=by,
        reason=WHY,
        office_decides=True,
        upload=pdf(),
        at=MAY,
        scan=paper_of(d, share, by),
    ),
    "rehand": lambda d, share, by: opinion_handling.rehand(
        share, by=by, unit=d.parks, note=WHY, at=MAY
    ),
}
MAY_DO = {
    "hand_over": {"office"},
    "acknowledge": {"clerk", "office"},
    "answer": {"clerk", "office"},
    "request_return": {"clerk", "office"},
    "rehand": {"office"},
}
EVERYBODY = (
    "author", "cosigner", "office", "leader", "chair", "supervision", "informant", "clerk",
    "joint_clerk", "parks_clerk",
)  # fmt: skip


def paper_of(d: SimpleNamespace, share: OpinionDispatch, by: User) -> Any:
    return scan_for(share, by) if by == d.office else None


def attempt(doing: Any) -> Any:
    """What came of it; nothing of it stays."""
    try:
        with transaction.atomic():
            doing()
            transaction.set_rollback(True)
    except (IllegalMove, NotAllowed, NotReady) as refused:
        return type(refused)
    return None


def test_the_tables_of_this_test_know_every_move_and_state() -> None:
    by_people = {verb for verb, move in OpinionDispatch.MOVES.items() if not move.by_itself}
    assert by_people == set(DOES) == set(MAY_DO)
    assert set(STATES) == set(STATUS)


@pytest.mark.parametrize("state", STATES)
def test_each_step_is_taken_from_its_states_only(d: SimpleNamespace, state: str) -> None:
    share = STATES[state](d)
    gone = NotReady if state == STATUS.ENDED else IllegalMove  # its words were taken out

    for verb, does in DOES.items():
        by = again(d.office if "clerk" not in MAY_DO[verb] else d.clerk)
        outcome = attempt(lambda does=does, by=by: does(d, share.fresh(), by))
        assert outcome == (None if state in OpinionDispatch.MOVES[verb].old else gone), verb


@pytest.mark.parametrize("verb", DOES)
def test_each_step_is_taken_by_its_people_only(d: SimpleNamespace, verb: str) -> None:
    share = plainly_sent(d) if verb == "hand_over" else received(d)
    if verb == "acknowledge":
        share = made.sent(d, share.bulletin, unit=d.parks)
        d.clerk, d.parks_clerk = d.parks_clerk, d.clerk

    for name in EVERYBODY:
        user = again(getattr(d, name))
        outcome = attempt(lambda user=user: DOES[verb](d, share.fresh(), user))
        assert outcome == (None if name in MAY_DO[verb] else NotAllowed), name


def test_what_is_to_be_answered_is_handed_over_with_days_that_say_why(d: SimpleNamespace) -> None:
    share = made.sent(d)

    assert share.status == STATUS.WAITING
    assert share.handed_over_on == DAY
    for kind, words in (("opinion_sign_in", "3个工作日"), ("opinion_answer", "20个工作日")):
        clock = Deadline.objects.current(share, kind)
        assert clock is not None
        assert words in clock.explain()
    assert Deadline.objects.current(share, "opinion_answer").due_on == share.due_on
    assert Deadline.objects.current(share, "opinion_sign_in").due_on == share.sign_in_due_on
    assert made.people_told("opinion_to_handle") == [d.clerk.person]


def test_without_the_setting_an_issue_is_only_answered(d: SimpleNamespace) -> None:
    parameters.set_parameter("opinions.units_handle", False, by=d.office)
    share = made.sent(d)

    assert (share.status, share.handed_over_on) == (STATUS.SENT, None)
    with pytest.raises(NotReady, match="没有开启"):
        opinion_handling.hand_over(share, by=d.office, at=MAY)
    opinion_handling.answer(share, by=again(d.clerk), answer="已办", result=d.done, at=MAY)
    assert share.result is None


def test_what_was_only_asked_for_is_handed_over_later_with_a_new_clock(d: SimpleNamespace) -> None:
    parameters.set_parameter("opinions.units_handle", False, by=d.office)
    share = made.sent(d)
    parameters.set_parameter("opinions.units_handle", True, by=d.office)
    later = MAY + timedelta(days=7)

    opinion_handling.hand_over(share, by=d.office, at=later)

    first, second = Deadline.objects.filter(
        subject=f"proposals.opiniondispatch:{share.pk}", kind="opinion_answer"
    ).order_by("round")
    assert not first.is_open
    assert (second.is_open, second.started_on) == (True, later.date())
    assert share.due_on == second.due_on


def test_only_units_are_given_a_report(d: SimpleNamespace) -> None:
    leader = made.sent(d, target="leader", unit=None, leader=d.leader.person)

    with pytest.raises(NotReady, match="只有报送单位"):
        opinion_handling.hand_over(leader, by=d.office, at=MAY)


def test_the_author_is_told_at_each_step_once(d: SimpleNamespace) -> None:
    share = received(d)
    assert made.people_told("opinion_in_hand") == [d.author.person]

    opinion_handling.rehand(share, by=d.office, unit=d.parks, note="金丝雀理由", at=MAY)
    assert made.people_told("opinion_rehanded") == [d.author.person]
    taken = OpinionDispatch.objects.get(unit=d.parks)
    opinion_handling.acknowledge(taken, by=again(d.parks_clerk), at=MAY)
    assert Notice.objects.filter(kind="opinion_in_hand", person=d.author.person).count() == 2
    opinion_handling.answer(
        taken, by=again(d.parks_clerk), answer="已划线。", result=d.done, at=MAY
    )
    assert made.people_told("opinion_answered") == [d.author.person]
    for notice in Notice.objects.filter(person=d.author.person):
        assert "金丝雀" not in f"{notice.title}{notice.body}"


def test_staff_act_for_a_unit_only_from_its_paper(d: SimpleNamespace) -> None:
    share = made.sent(d)

    with pytest.raises(NotReady, match="扫描件"):
        opinion_handling.acknowledge(share, by=d.office, at=MAY)
    opinion_handling.acknowledge(share, by=d.office, scan=scan_for(share, d.office), at=MAY)
    with pytest.raises(NotReady, match="扫描件"):
        opinion_handling.answer(share, by=d.office, answer="答", result=d.done, at=MAY)
    with pytest.raises(NotReady, match="扫描件"):
        put_off(d, share, d.office)

    assert share.changes.get(verb="acknowledge").behalf == "区住建局"


def test_an_answer_needs_words_and_a_result(d: SimpleNamespace) -> None:
    share = received(d)

    with pytest.raises(NotReady, match="办理结果"):
        opinion_handling.answer(share, by=again(d.clerk), answer="已办", at=MAY)
    with pytest.raises(NotReady, match="答复内容"):
        opinion_handling.answer(share, by=again(d.clerk), answer=" ", result=d.done, at=MAY)
    answered(d, share)

    assert share.result == d.done
    assert not Deadline.objects.current(share, "opinion_answer").is_open


def test_nobody_answers_for_the_unit_what_they_reported_themselves(d: SimpleNamespace) -> None:
    posted(d.author, d.housing)
    share = received(d)

    with pytest.raises(NotAllowed):
        opinion_handling.answer(share, by=again(d.author), answer="自己答", result=d.done, at=MAY)


# The database ----------------------------------------------------------------------------------


def test_the_database_holds_what_a_handled_issue_needs(d: SimpleNamespace) -> None:
    rows = OpinionDispatch.objects.filter(pk=received(d).pk)

    for broken in (
        {"handed_over_on": None},
        {"sign_in_due_on": None},
        {"due_on": None},
        {"acknowledged_at": None},
        {"status": "return_asked"},
        {"status": "rehanded"},
        {"status": "answered", "answer": "答", "answered_on": DAY},  # without a result
        {"status": "sent"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**broken)
    request = put_off(d, rows.get(), d.clerk)
    for broken in ({"dispatch": None}, {"reason": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            UnitRequest.objects.filter(pk=request.pk).update(**broken)


# What units ask for ----------------------------------------------------------------------------


def test_a_return_needs_a_reason_the_leaders_signature_and_its_days(d: SimpleNamespace) -> None:
    share = received(d)

    for told, fields in (
        ("请写明申请退办的理由", {"reason": " ", "upload": pdf()}),
        ("请附上单位负责人签字的申请", {"reason": WHY}),
        ("不能是本单位", {"reason": WHY, "upload": pdf(), "suggested_unit": d.housing}),
        ("勾选“由政协办公室研究确定”", {"reason": WHY, "upload": pdf()}),
        ("现已过期", {"reason": WHY, "upload": pdf(), "at": MAY + timedelta(days=14)}),
    ):
        with pytest.raises(NotReady, match=told):
            opinion_handling.request_return(share, by=again(d.clerk), **{"at": MAY, **fields})
    assert not UnitRequest.objects.exists()


def test_a_return_is_decided_by_the_office_alone(d: SimpleNamespace) -> None:
    asked = asked_back(d)
    posted(d.checker, d.housing)
    assert made.people_told("request_made") == [d.office.person, d.checker.person]
    clock = Deadline.objects.current(asked, "return_decision")
    assert clock is not None

    for name in ("author", "clerk", "supervision", "leader", "parks_clerk", "checker"):
        with pytest.raises(NotAllowed):
            requesting.grant(asked, by=again(getattr(d, name)), unit=d.parks, at=MAY)
    with pytest.raises(NotReady, match="请选择改由哪个单位"):
        requesting.grant(asked, by=d.office, at=MAY)
    requesting.grant(asked, by=d.office, unit=d.parks, at=MAY)

    old, new = OpinionDispatch.objects.order_by("pk")
    assert (old.status, old.rehanded_to) == (STATUS.REHANDED, d.parks)
    assert (new.status, new.unit) == (STATUS.WAITING, d.parks)
    assert not Deadline.objects.current(old, "opinion_answer").is_open
    assert Deadline.objects.current(new, "opinion_answer").is_open
    assert set(made.people_told("opinion_rehanded_from")) == {d.clerk.person, d.checker.person}
    assert not OpinionDispatch.objects.visible_to(again(d.clerk)).exists()
    assert not type(old.bulletin).objects.visible_to(again(d.clerk)).exists()
    assert UnitRequest.objects.visible_to(again(d.clerk)).get() == asked
    with pytest.raises(IllegalMove):
        requesting.refuse(asked, by=d.office, answer="不行", at=MAY)


def test_a_refused_return_goes_on_with_the_same_days(d: SimpleNamespace) -> None:
    asked = asked_back(d)
    due_on = asked.share.due_on

    with pytest.raises(NotReady, match="不同意的理由"):
        requesting.refuse(asked, by=d.office, answer=" ", at=MAY)
    requesting.refuse(asked, by=d.office, answer="职责在贵局。", at=MAY)

    share = asked.share.fresh()
    assert (share.status, share.due_on) == (STATUS.ACKNOWLEDGED, due_on)
    assert made.people_told("request_decided") == [d.clerk.person]


def test_a_return_is_taken_back_by_the_unit(d: SimpleNamespace) -> None:
    asked = asked_back(d)

    for name in ("author", "supervision", "parks_clerk"):
        with pytest.raises(NotAllowed):
            requesting.withdraw(asked, by=again(getattr(d, name)), at=MAY)
    requesting.withdraw(asked, by=again(d.clerk), at=MAY)

    assert asked.share.fresh().status == STATUS.ACKNOWLEDGED


def test_a_later_day_is_asked_for_in_time_and_within_the_longest(d: SimpleNamespace) -> None:
    share = received(d)
    assert share.due_on is not None

    for told, fields in (
        ("新期限须晚于", {"wanted_on": share.due_on}),
        ("最迟只能延到", {"wanted_on": date(2026, 12, 1)}),
        ("请写明延期的理由", {"reason": " "}),
    ):
        with pytest.raises(NotReady, match=told):
            put_off(d, share, d.clerk, **fields)
    with pytest.raises(NotReady, match="现已过期"):
        opinion_handling.request_extension(
            share,
            by=again(d.clerk),
            reason="忙",
            wanted_on=share.due_on + timedelta(days=9),
            at=MAY + timedelta(days=60),
        )
    for name in ("author", "parks_clerk", "supervision"):
        with pytest.raises(NotAllowed):
            put_off(d, share, getattr(d, name))
    asked = put_off(d, share, d.clerk)
    with pytest.raises(NotReady, match="已有一份"):
        put_off(d, share, d.clerk)
    requesting.grant(asked, by=d.office, at=MAY)

    share.refresh_from_db()
    assert share.due_on == asked.wanted_on
    assert "延" in Deadline.objects.current(share, "opinion_answer").explain()


def test_an_answer_lapses_what_the_unit_still_asked(d: SimpleNamespace) -> None:
    share = received(d)
    asked = put_off(d, share, d.clerk)

    answered(d, share)

    asked.refresh_from_db()
    assert asked.status == "lapsed"
    with pytest.raises(IllegalMove):
        requesting.grant(asked, by=d.office, at=MAY)


def test_passing_on_names_another_unit_that_has_it_not(d: SimpleNamespace) -> None:
    share = received(d)
    busy = made.sent(d, share.bulletin, unit=d.parks)

    for told, fields in (
        ("另一个单位", {"unit": d.housing, "note": WHY}),
        ("已经交区城管局办理", {"unit": d.parks, "note": WHY}),
        ("改办的理由", {"unit": d.parks, "note": " "}),
    ):
        with pytest.raises(NotReady, match=told):
            opinion_handling.rehand(share, by=d.office, at=MAY, **fields)
    assert busy.fresh().status == STATUS.WAITING


def test_a_unit_that_only_read_it_takes_it_over_in_its_own_row(d: SimpleNamespace) -> None:
    share = received(d)
    read = made.sent(d, share.bulletin, unit=d.parks, answer_wanted=False)

    taken = opinion_handling.rehand(share, by=d.office, unit=d.parks, note=WHY, at=MAY)

    assert taken.pk == read.pk
    assert taken.fresh().status == STATUS.WAITING


def test_it_can_come_back_to_the_first_unit(d: SimpleNamespace) -> None:
    share = received(d)
    other = opinion_handling.rehand(share, by=d.office, unit=d.parks, note=WHY, at=MAY)

    back = opinion_handling.rehand(other, by=d.office, unit=d.housing, note="退回", at=MAY)

    assert back.pk not in (share.pk, other.pk)
    assert OpinionDispatch.objects.visible_to(again(d.clerk)).get() == back


def test_passing_on_decides_the_open_request(d: SimpleNamespace) -> None:
    asked = asked_back(d)

    opinion_handling.rehand(asked.share, by=d.office, unit=d.parks, note=WHY, at=MAY)

    asked.refresh_from_db()
    assert asked.status == "granted"


# Contacts --------------------------------------------------------------------------------------


def test_a_contact_is_with_an_author_of_the_issue_in_its_days(d: SimpleNamespace) -> None:
    share = received(d)
    author = OpinionAuthor.objects.get(report__bulletin=share.bulletin)
    other = OpinionAuthor.objects.get(report=made.registered(d, d.cosigner))

    def note(by: User, **more: Any) -> OpinionContact:
        values = {"author": author, "way": ContactEntry.Way.PHONE, "on": DAY, "summary": "已听取"}
        return opinion_handling.record_contact(
            share.fresh(), by=again(by), at=MAY, **{**values, **more}
        )

    for told, fields in (
        ("这一期的作者", {"author": other}),
        ("沟通情况", {"summary": " "}),
        ("不能晚于今天", {"on": date(2026, 5, 7)}),
        ("不能早于交办日期", {"on": date(2026, 5, 5)}),
    ):
        with pytest.raises(NotReady, match=told):
            note(d.clerk, **fields)
    for name in ("author", "parks_clerk", "supervision", "leader"):
        with pytest.raises(NotAllowed):
            note(getattr(d, name))
    note(d.clerk)

    assert OpinionContact.objects.get().author == author


# The clock -------------------------------------------------------------------------------------


def test_reminders_go_to_the_unit_then_to_its_leaders_then_to_the_office(
    d: SimpleNamespace,
) -> None:
    leader = people.account(
        "ul", "单位领导", Role.UNIT_LEADER, body=d.housing.body_ptr, post="leader"
    )
    share = made.sent(d)
    assert share.sign_in_due_on is not None

    def told_on(day: date) -> set[Any]:
        Notice.objects.filter(kind="opinion_sign_in_reminder").delete()
        remind(day)
        remind(day)
        rows = Notice.objects.filter(kind="opinion_sign_in_reminder")
        names = [notice.person for notice in rows]
        assert len(names) == len(set(names))
        return set(names)

    assert told_on(share.sign_in_due_on) == {d.clerk.person}
    late = told_on(share.sign_in_due_on + timedelta(days=14))
    assert {d.clerk.person, leader.person, d.office.person} <= late
    opinion_handling.acknowledge(share, by=again(d.clerk), at=MAY)
    assert told_on(share.sign_in_due_on + timedelta(days=21)) == set()


def test_unit_is_reminded_to_answer_a_report_until_it_has(d: SimpleNamespace) -> None:
    share = received(d)
    assert share.due_on is not None

    def told_on(days: int) -> set[Any]:
        assert share.due_on is not None
        Notice.objects.filter(kind="opinion_answer_reminder").delete()
        remind(share.due_on + timedelta(days=days))
        rows = Notice.objects.filter(kind="opinion_answer_reminder")
        return {notice.person for notice in rows}

    assert told_on(-3) == told_on(0) == {d.clerk.person}
    assert told_on(7) >= {d.clerk.person, d.office.person}
    answered(d, share)
    assert told_on(14) == set()


def test_reminders_ask_a_constant_number_of_queries(d: SimpleNamespace) -> None:
    asked = []
    for more in (1, 2):
        for _turn in range(more):
            made.sent(d, made.bulletin(d))
        with CaptureQueriesContext(connection) as seen:
            remind(date(2026, 4, 1))  # nothing is due yet
        asked.append(len(seen))
    assert asked[0] == asked[1]


# Secrets ---------------------------------------------------------------------------------------


def test_what_is_taken_out_ends_and_leaves_no_word(d: SimpleNamespace) -> None:
    share = received(d)
    author = OpinionAuthor.objects.get(report__bulletin=share.bulletin)
    opinion_handling.record_contact(
        share, by=again(d.clerk), author=author, way="phone", on=DAY, summary="金丝雀", at=MAY
    )
    asked = opinion_handling.request_return(
        share, by=again(d.clerk), reason="金丝雀", office_decides=True, upload=pdf(), at=MAY
    )
    report = share.bulletin.reports.get()

    take_out_report(report, by=d.office, note="转区委保密办。", at=MAY)

    share.refresh_from_db()
    asked.refresh_from_db()
    assert (share.status, asked.status) == (STATUS.ENDED, "lapsed")
    running = Deadline.objects.filter(cancelled_at=None, met_at=None)
    assert not running.filter(subject__startswith="proposals.opiniondispatch").exists()
    assert not files.for_subject(asked).exists()
    words = [
        *OpinionContact.objects.values_list("summary", flat=True),
        *UnitRequest.objects.values_list("reason", flat=True),
        *share.changes.values_list("note", flat=True),
        *asked.changes.values_list("note", flat=True),
    ]
    assert not any("金丝雀" in word for word in words)


# Pages -----------------------------------------------------------------------------------------


def post(client: Client, url: str, **fields: Any) -> Any:
    return client.post(url, fields, follow=True)


def test_the_unit_goes_all_the_way_by_pages(d: SimpleNamespace) -> None:
    with time_machine.travel(MAY, tick=False):
        share = made.sent(d)
        clerk, office = logged_in(d.clerk), logged_in(d.office)
        page = share.get_absolute_url()
        desk = text(clerk.get(reverse("desk:index")))
        assert "待签收" in desk
        assert "签收期限" in desk
        post(clerk, f"{page}acknowledge/")
        author = OpinionAuthor.objects.get(report__bulletin=share.bulletin)
        contact = {"author": author.pk, "way": "phone", "on": "2026-05-06", "summary": "已听取"}
        assert "已听取" in text(post(clerk, f"{page}record_contact/", **contact))
        wanted = {"wanted_on": "2026-06-12", "reason": "需要核实"}
        asked = post(clerk, f"{page}request_extension/", **wanted)
        assert "需要核实" in text(asked)
        request = UnitRequest.objects.get()
        assert "区住建局" in text(office.get(reverse("desk:requests")))
        post(office, f"{request.get_absolute_url()}grant/", until="2026-06-12")
        refused = clerk.post(f"{page}answer/", {"answer": "已划线。"})
        assert refused.status_code == 422
        done = post(clerk, f"{page}answer/", answer="已划线。", result=d.done.pk)
        assert "已解决或采纳" in text(done)
        read = text(logged_in(d.author).get(share.bulletin.reports.get().get_absolute_url()))

    assert "已解决或采纳" in read
    assert "已划线。" in read


def test_what_the_unit_asked_is_read_by_the_unit_and_the_office_only(d: SimpleNamespace) -> None:
    asked = asked_back(d)
    supervised = made.sent(d, asked.share.bulletin, target="supervision", unit=None)

    for name, status in (
        ("clerk", 200), ("office", 200), ("supervision", 404), ("author", 404), ("leader", 404),
        ("parks_clerk", 404),
    ):  # fmt: skip
        client = logged_in(getattr(d, name))
        assert client.get(asked.get_absolute_url()).status_code == status, name
    shown = text(logged_in(d.supervision).get(supervised.get_absolute_url()))
    assert WHY not in shown
    listed = text(logged_in(d.supervision).get(reverse("desk:requests")))
    assert "区住建局" not in listed
    assert UnitRequest.objects.visible_to(again(d.supervision)).count() == 0


def test_the_author_of_a_combined_text_reads_neither_answer_nor_result(d: SimpleNamespace) -> None:
    main, _other = made.issued_combined(d)
    share = made.sent(d, main.bulletin)
    opinion_handling.acknowledge(share, by=again(d.clerk), at=MAY)
    opinion_handling.answer(share, by=again(d.clerk), answer="金丝雀答复", result=d.done, at=MAY)

    read = text(logged_in(d.author).get(main.get_absolute_url()))

    assert "金丝雀" not in read
    assert "已解决或采纳" not in read


def test_the_unit_of_somebody_who_reported_is_told_so(d: SimpleNamespace) -> None:
    share = received(d)
    posted(d.author, d.housing)

    client = logged_in(d.author)

    assert "请由本单位其他同事答复" in text(client.get(share.get_absolute_url()))
    assert client.get(f"{share.get_absolute_url()}answer/").status_code == 403


@pytest.mark.parametrize("user", ["clerk", "office"])
def test_desk_lists_take_a_constant_number_of_queries(d: SimpleNamespace, user: str) -> None:
    asked = []
    for more in (1, 2):
        for _turn in range(more):
            share = made.sent(d, made.bulletin(d))
            opinion_handling.acknowledge(share, by=again(d.clerk), at=MAY)
            put_off(d, share, d.clerk)
        client = logged_in(getattr(d, user))
        asked.append([queries(client, reverse(page)) for page in ("desk:index", "desk:requests")])
    assert asked[0] == asked[1]


# What the authors hear -------------------------------------------------------------------------


def letters(d: SimpleNamespace, kind: str) -> list[str]:
    rows = Notice.objects.filter(kind=kind, person=d.author.person).order_by("pk")
    return [f"{notice.title} {notice.body}" for notice in rows]


def test_the_authors_hear_of_each_step_of_the_unit(d: SimpleNamespace) -> None:
    share = made.sent(d)
    opinion_handling.acknowledge(share, by=again(d.clerk), at=MAY)
    request = put_off(d, share.fresh(), d.clerk)
    requesting.grant(request, by=d.office, at=MAY)
    answered(d, share.fresh())

    share.refresh_from_db()
    assert request.wanted_on == share.due_on
    (handed_over,) = letters(d, "opinion_handed_over")
    assert "区住建局办理" in handed_over
    (extended,) = letters(d, "opinion_extended")
    assert str(share.due_on) in extended
    assert len(letters(d, "opinion_in_hand")) == len(letters(d, "opinion_answered")) == 1
    assert not letters(d, "opinion_sent")


def test_the_authors_hear_when_what_was_only_sent_is_handed_over(d: SimpleNamespace) -> None:
    share = plainly_sent(d)
    (sent,) = letters(d, "opinion_sent")
    assert "已报送区住建局" in sent

    opinion_handling.hand_over(share, by=d.office, at=MAY)

    (handed_over,) = letters(d, "opinion_handed_over")
    assert str(share.due_on) in handed_over
    page = text(logged_in(d.author).get(share.bulletin.reports.get().get_absolute_url()))
    assert f"{share.due_on} 前答复" in page


def test_a_leader_is_not_named_to_the_authors(d: SimpleNamespace) -> None:
    made.sent(d, target="leader", unit=None, leader=d.other_leader.person)

    (sent,) = letters(d, "opinion_sent")
    assert d.other_leader.name not in sent
