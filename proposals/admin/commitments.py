"""What units promised: followed until kept, or until it is said why not."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cppcc_portal.office.workplace import FILTERS, who
from members.models import Commitment
from proposals import actions
from proposals.admin.moves import WorkflowAdmin, check_step, proposal_url
from proposals.models import ResultClass
from proposals.models.promises import made_in
from proposals.promises import promises_of


class ClassForm(forms.Form):
    """The class as it now is; empty where it stays."""

    result_class = forms.ModelChoiceField(
        label=gettext_lazy("现在的办理结果类别"),
        queryset=ResultClass.objects.filter(active=True),
        required=False,
        help_text=gettext_lazy(
            "类别有变化时选择，例如由 B 改为 A；不选则不变。所有提案人都会收到。"
        ),
    )


class KeptForm(ClassForm):
    """What was done."""

    field_order = ("note", "result_class")
    note = forms.CharField(
        label=gettext_lazy("兑现情况"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("做成了什么、何时完成、如何核实。"),
    )


class DroppedForm(ClassForm):
    """Why it was not done."""

    field_order = ("note", "result_class")
    note = forms.CharField(
        label=gettext_lazy("未能兑现的原因"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("单位怎样说明、以后怎样处理。"),
    )


class DueFilter(admin.SimpleListFilter):
    """Promises whose day has come."""

    title = gettext_lazy("是否到期")
    parameter_name = "due"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", _("已到期未了结"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "1":
            return queryset.filter(status=Commitment.Status.OPEN, due_on__lte=timezone.localdate())
        return queryset


def is_late(commitment: Commitment) -> bool:
    """Whether the day has passed and nobody has said what came of it."""
    return commitment.status == Commitment.Status.OPEN and commitment.due_on < timezone.localdate()


def steps_of(commitment: Commitment, user: Any) -> list[dict[str, Any]]:
    """What this person may do with a promise now, each to its own page."""
    return [
        {
            "label": move.label,
            "url": reverse(f"admin:members_commitment_{verb}", args=[commitment.pk]),
        }
        for verb, move in commitment.open_moves(user)
    ]


@admin.register(Commitment)
class CommitmentAdmin(WorkflowAdmin):
    """What units promised, by whom, by when, and what came of it."""

    verbs: ClassVar[dict[str, Any]] = {"keep": KeptForm, "drop": DroppedForm}
    list_display = ["number_shown", "what", "unit", "who", "due_shown", "status"]
    list_display_links = ["number_shown", "what"]
    list_filter = [DueFilter, "status", "unit"]
    list_select_related = ["unit"]
    search_fields = ["what", "unit__name", "unit__initials"]
    search_help_text = gettext_lazy("承诺事项中的词、单位名称或拼音首字母")
    sortable_by = ("due_shown",)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        changes = super().get_changelist_instance(request)
        origins = made_in(changes.result_list)
        for commitment in changes.result_list:
            commitment.origin = origins.get(commitment.subject)
        return changes

    @admin.display(description=gettext_lazy("提案号"))
    def number_shown(self, commitment: Any) -> str:
        return commitment.origin.handling.proposal.display_number if commitment.origin else "—"

    @admin.display(description=gettext_lazy("完成期限"), ordering="due_on")
    def due_shown(self, commitment: Commitment) -> str:
        if not is_late(commitment):
            return f"{commitment.due_on:%Y-%m-%d}"
        words = _("%s 已逾期") % f"{commitment.due_on:%Y-%m-%d}"
        return format_html('<span class="overdue">{}</span>', words)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """One promise: what, who, by when, the reply or consultation it was made in, what came of it."""
        commitment = self.seen(request, object_id, self.whole(request))
        if request.method not in ("GET", "HEAD"):
            return HttpResponse(status=405)
        origin = made_in([commitment]).get(commitment.subject)
        reply = origin.reply if origin else None
        promises_of([reply] if reply else [])
        return self.page(
            request,
            "admin/members/commitment/change_form.html",
            _("承诺事项"),
            commitment=commitment,
            late=is_late(commitment),
            origin=origin,
            proposal_url=proposal_url(origin.handling.proposal) if origin else "",
            steps=self.steps(commitment, request),
            changes=commitment.changes.select_related("by__person", "scan", "decision").order_by(
                "-at", "-pk"
            ),
        )

    def whole(self, request: HttpRequest) -> Any:
        return self.get_queryset(request).select_related("unit")

    def step_view(self, request: HttpRequest, object_id: str, verb: str) -> HttpResponse:
        """Say that a promise was kept, or why not."""
        commitment = self.seen(request, object_id, self.whole(request))
        move = check_step(commitment, verb, who(request))
        form = self.verbs[verb](request.POST if request.method == "POST" else None)
        if form.is_valid():
            actions.settle_commitment(
                commitment, by=who(request), kept=verb == "keep", **form.cleaned_data
            )
            messages.success(request, _("已办理“%s”。") % move.label)
            return redirect(self.onwards(request, commitment))
        return self.page(
            request,
            "admin/form_page.html",
            str(move.label),
            lead=f"{commitment.unit}：{commitment.what}（{commitment.due_on:%Y-%m-%d}）",
            form=form,
            submit_label=move.label,
            back_url=self.url_of(commitment, request),
        )

    def onwards(self, request: HttpRequest, commitment: Commitment) -> str:
        """Back to the list from which one came, or to the proposal."""
        origin = made_in([commitment]).get(commitment.subject)
        if request.GET.get(FILTERS) or origin is None:
            query = request.GET.get(FILTERS, "")
            return f"{self.url('changelist')}?{query}" if query else self.url("changelist")
        return proposal_url(origin.handling.proposal)
