"""Pages of proposals for members and chairs: guard, form, action, redirect."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cppcc_portal.office import audit, files, parameters, steps
from cppcc_portal.office.columns import Choice, choice_of, query_of, take_choice
from cppcc_portal.office.deadlines import Deadline, long_date
from cppcc_portal.office.kept_lists import came_back, filters_of, keep_filter, narrow_first
from cppcc_portal.office.paging import newest
from cppcc_portal.office.spreadsheets import table_response
from cppcc_portal.office.workflow import NotReady
from members.models import Membership
from members.requests import MemberRequest
from proposals import actions
from proposals.attachments import shown_with
from proposals.columns import LIST_COLUMNS, cells_of
from proposals.compared import since_return
from proposals.cosign_steps import COSIGNER_STEPS
from proposals.forms import (
    AnswerForm,
    ChoicesForm,
    DraftForm,
    EvaluateForm,
    FilterForm,
    InviteForm,
    NoteForm,
    in_stage,
)
from proposals.key_steps import PROPOSAL_STEPS
from proposals.marks import (
    award_of,
    meetings_of,
    promised_at,
    revoked,
    seconded_by,
    supervision_of,
)
from proposals.models import (
    ContactEntry,
    Evaluation,
    EvaluationChange,
    Handling,
    OpinionReport,
    Proposal,
    ProposalChange,
    Proposer,
    Rehandling,
    Reply,
    SupervisionMeeting,
)
from proposals.models.proposals import ProposalQuerySet
from proposals.models.proposer_kinds import signing_bodies
from proposals.models.reviews import Spoken, may_read_opinions
from proposals.models.rights import is_author
from proposals.models.secondings import with_secondings
from proposals.paper_steps import PAPER_STEPS
from proposals.promises import promises_of
from proposals.seconding_steps import SECOND, own_seconding, seconds_here
from proposals.turns import clocks_of, share_turn, turn_after_reply, turn_of


def get_proposal(request: Any, pk: int) -> Any:
    """The proposal, or 404 for what this person may not know of."""
    rows = Proposal.objects.visible_to(request.user).select_related(
        "plenary__term",
        "plenary__closed_year",
        "category",
        "current_text",
        "refusal_reason",
        "merged_into__plenary__term",
        "destination",
        "draft",
        "publication",
        "collective__kind",
        "collective__seal",
        "entered_by__person",
    )
    return get_object_or_404(rows.with_marks(), pk=pk)


# What a list of proposals reads of each; `cosign_until` and `entered_by` tell whose turn it is.
LISTED = (
    "title", "status", "serial", "number", "label", "key_official", "cosign_until", "entered_by",
)  # fmt: skip


def _listed(rows: ProposalQuerySet, columns: Choice) -> ProposalQuerySet:
    """The rows with what the list shows of each: little, and more where a column was chosen for it."""
    shown = with_secondings(rows.with_first_proposer().with_shares_at_work().with_awards())
    if all(column.default or column.always for column in columns.shown):
        return shown.only(*LISTED)
    extra: ProposalQuerySet = shown.select_related("category", "plenary__term").with_handlings()
    return extra


PAGE, FILTERS = "proposals", ("scope", "q", "status")
MOST_EXPORTED = 5000  # a committee's years; the secretariat exports without bound in its workplace


def _chosen(request: MemberRequest) -> tuple[ProposalQuerySet, FilterForm, str, bool]:
    """The rows that are asked for, the form, which tab, and whether they are fewer than all of it."""
    user, today = request.user, timezone.localdate()
    is_member = user.has_perm("proposals.add_proposal") and not user.is_staff
    scope = request.GET.get("scope") or ("mine" if is_member else "all")
    rows = Proposal.objects.visible_to(user)
    if scope == "mine":
        rows = rows.mine(user)
    form = FilterForm(request.GET)
    filtered = False
    if form.is_valid():
        if words := form.cleaned_data["q"].strip():
            rows, filtered = rows.search(words), True
        if stage := form.cleaned_data["status"]:
            rows, filtered = rows.filter(in_stage(stage, today)), True
    return rows, form, scope, filtered


@require_safe
def export(request: MemberRequest) -> HttpResponse:
    """The list as it is filtered, with the columns that are shown, as Excel or CSV; never a telephone number."""
    user, today = request.user, timezone.localdate()
    rows, _form, _scope, _filtered = _chosen(request)
    columns = choice_of(user, PAGE, LIST_COLUMNS)
    found: list[Any] = list(_listed(rows, columns).order_by("-pk")[: MOST_EXPORTED + 1])
    if len(found) > MOST_EXPORTED:
        return narrow_first(request, FILTERS, MOST_EXPORTED, reverse("proposals:index"))
    for proposal in found:
        proposal.turn = turn_of(proposal, user, today)
    audit.record("proposal.export", by=user, fields={"rows": (None, len(found))})
    headings = [column.label for column in columns.shown]
    cells = (cells_of(proposal, columns) for proposal in found)
    return table_response("proposals", request.GET.get("format", ""), headings, cells)


@require_POST
def filters(request: MemberRequest) -> HttpResponse:
    """Keep the filters at hand under a name, or forget one."""
    return keep_filter(request, PAGE, FILTERS, reverse("proposals:index"))


def index(request: MemberRequest) -> HttpResponse:
    """Proposals one may see: one's own first, or all."""
    if left := came_back(request, PAGE):
        return redirect(f"{request.path}?{left}")
    user, today = request.user, timezone.localdate()
    is_member = user.has_perm("proposals.add_proposal") and not user.is_staff
    rows, form, scope, filtered = _chosen(request)
    columns = choice_of(user, PAGE, LIST_COLUMNS)
    page = newest(_listed(rows, columns), request)
    for proposal in page:
        proposal.turn = turn_of(proposal, user, today)
    tabs = [
        {"label": _("我的提案"), "url": "?scope=mine", "current": scope == "mine"},
        {"label": _("全部可见"), "url": "?scope=all", "current": scope != "mine"},
    ]
    context = {
        **filters_of(request, PAGE, FILTERS, plain=("scope",)),
        "page": page,
        "form": form,
        "filtered": filtered,
        "tabs": tabs if is_member else [],
        "scope": scope,
        "columns": columns,
        "query": request.GET.urlencode(),
        "to_cosign": Proposer.objects.waiting_for(user).count() if is_member else 0,
        "to_rate": Evaluation.objects.waiting_for(user).count() if is_member else 0,
        "can_write": may_start(user),
        "sees_awards": user.has_perm("proposals.view_award"),
        "sees_meetings": SupervisionMeeting.objects.visible_to(user).exists(),
        "can_write_for_body": bool(signing_bodies(user)),
        "can_second": seconds_here(user),
    }
    return render(request, "proposals/index.html", context)


