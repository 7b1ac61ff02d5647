"""What units were asked before the hand-over, listed for the secretariat; each leads to its page."""

from typing import Any, ClassVar

from django.contrib import admin
from django.utils.translation import gettext_lazy

from cppcc_portal.office.workplace import LifeAdmin
from proposals.models import UnitConsultation


@admin.register(UnitConsultation)
class UnitConsultationAdmin(LifeAdmin):
    """Questions to units, with their answers."""

    list_display = ["number_shown", "proposal_shown", "unit", "role", "status", "due_on"]
    list_display_links = ["number_shown", "proposal_shown"]
    list_filter: ClassVar[Any] = ["status", "role", "unit"]
    list_select_related = ["proposal", "unit"]
    search_fields = ["=proposal__label", "proposal__title"]

    @admin.display(description=gettext_lazy("提案号"))
    def number_shown(self, asked: UnitConsultation) -> str:
        return asked.proposal.label

    @admin.display(description=gettext_lazy("案由"))
    def proposal_shown(self, asked: UnitConsultation) -> str:
        return str(asked.proposal)
