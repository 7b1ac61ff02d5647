"""A roster from upload to written rows: asked, confirmed, never doubled, never half."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from cppcc_portal.office import files, jobs
from cppcc_portal.office.audit import AuditEvent
from members import actions
from members.importing import rosters
from members.importing.plan import Verdict, make_plan
from members.importing.writing import write
from members.models import (
    Body,
    Committee,
    Membership,
    Person,
    RosterImport,
    Sector,
    Term,
    TownCommittee,
    User,
)
from members.resources import MembershipResource
from members.roles import Role
from members.roster.reading import read
from tests import people

pytestmark = pytest.mark.django_db

HEAD = ("委员证号", "姓名", "界别", "现工作单位及职务", "手机号")
WANG = ("0001", "王小明", "教育界", "启明小学校长", "19900000001")
LI = ("0002", "李 华", "医卫界", "区人民医院医生", "19900000002")
ZHAO = ("0003", "赵大海", "农业界", "海丰合作社理事长", "19900000003")
GOOD = (HEAD, WANG, LI, ZHAO)


@pytest.fixture
def d(db: None) -> SimpleNamespace:
    """A term with its bodies, and two clerks who may bring rosters in."""
    plenary = people.term_with_plenary()
    term = plenary.term

    def sector(name: str, *aliases: str) -> Sector:
        return Sector.objects.create(
            kind=Body.Kind.SECTOR, name=name, term=term, aliases=list(aliases)
        )

    return SimpleNamespace(
        term=term,
        education=sector("教育界"),
        health=sector("医药卫生界", "医卫界"),
        farming=sector("农业界"),
        committee=Committee.objects.create(
            kind=Body.Kind.COMMITTEE, name="提案委员会", short_name="提案委", term=term
        ),
        town=TownCommittee.objects.create(kind=Body.Kind.TOWN, name="城东街道政协工委"),
        clerk=people.account("mw1", "委员甲", Role.MEMBER_WORK),
        other=people.account("mw2", "委员乙", Role.OFFICE),
    )


def xlsx(*rows: Any) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "名册"
    for row in rows:
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def sent(*rows: Any, name: str = "名册.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, xlsx(*rows))


def work(roster: RosterImport) -> str:
    """Let the worker do what the import waits for."""
    job = rosters.job_of(RosterImport.objects.get(pk=roster.pk))
    assert job
    return jobs.run_job(job.pk)


def now(roster: RosterImport) -> RosterImport:
    return RosterImport.objects.get(pk=roster.pk)


def uploaded(
    d: SimpleNamespace, *rows: Any, by: User | None = None, all_or_nothing: bool = False
) -> RosterImport:
    """A roster that was read and waits for confirmation."""
    roster = rosters.upload(
        sent(*rows), term=d.term, all_or_nothing=all_or_nothing, may_add=False, by=by or d.clerk
    )
    assert work(roster) == jobs.Job.State.DONE
    return now(roster)


def confirmed(d: SimpleNamespace, roster: RosterImport, **options: Any) -> RosterImport:
    rosters.confirm(roster, by=d.clerk, **{"all_or_nothing": False, **options})
    assert work(roster) == jobs.Job.State.DONE
    return now(roster)


def brought_in(d: SimpleNamespace, *rows: Any) -> RosterImport:
    return confirmed(d, uploaded(d, *rows))


def answered(d: SimpleNamespace, roster: RosterImport, **answers: str) -> RosterImport:
    """Every question of a kind answered alike."""
    shown = json.loads(roster.preview)
    asked = [one["key"] for one in shown["people"] + shown["bodies"]]
    chosen = {key: answers[sort] for key in asked if (sort := key.split(":")[0]) in answers}
    rosters.answer(roster, answers=chosen, may_add=False, by=d.clerk)
    assert work(roster) == jobs.Job.State.DONE
    return now(roster)


def reasons(roster: RosterImport) -> list[str]:
    return [one["reason"] for one in json.loads(roster.preview)["problems"]]


def wrote_nothing() -> bool:
    return not Membership.objects.exists()


# The way of a file -----------------------------------------------------------------------------


def test_roster_is_read_confirmed_and_written(d: SimpleNamespace) -> None:
    roster = uploaded(d, *GOOD)
    assert roster.status == RosterImport.Status.READ
    assert roster.count(Verdict.CREATED) == 3
    assert wrote_nothing()

    roster = confirmed(d, roster)

    assert roster.status == RosterImport.Status.WRITTEN
    assert roster.finished_at
    seat = Membership.objects.get(number="0002")
    assert (seat.person.name, seat.sector, seat.status) == ("李华", d.health, "active")
    assert (seat.person.workplace, seat.person.post) == ("区人民医院", "医生")
    assert seat.person.phone == "19900000002"
    assert seat.person.initials == "lh lihua"
    assert Person.objects.filter(phone_hash=seat.person.phone_hash).count() == 1


def test_history_and_audit_name_the_clerk_who_confirmed(d: SimpleNamespace) -> None:
    roster = uploaded(d, *GOOD, by=d.other)

    confirmed(d, roster)

    seat = Membership.objects.get(number="0001")
    assert seat.history.get().history_user == d.clerk
    assert seat.person.history.get().history_user == d.clerk
    event = AuditEvent.objects.get(action="membership.import")
    assert event.user == d.clerk
    assert event.object == f"members.rosterimport:{roster.pk}"
    assert event.fields["created"] == [None, 3]


def test_same_file_again_changes_nothing(d: SimpleNamespace) -> None:
    brought_in(d, *GOOD)

    again = uploaded(d, *GOOD)

    assert again.counts == {**dict.fromkeys(map(str, Verdict), 0), "unchanged": 3}
    assert again.missing("confirm") == ["没有要写入的行：名册与系统里的一致，或每一行都有问题。"]
    assert Membership.objects.count() == 3


def test_changes_are_shown_masked_and_written(d: SimpleNamespace) -> None:
    brought_in(d, *GOOD)
    moved = ("0001", "王小明", "农业界", "启明小学校长", "19900009999")

    roster = uploaded(d, HEAD, moved)
    (row,) = json.loads(roster.preview)["rows"]
    confirmed(d, roster)

    assert row["verdict"] == "updated"
    assert {"label": "手机号", "old": "199****0001", "new": "199****9999"} in row["changes"]
    seat = Membership.objects.get(number="0001")
    assert (seat.sector, seat.person.phone) == (d.farming, "19900009999")
    assert seat.history.count() == 2


def test_blanks_wipe_nothing_out(d: SimpleNamespace) -> None:
    brought_in(d, *GOOD)

    roster = uploaded(d, HEAD, ("0001", "王小明", "", "", ""))

    assert roster.count(Verdict.UNCHANGED) == 1


def test_year_alone_keeps_the_known_month_of_birth(d: SimpleNamespace) -> None:
    head = ("委员证号", "姓名", "出生年月", "任职时间")
    brought_in(d, head, ("0001", "王小明", "1974.05", "2022.01"))

    same = uploaded(d, head, ("0001", "王小明", "1974", "2022.01"))

    assert same.count(Verdict.UNCHANGED) == 1
    assert Person.objects.get(name="王小明").birth_month == 5


def test_workplace_in_one_piece_takes_the_old_post_with_it(d: SimpleNamespace) -> None:
    head = ("委员证号", "姓名", "工作单位及职务")
    brought_in(d, head, ("0001", "王小明", "启明小学校长"))

    brought_in(d, head, ("0001", "王小明", "居家养老"))

    person = Person.objects.get(name="王小明")
    assert (person.workplace, person.post) == ("居家养老", "")


def test_person_of_an_earlier_term_gets_a_new_seat(d: SimpleNamespace) -> None:
    brought_in(d, *GOOD)
    next_term = Term.objects.create(
        number=16, starts_on=d.term.ends_on, ends_on=d.term.ends_on.replace(year=2032)
    )
    Sector.objects.create(kind=Body.Kind.SECTOR, name="教育界", term=next_term)

    d.term = next_term
    brought_in(d, HEAD, WANG)

    assert Person.objects.filter(name="王小明").count() == 1
    assert Person.objects.get(name="王小明").memberships.count() == 2


def test_row_of_another_term_is_refused(d: SimpleNamespace) -> None:
    roster = uploaded(d, (*HEAD, "届次"), (*WANG, "十四届"), (*LI, "十五届"))

    assert (roster.count("refused"), roster.count("created")) == (1, 1)
    assert "这一行是第14届" in reasons(roster)[0]


# What nobody but the office knows --------------------------------------------------------------


def test_same_name_asks_and_takes_the_answer(d: SimpleNamespace) -> None:
    brought_in(d, *GOOD)
    namesake = ("", "王小明", "农业界", "", "")
    roster = uploaded(d, HEAD, namesake)
    assert roster.count("asked") == 1

    other = answered(d, roster, match="new")
    assert (other.count("created"), other.count("asked")) == (1, 0)
    rosters.cancel(other, by=d.clerk)

    same = answered(d, uploaded(d, HEAD, namesake), match=str(Person.objects.get(name="王小明").pk))
    assert same.count("updated") == 1


def test_same_member_twice_in_one_file_asks(d: SimpleNamespace) -> None:
    roster = uploaded(d, HEAD, WANG, ("", "王小明", "教育界", "启明小学校长", ""))
    assert (roster.count("created"), roster.count("asked")) == (1, 1)

    roster = confirmed(d, answered(d, roster, repeat="skip"))

    assert roster.count("skipped") == 1
    assert Person.objects.filter(name="王小明").count() == 1


def test_two_rows_that_find_one_person_ask(d: SimpleNamespace) -> None:
    brought_in(d, *GOOD)

    roster = uploaded(d, HEAD, (*WANG[:4], ""), ("", "王小明", "", "", "19900000001"))

    assert roster.count("asked") == 1
    assert any("找到的是同一个人" in reason for reason in reasons(roster))


def test_unknown_sector_is_chosen_once_for_all_its_rows(d: SimpleNamespace) -> None:
    rows = [(f"1{n}", f"周{name}", "田园组合", "", "") for n, name in enumerate("一二三")]
    roster = uploaded(d, HEAD, *rows)
    shown = json.loads(roster.preview)
    assert [one["text"] for one in shown["bodies"]] == ["田园组合"]

    roster = confirmed(d, answered(d, roster, body=str(d.farming.pk)))

    assert roster.count("created") == 3
    assert Membership.objects.filter(sector=d.farming).count() == 3


def test_unknown_sector_may_be_added(d: SimpleNamespace) -> None:
    roster = uploaded(d, HEAD, ("1", "周一", "低空经济界", "", ""))
    rosters.answer(roster, answers={}, may_add=True, by=d.clerk)
    work(roster)

    confirmed(d, now(roster))

    sector = Sector.objects.get(name="低空经济界")
    assert (sector.term, sector.group is not None) == (d.term, True)
    assert Membership.objects.get().sector == sector


def test_term_without_bodies_takes_them_from_its_first_roster(d: SimpleNamespace) -> None:
    d.term = Term.objects.create(
        number=16, starts_on=d.term.ends_on, ends_on=d.term.ends_on.replace(year=2032)
    )

    brought_in(d, *GOOD)

    assert Sector.objects.filter(term=d.term).count() == 3


def test_answers_can_be_taken_back(d: SimpleNamespace) -> None:
    brought_in(d, *GOOD)
    roster = answered(d, uploaded(d, HEAD, ("", "王小明", "农业界", "", "")), match="new")

    rosters.answer(roster, answers={}, may_add=False, forget=True, by=d.clerk)
    work(roster)

    assert now(roster).count("asked") == 1


# Numbers that belong to one person -------------------------------------------------------------


def test_phone_of_another_person_is_never_taken_silently(d: SimpleNamespace) -> None:
    brought_in(d, *GOOD)

    roster = uploaded(d, HEAD, ("0009", "钱多多", "教育界", "", "19900000001"))
    assert roster.count("asked") == 1
    confirmed(d, answered(d, roster, match="new"))

    assert Person.objects.get(name="钱多多").phone == ""
    assert Person.objects.get(name="王小明").phone == "19900000001"


def test_identity_number_of_another_person_is_refused(d: SimpleNamespace) -> None:
    person = people.person("钱多多")
    actions.set_id_number(person, "32068419750101001X")
    actions.save_person(person, by=d.clerk)

    roster = uploaded(d, ("姓名", "身份证号"), ("王小明", "32068419750101001X"))

    assert roster.count("refused") == 1
    assert "身份证号已是钱多多的" in reasons(roster)[0]
    assert "32068419750101001X" not in roster.preview


def test_member_number_moved_to_another_person(d: SimpleNamespace) -> None:
    brought_in(d, *GOOD)
    swapped = (("0002", *WANG[1:]), ("0001", *LI[1:]))
    roster = uploaded(d, HEAD, *swapped)
    assert roster.count("asked") == 2
    shown = json.loads(roster.preview)["people"]
    pks = {name: str(Person.objects.get(name=name).pk) for name in ("王小明", "李华")}

    rosters.answer(
        roster, answers={one["key"]: pks[one["name"]] for one in shown}, may_add=False, by=d.clerk
    )
    work(roster)
    confirmed(d, now(roster))

    assert Membership.objects.get(person__name="王小明").number == "0002"
    assert Membership.objects.get(person__name="李华").number == "0001"


def test_phones_may_change_hands_inside_one_file(d: SimpleNamespace) -> None:
    head = ("委员证号", "姓名", "手机号")
    brought_in(d, head, ("0001", "王小明", "19900000001"), ("0002", "李华", "19900000002"))
    roster = uploaded(d, head, ("0001", "王小明", "19900000002"), ("0002", "李华", "19900000001"))
    assert roster.count("asked") == 2
    shown = json.loads(roster.preview)["people"]
    pks = {name: str(Person.objects.get(name=name).pk) for name in ("王小明", "李华")}

    rosters.answer(
        roster, answers={one["key"]: pks[one["name"]] for one in shown}, may_add=False, by=d.clerk
    )
    work(roster)
    confirmed(d, now(roster))

    assert Person.objects.get(name="王小明").phone == "19900000002"
    assert Person.objects.get(name="李华").phone == "19900000001"


# All or nothing, order, two at once, death -----------------------------------------------------

BAD = ("0004", "孙七", "教育界", "", "1990000")


def test_all_or_nothing_writes_nothing_while_a_row_is_wrong(d: SimpleNamespace) -> None:
    roster = uploaded(d, *GOOD, BAD, all_or_nothing=True)

    client = logged_in(d.clerk)
    client.post(page("confirm", roster.pk), {"version": roster.version, "all_or_nothing": "all"})

    assert now(roster).status == RosterImport.Status.READ
    assert wrote_nothing()


def test_good_rows_only_leaves_the_wrong_ones(d: SimpleNamespace) -> None:
    roster = confirmed(d, uploaded(d, *GOOD, BAD))

    assert Membership.objects.count() == 3
    assert (roster.count("created"), roster.count("refused")) == (3, 1)


def test_second_clerk_with_the_same_file_doubles_nobody(d: SimpleNamespace) -> None:
    mine, theirs = uploaded(d, *GOOD), uploaded(d, *GOOD, by=d.other)
    confirmed(d, mine)

    rosters.confirm(theirs, all_or_nothing=False, by=d.other)
    work(theirs)

    theirs = now(theirs)
    assert theirs.status == RosterImport.Status.READ
    assert "又有变化" in theirs.reason
    assert theirs.count("unchanged") == 3
    assert Membership.objects.count() == 3


def test_stale_page_confirms_nothing(d: SimpleNamespace) -> None:
    roster = uploaded(d, *GOOD)
    client = logged_in(d.clerk)
    rosters.answer(now(roster), answers={}, may_add=False, by=d.other)
    work(roster)

    answer = client.post(
        page("confirm", roster.pk),
        {"version": roster.version, "all_or_nothing": "good"},
        follow=True,
    )

    assert "重新对照过" in answer.content.decode()
    assert now(roster).status == RosterImport.Status.READ


def test_two_clerks_confirm_one_import_and_it_is_written_once(d: SimpleNamespace) -> None:
    roster = uploaded(d, *GOOD)
    mine, theirs = logged_in(d.clerk), logged_in(d.other)
    form = {"version": roster.version, "all_or_nothing": "good"}

    mine.post(page("confirm", roster.pk), form)
    second = theirs.post(page("confirm", roster.pk), form, follow=True)
    work(roster)

    assert "委员甲已在 " in second.content.decode()
    assert Membership.objects.count() == 3


def test_jobs_may_run_twice(d: SimpleNamespace) -> None:
    roster = uploaded(d, *GOOD)
    read_again = jobs.Job.objects.get(kind=rosters.READ_JOB).payload
    assert rosters.read_roster(read_again, silent) == {}
    roster = confirmed(d, roster)
    wrote = jobs.Job.objects.get(kind=rosters.WRITE_JOB).payload

    assert rosters.write_roster(wrote, silent) == {}

    assert Membership.objects.count() == 3
    assert now(roster).version == roster.version


def silent(*args: Any) -> None:
    pass


class Killed(BaseException):
    """The worker was taken away at this point."""


@pytest.mark.parametrize("at", [0, 1])
def test_worker_killed_before_writing_is_followed_by_another(d: SimpleNamespace, at: int) -> None:
    roster = uploaded(d, *GOOD)
    rosters.confirm(roster, all_or_nothing=False, by=d.clerk)
    payload = jobs.Job.objects.get(kind=rosters.WRITE_JOB).payload

    def dies(done: int, *args: Any) -> None:
        if done == at:
            raise Killed

    with pytest.raises(Killed):
        rosters.write_roster(payload, dies)
    assert wrote_nothing()
    assert work(roster) == jobs.Job.State.DONE

    assert Membership.objects.count() == 3


@pytest.mark.parametrize("after", [0.1, 0.5, 0.9])
def test_database_lost_while_writing_leaves_nothing_half(d: SimpleNamespace, after: float) -> None:
    roster = uploaded(d, *GOOD)
    rosters.confirm(roster, all_or_nothing=False, by=d.clerk)
    payload = jobs.Job.objects.get(kind=rosters.WRITE_JOB).payload
    asked = 0

    def count(execute: Callable[..., Any], *args: Any) -> Any:
        nonlocal asked
        asked += 1
        return execute(*args)

    def die_at(number: int) -> Callable[..., Any]:
        left = number

        def die(execute: Callable[..., Any], *args: Any) -> Any:
            nonlocal left
            left -= 1
            if left < 0:
                raise Killed
            return execute(*args)

        return die

    plan = make_plan(read(io.BytesIO(xlsx(*GOOD)), "名册.xlsx"), d.term)
    with connection.execute_wrapper(count), pytest.raises(Killed):
        write_then_die(plan, d.clerk)
    with connection.execute_wrapper(die_at(int(asked * after))), pytest.raises(Killed):
        rosters.write_roster(payload, silent)

    assert wrote_nothing()
    assert not Person.objects.filter(name="王小明").exists()
    assert work(roster) == jobs.Job.State.DONE
    assert Membership.objects.count() == 3


def write_then_die(plan: Any, by: User) -> None:
    from django.db import transaction  # noqa: PLC0415  only this arrangement needs it

    with transaction.atomic():
        write(plan, by=by)
        raise Killed


def test_person_entered_by_hand_meanwhile_reopens_the_import(d: SimpleNamespace) -> None:
    roster = uploaded(d, *GOOD)
    rosters.confirm(roster, all_or_nothing=False, by=d.clerk)
    person = people.person("王小明")
    actions.set_phone(person, "19900000001")
    actions.save_person(person, by=d.other)

    work(roster)

    roster = now(roster)
    assert roster.status == RosterImport.Status.READ
    assert (roster.count("created"), roster.count("updated")) == (2, 1)
    assert wrote_nothing()


def test_plan_of_an_old_register_is_refused_by_the_database(d: SimpleNamespace) -> None:
    plan = make_plan(read(io.BytesIO(xlsx(*GOOD)), "名册.xlsx"), d.term)
    person = people.person("别人")
    actions.set_phone(person, "19900000003")
    actions.save_person(person, by=d.other)

    with pytest.raises(IntegrityError):
        write(plan, by=d.clerk)


def test_cancelled_import_is_never_written(d: SimpleNamespace) -> None:
    roster = uploaded(d, *GOOD)
    rosters.confirm(roster, all_or_nothing=False, by=d.clerk)
    job = rosters.job_of(roster)

    rosters.cancel(roster, by=d.other)

    assert job
    assert jobs.run_job(job.pk) == ""
    assert wrote_nothing()


def test_cancel_while_the_worker_reads_wins(d: SimpleNamespace) -> None:
    roster = rosters.upload(
        sent(*GOOD), term=d.term, all_or_nothing=False, may_add=False, by=d.clerk
    )
    payload = jobs.Job.objects.get(kind=rosters.READ_JOB).payload

    def cancels(done: int, *args: Any) -> None:
        if done == 4:
            rosters.cancel(now(roster), by=d.clerk)

    assert rosters.read_roster(payload, cancels) == {}
    assert now(roster).status == RosterImport.Status.CANCELLED


def test_half_a_file_is_refused_with_the_way_on(d: SimpleNamespace) -> None:
    half = SimpleUploadedFile("名册.xlsx", xlsx(*GOOD)[:2500])

    answer = logged_in(d.clerk).post(
        reverse("admin:members_roster_import"),
        {"term": d.term.pk, "file": half, "all_or_nothing": "good"},
    )

    assert answer.status_code == 200
    assert "另存" in answer.content.decode()
    assert not RosterImport.objects.exists()


def test_table_without_names_is_refused(d: SimpleNamespace) -> None:
    roster = uploaded(d, ("车牌", "车型"), ("A1", "轿车"))

    assert roster.status == RosterImport.Status.REFUSED
    assert "没有找到带“姓名”的表头" in roster.reason


# What stands in the database and who sees it ---------------------------------------------------


def test_no_number_stands_plain_in_the_database(d: SimpleNamespace) -> None:
    brought_in(d, (*HEAD, "身份证号"), (*WANG, "32068419750101001X"), (*LI, ""))
    roster = uploaded(d, *GOOD, ("0009", "钱多多", "教育界", "", "19900000001"), BAD)
    answered(d, roster, match="new")

    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608  names of our own tables
            stands = repr(cursor.fetchall())
            for number in ("19900000001", "19900000002", "32068419750101001X"):
                assert number not in stands, table


def test_files_are_read_by_those_who_import_only(d: SimpleNamespace) -> None:
    roster = uploaded(d, *GOOD, BAD)
    attachments = list(files.for_subject(roster))
    assert len(attachments) == 2

    for attachment in attachments:
        address = attachment.get_absolute_url()
        answer = logged_in(d.other).get(address)
        assert answer.status_code == 200
        assert b"".join(answer.streaming_content)  # type: ignore[attr-defined]
        stranger = people.account(f"sg{attachment.pk}", "秘书长", Role.SECRETARY_GENERAL)
        assert logged_in(stranger).get(address).status_code == 404
    assert AuditEvent.objects.filter(action="file.fetch").count() == 2


def test_marked_file_carries_the_reason_at_the_cell(d: SimpleNamespace) -> None:
    roster = uploaded(d, *GOOD, BAD)

    marked = rosters.marked_file(roster)
    assert marked
    with marked.open() as stream:
        sheet = openpyxl.load_workbook(io.BytesIO(stream.read()))["名册"]

    assert sheet["E5"].fill.fgColor.rgb.endswith("FF9C9C")
    assert "不是11位手机号" in sheet["F5"].value


def test_marked_file_mended_imports_the_rest(d: SimpleNamespace) -> None:
    roster = confirmed(d, uploaded(d, *GOOD, BAD))
    marked = rosters.marked_file(roster)
    assert marked
    with marked.open() as stream:
        book = openpyxl.load_workbook(io.BytesIO(stream.read()))
    book["名册"]["E5"] = "19900000004"
    file = io.BytesIO()
    book.save(file)

    plan = make_plan(read(file, "名册.xlsx"), d.term)

    assert (plan.counts["created"], plan.counts["unchanged"]) == (1, 3)


def test_files_and_preview_go_when_their_time_is_over(d: SimpleNamespace) -> None:
    roster = confirmed(d, uploaded(d, *GOOD, BAD))
    waiting = uploaded(d, *GOOD)

    assert rosters.forget_old(timezone.now()) == 0
    assert rosters.forget_old(timezone.now() + rosters.KEPT * 2) == 2

    roster = now(roster)
    assert (roster.preview, roster.count("created")) == ("", 3)
    assert not files.for_subject(roster).exists()
    assert now(waiting).status == RosterImport.Status.CANCELLED
    assert logged_in(d.clerk).get(page("change", roster.pk)).status_code == 200


# Pages -----------------------------------------------------------------------------------------


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="members.backends.LoginBackend")
    return client


def page(verb: str, pk: int) -> str:
    return reverse(f"admin:members_rosterimport_{verb}", args=[pk])


def test_pages_from_upload_to_result(d: SimpleNamespace) -> None:
    client = logged_in(d.clerk)
    upload = client.post(
        reverse("admin:members_roster_import"),
        {"term": d.term.pk, "file": sent(*GOOD, BAD), "all_or_nothing": "good"},
    )
    roster = RosterImport.objects.get()
    assert upload.headers["Location"] == page("change", roster.pk)
    waiting = client.get(page("change", roster.pk)).content.decode()
    assert page("progress", roster.pk) in waiting
    assert "等待" in client.get(page("progress", roster.pk)).content.decode()

    work(roster)
    assert client.get(page("progress", roster.pk)).headers["HX-Refresh"] == "true"
    preview = client.get(page("change", roster.pk)).content.decode()
    assert "不是11位手机号" in preview
    assert "199****0001" in preview
    assert "19900000001" not in preview
    client.post(
        page("confirm", roster.pk), {"version": now(roster).version, "all_or_nothing": "good"}
    )
    work(roster)

    result = client.get(page("change", roster.pk)).content.decode()
    assert "新增 3 人" in result
    assert "下载标出问题的表格" in result
    assert (
        roster.name in client.get(reverse("admin:members_rosterimport_changelist")).content.decode()
    )


def test_questions_are_answered_on_the_page(d: SimpleNamespace) -> None:
    brought_in(d, *GOOD)
    client = logged_in(d.clerk)
    roster = uploaded(d, HEAD, ("", "王小明", "", "", ""), ("0008", "周一", "田园组合", "", ""))
    preview = client.get(page("change", roster.pk)).content.decode()
    assert "“田园组合”是哪一个？" in preview
    assert "是另一位，作为新委员写入" in preview

    client.post(page("answer", roster.pk), {"body-0": str(d.farming.pk), "person-0": "new"})
    work(roster)

    assert now(roster).count("created") == 2


def test_answer_that_was_not_offered_is_refused(d: SimpleNamespace) -> None:
    brought_in(d, *GOOD)
    roster = uploaded(d, HEAD, ("", "王小明", "农业界", "", ""))

    answer = logged_in(d.clerk).post(page("answer", roster.pk), {"person-0": "999999"})

    assert answer.status_code == 200
    assert now(roster).status == RosterImport.Status.READ


def test_steps_in_the_wrong_order_say_so(d: SimpleNamespace) -> None:
    roster = confirmed(d, uploaded(d, *GOOD))
    client = logged_in(d.clerk)

    for verb, form in (
        ("confirm", {"version": roster.version, "all_or_nothing": "good"}),
        ("answer", {}),
        ("cancel", {}),
    ):
        answer = client.post(page(verb, roster.pk), form, follow=True)
        assert "可能已有别人先办了" in answer.content.decode(), verb
    assert Membership.objects.count() == 3


def test_looking_changes_nothing(d: SimpleNamespace) -> None:
    roster = uploaded(d, *GOOD)
    client = logged_in(d.clerk)

    for verb in ("answer", "confirm", "cancel", "again"):
        assert client.get(page(verb, roster.pk)).status_code == 302

    assert now(roster).version == roster.version


@pytest.mark.parametrize(
    "role",
    [Role.SECRETARY_GENERAL, Role.COMMITTEE_STAFF, Role.SYSTEM_ADMIN, Role.AUDITOR, Role.MEMBER],
)
def test_others_neither_see_nor_import(d: SimpleNamespace, role: str) -> None:
    roster = uploaded(d, *GOOD)
    client = logged_in(people.account("x", "某人", role))

    addresses = [
        reverse("admin:members_roster_import"),
        reverse("admin:members_roster_template"),
        reverse("admin:members_rosterimport_changelist"),
        page("change", roster.pk),
        page("progress", roster.pk),
    ]
    # A member is led to the login of the workplace, whoever works there is told no.
    closed = {302} if role == Role.MEMBER else {403, 404}
    assert {client.get(address).status_code for address in addresses} <= closed | {403, 404}
    for verb in ("answer", "confirm", "cancel", "again"):
        assert client.post(page(verb, roster.pk)).status_code in closed | {403, 404}
    assert now(roster).status == RosterImport.Status.READ


def test_failed_job_can_be_tried_again(d: SimpleNamespace) -> None:
    roster = rosters.upload(
        sent(*GOOD), term=d.term, all_or_nothing=False, may_add=False, by=d.clerk
    )
    jobs.Job.objects.update(
        state=jobs.Job.State.FAILED, finished_at=timezone.now(), message="磁盘忙"
    )
    client = logged_in(d.clerk)
    assert "磁盘忙" in client.get(page("change", roster.pk)).content.decode()

    client.post(page("again", roster.pk))
    work(roster)

    assert now(roster).status == RosterImport.Status.READ


def test_template_has_the_bodies_of_the_term_and_comes_back_empty(d: SimpleNamespace) -> None:
    answer = logged_in(d.clerk).get(reverse("admin:members_roster_template"))

    content = io.BytesIO(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    book = openpyxl.load_workbook(content)
    assert "医药卫生界" in [cell.value for row in book["选项"] for cell in row]
    content.seek(0)
    assert make_plan(read(content, "模板.xlsx"), d.term).steps == []


def test_installation_without_a_term_says_what_to_do(d: SimpleNamespace) -> None:
    d.term.plenaries.all().delete()
    Body.objects.all().delete()
    Sector.history.all().delete()
    Term.objects.all().delete()

    content = logged_in(d.clerk).get(reverse("admin:members_roster_import")).content.decode()

    assert "先新建一届" in content
    with pytest.raises(CommandError, match="还没有届次.*先在工作台"):
        call_command("import_members", __file__)


@pytest.mark.parametrize("count", [1, 3])
def test_list_and_preview_ask_a_constant_number_of_queries(
    d: SimpleNamespace, count: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    imports = [uploaded(d, HEAD, *(WANG, LI, ZHAO)[:count]) for _n in range(count)]
    client = logged_in(d.clerk)

    with django_assert_max_num_queries(14):
        client.get(reverse("admin:members_rosterimport_changelist"))
    with django_assert_max_num_queries(14):
        client.get(page("change", imports[0].pk))


# The command -----------------------------------------------------------------------------------


@pytest.fixture
def file_of(tmp_path: Path) -> Callable[..., str]:
    def write_file(*rows: Any) -> str:
        path = tmp_path / "名册.xlsx"
        path.write_bytes(xlsx(*rows))
        return str(path)

    return write_file


def told(*words: str) -> dict[str, Any]:
    out = io.StringIO()
    call_command("import_members", *words, "--json", stdout=out)
    report: dict[str, Any] = json.loads(out.getvalue())
    return report


def test_command_writes_once_and_finds_it_unchanged(
    d: SimpleNamespace, file_of: Callable[..., str]
) -> None:
    file = file_of(*GOOD, BAD)

    dry, first, again = told(file, "--dry-run"), told(file), told(file, "--term", "第十五届")

    assert (dry["created"], first["created"], again["created"]) == (3, 3, 0)
    assert again["unchanged"] == 3
    assert first["refused"] == [
        {
            "sheet": "名册",
            "row": 5,
            "column": "E",
            "heading": "手机号",
            "reason": "不是11位手机号。",
        }
    ]
    assert Membership.objects.count() == 3
    assert AuditEvent.objects.get(action="membership.import").job == "import_members"


def test_command_counts_questions_as_refused_and_says_how_to_answer(
    d: SimpleNamespace, file_of: Callable[..., str]
) -> None:
    told(file_of(*GOOD))

    report = told(
        file_of(HEAD, ("", "王小明", "农业界", "", ""), ("8", "周一", "田园组合", "", ""))
    )

    assert [one["row"] for one in report["refused"]] == [2, 3]
    assert "请在表里补上委员证号或手机号" in report["refused"][0]["reason"]
    assert "在工作台导入时选定" in report["refused"][1]["reason"]


def test_command_all_or_nothing(d: SimpleNamespace, file_of: Callable[..., str]) -> None:
    out = io.StringIO()

    with pytest.raises(CommandError, match="一行也没有写入") as refusal:
        call_command(
            "import_members", file_of(*GOOD, BAD), "--json", "--all-or-nothing", stdout=out
        )

    assert refusal.value.returncode == 1
    assert json.loads(out.getvalue())["created"] == 0
    assert wrote_nothing()


@pytest.mark.parametrize(
    ("content", "words", "sentence"),
    [
        (b"", [], "文件是空的"),
        (b"PK\x03\x04 broken", [], "另存|损坏"),
        ("车牌,车型\nA1,轿车\n".encode("gbk"), [], "没有找到带“姓名”的表头"),
        ("姓名\n王小明\n".encode("gbk"), ["--term", "99"], "系统里没有“第99届”，只有第15届"),
        ("姓名\n王小明\n".encode("gbk"), ["--term", "明年"], "系统里没有“明年”"),
        ("姓名,届次\n王小明,十四届\n".encode("gbk"), [], "系统里没有“第14届”"),
    ],
)
def test_command_refuses_a_file_it_cannot_take(
    d: SimpleNamespace, tmp_path: Path, content: bytes, words: list[str], sentence: str
) -> None:
    file = tmp_path / "名册.csv"
    file.write_bytes(content)

    with pytest.raises(CommandError, match=sentence):
        call_command("import_members", str(file), *words)
    with pytest.raises(CommandError, match="打不开文件"):
        call_command("import_members", str(tmp_path / "absent.xlsx"))
    assert wrote_nothing()


def test_exported_list_imports_back_unchanged(d: SimpleNamespace, tmp_path: Path) -> None:
    brought_in(d, *GOOD)
    table = MembershipResource().export(Membership.objects.all())
    for name, content in (("a.csv", table.csv.encode("utf-8-sig")), ("a.xlsx", table.xlsx)):
        (tmp_path / name).write_bytes(content)

        report = told(str(tmp_path / name))

        assert (report["unchanged"], report["updated"], report["refused"]) == (3, 0, [])


def test_messy_roster_end_to_end(d: SimpleNamespace, file_of: Callable[..., str]) -> None:
    file = file_of(
        ("政协第十五届委员会委员名册",),
        ("（截至2026年11月）",),
        ("序号", "基本情况", "", "", "", "联系方式"),
        ("", "姓  名", "性别", "出生年月", "现工作单位及职务", "手机"),
        ("一、教育界（3人）",),
        (1, "王 明", "男", 65.7, "启明小学校长", 19900000011),
        (
            2,
            "欧阳 晓燕（女，回族）",
            "",
            "二〇〇一年一月",
            "区实验中学教师",
            "１９９ ００００ ００１２",
        ),
        (),
        (3, "李强", "男", "1974/9", "教育局 科长", "199-0000-0013"),
        ("二、医卫界",),
        (4, "王明", "男", "197101", "区人民医院医生", "+86 19900000014"),
        (5, "赵六", "男", "1980.13", "区中医院", "19900000015"),
        ("合计", "5人"),
        ("备注：以上名单以文件为准",),
    )

    report = told(file)

    assert report["created"] == 4
    assert [(one["row"], one["column"]) for one in report["refused"]] == [(12, "D")]
    seats = {
        seat.person.phone[-2:]: seat
        for seat in Membership.objects.select_related("person", "sector")
    }
    assert {key: seat.person.name for key, seat in seats.items()} == {
        "11": "王明",
        "12": "欧阳晓燕",
        "13": "李强",
        "14": "王明",
    }
    assert seats["11"].sector == d.education
    assert seats["14"].sector == d.health
    birth = {key: (s.person.birth_year, s.person.birth_month) for key, s in seats.items()}
    assert birth == {"11": (1965, 7), "12": (2001, 1), "13": (1974, 9), "14": (1971, 1)}
    assert seats["12"].person.ethnic_group == "回族"
    assert told(file)["unchanged"] == 4
