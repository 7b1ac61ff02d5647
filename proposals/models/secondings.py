"""Seconding (附议): a member supports a proposal that others have put; it gives no right over its text.

What can be seconded is what a member may read anyway, and seconding opens nothing more. The texts of
others are closed to a member until they are made public, so that is mostly a published proposal,
read in its public version; before that, one which the member sees by another right (who chairs a
committee sees those of its members). Hence it is open by default until the proposal is closed; an office that
lets it end with the filing leaves it to those who see texts under review.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office import parameters
from cppcc_portal.office.workflow import Move, StatusChange, Workflow
from members.models import Membership
from proposals.models.proposals import Proposal
from proposals.models.proposers import Proposer
from proposals.models.publications import Publication

BEFORE_FILING = Proposal.UNDER_REVIEW
BEFORE_CLOSING = (
    *Proposal.UNDER_REVIEW,
    *Proposal.NOT_HANDED_OVER,
    *Proposal.WITH_UNITS,
    Proposal.Status.REPLIED,
)


def seconding_is_on() -> bool:
    return bool(parameters.get("proposals.seconding"))


def open_statuses() -> tuple[Any, ...]:
    """In which states of a proposal members second it or take it back, by the office's setting."""
    ends = parameters.get("proposals.seconding_until")
    return tuple(BEFORE_FILING if ends == "filed" else BEFORE_CLOSING)


def seconding_is_open(proposal: Proposal) -> list[Any]:
    """Why nobody seconds this proposal, or takes it back, any more."""
    if not seconding_is_on():
        return [_("本届没有开启附议。")]
    if proposal.status in open_statuses():
        return []
    words = {"status": proposal.get_status_display()}
    if parameters.get("proposals.seconding_until") == "filed":
        return [_("附议到立案为止，这件提案目前是“%(status)s”。") % words]
    return [_("附议到办结为止，这件提案目前是“%(status)s”。") % words]


def still_open(seconding: "Seconding") -> list[Any]:
    return seconding_is_open(seconding.proposal)


def seat_in_office(user: Any) -> Membership | None:
    """The seat in which this person seconds: asked anew each time, a seat may have ended meanwhile."""
    seats = Membership.objects.active().of_current_term().select_related("person")
    return seats.filter(person__user=user).first() if user.is_active else None


def may_read(proposal: Proposal, user: Any) -> bool:
    """Whether the member may read it, by a right of their own or because it is public."""
    if Proposal.objects.visible_to(user).filter(pk=proposal.pk).exists():
        return True
    return Publication.objects.public().filter(proposal=proposal).exists()


def is_own_seat(seconding: "Seconding", user: Any) -> bool:
    return seconding.membership_id in user.seat_ids


class SecondingQuerySet(models.QuerySet["Seconding"]):
    def standing(self) -> "SecondingQuerySet":
        """Those that count: who has since become a proposer of it, as by merging, seconds it no more."""
        signed = Proposer.objects.confirmed().filter(
            proposal=OuterRef("proposal"), membership=OuterRef("membership")
        )
        return self.filter(~Exists(signed), status=Seconding.Status.STANDING)

    def of_others(self, proposal: Proposal) -> "SecondingQuerySet":
        """Who seconds this proposal, in the order in which they did."""
        people = self.standing().select_related("membership__person", "membership__sector")
        return people.filter(proposal=proposal).order_by("seconded_at", "pk")


def number_of_secondings(reference: str = "pk") -> Any:
    """How many second the proposal of a row, as one more column of its query."""
    rows = Seconding.objects.standing().filter(proposal=OuterRef(reference)).order_by()
    counted = rows.values("proposal").annotate(count=models.Count("pk")).values("count")
    return Coalesce(Subquery(counted), 0)


def with_secondings(rows: Any) -> Any:
    """Each proposal with how many second it, where the office has seconding."""
    return rows.annotate(seconded=number_of_secondings()) if seconding_is_on() else rows


class Seconding(Workflow):
    """One member's support for a proposal of others; no rating, no reply, no say in its text comes of it."""

    class Status(models.TextChoices):
        STANDING = "standing", _("已附议")
        TAKEN_BACK = "taken_back", _("已收回")
        LAPSED = "lapsed", _("文字改动后失效")

    MOVES: ClassVar[Mapping[str, Move]] = {
        "second": Move(
            {Status.TAKEN_BACK, Status.LAPSED},
            Status.STANDING,
            _("再次附议"),
            _("附议委员本人"),
            is_own_seat,
            still_open,
        ),
        "take_back": Move(
            {Status.STANDING},
            Status.TAKEN_BACK,
            _("收回附议"),
            _("附议委员本人"),
            is_own_seat,
            still_open,
        ),
        "lapse": Move({Status.STANDING}, Status.LAPSED, _("文字改动后失效"), by_itself=True),
    }

    proposal = models.ForeignKey(
        Proposal, models.CASCADE, related_name="secondings", verbose_name=_("提案")
    )
    membership = models.ForeignKey(
        Membership, models.PROTECT, related_name="seconded", verbose_name=_("附议委员")
    )
    status = models.CharField(_("状态"), max_length=12, choices=Status, default=Status.STANDING)
    # The frozen text that was supported; a changed one is not supported by having read another.
    text = models.ForeignKey("proposals.TextVersion", models.PROTECT, related_name="+")
    remark = models.CharField(_("附言"), max_length=300, blank=True)
    seconded_at = models.DateTimeField(_("附议时间"), default=timezone.now)

    objects: ClassVar = SecondingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("附议")
        default_permissions = ()
        ordering = ["seconded_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "membership"], name="proposals_member_seconds_once"
            ),
        ]
        indexes = [
            models.Index(fields=["membership", "status", "proposal"], name="proposals_seconded_by"),
        ]

    def __str__(self) -> str:
        return f"{self.proposal.display_number} {self.membership.person.name}"

    def get_absolute_url(self) -> str:
        """The list of what one has seconded, where it is taken back."""
        return f"{reverse('proposals:seconding')}?scope=mine"

    @property
    def name(self) -> str:
        return self.membership.person.name


class SecondingChange(StatusChange):
    """History of one seconding."""

    subject = models.ForeignKey(Seconding, models.CASCADE, related_name="changes")


def open_to_members(user: Any) -> Any:
    """Published proposals that members may second now; what one put or signed oneself is left out."""
    rows = Publication.objects.public().filter(proposal__status__in=open_statuses())
    rows = rows.exclude(proposal__in=Proposal.objects.mine(user).order_by().values("pk"))
    return rows.annotate(seconded=number_of_secondings("proposal"))
