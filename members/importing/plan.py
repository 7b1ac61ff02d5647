"""What an import would do, row by row: whose row it is, what it changes, what must be asked first."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from cppcc_portal.office.personal import keyed_hash, mask_phone
from members.importing.known import existing, known_of
from members.models import Term
from members.roster.columns import Field
from members.roster.directory import Entry, Kind, Named
from members.roster.matching import (
    Ask,
    Create,
    Existing,
    Outcome,
    Register,
    Unchanged,
    Update,
    match,
)
from members.roster.plan import KIND_LABELS, parse
from members.roster.reading import Book
from members.roster.report import Known, Parsed, PlannedRow, Problem, Severity
from members.roster.values import PartialDate

NEW, SKIP = "new", "skip"
FIELD_LABELS = {
    Field.NUMBER: "委员证号", Field.NAME: "姓名", Field.PHONE: "手机号", Field.SECTOR: "界别",
    Field.COMMITTEE: "专委会", Field.TOWN: "镇街小组", Field.WORKPLACE: "工作单位", Field.POST: "职务",
    Field.TERM: "届", Field.SEX: "性别", Field.PARTY: "党派", Field.ETHNIC_GROUP: "民族",
    Field.BIRTH: "出生年月", Field.EDUCATION: "学历", Field.ID_NUMBER: "身份证号",
    Field.ADDRESS: "通信地址", Field.EMAIL: "电子邮箱", Field.IS_STANDING: "常委",
    Field.SINCE: "任职时间", Field.NOTE: "备注",
}  # fmt: skip
# What belongs to one person alone.
OWN = (Field.PHONE, Field.ID_NUMBER, Field.NUMBER)

Answers = Mapping[str, Any]


class Verdict(StrEnum):
    """What becomes of a row; the keys of `RosterImport.counts`."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    ASKED = "asked"
    REFUSED = "refused"
    SKIPPED = "skipped"


@dataclass(slots=True)
class Question:
    """What only the office knows. choices: (answer, what it says); answers go by `key`."""

    key: str
    sheet: str
    row: int
    name: str
    reason: str
    choices: list[tuple[str, str]]


@dataclass(slots=True, eq=False)
class Step:
    """One row and what becomes of it."""

    row: PlannedRow
    verdict: Verdict
    outcome: Outcome | None = None
    question: Question | None = None
    # The office said whose row it is, so a number that is another's is left out, not refused.
    answered: bool = False
    # What the register says of the person.
    before: Mapping[str, Any] = field(default_factory=dict)

    @property
    def writes(self) -> bool:
        return self.verdict in (Verdict.CREATED, Verdict.UPDATED)

    @property
    def person(self) -> int | None:
        """The person in the register whose row this is."""
        return self.outcome.person if isinstance(self.outcome, Update | Unchanged) else None

    @property
    def changes(self) -> dict[str, tuple[Any, Any]]:
        return self.outcome.changes if isinstance(self.outcome, Update) else {}

    def open_problems(self) -> Iterator[Problem]:
        """Why the row is not written, each at this row even where the line above it is to blame."""
        for problem in self.row.problems:
            if problem.severity is not Severity.WARNING:
                yield problem

    def settle(self) -> None:
        """Name what the outcome comes to."""
        match self.outcome:
            case Create():
                self.verdict = Verdict.CREATED
            case Update(seat=seat, changes=changes) if changes or seat is None:
                self.verdict = Verdict.UPDATED
            case Update(person=person, seat=int(seat)):
                self.outcome, self.verdict = Unchanged(person, seat), Verdict.UNCHANGED
            case Unchanged():
                self.verdict = Verdict.UNCHANGED


