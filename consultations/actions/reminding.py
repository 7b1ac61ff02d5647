"""The clock's work on topics and sessions: each reminder once, however often this runs."""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone

from consultations.actions.meeting import words_of
from consultations.actions.people import committee_people, office_people, people_with_role
from consultations.models import Session, Topic
from cppcc_portal.office import notices, parameters
from cppcc_portal.office.deadlines import Deadline
from cppcc_portal.office.keys import key_of
from cppcc_portal.office.notices import Telling
from cppcc_portal.office.reminders import step_due
from members.models import Invitation, Person
from members.roles import Role


def remind(today: date) -> int:
    """Write today's reminders about topics and sessions; return how many are new. Safe to run again."""
    return notices.tell_all([*_screening(today), *_answers(today), *_minutes(today)])


def moment_of(today: date) -> datetime:
    """The moment written on a reminder: now if it is today, else eight in the morning of its day."""
    now = timezone.localtime()
    if now.date() == today:
        return now
    return timezone.make_aware(datetime.combine(today, time(8)))


def _clocks(things: list[Any], kind: str) -> dict[str, Deadline]:
    found = Deadline.objects.for_subjects([key_of(thing) for thing in things])
    return {key: clocks[kind] for key, clocks in found.items() if kind in clocks}


def _screening(today: date) -> Iterator[Telling]:
    waiting = list(Topic.objects.filter(status=Topic.Status.PROPOSED))
    clocks = _clocks(waiting, "topic_screening")
    people = office_people() if waiting else []
    for topic in waiting:
        clock = clocks.get(key_of(topic))
        if clock is None or not clock.is_open:
            continue
        steps = parameters.get("consultations.remind_screening")
        step = step_due(today, clock.due_on, steps, since=clock.started_on)
        if step is not None:
            yield Telling(
                "topic_to_screen",
                topic,
                people,
                step,
                clock.round,
                clock.due_on,
                moment_of(today),
                {"until": clock.due_on.isoformat()},
            )


def _answers(today: date) -> Iterator[Telling]:
    """Who has not said whether they come."""
    waiting = Invitation.objects.filter(
        status=Invitation.Status.INVITED,
        person__isnull=False,
        gathering__session__status=Session.Status.NOTIFIED,
        gathering__starts_at__date__gte=today,
    ).select_related("person", "gathering__session__form")
    people: dict[int, list[Person]] = {}
    sessions: dict[int, Session] = {}
    for invitation in waiting:
        session = invitation.gathering.session
        session.gathering = invitation.gathering
        sessions[session.pk] = session
        assert invitation.person is not None
        people.setdefault(session.pk, []).append(invitation.person)
    steps = parameters.get("consultations.remind_reply")
    for pk, session in sessions.items():
        on = session.gathering.on
        step = step_due(today, on, steps, since=date.min)
        if step is not None:
            words = {**words_of(session), "place": session.gathering.place}
            yield Telling(
                "session_reminder", session, people[pk], step, 1, on, moment_of(today), words
            )


def _minutes(today: date) -> Iterator[Telling]:
    """Minutes not signed: the committee, and once overdue the secretary-general as well."""
    waiting = list(
        Session.objects.filter(
            status__in=[Session.Status.HELD, Session.Status.MINUTES_DRAFT]
        ).select_related("topic__committee", "form", "gathering")
    )
    clocks = _clocks(waiting, "minutes")
    steps = parameters.get("consultations.remind_minutes")
    for session in waiting:
        clock = clocks.get(key_of(session))
        if clock is None or not clock.is_open:
            continue
        step = step_due(today, clock.due_on, steps, since=clock.started_on, every=1)
        if step is None:
            continue
        people = committee_people(session.topic, today)
        if step > 0:
            people += people_with_role(Role.SECRETARY_GENERAL)
        words = {**words_of(session), "until": clock.due_on.isoformat()}
        yield Telling(
            "minutes_due", session, people, step, 1, clock.due_on, moment_of(today), words
        )
