"""One's own notices: what came, what is unread, and where it leads."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from cppcc_portal.office import notices
from cppcc_portal.office.notices import Notice
from cppcc_portal.office.paging import newest


def index(request: HttpRequest) -> HttpResponse:
    """My notices, newest first."""
    page = newest(Notice.objects.visible_to(request.user), request)
    return render(request, "notices/index.html", {"page": page})


def detail(request: HttpRequest, uid: str) -> HttpResponse:
    """Open a notice: it is read now, and leads on to its matter."""
    notice = get_object_or_404(Notice.objects.visible_to(request.user), uid=uid)
    notices.mark_read(notice, by=request.user)
    return redirect(notice.url or "notices:index")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark all of one's notices as read."""
    notices.mark_all_read(by=request.user)
    return redirect("notices:index")
