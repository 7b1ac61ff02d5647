from collections.abc import Iterator
from datetime import time
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import example, given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from cppcc_portal.office import parameters
from cppcc_portal.office.audit import AuditEvent
from cppcc_portal.office.ledger import WrittenOnce
from cppcc_portal.office.parameters import (
    DEFINITIONS,
    Definition,
    Kind,
    Parameter,
    ParameterRefused,
    ParameterVersion,
    set_parameter,
    values,
)
from members.models import User

SIZE = "files.max_megabytes"


@pytest.fixture(autouse=True)
def _nothing_known() -> Iterator[None]:
    """No test knows what an earlier one had set."""
    parameters.forget()
    yield
    parameters.forget()


@pytest.fixture
def admin(db: None) -> User:
    """The system administrator."""
    return User.objects.create(username="sysadmin")


def definition(kind: Kind, default: Any, **bounds: Any) -> Definition:
    return Definition("test.key", kind, default, "上限", "", "测试", **bounds)


@pytest.mark.django_db
def test_without_a_row_the_default_holds() -> None:
    assert parameters.get("portal.name") == "区政协履职门户"
    assert parameters.get(SIZE) == 20
    assert parameters.get("notices.quiet_from") == time(20)
    with pytest.raises(KeyError):
        parameters.get("no.such")


def test_a_change_is_seen_at_once_and_every_value_is_kept(admin: User) -> None:
    set_parameter(SIZE, "３０", by=admin, note="图纸较大")
    row = set_parameter(SIZE, 25, by=admin)

    assert parameters.get(SIZE) == 25
    assert row.version == 2
    kept = ParameterVersion.objects.filter(key=SIZE).values_list("version", "value", "note")
    assert list(kept) == [(2, 25, ""), (1, 30, "图纸较大")]
    assert AuditEvent.objects.filter(action="parameter.set", user_id=admin.pk).count() == 2


def test_the_same_value_again_makes_no_version(admin: User) -> None:
    set_parameter(SIZE, 20, by=admin)
    set_parameter(SIZE, 30, by=admin)
    set_parameter(SIZE, 30, by=admin)

    assert ParameterVersion.objects.count() == 1


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        (SIZE, 0, "“单个文件大小上限”不能小于1MB，填写的是0。"),
        (SIZE, 101, "“单个文件大小上限”不能大于100MB，填写的是101。"),
        (SIZE, "二十", "须填写整数"),
        (SIZE, 2.5, "须填写整数"),
        (SIZE, True, "须填写整数"),
        (SIZE, None, "须填写整数"),
        ("portal.name", " ", "不能为空"),
        ("portal.name", "长" * 31, "最多30个字，填写了31个"),
        ("notices.quiet_from", "25:00", "须填写时间，例如 08:00"),
    ],
)
def test_a_value_out_of_bounds_is_refused_in_words(
    admin: User, key: str, value: Any, words: str
) -> None:
    with pytest.raises(ParameterRefused, match=words):
        set_parameter(key, value, by=admin)

    assert not Parameter.objects.exists()


