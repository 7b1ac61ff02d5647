"""What comes out of a session: a document, and in it recommendations, one numbered sentence each."""

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consultations.models import rights
from consultations.models.research import Finding
from consultations.models.sessions import Session
from consultations.models.topics import Topic
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.workflow import Move, StatusChange, Workflow
from members.models import Membership, Unit


def sends_outcome(document: "OutcomeDocument", user: Any) -> bool:
    return rights.has("submit_outcome")(document, user)


def document_is_whole(document: "OutcomeDocument") -> list[Any]:
    """Minutes are signed, the number is given, and at least one recommendation is in it."""
    missing: list[Any] = []
    if document.session.status not in (Session.Status.MINUTES_SIGNED, Session.Status.ARCHIVED):
        missing.append(_("纪要签发后才能报送成果。"))
    if not document.title.strip():
        missing.append(_("请填写成果标题。"))
    if not document.document_number.strip():
        missing.append(_("请填写文号。"))
    if not document.recommendations.exists():
        missing.append(_("请至少提炼一条意见建议。"))
    return missing


class OutcomeDocument(Workflow):
    """A report, formal proposal or bulletin sent to the Party committee and the government."""

    class Kind(models.TextChoices):
        REPORT = "report", _("协商报告")
        PROPOSAL = "proposal", _("建议案")
        BULLETIN = "bulletin", _("协商专报")
        MINUTES = "minutes", _("纪要")

    class Status(models.TextChoices):
        DRAFT = "draft", _("起草中")
        SUBMITTED = "submitted", _("已报送")

    MOVES: ClassVar[Mapping[str, Move]] = {
        "submit": Move(
            {Status.DRAFT},
            Status.SUBMITTED,
            _("报送"),
            _("秘书处办公室、秘书长"),
            sends_outcome,
            document_is_whole,
        ),
    }

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    session = models.ForeignKey(
        Session, models.PROTECT, related_name="documents", verbose_name=_("协商活动")
    )
    kind = models.CharField(_("种类"), max_length=10, choices=Kind, default=Kind.BULLETIN)
    title = models.CharField(_("标题"), max_length=120)
    text = models.TextField(_("内容"), blank=True)
    document_number = models.CharField(_("文号"), max_length=60, blank=True)
    file = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("文件")
    )
    submitted_on = models.DateField(_("报送日期"), null=True, blank=True, editable=False)
    status = models.CharField(
        _("状态"), max_length=10, choices=Status, default=Status.DRAFT, editable=False
    )

    class Meta:
        verbose_name = verbose_name_plural = _("协商成果")
        ordering = ["-pk"]
        permissions = [("submit_outcome", _("报送协商成果"))]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="submitted")
                | (~Q(document_number="") & Q(submitted_on__isnull=False)),
                name="consultations_submitted_has_number",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return self.session.get_absolute_url()


class OutcomeDocumentChange(StatusChange):
    """History of one document."""

    subject = models.ForeignKey(OutcomeDocument, models.CASCADE, related_name="changes")


class RecommendationQuerySet(models.QuerySet["Recommendation"]):
    def visible_to(self, user: Any) -> "RecommendationQuerySet":
        """Whoever sees the topic, once submitted; before, those who see the session."""
        if not user.is_active:
            return self.none()
        if user.has_perm("consultations.view_recommendation"):
            return self
        topics = Topic.objects.visible_to(user)
        submitted = Q(document__session__topic__in=topics) & ~Q(status="draft")
        own = Q(document__session__topic__committee__in=user.body_ids)
        return self.filter(submitted | own)

    def of_topic(self, topic: Topic) -> "RecommendationQuerySet":
        return self.filter(document__session__topic=topic)


class Recommendation(Workflow):
    """One numbered sentence of advice to one lead unit, resting on a finding or on the minutes."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("草稿")
        SUBMITTED = "submitted", _("已报送")
        SETTLED = "settled", _("已办结")

    MOVES: ClassVar[Mapping[str, Move]] = {
        "submit": Move({Status.DRAFT}, Status.SUBMITTED, _("随成果报送"), by_itself=True),
        "settle": Move({Status.SUBMITTED}, Status.SETTLED, _("办结"), by_itself=True),
        "reopen": Move({Status.SETTLED}, Status.SUBMITTED, _("重新跟踪"), by_itself=True),
    }

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    document = models.ForeignKey(
        OutcomeDocument, models.PROTECT, related_name="recommendations", verbose_name=_("成果")
    )
    number = models.PositiveSmallIntegerField(_("序号"))
    text = models.TextField(_("意见建议"))
    finding = models.ForeignKey(
        Finding,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="recommendations",
        verbose_name=_("依据的调研发现"),
    )
    minute = models.CharField(
        _("依据的纪要内容"), max_length=300, blank=True, help_text=_("没有调研发现时填写。")
    )
    voiced_by = models.ForeignKey(
        Membership,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="recommendations",
        verbose_name=_("提出的委员"),
    )
    lead = models.ForeignKey(
        Unit, models.PROTECT, related_name="recommendations", verbose_name=_("主办单位")
    )
    assist = models.ManyToManyField(Unit, blank=True, related_name="+", verbose_name=_("协办单位"))
    status = models.CharField(
        _("状态"), max_length=10, choices=Status, default=Status.DRAFT, editable=False
    )

    objects: ClassVar = RecommendationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("意见建议")
        ordering = ["document", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "number"], name="consultations_recommendation_number"
            ),
            models.CheckConstraint(
                condition=Q(finding__isnull=False) | ~Q(minute=""),
                name="consultations_no_advice_without_research",
                violation_error_message=_(
                    "不调研不建言：请选择依据的调研发现，或写明依据的纪要内容。"
                ),
            ),
            models.CheckConstraint(
                condition=~Q(text=""), name="consultations_recommendation_has_text"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.text}"

    def get_absolute_url(self) -> str:
        return self.document.session.get_absolute_url()


class RecommendationChange(StatusChange):
    """History of one recommendation."""

    subject = models.ForeignKey(Recommendation, models.CASCADE, related_name="changes")
