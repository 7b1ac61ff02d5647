"""The proposal, its draft and its frozen texts."""

import hashlib
import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office import parameters
from cppcc_portal.office.forms import count_characters
from cppcc_portal.office.personal import PinyinInitialsField, pinyin
from cppcc_portal.office.workflow import Move, StatusChange, Workflow
from members.models import Membership, Person, Plenary, Term, Unit
from proposals.models import numbering
from proposals.models.awards import Award
from proposals.models.checklist import record_is_complete
from proposals.models.collectives import FurtherBody, body_in_office, ready_in_name_of_body
from proposals.models.consultations import UnitConsultation, may_consult_units, may_hand_over
from proposals.models.handlings import Handling
from proposals.models.keys import KeyMark, LeadingOfficial
from proposals.models.lists import Category, Destination, RefusalReason
from proposals.models.proposer_kinds import signing_bodies
from proposals.models.proposers import Proposer
from proposals.models.reviews import chairs_the_review, may_examine, next_stage, opinions_are_in
from proposals.models.rights import has, is_author, may_invite, supervised_by

PARTS = ("title", "situation", "analysis", "suggestions")


def digest_of(parts: Mapping[str, str]) -> str:
    """SHA-256 of the four parts of a text, the same for the same words whatever the line ends."""
    joined = "\x1f".join(parts[name].replace("\r\n", "\n").strip() for name in PARTS)
    return hashlib.sha256(joined.encode()).hexdigest()


def titled(title: str) -> dict[str, Any]:
    """A title as it is written to the row, with the pinyin by which it is found."""
    field = Proposal._meta.get_field("initials")
    return {"title": title, "initials": pinyin(title, surname=False)[: field.max_length]}


def first_proposer_is_in_office(proposal: "Proposal") -> list[Any]:
    # Asked anew each time: who resigned while the page was open puts no proposal any more.
    first = proposal.first_proposer
    in_office = Membership.objects.active().of_current_term()
    if first and first.body is not None:
        return body_in_office(first.body)
    if first and first.membership_id and in_office.filter(pk=first.membership_id).exists():
        return []
    return [_("只有本届在任委员可以提出提案。")]


def ready_to_invite(proposal: "Proposal") -> list[Any]:
    return [*text_is_complete(proposal), *first_proposer_is_in_office(proposal)]


def text_is_complete(proposal: "Proposal") -> list[Any]:
    """What a text still lacks before others may see it."""
    draft = getattr(proposal, "draft", None)
    text = draft or proposal.current_text
    if text is None:
        return [_("还没有写内容，请先写好案由和建议。")]
    names = {"title": _("案由"), "situation": _("情况"), "suggestions": _("建议")}
    missing: list[Any] = [
        _("「%s」还没有写，请补充。") % label
        for name, label in names.items()
        if not getattr(text, name).strip()
    ]
    if count_characters(text.title) > parameters.get("proposals.title_limit"):
        missing.append(_("案由超过 %s 个字，请缩短。") % parameters.get("proposals.title_limit"))
    return missing


def ready_to_submit(proposal: "Proposal") -> list[Any]:
    """What is still missing before the text goes to the office."""
    missing = text_is_complete(proposal)
    if proposal.may_publish is None:
        missing.append(_("请选择是否同意公开。"))
    if proposal.may_publish is False and not proposal.unpublished_reason.strip():
        missing.append(_("不同意公开时，请写明理由。"))
    if not proposal.secrecy_confirmed:
        missing.append(_("请确认内容不涉及国家秘密和工作秘密。"))
    missing += first_proposer_is_in_office(proposal)
    missing += ready_in_name_of_body(proposal)
    draft = getattr(proposal, "draft", None)
    missing += returned_text_was_changed(proposal)
    # What further bodies sealed is asked of their seals.
    signed = proposal.proposers.filter(
        order__gt=0, status=Proposer.Status.AGREED, membership__isnull=False
    )
    if (
        draft is not None
        and proposal.current_text is not None
        and draft.digest != proposal.current_text.digest
        and signed.exists()
    ):
        missing.append(
            _("联名人同意之后文字又有改动。请点「邀请联名」让他们看到新文字并重新确认，再提交。")
        )
    return missing


