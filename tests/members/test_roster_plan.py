"""Whole rosters, as messy as offices send them."""

import io
import time
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import openpyxl
import pytest
import xlwt
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.styles import Font

from cppcc_portal.office.archives import Refused
from members.roster.columns import Field, field_of
from members.roster.directory import Directory, Entry, Kind, Named
from members.roster.marked import marked
from members.roster.plan import parse
from members.roster.reading import Area, Book, Sheet, read
from members.roster.report import Known, Parsed, Severity
from members.roster.template import ROSTERS, roster, template
from members.roster.values import PartialDate, Value

SECTORS = tuple(
    Entry(number, name)
    for number, name in enumerate(
        [
            "中共界",
            "民革界",
            "教育界",
            "体育界",
            "医药卫生界",
            "文化艺术和新闻出版界",
            "无党派人士界",
            "工商联界",
        ],
        1,
    )
)
KNOWN = Known(
    sectors=SECTORS,
    committees=(Entry(11, "提案委员会"), Entry(12, "教科卫体委员会")),
    towns=(Entry(21, "城东街道"), Entry(22, "河西镇")),
    current_term=15,
    today=date(2026, 11, 26),
)


def xlsx(
    *rows: Any, title: str = "名册", change: Callable[[Any, Any], None] | None = None
) -> io.BytesIO:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    if change:
        change(book, sheet)
    file = io.BytesIO()
    book.save(file)
    return file


def parsed(*rows: Any, known: Any = KNOWN, hidden: bool = False, **options: Any) -> Parsed:
    return parse(read(xlsx(*rows, **options), "名册.xlsx"), known, hidden=hidden)


def names(result: Parsed) -> list[Any]:
    return [row.values.get("name") for row in result.rows]


def told(result: Parsed, severity: Severity | None = None) -> list[tuple[int, str, str]]:
    return [(p.row, p.column, p.reason) for p in result.problems if severity in (None, p.severity)]


HEAD = ("序号", "姓  名", "界别", "性别", "党派", "现工作单位及职务")


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        ("姓  名", Field.NAME),
        ("姓\n名", Field.NAME),
        ("委员姓名", Field.NAME),
        ("姓名（必填）", Field.NAME),
        ("手机号码*", Field.PHONE),
        ("联系电话（手机）", Field.PHONE),
        ("现工作单位及职务", Field.WORK),
        ("单位及职务", Field.WORK),
        ("工作单位和职务", Field.WORK),
        ("所在单位", Field.WORKPLACE),
        ("现任职务", Field.POST),
        ("政协职务", Field.IS_STANDING),
        ("街道委员小组", Field.TOWN),
        ("镇（街道）", Field.TOWN),
        ("专门委员会", Field.COMMITTEE),
        ("所在专委会", Field.COMMITTEE),
        ("所属界别", Field.SECTOR),
        ("政治面貌", Field.PARTY),
        ("出 生\n年 月", Field.BIRTH),
        ("身份证号码", Field.ID_NUMBER),
        ("届次", Field.TERM),
        ("照片", None),
        (5, None),
    ],
)
def test_heading_is_recognised(heading: Any, said: Any) -> None:
    assert field_of(heading) is said


@pytest.mark.parametrize("headings", ROSTERS.values())
def test_every_printed_roster_is_understood(headings: tuple[str, ...]) -> None:
    assert None not in [field_of(heading) for heading in headings]


