"""Random lives of public-opinion reports: whatever anybody tries in whatever order, what must hold holds.

Each report carries a mark of its own in its words, and every text that is made of it carries it on:
so a walk sees where the words of a report stand, and that they are gone once it is taken out.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cppcc_portal.office import audit
from cppcc_portal.office.audit import AuditEvent
from cppcc_portal.office.deadlines import Deadline
from cppcc_portal.office.keys import key_of
from cppcc_portal.office.models import Instruction, Notice
from cppcc_portal.office.workflow import IllegalMove, NotReady
from members.models import Person, User
from members.roles import Role
from proposals import actions
from proposals.actions import bulletins, opinion_editing, opinion_handling, opinions
from proposals.actions.opinion_removing import take_out_report
from proposals.models import (
    AdoptionRecord,
    Bulletin,
    OpinionDispatch,
    OpinionReport,
    OpinionText,
    OpinionYear,
)
from proposals.models.opinion_texts import opinion_digest
from tests import opinions as made
from tests import people, stages

pytestmark = pytest.mark.django_db

WALKS, STEPS = 16, 24
TOLD = (IllegalMove, NotReady, PermissionDenied, opinions.OpinionConflict)
BACK = {"recall", "return_", "keep", "send_back", "split"}
LAST = {"take_out", "archive"}
ROAD = (
    "submit",
    "register",
    "select",
    "edit",
    "check",
    "sign",
    "issue",
)  # how far a report has come
AUTHORS_STEPS = {"write", "submit", "recall"}
MODELS: list[Any] = [OpinionReport, Bulletin, OpinionDispatch]


def rows(model: Any) -> list[Any]:
    return list(model._base_manager.order_by("pk"))


class Walk:
    """One random life: four reports of two members, nine people, and a calendar that goes on."""

    def __init__(self, d: SimpleNamespace, chance: Random) -> None:
        self.d, self.chance, self.at = d, chance, made.MAY
        self.people = [
            d.author, d.cosigner, d.other, d.office, d.checker, d.leader, d.chair, d.clerk, d.closed,
        ]  # fmt: skip
        self.done: Counter[str] = Counter()
        self.marks: dict[int, str] = {}
        self.serials: dict[int, tuple[int, int]] = {}
        for turn in range(4):
            user, mark = (d.author if turn % 2 else d.cosigner), f"〔来稿{turn}〕"
            report = made.drafted(d, user, title=f"关于接送拥堵的情况{mark}")
            self.marks[report.pk] = mark
            for verb in ROAD[: chance.choice((0, 1, 3, 3, 4, 7))]:
                VERBS[OpinionReport][verb](self, report, self.whose(verb, report), 1)
        for bulletin in rows(Bulletin):
            send(self, bulletin, d.office, 0)
        edited = list(OpinionReport.objects.filter(status="selected").order_by("pk"))
        if len(edited) > 1:
            opinion_editing.combine(edited[0], by=d.office, into=edited[1], at=self.at)
        self.check()

    def step(self) -> None:
        """Somebody tries something; a refusal leaves nothing behind."""
        self.at += timedelta(days=self.chance.choice([0, 0, 1, 3]), minutes=1)
        verb, row, by = self.next_try()
        thing, user = type(row)._base_manager.get(pk=row.pk), User.objects.get(pk=by.pk)
        before = trace()
        try:
            VERBS[type(thing)][verb](self, thing, user, self.chance.randrange(10_000))
        except TOLD:
            assert trace() == before, f"{verb} was refused and left something behind"
        else:
            self.done[verb] += 1
            self.check()

    def next_try(self) -> tuple[str, Any, User]:
        roll = self.chance.random()
        turn = LAST if roll < 0.06 else BACK if roll < 0.25 else set()
        legal = list(self.legal()) if roll < 0.85 else []
        usual = [one for one in legal if one[0] not in BACK | LAST]
        if chosen := [one for one in legal if one[0] in turn] or usual:
            return self.chance.choice(chosen)
        thing = self.chance.choice([row for model in MODELS for row in rows(model)])
        return self.chance.choice(list(VERBS[type(thing)])), thing, self.chance.choice(self.people)

    def legal(self) -> Iterator[tuple[str, Any, User]]:
        """Every step that is open in the tables, with the person whose step it is."""
        for thing in [row for model in MODELS for row in rows(model)]:
            for verb in VERBS[type(thing)]:
                move = getattr(thing, "MOVES", {}).get(NEIGHBOUR.get(verb, verb))
                if move is None or thing.status in move.old:
                    yield verb, thing, self.whose(verb, thing)

    def whose(self, verb: str, thing: Any) -> Any:
        d = self.d
        if verb == "sign" or (verb == "send_back" and thing.status == "checked"):
            return d.leader
        if verb in AUTHORS_STEPS:
            return thing.first_author.membership.person.user
        if verb in ("check", "send_back"):
            return d.checker
        return d.clerk if verb == "answer" else d.office

    def words(self, report: OpinionReport, salt: int) -> dict[str, str]:
        """Words that carry the marks of the report and of what it holds."""
        held = [report.pk, *report.combined.filter(status="combined").values_list("pk", flat=True)]
        marks = "".join(self.marks[pk] for pk in held)
        last = opinion_editing.latest_edit(report)
        if last is not None and report.status == "selected" and salt % 2:
            marks = f"{last.situation}{marks}"  # what was split off may be left in the edited text
        return {
            "title": f"第{salt % 3}种标题{marks}",
            "situation": f"情况{marks}",
            "advice": "建议。" if salt % 7 else " ",
        }

    def marks_of(self, bulletin: Bulletin) -> str:
        return "".join(self.marks[report.pk] for report in bulletin.reports.all())

    def day(self, salt: int) -> date:
        """Mostly today, now and then a day that cannot be."""
        return timezone.localdate(self.at) + timedelta(days=(0, 0, 0, 1, -200)[salt % 5])

    def check(self) -> None:
        reports, sent = rows(OpinionReport), rows(OpinionDispatch)
        check_lines([*reports, *sent])
        check_registers(self, reports)
        check_hands(reports)
        check_combined(reports)
        for bulletin in rows(Bulletin):
            check_issue(self, bulletin)
        check_clocks(sent)
        check_taken_out(self, reports)
        check_readers(self.d)
        keys = list(Notice.objects.values_list("dedupe_key", flat=True))
        assert len(keys) == len(set(keys))


def trace() -> list[Any]:
    """What a refused step must leave as it was."""
    counted: list[Any] = [
        Notice, AuditEvent, OpinionText, Deadline, Bulletin, AdoptionRecord, Instruction,
    ]  # fmt: skip
    return [
        list(OpinionReport.objects.order_by("pk").values_list()),
        list(OpinionDispatch.objects.order_by("pk").values_list()),
        list(OpinionYear.objects.order_by("pk").values_list()),
        *(model.objects.count() for model in counted),
    ]


# Attempts -------------------------------------------------------------------------------------


def write(walk: Walk, it: OpinionReport, by: User, salt: int) -> None:
    version = it.version - (salt % 5 == 0)
    words = {**walk.words(it, salt), "secrecy_confirmed": salt % 6 != 0}
    opinions.save_report(it, by=by, version=version, at=walk.at, **words)


def return_(walk: Walk, it: OpinionReport, by: User, salt: int) -> None:
    note = f"请写具体{walk.marks[it.pk]}。" if salt % 3 else " "
    opinion_editing.return_(it, by=by, note=note, at=walk.at)


def combine(walk: Walk, it: OpinionReport, by: User, salt: int) -> None:
    others = OpinionReport.objects.filter(status="selected").exclude(pk=it.pk)
    into = (list(others) or [it])[salt % (len(others) or 1)] if salt % 9 else it
    opinion_editing.combine(it, by=by, into=into, at=walk.at)


def save_edit(walk: Walk, it: OpinionReport, by: User, salt: int) -> None:
    last = opinion_editing.latest_edit(it)
    base = (last.number if last else 0) - (salt % 6 == 0)
    opinion_editing.save_edit(it, by=by, base=base, at=walk.at, **walk.words(it, salt))


def edit(walk: Walk, it: OpinionReport, by: User, salt: int) -> None:
    last = opinion_editing.latest_edit(it)
    base = last.number if last else 0
    opinion_editing.edit(it, by=by, base=base, at=walk.at, **walk.words(it, salt))


def check(walk: Walk, it: OpinionReport, by: User, salt: int) -> None:
    signer = (walk.d.leader, walk.d.leader, walk.d.leader, walk.d.clerk)[salt % 4].person
    opinion_editing.check(it, by=by, signer=signer if salt % 7 else None, at=walk.at)


def sign(walk: Walk, it: OpinionReport, by: User, salt: int) -> None:
    scan = walk.d.scan if salt % 3 == 0 else None
    opinion_editing.sign(it, by=by, scan=scan, at=walk.at)


def take_out(walk: Walk, it: OpinionReport, by: User, salt: int) -> None:
    take_out_report(it, by=by, note="转区委保密办。" if salt % 4 else "", at=walk.at)


def send(walk: Walk, it: Bulletin, by: User, salt: int) -> None:
    ways: list[dict[str, Any]] = [
        {"target": "unit", "unit": walk.d.housing, "answer_wanted": True},
        {"target": "unit", "unit": walk.d.fire},
        {"target": "leader", "leader": walk.d.leader.person},
        {"target": "upper", "name": "市政协"},
        {"target": "supervision"},
        {"target": "unit"},
    ]
    bulletins.send(it, by=by, sent_on=walk.day(salt // 7), at=walk.at, **ways[salt % 6])


def adopt(walk: Walk, it: Bulletin, by: User, salt: int) -> None:
    kinds = ["single", "combined", "forwarded", "struck"]
    bulletins.record_adoption(
        it,
        by=by,
        level=("city", "province")[salt % 2],
        kind=kinds[salt % 4],
        adopter="市政协",
        adopted_on=walk.day(salt // 5),
        note=f"采用{walk.marks_of(it)}" if salt % 3 else "",
        replaces=it.adoptions.order_by("?" if salt % 2 else "pk").last() if salt % 5 == 0 else None,
        at=walk.at,
    )


def instruct(walk: Walk, it: Bulletin, by: User, salt: int) -> None:
    text = f"请研究{walk.marks_of(it)}。" if salt % 6 else " "
    leader, on = walk.d.leader.person, walk.day(salt // 5)
    words: dict[str, Any] = {"level": "district", "leader": leader, "given_on": on, "text": text}
    bulletins.record_instruction(it, by=by, at=walk.at, **words)


def answer(walk: Walk, it: OpinionDispatch, by: User, salt: int) -> None:
    said = f"已办{walk.marks_of(it.bulletin)}。" if salt % 5 else " "
    scan = walk.d.scan if salt % 3 else None
    opinion_handling.answer(it, by=by, answer=said, scan=scan, at=walk.at)


def plain(action: Any, **more: Any) -> Callable[[Walk, Any, User, int], Any]:
    return lambda walk, it, by, salt: action(it, by=by, at=walk.at, **more)


VERBS: dict[type, dict[str, Callable[[Walk, Any, User, int], Any]]] = {
    OpinionReport: {
        "write": write,
        "submit": plain(opinions.submit),
        "recall": plain(opinions.recall),
        "register": plain(opinion_editing.register),
        "return_": return_,
        "select": plain(opinion_editing.select),
        "keep": plain(opinion_editing.keep, note="已有同类来稿。"),
        "combine": combine,
        "split": plain(opinion_editing.split),
        "save_edit": save_edit,
        "edit": edit,
        "check": check,
        "send_back": plain(opinion_editing.send_back, note="请压缩。"),
        "sign": sign,
        "issue": plain(bulletins.issue),
        "archive": plain(bulletins.archive),
        "take_out": take_out,
    },
    Bulletin: {"send": send, "adopt": adopt, "instruct": instruct},
    OpinionDispatch: {"answer": answer},
}
# Steps that are no move of a table are open when these are.
NEIGHBOUR = {"write": "submit", "save_edit": "edit"}


# What must hold after each step ---------------------------------------------------------------


def check_lines(things: list[Any]) -> None:
    """Each row's status is what the table makes of its history; each line says who (or which job)."""
    for thing in things:
        status = thing._meta.get_field("status").default
        for change in thing.changes.order_by("pk"):
            move = thing.MOVES[change.verb]
            assert change.old == status, f"{thing!r}: {change} does not follow {status}"
            assert change.old in move.old
            assert change.new == move.new
            assert bool(change.by_id) != bool(change.job)
            status = change.new
        assert thing.status == status


