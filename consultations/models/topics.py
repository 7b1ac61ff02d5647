"""Topics: what is consulted on, from a member's phone to the plan and on to the result."""

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase

from consultations.models.lists import DeclineReason, SessionForm
from consultations.models.plans import FINAL_BODY, AnnualPlan
from consultations.models.rights import chairs, has, is_proposer, runs
from cppcc_portal.office import parameters
from cppcc_portal.office.decisions import Decision
from cppcc_portal.office.workflow import Move, StatusChange, Workflow
from members.models import Committee, Membership, Person


def name_of(topic: "Topic", field: str) -> str:
    """What a field is called on the page."""
    return str(topic._meta.get_field(field).verbose_name)  # type: ignore[union-attr]


def text_is_complete(topic: "Topic") -> list[Any]:
    """What a topic still lacks before the office may see it."""
    missing: list[Any] = []
    if not topic.title.strip():
        missing.append(_("请填写题目。"))
    if not topic.background.strip():
        missing.append(_("请写明背景和理由。"))
    limit = parameters.get("consultations.topic_limit")
    if (length := len(topic.background) + len(topic.suggestion)) > limit:
        missing.append(
            _("背景和建议共 %(length)d 字，最多 %(limit)d 字，请精简。")
            % {"length": length, "limit": limit}
        )
    if not topic.no_secret:
        missing.append(_("请确认内容不涉密，也不是个人诉求、举报或诉讼事项。"))
    return missing


def criteria_are_answered(topic: "Topic") -> list[Any]:
    """党政所需、群众所盼、政协所能: each in a line, and a committee that takes the topic on."""
    missing: list[Any] = []
    for name in ("needed", "hoped_for", "feasible"):
        if not getattr(topic, name).strip():
            label = name_of(topic, name)
            missing.append(_("请用一句话回答“%s”。") % label)
    if topic.committee_id is None:
        missing.append(_("请选择承办的专委会。"))
    return missing


def reason_is_given(topic: "Topic") -> list[Any]:
    if topic.decline_reason_id is None or not topic.decline_note.strip():
        return [_("请选择理由，并写明告诉提出人的话。")]
    return []


def plan_takes_it(topic: "Topic") -> list[Any]:
    if topic.plan is None:
        return [_("请选择列入哪一年的计划。")]
    missing: list[Any] = []
    if topic.plan.status not in (AnnualPlan.Status.COLLECTING, AnnualPlan.Status.DRAFTING):
        missing.append(
            _("%(plan)s目前是「%(status)s」，不能再列入；须先退回修改，或按计划调整办理。")
            % {"plan": topic.plan, "status": topic.plan.get_status_display()}
        )
    if lacks := topic.lacks_for_plan():
        missing.append(_("列入计划还缺：%s。") % "、".join(lacks))
    return missing


def plan_is_open(topic: "Topic") -> list[Any]:
    if topic.plan and topic.plan.status in (AnnualPlan.Status.ISSUED, AnnualPlan.Status.CLOSED):
        return [_("计划已经印发，不能直接移出；请按计划调整办理。")]
    return []


def is_approved(topic: "Topic") -> list[Any]:
    """Rule 7: nothing runs before the approving body's decision is on record."""
    decision, plan = topic.approval, topic.plan
    if decision is None or not decision.lets_go_on:
        return [_("还没有通过的会议决定。区委常委会批准后才能实施。")]
    by_final_body = decision.body.code == FINAL_BODY
    if not by_final_body and (plan is None or plan.route_decision_id is None):
        return [_("年度计划的议题须由区委常委会批准；这份决定的机构是%s。") % decision.body]
    if plan is None or plan.approval_id != decision.pk:
        return [_("批准决定须与年度计划所记的决定一致。")]
    return []


def advice_is_settled(topic: "Topic") -> list[Any]:
    """No recommendation of the topic may still be open."""
    # One row for each recommendation: the path leads through sessions and their documents.
    still = topic.sessions.filter(documents__recommendations__status="submitted").count()
    if still:
        return [_("还有 %d 条意见建议没有办结，请先核实或确认答复。") % still]
    return []


def amendment_is_decided(topic: "Topic") -> list[Any]:
    decision = topic.cancelled_by
    if decision is None or not decision.lets_go_on:
        return [_("取消已批准的议题须有通过的会议决定，请先登记决定再选择。")]
    return []


class TopicQuerySet(models.QuerySet["Topic"]):
    def visible_to(self, user: Any) -> "TopicQuerySet":
        """One's own; the committee in charge its own; members what the issued plan holds; the office all."""
        if not user.is_active:
            return self.none()
        shown = Q(proposer__in=user.seat_ids) | Q(entered_by=user)
        if user.has_perm("consultations.view_topic"):
            return self.filter(shown | ~Q(status=Topic.Status.DRAFT))
        if user.body_ids:
            # The delegated right is what counts, not the column that names the committee.
            granted = TopicGroupPermission.objects.filter(group__user=user)
            shown |= Q(pk__in=granted.values("content_object"), committee__in=user.body_ids) & ~Q(
                status=Topic.Status.DRAFT
            )
        if user.has_perm("consultations.read_plan"):
            shown |= Q(status__in=Topic.APPROVED_ON)
        return self.filter(shown)

    def proposed_by(self, user: Any) -> "TopicQuerySet":
        return self.filter(Q(proposer__in=user.seat_ids) | Q(entered_by=user))

    def of_committees(self, bodies: Any) -> "TopicQuerySet":
        return self.filter(committee__in=bodies)

    def with_names(self) -> "TopicQuerySet":
        """With what a list shows of each row; a constant number of queries."""
        return self.select_related(
            "plan", "committee", "form", "leader", "proposer__person", "research"
        )


