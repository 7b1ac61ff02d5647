"""States of a public-opinion report, reached by actions."""

from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from members.models import Committee, Membership, Person, User
from members.roles import Role
from proposals.actions import bulletins, opinion_editing, opinions
from proposals.actions.opinion_removing import take_out_report
from proposals.models import Bulletin, OpinionDispatch, OpinionReport
from tests import people
from tests.district import district, seat
from tests.laid import once
from tests.stages import PDF

MAY = datetime(2026, 5, 6, 9, tzinfo=people.CHINA)
DAY = date(2026, 5, 6)
WORDS = {
    "title": "关于校门口接送拥堵的情况和建议",
    "situation": "放学时段校门口拥堵半小时。",
    "advice": "划出临时接送车位。",
}
EDITED = {
    "title": "编辑后的标题",
    "situation": "金丝雀编辑稿的情况。",
    "advice": "编辑稿的建议。",
}


@once
def office() -> SimpleNamespace:
    """The district with a second officer who checks, leaders who sign, a chair, the supervision office."""
    d = district()
    term = d.plenary.term
    d.own, d.foreign = (
        Committee.objects.create(kind="committee", name=name, short_name=name, term=term)
        for name in ("甲委", "乙委")
    )
    Membership.objects.filter(person=d.author.person).update(committee=d.own)
    d.checker = people.account("office2", "核稿人", Role.OFFICE)
    d.secgen = people.account("sg", "秘书长", Role.SECRETARY_GENERAL)
    d.leader = people.account("ld", "副主席甲", Role.LEADER)
    d.other_leader = people.account("ld2", "副主席乙", Role.LEADER)
    chair = {"post": "chair"}
    d.chair = people.account("ch1", "主任一", Role.COMMITTEE_CHAIR, body=d.own.body_ptr, **chair)
    d.other_chair = people.account(
        "ch2", "主任二", Role.COMMITTEE_CHAIR, body=d.foreign.body_ptr, **chair
    )
    d.supervision = people.account("sup", "督查员", Role.SUPERVISION)
    d.informant = people.account("inf", "信息员", Role.INFORMANT)
    return d


def scan() -> SimpleUploadedFile:
    return SimpleUploadedFile("原件.pdf", PDF, "application/pdf")


def fill(report: OpinionReport, by: User, **words: Any) -> None:
    opinions.save_report(
        report,
        by=by,
        version=report.fresh().version,
        at=MAY,
        **{**WORDS, "secrecy_confirmed": True, **words},
    )
    report.refresh_from_db()


@once
def drafted(d: SimpleNamespace, by: User | None = None, **words: Any) -> OpinionReport:
    by = by or d.author
    report = opinions.start_report(by=by, membership=seat(by), at=MAY)
    fill(report, by, **words)
    return report


@once
def submitted(d: SimpleNamespace, by: User | None = None, **words: Any) -> OpinionReport:
    report = drafted(d, by, **words)
    opinions.submit(report, by=by or d.author, at=MAY)
    return report


@once
def registered(d: SimpleNamespace, by: User | None = None, **words: Any) -> OpinionReport:
    report = submitted(d, by, **words)
    opinion_editing.register(report, by=d.office, at=MAY)
    return report


@once
def kept(d: SimpleNamespace) -> OpinionReport:
    report = registered(d)
    opinion_editing.keep(report, by=d.office, note="已有同类来稿。", at=MAY)
    return report


@once
def selected(d: SimpleNamespace, by: User | None = None, **words: Any) -> OpinionReport:
    report = registered(d, by, **words)
    opinion_editing.select(report, by=d.office, at=MAY)
    return report


@once
def combined(d: SimpleNamespace) -> OpinionReport:
    """A report of another member, inside the main one of the author."""
    main = selected(d)
    other = selected(d, d.cosigner, title="金丝雀另一作者", situation="金丝雀另一情况")
    opinion_editing.combine(other, by=d.office, into=main, at=MAY)
    return other


@once
def edited(d: SimpleNamespace, report: OpinionReport | None = None) -> OpinionReport:
    report = report or selected(d)
    opinion_editing.edit(report, by=d.office, base=0, at=MAY, **EDITED)
    return report


@once
def checked(d: SimpleNamespace, report: OpinionReport | None = None) -> OpinionReport:
    report = edited(d, report)
    opinion_editing.check(report, by=d.checker, signer=d.leader.person, at=MAY)
    return report


@once
def signed(d: SimpleNamespace, report: OpinionReport | None = None) -> OpinionReport:
    report = checked(d, report)
    opinion_editing.sign(report, by=d.leader, at=MAY)
    return report


@once
def issued(d: SimpleNamespace, report: OpinionReport | None = None) -> OpinionReport:
    report = signed(d, report)
    bulletins.issue(report, by=d.office, at=MAY)
    return report


@once
def archived(d: SimpleNamespace) -> OpinionReport:
    report = issued(d)
    bulletins.archive(report, by=d.office, at=MAY)
    return report


@once
def taken_out(d: SimpleNamespace) -> OpinionReport:
    report = registered(d)
    take_out_report(report, by=d.office, note="转区委保密办。", at=MAY)
    return report


@once
def returned(d: SimpleNamespace) -> OpinionReport:
    report = registered(d)
    opinion_editing.return_(report, by=d.office, note="请写明地点。", at=MAY)
    return report


@once
def issued_combined(d: SimpleNamespace) -> tuple[OpinionReport, OpinionReport]:
    other = combined(d)
    assert other.combined_into is not None
    main = issued(d, other.combined_into)
    other.refresh_from_db()
    return main, other


@once
def bulletin(d: SimpleNamespace) -> Bulletin:
    found = issued(d).bulletin
    assert found is not None
    return found


@once
def sent(d: SimpleNamespace, to: Bulletin | None = None, **more: Any) -> OpinionDispatch:
    """Sent to the housing bureau, which is asked to answer, unless told otherwise."""
    where = {"target": "unit", "unit": d.housing, "answer_wanted": True, **more}
    return bulletins.send(to or bulletin(d), by=d.office, sent_on=DAY, at=MAY, **where)


@once
def instructed(d: SimpleNamespace, on: Bulletin, text: str = "金丝雀批示", **more: Any) -> Any:
    values = {"level": "district", "leader": d.leader.person, "given_on": DAY, **more}
    return bulletins.record_instruction(on, by=d.office, text=text, at=MAY, **values)


@once
def adopted(d: SimpleNamespace, by_whom: Bulletin, **more: Any) -> Any:
    values = {"level": "city", "kind": "single", "adopter": "市政协", "adopted_on": DAY, **more}
    return bulletins.record_adoption(by_whom, by=d.office, at=MAY, **values)


# Every state with the function that leads there.
STATES = {
    "draft": drafted,
    "submitted": submitted,
    "registered": registered,
    "returned": returned,
    "selected": selected,
    "combined": combined,
    "kept_back": kept,
    "edited": edited,
    "checked": checked,
    "signed": signed,
    "issued": issued,
    "archived": archived,
    "taken_out": taken_out,
}


def people_told(kind: str) -> list[Person]:
    return list(Person.objects.filter(notices__kind=kind).order_by("pk"))
