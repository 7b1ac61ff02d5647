"""What single cells of a roster say."""

import re
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.roster.values import (
    PartialDate,
    Phones,
    Precision,
    Unreadable,
    read_date,
    read_ethnic_group,
    read_id_number,
    read_name,
    read_party,
    read_phones,
    read_sex,
    read_standing,
    read_term,
    split_work,
    writes_january_padded,
)

TODAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("written", "year", "month", "day"),
    [
        ("1974.5", 1974, 5, None),
        (1974.5, 1974, 5, None),
        (1974.05, 1974, 5, None),
        (1974.12, 1974, 12, None),
        ("1974/9", 1974, 9, None),
        ("1974-09", 1974, 9, None),
        ("１９７４．９", 1974, 9, None),
        ("1974。9", 1974, 9, None),
        ("65.7", 1965, 7, None),
        (65.7, 1965, 7, None),
        ("05.3", 2005, 3, None),
        ("12.3", 1912, 3, None),
        ("197101", 1971, 1, None),
        (197101, 1971, 1, None),
        (197101.0, 1971, 1, None),
        ("19710115", 1971, 1, 15),
        ("710115", 1971, 1, 15),
        ("7101", 1971, 1, None),
        ("1971", 1971, None, None),
        (1971, 1971, None, None),
        ("1971年", 1971, None, None),
        ("二〇二二年一月", 2022, 1, None),
        ("二零二二年十二月二十五日", 2022, 12, 25),
        ("一九七四年五月", 1974, 5, None),
        ("1974年5月", 1974, 5, None),
        ("1974 年 05 月 12 日", 1974, 5, 12),
        ("1974年5月生", 1974, 5, None),
        ("1974.05（52岁）", 1974, 5, None),
        ("74年5月", 1974, 5, None),
        ("1974-05-12 00:00:00", 1974, 5, 12),
        (27161, 1974, 5, 12),
        ("1974.1", 1974, 1, None),
        (datetime(1974, 5, 12, tzinfo=None), 1974, 5, 12),  # noqa: DTZ001 (Excel knows no zone)
        (date(1974, 5, 12), 1974, 5, 12),
    ],
)
def test_date_is_read_as_offices_write_it(
    written: Any, year: int, month: int | None, day: int | None
) -> None:
    reading = read_date(written, today=TODAY, adult=True)

    assert reading.value == PartialDate(year, month, day)
    assert not reading.doubt


@pytest.mark.parametrize(
    "written", ["1974.13", "1974-02-30", "2030.1", "1850.1", "五月", "abc", True, 1e20, -5]
)
def test_date_that_cannot_be_is_refused_with_a_reason(written: Any) -> None:
    with pytest.raises(Unreadable, match=r"[\u4e00-\u9fff]"):
        read_date(written, today=TODAY)


@pytest.mark.parametrize("written", [None, "", "无", "—", "不详"])
def test_date_left_out_is_none(written: Any) -> None:
    assert read_date(written or "", today=TODAY).value is None


def test_number_ending_in_one_is_january_or_october() -> None:
    unsure = read_date(1974.1, today=TODAY)
    by_format = read_date(1974.1, today=TODAY, number_format="0.00")
    by_column = read_date(1974.1, today=TODAY, padded=writes_january_padded([1974.1, 1980.05]))

    assert unsure.value == PartialDate(1974)
    assert unsure.doubt
    assert by_format.value == by_column.value == PartialDate(1974, 10)


def test_date_format_tells_the_precision() -> None:
    day = date(1974, 5, 1)

    assert read_date(day, today=TODAY, number_format='yyyy"年"m"月"').value == PartialDate(1974, 5)
    assert read_date(day, today=TODAY, number_format="yyyy").value == PartialDate(1974)
    assert read_date(day, today=TODAY, number_format="yyyy-mm-dd").value == PartialDate(1974, 5, 1)


@given(st.dates(date(1930, 1, 1), TODAY))
def test_date_survives_every_spelling(day: date) -> None:
    for spelling in (
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y%m%d}",
        f"{day:%Y/%m/%d}",
        (day - date(1899, 12, 30)).days,
    ):
        assert read_date(spelling, today=TODAY).value == PartialDate(day.year, day.month, day.day)
    month = PartialDate(day.year, day.month)
    assert read_date(str(month), today=TODAY).value == month
    assert read_date(f"{day:%Y%m}", today=TODAY).value == month
    assert month.precision is Precision.MONTH


@given(st.one_of(st.text(), st.integers(), st.floats(allow_nan=False)))
def test_date_either_reads_or_says_why_not(written: Any) -> None:
    said = date_or_reason(written)

    if isinstance(said, str):
        assert re.search(r"[\u4e00-\u9fff]", said)
    else:
        assert said is None or 1900 <= said.year <= TODAY.year


