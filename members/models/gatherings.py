"""Gatherings: anything with invitations and attendance, whatever app it belongs to."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.workflow import Move, StatusChange, Workflow
from members.models.bodies import Body, Sector
from members.models.people import Person


class GatheringQuerySet(models.QuerySet["Gathering"]):
    def services(self) -> "GatheringQuerySet":
        """Service activities (服务为民)."""
        return self.filter(kind=Gathering.Kind.SERVICE)

    def counted_in(self, year: int) -> "GatheringQuerySet":
        """Service activities of a year that somebody else has verified: the only ones that count."""
        return self.services().filter(verified_by__isnull=False, starts_at__year=year)


class Gathering(models.Model):
    """One occasion at a place and time: a consultation, a visit of a research, a service activity."""

    class Kind(models.TextChoices):
        SESSION = "session", _("协商活动")
        VISIT = "visit", _("调研走访")
        SERVICE = "service", _("服务为民活动")
        TALKS = "talks", _("督办协商")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("种类"), max_length=10, choices=Kind)
    title = models.CharField(_("名称"), max_length=120)
    place = models.CharField(_("地点"), max_length=120, blank=True)
    starts_at = models.DateTimeField(_("开始时间"), db_index=True)
    ends_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    organiser = models.ForeignKey(
        Body, models.PROTECT, related_name="gatherings", verbose_name=_("组织单位")
    )
    sectors = models.ManyToManyField(
        Sector, blank=True, related_name="joined_gatherings", verbose_name=_("参加界别")
    )
    summary = models.TextField(_("情况"), blank=True)
    served = models.PositiveIntegerField(_("服务群众人数"), null=True, blank=True)
    # Within these moments one checks in; outside, staff note who was there.
    check_in_from = models.DateTimeField(_("签到开始"), null=True, blank=True, editable=False)
    check_in_until = models.DateTimeField(_("签到截止"), null=True, blank=True, editable=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("核实人"),
    )
    verified_at = models.DateTimeField(_("核实时间"), null=True, blank=True, editable=False)

    objects: ClassVar = GatheringQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("会议活动")
        ordering = ["-starts_at", "-pk"]
        permissions = [
            ("run_gathering", _("组织会议活动")),
            ("verify_gathering", _("核实会议活动")),
        ]
        indexes = [models.Index(fields=["kind", "starts_at"], name="members_gathering_kind")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at")),
                name="members_gathering_ends_after_start",
                violation_error_message=_("结束时间不能早于开始时间。"),
            ),
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True)
                | (Q(verified_at__isnull=False) & ~Q(verified_by=F("recorded_by"))),
                name="members_gathering_verified_by_another",
                violation_error_message=_("登记人不能核实自己登记的活动，请换一位核实。"),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def on(self) -> date:
        """The local day."""
        return timezone.localdate(self.starts_at)


def is_invitee(invitation: "Invitation", user: Any) -> bool:
    return invitation.person is not None and invitation.person.user_id == user.pk


def organises(invitation: "Invitation", user: Any) -> bool:
    """The organising body's own people, and the office."""
    return invitation.gathering.organiser_id in user.body_ids or user.has_perm(
        "members.run_gathering"
    )


def may_check_in(invitation: "Invitation", user: Any) -> bool:
    return is_invitee(invitation, user) or organises(invitation, user)


def leave_has_reason(invitation: "Invitation") -> list[Any]:
    missing: list[Any] = []
    if not invitation.leave_reason.strip():
        missing.append(_("请写明请假事由。"))
    if (invitation.moment or timezone.now()) >= invitation.gathering.starts_at:
        missing.append(_("活动已经开始，不能再请假；有特殊情况请与组织单位联系。"))
    return missing


def check_in_is_open(invitation: "Invitation") -> list[Any]:
    """Check-in runs from shortly before to shortly after the beginning."""
    gathering, now = invitation.gathering, invitation.moment or timezone.now()
    if gathering.check_in_from is None or gathering.check_in_until is None:
        return [_("签到还没有开放，请稍候，或请现场工作人员登记。")]
    if now < gathering.check_in_from:
        opens = timezone.localtime(gathering.check_in_from)
        return [_("签到从 %s 开始，请届时再扫码。") % opens.strftime("%H:%M")]
    if now > gathering.check_in_until:
        return [_("签到已经截止，请现场工作人员为您登记。")]
    return []


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def came(self) -> "InvitationQuerySet":
        """Who was there, late or in time."""
        return self.filter(status__in=Invitation.CAME)

    def waiting_for(self, user: Any) -> "InvitationQuerySet":
        """Invitations this person has still to answer."""
        return self.filter(person__user=user, status=Invitation.Status.INVITED)


