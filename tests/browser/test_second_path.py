"""The second path in browsers: a member's idea on a phone, the plan, research, session, advice, look-back.

Walked as member, office, committee staff, chair, leader, unit and secretary-general, each on a device of
their own; the days that lie between are the clock's.
"""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from consultations.models import AnnualPlan, Session, Topic
from cppcc_portal.office import audit, deadlines
from feedback.actions import remind
from feedback.models import Adoption, LookBack
from members.models import DutyRecord, Gathering
from tests import topics as made
from tests.browser.conftest import DESK

LogIn = Callable[..., Page]
THIS_YEAR = timezone.localdate().year


@pytest.fixture
def district(live_server: LiveServer) -> SimpleNamespace:
    """The district of the second path, as the live server sees it."""
    deadlines.ensure_default_rules()
    return made.district()


def press(page: Page, name: str) -> None:
    named = page.get_by_role("button", name=name, exact=True)
    named.or_(page.get_by_role("link", name=name, exact=True)).first.click()


def step(page: Page, name: str) -> None:
    """Open the page of a step and press its button."""
    press(page, name)
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def told(page: Page, text: str) -> None:
    expect(page.locator(".messages")).to_contain_text(text)


def propose(page: Page) -> Topic:
    """On a phone, saved by itself, submitted in two taps."""
    page.goto("/consultations/")
    press(page, "提出议题")
    page.get_by_label("题目").fill(made.TEXT["title"])
    page.get_by_label("背景和理由").fill(made.TEXT["background"])
    page.get_by_label("关键问题和建议").fill(made.TEXT["suggestion"])
    expect(page.locator("[data-autosave-status]")).to_contain_text("已保存", timeout=20_000)
    page.get_by_label("不涉密，也不是个人诉求、举报或诉讼事项").check()
    press(page, "下一步：提交")
    press(page, "提交")
    told(page, "议题已提交")
    return Topic.objects.get()


def plan_and_approve(page: Page, d: SimpleNamespace, topic: Topic) -> None:
    """The office screens, puts into the plan, records the decisions and issues."""
    url = topic.get_absolute_url()
    page.goto(url)
    press(page, "审核通过")
    page.get_by_label("党政所需").fill("民生实事")
    page.get_by_label("群众所盼").fill("老人盼望出行方便")
    page.get_by_label("政协所能").fill("委员中有规划和医卫专家")
    page.get_by_label("承办专委会").select_option(label="社会法制委")
    press(page, "审核通过")
    told(page, "已审核通过")
    page.goto("/consultations/")
    press(page, "开始新一年的计划")
    page.goto(url)
    press(page, "列入计划")
    page.get_by_label("年度计划").select_option(label=f"{THIS_YEAR}年度协商计划")
    page.get_by_label("协商形式").select_option(label="对口协商")
    page.get_by_label("牵头领导").select_option(label="副主席甲")
    page.get_by_label("计划月份").select_option("5")
    page.get_by_label("重点议题").check()
    press(page, "列入计划")
    told(page, "已列入计划")
    for body in ("party_group", "chair_meeting", "district_party_committee"):
        made.decided(d, body)
    page.goto(f"/consultations/plans/{THIS_YEAR}/")
    step(page, "结束征集")
    step(page, "送审")
    for _number in range(3):
        press(page, "记入会议决定")
        page.get_by_role("main").get_by_role("combobox").select_option(index=1)
        page.get_by_role("main").get_by_role("button", name="记入会议决定", exact=True).click()
        told(page, "会议决定已记入")
    press(page, "印发")
    page.get_by_label("印发文号").fill("海委办〔2026〕8号")
    page.get_by_role("main").get_by_role("button", name="印发", exact=True).click()
    told(page, "计划已印发")


