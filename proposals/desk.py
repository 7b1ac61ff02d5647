"""The desk of a handling unit: one page to acknowledge, note contacts, give opinions, reply."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.forms import BaseFormSet
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST

from cppcc_portal.office.archives import Refused
from cppcc_portal.office.deadlines import long_date
from cppcc_portal.office.requests import what_happened
from cppcc_portal.office.steps import buttons
from cppcc_portal.office.workflow import IllegalMove, NotReady
from members.requests import MemberRequest
from proposals import actions
from proposals.attachments import shown_with
from proposals.follow_steps import STEPS_OF_SHARE
from proposals.forms import (
    CommitmentFormSet,
    ContactForm,
    OpinionForm,
    ReplyDraftForm,
    ReplyForm,
    promise_rows,
    typed_promises,
)
from proposals.marks import meetings_of, promised_at, revoked, supervision_of
from proposals.models import (
    ContactEntry,
    Countersign,
    Handling,
    HandlingChange,
    Proposal,
    Rehandling,
    Reply,
)
from proposals.models.replies import is_asked
from proposals.models.rights import acts_for_unit, remembered
from proposals.promises import promises_of
from proposals.turns import clock_of, clocks_of, share_turn


def get_handling(request: Any, pk: int) -> Handling:
    """The share, or 404 for what this unit may not know of."""
    rows = Handling.objects.visible_to(request.user).select_related(
        "unit",
        "proposal__plenary__term",
        "proposal__current_text",
        "proposal__category",
        "proposal__publication",
        "joint_opinion",
        "current_reply__result_class",
        "return_request",
    )
    return get_object_or_404(rows, pk=pk)


def own_handling(request: MemberRequest, pk: int) -> Handling:
    """The share, for those who act for its unit; the office enters from paper in its own workplace."""
    handling = get_handling(request, pk)
    if not acts_for_unit(handling, request.user):
        raise PermissionDenied
    return handling


def detail(request: MemberRequest, pk: int) -> HttpResponse:
    """One share on one page: the next step, the text, the other units, contacts, opinion, reply."""
    handling = get_handling(request, pk)
    with remembered(request.user):
        return render(request, "desk/detail.html", _whole(request, handling))


def _whole(request: MemberRequest, handling: Handling) -> dict[str, Any]:
    proposal = handling.proposal
    user = request.user
    acts = acts_for_unit(handling, user)
    shares = list(
        proposal.handlings.standing()
        .select_related("unit", "joint_opinion")
        .prefetch_related(
            Prefetch("replies", Reply.objects.sent().select_related("result_class"), to_attr="sent")
        )
    )
    shares.sort(key=lambda share: not share.answers_proposers)
    meetings = meetings_of(proposal, user)
    promises = [
        *promises_of([reply for share in shares for reply in share.sent]),
        *promised_at(meetings),
    ]
    contacts = list(
        handling.contacts.select_related(
            "proposer__membership__person", "proposer__body", "recorded_by__person", "scan"
        )
    )
    clocks = clocks_of([handling])
    first_contact = clock_of(handling, "first_contact", clocks)
    proposers = list(proposal.proposers.confirmed().with_people())
    changes, pending = history_of(handling), pending_reply(handling, user)
    return {
        "handling": handling,
        "proposal": proposal,
        "text": proposal.current_text,
        "proposers": proposers,
        "shares": shares,
        "merged": merged_texts(proposal),
        "rehanded": rehanded_from(handling),
        "supervision": supervision_of(proposal) if proposal.is_key else None,
        "revoked": revoked(proposal),
        "meetings": meetings,
        "hand_over": proposal.changes.filter(verb="hand_over").last(),
        "contacts": contacts,
        "contact_by": first_contact.due_on if first_contact and first_contact.is_open else None,
        "draft": draft_of(handling) if acts else None,
        "pending": pending,
        "pending_signs": signs_of(handling, pending),
        "asked": asked_to_countersign(handling) if acts else [],
        "sent_back": sent_back(handling, changes) if acts else None,
        "own_promises": [
            promise
            for promise in promises
            if promise.unit_id == handling.unit_id and promise.status == promise.Status.OPEN
        ]
        if acts or user.has_perm("proposals.enter_for_others")
        else [],
        # For a second round the unit must know who was not satisfied, and why; never anything else.
        "dissatisfied": Rehandling.objects.filter(
            handling=handling, status=Rehandling.Status.STARTED
        ).select_related(
            "evaluation__proposer__membership__person",
            "evaluation__proposer__body",
            "evaluation__reply",
        ),
        "turn": share_turn(handling, user, timezone.localdate(), clocks),
        "acts": acts,
        "moves": [verb for verb, _move in handling.open_moves(user)],
        "waiting_for": waited_for(handling, shares),
        "requests": handling.requests.select_related("handling__unit", "suggested_unit"),
        "buttons": buttons(STEPS_OF_SHARE, handling, user, handling.get_absolute_url()),
        "own_proposal": acts and any(proposer.is_user(user) for proposer in proposers),
        "files": shown_with(proposal),
        "changes": changes,
    }


def history_of(handling: Handling) -> list[Any]:
    """The steps of the share, the newest first."""
    lines = handling.changes.select_related("by__person", "scan", "decision")
    return list(lines.order_by("-at", "-pk"))


def merged_texts(proposal: Proposal) -> list[Proposal]:
    """What was merged into the proposal: the unit answers it as well."""
    merged = proposal.merged.filter(status=Proposal.Status.MERGED)
    return list(merged.with_first_proposer().select_related("current_text"))


def rehanded_from(handling: Handling) -> Any:
    """Why the share came from another unit, if it did: the line of that unit's history."""
    lines = HandlingChange.objects.filter(
        verb="rehand",
        subject__proposal=handling.proposal_id,
        subject__rehanded_to=handling.unit_id,
    )
    return lines.select_related("subject__unit").order_by("-at", "-pk").first()


