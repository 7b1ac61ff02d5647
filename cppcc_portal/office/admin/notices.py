"""What people were told, by which ways, and work outside requests."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cppcc_portal.office import notices
from cppcc_portal.office.jobs import Job
from cppcc_portal.office.notices import Delivery, Notice
from cppcc_portal.office.workplace import ReadOnlyAdmin, say_each, who


class DeliveryInline(admin.TabularInline):
    """By which ways a notice went, and how far."""

    model = Delivery
    fields = ["channel", "state", "attempts", "sent_at", "error"]
    readonly_fields = ["channel", "state", "attempts", "sent_at", "error"]
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    """What people were told, and whether they have read it."""

    list_display = ["title", "person", "kind_words", "created_at", "read_at"]
    list_select_related = ["person"]
    search_fields = ["title", "person__name", "=subject"]
    list_filter = [("read_at", admin.EmptyFieldListFilter)]
    fields = [
        "title",
        "person",
        "kind_words",
        "body",
        "due_on",
        "created_at",
        "read_at",
        "withdrawn_at",
    ]
    inlines = [DeliveryInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        # Not `visible_to`: that is everybody's own post box; here the office sees what it sent.
        return Notice.objects.select_related("person")

    @admin.display(description=gettext_lazy("种类"))
    def kind_words(self, notice: Notice) -> str:
        return notice.label


class TroubleFilter(admin.SimpleListFilter):
    """What a person must look at."""

    title = gettext_lazy("待处理")
    parameter_name = "todo"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("call", _("需人工通知")), ("trouble", _("发送失败或不确定"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        match self.value():
            case "call":
                return queryset.call_list()
            case "trouble":
                return queryset.troubled()
        return queryset


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    """The ways notices took: send again what failed, note who was told by telephone."""

    list_display = [
        "title",
        "person",
        "phone",
        "channel",
        "state",
        "attempts",
        "next_try_at",
        "sent_at",
        "error",
    ]
    list_select_related = ["notice__person"]
    list_filter = [TroubleFilter, "state", "channel"]
    search_fields = ["notice__title", "notice__person__name"]
    actions = ["send_again", "told_by_hand"]
    fields = [
        "title",
        "person",
        "phone",
        "channel",
        "state",
        "attempts",
        "next_try_at",
        "sent_at",
        "error",
    ]

    def has_send_permission(self, request: HttpRequest) -> bool:
        return who(request).has_perm("office.change_delivery")

    @admin.display(description=gettext_lazy("标题"))
    def title(self, delivery: Delivery) -> str:
        return delivery.notice.title

    @admin.display(description=gettext_lazy("接收人"))
    def person(self, delivery: Delivery) -> str:
        return str(delivery.notice.person)

    @admin.display(description=gettext_lazy("手机号"))
    def phone(self, delivery: Delivery) -> str:
        return str(delivery.notice.person.masked_phone or "—")

    @admin.action(description=gettext_lazy("重新发送"), permissions=["send"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        done, refused = 0, []
        for delivery in queryset.select_related("notice"):
            if notices.send_again(delivery, by=who(request)):
                done += 1
            else:
                refused.append((delivery.notice.title, _("没有失败，不用重发。")))
        say_each(request, done, refused, _("重新发送"))

    @admin.action(description=gettext_lazy("已人工告知"), permissions=["send"])
    def told_by_hand(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        done, refused = 0, []
        for delivery in queryset.select_related("notice"):
            if notices.told_by_hand(delivery, by=who(request)):
                done += 1
            else:
                refused.append((delivery.notice.title, _("不在人工通知名单中。")))
        say_each(request, done, refused, _("登记告知"))


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    """Work that goes on outside requests, and how far it is."""

    list_display = ["kind", "state", "progress", "message", "created_by", "created_at"]
    list_filter = ["state"]
    list_select_related = ["created_by__person"]
    search_fields = ["kind", "key"]
    fields = [
        "kind",
        "key",
        "state",
        "progress",
        "message",
        "attempts",
        "created_by",
        "created_at",
        "run_after",
        "finished_at",
    ]

    @admin.display(description=gettext_lazy("进度"))
    def progress(self, job: Job) -> str:
        if not job.total:
            return "—"
        return format_html(
            '<progress value="{0}" max="{1}"></progress> {0} / {1}', job.done, job.total
        )