def research(page: Page, topic: Topic) -> None:
    """The committee's staff: scheme, team, one visit, a finding, a suggestion, the report."""
    page.goto(topic.get_absolute_url())
    step(page, "开始调研")
    press(page, "调研方案")
    page.get_by_label("目的和提纲").fill("摸清底数，提出分批改造的办法。")
    today = timezone.localdate()
    page.get_by_label("开始日期").fill(today.isoformat())
    page.get_by_label("结束日期").fill((today + timedelta(days=30)).isoformat())
    page.get_by_role("main").get_by_role("button", name="调研方案", exact=True).click()
    press(page, "添加组员")
    page.get_by_label("职责").select_option(label="组长")
    page.get_by_label("委员").first.select_option(label="黄二")
    page.get_by_role("main").get_by_role("button", name="添加组员", exact=True).click()
    step(page, "启动调研")
    press(page, "登记走访")
    seen = timezone.localtime() - timedelta(hours=1)
    page.get_by_label("时间").fill(seen.strftime("%Y-%m-%dT%H:%M"))
    page.get_by_label("地点").fill("解放路社区")
    page.get_by_label("走访单位和人员").fill("社区书记、居民代表")
    page.get_by_label("了解到的情况").fill("二十三栋楼没有电梯。")
    page.get_by_role("checkbox", name="黄二").check()
    page.get_by_role("main").get_by_role("button", name="登记走访", exact=True).click()
    told(page, "走访已登记")
    press(page, "登记调研发现")
    page.get_by_role("textbox", name="调研发现").fill("改造资金没有来源。")
    page.get_by_role("main").get_by_role("button", name="登记调研发现", exact=True).click()
    press(page, "登记建议")
    page.get_by_label("依据的发现").select_option(index=1)
    page.get_by_role("textbox", name="建议").fill("建立以奖代补资金。")
    page.get_by_label("建议对象单位").select_option(label="区住建局")
    page.get_by_role("main").get_by_role("button", name="登记建议", exact=True).click()
    press(page, "提交报告")
    page.get_by_label("报告摘要").fill("建议分三批。")
    page.get_by_label("调研报告文件").set_input_files(a_pdf("调研报告.pdf"))
    page.get_by_role("main").get_by_role("button", name="提交报告", exact=True).click()
    told(page, "报告已提交")


def a_pdf(name: str) -> dict[str, object]:
    return {"name": name, "mimeType": "application/pdf", "buffer": made.pdf().read()}


def prepare(page: Page, topic: Topic) -> Session:
    """The session is planned before the report is there: the notice is refused."""
    page.goto(topic.get_absolute_url())
    press(page, "安排协商活动")
    page.get_by_label("活动名称").fill("老旧小区适老化改造对口协商")
    starts = timezone.localtime() + timedelta(minutes=20)
    page.get_by_label("开始时间").fill(starts.strftime("%Y-%m-%dT%H:%M"))
    page.get_by_label("地点").fill("区政协三楼会议室")
    page.get_by_role("main").get_by_role("button", name="安排协商活动", exact=True).click()
    press(page, "邀请参加人员")
    for name in ("陈一", "黄二", "施三"):
        page.get_by_role("checkbox", name=name).check()
    for label, guest in {
        "专业人士": "教授甲，南通大学",
        "部门负责人": "副局长甲，区住建局",
        "基层负责人": "书记甲，解放路社区",
        "群众代表": "居民甲",
    }.items():
        page.get_by_label(label).fill(guest)
    page.get_by_role("main").get_by_role("button", name="邀请参加人员", exact=True).click()
    told(page, "名单已更新")
    press(page, "通知")
    expect(page.get_by_role("main")).to_contain_text("不调研不协商")
    expect(page.get_by_role("button", name="通知", exact=True)).to_have_count(0)
    return Session.objects.get()