@require_POST
def columns(request: MemberRequest) -> HttpResponse:
    """Keep which columns the list shows, and go back to it as it was filtered."""
    take_choice(request, "proposals", LIST_COLUMNS)
    query = query_of(request, FILTERS)
    return redirect(f"{reverse('proposals:index')}{query}")


def may_start(user: Any) -> bool:
    seats = Membership.objects.active().of_current_term()
    return seats.filter(pk__in=user.seat_ids).exists()


def detail(request: MemberRequest, pk: int) -> HttpResponse:
    """One proposal: text, people, units, replies, history; whose turn it is and why."""
    proposal = get_proposal(request, pk)
    user, today = request.user, timezone.localdate()
    shares = handlings_of(proposal)
    replies = [reply for share in shares for reply in share.sent]
    reads_ratings = user.has_perm("proposals.view_evaluation")
    # While it is undecided, that somebody was not satisfied is known to them and the office alone.
    rehandlings = [
        item
        for share in shares
        for item in share.rehandlings.all()
        if reads_ratings or item.is_of(user)
    ]
    clocks = clocks_of([proposal, *shares, *replies, *rehandlings])
    meetings = meetings_of(proposal, user) if proposal.handed_over_on else []
    promises = [*promises_of(replies), *promised_at(meetings)]
    for share in shares:
        share.turn = share_turn(share, user, today, clocks)
        # A unit learns who was not satisfied only when a second round begins.
        share.refused = [
            item
            for item in rehandlings
            if item.handling_id == share.pk and item.status == Rehandling.Status.REFUSED
        ]
    proposers = list(proposal.proposers.with_people())
    proposal.first_proposers = [proposer for proposer in proposers if proposer.order == 0]
    own_seat = next((proposer for proposer in proposers if proposer.is_user(user)), None)
    author = is_author(proposal, user)
    ratings: list[Any] = ratings_of(proposal, user)
    for rating in ratings:
        rating.can_change = rating.proposer.is_user(user) and may_rate(rating, user)
    context = {
        "proposal": proposal,
        "text": shown_text(proposal, user),
        "proposers": [
            proposer
            for proposer in proposers
            if proposer.status == Proposer.Status.AGREED or author or proposer == own_seat
        ],
        "merged": merged_here(proposal),
        "merge_note": merge_note(proposal),
        "supervision": supervision_of(proposal) if proposal.was_key else None,
        "award": award_of(proposal) if proposal.is_excellent else None,
        "revoked": revoked(proposal),
        "support": seconded_by(proposal, user),
        "own_seconding": own_seconding(proposal, user),
        "meetings": meetings,
        "handlings": shares,
        "ratings": ratings,
        "can_answer": own_seat is not None and own_seat.order > 0 and own_seat.can("agree", user),
        "inviter": proposal.first_proposer,
        "turn": turn_after_reply(
            proposal,
            user,
            today,
            clocks=clocks,
            ratings=ratings,
            rehandlings=rehandlings,
            promises=promises,
        ),
        "moves": [verb for verb, _move in proposal.open_moves(user)],
        "is_author": author,
        "changes": changes_of(proposal, user),
        "last_return": last_return(proposal),
        "opinions": Spoken([proposal]).on(proposal) if may_read_opinions(user) else [],
        "revised": since_return(proposal, proposal.changes.filter(verb="return_").last())
        if may_read_opinions(user) and proposal.status in Proposal.UNDER_REVIEW
        else [],
        "files": shown_with(proposal),
        "own_unit": conflict_of_interest(shares, own_seat, user),
        "to_rate": next(
            (rating for rating in ratings if rating.can_change and rating.can("evaluate", user)),
            None,
        ),
        "office_url": office_url(proposal, user),
        # The office takes these steps in its workplace.
        "buttons": []
        if office_url(proposal, user)
        else steps.buttons(
            (*PROPOSAL_STEPS, *PAPER_STEPS, *COSIGNER_STEPS, SECOND),
            proposal,
            user,
            proposal.get_absolute_url(),
        ),
        "opinion_url": opinion_url(proposal, user),
        "desk_url": next(
            (share.get_absolute_url() for share in shares if share.unit_id in user.body_ids), ""
        ),
    }
    return render(request, "proposals/detail.html", context)


