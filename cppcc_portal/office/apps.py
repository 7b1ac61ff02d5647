from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OfficeConfig(AppConfig):
    """The machinery every app stands on."""

    name = "cppcc_portal.office"
    label = "office"
    verbose_name = _("办公基础")
    default_auto_field = "django.db.models.BigAutoField"
