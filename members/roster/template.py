"""The workbook the office fills in: it cannot spoil a number, and it comes back as it went."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from members.roster.columns import (
    BY_COMMITTEE,
    BY_SECTOR,
    BY_TOWN,
    TEMPLATE,
    TEMPLATE_MORE,
    Field,
    field_of,
)
from members.roster.directory import Named
from members.roster.plan import CHOICES_SHEET, EXAMPLE, INSTRUCTION_SHEET
from members.roster.reading import letter
from members.roster.report import Known
from members.roster.values import ETHNIC_GROUPS, PARTIES

ROSTER_SHEET = "委员名册"
# As far down as drop-downs reach; more than any roster has rows.
LAST_ROW = 20_000
WIDTHS = {Field.WORK: 34, Field.NOTE: 24, Field.ID_NUMBER: 22, Field.ADDRESS: 30, Field.EMAIL: 24}
MUST = {Field.NAME}
HEAD = PatternFill("solid", fgColor="F2E6E0")
PALE = Font(name="宋体", color="808080", italic=True)

EXAMPLE_VALUES: dict[str, Any] = {
    Field.NAME: "张示例", Field.PHONE: "19900000000", Field.WORK: "某某公司总经理", Field.NUMBER: "0001", Field.SEX: "男",
    Field.PARTY: "无党派人士", Field.ETHNIC_GROUP: "汉族", Field.BIRTH: "1974.05", Field.EDUCATION: "大学",
    Field.NOTE: EXAMPLE,
}  # fmt: skip

Rows = Iterable[Mapping[str, Any]]


def write_text(sheet: Worksheet, row: int, column: int, text: str) -> None:
    """Write a text that Excel keeps as text, even when it begins like a formula."""
    cell = sheet.cell(row, column, text)
    cell.data_type = "s"
    cell.number_format = "@"


def template(known: Known, rows: Rows = ()) -> Workbook:
    """The import template (委员名册导入模板), empty or with members as PlannedRow.values has them."""
    book = Workbook()
    sheet = book.active
    sheet.title = ROSTER_SHEET
    headings = (*TEMPLATE, *TEMPLATE_MORE)
    _head(sheet, 1, headings)
    example: dict[str, Any] = {**EXAMPLE_VALUES}
    for said, entries in (
        (Field.SECTOR, known.sectors), (Field.COMMITTEE, known.committees), (Field.TOWN, known.towns),
    ):  # fmt: skip
        if entries:
            example[said] = entries[0].name
    term = known.term or known.current_term
    if term:
        example[Field.TERM] = f"第{term}届"
    _line(sheet, 2, headings, example)
    for column in range(1, len(headings) + 1):
        sheet.cell(2, column).font = PALE
    for number, values in enumerate(rows, 3):
        _line(sheet, number, headings, values)
    sheet.freeze_panes = "B2"
    _choices(book, sheet, headings, known)
    explain(
        book,
        [
            _("怎样填写"),
            _("1. 每位委员一行，只有“姓名”必填；其他列没有可以空着，也可以整列删去。"),
            _("2. 灰色的示例行导入时自动跳过，可以留着，也可以删去。"),
            _("3. 手机号、委员证号、身份证号都已设为文本，请直接输入；粘贴时请选“只粘贴文本”。"),
            _("4. 界别、专委会、党派、性别有下拉列表；写别的叫法也能认，认不准时导入前会问。"),
            _("5. 出生年月写成 1974.05；只知道年份就写 1974。"),
            _("6. 同名的委员靠委员证号或手机号区分，请至少填一样。"),
            _(
                "7. 再次导入同一份表不会重复：先按委员证号找人，再按手机号，再按届次、姓名、界别和职务。"
            ),
            _("8. 空着的格不会清掉系统里已有的内容。"),
        ],
    )
    return book


def roster(headings: Sequence[str], rows: Rows, *, title: str = "") -> Workbook:
    """A roster as the office prints it, under BY_SECTOR, BY_TOWN or BY_COMMITTEE."""
    book = Workbook()
    sheet = book.active
    sheet.title = ROSTER_SHEET
    first = 1
    if title:
        write_text(sheet, 1, 1, title)
        sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(headings))
        sheet.cell(1, 1).font = Font(name="宋体", size=16, bold=True)
        sheet.cell(1, 1).alignment = Alignment(horizontal="center")
        first = 2
    _head(sheet, first, headings)
    for number, values in enumerate(rows, 1):
        _line(sheet, first + number, headings, {**values, Field.SERIAL: str(number)})
    sheet.freeze_panes = sheet.cell(first + 1, 1)
    return book


def said_as_text(said: Field | None, values: Mapping[str, Any]) -> str:
    """What a column of the template shows of a member."""
    if said is None:
        return ""
    if said is Field.WORK and Field.WORK not in values:
        workplace, post = values.get(Field.WORKPLACE) or "", values.get(Field.POST) or ""
        return f"{workplace}{post}"
    value = values.get(said)
    if value is None:
        return ""
    if isinstance(value, Named):
        return value.name
    if said is Field.SEX:
        return {"male": "男", "female": "女"}.get(value, str(value))
    if said is Field.TERM and isinstance(value, int):
        return f"第{value}届"
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)


def write_head(
    sheet: Worksheet,
    row: int,
    headings: Sequence[str],
    field_of: Callable[[str], Any],
    *,
    must: Collection[Any],
    widths: Mapping[Any, int],
) -> None:
    """The headings of a list to fill in; what must be filled in says so in the first row."""
    for column, heading in enumerate(headings, 1):
        said = field_of(heading)
        wanted = row == 1 and said in must
        write_text(sheet, row, column, f"{heading}（必填）" if wanted else heading)
        cell = sheet.cell(row, column)
        cell.font = Font(name="宋体", bold=True)
        cell.fill = HEAD
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        about = sheet.column_dimensions[letter(column)]
        about.width = widths.get(said, 16) if said else 16
        # The whole column is text, so that no number typed into it can lose a digit.
        about.number_format = "@"


def _head(sheet: Worksheet, row: int, headings: Sequence[str]) -> None:
    write_head(sheet, row, headings, field_of, must=MUST, widths=WIDTHS)


def _line(sheet: Worksheet, row: int, headings: Sequence[str], values: Mapping[str, Any]) -> None:
    for column, heading in enumerate(headings, 1):
        if text := said_as_text(field_of(heading), values):
            write_text(sheet, row, column, text)


def _choices(book: Workbook, sheet: Worksheet, headings: Sequence[str], known: Known) -> None:
    lists: dict[Field, list[str]] = {
        Field.SECTOR: [entry.name for entry in known.sectors],
        Field.COMMITTEE: [entry.name for entry in known.committees],
        Field.TOWN: [entry.name for entry in known.towns],
        Field.SEX: ["男", "女"],
        Field.PARTY: list(PARTIES),
        Field.ETHNIC_GROUP: list(ETHNIC_GROUPS.values()),
        Field.TERM: [f"第{term}届" for term in known.terms],
    }
    told = _("列表里没有这一项，导入时可能要再确认。")
    offer(book, sheet, headings, field_of, lists, told=told, last_row=LAST_ROW)


def offer(
    book: Workbook,
    sheet: Worksheet,
    headings: Sequence[str],
    field_of: Callable[[str], Any],
    lists: Mapping[Any, Sequence[str]],
    *,
    told: str,
    last_row: int,
) -> None:
    """Drop-downs from a hidden sheet; a list in the cell itself may hold 255 characters only.

    What is not on the list may be written all the same: `told` says so.
    """
    hidden = book.create_sheet(CHOICES_SHEET)
    hidden.sheet_state = "hidden"
    place = 0
    for column, heading in enumerate(headings, 1):
        said = field_of(heading)
        words = lists.get(said, []) if said else []
        if not words:
            continue
        place += 1
        write_text(hidden, 1, place, heading)
        for number, word in enumerate(words, 2):
            write_text(hidden, number, place, word)
        source = letter(place)
        choice = DataValidation(
            type="list",
            formula1=f"'{CHOICES_SHEET}'!${source}$2:${source}${len(words) + 1}",
            allow_blank=True,
            showErrorMessage=True,
            errorStyle="warning",
            errorTitle=_("不在列表里"),
            error=told,
        )
        choice.add(f"{letter(column)}2:{letter(column)}{last_row}")
        sheet.add_data_validation(choice)


def explain(book: Workbook, lines: Sequence[str]) -> None:
    """A sheet that says how to fill the list in; its first line is the heading."""
    sheet = book.create_sheet(INSTRUCTION_SHEET)
    sheet.column_dimensions["A"].width = 90
    for row, text in enumerate(lines, 1):
        write_text(sheet, row, 1, text)
        sheet.cell(row, 1).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.cell(1, 1).font = Font(name="宋体", size=14, bold=True)


ROSTERS = {"sector": BY_SECTOR, "town": BY_TOWN, "committee": BY_COMMITTEE}
