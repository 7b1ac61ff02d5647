"""One row or document by itself: who puts what, wholly or refused with the reason and the remedy."""

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cppcc_portal.office import parameters
from cppcc_portal.office.forms import count_characters
from members.models import Body
from members.roster.report import Problem, Severity
from members.roster.values import squeezed, text_of
from proposals.importing.columns import Field, Record
from proposals.importing.known import Known, Seat, phone_hash
from proposals.importing.texts import ORDER, split_text
from proposals.models.collectives import kind_in_season
from proposals.models.proposals import digest_of

TITLE_MOST = 200
NOT_SAID = gettext_lazy("导入的清单没有写明是否同意公开，暂不公开。")
YES, NO = (
    frozenset({"是", "同意", "公开", "同意公开", "y", "yes", "√", "可以"}),
    frozenset({"否", "不同意", "不公开", "不同意公开", "n", "no", "×", "不"}),
)
MOMENT = re.compile(
    r"(\d{4})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*日?(?:[\sT]*(\d{1,2})[:：](\d{2})(?::\d{2})?)?$"
)

# 陈一、黄二 · 陈一等3名委员: the first is the first proposer.
BETWEEN = re.compile(r"[、,，;；/\n]+")
OTHERS = re.compile(r"等\s*\d*\s*(?:人|名|位).*$")


