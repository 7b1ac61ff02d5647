from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FeedbackConfig(AppConfig):
    """What came of it: adoption, commitments, the look-back."""

    name = "feedback"
    verbose_name = _("成果转化")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make known what the office can set, the words of notices, who may fetch which file, and
        which rows keep copies of due dates."""
        for module in ("parameters", "letters", "attachments", "clocks"):
            import_module(f"feedback.{module}")
