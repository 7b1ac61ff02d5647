"""Three years of consultation: plans, topics and their way to a session, through the portal's own actions."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from consultations.actions import planning, topics
from consultations.models import FINAL_BODY, AnnualPlan, DeclineReason, SessionForm, Topic
from cppcc_portal.demo import subjects_of_talk as words
from cppcc_portal.demo.bodies import TOWNS
from cppcc_portal.demo.district import CHAIRED, District, moment
from cppcc_portal.demo.papers import paper
from cppcc_portal.demo.subjects_of_talk import TALKS, Talk
from cppcc_portal.office import files
from cppcc_portal.office.decisions import Decision, record_decision
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.keys import key_of
from members.models import Membership, User

# This year's rows: where each stands today, and its session that many days from today.
THIS_YEAR: tuple[tuple[str, int, str, int], ...] = (
    (CHAIRED, 0, "overdue", -60),
    ("人资环城建委", 0, "under_way", -50),
    (CHAIRED, 1, "checked", 25),
    (CHAIRED, 2, "today", 0),
    ("人资环城建委", 1, "notified", 9),
    ("经济科技委", 0, "planned", 7),
    ("经济科技委", 1, "minutes", -4),
    ("社法民宗委", 0, "assigned", -25),
    ("农业农村委", 0, "settled", -130),
    ("文史学习委", 0, "sent", -11),
    ("提案委", 1, "visiting", 44),
    ("委员工作委", 0, "approved", 75),
    ("港澳台侨外事委", 0, "scheme", 54),
    ("社法民宗委", 1, "reported", 27),
    ("文史学习委", 1, "held", -2),
)
PER_YEAR = 9  # rows of each of the two years before
CANCELLED = 4  # the place of the row of last year that was struck
EARLIEST = (
    190  # days before today by which this year's plan is issued, so that every state is there
)


class Later(Exception):
    """What follows has not happened yet."""


# Under what name the documents of each body are numbered.
NUMBERED_AS = {FINAL_BODY: "海委常", "party_group": "海政协党组", "chair_meeting": "海政协主席会"}


@dataclass
class Story:
    """One topic of the demonstration: where it stops, and when its session is."""

    talk: Talk
    year: int
    session_on: date
    stop: str
    is_key: bool
    suffix: str = ""

    @property
    def title(self) -> str:
        return self.talk.title + self.suffix

    def reach(self, state: str) -> None:
        """The story ends here if it was to end in this state."""
        if self.stop == state:
            raise Later(state)


def remember_rights(user: User) -> None:
    """Ask the database once for each right on each thing: here rights are given and never taken."""
    asked: Callable[..., bool] = user.has_perm
    known: set[tuple[str, str]] = set()

    def has_perm(perm: str, obj: Any = None) -> bool:
        key = (perm, key_of(obj) if obj is not None else "")
        if key not in known and asked(perm, obj):
            known.add(key)
        return key in known

    vars(user)["has_perm"] = has_perm


@dataclass
class Cast:
    """Who acts, and what has happened by now."""

    district: District
    rng: Random
    today: date
    now: datetime
    forms: dict[str, SessionForm] = field(default_factory=dict)
    seats: list[Membership] = field(default_factory=list)
    meetings: int = 0
    papers: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.forms = {form.code: form for form in SessionForm.objects.all()}
        # Only who has an account acts; the first three are those who try the demonstration.
        self.seats = [seat for seat in self.district.memberships if seat.person.user_id]
        place = self.district
        for user in (*place.staff.values(), *place.chairs.values(), *place.clerks.values()):
            remember_rights(user)

    @property
    def office(self) -> User:
        return self.district.accounts["office"]

    def at(self, day: date, days: int = 0, hour: int = 9, minute: int = 0) -> datetime:
        """A moment of the past; Later if it is still ahead."""
        found = moment(day + timedelta(days=days), hour, minute)
        if found > self.now:
            raise Later(found.isoformat())
        return found

    def staff(self, story: Story) -> User:
        return self.district.staff[story.talk.committee]

    def chair(self, story: Story) -> User:
        return self.district.chairs[story.talk.committee]

    def document_number(self, on: date) -> str:
        self.papers[on.year] = self.papers.get(on.year, 0) + 1
        return f"海政协〔{on.year}〕{self.papers[on.year]}号"

    def team(self, story: Story, count: int, *first: int) -> list[Membership]:
        """Members of the committee in charge before others; `first` are places in the roll."""
        chosen = [self.seats[place] for place in first]
        own = self.district.committees[story.talk.committee].pk
        near = [seat for seat in self.seats[3:] if seat.committee_id == own]
        chosen += self.rng.sample(near, min(len(near), count * 2 // 3))
        others = [seat for seat in self.seats[3:] if seat.committee_id != own]
        return (chosen + self.rng.sample(others, count))[:count]

    def decided(self, body: str, item: str, on: date, *, number: int) -> Decision:
        """A passed decision as the secretariat put it on record the day after."""
        decision = record_decision(
            by=self.office,
            body=body,
            item=item,
            result=Decision.Result.PASSED,
            meeting_number=f"{on.year}年第{number}次",
            held_on=on,
            document_number=f"{NUMBERED_AS.get(body, '海政协')}〔{on.year}〕{number}号",
            at=moment(on + timedelta(days=1), 10),
        )
        upload = paper(f"{decision.meeting_number}会议纪要.pdf")
        files.accept(upload, subject=decision, by=self.office, kind=Attachment.Kind.DECISION)
        return decision


def issued_on(year: int, today: date) -> date:
    """In February; this year's early enough that something of it has been carried out by today."""
    usual = date(year, 2, 25)
    return min(usual, today - timedelta(days=EARLIEST)) if year == today.year else usual


