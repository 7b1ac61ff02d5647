"""What steps rest on: a decision of the body that may take it, still holding."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from cppcc_portal.office import parameters
from cppcc_portal.office.deadlines import long_date
from cppcc_portal.office.decisions import DecidingBody, Decision


def why_not(decision: Decision, *, since: datetime | None = None) -> list[str]:
    """What keeps a step from resting on this decision; one of a meeting before `since` is of other things."""
    code = parameters.get("proposals.key_body")
    if decision.body.code != code:
        body: Any = DecidingBody.objects.filter(code=code).first() or code
        return [_("须有%s的决定，请另选或先在“会议决定”中登记。") % body]
    if not decision.lets_go_on:
        return [_("这份决定没有通过，或已被更正，请选现行有效的决定。")]
    on = timezone.localdate(since) if since else None
    if on and decision.held_on and decision.held_on < on:
        told = _("这次会议（%(held)s）早于提案提交（%(on)s），请选之后的会议决定。")
        return [told % {"held": long_date(decision.held_on), "on": long_date(on)}]
    return []
