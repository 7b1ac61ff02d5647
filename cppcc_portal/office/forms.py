"""How forms look everywhere: one renderer, native date fields, text fields that count like the server."""

from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.forms.renderers import DjangoTemplates
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MEGABYTE = 1024 * 1024


class PortalFormRenderer(DjangoTemplates):
    """Renders `{{ form }}` with an error summary on top and the same words beside each field."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"

    @cached_property
    def engine(self) -> Any:
        """Django's own widgets plus the templates of the project, which may replace them."""
        own = [settings.BASE_DIR / "templates"]
        built_in = Path(forms.__file__).parent / "templates"
        return self.backend(
            {"APP_DIRS": True, "DIRS": [*own, built_in], "NAME": "portal_forms", "OPTIONS": {}}
        )


def speak_plainly() -> None:
    """What Django says of a field that is empty or too long, in the words of the office."""
    MaxLengthValidator.message = gettext_lazy(
        "最多 %(limit_value)d 个字，现在 %(show_value)d 个字，请缩短。"
    )
    required = {
        forms.Field: gettext_lazy("这一项还没有填，请填写。"),
        forms.BooleanField: gettext_lazy("请勾选。"),
        forms.ChoiceField: gettext_lazy("请选择。"),
        forms.ModelChoiceField: gettext_lazy("请选择。"),
        forms.FileField: gettext_lazy("请选择文件。"),
    }
    kind: Any
    for kind, words in required.items():
        kind.default_error_messages = {**_own(kind), "required": words}
    forms.FileField.default_error_messages["empty"] = gettext_lazy(
        "文件是空的。请确认文件已经保存，再重新选择。"
    )


def _own(kind: Any) -> dict[str, Any]:
    return dict(kind.__dict__.get("default_error_messages", {}))


def count_characters(text: str) -> int:
    """Characters as the office counts them: code points, a line end once, however the browser sends it."""
    return len(text.replace("\r\n", "\n").replace("\r", "\n"))


class Counted:
    """A widget that tells how much is written and what is too much, and never stops anybody from typing."""

    limit: int | None = None

    def build_attrs(self, base_attrs: Any, extra_attrs: Any = None) -> dict[str, Any]:
        attrs = super().build_attrs(base_attrs, extra_attrs)  # type: ignore[misc]
        # The browser's own maxlength counts UTF-16 units and blocks typing: both are wrong here.
        attrs.pop("maxlength", None)
        if self.limit:
            attrs["data-limit"] = self.limit
            if attrs.get("id"):
                attrs["aria-describedby"] = " ".join(
                    filter(None, [attrs.get("aria-describedby"), f"{attrs['id']}_counter"])
                )
        return attrs


class CountedInput(Counted, forms.TextInput):
    """A line that counts."""

    def __init__(self, *, limit: int | None = None, attrs: Any = None) -> None:
        super().__init__(attrs)
        self.limit = limit


class CountedTextarea(Counted, forms.Textarea):
    """A text field that counts."""

    def __init__(self, *, limit: int | None = None, rows: int = 8, attrs: Any = None) -> None:
        super().__init__({"rows": rows, **(attrs or {})})
        self.limit = limit


class CountedTextField(forms.CharField):
    """A long text with a limit in characters; the message says by how many it is over."""

    def __init__(self, *, limit: int, rows: int = 8, **kwargs: Any) -> None:
        self.limit = limit
        kwargs.setdefault("widget", CountedTextarea(limit=limit, rows=rows))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")

    def validate(self, value: Any) -> None:
        super().validate(value)
        if (surplus := count_characters(value or "") - self.limit) > 0:
            raise ValidationError(
                _("最多 %(limit)s 字，现在超出 %(surplus)s 字，请删减。"),
                params={"limit": self.limit, "surplus": surplus},
            )


class Picks(forms.CheckboxSelectMultiple):
    """Boxes to tick in a list of its own height; with script a search box above finds among them."""

    template_name = "components/picks.html"

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        # What the search finds beside the name: pinyin initials.
        option["words"] = getattr(getattr(value, "instance", None), "initials", "")
        return option


def text_area(rows: int = 4) -> forms.Textarea:
    """A text field of so many lines."""
    return forms.Textarea(attrs={"rows": rows})


class DateInput(forms.DateInput):
    """The phone's own date picker."""

    input_type = "date"

    def __init__(self, attrs: Any = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class DateTimeInput(forms.DateTimeInput):
    """The phone's own date and time picker, to the minute."""

    input_type = "datetime-local"

    def __init__(self, attrs: Any = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class PhoneInput(forms.TextInput):
    """A mobile number, with the number pad of the phone."""

    input_type = "tel"

    def __init__(self, attrs: Any = None) -> None:
        super().__init__({"inputmode": "tel", "autocomplete": "tel", **(attrs or {})})


class CodeInput(forms.TextInput):
    """A one-time code: number pad, and the phone may fill it in from the message."""

    def __init__(self, attrs: Any = None) -> None:
        super().__init__({"inputmode": "numeric", "autocomplete": "one-time-code", **(attrs or {})})


class FileInput(forms.FileInput):
    """A file to upload; its size is told before anything is sent. Bytes in `max_bytes`."""

    def __init__(
        self, *, max_bytes: int = 20 * MEGABYTE, accept: str = "", attrs: Any = None
    ) -> None:
        more = {"data-max-bytes": max_bytes, **({"accept": accept} if accept else {})}
        super().__init__({**more, **(attrs or {})})


class MultipleFileInput(FileInput):
    """Several files at once."""

    allow_multiple_selected = True
