"""Pages of public-opinion reports: who reads what, nothing typed is lost, the office's queues, the papers."""

from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from cppcc_portal.office import files, parameters
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.models import Instruction
from cppcc_portal.waiting import tasks_of
from proposals.actions import bulletins, opinion_handling
from proposals.actions import opinion_editing as editing
from proposals.models import Bulletin, OpinionReport
from tests import opinions as made
from tests.browsing import logged_in, queries, text
from tests.opinions import DAY, EDITED, MAY, WORDS
from tests.proposals.test_opinions import not_filed
from tests.stages import again

pytestmark = pytest.mark.django_db


@pytest.fixture
def d() -> SimpleNamespace:
    return made.office()


# Who reads what --------------------------------------------------------------------------------

READERS = (
    "author", "cosigner", "other", "office", "checker", "secgen", "leader", "other_leader", "chair",
    "other_chair", "supervision", "informant", "clerk", "joint_clerk",
)  # fmt: skip
OFFICE = {"office", "checker", "secgen"}
# Who opens the report of `author` (whose committee `chair` leads) in each state; 404 to all others.
READ = {
    "draft": {"author"},
    "submitted": {"author", "chair", *OFFICE},
    "returned": {"author", "chair", *OFFICE},
    "kept_back": {"author", "chair", *OFFICE},
    "edited": {"author", "chair", *OFFICE},
    "checked": {"author", "chair", "leader", *OFFICE},  # the leader who is to sign
    "issued": {"author", "chair", "leader", *OFFICE},
}


@pytest.mark.parametrize("state", READ)
def test_a_report_is_read_by_its_people_only(d: SimpleNamespace, state: str) -> None:
    report = made.STATES[state](d)

    read = {
        name
        for name in READERS
        if logged_in(getattr(d, name)).get(report.get_absolute_url()).status_code == 200
    }

    assert read == READ[state]


def test_a_bulletin_is_read_by_who_received_it(d: SimpleNamespace) -> None:
    bulletin = made.bulletin(d)

    def read() -> set[str]:
        page = bulletin.get_absolute_url()
        return {
            name for name in READERS if logged_in(getattr(d, name)).get(page).status_code == 200
        }

    assert read() == {"leader", *OFFICE}  # who signed it
    made.sent(d, bulletin)
    assert read() == {"leader", "clerk", *OFFICE}
    made.sent(d, bulletin, target="supervision", unit=None)
    made.sent(d, bulletin, target="leader", unit=None, leader=d.other_leader.person)
    assert read() == {"leader", "other_leader", "supervision", "clerk", *OFFICE}


def test_who_receives_a_bulletin_sees_its_text_and_nothing_else(d: SimpleNamespace) -> None:
    main, _other = made.issued_combined(d)
    bulletin = main.bulletin
    assert bulletin is not None
    dispatch = made.sent(d, bulletin)
    made.sent(d, bulletin, target="leader", unit=None, leader=d.other_leader.person)
    made.instructed(d, bulletin)

    page = text(logged_in(d.clerk).get(bulletin.get_absolute_url()))
    desk = text(logged_in(d.clerk).get(dispatch.get_absolute_url()))

    for shown in (page, desk):
        assert EDITED["situation"] in shown
        assert "陈一" in shown
        assert "黄二" in shown  # every author is credited
        assert WORDS["situation"] not in shown
        assert "金丝雀另一情况" not in shown
        assert "金丝雀批示" not in shown
        assert "副主席乙" not in shown
    assert logged_in(d.joint_clerk).get(dispatch.get_absolute_url()).status_code == 404
    assert "金丝雀批示" in text(logged_in(d.leader).get(bulletin.get_absolute_url()))


def test_a_leader_who_instructed_reads_the_bulletin(d: SimpleNamespace) -> None:
    bulletin = made.bulletin(d)
    assert logged_in(d.other_leader).get(bulletin.get_absolute_url()).status_code == 404

    made.instructed(d, bulletin, leader=d.other_leader.person)

    assert "金丝雀批示" in text(logged_in(d.other_leader).get(bulletin.get_absolute_url()))


