"""Awards in the workplace: all of them to find; units and proposals to enter as the decision names them."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cppcc_portal.office.workflow import NotReady
from cppcc_portal.office.workplace import LifeAdmin, who
from proposals import actions
from proposals.actions.awarding import beyond_share
from proposals.admin.many import MOST_AT_ONCE, ManyAtOnce
from proposals.key_forms import AdvancedUnitsForm, AwardForm
from proposals.models import Award


@admin.register(Award)
class AwardAdmin(LifeAdmin):
    """Excellent proposals and advanced units."""

    list_display = ["kind_shown", "receiver_shown", "plenary", "status", "decision"]
    list_display_links = ["kind_shown", "receiver_shown"]
    list_filter: ClassVar[Any] = ["status", "plenary"]
    list_select_related = ["proposal", "unit", "plenary__term", "decision__body"]
    search_fields = ["=proposal__label", "proposal__title", "unit__name"]
    search_help_text = gettext_lazy("提案号、案由中的词或单位名称")

    @admin.display(description=gettext_lazy("表彰"))
    def kind_shown(self, award: Award) -> str:
        return str(award.title)

    @admin.display(description=gettext_lazy("对象"))
    def receiver_shown(self, award: Award) -> str:
        label = award.proposal.label if award.proposal else ""
        return f"{label} {award.receiver}".strip()

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Here one enters advanced units; a proposal is named excellent on its own page or in the list."""
        return who(request).has_perm("proposals.award_proposal")

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """All units of one decision, or none while one cannot be named."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = AdvancedUnitsForm(request.POST if request.method == "POST" else None, thing=None)
        if form.is_valid() and self.given(request, form):
            return redirect(self.url("changelist"))
        return self.page(
            request,
            "admin/form_page.html",
            _("登记先进承办单位"),
            form=form,
            media=self.media + form.media,
            submit_label=_("登记"),
            back_url=self.url("changelist"),
        )

    def given(self, request: HttpRequest, form: Any) -> bool:
        """Whether all were named; what keeps one from it stands on the form."""
        typed = form.cleaned_data
        warnings = beyond_share(typed["plenary"], units=len(typed["units"]))
        refused: list[str] = []
        with transaction.atomic():
            for unit in typed["units"]:
                try:
                    actions.award(
                        unit,
                        by=who(request),
                        plenary=typed["plenary"],
                        decision=typed["decision"],
                    )
                except NotReady as lacking:
                    refused += lacking.reasons
            transaction.set_rollback(bool(refused))
        for reason in dict.fromkeys(refused):
            form.add_error("units", reason)
        if refused:
            return False
        messages.success(request, _("已登记 %s 家先进承办单位。") % len(typed["units"]))
        for warning in warnings:
            messages.warning(request, warning)
        return True


class ExcellentMany(ManyAtOnce):
    """The bulk action that names the proposals of one decision excellent."""

    def get_urls(self) -> list[Any]:
        pages = {"excellent_many": self.excellent_many_view}
        return [*self.list_paths(pages), *super().get_urls()]

    def has_award_permission(self, request: HttpRequest) -> bool:
        return who(request).has_perm("proposals.award_proposal")

    @admin.action(description=gettext_lazy("评为优秀提案（选择决定）"), permissions=["award"])
    def excellent_many(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse:
        """To the page on which year and decision are chosen for all of them."""
        chosen = list(queryset.order_by("pk")[:MOST_AT_ONCE])
        return self.excellent_page(request, chosen, AwardForm(thing=chosen[0] if chosen else None))

    def excellent_many_view(self, request: HttpRequest) -> HttpResponse:
        """Year and decision are chosen: name those that are ticked, each that cannot be with the reason."""
        if not self.has_view_permission(request) or not self.has_award_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return redirect(self.url("changelist"))
        rows = self.posted(request, "chosen").order_by("number", "pk")
        form = AwardForm(request.POST, thing=None)
        if not form.is_valid():
            return self.excellent_page(request, list(rows), form)
        typed = form.cleaned_data
        self.many(
            request,
            rows,
            lambda proposal: actions.award(proposal, by=who(request), **typed),
            _("评为优秀提案"),
        )
        for warning in beyond_share(typed["plenary"]):
            messages.warning(request, warning)
        return redirect(self.back(request))

    def excellent_page(self, request: HttpRequest, chosen: list[Any], form: Any) -> HttpResponse:
        return self.page(
            request,
            "admin/proposals/proposal/excellent_many.html",
            _("评为优秀提案"),
            chosen=chosen,
            form=form,
            submit_url=self.url("excellent_many"),
            list_query=request.POST.get("list", request.GET.urlencode()),
            back_url=self.back(request),
        )