def test_roster_with_title_groups_blanks_and_notes() -> None:
    result = parsed(
        ("政协某区第十五届委员会委员名册", None, None, None, None, None),
        ("（按界别排列）",),
        HEAD,
        ("一、中共界（2人）",),
        (1, "陈 明", None, "男", "中共", "区教育局局长"),
        (2, "李\u3000华", None, "女", "党员", "区总工会副主席"),
        (),
        (None, None, None, None, None, None),
        ("二、民革（3人）",),
        HEAD,
        (3, "王小芳", None, "女", "中国国民党革命委员会", "启明小学校长"),
        (4,),
        ("合计 320人",),
        ("注：1.本名册截至2026年10月。",),
        ("2.按姓氏笔画排列。",),
    )

    assert names(result) == ["陈明", "李华", "王小芳"]
    assert [row.values["sector"] for row in result.rows] == [
        Named(1, "中共界"), Named(1, "中共界"), Named(2, "民革界"),
    ]  # fmt: skip
    assert result.rows[0].values == {
        "name": "陈明", "sector": Named(1, "中共界"), "sex": "male", "party": "中共党员", "workplace": "区教育局",
        "post": "局长", "term": 15,
    }  # fmt: skip
    assert [row.row for row in result.rows] == [5, 6, 11]
    assert len(result.ready) == 3
    assert [(p.row, p.severity) for p in result.problems] == [(9, "warning"), (13, "warning")]
    assert [s.rows for s in result.skipped] == [(13,), (14,), (15,)]


def test_two_heading_rows_are_one_heading() -> None:
    def merge(_book: Any, sheet: Any) -> None:
        for area in ("A1:F1", "A2:A3", "B2:C2", "D2:E2", "F2:F3"):
            sheet.merge_cells(area)

    result = parsed(
        ("委员登记表",),
        ("姓名", "联系方式", None, "工作单位及职务", None, "出生"),
        (None, "手机号", "电子邮箱", "单位", "职务", None),
        ("陈明", "13800138000", "cm@example.com", "启明小学", "校长", "1974.5"),
        change=merge,
    )

    assert result.rows[0].values == {
        "name": "陈明", "phone": "13800138000", "email": "cm@example.com", "workplace": "启明小学",
        "post": "校长", "birth": PartialDate(1974, 5), "term": 15,
    }  # fmt: skip


def test_heading_broken_over_two_rows_without_merging() -> None:
    result = parsed(
        ("姓名", "出生", "工作单位"),
        (None, "年月", "及职务"),
        ("陈明", "1974/9", "启明小学校长"),
    )

    assert result.rows[0].values["birth"] == PartialDate(1974, 9)
    assert result.rows[0].values["post"] == "校长"


def test_merged_sector_runs_down_its_rows() -> None:
    def merge(_book: Any, sheet: Any) -> None:
        sheet.merge_cells("A2:A3")

    result = parsed(
        ("界别", "姓名", "手机"), ("教育", "陈明", 13800138000.0), (None, "李华", 13800138001),
        (None, "王芳", 13800138002), change=merge,
    )  # fmt: skip

    assert [row.values.get("sector") for row in result.rows] == [
        Named(3, "教育界"), Named(3, "教育界"), None,
    ]  # fmt: skip
    assert result.rows[0].values["phone"] == "13800138000"


def test_sector_written_once_in_csv_goes_on() -> None:
    text = (
        "界别,姓名,出生年月\n教育界,陈明,1974.1\n,李华,1980.05\n民革界,王芳,１９７５．３\n,赵强,\n"
    )

    for encoding in ("utf-8-sig", "utf-8", "gb18030", "gbk", "utf-16"):
        result = parse(read(io.BytesIO(text.encode(encoding)), "名册.csv"), KNOWN)

        assert [row.values["sector"].name for row in result.rows] == ["教育界"] * 2 + ["民革界"] * 2
        # 1980.05 shows that January would be 1974.01.
        assert result.rows[0].values["birth"] == PartialDate(1974, 10)
        assert result.is_clean