def check_registers(walk: Walk, reports: list[Any]) -> None:
    """Numbers of the register and of the issues begin with 1, leave no gap, and stay with their thing."""
    given: dict[int, list[int]] = {}
    for report in reports:
        if report.serial is not None:
            number = (report.year, report.serial)
            assert walk.serials.setdefault(report.pk, number) == number
            given.setdefault(report.year, []).append(report.serial)
    issues: dict[int, list[int]] = {}
    for bulletin in rows(Bulletin):
        issues.setdefault(bulletin.year, []).append(bulletin.number)
    for numbers in (*given.values(), *issues.values()):
        assert sorted(numbers) == list(range(1, len(numbers) + 1))


def check_hands(reports: list[Any]) -> None:
    """Who edits does not check; who signs is the named leader, or their signed paper is there."""
    for report in reports:
        for change in report.changes.filter(verb="sign").select_related("by"):
            assert change.behalf or change.by.has_perm("proposals.sign_opinionreport")
        if report.status in ("checked", "signed", "issued"):
            main = report.combined_into or report
            assert main.checked_by_id is not None
            assert main.checked_by_id != main.edited_by_id
            assert main.edited_by_id == main.edited_text.made_by_id


def check_combined(reports: list[Any]) -> None:
    """A combined report hangs on one that is still inside the office, never on one that hangs itself."""
    for report in reports:
        if report.status == "combined":
            main = report.combined_into
            assert main.status in ("selected", "edited", "checked", "signed")
            assert not main.combined.filter(pk=main.pk).exists()


