"""What people choose when they bring a roster in."""

from collections.abc import Iterable, Mapping
from pathlib import PurePath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.models import RosterImport, Term

TABLES = (".xlsx", ".xls", ".et", ".csv")
ALL, GOOD = "all", "good"
WHICH_ROWS = [
    (GOOD, gettext_lazy("只写入没有问题的行，其余的改好后再导入")),
    (ALL, gettext_lazy("全部没有问题才写入，否则一行也不写")),
]


class WhichRowsField(forms.TypedChoiceField):
    """All or nothing, or the good rows only; the value says whether all or nothing."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("有的行有问题时"),
            choices=WHICH_ROWS,
            coerce=lambda chosen: chosen == ALL,
            widget=forms.RadioSelect(attrs={"class": "lines"}),
            initial=GOOD,
        )


class UploadForm(forms.Form):
    """A roster and the term it is of."""

    term = forms.ModelChoiceField(Term.objects.all(), label=gettext_lazy("届"), empty_label=None)
    file = forms.FileField(
        label=gettext_lazy("名册文件"),
        help_text=gettext_lazy(
            "Excel、WPS 表格（.xlsx、.xls、.et）或 CSV，最大 20 MB。原来怎样排版都可以。"
        ),
        widget=forms.FileInput(attrs={"accept": ",".join(TABLES)}),
    )
    all_or_nothing = WhichRowsField()
    may_add = forms.BooleanField(
        label=gettext_lazy("名册里新的界别、专委会、镇街小组作为新的加入"),
        required=False,
        help_text=gettext_lazy("不勾选时，认不出的名称会在预览里请您选定。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["term"].initial = Term.objects.filter(is_current=True).first()

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if PurePath(file.name).suffix.lower() not in TABLES:
            raise ValidationError(
                _(
                    "请上传 .xlsx、.xls、.et 或 .csv 文件；别的格式请先在 Excel 或 WPS 里另存为 .xlsx。"
                )
            )
        return file


class AnswersForm(forms.Form):
    """The questions of a roster; what is left open stays open."""

    def __init__(self, roster: RosterImport, shown: Mapping[str, Any], *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.keys: dict[str, str] = {}
        for number, one in enumerate(shown.get("bodies", [])):
            self._ask_body(f"body-{number}", one)
        for number, one in enumerate(shown.get("people", [])):
            self._ask_person(f"person-{number}", one)
        if shown.get("bodies"):
            self.fields["may_add"] = forms.BooleanField(
                label=gettext_lazy("没有选定的新名称，作为新的界别、专委会、镇街小组加入"),
                required=False,
                initial=roster.may_add,
            )
        if roster.answers:
            self.fields["forget"] = forms.BooleanField(
                label=_("撤回前面的%d个回答，重新回答") % len(roster.answers), required=False
            )

    def _ask_body(self, name: str, one: Mapping[str, Any]) -> None:
        choices: Iterable[Any] = [(str(key), label) for key, label in one["choices"]]
        likely = list(choices)[: one["likely"]]
        rest = list(choices)[one["likely"] :]
        groups = [(_("可能是"), likely), (_("其他"), rest)] if likely and rest else likely + rest
        self.keys[name] = one["key"]
        self.fields[name] = forms.ChoiceField(
            label=_("%(kind)s“%(text)s”是哪一个？") % one,
            choices=[("", _("先不定")), *groups],
            required=False,
            help_text=one["where"],
        )

    def _ask_person(self, name: str, one: Mapping[str, Any]) -> None:
        self.keys[name] = one["key"]
        self.fields[name] = forms.ChoiceField(
            label=_("“%(sheet)s”第%(row)s行 %(name)s：%(reason)s") % one,
            choices=one["choices"],
            required=False,
            widget=forms.RadioSelect(attrs={"class": "lines"}),
        )

    @property
    def answers(self) -> dict[str, str]:
        """Answers by question; open ones left out."""
        return {
            key: self.cleaned_data[name]
            for name, key in self.keys.items()
            if self.cleaned_data.get(name)
        }


class ConfirmForm(forms.Form):
    """Which rows to write; the version of the preview that was read."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    all_or_nothing = WhichRowsField()
