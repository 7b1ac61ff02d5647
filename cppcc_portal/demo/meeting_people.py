"""Research and sessions of the demonstration, from the scheme to the archived minutes."""

from datetime import datetime, timedelta
from typing import Any

from consultations.actions import meeting, researching
from consultations.models import Research, Session, TeamMember, Topic
from cppcc_portal.demo import people
from cppcc_portal.demo import subjects_of_talk as words
from cppcc_portal.demo.attendance import note_all
from cppcc_portal.demo.consulting import Cast, Later, Story
from cppcc_portal.demo.district import moment
from cppcc_portal.demo.papers import paper
from members.models import Invitation

GUESTS = (
    ("expert", "高校副教授", 2),
    ("department", "分管负责人", 3),
    ("grass_roots", "社区（村）书记", 2),
    ("public", "居民代表", 3),
)
VISITS = ((-50, "visit"), (-43, "meeting"), (-36, "survey"))


def research(cast: Cast, story: Story, topic: Topic) -> Research:
    """Scheme, team, visits, findings, suggestions, and a report that two people look at."""
    on, staff = story.session_on, cast.staff(story)
    story.reach("approved")
    made = researching.start_research(topic, by=staff, at=cast.at(on, -56))
    researching.save_scheme(
        made,
        by=staff,
        outline=words.OUTLINE.format(title=story.title),
        starts_on=on - timedelta(days=55),
        ends_on=on - timedelta(days=28),
    )
    team = cast.team(story, 4, *((0,) if story.is_key else ()))
    for place, seat in enumerate(team):
        role = TeamMember.Role.MEMBER if place else TeamMember.Role.HEAD
        researching.add_to_team(made, by=staff, role=role, membership=seat)
    researching.add_to_team(
        made, by=staff, role=TeamMember.Role.EXPERT, guest="高校副教授 " + _name(cast)
    )
    story.reach("scheme")
    researching.start(made, by=staff, at=cast.at(on, -55))
    visits = VISITS if story.is_key else VISITS[:2]
    for place, (days, method) in enumerate(visits):
        spot = words.VISIT_PLACES[(on.day + place * 5 + on.month) % len(words.VISIT_PLACES)]
        researching.record_visit(
            made,
            by=staff,
            starts_at=cast.at(on, days, 9, 30),
            place=spot,
            method=method,
            met=words.MET.format(place=spot, count=5 + place * 3),
            seen=words.HEARD[place].format(seen=story.talk.seen, cause=story.talk.cause),
            present=team[: 3 - place],
            at=cast.at(on, days, 16),
        )
        if not place:
            _findings(cast, story, made)
            story.reach("visiting")
    researching.submit_report(
        made,
        by=staff,
        summary=f"{story.talk.seen}；{story.talk.cause}。报告提出{len(story.talk.advice)}条建议。",
        upload=paper("调研报告.pdf"),
        at=cast.at(on, -28, 15),
    )
    story.reach("reported")
    researching.check(made, by=cast.chair(story), note="同意报审。", at=cast.at(on, -26, 10))
    story.reach("checked")
    assert topic.leader is not None
    assert topic.leader.user is not None
    researching.approve(made, by=topic.leader.user, at=cast.at(on, -24, 11))
    return made


def _findings(cast: Cast, story: Story, made: Research) -> None:
    staff = cast.staff(story)
    add = researching.add_finding
    problem = add(made, by=staff, kind="problem", text=f"{story.talk.seen}。")
    cause = add(made, by=staff, kind="cause", text=f"{story.talk.cause}。")
    for place, (text, unit) in enumerate(story.talk.advice):
        researching.add_suggestion(
            made,
            by=staff,
            finding=cause if place % 2 else problem,
            text=text,
            addressee=cast.district.units[unit],
        )


def _name(cast: Cast) -> str:
    return people.colleague(cast.rng, 0, workplace="", post="").name


