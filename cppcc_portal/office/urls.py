from django.urls import path

from cppcc_portal.office import views

app_name = "files"

urlpatterns = [path("<uuid:uid>/", views.fetch, name="fetch")]
