"""The import of a member roster in the workplace: upload, preview, questions, confirmation, result."""

import io
import json
from dataclasses import replace
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cppcc_portal.office.archives import Refused
from cppcc_portal.office.workplace import ReadOnlyAdmin, who
from members.importing import rosters
from members.importing.known import known_of
from members.importing.plan import Verdict
from members.models import RosterImport, Term
from members.models.imports import imports_members, rows_left_out
from members.roster.template import template
from members.roster_forms import ALL, GOOD, AnswersForm, ConfirmForm, UploadForm

VERDICTS = {
    Verdict.CREATED: gettext_lazy("新增"),
    Verdict.UPDATED: gettext_lazy("更新"),
    Verdict.UNCHANGED: gettext_lazy("无变化"),
    Verdict.ASKED: gettext_lazy("要回答"),
    Verdict.REFUSED: gettext_lazy("有错"),
    Verdict.SKIPPED: gettext_lazy("不写"),
}
SEVERITIES = {
    "error": gettext_lazy("错误"),
    "question": gettext_lazy("问题"),
    "warning": gettext_lazy("提醒"),
}
WAITING = {RosterImport.Status.UPLOADED, RosterImport.Status.CONFIRMED}
# The colours of the workplace go by words it already has.
TONES: dict[str, str] = {
    RosterImport.Status.UPLOADED: "running",
    RosterImport.Status.READ: "waiting",
    RosterImport.Status.CONFIRMED: "running",
    RosterImport.Status.WRITTEN: "done",
    RosterImport.Status.REFUSED: "failed",
    RosterImport.Status.CANCELLED: "cancelled",
}
STOP_POLLING = 286  # what the progress component takes as the end


