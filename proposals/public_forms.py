"""How a visitor looks for published proposals."""

from django import forms
from django.utils.translation import gettext_lazy as _

from members.models import Plenary
from proposals.models import Category


class PublicFilterForm(forms.Form):
    """By number or words of the title, by plenary, by category."""

    q = forms.CharField(label=_("提案号或案由中的词"), required=False, max_length=40, strip=True)
    plenary = forms.ModelChoiceField(
        label=_("届次"),
        queryset=Plenary.objects.select_related("term"),
        required=False,
        empty_label=_("全部"),
    )
    category = forms.ModelChoiceField(
        label=_("类别"),
        queryset=Category.objects.all(),
        required=False,
        empty_label=_("全部"),
    )
