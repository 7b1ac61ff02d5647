from consultations.models.lists import DeclineReason, SessionForm
from consultations.models.outcomes import (
    OutcomeDocument,
    OutcomeDocumentChange,
    Recommendation,
    RecommendationChange,
)
from consultations.models.plans import FINAL_BODY, AnnualPlan, AnnualPlanChange, PlanStep
from consultations.models.research import (
    Finding,
    Research,
    ResearchChange,
    Suggestion,
    TeamMember,
    Visit,
)
from consultations.models.sessions import (
    CategoryWaiver,
    ResearchWaiver,
    Session,
    SessionChange,
)
from consultations.models.topics import Topic, TopicChange, TopicGroupPermission

__all__ = [
    "FINAL_BODY",
    "AnnualPlan",
    "AnnualPlanChange",
    "CategoryWaiver",
    "DeclineReason",
    "Finding",
    "OutcomeDocument",
    "OutcomeDocumentChange",
    "PlanStep",
    "Recommendation",
    "RecommendationChange",
    "Research",
    "ResearchChange",
    "ResearchWaiver",
    "Session",
    "SessionChange",
    "SessionForm",
    "Suggestion",
    "TeamMember",
    "Topic",
    "TopicChange",
    "TopicGroupPermission",
    "Visit",
]
