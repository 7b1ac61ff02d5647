"""The papers of a proposal as the office prints them: form, hand-over sheet, opinion, reply, rating form."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cppcc_portal.office import parameters
from cppcc_portal.office.deadlines import long_date
from cppcc_portal.office.documents import Paper, address_of
from members.models import Unit
from proposals.models import Evaluation, Handling, Proposal, RatingGrade, Reply, Seconding
from proposals.models.secondings import seconding_is_on

BOX = "□"


def committee_name() -> str:
    """The district committee, as it stands at the head of its papers."""
    return _("政协%s委员会") % parameters.get("portal.district")


def _day(on: Any) -> str:
    """A date as papers write it; of a moment, the local day."""
    if isinstance(on, datetime):
        on = timezone.localdate(on)
    return long_date(on) if on else ""


def _people(proposal: Proposal) -> list[Any]:
    return list(proposal.proposers.confirmed().with_people())


def _person_row(proposer: Any, phones: Any) -> list[str]:
    seat = proposer.membership
    if seat is None:
        side = proposer.collective
        if side is None:
            return [proposer.full_name, "", "", ""]
        phone = side.contact_phone if side.key in phones else side.masked_phone
        contact = _("联系人：%s") % side.contact_name
        return [proposer.full_name, str(side.kind), contact, phone]
    person = seat.person
    phone = person.phone if person.pk in phones else person.masked_phone
    name = proposer.full_name
    if proposer.is_on_paper:
        name = _("%s（纸质联名）") % name
    return [name, proposer.sector, proposer.work, phone or ""]


def behind(proposal: Proposal) -> list[Any]:
    """Whose numbers may stand on the papers of a proposal: persons, and organisations' sides."""
    found = [proposer.person or proposer.collective for proposer in _people(proposal)]
    return [one for one in found if one is not None]


def _proposers(paper: Paper, proposal: Proposal, phones: Any) -> None:
    rows = [_person_row(proposer, phones) for proposer in _people(proposal)]
    head = [_("提案人"), _("界别或类别"), _("工作单位及职务、联系人"), _("联系电话")]
    paper.table(head, rows, widths=(26, 30, 66, 34))


def _text(paper: Paper, text: Any) -> None:
    for label, part in (
        (_("情况"), text.situation),
        (_("分析"), text.analysis),
        (_("建议"), text.suggestions),
    ):
        if part.strip():
            paper.heading(label)
            paper.text(part)


def _record(paper: Paper, proposal: Proposal) -> None:
    """The code that opens the record, by the name that is for paper alone."""
    address = address_of(reverse("proposals:by_code", args=[proposal.uid]))
    paper.code(address, _("扫码查看办理情况：%s") % address)


def proposal_form(proposal: Proposal, *, phones: Any = ()) -> Paper:
    """提案表: number, proposers, text, wishes, what the review decided.

    `phones` are the keys of the persons whose whole numbers are printed; the others are masked.
    """
    paper = Paper(str(proposal))
    collective = getattr(proposal, "collective", None)
    title = _("%s集体提案表") if collective else _("%s委员提案表")
    paper.title(title % committee_name())
    status = Proposal.Status
    decided = {
        status.NOT_FILED: _("不予立案：%(reason)s；去向：%(destination)s")
        % {"reason": proposal.refusal_reason, "destination": proposal.destination},
        status.MERGED: _("并入：%(number)s %(title)s")
        % {
            "number": proposal.merged_into.label if proposal.merged_into else "",
            "title": proposal.merged_into or "",
        },
        status.REVOKED: _("立案（%s），后撤案") % _day(proposal.filed_at),
    }.get(Proposal.Status(proposal.status))
    if decided is None:
        decided = _("立案（%s）") % _day(proposal.filed_at) if proposal.filed_at else ""
    paper.facts(
        [
            (_("提案号"), proposal.official_number or proposal.display_number),
            (_("案由"), proposal.current_text.title if proposal.current_text else proposal),
            (_("类别"), proposal.category or ""),
            (_("提交时间"), _day(proposal.submitted_at)),
            (_("建议主办单位"), "、".join(map(str, proposal.wished_units.all()))),
            (_("建议会办单位"), "、".join(map(str, proposal.wished_joint_units.all()))),
            (_("是否同意公开"), _consent(proposal)),
            (_("审查意见"), decided),
        ]
    )
    _proposers(paper, proposal, phones)
    if seconding_is_on() and parameters.get("proposals.seconding_on_form"):
        _seconders(paper, proposal)
    if collective is not None:
        _seal(paper, proposal, collective)
    if proposal.current_text is not None:
        _text(paper, proposal.current_text)
    _record(paper, proposal)
    return paper


