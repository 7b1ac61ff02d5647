"""The workbook and the document an office hands out, to be filled in and imported."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from docx import Document
from openpyxl import Workbook
from openpyxl.styles import Alignment

from members.roster.template import PALE, explain, offer, write_head, write_text
from proposals.importing.columns import Field, field_of
from proposals.importing.plan import EXAMPLE

HEADINGS = (
    "案由", "提案人", "界别", "委员证号", "手机号", "联名人", "情况", "分析", "建议", "是否同意公开",
    "不同意公开的理由", "建议承办单位", "提交日期", "联系人", "联系人电话", "主笔人", "备注",
)  # fmt: skip
MUST = {Field.TITLE, Field.PROPOSER}
WIDE = {Field.SITUATION: 50, Field.ANALYSIS: 40, Field.SUGGESTIONS: 50, Field.TITLE: 36}
LAST_ROW = 5_000
EXAMPLES = {
    Field.TITLE: "关于增设社区助餐点的建议",
    Field.PROPOSER: "张示例",
    Field.PHONE: "19900000000",
    Field.SITUATION: "写清楚事实：在哪里、有多少、影响谁。",
    Field.ANALYSIS: "为什么会这样，难在哪里。",
    Field.SUGGESTIONS: "1．由谁做什么。\n2．由谁做什么。",
    Field.MAY_PUBLISH: "是",
    Field.SUBMITTED: "2026-01-05",
    Field.NOTE: EXAMPLE,
}


def workbook(*, sectors: Iterable[str], units: Iterable[str]) -> Workbook:
    """The list to fill in: every column is text, sectors and units are chosen."""
    book = Workbook()
    sheet = book.active
    sheet.title = "提案清单"
    write_head(sheet, 1, HEADINGS, field_of, must=MUST, widths=WIDE)
    for column, heading in enumerate(HEADINGS, 1):
        field = field_of(heading)
        if field and (said := EXAMPLES.get(field)):
            write_text(sheet, 2, column, said)
            sheet.cell(2, column).font = PALE
            sheet.cell(2, column).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "C2"
    lists = {
        Field.SECTOR: list(sectors),
        Field.MAY_PUBLISH: ["是", "否"],
        Field.UNITS: list(units),
    }
    told = _("列表里没有这一项；几个单位之间请用顿号分开。")
    offer(book, sheet, HEADINGS, field_of, lists, told=told, last_row=LAST_ROW)
    explain(
        book,
        [
            _("怎样填写"),
            _("1. 一件提案一行，“案由”和“提案人”必填；其他列没有可以空着，也可以整列删去。"),
            _(
                "2. 提案人写本届在任委员的姓名；同名的请填委员证号或手机号。集体提案写组织名称，并填联系人和电话。"
            ),
            _(
                "3. 正文可以分填“情况、分析、建议”三列，也可以改用一列“提案内容”，按文中小标题自动分开。"
            ),
            _(
                "4. 填了“提交日期”并且内容齐全的，导入后直接按那一天提交；没有填的先存为代录草稿，在工作台勾选后一次提交。"
            ),
            _("5. 联名人须本人确认，只记入内部批注。案号、类别、承办情况不导入。"),
            _("6. 灰色的示例行导入时自动跳过。同一份表再次导入不会重复。"),
        ],
    )
    return book


def document() -> Any:
    """One proposal as a form of two columns and a text under its headings."""
    paper = Document()
    paper.add_heading("提案表", level=0)
    labels = (
        "案由",
        "提案人",
        "界别",
        "手机号",
        "联名人",
        "是否同意公开",
        "建议承办单位",
        "提交日期",
    )
    table = paper.add_table(rows=0, cols=2)
    table.style = "Table Grid"
    for label in labels:
        table.add_row().cells[0].text = label
    for heading in ("情况", "分析", "建议"):
        paper.add_heading(heading, level=1)
        paper.add_paragraph("")
    return paper
