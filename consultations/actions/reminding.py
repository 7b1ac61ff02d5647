"""The clock's work on topics and sessions: each reminder once, however often this runs."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from consultations.actions.meeting import words_of
from consultations.models import Session, Topic
from cppcc_portal.office import notices
from cppcc_portal.office.deadlines import Deadline
from cppcc_portal.office.keys import key_of
from cppcc_portal.office.notices import Telling
from members.models import Invitation, Person
from members.posted import Day
from members.roles import Role

Plan = Iterator[Telling | None]


def remind(today: date) -> int:
    """Write today's reminders about topics and sessions; return how many are new. Safe to run again."""
    day = Day(today, "consultations")
    tellings = [*_screening(day), *_answers(day), *_minutes(day)]
    return notices.tell_all(telling for telling in tellings if telling is not None)


def _running(things: list[Any], kind: str) -> Iterator[tuple[Any, Deadline]]:
    """Each thing whose clock of this kind still runs, with the clock."""
    found = Deadline.objects.for_subjects([key_of(thing) for thing in things])
    for thing in things:
        clock = found.get(key_of(thing), {}).get(kind)
        if clock is not None and clock.is_open:
            yield thing, clock


def _screening(day: Day) -> Plan:
    waiting = list(Topic.objects.filter(status=Topic.Status.PROPOSED))
    for topic, clock in _running(waiting, "topic_screening"):
        yield day.telling(
            "topic_to_screen",
            topic,
            day.with_role(Role.OFFICE),
            clock.due_on,
            "screening",
            clock.started_on,
            round=clock.round,
        )


def _answers(day: Day) -> Plan:
    """Who has not said whether they come."""
    waiting = Invitation.objects.filter(
        status=Invitation.Status.INVITED,
        person__isnull=False,
        gathering__session__status=Session.Status.NOTIFIED,
        gathering__starts_at__date__gte=day.today,
    ).select_related("person", "gathering__session__form")
    people: dict[int, list[Person]] = {}
    sessions: dict[int, Session] = {}
    for invitation in waiting:
        session = invitation.gathering.session
        session.gathering = invitation.gathering
        sessions[session.pk] = session
        assert invitation.person is not None
        people.setdefault(session.pk, []).append(invitation.person)
    for pk, session in sessions.items():
        yield day.telling(
            "session_reminder",
            session,
            people[pk],
            session.gathering.on,
            "reply",
            date.min,
            words={**words_of(session), "place": session.gathering.place},
        )


def _minutes(day: Day) -> Plan:
    """Minutes not signed: the committee, and once overdue the secretary-general as well."""
    waiting = Session.objects.filter(
        status__in=[Session.Status.HELD, Session.Status.MINUTES_DRAFT]
    ).select_related("topic__committee", "form", "gathering")
    for session, clock in _running(list(waiting), "minutes"):
        yield day.telling(
            "minutes_due",
            session,
            day.committee(session.topic.committee_id),
            clock.due_on,
            "minutes",
            clock.started_on,
            late={1: day.with_role(Role.SECRETARY_GENERAL)},
            every=1,
            words=words_of(session),
        )
