"""Reminders of proposals: for each kind the day it comes, who gets it, and that it comes once."""

from datetime import date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from cppcc_portal.office.models import Notice
from cppcc_portal.office.parameters import set_parameter
from members.models import User
from members.roles import Role
from proposals import actions
from tests import district as made
from tests import people, stages

pytestmark = pytest.mark.django_db


@pytest.fixture
def d(district: SimpleNamespace) -> SimpleNamespace:
    """The district with a supervision office and a leader of the lead unit."""
    district.supervision = people.account("dc", "督查员甲", Role.SUPERVISION)
    district.unit_leader = people.account(
        "u3", "局长甲", Role.UNIT_LEADER, body=district.housing.body_ptr, post="principal"
    )
    return district


def told(kind: str, on: date) -> set[str]:
    """Who is told newly by the day's run; a second run tells nobody."""
    before = set(Notice.objects.values_list("pk", flat=True))
    actions.remind(on)
    new = Notice.objects.filter(kind=kind).exclude(pk__in=before)
    names = {notice.person.name for notice in new.select_related("person")}
    count = Notice.objects.count()
    actions.remind(on)
    assert Notice.objects.count() == count
    return names


def at(day: date, clock: time = time(9)) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock))


# A late reply ---------------------------------------------------------------------------------------


def test_late_reply_is_told_to_supervision_and_office_from_the_next_day(d: SimpleNamespace) -> None:
    due = stages.lead_of(stages.answerable(d)).due_on

    assert told("reply_reminder", due) == {"经办甲"}
    late = {"经办甲", "局长甲", "督查员甲", "办公室甲"}
    assert told("reply_reminder", due + timedelta(days=1)) == late
    assert told("reply_reminder", due + timedelta(days=2)) == set()
    assert told("reply_reminder", due + timedelta(days=8)) == late


def test_office_sets_how_late_a_reply_is_before_others_hear_of_it(d: SimpleNamespace) -> None:
    set_parameter("proposals.escalate_reply", 8, by=d.office)
    due = stages.lead_of(stages.answerable(d)).due_on

    assert told("reply_reminder", due + timedelta(days=1)) == {"经办甲", "局长甲"}
    assert {"督查员甲", "办公室甲"} < told("reply_reminder", due + timedelta(days=8))
