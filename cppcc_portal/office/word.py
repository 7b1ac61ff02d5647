"""Papers as Word files, which the office edits and seals.

Fonts are named, not embedded: every office PC has them; the named fallbacks stand in the file.
"""

import io
import struct
import zlib
from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from cppcc_portal.office.documents import Paper, code_squares

BODY, TITLE, HEADING, LABEL = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312"
# What Word takes where a machine lacks the font.
FALLBACKS = {BODY: "FangSong", TITLE: "SimSun", HEADING: "SimHei", LABEL: "KaiTi"}
LATIN = "Times New Roman"
BODY_SIZE, TITLE_SIZE, PAGE_SIZE = 16, 22, 14  # 三号, 二号, 四号
# 22 lines in 225 mm: 28.95 pt a line, in twentieths; "lines" and a trace of tightening give 28 characters.
LINE_PITCH, TIGHTENED = 579, -5
INDENT = 2  # characters at the beginning of a paragraph
# The order in which Word wants the properties of a run and of a paragraph: what must come after.
_LAST = (
    "w:highlight",
    "w:u",
    "w:effect",
    "w:bdr",
    "w:shd",
    "w:vertAlign",
    "w:rtl",
    "w:cs",
    "w:lang",
)
AFTER = {
    "spacing": ("w:w", "w:kern", "w:position", "w:sz", "w:szCs", *_LAST),
    "sz": ("w:szCs", *_LAST),
    "szCs": _LAST,
}
AFTER_INDENT = ("w:contextualSpacing", "w:jc", "w:textAlignment", "w:outlineLvl", "w:rPr")
AFTER_BORDER = ("w:shd", "w:tabs", "w:spacing", "w:ind", *AFTER_INDENT)
TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def written(paper: Paper) -> bytes:
    """The paper as a Word file."""
    word = Word(paper)
    for part in paper.parts:
        values = {name: value for name, value in part.items() if name != "kind"}
        getattr(word, part["kind"])(**values)
    out = io.BytesIO()
    word.document.save(out)
    return out.getvalue()


class Word:
    """One paper as a Word document; each part of a paper is a method of the same name."""

    def __init__(self, paper: Paper) -> None:
        self.document: Any = Document()
        self.document.core_properties.title = paper.subject
        self.document.core_properties.author = ""
        self._page(wide=paper.wide)
        self._fonts()

    def _page(self, *, wide: bool) -> None:
        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        if wide:  # the same sheet turned: bound at its upper edge
            section.orientation = WD_ORIENT.LANDSCAPE
            section.page_width, section.page_height = Mm(297), Mm(210)
            section.top_margin, section.bottom_margin = Mm(28), Mm(26)
            section.left_margin, section.right_margin = Mm(37), Mm(35)
        section.footer_distance = Mm(25)
        grid = OxmlElement("w:docGrid")
        grid.set(qn("w:type"), "lines")
        grid.set(qn("w:linePitch"), str(LINE_PITCH))
        for old in section._sectPr.findall(qn("w:docGrid")):
            section._sectPr.remove(old)
        section._sectPr.append(grid)
        self.document.settings.odd_and_even_pages_header_footer = True
        _number_pages(section.footer.paragraphs[0], WD_ALIGN_PARAGRAPH.RIGHT)
        _number_pages(section.even_page_footer.paragraphs[0], WD_ALIGN_PARAGRAPH.LEFT)

    def _fonts(self) -> None:
        style = self.document.styles["Normal"]
        _dress(style.element.get_or_add_rPr(), BODY, BODY_SIZE)
        style.paragraph_format.space_after = style.paragraph_format.space_before = Pt(0)
        for lang in self.document.styles.element.iter(qn("w:lang")):
            lang.set(qn("w:eastAsia"), "zh-CN")  # the forms of characters and signs
        table = self.document.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
        known = "".join(
            f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
            for name, other in FALLBACKS.items()
        )
        table._blob = table.blob.replace(b"</w:fonts>", f"{known}</w:fonts>".encode())

    def _line(
        self, text: str, *, font: str = BODY, size: float = BODY_SIZE, align: Any = None
    ) -> Any:
        paragraph = self.document.add_paragraph()
        if align is not None:
            paragraph.alignment = align
        _write(paragraph, text, font, size)
        return paragraph

    def mark(self, text: str) -> None:
        self._line(text, font=HEADING, align=WD_ALIGN_PARAGRAPH.RIGHT)

    def head(self, issuer: str, number: str = "") -> None:
        line = self._line(issuer, font=TITLE, size=30, align=WD_ALIGN_PARAGRAPH.CENTER)
        for run in line.runs:
            run.font.color.rgb = RGBColor(0xC0, 0x00, 0x00)
        below = self._line(number, align=WD_ALIGN_PARAGRAPH.CENTER)
        border = OxmlElement("w:pBdr")
        rule = OxmlElement("w:bottom")
        for name, value in (("val", "single"), ("sz", "18"), ("space", "4"), ("color", "C00000")):
            rule.set(qn(f"w:{name}"), value)
        border.append(rule)
        below._p.get_or_add_pPr().insert_element_before(border, *AFTER_BORDER)

    def title(self, text: str) -> None:
        self._line(text, font=TITLE, size=TITLE_SIZE, align=WD_ALIGN_PARAGRAPH.CENTER)
        self._line("")

    def heading(self, text: str) -> None:
        paragraph = self._line(text, font=HEADING)
        _indent(paragraph)

    def addressee(self, text: str) -> None:
        self._line(text)

    def text(self, lines: Sequence[str]) -> None:
        for line in lines:
            _indent(self._line(line))

    def table(
        self, head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float]
    ) -> None:
        table = self.document.add_table(rows=0, cols=len(widths))
        table.style = "Table Grid"
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
        for number, row in enumerate([head, *rows] if head else rows):
            line = table.add_row()
            if head and number == 0:  # on each page
                line._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
            cells = line.cells
            for place, (cell, value) in enumerate(zip(cells, row, strict=True)):
                cell.width = Mm(widths[place])
                labelled = (bool(head) and number == 0) or (not head and place == 0)
                lines = value.splitlines() or [""]
                for at, words in enumerate(lines):
                    paragraph = cell.paragraphs[0] if at == 0 else cell.add_paragraph()
                    _write(paragraph, words, LABEL if labelled else BODY, 12)
        self._line("", size=8)

    def page(self) -> None:
        self.document.add_page_break()

    def signature(self, issuer: str, day: str) -> None:
        self._line("")
        self._line(f"{issuer}    ", align=WD_ALIGN_PARAGRAPH.RIGHT)
        self._line(f"{day}    ", align=WD_ALIGN_PARAGRAPH.RIGHT)

    def note(self, text: str) -> None:
        _indent(self._line(text))

    def code(self, address: str, words: str) -> None:
        paragraph = self.document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
        paragraph.add_run().add_picture(io.BytesIO(code_png(address)), width=Mm(22))
        self._line(words, font=LABEL, size=10.5)


