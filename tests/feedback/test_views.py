"""Pages of recommendations, the look-back and duty: who sees what, one decision each, nothing typed lost."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from consultations.actions import outcome
from feedback.actions import adopting, remind
from feedback.models import Adoption, LookBack
from members.models import Commitment
from tests import topics as made
from tests.browsing import logged_in, queries, text

pytestmark = pytest.mark.django_db
JUNE = made.MEETING + timedelta(days=20)


@pytest.fixture
def d(db: None) -> SimpleNamespace:
    return made.district()


def test_unit_answers_at_the_desk_and_nothing_typed_is_lost(d: SimpleNamespace) -> None:
    adoption = made.assigned(d)
    with time_machine.travel(JUNE, tick=False):
        clerk = logged_in(d.clerk)
        assert str(adoption) in text(clerk.get(reverse("desk:index")))
        assert str(adoption) in text(clerk.get("/"))
        clerk.post(f"{adoption.desk_url}acknowledge/", {"contact": "张工"})
        url = f"{adoption.desk_url}answer/"
        half = {"conclusion": "adopted", "answer": "列入民生实事", "what_1": "完成三个小区"}

        refused = clerk.post(url, half)
        bare = clerk.post(url, {"conclusion": "adopted", "answer": "同意"})
        short = clerk.post(url, {"conclusion": "not_adopted", "reason": "没钱"})

        for answer, why in [
            (refused, "措施1须写明"),
            (bare, "至少一项措施"),
            (short, "至少 20 个字"),
        ]:
            assert (answer.status_code, why in text(answer)) == (422, True)
        assert "列入民生实事" in text(refused)
        assert "完成三个小区" in text(refused)
        assert not Commitment.objects.exists()
        clerk.post(url, {**half, "who_1": "局长", "due_on_1": "2026-12-20"})

    adoption.refresh_from_db()
    assert (adoption.status, adoption.conclusion) == ("implementing", "adopted")
    page = text(logged_in(d.chair).get(adoption.get_absolute_url()))
    assert [word in page for word in ("采纳结论", "落实进度", "转化形式")] == [True] * 3
    assert "完成三个小区" in page


def test_done_is_reported_with_evidence_and_verified_by_the_chair(d: SimpleNamespace) -> None:
    adoption = made.adopted(d)
    clerk = logged_in(d.clerk)
    bare = clerk.post(f"{adoption.desk_url}report_done/", {"effect": "policy"})
    assert bare.status_code == 422
    clerk.post(f"{adoption.desk_url}report_done/", {"effect": "policy", "upload": made.pdf()})
    verify = f"{adoption.get_absolute_url()}verify/"

    assert clerk.post(verify).status_code == 403
    assert logged_in(d.other_chair).post(verify).status_code == 403
    assert logged_in(d.author).post(verify).status_code == 403
    logged_in(d.chair).post(verify, {"note": "看过"})

    adoption.refresh_from_db()
    assert adoption.status == Adoption.Status.VERIFIED


@pytest.mark.parametrize(
    ("who", "page", "desk"),
    [
        ("clerk", 200, 200),
        ("other_clerk", 404, 404),
        ("author", 200, 403),
        ("chair", 200, 403),
        ("other_chair", 200, 403),
        ("leader", 200, 403),
        ("office", 200, 200),
    ],
)
def test_recommendation_is_seen_by_whom_it_concerns(
    d: SimpleNamespace, who: str, page: int, desk: int
) -> None:
    adoption = made.assigned(d)
    client = logged_in(getattr(d, who))

    assert client.get(adoption.get_absolute_url()).status_code == page
    assert client.get(adoption.desk_url).status_code == desk
    assert client.post(f"{adoption.desk_url}acknowledge/").status_code in (
        (302,) if who == "clerk" else (403, 404, 422)
    )


def test_office_assigns_all_at_one_press(d: SimpleNamespace) -> None:
    document = made.sent(d)
    url = reverse("feedback:assign", args=[document.pk])

    assert logged_in(d.chair).post(url).status_code == 403
    office = logged_in(d.office)
    assert "设立以奖代补资金" in text(office.get(url))
    answer = office.post(url, follow=True)
    office.post(url)

    assert "已交办 1 条" in text(answer)
    assert Adoption.objects.count() == 1


def test_chain_shows_the_whole_way(d: SimpleNamespace) -> None:
    adoption = made.verified(d)
    url = reverse("feedback:chain", args=[adoption.topic.pk])

    page = text(logged_in(d.third).get(url))

    for words in (
        "区委常委会",
        "解放路社区",
        "改造资金没有来源",
        "委员 2",
        "海政协〔2026〕15号",
        "采纳",
        "完成第一批三个小区",
        "民生实事",
    ):
        assert words in page
    assert logged_in(d.clerk).get(url).status_code == 404


def test_look_back_by_pages(d: SimpleNamespace) -> None:
    adoption = made.verified(d)
    remind(date(2027, 2, 1))
    look_back = LookBack.objects.get()
    base = look_back.get_absolute_url()
    decision = made.decided(d, "chair_meeting", "回头看")
    listed = reverse("feedback:lookbacks", args=[2027])

    assert str(look_back.topic) in text(logged_in(d.secgen).get(listed))
    assert logged_in(d.author).get(listed).status_code == 403
    office, chair = logged_in(d.office), logged_in(d.chair)
    assert chair.post(f"{base}select_lookback/", {"decision": decision.pk}).status_code == 403
    office.post(f"{base}select_lookback/", {"decision": decision.pk})
    seats = [made.seat(user).pk for user in (d.author, d.member)]
    chair.post(f"{base}name_checkers/", {"members": seats})
    assert "至少 3 名委员" in text(chair.post(f"{base}start_check/"))
    chair.post(f"{base}name_checkers/", {"members": [made.seat(d.third).pk]})
    chair.post(f"{base}start_check/")
    finding = look_back.findings.get()
    clerk = logged_in(d.clerk)
    assert "请提交自查" in text(clerk.get(adoption.desk_url))
    sent = clerk.post(f"/feedback/findings/{finding.pk}/report_self/", {"text": "都好"})
    assert sent["Location"] == adoption.desk_url
    assert (
        logged_in(d.other_clerk).get(f"/feedback/findings/{finding.pk}/report_self/").status_code
        == 404
    )
    finding.refresh_from_db()
    find, seen = f"/feedback/findings/{finding.pk}/find/", finding.version
    chair.post(find, {"version": seen, "result": "holding", "text": "看过"})
    both = chair.post(find, {"version": seen, "result": "weak", "text": "没看全"})
    assert both.status_code == 422
    assert "没看全" in text(both)
    assert "看过" in text(both)
    finding.refresh_from_db()
    assert (finding.result, finding.text) == ("holding", "看过")
    joined = {"version": both.context["form"]["version"].value(), "result": "holding"}
    chair.post(find, {**joined, "text": "看过，都落实了"})
    chair.post(f"{base}evaluate/")
    office.post(f"{base}report/", {"report_number": "海政协〔2027〕3号"})
    logged_in(d.secgen).post(f"{base}close/", {"note": ""})

    look_back.refresh_from_db()
    assert look_back.status == LookBack.Status.CLOSED
    assert "已落实且见效" in text(logged_in(d.third).get(base))


def test_member_sees_the_own_duty_records_only(d: SimpleNamespace) -> None:
    made.archived(d)
    with time_machine.travel(JUNE, tick=False):
        own = text(logged_in(d.member).get("/duty/"))
        chosen = logged_in(d.chair).get(f"/duty/?member={made.seat(d.author).pk}")
        other = text(logged_in(d.other_chair).get(f"/duty/?member={made.seat(d.author).pk}"))

    assert "参加调研走访：解放路社区" in own
    assert "老旧小区适老化改造对口协商" in own
    assert "陈一的履职记录" in text(chosen)
    assert "陈一" not in other


def test_list_by_scope_stage_and_words(d: SimpleNamespace) -> None:
    document = made.sent(d)
    adoption = made.adopted(d, made.assigned(d, document))
    extra = made.extra_advice(d, document, 7)
    with time_machine.travel(JUNE, tick=False):
        chair, author, clerk = (logged_in(user) for user in (d.chair, d.author, d.clerk))
        url = reverse("feedback:index")

        def shown(client: Any, query: str = "") -> list[int]:
            answer = client.get(f"{url}?{query}")
            assert answer.status_code == 200
            return sorted(row.pk for row in answer.context["page"])

        both = sorted([adoption.pk, extra.pk])
        assert shown(chair) == both
        assert shown(author, "scope=mine") == both  # the topic was this member's
        assert shown(logged_in(d.other_chair), "scope=committee") == []
        assert shown(chair, "conclusion=adopted") == [adoption.pk]
        assert shown(chair, "stage=done") == []
        assert shown(chair, "stage=all") == both
        assert shown(chair, f"unit={d.housing.pk}&q={adoption.recommendation.text[:4]}")
        assert shown(chair, "q=没有这样的词") == []
        assert shown(chair, "stage=nonsense&unit=x&conclusion=y") == both
        tabs = [str(tab["label"]) for tab in clerk.get(url).context["tabs"]]
        assert tabs == ["全部可见"]
    with time_machine.travel(JUNE + timedelta(days=400), tick=False):
        assert shown(logged_in(d.chair), "stage=late") == both


def test_assigning_is_all_or_none(d: SimpleNamespace, monkeypatch: Any) -> None:
    document = made.sent(d)
    outcome_rows = document.recommendations.count()
    real, done = adopting.assign, []

    def breaks(recommendation: Any, **kwargs: Any) -> Any:
        done.append(real(recommendation, **kwargs))
        raise RuntimeError

    monkeypatch.setattr(adopting, "assign", breaks)
    office = logged_in(d.office)
    office.raise_request_exception = False
    answer = office.post(reverse("feedback:assign", args=[document.pk]))

    assert (answer.status_code, len(done), outcome_rows >= 1) == (500, 1, True)
    assert not Adoption.objects.exists()


def test_look_back_says_whose_turn_it_is(d: SimpleNamespace) -> None:
    made.verified(d)
    remind(date(2027, 2, 1))
    look_back = LookBack.objects.get()
    with time_machine.travel(made.MEETING.replace(year=2027), tick=False):
        office, chair = logged_in(d.office), logged_in(d.chair)

        def turn() -> tuple[str, bool]:
            found = chair.get(look_back.get_absolute_url()).context["turn"]
            return (found.who, found.mine)

        assert turn() == ("秘书处办公室", False)
        decision = made.decided(d, "chair_meeting", "回头看")
        base = look_back.get_absolute_url()
        office.post(f"{base}select_lookback/", {"decision": decision.pk})
        assert turn() == (f"{d.committee}主任", True)
        seats = [made.seat(user).pk for user in (d.author, d.member, d.third)]
        chair.post(f"{base}name_checkers/", {"members": seats})
        chair.post(f"{base}start_check/")
        assert turn() == (str(d.housing), False)
        finding = look_back.findings.get()
        report = f"/feedback/findings/{finding.pk}/report_self/"
        bare = office.post(report, {"text": "函告：都好"})
        assert bare.status_code == 422
        office.post(report, {"text": "函告：都好", "scan": made.pdf("自查函.pdf")})
        assert turn() == (f"{d.committee}主任", True)
        assert "代录" in text(chair.get(base))


def test_chain_says_what_closing_lacks(d: SimpleNamespace) -> None:
    adoption = made.adopted(d)
    url = reverse("feedback:chain", args=[adoption.topic.pk])

    assert "办结之前还缺" in text(logged_in(d.chair).get(url))
    assert "办结之前还缺" not in text(logged_in(d.author).get(url))


def test_pages_take_a_constant_number_of_queries(d: SimpleNamespace) -> None:
    document = made.sent(d)
    adoption = made.adopted(d, made.assigned(d, document))
    topic = document.session.topic
    asked = [
        (d.chair, reverse("feedback:chain", args=[topic.pk])),
        (d.chair, reverse("feedback:index")),
        (d.clerk, reverse("desk:index")),
        (d.clerk, adoption.desk_url),
        (d.member, "/duty/?year=2026"),
    ]
    with time_machine.travel(JUNE, tick=False):
        one = [queries(logged_in(user), url) for user, url in asked]
        for number in (5, 6):
            more = outcome.draft_document(
                document.session, by=d.staff, kind="report", title=f"报告{number}"
            )
            outcome.extract(more, by=d.staff, text="再办", lead=d.housing, minute="会上提出")
            outcome.submit_document(more, by=d.office, document_number=f"海政协〔2026〕{number}号")
            made.adopted(d, adopting.assign(more.recommendations.get(), by=d.office))
            made.visited_again(d, topic.research)
        three = [queries(logged_in(user), url) for user, url in asked]

    assert three == one
    assert max(one) <= 28