def returned_text_was_changed(proposal: "Proposal") -> list[Any]:
    """A text that was given back for its words comes again with other words."""
    returned, now = proposal.returned_text, getattr(proposal, "draft", None)
    now = now or proposal.current_text
    if returned is None or now is None or now.digest != returned.digest:
        return []
    return [
        _(
            "办公室退回要求修改文字，现在的文字和退回时一样。请按退回说明改好再提交；"
            "认为不需要改的，请与提案委办公室联系。"
        )
    ]


def ready_to_file(proposal: "Proposal") -> list[Any]:
    missing = [] if proposal.category_id else [_("请先选择类别，再立案。")]
    return [*missing, *opinions_are_in(proposal)]


def ready_to_refuse(proposal: "Proposal") -> list[Any]:
    missing: list[Any] = []
    if not proposal.refusal_reason_id:
        missing.append(_("请选择不予立案的理由，提案人会看到。"))
    if not proposal.destination_id:
        missing.append(_("请选择去向，提案人会看到。"))
    return [*missing, *opinions_are_in(proposal)]


def main_takes_it(proposal: "Proposal") -> list[Any]:
    """The main proposal is filed, nobody has replied to it yet, and nothing hangs on this one."""
    main = proposal.merged_into
    if main is None:
        return [_("请选择并入哪一件提案。")]
    missing: list[Any] = []
    if main.status not in Proposal.TAKES_OTHERS:
        words = {"main": main, "status": main.get_status_display()}
        missing.append(
            _("「%(main)s」目前是“%(status)s”；只能并入已立案、还没有答复的提案。") % words
        )
    elif main.handlings.filter(replies__sent_at__isnull=False).exists():
        missing.append(_("主案已有单位答复，不能再并入；请另行立案。"))
    if main.term_id != proposal.term_id:
        missing.append(_("只能并入同一届的提案。"))
    if proposal.merged.exists():
        missing.append(_("已有别的提案并入这一件，请先撤销那些并案。"))
    return [*missing, *opinions_are_in(proposal)]


def main_is_not_handed_over(proposal: "Proposal") -> list[Any]:
    main = proposal.merged_into
    if main is not None and main.status not in Proposal.NOT_HANDED_OVER:
        return [_("主案已经交办，不能再撤销并案；答复时会一并告诉提案人。")]
    return []


def not_yet_converted(proposal: "Proposal") -> list[Any]:
    return [_("已经转为社情民意信息。")] if hasattr(proposal, "opinion_report") else []


def was_not_converted(proposal: "Proposal") -> list[Any]:
    if hasattr(proposal, "opinion_report"):
        return [_("已经转为社情民意信息继续办理，不能再重新审查；确有必要的，请提案人另行提交。")]
    return []


def units_are_named(proposal: "Proposal") -> list[Any]:
    roles = [handling.role for handling in proposal.handlings.all()]
    lead, separate = roles.count(Handling.Role.LEAD), roles.count(Handling.Role.SEPARATE)
    if lead == 1 and not separate:
        return []
    if not lead and separate >= 2 and Handling.Role.JOINT not in roles:
        return []
    return [_("交办需要一个主办单位（可带会办单位），或两个以上分办单位。")]


def all_have_answered(proposal: "Proposal") -> list[Any]:
    """A proposal is closed when every evaluation is in or its time is over, and no second round is asked for."""
    missing: list[Any] = []
    evaluations = [
        evaluation
        for handling in proposal.handlings.all()
        for reply in handling.replies.all()
        if reply.round == handling.round
        for evaluation in reply.evaluations.all()
    ]
    waiting = [evaluation for evaluation in evaluations if evaluation.status == "waiting"]
    if waiting:
        names = "、".join(evaluation.proposer.name for evaluation in waiting)
        until = max(evaluation.due_on for evaluation in waiting)
        missing.append(
            _("%(names)s 尚未评价，期限 %(until)s；请提醒，或到期后再办结（届时记为未评价）。")
            % {"names": names, "until": until}
        )
    if any(
        rehandling.status == "proposed"
        for handling in proposal.handlings.all()
        for rehandling in handling.rehandlings.all()
    ):
        missing.append(_("有提案人不满意，请先决定是否重新办理。"))
    return missing