def test_the_author_learns_what_became_of_it_and_nothing_inside(d: SimpleNamespace) -> None:
    report = made.checked(d)
    client = logged_in(d.author)

    page = text(client.get(report.get_absolute_url()))

    assert "已选用" in page
    for inside in ("待签发", "待编辑", "核稿", "副主席甲", EDITED["situation"]):
        assert inside not in page
    listed = text(client.get(reverse("opinions:index")))
    assert "已选用" in listed
    assert "待签发" not in listed


def test_the_author_of_a_combined_text_never_reads_it(d: SimpleNamespace) -> None:
    main, other = made.issued_combined(d)
    assert main.bulletin is not None
    dispatch = made.sent(d, main.bulletin)
    opinion_handling.answer(dispatch, by=again(d.clerk), answer="金丝雀答复", at=MAY)
    made.adopted(d, main.bulletin)
    made.instructed(d, main.bulletin)

    for user, report in ((d.author, main), (d.cosigner, other)):
        page = text(logged_in(user).get(report.get_absolute_url()))
        assert "《社情民意》2026年第1期" in page
        assert "市级：市政协单篇采用" in page
        assert "收到区级领导批示" in page
        assert "区住建局" in page
        assert "金丝雀答复" not in page
        assert "金丝雀批示" not in page
        assert EDITED["situation"] not in page
    assert "另一作者" not in text(logged_in(d.author).get(main.get_absolute_url()))


def test_the_author_of_a_single_issue_reads_the_edited_text_if_the_office_lets_them(
    d: SimpleNamespace,
) -> None:
    report = made.issued(d)
    page = report.get_absolute_url()

    shown = text(logged_in(d.author).get(page))
    parameters.set_parameter("opinions.author_reads_edited", False, by=d.office)
    hidden = text(logged_in(d.author).get(page))

    assert EDITED["situation"] in shown
    assert EDITED["situation"] not in hidden
    assert WORDS["situation"] in hidden


def test_the_author_reads_an_instruction_once_it_is_released(d: SimpleNamespace) -> None:
    report = made.issued(d)
    bulletin = report.bulletin
    assert bulletin is not None
    instruction = made.instructed(d, bulletin)
    page = report.get_absolute_url()
    before = text(logged_in(d.author).get(page))

    bulletins.release_instruction(bulletin, by=d.office, instruction=instruction, at=MAY)

    assert "收到区级领导批示" in before
    assert "金丝雀批示" not in before
    assert "金丝雀批示" in text(logged_in(d.author).get(page))


def test_files_follow_their_reports(d: SimpleNamespace) -> None:
    report = made.issued(d)
    bulletin = report.bulletin
    assert bulletin is not None
    beside = files.accept(made.scan(), subject=report, by=d.author)
    dispatch = made.sent(d, bulletin)
    answer = files.accept(made.scan(), subject=dispatch, by=d.office, kind=Attachment.Kind.SCAN)
    instruction = made.instructed(d, bulletin, upload=made.scan())
    paper = Attachment.objects.of(instruction).get()

    def readers(file: Attachment) -> set[str]:
        return {name for name in READERS if file.can_be_read_by(again(getattr(d, name)))}

    assert readers(beside) == {"author", "chair", "leader", *OFFICE}
    assert readers(answer) == {"clerk", *OFFICE}
    assert readers(paper) == {"office", "checker"}


# Writing ----------------------------------------------------------------------------------------


def test_a_member_reports_from_the_start_page_to_the_receipt(d: SimpleNamespace) -> None:
    client = logged_in(d.author)
    assert "以“委员陈一”的名义反映" in text(client.get(reverse("opinions:new")))
    begun = client.post(
        reverse("opinions:new"), {"name": client.get(reverse("opinions:new")).context["name"][0]}
    )
    report = OpinionReport.objects.get()
    assert begun["Location"] == reverse("opinions:write", args=[report.pk])
    # Begun and left empty, it is taken up again.
    client.post(
        reverse("opinions:new"), {"name": f"membership:{report.authors.get().membership_id}"}
    )
    assert OpinionReport.objects.count() == 1
    posted = {**WORDS, "version": report.version, "submit": "1"}

    client.post(begun["Location"], posted)
    last_look = reverse("opinions:submit", args=[report.pk])
    assert "请确认内容不涉及国家秘密" in text(client.get(last_look))
    report.refresh_from_db()
    client.post(
        begun["Location"],
        {**posted, "version": report.version, "secrecy_confirmed": "on", "files": made.scan()},
    )
    assert client.post(last_look)["Location"] == report.get_absolute_url()

    assert report.fresh().status == "submitted"
    assert Attachment.objects.of(report).present().count() == 1
    assert f"{report.get_absolute_url()}recall/" in text(client.get(report.get_absolute_url()))


