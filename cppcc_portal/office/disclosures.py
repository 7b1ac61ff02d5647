"""What must not stand in a text that everybody may read: numbers of persons, and what looks like an address."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

# Between the digits of one number people write blanks, hyphens and dots.
GAP = r"[\s\-·.]?"
PLATES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"

# The first that finds a place keeps it: an ID number also looks like a bank card.
NUMBERS: tuple[tuple[Any, re.Pattern[str]], ...] = (
    (
        _("身份证号"),
        re.compile(rf"(?<!\d)\d(?:{GAP}\d){{5}}{GAP}(?:19|20)(?:{GAP}\d){{9}}{GAP}[\dXx](?!\d)"),
    ),
    (_("银行卡号"), re.compile(rf"(?<!\d)\d(?:{GAP}\d){{14,18}}(?!\d)")),
    (_("手机号"), re.compile(rf"(?<!\d)(?:\+?86{GAP})?1{GAP}[3-9](?:{GAP}\d){{9}}(?!\d)")),
    (_("电话号码"), re.compile(r"(?<!\d)\(?0\d{2,3}\)?[\s\-—]{0,2}[2-8]\d{6,7}(?!\d)")),
    (
        _("电话号码"),
        re.compile(
            r"(?:电话|手机|热线|传真|致电|拨打|联系方式)[^\d。；\n]{0,8}(\d(?:[\s\-]?\d){6,})"
        ),
    ),
    (_("电子邮箱"), re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)),
    (
        _("微信号或 QQ 号"),
        re.compile(r"(?:微信号?|QQ号?|qq号?)\s*[:为是]?\s*([A-Za-z0-9][\w-]{4,})", re.ASCII),
    ),
    (
        _("车牌号"),
        re.compile(
            rf"[{PLATES}][A-HJ-NP-Z]{GAP}(?=[A-HJ-NP-Z]*\d)[A-HJ-NP-Z0-9]{{5,6}}(?![A-Z0-9])", re.I
        ),
    ),
)
ADDRESS = re.compile(
    r"[\u4e00-\u9fff]{1,10}(?:路|街|巷|弄|大道|村|组|小区)\s?\d{1,5}\s?(?:号|组|幢|栋|弄)"
    r"(?:\s?\d{1,5}\s?(?:号楼|幢|栋|单元|室))*|\d{1,4}\s?(?:号楼|幢|栋)\s?\d{1,5}\s?(?:单元|室)"
)


@dataclass(frozen=True)
class Disclosure:
    """One place in a text: what it is, its words; `must_go` or only to be looked at."""

    label: Any
    words: str
    must_go: bool = False

    def __str__(self) -> str:
        return f"{self.label}“{self.words}”"


def disclosures(text: str, *, names: Iterable[str] = ()) -> list[Disclosure]:
    """What a text gives away, each thing once; `names` are of people whose mention is to be looked at."""
    plain = unicodedata.normalize("NFKC", text)
    found: list[Disclosure] = []
    for label, pattern in NUMBERS:
        for match in pattern.finditer(plain):
            found.append(Disclosure(label, (match[match.lastindex or 0]).strip(), must_go=True))
        plain = pattern.sub("█", plain)
    found += [Disclosure(_("详细地址"), match[0]) for match in ADDRESS.finditer(plain)]
    found += [Disclosure(_("人名"), name) for name in names if name and name in plain]
    return list(dict.fromkeys(found))
