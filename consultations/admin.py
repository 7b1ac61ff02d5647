"""The workplace of consultation: plans, topics, research, sessions and outcomes to find; lists to keep."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.actions import topics
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
from consultations.queues import (
    DOCUMENT_QUEUES,
    RESEARCH_QUEUES,
    SESSION_QUEUES,
    TOPIC_QUEUES,
    waits_in,
)
from cppcc_portal.office.workplace import EntryAdmin, LifeAdmin, QueueFilter, ScanField, who
from members.models import Membership


class TopicQueueFilter(QueueFilter):
    """Where topics wait."""

    queues = TOPIC_QUEUES

    def rows(self, queryset: Any, queue: str) -> Any:
        return queryset.filter(waits_in(queue))


class ResearchQueueFilter(TopicQueueFilter):
    """Reports that wait for the chair or the leader."""

    queues = RESEARCH_QUEUES


class DocumentQueueFilter(TopicQueueFilter):
    """Documents that wait to be sent."""

    queues = DOCUMENT_QUEUES


class SessionQueueFilter(TopicQueueFilter):
    """Sessions that wait for a notice, for signed minutes, for the archive."""

    queues = SESSION_QUEUES


class EnterTopicForm(forms.Form):
    """For which member, and the paper they handed in."""

    membership = forms.ModelChoiceField(
        label=gettext_lazy("提出人"),
        queryset=Membership.objects.active().of_current_term(),
        help_text=gettext_lazy("按姓名、拼音首字母或委员证号查找本届在任委员。"),
    )
    scan = ScanField(help_text=gettext_lazy("委员签名的纸质议题，PDF 或图片。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["membership"]
        field.widget = AutocompleteSelect(
            Topic._meta.get_field("proposer"), admin.site, choices=field.choices
        )


@admin.register(AnnualPlan)
class AnnualPlanAdmin(LifeAdmin):
    """The plan of each year; its steps stand on its page."""

    list_display = ["__str__", "status", "document_number", "approval"]
    list_select_related = ["approval__body"]


@admin.register(Topic)
class TopicAdmin(LifeAdmin):
    """Topics from the idea to the result."""

    list_display = ["__str__", "status", "proposed_by", "committee", "plan", "number", "key_mark"]
    list_filter: ClassVar[Any] = [TopicQueueFilter, "status", "committee", "plan", "is_key"]
    list_select_related = ["plan", "committee", "proposer__person"]
    search_fields = ["title", "proposer__person__name", "proposer__person__initials"]

    @admin.display(description=gettext_lazy("重点议题"), ordering="is_key")
    def key_mark(self, topic: Topic) -> str:
        return _("重点") if topic.is_key else ""

    @admin.display(description=gettext_lazy("提出人"))
    def proposed_by(self, topic: Topic) -> str:
        return topic.proposer_name

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Here one enters what a member handed in on paper; other topics begin on the portal's page."""
        return bool(who(request).has_perm("consultations.enter_for_others"))

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """代录: open a draft for a member who writes on paper, with the paper's scan beside it."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        posted = request.method == "POST"
        form = EnterTopicForm(request.POST if posted else None, request.FILES if posted else None)
        if form.is_valid():
            topic = topics.enter_topic(by=who(request), **form.cleaned_data)
            messages.success(request, _("已建立代录草稿，请照纸质原件录入文字，再提交。"))
            return redirect("consultations:edit", topic.pk)
        return self.page(
            request,
            "admin/form_page.html",
            _("代录议题"),
            form=form,
            media=self.media + form.media,
            submit_label=_("开始录入"),
            back_url=self.url("changelist"),
        )


@admin.register(Research)
class ResearchAdmin(LifeAdmin):
    """Research on topics."""

    list_display = ["__str__", "status", "starts_on", "ends_on"]
    list_filter: ClassVar[Any] = [ResearchQueueFilter, "status", "topic__committee"]
    list_select_related = ["topic"]
    search_fields = ["topic__title"]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("consultations.view_topic")


@admin.register(Session)
class SessionAdmin(LifeAdmin):
    """Sessions with place and time."""

    list_display = ["__str__", "status", "form", "starts_at", "place"]
    list_filter: ClassVar[Any] = [SessionQueueFilter, "status", "form"]
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
    list_filter: ClassVar[Any] = [DocumentQueueFilter, "status", "kind"]
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


@admin.register(SessionForm)
class SessionFormAdmin(EntryAdmin):
    """Forms of consultation; research is required unless a decision exempts one."""

    list_display = ["code", "name", "research_required", "exempted_by", "order", "active"]
    list_select_related = ["exempted_by__body"]


@admin.register(DeclineReason)
class DeclineReasonAdmin(EntryAdmin):
    """Why topics are not taken."""
