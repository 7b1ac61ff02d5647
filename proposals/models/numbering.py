"""案号 as the office writes it: a pattern with placeholders, checked when it is set."""

import re
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

TERM, PLENARY, MARK, WORD, NUMBER = "届", "次", "平", "平时", "号"
KNOWN = (TERM, PLENARY, MARK, WORD, NUMBER)
PLACE = re.compile(r"\{([^{}]*)\}")
MOST = 20  # what the column holds
# Every number ever given is found by the box, whatever the pattern is now.
USUAL = r"\d+-\d+-\D?\d+"


def write(
    pattern: str, *, term: int, plenary: int, ordinary: bool, number: int, digits: int
) -> str:
    """One number by this pattern."""
    words = {
        TERM: str(term),
        PLENARY: str(plenary),
        MARK: MARK if ordinary else "",
        WORD: WORD if ordinary else "",
        NUMBER: f"{number:0{digits}d}",
    }
    return PLACE.sub(lambda found: words[found[1]], pattern)


def why_not(pattern: str) -> str:
    """Why numbers by this pattern could be mistaken for each other, in plain Chinese; empty where they cannot."""
    named = PLACE.findall(pattern)
    if unknown := [name for name in named if name not in KNOWN]:
        return _("里有不认识的占位符 {%s}；可以用 {届}、{次}、{平}、{平时}、{号}。") % unknown[0]
    if "{" in PLACE.sub("", pattern) or "}" in PLACE.sub("", pattern):
        return _("里的花括号没有成对，请检查。")
    lacking = [name for name in (TERM, PLENARY, NUMBER) if named.count(name) != 1]
    if lacking:
        return _("须有且只有一个 {%s}，否则不同的提案会得到同一个案号。") % lacking[0]
    if MARK not in named and WORD not in named:
        return _("须有 {平} 或 {平时}，否则平时提案会和大会提案得到同一个案号。")
    # Between two numbers something that is no digit: 15届1次11号 must not read as 15届11次1号.
    bare = pattern.replace(f"{{{MARK}}}", "").replace(f"{{{WORD}}}", "")
    if re.search(r"\}\d*\{|\}\d|\d\{", bare):
        return _("里的数字占位符须用文字或横线隔开，前后也不能直接写数字。")
    return ""


def why_not_short(pattern: str) -> str:
    """As `why_not`, and the longest number must fit the register."""
    if reason := why_not(pattern):
        return reason
    longest = write(pattern, term=99, plenary=99, ordinary=True, number=9999, digits=4)
    if len(longest) > MOST:
        words = {"most": MOST, "size": len(longest), "example": longest}
        return _("写出的案号最多 %(most)s 个字，“%(example)s”有 %(size)s 个。") % words
    return ""


@lru_cache(maxsize=16)
def reader(pattern: str) -> re.Pattern[str]:
    """What a whole number looks like, by this pattern or as numbers usually are."""
    parts: list[str] = []
    last = 0
    for found in PLACE.finditer(pattern):
        parts.append(re.escape(pattern[last : found.start()]))
        optional: Any = {MARK: f"(?:{MARK})?", WORD: f"(?:{WORD})?"}
        parts.append(optional.get(found[1], r"\d+"))
        last = found.end()
    parts.append(re.escape(pattern[last:]))
    return re.compile(f"{USUAL}|{''.join(parts)}")
