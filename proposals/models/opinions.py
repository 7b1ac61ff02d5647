"""Public-opinion reports (社情民意信息): from a member's phone to the numbered bulletin; never public."""

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Prefetch, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office import parameters
from cppcc_portal.office.forms import count_characters
from cppcc_portal.office.workflow import Move, StatusChange, Workflow
from members.models import Membership, Person
from proposals.models.opinion_authors import OpinionAuthor
from proposals.models.opinion_texts import OPINION_PARTS
from proposals.models.rights import has

# Who may --------------------------------------------------------------------------------------


def writes_opinion(report: "OpinionReport", user: Any) -> bool:
    """The first author from their own account, or staff who entered the text from paper."""
    if report.entered_by_id is not None and report.entered_by_id == user.pk:
        return bool(user.has_perm("proposals.enter_for_others"))
    first = report.first_author
    return first is not None and first.is_user(user)


def may_check(report: "OpinionReport", user: Any) -> bool:
    """核稿 is done by somebody else than the editor."""
    return bool(user.has_perm("proposals.check_opinionreport")) and user.pk != report.edited_by_id


def is_signer(report: "OpinionReport", user: Any) -> bool:
    """The designated leader, while they may sign."""
    if report.signer is None or report.signer.user_id != user.pk:
        return False
    return bool(user.has_perm("proposals.sign_opinionreport"))


def may_sign(report: "OpinionReport", user: Any) -> bool:
    """The designated leader; the secretariat only from the signed paper, with a scan."""
    return is_signer(report, user) or user.has_perm("proposals.enter_for_others")


def may_send_back(report: "OpinionReport", user: Any) -> bool:
    """Whoever's turn it is: who checks, then who signs."""
    if report.status == OpinionReport.Status.EDITED:
        return may_check(report, user)
    return may_sign(report, user)


# What must be true ----------------------------------------------------------------------------


def opinion_is_complete(report: "OpinionReport") -> list[Any]:
    """What a report still lacks before the office may see it."""
    labels = {"title": _("标题"), "situation": _("情况"), "advice": _("建议")}
    missing: list[Any] = [
        _("「%s」还没有写，请补充。") % label
        for name, label in labels.items()
        if not getattr(report, name).strip()
    ]
    limit = parameters.get("opinions.title_limit")
    if count_characters(report.title) > limit:
        missing.append(_("标题超过 %s 个字，请缩短。") % limit)
    if not report.secrecy_confirmed:
        missing.append(_("请确认内容不涉及国家秘密和工作秘密。"))
    return missing


def ready_to_submit(report: "OpinionReport") -> list[Any]:
    # Asked anew each time: who resigned while the page was open reports as a member no more.
    missing = opinion_is_complete(report)
    first = report.first_author
    if first is None or first.membership_id is None:
        return missing
    if not Membership.objects.active().of_current_term().filter(pk=first.membership_id).exists():
        missing.append(_("只有本届在任委员可以以委员名义反映。"))
    return missing


def nothing_is_combined_here(report: "OpinionReport") -> list[Any]:
    if report.combined.filter(status=OpinionReport.Status.COMBINED).exists():
        return [_("已有别的来稿编入这一篇，请先把它们移出综合稿。")]
    return []


def main_takes_it(report: "OpinionReport") -> list[Any]:
    """The main one is still being edited, and no other hangs on this one."""
    main = report.combined_into
    if main is None:
        return [_("请选择编入哪一篇。")]
    missing = nothing_is_combined_here(report)
    if main.pk == report.pk:
        missing.append(_("不能编入自己。"))
    if main.status != OpinionReport.Status.SELECTED:
        words = {"main": main, "status": main.get_status_display()}
        missing.append(_("「%(main)s」目前是“%(status)s”，只能编入正在编辑的一篇。") % words)
    return missing


def main_is_being_edited(report: "OpinionReport") -> list[Any]:
    main = report.combined_into
    if main is not None and main.status != OpinionReport.Status.SELECTED:
        return [_("综合稿已送核稿，不能再移出；请先退回编辑。")]
    return []


def edited_text_is_there(report: "OpinionReport") -> list[Any]:
    return [] if report.edited_text_id else [_("还没有编辑稿，请先编辑。")]


def signer_is_named(report: "OpinionReport") -> list[Any]:
    return [] if report.signer_id else [_("请选择送哪位领导签发。")]


