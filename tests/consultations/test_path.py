"""The second path from a member's idea to a verified result, through the actions."""

from collections import Counter
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.core.management import call_command

from consultations.models import Session, Topic
from cppcc_portal.office.audit import AuditEvent
from cppcc_portal.office.notices import Notice
from feedback.actions import adopting, looking_back, remind
from feedback.models import Adoption, LookBack, LookBackYear
from members.models import DutyRecord
from tests import topics as made

pytestmark = pytest.mark.django_db


@pytest.fixture
def d(db: None) -> SimpleNamespace:
    return made.district()


def test_topic_goes_all_the_way_to_a_verified_result(d: SimpleNamespace) -> None:
    adoption = made.verified(d)

    topic = adoption.topic
    topic.refresh_from_db()
    assert topic.status == Topic.Status.TRACKING
    assert adoption.status == Adoption.Status.VERIFIED
    adopting.close_topic(topic, by=d.chair)
    assert topic.status == Topic.Status.CLOSED
    assert topic.sessions.get().status == Session.Status.ARCHIVED
    assert adoption.recommendation.finding.text == "改造资金没有来源。"
    told = Counter(Notice.objects.values_list("kind", flat=True))
    assert told["topic_approved"] == 4
    assert told["session_notified"] == 3
    assert told["advice_assigned"] == told["advice_done"] == 1
    call_command("verify_audit")
    assert AuditEvent.objects.filter(action="topic.approve").count() == 1


def test_everybody_who_took_part_has_a_duty_record(d: SimpleNamespace) -> None:
    made.archived(d)

    records = DutyRecord.objects.values_list("membership__person__name", "category__code")
    assert sorted(records) == [
        ("施三", "research"),
        ("陈一", "consultation"),
        ("黄二", "consultation"),
        ("黄二", "research"),
    ]


def test_look_back_of_last_years_key_topic(d: SimpleNamespace) -> None:
    adoption = made.verified(d)
    assert remind(date(2027, 1, 31)) == 0

    made_new = remind(date(2027, 2, 1))

    assert made_new == 2
    assert {notice.person.name for notice in Notice.objects.filter(kind="lookback_yearly")} == {
        "秘书长甲",
        "主任甲",
    }
    look_back = LookBack.objects.get()
    assert (look_back.topic, look_back.status) == (adoption.topic, "candidate")
    assert LookBackYear.objects.count() == 1
    assert remind(date(2027, 2, 1)) == remind(date(2027, 2, 28)) == 0
    at = made.MEETING + timedelta(days=300)
    looking_back.select(
        look_back, by=d.office, decision=made.decided(d, "chair_meeting", "回头看"), at=at
    )
    assert remind(date(2027, 3, 1)) == 0
    seats = [made.seat(user) for user in (d.author, d.member, d.third)]
    looking_back.name_checkers(look_back, seats, by=d.chair)
    looking_back.start_check(look_back, by=d.chair, at=at)
    finding = look_back.findings.get()
    looking_back.report_self(finding, by=d.clerk, text="三个小区已完成。", at=at)
    looking_back.find(finding, by=d.chair, result="weak", text="电梯停了两台。", at=at)
    looking_back.evaluate(look_back, by=d.chair, at=at)
    adoption.refresh_from_db()
    assert adoption.status == Adoption.Status.IMPLEMENTING
    assert DutyRecord.objects.filter(category__code="lookback").count() == 3
    looking_back.report(look_back, by=d.office, report_number="海政协〔2027〕3号", at=at)
    looking_back.close(look_back, by=d.secgen, at=at)
    assert look_back.status == LookBack.Status.CLOSED
