"""Countersigning (会签): a joint unit says whether it stands by the reply that the lead unit has drafted."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.workflow import Move, StatusChange, Workflow
from proposals.models.handlings import Handling
from proposals.models.lists import ResultClass
from proposals.models.replies import Reply
from proposals.models.rights import may_act_for_unit


def joint_unit_may(row: "Countersign", user: Any) -> bool:
    return may_act_for_unit(row.handling, user)


def dissent_says_why(row: "Countersign") -> list[Any]:
    return [] if row.remark.strip() else [_("请写明不同意的地方和理由，主办单位要据此协调。")]


class CountersignQuerySet(models.QuerySet["Countersign"]):
    def visible_to(self, user: Any) -> "CountersignQuerySet":
        """The joint unit that is asked and the unit that asks; a draft is nobody else's."""
        if not user.is_active:
            return self.none()
        if user.has_perm("proposals.enter_for_others"):
            return self
        asked = Handling.objects.delegated_to(user)
        own = Q(handling__in=asked) | Q(reply__handling__in=asked)
        return self.filter(own)

    def waiting(self) -> "CountersignQuerySet":
        return self.filter(status=Countersign.Status.WAITING)

    def waiting_for(self, user: Any) -> "CountersignQuerySet":
        """What this person's units are asked to countersign."""
        return self.waiting().filter(handling__in=Handling.objects.delegated_to(user))

    def with_names(self) -> "CountersignQuerySet":
        """With what a list shows of each row; a constant number of queries."""
        return self.select_related(
            "handling__unit",
            "handling__proposal",
            "reply__handling__unit",
            "result_class",
        )


class Countersign(Workflow):
    """One joint unit's word on one draft of the lead unit's reply; the words it saw are kept with their hash."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("待会签")
        AGREED = "agreed", _("同意")
        DISSENTED = "dissented", _("有不同意见")
        LAPSED = "lapsed", _("未会签")

    MOVES: ClassVar[Mapping[str, Move]] = {
        "agree": Move(
            {Status.WAITING}, Status.AGREED, _("同意会签"), _("会办单位"), joint_unit_may
        ),
        "dissent": Move(
            {Status.WAITING},
            Status.DISSENTED,
            _("有不同意见"),
            _("会办单位"),
            joint_unit_may,
            dissent_says_why,
        ),
        # The words were changed, or the reply has gone on.
        "lapse": Move({Status.WAITING}, Status.LAPSED, _("未会签"), by_itself=True),
        # The words are again those that were shown before.
        "ask_again": Move({Status.LAPSED}, Status.WAITING, _("再次送会签"), by_itself=True),
    }

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reply = models.ForeignKey(
        Reply, models.PROTECT, related_name="countersigns", verbose_name=_("答复稿")
    )
    handling = models.ForeignKey(
        Handling, models.PROTECT, related_name="countersigns", verbose_name=_("会办单位的承办")
    )
    status = models.CharField(
        _("状态"), max_length=10, choices=Status, default=Status.WAITING, editable=False
    )
    text = models.TextField(_("送会签的正文"))
    result_class = models.ForeignKey(
        ResultClass, models.PROTECT, related_name="+", verbose_name=_("拟定类别")
    )
    digest = models.CharField(max_length=64)
    remark = models.TextField(_("会签意见"), blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("送会签人")
    )
    asked_at = models.DateTimeField(_("送会签时间"), default=timezone.now)
    due_on = models.DateField(_("会签期限"))
    answered_at = models.DateTimeField(_("会签时间"), null=True, blank=True)

    objects: ClassVar = CountersignQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("会签")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["status", "due_on"], name="proposals_countersign_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["reply", "handling", "digest"], name="proposals_countersign_once"
            ),
            models.CheckConstraint(
                condition=~Q(status="dissented") | ~Q(remark=""),
                name="proposals_dissent_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["agreed", "dissented"]) | Q(answered_at__isnull=False),
                name="proposals_countersign_answered",
            ),
        ]

    def __str__(self) -> str:
        return str(_("%s会签") % self.handling.unit)

    def get_absolute_url(self) -> str:
        return reverse("desk:countersign", args=[self.pk])

    def is_awaited(self, today: date) -> bool:
        """Whether its answer is still waited for: asked, and the day not over."""
        return self.status == self.Status.WAITING and today <= self.due_on


class CountersignChange(StatusChange):
    """History of one countersigning."""

    subject = models.ForeignKey(Countersign, models.CASCADE, related_name="changes")
