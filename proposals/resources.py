"""Proposals and their lists as tables, in the office's columns."""

from typing import Any

from django.utils.translation import gettext as _
from import_export import fields
from import_export.widgets import ForeignKeyWidget

from cppcc_portal.office.spreadsheets import SafeResource
from proposals.models import (
    Category,
    ContactEntry,
    Handling,
    Proposal,
    Proposer,
    ProposerKind,
    Reply,
)
from proposals.models.secondings import with_secondings


class ProposalResource(SafeResource):
    """One line a proposal, as the office reports them."""

    label = fields.Field("label", column_name=_("提案号"))
    serial = fields.Field("serial", column_name=_("流水号"))
    title = fields.Field("title", column_name=_("案由"))
    first = fields.Field("pk", column_name=_("第一提案人"))
    others = fields.Field("pk", column_name=_("联名人"))
    plenary = fields.Field("plenary", column_name=_("届次"))
    series = fields.Field("series", column_name=_("大会或平时"))
    kind = fields.Field("kind", column_name=_("提案者类别"))
    counted_as = fields.Field("pk", column_name=_("统计口径"))
    category = fields.Field("category", column_name=_("类别"))
    status = fields.Field("status", column_name=_("状态"))
    submitted_at = fields.Field("submitted_at", column_name=_("提交时间"))
    filed_at = fields.Field("filed_at", column_name=_("立案时间"))
    handed_over_on = fields.Field("handed_over_on", column_name=_("交办日期"))
    lead = fields.Field("pk", column_name=_("主办、分办单位"))
    joint = fields.Field("pk", column_name=_("会办单位"))
    due_on = fields.Field("due_on", column_name=_("答复期限"))
    first_class = fields.Field("pk", column_name=_("首次类别"))
    last_class = fields.Field("pk", column_name=_("现类别"))
    met = fields.Field("pk", column_name=_("面商情况"))
    closed_at = fields.Field("closed_at", column_name=_("办结时间"))
    archived_at = fields.Field("archived_at", column_name=_("归档时间"))
    key = fields.Field("pk", column_name=_("重点提案督办领导"))
    excellent = fields.Field("pk", column_name=_("优秀提案"))
    refusal_reason = fields.Field("refusal_reason", column_name=_("不予立案理由"))
    destination = fields.Field("destination", column_name=_("去向"))
    seconded = fields.Field("pk", column_name=_("附议人数"))

    class Meta:
        model = Proposal
        fields = export_order = (
            "label",
            "serial",
            "title",
            "first",
            "others",
            "plenary",
            "series",
            "kind",
            "counted_as",
            "category",
            "status",
            "submitted_at",
            "filed_at",
            "handed_over_on",
            "lead",
            "joint",
            "due_on",
            "first_class",
            "last_class",
            "met",
            "closed_at",
            "archived_at",
            "key",
            "excellent",
            "refusal_reason",
            "destination",
            "seconded",
        )

    def filter_export(self, queryset: Any, **kwargs: Any) -> Any:
        """With everything a line shows, in a number of queries that does not grow with the lines."""
        return with_secondings(
            queryset.prefetch_related(None)
            .select_related(
                "plenary__term", "category", "refusal_reason", "destination", "collective__kind"
            )
            .with_first_proposer()
            .with_handlings()
            .prefetch_related(
                "handlings__contacts",
                "handlings__current_reply__result_class",
                "handlings__current_reply__follow_ups__result_class",
            )
            .with_awards()
            .prefetch_related(
                "proposers__membership__person", "proposers__body", "key_official__mark__officials"
            )
        )

    def dehydrate_first(self, proposal: Proposal) -> str:
        return proposal.first_proposer.name if proposal.first_proposer else ""

    def dehydrate_others(self, proposal: Proposal) -> str:
        return "、".join(
            proposer.name
            for proposer in proposal.proposers.all()
            if not proposer.is_first and proposer.status == Proposer.Status.AGREED
        )

    def dehydrate_plenary(self, proposal: Proposal) -> str:
        return str(proposal.plenary)

    def dehydrate_series(self, proposal: Proposal) -> str:
        return proposal.get_series_display()

    def dehydrate_kind(self, proposal: Proposal) -> str:
        collective = getattr(proposal, "collective", None)
        return str(collective.kind) if collective else proposal.get_kind_display()

    def dehydrate_counted_as(self, proposal: Proposal) -> str:
        collective = getattr(proposal, "collective", None)
        if collective is not None:
            return str(collective.kind.get_counted_as_display())
        return str(ProposerKind.Counted.MEMBER.label) if proposal.kind else ""

    def dehydrate_category(self, proposal: Proposal) -> str:
        return str(proposal.category or "")

    def dehydrate_status(self, proposal: Proposal) -> str:
        return proposal.get_status_display()

    def dehydrate_submitted_at(self, proposal: Proposal) -> Any:
        return proposal.submitted_at

    def dehydrate_filed_at(self, proposal: Proposal) -> Any:
        return proposal.filed_at

    def dehydrate_closed_at(self, proposal: Proposal) -> Any:
        return proposal.closed_at

    def dehydrate_archived_at(self, proposal: Proposal) -> Any:
        return proposal.archived_at

    def dehydrate_key(self, proposal: Proposal) -> str:
        if proposal.key_official is None:
            return ""
        return "、".join(str(one) for one in proposal.key_official.mark.officials.all())

    def dehydrate_excellent(self, proposal: Any) -> str:
        return _("是") if proposal.is_excellent else ""

    def dehydrate_lead(self, proposal: Proposal) -> str:
        return self.units(proposal, joint=False)

    def dehydrate_joint(self, proposal: Proposal) -> str:
        return self.units(proposal, joint=True)

    def units(self, proposal: Proposal, *, joint: bool) -> str:
        return "、".join(
            str(share.unit)
            for share in proposal.handlings.all()
            if (share.role == Handling.Role.JOINT) is joint
        )

    def answers(self, proposal: Proposal) -> list[Reply]:
        replies = [share.current_reply for share in proposal.handlings.all()]
        return [reply for reply in replies if reply is not None and reply.is_sent]

    def dehydrate_first_class(self, proposal: Proposal) -> str:
        return "、".join(str(reply.result_class) for reply in self.answers(proposal))

    def dehydrate_last_class(self, proposal: Proposal) -> str:
        """As it was said last, in supplementary replies too."""
        last = [
            [reply.result_class, *(said.result_class for said in reply.follow_ups.all())][-1]
            for reply in self.answers(proposal)
        ]
        return "、".join(map(str, last))

    def dehydrate_met(self, proposal: Proposal) -> str:
        """Met by a unit that answers; "not necessary" stands apart and is never counted as met."""
        shares = [share for share in proposal.handlings.all() if share.answers_proposers]
        ways = {contact.way for share in shares for contact in share.contacts.all()}
        if ways.intersection(ContactEntry.MET):
            return _("已面商")
        if ContactEntry.Way.NOT_NEEDED in ways:
            return str(ContactEntry.Way.NOT_NEEDED.label)
        return _("未面商") if shares else ""

    def dehydrate_refusal_reason(self, proposal: Proposal) -> str:
        return str(proposal.refusal_reason or "")

    def dehydrate_destination(self, proposal: Proposal) -> str:
        return str(proposal.destination or "")

    def dehydrate_seconded(self, proposal: Any) -> Any:
        return getattr(proposal, "seconded", "")  # nothing where the office has no seconding


class CategoryResource(SafeResource):
    """Categories, known by their code."""

    code = fields.Field("code", column_name=_("代码"))
    name = fields.Field("name", column_name=_("名称"))
    parent = fields.Field(
        "parent", column_name=_("上级代码"), widget=ForeignKeyWidget(Category, "code")
    )
    order = fields.Field("order", column_name=_("次序"), default=0)

    class Meta:
        model = Category
        import_id_fields = ("code",)
        skip_unchanged = True
        clean_model_instances = True
        fields = export_order = ("code", "name", "parent", "order")
