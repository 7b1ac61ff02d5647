"""The lists an office keeps for its proposals."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest

from cppcc_portal.office.workplace import ExportsMixin, ImportsMixin, RegisterAdmin
from proposals.models import Category, Destination, RefusalReason, ResultClass
from proposals.resources import CategoryResource


class EntryAdmin(RegisterAdmin):
    """An entry is never deleted, only taken out of use; its code stays what it was."""

    list_display = ["code", "name", "order", "active"]
    list_filter = ["active"]
    search_fields = ["code", "name"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code",) if obj is not None else ()


@admin.register(Category)
class CategoryAdmin(ImportsMixin, ExportsMixin, EntryAdmin):
    """What proposals are about, in two levels."""

    import_export_change_list_template = "admin/import_export/change_list_import_export.html"
    resource_classes: ClassVar = [CategoryResource]
    list_display = ["code", "name", "parent", "order", "active"]
    list_select_related = ["parent"]
    autocomplete_fields = ["parent"]


@admin.register(RefusalReason)
class RefusalReasonAdmin(EntryAdmin):
    """Why proposals are not filed."""


@admin.register(Destination)
class DestinationAdmin(EntryAdmin):
    """Where texts go that are not filed."""


@admin.register(ResultClass)
class ResultClassAdmin(EntryAdmin):
    """The classes of replies in the office's own meaning."""

    list_display = ["code", "name", "needs_commitment", "order", "active"]