@admin.register(RosterImport)
class RosterImportAdmin(ReadOnlyAdmin):
    """Rosters that were brought in, found again by whoever may bring one in."""

    change_list_template = "admin/members/rosterimport/change_list.html"
    list_display = ["name", "term", "status_shown", "counted", "created_by", "created_at"]
    list_filter = ["status", "term"]
    search_fields = ["name"]
    search_help_text = gettext_lazy("文件名")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return imports_members(obj, who(request))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("upload/", view(self.upload_view), name="members_roster_import"),
            path("template/", view(self.template_view), name="members_roster_template"),
            *self.verb_paths(
                {
                    "progress": self.progress_view,
                    "answer": self.answer_view,
                    "confirm": self.confirm_view,
                    "cancel": self.cancel_view,
                    "again": self.again_view,
                }
            ),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("term", "created_by__person")

    @admin.display(description=gettext_lazy("状态"), ordering="status")
    def status_shown(self, roster: RosterImport) -> str:
        return format_html(
            '<span class="status" data-status="{}">{}</span>',
            TONES.get(roster.status, roster.status),
            roster.get_status_display(),
        )

    @admin.display(description=gettext_lazy("行数"))
    def counted(self, roster: RosterImport) -> str:
        told = [f"{VERDICTS[one]} {roster.count(one)}" for one in Verdict if roster.count(one)]
        return "，".join(told) or "—"

    # Bringing a file in ----------------------------------------------------------------------

    def may_import(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied

    def upload_view(self, request: HttpRequest) -> HttpResponse:
        """Which file, of which term, and what happens where rows are wrong."""
        self.may_import(request)
        form = UploadForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
        if form.is_valid():
            try:
                roster = rosters.upload(**form.cleaned_data, by=who(request))
            except Refused as refusal:
                form.add_error("file", refusal.message)
            else:
                return redirect(self.url_of(roster))
        return self.page(
            request,
            "admin/members/rosterimport/upload.html",
            _("导入名册"),
            form=form,
            has_term=Term.objects.exists(),
            back_url=self.url("changelist"),
        )

    def template_view(self, request: HttpRequest) -> HttpResponseBase:
        """The workbook to fill in, with the bodies of a term in its drop-downs."""
        self.may_import(request)
        asked = request.GET.get("term", "")
        terms = Term.objects.order_by("-is_current", "-number")
        term = terms.filter(pk=int(asked)).first() if asked.isdecimal() else terms.first()
        if term is None:
            raise Http404
        written = io.BytesIO()
        template(replace(known_of(term), terms=(term.number,))).save(written)
        written.seek(0)
        return FileResponse(
            written, as_attachment=True, filename=_("委员名册模板（%s）.xlsx") % term
        )

    # One import ------------------------------------------------------------------------------

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """How far it is, what would be written, what was written."""
        return self.show(request, self.seen(request, object_id))

    def show(
        self, request: HttpRequest, roster: RosterImport, answers: AnswersForm | None = None
    ) -> HttpResponse:
        shown = json.loads(roster.preview) if roster.preview else {}
        is_read = roster.status == RosterImport.Status.READ
        if is_read and answers is None:
            answers = AnswersForm(roster, shown)
        confirm = ConfirmForm(
            initial={
                "version": roster.version,
                "all_or_nothing": ALL if roster.all_or_nothing else GOOD,
            }
        )
        for row in shown.get("rows", []):
            row["label"] = VERDICTS[Verdict(row["verdict"])]
        for problem in shown.get("problems", []):
            problem["label"] = SEVERITIES[problem["severity"]]
        return self.page(
            request,
            "admin/members/rosterimport/detail.html",
            str(roster),
            roster=roster,
            tone=TONES.get(roster.status, roster.status),
            shown=shown,
            counts=[
                (VERDICTS[one], roster.count(one), one)
                for one in Verdict
                if roster.count(one) or one is not Verdict.SKIPPED
            ],
            is_read=is_read,
            answers=answers if answers and answers.fields else None,
            confirm=confirm,
            # What stands in the way whichever rows are chosen.
            missing=[]
            if roster.count("created") + roster.count("updated")
            else rows_left_out(roster),
            job=rosters.job_of(roster),
            sent=rosters.sent_file(roster),
            marked=rosters.marked_file(roster),
            can_cancel=roster.can("cancel", who(request)),
            is_waiting=roster.status in WAITING,
            left_out=roster.count("asked") + roster.count("refused"),
            urls={
                verb: self.url(verb, roster.pk)
                for verb in ("progress", "answer", "confirm", "cancel", "again")
            },
            again_url=reverse("admin:members_roster_import"),
            members_url=f"{reverse('admin:members_membership_changelist')}"
            f"?term__id__exact={roster.term_id}",
            back_url=self.url("changelist"),
        )

    def progress_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The moving piece of the page; when the work is over the whole page is asked anew."""
        roster = self.seen(request, object_id)
        job = rosters.job_of(roster)
        if job is None or job.is_over:
            return HttpResponse(status=STOP_POLLING, headers={"HX-Refresh": "true"})
        return render(request, "components/progress_state.html", {"job": job})

    def answer_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Take the answers and read the file again with them."""
        roster = self.seen(request, object_id)
        if request.method != "POST":
            return redirect(self.url_of(roster))
        shown = json.loads(roster.preview) if roster.preview else {}
        form = AnswersForm(roster, shown, request.POST)
        if not form.is_valid():
            return self.show(request, roster, form)
        rosters.answer(
            roster,
            answers=form.answers,
            may_add=form.cleaned_data.get("may_add", roster.may_add),
            forget=form.cleaned_data.get("forget", False),
            by=who(request),
        )
        return redirect(self.url_of(roster))

    def confirm_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Have it written: exactly what the page showed, or nothing."""
        roster = self.seen(request, object_id)
        form = ConfirmForm(request.POST if request.method == "POST" else None)
        if not form.is_valid():
            return redirect(self.url_of(roster))
        if (
            roster.status == RosterImport.Status.READ
            and form.cleaned_data["version"] != roster.version
        ):
            messages.warning(request, _("这份名册刚刚重新对照过，请按最新的预览再确认。"))
            return redirect(self.url_of(roster))
        rosters.confirm(roster, all_or_nothing=form.cleaned_data["all_or_nothing"], by=who(request))
        return redirect(self.url_of(roster))

    def cancel_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Give it up; nothing has been written."""
        roster = self.seen(request, object_id)
        if request.method == "POST":
            rosters.cancel(roster, by=who(request))
            messages.success(request, _("已取消，名册没有写入。"))
        return redirect(self.url_of(roster))

    def again_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Let the work that failed run once more."""
        roster = self.seen(request, object_id)
        if request.method == "POST" and rosters.try_again(roster, by=who(request)):
            messages.success(request, _("已重新开始。"))
        return redirect(self.url_of(roster))
