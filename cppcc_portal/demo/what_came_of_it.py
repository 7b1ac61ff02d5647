"""Recommendations of the demonstration with their units, the look-backs, and service activities."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from consultations.actions import outcome
from consultations.models import OutcomeDocument, Session, Topic
from cppcc_portal.demo import subjects_of_talk as words
from cppcc_portal.demo.bodies import UNIT_BY_SHORT_NAME
from cppcc_portal.demo.consulting import Cast, Later, Story
from cppcc_portal.demo.district import CHAIRED, moment
from cppcc_portal.demo.papers import paper
from cppcc_portal.office.keys import key_of
from feedback.actions import adopting, looking_back
from feedback.models import Adoption, LookBack
from members import duty
from members.models import Commitment, Gathering, Membership, User
from proposals.actions import settle_commitment

EFFECTS = ("policy", "project", "livelihood", "routine", "funds", "on_spot")


@dataclass(frozen=True)
class Fate:
    """What a unit does with one recommendation; how far it gets, and by when it promised to be done."""

    conclusion: str = "adopted"
    until: str = ""  # the step after which nothing more happens
    promised: int = 110  # days after it was assigned
    # Days after it was assigned: acknowledged, answered, progress, done, verified.
    days: tuple[int, int, int, int, int] = (2, 16, 60, 92, 100)


QUICK = (2, 7, 16, 24, 31)
PAST = (Fate(), Fate("partly"), Fate(), Fate("reference"), Fate("not_adopted"))
FATES: dict[str, tuple[Fate, ...]] = {
    "assigned": (Fate(until="assigned"), Fate(until="acknowledge"), Fate("not_adopted", "answer")),
    "under_way": (
        Fate(until="progress", days=QUICK),
        Fate(until="stall", days=QUICK),
        Fate(until="done", days=(2, 7, 16, 35, 99)),
    ),
    "overdue": (
        Fate(until="progress", promised=30, days=QUICK),
        Fate(until="acknowledge"),
        Fate(until="assigned"),
        Fate(until="challenge", days=QUICK, conclusion="not_adopted"),
    ),
    "settled": (Fate(days=QUICK), Fate("partly", days=QUICK), Fate("not_adopted", days=QUICK)),
}


def outcome_of(cast: Cast, story: Story, session: Session, place: int) -> OutcomeDocument:
    """A document with a sentence of advice for each unit, sent with its number."""
    on, staff = story.session_on, cast.staff(story)
    document = outcome.draft_document(
        session,
        by=staff,
        kind=("bulletin", "report", "proposal")[place % 3],
        title=f"关于{story.title}的协商{('专报', '报告', '建议案')[place % 3]}",
        text=f"{story.talk.seen}。{story.talk.cause}。",
    )
    research = session.research
    findings = list(research.findings.all()) if research else []
    voices = [
        one.person.memberships.first()
        for one in session.gathering.invitations.came().filter(category="member")
        if one.person
    ]
    for number, (text, unit) in enumerate(story.talk.advice):
        outcome.extract(
            document,
            by=staff,
            text=text,
            lead=cast.district.units[unit],
            finding=findings[number % 2] if findings and number < 3 else None,
            minute="" if findings and number < 3 else f"会议议定：{text}",
            voiced_by=voices[number % len(voices)] if voices else None,
        )
    at = cast.at(on, 8, 10)
    outcome.submit_document(
        document,
        by=cast.office,
        document_number=cast.document_number(at.date()),
        upload=paper("协商成果.pdf"),
        at=at,
    )
    return document


def follow(cast: Cast, story: Story, document: OutcomeDocument, place: int) -> None:
    """Each recommendation with its unit, as far as it has come by today."""
    assigned = cast.at(story.session_on, 10, 10)
    fates = FATES.get(story.stop, tuple(PAST[(place + turn) % 5] for turn in range(4)))
    rows = [
        adopting.assign(recommendation, by=cast.office, at=assigned)
        for recommendation in document.recommendations.order_by("number")
    ]
    for turn, (adoption, fate) in enumerate(zip(rows, fates, strict=False)):
        try:
            _carry(cast, story, adoption, fate, assigned.date(), EFFECTS[(place + turn) % 6])
        except Later:
            continue


def _carry(cast: Cast, story: Story, adoption: Adoption, fate: Fate, on: date, effect: str) -> None:
    clerk, chair = _clerk(cast, adoption), cast.chair(story)

    def reach(step: str) -> None:
        if fate.until == step:
            raise Later(step)

    reach("assigned")
    acknowledged, answered, progress, done, verified = fate.days
    adopting.acknowledge(
        adoption, by=clerk, contact=clerk.person.name, at=cast.at(on, acknowledged, 15)
    )
    reach("acknowledge")
    adopting.answer(adoption, by=clerk, at=cast.at(on, answered, 10), **_answer(adoption, fate, on))
    reach("answer")
    if fate.until == "challenge":
        adopting.challenge(
            adoption, by=chair, note=words.CHALLENGE, at=cast.at(on, answered + 3, 11)
        )
        raise Later("challenge")
    if fate.conclusion in ("not_adopted", "reference"):
        adopting.accept_answer(adoption, by=chair, at=cast.at(on, answered + 5, 11))
        return
    for turn, text in enumerate(words.PROGRESS if story.stop else words.PROGRESS[1:]):
        adopting.report_progress(
            adoption, by=clerk, text=text, at=cast.at(on, progress + turn * 4, 16)
        )
    reach("progress")
    if fate.until == "stall":
        adopting.stall(adoption, by=clerk, note=words.STALLED, at=cast.at(on, done, 10))
        raise Later("stall")
    _finish(cast, adoption, clerk, chair, effect, on, (done, verified), fate.until)


def _clerk(cast: Cast, adoption: Adoption) -> User:
    return cast.district.clerks[adoption.unit.short_name]


def _answer(adoption: Adoption, fate: Fate, on: date) -> dict[str, Any]:
    said: dict[str, Any] = {
        "conclusion": fate.conclusion,
        "answer": words.ANSWER.format(number=adoption.recommendation.number),
    }
    if fate.conclusion in ("not_adopted", "reference"):
        reason = words.REASON_NOT if fate.conclusion == "not_adopted" else words.REASON_REFERENCE
        return {**said, "answer": "", "reason": reason}
    promise = {
        "what": adoption.recommendation.text.rstrip("。"),
        "who": UNIT_BY_SHORT_NAME[adoption.unit.short_name].contact_name,
        "due_on": on + timedelta(days=fate.promised),
    }
    part = {"reason": words.REASON_PART} if fate.conclusion == "partly" else {}
    return {**said, **part, "commitments": [promise]}


def _finish(
    cast: Cast,
    adoption: Adoption,
    clerk: User,
    chair: User,
    effect: str,
    on: date,
    days: tuple[int, int],
    until: str = "",
) -> None:
    adopting.report_done(
        adoption, by=clerk, effect=effect, upload=paper("验收材料.pdf"), at=cast.at(on, days[0], 15)
    )
    if until == "done":
        raise Later("done")
    at = cast.at(on, days[1], 15)
    adopting.verify(adoption, by=chair, note=words.LOOKED, at=at)
    for promise in Commitment.objects.filter(subject=key_of(adoption), status="open"):
        settle_commitment(
            promise, by=cast.office, kept=True, note=words.LOOKED, at=at + timedelta(hours=1)
        )


def close(cast: Cast, story: Story, topic: Topic) -> None:
    """The chair closes the topic once all its advice is settled."""
    topic.refresh_from_db()
    at = cast.at(story.session_on, 100 if story.stop else 118, 10)
    if topic.status == Topic.Status.TRACKING and not topic.missing("close"):
        adopting.close_topic(topic, by=cast.chair(story), at=at)


# Look-backs ------------------------------------------------------------------------------------


def look_back(cast: Cast, year: int, stories: dict[int, Story]) -> None:
    """One key topic of the year before is looked at to the end; of this year's a second is under way."""
    begun = date(year, 2, 1)
    cast.at(begun)
    row = looking_back.list_candidates(year, on=begun)
    first, *others = LookBack.objects.filter(year=row).select_related("topic").order_by("pk")
    chosen_on = date(year, 3, 10)
    cast.at(chosen_on, 2)
    decision = cast.decided("chair_meeting", f"{year}年回头看议题", chosen_on, number=3)
    looking_back.select(first, by=cast.office, decision=decision, at=cast.at(chosen_on, 2, 10))
    for other in others:
        if year < cast.today.year:
            looking_back.skip(other, by=cast.office, note="列入明年", at=cast.at(chosen_on, 2, 11))
    try:
        _look(cast, first, stories[first.topic_id], date(year, 3, 20))
    except Later:
        return
    if others and year == cast.today.year:
        begun = max(date(year, 5, 20), cast.today - timedelta(days=14))
        again = cast.decided("chair_meeting", f"{year}年增加回头看议题", begun, number=6)
        looking_back.select(others[0], by=cast.office, decision=again, at=cast.at(begun, 2, 10))
        _look(cast, others[0], stories[others[0].topic_id], begun + timedelta(days=3), half=True)


