"""What units ask for and how a proposal comes to several of them, as clerks, deciders and members see it."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from playwright.sync_api import Page, expect

from members.actions import appoint
from members.roles import Role
from proposals.models import Handling, Proposal
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

HANDED_OVER = date(2026, 3, 18)
SIGNED = {"name": "申请.pdf", "mimeType": "application/pdf", "buffer": stages.PDF}


@pytest.fixture
def days_of_march() -> Iterator[None]:
    """Two days after the hand-over: what a unit may ask for in these days is still open."""
    with time_machine.travel(datetime(2026, 3, 20, 9, tzinfo=people.CHINA), tick=True):
        yield


@pytest.fixture
def d(district: SimpleNamespace) -> SimpleNamespace:
    district.supervision = people.account("dc", "督查员甲", Role.SUPERVISION)
    district.parks = people.unit("区城管局")
    district.parks_clerk = people.account(
        "cg", "城管经办", Role.UNIT_CLERK, body=district.parks.body_ptr, post="clerk"
    )
    return district


def acknowledge(page: Page, share: Handling) -> None:
    at_desk(page, share)
    press(page, "签收")
    told(page, "已签收")


@pytest.mark.usefixtures("days_of_march")
def test_return_request_is_decided_and_the_share_goes_to_another_unit(
    open_as: OpenAs, d: SimpleNamespace
) -> None:
    proposal = made.handed_over(d)
    old = stages.lead_of(proposal)
    clerk, supervision = open_as(d.clerk, DESK), open_as(d.supervision, DESK)
    new_clerk, author = open_as(d.parks_clerk, DESK), open_as(d.author)

    at_desk(clerk, old)
    press(clerk, "申请退办")
    clerk.get_by_label("申请退办的理由").fill("户外公共区域由区城管局管理。")
    clerk.get_by_label("建议承办单位").select_option(label="区城管局")
    clerk.get_by_label("单位负责人签字的申请").set_input_files(SIGNED)
    press(clerk, "申请退办")
    told(clerk, "退办申请已提交")
    reads(clerk, "2026年3月", "督查室")

    notice(supervision, "退办")
    reads(supervision, "户外公共区域由区城管局管理。")
    press(supervision, "同意")
    expect(supervision.get_by_label("改由哪个单位承办")).to_have_value(str(d.parks.pk))
    press(supervision, "同意")
    told(supervision, "承办单位会收到消息")

    notice(clerk, "退办|改办")
    reads(clerk, "区城管局")
    assert clerk.goto(old.get_absolute_url()).status == 404
    new = proposal.handlings.get(unit=d.parks)
    acknowledge(new_clerk, new)
    reads(new_clerk, "原由区住建局承办", f"{new.due_on:%Y}年{new.due_on.month}月{new.due_on.day}日")
    author.goto(proposal.get_absolute_url())
    reads(author, "已改由区城管局承办", "办理中")
    assert (new.handed_over_on, new.due_on > old.due_on) == (date(2026, 3, 20), True)


@pytest.mark.usefixtures("days_of_march")
def test_extension_is_asked_for_granted_and_explained(open_as: OpenAs, d: SimpleNamespace) -> None:
    proposal = stages.answerable(d)
    share = stages.lead_of(proposal)
    clerk, supervision, author = (
        open_as(d.clerk, DESK),
        open_as(d.supervision, DESK),
        open_as(d.author),
    )
    until = share.due_on + timedelta(days=20)

    at_desk(clerk, share)
    press(clerk, "申请延期")
    reads(clerk, "现期限", "最迟可以延到")
    clerk.get_by_label("申请延期的理由").fill("需逐个小区勘测。")
    clerk.get_by_label("希望延至").fill((share.due_on + timedelta(days=400)).isoformat())
    press(clerk, "申请延期")
    reads(clerk, "最迟只能延到")
    expect(clerk.get_by_label("申请延期的理由")).to_have_value("需逐个小区勘测。")
    clerk.get_by_label("希望延至").fill((share.due_on + timedelta(days=30)).isoformat())
    press(clerk, "申请延期")
    told(clerk, "仍按原期限办理")

    notice(supervision, "延期")
    press(supervision, "同意")
    supervision.get_by_label("同意延至").fill(until.isoformat())
    supervision.get_by_label("说明").fill("同意延二十天。")
    press(supervision, "同意")
    told(supervision, "承办单位会收到消息")

    day = f"{until.year}年{until.month}月{until.day}日"
    at_desk(clerk, share)
    reads(clerk, f"期限 {day}", f"同意延至 {day}", "同意延二十天。")
    author.goto(proposal.get_absolute_url())
    reads(author, day)


def test_three_units_handle_separately_and_each_answers_for_itself(
    open_as: OpenAs, d: SimpleNamespace
) -> None:
    proposal = stages.filed(d)
    office = open_as(d.office, DESK)
    step(office, proposal, "交办")
    boxes = office.get_by_role("group", name="分办单位")
    for unit in ("区住建局", "区消防救援大队", "区城管局"):
        boxes.get_by_label(unit).check()
    confirm(office, "交办")

    author = open_as(d.author)
    clerks = {"区住建局": d.clerk, "区消防救援大队": d.joint_clerk, "区城管局": d.parks_clerk}
    for unit, user in clerks.items():
        author.goto(proposal.get_absolute_url())
        reads(author, "已交办")  # as long as one of them has not received it
        page, share = open_as(user, DESK), proposal.handlings.get(unit__name=unit)
        acknowledge(page, share)
        reply(page, "A", f"{unit}已经办好本单位的部分。")
        told(page, "答复已发出")
    assert proposal.fresh().status == Proposal.Status.REPLIED

    author.goto(proposal.get_absolute_url())
    for unit in clerks:
        reads(author, f"{unit}的答复", f"{unit}已经办好本单位的部分。")
    # Each unit is rated by itself.
    for _unit in clerks:
        author.goto(proposal.get_absolute_url())
        author.get_by_role("link", name="评价答复").click()
        rate(author, "满意")
    author.goto(proposal.get_absolute_url())
    expect(author.get_by_role("link", name="评价答复")).to_have_count(0)
    for unit in clerks:
        reads(author, f"对{unit}第 1 次答复")


def test_member_whose_own_unit_handles_the_proposal_is_kept_from_answering_it(
    open_as: OpenAs, d: SimpleNamespace
) -> None:
    proposal = stages.answerable(d)
    share = stages.lead_of(proposal)
    housing = d.housing.body_ptr
    appoint(d.author.person, housing, "clerk", by=None, on=date(2026, 1, 1))
    author, colleague = open_as(d.author), open_as(d.clerk, DESK)

    author.goto(proposal.get_absolute_url())
    reads(author, "承办单位 区住建局 也是您所在单位", "请由本单位其他同事签发答复")
    author.goto(share.get_absolute_url())
    reads(author, "请由本单位其他同事签发答复")
    expect(author.get_by_role("link", name="写答复")).to_have_count(0)
    author.goto(f"{share.get_absolute_url()}reply/")
    told(author, "请由本单位其他同事签发答复")

    at_desk(colleague, share)
    reply(colleague, "A", "已经办好。")
    told(colleague, "答复已发出")
    author.goto(proposal.get_absolute_url())
    author.get_by_role("link", name="评价答复").click()
    rate(author, "基本满意")
    # Not even the member sees at the desk of the unit what the proposers said one by one.
    author.goto(share.get_absolute_url())
    misses(author, "基本满意")
