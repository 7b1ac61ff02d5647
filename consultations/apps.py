from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsultationsConfig(AppConfig):
    """What is consulted on, and how."""

    name = "consultations"
    verbose_name = _("协商")
    default_auto_field = "django.db.models.BigAutoField"