def nobody_has_replied(proposal: "Proposal") -> list[Any]:
    if proposal.handlings.filter(replies__sent_at__isnull=False).exists():
        return [_("已有承办单位答复，不能再撤案；请等提案人评价后办结。")]
    return []


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def visible_to(self, user: Any) -> "ProposalQuerySet":
        """What this person may know exists; everything else answers 404."""
        if not user.is_active:
            return self.none()
        sees_all = user.has_perm("proposals.view_proposal")
        shown = _has_part(user, sees_all)
        if user.has_perm("proposals.enter_for_others"):
            shown |= Q(entered_by=user)
        if sees_all or chairs_the_review(user):
            return self.filter(shown | ~Q(status__in=Proposal.PRIVATE))
        if user.has_perm("proposals.view_handed_over"):
            shown |= Q(status__in=[*Proposal.NOT_HANDED_OVER, *Proposal.HANDED_OVER])
            shown |= Q(status=Proposal.Status.REVOKED, handed_over_on__isnull=False)
        if user.body_ids and user.has_perm("proposals.view_committee_proposals"):
            led = Proposer.objects.filter(order=0, membership__committee__in=user.body_ids)
            shown |= Q(pk__in=led.values("proposal")) & ~Q(status__in=Proposal.PRIVATE)
        # Who may not see the tombstone learns nothing of it, its own authors included.
        return self.filter(shown).exclude(status=Proposal.Status.TAKEN_OUT)

    def mine(self, user: Any) -> "ProposalQuerySet":
        """Proposals this person put or co-signed."""
        return self.filter(pk__in=_signed_by(user))

    def with_first_proposer(self) -> "ProposalQuerySet":
        """Each row with its first proposer, for lists; one more query whatever the number of rows.

        Of the person the name alone is read: a list opens nobody's encrypted numbers.
        """
        first = Proposer.objects.filter(order=0).select_related("membership__person", "body")
        shown = first.only(
            "proposal",
            "order",
            "status",
            "kept_name",
            "kept_full_name",
            "membership__person__name",
            "membership__person__user",
            "body__name",
            "body__short_name",
        )
        rows = self.defer("uid", "unpublished_reason")
        return rows.prefetch_related(Prefetch("proposers", shown, to_attr="first_proposers"))

    def with_handlings(self) -> "ProposalQuerySet":
        """Each row with its units and due dates; one more query whatever the number of rows."""
        shares = Handling.objects.standing().select_related("unit")
        shares = shares.defer("uid", "unit__uid", "unit__remit")
        return self.prefetch_related(Prefetch("handlings", shares.order_by("pk")))

    def with_shares_at_work(self) -> "ProposalQuerySet":
        """Each row with the shares on which something is still to be done: enough to say whose turn it is."""
        shares = Handling.objects.at_work().select_related("unit").order_by("pk")
        shares = shares.defer("uid", "unit__uid", "unit__remit")
        return self.prefetch_related(Prefetch("handlings", shares, to_attr="shares_at_work"))

    def with_awards(self) -> "ProposalQuerySet":
        """Each row says whether it was named excellent; no more queries."""
        given = Award.objects.standing().filter(proposal=OuterRef("pk"))
        return self.annotate(is_excellent=Exists(given))

    def with_marks(self) -> "ProposalQuerySet":
        """For the page of one: whether there is an award, or ever was a key mark, to show."""
        marks = KeyMark.objects.filter(proposal=OuterRef("pk"))
        return self.with_awards().annotate(was_key=Exists(marks))

    def with_stage(self) -> "ProposalQuerySet":
        """Each row with the key of the stage of review that is to speak next."""
        return self.annotate(stage=next_stage())

    def search(self, words: str) -> "ProposalQuerySet":
        """By number (15-3-001), words of the title, name or pinyin initials."""
        words = words.strip()
        if numbering.reader(parameters.get("proposals.number_format")).fullmatch(words):
            return self.filter(label=words)
        # A case-blind comparison costs three times as much; Chinese has no case.
        cased = words.upper() != words.lower()
        people = Person.objects.filter(
            Q(name__icontains=words) | Q(initials__icontains=words.lower())
            if cased
            else Q(name__contains=words)
        )
        bodies = Q(body__name__contains=words) | Q(body__short_name__contains=words)
        by_person = Proposer.objects.filter(Q(membership__person__in=people) | bodies).order_by()
        found = Q(title__icontains=words) if cased else Q(title__contains=words)
        if cased and words.isascii():
            found |= Q(initials__contains=words.lower())
        return self.filter(found | Q(pk__in=by_person.values("proposal")))


