"""What steps rest on: a decision of the body that may take it, still holding."""

from typing import Any

from django.utils.translation import gettext as _

from cppcc_portal.office import parameters
from cppcc_portal.office.decisions import DecidingBody, Decision


def why_not(decision: Decision) -> list[str]:
    """What keeps a step from resting on this decision."""
    code = parameters.get("proposals.key_body")
    if decision.body.code != code:
        body: Any = DecidingBody.objects.filter(code=code).first() or code
        return [_("须有%s的决定，请另选或先在“会议决定”中登记。") % body]
    if not decision.lets_go_on:
        return [_("这份决定没有通过，或已被更正，请选现行有效的决定。")]
    return []