def _seconders(paper: Paper, proposal: Proposal) -> None:
    """Who seconds it, by name; what they remarked is for the proposers and the office."""
    if names := "、".join(one.name for one in Seconding.objects.of_others(proposal)):
        paper.facts([(_("附议委员"), names)])


def _seal(paper: Paper, proposal: Proposal, collective: Any) -> None:
    """What stands under an organisation's form: its whole name, who wrote it, room for seal and signature."""
    first = proposal.first_proposer
    sealed = _("已盖章（扫描件随附）") if collective.seal_id else "\n\n"
    paper.facts(
        [
            (_("提案组织"), first.full_name if first else ""),
            (_("主笔人"), collective.writers),
            (_("通信地址"), collective.address),
            (_("组织盖章"), sealed),
            (_("负责人签名"), "\n"),
        ]
    )
    for side in proposal.further_sides:
        sealed = _("已盖章或签名（扫描件随附）") if side.seal_id else "\n\n"
        paper.facts([(_("联合提出的组织"), side.body.name), (_("盖章或负责人签名"), sealed)])


def _consent(proposal: Proposal) -> str:
    if proposal.may_publish:
        return _("同意")
    reason = proposal.unpublished_reason
    return _("不同意：%s") % reason if reason else ""


def _key_facts(proposal: Proposal) -> list[tuple[str, str]]:
    """Of a key proposal, who leads it."""
    if proposal.key_official is None:
        return []
    officials = proposal.key_official.mark.officials.all()
    return [(_("重点提案督办领导"), "、".join(str(official) for official in officials))]


def hand_over_sheet(handling: Handling, *, phones: Any = ()) -> Paper:
    """交办单: what one unit gets, from whom, by when; `phones` as for the form."""
    proposal = handling.proposal
    paper = Paper(_("交办单 %s") % proposal.label)
    paper.title(_("提案交办单"))
    others = proposal.handlings.standing().exclude(pk=handling.pk).select_related("unit")
    hand_over = proposal.changes.filter(verb="hand_over").last()
    paper.facts(
        [
            (_("提案号"), proposal.official_number),
            (_("案由"), proposal),
            (_("承办单位"), f"{handling.unit_named}（{handling.get_role_display()}）"),
            (
                _("其他承办单位"),
                "、".join(f"{one.unit_named}（{one.get_role_display()}）" for one in others),
            ),
            (_("交办日期"), _day(handling.handed_over_on)),
            (_("签收期限"), _day(handling.sign_in_due_on)),
            (_("办理期限"), _day(handling.due_on)),
            (_("交办说明"), hand_over.note if hand_over else ""),
            *_key_facts(proposal),
        ]
    )
    _proposers(paper, proposal, phones)
    if proposal.current_text is not None:
        _text(paper, proposal.current_text)
    merged = proposal.merged.filter(status=Proposal.Status.MERGED).with_first_proposer()
    for one in merged.select_related("current_text"):
        words = {"title": one, "who": one.first_proposer.name if one.first_proposer else ""}
        paper.heading(_("并入的提案：%(title)s（%(who)s）") % words)
        if one.current_text is not None:
            _text(paper, one.current_text)
    paper.signature(_("%s提案委员会") % committee_name(), handling.handed_over_on)
    _record(paper, proposal)
    return paper


def joint_opinion(handling: Handling) -> Paper:
    """会办意见: what a joint unit says to the lead unit, under its own number."""
    opinion, proposal = handling.joint_opinion, handling.proposal
    assert opinion is not None  # asked for by the page
    paper = Paper(_("会办意见 %s") % proposal.label)
    paper.head(opinion.unit_name, opinion.document_number)
    paper.title(_("关于%s提案的会办意见") % proposal.official_number)
    leads = proposal.handlings.standing().filter(role=Handling.Role.LEAD).select_related("unit")
    paper.addressee("、".join(lead.unit_named for lead in leads) + "：")
    paper.text(opinion.text)
    paper.signature(opinion.unit_name, timezone.localdate(opinion.given_at))
    paper.note(_("（签发人：%s）") % f"{opinion.signer} {opinion.signer_post}".strip())
    _record(paper, proposal)
    return paper


