"""Coming to a supervision consultation: the answer, leave, the code at the door, who was there."""

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
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from qrcode.image.svg import SvgPathImage

from cppcc_portal.office.steps import NoteForm, Step, take
from cppcc_portal.office.workflow import NotReady
from members.models import Invitation
from members.requests import MemberRequest
from proposals.actions import holding_meetings as holding
from proposals.actions import meetings
from proposals.meeting_forms import LeaveForm
from proposals.meeting_views import get_meeting, invitation_of
from proposals.models import SupervisionMeeting
from proposals.models.meetings import runs


def own_invitation(request: Any, pk: int) -> Invitation:
    found = get_meeting(request, pk)
    rows = found.gathering.invitations.select_related("gathering", "person__user")
    return get_object_or_404(rows, person__user=request.user)


@require_POST
def attend(request: MemberRequest, pk: int) -> HttpResponse:
    """Say that one will come."""
    meetings.attend(own_invitation(request, pk), by=request.user)
    messages.success(request, _("已答复：参加。届时请带手机扫码签到。"))
    return redirect("proposals:meeting", pk)


def meeting_page(invitation: Invitation, _user: Any) -> str:
    return str(invitation.gathering.supervision_meeting.get_absolute_url())


def meeting_named(invitation: Invitation) -> str:
    """The meeting and its time: what one asks leave from."""
    starts = timezone.localtime(invitation.gathering.starts_at)
    return f"{invitation.gathering}（{starts:%Y-%m-%d %H:%M}）"


ASK_LEAVE = Step(
    "ask_leave",
    meetings.ask_leave,
    gettext_lazy("请假已提交，批准后会用消息告诉您。"),
    form=LeaveForm,
    back=meeting_page,
    subject=meeting_named,
)
REFUSE_LEAVE = Step(
    "refuse_leave",
    lambda one, *, by, note: meetings.answer_leave(one, by=by, grant=False, note=note),
    gettext_lazy("已告诉本人。"),
    form=NoteForm,
    back=meeting_page,
    subject=lambda one: f"{one.name} · {meeting_named(one)}",
)


def ask_leave(request: MemberRequest, pk: int) -> HttpResponse:
    """Say that one cannot come, and why."""
    return take(request, ASK_LEAVE, own_invitation(request, pk))


@require_POST
def grant_leave(request: MemberRequest, pk: int, invitation: int) -> HttpResponse:
    """Grant the leave."""
    one = invitation_of(request, pk, invitation)
    meetings.answer_leave(one, by=request.user, grant=True)
    messages.success(request, _("已准假，并告诉了本人。"))
    return redirect("proposals:meeting", pk)


def refuse_leave(request: MemberRequest, pk: int, invitation: int) -> HttpResponse:
    """Do not grant the leave, and say why."""
    return take(request, REFUSE_LEAVE, invitation_of(request, pk, invitation))


@require_POST
def note_attendance(request: MemberRequest, pk: int, invitation: int) -> HttpResponse:
    """Staff note who was there, until the results are on record."""
    one = invitation_of(request, pk, invitation)
    holding.note_attendance(one, by=request.user, came=request.POST.get("came") == "1")
    messages.success(request, _("已登记：%s。") % one.name)
    return redirect(f"{reverse('proposals:meeting', args=[pk])}#people")


# The code at the door --------------------------------------------------------------------------


def check_in_address(meeting: SupervisionMeeting) -> str:
    return f"{settings.PUBLIC_URL}{reverse('proposals:meeting_check_in', args=[meeting.uid])}"


def _shown_by_office(request: MemberRequest, pk: int) -> SupervisionMeeting:
    found = get_meeting(request, pk)
    if not runs(found, request.user):
        raise PermissionDenied
    return found


def code(request: MemberRequest, pk: int) -> HttpResponse:
    """The page to show or print at the door: the code, and the address in words."""
    found = _shown_by_office(request, pk)
    context = {"meeting": found, "address": check_in_address(found)}
    return render(request, "proposals/meeting_code.html", context)


def code_image(request: MemberRequest, pk: int) -> HttpResponse:
    """The check-in address as a QR code (SVG)."""
    found = _shown_by_office(request, pk)
    drawn = io.BytesIO()
    qrcode.make(check_in_address(found), image_factory=SvgPathImage, border=2).save(drawn)
    return HttpResponse(drawn.getvalue(), content_type="image/svg+xml")


def check_in(request: MemberRequest, uid: Any) -> HttpResponse:
    """What a scanned code opens: one big button for the invited person."""
    found = SupervisionMeeting.objects.visible_to(request.user).with_names().filter(uid=uid).first()
    own = found and found.gathering.invitations.filter(person__user=request.user).first()
    if found is None or own is None:
        raise Http404
    reasons: list[str] = []
    if request.method == "POST":
        try:
            late = holding.check_in(found, by=request.user)
        except NotReady as refused:
            reasons = [str(reason) for reason in refused.reasons]
        else:
            told = _("签到成功（已过开始时间，记为迟到）。") if late else _("签到成功。")
            messages.success(request, told)
            return redirect(found)
    elif own.status not in Invitation.CAME:
        own.gathering, own.moment = found.gathering, timezone.now()
        reasons = own.missing("check_in")
    came = own.status in Invitation.CAME
    context = {"session": found, "own": own, "reasons": reasons, "came": came}
    return render(request, "consultations/check_in.html", context)
