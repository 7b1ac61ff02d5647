"""The clock's work on what came of it: answers, verification, the yearly look-back; each once."""

from collections.abc import Iterator
from datetime import date, timedelta

from cppcc_portal.office import notices, parameters
from cppcc_portal.office.deadlines import Deadline
from cppcc_portal.office.keys import key_of
from cppcc_portal.office.notices import Telling
from feedback.actions.adopting import words_of
from feedback.actions.looking_back import list_candidates
from feedback.models import Adoption, LookBack, LookBackFinding
from members.models import Posting
from members.posted import Day, together
from members.roles import Role

Plan = Iterator[Telling | None]


def remind(today: date) -> int:
    """Write today's reminders; return how many are new. Safe to run again and by several at once."""
    day = Day(today, "feedback")
    tellings = [*_answers(day), *_verifying(day), *_self_reports(day), *_yearly(day)]
    return notices.tell_all(telling for telling in tellings if telling is not None)


def _answers(day: Day) -> Plan:
    """What a unit must do next; a week late its leaders hear of it, two weeks late SG and supervision."""
    for adoption in Adoption.objects.with_names().open():
        clerks = day.clerks(adoption.unit_id)
        yield day.telling(
            "advice_reminder",
            adoption,
            clerks or day.with_role(Role.OFFICE),
            adoption.due_on,
            "answer",
            adoption.assigned_on,
            late={
                7: day.leaders(adoption.unit_id),
                14: [*day.with_role(Role.SECRETARY_GENERAL), *day.with_role(Role.SUPERVISION)],
            },
            every=7,
            round=1 + adoption.challenges,
            # Leaders outside the unit who hear of it late find the way from there as well.
            url=adoption.desk_url if clerks else "",
            words=words_of(adoption),
        )


def _verifying(day: Day) -> Plan:
    waiting = list(Adoption.objects.with_names().filter(status=Adoption.Status.DONE_REPORTED))
    clocks = Deadline.objects.for_subjects([key_of(adoption) for adoption in waiting])
    for adoption in waiting:
        clock = clocks.get(key_of(adoption), {}).get("adoption_verify")
        if clock is not None and clock.is_open:
            yield day.telling(
                "verify_reminder",
                adoption,
                day.chairs(adoption.topic.committee_id),
                clock.due_on,
                "verify",
                clock.started_on,
                every=7,
                round=clock.round,
                words=words_of(adoption),
            )


def _self_reports(day: Day) -> Plan:
    """Units that have not reported on themselves in a look-back under way."""
    missing = LookBackFinding.objects.filter(
        look_back__status=LookBack.Status.CHECKING, unit_report=""
    ).select_related(
        "look_back__year",
        "recommendation__lead",
        "recommendation__document",
        "recommendation__adoption",
    )
    rows = list(missing)
    clocks = Deadline.objects.for_subjects([key_of(row.look_back) for row in rows])
    for row in rows:
        clock = clocks.get(key_of(row.look_back), {}).get("lookback_self_report")
        if clock is None:
            continue
        recommendation = row.recommendation
        people = day.people_of(recommendation.lead_id, Posting.Role.CLERK, *Posting.LEADS)
        adoption = getattr(recommendation, "adoption", None)
        yield day.telling(
            "lookback_self_report",
            row,
            people or day.with_role(Role.OFFICE),
            clock.due_on,
            "self_report",
            clock.started_on,
            round=row.look_back.year.year,
            url=adoption.desk_url if people and adoption else row.look_back.get_absolute_url(),
            words={
                "document": recommendation.document.document_number,
                "number": str(recommendation.number),
                "unit": str(recommendation.lead),
            },
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


def _yearly(day: Day) -> Plan:
    """Rule of the yearly look-back: on 1 February last year's key topics are listed, and SG and chairs told.

    A run that comes late sends the last missed step once; it stops when the minimum is chosen.
    """
    found = step_of(day.today)
    if found is None:
        return
    number, due = found
    year = list_candidates(day.today.year, on=day.today)
    rows = list(LookBack.objects.filter(year=year).select_related("topic__committee"))
    chosen = sum(
        row.status not in (LookBack.Status.CANDIDATE, LookBack.Status.NOT_SELECTED) for row in rows
    )
    least = parameters.get("feedback.lookback_least")
    if not rows or chosen >= least:
        return
    people = day.with_role(Role.SECRETARY_GENERAL)
    for row in rows:
        if row.status == LookBack.Status.CANDIDATE:
            chairs = day.people_of(row.topic.committee_id, Posting.Role.CHAIR)
            people = together(people, chairs)
    yield Telling(
        "lookback_yearly",
        year,
        people,
        number,
        1,
        due,
        day.moment,
        {
            "year": str(day.today.year),
            "candidates": str(len(rows)),
            "least": str(least),
            "most": str(parameters.get("feedback.lookback_most")),
            "chosen": str(chosen),
        },
    )
