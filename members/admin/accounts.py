"""Accounts by the system administrator, roles by the security administrator."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cppcc_portal.office.personal import keyed_hash, normalise_phone
from cppcc_portal.office.workplace import PortalModelAdmin, who
from members import actions
from members.models import Person, User
from members.roles import Role


class AccountForm(forms.Form):
    """A new account, and whose it is."""

    username = forms.CharField(
        label=gettext_lazy("账号"),
        max_length=60,
        help_text=gettext_lazy("工号，或办公室给定的登录名；不要用手机号或姓名。"),
    )
    person = forms.CharField(
        label=gettext_lazy("使用人"),
        max_length=60,
        help_text=gettext_lazy("姓名或完整手机号；有同名时请填手机号。须先在人员中登记。"),
    )

    def clean_username(self) -> str:
        username = self.cleaned_data["username"].strip()
        if User.objects.filter(username__iexact=username).exists():
            raise ValidationError(_("这个账号已有人使用，请另取一个。"))
        return username

    def clean_person(self) -> Person:
        words = self.cleaned_data["person"].strip()
        people = Person.objects.filter(user=None)
        try:
            people = people.filter(phone_hash=keyed_hash(normalise_phone(words), "phone"))
        except ValueError:
            people = people.filter(name=words)
        found = list(people[:2])
        if not found:
            raise ValidationError(_("没有找到还没有账号的“%s”，请检查写法，或先登记人员。") % words)
        if len(found) > 1:
            raise ValidationError(_("有不止一位同名的人，请改填手机号。"))
        return found[0]


class RoleForm(forms.Form):
    """One of the roles."""

    role = forms.ChoiceField(label=gettext_lazy("角色"), choices=Role)


class RoleFilter(admin.SimpleListFilter):
    """By role, or without any."""

    title = gettext_lazy("角色")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("none", _("没有角色")), *((str(code), label) for code, label in Role.choices)]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "none":
            return queryset.filter(groups=None)
        if self.value() in Role.values:
            return queryset.filter(groups__name=self.value())
        return queryset


@admin.register(User)
class UserAdmin(PortalModelAdmin):
    """Accounts by the system administrator, roles by the security administrator; nobody for themselves."""

    list_display = [
        "username",
        "owner",
        "role_names",
        "is_active",
        "must_change_password",
        "last_login",
    ]
    list_filter = [RoleFilter, "is_active", "must_change_password"]
    list_select_related = ["person"]
    search_fields = ["username", "person__name", "person__initials"]
    sortable_by = ("username", "last_login")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return User.objects.select_related("person").prefetch_related("groups")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[Any]:
        views = {
            "disable": self.disable_view,
            "enable": self.enable_view,
            "reset_password": self.reset_password_view,
            "unlock": self.unlock_view,
            "reset_second_factor": self.reset_second_factor_view,
            "grant_role": self.grant_role_view,
            "revoke_role": self.revoke_role_view,
        }
        return [*self.verb_paths(views), *super().get_urls()]

    @admin.display(description=gettext_lazy("使用人"))
    def owner(self, user: User) -> str:
        person = getattr(user, "person", None)
        return person.name if person else "—"

    @admin.display(description=gettext_lazy("角色"))
    def role_names(self, user: User) -> str:
        return "、".join(str(label) for _code, label in self.roles_of(user)) or "—"

    def roles_of(self, user: User) -> list[tuple[str, Any]]:
        """The roles an account holds, in the order of the table."""
        held = {group.name for group in user.groups.all()}
        return [(str(code), label) for code, label in Role.choices if code in held]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """A new account; its one-time password is shown on the answer to this request, never again."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = AccountForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            user, password = actions.create_account(by=who(request), **form.cleaned_data)
            return self.show_password(request, user, password)
        return self.page(
            request,
            "admin/form_page.html",
            _("新建账号"),
            form=form,
            submit_label=_("新建账号"),
            back_url=self.url("changelist"),
        )

    def show_password(self, request: HttpRequest, user: User, password: str) -> HttpResponse:
        return self.page(
            request,
            "admin/members/user/password.html",
            _("一次性密码"),
            account=user,
            password=password,
            back_url=self.url_of(user),
        )

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """An account: state, roles, and what may be done with it; nothing here is a field."""
        user = self.seen(request, object_id)
        if request.method not in ("GET", "HEAD"):
            return HttpResponse(status=405)
        own = user.pk == who(request).pk
        return self.page(
            request,
            "admin/members/user/change_form.html",
            str(user),
            account=user,
            owner=self.owner(user),
            roles=self.roles_of(user),
            own=own,
            keeps_accounts=self.has_change_permission(request) and not own,
            grants_roles=who(request).has_perm("members.grant_role") and not own,
            role_form=RoleForm(),
        )

    def own_right(self, request: HttpRequest, user: User) -> None:
        if not self.has_change_permission(request):
            raise PermissionDenied
        if user.pk == who(request).pk:
            raise PermissionDenied(_("不能停用或重设自己的账号，请由另一位系统管理员办理。"))

    def posted(self, request: HttpRequest, object_id: str) -> User:
        """The account of a step that is only ever posted."""
        if request.method != "POST":
            raise Http404
        user: User = self.seen(request, object_id)
        return user

    def disable_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        user = self.posted(request, object_id)
        self.own_right(request, user)
        actions.disable_account(user, by=who(request))
        messages.success(request, _("账号已停用，登录已全部退出。"))
        return redirect(self.url_of(user))

    def enable_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        user = self.posted(request, object_id)
        self.own_right(request, user)
        actions.enable_account(user, by=who(request))
        messages.success(request, _("账号已启用，下次登录须改密码。"))
        return redirect(self.url_of(user))

    def reset_password_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        user = self.posted(request, object_id)
        self.own_right(request, user)
        password = actions.reset_password(user, by=who(request))
        return self.show_password(request, user, password)

    def unlock_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        user = self.posted(request, object_id)
        actions.unlock_account(user, by=who(request))
        messages.success(request, _("登录锁定已解除，现在可以再试。"))
        return redirect(self.url_of(user))

    def reset_second_factor_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        user = self.posted(request, object_id)
        actions.reset_second_factor(user, by=who(request))
        messages.success(request, _("两步验证已清除，登录已全部退出；下次登录时重新设置。"))
        return redirect(self.url_of(user))

    def grant_role_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        user = self.posted(request, object_id)
        form = RoleForm(request.POST)
        if form.is_valid():
            actions.grant_role(user, form.cleaned_data["role"], by=who(request))
            messages.success(request, _("已授予角色，此人须重新登录。"))
        else:
            messages.error(request, _("请选择角色。"))
        return redirect(self.url_of(user))

    def revoke_role_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        user = self.posted(request, object_id)
        form = RoleForm(request.POST)
        if form.is_valid():
            actions.revoke_role(user, form.cleaned_data["role"], by=who(request))
            messages.success(request, _("已撤销角色，此人须重新登录。"))
        return redirect(self.url_of(user))
