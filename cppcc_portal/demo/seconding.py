"""附议 in the demonstration: switched on; members second what is published, some with a word, one takes it back."""

from datetime import datetime, timedelta
from random import Random

from cppcc_portal.demo.district import District
from cppcc_portal.office import parameters
from members.models import Membership, User
from proposals import actions
from proposals.models import Publication
from proposals.models.secondings import open_statuses

SECONDED, MOST = 8, 5  # how many proposals, and by how many members each at most

REMARKS = (
    "调研中群众也反映了同样的问题，支持。",
    "",
    "建议办理时一并征求镇街意见。",
    "",
    "所在行业愿意配合试点。",
)


def tell(district: District, rng: Random, *, now: datetime) -> None:
    """The latest published ones that are still in work; their own proposers are passed over."""
    parameters.set_parameter("proposals.seconding", True, by=User.objects.get(username="office"))
    rows = Publication.objects.public().filter(proposal__status__in=open_statuses())
    seats = Membership.objects.filter(person__user__is_active=True).order_by("pk")
    users = [seat.person.user for seat in seats.select_related("person__user")]
    members = [user for user in users if user is not None]
    for number, publication in enumerate(rows.order_by("-published_at", "-pk")[:SECONDED]):
        proposal, since = publication.proposal, publication.changed_at or now
        chosen = rng.sample(members, 1 + number % MOST)
        for place, user in enumerate(one for one in chosen if not proposal.is_proposer(one)):
            at = min(now, since + timedelta(hours=3 + 20 * place))
            remark = REMARKS[(number + place) % len(REMARKS)]
            given = actions.second(proposal, by=user, remark=remark, at=at)
            if number == place == 2:
                actions.take_back_seconding(given, by=user, at=min(now, at + timedelta(hours=1)))
