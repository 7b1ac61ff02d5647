"""Proposals of organisations: who may, when, with what seal and contact; who rates; what papers say."""

import io
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from docx import Document

from cppcc_portal.office import word
from cppcc_portal.office.documents import Paper
from cppcc_portal.office.models import Notice
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady
from members import actions as member_actions
from members.models import Body, Committee, Organisation, Posting, Sector
from members.roles import Role
from proposals import actions, papers
from proposals.actions.reminding import remind
from proposals.defaults import lay_down_lists
from proposals.models import (
    Category,
    Collective,
    Evaluation,
    FurtherBody,
    Proposal,
    ProposerKind,
)
from proposals.resources import ProposalResource
from tests import people
from tests.district import TEXT, district, drafted, seat
from tests.laid import once
from tests.stages import PDF, again, give, joint_of, lead_of, logged_in, rate, send

pytestmark = pytest.mark.django_db
JANUARY = datetime(2026, 1, 5, 10, tzinfo=people.CHINA)
JUNE = datetime(2026, 6, 5, 10, tzinfo=people.CHINA)
SIDE = {"contact_name": "联络人", "contact_phone": "19900008222", "writers": "甲、乙"}


@pytest.fixture
@once
def d() -> SimpleNamespace:
    """The district with a party, a sector and who signs for them."""
    d = district()
    lay_down_lists()
    term = d.plenary.term
    d.party = Organisation.objects.create(
        kind=Body.Kind.PARTY, name="某某党海门区总支部委员会", short_name="某某党"
    )
    d.sector = Sector.objects.create(kind=Body.Kind.SECTOR, name="教育界", term=term)
    d.committee = Committee.objects.create(
        kind=Body.Kind.COMMITTEE, name="教卫文体委员会", short_name="教卫文体委", term=term
    )
    role = Role.ORGANISATION_CLERK
    d.party_clerk = people.account("p1", "党派甲", role, body=d.party.body_ptr, post="clerk")
    d.second_clerk = people.account("p2", "党派乙", role, body=d.party.body_ptr, post="clerk")
    d.stranger = people.account("p3", "党派丙", role, body=d.sector.body_ptr, post="clerk")
    d.convenor = people.account("p4", "召集人", role, body=d.sector.body_ptr, post="convenor")
    return d


def pdf(name: str = "盖章件.pdf") -> Any:
    return SimpleUploadedFile(name, PDF, "application/pdf")


def started(d: SimpleNamespace, *, by: Any = None, body: Any = None, **side: str) -> Proposal:
    by = by or d.party_clerk
    proposal = actions.start_collective(
        by=by, body=body or d.party.body_ptr, at=JANUARY, **{**SIDE, **side}
    )
    actions.save_draft(proposal, by=by, version=1, at=JANUARY, **TEXT)
    actions.save_choices(proposal, by=by, may_publish=True, secrecy_confirmed=True)
    return proposal.fresh()


def sealed(d: SimpleNamespace, **more: Any) -> Proposal:
    proposal = started(d, **more)
    by = more.get("by") or d.party_clerk
    actions.keep_collective(proposal.collective, by=by, version=0, seal=pdf())
    return proposal.fresh()


def submitted(d: SimpleNamespace) -> Proposal:
    return actions.submit(sealed(d), by=d.party_clerk, at=JANUARY)


def replied(d: SimpleNamespace) -> Proposal:
    proposal = submitted(d)
    actions.file(proposal, by=d.office, category=Category.objects.get(code="society"), at=JANUARY)
    actions.hand_over(proposal, by=d.office, lead=d.housing, joint=[d.fire], at=JANUARY)
    for share, user in ((lead_of(proposal), d.clerk), (joint_of(proposal), d.joint_clerk)):
        actions.acknowledge(share, by=again(user), at=JANUARY)
    give(joint_of(proposal), by=again(d.joint_clerk))
    send(lead_of(proposal), by=again(d.clerk))
    return proposal.fresh()


