"""One running text into its parts: situation, analysis, suggestions, as writers head them."""

import re
from collections.abc import Iterable

NUMBERING = re.compile(
    r"^\s*(?:[(（【]?[一二三四五六七八九十]{1,3}[)）】、.．]+|[(（]?\d{1,2}[)）、.．]+|[#＃*●◆■]+)?\s*"
)
LONGEST_HEADING = 16
IN_LINE = re.compile(
    r"^(案由情况|基本情况|情况分析|情况|现状|背景|案据|问题|存在问题|分析|原因|原因分析|问题分析"
    r"|建议|具体建议|对策建议|意见建议|几点建议|工作建议|办法)[】]?\s*[:：]\s*(.*)$"
)
# What a running text without headings begins its requests with.
SAYS_SO = re.compile(
    r"^(?:为此|因此|鉴于此|综上|对此|基于以上)[^。]{0,12}建议|^(?:特|现|故)?建议(?:如下)?[:：，]"
)
ORDER = ("situation", "analysis", "suggestions")


def part_of(words: str) -> str:
    """Which part a heading opens; "" when it opens none."""
    if any(word in words for word in ("建议", "对策", "办法")):
        return "suggestions"
    if any(word in words for word in ("情况", "现状", "背景", "案据")):
        return "situation"
    if any(word in words for word in ("原因", "分析", "成因", "问题")):
        return "analysis"
    return ""


def opened_by(line: str) -> tuple[str, str]:
    """The part a line opens and what follows on the same line; ("", line) when it is no heading."""
    bare = NUMBERING.sub("", line, count=1).strip().lstrip("【")
    if match := IN_LINE.match(bare):
        return part_of(match[1]), match[2]
    words = bare.rstrip(":：】 ").strip()
    if 0 < len(words) <= LONGEST_HEADING and not re.search(r"[。，；！？,;]", words):
        return part_of(words), ""
    return "", line


def split_text(lines: Iterable[str]) -> dict[str, str]:
    """Situation, analysis and suggestions; they only ever follow each other in this order."""
    parts: dict[str, list[str]] = {name: [] for name in ORDER}
    at = 0
    for line in lines:
        text = line.rstrip()
        part, rest = opened_by(text)
        if not part and at < 2 and SAYS_SO.match(text.strip()):
            part, rest = "suggestions", text
        if part and ORDER.index(part) > at:
            at = ORDER.index(part)
            text = rest
        elif part and ORDER.index(part) == at and not parts[ORDER[at]]:
            text = rest
        if text.strip() or parts[ORDER[at]]:
            parts[ORDER[at]].append(text)
    return {name: "\n".join(found).strip() for name, found in parts.items()}
