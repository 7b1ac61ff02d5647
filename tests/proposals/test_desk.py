"""The desk of a unit: the next step with words, nothing typed is lost, and nobody else's business."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cppcc_portal.office.files import Attachment
from cppcc_portal.office.parameters import set_parameter
from members import actions as member_actions
from members.models import Commitment, User
from members.roles import Role
from proposals import actions
from proposals.models import Handling, Rehandling, Reply, ResultClass
from proposals.models.lights import light_of
from tests import district as made
from tests import people
from tests.browsing import text
from tests.topics import pdf

pytestmark = pytest.mark.django_db
NO_PROMISES = {"promises-TOTAL_FORMS": "3", "promises-INITIAL_FORMS": "0"}


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk), backend="members.backends.LoginBackend")
    return client


def page(name: str, *args: Any) -> str:
    return reverse(f"desk:{name}", args=args)


def queries(client: Client, url: str) -> int:
    """How many queries one page takes, after whatever is kept by the process was fetched once."""
    client.get(url)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


@pytest.fixture
def clerk(district: SimpleNamespace) -> Client:
    return logged_in(district.clerk)


@pytest.fixture
def waiting(district: SimpleNamespace) -> Handling:
    """The lead unit's share, not yet acknowledged."""
    return made.handed_over(district).handlings.get(unit=district.housing)


@pytest.fixture
def writing(district: SimpleNamespace, waiting: Handling) -> Handling:
    """The lead unit's share, acknowledged, the joint unit's opinion in."""
    joint = waiting.proposal.handlings.get(unit=district.fire)
    joint_clerk = User.objects.get(pk=district.joint_clerk.pk)
    actions.acknowledge(waiting, by=User.objects.get(pk=district.clerk.pk))
    actions.acknowledge(joint, by=joint_clerk)
    actions.give_opinion(
        joint, by=joint_clerk, text="我队同意。", signer="大队长", signer_post="负责人"
    )
    return Handling.objects.get(pk=waiting.pk)


def whole_reply(**more: Any) -> dict[str, Any]:
    """What a clerk types into the page of the reply."""
    return {
        "version": "1",
        "text": "逐条答复如下。",
        "result_class": ResultClass.objects.get(code="A").pk,
        "document_number": "海住建提〔2026〕1号",
        "signer": "局长",
        "signer_post": "负责人",
        "openness": "full",
        **NO_PROMISES,
        **more,
    }


def promise(row: int = 0, **more: str) -> dict[str, str]:
    day = (timezone.localdate() + timedelta(days=90)).isoformat()
    typed = {"what": "建成十处充电点", "who": "科长", "due_on": day, **more}
    return {f"promises-{row}-{name}": value for name, value in typed.items()}


# Who may ----------------------------------------------------------------------------------------

VERBS = ["detail", "contact", "give_opinion", "reply"]


@pytest.mark.parametrize("verb", VERBS)
def test_page_is_hidden_from_other_units_and_from_members(
    district: SimpleNamespace, waiting: Handling, verb: str
) -> None:
    stranger = people.unit("区水利局")
    other = people.account("x", "别人", Role.UNIT_CLERK, body=stranger.body_ptr, post="clerk")

    assert logged_in(other).get(page(verb, waiting.pk)).status_code == 404
    assert logged_in(district.author).get(page(verb, waiting.pk)).status_code == 404


@pytest.mark.parametrize("verb", ["contact", "give_opinion", "reply"])
def test_step_is_forbidden_to_supervision_which_only_looks_on(waiting: Handling, verb: str) -> None:
    looker = logged_in(people.account("dc", "督查", Role.SUPERVISION))

    assert looker.get(page("detail", waiting.pk)).status_code == 200
    assert looker.get(page(verb, waiting.pk)).status_code == 403


def test_clerk_who_put_the_proposal_does_not_answer_it(
    district: SimpleNamespace, writing: Handling
) -> None:
    member_actions.appoint(
        district.author.person, district.housing.body_ptr, "clerk", by=None, on=date(2020, 1, 1)
    )
    author = logged_in(district.author)

    answer = author.get(page("reply", writing.pk), follow=True)

    assert "请由本单位其他同事签发答复" in answer.content.decode()


# Step by step -----------------------------------------------------------------------------------