def check_issue(walk: Walk, bulletin: Bulletin) -> None:
    """An issue is the signed text, holds the words of each of its reports, and credits every author."""
    held = list(bulletin.reports.with_authors())
    assert bulletin.kind == ("combined" if len(held) > 1 else "single")
    assert bulletin.issued_by_id
    assert bulletin.signer_id
    if bulletin.is_emptied:
        assert any(report.status == "taken_out" for report in held)
        assert not bulletin.dispatches.filter(due_on__isnull=False, status="sent").exists()
        return
    assert bulletin.text.digest == opinion_digest(bulletin.text.parts)
    for report in held:
        assert walk.marks[report.pk] in bulletin.text.situation
        people_told = Person.objects.filter(
            notices__kind="opinion_issued", notices__subject=key_of(report)
        )
        assert set(people_told) == {author.membership.person for author in report.all_authors}
    standing = bulletin.adoptions.current().values_list("level", "kind", "adopter")
    assert len(standing) == len(set(standing))


def check_clocks(sent: list[Any]) -> None:
    """A unit that is asked has a clock which its date follows; who has answered or was let go has none."""
    running = {clock.subject: clock for clock in Deadline.objects.open()}
    for dispatch in sent:
        clock = running.get(key_of(dispatch))
        asked = dispatch.status == "sent" and dispatch.due_on is not None
        assert (clock is not None) == asked
        if clock is not None:
            assert dispatch.unit_id
            assert (clock.due_on, bool(clock.explain())) == (dispatch.due_on, True)
        assert (dispatch.status == "answered") == bool(dispatch.answer)


