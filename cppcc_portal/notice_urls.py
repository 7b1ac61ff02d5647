"""One's own notices."""

from django.urls import path

from cppcc_portal import notice_views

app_name = "notices"
urlpatterns = [
    path("", notice_views.index, name="index"),
    path("<uuid:uid>/", notice_views.detail, name="detail"),
    path("read_all/", notice_views.read_all, name="read_all"),
]