def reasons(refused: pytest.ExceptionInfo[NotReady]) -> str:
    return "".join(map(str, refused.value.reasons))


# Who may ----------------------------------------------------------------------------------------


def test_only_who_signs_for_the_body_begins_its_proposal(d: SimpleNamespace) -> None:
    for by, body in (
        (d.party_clerk, d.sector),  # another body
        (d.stranger, d.sector),  # posted there, but not in a role that signs
        (d.author, d.party),
        (d.clerk, d.housing),  # a handling unit puts no proposals
        (d.office, d.housing),
    ):
        with pytest.raises(PermissionDenied):
            actions.start_collective(by=by, body=body.body_ptr, at=JANUARY, **SIDE)

    assert started(d).first_proposer.full_name == "某某党海门区总支部委员会"


def test_who_left_the_posting_has_lost_the_proposal(d: SimpleNamespace) -> None:
    proposal = sealed(d)
    Posting.objects.filter(person=d.party_clerk.person).update(until=date(2020, 1, 2))
    left = again(d.party_clerk)

    with pytest.raises(NotAllowed):
        actions.submit(proposal, by=left, at=JANUARY)
    with pytest.raises(PermissionDenied):
        actions.start_collective(by=left, body=d.party.body_ptr, at=JANUARY)

    assert logged_in(left).get(proposal.get_absolute_url()).status_code == 404
    assert not Proposal.objects.mine(left).exists()
    # The colleague goes on with it.
    assert actions.submit(proposal, by=d.second_clerk, at=JANUARY).kind == "collective"


def test_a_role_taken_off_the_list_signs_no_more(d: SimpleNamespace) -> None:
    proposal = sealed(d)
    ProposerKind.objects.filter(code="party").update(roles=["leader"])

    with pytest.raises(NotAllowed):
        actions.submit(proposal, by=again(d.party_clerk), at=JANUARY)


def test_a_body_out_of_use_or_of_an_old_term_puts_nothing(d: SimpleNamespace) -> None:
    proposal = sealed(d)
    Body.objects.filter(pk=d.party.pk).update(active=False)

    with pytest.raises(NotReady) as refused:
        actions.submit(proposal, by=d.party_clerk, at=JANUARY)

    assert "已停用" in reasons(refused)
    with pytest.raises(NotReady):
        actions.start_collective(by=d.party_clerk, body=Body.objects.get(pk=d.party.pk))


def test_nobody_co_signs_an_organisations_text(d: SimpleNamespace) -> None:
    with pytest.raises(NotAllowed):
        actions.invite(sealed(d), by=d.party_clerk, memberships=[seat(d.cosigner)], at=JANUARY)


# When -------------------------------------------------------------------------------------------


def test_a_sector_puts_proposals_only_while_the_plenary_takes_texts(d: SimpleNamespace) -> None:
    sector = d.sector.body_ptr
    early = started(d, by=d.convenor, body=sector)

    with pytest.raises(NotReady) as refused:
        actions.start_collective(by=d.convenor, body=sector, at=JUNE, **SIDE)
    with pytest.raises(NotReady) as late:
        actions.submit(early, by=d.convenor, at=JUNE)

    assert "征集期" in reasons(refused)
    assert "征集期" in reasons(late)
    assert actions.submit(early, by=d.convenor, at=JANUARY).series == "plenary"


def test_a_returned_text_of_a_sector_may_come_back_after_the_plenary(d: SimpleNamespace) -> None:
    proposal = actions.submit(
        started(d, by=d.convenor, body=d.sector.body_ptr), by=d.convenor, at=JANUARY
    )
    actions.return_(proposal, by=d.office, note="请补附件。", text_stays=True, at=JANUARY)

    assert actions.submit(proposal.fresh(), by=d.convenor, at=JUNE).series == "plenary"


def test_the_office_may_let_sectors_write_at_any_time(d: SimpleNamespace) -> None:
    ProposerKind.objects.filter(code="sector").update(season=ProposerKind.Season.ANY)

    proposal = actions.start_collective(by=d.convenor, body=d.sector.body_ptr, at=JUNE, **SIDE)

    assert proposal.pk


