"""What a reviewer types at a stage of the review; field names are the keywords of the action."""

from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.forms import Picks, text_area
from cppcc_portal.office.steps import StepForm
from members.models import Unit
from proposals.forms import wanted
from proposals.models import (
    Category,
    Destination,
    Proposal,
    RefusalReason,
    ReviewOpinion,
    ReviewStage,
)
from proposals.models.reviews import Spoken


def mains() -> Any:
    """What a text may be suggested to join: filed, or to be filed in the same decision."""
    return Proposal.objects.filter(
        Q(status__in=Proposal.TAKES_OTHERS) | Q(status__in=Proposal.UNDER_REVIEW),
        term__is_current=True,
    )


class OpinionFields(forms.Form):
    """The suggested result with what belongs to it; what another result needs is not looked at."""

    result = forms.ChoiceField(
        label=_("建议结果"),
        choices=ReviewOpinion.Result.choices,
        widget=forms.RadioSelect,
        initial=ReviewOpinion.Result.FILE,
    )
    category = forms.ModelChoiceField(
        label=_("类别"),
        queryset=Category.objects.filter(active=True),
        required=False,
        help_text=_("建议立案时选择。"),
    )
    lead = forms.ModelChoiceField(
        label=_("拟主办单位"), queryset=Unit.objects.in_use(), required=False
    )
    joint = forms.ModelMultipleChoiceField(
        label=_("拟会办单位"), queryset=Unit.objects.in_use(), required=False, widget=Picks
    )
    refusal_reason = forms.ModelChoiceField(
        label=_("不予立案的理由"),
        queryset=RefusalReason.objects.filter(active=True),
        required=False,
        help_text=_("建议不予立案时选择。"),
    )
    destination = forms.ModelChoiceField(
        label=_("去向"),
        queryset=Destination.objects.filter(active=True),
        required=False,
        help_text=_("建议不予立案时选择。"),
    )
    main = forms.ModelChoiceField(
        label=_("并入哪一件"),
        queryset=Proposal.objects.none(),
        required=False,
        help_text=_("建议并案时选择。"),
    )
    note = forms.CharField(
        label=_("说明"),
        required=False,
        max_length=1000,
        widget=text_area(3),
        help_text=_("内部使用，提案人看不到；建议退回修改或转社情民意时必须写。"),
    )

    # What belongs to each result, and what is said where it is missing.
    needed: ClassVar[dict[Any, dict[str, Any]]] = {
        ReviewOpinion.Result.FILE: {"category": _("建议立案的，请选择类别。")},
        ReviewOpinion.Result.REFUSE: {
            "refusal_reason": _("建议不予立案的，请选择理由。"),
            "destination": _("建议不予立案的，请选择去向。"),
        },
        ReviewOpinion.Result.MERGE: {"main": _("建议并案的，请选择并入哪一件。")},
        ReviewOpinion.Result.RETURN: {"note": _("请写明需要修改的地方。")},
        ReviewOpinion.Result.CONVERT: {"note": _("请写明理由。")},
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wanted(self, "category", "refusal_reason", "destination", "main")
        main: Any = self.fields["main"]
        main.queryset = mains()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name, told in self.needed.get(cleaned.get("result"), {}).items():
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, told)
        lead, joint = cleaned.get("lead"), cleaned.get("joint")
        if lead and joint is not None and lead in joint:
            self.add_error("joint", _("同一单位不能既主办又会办。"))
        return cleaned


class ReopenForm(forms.Form):
    """Why what was not filed is reviewed again; its proposers read it."""

    note = forms.CharField(
        label=_("重新审查的理由"),
        widget=text_area(3),
        max_length=500,
        help_text=_("提案人会看到。原来的理由和去向不再有效，留在经过里。"),
    )


class ExamineForm(OpinionFields):
    """One reviewer's opinion on one text, at a stage that is open to them."""

    stage = forms.ModelChoiceField(
        label=_("环节"), queryset=ReviewStage.objects.none(), widget=forms.RadioSelect
    )
    field_order = ["stage"]

    def offer(self, stages: list[ReviewStage]) -> None:
        """The stages that this person may speak for; the first is the usual one."""
        field: Any = self.fields["stage"]
        field.empty_label = None
        field.queryset = ReviewStage.objects.filter(pk__in=[stage.pk for stage in stages])
        field.initial = stages[0] if stages else None


class ExamineStepForm(StepForm, OpinionFields):
    """The same on the portal's own page, for the chair who has no workplace: the next stage alone."""

    def __init__(self, *args: Any, thing: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {**likely(thing), **kwargs.get("initial", {})}
        super().__init__(*args, thing=thing, **kwargs)


def likely(proposal: Proposal) -> dict[str, Any]:
    """What the last reviewer suggested: the next one looks at it and agrees or not."""
    given = Spoken([proposal]).on(proposal)
    if not given:
        return {}
    last = given[-1]
    names = ("result", "category", "refusal_reason", "destination", "main", "lead")
    found = {name: getattr(last, name) for name in names}
    return {**found, "joint": list(last.joint.all())}
