"""Two texts side by side: each can be put together again from its pieces."""

import time

import pytest

from cppcc_portal.office.differences import differences


def sides(old: str, new: str) -> tuple[str, str]:
    pieces = differences(old, new)
    return (
        "".join(piece.text for piece in pieces if piece.kind != "new"),
        "".join(piece.text for piece in pieces if piece.kind != "old"),
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("一、增设充电点。联系19900008947。", "一、增设充电点。"),
        ("甲路88号积水。", "某路段积水。"),
        ("", "新写的。"),
        ("删去的。", ""),
        ("第一段。\n第二段！", "第一段。\n第二段改了！\n第三段"),
    ],
)
def test_both_texts_come_back_whole(old: str, new: str) -> None:
    assert sides(old, new) == (old, new)


def test_only_what_changed_is_marked() -> None:
    pieces = differences("请在人民路88号增设充电点。", "请在人民路增设充电点。")

    assert [(piece.kind, piece.text) for piece in pieces if piece.kind != "same"] == [
        ("old", "88号")
    ]


def test_line_ends_of_a_browser_are_no_difference() -> None:
    assert {piece.kind for piece in differences("甲。\n乙。", "甲。\r\n乙。\r\n")} == {"same"}


def test_long_texts_are_compared_quickly() -> None:
    old = "".join(f"第{n}项工作由有关单位负责推进，并按季度公布情况。" for n in range(800))
    began = time.perf_counter()

    differences(old, old.replace("第7", "第 7").replace("季度", "年度"))

    assert time.perf_counter() - began < 5
