"""公开: after consent and a check, in a version of its own, and gone as soon as somebody says so."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.urls import reverse

from cppcc_portal.office import deadlines
from cppcc_portal.office.models import Notice
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady
from members.roles import Role
from proposals import actions
from proposals.actions import publishing
from proposals.models import Proposal, Publication, PublicationConsent, PublicVersion, Reply
from tests import district as made
from tests import people, stages
from tests.browsing import logged_in, queries, text
from tests.laid import once
from tests.topics import pdf

pytestmark = pytest.mark.django_db
APRIL = stages.APRIL
TEXT = made.TEXT
WHY = "涉及未公开的规划。"


@pytest.fixture
@once
def d(district: SimpleNamespace) -> SimpleNamespace:
    district.secgen = people.account("sg", "秘书长甲", Role.SECRETARY_GENERAL)
    return district


def of(proposal: Proposal) -> Publication:
    return Publication.objects.get(proposal=proposal)


def filed_privately(d: SimpleNamespace) -> Proposal:
    """Filed, and its proposer did not want it public."""
    proposal = actions.start_draft(by=d.author, at=made.JANUARY)
    actions.save_draft(proposal, by=d.author, version=1, at=made.JANUARY, **TEXT)
    actions.save_choices(
        proposal,
        by=d.author,
        may_publish=False,
        unpublished_reason="牵涉本单位",
        secrecy_confirmed=True,
    )
    actions.submit(proposal.fresh(), by=d.author, at=made.JANUARY)
    category = made.Category.objects.get()
    return actions.file(proposal.fresh(), by=d.office, category=category, at=made.JANUARY)


def prepared(d: SimpleNamespace, proposal: Proposal, **words: Any) -> Publication:
    publication = publishing.open_publication(proposal, by=d.office)
    publishing.prepare(publication, by=d.office, at=APRIL, **{**TEXT, **words})
    return publication.fresh()


def published(d: SimpleNamespace, proposal: Proposal | None = None, **words: Any) -> Publication:
    publication = prepared(d, proposal or stages.filed(d), **words)
    go(publication, d)
    return publication


def go(publication: Publication, d: SimpleNamespace, **given: Any) -> None:
    latest = publication.latest
    number = latest.number if latest else 0
    given = {"secrecy_confirmed": True, "number": number, "at": APRIL, **given}
    publishing.publish(publication, by=given.pop("by", d.office), **given)


def with_reply(d: SimpleNamespace, openness: str = "full", **answer: Any) -> Proposal:
    proposal = stages.answerable(d)
    stages.send(stages.lead_of(proposal), by=stages.again(d.clerk), openness=openness, **answer)
    return proposal.fresh()


def reply_of(proposal: Proposal) -> Reply:
    return Reply.objects.get(handling__proposal=proposal)


# What waits --------------------------------------------------------------------------------------


def test_filed_text_waits_fifteen_days(d: SimpleNamespace) -> None:
    publication = of(stages.filed(d))

    clock = deadlines.Deadline.objects.current(publication, "publish_text")
    assert clock is not None
    assert (publication.status, publication.due_on) == ("waiting", date(2026, 1, 20))
    assert "立案 + 15天" in clock.explain()


def test_nothing_waits_without_the_proposers_consent(d: SimpleNamespace) -> None:
    filed_privately(d)

    assert not Publication.objects.exists()


def test_reply_waits_unless_its_unit_keeps_it(d: SimpleNamespace) -> None:
    proposal = stages.answerable(d)
    publication = prepared(d, proposal)
    go(publication, d)
    assert publication.due_on is None

    stages.send(stages.lead_of(proposal), by=stages.again(d.clerk), openness="summary")

    publication = of(proposal)
    assert publication.status == "public"
    clock = deadlines.Deadline.objects.current(publication, "publish_reply")
    assert clock is not None
    assert publication.due_on == clock.due_on


def test_reply_kept_by_its_unit_waits_for_nothing(d: SimpleNamespace) -> None:
    proposal = stages.answerable(d)
    published(d, proposal)

    stages.send(stages.lead_of(proposal), by=stages.again(d.clerk), openness="none")

    assert of(proposal).due_on is None


def test_date_on_the_row_follows_its_clock(d: SimpleNamespace) -> None:
    publication = of(stages.filed(d))
    clock = deadlines.Deadline.objects.current(publication, "publish_text")
    assert clock is not None

    deadlines.extend(clock, to=date(2026, 2, 1), on=date(2026, 1, 10), by=d.office)

    assert of(publication.proposal).due_on == date(2026, 2, 1)


def test_office_is_reminded_once(d: SimpleNamespace) -> None:
    publication = of(stages.filed(d))
    assert publication.due_on is not None

    for _run in range(2):
        actions.remind(publication.due_on - timedelta(days=3))

    told = Notice.objects.filter(kind="publication_reminder")
    assert [notice.person for notice in told] == [d.office.person]


# Publishing ----------------------------------------------------------------------------------------


def test_publish_freezes_words_meets_the_clock_and_tells(d: SimpleNamespace) -> None:
    publication = published(d, title="关于增设充电点的建议")

    version = publication.current
    assert version is not None
    assert (publication.status, version.title) == ("public", "关于增设充电点的建议")
    assert publication.due_on is None
    assert len(version.digest) == 64
    told = Notice.objects.filter(kind="published")
    assert {notice.person for notice in told} == {d.author.person, d.cosigner.person}
    line = publication.changes.get()
    assert (line.verb, line.by) == ("publish", d.office)


@pytest.mark.parametrize("who", ["author", "other", "clerk", "secgen"])
def test_only_the_office_publishes(d: SimpleNamespace, who: str) -> None:
    publication = prepared(d, stages.filed(d))
    user = getattr(d, who)

    with pytest.raises(NotAllowed):
        go(publication, d, by=user)
    with pytest.raises(NotAllowed):
        publishing.prepare(publication, by=user, **TEXT)
    with pytest.raises(NotAllowed):
        publishing.keep_internal(publication, by=user, note=WHY)
    with pytest.raises(NotAllowed):
        publishing.ask_consent(publication, by=user)
    with pytest.raises(NotAllowed):
        publishing.open_publication(publication.proposal, by=user)


@pytest.mark.parametrize("state", [made.submitted, made.drafted])
def test_what_is_not_filed_is_not_prepared(d: SimpleNamespace, state: Any) -> None:
    with pytest.raises(NotReady, match="已立案"):
        publishing.open_publication(state(d), by=d.office)


def test_publishing_without_a_version_or_confirmation_is_refused(d: SimpleNamespace) -> None:
    publication = of(stages.filed(d))
    with pytest.raises(NotReady, match="拟公开稿"):
        go(publication, d)

    publication = prepared(d, publication.proposal)
    with pytest.raises(NotReady, match="国家秘密"):
        go(publication, d, secrecy_confirmed=False)


@pytest.mark.parametrize(
    "words",
    [
        "联系人电话19900008947。",
        "身份证990000190001011234。",
        "邮箱zhang@example.com。",
        "车牌苏F·A1234。",
        "卡号6222021234567890123。",
    ],
)
def test_numbers_of_persons_never_become_public(d: SimpleNamespace, words: str) -> None:
    publication = prepared(d, stages.filed(d), suggestions=words)

    with pytest.raises(NotReady, match="请删去或改写"):
        go(publication, d, hints_confirmed=True)

    assert of(publication.proposal).status == "waiting"


def test_numbers_in_a_reply_are_found_as_well(d: SimpleNamespace) -> None:
    proposal = with_reply(d)
    reply = reply_of(proposal)
    publication = prepared(d, proposal, replies={reply.pk: ("full", "请致电0513-82212345。")})

    with pytest.raises(NotReady, match="电话号码"):
        go(publication, d, hints_confirmed=True)


def test_addresses_and_names_need_a_look(d: SimpleNamespace) -> None:
    publication = prepared(d, stages.filed(d), suggestions="黄二家住人民路88号3幢。")

    with pytest.raises(NotReady, match="逐条看过"):
        go(publication, d)
    go(publication, d, hints_confirmed=True)

    assert publication.status == "public"


def test_a_reply_that_came_since_must_be_in_the_version(d: SimpleNamespace) -> None:
    proposal = stages.answerable(d)
    publication = prepared(d, proposal)
    stages.send(stages.lead_of(proposal), by=stages.again(d.clerk))

    with pytest.raises(NotReady, match="区住建局的答复"):
        go(publication, d)


def test_a_change_makes_a_new_version_and_the_old_stays_public(d: SimpleNamespace) -> None:
    publication = published(d)
    first = publication.current

    publishing.prepare(publication, by=d.office, **{**TEXT, "title": "新的案由"})
    assert of(publication.proposal).current == first
    go(publication, d)

    assert publication.current is not None
    assert (publication.current.number, publication.current.title) == (2, "新的案由")
    assert PublicVersion.objects.get(number=1).title == TEXT["title"]


def test_same_words_are_kept_once(d: SimpleNamespace) -> None:
    publication = prepared(d, stages.filed(d))

    publishing.prepare(publication, by=d.office, **TEXT)

    assert publication.versions.count() == 1


def test_nobody_publishes_words_they_did_not_see(d: SimpleNamespace) -> None:
    publication = prepared(d, stages.filed(d))
    publishing.prepare(publication, by=d.office, **{**TEXT, "title": "同事的改动"})

    with pytest.raises(NotReady, match="新的公开稿"):
        go(publication, d, number=1)
    with pytest.raises(NotReady, match="第 2 稿"):
        publishing.prepare(publication, by=d.office, after=1, **{**TEXT, "title": "我的改动"})


def test_published_twice_is_refused(d: SimpleNamespace) -> None:
    publication = published(d)

    with pytest.raises(NotReady, match="已经公开"):
        go(publication, d)


def test_of_two_who_act_at_once_one_is_told(d: SimpleNamespace) -> None:
    publication = published(d)
    stale = of(publication.proposal)
    publishing.unpublish(publication, by=d.office, note=WHY)

    with pytest.raises(IllegalMove):
        publishing.unpublish(stale, by=d.secgen, note=WHY)


# The way back, and whose consent it takes ------------------------------------------------------------


@pytest.mark.parametrize("who", ["office", "secgen"])
def test_unpublish_needs_only_a_reason(d: SimpleNamespace, who: str) -> None:
    publication = published(d)
    user = getattr(d, who)

    with pytest.raises(NotReady, match="理由"):
        publishing.unpublish(publication, by=user, note=" ")
    publishing.unpublish(publication, by=user, note=WHY, at=APRIL)

    assert (publication.status, publication.current) == ("internal", None)
    assert Notice.objects.filter(kind="unpublished", person=d.author.person).exists()
    assert not Publication.objects.public().exists()


def test_back_to_the_public_takes_proposer_and_unit(d: SimpleNamespace) -> None:
    publication = published(d, made.handed_over(d))
    publishing.unpublish(publication, by=d.office, note=WHY, at=APRIL)
    publishing.prepare(publication, by=d.office, **{**TEXT, "title": "改过的案由"})
    later = APRIL + timedelta(days=1)

    with pytest.raises(NotReady, match="陈一.*区住建局"):
        go(publication, d, at=later)
    for user in (d.author, stages.again(d.clerk)):
        publishing.consent(publication, by=user, at=later)
    go(publication, d, at=later)

    assert publication.status == "public"
    assert (publication.consented, publication.consent.proposer.name) == (False, "陈一")


def test_consent_given_before_it_was_kept_back_no_longer_counts(d: SimpleNamespace) -> None:
    publication = prepared(d, filed_privately(d))
    publishing.consent(publication, by=d.author, at=APRIL)
    go(publication, d)
    publishing.unpublish(publication, by=d.office, note=WHY, at=APRIL + timedelta(days=1))
    publishing.prepare(publication, by=d.office, **{**TEXT, "title": "改过的案由"})

    with pytest.raises(NotReady, match="陈一"):
        go(publication, d, at=APRIL + timedelta(days=2))


def test_not_public_becomes_public_with_consent_and_waits_then(d: SimpleNamespace) -> None:
    publication = prepared(d, filed_privately(d))
    with pytest.raises(NotReady, match="陈一"):
        go(publication, d)
    publishing.ask_consent(publication, by=d.office, at=APRIL)
    assert Notice.objects.filter(kind="publication_asked", person=d.author.person).count() == 1

    publishing.consent(publication, by=d.author, at=APRIL)

    assert Notice.objects.filter(kind="publication_consented", person=d.office.person).exists()
    assert of(publication.proposal).due_on is not None
    go(publication, d)
    assert publication.status == "public"


@pytest.mark.parametrize("who", ["cosigner", "other", "clerk", "office"])
def test_nobody_else_consents(d: SimpleNamespace, who: str) -> None:
    publication = prepared(d, filed_privately(d))

    with pytest.raises(NotAllowed):
        publishing.consent(publication, by=stages.again(getattr(d, who)))


def test_consent_on_paper_needs_its_scan_and_right(d: SimpleNamespace) -> None:
    publication = prepared(d, filed_privately(d))
    side = publication.proposal.first_proposer
    assert side is not None

    with pytest.raises(NotReady, match="扫描件"):
        publishing.enter_consent(publication, by=d.office, side=side, scan=None)
    with pytest.raises(NotAllowed):
        publishing.enter_consent(publication, by=d.secgen, side=side, scan=None)
    scan = stages.scan_for(publication, d.office)
    publishing.enter_consent(publication, by=d.office, side=side, scan=scan)

    given = PublicationConsent.objects.get()
    assert (given.is_entered, given.scan, given.proposer) == (True, scan, side)
    with pytest.raises(NotReady, match="不必再同意"):
        publishing.enter_consent(publication, by=d.office, side=side, scan=scan)


@pytest.mark.parametrize(
    ("unit_says", "public", "asks"),
    [("full", "summary", False), ("summary", "full", True), ("none", "summary", True)],
)
def test_more_of_a_reply_than_its_unit_said_takes_its_consent(
    d: SimpleNamespace, unit_says: str, public: str, asks: bool
) -> None:
    proposal = with_reply(d, unit_says)
    publication = prepared(d, proposal, replies={reply_of(proposal).pk: (public, "已采纳。")})
    if asks:
        with pytest.raises(NotReady, match="区住建局 同意公开"):
            go(publication, d)
        publishing.consent(publication, by=stages.again(d.clerk), at=APRIL)

    go(publication, d)

    assert publication.current is not None
    assert publication.current.replies.get().openness == public


def test_nobody_agrees_to_a_reply_that_is_not_there_yet(d: SimpleNamespace) -> None:
    proposal = with_reply(d, "summary")
    reply = reply_of(proposal)
    publication = prepared(d, proposal, replies={reply.pk: ("full", "已采纳。")})
    assert reply.sent_at is not None
    publishing.consent(
        publication, by=stages.again(d.clerk), at=reply.sent_at - timedelta(minutes=1)
    )

    with pytest.raises(NotReady, match="区住建局 同意公开"):
        go(publication, d)
    publishing.consent(publication, by=stages.again(d.clerk), at=reply.sent_at)
    go(publication, d)

    assert publication.status == "public"


def test_who_cannot_be_asked_here_is_asked_on_paper(d: SimpleNamespace) -> None:
    publication = prepared(d, filed_privately(d))
    publishing.ask_consent(publication, by=d.office)
    assert Notice.objects.filter(kind="publication_asked").count() == 1

    with pytest.raises(NotReady, match="已经征求过"):
        publishing.ask_consent(publication, by=d.office)


def test_words_of_a_reply_that_is_not_public_are_not_kept(d: SimpleNamespace) -> None:
    proposal = with_reply(d)
    publication = published(d, proposal, replies={reply_of(proposal).pk: ("none", "仍然写着")})

    assert publication.current is not None
    assert publication.current.replies.get().text == ""


def test_kept_internal_with_its_reason(d: SimpleNamespace) -> None:
    publication = of(stages.filed(d))
    with pytest.raises(NotReady, match="理由"):
        publishing.keep_internal(publication, by=d.office, note="")

    publishing.keep_internal(publication, by=d.office, note=WHY, at=APRIL)

    assert (publication.status, of(publication.proposal).due_on) == ("internal", None)
    page = text(logged_in(d.author).get(publication.get_absolute_url()))
    assert WHY in page


# Rules of the database, and the end ------------------------------------------------------------------


def test_database_holds_the_rules_whoever_writes(d: SimpleNamespace) -> None:
    publication = published(d)
    rows = Publication.objects.filter(pk=publication.pk)

    for wrong in (
        {"current": None},
        {"secrecy_confirmed": False},
        {"consented": False},
        {"status": "internal"},
        {"status": "internal", "current": None},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        Publication.objects.create(proposal=publication.proposal)


def test_versions_and_consents_can_only_be_added(d: SimpleNamespace) -> None:
    publication = prepared(d, filed_privately(d))
    publishing.consent(publication, by=d.author, at=APRIL)
    go(publication, d)

    for rows, change in (
        (publication.versions, {"title": "别的"}),
        (publication.consents, {"at": APRIL}),
        (publication.changes, {"note": "别的"}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)
        with pytest.raises((IntegrityError, ProtectedError)), transaction.atomic():
            rows.all().delete()


def test_taken_out_proposal_leaves_the_public_at_once(d: SimpleNamespace) -> None:
    proposal = with_reply(d)
    words = {reply_of(proposal).pk: ("full", "公开的答复")}
    publication = published(d, proposal, replies=words)

    actions.take_out(proposal, by=d.office, note="转区委保密办", at=APRIL)

    publication = of(proposal)
    assert (publication.status, publication.current, publication.due_on) == ("gone", None, None)
    version = PublicVersion.objects.get()
    assert (version.title, version.suggestions, version.digest) == ("", "", "")
    assert version.replies.get().text == "（已移出）"
    with pytest.raises(IllegalMove):
        publishing.prepare(publication, by=d.office, **TEXT)
    assert logged_in(d.author).get(publication.get_absolute_url()).status_code == 404


def test_what_waits_goes_with_a_taken_out_proposal(d: SimpleNamespace) -> None:
    proposal = stages.filed(d)

    actions.take_out(proposal, by=d.office, note="转区委保密办", at=APRIL)

    assert not Publication.objects.waiting().exists()


# Pages -----------------------------------------------------------------------------------------------


def test_office_prepares_looks_and_publishes_in_pages(d: SimpleNamespace) -> None:
    proposal = stages.filed(d)
    client = logged_in(d.office)
    publication = of(proposal)
    prepare = reverse("proposals:prepare", args=[publication.pk])
    publish = reverse("proposals:publish", args=[publication.pk])
    assert TEXT["suggestions"] in text(client.get(prepare))

    kept = client.post(prepare, {**TEXT, "analysis": "有隐患。", "after": 0})
    assert kept.headers["Location"] == publish
    page = text(client.get(publish))
    assert "<del>" in page
    refused = client.post(publish, {"number": 1})
    assert refused.status_code == 422
    assert "请确认公开稿不涉及国家秘密" in text(refused)
    done = client.post(publish, {"number": 1, "secrecy_confirmed": "on"})

    assert done.status_code == 302
    assert of(proposal).status == "public"
    assert "公开页面" in text(logged_in(d.author).get(proposal.get_absolute_url()))


def test_page_that_lacks_something_keeps_what_was_typed(d: SimpleNamespace) -> None:
    publication = of(stages.filed(d))
    client = logged_in(d.office)
    url = reverse("proposals:prepare", args=[publication.pk])
    client.post(url, {**TEXT, "after": 0})

    answer = client.post(url, {**TEXT, "title": "晚来的改动", "after": 0})

    page = text(answer)
    assert (answer.status_code, "晚来的改动" in page, "另一位同事" in page) == (422, True, True)
    assert 'name="after" value="1"' in page


def test_after_one_the_next_of_the_queue_comes(d: SimpleNamespace) -> None:
    first = of(stages.filed(d))
    second = prepared(d, another(d))
    prepared(d, first.proposal)
    client = logged_in(d.office)

    done = client.post(
        reverse("proposals:publish", args=[first.pk]), {"number": 1, "secrecy_confirmed": "on"}
    )

    assert done.headers["Location"] == second.get_absolute_url()


def another(d: SimpleNamespace) -> Proposal:
    """A second proposal that waits as well."""
    proposal = actions.start_draft(by=d.other, at=made.JANUARY)
    actions.save_draft(proposal, by=d.other, version=1, at=made.JANUARY, **TEXT)
    actions.save_choices(proposal, by=d.other, may_publish=True, secrecy_confirmed=True)
    actions.submit(proposal.fresh(), by=d.other, at=made.JANUARY)
    category = made.Category.objects.get()
    at = datetime(2026, 1, 6, 9, tzinfo=people.CHINA)
    return actions.file(proposal.fresh(), by=d.office, category=category, at=at)


def test_own_click_of_proposer_and_unit_on_the_page(d: SimpleNamespace) -> None:
    publication = prepared(d, filed_privately(d))
    url = publication.get_absolute_url()
    assert "同意公开" not in text(logged_in(d.office).get(url)).replace("代录同意公开", "").replace(
        "征求公开同意", ""
    ).replace("公开前还须同意", "")

    client = logged_in(d.author)
    assert f"{url}consent/" in text(client.get(url))
    client.post(f"{url}consent/")

    assert publication.consents.get().proposer is not None


def test_office_enters_consent_from_paper_in_a_page(d: SimpleNamespace) -> None:
    publication = prepared(d, filed_privately(d))
    first = publication.proposal.first_proposer
    assert first is not None
    url = f"{publication.get_absolute_url()}enter_consent/"

    logged_in(d.office).post(url, {"side": f"proposer-{first.pk}", "scan": pdf("同意书.pdf")})

    assert publication.consents.get().is_entered


def test_differences_are_for_the_office_alone(d: SimpleNamespace) -> None:
    publication = published(d)
    url = reverse("proposals:public_version", args=[publication.pk, 1])

    assert logged_in(d.office).get(url).status_code == 200
    assert logged_in(d.secgen).get(url).status_code == 200
    assert logged_in(d.author).get(url).status_code == 403
    assert logged_in(d.other).get(url).status_code == 404


def test_lists_of_the_workplace_show_publicity(d: SimpleNamespace) -> None:
    publication = published(d)
    waiting = of(another(d))
    client = logged_in(d.office)
    proposals = reverse("admin:proposals_proposal_changelist")

    answer = client.get(f"{proposals}?publicity=public")
    shown = text(answer)
    assert f"/proposal/{publication.proposal_id}/" in shown
    assert f"/proposal/{waiting.proposal_id}/" not in shown
    queue = text(client.get(f"{reverse('admin:proposals_publication_changelist')}?queue=publish"))
    assert f"/publication/{waiting.pk}/" in queue
    assert f"/publication/{publication.pk}/" not in queue
    assert "publish" not in str(answer.context["cl"].model_admin.actions)
    assert "待公开" in text(client.get(reverse("admin:index")))


def test_workplace_list_asks_the_same_of_one_and_three(d: SimpleNamespace) -> None:
    stages.filed(d)
    client = logged_in(d.office)
    url = reverse("admin:proposals_publication_changelist")
    few = queries(client, url)
    another(d)
    another(d)

    assert queries(client, url) == few
