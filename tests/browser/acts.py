"""What a person does on a page, and what they then read there."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, expect

from proposals.models import Handling, Proposal
from tests.stages import PDF

OpenAs = Callable[..., Page]


def press(page: Page, name: str) -> None:
    """A button or link of the page itself, by its exact name."""
    named = page.get_by_role("button", name=name, exact=True)
    named.or_(page.get_by_role("link", name=name, exact=True)).first.click()


def write(page: Page, label: str, text: str) -> None:
    page.get_by_label(label, exact=False).first.fill(text)


def told(page: Page, text: str) -> None:
    """What the portal says on top of the page after a step."""
    expect(page.locator(".messages, .messagelist").first).to_contain_text(text)


def reads(page: Page, *words: str) -> None:
    """Each of these stands on the page."""
    for word in words:
        expect(page.locator("main, #main").first).to_contain_text(word)


def misses(page: Page, *words: str) -> None:
    """None of these stands on the page; ask after something that does."""
    for word in words:
        expect(page.locator("body")).not_to_contain_text(word)


def notice(page: Page, words: str) -> None:
    """Open what the newest notice with these words leads to."""
    page.goto("/notices/")
    page.get_by_role("main").get_by_role("link", name=re.compile(words)).first.click()


def step(page: Page, proposal: Proposal, name: str) -> None:
    """The page of one step of the secretariat, from the proposal's page in the workplace."""
    page.goto(f"/admin/proposals/proposal/{proposal.pk}/change/")
    page.get_by_role("link", name=name, exact=True).first.click()


def confirm(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    told(page, f"已办理“{name}”")


def at_desk(page: Page, share: Handling) -> None:
    """From the unit's list to one of its shares."""
    page.goto("/desk/")
    page.locator(f'a[href="{share.get_absolute_url()}"]').click()


def reply(
    page: Page,
    letter: str,
    text: str,
    sends: str = "发出答复",
    *,
    letter_signed: bool = False,
    **promise: Any,
) -> None:
    """Write the reply on the open page of the share and send it on, perhaps as a leader signed it on paper."""
    page.get_by_role("link", name="写答复", exact=True).click()
    write(page, "答复正文", text)
    klass = page.get_by_label("结果类别")
    klass.select_option(label=option(klass, letter))
    write(page, "文号", "海住建提〔2026〕1号")
    page.get_by_label("签发人", exact=True).fill("局长甲")
    page.get_by_label("签发人职务").fill("局长")
    if promise:
        first = page.get_by_role("group", name="第 1 项承诺")
        first.get_by_label("承诺事项").fill(promise["what"])
        first.get_by_label("责任人").fill(promise["who"])
        first.get_by_label("完成期限").fill(promise["due_on"].isoformat())
    if letter_signed:
        page.get_by_label("签发人层级").select_option(label="主要负责人")
        upload = {"name": "答复函.pdf", "mimeType": "application/pdf", "buffer": PDF}
        page.get_by_label("已在线下签发的答复函").set_input_files(upload)
    press(page, sends)


def option(select: Locator, start: str) -> str:
    """The whole label of the choice that begins so."""
    return next(
        text for text in select.locator("option").all_inner_texts() if text.startswith(start)
    )


def rate(page: Page, result: str, why: str = "") -> None:
    """The open page of a rating: attitude and result apart."""
    for group, choice in {
        "办理态度": "满意",
        "办理结果": result,
        "承办单位怎样与您沟通": "登门走访",
        "答复是否对题": "是",
    }.items():
        page.get_by_role("group", name=group).get_by_text(choice, exact=True).click()
    if why:
        page.get_by_role("textbox", name="意见").fill(why)
    press(page, "提交评价")
    told(page, "评价已提交")
