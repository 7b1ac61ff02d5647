"""Publication (公开): what of a proposal and its replies everybody may read, after consent and a check."""

import hashlib
import uuid
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.disclosures import Disclosure, disclosures
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.workflow import Move, StatusChange, Workflow
from members.models import Unit
from proposals.models.handlings import Handling
from proposals.models.proposals import Proposal, TextVersion
from proposals.models.proposers import Proposer
from proposals.models.replies import Reply
from proposals.models.rights import acts_for_unit, has

WIDTH = {Reply.Openness.NONE: 0, Reply.Openness.SUMMARY: 1, Reply.Openness.FULL: 2}


def sent_replies(proposal: Proposal) -> models.QuerySet[Reply]:
    """Every reply that the proposers have received, the lead unit's first."""
    rows = Reply.objects.sent().filter(handling__proposal=proposal)
    return rows.select_related("handling__unit", "result_class").order_by("handling_id", "round")


def public_digest(parts: Mapping[str, str], replies: Iterable[tuple[int, str, str]]) -> str:
    """SHA-256 of the title, the parts and the replies (key, openness, words) of a public version."""
    words = [parts[name].strip() for name in PublicVersion.PARTS]
    words += [f"{pk}:{openness}:{text.strip()}" for pk, openness, text in sorted(replies)]
    return hashlib.sha256("\x1f".join(words).replace("\r\n", "\n").encode()).hexdigest()


def ready_to_publish(publication: "Publication") -> list[Any]:
    """What stands between the version at hand and the public, each with the way on."""
    version = publication.current
    if publication.proposal.status not in Proposal.STANDING:
        return [_("只有已立案的提案才能公开。")]
    if version is None:
        return [_("还没有公开稿，请先拟公开稿。")]
    missing: list[Any] = []
    replies = list(version.replies.select_related("reply__handling__unit"))
    for who in publication.lacks_consent_of(replies):
        missing.append(_("还没有 %s 同意公开的记录，请先征求同意，或代录书面同意。") % who)
    taken = {item.reply_id for item in replies}
    for reply in sent_replies(publication.proposal):
        if reply.pk not in taken:
            missing.append(_("%s的答复是拟稿之后收到的，请在公开稿里补上。") % reply.handling.unit)
    if version.based_on_id != publication.proposal.current_text_id:
        missing.append(_("拟稿之后提案文字有改动，请对照新文字再存一次公开稿。"))
    found = version.disclosures()
    missing += [_("公开稿里有%s，请删去或改写。") % item for item in found if item.must_go]
    if not publication.hints_confirmed and any(not item.must_go for item in found):
        missing.append(_("公开稿里有疑似地址或人名，请逐条看过并勾选确认，或改写。"))
    if not publication.secrecy_confirmed:
        missing.append(_("请确认公开稿不涉及国家秘密、工作秘密、商业秘密和个人隐私。"))
    return missing


class PublicationQuerySet(models.QuerySet["Publication"]):
    def visible_to(self, user: Any) -> "PublicationQuerySet":
        """The office sees all; whoever sees the proposal sees whether and what of it is public."""
        if not user.is_active:
            return self.none()
        if user.has_perm("proposals.view_publication"):
            return self
        seen = Proposal.objects.visible_to(user)
        return self.filter(proposal__in=seen.values("pk")).exclude(status=Publication.Status.GONE)

    def waiting(self) -> "PublicationQuerySet":
        """待公开: a text or a reply has still to be made public."""
        return self.filter(due_on__isnull=False)

    def public(self) -> "PublicationQuerySet":
        """What visitors may read; a proposal that is no longer filed has no public page, whoever ended it."""
        return self.filter(status=Publication.Status.PUBLIC, proposal__status__in=Proposal.STANDING)

    def search(self, words: str) -> "PublicationQuerySet":
        """By number or words of the public title; the internal title is never asked."""
        words = words.strip()
        return self.filter(Q(current__title__icontains=words) | Q(proposal__label=words))