class Topic(Workflow):
    """One matter to be consulted on."""

    class Source(models.TextChoices):
        MEMBER = "member", _("委员")
        PARTY = "party", _("党委点题")
        GOVERNMENT = "government", _("政府部门")
        COMMITTEE = "committee", _("专委会")
        SECTOR = "sector", _("界别")
        TOWN = "town", _("镇街政协工委")
        OPINION = "opinion", _("社情民意")
        PUBLIC = "public", _("社会征集")

    class Status(models.TextChoices):
        DRAFT = "draft", _("草稿")
        PROPOSED = "proposed", _("已提出·待审核")
        RETURNED = "returned", _("退回修改")
        SCREENED = "screened", _("已审核·待列入计划")
        DECLINED = "declined", _("未采用")
        IN_PLAN = "in_plan", _("已列入计划·待批准")
        APPROVED = "approved", _("已批准·待调研")
        RESEARCHING = "researching", _("调研中")
        RESEARCH_DONE = "research_done", _("调研完成·待协商")
        CONSULTED = "consulted", _("已协商·待报送成果")
        OUTCOME_SENT = "outcome_sent", _("成果已报送·待交办")
        TRACKING = "tracking", _("跟踪落实")
        CLOSED = "closed", _("已办结")
        CANCELLED = "cancelled", _("已取消")

    APPROVED_ON = (
        Status.APPROVED,
        Status.RESEARCHING,
        Status.RESEARCH_DONE,
        Status.CONSULTED,
        Status.OUTCOME_SENT,
        Status.TRACKING,
        Status.CLOSED,
    )
    RUNNING = frozenset(APPROVED_ON) - {Status.CLOSED}
    WRITING = (Status.DRAFT, Status.RETURNED)

    MOVES: ClassVar[Mapping[str, Move]] = {
        "submit": Move(
            {Status.DRAFT, Status.RETURNED},
            Status.PROPOSED,
            _("提交"),
            _("提出人"),
            is_proposer,
            text_is_complete,
        ),
        "recall": Move({Status.PROPOSED}, Status.DRAFT, _("撤回"), _("提出人"), is_proposer),
        "screen": Move(
            {Status.PROPOSED},
            Status.SCREENED,
            _("审核通过"),
            _("秘书处办公室、专委会工作人员"),
            has("screen_topic"),
            criteria_are_answered,
        ),
        "return_": Move(
            {Status.PROPOSED},
            Status.RETURNED,
            _("退回修改"),
            _("秘书处办公室、专委会工作人员"),
            has("screen_topic"),
        ),
        "not_take": Move(
            {Status.PROPOSED, Status.SCREENED},
            Status.DECLINED,
            _("不采用"),
            _("秘书处办公室"),
            has("plan_topics"),
            reason_is_given,
        ),
        "put_in_plan": Move(
            {Status.SCREENED},
            Status.IN_PLAN,
            _("列入计划"),
            _("秘书处办公室"),
            has("plan_topics"),
            plan_takes_it,
        ),
        "take_from_plan": Move(
            {Status.IN_PLAN},
            Status.SCREENED,
            _("移出计划"),
            _("秘书处办公室"),
            has("plan_topics"),
            plan_is_open,
        ),
        "approve": Move(
            {Status.IN_PLAN}, Status.APPROVED, _("批准"), guard=is_approved, by_itself=True
        ),
        "start_research": Move(
            {Status.APPROVED}, Status.RESEARCHING, _("开始调研"), _("专委会"), runs, is_approved
        ),
        "finish_research": Move(
            {Status.RESEARCHING}, Status.RESEARCH_DONE, _("调研完成"), by_itself=True
        ),
        "hold": Move({Status.RESEARCH_DONE}, Status.CONSULTED, _("协商完成"), by_itself=True),
        "send_outcome": Move(
            {Status.CONSULTED}, Status.OUTCOME_SENT, _("成果报送"), by_itself=True
        ),
        "track": Move({Status.OUTCOME_SENT}, Status.TRACKING, _("交办完成"), by_itself=True),
        "close": Move(
            {Status.TRACKING}, Status.CLOSED, _("办结"), _("专委会主任"), chairs, advice_is_settled
        ),
        # A look-back found that something came apart again.
        "reopen": Move({Status.CLOSED}, Status.TRACKING, _("重新跟踪"), by_itself=True),
        "cancel": Move(
            {Status.APPROVED, Status.RESEARCHING, Status.RESEARCH_DONE},
            Status.CANCELLED,
            _("取消"),
            _("秘书处办公室"),
            has("plan_topics"),
            amendment_is_decided,
        ),
    }

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("题目"), max_length=100, blank=True)
    source = models.CharField(_("来源"), max_length=12, choices=Source, default=Source.MEMBER)
    proposer = models.ForeignKey(
        Membership,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="topics",
        verbose_name=_("提出人"),
    )
    proposed_for = models.CharField(
        _("提出单位"), max_length=80, blank=True, help_text=_("不是委员提出时填写。")
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("录入人")
    )
    background = models.TextField(_("背景和理由"), blank=True)
    suggestion = models.TextField(_("关键问题和建议"), blank=True)
    no_secret = models.BooleanField(_("不涉密，也不是个人诉求、举报或诉讼事项"), default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    saved_at = models.DateTimeField(_("保存时间"), default=timezone.now, editable=False)
    submitted_at = models.DateTimeField(_("提出时间"), null=True, blank=True, editable=False)
    # The office's three criteria, a line each (rule of the newsletter).
    needed = models.CharField(_("党政所需"), max_length=200, blank=True)
    hoped_for = models.CharField(_("群众所盼"), max_length=200, blank=True)
    feasible = models.CharField(_("政协所能"), max_length=200, blank=True)
    committee = models.ForeignKey(
        Committee,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="topics",
        verbose_name=_("承办专委会"),
    )
    plan = models.ForeignKey(
        AnnualPlan,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="rows",
        verbose_name=_("年度计划"),
    )
    number = models.PositiveSmallIntegerField(_("计划内序号"), null=True, blank=True)
    form = models.ForeignKey(
        SessionForm,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("协商形式"),
    )
    leader = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("牵头领导")
    )
    month = models.PositiveSmallIntegerField(_("计划月份"), null=True, blank=True)
    is_key = models.BooleanField(_("重点议题"), default=False)
    decline_reason = models.ForeignKey(
        DeclineReason,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("不采用理由"),
    )
    decline_note = models.CharField(_("不采用说明"), max_length=500, blank=True)
    # The proofs that the guarded status needs, set in the same UPDATE as the status.
    approval = models.ForeignKey(
        Decision,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("批准决定"),
    )
    cancelled_by = models.ForeignKey(
        Decision,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("取消的决定"),
    )
    status = models.CharField(
        _("状态"), max_length=14, choices=Status, default=Status.DRAFT, editable=False
    )

    objects: ClassVar = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("议题")
        ordering = ["-pk"]
        permissions = [
            ("screen_topic", _("审核议题")),
            ("run_topic", _("承办议题")),
            ("run_topics", _("代专委会承办议题")),
            ("read_plan", _("查看已印发的计划")),
            ("enter_for_others", _("代录")),
        ]
        indexes = [
            models.Index(fields=["status", "-id"], name="consultations_topic_newest"),
            models.Index(fields=["plan", "number"], name="consultations_plan_rows"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "number"],
                condition=Q(number__isnull=False),
                name="consultations_row_number_once",
            ),
            models.CheckConstraint(
                condition=Q(month__isnull=True) | Q(month__range=(1, 12)),
                name="consultations_topic_month",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "proposed", "returned", "screened", "declined"])
                | (Q(plan__isnull=False) & Q(number__isnull=False)),
                name="consultations_planned_topic_has_plan",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=["draft", "proposed", "returned", "screened", "declined", "in_plan"]
                )
                | Q(approval__isnull=False),
                name="consultations_running_topic_is_approved",
                violation_error_message=_("没有区委常委会的批准决定，议题不能实施。"),
            ),
            models.CheckConstraint(
                condition=~Q(status="declined") | Q(decline_reason__isnull=False),
                name="consultations_declined_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(status="cancelled") | Q(cancelled_by__isnull=False),
                name="consultations_cancelled_is_decided",
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(_("（未填题目）"))

    def get_absolute_url(self) -> str:
        return reverse("consultations:topic", args=[self.pk])

    def lacks_for_plan(self) -> list[str]:
        """The fields of a plan row that are still empty, by name."""
        wanted = ("form", "committee", "leader", "month")
        return [
            name_of(self, name)
            for name in wanted
            if not getattr(self, f"{name}_id" if name != "month" else name)
        ]

    @property
    def is_entered_for_other(self) -> bool:
        """Whether staff typed a member's paper (rule 17)."""
        return self.proposer is not None and self.proposer.person.user_id != self.entered_by_id

    @property
    def proposer_name(self) -> str:
        if self.proposer is not None:
            return str(self.proposer.person.name)
        return self.proposed_for or str(self.get_source_display())


class TopicChange(StatusChange):
    """History of one topic."""

    subject = models.ForeignKey(Topic, models.CASCADE, related_name="changes")


class TopicGroupPermission(GroupObjectPermissionBase):
    """The right to run one topic, delegated to the committee's group; gone with the topic."""

    content_object = models.ForeignKey(Topic, models.CASCADE)
