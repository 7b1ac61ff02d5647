"""Proposals in the workplace: whole on one page, each step a button, many at once where that is safe."""

from proposals.admin.commitments import CommitmentAdmin
from proposals.admin.evaluations import EvaluationAdmin, RehandlingAdmin
from proposals.admin.handlings import HandlingAdmin
from proposals.admin.imports import ProposalImportAdmin
from proposals.admin.lists import (
    CategoryAdmin,
    DestinationAdmin,
    ProposerKindAdmin,
    RefusalReasonAdmin,
    ResultClassAdmin,
    SuggestedTopicAdmin,
)
from proposals.admin.proposals import ProposalAdmin
from proposals.admin.requests import UnitRequestAdmin

__all__ = [
    "CategoryAdmin",
    "CommitmentAdmin",
    "DestinationAdmin",
    "EvaluationAdmin",
    "HandlingAdmin",
    "ProposalAdmin",
    "ProposalImportAdmin",
    "ProposerKindAdmin",
    "RefusalReasonAdmin",
    "RehandlingAdmin",
    "ResultClassAdmin",
    "SuggestedTopicAdmin",
    "UnitRequestAdmin",
]
