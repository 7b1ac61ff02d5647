"""Proposals in the workplace: whole on one page, each step a button, many at once where that is safe."""

from proposals.admin.awards import AwardAdmin
from proposals.admin.closed_years import ClosedYearAdmin
from proposals.admin.commitments import CommitmentAdmin
from proposals.admin.consultations import UnitConsultationAdmin
from proposals.admin.evaluations import EvaluationAdmin, RehandlingAdmin
from proposals.admin.filing_lists import FilingListAdmin
from proposals.admin.handlings import HandlingAdmin
from proposals.admin.imports import ProposalImportAdmin
from proposals.admin.lists import (
    CategoryAdmin,
    DestinationAdmin,
    ProposerKindAdmin,
    RatingGradeAdmin,
    RefusalReasonAdmin,
    ResultClassAdmin,
    ReviewStageAdmin,
    SuggestedTopicAdmin,
    SupervisionWayAdmin,
)
from proposals.admin.meetings import SupervisionMeetingAdmin
from proposals.admin.opinions import BulletinAdmin, OpinionReportAdmin
from proposals.admin.proposals import ProposalAdmin
from proposals.admin.publications import PublicationAdmin
from proposals.admin.requests import UnitRequestAdmin

__all__ = [
    "AwardAdmin",
    "BulletinAdmin",
    "CategoryAdmin",
    "ClosedYearAdmin",
    "CommitmentAdmin",
    "DestinationAdmin",
    "EvaluationAdmin",
    "FilingListAdmin",
    "HandlingAdmin",
    "OpinionReportAdmin",
    "ProposalAdmin",
    "PublicationAdmin",
    "RefusalReasonAdmin",
    "RehandlingAdmin",
    "ResultClassAdmin",
    "SupervisionMeetingAdmin",
    "SupervisionWayAdmin",
    "ReviewStageAdmin",
    "UnitConsultationAdmin",
    "ProposalImportAdmin",
    "ProposerKindAdmin",
    "RatingGradeAdmin",
    "RefusalReasonAdmin",
    "RehandlingAdmin",
    "ResultClassAdmin",
    "SuggestedTopicAdmin",
    "UnitRequestAdmin",
]
