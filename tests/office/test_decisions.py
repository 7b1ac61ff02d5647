from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from cppcc_portal.office import decisions
from cppcc_portal.office.audit import AuditEvent
from cppcc_portal.office.decisions import DecidingBody, Decision, record_decision
from cppcc_portal.office.ledger import WrittenOnce
from members.models import User

AT = datetime(2026, 3, 10, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
PASSED = {
    "body": "chair_meeting",
    "meeting_number": "第十五届第31次",
    "held_on": date(2026, 3, 9),
    "item": "审定立案提案名单",
    "result": Decision.Result.PASSED,
    "at": AT,
}


@pytest.fixture
def clerk(db: None) -> User:
    """The secretariat's clerk who records."""
    decisions.ensure_default_bodies()
    return User.objects.create(username="secretariat")


def test_a_decision_is_recorded_with_who_and_where(clerk: User) -> None:
    decision = record_decision(by=clerk, document_number="海政协〔2026〕5号", **PASSED)

    assert decision.is_passed
    assert str(decision) == "主席会议第十五届第31次（2026-03-09）：审定立案提案名单（通过）"
    assert list(Decision.objects.passed().of_body("chair_meeting")) == [decision]
    event = AuditEvent.objects.get(action="decision.record")
    assert event.user_id == clerk.pk


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"meeting_number": " "}, "meeting_number", "会议届次"),
        ({"held_on": None}, "held_on", "会议日期"),
        ({"held_on": date(2026, 3, 11)}, "held_on", "不能晚于记录当天"),
        ({"result": "passed_with_changes"}, "text", "哪些修改"),
        ({"result": "refused"}, "text", "理由"),
        ({"item": ""}, "item", ""),
        ({"result": "maybe"}, "result", ""),
    ],
)
def test_an_incomplete_decision_is_refused_in_words(
    clerk: User, change: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        record_decision(by=clerk, **{**PASSED, **change})

    assert words in "".join(caught.value.message_dict[field])
    assert not Decision.objects.exists()


def test_the_database_refuses_a_passed_decision_without_meeting(clerk: User) -> None:
    body = DecidingBody.objects.get(code="chair_meeting")

    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(body=body, item="议题", result="passed", recorded_by=clerk)


def test_a_refusal_needs_no_meeting_number(clerk: User) -> None:
    decision = record_decision(
        by=clerk, body="three_offices", item="议题", result="refused", text="不属本区事权", at=AT
    )

    assert not decision.is_passed
    assert str(decision) == "三办会签：议题（不予通过）"


def test_a_correction_is_a_new_record_and_only_one(clerk: User) -> None:
    first = record_decision(by=clerk, **PASSED)

    second = record_decision(by=clerk, **{**PASSED, "meeting_number": "第32次"}, replaces=first)

    assert list(Decision.objects.current()) == [second]
    assert first.replaced_by == second
    with pytest.raises(ValidationError, match="已被更正"):
        record_decision(by=clerk, **PASSED, replaces=first)


def test_a_record_is_never_changed(clerk: User) -> None:
    decision = record_decision(by=clerk, **PASSED)

    decision.result = "refused"
    with pytest.raises(WrittenOnce):
        decision.save()
    with pytest.raises(WrittenOnce):
        Decision.objects.update(result="refused")
    with pytest.raises(WrittenOnce):
        decision.delete()


def test_bodies_are_added_once_and_edits_stay(clerk: User) -> None:
    DecidingBody.objects.filter(code="party_group").update(name="区政协党组会议", active=False)

    again = decisions.ensure_default_bodies()

    assert again == 0
    assert DecidingBody.objects.count() == len(decisions.DEFAULT_BODIES)
    assert DecidingBody.objects.first().name == "区政协党组会议"
    with pytest.raises(ValidationError, match="已停用"):
        record_decision(by=clerk, **{**PASSED, "body": "party_group"})
