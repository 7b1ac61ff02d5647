"""Proposals from lists and Word documents: read with patience, whole or refused, never twice."""

import io
import json
import zipfile
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from cppcc_portal.office import files
from cppcc_portal.office.archives import Refused
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady
from members import actions as member_actions
from members.models import Body, Membership, Organisation, Person
from proposals import actions
from proposals.actions.importing import look, submit_imported
from proposals.defaults import lay_down_lists
from proposals.importing.columns import Field
from proposals.importing.documents import read_document
from proposals.importing.plan import EXAMPLE
from proposals.importing.rows import moment_of
from proposals.importing.template import document, workbook
from proposals.importing.texts import split_text
from proposals.models import ImportedProposal, Proposal, ProposalImport
from tests import people
from tests.district import TEXT, district, drafted, seat
from tests.stages import again, logged_in

pytestmark = pytest.mark.django_db
AUTUMN = datetime(2026, 9, 1, 10, tzinfo=people.CHINA)
EXCEL = datetime(2026, 3, 2, 9, 30)  # noqa: DTZ001  a cell has no zone
HEAD = ("案由", "提案人", "情况", "分析", "建议", "是否同意公开", "提交日期")
ROW = ("关于甲的建议", "陈一", "情况甲。", "分析甲。", "建议甲。", "是", "")


@pytest.fixture
def d() -> Any:
    d = district()
    lay_down_lists()
    with time_machine.travel(AUTUMN, tick=False):
        yield d


def book(*rows: Any, head: Any = HEAD, title: str = "提案") -> bytes:
    made = Workbook()
    sheet = made.active
    sheet.title = title
    for row in (head, *rows):
        sheet.append([value if value != "" else None for value in row])
    written = io.BytesIO()
    made.save(written)
    return written.getvalue()


def row(**changes: Any) -> list[Any]:
    return [{**dict(zip(HEAD, ROW, strict=True)), **changes}[name] for name in HEAD]


def paper(*lines: str, table: Any = ()) -> bytes:
    made: Any = Document()
    made.add_heading("提案表", level=0)
    if table:
        grid = made.add_table(rows=0, cols=2)
        for label, value in table:
            cells = grid.add_row().cells
            cells[0].text, cells[1].text = label, value
    for line in lines:
        made.add_paragraph(line)
    written = io.BytesIO()
    made.save(written)
    return written.getvalue()


def uploaded(d: SimpleNamespace, *contents: Any, by: Any = None) -> ProposalImport:
    uploads = [
        SimpleUploadedFile(name, content)
        for name, content in (
            one if isinstance(one, tuple) else ("清单.xlsx", one) for one in contents
        )
    ]
    return actions.upload_proposals(uploads, by=by or d.office)


def imported(d: SimpleNamespace, *contents: Any, all_or_nothing: bool = False) -> dict[str, int]:
    batch = uploaded(d, *contents)
    counts = actions.write_proposals(batch, by=d.office, all_or_nothing=all_or_nothing).counts
    submit_imported(batch.pk)
    return counts


def reasons(d: SimpleNamespace, *contents: Any) -> list[tuple[int, str, str]]:
    plan = look(uploaded(d, *contents)).plan
    return [(one.row, one.column, one.reason) for one in plan.refused]


# Lists --------------------------------------------------------------------------------------------


def test_a_row_becomes_a_draft_entered_by_the_office(d: SimpleNamespace) -> None:
    counts = imported(d, book(row()))

    proposal = Proposal.objects.get()
    assert counts == {"created": 1, "updated": 0, "unchanged": 0, "refused": 0}
    assert (proposal.status, proposal.entered_by) == ("draft", d.office)
    assert proposal.first_proposer.membership == seat(d.author)
    assert proposal.draft.parts == {
        "title": "关于甲的建议", "situation": "情况甲。", "analysis": "分析甲。", "suggestions": "建议甲。",
    }  # fmt: skip
    assert proposal.initials.startswith("gyjdjy")
    assert proposal.may_publish is True
    # The member's own office only: nobody else reads the draft.
    assert logged_in(d.author).get(proposal.get_absolute_url()).status_code == 200
    assert logged_in(d.other).get(proposal.get_absolute_url()).status_code == 404


