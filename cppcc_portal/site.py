"""Django's admin with the office's own site; the site itself stands in `workbench`, beside the queues."""

from django.contrib.admin.apps import AdminConfig


class PortalAdminConfig(AdminConfig):
    """Loaded before any model is: it can only name the site, not import it."""

    default_site = "cppcc_portal.workbench.PortalAdminSite"
