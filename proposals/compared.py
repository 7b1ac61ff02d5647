"""Texts beside each other: the public version beside the internal one, a text that came again beside what was returned."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cppcc_portal.office.differences import Piece, differences
from proposals.models import Proposal, TextVersion


@dataclass(frozen=True)
class Compared:
    """One part, the old text beside the new."""

    label: str
    pieces: list[Piece]
    note: str = ""

    @property
    def differs(self) -> bool:
        """Whether anything is not in both."""
        return any(piece.kind != "same" for piece in self.pieces)


def parts_compared(old: Mapping[str, str], new: Mapping[str, str]) -> list[Compared]:
    """The parts of a text, without those that are empty in both."""
    return [
        Compared(str(TextVersion._meta.get_field(name).verbose_name), differences(old[name], text))  # type: ignore[union-attr]
        for name, text in new.items()
        if old[name] or text
    ]


def since_return(proposal: Proposal, returned: Any) -> list[Compared]:
    """What the author changed since the text was given back (`returned`, that line of the history).

    Nothing unless the text has come again and is under review.
    """
    text = proposal.current_text
    if returned is None or text is None or proposal.status not in Proposal.UNDER_REVIEW:
        return []
    before = proposal.texts.filter(made_at__lte=returned.at).last()
    return parts_compared(before.parts, text.parts) if before is not None else []
