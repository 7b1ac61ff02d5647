"""Everything that writes about proposals, by who acts: proposers, the office, units, raters, the clock."""

from proposals.actions.archiving import archive
from proposals.actions.awarding import award, withdraw_award
from proposals.actions.closing_years import close_year, reopen_year
from proposals.actions.collectives import (
    add_body,
    keep_body,
    keep_collective,
    remove_body,
    start_collective,
)
from proposals.actions.consulting_units import (
    agree_to_handle,
    consult_units,
    object_to_handle,
)
from proposals.actions.countersigning import send_for_countersign
from proposals.actions.documents import fill_from_document
from proposals.actions.following import report_progress, supplement
from proposals.actions.handling import (
    acknowledge,
    give_opinion,
    record_contact,
)
from proposals.actions.importing import cancel_import, upload_proposals, write_proposals
from proposals.actions.leaving import step_out
from proposals.actions.listing import (
    carry_out,
    gather,
    leave_out,
    put_as_reviewed,
    put_on_list,
    start_list,
)
from proposals.actions.merging import merge, unmerge
from proposals.actions.opinions import convert
from proposals.actions.paper_signatures import sign_on_paper
from proposals.actions.publishing import publish, unpublish
from proposals.actions.rating import (
    close,
    evaluate,
    expire_evaluations,
    refuse_rehandling,
    settle_commitment,
    start_rehandling,
)
from proposals.actions.rating_again import call_for_rating, change_rating, demand_round
from proposals.actions.reminding import remind
from proposals.actions.removing import take_out
from proposals.actions.reopening import reopen
from proposals.actions.replying import check, reply, save_reply, send_back, sign
from proposals.actions.requesting import rehand, request_extension, request_return
from proposals.actions.reviewing import (
    add_note,
    file,
    hand_over,
    refuse,
    return_,
    start_review,
)
from proposals.actions.revoking import revoke
from proposals.actions.seconding import second, take_back_seconding
from proposals.actions.staging import examine
from proposals.actions.supervising import drop_key, select_key, supervise
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
    "add_body",
    "add_note",
    "agree",
    "archive",
    "award",
    "call_for_rating",
    "cancel_import",
    "cancel_invitation",
    "check",
    "agree_to_handle",
    "cancel_invitation",
    "carry_out",
    "change_rating",
    "close",
    "close_year",
    "consult_units",
    "convert",
    "decline",
    "demand_round",
    "drop_key",
    "evaluate",
    "examine",
    "expire_evaluations",
    "file",
    "gather",
    "give_opinion",
    "hand_over",
    "invite",
    "leave_out",
    "fill_from_document",
    "give_opinion",
    "hand_over",
    "invite",
    "keep_body",
    "keep_collective",
    "merge",
    "publish",
    "object_to_handle",
    "put_as_reviewed",
    "put_on_list",
    "recall",
    "rehand",
    "remove_body",
    "request_extension",
    "request_return",
    "record_contact",
    "refuse",
    "refuse_rehandling",
    "remind",
    "reopen",
    "reopen_draft",
    "reopen_year",
    "reply",
    "report_progress",
    "return_",
    "revoke",
    "save_choices",
    "save_draft",
    "save_reply",
    "second",
    "send_back",
    "send_for_countersign",
    "sign",
    "sign_on_paper",
    "select_key",
    "settle_commitment",
    "start_collective",
    "start_draft",
    "start_list",
    "start_from_topic",
    "start_rehandling",
    "start_review",
    "step_out",
    "submit",
    "supervise",
    "supplement",
    "take_back_seconding",
    "take_out",
    "unmerge",
    "unpublish",
    "withdraw",
    "withdraw_award",
    "upload_proposals",
    "withdraw",
    "write_proposals",
]
