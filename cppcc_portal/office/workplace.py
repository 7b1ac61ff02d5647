"""What every page of the secretariat's workplace has in common.

Nothing is deleted; lists do not count millions; every change is audited; a status is never a field.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.admin import ExportMixin, ImportMixin
from import_export.forms import SelectableFieldsExportForm
from simple_history.admin import SimpleHistoryAdmin

from cppcc_portal.office import audit, files
from cppcc_portal.office.archives import Refused
from cppcc_portal.office.spreadsheets import FORMATS
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady

MOST_COUNTED = 5000  # rows; beyond that nobody turns pages, they search
FILTERS = "_changelist_filters"  # how Django carries a list's filters through its pages


def who(request: HttpRequest) -> Any:
    """Whoever works here: behind the door of the workplace there are no visitors."""
    return request.user


class BoundedPaginator(Paginator):
    """Counts no further than a person would turn pages."""

    @cached_property
    def _counted(self) -> int:
        rows: Any = self.object_list
        # Keys alone: what the list computes for each row it shows need not be computed to count.
        return int(rows.order_by().values("pk")[: MOST_COUNTED + 1].count())

    @cached_property
    def count(self) -> int:
        return min(self._counted, MOST_COUNTED)

    @property
    def is_cut(self) -> bool:
        """Whether there are more rows than the pages show."""
        return self._counted > MOST_COUNTED


class PortalChangeList(ChangeList):
    """Puts the list's filters behind each row's address itself: Django resolves every address for that."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept, self.preserved_filters = self.preserved_filters, ""

    def url_for_result(self, result: Any) -> str:
        url: str = super().url_for_result(result)
        return f"{url}?{self.kept}" if self.kept else url


