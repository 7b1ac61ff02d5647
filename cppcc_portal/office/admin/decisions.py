"""What bodies decided: recorded once, with the paper it stands on."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy

from cppcc_portal.office import files
from cppcc_portal.office.decisions import DecidingBody, Decision, record_decision
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.workplace import PortalModelAdmin, RegisterAdmin, ScanField, who


@admin.register(DecidingBody)
class DecidingBodyAdmin(RegisterAdmin):
    """Bodies whose decisions let something go on."""

    list_display = ["name", "code", "order", "active"]
    search_fields = ["name"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        # Code asks for bodies by their code.
        return ("code",) if obj is not None else ()


class DecisionForm(forms.ModelForm):
    """One item as it was decided, with the paper that says so."""

    file = ScanField(
        label=gettext_lazy("会议文件"),
        required=False,
        help_text=gettext_lazy("会议纪要或批复的扫描件，PDF、图片或 Word 文件；保存后不能更换。"),
    )

    class Meta:
        model = Decision
        fields = [
            "body",
            "meeting_number",
            "held_on",
            "item",
            "result",
            "text",
            "document_number",
            "replaces",
        ]


@admin.register(Decision)
class DecisionAdmin(PortalModelAdmin):
    """What bodies decided: recorded once, corrected only by a further record."""

    form = DecisionForm
    list_display = ["item", "body", "meeting_number", "held_on", "result", "document_number"]
    list_filter = ["body", "result"]
    list_select_related = ["body"]
    search_fields = ["item", "meeting_number", "document_number"]
    search_help_text = gettext_lazy("议题中的词、会议届次或文号")
    autocomplete_fields = ["replaces"]
    readonly_fields = ["papers"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What is typed when it is recorded; afterwards the paper itself."""
        return [*DecisionForm.Meta.fields, "file" if obj is None else "papers"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("body")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("会议文件"))
    def papers(self, decision: Decision) -> str:
        kept = files.for_subject(decision)
        return render_to_string("components/files.html", {"files": kept})

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        given = dict(form.cleaned_data)
        upload = given.pop("file", None)
        with transaction.atomic():
            decision = record_decision(by=who(request), **given)
            if upload:
                kind = Attachment.Kind.DECISION
                files.accept(upload, subject=decision, by=who(request), kind=kind)
        obj.pk = decision.pk
