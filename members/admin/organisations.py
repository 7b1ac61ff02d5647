"""Parties, federation of industry, people's organisations and member groups."""

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from members.admin.bodies import BodyKindAdmin
from members.models import Body, Organisation


class OrganisationForm(forms.ModelForm):
    """Its kind is chosen once: a party does not become a member group."""

    sort = forms.ChoiceField(
        label=_("类别"), choices=[(kind.value, kind.label) for kind in Organisation.KINDS]
    )

    class Meta:
        model = Organisation
        fields = ["name", "short_name", "order", "active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "sort" in self.fields:
            self.fields["sort"].initial = self.instance.kind
            self.fields["sort"].disabled = True


@admin.register(Organisation)
class OrganisationAdmin(BodyKindAdmin):
    """Organisations that put proposals of their own; who acts for them stands in the postings."""

    form = OrganisationForm
    kind = Body.Kind.ORGANISATION
    list_display = ["name", "short_name", "kind", "order", "active"]
    list_filter = ["kind", "active"]
    fields = ["sort", "name", "short_name", "order", "active"]

    def kind_of(self, obj: Any, form: Any) -> str:
        return str(form.cleaned_data["sort"])
