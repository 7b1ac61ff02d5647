"""Which column says what: the headings offices use, in one row or two."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from members.roster.reading import Area, Sheet
from members.roster.values import Value, squeezed, text_of


class Field(StrEnum):
    """What a column of a roster can say; also the keys of a planned row's values."""

    SERIAL = "serial"
    NUMBER = "number"
    NAME = "name"
    PHONE = "phone"
    SECTOR = "sector"
    COMMITTEE = "committee"
    TOWN = "town"
    WORK = "work"
    WORKPLACE = "workplace"
    POST = "post"
    TERM = "term"
    SEX = "sex"
    PARTY = "party"
    ETHNIC_GROUP = "ethnic_group"
    BIRTH = "birth"
    EDUCATION = "education"
    ID_NUMBER = "id_number"
    ADDRESS = "address"
    EMAIL = "email"
    IS_STANDING = "is_standing"
    SINCE = "since"
    NOTE = "note"
    PROBLEM = "problem"


# The rosters as offices print them, and the template they import from.
BY_SECTOR = ("序号", "姓名", "界别", "性别", "党派", "现工作单位及职务")
BY_TOWN = ("序号", "街道委员小组", "姓名", "党派", "性别", "现工作单位及职务")
BY_COMMITTEE = ("序号", "专门委员会", "姓名", "党派", "性别", "现工作单位及职务")
TEMPLATE = ("姓名", "手机号", "界别", "专委会", "单位及职务", "届次", "备注")
# What the register keeps beyond the usual template, to the right of it.
TEMPLATE_MORE = (
    "委员证号",
    "性别",
    "党派",
    "民族",
    "出生年月",
    "镇街小组",
    "学历",
    "身份证号",
    "电子邮箱",
    "通信地址",
)
# The column that marked.py adds; skipped when the mended file comes back.
PROBLEM_HEADING = "导入问题"

HEADINGS = {
    Field.SERIAL: "序号 序 编号 排序 no no. 顺序 序列",
    Field.NUMBER: "委员证号 委员证号码 委员编号 委员号 委员证 证号 委员证编号 政协委员证号 会员号",
    Field.NAME: "姓名 名字 委员 委员姓名 姓名名字 委员名单",
    Field.PHONE: "手机号 手机 手机号码 电话 联系电话 移动电话 联系方式 电话号码 联系手机 手机电话 联系号码 联系电话手机 本人手机",
    Field.SECTOR: "界别 所属界别 界别名称 界 界别组 委员界别 界别组别 界别小组 参加界别",
    Field.COMMITTEE: "专委会 专门委员会 专委 专委会名称 专委会组别 专门委员会名称 专委会委室",
    Field.TOWN: "街道委员小组 街道小组 委员小组 镇街小组 镇街 街道 街镇 镇街委员小组 乡镇街道 镇 乡镇 街道镇 镇街政协工委 政协工委 委员联络组 联络组 "
    "工委 委员活动小组 活动小组 活动组 镇街道 委员工作站 街道工委 联系街道",
    Field.WORK: "工作单位职务 单位职务 单位职务职称 工作单位职务职称 任职单位职务 工作单位主要职务 单位主要职务 工作单位任职务 工作单位行政职务 单位现任职务",
    Field.WORKPLACE: "工作单位 单位 单位名称 任职单位 工作单位名称",
    Field.POST: "职务 职务职称 主要职务 行政职务 岗位 工作职务 单位内职务 职位",
    Field.TERM: "届次 届 届别 政协届次 界次",
    Field.SEX: "性别",
    Field.PARTY: "党派 政治面貌 党派政治面貌 政治面貌党派 党派团体 民主党派 党派情况 政治面目",
    Field.ETHNIC_GROUP: "民族 族别",
    Field.BIRTH: "出生年月 出生日期 出生时间 生日 出生 出生年月日 出生年份 出生年",
    Field.EDUCATION: "学历 文化程度 学历学位 最高学历 学历层次 文化水平",
    Field.ID_NUMBER: "身份证号 身份证号码 身份证 公民身份号码 证件号码 证件号 公民身份证号码 居民身份证号",
    Field.ADDRESS: "通信地址 通讯地址 地址 联系地址 住址 家庭住址 邮寄地址",
    Field.EMAIL: "电子邮箱 邮箱 电子邮件 email e-mail 邮箱地址 电子信箱 邮件地址",
    Field.IS_STANDING: "政协职务 是否常委 常委 政协内职务 委员类别 委员身份 政协内任职",
    Field.SINCE: "任职时间 任委员时间 当选时间 增补时间 任职日期 担任委员时间 任委员起始时间",
    Field.NOTE: "备注 说明 备注说明 其他",
    Field.PROBLEM: PROBLEM_HEADING,
}
FIELD_BY_WORD = {word: said for said, words in HEADINGS.items() for word in words.split()}
REMARKS = re.compile(r"[(\[【〔<][^)\]】〕>]*[)\]】〕>]")
ORNAMENT = re.compile(r"[*:★☆●·\"'“”、及与和/\\|.,;]+")
PREFIX = re.compile(r"^(?:现任|现|本人|所属|所在|所|个人|委员|原|参加)")
LONGEST_HEADING = 30


