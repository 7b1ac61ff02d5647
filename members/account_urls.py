"""Account pages: login, logout, password, second factor, sessions. Sign-up and e-mail pages do not exist."""

from allauth.account import views as account
from allauth.mfa.base import urls as mfa_base
from allauth.mfa.recovery_codes import urls as recovery_urls
from allauth.mfa.totp import urls as totp_urls
from allauth.usersessions import urls as session_urls
from django.urls import include, path

from members import views

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("password/change/", views.change_password, name="account_change_password"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("2fa/", include(mfa_base)),
    path("2fa/totp/", include(totp_urls)),
    path("2fa/recovery-codes/", include(recovery_urls)),
    path("sessions/", include(session_urls)),
]
