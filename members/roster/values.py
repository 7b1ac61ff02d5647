"""What the cells of a roster say: names, dates, phones, parties, as offices write them."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Generic, TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

Value = str | int | float | bool | datetime | date | time | timedelta | None
T = TypeVar("T")


class Unreadable(ValueError):
    """A cell that says nothing usable; the message is a Chinese sentence for the office."""


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """What a cell says, and the sentence to show when it was read with some doubt."""

    value: T
    doubt: str = ""


class Precision(StrEnum):
    """How much of a date is known."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date of which the office may know only the year or the month."""

    year: int
    month: int | None = None
    day: int | None = None

    @property
    def precision(self) -> Precision:
        if self.day is not None:
            return Precision.DAY
        return Precision.YEAR if self.month is None else Precision.MONTH

    @property
    def first_day(self) -> date:
        return date(self.year, self.month or 1, self.day or 1)

    def __str__(self) -> str:
        """As rosters write it, and as read_date reads it back: 1974, 1974.05 or 1974.05.12."""
        return ".".join(
            [f"{self.year:04}"]
            + [f"{part:02}" for part in (self.month, self.day) if part is not None]
        )


# Zero-width and direction marks that come along when text is pasted from chat programs.
INVISIBLE = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF, 0xAD], None)
NOTHING_SAID = {
    "",
    "无",
    "/",
    "-",
    "--",
    "—",
    "——",
    "－",
    "\\",
    "不详",
    "未知",
    "暂无",
    "空",
    "none",
    "null",
}


