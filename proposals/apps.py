from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProposalsConfig(AppConfig):
    """Proposals from a draft to the promise kept."""

    name = "proposals"
    verbose_name = _("提案")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make known what the office can set, the words of notices, and who may fetch which file,
        and which rows keep copies of due dates."""
        for module in (
            "parameters",
            "reminder_parameters",
            "follow_parameters",
            "publication_parameters",
            "meeting_parameters",
            "opinion_parameters",
            "seconding_parameters",
            "letters",
            "reminder_letters",
            "publication_letters",
            "meeting_letters",
            "opinion_letters",
            "follow_letters",
            "seconding_letters",
            "submitting_letters",
            "attachments",
            "clocks",
        ):
            import_module(f"proposals.{module}")
