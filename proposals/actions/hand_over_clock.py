"""By when a filed proposal is to be with its units: counted from the plenary's end, or from the filing."""

from datetime import date, datetime

from django.utils import timezone

from cppcc_portal.office import deadlines
from members.models import User
from proposals.models import Proposal

KIND = "hand_over"


def hand_over_start(proposal: Proposal, filed_on: date, together_until: date) -> tuple[str, date]:
    """The rule and the day from which it counts.

    What the plenary received is handed over together after its end, until `together_until`. For
    what is filed after that day, as for what came between plenaries, the days begin with the filing.
    """
    if proposal.series == Proposal.Series.PLENARY and filed_on <= together_until:
        return KIND, proposal.plenary.closes_on
    return "hand_over_ordinary", filed_on


def start_hand_over_clock(proposal: Proposal, *, by: User, at: datetime) -> deadlines.Deadline:
    """A proposal was filed: whoever hands over has until this day."""
    working = deadlines.WorkingCalendar()
    together_until = deadlines.rule_of(KIND).term.due(proposal.plenary.closes_on, working)
    rule, on = hand_over_start(proposal, timezone.localdate(at), together_until)
    return deadlines.start(proposal, rule, on=on, by=by, kind=KIND, working=working)