def _signed_by(user: Any) -> Any:
    """Keys of the proposals that this person put or co-signed."""
    confirmed = Q(order=0) | Q(status=Proposer.Status.AGREED)
    theirs = Q(membership__in=user.seat_ids)
    if bodies := signing_bodies(user):
        theirs |= Q(body__in=bodies)
    return Proposer.objects.filter(confirmed, theirs).order_by().values("proposal")


def _has_part(user: Any, sees_all: bool) -> Q:
    """Proposals that this person has a part in: signs, is invited, acts for a body.

    One subquery of keys: its cost follows what the person has a part in, not the number of all
    proposals, as a condition asked of each row would.
    """
    ways: list[Any] = []
    if seats := user.seat_ids:
        invited = Proposer.objects.filter(
            membership__in=seats,
            status=Proposer.Status.WAITING,
            proposal__status=Proposal.Status.COSIGNING,
        )
        ways += [_signed_by(user), invited.order_by().values("proposal")]
    if committees := supervised_by(user):
        marks = KeyMark.objects.current().filter(committee__in=committees)
        ways.append(marks.order_by().values("proposal"))
    if bodies := user.body_ids:
        ways.append(Proposer.objects.filter(body__in=bodies).order_by().values("proposal"))
        if not sees_all:  # what is handed over is nobody's draft
            ways.append(Handling.objects.delegated_to(user).order_by().values("proposal"))
            asked = UnitConsultation.objects.standing().filter(unit__in=bodies)
            ways.append(asked.order_by().values("proposal"))
    if not ways:
        return Q(pk__in=[])
    first, *others = ways
    return Q(pk__in=first.union(*others) if others else first)


