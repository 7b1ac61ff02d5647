"""Ratings, and the second rounds that dissatisfied proposers asked for."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cppcc_portal.office.workplace import QueueFilter, who
from proposals import actions
from proposals.admin.entering import PaperEvaluateForm
from proposals.admin.moves import WorkflowAdmin, check_step, keep_scan, proposal_url
from proposals.forms import NoteForm, RefuseRehandlingForm
from proposals.models import Evaluation, EvaluationChange, RatingGrade, Rehandling
from proposals.rating_sums import RATING_QUEUES, UNRATED, unrated


def person_url(evaluation: Evaluation, user: Any) -> str:
    """Where the telephone number stands, for who may read it; the reading is recorded there."""
    seat = evaluation.proposer.membership
    if seat is None or not user.has_perm("members.view_person"):
        return ""
    return reverse("admin:members_person_change", args=[seat.person_id])


class RatingQueueFilter(QueueFilter):
    """Whom to ask by telephone."""

    queues = RATING_QUEUES

    def rows(self, queryset: Any, queue: str) -> Any:
        return unrated(queryset)


class GradeFilter(admin.SimpleListFilter):
    """By a grade of the office's list."""

    def lookups(self, request: Any, model_admin: Any) -> Any:
        return list(RatingGrade.objects.values_list("code", "name"))

    def queryset(self, request: Any, queryset: Any) -> Any:
        half = str(self.parameter_name)
        return queryset.filter(**{half: self.value()}) if self.value() else queryset


class ResultFilter(GradeFilter):
    title = gettext_lazy("办理结果")
    parameter_name = "result"


class AttitudeFilter(GradeFilter):
    title = gettext_lazy("办理态度")
    parameter_name = "attitude"


@admin.register(Evaluation)
class EvaluationAdmin(WorkflowAdmin):
    """Ratings; those that came on paper are entered with the signed form."""

    verbs: ClassVar[dict[str, Any]] = {
        "evaluate": PaperEvaluateForm,
        "change": PaperEvaluateForm,
        "call": NoteForm,
    }
    addresses: ClassVar[dict[str, str]] = {"change": "change_rating"}
    list_display = [
        "number_shown",
        "proposer",
        "unit_shown",
        "round_shown",
        "status",
        "attitude_name",
        "result_name",
        "due_on",
        "opened_at",
        "called_shown",
    ]
    list_display_links = ["number_shown", "proposer"]
    list_filter = [RatingQueueFilter, "status", ResultFilter, AttitudeFilter]
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

    def get_queryset(self, request: HttpRequest) -> Any:
        calls = EvaluationChange.objects.filter(subject=OuterRef("pk"), verb="call")
        last = calls.order_by("-at").values("at")[:1]
        return super().get_queryset(request).annotate(called_at=Subquery(last))

    @admin.display(description=gettext_lazy("电话催评"), ordering="called_at")
    def called_shown(self, evaluation: Any) -> str:
        if evaluation.called_at is None:
            return "—"
        return f"{timezone.localtime(evaluation.called_at):%Y-%m-%d %H:%M}"

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
            earlier=evaluation.earlier.all(),
            person_url=person_url(evaluation, who(request)),
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
        if verb == "call":
            return self.call(request, evaluation)
        again = verb == "change"
        said = {name: getattr(evaluation, name) for name in Evaluation.ANSWER} if again else None
        form = PaperEvaluateForm(
            request.POST if posted else None, request.FILES if posted else None, initial=said
        )
        label = _("代录修改评价") if again else _("代录评价")
        if form.is_valid():
            given = dict(form.cleaned_data)
            with transaction.atomic():
                given["scan"] = keep_scan(given["scan"], evaluation, user)
                act = actions.change_rating if again else actions.evaluate
                act(evaluation, by=user, **given)
            messages.success(request, _("已代录评价。"))
            return redirect(proposal_url(evaluation.reply.handling.proposal))
        return self.page(
            request,
            "admin/form_page.html",
            label,
            lead=f"{evaluation.proposer.name} · {evaluation.reply.handling.proposal}",
            form=form,
            submit_label=label,
            back_url=proposal_url(evaluation.reply.handling.proposal),
        )

    def call(self, request: HttpRequest, evaluation: Evaluation) -> HttpResponse:
        """What was said when the office asked by telephone."""
        form = NoteForm(request.POST if request.method == "POST" else None)
        if form.is_valid() and form.cleaned_data["note"].strip():
            actions.call_for_rating(evaluation, by=who(request), **form.cleaned_data)
            messages.success(request, _("电话催评已登记。"))
            return redirect(f"{self.url('changelist')}?queue={UNRATED}")
        if form.is_bound and not form.errors:
            form.add_error("note", _("请写明电话里怎样说。"))
        return self.page(
            request,
            "admin/form_page.html",
            _("登记电话催评"),
            lead=f"{evaluation.proposer.name} · {evaluation.reply.handling.proposal}",
            form=form,
            submit_label=_("登记"),
            back_url=self.url_of(evaluation, request),
        )


@admin.register(Rehandling)
class RehandlingAdmin(WorkflowAdmin):
    """Second rounds: those that dissatisfied proposers asked for are started, or refused with a reason they read."""

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
        return rehandling.asked_by

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
            reply=rehandling.evaluation.reply if rehandling.evaluation else None,
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
            lead=f"{rehandling.asked_by}：{rehandling.why}",
            form=form,
            submit_label=move.label,
            back_url=self.url_of(rehandling, request),
        )