class Invitation(Workflow):
    """One person asked to one gathering: whether they come, and whether they came."""

    class Category(models.TextChoices):
        MEMBER = "member", _("委员")
        EXPERT = "expert", _("专业人士")
        DEPARTMENT = "department", _("部门负责人")
        GRASS_ROOTS = "grass_roots", _("基层负责人")
        PUBLIC = "public", _("群众代表")

    class Role(models.TextChoices):
        CHAIR = "chair", _("主持")
        SPEAKER = "speaker", _("发言")
        RESEARCHER = "researcher", _("调研")
        PARTICIPANT = "participant", _("参加")

    class Status(models.TextChoices):
        INVITED = "invited", _("已邀请")
        ATTENDING = "attending", _("将参加")
        LEAVE_REQUESTED = "leave_requested", _("已请假·待批")
        ON_LEAVE = "on_leave", _("准假")
        PRESENT = "present", _("出席")
        LATE = "late", _("迟到")
        ABSENT = "absent", _("缺席")

    CAME = (Status.PRESENT, Status.LATE)
    _AHEAD = frozenset({Status.INVITED, Status.ATTENDING, Status.LEAVE_REQUESTED, Status.ON_LEAVE})

    MOVES: ClassVar[Mapping[str, Move]] = {
        "attend": Move(
            {Status.INVITED, Status.LEAVE_REQUESTED},
            Status.ATTENDING,
            _("参加"),
            _("受邀人"),
            is_invitee,
        ),
        "ask_leave": Move(
            {Status.INVITED, Status.ATTENDING},
            Status.LEAVE_REQUESTED,
            _("请假"),
            _("受邀人"),
            is_invitee,
            leave_has_reason,
        ),
        "grant_leave": Move(
            {Status.LEAVE_REQUESTED}, Status.ON_LEAVE, _("准假"), _("组织单位"), organises
        ),
        "refuse_leave": Move(
            {Status.LEAVE_REQUESTED}, Status.INVITED, _("不准假"), _("组织单位"), organises
        ),
        "check_in": Move(
            _AHEAD, Status.PRESENT, _("签到"), _("受邀人"), is_invitee, check_in_is_open
        ),
        "check_in_late": Move(
            _AHEAD, Status.LATE, _("迟到签到"), _("受邀人"), is_invitee, check_in_is_open
        ),
        # What staff saw with their own eyes needs no open code.
        "note_present": Move(
            {*_AHEAD, Status.ABSENT, Status.LATE},
            Status.PRESENT,
            _("登记出席"),
            _("组织单位"),
            organises,
        ),
        "note_absent": Move(
            {*_AHEAD, Status.PRESENT, Status.LATE},
            Status.ABSENT,
            _("登记缺席"),
            _("组织单位"),
            organises,
        ),
        "miss": Move(
            {Status.INVITED, Status.ATTENDING, Status.LEAVE_REQUESTED},
            Status.ABSENT,
            _("未到"),
            by_itself=True,
        ),
    }

    gathering = models.ForeignKey(
        Gathering, models.PROTECT, related_name="invitations", verbose_name=_("会议活动")
    )
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="invitations",
        verbose_name=_("人员"),
    )
    # Guests who are in no register: a professor, a resident.
    guest = models.CharField(_("来宾姓名"), max_length=60, blank=True)
    organisation = models.CharField(_("单位职务"), max_length=120, blank=True)
    category = models.CharField(_("类别"), max_length=12, choices=Category)
    role = models.CharField(_("身份"), max_length=12, choices=Role, default=Role.PARTICIPANT)
    status = models.CharField(_("状态"), max_length=16, choices=Status, default=Status.INVITED)
    leave_reason = models.CharField(_("请假事由"), max_length=200, blank=True)
    arrived_at = models.DateTimeField(_("到会时间"), null=True, blank=True)

    objects: ClassVar = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("邀请")
        ordering = ["gathering", "pk"]
        indexes = [models.Index(fields=["person", "status"], name="members_invited")]
        constraints = [
            models.UniqueConstraint(
                fields=["gathering", "person"],
                name="members_invited_once",
                violation_error_message=_("此人已在邀请名单中。"),
            ),
            models.CheckConstraint(
                condition=(Q(person__isnull=False) & Q(guest=""))
                | (Q(person__isnull=True) & ~Q(guest="")),
                name="members_invitation_person_or_guest",
                violation_error_message=_("请选择人员，或填写来宾姓名（只填一项）。"),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["present", "late"]) | Q(arrived_at__isnull=False),
                name="members_who_came_arrived",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.person.name if self.person else self.guest


class InvitationChange(StatusChange):
    """History of one invitation."""

    subject = models.ForeignKey(Invitation, models.CASCADE, related_name="changes")
