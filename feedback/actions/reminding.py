"""The clock's work on what came of it: answers, verification, the yearly look-back; each once."""

from collections.abc import Iterator
from datetime import date, timedelta

from consultations.actions.people import chair_of, office_people, people_of, people_with_role
from consultations.actions.reminding import moment_of
from cppcc_portal.office import notices, parameters
from cppcc_portal.office.deadlines import Deadline
from cppcc_portal.office.keys import key_of
from cppcc_portal.office.notices import Telling
from cppcc_portal.office.reminders import step_due
from feedback.actions.adopting import words_of
from feedback.actions.looking_back import list_candidates
from feedback.models import Adoption, LookBack, LookBackFinding
from members.models import Person, Posting
from members.roles import Role

CLERK, LEADER = Posting.Role.CLERK, Posting.Role.LEADER


def remind(today: date) -> int:
    """Write today's reminders; return how many are new. Safe to run again and by several at once."""
    tellings = [*_answers(today), *_verifying(today), *_self_reports(today), *_yearly(today)]
    return notices.tell_all(tellings)


def _answers(today: date) -> Iterator[Telling]:
    """What a unit must do next; a week late its leaders hear of it, two weeks late SG and supervision."""
    steps = parameters.get("feedback.remind_answer")
    for adoption in Adoption.objects.with_names().open():
        step = step_due(today, adoption.due_on, steps, since=adoption.assigned_on, every=7)
        if step is None:
            continue
        clerks = people_of(adoption.unit, CLERK, on=today)
        leaders = people_of(adoption.unit, LEADER, on=today)
        people = clerks or leaders or office_people()
        if step >= 7:
            people = _together(people, leaders)
        if step >= 14:
            people = _together(
                people,
                people_with_role(Role.SECRETARY_GENERAL),
                people_with_role(Role.SUPERVISION),
            )
        words = {**words_of(adoption), "until": adoption.due_on.isoformat()}
        round = 1 + adoption.challenges
        yield Telling(
            "advice_reminder",
            adoption,
            people,
            step,
            round,
            adoption.due_on,
            moment_of(today),
            words,
        )


def _together(*lists: list[Person]) -> list[Person]:
    return list({person.pk: person for people in lists for person in people}.values())


def _verifying(today: date) -> Iterator[Telling]:
    waiting = list(Adoption.objects.with_names().filter(status=Adoption.Status.DONE_REPORTED))
    clocks = Deadline.objects.for_subjects([key_of(adoption) for adoption in waiting])
    steps = parameters.get("feedback.remind_verify")
    for adoption in waiting:
        clock = clocks.get(key_of(adoption), {}).get("adoption_verify")
        if clock is None or not clock.is_open:
            continue
        step = step_due(today, clock.due_on, steps, since=clock.started_on, every=7)
        if step is not None:
            words = {**words_of(adoption), "until": clock.due_on.isoformat()}
            yield Telling(
                "verify_reminder",
                adoption,
                chair_of(adoption.topic, today),
                step,
                clock.round,
                clock.due_on,
                moment_of(today),
                words,
            )


def _self_reports(today: date) -> Iterator[Telling]:
    """Units that have not reported on themselves in a look-back under way."""
    missing = LookBackFinding.objects.filter(
        look_back__status=LookBack.Status.CHECKING, unit_report=""
    ).select_related("look_back__year", "recommendation__lead", "recommendation__document")
    rows = list(missing)
    clocks = Deadline.objects.for_subjects([key_of(row.look_back) for row in rows])
    steps = parameters.get("feedback.remind_self_report")
    for row in rows:
        clock = clocks.get(key_of(row.look_back), {}).get("lookback_self_report")
        if clock is None:
            continue
        step = step_due(today, clock.due_on, steps, since=clock.started_on)
        if step is None:
            continue
        unit = row.recommendation.lead
        words = {
            "document": row.recommendation.document.document_number,
            "number": str(row.recommendation.number),
            "unit": str(unit),
            "until": clock.due_on.isoformat(),
        }
        yield Telling(
            "lookback_self_report",
            row,
            people_of(unit, CLERK, LEADER, on=today) or office_people(),
            step,
            row.look_back.year.year,
            clock.due_on,
            moment_of(today),
            words,
            row.look_back.get_absolute_url(),
        )


def yearly_steps(year: int) -> list[date]:
    """The days of the yearly reminder as the office has set them, in order."""
    days = parameters.get("feedback.lookback_days")
    return sorted(date.fromisoformat(f"{year}-{day}") for day in days)


def step_of(today: date) -> tuple[int, date] | None:
    """Number and day of the step whose day has come: the fixed days, then one each week."""
    days = yearly_steps(today.year)
    if not days or today < days[0]:
        return None
    past = [day for day in days if day <= today]
    if len(past) < len(days):
        return len(past), past[-1]
    weeks = (today - days[-1]).days // 7
    return len(days) + weeks, days[-1] + timedelta(weeks=weeks)


def _yearly(today: date) -> Iterator[Telling]:
    """Rule of the yearly look-back: on 1 February last year's key topics are listed, and SG and chairs told.

    A run that comes late sends the last missed step once; it stops when the minimum is chosen.
    """
    found = step_of(today)
    if found is None:
        return
    number, due = found
    year = list_candidates(today.year, on=today)
    rows = list(LookBack.objects.filter(year=year).select_related("topic__committee"))
    chosen = sum(
        row.status not in (LookBack.Status.CANDIDATE, LookBack.Status.NOT_SELECTED) for row in rows
    )
    least = parameters.get("feedback.lookback_least")
    if not rows or chosen >= least:
        return
    people = people_with_role(Role.SECRETARY_GENERAL)
    for row in rows:
        if row.status == LookBack.Status.CANDIDATE:
            people = _together(people, people_of(row.topic.committee, Posting.Role.CHAIR, on=today))
    yield Telling(
        "lookback_yearly",
        year,
        people,
        number,
        1,
        due,
        moment_of(today),
        {
            "year": str(today.year),
            "candidates": str(len(rows)),
            "least": str(least),
            "most": str(parameters.get("feedback.lookback_most")),
            "chosen": str(chosen),
        },
    )
