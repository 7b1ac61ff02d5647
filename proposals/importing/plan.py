"""A whole upload: its rows compared with each other and with the register; new, changed, the same or refused."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from cppcc_portal.office.archives import Refused
from members.roster.columns import Heading
from members.roster.plan import EXAMPLE
from members.roster.reading import Book, Sheet
from members.roster.report import Parsed, Problem, Severity, Table
from members.roster.values import squeezed
from proposals.importing.columns import OWN, Field, Found, Record, find_table, records_of
from proposals.importing.known import Known
from proposals.importing.rows import Planned, Verdict, plan_one
from proposals.models import Proposal


@dataclass
class Plan:
    """A whole upload: its proposals, and what is wrong with a sheet as such."""

    rows: list[Planned] = field(default_factory=list)
    general: list[Problem] = field(default_factory=list)
    parsed: Parsed | None = None  # the table, to be given back marked

    @property
    def counts(self) -> dict[str, int]:
        found = {verdict.value: 0 for verdict in Verdict}
        for row in self.rows:
            found[row.verdict] += 1
        found[Verdict.REFUSED] += sum(one.severity is Severity.ERROR for one in self.general)
        return found

    @property
    def problems(self) -> list[Problem]:
        return [*self.general, *(problem for row in self.rows for problem in row.problems)]

    @property
    def refused(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.severity is Severity.ERROR]

    @property
    def writes(self) -> bool:
        return any(row.verdict in (Verdict.CREATED, Verdict.UPDATED) for row in self.rows)

    @property
    def fingerprint(self) -> str:
        """What exactly is shown: if the register changes, it is shown again."""
        said = "|".join(f"{row.digest}:{row.verdict}:{row.standing}" for row in self.rows)
        return hashlib.sha256(said.encode()).hexdigest()


def records_of_book(book: Book) -> tuple[Parsed, list[Problem], list[Record]]:
    """A list of proposals: its tables, what is wrong with a sheet as such, its rows; Refused without one."""
    parsed = Parsed(book)
    general: list[Problem] = []
    records: list[Record] = []
    for sheet in book.sheets:
        found = None if sheet.hidden else find_table(sheet)
        if found is None:
            continue
        parsed.tables.append(Table(sheet.title, Heading(found.row, found.row, [], [])))
        general += _passed_over(sheet, found)
        records += [one for one in records_of(sheet, found) if not _is_example(one)]
    if not parsed.tables:
        raise Refused(
            _(
                "没有找到同时有“案由”和“提案人”两列的表头（两列都要有）。请核对表头，或下载模板，把内容粘贴进去再导入。"
            )
        )
    if not records:
        raise Refused(_("表头下面没有提案。请填写后再导入。"))
    return parsed, general, records


def _passed_over(sheet: Sheet, found: Found) -> list[Problem]:
    told = _("这一列不导入：案号、类别、承办情况由门户在审查、交办时产生。")
    unknown = _("不认识这一列，没有导入。")
    return [
        Problem(
            sheet.title,
            found.row,
            column.place,
            column.heading,
            "",
            told if squeezed(column.heading) in OWN else unknown,
            Severity.WARNING,
        )
        for column in found.passed_over
    ]


def _is_example(record: Record) -> bool:
    return any(value == EXAMPLE for value in record.values.values())


def plan_rows(records: Iterable[Record], known: Known) -> list[Planned]:
    """Each record by itself, then compared with the register and with the others of the file."""
    rows = [plan_one(record, known) for record in records]
    seen: dict[tuple[str, str], Planned] = {}
    for row in rows:
        if row.verdict is Verdict.REFUSED:
            continue
        first = seen.setdefault((row.key, squeezed(row.parts["title"])), row)
        if first is not row:
            where = {"sheet": first.record.sheet, "row": first.record.row}
            row.tell(
                Field.TITLE,
                _("与“%(sheet)s”第%(row)s行是同一提案人的同名提案。请删去一行，或改案由。") % where,
            )
        else:
            compare(row, known)
    return rows


def compare(row: Planned, known: Known) -> None:
    """What the register already has of this proposal."""
    if row.digest in known.digests:
        row.verdict, row.standing = Verdict.UNCHANGED, known.digests[row.digest]
        return
    there = known.standing.get((row.key, squeezed(row.parts["title"])))
    if there is None:
        return
    row.standing = there.pk
    text = row.text_digest
    drafted = there.status == Proposal.Status.DRAFT
    if not drafted:
        if there.text == text:
            row.verdict = Verdict.UNCHANGED
        else:
            told = _("同一提案人的同名提案已经提交（流水号 %s），文字不同，不能再改。")
            row.tell(Field.TITLE, told % (there.serial or "—"))
    elif not there.imported:
        if there.text == text:
            row.verdict = Verdict.UNCHANGED
        else:
            row.tell(Field.TITLE, _("已有代录的同名草稿，文字不同。请在工作台修改那份草稿。"))
    elif there.text != there.imported_text and there.text != text:
        row.tell(Field.TITLE, _("导入以后，这份草稿已在门户里改过，没有覆盖。请在工作台修改。"))
    else:
        row.verdict = Verdict.UPDATED
