"""What a body's proposal says beside its text: kind, contact, main writers, seal; and whose it is as well."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.files import Attachment
from cppcc_portal.office.personal import EncryptedTextField, mask_phone
from members.models import Body, Plenary
from proposals.models.proposer_kinds import ProposerKind

if TYPE_CHECKING:
    from proposals.models.proposals import Proposal


class SealedSide(models.Model):
    """A body's side of a proposal: of what kind it is, whom the unit calls, under what seal."""

    kind = models.ForeignKey(
        ProposerKind, models.PROTECT, related_name="+", verbose_name=_("提案者类别")
    )
    contact_name = models.CharField(_("联系人"), max_length=30, blank=True)
    contact_phone = EncryptedTextField(_("联系电话"), blank=True)
    seal = models.ForeignKey(
        Attachment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("盖章扫描件"),
    )
    # The hash of the words under which the seal stands; empty until the text that staff type from
    # the sealed paper is submitted.
    seal_digest = models.CharField(max_length=64, blank=True, editable=False)
    # As the kind had it when the proposal was submitted; a later change of the list binds no old one.
    needs_seal = models.BooleanField(default=False, editable=False)
    submitted_at = models.DateTimeField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        abstract = True
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True)
                | (~Q(contact_name="") & (Q(needs_seal=False) | Q(seal__isnull=False))),
                name="%(app_label)s_%(class)s_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True) | Q(seal__isnull=True) | ~Q(seal_digest=""),
                name="%(app_label)s_%(class)s_seal_is_of_a_text",
            ),
        ]

    def seal_is_old(self, digest: str) -> bool:
        """Whether the seal stands under other words than these."""
        return self.seal_id is not None and self.seal_digest not in ("", digest)

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.contact_phone)


class Collective(SealedSide):
    """The organisation's side of its proposal: whom the unit calls, who wrote it, under what seal."""

    proposal = models.OneToOneField("proposals.Proposal", models.CASCADE, related_name="collective")
    address = models.CharField(_("通信地址"), max_length=200, blank=True)
    writers = models.CharField(_("主笔人"), max_length=200, blank=True)

    class Meta(SealedSide.Meta):
        verbose_name = verbose_name_plural = _("集体提案的组织资料")

    def __str__(self) -> str:
        return str(self.proposal)

    def get_absolute_url(self) -> str:
        return self.proposal.get_absolute_url()

    @property
    def key(self) -> str:
        """Under which its telephone is named among those that are printed whole."""
        return f"collective:{self.pk}"


class FurtherBodyQuerySet(models.QuerySet["FurtherBody"]):
    def standing(self) -> "FurtherBodyQuerySet":
        """Those that put the proposal as well, and have not been taken off it."""
        return self.filter(left_at__isnull=True)


class FurtherBody(SealedSide):
    """A further body that puts a collective proposal together with the first (联合提出)."""

    proposal = models.ForeignKey(
        "proposals.Proposal", models.CASCADE, related_name="further_bodies"
    )
    body = models.ForeignKey(
        Body, models.PROTECT, related_name="puts_with_others", verbose_name=_("联合提出的组织")
    )
    left_at = models.DateTimeField(_("不再联合提出"), null=True, blank=True, editable=False)

    objects: ClassVar = FurtherBodyQuerySet.as_manager()

    class Meta(SealedSide.Meta):
        verbose_name = verbose_name_plural = _("联合提出的组织")
        ordering = ["pk"]
        constraints = [
            *SealedSide.Meta.constraints,
            models.UniqueConstraint(
                fields=["proposal", "body"], name="proposals_further_body_once"
            ),
        ]

    def __str__(self) -> str:
        return self.body.name

    def get_absolute_url(self) -> str:
        return self.proposal.get_absolute_url()

    @property
    def key(self) -> str:
        """Under which its telephone is named among those that are printed whole."""
        return f"furtherbody:{self.pk}"


def body_in_office(body: Body) -> list[Any]:
    """A body that is no longer in use, or of another term, puts no proposal any more."""
    term = None
    if body.kind in (Body.Kind.COMMITTEE, Body.Kind.SECTOR):
        child = getattr(body, body.kind, None)
        term = child.term if child else None
    if body.active and (term is None or term.is_current):
        return []
    return [_("“%s”已停用或不属于本届，不能再提出提案。") % body.name]


def kind_in_season(kind: ProposerKind, moment: Any = None) -> list[Any]:
    """Some bodies put proposals only while a plenary takes texts."""
    if not kind.active:
        return [_("“%s”目前不能提出提案，请与提案委办公室联系。") % kind]
    if kind.season == ProposerKind.Season.ANY:
        return []
    moment = moment or timezone.now()
    plenaries = Plenary.objects.filter(term__is_current=True)
    if plenaries.filter(submission_from__lte=moment, cut_off__gte=moment).exists():
        return []
    told = _("“%s”只能在大会征集期间提出提案，现在不在征集期内。可以由委员以个人或联名名义提出。")
    return [told % kind]


def ready_in_name_of_body(proposal: "Proposal") -> list[Any]:
    """What the organisations' side still lacks before the text goes to the office."""
    collective = getattr(proposal, "collective", None)
    if collective is None:
        return []
    missing: list[Any] = []
    # A text that was returned keeps its place among the plenary's.
    if proposal.serial is None:
        missing += kind_in_season(collective.kind, proposal.moment)
    if not collective.contact_name.strip() or not collective.contact_phone:
        missing.append(_("请在“组织资料”中填写联系人和联系电话，承办单位要据此联系。"))
    if collective.kind.needs_seal and collective.seal_id is None:
        missing.append(_("请在“组织资料”中附上加盖公章的提案扫描件。"))
    draft = getattr(proposal, "draft", None)
    text = draft or proposal.current_text
    if text is not None and collective.seal_is_old(text.digest):
        missing.append(
            _("盖章之后文字又有改动，请在现在的文字上重新盖章，并在“组织资料”中附上新的扫描件。")
        )
    for side in proposal.further_bodies.standing().select_related("body", "kind"):
        missing += further_body_is_ready(side, proposal, text)
    return missing


def further_body_is_ready(side: "FurtherBody", proposal: "Proposal", text: Any) -> list[Any]:
    """A body that puts the text with others has its own contact and its own seal or signature."""
    missing: list[Any] = [*body_in_office(side.body)]
    if proposal.serial is None:
        missing += kind_in_season(side.kind, proposal.moment)
    if not side.contact_name.strip() or not side.contact_phone:
        missing.append(_("请填写联合提出的“%s”的联系人和联系电话。") % side.body.name)
    if side.seal_id is None:
        told = _("请附上联合提出的“%s”盖章或负责人签名的提案扫描件。")
        missing.append(told % side.body.name)
    elif text is not None and side.seal_is_old(text.digest):
        told = _("“%s”盖章之后文字又有改动，请重新盖章，并附上它的新扫描件。")
        missing.append(told % side.body.name)
    return missing
