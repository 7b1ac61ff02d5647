"""Attacks on the rules of answers: shares, promises, ratings, and what must stay or stay out.

The map of all rules stands in test_rules.py.
"""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, models, transaction
from django.db.models import ProtectedError
from django.urls import reverse

from cppcc_portal.office import files
from cppcc_portal.office.audit import AuditEvent
from cppcc_portal.office.keys import key_of
from cppcc_portal.office.models import Notice
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady
from members.models import Commitment, Posting, User
from members.roles import Role
from proposals import actions
from proposals.models import (
    Evaluation,
    Handling,
    Proposal,
    Proposer,
    Rehandling,
    Reply,
    ResultClass,
    TextVersion,
)
from tests import district as made
from tests import people
from tests.district import JANUARY, TEXT, handed_over, seat
from tests.stages import (
    APRIL,
    LATE,
    acknowledged,
    again,
    answer,
    answerable,
    dissatisfied,
    everything,
    filed,
    give,
    joint_of,
    lead_of,
    logged_in,
    rate,
    rating_of,
    replied,
    scan_for,
    send,
)

pytestmark = pytest.mark.django_db

# Rule 4: units and their shares -------------------------------------------------------------------


def test_rule_4_hand_over_needs_one_lead_or_several_separate_units(
    district: SimpleNamespace,
) -> None:
    d, proposal = district, filed(district)
    gone = people.unit("区撤销局")
    type(gone).objects.filter(pk=gone.pk).update(active=False)
    before = everything()

    for wrong in (
        {},
        {"joint": [d.fire]},
        {"separate": [d.fire]},
        {"lead": d.housing, "separate": [d.fire]},
        {"separate": [d.fire, d.housing], "joint": [people.unit("区水利局")]},
        {"lead": d.housing, "joint": [d.housing]},
        {"separate": [d.fire, d.fire]},
        {"lead": gone},
        {"lead": d.housing, "due_on": date(2020, 1, 1)},
    ):
        with pytest.raises(NotReady):
            actions.hand_over(proposal, by=d.office, **wrong)

    assert everything() == before


