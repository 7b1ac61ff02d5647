"""Pages of proposals: they work, show errors, hide from strangers, refuse onlookers, and never ask row by row."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cppcc_portal.office import deadlines, files, parameters
from members.models import Membership, User
from members.roles import Role
from proposals import actions
from proposals.models import Evaluation, Proposal, Proposer, ResultClass
from tests import district as made
from tests import people
from tests.browsing import text

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
TYPED = {**made.TEXT, "version": 2, "may_publish": "True", "secrecy_confirmed": "on"}


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk), backend="members.backends.LoginBackend")
    return client


def page(name: str, *args: Any) -> str:
    return reverse(f"proposals:{name}", args=args)


def queries(client: Client, url: str) -> int:
    """How many queries one page takes, after whatever is kept by the process was fetched once."""
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


@pytest.fixture
def author(district: SimpleNamespace) -> Client:
    return logged_in(district.author)


@pytest.fixture
def cosigner(district: SimpleNamespace) -> Client:
    return logged_in(district.cosigner)


@pytest.fixture
def invited(district: SimpleNamespace) -> Proposal:
    """A text shown to the co-signer, who has not answered."""
    proposal = made.drafted(district)
    actions.invite(proposal, by=district.author, memberships=[made.seat(district.cosigner)])
    return proposal


def replied(d: SimpleNamespace) -> Proposal:
    """Answered by the lead unit and not yet rated."""
    proposal = made.handed_over(d)
    clerk, joint_clerk = (User.objects.get(pk=user.pk) for user in (d.clerk, d.joint_clerk))
    lead, joint = proposal.handlings.get(unit=d.housing), proposal.handlings.get(unit=d.fire)
    actions.acknowledge(lead, by=clerk)
    actions.acknowledge(joint, by=joint_clerk)
    actions.give_opinion(
        joint, by=joint_clerk, text="同意。", signer="大队长", signer_post="负责人"
    )
    lead.refresh_from_db()
    actions.reply(
        lead,
        by=clerk,
        result_class=ResultClass.objects.get(code="B"),
        document_number="海住建提〔2026〕1号",
        text="逐条答复如下。",
        signer="局长",
        signer_post="负责人",
        commitments=[
            {"what": "建十处", "who": "科长", "due_on": timezone.localdate() + timedelta(days=90)}
        ],
    )
    proposal.refresh_from_db()
    return proposal


# Every page: who may, who may not ---------------------------------------------------------------

VERBS = ["detail", "edit", "submit", "invite", "withdraw"]


@pytest.mark.parametrize("verb", VERBS)
def test_page_is_hidden_from_strangers(district: SimpleNamespace, verb: str) -> None:
    proposal = made.drafted(district)

    assert logged_in(district.other).get(page(verb, proposal.pk)).status_code == 404


@pytest.mark.parametrize("verb", ["edit", "submit", "invite", "withdraw"])
def test_step_is_forbidden_to_who_only_looks_on(
    invited: Proposal, cosigner: Client, verb: str
) -> None:
    assert cosigner.get(page("detail", invited.pk)).status_code == 200
    assert cosigner.get(page(verb, invited.pk)).status_code == 403


@pytest.mark.parametrize("verb", ["edit", "submit", "invite"])
def test_step_that_is_over_leads_back_with_a_word(
    district: SimpleNamespace, author: Client, verb: str
) -> None:
    proposal = made.submitted(district)

    answer = author.get(page(verb, proposal.pk), follow=True)

    assert answer.redirect_chain == [(proposal.get_absolute_url(), 302)]
    assert "目前是“已提交·待审查”" in answer.content.decode()


def test_visitor_is_sent_to_log_in_and_comes_back(district: SimpleNamespace) -> None:
    proposal = made.drafted(district)

    answer = Client().get(page("edit", proposal.pk))

    assert answer["Location"] == f"/account/login/?next=/proposals/{proposal.pk}/edit/"


# Writing ----------------------------------------------------------------------------------------


def test_new_opens_an_empty_draft(district: SimpleNamespace, author: Client) -> None:
    answer = author.post(page("new"), follow=True)

    assert answer.resolver_match.view_name == "proposals:edit"
    assert Proposal.objects.get().first_proposer.person == district.author.person


def test_edit_never_calls_optional_what_submission_needs(
    district: SimpleNamespace, author: Client
) -> None:
    html = author.get(page("edit", made.drafted(district).pk)).content.decode()

    for label in ("案由", "情况", "建议", "是否同意公开"):
        assert f"{label} <span" not in html
    assert "分析 <span" in html


def test_edit_keeps_text_choices_and_files(district: SimpleNamespace, author: Client) -> None:
    proposal = made.drafted(district)
    upload = SimpleUploadedFile("现场照片.pdf", PDF, "application/pdf")
    typed = {**TYPED, "situation": "改过的情况。", "wished_units": [district.fire.pk]}

    answer = author.post(page("edit", proposal.pk), {**typed, "files": upload, "save": "1"})

    assert answer["Location"] == page("edit", proposal.pk)
    proposal.refresh_from_db()
    assert proposal.draft.situation == "改过的情况。"
    assert list(proposal.wished_units.all()) == [district.fire]
    assert files.for_subject(proposal).get().name == "现场照片.pdf"


def test_edit_keeps_the_wish_for_a_lead_apart_from_that_for_joint_units(
    district: SimpleNamespace, author: Client
) -> None:
    proposal = made.drafted(district)
    lead, joint = district.fire, district.housing
    typed = {**TYPED, "wished_units": [lead.pk], "save": "1"}

    twice = author.post(
        page("edit", proposal.pk), {**typed, "wished_joint_units": [lead.pk, joint.pk]}
    )
    assert not proposal.wished_units.exists()
    author.post(page("edit", proposal.pk), {**typed, "wished_joint_units": [joint.pk]})

    assert "区消防救援大队 已选为建议主办单位" in text(twice)
    assert list(proposal.wished_units.all()) == [lead]
    assert list(proposal.wished_joint_units.all()) == [joint]
    shown = text(author.get(page("submit", proposal.pk)))
    assert "建议主办单位" in shown
    assert "建议会办单位" in shown
    actions.save_choices(
        proposal,
        by=district.author,
        may_publish=True,
        wished_units=[lead],
        wished_joint_units=[lead, joint],
    )
    assert list(proposal.wished_joint_units.all()) == [joint]  # the lead does not assist itself


def test_edit_removes_a_ticked_file(district: SimpleNamespace, author: Client) -> None:
    proposal = made.drafted(district)
    upload = SimpleUploadedFile("旧.pdf", PDF, "application/pdf")
    kept = files.accept(upload, subject=proposal, by=district.author)

    author.post(page("edit", proposal.pk), {**TYPED, "remove_files": [kept.pk]})

    assert not files.for_subject(proposal).exists()


def test_edit_with_an_error_keeps_the_text_and_names_the_files(
    district: SimpleNamespace, author: Client
) -> None:
    proposal = made.drafted(district)
    refused = SimpleUploadedFile("程序.exe", b"MZ", "application/octet-stream")

    answer = author.post(
        page("edit", proposal.pk), {**TYPED, "situation": "写了很久。", "files": refused}
    )

    html = answer.content.decode()
    assert "<title>错误：撰写提案" in html
    assert "data-error-summary" in html
    assert "写了很久。" in html
    assert "程序.exe" in html
    proposal.refresh_from_db()
    assert proposal.draft.situation == "写了很久。"


def test_edit_of_two_windows_shows_both_texts_without_script(
    district: SimpleNamespace, author: Client
) -> None:
    proposal = made.drafted(district)
    author.post(page("edit", proposal.pk), {**TYPED, "situation": "先存的。"})

    answer = author.post(page("edit", proposal.pk), {**TYPED, "situation": "后写的。"})

    html = answer.content.decode()
    assert answer.status_code == 409
    assert "先存的。" in html
    assert "后写的。" in html
    again = {**TYPED, "situation": "后写的。", "version": answer.context["draft"].version}
    assert author.post(page("edit", proposal.pk), again).status_code == 302
    proposal.refresh_from_db()
    assert proposal.draft.situation == "后写的。"


def test_edit_with_too_long_a_title_says_by_how_much(
    district: SimpleNamespace, author: Client
) -> None:
    answer = author.post(
        page("edit", made.drafted(district).pk), {**TYPED, "title": "长" * 203, "save": "1"}
    )

    assert "现在超出 3 个字" in answer.content.decode()


def test_text_beyond_the_usual_length_is_told_and_kept(
    district: SimpleNamespace, author: Client
) -> None:
    proposal = made.drafted(district)

    answer = author.post(page("edit", proposal.pk), {**TYPED, "analysis": "长" * 1600}, follow=True)

    assert "超过建议的 1500 字；可以提交" in answer.content.decode()


def test_autosave_tells_the_version_and_keeps_the_choices(
    district: SimpleNamespace, author: Client
) -> None:
    proposal = made.drafted(district)

    answer = author.post(
        page("save_draft", proposal.pk), {**TYPED, "title": "自动保存", "may_publish": "False"}
    )

    assert answer.json()["version"] == 3
    proposal.refresh_from_db()
    assert (proposal.draft.title, proposal.may_publish) == ("自动保存", False)


def test_autosave_of_another_window_is_a_conflict_with_both_texts(
    district: SimpleNamespace, author: Client
) -> None:
    proposal = made.drafted(district)
    author.post(page("save_draft", proposal.pk), {**TYPED, "title": "一号窗口"})

    answer = author.post(page("save_draft", proposal.pk), {**TYPED, "title": "二号窗口"})

    assert answer.status_code == 409
    assert answer.json()["theirs"]["title"] == "一号窗口"
    assert proposal.draft_copies.get().title == "二号窗口"


def test_autosave_refuses_in_plain_words(district: SimpleNamespace, author: Client) -> None:
    answer = author.post(
        page("save_draft", made.drafted(district).pk), {**TYPED, "title": "长" * 201}
    )

    assert answer.status_code == 400
    assert "请缩短后再保存" in answer.json()["message"]


def test_submit_without_suggestions_says_what_is_missing(
    district: SimpleNamespace, author: Client
) -> None:
    proposal = made.drafted(district)
    author.post(page("edit", proposal.pk), {**TYPED, "suggestions": " "})

    answer = author.get(page("submit", proposal.pk))

    assert "「建议」还没有写" in answer.content.decode()
    assert author.post(page("submit", proposal.pk)).status_code == 200
    proposal.refresh_from_db()
    assert proposal.status == Proposal.Status.DRAFT


def test_submit_tells_number_next_step_and_date(district: SimpleNamespace, author: Client) -> None:
    proposal = made.drafted(district)

    answer = author.post(page("submit", proposal.pk), follow=True)

    due_on = deadlines.Deadline.objects.current(proposal, "review_ordinary").due_on
    html = answer.content.decode()
    assert "提交成功，流水号 1（平时提案）" in html
    assert f"办公室在 {deadlines.long_date(due_on)} 前审查" in html
    assert f'data-draft-done="proposal-{proposal.pk}"' in html


# Inviting and answering -------------------------------------------------------------------------


def test_invite_search_keeps_who_is_chosen(district: SimpleNamespace, author: Client) -> None:
    proposal = made.drafted(district)
    chosen = made.seat(district.cosigner)

    answer = author.post(
        page("invite", proposal.pk), {"find": "1", "q": "ss", "memberships": [chosen.pk]}
    )

    assert answer.context["chosen"] == [chosen]
    found = [member for group in answer.context["groups"] for member in group["members"]]
    assert found == [made.seat(district.other)]
    assert not proposal.proposers.filter(order__gt=0).exists()


def test_invite_asks_the_chosen_and_says_until_when(
    district: SimpleNamespace, author: Client
) -> None:
    proposal = made.drafted(district)
    seats = [made.seat(district.cosigner).pk, made.seat(district.other).pk]

    answer = author.post(page("invite", proposal.pk), {"memberships": seats}, follow=True)

    assert "已向 2 位委员发出邀请" in answer.content.decode()
    proposal.refresh_from_db()
    assert proposal.status == Proposal.Status.COSIGNING


def test_invite_of_nobody_says_so_beside_the_list(
    district: SimpleNamespace, author: Client
) -> None:
    answer = author.post(page("invite", made.drafted(district).pk), {"until": ""})

    assert answer.content.decode().count("请先勾选要邀请的委员。") == 2


def test_invite_lists_320_members_by_sector(district: SimpleNamespace, author: Client) -> None:
    proposal = made.drafted(district)
    for number in range(320):
        Membership.objects.create(
            person=people.person(f"委员{number:03d}"), term=district.plenary.term
        )

    answer = author.get(page("invite", proposal.pk))

    assert answer.content.decode().count('name="memberships"') == 322
    assert len(answer.content) < 200_000
    assert queries(author, page("invite", proposal.pk)) <= 15


def test_cosigner_agrees_with_a_remark(
    district: SimpleNamespace, invited: Proposal, cosigner: Client
) -> None:
    shown = cosigner.get(page("agree", invited.pk)).context["invitation"].text_id

    answer = cosigner.post(page("agree", invited.pk), {"text": shown, "remark": "很需要。"})

    assert answer["Location"] == invited.get_absolute_url()
    seat = invited.proposers.get(order=1)
    assert (seat.status, seat.remark) == (Proposer.Status.AGREED, "很需要。")


def test_cosigner_does_not_sign_words_that_changed_meanwhile(
    district: SimpleNamespace, invited: Proposal, cosigner: Client
) -> None:
    seen = cosigner.get(page("agree", invited.pk)).context["invitation"].text_id
    changed = {**made.TEXT, "suggestions": "一、全部拆除。"}
    actions.save_draft(invited, by=district.author, version=2, **changed)
    actions.invite(Proposal.objects.get(pk=invited.pk), by=district.author, memberships=[])

    answer = cosigner.post(page("agree", invited.pk), {"text": seen, "remark": "我的附言"})

    html = answer.content.decode()
    assert answer.status_code == 200
    assert "文字又有改动" in html
    assert "一、全部拆除。" in html
    assert "我的附言" in html
    assert invited.proposers.get(order=1).status == Proposer.Status.WAITING


def test_cosigner_declines(invited: Proposal, cosigner: Client) -> None:
    answer = cosigner.post(page("decline", invited.pk), {"text": "1"})

    assert answer["Location"] == "/"
    assert invited.proposers.get(order=1).status == Proposer.Status.DECLINED


def test_answer_given_before_is_told(invited: Proposal, cosigner: Client) -> None:
    cosigner.post(page("agree", invited.pk), {})

    answer = cosigner.get(page("decline", invited.pk), follow=True)

    assert "您已经答复过：已同意" in answer.content.decode()


def test_author_cancels_an_invitation(invited: Proposal, author: Client) -> None:
    seat = invited.proposers.get(order=1)

    author.post(page("cancel", invited.pk, seat.pk))

    seat.refresh_from_db()
    assert seat.status == Proposer.Status.CANCELLED


# Reading and rating -----------------------------------------------------------------------------


def test_detail_says_whose_turn_by_when_and_why(district: SimpleNamespace, author: Client) -> None:
    proposal = made.handed_over(district)

    html = author.get(page("detail", proposal.pk)).content.decode()

    assert "轮到：区住建局、区消防救援大队" in html
    assert "2026年3月18日交办 + 3个工作日" in html
    assert "草稿 → 联名征集中" in html


def test_detail_shows_reply_and_promise_to_every_proposer(
    district: SimpleNamespace, cosigner: Client
) -> None:
    proposal = replied(district)

    html = cosigner.get(page("detail", proposal.pk)).content.decode()

    assert "逐条答复如下。" in html
    assert "建十处" in html
    assert "评价答复" in html


def test_inner_notes_stay_with_the_office(district: SimpleNamespace, author: Client) -> None:
    proposal = made.submitted(district)
    actions.file(
        proposal, by=district.office, category=made.Category.objects.get(), note="内部意见"
    )

    assert "内部意见" not in author.get(page("detail", proposal.pk)).content.decode()
    office = logged_in(district.office)
    assert "内部意见" in office.get(page("detail", proposal.pk)).content.decode()


def test_unit_sees_no_single_rating(district: SimpleNamespace) -> None:
    proposal = replied(district)
    rating = Evaluation.objects.get(proposer__order=0)
    actions.evaluate(
        rating, by=district.author, attitude="satisfied", result="not", text="没有写明地点"
    )
    clerk = logged_in(district.clerk)

    assert "没有写明地点" not in clerk.get(page("detail", proposal.pk)).content.decode()
    assert clerk.get(rating.get_absolute_url()).status_code == 404


def test_rating_is_the_proposers_own(district: SimpleNamespace, author: Client) -> None:
    replied(district)
    rating = Evaluation.objects.get(proposer__order=1)

    assert author.get(rating.get_absolute_url()).status_code == 404
    assert logged_in(district.office).get(rating.get_absolute_url()).status_code == 403


def test_rating_not_satisfied_needs_a_reason_and_tells_what_follows(
    district: SimpleNamespace, author: Client
) -> None:
    replied(district)
    rating = Evaluation.objects.get(proposer__order=0)
    given = {"attitude": "satisfied", "result": "not", "contacted": "phone", "to_the_point": "no"}

    refused = author.post(rating.get_absolute_url(), given)
    told = author.post(rating.get_absolute_url(), {**given, "text": "没有时间表"}, follow=True)

    assert refused.content.decode().count("选择“不满意”时请写明理由") == 2
    rating.refresh_from_db()
    due_on = deadlines.long_date(rating.rehandlings.get().due_on)
    assert f"提案委办公室将在 {due_on} 前决定是否重新办理" in told.content.decode()


def test_withdrawn_with_a_confirmation(district: SimpleNamespace, author: Client) -> None:
    proposal = made.submitted(district)

    assert "确定撤回" in author.get(page("withdraw", proposal.pk)).content.decode()
    author.post(page("withdraw", proposal.pk), {"note": ""})

    proposal.refresh_from_db()
    assert proposal.status == Proposal.Status.WITHDRAWN


def test_recall_leads_back_to_writing(district: SimpleNamespace, author: Client) -> None:
    proposal = made.submitted(district)

    answer = author.post(page("recall", proposal.pk))

    assert answer["Location"] == page("edit", proposal.pk)


# Lists ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["15-5-001", "充电点", "陈一", "cy"])
def test_index_finds_in_one_box(district: SimpleNamespace, author: Client, words: str) -> None:
    proposal = made.handed_over(district)

    answer = author.get(page("index"), {"scope": "all", "q": words})

    assert list(answer.context["page"]) == [proposal]


def test_index_of_nobody_says_what_to_do(district: SimpleNamespace, author: Client) -> None:
    assert "您还没有提案" in author.get(page("index")).content.decode()
    assert "没有符合条件的提案" in author.get(page("index"), {"q": "无"}).content.decode()


def test_index_pages_forward_and_back(district: SimpleNamespace, author: Client) -> None:
    all_of_them = [actions.start_draft(by=district.author) for _ in range(45)][::-1]

    first = author.get(page("index")).context["page"]
    second = author.get(first.next_url).context["page"]
    third = author.get(second.next_url).context["page"]
    back = author.get(third.previous_url).context["page"]

    assert [*first, *second, *third] == all_of_them
    assert list(back) == list(second)
    assert not third.next_url
    assert not first.previous_url
    assert list(author.get(back.previous_url).context["page"]) == list(first)


@pytest.mark.parametrize("stage", ["in_review", "in_handling", "late", "closed"])
def test_index_filters_by_stage(district: SimpleNamespace, stage: str) -> None:
    late, in_review = made.handed_over(district), made.submitted(district)
    Proposal.objects.filter(pk=late.pk).update(due_on=date(2026, 1, 1))
    wanted = {"in_review": [in_review], "in_handling": [late], "late": [late], "closed": []}

    answer = logged_in(district.office).get(page("index"), {"scope": "all", "status": stage})

    assert list(answer.context["page"]) == wanted[stage]


@pytest.mark.parametrize("count", [1, 3])
def test_index_takes_a_constant_number_of_queries(
    district: SimpleNamespace, author: Client, count: int
) -> None:
    for _number in range(count):
        made.handed_over(district)

    assert queries(author, page("index")) <= 16


@pytest.mark.parametrize("count", [1, 3])
def test_detail_takes_a_constant_number_of_queries(
    district: SimpleNamespace, author: Client, count: int
) -> None:
    proposal = made.drafted(district)
    signers = [
        people.member(f"c{number}", f"联名{number}", district.plenary.term)
        for number in range(count)
    ]
    seats = [made.seat(user) for user in signers]
    actions.invite(proposal, by=district.author, memberships=seats)
    for user in signers:
        seat = proposal.proposers.get(membership=made.seat(user))
        actions.agree(seat, by=user)
    actions.submit(proposal, by=district.author)
    actions.file(proposal, by=district.office, category=made.Category.objects.get())
    units = [people.unit(f"单位{number}") for number in range(count + 1)]
    actions.hand_over(proposal, by=district.office, separate=units)
    clerks = [
        people.account(f"k{n}", f"经办{n}", Role.UNIT_CLERK, body=unit.body_ptr, post="clerk")
        for n, unit in enumerate(units)
    ]
    for clerk, share in zip(clerks, proposal.handlings.order_by("pk"), strict=True):
        actions.acknowledge(share, by=clerk)
        actions.record_contact(
            share,
            by=clerk,
            proposer=proposal.first_proposer,
            way="phone",
            stage="before",
            on=timezone.localdate(),
            summary="电话沟通。",
        )
        share.refresh_from_db()
        actions.reply(
            share,
            by=clerk,
            result_class=ResultClass.objects.get(code="A"),
            document_number="文1号",
            text="答复。",
            signer="局长",
            signer_post="负责人",
        )

    assert queries(author, page("detail", proposal.pk)) <= 26


def test_parameters_of_length_reach_the_page(district: SimpleNamespace, author: Client) -> None:
    limit = parameters.get("proposals.title_limit")

    html = author.get(page("edit", made.drafted(district).pk)).content.decode()

    assert f'data-limit="{limit}"' in html
    assert 'maxlength="200"' not in html


def test_wechat_is_told_how_to_open_files(district: SimpleNamespace, author: Client) -> None:
    proposal = made.drafted(district)
    upload = SimpleUploadedFile("附件.pdf", PDF, "application/pdf")
    files.accept(upload, subject=proposal, by=district.author)

    html = author.get(
        page("detail", proposal.pk), headers={"user-agent": "MicroMessenger/8.0"}
    ).content.decode()

    assert "data-wechat" in html
    assert "在浏览器打开" in html


@pytest.mark.parametrize(
    ("path", "above"), [("new/", ""), ("{pk}/recall/", "{pk}/"), ("{pk}/cancel/1/", "{pk}/")]
)
def test_address_of_a_button_leads_a_person_to_the_page_above(
    district: SimpleNamespace, path: str, above: str
) -> None:
    proposal = made.submitted(district)
    address, page_above = (f"/proposals/{part}".format(pk=proposal.pk) for part in (path, above))
    client = logged_in(district.author)

    answer = client.get(address, headers={"Accept": "text/html"}, follow=True)

    assert answer.redirect_chain == [(page_above, 302)]
    assert "刚才那一步还没有办" in answer.content.decode()
    assert client.get(address).status_code == 405
