"""What a visitor sees of a proposal: the public version and nothing else, as long as it is public."""

from types import SimpleNamespace

from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from proposals import actions
from proposals.models import Publication
from tests import district as made
from tests import stages
from tests.browser.acts import OpenAs, misses, notice, press, reads, told
from tests.browser.conftest import DESK, PHONE

INNER = "联系人王某，电话13912345678。"  # what is in the text and must not be public
MARK = "海棠新村"
SUMMARY = "已列入今年计划。"


def test_visitor_reads_the_public_version_only(
    open_as: OpenAs, district: SimpleNamespace, browser: Browser, live_server: LiveServer
) -> None:
    d = district
    proposal = made.drafted(d)
    words = {**made.TEXT, "situation": f"{MARK}充电点不足。{INNER}"}
    actions.save_draft(proposal, by=d.author, version=2, **words)
    actions.submit(proposal.fresh(), by=d.author, at=made.JANUARY)
    actions.file(proposal.fresh(), by=d.office, category=made.Category.objects.get())
    actions.hand_over(proposal.fresh(), by=d.office, lead=d.housing)
    share = stages.lead_of(proposal)
    actions.acknowledge(share, by=d.clerk)
    stages.send(
        share.fresh(), by=stages.again(d.clerk), openness="summary", text=f"请致电{INNER}逐条答复。"
    )
    office, author = open_as(d.office, DESK), open_as(d.author)
    context = browser.new_context(viewport=PHONE, base_url=live_server.url, locale="zh-CN")
    visitor = context.new_page()

    visitor.goto("/public/proposals/")
    misses(visitor, made.TEXT["title"])
    office.goto(f"/admin/proposals/proposal/{proposal.pk}/change/")
    office.get_by_role("link", name="查看公开情况").click()
    press(office, "拟公开稿")
    office.get_by_label("区住建局答复（第 1 次）的公开内容").fill(SUMMARY)
    press(office, "保存，看差异")
    # A telephone number is found before it is public.
    reads(office, "13912345678", "还差几项")
    expect(office.get_by_role("button", name="公开", exact=True)).to_have_count(0)
    press(office, "修改公开稿")
    office.get_by_label("情况").fill(f"{MARK}充电点不足。")
    press(office, "保存，看差异")
    office.get_by_role("checkbox", name="公开稿不涉及国家秘密").check()
    hints = office.get_by_role("checkbox", name="疑似地址和人名")
    if hints.count():
        hints.check()
    press(office, "公开")
    told(office, "已公开")

    visitor.reload()  # the browser may keep the page for some minutes
    visitor.get_by_role("link", name=made.TEXT["title"]).click()
    reads(visitor, f"{MARK}充电点不足。", SUMMARY, "区住建局")
    shown = visitor.content()
    for secret in ("13912345678", "王某", "逐条答复", "经办甲", "办公室甲"):
        assert secret not in shown, secret
    address = visitor.url
    for path in (proposal.get_absolute_url(), share.get_absolute_url(), "/desk/"):
        visitor.goto(path)
        expect(visitor.get_by_role("main").get_by_role("button", name="登录")).to_be_visible()
    notice(author, "公开")
    reads(author, "已公开", SUMMARY)

    office.goto(Publication.objects.get().get_absolute_url())
    press(office, "取消公开")
    office.get_by_label("不公开的理由").fill("涉及未公开的规划。")
    press(office, "取消公开")
    told(office, "公开页面已撤下")
    visitor.goto(address)
    answer = visitor.reload()
    assert answer is not None
    assert answer.status == 404
    misses(visitor, MARK, SUMMARY)
    context.close()
