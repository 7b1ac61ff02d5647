"""Every proposal: found by queue, whole on one page, each step a button."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cppcc_portal.office import files, steps
from cppcc_portal.office.keys import key_of
from cppcc_portal.office.lists import KeepsColumns
from cppcc_portal.office.requests import what_happened
from cppcc_portal.office.workflow import IllegalMove, since
from cppcc_portal.office.workplace import FILTERS, ExportsMixin, QueueFilter, who
from members.models import Commitment, Plenary
from proposals import actions
from proposals.admin.archive import YearArchive
from proposals.admin.awards import ExcellentMany
from proposals.admin.choices import (
    ConsultChoices,
    FilingForm,
    HandOverChoices,
    MergeChoice,
    RefusalForm,
    choice_label,
)
from proposals.admin.commitments import is_late, steps_of
from proposals.admin.entering import EnterForm, TakeOutForm, begin_entry
from proposals.admin.filing_lists import ManyListed
from proposals.admin.handlings import LightFilter, papers
from proposals.admin.moves import NEVER_FIRST, check_step, days_ago
from proposals.admin.publications import PublicityFilter
from proposals.admin.reviews import ExamineChoices
from proposals.columns import EXPORTED_AS, WORKPLACE_COLUMNS
from proposals.compared import since_return
from proposals.forms import STAGES, NoteForm, ReturnForm, in_stage
from proposals.hand_over_forms import likely_units
from proposals.key_steps import PROPOSAL_STEPS
from proposals.marks import award_of, meetings_of, revoked, seconded_by, supervision_of
from proposals.models import (
    ContactEntry,
    Evaluation,
    Handling,
    MeetingResult,
    Proposal,
    Rehandling,
    Reply,
)
from proposals.models.consultations import consulted
from proposals.models.lights import light_of
from proposals.models.reviews import Spoken, opinions_are_in
from proposals.models.secondings import with_secondings
from proposals.paper_steps import PAPER_STEPS
from proposals.queues import proposal_queues, proposals_in
from proposals.resources import ProposalResource
from proposals.review_forms import ReopenForm
from proposals.review_forms import likely as last_opinion
from proposals.suggestions import suggest
from proposals.turns import clocks_of, share_turn, turn_of

# After these one goes on to the next in the queue; after filing and handing over at the same step.
GOES_ON = frozenset(
    {"examine", "return_", "file", "refuse", "merge", "consult_units", "hand_over", "close"}
)
SAME_STEP = frozenset({"examine", "file", "consult_units", "hand_over"})
# What is missing is told beside the form, before anything is typed.
ASKED_FIRST = ("close", "unmerge", "convert", "reopen")
UNITS = ("consult_units", "hand_over")  # where units are chosen
DECISIONS = ("file", "refuse", "merge")  # what the stages of the review speak to


def talks(proposal: Proposal, user: Any) -> list[dict[str, Any]]:
    """The way to a supervision consultation on it, where none is being prepared."""
    open_now = proposal.status in Proposal.HANDED_OVER and proposal.status not in Proposal.ENDED
    if not open_now or not user.has_perm("proposals.supervise_proposal"):
        return []
    url = f"{reverse('proposals:open_meeting')}?on={proposal.pk}"
    return [{"verb": "open_meeting", "label": _("督办协商"), "url": url, "is_main": False}]


class ProposalQueueFilter(QueueFilter):
    """What waits for the secretariat; a status is a queue as well."""

    def __init__(self, *args: Any) -> None:
        self.queues = proposal_queues()
        super().__init__(*args)

    def rows(self, queryset: Any, queue: str) -> Any:
        return proposals_in(queryset, queue)


class MarkFilter(admin.SimpleListFilter):
    """Key and excellent proposals."""

    title = gettext_lazy("标记")
    parameter_name = "mark"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(code, STAGES[code][0]) for code in ("key", "excellent")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        mark = self.value()
        known = mark in ("key", "excellent")
        return queryset.filter(in_stage(mark or "", timezone.localdate())) if known else queryset


class ShareLightFilter(LightFilter):
    """Proposals by how near the day of one of their shares is."""

    def rows(self, queryset: Any, queue: str) -> Any:
        shares = Handling.objects.under(queue, timezone.localdate())
        return queryset.filter(Exists(shares.filter(proposal=OuterRef("pk"))))


class PlenaryFilter(admin.RelatedFieldListFilter):
    """Of which plenary, in the words of the office."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = _("届次")

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[Any]:
        """All of them with their terms, which their names speak of: one query."""
        return [(one.pk, str(one)) for one in Plenary.objects.select_related("term")]


