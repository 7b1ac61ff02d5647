"""附议: off until switched on; by members who may read it, once, until the office's point; it gives no rights."""

import threading
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from cppcc_portal.office import parameters
from cppcc_portal.office.models import Notice
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady
from members import actions as member_actions
from members.models import Committee, Membership, User
from members.roles import Role
from proposals import actions, papers
from proposals.models import Evaluation, Proposal, Proposer, Publication, Seconding, SecondingChange
from tests import district as made
from tests import people, stages
from tests.browsing import logged_in, queries, text
from tests.proposals.test_publications import go, prepared, published, with_reply
from tests.stages import APRIL, again

pytestmark = pytest.mark.django_db
REMARK = "我所在小区也有这个问题。"


@pytest.fixture
def d(district: SimpleNamespace) -> SimpleNamespace:
    parameters.set_parameter("proposals.seconding", True, by=district.office)
    return district


def public(d: SimpleNamespace, **words: Any) -> Proposal:
    """Filed and made public: what another member may read."""
    return published(d, **words).proposal.fresh()


def seconded(d: SimpleNamespace, proposal: Proposal | None = None) -> Seconding:
    proposal = proposal or public(d)
    return actions.second(proposal, by=d.other, remark=REMARK, at=APRIL)


def chairing(d: SimpleNamespace) -> User:
    """A member who chairs the committee of the first proposer, and so sees the text under review."""
    term = d.plenary.term
    committee = Committee.objects.create(
        kind="committee", name="甲委", short_name="甲委", term=term
    )
    Membership.objects.filter(person=d.author.person).update(committee=committee)
    user = people.member("ch", "主任甲", term)
    member_actions.grant_role(user, Role.COMMITTEE_CHAIR, by=None)
    member_actions.appoint(user.person, committee.body_ptr, "chair", by=None, on=date(2020, 1, 1))
    return again(user)


def reasons(refused: pytest.ExceptionInfo[NotReady]) -> str:
    return "".join(map(str, refused.value.reasons))


def second_url(proposal: Proposal) -> str:
    uid = Publication.objects.get(proposal=proposal).uid
    return reverse("proposals:published_second", args=[uid])


# Switched on and off ------------------------------------------------------------------------------


def test_off_by_default_and_then_nothing_of_it_is_there(district: SimpleNamespace) -> None:
    d = district
    proposal = public(d)
    client = logged_in(d.other)

    with pytest.raises(NotReady) as refused:
        actions.second(proposal, by=d.other, at=APRIL)

    assert "没有开启" in reasons(refused)
    assert client.get(reverse("proposals:seconding")).status_code == 404
    assert client.get(second_url(proposal)).status_code == 403
    assert "附议" not in text(client.get(reverse("proposals:index")))


def test_switched_off_later_it_is_hidden_and_kept(d: SimpleNamespace) -> None:
    given = seconded(d)
    parameters.set_parameter("proposals.seconding", False, by=d.office)

    page = text(logged_in(d.author).get(given.proposal.get_absolute_url()))

    assert REMARK not in page
    assert "位委员附议" not in page
    with pytest.raises(NotReady):
        actions.take_back_seconding(given, by=d.other)
    assert given.fresh().status == "standing"


# Who may ------------------------------------------------------------------------------------------


def test_a_member_seconds_what_is_public_and_reads_no_more_of_it(d: SimpleNamespace) -> None:
    proposal = public(d, title="公开稿的案由")
    client = logged_in(d.other)

    page = text(client.get(second_url(proposal)))
    answer = client.post(second_url(proposal), {"remark": REMARK}, follow=True)

    assert "公开稿的案由" in page
    assert made.TEXT["title"] not in page + text(answer)
    given = Seconding.objects.get()
    assert (given.membership, given.remark, given.text) == (
        made.seat(d.other),
        REMARK,
        proposal.current_text,
    )
    assert client.get(proposal.get_absolute_url()).status_code == 404
    assert not Proposal.objects.visible_to(again(d.other)).exists()


