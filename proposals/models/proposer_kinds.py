"""Who may put proposals: members and the bodies of the office's list, each kind with its own rules."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from members.models import Body, Posting
from proposals.models.lists import Entry


class ProposerKindQuerySet(models.QuerySet["ProposerKind"]):
    def roles(self) -> dict[str, list[str]]:
        """In which roles one signs, by kind of body."""
        return dict(self.exclude(body_kind="").values_list("body_kind", "roles"))


class ProposerKind(Entry):
    """A kind of proposer: who signs, when it is allowed, whether a seal is needed, how reports count it."""

    class Season(models.TextChoices):
        ANY = "any", _("任何时候")
        PLENARY = "plenary", _("只在大会征集期间")

    class Counted(models.TextChoices):
        MEMBER = "member", _("委员提案")
        COLLECTIVE = "collective", _("集体提案")

    BODIES: ClassVar = (
        Body.Kind.PARTY,
        Body.Kind.FEDERATION,
        Body.Kind.ORGANISATION,
        Body.Kind.COMMITTEE,
        Body.Kind.SECTOR,
        Body.Kind.GROUP,
        Body.Kind.TOWN,
    )
    # Members put proposals in their own name: the code says alone or with co-signers.
    OF_MEMBERS: ClassVar = ("individual", "cosigned")

    body_kind = models.CharField(
        _("适用的组织"),
        max_length=20,
        blank=True,
        choices=[(kind.value, kind.label) for kind in BODIES],
    )
    roles = models.JSONField(
        _("可以署名的任职"),
        default=list,
        blank=True,
        help_text=_("在该组织担任这些职务的人可以撰写、提交并评价。"),
    )
    season = models.CharField(_("何时可以提出"), max_length=10, choices=Season, default=Season.ANY)
    needs_seal = models.BooleanField(_("须附盖章扫描件"), default=False)
    counted_as = models.CharField(
        _("统计时计入"), max_length=12, choices=Counted, default=Counted.COLLECTIVE
    )
    history = HistoricalRecords()

    objects: ClassVar = ProposerKindQuerySet.as_manager()

    class Meta(Entry.Meta):
        verbose_name = verbose_name_plural = _("提案者类别")
        constraints = [
            models.UniqueConstraint(
                fields=["body_kind"],
                condition=~models.Q(body_kind=""),
                name="proposals_one_kind_for_a_body",
            ),
            models.CheckConstraint(
                condition=~models.Q(body_kind="") | models.Q(code__in=["individual", "cosigned"]),
                name="proposals_kind_of_members_or_bodies",
            ),
        ]

    @property
    def who_signs(self) -> str:
        """The postings that sign, in words; members sign in their own name."""
        if not self.body_kind:
            return str(_("委员本人"))
        names = dict(Posting.Role.choices)
        return "、".join(str(names.get(role, role)) for role in self.roles)


def kind_of(body: Body) -> ProposerKind | None:
    """What kind of proposer a body is; None where the office's list does not know it."""
    if body.kind not in ProposerKind.BODIES:
        return None
    return ProposerKind.objects.filter(body_kind=body.kind).first()


def signing_bodies(user: Any) -> frozenset[int]:
    """The bodies in whose name this person may put proposals today: posted there, in a role that signs."""
    posted: frozenset[tuple[int, str]] = getattr(user, "posted", frozenset())
    if not posted:
        return frozenset()
    known = getattr(user, "_signing", None)
    # Asked once for each reading of the postings, which pages do once a request.
    if known is None or known[0] is not posted:
        known = user._signing = (posted, _signing(posted, user.posted_in))
    return known[1]


def _signing(posted: frozenset[tuple[int, str]], kinds: dict[int, str]) -> frozenset[int]:
    if not any(kind in ProposerKind.BODIES for kind in kinds.values()):
        return frozenset()
    roles = ProposerKind.objects.roles()
    return frozenset(body for body, role in posted if role in roles.get(kinds[body], ()))


def signers_of(bodies: list[int]) -> models.QuerySet[Posting]:
    """Who signs for these bodies today."""
    signs = models.Q(pk__in=[])
    for body_kind, roles in ProposerKind.objects.roles().items():
        signs |= models.Q(body__kind=body_kind, role__in=roles)
    return Posting.objects.current().filter(signs, body__in=bodies)
