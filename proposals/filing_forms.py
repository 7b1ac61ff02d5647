"""What is typed about a list of results of the review; field names are the keywords of the actions."""

from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.decisions import Decision
from cppcc_portal.office.forms import DateInput, FileInput, text_area
from members.models import Plenary
from proposals.models import FilingRow, Proposal
from proposals.review_forms import OpinionFields


class FilingListForm(forms.Form):
    """Of which plenary, plenary or ordinary-time texts, and what the list is called."""

    plenary = forms.ModelChoiceField(label=_("届次"), queryset=Plenary.objects.none())
    series = forms.ChoiceField(
        label=_("大会或平时"), choices=Proposal.Series, widget=forms.RadioSelect
    )
    title = forms.CharField(
        label=_("名称"),
        max_length=100,
        help_text=_("作为会议议题登记，例如：五次会议大会提案审查结果（第一批）。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plenary: Any = self.fields["plenary"]
        plenary.queryset = Plenary.objects.filter(term__is_current=True).order_by("-number")
        plenary.initial = plenary.queryset.first()


class FilingRowForm(OpinionFields):
    """The result proposed for one text: the reviewers' suggestion, in words that are printed."""

    result = forms.ChoiceField(
        label=_("拟审查结果"), choices=FilingRow.Result, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("审查意见"),
        required=False,
        max_length=500,
        widget=text_area(3),
        help_text=_("印在清单上；不予立案、并案的，提案人会看到这段话。"),
    )

    needed: ClassVar[dict[Any, dict[str, Any]]] = {
        FilingRow.Result.FILE: {"category": _("拟立案的，请选择类别。")},
        FilingRow.Result.MERGE: {
            "main": _("拟并案的，请选择并入哪一件。"),
            "note": _("拟并案的，请写明理由，双方提案人会看到。"),
        },
        FilingRow.Result.REFUSE: {
            "refusal_reason": _("拟不予立案的，请选择理由。"),
            "destination": _("拟不予立案的，请选择去向。"),
        },
    }


class MeetingForm(forms.Form):
    """What the meeting decided on the list, as its minutes say it."""

    meeting_number = forms.CharField(
        label=_("会议届次"), max_length=60, help_text=_("例如：第十五届第12次主席会议。")
    )
    held_on = forms.DateField(label=_("会议日期"), widget=DateInput)
    result = forms.ChoiceField(
        label=_("结果"), choices=Decision.Result, widget=forms.RadioSelect, initial="passed"
    )
    text = forms.CharField(
        label=_("决定内容"),
        required=False,
        widget=text_area(3),
        help_text=_("修改后通过的，先按会议意见改好清单再登记，并写明作了哪些修改。"),
    )
    document_number = forms.CharField(label=_("文号"), max_length=60, required=False)
    upload = forms.FileField(
        label=_("会议纪要"), required=False, widget=FileInput(), help_text=_("扫描件或 Word 文件。")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        held_on = cleaned.get("held_on")
        if held_on and held_on > timezone.localdate():
            self.add_error("held_on", _("会议日期不能晚于今天。"))
        words: dict[Any, Any] = {
            Decision.Result.PASSED_WITH_CHANGES: _("修改后通过的，请写明作了哪些修改。"),
            Decision.Result.RETURNED: _("退回或不予通过的，请写明理由。"),
            Decision.Result.REFUSED: _("退回或不予通过的，请写明理由。"),
        }
        told = words.get(cleaned.get("result"))
        if told and not (cleaned.get("text") or "").strip():
            self.add_error("text", told)
        return cleaned


class DropForm(forms.Form):
    """Why the list is given up."""

    note = forms.CharField(label=_("作废的原因"), max_length=500, widget=text_area(3))