@dataclass(slots=True)
class Plan:
    """A whole file: each of its rows, and what the office must answer first."""

    term: Term
    known: Known
    parsed: Parsed
    steps: list[Step] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        counts = dict.fromkeys(map(str, Verdict), 0)
        for step in self.steps:
            counts[step.verdict] += 1
        return counts

    @property
    def left_out(self) -> list[Step]:
        """Rows that are not written until they are mended or answered."""
        return [step for step in self.steps if step.verdict in (Verdict.ASKED, Verdict.REFUSED)]

    @property
    def body_questions(self) -> dict[tuple[str, str], Problem]:
        """Names of sectors, committees and town groups that nobody could place, each once."""
        return {
            (str(problem.ask[0]), problem.ask[1]): problem
            for problem in self.parsed.problems
            if problem.ask and problem.severity is not Severity.WARNING
        }

    @property
    def new_bodies(self) -> list[tuple[Kind, str]]:
        """Bodies that the rows to be written name for the first time."""
        named = {
            (kind, body.name): None
            for step in self.steps
            if step.writes
            for kind in Kind
            if isinstance(body := step.row.values.get(kind), Named) and body.key is None
        }
        return list(named)

    @property
    def fingerprint(self) -> str:
        """The same for the same deeds on the same register; a keyed hash, since numbers are in it."""
        deeds = [
            [
                step.row.sheet,
                step.row.row,
                step.verdict,
                step.person,
                sorted((name, str(old), str(new)) for name, (old, new) in step.changes.items())
                if step.verdict is Verdict.UPDATED
                else sorted((name, str(value)) for name, value in step.row.values.items())
                if step.verdict is Verdict.CREATED
                else [],
            ]
            for step in self.steps
        ]
        return keyed_hash(json.dumps(deeds), "roster plan")


def make_plan(
    book: Book, term: Term, *, answers: Answers | None = None, may_add: bool = False
) -> Plan:
    """Read a book and compare it with the register as it is now."""
    known = known_of(term, body_answers(answers or {}), may_add=may_add)
    return compare(parse(book, known), known, term, answers or {})


def body_answers(answers: Answers) -> dict[tuple[str, str], int]:
    """Which body a text means, out of the answers of an import: "body:sector:农口" -> key."""
    found: dict[tuple[str, str], int] = {}
    for key, value in answers.items():
        sort, _colon, rest = key.partition(":")
        kind, _colon, text = rest.partition(":")
        if sort == "body" and str(value).isdigit():
            found[kind, text] = int(value)
    return found


def compare(parsed: Parsed, known: Known, term: Term, answers: Answers) -> Plan:
    """Decide for each row whose it is and what it changes."""
    people = existing()
    register = Register(people)
    plan = Plan(term, known, parsed)
    plan.steps = [_step(row, register, term, answers) for row in parsed.rows]
    _ask_person_twice(plan.steps, answers)
    _keep_numbers_apart(plan.steps, people, term.number)
    return plan


def _step(row: PlannedRow, register: Register, term: Term, answers: Answers) -> Step:
    _to_stored_precision(row.values)
    if row.values.get(Field.TERM, term.number) != term.number:
        row.tell(
            _("这一行是第%(told)d届，本次导入%(term)s：请另选第%(told)d届导入。")
            % {"told": row.values[Field.TERM], "term": term},
            Severity.ERROR,
            Field.TERM,
            row.values[Field.TERM],
        )
    step = Step(row, Verdict.REFUSED)
    if _is_skipped_repeat(step, answers):
        return step
    open_problems = list(step.open_problems())
    if open_problems:
        can_be_answered = all(
            problem.ask or problem.severity is Severity.QUESTION for problem in open_problems
        )
        step.verdict = Verdict.ASKED if can_be_answered else Verdict.REFUSED
        return step
    said = answers.get(_key("match", row))
    if said == SKIP:
        step.verdict = Verdict.SKIPPED
        return step
    chosen = 0 if said == NEW else int(said) if said and str(said).isdigit() else None
    step.answered = step.answered or chosen is not None
    step.outcome = match(row, register, chosen=chosen)
    if isinstance(step.outcome, Ask):
        _ask(step, step.outcome.reason, [_choice(one) for one in step.outcome.candidates])
        return step
    if step.person is not None:
        step.before = register.seats_of(step.person, term.number).values
    _keep_finer_birth(step)
    _leave_old_post(step)
    step.settle()
    return step


def _key(sort: str, row: PlannedRow) -> str:
    return f"{sort}:{row.sheet}:{row.row}"


