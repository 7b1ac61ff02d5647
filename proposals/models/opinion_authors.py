"""Whose public-opinion report it is: members, bodies, informants; each of several is credited."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from members.models import Body, Membership, Person


class OpinionAuthorQuerySet(models.QuerySet["OpinionAuthor"]):
    def behind(self, user: Any) -> "OpinionAuthorQuerySet":
        """Where this person is an author: by their seats, as themselves, or through a body they act for."""
        return self.filter(
            Q(membership__in=user.seat_ids) | Q(body__in=user.body_ids) | Q(person__user=user)
        )

    def with_names(self) -> "OpinionAuthorQuerySet":
        """Of a person the name alone is read: a list opens nobody's encrypted numbers."""
        rows = self.select_related("membership__person", "membership__sector", "body", "person")
        return rows.only(
            "report",
            "order",
            "informant",
            "workplace",
            "membership__person__name",
            "membership__person__user",
            "membership__sector__name",
            "membership__sector__short_name",
            "body__name",
            "body__short_name",
            "person__name",
            "person__user",
        ).order_by("order")


class OpinionAuthor(models.Model):
    """Whose report it is: a member, a body, an informant with an account, or one named on paper."""

    report = models.ForeignKey("proposals.OpinionReport", models.CASCADE, related_name="authors")
    order = models.PositiveSmallIntegerField(_("次序"), default=0)
    membership = models.ForeignKey(
        Membership,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="opinions",
        verbose_name=_("委员"),
    )
    body = models.ForeignKey(
        Body,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="opinions",
        verbose_name=_("组织"),
    )
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="opinions",
        verbose_name=_("信息员"),
    )
    informant = models.CharField(_("信息员姓名"), max_length=40, blank=True)
    workplace = models.CharField(_("单位"), max_length=80, blank=True)

    objects: ClassVar = OpinionAuthorQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("社情民意作者")
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["report", "order"], name="proposals_opinion_author"),
            models.UniqueConstraint(
                fields=["report", "membership"], name="proposals_opinion_member_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    membership__isnull=False, body__isnull=True, person__isnull=True, informant=""
                )
                | Q(membership__isnull=True, body__isnull=False, person__isnull=True, informant="")
                | Q(membership__isnull=True, body__isnull=True, person__isnull=False, informant="")
                | (
                    Q(membership__isnull=True, body__isnull=True, person__isnull=True)
                    & ~Q(informant="")
                ),
                name="proposals_opinion_author_is_one",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        if self.membership:
            return self.membership.person.name
        if self.person:
            return self.person.name
        return str(self.body) if self.body else self.informant

    @property
    def capacity(self) -> str:
        """As what they report: sector of a member, place of an informant."""
        if self.membership:
            return str(self.membership.sector or _("委员"))
        if self.body:
            return str(_("组织"))
        return self.workplace or str(_("信息员"))

    def is_user(self, user: Any) -> bool:
        """Whether this is the user's own seat, the user, or a body they act for."""
        if self.membership:
            return self.membership.person.user_id == user.pk
        if self.person:
            return self.person.user_id == user.pk
        return self.body_id is not None and self.body_id in user.body_ids