def code_png(text: str, scale: int = 6) -> bytes:
    """A QR code as a picture; Word takes no vector drawings in older versions."""
    rows = [
        bytes(0 if dark else 255 for dark in row for _pixel in range(scale))
        for row in code_squares(text)
    ]
    side = len(rows) * scale
    lines = b"".join((b"\0" + row) * scale for row in rows)

    def chunk(kind: bytes, data: bytes) -> bytes:
        whole = kind + data
        return struct.pack(">I", len(data)) + whole + struct.pack(">I", zlib.crc32(whole))

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)  # eight bits of grey
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(lines, 9))
        + chunk(b"IEND", b"")
    )


def _write(paragraph: Any, text: str, font: str, size: float) -> None:
    run = paragraph.add_run(text)
    _dress(run._r.get_or_add_rPr(), font, size)


def _dress(properties: Any, font: str, size: float) -> None:
    """Chinese and Latin font, size in points, and the trace of tightening of the grid."""
    fonts = properties.get_or_add_rFonts()
    for kind in ("ascii", "hAnsi"):
        fonts.set(qn(f"w:{kind}"), LATIN)
    fonts.set(qn("w:eastAsia"), font)
    measures = {"spacing": TIGHTENED, "sz": int(size * 2), "szCs": int(size * 2)}
    for name, value in measures.items():
        for old in properties.findall(qn(f"w:{name}")):
            properties.remove(old)
        element = OxmlElement(f"w:{name}")
        element.set(qn("w:val"), str(value))
        properties.insert_element_before(element, *AFTER[name])


def _indent(paragraph: Any) -> None:
    """Set in by two characters, whatever the size of the font."""
    indent = OxmlElement("w:ind")
    indent.set(qn("w:firstLineChars"), str(INDENT * 100))
    indent.set(
        qn("w:firstLine"), str(INDENT * BODY_SIZE * 20)
    )  # for programs that count no characters
    paragraph._p.get_or_add_pPr().insert_element_before(indent, *AFTER_INDENT)


def _number_pages(paragraph: Any, side: Any) -> None:
    """— 1 —, outside: right on odd pages, left on even ones."""
    paragraph.alignment = side
    _write(paragraph, "— ", BODY, PAGE_SIZE)
    run = paragraph.add_run()
    _dress(run._r.get_or_add_rPr(), BODY, PAGE_SIZE)
    for kind, text in (("begin", ""), ("", " PAGE "), ("end", "")):
        if kind:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        else:
            element = OxmlElement("w:instrText")
            element.text = text
        run._r.append(element)
    _write(paragraph, " —", BODY, PAGE_SIZE)
