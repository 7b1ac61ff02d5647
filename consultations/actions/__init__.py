"""Everything that writes about topics, research and sessions, by what it is done to."""

from consultations.actions import meeting, outcome, planning, researching, topics
from consultations.actions.reminding import remind

__all__ = ["meeting", "outcome", "planning", "remind", "researching", "topics"]
