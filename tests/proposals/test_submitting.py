"""Around submitting: who hears of what is taken back, lapsed invitations, changed words, last hours, paper signatures."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from cppcc_portal.office.models import Notice
from cppcc_portal.office.parameters import set_parameter
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady
from members.models import Plenary
from members.roles import Role
from proposals import actions
from proposals.actions import requesting
from proposals.models import Category, Handling, Proposal, Proposer
from tests import district as made
from tests import people, stages
from tests.browsing import logged_in, text
from tests.decided import decided

pytestmark = pytest.mark.django_db
JANUARY = made.JANUARY
UNTIL = date(2026, 1, 8)
CHANGED = {**made.TEXT, "suggestions": "一、在朝阳里增设充电点。"}


@pytest.fixture
def d(district: SimpleNamespace) -> SimpleNamespace:
    return district


def told(kind: str) -> set[str]:
    return {notice.person.name for notice in Notice.objects.filter(kind=kind)}


def invited(d: SimpleNamespace) -> Proposal:
    proposal = made.drafted(d)
    asked = [made.seat(d.cosigner), made.seat(d.other)]
    actions.invite(proposal, by=d.author, memberships=asked, until=UNTIL, at=JANUARY)
    actions.agree(seat_of(proposal, d.cosigner), by=d.cosigner, at=JANUARY)
    return proposal.fresh()


def seat_of(proposal: Proposal, user: Any) -> Proposer:
    return Proposer.objects.get(proposal=proposal, membership__person__user=user)


def scan(proposal: Proposal, user: Any) -> Any:
    return stages.scan_for(proposal, user)


# What is taken back --------------------------------------------------------------------------------


def test_a_text_taken_back_is_told_to_who_signed_and_who_was_asked(d: SimpleNamespace) -> None:
    proposal = invited(d)

    actions.withdraw(proposal, by=d.author, note="另写一件。", at=JANUARY)

    names = {user.person.name for user in (d.author, d.cosigner, d.other)}
    assert told("withdrawn") == names
    assert seat_of(proposal, d.other).status == "lapsed"
    assert "征集联名" in Notice.objects.filter(kind="withdrawn")[0].title


def test_a_submitted_text_taken_back_is_told_to_the_office_too(d: SimpleNamespace) -> None:
    proposal = made.submitted(d)

    actions.withdraw(proposal, by=d.author, at=JANUARY)

    assert d.office.person.name in told("withdrawn")
    assert f"流水号 {proposal.serial}" in Notice.objects.filter(kind="withdrawn")[0].title


def test_a_revoked_key_proposal_is_told_to_who_leads_it(d: SimpleNamespace) -> None:
    leader = people.account("ld", "副主席甲", Role.LEADER)
    proposal = stages.filed(d)
    decision = decided(d.office)
    leaders = [{"name": "副主席甲", "post": "副主席", "person": leader.person}]
    actions.select_key(proposal, by=d.office, decision=decision, leaders=leaders, at=stages.APRIL)

    actions.revoke(
        proposal.fresh(), by=d.office, note="书面申请", scan=scan(proposal, d.office), at=JANUARY
    )

    assert told("revoked_key") == {"副主席甲"}
    assert d.author.person.name in told("revoked")
    assert "副主席甲" not in told("revoked")


def test_an_ordinary_proposal_revoked_is_told_to_no_leader(d: SimpleNamespace) -> None:
    proposal = stages.filed(d)

    actions.revoke(
        proposal, by=d.office, note="书面申请", scan=scan(proposal, d.office), at=JANUARY
    )

    assert told("revoked_key") == set()


# Who else hears of an answer ------------------------------------------------------------------------


def test_joint_units_get_a_copy_of_the_reply(d: SimpleNamespace) -> None:
    proposal = stages.answerable(d)

    stages.send(stages.lead_of(proposal), by=stages.again(d.clerk))

    notice = Notice.objects.get(kind="reply_copied")
    assert notice.person == d.joint_clerk.person
    assert notice.url == stages.joint_of(proposal).get_absolute_url()


@pytest.mark.parametrize("granted", [True, False])
def test_a_decided_extension_is_told_to_the_proposers(d: SimpleNamespace, granted: bool) -> None:
    share = stages.lead_of(stages.acknowledged(d))
    wanted = share.due_on + timedelta(days=10)
    asked = actions.request_extension(
        share, by=stages.again(d.clerk), reason="需踏勘", wanted_on=wanted, at=stages.APRIL
    )

    if granted:
        requesting.grant(asked, by=d.office, at=stages.APRIL)
    else:
        requesting.refuse(asked, by=d.office, answer="请按期。", at=stages.APRIL)

    assert told("extension_told") == {d.author.person.name, d.cosigner.person.name}
    until = wanted if granted else share.due_on
    assert until.isoformat() in Notice.objects.filter(kind="extension_told")[0].body
    assert told("request_decided") == {d.clerk.person.name}


def test_a_decided_return_is_not_told_as_an_extension(d: SimpleNamespace) -> None:
    share = stages.lead_of(made.handed_over(d))
    at = datetime.combine(share.handed_over_on, JANUARY.time(), tzinfo=people.CHINA)
    upload = SimpleUploadedFile("申请.pdf", stages.PDF, "application/pdf")
    asked = actions.request_return(
        share,
        by=stages.again(d.clerk),
        reason="不属于",
        office_decides=True,
        upload=upload,
        at=at,
    )

    requesting.refuse(asked, by=d.office, answer="属于你单位。", at=at)

    assert told("extension_told") == set()


# Invitations that lapse ------------------------------------------------------------------------------


def test_an_invitation_lapses_after_its_day_and_both_are_told_once(d: SimpleNamespace) -> None:
    proposal = invited(d)

    actions.remind(UNTIL)
    assert seat_of(proposal, d.other).status == "waiting"
    actions.remind(UNTIL + timedelta(days=1))
    count = Notice.objects.count()
    actions.remind(UNTIL + timedelta(days=1))

    late = seat_of(proposal, d.other)
    assert (late.status, late.get_status_display()) == ("lapsed", "未答复，已过期")
    assert seat_of(proposal, d.cosigner).status == "agreed"
    assert told("cosign_expired") == {d.other.person.name}
    assert told("cosign_unanswered") == {d.author.person.name}
    assert late.name in Notice.objects.get(kind="cosign_unanswered").body
    assert Notice.objects.count() == count
    assert "未答复，已过期" in text(logged_in(d.author).get(proposal.get_absolute_url()))


def test_who_let_it_lapse_is_never_counted_and_may_be_asked_again(d: SimpleNamespace) -> None:
    proposal = invited(d)
    actions.remind(UNTIL + timedelta(days=1))
    later = JANUARY + timedelta(days=5)

    with pytest.raises((IllegalMove, NotReady)):
        actions.agree(seat_of(proposal, d.other), by=d.other, at=later)
    actions.invite(
        proposal.fresh(),
        by=d.author,
        memberships=[made.seat(d.other)],
        until=later.date() + timedelta(days=2),
        at=later,
    )
    assert seat_of(proposal, d.other).status == "waiting"
    actions.remind(later.date() + timedelta(days=3))
    sent = actions.submit(proposal.fresh(), by=d.author, at=later)

    assert Notice.objects.filter(kind="cosign_expired").count() == 2
    assert [one.name for one in sent.proposers.confirmed()] == [
        d.author.person.name,
        d.cosigner.person.name,
    ]


# What was returned ------------------------------------------------------------------------------------


def returned(d: SimpleNamespace, **how: Any) -> Proposal:
    proposal = actions.submit(made.drafted(d), by=d.author, at=JANUARY)
    actions.return_(proposal, by=d.office, note="请写明地点。", at=JANUARY, **how)
    return proposal.fresh()


def save(proposal: Proposal, d: SimpleNamespace, words: dict[str, str]) -> None:
    version = proposal.fresh().draft.version
    actions.save_draft(proposal, by=d.author, version=version, at=JANUARY, **words)


def test_a_returned_text_comes_again_only_with_other_words(d: SimpleNamespace) -> None:
    proposal = returned(d)

    with pytest.raises(NotReady, match="和退回时一样"):
        actions.submit(proposal, by=d.author, at=JANUARY)
    save(proposal, d, {**made.TEXT, "suggestions": made.TEXT["suggestions"] + "\r\n "})
    with pytest.raises(NotReady, match="和退回时一样"):  # spaces are no change
        actions.submit(proposal.fresh(), by=d.author, at=JANUARY)
    page = text(logged_in(d.author).get(reverse("proposals:submit", args=[proposal.pk])))
    save(proposal, d, CHANGED)

    assert "和退回时一样" in page
    assert actions.submit(proposal.fresh(), by=d.author, at=JANUARY).status == "submitted"


def test_no_way_round_brings_the_returned_words_back(d: SimpleNamespace) -> None:
    proposal = returned(d)
    save(proposal, d, CHANGED)
    actions.submit(proposal.fresh(), by=d.author, at=JANUARY)
    actions.recall(proposal.fresh(), by=d.author, at=JANUARY)
    save(proposal, d, dict(made.TEXT))

    with pytest.raises(NotReady, match="和退回时一样"):
        actions.submit(proposal.fresh(), by=d.author, at=JANUARY)
    held = proposal.fresh()
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk).update(
            status="submitted", current_text=held.returned_text
        )


def test_a_return_for_papers_leaves_the_words(d: SimpleNamespace) -> None:
    proposal = returned(d, text_stays=True)
    page = text(logged_in(d.author).get(proposal.get_absolute_url()))

    assert "文字可以不改" in page
    assert actions.submit(proposal, by=d.author, at=JANUARY).status == "submitted"


def test_the_office_says_on_its_page_that_the_words_stay(d: SimpleNamespace) -> None:
    proposal = actions.submit(made.drafted(d), by=d.author, at=JANUARY)
    url = reverse("admin:proposals_proposal_return_", args=[proposal.pk])

    logged_in(d.office).post(url, {"note": "请补盖章件。", "text_stays": "on"})

    assert (proposal.fresh().status, proposal.fresh().returned_text) == ("returned", None)


# The last hours ---------------------------------------------------------------------------------------


def closing(d: SimpleNamespace, at: datetime) -> None:
    Plenary.objects.filter(pk=d.plenary.pk).update(cut_off=at)


def at_hour(before: timedelta, closes: datetime) -> set[str]:
    moment = closes - before
    with time_machine.travel(moment, tick=False):
        actions.remind(moment.date())
    return told("cut_off_hours")


def test_a_draft_is_reminded_of_once_in_the_last_hours(d: SimpleNamespace) -> None:
    made.drafted(d)
    closes = JANUARY.replace(day=9, hour=17)
    closing(d, closes)

    assert at_hour(timedelta(hours=25), closes) == set()
    assert at_hour(timedelta(hours=23), closes) == {d.author.person.name}
    at_hour(timedelta(hours=2), closes)
    assert Notice.objects.filter(kind="cut_off_hours").count() == 1
    assert "2026-01-09 17:00" in Notice.objects.get(kind="cut_off_hours").title


def test_a_cut_off_put_off_is_another_one(d: SimpleNamespace) -> None:
    made.drafted(d)
    closes = JANUARY.replace(day=9, hour=17)
    closing(d, closes)
    at_hour(timedelta(hours=3), closes)
    closing(d, closes + timedelta(days=2))

    at_hour(timedelta(hours=3), closes + timedelta(days=2))

    assert Notice.objects.filter(kind="cut_off_hours").count() == 2


def test_the_office_sets_the_hours_or_none(d: SimpleNamespace) -> None:
    made.drafted(d)
    closes = JANUARY.replace(day=9, hour=17)
    closing(d, closes)
    set_parameter("proposals.remind_before_cut_off", 0, by=d.office)

    assert at_hour(timedelta(hours=1), closes) == set()
    set_parameter("proposals.remind_before_cut_off", 2, by=d.office)
    assert at_hour(timedelta(hours=3), closes) == set()
    assert at_hour(timedelta(hours=1), closes) == {d.author.person.name}


def test_what_is_submitted_or_empty_is_reminded_of_by_nobody(d: SimpleNamespace) -> None:
    made.submitted(d)
    actions.start_draft(by=d.other, at=JANUARY)
    closes = JANUARY.replace(day=9, hour=17)
    closing(d, closes)

    assert at_hour(timedelta(hours=1), closes) == set()


# Signatures on paper -----------------------------------------------------------------------------------


def sign(proposal: Proposal, by: Any, *users: Any) -> int:
    seats = [made.seat(user) for user in users]
    paper = scan(proposal, by)
    return actions.sign_on_paper(proposal, by=by, memberships=seats, scan=paper, at=JANUARY)


def test_the_office_enters_who_signed_on_paper(d: SimpleNamespace) -> None:
    proposal = actions.submit(made.drafted(d), by=d.author, at=JANUARY)

    sign(proposal, d.office, d.cosigner)

    signed = seat_of(proposal, d.cosigner)
    line = signed.changes.get(verb="sign_on_paper")
    assert (signed.status, signed.text, signed.is_on_paper) == (
        "agreed",
        proposal.fresh().current_text,
        True,
    )
    assert (line.behalf, line.scan, line.by) == (signed.name, signed.paper, d.office)
    assert proposal.fresh().kind == "cosigned"
    assert told("signed_on_paper") == {d.author.person.name, d.cosigner.person.name}
    assert "纸质" in text(logged_in(d.author).get(proposal.get_absolute_url()))
    inside = reverse("admin:proposals_proposal_change", args=[proposal.pk])
    assert "登记纸质联名" in text(logged_in(d.office).get(inside))


def test_the_page_asks_for_the_scan_and_names_who_may_still_sign(d: SimpleNamespace) -> None:
    proposal = made.submitted(d)
    url = reverse("proposals:proposal_sign_on_paper", args=[proposal.pk])
    office, seat = logged_in(d.office), made.seat(d.other)
    pdf = SimpleUploadedFile("签名.pdf", stages.PDF, "application/pdf")

    without = office.post(url, {"memberships": [seat.pk]})
    given = office.post(url, {"memberships": [seat.pk], "scan": pdf})

    assert without.status_code == 422
    assert given.status_code == 302
    assert seat_of(proposal, d.other).is_on_paper
    assert logged_in(d.author).get(url).status_code == 403
    assert d.cosigner.person.name not in text(office.get(url)).split("在纸上签名的委员")[1]


def test_nobody_but_the_office_enters_signatures(d: SimpleNamespace) -> None:
    proposal = actions.submit(made.drafted(d), by=d.author, at=JANUARY)

    for by in (d.author, d.cosigner, d.clerk):
        with pytest.raises(NotAllowed):
            sign(proposal, by, d.other)
    draft = made.drafted(d)
    with pytest.raises(NotAllowed):  # somebody else's draft is nobody's but theirs
        sign(draft, d.office, d.other)


def test_signatures_come_before_the_decision_and_only_once(d: SimpleNamespace) -> None:
    proposal = made.submitted(d)

    with pytest.raises(NotReady, match="已经是联名人"):
        sign(proposal, d.office, d.cosigner)
    with pytest.raises(NotReady, match="请选择"):
        sign(proposal, d.office, d.author)  # the first proposer does not co-sign
    filed = stages.filed(d)
    with pytest.raises(IllegalMove):
        sign(filed, d.office, d.other)


def test_words_changed_after_a_signature_on_paper_ask_for_a_new_one(d: SimpleNamespace) -> None:
    proposal = actions.start_draft(by=d.office, membership=made.seat(d.author), at=JANUARY)
    actions.save_draft(proposal, by=d.office, version=1, at=JANUARY, **made.TEXT)
    actions.save_choices(proposal, by=d.office, may_publish=True, secrecy_confirmed=True)
    sign(proposal, d.office, d.cosigner)
    version = proposal.fresh().draft.version
    actions.save_draft(proposal, by=d.office, version=version, at=JANUARY, **CHANGED)

    with pytest.raises(NotReady, match="重新确认"):
        actions.submit(proposal.fresh(), by=d.office, at=JANUARY)
    with pytest.raises(NotReady, match="先点「邀请联名」"):
        sign(proposal.fresh(), d.office, d.other)
    actions.invite(proposal.fresh(), by=d.office, memberships=[], at=JANUARY)
    assert not seat_of(proposal, d.cosigner).is_on_paper
    sign(proposal.fresh(), d.office, d.cosigner)

    sent = actions.submit(proposal.fresh(), by=d.office, at=JANUARY)
    signed = seat_of(proposal, d.cosigner)
    assert (sent.kind, signed.text, signed.is_on_paper) == ("cosigned", sent.current_text, True)


def test_the_database_keeps_paper_to_cosigners(d: SimpleNamespace) -> None:
    proposal = made.submitted(d)
    first = proposal.first_proposer
    assert first is not None

    with pytest.raises(IntegrityError), transaction.atomic():
        Proposer.objects.filter(pk=first.pk).update(paper=scan(proposal, d.office))


def test_who_signed_on_paper_gets_the_reply_and_rates(d: SimpleNamespace) -> None:
    proposal = made.submitted(d)
    sign(proposal, d.office, d.other)
    category = Category.objects.get()
    actions.file(proposal.fresh(), by=d.office, category=category, at=JANUARY)
    actions.hand_over(proposal.fresh(), by=d.office, lead=d.housing, at=JANUARY)
    share = Handling.objects.get(proposal=proposal)
    actions.acknowledge(share, by=stages.again(d.clerk), at=JANUARY)

    stages.send(share.fresh(), by=stages.again(d.clerk))

    assert d.other.person.name in told("replied")
    assert share.replies.get().evaluations.count() == 3
