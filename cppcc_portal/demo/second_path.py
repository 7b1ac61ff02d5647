"""The second path of the demonstration: from a topic to the look-back, three years of it."""

from datetime import date, datetime, timedelta
from random import Random

from django.db.models import F

from consultations.models import Topic
from cppcc_portal.demo import consulting, meeting_people, what_came_of_it
from cppcc_portal.demo.consulting import Cast, Later, Story
from cppcc_portal.demo.district import District
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.notices import Notice
from feedback.models import Adoption
from members.models import Gathering

UNREAD = timedelta(days=12)  # older notices have been read


def tell(district: District, rng: Random, *, today: date, now: datetime, scale: int) -> None:
    """Make it all by the portal's own actions, each at its moment."""
    cast = Cast(district, rng, today, now)
    stories: dict[int, Story] = {}
    for year in range(today.year - 2, today.year + 1):
        rows = consulting.make_plan(cast, year, scale)
        stories |= {topic.pk: story for story, topic in rows}
        for place, (story, topic) in enumerate(rows):
            _tell_one(cast, story, topic, place)
        if year > today.year - 2:
            try:
                what_came_of_it.look_back(cast, year, stories)
            except Later:
                continue
    consulting.loose_topics(cast)
    what_came_of_it.services(cast)
    _date_what_has_no_moment(cast)


def _tell_one(cast: Cast, story: Story, topic: Topic, place: int) -> None:
    if story.stop == "cancelled":
        consulting.cancel(cast, topic, date(story.year, 6, 20))
        return
    try:
        meeting_people.research(cast, story, topic)
        session = meeting_people.hold(cast, story, topic)
        document = what_came_of_it.outcome_of(cast, story, session, place)
        story.reach("sent")
        what_came_of_it.follow(cast, story, document, place)
        what_came_of_it.close(cast, story, topic)
    except Later:
        if story.stop == "visiting" and not story.suffix:
            meeting_people.waived(cast, story, Topic.objects.get(pk=topic.pk))


def _date_what_has_no_moment(cast: Cast) -> None:
    """Rows that carry the moment of writing get that of their cause; old notices count as read."""
    sessions = Gathering.objects.filter(kind=Gathering.Kind.SESSION, starts_at__lte=cast.now)
    sessions.update(recorded_at=F("starts_at") - timedelta(days=22))
    for adoption in Adoption.objects.exclude(evidence=None).prefetch_related("changes"):
        assert adoption.evidence_id is not None
        done = [change.at for change in adoption.changes.all() if change.verb == "report_done"]
        Attachment.objects.filter(pk=adoption.evidence_id).update(created_at=max(done))
    old = Notice.objects.filter(created_at__lt=cast.now - UNREAD, read_at=None)
    old.update(read_at=F("created_at") + timedelta(hours=5))
