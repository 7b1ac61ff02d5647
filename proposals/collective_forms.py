"""What an organisation types about its own proposal; field names are the keywords of the actions."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cppcc_portal.office import parameters
from cppcc_portal.office.forms import FileInput
from cppcc_portal.office.personal import normalise_phone
from cppcc_portal.office.steps import StepForm
from members.models import Body

LANDLINE = re.compile(r"(?:0\d{2,3}[- ]?)?[2-9]\d{6,7}(?:[-转]\d{1,6})?")
BETWEEN_NAMES = re.compile(r"[、,，;；\s]+")


def clean_contact_phone(typed: str) -> str:
    """A mobile number or an office telephone; ValidationError with an example otherwise."""
    plain = typed.strip().replace("—", "-").replace("－", "-")
    if LANDLINE.fullmatch(plain):
        return plain
    try:
        return normalise_phone(plain)
    except ValueError as error:
        raise forms.ValidationError(
            _("请填手机号或办公电话，例如 19900000000、0513-82200000。")
        ) from error


class SideForm(forms.Form):
    """Contact and main writers."""

    contact_name = forms.CharField(label=gettext_lazy("联系人"), max_length=30)
    contact_phone = forms.CharField(
        label=gettext_lazy("联系电话"),
        max_length=30,
        help_text=gettext_lazy("承办单位据此联系；其他人看到的是遮住中间几位的号码。"),
    )
    address = forms.CharField(label=gettext_lazy("通信地址"), max_length=200, required=False)
    writers = forms.CharField(
        label=gettext_lazy("主笔人"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("多位之间用顿号分开。"),
    )

    def clean_contact_phone(self) -> str:
        return clean_contact_phone(self.cleaned_data["contact_phone"])

    def clean_writers(self) -> str:
        names = [name for name in BETWEEN_NAMES.split(self.cleaned_data["writers"]) if name]
        most = parameters.get("proposals.writers_most")
        if len(names) > most:
            raise forms.ValidationError(
                _("主笔人最多 %(most)s 位，现在有 %(count)s 位。"),
                params={"most": most, "count": len(names)},
            )
        return "、".join(names)


class StartForm(SideForm):
    """In whose name, and whom to call."""

    body = forms.ModelChoiceField(
        label=gettext_lazy("以哪个组织的名义"),
        queryset=Body.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    field_order = ["body", "contact_name", "contact_phone", "address", "writers"]

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["body"]
        field.queryset = bodies
        field.label_from_instance = lambda body: body.name
        if len(bodies) == 1:
            field.initial = bodies[0].pk


class CollectiveForm(SideForm, StepForm):
    """The same later on, with the seal; `version` is the one this window last saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    seal = forms.FileField(
        label=gettext_lazy("加盖公章的提案扫描件"),
        required=False,
        widget=FileInput(),
        help_text=gettext_lazy("PDF 或图片。再次上传会换掉原来的一份。"),
    )

    def __init__(self, *args: Any, thing: Any, **kwargs: Any) -> None:
        names = ("version", "contact_name", "contact_phone", "address", "writers")
        given = {name: getattr(thing, name) for name in names}
        super().__init__(*args, thing=thing, initial=given, **kwargs)
        if not thing.kind.needs_seal:
            self.fields["seal"].label = _("盖章或签名的提案扫描件（可不附）")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("version") not in (None, self.thing.version):
            self.take_up()  # the other's words are told below
            words = {"name": self.thing.contact_name, "writers": self.thing.writers or "—"}
            told = _(
                "您填写的时候，另一位经办人也保存了（联系人：%(name)s；主笔人：%(writers)s）。"
                "请核对下面的内容，再保存一次。"
            )
            self.add_error(None, told % words)
        return cleaned