def hold(staff: Page, member: Page, other: Page, session: Session) -> None:
    """Notified, answered, checked in by the code and by staff, held."""
    staff.goto(session.get_absolute_url())
    step(staff, "通知")
    told(staff, "通知已发出")
    member.goto("/")
    member.get_by_role("link", name="老旧小区适老化改造对口协商").first.click()
    press(member, "参加")
    told(member, "已答复：参加")
    other.goto(session.get_absolute_url())
    press(other, "请假")
    other.get_by_label("请假事由").fill("出差")
    other.get_by_role("main").get_by_role("button", name="请假", exact=True).click()
    staff.goto(session.get_absolute_url())
    staff.get_by_role("button", name="准假").first.click()
    told(staff, "已准假")
    step(staff, "开放签到")
    press(staff, "出示签到码")
    expect(staff.get_by_role("img", name="签到二维码")).to_be_visible()
    member.goto(f"/consultations/check_in/{session.uid}/")
    press(member, "签到")
    told(member, "签到成功")
    staff.goto(session.get_absolute_url())
    staff.get_by_role("listitem").filter(has_text="教授甲").get_by_role(
        "button", name="登记出席"
    ).click()
    told(staff, "已登记：教授甲")
    # Half an hour later: the meeting has begun.
    begun = timezone.now() - timedelta(minutes=10)
    Gathering.objects.filter(pk=session.gathering_id).update(starts_at=begun)
    step(staff, "结束签到")
    told(staff, "签到已结束")
    press(staff, "写纪要")
    staff.get_by_label("纪要").fill("各方赞成分三批改造。")
    staff.get_by_role("main").get_by_role("button", name="写纪要", exact=True).click()
    step(staff, "提交纪要")


def conclude(staff: Page, chair: Page, office: Page, session: Session) -> None:
    """Minutes signed, archived; one recommendation from a finding, sent and assigned."""
    chair.goto("/")
    chair.get_by_role("link", name="老旧小区适老化改造对口协商").first.click()
    step(chair, "签发纪要")
    staff.goto(session.get_absolute_url())
    step(staff, "归档")
    press(staff, "起草协商成果")
    staff.get_by_label("标题").fill("关于推进老旧小区适老化改造的协商专报")
    staff.get_by_role("main").get_by_role("button", name="起草协商成果", exact=True).click()
    press(staff, "提炼意见建议")
    staff.get_by_role("textbox", name="意见建议").fill("设立以奖代补资金，三年分批改造。")
    staff.get_by_label("依据的调研发现").select_option(index=1)
    staff.get_by_label("主办单位").select_option(label="区住建局")
    staff.get_by_role("main").get_by_role("button", name="提炼意见建议", exact=True).click()
    told(staff, "意见建议已登记")
    office.goto(session.get_absolute_url())
    press(office, "报送")
    office.get_by_label("文号").fill("海政协〔2026〕15号")
    office.get_by_role("main").get_by_role("button", name="报送", exact=True).click()
    told(office, "成果已报送")
    office.goto(f"/feedback/chain/{session.topic_id}/")
    press(office, "交办意见建议")
    press(office, "交办")
    told(office, "已交办 1 条")


def answer_and_do(unit: Page, chair: Page) -> Adoption:
    """Adopted with a commitment at the desk, progress, done with evidence, verified by the chair."""
    adoption = Adoption.objects.get()
    unit.goto("/desk/")
    unit.get_by_role("link", name="设立以奖代补资金").first.click()
    step(unit, "签收")
    press(unit, "答复")
    unit.get_by_role("radio", name="采纳", exact=True).check()
    unit.get_by_label("答复意见").fill("同意，列入民生实事。")
    unit.get_by_label("措施1：做什么").fill("完成第一批三个小区")
    unit.get_by_label("措施1：谁负责").fill("局长甲")
    due = (timezone.localdate() + timedelta(days=60)).isoformat()
    unit.get_by_label("措施1：何时完成").fill(due)
    unit.get_by_role("main").get_by_role("button", name="答复", exact=True).click()
    told(unit, "答复已发出")
    press(unit, "报告进展")
    unit.get_by_label("进展情况").fill("已完成两个小区。")
    unit.get_by_role("main").get_by_role("button", name="报告进展", exact=True).click()
    press(unit, "报告完成")
    unit.get_by_label("转化形式").select_option(label="民生实事")
    unit.get_by_label("证明材料").set_input_files(a_pdf("验收单.pdf"))
    unit.get_by_role("main").get_by_role("button", name="报告完成", exact=True).click()
    told(unit, "等专委会核实")
    chair.goto("/")
    chair.get_by_role("link", name="设立以奖代补资金").first.click()
    step(chair, "核实")
    told(chair, "已核实办结")
    chair.goto(adoption.topic.get_absolute_url())
    press(chair, "看从议题到结果的全过程")
    expect(chair.get_by_role("main")).to_contain_text("已核实办结")
    step(chair, "办结")
    return adoption


