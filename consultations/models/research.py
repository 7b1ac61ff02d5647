"""Research before consultation: no research, no consultation (不调研不协商)."""

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from consultations.models import rights
from consultations.models.topics import Topic
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.workflow import Move, StatusChange, Workflow
from members.models import Gathering, Membership, Unit


def runs(research: "Research", user: Any) -> bool:
    return rights.runs(research.topic, user)


def chairs(research: "Research", user: Any) -> bool:
    return rights.chairs(research.topic, user)


def leads(research: "Research", user: Any) -> bool:
    return rights.leads(research.topic, user)


def chairs_or_leads(research: "Research", user: Any) -> bool:
    return rights.chairs_or_leads(research.topic, user)


def scheme_is_whole(research: "Research") -> list[Any]:
    """A scheme says what for, from when to when, and who is in the team."""
    missing: list[Any] = []
    if research.topic.status != Topic.Status.RESEARCHING:
        missing.append(_("议题须先批准并开始调研。"))
    if not research.outline.strip():
        missing.append(_("请写明调研目的和提纲。"))
    if research.starts_on is None or research.ends_on is None:
        missing.append(_("请填写调研起止日期。"))
    if not research.team.filter(role=TeamMember.Role.HEAD).exists():
        missing.append(_("请在调研组中指定组长。"))
    return missing


def report_is_whole(research: "Research") -> list[Any]:
    """Rule 8: at least one visit, a report file, numbered suggestions, each with an addressee."""
    missing: list[Any] = []
    if research.first_visit is None:
        missing.append(_("还没有走访记录。请至少登记一次走访。"))
    if research.first_suggestion is None:
        missing.append(_("还没有建议。请至少写一条编号的建议，并选择建议对象单位。"))
    if research.report is None:
        missing.append(_("请上传调研报告文件。"))
    return missing


