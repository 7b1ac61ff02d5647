"""Sessions: one consultation on one topic, with its participants, check-in and minutes."""

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.models import rights
from consultations.models.lists import SessionForm
from consultations.models.research import Research
from consultations.models.topics import Topic, TopicGroupPermission
from cppcc_portal.office import parameters
from cppcc_portal.office.decisions import Decision
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.workflow import Move, StatusChange, Workflow
from members.models import Gathering, Invitation, Person


def runs(session: "Session", user: Any) -> bool:
    return rights.runs(session.topic, user)


def chairs(session: "Session", user: Any) -> bool:
    return rights.chairs(session.topic, user)


def rests_on_research(session: "Session") -> list[Any]:
    """Rule 8: an approved report, or a waiver with leader, reason and file, or an exempted form."""
    research, waiver = session.research, session.waiver
    if research is not None and research.topic_id == session.topic_id:
        if research.status == Research.Status.APPROVED:
            return []
        return [
            _("不调研不协商：调研目前是「%s」，报告审定后才能发通知。")
            % research.get_status_display()
        ]
    if waiver is not None and waiver.session_id == session.pk:
        return []
    if not session.form.research_required and session.exemption_id == session.form.exempted_by_id:
        return []
    return [
        _("不调研不协商：这个议题还没有审定的调研报告。请先完成调研，或由领导签批免除并附文件。")
    ]


def everybody_is_asked(session: "Session") -> list[Any]:
    """Each of the five categories has somebody, or is waived with a reason."""
    counted = session.category_counts()
    waived = set(session.category_waivers.values_list("category", flat=True))
    lacking = [
        str(label)
        for value, label in Invitation.Category.choices
        if not counted.get(value) and value not in waived
    ]
    if lacking:
        return [_("参加人员还缺：%s。请邀请，或逐类说明为什么不邀请。") % "、".join(lacking)]
    return []


def ready_to_notify(session: "Session") -> list[Any]:
    missing = [*rests_on_research(session), *everybody_is_asked(session)]
    if not session.gathering.place.strip():
        missing.append(_("请填写地点。"))
    if session.gathering.starts_at <= (session.moment or timezone.now()):
        missing.append(_("开始时间已经过去，请先改时间。"))
    return missing


def it_is_the_day(session: "Session") -> list[Any]:
    """Check-in opens on the day, some minutes before the beginning."""
    gathering, now = session.gathering, session.moment or timezone.now()
    if gathering.on != timezone.localdate(now):
        return [_("活动日期是 %s，当天才能开放签到。") % gathering.on]
    before = timedelta(minutes=parameters.get("members.check_in_before"))
    if now < gathering.starts_at - before:
        opens = timezone.localtime(gathering.starts_at - before)
        return [_("签到从 %s 开始，届时才能开放。") % opens.strftime("%H:%M")]
    return []


def somebody_came(session: "Session") -> list[Any]:
    """It has begun, and somebody is there: who is not there yet is not marked absent before."""
    if (session.moment or timezone.now()) < session.gathering.starts_at:
        starts = timezone.localtime(session.gathering.starts_at)
        return [_("活动 %s 开始，开始以后才能结束签到。") % starts.strftime("%H:%M")]
    if not session.gathering.invitations.came().exists():
        return [_("还没有人签到。请先登记出席人员；若没有开成，请改期。")]
    return []


def minutes_are_written(session: "Session") -> list[Any]:
    if not session.minutes.strip():
        return [_("请先写纪要。")]
    return []


class SessionQuerySet(models.QuerySet["Session"]):
    def visible_to(self, user: Any) -> "SessionQuerySet":
        """Who is invited, once notified; the committee in charge; the office all."""
        if not user.is_active:
            return self.none()
        if user.has_perm("consultations.view_session"):
            return self
        invited = Invitation.objects.filter(person__user=user).values("gathering")
        shown = Q(gathering__in=invited) & ~Q(status=Session.Status.PLANNED)
        if user.body_ids:
            granted = TopicGroupPermission.objects.filter(group__user=user)
            shown |= Q(
                topic__in=granted.values("content_object"),
                topic__committee__in=user.body_ids,
            )
        return self.filter(shown)

    def with_names(self) -> "SessionQuerySet":
        """With what a list shows of each row; a constant number of queries."""
        return self.select_related("topic__committee", "form", "gathering")


