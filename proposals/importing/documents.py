"""A Word document of one proposal: its form, its labels, its text, read with patience."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from docx import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.table import Table

from cppcc_portal.office.archives import Budget, Limits, Refused, check_archive, check_parts
from members.roster.values import squeezed
from proposals.importing.columns import Column, Field, Record, field_of
from proposals.importing.texts import opened_by

MOST_TAGS = 400_000
MOST_CHARACTERS = 60_000
LABELLED = re.compile(r"^\s*([^:：\s]{2,10})\s*[:：]\s*(.*)$")
TITLE_LINE = re.compile(r"^关于.{1,80}的(?:提案|建议|意见)$")
# Lines that a form prints of its own.
FORM_LINES = re.compile(r"(?:委员会|政协)?.*(?:提案表|提案纸|委员提案|集体提案)$")
TEXT_FIELDS = (Field.CONTENT, Field.SITUATION, Field.ANALYSIS, Field.SUGGESTIONS)


def read_document(content: bytes, name: str) -> Record:
    """What a document says; Refused with the sentence to show."""
    limits = Limits()
    if len(content) > limits.size:
        raise Refused(_("文件超过20 MB。"))
    if not content.startswith(b"PK\x03\x04"):
        raise Refused(_("这不是 .docx 文档，请在 Word 或 WPS 里另存为 .docx 再上传。"))
    kind = check_archive(io.BytesIO(content), Budget(limits, len(content)), 0, _refuse_entry)
    if kind != "docx":
        raise Refused(_("这不是 .docx 文档，请在 Word 或 WPS 里另存为 .docx 再上传。"))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        check_parts(
            archive, most=MOST_TAGS, told=_("文档太大，不像是一件提案。请一件提案一个文档。")
        )
    try:
        document = Document(io.BytesIO(content))
        return _record(document, name)
    except (PackageNotFoundError, SyntaxError, KeyError, ValueError, AttributeError) as error:
        raise Refused(_("文档已损坏或有密码，打不开。请在 Word 里另存一份再试。")) from error


def _refuse_entry(*_entry: object) -> None:
    raise Refused(_("这不是 .docx 文档，请在 Word 或 WPS 里另存为 .docx 再上传。"))


def _record(document: Any, name: str) -> Record:
    record = Record(name, 0)
    columns: dict[Field, Column] = {}
    record.columns = columns
    body: list[str] = []
    for place, (label, text) in enumerate(_blocks(document), 1):
        said = field_of(label) if label else None
        if said is not None:
            columns.setdefault(said, Column("", label))
            _keep(record, said, text)
        elif not label:
            _line(record, columns, body, text, place)
    if Field.TITLE not in record.values and len(body) > 1 and _is_title(body[0]):
        record.values[Field.TITLE] = body.pop(0)
    if body:
        _keep(record, Field.CONTENT, "\n".join(body))
    total = sum(len(record.text(said)) for said in TEXT_FIELDS)
    if total > MOST_CHARACTERS:
        raise Refused(_("正文超过 6 万字，不像是一件提案。请一件提案一个文档。"))
    return record


def _is_title(line: str) -> bool:
    """A short first line without a full stop that opens no part."""
    return 4 <= len(line) <= 60 and "。" not in line and not opened_by(line)[0]


def _keep(record: Record, said: Field, text: str) -> None:
    """Text is gathered; of anything else the first that says something counts."""
    before = record.values.get(said)
    if before and said in TEXT_FIELDS:
        record.values[said] = f"{before}\n{text}"
    elif not before and text.strip():
        record.values[said] = text.strip()


def _line(
    record: Record, columns: dict[Field, Column], body: list[str], text: str, place: int
) -> None:
    """A paragraph: a labelled line above the text, the title, a line of the form, or the text itself."""
    plain = text.strip()
    begun = bool(body)
    match = LABELLED.match(plain)
    said = field_of(match[1]) if match else None
    if match and said is not None and not begun and said not in TEXT_FIELDS:
        columns.setdefault(said, Column("", match[1]))
        _keep(record, said, match[2])
        return
    if not begun and Field.TITLE not in record.values:
        if TITLE_LINE.match(squeezed(plain)):
            record.values[Field.TITLE] = plain
            return
        if not opened_by(plain)[0] and place <= 3 and FORM_LINES.search(plain):
            return
    if plain or begun:
        body.append(plain)


def _blocks(document: Any) -> Iterator[tuple[str, str]]:
    """Labels with their values out of tables, everything else without a label, in the order of the document."""
    for block in document.iter_inner_content():
        if not isinstance(block, Table):
            yield "", block.text
            continue
        seen: set[Any] = set()
        rows = [_cells(row, seen) for row in block.rows]
        is_form = len(rows) == 1 or any(field_of(squeezed(text)) for row in rows for text in row)
        for row in rows:
            if is_form:
                yield from _pairs(row)
            else:  # a table of figures is part of the text
                yield "", "\t".join(" ".join(text.split()) for text in row)


def _cells(row: Any, seen: set[Any]) -> list[str]:
    """The texts of a row: a cell merged across once; merged down once too, but for a label of new cells."""
    cells = list({cell._tc: cell for cell in row.cells}.values())
    if all(cell._tc in seen for cell in cells):
        return []
    kept = [cell for cell in cells if cell._tc not in seen or field_of(squeezed(cell.text))]
    seen.update(cell._tc for cell in cells)
    return [cell.text for cell in kept]


def _pairs(cells: list[str]) -> Iterator[tuple[str, str]]:
    """Label and value side by side, as often as the row has them; a cell alone is text."""
    at = 0
    while at < len(cells):
        label = squeezed(cells[at])
        if field_of(label) is not None and at + 1 < len(cells):
            yield label, cells[at + 1]
            at += 2
            continue
        if len(cells) == 1:
            for line in cells[at].splitlines():
                yield "", line
        at += 1
