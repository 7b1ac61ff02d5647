"""Who is told: people by role and by body, and a day's reminders with what is asked once for all of them."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from cppcc_portal.office import parameters
from cppcc_portal.office.notices import Telling
from cppcc_portal.office.reminders import step_due
from members.models import Body, Person, Posting
from members.roles import Role


def people_with_role(role: str) -> list[Person]:
    """Everybody with an open account in this role."""
    return list(Person.objects.filter(user__is_active=True, user__groups__name=role).distinct())


def office_people() -> list[Person]:
    """The secretariat's office, told where nobody else is named."""
    return people_with_role(Role.OFFICE)


def leaders() -> QuerySet[Person]:
    """Who leads topics and signs: chair and vice-chairs, and the secretary-general."""
    roles = [Role.LEADER, Role.SECRETARY_GENERAL]
    return Person.objects.filter(user__groups__name__in=roles, user__is_active=True).distinct()


def people_of(body: Body | None, *roles: str, on: date) -> list[Person]:
    """Who is posted to a body in these roles on this day."""
    if body is None:
        return []
    postings = Posting.objects.current(on).filter(body=body, role__in=roles)
    return list(Person.objects.filter(postings__in=postings).distinct())


def together(*lists: Iterable[Person]) -> list[Person]:
    """All of these people, each once, in their order."""
    return list({person.pk: person for people in lists for person in people}.values())


class Day:
    """One day's reminders of one app: what is asked once for all of them, whatever their number."""

    def __init__(self, today: date, app: str) -> None:
        self.today = today
        self.app = app
        # The moment written on a reminder: now if it is today, else eight in the morning of its day.
        now = timezone.localtime()
        morning = timezone.make_aware(datetime.combine(today, time(8)))
        self.moment = now if now.date() == today else morning
        self._with_role: dict[str, list[Person]] = {}

    @cached_property
    def posted(self) -> dict[tuple[int, str], list[Person]]:
        """Who acts for each body today, by body and role."""
        found: dict[tuple[int, str], list[Person]] = {}
        postings = Posting.objects.current(self.today)
        for posting in postings.select_related("person__user").order_by("pk"):
            people = found.setdefault((posting.body_id, posting.role), [])
            if posting.person not in people:
                people.append(posting.person)
        return found

    def people_of(self, body: int | None, *roles: str) -> list[Person]:
        """Who is posted to a body (its key) in these roles today."""
        return together(*(self.posted.get((body, role), []) for role in roles if body is not None))

    def clerks(self, unit: int) -> list[Person]:
        """The unit's clerks; where a unit has named none, its leaders."""
        return self.people_of(unit, Posting.Role.CLERK) or self.leaders(unit)

    def leaders(self, unit: int) -> list[Person]:
        return self.people_of(unit, *Posting.LEADS)

    def chairs(self, committee: int | None) -> list[Person]:
        """The chair of a committee; where there is none, the office."""
        return self.people_of(committee, Posting.Role.CHAIR) or self.with_role(Role.OFFICE)

    def committee(self, committee: int | None) -> list[Person]:
        """Staff and chair of a committee; where there are none, the office."""
        roles = (Posting.Role.STAFF, Posting.Role.CHAIR)
        return self.people_of(committee, *roles) or self.with_role(Role.OFFICE)

    def with_role(self, role: str) -> list[Person]:
        if role not in self._with_role:
            self._with_role[role] = people_with_role(role)
        return self._with_role[role]

    def telling(
        self,
        kind: str,
        thing: Any,
        people: list[Person],
        due: date,
        setting: str,
        since: date,
        *,
        late: Mapping[int, list[Person]] | None = None,
        also: Iterable[int] = (),
        every: int = 0,
        round: int = 1,
        url: str = "",
        words: Mapping[str, str] | None = None,
    ) -> Telling | None:
        """The reminder whose day has come; None while it has not, or when there is nobody to tell.

        `setting` names the list of days before and after `due` (`<app>.remind_<setting>`), `since`
        the day from which they count, `every` the days between repeats once overdue; `late` are
        people who hear of it as well from so many days after the due date; `also` are steps that
        no list names, as they are reckoned in working days.
        """
        steps = sorted({*parameters.get(f"{self.app}.remind_{setting}"), *also})
        step = step_due(self.today, due, steps, since=since, every=every)
        if step is None:
            return None
        people = together(people, *(more for days, more in (late or {}).items() if step >= days))
        if not people:
            return None
        return Telling(
            kind,
            thing,
            people,
            step,
            round,
            due,
            self.moment,
            {"until": due.isoformat(), **(words or {})},
            url or thing.get_absolute_url(),
        )
