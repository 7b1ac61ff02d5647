"""Lists of results of the review: gathered, printed, passed by the meeting, carried out with a preview."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cppcc_portal.office import files
from cppcc_portal.office.printing import given
from cppcc_portal.office.workflow import NotReady
from cppcc_portal.office.workplace import bind, say_each, who
from proposals.actions import listing
from proposals.admin.choices import ResultChoices
from proposals.admin.many import MOST_AT_ONCE
from proposals.admin.moves import WorkflowAdmin, check_step
from proposals.admin.reviews import ManyReviews
from proposals.filing_forms import DropForm, FilingListForm, FilingRowForm, MeetingForm
from proposals.filing_papers import filing_list, opinion_of, proposer_of, rows_of
from proposals.models import FilingList, FilingRow
from proposals.suggestions import suggest

ROWS_A_PAGE = 50


class FilingRowChoices(ResultChoices, FilingRowForm):
    """One row of the list."""


@admin.register(FilingList)
class FilingListAdmin(WorkflowAdmin):
    """Lists of results, newest first."""

    verbs: ClassVar[dict[str, Any]] = {"decide": MeetingForm, "drop": DropForm}
    list_display = ["title", "plenary", "series", "status", "size", "approval"]
    list_filter = ["status", "plenary", "series"]
    list_select_related = ["plenary__term", "approval__body"]
    search_fields = ["title"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return FilingList.objects.visible_to(who(request)).with_counts()

    @admin.display(description=gettext_lazy("件数"))
    def size(self, listed: Any) -> int:
        return int(listed.size)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return who(request).has_perm("proposals.file_proposal")

    def get_urls(self) -> list[Any]:
        verbs = {
            "gather": self.gather_view,
            "carry_out": self.carry_out_view,
            "paper": self.paper_view,
        }
        rows = [
            path(
                f"<path:object_id>/{verb}/<int:row>/",
                self.admin_site.admin_view(bind(self.row_view, verb=verb)),
                name=f"proposals_filinglist_{verb}",
            )
            for verb in ("row", "leave_out")
        ]
        return [*self.verb_paths(verbs), *rows, *super().get_urls()]

    def whole(self, request: HttpRequest) -> QuerySet[Any]:
        return self.get_queryset(request).select_related("plenary__term", "approval__body")

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Open a list; what the review has a result for is on it at once."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = FilingListForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            listed = listing.start_list(by=who(request), **form.cleaned_data)
            told = _("清单已建立，已列入 %s 件有审查意见的提案。") % listed.rows.count()
            messages.success(request, told)
            return redirect(self.url_of(listed))
        return self.page(
            request,
            "admin/form_page.html",
            _("新建立案审查清单"),
            form=form,
            submit_label=_("汇总"),
            back_url=self.url("changelist"),
        )

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """One list: its rows page by page, what is decided, what is still to do."""
        listed = self.seen(request, object_id, self.whole(request))
        if request.method not in ("GET", "HEAD"):
            return HttpResponse(status=405)
        return self.list_page(request, listed, "change_form.html")

    def list_page(self, request: HttpRequest, listed: Any, template: str) -> HttpResponse:
        pages = Paginator(rows_of(listed), ROWS_A_PAGE)
        page = pages.get_page(request.GET.get("page"))
        for row in page:
            row.who, row.says = proposer_of(row), opinion_of(row)
        may_file = self.has_add_permission(request)
        collecting = listed.status == FilingList.Status.COLLECTING
        return self.page(
            request,
            f"admin/proposals/filinglist/{template}",
            str(listed),
            listed=listed,
            rows=page,
            first_number=page.start_index(),
            pages={
                "previous_url": f"?page={page.previous_page_number()}"
                if page.has_previous()
                else "",
                "next_url": f"?page={page.next_page_number()}" if page.has_next() else "",
            },
            steps=self.steps(listed, request),
            may_edit=may_file and collecting,
            may_carry_out=may_file and listed.status == FilingList.Status.PASSED,
            gather_url=self.url("gather", listed.pk),
            carry_out_url=self.url("carry_out", listed.pk),
            paper_url=self.url("paper", listed.pk),
            back_url=self.url_of(listed),
            changes=listed.changes.select_related("by__person", "scan", "decision__body").order_by(
                "-at", "-pk"
            ),
        )

    def step_view(self, request: HttpRequest, object_id: str, verb: str) -> HttpResponse:
        """Record what the meeting decided, or give the list up; what is missing is told beside what was typed."""
        listed = self.seen(request, object_id, self.whole(request))
        move = check_step(listed, verb, who(request))
        posted = request.method == "POST"
        form = self.verbs[verb](request.POST if posted else None, request.FILES if posted else None)
        if form.is_valid():
            try:
                getattr(listing, verb)(listed, by=who(request), **form.cleaned_data)
            except (NotReady, files.Refused) as refused:
                for reason in getattr(refused, "reasons", [str(refused)]):
                    form.add_error(None, reason)
            else:
                messages.success(request, _("已办理“%s”。") % move.label)
                return redirect(self.url_of(listed))
        return self.page(
            request,
            "admin/form_page.html",
            str(move.label),
            lead=str(listed),
            form=form,
            submit_label=move.label,
            back_url=self.url_of(listed),
        )

    def gather_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Put on the list what the review has a result for by now."""
        listed = self.seen(request, object_id, self.whole(request))
        if request.method != "POST":
            raise Http404
        added = listing.gather(listed, by=who(request))
        if added:
            messages.success(request, _("新列入 %s 件。") % added)
        else:
            messages.info(request, _("没有新的审查结果；有审查意见的提案才会列入。"))
        return redirect(self.url_of(listed))

    def carry_out_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Look through what will be done, then do all of it; each that is refused is named."""
        listed = self.seen(request, object_id, self.whole(request))
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return self.list_page(request, listed, "carry_out.html")
        before = listed.rows.filter(done_at__isnull=False).count()
        left = listing.carry_out(listed, by=who(request))
        done = listed.rows.filter(done_at__isnull=False).count() - before
        say_each(request, done, [(row.proposal, row.told) for row in left], _("办理"))
        return redirect(self.url_of(listed))

    def row_view(self, request: HttpRequest, object_id: str, row: int, verb: str) -> HttpResponse:
        """Another result for one proposal of the list, or take it off."""
        listed = self.seen(request, object_id, self.whole(request))
        found: FilingRow | None = rows_of(listed).filter(pk=row).first()
        if found is None:
            raise Http404
        if not self.has_add_permission(request):
            raise PermissionDenied
        if verb == "leave_out":
            if request.method != "POST":
                raise Http404
            listing.leave_out(listed, found.proposal, by=who(request))
            messages.success(request, _("已移出清单：%s") % found.proposal)
            return redirect(self.url_of(listed))
        names = ("result", "category", "lead", "main", "refusal_reason", "destination", "note")
        given: dict[str, Any] = {name: getattr(found, name) for name in names}
        given["joint"] = list(found.joint.all())
        form = FilingRowChoices(request.POST if request.method == "POST" else None, initial=given)
        if form.is_valid():
            try:
                listing.put_on_list(listed, found.proposal, by=who(request), **form.cleaned_data)
            except NotReady as refused:
                for reason in refused.reasons:
                    form.add_error(None, reason)
            else:
                return redirect(self.url_of(listed))
        return self.page(
            request,
            "admin/form_page.html",
            _("拟审查结果"),
            lead=f"{found.proposal.display_number} {found.proposal}",
            form=form,
            media=self.media + form.media,
            submit_label=_("保存"),
            back_url=self.url_of(listed),
        )

    def paper_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The list for the meeting, as Word or PDF."""
        listed = self.seen(request, object_id, self.whole(request))
        paper = filing_list(listed)
        return given(request, paper, listed, "filing_list", _("立案审查清单"), listed.title)


class ManyListed(ManyReviews):
    """Ticked proposals come on the list that is being gathered, beside the other bulk actions."""

    actions = [*ManyReviews.actions, "list_many"]

    @admin.action(description=gettext_lazy("列入立案审查清单"), permissions=["file"])
    def list_many(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        chosen = list(queryset.order_by("submitted_at", "pk")[:MOST_AT_ONCE])
        likely = suggest(chosen)
        self.many(
            request,
            chosen,
            lambda proposal: listing.put_as_reviewed(
                proposal, by=who(request), category=likely[proposal.pk].category
            ),
            _("列入清单"),
        )
