"""Duty records: made from facts, seen by whose they are, by the chair and the office; nobody is ranked."""

from types import SimpleNamespace

import pytest
import time_machine
from django.urls import reverse

from consultations.actions import meeting
from members.models import DutyRecord
from tests import topics as made
from tests.browsing import logged_in, text

pytestmark = pytest.mark.django_db
JUNE = made.MEETING.replace(month=7)


@pytest.fixture
def d(db: None) -> SimpleNamespace:
    return made.district()


@time_machine.travel(JUNE, tick=False)
def test_member_reads_the_own_records_by_year_and_kind(d: SimpleNamespace) -> None:
    made.archived(d)
    member = logged_in(d.member)

    whole = member.get("/duty/")
    assert [(kind["label"], kind["figure"]) for kind in whole.context["categories"]] == [
        ("协商活动", 1),
        ("调研", 1),
    ]
    research = member.get("/duty/" + whole.context["categories"][1]["url"])
    assert [str(row.category) for row in research.context["page"]] == ["调研"]
    for odd in ("?year=²²²²", "?member=9", "?member=x", "?year=0000", "?category=x"):
        assert member.get(f"/duty/{odd}").status_code == 200, odd


@time_machine.travel(JUNE, tick=False)
def test_chair_finds_the_committees_members_and_the_office_all(d: SimpleNamespace) -> None:
    made.archived(d)
    own, strange = made.seat(d.author), made.seat(d.third)
    strange.committee = d.other_committee
    strange.save()

    chair, office = logged_in(d.chair), logged_in(d.office)
    listed = text(chair.get("/duty/"))
    assert own.person.name in listed
    assert strange.person.name not in listed
    assert f"{own.person.name}的履职记录" in text(chair.get(f"/duty/?member={own.pk}"))
    refused = text(chair.get(f"/duty/?member={strange.pk}"))
    assert f"{strange.person.name}的履职记录" not in refused
    found = text(office.get(f"/duty/?q={strange.person.name}"))
    assert strange.person.name in found
    assert own.person.name not in found
    assert f"{strange.person.name}的履职记录" in text(office.get(f"/duty/?member={strange.pk}"))


@time_machine.travel(JUNE, tick=False)
def test_correction_withdraws_the_record_and_nobody_counts_it(d: SimpleNamespace) -> None:
    session = made.archived(d)
    person = made.seat(d.member).person
    invitation = session.gathering.invitations.get(person=person)
    meeting.note_attendance(invitation, by=d.staff, came=False, note="签错了")

    page = logged_in(d.member).get("/duty/")
    assert [kind["label"] for kind in page.context["categories"]] == ["调研"]
    assert DutyRecord.objects.filter(membership__person=person).count() == 2
    meeting.note_attendance(invitation, by=d.staff, came=True, note="没有签错")
    assert len(logged_in(d.member).get("/duty/").context["categories"]) == 2


@pytest.mark.parametrize(("who", "shown"), [("member", True), ("chair", True), ("clerk", False)])
def test_own_page_leads_to_the_records(d: SimpleNamespace, who: str, shown: bool) -> None:
    page = text(logged_in(getattr(d, who)).get(reverse("look:mine")))

    assert (reverse("duty:index") in page) is shown


@time_machine.travel(JUNE, tick=False)
def test_office_filters_the_list_by_year(d: SimpleNamespace) -> None:
    made.archived(d)
    url = reverse("admin:members_dutyrecord_changelist")
    office = logged_in(d.office)

    everything = DutyRecord.objects.count()
    assert office.get(f"{url}?year=2026").context["cl"].result_count == everything
    made.seat(d.member).duty_records.update(on=made.MEETING.date().replace(year=2025))
    assert office.get(f"{url}?year=2025").context["cl"].result_count == 2
    assert office.get(f"{url}?year=0").context["cl"].result_count == everything
