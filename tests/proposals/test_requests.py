"""Requests of units: released of a share or given a later date, decided by another, told, with history."""

from datetime import date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from cppcc_portal.office import deadlines, files
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.models import Notice
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady
from members.models import Posting, Unit
from members.roles import Role
from proposals import actions
from proposals.actions import requesting
from proposals.models import Handling, Proposal, UnitRequest
from tests import people, stages
from tests.browsing import logged_in, queries, text
from tests.laid import once
from tests.topics import pdf

pytestmark = pytest.mark.django_db
ON = stages.APRIL
WHY = "不属于本单位职责，应由区城管局办理。"


@pytest.fixture
@once
def d(district: SimpleNamespace) -> SimpleNamespace:
    district.supervision = people.account("dc", "督查员甲", Role.SUPERVISION)
    district.parks = people.unit("区城管局")
    district.parks_clerk = people.account(
        "cg", "城管经办", Role.UNIT_CLERK, body=district.parks.body_ptr, post="clerk"
    )
    return district


def handed_over(d: SimpleNamespace) -> Proposal:
    return stages.handed_over(d)


def asked_back(d: SimpleNamespace, share: Handling | None = None) -> UnitRequest:
    share = share or stages.lead_of(handed_over(d))
    at = moment(share.handed_over_on)
    return actions.request_return(
        share, by=d.clerk, reason=WHY, suggested_unit=d.parks, upload=pdf("申请.pdf"), at=at
    )


def moment(day: date) -> datetime:
    return datetime.combine(day, time(10), tzinfo=people.CHINA)


def shown(share: Handling) -> list[str]:
    return [change.verb for change in share.changes.order_by("pk")]


# Asking ----------------------------------------------------------------------------------------


def test_return_needs_a_reason_and_the_leaders_signature(d: SimpleNamespace) -> None:
    share = stages.lead_of(handed_over(d))
    at = moment(share.handed_over_on)

    for told, fields in (
        ("请写明申请退办的理由", {"reason": " ", "upload": pdf()}),
        ("请附上单位负责人签字的申请", {"reason": WHY}),
        ("不能是本单位", {"reason": WHY, "upload": pdf(), "suggested_unit": d.housing}),
    ):
        with pytest.raises(NotReady, match=told):
            actions.request_return(share, by=d.clerk, at=at, **fields)
    for stranger in (d.joint_clerk, d.author, d.supervision):
        with pytest.raises(NotAllowed):
            actions.request_return(
                share, by=stranger, reason=WHY, office_decides=True, upload=pdf(), at=at
            )

    assert not UnitRequest.objects.exists()
    assert not Attachment.objects.of(share).exists()


def test_return_after_its_days_says_the_way_on(d: SimpleNamespace) -> None:
    share = stages.lead_of(handed_over(d))
    late = moment(share.handed_over_on + timedelta(days=20))

    with pytest.raises(NotReady, match="现已过期.*办公室改办"):
        actions.request_return(
            share, by=d.clerk, reason=WHY, office_decides=True, upload=pdf(), at=late
        )


def test_office_asks_for_a_unit_only_from_paper(d: SimpleNamespace) -> None:
    share = stages.lead_of(handed_over(d))
    at = moment(share.handed_over_on)

    with pytest.raises(NotReady, match="代录须附上"):
        actions.request_return(
            share, by=d.office, reason=WHY, office_decides=True, upload=pdf(), at=at
        )
    scan = files.accept(pdf(), subject=share, by=d.office, kind=Attachment.Kind.SCAN)
    asked = actions.request_return(
        share, by=d.office, reason=WHY, office_decides=True, scan=scan, at=at
    )

    line = share.changes.get(verb="request_return")
    assert (asked.paper, line.behalf, line.scan) == (scan, str(d.housing), scan)


