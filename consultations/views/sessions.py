"""Sessions: one as a whole, the invited person's answer, attendance, the code at the door."""

import io
from typing import Any

import qrcode
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from qrcode.image.svg import SvgPathImage

from consultations.actions import meeting, outcome
from consultations.forms import LeaveForm
from consultations.models import OutcomeDocument, Recommendation, Research, Session, Topic
from consultations.models.rights import runs
from consultations.steps import DOCUMENT_STEPS, SESSION_STEPS, missing_before_notice
from cppcc_portal.office import steps
from cppcc_portal.office.deadlines import Deadline
from cppcc_portal.office.steps import NoteForm, Step, take
from cppcc_portal.office.workflow import NotReady
from members.models import Invitation
from members.requests import MemberRequest


def get_session(request: Any, pk: int) -> Session:
    """The session, or 404 for what this person may not know of."""
    rows = Session.objects.visible_to(request.user).with_names()
    return get_object_or_404(
        rows.select_related("topic__leader", "topic__plan", "research", "waiver__leader"), pk=pk
    )


def session(request: MemberRequest, pk: int) -> HttpResponse:
    """Time, place, whose turn, who comes of the five categories, minutes, outcome, history."""
    found = get_session(request, pk)
    user = request.user
    prepares = runs(found.topic, user) or user.has_perm("consultations.view_session")
    invitations = list(
        found.gathering.invitations.select_related("person__user").order_by("category", "pk")
    )
    own = next((one for one in invitations if one.person and one.person.user_id == user.pk), None)
    research = Research.objects.filter(topic=found.topic).first()
    documents = _documents(found, user, inside=prepares)
    clock = Deadline.objects.current(found, "minutes")
    is_planned = found.status == Session.Status.PLANNED
    missing = missing_before_notice(found) if prepares and is_planned else []
    sent = [one for one in documents if one.status == OutcomeDocument.Status.SUBMITTED]
    may_assign = user.has_perm("feedback.assign_recommendation")
    waits_for_units = found.topic.status == Topic.Status.OUTCOME_SENT
    shows_report = research is not None and research.status == Research.Status.APPROVED
    context = {
        "session": found,
        "topic": found.topic,
        "research": research if prepares or shows_report else None,
        "invitations": invitations if prepares else [],
        "leave": [one for one in invitations if one.status == "leave_requested"],
        "own": own,
        "own_moves": [verb for verb, _move in own.open_moves(user)] if own else [],
        "categories": _categories(found, invitations),
        "prepares": prepares,
        "runs": runs(found.topic, user),
        "notes_attendance": found.status in (Session.Status.OPEN, *Session.HELD_ON)
        and runs(found.topic, user),
        "missing": missing,
        "to_assign": sent[0].pk if sent and may_assign and waits_for_units else None,
        "is_sent": bool(sent),
        "waiver": getattr(found, "research_waiver", None),
        "category_waivers": found.category_waivers.all(),
        "documents": documents,
        "clock": clock if clock and clock.is_open else None,
        "buttons": steps.buttons(SESSION_STEPS, found, user, found.get_absolute_url()),
        "changes": found.changes.select_related("by__person", "scan", "decision").order_by(
            "-at", "-pk"
        )
        if prepares
        else [],
    }
    return render(request, "consultations/session.html", context)


def _categories(session: Session, invitations: list[Invitation]) -> list[dict[str, Any]]:
    """The five categories: how many are asked, how many came."""
    rows = []
    for value, label in Invitation.Category.choices:
        of_kind = [one for one in invitations if one.category == value]
        came = sum(one.status in Invitation.CAME for one in of_kind)
        rows.append({"label": label, "invited": len(of_kind), "came": came})
    return rows


def _documents(session: Session, user: Any, *, inside: bool) -> list[Any]:
    rows = session.documents.prefetch_related(
        "recommendations__lead", "recommendations__finding", "recommendations__voiced_by__person"
    ).select_related("file")
    if not inside:
        rows = rows.filter(status=OutcomeDocument.Status.SUBMITTED)
    documents: list[Any] = list(rows)
    for document in documents:
        document.session = session
        base = reverse("consultations:document_extract", args=[document.pk]).removesuffix(
            "extract/"
        )
        document.buttons = steps.buttons(DOCUMENT_STEPS, document, user, base)
    return documents


# The invited person ----------------------------------------------------------------------------


def own_invitation(request: Any, pk: int) -> Invitation:
    found = get_session(request, pk)
    rows = found.gathering.invitations.select_related("gathering__session", "person__user")
    return get_object_or_404(rows, person__user=request.user)


@require_POST
def attend(request: MemberRequest, pk: int) -> HttpResponse:
    """Say that one will come."""
    invitation = own_invitation(request, pk)
    meeting.attend(invitation, by=request.user)
    messages.success(request, _("已答复：参加。届时请带手机扫码签到。"))
    return redirect("consultations:session", pk)


def session_page(invitation: Invitation, _user: Any) -> str:
    return str(invitation.gathering.session.get_absolute_url())


def session_named(invitation: Invitation) -> str:
    """The meeting and its time: what one asks leave from."""
    gathering = invitation.gathering
    starts = timezone.localtime(gathering.starts_at)
    return f"{gathering.title}（{starts:%Y-%m-%d %H:%M}）"


ASK_LEAVE = Step(
    "ask_leave",
    meeting.ask_leave,
    _("请假已提交，批准后会用消息告诉您。"),
    form=LeaveForm,
    back=session_page,
    subject=session_named,
)