def _ask(step: Step, reason: str, choices: list[tuple[str, str]]) -> None:
    row = step.row
    row.tell(reason, Severity.QUESTION, Field.NAME, row.values.get(Field.NAME))
    step.verdict, step.outcome = Verdict.ASKED, None
    step.question = Question(
        _key("match", row),
        row.sheet,
        row.row,
        str(row.values.get(Field.NAME, "")),
        reason,
        [*choices, (NEW, _("是另一位，作为新委员写入")), (SKIP, _("这一行不写"))],
    )


def _choice(one: Existing) -> tuple[str, str]:
    """A person of the register as the office tells them from others."""
    values = one.values
    told = [
        _("第%d届") % one.term if one.term else _("没有委员资格"),
        values.get(Field.NUMBER, ""),
        values[Field.SECTOR].name if values.get(Field.SECTOR) else "",
        f"{values.get(Field.WORKPLACE, '')}{values.get(Field.POST, '')}",
        mask_phone(values.get(Field.PHONE, "")),
    ]
    words = "，".join(filter(None, told))
    return str(one.person), _("就是%(name)s（%(words)s）") % {
        "name": values.get(Field.NAME, ""),
        "words": words,
    }


def _is_skipped_repeat(step: Step, answers: Answers) -> bool:
    """A row that repeats another of the same file: asked, or answered before."""
    row = step.row
    repeats = [
        problem
        for problem in row.problems
        if problem.severity is Severity.QUESTION and not problem.ask
    ]
    if not repeats:
        return False
    said = answers.get(_key("repeat", row))
    if said not in (NEW, SKIP):
        step.question = Question(
            _key("repeat", row),
            row.sheet,
            row.row,
            str(row.values.get(Field.NAME, "")),
            "".join(problem.reason for problem in repeats),
            [
                (SKIP, _("是同一人，这一行不写")),
                (NEW, _("是另一位，也写入（重复的号码不写）")),
            ],
        )
        return False
    for problem in repeats:
        problem.severity = Severity.WARNING
    if said == SKIP:
        step.verdict = Verdict.SKIPPED
        return True
    for problem in repeats:
        if problem.field in OWN:
            row.values.pop(problem.field, None)
    return False


def _to_stored_precision(values: dict[str, Any]) -> None:
    """The register keeps month and year of birth, and a whole day since when."""
    birth, since = values.get(Field.BIRTH), values.get(Field.SINCE)
    if isinstance(birth, PartialDate):
        values[Field.BIRTH] = PartialDate(birth.year, birth.month)
    if isinstance(since, PartialDate):
        day = since.first_day
        values[Field.SINCE] = PartialDate(day.year, day.month, day.day)


def _keep_finer_birth(step: Step) -> None:
    """A year alone does not wipe out the month that the register knows."""
    old, new = step.changes.get(Field.BIRTH, (None, None))
    if old and new and old.year == new.year and new.month is None:
        step.changes.pop(Field.BIRTH)


def _leave_old_post(step: Step) -> None:
    """Where workplace and post came as one text that could not be cut, the old post is gone with it."""
    old = step.changes.get(Field.WORKPLACE)
    values = step.row.values
    if old is None or Field.WORK not in step.row.columns or values.get(Field.POST):
        return
    if isinstance(step.outcome, Update) and (post := step.before.get(Field.POST)):
        step.outcome.changes[Field.POST] = (post, "")


def _ask_person_twice(steps: list[Step], answers: Answers) -> None:
    """Two rows of one file that find the same person: the second waits."""
    first: dict[int, PlannedRow] = {}
    for step in steps:
        if step.person is None:
            continue
        earlier = first.setdefault(step.person, step.row)
        if earlier is not step.row:
            _ask(step, _("与第%d行找到的是同一个人。") % earlier.row, [])


# Numbers that belong to one person ------------------------------------------------------------


