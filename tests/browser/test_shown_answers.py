"""What comes back: replies to everybody, another class, one who is not satisfied, a promise of next year."""

from datetime import date, datetime
from types import SimpleNamespace

import time_machine
from playwright.sync_api import Page, expect

from cppcc_portal.office import parameters
from members.models import Commitment
from members.roles import Role
from proposals import actions
from proposals.models import Proposal
from tests import district as made
from tests import people, stages
from tests.browser.acts import (
    OpenAs,
    at_desk,
    confirm,
    misses,
    notice,
    press,
    rate,
    reads,
    reply,
    step,
    told,
)
from tests.browser.conftest import DESK

OURS = "一、今年建十处充电点。"


def handed_in(d: SimpleNamespace, author: object, title: str) -> Proposal:
    """A text of this member's own on the same matter."""
    proposal = actions.start_draft(by=author, at=made.JANUARY)
    words = {**made.TEXT, "title": title}
    actions.save_draft(proposal, by=author, version=1, at=made.JANUARY, **words)
    actions.save_choices(proposal, by=author, may_publish=True, secrecy_confirmed=True)
    return actions.submit(proposal.fresh(), by=author, at=made.JANUARY)


def merge(page: Page, child: Proposal, main: Proposal) -> None:
    """The main proposal is found by typing its number."""
    step(page, child, "并案")
    page.locator(".select2-selection").click()
    page.locator(".select2-search__field").fill(main.label)
    choice = page.locator(".select2-results__option", has_text=main.label)
    expect(choice).to_have_text(f"{main.label} {main}（陈一）")
    choice.click()
    page.get_by_label("理由和征求意见的情况").fill("内容相同，已电话征得提案人同意。")
    confirm(page, "并案")


def from_the_reply_to_its_rating(page: Page) -> None:
    """The way of a member: the notice of the reply, the reply in full, the button."""
    notice(page, "答复")
    reads(page, OURS)
    rating = page.get_by_role("link", name="评价答复")
    if rating.count():
        rating.click()


def test_three_merged_into_one_and_every_proposer_gets_the_reply(
    open_as: OpenAs, district: SimpleNamespace
) -> None:
    d, main = district, stages.answerable(district)
    others = {
        people.member("m4", "季四", d.plenary.term): "关于小区电动车充电的建议",
        people.member("m5", "顾五", d.plenary.term): "关于解决飞线充电的建议",
    }
    children = {user: handed_in(d, user, title) for user, title in others.items()}
    office, clerk = open_as(d.office, DESK), open_as(d.clerk, DESK)

    for child in children.values():
        merge(office, child, main)
    office.goto(f"/admin/proposals/proposal/{main.pk}/change/")
    reads(office, "并入本案的提案：", *others.values(), "季四", "顾五")
    at_desk(clerk, stages.lead_of(main))
    reads(clerk, *(f"并入的提案：{title}" for title in others.values()))
    reply(clerk, "A", OURS)
    told(clerk, "答复已发出")

    for user in (d.author, d.cosigner, *others):
        phone = open_as(user)
        from_the_reply_to_its_rating(phone)
        rate(phone, "满意")
        if user in children:
            phone.goto(children[user].get_absolute_url())
            reads(phone, "已并案", f"{main.display_number} {main}")
    office.goto(f"/admin/proposals/proposal/{main.pk}/change/")
    rows = office.get_by_role("region", name="办理评价").get_by_role("row")
    expect(rows.filter(has_text="满意")).to_have_count(4)


def test_class_changed_by_the_supervision_office_is_explained_to_all(
    open_as: OpenAs, district: SimpleNamespace
) -> None:
    d = district
    d.supervision = people.account("dc", "督查员甲", Role.SUPERVISION)
    parameters.set_parameter("proposals.check_reply", "all", by=d.office)
    proposal = stages.answerable(d)
    share = stages.lead_of(proposal)
    clerk, supervision, author = (
        open_as(d.clerk, DESK),
        open_as(d.supervision, DESK),
        open_as(d.author),
    )

    at_desk(clerk, share)
    reply(clerk, "A", OURS, sends="送审核")
    told(clerk, "已报督查部门审核")
    author.goto(proposal.get_absolute_url())
    misses(author, OURS, "评价答复")
    notice(supervision, "审核")
    reads(supervision, OURS)
    press(supervision, "审核通过")
    klass = supervision.get_by_label("办理结果类别")
    klass.select_option(label="C 留作参考")
    press(supervision, "审核通过")
    reads(supervision, "理由")  # another class than the unit's needs one
    supervision.get_by_label("更改类别的理由").fill("今年没有列入计划。")
    press(supervision, "审核通过")
    told(supervision, "答复已发给所有提案人")

    notice(clerk, "类别")
    reads(clerk, "C 留作参考", "更改，理由：今年没有列入计划。")
    notice(author, "答复")
    reads(author, OURS, "C 留作参考", "更改，理由：今年没有列入计划。")
    misses(author, "A 已解决或采纳")


