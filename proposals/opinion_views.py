"""Pages of public-opinion reports: one's own on a phone, the office's editing beside the author's words."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cppcc_portal.office import files, parameters, steps
from cppcc_portal.office.instructions import Instruction
from cppcc_portal.office.paging import newest
from cppcc_portal.office.requests import what_happened
from cppcc_portal.office.workflow import IllegalMove, NotReady
from members.models import Body, Membership
from members.requests import MemberRequest
from proposals.actions import opinion_editing as editing
from proposals.actions import opinions
from proposals.actions.opinion_coauthors import may_invite
from proposals.models import (
    Bulletin,
    OpinionDispatch,
    OpinionInvitation,
    OpinionInvitationChange,
    OpinionReport,
    OpinionText,
)
from proposals.models.opinion_texts import opinion_digest
from proposals.models.opinions import writes_opinion
from proposals.opinion_coauthor_steps import COAUTHOR_STEPS, own_invitation
from proposals.opinion_forms import (
    MINE,
    EditForm,
    NewOpinionForm,
    OpinionFilesForm,
    OpinionFilterForm,
    OpinionTextForm,
    OwnFilterForm,
)
from proposals.opinion_steps import REPORT_STEPS
from proposals.opinion_turns import turn_of_opinion


def get_report(request: Any, pk: int) -> OpinionReport:
    """The report, or 404 for what this person may not know of."""
    rows = OpinionReport.objects.visible_to(request.user).with_authors()
    return get_object_or_404(
        rows.select_related(
            "author_text",
            "edited_text",
            "bulletin__text",
            "combined_into",
            "from_proposal",
            "theme",
            "signer",
            "edited_by__person",
            "checked_by__person",
            "entered_by__person",
        ),
        pk=pk,
    )


def works_inside(report: OpinionReport, user: Any) -> bool:
    """Whether this person sees how the office works on it: the office itself, and who is to sign."""
    return bool(
        user.has_perm("proposals.view_opinionreport")
        or (report.signer is not None and report.signer.user_id == user.pk)
    )


# Lists ----------------------------------------------------------------------------------------


def index(request: MemberRequest) -> HttpResponse:
    """One's own reports; for the office and chairs all they may see; the bulletins one received."""
    user, today = request.user, timezone.localdate()
    names = names_of(user)
    all_seen = user.has_perm("proposals.view_opinionreport")
    oversees = all_seen or user.has_perm("proposals.view_committee_opinions")
    receives = all_seen or Bulletin.objects.visible_to(user).exists()
    labels = {
        **({"mine": _("我反映的")} if names else {}),
        **({"all": _("全部来稿") if all_seen else _("本专委会委员反映的")} if oversees else {}),
        **({"bulletins": _("刊物") if all_seen else _("报送给我的")} if receives else {}),
    } or {"mine": _("我反映的")}
    scope = request.GET.get("scope", "")
    if scope not in labels:
        scope = "all" if all_seen else next(iter(labels))
    context: dict[str, Any] = {"scope": scope, "may_write": bool(names), "filtered": False}
    if scope == "bulletins":
        issues = Bulletin.objects.visible_to(user).select_related("text")
        context["page"] = newest(issues, request)
    else:
        context |= _reports(request, scope)
        for report in context["page"]:
            report.turn = turn_of_opinion(report, user, today) if all_seen else None
    context["inside"] = all_seen
    context["tabs"] = [
        {"label": label, "url": f"?scope={name}", "current": name == scope}
        for name, label in labels.items()
    ]
    return render(request, "opinions/index.html", context)


def _reports(request: MemberRequest, scope: str) -> dict[str, Any]:
    """The page of reports that the filter asks for, and the filter."""
    user, own = request.user, scope == "mine"
    inside = user.has_perm("proposals.view_opinionreport")
    rows = OpinionReport.objects.visible_to(user)
    mine = OpinionReport.objects.mine(user)
    rows = rows.filter(pk__in=mine.values("pk")) if own else rows
    if scope == "all" and not inside:
        rows = rows.exclude(pk__in=mine.values("pk"))
    told = own or not inside  # by what authors are told, not by the office's own steps
    form = OwnFilterForm(request.GET) if told else OpinionFilterForm(request.GET)
    filtered = False
    if form.is_valid():
        if words := form.cleaned_data["q"].strip():
            rows, filtered = rows.search(words), True
        if status := form.cleaned_data["status"]:
            asked = MINE[status][1] if told else None
            rows = rows.filter(asked) if asked is not None else rows.filter(status=status)
            filtered = True
    rows = rows.select_related("bulletin", "signer").with_authors()
    return {"page": newest(rows, request), "form": form, "filtered": filtered}


