"""Who did what: for the auditor alone."""

import re
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cppcc_portal.office import audit
from cppcc_portal.office.audit import AuditEvent, AuditHead
from cppcc_portal.office.spreadsheets import csv_response
from cppcc_portal.office.workplace import ReadOnlyAdmin, who

MOST_EXPORTED = 100_000  # rows of the audit log in one file


# The shapes of what one looks for in the log.
OBJECT = re.compile(r"\w+\.\w+:\d+")
REQUEST = re.compile(r"[0-9a-f]{32}")
ADDRESS = re.compile(r"\d+\.\d+\.\d+\.\d+|[0-9a-fA-F]*:[0-9a-fA-F:.]+")


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    """Who did what, when, from where; for the auditor alone, who can take it away as a file."""

    change_list_template = "admin/office/auditevent/change_list.html"
    list_display = ["at", "account", "role", "action", "object", "result", "address"]
    list_filter = ["result", ("at", admin.DateFieldListFilter)]
    search_fields = ["account", "action", "object", "request_id", "address"]
    search_help_text = gettext_lazy("账号、操作（开头）、对象、请求编号或地址")
    sortable_by = ()
    list_per_page = 100
    fields = [
        "at",
        "account",
        "role",
        "job",
        "address",
        "request_id",
        "action",
        "object",
        "result",
        "before_and_after",
    ]

    def get_urls(self) -> list[Any]:
        return [*self.list_paths({"export": self.export_view}), *super().get_urls()]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """One word, looked for where words of its shape stand, so that an index finds it."""
        word = search_term.strip()
        if not word:
            return queryset, False
        if OBJECT.fullmatch(word):
            found = Q(object=word)
        elif REQUEST.fullmatch(word):
            found = Q(request_id=word)
        elif ADDRESS.fullmatch(word):
            found = Q(address=word)
        else:
            found = Q(account=word) | Q(action__startswith=word)
        return queryset.filter(found), False

    def has_export_permission(self, request: HttpRequest) -> bool:
        return who(request).has_perm("office.export_auditevent")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        head = AuditHead.objects.filter(pk=1).first()
        extra = {
            "head": head,
            "export_url": self.url("export") if self.has_export_permission(request) else "",
            "filters": request.GET.urlencode(),
            **(extra_context or {}),
        }
        return super().changelist_view(request, extra)

    @admin.display(description=gettext_lazy("前后值"))
    def before_and_after(self, event: AuditEvent) -> str:
        return "；".join(
            f"{name}: {before} → {after}" for name, (before, after) in event.fields.items()
        )

    def export_view(self, request: HttpRequest) -> HttpResponse:
        """The events of the list's present filters as a file; the taking away is an event too."""
        if not self.has_export_permission(request):
            raise PermissionDenied
        events = self.get_changelist_instance(request).get_queryset(request)[:MOST_EXPORTED]
        headings = [
            _("时间"),
            _("账号"),
            _("角色"),
            _("自动任务"),
            _("地址"),
            _("请求编号"),
            _("操作"),
            _("对象"),
            _("结果"),
            _("前后值"),
        ]
        rows = [
            [
                event.at,
                event.account,
                event.role,
                event.job,
                event.address,
                event.request_id,
                event.action,
                event.object,
                event.get_result_display(),
                self.before_and_after(event),
            ]
            for event in events
        ]
        audit.record("auditevent.export", by=who(request), fields={"rows": (None, len(rows))})
        return csv_response(f"audit-{timezone.localdate():%Y%m%d}.csv", headings, rows)