def proposal_is_out(report: "OpinionReport") -> list[Any]:
    """The same words stand in the proposal it came from: they go together, from there."""
    proposal = report.from_proposal
    if proposal is None or proposal.status == proposal.Status.TAKEN_OUT:
        return []
    return [_("这篇由提案转来，请在该提案上“涉密嫌疑，移出”，两处一并移出。")]


def bulletin_is_given(report: "OpinionReport") -> list[Any]:
    return [] if report.bulletin_id else [_("还没有期号。")]


# Rows -----------------------------------------------------------------------------------------


class OpinionReportQuerySet(models.QuerySet["OpinionReport"]):
    def visible_to(self, user: Any) -> "OpinionReportQuerySet":
        """One's own; the office all but others' drafts; a chair those of the committee; the signer what is to be signed."""
        if not user.is_active:
            return self.none()
        shown = Q(pk__in=OpinionAuthor.objects.behind(user).values("report"))
        # Whoever is asked to report with the author reads what they are asked about.
        invitations: Any = self.model._meta.get_field("invitations").related_model
        shown |= Q(pk__in=invitations.objects.waiting_for(user).values("report"))
        if user.has_perm("proposals.enter_for_others"):
            shown |= Q(entered_by=user)
        handed_in = ~Q(status=OpinionReport.Status.DRAFT)
        if user.has_perm("proposals.view_opinionreport"):
            return self.filter(shown | handed_in)
        if user.has_perm("proposals.sign_opinionreport"):
            shown |= Q(signer__user=user)
        if user.chaired_ids and user.has_perm("proposals.view_committee_opinions"):
            led = OpinionAuthor.objects.filter(
                Q(membership__committee__in=user.chaired_ids) | Q(body__in=user.chaired_ids)
            )
            shown |= Q(pk__in=led.values("report")) & handed_in
        # Who may not see the tombstone learns nothing of it, its own authors included.
        return self.filter(shown).exclude(status=OpinionReport.Status.TAKEN_OUT)

    def mine(self, user: Any) -> "OpinionReportQuerySet":
        """Reports of this person, and of the bodies they act for."""
        return self.filter(pk__in=OpinionAuthor.objects.behind(user).values("report"))

    def with_authors(self) -> "OpinionReportQuerySet":
        """Each row with all its authors, for lists; one more query whatever the number of rows."""
        authors = OpinionAuthor.objects.with_names()
        return self.prefetch_related(Prefetch("authors", authors, to_attr="all_authors"))

    def search(self, words: str) -> "OpinionReportQuerySet":
        """By words of the title, or an author's name or pinyin initials."""
        words = words.strip()
        people = Person.objects.filter(
            Q(name__icontains=words) | Q(initials__icontains=words.lower())
        )
        by = OpinionAuthor.objects.filter(
            Q(membership__person__in=people)
            | Q(person__in=people)
            | Q(body__name__icontains=words)
            | Q(informant__icontains=words)
        )
        return self.filter(Q(title__icontains=words) | Q(pk__in=by.values("report")))


