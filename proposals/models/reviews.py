"""The review in stages (初审, 复审, 终审): what each reviewer suggests, kept beside the text it is about."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from cppcc_portal.office import parameters
from members.models import Committee, Unit
from proposals.models.lists import Category, Destination, Entry, RefusalReason

# Statuses of a filed proposal that others may still join, as `Proposal` has them.
TAKES_OTHERS = ("filed", "preassigned", "assigned", "handling")


class ReviewStage(Entry):
    """A stage of the review; an office may keep one of them, or take all out of use."""

    history = HistoricalRecords()

    class Meta(Entry.Meta):
        verbose_name = verbose_name_plural = _("审查环节")


def chairs_the_review(user: Any) -> bool:
    """Whether this person chairs the proposal committee, which decides on the review."""
    if not user.chaired_ids:
        return False
    name = parameters.get("proposals.committee")
    named = Q(name=name) | Q(short_name=name)
    return Committee.objects.filter(named, pk__in=user.chaired_ids).exists()


def may_examine(proposal: Any, user: Any) -> bool:
    """The office, and the chair of the proposal committee; nobody on a text of their own."""
    if proposal.is_proposer(user):
        return False
    return bool(user.has_perm("proposals.review_proposal") or chairs_the_review(user))


def may_read_opinions(user: Any) -> bool:
    """Review notes are internal: the office, the secretary-general and leaders, the chair who decides."""
    return bool(user.has_perm("proposals.read_notes") or chairs_the_review(user))


class ReviewOpinionQuerySet(models.QuerySet["ReviewOpinion"]):
    def with_names(self) -> "ReviewOpinionQuerySet":
        """With what is shown of each; a constant number of queries."""
        rows = self.select_related(
            "stage",
            "category",
            "refusal_reason",
            "destination",
            "main__plenary__term",
            "lead",
            "by__person",
        )
        return rows.prefetch_related("joint")


class WhatBecomesOfIt(models.Model):
    """What belongs to a result of the review, suggested by a reviewer or proposed on a list."""

    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("类别")
    )
    refusal_reason = models.ForeignKey(
        RefusalReason,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("不予立案的理由"),
    )
    destination = models.ForeignKey(
        Destination, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("去向")
    )
    main = models.ForeignKey(
        "proposals.Proposal",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"status__in": ["submitted", "reviewing", *TAKES_OTHERS]},
        verbose_name=_("并入哪一件"),
    )
    lead = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("拟主办单位"),
    )
    joint = models.ManyToManyField(Unit, blank=True, related_name="+", verbose_name=_("拟会办单位"))

    class Meta:
        abstract = True


class ReviewOpinion(WhatBecomesOfIt):
    """What one reviewer suggests at one stage; never changed, a later one of the same stage takes its place."""

    class Result(models.TextChoices):
        FILE = "file", _("立案")
        RETURN = "return", _("退回修改")
        REFUSE = "refuse", _("不予立案")
        CONVERT = "convert", _("转社情民意")
        MERGE = "merge", _("并案")

    proposal = models.ForeignKey(
        "proposals.Proposal", models.PROTECT, related_name="opinions", verbose_name=_("提案")
    )
    # The words that were read: after a revision the review begins anew.
    text = models.ForeignKey("proposals.TextVersion", models.PROTECT, related_name="+")
    stage = models.ForeignKey(
        ReviewStage, models.PROTECT, related_name="opinions", verbose_name=_("环节")
    )
    result = models.CharField(_("建议结果"), max_length=10, choices=Result)
    note = models.TextField(_("说明"), blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("审查人")
    )
    at = models.DateTimeField(_("时间"), default=timezone.now)

    objects: ClassVar = ReviewOpinionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("审查意见")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(result="file") | Q(category__isnull=False),
                name="proposals_opinion_to_file_names_category",
            ),
            models.CheckConstraint(
                condition=~Q(result="refuse")
                | Q(refusal_reason__isnull=False, destination__isnull=False),
                name="proposals_opinion_to_refuse_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(result="merge")
                | (Q(main__isnull=False) & ~Q(main=models.F("proposal"))),
                name="proposals_opinion_to_merge_names_main",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage}：{self.get_result_display()}"

    @property
    def units(self) -> str:
        """The units it suggests, as lists print them."""
        return "、".join(str(unit) for unit in [self.lead, *self.joint.all()] if unit)


def next_stage() -> Subquery:
    """The key of the first stage in use without an opinion on the present text; None when all are in."""
    given = ReviewOpinion.objects.filter(
        proposal=OuterRef(OuterRef("pk")),
        text=OuterRef(OuterRef("current_text")),
        stage=OuterRef("pk"),
    )
    stages = ReviewStage.objects.filter(~Exists(given), active=True).order_by("order", "pk")
    return Subquery(stages.values("pk")[:1])


class Spoken:
    """What was said so far on the present texts of some proposals; asked once for all of them."""

    def __init__(self, proposals: Iterable[Any]) -> None:
        rows = list(proposals)
        self.stages = list(ReviewStage.objects.filter(active=True))
        self.latest: dict[int, dict[int, ReviewOpinion]] = {row.pk: {} for row in rows}
        texts = [row.current_text_id for row in rows if row.current_text_id]
        for opinion in ReviewOpinion.objects.with_names().filter(text__in=texts).order_by("pk"):
            self.latest[opinion.proposal_id][opinion.stage_id] = opinion

    def on(self, proposal: Any) -> list[ReviewOpinion]:
        """The opinion of each stage that counts, in the order of the stages."""
        given = self.latest[proposal.pk].values()
        return sorted(given, key=lambda row: (row.stage.order, row.stage_id))

    def left(self, proposal: Any) -> list[ReviewStage]:
        """The stages in use that have not spoken."""
        return [stage for stage in self.stages if stage.pk not in self.latest[proposal.pk]]

    def open_to(self, proposal: Any, user: Any) -> list[ReviewStage]:
        """For which stages this person may speak now: the next one, or again the last if it was theirs."""
        given = self.on(proposal)
        own = [row.stage for row in given[-1:] if row.by_id == user.pk]
        has_spoken = any(row.by_id == user.pk for row in given)
        if has_spoken and parameters.get("proposals.review_by_others"):
            return own
        return [*self.left(proposal)[:1], *own]

    def why_not(self, proposal: Any, user: Any) -> list[Any]:
        """Why this person has no stage to speak for, in plain words; empty when there is one."""
        if self.open_to(proposal, user):
            return []
        if not self.stages:
            return [_("没有在用的审查环节，请先在“审查环节”中启用。")]
        if coming := self.left(proposal)[:1]:
            return [_("您已提出过审查意见，%s请由其他同事进行。") % coming[0]]
        return [_("各环节的审查意见都已提出，可以作出决定。")]


def opinions_are_in(proposal: Any) -> list[Any]:
    """Where the office asks for it, nothing is decided before every stage has spoken."""
    if not parameters.get("proposals.review_stages_required"):
        return []
    names = "、".join(str(stage) for stage in Spoken([proposal]).left(proposal))
    return [_("还缺%s的意见；请先提出审查意见，再作决定。") % names] if names else []
