"""What the office chooses when it files and hands over: the boxes of the forms, filled with what is likely."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cppcc_portal.office import parameters
from cppcc_portal.office.decisions import Decision
from members.models import Unit
from proposals.forms import FileForm, HandOverForm, MergeForm, RefuseForm, tick_units
from proposals.models import Category, Proposal, ReviewOpinion
from proposals.suggestions import Suggestion

DECIDING = (
    "chair_meeting",
    "proposal_committee",
)  # the bodies that pass the list of filed proposals


def in_groups() -> list[tuple[Any, Any]]:
    """Categories in use, the second level under the first."""
    rows = list(Category.objects.filter(active=True))
    groups: list[tuple[Any, Any]] = []
    for top in (row for row in rows if row.parent_id is None):
        below = [(row.pk, row.name) for row in rows if row.parent_id == top.pk]
        if below:
            groups.append((top.name, [(top.pk, _("%s（总类）") % top.name), *below]))
        else:
            groups.append((top.pk, top.name))
    listed = {row.pk for row in rows if row.parent_id is None}
    strays = [(row.pk, row.name) for row in rows if row.parent_id and row.parent_id not in listed]
    return [*groups, *strays]


def choice_label(proposal: Proposal) -> str:
    """A proposal to be chosen: like texts have like titles, so its number and proposer stand beside."""
    first = proposal.first_proposer
    name = f"（{first.name}）" if first else ""
    return f"{proposal.display_number} {proposal}{name}".strip()


class ResultChoices(forms.Form):
    """What the review comes to: the category at one press, the main proposal found by typing."""

    class Media:
        js = (
            forms.Script("js/portal.js", defer=True),
            forms.Script("js/pick.js", defer=True),
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        category: Any = self.fields["category"]
        category.widget = forms.RadioSelect(attrs={"class": "chips"})
        category.choices = in_groups()
        main: Any = self.fields["main"]
        main.widget = AutocompleteSelect(
            ReviewOpinion._meta.get_field("main"), admin.site, choices=main.choices
        )
        main.label_from_instance = choice_label


class DecidedForm(forms.Form):
    """A result of the review, and the decision on which it rests, if there is one."""

    decision = forms.ModelChoiceField(
        label=gettext_lazy("依据的会议决定"),
        queryset=Decision.objects.none(),
        required=False,
        empty_label=gettext_lazy("不引用"),
        help_text=gettext_lazy("主席会议或提案委会议通过的决定；须先在“会议决定”中登记。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        decision: Any = self.fields["decision"]
        bodies: tuple[str, ...] = DECIDING
        if parameters.get("proposals.filing_needs_decision"):
            decision.required, bodies = True, (parameters.get("proposals.filing_body"),)
            decision.help_text = _("须先在“会议决定”中登记审定机构通过的决定。")
        passed = Decision.objects.current().passed().filter(body__code__in=bodies)
        decision.queryset = passed.to_choose()


class RefusalForm(DecidedForm, RefuseForm):
    """Reason, destination, and the decision."""

    field_order = ["refusal_reason", "destination", "decision", "note"]


class MergeChoice(DecidedForm, MergeForm):
    """The main proposal is found by number, title or proposer."""

    field_order = ["into", "decision", "note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        into: Any = self.fields["into"]
        into.widget = AutocompleteSelect(
            Proposal._meta.get_field("merged_into"), admin.site, choices=into.choices
        )
        into.label_from_instance = choice_label


class FilingForm(DecidedForm, FileForm):
    """The category at one press, and the decision."""

    field_order = ["category", "decision", "note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        category: Any = self.fields["category"]
        category.widget = forms.RadioSelect(attrs={"class": "chips"})
        category.choices = in_groups()
        category.error_messages["required"] = _("请选择类别。")


class HandOverChoices(HandOverForm):
    """The hand-over with boxes to tick: nobody holds Ctrl to choose a second unit."""

    class Media:
        js = (
            forms.Script("js/portal.js", defer=True),
            forms.Script("js/pick.js", defer=True),
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tick_units(self)


class ConsultChoices(HandOverChoices):
    """The units that are thought of, to be asked first; the date comes with the hand-over."""

    due_on = None  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].label = _("说明（内部）")


class ShareRow(forms.Form):
    """One proposal of many that are handed over: its lead unit, and the joint or separate units on offer."""

    chosen = forms.BooleanField(label=gettext_lazy("交办"), required=False, initial=True)
    lead = forms.TypedChoiceField(label=gettext_lazy("主办单位"), required=False, empty_value=None)
    joint = forms.TypedMultipleChoiceField(
        label=gettext_lazy("会办单位"),
        required=False,
        empty_value=[],
        widget=forms.CheckboxSelectMultiple,
    )
    separate = forms.TypedMultipleChoiceField(
        label=gettext_lazy("分办单位"),
        required=False,
        empty_value=[],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        *args: Any,
        proposal: Proposal,
        suggestion: Suggestion,
        units: Mapping[str, Unit],
        **kwargs: Any,
    ) -> None:
        offered = {
            name: [(str(unit.pk), str(unit)) for unit in getattr(suggestion, name)]
            for name in ("joint", "separate")
        }
        # What a unit objects to is looked at before it is handed over.
        objected = any(row.status == row.Status.OBJECTED for row in suggestion.answers)
        known = suggestion.lead is not None or len(suggestion.separate) > 1
        kwargs["initial"] = {
            "chosen": known and not objected and proposal.status in Proposal.NOT_HANDED_OVER,
            "lead": str(suggestion.lead.pk) if suggestion.lead else "",
            **{name: [key for key, _name in choices] for name, choices in offered.items()},
        }
        kwargs["prefix"] = f"p{proposal.pk}"
        super().__init__(*args, **kwargs)
        self.proposal, self.suggestion = proposal, suggestion
        self.due = self.hindrance = ""  # shown beside the row
        names = [(key, str(unit)) for key, unit in units.items()]
        lead: Any = self.fields["lead"]
        lead.choices, lead.coerce = [("", _("请选择")), *names], units.__getitem__
        for name, choices in offered.items():
            field: Any = self.fields[name]
            field.choices, field.coerce = names, units.__getitem__
            field.widget.choices = choices

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        lead, separate = cleaned.get("lead"), cleaned.get("separate")
        if cleaned.get("chosen") and not lead and not separate and "lead" not in self.errors:
            self.add_error("lead", _("请选择主办单位，或取消勾选这一件。"))
        cleaned["joint"] = [unit for unit in cleaned.get("joint") or () if unit != lead]
        return cleaned
