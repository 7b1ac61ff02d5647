"""What is typed about key proposals, awards and the end of a proposal; field names are the actions' keywords."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office import parameters
from cppcc_portal.office.decisions import Decision
from cppcc_portal.office.forms import DateInput, FileInput, Picks, text_area
from cppcc_portal.office.steps import StepForm
from members.models import Committee, Person, Plenary, Unit
from members.roles import Role
from proposals.models import SupervisionWay


def decisions() -> Any:
    """The latest decisions on which a key proposal or an award may rest."""
    code = parameters.get("proposals.key_body")
    return Decision.objects.current().passed().of_body(code).to_choose()


class DecisionField(forms.ModelChoiceField):
    """Which recorded decision it rests on."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("依据的会议决定"))
        kwargs.setdefault("help_text", _("主席会议通过的决定；须先在工作台“会议决定”中登记。"))
        super().__init__(queryset=Decision.objects.none(), empty_label=_("请选择"), **kwargs)


class DecidedForm(StepForm):
    """A step that rests on a decision."""

    decision = DecisionField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        decision: Any = self.fields["decision"]
        decision.queryset = decisions()


class PersonPicks(forms.ModelMultipleChoiceField):
    """People to tick, with their posts."""

    widget = Picks

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} {obj.post}".strip()


class SelectKeyForm(DecidedForm):
    """By which decision, who leads the handling, which committee supervises."""

    people = PersonPicks(
        label=_("督办领导（政协领导）"), queryset=Person.objects.none(), required=False
    )
    others = forms.CharField(
        label=_("其他督办领导"),
        widget=text_area(2),
        required=False,
        help_text=_("每行一人：姓名，职务。例如：张三，副区长。"),
    )
    committee = forms.ModelChoiceField(
        label=_("督办专委会"),
        queryset=Committee.objects.none(),
        required=False,
        empty_label=_("没有"),
        help_text=_("它的主任和工作人员可以查看这件提案、登记督办情况。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people: Any = self.fields["people"]
        leaders = Person.objects.filter(user__is_active=True, user__groups__name=Role.LEADER)
        people.queryset = leaders.distinct()
        people.wanted = self.fields["others"].wanted = True  # type: ignore[attr-defined]
        committee: Any = self.fields["committee"]
        committee.queryset = Committee.objects.filter(active=True, term__is_current=True)

    def clean(self) -> dict[str, Any]:
        """All who lead as rows of name and post."""
        cleaned = super().clean() or {}
        known = [
            {"person": person, "name": person.name, "post": person.post or str(_("政协领导"))}
            for person in cleaned.pop("people", ())
        ]
        cleaned["leaders"] = [*known, *officials_in(cleaned.pop("others", ""))]
        return cleaned


def officials_in(text: str) -> list[dict[str, Any]]:
    """One official a line: name, then post after a comma."""
    found = []
    for line in text.splitlines():
        name, _comma, post = line.replace(",", "，").partition("，")
        if name.strip() or post.strip():
            found.append({"name": name.strip()[:30], "post": post.strip()[:60]})
    return found


class DropKeyForm(DecidedForm):
    """By which decision, and why."""

    note = forms.CharField(label=_("理由"), widget=text_area(3), max_length=500)


class SuperviseForm(StepForm):
    """One line of the log."""

    on = forms.DateField(label=_("日期"), widget=DateInput)
    way = forms.ModelChoiceField(
        label=_("督办形式"),
        queryset=SupervisionWay.objects.filter(active=True),
        empty_label=None,
        widget=forms.RadioSelect,
    )
    took_part = forms.CharField(
        label=_("参加人员"),
        max_length=300,
        help_text=_("督办领导、承办单位、提案人和其他人员。"),
    )
    said = forms.CharField(label=_("督办情况"), widget=text_area(6))
    undertook = forms.CharField(
        label=_("承办单位的承诺和下一步安排"), widget=text_area(3), required=False
    )
    upload = forms.FileField(
        label=_("附件"),
        widget=FileInput(),
        required=False,
        help_text=_("例如纪要、照片；提案人和承办单位可以查看。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"on": timezone.localdate()}
        super().__init__(*args, **kwargs)


class RevokeForm(StepForm):
    """Why it is taken back; the scan of the request is asked for beside it."""

    note = forms.CharField(
        label=_("撤案的理由"),
        widget=text_area(3),
        max_length=500,
        help_text=_("提案人和承办单位会看到。"),
    )


class AwardForm(DecidedForm):
    """For which plenary year a proposal is named excellent."""

    plenary = forms.ModelChoiceField(
        label=_("表彰年度（届次）"), queryset=Plenary.objects.none(), empty_label=None
    )
    field_order = ["plenary", "decision"]

    def __init__(self, *args: Any, thing: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"plenary": getattr(thing, "plenary_id", None)}
        super().__init__(*args, thing=thing, **kwargs)
        plenary: Any = self.fields["plenary"]
        plenary.queryset = Plenary.objects.filter(term__is_current=True).select_related("term")


class AdvancedUnitsForm(AwardForm):
    """Which units are advanced in a plenary year."""

    units = forms.ModelMultipleChoiceField(
        label=_("先进承办单位"), queryset=Unit.objects.in_use(), widget=Picks
    )
    field_order = ["plenary", "decision", "units"]
