import csv
from datetime import date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from cppcc_portal.office import deadlines, working_days
from cppcc_portal.office.deadlines import (
    DEFAULT_RULES,
    Deadline,
    DeadlineEvent,
    DeadlineRefused,
    DeadlineRule,
    DeadlineState,
    Holiday,
    Roll,
    Term,
    Unit,
    WorkingCalendar,
    add_months,
)
from cppcc_portal.office.ledger import WrittenOnce
from members.models import User

CHINA = ZoneInfo("Asia/Shanghai")
HANDED_OVER = date(2026, 3, 18)
DAY = timedelta(days=1)

days = st.dates(date(2000, 1, 1), date(2090, 12, 31))
counts = st.integers(0, 60)


@st.composite
def calendars(draw: st.DrawFn) -> WorkingCalendar:
    """Years with some days off and some weekends worked, as a State Council might set them."""
    start = draw(days)
    marks = draw(
        st.dictionaries(
            st.integers(0, 120), st.sampled_from([Holiday.Kind.HOLIDAY, Holiday.Kind.WORKDAY])
        )
    )
    return WorkingCalendar({start + timedelta(days=step): kind for step, kind in marks.items()})


@pytest.fixture
def holidays(db: None) -> None:
    """The packaged table of 2024 to 2027."""
    content = working_days.HOLIDAYS_FILE.read_bytes()
    working_days.load_holidays(working_days.read_holidays(content), job="test")


@pytest.fixture
def reply(holidays: None) -> Deadline:
    """A reply due three months after the hand-over of 18 March 2026."""
    return deadlines.start("proposals.handling:1", "reply", on=HANDED_OVER, job="test")


def begun(rule: str, on: date, subject: str = "proposals.handling:9", **fields: Any) -> Deadline:
    return deadlines.start(subject, rule, on=on, job="test", **fields)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=CHINA)


# Months --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "months", "due"),
    [
        (date(2026, 3, 18), 3, date(2026, 6, 18)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 12, 31), 6, date(2027, 6, 30)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
    ],
)
def test_months_end_on_the_same_day_or_the_last_of_the_month(
    on: date, months: int, due: date
) -> None:
    assert add_months(on, months) == due


@given(days, st.integers(-48, 48))
def test_months_reach_the_month_they_name_and_never_pass_the_day(on: date, months: int) -> None:
    reached = add_months(on, months)

    assert reached.year * 12 + reached.month == on.year * 12 + on.month + months
    assert reached.day == on.day or (
        reached.day < on.day and (reached + DAY).month != reached.month
    )


@given(days, days, st.integers(0, 48))
def test_months_keep_the_order_of_days(first: date, second: date, months: int) -> None:
    first, second = sorted([first, second])

    assert add_months(first, months) <= add_months(second, months)


# Working days --------------------------------------------------------------------------------


@given(calendars(), days, counts)
def test_working_days_end_on_a_working_day_with_so_many_between(
    working: WorkingCalendar, on: date, count: int
) -> None:
    due = working.add(on, count)

    assert working.between(on, due) == count
    assert count == 0 or working.is_working_day(due)


@given(calendars(), days, counts, counts)
def test_working_days_add_up(working: WorkingCalendar, on: date, some: int, more: int) -> None:
    assert working.add(working.add(on, some), more) == working.add(on, some + more)


@given(calendars(), days, st.integers(1, 60))
def test_working_days_before_a_working_day_lead_back(
    working: WorkingCalendar, on: date, count: int
) -> None:
    on = working.roll(on)

    assert working.add(working.add(on, count), -count) == on


@given(calendars(), days, days)
def test_working_days_between_change_sign_with_direction(
    working: WorkingCalendar, first: date, last: date
) -> None:
    last = first + timedelta(days=(last - first).days % 400)

    assert working.between(first, last) == -working.between(last, first)
    assert 0 <= working.between(first, last) <= (last - first).days


@given(calendars(), days)
def test_rolling_finds_the_first_working_day_from_here(working: WorkingCalendar, day: date) -> None:
    rolled = working.roll(day)

    assert working.is_working_day(rolled)
    assert working.between(day, rolled) == (rolled != day)


@given(
    calendars(),
    days,
    st.sampled_from([Unit.WORKING_DAYS, Unit.CALENDAR_DAYS, Unit.MONTHS]),
    st.integers(1, 24),
    st.sampled_from(Roll),
)
def test_a_term_ends_after_its_start_and_a_longer_one_no_sooner(
    working: WorkingCalendar, on: date, unit: str, amount: int, roll: str
) -> None:
    due = Term(unit, amount, roll=roll).due(on, working)

    assert due > on
    assert Term(unit, amount + 1, roll=roll).due(on, working) >= due