@lru_cache(maxsize=8192)
def _field_of(text: str) -> Field | None:
    bare = REMARKS.sub("", text).lower()
    for candidate in (text.lower(), bare, ORNAMENT.sub("", bare)):
        if candidate in FIELD_BY_WORD:
            return FIELD_BY_WORD[candidate]
    short = PREFIX.sub("", ORNAMENT.sub("", bare))
    if short in FIELD_BY_WORD:
        return FIELD_BY_WORD[short]
    # 镇(街道): what stands in brackets belongs to the name.
    return FIELD_BY_WORD.get(PREFIX.sub("", re.sub(r"[()]", "", ORNAMENT.sub("", text))))


def field_of(heading: Value) -> Field | None:
    """What a heading says, however it is spaced, broken or adorned; None if it is unknown."""
    if not isinstance(heading, str) or len(heading) > LONGEST_HEADING * 2:
        return None
    text = squeezed(heading)
    return _field_of(text) if 0 < len(text) <= LONGEST_HEADING else None


@dataclass(frozen=True, slots=True)
class Column:
    """A column under a heading: index 1 is A."""

    index: int
    heading: str
    field: Field | None


@dataclass(slots=True)
class Heading:
    """The heading of a table: where it stands, and for each block of columns what they say.

    A roster printed in two halves side by side has two blocks.
    """

    first_row: int
    last_row: int
    blocks: list[dict[Field, Column]]
    columns: list[Column]
    doubled: list[Column] = field(default_factory=list)


class Merged:
    """The merged cells of a sheet: which cell each of them shows."""

    def __init__(self, areas: list[Area]) -> None:
        self.area: dict[tuple[int, int], Area] = {}
        for area in areas:
            for row in range(area.top, area.bottom + 1):
                for column in range(area.left, area.right + 1):
                    self.area[row, column] = area

    def runs_down(self, row: int, column: int) -> Area | None:
        """The area that began in a row above and covers this cell."""
        area = self.area.get((row, column))
        return area if area and area.top < row else None


def find_heading(sheet: Sheet, merged: Merged, row: int) -> Heading | None:
    """The heading that has its name column in this row, taken with the row above or below."""
    own = _texts(sheet, merged, row)
    names = [column for column, text in own.items() if field_of(text) is Field.NAME]
    if not names:
        return None
    first = last = row
    below = _texts(sheet, merged, row + 1)
    two_rows = any(
        (area := merged.area.get((row, column))) and area.bottom == row + 1 for column in names
    ) or _is_second_row(below, own, names)
    above = _texts(sheet, merged, row - 1, spread=True)
    if two_rows:
        last = row + 1
    width = max(own.keys() | (below.keys() if two_rows else set()), default=0)
    spread = _texts(sheet, merged, row, spread=True)
    columns = []
    for column in range(1, width + 1):
        mine = own.get(column, "")
        choices = [mine]
        if two_rows:
            under = below.get(column, "")
            over = spread.get(column, "")
            # A heading merged across names its columns together; one of its own goes on below.
            area = merged.area.get((row, column))
            across = area is not None and area.right > area.left
            choices = [under, f"{over}{under}"] if across else [f"{over}{under}", under]
            choices = [*choices, mine] if under else [mine]
        else:
            choices += [f"{above.get(column, '')}{mine}"] if mine else [above.get(column, "")]
        heading = next(
            (text for text in choices if field_of(text)), next(filter(None, choices), "")
        )
        if not mine and not two_rows and not field_of(heading):
            heading = ""
        if not mine and not two_rows and heading and merged.area.get((row - 1, column)):
            # A title merged across the sheet is no heading of each column.
            area = merged.area[row - 1, column]
            heading = heading if area.left == column else ""
        if heading:
            columns.append(Column(column, heading, field_of(heading)))
    known = {column.field for column in columns if column.field}
    if len(known) < 2 and not (len(columns) == 1 and known):
        return None
    blocks, doubled = _blocks(columns)
    return Heading(first, last, blocks, columns, doubled)


def _texts(sheet: Sheet, merged: Merged, row: int, *, spread: bool = False) -> dict[int, str]:
    """The texts of a row by column; spread: a cell merged across counts for each column."""
    if not 0 < row <= len(sheet.rows):
        return {}
    texts = {
        column: text
        for column, value in enumerate(sheet.rows[row - 1], 1)
        if isinstance(value, str) and (text := text_of(value))
    }
    if spread:
        for column in range(1, len(sheet.rows[row - 1]) + 1):
            area = merged.area.get((row, column))
            if area and area.top == row and column not in texts:
                shown = sheet.value(area.top, area.left)
                if isinstance(shown, str) and text_of(shown):
                    texts[column] = text_of(shown)
    return texts


def _is_second_row(below: dict[int, str], own: dict[int, str], names: list[int]) -> bool:
    """Whether the row under the heading goes on with it instead of naming a member."""
    if any(column in below for column in names) or not below:
        return False
    recognised = sum(
        1
        for column, text in below.items()
        if field_of(text) or (column in own and field_of(own[column] + text))
    )
    return recognised >= 1 and recognised * 2 >= len(below)


def _blocks(columns: list[Column]) -> tuple[list[dict[Field, Column]], list[Column]]:
    """Columns by field; a second name column begins the second half of a table set side by side."""
    twice = sum(column.field is Field.NAME for column in columns) > 1
    blocks: list[dict[Field, Column]] = [{}]
    doubled = []
    for column in columns:
        if column.field is None:
            continue
        if column.field in blocks[-1]:
            if not twice or Field.NAME not in blocks[-1]:
                doubled.append(column)
                continue
            blocks.append({})
        blocks[-1][column.field] = column
    return [block for block in blocks if Field.NAME in block], doubled
