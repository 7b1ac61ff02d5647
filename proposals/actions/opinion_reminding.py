"""The clock's work on public-opinion reports: co-authors who are asked, units that receive, handle and answer."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.utils import timezone

from cppcc_portal.office.notices import Telling
from members.models import Person
from members.posted import Day, together
from members.roles import Role
from proposals.models import OpinionDispatch, OpinionInvitation, OpinionReport

Plan = Iterator[Telling | None]
GRACE = timedelta(days=7)  # after a week of silence the reminder goes beyond the unit


def coauthors_to_answer(day: Day) -> Plan:
    """Members who are asked to report with an author and have not answered, from the day of the words they read."""
    waiting = OpinionInvitation.objects.filter(
        status=OpinionInvitation.Status.WAITING, report__status__in=OpinionReport.AUTHORS_OPEN
    )
    for invitation in waiting.select_related("membership__person", "text", "report"):
        asked_on = timezone.localdate(invitation.text.made_at)
        yield day.telling(
            "opinion_coauthor_reminder",
            invitation,
            [invitation.membership.person],
            asked_on,
            "opinion_coauthor",
            asked_on,
            round=invitation.version + 1,
        )


def _whom(day: Day, dispatch: OpinionDispatch, due_on: date) -> list[Person]:
    """The unit's clerks; once late its leaders too; of what was handed over, in the end the office."""
    assert dispatch.unit_id is not None  # only units are asked for anything
    people = day.clerks(dispatch.unit_id)
    if day.today > due_on:
        people = people + day.leaders(dispatch.unit_id)
    if dispatch.is_handed_over and day.today >= due_on + GRACE:
        people = people + day.with_role(Role.OFFICE)
    return together(people)


def bulletins_to_receive(day: Day) -> Plan:
    """Issues that were handed over to a unit, which has not received them."""
    rows = OpinionDispatch.objects.filter(status=OpinionDispatch.Status.WAITING)
    for dispatch in rows.select_related("bulletin", "unit"):
        assert dispatch.sign_in_due_on is not None  # set with the status (constraint)
        assert dispatch.handed_over_on is not None
        yield day.telling(
            "opinion_sign_in_reminder",
            dispatch,
            _whom(day, dispatch, dispatch.sign_in_due_on),
            dispatch.sign_in_due_on,
            "opinion_sign_in",
            dispatch.handed_over_on,
            every=7,
            words={"issue": str(dispatch.bulletin), "unit": dispatch.receiver},
        )


def bulletins_to_answer(day: Day) -> Plan:
    """Issues that a unit is asked to answer."""
    for dispatch in OpinionDispatch.objects.unanswered().select_related("bulletin", "unit"):
        assert dispatch.due_on is not None
        yield day.telling(
            "opinion_answer_reminder",
            dispatch,
            _whom(day, dispatch, dispatch.due_on),
            dispatch.due_on,
            "opinion_answer",
            dispatch.handed_over_on or dispatch.sent_on,
            every=7,
            words={"issue": str(dispatch.bulletin)},
        )
