"""Reporting together as pages: naming co-authors, agreeing, declining, leaving."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.steps import NoteForm, RemarkForm, Step, StepForm
from cppcc_portal.office.workflow import NotAllowed
from members.models import Membership
from proposals.actions import opinion_coauthors as coauthors
from proposals.meeting_forms import SeatPicks
from proposals.models import OpinionInvitation, OpinionReport

STATUS = OpinionInvitation.Status


class InviteCoauthorsForm(StepForm):
    """Members in office who are not among the authors and not asked yet."""

    memberships = SeatPicks(label=_("邀请哪些委员"), queryset=Membership.objects.none())

    def __init__(self, *args: Any, thing: Any, **kwargs: Any) -> None:
        super().__init__(*args, thing=thing, **kwargs)
        seats = Membership.objects.active().of_current_term()
        seats = seats.exclude(pk__in=coauthors.invitees_for(thing))
        field: Any = self.fields["memberships"]
        field.queryset = seats.select_related("person", "sector").order_by("person__initials", "pk")


class AgreeForm(StepForm):
    """`text` is the version that the page shows."""

    text = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, thing: Any, **kwargs: Any) -> None:
        mine = getattr(thing, "invitation", None)
        kwargs["initial"] = {"text": mine.text_id if mine else None}
        super().__init__(*args, thing=thing, **kwargs)


class CancelInvitationForm(StepForm):
    """Which invitation to take back."""

    invitation = forms.ModelChoiceField(
        label=_("取消对谁的邀请"), queryset=OpinionInvitation.objects.none()
    )

    def __init__(self, *args: Any, thing: Any, **kwargs: Any) -> None:
        super().__init__(*args, thing=thing, **kwargs)
        field: Any = self.fields["invitation"]
        field.queryset = thing.invitations.filter(status=STATUS.WAITING).with_names()


def own_invitation(report: OpinionReport, user: Any, *states: str) -> OpinionInvitation | None:
    """The line on which this person was asked to report with the author."""
    rows = report.invitations.filter(membership__in=user.seat_ids)
    if states:
        rows = rows.filter(status__in=states)
    found: OpinionInvitation | None = rows.select_related("text", "membership__person").first()
    if found is not None:
        found.report = report
    return found


def _can(verb: str) -> Any:
    def may(report: OpinionReport, user: Any) -> bool:
        if report.status not in OpinionReport.AUTHORS_OPEN:
            return False
        report.invitation = mine = own_invitation(report, user)  # type: ignore[attr-defined]
        return mine is not None and mine.can(verb, user)

    return may


def _mine(report: OpinionReport, by: Any, verb: str) -> OpinionInvitation:
    invitation = own_invitation(report, by)
    if invitation is None:  # another window was first
        raise NotAllowed(report, verb)
    return invitation


def agree(report: OpinionReport, *, by: Any, text: int) -> None:
    coauthors.agree(_mine(report, by, "agree"), by=by, text=text)


def decline(report: OpinionReport, *, by: Any, note: str) -> None:
    coauthors.decline(_mine(report, by, "decline"), by=by, note=note)


def leave(report: OpinionReport, *, by: Any, note: str) -> None:
    coauthors.leave(_mine(report, by, "leave"), by=by, note=note)


def cancel_invitation(_report: OpinionReport, *, by: Any, invitation: OpinionInvitation) -> None:
    coauthors.cancel_invitation(invitation, by=by)


def may_cancel(report: OpinionReport, user: Any) -> bool:
    if report.status not in OpinionReport.AUTHORS_OPEN:
        return False
    waiting: Iterable[OpinionInvitation] = report.invitations.filter(status=STATUS.WAITING)[:1]
    for invitation in waiting:
        invitation.report = report
        return invitation.can("cancel", user)
    return False


def home(_report: OpinionReport, _nothing: Any) -> str:
    """Who does not report with the author sees the text no more."""
    return reverse("home")


COAUTHOR_STEPS = (
    Step(
        "agree",
        agree,
        _("已同意共同署名，第一作者会收到消息。"),
        label=_("同意共同署名"),
        question=_("请先看过全文。办公室登记后作者不再改动，刊物、消息都署您的名。"),
        form=AgreeForm,
        may=_can("agree"),
    ),
    Step(
        "decline",
        decline,
        _("已回复不同意，第一作者会收到消息。"),
        label=_("不同意署名"),
        question=_("回复后您不再看到这篇内容；第一作者会看到您写的说明。"),
        form=RemarkForm,
        may=_can("decline"),
        to=home,
        danger=True,
        side=True,
    ),
    Step(
        "leave",
        leave,
        _("已退出署名，第一作者会收到消息。"),
        label=_("退出署名"),
        question=_("退出后您不再是这篇的作者，也看不到它的内容；第一作者会看到您写的说明。"),
        form=NoteForm,
        may=_can("leave"),
        to=home,
        danger=True,
        side=True,
    ),
    Step(
        "invite",
        coauthors.invite,
        _("已发出邀请；对方答复后会告诉您。"),
        label=_("邀请共同作者"),
        question=_(
            "受邀委员会看到现在的全文，各自同意或不同意；您再改动文字，要重新征得同意。"
            "办公室登记时作者随文字一并确定，没有答复的不署名。"
        ),
        form=InviteCoauthorsForm,
        may=coauthors.may_invite,
        side=True,
    ),
    Step(
        "cancel_invitation",
        cancel_invitation,
        _("邀请已取消。"),
        label=_("取消邀请"),
        form=CancelInvitationForm,
        may=may_cancel,
        danger=True,
        side=True,
    ),
)