def test_xls_is_read_like_xlsx() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("名册")
    sheet.write_merge(0, 0, 0, 3, "第十四届委员名册")
    month = xlwt.easyxf(num_format_str='yyyy"年"m"月"')
    for column, text in enumerate(["姓名", "手机号", "出生年月", "身份证号"]):
        sheet.write(1, column, text)
    sheet.write(2, 0, "陈 明")
    sheet.write(2, 1, 13800138000)
    sheet.write(2, 2, date(1974, 5, 1), month)
    sheet.col(3).hidden = True
    sheet.write(2, 3, "x")
    file = io.BytesIO()
    book.save(file)

    result = parse(read(file, "名册.xls"), KNOWN)

    assert result.book.kind == "xls"
    assert result.rows[0].values == {
        "name": "陈明", "phone": "13800138000", "birth": PartialDate(1974, 5), "term": 14,
    }  # fmt: skip
    assert [(s.column, s.heading) for s in result.skipped] == [("D", "身份证号")]


def test_hidden_columns_rows_and_sheets_are_named() -> None:
    def hide(book: Any, sheet: Any) -> None:
        sheet.column_dimensions["B"].hidden = True
        sheet.row_dimensions[3].hidden = True
        other = book.create_sheet("旧名册")
        other.append(("姓名", "性别"))
        other.append(("旧人", "男"))
        other.sheet_state = "hidden"

    rows = [
        ("姓名", "手机号", "性别", "照片"),
        ("陈明", "13800138000", "男", "有"),
        ("李华", "13800138001", "女", ""),
    ]
    result = parsed(*rows, change=hide)
    everything = parsed(*rows, change=hide, hidden=True)

    assert names(result) == ["陈明"]
    assert "phone" not in result.rows[0].values
    assert [(s.column, s.heading, s.rows) for s in result.skipped] == [
        ("B", "手机号", ()), ("D", "照片", ()), ("", "", (3,)),
    ]  # fmt: skip
    assert [(p.sheet, p.severity) for p in result.problems] == [("旧名册", "warning")]
    assert names(everything) == ["陈明", "李华", "旧人"]
    assert everything.rows[0].values["phone"] == "13800138000"


def test_each_problem_names_sheet_row_column_and_reason() -> None:
    result = parsed(
        ("姓名", "手机号", "性别", "出生年月", "界别"),
        ("陈明", "1380013800", "未", "1974.13", "火星界"),
        (None, "13800138001", "男", None, None),
    )

    assert [(p.row, p.column, p.heading, p.value) for p in result.problems] == [
        (2, "B", "手机号", "1380013800"),
        (2, "C", "性别", "未"),
        (2, "D", "出生年月", "1974.13"),
        (2, "E", "界别", "火星界"),
        (3, "A", "姓名", ""),
    ]
    assert all(p.sheet == "名册" and p.reason.endswith("。") for p in result.problems)
    assert str(result.problems[0]) == "工作表“名册”第2行 B列“手机号”：不是11位手机号。"
    assert not result.ready


def test_formulas_give_what_excel_last_showed() -> None:
    file = xlsx(("姓名", "性别", "民族"), ("陈明", "=IF(1,2,3)", "汉"))

    result = parse(read(file, "名册.xlsx"), KNOWN)

    assert told(result, Severity.ERROR) == [
        (2, "B", "公式没有算出结果，请在 Excel 里打开保存一次，或改成数值。")
    ]
    book = edited(
        file,
        "xl/worksheets/sheet1.xml",
        b"<v />",
        "<v>男</v>".encode(),
        b'<c r="B2"',
        b'<c r="B2" t="str"',
    )
    assert parse(read(book, "名册.xlsx"), KNOWN).rows[0].values["sex"] == "male"


def edited(file: io.BytesIO, part: str, *pairs: bytes) -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == part:
                for before, after in zip(pairs[::2], pairs[1::2], strict=True):
                    assert before in content or b"<v></v>" in content
                    content = content.replace(before, after).replace(b"<v></v>", pairs[1])
            new.writestr(name, content)
    return out