def test_a_dated_row_is_submitted_as_of_its_day(d: SimpleNamespace) -> None:
    imported(
        d,
        book(
            row(提交日期="2026-01-05"),
            row(案由="关于乙的建议", 提交日期=EXCEL, 是否同意公开=""),
        ),
    )

    first, second = Proposal.objects.order_by("pk")
    assert (first.status, first.serial, first.series) == ("submitted", 1, "plenary")
    assert first.submitted_at == datetime(2026, 1, 5, 12, tzinfo=people.CHINA)
    assert (second.series, second.may_publish) == ("ordinary", False)
    line = first.changes.get()
    assert (line.behalf, line.scan.kind) == ("陈一", "evidence")
    page = logged_in(d.author).get(first.get_absolute_url()).content.decode()
    assert "根据导入的清单录入" in page
    # The list holds other people's texts: a proposer does not get it.
    assert logged_in(d.author).get(line.scan.get_absolute_url()).status_code in (403, 404)


def test_an_incomplete_dated_row_stays_a_draft_and_says_why(d: SimpleNamespace) -> None:
    batch = uploaded(d, book(row(建议="", 提交日期="2026-01-05")))

    told = [problem.reason for problem in look(batch).plan.problems]
    actions.write_proposals(batch, by=d.office, all_or_nothing=True)

    assert any("没有「建议」" in reason for reason in told)
    assert Proposal.objects.get().status == "draft"


def test_the_same_file_again_changes_nothing(d: SimpleNamespace) -> None:
    content = book(row(), row(案由="关于乙的建议", 提交日期="2026-01-05"))
    imported(d, content)
    before = list(Proposal.objects.order_by("pk").values_list())

    assert imported(d, content) == {"created": 0, "updated": 0, "unchanged": 2, "refused": 0}
    assert list(Proposal.objects.order_by("pk").values_list()) == before


def test_the_same_file_again_after_the_draft_was_edited_changes_nothing(
    d: SimpleNamespace,
) -> None:
    content = book(row())
    imported(d, content)
    proposal = Proposal.objects.get()
    actions.save_draft(proposal, by=d.office, version=1, **{**TEXT, "title": "另一个案由"})

    assert imported(d, content)["unchanged"] == 1
    assert Proposal.objects.get().draft.title == "另一个案由"


def test_a_changed_row_updates_an_untouched_draft(d: SimpleNamespace) -> None:
    imported(d, book(row()))

    counts = imported(d, book(row(分析="新的分析。")))

    assert counts["updated"] == 1
    assert Proposal.objects.get().draft.analysis == "新的分析。"


def test_a_draft_worked_on_in_the_portal_is_not_overwritten(d: SimpleNamespace) -> None:
    imported(d, book(row()))
    proposal = Proposal.objects.get()
    parts = {**proposal.draft.parts, "analysis": "在门户里改的。"}
    actions.save_draft(proposal, by=d.office, version=1, **parts)

    counts = imported(d, book(row(分析="清单里改的。")))

    assert counts["refused"] == 1
    assert Proposal.objects.get().draft.analysis == "在门户里改的。"


def test_what_was_submitted_is_never_changed(d: SimpleNamespace) -> None:
    imported(d, book(row(提交日期="2026-01-05")))

    [(_row, _column, reason)] = reasons(d, book(row(分析="新的分析。")))

    assert "已经提交" in reason


def test_a_members_own_draft_is_not_told_of(d: SimpleNamespace) -> None:
    drafted(d)

    assert imported(d, book(row(案由=TEXT["title"])))["created"] == 1


