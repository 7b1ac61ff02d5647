"""What is inside an archive, and in the documents that are archives (.docx, .xlsx, .pptx, .ofd).

The directory is checked before anything is unpacked, and is not trusted when it is: every member is
inflated under a budget, must be exactly as long as promised, and must not hide behind another.
"""

import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import PurePosixPath
from typing import IO, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

CHUNK = 64 * 1024  # bytes
SPOOL = 1024 * 1024  # bytes of a member kept in memory, the rest goes to disk
MAX_DEPTH = 2  # a Word file in a .zip, and a table inside that Word file
MAX_GAP = CHUNK  # bytes between two members

ZIP = b"PK\x03\x04"
ZIP_ENTRY = b"PK\x01\x02"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
VBA_STREAMS = ("_VBA_PROJECT", "_VBA_PROJECT_CUR")

NO_MACROS = gettext_lazy(
    "文件里带有宏，可能被病毒利用。请另存为不带宏的 .docx、.xlsx 或 .pptx 再上传。"
)
NO_PASSWORD = gettext_lazy("文件设了打开密码，无法检查。请取消密码后再上传。")
BROKEN = gettext_lazy("文件不完整或已损坏。请重新打开、另存一次，再上传。")
BROKEN_ARCHIVE = gettext_lazy("压缩结构不完整或不正常。请用原来的软件打开，另存一次再上传。")
NESTED = gettext_lazy("压缩包里还有压缩包，不能上传。请把里面的文件解压出来，直接上传。")

MAIN_PARTS = {
    "docx": ("word/", b"wordprocessingml.document.main+xml"),
    "xlsx": ("xl/", b"spreadsheetml.sheet.main+xml"),
    "pptx": ("ppt/", b"presentationml.presentation.main+xml"),
}
CONTENT_TYPES = "[Content_Types].xml"
MACRO_PARTS = ("vbaproject.bin", "vbadata.xml", "jdedata.bin", "jsaproject.bin")
LITTER = (".DS_Store", "Thumbs.db", "desktop.ini")
# What reading a damaged or forged archive raises.
DAMAGED = (
    zipfile.BadZipFile,
    NotImplementedError,
    ValueError,
    OverflowError,
    EOFError,
    struct.error,
    zlib.error,
)
APPLE_DOUBLE = b"\x00\x05\x16\x07"


