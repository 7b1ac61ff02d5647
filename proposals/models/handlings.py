"""Handlings: each unit's share of a proposal, with its contacts."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, Max, OuterRef, Q, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase

from cppcc_portal.office import deadlines
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.workflow import Move, StatusChange, Workflow
from members.models import Posting, Unit
from proposals.models import lights
from proposals.models.replies import (
    is_joint,
    must_be_principal,
    reply_is_signed,
    reply_is_written,
    reply_may_go,
)
from proposals.models.rights import (
    acts_for_unit,
    has,
    is_own_proposal,
    may_act_for_unit,
    may_sign_for_unit,
)


def may_rehand(handling: "Handling", user: Any) -> bool:
    """Who decides on requests; never somebody of the unit itself, or who entered its request."""
    asked = handling.return_request if handling.status == Handling.Status.RETURN_ASKED else None
    if handling.unit_id in user.body_ids or (asked and asked.asked_by_id == user.pk):
        return False
    return bool(user.has_perm("proposals.decide_request"))


def may_be_returned(handling: "Handling") -> list[Any]:
    """A unit asks to be released soon after the hand-over, and says why it is not its business."""
    last = deadlines.rule_of("return_request").term.due(
        handling.handed_over_on, deadlines.WorkingCalendar()
    )
    if handling.round > 1:
        return [_("重新办理的提案不能申请退办；有困难请与提案委办公室联系。")]
    if timezone.localdate(handling.moment) > last:
        return [
            _("申请退办须在 %s 前提出，现已过期；确需改办的，请与提案委办公室联系，由办公室改办。")
            % deadlines.long_date(last)
        ]
    return []


def may_sign_off(handling: "Handling", user: Any) -> bool:
    """A leader of the unit; where the office asks for it the principal one, if the unit has one."""
    if is_own_proposal(handling, user) or not acts_for_unit(handling, user):
        return False
    leaders = Posting.objects.current().filter(body=handling.unit_id, role__in=Posting.LEADS)
    if must_be_principal(handling):
        principal = leaders.filter(role=Posting.Role.PRINCIPAL)
        leaders = principal if principal.exists() else leaders
    return leaders.filter(person__user=user).exists()


def may_check(handling: "Handling", user: Any) -> bool:
    """The supervision office, or the secretariat where there is none; never who wrote, put or handed it in."""
    if handling.unit_id in user.body_ids or is_own_proposal(handling, user):
        return False
    draft = handling.current_reply
    if (
        draft is not None and draft.handed_in_by_id == user.pk
    ):  # entered from paper by the same hand
        return False
    return bool(user.has_perm("proposals.check_reply"))


def may_send_back(handling: "Handling", user: Any) -> bool:
    if handling.status == Handling.Status.SIGNING:
        return acts_for_unit(handling, user)
    return may_check(handling, user)


class HandlingQuerySet(models.QuerySet["Handling"]):
    def visible_to(self, user: Any) -> "HandlingQuerySet":
        """A unit sees its own shares, the supervision office and the secretariat all of them."""
        if not user.is_active:
            return self.none()
        if user.has_perm("proposals.view_handling") or user.has_perm("proposals.view_handed_over"):
            return self
        return self.delegated_to(user)

    def delegated_to(self, user: Any) -> "HandlingQuerySet":
        """Shares of this person's units that the unit's group was given to answer.

        What guardian's `get_objects_for_user` says, asked from the unit's side: a right is given to
        the unit's group, never to a single person, and the unit's rows are found by an index. That
        a right was given on a share is enough to see it; `acts_for_unit` asks for which.
        """
        granted = HandlingGroupPermission.objects.filter(
            content_object=OuterRef("pk"), group__user=user
        )
        # As a CASE: PostgreSQL then asks it of the unit's rows one by one, as many as a page shows,
        # where a bare EXISTS would make it join all rights with all rows first.
        is_granted = Case(When(Exists(granted), then=True), default=False)
        return self.filter(is_granted, unit__in=user.body_ids)

    def open(self) -> "HandlingQuerySet":
        """Where the unit still has something to do; while its request waits, the clock goes on."""
        return self.filter(status__in=Handling.OPEN)

    def standing(self) -> "HandlingQuerySet":
        """Without the shares that have gone to another unit."""
        return self.exclude(status=Handling.Status.REHANDED)

    def in_force(self) -> "HandlingQuerySet":
        """Standing shares of proposals that are still ones: not revoked, not taken out."""
        return self.standing().exclude(proposal__status__in=["revoked", "taken_out"])

    def last_due_on(self, proposal: Any) -> date | None:
        """The day by which all who answer the proposers shall have done so."""
        answering = self.standing().filter(proposal=proposal).exclude(role=Handling.Role.JOINT)
        last: date | None = answering.aggregate(last=Max("due_on"))["last"]
        return last

    def overdue(self, today: date) -> "HandlingQuerySet":
        return self.open().filter(due_on__lt=today)

    def with_light(self, today: date) -> "HandlingQuerySet":
        """Each with its `light`: red, yellow, green, or nothing when the unit has done its part."""
        return self.annotate(light=lights.shown(Q(status__in=Handling.OPEN), today))

    def under(self, light: str, today: date) -> "HandlingQuerySet":
        """Where the unit still has something to do, and its day is as near as this light says."""
        return self.open().filter(lights.due_under(light, today))

    def at_work(self) -> "HandlingQuerySet":
        """Where something is still to be done, by the unit or by who checks its reply."""
        return self.filter(status__in=Handling.AT_WORK)

    def to_check(self) -> "HandlingQuerySet":
        """Whose reply waits for the check."""
        return self.filter(status=Handling.Status.CHECKING)


class Handling(Workflow):
    """One unit's share of one proposal."""

    class Role(models.TextChoices):
        LEAD = "lead", _("主办")
        JOINT = "joint", _("会办")
        SEPARATE = "separate", _("分办")

    class Status(models.TextChoices):
        WAITING = "waiting", _("待签收")
        ACKNOWLEDGED = "acknowledged", _("办理中")
        OPINION_GIVEN = "opinion_given", _("会办意见已提交")
        SIGNING = "signing", _("待单位签发")
        SIGNED = "signed", _("单位已签发")
        CHECKING = "checking", _("待督查审核")
        REPLIED = "replied", _("已答复")
        RETURN_ASKED = "return_asked", _("申请退办·待决定")
        REHANDED = "rehanded", _("已改办")
        ENDED = "ended", _("已终止")

    OPEN: ClassVar = (Status.WAITING, Status.ACKNOWLEDGED, Status.SIGNING, Status.RETURN_ASKED)
    AT_WORK: ClassVar = (*OPEN, Status.CHECKING)
    GONE: ClassVar = (Status.REHANDED, Status.ENDED)  # nothing more is waited for

    MOVES: ClassVar[Mapping[str, Move]] = {
        "acknowledge": Move(
            {Status.WAITING},
            Status.ACKNOWLEDGED,
            _("签收"),
            _("承办单位"),
            may_act_for_unit,
        ),
        "give_opinion": Move(
            {Status.ACKNOWLEDGED},
            Status.OPINION_GIVEN,
            _("提交会办意见"),
            _("会办单位"),
            may_act_for_unit,
            is_joint,
        ),
        # Which of these steps a reply takes is a setting: all of them, or only key proposals' ones.
        "submit_for_signing": Move(
            {Status.ACKNOWLEDGED},
            Status.SIGNING,
            _("送签发"),
            _("主办、分办单位经办人"),
            may_sign_for_unit,
            reply_is_written,
        ),
        "sign": Move(
            {Status.SIGNING},
            Status.SIGNED,
            _("签发"),
            _("单位负责人（重点提案和重新办理为主要负责人）"),
            may_sign_off,
            reply_is_written,
        ),
        "submit_for_check": Move(
            {Status.ACKNOWLEDGED, Status.SIGNED},
            Status.CHECKING,
            _("送审核"),
            _("主办、分办单位"),
            may_sign_for_unit,
            reply_is_signed,
        ),
        "check": Move(
            {Status.CHECKING},
            Status.REPLIED,
            _("审核通过"),
            _("督查室、提案委办公室"),
            may_check,
            reply_is_signed,
        ),
        "send_back": Move(
            {Status.SIGNING, Status.CHECKING},
            Status.ACKNOWLEDGED,
            _("退回修改"),
            _("待签发时为本单位，待审核时为督查室、提案委办公室"),
            may_send_back,
        ),
        "reply": Move(
            {Status.ACKNOWLEDGED, Status.SIGNED},
            Status.REPLIED,
            _("答复"),
            _("主办、分办单位"),
            may_sign_for_unit,
            reply_may_go,
        ),
        "rehandle": Move(
            {Status.REPLIED},
            Status.ACKNOWLEDGED,
            _("重新办理"),
            _("提案委办公室"),
            has("rehandle_proposal"),
        ),
        "request_return": Move(
            {Status.WAITING, Status.ACKNOWLEDGED},
            Status.RETURN_ASKED,
            _("申请退办"),
            _("承办单位"),
            may_act_for_unit,
            may_be_returned,
        ),
        # Refused or taken back: the unit has it, and its clock has gone on.
        "keep": Move({Status.RETURN_ASKED}, Status.ACKNOWLEDGED, _("继续办理"), by_itself=True),
        "rehand": Move(
            {Status.WAITING, Status.ACKNOWLEDGED, Status.RETURN_ASKED},
            Status.REHANDED,
            _("改办"),
            _("督查室、提案委办公室"),
            may_rehand,
        ),
        # Nothing more is wanted of the unit: the proposal was closed without it, or taken out.
        "end": Move(
            {*OPEN, Status.CHECKING},
            Status.ENDED,
            _("办理终止"),
            by_itself=True,
        ),
    }

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    proposal = models.ForeignKey(
        "proposals.Proposal", models.PROTECT, related_name="handlings", verbose_name=_("提案")
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="handlings", verbose_name=_("承办单位")
    )
    role = models.CharField(_("方式"), max_length=10, choices=Role)
    status = models.CharField(_("状态"), max_length=14, choices=Status, default=Status.WAITING)
    round = models.PositiveSmallIntegerField(_("轮次"), default=1)
    handed_over_on = models.DateField(_("交办日期"))
    sign_in_due_on = models.DateField(_("签收期限"))
    due_on = models.DateField(_("期限"))
    acknowledged_at = models.DateTimeField(_("签收时间"), null=True, blank=True)
    done_at = models.DateTimeField(_("完成时间"), null=True, blank=True)
    check_due_on = models.DateField(_("审核期限"), null=True, blank=True, editable=False)
    # The proofs that the guarded status needs, set in the same UPDATE as the status.
    joint_opinion = models.ForeignKey(
        "proposals.JointOpinion", models.PROTECT, null=True, blank=True, related_name="+"
    )
    current_reply = models.ForeignKey(
        "proposals.Reply", models.PROTECT, null=True, blank=True, related_name="+"
    )

    return_request = models.ForeignKey(
        "proposals.UnitRequest", models.PROTECT, null=True, blank=True, related_name="+"
    )
    rehanded_to = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("改办至")
    )
    # The unit as it was called when it got this share: a later renaming changes no old paper.
    unit_name = models.CharField(_("当时单位名称"), max_length=80, blank=True, editable=False)

    objects: ClassVar = HandlingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("承办")
        ordering = ["due_on", "pk"]
        permissions = [("answer_handling", _("办理")), ("check_reply", _("审核答复"))]
        indexes = [
            models.Index(fields=["status", "due_on"], name="proposals_handling_due"),
            models.Index(fields=["unit", "status", "due_on"], name="proposals_unit_due"),
            models.Index(fields=["unit", "-id"], name="proposals_unit_newest"),
            models.Index(
                fields=["due_on", "id"],
                condition=Q(
                    status__in=["waiting", "acknowledged", "signing", "checking", "return_asked"]
                ),
                name="proposals_handling_is_open",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "unit"],
                condition=~Q(status="rehanded"),
                name="proposals_unit_once_standing",
            ),
            models.UniqueConstraint(
                fields=["proposal"],
                condition=Q(role="lead") & ~Q(status="rehanded"),
                name="proposals_one_standing_lead",
            ),
            models.CheckConstraint(
                condition=~Q(status="return_asked") | Q(return_request__isnull=False),
                name="proposals_return_is_asked_for",
            ),
            models.CheckConstraint(
                condition=~Q(status="replied")
                | (Q(role__in=["lead", "separate"]) & Q(current_reply__isnull=False)),
                name="proposals_only_leads_reply",
            ),
            models.CheckConstraint(
                condition=~Q(status="opinion_given")
                | (Q(role="joint") & Q(joint_opinion__isnull=False)),
                name="proposals_only_joint_units_give_opinions",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=["waiting", "return_asked", "rehanded", "ended"],
                )
                | Q(acknowledged_at__isnull=False),
                name="proposals_handled_was_acknowledged",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["signing", "signed", "checking"])
                | Q(role__in=["lead", "separate"]),
                name="proposals_only_leads_hand_replies_in",
            ),
            models.CheckConstraint(
                condition=~Q(status="checking") | Q(check_due_on__isnull=False),
                name="proposals_check_has_day",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["opinion_given", "replied"]) | Q(done_at__isnull=False),
                name="proposals_done_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_named} · {self.get_role_display()}"

    @property
    def unit_named(self) -> str:
        """The unit under the name that it had when it got this share."""
        return self.unit_name or str(self.unit)

    @property
    def unit_is_renamed(self) -> bool:
        return bool(self.unit_name) and self.unit_name != str(self.unit)

    def get_absolute_url(self) -> str:
        return reverse("desk:detail", args=[self.pk])

    def is_overdue(self, today: date) -> bool:
        return self.status in self.OPEN and self.due_on < today

    @property
    def answers_proposers(self) -> bool:
        return self.role != self.Role.JOINT


