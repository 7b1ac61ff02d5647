"""What the office chooses when it brings proposals in."""

from pathlib import PurePath
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.files import MultipleFileField
from members.roster_forms import ALL, GOOD, WhichRowsField

TAKEN = (".xlsx", ".xls", ".et", ".csv", ".docx")

__all__ = ["ALL", "GOOD", "ConfirmForm", "UploadForm"]


class UploadForm(forms.Form):
    """Lists or documents, and the word that nothing in them is secret."""

    uploads = MultipleFileField(
        label=_("提案清单或 Word 文档"),
        help_text=_("Excel、WPS 表格或 CSV 清单；或一件提案一个的 .docx 文档，可以一次选几个。"),
    )
    secrecy_confirmed = forms.BooleanField(label=_("我确认其中不涉及国家秘密和工作秘密"))

    def clean_uploads(self) -> Any:
        uploads = self.cleaned_data["uploads"]
        for upload in uploads:
            if PurePath(upload.name).suffix.lower() not in TAKEN:
                raise forms.ValidationError(
                    _("“%(name)s”不能导入。请用 .xlsx、.xls、.et、.csv 清单或 .docx 文档。"),
                    params={"name": upload.name},
                )
        lists = [one for one in uploads if PurePath(one.name).suffix.lower() != ".docx"]
        if len(lists) > 1:
            raise forms.ValidationError(_("一次上传一份清单；Word 文档可以同时选几个。"))
        return uploads


class ConfirmForm(forms.Form):
    """Write what was shown: all or nothing, or the good rows only."""

    fingerprint = forms.CharField(widget=forms.HiddenInput)
    all_or_nothing = WhichRowsField()
