from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.forms import speak_plainly


class OfficeConfig(AppConfig):
    """The machinery every app stands on."""

    name = "cppcc_portal.office"
    label = "office"
    verbose_name = _("办公基础")
    default_auto_field = "django.db.models.BigAutoField"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        speak_plainly()  # before the first form is made: a field takes its words when it is
