"""The workplace of consultation: plans, topics, research, sessions and outcomes to find; lists to keep."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from consultations.models import (
    AnnualPlan,
    DeclineReason,
    OutcomeDocument,
    Recommendation,
    Research,
    Session,
    SessionForm,
    Topic,
)
from cppcc_portal.office.workplace import LifeAdmin, RegisterAdmin


@admin.register(AnnualPlan)
class AnnualPlanAdmin(LifeAdmin):
    """The plan of each year; its steps stand on its page."""

    list_display = ["__str__", "status", "document_number", "approval"]
    list_select_related = ["approval__body"]


@admin.register(Topic)
class TopicAdmin(LifeAdmin):
    """Topics from the idea to the result."""

    list_display = ["__str__", "status", "proposer_name", "committee", "plan", "number", "is_key"]
    list_filter: ClassVar[Any] = ["status", "committee", "plan", "is_key"]
    list_select_related = ["plan", "committee", "proposer__person"]
    search_fields = ["title", "proposer__person__name", "proposer__person__initials"]


@admin.register(Research)
class ResearchAdmin(LifeAdmin):
    """Research on topics."""

    list_display = ["__str__", "status", "starts_on", "ends_on"]
    list_select_related = ["topic"]
    search_fields = ["topic__title"]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("consultations.view_topic")


@admin.register(Session)
class SessionAdmin(LifeAdmin):
    """Sessions with place and time."""

    list_display = ["__str__", "status", "form", "starts_at", "place"]
    list_filter: ClassVar[Any] = ["status", "form"]
    list_select_related = ["gathering", "form"]
    search_fields = ["gathering__title", "topic__title"]

    @admin.display(description=gettext_lazy("开始时间"), ordering="gathering__starts_at")
    def starts_at(self, session: Session) -> Any:
        return session.gathering.starts_at

    @admin.display(description=gettext_lazy("地点"))
    def place(self, session: Session) -> str:
        return str(session.gathering.place)


@admin.register(OutcomeDocument)
class OutcomeDocumentAdmin(LifeAdmin):
    """Documents sent to the Party committee and the government."""

    list_display = ["__str__", "kind", "status", "document_number", "submitted_on"]
    list_filter: ClassVar[Any] = ["status", "kind"]
    list_select_related = ["session__gathering"]
    search_fields = ["title", "document_number"]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("consultations.view_recommendation")


@admin.register(Recommendation)
class RecommendationAdmin(LifeAdmin):
    """Numbered sentences of advice."""

    list_display = ["__str__", "status", "lead", "document"]
    list_filter: ClassVar[Any] = ["status", "lead"]
    list_select_related = ["lead", "document__session__gathering"]
    search_fields = ["text", "document__document_number"]


class EntryAdmin(RegisterAdmin):
    """An entry is never deleted, only taken out of use; its code stays what it was."""

    list_display = ["code", "name", "order", "active"]
    list_filter: ClassVar[Any] = ["active"]
    search_fields = ["code", "name"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code",) if obj is not None else ()


@admin.register(SessionForm)
class SessionFormAdmin(EntryAdmin):
    """Forms of consultation; research is required unless a decision exempts one."""

    list_display = ["code", "name", "research_required", "exempted_by", "order", "active"]
    list_select_related = ["exempted_by__body"]


@admin.register(DeclineReason)
class DeclineReasonAdmin(EntryAdmin):
    """Why topics are not taken."""