class Verdict(StrEnum):
    """What becomes of a row."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass
class Planned:
    """One proposal as it would be written."""

    record: Record
    parts: dict[str, str]
    proposer: str = ""
    seat: int | None = None
    body: Body | None = None
    may_publish: bool | None = None
    unpublished_reason: str = ""
    units: list[int] = field(default_factory=list)
    submitted_at: datetime | None = None
    note: str = ""
    side: dict[str, str] = field(default_factory=dict)
    digest: str = ""
    verdict: Verdict = Verdict.CREATED
    standing: int | None = None
    problems: list[Problem] = field(default_factory=list)

    @property
    def key(self) -> str:
        return f"b:{self.body.pk}" if self.body else f"m:{self.seat}"

    @property
    def text_digest(self) -> str:
        return digest_of(self.parts)

    def tell(self, said: Field | None, reason: str, severity: Severity = Severity.ERROR) -> None:
        """Note what is wrong with a cell, and how to mend it."""
        column = self.record.columns.get(said) if said else None
        self.problems.append(
            Problem(
                self.record.sheet,
                self.record.row,
                column.place if column else "",
                column.heading if column else "",
                self.record.text(said)[:120] if said else "",
                reason,
                severity,
            )
        )
        if severity is Severity.ERROR:
            self.verdict = Verdict.REFUSED


def plan_one(record: Record, known: Known) -> Planned:
    """What one record says, whole or refused."""
    row = Planned(record, parts_of(record))
    _title(row)
    _proposer(row, known)
    _publication(row)
    _units(row, known)
    _submission(row, known)
    _season(row, known)
    _cosigners(row)
    if remark := record.text(Field.NOTE):
        row.note = "\n".join(filter(None, [row.note, _("导入清单备注：%s") % remark]))
    for name, why in record.broken.items():
        row.tell(name, why)
    said = "\x1f".join(
        [
            row.key,
            row.text_digest,
            str(row.may_publish),
            row.unpublished_reason,
            row.submitted_at.isoformat() if row.submitted_at else "",
            ",".join(map(str, sorted(row.units))),
            *(row.side.get(name, "") for name in ("contact_name", "contact_phone", "writers")),
        ]
    )
    row.digest = hashlib.sha256(said.encode()).hexdigest()
    return row


def _cosigners(row: Planned) -> None:
    """Who signs beside the first proposer says so alone; the names are kept for the office."""
    named = [row.record.text(Field.COSIGNERS)]
    _first, *more = BETWEEN.split(row.record.text(Field.PROPOSER))
    if row.body is None:
        named = ["、".join(more), *named]
    others = "、".join(name for name in named if name and name not in ("无", "/", "—"))
    if not others:
        return
    row.note = _("导入清单所列联名人：%s") % others
    column = Field.COSIGNERS if Field.COSIGNERS in row.record.values else Field.PROPOSER
    told = _("联名须委员本人确认，没有导入；名单已记入内部批注。")
    row.tell(column, told, Severity.WARNING)


def parts_of(record: Record) -> dict[str, str]:
    """The text in its parts; a single column of content is parted by its own headings."""
    given = {
        "situation": record.text(Field.SITUATION),
        "analysis": record.text(Field.ANALYSIS),
        "suggestions": record.text(Field.SUGGESTIONS),
    }
    content = record.text(Field.CONTENT)
    if content:
        parted = split_text(content.splitlines())
        given = {name: "\n".join(filter(None, (parted[name], given[name]))) for name in ORDER}
    return {"title": " ".join(record.text(Field.TITLE).split()), **given}


def _title(row: Planned) -> None:
    title = row.parts["title"]
    if not title:
        row.tell(Field.TITLE, _("没有案由。请填写后再导入。"))
    elif count_characters(title) > TITLE_MOST:
        row.tell(Field.TITLE, _("案由超过 %s 个字，请缩短。") % TITLE_MOST)


def _proposer(row: Planned, known: Known) -> None:
    """The member or organisation that is meant; nobody is guessed."""
    record = row.record
    typed = record.text(Field.PROPOSER)
    first = OTHERS.sub("", BETWEEN.split(typed)[0].strip())
    name = squeezed(first.removesuffix("委员"))
    row.proposer = typed
    if not name:
        row.tell(Field.PROPOSER, _("没有提案人。请填写委员姓名或组织名称。"))
        return
    seats = [*known.seats.get(name, ()), *known.seats.get(squeezed(first), ())]
    seats = list({seat.pk: seat for seat in seats}.values())
    bodies = known.bodies.get(squeezed(typed), [])
    if not seats and len(bodies) == 1:
        _body(row, bodies[0])
        return
    if not seats:
        told = (
            _("有几个组织叫这个名称，请写全称。")
            if bodies
            else _("本届在任委员和可提出提案的组织中都没有“%s”。请核对姓名或全称。") % typed
        )
        row.tell(Field.PROPOSER, told)
        return
    _seat(row, seats)


def _seat(row: Planned, seats: list[Seat]) -> None:
    """One of the members of this name, by number, telephone or sector."""
    record = row.record
    number, sector = squeezed(record.text(Field.MEMBER_NUMBER)), record.text(Field.SECTOR)
    phone = phone_hash(record.text(Field.PHONE)) if Field.PHONE in record.values else ""
    left = seats
    for said, matches in (
        (number, lambda seat: seat.number == number),
        (phone, lambda seat: seat.phone_hash == phone),
        (sector, lambda seat: _same_sector(seat.sector, sector)),
    ):
        if said and len(left) > 1:
            left = [seat for seat in left if matches(seat)]
    if len(left) == 1:
        row.seat = left[0].pk
        if number and left[0].number and left[0].number != number:
            row.tell(
                Field.MEMBER_NUMBER,
                _("委员证号与名册中“%s”的证号不一致。请核对姓名和证号。") % left[0].name,
            )
    else:
        row.tell(
            Field.PROPOSER,
            _("本届有 %s 位同名委员，认不准是哪一位。请填委员证号或手机号。") % len(seats),
        )


def _same_sector(known: str, typed: str) -> bool:
    bare, said = squeezed(known).removesuffix("界"), squeezed(typed).removesuffix("界")
    return bool(said) and (said in bare or bare in said)


def _body(row: Planned, body: Body) -> None:
    """A collective proposal: its contact stands beside the text."""
    row.body = body
    record = row.record
    row.side = {
        "contact_name": record.text(Field.CONTACT)[:30],
        "contact_phone": (record.text(Field.CONTACT_PHONE) or record.text(Field.PHONE))[:30],
        "writers": record.text(Field.WRITERS)[:200],
    }


def _season(row: Planned, known: Known) -> None:
    """Whether the body may put proposals on the day on which this one was, or is, handed in."""
    if row.body is not None:
        for reason in kind_in_season(known.kinds[row.body.kind], row.submitted_at or known.now):
            row.tell(Field.PROPOSER, str(reason))


def _publication(row: Planned) -> None:
    typed = squeezed(row.record.text(Field.MAY_PUBLISH)).lower()
    row.unpublished_reason = row.record.text(Field.REASON)[:300]
    if not typed:
        return
    if typed in YES:
        row.may_publish, row.unpublished_reason = True, ""
    elif typed in NO:
        row.may_publish = False
        if not row.unpublished_reason:
            row.unpublished_reason = str(_("导入的清单没有写明理由。"))
            row.tell(
                Field.REASON if Field.REASON in row.record.columns else Field.MAY_PUBLISH,
                _("不同意公开但没有写理由，已注明“清单没有写明”，可在草稿中补写。"),
                Severity.WARNING,
            )
    else:
        row.tell(Field.MAY_PUBLISH, _("请填“是”或“否”。"))


def _units(row: Planned, known: Known) -> None:
    for name in re.split(r"[、,，;；\n]+", row.record.text(Field.UNITS)):
        wanted = squeezed(name)
        if not wanted:
            continue
        unit = known.units.get(wanted) or known.units.get(f"区{wanted}")
        if unit is None:
            told = _("没有叫“%s”的承办单位，这一项没有导入。") % name.strip()
            row.tell(Field.UNITS, told, Severity.WARNING)
        elif unit not in row.units:
            row.units.append(unit)


def _submission(row: Planned, known: Known) -> None:
    """A row with its day of submission is submitted as of that day, if it is complete."""
    value = row.record.values.get(Field.SUBMITTED)
    if value is None or not text_of(value):
        return
    moment = moment_of(value)
    if moment is None:
        row.tell(Field.SUBMITTED, _("看不懂这个日期。请写成 2026-01-05 或 2026-01-05 10:30。"))
        return
    if timezone.localdate(moment) > timezone.localdate(known.now):
        row.tell(Field.SUBMITTED, _("提交日期不能晚于今天。"))
        return
    if timezone.localdate(moment) < known.term.starts_on:
        row.tell(Field.SUBMITTED, _("提交日期早于本届开始的日子；只能导入本届的提案。"))
        return
    lacking = lacks(row, known)
    if lacking:
        told = _("%s先存为草稿，补好后在工作台提交。") % "".join(lacking)
        row.tell(Field.SUBMITTED, told, Severity.WARNING)
        return
    row.submitted_at = moment
    if row.may_publish is None:
        row.may_publish, row.unpublished_reason = False, str(NOT_SAID)


def lacks(row: Planned, known: Known) -> list[str]:
    """What a row would still need to be submitted."""
    missing: list[str] = []
    for name, label in (("situation", _("情况")), ("suggestions", _("建议"))):
        if not row.parts[name].strip():
            missing.append(_("没有「%s」，") % label)
    if count_characters(row.parts["title"]) > parameters.get("proposals.title_limit"):
        missing.append(_("案由超过 %s 个字，") % parameters.get("proposals.title_limit"))
    if row.body is not None:
        if known.kinds[row.body.kind].needs_seal:
            missing.append(_("集体提案须附盖章扫描件，"))
        if not row.side["contact_name"] or not row.side["contact_phone"]:
            missing.append(_("没有联系人和联系电话，"))
    return missing


def moment_of(value: Any) -> datetime | None:
    """A cell's moment in the office's zone; a bare day counts as its noon."""
    if isinstance(value, datetime):
        found = value if value.time() != time() else datetime.combine(value.date(), time(12))
    else:
        match = MOMENT.fullmatch(text_of(value).strip())
        if match is None:
            return None
        year, month, day = int(match[1]), int(match[2]), int(match[3])
        hour, minute = int(match[4] or 12), int(match[5] or 0)
        try:
            zone = timezone.get_current_timezone()
            found = datetime(year, month, day, hour, minute, tzinfo=zone)
        except ValueError:
            return None
    return timezone.make_aware(found) if timezone.is_naive(found) else found