def test_a_party_may_at_any_time_and_late_texts_are_ordinary(d: SimpleNamespace) -> None:
    assert actions.submit(sealed(d), by=d.party_clerk, at=JUNE).series == "ordinary"


# Seal and contact ---------------------------------------------------------------------------------


@pytest.mark.parametrize("lacking", ["contact_name", "contact_phone"])
def test_without_contact_nothing_is_submitted(d: SimpleNamespace, lacking: str) -> None:
    proposal = sealed(d, **{lacking: ""})

    with pytest.raises(NotReady) as refused:
        actions.submit(proposal, by=d.party_clerk, at=JANUARY)

    assert "联系人" in reasons(refused)


def test_without_seal_nothing_is_submitted(d: SimpleNamespace) -> None:
    with pytest.raises(NotReady) as refused:
        actions.submit(started(d), by=d.party_clerk, at=JANUARY)

    assert "公章" in reasons(refused)


def test_the_database_itself_keeps_seal_and_contact(d: SimpleNamespace) -> None:
    side = submitted(d).collective

    for wrong in ({"seal": None}, {"contact_name": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Collective.objects.filter(pk=side.pk).update(**wrong)


def test_a_new_seal_takes_the_place_of_the_old_one(d: SimpleNamespace) -> None:
    proposal = sealed(d)
    old = proposal.collective.seal

    actions.keep_collective(
        proposal.collective, by=d.second_clerk, version=1, seal=pdf("新盖章件.pdf")
    )

    old.refresh_from_db()
    assert old.removed_at is not None
    assert proposal.fresh().collective.seal.name == "新盖章件.pdf"


def test_the_phone_stands_encrypted(d: SimpleNamespace) -> None:
    started(d)

    with connection.cursor() as cursor:
        cursor.execute("SELECT contact_phone FROM proposals_collective")
        stored = cursor.fetchone()[0]

    assert SIDE["contact_phone"] not in stored


# Two clerks at once -------------------------------------------------------------------------------


def test_two_clerks_at_once_lose_no_text(d: SimpleNamespace) -> None:
    proposal = started(d)
    version = proposal.draft.version
    actions.save_draft(
        proposal, by=d.party_clerk, version=version, **{**TEXT, "analysis": "甲写的。"}
    )

    with pytest.raises(actions.DraftConflict) as both:
        actions.save_draft(
            proposal, by=d.second_clerk, version=version, **{**TEXT, "analysis": "乙写的。"}
        )

    assert both.value.theirs.analysis == "甲写的。"
    assert proposal.draft_copies.get().analysis == "乙写的。"


def test_two_clerks_at_once_are_told_about_the_contact(d: SimpleNamespace) -> None:
    side = started(d).collective
    url = reverse("proposals:collective", args=[side.proposal_id])
    actions.keep_collective(side, by=d.party_clerk, version=0, contact_name="新联系人")
    typed = {**SIDE, "version": 0, "contact_name": "另一位"}

    with pytest.raises(NotReady):
        actions.keep_collective(side, by=d.second_clerk, version=0, contact_name="另一位")
    first = logged_in(d.second_clerk).post(url, typed)
    body = first.content.decode()
    again_ = logged_in(d.second_clerk).post(url, {**typed, "version": 1})

    assert first.status_code == 422
    assert "新联系人" in body
    assert 'value="另一位"' in body
    assert again_.status_code == 302
    side.refresh_from_db()
    assert side.contact_name == "另一位"


def test_two_submissions_at_once_give_one_serial(d: SimpleNamespace) -> None:
    proposal = sealed(d)
    actions.submit(proposal, by=d.party_clerk, at=JANUARY)

    with pytest.raises(IllegalMove):
        actions.submit(proposal, by=d.second_clerk, at=JANUARY)


# On paper ---------------------------------------------------------------------------------------


def test_staff_enter_it_from_paper_with_the_scan(d: SimpleNamespace) -> None:
    client = logged_in(d.office)
    url = reverse("admin:proposals_proposal_add")

    neither = client.post(url, {"scan": pdf()})
    both = client.post(url, {"membership": seat(d.author).pk, "body": d.party.pk, "scan": pdf()})
    client.post(url, {"body": d.party.pk, "scan": pdf()})
    proposal = Proposal.objects.get()
    actions.keep_collective(proposal.collective, by=d.office, version=1, **SIDE)
    actions.save_draft(proposal, by=d.office, version=1, **TEXT)
    actions.save_choices(proposal, by=d.office, may_publish=True, secrecy_confirmed=True)
    actions.submit(proposal, by=d.office, at=JANUARY)

    assert neither.status_code == both.status_code == 200
    line = proposal.changes.get(verb="submit")
    assert (line.behalf, bool(line.scan)) == ("某某党", True)
    assert proposal.entered_by == d.office


# What follows -----------------------------------------------------------------------------------


def test_the_bodys_people_are_told_and_rate_once(d: SimpleNamespace) -> None:
    proposal = replied(d)
    rating = Evaluation.objects.get()
    told = Notice.objects.filter(kind="replied").values_list("person__name", flat=True)

    with pytest.raises(NotAllowed):
        rate(rating, by=again(d.stranger))
    with pytest.raises(NotAllowed):
        rate(rating, by=again(d.clerk))
    rate(rating, by=again(d.second_clerk))
    with pytest.raises(IllegalMove):
        rate(Evaluation.objects.get(), by=again(d.party_clerk))
    page = logged_in(d.party_clerk).get(proposal.get_absolute_url()).content.decode()

    assert set(told) == {"党派甲", "党派乙"}
    assert "党派乙 代表组织评价" in page
    assert not Evaluation.objects.waiting_for(again(d.party_clerk)).exists()


def test_reminders_reach_the_bodys_people(d: SimpleNamespace) -> None:
    replied(d)
    due = Evaluation.objects.get().due_on

    remind(due)

    reminded = Notice.objects.filter(kind="evaluation_reminder")
    assert set(reminded.values_list("person__name", flat=True)) == {"党派甲", "党派乙"}


def test_drafts_and_ratings_wait_on_the_home_page(d: SimpleNamespace) -> None:
    started(d)
    client = logged_in(d.second_clerk)

    home = client.get("/").content.decode()
    mine = client.get(reverse("proposals:index")).content.decode()

    assert TEXT["title"] in home
    assert TEXT["title"] in mine
    assert "以组织名义提出" in mine


def test_papers_name_the_organisation(d: SimpleNamespace) -> None:
    proposal = replied(d)

    def words(paper: Paper) -> str:
        document = Document(io.BytesIO(word.written(paper)))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        return "\n".join([*(one.text for one in document.paragraphs), *cells])

    form = words(papers.proposal_form(proposal))
    whole = words(papers.proposal_form(proposal, phones={proposal.collective.key}))
    letter = words(papers.reply_letter(lead_of(proposal).replies.get()))

    assert "集体提案表" in form
    assert "某某党海门区总支部委员会" in form
    assert "已盖章" in form
    assert "199****8222" in form
    assert SIDE["contact_phone"] not in form
    assert SIDE["contact_phone"] in whole
    assert "某某党海门区总支部委员会：" in letter
    assert "委员：" not in letter.replace("总支部委员会：", "")


def test_the_unit_sees_whom_to_call_and_others_do_not(d: SimpleNamespace) -> None:
    proposal = replied(d)

    desk = logged_in(d.clerk).get(lead_of(proposal).get_absolute_url()).content.decode()
    joint = logged_in(d.office).get(proposal.get_absolute_url()).content.decode()

    assert SIDE["contact_phone"] in desk
    assert SIDE["contact_phone"] not in joint
    assert "199****8222" in joint


def test_statistics_count_it_by_the_kinds_setting(d: SimpleNamespace) -> None:
    submitted(d)
    ProposerKind.objects.filter(code="party").update(counted_as=ProposerKind.Counted.MEMBER)

    row = ProposalResource().export(Proposal.objects.all()).dict[0]

    assert (row["提案者类别"], row["统计口径"]) == ("党派", "委员提案")


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_a_constant_number_of_queries(
    d: SimpleNamespace, count: int, django_assert_max_num_queries: Any
) -> None:
    for _n in range(count):
        started(d)
    client = logged_in(d.second_clerk)
    client.get(reverse("proposals:index"))

    with django_assert_max_num_queries(17):
        client.get(reverse("proposals:index"))


# Pages ------------------------------------------------------------------------------------------


def test_whole_way_on_the_pages(d: SimpleNamespace) -> None:
    client = logged_in(d.party_clerk)
    with time_machine.travel(JANUARY, tick=False):
        client = logged_in(d.party_clerk)
        bad = client.post(
            reverse("proposals:start_collective"),
            {**SIDE, "body": d.party.pk, "contact_phone": "12"},
        )
        client.post(reverse("proposals:start_collective"), {**SIDE, "body": d.party.pk})
        proposal = Proposal.objects.get()
        edit = client.get(reverse("proposals:edit", args=[proposal.pk])).content.decode()
        client.post(
            reverse("proposals:edit", args=[proposal.pk]),
            {**TEXT, "version": 1, "may_publish": "True", "secrecy_confirmed": "on"},
        )
        missing = client.get(reverse("proposals:submit", args=[proposal.pk])).content.decode()
        kept = client.post(
            reverse("proposals:collective", args=[proposal.pk]),
            {**SIDE, "version": 0, "seal": pdf()},
        )
        client.post(reverse("proposals:submit", args=[proposal.pk]))

    assert bad.status_code == 422
    assert "0513-82200000" in bad.content.decode()
    assert "组织资料" in edit
    assert "邀请联名" not in edit
    assert "加盖公章" in missing
    assert kept.status_code == 302
    assert proposal.fresh().status == "submitted"
    assert proposal.fresh().kind == "collective"


def test_too_many_writers_are_refused(d: SimpleNamespace) -> None:
    side = started(d).collective
    url = reverse("proposals:collective", args=[side.proposal_id])

    answer = logged_in(d.party_clerk).post(url, {**SIDE, "version": 0, "writers": "甲 乙 丙 丁"})

    assert answer.status_code == 422
    assert "最多 3 位" in answer.content.decode()


def test_strangers_find_neither_page(d: SimpleNamespace) -> None:
    proposal = submitted(d)

    assert logged_in(d.author).get(reverse("proposals:start_collective")).status_code == 403
    url = reverse("proposals:collective", args=[proposal.pk])
    assert logged_in(d.author).get(url).status_code == 404
    assert logged_in(d.office).get(url).status_code == 403
    # Once submitted its own clerks change nothing any more.
    assert logged_in(d.party_clerk).get(url).status_code == 403


def test_the_register_of_organisations_and_kinds(d: SimpleNamespace) -> None:
    client = logged_in(d.office)
    url = reverse("admin:members_organisation_add")

    client.post(url, {"sort": "group", "name": "临江镇委员小组", "order": 1, "active": "on"})
    group = Organisation.objects.get(name="临江镇委员小组")
    kind = ProposerKind.objects.get(code="group")
    nobody = client.post(
        reverse("admin:proposals_proposerkind_change", args=[kind.pk]),
        {"name": "联络组", "season": "any", "counted_as": "member", "order": 7},
    )
    client.post(
        reverse("admin:proposals_proposerkind_change", args=[kind.pk]),
        {"name": "联络组", "season": "any", "counted_as": "member", "order": 7, "roles": ["staff"]},
    )

    assert (group.kind, group.group.name) == ("group", f"group:{group.pk}")
    assert nobody.status_code == 200
    kind.refresh_from_db()
    assert (kind.name, kind.season, kind.roles) == ("联络组", "any", ["staff"])


def test_posting_to_come_signs_only_from_its_day(d: SimpleNamespace) -> None:
    later = people.account("p9", "党派丁", Role.ORGANISATION_CLERK)
    tomorrow = timezone.localdate() + timedelta(days=1)
    member_actions.appoint(later.person, d.party.body_ptr, "clerk", by=None, on=tomorrow)

    with pytest.raises(PermissionDenied):
        actions.start_collective(by=again(later), body=d.party.body_ptr, at=JANUARY)


# Seals and words ----------------------------------------------------------------------------------


def reworded(proposal: Proposal, by: Any, words: str) -> Proposal:
    version = proposal.fresh().draft.version
    text = {**TEXT, "analysis": words}
    actions.save_draft(proposal, by=by, version=version, at=JANUARY, **text)
    return proposal.fresh()


def test_words_changed_after_the_seal_need_a_new_seal(d: SimpleNamespace) -> None:
    proposal = reworded(sealed(d), d.party_clerk, "盖章后又改。")

    with pytest.raises(NotReady) as refused:
        actions.submit(proposal, by=d.party_clerk, at=JANUARY)
    page = logged_in(d.party_clerk).get(reverse("proposals:submit", args=[proposal.pk]))
    actions.keep_collective(proposal.collective, by=d.party_clerk, version=1, seal=pdf("新.pdf"))

    assert "重新盖章" in reasons(refused)
    assert "重新盖章" in page.content.decode()
    assert actions.submit(proposal.fresh(), by=d.party_clerk, at=JANUARY).status == "submitted"


def test_the_sealed_words_written_again_need_no_new_seal(d: SimpleNamespace) -> None:
    proposal = reworded(sealed(d), d.party_clerk, "改了又改回来。")
    actions.save_draft(
        proposal, by=d.party_clerk, version=proposal.draft.version, at=JANUARY, **TEXT
    )

    sent = actions.submit(proposal.fresh(), by=d.party_clerk, at=JANUARY)

    assert sent.collective.seal_digest == sent.current_text.digest


def test_a_returned_text_needs_other_words_and_a_new_seal(d: SimpleNamespace) -> None:
    proposal = submitted(d)
    actions.return_(proposal, by=d.office, note="请写明地点。", at=JANUARY)
    changed = reworded(proposal, d.party_clerk, "地点见附图。")

    with pytest.raises(NotReady) as refused:
        actions.submit(changed, by=d.party_clerk, at=JANUARY)

    assert "重新盖章" in reasons(refused)


def test_staff_type_from_the_sealed_paper_and_a_later_change_needs_another(
    d: SimpleNamespace,
) -> None:
    proposal = actions.start_collective(by=d.office, body=d.party.body_ptr, at=JANUARY, **SIDE)
    actions.keep_collective(proposal.collective, by=d.office, version=0, seal=pdf())
    actions.save_draft(proposal, by=d.office, version=1, at=JANUARY, **TEXT)
    actions.save_choices(proposal, by=d.office, may_publish=True, secrecy_confirmed=True)
    sent = actions.submit(proposal.fresh(), by=d.office, at=JANUARY)
    actions.return_(sent, by=d.office, note="请写明地点。", at=JANUARY)
    changed = reworded(proposal, d.office, "地点见附图。")

    assert sent.collective.seal_digest == sent.current_text.digest
    with pytest.raises(NotReady):
        actions.submit(changed, by=d.office, at=JANUARY)


def test_the_database_keeps_whose_words_a_seal_is_of(d: SimpleNamespace) -> None:
    side = submitted(d).collective

    with pytest.raises(IntegrityError), transaction.atomic():
        Collective.objects.filter(pk=side.pk).update(seal_digest="")


def test_nothing_of_the_sealed_words_is_left_when_taken_out(d: SimpleNamespace) -> None:
    proposal = actions.submit(joint(d), by=d.party_clerk, at=JANUARY)
    digest = proposal.current_text.digest

    actions.take_out(proposal, by=d.office, note="转区委保密办", at=JANUARY)

    assert digest not in Collective.objects.values_list("seal_digest", flat=True)
    assert digest not in FurtherBody.objects.values_list("seal_digest", flat=True)


# Several bodies together --------------------------------------------------------------------------

OTHER = {"contact_name": "专委联络人", "contact_phone": "19900008333"}


def joint(d: SimpleNamespace, **more: Any) -> Proposal:
    """Put by the party and the committee together, sealed by both."""
    proposal = sealed(d)
    given = {**OTHER, "body": d.committee.body_ptr, "seal": pdf("专委.pdf"), **more}
    actions.add_body(proposal, by=d.party_clerk, at=JANUARY, **given)
    return proposal.fresh()


@pytest.fixture
def chair(d: SimpleNamespace) -> Any:
    return people.account(
        "cc", "专委主任", Role.COMMITTEE_CHAIR, body=d.committee.body_ptr, post="chair"
    )


def test_two_bodies_put_one_proposal_each_under_its_seal(d: SimpleNamespace, chair: Any) -> None:
    sent = actions.submit(joint(d), by=d.party_clerk, at=JANUARY)

    first, second = sent.proposers.confirmed()
    assert (first.body, second.body) == (d.party.body_ptr, d.committee.body_ptr)
    assert second.text == sent.current_text
    assert second.collective.contact_name == "专委联络人"
    assert sent.kind == "collective"
    page = logged_in(chair).get(sent.get_absolute_url()).content.decode()
    assert "教卫文体委员会" in page
    assert "联合提出" in page
    paper = papers.proposal_form(sent)
    assert "教卫文体委员会" in words_of(paper)


def words_of(paper: Paper) -> str:
    document = Document(io.BytesIO(word.written(paper)))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(line.text for line in document.paragraphs), *cells])