def date_or_reason(written: Any) -> PartialDate | str | None:
    try:
        return read_date(written, today=TODAY).value
    except Unreadable as problem:
        return str(problem)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("陈 明", "陈明"),
        ("陈\u3000明", "陈明"),
        ("陈  明 ", "陈明"),
        ("陈\n明", "陈明"),
        ("陈明*", "陈明"),
        ("阿卜杜拉•买买提", "阿卜杜拉·买买提"),
        ("Ｊｏｈｎ  Smith", "John Smith"),
        ("䶮\U00020bb7", "䶮\U00020bb7"),
    ],
)
def test_name_loses_what_only_fills_the_cell(written: Any, name: str) -> None:
    assert read_name(written).value.name == name


def test_name_tells_sex_and_ethnic_group_in_brackets() -> None:
    said = read_name("李 华（女，回族）").value

    assert (said.name, said.sex, said.ethnic_group) == ("李华", "female", "回族")


@pytest.mark.parametrize("written", ["陈明、李华", "13800138000", "无", "（女）", "***", 5])
def test_name_that_is_none_is_refused(written: Any) -> None:
    with pytest.raises(Unreadable):
        read_name(written)


@given(
    st.text(st.sampled_from("陈明李华王芳欧阳䶮"), min_size=2, max_size=4),
    st.sampled_from(["", " ", "\u3000", "  ", "\n", "\xa0", "\u200b"]),
)
def test_name_is_the_same_with_any_space_inside(name: str, space: str) -> None:
    assert read_name(space.join(name)).value.name == name


@pytest.mark.parametrize(
    ("written", "phone", "others"),
    [
        (13800138000, "13800138000", ()),
        (13800138000.0, "13800138000", ()),
        ("13800138000.0", "13800138000", ()),
        ("１３８００１３８０００", "13800138000", ()),
        ("138 0013 8000", "13800138000", ()),
        ("138-0013-8000", "13800138000", ()),
        ("+86 13800138000", "13800138000", ()),
        ("13800138000/13800138001", "13800138000", ("13800138001",)),
        ("13800138000\n13800138001", "13800138000", ("13800138001",)),
        ("13800138000 1380013800113800138002", "13800138000", ("13800138001", "13800138002")),
        ("13800138000（办公88001234）", "13800138000", ("88001234",)),
        ("0571-88001234", "", ("057188001234",)),
        ("无", "", ()),
    ],
)
def test_phones_are_found_in_the_cell(written: Any, phone: str, others: tuple[str, ...]) -> None:
    assert read_phones(written).value == Phones(phone, others)


@pytest.mark.parametrize("written", ["1380013800", "138001380001", "1.38E+10", "见备注"])
def test_phone_of_wrong_length_is_refused(written: Any) -> None:
    with pytest.raises(Unreadable):
        read_phones(written)


@pytest.mark.parametrize(
    ("written", "party"),
    [
        ("中共", "中共党员"),
        ("党员", "中共党员"),
        ("中 共 党 员", "中共党员"),
        ("中国国民党革命委员会", "民革"),
        ("九三", "九三学社"),
        ("致公党", "致公党"),
        ("无党派", "无党派人士"),
        ("群众", "群众"),
    ],
)
def test_party_is_read_under_its_short_name(written: Any, party: str) -> None:
    assert read_party(written).value == party


def test_unknown_party_is_kept_with_a_doubt() -> None:
    reading = read_party("绿党")

    assert reading.value == "绿党"
    assert reading.doubt


def test_small_words() -> None:
    assert read_sex(" 女 ").value == "female"
    assert read_ethnic_group("汉").value == "汉族"
    assert read_ethnic_group("土家 族").value == "土家族"
    assert read_term("第十五届").value == read_term("15").value == read_term(15).value == 15
    assert read_standing("常委").value is True
    assert read_standing("委员").value is False
    with pytest.raises(Unreadable):
        read_sex("未填")


def test_id_number_is_checked_and_never_guessed() -> None:
    assert read_id_number("11010519491231002x").value == "11010519491231002X"
    for wrong in ("110105194912310021", "1101051949", 110105194912310020):
        with pytest.raises(Unreadable):
            read_id_number(wrong)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("启明小学校长", ("启明小学", "校长")),
        ("区教育局党委书记、局长", ("区教育局", "党委书记、局长")),
        ("启明 副总经理", ("启明", "副总经理")),
        ("区工商联副主席、启明公司董事长", ("区工商联副主席、启明公司董事长", "")),
        ("自由职业", ("自由职业", "")),
    ],
)
def test_work_is_cut_only_where_it_is_plain(text: str, parts: tuple[str, str]) -> None:
    assert split_work(text) == parts
