"""Papers as the office prints, edits and seals them (GB/T 9704-2012), whatever the kind of file.

A paper is a list of parts from the top; `word` and `pdf` set the same parts. A4, 37 mm above and 28 mm at
the binding edge, a type area of 156 by 225 mm with 22 lines of about 28 characters, body in 16 pt 仿宋,
title in 22 pt 小标宋, page numbers outside.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import qrcode
from django.conf import settings
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _

from cppcc_portal.office.deadlines import long_date

AREA = 156  # millimetres of a line


@dataclass
class Paper:
    """One paper: what it is about, and its parts, each a name and what stands in it."""

    subject: str
    wide: bool = False  # a register across the sheet
    parts: list[dict[str, Any]] = field(default_factory=list)

    def _add(self, kind: str, **values: Any) -> None:
        self.parts.append({"kind": kind, **values})

    def mark(self, text: Any) -> None:
        """What stands at the upper right: the class of a reply."""
        self._add("mark", text=str(text))

    def head(self, issuer: Any, number: Any = "") -> None:
        """The issuing body in red, its document number, the red rule."""
        self._add("head", issuer=str(issuer), number=str(number))

    def title(self, text: Any) -> None:
        """The title, with a line free below."""
        self._add("title", text=str(text))

    def heading(self, text: Any) -> None:
        """A heading of the first level."""
        self._add("heading", text=str(text))

    def addressee(self, text: Any) -> None:
        self._add("addressee", text=str(text))

    def text(self, text: Any) -> None:
        """Paragraphs, one for each line as typed, each set in by two characters."""
        lines = [line.strip() for line in str(text).splitlines() if line.strip()]
        self._add("text", lines=lines)

    def facts(self, rows: Iterable[tuple[Any, Any]]) -> None:
        """A ruled table of labels and values."""
        self.table([], rows, widths=(40, AREA - 40))

    def table(
        self, head: Sequence[Any], rows: Iterable[Sequence[Any]], *, widths: Sequence[float]
    ) -> None:
        """A ruled table; `widths` of its columns in millimetres, together 156 (wide: 225)."""
        cells = [[str(value) for value in row] for row in rows]
        self._add("table", head=[str(value) for value in head], rows=cells, widths=list(widths))

    def page(self) -> None:
        """What follows begins on a new page."""
        self._add("page")

    def signature(self, issuer: Any, on: date | None) -> None:
        """Who issues it and when, at the right, the seal between them."""
        day = long_date(on) if on else _("    年  月  日")
        self._add("signature", issuer=str(issuer), day=day)

    def note(self, text: Any) -> None:
        """A line in brackets below the signature: contact, copies."""
        self._add("note", text=str(text))

    def code(self, address: str, words: Any) -> None:
        """The code that opens the record, with words for who cannot scan it."""
        self._add("code", address=address, words=str(words))


def address_of(path: str) -> str:
    """A path of the portal as printed on paper."""
    return f"{settings.PUBLIC_URL}{path}"


def file_name(*words: Any) -> str:
    """A name for the downloaded file, of these words, without its ending."""
    return get_valid_filename("-".join(str(word) for word in words if str(word)))


def code_squares(text: str) -> list[list[bool]]:
    """A QR code as rows of dark and light squares, its quiet border with it."""
    drawn = qrcode.QRCode(border=2)
    drawn.add_data(text)
    return drawn.get_matrix()