def test_next_step_is_to_acknowledge_and_says_what_follows(
    clerk: Client, waiting: Handling
) -> None:
    html = clerk.get(page("detail", waiting.pk)).content.decode()
    told = clerk.post(page("acknowledge", waiting.pk), follow=True).content.decode()

    assert "先签收，表示本单位已收到" in html
    assert "2026年3月18日交办 + 3个工作日" in html
    assert "已签收。请先与提案人联系，并在 2026年6月18日 前书面答复" in told
    assert "第一步：与提案人联系" in told


def test_contact_is_noted_and_seen_by_the_proposer(
    district: SimpleNamespace, clerk: Client, writing: Handling
) -> None:
    given = {
        "proposer": writing.proposal.first_proposer.pk,
        "way": "phone",
        "stage": "before",
        "on": timezone.localdate().isoformat(),
        "summary": "电话听取意见。",
    }

    clerk.post(page("contact", writing.pk), given)

    seen = logged_in(district.author).get(writing.proposal.get_absolute_url())
    assert "电话听取意见。" in seen.content.decode()


def test_contact_of_tomorrow_is_refused_beside_the_field(clerk: Client, writing: Handling) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)

    answer = clerk.post(page("contact", writing.pk), {"on": tomorrow.isoformat()})

    html = answer.content.decode()
    assert html.count("沟通日期不能晚于今天。") == 2
    assert "<title>错误：登记沟通" in html


def test_contact_waits_for_the_receipt(clerk: Client, waiting: Handling) -> None:
    answer = clerk.get(page("contact", waiting.pk), follow=True)

    assert "请先签收" in answer.content.decode()


def test_joint_unit_gives_its_opinion(district: SimpleNamespace, waiting: Handling) -> None:
    joint = waiting.proposal.handlings.get(unit=district.fire)
    client = logged_in(district.joint_clerk)
    client.post(page("acknowledge", joint.pk))

    empty = client.post(
        page("give_opinion", joint.pk), {"text": "", "signer": "大队长", "signer_post": "负责人"}
    )
    client.post(
        page("give_opinion", joint.pk),
        {"text": "同意。", "signer": "大队长", "signer_post": "负责人"},
    )

    assert "错误：" in empty.content.decode()
    joint.refresh_from_db()
    assert joint.status == Handling.Status.OPINION_GIVEN
    assert client.get(page("reply", joint.pk)).status_code == 302


# The reply --------------------------------------------------------------------------------------


def test_reply_page_shows_the_letter_the_opinion_and_the_missing_contact(
    clerk: Client, writing: Handling
) -> None:
    html = clerk.get(page("reply", writing.pk)).content.decode()

    assert "我队同意。" in html
    assert "还没有登记与提案人的沟通" in html
    assert "陈一、黄二委员" in html
    assert "答复正文 <span" not in html


def test_reply_is_sent(clerk: Client, writing: Handling) -> None:
    answer = clerk.post(page("reply", writing.pk), whole_reply(reply="1"), follow=True)

    assert "答复已发出" in answer.content.decode()
    assert Reply.objects.sent().get().text == "逐条答复如下。"


def test_reply_of_class_b_goes_with_its_promise(clerk: Client, writing: Handling) -> None:
    klass = ResultClass.objects.get(code="B").pk
    typed = whole_reply(reply="1", result_class=klass)

    refused = clerk.post(page("reply", writing.pk), typed)
    version = refused.context["draft"].version
    clerk.post(page("reply", writing.pk), {**typed, **promise(), "version": version})

    assert "至少一项承诺" in refused.content.decode()
    assert "逐条答复如下。" in refused.content.decode()
    assert Commitment.objects.get().what == "建成十处充电点"
    assert Reply.objects.sent().get().promised


def test_missing_promise_is_told_beside_what_else_is_missing(
    clerk: Client, writing: Handling
) -> None:
    typed = whole_reply(reply="1", document_number="", promised="on")

    answer = clerk.post(page("reply", writing.pk), typed)

    assert answer.context["form"].errors.keys() == {"document_number", "__all__"}
    assert "至少一项承诺" in answer.content.decode()


def test_reply_that_is_not_whole_keeps_everything_typed(clerk: Client, writing: Handling) -> None:
    typed = whole_reply(reply="1", document_number="", **promise(due_on=""))

    answer = clerk.post(page("reply", writing.pk), typed)

    html = answer.content.decode()
    assert "<title>错误：答复提案" in html
    assert "逐条答复如下。" in html
    assert "建成十处充电点" in html
    kept = Reply.objects.get()
    assert (kept.text, kept.planned[0]["who"]) == ("逐条答复如下。", "科长")
    assert not Reply.objects.sent().exists()


