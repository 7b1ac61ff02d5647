"""Awards in the workplace: all of them to find, advanced units to enter as the decision names them."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cppcc_portal.office.workflow import NotReady
from cppcc_portal.office.workplace import LifeAdmin, who
from proposals import actions
from proposals.actions.awarding import beyond_share
from proposals.key_forms import AdvancedUnitsForm
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
