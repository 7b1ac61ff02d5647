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
from proposals.models.imports import ImportedProposal, ProposalImport, ProposalImportChange
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
from proposals.models.topics import SuggestedTopic

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
    "ImportedProposal",
    "InternalNote",
    "JointOpinion",
    "Proposal",
    "ProposalChange",
    "ProposalImport",
    "ProposalImportChange",
    "Proposer",
    "ProposerChange",
    "ProposerKind",
    "RefusalReason",
    "Rehandling",
    "RehandlingChange",
    "Reply",
    "ResultClass",
    "SuggestedTopic",
    "TextVersion",
    "UnitRequest",
    "UnitRequestChange",
]
