"""Due dates: rules that the office can edit, dates that say how they came about.

Overdue is computed, never stored. The clock is always an argument. An extension or a pause changes
the due date and is an event; the first due date stays beside it.
"""

from cppcc_portal.office.deadlines.changes import (
    DeadlineRefused,
    cancel,
    cancel_all,
    extend,
    followed_by,
    latest_extension,
    meet,
    meet_current,
    pause,
    recalculate_guesses,
    restart,
    resume,
    start,
)
from cppcc_portal.office.deadlines.clocks import (
    Deadline,
    DeadlineEvent,
    DeadlineQuerySet,
    DeadlineState,
    Standing,
    long_date,
    short_date,
    weekday_name,
)
from cppcc_portal.office.deadlines.rules import (
    DEFAULT_RULES,
    DeadlineRule,
    Roll,
    Term,
    Unit,
    ensure_default_rules,
    rule_of,
)
from cppcc_portal.office.working_days import (
    Holiday,
    WorkingCalendar,
    add_months,
    add_working_days,
    is_working_day,
    working_days_between,
)

__all__ = [
    "DEFAULT_RULES",
    "Deadline",
    "DeadlineEvent",
    "DeadlineQuerySet",
    "DeadlineRefused",
    "DeadlineRule",
    "DeadlineState",
    "Holiday",
    "Roll",
    "Standing",
    "Term",
    "Unit",
    "WorkingCalendar",
    "add_months",
    "add_working_days",
    "cancel",
    "cancel_all",
    "ensure_default_rules",
    "extend",
    "followed_by",
    "is_working_day",
    "latest_extension",
    "long_date",
    "meet",
    "meet_current",
    "pause",
    "recalculate_guesses",
    "restart",
    "resume",
    "rule_of",
    "short_date",
    "start",
    "weekday_name",
    "working_days_between",
]
