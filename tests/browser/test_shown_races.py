"""Two and fifty at once, as the persons see it: one wins, one is told who did what; nothing is counted twice."""

import re
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from threading import Barrier
from types import SimpleNamespace
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from cppcc_portal.office.models import Notice
from members.models import User
from members.roles import Role
from proposals import actions
from proposals.models import Category, Proposal
from tests import district as made
from tests import people
from tests.browser.acts import OpenAs, misses, notice, reads, step
from tests.browser.conftest import DESK
from tests.browsing import logged_in

FIFTY = 50
TOKEN = "a" * 32  # of a form: the cookie and the posted one are the same
Post = tuple[str, str, dict[str, object]]  # whose session, where, what


def session_of(user: User) -> str:
    return logged_in(user).cookies[settings.SESSION_COOKIE_NAME].value


def post_at_once(server: LiveServer, posts: Sequence[Post]) -> Counter[int]:
    """Send all at the same moment, each on a line of its own; count the answers by their status."""
    host, together = urlsplit(server.url).netloc, Barrier(len(posts))
    # The server of the tests lets ten callers wait, gunicorn some thousands.
    server.thread.httpd.socket.listen(len(posts))

    def send(post: Post) -> int:
        session, path, fields = post
        cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={TOKEN}"
        headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
        line = HTTPConnection(host, timeout=60)
        together.wait(timeout=30)
        line.request("POST", path, urlencode({**fields, "csrfmiddlewaretoken": TOKEN}), headers)
        try:
            return line.getresponse().status
        finally:
            line.close()

    with ThreadPoolExecutor(len(posts)) as pool:
        return Counter(pool.map(send, posts))


def test_of_two_officers_deciding_at_once_one_is_told_who_did_what(
    open_as: OpenAs, district: SimpleNamespace
) -> None:
    proposal = made.submitted(district)
    second = people.account("office2", "办公室乙", Role.OFFICE)
    filing, refusing = open_as(district.office, DESK), open_as(second, DESK)
    step(filing, proposal, "立案")
    filing.get_by_role("radio", name="社会建设", exact=True).check()
    filing.get_by_label("审查意见（内部）").fill("建议可行。")
    step(refusing, proposal, "不予立案")
    refusing.get_by_label("不予立案理由").select_option(index=1)
    refusing.get_by_label("去向").select_option(index=1)
    refusing.get_by_label("补充说明").fill("没有写明地点。")

    filing.get_by_role("button", name="立案", exact=True).click(no_wait_after=True)
    refusing.get_by_role("button", name="不予立案", exact=True).click(no_wait_after=True)

    filing.get_by_text(re.compile("已办理“立案”|不能再“立案”")).first.wait_for()
    refusing.get_by_text(re.compile("已办理“不予立案”|不能再“不予立案”")).first.wait_for()
    decided = proposal.changes.filter(verb__in=["file", "refuse"]).get()
    if decided.verb == "file":
        loser, first, kept = refusing, "办公室甲", "没有写明地点。"
    else:
        loser, first, kept = filing, "办公室乙", "建议可行。"
    reads(loser, f"{first}已在 ", f"办理“{decided.label}”", "没有保存")
    # What the other one had typed is not lost.
    expect(loser.locator("textarea[name=note]")).to_have_value(kept)
    author = open_as(district.author)
    author.goto(proposal.get_absolute_url())
    reads(author, f"{decided.old_label} → {decided.new_label}")
    other = {"file": "不予立案", "refuse": "已立案"}[decided.verb]
    misses(author, other)


def test_fifty_filings_at_once_show_fifty_different_numbers(
    open_as: OpenAs, district: SimpleNamespace, live_server: LiveServer
) -> None:
    waiting = []
    for _turn in range(FIFTY):
        proposal = made.drafted(district)
        waiting.append(actions.submit(proposal, by=district.author, at=made.JANUARY))
    names = "甲乙丙丁戊"
    officers = [district.office]
    officers += [people.account(f"office{n}", f"办公室{n}", Role.OFFICE) for n in names[1:]]
    sessions = [session_of(officer) for officer in officers]
    category = Category.objects.get().pk

    answers = post_at_once(
        live_server,
        [
            (
                sessions[turn % len(sessions)],
                f"/admin/proposals/proposal/{proposal.pk}/file/",
                {"category": category},
            )
            for turn, proposal in enumerate(waiting)
        ],
    )

    assert answers == {302: FIFTY}
    page = open_as(district.office, DESK)
    page.goto("/admin/proposals/proposal/?status__exact=filed")
    numbers = page.locator("#result_list .field-number_shown").all_inner_texts()
    assert sorted(numbers) == [f"15-5-{number:03d}" for number in range(1, FIFTY + 1)]
    author = open_as(district.author)
    author.goto(f"/proposals/{waiting[-1].pk}/")
    reads(author, "已立案", f"第{waiting[-1].fresh().number:03d}号")


def test_fifty_cosigners_at_once_are_all_shown(
    open_as: OpenAs, district: SimpleNamespace, live_server: LiveServer
) -> None:
    proposal = made.drafted(district)
    term = district.plenary.term
    members = [people.member(f"c{turn}", f"委员{turn:02d}", term) for turn in range(FIFTY)]
    seats = [made.seat(user) for user in members]
    actions.invite(proposal, by=district.author, memberships=seats)

    answers = post_at_once(
        live_server,
        [
            (session_of(user), f"/proposals/{proposal.pk}/agree/", {"agree": "1"})
            for user in members
        ],
    )

    assert answers == {302: FIFTY}
    author = open_as(district.author)
    notice(author, r"委员\d\d")
    rows = author.get_by_role("listitem").filter(has_text=re.compile(r"委员\d\d"))
    agreed = rows.filter(has_text="已同意")
    expect(agreed).to_have_count(FIFTY)
    assert Notice.objects.filter(kind="cosign_answered").count() == FIFTY
    author.get_by_role("link", name="提交", exact=True).click()
    author.get_by_role("button", name="提交", exact=True).click()
    reads(author, "提交成功", "委员00", "委员49")
    assert Proposal.objects.get().proposers.confirmed().count() == FIFTY + 1
