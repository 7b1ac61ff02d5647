"""Public-opinion reports: each step by whom and when, the author's words, numbers, notices."""

from collections.abc import Callable
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from cppcc_portal.office import parameters
from cppcc_portal.office.ledger import WrittenOnce
from cppcc_portal.office.models import Deadline, Instruction, Notice
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady
from members import actions as member_actions
from members.models import Body, Membership
from members.roles import Role
from proposals import actions
from proposals.actions import bulletins, opinion_handling, opinions
from proposals.actions import opinion_editing as editing
from proposals.actions.opinion_removing import take_out_report
from proposals.models import (
    Bulletin,
    Destination,
    OpinionAuthor,
    OpinionDispatch,
    OpinionReport,
    OpinionReportChange,
    OpinionText,
    OpinionYear,
    RefusalReason,
)
from tests import opinions as made
from tests import people
from tests.district import JANUARY, seat
from tests.district import submitted as proposal_submitted
from tests.opinions import EDITED, MAY, STATES, WORDS
from tests.stages import again, scan_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def d() -> SimpleNamespace:
    return made.office()


# What each move does, by whom it may be done.
DOES: dict[str, Callable[[SimpleNamespace, OpinionReport, Any], Any]] = {
    "submit": lambda d, report, by: opinions.submit(report, by=by, at=MAY),
    "recall": lambda d, report, by: opinions.recall(report, by=by, at=MAY),
    "register": lambda d, report, by: editing.register(report, by=by, at=MAY),
    "select": lambda d, report, by: editing.select(report, by=by, at=MAY),
    "keep": lambda d, report, by: editing.keep(report, by=by, note="同类", at=MAY),
    "return_": lambda d, report, by: editing.return_(report, by=by, note="补充", at=MAY),
    "combine": lambda d, report, by: editing.combine(
        report, by=by, into=made.selected(d, d.other), at=MAY
    ),
    "split": lambda d, report, by: editing.split(report, by=by, at=MAY),
    "edit": lambda d, report, by: editing.edit(report, by=by, base=0, at=MAY, **EDITED),
    "check": lambda d, report, by: editing.check(report, by=by, signer=d.leader.person, at=MAY),
    "sign": lambda d, report, by: editing.sign(
        report, by=by, scan=None if by == d.leader else scan_for(report, by), at=MAY
    ),
    "send_back": lambda d, report, by: editing.send_back(report, by=by, note="请核数字", at=MAY),
    "issue": lambda d, report, by: bulletins.issue(report, by=by, at=MAY),
    "archive": lambda d, report, by: bulletins.archive(report, by=by, at=MAY),
    "take_out": lambda d, report, by: take_out_report(report, by=by, note="转保密办", at=MAY),
}
OFFICE = {"office", "checker"}
MAY_DO = {
    "submit": {"author"},
    "recall": {"author"},
    "register": OFFICE,
    "select": OFFICE,
    "keep": OFFICE,
    "return_": OFFICE,
    "combine": OFFICE,
    "split": OFFICE,
    "edit": OFFICE,
    "check": {"checker", "secgen"},  # never the editor, who is `office`
    "sign": {"leader", *OFFICE},  # the office from the signed paper
    "send_back": {"checker", "secgen"},
    "issue": OFFICE,
    "archive": OFFICE,
    "take_out": OFFICE,
}
EVERYBODY = (
    "author", "cosigner", "other", "office", "checker", "secgen", "leader", "other_leader", "chair",
    "other_chair", "supervision", "informant", "clerk",
)  # fmt: skip


def attempt(doing: Callable[[], Any]) -> Any:
    """What came of it; nothing of it stays."""
    try:
        with transaction.atomic():
            doing()
            transaction.set_rollback(True)
    except (IllegalMove, NotAllowed) as refused:
        return type(refused)
    return None


def test_the_tables_of_this_test_know_every_move_and_state() -> None:
    by_people = {verb for verb, move in OpinionReport.MOVES.items() if not move.by_itself}
    assert by_people == set(DOES) == set(MAY_DO)
    assert set(STATES) == set(OpinionReport.Status)


