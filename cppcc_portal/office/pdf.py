"""Papers as PDF files: what is sent, printed or kept as it was, the same on every machine.

Set by Typst from paper.typ with the vendored font; an office that has licensed 仿宋 and 小标宋 puts them into
FONTS_DIR and gets them. What stands in a paper is given as data: nothing in it is read as markup.
"""

import json
from pathlib import Path
from typing import Any

import typst
from django.conf import settings

from cppcc_portal.office.documents import Paper, code_squares

HERE = Path(__file__).resolve().parent
TEMPLATE, FONTS = HERE / "paper.typ", HERE / "fonts"
TYPE = "application/pdf"


def written(paper: Paper) -> bytes:
    """The paper as a PDF file (PDF/A-2b: kept readable for decades)."""
    fonts = [str(FONTS), *([settings.FONTS_DIR] if settings.FONTS_DIR else [])]
    told = {"subject": paper.subject, "wide": paper.wide, "parts": [*map(_drawn, paper.parts)]}
    content: Any = typst.compile(
        str(TEMPLATE),
        root=str(HERE),
        font_paths=fonts,
        ignore_system_fonts=True,
        sys_inputs={"paper": json.dumps(told, ensure_ascii=False)},
        pdf_standards="a-2b",
    )
    return bytes(content)


def _drawn(part: dict[str, Any]) -> dict[str, Any]:
    """The code as its dark squares; all other parts as they are."""
    if part["kind"] != "code":
        return part
    rows = code_squares(part["address"])
    dark = [[x, y] for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark]
    return {**part, "side": len(rows), "dark": dark}