def look_back(office: Page, chair: Page, unit: Page, secgen: Page, d: SimpleNamespace) -> LookBack:
    """Next February the clock lists last year's key topic; chosen, checked, concluded, ended."""
    remind(date(THIS_YEAR + 1, 2, 1))
    found = LookBack.objects.get()
    secgen.goto("/notices/")
    secgen.get_by_role("link", name=f"{THIS_YEAR + 1}年回头看").first.click()
    expect(secgen.get_by_role("main")).to_contain_text(made.TEXT["title"])
    made.decided(d, "chair_meeting", "选定回头看议题")
    office.goto(f"/feedback/lookbacks/{THIS_YEAR + 1}/")
    press(office, "选为回头看")
    office.get_by_label("选定的会议决定").select_option(index=1)
    office.get_by_role("main").get_by_role("button", name="选为回头看", exact=True).click()
    told(office, "已选为今年的回头看")
    chair.goto(found.get_absolute_url())
    press(chair, "确定检查委员")
    for name in ("陈一", "黄二", "施三"):
        chair.get_by_role("checkbox", name=name).check()
    chair.get_by_role("main").get_by_role("button", name="确定检查委员", exact=True).click()
    step(chair, "开始检查")
    unit.goto(Adoption.objects.get().desk_url)
    press(unit, "提交自查")
    unit.get_by_label("自查情况").fill("三个小区已经完成。")
    unit.get_by_role("main").get_by_role("button", name="提交自查", exact=True).click()
    told(unit, "自查报告已提交")
    chair.goto(found.get_absolute_url())
    press(chair, "登记检查结论")
    chair.get_by_role("radio", name="已落实且见效").check()
    chair.get_by_label("检查情况").fill("三个小区都看过。")
    chair.get_by_role("main").get_by_role("button", name="登记检查结论", exact=True).click()
    step(chair, "形成结论")
    office.goto(found.get_absolute_url())
    press(office, "报告主席会议")
    office.get_by_label("报告文号").fill("海政协〔2027〕3号")
    office.get_by_role("main").get_by_role("button", name="报告主席会议", exact=True).click()
    secgen.goto(found.get_absolute_url())
    step(secgen, "结束回头看")
    return found


def test_topic_goes_all_the_way(district: SimpleNamespace, log_in: LogIn, tmp_path: Path) -> None:
    d = district
    member, other = log_in(d.author), log_in(d.third)
    staff, chair = log_in(d.staff, DESK), log_in(d.chair)
    office, leader = log_in(d.office, DESK), log_in(d.leader, DESK)
    unit, secgen = log_in(d.clerk), log_in(d.secgen, DESK)

    topic = propose(member)
    plan_and_approve(office, d, topic)
    assert AnnualPlan.objects.get().status == "issued"
    staff.goto(topic.get_absolute_url())
    research(staff, topic)
    session = prepare(staff, topic)
    chair.goto("/")
    chair.get_by_role("link", name=made.TEXT["title"]).first.click()
    step(chair, "审核")
    leader.goto("/")
    leader.get_by_role("link", name=made.TEXT["title"]).first.click()
    step(leader, "批准")
    told(leader, "可以通知协商了")
    hold(staff, member, other, session)
    conclude(staff, chair, office, session)

    member.goto("/duty/")
    expect(member.get_by_role("main")).to_contain_text("老旧小区适老化改造对口协商")
    answer_and_do(unit, chair)
    chair.goto("/dashboard/")
    expect(chair.get_by_role("main")).to_contain_text("今年计划议题")
    look_back(office, chair, unit, secgen, d)

    topic.refresh_from_db()
    assert topic.status == Topic.Status.CLOSED
    assert LookBack.objects.get().status == LookBack.Status.CLOSED
    assert DutyRecord.objects.filter(membership=made.seat(d.author)).count() == 2
    assert Gathering.objects.count() == 2
    audit.seal()
    report = audit.verify()
    assert (report.broken, report.unsealed) == ("", 0)