@pytest.mark.parametrize("state", STATES)
def test_each_step_is_taken_from_its_states_only(d: SimpleNamespace, state: str) -> None:
    report = STATES[state](d)

    for verb, does in DOES.items():
        move = OpinionReport.MOVES[verb]
        by = next(name for name in EVERYBODY if name in MAY_DO[verb])
        user = again(getattr(d, by))
        if verb == "send_back" and state == "checked":
            user = again(d.leader)
        ended = attempt(lambda does=does, user=user: does(d, report, user))
        assert (ended is None) == (state in move.old), (verb, ended)
        assert ended in (None, IllegalMove), verb
    assert report.fresh().status == state


@pytest.mark.parametrize("verb", DOES)
def test_each_step_is_taken_by_its_people_only(d: SimpleNamespace, verb: str) -> None:
    state = sorted(OpinionReport.MOVES[verb].old)[-1]
    report = STATES["edited" if verb == "send_back" else str(state)](d)

    done = {
        name
        for name in EVERYBODY
        if attempt(lambda name=name: DOES[verb](d, report, again(getattr(d, name)))) is None
    }

    assert done == MAY_DO[verb]


# Writing and handing in -------------------------------------------------------------------------


@pytest.mark.parametrize("missing", ["title", "situation", "advice"])
def test_submitting_says_what_is_missing(d: SimpleNamespace, missing: str) -> None:
    report = made.drafted(d, **{missing: " "})

    with pytest.raises(NotReady, match="还没有写"):
        opinions.submit(report, by=d.author, at=MAY)

    assert report.fresh().status == "draft"


