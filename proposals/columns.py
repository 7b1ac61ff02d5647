"""Which columns the lists of proposals can show: the portal's, the workplace's, and the lines of the desk."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.columns import Choice, Column
from proposals.models import Handling, Proposal
from proposals.models.secondings import seconding_is_on

NUMBER, TITLE, FIRST = _("案号"), _("案由"), _("第一提案人")
PLENARY, SERIES, KIND, CATEGORY = _("届次"), _("大会或平时"), _("提案者类别"), _("类别")
SUBMITTED, FILED, HANDED_OVER, DUE = _("提交时间"), _("立案时间"), _("交办日期"), _("答复期限")
UNITS, SECONDED, STATUS = _("承办单位"), _("附议"), _("状态")

LIST_COLUMNS = (
    Column("number", NUMBER, always=True),
    Column("title", TITLE, always=True),
    Column("first", FIRST, default=True),
    Column("status", STATUS, default=True),
    Column("turn", _("轮到谁"), default=True),
    Column("category", CATEGORY),
    Column("units", UNITS),
    Column("due_on", DUE),
    Column("plenary", PLENARY),
    Column("series", SERIES),
    Column("kind", KIND),
    Column("submitted_at", SUBMITTED),
    Column("filed_at", FILED),
    Column("handed_over_on", HANDED_OVER),
    Column("seconded", SECONDED, offered=seconding_is_on),
)
WORKPLACE_COLUMNS = (
    Column("number_shown", _("提案号"), always=True),
    Column("title_shown", TITLE, always=True),
    Column("first", FIRST, default=True),
    Column("status", STATUS, default=True),
    Column("age", _("停留"), default=True),
    Column("category", CATEGORY, default=True),
    Column("units", UNITS, default=True),
    Column("due_on", DUE, default=True),
    Column("light", _("期限灯")),
    Column("serial", _("流水号")),
    Column("plenary_shown", PLENARY),
    Column("series", SERIES),
    Column("kind_shown", KIND),
    Column("submitted_at", SUBMITTED),
    Column("filed_at", FILED),
    Column("handed_over_on", HANDED_OVER),
    Column("closed_at", _("办结时间")),
    Column("seconded_shown", SECONDED, offered=seconding_is_on),
)
# What of the exported table stands for a column of the workplace's list.
EXPORTED_AS: Mapping[str, tuple[str, ...]] = {
    "number_shown": ("label",),
    "title_shown": ("title",),
    "first": ("first",),
    "status": ("status",),
    "category": ("category",),
    "units": ("lead", "joint"),
    "due_on": ("due_on",),
    "serial": ("serial",),
    "plenary_shown": ("plenary",),
    "series": ("series",),
    "kind_shown": ("kind",),
    "submitted_at": ("submitted_at",),
    "filed_at": ("filed_at",),
    "handed_over_on": ("handed_over_on",),
    "closed_at": ("closed_at",),
    "seconded_shown": ("seconded",),
}
DESK_COLUMNS = (
    Column("turn", _("下一步和期限"), default=True),
    Column("first", FIRST),
    Column("category", CATEGORY),
    Column("plenary", PLENARY),
    Column("handed_over_on", HANDED_OVER),
    Column("sign_in_due_on", _("签收期限")),
    Column("due_on", _("办理期限")),
)


def with_lines(rows: Any, choice: Choice) -> Any:
    """The shares with what their lines show, fetched only where it is shown."""
    if "category" in choice:
        rows = rows.select_related("proposal__category")
    if "plenary" in choice:
        rows = rows.select_related("proposal__plenary__term")
    if "first" in choice:
        shown = Proposal.objects.with_first_proposer().select_related("category", "plenary__term")
        rows = rows.select_related(None).select_related("unit", "return_request")
        rows = rows.prefetch_related(Prefetch("proposal", shown))
    return rows


def lines_of(handling: Handling, choice: Choice) -> list[tuple[Any, str]]:
    """The lines under a share's title that its reader chose, without empty ones."""
    proposal = handling.proposal
    read = {
        "first": lambda: proposal.first_proposer.name if proposal.first_proposer else "",
        "category": lambda: str(proposal.category or ""),
        "plenary": lambda: str(proposal.plenary),
        "handed_over_on": lambda: _day(handling.handed_over_on),
        "sign_in_due_on": lambda: _day(handling.sign_in_due_on),
        "due_on": lambda: _day(handling.due_on),
    }
    found = [(one.label, read[one.name]()) for one in choice.shown if one.name in read]
    return [(label, words) for label, words in found if words]


def cells_of(proposal: Any, choice: Choice) -> list[Any]:
    """What the list shows of a proposal, as the cells of a table that leaves."""
    read = {
        "number": lambda: proposal.display_number,
        "title": lambda: str(proposal),
        "first": lambda: proposal.first_proposer.name if proposal.first_proposer else "",
        "status": proposal.get_status_display,
        "turn": lambda: proposal.turn.who if proposal.turn else "",
        "category": lambda: str(proposal.category or ""),
        "units": lambda: "、".join(share.unit_named for share in proposal.handlings.all()),
        "due_on": lambda: _day(proposal.due_on),
        "plenary": lambda: str(proposal.plenary),
        "series": proposal.get_series_display,
        "kind": proposal.get_kind_display,
        "submitted_at": lambda: proposal.submitted_at,
        "filed_at": lambda: proposal.filed_at,
        "handed_over_on": lambda: _day(proposal.handed_over_on),
        "seconded": lambda: getattr(proposal, "seconded", ""),
    }
    return [read[column.name]() for column in choice.shown]


DESK_HEADINGS = (NUMBER, TITLE, UNITS, _("方式"), STATUS, _("期限"))


def desk_headings(choice: Choice) -> list[Any]:
    """What stands over the table of the desk: the card, and the lines that were chosen."""
    return [*DESK_HEADINGS, *(one.label for one in choice.shown if one.name != "turn")]


def desk_cells(handling: Handling, choice: Choice) -> list[Any]:
    """One share as the desk's list shows it."""
    lines = dict(lines_of(handling, choice))
    return [
        handling.proposal.label,
        str(handling.proposal),
        handling.unit_named,
        handling.get_role_display(),
        handling.get_status_display(),
        _day(handling.due_on),
        *(lines.get(one.label, "") for one in choice.shown if one.name != "turn"),
    ]


def _day(on: Any) -> str:
    return on.isoformat() if on else ""
