"""What units say: the joint unit's opinion to the lead unit, the reply to the proposers."""

import hashlib
import uuid
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office import parameters
from cppcc_portal.office.files import Attachment
from members.models import Commitment
from proposals.models.lists import ResultClass

if TYPE_CHECKING:
    from proposals.models.handlings import Handling

PROMISE_PARTS = ("what", "who", "due_on")


def is_joint(handling: "Handling") -> list[Any]:
    if handling.role != handling.Role.JOINT:
        return [_("会办意见由会办单位提交；主办、分办单位请直接答复。")]
    if handling.joint_opinion_id is None:
        return [_("请先写会办意见。")]
    return []


def is_asked(step: str, handling: "Handling") -> bool:
    """Whether the office asks for this step (countersign, sign_off, check_reply) of every reply or of key ones."""
    if step == "sign_off" and handling.round > 1:
        return True  # a second round is the principal leader's own business, whatever the setting
    scope = parameters.get(f"proposals.{step}")
    return bool(scope == "all" or (scope == "key" and handling.proposal.is_key))


def must_be_principal(handling: "Handling") -> bool:
    """Whether only the unit's principal leader may sign: of a second round always, else as the office sets."""
    if handling.round > 1:
        return True
    kind = "key" if handling.proposal.is_key else "other"
    return bool(parameters.get(f"proposals.signer_{kind}") == "principal")


def reply_is_written(handling: "Handling") -> list[Any]:
    """What a reply still lacks before it goes on: the right unit, opinions, class, number, promises."""
    if handling.role == handling.Role.JOINT:
        return [_("会办单位不直接答复提案人，请把会办意见交给主办单位。")]
    reply = handling.current_reply
    if reply is None:
        return [_("请先写答复。")]
    missing: list[Any] = []
    if not reply.text.strip():
        missing.append(_("答复正文还没有写。"))
    if reply.result_class_id is None:
        missing.append(_("请选择办理结果类别（A、B、C）。"))
    if not reply.document_number.strip():
        missing.append(_("请填写答复函文号。"))
    if reply.must_promise and reply.first_commitment_id is None and not reply.planned_promises:
        missing.append(_("B 类答复或有承诺的答复，须写明至少一项承诺：做什么、谁负责、何时完成。"))
    if parameters.get("proposals.joint_opinions_block") and handling.round == 1:
        late = [
            str(other.unit)
            for other in handling.proposal.handlings.all()
            if other.role == handling.Role.JOINT
            and other.status not in (handling.Status.OPINION_GIVEN, *handling.GONE)
            and not (other.due_on and timezone.localdate(handling.moment) > other.due_on)
        ]
        if late:
            missing.append(
                _("会办单位 %s 的意见还没有到，期限也还没有过；请等候或催办后再答复。")
                % "、".join(late)
            )
    return [*missing, *not_countersigned(handling, reply)]


def not_countersigned(handling: "Handling", reply: "Reply") -> list[Any]:
    """Where joint units countersign: who has not been shown these very words, or may still answer."""
    if not is_asked("countersign", handling):
        return []
    asked = {row.handling_id: row for row in reply.countersigns.filter(digest=reply.digest)}
    unasked, waiting = [], []
    for other in handling.proposal.handlings.all():
        if other.role != handling.Role.JOINT or other.status in handling.GONE:
            continue
        row = asked.get(other.pk)
        if row is None or row.status == row.Status.LAPSED:
            unasked.append(str(other.unit))
        elif row.is_awaited(timezone.localdate(handling.moment)):
            waiting.append(str(other.unit))
    missing: list[Any] = []
    if unasked:
        missing.append(
            _("这份答复稿还没有送 %s 会签；请先点“送会签”。改动正文或类别后须重新会签。")
            % "、".join(unasked)
        )
    if waiting:
        missing.append(
            _("%s 还没有会签，期限也还没有过；请等候或催办后再报送。") % "、".join(waiting)
        )
    return missing


def reply_is_signed(handling: "Handling") -> list[Any]:
    """As written, and signed: by name, and by the unit's leader where the office asks for it."""
    missing = reply_is_written(handling)
    reply = handling.current_reply
    if reply is None or handling.role == handling.Role.JOINT:
        return missing
    if is_asked("sign_off", handling) and reply.signed_at is None:
        missing.append(
            _("这件提案的答复须由单位负责人签发：请送签发，或附上已签发的答复函扫描件。")
            if handling.round == 1
            else _("重新办理的答复须由单位主要负责人签发：请送签发，或附上已签发的答复函扫描件。")
        )
    if not reply.signer.strip():
        missing.append(_("请填写签发人。"))
    if not reply.signer_post.strip():
        missing.append(_("请填写签发人职务。"))
    # Who signed in the portal was asked for then: the leader of a unit that has named no principal one.
    if (
        must_be_principal(handling)
        and reply.signed_by_id is None
        and reply.signer_rank != Reply.Rank.PRINCIPAL
    ):
        missing.append(
            _("这件答复须由单位主要负责人签发：请核对签发人，并把签发人层级选为“主要负责人”。")
        )
    return missing


def reply_may_go(handling: "Handling") -> list[Any]:
    """As signed, and no check stands between the unit and the proposers."""
    missing = reply_is_signed(handling)
    if is_asked("check_reply", handling):
        missing.append(_("这件提案的答复须先送督查部门审核，审核通过后发出。"))
    return missing


