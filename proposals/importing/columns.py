"""Which column or label says what: the headings of the offices' own lists and forms."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from members.roster.columns import PROBLEM_HEADING
from members.roster.reading import Sheet, letter
from members.roster.values import Value, squeezed, text_of


class Field(StrEnum):
    """What a column can say."""

    TITLE = "title"
    PROPOSER = "proposer"
    SECTOR = "sector"
    MEMBER_NUMBER = "member_number"
    PHONE = "phone"
    COSIGNERS = "cosigners"
    CONTENT = "content"
    SITUATION = "situation"
    ANALYSIS = "analysis"
    SUGGESTIONS = "suggestions"
    MAY_PUBLISH = "may_publish"
    REASON = "unpublished_reason"
    UNITS = "units"
    SUBMITTED = "submitted"
    CONTACT = "contact_name"
    CONTACT_PHONE = "contact_phone"
    WRITERS = "writers"
    NOTE = "note"
    PROBLEM = "problem"


HEADINGS: dict[Field, str] = {
    Field.TITLE: "案由 标题 提案题目 提案标题 题目 提案名称 提案案由 建议标题 案题",
    Field.PROPOSER: "提案人 提案者 第一提案人 姓名 委员姓名 提案委员 提案人姓名 提案单位 提案组织 领衔人 提案者名称",
    Field.SECTOR: "界别 所属界别",
    Field.MEMBER_NUMBER: "委员证号 委员编号 委员号",
    Field.PHONE: "手机号 手机 电话 联系电话 手机号码 联系方式",
    Field.COSIGNERS: "联名人 联名委员 联名 附议人 共同提案人 其他提案人 联名提案人",
    Field.CONTENT: "提案内容 内容 正文 提案正文 案据 理由 提案全文 情况分析和建议 具体内容",
    Field.SITUATION: "情况 基本情况 现状 情况分析 情况反映 问题 存在问题 现状和问题",
    Field.ANALYSIS: "分析 原因分析 问题分析 原因",
    Field.SUGGESTIONS: "建议 具体建议 意见建议 对策建议 建议内容 办法",
    Field.MAY_PUBLISH: "是否同意公开 同意公开 是否公开 公开 信息公开 公开意向",
    Field.REASON: "不同意公开的理由 不公开理由 不同意公开理由 理由说明",
    Field.UNITS: "建议承办单位 拟办单位 希望承办单位 建议办理单位",
    Field.SUBMITTED: "提交日期 提交时间 收件时间 收到日期 提出时间 提交日 收案日期",
    Field.CONTACT: "联系人 组织联系人 联络人",
    Field.CONTACT_PHONE: "联系人电话 组织联系电话 联络电话",
    Field.WRITERS: "主笔人 执笔人",
    Field.NOTE: "备注 说明",
    Field.PROBLEM: PROBLEM_HEADING,
}
BY_WORD = {word: said for said, words in HEADINGS.items() for word in words.split()}
REMARKS = re.compile(r"[(（\[【][^)）\]】]*[)）\]】]")
ORNAMENT = re.compile(r"[*:：★\s]+")
HEADING_ROWS = 20
# What a list of the office also holds and an import leaves alone: the portal gives these itself.
OWN = frozenset(
    [
        "序号",
        "提案人类别",
        "提案者类别",
        "提案类型",
        "提案者类型",
        "提案号",
        "案号",
        "编号",
        "流水号",
        "状态",
        "类别",
        "所属类别",
        "专委会",
        "办理时间",
        "办理意见",
        "审查意见",
        "审查结果",
        "交办时间",
        "是否重点",
        "督办单位",
        "牵头领导",
        "主办单位",
        "协办单位",
        "承办单位",
        "回复",
        "届次",
    ]
)


def field_of(heading: Value) -> Field | None:
    """What a heading or label says; None if it is unknown."""
    if not isinstance(heading, str):
        return None
    text = squeezed(heading)
    bare = ORNAMENT.sub("", REMARKS.sub("", text))
    return BY_WORD.get(ORNAMENT.sub("", text)) or BY_WORD.get(bare)


@dataclass(frozen=True)
class Column:
    """A column or label: its place as people name it, and what is written there."""

    place: str
    heading: str
    index: int = 0


@dataclass
class Record:
    """One proposal as a file says it: values by field, each with its place."""

    sheet: str
    row: int
    values: dict[Field, Any] = field(default_factory=dict)
    columns: Mapping[Field, Column] = field(default_factory=dict)
    broken: Mapping[Field, str] = field(default_factory=dict)  # formulae without a result

    def text(self, said: Field) -> str:
        """The cell with its line breaks, without blanks around."""
        value = self.values.get(said)
        if isinstance(value, str):
            return "\n".join(line.strip() for line in value.strip().splitlines())
        return text_of(value)


@dataclass
class Found:
    """A table of a sheet: its heading row, what its columns say, and which are passed over."""

    row: int
    columns: dict[Field, Column]
    passed_over: list[Column]


def find_table(sheet: Sheet) -> Found | None:
    """The first row that names both a title and a proposer."""
    for number, cells in enumerate(sheet.rows[:HEADING_ROWS], 1):
        columns: dict[Field, Column] = {}
        passed_over = []
        for index, value in enumerate(cells, 1):
            text = text_of(value)
            if not text:
                continue
            column = Column(letter(index), text, index)
            said = field_of(text)
            if said is None or said in columns:
                passed_over.append(column)
            else:
                columns[said] = column
        if Field.TITLE in columns and Field.PROPOSER in columns:
            return Found(number, columns, passed_over)
    return None


def records_of(sheet: Sheet, found: Found) -> list[Record]:
    """Every row below the heading that says something."""
    records = []
    for number in range(found.row + 1, len(sheet.rows) + 1):
        values = {
            said: value
            for said, column in found.columns.items()
            if (value := sheet.value(number, column.index)) not in (None, "")
        }
        broken = {
            said: sheet.broken[number, column.index]
            for said, column in found.columns.items()
            if (number, column.index) in sheet.broken
        }
        if any(said in values or said in broken for said in MEANT):
            records.append(Record(sheet.title, number, values, found.columns, broken))
    return records


MEANT: Sequence[Field] = (
    Field.TITLE,
    Field.PROPOSER,
    Field.CONTENT,
    Field.SITUATION,
    Field.SUGGESTIONS,
)
