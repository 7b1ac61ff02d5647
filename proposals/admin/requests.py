"""What units ask for, listed for the secretariat; each leads to its page, where it is decided."""

from typing import Any, ClassVar

from django.contrib import admin
from django.utils.translation import gettext_lazy

from cppcc_portal.office.workplace import LifeAdmin
from proposals.models import UnitRequest


@admin.register(UnitRequest)
class UnitRequestAdmin(LifeAdmin):
    """Requests to be released of a share, or for a later date."""

    list_display = ["number_shown", "proposal_shown", "unit_shown", "kind", "status", "due_on"]
    list_display_links = ["number_shown", "proposal_shown"]
    list_filter: ClassVar[Any] = ["status", "kind", "handling__unit"]
    list_select_related = [
        "handling__proposal",
        "handling__unit",
        "dispatch__unit",
        "dispatch__bulletin__text",
    ]
    search_fields = [
        "=handling__proposal__label",
        "handling__proposal__title",
        "dispatch__bulletin__text__title",
    ]

    @admin.display(description=gettext_lazy("提案号、刊期"))
    def number_shown(self, request: UnitRequest) -> str:
        return request.label

    @admin.display(description=gettext_lazy("案由、标题"))
    def proposal_shown(self, request: UnitRequest) -> str:
        return request.matter

    @admin.display(description=gettext_lazy("承办单位"))
    def unit_shown(self, request: UnitRequest) -> str:
        return str(request.share.unit)
