"""What is typed before and at the hand-over on the portal's own pages; field names are the actions' keywords."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.forms import text_area
from cppcc_portal.office.steps import StepForm
from members.models import Unit
from proposals.forms import HandOverForm, tick_units
from proposals.suggestions import suggest


def likely_units(proposal: Any) -> dict[str, Any]:
    """The units that were asked, or that are likely: the person looks at them and presses the button."""
    suggestion = suggest([proposal])[proposal.pk]
    return {
        "lead": suggestion.lead,
        "joint": list(suggestion.joint),
        "separate": list(suggestion.separate),
    }


class HandOverStepForm(StepForm, HandOverForm):
    """The hand-over with boxes to tick."""

    def __init__(self, *args: Any, thing: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {**likely_units(thing), **kwargs.get("initial", {})}
        super().__init__(*args, thing=thing, **kwargs)
        tick_units(self)


class ConsultUnitsStepForm(HandOverStepForm):
    """The same units, asked first; the date comes with the hand-over."""

    due_on = None  # type: ignore[assignment]
    note = forms.CharField(
        label=_("说明"), required=False, widget=text_area(2), help_text=_("内部使用。")
    )


class ObjectForm(StepForm):
    """Why it is not this unit's business, and whose it is."""

    reason = forms.CharField(
        label=_("理由"),
        widget=text_area(),
        max_length=1000,
        help_text=_("写明为什么不属于本单位职责，或者应由别的单位主办。"),
    )
    suggested_unit = forms.ModelChoiceField(
        label=_("建议承办单位"), queryset=Unit.objects.none(), required=False
    )

    def __init__(self, *args: Any, thing: Any, **kwargs: Any) -> None:
        super().__init__(*args, thing=thing, **kwargs)
        units: Any = self.fields["suggested_unit"]
        units.queryset = Unit.objects.in_use().exclude(pk=thing.unit_id)
