"""What visitors read: public versions and nothing else, the same for everybody, safe to be kept by a proxy."""

import json
import uuid
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.urls import reverse

from cppcc_portal.office import parameters
from members import actions as member_actions
from proposals import actions
from proposals.actions import publishing
from proposals.models import Proposal, Publication
from tests import district as made
from tests import laid, stages
from tests.browsing import logged_in, queries, text

pytestmark = pytest.mark.django_db
APRIL = stages.APRIL
CANARY = "金丝雀内部"
PHONE = "19900008947"
INDEX = "/public/proposals/"
PUBLIC = {
    "title": "关于增设充电点的建议",
    "situation": "充电点不足。",
    "analysis": "",
    "suggestions": "增设充电点。",
}


@pytest.fixture
def d(district: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The district, in which every internal word carries a canary."""
    laid.forget()
    for part in ("situation", "analysis"):
        monkeypatch.setitem(made.TEXT, part, f"{CANARY}{part}")
    return district


def internal(d: SimpleNamespace) -> Proposal:
    """Replied, with canaries in every internal word."""
    person = d.author.person
    member_actions.set_phone(person, PHONE)
    person.workplace = f"{CANARY}单位"
    person.save()
    proposal = stages.answerable(d)
    actions.add_note(proposal, by=d.office, text=f"{CANARY}批注")
    share = stages.lead_of(proposal)
    stages.send(
        share,
        by=stages.again(d.clerk),
        **{"text": f"{CANARY}答复", "contact_name": f"{CANARY}人", "contact_phone": PHONE},
    )
    return proposal.fresh()


def published(d: SimpleNamespace, how: str = "summary", words: str = "已采纳。") -> Publication:
    proposal = internal(d)
    reply = stages.lead_of(proposal).replies.get()
    publication = publishing.open_publication(proposal, by=d.office)
    publishing.prepare(publication, by=d.office, replies={reply.pk: (how, words)}, **PUBLIC)
    publishing.publish(publication, by=d.office, number=1, secrecy_confirmed=True, at=APRIL)
    return publication


def every_page(publication: Publication) -> list[str]:
    names = ("proposals", "feed", "list", "sitemap")
    return [publication.public_url, *(reverse(f"public:{name}") for name in names)]


def test_only_the_public_version_is_ever_read(d: SimpleNamespace) -> None:
    publication = published(d)

    for url in every_page(publication):
        page = text(Client().get(url))
        assert CANARY not in page, url
        assert PHONE not in page, url
    page = text(Client().get(publication.public_url))
    for words in (PUBLIC["title"], "充电点不足", "增设充电点", "已采纳", "区住建局", "摘要公开"):
        assert words in page


def test_reply_that_is_not_public_shows_only_that_it_is_there(d: SimpleNamespace) -> None:
    page = text(Client().get(published(d, "none", "").public_url))

    assert "答复内容不公开" in page
    assert CANARY not in page


def test_unpublished_hidden_and_absent_are_one_answer(d: SimpleNamespace) -> None:
    publication = published(d)
    publishing.unpublish(publication, by=d.office, note="有误", at=APRIL)
    waiting = Publication.objects.get(pk=publication.pk)

    answers = [
        Client().get(reverse("public:proposal", args=[uid])) for uid in (waiting.uid, uuid.uuid4())
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    for name in ("Cache-Control", "Vary", "Content-Type"):
        assert answers[0].headers[name] == answers[1].headers[name]
    for url in every_page(publication)[1:]:
        assert PUBLIC["title"] not in text(Client().get(url))
        assert str(waiting.uid) not in text(Client().get(url))


@pytest.mark.parametrize("status", ["taken_out", "withdrawn"])
def test_whatever_ends_a_proposal_ends_its_page(d: SimpleNamespace, status: str) -> None:
    publication = published(d)
    if status == "taken_out":
        actions.take_out(publication.proposal, by=d.office, note="转区委保密办", at=APRIL)
    else:  # a state that no step leads to from here: the page asks all the same
        Proposal.objects.filter(pk=publication.proposal_id).update(status=status)

    assert Client().get(publication.public_url).status_code == 404


def test_pages_set_no_cookie_and_may_be_kept(d: SimpleNamespace) -> None:
    publication = published(d)

    for url in (*every_page(publication), f"/public/proposals/{uuid.uuid4()}/"):
        answer = Client().get(url)
        assert not answer.cookies, url
        assert answer.headers["Cache-Control"] == "public, max-age=300"
        assert answer.headers["Vary"] == "Accept-Encoding"


def test_a_logged_in_reader_gets_the_visitors_page(d: SimpleNamespace) -> None:
    publication = published(d)
    client = logged_in(d.author)
    client.cookies["large_type"] = "24"
    client.cookies["django_language"] = "en"

    for url in every_page(publication):
        own, visitors = client.get(url), Client().get(url)
        assert own.content == visitors.content, url
        assert own.headers["Cache-Control"] == visitors.headers["Cache-Control"]
        assert own.headers["Content-Language"] == "zh-hans"
        assert not own.cookies
    # The session itself is untouched.
    assert client.get("/").status_code == 200


def test_pages_behind_the_login_are_never_kept(d: SimpleNamespace) -> None:
    publication = published(d)

    answer = logged_in(d.author).get(publication.get_absolute_url())

    assert answer.headers["Cache-Control"] == "no-store"


def test_pages_are_to_be_read_only(d: SimpleNamespace) -> None:
    url = published(d).public_url

    for method in ("post", "put", "delete"):
        answer = getattr(Client(), method)(url)
        assert answer.status_code in (302, 403, 405)
        assert answer.headers["Cache-Control"] == "no-store"
    assert Client().head(url).status_code == 200


@pytest.mark.parametrize(
    ("how", "shown"), [("first", "陈一等 2 名委员"), ("all", "陈一、黄二"), ("none", "—")]
)
def test_names_follow_the_setting(d: SimpleNamespace, how: str, shown: str) -> None:
    publication = published(d)
    parameters.set_parameter("proposals.public_names", how, by=d.office)

    assert shown in text(Client().get(INDEX))
    assert ("陈一" in text(Client().get(publication.public_url))) is (how != "none")


def test_class_of_the_reply_follows_the_setting(d: SimpleNamespace) -> None:
    publication = published(d)
    assert "已解决或采纳" not in text(Client().get(publication.public_url))

    parameters.set_parameter("proposals.public_class", True, by=d.office)

    assert "已解决或采纳" in text(Client().get(publication.public_url))


def test_how_long_it_is_kept_is_a_setting(d: SimpleNamespace) -> None:
    parameters.set_parameter("public.cache_seconds", 0, by=d.office)

    assert Client().get(INDEX).headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    ("query", "there"),
    [
        ("q=充电", True),
        ("q=15-5-001", True),
        ("q=老旧小区", False),  # in the internal title only
        (f"q={CANARY}", False),
        ("q=陈一", False),
        ("plenary=999999", True),  # no such choice: the form is shown, the list is whole
        ("q=" + "长" * 50, True),
    ],
)
def test_list_is_searched_by_public_words(d: SimpleNamespace, query: str, there: bool) -> None:
    published(d)

    answer = Client().get(f"{INDEX}?{query}")

    assert answer.status_code == 200
    assert (PUBLIC["title"] in text(answer)) is there


def test_list_is_filtered_by_plenary_and_category(d: SimpleNamespace) -> None:
    publication = published(d)
    proposal = publication.proposal
    other = made.Category.objects.create(code="other", name="其他")

    def shown(**query: Any) -> bool:
        return PUBLIC["title"] in text(Client().get(INDEX, query))

    assert shown(plenary=proposal.plenary_id, category=proposal.category_id)
    assert not shown(category=other.pk)


def test_feed_list_and_map_are_well_formed(d: SimpleNamespace) -> None:
    publication = published(d)

    feed = ElementTree.fromstring(Client().get("/public/proposals/feed.xml").content)  # noqa: S314
    title = feed.find("{http://www.w3.org/2005/Atom}entry/{http://www.w3.org/2005/Atom}title")
    assert title is not None
    assert title.text == PUBLIC["title"]
    sitemap = ElementTree.fromstring(Client().get("/public/sitemap.xml").content)  # noqa: S314
    assert [item.text for item in sitemap.iter() if item.tag.endswith("loc")][0].endswith(  # type: ignore[union-attr]
        publication.public_url
    )
    entry = json.loads(Client().get("/public/proposals/list.json").content)["proposals"][0]
    assert entry["title"] == PUBLIC["title"]
    assert entry["units"] == ["区住建局", "区消防救援大队"]
    assert set(entry) == {
        "url", "number", "title", "proposers", "category", "plenary", "units", "published", "changed",
    }  # fmt: skip


def test_large_type_stands_in_the_address(d: SimpleNamespace) -> None:
    url = published(d).public_url

    page = text(Client().get(f"{url}?size=24"))

    assert 'data-size="24"' in page
    assert 'data-size="999"' not in text(Client().get(f"{url}?size=999"))


def test_list_asks_the_same_of_one_and_three(d: SimpleNamespace) -> None:
    published(d)
    few = queries(Client(), INDEX)
    for author in (d.other, d.cosigner):
        proposal = actions.start_draft(by=author, at=made.JANUARY)
        actions.save_draft(proposal, by=author, version=1, at=made.JANUARY, **made.TEXT)
        actions.save_choices(proposal, by=author, may_publish=True, secrecy_confirmed=True)
        actions.submit(proposal.fresh(), by=author, at=made.JANUARY)
        category = made.Category.objects.get()
        one = actions.file(proposal.fresh(), by=d.office, category=category, at=made.JANUARY)
        publication = publishing.open_publication(one, by=d.office)
        publishing.prepare(publication, by=d.office, **PUBLIC)
        publishing.publish(publication, by=d.office, number=1, secrecy_confirmed=True, at=APRIL)

    assert queries(Client(), INDEX) == few
    assert Publication.objects.public().count() == 3