@pytest.mark.parametrize("who", ["office", "clerk"])
def test_who_is_no_member_seconds_nothing(d: SimpleNamespace, who: str) -> None:
    proposal = public(d)
    user = getattr(d, who)

    with pytest.raises(PermissionDenied):
        actions.second(proposal, by=user, at=APRIL)

    assert logged_in(user).post(second_url(proposal)).status_code == 403
    assert logged_in(user).get(reverse("proposals:seconding")).status_code == 404


@pytest.mark.parametrize("who", ["author", "cosigner"])
def test_its_proposers_do_not_second_it(d: SimpleNamespace, who: str) -> None:
    proposal = public(d)

    with pytest.raises(NotReady) as refused:
        actions.second(proposal, by=getattr(d, who), at=APRIL)

    assert "提案人" in reasons(refused)
    listed = text(logged_in(getattr(d, who)).get(reverse("proposals:seconding")))
    assert proposal.title not in listed


def test_who_left_office_or_has_no_account_any_more_seconds_nothing(d: SimpleNamespace) -> None:
    proposal = public(d)
    Membership.objects.filter(person=d.other.person).update(status="resigned")
    with pytest.raises(PermissionDenied):
        actions.second(proposal, by=again(d.other), at=APRIL)

    Membership.objects.filter(person=d.other.person).update(status="active")
    User.objects.filter(pk=d.other.pk).update(is_active=False)
    with pytest.raises(PermissionDenied):
        actions.second(proposal, by=again(d.other), at=APRIL)


def test_what_a_member_may_not_read_is_not_seconded(d: SimpleNamespace) -> None:
    proposal = stages.filed(d)
    hidden = prepared(d, proposal)  # a public version at hand, not public

    with pytest.raises(PermissionDenied):
        actions.second(proposal, by=d.other, at=APRIL)

    url = reverse("proposals:published_second", args=[hidden.uid])
    assert logged_in(d.other).get(url).status_code == 404
    by_key = reverse("proposals:proposal_second", args=[proposal.pk])
    assert logged_in(d.other).get(by_key).status_code == 404


def test_a_chair_who_is_a_member_seconds_a_text_under_review(d: SimpleNamespace) -> None:
    chair = chairing(d)
    proposal = made.submitted(d)

    actions.second(proposal, by=chair, at=APRIL)

    assert Seconding.objects.standing().count() == 1
    with pytest.raises(PermissionDenied):
        actions.second(proposal, by=d.other, at=APRIL)


# Once ---------------------------------------------------------------------------------------------


def test_it_is_seconded_once(d: SimpleNamespace) -> None:
    given = seconded(d)

    with pytest.raises(NotReady) as refused:
        actions.second(given.proposal, by=d.other, at=APRIL)

    assert "已经附议过" in reasons(refused)
    row = {"proposal": given.proposal, "membership": given.membership, "text": given.text}
    with pytest.raises(IntegrityError), transaction.atomic():
        Seconding.objects.create(**row)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_windows_at_once_second_it_once(d: SimpleNamespace) -> None:
    proposal = public(d)
    outcomes: list[str] = []
    together = threading.Barrier(2)

    def press() -> None:
        try:
            together.wait(10)
            actions.second(proposal, by=again(d.other), at=APRIL)
            outcomes.append("done")
        except NotReady:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert sorted(outcomes) == ["done", "told"]
    assert Seconding.objects.count() == 1


# Until when ---------------------------------------------------------------------------------------


def closed(d: SimpleNamespace) -> Proposal:
    """Answered, public, rated and closed."""
    proposal = with_reply(d)
    reply = stages.lead_of(proposal).replies.get()
    publication = prepared(d, proposal, replies={reply.pk: ("full", "逐条答复。")})
    go(publication, d)
    given = seconded(d, proposal)
    for user in (d.author, d.cosigner):
        stages.rate(stages.rating_of(user), by=user)
    actions.close(proposal.fresh(), by=d.office, at=APRIL)
    return given.proposal.fresh()


def test_once_closed_nobody_seconds_or_takes_back(d: SimpleNamespace) -> None:
    proposal = closed(d)
    given = Seconding.objects.get()
    late = people.member("m4", "顾四", d.plenary.term)

    with pytest.raises(NotReady) as refused:
        actions.second(proposal, by=late, at=APRIL)
    with pytest.raises(NotReady):
        actions.take_back_seconding(given, by=d.other, at=APRIL)

    assert "到办结为止" in reasons(refused)
    url = reverse("proposals:seconding_take_back", args=[given.pk])
    assert logged_in(d.other).get(url).status_code == 403
    assert "不能再收回" in text(logged_in(d.other).get(given.get_absolute_url()))


