"""Which recommendations to show: whose, how far, by which unit, with which conclusion."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consultations.models import Topic
from feedback.models import Adoption
from members.models import Unit

STAGES: dict[str, Any] = {
    "open": _("单位办理中"),
    "late": _("已逾期"),
    "to_check": _("待核实确认"),
    "stalled": _("暂时无法推进"),
    "done": _("已办结"),
    "all": _("全部"),
}
ENDED = ("done", "all")  # lists that are not about what is due next


def in_stage(stage: str, today: date) -> Q:
    """The rows of one stage."""
    status = Adoption.Status
    match stage:
        case "late":
            return Adoption.late_on(today)
        case "to_check":
            return Q(status__in=[status.DONE_REPORTED, status.ANSWERED])
        case "stalled":
            return Q(status=status.STALLED)
        case "done":
            return Q(status__in=[status.VERIFIED, status.CLOSED])
        case "all":
            return Q()
    return Q(status__in=Adoption.UNITS_TURN)


TOPIC = "recommendation__document__session__topic"


def of_scope(rows: Any, scope: str, user: Any) -> Any:
    """Those a person has to do with, those of the own committees, or all one may see."""
    if scope == "mine":
        own = Q(**{f"{TOPIC}__in": Topic.objects.proposed_by(user)})
        return rows.filter(own | Q(recommendation__voiced_by__in=user.seat_ids))
    if scope == "committee":
        return rows.filter(**{f"{TOPIC}__committee__in": user.body_ids})
    return rows


def search(rows: Any, words: str) -> Any:
    """By words of the text, of the topic or its document's number, or by the unit's name or initials."""
    return rows.filter(
        Q(recommendation__text__icontains=words)
        | Q(**{f"{TOPIC}__title__icontains": words})
        | Q(recommendation__document__document_number__icontains=words)
        | Q(unit__name__icontains=words)
        | Q(unit__initials__istartswith=words)
    )


class FilterForm(forms.Form):
    """What the list is narrowed to."""

    q = forms.CharField(
        label=_("查找"),
        required=False,
        max_length=60,
        help_text=_("意见建议、议题中的词，成果文号，单位名称或拼音首字母"),
    )
    stage = forms.ChoiceField(label=_("进度"), required=False, choices=list(STAGES.items()))
    conclusion = forms.ChoiceField(
        label=_("采纳结论"), required=False, choices=[("", _("全部")), *Adoption.Conclusion.choices]
    )
    unit = forms.ModelChoiceField(
        label=_("承办单位"),
        required=False,
        queryset=Unit.objects.in_use(),
        empty_label=_("全部"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            wanted: Any = field
            wanted.wanted = True  # a filter is not labelled 可不填

    @property
    def stage_shown(self) -> str:
        stage = self.cleaned_data.get("stage") if self.is_valid() else ""
        return stage or "open"

    def narrow(self, rows: Any, today: date) -> tuple[Any, bool]:
        """The rows that fit, and whether anything but the stage narrows them."""
        rows = rows.filter(in_stage(self.stage_shown, today))
        if not self.is_valid():
            return rows, False
        given = self.cleaned_data
        if words := given["q"].strip():
            rows = search(rows, words)
        if given["conclusion"]:
            rows = rows.filter(conclusion=given["conclusion"])
        if given["unit"]:
            rows = rows.filter(unit=given["unit"])
        return rows, bool(words or given["conclusion"] or given["unit"])