class Publication(Workflow):
    """The public side of one proposal: at most one version of it is public."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("待公开")
        PUBLIC = "public", _("已公开")
        INTERNAL = "internal", _("不公开")
        GONE = "gone", _("已移出")

    MOVES: ClassVar[Mapping[str, Move]] = {
        "publish": Move(
            {Status.WAITING, Status.INTERNAL, Status.PUBLIC},
            Status.PUBLIC,
            _("公开"),
            _("提案委办公室"),
            has("publish_proposal"),
            ready_to_publish,
        ),
        "keep_internal": Move(
            {Status.WAITING},
            Status.INTERNAL,
            _("不予公开"),
            _("提案委办公室"),
            has("publish_proposal"),
        ),
        "unpublish": Move(
            {Status.PUBLIC},
            Status.INTERNAL,
            _("取消公开"),
            _("提案委办公室、秘书长"),
            has("unpublish_proposal"),
        ),
        "end": Move(
            {Status.WAITING, Status.PUBLIC, Status.INTERNAL},
            Status.GONE,
            _("随提案终止公开"),
            by_itself=True,
        ),
    }

    # The address of the public page; says nothing of the proposal's own key.
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    proposal = models.OneToOneField(
        Proposal, models.PROTECT, related_name="publication", verbose_name=_("提案")
    )
    status = models.CharField(
        _("公开状态"), max_length=10, choices=Status, default=Status.WAITING, editable=False
    )
    current = models.ForeignKey(
        "proposals.PublicVersion", models.PROTECT, null=True, blank=True, related_name="+"
    )
    # The proofs of a public page, set in the same UPDATE as the status.
    consented = models.BooleanField(_("提案人提交时同意公开"), default=False, editable=False)
    consent = models.ForeignKey(
        "proposals.PublicationConsent", models.PROTECT, null=True, blank=True, related_name="+"
    )
    secrecy_confirmed = models.BooleanField(_("已确认不涉密"), default=False, editable=False)
    hints_confirmed = models.BooleanField(_("提示已看过"), default=False, editable=False)
    published_at = models.DateTimeField(_("公开时间"), null=True, blank=True, editable=False)
    changed_at = models.DateTimeField(_("最近公开时间"), null=True, blank=True, editable=False)
    # Since it was kept from the public, only consents given later count.
    internal_since = models.DateTimeField(null=True, blank=True, editable=False)
    due_on = models.DateField(_("公开期限"), null=True, blank=True, editable=False)

    objects: ClassVar = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("提案公开")
        ordering = ["-pk"]
        permissions = [
            ("publish_proposal", _("公开提案")),
            ("unpublish_proposal", _("取消公开提案")),
        ]
        indexes = [
            models.Index(fields=["status", "-published_at", "-id"], name="proposals_public_newest"),
            models.Index(fields=["due_on", "id"], name="proposals_public_due"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="public")
                | Q(
                    current__isnull=False,
                    published_at__isnull=False,
                    changed_at__isnull=False,
                    secrecy_confirmed=True,
                ),
                name="proposals_public_has_a_version",
            ),
            models.CheckConstraint(
                condition=~Q(status="public") | Q(consented=True) | Q(consent__isnull=False),
                name="proposals_public_has_consent",
            ),
            models.CheckConstraint(
                condition=Q(status="public") | Q(current__isnull=True),
                name="proposals_only_public_has_current",
            ),
            models.CheckConstraint(
                condition=~Q(status="internal") | Q(internal_since__isnull=False),
                name="proposals_internal_since_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal.label} {self.proposal}".strip()

    def get_absolute_url(self) -> str:
        return reverse("proposals:publication", args=[self.pk])

    @property
    def public_url(self) -> str:
        """The page everybody can open, while it is public."""
        return reverse("public:proposal", args=[self.uid])

    @property
    def latest(self) -> "PublicVersion | None":
        """The newest version, public or not."""
        return self.versions.order_by("-number").first()

    @property
    def is_open_anew(self) -> bool:
        """Whether what was not public shall become so: that takes everybody's consent."""
        return self.proposal.may_publish is not True or self.internal_since is not None

    def consents_now(self) -> models.QuerySet["PublicationConsent"]:
        """The consents that count: those given since it was last kept from the public."""
        given = self.consents.all()
        return given.filter(at__gte=self.internal_since) if self.internal_since else given

    def answering(self) -> list[Handling]:
        """The shares whose units answer the proposers."""
        rows = Handling.objects.standing().filter(proposal=self.proposal_id)
        return list(rows.exclude(role=Handling.Role.JOINT).select_related("unit").order_by("pk"))

    def lacks_consent_of(self, replies: Iterable["PublicReply"] = ()) -> list["Proposer | Unit"]:
        """Whose consent has still to be recorded: to make public what was not, or more of a reply
        than its unit has set."""
        lacking: list[Proposer | Unit] = []
        units: list[Unit] = []
        given = list(self.consents_now().order_by("at"))
        agreed = {consent.unit_id: consent.at for consent in given}
        if self.is_open_anew:
            first = self.proposal.first_proposer
            if first is not None and first.pk not in {consent.proposer_id for consent in given}:
                lacking.append(first)
            units = [share.unit for share in self.answering() if share.unit_id not in agreed]
        for item in replies:
            reply = item.reply
            is_wider = WIDTH[Reply.Openness(item.openness)] > WIDTH[Reply.Openness(reply.openness)]
            said = agreed.get(reply.handling.unit_id)
            # Nobody agrees to a reply that is not there yet.
            if is_wider and not (said and reply.sent_at and said >= reply.sent_at):
                units.append(reply.handling.unit)
        return [*lacking, *dict.fromkeys(units)]

    def asked_of(self) -> list["Proposer | Unit"]:
        """Whose consent has still to be recorded before the newest version can be public."""
        version = self.latest
        replies = version.replies.select_related("reply__handling__unit") if version else ()
        return self.lacks_consent_of(replies)

    def sides_of(self, user: Any) -> list["Proposer | Unit"]:
        """Those of `asked_of` for whom this person speaks; nobody speaks for both sides."""
        sides: list[Proposer | Unit] = []
        own = self.proposal.is_proposer(user)
        shares = {share.unit_id: share for share in self.answering()}
        for side in self.asked_of():
            if isinstance(side, Proposer):
                if side.is_user(user):
                    sides.append(side)
            elif not own and side.pk in shares and acts_for_unit(shares[side.pk], user):
                sides.append(side)
        return sides


