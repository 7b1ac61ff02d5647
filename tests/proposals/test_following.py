"""What follows a reply: progress by the unit, supplementary replies to every proposer, the class as it moves."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from cppcc_portal.office.models import Notice
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady
from members.models import Commitment, Plenary
from proposals import actions
from proposals.models import FollowUp, ProgressNote, Proposal, ResultClass
from proposals.resources import ProposalResource
from tests.browsing import text
from tests.stages import (
    APRIL,
    LATE,
    again,
    answerable,
    closed,
    everything,
    lead_of,
    logged_in,
    replied,
    scan_for,
    send,
)

pytestmark = pytest.mark.django_db
MAY = date(2026, 5, 1)


def supplement(d: SimpleNamespace, proposal: Proposal, **more: Any) -> FollowUp:
    given: dict[str, Any] = {
        "by": again(d.clerk), "result_class": ResultClass.objects.get(code="A"),
        "text": "十处都已建成。", "on": MAY, "signer": "局长", "signer_post": "负责人",
    }  # fmt: skip
    return actions.supplement(lead_of(proposal), **{**given, **more})


def told(kind: str) -> set[int]:
    return set(Notice.objects.filter(kind=kind).values_list("person", flat=True))


def test_supplementary_reply_reaches_every_proposer_and_moves_the_class(
    district: SimpleNamespace,
) -> None:
    d = district
    proposal = closed(d)
    first = lead_of(proposal).current_reply.result_class
    url = f"{lead_of(proposal).get_absolute_url()}supplement/"
    typed = {
        "result_class": ResultClass.objects.get(code="A").pk, "text": "十处都已建成。",
        "on": MAY.isoformat(), "signer": "局长", "signer_post": "负责人",
    }  # fmt: skip

    assert logged_in(d.clerk).post(url, typed).status_code == 302

    assert told("supplement_sent") == {user.person.pk for user in (d.author, d.cosigner, d.office)}
    assert lead_of(proposal).current_reply.result_class == first  # the sent reply stays
    for user in (d.author, d.cosigner, d.clerk):
        page = text(logged_in(user).get(proposal.get_absolute_url(), follow=True))
        assert "十处都已建成。" in page
    row = ProposalResource().export(Proposal.objects.all()).dict[0]
    assert [row["首次类别"][0], row["现类别"][0]] == [first.code, "A"]


def test_supplementary_reply_is_the_unit_s_or_comes_from_paper(district: SimpleNamespace) -> None:
    d = district
    proposal = closed(d)
    before = everything()
    for user in (d.joint_clerk, d.author, d.other):
        with pytest.raises(NotAllowed):
            supplement(d, proposal, by=again(user))
    for wrong in (
        {"by": again(d.office)},
        {"text": " "},
        {"signer": " "},
        {"on": LATE},
        {"on": date(2020, 1, 1)},
    ):
        with pytest.raises(NotReady):
            supplement(d, proposal, **wrong)
    assert everything() == before
    assert not FollowUp.objects.exists()

    made = supplement(d, proposal, by=again(d.office), scan=scan_for(proposal, d.office))

    assert (made.behalf, made.scan is not None) == ("区住建局", True)


def test_class_that_promises_needs_an_open_promise_and_only_answers_are_followed(
    district: SimpleNamespace,
) -> None:
    d = district
    with pytest.raises(IllegalMove):
        supplement(d, answerable(d))
    Proposal.objects.all()
    proposal = Proposal.objects.get()
    send(lead_of(proposal), by=again(d.clerk))

    with pytest.raises(NotReady):
        supplement(d, proposal, result_class=ResultClass.objects.get(code="B"))


def test_settling_a_promise_tells_every_proposer_and_keeps_the_class_of_then(
    district: SimpleNamespace,
) -> None:
    d = district
    proposal = closed(d)
    promise = Commitment.objects.get()
    url = reverse("admin:members_commitment_keep", args=[promise.pk])
    klass = ResultClass.objects.get(code="A")

    answer = logged_in(d.office).post(url, {"note": "已现场核实。", "result_class": klass.pk})

    assert answer.status_code == 302
    made = FollowUp.objects.get()
    assert (made.result_class, made.text) == (klass, "建成十处：已现场核实。")
    assert {d.author.person.pk, d.cosigner.person.pk} <= told("supplement_sent")
    assert proposal.fresh().status == Proposal.Status.CLOSED


def test_promise_that_was_not_kept_is_explained_and_keeps_its_class(
    district: SimpleNamespace,
) -> None:
    d = district
    proposal = closed(d)

    actions.settle_commitment(
        Commitment.objects.get(), by=d.office, kept=False, note="用地未批。", at=APRIL
    )

    made = FollowUp.objects.get()
    assert made.result_class == lead_of(proposal).current_reply.result_class
    assert "用地未批。" in text(logged_in(d.author).get(proposal.get_absolute_url()))


# Progress -----------------------------------------------------------------------------------------


def test_unit_reports_progress_at_its_desk_and_nobody_else(district: SimpleNamespace) -> None:
    d = district
    proposal = closed(d)
    promise = Commitment.objects.get()
    url = reverse("desk:promise_report_progress", args=[promise.pk])
    typed = {"on": MAY.isoformat(), "text": "已建六处"}
    assert logged_in(d.author).post(url, typed).status_code in (403, 404)
    assert logged_in(d.joint_clerk).post(url, typed).status_code in (403, 404)
    assert logged_in(d.office).post(url, typed).status_code == 422  # from paper, without it
    clerk = logged_in(d.clerk)
    assert url in text(clerk.get(lead_of(proposal).get_absolute_url()))

    assert clerk.post(url, typed).status_code == 302

    note = ProgressNote.objects.get()
    assert (note.text, note.on, note.said_by) == ("已建六处", MAY, d.clerk)
    for user in (d.author, d.office, d.clerk):
        where = (
            reverse("admin:members_commitment_change", args=[promise.pk])
            if user == d.office
            else proposal.get_absolute_url()
        )
        assert "已建六处" in text(logged_in(user).get(where, follow=True))
    for wrong in ({"text": " "}, {"on": LATE}, {"on": date(2020, 1, 1)}):
        with pytest.raises(NotReady):
            actions.report_progress(
                promise, by=again(d.clerk), **{"on": MAY, "text": "甲", **wrong}
            )
    actions.settle_commitment(promise.fresh(), by=d.office, kept=True, note="已验收。")
    with pytest.raises(IllegalMove):
        actions.report_progress(promise.fresh(), by=again(d.clerk), on=MAY, text="甲")


def test_progress_is_asked_for_each_quarter_and_before_the_plenary(
    district: SimpleNamespace,
) -> None:
    d = district
    closed(d)
    sent = timezone.localdate(APRIL)

    for day in (sent + timedelta(days=82), sent + timedelta(days=83), sent + timedelta(days=90)):
        actions.remind(day)
        actions.remind(day)

    kinds = Notice.objects.filter(kind="progress_reminder", person=d.clerk.person)
    assert kinds.count() == 2
    actions.report_progress(Commitment.objects.get(), by=again(d.clerk), on=MAY, text="六处")
    actions.remind(MAY + timedelta(days=89))
    assert kinds.count() == 3  # a quarter after the last report, a week ahead

    Plenary.objects.create(
        term=d.plenary.term, number=6, opens_on=date(2027, 1, 10), closes_on=date(2027, 1, 13),
        submission_from=d.plenary.submission_from, cut_off=d.plenary.cut_off,
    )  # fmt: skip
    actions.remind(date(2026, 12, 11))
    assert d.clerk.person.pk in told("plenary_progress_reminder")


def test_what_was_said_is_never_changed_but_goes_with_secrets(district: SimpleNamespace) -> None:
    d = district
    proposal = closed(d)
    actions.report_progress(Commitment.objects.get(), by=again(d.clerk), on=MAY, text="六处")
    supplement(d, proposal)

    for model in (FollowUp, ProgressNote):
        for attempt in (
            model.objects.all().delete,
            lambda model=model: model.objects.update(text="甲"),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                attempt()
    actions.take_out(proposal.fresh(), by=d.office, note="转区委保密办")

    assert "六处" not in ProgressNote.objects.get().text
    assert "建成" not in FollowUp.objects.get().text


def test_no_follow_up_of_a_reply_that_promises_nothing_is_needed(district: SimpleNamespace) -> None:
    proposal = replied(district)

    assert supplement(district, proposal).result_class.code == "A"