def merged_here(proposal: Proposal) -> list[Any]:
    """What was merged into the proposal, each with why."""
    if proposal.number is None:
        return []
    rows = proposal.merged.filter(status=Proposal.Status.MERGED).with_first_proposer()
    merged: list[Any] = list(rows)
    why = ProposalChange.objects.filter(subject__in=merged, verb="merge").order_by("pk")
    notes = {change.subject_id: change.note for change in why} if merged else {}
    for one in merged:
        one.why = notes.get(one.pk, "")
    return merged


def merge_note(proposal: Proposal) -> str:
    """Why it was merged, for its own proposers."""
    if proposal.merged_into_id is None:
        return ""
    last = proposal.changes.filter(verb="merge").last()
    return last.note if last else ""


def handlings_of(proposal: Proposal) -> list[Any]:
    """The shares of a proposal with all that its page shows of them; `sent` holds the replies."""
    shares = Handling.objects.select_related(
        "unit", "joint_opinion", "current_reply", "return_request", "rehanded_to"
    )
    replies = Reply.objects.sent().select_related("result_class")
    whole = shares.prefetch_related(
        Prefetch(
            "contacts",
            ContactEntry.objects.select_related("proposer__membership__person", "proposer__body"),
        ),
        Prefetch("replies", replies, to_attr="sent"),
        Prefetch(
            "rehandlings",
            Rehandling.objects.select_related(
                "evaluation__proposer__membership__person", "evaluation__proposer__body"
            ),
        ),
    )
    prefetch_related_objects([proposal], Prefetch("handlings", whole))
    # Who answers the proposers stands above who only advises.
    return sorted(proposal.handlings.all(), key=lambda share: not share.answers_proposers)


