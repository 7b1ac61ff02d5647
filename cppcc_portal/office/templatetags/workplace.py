"""What the workplace's templates need beyond Django's own tags."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()
MARKS = ("<td", "<th")
EMPTY = (">—</td>", ">-</td>")


@register.filter
def labelled(cells: Iterable[Any], headers: Iterable[Mapping[str, Any]]) -> Iterator[SafeString]:
    """The cells of a row, each naming its column: where a row is a card there is no heading above it.

    Cells come escaped from Django's change list; only the tag's opening is told apart here.
    """
    names = [str(header["text"]) for header in headers]
    for at, cell in enumerate(cells):
        whole = SafeString(cell)
        start, rest = SafeString(whole[:3]), SafeString(whole[3:])
        # The box to tick has a box for a heading.
        if at >= len(names) or start not in MARKS or "action-checkbox" in rest[:40]:
            yield whole
        elif whole.endswith(EMPTY):
            yield format_html('{} data-label="{}" data-empty{}', start, names[at], rest)
        else:
            yield format_html('{} data-label="{}"{}', start, names[at], rest)
