"""预交办: before the hand-over the units that are thought of are asked whether it is their business."""

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

from cppcc_portal.office import parameters
from cppcc_portal.office.workflow import Move, StatusChange, Workflow
from members.models import Unit
from proposals.models.handlings import Handling

# Who hands over, by setting; the other of the two prepares or looks on.
HANDS_OVER = {
    "office": "proposals.hand_over_proposal",
    "supervision": "proposals.hand_over_for_government",
}


def may_hand_over(proposal: Any, user: Any) -> bool:
    """Whoever hands over by the office's setting: the secretariat, or the supervision office."""
    return bool(user.has_perm(HANDS_OVER[parameters.get("proposals.hand_over_by")]))


def may_consult_units(proposal: Any, user: Any) -> bool:
    """The secretariat prepares in either case; the supervision office too where it hands over."""
    return bool(user.has_perm("proposals.hand_over_proposal")) or may_hand_over(proposal, user)


def unit_answers(consultation: "UnitConsultation", user: Any) -> bool:
    """Whether this person answers for the unit that is asked."""
    return consultation.unit_id in user.body_ids


def may_answer(consultation: "UnitConsultation", user: Any) -> bool:
    """The unit itself while it is asked, or staff from its paper (代录)."""
    if consultation.ended_at is not None:
        return False
    return unit_answers(consultation, user) or user.has_perm("proposals.enter_for_others")


def says_why(consultation: "UnitConsultation") -> list[Any]:
    missing: list[Any] = []
    if not consultation.reason.strip():
        missing.append(_("请写明为什么不属于本单位职责。"))
    if consultation.suggested_unit_id == consultation.unit_id:
        missing.append(_("建议承办单位不能是本单位。"))
    return missing


class UnitConsultationQuerySet(models.QuerySet["UnitConsultation"]):
    def visible_to(self, user: Any) -> "UnitConsultationQuerySet":
        """Whoever prepares or hands over sees all; a unit its own while it is thought of."""
        if not user.is_active:
            return self.none()
        if user.has_perm("proposals.view_handling") or user.has_perm("proposals.view_handed_over"):
            return self
        return self.standing().filter(unit__in=user.body_ids)

    def standing(self) -> "UnitConsultationQuerySet":
        """Of units that are still thought of; the others were let go, or the hand-over has come."""
        return self.filter(ended_at=None)

    def unanswered(self) -> "UnitConsultationQuerySet":
        return self.filter(status=UnitConsultation.Status.ASKED)

    def with_names(self) -> "UnitConsultationQuerySet":
        """With what a list shows of each row; a constant number of queries."""
        return self.select_related("unit", "suggested_unit", "proposal__plenary__term")


class UnitConsultation(Workflow):
    """One unit asked about one proposal, in the part it is thought of; not answered is not agreed."""

    class Status(models.TextChoices):
        ASKED = "asked", _("征求意见中")
        AGREED = "agreed", _("同意承办")
        OBJECTED = "objected", _("有异议")
        LAPSED = "lapsed", _("未答复")

    MOVES: ClassVar[Mapping[str, Move]] = {
        "agree": Move(
            {Status.ASKED, Status.OBJECTED},
            Status.AGREED,
            _("同意承办"),
            _("被征求意见的单位"),
            may_answer,
        ),
        "object": Move(
            {Status.ASKED, Status.AGREED},
            Status.OBJECTED,
            _("提出异议"),
            _("被征求意见的单位"),
            may_answer,
            says_why,
        ),
        "lapse": Move({Status.ASKED}, Status.LAPSED, _("未答复，征求意见结束"), by_itself=True),
    }

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    proposal = models.ForeignKey(
        "proposals.Proposal", models.PROTECT, related_name="consultations", verbose_name=_("提案")
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="consultations", verbose_name=_("单位")
    )
    role = models.CharField(_("拟承办方式"), max_length=10, choices=Handling.Role)
    status = models.CharField(
        _("状态"), max_length=10, choices=Status, default=Status.ASKED, editable=False
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("经办人")
    )
    asked_at = models.DateTimeField(_("征求时间"), default=timezone.now)
    due_on = models.DateField(_("答复期限"))
    reason = models.TextField(_("理由"), blank=True)
    suggested_unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("建议承办单位"),
    )
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    # Nobody thinks of the unit any more: another was chosen, or the hand-over has come.
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True, editable=False)

    objects: ClassVar = UnitConsultationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("预交办征求意见")
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["unit"], condition=Q(ended_at=None), name="proposals_unit_is_consulted"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "unit"],
                condition=Q(ended_at=None),
                name="proposals_unit_consulted_once",
            ),
            models.UniqueConstraint(
                fields=["proposal"],
                condition=Q(role="lead", ended_at=None),
                name="proposals_one_lead_consulted",
            ),
            models.CheckConstraint(
                condition=~Q(status="objected") | ~Q(reason=""),
                name="proposals_objection_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["agreed", "objected"]) | Q(answered_at__isnull=False),
                name="proposals_consulted_answer_has_time",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | ~Q(status="asked"),
                name="proposals_ended_consultation_asks_no_more",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} · {self.get_role_display()}"

    def get_absolute_url(self) -> str:
        return reverse("desk:consultation", args=[self.pk])

    def is_overdue(self, today: date) -> bool:
        return self.status == self.Status.ASKED and self.due_on < today

    @property
    def words(self) -> str:
        """The unit, its part and its answer in one line, as the hand-over form shows it."""
        said = f"{self.unit}（{self.get_role_display()}）：{self.get_status_display()}"
        if self.status != self.Status.OBJECTED:
            return said
        if self.suggested_unit is None:
            return str(_("%(said)s。%(reason)s") % {"said": said, "reason": self.reason})
        told = _("%(said)s。%(reason)s 建议由%(unit)s承办。")
        return str(told % {"said": said, "reason": self.reason, "unit": self.suggested_unit})


class UnitConsultationChange(StatusChange):
    """History of one unit's answer."""

    subject = models.ForeignKey(UnitConsultation, models.CASCADE, related_name="changes")


def consulted(proposals: Any) -> dict[int, list[UnitConsultation]]:
    """The units now thought of for each of these proposals, leads first; one query."""
    rows = UnitConsultation.objects.standing().with_names().filter(proposal__in=proposals)
    found: dict[int, list[UnitConsultation]] = {}
    for row in sorted(rows, key=lambda one: (one.role == Handling.Role.JOINT, one.pk)):
        found.setdefault(row.proposal_id, []).append(row)
    return found


def chosen_units(rows: list[UnitConsultation]) -> dict[str, Any]:
    """What the hand-over form begins with: the units as they were asked."""
    lead = next((row.unit for row in rows if row.role == Handling.Role.LEAD), None)
    return {
        "lead": lead,
        "joint": [row.unit for row in rows if row.role == Handling.Role.JOINT],
        "separate": [row.unit for row in rows if row.role == Handling.Role.SEPARATE],
    }
