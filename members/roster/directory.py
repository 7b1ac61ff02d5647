"""Sectors, committees and town groups by the many ways a roster writes their names."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from members.roster.values import squeezed


class Kind(StrEnum):
    """The three groups a member belongs to; equal to the fields of the same name."""

    SECTOR = "sector"
    COMMITTEE = "committee"
    TOWN = "town"


@dataclass(frozen=True, slots=True)
class Entry:
    """A body the register knows: its key there, its name, other ways to write it."""

    key: int
    name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Named:
    """A body a row names; key is None when it is to be added to the register first."""

    key: int | None
    name: str


@dataclass(frozen=True, slots=True)
class Found:
    """The answer of the directory: one body, or several to choose from, or none.

    sure: the name itself or a known alias, not a resemblance.
    """

    named: Named | None = None
    candidates: tuple[Entry, ...] = ()
    sure: bool = False


# Sectors of the national list and the ways districts shorten them.
SAME_SECTOR = [
    "中国共产党 中共 共产党",
    "民革 中国国民党革命委员会 国民党革命委员会",
    "民盟 中国民主同盟 民主同盟",
    "民建 中国民主建国会 民主建国会",
    "民进 中国民主促进会 民主促进会",
    "农工党 农工 中国农工民主党 农工民主党",
    "致公党 致公 中国致公党",
    "九三学社 九三",
    "台盟 台湾民主自治同盟",
    "无党派 无党派民主",
    "共青团 团委 中国共产主义青年团",
    "工会 总工会",
    "妇联 妇女 妇女联合会 妇女联合",
    "青联 青年联合会 青年",
    "工商联 工商 工商业联合会",
    "科协 科学技术协会",
    "台联 台湾同胞联谊会 台胞",
    "侨联 归侨侨眷 侨界 侨 归国华侨联合会",
    "文化艺术 文艺 文化",
    "科学技术 科技",
    "社会科学 社科",
    "经济",
    "农业 农林 农村 农业农村 农业和农村",
    "教育",
    "体育",
    "教育体育 教体 教育和体育",
    "新闻出版 新闻",
    "医药卫生 医卫 卫生 医疗卫生 医药 卫健",
    "对外友好 对外友好人士 外事",
    "社会福利和社会保障 社会福利 社会保障 社福 社保 社会福利社会保障 社会福利保障",
    "少数民族 民族",
    "宗教 宗教人士",
    "特邀 特别邀请 特邀人士",
    "环境资源 环资 资源环境",
    "新的社会阶层 新社会阶层 新阶层 新的社会阶层人士",
]
CLASS_OF = {word: number for number, words in enumerate(SAME_SECTOR) for word in words.split()}

ENDINGS = {
    Kind.SECTOR: re.compile(r"(?:界别组|界别|界组|界|人士界|人士|小组|组|委员)$"),
    Kind.COMMITTEE: re.compile(r"(?:专门委员会|工作委员会|专委会|委员会|工作委|委|办公室|室)$"),
    Kind.TOWN: re.compile(
        r"(?:委员活动小组|委员工作站|委员联络组|委员小组|活动小组|政协工作委员会|政协工委|联络组|联络委|小组|工委|组|街道办事处|街道|镇|乡)$"
    ),
}
COUNT = re.compile(r"[(\[【〔][^)\]】〕]*\d+\s*[人名][^)\]】〕]*[)\]】〕]|[,:]?共?\d+[人名]$|[::]$")
NUMBERING = re.compile(
    r"^(?:第[一二三四五六七八九十\d]+[组、.:]?|[(]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[)]?[、.,:)]|[(](?:[一二三四五六七八九十]{1,3}|\d{1,2})[)])"
)


def bare_group(text: str) -> str:
    """The group a heading row names, without its number and its count: 一、中共界（12人）."""
    return NUMBERING.sub("", COUNT.sub("", squeezed(text)), count=1).strip("-—:、.*")


def core(kind: Kind, text: str) -> str:
    """The part of the name that tells it from others: 教育 of 教育界."""
    text = COUNT.sub("", squeezed(text)).strip(":、.*")
    shorter = ENDINGS[kind].sub("", text)
    while shorter != text and len(shorter) >= 2:
        text, shorter = shorter, ENDINGS[kind].sub("", shorter)
    return text if len(shorter) < 2 and shorter != "侨" else shorter


def _in_order(short: str, long: str) -> bool:
    """Whether the characters of the short text stand in the long one in the same order."""
    rest = iter(long)
    return all(character in rest for character in short)


class Directory:
    """Finds a body by what a roster calls it.

    answers: (kind, text without spaces) -> key, what the office answered when asked before.
    may_add: an unknown name is a new body and not a mistake.
    """

    def __init__(
        self,
        kind: Kind,
        entries: Sequence[Entry],
        answers: Mapping[tuple[str, str], int] | None = None,
        *,
        may_add: bool = False,
    ) -> None:
        self.kind, self.entries, self.may_add = kind, tuple(entries), may_add
        self.by_key = {entry.key: entry for entry in entries}
        self.answers = answers or {}
        self.added: dict[str, Named] = {}
        self.exact: dict[str, list[Entry]] = {}
        self.cores: dict[str, list[Entry]] = {}
        self.classes: dict[int, list[Entry]] = {}
        self.seen: dict[str, Found] = {}
        for entry in self.entries:
            names = (entry.name, *entry.aliases)
            for name in names:
                self._note(self.exact, squeezed(name), entry)
                self._note(self.cores, core(kind, name), entry)
            if kind is Kind.SECTOR and core(kind, entry.name) in CLASS_OF:
                self.classes.setdefault(CLASS_OF[core(kind, entry.name)], []).append(entry)

    @staticmethod
    def _note(index: dict[str, list[Entry]], key: str, entry: Entry) -> None:
        if entry not in index.setdefault(key, []):
            index[key].append(entry)

    def find(self, text: str) -> Found:
        """The body this text names."""
        text = squeezed(text)
        if text not in self.seen:
            self.seen[text] = self._find(text)
        return self.seen[text]

    def _find(self, text: str) -> Found:
        if (key := self.answers.get((self.kind, text))) in self.by_key:
            return Found(self._named(self.by_key[key]), sure=True)
        short = core(self.kind, text)
        for entries in (
            self.exact.get(text, []),
            self.cores.get(short, []),
            self.classes.get(CLASS_OF.get(short, -1), []),
        ):
            if len(entries) == 1:
                return Found(self._named(entries[0]), sure=True)
            if entries:
                return Found(candidates=tuple(entries))
        candidates = self._resembling(short)
        if len(short) >= 2 and len(candidates) == 1:
            whole = core(self.kind, candidates[0].name)
            if short[0] == whole[0] and _in_order(short, whole):
                return Found(self._named(candidates[0]))
        if candidates or not self.may_add:
            return Found(candidates=candidates)
        key_of_new = str(CLASS_OF.get(short, short))
        if key_of_new not in self.added:
            name = text
            if self.kind is Kind.SECTOR and not text.endswith("界"):
                name = f"{short}界"
            self.added[key_of_new] = Named(None, name)
        return Found(self.added[key_of_new])

    def _resembling(self, short: str) -> tuple[Entry, ...]:
        """Bodies the text may shorten; failing that, those it may be made of."""
        whole = [
            entry
            for entry in self.entries
            if _in_order(short, core(self.kind, entry.name))
            and core(self.kind, entry.name)[:1] == short[:1]
        ]
        if whole and len(short) >= 2:
            return tuple(whole)
        return tuple(
            entry
            for entry in self.entries
            if self._is_part(core(self.kind, entry.name), short) or entry in whole
        )

    def _is_part(self, known: str, short: str) -> bool:
        if self.kind is Kind.SECTOR and len(short) <= 4:
            return known[:1] in short
        return len(known) >= 2 and (known in short or short in known)

    @staticmethod
    def _named(entry: Entry) -> Named:
        return Named(entry.key, entry.name)
