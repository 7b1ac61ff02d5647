"""The words of the demonstration: the same each time, plausible in form, and nobody's."""

import re
from datetime import date
from random import Random

import pytest

from cppcc_portal.demo import people, reasons, replies
from cppcc_portal.demo.bodies import COMMITTEES, SECTORS, TOWNS, UNIT_BY_SHORT_NAME, UNITS
from cppcc_portal.demo.matters import MATTERS
from cppcc_portal.demo.proposals import (
    MAX_BODY,
    MAX_TITLE,
    MIN_BODY,
    ProposalText,
    proposal_text,
    unfit_text,
)
from cppcc_portal.demo.subjects import SUBJECT_BY_CODE
from proposals.defaults import DESTINATIONS, REFUSAL_REASONS

INVENTED_PHONE = re.compile(r"1990000\d{4}")
PHONE_OR_ID = re.compile(r"\d{11,}|\d{17}[\dXx]|0\d{2,3}-\d{7,8}")
UNFILLED = re.compile(r"[{}]")


@pytest.fixture(scope="module")
def texts() -> list[ProposalText]:
    """The 600 proposals of a demonstration of usual size."""
    return [proposal_text(Random(i), i) for i in range(600)]


def test_proposals_are_the_same_for_the_same_seed(texts: list[ProposalText]) -> None:
    again = [proposal_text(Random(i), i) for i in range(600)]

    assert texts == again


def test_roster_is_the_same_for_the_same_seed() -> None:
    assert people.roster(Random(7)) == people.roster(Random(7))


def test_proposals_have_titles_of_their_own(texts: list[ProposalText]) -> None:
    assert len({text.title for text in texts}) == 600
    assert len({text.situation for text in texts}) == 600


def test_titles_stay_distinct_at_fifty_thousand() -> None:
    titles = {proposal_text(Random(0), i).title for i in range(0, 50_000, 7)}

    assert len(titles) == len(range(0, 50_000, 7))


def test_proposals_have_the_usual_length(texts: list[ProposalText]) -> None:
    assert all(len(text.title) <= MAX_TITLE for text in texts)
    assert all(MIN_BODY <= text.length <= MAX_BODY for text in texts)
    assert all(3 <= len(text.points) <= 6 for text in texts)


def test_proposals_name_units_and_categories_that_exist(texts: list[ProposalText]) -> None:
    for text in texts:
        assert text.category in SUBJECT_BY_CODE
        assert text.lead_unit_short in UNIT_BY_SHORT_NAME
        assert set(text.joint_unit_shorts) <= set(UNIT_BY_SHORT_NAME)
        assert text.lead_unit_short not in text.joint_unit_shorts


def test_matters_agree_with_the_subject_tree() -> None:
    assert len({matter.code for matter in MATTERS}) == len(MATTERS) >= 120
    for matter in MATTERS:
        assert matter.lead in SUBJECT_BY_CODE[matter.subject].lead_units
        assert set(matter.joint) <= set(UNIT_BY_SHORT_NAME)
    assert all(
        set(subject.lead_units) <= set(UNIT_BY_SHORT_NAME) for subject in SUBJECT_BY_CODE.values()
    )


def test_no_place_or_figure_is_left_open(texts: list[ProposalText]) -> None:
    for text in texts:
        rng = Random(text.title)
        written = [text.title, text.situation, text.analysis, text.suggestions]
        written += [replies.reply_text(rng, text, klass) for klass in ("A", "B", "C")]
        written += [replies.contact_log(rng, text, s).note for s in ("before", "during", "after")]
        written += [replies.joint_opinion(rng, text, unit) for unit in text.joint_unit_shorts]
        remark = replies.evaluation_remark(rng, text, "not")
        written += [remark, replies.second_reply_text(rng, text, remark)]
        written.append(replies.supplementary_reply_text(text))
        written += [
            reasons.unit_return_reason(rng, text.lead_unit_short, "区发改委"),
            reasons.extension_reason(rng),
        ]

        assert not UNFILLED.search("".join(written))
        assert not PHONE_OR_ID.search("".join(written))


def test_reply_takes_up_every_request(texts: list[ProposalText]) -> None:
    for text in texts[:125]:
        letter = replies.reply_text(Random(1), text, "A")

        assert text.title in letter
        assert all(point.split("。")[0] in letter for point in text.points)


def test_promise_in_the_letter_is_the_promise_on_record(texts: list[ProposalText]) -> None:
    for text in texts[:125]:
        promise = replies.commitment(Random(2), text, date(2025, 5, 20))

        assert promise.what in replies.reply_text(Random(3), text, "B")
        assert text.lead_unit_short in promise.who
        assert promise.due_on > date(2025, 5, 20)


def test_text_without_requests_is_not_filed_for_a_reason_on_the_list() -> None:
    unfit = [unfit_text(Random(i), i) for i in range(60)]

    assert {one.reason_code for one in unfit} <= {code for code, _name in REFUSAL_REASONS}
    assert {one.destination_code for one in unfit} <= {code for code, _name in DESTINATIONS}
    assert all(one.text.lead_unit_short in UNIT_BY_SHORT_NAME for one in unfit)
    assert all(one.text.category in SUBJECT_BY_CODE for one in unfit)


def test_roster_fills_the_term() -> None:
    members = people.roster(Random(1))

    assert len(members) == 320
    assert len({member.number for member in members}) == 320
    assert len({member.phone for member in members}) == 320
    assert {member.sector for member in members} == {sector.short_name for sector in SECTORS}
    assert {member.town for member in members} <= {town.name for town in TOWNS}
    assert {m.committee for m in members} <= {body.short_name for body in COMMITTEES}
    assert all(1955 <= member.birth_year <= 1998 for member in members)
    assert sum(member.party == "中共党员" for member in members) <= 128  # two fifths of the seats


def test_roster_has_rare_long_and_equal_names() -> None:
    names = [member.name for member in people.roster(Random(1))]

    assert len(names) - len(set(names)) == 1
    assert any(name.startswith("欧阳") for name in names)
    assert any(len(name) > 4 and "·" in name for name in names)


def test_larger_roster_keeps_numbers_and_phones_apart() -> None:
    members = people.roster(Random(1), 9000)
    phones = [member.phone for member in members if member.phone]

    assert len({member.number for member in members}) == 9000
    assert len(phones) == len(set(phones)) == people.LAST_MEMBER_PHONE


def test_phones_are_of_the_invented_kind_only() -> None:
    staff = [people.colleague(Random(n), n, workplace="", post="") for n in range(1, 200)]
    phones = [member.phone for member in people.roster(Random(1))]
    phones += [person.phone for person in staff] + [unit.contact_phone for unit in UNITS]

    assert all(INVENTED_PHONE.fullmatch(phone) for phone in phones)
    assert len(phones) == len(set(phones))


def test_district_has_the_bodies_of_a_district() -> None:
    assert (len(COMMITTEES), len(SECTORS), len(TOWNS), len(UNITS)) == (12, 30, 12, 45)
    assert sum(sector.seats for sector in SECTORS) == 320
    assert {sector.committee for sector in SECTORS} <= {body.short_name for body in COMMITTEES}
    assert all(len(unit.remit) <= 300 and unit.contact_name for unit in UNITS)
