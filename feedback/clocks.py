"""Copies of due dates on the rows that lists are sorted by follow their deadline in the same transaction."""

from cppcc_portal.office.deadlines import Deadline, followed_by
from cppcc_portal.office.keys import split_key
from feedback.models import Adoption


@followed_by("feedback.adoption")
def of_adoption(clock: Deadline) -> None:
    """The date by which the unit must act next."""
    if clock.kind == "adoption_reply":
        pk = split_key(clock.subject)[1]
        Adoption.objects.filter(pk=pk, status__in=["assigned", "studying"]).update(
            due_on=clock.due_on
        )
