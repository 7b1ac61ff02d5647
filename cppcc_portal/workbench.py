"""The secretariat's workplace: one login for all, the first page is what waits, oldest first."""

from collections.abc import Iterable
from functools import update_wrapper
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cppcc_portal.office import health
from cppcc_portal.office.workplace import PortalModelAdmin
from cppcc_portal.queues import groups

# How the registers are laid out, whatever app they come from.
GROUPS: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    (
        "work",
        gettext_lazy("提案办理"),
        (
            "proposals.Proposal",
            "proposals.FilingList",
            "proposals.SupervisionMeeting",
            "proposals.Handling",
            "proposals.Evaluation",
            "proposals.Rehandling",
            "proposals.UnitConsultation",
            "proposals.UnitRequest",
            "proposals.Award",
            "proposals.Publication",
            "proposals.ProposalImport",
            "proposals.ClosedYear",
            "members.Commitment",
        ),
    ),
    (
        "opinions",
        gettext_lazy("社情民意"),
        ("proposals.OpinionReport", "proposals.Bulletin", "proposals.OpinionResult"),
    ),
    (
        "people",
        gettext_lazy("委员与人员"),
        ("members.Membership", "members.Person", "members.Posting", "members.RosterImport"),
    ),
    (
        "bodies",
        gettext_lazy("届次与组织"),
        (
            "members.Term",
            "members.Plenary",
            "members.Committee",
            "members.Sector",
            "members.TownCommittee",
            "members.Organisation",
            "members.Unit",
        ),
    ),
    (
        "lists",
        gettext_lazy("提案用表"),
        (
            "proposals.Category",
            "proposals.ProposerKind",
            "proposals.SuggestedTopic",
            "proposals.RefusalReason",
            "proposals.Destination",
            "proposals.ResultClass",
            "proposals.SupervisionWay",
            "proposals.ReviewStage",
            "proposals.RatingGrade",
        ),
    ),
    (
        "consultation",
        gettext_lazy("协商与成果"),
        (
            "consultations.AnnualPlan",
            "consultations.Topic",
            "consultations.Research",
            "consultations.Session",
            "consultations.OutcomeDocument",
            "consultations.Recommendation",
            "feedback.Adoption",
            "feedback.LookBack",
            "members.Gathering",
            "members.DutyRecord",
        ),
    ),
    (
        "consultation_lists",
        gettext_lazy("协商用表"),
        (
            "consultations.SessionForm",
            "consultations.DeclineReason",
            "members.DutyCategory",
        ),
    ),
    (
        "rules",
        gettext_lazy("期限与决定"),
        ("office.Decision", "office.DecidingBody", "office.DeadlineRule", "office.Holiday"),
    ),
    ("messages", gettext_lazy("通知"), ("office.Notice", "office.Delivery")),
    (
        "system",
        gettext_lazy("系统"),
        ("members.User", "office.Parameter", "office.Job", "office.AuditEvent"),
    ),
)


class PortalAutocomplete(AutocompleteJsonView):
    """Choices found by name; people of the same name are told apart."""

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        label = getattr(self.model_admin, "choice_label", str)
        return {"id": str(getattr(obj, to_field_name)), "text": str(label(obj))}


class PortalAdminSite(admin.AdminSite):
    """Entered by the portal's one login; shows only what the office made for it."""

    index_template = "admin/workbench.html"
    site_title = gettext_lazy("秘书处工作台")
    site_header = gettext_lazy("秘书处工作台")
    index_title = gettext_lazy("工作台")
    empty_value_display = "—"

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Only pages that keep the workplace's rules; what libraries bring along stays out."""
        models: Iterable[type[Model]] = (
            [model_or_iterable] if isinstance(model_or_iterable, type) else model_or_iterable
        )
        for model in models:
            if admin_class is not None and issubclass(admin_class, PortalModelAdmin):
                super().register(model, admin_class, **options)
            elif model.__module__.split(".")[0] in OWN_PACKAGES:
                raise ImproperlyConfigured(f"{model._meta.label} needs a PortalModelAdmin.")

    def has_permission(self, request: HttpRequest) -> bool:
        """Active staff; in production no superuser, whose account is for the console only."""
        user = request.user
        if user.is_superuser and settings.PRODUCTION:
            return False
        return bool(user.is_active and user.is_staff)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Whoever is logged in but does not work here gets 403, not another login."""
        inner = super().admin_view(view, cacheable)

        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied
            return inner(request, *args, **kwargs)

        return update_wrapper(checked, inner)

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """There is one door; this address only leads to it."""
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            raise PermissionDenied
        wanted = request.GET.get(REDIRECT_FIELD_NAME, "")
        if not url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()):
            wanted = reverse("admin:index")
        return redirect(f"{reverse('account_login')}?{urlencode({REDIRECT_FIELD_NAME: wanted})}")

    def logout(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        # Django's own page would know neither the five last passwords nor the audit log.
        return redirect("account_change_password")

    def autocomplete_view(self, request: HttpRequest) -> Any:
        return PortalAutocomplete.as_view(admin_site=self)(request)

    def get_urls(self) -> list[Any]:
        # "View on site" would tell anybody who works here whether a hidden thing exists.
        return [
            address
            for address in super().get_urls()
            if getattr(address, "name", None) != "view_on_site"
        ]

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The registers by what they are for, in the office's words."""
        if app_label is not None:
            return super().get_app_list(request, app_label)
        # The first page asks for it beside the frame, which every page asks.
        registers: list[Any] | None = getattr(request, "registers", None)
        if registers is None:
            registers = request.registers = self._registers(request)  # type: ignore[attr-defined]
        return registers

    def _registers(self, request: HttpRequest) -> list[Any]:
        listed = self._build_app_dict(request).values()  # unsorted: the order is ours
        known = {
            f"{entry['model']._meta.label}": entry for app in listed for entry in app["models"]
        }
        groups = []
        for name, label, models in GROUPS:
            entries = [known.pop(model) for model in models if model in known]
            groups.append({"app_label": name, "name": label, "models": entries})
        groups.append({"app_label": "more", "name": _("其他"), "models": list(known.values())})
        return [
            {**group, "app_url": "", "has_module_perms": True}
            for group in groups
            if group["models"]
        ]

    def index(self, request: HttpRequest, extra_context: Any = None) -> TemplateResponse:
        """What waits, with ages; then the registers."""
        waiting = groups(request.user, timezone.localdate())
        context = {"groups": waiting, "warnings": health.warnings(), **(extra_context or {})}
        return super().index(request, context)


OWN_PACKAGES = ("cppcc_portal", "members", "proposals", "consultations", "feedback")
