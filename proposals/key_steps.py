"""The steps of key proposals, awards and the end of a proposal as pages: what each asks, does and tells."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.steps import RemarkForm, Step
from proposals import actions
from proposals import key_forms as forms
from proposals.actions.awarding import beyond_share
from proposals.models import Proposal
from proposals.models.rights import may_supervise


def page_of(proposal: Proposal, user: Any) -> str:
    """Where this person looks at a proposal: the secretariat in its workplace."""
    if user.is_staff and user.has_perm("proposals.view_proposal"):
        return reverse("admin:proposals_proposal_change", args=[proposal.pk])
    return proposal.get_absolute_url()


def _in_force(proposal: Proposal) -> bool:
    return proposal.status in Proposal.NUMBERED and proposal.status not in Proposal.ENDED


def may_select(proposal: Proposal, user: Any) -> bool:
    open_now = _in_force(proposal) and not proposal.is_key
    return open_now and bool(user.has_perm("proposals.select_key_proposal"))


def may_drop(proposal: Proposal, user: Any) -> bool:
    open_now = _in_force(proposal) and proposal.is_key
    return open_now and bool(user.has_perm("proposals.select_key_proposal"))


def may_log(proposal: Proposal, user: Any) -> bool:
    return _in_force(proposal) and proposal.is_key and may_supervise(proposal, user)


def may_award(proposal: Proposal, user: Any) -> bool:
    if proposal.status not in Proposal.STANDING or not user.has_perm("proposals.award_proposal"):
        return False
    return not proposal.awards.standing().exists()


def one_more(proposal: Proposal) -> list[str]:
    return beyond_share(proposal.plenary, proposals=1)


def nobody_here(_thing: Any, _user: Any) -> bool:
    """It is the proposers' own act: whoever enters it, does so from their paper."""
    return False


PROPOSAL_STEPS = (
    Step(
        "supervise",
        actions.supervise,
        _("督办情况已登记，提案人和承办单位都会收到消息。"),
        label=_("登记督办"),
        question=_("登记后不能修改；提案人、承办单位和督办领导都能看到。"),
        form=forms.SuperviseForm,
        may=may_log,
        back=page_of,
        side=True,
    ),
    Step(
        "select_key",
        actions.select_key,
        _("已列为重点提案，提案人、督办领导和承办单位都会收到消息。"),
        label=_("选为重点提案"),
        form=forms.SelectKeyForm,
        may=may_select,
        back=page_of,
        side=True,
    ),
    Step(
        "drop_key",
        actions.drop_key,
        _("已不再列为重点提案，督办记录保留。"),
        label=_("不再列为重点"),
        form=forms.DropKeyForm,
        may=may_drop,
        back=page_of,
        danger=True,
    ),
    Step(
        "award",
        actions.award,
        _("已登记为优秀提案，提案人会收到消息。"),
        label=_("评为优秀提案"),
        form=forms.AwardForm,
        may=may_award,
        back=page_of,
        warnings=one_more,
        side=True,
    ),
    Step(
        "archive",
        actions.archive,
        _("已归档，从此只能查看。"),
        question=_("归档后不能再办理、评价或补充；看得到的人照常能看。"),
        form=RemarkForm,
        back=page_of,
        shows_missing=True,
        side=True,
    ),
    Step(
        "revoke",
        actions.revoke,
        _("已撤案，提案人和承办单位都会收到消息。"),
        question=_("撤案后承办单位不再办理，案号保留、不再使用；并入的提案重新审查。"),
        form=forms.RevokeForm,
        acts=nobody_here,
        back=page_of,
        shows_missing=True,
        danger=True,
    ),
)
AWARD_STEPS = (
    Step(
        "withdraw_award",
        actions.withdraw_award,
        _("表彰已撤销，受表彰的一方会收到消息。"),
        form=forms.DropKeyForm,
        danger=True,
    ),
)
