"""The steps of seconding as pages: support a proposal, and take that back."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.forms import text_area
from cppcc_portal.office.steps import Step, StepForm
from proposals import actions
from proposals.models import Proposal, Publication, Seconding
from proposals.models.secondings import (
    may_read,
    open_statuses,
    seat_in_office,
    seconding_is_on,
    still_open,
)


class SecondForm(StepForm):
    """What one has to say to it."""

    remark = forms.CharField(
        label=_("附言"),
        widget=text_area(3),
        max_length=300,
        required=False,
        help_text=_("提案人和提案委办公室会看到您的姓名和附言；不要写涉密内容。"),
    )


def seconds_here(user: Any) -> bool:
    """Whether the office has seconding and this person is a member who may."""
    return seconding_is_on() and seat_in_office(user) is not None


def own_seconding(proposal: Proposal, user: Any) -> Seconding | None:
    """That of this person, while it stands and the office has seconding."""
    if not user.seat_ids or not seconding_is_on():
        return None
    rows = Seconding.objects.standing().filter(proposal=proposal, membership__in=user.seat_ids)
    return rows.select_related("membership__person", "proposal").first()


def may_second(proposal: Proposal, user: Any) -> bool:
    """Whether there is a button for it; the action asks anew."""
    if not seconding_is_on() or proposal.status not in open_statuses():
        return False
    if not user.seat_ids or proposal.is_proposer(user) or own_seconding(proposal, user):
        return False
    return seat_in_office(user) is not None and may_read(proposal, user)


def title_shown(proposal: Any) -> str:
    """To who reads it only in public, by its public title."""
    public: Publication | None = getattr(proposal, "read_in_public", None)
    return str(public.current.title) if public and public.current else str(proposal)


def page_of(proposal: Any, user: Any) -> str:
    """Back to the page on which it was read; the public page alone shows no message."""
    if getattr(proposal, "read_in_public", None) is None:
        return str(proposal.get_absolute_url())
    return reverse("proposals:seconding")


def may_take_back(seconding: Seconding, user: Any) -> bool:
    return seconding.can("take_back", user) and not still_open(seconding)


SECOND = Step(
    "second",
    actions.second,
    _("已附议，提案人会收到消息。"),
    label=_("附议"),
    question=_("附议表示您支持这件提案；不必评价答复，也不能修改文字。需要时可以收回。"),
    form=SecondForm,
    may=may_second,
    subject=title_shown,
    back=page_of,
    to=lambda proposal, _given: page_of(proposal, None),
    side=True,
)
TAKE_BACK = Step(
    "take_back",
    actions.take_back_seconding,
    _("附议已收回。"),
    label=_("收回附议"),
    question=_("收回后不再计入附议；以后仍可再次附议。"),
    may=may_take_back,
    subject=lambda seconding: getattr(seconding, "title_shown", seconding),
    danger=True,
)
