"""Imports of the member roster: one row a file, from upload to the rows it wrote."""

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cppcc_portal.office.personal import EncryptedTextField
from cppcc_portal.office.workflow import Move, StatusChange, Workflow
from members.models.bodies import Term


def imports_members(thing: Any, user: Any) -> bool:
    return bool(user.has_perm("members.import_membership"))


def rows_left_out(roster: "RosterImport") -> list[str]:
    """Why a file is not written as it stands, and what to do."""
    open_rows = roster.count("asked") + roster.count("refused")
    if roster.all_or_nothing and open_rows:
        return [
            _("还有%(count)d行不能写入。请回答问题、改好表格重新上传，或选“只写入没有问题的行”。")
            % {"count": open_rows}
        ]
    if not roster.count("created") + roster.count("updated"):
        return [_("没有要写入的行：名册与系统里的一致，或每一行都有问题。")]
    return []


class RosterImport(Workflow):
    """One uploaded roster: what was read, asked, answered and written; the file itself lies behind rights."""

    class Status(models.TextChoices):
        UPLOADED = "uploaded", gettext_lazy("正在读取")
        READ = "read", gettext_lazy("待确认")
        CONFIRMED = "confirmed", gettext_lazy("正在写入")
        WRITTEN = "written", gettext_lazy("已写入")
        REFUSED = "refused", gettext_lazy("读不了")
        CANCELLED = "cancelled", gettext_lazy("已取消")

    _clerks = gettext_lazy("秘书处办公室、委员工作委办公室")
    MOVES: ClassVar[Mapping[str, Move]] = {
        "read": Move({Status.UPLOADED}, Status.READ, gettext_lazy("读完名册"), by_itself=True),
        "refuse": Move({Status.UPLOADED}, Status.REFUSED, gettext_lazy("拒收文件"), by_itself=True),
        "answer": Move(
            {Status.READ}, Status.UPLOADED, gettext_lazy("回答问题"), _clerks, imports_members
        ),
        "confirm": Move(
            {Status.READ},
            Status.CONFIRMED,
            gettext_lazy("确认写入"),
            _clerks,
            imports_members,
            rows_left_out,
        ),
        "reopen": Move({Status.CONFIRMED}, Status.READ, gettext_lazy("退回再看"), by_itself=True),
        "write": Move({Status.CONFIRMED}, Status.WRITTEN, gettext_lazy("写入名册"), by_itself=True),
        "cancel": Move(
            {Status.UPLOADED, Status.READ, Status.CONFIRMED},
            Status.CANCELLED,
            gettext_lazy("取消导入"),
            _clerks,
            imports_members,
        ),
        # Nobody came back to it: what was uploaded is not kept for ever.
        "lapse": Move(
            {Status.UPLOADED, Status.READ, Status.CONFIRMED},
            Status.CANCELLED,
            gettext_lazy("过期作废"),
            by_itself=True,
        ),
    }

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    term = models.ForeignKey(
        Term, models.PROTECT, related_name="+", verbose_name=gettext_lazy("届")
    )
    name = models.CharField(gettext_lazy("文件"), max_length=120)
    status = models.CharField(
        gettext_lazy("状态"), max_length=12, choices=Status, default=Status.UPLOADED
    )
    all_or_nothing = models.BooleanField(gettext_lazy("全部没有问题才写入"), default=False)
    may_add = models.BooleanField(
        gettext_lazy("新的界别、专委会、镇街小组作为新的加入"), default=False
    )
    # Keys of bodies and persons only, never what a cell says of a person.
    answers = models.JSONField(gettext_lazy("回答"), default=dict, blank=True)
    counts = models.JSONField(gettext_lazy("行数"), default=dict, blank=True)
    # What the pages show of the rows: names and masked numbers, so it stands here only encrypted.
    preview = EncryptedTextField(gettext_lazy("预览"), blank=True, editable=False)
    # What exactly was shown and confirmed: if the register has changed since, it is shown again.
    fingerprint = models.CharField(max_length=64, blank=True, editable=False)
    reason = models.CharField(gettext_lazy("说明"), max_length=300, blank=True)
    job_key = models.CharField(max_length=200, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=gettext_lazy("上传人"),
    )
    created_at = models.DateTimeField(gettext_lazy("上传时间"), default=timezone.now, db_index=True)
    finished_at = models.DateTimeField(gettext_lazy("完成时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = gettext_lazy("名册导入")
        ordering = ["-created_at", "-pk"]
        # One right for the whole: members.import_membership.
        default_permissions = ()

    def __str__(self) -> str:
        return self.name

    def count(self, verdict: str) -> int:
        """How many rows were found to be created, updated, unchanged, asked, refused or skipped."""
        return int(self.counts.get(verdict, 0))


class RosterImportChange(StatusChange):
    """History of one import."""

    subject = models.ForeignKey(RosterImport, models.CASCADE, related_name="changes")

    class Meta(StatusChange.Meta):
        default_permissions = ()
