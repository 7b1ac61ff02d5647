from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsultationsConfig(AppConfig):
    """What is consulted on, and how."""

    name = "consultations"
    verbose_name = _("协商")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make known what the office can set, the words of notices, and who may fetch which file."""
        for module in ("parameters", "letters", "attachments"):
            import_module(f"consultations.{module}")