# Writing --------------------------------------------------------------------------------------


def names_of(user: Any) -> list[tuple[str, str]]:
    """In whose name this person may report: as a member, for their bodies, or as an informant."""
    if not user.has_perm("proposals.add_opinionreport"):
        return []
    seats = Membership.objects.active().of_current_term().filter(pk__in=user.seat_ids)
    names = [(f"membership:{seat.pk}", str(_("委员%s") % user.name)) for seat in seats]
    bodies = opinions.reporting_bodies().filter(pk__in=user.body_ids)
    names += [(f"body:{body.pk}", body.name) for body in bodies]
    if opinions.is_informant(user):
        names += [("person:", str(_("信息员%s") % user.name))]
    return names


def new(request: MemberRequest) -> HttpResponse:
    """What a report should hold, in whose name; then an empty draft, or one that was left empty."""
    names = names_of(request.user)
    if not names:
        raise PermissionDenied
    form = NewOpinionForm(request.POST if request.method == "POST" else None, names=names)
    if request.method == "POST" and form.is_valid():
        kind, _colon, key = form.cleaned_data["name"].partition(":")
        own = OpinionReport.objects.mine(request.user).filter(
            status=OpinionReport.Status.DRAFT, entered_by=None, title="", situation="", advice=""
        )
        named = {"body": {"authors__body": key}, "membership": {"authors__membership": key}}
        theme = form.cleaned_data.get("theme")
        own = own.filter(theme=theme)
        empty = own.filter(**named.get(kind, {"authors__person__user": request.user})).first()
        if empty is None:
            seat = Membership.objects.get(pk=key) if kind == "membership" else None
            body = Body.objects.get(pk=key) if kind == "body" else None
            empty = opinions.start_report(by=request.user, membership=seat, body=body, theme=theme)
        return redirect("opinions:write", empty.pk)
    context = {
        "form": form,
        "only_one": len(names) == 1,
        "name": names[0],
        "length_warn": parameters.get("opinions.length_warn"),
    }
    return render(request, "opinions/new.html", context)


def write(request: MemberRequest, pk: int) -> HttpResponse:
    """Write: saved by itself and by the button; two windows lose nothing."""
    report = get_report(request, pk)
    user, posted = request.user, request.method == "POST"
    if not writes_opinion(report, user):
        raise PermissionDenied
    if report.status not in OpinionReport.WRITING:
        messages.info(request, _("这篇目前是“%s”，不能修改文字。") % report.told_status)
        return redirect(report)
    initial = {**report.parts, "secrecy_confirmed": report.secrecy_confirmed}
    form = OpinionTextForm(request.POST if posted else None, initial=initial)
    data = (request.POST, request.FILES) if posted else (None, None)
    beside = OpinionFilesForm(*data, report=report)
    theirs = None
    if posted and form.is_valid():
        # The text is kept even where a file beside it has to be mended.
        try:
            report = opinions.save_report(report, by=user, **form.cleaned_data)
        except opinions.OpinionConflict as conflict:
            theirs = conflict.report
        if beside.is_valid() and theirs is None:
            for attachment in beside.cleaned_data["remove_files"]:
                files.remove(attachment, by=user, note=_("作者移除"))
            files.accept_all(beside.cleaned_data["files"], subject=report, by=user)
            if hint := form.too_long():
                messages.info(request, hint)
            if "submit" in request.POST:
                return redirect("opinions:submit", pk)
            if "invite" in request.POST:
                return redirect("opinions:report_invite", pk)
            messages.success(request, _("草稿已保存。"))
            return redirect("opinions:write", pk)
    context = {
        "report": report,
        "form": form,
        "beside": beside,
        "version": theirs.version if theirs else report.version,
        "saved_at": report.saved_at,
        "theirs": theirs,
        "lost_files": [file.name for file in request.FILES.getlist("files")] if posted else [],
        "length_warn": parameters.get("opinions.length_warn"),
        "last_return": report.changes.filter(verb="return_").last(),
        "invitations": report.invitations.standing().with_names(),
        "may_invite": may_invite(report, user),
        "page_has_errors": bool(form.errors or beside.errors or theirs),
    }
    return render(request, "opinions/write.html", context, status=409 if theirs else 200)


