"""The workplace of the second path: lists that lead to the pages, queues, registers; the gate holds here too."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consultations.actions import topics
from consultations.models import SessionForm, Topic
from cppcc_portal.office.workflow import NotAllowed, NotReady
from members.models import Gathering, Sector
from tests import people
from tests import topics as made
from tests.browsing import logged_in, text

pytestmark = pytest.mark.django_db
LISTS = (
    "consultations_annualplan",
    "consultations_topic",
    "consultations_research",
    "consultations_session",
    "consultations_outcomedocument",
    "consultations_recommendation",
    "consultations_sessionform",
    "consultations_declinereason",
    "feedback_adoption",
    "feedback_lookback",
    "members_gathering",
    "members_dutyrecord",
    "members_dutycategory",
)


@pytest.fixture
def d(db: None) -> SimpleNamespace:
    return made.district()


def test_office_opens_every_list(d: SimpleNamespace) -> None:
    made.verified(d)
    office = logged_in(d.office)

    for name in LISTS:
        assert office.get(reverse(f"admin:{name}_changelist")).status_code == 200, name
        assert office.get(reverse(f"admin:{name}_changelist") + "?q=cy").status_code == 200, name


@pytest.mark.parametrize("name", LISTS)
def test_others_open_none(d: SimpleNamespace, name: str) -> None:
    for role in ("system_admin", "security_admin", "auditor"):
        client = logged_in(people.account(f"x-{role}", "某人", role))
        assert client.get(reverse(f"admin:{name}_changelist")).status_code == 403
    url = reverse(f"admin:{name}_changelist")
    assert logged_in(d.author).get(url).status_code in (302, 403)


def test_row_leads_to_its_page_and_takes_no_forged_state(d: SimpleNamespace) -> None:
    topic = made.in_plan(d)
    office = logged_in(d.office)
    url = reverse("admin:consultations_topic_change", args=[topic.pk])

    assert office.get(url)["Location"] == topic.get_absolute_url()
    office.post(url, {"status": "approved", "title": "别的"})
    listed = reverse("admin:consultations_topic_changelist")
    office.post(listed, {"action": "approve", "_selected_action": [topic.pk]})
    office.post(
        listed, {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "form-0-status": "approved"}
    )

    topic.refresh_from_db()
    assert (topic.status, topic.title) == (Topic.Status.IN_PLAN, "推进老旧小区适老化改造")
    assert logged_in(d.staff).get(reverse("admin:consultations_topic_add")).status_code in (
        302,
        403,
    )


# What waits, the state that puts it there, and where it has gone a step later.
QUEUES: dict[str, Any] = {
    "待审核的议题": made.proposed,
    "待列入计划的议题": made.screened,
    "待批准的议题": made.in_plan,
    "待开始调研的议题": made.approved,
    "待安排协商的议题": made.researched,
    "待发通知的协商活动": made.planned,
    "待签发的纪要": made.held,
    "待报送成果的议题": made.archived,
    "待交办意见建议的议题": made.sent,
    "单位待签收的意见建议": made.assigned,
    "待核实确认的意见建议": made.done,
}


@pytest.mark.parametrize("label", QUEUES)
def test_queue_counts_what_its_list_shows(d: SimpleNamespace, label: str) -> None:
    QUEUES[label](d)
    office = logged_in(d.office)

    page = office.get(reverse("admin:index"))
    queue = {str(one.label): one for group in page.context["groups"] for one in group.queues}[label]

    assert queue.count == 1
    shown = office.get(queue.url)
    assert shown.context["cl"].result_count == 1
    assert office.get(queue.url.replace("queue=", "queue=no")).context["cl"].result_count >= 1


def test_topic_on_paper_is_entered_with_its_scan_and_goes_on(d: SimpleNamespace) -> None:
    office = logged_in(d.office)
    url = reverse("admin:consultations_topic_add")
    member = made.seat(d.member)

    bare = office.post(url, {"membership": member.pk})
    assert "请选择文件。" in text(bare)
    assert not Topic.objects.exists()
    opened = office.post(url, {"membership": member.pk, "scan": made.pdf("签名议题.pdf")})
    topic = Topic.objects.get()
    assert opened["Location"] == reverse("consultations:edit", args=[topic.pk])
    fields = {"title": "加装电梯", "background": "老人上下楼难。", "no_secret": "on"}
    office.post(opened["Location"], {**fields, "version": topic.version, "save": "1"})
    office.post(reverse("consultations:submit", args=[topic.pk]))

    topic.refresh_from_db()
    line = topic.changes.get()
    assert (topic.status, topic.title) == (Topic.Status.PROPOSED, "加装电梯")
    assert (line.verb, line.behalf, line.scan.name) == (
        "submit",
        member.person.name,
        "签名议题.pdf",
    )
    assert "代录：" in text(logged_in(d.member).get(topic.get_absolute_url()))
    # Whoever else works in the office reads it, and does not write in the member's name.
    assert logged_in(d.secgen).get(opened["Location"]).status_code == 403


def test_topic_entered_for_a_member_is_not_handed_in_without_paper(d: SimpleNamespace) -> None:
    topic = topics.start_topic(
        by=d.office,
        membership=made.seat(d.member),
        title="加装电梯",
        background="难",
        no_secret=True,
    )

    with pytest.raises(NotReady, match="须附签字或盖章材料的扫描件"):
        topics.submit(topic, by=d.office)
    with pytest.raises(NotAllowed):
        topics.submit(topic, by=d.secgen)
    topics.submit(topic, by=d.member)

    assert topic.changes.get().behalf == ""


def test_form_without_research_only_on_a_decision(d: SimpleNamespace) -> None:
    form = SessionForm.objects.get(code="sector")
    office = logged_in(d.office)
    url = reverse("admin:consultations_sessionform_change", args=[form.pk])
    fields = {"name": form.name, "order": form.order, "active": "on", "exempted_by": ""}

    refused = office.post(url, fields)
    assert "须选择作出这一决定的会议决定" in text(refused)
    decision = made.decided(d, "chair_meeting", "免调研")
    office.post(url, {**fields, "exempted_by": decision.pk})

    form.refresh_from_db()
    assert (form.research_required, form.exempted_by) == (False, decision)


def test_service_activity_is_verified_by_another(d: SimpleNamespace) -> None:
    sector = Sector.objects.create(kind="sector", name="医卫界", term=d.plenary.term)
    office = logged_in(d.office)
    office.post(
        reverse("admin:members_gathering_add"),
        {
            "title": "送医下乡",
            "organiser": d.committee.pk,
            "sectors": [sector.pk],
            "starts_at_0": "2026-05-06",
            "starts_at_1": "09:00",
            "place": "常乐镇",
            "served": "120",
        },
    )
    activity = Gathering.objects.get()
    listed = reverse("admin:members_gathering_changelist")
    action = {"action": "verify", "_selected_action": [activity.pk]}

    own = text(office.post(listed, action, follow=True))
    logged_in(d.secgen).post(listed, action)

    assert "请换一位核实" in own
    activity.refresh_from_db()
    assert activity.verified_by == d.secgen
    assert list(Gathering.objects.counted_in(2026)) == [activity]
    changed = reverse("admin:members_gathering_change", args=[activity.pk])
    assert office.post(changed, {"title": "改名"}).status_code == 403


@pytest.mark.parametrize("name", ["consultations_topic", "feedback_adoption", "members_dutyrecord"])
def test_lists_take_a_constant_number_of_queries(d: SimpleNamespace, name: str) -> None:
    document = made.sent(d)
    made.assigned(d, document)
    url = reverse(f"admin:{name}_changelist")

    def asked() -> int:
        # What the process keeps for a while is fetched anew now and then: the lower of two counts.
        client = logged_in(d.office)
        client.get(url)
        counts = []
        for _try in range(2):
            with CaptureQueriesContext(connection) as seen:
                assert client.get(url).status_code == 200
            counts.append(len(seen))
        return min(counts)

    one = asked()
    for number in (1, 2):
        made.screened(d, title=f"议题{number}")
        made.extra_advice(d, document, number)

    assert asked() == one