def test_autosave_tells_the_truth_and_keeps_both_texts(d: SimpleNamespace) -> None:
    report = made.drafted(d)
    client, url = logged_in(d.author), reverse("opinions:save_draft", args=[report.pk])
    posted = {**WORDS, "version": report.version}

    first = client.post(url, {**posted, "advice": "甲窗口"})
    second = client.post(url, {**posted, "advice": "乙窗口"})
    form = client.post(reverse("opinions:write", args=[report.pk]), {**posted, "advice": "乙窗口"})

    assert first.json()["version"] == report.version + 1
    assert second.status_code == form.status_code == 409
    assert second.json()["theirs"]["advice"] == "甲窗口"
    assert "乙窗口" in text(form)
    assert "甲窗口" in text(form)
    assert logged_in(d.office).post(url, posted).status_code == 404


def test_a_long_text_is_told_and_not_refused(d: SimpleNamespace) -> None:
    report = made.drafted(d)
    long = {**WORDS, "situation": "长" * 1600, "version": report.version, "save": "1"}

    page = logged_in(d.author).post(reverse("opinions:write", args=[report.pk]), long, follow=True)

    assert "超过建议的 1500 字" in text(page)
    assert len(report.fresh().situation) == 1600


def test_who_may_write_for_a_body_chooses_the_name(d: SimpleNamespace) -> None:
    client = logged_in(d.chair)
    client.post(reverse("opinions:new"), {"name": f"body:{d.own.pk}"})
    stranger = client.post(reverse("opinions:new"), {"name": f"body:{d.foreign.pk}"})

    assert OpinionReport.objects.get().author_names == "甲委"
    assert stranger.status_code == 200
    for name in ("office", "clerk", "leader", "supervision"):
        assert logged_in(getattr(d, name)).get(reverse("opinions:new")).status_code == 403


def test_the_author_is_led_back_from_a_text_that_is_handed_in(d: SimpleNamespace) -> None:
    report = made.checked(d)
    write = reverse("opinions:write", args=[report.pk])

    page = logged_in(d.author).get(write, follow=True)

    assert "目前是“已选用”" in text(page)
    assert logged_in(d.chair).get(write).status_code == 403


# The office -------------------------------------------------------------------------------------


def test_the_office_goes_all_the_way_by_pages(d: SimpleNamespace) -> None:
    report = made.submitted(d)
    office, page = logged_in(d.office), report.get_absolute_url()
    with time_machine.travel(MAY, tick=False):
        office.post(f"{page}register/")
        office.post(f"{page}select/")
        edit = reverse("opinions:edit", args=[report.pk])
        assert WORDS["situation"] in text(office.get(edit))
        office.post(edit, {**EDITED, "base": 0, "save": "1"})
        assert report.fresh().status == "selected"
        office.post(edit, {**EDITED, "base": 1, "edit": "1"})
        assert office.get(f"{page}check/").status_code == 403  # the editor
        checker = logged_in(d.checker)
        checker.post(f"{page}check/", {"signer": d.leader.person.pk})
        leader = logged_in(d.leader)
        assert "签发社情民意" in text(leader.get("/"))
        leader.post(f"{page}sign/", {"note": ""})
        issued = office.post(f"{page}issue/")
        bulletin = Bulletin.objects.get()
        assert issued["Location"] == bulletin.get_absolute_url()
        below = bulletin.get_absolute_url()
        office.post(f"{below}send/", {
            "target": "unit", "unit": d.housing.pk, "answer_wanted": "on", "sent_on": DAY,
        })  # fmt: skip
        office.post(f"{below}record_adoption/", {
            "level": "city", "kind": "single", "adopter": "市政协", "adopted_on": DAY,
        })  # fmt: skip
        office.post(f"{below}record_instruction/", {
            "level": "district", "leader": d.leader.person.pk, "given_on": DAY, "text": "请研究。",
        })  # fmt: skip
        office.post(f"{below}release_instruction/", {"instruction": Instruction.objects.get().pk})
        dispatch = bulletin.dispatches.get()
        clerk = logged_in(d.clerk)
        assert "答复社情民意" in text(clerk.get("/"))
        clerk.post(f"{dispatch.get_absolute_url()}answer/", {"answer": "已办理。"})
        office.post(f"{page}archive/", {"note": ""})

    assert report.fresh().status == "archived"
    told = text(logged_in(d.author).get(page))
    for words in ("已办理。", "请研究。", "市级：市政协单篇采用", "已归档"):
        assert words in told


