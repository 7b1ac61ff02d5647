"""What a unit asks for: to be released of its share (申退), or for a later date (延期); decided with a reason.

A share is of a proposal, or of a public-opinion report that was given to the unit to be handled.
"""

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.files import Attachment
from cppcc_portal.office.workflow import Move, StatusChange, Workflow
from members.models import Unit
from proposals.models import dispatches
from proposals.models.dispatches import OpinionDispatch
from proposals.models.handlings import Handling
from proposals.models.rights import may_act_for_unit


def unit_may_act(request: "UnitRequest", user: Any) -> bool:
    if request.dispatch is not None:
        return dispatches.may_act(request.dispatch, user)
    return may_act_for_unit(request.share, user)


def may_decide(request: "UnitRequest", user: Any) -> bool:
    """Who decides is somebody else than who asked, and not of the unit that asks.

    About reports, which are no business of the supervision office unless sent to it, the office alone.
    """
    if request.asked_by_id == user.pk or request.share.unit_id in user.body_ids:
        return False
    right = "decide_request" if request.dispatch_id is None else "handle_opinionreport"
    return bool(user.has_perm(f"proposals.{right}"))


def answer_is_given(request: "UnitRequest") -> list[Any]:
    return [] if request.answer.strip() else [_("请写明不同意的理由，承办单位会看到。")]


class UnitRequestQuerySet(models.QuerySet["UnitRequest"]):
    def visible_to(self, user: Any) -> "UnitRequestQuerySet":
        """Whoever decides sees all; a unit its own, also those of shares it was released of."""
        if not user.is_active:
            return self.none()
        if user.has_perm("proposals.decide_request") or user.has_perm("proposals.view_handling"):
            shown = Q(handling__isnull=False)
        else:
            shown = Q(handling__unit__in=user.body_ids)
        if user.has_perm("proposals.view_opinionreport"):
            return self.filter(shown | Q(dispatch__isnull=False))
        return self.filter(shown | Q(dispatch__unit__in=user.body_ids))

    def undecided(self) -> "UnitRequestQuerySet":
        return self.filter(status=UnitRequest.Status.OPEN)

    def with_names(self) -> "UnitRequestQuerySet":
        """With what a list shows of each row; a constant number of queries."""
        return self.select_related(
            "handling__unit",
            "handling__proposal__plenary__term",
            "dispatch__unit",
            "dispatch__bulletin__text",
            "suggested_unit",
        )


class UnitRequest(Workflow):
    """One request of a unit about its share of a proposal or report."""

    class Kind(models.TextChoices):
        RETURN = "return", _("退办")
        EXTENSION = "extension", _("延期")

    class Status(models.TextChoices):
        OPEN = "open", _("待决定")
        GRANTED = "granted", _("已同意")
        REFUSED = "refused", _("未同意")
        WITHDRAWN = "withdrawn", _("已撤回")
        LAPSED = "lapsed", _("随办理终止")

    MOVES: ClassVar[Mapping[str, Move]] = {
        "grant": Move(
            {Status.OPEN},
            Status.GRANTED,
            _("同意"),
            _("督查室、提案委办公室"),
            may_decide,
        ),
        "refuse": Move(
            {Status.OPEN},
            Status.REFUSED,
            _("不同意"),
            _("督查室、提案委办公室"),
            may_decide,
            answer_is_given,
        ),
        "withdraw": Move(
            {Status.OPEN}, Status.WITHDRAWN, _("撤回申请"), _("承办单位"), unit_may_act
        ),
        "lapse": Move({Status.OPEN}, Status.LAPSED, _("随办理终止"), by_itself=True),
    }

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    handling = models.ForeignKey(
        Handling,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="requests",
        verbose_name=_("承办"),
    )
    dispatch = models.ForeignKey(
        OpinionDispatch,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="requests",
        verbose_name=_("社情民意报送"),
    )
    kind = models.CharField(_("申请事项"), max_length=10, choices=Kind)
    status = models.CharField(
        _("状态"), max_length=10, choices=Status, default=Status.OPEN, editable=False
    )
    reason = models.TextField(_("理由"))
    suggested_unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("建议承办单位"),
    )
    # The unit does not know whose it is: the committee's office finds out.
    office_decides = models.BooleanField(_("由提案委研究确定"), default=False)
    wanted_on = models.DateField(_("希望延至"), null=True, blank=True)
    paper = models.ForeignKey(
        Attachment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("单位负责人签字的申请"),
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("申请人")
    )
    # 代录: staff entered the unit's stamped paper (rule 17).
    is_entered = models.BooleanField(_("代录"), default=False, editable=False)
    asked_at = models.DateTimeField(_("申请时间"), default=timezone.now)
    due_on = models.DateField(_("决定期限"))
    answer = models.TextField(_("决定说明"), blank=True)
    granted_until = models.DateField(_("同意延至"), null=True, blank=True, editable=False)

    objects: ClassVar = UnitRequestQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("退办延期申请")
        ordering = ["-pk"]
        permissions = [("decide_request", _("决定退办和延期申请"))]
        indexes = [models.Index(fields=["status", "due_on"], name="proposals_request_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["handling", "kind"],
                condition=Q(status="open"),
                name="proposals_one_open_request",
            ),
            models.UniqueConstraint(
                fields=["dispatch", "kind"],
                condition=Q(status="open"),
                name="proposals_one_open_opinion_request",
            ),
            models.CheckConstraint(
                condition=Q(handling__isnull=False, dispatch__isnull=True)
                | Q(handling__isnull=True, dispatch__isnull=False),
                name="proposals_request_of_one_share",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="proposals_request_says_why"),
            models.CheckConstraint(
                condition=~Q(kind="return")
                | Q(suggested_unit__isnull=False, office_decides=False)
                | Q(suggested_unit__isnull=True, office_decides=True),
                name="proposals_return_says_whose_it_is",
            ),
            models.CheckConstraint(
                condition=~Q(kind="extension") | Q(wanted_on__isnull=False),
                name="proposals_extension_names_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(status="refused") | ~Q(answer=""),
                name="proposals_refused_request_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(kind="extension", status="granted") | Q(granted_until__isnull=False),
                name="proposals_granted_extension_has_day",
            ),
        ]

    def __str__(self) -> str:
        words = {"unit": self.share.unit, "kind": self.get_kind_display()}
        return str(_("%(unit)s申请%(kind)s") % words)

    def get_absolute_url(self) -> str:
        return reverse("desk:request", args=[self.pk])

    @property
    def share(self) -> Any:
        """What the unit asks about: its share of a proposal, or of a report."""
        return self.handling if self.handling_id else self.dispatch

    @property
    def label(self) -> str:
        """The proposal's number, or the issue."""
        if self.handling:
            return str(self.handling.proposal.label)
        assert self.dispatch is not None  # exactly one of the two (constraint)
        return str(self.dispatch.bulletin)

    @property
    def matter(self) -> str:
        """What it is about, by its title."""
        if self.handling:
            return str(self.handling.proposal)
        assert self.dispatch is not None
        return str(self.dispatch.bulletin.title)


class UnitRequestChange(StatusChange):
    """History of one request."""

    subject = models.ForeignKey(UnitRequest, models.CASCADE, related_name="changes")