@given(days, st.dates(date(2024, 1, 1), date(2024, 12, 31)))
def test_a_fixed_date_lies_ahead_within_a_year(on: date, day: date) -> None:
    due = Term(Unit.FIXED_DATE, month=day.month, day=day.day).due(on, WorkingCalendar({}))

    assert on < due <= add_months(on, 12) + DAY
    assert due.month == day.month


def test_holidays_rest_and_make_up_days_work(holidays: None) -> None:
    assert not working_days.is_working_day(date(2026, 2, 17))
    assert working_days.is_working_day(date(2026, 2, 28))
    assert not working_days.is_working_day(date(2026, 3, 1))
    # 13 February was Friday; 14 February worked, nine days off, then on.
    assert working_days.add_working_days(date(2026, 2, 13), 3) == date(2026, 2, 25)
    assert working_days.working_days_between(date(2026, 2, 13), date(2026, 2, 25)) == 3


@pytest.mark.django_db
def test_a_year_without_rows_goes_by_weekends() -> None:
    assert working_days.add_working_days(date(2031, 4, 30), 1) == date(2031, 5, 1)


# The packaged table and its loading ----------------------------------------------------------


def test_the_packaged_table_says_what_is_published_and_what_is_not() -> None:
    rows = working_days.read_holidays(working_days.HOLIDAYS_FILE.read_bytes())
    of = {year: [row for row in rows if row.day.year == year] for year in range(2024, 2028)}

    off = {year: sum(row.kind == "holiday" for row in of[year]) for year in of}
    on = {year: sum(row.kind == "workday" for row in of[year]) for year in of}
    assert off == {2024: 28, 2025: 28, 2026: 33, 2027: 13}
    assert on == {2024: 8, 2025: 5, 2026: 6, 2027: 0}
    assert {row.status for row in rows if row.day.year < 2027} == {"published"}
    assert {row.status for row in of[2027]} == {"provisional"}
    assert all(row.comment for row in rows)
    assert all(row.day.weekday() >= 5 for row in rows if row.kind == "workday")


def test_loading_again_changes_nothing(holidays: None) -> None:
    rows = working_days.read_holidays(working_days.HOLIDAYS_FILE.read_bytes())

    done = working_days.load_holidays(rows, job="test")

    assert (done.added, done.changed, done.removed) == (0, 0, 0)
    assert Holiday.history.count() == len(rows)


def test_a_published_plan_replaces_the_provisional_year_and_stays(holidays: None) -> None:
    plan = "date,kind,name,status\n2027/2/4,放假,春节,\n2027-02-05,holiday,春节,published\n"

    done = working_days.load_holidays(working_days.read_holidays(plan.encode("gbk")), job="test")
    packaged = working_days.read_holidays(working_days.HOLIDAYS_FILE.read_bytes())
    again = working_days.load_holidays(packaged, job="test")

    assert (done.added, done.changed, done.removed) == (1, 1, 12)
    assert again.kept_years == [2027]
    assert [one.day for one in Holiday.objects.filter(day__year=2027)] == [
        date(2027, 2, 4),
        date(2027, 2, 5),
    ]


def test_a_bad_file_names_every_line(tmp_path: Path) -> None:
    text = "date,kind,name,status\n2027-13-01,holiday,元旦,\n2027-01-02,休息日,元旦,\n2027-01-03,holiday,,x\n"

    with pytest.raises(working_days.HolidayFileError) as caught:
        working_days.read_holidays(text.encode())

    assert [fault[:3] for fault in caught.value.faults] == ["第2行", "第3行", "第4行", "第4行"]


@pytest.mark.django_db
def test_the_command_loads_the_packaged_table_and_says_what_it_did(tmp_path: Path) -> None:
    out = StringIO()

    call_command("load_holidays", stdout=out)

    with working_days.HOLIDAYS_FILE.open(encoding="utf-8") as file:
        assert Holiday.objects.count() == len(list(csv.DictReader(file)))
    assert "新增 121 天" in out.getvalue()
    with pytest.raises(CommandError, match="读不到文件"):
        call_command("load_holidays", str(tmp_path / "none.csv"))


