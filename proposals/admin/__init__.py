"""Proposals in the workplace: whole on one page, each step a button, many at once where that is safe."""

from proposals.admin.commitments import CommitmentAdmin
from proposals.admin.evaluations import EvaluationAdmin, RehandlingAdmin
from proposals.admin.handlings import HandlingAdmin
from proposals.admin.lists import (
    CategoryAdmin,
    DestinationAdmin,
    ProposerKindAdmin,
    RefusalReasonAdmin,
    ResultClassAdmin,
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
    "ProposerKindAdmin",
    "RefusalReasonAdmin",
    "RehandlingAdmin",
    "ResultClassAdmin",
    "UnitRequestAdmin",
]
