"""归档 of a whole plenary year: what is ready and what is lacking, looked at first, then one by one through the action."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cppcc_portal.office.workplace import who
from members.models import Plenary
from proposals import actions
from proposals.actions.closing_years import lacking_to_close
from proposals.admin.many import MOST_AT_ONCE, ManyAtOnce
from proposals.models import ClosedYear, Proposal
from proposals.models.checklist import lacking


class YearForm(forms.Form):
    """Which plenary year."""

    plenary = forms.ModelChoiceField(
        label=gettext_lazy("届次"),
        queryset=Plenary.objects.select_related("term"),
        empty_label=None,
    )


class YearArchive(ManyAtOnce):
    """The page that archives a year."""

    def get_urls(self) -> list[Any]:
        return [*self.list_paths({"archive_year": self.archive_year_view}), *super().get_urls()]

    def has_archive_permission(self, request: HttpRequest) -> bool:
        return who(request).has_perm("proposals.archive_proposal")

    def archive_year_view(self, request: HttpRequest) -> HttpResponse:
        """The year's closed proposals with what each lacks; those that lack nothing can be put away."""
        if not self.has_view_permission(request) or not self.has_archive_permission(request):
            raise PermissionDenied
        form = YearForm(request.GET or None)
        plenary = form.cleaned_data["plenary"] if form.is_valid() else None
        if request.method == "POST" and plenary and "close_year" in request.POST:
            note = request.POST.get("note", "")[:300]
            request.refused_to = request.get_full_path()  # type: ignore[attr-defined]
            actions.close_year(plenary, by=who(request), note=note)
            messages.success(request, _("已年结。这一年度的提案从现在起不能再改动。"))
            return redirect(request.get_full_path())
        if request.method == "POST":
            rows = self.posted(request, "chosen").order_by("number", "pk")
            self.many(request, rows, lambda one: actions.archive(one, by=who(request)), _("归档"))
            return redirect(request.get_full_path())
        ready, waiting = self.sorted_out(request, plenary) if plenary else ([], [])
        return self.page(
            request,
            "admin/proposals/proposal/archive_year.html",
            _("按年度归档"),
            form=form,
            plenary=plenary,
            ready=ready[:MOST_AT_ONCE],
            ready_count=len(ready),
            waiting=waiting[:MOST_AT_ONCE],
            waiting_count=len(waiting),
            archived_count=self.of_year(request, plenary, Proposal.Status.ARCHIVED).count(),
            open_count=self.of_year(request, plenary, *OPEN).count(),
            year=ClosedYear.objects.filter(plenary=plenary).first(),
            lacking_to_close=lacking_to_close(plenary, at=timezone.now()) if plenary else [],
            submit_url=request.get_full_path(),
            back_url=self.url("changelist"),
        )

    def of_year(self, request: HttpRequest, plenary: Plenary | None, *states: str) -> Any:
        rows: Any = self.get_queryset(request)
        return rows.filter(plenary=plenary, status__in=states)

    def sorted_out(self, request: HttpRequest, plenary: Plenary) -> tuple[list[Any], list[Any]]:
        """What is ready, and what still lacks something, in the order of the numbers."""
        rows = self.of_year(request, plenary, *Proposal.MOVES["archive"].old)
        found: list[Any] = list(rows.with_first_proposer().order_by("series", "number", "pk"))
        reasons = lacking(found)
        for proposal in found:
            proposal.lacks = [str(reason) for reason in reasons[proposal.pk]]
        return (
            [proposal for proposal in found if not proposal.lacks],
            [proposal for proposal in found if proposal.lacks],
        )


# Filed and not yet closed: nothing of them is archived in this year's round.
OPEN = tuple(
    status
    for status in Proposal.NUMBERED
    if status not in Proposal.ENDED and status not in Proposal.MOVES["archive"].old
)
