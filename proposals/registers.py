"""Lists as papers across the sheet: what each unit was handed, what units promised and how far it is."""

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cppcc_portal.office.documents import Paper, address_of
from members.models import Commitment, Unit
from proposals.models import Handling, Reply
from proposals.models.promises import Origin


def hand_over_list(shares: Iterable[Handling]) -> Paper:
    """交办清单: a page for each unit, its shares with proposers and due dates, and how many of each kind.

    `shares` are in the order of their units, with first proposers as `first_proposers` of each proposal.
    """
    paper = Paper(_("提案交办清单"), wide=True)
    head = [_("序号"), _("提案号"), _("案由"), _("第一提案人"), _("方式"), _("交办"), _("期限")]
    for number, (unit, rows) in enumerate(groupby(shares, key=lambda share: share.unit)):
        own = list(rows)
        if number:
            paper.page()
        paper.title(_("%s提案交办清单") % unit)
        paper.table(head, [_share_row(*pair) for pair in enumerate(own, start=1)], widths=WIDTHS)
        roles = [share.role for share in own]
        words = {role: roles.count(Handling.Role(role)) for role in ("lead", "joint", "separate")}
        total = {**words, "total": len(own)}
        told = _("共 %(total)d 件：主办 %(lead)d 件，会办 %(joint)d 件，分办 %(separate)d 件。")
        paper.text(told % total)
    if not paper.parts:
        paper.title(_("提案交办清单"))
        paper.text(_("没有交办的提案。"))
    _desk(paper)
    return paper


WIDTHS = (14, 28, 85, 32, 18, 24, 24)


def _share_row(number: int, share: Handling) -> list[Any]:
    proposal = share.proposal
    first = proposal.first_proposer
    return [
        number,
        proposal.label,
        proposal,
        first.name if first else "",
        share.get_role_display(),
        _day(share.handed_over_on),
        _day(share.due_on),
    ]


def _day(day: date) -> str:
    """Short enough for a column."""
    return day.isoformat()


def promise_register(promises: Iterable[Commitment], origins: Mapping[str, Origin]) -> Paper:
    """承诺事项落实登记表: proposal, present class, what, who, by when, how far, by unit.

    `promises` are in the order of their units; `origins` where they were made, by source key.
    """
    paper = Paper(_("承诺事项落实登记表"), wide=True)
    head = [
        _("序号"), _("提案号"), _("案由"), _("类别"), _("承诺事项"), _("责任人"),
        _("完成期限"), _("落实情况"),
    ]  # fmt: skip
    for number, (unit, rows) in enumerate(groupby(promises, key=lambda promise: promise.unit)):
        if number:
            paper.page()
        _unit_promises(paper, head, unit, list(rows), origins)
    if not paper.parts:
        paper.title(_("承诺事项落实登记表"))
        paper.text(_("没有承诺事项。"))
    _desk(paper)
    return paper


def _desk(paper: Paper) -> None:
    """The code that opens the desk, where each of these stands as it is now."""
    address = address_of(reverse("desk:index"))
    paper.code(address, _("扫码查看现在的办理情况：%s") % address)


def _classes(reply: Reply) -> str:
    """The class of the reply, and that which was said last where it is another."""
    first = reply.result_class.code if reply.result_class else ""
    codes = [said.result_class.code for said in reply.follow_ups.all()]
    return f"{first}→{codes[-1]}" if codes and codes[-1] != first else first


def _unit_promises(
    paper: Paper,
    head: list[str],
    unit: Unit,
    promises: list[Commitment],
    origins: Mapping[str, Origin],
) -> None:
    paper.title(_("%s承诺事项落实登记表") % unit)
    rows = []
    for number, promise in enumerate(promises, start=1):
        origin = origins[promise.subject]
        proposal = origin.handling.proposal
        said = [note.text for note in promise.progress.all()]
        said += [change.note for change in promise.changes.all() if change.note]
        so_far = str(promise.get_status_display())
        rows.append(
            [
                number,
                proposal.label,
                proposal,
                _classes(origin.reply) if origin.reply else _("协商"),
                promise.what,
                promise.who,
                _day(promise.due_on),
                f"{so_far}：{said[-1]}" if said else so_far,
            ]
        )
    paper.table(head, rows, widths=(12, 27, 44, 12, 48, 22, 28, 32))
