"""The lists an office keeps for its proposals."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.workplace import (
    EntryAdmin,
    ExportsMixin,
    ImportsMixin,
    PortalModelAdmin,
)
from members.models import Posting
from proposals.models import (
    Category,
    Destination,
    OpinionResult,
    ProposerKind,
    RatingGrade,
    RefusalReason,
    ResultClass,
    ReviewStage,
    SuggestedTopic,
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


@admin.register(OpinionResult)
class OpinionResultAdmin(EntryAdmin):
    """What came of reports that units handled, in the office's own meaning."""


@admin.register(RatingGrade)
class RatingGradeAdmin(EntryAdmin):
    """In which grades proposers rate, and what each counts as."""

    list_display = ["code", "name", "is_satisfied", "needs_reason", "order", "active"]


@admin.register(ReviewStage)
class ReviewStageAdmin(EntryAdmin):
    """The stages of the review, in their order."""


class ProposerKindForm(forms.ModelForm):
    """Who signs is ticked, not typed."""

    roles = forms.MultipleChoiceField(
        label=_("可以署名的任职"),
        choices=Posting.Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("在该组织担任这些职务的人可以撰写、提交并评价。"),
    )

    class Meta:
        model = ProposerKind
        fields = [
            "code",
            "name",
            "body_kind",
            "roles",
            "season",
            "needs_seal",
            "counted_as",
            "order",
            "active",
        ]

    def clean_roles(self) -> list[str]:
        roles = list(self.cleaned_data["roles"])
        if self.instance.body_kind and not roles:
            raise forms.ValidationError(_("请至少选一种任职，否则没有人能以组织名义提出提案。"))
        return roles


@admin.register(ProposerKind)
class ProposerKindAdmin(EntryAdmin):
    """Who may put proposals, when, under what seal, and how reports count it."""

    form = ProposerKindForm
    list_display = ["name", "who_signs_shown", "season", "needs_seal", "counted_as", "active"]

    def has_add_permission(self, request: Any) -> bool:
        """One row for each kind of body: rows are renamed and set, not added."""
        return False

    def get_readonly_fields(self, request: Any, obj: Any = None) -> tuple[str, ...]:
        return ("code", "body_kind")

    @admin.display(description=_("由谁署名"))
    def who_signs_shown(self, kind: ProposerKind) -> str:
        return kind.who_signs


@admin.register(SuggestedTopic)
class SuggestedTopicAdmin(PortalModelAdmin):
    """The catalogue that goes out with the call; what was taken is seen beside it."""

    list_display = [
        "title",
        "plenary",
        "purpose",
        "category",
        "source",
        "taken_shown",
        "reports_shown",
        "order",
        "active",
    ]
    list_filter = ["plenary", "purpose", "active"]
    list_select_related = ["plenary__term", "category"]
    search_fields = ["title", "clue"]
    fields = ["plenary", "purpose", "title", "clue", "source", "category", "order", "active"]

    def get_queryset(self, request: Any) -> Any:
        rows: Any = super().get_queryset(request)
        return rows.with_taken()

    @admin.display(description=_("已提交提案"))
    def taken_shown(self, topic: Any) -> int:
        return int(topic.taken)

    @admin.display(description=_("已提交信息"))
    def reports_shown(self, topic: Any) -> int:
        return int(topic.reported)
