"""Where a bulletin was sent; and, where the office has units handle it, the unit's share of it."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office import deadlines, parameters
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.workflow import Move, StatusChange, Workflow
from members.models import Person, Unit
from proposals.models.handlings import ContactEntry
from proposals.models.lists import OpinionResult
from proposals.models.opinion_authors import OpinionAuthor
from proposals.models.rights import has


def acts_for_receiver(dispatch: "OpinionDispatch", user: Any) -> bool:
    """The unit that received it, by who is posted there."""
    return dispatch.unit_id is not None and dispatch.unit_id in user.body_ids


def is_own_report(dispatch: "OpinionDispatch", user: Any) -> bool:
    """Whether this person reported, by themselves, what their unit is to answer."""
    own = OpinionAuthor.objects.filter(Q(membership__in=user.seat_ids) | Q(person__user=user))
    return own.filter(report__bulletin=dispatch.bulletin_id).exists()


def may_act(dispatch: "OpinionDispatch", user: Any) -> bool:
    """The unit itself, or staff from its paper (代录, with a scan)."""
    if dispatch.unit_id is None:
        return False
    return acts_for_receiver(dispatch, user) or user.has_perm("proposals.enter_for_others")


def may_answer(dispatch: "OpinionDispatch", user: Any) -> bool:
    """As `may_act`, but nobody answers for their unit what they reported themselves."""
    return may_act(dispatch, user) and not is_own_report(dispatch, user)


def may_rehand(dispatch: "OpinionDispatch", user: Any) -> bool:
    """The office; never somebody of the unit itself, or who entered its request."""
    request = dispatch.return_request
    asked = request if request and dispatch.status == dispatch.Status.RETURN_ASKED else None
    if dispatch.unit_id in user.body_ids or (asked and asked.asked_by_id == user.pk):
        return False
    return bool(user.has_perm("proposals.handle_opinionreport"))


def may_be_handed_over(dispatch: "OpinionDispatch") -> list[Any]:
    """Only to a unit, and only where the office has units handle reports."""
    if dispatch.unit_id is None:
        return [_("只有报送单位的才能交办。")]
    if not parameters.get("opinions.units_handle"):
        return [_("社情民意交单位办理没有开启，请先在“设置 · 社情民意”中开启。")]
    return []


def may_be_returned(dispatch: "OpinionDispatch") -> list[Any]:
    """A unit asks to be released soon after the hand-over."""
    if dispatch.handed_over_on is None:
        return [_("这一期没有交办，不用申请退办。")]
    last = deadlines.rule_of("return_request").term.due(
        dispatch.handed_over_on, deadlines.WorkingCalendar()
    )
    if timezone.localdate(dispatch.moment) > last:
        return [
            _("申请退办须在 %s 前提出，现已过期；确需改办的，请与政协办公室联系，由办公室改办。")
            % deadlines.long_date(last)
        ]
    return []


def answer_is_whole(dispatch: "OpinionDispatch") -> list[Any]:
    """Only units answer; what was handed to them to be handled ends with a result."""
    if dispatch.unit_id is None:
        return [_("只有报送单位的才登记答复；领导批示、采用请分别登记。")]
    if dispatch.is_handed_over and dispatch.result_id is None:
        return [_("请选择办理结果。")]
    return []


class OpinionDispatchQuerySet(models.QuerySet["OpinionDispatch"]):
    def received_by(self, user: Any) -> "OpinionDispatchQuerySet":
        """What was sent to this person, to a unit they act for, or to the supervision office.

        A unit that was released of it no longer reads it.
        """
        units = Q(unit__in=user.body_ids) & ~Q(status=OpinionDispatch.Status.REHANDED)
        mine = units | Q(leader__user=user)
        if user.has_perm("proposals.read_sent_opinions"):
            mine |= Q(target=OpinionDispatch.Target.SUPERVISION)
        return self.filter(mine)

    def visible_to(self, user: Any) -> "OpinionDispatchQuerySet":
        """Who received it, and the office."""
        if not user.is_active:
            return self.none()
        if user.has_perm("proposals.view_opinionreport"):
            return self
        return self.received_by(user)

    def unanswered(self) -> "OpinionDispatchQuerySet":
        """Sent to a unit that is asked for an answer, and has not given it."""
        return self.filter(status__in=OpinionDispatch.OPEN, due_on__isnull=False)

    def standing(self) -> "OpinionDispatchQuerySet":
        """Without what has gone to another unit."""
        return self.exclude(status=OpinionDispatch.Status.REHANDED)


class OpinionDispatch(Workflow):
    """One way on which a bulletin went: upward, to a leader, to a unit; and what the unit made of it."""

    class Target(models.TextChoices):
        UPPER = "upper", _("上级政协")
        LEADER = "leader", _("领导")
        UNIT = "unit", _("单位")
        SUPERVISION = "supervision", _("督查室")

    class Status(models.TextChoices):
        SENT = "sent", _("已报送")
        WAITING = "waiting", _("待签收")
        ACKNOWLEDGED = "acknowledged", _("办理中")
        RETURN_ASKED = "return_asked", _("申请退办·待决定")
        ANSWERED = "answered", _("已答复")
        REHANDED = "rehanded", _("已改办")
        ENDED = "ended", _("已终止")

    HANDLED: ClassVar = (Status.WAITING, Status.ACKNOWLEDGED, Status.RETURN_ASKED)
    OPEN: ClassVar = (Status.SENT, *HANDLED)

    MOVES: ClassVar[Mapping[str, Move]] = {
        # Where the setting is on, a unit handles it as it handles its share of a proposal.
        "hand_over": Move(
            {Status.SENT},
            Status.WAITING,
            _("交办"),
            _("秘书处办公室"),
            has("handle_opinionreport"),
            may_be_handed_over,
        ),
        "acknowledge": Move(
            {Status.WAITING}, Status.ACKNOWLEDGED, _("签收"), _("收到的单位"), may_act
        ),
        "answer": Move(
            {Status.SENT, Status.ACKNOWLEDGED},
            Status.ANSWERED,
            _("答复"),
            _("收到的单位"),
            may_answer,
            answer_is_whole,
        ),
        "request_return": Move(
            {Status.WAITING, Status.ACKNOWLEDGED},
            Status.RETURN_ASKED,
            _("申请退办"),
            _("收到的单位"),
            may_act,
            may_be_returned,
        ),
        # Refused or taken back: the unit has it, and its clock has gone on.
        "keep": Move({Status.RETURN_ASKED}, Status.ACKNOWLEDGED, _("继续办理"), by_itself=True),
        "rehand": Move(set(HANDLED), Status.REHANDED, _("改办"), _("秘书处办公室"), may_rehand),
        # The issue was taken out: nothing more is wanted of the unit.
        "end": Move(set(HANDLED), Status.ENDED, _("办理终止"), by_itself=True),
    }

    bulletin = models.ForeignKey(
        "proposals.Bulletin", models.PROTECT, related_name="dispatches", verbose_name=_("刊物")
    )
    status = models.CharField(
        _("状态"), max_length=12, choices=Status, default=Status.SENT, editable=False
    )
    target = models.CharField(_("报送"), max_length=12, choices=Target)
    # A leader of another level has no row here: the name is written.
    name = models.CharField(_("名称"), max_length=60, blank=True)
    leader = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("领导")
    )
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="opinion_dispatches",
        verbose_name=_("单位"),
    )
    sent_on = models.DateField(_("报送日期"))
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("报送人")
    )
    # The office decides each time whether what the authors added goes along.
    with_files = models.BooleanField(_("附件一并报送"), default=False)
    due_on = models.DateField(_("答复期限"), null=True, blank=True, editable=False)
    handed_over_on = models.DateField(_("交办日期"), null=True, blank=True, editable=False)
    sign_in_due_on = models.DateField(_("签收期限"), null=True, blank=True, editable=False)
    acknowledged_at = models.DateTimeField(_("签收时间"), null=True, blank=True, editable=False)
    answer = models.TextField(_("答复"), blank=True)
    answered_on = models.DateField(_("答复日期"), null=True, blank=True)
    result = models.ForeignKey(
        OpinionResult,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("办理结果"),
    )
    paper = models.ForeignKey(
        Attachment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("答复的扫描件"),
    )
    return_request = models.ForeignKey(
        "proposals.UnitRequest", models.PROTECT, null=True, blank=True, related_name="+"
    )
    rehanded_to = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("改办至")
    )

    objects: ClassVar = OpinionDispatchQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("社情民意报送")
        ordering = ["sent_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(target="unit", unit__isnull=False, leader__isnull=True)
                | Q(target="leader", unit__isnull=True, leader__isnull=False)
                | (Q(target="leader", unit__isnull=True, leader__isnull=True) & ~Q(name=""))
                | (Q(target="upper", unit__isnull=True, leader__isnull=True) & ~Q(name=""))
                | Q(target="supervision", unit__isnull=True, leader__isnull=True),
                name="proposals_dispatch_has_receiver",
            ),
            models.CheckConstraint(
                condition=~Q(status="answered")
                | (~Q(answer="") & Q(answered_on__isnull=False, target="unit")),
                name="proposals_dispatch_is_answered",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["sent", "answered"])
                | Q(
                    target="unit",
                    handed_over_on__isnull=False,
                    sign_in_due_on__isnull=False,
                    due_on__isnull=False,
                ),
                name="proposals_dispatch_is_handed_over",
            ),
            models.CheckConstraint(
                condition=~Q(status="sent") | Q(handed_over_on__isnull=True),
                name="proposals_dispatch_sent_is_not_handled",
            ),
            models.CheckConstraint(
                condition=~Q(status="acknowledged") | Q(acknowledged_at__isnull=False),
                name="proposals_dispatch_handled_was_received",
            ),
            models.CheckConstraint(
                condition=~Q(status="answered")
                | Q(handed_over_on__isnull=True)
                | Q(result__isnull=False, acknowledged_at__isnull=False),
                name="proposals_dispatch_handled_has_result",
            ),
            models.CheckConstraint(
                condition=~Q(status="return_asked") | Q(return_request__isnull=False),
                name="proposals_dispatch_return_is_asked_for",
            ),
            models.CheckConstraint(
                condition=~Q(status="rehanded") | Q(rehanded_to__isnull=False),
                name="proposals_dispatch_rehanded_to_one",
            ),
            models.UniqueConstraint(
                fields=["bulletin", "unit"],
                condition=~Q(status="rehanded"),
                name="proposals_dispatch_unit_once",
            ),
            models.UniqueConstraint(
                fields=["bulletin", "leader"], name="proposals_dispatch_leader_once"
            ),
            models.UniqueConstraint(
                fields=["bulletin", "target", "name"],
                condition=Q(unit__isnull=True, leader__isnull=True),
                name="proposals_dispatch_name_once",
            ),
        ]
        indexes = [models.Index(fields=["status", "due_on"], name="proposals_dispatch_due")]

    def __str__(self) -> str:
        return self.receiver

    def get_absolute_url(self) -> str:
        return reverse("desk:dispatch", args=[self.pk])

    @property
    def receiver(self) -> str:
        """To whom it went, by name."""
        return str(self.unit or self.leader or self.name or self.get_target_display())

    @property
    def is_handed_over(self) -> bool:
        """Whether the unit handles it, not only reads or answers it."""
        return self.handed_over_on is not None

    def is_overdue(self, today: date) -> bool:
        waiting = self.status in self.OPEN and self.due_on is not None
        return bool(waiting and self.due_on and self.due_on < today)


class OpinionDispatchChange(StatusChange):
    """History of one dispatch."""

    subject = models.ForeignKey(OpinionDispatch, models.CASCADE, related_name="changes")


class OpinionContact(models.Model):
    """One contact of the unit with an author of what it handles: when, how, what was said."""

    dispatch = models.ForeignKey(OpinionDispatch, models.PROTECT, related_name="contacts")
    author = models.ForeignKey(
        OpinionAuthor, models.PROTECT, related_name="contacts", verbose_name=_("作者")
    )

    way = models.CharField(_("方式"), max_length=10, choices=ContactEntry.Way)
    on = models.DateField(_("日期"))
    summary = models.TextField(_("沟通情况"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = _("社情民意沟通记录")
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(summary=""), name="proposals_opinion_contact_says_what"
            )
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.get_way_display()}"