def test_same_name_is_a_question_only_when_nothing_tells_apart() -> None:
    apart = parsed(
        ("姓名", "手机号", "界别", "单位及职务"),
        ("陈明", "13800138000", "教育界", "启明小学校长"),
        ("陈 明", "13800138001", "教育界", "启明小学校长"),
        ("陈明", None, "中共界", "启明小学校长"),
    )
    alike = parsed(("姓名", "界别"), ("陈明", "教育界"), ("陈明", "教育"))
    one_phone = parsed(("姓名", "手机号"), ("陈明", "13800138000"), ("李华", "13800138000"))

    assert len(apart.ready) == 3
    assert told(alike) == [(3, "A", "与第2行同名，看不出是不是同一人。")]
    assert told(one_phone, Severity.QUESTION) == [(3, "B", "手机号与第2行重复。")]


def test_same_roster_on_three_sheets_is_one() -> None:
    def more(book: Any, _sheet: Any) -> None:
        other = book.create_sheet("按街道")
        other.append(("序号", "街道委员小组", "姓名", "党派", "性别", "现工作单位及职务"))
        other.append((1, "城东街道小组", "陈明", "中共", "男", "启明小学 校长"))
        third = book.create_sheet("按专委会")
        third.append(("序号", "专门委员会", "姓名", "党派", "性别", "现工作单位及职务"))
        third.append((1, "教科卫体委", "陈明", "中共", "女", "启明小学校长"))

    result = parsed(
        HEAD, (1, "陈明", "教育", "男", "中共党员", "启明小学校长"), title="按界别", change=more
    )

    assert len(result.rows) == 1
    assert result.rows[0].values["town"] == Named(21, "城东街道")
    assert result.rows[0].values["committee"] == Named(12, "教科卫体委员会")
    assert result.rows[0].also == [("按街道", 2), ("按专委会", 2)]
    assert [(p.sheet, p.column) for p in result.problems] == [("按专委会", "E")]


def test_table_in_two_halves_side_by_side() -> None:
    result = parsed(
        ("序号", "姓名", "界别", "序号", "姓名", "界别"),
        (1, "陈明", "教育", 3, "王芳", "民革"),
        (2, "李华", "中共", None, None, None),
    )

    assert names(result) == ["陈明", "王芳", "李华"]
    assert [row.values["sector"].key for row in result.rows] == [3, 2, 1]


def test_unknown_group_makes_its_rows_wait() -> None:
    result = parsed(
        ("姓名", "性别"), ("教育界",), ("陈明", "男"), ("教体界（1人）",), ("李华", "女"),
    )  # fmt: skip

    assert names(result) == ["陈明", "李华"]
    assert [row.is_ready for row in result.rows] == [True, False]
    question = result.problems[0]
    assert (question.row, question.severity, question.ask) == (4, "question", ("sector", "教体界"))
    assert [entry.name for entry in question.choices] == ["教育界", "体育界"]
    answered = parsed(
        ("姓名", "性别"), ("教体界（1人）",), ("李华", "女"),
        known=Known(sectors=SECTORS, current_term=15, answers={("sector", "教体界"): 4}),
    )  # fmt: skip
    assert answered.rows[0].values["sector"] == Named(4, "体育界")
    assert answered.is_clean


@pytest.mark.parametrize(
    ("written", "key", "sure"),
    [
        ("教育界", 3, True), ("教育", 3, True), ("教 育 界 别", 3, True), ("中国共产党", 1, True),
        ("中国国民党革命委员会", 2, True), ("卫生界", 5, True), ("医卫", 5, True), ("无党派", 7, True),
        ("工商", 8, True), ("文化艺术界", 6, False), ("文新界", 6, False),
    ],
)  # fmt: skip
def test_sector_is_found_under_its_many_names(written: Any, key: int, sure: bool) -> None:
    found = Directory(Kind.SECTOR, SECTORS).find(written)

    assert (found.named.key, found.sure) == (key, sure)


def test_sector_that_may_be_two_asks() -> None:
    found = Directory(Kind.SECTOR, SECTORS).find("教体界")

    assert found.named is None
    assert [entry.key for entry in found.candidates] == [3, 4]


