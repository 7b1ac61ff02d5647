"""What follows a reply: progress on its promises, and supplementary replies with the class as it then is."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.files import Attachment
from members.models import Commitment
from proposals.models.lists import ResultClass
from proposals.models.replies import Reply

WHO: dict[str, Any] = {"on_delete": models.PROTECT, "related_name": "+"}


class Said(models.Model):
    """One thing said about what was promised: on which day, by whom, for whom on what paper; never changed."""

    on = models.DateField(_("日期"))
    text = models.TextField(_("内容"))
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, **WHO)
    said_at = models.DateTimeField(default=timezone.now)
    behalf = models.CharField(_("代录对象"), max_length=120, blank=True)
    scan = models.ForeignKey(Attachment, null=True, blank=True, **WHO)

    class Meta:
        abstract = True
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="") & (Q(behalf="") | Q(scan__isnull=False)),
                name="%(app_label)s_%(class)s_is_whole",
            )
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.text[:30]}"


class ProgressNote(Said):
    """How far a unit is with one promise."""

    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="progress")

    class Meta(Said.Meta):
        verbose_name = verbose_name_plural = _("承诺进展")


class FollowUp(Said):
    """A supplementary reply, or what the office found out: sent to every proposer, with the class as it now is."""

    reply = models.ForeignKey(Reply, models.PROTECT, related_name="follow_ups")
    result_class = models.ForeignKey(ResultClass, verbose_name=_("现类别"), **WHO)
    document_number = models.CharField(_("文号"), max_length=60, blank=True)
    signer = models.CharField(_("签发人"), max_length=30, blank=True)
    signer_post = models.CharField(_("签发人职务"), max_length=60, blank=True)

    class Meta(Said.Meta):
        verbose_name = verbose_name_plural = _("跟踪答复")
