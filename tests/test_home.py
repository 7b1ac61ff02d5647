"""The home page and the notices: what waits for whom, by when; each role finds its way."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from consultations.actions import meeting
from cppcc_portal.office.models import Notice
from cppcc_portal.waiting import tasks_of
from members.roles import Role
from proposals import actions
from proposals.models import Handling, Proposal
from tests import district as made
from tests import people, topics
from tests.browsing import logged_in, queries
from tests.stages import again

pytestmark = pytest.mark.django_db


@pytest.fixture
def district(db: None) -> SimpleNamespace:
    """A district with an office, three members, a lead and a joint unit."""
    return made.district()


def invited(d: SimpleNamespace) -> Proposal:
    proposal = made.drafted(d)
    actions.invite(proposal, by=d.author, memberships=[made.seat(d.cosigner)])
    return proposal


def test_home_of_a_visitor_is_the_login() -> None:
    assert Client().get("/")["Location"] == "/account/login/?next=/"


def test_home_of_a_member_lists_what_they_write(district: SimpleNamespace) -> None:
    proposal = made.drafted(district)

    html = logged_in(district.author).get("/").content.decode()

    assert reverse("proposals:edit", args=[proposal.pk]) in html
    assert "撰写提案" in html


def test_home_of_a_cosigner_leads_to_the_answer(district: SimpleNamespace) -> None:
    proposal = invited(district)

    html = logged_in(district.cosigner).get("/").content.decode()

    assert reverse("proposals:agree", args=[proposal.pk]) in html
    assert "陈一 请您看全文" in html


def test_home_of_a_clerk_says_what_is_due_and_late(district: SimpleNamespace) -> None:
    made.handed_over(district)

    html = logged_in(district.clerk).get("/").content.decode()

    assert "主办：签收。" in html
    assert "已逾期" in html
    assert "承办工作台" in html


@pytest.mark.parametrize(
    ("role", "title"),
    [(Role.LEADER, "全区提案现况"), (Role.SUPERVISION, "已交办提案现况")],
)
def test_figures_of_overseers_are_those_of_their_lists(
    district: SimpleNamespace, role: str, title: str
) -> None:
    made.handed_over(district)
    made.submitted(district)
    Handling.objects.update(due_on="2026-01-01")
    Proposal.objects.filter(status="assigned").update(due_on="2026-01-01")
    client = logged_in(people.account("ld", "领导", role))

    home = client.get("/")

    assert title in home.content.decode()
    assert "逾期最久的办理" in home.content.decode()
    for tile in home.context["tiles"]:
        assert len(client.get(tile["url"]).context["page"]) == tile["figure"], tile


def test_home_of_a_chair_counts_the_committees_own(district: SimpleNamespace) -> None:
    client = logged_in(people.account("zr", "主任", Role.COMMITTEE_CHAIR))

    assert "本专委会委员提案现况" in client.get("/").content.decode()


def test_supervision_finds_what_all_units_have_to_do(district: SimpleNamespace) -> None:
    client = logged_in(people.account("dc", "督查", Role.SUPERVISION))

    assert '<a href="/desk/">' in client.get("/proposals/").content.decode()


@pytest.mark.parametrize("role", Role.values)
def test_home_opens_for_every_role(district: SimpleNamespace, role: str) -> None:
    assert logged_in(people.account("x", "某人", role)).get("/").status_code == 200


def test_home_without_anything_says_so(district: SimpleNamespace) -> None:
    assert "目前没有需要您办理的事" in logged_in(district.other).get("/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_home_takes_a_constant_number_of_queries(district: SimpleNamespace, count: int) -> None:
    for _number in range(count):
        made.handed_over(district)
        made.drafted(district)
        invited(district)

    assert queries(logged_in(district.author), "/") <= 22
    assert queries(logged_in(district.cosigner), "/") <= 22
    assert queries(logged_in(district.clerk), "/") <= 22


def test_notice_is_read_on_opening_and_leads_on(district: SimpleNamespace) -> None:
    proposal = invited(district)
    client = logged_in(district.cosigner)
    notice = Notice.objects.get(kind="cosign_invited")

    answer = client.get(reverse("notices:detail", args=[notice.uid]))

    assert answer["Location"] == proposal.get_absolute_url()
    notice.refresh_from_db()
    assert notice.read_at


def test_notice_of_somebody_else_is_hidden(district: SimpleNamespace) -> None:
    invited(district)
    notice = Notice.objects.get(kind="cosign_invited")

    answer = logged_in(district.author).get(reverse("notices:detail", args=[notice.uid]))

    assert answer.status_code == 404


def test_notices_are_all_marked_read(district: SimpleNamespace) -> None:
    invited(district)
    client = logged_in(district.cosigner)

    client.post(reverse("notices:read_all"))

    assert "未读</span>" not in client.get(reverse("notices:index")).content.decode()


def test_notices_of_nobody_say_so(district: SimpleNamespace) -> None:
    assert "还没有消息" in logged_in(district.other).get("/notices/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_notices_take_a_constant_number_of_queries(district: SimpleNamespace, count: int) -> None:
    for _number in range(count):
        invited(district)

    assert queries(logged_in(district.cosigner), "/notices/") <= 6


def test_committee_finds_what_it_has_to_begin_and_to_answer(db: None) -> None:
    d = topics.district()
    approved = topics.approved(d)
    assert [str(task.label) for task in tasks_of(again(d.staff), date(2026, 3, 2))] == [
        "已批准·待调研"
    ]
    research = topics.visited(d, topics.running(d, approved))
    session = topics.notified(d, topics.planned(d, topics.researched(d, research)))
    invitation = session.gathering.invitations.get(person=d.member.person)
    meeting.ask_leave(invitation, by=d.member, reason="出差", at=topics.SPRING)

    on = session.gathering.on
    for who in (d.staff, d.chair):
        waiting = {str(task.label): task for task in tasks_of(again(who), on)}
        assert waiting["请假待批"].url == session.get_absolute_url()
        assert "已批准·待调研" not in waiting
    assert "请假待批" not in {str(task.label) for task in tasks_of(again(d.other_chair), on)}
    topics.held(d, session)
    assert "已召开·待纪要" in {str(task.label) for task in tasks_of(again(d.staff), on)}