@pytest.mark.django_db
def test_most_readings_ask_nothing_of_the_database(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(1):
        for key in DEFINITIONS:
            parameters.get(key)


@pytest.mark.django_db
def test_another_process_is_heard_after_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert parameters.get(SIZE) == 20
    Parameter.objects.create(key=SIZE, value=40)  # as another process would

    still = parameters.get(SIZE)
    monkeypatch.setattr(values, "FRESH_SECONDS", 0)

    assert (still, parameters.get(SIZE)) == (20, 40)


@pytest.mark.django_db
def test_a_stored_value_that_no_longer_fits_gives_way_to_the_default() -> None:
    Parameter.objects.create(key=SIZE, value=5000)

    assert parameters.get(SIZE) == 20


def test_a_change_that_was_rolled_back_is_forgotten_soon(
    admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():  # noqa: PT012 - both belong to it
        set_parameter(SIZE, 50, by=admin)
        assert parameters.get(SIZE) == 50
        raise RuntimeError

    monkeypatch.setattr(values, "FRESH_SECONDS", 0)
    assert parameters.get(SIZE) == 20


def test_the_page_shows_every_setting_with_who_changed_it(
    admin: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    set_parameter(SIZE, 30, by=admin)

    with django_assert_num_queries(2):
        shown = {one.definition.key: one for one in parameters.all_parameters()}

    assert set(shown) == set(DEFINITIONS)
    assert (shown[SIZE].value, shown[SIZE].changed_by) == (30, admin)
    assert shown["portal.name"].is_default
    assert shown["portal.name"].changed_at is None


def test_a_version_is_written_once_and_only_once(admin: User) -> None:
    set_parameter(SIZE, 30, by=admin)
    version = ParameterVersion.objects.get()

    with pytest.raises(WrittenOnce):
        version.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        ParameterVersion.objects.create(key=SIZE, version=1, value=1, by=admin)


def test_a_setting_is_defined_once_and_its_default_fits() -> None:
    words = {"label": "上限", "help": "", "group": "测试"}

    with pytest.raises(ValueError, match="defined twice"):
        parameters.define(SIZE, kind="int", default=1, **words)
    with pytest.raises(ParameterRefused):
        parameters.define("test.odd", kind="int", default=9, maximum=5, **words)
    assert "test.odd" not in DEFINITIONS


@pytest.mark.parametrize("one", DEFINITIONS.values(), ids=lambda one: one.key)
def test_every_setting_has_words_and_a_default_that_stays_itself(one: Definition) -> None:
    kept = one.clean(one.default)

    assert str(one.label)
    assert str(one.help)
    assert str(one.group)
    assert one.clean(one.python(kept)) == kept


@given(st.integers(-50, 50), st.integers(-50, 50), st.integers(-200, 200))
def test_a_number_is_taken_exactly_within_its_bounds(first: int, second: int, value: int) -> None:
    low, high = sorted([first, second])
    one = definition(Kind.INT, low, minimum=low, maximum=high)

    if low <= value <= high:
        assert one.clean(str(value)) == one.clean(value) == value
    else:
        with pytest.raises(ParameterRefused):
            one.clean(value)


@given(st.times())
def test_a_time_is_kept_to_the_minute(value: time) -> None:
    one = definition(Kind.TIME, "08:00")

    assert one.python(one.clean(value)) == value.replace(second=0, microsecond=0, tzinfo=None)


@given(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.text()))
)
@example(float("inf"))
@example(["\x00"])
def test_whatever_is_typed_is_taken_or_refused_never_an_error(value: Any) -> None:
    for kind, default in [
        (Kind.INT, 1), (Kind.BOOL, True), (Kind.TEXT, ""), (Kind.LIST, []), (Kind.TIME, "08:00"),
    ]:  # fmt: skip
        one = definition(kind, default)
        try:
            kept = one.clean(value)
        except ParameterRefused:
            continue
        assert one.clean(kept) == kept


def test_lists_and_choices_take_what_is_offered() -> None:
    offered = (("mail", "邮件"), ("sms", "短信"))
    many = definition(Kind.LIST, [], choices=offered, minimum=1)
    single = definition(Kind.CHOICE, "mail", choices=offered)

    assert many.clean("mail\n\n sms \nmail") == ["mail", "sms"]
    assert single.clean("sms") == "sms"
    with pytest.raises(ParameterRefused, match="至少1项"):
        many.clean([])
    with pytest.raises(ParameterRefused, match="邮件、短信"):
        many.clean(["fax"])
    with pytest.raises(ParameterRefused, match="邮件、短信"):
        single.clean("fax")


@pytest.mark.parametrize(("value", "kept"), [("on", True), ("false", False), ("", False)])
def test_yes_and_no_are_read_as_a_form_says_them(value: str, kept: bool) -> None:
    assert definition(Kind.BOOL, True).clean(value) is kept