def pending_reply(handling: Handling, user: Any) -> Reply | None:
    """The reply that was written and has not reached the proposers: for the unit, and for who checks it."""
    on_its_way = handling.status in (Handling.Status.SIGNING, Handling.Status.CHECKING)
    if on_its_way and (acts_for_unit(handling, user) or handling.can("check", user)):
        return handling.current_reply
    return None


def asked_to_countersign(handling: Handling) -> list[Countersign]:
    """What the joint unit is asked to countersign."""
    if handling.role != Handling.Role.JOINT:
        return []
    return list(handling.countersigns.waiting().with_names())


def signs_of(handling: Handling, draft: Reply | None) -> list[Countersign]:
    """What the joint units said to the lead unit's draft as it stands."""
    if draft is None or not is_asked("countersign", handling):
        return []
    return list(draft.countersigns.filter(digest=draft.digest).with_names().order_by("pk"))


def sent_back(handling: Handling, changes: Sequence[Any]) -> Any:
    """Why the reply came back, while the unit mends it: the newest line of the share's history."""
    if handling.status != Handling.Status.ACKNOWLEDGED or not changes:
        return None
    return changes[0] if changes[0].verb == "send_back" else None


def draft_of(handling: Handling) -> Reply | None:
    """The reply being written in this round, if the unit has begun."""
    return handling.replies.filter(round=handling.round, sent_at=None).first()


def waited_for(handling: Handling, shares: Sequence[Handling]) -> list[Handling]:
    """The joint units whose opinions are still to come, for the unit that writes the reply."""
    if handling.role != Handling.Role.LEAD or handling.round > 1:
        return []
    return [
        share
        for share in shares
        if share.role == Handling.Role.JOINT
        and share.joint_opinion_id is None
        and share.status not in Handling.GONE
    ]