def _look(cast: Cast, held: LookBack, story: Story, on: date, *, half: bool = False) -> None:
    """Units report on themselves, members go and look, each recommendation gets its finding."""
    chair = cast.chair(story)
    looking_back.name_checkers(held, cast.team(story, 4, 0 if half else 1), by=chair)
    looking_back.start_check(held, by=chair, at=cast.at(on, 0, 9))
    findings = list(held.findings.select_related("recommendation__adoption__unit"))
    for finding in findings[: 1 if half else None]:
        clerk = _clerk(cast, finding.recommendation.adoption)
        looking_back.report_self(finding, by=clerk, text=words.SELF_REPORT, at=cast.at(on, 8, 15))
    if half:
        return
    results = ("weak", "holding", "running")
    for place, finding in enumerate(findings):
        result = results[place % 3]
        at = cast.at(on, 24, 16)
        looking_back.find(finding, by=chair, result=result, text=words.FOUND[result], at=at)
    looking_back.evaluate(held, by=chair, at=cast.at(on, 28, 10))
    looking_back.report(
        held,
        by=cast.office,
        report_number=cast.document_number(on),
        at=cast.at(on, 40, 10),
    )
    looking_back.close(held, by=cast.district.accounts["secgen"], at=cast.at(on, 55, 10))
    # What was found wanting has been mended since.
    for finding in findings:
        adoption = finding.recommendation.adoption
        adoption.refresh_from_db()
        if adoption.status == Adoption.Status.IMPLEMENTING:
            _finish(cast, adoption, _clerk(cast, adoption), chair, "routine", on, (75, 84))
    close_again = cast.at(on, 90, 10)
    topic = Topic.objects.get(pk=held.topic_id)
    if topic.status == Topic.Status.TRACKING and not topic.missing("close"):
        adopting.close_topic(topic, by=chair, at=close_again)


