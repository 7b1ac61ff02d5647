"""What a unit types about a public-opinion report at the desk; field names are the actions' keywords."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.forms import DateInput, FileInput, text_area
from cppcc_portal.office.steps import StepForm
from proposals.models import ContactEntry, OpinionAuthor, OpinionDispatch, OpinionResult
from proposals.request_forms import RehandForm


class AuthorChoice(forms.ModelChoiceField):
    """Authors by their names."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class UnitAnswerForm(StepForm):
    """What the unit says; of what it handles, with which result."""

    result = forms.ModelChoiceField(
        label=_("办理结果"),
        queryset=OpinionResult.objects.filter(active=True),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    answer = forms.CharField(
        label=_("答复"),
        widget=text_area(8),
        max_length=4000,
        help_text=_("研究和办理的情况。单篇反映的，作者会看到这段文字。"),
    )
    upload = forms.FileField(label=_("盖章的答复"), widget=FileInput(), required=False)

    def __init__(self, *args: Any, thing: OpinionDispatch, **kwargs: Any) -> None:
        super().__init__(*args, thing=thing, **kwargs)
        if not thing.is_handed_over:
            del self.fields["result"]


class OpinionContactForm(StepForm):
    """With whom the unit spoke, when, how, and what was said."""

    author = AuthorChoice(label=_("作者"), queryset=OpinionAuthor.objects.none())
    way = forms.ChoiceField(label=_("方式"), choices=ContactEntry.Way, widget=forms.RadioSelect)
    on = forms.DateField(label=_("日期"), widget=DateInput)
    summary = forms.CharField(label=_("沟通情况"), widget=text_area(4), max_length=1000)

    def __init__(self, *args: Any, thing: OpinionDispatch, **kwargs: Any) -> None:
        kwargs["initial"] = {"on": timezone.localdate(), "way": ContactEntry.Way.PHONE}
        super().__init__(*args, thing=thing, **kwargs)
        authors: Any = self.fields["author"]
        rows = OpinionAuthor.objects.with_names()
        authors.queryset = rows.filter(report__bulletin=thing.bulletin_id)


class OpinionRehandForm(RehandForm):
    """Another unit for what this one was given to handle."""

    def __init__(self, *args: Any, thing: OpinionDispatch, **kwargs: Any) -> None:
        super().__init__(*args, thing=thing, **kwargs)
        self.fields["note"].help_text = _("各单位会看到；作者知道改由哪个单位办理。")
