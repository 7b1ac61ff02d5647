"""Pages about one's own account."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from members import actions
from members.account_forms import PasswordForm


@sensitive_post_parameters()
def change_password(request: HttpRequest) -> HttpResponse:
    """One's own new password; this session goes on, the others end."""
    user: Any = request.user
    form = PasswordForm(request, request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.change_password(user, to=form.cleaned_data["new_password1"])
        update_session_auth_hash(request, user)
        messages.success(request, _("密码已修改，其他设备上的登录已退出。"))
        return redirect("home")
    return render(request, "account/password_change.html", {"form": form})
