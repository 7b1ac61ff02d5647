"""Sheets into planned rows: one member a row, with every doubt said by sheet, row and column."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from members.roster.columns import (
    Column,
    Field,
    Heading,
    Merged,
    field_of,
    find_heading,
)
from members.roster.directory import Directory, Found, Kind, bare_group
from members.roster.reading import Book, Sheet, letter
from members.roster.repeats import find_repeats, join_sheets
from members.roster.report import Known, Parsed, PlannedRow, Problem, Severity, Skipped, Table
from members.roster.values import (
    Name,
    PartialDate,
    Phones,
    Reading,
    Unreadable,
    Value,
    plain,
    read_date,
    read_email,
    read_ethnic_group,
    read_id_number,
    read_name,
    read_number,
    read_party,
    read_phones,
    read_sex,
    read_standing,
    read_term,
    read_text,
    says_nothing,
    split_work,
    squeezed,
    text_of,
    writes_january_padded,
)

INSTRUCTION_SHEET = "填写说明"
CHOICES_SHEET = "选项"
EXAMPLE = "示例行，导入时自动跳过"

GROUPS = {Field.SECTOR: Kind.SECTOR, Field.COMMITTEE: Kind.COMMITTEE, Field.TOWN: Kind.TOWN}
KIND_LABELS = {Kind.SECTOR: "界别", Kind.COMMITTEE: "专委会", Kind.TOWN: "镇街小组"}
# A cell merged over several rows speaks for each of them in these columns only.
RUNS_DOWN = {*GROUPS, Field.TERM, Field.PARTY, Field.SINCE}
NOTE_ROW = re.compile(
    r"^(?:[(【]?(?:注|备注|说明|附注|注释)[)】]?[::\d]|[*※]|(?:合计|总计|小计|共计|总人数|以上共|本页)"
    r"|共\d+[人名]|(?:制表|填表|填报|审核|经办|联系人|联系电话|截至|截止|统计|打印|单位盖章|盖章)[^、]{0,20}[::])"
)
TOTAL = re.compile(r"^(?:合计|总计|共计|总人数|以上共|共)\D{0,4}(\d+)[人名]?")
GROUP_COUNT = re.compile(r"[(〔\[]\D{0,3}(\d+)[人名]\D{0,3}[)〕\]]|共?(\d+)[人名]$")
TITLE_WORDS = re.compile("名册|名单|花名|一览|统计|登记|信息表|名录|通讯录")


def parse(book: Book, known: Known, *, hidden: bool = False) -> Parsed:
    """Understand a roster; hidden: also read hidden sheets, rows and columns."""
    parsed = Parsed(book)
    directories = known.directories()
    for sheet in book.sheets:
        if sheet.title in (INSTRUCTION_SHEET, CHOICES_SHEET) or sheet.is_empty:
            continue
        if sheet.hidden and not hidden:
            parsed.general.append(_of_sheet(sheet, _("隐藏的工作表没有读。")))
            continue
        _SheetReader(sheet, known, directories, parsed, hidden=hidden).read()
    if not parsed.tables:
        title = book.sheets[0].title if book.sheets else book.name
        parsed.general.append(
            Problem(title, 0, "", "", "", _("没有找到带“姓名”的表头，请检查列名。"), Severity.ERROR)
        )
    elif not parsed.rows:
        parsed.general.append(
            Problem(parsed.tables[0].sheet, 0, "", "", "", _("表里没有委员。"), Severity.WARNING)
        )
    join_sheets(parsed)
    find_repeats(parsed.rows)
    return parsed


def _of_sheet(sheet: Sheet, reason: str, row: int = 0, value: Value = None) -> Problem:
    return Problem(sheet.title, row, "", "", text_of(value), reason, Severity.WARNING)


# What reads a cell of each field; dates and groups need more and are read apart.
READERS: dict[Field, Callable[[Value], Reading[Any]]] = {
    Field.NUMBER: read_number,
    Field.NAME: read_name,
    Field.PHONE: read_phones,
    Field.SEX: read_sex,
    Field.PARTY: read_party,
    Field.ETHNIC_GROUP: read_ethnic_group,
    Field.TERM: read_term,
    Field.ID_NUMBER: read_id_number,
    Field.EMAIL: read_email,
    Field.IS_STANDING: read_standing,
    Field.EDUCATION: partial(read_text, longest=40),
    Field.WORKPLACE: partial(read_text, longest=120),
    Field.POST: partial(read_text, longest=120),
    Field.WORK: partial(read_text, longest=120),
    Field.ADDRESS: partial(read_text, longest=200),
    Field.NOTE: partial(read_text, longest=2000),
}
# Read in this order, so that the name's own cell is the first to be named in a report.
SAID = [said for said in Field if said not in (Field.SERIAL, Field.PROBLEM)]


@dataclass(slots=True)
class _Group:
    """A row that names the group of the rows below it."""

    said: Field
    found: Found
    row: int
    text: str
    announced: int | None = None
    members: int = 0
    problem: Problem | None = None


class _SheetReader:
    """Walks down one sheet: title, heading, groups, members, notes."""

    def __init__(
        self,
        sheet: Sheet,
        known: Known,
        directories: dict[Kind, Directory],
        parsed: Parsed,
        *,
        hidden: bool,
    ) -> None:
        self.sheet, self.known, self.directories, self.parsed = sheet, known, directories, parsed
        self.merged = Merged(sheet.merges)
        self.hidden_rows = set() if hidden else sheet.hidden_rows
        self.hidden_columns = set() if hidden else sheet.hidden_columns
        self.table: Table | None = None
        self.groups: dict[Field, _Group] = {}
        self.title_term: int | None = None
        self.after_notes = False
        self.padded: dict[int, bool | None] = {}
        self.carried: dict[Field, Value] = {}
        self.carries: set[Field] = set()
        self.members = 0

    def read(self) -> None:
        passed: list[int] = []
        number = 1
        while number <= len(self.sheet.rows):
            cells = self._cells(number)
            if number in self.hidden_rows:
                if cells:
                    passed.append(number)
            elif cells:
                heading = find_heading(self.sheet, self.merged, number)
                if heading:
                    self._begin(heading)
                    number = heading.last_row
                elif self.table is None:
                    self._title(number, cells)
                else:
                    self._row(number, cells, self.table)
            number += 1
        self._close_groups()
        if self.table is None:
            self.parsed.general.append(
                _of_sheet(self.sheet, _("没有找到带“姓名”的表头，这张表没有读。"))
            )
        if passed:
            self.parsed.skipped.append(
                Skipped(self.sheet.title, _("隐藏的行没有读。"), rows=tuple(passed))
            )

    def _cells(self, row: int) -> dict[int, Value]:
        """What stands in a row, hidden columns left out; a broken formula stands as None."""
        broken = self.sheet.broken
        return {
            column: value
            for column, value in enumerate(self.sheet.rows[row - 1], 1)
            if column not in self.hidden_columns
            and (
                (row, column) in broken
                if value is None
                else not isinstance(value, str) or value.strip()
            )
        }

    def _begin(self, heading: Heading) -> None:
        """Take the heading for the rows below it; name the columns that are not read."""
        again = self.table is not None and [c.heading for c in self.table.heading.columns] == [
            c.heading for c in heading.columns
        ]
        for column in heading.columns:
            reason = ""
            if column.index in self.hidden_columns:
                reason = _("隐藏的列没有读。")
            elif column.field is None:
                reason = _("没有认出这一列，没有读。")
            elif column in heading.doubled:
                reason = _("这一列重复，只读了前一列。")
            if reason and not again:
                self.parsed.skipped.append(
                    Skipped(self.sheet.title, reason, letter(column.index), text_of(column.heading))
                )
        heading.blocks = [
            {
                said: column
                for said, column in block.items()
                if column.index not in self.hidden_columns
            }
            for block in heading.blocks
        ]
        if not again or self.table is None:
            self.table = Table(self.sheet.title, heading)
            self.parsed.tables.append(self.table)
        else:
            self.table.heading = heading
        self.after_notes = False
        self.carried = {}
        self.padded = {}
        self.carries = {
            said
            for block in heading.blocks[:1]
            for said in GROUPS
            if self._is_written_once(block, said)
        }

    def _is_written_once(self, block: dict[Field, Column], said: Field) -> bool:
        """Whether a group is written on its first row only, as when merged cells went through CSV."""
        column = block.get(said)
        if column is None or self.table is None:
            return False
        seen: list[str] = []
        blank = 0
        name = block[Field.NAME].index
        for row in range(self.table.heading.last_row + 1, len(self.sheet.rows) + 1):
            if row in self.hidden_rows or not text_of(self.sheet.value(row, name)):
                continue
            if field_of(self.sheet.value(row, name)) is Field.NAME:
                continue
            text = text_of(self.sheet.value(row, column.index))
            if self.merged.runs_down(row, column.index):
                return False
            if text:
                seen.append(text)
            elif not seen:
                return False
            else:
                blank += 1
        written_once = len(set(seen)) == len(seen)
        if not (seen and written_once and blank >= len(seen)):
            return False
        self.parsed.general.append(
            Problem(
                self.sheet.title,
                self.table.heading.last_row,
                letter(column.index),
                text_of(column.heading),
                "",
                _("这一列只在每组第一行填写，下面的空格按同一组读。"),
                Severity.WARNING,
                said,
            )
        )
        return True

    # --- rows that are no members ---

    def _title(self, row: int, cells: dict[int, Value]) -> None:
        """A line above the table: the term may stand in it, or the group of the table."""
        for value in cells.values():
            text = squeezed(value)
            if match := re.search(r"第?(?:\d{1,2}|[一二三四五六七八九十]{1,3})届", text):
                self.title_term = read_term(match[0]).value
        if len(cells) == 1 and not TITLE_WORDS.search(squeezed(*cells.values())):
            self._take_group(row, text_of(*cells.values()), only_sure=True)

    def _row(self, number: int, cells: dict[int, Value], table: Table) -> None:
        blocks = table.heading.blocks
        serials = {block[Field.SERIAL].index for block in blocks if Field.SERIAL in block}
        ours = {c.index for block in blocks for said, c in block.items() if said is Field.PROBLEM}
        telling = {c: v for c, v in cells.items() if c not in serials | ours or not _is_serial(v)}
        telling = {c: v for c, v in telling.items() if c not in ours}
        if not telling:
            return
        first = squeezed(telling[min(telling)])
        names = {block[Field.NAME].index for block in blocks if Field.NAME in block}
        if NOTE_ROW.match(first) and (len(telling) <= 3 or not names & telling.keys()):
            self._note(number, first)
            return
        if len(telling) == 1:
            column, value = next(iter(telling.items()))
            looks_named = (
                column in names
                and not self._spans(number, column)
                and not _says_group(text_of(value))
            )
            if self._take_group(number, text_of(value), only_sure=looks_named):
                self.after_notes = False
                return
            if self.after_notes:
                self._note(number, first)
                return
            if not looks_named:
                leads = self._spans(number, column) or column == table.heading.columns[0].index
                self._ask_about(number, value, may_be_group=leads)
                return
        elif self.after_notes and not names & telling.keys():
            self._note(number, first)
            return
        self.after_notes = False
        for block in blocks:
            said = {
                field_: column
                for field_, column in block.items()
                if field_ not in (Field.SERIAL, Field.PROBLEM)
            }
            if any(column.index in cells for column in said.values()):
                self._member(number, block, table)

    def _spans(self, row: int, column: int) -> bool:
        area = self.merged.area.get((row, column))
        return bool(area and area.right > area.left)

    def _note(self, row: int, text: str) -> None:
        self.after_notes = True
        self.parsed.skipped.append(
            Skipped(self.sheet.title, _("合计或说明，没有读。"), rows=(row,))
        )
        match = TOTAL.match(text)
        if match and int(match[1]) != self.members:
            self.parsed.general.append(
                _of_sheet(
                    self.sheet,
                    _("表里写着%(told)d人，读到%(found)d人，请核对。")
                    % {"told": int(match[1]), "found": self.members},
                    row,
                    text,
                )
            )

    def _take_group(self, row: int, text: str, *, only_sure: bool) -> bool:
        """Let a line name the group of the rows below; False if it names none."""
        bare = bare_group(text)
        if not bare or len(bare) > 40:
            return False
        kinds = _kinds_by_ending(bare)
        for said in kinds or list(GROUPS):
            found = (
                self.directories[GROUPS[said]].find(bare) if kinds else self._known_only(said, bare)
            )
            if found.sure or (found.named and not only_sure):
                self._open_group(_Group(said, found, row, text, _count_in(text)))
                return True
            if kinds and not only_sure and (found.candidates or len(kinds) == 1):
                self._open_group(_Group(said, found, row, text, _count_in(text)))
                return True
        return False

    def _known_only(self, said: Field, text: str) -> Found:
        """A line that does not say what it is counts only if the register knows it."""
        found = self.directories[GROUPS[said]].find(text)
        return found if found.sure else Found()

    def _open_group(self, group: _Group) -> None:
        self._close_groups(group.said)
        if group.found.named is None:
            group.problem = Problem(
                self.sheet.title,
                group.row,
                "",
                KIND_LABELS[GROUPS[group.said]],
                group.text,
                _group_reason(GROUPS[group.said], group.found),
                Severity.QUESTION,
                group.said,
                group.found.candidates,
                (GROUPS[group.said], bare_group(group.text)),
            )
            self.parsed.general.append(group.problem)
        self.groups[group.said] = group

    def _close_groups(self, said: Field | None = None) -> None:
        """Compare what the line of the group announced with what came."""
        for key in [said] if said else list(self.groups):
            group = self.groups.pop(key, None)
            if group and group.announced is not None and group.announced != group.members:
                self.parsed.general.append(
                    _of_sheet(
                        self.sheet,
                        _("标题写着%(told)d人，读到%(found)d人，请核对。")
                        % {"told": group.announced, "found": group.members},
                        group.row,
                        group.text,
                    )
                )

    def _ask_about(self, row: int, value: Value, *, may_be_group: bool) -> None:
        """A lonely line nobody understands; among groups it is one more, and its rows wait."""
        if self.groups and may_be_group:
            self._open_group(_Group(list(self.groups)[-1], Found(), row, text_of(value)))
        else:
            self.parsed.general.append(
                _of_sheet(self.sheet, _("这一行没有读：看不出是分组还是说明。"), row, value)
            )

    # --- rows that are members ---

    def _member(self, number: int, block: dict[Field, Column], table: Table) -> None:
        row = PlannedRow(self.sheet.title, number, {}, columns=dict(block.items()))
        note = block.get(Field.NOTE)
        if note and text_of(self.sheet.value(number, note.index)).startswith(EXAMPLE):
            self.parsed.skipped.append(
                Skipped(self.sheet.title, _("示例行，没有读。"), rows=(number,))
            )
            return
        for said in SAID:
            if said in block:
                self._cell(row, said, block[said])
        self._groups_for(row, block)
        self._term_for(row)
        if Field.NAME not in row.values and not any(p.field == Field.NAME for p in row.problems):
            row.tell(_("没有姓名。"), Severity.ERROR, Field.NAME)
        _split_work(row)
        _compare_with_id_number(row)
        self.members += 1
        table.members += 1
        for group in self.groups.values():
            group.members += 1
        self.parsed.rows.append(row)

    def _cell(self, row: PlannedRow, said: Field, column: Column) -> None:
        at = (row.row, column.index)
        area = self.merged.runs_down(*at)
        if area and said in RUNS_DOWN:
            at = (area.top, area.left)
        value = self.sheet.value(*at)
        if at in self.sheet.broken:
            row.tell(self.sheet.broken[at], Severity.ERROR, said)
            return
        if said in self.carries and not area:
            value = self.carried[said] = self.carried.get(said) if not text_of(value) else value
        if value is None or (isinstance(value, str) and not value.strip()):
            return
        if said in GROUPS:
            self._body(row, said, value)
            return
        try:
            reading = self._read(said, value, at)
        except Unreadable as problem:
            row.tell(str(problem), Severity.ERROR, said, value)
            return
        if reading.doubt:
            row.tell(reading.doubt, Severity.WARNING, said, value)
        _keep(row.values, said, reading.value)

    def _read(self, said: Field, value: Value, at: tuple[int, int]) -> Reading[Any]:
        if said not in (Field.BIRTH, Field.SINCE):
            return READERS[said](value)
        return read_date(
            value,
            today=self.known.today,
            adult=said is Field.BIRTH,
            number_format=self.sheet.formats.get(at, ""),
            padded=self._padded(at[1]),
            literal=self.parsed.book.kind != "csv",
        )

    def _padded(self, column: int) -> bool | None:
        if column not in self.padded:
            first = self.table.heading.last_row if self.table else 0
            values = [
                cells[column - 1] for cells in self.sheet.rows[first:] if len(cells) >= column
            ]
            if self.parsed.book.kind != "csv":
                values = [value for value in values if isinstance(value, float)]
            self.padded[column] = writes_january_padded(values)
        return self.padded[column]

    def _body(self, row: PlannedRow, said: Field, value: Value) -> None:
        text = plain(value)
        if says_nothing(text):
            return
        kind = GROUPS[said]
        found = self.directories[kind].find(text)
        if found.named is None:
            severity = Severity.QUESTION if found.candidates else Severity.ERROR
            problem = row.tell(_group_reason(kind, found), severity, said, value)
            problem.choices, problem.ask = found.candidates, (kind, squeezed(text))
            return
        if not found.sure:
            reason = (
                _("系统里没有“%(name)s”，将新建。")
                if found.named.key is None
                else _("按“%(name)s”读入。")
            )
            row.tell(reason % {"name": found.named.name}, Severity.WARNING, said, value)
        row.values[said] = found.named

    def _groups_for(self, row: PlannedRow, block: dict[Field, Column]) -> None:
        """What the rows above say of the groups, where the row itself is silent."""
        for said, group in self.groups.items():
            if said in row.values or any(problem.field == said for problem in row.problems):
                continue
            if group.found.named is not None:
                row.values[said] = group.found.named
            elif group.problem is not None:
                row.problems.append(group.problem)
        if Field.SECTOR not in block and not self.groups:
            found = self._known_only(Field.SECTOR, bare_group(self.sheet.title))
            if found.named and not TITLE_WORDS.search(self.sheet.title):
                row.values[Field.SECTOR] = found.named

    def _term_for(self, row: PlannedRow) -> None:
        if Field.TERM not in row.values and not any(p.field == Field.TERM for p in row.problems):
            term = self.known.term or self.title_term or self.known.current_term
            if term is None:
                row.tell(_("看不出是哪一届。"), Severity.ERROR, Field.TERM)
                return
            row.values[Field.TERM] = term
        term = row.values.get(Field.TERM)
        if term and self.known.terms and term not in self.known.terms:
            row.tell(
                _("系统里没有第%(term)d届，请先建立这一届。") % {"term": term},
                Severity.ERROR,
                Field.TERM,
                term,
            )


def _is_serial(value: Value) -> bool:
    return squeezed(value).strip(".、()").isdecimal()


def _count_in(text: str) -> int | None:
    match = GROUP_COUNT.search(squeezed(text))
    return int(match[1] or match[2]) if match else None


def _says_group(text: str) -> bool:
    """Whether a text is numbered, counted or named as groups are, and so is nobody's name."""
    return bare_group(text) != squeezed(text) or bool(
        re.search(r"(?:界|界别|街道|小组|委员会|工委)$", squeezed(text))
    )