def text_of(value: Value) -> str:
    """The cell as one line of text, whole numbers without a decimal part."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return (
            value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
        )
    text = str(value)
    if text.isascii():
        return " ".join(text.split())
    return " ".join(text.translate(INVISIBLE).split())


def plain(value: Value) -> str:
    """The text with full-width letters, digits and signs made ordinary."""
    text = text_of(value)
    return text if text.isascii() else " ".join(unicodedata.normalize("NFKC", text).split())


def squeezed(value: Value) -> str:
    """The plain text without any space: for comparing."""
    return plain(value).replace(" ", "")


def says_nothing(text: str) -> bool:
    """Whether the cell only fills the place: a dash, 无, 不详."""
    return text.lower() in NOTHING_SAID


# --- Chinese numerals -----------------------------------------------------------------------

DIGITS = {"〇": 0, "○": 0, "零": 0} | {c: n for n, c in enumerate("一二三四五六七八九", 1)}
NUMERAL = re.compile("[〇○零一二三四五六七八九十]+")


def number_of(numeral: str) -> int:
    """The number a Chinese numeral says: 二〇二二 is 2022, 十五 is 15, 二十 is 20.

    Raises Unreadable for anything else.
    """
    if "十" not in numeral:
        try:
            return int("".join(str(DIGITS[character]) for character in numeral))
        except (KeyError, ValueError):
            raise Unreadable(_("看不懂这个数字。")) from None
    tens, _ten, ones = numeral.partition("十")
    if len(tens) > 1 or len(ones) > 1 or not set(tens + ones) <= DIGITS.keys():
        raise Unreadable(_("看不懂这个数字。"))
    return (DIGITS[tens] if tens else 1) * 10 + (DIGITS[ones] if ones else 0)


def with_arabic_digits(text: str) -> str:
    """The text with its Chinese numerals written in digits."""
    return NUMERAL.sub(lambda match: str(number_of(match[0])), text)


# --- dates ----------------------------------------------------------------------------------

EARLIEST_YEAR = 1900
ADULT = 18
EXCEL_EPOCH = date(1899, 12, 30)
TIME_OF_DAY = re.compile(r"[T\s]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?$")
REMARK = re.compile(r"\([^()]*\)")
WRITTEN = re.compile(r"(\d{4}|\d{2})[年.](\d{1,2})(?:[月.](?:(\d{1,2})[日号]?)?)?")
SEPARATORS = str.maketrans(dict.fromkeys("/-—–−_。、,·~\\", "."))


def read_date(
    value: Value,
    *,
    today: date,
    adult: bool = False,
    number_format: str = "",
    padded: bool | None = None,
    literal: bool = True,
) -> Reading[PartialDate | None]:
    """The date a cell says, with the precision it says it in.

    adult: it is the birth date of a member, so 05.3 can be 2005 only for somebody of age.
    number_format: the cell's format; 0.00 tells October (1974.10) from January.
    padded: whether the column writes January as 1974.01, so that the number 1974.1 is October.
    literal: the text is as typed; False for CSV, where 1974.10 may have lost its zero.
    Raises Unreadable with the reason.
    """
    if isinstance(value, (bool, time, timedelta)):
        raise Unreadable(_("这里应当是日期。"))
    if isinstance(value, (date, datetime)):
        shows_day = not number_format or "d" in re.sub(
            r'"[^"]*"|\[[^\]]*\]', "", number_format.lower()
        )
        shows_month = not number_format or shows_day or "m" in number_format.lower()
        return _checked(
            value.year,
            value.month if shows_month else None,
            value.day if shows_day else None,
            today,
        )
    if isinstance(value, (int, float)):
        return _from_number(value, today, adult, number_format, padded)
    text = plain(value)
    if says_nothing(text):
        return Reading(None)
    text = TIME_OF_DAY.sub("", text)
    text = REMARK.sub("", text).replace(" ", "").removesuffix("生").removesuffix("出")
    try:
        text = with_arabic_digits(text)
    except Unreadable:
        raise Unreadable(_("看不懂这个日期。")) from None
    text = text.translate(SEPARATORS).strip(".")
    if text.isdecimal():
        return _from_digits(text, today, adult)
    if text.endswith("年") and text[:-1].isdecimal() and len(text) in (3, 5):
        return _checked(_whole_year(text[:-1], today, adult), None, None, today)
    if not (match := WRITTEN.fullmatch(text)):
        raise Unreadable(_("看不懂这个日期，请写成 1974.05 或 1974年5月12日。"))
    year, month, day = match.groups()
    if not literal and month == "1" and not day and "年" not in text:
        return _january_or_october(year, padded, today, adult)
    return _checked(_whole_year(year, today, adult), int(month), int(day) if day else None, today)


def writes_january_padded(values: list[Value]) -> bool | None:
    """Whether a column writes 1974.05 (True) or 1974.5 (False); None when nothing tells."""
    found: bool | None = None
    for value in values:
        text = repr(round(value, 4)) if isinstance(value, float) else plain(value)
        match = re.fullmatch(r"\d{2,4}\.(\d{1,2})", text)
        if match and match[1].startswith("0") and len(match[1]) == 2:
            return True
        if match and match[1] in "23456789":
            found = False
    return found


def _from_number(
    value: int | float, today: date, adult: bool, number_format: str, padded: bool | None
) -> Reading[PartialDate | None]:
    text = repr(round(float(value), 4))
    if "e" in text or text in ("inf", "nan") or value < 0:
        raise Unreadable(_("看不懂这个日期。"))
    whole, fraction = text.split(".")
    if fraction == "0":
        return _from_digits(whole, today, adult)
    if len(whole) not in (2, 4):
        # A serial with a time of day.
        return _from_digits(whole, today, adult)
    if len(fraction) == 4:
        month, day = int(fraction[:2]), int(fraction[2:])
        return _checked(_whole_year(whole, today, adult), month, day, today)
    if len(fraction) > 2:
        raise Unreadable(_("看不懂这个日期。"))
    if fraction == "1":
        return _january_or_october(whole, padded or number_format == "0.00", today, adult)
    return _checked(_whole_year(whole, today, adult), int(fraction), None, today)


def _january_or_october(
    year: str, padded: bool | None, today: date, adult: bool
) -> Reading[PartialDate | None]:
    if padded:
        return _checked(_whole_year(year, today, adult), 10, None, today)
    known = PartialDate(_whole_year(year, today, adult))
    return Reading(
        known,
        _("“%(year)s.1”看不出是1月还是10月，只记了年份。") % {"year": year},
    )


def _from_digits(digits: str, today: date, adult: bool) -> Reading[PartialDate | None]:
    """Digits alone: 1971, 197101, 19710115, 7101, 710115 or Excel's count of days."""

    def is_year(text: str) -> bool:
        return EARLIEST_YEAR <= int(text) <= today.year

    if len(digits) == 4 and is_year(digits):
        return _checked(int(digits), None, None, today)
    if len(digits) == 4 and 1 <= int(digits[2:]) <= 12:
        return _checked(_whole_year(digits[:2], today, adult), int(digits[2:]), None, today)
    if len(digits) == 5:
        day = EXCEL_EPOCH + timedelta(days=int(digits))
        return _checked(day.year, day.month, day.day, today)
    if len(digits) == 6 and is_year(digits[:4]) and 1 <= int(digits[4:]) <= 12:
        return _checked(int(digits[:4]), int(digits[4:]), None, today)
    if len(digits) == 6:
        year = _whole_year(digits[:2], today, adult)
        return _checked(year, int(digits[2:4]), int(digits[4:]), today)
    if len(digits) == 8:
        return _checked(int(digits[:4]), int(digits[4:6]), int(digits[6:]), today)
    raise Unreadable(_("看不懂这个日期，请写成 1974.05 或 1974年5月12日。"))


