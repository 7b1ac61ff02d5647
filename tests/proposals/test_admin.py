"""Proposals in the workplace: seen whole, moved only by their moves, entered for others with a scan."""

import io
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from cppcc_portal.office import decisions
from cppcc_portal.office.audit import AuditEvent
from cppcc_portal.office.files import Attachment
from members.models import Commitment, Membership, User
from members.roles import Role
from proposals import actions
from proposals.models import (
    Category,
    Destination,
    Evaluation,
    Handling,
    Proposal,
    RefusalReason,
    Rehandling,
    ResultClass,
)
from tests import district as made
from tests import people

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="members.backends.LoginBackend")
    return client


@pytest.fixture
def office(district: SimpleNamespace) -> Client:
    return logged_in(district.office)


def page(name: str, *args: Any) -> str:
    return reverse(f"admin:proposals_{name}", args=args)


def scan() -> SimpleUploadedFile:
    return SimpleUploadedFile("盖章件.pdf", PDF, "application/pdf")


LISTS = ["proposal", "handling", "evaluation", "rehandling", "category", "resultclass"]


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.OFFICE, 200),
        (Role.MEMBER_WORK, 403),
        (Role.SYSTEM_ADMIN, 403),
        (Role.SECURITY_ADMIN, 403),
        (Role.AUDITOR, 403),
    ],
)
def test_list_opens_for_the_office_alone(
    district: SimpleNamespace, name: str, role: str, status: int
) -> None:
    client = logged_in(people.account("x", "某人", role))

    assert client.get(page(f"{name}_changelist")).status_code == status


def test_draft_of_a_member_is_hidden_from_the_office(
    district: SimpleNamespace, office: Client
) -> None:
    draft = made.drafted(district)

    assert office.get(page("proposal_change", draft.pk)).status_code == 404
    assert office.get(page("proposal_file", draft.pk)).status_code == 404
    assert draft not in office.get(page("proposal_changelist")).context["cl"].result_list


def test_page_tells_everything_and_offers_the_open_steps(
    district: SimpleNamespace, office: Client
) -> None:
    proposal = made.submitted(district)

    shown = office.get(page("proposal_change", proposal.pk))

    assert shown.status_code == 200
    assert [step["verb"] for step in shown.context["steps"]] == [
        "start_review",
        "return_",
        "file",
        "refuse",
        "merge",
        "sign_on_paper",
        "take_out",
    ]
    content = shown.content.decode()
    for words in ("一、利用边角地增设充电点。", "陈一", "黄二", "轮到您办理"):
        assert words in content


def test_status_is_not_changed_by_posting_the_page(
    district: SimpleNamespace, office: Client
) -> None:
    proposal = made.submitted(district)

    answer = office.post(
        page("proposal_change", proposal.pk), {"status": "filed", "number": "7", "_save": "1"}
    )

    proposal.refresh_from_db()
    assert answer.status_code == 405
    assert proposal.status == Proposal.Status.SUBMITTED


@pytest.mark.parametrize("model", [Handling, Evaluation, Rehandling])
def test_nothing_that_moves_has_a_form(model: Any, district: SimpleNamespace) -> None:
    client = logged_in(district.office)
    name = model._meta.model_name

    assert client.get(page(f"{name}_add")).status_code == 403
    assert client.post(page(f"{name}_delete", 1)).status_code in (403, 404, 302)


def test_steps_call_the_actions(district: SimpleNamespace, office: Client) -> None:
    proposal = made.submitted(district)
    category = Category.objects.get()

    assert office.get(page("proposal_file", proposal.pk)).status_code == 200
    empty = office.post(page("proposal_file", proposal.pk), {})
    assert empty.context["form"].errors
    office.post(page("proposal_start_review", proposal.pk))
    office.post(page("proposal_file", proposal.pk), {"category": category.pk})
    answer = office.post(
        page("proposal_hand_over", proposal.pk),
        {"lead": district.housing.pk, "joint": [district.fire.pk]},
    )

    proposal.refresh_from_db()
    assert answer.url == page("proposal_change", proposal.pk)
    assert proposal.status == Proposal.Status.ASSIGNED
    assert proposal.handlings.count() == 2
    steps = proposal.changes.values_list("verb", flat=True)
    assert list(steps)[-3:] == ["start_review", "file", "hand_over"]


