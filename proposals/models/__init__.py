from proposals.models.consultations import UnitConsultation, UnitConsultationChange
from proposals.models.evaluations import (
    Evaluation,
    EvaluationChange,
    Rehandling,
    RehandlingChange,
)
from proposals.models.filing_lists import FilingList, FilingListChange, FilingRow
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
from proposals.models.proposers import Proposer, ProposerChange
from proposals.models.requests import UnitRequest, UnitRequestChange
from proposals.models.reviews import ReviewOpinion, ReviewStage

__all__ = [
    "Category",
    "ContactEntry",
    "Destination",
    "Draft",
    "DraftCopy",
    "Evaluation",
    "EvaluationChange",
    "FilingList",
    "FilingListChange",
    "FilingRow",
    "Handling",
    "HandlingChange",
    "HandlingGroupPermission",
    "InternalNote",
    "JointOpinion",
    "Proposal",
    "ProposalChange",
    "Proposer",
    "ProposerChange",
    "RefusalReason",
    "Rehandling",
    "RehandlingChange",
    "Reply",
    "ResultClass",
    "ReviewOpinion",
    "ReviewStage",
    "TextVersion",
    "UnitConsultation",
    "UnitConsultationChange",
    "UnitRequest",
    "UnitRequestChange",
]
