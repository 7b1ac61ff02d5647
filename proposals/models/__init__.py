from proposals.models.awards import Award, AwardChange
from proposals.models.bulletins import AdoptionRecord, Bulletin
from proposals.models.closed_years import ClosedYear, ClosedYearChange
from proposals.models.collectives import Collective, FurtherBody
from proposals.models.consultations import UnitConsultation, UnitConsultationChange
from proposals.models.countersigns import Countersign, CountersignChange
from proposals.models.dispatches import (
    OpinionContact,
    OpinionDispatch,
    OpinionDispatchChange,
)
from proposals.models.evaluations import (
    EarlierRating,
    Evaluation,
    EvaluationChange,
    Rehandling,
    RehandlingChange,
)
from proposals.models.filing_lists import FilingList, FilingListChange, FilingRow
from proposals.models.follow_ups import FollowUp, ProgressNote
from proposals.models.handlings import (
    ContactEntry,
    Handling,
    HandlingChange,
    HandlingGroupPermission,
)
from proposals.models.imports import ImportedProposal, ProposalImport, ProposalImportChange
from proposals.models.keys import (
    KeyMark,
    KeyMarkChange,
    LeadingOfficial,
    SupervisionEntry,
)
from proposals.models.lists import (
    Category,
    Destination,
    OpinionResult,
    RatingGrade,
    RefusalReason,
    ResultClass,
    SupervisionWay,
)
from proposals.models.meetings import (
    MeetingMatter,
    MeetingReport,
    MeetingReportChange,
    MeetingResult,
    SupervisionMeeting,
    SupervisionMeetingChange,
)
from proposals.models.opinion_authors import OpinionAuthor
from proposals.models.opinion_invitations import OpinionInvitation, OpinionInvitationChange
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
from proposals.models.proposer_kinds import ProposerKind
from proposals.models.proposers import Proposer, ProposerChange
from proposals.models.publications import (
    Publication,
    PublicationChange,
    PublicationConsent,
    PublicReply,
    PublicVersion,
)
from proposals.models.replies import JointOpinion, Reply
from proposals.models.requests import UnitRequest, UnitRequestChange
from proposals.models.reviews import ReviewOpinion, ReviewStage
from proposals.models.secondings import Seconding, SecondingChange
from proposals.models.topics import SuggestedTopic

__all__ = [
    "Award",
    "AwardChange",
    "AdoptionRecord",
    "Bulletin",
    "Category",
    "ClosedYear",
    "ClosedYearChange",
    "Collective",
    "FurtherBody",
    "ContactEntry",
    "Countersign",
    "CountersignChange",
    "Destination",
    "Draft",
    "DraftCopy",
    "EarlierRating",
    "Evaluation",
    "EvaluationChange",
    "FilingList",
    "FilingListChange",
    "FilingRow",
    "FollowUp",
    "Handling",
    "HandlingChange",
    "HandlingGroupPermission",
    "ImportedProposal",
    "InternalNote",
    "JointOpinion",
    "KeyMark",
    "KeyMarkChange",
    "LeadingOfficial",
    "MeetingMatter",
    "MeetingResult",
    "OpinionAuthor",
    "OpinionContact",
    "OpinionDispatch",
    "OpinionDispatchChange",
    "OpinionInvitation",
    "OpinionInvitationChange",
    "OpinionReport",
    "OpinionReportChange",
    "OpinionResult",
    "RatingGrade",
    "OpinionText",
    "OpinionYear",
    "MeetingReport",
    "MeetingReportChange",
    "Proposal",
    "ProgressNote",
    "ProposalChange",
    "ProposalImport",
    "ProposalImportChange",
    "Proposer",
    "ProposerChange",
    "PublicReply",
    "PublicVersion",
    "Publication",
    "PublicationChange",
    "PublicationConsent",
    "ProposerKind",
    "RefusalReason",
    "Rehandling",
    "RehandlingChange",
    "Reply",
    "ResultClass",
    "SupervisionEntry",
    "SupervisionMeeting",
    "SupervisionMeetingChange",
    "SupervisionWay",
    "ReviewOpinion",
    "ReviewStage",
    "Seconding",
    "SecondingChange",
    "SuggestedTopic",
    "TextVersion",
    "UnitConsultation",
    "UnitConsultationChange",
    "UnitRequest",
    "UnitRequestChange",
]