@pytest.mark.parametrize("lacking", ["seal", "contact", "old seal", "out of use"])
def test_each_body_has_its_own_seal_and_contact(d: SimpleNamespace, lacking: str) -> None:
    proposal = joint(d, **({"seal": None} if lacking == "seal" else {}))
    side = proposal.further_bodies.get()
    wanted = "盖章或负责人签名"
    if lacking == "contact":
        FurtherBody.objects.update(contact_name="")
        wanted = "联系人"
    elif lacking == "old seal":
        proposal = reworded(proposal, d.party_clerk, "又改。")
        actions.keep_collective(proposal.collective, by=d.party_clerk, version=1, seal=pdf())
        wanted = f"“{side.body.name}”盖章之后文字又有改动"
    elif lacking == "out of use":
        Body.objects.filter(pk=d.committee.pk).update(active=False)
        wanted = "已停用"

    with pytest.raises(NotReady) as refused:
        actions.submit(proposal.fresh(), by=d.party_clerk, at=JANUARY)

    assert wanted in reasons(refused)


def test_only_who_writes_names_further_bodies_and_none_twice(d: SimpleNamespace) -> None:
    proposal = joint(d)
    given = {**OTHER, "by": d.party_clerk, "at": JANUARY}

    for body, told in (
        (d.committee.body_ptr, "已经列为"),
        (d.party.body_ptr, "就是提出"),
        (d.housing.body_ptr, "不在提案者类别"),
    ):
        with pytest.raises(NotReady) as refused:
            actions.add_body(proposal, body=body, **given)
        assert told in reasons(refused)
    with pytest.raises(NotAllowed):
        actions.add_body(proposal, body=d.sector.body_ptr, **{**given, "by": d.convenor})
    actions.submit(proposal.fresh(), by=d.party_clerk, at=JANUARY)
    with pytest.raises(IllegalMove):
        actions.add_body(proposal.fresh(), body=d.sector.body_ptr, **given)