# Rules ---------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_default_rules_are_added_once_and_edits_stay() -> None:
    deadlines.ensure_default_rules()
    DeadlineRule.objects.filter(code="reply").update(amount=2)

    again = deadlines.ensure_default_rules()

    assert again == 0
    assert set(DEFAULT_RULES) <= set(DeadlineRule.objects.values_list("code", flat=True))
    assert DeadlineRule.objects.get(code="reply").amount == 2
    for rule in DeadlineRule.objects.all():
        rule.full_clean()
        assert rule.note


@pytest.mark.parametrize(
    "fields",
    [
        {"unit": Unit.FIXED_DATE},
        {"unit": Unit.FIXED_DATE, "month": 2, "day": 30},
        {"unit": Unit.MONTHS, "amount": 0},
        {"unit": Unit.MONTHS, "amount": 121},
        {"unit": Unit.MONTHS, "amount": 3, "month": 6, "day": 30},
    ],
)
def test_a_rule_without_sense_is_refused(db: None, fields: dict[str, Any]) -> None:
    rule = DeadlineRule(code="odd", label="期限", start_label="交办", **fields)

    with pytest.raises(ValidationError):
        rule.full_clean()


@pytest.mark.django_db
def test_the_database_refuses_a_rule_with_neither_amount_nor_date() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        DeadlineRule.objects.create(code="odd", label="期限", start_label="交办", unit="months")


# How a due date came about -------------------------------------------------------------------


def test_a_due_date_explains_itself_through_an_extension(reply: Deadline) -> None:
    deadlines.extend(reply, to=date(2026, 9, 18), on=date(2026, 7, 2), job="test")

    assert (reply.original_due_on, reply.due_on) == (date(2026, 6, 18), date(2026, 9, 18))
    assert reply.explain() == (
        "2026年3月18日交办 + 3个月 = 6月18日（周四）；7月2日同意延期，改为9月18日（周五）"
    )


def test_an_explanation_survives_a_later_edit_of_the_rule(reply: Deadline) -> None:
    DeadlineRule.objects.filter(code="reply").update(amount=4, start_label="移交")

    assert Deadline.objects.get().explain() == "2026年3月18日交办 + 3个月 = 6月18日（周四）"


def test_a_due_date_in_another_year_names_the_year(holidays: None) -> None:
    deadline = begun("reply", date(2026, 11, 30))

    assert deadline.explain() == "2026年11月30日交办 + 3个月 = 2027年2月28日（周日）"


def test_a_day_that_the_office_set_is_said_to_be_set(holidays: None) -> None:
    deadline = begun("reply", HANDED_OVER, due_on=date(2026, 6, 30))

    assert deadline.explain() == "2026年3月18日交办，期限定为6月30日（周二）"
    with pytest.raises(DeadlineRefused, match="不能早于"):
        begun("reply", HANDED_OVER, subject="x.y:2", due_on=date(2026, 3, 1))


def test_a_fixed_date_and_a_rolled_one_are_said_to_be_so(holidays: None) -> None:
    fields = {"label": "答复", "start_label": "交办"}
    fixed = {"unit": Unit.FIXED_DATE, "month": 6, "day": 20}
    DeadlineRule.objects.create(code="june", **fields, **fixed)
    DeadlineRule.objects.create(code="rolled", **fields, **fixed, roll=Roll.NEXT_WORKING_DAY)

    plain, rolled = begun("june", HANDED_OVER), begun("rolled", HANDED_OVER)

    assert plain.explain() == "2026年3月18日交办，期限固定为6月20日（周六）"
    assert rolled.explain() == (
        "2026年3月18日交办，期限固定为6月20日（周六），遇节假日顺延至6月22日（周一）"
    )


def test_a_guessed_year_is_said_to_be_guessed(holidays: None) -> None:
    provisional = begun("sign_in", date(2026, 12, 30))
    unknown = begun("sign_in", date(2027, 12, 30), subject="proposals.handling:10")

    assert provisional.explain() == (
        "2026年12月30日交办 + 3个工作日 = 2027年1月5日（周二）"
        "（2027年放假安排尚未公布，按法定节日和周末推算）"
    )
    assert "（2028年放假安排尚未导入，按周末推算）" in unknown.explain()


@pytest.mark.django_db
def test_a_year_without_a_plan_is_said_to_go_by_weekends() -> None:
    deadline = begun("sign_in", date(2027, 5, 6))

    assert deadline.explain() == (
        "2027年5月6日交办 + 3个工作日 = 5月11日（周二）（2027年放假安排尚未导入，按周末推算）"
    )