def test_a_row_is_whole_or_refused_with_place_and_remedy(d: SimpleNamespace) -> None:
    twin = people.member("m9", "陈一", d.plenary.term)
    person = twin.person
    member_actions.set_phone(person, "19900008123")
    person.save()
    resigned = people.member("m8", "离任", d.plenary.term)
    Membership.objects.filter(person=resigned.person).update(status="resigned")
    found = reasons(
        d,
        book(
            row(),
            row(提案人="查无此人"),
            row(提案人="离任"),
            row(提案人="黄二", 案由=""),
            row(提案人="黄二", 案由="关于丙的建议", 提交日期="下个月"),
            row(提案人="黄二", 案由="关于丁的建议", 提交日期="2027-01-01"),
            row(提案人="黄二", 案由="关于戊的建议", 提交日期="2020-01-01"),
            row(提案人="黄二", 案由="关于己的建议", 是否同意公开="也许"),
            row(提案人="黄二", 案由="案" * 201),
            row(提案人="黄二", 案由="关于庚的建议"),
            row(提案人="黄二", 案由="关于庚的建议", 分析="不同"),
        ),
    )

    assert [(one[0], one[1]) for one in found] == [
        (2, "B"), (3, "B"), (4, "B"), (5, "A"), (6, "G"), (7, "G"), (8, "G"), (9, "F"), (10, "A"), (12, "A"),
    ]  # fmt: skip
    assert all("请" in one[2] or "不能" in one[2] or "只能" in one[2] for one in found)


def test_namesakes_are_told_apart_by_number_or_phone(d: SimpleNamespace) -> None:
    twin = people.member("m9", "陈一", d.plenary.term)
    member_actions.set_phone(twin.person, "19900008123")
    Person.objects.filter(pk=twin.person.pk).update(phone_hash=twin.person.phone_hash)
    head = (*HEAD, "委员证号", "手机号")

    imported(
        d,
        book([*row(), "m1", ""], [*row(案由="关于乙的建议"), "", 19900008123.0], head=head),
    )

    seats = [p.first_proposer.membership for p in Proposal.objects.order_by("pk")]
    assert seats == [seat(d.author), seat(twin)]


def test_real_headings_of_exported_lists_are_known(d: SimpleNamespace) -> None:
    """The office's receipt list and a public page, as they are."""
    receipt = "提案号;案由;提案人类别;提案人;界别;专委会;类别;提交时间;状态;办理时间;办理意见"
    public = "标题;提案者;案由;建议;审查意见"
    values = (
        "15-5-001",
        "关于甲的建议",
        "委员联名",
        "陈一、黄二",
        "教育",
        "",
        "社会",
        "2026-01-05",
        "已立案",
    )

    one = look(uploaded(d, book(values, head=receipt.split(";")))).plan
    two = look(uploaded(d, book(("关于乙的建议", "陈一"), head=public.split(";")))).plan

    assert (one.counts["created"], one.refused) == (1, [])
    assert one.rows[0].note == "导入清单所列联名人：黄二"
    assert any("案号" in problem.reason for problem in one.general)
    assert two.counts["created"] == 1


def test_one_column_of_content_is_parted_by_its_headings(d: SimpleNamespace) -> None:
    content = "一、基本情况\n停车难。\n二、存在问题的原因\n车位少。\n三、几点建议\n1．建停车场。\n2．问题排查机制"
    head = ("案由", "提案人", "提案内容")

    imported(d, book(("关于甲的建议", "陈一委员", content), head=head))

    parts = Proposal.objects.get().draft.parts
    assert parts["situation"] == "停车难。"
    assert parts["analysis"] == "车位少。"
    assert parts["suggestions"] == "1．建停车场。\n2．问题排查机制"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030"])
def test_csv_in_both_encodings(d: SimpleNamespace, encoding: str) -> None:
    content = "案由,提案人,情况,建议\n关于甲的建议,陈一,情况。,建议。\n".encode(encoding)

    assert imported(d, ("清单.csv", content))["created"] == 1
    assert Proposal.objects.get().draft.situation == "情况。"


