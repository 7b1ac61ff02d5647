"""The look-back (回头看): one or two key topics of last year, checked by members on the spot."""

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from consultations.models import Recommendation, Topic
from consultations.models import rights as topic_rights
from cppcc_portal.office import parameters
from cppcc_portal.office.decisions import Decision
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.workflow import Move, StatusChange, Workflow
from feedback.models.adoptions import Adoption, acts_for_unit, has
from members.models import Membership

DECIDING = ("chair_meeting", "standing_committee")  # whose decision chooses a look-back


def chairs(look_back: "LookBack", user: Any) -> bool:
    return topic_rights.is_chair(look_back.topic, user) or user.has_perm(
        "feedback.enter_for_others"
    )


def chosen_by_decision(look_back: "LookBack") -> list[Any]:
    """Rule 11: chosen by a recorded decision, and not more than the setting allows."""
    missing: list[Any] = []
    decision = look_back.chosen_by
    if decision is None or not decision.lets_go_on:
        missing.append(_("请选择主席会议通过的会议决定；没有登记的，先到“会议决定”登记。"))
    elif decision.body.code not in DECIDING:
        missing.append(_("回头看由主席会议决定；这份决定的机构是%s。") % decision.body)
    most = parameters.get("feedback.lookback_most")
    chosen = LookBack.objects.chosen().filter(year=look_back.year).exclude(pk=look_back.pk)
    if chosen.count() >= most:
        missing.append(_("今年最多选 %d 个议题回头看，已经选满。") % most)
    return missing


def team_is_named(look_back: "LookBack") -> list[Any]:
    least = parameters.get("feedback.lookback_checkers")
    named = look_back.checkers.count()
    if named < least:
        return [
            _("回头看须有至少 %(least)d 名委员参加，现在是 %(named)d 名。")
            % {"least": least, "named": named}
        ]
    return []


def everything_is_found(look_back: "LookBack") -> list[Any]:
    """A finding for every recommendation, each against the unit's own report."""
    missing: list[Any] = []
    findings = list(look_back.findings.select_related("recommendation__lead"))
    if not findings:
        missing.append(_("没有可以检查的意见建议。"))
    for finding in findings:
        number, unit = finding.recommendation.number, finding.recommendation.lead
        words = {"number": number, "unit": unit}
        if not finding.unit_report.strip():
            missing.append(_("第 %(number)d 条：%(unit)s还没有自查报告，请催报或代录。") % words)
        if not finding.result:
            missing.append(_("第 %(number)d 条：还没有检查结论（%(unit)s）。") % words)
    return missing


class LookBackYear(models.Model):
    """The look-back of one year: what reminders hang on, and what two clerks at once wait for."""

    year = models.PositiveSmallIntegerField(_("年度"), unique=True)
    opened_on = models.DateField(_("列出候选日期"))

    class Meta:
        verbose_name = verbose_name_plural = _("回头看年度")
        ordering = ["-year"]

    def __str__(self) -> str:
        return str(_("%d年回头看") % self.year)

    def get_absolute_url(self) -> str:
        return reverse("feedback:lookbacks", args=[self.year])


class LookBackQuerySet(models.QuerySet["LookBack"]):
    def visible_to(self, user: Any) -> "LookBackQuerySet":
        """The office and leaders all; a committee those of its topics; members those under way."""
        if not user.is_active:
            return self.none()
        if user.has_perm("feedback.view_lookback"):
            return self
        shown = Q(topic__committee__in=user.body_ids)
        shown |= Q(checkers__membership__in=user.seat_ids)
        return self.filter(shown).distinct()

    def chosen(self) -> "LookBackQuerySet":
        return self.exclude(status__in=[LookBack.Status.CANDIDATE, LookBack.Status.NOT_SELECTED])


