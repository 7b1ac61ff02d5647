"""The lists an office keeps for its proposals."""

from typing import ClassVar

from django.contrib import admin

from cppcc_portal.office.workplace import EntryAdmin, ExportsMixin, ImportsMixin
from proposals.models import (
    Category,
    Destination,
    RefusalReason,
    ResultClass,
    ReviewStage,
    SupervisionWay,
)
from proposals.resources import CategoryResource


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


@admin.register(SupervisionWay)
class SupervisionWayAdmin(EntryAdmin):
    """In which forms key proposals are pressed."""


@admin.register(ReviewStage)
class ReviewStageAdmin(EntryAdmin):
    """The stages of the review, in their order."""
