"""The workplace as a whole: one door, queues that tell the truth, nothing that libraries bring along."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from pytest_django import DjangoAssertNumQueries, Settings

from cppcc_portal.office.workplace import PortalModelAdmin
from members.models import User
from members.roles import Role
from proposals.models import Proposal
from tests import district as made
from tests import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def district(db: None) -> SimpleNamespace:
    return made.district()


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="members.backends.LoginBackend")
    return client


def queues(client: Client) -> dict[str, Any]:
    page = client.get(reverse("admin:index"))
    return {str(one.label): one for group in page.context["groups"] for one in group.queues}


def test_login_has_one_door(client: Client) -> None:
    page = client.get(reverse("admin:login"), {"next": "/admin/proposals/proposal/"})
    elsewhere = client.get(reverse("admin:login"), {"next": "https://elsewhere.example/"})

    assert page.url == "/account/login/?next=%2Fadmin%2Fproposals%2Fproposal%2F"
    assert elsewhere.url == "/account/login/?next=%2Fadmin%2F"
    assert (
        client.post(reverse("admin:login"), {"username": "x", "password": "y"}).status_code == 302
    )


def test_who_does_not_work_here_gets_403(district: SimpleNamespace) -> None:
    for user in (district.author, district.clerk):
        client = logged_in(user)
        assert client.get(reverse("admin:index")).status_code == 403
        assert client.get("/admin/proposals/proposal/").status_code == 403
        assert client.get(reverse("admin:login")).status_code == 403


def test_superuser_is_refused_in_production(settings: Settings) -> None:
    chief = User.objects.create_superuser("chief", "x")
    User.objects.update(must_change_password=False)
    client = logged_in(chief)
    assert client.get(reverse("admin:index")).status_code == 200

    settings.PRODUCTION = True

    # The backend no longer knows this account: it is a visitor at the door.
    assert client.get(reverse("admin:index")).status_code in (302, 403)


def test_site_shows_only_pages_that_keep_the_rules() -> None:
    for model, page in admin.site._registry.items():
        assert isinstance(page, PortalModelAdmin), model
        assert page.has_delete_permission(None) is False


def test_queue_and_list_show_the_same_rows(district: SimpleNamespace) -> None:
    for _number in range(3):
        made.submitted(district)
    made.handed_over(district)
    client = logged_in(district.office)

    waiting = queues(client)

    assert waiting["待审查"].count == 3
    assert waiting["待审查"].oldest_days is not None
    assert waiting["超期未签收"].count == 2
    assert waiting["超期未签收"].late
    for queue in waiting.values():
        listed = client.get(queue.url)
        assert listed.status_code == 200, queue
        assert listed.context["cl"].result_count == queue.count, queue


@pytest.mark.parametrize("count", [1, 3])
def test_first_page_asks_a_constant_number_of_queries(
    district: SimpleNamespace, count: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _number in range(count):
        made.submitted(district)
    client = logged_in(district.office)
    client.get(reverse("admin:index"))  # the findings on health are now known for a while

    with django_assert_max_num_queries(40):
        client.get(reverse("admin:index"))


@pytest.mark.parametrize(
    ("role", "shown", "hidden"),
    [
        (Role.OFFICE, {"待审查", "需人工告知"}, {"今天的审计记录", "启用的账号"}),
        (Role.MEMBER_WORK, {"本届在任委员"}, {"待审查", "启用的账号"}),
        (Role.AUDITOR, {"今天的审计记录"}, {"待审查", "本届在任委员", "启用的账号"}),
        (Role.SYSTEM_ADMIN, {"启用的账号", "失败的后台任务"}, {"待审查", "没有角色的账号"}),
        (Role.SECURITY_ADMIN, {"没有角色的账号"}, {"待审查", "今天的审计记录"}),
    ],
)
def test_first_page_follows_the_role(
    district: SimpleNamespace, role: str, shown: set[str], hidden: set[str]
) -> None:
    client = logged_in(people.account("x", "某人", role))

    labels = set(queues(client))

    assert shown <= labels
    assert not hidden & labels


def test_registers_are_grouped_in_chinese(district: SimpleNamespace) -> None:
    page = logged_in(district.office).get(reverse("admin:index"))

    groups = [str(group["name"]) for group in page.context["app_list"]]

    assert groups[0] == "提案办理"
    assert "其他" not in groups


def test_pages_carry_no_inline_style_or_script(district: SimpleNamespace) -> None:
    proposal = made.handed_over(district)
    client = logged_in(district.office)
    pages = [
        reverse("admin:index"),
        reverse("admin:proposals_proposal_changelist"),
        reverse("admin:proposals_proposal_change", args=[proposal.pk]),
        reverse("admin:proposals_proposal_add"),
        reverse("admin:members_person_add"),
        reverse("admin:office_parameter_changelist"),
        reverse("admin:members_unit_import"),
        reverse("admin:proposals_proposal_export"),
    ]
    for address in pages:
        content = client.get(address).content.decode()
        assert " style=" not in content, address
        assert "<style" not in content, address
        assert " onclick=" not in content, address
        assert " onchange=" not in content, address


def test_card_on_a_phone_names_each_value(district: SimpleNamespace) -> None:
    made.submitted(district)

    listed = logged_in(district.office).get(reverse("admin:proposals_proposal_changelist"))

    row = listed.content.decode().split('id="result_list"')[1]
    assert 'data-label="第一提案人"' in row
    assert 'data-label="状态"' in row


def test_large_type_reaches_the_workplace(district: SimpleNamespace) -> None:
    client = logged_in(district.office)
    client.cookies["large_type"] = "20"

    content = client.get(reverse("admin:proposals_proposal_changelist")).content.decode()

    assert "type-20" in content.split("<body")[1].split(">")[0]


def test_things_are_not_looked_for_by_hidden_columns(district: SimpleNamespace) -> None:
    client = logged_in(district.office)

    page = client.get(reverse("admin:members_person_changelist"), {"phone_hash__startswith": "a"})

    assert page.status_code == 400


# How much work it is ---------------------------------------------------------------------------


class Hand:
    """Somebody at the workplace whose every click counts: on a link, a button, a box, in a list."""

    def __init__(self, user: User) -> None:
        self.client = logged_in(user)
        self.clicks = 0
        self.page: Any = None

    def open(self, address: str) -> Any:
        """Click a link that stands on the page."""
        if self.page is not None:
            assert escape(address) in self.page.content.decode(), address
        self.clicks += 1
        self.page = self.client.get(address)
        assert self.page.status_code == 200, address
        return self.page

    def press(self, address: str, given: dict[str, Any], chosen: int = 0) -> Any:
        """Press the button of a form, after so many clicks in it."""
        self.clicks += chosen + 1
        self.page = self.client.post(address, given, follow=True)
        return self.page

    @property
    def address(self) -> str:
        """Where one was led."""
        return str(self.page.redirect_chain[-1][0])


MATTERS = ("增设社区食堂", "修缮老旧校舍", "整治河道淤积", "发展乡村旅游")


def twenty_that_wait(d: SimpleNamespace) -> list[Proposal]:
    """Three quarters with the units their proposers wish for, the rest without any wish."""
    places = [f"第{number}街道" for number in range(1, 21)]
    rows = []
    for at, place in enumerate(places):
        proposal = made.submitted(d)
        Proposal.objects.filter(pk=proposal.pk).update(
            title=f"关于在{place}{MATTERS[at % 4]}的建议"
        )
        if at % 4:
            proposal.wished_units.set([d.housing, d.fire])
        rows.append(proposal)
    return rows


def test_twenty_proposals_need_no_more_than_sixty_clicks(district: SimpleNamespace) -> None:
    category = people.Category.objects.create(code="culture", name="文化建设")
    waiting = twenty_that_wait(district)
    hand = Hand(district.office)
    hand.client.get(reverse("admin:index"))

    # Review and file: each text is read beside the form; the next one comes by itself.
    listed = hand.open(queues(hand.client)["待审查"].url)
    first = listed.context["cl"].result_list[0]
    assert first.pk == waiting[0].pk
    hand.page = None
    filters = "_changelist_filters=queue%3Dsubmitted"
    shown = hand.open(f"{reverse('admin:proposals_proposal_change', args=[first.pk])}?{filters}")
    step = next(step for step in shown.context["steps"] if step["verb"] == "file")
    hand.open(step["url"])
    address = step["url"]
    for proposal in waiting:
        assert f"/{proposal.pk}/file/" in address
        likely = hand.page.context["form"].initial.get("category")
        right = category if MATTERS[3] in hand.page.context["proposal"].title else None
        right = right or people.Category.objects.get(code="society")
        hand.press(address, {"category": right.pk}, chosen=0 if likely == right else 1)
        address = hand.address
    assert "这一列已办完" in hand.page.content.decode()
    filing = hand.clicks

    # Hand over: all of them on one page, with the units that are likely.
    queue = queues(hand.client)["已立案待交办"]
    hand.page = None
    hand.open(reverse("admin:index"))
    listed = hand.open(queue.url)
    keys = [row.pk for row in listed.context["cl"].result_list]
    assert len(keys) == 20
    chosen = hand.press(queue.url, {"action": "hand_over_many", "_selected_action": keys}, chosen=3)
    given: dict[str, Any] = {"rows": keys, "list": "queue=filed"}
    corrections = 0
    for row in chosen.context["rows"]:
        wished = row.suggestion.lead
        given[f"{row.prefix}-chosen"] = "on"
        given[f"{row.prefix}-lead"] = str((wished or district.fire).pk)
        given[f"{row.prefix}-joint"] = [str(unit.pk) for unit in row.suggestion.joint]
        # Without a unit the row is not ticked: open the list, choose, tick.
        corrections += 0 if wished else 3
    hand.press(reverse("admin:proposals_proposal_hand_over_many"), given, chosen=corrections)

    assert "已交办 20 件" in hand.page.content.decode()
    assert Proposal.objects.filter(status=Proposal.Status.ASSIGNED).count() == 20
    assert filing <= 40
    assert hand.clicks <= 60, (filing, hand.clicks)


def test_row_without_a_unit_is_not_handed_over_silently(district: SimpleNamespace) -> None:
    client = logged_in(district.office)
    proposal = made.submitted(district)
    client.post(
        reverse("admin:proposals_proposal_file", args=[proposal.pk]),
        {"category": people.Category.objects.get().pk},
    )
    address = reverse("admin:proposals_proposal_hand_over_many")

    lacking = client.post(address, {"rows": [proposal.pk], f"p{proposal.pk}-chosen": "on"})
    unticked = client.post(address, {"rows": [proposal.pk]}, follow=True)

    proposal.refresh_from_db()
    assert "请选择主办单位，或取消勾选这一件。" in lacking.content.decode()
    assert unticked.status_code == 200
    assert proposal.status == Proposal.Status.FILED
