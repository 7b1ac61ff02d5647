"""督办协商: a gathering on handed-over proposals, the units' reports before it, what came of it for each share."""

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office import parameters
from cppcc_portal.office.workflow import Move, StatusChange, Workflow
from members.models import Gathering, Invitation
from proposals.models.handlings import Handling
from proposals.models.keys import KeyMark
from proposals.models.rights import has, may_act_for_unit, supervised_by

runs = has("supervise_proposal")


def ready_to_notify(meeting: "SupervisionMeeting") -> list[Any]:
    """There is something to talk about, a place and a time to come, and both sides are asked."""
    missing: list[Any] = []
    if not meeting.matters.in_force().exists():
        missing.append(_("这次协商的提案都已撤案或移出，请取消。"))
    if not meeting.gathering.place.strip():
        missing.append(_("请填写地点。"))
    if meeting.gathering.starts_at <= (meeting.moment or timezone.now()):
        missing.append(_("开始时间已经过去，请先改时间。"))
    asked = set(meeting.gathering.invitations.values_list("category", flat=True))
    if Invitation.Category.MEMBER not in asked:
        missing.append(_("名单里还没有提案人，请先邀请委员。"))
    if Invitation.Category.DEPARTMENT not in asked:
        missing.append(_("名单里还没有承办单位的人，请先邀请单位人员；没有账号的写为来宾。"))
    return missing


def its_day_has_come(meeting: "SupervisionMeeting") -> list[Any]:
    """Check-in opens some minutes before the beginning; on a later day staff note who was there."""
    before = timedelta(minutes=parameters.get("members.check_in_before"))
    opens = timezone.localtime(meeting.gathering.starts_at - before)
    if (meeting.moment or timezone.now()) < opens:
        return [_("签到从 %s 开始，届时才能开放。") % opens.strftime("%Y-%m-%d %H:%M")]
    return []


def nobody_came(meeting: "SupervisionMeeting") -> list[Any]:
    if meeting.gathering.invitations.came().exists():
        return [_("已经有人到会，不能再改期或取消；没有谈成的，请在会议情况中写明。")]
    return []


def ready_to_hold(meeting: "SupervisionMeeting") -> list[Any]:
    """It has begun, somebody is there, what was said is written, and lacking reports are explained."""
    missing: list[Any] = []
    if (meeting.moment or timezone.now()) < meeting.gathering.starts_at:
        starts = timezone.localtime(meeting.gathering.starts_at)
        missing.append(
            _("会议 %s 开始，开始以后才能登记结果。") % starts.strftime("%Y-%m-%d %H:%M")
        )
    if not meeting.gathering.invitations.came().exists():
        missing.append(_("还没有人签到。请先登记出席人员；若没有开成，请改期或取消。"))
    if not meeting.said.strip():
        missing.append(_("请写明会议情况。"))
    if meeting.missing_units and not meeting.without_reports.strip():
        told = _("还没有收到进展报告：%s。请催报，或写明没有报告仍然召开的理由。")
        missing.append(told % meeting.missing_units)
    return missing


class SupervisionMeetingQuerySet(models.QuerySet["SupervisionMeeting"]):
    def visible_to(self, user: Any) -> "SupervisionMeetingQuerySet":
        """The office all; once they were told: who is invited, the units, who supervises."""
        if not user.is_active:
            return self.none()
        if user.has_perm("proposals.view_supervisionmeeting"):
            return self
        told = self.filter(notified_at__isnull=False)
        if user.has_perm("proposals.view_handed_over"):
            return told
        invited = Invitation.objects.filter(person__user=user)
        shown = Q(gathering__in=invited.values("gathering"))
        if user.body_ids:
            own = MeetingReport.objects.standing().filter(
                handling__in=Handling.objects.delegated_to(user)
            )
            shown |= Q(pk__in=own.values("meeting"))
        if committees := supervised_by(user):
            marks = KeyMark.objects.current().filter(committee__in=committees)
            on_theirs = MeetingMatter.objects.filter(proposal__in=marks.values("proposal"))
            shown |= Q(pk__in=on_theirs.values("meeting"))
        return told.filter(shown)

    def ahead(self) -> "SupervisionMeetingQuerySet":
        """Not yet held, not called off."""
        return self.filter(status__in=SupervisionMeeting.AHEAD)

    def with_names(self) -> "SupervisionMeetingQuerySet":
        """With what a list shows of each row; a constant number of queries."""
        return self.select_related("gathering__organiser").prefetch_related("matters__proposal")


