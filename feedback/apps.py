from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FeedbackConfig(AppConfig):
    """What came of it, until it is done."""

    name = "feedback"
    verbose_name = _("成果转化")
    default_auto_field = "django.db.models.BigAutoField"
