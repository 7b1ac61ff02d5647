"""Ratings, and the second rounds that dissatisfied proposers asked for."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cppcc_portal.office.workplace import who
from proposals import actions
from proposals.admin.entering import PaperEvaluateForm
from proposals.admin.moves import WorkflowAdmin, check_step, keep_scan, proposal_url
from proposals.forms import NoteForm, RefuseRehandlingForm
from proposals.models import Evaluation, Rehandling


@admin.register(Evaluation)
class EvaluationAdmin(WorkflowAdmin):
    """Ratings; those that came on paper are entered with the signed form."""

    verbs: ClassVar[dict[str, Any]] = {"evaluate": PaperEvaluateForm}
    list_display = [
        "number_shown",
        "proposer",
        "unit_shown",
        "round_shown",
        "status",
        "attitude",
        "result",
        "due_on",
    ]
    list_display_links = ["number_shown", "proposer"]
    list_filter = ["status", "result", "attitude"]
    list_select_related = [
        "reply__handling__proposal",
        "reply__handling__unit",
        "proposer__membership__person",
        "proposer__body",
    ]
    search_fields = [
        "=reply__handling__proposal__label",
        "proposer__membership__person__name",
        "proposer__membership__person__initials",
    ]

    @admin.display(description=gettext_lazy("提案号"))
    def number_shown(self, evaluation: Evaluation) -> str:
        return evaluation.reply.handling.proposal.label

    @admin.display(description=gettext_lazy("承办单位"))
    def unit_shown(self, evaluation: Evaluation) -> str:
        return str(evaluation.reply.handling.unit)

    @admin.display(description=gettext_lazy("轮次"))
    def round_shown(self, evaluation: Evaluation) -> int:
        return evaluation.reply.round

    def with_all(self, request: HttpRequest, object_id: str) -> Evaluation:
        rows = self.get_queryset(request).select_related(
            *self.list_select_related, "reply__result_class"
        )
        evaluation: Evaluation = self.seen(request, object_id, rows)
        return evaluation

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """One rating with its history."""
        evaluation = self.with_all(request, object_id)
        if request.method not in ("GET", "HEAD"):
            return HttpResponse(status=405)
        may_enter = who(request).has_perm("proposals.enter_for_others")
        return self.page(
            request,
            "admin/proposals/evaluation/change_form.html",
            str(evaluation),
            evaluation=evaluation,
            proposal_url=proposal_url(evaluation.reply.handling.proposal),
            steps=self.steps(evaluation, request) if may_enter else [],
            changes=evaluation.changes.select_related("by__person", "scan", "decision").order_by(
                "-at", "-pk"
            ),
        )

    def step_view(self, request: HttpRequest, object_id: str, verb: str) -> HttpResponse:
        """Enter a rating from the signed form."""
        evaluation = self.with_all(request, object_id)
        user = who(request)
        if not user.has_perm("proposals.enter_for_others"):
            raise PermissionDenied
        check_step(evaluation, verb, user)
        posted = request.method == "POST"
        form = PaperEvaluateForm(
            request.POST if posted else None, request.FILES if posted else None
        )
        if form.is_valid():
            given = dict(form.cleaned_data)
            with transaction.atomic():
                given["scan"] = keep_scan(given["scan"], evaluation, user)
                actions.evaluate(evaluation, by=user, **given)
            messages.success(request, _("已代录评价。"))
            return redirect(proposal_url(evaluation.reply.handling.proposal))
        return self.page(
            request,
            "admin/form_page.html",
            _("代录评价"),
            lead=f"{evaluation.proposer.name} · {evaluation.reply.handling.proposal}",
            form=form,
            submit_label=_("代录评价"),
            back_url=proposal_url(evaluation.reply.handling.proposal),
        )


@admin.register(Rehandling)
class RehandlingAdmin(WorkflowAdmin):
    """Second rounds that dissatisfied proposers asked for; started, or refused with a reason they read."""

    verbs: ClassVar[dict[str, Any]] = {"start": NoteForm, "refuse": RefuseRehandlingForm}
    list_display = ["number_shown", "proposal_shown", "unit_shown", "who", "status", "due_on"]
    list_display_links = ["number_shown", "proposal_shown"]
    list_filter = ["status"]
    list_select_related = [
        "handling__proposal",
        "handling__unit",
        "evaluation__proposer__membership__person",
        "evaluation__proposer__body",
    ]
    search_fields = ["=handling__proposal__label", "handling__unit__name"]

    @admin.display(description=gettext_lazy("提案号"))
    def number_shown(self, rehandling: Rehandling) -> str:
        return rehandling.handling.proposal.label

    @admin.display(description=gettext_lazy("案由"))
    def proposal_shown(self, rehandling: Rehandling) -> str:
        return str(rehandling.handling.proposal)

    @admin.display(description=gettext_lazy("承办单位"))
    def unit_shown(self, rehandling: Rehandling) -> str:
        return str(rehandling.handling.unit)

    @admin.display(description=gettext_lazy("不满意的提案人"))
    def who(self, rehandling: Rehandling) -> str:
        return rehandling.evaluation.proposer.name

    def with_all(self, request: HttpRequest, object_id: str) -> Rehandling:
        rows = self.get_queryset(request).select_related(
            *self.list_select_related, "evaluation__reply__result_class"
        )
        rehandling: Rehandling = self.seen(request, object_id, rows)
        return rehandling

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """What the proposer said, what the unit had answered, and the two ways on."""
        rehandling = self.with_all(request, object_id)
        if request.method not in ("GET", "HEAD"):
            return HttpResponse(status=405)
        return self.page(
            request,
            "admin/proposals/rehandling/change_form.html",
            _("重新办理建议"),
            rehandling=rehandling,
            evaluation=rehandling.evaluation,
            reply=rehandling.evaluation.reply,
            proposal_url=proposal_url(rehandling.handling.proposal),
            steps=self.steps(rehandling, request),
            changes=rehandling.changes.select_related("by__person", "scan", "decision").order_by(
                "-at", "-pk"
            ),
        )

    def step_view(self, request: HttpRequest, object_id: str, verb: str) -> HttpResponse:
        """Start the second round, or refuse it with the reason the proposer reads."""
        rehandling = self.with_all(request, object_id)
        move = check_step(rehandling, verb, who(request))
        form = self.verbs[verb](request.POST if request.method == "POST" else None)
        if form.is_valid():
            act = actions.start_rehandling if verb == "start" else actions.refuse_rehandling
            act(rehandling, by=who(request), **form.cleaned_data)
            messages.success(request, _("已办理“%s”。") % move.label)
            return redirect(proposal_url(rehandling.handling.proposal))
        return self.page(
            request,
            "admin/form_page.html",
            str(move.label),
            lead=f"{rehandling.evaluation.proposer.name}：{rehandling.evaluation.text}",
            form=form,
            submit_label=move.label,
            back_url=self.url_of(rehandling, request),
        )
