"""Rules and days."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cppcc_portal.office import deadlines
from cppcc_portal.office.deadlines import DeadlineRule, Holiday
from cppcc_portal.office.working_days import HolidayFileError, load_holidays, read_holidays
from cppcc_portal.office.workplace import RegisterAdmin, who


@admin.register(DeadlineRule)
class DeadlineRuleAdmin(RegisterAdmin):
    """How long things may take; the rules themselves are named in the code."""

    list_display = ["label", "term_words", "start_label", "near_days", "note"]
    readonly_fields = ["code"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description=gettext_lazy("期限"))
    def term_words(self, rule: DeadlineRule) -> str:
        return str(rule.term)


class HolidayFileForm(forms.Form):
    """The State Council's plan of a year as a file."""

    file = forms.FileField(
        label=gettext_lazy("节假日文件"),
        help_text=gettext_lazy(
            "CSV 文件，表头为 date,kind,name,status,comment；同一年份以文件为准，可重复导入。"
        ),
    )


@admin.register(Holiday)
class HolidayAdmin(RegisterAdmin):
    """Days off and make-up days; loaded from a file each November."""

    change_list_template = "admin/office/holiday/change_list.html"
    list_display = ["day", "kind", "name", "status", "comment"]
    list_filter = ["kind", "status"]
    search_fields = ["name"]
    date_hierarchy = "day"

    def get_urls(self) -> list[Any]:
        return [*self.list_paths({"load": self.load_view}), *super().get_urls()]

    def load_view(self, request: HttpRequest) -> HttpResponse:
        """Bring the table to what a file says of its years."""
        if not (self.has_add_permission(request) and self.has_change_permission(request)):
            raise PermissionDenied
        posted = request.method == "POST"
        form = HolidayFileForm(request.POST if posted else None, request.FILES if posted else None)
        if form.is_valid():
            content = form.cleaned_data["file"].read()
            try:
                done = load_holidays(read_holidays(content), by=who(request))
                moved = deadlines.recalculate_guesses(on=timezone.localdate(), by=who(request))
            except HolidayFileError as error:
                for fault in error.faults[:50]:
                    form.add_error("file", fault)
            else:
                messages.success(
                    request,
                    _(
                        "导入完成：新增 %(added)s 天，更新 %(changed)s 天，移除 %(removed)s 天；"
                        "按新安排重新推算了 %(moved)s 项期限。"
                    )
                    % {
                        "added": done.added,
                        "changed": done.changed,
                        "removed": done.removed,
                        "moved": len(moved),
                    },
                )
                return redirect(self.url("changelist"))
        return self.page(
            request,
            "admin/form_page.html",
            _("导入节假日"),
            form=form,
            submit_label=_("导入"),
            back_url=self.url("changelist"),
        )