class SupervisionMeeting(Workflow):
    """One supervision consultation: prepared, told to all, held with its results, or called off."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("筹备中")
        NOTIFIED = "notified", _("已通知")
        OPEN = "open", _("签到中")
        HELD = "held", _("已召开")
        CANCELLED = "cancelled", _("已取消")

    AHEAD: ClassVar = (Status.PLANNED, Status.NOTIFIED, Status.OPEN)

    MOVES: ClassVar[Mapping[str, Move]] = {
        "notify": Move(
            {Status.PLANNED}, Status.NOTIFIED, _("通知"), _("提案委办公室"), runs, ready_to_notify
        ),
        "open": Move(
            {Status.NOTIFIED},
            Status.OPEN,
            _("开放签到"),
            _("提案委办公室"),
            runs,
            its_day_has_come,
        ),
        "hold": Move(
            {Status.OPEN}, Status.HELD, _("登记结果"), _("提案委办公室"), runs, ready_to_hold
        ),
        "postpone": Move(
            {Status.NOTIFIED, Status.OPEN},
            Status.PLANNED,
            _("改期"),
            _("提案委办公室"),
            runs,
            nobody_came,
        ),
        "cancel": Move(
            {Status.PLANNED, Status.NOTIFIED, Status.OPEN},
            Status.CANCELLED,
            _("取消"),
            _("提案委办公室"),
            runs,
            nobody_came,
        ),
    }

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    gathering = models.OneToOneField(
        Gathering,
        models.PROTECT,
        related_name="supervision_meeting",
        verbose_name=_("会议活动"),
    )
    status = models.CharField(
        _("状态"), max_length=10, choices=Status, default=Status.PLANNED, editable=False
    )
    presides = models.CharField(_("主持人"), max_length=60)
    agenda = models.TextField(_("议程和协商的问题"))
    # From then on who is invited, and the units, know of it.
    notified_at = models.DateTimeField(_("通知时间"), null=True, blank=True, editable=False)
    said = models.TextField(_("会议情况"), blank=True)
    held_at = models.DateTimeField(_("召开时间"), null=True, blank=True, editable=False)
    # Whose reports were lacking when it was held all the same, and why.
    missing_units = models.CharField(_("没有报告的单位"), max_length=500, blank=True)
    without_reports = models.CharField(_("没有报告仍然召开的理由"), max_length=300, blank=True)

    objects: ClassVar = SupervisionMeetingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("督办协商")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(presides="") & ~Q(agenda=""),
                name="proposals_meeting_has_chair_and_agenda",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["notified", "open", "held"])
                | Q(notified_at__isnull=False),
                name="proposals_meeting_was_notified",
            ),
            models.CheckConstraint(
                condition=~Q(status="held") | (Q(held_at__isnull=False) & ~Q(said="")),
                name="proposals_held_meeting_is_recorded",
            ),
            models.CheckConstraint(
                condition=~Q(status="held") | Q(missing_units="") | ~Q(without_reports=""),
                name="proposals_held_without_reports_says_why",
                violation_error_message=_("缺少进展报告时，须写明仍然召开的理由。"),
            ),
        ]

    def __str__(self) -> str:
        return str(self.gathering.title)

    def get_absolute_url(self) -> str:
        return reverse("proposals:meeting", args=[self.pk])


class SupervisionMeetingChange(StatusChange):
    """History of one supervision consultation."""

    subject = models.ForeignKey(SupervisionMeeting, models.CASCADE, related_name="changes")


class MeetingMatterQuerySet(models.QuerySet["MeetingMatter"]):
    def in_force(self) -> "MeetingMatterQuerySet":
        """Without proposals that are none any more: revoked, taken out."""
        return self.exclude(proposal__status__in=["revoked", "taken_out"])


class MeetingMatter(models.Model):
    """A proposal that is talked about."""

    meeting = models.ForeignKey(SupervisionMeeting, models.PROTECT, related_name="matters")
    proposal = models.ForeignKey(
        "proposals.Proposal", models.PROTECT, related_name="meeting_matters"
    )

    objects: ClassVar = MeetingMatterQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("协商的提案")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "proposal"], name="proposals_matter_once_a_meeting"
            )
        ]

    def __str__(self) -> str:
        return str(self.proposal)


def unit_may_report(report: "MeetingReport", user: Any) -> bool:
    return bool(may_act_for_unit(report.handling, user))


def report_is_written(report: "MeetingReport") -> list[Any]:
    missing: list[Any] = []
    if not report.text.strip():
        missing.append(_("请写明办理进展。"))
    if not report.signer.strip():
        missing.append(_("请写明报告人的姓名和职务。"))
    if report.meeting.status not in SupervisionMeeting.AHEAD:
        missing.append(_("会议已经结束，不用再报。"))
    return missing


class MeetingReportQuerySet(models.QuerySet["MeetingReport"]):
    def visible_to(self, user: Any) -> "MeetingReportQuerySet":
        """Of meetings this person may know of; others read what was sent, where they see the proposal.

        Whether the proposal is seen is asked by the page, which shows many reports at once.
        """
        rows = self.filter(meeting__in=SupervisionMeeting.objects.visible_to(user))
        if user.has_perm("proposals.view_handling") or user.has_perm("proposals.view_handed_over"):
            return rows
        return rows.filter(handling__in=Handling.objects.delegated_to(user))

    def waiting(self) -> "MeetingReportQuerySet":
        """What units still owe, of consultations that lie ahead."""
        return self.filter(
            status=MeetingReport.Status.WAITING, meeting__status__in=SupervisionMeeting.AHEAD
        )

    def owed_by(self, user: Any) -> "MeetingReportQuerySet":
        """What this person's units owe now; while the day is being moved nobody owes anything."""
        if not user.body_ids:
            return self.none()
        told = self.waiting().exclude(meeting__status=SupervisionMeeting.Status.PLANNED)
        return told.filter(handling__in=Handling.objects.delegated_to(user))

    def standing(self) -> "MeetingReportQuerySet":
        return self.exclude(status=MeetingReport.Status.LAPSED)

    def with_names(self) -> "MeetingReportQuerySet":
        return self.select_related("meeting__gathering", "handling__unit", "handling__proposal")


