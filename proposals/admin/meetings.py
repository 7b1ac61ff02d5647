"""Supervision consultations, listed for the secretariat; each leads to its page, where every step stands."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy

from cppcc_portal.office.workplace import LifeAdmin, QueueFilter, who
from proposals.models import SupervisionMeeting
from proposals.queues import MEETING_QUEUES, meetings_in


class MeetingQueueFilter(QueueFilter):
    queues = MEETING_QUEUES

    def rows(self, queryset: Any, queue: str) -> Any:
        return meetings_in(queryset, queue, timezone.now())


@admin.register(SupervisionMeeting)
class SupervisionMeetingAdmin(LifeAdmin):
    """What was talked about with proposers and units, when, and how far it is."""

    list_display = ["title_shown", "numbers_shown", "when_shown", "status"]
    list_display_links = ["title_shown"]
    list_filter: ClassVar[Any] = [MeetingQueueFilter, "status"]
    search_fields = ["gathering__title", "=matters__proposal__label"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return SupervisionMeeting.objects.visible_to(who(request)).with_names()

    @admin.display(description=gettext_lazy("名称"))
    def title_shown(self, meeting: SupervisionMeeting) -> str:
        return str(meeting)

    @admin.display(description=gettext_lazy("提案"))
    def numbers_shown(self, meeting: SupervisionMeeting) -> str:
        return "、".join(matter.proposal.label for matter in meeting.matters.all())

    @admin.display(description=gettext_lazy("开始时间"), ordering="gathering__starts_at")
    def when_shown(self, meeting: SupervisionMeeting) -> str:
        return f"{timezone.localtime(meeting.gathering.starts_at):%Y-%m-%d %H:%M}"
