"""Signatures on paper as a page: who signed, and the scan that shows it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.steps import Step, StepForm
from members.models import Membership
from proposals import actions
from proposals.models import Proposal, Proposer
from proposals.models.rights import may_take_signatures


class SignatureForm(StepForm):
    """Which members signed; those who stand behind the text already are not offered."""

    memberships = forms.ModelMultipleChoiceField(
        label=_("在纸上签名的委员"),
        queryset=Membership.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, thing: Proposal, **kwargs: Any) -> None:
        super().__init__(*args, thing=thing, **kwargs)
        signed = Proposer.objects.confirmed().filter(proposal=thing, membership__isnull=False)
        seats = Membership.objects.active().of_current_term()
        field: Any = self.fields["memberships"]
        field.queryset = seats.exclude(pk__in=signed.values("membership")).select_related("person")
        field.label_from_instance = lambda seat: seat.person.name


def only_on_paper(_proposal: Proposal, _user: Any) -> bool:
    """The office never signs itself: the scan is always asked for."""
    return False


PAPER_STEPS = (
    Step(
        "sign_on_paper",
        actions.sign_on_paper,
        _("纸质联名已登记，联名委员和第一提案人会收到消息。"),
        label=_("登记纸质联名"),
        question=_("委员签的是现在这份文字。登记后各处都注明“纸质”。"),
        form=SignatureForm,
        may=may_take_signatures,
        acts=only_on_paper,
        side=True,
    ),
)
