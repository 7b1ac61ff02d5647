"""Decisions of the chairpersons' meeting, as tests need them on record."""

from datetime import date
from typing import Any

from cppcc_portal.office import decisions
from cppcc_portal.office.decisions import Decision
from members.models import User

LEADERS = [{"name": "沈海", "post": "副区长"}]


def decided(by: User, item: str = "确定重点提案", **more: Any) -> Decision:
    """A passed decision on record, of the body that may take it."""
    decisions.ensure_default_bodies()
    given = {
        "body": "chair_meeting",
        "result": Decision.Result.PASSED,
        "meeting_number": "第四十次",
        "held_on": date(2026, 3, 2),
    }
    return decisions.record_decision(by=by, item=item, **{**given, **more})
