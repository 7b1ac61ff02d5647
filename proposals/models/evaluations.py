"""The proposers' rating of each reply, and the second round that a "not satisfied" proposes."""

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.workflow import Move, StatusChange, Workflow
from proposals.models.handlings import Handling
from proposals.models.proposer_kinds import signing_bodies
from proposals.models.proposers import Proposer
from proposals.models.replies import Reply
from proposals.models.rights import has, may_evaluate


def rating_is_whole(evaluation: "Evaluation") -> list[Any]:
    missing: list[Any] = []
    if not evaluation.attitude_name or not evaluation.result_name:
        missing.append(_("请对办理态度和办理结果分别评价。"))
    if evaluation.is_dissatisfied and not evaluation.text.strip():
        missing.append(_("选择「不满意」时请写明理由，承办单位要据此重新办理。"))
    if evaluation.reply.handling.round != evaluation.reply.round:
        missing.append(_("这一轮办理已经结束，请评价新的答复。"))
    return missing


class EvaluationQuerySet(models.QuerySet["Evaluation"]):
    def waiting_for(self, user: Any) -> "EvaluationQuerySet":
        """Ratings this user has still to give."""
        return self.filter(_own(user), status=Evaluation.Status.WAITING)

    def of_last_round(self) -> "EvaluationQuerySet":
        """Ratings of replies that still count: no later round has begun."""
        return self.filter(reply__round=F("reply__handling__round"))

    def visible_to(self, user: Any) -> "EvaluationQuerySet":
        """One's own; the secretariat and leaders all; a unit none (it sees sums)."""
        if not user.is_active:
            return self.none()
        if user.has_perm("proposals.view_evaluation"):
            return self
        return self.filter(_own(user))


def _own(user: Any) -> Q:
    """Ratings that this person gives: by their seat, or for a body in whose name they sign."""
    own = Q(proposer__membership__in=user.seat_ids)
    if bodies := signing_bodies(user):
        own |= Q(proposer__body__in=bodies)
    return own


