from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class MembersConfig(AppConfig):
    """People and what they belong to."""

    name = "members"
    verbose_name = _("委员与组织")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("members.parameters")
        # Installation, not a rule: permissions exist only after Django made them, after each migrate.
        post_migrate.connect(lay_down_roles, dispatch_uid="members.lay_down_roles")
        from members import second_factor  # noqa: PLC0415  models are not loaded when this module is

        second_factor.listen()


LAST_APP = "feedback"  # of INSTALLED_APPS, in whose order Django makes permissions


def lay_down_roles(app_config: AppConfig, **kwargs: Any) -> None:
    """After the last app's permissions are made, give each role group exactly its permissions."""
    if app_config.label == LAST_APP:
        from members import roles  # noqa: PLC0415  models are not loaded when this module is

        roles.lay_down()
