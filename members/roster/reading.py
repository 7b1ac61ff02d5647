"""The uploaded file as sheets of plain values; nothing is computed, nothing in it is trusted."""

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from xml.etree import ElementTree

import openpyxl
import xlrd
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from cppcc_portal.office.archives import Budget, Limits, Refused, check_archive, check_parts
from members.roster.values import Value

LIMITS = Limits()
# What a roster needs, with room: ten thousand members in thirty columns are about 1.2 million tags.
MOST_TAGS = 4_000_000
MOST_ROWS = 50_000
MOST_COLUMNS = 200
MOST_MERGED = 1_000_000

NO_WORKBOOK = gettext_lazy("这不是 .xlsx 表格，请在 Excel 或 WPS 里另存为“Excel 工作簿（.xlsx）”。")
DAMAGED = gettext_lazy("文件已损坏或有密码，打不开。请在 Excel 或 WPS 里另存一份再试。")

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"


@dataclass(frozen=True, slots=True)
class Area:
    """Merged cells, counted as Excel counts: the first row and column are 1."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class Sheet:
    """One sheet: rows[0] is row 1; rows may be of different length."""

    title: str
    rows: list[list[Value]]
    hidden: bool = False
    merges: list[Area] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    # (row, column) -> why the cell has no value: a formula never calculated, or one that failed.
    broken: dict[tuple[int, int], str] = field(default_factory=dict)
    # (row, column) -> number format, of dates and numbers with decimals only.
    formats: dict[tuple[int, int], str] = field(default_factory=dict)
    widths: dict[int, float] = field(default_factory=dict)

    def value(self, row: int, column: int) -> Value:
        """The cell's value, None outside the sheet."""
        if not 0 < row <= len(self.rows):
            return None
        cells = self.rows[row - 1]
        return cells[column - 1] if 0 < column <= len(cells) else None

    @property
    def is_empty(self) -> bool:
        return not any(value not in (None, "") for row in self.rows for value in row)


@dataclass(slots=True)
class Book:
    """A file of sheets. kind: xlsx, xls or csv."""

    name: str
    kind: str
    sheets: list[Sheet]


def read(source: str | Path | BinaryIO, name: str = "") -> Book:
    """Read an .xlsx, .xls or CSV file by what it contains, whatever it is called.

    Raises Refused with the sentence to show.
    """
    if isinstance(source, (str, Path)):
        name = name or Path(source).name
        with Path(source).open("rb") as file:
            content = file.read(LIMITS.size + 1)
    else:
        name = name or str(getattr(source, "name", ""))
        source.seek(0)
        content = source.read(LIMITS.size + 1)
    if len(content) > LIMITS.size:
        raise Refused(_("文件超过20 MB。"))
    if not content.strip():
        raise Refused(_("文件是空的。"))
    if content.startswith(b"PK\x03\x04"):
        return Book(name, "xlsx", _sheets_of_xlsx(content))
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return Book(name, "xls", _sheets_of_xls(content))
    return Book(name, "csv", [_sheet_of_csv(content, Path(name).stem or "CSV")])


# --- .xlsx ----------------------------------------------------------------------------------


@dataclass(slots=True)
class _Shape:
    """What surrounds the values of a sheet, read before its values."""

    last_row: int = 0
    last_column: int = 0
    merges: list[Area] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    broken: dict[tuple[int, int], str] = field(default_factory=dict)
    widths: dict[int, float] = field(default_factory=dict)


def _sheets_of_xlsx(content: bytes) -> list[Sheet]:
    try:
        kind = check_archive(io.BytesIO(content), Budget(LIMITS, len(content)), 0, _refuse_entry)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            if kind != "xlsx" or "xl/workbook.xml" not in names:
                raise Refused(str(NO_WORKBOOK))
            check_parts(archive, most=MOST_TAGS, told=_("文件展开后太大，不像是委员名册。"))
            parts = _sheet_parts(archive)
            shapes = {
                title: _shape(archive, part) for title, part in parts.items() if part in names
            }
        # Process-wide while it lasts; openpyxl only warns of things a roster does not use.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return list(_xlsx_values(content, shapes))
    except Refused:
        raise
    except (
        zipfile.BadZipFile, ElementTree.ParseError, InvalidFileException, KeyError, ValueError,
        TypeError, IndexError, AttributeError, RuntimeError, EOFError, OSError, NotImplementedError,
    ) as error:  # fmt: skip
        raise Refused(str(DAMAGED)) from error


