"""What the portal's pages are compared with: the least a page can do, and what a plain page does."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from proposals.models import Proposal


@login_not_required
def empty(request: HttpRequest) -> HttpResponse:
    """Nothing but the way through the middleware."""
    return HttpResponse("ok")


@login_not_required
def min20(request: HttpRequest) -> HttpResponse:
    """One indexed query of 20 rows and a plain template; no session, no context processors."""
    rows = Proposal.objects.order_by("-pk").values("pk", "label", "title", "status")[:20]
    return HttpResponse(render_to_string("bench/min20.html", {"rows": rows}))


def std20(request: HttpRequest) -> HttpResponse:
    """The page as it is usually written: session, user, a full count, 20 rows with joins, a base."""
    rows = Proposal.objects.order_by("-pk").select_related(
        "category", "plenary__term", "current_text"
    )
    page = Paginator(rows, 20).get_page(request.GET.get("page"))
    return render(request, "bench/std20.html", {"page": page})
