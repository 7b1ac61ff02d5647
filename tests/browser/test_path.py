"""One proposal all the way in browsers: from a phone in the street to a second round that satisfies."""

import json
import re
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django import Settings

from cppcc_portal.office import audit, notices
from cppcc_portal.office.models import Delivery
from members.models import Commitment, User
from proposals.models import Draft, Proposal
from tests.browser.conftest import DESK
from tests.district import TEXT
from tests.stages import PDF

LogIn = Callable[..., Page]
SAVED = re.compile(r"已保存 \d\d:\d\d")


def write(page: Page, label: str, text: str) -> None:
    """Type into a field as the keyboard of a phone does."""
    field = page.get_by_label(label, exact=False).first
    field.click()
    field.fill(text)


def wait_saved(page: Page) -> None:
    expect(page.locator("[data-autosave-status]")).to_have_text(SAVED, timeout=20_000)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).or_(page.get_by_role("link", name=name)).first.click()


def told(page: Page, text: str) -> None:
    """What the portal says on top of the page after a step."""
    expect(page.locator(".messages")).to_contain_text(text)


def follow(page: Page, title: str) -> None:
    """From the home page to a matter that waits."""
    page.goto("/")
    page.locator("section", has=page.get_by_role("heading", name="轮到您办理")).get_by_role(
        "link", name=title
    ).first.click()


def draft_on_a_phone(page: Page) -> Proposal:
    """Written by and by, also without a network and in two windows; nothing is lost."""
    press(page, "撰写提案")
    for name, label in {"title": "案由", "situation": "情况", "analysis": "分析"}.items():
        write(page, label, TEXT[name])
    wait_saved(page)

    page.context.set_offline(True)
    write(page, "建议", TEXT["suggestions"])
    status = page.locator("[data-autosave-status]")
    expect(status).to_contain_text("已存在本机", timeout=20_000)
    page.context.set_offline(False)
    wait_saved(page)
    assert Draft.objects.get().suggestions == TEXT["suggestions"]

    other = page.context.new_page()
    other.goto(page.url)
    write(other, "情况", "在另一个窗口写的情况。")
    wait_saved(other)
    write(page, "情况", TEXT["situation"])
    panel = page.locator("[data-autosave-panel]")
    expect(panel).to_contain_text("在另一个窗口写的情况。", timeout=20_000)
    expect(panel).to_contain_text(TEXT["situation"])
    press(page, "用这里的内容")
    wait_saved(page)
    other.close()
    draft = Draft.objects.get()
    assert draft.parts == TEXT
    assert {copy.situation for copy in draft.proposal.draft_copies.all()} == {TEXT["situation"]}
    return draft.proposal


def invite_a_cosigner(page: Page) -> None:
    page.get_by_text("同意公开", exact=True).click()
    page.get_by_label("我确认内容不涉及国家秘密和工作秘密").check()
    press(page, "邀请联名")
    page.get_by_label("按姓名、拼音首字母或界别找委员").fill("he")
    expect(page.get_by_role("checkbox", name="施三")).to_be_hidden()
    page.get_by_label("按姓名、拼音首字母或界别找委员").fill("黄")
    page.get_by_role("checkbox", name="黄二").check()
    expect(page.get_by_role("button", name="发出邀请")).to_contain_text("1 位")
    press(page, "发出邀请")
    told(page, "已向 1 位委员发出邀请")


def agree_from_the_notice(page: Page) -> None:
    """Three taps after logging in."""
    page.get_by_role("link", name=re.compile("邀请您联名|联名邀请")).last.click()
    press(page, "答复联名邀请")
    expect(page.get_by_role("main")).to_contain_text(TEXT["suggestions"])
    press(page, "同意联名")
    told(page, "您已同意联名")