class Refused(Exception):
    """The file is not taken; `message` says in plain Chinese why and what to do."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


@dataclass(frozen=True)
class Limits:
    """The bounds of one file: its size and what it may unpack to."""

    size: int = 20 * 1024 * 1024  # bytes
    unpacked: int = 200 * 1024 * 1024  # bytes
    ratio: int = 100  # unpacked bytes for one packed byte
    members: int = 2000  # files in an archive


class Budget:
    """What one upload may still unpack to, over all the archives inside it."""

    def __init__(self, limits: Limits, size: int) -> None:
        self.limits, self.size = limits, size
        self.members = self.declared = self.unpacked = 0

    def declare(self, members: int, unpacked: int) -> None:
        """Count what a directory promises, before anything is unpacked."""
        self.members += members
        self.declared += unpacked
        if self.members > self.limits.members:
            raise Refused(
                _("压缩包里的文件多于 %(members)d 个。请分成几个压缩包再上传。")
                % {"members": self.limits.members}
            )
        self._compare(self.declared)

    def spend(self, unpacked: int) -> None:
        """Count what really came out."""
        self.unpacked += unpacked
        self._compare(self.unpacked)

    def _compare(self, unpacked: int) -> None:
        if unpacked > self.limits.unpacked:
            raise Refused(
                _("文件解压后超过 %(size)d MB。请减少内容或分成几个文件再上传。")
                % {"size": self.limits.unpacked // 1024**2}
            )
        if unpacked > self.limits.ratio * self.size:
            raise Refused(
                _("文件的压缩比超过 %(ratio)d 倍，不像正常的办公文件。请用原来的软件打开，另存一次再上传。")
                % {"ratio": self.limits.ratio}
            )  # fmt: skip


# Looks at one file of a .zip: its content, name, the budget and the depth at which it lies.
Look = Callable[[IO[bytes], str, Budget, int], None]


def check_archive(file: IO[bytes], budget: Budget, depth: int, look: Look) -> str:
    """The kind of an archive: docx, xlsx, pptx, ofd or zip; "package" is Visio and the like.

    Everything in it has been looked at. Raises Refused.
    """
    if depth > MAX_DEPTH:
        raise Refused(str(NESTED))
    # Before the directory is read into memory: no more entries than this can come of it.
    if _count(file, ZIP_ENTRY) > budget.limits.members:
        budget.declare(budget.limits.members + 1, 0)
    try:
        with zipfile.ZipFile(file) as archive:
            members, end = archive.infolist(), archive.start_dir
            return _check_members(file, members, end, budget, depth, look)
    except DAMAGED as error:
        raise Refused(str(BROKEN_ARCHIVE)) from error


def _check_members(
    file: IO[bytes],
    members: list[zipfile.ZipInfo],
    end: int,
    budget: Budget,
    depth: int,
    look: Look,
) -> str:
    budget.declare(len(members), sum(member.file_size for member in members))
    for member in members:
        _check_member(member)
    names = [member.filename for member in members]
    if not names or len(set(names)) < len(names):
        raise zipfile.BadZipFile
    kind = _kind_of(names)
    if kind == "zip" and depth:
        raise Refused(str(NESTED))
    if any(PurePosixPath(name).name.lower() in MACRO_PARTS for name in names) or any(
        name.lower().startswith("xl/macrosheets/") for name in names
    ):
        raise Refused(str(NO_MACROS))
    position = 0
    for member in sorted(members, key=lambda one: one.header_offset):
        _check_gap(file, position, member.header_offset)
        start = _start_of(file, member)
        position = start + member.compress_size
        if position > end:
            raise zipfile.BadZipFile
        chunks = _unpack(file, start, member, budget)
        if kind == "zip":
            _check_content(chunks, member, budget, depth, look)
        elif member.filename == CONTENT_TYPES:
            _check_content_types(chunks, kind)
        else:
            _check_part(chunks, budget, depth, look)
    _check_gap(file, position, end)
    return kind


def _count(file: IO[bytes], pattern: bytes) -> int:
    file.seek(0)
    count, tail = 0, b""
    while raw := file.read(CHUNK):
        window = tail + raw
        count += window.count(pattern)
        tail = window[-(len(pattern) - 1) :]
    return count


def _kind_of(names: Iterable[str]) -> str:
    names = set(names)
    if CONTENT_TYPES in names:
        for kind, (folder, _main) in MAIN_PARTS.items():
            if any(name.startswith(folder) for name in names):
                return kind
        return "package"
    return "ofd" if "OFD.xml" in names else "zip"


def _check_member(member: zipfile.ZipInfo) -> None:
    """What the directory says of one member, before it is touched."""
    # 0x1 a password, 0x40 strong encryption, 0x2000 a masked directory
    if member.flag_bits & 0x2041:
        raise Refused(str(NO_PASSWORD))
    if member.is_dir() and member.file_size:
        raise zipfile.BadZipFile
    mode = member.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise Refused(_("压缩包里有快捷链接，不能上传。请换成文件本身再压缩上传。"))
    name = _name_of(member)
    parts = name.replace("\\", "/").split("/")
    absolute = name.startswith(("/", "\\")) or name[1:2] == ":"
    if absolute or not name or ".." in parts or "\0" in member.orig_filename:
        raise Refused(_("压缩包里的文件带有不正常的路径，可能有危险。请重新压缩后再上传。"))
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Refused(
            _("压缩包用了不常见的压缩方法。请用系统自带的压缩功能重新压缩为 .zip 再上传。")
        )


def _name_of(member: zipfile.ZipInfo) -> str:
    """The member's name; Chinese Windows writes it in GBK, which reads as nonsense otherwise."""
    if member.flag_bits & 0x800:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return member.filename


def _check_gap(file: IO[bytes], start: int, end: int) -> None:
    """Between two members nothing may hide, and no two may share bytes (one bomb counted often)."""
    if not 0 <= end - start <= MAX_GAP:
        raise zipfile.BadZipFile
    file.seek(start)
    if ZIP in file.read(end - start):
        raise zipfile.BadZipFile


def _start_of(file: IO[bytes], member: zipfile.ZipInfo) -> int:
    """Where the member's bytes begin. Its own header must say what the directory says."""
    file.seek(member.header_offset)
    header = struct.unpack("<4s5H3L2H", file.read(30))
    signature, _version, flags, method, _time, _date, _crc, packed, size, name, extra = header
    raw_name = file.read(name)
    encoding = "utf-8" if flags & 0x800 else "cp437"
    same_sizes = (
        flags & 0x8  # sizes follow the bytes
        or 0xFFFFFFFF in (packed, size)  # sizes stand in the extra field
        or (packed, size) == (member.compress_size, member.file_size)
    )
    if (
        signature != ZIP
        or method != member.compress_type
        or flags & 0x2041
        or not same_sizes
        or raw_name.decode(encoding) != member.orig_filename
    ):
        raise zipfile.BadZipFile
    return member.header_offset + 30 + name + extra


