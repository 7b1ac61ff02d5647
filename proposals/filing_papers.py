"""The list of results of the review as it is laid before the chairpersons' meeting."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from cppcc_portal.office.documents import Paper
from proposals.models import FilingList, FilingRow
from proposals.papers import committee_name


def rows_of(listed: FilingList) -> Any:
    """The rows of a list with all that is shown of each; a constant number of queries."""
    rows = listed.rows.select_related(
        "category", "refusal_reason", "destination", "main__plenary__term", "lead"
    )
    return rows.prefetch_related("joint", "proposal__proposers__membership__person").order_by("pk")


def proposer_of(row: FilingRow) -> str:
    """The first proposer, and how many signed with them."""
    signed = [
        one
        for one in row.proposal.proposers.all()
        if one.order == 0 or one.status == one.Status.AGREED
    ]
    signed.sort(key=lambda one: one.order)
    if not signed:
        return ""
    if len(signed) == 1:
        return signed[0].name
    return _("%(first)s等%(count)d人") % {"first": signed[0].name, "count": len(signed)}


def opinion_of(row: FilingRow) -> str:
    """The result in words, as the column of the list says it."""
    match row.result:
        case FilingRow.Result.REFUSE:
            words = {"reason": row.refusal_reason, "destination": row.destination}
            said = _("不予立案：%(reason)s；%(destination)s") % words
        case FilingRow.Result.MERGE:
            main = row.main
            number = main.display_number if main else ""
            said = _("并入：%(number)s %(title)s") % {"number": number, "title": main}
        case _file:
            said = str(row.get_result_display())
    return f"{said}\n{row.note}" if row.note else said


def filing_list(listed: FilingList) -> Paper:
    """序号、案由、提案人、类别、拟办单位、审查意见; with the sums above."""
    paper = Paper(listed.title)
    paper.title(_("%s提案审查结果清单") % committee_name())
    rows = list(rows_of(listed))
    counts = {
        result: sum(row.result == result for row in rows) for result in FilingRow.Result.values
    }
    paper.facts(
        [
            (_("清单"), listed.title),
            (_("届次"), f"{listed.plenary} {listed.get_series_display()}"),
            (
                _("件数"),
                _("共%(all)d件，拟立案%(file)d件、并案%(merge)d件、不予立案%(refuse)d件")
                % {"all": len(rows), **counts},
            ),
            (_("会议决定"), listed.approval or ""),
        ]
    )
    head = [_("序号"), _("案由"), _("提案人"), _("类别"), _("拟办单位"), _("审查意见")]
    table = [
        [
            number,
            row.proposal,
            proposer_of(row),
            row.category or "",
            row.units,
            opinion_of(row),
        ]
        for number, row in enumerate(rows, start=1)
    ]
    paper.table(head, table, widths=(12, 48, 22, 20, 24, 30))
    paper.signature(_("%s提案委员会") % committee_name(), timezone.localdate())
    return paper
