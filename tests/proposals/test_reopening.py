"""重新审查: what was not filed is reviewed again, with a reason, unless it goes on elsewhere already."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse

from cppcc_portal.office.deadlines import Deadline
from cppcc_portal.office.models import Notice
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady
from proposals import actions
from proposals.models import Category, Destination, Proposal, RefusalReason
from tests import district as made
from tests.browsing import logged_in, text
from tests.stages import APRIL

pytestmark = pytest.mark.django_db
WHY = "主席会议认为可以立案，退回再审。"


def refused(d: SimpleNamespace) -> Proposal:
    proposal = made.submitted(d)
    refuse(proposal, d)
    return proposal


def refuse(proposal: Proposal, d: SimpleNamespace) -> None:
    actions.refuse(
        proposal,
        by=d.office,
        refusal_reason=RefusalReason.objects.get(),
        destination=Destination.objects.get(),
        at=APRIL,
    )


def test_proposers_are_told_and_read_why(district: SimpleNamespace) -> None:
    proposal = refused(district)
    reason, destination = proposal.refusal_reason, proposal.destination

    actions.reopen(proposal, by=district.office, note=WHY, at=APRIL)

    assert proposal.status == "reviewing"
    assert (proposal.refusal_reason, proposal.destination) == (None, None)
    told = {row.person for row in Notice.objects.filter(kind="reopened")}
    assert told == {district.author.person, district.cosigner.person}
    page = text(logged_in(district.author).get(proposal.get_absolute_url()))
    assert WHY in page
    assert str(reason) in page  # the line of history keeps what was told
    assert str(destination) in page


def test_each_decision_is_told_again(district: SimpleNamespace) -> None:
    proposal = refused(district)
    actions.reopen(proposal, by=district.office, note=WHY, at=APRIL)
    refuse(proposal, district)

    assert Notice.objects.filter(kind="not_filed", person=district.author.person).count() == 2
    actions.reopen(proposal, by=district.office, note=WHY, at=APRIL)
    assert Notice.objects.filter(kind="reopened", person=district.author.person).count() == 2
    actions.file(proposal, by=district.office, category=Category.objects.get(), at=APRIL)
    assert proposal.number == 1


def test_clock_of_an_ordinary_text_begins_anew(district: SimpleNamespace) -> None:
    late = made.JANUARY.replace(month=3)
    proposal = made.drafted(district)
    actions.submit(proposal, by=district.author, at=late)
    assert proposal.series == "ordinary"
    refuse(proposal, district)
    assert not Deadline.objects.current(proposal, "review_ordinary").is_open

    actions.reopen(proposal, by=district.office, note=WHY, at=APRIL + timedelta(days=1))

    clock = Deadline.objects.current(proposal, "review_ordinary")
    assert clock.is_open
    assert clock.started_on == (APRIL + timedelta(days=1)).date()


def test_not_once_it_was_converted(district: SimpleNamespace) -> None:
    proposal = refused(district)
    actions.convert(proposal, by=district.office, at=APRIL)

    with pytest.raises(NotReady, match="已经转为社情民意信息"):
        actions.reopen(proposal, by=district.office, note=WHY)

    assert proposal.fresh().status == "not_filed"


def test_reason_is_wanted_and_only_the_office_may(district: SimpleNamespace) -> None:
    proposal = refused(district)

    with pytest.raises(NotReady, match="请写明重新审查的理由"):
        actions.reopen(proposal, by=district.office, note=" ")
    for who in (district.author, district.clerk):
        with pytest.raises(NotAllowed):
            actions.reopen(proposal, by=who, note=WHY)
    actions.reopen(proposal, by=district.office, note=WHY, at=APRIL)
    with pytest.raises(IllegalMove):
        actions.reopen(proposal, by=district.office, note=WHY)


def test_office_reopens_on_its_page(district: SimpleNamespace) -> None:
    proposal = refused(district)
    office = logged_in(district.office)
    url = reverse("admin:proposals_proposal_reopen", args=[proposal.pk])

    assert "重新审查" in text(
        office.get(reverse("admin:proposals_proposal_change", args=[proposal.pk]))
    )
    assert "重新审查的理由" in text(office.get(url))
    assert office.post(url, {"note": ""}).status_code == 200
    assert proposal.fresh().status == "not_filed"
    office.post(url, {"note": WHY})
    assert proposal.fresh().status == "reviewing"
    assert logged_in(district.author).get(url).status_code in (302, 403, 404)


def test_converted_one_offers_no_such_button(district: SimpleNamespace) -> None:
    proposal = refused(district)
    actions.convert(proposal, by=district.office, at=APRIL)

    page = logged_in(district.office).get(
        reverse("admin:proposals_proposal_change", args=[proposal.pk])
    )

    assert "/reopen/" not in page.content.decode()
