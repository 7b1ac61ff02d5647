"""What each unit has to do; the secretariat enters for units that work on paper."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cppcc_portal.office import files
from cppcc_portal.office.requests import what_happened
from cppcc_portal.office.steps import buttons
from cppcc_portal.office.workflow import IllegalMove, NotReady
from cppcc_portal.office.workplace import QueueFilter, ScanForm, who
from proposals import actions
from proposals.admin.entering import PaperContactForm, PaperOpinionForm, PaperReplyForm
from proposals.admin.moves import WorkflowAdmin, check_step, keep_scan, proposal_url
from proposals.follow_steps import STEPS_OF_SHARE
from proposals.forms import CommitmentFormSet
from proposals.models import Handling, Proposal, Reply
from proposals.models.lights import Light
from proposals.queues import HANDLING_QUEUES, handlings_in
from proposals.turns import share_turn

PAPER_LABELS = {
    "acknowledge": gettext_lazy("代录签收"),
    "contact": gettext_lazy("代录沟通"),
    "give_opinion": gettext_lazy("代录会办意见"),
    "reply": gettext_lazy("代录答复"),
}


def papers(handling: Handling, user: Any) -> list[dict[str, Any]]:
    """What staff may enter for the unit from paper now."""
    if not user.has_perm("proposals.enter_for_others"):
        return []
    verbs = [verb for verb, _move in handling.open_moves(user) if verb in PAPER_LABELS]
    verbs = [
        verb
        for verb in verbs
        if (verb != "reply" or handling.answers_proposers)
        and (verb != "give_opinion" or not handling.answers_proposers)
    ]
    over = handling.status in Handling.GONE or handling.proposal.status in Proposal.ENDED
    if handling.status != Handling.Status.WAITING and not over:
        verbs.append("contact")
    return [
        {
            "label": PAPER_LABELS[verb],
            "url": reverse(f"admin:proposals_handling_{verb}", args=[handling.pk]),
        }
        for verb in verbs
    ]


class HandlingQueueFilter(QueueFilter):
    """What units are late with."""

    queues = HANDLING_QUEUES

    def rows(self, queryset: Any, queue: str) -> Any:
        return handlings_in(queryset, queue, timezone.localdate())


class LightFilter(QueueFilter):
    """Shares by how near their day is."""

    title = gettext_lazy("期限灯")
    parameter_name = "light"
    queues = dict(Light.choices)

    def rows(self, queryset: Any, queue: str) -> Any:
        return queryset.under(queue, timezone.localdate())


@admin.register(Handling)
class HandlingAdmin(WorkflowAdmin):
    """What each unit has to do; the secretariat enters for units that work on paper."""

    verbs: ClassVar[dict[str, Any]] = {
        "acknowledge": ScanForm,
        "contact": PaperContactForm,
        "give_opinion": PaperOpinionForm,
        "reply": PaperReplyForm,
    }
    list_display = [
        "number_shown",
        "proposal",
        "unit",
        "role",
        "status",
        "sign_in_due_on",
        "due_on",
        "light_shown",
        "round",
    ]
    list_display_links = ["number_shown", "proposal"]
    list_filter = [HandlingQueueFilter, LightFilter, "status", "role", "unit"]
    list_select_related = ["proposal", "unit"]
    search_fields = ["=proposal__label", "proposal__title", "unit__name", "unit__initials"]
    ordering = ["due_on", "pk"]

    @admin.display(description=gettext_lazy("提案号"))
    def number_shown(self, handling: Handling) -> str:
        return handling.proposal.display_number or "—"

    @admin.display(description=gettext_lazy("期限灯"))
    def light_shown(self, handling: Any) -> str:
        return str(dict(Light.choices).get(handling.light, "—"))

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        return rows.with_light(timezone.localdate())

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """One unit's share with its history."""
        handling = self.with_all(request, object_id)
        if request.method not in ("GET", "HEAD"):
            return HttpResponse(status=405)
        return self.page(
            request,
            "admin/proposals/handling/change_form.html",
            str(handling),
            handling=handling,
            proposal_url=proposal_url(handling.proposal),
            turn=share_turn(handling, who(request), timezone.localdate()),
            replies=handling.replies.sent().select_related("result_class"),
            contacts=handling.contacts.select_related(
                "proposer__membership__person", "proposer__body", "scan"
            ),
            papers=papers(handling, who(request)),
            countersigns=handling.countersigns.with_names()
            if who(request).has_perm("proposals.enter_for_others")
            else [],
            asks=buttons(STEPS_OF_SHARE, handling, who(request), handling.get_absolute_url()),
            may_print=who(request).has_perm("proposals.enter_for_others"),
            requests=handling.requests.select_related("handling__unit", "suggested_unit"),
            files=files.for_subject(handling),
            changes=handling.changes.select_related("by__person", "scan", "decision").order_by(
                "-at", "-pk"
            ),
        )

    def with_all(self, request: HttpRequest, object_id: str) -> Handling:
        rows = self.get_queryset(request).select_related(
            "unit", "proposal__plenary__term", "proposal__current_text", "joint_opinion"
        )
        handling: Handling = self.seen(request, object_id, rows)
        return handling

    def step_view(self, request: HttpRequest, object_id: str, verb: str) -> HttpResponse:
        """Enter from paper what a unit did; the stamped paper's scan is kept with it."""
        handling = self.with_all(request, object_id)
        user = who(request)
        if not user.has_perm("proposals.enter_for_others"):
            raise PermissionDenied
        posted = request.method == "POST"
        if verb != "contact" and not posted:
            check_step(handling, verb, user)
        bound: list[Any] = [request.POST, request.FILES] if posted else [None, None]
        if verb == "contact":
            form: Any = PaperContactForm(
                *bound, handling=handling, initial={"on": timezone.localdate()}
            )
        elif verb == "reply":
            draft = handling.replies.filter(round=handling.round).first()
            form = PaperReplyForm(
                *bound, instance=draft or Reply(handling=handling, round=handling.round)
            )
        else:
            form = self.verbs[verb](*bound)
        promises = CommitmentFormSet(bound[0], prefix="promises") if verb == "reply" else None
        if posted and form.is_valid() and (promises is None or promises.is_valid()):
            given = dict(form.cleaned_data)
            if promises is not None:
                given["commitments"] = [
                    promise.cleaned_data for promise in promises if promise.has_changed()
                ]
            if self.lacks_promise(form, given):
                form.add_error(
                    None, _("选这一类答复时，须写明至少一项承诺：做什么、谁负责、何时完成。")
                )
            elif self.enter(handling, verb, user, given, form):
                messages.success(request, _("已办理“%s”。") % PAPER_LABELS[verb])
                return redirect(proposal_url(handling.proposal))
        return self.page(
            request,
            "admin/proposals/handling/step.html",
            str(PAPER_LABELS[verb]),
            handling=handling,
            form=form,
            promises=promises,
            has_files="scan" in form.fields,
            submit_label=PAPER_LABELS[verb],
            back_url=proposal_url(handling.proposal),
        )

    def lacks_promise(self, form: Any, given: dict[str, Any]) -> bool:
        """Whether the class of a reply promises something that is not written down."""
        if "commitments" not in given or given["commitments"]:
            return False
        return bool(given["result_class"].needs_commitment or given["promised"])

    def enter(
        self, handling: Handling, verb: str, user: Any, given: dict[str, Any], form: Any
    ) -> bool:
        """The paper and what it says, together or not at all; what is refused is told beside what was typed."""
        action = actions.record_contact if verb == "contact" else getattr(actions, verb)
        try:
            with transaction.atomic():
                scan = keep_scan(given["scan"], handling, user)
                action(handling, by=user, **{**given, "scan": scan})
        except NotReady as refused:
            reasons = refused.reasons
        except IllegalMove as late:
            reasons = [
                what_happened(late, handling.fresh(), user),
                _("您填写的内容还在下面，没有保存；需要的请先复制。"),
            ]
        else:
            return True
        for reason in reasons:
            form.add_error(None, reason)
        return False