def ratings_of(proposal: Proposal, user: Any) -> list[Evaluation]:
    """The ratings this person may read, in the order of the proposers; a body's with who gave it."""
    ratings = list(
        Evaluation.objects.visible_to(user)
        .filter(reply__handling__proposal=proposal)
        .select_related(
            "reply__handling__unit",
            "reply__handling__proposal",
            "proposer__membership__person",
            "proposer__body",
        )
        .order_by("reply__round", "reply__handling__pk", "proposer__order")
    )
    of_bodies = [rating for rating in ratings if rating.proposer.body_id]
    given = EvaluationChange.objects.filter(verb__in=("evaluate", "change"))
    given = given.select_related("by__person").order_by("-at", "-pk")
    prefetch_related_objects(of_bodies, Prefetch("changes", given, to_attr="given"))
    return ratings


# Notes that people outside the office read; what it writes at its other steps stays inside.
OPEN_NOTES = ("return_", "refuse", "merge", "unmerge", "reopen", "withdraw", "recall", "revoke")


def changes_of(proposal: Proposal, user: Any) -> list[Any]:
    """The history of the proposal, newest first, without the office's inner notes for others."""
    changes = list(
        proposal.changes.select_related("by__person", "scan", "decision").order_by("-at", "-pk")
    )
    if not user.has_perm("proposals.read_notes"):
        for change in changes:
            if change.verb not in OPEN_NOTES:
                change.note = ""
    if not may_read_opinions(user):
        changes = [change for change in changes if change.verb != "examine"]
    return changes


def last_return(proposal: Proposal) -> Any:
    """The office's last words on what is to be changed, while they hold."""
    if proposal.status not in Proposal.MOVES["submit"].old:
        return None
    return proposal.changes.filter(verb="return_").last()


def office_url(proposal: Proposal, user: Any) -> str:
    """Where the secretariat works on this proposal."""
    if not user.is_staff or not user.has_perm("proposals.view_proposal"):
        return ""
    return reverse("admin:proposals_proposal_change", args=[proposal.pk])


def opinion_url(proposal: Proposal, user: Any) -> str:
    """The public-opinion report it was turned into, for whoever may see that one."""
    if proposal.status != Proposal.Status.NOT_FILED:
        return ""
    report = OpinionReport.objects.visible_to(user).filter(from_proposal=proposal).first()
    return report.get_absolute_url() if report else ""


def shown_text(proposal: Proposal, user: Any) -> Any:
    """The draft to its author while being written, to everybody else the frozen text."""
    draft = getattr(proposal, "draft", None)
    if draft is not None and (proposal.current_text is None or is_author(proposal, user)):
        return draft
    return proposal.current_text


def conflict_of_interest(
    shares: Sequence[Handling], own_seat: Proposer | None, user: Any
) -> Handling | None:
    """The share of the user's own unit on their own proposal, if there is one."""
    if own_seat is None or own_seat.status != Proposer.Status.AGREED:
        return None
    return next((share for share in shares if share.unit_id in user.body_ids), None)


