"""Proposers of a proposal: the first, and those who agreed to co-sign the frozen text."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.files import Attachment
from cppcc_portal.office.workflow import Move, StatusChange, Workflow
from members.models import Body, Membership
from proposals.models.proposer_kinds import signing_bodies
from proposals.models.rights import is_cosigner, is_invitee, is_inviter, takes_signatures


def invitation_is_open(proposer: "Proposer") -> list[Any]:
    proposal = proposer.proposal
    if proposal.status != proposal.Status.COSIGNING:
        return [_("联名征集已经结束，这件提案目前是「%s」。") % proposal.get_status_display()]
    if proposal.cosign_until and timezone.localdate(proposer.moment) > proposal.cosign_until:
        return [_("联名截止日期（%s）已过，请与第一提案人联系。") % proposal.cosign_until]
    # Asked anew each time: who resigned while the page was open no longer signs.
    in_office = Membership.objects.active().of_current_term()
    seat = proposer.membership_id
    if seat is None or not in_office.filter(pk=seat).exists():
        return [_("只有本届在任委员可以联名。")]
    return []


def is_not_decided(proposer: "Proposer") -> list[Any]:
    """Whoever co-signed may take that back until the review has decided."""
    proposal = proposer.proposal
    if proposal.status in proposal.UNDECIDED:
        return []
    told = _(
        "这件提案目前是“%s”，不能再退出联名；立案前才能自行退出，确有需要请与提案委办公室联系。"
    )
    return [told % proposal.get_status_display()]


class ProposerQuerySet(models.QuerySet["Proposer"]):
    def confirmed(self) -> "ProposerQuerySet":
        """The first proposer and everybody who agreed."""
        return self.filter(status=Proposer.Status.AGREED)

    def with_people(self) -> "ProposerQuerySet":
        """With what a page or paper shows of each: person, sector, or body."""
        return self.select_related(
            "membership__person",
            "membership__sector",
            "body",
            "proposal__collective__kind",
            "merged_from__collective__kind",
        ).prefetch_related("proposal__further_bodies__kind", "merged_from__further_bodies__kind")

    def waiting_for(self, user: Any) -> "ProposerQuerySet":
        """Invitations this user has still to answer."""
        return self.filter(
            status=Proposer.Status.WAITING,
            membership__in=user.seat_ids,
            proposal__status="cosigning",
        )


class Proposer(Workflow):
    """A member or body behind a proposal; order 0 is the first proposer and contact for the unit."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("待确认")
        AGREED = "agreed", _("已同意")
        DECLINED = "declined", _("不同意")
        LAPSED = "lapsed", _("未答复，已过期")
        CANCELLED = "cancelled", _("邀请已取消")
        LEFT = "left", _("已退出")

    MOVES: ClassVar[Mapping[str, Move]] = {
        "agree": Move(
            {Status.WAITING},
            Status.AGREED,
            _("同意联名"),
            _("受邀委员本人"),
            is_invitee,
            invitation_is_open,
        ),
        "decline": Move(
            {Status.WAITING},
            Status.DECLINED,
            _("不同意"),
            _("受邀委员本人"),
            is_invitee,
            invitation_is_open,
        ),
        "cancel": Move(
            {Status.WAITING}, Status.CANCELLED, _("取消邀请"), _("第一提案人"), is_inviter
        ),
        # The text they put or signed was merged into this proposal, or is no longer.
        "join": Move(
            {Status.WAITING, Status.DECLINED, Status.LAPSED, Status.CANCELLED, Status.LEFT},
            Status.AGREED,
            _("随并案加入"),
            by_itself=True,
        ),
        "leave": Move({Status.AGREED}, Status.LEFT, _("随并案撤销退出"), by_itself=True),
        "step_out": Move(
            {Status.AGREED},
            Status.LEFT,
            _("退出联名"),
            _("联名委员本人（立案前）"),
            is_cosigner,
            is_not_decided,
        ),
        "lapse": Move({Status.WAITING}, Status.LAPSED, _("截止未回应"), by_itself=True),
        # Their signature stands on paper; the office keeps its scan.
        "sign_on_paper": Move(
            set(Status) - {Status.AGREED},
            Status.AGREED,
            _("纸质联名"),
            _("提案委办公室（代录，凭签名扫描件）"),
            takes_signatures,
        ),
        # A further body's seal came with the text, or the body no longer puts it.
        "put_together": Move(
            set(Status) - {Status.AGREED},
            Status.AGREED,
            _("盖章联合提出"),
            by_itself=True,
        ),
        "put_no_more": Move({Status.AGREED}, Status.LEFT, _("不再联合提出"), by_itself=True),
        "ask_again": Move(
            set(Status),
            Status.WAITING,
            _("文字有改动，再次征求"),
            by_itself=True,
        ),
    }

    proposal = models.ForeignKey("proposals.Proposal", models.CASCADE, related_name="proposers")
    membership = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="proposer_of"
    )
    body = models.ForeignKey(
        Body, models.PROTECT, null=True, blank=True, related_name="proposer_of"
    )
    order = models.PositiveSmallIntegerField(_("次序"))
    status = models.CharField(_("状态"), max_length=12, choices=Status, default=Status.WAITING)
    # The frozen text this proposer saw and signed; empty only for the first proposer of a draft.
    text = models.ForeignKey(
        "proposals.TextVersion", models.PROTECT, null=True, blank=True, related_name="+"
    )
    merged_from = models.ForeignKey(
        "proposals.Proposal",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("所并提案"),
    )
    # The scan of the signature of who signed on paper; it shows as such everywhere.
    paper = models.ForeignKey(
        Attachment,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("签名扫描件"),
    )
    remark = models.CharField(_("附言"), max_length=300, blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    # As they stood when the review decided: who changes post or sector later changes no old paper.
    kept_at = models.DateTimeField(_("名称留存时间"), null=True, blank=True, editable=False)
    kept_name = models.CharField(_("当时姓名或简称"), max_length=80, blank=True, editable=False)
    kept_full_name = models.CharField(_("当时全称"), max_length=80, blank=True, editable=False)
    kept_sector = models.CharField(_("当时界别"), max_length=80, blank=True, editable=False)
    kept_work = models.CharField(
        _("当时工作单位及职务"), max_length=250, blank=True, editable=False
    )
    kept_party = models.CharField(_("当时党派"), max_length=40, blank=True, editable=False)

    objects: ClassVar = ProposerQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("提案人")
        ordering = ["order"]
        indexes = [
            models.Index(
                fields=["membership", "status", "order", "proposal"], name="proposals_of_member"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(membership__isnull=False, body__isnull=True)
                | Q(membership__isnull=True, body__isnull=False),
                name="proposals_proposer_member_or_body",
            ),
            models.CheckConstraint(
                condition=Q(order=0) | Q(text__isnull=False),
                name="proposals_cosigner_saw_a_text",
            ),
            models.CheckConstraint(
                condition=Q(order__gt=0) | Q(status="agreed"),
                name="proposals_first_proposer_stands",
            ),
            models.CheckConstraint(
                condition=~Q(status="agreed") | Q(order=0) | Q(answered_at__isnull=False),
                name="proposals_cosigner_answered",
            ),
            models.CheckConstraint(
                condition=Q(paper__isnull=True) | Q(membership__isnull=False, order__gt=0),
                name="proposals_paper_is_of_a_cosigner",
            ),
            models.CheckConstraint(
                condition=Q(
                    kept_at__isnull=True,
                    kept_name="",
                    kept_full_name="",
                    kept_sector="",
                    kept_work="",
                    kept_party="",
                )
                | (Q(kept_at__isnull=False) & ~Q(kept_name="") & ~Q(kept_full_name="")),
                name="proposals_names_are_kept_whole",
            ),
            models.UniqueConstraint(
                fields=["proposal", "membership"], name="proposals_member_signs_once"
            ),
            models.UniqueConstraint(fields=["proposal", "body"], name="proposals_body_signs_once"),
            models.UniqueConstraint(fields=["proposal", "order"], name="proposals_proposer_order"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        # Lists fetch no more of a person than the name.
        return self.kept_name or (
            self.membership.person.name if self.membership else str(self.body)
        )

    @property
    def full_name(self) -> str:
        """As letters and forms write it: an organisation by its whole name."""
        return self.kept_full_name or (
            self.membership.person.name if self.membership else self.body.name  # type: ignore[union-attr]  # constraint
        )

    @property
    def sector(self) -> str:
        return self.kept_sector if self.kept_at else self.names_now()["kept_sector"]

    @property
    def work(self) -> str:
        """Workplace and post of a member."""
        return self.kept_work if self.kept_at else self.names_now()["kept_work"]

    def names_now(self) -> dict[str, str]:
        """How this proposer is called today, as it is kept when the review decides."""
        seat = self.membership
        if seat is None:
            body: Any = self.body  # constraint: one of the two
            named = {"kept_name": str(body), "kept_full_name": body.name}
            return {**named, "kept_sector": "", "kept_work": "", "kept_party": ""}
        person = seat.person
        return {
            "kept_name": person.name,
            "kept_full_name": person.name,
            "kept_sector": str(seat.sector or ""),
            "kept_work": f"{person.workplace} {person.post}".strip(),
            "kept_party": person.party,
        }

    @property
    def collective(self) -> Any:
        """The organisation's contact and seal, where this is a body; it stands with the text it put."""
        if self.body_id is None:
            return None
        source = self.merged_from or self.proposal
        for side in source.further_bodies.all():
            if side.body_id == self.body_id:
                return side
        return getattr(source, "collective", None)

    @property
    def is_on_paper(self) -> bool:
        """Whether they signed on paper and not from their own account."""
        return self.paper_id is not None

    @property
    def is_first(self) -> bool:
        return self.order == 0

    @property
    def person(self) -> Any:
        return self.membership.person if self.membership else None

    def is_user(self, user: Any) -> bool:
        """Whether this is the user's own seat (or the body they act for)."""
        if self.membership:
            return self.membership.person.user_id == user.pk
        return self.body_id in signing_bodies(user)

    def days_left(self, today: date) -> int | None:
        until = self.proposal.cosign_until
        return (until - today).days if until else None

    def get_absolute_url(self) -> str:
        return self.proposal.get_absolute_url()


class ProposerChange(StatusChange):
    """History of one invitation."""

    subject = models.ForeignKey(Proposer, models.CASCADE, related_name="changes")