class PortalModelAdmin(admin.ModelAdmin):
    """A register or list as the office works on it."""

    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # a count for each choice of each filter
    list_per_page = 50
    list_max_show_all = 0
    view_on_site = False
    save_on_top = False
    actions_on_top = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        return rows.visible_to(who(request)) if hasattr(rows, "visible_to") else rows

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return PortalChangeList

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list, named by what is in it."""
        title = {"title": self.opts.verbose_name_plural}
        return super().changelist_view(request, {**title, **(extra_context or {})})

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """A new row, named by what it is."""
        title = {"title": _("新增%s") % self.opts.verbose_name}
        return super().add_view(request, form_url, {**title, **(extra_context or {})})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """One row, named by what it is; its own name stands below."""
        title = {"title": self.opts.verbose_name}
        return super().change_view(request, object_id, form_url, {**title, **(extra_context or {})})

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is deleted in the workplace: it is taken out of use, withdrawn or ended."""
        return False

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        """Only by what the list offers as a filter: no guessing at hidden columns by address."""
        shown = [
            getattr(item, "parameter_name", None)
            or (item[0] if isinstance(item, tuple | list) else item)
            for item in self.get_list_filter(request)
        ]
        return any(lookup == name or lookup.startswith(f"{name}__") for name in shown)

    # The audit log is the only log: Django's own holds names and misses half of the deeds.
    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:  # type: ignore[override]
        return

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:  # type: ignore[override]
        return

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        self.write_down(request, obj, form, change)

    def write_down(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """What was changed, by field names and harmless values."""
        fields = {
            name: (form.initial.get(name), form.cleaned_data.get(name))
            for name in form.changed_data
        }
        verb = "change" if change else "add"
        audit.record(f"{self.opts.model_name}.{verb}", obj, by=who(request), fields=fields)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Rows inside another's page are audited like rows of their own."""
        for row in formset.save(commit=False):
            row._history_user = who(request)
            row.save()
            model_name = row._meta.model_name
            audit.record(f"{model_name}.save", row, by=who(request))
        formset.save_m2m()

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        raise Http404

    # Pages of one's own ----------------------------------------------------------------------

    def seen(self, request: HttpRequest, object_id: Any, rows: QuerySet[Any] | None = None) -> Any:
        """The row, or 404 for what this person may not know of; 403 without the right to look at all."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = self.get_queryset(request) if rows is None else rows
        key = unquote(str(object_id))
        if not key.isascii() or not key.isdigit() or len(key) > 18:
            raise Http404
        found = rows.filter(pk=int(key)).first()
        if found is None:
            raise Http404
        # An action that is refused leads back to this page, not to the public one.
        request.refused_to = self.url_of(found, request)  # type: ignore[attr-defined]
        return found

    def page(
        self, request: HttpRequest, template: str, title: str, status: int = 200, **context: Any
    ) -> HttpResponse:
        """A page of the workplace with its frame."""
        request.current_app = self.admin_site.name
        frame = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "media": self.media,
            "has_view_permission": self.has_view_permission(request),
            "list_query": request.GET.get(FILTERS, ""),
            **context,
        }
        return render(request, template, frame, status=status)

    def url(self, name: str, *args: Any, request: HttpRequest | None = None) -> str:
        """The address of one of this register's pages; the filters of the list stay with it."""
        address = reverse(
            f"admin:{self.opts.app_label}_{self.opts.model_name}_{name}", args=list(args)
        )
        kept = self.get_preserved_filters(request) if request is not None else ""
        return f"{address}?{kept}" if kept else address

    def url_of(self, obj: Model, request: HttpRequest | None = None) -> str:
        return self.url("change", obj.pk, request=request)

    def get_preserved_filters(self, request: HttpRequest) -> str:
        # Also on the pages of verbs, where Django would take the address for a list's.
        match = request.resolver_match
        if match is not None and request.GET.get(FILTERS):
            query = request.GET.copy()
            for name in list(query):
                if name != FILTERS:
                    del query[name]
            return query.urlencode()
        return super().get_preserved_filters(request)

    def verb_paths(self, views: dict[str, Callable[..., HttpResponse]]) -> list[Any]:
        """Addresses `<pk>/<verb>/` with the names `<app>_<model>_<verb>`."""
        prefix = f"{self.opts.app_label}_{self.opts.model_name}"
        return [
            path(
                f"<path:object_id>/{verb}/",
                self.admin_site.admin_view(view),
                name=f"{prefix}_{verb}",
            )
            for verb, view in views.items()
        ]

    def list_paths(self, views: dict[str, Callable[..., HttpResponse]]) -> list[Any]:
        """Addresses `<verb>/` beside the list, with the names `<app>_<model>_<verb>`."""
        prefix = f"{self.opts.app_label}_{self.opts.model_name}"
        return [
            path(f"{verb}/", self.admin_site.admin_view(view), name=f"{prefix}_{verb}")
            for verb, view in views.items()
        ]


class ReadOnlyAdmin(PortalModelAdmin):
    """A list to look at: whatever changes its rows is an action, never a form."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class LifeAdmin(ReadOnlyAdmin):
    """Rows with a life: listed here, looked at and moved on their own page, where every step stands."""

    list_filter = ["status"]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """To the page of the thing; 404 for what this person may not know of."""
        return redirect(self.seen(request, object_id).get_absolute_url())


class QueueFilter(admin.SimpleListFilter):
    """The queues of the first page: `queues` are code and words, `rows` chooses the rows of one."""

    title = gettext_lazy("待办")
    parameter_name = "queue"
    queues: Mapping[str, Any] = {}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(self.queues.items())

    def rows(self, queryset: Any, queue: str) -> Any:
        raise NotImplementedError

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        queue = self.value()
        return self.rows(queryset, queue) if queue and queue in self.queues else queryset


class RegisterAdmin(SimpleHistoryAdmin, PortalModelAdmin):
    """A register with the history of each row."""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        self.seen(request, object_id)
        return SimpleHistoryAdmin.history_view(self, request, object_id, extra_context)


class EntryAdmin(RegisterAdmin):
    """A list the office keeps: an entry is never deleted, only taken out of use; its code stays."""

    list_display = ["code", "name", "order", "active"]
    list_filter: ClassVar[Any] = ["active"]
    search_fields = ["code", "name"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code",) if obj is not None else ()


class ColumnsForm(SelectableFieldsExportForm):
    """Which columns leave, by their headings, in which kind of file."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["format"].initial = "0"

    def _get_field_label(self, resource: Any, field_name: str) -> str:
        return str(resource.fields[field_name].column_name)


class ExportsMixin(ExportMixin):
    """A list that leaves as a table: with a right of its own, formula-safe, audited."""

    export_form_class = ColumnsForm
    export_formats = list(FORMATS)
    to_encoding = "utf-8-sig"

    def get_export_data(
        self, file_format: Any, request: HttpRequest, queryset: Any, **kwargs: Any
    ) -> Any:
        table = super().get_export_data(file_format, request, queryset, **kwargs)
        model_name = self.opts.model_name
        rows = queryset.count()
        audit.record(f"{model_name}.export", by=who(request), fields={"rows": (None, rows)})
        return table


class ImportsMixin(ImportMixin):
    """A simple list that comes in as a table: previewed, all or nothing, audited."""

    import_formats = list(FORMATS)
    from_encoding = "utf-8-sig"

    def process_result(self, result: Any, request: HttpRequest) -> HttpResponse:
        counts = {name: (None, number) for name, number in result.totals.items() if name and number}
        audit.record(f"{self.opts.model_name}.import", by=who(request), fields=counts)
        return super().process_result(result, request)


class ScanField(forms.FileField):
    """The paper on which something entered for others rests; checked like every upload."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("纸质材料扫描件"))
        kwargs.setdefault("help_text", gettext_lazy("签字或盖章的原件，PDF 或图片。"))
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if upload:
            try:
                files.check(upload)
            except Refused as refusal:
                raise ValidationError(refusal.message) from refusal
        return upload


class ScanForm(forms.Form):
    """The scan alone, for steps that need nothing else."""

    scan = ScanField()


def take_each(rows: Iterable[Any], act: Callable[[Any], Any]) -> tuple[int, list[tuple[Any, str]]]:
    """Each row on its own through the action: how many went through, and why the others did not."""
    done, refused = 0, []
    for row in rows:
        try:
            act(row)
        except IllegalMove:
            why = _("现在是「%s」，不能办理。") % row.fresh().get_status_display()
        except NotReady as lacking:
            why = "；".join(lacking.reasons)
        except NotAllowed:
            why = _("您没有办理这一件的权限。")
        else:
            done += 1
            continue
        refused.append((row, why))
    return done, refused


def say_each(
    request: HttpRequest, done: int, refused: Iterable[tuple[Any, str]], word: str
) -> None:
    """After a bulk action: how many went through, and for each other row why not."""
    if done:
        messages.success(request, _("已%(word)s %(done)s 件。") % {"word": word, "done": done})
    for thing, why in refused:
        messages.warning(request, f"{thing}：{why}")


def bind(view: Callable[..., HttpResponse], **fixed: Any) -> Callable[..., HttpResponse]:
    """One view for several verbs."""
    return partial(view, **fixed)