class HandlingChange(StatusChange):
    """History of one handling."""

    subject = models.ForeignKey(Handling, models.CASCADE, related_name="changes")


class HandlingGroupPermission(GroupObjectPermissionBase):
    """The right to answer one handling, delegated to the unit's group; gone with the handling."""

    content_object = models.ForeignKey(Handling, models.CASCADE)


class ContactQuerySet(models.QuerySet["ContactEntry"]):
    def settled(self, proposer: Any) -> bool:
        """Whether this proposer was met, did not wish it, or has agreed to another way before."""
        rows = self.filter(proposer=proposer)
        return rows.filter(Q(way__in=ContactEntry.IN_PERSON) | ~Q(consent="")).exists()


class ContactEntry(models.Model):
    """One contact of a unit with a proposer: when, how, what was said."""

    class Way(models.TextChoices):
        VISIT = "visit", _("登门走访")
        MEETING = "meeting", _("座谈面商")
        PHONE = "phone", _("电话")
        OTHER = "other", _("其他方式")
        # Asked, and said that a meeting is not necessary: a contact, counted apart, never as met.
        NOT_NEEDED = "not_needed", _("提案人表示不必面商")

    MET: ClassVar = (Way.VISIT, Way.MEETING)
    # What is enough where the office asks for a talk face to face.
    IN_PERSON: ClassVar = (*MET, Way.NOT_NEEDED)

    class Stage(models.TextChoices):
        BEFORE = "before", _("办理前")
        DURING = "during", _("办理中")
        AFTER = "after", _("答复后")

    handling = models.ForeignKey(Handling, models.PROTECT, related_name="contacts")
    proposer = models.ForeignKey(
        "proposals.Proposer", models.PROTECT, related_name="+", verbose_name=_("提案人")
    )
    way = models.CharField(_("方式"), max_length=10, choices=Way)
    stage = models.CharField(_("阶段"), max_length=10, choices=Stage, default=Stage.BEFORE)
    on = models.DateField(_("日期"))
    summary = models.TextField(_("沟通情况"))
    # Whether the office asked for a talk face to face when this was recorded; the setting may change.
    in_person_asked = models.BooleanField(_("要求当面沟通"), default=False, editable=False)
    consent = models.TextField(_("提案人同意改用其他方式的情况"), blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    # 代录: staff entered the unit's paper (rule 17).
    is_entered = models.BooleanField(_("代录"), default=False, editable=False)
    scan = models.ForeignKey(
        Attachment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("扫描件"),
    )

    objects: ClassVar = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("沟通记录")
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(in_person_asked=False)
                | Q(way__in=["visit", "meeting", "not_needed"])
                | ~Q(consent=""),
                name="proposals_other_way_has_consent",
            ),
            models.CheckConstraint(
                condition=Q(is_entered=False) | Q(scan__isnull=False),
                name="proposals_entered_contact_has_scan",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.get_way_display()}"