def test_return_and_refusal_say_why(district: SimpleNamespace, office: Client) -> None:
    first, second = made.submitted(district), made.submitted(district)

    office.post(page("proposal_return_", first.pk), {"note": "请补充数据。"})
    office.post(
        page("proposal_refuse", second.pk),
        {
            "refusal_reason": RefusalReason.objects.get().pk,
            "destination": Destination.objects.get().pk,
        },
    )

    first.refresh_from_db()
    second.refresh_from_db()
    assert first.status == Proposal.Status.RETURNED
    assert second.status == Proposal.Status.NOT_FILED
    assert "请补充数据。" in office.get(page("proposal_change", first.pk)).content.decode()


def test_text_suspected_of_secrets_is_taken_out(district: SimpleNamespace, office: Client) -> None:
    proposal = made.handed_over(district)

    without = office.post(page("proposal_take_out", proposal.pk), {})
    office.post(page("proposal_take_out", proposal.pk), {"note": "转区委保密办。"})

    assert without.context["form"].errors
    shown = office.get(page("proposal_change", proposal.pk))
    assert shown.status_code == 200
    assert shown.context["steps"] == []
    assert "增设充电点" not in shown.content.decode()
    assert "转区委保密办。" in shown.content.decode()


def test_step_that_is_no_longer_open_leads_back_with_a_word(
    district: SimpleNamespace, office: Client
) -> None:
    proposal = made.submitted(district)
    actions.file(proposal, by=district.office, category=Category.objects.get())

    answer = office.post(page("proposal_start_review", proposal.pk), follow=True)

    assert answer.redirect_chain[0][0].startswith(page("proposal_change", proposal.pk))
    assert "不能再“开始审查”：您已在 " in answer.content.decode()


def test_officer_who_came_second_is_told_who_did_what_and_keeps_the_words(
    district: SimpleNamespace, office: Client
) -> None:
    proposal = made.submitted(district)
    colleague = people.account("office2", "办公室乙", Role.OFFICE)
    actions.file(proposal, by=colleague, category=Category.objects.get())

    answer = office.post(page("proposal_refuse", proposal.pk), {"note": "没有写明地点。"})

    shown = answer.content.decode()
    assert "不能再“不予立案”：办公室乙已在 " in shown
    assert "办理“立案”" in shown
    assert answer.context["form"]["note"].value() == "没有写明地点。"
    assert 'type="submit" class="danger"' not in shown


def test_author_who_came_second_is_not_told_who_works_on_it(district: SimpleNamespace) -> None:
    proposal = made.submitted(district)
    actions.start_review(proposal, by=district.office)
    author = logged_in(district.author)

    answer = author.post(f"{proposal.get_absolute_url()}recall/", follow=True)

    said = [str(message) for message in answer.context["messages"]]
    assert any("不能再" in message and "可能已有别人先办了" in message for message in said)
    assert not any("办公室甲" in message for message in said)


def test_step_is_refused_to_who_only_reads(district: SimpleNamespace) -> None:
    proposal = made.submitted(district)
    client = logged_in(people.account("sg", "秘书长", Role.SECRETARY_GENERAL))

    assert client.get(page("proposal_change", proposal.pk)).context["steps"] == []
    assert client.post(page("proposal_start_review", proposal.pk)).status_code == 403
    assert client.post(page("proposal_add_note", proposal.pk), {"text": "x"}).status_code == 403
    assert client.get(page("proposal_add")).status_code == 403


def test_many_are_filed_in_the_order_of_submission_and_the_rest_is_named(
    district: SimpleNamespace, office: Client
) -> None:
    first, second, third = (made.submitted(district) for _number in range(3))
    actions.return_(second, by=district.office, note="改")
    keys = [third.pk, second.pk, first.pk]

    chosen = office.post(
        page("proposal_changelist"), {"action": "file_many", "_selected_action": keys}
    )
    answer = office.post(
        page("proposal_file_many"),
        {"chosen": keys, "category": Category.objects.get().pk},
        follow=True,
    )

    assert len(chosen.context["chosen"]) == 3
    first.refresh_from_db()
    third.refresh_from_db()
    assert (first.number, third.number) == (1, 2)
    content = answer.content.decode()
    assert "已立案 2 件" in content
    assert "现在是「退回修改」" in content