def test_a_member_has_no_further_bodies(d: SimpleNamespace) -> None:
    proposal = drafted(d)

    with pytest.raises(NotReady):
        actions.add_body(proposal, by=d.author, body=d.party.body_ptr, at=JANUARY, **OTHER)


def test_on_the_pages_of_the_clerk(d: SimpleNamespace) -> None:
    proposal, client = sealed(d), logged_in(d.party_clerk)
    url = reverse("proposals:proposal_add_body", args=[proposal.pk])

    assert d.party.name not in client.get(url).content.decode().split("<select")[1]
    client.post(url, {**OTHER, "body": d.committee.pk})
    side = proposal.further_bodies.get()
    keep = reverse("proposals:body_keep_body", args=[side.pk])
    old = client.post(keep, {**OTHER, "version": side.version + 1, "seal": pdf()})
    client.post(keep, {**OTHER, "version": side.version, "seal": pdf()})
    edit = client.get(reverse("proposals:edit", args=[proposal.pk])).content.decode()

    assert old.status_code == 422
    assert 'name="version" value="0"' in old.content.decode()  # saving once more goes through
    side.refresh_from_db()
    assert side.seal is not None
    assert "教卫文体委员会" in edit
    assert logged_in(d.stranger).get(keep).status_code == 404
    client.post(reverse("proposals:body_remove_body", args=[side.pk]))
    assert not proposal.further_bodies.standing().exists()


