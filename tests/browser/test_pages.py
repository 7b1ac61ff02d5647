"""Each page on a phone, on a desk and in large type: reachable by everybody, light, and without a fault."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect

from members.models import Membership, User
from members.roles import Role
from proposals import actions
from proposals.models import Evaluation, ResultClass
from tests import district as made
from tests import people
from tests.browser.conftest import DESK, PHONE

LogIn = Callable[..., Page]
NARROW = {"width": 320, "height": 640}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Small targets: what is neither hidden nor a link inside a sentence must be 44 px in both directions.
SMALL = """() => Array.from(document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary')).filter((node) => {
  const box = node.getBoundingClientRect();
  if (!box.width || !box.height || node.closest('.skip, .visually-hidden')) return false;
  if (node.matches('.card p > a, .note p > a:not(.target):not(.button)')) return false;
  return box.width < 44 || box.height < 44;
}).map((node) => `${node.tagName} ${node.textContent.trim().slice(0, 20)} ` +
  `${Math.round(node.getBoundingClientRect().width)}x${Math.round(node.getBoundingClientRect().height)}`)"""


def person(d: SimpleNamespace, name: str) -> User:
    return User.objects.get(pk=getattr(d, name).pk)


def end_session(page: Page) -> None:
    """The session is gone; an answer still on its way would bring its cookie back."""
    page.wait_for_load_state("networkidle")
    page.context.clear_cookies(name="sessionid")


@pytest.fixture
def states(district: SimpleNamespace) -> dict[str, tuple[str, str]]:
    """The main states of pages: whose page, and where."""
    d = district
    d.leader = people.account("ld", "副主席甲", Role.LEADER)
    d.supervision = people.account("dc", "督查员甲", Role.SUPERVISION)
    draft, returned = made.drafted(d), made.submitted(d)
    actions.return_(returned, by=d.office, note="请写明地点，并说明由谁来做。")
    cosigning = made.drafted(d)
    actions.invite(cosigning, by=d.author, memberships=[made.seat(d.cosigner)])
    refused = made.submitted(d)
    actions.refuse(
        refused,
        by=d.office,
        refusal_reason=made.people.RefusalReason.objects.get(),
        destination=made.people.Destination.objects.get(),
        note="与现行规定不符。",
    )
    waiting, replied = made.handed_over(d), made.handed_over(d)
    lead, joint = (replied.handlings.get(unit=unit) for unit in (d.housing, d.fire))
    actions.acknowledge(lead, by=person(d, "clerk"))
    actions.acknowledge(joint, by=person(d, "joint_clerk"))
    actions.record_contact(
        lead,
        by=person(d, "clerk"),
        proposer=replied.first_proposer,
        way="visit",
        stage="before",
        on=timezone.localdate(),
        summary="到现场听取意见。",
    )
    handling = made.handed_over(d)
    working, advising = (handling.handlings.get(unit=unit) for unit in (d.housing, d.fire))
    actions.acknowledge(working, by=person(d, "clerk"))
    actions.acknowledge(advising, by=person(d, "joint_clerk"))
    actions.give_opinion(
        joint, by=person(d, "joint_clerk"), text="同意。", signer="大队长", signer_post="负责人"
    )
    lead.refresh_from_db()
    actions.reply(
        lead,
        by=person(d, "clerk"),
        result_class=ResultClass.objects.get(code="B"),
        document_number="海住建提〔2026〕1号",
        text="逐条答复如下。\n\n一、今年建十处。",
        signer="局长",
        signer_post="负责人",
        commitments=[
            {"what": "建十处", "who": "科长", "due_on": timezone.localdate() + timedelta(days=90)}
        ],
    )
    rating = Evaluation.objects.get(proposer__order=0)
    at = "/proposals"
    return {
        "home": ("author", "/"),
        "home of a clerk": ("clerk", "/"),
        "home of a leader": ("leader", "/"),
        "home of supervision": ("supervision", "/"),
        "home with nothing": ("joint_clerk", "/?empty"),
        "list": ("author", f"{at}/"),
        "list with filter": ("leader", f"{at}/?scope=all&status=late"),
        "list without hits": ("author", f"{at}/?q=无"),
        "draft": ("author", f"{at}/{draft.pk}/"),
        "writing": ("author", f"{at}/{draft.pk}/edit/"),
        "writing after return": ("author", f"{at}/{returned.pk}/edit/"),
        "submitting": ("author", f"{at}/{draft.pk}/submit/"),
        "inviting": ("author", f"{at}/{cosigning.pk}/invite/"),
        "invited": ("cosigner", f"{at}/{cosigning.pk}/"),
        "answering": ("cosigner", f"{at}/{cosigning.pk}/agree/"),
        "returned": ("author", f"{at}/{returned.pk}/"),
        "not filed": ("author", f"{at}/{refused.pk}/"),
        "handed over": ("author", f"{at}/{waiting.pk}/"),
        "replied": ("author", f"{at}/{replied.pk}/"),
        "rating": ("author", f"{at}/evaluations/{rating.pk}/evaluate/"),
        "withdrawing": ("author", f"{at}/{returned.pk}/withdraw/"),
        "desk": ("clerk", "/desk/"),
        "desk done": ("clerk", "/desk/?done=1"),
        "share waiting": ("clerk", f"/desk/{waiting.handlings.get(unit=d.housing).pk}/"),
        "share in work": ("clerk", f"/desk/{working.pk}/"),
        "share replied": ("clerk", f"/desk/{lead.pk}/"),
        "contact": ("clerk", f"/desk/{working.pk}/contact/"),
        "replying": ("clerk", f"/desk/{working.pk}/reply/"),
        "opinion": ("joint_clerk", f"/desk/{advising.pk}/give_opinion/"),
        "notices": ("author", "/notices/"),
        "mine": ("author", "/look/mine/"),
        "hidden": ("author", f"{at}/999999/"),
    }


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """What the browser's console complains of while the test runs; there must be nothing."""
    said: list[str] = []
    yield said
    assert not said


