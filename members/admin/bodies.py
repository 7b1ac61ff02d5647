"""Terms and bodies."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from cppcc_portal.office.lists import KeepsFilters
from cppcc_portal.office.workplace import ExportsMixin, ImportsMixin, ReadOnlyAdmin, RegisterAdmin
from members import actions
from members.models import Body, Committee, Plenary, Sector, Term, TownCommittee, Unit
from members.resources import SectorResource, UnitResource


@admin.register(Term)
class TermAdmin(RegisterAdmin):
    """The terms of the committee."""

    list_display = ["__str__", "starts_on", "ends_on", "is_current"]
    search_fields = ["=number"]


@admin.register(Plenary)
class PlenaryAdmin(RegisterAdmin):
    """The yearly plenaries with their windows for texts."""

    list_display = [
        "__str__",
        "opens_on",
        "closes_on",
        "submission_from",
        "cut_off",
        "last_serial",
    ]
    list_filter = ["term"]
    list_select_related = ["term"]
    readonly_fields = ["last_serial"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("term")


class BodyKindAdmin(RegisterAdmin):
    """One kind of body: a new one gets its kind and the group to which rights are delegated."""

    kind: ClassVar[str]
    search_fields = ["name", "short_name", "initials"]
    list_filter: ClassVar[Any] = ["active"]
    ordering = ["order", "pk"]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.kind = self.kind_of(obj, form)
        super().save_model(request, obj, form, change)
        actions.open_group(obj.body_ptr)

    def kind_of(self, obj: Any, form: Any) -> str:
        return self.kind


@admin.register(Body)
class BodyAdmin(ReadOnlyAdmin):
    """All bodies together, only to choose from."""

    search_fields = ["name", "short_name", "initials"]
    list_display = ["name", "kind", "active"]
    list_filter = ["kind"]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def choice_label(self, body: Body) -> str:
        """The body and of what kind it is."""
        return f"{body.name}（{body.get_kind_display()}）"


@admin.register(Committee)
class CommitteeAdmin(BodyKindAdmin):
    """Special committees of a term."""

    kind = Body.Kind.COMMITTEE
    list_display = ["name", "short_name", "term", "order", "active"]
    list_filter = ["term", "active"]
    list_select_related = ["term"]
    fields = ["term", "name", "short_name", "order", "active"]


@admin.register(Sector)
class SectorAdmin(ImportsMixin, ExportsMixin, BodyKindAdmin):
    """Sectors of a term with the other ways rosters write them."""

    import_export_change_list_template = "admin/import_export/change_list_import_export.html"
    resource_classes: ClassVar = [SectorResource]
    kind = Body.Kind.SECTOR
    list_display = ["name", "short_name", "term", "linked_committee", "order", "active"]
    list_filter = ["term", "active"]
    list_select_related = ["term", "linked_committee"]
    autocomplete_fields = ["linked_committee"]
    fields = ["term", "name", "short_name", "linked_committee", "aliases", "order", "active"]


@admin.register(TownCommittee)
class TownCommitteeAdmin(BodyKindAdmin):
    """Work committees of towns and streets."""

    kind = Body.Kind.TOWN
    list_display = ["name", "short_name", "order", "active"]
    fields = ["name", "short_name", "order", "active"]


@admin.register(Unit)
class UnitAdmin(KeepsFilters, ImportsMixin, ExportsMixin, BodyKindAdmin):
    """Handling units, found by name, pinyin or what they are charged with."""

    import_export_change_list_template = "admin/import_export/change_list_import_export.html"
    resource_classes: ClassVar = [UnitResource]
    kind = Body.Kind.UNIT
    list_display = ["name", "short_name", "side", "contact_name", "contact_phone", "active"]
    list_filter = ["side", "active"]
    search_fields = ["name", "short_name", "initials", "remit"]
    fields = [
        "name",
        "short_name",
        "side",
        "remit",
        "contact_name",
        "contact_phone",
        "order",
        "active",
    ]