def _kinds_by_ending(text: str) -> list[Field]:
    """What a line by itself says it is: a sector, a town's group or a committee."""
    if re.search(r"(?:街道|镇|乡|小组|工委|联络组|工作站)$", text):
        return [Field.TOWN, Field.SECTOR]
    if re.search(r"(?:界|界别|界别组)$", text):
        return [Field.SECTOR]
    if re.search(r"(?:委|委员会|办公室)$", text):
        return [Field.COMMITTEE, Field.SECTOR]
    return []


def _group_reason(kind: Kind, found: Found) -> str:
    label = KIND_LABELS[kind]
    if not found.candidates:
        return _("系统里没有这个%(kind)s。") % {"kind": label}
    names = "、".join(entry.name for entry in found.candidates[:6])
    return _("可能是%(names)s，请选定%(kind)s。") % {"names": names, "kind": label}


def _keep(values: dict[str, Any], said: Field, value: Any) -> None:
    """Put what a cell says among the values; an empty cell says nothing."""
    if isinstance(value, Name):
        values[Field.NAME] = value.name
        if value.sex:
            values[Field.SEX] = value.sex
        if value.ethnic_group:
            values[Field.ETHNIC_GROUP] = value.ethnic_group
    elif isinstance(value, Phones):
        if value.phone:
            values[Field.PHONE] = value.phone
        if value.others:
            values["other_phones"] = value.others
    elif value not in (None, ""):
        values[said] = value


def _split_work(row: PlannedRow) -> None:
    work = row.values.pop(Field.WORK, "")
    if work and Field.WORKPLACE not in row.values:
        workplace, post = split_work(work)
        row.values[Field.WORKPLACE] = workplace
        if Field.POST not in row.values:
            row.values[Field.POST] = post
        if Field.WORK in row.columns:
            row.columns.setdefault(Field.WORKPLACE, row.columns[Field.WORK])


def _compare_with_id_number(row: PlannedRow) -> None:
    """An identity card says birth and sex; where the roster differs, one of both is mistyped."""
    card = row.values.get(Field.ID_NUMBER, "")
    if len(card) != 18:
        return
    birth = row.values.get(Field.BIRTH)
    if isinstance(birth, PartialDate):
        told = (birth.year, birth.month or int(card[10:12]), birth.day or int(card[12:14]))
        if told != (int(card[6:10]), int(card[10:12]), int(card[12:14])):
            row.tell(_("出生日期与证件号不一致。"), Severity.WARNING, Field.BIRTH, str(birth))
    sex = "male" if int(card[16]) % 2 else "female"
    if row.values.get(Field.SEX, sex) != sex:
        row.tell(_("性别与证件号不一致。"), Severity.WARNING, Field.SEX)