def test_a_body_taken_off_a_returned_text_gets_no_reply(d: SimpleNamespace) -> None:
    proposal = actions.submit(joint(d), by=d.party_clerk, at=JANUARY)
    actions.return_(proposal, by=d.office, note="补件", text_stays=True, at=JANUARY)
    actions.remove_body(proposal.further_bodies.get(), by=d.party_clerk, at=JANUARY)
    sent = actions.submit(proposal.fresh(), by=d.party_clerk, at=JANUARY)

    assert [one.body_id for one in sent.proposers.confirmed()] == [d.party.pk]
    left = sent.proposers.get(body=d.committee.pk)
    assert (left.status, left.changes.get().verb) == ("left", "put_no_more")
    actions.return_(sent, by=d.office, note="补件", text_stays=True, at=JANUARY)
    given = {**OTHER, "body": d.committee.body_ptr, "seal": pdf()}
    actions.add_body(sent.fresh(), by=d.party_clerk, at=JANUARY, **given)
    again_ = actions.submit(sent.fresh(), by=d.party_clerk, at=JANUARY)
    assert again_.proposers.confirmed().count() == 2


def test_a_body_that_steps_out_is_off_the_text(d: SimpleNamespace, chair: Any) -> None:
    sent = actions.submit(joint(d), by=d.party_clerk, at=JANUARY)

    actions.step_out(sent.proposers.get(order=1), by=again(chair), at=JANUARY)

    assert not sent.further_bodies.standing().exists()
    assert sent.fresh().kind == "collective"


