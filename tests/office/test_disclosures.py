"""What must not stand in a public text is found, however it is written; plain figures are not."""

import pytest

from cppcc_portal.office.disclosures import disclosures


def labels(text: str, **known: list[str]) -> list[str]:
    return [str(item.label) for item in disclosures(text, **known)]


@pytest.mark.parametrize(
    "text",
    [
        "请致电19900008947。",
        "请致电 138 0013 8947。",
        "138-0013-8947",
        "电话：１３８００１３８９４７",
        "+86 19900008947",
        "1 3 8 0 0 1 3 8 9 4 7",
    ],
)
def test_mobile_numbers_are_found_however_written(text: str) -> None:
    found = disclosures(text)

    assert [str(item.label) for item in found] == ["手机号"]
    assert found[0].must_go


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("身份证990000190001011234。", "身份证号"),
        ("身份证 990000 19000101 123X", "身份证号"),
        ("卡号6222 0212 3456 7890 123", "银行卡号"),
        ("传真0513-82212345", "电话号码"),
        ("（0513）82212345", "电话号码"),
        ("联系电话：82212345", "电话号码"),
        ("来信请寄 Zhang.san@example.com 。", "电子邮箱"),
        ("微信号：abc_12345", "微信号或 QQ 号"),
        ("车辆苏F·A1234长期占道", "车牌号"),
        ("苏FD12345", "车牌号"),
    ],
)
def test_other_numbers_must_go(text: str, label: str) -> None:
    found = disclosures(text)

    assert [(str(item.label), item.must_go) for item in found] == [(label, True)]


@pytest.mark.parametrize(
    "text",
    [
        "2024-2025年投入1,200万元，增长12.5%。",
        "拨打12345热线",
        "共10000000000元",
        "涉及320684个样本",
        "苏南地区2025年",
        "海提〔2026〕15号",
        "第一条、第二条",
    ],
)
def test_plain_figures_are_left_alone(text: str) -> None:
    assert disclosures(text) == []


def test_addresses_and_names_are_only_hints() -> None:
    found = disclosures("家住人民中路88号3幢502室的黄二反映", names=["黄二", "施三", ""])

    assert [(str(item.label), item.must_go) for item in found] == [
        ("详细地址", False),
        ("人名", False),
    ]


def test_same_thing_is_told_once() -> None:
    assert labels("19900008947，再说一遍19900008947") == ["手机号"]