def every_word() -> str:
    """All that is written anywhere about reports."""
    found: list[Any] = []
    found += OpinionReport.objects.values_list("title", "situation", "advice")
    found += OpinionText._base_manager.values_list("title", "situation", "advice")
    found += OpinionDispatch.objects.values_list("answer", "name")
    found += Instruction._base_manager.values_list("text", "leader_name")
    found += AdoptionRecord._base_manager.values_list("note", "adopter")
    found += Notice.objects.values_list("title", "body")
    for model in (OpinionReport, OpinionDispatch):
        found += model.changes.rel.related_model.objects.values_list("note", "behalf")
    return "".join(str(one) for one in found)


def check_taken_out(walk: Walk, reports: list[Any]) -> None:
    """Nothing is left of the words of what was taken out, wherever they had gone."""
    gone = [report for report in reports if report.status == "taken_out"]
    words = every_word() if gone else ""
    for report in gone:
        assert walk.marks[report.pk] not in words, f"{report.pk} is still somewhere"


def check_readers(d: SimpleNamespace) -> None:
    """Members read their own reports, units only issues that were sent to them, others nothing."""
    for user in (d.author, d.cosigner, d.other):
        seen = OpinionReport.objects.visible_to(User.objects.get(pk=user.pk))
        assert all(report.first_author.is_user(user) for report in seen)
    clerk = User.objects.get(pk=d.clerk.pk)
    assert not OpinionReport.objects.visible_to(clerk).exists()
    got = Bulletin.objects.filter(dispatches__unit=d.housing)
    assert set(Bulletin.objects.visible_to(clerk)) == set(got)


@pytest.fixture
def crowd() -> SimpleNamespace:
    """The office of the reports, and somebody of it whose account was closed this morning."""
    d = made.office()
    d.closed = people.account("office9", "办公室丙", Role.OFFICE)
    User.objects.filter(pk=d.closed.pk).update(is_active=False)
    d.scan = stages.scan_for(d.closed, d.office)
    return d


def test_random_lives_of_reports_keep_every_promise(crowd: SimpleNamespace) -> None:
    done: Counter[str] = Counter()

    @settings(
        max_examples=WALKS,
        deadline=None,
        derandomize=True,
        database=None,
        # A walk is read as it is: its steps hang together, and making it smaller takes minutes.
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.randoms(use_true_random=True))
    def walks(chance: Random) -> None:
        with transaction.atomic():
            walk = Walk(crowd, chance)
            for _turn in range(STEPS):
                walk.step()
            day = timezone.localdate(walk.at)
            actions.remind(day)
            assert actions.remind(day) == 0
            while audit.seal():
                pass
            assert audit.verify().ok, audit.verify().broken
            done.update(walk.done)
            transaction.set_rollback(True)

    walks()

    # The walks are worth something only if they get everywhere.
    every = {verb for verbs in VERBS.values() for verb in verbs}
    assert every <= set(done), f"never succeeded: {sorted(every - set(done))}"
