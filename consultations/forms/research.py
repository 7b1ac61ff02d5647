"""Research as it is typed: scheme, team, visits, findings, suggestions, report."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consultations.forms.choices import MemberChoice, MemberPicks, in_office
from consultations.models import Finding, TeamMember, Visit
from cppcc_portal.office.forms import DateInput, DateTimeInput, FileInput, text_area
from cppcc_portal.office.steps import StepForm
from members.models import Unit


class SchemeForm(StepForm):
    """What the research is for, and from when to when."""

    outline = forms.CharField(label=_("目的和提纲"), widget=text_area(6), max_length=3000)
    starts_on = forms.DateField(label=_("开始日期"), widget=DateInput)
    ends_on = forms.DateField(label=_("结束日期"), widget=DateInput)

    def __init__(self, *args: Any, thing: Any, **kwargs: Any) -> None:
        research = thing
        kwargs["initial"] = {
            "outline": research.outline,
            "starts_on": research.starts_on,
            "ends_on": research.ends_on,
        }
        super().__init__(*args, thing=thing, **kwargs)


class TeamForm(StepForm):
    """Somebody for the research team: a member, or an expert or staff by name."""

    role = forms.ChoiceField(label=_("职责"), choices=TeamMember.Role)
    membership = MemberChoice(label=_("委员"), required=False)
    guest = forms.CharField(
        label=_("或填写姓名单位"), max_length=120, required=False, help_text=_("不是委员时填写。")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["membership"]
        field.queryset = in_office()


class VisitForm(StepForm):
    """One visit with who was there."""

    starts_at = forms.DateTimeField(label=_("时间"), widget=DateTimeInput)
    place = forms.CharField(label=_("地点"), max_length=120)
    method = forms.ChoiceField(label=_("方式"), choices=Visit.Method)
    met = forms.CharField(label=_("走访单位和人员"), max_length=300)
    seen = forms.CharField(label=_("了解到的情况"), widget=text_area(6), max_length=5000)
    present = MemberPicks(label=_("参加的委员"))
    guests = forms.CharField(
        label=_("其他参加人员"),
        widget=text_area(2),
        required=False,
        help_text=_("每行一人，写姓名和单位。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["present"]
        field.queryset = in_office()

    def clean_guests(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["guests"].splitlines()]
        return [line[:60] for line in lines if line]


class FindingForm(StepForm):
    """One finding."""

    kind = forms.ChoiceField(label=_("种类"), choices=Finding.Kind)
    text = forms.CharField(label=_("调研发现"), widget=text_area(), max_length=2000)


class SuggestionForm(StepForm):
    """One suggestion: resting on a finding, with an addressee."""

    finding = forms.ModelChoiceField(label=_("依据的发现"), queryset=Finding.objects.none())
    text = forms.CharField(label=_("建议"), widget=text_area(), max_length=2000)
    addressee = forms.ModelChoiceField(label=_("建议对象单位"), queryset=Unit.objects.in_use())

    def __init__(self, *args: Any, thing: Any, **kwargs: Any) -> None:
        super().__init__(*args, thing=thing, **kwargs)
        field: Any = self.fields["finding"]
        field.queryset = thing.findings.all()


class ReportForm(StepForm):
    """The report and its file."""

    summary = forms.CharField(
        label=_("报告摘要"), widget=text_area(5), max_length=3000, required=False
    )
    upload = forms.FileField(label=_("调研报告文件"), widget=FileInput())

    def __init__(self, *args: Any, thing: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"summary": thing.summary}
        super().__init__(*args, thing=thing, **kwargs)
        if thing.report_id:
            self.fields["upload"].required = False
            self.fields["upload"].help_text = _("不选则沿用上次的文件。")
