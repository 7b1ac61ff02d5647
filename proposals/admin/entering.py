"""What is typed beside the forms of the portal's own pages: above all what came on paper."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.utils.translation import gettext_lazy

from cppcc_portal.office.workplace import ScanField
from members.models import Membership
from proposals.forms import EvaluateForm, OpinionForm, ReplyForm
from proposals.models import Proposer


class TakeOutForm(forms.Form):
    """Where the matter goes on; never what the text said."""

    note = forms.CharField(
        label=gettext_lazy("转到哪里处理"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "例如：转区委保密办。不要写涉密内容。移出后正文、附件、答复和通知全部销毁，不能恢复。"
        ),
    )


class EnterForm(forms.Form):
    """For which member, and the paper they handed in."""

    membership = forms.ModelChoiceField(
        label=gettext_lazy("提案委员"),
        queryset=Membership.objects.active().of_current_term(),
        help_text=gettext_lazy("按姓名、拼音首字母或委员证号查找本届在任委员。"),
    )
    scan = ScanField(help_text=gettext_lazy("委员签名的纸质提案，PDF 或图片。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["membership"]
        assert isinstance(field, forms.ModelChoiceField)
        field.widget = AutocompleteSelect(
            Proposer._meta.get_field("membership"),
            admin.site,
            choices=field.choices,
        )


class PaperOpinionForm(OpinionForm):
    """A joint unit's opinion from its stamped paper."""

    scan = ScanField()


class PaperReplyForm(ReplyForm):
    """A unit's reply from its stamped letter, which somebody has signed."""

    scan = ScanField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("signed", None)
        self.fields["signer"].required = True
        self.fields["signer"].help_text = ""


class PaperEvaluateForm(EvaluateForm):
    """A proposer's rating from the signed form."""

    scan = ScanField(help_text=gettext_lazy("提案人签字的征询意见表，PDF 或图片。"))