def ask_leave(request: MemberRequest, pk: int) -> HttpResponse:
    """Say that one cannot come, and why."""
    return take(request, ASK_LEAVE, own_invitation(request, pk))


# Attendance and leave, by the committee --------------------------------------------------------


def get_invitation(request: Any, pk: int, invitation: int) -> Invitation:
    found = get_session(request, pk)
    if not runs(found.topic, request.user):
        raise PermissionDenied
    rows = found.gathering.invitations.select_related("gathering__session__form", "person__user")
    return get_object_or_404(rows, pk=invitation)


@require_POST
def grant_leave(request: MemberRequest, pk: int, invitation: int) -> HttpResponse:
    """Grant the leave."""
    one = get_invitation(request, pk, invitation)
    meeting.answer_leave(one, by=request.user, grant=True)
    messages.success(request, _("已准假，并告诉了本人。"))
    return redirect("consultations:session", pk)


REFUSE_LEAVE = Step(
    "refuse_leave",
    lambda invitation, *, by, note: meeting.answer_leave(invitation, by=by, grant=False, note=note),
    _("已告诉本人。"),
    form=NoteForm,
    back=session_page,
    subject=lambda invitation: f"{invitation.name} · {session_named(invitation)}",
)


def refuse_leave(request: MemberRequest, pk: int, invitation: int) -> HttpResponse:
    """Do not grant the leave, and say why."""
    return take(request, REFUSE_LEAVE, get_invitation(request, pk, invitation))


@require_POST
def note_attendance(request: MemberRequest, pk: int, invitation: int) -> HttpResponse:
    """Staff note who was there; after archiving with the reason of the correction."""
    one = get_invitation(request, pk, invitation)
    came = request.POST.get("came") == "1"
    note = request.POST.get("note", "")
    try:
        meeting.note_attendance(one, by=request.user, came=came, note=note)
    except NotReady as refused:
        for reason in refused.reasons:
            messages.error(request, str(reason))
    else:
        messages.success(request, _("已登记：%s。") % one.name)
    return redirect(f"{reverse('consultations:session', args=[pk])}#people")


@require_POST
def strike(request: MemberRequest, pk: int, invitation: int) -> HttpResponse:
    """Take somebody off the list before it has gone out."""
    one = get_invitation(request, pk, invitation)
    meeting.strike(one, by=request.user)
    messages.success(request, _("已移出名单：%s。") % one.name)
    return redirect("consultations:session", pk)


# The code at the door --------------------------------------------------------------------------


def code(request: MemberRequest, pk: int) -> HttpResponse:
    """The page to show or print at the door: the code, and the address in words."""
    found = get_session(request, pk)
    if not runs(found.topic, request.user):
        raise PermissionDenied
    context = {"session": found, "address": check_in_address(found)}
    return render(request, "consultations/code.html", context)


def check_in_address(session: Session) -> str:
    return f"{settings.PUBLIC_URL}{reverse('consultations:check_in', args=[session.uid])}"


def code_image(request: MemberRequest, pk: int) -> HttpResponse:
    """The check-in address as a QR code (SVG)."""
    found = get_session(request, pk)
    if not runs(found.topic, request.user):
        raise PermissionDenied
    drawn = io.BytesIO()
    qrcode.make(check_in_address(found), image_factory=SvgPathImage, border=2).save(drawn)
    return HttpResponse(drawn.getvalue(), content_type="image/svg+xml")


def check_in(request: MemberRequest, uid: Any) -> HttpResponse:
    """What a scanned code opens: one big button for the invited person."""
    found = Session.objects.visible_to(request.user).with_names().filter(uid=uid).first()
    own = found and found.gathering.invitations.filter(person__user=request.user).first()
    if found is None or own is None:
        raise Http404
    reasons: list[str] = []
    if request.method == "POST":
        try:
            late = meeting.check_in(found, by=request.user)
        except NotReady as refused:
            reasons = [str(reason) for reason in refused.reasons]
        else:
            if late:
                messages.warning(request, _("签到成功（已过开始时间，记为迟到）。"))
            else:
                messages.success(request, _("签到成功，谢谢您准时到会。"))
            return redirect(found)
    elif own.status not in Invitation.CAME:
        own.gathering, own.moment = found.gathering, timezone.now()
        reasons = own.missing("check_in")
    came = own.status in Invitation.CAME
    context = {"session": found, "own": own, "reasons": reasons, "came": came}
    return render(request, "consultations/check_in.html", context)


# Documents of a session ------------------------------------------------------------------------


def get_document(request: Any, pk: int) -> OutcomeDocument:
    """A document of a session that this person may see."""
    rows = OutcomeDocument.objects.filter(session__in=Session.objects.visible_to(request.user))
    return get_object_or_404(
        rows.select_related("session__topic__committee", "session__gathering"), pk=pk
    )


def get_recommendation(request: Any, pk: int) -> Recommendation:
    """A sentence of advice in a document that this person may see."""
    documents = OutcomeDocument.objects.filter(session__in=Session.objects.visible_to(request.user))
    rows = Recommendation.objects.filter(document__in=documents)
    return get_object_or_404(
        rows.select_related("document__session__topic__committee", "document__session__gathering"),
        pk=pk,
    )


@require_POST
def drop(request: MemberRequest, pk: int) -> HttpResponse:
    """Take a sentence out of a document that has not been sent."""
    found = get_recommendation(request, pk)
    session = found.document.session
    outcome.drop(found, by=request.user)
    messages.success(request, _("已移除。"))
    return redirect(session)
