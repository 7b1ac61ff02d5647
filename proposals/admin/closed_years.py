"""年结: which plenary years are closed, and how one is opened again by name."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cppcc_portal.office.workplace import who
from proposals import actions
from proposals.admin.moves import WorkflowAdmin, check_step
from proposals.models import ClosedYear


class ReopenYearForm(forms.Form):
    """By whose leave the year is opened, and what for; both stay on record."""

    whom = forms.CharField(
        label=gettext_lazy("批准重新开放的领导"),
        max_length=60,
        help_text=gettext_lazy("姓名和职务。"),
    )
    reason = forms.CharField(
        label=gettext_lazy("事由"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("为什么重新开放、要改什么；改完请再次年结。"),
    )


class CloseAgainForm(forms.Form):
    """What was changed while the year was open."""

    note = forms.CharField(
        label=gettext_lazy("说明"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@admin.register(ClosedYear)
class ClosedYearAdmin(WorkflowAdmin):
    """Closed years with their history; a year is closed on the page that archives it."""

    verbs: ClassVar[dict[str, Any]] = {"reopen": ReopenYearForm, "close": CloseAgainForm}
    list_display = ["plenary", "status", "closed_at", "reopened_by_whom"]
    list_select_related = ["plenary__term"]

    def with_all(self, request: HttpRequest, object_id: str) -> ClosedYear:
        rows = self.get_queryset(request).select_related("plenary__term")
        year: ClosedYear = self.seen(request, object_id, rows)
        return year

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """One year with its history."""
        year = self.with_all(request, object_id)
        if request.method not in ("GET", "HEAD"):
            return HttpResponse(status=405)
        return self.page(
            request,
            "admin/proposals/closedyear/change_form.html",
            str(year),
            year=year,
            steps=self.steps(year, request),
            changes=year.changes.select_related("by__person", "scan", "decision").order_by(
                "-at", "-pk"
            ),
        )

    def step_view(self, request: HttpRequest, object_id: str, verb: str) -> HttpResponse:
        """Open the year again by name, or close it anew."""
        year = self.with_all(request, object_id)
        move = check_step(year, verb, who(request))
        form = self.verbs[verb](request.POST if request.method == "POST" else None)
        if form.is_valid():
            if verb == "reopen":
                actions.reopen_year(year, by=who(request), **form.cleaned_data)
            else:
                actions.close_year(year.plenary, by=who(request), **form.cleaned_data)
            messages.success(request, _("已办理“%s”。") % move.label)
            return redirect(self.url_of(year, request))
        return self.page(
            request,
            "admin/form_page.html",
            str(move.label),
            lead=str(year.plenary),
            form=form,
            submit_label=move.label,
            back_url=self.url_of(year, request),
        )