def test_submitting_needs_the_word_on_secrets(d: SimpleNamespace) -> None:
    report = made.drafted(d, secrecy_confirmed=False)

    with pytest.raises(NotReady, match="国家秘密"):
        opinions.submit(report, by=d.author, at=MAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        OpinionReport.objects.filter(pk=report.pk).update(**{"status": "submitted"})


def test_a_long_title_is_told_at_submission(d: SimpleNamespace) -> None:
    report = made.drafted(d, title="长" * 61)

    with pytest.raises(NotReady, match="60"):
        opinions.submit(report, by=d.author, at=MAY)


def test_who_resigned_meanwhile_reports_as_a_member_no_more(d: SimpleNamespace) -> None:
    report = made.drafted(d)
    Membership.objects.filter(person=d.author.person).update(status="resigned")

    with pytest.raises(NotReady, match="在任委员"):
        opinions.submit(report, by=again(d.author), at=MAY)


def test_nobody_starts_in_the_name_of_another(d: SimpleNamespace) -> None:
    with pytest.raises(NotAllowed):
        opinions.start_report(by=d.author, membership=seat(d.cosigner))
    with pytest.raises(NotAllowed):
        opinions.start_report(by=d.author, body=d.own.body_ptr)
    with pytest.raises(NotAllowed):
        opinions.start_report(by=d.clerk, body=d.housing.body_ptr)
    with pytest.raises(NotAllowed):  # a member reports as a member, or not at all
        opinions.start_report(by=d.author)
    assert not OpinionReport.objects.exists()


def test_a_body_reports_through_its_people(d: SimpleNamespace) -> None:
    report = opinions.start_report(by=d.chair, body=d.own.body_ptr, at=MAY)
    made.fill(report, d.chair)

    opinions.submit(report, by=d.chair, at=MAY)

    assert report.author_names == "甲委"
    assert made.people_told("opinion_submitted") == [d.chair.person]


def test_an_informant_reports_from_their_own_account(d: SimpleNamespace) -> None:
    report = opinions.start_report(by=d.informant, at=MAY)
    made.fill(report, d.informant)

    opinions.submit(report, by=d.informant, at=MAY)

    assert report.author_names == "信息员"
    assert not OpinionReport.objects.visible_to(again(d.other)).exists()


def test_staff_enter_for_an_informant_with_the_scan(d: SimpleNamespace) -> None:
    report = opinions.enter_report(
        by=d.office, informant="沈某", workplace="某村", scan=made.scan(), at=MAY
    )
    made.fill(report, d.office)

    opinions.submit(report, by=d.office, at=MAY)

    line = report.changes.get(verb="submit")
    assert (line.behalf, line.scan is not None, line.by) == ("沈某", True, d.office)
    assert report.is_entered_for_other
    assert not Notice.objects.filter(kind="opinion_submitted").exists()
    with pytest.raises(NotAllowed):
        opinions.enter_report(by=d.author, informant="沈某", scan=made.scan())
    with pytest.raises(NotReady):
        opinions.enter_report(by=d.office, informant=" ", scan=made.scan())


def test_an_author_is_exactly_one_of_four(d: SimpleNamespace) -> None:
    report = made.drafted(d)
    wrong: list[dict[str, Any]] = [
        {},
        {"membership": seat(d.other), "body": Body.objects.first()},
        {"person": d.other.person, "informant": "沈某"},
    ]

    for author in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            OpinionAuthor.objects.create(report=report, order=1, **author)


def test_two_windows_lose_nothing(d: SimpleNamespace) -> None:
    report = made.drafted(d)
    version = report.version
    opinions.save_report(report, by=d.author, version=version, **{**WORDS, "advice": "甲窗口"})

    with pytest.raises(opinions.OpinionConflict) as both:
        opinions.save_report(report, by=d.author, version=version, **{**WORDS, "advice": "乙"})
    # The same text sent twice (a phone that lost the answer) is no conflict.
    opinions.save_report(report, by=d.author, version=version, **{**WORDS, "advice": "甲窗口"})

    assert both.value.report.advice == "甲窗口"
    assert report.fresh().advice == "甲窗口"


def test_nobody_writes_into_what_is_handed_in(d: SimpleNamespace) -> None:
    report = made.submitted(d)

    with pytest.raises(IllegalMove):
        opinions.save_report(report, by=d.author, version=report.version, **WORDS)
    draft = made.drafted(d)
    with pytest.raises(NotAllowed):
        opinions.save_report(draft, by=d.office, version=draft.version, **WORDS)


def test_the_authors_words_stay_beside_the_edited_ones(d: SimpleNamespace) -> None:
    report = made.edited(d)

    assert report.author_text is not None
    assert report.edited_text is not None
    assert report.author_text.parts == WORDS
    assert report.edited_text.parts == EDITED
    with pytest.raises(WrittenOnce):
        OpinionText.objects.update(advice="改")
    with pytest.raises(WrittenOnce):
        report.author_text.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        OpinionText._base_manager.all()._raw_delete("default")


def test_what_comes_back_keeps_its_number_and_both_texts(d: SimpleNamespace) -> None:
    report = made.returned(d)
    made.fill(report, d.author, situation="城东小学门口拥堵。")
    opinions.submit(report, by=d.author, at=MAY)

    editing.register(report, by=d.office, at=MAY)

    assert report.label == "2026-001"
    assert OpinionYear.objects.get().last_serial == 1
    texts = report.texts.filter(kind="original")
    assert [text.situation for text in texts] == [WORDS["situation"], "城东小学门口拥堵。"]


def test_the_register_counts_from_one_each_year(d: SimpleNamespace) -> None:
    first, second = made.registered(d), made.registered(d)
    later = made.submitted(d)

    editing.register(later, by=d.office, at=datetime(2027, 1, 4, 9, tzinfo=people.CHINA))

    assert [one.label for one in (first, second, later)] == ["2026-001", "2026-002", "2027-001"]


@pytest.mark.parametrize("verb", ["keep", "return_"])
def test_keeping_and_returning_say_why(d: SimpleNamespace, verb: str) -> None:
    report = made.registered(d)

    with pytest.raises(NotReady, match="理由"):
        getattr(editing, verb)(report, by=d.office, note=" ", at=MAY)

    assert report.fresh().status == "registered"


# Editing, checking, signing ---------------------------------------------------------------------


def test_each_save_of_the_editor_is_a_version(d: SimpleNamespace) -> None:
    report = made.selected(d)
    editing.save_edit(report, by=d.office, base=0, at=MAY, **EDITED)
    editing.save_edit(report, by=d.office, base=1, at=MAY, **EDITED)
    editing.save_edit(report, by=d.office, base=1, at=MAY, **{**EDITED, "advice": "二稿"})

    edits = report.texts.filter(kind="edited")

    assert [text.advice for text in edits] == [EDITED["advice"], "二稿"]
    assert report.fresh().status == "selected"


def test_of_two_editors_the_second_is_told_and_nothing_is_lost(d: SimpleNamespace) -> None:
    report = made.selected(d)
    editing.save_edit(report, by=d.office, base=0, at=MAY, **EDITED)

    with pytest.raises(NotReady, match="办公室甲保存了第 1 稿"):
        editing.edit(report, by=d.checker, base=0, at=MAY, **{**EDITED, "advice": "另一位"})
    editing.edit(report, by=d.checker, base=1, at=MAY, **{**EDITED, "advice": "另一位"})

    assert [text.advice for text in report.texts.filter(kind="edited")] == [
        EDITED["advice"],
        "另一位",
    ]


def test_only_the_office_saves_an_edit_and_only_while_it_is_edited(d: SimpleNamespace) -> None:
    report = made.selected(d)

    for user in (d.author, d.leader, d.secgen):
        with pytest.raises(NotAllowed):
            editing.save_edit(report, by=user, base=0, **EDITED)
    made.edited(d, report)
    with pytest.raises(IllegalMove):
        editing.save_edit(report, by=d.office, base=1, **EDITED)


def test_the_editor_does_not_check_whatever_door_they_take(d: SimpleNamespace) -> None:
    report = made.edited(d)

    with pytest.raises(NotAllowed):
        editing.check(report, by=d.office, signer=d.leader.person)
    with pytest.raises(IntegrityError), transaction.atomic():
        OpinionReport.objects.filter(pk=report.pk).update(checked_by=d.office)


def test_checking_names_a_leader_who_may_sign(d: SimpleNamespace) -> None:
    report = made.edited(d)

    with pytest.raises(NotReady, match="请选择"):
        editing.check(report, by=d.checker, signer=None)
    with pytest.raises(NotReady, match="没有签发权限"):
        editing.check(report, by=d.checker, signer=d.other.person)


def test_only_the_designated_leader_signs(d: SimpleNamespace) -> None:
    report = made.checked(d)

    for user in (d.other_leader, d.secgen):
        with pytest.raises(NotAllowed):
            editing.sign(report, by=again(user), at=MAY)
    security = people.account("sec", "安全员", Role.SECURITY_ADMIN)
    member_actions.revoke_role(d.leader, Role.LEADER, by=security)
    with pytest.raises(NotAllowed):
        editing.sign(report, by=again(d.leader), at=MAY)


def test_staff_sign_only_from_the_leaders_paper(d: SimpleNamespace) -> None:
    report = made.checked(d)
    with pytest.raises(NotReady, match="扫描件"):
        editing.sign(report, by=d.office, at=MAY)

    editing.sign(report, by=d.office, scan=scan_for(report, d.office), at=MAY)

    assert report.changes.get(verb="sign").behalf == "副主席甲"


def test_what_is_sent_back_is_checked_and_signed_anew(d: SimpleNamespace) -> None:
    report = made.checked(d)

    editing.send_back(report, by=d.leader, note="请核数字", at=MAY)

    assert (report.status, report.checked_by, report.signer) == ("selected", None, None)
    with pytest.raises(NotReady):
        editing.send_back(made.edited(d), by=d.checker, note=" ")


# Combining --------------------------------------------------------------------------------------


def test_a_combined_issue_credits_every_author(d: SimpleNamespace) -> None:
    main, other = made.issued_combined(d)

    assert main.bulletin == other.bulletin
    assert main.bulletin is not None
    assert main.bulletin.kind == "combined"
    assert other.status == "issued"
    assert made.people_told("opinion_issued") == [d.author.person, d.cosigner.person]


def test_combining_holds_to_its_rules(d: SimpleNamespace) -> None:
    other = made.combined(d)
    main = other.combined_into
    assert main is not None
    third = made.selected(d, d.other)

    with pytest.raises(NotReady, match="不能编入自己"):
        editing.combine(main, by=d.office, into=main)
    with pytest.raises(NotReady, match="编入这一篇"):  # no chains
        editing.combine(main, by=d.office, into=third)
    with pytest.raises(NotReady, match="正在编辑"):
        editing.combine(third, by=d.office, into=other)
    with pytest.raises(NotReady, match="移出综合稿"):
        editing.keep(main, by=d.office, note="留")
    made.edited(d, main)
    with pytest.raises(NotReady, match="已送核稿"):
        editing.split(other, by=d.office)


def test_what_is_split_stands_alone_again(d: SimpleNamespace) -> None:
    other = made.combined(d)
    main = other.combined_into

    editing.split(other, by=d.office, at=MAY)
    issued = made.issued(d, main)

    assert (other.status, other.combined_into) == ("selected", None)
    assert issued.bulletin is not None
    assert issued.bulletin.kind == "single"


# Issuing, sending, results ----------------------------------------------------------------------


def test_issues_are_numbered_by_year_and_never_again(d: SimpleNamespace) -> None:
    one, two = made.bulletin(d), made.bulletin(d)
    third = made.signed(d)

    issue = bulletins.issue(third, by=d.office, at=MAY)

    assert [row.number for row in (one, two, issue)] == [1, 2, 3]
    assert str(issue) == "《社情民意》2026年第3期"
    with pytest.raises(IntegrityError), transaction.atomic():
        OpinionReport.objects.filter(pk=third.pk).update(bulletin=None)
    with pytest.raises(WrittenOnce):
        issue.delete()


def test_a_bulletin_goes_to_each_place_once_and_everybody_is_told(d: SimpleNamespace) -> None:
    bulletin = made.bulletin(d)
    made.sent(d, bulletin)
    made.sent(d, bulletin, target="leader", unit=None, leader=d.other_leader.person)
    made.sent(d, bulletin, target="supervision", unit=None)
    made.sent(d, bulletin, target="upper", unit=None, name="市政协")

    with pytest.raises(NotReady, match="已经报送"):
        made.sent(d, bulletin)

    assert bulletin.dispatches.count() == 4
    assert made.people_told("opinion_to_answer") == [d.clerk.person]
    told = made.people_told("opinion_received")
    assert told == [d.other_leader.person, d.supervision.person]
    assert Notice.objects.filter(kind="opinion_sent", person=d.author.person).count() == 4


@pytest.mark.parametrize(
    ("where", "lacks"),
    [
        ({"target": "unit", "unit": None}, "单位"),
        ({"target": "leader", "unit": None}, "领导"),
        ({"target": "upper", "unit": None}, "上级政协"),
    ],
)
def test_sending_says_whom_it_needs(d: SimpleNamespace, where: Any, lacks: str) -> None:
    with pytest.raises(NotReady, match=lacks):
        made.sent(d, **where)


def test_nothing_is_dated_before_the_issue_or_after_today(d: SimpleNamespace) -> None:
    bulletin = made.bulletin(d)
    doings: list[Callable[[date], Any]] = [
        lambda on: bulletins.send(
            bulletin, by=d.office, target="upper", name="市政协", sent_on=on, at=MAY
        ),
        lambda on: made.adopted(d, bulletin, adopted_on=on),
        lambda on: made.instructed(d, bulletin, given_on=on),
    ]

    for doing in doings:
        for on in (date(2026, 5, 5), date(2026, 5, 7)):
            with pytest.raises(NotReady, match="日期不能"):
                doing(on)


def test_a_unit_answers_once_by_a_date_that_says_why(d: SimpleNamespace) -> None:
    dispatch = made.sent(d)
    clock = Deadline.objects.current(dispatch, "opinion_answer")
    assert clock is not None
    assert "20个工作日" in clock.explain()
    assert dispatch.due_on == clock.due_on

    opinion_handling.answer(dispatch, by=again(d.clerk), answer="已划出车位。", at=MAY)

    assert dispatch.status == "answered"
    clock.refresh_from_db()
    assert not clock.is_open
    assert made.people_told("opinion_answered") == [d.author.person]
    with pytest.raises(IllegalMove):
        opinion_handling.answer(dispatch, by=again(d.clerk), answer="又答", at=MAY)


def test_no_other_unit_answers_and_staff_only_from_paper(d: SimpleNamespace) -> None:
    dispatch = made.sent(d)

    for user in (d.joint_clerk, d.author, d.leader, d.supervision):
        with pytest.raises(NotAllowed):
            opinion_handling.answer(dispatch, by=again(user), answer="答")
    with pytest.raises(NotReady, match="扫描件"):
        opinion_handling.answer(dispatch, by=d.office, answer="答")
    opinion_handling.answer(
        dispatch, by=d.office, answer="答", scan=scan_for(dispatch, d.office), at=MAY
    )

    assert dispatch.changes.get().behalf == "区住建局"


def test_units_are_asked_only_where_the_office_has_them_answer(d: SimpleNamespace) -> None:
    parameters.set_parameter("opinions.units_answer", False, by=d.office)

    dispatch = made.sent(d)

    assert dispatch.due_on is None
    assert made.people_told("opinion_received") == [d.clerk.person]


def test_adoption_is_corrected_only_by_a_new_record(d: SimpleNamespace) -> None:
    bulletin = made.bulletin(d)
    first = made.adopted(d, bulletin)
    with pytest.raises(NotReady, match="已经登记"):
        made.adopted(d, bulletin)
    with pytest.raises(WrittenOnce):
        first.save()

    second = made.adopted(d, bulletin, level="province", replaces=first)
    struck = made.adopted(d, bulletin, kind="struck", note="误登", replaces=second)

    with pytest.raises(NotReady, match="已被更正"):
        made.adopted(d, bulletin, level="nation", replaces=first)
    with pytest.raises(NotReady, match="误登"):
        made.adopted(d, bulletin, kind="struck", note="误登")
    assert list(bulletin.adoptions.order_by("pk")) == [first, second, struck]
    assert not bulletin.adoptions.current().exists()
    kinds = Notice.objects.filter(person=d.author.person).values_list("kind", flat=True)
    assert [kind for kind in kinds if "adopt" in kind].count("opinion_adopted") == 1
    assert [kind for kind in kinds if "corrected" in kind] == ["opinion_adoption_corrected"] * 2


def test_adoption_that_was_struck_can_be_recorded_anew(d: SimpleNamespace) -> None:
    bulletin = made.bulletin(d)
    first = made.adopted(d, bulletin)
    other = made.adopted(d, bulletin, level="province")
    with pytest.raises(NotReady, match="已经登记"):
        made.adopted(d, bulletin, replaces=other)
    made.adopted(d, bulletin, kind="struck", note="误登", replaces=first)

    anew = made.adopted(d, bulletin)

    assert list(bulletin.adoptions.current().order_by("pk")) == [other, anew]


@pytest.mark.parametrize("level", ["district", "city", "province", "nation"])
def test_adoption_is_told_level_by_level(d: SimpleNamespace, level: str) -> None:
    adopted = made.adopted(d, made.bulletin(d), level=level)

    notice = Notice.objects.get(kind="opinion_adopted")
    assert str(adopted.get_level_display()) in notice.title


def test_instruction_is_told_without_its_text(d: SimpleNamespace) -> None:
    bulletin = made.bulletin(d)

    made.instructed(d, bulletin)

    notice = Notice.objects.get(kind="opinion_instructed")
    assert notice.person == d.author.person
    assert "金丝雀" not in notice.title + notice.body


def test_instruction_is_corrected_only_by_a_new_record(d: SimpleNamespace) -> None:
    bulletin = made.bulletin(d)
    first = made.instructed(d, bulletin, released=True)

    second = made.instructed(d, bulletin, text="更正后的批示", replaces=first)

    with pytest.raises(NotReady, match="已被更正"):
        made.instructed(d, bulletin, replaces=first)
    with pytest.raises(WrittenOnce):
        first.save()
    assert [one.text for one in type(first).objects.about(bulletin)] == ["更正后的批示"]
    assert hasattr(second, "release")  # what might be told before may be told now
    assert Notice.objects.filter(kind="opinion_instructed").count() == 1


def test_results_are_recorded_by_the_office_alone(d: SimpleNamespace) -> None:
    bulletin = made.bulletin(d)

    for name in ("author", "secgen", "leader", "chair", "supervision", "clerk"):
        other = SimpleNamespace(**{**vars(d), "office": again(getattr(d, name))})
        for doing in (made.sent, made.adopted, made.instructed):
            with pytest.raises(Exception, match="^$"):  # PermissionDenied says nothing
                doing(other, bulletin)


def test_each_step_tells_the_author_once_and_nothing_of_others(d: SimpleNamespace) -> None:
    main, other = made.issued_combined(d)
    assert main.bulletin is not None
    dispatch = made.sent(d, main.bulletin)
    opinion_handling.answer(dispatch, by=again(d.clerk), answer="金丝雀答复", at=MAY)
    made.adopted(d, main.bulletin)
    made.instructed(d, main.bulletin)

    for report, user in ((main, d.author), (other, d.cosigner)):
        told = Notice.objects.filter(person=user.person)
        kinds = list(told.order_by("pk").values_list("kind", flat=True))
        assert kinds == [
            "opinion_submitted", "opinion_registered", "opinion_selected", "opinion_issued",
            "opinion_sent", "opinion_answered", "opinion_adopted", "opinion_instructed",
        ]  # fmt: skip
        assert {notice.url for notice in told} == {report.get_absolute_url()}
        assert not [notice for notice in told if "金丝雀" in notice.title + notice.body]


# From a proposal that was not filed -------------------------------------------------------------


def not_filed(d: SimpleNamespace) -> Any:
    proposal = proposal_submitted(d)
    actions.refuse(
        proposal,
        by=d.office,
        refusal_reason=RefusalReason.objects.get(),
        destination=Destination.objects.get(),
        at=JANUARY,
    )
    return proposal


def test_converting_links_both_ways_and_credits_all_proposers(d: SimpleNamespace) -> None:
    proposal = not_filed(d)

    report = actions.convert(proposal, by=d.office, at=MAY)

    assert (report.status, report.from_proposal) == ("submitted", proposal)
    assert (proposal.status, proposal.opinion_report) == ("not_filed", report)
    assert proposal.changes.filter(verb="convert").count() == 1
    assert report.author_names == "陈一、黄二"
    assert report.author_text is not None
    assert proposal.current_text.analysis in report.author_text.situation
    assert made.people_told("opinion_converted") == [d.author.person, d.cosigner.person]
    editing.register(report, by=d.office, at=MAY)
    assert made.people_told("opinion_registered") == [d.author.person, d.cosigner.person]


def test_converting_happens_once_from_not_filed_by_the_office(d: SimpleNamespace) -> None:
    proposal = not_filed(d)

    for user in (d.author, d.leader, d.chair, d.secgen):
        with pytest.raises(NotAllowed):
            actions.convert(proposal, by=again(user))
    actions.convert(proposal, by=d.office, at=MAY)
    with pytest.raises(NotReady, match="已经转为"):
        actions.convert(proposal, by=d.office, at=MAY)
    with pytest.raises(IllegalMove):
        actions.convert(proposal_submitted(d), by=d.office)
    assert OpinionReport.objects.count() == 1


def test_a_converted_report_is_returned_to_its_first_author(d: SimpleNamespace) -> None:
    report = actions.convert(not_filed(d), by=d.office, at=MAY)

    editing.return_(report, by=d.office, note="请补数字", at=MAY)
    made.fill(report, again(d.author), situation="补了数字。")
    opinions.submit(report, by=again(d.author), at=MAY)

    assert report.status == "submitted"
    with pytest.raises(NotAllowed):
        opinions.recall(report, by=again(d.cosigner))


# Suspected secret (rule 16) ----------------------------------------------------------------------


def words_left() -> str:
    """Every word of these reports that is still in the database, notices included."""
    rows: list[Any] = [
        *OpinionReport.objects.values_list("title", "situation", "advice"),
        *OpinionText.objects.values_list("title", "situation", "advice", "digest"),
        *OpinionReportChange.objects.exclude(verb="take_out").values_list("note"),
        *OpinionDispatch.objects.values_list("answer"),
        *Instruction.objects.values_list("text"),
        *Notice.objects.filter(kind__startswith="opinion_").values_list("body"),
    ]
    return repr(rows)


def test_what_is_taken_out_leaves_no_word(d: SimpleNamespace) -> None:
    bulletin = made.bulletin(d)
    dispatch = made.sent(d, bulletin)
    opinion_handling.answer(dispatch, by=again(d.clerk), answer="重复了金丝雀", at=MAY)
    made.instructed(d, bulletin)
    report = OpinionReport.objects.get()
    scan = scan_for(report, d.office)
    with pytest.raises(NotReady, match="转到哪里"):
        take_out_report(report, by=d.office, note=" ")
    for user in (d.author, d.leader, d.chair, d.secgen):
        with pytest.raises(NotAllowed):
            take_out_report(report, by=again(user), note="转保密办")

    waiting = made.sent(d, bulletin, unit=d.fire)
    take_out_report(report, by=d.office, note="转保密办", at=MAY)

    assert waiting.fresh().due_on is None
    for record in (made.sent, made.adopted, made.instructed):
        with pytest.raises(NotReady, match="移出"):
            record(d, bulletin)
    with pytest.raises(NotReady, match="移出"):
        opinion_handling.answer(waiting, by=d.office, answer="迟到的答复", at=MAY)
    left = words_left()
    for word in ("金丝雀", *WORDS.values(), *EDITED.values()):
        assert word not in left
    assert report.status == "taken_out"
    assert str(report) == "（已移出）"
    assert Bulletin.objects.get().title == "（已移出）"
    scan.refresh_from_db()
    assert not scan.can_be_read_by(d.office)
    assert not OpinionReport.objects.visible_to(again(d.author)).exists()
    with pytest.raises(IntegrityError), transaction.atomic():  # the gate is closed again
        OpinionText._base_manager.update(title="改")


def test_taking_out_one_sends_the_combined_text_back_to_the_editor(d: SimpleNamespace) -> None:
    other = made.combined(d)
    main = made.checked(d, other.combined_into)

    take_out_report(other, by=d.office, note="转保密办", at=MAY)

    main = main.fresh()
    assert (main.status, main.edited_text, main.signer) == ("selected", None, None)
    assert main.author_text is not None
    assert main.author_text.parts == WORDS
    assert EDITED["situation"] not in words_left()
    assert editing.latest_edit(main) is None
    editing.edit(main, by=d.office, base=0, at=MAY, **EDITED)


def test_taking_out_the_main_one_lets_the_others_stand_alone(d: SimpleNamespace) -> None:
    other = made.combined(d)
    main = made.edited(d, other.combined_into)

    take_out_report(main, by=d.office, note="转保密办", at=MAY)

    other = other.fresh()
    assert (other.status, other.combined_into) == ("selected", None)


@pytest.mark.parametrize("state", ["selected", "checked", "issued"])
def test_taking_out_finds_the_words_in_a_text_that_held_them_for_a_while(
    d: SimpleNamespace, state: str
) -> None:
    other = made.combined(d)
    main = other.combined_into
    assert main is not None
    both = {**EDITED, "situation": "金丝雀另一情况也在这里"}
    editing.save_edit(main, by=d.office, base=0, at=MAY, **both)
    editing.split(other, by=d.office, at=MAY)
    if state != "selected":  # nobody took the words out of the edited text
        editing.edit(main, by=d.office, base=1, at=MAY, **both)
        editing.check(main, by=d.checker, signer=d.leader.person, at=MAY)
    if state == "issued":
        editing.sign(main, by=d.leader, at=MAY)
        bulletins.issue(main, by=d.office, at=MAY)

    take_out_report(other, by=d.office, note="转保密办", at=MAY)

    assert "金丝雀" not in words_left()
    main = main.fresh()
    assert main.status == ("issued" if state == "issued" else "selected")
    assert Bulletin.objects.exclude(text__digest="").count() == 0
    assert main.author_text is not None
    assert main.author_text.parts == WORDS


def test_a_converted_report_leaves_with_its_proposal(d: SimpleNamespace) -> None:
    proposal = not_filed(d)
    report = actions.convert(proposal, by=d.office, at=MAY)
    with pytest.raises(NotReady, match="由提案转来"):
        take_out_report(report, by=d.office, note="转保密办", at=MAY)

    actions.take_out(proposal, by=d.office, note="转保密办", at=MAY)

    assert report.fresh().status == "taken_out"
