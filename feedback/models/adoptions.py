"""Adoption: what a unit decides about one recommendation, how far it is, what came of it."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase

from consultations.models import Recommendation, Topic
from consultations.models import rights as topic_rights
from cppcc_portal.office import parameters
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.workflow import Move, StatusChange, Workflow
from members.models import Commitment, Unit


def has(permission: str) -> Any:
    """A right of the office: by role, on all rows."""

    def allowed(thing: Any, user: Any) -> bool:
        return bool(user.has_perm(f"feedback.{permission}"))

    return allowed


def acts_for_unit(adoption: "Adoption", user: Any) -> bool:
    """The unit's own people, through the right delegated to the unit's group, while posted there."""
    return adoption.unit_id in user.body_ids and bool(
        user.has_perm("feedback.answer_adoption", adoption)
    )


def may_act_for_unit(adoption: "Adoption", user: Any) -> bool:
    """The unit itself, or staff from paper (代录, with a scan)."""
    return acts_for_unit(adoption, user) or user.has_perm("feedback.enter_for_others")


def chairs(adoption: "Adoption", user: Any) -> bool:
    """The chair of the committee in charge; never somebody who acts for the answering unit."""
    if acts_for_unit(adoption, user):
        return False
    topic: Topic = adoption.recommendation.document.session.topic
    return topic_rights.is_chair(topic, user) or user.has_perm("feedback.enter_for_others")


def promise_is_on_record(adoption: "Adoption") -> list[Any]:
    """Adopted advice comes with at least one commitment: what, who, by when."""
    missing: list[Any] = []
    if not adoption.answer.strip():
        missing.append(_("请写明答复意见。"))
    if adoption.first_commitment is None:
        missing.append(_("采纳的，须写明至少一项措施：做什么、谁负责、何时完成。"))
    return missing


def part_is_named(adoption: "Adoption") -> list[Any]:
    missing = promise_is_on_record(adoption)
    if not adoption.reason.strip():
        missing.append(_("部分采纳的，请写明其余部分不采纳的理由。"))
    return missing


def reason_is_given(adoption: "Adoption") -> list[Any]:
    """Rule 9: "not adopted" needs a reason of some length."""
    least = parameters.get("feedback.reason_length")
    if len(adoption.reason.strip()) < least:
        return [_("请写明理由，至少 %d 个字，让提出建议的人看得明白。") % least]
    return []


def may_be_challenged(adoption: "Adoption") -> list[Any]:
    most = parameters.get("feedback.challenges")
    if adoption.challenges > most:
        return [_("已经要求重新研究 %d 次，请由秘书长列入督办。") % most]
    return []


def result_is_proved(adoption: "Adoption") -> list[Any]:
    """Rule 9: "done" needs evidence."""
    missing: list[Any] = []
    if not adoption.effect:
        missing.append(_("请选择转化形式。"))
    if adoption.evidence is None:
        missing.append(_("请上传证明办结的材料。"))
    return missing


class AdoptionQuerySet(models.QuerySet["Adoption"]):
    def visible_to(self, user: Any) -> "AdoptionQuerySet":
        """The unit its own, whoever sees the topic what came of it, the office all."""
        if not user.is_active:
            return self.none()
        if user.has_perm("feedback.view_adoption"):
            return self
        topics = Topic.objects.visible_to(user)
        shown = Q(recommendation__document__session__topic__in=topics)
        if user.body_ids:
            shown |= Q(pk__in=self.delegated_to(user).values("pk"))
        return self.filter(shown)

    def delegated_to(self, user: Any) -> "AdoptionQuerySet":
        """Recommendations that this person's units were given to answer."""
        granted = AdoptionGroupPermission.objects.filter(group__user=user)
        return self.filter(pk__in=granted.values("content_object"), unit__in=user.body_ids)

    def open(self) -> "AdoptionQuerySet":
        """Where the unit still has something to do."""
        return self.filter(status__in=Adoption.UNITS_TURN)

    def overdue(self, today: date) -> "AdoptionQuerySet":
        """Overdue is computed, never stored (rule 13)."""
        return self.filter(Adoption.late_on(today))

    def with_names(self) -> "AdoptionQuerySet":
        """With what a list shows of each row; a constant number of queries."""
        return self.select_related(
            "unit", "recommendation__document__session__topic__committee", "first_commitment"
        )


