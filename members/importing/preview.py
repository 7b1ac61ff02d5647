"""What the pages show of a plan: masked, bounded, and kept encrypted until its time is over."""

import json
import re
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from cppcc_portal.office.personal import mask_id_number, mask_phone
from members.importing.plan import FIELD_LABELS, Plan, Step, Verdict, choices_of, kind_label
from members.models import Person
from members.roster.columns import Field
from members.roster.directory import Named
from members.roster.report import Problem, Severity

MOST_ROWS = 200  # rows shown
MOST_PROBLEMS = 500  # problems shown; the marked file has them all
MOST_ALIKE = 5  # rows with the same doubt in the same column, each told
MOST_QUESTIONS = 100  # asked at a time

_SPACED_NUMBER = re.compile(r"(?<!\d)\d(?:[ \u3000\-]?\d){6,}[xX]?")


def masked(text: str) -> str:
    """A text in which no whole phone or identity number can be read."""

    def hide(match: re.Match[str]) -> str:
        bare = re.sub(r"[ \u3000\-]", "", match[0])
        return mask_id_number(bare) if len(bare) >= 15 else mask_phone(bare)

    return _SPACED_NUMBER.sub(hide, text)


def shown(name: str, value: Any) -> str:
    """What one field says, as everybody may see it."""
    if value in (None, ""):
        return ""
    if isinstance(value, Named):
        return value.name
    if name == Field.SEX:
        return str(dict(Person.Sex.choices).get(value, value))
    if name == Field.IS_STANDING:
        return _("是") if value else _("否")
    if name == Field.PHONE:
        return mask_phone(str(value))
    if name == Field.ID_NUMBER:
        return mask_id_number(str(value))
    if name == Field.TERM:
        return _("第%s届") % value
    return masked(str(value))


def stored(plan: Plan) -> str:
    """The preview as text for `RosterImport.preview`."""
    return json.dumps(_preview(plan), ensure_ascii=False)


def _preview(plan: Plan) -> dict[str, Any]:
    problems = list(_once_each(plan.parsed.problems))
    # What changes nothing is only counted, as long as there is anything else to see.
    telling = [step for step in plan.steps if step.verdict is not Verdict.UNCHANGED]
    rows = telling or plan.steps
    asked = [
        step.question for step in plan.steps if step.question and step.verdict is Verdict.ASKED
    ]
    return {
        "rows": [_row(step) for step in rows[:MOST_ROWS]],
        "rows_in_all": len(rows),
        "read": len(plan.steps),
        "problems": sorted(problems, key=lambda one: list(Severity).index(one["severity"]))[
            :MOST_PROBLEMS
        ],
        "problems_in_all": len(problems),
        "bodies": [
            {
                "key": f"body:{kind}:{text}",
                "kind": kind_label(problem),
                "text": text,
                "reason": problem.reason,
                "where": problem.where,
                "choices": [[entry.key, entry.name] for entry in choices_of(problem, plan.known)],
                "likely": len(problem.choices),
            }
            for (kind, text), problem in list(plan.body_questions.items())[:MOST_QUESTIONS]
        ],
        "people": [
            {
                "key": question.key,
                "sheet": question.sheet,
                "row": question.row,
                "name": question.name,
                "reason": masked(question.reason),
                "choices": question.choices,
            }
            for question in asked[:MOST_QUESTIONS]
        ],
        "questions_in_all": len(plan.body_questions) + len(asked),
        "new_bodies": [name for _kind, name in plan.new_bodies],
        "skipped": [
            {"sheet": one.sheet, "what": _what(one), "reason": one.reason}
            for one in plan.parsed.skipped
        ][:MOST_PROBLEMS],
    }


def _what(skipped: Any) -> str:
    if skipped.rows:
        rows = "、".join(map(str, skipped.rows[:10]))
        return _("第%s行") % (f"{rows}…" if len(skipped.rows) > 10 else rows)
    return _("%(column)s列“%(heading)s”") % {
        "column": skipped.column,
        "heading": masked(skipped.heading),
    }


def _once_each(problems: list[Problem]) -> Iterator[dict[str, Any]]:
    """A doubt that a whole column shares is told once, with the number of its rows."""
    doubts: dict[tuple[str, str, str], list[Problem]] = {}
    for problem in problems:
        if problem.severity is Severity.WARNING:
            doubts.setdefault((problem.sheet, problem.column, problem.reason), []).append(problem)
    for problem in problems:
        alike = doubts.get((problem.sheet, problem.column, problem.reason), [problem])
        if problem.severity is not Severity.WARNING or len(alike) <= MOST_ALIKE:
            yield _problem(problem)
        elif problem is alike[0]:
            rows = _("%(row)d等%(count)d行") % {"row": problem.row, "count": len(alike)}
            yield {**_problem(problem), "row": rows}


def _problem(problem: Problem) -> dict[str, Any]:
    can_be_answered = problem.ask and problem.severity is Severity.ERROR
    return {
        "severity": Severity.QUESTION if can_be_answered else problem.severity,
        "sheet": problem.sheet,
        "row": problem.row or "",
        "column": problem.column,
        "heading": problem.heading,
        "value": masked(problem.value)[:120],
        "reason": masked(problem.reason),
    }


def _row(step: Step) -> dict[str, Any]:
    values = step.row.values
    row: dict[str, Any] = {
        "sheet": step.row.sheet,
        "row": step.row.row,
        "name": values.get(Field.NAME, ""),
        "verdict": step.verdict,
        "changes": [],
        "reasons": [],
    }
    if step.verdict is Verdict.UPDATED:
        row["changes"] = [
            {"label": FIELD_LABELS[Field(name)], "old": shown(name, old), "new": shown(name, new)}
            for name, (old, new) in step.changes.items()
        ]
    elif step.verdict is Verdict.CREATED:
        told = (Field.NUMBER, Field.SECTOR, Field.WORKPLACE, Field.POST, Field.PHONE)
        row["says"] = "，".join(filter(None, (shown(name, values.get(name)) for name in told)))
    else:
        row["reasons"] = [masked(problem.reason) for problem in step.open_problems()]
    return row
