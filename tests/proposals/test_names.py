"""Names as they stood: who changes post or name later, and a unit that is renamed, change no old page or paper."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from cppcc_portal.office.documents import Paper
from members.models import Membership, Person, Sector, Unit
from proposals import actions, papers
from proposals.actions import publishing
from proposals.models import Destination, Handling, Proposal, Proposer, RefusalReason, Reply
from tests import stages
from tests.district import TEXT, submitted
from tests.stages import joint_of, lead_of, logged_in, rating_of

pytestmark = pytest.mark.django_db
OLD, NEW = "区住建局", "区住房和城乡更新局"


def written(paper: Paper) -> str:
    """All words of a paper."""
    return str([vars(part) if hasattr(part, "__dict__") else part for part in paper.parts])


def page_of(thing: Any, user: Any) -> str:
    answer: Any = logged_in(user).get(thing.get_absolute_url())
    assert answer.status_code == 200
    return str(answer.content.decode())


def move_on(district: SimpleNamespace) -> None:
    """The author is called otherwise, works elsewhere and sits in another sector; the lead unit is renamed."""
    other = Sector.objects.create(
        kind="sector", name="科技界", short_name="科技界", term=district.plenary.term
    )
    Person.objects.filter(pk=district.author.person.pk).update(
        name="陈一新", workplace="区科技馆", post="馆长", party="民盟"
    )
    Membership.objects.filter(person=district.author.person).update(sector=other)
    Unit.objects.filter(pk=district.housing.pk).update(name=NEW, short_name=NEW)


@pytest.fixture
def settled(district: SimpleNamespace) -> SimpleNamespace:
    """The author has a workplace, a party and a sector from the beginning."""
    arts = Sector.objects.create(
        kind="sector", name="文艺界", short_name="文艺界", term=district.plenary.term
    )
    Person.objects.filter(pk=district.author.person.pk).update(
        workplace="区文化馆", post="副馆长", party="民进"
    )
    Membership.objects.filter(person=district.author.person).update(sector=arts)
    return district


def test_filed_proposal_keeps_who_put_it(settled: SimpleNamespace) -> None:
    proposal = stages.filed(settled)

    move_on(settled)

    first = proposal.proposers.get(order=0)
    assert (first.name, first.full_name) == ("陈一", "陈一")
    assert (first.sector, first.work, first.kept_party) == ("文艺界", "区文化馆 副馆长", "民进")
    form = written(papers.proposal_form(proposal.fresh()))
    assert "陈一新" not in form
    assert "区文化馆 副馆长" in form
    shown = page_of(proposal, settled.office)
    assert "陈一" in shown
    assert "<strong>陈一</strong>" in shown
    assert "<strong>陈一新</strong>" not in shown
    assert "科技界" not in shown


def test_draft_and_text_under_review_follow_the_register(settled: SimpleNamespace) -> None:
    proposal = submitted(settled)

    move_on(settled)

    first = proposal.proposers.get(order=0)
    assert first.kept_at is None
    assert (first.name, first.sector, first.work) == ("陈一新", "科技界", "区科技馆 馆长")


def test_not_filed_keeps_names_too(settled: SimpleNamespace) -> None:
    proposal = submitted(settled)
    actions.refuse(
        proposal,
        by=settled.office,
        refusal_reason=RefusalReason.objects.get(),
        destination=Destination.objects.get(),
        at=stages.JANUARY,
    )

    move_on(settled)

    assert proposal.proposers.get(order=0).name == "陈一"


def test_who_did_not_sign_is_not_kept(settled: SimpleNamespace) -> None:
    proposal = stages.filed(settled)

    silent = proposal.proposers.exclude(status=Proposer.Status.AGREED)

    assert silent.exists()
    assert not silent.filter(kept_at__isnull=False).exists()


def test_who_joins_by_merging_is_kept_as_of_that_day(settled: SimpleNamespace) -> None:
    main = stages.filed(settled)
    child = actions.start_draft(by=settled.other, at=stages.JANUARY)
    actions.save_draft(child, by=settled.other, version=1, at=stages.JANUARY, **TEXT)
    actions.save_choices(child, by=settled.other, may_publish=True, secrecy_confirmed=True)
    actions.submit(child.fresh(), by=settled.other, at=stages.JANUARY)
    actions.merge(child.fresh(), by=settled.office, into=main, note="同一事项", at=stages.JANUARY)

    Person.objects.filter(pk=settled.other.person.pk).update(name="施新名")

    for proposal in (main, child):
        joined = proposal.proposers.get(membership__person=settled.other.person)
        assert joined.name == "施三"


def test_papers_keep_the_unit_as_it_was_called(settled: SimpleNamespace) -> None:
    proposal = stages.replied(settled)
    lead, joint = lead_of(proposal), joint_of(proposal)
    sent = lead.replies.get()

    move_on(settled)
    Unit.objects.filter(pk=settled.fire.pk).update(name="区应急救援局", short_name="")

    lead, joint = Handling.objects.get(pk=lead.pk), Handling.objects.get(pk=joint.pk)
    sent = Reply.objects.select_related("handling__unit").get(pk=sent.pk)
    assert str(sent.handling.unit) == NEW
    for paper in (
        papers.hand_over_sheet(lead),
        papers.joint_opinion(joint),
        papers.reply_letter(sent),
        papers.rating_form(rating_of(settled.author)),
    ):
        words = written(paper)
        assert NEW not in words
        assert "区应急救援局" not in words
    assert OLD in written(papers.reply_letter(sent))


def test_page_shows_the_old_name_and_says_how_the_unit_is_called_now(
    settled: SimpleNamespace,
) -> None:
    proposal = stages.replied(settled)

    move_on(settled)

    shown = page_of(proposal, settled.author)
    assert f"{OLD}的答复" in shown
    assert f"（现名：{NEW}）" in shown
    assert f"{NEW}的答复" not in shown


def test_reply_of_a_second_round_bears_the_new_name(settled: SimpleNamespace) -> None:
    proposal = stages.answerable(settled)
    Unit.objects.filter(pk=settled.housing.pk).update(name=NEW, short_name=NEW)

    sent = stages.send(lead_of(proposal), by=stages.again(settled.clerk))

    assert sent.unit_name == NEW
    assert lead_of(proposal).unit_name == OLD


def test_public_page_keeps_names(settled: SimpleNamespace) -> None:
    proposal = stages.replied(settled)
    publication = publishing.open_publication(proposal, by=settled.office)
    replies = {lead_of(proposal).replies.get().pk: ("full", "答复")}
    publishing.prepare(publication, by=settled.office, replies=replies, **TEXT)
    publishing.publish(publication, by=settled.office, number=1, secrecy_confirmed=True)

    move_on(settled)

    shown = page_public(publication)
    assert OLD in shown
    assert NEW not in shown
    assert "陈一新" not in shown


def page_public(publication: Any) -> str:
    answer = Client().get(publication.fresh().public_url)
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.mark.parametrize(
    "half", [{"kept_name": ""}, {"kept_at": None}, {"kept_full_name": ""}], ids=str
)
def test_database_keeps_names_whole(settled: SimpleNamespace, half: dict[str, Any]) -> None:
    proposal = stages.filed(settled)

    with pytest.raises(IntegrityError), transaction.atomic():
        Proposer.objects.filter(proposal=proposal, order=0).update(**half)


def test_database_refuses_a_sent_reply_without_the_name_of_its_unit(
    settled: SimpleNamespace,
) -> None:
    sent = lead_of(stages.replied(settled)).replies.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        Reply.objects.filter(pk=sent.pk).update(unit_name="")


def test_whoever_is_looked_for_is_found_by_the_name_of_today(settled: SimpleNamespace) -> None:
    proposal = stages.filed(settled)

    move_on(settled)

    assert proposal in Proposal.objects.search("陈一新")
