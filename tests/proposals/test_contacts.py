"""Contacts with proposers: face to face where the office asks for it, and from a unit's paper with its scan."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from cppcc_portal.office.parameters import set_parameter
from cppcc_portal.office.workflow import NotAllowed, NotReady
from proposals import actions
from proposals.models import ContactEntry, Handling, Proposal
from tests import stages
from tests.browsing import logged_in, text
from tests.topics import pdf

pytestmark = pytest.mark.django_db
AGREED = "4月1日电话中表示不便见面，同意电话沟通。"


@pytest.fixture
def share(district: SimpleNamespace) -> Handling:
    """The lead unit's share, acknowledged."""
    return stages.lead_of(stages.acknowledged(district))


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the proposal were a key one."""
    monkeypatch.setattr(Proposal, "is_key", True)


def spoke(share: Handling, by: Any, **more: Any) -> ContactEntry:
    given = {
        "proposer": share.proposal.first_proposer,
        "way": "phone",
        "stage": "during",
        "on": date(2026, 4, 1),
        "summary": "说明了打算。",
        **more,
    }
    return actions.record_contact(share, by=stages.again(by), **given)


def typed(share: Handling, **more: Any) -> dict[str, Any]:
    return {
        "proposer": share.proposal.first_proposer.pk,
        "way": "phone",
        "stage": "during",
        "on": "2026-04-01",
        "summary": "说明了打算。",
        **more,
    }


# Face to face ------------------------------------------------------------------------------------


@pytest.mark.usefixtures("key")
def test_another_way_than_asked_needs_the_proposers_consent_in_words(
    district: SimpleNamespace, share: Handling
) -> None:
    for way in ("phone", "other"):
        for said in ("", "  "):
            with pytest.raises(NotReady, match="须当面沟通.*写明提案人是怎样同意的"):
                spoke(share, district.clerk, way=way, consent=said)
    assert not share.contacts.exists()

    entry = spoke(share, district.clerk, consent=AGREED)

    assert (entry.in_person_asked, entry.consent) == (True, AGREED)
    with pytest.raises(IntegrityError), transaction.atomic():
        ContactEntry.objects.filter(pk=entry.pk).update(consent="")
    page = logged_in(district.author).get(share.proposal.get_absolute_url())
    assert AGREED in text(page)


@pytest.mark.usefixtures("key")
@pytest.mark.parametrize("way", ["visit", "meeting", "not_needed"])
def test_who_was_met_or_did_not_wish_it_may_be_telephoned_afterwards(
    district: SimpleNamespace, share: Handling, way: str
) -> None:
    spoke(share, district.clerk, way=way)

    assert not spoke(share, district.clerk).in_person_asked
    cosigner = share.proposal.proposers.get(order=1)  # who was not asked yet
    with pytest.raises(NotReady, match="须当面沟通"):
        spoke(share, district.clerk, proposer=cosigner)


def test_office_sets_for_which_proposals_units_talk_face_to_face(
    district: SimpleNamespace, share: Handling
) -> None:
    assert spoke(share, district.clerk).consent == ""
    set_parameter("proposals.in_person", "all", by=district.office)
    ContactEntry.objects.all().delete()

    with pytest.raises(NotReady, match="须当面沟通"):
        spoke(share, district.clerk)


@pytest.mark.usefixtures("key")
def test_page_of_a_contact_asks_for_consent_and_keeps_what_was_typed(
    district: SimpleNamespace, share: Handling
) -> None:
    clerk = logged_in(district.clerk)
    url = reverse("desk:contact", args=[share.pk])

    lacking = clerk.post(url, typed(share))
    clerk.post(url, typed(share, consent=AGREED))

    assert "怎样同意的" in text(lacking)
    assert "说明了打算。" in text(lacking)
    assert share.contacts.get().consent == AGREED
    assert AGREED in text(clerk.get(share.get_absolute_url()))


def test_page_asks_for_no_consent_where_any_way_is_enough(
    district: SimpleNamespace, share: Handling
) -> None:
    page = logged_in(district.clerk).get(reverse("desk:contact", args=[share.pk]))

    assert "consent" not in page.context["form"].fields


# From paper --------------------------------------------------------------------------------------


def test_staff_note_a_contact_for_a_unit_only_from_its_paper(
    district: SimpleNamespace, share: Handling
) -> None:
    with pytest.raises(NotReady, match="代录须附上"):
        spoke(share, district.office)
    with pytest.raises(NotAllowed):
        spoke(share, district.author, scan=stages.scan_for(share, district.office))
    scan = stages.scan_for(share, district.office)

    entry = spoke(share, district.office, scan=scan)

    assert (entry.is_entered, entry.scan) == (True, scan)
    with pytest.raises(IntegrityError), transaction.atomic():
        ContactEntry.objects.filter(pk=entry.pk).update(scan=None)
    own = spoke(share, district.clerk)
    assert (own.is_entered, own.scan) == (False, None)


def test_office_enters_a_contact_with_its_scan_by_its_page(
    district: SimpleNamespace, share: Handling
) -> None:
    office = logged_in(district.office)
    url = reverse("admin:proposals_handling_contact", args=[share.pk])

    without = office.post(url, typed(share))
    office.post(url, typed(share, scan=pdf("沟通记录.pdf")))

    assert "scan" in without.context["form"].errors
    assert "说明了打算。" in text(without)
    assert share.contacts.get().is_entered
    for page in (
        share.get_absolute_url(),
        reverse("admin:proposals_handling_change", args=[share.pk]),
    ):
        assert "代录" in text(office.get(page))
        assert "查看扫描件" in text(office.get(page))
    assert "代录" in text(logged_in(district.author).get(share.proposal.get_absolute_url()))
