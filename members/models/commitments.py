"""Commitments: what a unit promised, by whom, by when; they come due by themselves."""

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.keys import SourceKeyField
from cppcc_portal.office.workflow import Move, StatusChange, Workflow
from members.models.bodies import Unit


def follows_commitments(thing: Any, user: Any) -> bool:
    return bool(user.has_perm("members.follow_commitment"))


class Commitment(Workflow):
    """One promise of a unit: what, who, by when; `subject` is the reply or recommendation it came with."""

    class Status(models.TextChoices):
        OPEN = "open", _("履行中")
        KEPT = "kept", _("已兑现")
        DROPPED = "dropped", _("未能兑现")

    MOVES: ClassVar[Mapping[str, Move]] = {
        "keep": Move(
            {Status.OPEN}, Status.KEPT, _("确认兑现"), _("提案委办公室"), follows_commitments
        ),
        "drop": Move(
            {Status.OPEN}, Status.DROPPED, _("说明未能兑现"), _("提案委办公室"), follows_commitments
        ),
        # What it was promised for has been taken out of the portal.
        "end": Move({Status.OPEN}, Status.DROPPED, _("随事项终止"), by_itself=True),
    }

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    subject = SourceKeyField()
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="commitments", verbose_name=_("承诺单位")
    )
    what = models.CharField(_("承诺事项"), max_length=500)
    who = models.CharField(_("责任人"), max_length=60)
    due_on = models.DateField(_("完成期限"), db_index=True)
    status = models.CharField(_("状态"), max_length=12, choices=Status, default=Status.OPEN)

    class Meta:
        verbose_name = verbose_name_plural = _("承诺")
        ordering = ["due_on", "pk"]
        permissions = [("follow_commitment", _("跟踪承诺"))]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(what="") & ~models.Q(who=""),
                name="members_commitment_says_what_and_who",
            )
        ]

    def __str__(self) -> str:
        return self.what


class CommitmentChange(StatusChange):
    """History of one commitment."""

    subject = models.ForeignKey(Commitment, models.CASCADE, related_name="changes")
