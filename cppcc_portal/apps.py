from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    """What spans the apps: home, desk, admin site, demonstration data, operators' commands."""

    name = "cppcc_portal"
    verbose_name = _("门户")