@require_POST
def acknowledge(request: MemberRequest, pk: int) -> HttpResponse:
    """Confirm receipt."""
    handling = own_handling(request, pk)
    actions.acknowledge(handling, by=request.user)
    if handling.role == Handling.Role.JOINT:
        told = _("已签收。请在 %s 前提交会办意见。")
    else:
        told = _("已签收。请先与提案人联系，并在 %s 前书面答复。")
    messages.success(request, told % long_date(handling.due_on))
    return redirect(handling)


def contact(request: MemberRequest, pk: int) -> HttpResponse:
    """Note a contact with a proposer."""
    handling = own_handling(request, pk)
    if handling.status == Handling.Status.WAITING and request.method != "POST":
        messages.warning(request, _("请先签收，再登记沟通情况。"))
        return redirect(handling)
    replied = handling.status == Handling.Status.REPLIED
    form = ContactForm(
        request.POST if request.method == "POST" else None,
        handling=handling,
        initial={
            "on": timezone.localdate(),
            "way": ContactEntry.Way.PHONE,
            "stage": ContactEntry.Stage.AFTER if replied else ContactEntry.Stage.DURING,
        },
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.record_contact(handling, by=request.user, **form.cleaned_data)
        except NotReady as refused:
            for reason in refused.reasons:
                form.add_error(None, reason)
        except IllegalMove as late:
            status = 409
            came_too_late(form, late, request)
        else:
            messages.success(request, _("沟通情况已登记，提案人也能看到。"))
            return redirect(handling)
    context = {"handling": handling, "form": form, "nth_contact": handling.contacts.count() + 1}
    return render(request, "desk/contact.html", context, status=status)


def give_opinion(request: MemberRequest, pk: int) -> HttpResponse:
    """A joint unit's opinion for the lead unit."""
    handling = own_handling(request, pk)
    posted, status = request.method == "POST", 200
    if not posted and not handling.can("give_opinion", request.user):
        return refuse_step(request, handling)
    form = OpinionForm(request.POST if posted else None)
    if posted and form.is_valid():
        try:
            actions.give_opinion(handling, by=request.user, **form.cleaned_data)
        except NotReady as refused:
            for reason in refused.reasons:
                form.add_error(None, reason)
        except IllegalMove as late:  # a colleague was first; what was typed here is shown, not lost
            status = 409
            came_too_late(form, late, request)
        else:
            messages.success(request, _("会办意见已提交给主办单位。"))
            return redirect(handling)
    context = {"handling": handling, "form": form, "text": handling.proposal.current_text}
    return render(request, "desk/give_opinion.html", context, status=status)


def came_too_late(form: Any, late: IllegalMove, request: MemberRequest) -> None:
    """Tell on the form who was first; what was typed stays in it."""
    now = type(late.thing)._base_manager.filter(pk=late.thing.pk).first()
    form.add_error(None, what_happened(late, now, request.user))
    form.add_error(None, _("您填写的内容还在下面，没有保存；需要的请先复制。"))


def refuse_step(request: MemberRequest, handling: Handling) -> HttpResponse:
    """The step is not open: the unit is told why."""
    if handling.proposal.is_proposer(request.user):
        messages.warning(request, _("您是这件提案的提案人，请由本单位其他同事签发答复。"))
    else:
        messages.warning(
            request, _("目前状态是「%s」，不能进行这一步。") % handling.get_status_display()
        )
    return redirect(handling)


def reply(request: MemberRequest, pk: int) -> HttpResponse:
    """Write the reply, keep it as a draft, or send it with its promises."""
    handling = own_handling(request, pk)
    if not handling.can("reply", request.user) or not handling.answers_proposers:
        gone_on = handling.status not in Handling.MOVES["reply"].old
        if request.method == "POST" and handling.answers_proposers and gone_on:
            return reply_too_late(request, handling, IllegalMove(handling, "reply"))
        return refuse_step(request, handling)
    if request.method != "POST":
        draft = draft_of(handling) or Reply(handling=handling, round=handling.round)
        rows = promise_rows(draft.planned)
        return reply_page(request, handling, ReplyDraftForm(instance=draft), rows)
    sending = "reply" in request.POST
    draft = draft_of(handling) or Reply(handling=handling, round=handling.round)
    form = (ReplyForm if sending else ReplyDraftForm)(request.POST, request.FILES, instance=draft)
    typed = typed_promises(request.POST)
    rows = CommitmentFormSet(request.POST, prefix="promises") if sending else promise_rows(typed)
    valid = form.is_valid()
    try:
        keep_reply(handling, request, form, typed)
    except IllegalMove as late:
        # A colleague saved in between: both texts are shown, and nothing of either is lost.
        theirs = draft_of(handling)
        if theirs is None:
            return reply_too_late(request, get_handling(request, pk), late)
        return reply_page(request, handling, form, rows, theirs=theirs)
    if request.FILES and not sending:
        messages.warning(request, _("扫描件没有保存：它随答复一起送出，请在送出时再选一次。"))
    if "more" in request.POST:
        return reply_page(request, handling, form, promise_rows(typed, more=2))
    if "countersign" in request.POST and valid:
        if ask_joint_units(handling, request, form):
            messages.success(request, _("答复稿已送会签，会办单位会收到消息。"))
            return redirect("desk:reply", handling.pk)
        return reply_page(request, handling, form, promise_rows(typed))
    if not sending and valid:
        messages.success(request, _("答复草稿已保存，还没有发出。"))
        return redirect("desk:reply", handling.pk)
    # What is missing is told all at once, the promise too.
    promised = sending and rows.is_valid() and has_promise(form, rows)
    if valid and promised and send_reply(handling, request, form, rows):
        messages.success(request, str(TOLD[handling.status]))
        return redirect(handling)
    return reply_page(request, handling, form, rows)


def reply_too_late(request: MemberRequest, handling: Handling, late: IllegalMove) -> HttpResponse:
    """The reply has gone on meanwhile: what was typed is shown once more, and kept nowhere."""
    unsaved = Reply(handling=handling, round=handling.round)
    form = ReplyDraftForm(request.POST, instance=unsaved)
    form.full_clean()
    came_too_late(form, late, request)
    rows = promise_rows(typed_promises(request.POST))
    return reply_page(request, handling, form, rows, status=409)


# What the clerk is told, by where the reply has gone.
TOLD: dict[str, Any] = {
    Handling.Status.SIGNING: _lazy("已送单位负责人签发；签发前可以退回修改。"),
    Handling.Status.CHECKING: _lazy("已报督查部门审核；审核期间答复期限暂停计算。"),
    Handling.Status.REPLIED: _lazy("答复已发出。所有提案人都已收到消息，接下来由他们评价。"),
}


def ask_joint_units(handling: Handling, request: MemberRequest, form: ReplyDraftForm) -> bool:
    """Show the draft to the joint units; what is missing is told on the page where it was written."""
    try:
        actions.send_for_countersign(handling, by=request.user)
    except NotReady as refused:
        for reason in refused.reasons:
            form.add_error(None, reason)
        return False
    return True


def keep_reply(
    handling: Handling, request: MemberRequest, form: ReplyDraftForm, typed: list[dict[str, str]]
) -> None:
    """Keep what is sound as a draft, before anything else; IllegalMove when a colleague was first."""
    draft = draft_of(handling)
    version = request.POST.get("version", "")
    actions.save_reply(
        handling,
        by=request.user,
        version=int(version) if draft and version.isdigit() else None,
        planned=typed,
        **form.cleaned_data,
    )


def has_promise(form: ReplyDraftForm, rows: BaseFormSet) -> bool:
    """Whether a reply that needs a promise has one; if not, the page says so."""
    klass = form.cleaned_data.get("result_class")
    needed = form.cleaned_data.get("promised") or (klass and klass.needs_commitment)
    if needed and not any(row.has_changed() for row in rows):
        form.add_error(
            None, _("B 类答复或有承诺的答复，须写明至少一项承诺：做什么、谁负责、何时完成。")
        )
        return False
    return True


def send_reply(
    handling: Handling, request: MemberRequest, form: ReplyDraftForm, rows: BaseFormSet
) -> bool:
    """Send it; what is still missing is told on the page where it was written."""
    commitments = [row.cleaned_data for row in rows if row.has_changed()]
    try:
        actions.reply(handling, by=request.user, commitments=commitments, **form.cleaned_data)
    except NotReady as refused:
        for reason in refused.reasons:
            form.add_error(None, reason)
        return False
    except Refused as refused:
        form.add_error("signed", refused.message)
        return False
    return True


def reply_page(
    request: MemberRequest,
    handling: Handling,
    form: ReplyDraftForm,
    rows: BaseFormSet,
    *,
    theirs: Reply | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page on which the reply is written, with all the clerk needs beside it."""
    proposal = handling.proposal
    shares = list(proposal.handlings.standing().select_related("unit", "joint_opinion"))
    draft = draft_of(handling)
    context = {
        "handling": handling,
        "proposal": proposal,
        "form": form,
        "promises": rows,
        "draft": draft or form.instance,
        "saved_at": draft.saved_at if draft else None,
        "theirs": theirs,
        "text": proposal.current_text,
        "opinions": [share for share in shares if share.role == Handling.Role.JOINT],
        "asked": signs_of(handling, draft),
        "sent_back": sent_back(handling, list(handling.changes.order_by("-at", "-pk")[:1])),
        "countersigns": handling.role == Handling.Role.LEAD
        and is_asked("countersign", handling)
        and any(share.role == Handling.Role.JOINT for share in shares),
        "route": route_of(handling),
        "checked": is_asked("check_reply", handling),
        "proposers": proposal.proposers.confirmed().with_people(),
        "no_contact": not handling.contacts.exists(),
        "page_has_errors": bool(
            form.errors or theirs or (rows.is_bound and rows.total_error_count())
        ),
    }
    return render(request, "desk/reply.html", context, status=409 if theirs else status)


def route_of(handling: Handling) -> str:
    """Where a finished reply goes first: to the leader, to the check, or to the proposers."""
    for step in ("sign_off", "check_reply"):
        if is_asked(step, handling):
            return step
    return "send"


COMPARED = (
    "text",
    "document_number",
    "signer",
    "signer_post",
    "signer_rank",
    "contact_name",
    "contact_phone",
)


@require_POST
def save_reply(request: MemberRequest, pk: int) -> HttpResponse:
    """Autosave of the reply being written; answers in JSON."""
    handling = own_handling(request, pk)
    form = ReplyDraftForm(
        request.POST, instance=draft_of(handling) or Reply(handling=handling, round=handling.round)
    )
    if not form.is_valid() or not request.POST.get("version", "").isdigit():
        return JsonResponse({"message": _("没有保存：请检查有红字提示的地方。")}, status=400)
    try:
        keep_reply(handling, request, form, typed_promises(request.POST))
    except IllegalMove:
        now = draft_of(handling)
        if now is None:  # sent meanwhile, or handed to another round
            return JsonResponse({"message": _("没有保存：这份答复已经发出。")}, status=400)
        answer = {
            "version": now.version,
            "theirs": {name: getattr(now, name) for name in COMPARED},
            "message": _("同事也在修改这份答复，请核对后再保存。"),
        }
        return JsonResponse(answer, status=409)
    saved = handling.replies.get(round=handling.round)
    saved_at = timezone.localtime(saved.saved_at)
    return JsonResponse({"version": saved.version, "saved_at": f"{saved_at:%H:%M}"})