def test_one_who_is_not_satisfied_among_satisfied_ones_gets_a_second_reply(
    open_as: OpenAs, district: SimpleNamespace
) -> None:
    d = district
    extra = [people.member(f"s{n}", f"满{n}", d.plenary.term) for n in "甲乙"]
    proposal = made.drafted(d)
    signers = [d.cosigner, *extra]
    seats = [made.seat(user) for user in signers]
    actions.invite(proposal, by=d.author, memberships=seats, at=made.JANUARY)
    for user in signers:
        row = proposal.proposers.get(membership__person=user.person)
        actions.agree(row, by=user, at=made.JANUARY)
    actions.submit(proposal.fresh(), by=d.author, at=made.JANUARY)
    actions.file(proposal.fresh(), by=d.office, category=people.Category.objects.get())
    actions.hand_over(proposal.fresh(), by=d.office, lead=d.housing)
    share = stages.lead_of(proposal)
    actions.acknowledge(share, by=d.clerk)
    stages.send(share.fresh(), by=stages.again(d.clerk), text=OURS)
    for user in (d.author, *extra):
        stages.rate(stages.rating_of(user), by=user, text=f"{user.name}的附言")
    clerk, office, unhappy = (
        open_as(d.clerk, DESK),
        open_as(d.office, DESK),
        open_as(d.cosigner),
    )

    from_the_reply_to_its_rating(unhappy)
    rate(unhappy, "不满意", "没有写明地点。")
    clerk.goto(share.get_absolute_url())
    misses(clerk, "不满意", "没有写明地点。", "满甲的附言")
    step(office, proposal, "重新办理")
    confirm(office, "重新办理")

    clerk.goto("/desk/")
    reads(clerk, "第 2 次办理")
    at_desk(clerk, share)
    reads(clerk, "黄二：没有写明地点。")
    misses(clerk, "满甲：", "满甲的附言", "陈一的附言")
    # A second round is signed by the unit's principal leader: here on paper.
    reply(clerk, "A", "地点见附表。", "送签发", letter_signed=True)
    told(clerk, "答复已发出")
    unhappy.goto("/")
    unhappy.get_by_role("link", name=made.TEXT["title"]).first.click()
    reads(unhappy, "地点见附表。")
    rate(unhappy, "基本满意")
    office.goto(f"/admin/proposals/proposal/{proposal.pk}/change/")
    rows = office.get_by_role("region", name="办理评价").get_by_role("row")
    expect(rows.filter(has_text="不满意").filter(has_text="黄二")).to_have_count(1)
    expect(rows.filter(has_text="黄二").filter(has_text="基本满意")).to_have_count(1)


def test_promise_that_comes_due_next_year_is_followed_until_it_is_kept(
    open_as: OpenAs, district: SimpleNamespace
) -> None:
    d = district
    due_on = date(2027, 3, 31)
    with time_machine.travel(datetime(2026, 6, 1, 9, tzinfo=people.CHINA), tick=True):
        proposal = stages.answerable(d)
        share = stages.lead_of(proposal)
        clerk = open_as(d.clerk, DESK)
        at_desk(clerk, share)
        reply(clerk, "B", OURS, what="建成十处充电点", who="科长", due_on=due_on)
        told(clerk, "答复已发出")
        clerk.context.close()
        for user in (d.author, d.cosigner):
            stages.rate(stages.rating_of(user), by=user)
        office = open_as(d.office, DESK)
        step(office, proposal, "办结")
        confirm(office, "办结")
        office.context.close()
        author = open_as(d.author)
        author.goto(proposal.get_absolute_url())
        reads(author, "跟踪落实", "建成十处充电点", "2027年3月31日")
        author.context.close()

    promise = Commitment.objects.get()
    with time_machine.travel(datetime(2027, 4, 1, 9, tzinfo=people.CHINA), tick=True):
        actions.remind(due_on)
        assert actions.remind(due_on) == 0
        clerk = open_as(d.clerk, DESK)
        notice(clerk, "承诺")
        reads(clerk, "建成十处充电点")
        office = open_as(d.office, DESK)
        office.goto("/admin/members/commitment/?due=1")
        reads(office, "2027-03-31 已逾期")
        office.get_by_role("link", name="建成十处充电点").click()
        press(office, "确认兑现")
        office.get_by_label("兑现情况").fill("十处都已通电，实地看过。")
        confirm(office, "确认兑现")
        author = open_as(d.author)
        author.goto(proposal.get_absolute_url())
        reads(author, "已办结", "已兑现")
    promise.refresh_from_db()
    assert (promise.status, proposal.fresh().status) == ("kept", Proposal.Status.CLOSED)