def test_bulk_action_is_hidden_and_refused_without_the_right(district: SimpleNamespace) -> None:
    proposal = made.submitted(district)
    client = logged_in(people.account("sg", "秘书长", Role.SECRETARY_GENERAL))

    listed = client.get(page("proposal_changelist"))
    client.post(
        page("proposal_changelist"),
        {"action": "start_review_many", "_selected_action": [proposal.pk]},
    )
    refused = client.post(page("proposal_file_many"), {"chosen": [proposal.pk]})

    proposal.refresh_from_db()
    assert "start_review_many" not in listed.content.decode()
    assert proposal.status == Proposal.Status.SUBMITTED
    assert refused.status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_lists_ask_a_constant_number_of_queries(
    district: SimpleNamespace,
    office: Client,
    count: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for _number in range(count):
        made.handed_over(district)
    for name, most in (("proposal", 21), ("handling", 16), ("evaluation", 14)):
        with django_assert_max_num_queries(most):
            office.get(page(f"{name}_changelist"))


@pytest.mark.parametrize("count", [1, 3])
def test_page_asks_a_constant_number_of_queries(
    district: SimpleNamespace,
    office: Client,
    count: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    proposals = [made.handed_over(district) for _number in range(count)]

    with django_assert_max_num_queries(45):
        office.get(page("proposal_change", proposals[0].pk))


def test_list_is_searched_by_number_name_and_initials(
    district: SimpleNamespace, office: Client
) -> None:
    proposal = made.handed_over(district)

    for words in ("15-5-001", "充电点", "陈一", "cy"):
        listed = office.get(page("proposal_changelist"), {"q": words})
        assert list(listed.context["cl"].result_list) == [proposal], words


def test_queue_is_walked_forwards(district: SimpleNamespace, office: Client) -> None:
    first, second = made.submitted(district), made.submitted(district)
    filters = "_changelist_filters=queue%3Dsubmitted"

    shown = office.get(f"{page('proposal_change', first.pk)}?{filters}")

    assert shown.context["next_url"] == f"{page('proposal_change', second.pk)}?{filters}"
    assert shown.context["previous_url"] == ""
    done = office.post(f"{page('proposal_start_review', first.pk)}?{filters}")
    assert done.url == f"{page('proposal_change', first.pk)}?{filters}"
    assert office.get(done.url).context["next_url"].startswith(page("proposal_change", second.pk))


def test_queue_goes_on_to_the_next_after_a_step(district: SimpleNamespace, office: Client) -> None:
    first, second, third = (made.submitted(district) for _number in range(3))
    filters = "_changelist_filters=queue%3Dsubmitted"
    category = Category.objects.get()

    asked = office.get(f"{page('proposal_file', second.pk)}?{filters}")
    filed = office.post(f"{page('proposal_file', second.pk)}?{filters}", {"category": category.pk})
    returned = office.post(
        f"{page('proposal_return_', third.pk)}?{filters}", {"note": "请补充数据。"}
    )
    last = office.post(f"{page('proposal_file', first.pk)}?{filters}", {"category": category.pk})

    assert asked.context["skip_url"] == f"{page('proposal_change', third.pk)}?{filters}"
    assert filed.url == f"{page('proposal_file', third.pk)}?{filters}"
    assert returned.url == f"{page('proposal_change', first.pk)}?{filters}"
    assert last.url == f"{page('proposal_changelist')}?queue=submitted"


def test_filing_cites_a_passed_decision(district: SimpleNamespace, office: Client) -> None:
    decisions.ensure_default_bodies()
    recorded = {
        (body, result): decisions.record_decision(
            by=district.office,
            body=body,
            item=f"{body}审议立案名单",
            result=result,
            meeting_number="第十五届第20次",
            held_on=date(2026, 1, 9),
            text="理由",
        )
        for body in ("chair_meeting", "proposal_committee", "party_group")
        for result in ("passed", "refused")
    }
    passed = recorded["chair_meeting", "passed"]
    first, second, third = (made.submitted(district) for _number in range(3))
    category = Category.objects.get().pk

    asked = office.get(page("proposal_file", first.pk))
    given = {"category": category, "decision": passed.pk}
    office.post(page("proposal_file", first.pk), given)
    wrong = recorded["party_group", "passed"].pk
    refused = office.post(page("proposal_file", second.pk), {**given, "decision": wrong})
    office.post(page("proposal_file_many"), {**given, "chosen": [second.pk, third.pk]})

    offered = asked.context["form"].fields["decision"].queryset
    assert set(offered) == {passed, recorded["proposal_committee", "passed"]}
    assert refused.context["form"].errors["decision"]
    for proposal in (first, second, third):
        assert proposal.changes.get(verb="file").decision == passed
    shown = office.get(page("proposal_change", first.pk)).content.decode()
    assert "chair_meeting审议立案名单" in shown


# 代录 -----------------------------------------------------------------------------------------


def test_proposal_on_paper_is_entered_with_its_scan(
    district: SimpleNamespace, office: Client
) -> None:
    seat = Membership.objects.get(person=district.other.person)

    without = office.post(page("proposal_add"), {"membership": seat.pk})
    answer = office.post(page("proposal_add"), {"membership": seat.pk, "scan": scan()})

    proposal = Proposal.objects.get()
    assert without.context["form"].errors
    assert answer.url == reverse("proposals:edit", args=[proposal.pk])
    assert proposal.entered_by == district.office
    assert proposal.first_proposer.membership == seat
    assert Attachment.objects.get().kind == Attachment.Kind.SCAN
    assert office.get(page("proposal_change", proposal.pk)).context["is_own_entry"]


def test_unit_on_paper_acknowledges_and_replies(district: SimpleNamespace, office: Client) -> None:
    proposal = made.handed_over(district)
    lead = proposal.handlings.get(unit=district.housing)
    joint = proposal.handlings.get(unit=district.fire)

    for share in (lead, joint):
        assert office.get(page("handling_acknowledge", share.pk)).status_code == 200
        office.post(page("handling_acknowledge", share.pk), {"scan": scan()})
    office.post(
        page("handling_give_opinion", joint.pk),
        {"text": "同意。", "signer": "大队长", "signer_post": "负责人", "scan": scan()},
    )
    office.post(
        page("handling_contact", lead.pk),
        {
            "proposer": proposal.first_proposer.pk,
            "way": "phone",
            "stage": "before",
            "on": "2026-03-20",
            "summary": "电话沟通。",
            "scan": scan(),
        },
    )
    reply = {
        "text": "逐条答复。",
        "result_class": ResultClass.objects.get(code="B").pk,
        "document_number": "海住建提〔2026〕1号",
        "signer": "局长",
        "signer_post": "负责人",
        "openness": "full",
        "promises-TOTAL_FORMS": "1",
        "promises-INITIAL_FORMS": "0",
    }
    lacking = office.post(page("handling_reply", lead.pk), {**reply, "scan": scan()})
    promise = {
        "promises-0-what": "建成十处充电点",
        "promises-0-who": "科长",
        "promises-0-due_on": "2099-01-01",
    }
    office.post(page("handling_reply", lead.pk), {**reply, **promise, "scan": scan()})

    lead.refresh_from_db()
    assert lacking.context["form"].non_field_errors()
    assert lead.status == Handling.Status.REPLIED
    change = lead.changes.get(verb="reply")
    assert (change.behalf, change.by) == ("区住建局", district.office)
    assert change.scan.subject == f"proposals.handling:{lead.pk}"
    shown = office.get(page("proposal_change", proposal.pk)).content.decode()
    assert "代录：区住建局" in office.get(page("handling_change", lead.pk)).content.decode()
    assert "建成十处充电点" in shown


def test_scan_that_is_no_document_is_refused_beside_its_field(
    district: SimpleNamespace, office: Client
) -> None:
    lead = made.handed_over(district).handlings.get(unit=district.housing)
    upload = SimpleUploadedFile("脚本.pdf", b"<script>alert(1)</script>", "application/pdf")

    answer = office.post(page("handling_acknowledge", lead.pk), {"scan": upload})

    assert answer.context["form"].errors["scan"]
    assert not Attachment.objects.exists()


def replied(district: SimpleNamespace) -> Proposal:
    proposal = made.handed_over(district)
    for user, unit in ((district.clerk, district.housing), (district.joint_clerk, district.fire)):
        share = proposal.handlings.get(unit=unit)
        actions.acknowledge(share, by=User.objects.get(pk=user.pk))
    actions.give_opinion(
        proposal.handlings.get(unit=district.fire),
        by=User.objects.get(pk=district.joint_clerk.pk),
        text="同意。",
        signer="大队长",
        signer_post="负责人",
    )
    actions.reply(
        proposal.handlings.get(unit=district.housing),
        by=User.objects.get(pk=district.clerk.pk),
        result_class=ResultClass.objects.get(code="A"),
        document_number="1号",
        text="答复。",
        signer="局长",
        signer_post="负责人",
    )
    return proposal


def test_rating_on_paper_and_second_round(district: SimpleNamespace, office: Client) -> None:
    proposal = replied(district)
    mine, theirs = Evaluation.objects.order_by("proposer__order")
    rating = {"attitude": "satisfied", "contacted": "phone", "to_the_point": "yes"}

    for evaluation, result in ((mine, "not"), (theirs, "satisfied")):
        office.post(
            page("evaluation_evaluate", evaluation.pk),
            {**rating, "result": result, "text": "没有写明地点", "scan": scan()},
        )
    rehandling = Rehandling.objects.get()
    shown = office.get(page("rehandling_change", rehandling.pk))
    office.post(page("rehandling_refuse", rehandling.pk), {"reason": "已写明。"})
    office.post(page("proposal_close", proposal.pk), {})

    mine.refresh_from_db()
    rehandling.refresh_from_db()
    proposal.refresh_from_db()
    assert mine.changes.get(verb="evaluate").behalf == "陈一"
    assert [step["verb"] for step in shown.context["steps"]] == ["start", "refuse"]
    assert rehandling.status == Rehandling.Status.REFUSED
    assert proposal.status == Proposal.Status.CLOSED
    for name, thing in (("evaluation", mine), ("rehandling", rehandling)):
        assert office.get(page(f"{name}_change", thing.pk)).status_code == 200


def test_closing_says_what_is_missing(district: SimpleNamespace, office: Client) -> None:
    proposal = replied(district)

    asked = office.get(page("proposal_close", proposal.pk))
    office.post(page("proposal_close", proposal.pk), {})

    proposal.refresh_from_db()
    assert "尚未评价" in asked.context["missing"][0]
    assert proposal.status == Proposal.Status.REPLIED


def test_note_is_for_colleagues(district: SimpleNamespace, office: Client) -> None:
    proposal = made.submitted(district)

    office.post(page("proposal_add_note", proposal.pk), {"text": "请张三核对。"})

    assert "请张三核对。" in office.get(page("proposal_change", proposal.pk)).content.decode()
    author = logged_in(district.author)
    assert "请张三核对。" not in author.get(proposal.get_absolute_url()).content.decode()


def promised(district: SimpleNamespace) -> Commitment:
    """A promise of the lead unit that has come due."""
    proposal = made.handed_over(district)
    for user, unit in ((district.clerk, district.housing), (district.joint_clerk, district.fire)):
        share = proposal.handlings.get(unit=unit)
        actions.acknowledge(share, by=User.objects.get(pk=user.pk))
    actions.give_opinion(
        proposal.handlings.get(unit=district.fire),
        by=User.objects.get(pk=district.joint_clerk.pk),
        text="同意。",
        signer="大队长",
        signer_post="负责人",
    )
    tomorrow = timezone.localdate() + timedelta(days=1)
    actions.reply(
        proposal.handlings.get(unit=district.housing),
        by=User.objects.get(pk=district.clerk.pk),
        result_class=ResultClass.objects.get(code="B"),
        document_number="1号",
        text="答复。",
        signer="局长",
        signer_post="负责人",
        commitments=[{"what": "建成十处充电点", "who": "科长", "due_on": tomorrow}],
    )
    promise: Commitment = Commitment.objects.get()
    Commitment.objects.update(due_on=timezone.localdate() - timedelta(days=1))
    return promise


def commitment_page(name: str, *args: Any) -> str:
    return reverse(f"admin:members_commitment_{name}", args=args)


def test_late_promise_is_marked_and_followed(district: SimpleNamespace, office: Client) -> None:
    promise = promised(district)
    proposal = Proposal.objects.get()

    listed = office.get(commitment_page("changelist"), {"due": "1"}).content.decode()
    shown = office.get(page("proposal_change", proposal.pk)).content.decode()
    own = office.get(commitment_page("change", promise.pk))
    empty = office.post(commitment_page("keep", promise.pk), {"note": " "})
    done = office.post(commitment_page("keep", promise.pk), {"note": "已建成并验收。"})

    promise.refresh_from_db()
    assert "已逾期" in listed
    assert "15-5-001" in listed
    assert "已逾期" in shown
    assert commitment_page("drop", promise.pk) in shown
    assert [str(step["label"]) for step in own.context["steps"]] == ["确认兑现", "说明未能兑现"]
    assert empty.context["form"].errors
    assert done.url == page("proposal_change", proposal.pk)
    assert promise.status == Commitment.Status.KEPT
    assert "已建成并验收。" in office.get(commitment_page("change", promise.pk)).content.decode()


def test_promise_that_cannot_be_kept_leads_back_to_the_list(
    district: SimpleNamespace, office: Client
) -> None:
    promise = promised(district)

    done = office.post(
        f"{commitment_page('drop', promise.pk)}?_changelist_filters=due%3D1",
        {"note": "资金未落实。"},
    )

    promise.refresh_from_db()
    assert promise.status == Commitment.Status.DROPPED
    assert done.url == f"{commitment_page('changelist')}?due=1"


def test_promise_is_only_looked_at_without_the_right(district: SimpleNamespace) -> None:
    promise = promised(district)
    client = logged_in(people.account("sg", "秘书长", Role.SECRETARY_GENERAL))

    shown = client.get(commitment_page("change", promise.pk))

    assert shown.status_code == 200
    assert shown.context["steps"] == []
    assert client.post(commitment_page("keep", promise.pk), {"note": "x"}).status_code == 403


# Tables out and in ----------------------------------------------------------------------------


@pytest.mark.parametrize("mark", ["=", "+", "-", "@", "\t", "＝", "＋", "－", "＠"])
def test_export_never_writes_a_formula(
    district: SimpleNamespace, office: Client, mark: str
) -> None:
    proposal = made.submitted(district)
    Proposal.objects.filter(pk=proposal.pk).update(title=f"{mark}1+1")
    columns = {"format": "0"} | {
        f"proposalresource_{name}": "on" for name in ("label", "title", "first", "others")
    }

    table = office.post(page("proposal_export"), columns)
    text = office.post(page("proposal_export"), {**columns, "format": "1"})

    sheet = openpyxl.load_workbook(io.BytesIO(table.content)).active
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr", "n"}
    assert [cell.value for cell in sheet[1]] == ["提案号", "案由", "第一提案人", "联名人"]
    assert sheet["B2"].value.startswith("'")
    assert sheet["D2"].value == "黄二"
    assert text.content.startswith(b"\xef\xbb\xbf")
    assert f"'{mark}1+1" in text.content.decode("utf-8-sig")
    event = AuditEvent.objects.filter(action="proposal.export").first()
    assert event is not None
    assert event.fields["rows"] == [None, 1]


def test_export_needs_its_own_right(district: SimpleNamespace) -> None:
    made.submitted(district)
    client = logged_in(people.account("sg", "秘书长", Role.SECRETARY_GENERAL))

    assert client.get(page("proposal_export")).status_code == 403


def test_categories_come_in_by_code(district: SimpleNamespace, office: Client) -> None:
    file = SimpleUploadedFile(
        "类别.csv",
        "代码,名称,上级代码,次序\nsociety,社会与民生,,1\nhousing,住房,society,2\n".encode(),
        "text/csv",
    )

    preview = office.post(page("category_import"), {"import_file": file, "format": "1"})
    confirm = preview.context["confirm_form"].initial
    office.post(page("category_process_import"), confirm)

    assert " style=" not in preview.content.decode()
    assert Category.objects.get(code="society").name == "社会与民生"
    assert Category.objects.get(code="housing").parent.code == "society"
    assert AuditEvent.objects.filter(action="category.import").exists()
