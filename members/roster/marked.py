"""The sent file back as .xlsx: bad cells in colour with the reason, and a column that lists them."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import column_index_from_string
from openpyxl.worksheet.worksheet import Worksheet

from members.roster.columns import PROBLEM_HEADING
from members.roster.reading import Book, Sheet, letter
from members.roster.report import Parsed, Problem, Severity
from members.roster.template import write_text

FILLS = {
    Severity.ERROR: PatternFill("solid", fgColor="FF9C9C"),
    Severity.QUESTION: PatternFill("solid", fgColor="FFD28C"),
    Severity.WARNING: PatternFill("solid", fgColor="FFF3B0"),
}
# What Excel puts into a cell must not contain control characters.
UNPRINTABLE = dict.fromkeys([*range(9), 11, 12, *range(14, 32)], None)


def marked(parsed: Parsed, more: Iterable[Problem] = ()) -> Workbook:
    """The file again, its values only, with every problem at its cell and beside its row.

    more: problems found later, as when comparing with the register.
    """
    problems: dict[str, list[Problem]] = {}
    for problem in (*parsed.problems, *more):
        problems.setdefault(problem.sheet, []).append(problem)
    headings: dict[str, list[int]] = {}
    for table in parsed.tables:
        headings.setdefault(table.sheet, []).append(table.heading.first_row)
    book = Workbook()
    book.remove(book.active)
    for sheet in parsed.book.sheets:
        page = book.create_sheet(sheet.title)
        _copy(parsed.book, sheet, page)
        _mark(page, sheet, problems.get(sheet.title, []), headings.get(sheet.title, []))
    if all(page.sheet_state != "visible" for page in book.worksheets):
        book.worksheets[0].sheet_state = "visible"
    return book


def _copy(book: Book, sheet: Sheet, page: Worksheet) -> None:
    """The values as they are: formulas have become what they showed, numbers stay numbers."""
    for row, cells in enumerate(sheet.rows, 1):
        for column, value in enumerate(cells, 1):
            if value is None:
                continue
            if isinstance(value, str):
                write_text(page, row, column, value.translate(UNPRINTABLE)[:32767])
                if "\n" in value:
                    page.cell(row, column).alignment = Alignment(wrap_text=True)
                continue
            cell = page.cell(row, column, value)
            if sheet.formats.get((row, column)):
                cell.number_format = sheet.formats[row, column]
            elif isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**10:
                cell.number_format = "0"
            elif not isinstance(value, (int, float, date, datetime, time, timedelta)):
                write_text(page, row, column, str(value))
    for area in sheet.merges:
        if area.bottom <= len(sheet.rows):
            page.merge_cells(
                start_row=area.top,
                start_column=area.left,
                end_row=area.bottom,
                end_column=area.right,
            )
    for column, width in sheet.widths.items():
        page.column_dimensions[letter(column)].width = width
    if book.kind == "csv":
        for column in range(1, max(map(len, sheet.rows), default=0) + 1):
            page.column_dimensions[letter(column)].width = 16
    for column in sheet.hidden_columns:
        page.column_dimensions[letter(column)].hidden = True
    for row in sheet.hidden_rows:
        page.row_dimensions[row].hidden = True
    page.sheet_state = "hidden" if sheet.hidden else "visible"


def _mark(page: Worksheet, sheet: Sheet, problems: list[Problem], headings: list[int]) -> None:
    if not problems:
        return
    place = _place_of_reasons(sheet, headings)
    for row in headings:
        write_text(page, row, place, PROBLEM_HEADING)
        page.cell(row, place).font = Font(bold=True, color="C00000")
    page.column_dimensions[letter(place)].width = 50
    reasons: dict[int, list[str]] = {}
    cells: dict[tuple[int, int], list[Problem]] = {}
    for problem in problems:
        where = f"{problem.column}列：" if problem.column else ""
        reasons.setdefault(problem.row or 1, []).append(f"{where}{problem.reason}")
        if problem.row and problem.column:
            cells.setdefault((problem.row, column_index_from_string(problem.column)), []).append(
                problem
            )
    for (row, column), found in cells.items():
        cell = page.cell(row, column)
        worst = min(found, key=lambda problem: list(Severity).index(problem.severity))
        cell.fill = FILLS[worst.severity]
        # The other cells of a merged one can carry no remark.
        if type(cell).__name__ == "Cell":
            cell.comment = Comment("\n".join(problem.reason for problem in found), PROBLEM_HEADING)
    for row, texts in reasons.items():
        write_text(page, row, place, "；".join(texts)[:32767])
        page.cell(row, place).alignment = Alignment(wrap_text=True, vertical="top")
        page.cell(row, place).font = Font(color="C00000")


def _place_of_reasons(sheet: Sheet, headings: list[int]) -> int:
    """The column after the last one, or the one that a marked file already has."""
    width = max((len(cells) for cells in sheet.rows), default=0)
    for row in headings:
        for column, value in enumerate(sheet.rows[row - 1], 1):
            if value == PROBLEM_HEADING:
                return column
    width = max([width, *(area.right for area in sheet.merges)])
    return width + 1
