"""优秀提案 and 先进承办单位: by decision, once, told once; taken back only by decision as well."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from cppcc_portal.office.models import Notice
from cppcc_portal.office.parameters import set_parameter
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady
from members.models import Plenary
from proposals import actions
from proposals.actions.awarding import beyond_share
from proposals.models import Award, Proposal
from tests import district as made
from tests import people, stages
from tests.browsing import logged_in, queries, text
from tests.decided import decided

pytestmark = pytest.mark.django_db


@pytest.fixture
def d(district: SimpleNamespace) -> SimpleNamespace:
    return district


def excellent(d: SimpleNamespace, proposal: Proposal | None = None) -> Award:
    proposal = proposal or stages.replied(d)
    decision = decided(d.office, "表彰优秀提案")
    return actions.award(proposal, by=d.office, plenary=d.plenary, decision=decision)


def test_award_needs_the_decision_the_right_and_a_filed_proposal(d: SimpleNamespace) -> None:
    proposal, decision = stages.replied(d), decided(d.office)
    wrong = decided(d.office, body="party_group")
    with pytest.raises(NotReady, match="须有主席会议的决定"):
        actions.award(proposal, by=d.office, plenary=d.plenary, decision=wrong)
    too_early = decided(d.office, held_on=date(2025, 12, 31))
    with pytest.raises(NotReady, match="早于提案提交"):
        actions.award(proposal, by=d.office, plenary=d.plenary, decision=too_early)
    earlier = Plenary.objects.get(pk=d.plenary.pk)
    earlier.pk, earlier.number = None, d.plenary.number - 1
    earlier.save()
    with pytest.raises(NotReady, match="不能评为更早年度"):
        actions.award(proposal, by=d.office, plenary=earlier, decision=decision)
    with pytest.raises(IllegalMove):
        actions.award(made.submitted(d), by=d.office, plenary=d.plenary, decision=decision)
    for user in (d.author, d.clerk):
        with pytest.raises(NotAllowed):
            actions.award(proposal, by=user, plenary=d.plenary, decision=decision)

    assert not Award.objects.exists()


def test_excellent_once_and_told_once(d: SimpleNamespace) -> None:
    given = excellent(d)

    with pytest.raises(NotReady, match="已经评为优秀提案"):
        excellent(d, given.proposal)

    told = Notice.objects.filter(kind="award_given")
    assert sorted(notice.person.pk for notice in told) == sorted(
        [d.author.person.pk, d.cosigner.person.pk]
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        Award.objects.create(
            plenary=d.plenary,
            proposal=given.proposal,
            decision=given.decision,
            given_by=d.office,
        )


def test_database_wants_one_receiver_and_a_decision(d: SimpleNamespace) -> None:
    given = excellent(d)

    for fields in ({"proposal": None}, {"unit": d.housing}, {"decision": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Award.objects.filter(pk=given.pk).update(**fields)


def test_unit_must_have_handled_something_that_year(d: SimpleNamespace) -> None:
    stages.replied(d)
    decision, idle = decided(d.office), people.unit("区水务局")

    with pytest.raises(NotReady, match="这一年度没有承办提案"):
        actions.award(idle, by=d.office, plenary=d.plenary, decision=decision)
    actions.award(d.housing, by=d.office, plenary=d.plenary, decision=decision)
    with pytest.raises(NotReady, match="已经评为先进承办单位"):
        actions.award(d.housing, by=d.office, plenary=d.plenary, decision=decision)

    assert [notice.person for notice in Notice.objects.filter(kind="award_given")] == [
        d.clerk.person
    ]


def test_more_than_the_share_is_warned_of_and_goes_on(d: SimpleNamespace) -> None:
    proposal = stages.replied(d)
    assert "超过 10%" in beyond_share(d.plenary, proposals=1)[0]
    set_parameter("proposals.excellent_share", 100, by=d.office)
    assert beyond_share(d.plenary, proposals=1) == []
    set_parameter("proposals.excellent_share", 10, by=d.office)
    office = logged_in(d.office)
    url = f"{proposal.get_absolute_url()}award/"
    assert "超过 10%" in text(office.get(url))

    done = office.post(url, {"plenary": d.plenary.pk, "decision": decided(d.office).pk})

    assert done.status_code == 302
    assert Award.objects.get().proposal == proposal


def test_shown_to_the_member_on_the_proposal_and_in_the_list(d: SimpleNamespace) -> None:
    given, plain = excellent(d), stages.filed(d)
    author = logged_in(d.author)

    assert "优秀提案" in text(author.get(given.proposal.get_absolute_url()))
    listed = author.get(reverse("proposals:index"), {"scope": "mine", "status": "excellent"})
    assert [row.pk for row in listed.context["page"]] == [given.proposal_id]
    assert "优秀" in text(author.get(reverse("proposals:index")))
    assert author.get(given.get_absolute_url()).status_code == 200
    assert logged_in(d.other).get(given.get_absolute_url()).status_code == 404
    assert author.get(reverse("proposals:awards")).status_code == 403
    assert logged_in(d.office).get(reverse("proposals:awards")).status_code == 200
    assert not plain.awards.exists()


def test_taken_back_by_decision_with_a_reason(d: SimpleNamespace) -> None:
    given = excellent(d)
    decision = decided(d.office, "撤销表彰")
    with pytest.raises(NotReady, match="请写明撤销表彰的理由"):
        actions.withdraw_award(given, by=d.office, decision=decision, note="")
    with pytest.raises(NotAllowed):
        actions.withdraw_award(given, by=d.author, decision=decision, note="不要")

    page = logged_in(d.office).post(
        f"{given.get_absolute_url()}withdraw_award/",
        {"decision": decision.pk, "note": "登记有误。"},
    )

    assert page.status_code == 302
    given.refresh_from_db()
    assert given.status == "withdrawn"
    assert given.changes.get().decision == decision
    excellent(d, given.proposal)  # named anew


def test_office_enters_the_units_of_a_decision_all_or_none(d: SimpleNamespace) -> None:
    stages.replied(d)
    idle, decision = people.unit("区水务局"), decided(d.office)
    url = reverse("admin:proposals_award_add")
    office = logged_in(d.office)
    typed = {"plenary": d.plenary.pk, "decision": decision.pk}

    refused = office.post(url, {**typed, "units": [d.housing.pk, idle.pk]})
    assert "这一年度没有承办提案" in text(refused)
    assert not Award.objects.exists()
    done = office.post(url, {**typed, "units": [d.housing.pk, d.fire.pk]}, follow=True)

    assert "已登记 2 家" in text(done)
    assert logged_in(d.author).get(url).status_code in (302, 403)
    assert (
        logged_in(d.clerk).get(Award.objects.get(unit=d.housing).get_absolute_url()).status_code
        == 200
    )


@pytest.mark.parametrize("count", [1, 3])
def test_lists_of_awards_take_a_constant_number(d: SimpleNamespace, count: int) -> None:
    for _number in range(count):
        excellent(d, stages.filed(d))
    client = logged_in(d.office)

    assert queries(client, reverse("proposals:awards")) <= 14
    assert queries(client, reverse("admin:proposals_award_changelist")) <= 14
    assert Plenary.objects.count() == 1


def test_many_are_named_by_one_decision_each_refusal_told(d: SimpleNamespace) -> None:
    first, second, unfiled = stages.filed(d), stages.filed(d), made.submitted(d)
    excellent(d, second)
    office, url = logged_in(d.office), reverse("admin:proposals_proposal_excellent_many")
    chosen = {"chosen": [first.pk, second.pk, unfiled.pk], "plenary": d.plenary.pk}

    again = office.post(url, chosen)
    assert str(first) in text(again)  # no decision: the ticked ones stay ticked
    done = office.post(url, {**chosen, "decision": decided(d.office).pk}, follow=True)

    page = text(done)
    assert "已评为优秀提案 1 件" in page
    assert "已经评为优秀提案" in page
    assert "超过 10%" in page
    assert set(Award.objects.values_list("proposal", flat=True)) == {first.pk, second.pk}
    assert logged_in(d.author).post(url, chosen).status_code in (302, 403)
