"""The import of proposals in the workplace: upload, preview, confirmation, result."""

import io
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cppcc_portal.office import files
from cppcc_portal.office.archives import Refused
from cppcc_portal.office.workflow import NotReady
from cppcc_portal.office.workplace import ReadOnlyAdmin, who
from members.models import Sector, Unit
from members.roster.marked import marked
from members.roster.report import Severity
from proposals import actions
from proposals.actions.importing import Looked, look
from proposals.import_forms import ALL, GOOD, ConfirmForm, UploadForm
from proposals.importing.rows import Planned, Verdict
from proposals.importing.template import document, workbook
from proposals.models import ProposalImport

VERDICTS = {
    Verdict.CREATED: gettext_lazy("新增"),
    Verdict.UPDATED: gettext_lazy("更新"),
    Verdict.UNCHANGED: gettext_lazy("无变化"),
    Verdict.REFUSED: gettext_lazy("有错"),
}
TONES: dict[str, str] = {
    ProposalImport.Status.READ: "waiting",
    ProposalImport.Status.WRITTEN: "done",
    ProposalImport.Status.CANCELLED: "cancelled",
}
ROW_TONES = {
    Verdict.CREATED: "done",
    Verdict.UPDATED: "running",
    Verdict.UNCHANGED: "plain",
    Verdict.REFUSED: "failed",
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_SHOWN = 200  # rows, and problems, of one page; the marked file holds them all


@admin.register(ProposalImport)
class ProposalImportAdmin(ReadOnlyAdmin):
    """Uploads of proposals, found again by whoever may bring one in."""

    change_list_template = "admin/proposals/proposalimport/change_list.html"
    list_display = ["name", "status_shown", "counted", "created_by", "created_at"]
    list_filter = ["status"]
    search_fields = ["name"]
    search_help_text = gettext_lazy("文件名")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return who(request).has_perm("proposals.import_proposal")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("upload/", view(self.upload_view), name="proposals_import"),
            path("template.xlsx", view(self.workbook_view), name="proposals_import_workbook"),
            path("template.docx", view(self.document_view), name="proposals_import_document"),
            *self.verb_paths(
                {
                    "confirm": self.confirm_view,
                    "cancel": self.cancel_view,
                    "marked": self.marked_view,
                }
            ),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("created_by__person")

    @admin.display(description=gettext_lazy("状态"), ordering="status")
    def status_shown(self, batch: ProposalImport) -> str:
        return format_html(
            '<span class="status" data-status="{}">{}</span>',
            TONES[batch.status],
            batch.get_status_display(),
        )

    @admin.display(description=gettext_lazy("件数"))
    def counted(self, batch: ProposalImport) -> str:
        told = [
            f"{label} {batch.count(one)}" for one, label in VERDICTS.items() if batch.count(one)
        ]
        return "，".join(told) or "—"

    # Bringing files in -----------------------------------------------------------------------

    def may_import(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied

    def upload_view(self, request: HttpRequest) -> HttpResponse:
        """Which files; they are read at once and shown before anything is written."""
        self.may_import(request)
        form = UploadForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
        if form.is_valid():
            try:
                batch = actions.upload_proposals(form.cleaned_data["uploads"], by=who(request))
            except Refused as refusal:
                form.add_error("uploads", refusal.message)
            else:
                return redirect(self.url_of(batch))
        return self.page(
            request,
            "admin/proposals/proposalimport/upload.html",
            _("导入提案"),
            form=form,
            back_url=self.url("changelist"),
        )

    def workbook_view(self, request: HttpRequest) -> HttpResponseBase:
        """The list to fill in, with sectors and units in its drop-downs."""
        self.may_import(request)
        sectors = Sector.objects.filter(term__is_current=True, active=True)
        written = io.BytesIO()
        workbook(
            sectors=sectors.values_list("name", flat=True),
            units=[str(unit) for unit in Unit.objects.in_use()],
        ).save(written)
        written.seek(0)
        return FileResponse(written, as_attachment=True, filename=_("提案清单模板.xlsx"))

    def document_view(self, request: HttpRequest) -> HttpResponseBase:
        """The form of one proposal."""
        self.may_import(request)
        written = io.BytesIO()
        document().save(written)
        written.seek(0)
        return FileResponse(written, as_attachment=True, filename=_("提案表模板.docx"))

    # One upload ------------------------------------------------------------------------------

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """What would be written, or what was."""
        return self.show(request, self.seen(request, object_id))

    def show(
        self, request: HttpRequest, batch: ProposalImport, form: ConfirmForm | None = None
    ) -> HttpResponse:
        is_read = batch.status == ProposalImport.Status.READ
        looked = self.looked(request, batch) if is_read else None
        counts = looked.plan.counts if looked else batch.counts
        if looked and form is None:
            form = ConfirmForm(
                initial={"fingerprint": looked.plan.fingerprint, "all_or_nothing": GOOD}
            )
        return self.page(
            request,
            "admin/proposals/proposalimport/detail.html",
            str(batch),
            batch=batch,
            tone=TONES[batch.status],
            counts=[(label, counts.get(one, 0), one.value) for one, label in VERDICTS.items()],
            is_read=is_read,
            form=form,
            ALL=ALL,
            all_or_nothing_asked=bool(counts.get("refused")),
            rows=self.rows(looked) if looked else [],
            problems=self.problems(looked) if looked else [],
            in_all=len(looked.plan.rows) if looked else 0,
            problems_in_all=len(looked.plan.problems) if looked else 0,
            can_write=bool(looked and looked.plan.writes),
            submitted=sum(row.submitted_at is not None for row in looked.plan.rows)
            if looked
            else 0,
            has_marked=bool(looked and looked.plan.parsed and looked.plan.problems),
            files=files.for_subject(batch),
            urls={verb: self.url(verb, batch.pk) for verb in ("confirm", "cancel", "marked")},
            drafts_url=f"{reverse('admin:proposals_proposal_changelist')}?queue=entered",
            again_url=reverse("admin:proposals_import"),
            back_url=self.url("changelist"),
        )

    def looked(self, request: HttpRequest, batch: ProposalImport) -> Looked | None:
        """The files against the register as it is; why not, when they cannot be compared now."""
        try:
            return look(batch)
        except Refused as refusal:
            messages.warning(request, refusal.message)
            return None

    def rows(self, looked: Looked) -> list[dict[str, Any]]:
        """The rows of the preview: what is wrong first."""
        order = list(ROW_TONES)
        rows = sorted(looked.plan.rows, key=lambda row: -order.index(row.verdict))
        return [self.row(row) for row in rows[:MOST_SHOWN]]

    def row(self, row: Planned) -> dict[str, Any]:
        return {
            "sheet": row.record.sheet,
            "row": row.record.row or "",
            "label": VERDICTS[row.verdict],
            "tone": ROW_TONES[row.verdict],
            "title": row.parts["title"],
            "proposer": row.proposer,
            "lengths": "、".join(
                f"{label}{len(row.parts[name])}"
                for name, label in (
                    ("situation", _("情况")),
                    ("analysis", _("分析")),
                    ("suggestions", _("建议")),
                )
            ),
            "submitted_at": row.submitted_at,
        }

    def problems(self, looked: Looked) -> list[dict[str, Any]]:
        """Errors before remarks."""
        found = sorted(looked.plan.problems, key=lambda one: one.severity is not Severity.ERROR)
        return [
            {
                "problem": problem,
                "label": _("错误") if problem.severity is Severity.ERROR else _("提醒"),
                "tone": "failed" if problem.severity is Severity.ERROR else "plain",
            }
            for problem in found[:MOST_SHOWN]
        ]

    def confirm_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Have it written: exactly what the page showed, or nothing."""
        batch = self.seen(request, object_id)
        form = ConfirmForm(request.POST if request.method == "POST" else None)
        if not form.is_valid():
            return redirect(self.url_of(batch))
        try:
            plan = actions.write_proposals(batch, by=who(request), **form.cleaned_data)
        except NotReady as refused:
            for reason in refused.reasons:
                messages.warning(request, reason)
        except Refused as refusal:
            messages.warning(request, refusal.message)
        else:
            words = {"created": plan.counts["created"], "updated": plan.counts["updated"]}
            messages.success(
                request, _("已写入：新增 %(created)s 件，更新 %(updated)s 件。") % words
            )
        return redirect(self.url_of(batch))

    def cancel_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Give it up; nothing has been written."""
        batch = self.seen(request, object_id)
        if request.method == "POST":
            actions.cancel_import(batch, by=who(request))
            messages.success(request, _("已取消，没有写入；上传的文件已销毁。"))
        return redirect(self.url_of(batch))

    def marked_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The table back with its bad cells in colour and the reasons beside them."""
        batch = self.seen(request, object_id)
        looked = self.looked(request, batch)
        if looked is None or looked.plan.parsed is None:
            raise Http404
        written = io.BytesIO()
        marked(looked.plan.parsed).save(written)
        name = _("%s（标出问题）.xlsx") % batch.name.rsplit(".", 1)[0][:80]
        headers = {"Content-Disposition": content_disposition_header(True, name)}
        return HttpResponse(written.getvalue(), content_type=XLSX, headers=headers)