def _whole_year(year: str, today: date, adult: bool) -> int:
    """A year of two digits is the latest one possible."""
    if len(year) == 4:
        return int(year)
    latest = today.year - ADULT if adult else today.year
    return 2000 + int(year) if 2000 + int(year) <= latest else 1900 + int(year)


def _checked(
    year: int, month: int | None, day: int | None, today: date
) -> Reading[PartialDate | None]:
    try:
        first = date(year, month or 1, day or 1)
    except ValueError:
        raise Unreadable(_("没有这一天。")) from None
    if year < EARLIEST_YEAR:
        raise Unreadable(_("年份太早。"))
    if first > today:
        raise Unreadable(_("日期在今天以后。"))
    return Reading(PartialDate(year, month, day))


# --- names ----------------------------------------------------------------------------------

DOTS = str.maketrans(dict.fromkeys("•・‧∙．‐･●", "·"))
MARKS = "*＊※△▲☆★#＃"
HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
HAN_NAME = re.compile(f"[{HAN}]+(?:·[{HAN}]+)*")
LATIN_NAME = re.compile(r"[^\W\d_]+(?:[ .'’·-]+[^\W\d_]+)*\.?")
NAME_REMARK = re.compile(r"[（(〔\[]([^（）()〔〕\[\]]*)[）)〕\]]")
HAN_SPACE = re.compile(f"(?<=[{HAN}·])\\s+(?=[{HAN}·])")


@dataclass(frozen=True, slots=True)
class Name:
    """A name and what the roster says beside it in brackets: （女，回族）."""

    name: str
    sex: str = ""
    ethnic_group: str = ""


def read_name(value: Value) -> Reading[Name]:
    """The name without the spaces that make two characters as wide as three.

    Raises Unreadable when it is no single name.
    """
    text = text_of(value)
    sex = ethnic_group = ""
    remarks: list[str] = []
    for remark in NAME_REMARK.findall(text):
        for part in re.split(r"[，,、;；\s]+", plain(remark)):
            if part in SEXES:
                sex = SEXES[part]
            elif part.removesuffix("族") in ETHNIC_GROUPS:
                ethnic_group = ETHNIC_GROUPS[part.removesuffix("族")]
            elif part:
                remarks.append(part)
    text = NAME_REMARK.sub("", text).strip().translate(DOTS)
    stripped = text.strip(MARKS).strip()
    if stripped != text:
        remarks.append(text.replace(stripped, ""))
    text = HAN_SPACE.sub("", stripped)
    if says_nothing(text):
        raise Unreadable(_("没有姓名。"))
    if re.search(r"[、，,;；/]", text):
        raise Unreadable(_("一格里像是有几个人，请每人一行。"))
    if not HAN_NAME.fullmatch(text):
        # Latin letters typed full-width; Chinese characters stay exactly as the person writes them.
        text = " ".join(unicodedata.normalize("NFKC", text).split())
        if not LATIN_NAME.fullmatch(text):
            raise Unreadable(_("这不像姓名。"))
    if len(text) > 60:
        raise Unreadable(_("姓名太长。"))
    doubt = _("姓名旁的“%(remark)s”没有读入。") % {"remark": "、".join(remarks)} if remarks else ""
    return Reading(Name(text, sex, ethnic_group), doubt)