class MeetingReport(Workflow):
    """How far a unit has come with its share: written before the consultation, once."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("待报告")
        GIVEN = "given", _("已报告")
        LAPSED = "lapsed", _("不用再报")

    MOVES: ClassVar[Mapping[str, Move]] = {
        "report_progress": Move(
            {Status.WAITING},
            Status.GIVEN,
            _("报告进展"),
            _("承办单位"),
            unit_may_report,
            report_is_written,
        ),
        "lapse": Move({Status.WAITING}, Status.LAPSED, _("不用再报"), by_itself=True),
        # Of a consultation that was held before a share went elsewhere nothing changes.
        "withdraw": Move(
            {Status.WAITING, Status.GIVEN}, Status.LAPSED, _("随办理终止"), by_itself=True
        ),
    }

    meeting = models.ForeignKey(
        SupervisionMeeting, models.PROTECT, related_name="reports", verbose_name=_("督办协商")
    )
    handling = models.ForeignKey(
        Handling, models.PROTECT, related_name="meeting_reports", verbose_name=_("承办")
    )
    status = models.CharField(
        _("状态"), max_length=10, choices=Status, default=Status.WAITING, editable=False
    )
    due_on = models.DateField(_("报告期限"))
    text = models.TextField(_("办理进展"), blank=True)
    signer = models.CharField(_("报告人"), max_length=60, blank=True)
    given_at = models.DateTimeField(_("报告时间"), null=True, blank=True, editable=False)
    # 代录: staff entered the unit's stamped paper (rule 17).
    is_entered = models.BooleanField(_("代录"), default=False, editable=False)

    objects: ClassVar = MeetingReportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("进展报告")
        ordering = ["pk"]
        indexes = [models.Index(fields=["status", "due_on"], name="proposals_report_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "handling"], name="proposals_report_once_a_meeting"
            ),
            models.CheckConstraint(
                condition=~Q(status="given")
                | (~Q(text="") & ~Q(signer="") & Q(given_at__isnull=False)),
                name="proposals_given_report_is_whole",
            ),
        ]

    def __str__(self) -> str:
        words = {"unit": self.handling.unit, "number": self.handling.proposal.label}
        return str(_("%(unit)s对提案 %(number)s 的进展报告") % words)

    def get_absolute_url(self) -> str:
        return reverse("desk:report", args=[self.pk])


class MeetingReportChange(StatusChange):
    """History of one report."""

    subject = models.ForeignKey(MeetingReport, models.CASCADE, related_name="changes")


class MeetingResult(models.Model):
    """What a unit took on at a consultation for its share; the promise hangs on this row. Never changed."""

    meeting = models.ForeignKey(SupervisionMeeting, models.PROTECT, related_name="results")
    handling = models.ForeignKey(Handling, models.PROTECT, related_name="meeting_results")
    what = models.CharField(_("协商结果"), max_length=500)
    who = models.CharField(_("责任人"), max_length=60)
    due_on = models.DateField(_("完成期限"))

    class Meta:
        verbose_name = verbose_name_plural = _("协商结果")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(what="") & ~Q(who=""), name="proposals_result_says_what_and_who"
            )
        ]

    def __str__(self) -> str:
        return self.what