def test_sector_of_an_empty_register_is_added_once() -> None:
    result = parsed(
        ("姓名", "界别"), ("陈明", "教育界"), ("李华", "教育"), ("王芳", "中共"),
        known=Known(current_term=15, may_add=True),
    )  # fmt: skip

    assert [row.values["sector"] for row in result.rows] == [
        Named(None, "教育界"), Named(None, "教育界"), Named(None, "中共界"),
    ]  # fmt: skip
    assert len(result.ready) == 3


def test_template_comes_back_as_it_went() -> None:
    member = {
        "name": "陈明", "phone": "13800138000", "sector": Named(3, "教育界"), "committee": Named(12, "教科卫体委员会"),
        "town": Named(22, "河西镇"), "workplace": "启明小学", "post": "校长", "term": 15, "number": "0007",
        "sex": "male", "party": "中共党员", "ethnic_group": "汉族", "birth": PartialDate(1974, 10), "education": "大学",
        "id_number": "11010519491231002X", "email": "cm@example.com", "address": "=1+1", "note": "+连任",
    }  # fmt: skip
    book = template(KNOWN, [member])
    file = io.BytesIO()
    book.save(file)

    empty = io.BytesIO()
    template(KNOWN).save(empty)
    back = parse(read(file, "委员名册导入模板.xlsx"), KNOWN)

    assert [row.values for row in back.rows] == [member]
    assert {problem.severity for problem in back.problems} <= {Severity.WARNING}
    assert parse(read(empty, "模板.xlsx"), KNOWN).rows == []
    assert b"<f>" not in zipfile.ZipFile(file).read("xl/worksheets/sheet1.xml")
    sheet = openpyxl.load_workbook(file)["委员名册"]
    assert sheet.column_dimensions["B"].number_format == "@"
    assert sheet["B3"].value == "13800138000"
    assert len(sheet.data_validations.dataValidation) >= 4
    assert [sheet.cell(1, column).value for column in range(1, 8)] == [
        "姓名（必填）", "手机号", "界别", "专委会", "单位及职务", "届次", "备注",
    ]  # fmt: skip


@pytest.mark.parametrize("headings", ROSTERS.values())
def test_printed_roster_comes_back(headings: tuple[str, ...]) -> None:
    member = {"name": "陈明", "sector": Named(3, "教育界"), "town": Named(22, "河西镇"), "committee": Named(11, "提案委员会"),
              "sex": "male", "party": "民革", "workplace": "启明小学", "post": "校长", "term": 15}  # fmt: skip
    file = io.BytesIO()
    roster(headings, [member], title="第十五届委员名册").save(file)

    values = parse(read(file, "名册.xlsx"), KNOWN).rows[0].values

    assert values == {said: value for said, value in member.items() if said in values}
    assert len(values) == 7


def test_marked_file_shows_the_problem_and_can_be_sent_again() -> None:
    def merge(_book: Any, sheet: Any) -> None:
        sheet.merge_cells("A1:C1")
        sheet["A1"].font = Font(bold=True)

    result = parsed(
        ("第十五届名册",), ("姓名", "手机号", "备注"), ("陈明", "1380013800", "=cmd"), ("李华", "13800138001", "新任"),
        change=merge,
    )  # fmt: skip
    file = io.BytesIO()
    marked(result).save(file)
    sheet = openpyxl.load_workbook(file)["名册"]

    assert sheet["B3"].fill.fgColor.rgb == "00FF9C9C"
    assert sheet["B3"].comment.text == "不是11位手机号。"
    assert sheet["D2"].value == "导入问题"
    assert "B列：不是11位手机号。" in sheet["D3"].value
    assert sheet["B4"].fill.fgColor.rgb != "00FF9C9C"
    sheet["B3"].value = "13800138000"
    sheet["C3"].value = "已核"
    mended = io.BytesIO()
    sheet.parent.save(mended)
    again = parse(read(mended, "名册.xlsx"), KNOWN)
    assert again.is_clean
    assert names(again) == ["陈明", "李华"]
    assert "D" not in [skipped.column for skipped in again.skipped]