def test_an_organisations_row_is_a_collective_draft(d: SimpleNamespace) -> None:
    Organisation.objects.create(kind=Body.Kind.PARTY, name="某某党总支", short_name="某某党")
    head = (*HEAD, "联系人", "联系人电话", "主笔人")

    batch = uploaded(
        d,
        book(
            [*row(提案人="某某党总支", 提交日期="2026-01-05"), "甲", "0513-82200000", "乙"],
            head=head,
        ),
    )
    actions.write_proposals(batch, by=d.office, all_or_nothing=True)

    proposal = Proposal.objects.get()
    assert proposal.status == "draft"  # a list carries no seal
    assert proposal.collective.contact_phone == "0513-82200000"
    assert "公章" in "".join(map(str, proposal.missing("submit")))


def test_all_or_nothing(d: SimpleNamespace) -> None:
    batch = uploaded(d, book(row(), row(提案人="查无此人")))

    with pytest.raises(NotReady) as refused:
        actions.write_proposals(batch, by=d.office, all_or_nothing=True)
    nothing = Proposal.objects.count()
    actions.write_proposals(batch, by=d.office, all_or_nothing=False)

    assert "一件也没有写入" in "".join(refused.value.reasons)
    assert (nothing, Proposal.objects.count()) == (0, 1)