@require_POST
def new(request: MemberRequest) -> HttpResponse:
    """Open an empty draft."""
    proposal = actions.start_draft(by=request.user)
    return redirect("proposals:edit", proposal.pk)


def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Write: the text in its parts, saved by itself and by the button."""
    proposal = get_proposal(request, pk)
    user = request.user
    if not is_author(proposal, user):
        raise PermissionDenied
    if proposal.status not in Proposal.MOVES["submit"].old:
        messages.info(
            request, _("这件提案目前是“%s”，不能修改文字。") % proposal.get_status_display()
        )
        return redirect(proposal)
    draft = getattr(proposal, "draft", None) or _draft_of(proposal, user)
    posted = request.method == "POST"
    form = DraftForm(
        request.POST if posted else None, initial={**draft.parts, "version": draft.version}
    )
    choices = choices_form(request, proposal)
    conflict = None
    if posted and form.is_valid():
        # The text is kept even where a choice beside it has to be mended.
        try:
            draft = actions.save_draft(proposal, by=user, **form.cleaned_data)
        except actions.DraftConflict as both:
            conflict, draft = both, both.theirs
        if choices.is_valid() and conflict is None:
            keep_choices(choices, proposal, by=user)
            if hint := form.too_long():
                messages.info(request, hint)
            return after_saving(request, proposal)
    context = {
        "proposal": proposal,
        "draft": draft,
        "form": form,
        "choices": choices,
        "conflict": conflict,
        "lost_files": [file.name for file in request.FILES.getlist("files")] if posted else [],
        "copies": proposal.draft_copies.all()[:5],
        "length_warn": parameters.get("proposals.length_warn"),
        "last_return": last_return(proposal),
        "page_has_errors": bool(form.errors or choices.errors or conflict),
    }
    return render(request, "proposals/edit.html", context, status=409 if conflict else 200)


def choices_form(request: MemberRequest, proposal: Proposal) -> ChoicesForm:
    """What is chosen beside the text, as posted or as it was kept."""
    initial = {
        "may_publish": "" if proposal.may_publish is None else str(proposal.may_publish),
        "unpublished_reason": proposal.unpublished_reason,
        "secrecy_confirmed": proposal.secrecy_confirmed,
        "wished_units": proposal.wished_units.all(),
        "wished_joint_units": proposal.wished_joint_units.all(),
    }
    if request.method != "POST":
        return ChoicesForm(proposal=proposal, initial=initial)
    return ChoicesForm(request.POST, request.FILES, proposal=proposal, initial=initial)


def keep_choices(choices: ChoicesForm, proposal: Proposal, *, by: Any) -> None:
    actions.save_choices(proposal, by=by, **choices.chosen())
    for attachment in choices.cleaned_data["remove_files"]:
        files.remove(attachment, by=by, note=_("提案人移除"))
    files.accept_all(choices.cleaned_data["files"], subject=proposal, by=by)


def after_saving(request: MemberRequest, proposal: Proposal) -> HttpResponse:
    """Where the pressed button leads: on to co-signers, on to submission, or stay."""
    if "invite" in request.POST:
        return redirect("proposals:invite", proposal.pk)
    if "submit" in request.POST:
        return redirect("proposals:submit", proposal.pk)
    messages.success(request, _("草稿已保存。"))
    return redirect("proposals:edit", proposal.pk)


def _draft_of(proposal: Proposal, user: Any) -> Any:
    actions.reopen_draft(proposal, by=user)
    return proposal.fresh().draft


@require_POST
def save_draft(request: MemberRequest, pk: int) -> HttpResponse:
    """Autosave from the page; answers in JSON and tells the truth about what was kept."""
    proposal = get_proposal(request, pk)
    form = DraftForm(request.POST)
    if not form.is_valid():
        reasons = [str(error) for errors in form.errors.values() for error in errors]
        return JsonResponse({"message": _("没有保存：%s") % "".join(reasons)}, status=400)
    try:
        draft = actions.save_draft(proposal, by=request.user, **form.cleaned_data)
    except actions.DraftConflict as conflict:
        answer = {
            "version": conflict.theirs.version,
            "theirs": conflict.theirs.parts,
            "message": _("另一个窗口也修改了这份草稿，两份文字都已保留。"),
        }
        return JsonResponse(answer, status=409)
    choices = ChoicesForm(request.POST, proposal=proposal)
    if choices.is_valid():
        actions.save_choices(proposal, by=request.user, **choices.chosen())
    saved_at = timezone.localtime(draft.saved_at)
    return JsonResponse({"version": draft.version, "saved_at": f"{saved_at:%H:%M}"})


def submit(request: MemberRequest, pk: int) -> HttpResponse:
    """A last look at the whole text, then hand it to the office."""
    proposal = get_proposal(request, pk)
    if not proposal.can("submit", request.user):
        return refuse_step(request, proposal)
    missing = proposal.missing("submit")
    if request.method == "POST" and not missing:
        sent = actions.submit(proposal, by=request.user)
        messages.success(request, submitted(sent))
        return redirect(proposal)
    pending = proposal.proposers.filter(status=Proposer.Status.WAITING).select_related(
        "membership__person"
    )
    context = {
        "proposal": proposal,
        "text": shown_text(proposal, request.user),
        "missing": missing,
        "pending": pending,
        "cosigners": proposal.proposers.confirmed()
        .filter(order__gt=0)
        .select_related("membership__person", "body"),
        "in_window": proposal.plenary.takes_plenary_texts_at(timezone.now()),
        "files": files.for_subject(proposal),
        "wished": proposal.wished_units.all(),
        "wished_joint": proposal.wished_joint_units.all(),
    }
    return render(request, "proposals/submit.html", context)


def submitted(proposal: Proposal) -> str:
    """What the author is told: the number, what happens next, by when."""
    told = _("提交成功，流水号 %(serial)s（%(series)s）。") % {
        "serial": proposal.serial,
        "series": proposal.get_series_display(),
    }
    clock = Deadline.objects.current(proposal, "review_ordinary")
    if clock is None:
        return told + _("提案委在大会期间集中审查，结果会用消息通知您，不必再做什么。")
    return told + _("办公室在 %s 前审查，结果会用消息通知您，不必再做什么。") % long_date(
        clock.due_on
    )


def refuse_step(request: MemberRequest, proposal: Proposal) -> HttpResponse:
    """The step is not open: to the author with a word, to everybody else 403."""
    if not is_author(proposal, request.user):
        raise PermissionDenied
    messages.warning(
        request, _("这件提案目前是“%s”，不能进行这一步。") % proposal.get_status_display()
    )
    return redirect(proposal)


def invite(request: MemberRequest, pk: int) -> HttpResponse:
    """Choose members to ask; who is chosen stays chosen while one goes on searching."""
    proposal = get_proposal(request, pk)
    if not proposal.can("invite", request.user):
        return refuse_step(request, proposal)
    posted = request.POST if request.method == "POST" else None
    searching = posted is not None and "find" in posted
    others = list(
        proposal.proposers.filter(order__gt=0).select_related("membership__person", "text")
    )
    stale = signed_other_words(proposal, others)
    first = proposal.first_proposer
    members = (
        Membership.objects.active()
        .filter(term=proposal.term)
        .exclude(pk=(first and first.membership_id) or 0)
    )
    form = InviteForm(
        None if searching else posted,
        members=members,
        nobody_new=bool(stale),
        initial={"until": proposal.cosign_until},
    )
    if posted is not None and not searching and form.is_valid():
        told = actions.invite(proposal, by=request.user, **form.cleaned_data)
        messages.success(
            request,
            _("已向 %(told)s 位委员发出邀请，请他们在 %(until)s 前答复。您随时可以提交。")
            % {"told": told, "until": long_date(proposal.cosign_until or timezone.localdate())},
        )
        return redirect(proposal)
    words = (posted or request.GET).get("q", "").strip()
    asked = [item.membership_id for item in others if item.membership_id and is_asked(item)]
    choice = members.exclude(pk__in=asked).select_related("person", "sector")
    chosen_pks = {int(pk) for pk in posted.getlist("memberships") if pk.isdigit()} if posted else ()
    context = {
        "proposal": proposal,
        "form": form,
        "until": (posted.get("until", "") if posted else "") or "",
        "missing": proposal.missing("invite"),
        "others": others,
        "stale": stale,
        "words": words,
        "chosen": list(choice.filter(pk__in=chosen_pks).order_by("person__initials")),
        "groups": grouped(choice.exclude(pk__in=chosen_pks), first, words),
    }
    return render(request, "proposals/invite.html", context)


def is_asked(proposer: Proposer) -> bool:
    return proposer.status in (Proposer.Status.WAITING, Proposer.Status.AGREED)


def signed_other_words(proposal: Proposal, others: Sequence[Proposer]) -> list[Proposer]:
    """Who was asked or agreed to words that have changed since."""
    draft = getattr(proposal, "draft", None)
    if draft is None:
        return []
    return [
        proposer
        for proposer in others
        if is_asked(proposer) and proposer.text and proposer.text.digest != draft.digest
    ]


def grouped(members: Any, first: Proposer | None, words: str) -> list[dict[str, Any]]:
    """Members by sector, the author's own sector first and open; after a search all found are open."""
    own = first.membership.sector_id if first and first.membership else None
    found = members.search(words) if words else members
    groups: dict[int | None, dict[str, Any]] = {}
    for member in found.order_by("sector__order", "sector__pk", "person__initials", "pk"):
        group = groups.setdefault(
            member.sector_id,
            {
                "name": str(member.sector or _("未分界别")),
                "members": [],
                "open": bool(words) or member.sector_id == own,
            },
        )
        group["members"].append(member)
    return sorted(groups.values(), key=lambda group: not group["open"])