def listen(page: Page, complaints: list[str]) -> None:
    def hear(message: Any) -> None:
        # The page that is hidden answers 404, which the console repeats.
        if message.type in ("error", "warning") and "404" not in message.text:
            complaints.append(f"{page.url} {message.text}")

    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(f"{page.url} {error}"))


def violations(page: Page) -> list[str]:
    """What axe finds on the page, each with the first node it was found at."""
    # As tall as the page: what a fixed bar covers for the moment is not counted as too small.
    screen = page.viewport_size or PHONE
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": screen["width"], "height": height + 200})
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}})
    page.set_viewport_size(screen)
    return [
        f"{page.url} {each['id']}: {each['nodes'][0]['html'][:160]}"
        for each in found.response["violations"]
    ]


@pytest.mark.parametrize("view", ["phone", "desk", "large"])
def test_pages_are_reachable_for_everybody(
    log_in: LogIn,
    district: SimpleNamespace,
    states: dict[str, tuple[str, str]],
    complaints: list[str],
    view: str,
) -> None:
    pages: dict[str, Page] = {}
    found: list[str] = []
    for who, path in states.values():
        if who not in pages:
            pages[who] = log_in(getattr(district, who), DESK if view == "desk" else PHONE)
            listen(pages[who], complaints)
            if view == "large":
                pages[who].get_by_role("button", name="大字版").click()
        page = pages[who]
        page.goto(path)
        found += [f"{path} reaches beyond the screen"] if is_too_wide(page) else []
        if view != "desk":
            found += [f"{path} small: {each}" for each in page.evaluate(SMALL)]
        if view == "large":  # larger letters change room and targets, not names and roles
            continue
        for box in page.locator("details:not([open]) > summary").all():
            if box.is_visible():
                box.click()
        found += violations(page)

    assert not found, "\n".join(found)


def is_too_wide(page: Page) -> bool:
    wide: bool = page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )
    return wide


def test_nothing_scrolls_sideways_at_320(
    log_in: LogIn, district: SimpleNamespace, states: dict[str, tuple[str, str]]
) -> None:
    long = "关于" + "很长" * 40 + "ABCDEFGHIJKLMNOPQRSTUVWXYZ" * 3 + "的建议"
    proposal = made.drafted(district)
    actions.save_draft(proposal, by=district.author, version=2, **{**made.TEXT, "title": long})
    states["long title"] = ("author", f"/proposals/{proposal.pk}/")
    pages: dict[str, Page] = {}
    wide = []
    for who, path in states.values():
        if who not in pages:
            pages[who] = log_in(getattr(district, who), NARROW)
        pages[who].goto(path)
        wide += [path] if is_too_wide(pages[who]) else []

    assert not wide