class LookBack(Workflow):
    """The look-back on one topic in one year."""

    class Status(models.TextChoices):
        CANDIDATE = "candidate", _("候选")
        NOT_SELECTED = "not_selected", _("未选")
        SELECTED = "selected", _("已选定")
        CHECKING = "checking", _("自查与检查中")
        EVALUATED = "evaluated", _("已形成结论")
        REPORTED = "reported", _("已报告")
        CLOSED = "closed", _("已结束")

    MOVES: ClassVar[Mapping[str, Move]] = {
        "select_lookback": Move(
            {Status.CANDIDATE, Status.NOT_SELECTED},
            Status.SELECTED,
            _("选为回头看"),
            _("秘书处办公室"),
            has("select_lookback"),
            chosen_by_decision,
        ),
        "skip": Move(
            {Status.CANDIDATE},
            Status.NOT_SELECTED,
            _("不选"),
            _("秘书处办公室"),
            has("select_lookback"),
        ),
        "start_check": Move(
            {Status.SELECTED},
            Status.CHECKING,
            _("开始检查"),
            _("专委会主任"),
            chairs,
            team_is_named,
        ),
        "evaluate": Move(
            {Status.CHECKING},
            Status.EVALUATED,
            _("形成结论"),
            _("专委会主任"),
            chairs,
            everything_is_found,
        ),
        "report": Move(
            {Status.EVALUATED},
            Status.REPORTED,
            _("报告主席会议"),
            _("秘书处办公室"),
            has("select_lookback"),
        ),
        "close": Move(
            {Status.REPORTED},
            Status.CLOSED,
            _("结束回头看"),
            _("秘书长"),
            has("close_lookback"),
        ),
    }

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    year = models.ForeignKey(
        LookBackYear, models.PROTECT, related_name="look_backs", verbose_name=_("年度")
    )
    topic = models.ForeignKey(
        Topic, models.PROTECT, related_name="look_backs", verbose_name=_("议题")
    )
    status = models.CharField(
        _("状态"), max_length=12, choices=Status, default=Status.CANDIDATE, editable=False
    )
    chosen_by = models.ForeignKey(
        Decision,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("选定的决定"),
    )
    report_number = models.CharField(_("报告文号"), max_length=60, blank=True)

    objects: ClassVar = LookBackQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("回头看")
        ordering = ["-year__year", "pk"]
        permissions = [
            ("select_lookback", _("选定回头看")),
            ("close_lookback", _("结束回头看")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["year", "topic"], name="feedback_look_back_once"),
            models.CheckConstraint(
                condition=Q(status__in=["candidate", "not_selected"]) | Q(chosen_by__isnull=False),
                name="feedback_chosen_by_decision",
                violation_error_message=_("回头看须凭会议决定选定。"),
            ),
        ]

    def __str__(self) -> str:
        return str(_("回头看：%s") % self.topic)

    def get_absolute_url(self) -> str:
        return reverse("feedback:lookback", args=[self.pk])


class LookBackChange(StatusChange):
    """History of one look-back."""

    subject = models.ForeignKey(LookBack, models.CASCADE, related_name="changes")


class LookBackChecker(models.Model):
    """A member who goes and looks."""

    look_back = models.ForeignKey(LookBack, models.CASCADE, related_name="checkers")
    membership = models.ForeignKey(
        Membership, models.PROTECT, related_name="+", verbose_name=_("委员")
    )

    class Meta:
        verbose_name = verbose_name_plural = _("检查委员")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["look_back", "membership"], name="feedback_checker_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.membership)


class LookBackFinding(models.Model):
    """What was found about one recommendation, beside the unit's own report."""

    class Result(models.TextChoices):
        HOLDING = "holding", _("已落实且见效")
        WEAK = "weak", _("已落实但效果不足")
        RUNNING = "running", _("正在落实")
        NOT_STARTED = "not_started", _("尚未落实")
        RELAPSED = "relapsed", _("出现反弹")
        CHANGED = "changed", _("情况变化")

    # What is found wanting goes back to the unit.
    PRESS_AGAIN = frozenset({Result.WEAK, Result.NOT_STARTED, Result.RELAPSED})

    look_back = models.ForeignKey(LookBack, models.PROTECT, related_name="findings")
    recommendation = models.ForeignKey(
        Recommendation, models.PROTECT, related_name="look_back_findings"
    )
    unit_report = models.TextField(_("单位自查"), blank=True)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reported_at = models.DateTimeField(_("自查时间"), null=True, blank=True)
    # The unit's stamped paper, where staff entered its report (rule 17).
    scan = models.ForeignKey(
        Attachment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("扫描件"),
    )
    result = models.CharField(_("检查结论"), max_length=12, choices=Result, blank=True)
    text = models.TextField(_("检查情况"), blank=True)
    found_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    found_at = models.DateTimeField(_("检查时间"), null=True, blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("回头看结论")
        ordering = ["recommendation__number", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["look_back", "recommendation"], name="feedback_finding_once"
            ),
            models.CheckConstraint(
                condition=Q(result="")
                | (~Q(text="") & Q(found_by__isnull=False, found_at__isnull=False)),
                name="feedback_finding_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(result="")
                | Q(reported_by__isnull=True)
                | ~Q(found_by=models.F("reported_by")),
                name="feedback_found_by_another",
                violation_error_message=_("写自查报告的人不能自己下检查结论。"),
            ),
        ]

    def __str__(self) -> str:
        return str(self.recommendation)

    def get_absolute_url(self) -> str:
        return self.look_back.get_absolute_url()

    @property
    def adoption(self) -> Adoption | None:
        """The recommendation with its unit; None when it was never assigned."""
        return getattr(self.recommendation, "adoption", None)

    def is_units_own(self, user: Any) -> bool:
        """Whether this person acts for the unit that is asked."""
        return self.adoption is not None and acts_for_unit(self.adoption, user)

    def is_seen_by(self, user: Any) -> bool:
        """Whoever sees the look-back, and the unit that is asked."""
        rows = LookBack.objects.visible_to(user)
        return self.is_units_own(user) or rows.filter(pk=self.look_back_id).exists()
