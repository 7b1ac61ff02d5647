"""The portal's addresses, and those of the views it is compared with."""

from django.urls import path

from bench import views
from cppcc_portal import urls

urlpatterns = [
    path("bench/empty/", views.empty),
    path("bench/min20/", views.min20),
    path("bench/std20/", views.std20),
    *urls.urlpatterns,
]

handler403 = urls.handler403
handler404 = urls.handler404
handler500 = urls.handler500