def test_the_office_may_let_it_end_with_the_filing(d: SimpleNamespace) -> None:
    parameters.set_parameter("proposals.seconding_until", "filed", by=d.office)
    chair = chairing(d)
    proposal = made.submitted(d)
    given = actions.second(proposal, by=chair, at=APRIL)
    actions.file(proposal, by=d.office, category=made.Category.objects.get(), at=APRIL)

    with pytest.raises(NotReady) as refused:
        actions.take_back_seconding(given, by=chair, at=APRIL)

    assert "到立案为止" in reasons(refused)
    go(prepared(d, proposal.fresh()), d)
    with pytest.raises(NotReady):
        actions.second(proposal.fresh(), by=d.other, at=APRIL)
    assert "目前没有可以附议的提案" in text(logged_in(d.other).get(reverse("proposals:seconding")))


def test_it_is_taken_back_by_oneself_alone_and_may_be_given_again(d: SimpleNamespace) -> None:
    given = seconded(d)
    url = reverse("proposals:seconding_take_back", args=[given.pk])

    for user in (d.author, d.office):
        with pytest.raises(NotAllowed):
            actions.take_back_seconding(given, by=user)
        assert logged_in(user).post(url).status_code == 404
    logged_in(d.other).post(url)
    assert not Seconding.objects.standing().exists()
    with pytest.raises(IllegalMove):
        actions.take_back_seconding(given.fresh(), by=d.other)
    actions.second(given.proposal, by=d.other, at=APRIL)

    assert Seconding.objects.standing().get() == given
    verbs = list(given.changes.values_list("verb", flat=True))
    assert sorted(verbs) == ["second", "second", "take_back"]


def test_its_history_is_never_changed(d: SimpleNamespace) -> None:
    seconded(d)

    with pytest.raises(IntegrityError), transaction.atomic():
        SecondingChange.objects.update(note="别的话")
    with pytest.raises(IntegrityError), transaction.atomic():
        SecondingChange.objects.all().delete()


# A text that changes ------------------------------------------------------------------------------


def test_who_supported_other_words_is_asked_anew(d: SimpleNamespace) -> None:
    chair = chairing(d)
    proposal = made.submitted(d)
    given = actions.second(proposal, by=chair, at=APRIL)
    actions.return_(proposal.fresh(), by=d.office, note="请写明地点。", at=APRIL)
    actions.reopen_draft(proposal.fresh(), by=d.author)
    draft = proposal.fresh().draft
    words = {**made.TEXT, "suggestions": "一、在东洲公园增设充电点。"}
    actions.save_draft(proposal.fresh(), by=d.author, version=draft.version, **words)
    changed = proposal.fresh()
    actions.invite(changed, by=d.author, memberships=[], until=stages.LATE, at=APRIL)
    actions.submit(changed.fresh(), by=d.author, at=APRIL)

    assert given.fresh().status == "lapsed"
    assert Notice.objects.get(kind="seconding_lapsed").person == chair.person
    assert not Seconding.objects.standing().exists()
    actions.second(changed.fresh(), by=chair, at=APRIL)
    assert Seconding.objects.standing().count() == 1


def test_handed_in_again_with_the_same_words_it_stands(d: SimpleNamespace) -> None:
    chair = chairing(d)
    proposal = made.submitted(d)
    given = actions.second(proposal, by=chair, at=APRIL)
    actions.recall(proposal.fresh(), by=d.author, at=APRIL)
    actions.submit(proposal.fresh(), by=d.author, at=APRIL)

    assert given.fresh().status == "standing"


def test_who_becomes_a_proposer_seconds_it_no_more(d: SimpleNamespace) -> None:
    given = seconded(d)
    signed = Proposer.objects.get(proposal=given.proposal, membership=given.membership)
    signed.move_to("join", by=d.office, text=given.text, answered_at=APRIL)  # as merging does

    assert not Seconding.objects.standing().exists()