def _refuse_entry(*_entry: object) -> None:
    """An archive of files is no workbook, whatever is in it."""
    raise Refused(str(NO_WORKBOOK))


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet title -> the part of the package that holds it."""
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    parts = {}
    for sheet in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter():  # noqa: S314
        if sheet.tag not in (f"{MAIN}sheet", f"{STRICT}sheet"):
            continue
        key = next((value for name, value in sheet.items() if name.endswith("}id")), "")
        target = targets.get(key, "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        parts[sheet.get("name", "")] = part
    return parts


def _shape(archive: zipfile.ZipFile, part: str) -> _Shape:
    shape = _Shape()
    row = column = 0
    sums = 0
    with archive.open(part) as file:
        for event, element in ElementTree.iterparse(file, events=("start", "end")):  # noqa: S314
            tag = element.tag.rpartition("}")[2]
            if event == "start":
                if tag == "row":
                    row, column = int(element.get("r", row + 1)), 0
                continue
            if tag == "c":
                column = _column_of(element.get("r"), column + 1)
                if _look_at(element, row, column, shape):
                    if row > MOST_ROWS:
                        raise Refused(_("表格超过5万行，请分成几个文件。"))
                    shape.last_row = max(shape.last_row, row)
                    shape.last_column = max(shape.last_column, min(column, MOST_COLUMNS))
            elif tag == "row":
                if element.get("hidden") in ("1", "true") and row <= MOST_ROWS:
                    shape.hidden_rows.add(row)
                element.clear()
            elif tag == "col":
                first, last = int(element.get("min", 1)), int(element.get("max", 1))
                columns = range(max(first, 1), min(last, MOST_COLUMNS) + 1)
                if element.get("hidden") in ("1", "true"):
                    shape.hidden_columns.update(columns)
                if width := element.get("width"):
                    shape.widths.update(dict.fromkeys(columns, float(width)))
            elif tag == "mergeCell" and (area := _area_of(element.get("ref", ""), shape)):
                sums += (area.bottom - area.top + 1) * (area.right - area.left + 1)
                if sums > MOST_MERGED:
                    raise Refused(_("合并单元格太多，不像是委员名册。"))
                shape.merges.append(area)
    return shape


def _look_at(cell: ElementTree.Element, row: int, column: int, shape: _Shape) -> bool:
    """Note a formula that failed or was never calculated; say whether the cell has content."""
    value = formula = None
    inline = False
    for child in cell:
        tag = child.tag.rpartition("}")[2]
        if tag == "v":
            value = child
        elif tag == "f":
            formula = child
        elif tag == "is":
            inline = True
    kind = cell.get("t")
    has_value = inline or (value is not None and (value.text is not None or kind == "str"))
    if kind == "e":
        shape.broken[row, column] = _("公式出错（%(error)s），请改成数值。") % {
            "error": (value.text if value is not None else "") or "#"
        }
    elif formula is not None and not has_value:
        shape.broken[row, column] = _("公式没有算出结果，请在 Excel 里打开保存一次，或改成数值。")
    return has_value or formula is not None


def _column_of(reference: str | None, otherwise: int) -> int:
    if not reference:
        return otherwise
    return column_index_from_string(reference.rstrip("0123456789"))


def _area_of(reference: str, shape: _Shape) -> Area | None:
    """The part of a merged area that lies within the used cells."""
    match = re.fullmatch(r"\$?([A-Z]{1,3})\$?(\d+):\$?([A-Z]{1,3})\$?(\d+)", reference)
    if not match:
        return None
    left, right = column_index_from_string(match[1]), column_index_from_string(match[3])
    area = Area(int(match[2]), left, min(int(match[4]), shape.last_row), min(right, MOST_COLUMNS))
    return area if area.top <= area.bottom and area.left <= area.right else None


def _xlsx_values(content: bytes, shapes: dict[str, _Shape]) -> Iterator[Sheet]:
    book = openpyxl.load_workbook(
        io.BytesIO(content), read_only=True, data_only=True, keep_links=False
    )
    for page in book.worksheets:
        shape = shapes.get(page.title, _Shape())
        sheet = Sheet(
            page.title,
            [],
            page.sheet_state != "visible",
            shape.merges,
            shape.hidden_rows,
            shape.hidden_columns,
            shape.broken,
            widths=shape.widths,
        )
        # Many programs write a wrong size of the sheet; the cells themselves are believed.
        page.reset_dimensions()
        if shape.last_row and shape.last_column:
            rows = page.iter_rows(max_row=shape.last_row, max_col=shape.last_column)
            for number, cells in enumerate(rows, 1):
                values: list[Value] = [cell.value for cell in cells]
                for column, value in enumerate(values, 1):
                    if value is None or type(value) in (str, int):
                        continue
                    sheet.formats[number, column] = cells[column - 1].number_format
                sheet.rows.append(values)
        for row, column in sheet.broken:
            if row <= len(sheet.rows) and column <= len(sheet.rows[row - 1]):
                sheet.rows[row - 1][column - 1] = None
        yield sheet
    book.close()


# --- .xls -----------------------------------------------------------------------------------


def _sheets_of_xls(content: bytes) -> list[Sheet]:
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise Refused(_("文件有打开密码，请去掉密码后再上传。"))
    if "WordDocument".encode("utf-16-le") in content:
        raise Refused(_("这是 Word 文档，请把名册复制到表格里再上传。"))
    try:
        book = xlrd.open_workbook(
            file_contents=content, formatting_info=True, ragged_rows=True, logfile=io.StringIO()
        )
        return [_xls_sheet(book, page) for page in book.sheets()]
    except Refused:
        raise
    except Exception as error:
        # A damaged .xls makes xlrd fail in any way at all.
        raise Refused(str(DAMAGED)) from error


def _xls_sheet(book: xlrd.Book, page: xlrd.sheet.Sheet) -> Sheet:
    if page.nrows > MOST_ROWS:
        raise Refused(_("表格超过5万行，请分成几个文件。"))
    sheet = Sheet(page.name, [], bool(page.visibility))
    for row in range(page.nrows):
        values: list[Value] = []
        for column in range(min(page.row_len(row), MOST_COLUMNS)):
            kind, value = page.cell_type(row, column), page.cell_value(row, column)
            at = (row + 1, column + 1)
            if kind == xlrd.XL_CELL_ERROR:
                sheet.broken[at] = _("公式出错（%(error)s），请改成数值。") % {
                    "error": xlrd.error_text_from_code.get(value, "#")
                }
                value = None
            elif kind in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
                value = None
            elif kind == xlrd.XL_CELL_BOOLEAN:
                value = bool(value)
            elif kind == xlrd.XL_CELL_DATE:
                sheet.formats[at] = _xls_format(book, page, row, column)
                value = _xls_date(value, book.datemode)
            elif kind == xlrd.XL_CELL_NUMBER:
                if value.is_integer():
                    value = int(value)
                else:
                    sheet.formats[at] = _xls_format(book, page, row, column)
            values.append(value)
        sheet.rows.append(values)
    for top, bottom, left, right in page.merged_cells:
        sheet.merges.append(
            Area(top + 1, left + 1, min(bottom, page.nrows), min(right, MOST_COLUMNS))
        )
    if sum((a.bottom - a.top + 1) * (a.right - a.left + 1) for a in sheet.merges) > MOST_MERGED:
        raise Refused(_("合并单元格太多，不像是委员名册。"))
    sheet.hidden_rows = {row + 1 for row, about in page.rowinfo_map.items() if about.hidden}
    for column, about in page.colinfo_map.items():
        if about.hidden:
            sheet.hidden_columns.add(column + 1)
        elif about.width:
            sheet.widths[column + 1] = about.width / 256
    return sheet


def _xls_format(book: xlrd.Book, page: xlrd.sheet.Sheet, row: int, column: int) -> str:
    style = book.xf_list[page.cell_xf_index(row, column)]
    known = book.format_map.get(style.format_key)
    return known.format_str if known else ""


def _xls_date(value: float, datemode: int) -> Value:
    try:
        return xlrd.xldate.xldate_as_datetime(value, datemode)
    except (ValueError, OverflowError):
        return value


# --- CSV ------------------------------------------------------------------------------------


def _sheet_of_csv(content: bytes, title: str) -> Sheet:
    text = _decoded(content)
    if re.match(
        r"\s*(?:<!doctype|<html|<table|<\?xml|<meta|MIME-Version)", text[:500], re.IGNORECASE
    ):
        raise Refused(_("这是网页格式的表格，请在 Excel 或 WPS 里打开后另存为 .xlsx 再上传。"))
    if re.search(r"[\0-\x08\x0e-\x1f]", text[:5000]):
        raise Refused(_("这不是表格文件，请上传 .xlsx、.xls 或 CSV。"))
    start = "".join(text.splitlines(keepends=True)[:20])
    delimiter = max(",\t;|，；", key=start.count)
    rows: list[list[Value]] = []
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if len(rows) >= MOST_ROWS:
                raise Refused(_("表格超过5万行，请分成几个文件。"))
            rows.append([cell if cell.strip() else None for cell in cells[:MOST_COLUMNS]])
    except csv.Error as error:
        raise Refused(_("CSV 文件的格式不对，请在 Excel 或 WPS 里另存为 .xlsx 再上传。")) from error
    # The title must also do as the name of a sheet, where the file goes back marked.
    return Sheet(re.sub(r"[\\*?:/\[\]]", "_", title)[:31], rows)


def _decoded(content: bytes) -> str:
    """Text in UTF-8, GB18030 (which takes in GBK and GB2312) or the UTF-16 of "Unicode text"."""
    encodings = (
        ["utf-16"] if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "gb18030"]
    )
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused(_("看不出文件的编码，请另存为 .xlsx 或 UTF-8 的 CSV。"))


def letter(column: int) -> str:
    """The column as Excel names it: 1 is A, 28 is AB."""
    return str(get_column_letter(column))
