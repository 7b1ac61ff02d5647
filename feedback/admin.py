"""The workplace of what came of it: recommendations with their units, and the look-back."""

from typing import Any, ClassVar

from django.contrib import admin
from django.utils import timezone

from cppcc_portal.office.workplace import LifeAdmin, QueueFilter
from feedback.models import Adoption, LookBack
from feedback.queues import ADOPTION_QUEUES, LOOKBACK_QUEUES, adoption_waits_in, lookback_waits_in


class AdoptionQueueFilter(QueueFilter):
    """What units or committees owe."""

    queues = ADOPTION_QUEUES

    def rows(self, queryset: Any, queue: str) -> Any:
        return queryset.filter(adoption_waits_in(queue, timezone.localdate()))


class LookBackQueueFilter(QueueFilter):
    """Candidates to choose from, and what is under way."""

    queues = LOOKBACK_QUEUES

    def rows(self, queryset: Any, queue: str) -> Any:
        return queryset.filter(lookback_waits_in(queue, timezone.localdate()))


@admin.register(Adoption)
class AdoptionAdmin(LifeAdmin):
    """One recommendation with its unit: conclusion, progress, effect."""

    list_display = ["__str__", "unit", "conclusion", "status", "due_on"]
    list_filter: ClassVar[Any] = [AdoptionQueueFilter, "status", "conclusion", "unit"]
    list_select_related = ["unit", "recommendation"]
    search_fields = ["recommendation__text", "unit__name", "unit__initials"]


@admin.register(LookBack)
class LookBackAdmin(LifeAdmin):
    """Look-backs by year."""

    list_display = ["__str__", "year", "status", "report_number"]
    list_filter: ClassVar[Any] = [LookBackQueueFilter, "status", "year"]
    list_select_related = ["topic", "year"]
    search_fields = ["topic__title"]
