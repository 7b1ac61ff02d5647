"""Everything the office can set."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cppcc_portal.office import parameters
from cppcc_portal.office.parameters import Definition, Kind, Parameter, ParameterVersion
from cppcc_portal.office.workplace import PortalModelAdmin, who


def bounds_of(definition: Definition) -> str:
    """What a value may be, in words."""
    unit = definition.unit or {Kind.TEXT: _("个字"), Kind.LIST: _("项")}.get(definition.kind, "")
    least, most = definition.minimum, definition.maximum
    if not least and definition.kind != Kind.INT:
        return _("最多 %(most)s %(unit)s") % {"most": most, "unit": unit}
    if most is None:
        return _("至少 %(least)s %(unit)s") % {"least": least, "unit": unit}
    words = {"least": least or 0, "most": most, "unit": unit}
    return _("%(least)s 至 %(most)s %(unit)s") % words


def field_for(definition: Definition) -> forms.Field:
    """The form field that lets a setting be given only what it may be; its own check follows."""
    words: dict[str, Any] = {"label": definition.label, "required": False}
    bounds = [bounds_of(definition)] if definition.minimum or definition.maximum else []
    default = definition.default
    shown = "、".join(str(item) for item in default) if isinstance(default, list) else default
    if definition.kind == Kind.BOOL:
        shown = _("是") if default else _("否")
    bounds.append(_("默认：%s") % (shown if shown != "" else _("空")))
    words["help_text"] = f"{definition.help}（{'；'.join(bounds)}）"
    match definition.kind:
        case Kind.INT:
            return forms.IntegerField(**words)
        case Kind.BOOL:
            return forms.BooleanField(**words)
        case Kind.CHOICE:
            return forms.ChoiceField(choices=definition.choices, **words)
        case Kind.LIST if definition.choices:
            return forms.MultipleChoiceField(
                choices=definition.choices, widget=forms.CheckboxSelectMultiple, **words
            )
        case Kind.LIST:
            return forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), **words)
        case Kind.TEXT if (definition.maximum or 0) > 120:
            return forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), **words)
    return forms.CharField(**words)


def typed(definition: Definition, value: Any) -> Any:
    """A setting's value as its form field shows it."""
    if definition.kind == Kind.DAYS:
        return "，".join(str(day) for day in value)
    if definition.kind == Kind.TIME:
        return f"{value:%H:%M}"
    if definition.kind == Kind.LIST and not definition.choices:
        return "\n".join(value)
    return value


class ParameterForm(forms.Form):
    """All settings of one group, and why they are changed."""

    def __init__(self, *args: Any, shown: list[parameters.Shown], **kwargs: Any) -> None:
        kwargs["initial"] = {one.definition.key: typed(one.definition, one.value) for one in shown}
        super().__init__(*args, **kwargs)
        self.definitions = [one.definition for one in shown]
        for definition in self.definitions:
            self.fields[definition.key] = field_for(definition)
        self.fields["note"] = forms.CharField(label=_("修改说明"), max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for definition in self.definitions:
            if definition.key in cleaned:
                value = cleaned[definition.key]
                try:
                    definition.clean("" if value is None else value)
                except parameters.ParameterRefused as refusal:
                    self.add_error(definition.key, str(refusal))
        return cleaned


@admin.register(Parameter)
class ParameterAdmin(PortalModelAdmin):
    """Everything the office can set, by group, with bounds, default and earlier values."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_urls(self) -> list[Any]:
        return [*self.list_paths({"versions": self.versions_view}), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """One group of settings on one page; saved together, each change a version of its own."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        everything = parameters.all_parameters()
        groups = list(dict.fromkeys(str(one.definition.group) for one in everything))
        number = request.GET.get("group", "0")
        chosen = int(number) if number.isascii() and number.isdigit() else 0
        chosen = chosen if chosen < len(groups) else 0
        shown = [one for one in everything if str(one.definition.group) == groups[chosen]]
        may_change = self.has_change_permission(request)
        if request.method == "POST" and not may_change:
            raise PermissionDenied
        form = ParameterForm(request.POST if request.method == "POST" else None, shown=shown)
        if form.is_valid():
            changed = self._save(request, form)
            messages.success(request, _("已保存 %s 项设置。") % changed)
            return redirect(f"{self.url('changelist')}?group={chosen}")
        rows = [(form[one.definition.key], one) for one in shown]
        return self.page(
            request,
            "admin/office/parameter/change_list.html",
            _("系统设置"),
            groups=[
                {"label": label, "url": f"?group={at}", "current": at == chosen}
                for at, label in enumerate(groups)
            ],
            form=form,
            rows=rows,
            may_change=may_change,
            versions_url=self.url("versions"),
        )

    @transaction.atomic
    def _save(self, request: HttpRequest, form: ParameterForm) -> int:
        changed = [
            definition.key for definition in form.definitions if definition.key in form.changed_data
        ]
        for key in changed:
            value = form.cleaned_data[key]
            parameters.set_parameter(
                key,
                "" if value is None else value,
                by=who(request),
                note=form.cleaned_data["note"],
            )
        return len(changed)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        raise Http404

    def versions_view(self, request: HttpRequest) -> HttpResponse:
        """The values one setting had: who chose them, when, why."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        definition = parameters.DEFINITIONS.get(request.GET.get("key", ""))
        if definition is None:
            raise Http404
        versions = ParameterVersion.objects.filter(key=definition.key).select_related("by__person")
        return self.page(
            request,
            "admin/office/parameter/versions.html",
            str(definition.label),
            versions=versions.order_by("-version")[:100],
            default=typed(definition, definition.python(definition.clean(definition.default))),
            back_url=self.url("changelist"),
        )