# --- phone, identity card, e-mail -----------------------------------------------------------

MOBILE = re.compile(r"(?:\+?0{0,2}86)?(1[3-9]\d{9})")


@dataclass(frozen=True, slots=True)
class Phones:
    """The mobile number of eleven digits and whatever other numbers stood in the cell."""

    phone: str = ""
    others: tuple[str, ...] = ()


def read_phones(value: Value) -> Reading[Phones]:
    """The mobile numbers in a cell; the first is the person's.

    Raises Unreadable when there are digits but no number can be made of them.
    """
    text = plain(value)
    if says_nothing(text):
        return Reading(Phones())
    if is_masked(text):
        return Reading(Phones(), _("这是隐去的号码，没有读入，系统里的号码不变。"))
    if re.fullmatch(r"\d(?:\.\d+)?[eE]\+?\d+", text):
        raise Unreadable(_("号码被表格改成了科学计数，请把这一列设为文本后重新填写。"))
    if re.fullmatch(r"\d{11}\.0+", text):
        text = text.split(".")[0]
    # A bracket after a number opens the next one; before it, it holds an area code.
    text = re.sub(r"(?<=\d{7})\(", ",", text)
    mobiles: list[str] = []
    others: list[str] = []
    for part in re.split(r"[/、,，;；|]|或", text):
        # Blanks stand inside one number or between two; both are tried.
        if not (
            _sort_numbers(part, mobiles, others)
            or all(_sort_numbers(piece, mobiles, others) for piece in part.split())
        ):
            raise Unreadable(_("不是11位手机号。"))
    if not mobiles:
        return Reading(Phones("", tuple(others)), _("只有座机或短号，没有手机号，不能用它登录。"))
    doubt = ""
    if len(mobiles) + len(others) > 1:
        doubt = _("一格里有几个号码，用了第一个手机号。")
    return Reading(Phones(mobiles[0], (*mobiles[1:], *others)), doubt)


def is_masked(text: str) -> bool:
    """A number as our own lists show it: 138****1234."""
    return bool(re.fullmatch(r"\d{0,6}\*{2,}[\dX]{0,4}", text))


NUMBER_ORNAMENT = re.compile(r"[\s\-().—_]|手机|办公|家庭|电话|座机|联系|号码|短号|[宅办:]")


