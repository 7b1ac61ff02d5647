"""Addresses of the dashboard: the figures, and the rows behind each."""

from django.urls import path

from cppcc_portal import dashboards

app_name = "dashboard"
urlpatterns = [
    path("", dashboards.index, name="index"),
    path("<slug:code>/", dashboards.rows, name="rows"),
]