def test_rule_4_database_refuses_two_leads_and_what_a_share_may_not_become(
    district: SimpleNamespace,
) -> None:
    proposal = replied(district)
    lead, joint = lead_of(proposal), joint_of(proposal)

    for share, wrong in (
        (joint, {"role": "lead"}),
        (joint, {"status": "replied", "current_reply": lead.current_reply}),
        (joint, {"unit": lead.unit}),
        (lead, {"status": "opinion_given", "joint_opinion": joint.joint_opinion}),
        (lead, {"role": "joint"}),
        (lead, {"current_reply": None}),
        (lead, {"done_at": None}),
        (joint, {"joint_opinion": None}),
        (joint, {"acknowledged_at": None}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Handling.objects.filter(pk=share.pk).update(**wrong)


def test_rule_4_only_the_lead_replies_and_only_its_own_people(district: SimpleNamespace) -> None:
    d, proposal = district, acknowledged(district)
    lead, joint = lead_of(proposal), joint_of(proposal)
    Posting.objects.filter(person=d.clerk.person).update(until=date(2026, 1, 1))
    before = everything()

    with pytest.raises(IllegalMove):
        send(joint.fresh(), by=again(d.joint_clerk))
    for user in (d.joint_clerk, d.author):
        with pytest.raises(NotAllowed):
            give(lead.fresh(), by=again(user))
    for user in (d.joint_clerk, d.author, d.clerk):  # the last one's posting has ended
        with pytest.raises(NotAllowed):
            send(lead.fresh(), by=again(user))
        with pytest.raises(NotAllowed):
            actions.record_contact(
                lead.fresh(),
                by=again(user),
                proposer=proposal.first_proposer,
                way="phone",
                stage="during",
                on=date(2026, 4, 1),
                summary="x",
            )

    assert everything() == before


def test_rule_4_joint_units_page_sends_no_reply(district: SimpleNamespace) -> None:
    joint = joint_of(acknowledged(district))
    clerk = logged_in(district.joint_clerk)
    typed = {**answer(), "result_class": ResultClass.objects.get(code="A").pk, "version": "1"}

    for verb in ("reply", "save_reply"):
        clerk.post(reverse(f"desk:{verb}", args=[joint.pk]), {**typed, "reply": ""})

    assert not Reply.objects.exists()
    assert joint.fresh().status == Handling.Status.ACKNOWLEDGED


# Rule 5: no promise without what, who, by when ----------------------------------------------------

GOOD = {"what": "建成十处", "who": "科长", "due_on": LATE}


@pytest.mark.parametrize(
    ("letter", "more"),
    [
        ("B", {}),
        ("A", {"promised": True}),
        ("B", {"promised": False, "planned": [{"what": "建成十处"}]}),
        ("B", {"commitments": [{**GOOD, "what": " "}]}),
        ("B", {"commitments": [{**GOOD, "who": ""}]}),
        ("B", {"commitments": [{**GOOD, "due_on": APRIL.date()}]}),
        ("A", {"commitments": [GOOD, {**GOOD, "due_on": date(2020, 1, 1)}]}),
    ],
)
def test_rule_5_reply_that_promises_needs_a_whole_promise(
    district: SimpleNamespace, letter: str, more: dict[str, Any]
) -> None:
    share = lead_of(answerable(district))
    before = everything()

    with pytest.raises(NotReady):
        send(share, by=again(district.clerk), letter=letter, **more)

    assert everything() == before


def test_rule_5_promise_makes_the_reply_one_that_promises(district: SimpleNamespace) -> None:
    sent = send(lead_of(answerable(district)), by=again(district.clerk), commitments=[GOOD])

    sent.refresh_from_db()
    assert sent.promised
    assert sent.first_commitment == Commitment.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Reply.objects.filter(pk=sent.pk).update(first_commitment=None)
    with pytest.raises(ProtectedError):
        Commitment.objects.all().delete()


def test_rule_5_forged_form_without_rows_of_promises_sends_nothing(
    district: SimpleNamespace,
) -> None:
    share = lead_of(answerable(district))
    typed = {**answer(), "result_class": ResultClass.objects.get(code="B").pk, "openness": "full"}
    forged = {"version": "1", "reply": "", "promised": "", "first_commitment": "1"}

    for rows in ({}, {"promises-TOTAL_FORMS": "0", "promises-INITIAL_FORMS": "0"}):
        logged_in(district.clerk).post(
            reverse("desk:reply", args=[share.pk]), {**typed, **forged, **rows}
        )

    assert share.fresh().status == Handling.Status.ACKNOWLEDGED
    assert not Reply.objects.sent().exists()


@pytest.mark.parametrize("part", ["text", "document_number", "signer"])
def test_rule_5_database_refuses_to_empty_a_sent_reply(
    district: SimpleNamespace, part: str
) -> None:
    proposal = replied(district)

    with pytest.raises(IntegrityError), transaction.atomic():
        Reply.objects.filter(handling__proposal=proposal).update(**{part: ""})


# Rule 6: a rating is the proposer's own -----------------------------------------------------------


def test_rule_6_nobody_rates_for_another(district: SimpleNamespace) -> None:
    d = district
    replied(d)
    mine = rating_of(d.author)
    both = people.account(
        "u9", "兼任", Role.OFFICE, Role.UNIT_CLERK, body=d.housing.body_ptr, post="clerk"
    )
    leader = people.account("ld", "副主席", Role.LEADER)
    before = everything()

    for user in (d.cosigner, d.other, d.clerk, d.joint_clerk, both, leader):
        with pytest.raises(NotAllowed):
            rate(mine.fresh(), by=again(user))
        seen = logged_in(user).post(
            reverse("proposals:evaluate", args=[mine.pk]),
            {"attitude": "satisfied", "result": "satisfied", "proposer": user.pk},
        )
        assert seen.status_code in (403, 404)
    with pytest.raises(NotReady):
        rate(mine.fresh(), by=d.office)  # without the signed form
    User.objects.filter(pk=d.author.pk).update(is_active=False)
    with pytest.raises(NotAllowed):
        rate(mine.fresh(), by=again(d.author))

    assert everything() == before


def test_rule_6_silence_is_never_satisfied(district: SimpleNamespace) -> None:
    replied(district)
    silent = rating_of(district.cosigner)

    assert [actions.expire_evaluations(LATE) for _run in range(2)] == [2, 0]
    silent.refresh_from_db()
    assert (silent.status, silent.attitude, silent.result) == ("expired", "", "")
    for wrong in (
        {"attitude": "satisfied"},
        {"result": "satisfied"},
        {"status": "answered"},
        {"status": "answered", "attitude": "good", "result": "good", "answered_at": APRIL},
        {"status": "answered", "attitude": "not", "result": "not", "answered_at": APRIL},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Evaluation.objects.filter(pk=silent.pk).update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        Evaluation.objects.create(reply=silent.reply, proposer=silent.proposer, due_on=LATE)


def test_rule_6_old_page_rates_neither_an_old_round_nor_a_closed_proposal(
    district: SimpleNamespace,
) -> None:
    d, proposal = district, replied(district)
    old_page = rating_of(d.cosigner)
    rate(rating_of(d.author), by=d.author, result="not", text="没有写明地点")
    actions.start_rehandling(Rehandling.objects.get(), by=d.office, at=APRIL)

    with pytest.raises(NotReady):
        rate(old_page.fresh(), by=d.cosigner)
    with pytest.raises((IllegalMove, NotReady)):
        rate(old_page, by=d.cosigner)

    again_, letter = lead_of(proposal), scan_for(proposal, d.clerk)
    send(again_, by=again(d.clerk), signed=letter)
    actions.expire_evaluations(LATE)
    actions.close(proposal, by=d.office, at=APRIL)
    with pytest.raises(NotReady):
        rate(rating_of(d.cosigner), by=d.cosigner)


# Rule 15: nothing is deleted that somebody relied on ----------------------------------------------


def test_rule_15_no_page_deletes(district: SimpleNamespace) -> None:
    dissatisfied(district)
    clients = [
        logged_in(district.office),
        logged_in(people.account("sys", "系统", Role.SYSTEM_ADMIN)),
    ]
    before = everything()

    for client in clients:
        for model in (Proposal, Handling, Evaluation, Rehandling):
            name = model._meta.model_name
            row = model._base_manager.latest("pk")
            where = reverse(f"admin:proposals_{name}_delete", args=[row.pk])
            assert client.post(where, {"post": "yes"}).status_code in (403, 404)
            client.post(
                reverse(f"admin:proposals_{name}_changelist"),
                {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"},
            )

    assert everything() == before


@pytest.mark.parametrize(
    "model", [Proposal, Proposer, Handling, Reply, Evaluation, Rehandling, Commitment, TextVersion]
)
def test_rule_15_database_refuses_to_delete_what_has_a_history(
    district: SimpleNamespace, model: type[models.Model]
) -> None:
    proposal = answerable(district)
    send(lead_of(proposal), by=again(district.clerk), commitments=[GOOD])
    rate(rating_of(district.author), by=district.author, result="not", text="没有写明地点")
    actions.start_rehandling(Rehandling.objects.get(), by=district.office, at=APRIL)

    with pytest.raises((IntegrityError, ProtectedError)), transaction.atomic():
        model._base_manager.earliest("pk").delete()


def test_rule_15_sent_reply_is_changed_by_no_door(district: SimpleNamespace) -> None:
    d, proposal = district, answerable(district)
    old_page = lead_of(proposal)
    send(lead_of(proposal), by=again(d.clerk))
    typed = {
        **answer(),
        "text": "改过的答复",
        "result_class": 1,
        "version": "2",
        "openness": "none",
    }
    before = everything()

    with pytest.raises(IllegalMove):
        actions.save_reply(old_page, by=again(d.clerk), text="改过的答复")
    for verb in ("reply", "save_reply"):
        logged_in(d.clerk).post(reverse(f"desk:{verb}", args=[old_page.pk]), {**typed, "reply": ""})

    assert everything() == before


def test_rule_15_every_step_is_in_the_audit_log(district: SimpleNamespace) -> None:
    proposal = dissatisfied(district)

    for thing in (proposal, *proposal.handlings.all(), *Evaluation.objects.all()):
        events = AuditEvent.objects.filter(object=key_of(thing))
        steps = [event.action for event in events.order_by("pk") if "status" in event.fields]
        name = thing._meta.model_name
        assert steps == [f"{name}.{change.verb}" for change in thing.changes.order_by("pk")]


# Rule 16: what was taken out stays out ------------------------------------------------------------

SECRET = "金丝雀机密"


def words_left() -> list[str]:
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            if any(SECRET in str(row) for row in cursor.fetchall()):
                found.append(table)
    return found


def test_rule_16_old_pages_write_nothing_into_what_was_taken_out(
    district: SimpleNamespace,
) -> None:
    d, proposal = district, answerable(district)
    share, stale, first = lead_of(proposal), lead_of(proposal), proposal.first_proposer
    page = proposal.fresh()
    actions.take_out(proposal, by=d.office, note="转区委保密办")
    contact = {"way": "phone", "stage": "during", "on": date(2026, 4, 1), "summary": SECRET}

    for attempt in (
        lambda: actions.save_reply(stale, by=again(d.office), text=SECRET),
        lambda: actions.save_reply(share, by=again(d.clerk), text=SECRET),
        lambda: send(share, by=again(d.clerk), text=SECRET),
        lambda: actions.record_contact(share, by=again(d.clerk), proposer=first, **contact),
        lambda: actions.save_draft(page, by=d.author, version=1, **{**TEXT, "title": SECRET}),
        lambda: actions.add_note(page, by=again(d.office), text=SECRET),
        lambda: actions.return_(page, by=d.office, note=SECRET),
    ):
        with pytest.raises((IllegalMove, NotAllowed)):
            attempt()

    assert words_left() == []
    before = Notice.objects.count()
    actions.remind(LATE - timedelta(days=1))
    assert Notice.objects.count() == before


def test_rule_16_only_the_office_takes_out_and_never_by_looking(district: SimpleNamespace) -> None:
    proposal = handed_over(district)
    where = reverse("admin:proposals_proposal_take_out", args=[proposal.pk])
    before = everything()

    logged_in(district.office).get(where, {"note": "转区委保密办"})
    logged_in(district.office).post(where, {"note": "  "})
    for role in (Role.SECRETARY_GENERAL, Role.SUPERVISION, Role.SYSTEM_ADMIN, Role.UNIT_CLERK):
        logged_in(people.account(f"r{role}", "某人", role)).post(where, {"note": "转"})

    assert everything() == before


# Rule 17: staff act for others on paper only ------------------------------------------------------


def test_rule_17_nothing_is_entered_for_others_without_its_scan(district: SimpleNamespace) -> None:
    d = district
    entered = actions.start_draft(by=d.office, membership=seat(d.other), at=JANUARY)
    actions.save_draft(entered, by=d.office, version=1, at=JANUARY, **TEXT)
    actions.save_choices(entered, by=d.office, may_publish=True, secrecy_confirmed=True)
    removed = scan_for(entered, d.office)
    files.remove(removed, by=d.office, note="传错了")
    waiting, writing = handed_over(d), replied(d)
    before = everything()

    for attempt in (
        lambda: actions.submit(entered, by=d.office, at=JANUARY),
        lambda: actions.acknowledge(lead_of(waiting), by=d.office),
        lambda: rate(Evaluation.objects.filter(reply__handling__proposal=writing)[0], by=d.office),
    ):
        with pytest.raises(NotReady):
            attempt()

    assert everything() == before


def test_rule_17_opinion_and_reply_on_paper_need_their_scan(district: SimpleNamespace) -> None:
    proposal = acknowledged(district)
    before = everything()

    with pytest.raises(NotReady):
        give(joint_of(proposal), by=district.office)
    with pytest.raises(NotReady):
        send(lead_of(proposal), by=again(district.office))

    assert everything() == before


def test_rule_17_only_the_office_enters_for_others(district: SimpleNamespace) -> None:
    d = district

    for user in (d.author, d.clerk, people.account("lead", "副主席", Role.LEADER)):
        with pytest.raises(PermissionDenied):
            actions.start_draft(by=again(user), membership=seat(d.other))
        posted = {"membership": seat(d.other).pk}
        logged_in(user).post(reverse("admin:proposals_proposal_add"), posted)
    logged_in(d.office).post(reverse("admin:proposals_proposal_add"), {"membership": 1})

    assert not Proposal.objects.exists()


def test_rule_17_entry_for_another_shows_for_whom_and_on_what(district: SimpleNamespace) -> None:
    d, proposal = district, made.handed_over(district)
    share = lead_of(proposal)
    paper = scan_for(share, d.office)

    actions.acknowledge(share, by=again(d.office), scan=paper)

    change = share.changes.get()
    assert (change.by, change.behalf, change.scan) == (d.office, str(d.housing), paper)
    shown = logged_in(d.office).get(reverse("admin:proposals_handling_change", args=[share.pk]))
    assert str(d.housing) in shown.content.decode()
    assert "代录" in shown.content.decode()
