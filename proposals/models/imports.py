"""Lists and documents of proposals that were brought in: one row an upload, and what came of each of its rows."""

import uuid
from collections.abc import Mapping
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.files import Attachment
from cppcc_portal.office.workflow import Move, StatusChange, Workflow
from proposals.models.proposals import Proposal
from proposals.models.rights import has


class ProposalImport(Workflow):
    """One upload of proposals: shown before anything is written; its files lie behind rights."""

    class Status(models.TextChoices):
        READ = "read", _("待确认")
        WRITTEN = "written", _("已写入")
        CANCELLED = "cancelled", _("已取消")

    MOVES: ClassVar[Mapping[str, Move]] = {
        "write": Move(
            {Status.READ}, Status.WRITTEN, _("确认写入"), _("秘书处办公室"), has("import_proposal")
        ),
        "cancel": Move(
            {Status.READ},
            Status.CANCELLED,
            _("取消导入"),
            _("秘书处办公室"),
            has("import_proposal"),
        ),
    }

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("文件"), max_length=200)
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.READ)
    counts = models.JSONField(_("件数"), default=dict, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("上传人")
    )
    created_at = models.DateTimeField(_("上传时间"), default=timezone.now, db_index=True)
    finished_at = models.DateTimeField(_("完成时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("提案导入")
        ordering = ["-created_at", "-pk"]
        # One right for the whole: proposals.import_proposal.
        default_permissions = ()

    def __str__(self) -> str:
        return self.name

    def count(self, verdict: str) -> int:
        """How many rows were created, updated, unchanged or refused."""
        return int(self.counts.get(verdict, 0))


class ProposalImportChange(StatusChange):
    """History of one upload."""

    subject = models.ForeignKey(ProposalImport, models.CASCADE, related_name="changes")

    class Meta(StatusChange.Meta):
        default_permissions = ()


class ImportedProposal(models.Model):
    """From which row of which file a proposal came: the paper behind its entry, and what makes it known again."""

    proposal = models.OneToOneField(Proposal, models.CASCADE, related_name="imported")
    batch = models.ForeignKey(ProposalImport, models.PROTECT, related_name="rows")
    file = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    sheet = models.CharField(_("工作表或文件"), max_length=120)
    row = models.PositiveIntegerField(_("行"), default=0)
    # Of the whole row as it was read last, and of its text alone.
    digest = models.CharField(max_length=64, db_index=True)
    text_digest = models.CharField(max_length=64)
    # The row names its day of submission and is complete: submitted as of it, by itself, once.
    submit_as_of = models.DateTimeField(_("待提交"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("导入的提案")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.sheet} {self.row}"