def own_invitation(request: MemberRequest, proposal: Proposal) -> Proposer:
    rows: QuerySet[Proposer] = proposal.proposers.filter(
        membership__person__user=request.user, order__gt=0
    )
    return get_object_or_404(rows.select_related("membership__person", "text"))


def answer(request: MemberRequest, pk: int, verb: str, done: str) -> HttpResponse:
    """Agree or decline; both buttons stand under the same text."""
    proposal = get_proposal(request, pk)
    invitation = own_invitation(request, proposal)
    if not invitation.can(verb, request.user):
        messages.info(request, _("您已经答复过：%s。") % invitation.get_status_display())
        return redirect(proposal)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if verb == "decline":
            given.pop("text")  # nobody is bound by words they decline
        try:
            getattr(actions, verb)(invitation, by=request.user, **given)
        except NotReady as refused:
            # The remark stays on the page, beside the text as it now is.
            for reason in refused.reasons:
                form.add_error(None, reason)
            invitation = own_invitation(request, proposal)
        else:
            messages.success(request, done)
            return redirect(proposal if verb == "agree" else "home")
    context = {
        "proposal": proposal,
        "invitation": invitation,
        "form": form,
        "files": files.for_subject(proposal),
        "missing": invitation.missing("agree"),
    }
    return render(request, "proposals/answer.html", context)