class Session(Workflow):
    """One consultation: planned, notified only after research, held, minuted, archived."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("筹备中")
        NOTIFIED = "notified", _("已通知")
        OPEN = "open", _("签到中")
        HELD = "held", _("已召开·待纪要")
        MINUTES_DRAFT = "minutes_draft", _("纪要待签发")
        MINUTES_SIGNED = "minutes_signed", _("纪要已签发")
        ARCHIVED = "archived", _("已归档")
        CANCELLED = "cancelled", _("已取消")

    HELD_ON = (Status.HELD, Status.MINUTES_DRAFT, Status.MINUTES_SIGNED, Status.ARCHIVED)

    MOVES: ClassVar[Mapping[str, Move]] = {
        "notify": Move(
            {Status.PLANNED},
            Status.NOTIFIED,
            _("通知"),
            _("专委会"),
            runs,
            ready_to_notify,
        ),
        "open": Move(
            {Status.NOTIFIED}, Status.OPEN, _("开放签到"), _("专委会"), runs, it_is_the_day
        ),
        "close_check_in": Move(
            {Status.OPEN}, Status.HELD, _("结束签到"), _("专委会"), runs, somebody_came
        ),
        "submit_minutes": Move(
            {Status.HELD},
            Status.MINUTES_DRAFT,
            _("提交纪要"),
            _("专委会"),
            runs,
            minutes_are_written,
        ),
        "sign_minutes": Move(
            {Status.MINUTES_DRAFT},
            Status.MINUTES_SIGNED,
            _("签发纪要"),
            _("专委会主任"),
            chairs,
            minutes_are_written,
        ),
        "return_minutes": Move(
            {Status.MINUTES_DRAFT},
            Status.HELD,
            _("退回纪要"),
            _("专委会主任"),
            chairs,
        ),
        "archive": Move({Status.MINUTES_SIGNED}, Status.ARCHIVED, _("归档"), _("专委会"), runs),
        "postpone": Move({Status.NOTIFIED}, Status.PLANNED, _("改期"), _("专委会"), runs),
        "cancel": Move(
            {Status.PLANNED, Status.NOTIFIED},
            Status.CANCELLED,
            _("取消"),
            _("专委会主任"),
            chairs,
        ),
    }

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    topic = models.ForeignKey(
        Topic, models.PROTECT, related_name="sessions", verbose_name=_("议题")
    )
    form = models.ForeignKey(
        SessionForm, models.PROTECT, related_name="+", verbose_name=_("协商形式")
    )
    gathering = models.OneToOneField(
        Gathering, models.PROTECT, related_name="session", verbose_name=_("会议活动")
    )
    status = models.CharField(
        _("状态"), max_length=14, choices=Status, default=Status.PLANNED, editable=False
    )
    minutes = models.TextField(_("纪要"), blank=True)
    held_at = models.DateTimeField(_("召开时间"), null=True, blank=True, editable=False)
    # The proofs that the guarded status needs, set in the same UPDATE as the status.
    research = models.ForeignKey(
        Research, models.PROTECT, null=True, editable=False, related_name="sessions"
    )
    waiver = models.OneToOneField(
        "consultations.ResearchWaiver",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("免除调研的签批"),
    )
    exemption = models.ForeignKey(
        Decision, models.PROTECT, null=True, editable=False, related_name="+"
    )

    objects: ClassVar = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("协商活动")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["planned", "cancelled"])
                | Q(research__isnull=False)
                | Q(waiver__isnull=False)
                | Q(exemption__isnull=False),
                name="consultations_no_consultation_without_research",
                violation_error_message=_("不调研不协商：没有审定的调研报告，不能发通知。"),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["held", "minutes_draft", "minutes_signed", "archived"])
                | Q(held_at__isnull=False),
                name="consultations_held_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["minutes_draft", "minutes_signed", "archived"])
                | ~Q(minutes=""),
                name="consultations_signed_minutes_have_text",
            ),
        ]

    def __str__(self) -> str:
        return str(self.gathering.title)

    def get_absolute_url(self) -> str:
        return reverse("consultations:session", args=[self.pk])

    def category_counts(self, *, came: bool = False) -> dict[str, int]:
        """How many are invited, or came, of each of the five categories."""
        rows = self.gathering.invitations.all()
        if came:
            rows = rows.filter(status__in=Invitation.CAME)
        counted = rows.order_by().values("category").annotate(n=Count("pk"))
        return {row["category"]: row["n"] for row in counted}


class SessionChange(StatusChange):
    """History of one session."""

    subject = models.ForeignKey(Session, models.CASCADE, related_name="changes")


class ResearchWaiver(models.Model):
    """A leader lets one session go ahead without research: who, why, the signed paper. Never hidden."""

    session = models.OneToOneField(Session, models.PROTECT, related_name="research_waiver")
    leader = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("签批领导"))
    reason = models.CharField(_("理由"), max_length=300)
    paper = models.ForeignKey(
        Attachment, models.PROTECT, related_name="+", verbose_name=_("签批文件")
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = _("免除调研")
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="consultations_waiver_has_reason")
        ]

    def __str__(self) -> str:
        return self.reason


class CategoryWaiver(models.Model):
    """Why nobody of one category is asked to one session."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="category_waivers")
    category = models.CharField(_("类别"), max_length=12, choices=Invitation.Category)
    reason = models.CharField(_("理由"), max_length=200)

    class Meta:
        verbose_name = verbose_name_plural = _("不邀请某类人员的说明")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "category"], name="consultations_category_waived_once"
            ),
            models.CheckConstraint(
                condition=~Q(reason=""), name="consultations_category_waiver_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_category_display()}：{self.reason}"
