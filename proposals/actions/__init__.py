"""Everything that writes about proposals, by who acts: proposers, the office, units, raters, the clock."""

from proposals.actions.collectives import keep_collective, start_collective
from proposals.actions.documents import fill_from_document
from proposals.actions.handling import (
    acknowledge,
    give_opinion,
    record_contact,
    reply,
    save_reply,
)
from proposals.actions.importing import cancel_import, upload_proposals, write_proposals
from proposals.actions.merging import merge, unmerge
from proposals.actions.rating import (
    close,
    evaluate,
    expire_evaluations,
    refuse_rehandling,
    settle_commitment,
    start_rehandling,
)
from proposals.actions.reminding import remind
from proposals.actions.removing import take_out
from proposals.actions.requesting import rehand, request_extension, request_return
from proposals.actions.reviewing import (
    add_note,
    file,
    hand_over,
    refuse,
    return_,
    start_review,
)
from proposals.actions.topics import start_from_topic
from proposals.actions.writing import (
    DraftConflict,
    agree,
    cancel_invitation,
    decline,
    invite,
    recall,
    reopen_draft,
    save_choices,
    save_draft,
    start_draft,
    submit,
    withdraw,
)

__all__ = [
    "DraftConflict",
    "acknowledge",
    "add_note",
    "agree",
    "cancel_import",
    "cancel_invitation",
    "close",
    "decline",
    "evaluate",
    "expire_evaluations",
    "file",
    "fill_from_document",
    "give_opinion",
    "hand_over",
    "invite",
    "keep_collective",
    "merge",
    "recall",
    "rehand",
    "request_extension",
    "request_return",
    "record_contact",
    "refuse",
    "refuse_rehandling",
    "remind",
    "reopen_draft",
    "reply",
    "return_",
    "save_choices",
    "save_draft",
    "save_reply",
    "settle_commitment",
    "start_collective",
    "start_draft",
    "start_from_topic",
    "start_rehandling",
    "start_review",
    "submit",
    "take_out",
    "unmerge",
    "upload_proposals",
    "withdraw",
    "write_proposals",
]