def test_reply_before_the_joint_opinion_is_refused_on_its_page(
    district: SimpleNamespace, clerk: Client, waiting: Handling
) -> None:
    Handling.objects.filter(proposal=waiting.proposal).update(due_on="2099-01-01")
    clerk.post(page("acknowledge", waiting.pk))

    answer = clerk.post(page("reply", waiting.pk), whole_reply(reply="1"))

    html = answer.content.decode()
    assert answer.status_code == 200
    assert "会办单位 区消防救援大队 的意见还没有到" in html
    assert "逐条答复如下。" in html
    assert Reply.objects.get().text == "逐条答复如下。"


def test_reply_draft_keeps_promises_not_yet_whole(clerk: Client, writing: Handling) -> None:
    clerk.post(page("reply", writing.pk), whole_reply(save="1", **promise(who="")))

    html = clerk.get(page("reply", writing.pk)).content.decode()
    assert "建成十处充电点" in html
    assert not Commitment.objects.exists()


def test_reply_gets_more_rows_without_script(clerk: Client, writing: Handling) -> None:
    answer = clerk.post(page("reply", writing.pk), whole_reply(more="1", **promise()))

    html = answer.content.decode()
    assert 'name="promises-2-what"' in html
    assert "建成十处充电点" in html
    assert "逐条答复如下。" in html


def test_reply_of_two_colleagues_shows_both_texts(clerk: Client, writing: Handling) -> None:
    clerk.post(page("reply", writing.pk), whole_reply(save="1", text="甲写的。"))
    seen = clerk.get(page("reply", writing.pk)).context["draft"].version
    clerk.post(page("reply", writing.pk), whole_reply(save="1", text="乙写的。", version=seen))

    answer = clerk.post(
        page("reply", writing.pk), whole_reply(reply="1", text="甲又写的。", version=seen)
    )

    html = answer.content.decode()
    assert answer.status_code == 409
    assert "甲又写的。" in html
    assert "乙写的。" in html
    assert not Reply.objects.sent().exists()


def test_autosave_of_the_reply_and_its_conflict(clerk: Client, writing: Handling) -> None:
    first = clerk.post(page("save_reply", writing.pk), whole_reply(**promise()))
    version = first.json()["version"]
    clerk.post(page("save_reply", writing.pk), whole_reply(text="同事改的。", version=version))

    second = clerk.post(page("save_reply", writing.pk), whole_reply(text="我的。", version=version))

    assert second.status_code == 409
    assert second.json()["theirs"]["text"] == "同事改的。"
    assert Reply.objects.get().planned == [] or Reply.objects.get().planned[0]["who"] == "科长"


def test_second_round_names_who_was_not_satisfied_and_why(
    district: SimpleNamespace, clerk: Client, writing: Handling
) -> None:
    clerk.post(page("reply", writing.pk), whole_reply(reply="1"))
    rating = Reply.objects.get().evaluations.get(proposer__order=1)
    actions.evaluate(
        rating, by=district.cosigner, attitude="satisfied", result="not", text="没有写明地点"
    )
    before = clerk.get(page("detail", writing.pk)).content.decode()
    actions.start_rehandling(Rehandling.objects.get(), by=district.office)

    after = clerk.get(page("detail", writing.pk)).content.decode()

    assert "没有写明地点" not in before
    assert "黄二：没有写明地点" in after
    assert "第 2 次答复" in clerk.get(page("reply", writing.pk)).content.decode()


# The list ---------------------------------------------------------------------------------------


def test_index_of_nothing_says_when_something_comes(clerk: Client) -> None:
    html = clerk.get(page("index")).content.decode()

    assert "目前没有需要办理的提案" in html
    assert "还没有办完的提案" in clerk.get(page("index"), {"done": "1"}).content.decode()


def test_index_pages_by_date_forward_and_back(district: SimpleNamespace, clerk: Client) -> None:
    proposal = made.handed_over(district)
    share = proposal.handlings.get(unit=district.housing)
    for _number in range(2):
        made.handed_over(district)
    days = [f"2026-07-{day:02d}" for day in (3, 1, 2)]
    shares = list(Handling.objects.filter(unit=district.housing).order_by("pk"))
    for each, day in zip(shares, days, strict=True):
        Handling.objects.filter(pk=each.pk).update(due_on=day)

    listed = [row.pk for row in clerk.get(page("index")).context["page"]]

    assert listed == [shares[1].pk, shares[2].pk, share.pk]