class JointOpinion(models.Model):
    """What a joint unit says to the lead unit; proposers read it inside the reply only."""

    handling = models.ForeignKey("proposals.Handling", models.PROTECT, related_name="opinions")
    document_number = models.CharField(_("文号"), max_length=60, blank=True)
    text = models.TextField(_("会办意见"))
    signer = models.CharField(_("签发人"), max_length=30)
    signer_post = models.CharField(_("签发人职务"), max_length=60, blank=True)
    # As the unit was called when it said so.
    unit_name = models.CharField(_("当时单位名称"), max_length=80, blank=True, editable=False)
    given_at = models.DateTimeField(default=timezone.now)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("会办意见")
        ordering = ["-given_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(signer="") & ~Q(unit_name=""),
                name="proposals_opinion_is_whole",
            )
        ]

    def __str__(self) -> str:
        return self.document_number or str(self.handling)

    @property
    def signed_as(self) -> str:
        """Who signed, with the post where it was told."""
        return f"{self.signer}（{self.signer_post}）" if self.signer_post else self.signer


class ReplyQuerySet(models.QuerySet["Reply"]):
    def sent(self) -> "ReplyQuerySet":
        return self.filter(sent_at__isnull=False)


class Reply(models.Model):
    """A unit's written answer of one round; a draft until sent, then never changed."""

    class Openness(models.TextChoices):
        FULL = "full", _("全文公开")
        SUMMARY = "summary", _("摘要公开")
        NONE = "none", _("不公开")

    class Rank(models.TextChoices):
        PRINCIPAL = "principal", _("主要负责人")
        LEADER = "leader", _("分管负责人")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    handling = models.ForeignKey("proposals.Handling", models.PROTECT, related_name="replies")
    round = models.PositiveSmallIntegerField(_("轮次"), default=1)
    result_class = models.ForeignKey(
        ResultClass,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("结果类别"),
    )
    document_number = models.CharField(_("文号"), max_length=60, blank=True)
    text = models.TextField(_("答复正文"), blank=True)
    signer = models.CharField(_("签发人"), max_length=30, blank=True)
    signer_post = models.CharField(_("签发人职务"), max_length=60, blank=True)
    signer_rank = models.CharField(_("签发人层级"), max_length=10, choices=Rank, blank=True)
    contact_name = models.CharField(_("联系人"), max_length=30, blank=True)
    contact_phone = models.CharField(_("联系电话"), max_length=30, blank=True)
    openness = models.CharField(
        _("公开属性"), max_length=10, choices=Openness, default=Openness.FULL
    )
    promised = models.BooleanField(_("含承诺"), default=False)
    # Promises as far as they are typed (texts, perhaps incomplete); on record only once sent.
    planned = models.JSONField(_("拟写的承诺"), default=list, blank=True)
    first_commitment = models.ForeignKey(
        Commitment, models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    due_on = models.DateField(_("当时期限"), null=True, blank=True)
    # The unit as it was called when it sent this reply.
    unit_name = models.CharField(_("当时单位名称"), max_length=80, blank=True, editable=False)
    # Signed by the unit's leader in the portal, or on paper (the scan).
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    signed_at = models.DateTimeField(_("签发时间"), null=True, blank=True)
    signed_paper = models.ForeignKey(
        Attachment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("已签发的答复函"),
    )
    # Handed in for the check, by whom and when; the class the unit gave, where the check changed it.
    handed_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    handed_in_at = models.DateTimeField(_("报审时间"), null=True, blank=True)
    given_class = models.ForeignKey(
        ResultClass,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("单位所报类别"),
    )
    class_reason = models.CharField(_("更改类别的理由"), max_length=500, blank=True)

    objects: ClassVar = ReplyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("答复")
        ordering = ["round", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["handling", "round"], name="proposals_reply_a_round"),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True)
                | Q(promised=False)
                | Q(first_commitment__isnull=False),
                name="proposals_promise_is_on_record",
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True)
                | (
                    Q(result_class__isnull=False, sent_by__isnull=False, due_on__isnull=False)
                    & ~Q(text="")
                    & ~Q(document_number="")
                    & ~Q(signer="")
                    & ~Q(unit_name="")
                ),
                name="proposals_sent_reply_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(signer_rank="") | ~Q(signer_post=""),
                name="proposals_ranked_signer_has_post",
            ),
            models.CheckConstraint(
                condition=Q(given_class__isnull=True) | ~Q(class_reason=""),
                name="proposals_changed_class_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True)
                | Q(signed_by__isnull=False)
                | Q(signed_paper__isnull=False),
                name="proposals_signed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.document_number or str(self.handling)

    def get_absolute_url(self) -> str:
        return self.handling.proposal.get_absolute_url()

    @property
    def unit_named(self) -> str:
        """The unit under the name that stands, or will stand, under this reply."""
        return self.unit_name or str(self.handling.unit)

    @property
    def must_promise(self) -> bool:
        """Whether it promises, by its own word or by its class."""
        return self.promised or bool(self.result_class and self.result_class.needs_commitment)

    @property
    def is_sent(self) -> bool:
        return self.sent_at is not None

    @property
    def planned_promises(self) -> list[dict[str, Any]]:
        """The promises written in the draft that are whole: what, who, and a day."""
        whole = [row for row in self.planned if all(row.get(part) for part in PROMISE_PARTS)]
        return [{**row, "due_on": date.fromisoformat(row["due_on"])} for row in whole]

    @property
    def digest(self) -> str:
        """SHA-256 of what joint units countersign: the words and the class that the unit gives."""
        given = self.given_class_id or self.result_class_id or ""
        words = f"{self.text.strip()}\x1f{given}".replace("\r\n", "\n")
        return hashlib.sha256(words.encode()).hexdigest()