@pytest.mark.parametrize(
    "content",
    [
        b"", b"   \n", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 broken", b"<html><table></table></html>",
        b"\x89PNG\r\n\x1a\n\0\0\0", b"\xff\xff\xff\x81",
    ],
)  # fmt: skip
def test_file_that_is_no_table_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(Refused, match=r"[\u4e00-\u9fff]"):
        read(io.BytesIO(content), "x.xlsx")


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("xl/worksheets/sheet1.xml", b"<a/>" * 5_000_000),
        ("xl/sharedStrings.xml", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
        ("xl/media/image1.png", b"\0" * 210 * 1024 * 1024),
    ],
)
def test_bomb_is_refused_before_it_is_read(part: str, content: bytes) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(xlsx(("姓名",), ("陈明",))) as old, zipfile.ZipFile(file, "w", 8) as new:
        for name in {*old.namelist()} - {part}:
            new.writestr(name, old.read(name))
        new.writestr(part, content)

    with pytest.raises(Refused):
        read(file, "名册.xlsx")


def test_merge_over_the_whole_sheet_costs_nothing() -> None:
    file = edited(
        xlsx(("姓名", "性别"), ("陈明", "男")),
        "xl/worksheets/sheet1.xml",
        b"</sheetData>",
        b'</sheetData><mergeCells count="1"><mergeCell ref="D1:XFD1048576"/></mergeCells>',
    )

    assert names(parse(read(file, "名册.xlsx"), KNOWN)) == ["陈明"]


def test_sheet_without_names_is_told() -> None:
    result = parsed(("单位", "性质"), ("启明", "校"))

    assert told(result, Severity.ERROR) == [(0, "", "没有找到带“姓名”的表头，请检查列名。")]
    assert not result.is_clean


def test_ten_thousand_rows_take_seconds() -> None:
    rows = [
        (n, f"陈{chr(0x4E00 + n % 5000)}", 13800130000 + n, "教育界", "女", "中共", "汉", 1974.5, "区教育局局长", None)
        for n in range(10_000)
    ]  # fmt: skip
    file = xlsx(
        (
            "序号",
            "姓名",
            "手机号",
            "界别",
            "性别",
            "党派",
            "民族",
            "出生年月",
            "单位及职务",
            "备注",
        ),
        *rows,
    )

    begun = time.monotonic()
    result = parse(read(file, "名册.xlsx"), KNOWN)

    assert len(result.ready) == 10_000
    assert time.monotonic() - begun < 10


CELLS = st.one_of(
    st.none(),
    st.sampled_from(
        [
            "姓名",
            "界别",
            "手机号",
            "陈明",
            "教育界",
            "一、中共界（2人）",
            "注：",
            "合计 3人",
            "男",
            "1974.5",
            "13800138000",
            1.5,
            7,
        ]
    ),  # fmt: skip
    st.text(max_size=8),
    st.floats(),
    st.integers(),
    st.booleans(),
    st.datetimes(),
)


@given(
    st.lists(st.lists(CELLS, max_size=6), max_size=12),
    st.lists(st.tuples(*[st.integers(1, 6)] * 4), max_size=2),
)
def test_any_sheet_is_read_and_given_back(rows: Any, corners: Any) -> None:
    areas = [
        Area(min(a, c), min(b, d), max(a, c), max(b, d))
        for a, b, c, d in corners
        if (a, b) != (c, d)
    ][:1]
    heading: list[list[Value]] = [["姓名", "界别", "手机号", "出生年月"]]
    book = Book("名册.xlsx", "xlsx", [Sheet("名册", heading + rows, merges=areas)])

    result = parse(book, KNOWN)
    marked(result).save(io.BytesIO())

    assert all(problem.reason and problem.where for problem in result.problems)
    assert all(row.values.get("name") for row in result.ready)
