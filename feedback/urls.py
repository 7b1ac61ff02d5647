"""Addresses of what came of it: one verb per address."""

from django.urls import path

from feedback import views

app_name = "feedback"
urlpatterns = [
    path("", views.index, name="index"),
    path("<int:pk>/", views.adoption, name="adoption"),
    path("lookbacks/<int:year>/", views.lookbacks, name="lookbacks"),
    path("lookback/<int:pk>/", views.lookback, name="lookback"),
]