def test_nothing_is_half_imported(d: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = uploaded(d, book(row(), row(案由="关于乙的建议", 提交日期="2026-01-05")))
    monkeypatch.setattr("proposals.actions.importing._update", broken)

    with pytest.raises(RuntimeError):
        actions.write_proposals(batch, by=d.office, all_or_nothing=False)

    assert not Proposal.objects.exists()
    assert batch.fresh().status == "read"


def test_a_worker_killed_while_submitting_is_followed_by_another(
    d: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [row(案由=f"关于第{number}件事的建议", 提交日期="2026-01-05") for number in range(3)]
    batch = uploaded(d, book(*rows))
    actions.write_proposals(batch, by=d.office, all_or_nothing=True)

    monkeypatch.setattr("proposals.actions.importing.submit", dies_at_the_second())
    with pytest.raises(RuntimeError):
        submit_imported(batch.pk)
    monkeypatch.setattr("proposals.actions.importing.submit", actions.submit)
    one = Proposal.objects.filter(status="submitted").count()
    submit_imported(batch.pk)
    submit_imported(batch.pk)

    assert one == 1
    assert list(Proposal.objects.order_by("pk").values_list("status", "serial")) == [
        ("submitted", 1), ("submitted", 2), ("submitted", 3),
    ]  # fmt: skip


def test_what_cannot_be_submitted_after_all_stays_a_draft_with_the_reason(
    d: SimpleNamespace,
) -> None:
    batch = uploaded(d, book(row(提交日期="2026-01-05")))
    actions.write_proposals(batch, by=d.office, all_or_nothing=True)
    Membership.objects.update(status="resigned")

    submit_imported(batch.pk)

    proposal = Proposal.objects.get()
    assert proposal.status == "draft"
    assert "在任委员" in proposal.notes.get().text


def test_what_was_recalled_is_not_submitted_again(d: SimpleNamespace) -> None:
    imported(d, book(row(提交日期="2026-01-05")))
    actions.recall(Proposal.objects.get(), by=d.office)

    submit_imported(ProposalImport.objects.get().pk)

    assert Proposal.objects.get().status == "draft"


def dies_at_the_second() -> Any:
    calls = []

    def submit(proposal: Proposal, **more: Any) -> Any:
        calls.append(proposal)
        if len(calls) == 2:
            raise RuntimeError
        return actions.submit(proposal, **more)

    return submit


def broken(*args: Any, **fields: Any) -> None:
    raise RuntimeError


# Rights, twice, two at once -----------------------------------------------------------------------


def test_only_the_office_brings_proposals_in(d: SimpleNamespace) -> None:
    for user in (d.author, d.clerk):
        with pytest.raises(PermissionDenied):
            uploaded(d, book(row()), by=user)
    batch = uploaded(d, book(row()))
    for act in (
        actions.cancel_import,
        lambda thing, by: actions.write_proposals(thing, by=by, all_or_nothing=False),
    ):
        with pytest.raises(NotAllowed):
            act(batch, by=again(d.author))


def test_an_upload_is_written_or_given_up_once(d: SimpleNamespace) -> None:
    batch = uploaded(d, book(row()))
    actions.write_proposals(batch, by=d.office, all_or_nothing=False)
    given_up = uploaded(d, book(row(案由="关于乙的建议")))
    actions.cancel_import(given_up, by=d.office)

    for one in (batch, given_up):
        with pytest.raises(IllegalMove):
            actions.write_proposals(one, by=d.office, all_or_nothing=False)
    assert not files.for_subject(given_up).exists()


def test_what_changed_since_the_preview_is_shown_again(d: SimpleNamespace) -> None:
    batch = uploaded(d, book(row()))
    shown = look(batch).plan.fingerprint
    imported(d, book(row()))

    with pytest.raises(NotReady):
        actions.write_proposals(batch, by=d.office, all_or_nothing=False, fingerprint=shown)

    assert Proposal.objects.count() == 1


def test_history_of_an_import_stays(d: SimpleNamespace) -> None:
    batch = uploaded(d, book(row()))
    actions.write_proposals(batch, by=d.office, all_or_nothing=False)

    with pytest.raises(IntegrityError), transaction.atomic():
        batch.changes.update(note="另一句")


def test_a_text_taken_out_takes_its_file_with_it(d: SimpleNamespace) -> None:
    imported(d, book(row(提交日期="2026-01-05")))
    batch = ProposalImport.objects.get()

    actions.take_out(Proposal.objects.get(), by=d.office, note="转区委保密办")

    assert not files.for_subject(batch).exists()
    assert not ImportedProposal.objects.exists()


# Word documents -----------------------------------------------------------------------------------


def test_a_form_of_two_columns_with_headed_text(d: SimpleNamespace) -> None:
    content = paper(
        "一、情况", "停车难。", "二、分析", "车位少。", "三、建议", "建停车场。",
        table=[("案 由", "关于停车的建议"), ("提案人", "陈一"), ("界别", "教育界"), ("电话", "19900008000"), ("是否同意公开", "同意")],
    )  # fmt: skip

    counts = imported(d, ("陈一-停车.docx", content))

    proposal = Proposal.objects.get()
    assert counts["created"] == 1
    assert proposal.draft.parts == {
        "title": "关于停车的建议", "situation": "停车难。", "analysis": "车位少。", "suggestions": "建停车场。",
    }  # fmt: skip
    assert proposal.may_publish is True


def test_a_plain_letter_is_read_as_well(d: SimpleNamespace) -> None:
    content = paper(
        "关于停车的提案",
        "提案人：陈一",
        "",
        "小区停车难，群众反映多。",
        "为此，建议：",
        "一、建停车场。",
    )

    imported(d, ("停车.docx", content))

    parts = Proposal.objects.get().draft.parts
    assert parts["title"] == "关于停车的提案"
    assert parts["situation"] == "小区停车难，群众反映多。"
    assert parts["suggestions"].startswith("为此，建议")


def test_a_document_without_proposer_is_refused_by_name(d: SimpleNamespace) -> None:
    batch = uploaded(
        d, ("好.docx", paper("建议：修路。", table=[("案由", "关于路的建议"), ("提案人", "陈一")])),
        ("缺.docx", paper("关于桥的建议", "建议：修桥。")),
    )  # fmt: skip

    plan = look(batch).plan

    assert plan.counts["created"] == 1
    assert [(one.sheet, "提案人" in one.reason) for one in plan.refused] == [("缺.docx", True)]


def test_the_same_document_again_is_unchanged(d: SimpleNamespace) -> None:
    content = paper("建议：修路。", table=[("案由", "关于路的建议"), ("提案人", "陈一")])
    imported(d, ("路.docx", content))

    assert imported(d, ("路（副本）.docx", content))["unchanged"] == 1


def bomb() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        types = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
        archive.writestr("[Content_Types].xml", f"<Types>{types}</Types>")
        archive.writestr("word/document.xml", b" " * 50_000_000)
    return written.getvalue()


def test_bombs_and_broken_files_are_refused_in_words(d: SimpleNamespace) -> None:
    written = io.BytesIO(paper("建议：修路。"))
    entity = io.BytesIO()
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(entity, "w") as new:
        for item in old.infolist():
            raw = old.read(item)
            if item.filename == "word/document.xml":
                raw = raw.replace(b"<w:document", b'<!DOCTYPE x [<!ENTITY a "b">]><w:document', 1)
            new.writestr(item, raw)

    for content in (bomb(), entity.getvalue(), b"PK\x03\x04rubbish", b"%PDF-1.4", b""):
        with pytest.raises(Refused) as refused:
            read_document(content, "提案.docx")
        assert "请" in refused.value.message or "没有打开" in refused.value.message
    with pytest.raises(Refused):
        uploaded(d, ("清单.xlsx", bomb()))
    with pytest.raises(Refused) as no_table:
        uploaded(d, book(("x",), head=("甲", "乙")))
    assert "案由" in no_table.value.message


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=40), max_size=12))
def test_splitting_loses_no_text(lines: list[str]) -> None:
    """Whatever is no heading stands in some part afterwards."""
    kept = "".join(split_text(lines).values())

    for line in lines:
        words = "".join(line.split())
        if len(words) > 20:  # longer than any heading
            assert words in "".join(kept.split())


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026年1月5日", date(2026, 1, 5)),
        ("2026.1.5", date(2026, 1, 5)),
        ("2026/01/05 09:30", date(2026, 1, 5)),
        ("2026-01-05 09:30:15", date(2026, 1, 5)),
        ("2026-02-30", None),
        ("一月", None),
    ],
)
def test_days_as_offices_write_them(typed: str, day: date | None) -> None:
    found = moment_of(typed)

    assert (found.date() if found else None) == day