def test_one_open_request_of_a_kind_whoever_writes(d: SimpleNamespace) -> None:
    asked = asked_back(d)
    row = {
        "kind": "return",
        "reason": WHY,
        "suggested_unit": d.parks,
        "asked_by": d.clerk,
        "due_on": asked.due_on,
    }

    with pytest.raises(IntegrityError), transaction.atomic():
        UnitRequest.objects.create(handling=asked.handling, **row)
    with pytest.raises(IntegrityError), transaction.atomic():
        Handling.objects.filter(pk=asked.handling_id).update(return_request=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        UnitRequest.objects.filter(pk=asked.pk).update(reason="")
    with pytest.raises(IntegrityError), transaction.atomic():
        UnitRequest.objects.filter(pk=asked.pk).update(status="refused")


def test_who_decides_is_told_and_reminded_once(d: SimpleNamespace) -> None:
    asked = asked_back(d)
    told = Notice.objects.filter(kind="request_made", person=d.supervision.person)
    assert told.count() == 1

    late = asked.due_on
    assert actions.remind(late) >= 1
    assert actions.remind(late) == 0
    reminded = Notice.objects.filter(kind="request_reminder", person=d.supervision.person)
    assert reminded.count() == 1


def test_return_says_whose_business_it_is_or_leaves_it_to_the_office(d: SimpleNamespace) -> None:
    share = stages.lead_of(handed_over(d))
    at = moment(share.handed_over_on)
    d.parks.active = False

    for told, fields in (
        ("请选择建议由哪个单位承办.*由提案委研究确定", {}),
        ("请去掉“由提案委研究确定”", {"suggested_unit": d.fire, "office_decides": True}),
        ("区城管局 已停用", {"suggested_unit": d.parks}),
    ):
        with pytest.raises(NotReady, match=told):
            actions.request_return(share, by=d.clerk, reason=WHY, upload=pdf(), at=at, **fields)
    asked = actions.request_return(
        share, by=d.clerk, reason=WHY, office_decides=True, upload=pdf(), at=at
    )

    assert (asked.suggested_unit, asked.office_decides) == (None, True)
    for broken in ({"office_decides": False}, {"suggested_unit": d.fire}):
        with pytest.raises(IntegrityError), transaction.atomic():
            UnitRequest.objects.filter(pk=asked.pk).update(**broken)
    for user in (d.clerk, d.supervision):
        client = logged_in(user)
        assert "由提案委研究确定" in text(client.get(asked.get_absolute_url()))
        assert "由提案委研究确定" in text(client.get(share.get_absolute_url()))


# Deciding --------------------------------------------------------------------------------------


def test_granted_return_goes_to_the_new_unit_with_its_own_clock(d: SimpleNamespace) -> None:
    asked = asked_back(d)
    old, proposal = asked.handling, asked.handling.proposal
    at = moment(asked.due_on)

    requesting.grant(asked, by=d.supervision, unit=d.parks, answer="同意改办。", at=at)

    old.refresh_from_db()
    proposal.refresh_from_db()
    new = proposal.handlings.get(unit=d.parks)
    assert (asked.status, old.status, old.rehanded_to) == ("granted", "rehanded", d.parks)
    assert (new.role, new.status, new.handed_over_on) == ("lead", "waiting", asked.due_on)
    assert new.due_on > old.due_on
    assert (proposal.first_share, proposal.due_on) == (new, new.due_on)
    assert shown(old) == ["request_return", "rehand"]
    open_clocks = deadlines.Deadline.objects.filter(subject=f"proposals.handling:{old.pk}").open()
    assert not open_clocks.exists()
    # The old unit no longer reads the proposal; the new one answers it.
    assert not Handling.objects.visible_to(stages.again(d.clerk)).filter(pk=old.pk).exists()
    actions.acknowledge(new, by=stages.again(d.parks_clerk), at=at)
    for kind, person in (
        ("request_decided", d.clerk),
        ("unit_handed_over", d.parks_clerk),
        ("rehanded", d.author),
    ):
        assert Notice.objects.filter(kind=kind, person=person.person).exists(), kind


def test_refused_return_carries_on_with_its_clock(d: SimpleNamespace) -> None:
    asked = asked_back(d)
    share, due = asked.handling, asked.handling.due_on

    with pytest.raises(NotReady, match="请写明不同意的理由"):
        requesting.refuse(asked, by=d.supervision, answer=" ")
    requesting.refuse(asked, by=d.supervision, answer="属于你局职责。", at=moment(asked.due_on))

    share.refresh_from_db()
    assert (share.status, share.due_on, share.round) == ("acknowledged", due, 1)
    assert shown(share) == ["request_return", "keep"]
    joint = stages.joint_of(share.proposal)
    actions.acknowledge(joint, by=d.joint_clerk, at=ON)
    stages.give(joint, by=stages.again(d.joint_clerk))
    stages.send(share, by=stages.again(d.clerk))


def test_unit_takes_its_request_back(d: SimpleNamespace) -> None:
    asked = asked_back(d)

    with pytest.raises(NotAllowed):
        requesting.withdraw(asked, by=d.joint_clerk)
    requesting.withdraw(asked, by=stages.again(d.clerk), at=moment(asked.due_on))

    asked.handling.refresh_from_db()
    assert (asked.status, asked.handling.status) == ("withdrawn", "acknowledged")
    with pytest.raises(IllegalMove):
        requesting.grant(asked, by=d.supervision, unit=d.parks)


def test_of_two_who_decide_the_second_is_told(d: SimpleNamespace) -> None:
    asked = asked_back(d)
    same = UnitRequest.objects.get(pk=asked.pk)
    requesting.refuse(asked, by=d.supervision, answer="不同意。")

    with pytest.raises(IllegalMove):
        requesting.grant(same, by=d.office, unit=d.parks)

    assert Handling.objects.filter(unit=d.parks).count() == 0


@pytest.mark.parametrize("who", ["clerk", "joint_clerk", "author", "cosigner"])
def test_nobody_else_decides(d: SimpleNamespace, who: str) -> None:
    asked = asked_back(d)
    user = stages.again(getattr(d, who))

    with pytest.raises(NotAllowed):
        requesting.grant(asked, by=user, unit=d.parks)
    with pytest.raises(NotAllowed):
        requesting.refuse(asked, by=user, answer="不。")
    with pytest.raises(NotAllowed):
        actions.rehand(asked.handling, by=user, unit=d.parks, note="改。")


def test_joint_unit_that_takes_the_lead_leaves_its_joint_share(d: SimpleNamespace) -> None:
    share = stages.lead_of(handed_over(d))
    proposal = share.proposal

    actions.rehand(share, by=d.office, unit=d.fire, note="职责调整。", at=moment(share.due_on))

    standing = proposal.handlings.standing()
    assert [(row.unit, row.role) for row in standing] == [(d.fire, "lead")]
    with pytest.raises(IntegrityError), transaction.atomic():
        Handling.objects.filter(proposal=proposal, unit=d.housing).update(status="waiting")


def test_joint_share_may_be_dropped_and_a_lead_may_not(d: SimpleNamespace) -> None:
    proposal = stages.acknowledged(d)
    lead, joint = stages.lead_of(proposal), stages.joint_of(proposal)

    with pytest.raises(NotReady, match="请选择改由哪个单位承办"):
        actions.rehand(lead, by=d.office, unit=None, note="不办了。")
    with pytest.raises(NotReady, match="请写明改办的理由"):
        actions.rehand(joint, by=d.office, unit=None, note=" ")
    with pytest.raises(NotReady, match="已是这件提案的"):
        actions.rehand(joint, by=d.office, unit=d.housing, note="改。")
    actions.rehand(joint, by=d.office, unit=None, note="不需要会办。", at=ON)
    # Nothing is waited for any more: the lead may answer at once.
    stages.send(lead, by=stages.again(d.clerk))

    proposal.refresh_from_db()
    assert proposal.status == Proposal.Status.REPLIED


def test_return_decided_after_the_others_answered_settles_the_proposal(d: SimpleNamespace) -> None:
    proposal = stages.handed_over(d)
    lead, joint = stages.lead_of(proposal), stages.joint_of(proposal)
    actions.acknowledge(lead, by=d.clerk, at=ON)
    at = moment(joint.handed_over_on)
    asked = actions.request_return(
        joint, by=d.joint_clerk, reason=WHY, office_decides=True, upload=pdf("申请.pdf"), at=at
    )
    proposal.refresh_from_db()
    assert proposal.status == Proposal.Status.ASSIGNED  # not all have received it

    requesting.grant(asked, by=d.office, unit=None, at=ON)

    proposal.refresh_from_db()
    assert proposal.status == Proposal.Status.HANDLING


# A later date ----------------------------------------------------------------------------------


def test_extension_within_the_longest_allowed(d: SimpleNamespace) -> None:
    share = stages.lead_of(stages.acknowledged(d))
    at, due = moment(share.handed_over_on + timedelta(days=30)), share.due_on
    clock = deadlines.Deadline.objects.current(share, "reply")
    assert clock is not None
    latest = deadlines.latest_extension(clock)
    ask: Any = {"by": d.clerk, "reason": "需实地勘测。", "at": at}

    for day, told in ((due, "须晚于现期限"), (latest + timedelta(days=1), "最迟只能延到")):
        with pytest.raises(NotReady, match=told):
            actions.request_extension(share, wanted_on=day, **ask)
    late = {**ask, "at": moment(due + timedelta(days=1))}
    with pytest.raises(NotReady, match="须在期限.*之前申请"):
        actions.request_extension(share, wanted_on=latest, **late)
    asked = actions.request_extension(share, wanted_on=latest, **ask)
    share.refresh_from_db()
    assert share.due_on == due  # nothing moves before it is granted

    until = due + timedelta(days=30)
    requesting.grant(asked, by=d.supervision, until=until, at=at)

    share.refresh_from_db()
    clock.refresh_from_db()
    assert (share.due_on, clock.due_on, clock.original_due_on) == (until, until, due)
    assert share.proposal.fresh().due_on == until
    assert asked.granted_until == until


def test_extension_is_for_who_answers_the_proposers(d: SimpleNamespace) -> None:
    joint = stages.joint_of(stages.acknowledged(d))

    with pytest.raises(NotReady, match="会办意见不办理延期"):
        actions.request_extension(
            joint, by=d.joint_clerk, reason="忙", wanted_on=joint.due_on + timedelta(days=9), at=ON
        )


def test_reply_ends_the_wait_for_a_later_date(d: SimpleNamespace) -> None:
    share = stages.lead_of(stages.answerable(d))
    due = share.due_on
    asked = actions.request_extension(
        share, by=d.clerk, reason="勘测。", wanted_on=due + timedelta(days=30), at=ON
    )

    stages.send(share, by=stages.again(d.clerk))

    asked.refresh_from_db()
    assert asked.status == "lapsed"
    assert actions.remind(due) >= 0
    assert not Notice.objects.filter(kind="request_reminder").exists()


def test_nobody_decides_on_what_they_asked_or_on_their_own_unit(d: SimpleNamespace) -> None:
    share = stages.lead_of(handed_over(d))
    scan = files.accept(pdf(), subject=share, by=d.office, kind=Attachment.Kind.SCAN)
    at = moment(share.handed_over_on)
    asked = actions.request_return(
        share, by=d.office, reason=WHY, office_decides=True, scan=scan, at=at
    )
    assert asked.is_entered

    with pytest.raises(NotAllowed):
        requesting.grant(asked, by=d.office, unit=d.parks)
    Posting.objects.create(
        person=d.supervision.person,
        body=d.housing.body_ptr,
        role="clerk",
        since=date(2026, 1, 1),
    )
    with pytest.raises(NotAllowed):
        requesting.grant(asked, by=stages.again(d.supervision), unit=d.parks)


def test_second_round_is_not_rehanded(d: SimpleNamespace) -> None:
    share = stages.lead_of(stages.dissatisfied(d))
    rehandling = share.rehandlings.get()
    actions.start_rehandling(rehandling, by=d.office, at=ON)

    with pytest.raises(NotReady, match="不再改办"):
        actions.rehand(share.fresh(), by=d.office, unit=d.parks, note="改。")


def test_old_unit_and_the_others_are_told(d: SimpleNamespace) -> None:
    share = stages.lead_of(handed_over(d))
    actions.rehand(share, by=d.office, unit=d.parks, note="职责调整。", at=moment(share.due_on))

    told = Notice.objects.filter(kind="rehanded")
    people_told = {notice.person for notice in told}
    assert {d.clerk.person, d.joint_clerk.person, d.author.person} <= people_told
    new = share.proposal.handlings.get(unit=d.parks)
    assert "职责调整。" in text(logged_in(d.parks_clerk).get(new.get_absolute_url()))
    assert "职责调整。" in text(logged_in(d.author).get(share.proposal.get_absolute_url()))


def test_closing_and_taking_out_leave_no_request_open(d: SimpleNamespace) -> None:
    asked = asked_back(d)
    actions.take_out(asked.handling.proposal, by=d.office, note="转区委保密办。")

    asked.refresh_from_db()
    assert asked.status == "lapsed"
    assert WHY not in (asked.reason, *asked.changes.values_list("note", flat=True))
    assert not asked.handling.changes.filter(note__contains="职责").exists()
    assert not Attachment.objects.of(asked).present().exists()
    assert not Attachment.objects.of(asked.handling).present().exists()


# Pages -----------------------------------------------------------------------------------------


def test_unit_asks_and_supervision_decides_by_pages(d: SimpleNamespace) -> None:
    proposal = handed_over(d)
    share = stages.lead_of(proposal)
    with time_machine.travel(moment(share.handed_over_on), tick=False):
        clerk, supervision = logged_in(d.clerk), logged_in(d.supervision)
        desk = share.get_absolute_url()
        assert "申请退办" in text(clerk.get(desk))
        bare = clerk.post(f"{desk}request_return/", {"reason": WHY})
        assert "请附上单位负责人签字的申请" in text(bare)
        assert WHY in text(bare)
        sent = clerk.post(
            f"{desk}request_return/",
            {"reason": WHY, "suggested_unit": d.parks.pk, "upload": pdf("申请.pdf")},
        )
        asked = UnitRequest.objects.get()
        assert sent["Location"] == asked.get_absolute_url()
        assert "等督查室或提案委办公室决定" in text(clerk.get(desk))
        assert str(asked.handling.proposal) in text(supervision.get("/"))
        listed = reverse("desk:requests")
        assert asked.get_absolute_url() in text(supervision.get(listed))
        page = asked.get_absolute_url()
        assert clerk.get(f"{page}grant/").status_code == 403
        form = supervision.get(f"{page}grant/").context["form"]
        assert form["unit"].value() == d.parks.pk
        supervision.post(f"{page}grant/", {"unit": d.parks.pk, "answer": ""})

        assert share.fresh().status == "rehanded"
        assert "已改由区城管局承办" in text(logged_in(d.author).get(proposal.get_absolute_url()))
        assert clerk.get(desk).status_code == 404
        assert "区城管局" in text(clerk.get(page))
        # The unit that was released still reads its own paper.
        kept = UnitRequest.objects.get().paper
        assert kept is not None
        assert kept.can_be_read_by(stages.again(d.clerk))
        assert logged_in(d.joint_clerk).get(page).status_code == 404
        assert logged_in(d.author).get(page).status_code == 404
        assert logged_in(d.parks_clerk).get(reverse("desk:index")).context["page"].rows


def test_office_finds_requests_in_its_queue_and_rehands(d: SimpleNamespace) -> None:
    share = stages.lead_of(handed_over(d))
    asked = asked_back(d, share)
    office = logged_in(d.office)

    found = {
        str(one.label): one
        for group in office.get(reverse("admin:index")).context["groups"]
        for one in group.queues
    }["待决定的退办延期申请"]
    assert found.count == 1
    assert office.get(found.url).context["cl"].result_count == 1
    change = reverse("admin:proposals_unitrequest_change", args=[asked.pk])
    assert office.get(change)["Location"] == asked.get_absolute_url()
    handling = reverse("admin:proposals_handling_change", args=[share.pk])
    assert f"{share.get_absolute_url()}rehand/" in text(office.get(handling))
    done = office.post(
        f"{share.get_absolute_url()}rehand/", {"unit": d.parks.pk, "note": "职责调整。"}
    )
    assert done.status_code == 302
    asked.refresh_from_db()
    assert (asked.status, share.fresh().rehanded_to) == ("granted", d.parks)


def test_list_takes_a_constant_number_of_queries(d: SimpleNamespace) -> None:
    asked_back(d)
    user, url = d.supervision, reverse("desk:requests")
    one = queries(logged_in(user), url)
    for _more in range(2):
        asked_back(d)

    assert queries(logged_in(user), url) == one


def test_units_offered_are_in_use_and_others(d: SimpleNamespace) -> None:
    share = stages.lead_of(handed_over(d))
    Unit.objects.filter(pk=d.parks.pk).update(active=False)

    with pytest.raises(NotReady, match="已停用"):
        actions.rehand(share, by=d.office, unit=Unit.objects.get(pk=d.parks.pk), note="改。")
    with pytest.raises(NotReady, match="另一个单位"):
        actions.rehand(share, by=d.office, unit=d.housing, note="改。")
