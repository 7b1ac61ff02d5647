"""Service activities to register and verify, duty records to look at, kinds of duty to keep."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cppcc_portal.office.workplace import EntryAdmin, PortalModelAdmin, ReadOnlyAdmin, who
from members import gatherings
from members.models import DutyCategory, DutyRecord, Gathering


@admin.register(Gathering)
class GatheringAdmin(PortalModelAdmin):
    """Service activities: registered by one, verified by another; only verified ones count."""

    list_display = ["title", "kind", "organiser", "starts_at", "served", "verified_by"]
    list_filter: ClassVar[Any] = ["kind", "organiser", ("verified_by", admin.EmptyFieldListFilter)]
    list_select_related = ["organiser", "verified_by__person"]
    search_fields = ["title", "place", "organiser__name", "organiser__initials"]
    fields = (
        "title",
        "organiser",
        "sectors",
        "starts_at",
        "ends_at",
        "place",
        "summary",
        "served",
    )
    autocomplete_fields = ["organiser", "sectors"]
    actions = ["verify"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was verified, or belongs to a session or a research, is not changed here."""
        if obj is not None and (obj.kind != Gathering.Kind.SERVICE or obj.verified_by_id):
            return False
        return super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.kind = Gathering.Kind.SERVICE
            obj.recorded_by = who(request)
        super().save_model(request, obj, form, change)

    @admin.action(description=gettext_lazy("核实"), permissions=["verify"])
    def verify(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Confirm that the activities took place."""
        done = 0
        for gathering in queryset:
            try:
                done += gatherings.verify_service(gathering, by=who(request))
            except PermissionDenied as refused:
                self.message_user(request, f"{gathering}：{refused}", messages.ERROR)
        if done:
            told = ngettext("已核实 %d 项活动。", "已核实 %d 项活动。", done) % done
            self.message_user(request, told)
        else:
            self.message_user(request, _("没有新核实的活动。"), messages.WARNING)

    def has_verify_permission(self, request: HttpRequest) -> bool:
        return who(request).has_perm("members.verify_gathering")


class YearFilter(admin.SimpleListFilter):
    """Of which year, newest first."""

    title = gettext_lazy("年度")
    parameter_name = "year"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        years = DutyRecord.objects.order_by().dates("on", "year", order="DESC")
        return [(str(day.year), str(day.year)) for day in years]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        year = self.value()
        known = {str(code) for code, _label in self.lookup_choices}
        return queryset.filter(on__year=int(year)) if year in known and year else queryset


@admin.register(DutyRecord)
class DutyRecordAdmin(ReadOnlyAdmin):
    """What members did, as made from facts."""

    list_display = ["membership", "category", "title", "role", "on", "status"]
    list_filter: ClassVar[Any] = [YearFilter, "category", "membership__committee", "status"]
    list_select_related = ["membership__person", "category"]
    search_fields = ["membership__person__name", "membership__person__initials", "title"]


@admin.register(DutyCategory)
class DutyCategoryAdmin(EntryAdmin):
    """Kinds of duty."""