class Proposal(Workflow):
    """A proposal: from a draft on a phone to the promise kept."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("草稿")
        COSIGNING = "cosigning", _("联名征集中")
        SUBMITTED = "submitted", _("已提交·待审查")
        REVIEWING = "reviewing", _("审查中")
        RETURNED = "returned", _("退回修改")
        WITHDRAWN = "withdrawn", _("已撤回")
        NOT_FILED = "not_filed", _("不予立案")
        MERGED = "merged", _("已并案")
        FILED = "filed", _("已立案·待交办")
        PREASSIGNED = "preassigned", _("预交办·征求意见")
        ASSIGNED = "assigned", _("已交办·待签收")
        HANDLING = "handling", _("办理中")
        REPLIED = "replied", _("已答复·待评价")
        REHANDLING = "rehandling", _("重新办理")
        CLOSED = "closed", _("已办结")
        TRACKING = "tracking", _("跟踪落实")
        ARCHIVED = "archived", _("已归档")
        REVOKED = "revoked", _("已撤案")
        TAKEN_OUT = "taken_out", _("已移出")

    class Series(models.TextChoices):
        PLENARY = "plenary", _("大会提案")
        ORDINARY = "ordinary", _("平时提案")

    class Kind(models.TextChoices):
        INDIVIDUAL = "individual", _("委员个人")
        COSIGNED = "cosigned", _("委员联名")
        COLLECTIVE = "collective", _("集体")

    PRIVATE: ClassVar = (Status.DRAFT, Status.COSIGNING)
    HANDED_OVER: ClassVar = (
        Status.ASSIGNED,
        Status.HANDLING,
        Status.REPLIED,
        Status.REHANDLING,
        Status.CLOSED,
        Status.TRACKING,
        Status.ARCHIVED,
    )
    WITH_UNITS: ClassVar = (Status.ASSIGNED, Status.HANDLING, Status.REHANDLING)
    # While units answer, replies that are in can be rated.
    RATED: ClassVar = (Status.ASSIGNED, Status.HANDLING, Status.REPLIED, Status.REHANDLING)
    UNDER_REVIEW: ClassVar = (Status.SUBMITTED, Status.REVIEWING)
    # With its proposers or under review: who co-signed may still step out.
    UNDECIDED: ClassVar = (*PRIVATE, *UNDER_REVIEW, Status.RETURNED)
    NOT_HANDED_OVER: ClassVar = (Status.FILED, Status.PREASSIGNED)  # filed, and with the office
    STANDING: ClassVar = (*NOT_HANDED_OVER, *HANDED_OVER)
    # A number is never used again: what was revoked keeps it, and so explains the gap.
    NUMBERED: ClassVar = (*STANDING, Status.REVOKED)
    # Only looked at from here on: nothing is written about them any more.
    ENDED: ClassVar = (Status.ARCHIVED, Status.REVOKED, Status.TAKEN_OUT)
    TAKES_OTHERS: ClassVar = (*NOT_HANDED_OVER, Status.ASSIGNED, Status.HANDLING)

    MOVES: ClassVar[Mapping[str, Move]] = {
        "invite": Move(
            {Status.DRAFT, Status.COSIGNING, Status.RETURNED},
            Status.COSIGNING,
            _("邀请联名"),
            _("第一提案人"),
            may_invite,
            ready_to_invite,
        ),
        "submit": Move(
            {Status.DRAFT, Status.COSIGNING, Status.RETURNED},
            Status.SUBMITTED,
            _("提交"),
            _("第一提案人"),
            is_author,
            ready_to_submit,
        ),
        "recall": Move(
            {Status.SUBMITTED},
            Status.DRAFT,
            _("撤回修改"),
            _("第一提案人（审查开始前）"),
            is_author,
        ),
        "withdraw": Move(
            {Status.COSIGNING, Status.SUBMITTED, Status.REVIEWING, Status.RETURNED},
            Status.WITHDRAWN,
            _("撤回"),
            _("第一提案人（立案前）"),
            is_author,
        ),
        "start_review": Move(
            {Status.SUBMITTED},
            Status.REVIEWING,
            _("开始审查"),
            _("提案委办公室"),
            has("review_proposal"),
        ),
        "examine": Move(
            {Status.REVIEWING},
            Status.REVIEWING,
            _("提出审查意见"),
            _("提案委办公室、提案委主任"),
            may_examine,
        ),
        "return_": Move(
            {Status.SUBMITTED, Status.REVIEWING},
            Status.RETURNED,
            _("退回修改"),
            _("提案委办公室"),
            has("return_proposal"),
        ),
        "file": Move(
            {Status.SUBMITTED, Status.REVIEWING},
            Status.FILED,
            _("立案"),
            _("提案委办公室"),
            has("file_proposal"),
            ready_to_file,
        ),
        "refuse": Move(
            {Status.SUBMITTED, Status.REVIEWING},
            Status.NOT_FILED,
            _("不予立案"),
            _("提案委办公室"),
            has("refuse_proposal"),
            ready_to_refuse,
        ),
        # It stays a proposal that was not filed; its text goes on as a public-opinion report.
        "convert": Move(
            {Status.NOT_FILED},
            Status.NOT_FILED,
            _("转社情民意"),
            _("提案委办公室"),
            has("convert_proposal"),
            not_yet_converted,
        ),
        # The committee looks at it again; a merged one comes back by `unmerge`.
        "reopen": Move(
            {Status.NOT_FILED},
            Status.REVIEWING,
            _("重新审查"),
            _("提案委办公室"),
            has("refuse_proposal"),
            was_not_converted,
        ),
        "merge": Move(
            {Status.SUBMITTED, Status.REVIEWING},
            Status.MERGED,
            _("并案"),
            _("提案委办公室"),
            has("file_proposal"),
            main_takes_it,
        ),
        "unmerge": Move(
            {Status.MERGED},
            Status.REVIEWING,
            _("撤销并案"),
            _("提案委办公室"),
            has("file_proposal"),
            main_is_not_handed_over,
        ),
        "release": Move({Status.MERGED}, Status.REVIEWING, _("主案移出，重新审查"), by_itself=True),
        "consult_units": Move(
            {Status.FILED, Status.PREASSIGNED},
            Status.PREASSIGNED,
            _("预交办"),
            _("提案委办公室；由督查室交办时督查室也可"),
            may_consult_units,
        ),
        "hand_over": Move(
            {Status.FILED, Status.PREASSIGNED},
            Status.ASSIGNED,
            _("交办"),
            _("提案委办公室或督查室，按设置"),
            may_hand_over,
            units_are_named,
        ),
        "all_acknowledged": Move(
            {Status.ASSIGNED}, Status.HANDLING, _("各单位均已签收"), by_itself=True
        ),
        "all_replied": Move(
            {Status.ASSIGNED, Status.HANDLING, Status.REHANDLING},
            Status.REPLIED,
            _("各单位均已答复"),
            by_itself=True,
        ),
        "rehandle": Move(
            {Status.REPLIED, Status.REHANDLING},
            Status.REHANDLING,
            _("重新办理"),
            _("提案委办公室"),
            has("rehandle_proposal"),
        ),
        "close": Move(
            {Status.REPLIED},
            Status.CLOSED,
            _("办结"),
            _("提案委办公室"),
            has("close_proposal"),
            all_have_answered,
        ),
        "track": Move(
            {Status.CLOSED}, Status.TRACKING, _("有承诺未兑现，转入跟踪"), by_itself=True
        ),
        "all_kept": Move({Status.TRACKING}, Status.CLOSED, _("承诺均已了结"), by_itself=True),
        "archive": Move(
            {Status.CLOSED, Status.TRACKING},
            Status.ARCHIVED,
            _("归档"),
            _("提案委办公室"),
            has("archive_proposal"),
            record_is_complete,
        ),
        "revoke": Move(
            {*NOT_HANDED_OVER, Status.ASSIGNED, Status.HANDLING},
            Status.REVOKED,
            _("撤案"),
            _("提案委办公室（凭提案人书面申请）"),
            has("revoke_proposal"),
            nobody_has_replied,
        ),
        "take_out": Move(
            set(Status) - {Status.TAKEN_OUT, Status.DRAFT},
            Status.TAKEN_OUT,
            _("涉密嫌疑，移出"),
            _("提案委办公室"),
            has("take_out_proposal"),
        ),
    }

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    term = models.ForeignKey(Term, models.PROTECT, related_name="proposals", verbose_name=_("届"))
    plenary = models.ForeignKey(
        Plenary, models.PROTECT, related_name="proposals", verbose_name=_("次")
    )
    status = models.CharField(_("状态"), max_length=12, choices=Status, default=Status.DRAFT)
    title = models.CharField(_("案由"), max_length=200, blank=True)
    initials = PinyinInitialsField(source="title", surname=False)
    serial = models.PositiveIntegerField(_("流水号"), null=True, blank=True, editable=False)
    series = models.CharField(_("大会或平时"), max_length=10, choices=Series, blank=True)
    number = models.PositiveIntegerField(_("案号"), null=True, blank=True, editable=False)
    # The number as people write it ("15-3-001"), kept so that one box finds it by an index.
    label = models.CharField(_("提案号"), max_length=20, blank=True, editable=False, db_index=True)
    kind = models.CharField(_("提案者类别"), max_length=12, choices=Kind, blank=True)
    category = models.ForeignKey(
        Category,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="proposals",
        verbose_name=_("类别"),
    )
    may_publish = models.BooleanField(_("同意公开"), null=True, blank=True)
    unpublished_reason = models.CharField(_("不同意公开的理由"), max_length=300, blank=True)
    secrecy_confirmed = models.BooleanField(_("已确认不涉密"), default=False)
    wished_units = models.ManyToManyField(
        Unit, blank=True, related_name="+", verbose_name=_("建议主办单位")
    )
    wished_joint_units = models.ManyToManyField(
        Unit, blank=True, related_name="+", verbose_name=_("建议会办单位")
    )
    current_text = models.ForeignKey(
        "proposals.TextVersion", models.PROTECT, null=True, blank=True, related_name="+"
    )
    # What the office gave back for its words: the text that comes again must be another one. Empty
    # where a return asked for something else than words.
    returned_text = models.ForeignKey(
        "proposals.TextVersion",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    cosign_until = models.DateField(_("联名截止"), null=True, blank=True)
    refusal_reason = models.ForeignKey(
        RefusalReason,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("理由"),
    )
    destination = models.ForeignKey(
        Destination, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("去向")
    )
    # The filed proposal that a merged one joined (rule 4: it has no handlings of its own).
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        limit_choices_to={"status__in": ["filed", "preassigned", "assigned", "handling"]},
        verbose_name=_("并入"),
    )
    # 代录: a member who never logs in is served fully; it shows as such everywhere.
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("建立时间"), default=timezone.now, editable=False)
    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True, editable=False)
    filed_at = models.DateTimeField(_("立案时间"), null=True, blank=True, editable=False)
    # The proof of the hand-over: the first of the shares whose units answer the proposers.
    first_share = models.ForeignKey(
        Handling, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    handed_over_on = models.DateField(_("交办日期"), null=True, blank=True, editable=False)
    due_on = models.DateField(_("答复期限"), null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("办结时间"), null=True, blank=True, editable=False)
    archived_at = models.DateTimeField(_("归档时间"), null=True, blank=True, editable=False)
    # The proof of a key proposal: the first of the officials whom a decision named to lead it.
    key_official = models.ForeignKey(
        LeadingOfficial, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    objects: ClassVar = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("提案")
        ordering = ["-pk"]
        permissions = [
            ("review_proposal", _("审查提案")),
            ("return_proposal", _("退回提案")),
            ("file_proposal", _("立案")),
            ("refuse_proposal", _("不予立案")),
            ("convert_proposal", _("转社情民意")),
            ("hand_over_proposal", _("交办提案")),
            ("hand_over_for_government", _("由督查室交办提案")),
            ("rehandle_proposal", _("决定重新办理")),
            ("close_proposal", _("办结提案")),
            ("take_out_proposal", _("移出涉密嫌疑提案")),
            ("select_key_proposal", _("登记重点提案")),
            ("supervise_proposal", _("登记督办情况")),
            ("award_proposal", _("登记提案表彰")),
            ("revoke_proposal", _("撤案")),
            ("archive_proposal", _("归档提案")),
            ("enter_for_others", _("代录")),
            ("read_notes", _("查看内部批注")),
            ("view_handed_over", _("查看已交办提案")),
            ("view_committee_proposals", _("查看本专委会委员的提案")),
            ("export_proposal", _("导出提案")),
            ("import_proposal", _("导入提案")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["plenary", "series", "number"], name="proposals_number_once"
            ),
            models.UniqueConstraint(fields=["plenary", "serial"], name="proposals_serial_once"),
            models.CheckConstraint(
                condition=~Q(status__in=["not_filed"])
                | Q(refusal_reason__isnull=False, destination__isnull=False),
                name="proposals_not_filed_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(
                    status__in=[
                        "filed",
                        "preassigned",
                        "assigned",
                        "handling",
                        "replied",
                        "rehandling",
                        "closed",
                        "tracking",
                        "archived",
                        "revoked",
                    ]
                )
                | (Q(number__isnull=False, category__isnull=False) & ~Q(series="")),
                name="proposals_filed_has_number",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "cosigning", "withdrawn", "taken_out"])
                | Q(serial__isnull=False, submitted_at__isnull=False),
                name="proposals_submitted_has_serial",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "cosigning", "returned", "withdrawn", "taken_out"])
                | (
                    Q(secrecy_confirmed=True)
                    & (Q(may_publish=True) | (Q(may_publish=False) & ~Q(unpublished_reason="")))
                ),
                name="proposals_submitted_is_declared",
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(current_text__isnull=False),
                name="proposals_shown_text_is_frozen",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["submitted", "reviewing", "filed"])
                | Q(returned_text__isnull=True)
                | ~Q(current_text=models.F("returned_text")),
                name="proposals_returned_text_was_changed",
            ),
            models.CheckConstraint(
                condition=~Q(
                    status__in=[
                        "assigned",
                        "handling",
                        "replied",
                        "rehandling",
                        "closed",
                        "tracking",
                        "archived",
                    ]
                )
                | Q(handed_over_on__isnull=False, due_on__isnull=False, first_share__isnull=False),
                name="proposals_handed_over_has_due_date",
            ),
            models.CheckConstraint(
                condition=~Q(status="merged") | Q(merged_into__isnull=False),
                name="proposals_merged_names_the_main_one",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=models.F("pk")),
                name="proposals_merged_into_another",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True)
                | Q(status__in=["merged", "reviewing", "taken_out"], number__isnull=True),
                name="proposals_merged_has_no_number",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["closed", "tracking", "archived"])
                | Q(closed_at__isnull=False),
                name="proposals_closed_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(status="archived") | Q(archived_at__isnull=False),
                name="proposals_archived_has_time",
            ),
            models.CheckConstraint(
                condition=Q(key_official__isnull=True)
                | (Q(number__isnull=False) & ~Q(status__in=["revoked", "taken_out"])),
                name="proposals_key_is_filed",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "-id"], name="proposals_status_newest"),
            models.Index(fields=["plenary", "status"], name="proposals_plenary_status"),
        ]

    def __str__(self) -> str:
        return self.title or str(_("（未命名的草稿）"))

    def get_absolute_url(self) -> str:
        return reverse("proposals:detail", args=[self.pk])

    @cached_property
    def first_proposer(self) -> Proposer | None:
        rows = getattr(self, "first_proposers", None)
        if rows is None:
            rows = list(
                self.proposers.filter(order=0).select_related("membership__person", "body")[:1]
            )
        return rows[0] if rows else None

    @cached_property
    def further_sides(self) -> list[FurtherBody]:
        """The other bodies that put a collective proposal; a member's text has none."""
        if not hasattr(self, "collective"):
            return []
        return list(self.further_bodies.standing().select_related("body", "kind", "seal"))

    @cached_property
    def shares_at_work(self) -> list[Handling]:
        """The shares on which something is still to be done; lists fetch them for all their rows."""
        return [share for share in self.handlings.all() if share.status in Handling.AT_WORK]

    @property
    def display_number(self) -> str:
        """What people call it: its number, before filing its serial, before submission nothing."""
        if self.number is not None:
            return self.label
        return _("流水号 %s") % self.serial if self.serial is not None else ""

    @property
    def official_number(self) -> str:
        """The number as letters print it: 十五届三次会议第001号."""
        if self.number is None:
            return ""
        return self._numbered("proposals.official_number_format", self.number, self.series)

    def make_label(self, number: int, series: str) -> str:
        return self._numbered("proposals.number_format", number, series)

    def _numbered(self, setting: str, number: int, series: str) -> str:
        return numbering.write(
            parameters.get(setting),
            term=self.plenary.term.number,
            plenary=self.plenary.number,
            ordinary=series == self.Series.ORDINARY,
            number=number,
            digits=parameters.get("proposals.number_digits"),
        )

    def is_proposer(self, user: Any) -> bool:
        """Whether this person put or co-signed the proposal."""
        confirmed = Q(order=0) | Q(status=Proposer.Status.AGREED)
        signed = self.proposers.filter(confirmed).values_list("membership__person__user", "body")
        return any(body in signing_bodies(user) if body else own == user.pk for own, body in signed)

    @property
    def is_key(self) -> bool:
        """Whether a decision made it a key proposal (重点提案)."""
        return self.key_official_id is not None

    @property
    def is_entered_for_other(self) -> bool:
        return self.entered_by_id is not None


