"""Bring a member roster in from the server's console: the same reading and rules as in the workplace."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from cppcc_portal.office.archives import Refused
from members.importing.known import NoTerm, known_of, term_named, term_of
from members.importing.plan import Plan, Verdict, compare, refusals
from members.importing.preview import masked
from members.importing.writing import lock_register, write
from members.roster.plan import parse
from members.roster.reading import Book, read
from members.roster.report import Severity

JOB = "import_members"


class Command(BaseCommand):
    """Read a roster, say what is wrong with which row, write the rest or nothing."""

    help = "Import a member roster: import_members 名册.xlsx --term 15 --dry-run"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="an .xlsx, .xls or CSV file")
        parser.add_argument("--term", help="15, 第十五届; without it the file or the current term")
        parser.add_argument("--dry-run", action="store_true", help="say all, write nothing")
        parser.add_argument("--json", action="store_true", help="the report as JSON")
        parser.add_argument(
            "--all-or-nothing", action="store_true", help="write only if no row is refused"
        )
        parser.add_argument(
            "--add-bodies",
            action="store_true",
            help="make sectors, committees and town groups that the register does not know",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            plan, written = self.bring_in(read(options["file"]), options)
        except OSError as error:
            self.refuse(_("打不开文件：%s") % error.strerror, options)
        except Refused as refusal:
            self.refuse(refusal.message, options)
        except NoTerm as refusal:
            self.refuse(str(refusal), options)
        report = report_of(plan, written=written)
        if not written and not options["dry_run"]:
            report |= {"created": 0, "updated": 0, "unchanged": 0}
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=1))
        else:
            self.tell(plan, report, options)
        if not written and not options["dry_run"] and report["refused"]:
            raise CommandError(_("有问题的行没有改好，一行也没有写入。"), returncode=1)
        if options["dry_run"] and options["all_or_nothing"] and report["refused"]:
            raise CommandError(_("有问题的行没有改好，正式导入时不会写入。"), returncode=1)

    def bring_in(self, book: Book, options: dict[str, Any]) -> tuple[Plan, bool]:
        """The plan of the file, and whether it was written."""
        term = term_named(options["term"]) if options["term"] else term_of(book)
        known = known_of(term, may_add=options["add_bodies"])
        parsed = parse(book, known)
        if not parsed.tables:
            raise Refused(parsed.general[-1].reason)
        # Read before the lock: nobody else need wait for that.
        with transaction.atomic():
            lock_register()
            plan = compare(parsed, known, term, {})
            if options["dry_run"] or (options["all_or_nothing"] and plan.left_out):
                return plan, False
            if any(step.writes for step in plan.steps):
                write(plan, by=None, job=JOB)
        return plan, True

    def refuse(self, sentence: str, options: dict[str, Any]) -> None:
        """The file as a whole was not taken."""
        if options["json"]:
            refused = {"sheet": "", "row": 0, "column": "", "heading": "", "reason": sentence}
            report = {"created": 0, "updated": 0, "unchanged": 0, "refused": [refused]}
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=1))
        raise CommandError(sentence, returncode=1)

    def tell(self, plan: Plan, report: dict[str, Any], options: dict[str, Any]) -> None:
        """The report in sentences."""
        self.stdout.write(
            _(
                "%(term)s：新增%(created)d人，更新%(updated)d人，无变化%(unchanged)d人，没有写入%(out)d行。"
            )
            % {
                "term": plan.term,
                "created": report["created"],
                "updated": report["updated"],
                "unchanged": report["unchanged"],
                "out": len(plan.left_out),
            }
        )
        for one in report["refused"]:
            place = _("%(column)s列") % one if one["column"] else ""
            where = _("工作表“%(sheet)s”第%(row)d行") % one
            self.stdout.write(f"{where}{place}：{one['reason']}")
        for line in report["notes"]:
            self.stdout.write(line)
        if options["dry_run"]:
            self.stdout.write(_("这是试运行，没有写入。"))


def report_of(plan: Plan, *, written: bool) -> dict[str, Any]:
    """What became of the rows; refused names each reason by sheet, row and column."""
    counts = plan.counts
    return {
        "created": counts[Verdict.CREATED],
        "updated": counts[Verdict.UPDATED],
        "unchanged": counts[Verdict.UNCHANGED],
        "refused": [{**one, "reason": masked(one["reason"])} for one in refusals(plan)],
        "written": written,
        "term": plan.term.number,
        "notes": [
            masked(str(problem))
            for problem in plan.parsed.problems
            if problem.severity is Severity.WARNING
        ]
        + [
            f"{one.sheet} {one.column}{one.heading}：{masked(one.reason)}"
            for one in plan.parsed.skipped
            if one.column
        ],
    }