def test_each_body_gets_the_reply_and_rates(d: SimpleNamespace, chair: Any) -> None:
    proposal = actions.submit(joint(d), by=d.party_clerk, at=JANUARY)
    category = Category.objects.get(code="society")
    actions.file(proposal, by=d.office, category=category, at=JANUARY)
    actions.hand_over(proposal, by=d.office, lead=d.housing, at=JANUARY)
    actions.acknowledge(lead_of(proposal), by=again(d.clerk), at=JANUARY)
    send(lead_of(proposal), by=again(d.clerk))

    told = Notice.objects.filter(kind="replied").values_list("person__name", flat=True)
    assert {"党派甲", "专委主任"} <= set(told)
    rating = Evaluation.objects.get(proposer__body=d.committee.pk)
    with pytest.raises(NotAllowed):
        rate(rating, by=again(d.party_clerk))
    rate(rating, by=again(chair))
    assert rating.fresh().status == "answered"
    desk = logged_in(d.clerk).get(lead_of(proposal).get_absolute_url()).content.decode()
    assert "专委联络人" in desk
    assert OTHER["contact_phone"] in desk


def test_the_database_keeps_a_further_bodys_seal_and_contact(d: SimpleNamespace) -> None:
    side = actions.submit(joint(d), by=d.party_clerk, at=JANUARY).further_bodies.get()

    for wrong in ({"seal": None}, {"contact_name": ""}, {"seal_digest": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            FurtherBody.objects.filter(pk=side.pk).update(**wrong)