def _unpack(
    file: IO[bytes], start: int, member: zipfile.ZipInfo, budget: Budget
) -> Iterator[bytes]:
    """The member's bytes as they come, never more than promised; BadZipFile when they are others."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS) if member.compress_type else None
    left, size, crc = member.compress_size, 0, 0
    file.seek(start)
    while left:
        raw = file.read(min(CHUNK, left))
        if not raw:
            raise zipfile.BadZipFile
        left -= len(raw)
        position = file.tell()
        for chunk in _inflated(inflater, raw) if inflater else (raw,):
            size += len(chunk)
            budget.spend(len(chunk))
            if size > member.file_size:
                raise zipfile.BadZipFile
            crc = zlib.crc32(chunk, crc)
            yield chunk
        file.seek(position)
    if inflater and (not inflater.eof or inflater.unused_data):
        raise zipfile.BadZipFile
    if (size, crc) != (member.file_size, member.CRC):
        raise zipfile.BadZipFile


def _inflated(inflater: Any, raw: bytes) -> Iterator[bytes]:
    while chunk := inflater.decompress(raw, CHUNK):
        yield chunk
        raw = inflater.unconsumed_tail


def _check_content(
    chunks: Iterator[bytes], member: zipfile.ZipInfo, budget: Budget, depth: int, look: Look
) -> None:
    """A file in a .zip is looked at like a file of its own."""
    name = PurePosixPath(_name_of(member)).name
    first = next(chunks, b"")
    chunks = chain([first], chunks)
    litter = name in LITTER or (name.startswith("._") and first.startswith(APPLE_DOUBLE))
    if litter or not first:
        _drain(chunks)
        return
    with _kept(chunks) as content:
        look(content, name, budget, depth + 1)


def _check_content_types(chunks: Iterator[bytes], kind: str) -> None:
    with _kept(chunks) as content:
        types = content.read(SPOOL).lower()
    if b"macroenabled" in types or b"vbaproject" in types:
        raise Refused(str(NO_MACROS))
    if b"<!doctype" in types or (kind in MAIN_PARTS and MAIN_PARTS[kind][1] not in types):
        raise Refused(str(BROKEN))


def _check_part(chunks: Iterator[bytes], budget: Budget, depth: int, look: Look) -> None:
    """A part of a document; a document embedded in it is looked at as well."""
    first = next(chunks, b"")
    chunks = chain([first], chunks)
    if first.startswith(ZIP):
        with _kept(chunks) as content:
            check_archive(content, budget, depth + 1, look)
    elif first.startswith(OLE):
        with _kept(chunks) as content:
            _refuse_macros(content)
    else:
        _drain(chunks)


def _refuse_macros(content: IO[bytes]) -> None:
    """Embedded objects are of many kinds; only those with macros are refused."""
    patterns = [name.encode("utf-16-le") + b"\0\0" for name in VBA_STREAMS]
    if any(_count(content, pattern) for pattern in patterns):
        raise Refused(str(NO_MACROS))


@contextmanager
def _kept(chunks: Iterable[bytes]) -> Iterator[IO[bytes]]:
    """The chunks as a file: small ones in memory, others on disk."""
    with tempfile.SpooledTemporaryFile(max_size=SPOOL) as file:
        for chunk in chunks:
            file.write(chunk)
        file.seek(0)
        yield file


def _drain(chunks: Iterable[bytes]) -> None:
    for _chunk in chunks:
        pass


def check_parts(archive: zipfile.ZipFile, *, most: int, told: str) -> None:
    """Refuse a document of lawful size that would still keep its reader busy for minutes.

    `most` tags in all its parts, else Refused with the words `told`; and whatever is no plain UTF-8.
    """
    tags = 0
    for entry in archive.infolist():
        if not entry.filename.endswith((".xml", ".rels", ".vml")):
            continue
        before = b""
        with archive.open(entry) as file:
            while block := file.read(1024 * 1024):
                tags += block.count(b"<")
                if tags > most:
                    raise Refused(told)
                # Office programs write UTF-8 without document types; anything else is an attack.
                joined = before + block
                if b"<!DOCTYPE" in joined or b"<!ENTITY" in joined or b"\0" in block:
                    raise Refused(_("文件里有不允许的内容，没有打开。"))
                before = block[-16:]