# Template, pages, command -------------------------------------------------------------------------


def test_the_template_comes_back_as_it_went(d: SimpleNamespace, tmp_path: Path) -> None:
    made = workbook(sectors=["教育界"], units=["区住建局"])
    sheet = made["提案清单"]
    assert (
        sheet["E3"].number_format == "General" or sheet.column_dimensions["E"].number_format == "@"
    )
    assert EXAMPLE in [cell.value for cell in sheet[2]]
    values = {"案由": "关于甲的建议", "提案人": "陈一", "手机号": "019900008000", "建议": "建议。"}
    for cell in sheet[1]:
        name = cell.value.removesuffix("（必填）")
        sheet.cell(3, cell.column, values.get(name))
    made.save(tmp_path / "模板.xlsx")
    written = io.BytesIO()
    document().save(written)

    counts = imported(d, (tmp_path / "模板.xlsx").read_bytes())

    assert counts == {"created": 1, "updated": 0, "unchanged": 0, "refused": 0}
    empty = read_document(written.getvalue(), "空.docx").values
    assert not any(split_text(str(empty.pop(Field.CONTENT)).splitlines()).values())
    assert empty == {}


def test_whole_way_on_the_pages(d: SimpleNamespace) -> None:
    client = logged_in(d.office)
    url = reverse("admin:proposals_import")
    content = book(row(), row(提案人="查无此人"))

    unsaid = client.post(url, {"uploads": SimpleUploadedFile("清单.xlsx", content)})
    wrong = client.post(
        url, {"uploads": SimpleUploadedFile("图.png", b"x"), "secrecy_confirmed": "on"}
    )
    client.post(
        url, {"uploads": SimpleUploadedFile("清单.xlsx", content), "secrecy_confirmed": "on"}
    )
    batch = ProposalImport.objects.get()
    page = client.get(reverse("admin:proposals_proposalimport_change", args=[batch.pk]))
    marked = client.get(reverse("admin:proposals_proposalimport_marked", args=[batch.pk]))
    client.post(
        reverse("admin:proposals_proposalimport_confirm", args=[batch.pk]),
        {"fingerprint": page.context["form"]["fingerprint"].value(), "all_or_nothing": "good"},
    )
    proposal = Proposal.objects.get()
    queue = client.get(f"{reverse('admin:proposals_proposal_changelist')}?queue=entered")
    client.post(
        reverse("admin:proposals_proposal_changelist"),
        {"action": "submit_many", "_selected_action": [proposal.pk]},
    )
    after = client.get(reverse("admin:proposals_proposalimport_change", args=[batch.pk]))

    assert unsaid.status_code == wrong.status_code == 200
    assert "请核对姓名" in page.content.decode()
    sheet = openpyxl.load_workbook(io.BytesIO(marked.content)).active
    assert "请核对姓名" in sheet.cell(3, 8).value
    assert "关于甲的建议" in queue.content.decode()
    assert proposal.fresh().status == "submitted"
    assert after.status_code == 200


