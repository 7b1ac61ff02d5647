"""The papers of a proposal: laid out as GB/T 9704 asks, saying what is on record, for who may read it."""

import hashlib
import io
import json
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

import pytest
from django.urls import reverse
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm

from cppcc_portal.office import pdf, word
from cppcc_portal.office.audit import AuditEvent
from cppcc_portal.office.documents import Paper
from cppcc_portal.office.parameters import set_parameter
from members.models import Commitment, Unit, User
from proposals import actions, papers, registers
from proposals.models import Proposal, Reply
from tests import district as made
from tests import people, stages
from tests.browsing import logged_in

pytestmark = pytest.mark.django_db


def opened(user: User, url: str) -> Any:
    answer = logged_in(user).get(url)
    assert (answer.status_code, answer["Content-Type"]) == (200, word.TYPE)
    assert ".docx" in unquote(answer["Content-Disposition"])
    return Document(io.BytesIO(answer.content))


def words_of(document: Any) -> str:
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def form_of(proposal: Proposal) -> str:
    return reverse("proposals:form", args=[proposal.pk])


def test_page_is_laid_out_by_the_standard(district: SimpleNamespace) -> None:
    document = opened(district.author, form_of(made.submitted(district)))
    section = document.sections[0]

    assert (round(section.page_width / Mm(1)), round(section.page_height / Mm(1))) == (210, 297)
    # The type area: 156 by 225 mm, 37 above and 28 at the binding edge.
    assert abs(section.top_margin - Mm(37)) < Mm(1)
    assert abs(section.left_margin - Mm(28)) < Mm(1)
    width = section.page_width - section.left_margin - section.right_margin
    height = section.page_height - section.top_margin - section.bottom_margin
    assert (round(width / Mm(1)), round(height / Mm(1))) == (156, 225)
    grid = section._sectPr.find(qn("w:docGrid"))
    pitch = int(grid.get(qn("w:linePitch"))) / 20
    assert int(height / 12700 // pitch) == 22
    title = document.paragraphs[0].runs[0]
    assert title.font.size.pt == 22
    assert title._r.rPr.rFonts.get(qn("w:eastAsia")) == "方正小标宋简体"
    body = next(p for p in document.paragraphs if "老旧小区充电点不足" in p.text).runs[0]
    assert (body.font.size.pt, body._r.rPr.rFonts.get(qn("w:eastAsia"))) == (16, "仿宋_GB2312")
    assert "PAGE" in section.footer._element.xml
    assert document.settings.odd_and_even_pages_header_footer


def test_properties_stand_in_the_order_of_the_format(district: SimpleNamespace) -> None:
    proposal = stages.replied(district)
    letter = reverse("proposals:letter", args=[Reply.objects.get().pk])
    order = ["rFonts", "b", "color", "spacing", "w", "kern", "position", "sz", "szCs", "lang"]

    for url in (form_of(proposal), letter):
        document = opened(district.author, url)
        for run in document.element.body.iter(qn("w:rPr")):
            names = [child.tag.split("}")[1] for child in run]
            places = [order.index(name) for name in names if name in order]
            assert places == sorted(places), names
        for paragraph in document.element.body.iter(qn("w:pPr")):
            names = [child.tag.split("}")[1] for child in paragraph]
            known = ["pStyle", "pBdr", "spacing", "ind", "jc", "rPr"]
            places = [known.index(name) for name in names if name in known]
            assert places == sorted(places), names


def test_form_prints_numbers_for_its_author_and_masks_them_for_others(
    district: SimpleNamespace,
) -> None:
    d = district
    for user, phone in ((d.author, "19900001234"), (d.cosigner, "19900005678")):
        user.person.phone = phone
        user.person.save()
    proposal = made.submitted(d)

    own = words_of(opened(d.author, form_of(proposal)))
    assert "19900001234" in own
    assert "19900005678" not in own
    unmasked = AuditEvent.objects.filter(action="person.unmask")
    assert not unmasked.exists()
    whole = words_of(opened(d.office, form_of(proposal)))
    assert "19900001234" in whole
    assert "19900005678" in whole
    assert unmasked.count() == 2  # whoever reads all of them is on record
    signed = words_of(opened(d.cosigner, form_of(proposal)))
    assert "19900001234" not in signed
    assert "黄二" in signed
    assert logged_in(d.other).get(form_of(proposal)).status_code == 404
    assert logged_in(d.clerk).get(form_of(proposal)).status_code == 404
    assert AuditEvent.objects.filter(action="paper.form").count() == 3


def test_reply_is_a_letter_with_class_number_promises_and_code(district: SimpleNamespace) -> None:
    d = district
    proposal = stages.closed(d)
    reply = Reply.objects.get()
    url = reverse("proposals:letter", args=[reply.pk])

    document = opened(d.author, url)
    text = words_of(document)
    assert document.paragraphs[0].text == "A"
    for words in (
        "海住建提〔2026〕1号",
        f"关于{proposal.official_number}提案的答复",
        "陈一等2名提案人：",
        "逐条答复。",
        "建成十处",
        "签发人：局长",
        "2026年4月1日",
    ):
        assert words in text
    assert len(document.inline_shapes) == 1
    assert logged_in(d.other).get(url).status_code == 404


def test_papers_print_the_local_day(district: SimpleNamespace) -> None:
    proposal = made.submitted(district)
    early = datetime(2026, 1, 6, 3, tzinfo=people.CHINA)
    Proposal.objects.filter(pk=proposal.pk).update(submitted_at=early)

    assert "2026年1月6日" in words_of(opened(district.author, form_of(proposal)))


def test_draft_of_a_reply_is_its_units_alone(district: SimpleNamespace) -> None:
    d = district
    lead = stages.lead_of(stages.answerable(d))
    planned = [{"what": "建成十处", "who": "科长", "due_on": "2026-12-20"}]
    draft = actions.save_reply(lead, by=stages.again(d.clerk), planned=planned, **stages.answer())
    url = reverse("proposals:letter", args=[draft.pk])

    shown = words_of(opened(d.clerk, url))
    assert "逐条答复。" in shown
    assert "建成十处" in shown
    for user in (d.author, d.office, d.joint_clerk):
        assert logged_in(user).get(url).status_code == 404


def test_sheet_and_opinion_are_for_units_and_the_office(district: SimpleNamespace) -> None:
    d = district
    proposal = stages.answerable(d)
    lead, joint = stages.lead_of(proposal), stages.joint_of(proposal)
    sheet = reverse("desk:sheet", args=[lead.pk])
    opinion = reverse("desk:opinion", args=[joint.pk])

    for user in (d.clerk, d.office):
        shown = words_of(opened(user, sheet))
        assert "区住建局（主办）" in shown
        assert "区消防救援大队（会办）" in shown
        assert "2026年6月18日" in shown
        assert "关于" in words_of(opened(user, opinion))
    assert logged_in(d.author).get(sheet).status_code == 404
    assert logged_in(d.author).get(opinion).status_code == 404
    assert logged_in(d.clerk).get(reverse("desk:opinion", args=[lead.pk])).status_code == 404


def test_rating_form_is_for_its_proposer_and_the_office(district: SimpleNamespace) -> None:
    d = district
    stages.replied(d)
    rating = stages.rating_of(d.author)
    url = reverse("proposals:rating_form", args=[rating.pk])

    for user in (d.author, d.office):
        text = words_of(opened(user, url))
        assert "□ 满意" in text
        assert "□ 不满意" in text
        assert "陈一" in text
    for user in (d.cosigner, d.clerk):
        assert logged_in(user).get(url).status_code == 404


def test_printed_code_opens_the_record_for_who_may_see_it(district: SimpleNamespace) -> None:
    proposal = made.submitted(district)
    url = reverse("proposals:by_code", args=[proposal.uid])

    assert logged_in(district.author).get(url)["Location"] == proposal.get_absolute_url()
    assert logged_in(district.other).get(url).status_code == 404


@pytest.mark.parametrize("paper", ["form", "letter", "rating", "sheet", "opinion"])
def test_every_paper_comes_as_pdf_too(district: SimpleNamespace, paper: str) -> None:
    d = district
    proposal = stages.replied(d)
    lead, joint = stages.lead_of(proposal), stages.joint_of(proposal)
    user, url = {
        "form": (d.author, form_of(proposal)),
        "letter": (d.author, reverse("proposals:letter", args=[Reply.objects.get().pk])),
        "rating": (
            d.author,
            reverse("proposals:rating_form", args=[stages.rating_of(d.author).pk]),
        ),
        "sheet": (d.clerk, reverse("desk:sheet", args=[lead.pk])),
        "opinion": (d.clerk, reverse("desk:opinion", args=[joint.pk])),
    }[paper]

    answer = logged_in(user).get(f"{url}?as=pdf")

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF-1.7")
    assert ".pdf" in unquote(answer["Content-Disposition"])
    assert logged_in(d.other).get(f"{url}?as=pdf").status_code in (403, 404)


def test_words_that_look_like_markup_are_words() -> None:
    paper = Paper("试")
    paper.title('#panic("标题") $x^2$ *粗* @引用 <标签> \\ " \'')
    paper.text('= 不是标题\n- 不是列表\n#import "/etc/passwd"')
    paper.table(["#头"], [['#read("../settings.py")']], widths=(156,))

    assert pdf.written(paper).startswith(b"%PDF")


def test_a_register_lies_across_the_sheet() -> None:
    paper = Paper("清单", wide=True)
    paper.title("甲局")
    paper.page()
    paper.title("乙局")

    document = Document(io.BytesIO(word.written(paper)))
    section: Any = document.sections[0]
    assert section.page_width > section.page_height
    assert pdf.written(paper)


def test_unit_prints_its_own_hand_over_list_and_the_office_all(district: SimpleNamespace) -> None:
    d = district
    proposal = stages.acknowledged(d)
    url = reverse("desk:hand_over_list")

    own = words_of(opened(d.clerk, url))
    assert "区住建局提案交办清单" in own
    assert proposal.label in own
    assert "共 1 件：主办 1 件" in own
    assert "区消防救援大队" not in own
    whole = words_of(opened(d.office, url))
    assert "区住建局提案交办清单" in whole
    assert "区消防救援大队提案交办清单" in whole
    assert "没有交办的提案" in words_of(opened(d.author, url))
    assert "没有交办的提案" in words_of(opened(d.clerk, f"{url}?plenary=999999"))


def test_register_of_promises_says_how_far_each_is(district: SimpleNamespace) -> None:
    d = district
    stages.closed(d)
    promise = Commitment.objects.get()
    actions.settle_commitment(promise, by=d.office, kept=True, note="已建成十处并验收。")
    url = reverse("desk:promise_register")

    for user in (d.clerk, d.office):
        shown = words_of(opened(user, url))
        assert "建成十处" in shown
        assert "已建成十处并验收。" in shown
    assert "建成十处" not in words_of(opened(d.joint_clerk, url))
    assert "建成十处" not in words_of(opened(d.author, url))


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("name", ["hand_over_list", "promise_register"])
def test_registers_ask_a_constant_number_of_queries(
    district: SimpleNamespace, name: str, count: int, django_assert_max_num_queries: Any
) -> None:
    for _number in range(count):
        stages.closed(district)
    client = logged_in(district.office)
    client.get(reverse(f"desk:{name}"))

    with django_assert_max_num_queries(14):
        client.get(reverse(f"desk:{name}"))


def test_vendored_font_is_what_the_list_says_and_has_the_characters_of_names() -> None:
    (font,) = json.loads((pdf.FONTS / "fonts.json").read_text())["files"]
    content = (pdf.FONTS / font["path"]).read_bytes()

    assert hashlib.sha256(content).hexdigest() == font["sha256"]
    assert font["licence"] == "OFL-1.1"
    assert "SIL OPEN FONT LICENSE" in (pdf.FONTS / "LICENSE").read_text()
    paper = Paper("昇堃喆镕珺翀䶮𬭎")
    paper.text(paper.subject)
    assert pdf.written(paper)


def test_code_is_a_picture_that_reads_back() -> None:
    drawn = word.code_png("https://portal.example.org/x")

    assert drawn.startswith(b"\x89PNG")
    assert drawn.endswith(b"IEND\xaeB`\x82")
    document: Any = Document()
    shape = document.add_picture(io.BytesIO(drawn))
    assert shape.width == shape.height


def test_copies_go_to_the_office_of_the_units_side_and_to_joint_units(
    district: SimpleNamespace,
) -> None:
    stages.replied(district)
    letter = reverse("proposals:letter", args=[Reply.objects.get().pk])
    printed = words_of(opened(district.author, letter))
    assert "抄送：" in printed
    assert "提案委员会，区政府督查室，区消防救援大队。" in printed

    Unit.objects.filter(pk=district.housing.pk).update(side=Unit.Side.PARTY)
    set_parameter("proposals.copies_party", "区委办督查科", by=district.office)

    assert "提案委员会，区委办督查科，区消防救援大队。" in words_of(opened(district.author, letter))


def test_rating_form_asks_all_that_is_entered_from_it(district: SimpleNamespace) -> None:
    stages.replied(district)
    rating = stages.rating_of(district.author)

    printed = words_of(opened(district.author, reverse("proposals:rating_form", args=[rating.pk])))

    for asked in ("联系沟通情况", "答复是否对题", "办理态度", "办理结果", "意见和建议"):
        assert asked in printed


def test_every_paper_of_a_share_and_every_list_has_its_code(district: SimpleNamespace) -> None:
    proposal = stages.replied(district)
    joint = stages.joint_of(proposal)

    for paper in (
        papers.joint_opinion(joint),
        papers.reply_letter(Reply.objects.get()),
        papers.hand_over_sheet(joint),
        papers.proposal_form(proposal),
        registers.hand_over_list([]),
        registers.promise_register([], {}),
    ):
        kinds = [part["kind"] for part in paper.parts]
        assert kinds.count("code") == 1, paper.subject
