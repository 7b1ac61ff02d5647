"""附议: what a member may second, what they seconded, and the two steps."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from cppcc_portal.office.paging import newest
from cppcc_portal.office.steps import pages
from members.requests import MemberRequest
from proposals.models import Proposal, Publication, Seconding
from proposals.models.secondings import open_statuses, open_to_members
from proposals.seconding_steps import SECOND, TAKE_BACK, seconds_here
from proposals.views import get_proposal


def get_published(request: Any, pk: Any) -> Any:
    """The proposal behind a public page, known here by what is public of it."""
    rows = Publication.objects.public().select_related("current", "proposal__current_text")
    publication = get_object_or_404(rows, uid=pk)
    proposal: Any = publication.proposal
    proposal.read_in_public = publication
    return proposal


def get_seconding(request: Any, pk: int) -> Any:
    """One's own; everybody else's is not there."""
    rows = Seconding.objects.filter(membership__in=request.user.seat_ids)
    seconding = get_object_or_404(rows.select_related("proposal", "membership__person"), pk=pk)
    titled([seconding], request.user)
    return seconding


def titled(secondings: Any, user: Any) -> None:
    """Each with as much of the title as its member may read today, and the page where it is read."""
    keys = [one.proposal_id for one in secondings]
    seen = set(Proposal.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True))
    public = Publication.objects.public().filter(proposal__in=keys).select_related("current")
    published = {one.proposal_id: one for one in public}
    for one in secondings:
        page = published.get(one.proposal_id)
        number = one.proposal.display_number
        if one.proposal_id in seen:
            one.title_shown, one.url = f"{number} {one.proposal}", one.proposal.get_absolute_url()
        elif page is not None and page.current is not None:
            one.title_shown, one.url = f"{number} {page.current.title}", page.public_url
        else:
            one.title_shown, one.url = _("%s（目前不公开）") % number, ""


def seconding(request: MemberRequest) -> HttpResponse:
    """Published proposals that wait for support, or what one seconded oneself."""
    user = request.user
    if not seconds_here(user):
        raise Http404
    mine = request.GET.get("scope") == "mine"
    rows: Any
    if mine:
        rows = Seconding.objects.standing().filter(membership__in=user.seat_ids)
        page = newest(rows.select_related("proposal"), request)
        titled(page.rows, user)
        for one in page:
            one.may_take_back = one.proposal.status in open_statuses()
    else:
        rows = open_to_members(user).select_related("current", "proposal")
        page = newest(rows, request)
        found = [one.proposal_id for one in page]
        own = Seconding.objects.standing().filter(membership__in=user.seat_ids, proposal__in=found)
        done = set(own.values_list("proposal", flat=True))
        for one in page:
            one.done = one.proposal_id in done
    tabs = [
        {"label": _("可以附议的提案"), "url": "?", "current": not mine},
        {"label": _("我附议的"), "url": "?scope=mine", "current": mine},
    ]
    context = {"page": page, "mine": mine, "tabs": tabs}
    return render(request, "proposals/seconding.html", context)


PAGES = [
    *pages([SECOND], get_proposal, "<int:pk>/", "proposal"),
    *pages([SECOND], get_published, "published/<uuid:pk>/", "published"),
    *pages([TAKE_BACK], get_seconding, "secondings/<int:pk>/", "seconding"),
]
