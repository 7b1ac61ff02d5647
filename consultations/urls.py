"""Addresses of topics, research and sessions: one verb per address."""

from django.urls import path

from consultations import views

app_name = "consultations"
urlpatterns = [
    path("", views.index, name="index"),
    path("plans/<int:year>/", views.plan, name="plan"),
    path("topics/<int:pk>/", views.topic, name="topic"),
    path("topics/<int:pk>/research/", views.research, name="research"),
    path("sessions/<int:pk>/", views.session, name="session"),
]