def _keep_numbers_apart(steps: list[Step], people: list[Existing], term: int) -> None:
    """Refuse or leave out a number that would then be two persons'.

    What counts is who has it in the end: numbers may change hands inside one file.
    """
    own: dict[int, dict[Field, str]] = {}
    names: dict[int, str] = {}
    for one in people:
        names[one.person] = str(one.values.get(Field.NAME, ""))
        mine = own.setdefault(one.person, {})
        for said in OWN:
            if one.values.get(said) and (said is not Field.NUMBER or one.term == term):
                mine[said] = str(one.values[said])
    while True:
        holders: dict[tuple[Field, str], int | Step] = {
            (said, value): person for person, mine in own.items() for said, value in mine.items()
        }
        writing = [step for step in steps if step.writes]
        for step in writing:
            mine = own.get(step.person, {}) if step.person is not None else {}
            for said in OWN:
                if said in step.changes and said in mine:
                    holders.pop((said, mine[said]), None)
        # Each is looked at before the next round, or ten thousand clashes would take as many rounds.
        clashes = [_clashes(step, holders, names) for step in writing]
        if not any(clashes):
            return


def _clashes(
    step: Step, holders: dict[tuple[Field, str], int | Step], names: dict[int, str]
) -> bool:
    """Whether the row wanted somebody else's number; then everything is counted anew."""
    me = step.person if step.person is not None else step
    wanted: dict[Field, Any] = {}
    for said in OWN:
        if isinstance(step.outcome, Create):
            wanted[said] = step.row.values.get(said)
        elif said in step.changes:
            wanted[said] = step.changes[said][1]
    keys = [(said, str(value)) for said, value in wanted.items() if value]
    for said, value in keys:
        holder = holders.get((said, value), me)
        if holder == me:
            continue
        whose = {
            "what": FIELD_LABELS[said],
            "name": names.get(holder, "") if isinstance(holder, int) else _said_by(holder),
        }
        if not step.answered:
            reason = _("%(what)s已是%(name)s的。请核对后改正，或清空这一格再导入。") % whose
            step.row.tell(reason, Severity.ERROR, said, value)
            step.verdict, step.outcome = Verdict.REFUSED, None
            return True
        step.row.tell(
            _("%(what)s已是%(name)s的，没有写入。") % whose, Severity.WARNING, said, value
        )
        step.row.values.pop(said, None)
        step.changes.pop(said, None)
        step.settle()
        return True
    holders.update(dict.fromkeys(keys, me))
    return False


def _said_by(step: Step) -> str:
    name = str(step.row.values.get(Field.NAME, ""))
    return _("第%(row)d行%(name)s") % {"row": step.row.row, "name": name}


# For the report -------------------------------------------------------------------------------


def how_to_answer(problem: Problem) -> str:
    """What to do where there is nobody to ask, as on the command line."""
    if problem.ask:
        return _("请改成系统里的名称，或在工作台导入时选定，或加 --add-bodies 新建。")
    return _("请在表里补上委员证号或手机号，或在工作台导入时回答。")


def refusals(plan: Plan) -> list[dict[str, Any]]:
    """Each reason why a row was not taken: sheet, row, column, heading, reason."""
    told: list[dict[str, Any]] = []
    for step in plan.left_out:
        for problem in step.open_problems():
            reason = problem.reason
            if problem.row != step.row.row or problem.sheet != step.row.sheet:
                reason = f"{problem.where}“{problem.value}”：{reason}"
            if problem.ask or problem.severity is Severity.QUESTION:
                reason = f"{reason}{how_to_answer(problem)}"
            told.append(
                {
                    "sheet": step.row.sheet,
                    "row": step.row.row,
                    "column": problem.column,
                    "heading": problem.heading,
                    "reason": reason,
                }
            )
    return told


def choices_of(problem: Problem, known: Known) -> list[Entry]:
    """The bodies an unknown name may mean, the likely ones first."""
    kind = Kind(problem.ask[0]) if problem.ask else Kind.SECTOR
    every = {Kind.SECTOR: known.sectors, Kind.COMMITTEE: known.committees, Kind.TOWN: known.towns}
    return [*problem.choices, *(one for one in every[kind] if one not in problem.choices)]


def kind_label(problem: Problem) -> str:
    return KIND_LABELS[Kind(problem.ask[0])] if problem.ask else ""