def test_what_is_taken_out_keeps_no_word_of_it(d: SimpleNamespace) -> None:
    given = seconded(d)

    actions.take_out(given.proposal.fresh(), by=d.office, note="转区委保密办", at=APRIL)

    assert given.fresh().remark == ""
    assert set(SecondingChange.objects.values_list("note", flat=True)) == {""}
    assert Notice.objects.get(kind="seconded", person=d.author.person).withdrawn_at


# No rights ----------------------------------------------------------------------------------------


def test_it_gives_no_rating_and_no_right_over_the_text(d: SimpleNamespace) -> None:
    proposal = with_reply(d)
    reply = stages.lead_of(proposal).replies.get()
    go(prepared(d, proposal, replies={reply.pk: ("full", "逐条答复。")}), d)
    seconded(d, proposal)
    other = again(d.other)

    assert not Evaluation.objects.filter(proposer__membership=made.seat(other)).exists()
    assert not Proposal.objects.mine(other).exists()
    assert not Proposal.objects.visible_to(other).exists()
    with pytest.raises(NotAllowed):
        actions.withdraw(made.submitted(d), by=other)


# Who is told, who reads ---------------------------------------------------------------------------


def test_proposers_are_told_once_a_day(d: SimpleNamespace) -> None:
    proposal = public(d)
    for number in (4, 5, 6):
        member = people.member(f"m{number}", f"委员{number}", d.plenary.term)
        actions.second(proposal, by=member, at=APRIL)

    told = Notice.objects.filter(kind="seconded")
    assert sorted(told.values_list("person__name", flat=True)) == ["陈一", "黄二"]
    actions.second(proposal, by=d.other, at=APRIL + timedelta(days=1))
    assert told.count() == 4
    assert all(REMARK not in one.title + one.body for one in told)


def test_proposers_and_office_read_names_and_remarks_others_the_number(d: SimpleNamespace) -> None:
    given = seconded(d)
    url = given.proposal.get_absolute_url()
    chair = chairing(d)
    admin = reverse("admin:proposals_proposal_change", args=[given.proposal.pk])

    for user, page in ((d.author, url), (d.cosigner, url), (d.office, admin)):
        shown = text(logged_in(user).get(page))
        assert "1 位委员附议" in shown
        assert "施三" in shown
        assert REMARK in shown
    shown = text(logged_in(chair).get(url))
    assert "1 位委员附议" in shown
    assert REMARK not in shown


def test_lists_show_how_many(d: SimpleNamespace) -> None:
    seconded(d)

    assert "附议 1" in text(logged_in(d.author).get(reverse("proposals:index")))
    assert "附议 1" in text(logged_in(d.office).get("/admin/proposals/proposal/?q=充电"))
    assert "1 人附议" in text(logged_in(d.other).get(reverse("proposals:seconding")))


def test_the_form_names_them_only_if_the_office_says_so(d: SimpleNamespace) -> None:
    given = seconded(d)

    assert "施三" not in str(papers.proposal_form(given.proposal).__dict__)
    parameters.set_parameter("proposals.seconding_on_form", True, by=d.office)
    form = str(papers.proposal_form(given.proposal).__dict__)
    assert "施三" in form
    assert REMARK not in form


@pytest.mark.parametrize("scope", ["", "?scope=mine"])
def test_the_list_asks_the_same_whatever_its_length(d: SimpleNamespace, scope: str) -> None:
    client = logged_in(d.other)
    url = reverse("proposals:seconding") + scope
    seconded(d)
    few = queries(client, url)
    for _n in range(2):
        seconded(d, published(d, stages.filed(d)).proposal)

    assert queries(client, url) == few


@pytest.mark.parametrize("page", ["proposals:index", "admin:proposals_proposal_changelist"])
def test_lists_of_proposals_ask_the_same(d: SimpleNamespace, page: str) -> None:
    client = logged_in(d.office)
    url = f"{reverse(page)}?q=充电"
    seconded(d)
    few = queries(client, url)
    for _n in range(2):
        seconded(d, published(d, stages.filed(d)).proposal)

    assert queries(client, url) == few
