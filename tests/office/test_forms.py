"""Counting as the office does, and the form as people meet it."""

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from cppcc_portal.office.forms import (
    CountedTextField,
    DateInput,
    PortalFormRenderer,
    count_characters,
)


class Draft(forms.Form):
    title = forms.CharField(label="案由", help_text="三十字以内")
    text = CountedTextField(label="建议", limit=5)
    on = forms.DateField(label="日期", widget=DateInput, required=False)
    agreed = forms.BooleanField(label="不含涉密内容")


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 0), ("提案", 2), ("𠮷", 1), ("一\r\n二", 3), ("一\n二", 3), ("一\r二", 3)],
)
def test_count_characters_counts_code_points_and_line_ends_once(text: str, count: int) -> None:
    assert count_characters(text) == count


@given(st.text(alphabet=st.characters(exclude_characters="\r", exclude_categories=["Cs"])))
def test_count_characters_is_the_same_however_the_browser_sends_line_ends(text: str) -> None:
    assert count_characters(text.replace("\n", "\r\n")) == count_characters(text)


def test_counted_text_field_tells_the_surplus() -> None:
    form = Draft({"title": "甲", "text": "一二三四\r\n五六", "agreed": "on"})

    assert form.errors["text"] == ["最多 5 字，现在超出 2 字，请删减。"]


def test_counted_text_field_never_stops_typing() -> None:
    html = str(Draft()["text"])

    assert "maxlength" not in html
    assert 'data-limit="5"' in html


def test_what_is_empty_or_too_long_is_said_in_plain_words() -> None:
    class Paper(forms.Form):
        name = forms.CharField(max_length=3)
        kind = forms.ChoiceField(choices=[("a", "甲")])
        scan = forms.FileField()
        agreed = forms.BooleanField()

    empty = Paper({})
    long = Paper({"name": "一二三四"}, {"scan": SimpleUploadedFile("a.pdf", b"")})

    assert empty.errors["name"] == ["这一项还没有填，请填写。"]
    assert empty.errors["kind"] == ["请选择。"]
    assert empty.errors["scan"] == ["请选择文件。"]
    assert empty.errors["agreed"] == ["请勾选。"]
    assert long.errors["name"] == ["最多 3 个字，现在 4 个字，请缩短。"]
    assert long.errors["scan"] == ["文件是空的。请确认文件已经保存，再重新选择。"]


def test_form_summarises_errors_with_links_and_repeats_them_at_the_field() -> None:
    form = Draft({})

    html = form.render()

    assert 'href="#id_title"' in html
    assert "data-error-summary" in html
    assert 'id="id_title_error"' in html
    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    assert html.index("data-error-summary") < html.index('name="title"')


def test_form_keeps_what_was_typed() -> None:
    html = Draft({"title": "关于公园", "text": "", "on": "2026-03-18"}).render()

    assert 'value="关于公园"' in html
    assert 'value="2026-03-18"' in html


def test_renderer_is_the_one_of_the_project() -> None:
    assert isinstance(Draft().renderer, PortalFormRenderer)