class PublicationChange(StatusChange):
    """History of one publication."""

    subject = models.ForeignKey(Publication, models.CASCADE, related_name="changes")


class PublicVersion(models.Model):
    """What was prepared for the public, frozen with its hash: never changed, a change makes a new one."""

    PARTS: ClassVar = ("title", "situation", "analysis", "suggestions")

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("第几稿"))
    title = models.CharField(_("案由"), max_length=200)
    situation = models.TextField(_("情况"), blank=True)
    analysis = models.TextField(_("分析"), blank=True)
    suggestions = models.TextField(_("建议"))
    digest = models.CharField(max_length=64)
    # The internal text it was made from, beside which it is shown.
    based_on = models.ForeignKey(TextVersion, models.PROTECT, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = _("公开稿")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "number"], name="proposals_public_version_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} · {self.number}"

    @property
    def parts(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in self.PARTS}

    def disclosures(self) -> list[Disclosure]:
        """What it gives away: numbers that must go, and what is to be looked at."""
        replies = list(self.replies.select_related("reply"))
        proposers = self.publication.proposal.proposers.confirmed().with_people()
        names = [one.name for one in proposers if one.person is not None]
        names += [item.reply.contact_name for item in replies]
        words = [*self.parts.values(), *(item.text for item in replies)]
        return disclosures("\n".join(words), names=list(dict.fromkeys(names)))


class PublicReply(models.Model):
    """The public words of one reply in one version: the whole, a summary, or only that there is one."""

    version = models.ForeignKey(PublicVersion, models.PROTECT, related_name="replies")
    reply = models.ForeignKey(Reply, models.PROTECT, related_name="public_versions")
    openness = models.CharField(_("公开属性"), max_length=10, choices=Reply.Openness)
    text = models.TextField(_("公开内容"), blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("答复公开稿")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "reply"], name="proposals_reply_in_version"),
            models.CheckConstraint(
                condition=Q(openness="none", text="") | (~Q(openness="none") & ~Q(text="")),
                name="proposals_public_reply_has_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reply} · {self.get_openness_display()}"


class PublicationConsent(models.Model):
    """The proposer or a unit agreed that it be public: by a click of their own, or on paper (代录)."""

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="consents")
    proposer = models.ForeignKey(
        Proposer, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("提案人")
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("承办单位")
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    is_entered = models.BooleanField(_("代录"), default=False)
    scan = models.ForeignKey(Attachment, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = _("同意公开")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(proposer__isnull=False, unit__isnull=True)
                | Q(proposer__isnull=True, unit__isnull=False),
                name="proposals_consent_of_one_side",
            ),
            models.CheckConstraint(
                condition=Q(is_entered=False) | Q(scan__isnull=False),
                name="proposals_entered_consent_has_scan",
            ),
        ]

    def __str__(self) -> str:
        return str(self.proposer or self.unit)