def _promised(reply: Reply) -> list[list[str]]:
    """What, who, by when: as on record once sent, before as typed so far."""
    if reply.is_sent:
        promises = getattr(reply, "promises", ())
        return [[one.what, one.who, _day(one.due_on)] for one in promises]
    return [
        [str(row.get(name) or "") for name in ("what", "who", "due_on")] for row in reply.planned
    ]


def reply_letter(reply: Reply) -> Paper:
    """答复函: class at the upper right, own number, addressed to every proposer, with what is promised."""
    handling = reply.handling
    proposal = handling.proposal
    paper = Paper(_("答复 %s") % proposal.label)
    if reply.result_class is not None:
        paper.mark(reply.result_class.code)
    paper.head(reply.unit_named, reply.document_number)
    paper.title(_("关于%s提案的答复") % proposal.official_number)
    people = _people(proposal)
    first = people[0].full_name if people else ""
    if len(people) > 1:
        words = {"first": first, "count": len(people)}
        paper.addressee(_("%(first)s等%(count)d名提案人：") % words)
    else:
        paper.addressee(_("%s：") % first)
    words = {"title": proposal, "number": proposal.label}
    paper.text(_("您提出的《%(title)s》（%(number)s）收悉，经研究，现答复如下：") % words)
    paper.text(reply.text)
    rows = _promised(reply)
    if rows:
        paper.heading(_("承诺事项"))
        paper.table([_("做什么"), _("谁负责"), _("何时完成")], rows, widths=(86, 30, 40))
    paper.text(_("感谢您对我们工作的关心和支持。"))
    sent_on = timezone.localdate(reply.sent_at) if reply.sent_at else None
    paper.signature(reply.unit_named, sent_on)
    signer = f"{reply.signer} {reply.signer_post}".strip()
    paper.note(_("（签发人：%s）") % signer)
    if reply.contact_name or reply.contact_phone:
        paper.note(_("（联系人：%s）") % f"{reply.contact_name} {reply.contact_phone}".strip())
    paper.note(_("抄送：%s。") % "，".join(copied_to(handling)))
    _record(paper, proposal)
    return paper


def copied_to(handling: Handling) -> list[str]:
    """Who gets a copy of the reply: the committee, the supervision office of its side, the joint units."""
    committee = _("%s提案委员会") % committee_name()
    party = handling.unit.side == Unit.Side.PARTY
    office = parameters.get("proposals.copies_party" if party else "proposals.copies_government")
    joint = handling.proposal.handlings.standing().filter(role=Handling.Role.JOINT)
    units = [one.unit_named for one in joint.select_related("unit").order_by("unit__order", "unit")]
    return [one for one in (committee, office, *units) if one]


def rating_form(evaluation: Evaluation) -> Paper:
    """征询意见表: to be filled in by hand by one proposer for one unit's reply, and signed."""
    reply, proposal = evaluation.reply, evaluation.reply.handling.proposal
    paper = Paper(_("征询意见表 %s") % proposal.label)
    paper.title(_("提案办理情况征询意见表"))
    grades = RatingGrade.objects.filter(active=True).values_list("name", flat=True)
    boxes = "　　".join(f"{BOX} {name}" for name in grades)
    contacted = "　　".join(f"{BOX} {label}" for label in Evaluation.Contacted.labels)
    to_the_point = "　　".join(f"{BOX} {label}" for label in Evaluation.ToThePoint.labels)
    paper.facts(
        [
            (_("提案号"), proposal.official_number),
            (_("案由"), proposal),
            (_("提案人"), evaluation.proposer.full_name),
            (_("承办单位"), reply.unit_named),
            (_("答复文号和类别"), f"{reply.document_number}　{reply.result_class or ''}"),
            (_("联系沟通情况"), contacted),
            (_("答复是否对题"), to_the_point),
            (_("办理态度"), boxes),
            (_("办理结果"), boxes),
            (_("意见和建议（不满意的请写明原因）"), "\n\n\n\n"),
            (_("提案人签名和日期"), "\n"),
        ]
    )
    paper.text(_("请在 %s 前交区政协提案委办公室；也可以在手机上评价。") % _day(evaluation.due_on))
    _record(paper, proposal)
    return paper
