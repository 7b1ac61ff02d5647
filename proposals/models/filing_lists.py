"""The list of proposed results of the review, as the chairpersons' meeting passes it (立案审查结果报主席会议审定)."""

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.decisions import Decision
from cppcc_portal.office.workflow import Move, StatusChange, Workflow
from members.models import Plenary
from proposals.models.proposals import Proposal
from proposals.models.reviews import WhatBecomesOfIt
from proposals.models.rights import has


def is_passed_on(listed: "FilingList") -> list[Any]:
    """A list is passed with rows on it, by a decision that holds."""
    missing: list[Any] = []
    if not listed.rows.exists():
        missing.append(_("清单里还没有提案，请先汇总。"))
    if listed.approval is None or not listed.approval.lets_go_on:
        missing.append(_("请先登记会议通过的决定。"))
    return missing


class FilingListQuerySet(models.QuerySet["FilingList"]):
    def visible_to(self, user: Any) -> "FilingListQuerySet":
        """Internal to the secretariat: whoever may look at these lists."""
        if user.is_active and user.has_perm("proposals.view_filinglist"):
            return self
        return self.none()

    def with_counts(self) -> "FilingListQuerySet":
        """Each with how many rows it has and how many are carried out."""
        done = Count("rows", filter=Q(rows__done_at__isnull=False))
        return self.annotate(size=Count("rows"), done=done)


class FilingList(Workflow):
    """Proposed results of the review of one plenary, passed by one decision and then carried out together."""

    class Status(models.TextChoices):
        COLLECTING = "collecting", _("汇总中")
        PASSED = "passed", _("已审定·待办理")
        DONE = "done", _("已办理")
        DROPPED = "dropped", _("已作废")

    MOVES: ClassVar[Mapping[str, Move]] = {
        "decide": Move(
            {Status.COLLECTING},
            Status.PASSED,
            _("登记审定结果"),
            _("提案委办公室"),
            has("file_proposal"),
            is_passed_on,
        ),
        # The meeting wants changes: the list stays open, and the decision on record.
        "return_": Move(
            {Status.COLLECTING},
            Status.COLLECTING,
            _("会议退回"),
            _("提案委办公室"),
            has("file_proposal"),
        ),
        "complete": Move({Status.PASSED}, Status.DONE, _("全部办理"), by_itself=True),
        "drop": Move(
            {Status.COLLECTING, Status.PASSED},
            Status.DROPPED,
            _("作废"),
            _("提案委办公室"),
            has("file_proposal"),
        ),
    }

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    plenary = models.ForeignKey(
        Plenary, models.PROTECT, related_name="filing_lists", verbose_name=_("次")
    )
    series = models.CharField(_("大会或平时"), max_length=10, choices=Proposal.Series)
    title = models.CharField(_("名称"), max_length=100)
    status = models.CharField(
        _("状态"), max_length=12, choices=Status, default=Status.COLLECTING, editable=False
    )
    approval = models.ForeignKey(
        Decision,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("会议决定"),
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("建立人")
    )
    made_at = models.DateTimeField(_("建立时间"), default=timezone.now)

    objects: ClassVar = FilingListQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("立案审查清单")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status__in=["passed", "done"]) | Q(approval__isnull=False),
                name="proposals_passed_list_has_decision",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("admin:proposals_filinglist_change", args=[self.pk])


class FilingListChange(StatusChange):
    """History of one list."""

    subject = models.ForeignKey(FilingList, models.CASCADE, related_name="changes")


class FilingRow(WhatBecomesOfIt):
    """One proposal of a list with the result proposed for it, and whether it was carried out."""

    class Result(models.TextChoices):
        FILE = "file", _("立案")
        MERGE = "merge", _("并案")
        REFUSE = "refuse", _("不予立案")

    listed = models.ForeignKey(FilingList, models.PROTECT, related_name="rows")
    proposal = models.ForeignKey(
        Proposal, models.PROTECT, related_name="filing_rows", verbose_name=_("提案")
    )
    result = models.CharField(_("拟审查结果"), max_length=10, choices=Result)
    note = models.CharField(_("审查意见"), max_length=500, blank=True)
    # Waits on its list: a proposal waits on one list at a time.
    is_open = models.BooleanField(_("待办理"), default=True, editable=False)
    done_at = models.DateTimeField(_("办理时间"), null=True, blank=True, editable=False)
    told = models.CharField(_("没有办理的原因"), max_length=500, blank=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("清单中的提案")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["listed", "proposal"], name="proposals_listed_once"),
            models.UniqueConstraint(
                fields=["proposal"], condition=Q(is_open=True), name="proposals_on_one_open_list"
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(is_open=False),
                name="proposals_listed_done_waits_no_more",
            ),
            models.CheckConstraint(
                condition=~Q(result="file") | Q(category__isnull=False),
                name="proposals_listed_to_file_has_category",
            ),
            models.CheckConstraint(
                condition=~Q(result="refuse")
                | Q(refusal_reason__isnull=False, destination__isnull=False),
                name="proposals_listed_to_refuse_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(result="merge")
                | (Q(main__isnull=False) & ~Q(main=models.F("proposal")) & ~Q(note="")),
                name="proposals_listed_to_merge_names_main",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal}：{self.get_result_display()}"

    @property
    def units(self) -> str:
        """The units proposed, as the list prints them."""
        return "、".join(str(unit) for unit in [self.lead, *self.joint.all()] if unit)