def test_two_editors_find_each_others_words_on_the_page(d: SimpleNamespace) -> None:
    report = made.selected(d)
    edit = reverse("opinions:edit", args=[report.pk])
    editing.save_edit(report, by=d.office, base=0, at=MAY, **EDITED)
    mine = {**EDITED, "advice": "另一位的建议", "base": 0, "save": "1"}

    page = logged_in(d.checker).post(edit, mine)

    assert page.status_code == 422
    assert "另一位的建议" in text(page)
    assert EDITED["advice"] in text(page)
    assert page.context["form"]["base"].value() == "1"
    again_posted = {**mine, "base": 1}
    assert logged_in(d.checker).post(edit, again_posted).status_code == 302


def test_who_edits_too_late_sees_their_words_again(d: SimpleNamespace) -> None:
    report = made.selected(d)
    edit = reverse("opinions:edit", args=[report.pk])
    editing.edit(report, by=d.office, base=0, at=MAY, **EDITED)

    page = logged_in(d.checker).post(
        edit, {**EDITED, "advice": "另一位的建议", "base": 0, "save": "1"}
    )

    assert page.status_code == 422
    assert "另一位的建议" in text(page)
    assert "办公室甲已在 " in text(page)
    assert logged_in(d.author).post(edit, {"base": 0}).status_code == 403


def test_what_is_missing_on_a_step_is_told_beside_what_was_typed(d: SimpleNamespace) -> None:
    bulletin = made.bulletin(d)
    url = f"{bulletin.get_absolute_url()}send/"

    page = logged_in(d.office).post(url, {"target": "upper", "name": "", "sent_on": DAY})

    assert page.status_code == 200 or page.status_code == 422
    assert "请写明上级政协的名称" in text(page)
    assert not bulletin.dispatches.exists()


def test_queues_show_exactly_their_rows(d: SimpleNamespace) -> None:
    for state in ("submitted", "registered", "selected", "edited", "checked", "signed", "issued"):
        made.STATES[state](d)
    made.issued_combined(d)
    client = logged_in(d.office)

    found = {
        str(one.label): one
        for group in client.get(reverse("admin:index")).context["groups"]
        if str(group.label) == "社情民意"
        for one in group.queues
    }

    assert {label: one.count for label, one in found.items()} == {
        "待登记": 1, "待选用": 1, "待编辑": 1, "待核稿": 1, "待签发": 1, "待印发": 1, "待报送": 2,
    }  # fmt: skip
    for one in found.values():
        assert client.get(one.url).context["cl"].result_count == one.count
    assert not [
        group for group in logged_in(d.other).get("/").context["places"] if "社情民意" in str(group)
    ]


def test_admin_lists_lead_to_the_pages_and_staff_enter_from_paper(d: SimpleNamespace) -> None:
    report = made.registered(d)
    client = logged_in(d.office)
    change = reverse("admin:proposals_opinionreport_change", args=[report.pk])
    assert client.get(change)["Location"] == report.get_absolute_url()
    add = reverse("admin:proposals_opinionreport_add")
    assert "只填一项" in text(client.post(add, {"scan": made.scan()}))

    begun = client.post(add, {"informant": "沈某", "workplace": "某村", "scan": made.scan()})

    entered = OpinionReport.objects.get(entered_by=d.office)
    assert begun["Location"] == reverse("opinions:write", args=[entered.pk])
    assert entered.author_names == "沈某"
    assert client.get(reverse("admin:proposals_bulletin_changelist")).status_code == 200
    assert logged_in(d.secgen).get(add).status_code == 403


