"""Lists of the portal that keep their reader's filters: by name, and as they were left for a record and back."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from cppcc_portal.office.lists import LEFT, RESET
from cppcc_portal.office.saved_filters import (
    LONGEST_QUERY,
    FilterRefused,
    SavedFilter,
    remove_filter,
    save_filter,
)
from cppcc_portal.office.workplace import who


def known_query(query: QueryDict, names: Sequence[str]) -> str:
    """What of a query this list offers; nothing else is kept."""
    return urlencode([(name, str(query[name])) for name in names if query.get(name)])


def came_back(request: HttpRequest, page: str) -> str:
    """The filters under which this list was left, for who comes back to it from one of its records."""
    here = f"{request.scheme}://{request.get_host()}"
    address = request.META.get("HTTP_REFERER", "")
    before = address.removeprefix(here).partition("?")[0] if address.startswith(here) else ""
    from_record = before.startswith(request.path) and before != request.path
    if request.GET or not from_record:
        return ""
    return str(request.session.get(LEFT, {}).get(page, ""))


def filters_of(
    request: HttpRequest, page: str, names: Sequence[str], *, plain: Sequence[str] = ()
) -> dict[str, Any]:
    """What the list shows of kept filters; how it is looked at now is kept for the way back.

    `plain` names what is no filter of its own (which tab), so that it alone is nothing to save.
    """
    now, user = known_query(request.GET, names), who(request)
    left = request.session.get(LEFT, {})
    if left.get(page, "") != now:
        request.session[LEFT] = {**left, page: now[:LONGEST_QUERY]}
    saved = [
        {"pk": one.pk, "name": one.name, "query": one.query, "current": one.query == now}
        for one in SavedFilter.objects.filter(user=user, page=page)
    ]
    can_save = any(request.GET.get(name) for name in names if name not in plain)
    return {"saved_filters": saved, "filters_now": now, "can_save_filter": can_save}


def keep_filter(request: HttpRequest, page: str, names: Sequence[str], back: str) -> HttpResponse:
    """Keep the filters at hand under a name, or forget one that was kept."""
    query = known_query(QueryDict(request.POST.get("query", "")[:1000]), names)
    if "remove" in request.POST:
        key = request.POST["remove"]
        if not key.isascii() or not key.isdigit() or len(key) > 18:
            raise Http404
        remove_filter(request.user, page, pk=int(key))
        messages.success(request, _("已删除这组常用筛选。"))
    else:
        try:
            save_filter(request.user, page, name=request.POST.get("name", ""), query=query)
        except FilterRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("已保存为常用筛选。"))
    return redirect(f"{back}?{query or f'{RESET}=1'}")


def narrow_first(request: HttpRequest, names: Sequence[str], most: int, back: str) -> HttpResponse:
    """Back to the list instead of a file that would hold only part of it."""
    told = _("符合条件的超过 %s 件，一次导不完。请先按条件筛选，再分次导出。")
    messages.error(request, told % most)
    return redirect(f"{back}?{known_query(request.GET, names) or f'{RESET}=1'}")