@require_POST
def save_draft(request: MemberRequest, pk: int) -> HttpResponse:
    """Autosave from the page; answers in JSON and tells the truth about what was kept."""
    report = get_report(request, pk)
    form = OpinionTextForm(request.POST)
    if not form.is_valid():
        reasons = [str(error) for errors in form.errors.values() for error in errors]
        return JsonResponse({"message": _("没有保存：%s") % "".join(reasons)}, status=400)
    try:
        saved = opinions.save_report(report, by=request.user, **form.cleaned_data)
    except opinions.OpinionConflict as conflict:
        theirs = conflict.report
        told = _("另一个窗口也修改了这份草稿，两份文字都已保留。")
        return JsonResponse(
            {"version": theirs.version, "theirs": theirs.parts, "message": told}, status=409
        )
    saved_at = timezone.localtime(saved.saved_at)
    return JsonResponse({"version": saved.version, "saved_at": f"{saved_at:%H:%M}"})


def submit(request: MemberRequest, pk: int) -> HttpResponse:
    """A last look at the whole text, then hand it to the office."""
    report = get_report(request, pk)
    report.require("submit", by=request.user)
    missing = report.missing("submit")
    if request.method == "POST" and not missing:
        opinions.submit(report, by=request.user)
        messages.success(request, _("已提交。登记、选用、印发、采用和批示的情况都会用消息告诉您。"))
        return redirect(report)
    context = {
        "report": report,
        "missing": missing,
        "files": files.for_subject(report),
        "invitations": report.invitations.standing().with_names(),
        "changed": report.invitations.standing().exclude(text__digest=opinion_digest(report.parts)),
    }
    return render(request, "opinions/submit.html", context)


# One report -----------------------------------------------------------------------------------

# Steps that the author is shown; the rest goes on inside the office.
TOLD = (
    *("submit", "recall", "convert", "register", "return_", "select", "keep"),
    *("issue", "issue_with", "archive"),
)


def report(request: MemberRequest, pk: int) -> HttpResponse:
    """One report: to its author what became of it; to the office everything, with the steps."""
    found = get_report(request, pk)
    user, today = request.user, timezone.localdate()
    inside = works_inside(found, user)
    author = writes_opinion(found, user)
    changes = found.changes.select_related("by__person", "scan", "decision").order_by("-at", "-pk")
    if not inside:
        changes = changes.filter(verb__in=TOLD)
    writing = author and found.status in OpinionReport.WRITING
    asked = shown_to_coauthor(found, user)
    text = found if writing or found.author_text is None else found.author_text
    context = {
        "report": found,
        "inside": inside,
        "turn": turn_of_opinion(found, user, today) if inside or writing else None,
        "text": asked.text if asked else text,
        "asked": asked and asked.status == OpinionInvitation.Status.WAITING,
        "invitations": invitations_of(found) if author or inside else [],
        "edited": edited_for(found, user, inside=inside),
        "edits": _edits(found) if inside else [],
        "combined": list(found.combined.with_authors()) if inside else [],
        "results": results_of(found),
        "last_return": found.changes.filter(verb="return_").last() if writing else None,
        "kept": found.changes.filter(verb="keep").last()
        if found.status == OpinionReport.Status.KEPT
        else None,
        "sent_back": found.changes.filter(verb="send_back").last()
        if inside and found.status == OpinionReport.Status.SELECTED
        else None,
        "without_account": inside
        and not any(person.user_id for person in opinions.authors_of(found)),
        "files": files.for_subject(found),
        "may_submit": found.can("submit", user),
        "may_edit": found.can("edit", user),
        "sheet_url": reverse("opinions:sheet", args=[found.pk])
        if user.has_perm("proposals.view_opinionreport") and found.author_text
        else "",
        "may_read_bulletin": inside and user.has_perm("proposals.view_opinionreport"),
        "proposal_url": _proposal_url(found, user),
        "buttons": steps.buttons(
            (*REPORT_STEPS, *COAUTHOR_STEPS), found, user, found.get_absolute_url()
        ),
        "changes": changes,
    }
    return render(request, "opinions/report.html", context)


def shown_to_coauthor(found: OpinionReport, user: Any) -> OpinionInvitation | None:
    """What a co-author reads while the author may still write: the words they were asked about, no draft."""
    if found.status not in OpinionReport.AUTHORS_OPEN:
        return None
    status = OpinionInvitation.Status
    return own_invitation(found, user, status.WAITING, status.AGREED)


