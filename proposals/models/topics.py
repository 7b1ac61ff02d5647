"""The topic catalogue (选题参考目录) that goes out with the call for proposals."""

from typing import ClassVar

from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from members.models import Plenary
from proposals.models.lists import Category
from proposals.models.proposals import Proposal


class SuggestedTopicQuerySet(models.QuerySet["SuggestedTopic"]):
    def on_offer(self) -> "SuggestedTopicQuerySet":
        """What members may write about now: of the current term, not taken off the list."""
        offered = self.filter(active=True, plenary__term__is_current=True)
        return offered.exclude(purpose=SuggestedTopic.Purpose.OPINIONS)

    def on_offer_for_reports(self) -> "SuggestedTopicQuerySet":
        """The year's themes of public-opinion reports: of the current term, not taken off the list."""
        offered = self.filter(active=True, plenary__term__is_current=True)
        return offered.exclude(purpose=SuggestedTopic.Purpose.PROPOSALS)

    def with_taken(self) -> "SuggestedTopicQuerySet":
        """With how many handed in a proposal or report on it; drafts are nobody else's business."""
        handed_in = ~Q(taken_by__status__in=Proposal.PRIVATE) & Q(taken_by__isnull=False)
        reported = Q(reports__submitted_at__isnull=False)
        return self.annotate(
            taken=Count("taken_by", filter=handed_in, distinct=True),
            reported=Count("reports", filter=reported, distinct=True),
        )


class SuggestedTopic(models.Model):
    """A topic the office suggests, with what is known of it; a member may begin a draft from it."""

    class Purpose(models.TextChoices):
        PROPOSALS = "proposals", _("提案选题")
        OPINIONS = "opinions", _("社情民意年度选题")
        BOTH = "both", _("提案和社情民意")

    plenary = models.ForeignKey(
        Plenary, models.PROTECT, related_name="+", verbose_name=_("哪次会议征集")
    )
    title = models.CharField(_("选题"), max_length=100)
    clue = models.TextField(_("线索说明"), blank=True, max_length=500)
    source = models.CharField(_("来源"), max_length=60, blank=True)
    purpose = models.CharField(_("用于"), max_length=10, choices=Purpose, default=Purpose.PROPOSALS)
    category = models.ForeignKey(
        Category,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("类别"),
    )
    order = models.PositiveSmallIntegerField(_("次序"), default=0)
    active = models.BooleanField(_("在用"), default=True)
    taken_by = models.ManyToManyField(
        Proposal, blank=True, related_name="suggested_topics", editable=False
    )

    objects: ClassVar = SuggestedTopicQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("选题参考目录")
        ordering = ["-plenary", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plenary", "title"],
                name="proposals_topic_once_a_plenary",
                violation_error_message=_("这次会议的目录里已有同名选题。"),
            )
        ]

    def __str__(self) -> str:
        return self.title
