"""Addresses of the portal: one verb per address, the same word as in view, action and template."""

from django.contrib import admin
from django.urls import include, path

from cppcc_portal import look, views
from cppcc_portal.office import health

urlpatterns = [
    path("", views.home, name="home"),
    path("proposals/", include("proposals.urls")),
    path("opinions/", include("proposals.opinion_urls")),
    path("dashboard/", include("cppcc_portal.dashboard_urls")),
    path("consultations/", include("consultations.urls")),
    path("feedback/", include("feedback.urls")),
    path("duty/", include("members.duty_urls")),
    path("desk/", include("cppcc_portal.desk_urls")),
    path("public/", include("cppcc_portal.public_urls")),
    path("notices/", include("cppcc_portal.notice_urls")),
    path("files/", include("cppcc_portal.office.urls")),
    path("look/", include(look.urls)),
    path("language/", include("django.conf.urls.i18n")),
    path("account/", include("members.account_urls")),
    path("admin/", admin.site.urls),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]

handler403 = "cppcc_portal.views.forbidden"
handler404 = "cppcc_portal.views.not_found"
handler500 = "cppcc_portal.views.server_error"