def submit(page: Page, proposal: Proposal) -> None:
    page.goto(f"/proposals/{proposal.pk}/")
    page.get_by_role("link", name="提交", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("黄二")
    page.get_by_role("button", name="提交", exact=True).click()
    told(page, "提交成功，流水号 1")


def step(page: Page, proposal: Proposal, name: str) -> None:
    """One step of the secretariat on the proposal's page in the workplace."""
    page.goto(f"/admin/proposals/proposal/{proposal.pk}/change/")
    page.get_by_role("link", name=name, exact=True).first.click()


def confirm(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    expect(page.get_by_text(f"已办理“{name}”")).to_be_visible()


def file_and_hand_over(page: Page, proposal: Proposal) -> None:
    step(page, proposal, "立案")
    page.get_by_role("radio", name="社会建设", exact=True).check()
    confirm(page, "立案")
    step(page, proposal, "交办")
    page.get_by_label("主办单位").select_option(label="区住建局")
    page.get_by_role("group", name="会办单位").get_by_label("区消防救援大队").check()
    confirm(page, "交办")


def acknowledge(page: Page) -> None:
    follow(page, TEXT["title"])
    press(page, "签收")
    told(page, "已签收")


def note_a_contact(page: Page) -> None:
    press(page, "登记与提案人的沟通")
    page.get_by_text("登门走访", exact=True).click()
    write(page, "沟通情况", "到小区看了现场。")
    press(page, "登记")
    told(page, "沟通情况已登记")


def give_opinion(page: Page) -> None:
    press(page, "写会办意见")
    write(page, "会办意见", "同意，充电点须配消防设施。")
    page.get_by_label("签发人", exact=True).fill("大队长甲")
    write(page, "签发人职务", "大队长")
    press(page, "提交会办意见")
    told(page, "会办意见已提交给主办单位")


def reply(page: Page, text: str, *, letter: bool = False) -> None:
    """Written with autosave; class B with a promise; with `letter` as signed on paper by the leader."""
    follow(page, TEXT["title"])
    press(page, "写答复")
    expect(page.get_by_text("充电点须配消防设施")).to_be_visible()
    write(page, "答复正文", text)
    wait_saved(page)
    page.get_by_label("结果类别").select_option(label="B 列入计划拟解决")
    write(page, "文号", "海住建提〔2026〕1号")
    page.get_by_label("签发人", exact=True).fill("局长甲")
    page.get_by_label("签发人职务").fill("局长")
    first = page.get_by_role("group", name="第 1 项承诺")
    first.get_by_label("承诺事项").fill("建成十处充电点")
    first.get_by_label("责任人").fill("科长")
    first.get_by_label("完成期限").fill((timezone.localdate() + timedelta(days=60)).isoformat())
    if letter:
        page.get_by_label("签发人层级").select_option(label="主要负责人")
        upload = {"name": "答复函.pdf", "mimeType": "application/pdf", "buffer": PDF}
        page.get_by_label("已在线下签发的答复函").set_input_files(upload)
        press(page, "送签发")
    else:
        press(page, "发出答复")
    told(page, "答复已发出")


def rate(page: Page, result: str, why: str = "") -> None:
    """The reply is read two taps after the home page; then attitude and result apart."""
    follow(page, TEXT["title"])
    expect(page.get_by_text("承办单位看不到单份评价")).to_be_visible()
    for group, choice in {
        "办理态度": "满意",
        "办理结果": result,
        "承办单位怎样与您沟通": "登门走访",
        "答复是否对题": "是",
    }.items():
        page.get_by_role("group", name=group).get_by_text(choice, exact=True).click()
    if why:
        write(page, "意见", why)
    press(page, "提交评价")
    told(page, "评价已提交")


def test_proposal_goes_all_the_way(
    log_in: LogIn, district: SimpleNamespace, settings: Settings
) -> None:
    author, cosigner = log_in(district.author), log_in(district.cosigner)
    office = log_in(district.office, DESK)
    lead, joint = log_in(district.clerk, DESK), log_in(district.joint_clerk, DESK)

    proposal = draft_on_a_phone(author)
    invite_a_cosigner(author)
    cosigner.goto("/")
    agree_from_the_notice(cosigner)
    submit(author, proposal)
    file_and_hand_over(office, proposal)
    acknowledge(lead)
    note_a_contact(lead)
    acknowledge(joint)
    give_opinion(joint)
    reply(lead, "一、今年建十处充电点。")

    for page in (author, cosigner):
        page.goto("/")
        page.get_by_role("link", name=re.compile("的答复")).last.click()
        expect(page.get_by_text("一、今年建十处充电点。")).to_be_visible()
    rate(author, "满意")
    rate(cosigner, "不满意", "没有写明地点")
    expect(cosigner.get_by_text("前决定是否重新办理")).to_be_visible()
    step(office, proposal, "重新办理")
    confirm(office, "重新办理")
    lead.goto("/desk/")
    expect(lead.get_by_text("第 2 次办理")).to_be_visible()
    reply(lead, "一、十处充电点的地点见附表。", letter=True)
    expect(lead.get_by_text("没有写明地点")).to_be_visible()
    rate(author, "满意")
    rate(cosigner, "满意")
    step(office, proposal, "办结")
    confirm(office, "办结")

    author.goto(f"/proposals/{proposal.pk}/")
    expect(author.get_by_text("跟踪落实", exact=True).first).to_be_visible()
    expect(author.get_by_text("兑现承诺：建成十处充电点")).to_be_visible()
    assert Commitment.objects.count() == 2
    assert User.objects.filter(is_superuser=True).count() == 0
    audit.seal()
    report = audit.verify()
    assert (report.broken, report.unsealed) == ("", 0)
    messages_are_found_exactly_once(Path(settings.NOTIFY_DIR))


def messages_are_found_exactly_once(folder: Path) -> None:
    """Every notice left once, however often the worker looks."""
    noon = timezone.now() + timedelta(days=2)
    notices.sweep(noon)
    notices.sweep(noon)
    assert not Delivery.objects.unsent().exists()
    found = Counter(
        (message["dedupe_key"], message["channel"])
        for message in (json.loads(file.read_text()) for file in folder.glob("*.json"))
    )
    sent = Delivery.objects.filter(state=Delivery.State.SENT)
    wanted = {(delivery.notice.dedupe_key, delivery.channel) for delivery in sent}
    assert found == Counter(wanted)
    assert len(wanted) > 15