# Service activities ----------------------------------------------------------------------------

# Sectors that have had none this year, those of the committee whose chair tries the demonstration first.
IDLE = ("体育界", "民进", "台联", "少数民族界", "社会科学界")
SERVICES = 20


def services(cast: Cast) -> None:
    """Some twenty service activities a year, recorded by staff and verified by another."""
    for year in (cast.today.year - 1, cast.today.year):
        begins = date(year, 1, 1)
        last = min(date(year, 12, 20), cast.today)
        busy = [
            sector for name, sector in cast.district.sectors.items()
            if year < cast.today.year or name not in IDLE
        ]  # fmt: skip
        for turn in range(SERVICES):
            day = begins + (last - begins) * turn // SERVICES
            joined = [busy[(turn * 2 + step) % len(busy)] for step in range(2)]
            _serve(cast, day, joined, turn)


def _serve(cast: Cast, day: date, sectors: list[Any], turn: int) -> None:
    title, summary = words.SERVICES[turn % len(words.SERVICES)]
    place = words.VISIT_PLACES[(turn * 5) % 8]
    linked = sectors[0].linked_committee
    staff = cast.district.staff.get(linked.short_name, cast.district.staff[CHAIRED])
    starts = moment(day, 9)
    verified = starts + timedelta(days=3)
    done = verified <= cast.now
    made = Gathering.objects.create(
        kind=Gathering.Kind.SERVICE,
        title=f"{title}（{place}）",
        place=place,
        starts_at=starts,
        organiser=linked,
        summary=summary,
        served=cast.rng.randint(25, 180),
        recorded_by=staff,
        recorded_at=starts + timedelta(hours=8),
        verified_by=cast.office if done else None,
        verified_at=verified if done else None,
    )
    made.sectors.set(sectors)
    if done:
        _serving(cast, made, sectors, turn)


def _serving(cast: Cast, made: Gathering, sectors: list[Any], turn: int) -> None:
    keys = {sector.pk for sector in sectors}
    pick: Callable[[Membership], bool] = lambda seat: seat.sector_id in keys  # noqa: E731
    own = [seat for seat in cast.seats if pick(seat)]
    for seat in cast.rng.sample(own, min(len(own), 3)) + cast.seats[: turn % 4 == 0]:
        duty.record_duty(
            seat,
            made,
            category="service",
            role="participant",
            title=f"参加服务为民活动：{made.title}",
            on=made.on,
            by=cast.office,
        )
