"""What is or will be public, listed for the secretariat; each is checked and published on its own page."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from cppcc_portal.office.workplace import LifeAdmin, QueueFilter
from proposals.models import Publication
from proposals.queues import PUBLICATION_QUEUES


class PublicationQueueFilter(QueueFilter):
    """What waits to be made public."""

    queues = PUBLICATION_QUEUES

    def rows(self, queryset: Any, queue: str) -> Any:
        return queryset.waiting()


class PublicityFilter(admin.SimpleListFilter):
    """公开状态 in the list of proposals."""

    title = gettext_lazy("公开状态")
    parameter_name = "publicity"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        shown = [
            (code, label)
            for code, label in Publication.Status.choices
            if code != Publication.Status.GONE
        ]
        return [*shown, ("none", gettext_lazy("未列入公开"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        value = self.value()
        if value == "none":
            return queryset.filter(publication=None)
        if value in Publication.Status.values:
            return queryset.filter(publication__status=value)
        return queryset


@admin.register(Publication)
class PublicationAdmin(LifeAdmin):
    """Proposals on their way to the public; nothing is published here in bulk."""

    list_display = ["number_shown", "title_shown", "status", "due_on", "published_at"]
    list_display_links = ["number_shown", "title_shown"]
    list_filter: ClassVar[Any] = [PublicationQueueFilter, "status"]
    list_select_related = ["proposal__plenary__term"]
    search_fields = ["=proposal__label", "proposal__title"]

    def get_ordering(self, request: HttpRequest) -> Any:
        """Of what waits, the most urgent first; of all, the newest."""
        return ["due_on", "pk"] if request.GET.get("queue") else ["-pk"]

    @admin.display(description=gettext_lazy("提案号"))
    def number_shown(self, publication: Publication) -> str:
        return publication.proposal.label

    @admin.display(description=gettext_lazy("案由"))
    def title_shown(self, publication: Publication) -> str:
        return str(publication.proposal)
