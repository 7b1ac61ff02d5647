"""Several members report together: each agrees or declines, all are credited, the registration settles it."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from cppcc_portal.office import files, parameters
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.notices import Notice
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady
from cppcc_portal.waiting import tasks_of
from members import duty
from members.models import DutyRecord, Membership, User
from proposals.actions import (
    bulletins,
    opinion_coauthors,
    opinion_editing,
    opinion_handling,
    opinions,
    remind,
)
from proposals.actions.opinion_removing import take_out_report
from proposals.models import OpinionAuthor, OpinionInvitation, OpinionReport
from proposals.opinion_papers import bulletin_paper
from tests import opinions as made
from tests.browsing import logged_in, text
from tests.district import seat
from tests.opinions import DAY, MAY, WORDS, people_told

pytestmark = pytest.mark.django_db


@pytest.fixture
def d() -> SimpleNamespace:
    duty.lay_down_categories()
    return made.office()


def invite(report: OpinionReport, by: User, *whom: User) -> None:
    seats = [seat(one) for one in whom]
    opinion_coauthors.invite(report, by=by, memberships=seats, at=MAY)


def of(report: OpinionReport, user: User) -> OpinionInvitation:
    return OpinionInvitation.objects.get(report=report, membership=seat(user))


def joined(d: SimpleNamespace) -> OpinionReport:
    """A draft of the author to which the co-signer agreed."""
    report = made.drafted(d)
    invite(report, d.author, d.cosigner)
    opinion_coauthors.agree(of(report, d.cosigner), by=d.cosigner, at=MAY)
    return report


def names(report: OpinionReport) -> list[str]:
    return [author.name for author in report.authors.with_names()]


def test_who_agrees_is_named_and_who_declines_is_not(d: SimpleNamespace) -> None:
    report = made.drafted(d)

    invite(report, d.author, d.cosigner, d.other)
    opinion_coauthors.agree(of(report, d.cosigner), by=d.cosigner, at=MAY)
    opinion_coauthors.decline(of(report, d.other), by=d.other, note="数字不对。", at=MAY)

    assert names(report) == [d.author.name, d.cosigner.name]
    assert people_told("opinion_coauthor_invited") == [d.cosigner.person, d.other.person]
    assert Notice.objects.filter(kind="opinion_coauthor_answered").count() == 2
    assert {
        notice.person for notice in Notice.objects.filter(kind="opinion_coauthor_answered")
    } == {d.author.person}


def test_all_authors_are_credited_and_told_to_the_end(d: SimpleNamespace) -> None:
    report = joined(d)
    opinions.submit(report, by=d.author, at=MAY)
    opinion_editing.register(report, by=d.office, at=MAY)
    opinion_editing.select(report, by=d.office, at=MAY)

    bulletin = made.issued(d, report.fresh()).bulletin
    assert bulletin is not None
    made.adopted(d, bulletin)

    page = text(logged_in(d.office).get(bulletin.get_absolute_url()))
    assert f"{d.author.name}、{d.cosigner.name}" in page
    assert f"（反映人：{d.author.name}、{d.cosigner.name}）" in str(
        vars(bulletin_paper(bulletin, sent_to=True))
    )
    for kind in ("submitted", "registered", "selected", "issued", "adopted"):
        assert people_told(f"opinion_{kind}") == [d.author.person, d.cosigner.person], kind
    assert "关于" in text(logged_in(d.cosigner).get(report.get_absolute_url()))
    assert logged_in(d.other).get(report.get_absolute_url()).status_code == 404


def test_only_who_is_asked_reads_the_frozen_text_and_answers(d: SimpleNamespace) -> None:
    report = made.drafted(d)
    page = report.get_absolute_url()
    assert logged_in(d.cosigner).get(page).status_code == 404

    invite(report, d.author, d.cosigner)
    made.fill(report, d.author, situation="作者后来改动的草稿。")

    shown = text(logged_in(d.cosigner).get(page))
    assert WORDS["situation"] in shown
    assert "作者后来改动的草稿" not in shown
    assert logged_in(d.other).get(page).status_code == 404
    assert logged_in(d.office).get(page).status_code == 404
    assert any(task.url == page for task in tasks_of(d.cosigner, DAY))
    for somebody in (d.author, d.other, d.office):
        with pytest.raises(NotAllowed):
            opinion_coauthors.agree(of(report, d.cosigner), by=somebody, at=MAY)
    opinion_coauthors.decline(of(report, d.cosigner), by=d.cosigner, at=MAY)
    assert logged_in(d.cosigner).get(page).status_code == 404


def test_other_words_are_agreed_to_anew(d: SimpleNamespace) -> None:
    report = joined(d)
    made.fill(report, d.author, situation="改过的情况。")

    opinions.submit(report, by=d.author, at=MAY)

    assert names(report) == [d.author.name]
    assert people_told("opinion_coauthor_asked_again") == [d.cosigner.person]
    invitation = of(report, d.cosigner)
    assert invitation.status == "waiting"
    assert invitation.text == report.author_text
    opinion_coauthors.agree(invitation, by=d.cosigner, at=MAY)
    assert names(report) == [d.author.name, d.cosigner.name]


def test_the_same_words_are_not_asked_again(d: SimpleNamespace) -> None:
    report = joined(d)

    opinions.submit(report, by=d.author, at=MAY)
    opinions.recall(report, by=d.author, at=MAY)
    opinions.submit(report, by=d.author, at=MAY)

    assert names(report) == [d.author.name, d.cosigner.name]
    assert not people_told("opinion_coauthor_asked_again")


def test_an_answer_to_words_that_changed_meanwhile_is_refused(d: SimpleNamespace) -> None:
    report = made.drafted(d)
    invite(report, d.author, d.cosigner)
    seen = of(report, d.cosigner).text_id
    made.fill(report, d.author, situation="改过的情况。")
    opinions.submit(report, by=d.author, at=MAY)

    with pytest.raises(NotReady, match="又有改动"):
        opinion_coauthors.agree(of(report, d.cosigner), by=d.cosigner, text=seen, at=MAY)


def test_the_registration_settles_who_reports(d: SimpleNamespace) -> None:
    report = joined(d)
    invite(report, d.author, d.other)
    opinions.submit(report, by=d.author, at=MAY)
    warned = text(logged_in(d.office).get(f"{report.get_absolute_url()}register/"))

    opinion_editing.register(report, by=d.office, at=MAY)

    assert f"{d.other.name}还没有答复" in warned
    assert of(report, d.other).status == "lapsed"
    assert people_told("opinion_coauthor_lapsed") == [d.other.person]
    late = of(report, d.other)
    with pytest.raises(IllegalMove):
        opinion_coauthors.agree(late, by=d.other, at=MAY)
    with pytest.raises(NotReady, match="登记时已经确定"):
        opinion_coauthors.leave(of(report, d.cosigner), by=d.cosigner, at=MAY)
    with pytest.raises(IllegalMove):
        opinion_coauthors.invite(report, by=d.author, memberships=[seat(d.other)], at=MAY)
    assert names(report) == [d.author.name, d.cosigner.name]


def test_who_leaves_before_the_registration_is_named_no_more(d: SimpleNamespace) -> None:
    report = joined(d)
    opinions.submit(report, by=d.author, at=MAY)

    opinion_coauthors.leave(of(report, d.cosigner), by=d.cosigner, note="不再署名。", at=MAY)

    assert names(report) == [d.author.name]
    assert logged_in(d.cosigner).get(report.get_absolute_url()).status_code == 404
    assert "不再署名" in text(logged_in(d.author).get(report.get_absolute_url()))


def test_a_cancelled_invitation_is_closed_and_may_be_renewed(d: SimpleNamespace) -> None:
    report = made.drafted(d)
    invite(report, d.author, d.cosigner)
    with pytest.raises(NotAllowed):
        opinion_coauthors.cancel_invitation(of(report, d.cosigner), by=d.other, at=MAY)

    opinion_coauthors.cancel_invitation(of(report, d.cosigner), by=d.author, at=MAY)

    assert logged_in(d.cosigner).get(report.get_absolute_url()).status_code == 404
    invite(report, d.author, d.cosigner)
    assert of(report, d.cosigner).status == "waiting"
    assert Notice.objects.filter(kind="opinion_coauthor_invited").count() == 2


def test_invitations_keep_to_the_rules(d: SimpleNamespace) -> None:
    report = made.drafted(d)
    with pytest.raises(NotAllowed):
        invite(report, d.other, d.cosigner)
    with pytest.raises(NotReady, match="请选择"):
        invite(report, d.author, d.author)
    Membership.objects.filter(person=d.other.person).update(status="resigned")
    with pytest.raises(NotReady, match="请选择"):
        invite(report, d.author, d.other)
    parameters.set_parameter("opinions.coauthors_most", 0, by=d.office)
    with pytest.raises(NotReady, match="最多 0 位"):
        invite(report, d.author, d.cosigner)
    assert logged_in(d.author).get(f"{report.get_absolute_url()}invite/").status_code == 403
    assert not report.invitations.exists()


def test_who_does_not_answer_is_reminded_once_a_step(d: SimpleNamespace) -> None:
    report = made.drafted(d)
    invite(report, d.author, d.cosigner, d.other)
    opinion_coauthors.decline(of(report, d.other), by=d.other, at=MAY)

    for days in (1, 2, 2, 3, 5, 30):
        remind(DAY + timedelta(days=days))

    reminders = Notice.objects.filter(kind="opinion_coauthor_reminder").order_by("pk")
    assert [(one.person, one.step) for one in reminders] == [
        (d.cosigner.person, 2),
        (d.cosigner.person, 5),
    ]
    opinions.submit(report, by=d.author, at=MAY)
    opinion_editing.register(report, by=d.office, at=MAY)
    assert remind(DAY + timedelta(days=31)) == 0


def test_who_resigned_meanwhile_no_longer_joins(d: SimpleNamespace) -> None:
    report = made.drafted(d)
    invite(report, d.author, d.cosigner)
    Membership.objects.filter(person=d.cosigner.person).update(status="resigned")

    with pytest.raises(NotReady, match="在任委员"):
        opinion_coauthors.agree(of(report, d.cosigner), by=d.cosigner, at=MAY)


def test_signatures_on_paper_are_entered_with_it(d: SimpleNamespace) -> None:
    report = opinions.enter_report(by=d.office, membership=seat(d.author), scan=made.scan(), at=MAY)
    made.fill(report, d.office)

    opinion_coauthors.invite(report, by=d.office, memberships=[seat(d.cosigner)], at=MAY)
    made.fill(report, d.office, advice="照原件更正的建议。")
    opinions.submit(report, by=d.office, at=MAY)

    assert names(report) == [d.author.name, d.cosigner.name]
    last = of(report, d.cosigner).changes.last()
    assert last is not None
    assert (last.verb, last.behalf) == ("agree", d.cosigner.name)
    assert last.scan is not None
    assert not people_told("opinion_coauthor_invited")


def test_pages_lead_through_it(d: SimpleNamespace) -> None:
    report = made.drafted(d)
    base = report.get_absolute_url()
    author, cosigner = logged_in(d.author), logged_in(d.cosigner)
    assert "邀请共同作者" in text(author.get(reverse("opinions:write", args=[report.pk])))

    author.post(f"{base}invite/", {"memberships": [seat(d.cosigner).pk]})
    shown = text(cosigner.get(base))
    assert "请您共同署名" in shown
    page = cosigner.get(f"{base}agree/")
    version = page.context["form"].initial["text"]
    answer = cosigner.post(f"{base}agree/", {"text": version})

    assert answer.status_code == 302
    assert names(report) == [d.author.name, d.cosigner.name]
    submit = text(author.get(reverse("opinions:submit", args=[report.pk])))
    assert f"{d.cosigner.name}（已同意）" in submit
    made.fill(report, d.author, advice="另一条建议。")
    assert "看到的是改动前的文字" in text(author.get(reverse("opinions:submit", args=[report.pk])))
    assert cosigner.get(reverse("opinions:write", args=[report.pk])).status_code == 403


def test_what_is_taken_out_leaves_no_remark_or_letter(d: SimpleNamespace) -> None:
    report = joined(d)
    invite(report, d.author, d.other)
    opinion_coauthors.decline(of(report, d.other), by=d.other, note="金丝雀附言", at=MAY)
    opinions.submit(report, by=d.author, at=MAY)

    take_out_report(report, by=d.office, note="转区委保密办。", at=MAY)

    assert not of(report, d.other).changes.exclude(note="").exists()
    letters = Notice.objects.filter(kind__startswith="opinion_coauthor")
    assert not letters.filter(withdrawn_at=None).exists()
    assert logged_in(d.cosigner).get(report.get_absolute_url()).status_code == 404


def test_the_database_keeps_one_invitation_a_member(d: SimpleNamespace) -> None:
    report = joined(d)
    made_for = of(report, d.cosigner)

    with pytest.raises(IntegrityError), transaction.atomic():
        OpinionInvitation.objects.create(
            report=report, membership=made_for.membership, text=made_for.text
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        OpinionInvitation.objects.filter(pk=made_for.pk).update(answered_at=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        OpinionAuthor.objects.create(report=report, membership=made_for.membership, order=7)


# Duty ------------------------------------------------------------------------------------------


def standing(user: User) -> list[tuple[str, str, int]]:
    rows = DutyRecord.objects.counted().filter(membership=seat(user)).order_by("pk")
    return [(row.category.code, row.role, row.share) for row in rows]


def issued_jointly(d: SimpleNamespace) -> Any:
    report = joined(d)
    opinions.submit(report, by=d.author, at=MAY)
    opinion_editing.register(report, by=d.office, at=MAY)
    opinion_editing.select(report, by=d.office, at=MAY)
    return made.issued(d, report.fresh()).bulletin


def test_every_author_has_what_they_reported_and_what_came_of_it(d: SimpleNamespace) -> None:
    parameters.set_parameter("opinions.coauthor_share", 50, by=d.office)
    bulletin = issued_jointly(d)

    made.adopted(d, bulletin)
    made.instructed(d, bulletin)

    kinds = ("opinion", "opinion_city", "opinion_instructed")
    assert standing(d.author) == [(kind, "author", 100) for kind in kinds]
    assert standing(d.cosigner) == [(kind, "coauthor", 50) for kind in kinds]
    page = text(logged_in(d.cosigner).get("/duty/?year=2026"))
    assert "计 50%" in page
    titles = "".join(DutyRecord.objects.values_list("title", flat=True))
    assert WORDS["title"] not in titles


def test_nothing_counts_before_the_registration_and_only_once_after(d: SimpleNamespace) -> None:
    report = joined(d)
    opinions.submit(report, by=d.author, at=MAY)
    assert not standing(d.author)

    opinion_editing.register(report, by=d.office, at=MAY)
    opinion_editing.return_(report, by=d.office, note="请写明地点。", at=MAY)
    opinion_coauthors.leave(of(report, d.cosigner), by=d.cosigner, note="不署。", at=MAY)
    opinions.submit(report, by=d.author, at=MAY)
    opinion_editing.register(report, by=d.office, at=MAY)

    assert standing(d.author) == [("opinion", "author", 100)]
    assert standing(d.cosigner) == []


def test_a_corrected_adoption_corrects_the_records(d: SimpleNamespace) -> None:
    bulletin = issued_jointly(d)
    wrong = made.adopted(d, bulletin)

    right = made.adopted(d, bulletin, level="province", adopter="省政协", replaces=wrong)
    assert [kind for kind, _role, _share in standing(d.cosigner)] == ["opinion", "opinion_province"]
    bulletins.record_adoption(
        bulletin,
        by=d.office,
        level="province",
        kind="struck",
        adopter="省政协",
        adopted_on=DAY,
        note="误登。",
        replaces=right,
        at=MAY,
    )

    assert [kind for kind, _role, _share in standing(d.author)] == ["opinion"]
    assert [kind for kind, _role, _share in standing(d.cosigner)] == ["opinion"]
    withdrawn = DutyRecord.objects.filter(status="withdrawn")
    assert withdrawn.count() == 4
    assert all(record.changes.filter(verb="withdraw").exists() for record in withdrawn)


def test_a_corrected_instruction_counts_once(d: SimpleNamespace) -> None:
    bulletin = issued_jointly(d)
    first = made.instructed(d, bulletin)

    made.instructed(d, bulletin, text="更正后的批示", level="city", replaces=first)

    kinds = [kind for kind, _role, _share in standing(d.author)]
    assert kinds == ["opinion", "opinion_instructed"]


def test_authors_of_a_combined_issue_all_have_its_adoption(d: SimpleNamespace) -> None:
    main, other = made.issued_combined(d)
    assert main.bulletin is not None

    made.adopted(d, main.bulletin)

    assert ("opinion_city", "author", 100) in standing(d.author)
    assert ("opinion_city", "author", 100) in standing(d.cosigner)


def test_what_is_taken_out_counts_no_more(d: SimpleNamespace) -> None:
    bulletin = issued_jointly(d)
    made.adopted(d, bulletin)

    take_out_report(bulletin.reports.get(), by=d.office, note="转区委保密办。", at=MAY)

    assert standing(d.author) == standing(d.cosigner) == []


def test_the_share_is_a_percentage(d: SimpleNamespace) -> None:
    made.registered(d)

    with pytest.raises(IntegrityError), transaction.atomic():
        DutyRecord.objects.update(share=101)


# Attachments -----------------------------------------------------------------------------------


def test_receivers_open_what_was_sent_along_and_nobody_else(d: SimpleNamespace) -> None:
    report = made.drafted(d)
    added = files.accept(made.scan(), subject=report, by=d.author)
    paper = files.accept(made.scan(), subject=report, by=d.author, kind=Attachment.Kind.SCAN)
    opinions.submit(report, by=d.author, at=MAY)
    opinion_editing.register(report, by=d.office, at=MAY)
    opinion_editing.select(report, by=d.office, at=MAY)
    bulletin = made.issued(d, report.fresh()).bulletin
    assert bulletin is not None
    everybody = ("clerk", "joint_clerk", "other_leader", "supervision", "other", "other_chair")

    def readers(attachment: Attachment) -> set[str]:
        attachment.refresh_from_db()
        people = {name: User.objects.get(pk=getattr(d, name).pk) for name in everybody}
        return {name for name, user in people.items() if attachment.can_be_read_by(user)}

    assert readers(added) == set()
    sent = made.sent(d, bulletin, with_files=True)
    made.sent(d, bulletin, target="supervision", unit=None)  # without them
    made.sent(
        d, bulletin, target="leader", unit=None, leader=d.other_leader.person, with_files=True
    )

    assert readers(added) == {"clerk", "other_leader"}
    assert readers(paper) == set()
    assert added.name in text(logged_in(d.clerk).get(sent.get_absolute_url()))
    files.remove(added, by=d.office, note="误传")
    assert readers(added) == set()


def test_a_unit_that_was_released_opens_them_no_more(d: SimpleNamespace) -> None:
    parameters.set_parameter("opinions.units_handle", True, by=d.office)
    report = made.drafted(d)
    added = files.accept(made.scan(), subject=report, by=d.author)
    opinions.submit(report, by=d.author, at=MAY)
    opinion_editing.register(report, by=d.office, at=MAY)
    opinion_editing.select(report, by=d.office, at=MAY)
    share = made.sent(d, made.issued(d, report.fresh()).bulletin, with_files=True)

    opinion_handling.rehand(share, by=d.office, unit=d.fire, note="不属于住建。", at=MAY)

    assert not added.can_be_read_by(d.clerk)
    assert added.can_be_read_by(d.joint_clerk)