def _sort_numbers(text: str, mobiles: list[str], others: list[str]) -> bool:
    """Put the numbers of a text where they belong; False when it is no number."""
    bare = NUMBER_ORNAMENT.sub("", text)
    if re.fullmatch(f"(?:{MOBILE.pattern})+", bare):
        mobiles += [number for number in MOBILE.findall(bare) if number not in mobiles]
    elif re.fullmatch(r"(0\d{2,3})?([2-8]\d{6,7})(?:转?\d{1,4})?|\d{3,6}", bare):
        others.append(bare)
    else:
        return not bare
    return True


ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def read_id_number(value: Value) -> Reading[str]:
    """The identity card number, its check digit verified (GB 11643-1999).

    Raises Unreadable.
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 10**15:
        # Excel keeps fifteen digits of a number; the rest have become zeros.
        raise Unreadable(_("证件号被当作数字保存，后三位已经丢失，请把这一列设为文本后重新填写。"))
    text = squeezed(value).strip("'`‘’").upper()
    if says_nothing(text):
        return Reading("")
    if is_masked(text):
        return Reading("", _("这是隐去的号码，没有读入，系统里的号码不变。"))
    if re.fullmatch(r"\d{15}", text):
        return Reading(text, _("这是旧的15位证件号。"))
    if not re.fullmatch(r"\d{17}[\dX]", text):
        raise Unreadable(_("证件号应是18位。"))
    total = sum(int(digit) * weight for digit, weight in zip(text[:17], ID_WEIGHTS, strict=True))
    if "10X98765432"[total % 11] != text[17]:
        raise Unreadable(_("证件号的校验位不对，请核对。"))
    return Reading(text)


def read_email(value: Value) -> Reading[str]:
    """An e-mail address. Raises Unreadable."""
    text = squeezed(value)
    if says_nothing(text):
        return Reading("")
    try:
        validate_email(text)
    except ValidationError:
        raise Unreadable(_("邮箱地址不对。")) from None
    return Reading(text)


# --- words from short lists -----------------------------------------------------------------

SEXES = {
    "男": "male", "男性": "male", "m": "male", "male": "male", "先生": "male", "♂": "male",
    "女": "female", "女性": "female", "f": "female", "female": "female", "女士": "female", "♀": "female",
}  # fmt: skip

# The 56 groups of GB 3304-1991, without 族.
ETHNIC_GROUPS = {
    short: f"{short}族"
    for short in [
        "汉",
        "蒙古",
        "回",
        "藏",
        "维吾尔",
        "苗",
        "彝",
        "壮",
        "布依",
        "朝鲜",
        "满",
        "侗",
        "瑶",
        "白",
        "土家",
        "哈尼",
        "哈萨克",
        "傣",
        "黎",
        "傈僳",
        "佤",
        "畲",
        "高山",
        "拉祜",
        "水",
        "东乡",
        "纳西",
        "景颇",
        "柯尔克孜",
        "土",
        "达斡尔",
        "仫佬",
        "羌",
        "布朗",
        "撒拉",
        "毛南",
        "仡佬",
        "锡伯",
        "阿昌",
        "普米",
        "塔吉克",
        "怒",
        "乌孜别克",
        "俄罗斯",
        "鄂温克",
        "德昂",
        "保安",
        "裕固",
        "京",
        "塔塔尔",
        "独龙",
        "鄂伦春",
        "赫哲",
        "门巴",
        "珞巴",
        "基诺",
    ]
}

# How the office writes it, and the other ways it is written.
PARTIES = {
    "中共党员": "中共 党员 共产党员 中国共产党 中国共产党党员 中共预备党员 预备党员 共产党 中共正式党员",
    "民革": "中国国民党革命委员会 民革党员 民革会员 国民党革命委员会",
    "民盟": "中国民主同盟 民盟盟员 民主同盟",
    "民建": "中国民主建国会 民建会员 民主建国会",
    "民进": "中国民主促进会 民进会员 民主促进会",
    "农工党": "中国农工民主党 农工 农工党员 农工党党员 农工民主党",
    "致公党": "中国致公党 致公 致公党员 致公党党员",
    "九三学社": "九三 九三学社社员 九三社员",
    "台盟": "台湾民主自治同盟 台盟盟员",
    "无党派人士": "无党派 无党派民主人士 无党派代表人士",
    "群众": "普通群众 非党 非中共 非党员 无党无派",
    "共青团员": "团员 共青团 中国共产主义青年团团员",
}
PARTY_BY_WORD = {
    word: party for party, words in PARTIES.items() for word in (party, *words.split())
}


def read_sex(value: Value) -> Reading[str]:
    """'male' or 'female', or nothing. Raises Unreadable."""
    text = squeezed(value).lower()
    if says_nothing(text):
        return Reading("")
    if text not in SEXES:
        raise Unreadable(_("性别应是“男”或“女”。"))
    return Reading(SEXES[text])


def read_ethnic_group(value: Value) -> Reading[str]:
    """The ethnic group with 族; one outside the 56 is kept as written."""
    text = squeezed(value)
    if says_nothing(text):
        return Reading("")
    short = text.removesuffix("族")
    if short in ETHNIC_GROUPS:
        return Reading(ETHNIC_GROUPS[short])
    if len(text) > 20:
        raise Unreadable(_("这不像民族。"))
    return Reading(text, _("不在56个民族的名单里，按原文记录。"))


@lru_cache(maxsize=1024)
def _party(text: str) -> Reading[str]:
    if says_nothing(text):
        return Reading("")
    bare = REMARK.sub("", text)
    for word in (text, bare, bare.removesuffix("界")):
        if word in PARTY_BY_WORD:
            return Reading(PARTY_BY_WORD[word])
    if len(text) > 40:
        raise Unreadable(_("这不像党派。"))
    return Reading(text, _("没有认出这个党派，按原文记录。"))


def read_party(value: Value) -> Reading[str]:
    """The party in the office's short form; an unknown one is kept as written."""
    return _party(squeezed(value))


