"""Everything that writes about what came of it: adoption, the look-back, the clock."""

from feedback.actions import adopting, looking_back
from feedback.actions.reminding import remind

__all__ = ["adopting", "looking_back", "remind"]