class Evaluation(Workflow):
    """One proposer's rating of one reply. Silence stays 未评价 and is never counted as satisfied."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("待评价")
        ANSWERED = "answered", _("已评价")
        EXPIRED = "expired", _("未评价")

    class Contacted(models.TextChoices):
        VISIT = "visit", _("登门走访")
        MEETING = "meeting", _("座谈面商")
        PHONE = "phone", _("电话沟通")
        OTHER = "other", _("其他方式")
        NOT_NEEDED = "not_needed", _("本人表示不必面商")
        NONE = "none", _("没有沟通")

    class ToThePoint(models.TextChoices):
        YES = "yes", _("是")
        BASICALLY = "basically", _("基本是")
        NO = "no", _("否")

    MOVES: ClassVar[Mapping[str, Move]] = {
        "evaluate": Move(
            {Status.WAITING, Status.EXPIRED},
            Status.ANSWERED,
            _("评价"),
            _("提案人本人"),
            may_evaluate,
            rating_is_whole,
        ),
        "change": Move(
            {Status.ANSWERED},
            Status.ANSWERED,
            _("修改评价"),
            _("提案人本人"),
            may_evaluate,
            rating_is_whole,
        ),
        "expire": Move({Status.WAITING}, Status.EXPIRED, _("到期未评价"), by_itself=True),
        # Who did not answer is asked by telephone; what was said stays in the history.
        "call": Move(
            {Status.EXPIRED},
            Status.EXPIRED,
            _("登记电话催评"),
            _("提案委办公室"),
            has("enter_for_others"),
        ),
    }
    ANSWER: ClassVar = ("attitude", "result", "contacted", "to_the_point", "text")
    GRADED: ClassVar = ("attitude_name", "result_name")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reply = models.ForeignKey(Reply, models.PROTECT, related_name="evaluations")
    proposer = models.ForeignKey(Proposer, models.PROTECT, related_name="evaluations")
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.WAITING)
    due_on = models.DateField(_("评价期限"))
    # Grades of the office's list, with their words and meaning on the day: a new wording rates nobody anew.
    attitude = models.CharField(_("办理态度"), max_length=20, blank=True)
    result = models.CharField(_("办理结果"), max_length=20, blank=True)
    attitude_name = models.CharField(_("办理态度"), max_length=120, blank=True)
    result_name = models.CharField(_("办理结果"), max_length=120, blank=True)
    is_dissatisfied = models.BooleanField(_("不满意"), default=False, editable=False)
    contacted = models.CharField(_("沟通方式"), max_length=10, choices=Contacted, blank=True)
    to_the_point = models.CharField(_("是否对题"), max_length=10, choices=ToThePoint, blank=True)
    text = models.TextField(_("意见"), blank=True)
    # When the proposer first opened the page on which the reply is rated.
    opened_at = models.DateTimeField(_("打开时间"), null=True, blank=True, editable=False)
    answered_at = models.DateTimeField(_("评价时间"), null=True, blank=True)

    objects: ClassVar = EvaluationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("办理评价")
        ordering = ["pk"]
        indexes = [models.Index(fields=["status", "proposer"], name="proposals_rating_waits")]
        constraints = [
            models.UniqueConstraint(
                fields=["reply", "proposer"], name="proposals_one_rating_a_reply"
            ),
            models.CheckConstraint(
                condition=~Q(status="answered")
                | (
                    Q(answered_at__isnull=False)
                    & ~Q(attitude="")
                    & ~Q(attitude_name="")
                    & ~Q(result="")
                    & ~Q(result_name="")
                ),
                name="proposals_rating_has_both_halves",
            ),
            models.CheckConstraint(
                condition=Q(status="answered")
                | Q(
                    attitude="", result="", attitude_name="", result_name="", is_dissatisfied=False
                ),
                name="proposals_silence_is_no_rating",
            ),
            models.CheckConstraint(
                condition=~Q(status="answered") | Q(is_dissatisfied=False) | ~Q(text=""),
                name="proposals_dissatisfied_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposer} → {self.reply.handling.unit}"

    def get_absolute_url(self) -> str:
        return reverse("proposals:evaluate", args=[self.pk])


class EarlierRating(models.Model):
    """What a rating said before its proposer changed it; added to, never changed."""

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="earlier")
    attitude = models.CharField(_("办理态度"), max_length=20)
    result = models.CharField(_("办理结果"), max_length=20)
    attitude_name = models.CharField(_("办理态度"), max_length=120, blank=True)
    result_name = models.CharField(_("办理结果"), max_length=120, blank=True)
    contacted = models.CharField(
        _("沟通方式"), max_length=10, choices=Evaluation.Contacted, blank=True
    )
    to_the_point = models.CharField(
        _("是否对题"), max_length=10, choices=Evaluation.ToThePoint, blank=True
    )
    text = models.TextField(_("意见"), blank=True)
    answered_at = models.DateTimeField(_("评价时间"))
    replaced_at = models.DateTimeField(_("修改时间"), default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = _("修改前的评价")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.attitude_name}/{self.result_name}"


class EvaluationChange(StatusChange):
    """History of one rating."""

    subject = models.ForeignKey(Evaluation, models.CASCADE, related_name="changes")


class Rehandling(Workflow):
    """A second round: a dissatisfied proposer proposes it and the committee starts or refuses it, or the committee
    asks for it itself, because the reply does not meet the requirements."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("待决定")
        STARTED = "started", _("已启动")
        REFUSED = "refused", _("未启动")
        DROPPED = "dropped", _("提案人已改评")

    MOVES: ClassVar[Mapping[str, Move]] = {
        "start": Move(
            {Status.PROPOSED},
            Status.STARTED,
            _("重新办理"),
            _("提案委办公室"),
            has("rehandle_proposal"),
        ),
        "refuse": Move(
            {Status.PROPOSED},
            Status.REFUSED,
            _("不重新办理"),
            _("提案委办公室"),
            has("rehandle_proposal"),
            lambda thing: [] if thing.reason.strip() else [str(_("请写明理由，提案人会看到。"))],
        ),
        "end": Move({Status.PROPOSED}, Status.REFUSED, _("随提案终止"), by_itself=True),
        # The proposer has changed the rating and is no longer dissatisfied.
        "drop": Move({Status.PROPOSED}, Status.DROPPED, _("提案人已改评"), by_itself=True),
    }

    handling = models.ForeignKey(Handling, models.PROTECT, related_name="rehandlings")
    # None where no proposer complained: then `demand` says what the committee finds wanting.
    evaluation = models.ForeignKey(
        Evaluation, models.PROTECT, null=True, blank=True, related_name="rehandlings"
    )
    demand = models.TextField(_("要求重新办理的理由"), blank=True)
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.PROPOSED)
    due_on = models.DateField(_("决定期限"))
    reason = models.TextField(_("不重新办理的理由"), blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("重新办理建议")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="refused") | ~Q(reason=""),
                name="proposals_refused_round_says_why",
            ),
            models.CheckConstraint(
                condition=Q(evaluation__isnull=False) | ~Q(demand=""),
                name="proposals_round_has_its_cause",
            ),
            models.UniqueConstraint(
                fields=["evaluation"],
                condition=~Q(status="dropped"),
                name="proposals_rating_asks_one_round",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.handling} · {self.get_status_display()}"

    def get_absolute_url(self) -> str:
        return self.handling.proposal.get_absolute_url()

    @property
    def asked_by(self) -> str:
        """Who was not satisfied: the proposer, or the committee itself."""
        return self.evaluation.proposer.name if self.evaluation else str(_("提案委办公室"))

    @property
    def why(self) -> str:
        """What the unit has to mend."""
        return self.evaluation.text if self.evaluation else self.demand

    def is_of(self, user: Any) -> bool:
        """Whether this person's own rating stands behind it."""
        return self.evaluation is not None and self.evaluation.proposer.is_user(user)


class RehandlingChange(StatusChange):
    """History of one proposed second round."""

    subject = models.ForeignKey(Rehandling, models.CASCADE, related_name="changes")