def stories_of(year: int, today: date, scale: int) -> list[Story]:
    """The rows of a year's plan: its key topics first."""
    talks: dict[str, list[Talk]] = {}
    for talk in TALKS:
        talks.setdefault(talk.committee, []).append(talk)
    rows: list[tuple[Talk, str, date]]
    if year == today.year:
        rows = [
            (talks[committee][place], stop, today + timedelta(days=days))
            for committee, place, stop, days in THIS_YEAR
        ]
    else:
        taken = {(committee, place) for committee, place, _stop, _days in THIS_YEAR}
        left = [
            talk
            for committee, those in talks.items()
            for place, talk in enumerate(those)
            if (committee, place) not in taken
        ]
        turn = year - today.year + 2
        chosen = left[turn::2][:PER_YEAR]
        rows = [(talk, "", _session_day(year, place)) for place, talk in enumerate(chosen)]
        if turn:
            rows[CANCELLED] = (rows[CANCELLED][0], "cancelled", rows[CANCELLED][2])
    return [
        Story(talk, year, on, stop, is_key=place < 2 and not copy, suffix=_suffix(copy))
        for copy in range(scale)
        for place, (talk, stop, on) in enumerate(rows)
    ]


def _session_day(year: int, place: int) -> date:
    """Sessions are spread from May to October."""
    return date(year, 5 + place * 5 // (PER_YEAR - 1), 9 + place * 2)


def _suffix(copy: int) -> str:
    """Copies of a larger demonstration are about one town after another."""
    if not copy:
        return ""
    turn, place = divmod(copy - 1, len(TOWNS))
    return f"（{TOWNS[place].name}{turn + 1 if turn else ''}）"


def propose(cast: Cast, story: Story, *, at: datetime, place: int) -> Topic:
    """Every other topic comes from a member, the others from the committee itself."""
    text: dict[str, Any] = {
        "title": story.title,
        "background": f"{story.talk.seen}。调研发现，{story.talk.cause}。",
        "suggestion": "怎样分步解决，责任怎么落实，资金从哪里来。",
        "no_secret": True,
    }
    seat = cast.seats[3 + (place * 7 + story.year) % (len(cast.seats) - 3)]
    by = seat.person.user if place % 2 else cast.staff(story)
    assert by is not None
    if place % 2:
        topic = topics.start_topic(by=by, membership=seat, at=at, **text)
    else:
        text |= {"source": Topic.Source.COMMITTEE, "proposed_for": story.talk.committee}
        topic = topics.start_topic(by=by, at=at, **text)
    topics.submit(topic, by=by, at=at + timedelta(hours=1))
    return topic


def screen(cast: Cast, topic: Topic, committee: str, at: datetime) -> None:
    topics.screen(
        topic,
        by=cast.office,
        needed=words.NEEDED,
        hoped_for=words.HOPED_FOR,
        feasible=words.FEASIBLE,
        committee=cast.district.committees[committee],
        at=at,
    )


def make_plan(cast: Cast, year: int, scale: int) -> list[tuple[Story, Topic]]:
    """A year's topics proposed, screened, put in the plan and approved by the three bodies."""
    on = issued_on(year, cast.today)
    plan = planning.open_year(year, by=cast.office)
    made = []
    for place, story in enumerate(stories_of(year, cast.today, scale)):
        topic = propose(cast, story, at=moment(on, 9) - timedelta(days=50 - place % 9), place=place)
        screen(cast, topic, story.talk.committee, moment(on, 10) - timedelta(days=38))
        # The first leader is the one who tries the demonstration.
        leader = cast.district.deputies[0 if story.stop == "checked" else place % 3]
        planning.put_in_plan(
            topic,
            by=cast.office,
            plan=plan,
            form=cast.forms[story.talk.form],
            committee=cast.district.committees[story.talk.committee],
            leader=leader.person,
            month=story.session_on.month,
            is_key=story.is_key,
            at=moment(on, 11) - timedelta(days=32),
        )
        made.append((story, topic))
    planning.close_call(plan, by=cast.office, at=moment(on) - timedelta(days=30))
    planning.send(plan, by=cast.office, at=moment(on) - timedelta(days=28))
    for step in plan.steps.select_related("body", "plan").order_by("order"):
        held = on - timedelta(days=24 - 6 * step.order)
        decision = cast.decided(step.body.code, f"{year}年度协商计划", held, number=step.order)
        planning.record_step(step, by=cast.office, decision=decision)
    planning.issue(
        plan,
        by=cast.office,
        document_number=f"海委办〔{on.year}〕{8 + year % 5}号",
        at=moment(on, 15),
    )
    for _story, topic in made:
        topic.refresh_from_db()
    return made


def cancel(cast: Cast, topic: Topic, on: date) -> None:
    """A row of last year was struck by decision."""
    decision = cast.decided("district_party_committee", f"调整议题：{topic}", on, number=9)
    planning.cancel(
        topic,
        by=cast.office,
        decision=decision,
        note="上级已作统一部署，不再单独协商。",
        at=moment(on + timedelta(days=2), 10),
    )


def loose_topics(cast: Cast) -> None:
    """What is proposed just now: a draft, some that wait, one returned, one declined; and next year's first rows."""
    day = cast.today
    members = cast.seats
    first = members[0].person.user
    assert first is not None
    title, background = words.DRAFTED
    topics.start_topic(
        by=first,
        membership=members[0],
        title=title,
        background=background,
        at=moment(day) - timedelta(days=2),
    )
    title, background = words.DECLINED
    declined = _proposed(cast, members[4], title, background, 20)
    topics.not_take(
        declined,
        by=cast.office,
        decline_reason=DeclineReason.objects.get(code="routine"),
        note="灯罩更换属日常养护，已转有关单位办理，感谢您的关注。",
        at=moment(day, 15) - timedelta(days=16),
    )
    title, background = words.RETURNED
    returned = _proposed(cast, members[7], title, background, 9)
    topics.return_(
        returned,
        by=cast.office,
        note="请写明涉及哪些路段，并补充希望协商解决的问题。",
        at=moment(day, 10) - timedelta(days=7),
    )
    plan = planning.open_year(day.year + 1, by=cast.office)
    committees = (CHAIRED, "社法民宗委", "经济科技委", "经济科技委")
    for place, (title, background) in enumerate(words.PROPOSED_NEXT):
        seat = members[(0, 5, 1, 6)[place]]
        topic = _proposed(cast, seat, title, background, 4 - place if place > 1 else 14)
        if place > 1:
            continue  # still waits for its screening
        screen(cast, topic, committees[place], moment(day, 10) - timedelta(days=9))
        if place:
            continue
        planning.put_in_plan(
            topic,
            by=cast.office,
            plan=plan,
            form=cast.forms["topical"],
            committee=cast.district.committees[CHAIRED],
            leader=cast.district.deputies[0].person,
            month=6,
            at=moment(day, 14) - timedelta(days=7),
        )
    assert plan.status == AnnualPlan.Status.COLLECTING


def _proposed(cast: Cast, seat: Membership, title: str, background: str, days: int) -> Topic:
    by = seat.person.user
    assert by is not None
    at = moment(cast.today, 8) - timedelta(days=days)
    topic = topics.start_topic(
        by=by, membership=seat, title=title, background=background, no_secret=True, at=at
    )
    topics.submit(topic, by=by, at=at + timedelta(minutes=40))
    return topic
