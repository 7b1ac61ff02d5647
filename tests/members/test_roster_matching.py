"""Whose row it is; and that the same file again changes nothing."""

from typing import Any

import pytest

from members.roster.directory import Named
from members.roster.matching import Ask, Create, Existing, Register, Unchanged, Update, match
from members.roster.report import PlannedRow

EDUCATION, PARTY = Named(3, "教育界"), Named(1, "中共界")


def row(**values: Any) -> PlannedRow:
    return PlannedRow("名册", 2, {"name": "陈明", "term": 15, **values})


def member(person: Any = 1, *, seat: Any = 10, term: Any = 15, **values: Any) -> Existing:
    return Existing(person, seat, term, {"name": "陈明", **values})


FULL = {
    "number": "0007",
    "phone": "13800138000",
    "sector": EDUCATION,
    "workplace": "启明小学",
    "post": "校长",
}


@pytest.mark.parametrize(
    "known",
    [("number",), ("phone",), ("number", "phone"), ("sector", "workplace", "post"), tuple(FULL)],
)
def test_row_finds_its_member_by_number_phone_or_place(known: Any) -> None:
    said = {key: FULL[key] for key in known}

    assert match(row(**said), [member(**FULL)]) == Unchanged(1, 10)


def test_nobody_of_the_name_is_a_new_member() -> None:
    assert (
        match(
            row(**FULL), [member(2, **{**FULL, "number": "1", "phone": "13800138001"}, name="李华")]
        )
        == Create()
    )


def test_changes_are_named_and_blanks_keep_what_is_known() -> None:
    found = match(
        row(phone="13800138000", party="民革", note=""), [member(**FULL, note="连任", party="群众")]
    )

    assert found == Update(1, 10, {"party": ("群众", "民革")})


def test_work_cut_elsewhere_is_no_change() -> None:
    found = match(row(phone="13800138000", workplace="启明小学校长", post=""), [member(**FULL)])

    assert found == Unchanged(1, 10)


def test_member_of_an_earlier_term_gets_a_seat() -> None:
    found = match(row(phone="13800138000"), [member(seat=9, term=14, phone="+8613800138000")])

    assert found == Update(1, None, {"term": (None, 15)})


def test_number_of_another_term_is_nobodys() -> None:
    assert isinstance(match(row(number="0007"), [member(term=14, **FULL)]), Ask)
    assert match(row(name="李华", number="0007"), [member(term=14, **FULL)]) == Create()


def test_same_phone_under_another_name_asks() -> None:
    assert isinstance(match(row(name="李华", phone="13800138000"), [member(**FULL)]), Ask)


def test_number_and_phone_of_two_persons_ask() -> None:
    two = [member(1, number="1"), member(2, seat=11, phone="13800138000")]

    found = match(row(number="1", phone="13800138000"), two)

    assert isinstance(found, Ask)
    assert [one.person for one in found.candidates] == [1, 2]


def test_namesake_asks_unless_numbers_tell_them_apart() -> None:
    known = [member(**FULL)]

    assert isinstance(match(row(sector=PARTY), known), Ask)
    assert isinstance(match(row(**{**FULL, "number": "", "phone": "13800138001"}), known), Ask)
    assert match(row(sector=PARTY, phone="13800138001"), known) == Create()


def test_answer_of_the_office_decides() -> None:
    known = [member(**FULL)]

    assert match(row(sector=PARTY), known, chosen=0) == Create()
    assert match(row(sector=PARTY), known, chosen=1) == Update(
        1, 10, {"sector": (EDUCATION, PARTY)}
    )


def test_same_file_again_changes_nothing() -> None:
    rows = [
        row(phone="13800138000", sector=EDUCATION),
        row(phone="13800138001", sector=EDUCATION),
        row(name="李华", sector=PARTY, workplace="区教育局", post="局长"),
        row(name="李华", sector=PARTY, workplace="区总工会", post="主席"),
        row(name="王芳"),
    ]
    assert all(isinstance(match(one, []), Create) for one in rows)
    register = Register(
        [Existing(number, 100 + number, 15, dict(one.values)) for number, one in enumerate(rows)]
    )

    assert [match(one, register) for one in rows] == [Unchanged(n, 100 + n) for n in range(5)]
