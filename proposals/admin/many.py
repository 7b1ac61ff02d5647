"""Many proposals at once: one row at a time through its action, each refusal named."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cppcc_portal.office.workplace import say_each, take_each, who
from members.models import Unit
from proposals import actions
from proposals.admin.choices import FilingForm, ShareRow
from proposals.admin.moves import WorkflowAdmin
from proposals.models import Proposal
from proposals.models.consultations import may_hand_over
from proposals.suggestions import suggest
from proposals.turns import due_if_handed_over

MOST_AT_ONCE = 200  # rows of one bulk action
MOST_TALKED_ABOUT = 50  # proposals of one consultation


def hindrance(proposal: Proposal) -> str:
    """Why it is not handed over now; told before anything is pressed."""
    if proposal.status in Proposal.NOT_HANDED_OVER:
        return ""
    return _("现在是「%s」，不能办理。") % proposal.get_status_display()


class ManyAtOnce(WorkflowAdmin):
    """The bulk actions of the list of proposals."""

    actions = [
        "submit_many",
        "start_review_many",
        "file_many",
        "hand_over_many",
        "close_many",
        "excellent_many",
        "talks_many",
    ]

    def many(
        self,
        request: HttpRequest,
        rows: Any,
        act: Callable[[Proposal], Any],
        word: str,
    ) -> None:
        """One row at a time through its action; each that is refused is named with the reason."""
        say_each(request, *take_each(rows[:MOST_AT_ONCE], act), word)

    def get_urls(self) -> list[Any]:
        pages = {"file_many": self.file_many_view, "hand_over_many": self.hand_over_many_view}
        return [*self.list_paths(pages), *super().get_urls()]

    @admin.action(description=gettext_lazy("提交代录草稿"), permissions=["enter"])
    def submit_many(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Drafts entered here, from paper or a list, go to the review in the order they came."""
        self.many(
            request,
            queryset.order_by("pk"),
            lambda proposal: actions.submit(proposal, by=who(request)),
            _("提交"),
        )

    @admin.action(description=gettext_lazy("开始审查"), permissions=["review"])
    def start_review_many(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self.many(
            request,
            queryset,
            lambda proposal: actions.start_review(proposal, by=who(request)),
            _("开始审查"),
        )

    @admin.action(description=gettext_lazy("立案（选择类别）"), permissions=["file"])
    def file_many(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse:
        """To the page on which the category is chosen for all of them."""
        chosen = list(queryset.order_by("pk")[:MOST_AT_ONCE])
        return self.file_page(request, chosen, FilingForm(initial=self.shared(chosen)))

    def file_many_view(self, request: HttpRequest) -> HttpResponse:
        """The category is chosen: file the ticked proposals in the order of their submission."""
        if not self.has_view_permission(request) or not self.has_file_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return redirect(self.url("changelist"))
        rows = self.posted(request, "chosen").order_by("submitted_at", "pk")
        form = FilingForm(request.POST)
        if form.is_valid():
            self.many(
                request,
                rows,
                lambda proposal: actions.file(proposal, by=who(request), **form.cleaned_data),
                _("立案"),
            )
            return redirect(self.back(request))
        return self.file_page(request, list(rows), form)

    def posted(self, request: HttpRequest, name: str) -> Any:
        """The proposals whose keys were posted, as far as this person may see them."""
        keys = [int(key) for key in request.POST.getlist(name) if key.isascii() and key.isdigit()]
        rows: Any = self.get_queryset(request)
        return rows.filter(pk__in=keys[:MOST_AT_ONCE]).with_first_proposer()

    def shared(self, chosen: list[Proposal]) -> dict[str, Any]:
        """The category that suits all of them, if there is one."""
        likely = {suggestion.category for suggestion in suggest(chosen).values()}
        return {"category": likely.pop()} if len(likely) == 1 else {}

    def file_page(self, request: HttpRequest, chosen: list[Any], form: Any) -> HttpResponse:
        return self.page(
            request,
            "admin/proposals/proposal/file_many.html",
            _("立案"),
            chosen=chosen,
            form=form,
            submit_url=self.url("file_many"),
            submit_label=_("立案"),
            list_query=request.POST.get("list", request.GET.urlencode()),
            back_url=self.back(request),
        )

    def back(self, request: HttpRequest) -> str:
        """The list with the filters it had when the rows were ticked."""
        query = request.POST.get("list", request.GET.urlencode())
        return f"{self.url('changelist')}?{query}" if query else self.url("changelist")

    @admin.action(description=gettext_lazy("交办（确认单位）"), permissions=["hand_over"])
    def hand_over_many(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse:
        """To the page on which each proposal's units are looked through."""
        chosen = list(queryset.order_by("pk")[:MOST_AT_ONCE])
        return self.hand_over_page(request, self.share_rows(chosen))

    def share_rows(self, chosen: list[Proposal], given: Any = None) -> list[ShareRow]:
        """A row of choices for each proposal, filled with what is likely."""
        units = {str(unit.pk): unit for unit in Unit.objects.in_use()}
        likely = suggest(chosen)
        return [
            ShareRow(given, proposal=proposal, suggestion=likely[proposal.pk], units=units)
            for proposal in chosen
        ]

    def hand_over_many_view(self, request: HttpRequest) -> HttpResponse:
        """The units were looked through: hand over what is ticked, or nothing while a unit is lacking."""
        if not self.has_view_permission(request) or not self.has_hand_over_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return redirect(self.url("changelist"))
        chosen = list(self.posted(request, "rows").order_by("number", "pk"))
        forms = {form.proposal.pk: form for form in self.share_rows(chosen, request.POST)}
        if not all(form.is_valid() for form in forms.values()):
            return self.hand_over_page(request, list(forms.values()))
        ticked = [row for row in chosen if forms[row.pk].cleaned_data["chosen"]]

        def act(proposal: Proposal) -> Any:
            given = forms[proposal.pk].cleaned_data
            units = {name: given[name] for name in ("lead", "joint", "separate")}
            return actions.hand_over(proposal, by=who(request), **units)

        self.many(request, ticked, act, _("交办"))
        return redirect(self.back(request))

    def hand_over_page(self, request: HttpRequest, rows: list[ShareRow]) -> HttpResponse:
        due = due_if_handed_over(timezone.localdate())
        for row in rows:
            row.due = due[row.proposal.series]
            row.hindrance = hindrance(row.proposal)
        return self.page(
            request,
            "admin/proposals/proposal/hand_over_many.html",
            _("交办"),
            rows=rows,
            has_errors=any(row.is_bound and row.errors for row in rows),
            submit_url=self.url("hand_over_many"),
            list_query=request.POST.get("list", request.GET.urlencode()),
            back_url=self.back(request),
        )

    @admin.action(description=gettext_lazy("办结"), permissions=["close"])
    def close_many(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self.many(
            request,
            queryset,
            lambda proposal: actions.close(proposal, by=who(request)),
            _("办结"),
        )

    @admin.action(description=gettext_lazy("督办协商（一起协商）"), permissions=["supervise"])
    def talks_many(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse:
        """To the page on which one consultation on all of them is prepared."""
        keys = queryset.order_by("pk").values_list("pk", flat=True)[:MOST_TALKED_ABOUT]
        query = urlencode([("on", key) for key in keys])
        return redirect(f"{reverse('proposals:open_meeting')}?{query}")

    def has_supervise_permission(self, request: HttpRequest) -> bool:
        return who(request).has_perm("proposals.supervise_proposal")

    def has_enter_permission(self, request: HttpRequest) -> bool:
        return who(request).has_perm("proposals.enter_for_others")

    def has_review_permission(self, request: HttpRequest) -> bool:
        return who(request).has_perm("proposals.review_proposal")

    def has_file_permission(self, request: HttpRequest) -> bool:
        return who(request).has_perm("proposals.file_proposal")

    def has_close_permission(self, request: HttpRequest) -> bool:
        return who(request).has_perm("proposals.close_proposal")

    def has_hand_over_permission(self, request: HttpRequest) -> bool:
        return may_hand_over(None, who(request))
