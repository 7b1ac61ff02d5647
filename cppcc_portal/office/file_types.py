"""What an uploaded file really is: told from its content, never from what the browser says.

Only formats that an office uses are let in. A name and its content must agree; macros, passwords,
web pages, programs and archives that grow beyond all bounds are refused with a sentence that says
what to do. Nothing here keeps a file or asks the database.
"""

import codecs
import re
import struct
import unicodedata
from dataclasses import dataclass
from itertools import chain
from pathlib import PurePosixPath
from typing import IO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cppcc_portal.office.archives import (
    BROKEN,
    CHUNK,
    NO_MACROS,
    NO_PASSWORD,
    OLE,
    SPOOL,
    VBA_STREAMS,
    ZIP,
    Budget,
    Limits,
    Refused,
    check_archive,
)

HEAD = 4096  # bytes within which a browser would look for a web page
MAX_NAME = 120  # characters
MAX_PIXELS = 150_000_000  # the largest phone cameras make 108 million
MAX_SIDE = 30_000  # pixels


@dataclass(frozen=True)
class Format:
    """One format that is let in: the kinds of content that may stand behind the extension."""

    kind: str
    content_type: str


FORMATS = {
    ".pdf": Format("pdf", "application/pdf"),
    ".docx": Format(
        "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    ),
    ".xlsx": Format("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ".pptx": Format(
        "pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    ),
    ".doc": Format("doc", "application/msword"),
    ".xls": Format("xls", "application/vnd.ms-excel"),
    ".ppt": Format("ppt", "application/vnd.ms-powerpoint"),
    ".wps": Format("doc", "application/wps-office.wps"),
    ".et": Format("xls", "application/wps-office.et"),
    ".dps": Format("ppt", "application/wps-office.dps"),
    ".ofd": Format("ofd", "application/ofd"),
    ".jpg": Format("jpg", "image/jpeg"),
    ".jpeg": Format("jpg", "image/jpeg"),
    ".png": Format("png", "image/png"),
    ".txt": Format("text", "text/plain"),
    ".csv": Format("text", "text/csv"),
    ".zip": Format("zip", "application/zip"),
}

# Shown by the browser itself; everything else is only ever downloaded.
VIEWABLE = frozenset({"application/pdf", "image/jpeg", "image/png"})

TO_DOCX = gettext_lazy("请用 WPS 或 Word 打开，另存为 .docx 再上传。")
TO_XLSX = gettext_lazy("请用 WPS 或 Excel 打开，另存为 .xlsx 再上传。")
TO_PPTX = gettext_lazy("请用 WPS 或 PowerPoint 打开，另存为 .pptx 再上传。")
TO_PICTURE = gettext_lazy("请另存为 .jpg 或 .png 图片再上传。")
TO_ZIP = gettext_lazy("请先解压，把里面的文件直接上传，或重新压缩为 .zip 再上传。")
UNKNOWN = gettext_lazy(
    "无法识别文件内容。请用原来的软件打开，另存为 .docx、.xlsx、.pdf 或图片再上传。"
)
NO_WEB_PAGE = gettext_lazy(
    "文件内容是网页或脚本，不能上传。如果是从别的系统导出的，请用 WPS 打开，另存为 .docx 或 .xlsx 再上传。"
)
NO_PROGRAM = gettext_lazy("文件是程序，不能上传。请上传文档、表格、图片或 PDF。")
NO_MEDIA = gettext_lazy("音频和视频不能上传。请用文字说明内容，或截图后上传图片。")

# Extensions that people try, each with the way out.
WAYS_OUT = {
    **dict.fromkeys((".docm", ".dotm", ".xlsm", ".xltm", ".xlsb", ".pptm", ".ppsm"), NO_MACROS),
    **dict.fromkeys((".rtf", ".odt", ".dot", ".dotx", ".wpt", ".pages", ".mht"), TO_DOCX),
    **dict.fromkeys((".ods", ".ett", ".xlt", ".xltx", ".numbers"), TO_XLSX),
    **dict.fromkeys((".odp", ".dpt", ".pps", ".ppsx", ".key"), TO_PPTX),
    **dict.fromkeys((".heic", ".heif", ".gif", ".bmp", ".tif", ".tiff", ".webp"), TO_PICTURE),
    **dict.fromkeys((".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2"), TO_ZIP),
    **dict.fromkeys((".html", ".htm", ".xhtml", ".svg", ".xml", ".js", ".php"), NO_WEB_PAGE),
    **dict.fromkeys((".exe", ".msi", ".bat", ".cmd", ".com", ".scr", ".vbs", ".apk"), NO_PROGRAM),
    **dict.fromkeys((".mp3", ".wav", ".m4a", ".mp4", ".mov", ".avi", ".wmv", ".mkv"), NO_MEDIA),
}

KINDS = {
    "pdf": (gettext_lazy("PDF 文件"), ".pdf"),
    "docx": (gettext_lazy("Word 文档"), ".docx"),
    "xlsx": (gettext_lazy("Excel 表格"), ".xlsx"),
    "pptx": (gettext_lazy("PowerPoint 演示文稿"), ".pptx"),
    "ofd": (gettext_lazy("OFD 版式文件"), ".ofd"),
    "jpg": (gettext_lazy("JPG 图片"), ".jpg"),
    "png": (gettext_lazy("PNG 图片"), ".png"),
    "zip": (gettext_lazy("压缩包"), ".zip"),
    "text": (gettext_lazy("纯文本"), ".txt"),
}
OLD_KINDS = {
    "doc": gettext_lazy("这是旧版 Word 或 WPS 文字文件改了扩展名，请在 WPS 里打开，另存为 .docx 再上传。"),
    "xls": gettext_lazy("这是旧版 Excel 或 WPS 表格文件改了扩展名，请在 WPS 里打开，另存为 .xlsx 再上传。"),
    "ppt": gettext_lazy("这是旧版 PowerPoint 或 WPS 演示文件改了扩展名，请在 WPS 里打开，另存为 .pptx 再上传。"),
}  # fmt: skip

PNG = b"\x89PNG\r\n\x1a\n"
# First bytes of what is never taken, each with the way out.
REFUSED_HEADS = (
    (b"MZ", NO_PROGRAM),
    (b"\x7fELF", NO_PROGRAM),
    (b"#!", NO_PROGRAM),
    (b"{\\rtf", TO_DOCX),
    (b"Rar!", TO_ZIP),
    (b"7z\xbc\xaf", TO_ZIP),
    (b"\x1f\x8b", TO_ZIP),
    (b"PK\x05\x06", gettext_lazy("压缩包是空的。请放入文件后重新压缩再上传。")),
    (b"GIF8", TO_PICTURE),
    (b"II*\x00", TO_PICTURE),
    (b"MM\x00*", TO_PICTURE),
)
# For lower case: ignoring case would take seconds on a large text made for it.
WEB_PAGE = re.compile(
    r"<(?:!doctype\s+html|h(?:tml|ead)|body|s(?:cript|vg)|iframe|object|embed|\?php)\b"
)
WEB_PAGE_BYTES = re.compile(WEB_PAGE.pattern.encode())


def clean_name(name: str) -> str:
    """The name as it is kept: no folder, no control or direction characters, at most 120 characters.

    The extension survives, so that the file opens with a double click.
    """
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    name = "".join(
        "_" if character in '<>:"|?*' else character
        for character in name
        if unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Zl", "Zp")
    )
    name = " ".join(name.split()).strip(" .")
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > MAX_NAME // 2:
        return name[:MAX_NAME] or _("附件")
    return stem[: MAX_NAME - len(ending) - 1].rstrip(" .") + dot + ending


def extension_of(name: str) -> str:
    """The extension of a cleaned name in lower case, ".docx"; "" when there is none."""
    return PurePosixPath(clean_name(name)).suffix.lower()


def check(file: IO[bytes], name: str, limits: Limits) -> str:
    """The content type that we give this file; Refused when it is not what an office sends."""
    extension = known_extension(name)
    size = file.seek(0, 2)
    if not size:
        raise Refused(_("文件是空的。请确认文件已经保存，再重新选择。"))
    if size > limits.size:
        raise too_large(limits)
    content_type = _examine(file, extension, Budget(limits, size), 0)
    file.seek(0)
    return content_type


def too_large(limits: Limits) -> Refused:
    """What is said of a file above the limit."""
    return Refused(
        _("文件超过 %(size)d MB。请压缩图片或拆分成几个文件再上传。")
        % {"size": limits.size // 1024**2}
    )


def known_extension(name: str) -> str:
    """The extension of a format that is let in; otherwise Refused, with the way out."""
    extension = extension_of(name)
    if extension in FORMATS:
        return extension
    if extension in WAYS_OUT:
        raise Refused(str(WAYS_OUT[extension]))
    raise Refused(
        _("不能上传这种文件。可以上传的有：%(extensions)s。")
        % {"extensions": _("、").join(FORMATS)}
    )


def _examine(file: IO[bytes], extension: str, budget: Budget, depth: int) -> str:
    wanted = FORMATS[extension]
    kinds, charset = _identify(file, budget, depth)
    if wanted.kind in kinds:
        return f"{wanted.content_type}; charset={charset}" if charset else wanted.content_type
    kind = next(iter(kinds))
    if kind in OLD_KINDS:
        raise Refused(str(OLD_KINDS[kind]))
    if kind not in KINDS:
        raise Refused(str(UNKNOWN))
    label, right = KINDS[kind]
    raise Refused(
        _("文件内容其实是%(label)s，与扩展名 %(extension)s 不符。请把扩展名改为 %(right)s，或用原来的软件另存一次，再上传。")
        % {"label": label, "extension": extension, "right": right}
    )  # fmt: skip


def _look_inside(content: IO[bytes], name: str, budget: Budget, depth: int) -> None:
    """Check a file of a .zip; what is said names it."""
    try:
        _examine(content, known_extension(name), budget, depth)
    except Refused as error:
        raise Refused(
            _("压缩包里的“%(name)s”：%(message)s")
            % {"name": clean_name(name), "message": error.message}
        ) from error


def _identify(file: IO[bytes], budget: Budget, depth: int) -> tuple[list[str], str]:
    """The kinds that the content may be taken for, and the charset of text."""
    file.seek(0)
    head = file.read(HEAD)
    if head.startswith(ZIP):
        return [check_archive(file, budget, depth, _look_inside)], ""
    if WEB_PAGE_BYTES.search(head.lower()):
        raise Refused(str(NO_WEB_PAGE))
    for start, way_out in REFUSED_HEADS:
        if head.startswith(start):
            raise Refused(str(way_out))
    if head[4:8] == b"ftyp":
        raise Refused(str(TO_PICTURE if head[8:11] in (b"hei", b"mif", b"avi") else NO_MEDIA))
    if head.startswith(b"RIFF"):
        raise Refused(str(TO_PICTURE if head[8:12] == b"WEBP" else NO_MEDIA))
    if head.startswith(OLE):
        return _check_compound(file), ""
    if head.startswith(b"%PDF-"):
        _check_pdf(file)
        return ["pdf"], ""
    if head.startswith(b"\xff\xd8\xff"):
        _check_pixels(*_jpeg_size(file))
        return ["jpg"], ""
    if head.startswith(PNG):
        _check_pixels(*_png_size(head))
        return ["png"], ""
    return ["text"], _check_text(file)


def _check_pdf(file: IO[bytes]) -> None:
    size = file.seek(0, 2)
    file.seek(max(0, size - 2048))
    if b"%%EOF" not in file.read():
        raise Refused(_("PDF 文件不完整，可能没有下载或扫描完。请重新生成后再上传。"))


# Pictures ------------------------------------------------------------------------------------


def _check_pixels(width: int, height: int) -> None:
    if not width or not height:
        raise Refused(str(BROKEN))
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        raise Refused(
            _("图片尺寸过大（%(width)d×%(height)d 像素）。请缩小后再上传。")
            % {"width": width, "height": height}
        )


def _png_size(head: bytes) -> tuple[int, int]:
    if head[12:16] != b"IHDR" or len(head) < 24:
        raise Refused(str(BROKEN))
    width, height = struct.unpack(">2L", head[16:24])
    return width, height


def _jpeg_size(file: IO[bytes]) -> tuple[int, int]:
    file.seek(2)
    for _segment in range(1000):
        marker = file.read(2)
        if marker == b"\xff\xff":  # a fill byte
            file.seek(-1, 1)
            continue
        if len(marker) < 2 or marker[0] != 0xFF:
            break
        code = marker[1]
        if code == 0x01 or 0xD0 <= code <= 0xD7:
            continue
        header = file.read(2)
        if len(header) < 2 or code in (0xD8, 0xD9, 0xDA):
            break
        length = int.from_bytes(header, "big")
        if 0xC0 <= code <= 0xCF and code not in (0xC4, 0xC8, 0xCC):
            frame = file.read(5)
            if len(frame) < 5:
                break
            _precision, height, width = struct.unpack(">BHH", frame)
            return width, height
        if length < 2:
            break
        file.seek(length - 2, 1)
    raise Refused(str(BROKEN))


# Text ----------------------------------------------------------------------------------------


def _check_text(file: IO[bytes]) -> str:
    """The charset of plain text, as the office's machines write it: UTF-8, UTF-16 or GB18030."""
    file.seek(0)
    start = file.read(3)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        charsets = ["utf-16"]
    else:
        charsets = ["utf-8", "gb18030"]
    for charset in charsets:
        try:
            _read_text(file, charset)
        except UnicodeError:
            continue
        return charset
    raise Refused(str(UNKNOWN))


def _read_text(file: IO[bytes], charset: str) -> None:
    decoder = codecs.getincrementaldecoder(charset)()
    file.seek(0)
    tail = ""
    while True:
        raw = file.read(CHUNK)
        text = tail + decoder.decode(raw, final=not raw)
        if re.search(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]", text):
            raise UnicodeError
        if WEB_PAGE.search(text.lower()):
            raise Refused(str(NO_WEB_PAGE))
        if not raw:
            return
        tail = text[-64:]


# Old binary files (.doc, .xls, .ppt, .wps, .et, .dps) ------------------------------------------

STREAMS = {"doc": ("WordDocument",), "xls": ("Workbook", "Book"), "ppt": ("PowerPoint Document",)}
# [MS-PPT] 2.4.10: a VBAInfoContainer with its VBAInfoAtom; then 4 bytes of reference and fHasMacros.
PPT_VBA = bytes.fromhex("1f00ff03 14000000 02000004 0c000000")


def _check_compound(file: IO[bytes]) -> list[str]:
    """The kinds of an OLE compound file, by the names in its directory."""
    names: set[str] = set()
    wanted = [*chain(*STREAMS.values()), *VBA_STREAMS, "EncryptedPackage"]
    patterns = {name: name.encode("utf-16-le") + b"\0\0" for name in wanted}
    overlap = 256
    file.seek(0)
    window, start = b"", 0
    while raw := file.read(SPOOL):
        window += raw
        for name, pattern in patterns.items():
            if name not in names and _has_entry(window, start, pattern):
                names.add(name)
        at = window.find(PPT_VBA)
        if at >= 0 and window[at + 20 : at + 24] == b"\x01\0\0\0":
            names.add(VBA_STREAMS[0])
        start += len(window) - overlap if len(window) > overlap else 0
        window = window[-overlap:]
    if names.intersection(VBA_STREAMS):
        raise Refused(str(NO_MACROS))
    if "EncryptedPackage" in names:
        raise Refused(str(NO_PASSWORD))
    kinds = [kind for kind, streams in STREAMS.items() if names.intersection(streams)]
    if not kinds:
        raise Refused(str(UNKNOWN))
    return kinds


def _has_entry(window: bytes, start: int, pattern: bytes) -> bool:
    """Whether a directory entry has this name: entries are 128 bytes, with the name's length at 64."""
    at = window.find(pattern)
    while at >= 0:
        if (start + at) % 128 == 0 and window[at + 64 : at + 66] == struct.pack("<H", len(pattern)):
            return True
        at = window.find(pattern, at + 1)
    return False
