"""What is typed beside the forms of the portal's own pages: above all what came on paper."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cppcc_portal.office.workflow import NotReady
from cppcc_portal.office.workplace import ScanField
from members.models import Body, Membership
from proposals import actions
from proposals.admin.moves import keep_scan
from proposals.forms import ContactForm, EvaluateForm, OpinionForm, ReplyForm
from proposals.models import Proposal, Proposer, ProposerKind
from proposals.models.replies import must_be_principal


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
    """For which member or organisation, and the paper they handed in."""

    membership = forms.ModelChoiceField(
        label=gettext_lazy("提案委员"),
        queryset=Membership.objects.active().of_current_term(),
        required=False,
        help_text=gettext_lazy("按姓名、拼音首字母或委员证号查找本届在任委员。"),
    )
    body = forms.ModelChoiceField(
        label=gettext_lazy("或者：提案组织"),
        queryset=Body.objects.filter(active=True, kind__in=ProposerKind.BODIES),
        required=False,
        help_text=gettext_lazy("集体提案选择党派、团体、专委会、界别、委员小组或镇街政协工委。"),
    )
    scan = ScanField(help_text=gettext_lazy("委员签名或组织盖章的纸质提案，PDF 或图片。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("membership", "body"):
            field: Any = self.fields[name]
            field.wanted = True  # one of the two
            field.widget = AutocompleteSelect(
                Proposer._meta.get_field(name), admin.site, choices=field.choices
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "membership" in self.errors or "body" in self.errors:
            return cleaned
        if bool(cleaned.get("membership")) == bool(cleaned.get("body")):
            self.add_error("membership", _("请选择提案委员，或者提案组织，只选其中一项。"))
        return cleaned


def begin_entry(form: EnterForm, *, by: Any) -> Proposal | None:
    """The draft with its paper; None where a body may put no proposal now (the form says why)."""
    given = form.cleaned_data
    try:
        with transaction.atomic():
            if given["body"] is None:
                proposal = actions.start_draft(by=by, membership=given["membership"])
                keep_scan(given["scan"], proposal, by)
            else:
                proposal = actions.start_collective(by=by, body=given["body"])
                actions.keep_collective(proposal.collective, by=by, version=0, seal=given["scan"])
    except NotReady as refused:
        for reason in refused.reasons:
            form.add_error("body", reason)
        return None
    return proposal


class PaperContactForm(ContactForm):
    """A contact from the unit's paper."""

    scan = ScanField(help_text=gettext_lazy("承办单位的沟通记录或来函，PDF 或图片。"))


class PaperOpinionForm(OpinionForm):
    """A joint unit's opinion from its stamped paper."""

    scan = ScanField()


class PaperReplyForm(ReplyForm):
    """A unit's reply from its stamped letter, which somebody has signed."""

    scan = ScanField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("signed", None)
        for name in ("signer", "signer_post"):
            self.fields[name].required = True
            self.fields[name].help_text = ""
        self.fields["signer_rank"].required = must_be_principal(self.instance.handling)


class PaperEvaluateForm(EvaluateForm):
    """A proposer's rating from the signed form."""

    scan = ScanField(help_text=gettext_lazy("提案人签字的征询意见表，PDF 或图片。"))
