"""Lists of the workplace that keep their reader's filters and columns, and show themselves as they were left."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.admin.views.main import ORDER_VAR, SEARCH_VAR
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from cppcc_portal.office.columns import Choice, Column, choice_of, take_choice
from cppcc_portal.office.saved_filters import (
    LONGEST_QUERY,
    FilterRefused,
    SavedFilter,
    remove_filter,
    save_filter,
)
from cppcc_portal.office.workplace import PortalModelAdmin, who

LEFT = "lists_as_left"  # in the session: the query of each list when it was left
RESET = "reset"


class KeepsFilters(PortalModelAdmin):
    """A list that keeps its reader's filters by name and shows itself as it was left."""

    def get_urls(self) -> list[Any]:
        pages = {"save_filter": self.save_filter_view, "remove_filter": self.remove_filter_view}
        return [*self.list_paths(pages), *super().get_urls()]

    def known_filters(self, request: HttpRequest, query: QueryDict) -> str:
        """What of a query this list offers: search, order and its filters; nothing else is kept."""
        known = [
            (name, value)
            for name, values in sorted(query.lists())
            for value in values
            if value
            and (
                name in (SEARCH_VAR, ORDER_VAR)
                or (not name.startswith("_") and self.lookup_allowed(name, value, request))
            )
        ]
        return urlencode(known)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list; opened without a filter from elsewhere, as it was left."""
        now = self.known_filters(request, request.GET)
        if request.method == "GET" and "_popup" not in request.GET:
            if RESET in request.GET:
                self.leave(request, "")
                return redirect(request.path)
            # Whoever takes the last filter away on the list itself wants to see all.
            came_from_here = self.came_from(request) == request.path
            if not request.GET and not came_from_here and (left := self.as_left(request)):
                return redirect(f"{request.path}?{left}")
            self.leave(request, now)
        saved = [
            {"pk": one.pk, "name": one.name, "query": one.query, "current": one.query == now}
            for one in SavedFilter.objects.filter(user=who(request), page=self.page_name)
        ]
        filters = {"saved_filters": saved, "filters_now": now, "keeps_filters": True}
        return super().changelist_view(request, {**filters, **(extra_context or {})})

    @property
    def page_name(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}"

    def came_from(self, request: HttpRequest) -> str:
        """The page of the portal on which the link was, if the browser says."""
        here = f"{request.scheme}://{request.get_host()}"
        address = request.META.get("HTTP_REFERER", "")
        return address.removeprefix(here).partition("?")[0] if address.startswith(here) else ""

    def as_left(self, request: HttpRequest) -> str:
        return str(request.session.get(LEFT, {}).get(self.page_name, ""))

    def leave(self, request: HttpRequest, query: str) -> None:
        """Keep in the session how the list is looked at; written only when it changes."""
        if self.as_left(request) != query:
            left = {**request.session.get(LEFT, {}), self.page_name: query[:LONGEST_QUERY]}
            request.session[LEFT] = left

    def save_filter_view(self, request: HttpRequest) -> HttpResponse:
        """Keep the filters at hand under a name."""
        self.require_post(request)
        query = self.known_filters(request, QueryDict(request.POST.get("query", "")))
        try:
            save_filter(
                who(request), self.page_name, name=request.POST.get("name", ""), query=query
            )
        except FilterRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("已保存为常用筛选。"))
        return redirect(f"{self.url('changelist')}?{query or f'{RESET}=1'}")

    def remove_filter_view(self, request: HttpRequest) -> HttpResponse:
        """Forget one of the filters kept."""
        self.require_post(request)
        key = request.POST.get("filter", "")
        if not key.isascii() or not key.isdigit() or len(key) > 18:
            raise Http404
        remove_filter(who(request), self.page_name, pk=int(key))
        messages.success(request, _("已删除这组常用筛选。"))
        query = self.known_filters(request, QueryDict(request.POST.get("query", "")))
        return redirect(f"{self.url('changelist')}?{query or f'{RESET}=1'}")

    def require_post(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            raise Http404


class KeepsColumns(KeepsFilters):
    """A list whose reader chooses the columns; its export begins with the same ones."""

    columns: ClassVar[Sequence[Column]] = ()
    # Which columns of the exported table stand for one of the list.
    exported_as: ClassVar[Mapping[str, Sequence[str]]] = {}

    def get_urls(self) -> list[Any]:
        return [*self.list_paths({"columns": self.columns_view}), *super().get_urls()]

    def choice(self, request: HttpRequest) -> Choice:
        """Asked once for a page, which asks for its columns several times."""
        found: Choice | None = getattr(request, "_columns_shown", None)
        if found is None:
            found = choice_of(who(request), self.page_name, self.columns)
            request._columns_shown = found  # type: ignore[attr-defined]
        return found

    def get_list_display(self, request: HttpRequest) -> Any:
        return [column.name for column in self.choice(request).shown]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        columns = {"column_choice": self.choice(request)}
        return super().changelist_view(request, {**columns, **(extra_context or {})})

    def columns_view(self, request: HttpRequest) -> HttpResponse:
        """Keep the columns that were ticked, or go back to the default."""
        self.require_post(request)
        take_choice(request, self.page_name, self.columns)
        query = self.known_filters(request, QueryDict(request.POST.get("query", "")))
        return redirect(f"{self.url('changelist')}?{query or f'{RESET}=1'}")

    # The table that leaves ------------------------------------------------------------------

    def export_action(self, request: HttpRequest) -> Any:
        """With the columns that are ticked, or with all of them by the button that says so."""
        if request.method == "POST" and "all_columns" in request.POST:
            posted = request.POST.copy()
            for resource in self.get_export_resource_classes(request):  # type: ignore[attr-defined]
                prefix = resource.__name__.lower()
                for name in resource().get_export_order():
                    posted[f"{prefix}_{name}"] = "on"
            request.POST = posted  # type: ignore[assignment]
        return super().export_action(request)  # type: ignore[misc]

    def init_request_context_data(self, request: HttpRequest, form: Any) -> Any:
        """Ticked at first is what the list shows."""
        shown = self.choice(request)
        wanted = {
            field for column in shown.shown for field in self.exported_as.get(column.name, ())
        }
        for name, field in form.fields.items():
            if getattr(field, "is_selectable_field", False):
                field.initial = name.removeprefix(f"{field.resource_name.lower()}_") in wanted
        context = super().init_request_context_data(request, form)  # type: ignore[misc]
        return {**context, "follows_list": True}