def test_tasks_name_what_waits(d: SimpleNamespace) -> None:
    made.checked(d)
    made.drafted(d, d.other)
    made.sent(d)

    def waits(user: Any) -> list[str]:
        return [
            str(task.label) for task in tasks_of(again(user), DAY) if "社情民意" in str(task.label)
        ]

    assert waits(d.leader) == ["签发社情民意"]
    assert waits(d.other_leader) == []
    assert waits(d.other) == ["社情民意草稿"]
    assert waits(d.clerk) == ["答复社情民意"]
    desk = reverse("desk:index")
    assert EDITED["title"] in text(logged_in(d.clerk).get(desk))
    assert EDITED["title"] not in text(logged_in(d.joint_clerk).get(desk))


@pytest.mark.parametrize(
    ("user", "scope"),
    [("author", "mine"), ("office", "all"), ("chair", "all"), ("office", "bulletins")],
)
def test_lists_take_a_constant_number_of_queries(d: SimpleNamespace, user: str, scope: str) -> None:
    url = f"{reverse('opinions:index')}?scope={scope}"
    made.issued(d)
    reader = getattr(d, user)
    one = queries(logged_in(reader), url)

    made.issued(d)
    made.checked(d)

    assert queries(logged_in(reader), url) == one


def test_the_register_takes_a_constant_number_of_queries(d: SimpleNamespace) -> None:
    url = reverse("admin:proposals_opinionreport_changelist")
    made.issued(d)
    one = queries(logged_in(d.office), url)

    for _more in range(2):
        made.registered(d)

    assert queries(logged_in(d.office), url) == one


def test_lists_are_found_by_title_author_and_state(d: SimpleNamespace) -> None:
    mine = made.checked(d)
    made.registered(d, d.cosigner, title="另一标题")
    office, author = logged_in(d.office), logged_in(d.author)

    def rows(client: Any, query: str) -> list[str]:
        page = client.get(f"{reverse('opinions:index')}?{query}")
        return [str(row) for row in page.context["page"]]

    assert rows(office, "scope=all&q=陈一") == [str(mine)]
    assert rows(office, "scope=all&status=registered") == ["另一标题"]
    assert rows(author, "scope=mine&status=selected") == [str(mine)]
    assert rows(author, "scope=mine&status=kept") == []
    assert rows(author, "scope=all") == [str(mine)]  # there is no such tab for a member


# Papers, and the proposal it came from -----------------------------------------------------------


def test_papers_go_to_who_may_read_them(d: SimpleNamespace) -> None:
    report = made.issued(d)
    bulletin = report.bulletin
    assert bulletin is not None
    made.sent(d, bulletin)
    paper = reverse("opinions:bulletin_paper", args=[bulletin.pk])
    sheet = reverse("opinions:sheet", args=[report.pk])

    for name, wanted in (("office", 200), ("clerk", 200), ("author", 404), ("other", 404)):
        assert logged_in(getattr(d, name)).get(paper).status_code == wanted, name
    for name, wanted in (("office", 200), ("secgen", 200), ("author", 404), ("chair", 404)):
        assert logged_in(getattr(d, name)).get(sheet).status_code == wanted, name


def test_the_proposal_and_its_report_lead_to_each_other(d: SimpleNamespace) -> None:
    proposal = not_filed(d)
    office = logged_in(d.office)
    change = reverse("admin:proposals_proposal_change", args=[proposal.pk])
    convert = reverse("admin:proposals_proposal_convert", args=[proposal.pk])
    assert convert in text(office.get(change))

    assert office.post(convert).status_code == 302
    report = OpinionReport.objects.get()

    assert convert not in text(office.get(change))
    assert report.get_absolute_url() in text(office.get(change))
    for user in (d.author, d.cosigner):
        client = logged_in(user)
        assert report.get_absolute_url() in text(client.get(proposal.get_absolute_url()))
        assert proposal.get_absolute_url() in text(client.get(report.get_absolute_url()))
    assert logged_in(d.other).get(report.get_absolute_url()).status_code == 404
