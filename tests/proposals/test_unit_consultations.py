"""预交办: units are asked before the hand-over; not answered is not agreed; the text closes to who is let go."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cppcc_portal.office import parameters
from cppcc_portal.office.models import Notice
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady
from members.models import User
from members.roles import Role
from proposals import actions
from proposals.models import Handling, Proposal, UnitConsultation
from proposals.suggestions import ASKED, suggest
from tests import district as made
from tests import people, stages
from tests.browsing import logged_in, text
from tests.laid import once

pytestmark = pytest.mark.django_db
WHY = "不属于本局职责。"


@pytest.fixture
@once
def d(district: SimpleNamespace) -> SimpleNamespace:
    """The district with a third unit, its clerk, and the supervision office."""
    district.parks = people.unit("区城管局")
    body = district.parks.body_ptr
    district.parks_clerk = people.account("u3", "经办丙", Role.UNIT_CLERK, body=body, post="clerk")
    district.supervision = people.account("dc", "督查员甲", Role.SUPERVISION)
    return district


def asked(d: SimpleNamespace, **units: Any) -> Proposal:
    proposal = stages.filed(d)
    units = units or {"lead": d.housing, "joint": [d.fire]}
    actions.consult_units(proposal, by=d.office, at=stages.APRIL, **units)
    return proposal.fresh()


def of(unit: Any) -> UnitConsultation:
    return UnitConsultation.objects.filter(unit=unit).latest("pk")


def sees(user: User, proposal: Proposal) -> bool:
    return Proposal.objects.visible_to(stages.again(user)).filter(pk=proposal.pk).exists()


def by_supervision(d: SimpleNamespace) -> None:
    parameters.set_parameter("proposals.hand_over_by", "supervision", by=d.office)


# Rules ----------------------------------------------------------------------------------------


def test_units_are_asked_within_working_days_and_told(d: SimpleNamespace) -> None:
    proposal = asked(d)

    assert proposal.status == "preassigned"
    lead, joint = of(d.housing), of(d.fire)
    assert (lead.role, joint.role) == ("lead", "joint")
    assert lead.due_on == timezone.localdate(stages.APRIL) + timedelta(days=7)
    told = Notice.objects.get(kind="unit_consulted", person=d.clerk.person)
    assert told.url == lead.get_absolute_url()
    assert not Notice.objects.filter(kind__startswith="unit_", person=d.author.person).exists()


@pytest.mark.parametrize(
    ("lead", "joint", "separate", "told"),
    [
        (None, ["fire"], [], "需要一个主办单位"),
        (None, [], ["fire"], "需要一个主办单位"),
        ("housing", [], ["fire", "parks"], "需要一个主办单位"),
        ("housing", ["housing"], [], "同一单位只能选一次"),
        (None, [], [], "需要一个主办单位"),
    ],
)
def test_units_make_sense_together(
    d: SimpleNamespace, lead: str | None, joint: list[str], separate: list[str], told: str
) -> None:
    proposal = stages.filed(d)

    with pytest.raises(NotReady, match=told):
        actions.consult_units(
            proposal,
            by=d.office,
            lead=getattr(d, lead) if lead else None,
            joint=[getattr(d, name) for name in joint],
            separate=[getattr(d, name) for name in separate],
        )

    assert proposal.fresh().status == "filed"


def test_unit_answers_and_may_think_again(d: SimpleNamespace) -> None:
    asked(d)
    clerk = stages.again(d.clerk)

    actions.object_to_handle(of(d.housing), by=clerk, reason=WHY, suggested_unit=d.parks)
    first = of(d.housing)
    assert (first.status, first.suggested_unit) == ("objected", d.parks)
    assert first.words == f"区住建局（主办）：有异议。{WHY} 建议由区城管局承办。"
    actions.agree_to_handle(of(d.housing), by=clerk)

    again = of(d.housing)
    assert (again.status, again.reason, again.suggested_unit) == ("agreed", "", None)
    told = Notice.objects.filter(kind="unit_answered", person=d.office.person)
    assert told.count() == 2


def test_objection_says_why_and_names_another(d: SimpleNamespace) -> None:
    asked(d)
    clerk = stages.again(d.clerk)

    with pytest.raises(NotReady, match="为什么"):
        actions.object_to_handle(of(d.housing), by=clerk, reason=" ")
    with pytest.raises(NotReady, match="不能是本单位"):
        actions.object_to_handle(of(d.housing), by=clerk, reason=WHY, suggested_unit=d.housing)
    with pytest.raises(IntegrityError), transaction.atomic():
        UnitConsultation.objects.filter(unit=d.housing).update(
            **{"status": "objected", "answered_at": stages.APRIL}
        )


def test_nobody_else_answers_and_staff_only_from_paper(d: SimpleNamespace) -> None:
    asked(d)

    for user in (d.parks_clerk, d.joint_clerk, d.author, d.supervision):
        with pytest.raises(NotAllowed):
            actions.agree_to_handle(of(d.housing), by=stages.again(user))
    with pytest.raises(NotReady, match="扫描件"):
        actions.agree_to_handle(of(d.housing), by=d.office)
    scan = stages.scan_for(of(d.housing), d.office)
    actions.agree_to_handle(of(d.housing), by=d.office, scan=scan)

    assert of(d.housing).changes.get().behalf == "区住建局"


def test_text_is_read_while_the_unit_is_thought_of(d: SimpleNamespace) -> None:
    proposal = asked(d)
    assert sees(d.clerk, proposal)
    assert not sees(d.parks_clerk, proposal)
    actions.object_to_handle(of(d.housing), by=stages.again(d.clerk), reason=WHY)

    actions.consult_units(proposal, by=d.office, lead=d.parks, joint=[d.fire], at=stages.APRIL)

    assert not sees(d.clerk, proposal)
    assert sees(d.parks_clerk, proposal)
    assert sees(d.joint_clerk, proposal)
    assert UnitConsultation.objects.filter(unit=d.fire).count() == 1  # not asked twice
    with pytest.raises((IllegalMove, NotAllowed)):
        actions.agree_to_handle(of(d.housing), by=stages.again(d.clerk))


def test_hand_over_to_others_closes_the_text_and_takes_silence_for_no_answer(
    d: SimpleNamespace,
) -> None:
    proposal = asked(d)
    actions.agree_to_handle(of(d.fire), by=stages.again(d.joint_clerk))

    actions.hand_over(proposal, by=d.office, lead=d.parks, joint=[d.fire])

    assert proposal.fresh().status == "assigned"
    assert (of(d.housing).status, of(d.fire).status) == ("lapsed", "agreed")
    assert not UnitConsultation.objects.standing().exists()
    assert not sees(d.clerk, proposal)
    assert sees(d.joint_clerk, proposal)  # by its share


def test_hand_over_needs_no_answer_and_no_question(d: SimpleNamespace) -> None:
    first, second = stages.filed(d), asked(d)

    for proposal in (first, second):
        actions.hand_over(proposal, by=d.office, lead=d.housing)

    assert Handling.objects.filter(proposal__in=[first, second]).count() == 2


def test_proposer_learns_the_status_alone(d: SimpleNamespace) -> None:
    proposal = asked(d)
    actions.object_to_handle(of(d.housing), by=stages.again(d.clerk), reason=WHY)

    page = text(logged_in(d.author).get(proposal.get_absolute_url()))

    assert "预交办·征求意见" in page
    assert WHY not in page
    assert str(d.housing) not in page
    assert not UnitConsultation.objects.visible_to(d.author).exists()


def test_reminders_before_and_after_the_day(d: SimpleNamespace) -> None:
    asked(d)
    due = of(d.housing).due_on
    leader = people.account("u9", "局长", Role.UNIT_LEADER, body=d.housing.body_ptr, post="leader")

    for day, count in ((due - timedelta(days=2), 2), (due, 2), (due + timedelta(days=1), 2)):
        before = Notice.objects.filter(kind="consultation_reminder").count()
        actions.remind(day)
        assert actions.remind(day) == 0
        new = Notice.objects.filter(kind="consultation_reminder").count() - before
        assert new >= count

    late = Notice.objects.filter(kind="consultation_reminder", person=leader.person)
    assert late.count() == 1
    actions.agree_to_handle(of(d.housing), by=stages.again(d.clerk))
    assert of(d.housing).status == "agreed"


def test_merging_and_its_undoing_go_on_while_units_are_asked(d: SimpleNamespace) -> None:
    main, child = asked(d), made.submitted(d)
    actions.merge(child, by=d.office, into=main, note="内容相同，已征得同意。")

    actions.unmerge(child, by=d.office, note="仍分别办理。")

    assert child.fresh().status == "reviewing"


def test_take_out_leaves_no_word_of_the_answers(d: SimpleNamespace) -> None:
    proposal = asked(d)
    actions.object_to_handle(of(d.housing), by=stages.again(d.clerk), reason=WHY)

    actions.take_out(proposal, by=d.office, note="转区委保密办")

    assert not UnitConsultation.objects.filter(reason=WHY).exists()
    assert not UnitConsultation.objects.standing().exists()
    assert not sees(d.clerk, proposal)


def test_supervision_office_hands_over_where_the_setting_says_so(d: SimpleNamespace) -> None:
    proposal = stages.filed(d)
    with pytest.raises(NotAllowed):
        actions.hand_over(proposal, by=d.supervision, lead=d.housing)
    by_supervision(d)

    with pytest.raises(NotAllowed):
        actions.hand_over(proposal, by=d.office, lead=d.housing)
    actions.consult_units(proposal, by=d.office, lead=d.housing)
    actions.agree_to_handle(of(d.housing), by=stages.again(d.clerk))
    told = Notice.objects.filter(kind="unit_answered", person=d.supervision.person)
    assert told.count() == 1
    actions.hand_over(proposal, by=d.supervision, lead=d.housing)

    change = proposal.changes.get(verb="hand_over")
    assert change.by == d.supervision


def test_database_keeps_one_question_a_unit_and_one_lead(d: SimpleNamespace) -> None:
    proposal = asked(d)
    base = {
        "proposal": proposal,
        "asked_by": d.office,
        "due_on": timezone.localdate(),
    }

    for unit, role in ((d.housing, "joint"), (d.parks, "lead")):
        with pytest.raises(IntegrityError), transaction.atomic():
            UnitConsultation.objects.create(unit=unit, role=role, **base)
    with pytest.raises(IntegrityError), transaction.atomic():
        UnitConsultation.objects.filter(unit=d.housing).update(ended_at=stages.APRIL)


# Pages ----------------------------------------------------------------------------------------


def test_unit_answers_at_the_desk(d: SimpleNamespace) -> None:
    proposal = asked(d)
    client, other = logged_in(d.clerk), logged_in(d.parks_clerk)
    page = of(d.housing).get_absolute_url()

    assert "预交办征求意见 1 件" in text(client.get(reverse("desk:index")))
    assert str(proposal) in text(client.get("/"))
    assert page in text(client.get(reverse("desk:consultations")))
    shown = text(client.get(page))
    assert proposal.current_text is not None
    assert proposal.current_text.situation in shown
    assert other.get(page).status_code == 404
    lacking = client.post(f"{page}object/", {"reason": "", "suggested_unit": d.parks.pk})
    assert lacking.status_code == 422
    client.post(f"{page}object/", {"reason": WHY, "suggested_unit": d.parks.pk})

    assert of(d.housing).status == "objected"
    assert page in text(client.get(reverse("desk:consultations"), {"done": "1"}))


def test_office_prepares_sees_answers_and_hands_over(d: SimpleNamespace) -> None:
    proposal = stages.filed(d)
    client = logged_in(d.office)
    ask = reverse("admin:proposals_proposal_consult_units", args=[proposal.pk])
    hand = reverse("admin:proposals_proposal_hand_over", args=[proposal.pk])

    client.post(ask, {"lead": d.housing.pk, "joint": [d.fire.pk]})
    actions.object_to_handle(of(d.housing), by=stages.again(d.clerk), reason=WHY)
    form = client.get(hand)
    whole = client.get(reverse("admin:proposals_proposal_change", args=[proposal.pk]))

    assert WHY in text(form)
    assert WHY in text(whole)
    assert form.context["form"].initial["lead"] == d.housing
    assert [str(unit) for unit in form.context["form"].initial["joint"]] == [str(d.fire)]
    client.post(hand, {"lead": d.parks.pk, "joint": [d.fire.pk]})
    assert proposal.fresh().status == "assigned"


def test_supervision_hands_over_from_its_own_queue(d: SimpleNamespace) -> None:
    by_supervision(d)
    ready, bare = asked(d), stages.filed(d)
    client, office = logged_in(d.supervision), logged_in(d.office)
    queue = reverse("desk:hand_overs")

    assert "待交办的提案 2 件" in text(client.get("/"))
    assert queue in text(client.get(reverse("desk:index")))
    listed = text(client.get(queue))
    assert "区住建局（主办）：征求意见中" in listed
    assert "3个月" in listed
    done = client.post(queue, {"chosen": [ready.pk, bare.pk]}, follow=True)
    assert "已交办 1 件" in text(done)
    assert "交办需要一个主办单位" in text(done)
    page = reverse("proposals:step_hand_over", args=[bare.pk])
    wrong = client.post(page, {"note": "请从速"})
    assert wrong.status_code == 422
    assert "请从速" in text(wrong)
    client.post(page, {"lead": d.housing.pk})

    assert {ready.fresh().status, bare.fresh().status} == {"assigned"}
    assert office.get(queue).status_code == 403
    assert logged_in(d.author).get(queue).status_code == 403


def test_many_are_handed_over_to_the_units_that_were_asked(d: SimpleNamespace) -> None:
    lead = asked(d)
    separate = asked(d, separate=[d.housing, d.fire])
    objected = asked(d, lead=d.parks)
    actions.object_to_handle(
        UnitConsultation.objects.get(proposal=objected),
        by=stages.again(d.parks_clerk),
        reason=WHY,
    )
    gone = made.handed_over(d)
    rows = [lead, separate, objected, gone]
    client = logged_in(d.office)
    listed = reverse("admin:proposals_proposal_changelist")

    preview = client.post(
        listed, {"action": "hand_over_many", "_selected_action": [row.pk for row in rows]}
    )
    forms = {form.proposal.pk: form for form in preview.context["rows"]}

    assert suggest([lead])[lead.pk].source == ASKED
    assert [forms[row.pk].initial["chosen"] for row in rows] == [True, True, False, False]
    assert WHY in text(preview)
    assert "3个月" in text(preview)
    assert "现在是「已交办·待签收」" in text(preview)
    posted: dict[str, Any] = {"rows": [row.pk for row in rows]}
    for row in (lead, separate, gone):
        initial = forms[row.pk].initial
        posted[f"p{row.pk}-chosen"] = "on"
        for name in ("lead", "joint", "separate"):
            posted[f"p{row.pk}-{name}"] = initial[name]
    posted[f"p{gone.pk}-lead"] = d.housing.pk
    done = client.post(reverse("admin:proposals_proposal_hand_over_many"), posted, follow=True)

    assert "已交办 2 件" in text(done)
    assert "现在是「已交办·待签收」，不能办理" in text(done)
    roles = {share.role for share in separate.handlings.all()}
    assert roles == {"separate"}
    assert objected.fresh().status == "preassigned"


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("who", "page", "most"),
    [("clerk", "desk:consultations", 14), ("supervision", "desk:hand_overs", 28)],
)
def test_lists_ask_a_constant_number_of_queries(
    d: SimpleNamespace, count: int, who: str, page: str, most: int
) -> None:
    by_supervision(d)
    for _number in range(count):
        asked(d)
    client = logged_in(getattr(d, who))

    with CaptureQueriesContext(connection) as queries:
        assert client.get(reverse(page)).status_code == 200

    assert len(queries) <= most


def test_closed_account_answers_nothing(d: SimpleNamespace) -> None:
    asked(d)
    User.objects.filter(pk=d.clerk.pk).update(is_active=False)

    with pytest.raises(PermissionDenied):
        actions.agree_to_handle(of(d.housing), by=stages.again(d.clerk))
