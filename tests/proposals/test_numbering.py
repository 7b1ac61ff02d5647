"""案号 by the office's own pattern: checked when it is set, found by the box, never two alike."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cppcc_portal.office.parameters import ParameterRefused, set_parameter
from proposals import actions
from proposals.models import Category, Proposal, numbering
from tests import stages
from tests.district import submitted

USUAL = "{届}-{次}-{平}{号}"
GOOD = [USUAL, "{届}{平}-{次}（{号}）", "提{届}届{次}次{平时}{号}号", "{平}{届}/{次}/{号}"]


@pytest.mark.parametrize("pattern", GOOD)
def test_sound_patterns_are_taken(pattern: str) -> None:
    assert numbering.why_not_short(pattern) == ""


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("{届}-{次}-{号}", "平时"),
        ("{届}-{平}{号}", "{次}"),
        ("{届}-{次}-{平}", "{号}"),
        ("{届}{次}-{平}{号}", "隔开"),
        ("{届}-{次}{平}{号}", "隔开"),
        ("{届}-{次}-{平}0{号}", "隔开"),
        ("2026{届}-{次}-{平}{号}", "隔开"),
        ("{届}-{次}-{平}{号}-{号}", "{号}"),
        ("{届}-{次}-{平}{号}{年}", "{年}"),
        ("{届}-{次}-{平}{号}{", "花括号"),
        ("{届}-{次}-{平}{号}-{}", "{}"),
        ("{届}届中国人民政治协商会议{次}次{平}第{号}号", "最多 20 个字"),
    ],
)
def test_patterns_that_could_mislead_are_refused_in_words(pattern: str, words: str) -> None:
    assert words in numbering.why_not_short(pattern)


numbers = st.tuples(
    st.integers(1, 30), st.integers(1, 9), st.booleans(), st.integers(1, 9999), st.integers(1, 4)
)


@given(st.sampled_from(GOOD), numbers, numbers)
def test_two_proposals_never_share_a_number(
    pattern: str, one: tuple[int, int, bool, int, int], other: tuple[int, int, bool, int, int]
) -> None:
    names = ("term", "plenary", "ordinary", "number", "digits")
    written = [
        numbering.write(pattern, **dict(zip(names, given, strict=True))) for given in (one, other)
    ]

    assert (written[0] == written[1]) <= (one[:4] == other[:4])
    assert all(numbering.reader(pattern).fullmatch(label) for label in written)


@pytest.mark.django_db
def test_default_writes_as_before(district: SimpleNamespace) -> None:
    proposal = stages.filed(district)

    assert proposal.label == "15-5-001"
    assert proposal.official_number == "区政协15届5次会议第001号"
    assert proposal.make_label(7, Proposal.Series.ORDINARY) == "15-5-平007"


@pytest.mark.django_db
def test_new_pattern_holds_for_what_is_filed_from_now_on(district: SimpleNamespace) -> None:
    first = stages.filed(district)
    set_parameter("proposals.number_format", "提{届}.{次}{平}.{号}", by=district.office)
    set_parameter("proposals.number_digits", 4, by=district.office)

    second = submitted_again(district)
    actions.file(second, by=district.office, category=Category.objects.get())

    assert first.fresh().label == "15-5-001"
    assert second.fresh().label == "提15.5.0002"
    assert list(Proposal.objects.search("15-5-001")) == [first]
    assert list(Proposal.objects.search("提15.5.0002")) == [second]


def submitted_again(district: SimpleNamespace) -> Proposal:
    proposal = actions.start_draft(by=district.other, at=stages.JANUARY)
    words = {**stages.TEXT, "title": "关于河道清淤的建议"}
    actions.save_draft(proposal, by=district.other, version=1, at=stages.JANUARY, **words)
    actions.save_choices(proposal, by=district.other, may_publish=True, secrecy_confirmed=True)
    return actions.submit(proposal.fresh(), by=district.other, at=stages.JANUARY)


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["number_format", "official_number_format"])
def test_office_is_told_when_it_sets_an_unsound_pattern(
    district: SimpleNamespace, key: str
) -> None:
    with pytest.raises(ParameterRefused, match="占位符|只有一个"):
        set_parameter(f"proposals.{key}", "{届}届第{号}号{平}", by=district.office)

    assert submitted(district).make_label(1, "plenary") == "15-5-001"
