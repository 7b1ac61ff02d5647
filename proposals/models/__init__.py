from proposals.models.bulletins import (
    AdoptionRecord,
    Bulletin,
    OpinionDispatch,
    OpinionDispatchChange,
)
from proposals.models.evaluations import (
    Evaluation,
    EvaluationChange,
    Rehandling,
    RehandlingChange,
)
from proposals.models.handlings import (
    ContactEntry,
    Handling,
    HandlingChange,
    HandlingGroupPermission,
    JointOpinion,
    Reply,
)
from proposals.models.lists import Category, Destination, RefusalReason, ResultClass
from proposals.models.opinion_authors import OpinionAuthor
from proposals.models.opinion_texts import OpinionText, OpinionYear
from proposals.models.opinions import OpinionReport, OpinionReportChange
from proposals.models.proposals import (
    Draft,
    DraftCopy,
    InternalNote,
    Proposal,
    ProposalChange,
    TextVersion,
)
from proposals.models.proposers import Proposer, ProposerChange
from proposals.models.requests import UnitRequest, UnitRequestChange

__all__ = [
    "AdoptionRecord",
    "Bulletin",
    "Category",
    "ContactEntry",
    "Destination",
    "Draft",
    "DraftCopy",
    "Evaluation",
    "EvaluationChange",
    "Handling",
    "HandlingChange",
    "HandlingGroupPermission",
    "InternalNote",
    "JointOpinion",
    "OpinionAuthor",
    "OpinionDispatch",
    "OpinionDispatchChange",
    "OpinionReport",
    "OpinionReportChange",
    "OpinionText",
    "OpinionYear",
    "Proposal",
    "ProposalChange",
    "Proposer",
    "ProposerChange",
    "RefusalReason",
    "Rehandling",
    "RehandlingChange",
    "Reply",
    "ResultClass",
    "TextVersion",
    "UnitRequest",
    "UnitRequestChange",
]
