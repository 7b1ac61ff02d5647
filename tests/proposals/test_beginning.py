"""A text begun from a Word document or from the catalogue: nothing typed is lost, nobody writes for others."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from cppcc_portal.office.archives import Refused
from cppcc_portal.office.workflow import IllegalMove, NotAllowed
from members.models import Membership
from proposals import actions
from proposals.models import Proposal, SuggestedTopic
from tests.district import TEXT, drafted, submitted
from tests.proposals.test_importing import paper
from tests.stages import again, logged_in

pytestmark = pytest.mark.django_db


def upload(*lines: str) -> Any:
    return SimpleUploadedFile("提案.docx", paper(*lines))


WRITTEN = ("关于停车的建议", "一、情况", "停车难。", "二、建议", "建停车场。")


def test_a_document_fills_an_empty_draft(district: SimpleNamespace) -> None:
    proposal = actions.start_draft(by=district.author)

    taken = actions.fill_from_document(proposal, by=district.author, document=upload(*WRITTEN))

    assert proposal.fresh().draft.parts == {
        "title": "关于停车的建议", "situation": "停车难。", "analysis": "", "suggestions": "建停车场。",
    }  # fmt: skip
    assert (taken["title"], taken["analysis"]) == (7, 0)
    assert not proposal.draft_copies.exists()


def test_what_stood_in_the_draft_is_kept(district: SimpleNamespace) -> None:
    proposal = drafted(district)

    actions.fill_from_document(proposal, by=district.author, document=upload(*WRITTEN))

    # What the document does not have stays; what was replaced stands beside it.
    assert proposal.fresh().draft.analysis == TEXT["analysis"]
    assert proposal.draft_copies.get().situation == TEXT["situation"]
    # A window that still shows the old text conflicts instead of winning.
    with pytest.raises(actions.DraftConflict):
        actions.save_draft(proposal, by=district.author, version=2, **TEXT)


def test_only_the_author_and_only_while_writing(district: SimpleNamespace) -> None:
    with pytest.raises(NotAllowed):
        actions.fill_from_document(drafted(district), by=district.other, document=upload(*WRITTEN))
    with pytest.raises(IllegalMove):
        actions.fill_from_document(
            submitted(district), by=district.author, document=upload(*WRITTEN)
        )


def test_the_page_says_what_was_taken_and_what_is_wrong(district: SimpleNamespace) -> None:
    proposal = drafted(district)
    url = reverse("proposals:fill_from_document", args=[proposal.pk])
    client = logged_in(district.author)

    wrong = client.post(url, {"document": SimpleUploadedFile("图.docx", b"x")})
    empty = client.post(url, {"document": upload("")})
    done = client.post(url, {"document": upload(*WRITTEN)}, follow=True).content.decode()

    assert wrong.status_code == empty.status_code == 422
    assert "案由 7 字" in done
    assert "没有认出：分析" in done
    assert logged_in(district.other).get(url).status_code == 404
    with pytest.raises(Refused):
        actions.fill_from_document(proposal, by=district.author, document=upload(""))


@pytest.fixture
def topic(district: SimpleNamespace) -> SuggestedTopic:
    return SuggestedTopic.objects.create(
        plenary=district.plenary, title="关于社区助餐的建议", clue="助餐点少。"
    )


def test_a_member_begins_a_draft_from_a_topic(
    district: SimpleNamespace, topic: SuggestedTopic
) -> None:
    client = logged_in(district.author)

    page = client.get(reverse("proposals:topics")).content.decode()
    client.post(reverse("proposals:start_from_topic", args=[topic.pk]))

    proposal = Proposal.objects.get()
    assert "助餐点少。" in page
    assert proposal.draft.title == proposal.title == topic.title
    assert list(topic.taken_by.all()) == [proposal]
    # A draft is nobody's business: only what was handed in is counted.
    assert SuggestedTopic.objects.with_taken().get().taken == 0


def test_a_second_tap_goes_on_with_the_draft_already_begun(
    district: SimpleNamespace, topic: SuggestedTopic
) -> None:
    first = actions.start_from_topic(topic, by=district.author)
    actions.start_from_topic(topic, by=district.cosigner)

    again_opened = actions.start_from_topic(topic, by=district.author)

    assert again_opened == first
    assert topic.taken_by.count() == 2


def test_what_was_handed_in_is_counted(district: SimpleNamespace, topic: SuggestedTopic) -> None:
    topic.taken_by.add(submitted(district))

    listed = logged_in(district.other).get(reverse("proposals:topics")).content.decode()

    assert "已有 1 件提案" in listed


def test_who_may_not_write_begins_nothing(district: SimpleNamespace, topic: SuggestedTopic) -> None:
    Membership.objects.filter(person=district.other.person).update(status="resigned")

    for user in (district.clerk, district.other):
        with pytest.raises(PermissionDenied):
            actions.start_from_topic(topic, by=again(user))
    SuggestedTopic.objects.update(active=False)
    with pytest.raises(PermissionDenied):
        actions.start_from_topic(topic, by=district.author)
    url = reverse("proposals:start_from_topic", args=[topic.pk])
    assert logged_in(district.author).post(url).status_code == 404
    assert not Proposal.objects.exists()


def test_a_topic_stands_once_in_a_catalogue(topic: SuggestedTopic) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        SuggestedTopic.objects.create(plenary=topic.plenary, title=topic.title)


def test_the_office_keeps_the_catalogue(district: SimpleNamespace, topic: SuggestedTopic) -> None:
    client = logged_in(district.office)
    url = reverse("admin:proposals_suggestedtopic_add")

    client.post(
        url,
        {
            "plenary": district.plenary.pk,
            "purpose": SuggestedTopic.Purpose.PROPOSALS,
            "title": "关于河道的建议",
            "order": 1,
            "active": "on",
        },
    )

    assert SuggestedTopic.objects.filter(title="关于河道的建议").exists()
    assert client.get(reverse("admin:proposals_suggestedtopic_changelist")).status_code == 200
    assert logged_in(district.author).get(url).status_code in (403, 404)


@pytest.mark.parametrize("count", [1, 3])
def test_the_catalogue_takes_a_constant_number_of_queries(
    district: SimpleNamespace, count: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(count):
        SuggestedTopic.objects.create(plenary=district.plenary, title=f"选题{number}")
    client = logged_in(district.author)
    client.get(reverse("proposals:topics"))

    with django_assert_max_num_queries(10):
        client.get(reverse("proposals:topics"))