@pytest.mark.parametrize("state", ["home", "writing", "replied", "inviting", "share in work"])
def test_first_view_is_light(
    log_in: LogIn, district: SimpleNamespace, states: dict[str, tuple[str, str]], state: str
) -> None:
    for number in range(300):
        Membership.objects.create(
            person=people.person(f"委员{number:03d}"), term=district.plenary.term
        )
    who, path = states[state]
    page = log_in(getattr(district, who))
    weights: dict[str, int] = {}
    cold = page.context.browser.new_context(
        viewport=PHONE, storage_state=page.context.storage_state()
    )
    first = cold.new_page()
    first.on("response", lambda answer: weights.update({answer.url: len(answer.body())}))
    first.goto(page.url.rstrip("/") + path)
    first.wait_for_load_state("networkidle")
    cold.close()

    script = sum(size for url, size in weights.items() if url.endswith(".js"))
    assert sum(weights.values()) <= 300_000, weights
    assert script <= 100_000, weights
    assert len(weights) <= 25
    assert {url.split("/")[2] for url in weights} == {page.url.split("/")[2]}


# Effort ------------------------------------------------------------------------------------------


class Finger:
    """Counts taps and screens."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps, self.screens = page, 0, {page.url}

    def tap(self, locator: Any) -> None:
        locator.click()
        self.taps += 1
        self.page.wait_for_load_state()
        self.screens.add(self.page.url)

    def paste(self, label: str, text: str) -> None:
        field = self.page.get_by_label(label).first
        self.tap(field)
        field.fill(text)


def test_prepared_text_is_submitted_in_twelve_taps(
    log_in: LogIn, district: SimpleNamespace
) -> None:
    finger = Finger(log_in(district.author))
    page = finger.page

    finger.tap(page.get_by_role("button", name="撰写提案"))
    finger.paste("案由", made.TEXT["title"])
    for label in ("情况", "分析", "建议"):
        finger.paste(label, "字" * 260)
    finger.tap(page.get_by_text("同意公开", exact=True))
    finger.tap(page.get_by_text("我确认内容不涉及国家秘密"))
    finger.tap(page.get_by_role("button", name="下一步：提交"))
    finger.tap(page.get_by_role("button", name="提交", exact=True))

    expect(page.locator(".messages")).to_contain_text("提交成功，流水号 1")
    assert finger.taps <= 12
    assert len(finger.screens) <= 4


def test_invitation_is_accepted_in_three_taps(log_in: LogIn, district: SimpleNamespace) -> None:
    proposal = made.drafted(district)
    actions.invite(proposal, by=district.author, memberships=[made.seat(district.cosigner)])
    finger = Finger(log_in(district.cosigner))
    page = finger.page

    finger.tap(page.get_by_role("link", name=re.compile("邀请")).last)
    finger.tap(page.get_by_role("link", name="答复联名邀请"))
    finger.tap(page.get_by_role("button", name="同意联名"))

    expect(page.locator(".messages")).to_contain_text("您已同意联名")
    assert finger.taps <= 3


# Writing is never lost ---------------------------------------------------------------------------


def test_counters_count_as_the_server_and_never_block(
    log_in: LogIn, district: SimpleNamespace
) -> None:
    page = log_in(district.author)
    proposal = made.drafted(district)
    page.goto(f"/proposals/{proposal.pk}/edit/")

    page.get_by_label("案由").fill("𠮷" * 103)
    page.get_by_label("情况").fill("字" * 1600)

    expect(page.locator("#id_title_counter")).to_have_text("已写 103 字，超出 3 字，请删减")
    expect(page.locator("[data-soft]")).to_contain_text("仍可提交")
    assert page.get_by_label("案由").input_value() == "𠮷" * 103


def test_session_that_ended_brings_the_text_back_after_login(
    log_in: LogIn, district: SimpleNamespace
) -> None:
    page = log_in(district.author)
    proposal = made.drafted(district)
    page.goto(f"/proposals/{proposal.pk}/edit/")
    end_session(page)
    page.get_by_label("情况").fill("登录失效之后写的。")
    expect(page.locator("[data-autosave-status]")).to_contain_text("登录已失效", timeout=20_000)

    page.reload()
    page.get_by_label(re.compile("账号|手机号|登录名")).first.fill("m1")
    page.locator("input[type=password]").fill(people.PASSWORD)
    page.get_by_role("main").get_by_role("button", name="登录").click()
    page.get_by_role("button", name="恢复本机内容").click()

    expect(page.locator("[data-autosave-status]")).to_have_text(
        re.compile(r"已保存 \d\d:\d\d"), timeout=20_000
    )
    assert page.get_by_label("情况").input_value() == "登录失效之后写的。"
    proposal.draft.refresh_from_db()
    assert proposal.draft.situation == "登录失效之后写的。"


def test_error_has_the_focus_and_leads_to_its_field(
    log_in: LogIn, district: SimpleNamespace
) -> None:
    page = log_in(district.author)
    page.goto(f"/proposals/{made.drafted(district).pk}/edit/")
    page.get_by_label("案由").fill("长" * 205)

    page.get_by_role("button", name="保存", exact=True).click()

    expect(page.locator("[data-error-summary]")).to_be_focused()
    assert page.title().startswith("错误：")
    page.locator("[data-error-summary] a").click()
    expect(page.get_by_label("案由")).to_be_focused()
    assert page.get_by_label("案由").input_value() == "长" * 205


# Without script, and inside WeChat ---------------------------------------------------------------


def test_without_script_one_writes_invites_and_submits(
    log_in: LogIn, district: SimpleNamespace
) -> None:
    page = log_in(district.author, java_script_enabled=False)
    page.get_by_role("button", name="撰写提案").click()
    for label, name in {"案由": "title", "情况": "situation", "建议": "suggestions"}.items():
        page.get_by_label(label).first.fill(made.TEXT[name])
    page.get_by_label("同意公开", exact=True).check()
    page.get_by_label("我确认内容").check()

    page.get_by_role("button", name="邀请联名").click()
    for words, name in {"黄": "黄二", "ss": "施三"}.items():
        page.get_by_label("按姓名").fill(words)
        page.get_by_role("button", name="查找").click()
        page.get_by_role("checkbox", name=name).check()
    page.get_by_role("button", name="发出邀请").click()
    expect(page.locator(".messages")).to_contain_text("已向 2 位委员发出邀请")
    page.get_by_role("link", name="提交", exact=True).click()
    page.get_by_role("button", name="提交", exact=True).click()

    expect(page.locator(".messages")).to_contain_text("提交成功")


def test_wechat_shows_the_way_to_files(log_in: LogIn, district: SimpleNamespace) -> None:
    page = log_in(district.author, user_agent="Mozilla/5.0 MicroMessenger/8.0.50 Mobile")
    page.goto(f"/proposals/{made.drafted(district).pk}/edit/")

    expect(page.locator("body[data-wechat]")).to_be_visible()
    expect(page.get_by_role("button", name="下一步：提交")).to_be_visible()


def test_contact_written_after_the_session_ended_comes_back(
    log_in: LogIn, district: SimpleNamespace
) -> None:
    handling = made.handed_over(district).handlings.get(unit=district.housing)
    actions.acknowledge(handling, by=person(district, "clerk"))
    page = log_in(district.clerk)
    page.goto(f"/desk/{handling.pk}/contact/")
    end_session(page)
    page.get_by_label("沟通情况").fill("到小区看了现场。")
    page.get_by_role("button", name="登记", exact=True).click()

    page.get_by_label(re.compile("账号|手机号|登录名")).first.fill(district.clerk.username)
    page.locator("input[type=password]").fill(people.PASSWORD)
    page.get_by_role("main").get_by_role("button", name="登录").click()
    page.get_by_role("button", name="恢复本机内容").click()
    page.get_by_role("button", name="登记", exact=True).click()

    expect(page.locator(".messages")).to_contain_text("沟通情况已登记")
    assert handling.contacts.get().summary == "到小区看了现场。"
    page.goto(f"/desk/{handling.pk}/contact/")
    expect(page.get_by_role("button", name="恢复本机内容")).to_have_count(0)


def test_button_pressed_after_the_session_ended_leads_back_to_its_page(
    log_in: LogIn, district: SimpleNamespace
) -> None:
    page = log_in(district.author)
    end_session(page)
    page.get_by_role("button", name="撰写提案").click()

    page.get_by_label(re.compile("账号|手机号|登录名")).first.fill(district.author.username)
    page.locator("input[type=password]").fill(people.PASSWORD)
    page.get_by_role("main").get_by_role("button", name="登录").click()

    expect(page.get_by_role("heading", name="提案", exact=True)).to_be_visible()
    expect(page.locator(".messages")).to_contain_text("刚才那一步还没有办")