class OpinionReport(Workflow):
    """One matter reported upward through the committee's own channel."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("草稿")
        SUBMITTED = "submitted", _("已提交·待登记")
        REGISTERED = "registered", _("已登记·待选用")
        RETURNED = "returned", _("退回修改")
        SELECTED = "selected", _("已选用·待编辑")
        COMBINED = "combined", _("已编入综合稿")
        KEPT = "kept_back", _("留存")
        EDITED = "edited", _("已编辑·待核稿")
        CHECKED = "checked", _("已核稿·待签发")
        SIGNED = "signed", _("已签发·待印发")
        ISSUED = "issued", _("已印发")
        ARCHIVED = "archived", _("已归档")
        TAKEN_OUT = "taken_out", _("已移出")

    WRITING: ClassVar = (Status.DRAFT, Status.RETURNED)
    # Who reports may still change; with the registration it is settled.
    AUTHORS_OPEN: ClassVar = (*WRITING, Status.SUBMITTED)
    # Inside the office; to the author all of it is "selected".
    INSIDE: ClassVar = (
        Status.SELECTED,
        Status.COMBINED,
        Status.EDITED,
        Status.CHECKED,
        Status.SIGNED,
    )

    MOVES: ClassVar[Mapping[str, Move]] = {
        "submit": Move(
            {Status.DRAFT, Status.RETURNED},
            Status.SUBMITTED,
            _("提交"),
            _("作者"),
            writes_opinion,
            ready_to_submit,
        ),
        "recall": Move(
            {Status.SUBMITTED}, Status.DRAFT, _("撤回修改"), _("作者（登记前）"), writes_opinion
        ),
        # The office turned a proposal that was not filed into a report.
        "convert": Move({Status.DRAFT}, Status.SUBMITTED, _("由提案转社情民意"), by_itself=True),
        "register": Move(
            {Status.SUBMITTED},
            Status.REGISTERED,
            _("登记"),
            _("秘书处办公室"),
            has("handle_opinionreport"),
        ),
        "select": Move(
            {Status.REGISTERED, Status.KEPT},
            Status.SELECTED,
            _("选用"),
            _("秘书处办公室"),
            has("handle_opinionreport"),
        ),
        "keep": Move(
            {Status.REGISTERED, Status.SELECTED},
            Status.KEPT,
            _("留存"),
            _("秘书处办公室"),
            has("handle_opinionreport"),
            nothing_is_combined_here,
        ),
        "return_": Move(
            {Status.SUBMITTED, Status.REGISTERED},
            Status.RETURNED,
            _("退回修改"),
            _("秘书处办公室"),
            has("handle_opinionreport"),
        ),
        "combine": Move(
            {Status.SELECTED},
            Status.COMBINED,
            _("编入综合稿"),
            _("秘书处办公室"),
            has("edit_opinionreport"),
            main_takes_it,
        ),
        "split": Move(
            {Status.COMBINED},
            Status.SELECTED,
            _("移出综合稿"),
            _("秘书处办公室"),
            has("edit_opinionreport"),
            main_is_being_edited,
        ),
        "edit": Move(
            {Status.SELECTED},
            Status.EDITED,
            _("编辑完成，送核稿"),
            _("秘书处办公室"),
            has("edit_opinionreport"),
            edited_text_is_there,
        ),
        "check": Move(
            {Status.EDITED},
            Status.CHECKED,
            _("核稿通过"),
            _("核稿人（不能是编辑本人）"),
            may_check,
            signer_is_named,
        ),
        "sign": Move({Status.CHECKED}, Status.SIGNED, _("签发"), _("指定的签发领导"), may_sign),
        "send_back": Move(
            {Status.EDITED, Status.CHECKED},
            Status.SELECTED,
            _("退回编辑"),
            _("核稿人、签发领导"),
            may_send_back,
        ),
        "issue": Move(
            {Status.SIGNED},
            Status.ISSUED,
            _("印发"),
            _("秘书处办公室"),
            has("issue_opinionreport"),
            bulletin_is_given,
        ),
        "issue_with": Move(
            {Status.COMBINED},
            Status.ISSUED,
            _("随综合稿印发"),
            guard=bulletin_is_given,
            by_itself=True,
        ),
        "archive": Move(
            {Status.ISSUED, Status.KEPT},
            Status.ARCHIVED,
            _("归档"),
            _("秘书处办公室"),
            has("handle_opinionreport"),
        ),
        "take_out": Move(
            set(Status) - {Status.TAKEN_OUT},
            Status.TAKEN_OUT,
            _("涉密嫌疑，移出"),
            _("秘书处办公室"),
            has("take_out_opinionreport"),
            proposal_is_out,
        ),
        # What shared its edited text with a report that was taken out.
        "edit_anew": Move(
            {Status.SELECTED, Status.COMBINED, Status.EDITED, Status.CHECKED, Status.SIGNED},
            Status.SELECTED,
            _("同编来稿移出，重新编辑"),
            by_itself=True,
        ),
    }

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    status = models.CharField(_("状态"), max_length=12, choices=Status, default=Status.DRAFT)
    # The author's own words while they write; what was handed in is frozen in `author_text`.
    title = models.CharField(_("标题"), max_length=200, blank=True)
    situation = models.TextField(_("情况"), blank=True)
    advice = models.TextField(_("建议"), blank=True)
    secrecy_confirmed = models.BooleanField(_("已确认不涉密"), default=False)
    # 代录: who has no account is served fully; it shows as such everywhere.
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    from_proposal = models.OneToOneField(
        "proposals.Proposal",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="opinion_report",
        verbose_name=_("来自提案"),
    )
    created_at = models.DateTimeField(_("建立时间"), default=timezone.now, editable=False)
    saved_at = models.DateTimeField(_("保存时间"), default=timezone.now, editable=False)
    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True, editable=False)
    year = models.PositiveIntegerField(_("登记年度"), null=True, blank=True, editable=False)
    serial = models.PositiveIntegerField(_("登记号"), null=True, blank=True, editable=False)
    author_text = models.ForeignKey(
        "proposals.OpinionText", models.PROTECT, null=True, blank=True, related_name="+"
    )
    edited_text = models.ForeignKey(
        "proposals.OpinionText", models.PROTECT, null=True, blank=True, related_name="+"
    )
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("编辑"),
    )
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("核稿"),
    )
    signer = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("签发领导"),
    )
    # The report whose edited text holds this one as well; every author is credited.
    # The theme of the year's call on which it reports, if it was begun from one.
    theme = models.ForeignKey(
        "proposals.SuggestedTopic",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reports",
        verbose_name=_("年度选题"),
    )
    combined_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="combined",
        verbose_name=_("编入"),
    )
    bulletin = models.ForeignKey(
        "proposals.Bulletin",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reports",
        verbose_name=_("刊物"),
    )

    objects: ClassVar = OpinionReportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("社情民意信息")
        ordering = ["-pk"]
        permissions = [
            ("handle_opinionreport", _("登记、选用、报送社情民意")),
            ("edit_opinionreport", _("编辑社情民意")),
            ("check_opinionreport", _("核稿社情民意")),
            ("sign_opinionreport", _("签发社情民意")),
            ("issue_opinionreport", _("印发社情民意")),
            ("take_out_opinionreport", _("移出涉密嫌疑社情民意")),
            ("view_committee_opinions", _("查看本专委会委员的社情民意")),
            ("read_sent_opinions", _("查看报送督查室的社情民意")),
        ]
        indexes = [models.Index(fields=["status", "-id"], name="proposals_opinion_newest")]
        constraints = [
            models.UniqueConstraint(fields=["year", "serial"], name="proposals_opinion_serial"),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "returned", "taken_out"])
                | Q(
                    secrecy_confirmed=True,
                    submitted_at__isnull=False,
                    author_text__isnull=False,
                ),
                name="proposals_opinion_handed_in",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "returned", "submitted", "taken_out"])
                | Q(year__isnull=False, serial__isnull=False),
                name="proposals_opinion_registered",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["edited", "checked", "signed"])
                | Q(edited_text__isnull=False, edited_by__isnull=False),
                name="proposals_opinion_is_edited",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["checked", "signed"])
                | Q(checked_by__isnull=False, signer__isnull=False),
                name="proposals_opinion_is_checked",
            ),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True) | ~Q(checked_by=F("edited_by")),
                name="proposals_opinion_checked_by_other",
            ),
            models.CheckConstraint(
                condition=~Q(status="combined") | Q(combined_into__isnull=False),
                name="proposals_opinion_combined_names",
            ),
            models.CheckConstraint(
                condition=Q(combined_into__isnull=True) | ~Q(combined_into=F("pk")),
                name="proposals_opinion_into_another",
            ),
            models.CheckConstraint(
                condition=~Q(status="issued") | Q(bulletin__isnull=False),
                name="proposals_opinion_issued_in_one",
            ),
            models.CheckConstraint(
                condition=Q(bulletin__isnull=True)
                | Q(status__in=["issued", "archived", "taken_out"]),
                name="proposals_opinion_bulletin_is_out",
            ),
        ]

    def __str__(self) -> str:
        if self.status == self.Status.TAKEN_OUT:
            return str(_("（已移出）"))
        return self.title or str(_("（未命名的草稿）"))

    def get_absolute_url(self) -> str:
        return reverse("opinions:report", args=[self.pk])

    @cached_property
    def credited(self) -> list["OpinionAuthor"]:
        """All authors in their order, from the list's own query where there was one."""
        rows = getattr(self, "all_authors", None)
        return list(self.authors.with_names()) if rows is None else rows

    @property
    def first_author(self) -> "OpinionAuthor | None":
        return self.credited[0] if self.credited else None

    @property
    def author_names(self) -> str:
        return "、".join(author.name for author in self.credited)

    @property
    def label(self) -> str:
        """The register number as people write it: 2026-017."""
        return f"{self.year}-{self.serial:03d}" if self.serial is not None else ""

    @property
    def told_status(self) -> str:
        """How far it is, as its author is told: what goes on inside the office is one state."""
        if self.status in self.INSIDE:
            return str(_("已选用"))
        return str(self.get_status_display())

    @property
    def told_code(self) -> str:
        """The state that goes with it, as the page marks it."""
        return self.Status.SELECTED if self.status in self.INSIDE else self.status

    @property
    def parts(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in OPINION_PARTS}

    @property
    def is_entered_for_other(self) -> bool:
        return self.entered_by_id is not None


class OpinionReportChange(StatusChange):
    """History of one report."""

    subject = models.ForeignKey(OpinionReport, models.CASCADE, related_name="changes")