class ProposalChange(StatusChange):
    """History of one proposal."""

    subject = models.ForeignKey(Proposal, models.CASCADE, related_name="changes")


class Draft(models.Model):
    """The text being written, saved every few seconds; it has no history and only its author reads it."""

    proposal = models.OneToOneField(Proposal, models.CASCADE, related_name="draft")
    title = models.CharField(_("案由"), max_length=200, blank=True)
    situation = models.TextField(_("情况"), blank=True)
    analysis = models.TextField(_("分析"), blank=True)
    suggestions = models.TextField(_("建议"), blank=True)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(default=timezone.now)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("草稿")

    def __str__(self) -> str:
        return self.title

    @property
    def parts(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in PARTS}

    @property
    def digest(self) -> str:
        return digest_of(self.parts)


class DraftCopy(models.Model):
    """A text that lost against another window: kept, so that nothing typed is ever gone."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="draft_copies")
    title = models.CharField(_("案由"), max_length=200, blank=True)
    situation = models.TextField(_("情况"), blank=True)
    analysis = models.TextField(_("分析"), blank=True)
    suggestions = models.TextField(_("建议"), blank=True)
    saved_at = models.DateTimeField(default=timezone.now)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-saved_at"]

    def __str__(self) -> str:
        return self.title


class TextVersion(models.Model):
    """A frozen text: what was invited to, submitted, edited or published; never changed, never deleted."""

    class Kind(models.TextChoices):
        ORIGINAL = "original", _("提案人原文")
        EDITED = "edited", _("编辑稿")
        PUBLIC = "public", _("公开稿")

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="texts")
    kind = models.CharField(_("种类"), max_length=10, choices=Kind, default=Kind.ORIGINAL)
    number = models.PositiveSmallIntegerField(_("第几稿"))
    title = models.CharField(_("案由"), max_length=200)
    situation = models.TextField(_("情况"))
    analysis = models.TextField(_("分析"), blank=True)
    suggestions = models.TextField(_("建议"))
    digest = models.CharField(max_length=64)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "number"], name="proposals_text_number")
        ]

    def __str__(self) -> str:
        return f"{self.title} · {self.number}"

    @property
    def parts(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in PARTS}


class InternalNote(models.Model):
    """A remark of the office on a proposal, never shown to proposers or units."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="notes")
    text = models.TextField(_("批注"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = _("内部批注")
        ordering = ["-at"]

    def __str__(self) -> str:
        return self.text[:40]