def agree(request: MemberRequest, pk: int) -> HttpResponse:
    """Co-sign."""
    return answer(
        request, pk, "agree", _("您已同意联名，第一提案人会收到消息。提案提交后会告诉您。")
    )


def decline(request: MemberRequest, pk: int) -> HttpResponse:
    """Do not co-sign."""
    return answer(request, pk, "decline", _("已告知第一提案人，您没有联名。"))


@require_POST
def cancel(request: MemberRequest, pk: int, proposer_pk: int) -> HttpResponse:
    """Take back an unanswered invitation."""
    proposal = get_proposal(request, pk)
    actions.cancel_invitation(
        get_object_or_404(proposal.proposers, pk=proposer_pk), by=request.user
    )
    messages.success(request, _("邀请已取消。"))
    return redirect("proposals:invite", proposal.pk)


@require_POST
def recall(request: MemberRequest, pk: int) -> HttpResponse:
    """Take the text back to change it, before the review has begun."""
    proposal = get_proposal(request, pk)
    actions.recall(proposal, by=request.user)
    messages.success(request, _("已撤回为草稿，修改后请重新提交。"))
    return redirect("proposals:edit", proposal.pk)


def withdraw(request: MemberRequest, pk: int) -> HttpResponse:
    """Take the proposal back for good."""
    proposal = get_proposal(request, pk)
    if not proposal.can("withdraw", request.user):
        return refuse_step(request, proposal)
    form = NoteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.withdraw(proposal, by=request.user, **form.cleaned_data)
        messages.success(request, _("提案已撤回。"))
        return redirect(proposal)
    return render(request, "proposals/withdraw.html", {"proposal": proposal, "form": form})


