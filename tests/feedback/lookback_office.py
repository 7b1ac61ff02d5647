"""An office whose key topic of last year waits for this year's look-back; run by the reminder test.

Everything stands in the migrated database that DATABASE_URL names. Prints nothing; ends non-zero on a fault.
"""

import django

django.setup()

from django.utils import timezone  # noqa: E402

from tests import topics as made  # noqa: E402

d = made.district()
topic = made.in_plan(d, year=timezone.localdate().year - 1)
made.issued(d, topic)
research = made.running(d, topic)
session = made.notified(d, made.planned(d, made.researched(d, research)))
made.done(
    d, made.adopted(d, made.assigned(d, made.sent(d, made.archived(d, made.held(d, session)))))
)