def invitations_of(found: OpinionReport) -> Any:
    """Whom the author asked and who is not among the authors, each with what they said."""
    rows: list[Any] = list(
        found.invitations.exclude(status=OpinionInvitation.Status.AGREED).with_names()
    )
    said = OpinionInvitationChange.objects.filter(subject__in=rows).exclude(note="")
    latest = {change.subject_id: change.note for change in said.order_by("pk")}
    for invitation in rows:
        invitation.said = latest.get(invitation.pk, "") if invitation.answered_at else ""
    return rows


def _edits(found: OpinionReport) -> Any:
    edits = found.texts.filter(kind=OpinionText.Kind.EDITED).order_by("-number")
    return edits.select_related("made_by__person")


def _proposal_url(found: OpinionReport, user: Any) -> str:
    """The proposal it came from, for whoever may see that one."""
    proposal = found.from_proposal
    if proposal is None:
        return ""
    seen = type(proposal).objects.visible_to(user).filter(pk=proposal.pk)
    return proposal.get_absolute_url() if seen.exists() else ""


def edited_for(found: OpinionReport, user: Any, *, inside: bool) -> OpinionText | None:
    """The edited text: inside always; to its author once issued alone, if the office lets them."""
    if inside:
        return found.edited_text
    issued = found.bulletin
    if issued is None or issued.kind != Bulletin.Kind.SINGLE:
        return None
    return found.edited_text if parameters.get("opinions.author_reads_edited") else None


def results_of(found: OpinionReport) -> dict[str, Any] | None:
    """What became of it after it was issued, as far as its author may know."""
    issued = found.bulletin
    if issued is None:
        return None
    alone = issued.kind == Bulletin.Kind.SINGLE
    sent: list[Any] = list(issued.dispatches.select_related("unit", "leader", "result"))
    for dispatch in sent:
        # Who of the leaders got it is not told, nor what was said to a text that is others' too.
        unit = dispatch.unit is not None
        dispatch.told = dispatch.receiver if unit else dispatch.get_target_display()
        dispatch.told_answer = dispatch.answer if alone else ""
        dispatch.told_result = dispatch.result if alone else None
        # Where a unit handles it, the author sees how far it is; that a unit asked to return it is not told.
        asked = dispatch.status == OpinionDispatch.Status.RETURN_ASKED
        dispatch.told_status = ""
        if dispatch.is_handed_over:
            known = OpinionDispatch.Status.ACKNOWLEDGED if asked else dispatch.status
            dispatch.told_status = str(OpinionDispatch.Status(known).label)
        waits = dispatch.status in OpinionDispatch.OPEN
        dispatch.told_until = dispatch.due_on if waits else None
    instructed: list[Any] = list(Instruction.objects.about(issued))
    return {
        "bulletin": issued,
        "sent": sent,
        "adoptions": issued.adoptions.current(),
        "instructions": instructed,
    }


def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Edit beside the authors' own words; each save is a version of its own."""
    found = get_report(request, pk)
    if not request.user.has_perm("proposals.edit_opinionreport"):
        raise PermissionDenied
    posted, lost = request.method == "POST", ""
    if found.status != OpinionReport.Status.SELECTED:
        if not posted:
            found.require("edit", by=request.user)
        # Somebody sent it on meanwhile: what was typed is shown, not thrown away.
        lost = what_happened(IllegalMove(found, "edit"), found, request.user)
    last = editing.latest_edit(found)
    parts = last.parts if last else (found.author_text or found).parts
    base = last.number if last else 0
    form = EditForm(request.POST if posted else None, initial={**parts, "base": base})
    if lost:
        form.add_error(None, lost)
        form.add_error(None, _("您填写的内容还在下面，没有保存；需要的请先复制。"))
    elif posted and form.is_valid():
        done = "edit" in request.POST
        step: Any = editing.edit if done else editing.save_edit
        try:
            step(found, by=request.user, **form.cleaned_data)
        except NotReady as refused:
            for reason in refused.reasons:
                form.add_error(None, reason)
            # What the other one saved stands below; saving again is now a decision.
            data: Any = form.data
            form.data = {**data.dict(), "base": str(base)}
        else:
            told = _("编辑完成，已送核稿。") if done else _("编辑稿已保存。")
            messages.success(request, told)
            return redirect(found) if done else redirect("opinions:edit", pk)
    originals = [found, *found.combined.with_authors().select_related("author_text")]
    context = {
        "report": found,
        "form": form,
        "originals": originals,
        "theirs": last if form.errors and last is not None else None,
        "edits": _edits(found),
        "page_has_errors": bool(form.errors),
    }
    status = 422 if form.errors else 200
    return render(request, "opinions/edit.html", context, status=status)
