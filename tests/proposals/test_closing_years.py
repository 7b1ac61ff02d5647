"""年结: closed once all is settled, shut for every step, opened again only by name, on record."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from cppcc_portal.office.parameters import set_parameter
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady
from members.models import Plenary
from proposals import actions
from proposals.models import Category, ClosedYear, ClosedYearChange, Destination, Proposal
from proposals.models import RefusalReason as Reason
from tests import people, stages
from tests.decided import decided
from tests.district import JANUARY, drafted, submitted
from tests.laid import once
from tests.stages import logged_in

pytestmark = pytest.mark.django_db
DECEMBER = datetime(2026, 12, 20, 9, tzinfo=people.CHINA)


@once
def next_call(d: SimpleNamespace) -> None:
    """The call for the next plenary has begun."""
    Plenary.objects.create(
        term=d.plenary.term,
        number=6,
        opens_on=date(2027, 1, 8),
        closes_on=date(2027, 1, 11),
        submission_from=datetime(2026, 10, 15, tzinfo=people.CHINA),
        cut_off=datetime(2027, 1, 10, 17, tzinfo=people.CHINA),
    )


@once
def refused(d: SimpleNamespace) -> Proposal:
    """The only text of the year was not filed."""
    proposal = submitted(d)
    actions.refuse(
        proposal,
        by=d.office,
        refusal_reason=Reason.objects.get(),
        destination=Destination.objects.get(),
        at=JANUARY,
    )
    next_call(d)
    return proposal.fresh()


@once
def put_away(d: SimpleNamespace) -> Proposal:
    """The only proposal of the year is archived."""
    proposal = stages.replied(d)
    for user in (d.author, d.cosigner):
        stages.rate(stages.rating_of(user), by=user)
    actions.close(proposal.fresh(), by=d.office, at=stages.APRIL)
    actions.archive(proposal.fresh(), by=d.office, at=stages.APRIL)
    next_call(d)
    return proposal.fresh()


def close(d: SimpleNamespace) -> ClosedYear:
    return actions.close_year(d.plenary, by=d.office, at=DECEMBER)


def test_year_is_closed_once_everything_is_settled(district: SimpleNamespace) -> None:
    put_away(district)

    year = close(district)

    assert year.is_shut
    line = year.changes.get()
    assert (line.verb, line.by, line.at) == ("close", district.office, DECEMBER)


@pytest.mark.parametrize(
    "state",
    [submitted, stages.filed, stages.acknowledged, stages.replied],
    ids=lambda s: s.__name__,
)
def test_year_with_open_business_is_not_closed(district: SimpleNamespace, state: Any) -> None:
    state(district)
    next_call(district)

    with pytest.raises(NotReady, match="还有 1 件提案没有办结"):
        close(district)

    assert not ClosedYear.objects.exists()


def test_year_is_not_closed_while_texts_still_come_in(district: SimpleNamespace) -> None:
    with pytest.raises(NotReady, match="仍归入本年度"):
        close(district)


def test_what_waits_for_promises_holds_the_year_open_unless_the_office_lets_it_wait(
    district: SimpleNamespace,
) -> None:
    proposal = stages.closed(district)
    next_call(district)
    with pytest.raises(NotReady, match="1 件已办结的提案没有归档"):
        close(district)

    set_parameter("proposals.archive_after_year_closed", True, by=district.office)
    close(district)

    assert proposal.fresh().status == Proposal.Status.TRACKING
    actions.add_note(proposal.fresh(), by=district.office, text="年结后继续跟踪。")


def test_only_who_archives_closes_and_opens(district: SimpleNamespace) -> None:
    put_away(district)
    for user in (district.author, district.clerk, people.account("x", "旁人")):
        with pytest.raises(NotAllowed):
            actions.close_year(district.plenary, by=user, at=DECEMBER)
    year = close(district)
    for user in (district.author, district.clerk):
        with pytest.raises(NotAllowed):
            actions.reopen_year(year, by=user, whom="主席", reason="更正")


def test_nothing_of_a_closed_year_is_changed(district: SimpleNamespace) -> None:
    proposal = put_away(district)
    close(district)
    decision = decided(district.office)
    shut: Any = pytest.raises(NotReady, match="已经年结")

    with shut:
        actions.award(proposal, by=district.office, plenary=district.plenary, decision=decision)
    with shut:
        actions.add_note(proposal, by=district.office, text="补记")
    with shut:
        stages.rate(stages.rating_of(district.author), by=district.author)

    assert proposal.fresh().version == proposal.version


def test_what_was_not_filed_is_not_reviewed_again_in_a_closed_year(
    district: SimpleNamespace,
) -> None:
    proposal = refused(district)
    close(district)

    with pytest.raises(NotReady, match="已经年结"):
        actions.reopen(proposal, by=district.office, note="重新审查")

    assert proposal.fresh().status == Proposal.Status.NOT_FILED


def test_draft_of_a_closed_year_is_still_written(district: SimpleNamespace) -> None:
    proposal = drafted(district)
    next_call(district)
    close(district)

    actions.save_choices(proposal, by=district.author, may_publish=True, secrecy_confirmed=True)
    handed_in = actions.submit(proposal.fresh(), by=district.author, at=DECEMBER)

    assert handed_in.plenary.number == 6


def test_suspected_secret_is_taken_out_of_a_closed_year(district: SimpleNamespace) -> None:
    proposal = put_away(district)
    close(district)

    actions.take_out(proposal, by=district.office, note="转区委保密办。")

    assert proposal.fresh().status == Proposal.Status.TAKEN_OUT


def test_reopening_is_named_and_stays_on_record(district: SimpleNamespace) -> None:
    proposal = put_away(district)
    year = close(district)
    for whom, reason in (("", "更正"), ("主席张三", " ")):
        with pytest.raises(NotReady):
            actions.reopen_year(year, by=district.office, whom=whom, reason=reason)

    actions.reopen_year(
        year, by=district.office, whom="主席张三", reason="补登优秀提案", at=DECEMBER
    )
    decision = decided(district.office)
    given = {"by": district.office, "decision": decision}
    award = actions.award(proposal, plenary=district.plenary, **given)
    closed_again = actions.close_year(
        district.plenary, by=district.office, at=DECEMBER + timedelta(days=1)
    )

    assert closed_again.pk == year.pk
    assert closed_again.is_shut
    assert closed_again.reopened_by_whom == ""
    verbs = list(year.changes.values_list("verb", flat=True))
    assert verbs == ["close", "reopen", "close"]
    assert "主席张三" in year.changes.get(verb="reopen").note
    with pytest.raises(NotReady, match="已经年结"):
        actions.withdraw_award(award, note="评选有误", **given)


def test_closing_twice_is_told(district: SimpleNamespace) -> None:
    put_away(district)
    close(district)

    with pytest.raises(IllegalMove):
        close(district)

    assert ClosedYear.objects.count() == 1


def test_database_refuses_an_unnamed_reopening_and_a_changed_history(
    district: SimpleNamespace,
) -> None:
    put_away(district)
    year = close(district)

    with pytest.raises(IntegrityError), transaction.atomic():
        ClosedYear.objects.filter(pk=year.pk).update(status="reopened")
    with pytest.raises(IntegrityError), transaction.atomic():
        ClosedYearChange.objects.update(note="改写")
    with pytest.raises(IntegrityError), transaction.atomic():
        ClosedYear.objects.create(plenary=year.plenary, closed_at=DECEMBER)


def test_office_closes_and_opens_the_year_in_its_workplace(district: SimpleNamespace) -> None:
    proposal = put_away(district)
    Plenary.objects.filter(number=6).update(submission_from=JANUARY)
    client = logged_in(district.office)
    page = f"{reverse('admin:proposals_proposal_archive_year')}?plenary={district.plenary.pk}"
    assert "年结后，这一年度的提案不能再改动" in client.get(page).content.decode()

    client.post(page, {"close_year": "年结", "note": "按主席会议意见"})

    year = ClosedYear.objects.get()
    assert year.changes.get().note == "按主席会议意见"
    assert "查看或重新开放" in client.get(page).content.decode()
    shown = client.get(proposal.get_absolute_url()).content.decode()
    assert "年结，不再改动" in shown
    record = reverse("admin:proposals_closedyear_change", args=[year.pk])
    assert client.get(record).status_code == 200
    assert client.get(reverse("admin:proposals_closedyear_changelist")).status_code == 200
    reopen = reverse("admin:proposals_closedyear_reopen", args=[year.pk])
    assert client.post(reopen, {"whom": "", "reason": "更正"}).status_code == 200
    client.post(reopen, {"whom": "主席张三", "reason": "更正"})
    assert not year.fresh().is_shut
    again = reverse("admin:proposals_closedyear_close", args=[year.pk])
    client.post(again, {"note": ""})
    assert year.fresh().is_shut


def test_page_says_what_stands_against_closing(district: SimpleNamespace) -> None:
    submitted(district)
    client = logged_in(district.office)

    page = f"{reverse('admin:proposals_proposal_archive_year')}?plenary={district.plenary.pk}"
    answer = client.post(page, {"close_year": "年结"}, follow=True)

    assert "还有 1 件提案没有办结" in answer.content.decode()
    assert not ClosedYear.objects.exists()


def test_filing_into_a_closed_year_is_refused(district: SimpleNamespace) -> None:
    proposal = submitted(district)
    ClosedYear.objects.create(plenary=district.plenary, closed_at=DECEMBER)

    with pytest.raises(NotReady, match="已经年结"):
        actions.file(proposal, by=district.office, category=Category.objects.get())