def read_term(value: Value) -> Reading[int | None]:
    """The number of the term: 十五届, 第十五届, 15. Raises Unreadable."""
    text = squeezed(value)
    if says_nothing(text):
        return Reading(None)
    match = re.search(r"(\d{1,2}|[一二三四五六七八九十]{1,3})届", text) or re.fullmatch(
        r"第?(\d{1,2}|[一二三四五六七八九十]{1,3})", text
    )
    if not match:
        raise Unreadable(_("届次请写成“十五届”或“15”。"))
    number = int(match[1]) if match[1].isdecimal() else number_of(match[1])
    if not number:
        raise Unreadable(_("届次请写成“十五届”或“15”。"))
    return Reading(number)


def read_standing(value: Value) -> Reading[bool | None]:
    """Whether the post in the CPPCC makes a member of the standing committee; None if unsaid."""
    text = squeezed(value)
    if not text:
        return Reading(None)
    if text in ("否", "不是", "无", "-", "委员", "n", "N", "0"):
        return Reading(False)
    if text in ("是", "√", "✓", "y", "Y", "1") or re.search("常委|常务委员|主席|秘书长", text):
        return Reading(True)
    return Reading(None, _("没有认出这个政协职务，未记录。"))


def read_number(value: Value) -> Reading[str]:
    """The member's certificate number, leading zeros kept when it is text."""
    text = squeezed(value).upper()
    if says_nothing(text):
        return Reading("")
    if len(text) > 20:
        raise Unreadable(_("委员证号太长。"))
    return Reading(text)


# --- workplace and post ---------------------------------------------------------------------

POST = (
    r"(?:原|现任|兼|党(?:组|委|工委|总支|支部|支)?|纪委|纪检组|机关|常务|执行|名誉|高级|首席|总|专职|兼职|一级|二级|三级|四级|正|代|区|第一)*"
    r"(?:副)?"
    r"(?:书记|成员|委员|主任医师|主治医师|医师|医生|护士长|护士|主任|局长|处长|科长|部长|院长|校长|园长|所长|站长|队长|组长|会长|"
    r"理事长|秘书长|主席|行长|厂长|社长|村长|镇长|乡长|区长|市长|县长|馆长|台长|庭长|检察长|关长|董事长|董事|监事长|总经理|经理|总监|总裁|"
    r"工程师|会计师|经济师|农艺师|设计师|律师|教授|研究员|讲师|教师|教练|调研员|主任科员|科员|巡视员|合伙人|负责人|法定代表人|理事|主编|总编辑|编辑|"
    r"记者|导演|演员|住持|主持|牧师|阿訇|神父|道长|法人代表|干部|职员|员工|创始人)"
)
WORK = re.compile(rf"(?P<unit>.+?)[ ,]?(?P<post>{POST}(?:[、,，兼 /]+{POST})*)")


@lru_cache(maxsize=16384)
def split_work(text: str) -> tuple[str, str]:
    """Workplace and post out of one cell; the whole is the workplace when the cut is not plain.

    The cut loses nothing: both parts together are the text again (but for a blank between them).
    """
    match = WORK.fullmatch(text)
    if not match or re.search(r"[、；;]", match["unit"]):
        return text, ""
    return match["unit"].strip(), match["post"].strip()


def read_text(value: Value, *, longest: int) -> Reading[str]:
    """Any text, spaces tidied. Raises Unreadable when it is longer than the register takes."""
    text = plain(value)
    if says_nothing(text):
        return Reading("")
    if len(text) > longest:
        raise Unreadable(_("内容太长，最多%(longest)d个字。") % {"longest": longest})
    return Reading(text)
