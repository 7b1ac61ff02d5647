"""Who sits in which term, and who acts for which body."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cppcc_portal.office.lists import KeepsFilters
from cppcc_portal.office.workplace import ExportsMixin, PortalModelAdmin, RegisterAdmin, who
from members import actions
from members.models import Membership, Posting
from members.resources import MembershipResource


class SeatFilter(admin.SimpleListFilter):
    """Members of the term, and those of whom something is missing."""

    title = gettext_lazy("范围")
    parameter_name = "todo"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("active", _("本届在任")),
            ("no_phone", _("没有手机号")),
            ("no_account", _("没有账号")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() is None:
            return queryset
        seats = queryset.active().of_current_term()
        match self.value():
            case "no_phone":
                return seats.filter(person__phone_hash=None)
            case "no_account":
                return seats.filter(person__user=None)
        return seats


@admin.register(Membership)
class MembershipAdmin(KeepsFilters, ExportsMixin, RegisterAdmin):
    """Members: who sits in which term, sector, committee, town."""

    import_export_change_list_template = "admin/members/membership/change_list.html"
    resource_classes: ClassVar = [MembershipResource]
    list_display = [
        "person",
        "number",
        "term",
        "sector",
        "committee",
        "town",
        "standing",
        "status",
        "phone_masked",
    ]
    list_filter = [SeatFilter, "term", "status", "is_standing", "sector", "committee"]
    list_select_related = ["person__user", "term", "sector", "committee", "town"]
    search_fields = ["person__name"]
    search_help_text = gettext_lazy("姓名、拼音首字母、委员证号或界别")
    autocomplete_fields = ["person", "sector", "committee", "town"]
    ordering = ["-term__number", "person__initials", "pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("person", "sector", "term")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        words = search_term.strip()
        rows: Any = queryset
        return (rows.search(words), False) if words else (rows, False)

    def choice_label(self, seat: Membership) -> str:
        """How a member is told from another of the same name."""
        return f"{seat.person.name}（{seat.term} {seat.sector or ''}{seat.number}）"

    @admin.display(description=gettext_lazy("手机号"))
    def phone_masked(self, seat: Membership) -> str:
        return seat.person.masked_phone or "—"

    @admin.display(description=gettext_lazy("常委"), ordering="is_standing")
    def standing(self, seat: Membership) -> str:
        return _("常委") if seat.is_standing else "—"

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        extra = {"roster_url": roster_url(who(request)), **(extra_context or {})}
        return super().changelist_view(request, extra)


def roster_url(user: Any) -> str:
    """Where a whole roster comes in, if this installation has that page and this person may."""
    if not user.has_perm("members.import_membership"):
        return ""
    try:
        return reverse("admin:members_roster_import")
    except NoReverseMatch:
        return ""


class PostingForm(forms.ModelForm):
    """Who acts for which body from when."""

    class Meta:
        model = Posting
        fields = ["person", "body", "role", "since"]


class EndPostingForm(forms.Form):
    """The last day."""

    on = forms.DateField(
        label=gettext_lazy("结束日期"), widget=AdminDateWidget, initial=timezone.localdate
    )


class CurrentFilter(admin.SimpleListFilter):
    """Postings that hold today."""

    title = gettext_lazy("是否现任")
    parameter_name = "now"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", _("现任")), ("0", _("已结束"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "1":
            return queryset.current()
        if self.value() == "0":
            return queryset.filter(until__lt=timezone.localdate())
        return queryset


@admin.register(Posting)
class PostingAdmin(PortalModelAdmin):
    """Who acts for which body; begun and ended, never edited, as rights hang on it."""

    change_form_template = "admin/members/posting/change_form.html"
    form = PostingForm
    list_display = ["person", "body", "role", "since", "until"]
    list_filter = [CurrentFilter, "role", "body__kind"]
    list_select_related = ["person", "body"]
    search_fields = ["person__name", "person__initials", "body__name", "body__initials"]
    autocomplete_fields = ["person", "body"]

    def get_urls(self) -> list[Any]:
        return [*self.verb_paths({"end": self.end_view}), *super().get_urls()]

    def may_keep(self, request: HttpRequest) -> bool:
        return who(request).has_perm("members.change_posting")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        chosen = form.cleaned_data
        obj.pk = actions.appoint(
            chosen["person"],
            chosen["body"],
            chosen["role"],
            by=who(request),
            on=chosen["since"],
        ).pk

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        posting = Posting.objects.filter(pk=object_id if object_id.isdigit() else 0).first()
        is_open = posting is not None and posting.until is None
        extra = {
            "end_url": self.url("end", object_id) if is_open and self.may_keep(request) else ""
        }
        return super().change_view(request, object_id, form_url, extra)

    def end_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """From the morrow of this day the person no longer acts for the body."""
        posting = self.seen(request, object_id)
        if not self.may_keep(request):
            raise PermissionDenied
        form = EndPostingForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            on: date = form.cleaned_data["on"]
            if on < posting.since:
                form.add_error("on", _("结束日期不能早于开始日期。"))
            else:
                actions.end_posting(posting, by=who(request), on=on)
                messages.success(request, _("任职已结束，此人不再代表该组织办理。"))
                return redirect(self.url("changelist"))
        return self.page(
            request,
            "admin/form_page.html",
            _("结束任职"),
            form=form,
            lead=str(posting),
            submit_label=_("结束任职"),
            back_url=self.url_of(posting, request),
        )
