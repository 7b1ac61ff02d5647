"""The secretariat's workplace: one login for all, the first page is what waits, oldest first."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import update_wrapper
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db.models import Count, Min, Model, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.models import OutcomeDocument, Research, Session, Topic
from consultations.queues import (
    DOCUMENT_QUEUES,
    RESEARCH_QUEUES,
    SESSION_QUEUES,
    TOPIC_QUEUES,
    waits_in,
)
from cppcc_portal.office import health
from cppcc_portal.office.audit import AuditEvent, Result
from cppcc_portal.office.jobs import Job
from cppcc_portal.office.notices import Delivery
from cppcc_portal.office.workplace import PortalModelAdmin
from feedback.models import Adoption, LookBack
from feedback.queues import ADOPTION_QUEUES, LOOKBACK_QUEUES, adoption_waits_in, lookback_waits_in
from members.models import Commitment, Membership, User
from proposals.models import Handling, Proposal, Rehandling
from proposals.queues import (
    HANDLING_QUEUES,
    PROPOSAL_QUEUES,
    handlings_in,
    proposals_in,
    since,
)

# Queues --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Queue:
    """What waits: how many, since when the oldest, and the list of exactly these rows."""

    label: Any
    url: str
    count: int
    oldest_days: int | None = None
    late: bool = False


def queue(
    label: Any,
    page: str,
    rows: Any,
    today: date,
    *,
    oldest: Any = None,
    late: Any = False,
    **query: Any,
) -> Queue:
    """One query: the figure and the age of the oldest row (`oldest`: a field or expression)."""
    figures: dict[str, Any] = {"count": Count("pk")}
    if oldest is not None:
        figures["oldest"] = Min(oldest)
    found = rows.order_by().aggregate(**figures)
    address = reverse(f"admin:{page}_changelist")
    if query:
        address = f"{address}?{urlencode(query)}"
    return Queue(
        label,
        address,
        found["count"],
        days_since(found.get("oldest"), today),
        late=bool(late and found["count"]),
    )


def queues_of(
    page: str,
    model: type[Model],
    labels: Mapping[str, Any],
    where: Callable[[str], Q],
    today: date,
    *,
    oldest: str,
    late: Iterable[str] = (),
) -> Iterator[Queue]:
    """All queues of one list in one query; `where` says which rows stand in one, `late` which are bad."""
    figures: dict[str, Any] = {}
    for number, name in enumerate(labels):
        figures[f"count_{number}"] = Count("pk", filter=where(name))
        figures[f"oldest_{number}"] = Min(oldest, filter=where(name))
    found = model._default_manager.order_by().aggregate(**figures)
    address = reverse(f"admin:{page}_changelist")
    for number, (name, label) in enumerate(labels.items()):
        count = found[f"count_{number}"]
        yield Queue(
            label,
            f"{address}?{urlencode({'queue': name})}",
            count,
            days_since(found[f"oldest_{number}"], today),
            late=bool(count and name in late),
        )


def days_since(moment: date | datetime | None, today: date) -> int | None:
    """Whole days, as people count them; None when nothing waits."""
    if moment is None:
        return None
    day = timezone.localdate(moment) if isinstance(moment, datetime) else moment
    return max(0, (today - day).days)


def queues(user: Any, today: date) -> list[Queue]:
    """What waits for this person by role; a constant number of queries."""
    return [
        *_of_proposals(user, today),
        *_of_topics(user, today),
        *_of_adoptions(user, today),
        *_of_messages(user, today),
        *_of_people(user, today),
        *_of_accounts(user, today),
        *_of_audit(user, today),
    ]


def _of_proposals(user: Any, today: date) -> Iterator[Queue]:
    if user.has_perm("proposals.view_proposal"):
        seen = Proposal.objects.visible_to(user)
        for name, label in PROPOSAL_QUEUES.items():
            rows = proposals_in(seen, name).annotate(since=since())
            yield queue(label, "proposals_proposal", rows, today, oldest="since", queue=name)
    if user.has_perm("proposals.view_handling"):
        shares = Handling.objects.visible_to(user)
        for name, label in HANDLING_QUEUES.items():
            due = "sign_in_due_on" if name == "not_acknowledged" else "due_on"
            rows = handlings_in(shares, name, today)
            yield queue(label, "proposals_handling", rows, today, oldest=due, late=True, queue=name)
    if user.has_perm("proposals.view_rehandling"):
        undecided = Rehandling.objects.filter(status=Rehandling.Status.PROPOSED)
        yield queue(
            _("待决定重新办理"),
            "proposals_rehandling",
            undecided,
            today,
            oldest="evaluation__answered_at",
            status__exact=Rehandling.Status.PROPOSED.value,
        )
    if user.has_perm("members.view_commitment"):
        due_promises = Commitment.objects.filter(status=Commitment.Status.OPEN, due_on__lte=today)
        yield queue(
            _("到期承诺"),
            "members_commitment",
            due_promises,
            today,
            oldest="due_on",
            late=True,
            due="1",
        )


def _of_topics(user: Any, today: date) -> Iterator[Queue]:
    if not user.has_perm("consultations.plan_topics"):
        return
    page = "consultations_topic"
    yield from queues_of(page, Topic, TOPIC_QUEUES, waits_in, today, oldest="submitted_at")
    page = "consultations_research"
    yield from queues_of(page, Research, RESEARCH_QUEUES, waits_in, today, oldest="ends_on")
    page = "consultations_session"
    # What is being prepared has no age: it lies ahead.
    yield from queues_of(page, Session, SESSION_QUEUES, waits_in, today, oldest="held_at")
    page = "consultations_outcomedocument"
    held = "session__held_at"
    yield from queues_of(page, OutcomeDocument, DOCUMENT_QUEUES, waits_in, today, oldest=held)


def _of_adoptions(user: Any, today: date) -> Iterator[Queue]:
    if not user.has_perm("feedback.view_adoption"):
        return
    yield from queues_of(
        "feedback_adoption",
        Adoption,
        ADOPTION_QUEUES,
        lambda queue: adoption_waits_in(queue, today),
        today,
        oldest="assigned_on",
        late=("overdue", Adoption.Status.STALLED),
    )
    if user.has_perm("feedback.view_lookback"):
        yield from queues_of(
            "feedback_lookback",
            LookBack,
            LOOKBACK_QUEUES,
            lambda queue: lookback_waits_in(queue, today),
            today,
            oldest="year__opened_on",
        )


def _of_messages(user: Any, today: date) -> Iterator[Queue]:
    if user.has_perm("office.view_delivery"):
        yield queue(
            _("需人工告知"),
            "office_delivery",
            Delivery.objects.call_list(),
            today,
            oldest="notice__created_at",
            todo="call",
        )
        yield queue(
            _("发送失败"),
            "office_delivery",
            Delivery.objects.troubled(),
            today,
            oldest="notice__created_at",
            late=True,
            todo="trouble",
        )


def _of_people(user: Any, today: date) -> Iterator[Queue]:
    if user.has_perm("members.change_membership"):
        seats = Membership.objects.active().of_current_term()
        yield queue(_("本届在任委员"), "members_membership", seats, today, todo="active")
        yield queue(
            _("没有手机号的委员"),
            "members_membership",
            seats.filter(person__phone_hash=None),
            today,
            todo="no_phone",
        )


def _of_accounts(user: Any, today: date) -> Iterator[Queue]:
    if user.has_perm("members.view_user"):
        accounts = User.objects.filter(is_active=True)
        yield queue(_("启用的账号"), "members_user", accounts, today, is_active__exact=1)
        yield queue(
            _("还没改首次密码"),
            "members_user",
            accounts.filter(must_change_password=True),
            today,
            oldest="created_at",
            is_active__exact=1,
            must_change_password__exact=1,
        )
        if user.has_perm("members.grant_role"):
            yield queue(
                _("没有角色的账号"),
                "members_user",
                accounts.filter(groups=None),
                today,
                oldest="created_at",
                role="none",
            )
    if user.has_perm("office.view_job"):
        yield queue(
            _("失败的后台任务"),
            "office_job",
            Job.objects.filter(state=Job.State.FAILED),
            today,
            oldest="created_at",
            late=True,
            state__exact=Job.State.FAILED.value,
        )


def _of_audit(user: Any, today: date) -> Iterator[Queue]:
    if user.has_perm("office.view_auditevent"):
        day = timezone.make_aware(datetime.combine(today, datetime.min.time()))
        bounds = {"at__gte": day, "at__lt": day + timedelta(days=1)}
        events = AuditEvent.objects.filter(**bounds)
        words = {name: moment.strftime("%Y-%m-%d %H:%M:%S%z") for name, moment in bounds.items()}
        yield queue(_("今天的审计记录"), "office_auditevent", events, today, **words)
        yield queue(
            _("今天被拒绝的访问"),
            "office_auditevent",
            events.filter(result=Result.DENIED),
            today,
            result__exact=Result.DENIED.value,
            **words,
        )


# The site ------------------------------------------------------------------------------------

# How the registers are laid out, whatever app they come from.
GROUPS: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    (
        "work",
        gettext_lazy("提案办理"),
        (
            "proposals.Proposal",
            "proposals.Handling",
            "proposals.Evaluation",
            "proposals.Rehandling",
            "members.Commitment",
        ),
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
            "members.Unit",
        ),
    ),
    (
        "lists",
        gettext_lazy("提案用表"),
        (
            "proposals.Category",
            "proposals.RefusalReason",
            "proposals.Destination",
            "proposals.ResultClass",
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
        listed = super().get_app_list(request, app_label)
        if app_label is not None:
            return listed
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
        waiting = queues(request.user, timezone.localdate())
        context = {"queues": waiting, "warnings": health.warnings(), **(extra_context or {})}
        return super().index(request, context)


OWN_PACKAGES = ("cppcc_portal", "members", "proposals", "consultations", "feedback")