def test_a_plan_that_is_loaded_later_moves_what_was_guessed(holidays: None) -> None:
    guessed = begun("sign_in", date(2026, 12, 30))
    plan = b"date,kind,name,status\n2027-01-01,holiday,New Year,\n2027-01-04,holiday,New Year,\n"
    working_days.load_holidays(working_days.read_holidays(plan), job="test")

    moved = deadlines.recalculate_guesses(on=date(2026, 12, 31), job="test")
    again = deadlines.recalculate_guesses(on=date(2026, 12, 31), job="test")

    assert (moved, again) == ([guessed], [])
    guessed.refresh_from_db()
    assert guessed.due_on == date(2027, 1, 6)
    assert guessed.explain().endswith(
        "；12月31日按公布的放假安排重新推算，改为2027年1月6日（周三）"
    )


# Pausing, starting again, ending -------------------------------------------------------------


def test_a_pause_moves_a_term_in_months_by_its_days(reply: Deadline) -> None:
    deadlines.pause(reply, on=date(2026, 4, 1), job="test")
    deadlines.resume(reply, on=date(2026, 4, 11), job="test")

    assert reply.due_on == date(2026, 6, 28)
    assert reply.explain().endswith(
        "；4月1日起暂停计时；4月11日恢复计时，扣除暂停的10天，改为6月28日（周日）"
    )


def test_a_pause_moves_a_term_in_working_days_by_working_days(holidays: None) -> None:
    contact = begun("first_contact", date(2026, 4, 20))  # 15 working days, over the May holidays
    before = contact.due_on

    deadlines.pause(contact, on=date(2026, 4, 30), job="test")
    deadlines.resume(contact, on=date(2026, 5, 7), job="test")

    # 30 April and 6 May stood still; the five days off between them cost nothing.
    assert (before, contact.due_on) == (date(2026, 5, 13), date(2026, 5, 15))
    assert "扣除暂停的2个工作日" in contact.explain()


@given(on=days, amount=st.integers(2, 40), data=st.data(), working=calendars())
def test_what_is_left_after_a_pause_is_what_was_left_before(
    on: date, amount: int, data: st.DataObject, working: WorkingCalendar
) -> None:
    """The rule that resume follows, for working days: nothing is lost and nothing is given."""
    due = Term(Unit.WORKING_DAYS, amount).due(on, working)
    paused = data.draw(st.dates(on + DAY, due))
    resumed = paused + timedelta(days=data.draw(st.integers(0, 60)))
    stood_still = working.between(paused - DAY, resumed - DAY)

    moved = working.add(due, stood_still)

    assert working.between(resumed - DAY, moved) == working.between(paused - DAY, due)


def test_a_restart_counts_anew_and_keeps_the_first_due_date(reply: Deadline) -> None:
    deadlines.meet(reply, at=noon(date(2026, 5, 1)), job="test")

    deadlines.restart(reply, on=date(2026, 5, 8), job="test")

    assert (reply.original_due_on, reply.due_on) == (date(2026, 6, 18), date(2026, 8, 8))
    assert reply.is_open
    assert reply.explain().endswith("2026年5月8日交办，重新起算 + 3个月 = 8月8日（周六）")


def test_a_clock_that_stands_or_ended_refuses_further_steps(reply: Deadline) -> None:
    deadlines.pause(reply, on=date(2026, 4, 1), job="test")
    with pytest.raises(DeadlineRefused, match="暂停"):
        deadlines.extend(reply, to=date(2026, 7, 1), on=date(2026, 4, 2), job="test")
    with pytest.raises(DeadlineRefused, match="早于暂停日"):
        deadlines.resume(reply, on=date(2026, 3, 31), job="test")
    deadlines.cancel(reply, at=noon(date(2026, 4, 2)), job="test")

    for step in (deadlines.pause, deadlines.resume, deadlines.restart):
        with pytest.raises(DeadlineRefused):
            step(reply, on=date(2026, 4, 3), job="test")
    with pytest.raises(DeadlineRefused):
        deadlines.meet(reply, at=noon(date(2026, 4, 3)), job="test")


