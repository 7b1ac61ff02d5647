"""Public-opinion reports in the workplace: the register with its queues, the bulletins, entering from paper."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cppcc_portal.office.workplace import LifeAdmin, QueueFilter, ScanField, who
from members.models import Membership
from proposals.actions import opinions
from proposals.models import Bulletin, OpinionAuthor, OpinionReport
from proposals.opinion_turns import OPINION_QUEUES, opinion_waits_in


class OpinionQueueFilter(QueueFilter):
    """Where reports wait."""

    queues = OPINION_QUEUES

    def rows(self, queryset: Any, queue: str) -> Any:
        return queryset.filter(opinion_waits_in(queue))


class EnterOpinionForm(forms.Form):
    """Whose report it is, and the paper they handed in; one of the three."""

    membership = forms.ModelChoiceField(
        label=gettext_lazy("委员"),
        queryset=Membership.objects.active().of_current_term(),
        required=False,
        help_text=gettext_lazy("按姓名、拼音首字母或委员证号查找本届在任委员。"),
    )
    body = forms.ModelChoiceField(
        label=gettext_lazy("或：党派团体、专委会等组织"),
        queryset=opinions.reporting_bodies(),
        required=False,
    )
    informant = forms.CharField(label=gettext_lazy("或：信息员姓名"), max_length=40, required=False)
    workplace = forms.CharField(label=gettext_lazy("信息员单位"), max_length=80, required=False)
    scan = ScanField(help_text=gettext_lazy("作者签名或盖章的纸质原件，PDF 或图片。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["membership"]
        field.widget = AutocompleteSelect(
            OpinionAuthor._meta.get_field("membership"), admin.site, choices=field.choices
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        named = [name for name in ("membership", "body", "informant") if cleaned.get(name)]
        if len(named) != 1:
            told = _("请在委员、组织、信息员中填写一项（只填一项）。")
            raise forms.ValidationError(told)
        return cleaned


@admin.register(OpinionReport)
class OpinionReportAdmin(LifeAdmin):
    """The register: every report that was handed in, found by queue."""

    list_display = ["number_shown", "title_shown", "authors_shown", "status", "submitted_at"]
    list_display_links = ["number_shown", "title_shown"]
    list_filter: ClassVar[Any] = [OpinionQueueFilter, "status", "year"]
    search_fields = ["title"]
    search_help_text = gettext_lazy("标题中的词、作者姓名或拼音首字母")

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        words = search_term.strip()
        rows = queryset.search(words) if words else queryset
        return rows.with_authors(), False

    @admin.display(description=gettext_lazy("登记号"))
    def number_shown(self, report: OpinionReport) -> str:
        return report.label or "—"

    @admin.display(description=gettext_lazy("标题"))
    def title_shown(self, report: OpinionReport) -> str:
        return str(report)

    @admin.display(description=gettext_lazy("作者"))
    def authors_shown(self, report: OpinionReport) -> str:
        entered = _("（代录）") if report.is_entered_for_other else ""
        return f"{report.author_names}{entered}"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Here one enters what came on paper; one's own report begins on the portal's page."""
        return bool(who(request).has_perm("proposals.enter_for_others"))

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """代录: open a draft for an author who writes on paper, with the paper's scan beside it."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        posted = request.method == "POST"
        form = EnterOpinionForm(request.POST if posted else None, request.FILES if posted else None)
        if form.is_valid():
            report = opinions.enter_report(by=who(request), **form.cleaned_data)
            messages.success(request, _("已建立代录草稿，请照纸质原件录入文字，再提交。"))
            return redirect("opinions:write", report.pk)
        return self.page(
            request,
            "admin/form_page.html",
            _("代录社情民意"),
            form=form,
            media=self.media + form.media,
            submit_label=_("开始录入"),
            back_url=self.url("changelist"),
        )


@admin.register(Bulletin)
class BulletinAdmin(LifeAdmin):
    """The issues of each year; sending and results stand on their pages."""

    list_display = ["__str__", "title_shown", "kind", "signer", "issued_on"]
    list_display_links = ["__str__", "title_shown"]
    list_filter: ClassVar[Any] = ["year", "kind"]
    list_select_related = ["text", "signer"]
    search_fields = ["text__title"]

    @admin.display(description=gettext_lazy("标题"))
    def title_shown(self, bulletin: Bulletin) -> str:
        return bulletin.title
