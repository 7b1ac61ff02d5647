"""Addresses of duty records."""

from django.urls import path

from members import duty_views

app_name = "duty"
urlpatterns = [path("", duty_views.index, name="index")]
