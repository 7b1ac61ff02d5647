"""The annual consultation plan and the route by which it is approved."""

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from consultations.models.rights import has
from cppcc_portal.office import files
from cppcc_portal.office.decisions import DecidingBody, Decision
from cppcc_portal.office.workflow import Move, StatusChange, Workflow

FINAL_BODY = "district_party_committee"  # 区委常委会: rule 7


def rows_are_whole(plan: "AnnualPlan") -> list[Any]:
    """What the rows of a draft still lack before bodies may see it."""
    rows = list(plan.rows.all())
    if not rows:
        return [_("计划里还没有议题。请先把已审核的议题列入计划。")]
    return [
        _("议题「%(topic)s」还缺：%(lacks)s。") % {"topic": row, "lacks": "、".join(lacks)}
        for row in rows
        if (lacks := row.lacks_for_plan())
    ]


def papers_missing(decision: Decision) -> list[Any]:
    """Rule 7: the approving body's decision stands on record with its number and its file."""
    missing: list[Any] = []
    if not decision.document_number.strip():
        missing.append(_("文号"))
    if not files.for_subject(decision).exists():
        missing.append(_("会议文件"))
    if not missing:
        return []
    words = {"body": decision.body, "lacks": "、".join(map(str, missing))}
    return [
        _("%(body)s的决定还缺：%(lacks)s。请在工作台“会议决定”登记一份更正，补上后再记入计划。")
        % words
    ]


def route_is_walked(plan: "AnnualPlan") -> list[Any]:
    """Every step passed, the last by the district Party standing committee, with a document."""
    missing: list[Any] = rows_are_whole(plan)
    steps = list(plan.steps.select_related("body", "decision__body").order_by("order"))
    if not steps:
        return [*missing, _("还没有报批步骤，请在计划页面设置。")]
    missing += [
        _("%s还没有通过的会议决定，请先在“会议决定”登记，再记入计划。") % step.body
        for step in steps
        if step.decision is None or not step.decision.lets_go_on
    ]
    for step in steps:
        if step.decision is not None:
            missing += papers_missing(step.decision)
    if steps[-1].body.code != FINAL_BODY and plan.route_decision is None:
        missing.append(
            _("报批的最后一步须是区委常委会；改变程序须有会议决定，请把该决定记入计划。")
        )
    if not plan.document_number.strip():
        missing.append(_("请填写计划印发的文号。"))
    return missing


def something_is_recorded(plan: "AnnualPlan") -> list[Any]:
    if plan.steps.exclude(decision=None).exists():
        return []
    return [_("还没有记入会议决定，不用撤销。")]


def rows_have_ended(plan: "AnnualPlan") -> list[Any]:
    open_rows = [str(row) for row in plan.rows.all() if row.status in row.RUNNING]
    if open_rows:
        return [_("还有议题没有办结或取消：%s。") % "、".join(open_rows[:5])]
    return []


class AnnualPlan(Workflow):
    """The consultation plan of one year: collected, drafted, approved step by step, issued."""

    class Status(models.TextChoices):
        COLLECTING = "collecting", _("征集中")
        DRAFTING = "drafting", _("起草中")
        APPROVING = "approving", _("报批中")
        ISSUED = "issued", _("已印发")
        CLOSED = "closed", _("已总结")

    MOVES: ClassVar[Mapping[str, Move]] = {
        "close_call": Move(
            {Status.COLLECTING},
            Status.DRAFTING,
            _("结束征集"),
            _("秘书处办公室"),
            has("plan_topics"),
        ),
        "send": Move(
            {Status.DRAFTING},
            Status.APPROVING,
            _("送审"),
            _("秘书处办公室"),
            has("plan_topics"),
            rows_are_whole,
        ),
        "return_": Move(
            {Status.APPROVING},
            Status.DRAFTING,
            _("退回修改"),
            _("秘书处办公室"),
            has("plan_topics"),
        ),
        "clear_step": Move(
            {Status.APPROVING},
            Status.APPROVING,
            _("撤销上一步记入的决定"),
            _("秘书处办公室"),
            has("plan_topics"),
            something_is_recorded,
        ),
        "issue": Move(
            {Status.APPROVING},
            Status.ISSUED,
            _("印发"),
            _("秘书处办公室"),
            has("plan_topics"),
            route_is_walked,
        ),
        "close": Move(
            {Status.ISSUED},
            Status.CLOSED,
            _("年度总结"),
            _("秘书长"),
            has("close_plan"),
            rows_have_ended,
        ),
    }

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    year = models.PositiveSmallIntegerField(_("年度"), unique=True)
    status = models.CharField(
        _("状态"), max_length=12, choices=Status, default=Status.COLLECTING, editable=False
    )
    document_number = models.CharField(_("印发文号"), max_length=60, blank=True)
    # The proof that the issued status needs, set in the same UPDATE as the status.
    approval = models.ForeignKey(
        Decision,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("批准决定"),
    )
    route_decision = models.ForeignKey(
        Decision,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("改变程序的决定"),
    )

    class Meta:
        verbose_name = verbose_name_plural = _("年度协商计划")
        ordering = ["-year"]
        permissions = [
            ("plan_topics", _("编制年度协商计划")),
            ("close_plan", _("总结年度协商计划")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status__in=["issued", "closed"])
                | (Q(approval__isnull=False) & ~Q(document_number="")),
                name="consultations_issued_plan_is_approved",
                violation_error_message=_("没有批准决定和文号的计划不能印发。"),
            )
        ]

    def __str__(self) -> str:
        return str(_("%d年度协商计划") % self.year)

    def get_absolute_url(self) -> str:
        return reverse("consultations:plan", args=[self.year])


class AnnualPlanChange(StatusChange):
    """History of one plan."""

    subject = models.ForeignKey(AnnualPlan, models.CASCADE, related_name="changes")


class PlanStep(models.Model):
    """One step of the approval route, closed by a recorded decision of its body."""

    plan = models.ForeignKey(AnnualPlan, models.CASCADE, related_name="steps")
    order = models.PositiveSmallIntegerField(_("次序"))
    body = models.ForeignKey(
        DecidingBody, models.PROTECT, related_name="+", verbose_name=_("决定机构")
    )
    decision = models.OneToOneField(
        Decision,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="plan_step",
        verbose_name=_("会议决定"),
    )

    class Meta:
        verbose_name = verbose_name_plural = _("报批步骤")
        ordering = ["plan", "order"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "order"], name="consultations_step_once"),
        ]

    def __str__(self) -> str:
        return f"{self.order}. {self.body}"
