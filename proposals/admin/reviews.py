"""The review in stages in the workplace: one opinion beside the text, or the same for many at once."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cppcc_portal.office.workplace import who
from proposals import actions
from proposals.admin.choices import ResultChoices
from proposals.admin.many import MOST_AT_ONCE, ManyAtOnce
from proposals.models import Proposal, ReviewOpinion
from proposals.models.reviews import Spoken
from proposals.review_forms import ExamineForm, OpinionFields
from proposals.suggestions import suggest


class ExamineChoices(ResultChoices, ExamineForm):
    """One stage's opinion."""


class ManyOpinionsForm(OpinionFields):
    """One result for many; category and units are those of each, unless one category is chosen for all."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("main", "lead", "joint"):
            del self.fields[name]
        results: Any = self.fields["result"]
        results.choices = [
            choice
            for choice in ReviewOpinion.Result.choices
            if choice[0] != ReviewOpinion.Result.MERGE
        ]
        category: Any = self.fields["category"]
        category.empty_label = _("按各件的类别")
        category.help_text = _("不选时，建议立案的按上面每件所列的类别。")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        # Each has its own category; what has none is refused by name.
        self.errors.pop("category", None)
        return cleaned


class ManyReviews(ManyAtOnce):
    """The bulk opinion beside the other bulk actions of the list of proposals."""

    actions = [*ManyAtOnce.actions, "examine_many"]

    def get_urls(self) -> list[Any]:
        return [*self.list_paths({"examine_many": self.examine_many_view}), *super().get_urls()]

    @admin.action(description=gettext_lazy("提出审查意见"), permissions=["review"])
    def examine_many(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse:
        """To the page that shows for each at which stage, with which category and units."""
        rows = queryset.order_by("submitted_at", "pk")[:MOST_AT_ONCE]
        return self.examine_page(request, list(rows), ManyOpinionsForm())

    def examine_many_view(self, request: HttpRequest) -> HttpResponse:
        """The result is chosen: one opinion for each that is ticked, in the order of submission."""
        if not self.has_view_permission(request) or not self.has_review_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return redirect(self.url("changelist"))
        rows = self.posted(request, "chosen").order_by("submitted_at", "pk")
        form = ManyOpinionsForm(request.POST)
        if not form.is_valid():
            return self.examine_page(request, list(rows), form)
        given = form.cleaned_data
        likely = suggest(rows)

        def act(proposal: Proposal) -> Any:
            own = likely[proposal.pk]
            fields = {**given, "category": given.get("category") or own.category}
            return actions.examine(
                proposal, by=who(request), lead=own.lead, joint=own.joint, **fields
            )

        self.many(request, rows, act, _("提出审查意见"))
        return redirect(self.back(request))

    def examine_page(self, request: HttpRequest, chosen: list[Any], form: Any) -> HttpResponse:
        likely, spoken = suggest(chosen), Spoken(chosen)
        for proposal in chosen:
            proposal.likely = likely[proposal.pk]
            proposal.given = spoken.on(proposal)
            proposal.hindrance = hindrance(proposal, spoken, who(request))
            proposal.coming = next(iter(spoken.open_to(proposal, who(request))), None)
            # One's own opinion may be given anew, but not by the way.
            proposal.again = proposal.coming in [row.stage for row in proposal.given]
        return self.page(
            request,
            "admin/proposals/proposal/examine_many.html",
            _("提出审查意见"),
            chosen=chosen,
            form=form,
            submit_url=self.url("examine_many"),
            list_query=request.POST.get("list", request.GET.urlencode()),
            back_url=self.back(request),
        )


def hindrance(proposal: Proposal, spoken: Spoken, user: Any) -> str:
    """Why this person gives no opinion on it now."""
    if proposal.status not in Proposal.UNDER_REVIEW:
        return _("现在是「%s」，不能办理。") % proposal.get_status_display()
    return "；".join(str(reason) for reason in spoken.why_not(proposal, user))