@pytest.mark.parametrize(
    ("to", "why"),
    [
        (date(2026, 6, 18), "须晚于现期限2026年6月18日"),
        (date(2026, 9, 19), "最迟只能延到2026年9月18日（自2026年3月18日起6个月）"),
    ],
)
def test_an_extension_lies_between_the_due_date_and_six_months(
    reply: Deadline, to: date, why: str
) -> None:
    with pytest.raises(DeadlineRefused, match=why):
        deadlines.extend(reply, to=to, on=date(2026, 6, 1), job="test")

    assert reply.events.count() == 1


def test_a_stale_copy_extends_from_what_the_database_holds(reply: Deadline) -> None:
    stale = Deadline.objects.get()
    deadlines.extend(reply, to=date(2026, 8, 18), on=date(2026, 6, 1), job="test")

    with pytest.raises(DeadlineRefused, match="须晚于现期限2026年8月18日"):
        deadlines.extend(stale, to=date(2026, 7, 18), on=date(2026, 6, 1), job="test")


def test_one_round_has_one_clock(reply: Deadline) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        begun("reply", HANDED_OVER, subject=reply.subject)

    second = begun("rehandle_reply", date(2026, 8, 3), subject=reply.subject, kind="reply", round=2)

    assert Deadline.objects.current(reply.subject, "reply") == second


def test_an_event_has_who_or_which_job_and_is_written_once(reply: Deadline) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        deadlines.start("x.y:1", "reply", on=HANDED_OVER)
    event = reply.events.get()

    with pytest.raises(WrittenOnce):
        event.save()
    with pytest.raises(WrittenOnce):
        event.delete()
    with pytest.raises(WrittenOnce):
        DeadlineEvent.objects.update(note="x")


def test_an_event_names_the_person(reply: Deadline) -> None:
    clerk = User.objects.create(username="clerk")

    deadlines.extend(reply, to=date(2026, 7, 18), on=date(2026, 6, 1), by=clerk, note="待批复")

    event = reply.events.last()
    assert (event.by, event.note) == (clerk, "待批复")
    assert (event.due_before, event.due_after) == (date(2026, 6, 18), date(2026, 7, 18))


# Where it stands -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "state", "words"),
    [
        (date(2026, 4, 1), DeadlineState.NORMAL, "正常（还有78天，其中工作日53天）"),
        (date(2026, 6, 3), DeadlineState.NEAR, "临近（还有15天，其中工作日11天）"),
        (date(2026, 6, 18), DeadlineState.DUE, "今日到期"),
        (date(2026, 6, 22), DeadlineState.OVERDUE, "逾期4天（工作日1天）"),
    ],
)
def test_the_state_follows_from_the_day(
    reply: Deadline, today: date, state: DeadlineState, words: str
) -> None:
    standing = reply.state(today)

    assert standing.state == state
    assert str(standing) == words
    assert list(Deadline.objects.overdue(today)) == ([reply] if state == "overdue" else [])
    assert reply.is_overdue(today) == (state == "overdue")


def test_what_is_paused_met_or_cancelled_is_never_overdue(reply: Deadline) -> None:
    today = date(2027, 1, 4)
    paused = begun("reply", HANDED_OVER, subject="proposals.handling:2")
    cancelled = begun("reply", HANDED_OVER, subject="proposals.handling:3")
    late = begun("reply", HANDED_OVER, subject="proposals.handling:4")
    deadlines.pause(paused, on=date(2026, 6, 1), job="test")
    deadlines.cancel(cancelled, at=noon(date(2026, 6, 1)), job="test")
    deadlines.meet(reply, at=datetime(2026, 6, 18, 23, 59, tzinfo=CHINA), job="test")
    deadlines.meet(late, at=datetime(2026, 6, 19, 0, 0, tzinfo=CHINA), job="test")

    assert not Deadline.objects.overdue(today).exists()
    states = [one.state(today).state for one in (reply, late, paused, cancelled)]
    assert states == ["met", "met_late", "paused", "cancelled"]


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_asks_for_its_deadlines_in_one_query(
    holidays: None, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    keys = [f"proposals.handling:{number}" for number in range(count)]
    for key in keys:
        begun("reply", HANDED_OVER, subject=key)
        begun("sign_in", HANDED_OVER, subject=key)

    with django_assert_num_queries(1):
        found = Deadline.objects.for_subjects(keys)
        states = [found[key]["reply"].state(HANDED_OVER).state for key in keys]
    with django_assert_num_queries(1):  # one calendar for the whole list
        left = [found[key]["sign_in"].state(HANDED_OVER).working_days for key in keys]

    assert states == ["normal"] * count
    assert left == [3] * count