class Research(Workflow):
    """The research on one topic: scheme, visits, findings, suggestions, an approved report."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("方案起草")
        RUNNING = "running", _("调研中")
        REPORTED = "reported", _("报告待专委会主任审核")
        CHECKED = "checked", _("报告待牵头领导审定")
        APPROVED = "approved", _("报告已审定")

    MOVES: ClassVar[Mapping[str, Move]] = {
        "start": Move(
            {Status.DRAFT}, Status.RUNNING, _("启动调研"), _("专委会"), runs, scheme_is_whole
        ),
        "submit_report": Move(
            {Status.RUNNING},
            Status.REPORTED,
            _("提交报告"),
            _("专委会"),
            runs,
            report_is_whole,
        ),
        "check": Move(
            {Status.REPORTED},
            Status.CHECKED,
            _("审核"),
            _("专委会主任"),
            chairs,
            report_is_whole,
        ),
        "approve": Move(
            {Status.CHECKED}, Status.APPROVED, _("批准"), _("牵头领导"), leads, report_is_whole
        ),
        "return_": Move(
            {Status.REPORTED, Status.CHECKED},
            Status.RUNNING,
            _("退回修改"),
            _("专委会主任、牵头领导"),
            chairs_or_leads,
        ),
    }

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    topic = models.OneToOneField(
        Topic, models.PROTECT, related_name="research", verbose_name=_("议题")
    )
    outline = models.TextField(_("目的和提纲"), blank=True)
    starts_on = models.DateField(_("开始日期"), null=True, blank=True)
    ends_on = models.DateField(_("结束日期"), null=True, blank=True)
    summary = models.TextField(_("报告摘要"), blank=True)
    status = models.CharField(
        _("状态"), max_length=10, choices=Status, default=Status.DRAFT, editable=False
    )
    # The proofs that the guarded status needs, set in the same UPDATE as the status.
    report = models.ForeignKey(
        Attachment,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("调研报告"),
    )
    first_visit = models.ForeignKey(
        "consultations.Visit", models.PROTECT, null=True, editable=False, related_name="+"
    )
    first_suggestion = models.ForeignKey(
        "consultations.Suggestion", models.PROTECT, null=True, editable=False, related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = _("调研")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gte=models.F("starts_on")),
                name="consultations_research_ends_after_start",
                violation_error_message=_("结束日期不能早于开始日期。"),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "running"])
                | Q(
                    report__isnull=False,
                    first_visit__isnull=False,
                    first_suggestion__isnull=False,
                ),
                name="consultations_reported_research_is_whole",
                violation_error_message=_("调研报告须有走访、建议和报告文件。"),
            ),
        ]

    def __str__(self) -> str:
        return str(_("调研：%s") % self.topic)

    def get_absolute_url(self) -> str:
        return reverse("consultations:research", args=[self.topic_id])


class ResearchChange(StatusChange):
    """History of one research."""

    subject = models.ForeignKey(Research, models.CASCADE, related_name="changes")


class TeamMember(models.Model):
    """Somebody in the research team: a member, or an expert or staff by name."""

    class Role(models.TextChoices):
        HEAD = "head", _("组长")
        MEMBER = "member", _("组员")
        EXPERT = "expert", _("专家")
        STAFF = "staff", _("工作人员")

    research = models.ForeignKey(Research, models.CASCADE, related_name="team")
    membership = models.ForeignKey(
        Membership,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("委员"),
    )
    guest = models.CharField(_("姓名单位"), max_length=120, blank=True)
    role = models.CharField(_("职责"), max_length=8, choices=Role, default=Role.MEMBER)

    class Meta:
        verbose_name = verbose_name_plural = _("调研组成员")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["research", "membership"], name="consultations_in_team_once"
            ),
            models.UniqueConstraint(
                fields=["research"], condition=Q(role="head"), name="consultations_one_head"
            ),
            models.CheckConstraint(
                condition=(Q(membership__isnull=False) & Q(guest=""))
                | (Q(membership__isnull=True) & ~Q(guest="")),
                name="consultations_team_member_or_guest",
            ),
        ]

    def __str__(self) -> str:
        return str(self.membership) if self.membership else self.guest


class Visit(models.Model):
    """One visit of a research: where, how, whom one met, what was seen; attendance is the gathering's."""

    class Method(models.TextChoices):
        VISIT = "visit", _("实地走访")
        MEETING = "meeting", _("座谈")
        SURVEY = "survey", _("问卷")
        TRIP = "trip", _("外出考察")

    research = models.ForeignKey(Research, models.PROTECT, related_name="visits")
    gathering = models.OneToOneField(Gathering, models.PROTECT, related_name="visit")
    method = models.CharField(_("方式"), max_length=8, choices=Method, default=Method.VISIT)
    met = models.CharField(_("走访单位和人员"), max_length=300)
    seen = models.TextField(_("了解到的情况"))

    class Meta:
        verbose_name = verbose_name_plural = _("走访")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(met="") & ~Q(seen=""), name="consultations_visit_says_something"
            )
        ]

    def __str__(self) -> str:
        return f"{self.gathering.on} {self.gathering.place}"

    def get_absolute_url(self) -> str:
        return self.research.get_absolute_url()


class Finding(models.Model):
    """One numbered finding of a research."""

    class Kind(models.TextChoices):
        FACT = "fact", _("基本情况")
        DONE = "done", _("已有做法")
        PROBLEM = "problem", _("存在问题")
        CAUSE = "cause", _("原因分析")

    research = models.ForeignKey(Research, models.PROTECT, related_name="findings")
    number = models.PositiveSmallIntegerField(_("序号"))
    kind = models.CharField(_("种类"), max_length=8, choices=Kind, default=Kind.PROBLEM)
    text = models.TextField(_("内容"))

    class Meta:
        verbose_name = verbose_name_plural = _("调研发现")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["research", "number"], name="consultations_finding_number"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="consultations_finding_has_text"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.text}"


class Suggestion(models.Model):
    """One numbered suggestion of a research, resting on a finding, with an addressee."""

    research = models.ForeignKey(Research, models.PROTECT, related_name="suggestions")
    number = models.PositiveSmallIntegerField(_("序号"))
    finding = models.ForeignKey(
        Finding, models.PROTECT, related_name="suggestions", verbose_name=_("依据的发现")
    )
    text = models.TextField(_("建议"))
    addressee = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", verbose_name=_("建议对象")
    )

    class Meta:
        verbose_name = verbose_name_plural = _("调研建议")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["research", "number"], name="consultations_suggestion_number"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="consultations_suggestion_has_text"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.text}"
