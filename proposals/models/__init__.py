from proposals.models.collectives import Collective
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
from proposals.models.proposals import (
    Draft,
    DraftCopy,
    InternalNote,
    Proposal,
    ProposalChange,
    TextVersion,
)
from proposals.models.proposer_kinds import ProposerKind
from proposals.models.proposers import Proposer, ProposerChange
from proposals.models.requests import UnitRequest, UnitRequestChange

__all__ = [
    "Category",
    "Collective",
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
    "Proposal",
    "ProposalChange",
    "Proposer",
    "ProposerChange",
    "ProposerKind",
    "RefusalReason",
    "Rehandling",
    "RehandlingChange",
    "Reply",
    "ResultClass",
    "TextVersion",
    "UnitRequest",
    "UnitRequestChange",
]