class Adoption(Workflow):
    """One recommendation with its unit: conclusion, progress and effect kept apart (rule 9)."""

    class Conclusion(models.TextChoices):
        ADOPTED = "adopted", _("采纳")
        PARTLY = "partly", _("部分采纳")
        NOT = "not_adopted", _("未采纳")
        REFERENCE = "reference", _("留作参考")

    class Effect(models.TextChoices):
        POLICY = "policy", _("政策文件")
        PROJECT = "project", _("规划或项目")
        LIVELIHOOD = "livelihood", _("民生实事")
        ROUTINE = "routine", _("标准或制度")
        FUNDS = "funds", _("资金安排")
        ON_SPOT = "on_spot", _("现场解决")
        OTHER = "other", _("其他")

    class Status(models.TextChoices):
        ASSIGNED = "assigned", _("待签收")
        STUDYING = "studying", _("研究中")
        ANSWERED = "answered", _("已答复·待确认")
        IMPLEMENTING = "implementing", _("落实中")
        STALLED = "stalled", _("暂时无法推进")
        DONE_REPORTED = "done_reported", _("已报完成·待核实")
        VERIFIED = "verified", _("已核实办结")
        CLOSED = "closed", _("已确认答复")

    UNITS_TURN = (Status.ASSIGNED, Status.STUDYING, Status.IMPLEMENTING)
    _SETTLED = frozenset({Status.VERIFIED, Status.CLOSED})

    MOVES: ClassVar[Mapping[str, Move]] = {
        "acknowledge": Move(
            {Status.ASSIGNED}, Status.STUDYING, _("签收"), _("承办单位"), may_act_for_unit
        ),
        "adopt": Move(
            {Status.STUDYING},
            Status.IMPLEMENTING,
            _("采纳"),
            _("承办单位"),
            may_act_for_unit,
            promise_is_on_record,
        ),
        "adopt_partly": Move(
            {Status.STUDYING},
            Status.IMPLEMENTING,
            _("部分采纳"),
            _("承办单位"),
            may_act_for_unit,
            part_is_named,
        ),
        "not_adopt": Move(
            {Status.STUDYING},
            Status.ANSWERED,
            _("未采纳"),
            _("承办单位"),
            may_act_for_unit,
            reason_is_given,
        ),
        "keep_for_reference": Move(
            {Status.STUDYING},
            Status.ANSWERED,
            _("留作参考"),
            _("承办单位"),
            may_act_for_unit,
            reason_is_given,
        ),
        "accept_answer": Move(
            {Status.ANSWERED}, Status.CLOSED, _("确认答复"), _("专委会主任"), chairs
        ),
        "challenge": Move(
            {Status.ANSWERED, Status.IMPLEMENTING},
            Status.STUDYING,
            _("请重新研究"),
            _("专委会主任"),
            chairs,
            may_be_challenged,
        ),
        "stall": Move(
            {Status.IMPLEMENTING},
            Status.STALLED,
            _("说明无法推进"),
            _("承办单位"),
            may_act_for_unit,
        ),
        "resume": Move(
            {Status.STALLED}, Status.IMPLEMENTING, _("恢复推进"), _("承办单位"), may_act_for_unit
        ),
        "report_done": Move(
            {Status.IMPLEMENTING},
            Status.DONE_REPORTED,
            _("报告完成"),
            _("承办单位"),
            may_act_for_unit,
            result_is_proved,
        ),
        "verify": Move({Status.DONE_REPORTED}, Status.VERIFIED, _("核实"), _("专委会主任"), chairs),
        "refuse_done": Move(
            {Status.DONE_REPORTED},
            Status.IMPLEMENTING,
            _("不予核实"),
            _("专委会主任"),
            chairs,
        ),
        # A look-back found that it is not so, or no longer.
        "reopen": Move(_SETTLED, Status.IMPLEMENTING, _("重新落实"), by_itself=True),
    }

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    recommendation = models.OneToOneField(
        Recommendation, models.PROTECT, related_name="adoption", verbose_name=_("意见建议")
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="adoptions", verbose_name=_("主办单位")
    )
    status = models.CharField(
        _("落实进度"), max_length=14, choices=Status, default=Status.ASSIGNED, editable=False
    )
    conclusion = models.CharField(
        _("采纳结论"), max_length=12, choices=Conclusion, blank=True, editable=False
    )
    effect = models.CharField(
        _("转化形式"), max_length=12, choices=Effect, blank=True, editable=False
    )
    assigned_on = models.DateField(_("交办日期"))
    due_on = models.DateField(_("期限"), db_index=True)
    answer = models.TextField(_("答复意见"), blank=True)
    reason = models.TextField(_("理由"), blank=True)
    contact = models.CharField(_("联系人"), max_length=60, blank=True)
    answered_on = models.DateField(_("答复日期"), null=True, blank=True, editable=False)
    challenges = models.PositiveSmallIntegerField(_("要求重新研究次数"), default=0, editable=False)
    # The proofs that the guarded status needs, set in the same UPDATE as the status.
    first_commitment = models.ForeignKey(
        Commitment, models.PROTECT, null=True, editable=False, related_name="+"
    )
    evidence = models.ForeignKey(
        Attachment,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("证明材料"),
    )
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("报告人"),
    )
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("核实人"),
    )

    objects: ClassVar = AdoptionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("意见建议办理")
        ordering = ["due_on", "pk"]
        permissions = [
            ("answer_adoption", _("答复意见建议")),
            ("assign_recommendation", _("交办意见建议")),
            ("enter_for_others", _("代录")),
        ]
        indexes = [models.Index(fields=["unit", "status", "due_on"], name="feedback_unit_due")]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["assigned", "studying"]) | ~Q(conclusion=""),
                name="feedback_answered_has_conclusion",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["assigned", "studying"])
                | ~Q(conclusion__in=["adopted", "partly"])
                | Q(first_commitment__isnull=False),
                name="feedback_adopted_has_commitment",
                violation_error_message=_("采纳的意见建议须有至少一项承诺。"),
            ),
            models.CheckConstraint(
                condition=~Q(conclusion__in=["not_adopted", "reference", "partly"]) | ~Q(reason=""),
                name="feedback_not_adopted_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["done_reported", "verified"])
                | (Q(evidence__isnull=False, done_by__isnull=False) & ~Q(effect="")),
                name="feedback_done_has_evidence",
                violation_error_message=_("报告完成须有证明材料。"),
            ),
            models.CheckConstraint(
                condition=~Q(status="verified")
                | (Q(verified_by__isnull=False) & ~Q(verified_by=F("done_by"))),
                name="feedback_verified_by_another",
                violation_error_message=_("报告完成的人不能自己核实。"),
            ),
        ]

    def __str__(self) -> str:
        return str(self.recommendation)

    def get_absolute_url(self) -> str:
        return reverse("feedback:adoption", args=[self.pk])

    @property
    def desk_url(self) -> str:
        """The unit's own page of it."""
        return reverse("desk:advice", args=[self.pk])

    @property
    def topic(self) -> Topic:
        return self.recommendation.document.session.topic

    @property
    def is_open(self) -> bool:
        """Whether the unit still has something to do."""
        return self.status in self.UNITS_TURN

    @classmethod
    def late_on(cls, today: date) -> Q:
        """Where the unit has something to do and its last day has passed."""
        return Q(status__in=cls.UNITS_TURN, due_on__lt=today)

    def is_overdue(self, today: date) -> bool:
        return self.is_open and self.due_on < today


class AdoptionChange(StatusChange):
    """History of one recommendation with its unit."""

    subject = models.ForeignKey(Adoption, models.CASCADE, related_name="changes")


class AdoptionGroupPermission(GroupObjectPermissionBase):
    """The right to answer one recommendation, delegated to the unit's group; gone with the row."""

    content_object = models.ForeignKey(Adoption, models.CASCADE)


class ProgressReport(models.Model):
    """What a unit reports on the way."""

    adoption = models.ForeignKey(Adoption, models.PROTECT, related_name="reports")
    text = models.TextField(_("进展情况"))
    file = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("附件")
    )
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reported_at = models.DateTimeField(_("时间"), default=timezone.now)
    # The unit's stamped paper, where staff entered it for the unit (rule 17).
    scan = models.ForeignKey(
        Attachment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("扫描件"),
    )

    class Meta:
        verbose_name = verbose_name_plural = _("进展报告")
        ordering = ["-reported_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="feedback_progress_has_text")
        ]

    def __str__(self) -> str:
        return f"{timezone.localdate(self.reported_at)}"