def plan(
    cast: Cast, story: Story, topic: Topic, starts_at: datetime, title: str = "", form: Any = None
) -> Session:
    """A session with somebody of each category on its list, twelve to twenty-five people."""
    staff = cast.staff(story)
    session = meeting.plan_session(
        topic,
        by=staff,
        title=title or f"{story.title}协商会"[:120],
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2, minutes=30),
        place="区政协三楼会议室",
        form=form,
    )
    known = (0, 1, 2) if story.is_key or story.stop in ("today", "notified") else ()
    seats = cast.team(story, cast.rng.randint(7, 11), *known)
    asked: list[dict[str, Any]] = [
        {
            "person": seat.person,
            "category": Invitation.Category.MEMBER,
            "role": "chair"
            if place == len(seats) - 1
            else "speaker"
            if place < 3
            else "participant",
        }
        for place, seat in enumerate(seats)
    ]
    for category, post, most in GUESTS:
        asked += [
            {"guest": _name(cast), "organisation": post, "category": category}
            for _turn in range(cast.rng.randint(1, most))
        ]
    meeting.invite(session, asked, by=staff)
    return session


def hold(cast: Cast, story: Story, topic: Topic) -> Session:
    """The session of the topic: notified, answered, held, minuted, archived with duty records."""
    on = story.session_on
    session = plan(cast, story, topic, moment(on, 14, 30))
    story.reach("planned")
    notified = cast.at(on, -20, 10)
    meeting.notify(session, by=cast.staff(story), at=notified)
    if story.stop in ("notified", "today"):
        answer(cast, session, notified + timedelta(days=2))
        raise Later(story.stop)
    return carry_out(cast, story, session)


def answer(cast: Cast, session: Session, at: datetime) -> None:
    """Some say they come, one asks for leave; those who try the demonstration have still to answer."""
    tried = {seat.person_id for seat in cast.seats[:2]}
    rows = session.gathering.invitations.filter(person__isnull=False).select_related(
        "person__user", "gathering__session__topic__committee", "gathering__session__form"
    )
    for place, invitation in enumerate(rows):
        if invitation.person_id in tried or place % 4 == 2:
            continue
        assert invitation.person is not None
        assert invitation.person.user is not None
        user = invitation.person.user
        if place == 5:
            meeting.ask_leave(invitation, by=user, reason="外出参加培训", at=at)
        else:
            meeting.attend(invitation, by=user, at=at)


def carry_out(cast: Cast, story: Story, session: Session) -> Session:
    """From the open door to the archive."""
    staff, starts = cast.staff(story), session.gathering.starts_at
    if starts + timedelta(hours=3) > cast.now:
        raise Later("session")
    meeting.open_check_in(session, by=staff, at=starts - timedelta(minutes=30))
    told = session.changes.get(verb="notify").at + timedelta(days=1)
    note_all(session.gathering, staff=staff, told=told)
    meeting.close_check_in(session, by=staff, at=starts + timedelta(hours=2, minutes=30))
    story.reach("held")
    advice = "".join(text for text, _unit in story.talk.advice)
    minutes_text = words.MINUTES.format(
        title=story.title, cause=story.talk.cause, seen=story.talk.seen, advice=advice
    )
    meeting.save_minutes(session, by=staff, version=session.version, minutes=minutes_text)
    session.refresh_from_db()
    day = session.gathering.on
    meeting.submit_minutes(session, by=staff, at=cast.at(day, 3, 15))
    story.reach("minutes")
    meeting.sign_minutes(session, by=cast.chair(story), at=cast.at(day, 4, 10))
    meeting.archive(session, by=staff, at=cast.at(day, 5, 16))
    return session


def waived(cast: Cast, story: Story, topic: Topic) -> None:
    """One session went ahead without research, on a leader's signature that is shown openly."""
    starts = moment(cast.today - timedelta(days=21), 9, 30)
    # What is said of this session is over; the topic's own story goes on.
    past = Story(story.talk, story.year, story.session_on, "", is_key=False)
    session = plan(
        cast,
        past,
        topic,
        starts,
        title="停车收费标准调整意见征求会",
        form=cast.forms["grass_roots"],
    )
    assert topic.leader is not None
    meeting.waive_research(
        session,
        by=cast.office,
        leader=topic.leader,
        reason=words.WAIVED,
        paper=paper("领导签批.pdf"),
    )
    meeting.notify(session, by=cast.staff(story), at=starts - timedelta(days=3))
    carry_out(cast, past, session)
