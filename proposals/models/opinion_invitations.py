"""Co-authors of a public-opinion report: named by its first author, each agrees or declines."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.workflow import Move, StatusChange, Workflow
from members.models import Membership
from proposals.models.opinions import OpinionReport, writes_opinion


def is_invited(invitation: "OpinionInvitation", user: Any) -> bool:
    """The member who was asked, from their own account."""
    return invitation.membership_id in user.seat_ids


def may_answer_for(invitation: "OpinionInvitation", user: Any) -> bool:
    """The member; or, of a report on paper, who entered it, from the signatures on that paper."""
    report = invitation.report
    entered = report.entered_by_id is not None and writes_opinion(report, user)
    return entered or is_invited(invitation, user)


def names_authors(invitation: "OpinionInvitation", user: Any) -> bool:
    return writes_opinion(invitation.report, user)


def authors_are_open(invitation: "OpinionInvitation") -> list[Any]:
    """Who reports is settled with the text, when the office registers it."""
    report = invitation.report
    if report.status in OpinionReport.AUTHORS_OPEN:
        return []
    told = _("这篇目前是“%s”，作者在登记时已经确定，不能再改；有疑问请与政协办公室联系。")
    return [told % report.told_status]


def may_join(invitation: "OpinionInvitation") -> list[Any]:
    # Asked anew each time: who resigned while the page was open reports as a member no more.
    reasons = authors_are_open(invitation)
    in_office = Membership.objects.active().of_current_term()
    if not in_office.filter(pk=invitation.membership_id).exists():
        reasons.append(_("只有本届在任委员可以共同署名。"))
    return reasons


class OpinionInvitationQuerySet(models.QuerySet["OpinionInvitation"]):
    def waiting_for(self, user: Any) -> "OpinionInvitationQuerySet":
        """What this person has still to answer."""
        return self.filter(
            status=OpinionInvitation.Status.WAITING,
            membership__in=user.seat_ids,
            report__status__in=OpinionReport.AUTHORS_OPEN,
        )

    def standing(self) -> "OpinionInvitationQuerySet":
        """Who reports with the author, or has still to say."""
        states = OpinionInvitation.Status
        return self.filter(status__in=[states.WAITING, states.AGREED])

    def with_names(self) -> "OpinionInvitationQuerySet":
        """Of a person the name alone is read: a list opens nobody's encrypted numbers."""
        rows = self.select_related("membership__person", "membership__sector")
        return rows.defer("membership__person__phone", "membership__person__id_number")


class OpinionInvitation(Workflow):
    """One member asked to report with the author, on the frozen text they were shown."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("待确认")
        AGREED = "agreed", _("已同意")
        DECLINED = "declined", _("不同意")
        LAPSED = "lapsed", _("未及回应")
        CANCELLED = "cancelled", _("邀请已取消")
        LEFT = "left", _("已退出")

    MOVES: ClassVar[Mapping[str, Move]] = {
        "agree": Move(
            {Status.WAITING},
            Status.AGREED,
            _("同意共同署名"),
            _("受邀委员本人；代录的按纸质原件"),
            may_answer_for,
            may_join,
        ),
        "decline": Move(
            {Status.WAITING},
            Status.DECLINED,
            _("不同意"),
            _("受邀委员本人"),
            is_invited,
            authors_are_open,
        ),
        "cancel": Move(
            {Status.WAITING},
            Status.CANCELLED,
            _("取消邀请"),
            _("第一作者"),
            names_authors,
            authors_are_open,
        ),
        "leave": Move(
            {Status.AGREED},
            Status.LEFT,
            _("退出署名"),
            _("共同作者本人（登记前）"),
            is_invited,
            authors_are_open,
        ),
        "lapse": Move({Status.WAITING}, Status.LAPSED, _("登记时未回应"), by_itself=True),
        "ask_again": Move(
            set(Status),
            Status.WAITING,
            _("再次征求"),
            by_itself=True,
        ),
    }

    report = models.ForeignKey(OpinionReport, models.CASCADE, related_name="invitations")
    membership = models.ForeignKey(
        Membership, models.PROTECT, related_name="opinion_invitations", verbose_name=_("委员")
    )
    status = models.CharField(
        _("状态"), max_length=12, choices=Status, default=Status.WAITING, editable=False
    )
    # The frozen text this member was shown: other words are agreed to anew.
    text = models.ForeignKey("proposals.OpinionText", models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)

    objects: ClassVar = OpinionInvitationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("社情民意共同署名")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "membership"], name="proposals_opinion_invited_once"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["agreed", "declined", "left"])
                | Q(answered_at__isnull=False),
                name="proposals_opinion_invitee_answered",
            ),
        ]
        indexes = [
            models.Index(fields=["membership", "status"], name="proposals_opinion_invited"),
        ]

    def __str__(self) -> str:
        return self.membership.person.name

    def get_absolute_url(self) -> str:
        return self.report.get_absolute_url()


class OpinionInvitationChange(StatusChange):
    """History of one invitation."""

    subject = models.ForeignKey(OpinionInvitation, models.CASCADE, related_name="changes")
