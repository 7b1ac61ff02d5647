"""What people type about what came of it; field names are the keywords of the actions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consultations.forms import MemberPicks, in_office
from cppcc_portal.office.decisions import Decision
from cppcc_portal.office.forms import DateInput, FileInput, text_area
from cppcc_portal.office.steps import SharedTextForm, StepForm
from feedback.models import Adoption, LookBackFinding
from feedback.models.lookbacks import DECIDING

PROMISES = 3  # rows on the page; a further measure is reported as progress


class AcknowledgeForm(StepForm):
    """Who in the unit can be called."""

    contact = forms.CharField(
        label=_("联系人和电话"), max_length=60, required=False, help_text=_("专委会会与他联系。")
    )


class AnswerForm(StepForm):
    """The unit's decision; adopted means promised: what, who, by when."""

    conclusion = forms.ChoiceField(
        label=_("采纳结论"), choices=Adoption.Conclusion, widget=forms.RadioSelect
    )
    answer = forms.CharField(
        label=_("答复意见"), widget=text_area(5), max_length=5000, required=False
    )
    reason = forms.CharField(
        label=_("理由"),
        widget=text_area(3),
        max_length=2000,
        required=False,
        help_text=_("部分采纳、未采纳、留作参考时填写，让提出建议的人看得明白。"),
    )

    def __init__(self, *args: Any, thing: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"answer": thing.answer, "reason": thing.reason}
        super().__init__(*args, thing=thing, **kwargs)
        for name in ("answer", "reason"):
            wanted: Any = self.fields[name]
            wanted.wanted = True
        for row in range(1, PROMISES + 1):
            words = {"row": row}
            self.fields[f"what_{row}"] = forms.CharField(
                label=_("措施%(row)d：做什么") % words,
                max_length=500,
                required=False,
                help_text=_("采纳、部分采纳时至少写一项。") if row == 1 else "",
            )
            self.fields[f"who_{row}"] = forms.CharField(
                label=_("措施%(row)d：谁负责") % words, max_length=60, required=False
            )
            self.fields[f"due_on_{row}"] = forms.DateField(
                label=_("措施%(row)d：何时完成") % words, widget=DateInput, required=False
            )

    def clean(self) -> dict[str, Any]:
        """Rows of measures become commitments; a row begun must be whole."""
        cleaned = super().clean() or {}
        commitments = []
        for row in range(1, PROMISES + 1):
            parts = {name: cleaned.pop(f"{name}_{row}", None) for name in ("what", "who", "due_on")}
            if not any(parts.values()):
                continue
            if not all(parts.values()):
                self.add_error(None, _("措施%d须写明做什么、谁负责、何时完成。") % row)
                continue
            commitments.append(parts)
        cleaned["commitments"] = commitments
        return cleaned


class ProgressForm(StepForm):
    """What has been done so far."""

    text = forms.CharField(label=_("进展情况"), widget=text_area(5), max_length=3000)
    upload = forms.FileField(label=_("附件"), widget=FileInput(), required=False)


class DoneForm(StepForm):
    """What came of it, and the evidence."""

    effect = forms.ChoiceField(
        label=_("转化形式"), choices=[("", _("请选择")), *Adoption.Effect.choices]
    )
    upload = forms.FileField(
        label=_("证明材料"), widget=FileInput(), help_text=_("文件、照片或验收单。")
    )
    note = forms.CharField(
        label=_("完成情况"), widget=text_area(4), max_length=2000, required=False
    )


class SelectForm(StepForm):
    """The decision by which a look-back is chosen."""

    decision = forms.ModelChoiceField(
        label=_("选定的会议决定"),
        queryset=Decision.objects.none(),
        help_text=_("没有列出的，请先在工作台“会议决定”中登记。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        passed = Decision.objects.current().passed().filter(body__code__in=DECIDING)
        field: Any = self.fields["decision"]
        field.queryset = passed.to_choose()


class CheckersForm(StepForm):
    """The members who go and look."""

    members = MemberPicks(label=_("检查委员"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["members"]
        field.queryset = in_office()


class SelfReportForm(StepForm):
    """The unit's own report on one recommendation."""

    text = forms.CharField(label=_("自查情况"), widget=text_area(5), max_length=3000)

    def __init__(self, *args: Any, thing: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"text": thing.unit_report}
        super().__init__(*args, thing=thing, **kwargs)


class FindForm(SharedTextForm):
    """What the members found."""

    result = forms.ChoiceField(
        label=_("检查结论"), choices=LookBackFinding.Result, widget=forms.RadioSelect
    )
    text = forms.CharField(label=_("检查情况"), widget=text_area(4), max_length=3000)

    def __init__(self, *args: Any, thing: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"result": thing.result}
        super().__init__(*args, thing=thing, **kwargs)


class ReportForm(StepForm):
    """The number of the report to the chairpersons' meeting."""

    report_number = forms.CharField(label=_("报告文号"), max_length=60)
