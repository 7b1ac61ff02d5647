"""How two texts differ, sentence by sentence and within a sentence character by character."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

# Numbers and Latin words count as one; Chinese has no blanks between its words.
WORDS = re.compile(r"[A-Za-z0-9.%]+|\s+|.", re.S)
SENTENCES = re.compile(r"[^。；！？\n]*[。；！？\n]+|[^。；！？\n]+")
MOST = 2000  # characters of a stretch that is compared character by character


@dataclass(frozen=True)
class Piece:
    """A stretch of text: in both, only in the old, or only in the new."""

    kind: str  # same, old, new
    text: str


def differences(old: str, new: str) -> list[Piece]:
    """The pieces of both texts in reading order; without those of one kind the other text is left."""
    old, new = (text.replace("\r\n", "\n").strip() for text in (old, new))
    before, after = SENTENCES.findall(old), SENTENCES.findall(new)
    pieces: list[Piece] = []
    for i, j, k, m in _parted(before, after):
        # As many as before: each was most likely written anew where it stood.
        pairs = (
            zip(before[i:j], after[k:m], strict=True)
            if j - i == m - k
            else [("".join(before[i:j]), "".join(after[k:m]))]
        )
        for one, other in pairs:
            pieces += _within(one, other)
    return pieces


def _parted(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return ((i, j, k, m) for _tag, i, j, k, m in matcher.get_opcodes())


def _within(old: str, new: str) -> list[Piece]:
    """A sentence or two against what stands in its place; another one altogether is not torn apart."""
    if old == new:
        return [Piece("same", old)] if old else []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    parts = [("replace", old, new)]
    if max(len(old), len(new)) <= MOST and matcher.quick_ratio() > 0.5:
        one, other = WORDS.findall(old), WORDS.findall(new)
        parts = [
            (
                "equal" if one[i:j] == other[k:m] else "replace",
                "".join(one[i:j]),
                "".join(other[k:m]),
            )
            for i, j, k, m in _parted(one, other)
        ]
    pieces = []
    for tag, gone, come in parts:
        if tag == "equal":
            pieces.append(Piece("same", gone))
            continue
        pieces += [Piece("old", gone)] if gone else []
        pieces += [Piece("new", come)] if come else []
    return pieces
