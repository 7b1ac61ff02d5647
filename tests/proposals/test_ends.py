"""撤案 and 归档: taken back in writing before a reply, put away once whole; afterwards nothing writes them."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from cppcc_portal.office import files
from cppcc_portal.office.deadlines import Deadline
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.keys import key_of
from cppcc_portal.office.models import Notice
from cppcc_portal.office.parameters import set_parameter
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady
from members.actions import record_commitment
from members.models import Commitment
from members.roles import Role
from proposals import actions
from proposals.actions import publishing, requesting
from proposals.models import (
    Category,
    Destination,
    Evaluation,
    Handling,
    KeyMark,
    Proposal,
    RefusalReason,
    UnitRequest,
)
from tests import district as made
from tests import people, stages
from tests.browsing import logged_in, queries, text
from tests.decided import LEADERS, decided
from tests.topics import pdf

pytestmark = pytest.mark.django_db
WHY = "情况已有变化，全体提案人书面申请撤案。"


@pytest.fixture
def d(district: SimpleNamespace) -> SimpleNamespace:
    district.supervision = people.account("dc", "督查员甲", Role.SUPERVISION)
    return district


def revoke(d: SimpleNamespace, proposal: Proposal, **more: Any) -> Proposal:
    given = {"by": d.office, "note": WHY, "at": stages.APRIL}
    if "scan" not in more:
        given["scan"] = stages.scan_for(proposal, d.office)
    actions.revoke(proposal, **{**given, **more})
    return proposal.fresh()


def archivable(d: SimpleNamespace) -> Proposal:
    proposal = stages.replied(d)
    for user in (d.author, d.cosigner):
        stages.rate(stages.rating_of(user), by=user)
    actions.close(proposal, by=d.office, at=stages.APRIL)
    return proposal.fresh()


def archived(d: SimpleNamespace) -> Proposal:
    proposal = archivable(d)
    actions.archive(proposal, by=d.office, at=stages.APRIL)
    return proposal.fresh()


# 撤案 ------------------------------------------------------------------------------------------


def test_revoking_needs_the_written_request_and_a_reason(d: SimpleNamespace) -> None:
    proposal = stages.acknowledged(d)
    before = stages.everything()

    with pytest.raises(NotReady, match="撤案申请扫描件"):
        actions.revoke(proposal, by=d.office, note=WHY)
    with pytest.raises(NotReady, match="请写明撤案的理由"):
        actions.revoke(proposal, by=d.office, note=" ")
    for user in (d.author, d.clerk, d.supervision):
        with pytest.raises(NotAllowed):
            actions.revoke(proposal, by=user, note=WHY)

    assert stages.everything() == before


@pytest.mark.parametrize("state", [made.submitted, stages.replied, stages.closed])
def test_revoked_only_after_filing_and_before_the_reply(d: SimpleNamespace, state: Any) -> None:
    proposal = state(d)

    with pytest.raises(IllegalMove):
        revoke(d, proposal)


def test_one_reply_of_two_separate_units_is_a_reply(d: SimpleNamespace) -> None:
    proposal = stages.filed(d)
    actions.hand_over(proposal, by=d.office, separate=[d.housing, d.fire], at=stages.APRIL)
    share = Handling.objects.get(proposal=proposal, unit=d.housing)
    actions.acknowledge(share, by=stages.again(d.clerk), at=stages.APRIL)
    stages.send(share, by=stages.again(d.clerk))

    with pytest.raises(NotReady, match="已有承办单位答复"):
        revoke(d, proposal.fresh())


def test_revoked_ends_shares_clocks_requests_and_tells_everybody(d: SimpleNamespace) -> None:
    proposal = made.handed_over(d)
    lead = stages.lead_of(proposal)
    asked = requesting.request_return(
        lead,
        by=d.clerk,
        reason="不属于本单位",
        office_decides=True,
        upload=pdf(),
        at=_on(lead.handed_over_on),
    )
    actions.select_key(proposal, by=d.office, decision=decided(d.office), leaders=LEADERS)
    scan = stages.scan_for(proposal, d.office)

    proposal = revoke(d, proposal, scan=scan)

    line = proposal.changes.get(verb="revoke")
    assert (line.scan, line.behalf, line.note) == (scan, "陈一等2名提案人", WHY)
    assert {share.status for share in proposal.handlings.all()} == {"ended"}
    assert UnitRequest.objects.get(pk=asked.pk).status == "lapsed"
    subjects = [key_of(one) for one in (proposal, asked, *proposal.handlings.all())]
    assert not Deadline.objects.filter(subject__in=subjects).open().exists()
    assert KeyMark.objects.get().status == "dropped"
    told = Notice.objects.filter(kind="revoked")
    assert {notice.person for notice in told} == {d.author.person, d.cosigner.person}
    told = Notice.objects.filter(kind="revoked_unit")
    assert {notice.person for notice in told} == {d.clerk.person, d.joint_clerk.person}
    tomorrow = stages.APRIL.date() + timedelta(days=400)
    before = Notice.objects.count()
    actions.remind(tomorrow)
    assert Notice.objects.count() == before  # nobody is reminded of it any more


def _on(day: date) -> Any:
    return stages.APRIL.replace(year=day.year, month=day.month, day=day.day)


def test_number_is_kept_and_never_used_again(d: SimpleNamespace) -> None:
    first = revoke(d, stages.filed(d))
    second = stages.filed(d)

    assert (first.number, second.number) == (1, 2)
    page = text(logged_in(d.author).get(first.get_absolute_url()))
    assert "15-5-001 保留、不再使用" in page
    assert WHY in page
    for fields in ({"number": None}, {"status": "filed", "number": 2}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Proposal.objects.filter(pk=first.pk).update(**fields)


def test_units_and_supervision_still_see_what_was_revoked(d: SimpleNamespace) -> None:
    proposal = revoke(d, made.handed_over(d))
    never_theirs = revoke(d, stages.filed(d))

    for user in (d.author, d.clerk, d.supervision):
        page = logged_in(user).get(proposal.get_absolute_url())
        assert page.status_code == 200
        assert WHY in text(page)
    assert logged_in(d.supervision).get(never_theirs.get_absolute_url()).status_code == 404
    share = logged_in(d.clerk).get(stages.lead_of(proposal).get_absolute_url())
    assert "提案已撤案，不用再办理" in text(share)
    assert str(proposal) in text(logged_in(d.clerk).get(f"{reverse('desk:index')}?done=1"))


def test_what_was_merged_into_it_is_reviewed_again(d: SimpleNamespace) -> None:
    main, child = stages.filed(d), made.submitted(d)
    actions.merge(child, by=d.office, into=main, note="内容相同，已征得同意。")

    revoke(d, main.fresh())

    child = child.fresh()
    assert (child.status, child.merged_into) == ("reviewing", None)


def test_office_revokes_on_its_page_with_the_scan(d: SimpleNamespace) -> None:
    proposal = stages.acknowledged(d)
    office, url = logged_in(d.office), f"{proposal.get_absolute_url()}revoke/"
    assert office.post(url, {"note": WHY}).status_code == 422

    done = office.post(url, {"note": WHY, "scan": pdf("撤案申请.pdf")})

    assert done.status_code == 302
    assert proposal.fresh().status == "revoked"
    assert proposal.changes.get(verb="revoke").scan.kind == Attachment.Kind.SCAN
    assert logged_in(d.author).get(url).status_code in (403, 409, 302)


def test_received_is_the_sum_of_what_became_of_it(d: SimpleNamespace) -> None:
    main = stages.filed(d)
    revoke(d, stages.filed(d))
    archived(d)
    actions.merge(made.submitted(d), by=d.office, into=main, note="内容相同，已征得同意。")
    actions.refuse(
        made.submitted(d),
        by=d.office,
        refusal_reason=RefusalReason.objects.get(),
        destination=Destination.objects.get(),
    )
    actions.withdraw(made.submitted(d), by=d.author)
    made.submitted(d)

    received = Proposal.objects.filter(serial__isnull=False)
    status = Proposal.Status
    parts = {
        "filed": [one for one in Proposal.NUMBERED if one != status.REVOKED],
        "revoked": [status.REVOKED],
        "merged": [status.MERGED],
        "not filed": [status.NOT_FILED],
        "withdrawn": [status.WITHDRAWN],
        "in process": [status.SUBMITTED, status.REVIEWING, status.RETURNED, status.COSIGNING],
    }
    counted = {name: received.filter(status__in=states).count() for name, states in parts.items()}
    assert counted == {
        "filed": 2, "revoked": 1, "merged": 1, "not filed": 1, "withdrawn": 1, "in process": 1,
    }  # fmt: skip
    assert sum(counted.values()) == received.count()
    # Each status stands in exactly one part, but those that nobody receives.
    known = [state for states in parts.values() for state in states]
    assert len(known) == len(set(known))
    assert set(status) - set(known) == {status.DRAFT, status.TAKEN_OUT}


# 归档 ------------------------------------------------------------------------------------------


def test_archive_says_what_is_lacking(d: SimpleNamespace) -> None:
    proposal = stages.closed(d)  # with an open promise
    before = stages.everything()

    with pytest.raises(NotReady, match="承诺还没有了结：建成十处"):
        actions.archive(proposal, by=d.office)
    for user in (d.author, d.clerk, d.supervision):
        with pytest.raises(NotAllowed):
            actions.archive(proposal, by=user)

    assert stages.everything() == before
    page = text(logged_in(d.office).get(f"{proposal.get_absolute_url()}archive/"))
    assert "承诺还没有了结" in page
    promise = Commitment.objects.get()
    actions.settle_commitment(promise, by=d.office, kept=True, note="已验收。")
    actions.archive(proposal.fresh(), by=d.office)
    assert proposal.fresh().status == "archived"


@pytest.mark.parametrize("state", [stages.filed, stages.acknowledged, stages.replied])
def test_only_what_is_closed_is_archived(d: SimpleNamespace, state: Any) -> None:
    with pytest.raises(IllegalMove):
        actions.archive(state(d), by=d.office)


def test_archive_asks_for_scans_where_the_office_wants_them(d: SimpleNamespace) -> None:
    proposal = archivable(d)
    set_parameter("proposals.archive_needs_scan", True, by=d.office)

    with pytest.raises(NotReady, match="缺少区住建局答复函的扫描件"):
        actions.archive(proposal, by=d.office)
    files.accept(
        pdf("答复函.pdf"),
        subject=stages.lead_of(proposal).replies.get(),
        by=d.office,
        kind=Attachment.Kind.REPLY,
    )
    actions.archive(proposal, by=d.office)

    assert proposal.fresh().status == "archived"


def test_promises_on_the_share_itself_count_as_well(d: SimpleNamespace) -> None:
    proposal = archivable(d)
    record_commitment(
        stages.lead_of(proposal),
        by=d.office,
        unit=d.housing,
        what="六月底前选址",
        who="科长",
        due_on=stages.LATE,
    )

    with pytest.raises(NotReady, match="六月底前选址"):
        actions.archive(proposal, by=d.office)


def test_database_knows_when_it_was_archived(d: SimpleNamespace) -> None:
    proposal = archivable(d)

    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk).update(status="archived")


@pytest.mark.parametrize("end", ["archived", "revoked"])
def test_no_step_writes_what_has_ended(d: SimpleNamespace, end: str) -> None:
    proposal = archived(d) if end == "archived" else revoke(d, stages.answerable(d))
    lead, joint = stages.lead_of(proposal), stages.joint_of(proposal)
    clerk, joint_clerk = stages.again(d.clerk), stages.again(d.joint_clerk)
    decision, scan = decided(d.office), stages.scan_for(proposal, d.office)
    reasons = {
        "refusal_reason": RefusalReason.objects.get(),
        "destination": Destination.objects.get(),
    }
    other = stages.filed(d)
    words = {"way": "phone", "stage": "after", "on": date(2026, 3, 30), "summary": "已沟通。"}
    contact = {"proposer": proposal.first_proposer, "at": stages.APRIL, **words}
    attempts: list[Any] = [
        lambda: actions.save_draft(proposal, by=d.author, version=1, **made.TEXT),
        lambda: actions.save_choices(
            proposal, by=d.author, may_publish=True, secrecy_confirmed=True
        ),
        lambda: actions.reopen_draft(proposal, by=d.author),
        lambda: actions.invite(proposal, by=d.author, memberships=[made.seat(d.other)]),
        lambda: actions.submit(proposal, by=d.author),
        lambda: actions.recall(proposal, by=d.author),
        lambda: actions.withdraw(proposal, by=d.author),
        lambda: actions.start_review(proposal, by=d.office),
        lambda: actions.return_(proposal, by=d.office, note="请改"),
        lambda: actions.file(proposal, by=d.office, category=Category.objects.get()),
        lambda: actions.refuse(proposal, by=d.office, **reasons),
        lambda: actions.merge(proposal, by=d.office, into=other, note="相近"),
        lambda: actions.merge(made.submitted(d), by=d.office, into=proposal, note="相近"),
        lambda: actions.unmerge(proposal, by=d.office, note="不并"),
        lambda: actions.hand_over(proposal, by=d.office, lead=d.housing),
        lambda: actions.acknowledge(lead, by=clerk),
        lambda: actions.record_contact(lead, by=clerk, **contact),
        lambda: actions.record_contact(joint, by=joint_clerk, **contact),
        lambda: actions.save_reply(lead, by=clerk, text="再写"),
        lambda: stages.send(lead, by=clerk),
        lambda: stages.give(joint, by=joint_clerk),
        lambda: actions.request_return(
            lead, by=clerk, reason="不属于", office_decides=True, upload=pdf()
        ),
        lambda: actions.request_extension(
            lead, by=clerk, reason="来不及", wanted_on=stages.LATE, upload=pdf()
        ),
        lambda: actions.rehand(lead, by=d.supervision, unit=people.unit("区水务局"), note="改"),
        lambda: actions.close(proposal, by=d.office),
        lambda: actions.add_note(proposal, by=d.office, text="补一句"),
        lambda: actions.select_key(proposal, by=d.office, decision=decision, leaders=LEADERS),
        lambda: actions.drop_key(proposal, by=d.office, decision=decision, note="不再"),
        lambda: actions.revoke(proposal, by=d.office, note=WHY, scan=scan),
        lambda: actions.archive(proposal, by=d.office),
        lambda: actions.send_for_countersign(lead, by=clerk),
        lambda: actions.sign(lead, by=clerk),
        lambda: actions.check(lead, by=d.supervision),
        lambda: actions.send_back(lead, by=d.supervision, note="退回"),
        lambda: actions.consult_units(proposal, by=d.office, lead=d.housing),
        lambda: actions.examine(proposal, by=d.office, result="file"),
        lambda: actions.convert(proposal, by=d.office),
    ]
    if end == "revoked":  # what is archived may still be named excellent or made public
        attempts += [
            lambda: actions.award(
                proposal, by=d.office, plenary=proposal.plenary, decision=decision
            ),
            lambda: publishing.open_publication(proposal, by=d.office),
        ]
    attempts += [
        lambda rating=rating: stages.rate(rating, by=d.author)
        for rating in Evaluation.objects.filter(reply__handling__proposal=proposal)
    ]
    for number, attempt in enumerate(attempts):
        refused = False
        with transaction.atomic():
            try:
                attempt()
            except (IllegalMove, NotReady, NotAllowed):
                refused = True
            transaction.set_rollback(True)
        assert refused, number
    assert lead.changes.count() == Handling.objects.get(pk=lead.pk).version
    if end == "archived":
        # What is suspected secret leaves all the same: the law goes before the archive.
        actions.take_out(proposal.fresh(), by=d.office, note="转区委保密办")


def test_archived_stays_visible_to_those_who_saw_it(d: SimpleNamespace) -> None:
    proposal = archived(d)

    for user in (d.author, d.cosigner, d.office, d.clerk, d.supervision):
        page = logged_in(user).get(proposal.get_absolute_url())
        assert page.status_code == 200, user
        assert "已归档" in text(page)
    assert logged_in(d.other).get(proposal.get_absolute_url()).status_code == 404
    share = text(logged_in(d.clerk).get(stages.lead_of(proposal).get_absolute_url()))
    assert "只能查看" in share
    assert "登记答复后的沟通" not in share
    inside = reverse("admin:proposals_proposal_change", args=[proposal.pk])
    workplace = text(logged_in(d.office).get(inside))
    assert "代录" not in workplace
    assert "添加批注" not in workplace


def test_year_is_archived_after_a_look(d: SimpleNamespace) -> None:
    ready, lacking, open_one = archivable(d), stages.closed(d), stages.filed(d)
    office = logged_in(d.office)
    url = f"{reverse('admin:proposals_proposal_archive_year')}?plenary={d.plenary.pk}"

    page = office.get(url)

    assert (page.context["ready_count"], page.context["waiting_count"]) == (1, 1)
    assert page.context["open_count"] == 1
    assert "承诺还没有了结" in text(page)
    # A key that is not ready, or not closed at all, is refused by the action whatever was posted.
    done = office.post(url, {"chosen": [ready.pk, lacking.pk, open_one.pk]}, follow=True)
    assert "已归档 1 件" in text(done)
    assert [one.fresh().status for one in (ready, lacking, open_one)] == [
        "archived",
        "tracking",
        "filed",
    ]
    assert logged_in(d.author).get(url).status_code in (302, 403)


@pytest.mark.parametrize("count", [1, 3])
def test_preview_of_a_year_takes_a_constant_number(d: SimpleNamespace, count: int) -> None:
    for _number in range(count):
        archivable(d)
        stages.closed(d)
    url = f"{reverse('admin:proposals_proposal_archive_year')}?plenary={d.plenary.pk}"

    assert queries(logged_in(d.office), url) <= 25


def test_rule_of_deadlines_is_untouched(d: SimpleNamespace) -> None:
    """A clock met before the end stays met: what was done in time is told as it was."""
    proposal = revoke(d, stages.acknowledged(d))

    clock = Deadline.objects.current(stages.lead_of(proposal), "sign_in")
    assert clock is not None
    assert clock.met_at is not None
    assert Deadline.objects.current(stages.lead_of(proposal), "reply").cancelled_at
