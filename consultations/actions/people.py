"""Who is told what about topics, and on whose paper staff act."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from consultations.models import Topic
from consultations.models.rights import is_chair
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.workflow import NotReady, Workflow
from members.models import Person, Posting
from members.posted import office_people, people_of


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
    return {"behalf": str(behalf), "scan": paper_of(thing, verb, behalf, scan)}


def paper_of(thing: Any, verb: str, behalf: Any, scan: Attachment | None) -> Attachment:
    """The scan of the paper on which staff act for somebody; NotReady without it (rule 17)."""
    if scan is None:
        told = _("代%s办理须附签字或盖章材料的扫描件。") % (behalf or _("本人"))
        raise NotReady(thing, verb, [told])
    return scan


def chair_paper(
    thing: Workflow, topic: Topic, verb: str, by: Any, scan: Attachment | None
) -> dict[str, Any]:
    """The chair of the committee acts, or staff on the chair's signed paper."""
    acts = is_chair(topic, by)
    return on_paper(thing, verb, acts=acts, by=by, behalf=_("专委会主任"), scan=scan)