def later_than(proposal: Proposal) -> Q:
    """Behind this one in a queue, which is in the order of submission."""
    if proposal.submitted_at is None:
        return Q(pk__gt=proposal.pk)
    at = proposal.submitted_at
    return Q(submitted_at__gt=at) | Q(submitted_at=at, pk__gt=proposal.pk)


def earlier_than(proposal: Proposal) -> Q:
    """Before this one in a queue."""
    if proposal.submitted_at is None:
        return Q(pk__lt=proposal.pk)
    at = proposal.submitted_at
    return Q(submitted_at__lt=at) | Q(submitted_at=at, pk__lt=proposal.pk)


@admin.register(Proposal)
class ProposalAdmin(KeepsColumns, ExportsMixin, YearArchive, ExcellentMany, ManyListed):
    """Every proposal that was submitted, and those entered here from paper."""

    import_export_change_list_template = "admin/proposals/proposal/change_list.html"
    resource_classes: ClassVar = [ProposalResource]
    verbs: ClassVar[dict[str, Any]] = {
        "start_review": forms.Form,
        "examine": ExamineChoices,
        "return_": ReturnForm,
        "file": FilingForm,
        "refuse": RefusalForm,
        "convert": forms.Form,
        "reopen": ReopenForm,
        "merge": MergeChoice,
        "unmerge": NoteForm,
        "consult_units": ConsultChoices,
        "hand_over": HandOverChoices,
        "close": NoteForm,
        "take_out": TakeOutForm,
    }
    columns: ClassVar = WORKPLACE_COLUMNS
    exported_as: ClassVar = EXPORTED_AS
    list_display_links = ["number_shown", "title_shown"]
    list_filter = [
        ProposalQueueFilter,
        MarkFilter,
        ShareLightFilter,
        "status",
        ("plenary", PlenaryFilter),
        "series",
        "kind",
        "category",
        PublicityFilter,
    ]
    list_select_related = ["category", "plenary__term"]
    search_fields = ["title"]
    search_help_text = gettext_lazy("提案号（15-3-001）、案由中的词、提案人姓名或拼音首字母")
    sortable_by = ("due_on",)

    # Lists ----------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return Proposal.objects.visible_to(who(request))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        may_import = who(request).has_perm("proposals.import_proposal")
        return super().changelist_view(request, {"may_import": may_import, **(extra_context or {})})

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        changes = super().get_changelist_instance(request)
        today = timezone.localdate()
        for proposal in changes.result_list:
            proposal.today = today
        return changes

    def get_ordering(self, request: HttpRequest) -> Any:
        """Of what waits, the oldest first; of all, the newest."""
        return ["submitted_at", "pk"] if request.GET.get("queue") else ["-pk"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        words = search_term.strip()
        # Every list comes through here: what its columns show is fetched with it.
        rows: Any = queryset
        if words:
            rows = rows.search(words)
        shown = rows.with_first_proposer().with_handlings().with_awards()
        return with_secondings(shown).annotate(since=since(Proposal)), False

    def choice_label(self, proposal: Proposal) -> str:
        return choice_label(proposal)

    @admin.display(description=gettext_lazy("提案号"))
    def number_shown(self, proposal: Proposal) -> str:
        return proposal.display_number or "—"

    @admin.display(description=gettext_lazy("案由"))
    def title_shown(self, proposal: Any) -> str:
        given = [(_("重点"), proposal.is_key), (_("优秀"), proposal.is_excellent)]
        if number := getattr(proposal, "seconded", 0):
            given.append((_("附议 %s") % number, True))
        marks = [(label,) for label, holds in given if holds]
        shown = format_html_join("", ' <span class="mark">{}</span>', marks)
        return format_html("{}{}", str(proposal), shown)

    @admin.display(description=gettext_lazy("第一提案人"))
    def first(self, proposal: Proposal) -> str:
        return proposal.first_proposer.name if proposal.first_proposer else "—"

    @admin.display(description=gettext_lazy("停留"))
    def age(self, proposal: Any) -> str:
        return days_ago(proposal.since, proposal.today)

    @admin.display(description=gettext_lazy("承办单位"))
    def units(self, proposal: Proposal) -> str:
        shares = list(proposal.handlings.all())
        if len(shares) < 2:
            return str(shares[0].unit) if shares else "—"
        answering = next((share for share in shares if share.answers_proposers), shares[0])
        words = {"unit": answering.unit, "count": len(shares)}
        return _("%(unit)s等 %(count)s 家") % words

    @admin.display(description=gettext_lazy("期限灯"))
    def light(self, proposal: Any) -> str:
        """Of the share whose day comes first."""
        days = [share.due_on for share in proposal.handlings.all() if share.status in Handling.OPEN]
        return str(light_of(min(days), proposal.today).label) if days else "—"

    @admin.display(description=gettext_lazy("届次"))
    def plenary_shown(self, proposal: Proposal) -> str:
        return str(proposal.plenary)

    @admin.display(description=gettext_lazy("提案者类别"))
    def kind_shown(self, proposal: Proposal) -> str:
        return proposal.get_kind_display() or "—"

    @admin.display(description=gettext_lazy("附议"))
    def seconded_shown(self, proposal: Any) -> str:
        return str(getattr(proposal, "seconded", 0) or "—")

    # Rights -----------------------------------------------------------------------------------

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Here one only writes for others; one's own proposal begins on the portal's own page."""
        return who(request).has_perm("proposals.enter_for_others")

    # One proposal -----------------------------------------------------------------------------

    def get_urls(self) -> list[Any]:
        return [
            *self.verb_paths({"add_note": self.add_note_view}),
            *super().get_urls(),
        ]

    def whole(self, request: HttpRequest) -> QuerySet[Any]:
        """One proposal with everything that hangs on it directly."""
        return (
            Proposal.objects.visible_to(who(request))
            .with_marks()
            .select_related(
                "plenary__term",
                "category",
                "current_text",
                "refusal_reason",
                "merged_into__plenary__term",
                "destination",
                "publication",
                "collective__kind",
                "collective__seal",
                "entered_by__person",
            )
        )

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Everything about one proposal, and the steps that are open; nothing here is a field."""
        proposal = self.seen(request, object_id, self.whole(request))
        if request.method not in ("GET", "HEAD"):
            return HttpResponse(status=405)
        user, today = who(request), timezone.localdate()
        proposers = list(proposal.proposers.with_people())
        proposal.first_proposers = [one for one in proposers if one.order == 0]
        handlings = list(
            proposal.handlings.select_related(
                "unit", "joint_opinion", "return_request", "rehanded_to"
            ).prefetch_related(
                Prefetch("replies", Reply.objects.sent().select_related("result_class"), "sent"),
                Prefetch(
                    "contacts",
                    ContactEntry.objects.select_related(
                        "proposer__membership__person", "proposer__body"
                    ),
                ),
                Prefetch(
                    "rehandlings",
                    Rehandling.objects.select_related(
                        "evaluation__proposer__membership__person", "evaluation__proposer__body"
                    ),
                ),
            )
        )
        proposal._prefetched_objects_cache = {"handlings": handlings}
        clocks = clocks_of([proposal, *handlings])
        for handling in handlings:
            # The turns and moves of a share ask for its proposal; it is this one.
            handling.proposal = proposal
            handling.turn = share_turn(handling, user, today, clocks)
            handling.paper = papers(handling, user)
        replies = [reply for handling in handlings for reply in handling.sent]
        ratings = Evaluation.objects.visible_to(user).filter(reply__in=replies)
        notes = proposal.notes.select_related("by__person")
        results = MeetingResult.objects.filter(handling__in=handlings)
        promises = Commitment.objects.filter(
            subject__in=[key_of(thing) for thing in (*replies, *results)]
        )
        returned = proposal.changes.filter(verb="return_").last()
        context = {
            "proposal": proposal,
            "text": proposal.current_text or getattr(proposal, "draft", None),
            "proposers": proposers,
            "handlings": handlings,
            "ratings": ratings.select_related(
                "reply__handling__unit", "proposer__membership__person", "proposer__body"
            ),
            "may_enter": user.has_perm("proposals.enter_for_others")
            and proposal.status in Proposal.RATED,
            "may_rehandle": user.has_perm("proposals.rehandle_proposal"),
            "commitments": [
                {"promise": promise, "late": is_late(promise), "steps": steps_of(promise, user)}
                for promise in promises.select_related("unit")
            ],
            "turn": turn_of(proposal, user, today, clocks),
            "steps": self.all_steps(proposal, request),
            "supervision": supervision_of(proposal) if proposal.was_key else None,
            "award": award_of(proposal) if proposal.is_excellent else None,
            "revoked": revoked(proposal),
            "support": seconded_by(proposal, user),
            "meetings": meetings_of(proposal, user),
            "consultations": proposal.consultations.with_names().order_by("pk"),
            "opinions": Spoken([proposal]).on(proposal),
            "sees_notes": user.has_perm("proposals.read_notes"),
            "notes": notes if user.has_perm("proposals.read_notes") else [],
            "may_note": self.may_note(request) and proposal.status not in Proposal.ENDED,
            "note_url": self.url("add_note", proposal.pk, request=request),
            "wished": proposal.wished_units.all(),
            "wished_joint": proposal.wished_joint_units.all(),
            "merged": proposal.merged.filter(status=Proposal.Status.MERGED).with_first_proposer(),
            "files": files.for_subject(proposal),
            "changes": proposal.changes.select_related("by__person", "scan", "decision").order_by(
                "-at", "-pk"
            ),
            "last_return": returned,
            "revised": since_return(proposal, returned),
            "is_own_entry": proposal.entered_by_id == user.pk
            and proposal.status in Proposal.MOVES["submit"].old,
            **self.neighbours(request, proposal),
        }
        return self.page(
            request, "admin/proposals/proposal/change_form.html", str(proposal), **context
        )

    def all_steps(self, proposal: Proposal, request: HttpRequest) -> list[dict[str, Any]]:
        """Those of this page and those with a page of their own; what is never first stands last."""
        own = self.steps(proposal, request)
        usual = [step for step in own if step["verb"] not in NEVER_FIRST]
        address = proposal.get_absolute_url()
        more = steps.buttons((*PROPOSAL_STEPS, *PAPER_STEPS), proposal, who(request), address)
        more += talks(proposal, who(request))
        return [*usual, *more, *(step for step in own if step not in usual)]

    def steps(self, thing: Any, request: HttpRequest) -> list[dict[str, Any]]:
        """What was turned into a public-opinion report once is not offered again."""
        gone = ("convert", "reopen") if hasattr(thing, "opinion_report") else ()
        return [step for step in super().steps(thing, request) if step["verb"] not in gone]

    def queue_of(self, request: HttpRequest) -> str:
        """The queue from which this page was opened, if it was."""
        query = QueryDict(request.GET.get(FILTERS, ""))
        return query.get("queue") or query.get("status__exact") or ""

    def list_url(self, request: HttpRequest) -> str:
        """The list as it was left."""
        query = request.GET.get(FILTERS, "")
        return f"{self.url('changelist')}?{query}" if query else self.url("changelist")

    def neighbours(self, request: HttpRequest, proposal: Proposal) -> dict[str, Any]:
        """The one before and after in the queue from which this page was opened."""
        queue = self.queue_of(request) or proposal.status
        rows = proposals_in(self.get_queryset(request), queue)
        before = rows.filter(earlier_than(proposal)).order_by("-submitted_at", "-pk").first()
        after = rows.filter(later_than(proposal)).order_by("submitted_at", "pk").first()
        label = proposal_queues().get(queue) or dict(Proposal.Status.choices).get(queue, "")
        return {
            "queue_label": label,
            "previous_url": self.url_of(before, request) if before else "",
            "next_url": self.url_of(after, request) if after else "",
            "list_url": self.list_url(request),
        }

    def next_in_queue(self, request: HttpRequest, proposal: Proposal) -> Proposal | None:
        """The next one that waits, the oldest again after the newest."""
        queue = self.queue_of(request)
        if not queue:
            return None
        rows = proposals_in(self.get_queryset(request), queue).exclude(pk=proposal.pk)
        rows = rows.order_by("submitted_at", "pk")
        found: Proposal | None = rows.filter(later_than(proposal)).first() or rows.first()
        return found

    def onwards(self, request: HttpRequest, proposal: Proposal, verb: str) -> str:
        """Where to go after a step: who works through a queue goes on to the next in it."""
        if verb not in GOES_ON or not self.queue_of(request):
            return self.url_of(proposal, request)
        coming = self.next_in_queue(request, proposal)
        if coming is None:
            messages.info(request, _("这一列已办完。"))
            return self.list_url(request)
        if verb in SAME_STEP and coming.can(verb, who(request)):
            return self.url(verb, coming.pk, request=request)
        return self.url_of(coming, request)

    def step_view(self, request: HttpRequest, object_id: str, verb: str) -> HttpResponse:
        """One step: what it needs is asked here, what it does is done by the action."""
        proposal = self.seen(request, object_id, self.whole(request))
        # A colleague was first: words that were typed are shown again, not thrown away.
        has_words = bool(request.POST.get("note", "").strip())
        late: IllegalMove | None = None
        try:
            move = check_step(proposal, verb, who(request))
        except IllegalMove as error:
            if not has_words:
                raise
            move, late = proposal.MOVES[verb], error
        spoken = Spoken([proposal])
        form_class = self.verbs[verb]
        if request.method == "POST":
            form = form_class(request.POST)
        else:
            form = form_class(initial=self.likely(proposal, verb))
        if verb == "examine":
            form.offer(spoken.open_to(proposal, who(request)))
        if late is None and form.is_valid():
            try:
                getattr(actions, verb)(proposal, by=who(request), **form.cleaned_data)
            except IllegalMove as error:
                if not has_words:
                    raise
                proposal, late = self.seen(request, object_id, self.whole(request)), error
            else:
                self.say_done(request, proposal, move.label)
                return redirect(self.onwards(request, proposal, verb))
        if late is not None:
            form.add_error(None, what_happened(late, proposal, who(request)))
            form.add_error(None, _("您填写的内容还在下面，没有保存；需要的请先复制。"))
        # Category and reasons are asked for here: what they lack is not missing yet.
        missing = proposal.missing(verb) if verb in ASKED_FIRST else []
        if verb in DECISIONS:
            missing = [str(reason) for reason in opinions_are_in(proposal)]
        elif verb == "examine":
            missing = [str(reason) for reason in spoken.why_not(proposal, who(request))]
        coming = self.next_in_queue(request, proposal) if verb in GOES_ON else None
        return self.page(
            request,
            "admin/proposals/proposal/step.html",
            str(move.label),
            proposal=proposal,
            text=proposal.current_text,
            files=files.for_subject(proposal),
            opinions=spoken.on(proposal) if verb in (*DECISIONS, "examine", "hand_over") else None,
            form=form,
            media=self.media + form.media,
            missing=[] if late else missing,
            too_late=late is not None,
            wished=proposal.wished_units.all() if verb in UNITS else [],
            wished_joint=proposal.wished_joint_units.all() if verb in UNITS else [],
            consultations=consulted([proposal.pk]).get(proposal.pk, []) if verb in UNITS else [],
            others=[step for step in self.steps(proposal, request) if step["verb"] != verb],
            submit_label=_("%s，办下一件") % move.label if coming else move.label,
            skip_url=self.url_of(coming, request) if coming else "",
            danger=verb in ("refuse", "take_out", "unmerge", "reopen"),
            back_url=self.url_of(proposal, request),
        )

    def likely(self, proposal: Proposal, verb: str) -> dict[str, Any]:
        """What the form of a step begins with; the person looks at it and presses the button."""
        said = last_opinion(proposal) if verb in ("examine", "refuse", "merge") else {}
        if verb not in SAME_STEP:
            return {**said, "into": said.get("main")}
        suggestion = suggest([proposal])[proposal.pk]
        if verb == "examine":
            own = {"category": suggestion.category, "lead": suggestion.lead}
            return {**own, "joint": list(suggestion.joint), **said}
        if verb == "file":
            return {"category": suggestion.category}
        return likely_units(proposal)

    def say_done(self, request: HttpRequest, proposal: Proposal, label: Any) -> None:
        """What was done to which proposal, with the way back to it: one may be at the next already."""
        messages.success(
            request,
            format_html(
                '{}：<a href="{}">{} {}</a>',
                _("已办理“%s”") % label,
                self.url_of(proposal),
                proposal.display_number,
                proposal,
            ),
        )

    def may_note(self, request: HttpRequest) -> bool:
        return who(request).has_perm("proposals.review_proposal")

    def add_note_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """A remark for colleagues."""
        proposal = self.seen(request, object_id)
        if not self.may_note(request):
            raise PermissionDenied
        if request.method != "POST":
            raise Http404
        text = request.POST.get("text", "").strip()
        if text:
            actions.add_note(proposal, by=who(request), text=text)
            messages.success(request, _("批注已保存，提案人和承办单位看不到。"))
        else:
            messages.warning(request, _("批注是空的，没有保存。"))
        return redirect(self.url_of(proposal, request))

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """代录: open a draft for a member who writes on paper, with the paper's scan beside it."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        posted = request.method == "POST"
        form = EnterForm(request.POST if posted else None, request.FILES if posted else None)
        if form.is_valid() and (proposal := begin_entry(form, by=who(request))) is not None:
            messages.success(request, _("已建立代录草稿，请照纸质原件录入文字，再提交。"))
            page = "collective" if form.cleaned_data["body"] else "edit"
            return redirect(f"proposals:{page}", proposal.pk)
        return self.page(
            request,
            "admin/form_page.html",
            _("代录提案"),
            form=form,
            media=self.media + form.media,
            submit_label=_("开始录入"),
            back_url=self.url("changelist"),
        )
