"""Who is told what about topics, and on whose paper staff act."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from consultations.models import Topic
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.workflow import NotReady, Workflow
from members.models import Body, Person, Posting
from members.roles import Role


def people_with_role(role: str) -> list[Person]:
    """Everybody with an open account in this role."""
    return list(Person.objects.filter(user__is_active=True, user__groups__name=role).distinct())


def office_people() -> list[Person]:
    return people_with_role(Role.OFFICE)


def people_of(body: Body | None, *roles: str, on: date) -> list[Person]:
    """Who is posted to a body in these roles on this day."""
    if body is None:
        return []
    postings = Posting.objects.current(on).filter(body=body, role__in=roles)
    return list(Person.objects.filter(postings__in=postings).distinct())


def chair_of(topic: Topic, on: date) -> list[Person]:
    """The chair of the committee in charge; where there is none, the office."""
    return people_of(topic.committee, Posting.Role.CHAIR, on=on) or office_people()


def committee_people(topic: Topic, on: date) -> list[Person]:
    """Staff and chair of the committee in charge; where there are none, the office."""
    roles = (Posting.Role.STAFF, Posting.Role.CHAIR)
    return people_of(topic.committee, *roles, on=on) or office_people()


def proposers_of(topic: Topic) -> list[Person]:
    return [topic.proposer.person] if topic.proposer else []


def on_paper(
    thing: Workflow, verb: str, *, acts: bool, by: Any, behalf: Any, scan: Attachment | None
) -> dict[str, Any]:
    """On whose behalf and on what paper, when staff act for somebody; nothing when they act themselves."""
    if acts:
        return {}
    thing.require(verb, by=by)
    if scan is None:
        raise NotReady(
            thing, verb, [_("代%s办理须附签字或盖章材料的扫描件。") % (behalf or _("本人"))]
        )
    return {"behalf": str(behalf), "scan": scan}