@pytest.mark.parametrize("count", [1, 3])
def test_index_takes_a_constant_number_of_queries(
    district: SimpleNamespace, clerk: Client, count: int
) -> None:
    for _number in range(count):
        made.handed_over(district)

    assert queries(clerk, page("index")) <= 17


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"on": date(2025, 12, 31)}, "不能早于提案提交日期"),
        ({"on": timezone.localdate() + timedelta(days=1)}, "不能晚于今天"),
        ({"stage": "after"}, "还没有答复"),
    ],
)
def test_a_contact_that_cannot_have_been_is_told_and_keeps_what_was_typed(
    clerk: Client, writing: Handling, wrong: dict[str, Any], told: str
) -> None:
    form = {
        "proposer": writing.proposal.first_proposer.pk,
        "way": "phone",
        "stage": "before",
        "on": timezone.localdate(),
        "summary": "电话说明了现状。",
    }

    answer = clerk.post(page("contact", writing.pk), {**form, **wrong})

    assert told in text(answer)
    assert "电话说明了现状。" in text(answer)
    assert not writing.contacts.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_detail_takes_a_constant_number_of_queries(
    district: SimpleNamespace, clerk: Client, writing: Handling, count: int
) -> None:
    for number in range(count):
        actions.record_contact(
            writing,
            by=User.objects.get(pk=district.clerk.pk),
            proposer=writing.proposal.first_proposer,
            way="phone",
            stage="before",
            on=timezone.localdate(),
            summary=f"第{number}次。",
        )

    assert queries(clerk, page("detail", writing.pk)) <= 28
    assert queries(clerk, page("reply", writing.pk)) <= 21


# Lights -----------------------------------------------------------------------------------------


def lit(client: Client, light: str) -> list[int]:
    return [row.pk for row in client.get(page("index"), {"light": light}).context["page"]]


def test_desk_shows_and_filters_by_how_near_the_day_is(
    district: SimpleNamespace, clerk: Client, waiting: Handling
) -> None:
    today = timezone.localdate()
    rows = {}
    for light, days in (("red", -1), ("yellow", 0), ("yellow2", 15), ("green", 16)):
        share = made.handed_over(district).handlings.get(unit=district.housing)
        Handling.objects.filter(pk=share.pk).update(due_on=today + timedelta(days=days))
        rows[light] = share.pk
    Handling.objects.filter(pk=waiting.pk).update(status=Handling.Status.ENDED)

    assert lit(clerk, "red") == [rows["red"]]
    assert lit(clerk, "yellow") == [rows["yellow"], rows["yellow2"]]
    assert lit(clerk, "green") == [rows["green"]]
    answer = clerk.get(page("index"), {"light": "purple"})  # no such light: all of them
    assert [row.light for row in answer.context["page"]] == ["red", "yellow", "yellow", "green"]
    assert [tab.get("count") for tab in answer.context["lights"]] == [None, 1, 2, 1]
    Handling.objects.filter(unit=district.fire).update(due_on=today)
    assert "没有亮这种灯的提案" in text(
        logged_in(district.joint_clerk).get(page("index"), {"light": "green"})
    )


def test_office_sets_the_days_of_the_lights(district: SimpleNamespace, waiting: Handling) -> None:
    today = timezone.localdate()
    set_parameter("proposals.light_yellow", 5, by=district.office)
    set_parameter("proposals.light_red", 3, by=district.office)
    seen = {}
    for days in range(-1, 8):
        Handling.objects.filter(pk=waiting.pk).update(due_on=today + timedelta(days=days))
        row = Handling.objects.with_light(today).get(pk=waiting.pk)
        seen[days] = row.light
        assert light_of(row.due_on, today) == row.light
        assert Handling.objects.under(row.light, today).filter(pk=row.pk).exists()

    assert "".join(light[0] for light in seen.values()) == "rrrryyygg"
    set_parameter("proposals.light_yellow", 0, by=district.office)  # no room left for yellow
    assert not Handling.objects.under("yellow", today).exists()


