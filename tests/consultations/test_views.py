"""Pages of topics, research and sessions: who sees what, the gate by direct address, two tabs, check-in."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from consultations.actions import outcome
from consultations.models import AnnualPlan, Session, Topic
from cppcc_portal.office.notices import Notice
from members.models import Invitation
from tests import topics as made
from tests.browsing import logged_in, queries, text

pytestmark = pytest.mark.django_db
LIST = "/consultations/"


@pytest.fixture
def d(db: None) -> SimpleNamespace:
    return made.district()


# Topics ----------------------------------------------------------------------------------------


def test_member_writes_and_submits_a_topic(d: SimpleNamespace) -> None:
    author = logged_in(d.author)
    author.post(reverse("consultations:new"))
    topic = Topic.objects.get()
    words = {"title": "改造", "background": "台阶多。", "suggestion": "", "version": topic.version}

    saved = author.post(reverse("consultations:save_draft", args=[topic.pk]), words)
    assert saved.status_code == 200
    page = author.get(reverse("consultations:submit", args=[topic.pk]))
    assert "不涉密" in text(page)
    words |= {"version": saved.json()["version"], "no_secret": "on", "submit": "1"}
    author.post(reverse("consultations:edit", args=[topic.pk]), words)
    answer = author.post(reverse("consultations:submit", args=[topic.pk]), follow=True)

    assert "议题已提交" in text(answer)
    topic.refresh_from_db()
    assert (topic.status, topic.proposer) == ("proposed", made.seat(d.author))


def test_two_windows_keep_both_texts(d: SimpleNamespace) -> None:
    author = logged_in(d.author)
    author.post(reverse("consultations:new"))
    topic = Topic.objects.get()
    url = reverse("consultations:save_draft", args=[topic.pk])
    author.post(url, {"title": "手机", "version": topic.version})

    answer = author.post(url, {"title": "电脑", "version": topic.version})
    page = author.post(
        reverse("consultations:edit", args=[topic.pk]), {"title": "电脑", "version": topic.version}
    )

    assert (answer.status_code, page.status_code) == (409, 409)
    assert answer.json()["theirs"]["title"] == "手机"
    assert "手机" in text(page)
    assert "电脑" in text(page)
    assert Topic.objects.get().title == "手机"


def test_drafts_and_topics_of_others_are_hidden(d: SimpleNamespace) -> None:
    topic = made.proposed(d)
    url = topic.get_absolute_url()

    for somebody in (d.member, d.clerk, d.other_chair, d.chair):
        assert logged_in(somebody).get(url).status_code == 404
    for somebody in (d.author, d.office, d.leader):
        assert logged_in(somebody).get(url).status_code == 200
    assert logged_in(d.author).get(reverse("consultations:edit", args=[topic.pk])).url == url


def test_approved_topics_are_seen_by_members(d: SimpleNamespace) -> None:
    topic = made.approved(d)

    page = logged_in(d.third).get(topic.get_absolute_url())
    assert "党政所需" in text(page)
    assert "已批准" in text(page)
    assert logged_in(d.clerk).get(topic.get_absolute_url()).status_code == 404


def test_plan_is_shown_once_issued(d: SimpleNamespace) -> None:
    topic = made.in_plan(d)
    url = reverse("consultations:plan", args=[2026])
    member, clerk = logged_in(d.third), logged_in(d.clerk)
    assert member.get(url).status_code == 404

    made.issued(d, topic)

    page = text(member.get(url))
    assert "海委办〔2026〕8号" in page
    assert page.count("区委常委会") >= 1
    assert clerk.get(url).status_code == 403


# Research and the gate -------------------------------------------------------------------------


def test_research_by_the_committee_step_by_step(d: SimpleNamespace) -> None:
    topic = made.approved(d)
    staff = logged_in(d.staff)

    staff.post(f"{topic.get_absolute_url()}start_research/")
    base = reverse("consultations:research", args=[topic.pk])
    page = text(staff.get(base))
    assert "请写明调研目的和提纲" in page
    late = staff.post(
        f"{base}save_scheme/",
        {"outline": "摸清", "starts_on": "2026-03-09", "ends_on": "2026-03-01"},
    )
    assert late.status_code == 422
    assert "结束日期不能早于开始日期" in text(late)
    assert "摸清" in text(late)  # nothing typed is lost
    staff.post(
        f"{base}save_scheme/",
        {"outline": "摸清", "starts_on": "2026-03-01", "ends_on": "2026-03-09"},
    )
    staff.post(f"{base}add_to_team/", {"role": "head", "membership": made.seat(d.member).pk})
    staff.post(f"{base}start/")
    visit = {
        "starts_at": "2026-03-05T09:00",
        "place": "解放路社区",
        "method": "visit",
        "met": "书记",
        "seen": "台阶多",
        "present": [made.seat(d.member).pk],
        "guests": "教授，南通大学",
    }
    staff.post(f"{base}record_visit/", visit)
    staff.post(f"{base}add_finding/", {"kind": "problem", "text": "缺资金"})
    topic.refresh_from_db()
    finding = topic.research.findings.get()
    staff.post(
        f"{base}add_suggestion/",
        {"finding": finding.pk, "text": "补资金", "addressee": d.housing.pk},
    )
    staff.post(f"{base}submit_report/", {"summary": "分批", "upload": made.pdf()})
    assert logged_in(d.other_chair).post(f"{base}check/").status_code == 404
    assert staff.post(f"{base}check/").status_code == 403
    logged_in(d.chair).post(f"{base}check/", {"note": ""})
    logged_in(d.leader).post(f"{base}approve/", {"note": ""})

    topic.refresh_from_db()
    assert topic.status == Topic.Status.RESEARCH_DONE
    assert "解放路社区" in text(staff.get(base))


def test_gate_holds_against_a_direct_address(d: SimpleNamespace) -> None:
    session = made.planned(d, Topic.objects.get(pk=made.visited(d).topic_id))
    staff = logged_in(d.staff)
    url = f"{session.get_absolute_url()}notify/"

    asked, forced = staff.get(url), staff.post(url)

    assert "不调研不协商" in text(asked)
    assert (forced.status_code, "不调研不协商" in text(forced)) == (422, True)
    session.refresh_from_db()
    assert session.status == Session.Status.PLANNED
    assert not Notice.objects.filter(kind="session_notified").exists()
    assert "不调研不协商" in text(staff.get(session.get_absolute_url()))


def test_steps_are_closed_to_everybody_else(d: SimpleNamespace) -> None:
    session = made.planned(d)
    base = session.get_absolute_url()

    for somebody in (d.author, d.clerk, d.other_chair):
        assert logged_in(somebody).post(f"{base}notify/").status_code == 404
    assert logged_in(d.leader).post(f"{base}notify/").status_code == 403
    assert logged_in(d.secgen).post(f"{base}cancel/", {"note": "x"}).status_code == 403


def test_second_tab_is_told_what_happened(d: SimpleNamespace) -> None:
    session = made.planned(d)
    staff = logged_in(d.staff)
    with time_machine.travel(made.SPRING, tick=False):
        staff.post(f"{session.get_absolute_url()}notify/")
        again = staff.post(f"{session.get_absolute_url()}notify/", follow=True)

    assert "不能再“通知”：您已在 " in text(again)
    assert Notice.objects.filter(kind="session_notified").count() == 3


def test_waiver_is_shown_openly(d: SimpleNamespace) -> None:
    session = made.planned(d, Topic.objects.get(pk=made.visited(d).topic_id))
    office = logged_in(d.office)
    fields = {"leader": d.leader.person.pk, "reason": "防汛急事", "paper": made.pdf("签批.pdf")}

    office.post(f"{session.get_absolute_url()}waive_research/", fields)
    with time_machine.travel(made.SPRING, tick=False):
        office.post(f"{session.get_absolute_url()}notify/")

    assert "免除了调研" in text(logged_in(d.author).get(session.get_absolute_url()))


def test_invite_takes_members_and_guests(d: SimpleNamespace) -> None:
    session = made.planned(d)
    session.gathering.invitations.all().delete()
    url = f"{session.get_absolute_url()}invite/"
    staff = logged_in(d.staff)

    nobody = staff.post(url, {})
    assert (nobody.status_code, "请勾选委员" in text(nobody)) == (422, True)
    staff.post(url, {"members": [made.seat(d.author).pk], "public": "居民甲，解放路社区\n居民乙"})

    names = set(session.gathering.invitations.values_list("guest", "organisation", "category"))
    assert names == {
        ("", "", "member"),
        ("居民甲", "解放路社区", "public"),
        ("居民乙", "", "public"),
    }


# The invited person ----------------------------------------------------------------------------


def test_invited_member_answers_with_one_tap(d: SimpleNamespace) -> None:
    session = made.notified(d)
    author = logged_in(d.author)
    url = session.get_absolute_url()
    with time_machine.travel(made.SPRING + timedelta(days=61), tick=False):
        assert "请答复是否参加" in text(author.get(url))
        assert "张" not in text(author.get(url))  # other people's names are not for everybody
        author.post(f"{url}attend/")
        empty = author.post(f"{url}ask_leave/", {"reason": ""})
        assert empty.status_code == 422
        author.post(f"{url}ask_leave/", {"reason": "出差"})

    own = session.gathering.invitations.get(person=d.author.person)
    assert (own.status, own.leave_reason) == (Invitation.Status.LEAVE_REQUESTED, "出差")
    staff = logged_in(d.staff)
    assert "出差" in text(staff.get(url))
    staff.post(f"{url}people/{own.pk}/grant_leave/")
    own.refresh_from_db()
    assert own.status == Invitation.Status.ON_LEAVE
    stranger = logged_in(d.author)
    assert stranger.post(f"{url}people/{own.pk}/grant_leave/").status_code == 403


def test_code_at_the_door_checks_in_the_invited_only(d: SimpleNamespace) -> None:
    session = made.notified(d)
    staff, author = logged_in(d.staff), logged_in(d.author)
    url = reverse("consultations:check_in", args=[session.uid])
    with time_machine.travel(made.MEETING - timedelta(minutes=10), tick=False):
        assert "签到还没有开放" in text(author.get(url))
        staff.post(f"{session.get_absolute_url()}open/")
        drawn = staff.get(reverse("consultations:code_image", args=[session.pk]))
        assert drawn["Content-Type"] == "image/svg+xml"
        assert author.get(reverse("consultations:code", args=[session.pk])).status_code == 403
        assert Client().get(url)["Location"].startswith("/account/login/?next=/consultations/")
        assert logged_in(d.clerk).get(url).status_code == 404
        assert author.get(url).status_code == 200
        answer = author.post(url, follow=True)

    assert "签到成功" in text(answer)
    assert session.gathering.invitations.get(person=d.author.person).status == "present"


def test_staff_note_attendance_and_close(d: SimpleNamespace) -> None:
    session = made.notified(d)
    staff = logged_in(d.staff)
    base = session.get_absolute_url()
    guest = session.gathering.invitations.get(category="public")
    with time_machine.travel(made.MEETING, tick=False):
        staff.post(f"{base}open/")
        refused = staff.post(f"{base}close_check_in/")
        assert "还没有人签到" in text(refused)
        staff.post(f"{base}people/{guest.pk}/note_attendance/", {"came": "1"})
        staff.post(f"{base}close_check_in/")

    session.refresh_from_db()
    assert session.status == Session.Status.HELD
    page = logged_in(d.staff).get(base)
    assert {row["label"]: row["came"] for row in page.context["categories"]}["群众代表"] == 1


def test_minutes_outcome_and_advice_by_pages(d: SimpleNamespace) -> None:
    session = made.held(d)
    staff, base = logged_in(d.staff), session.get_absolute_url()
    staff.post(f"{base}save_minutes/", {"version": session.version, "minutes": "各方赞成。"})
    staff.post(f"{base}submit_minutes/")
    assert staff.post(f"{base}sign_minutes/").status_code == 403
    logged_in(d.chair).post(f"{base}sign_minutes/")
    staff.post(f"{base}archive/")
    staff.post(f"{base}draft_document/", {"kind": "bulletin", "title": "专报"})
    document = session.documents.get()
    extract = reverse("consultations:document_extract", args=[document.pk])
    bare = staff.post(extract, {"text": "设立资金", "lead": d.housing.pk})
    assert (bare.status_code, "不调研不建言" in text(bare)) == (422, True)
    finding = session.topic.research.findings.get()
    staff.post(extract, {"text": "设立资金", "lead": d.housing.pk, "finding": finding.pk})
    submit = reverse("consultations:document_submit", args=[document.pk])
    assert staff.post(submit, {"document_number": "1号"}).status_code == 403
    logged_in(d.office).post(submit, {"document_number": "海政协〔2026〕15号"})

    document.refresh_from_db()
    assert document.status == "submitted"
    assert "海政协〔2026〕15号" in text(staff.get(base))


# Queries ---------------------------------------------------------------------------------------


def test_lists_and_pages_take_a_constant_number_of_queries(d: SimpleNamespace) -> None:
    session = made.notified(d)
    plan = AnnualPlan.objects.get()
    asked = [
        *((d.author, f"{LIST}?scope={scope}") for scope in ("sessions", "mine", "plan")),
        (d.staff, f"{LIST}?scope=committee"),
        (d.staff, session.get_absolute_url()),
        (d.staff, session.topic.get_absolute_url()),
        (d.staff, session.topic.research.get_absolute_url()),
        (d.author, reverse("consultations:plan", args=[2026])),
    ]
    one = [queries(logged_in(user), url) for user, url in asked]

    for number in (2, 3):
        topic = made.screened(d, title=f"议题{number}")
        Topic.objects.filter(pk=topic.pk).update(
            status="research_done",
            plan=plan,
            number=number,
            approval=plan.approval,
            form=session.form,
            leader=d.leader.person,
            month=6,
        )
        made.notified(d, made.planned_on(d, Topic.objects.get(pk=topic.pk), session))
    research = session.topic.research
    for _number in range(2):
        made.visited_again(d, research)

    assert [queries(logged_in(user), url) for user, url in asked] == one
    assert max(one) <= 30


def test_document_and_advice_are_corrected_by_pages_and_two_lose_nothing(
    d: SimpleNamespace,
) -> None:
    session = made.archived(d)
    document = outcome.draft_document(
        session, by=d.staff, kind="bulletin", title="专报", text="初稿"
    )
    advice = outcome.extract(document, by=d.staff, text="改造", lead=d.housing, minute="会上提出")
    staff, chair = logged_in(d.staff), logged_in(d.chair)
    page = text(staff.get(session.get_absolute_url()))
    assert "初稿" in page
    edit = reverse("consultations:document_save_document", args=[document.pk])
    revise = reverse("consultations:recommendation_revise", args=[advice.pk])
    assert revise in page

    opened = staff.get(edit).context["form"]["version"].value()
    words = {"kind": "report", "title": "报告", "version": opened}
    chair.post(edit, {**words, "text": "主任改的"})
    both = staff.post(edit, {**words, "text": "工作人员改的"})
    assert both.status_code == 422
    assert "主任改的" in text(both)
    assert "工作人员改的" in text(both)
    document.refresh_from_db()
    assert (document.kind, document.text) == ("report", "主任改的")
    seen = staff.get(revise).context["form"]
    fields = {"lead": d.housing.pk, "minute": "会上提出", "version": seen["version"].value()}
    bare = staff.post(revise, {**fields, "text": "分批改造", "minute": ""})
    assert "不调研不建言" in text(bare)
    assert staff.post(revise, {**fields, "text": "分批改造"}).status_code == 302
    advice.refresh_from_db()
    assert advice.text == "分批改造"
    assert logged_in(d.member).get(revise).status_code in (403, 404)