def evaluate(request: MemberRequest, pk: int) -> HttpResponse:
    """Rate a reply: attitude and result apart."""
    rows = Evaluation.objects.visible_to(request.user).select_related(
        "reply__handling__proposal__plenary__term",
        "reply__handling__unit",
        "reply__result_class",
        "proposer__membership__person",
        "proposer__body",
    )
    evaluation = get_object_or_404(rows, pk=pk)
    proposal = evaluation.reply.handling.proposal
    if not evaluation.proposer.is_user(request.user):
        raise PermissionDenied
    if evaluation.opened_at is None:
        Evaluation.objects.filter(pk=evaluation.pk, opened_at=None).update(opened_at=timezone.now())
    # Until the round closes it can be changed: the form then holds what was said.
    again = evaluation.status == Evaluation.Status.ANSWERED
    said = {name: getattr(evaluation, name) for name in Evaluation.ANSWER} if again else None
    form = EvaluateForm(request.POST if request.method == "POST" else None, initial=said)
    if request.method == "POST" and form.is_valid():
        act = actions.change_rating if again else actions.evaluate
        act(evaluation, by=request.user, **form.cleaned_data)
        messages.success(request, thanks(evaluation))
        return redirect(proposal)
    clock = Deadline.objects.current(evaluation.reply, "evaluation")
    promises_of([evaluation.reply])
    context = {
        "evaluation": evaluation,
        "proposal": proposal,
        "reply": evaluation.reply,
        "form": form,
        "can_evaluate": may_rate(evaluation, request.user),
        "again": again,
        "earlier": evaluation.earlier.all(),
        "why": clock.explain() if clock else "",
    }
    return render(request, "proposals/evaluate.html", context)


def may_rate(evaluation: Evaluation, user: Any) -> bool:
    """Whether this person may rate now, or change what they said: not after the round."""
    if evaluation.reply.handling.proposal.status not in Proposal.RATED:
        return False
    if evaluation.reply.round != evaluation.reply.handling.round:
        return False
    return evaluation.can("evaluate", user) or evaluation.can("change", user)


def thanks(evaluation: Evaluation) -> str:
    """What happens next after a rating, and by when."""
    asked = evaluation.rehandlings.filter(status=Rehandling.Status.PROPOSED).first()
    if asked is not None:
        return _(
            "评价已提交。您对办理不满意，提案委办公室将在 %s 前决定是否重新办理，并用消息告诉您结果和理由。"
        ) % long_date(asked.due_on)
    return _("评价已提交，谢谢。全部评价收齐后，由办公室办结。")
