"""The review as the chair of the proposal committee does it, on the portal's own page."""

from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.steps import Step
from proposals import actions
from proposals.models.proposals import Proposal
from proposals.models.reviews import Spoken
from proposals.review_forms import ExamineStepForm


def earlier_opinions(proposal: Proposal) -> list[str]:
    """What was suggested before: the next reviewer reads it first."""
    told = _("%(opinion)s（%(who)s）%(note)s")
    return [
        str(told % {"opinion": opinion, "who": opinion.by, "note": opinion.note})
        for opinion in Spoken([proposal]).on(proposal)
    ]


REVIEW_STEPS = (
    Step(
        "examine",
        actions.examine,
        _("审查意见已记下。"),
        form=ExamineStepForm,
        warnings=earlier_opinions,
    ),
)