@pytest.mark.parametrize("name", ["import", "import_workbook", "import_document"])
def test_others_do_not_find_the_pages(d: SimpleNamespace, name: str) -> None:
    url = reverse(f"admin:proposals_{name}")

    assert logged_in(d.office).get(url).status_code == 200
    assert logged_in(d.author).get(url).status_code in (403, 404)


def run(*names: Any, **options: Any) -> dict[str, Any]:
    out = io.StringIO()
    try:
        call_command("import_proposals", *map(str, names), json=True, stdout=out, **options)
    except CommandError as error:
        return {"error": str(error), **json.loads(out.getvalue() or "{}")}
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer


def test_the_command_reports_in_json(d: SimpleNamespace, tmp_path: Path) -> None:
    table, letter = tmp_path / "清单.xlsx", tmp_path / "路.docx"
    table.write_bytes(book(row(), row(提案人="查无此人")))
    letter.write_bytes(paper("建议：修路。", table=[("案由", "关于路的建议"), ("提案人", "黄二")]))

    tried = run(table, letter, dry_run=True)
    nothing = Proposal.objects.count()
    first = run(table, letter)
    second = run(table, letter)
    missing = run(tmp_path / "没有.xlsx", table)

    assert (tried["created"], nothing) == (2, 0)
    assert (first["created"], first["updated"], first["unchanged"]) == (2, 0, 0)
    [refused] = first["refused"]
    assert (refused["sheet"], refused["row"], refused["column"]) == ("提案", 3, "B")
    assert "查无此人" in refused["reason"]
    assert (second["created"], second["unchanged"]) == (0, 2)
    assert "打不开文件" in missing["error"]
    assert missing["unchanged"] == 1


def test_the_command_needs_an_account_of_the_office(d: SimpleNamespace, tmp_path: Path) -> None:
    table = tmp_path / "清单.xlsx"
    table.write_bytes(book(row()))

    assert "--by" in run(table, by="m1")["error"]
    run(table, by="office")
    assert Proposal.objects.get().entered_by == d.office


@pytest.mark.parametrize("count", [20, 60])
def test_drafts_cost_the_same_number_of_queries(
    d: SimpleNamespace, count: int, django_assert_max_num_queries: Any
) -> None:
    rows = [row(案由=f"关于第{number}件事的建议") for number in range(count)]
    batch = uploaded(d, book(*rows))

    with django_assert_max_num_queries(40):
        actions.write_proposals(batch, by=d.office, all_or_nothing=True)