def test_no_light_where_the_unit_has_done_its_part(writing: Handling) -> None:
    joint = writing.proposal.handlings.get(role=Handling.Role.JOINT)
    Handling.objects.filter(pk=joint.pk).update(due_on=date(2020, 1, 1))
    today = timezone.localdate()

    assert Handling.objects.with_light(today).get(pk=joint.pk).light == ""
    assert not Handling.objects.under("red", today).filter(pk=joint.pk).exists()


def test_office_filters_shares_by_their_light(district: SimpleNamespace, waiting: Handling) -> None:
    Handling.objects.update(due_on=date(2099, 1, 1))
    Handling.objects.filter(pk=waiting.pk).update(due_on=date(2020, 1, 1))
    office = logged_in(district.office)
    listed = reverse("admin:proposals_handling_changelist")

    red = office.get(listed, {"light": "red"}).context["cl"].result_list

    assert [row.pk for row in red] == [waiting.pk]
    assert "红灯" in text(office.get(listed))
    proposals = reverse("admin:proposals_proposal_changelist")
    for light, found in (("red", [waiting.proposal_id]), ("yellow", [])):
        rows = office.get(proposals, {"light": light}).context["cl"].result_list
        assert [row.pk for row in rows] == found


# Nothing typed is lost ----------------------------------------------------------------------------


def spoke(handling: Handling, **more: Any) -> dict[str, Any]:
    return {
        "proposer": handling.proposal.first_proposer.pk,
        "way": "phone",
        "stage": "during",
        "on": timezone.localdate().isoformat(),
        "summary": "金丝雀沟通。",
        **more,
    }


def test_opinion_that_a_colleague_gave_first_comes_back_filled(
    district: SimpleNamespace, writing: Handling
) -> None:
    joint = writing.proposal.handlings.get(unit=district.fire)
    typed = {"text": "金丝雀意见。", "signer": "副大队长", "signer_post": "副职"}

    answer = logged_in(district.joint_clerk).post(page("give_opinion", joint.pk), typed)

    assert answer.status_code == 409
    for word in ("金丝雀意见。", "副大队长", "没有保存", "会办意见已提交"):
        assert word in text(answer)
    assert joint.opinions.count() == 1


def test_reply_that_a_colleague_sent_first_comes_back_filled(
    clerk: Client, writing: Handling
) -> None:
    clerk.post(page("reply", writing.pk), whole_reply(reply="1"))

    typed = whole_reply(reply="1", text="金丝雀答复。", promised="on", **promise())
    answer = clerk.post(page("reply", writing.pk), typed)

    assert answer.status_code == 409
    for word in ("金丝雀答复。", "建成十处充电点", "没有保存"):
        assert word in text(answer)
    assert Reply.objects.get().text == "逐条答复如下。"


def test_contact_on_a_share_that_has_ended_comes_back_filled(
    clerk: Client, writing: Handling
) -> None:
    Handling.objects.filter(pk=writing.pk).update(status=Handling.Status.ENDED)

    answer = clerk.post(page("contact", writing.pk), spoke(writing))

    assert answer.status_code == 409
    assert "金丝雀沟通。" in text(answer)
    assert not writing.contacts.exists()


def test_contact_before_the_receipt_comes_back_filled(clerk: Client, waiting: Handling) -> None:
    answer = clerk.post(page("contact", waiting.pk), spoke(waiting))

    assert "请先签收" in text(answer)
    assert "金丝雀沟通。" in text(answer)


def test_what_staff_type_for_a_unit_comes_back_filled(
    district: SimpleNamespace, writing: Handling
) -> None:
    office = logged_in(district.office)
    joint = writing.proposal.handlings.get(unit=district.fire)
    opinion = {"text": "金丝雀意见。", "signer": "甲", "signer_post": "副职"}

    before = office.post(
        reverse("admin:proposals_handling_contact", args=[writing.pk]),
        spoke(writing, on="2020-01-01", scan=pdf()),
    )
    again = office.post(
        reverse("admin:proposals_handling_give_opinion", args=[joint.pk]),
        {**opinion, "scan": pdf()},
    )

    assert "不能早于提案提交日期" in text(before)
    assert "金丝雀沟通。" in text(before)
    assert "没有保存" in text(again)
    assert "金丝雀意见。" in text(again)
    assert joint.opinions.count() == 1
    assert not Attachment.objects.exists()  # no scan of what was not done
