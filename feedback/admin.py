"""The workplace of what came of it: recommendations with their units, and the look-back."""

from typing import Any, ClassVar

from django.contrib import admin

from cppcc_portal.office.workplace import LifeAdmin
from feedback.models import Adoption, LookBack


@admin.register(Adoption)
class AdoptionAdmin(LifeAdmin):
    """One recommendation with its unit: conclusion, progress, effect."""

    list_display = ["__str__", "unit", "conclusion", "status", "due_on"]
    list_filter: ClassVar[Any] = ["status", "conclusion", "unit"]
    list_select_related = ["unit", "recommendation"]
    search_fields = ["recommendation__text", "unit__name", "unit__initials"]


@admin.register(LookBack)
class LookBackAdmin(LifeAdmin):
    """Look-backs by year."""

    list_display = ["__str__", "year", "status", "report_number"]
    list_filter: ClassVar[Any] = ["status", "year"]
    list_select_related = ["topic", "year"]
    search_fields = ["topic__title"]
