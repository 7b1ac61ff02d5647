"""Bring proposals in from the server's console: the same reading and rules as in the workplace."""

import json
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from cppcc_portal.office.archives import Refused
from cppcc_portal.office.workflow import NotReady
from members.models import User
from members.roles import Role
from members.roster.report import Problem, Severity
from proposals import actions
from proposals.actions.importing import look, submit_imported
from proposals.importing.plan import Plan


class NothingWritten(Exception):
    """Ends a trial run: what was read is told, nothing is kept."""


class Command(BaseCommand):
    """Read lists and documents, say what is wrong with which row, write the rest or nothing."""

    help = (
        "Import proposals: import_proposals 清单.xlsx 提案.docx [--json]. Whoever runs it confirms that"
        " the files hold no secrets. Rows become drafts entered by the office; complete rows with a"
        " day of submission are submitted as of that day."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", help=".xlsx, .xls or CSV lists, .docx documents")
        parser.add_argument("--json", action="store_true", help="the report as JSON")
        parser.add_argument("--by", default="", help="the account that enters them")
        parser.add_argument("--dry-run", action="store_true", help="say all, write nothing")
        parser.add_argument(
            "--all-or-nothing", action="store_true", help="write a file only if no row is refused"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        by = self.account(options["by"])
        report: dict[str, Any] = {"created": 0, "updated": 0, "unchanged": 0, "refused": []}
        whole: list[str] = []
        for name in options["files"]:
            try:
                plan, written = self.bring_in(Path(name), by, options)
            except OSError as error:
                reason = _("打不开文件：%s") % (error.strerror or error)
                whole.append(f"{name}：{reason}")
                report["refused"].append(_refusal(name, reason))
                continue
            except Refused as refusal:
                whole.append(f"{name}：{refusal.message}")
                report["refused"].append(_refusal(name, refusal.message))
                continue
            if not written:
                whole.append(_("%s：有问题的行没有改好，一件也没有写入。") % name)
            counts = plan.counts
            for verdict in ("created", "updated", "unchanged"):
                report[verdict] += counts[verdict] if written else 0
            report["refused"] += [_told(name, problem) for problem in plan.refused]
            report.setdefault("notes", []).extend(
                str(one) for one in plan.problems if one.severity is Severity.WARNING
            )
        self.tell(report, options)
        if whole:
            raise CommandError("\n".join(whole), returncode=1)

    def account(self, username: str) -> User:
        """Who enters them: the account named, or the first of the office."""
        accounts = User.objects.filter(is_active=True)
        if username:
            found = accounts.filter(username=username).first()
        else:
            found = accounts.filter(groups__name=Role.OFFICE).order_by("pk").first()
        if found is None or not found.has_perm("proposals.import_proposal"):
            raise CommandError(
                _("没有可以导入提案的账号。请先建立秘书处办公室账号，或用 --by 指定。"),
                returncode=1,
            )
        return found

    def bring_in(self, path: Path, by: User, options: dict[str, Any]) -> tuple[Plan, bool]:
        """The plan of one file, and whether it was written."""
        upload = SimpleUploadedFile(path.name, path.read_bytes())
        plan: Plan | None = None
        key = 0
        try:
            with transaction.atomic():
                batch = actions.upload_proposals([upload], by=by)
                plan = look(batch).plan
                if options["all_or_nothing"] and plan.refused:
                    raise NothingWritten
                if plan.writes:
                    plan = actions.write_proposals(batch, by=by, all_or_nothing=False)
                    key = batch.pk
                if options["dry_run"]:
                    raise NothingWritten
                if not plan.writes:  # nothing new: no trace of an upload that changed nothing
                    raise NothingWritten
        except NothingWritten:
            assert plan is not None  # raised after it was made
            return plan, not (options["all_or_nothing"] and plan.refused)
        except NotReady as refused:
            raise Refused("；".join(map(str, refused.reasons))) from refused
        submit_imported(key)
        return plan, True

    def tell(self, report: dict[str, Any], options: dict[str, Any]) -> None:
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=1))
            return
        told = _(
            "新增 %(created)d 件，更新 %(updated)d 件，无变化 %(unchanged)d 件，没有写入 %(out)d 处。"
        )
        self.stdout.write(told % {**report, "out": len(report["refused"])})
        for one in report["refused"]:
            where = _("“%(sheet)s”第%(row)s行 %(column)s%(heading)s：") % one
            self.stdout.write(f"{where}{one['reason']}")
        for line in report.get("notes", []):
            self.stdout.write(line)
        if options["dry_run"]:
            self.stdout.write(_("这是试运行，没有写入。"))


def _refusal(name: str, reason: str) -> dict[str, Any]:
    """A file that was not taken as a whole."""
    return {"file": name, "sheet": "", "row": 0, "column": "", "heading": "", "reason": reason}


def _told(name: str, problem: Problem) -> dict[str, Any]:
    return {
        "file": name,
        "sheet": problem.sheet,
        "row": problem.row,
        "column": problem.column,
        "heading": problem.heading,
        "reason": problem.reason,
    }
