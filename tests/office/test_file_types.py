import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable

import openpyxl
import pytest
import xlwt

from cppcc_portal.office.archives import Limits, Refused
from cppcc_portal.office.file_types import MAX_NAME, OLE, PNG, check, clean_name, extension_of

SMALL = Limits(size=200_000, unpacked=2_000_000, ratio=100, members=20)
WORD_TYPES = (
    '<?xml version="1.0"?><Types><Override PartName="/word/document.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
NOISE = random.Random(7).randbytes(20_000)  # does not compress


def zipped(files: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def docx(**parts: bytes) -> bytes:
    named = {name.replace("__", "/").replace("_", "."): part for name, part in parts.items()}
    return zipped(
        {"[Content_Types].xml": WORD_TYPES, "word/document.xml": "<w:document/>", **named}
    )


def xlsx() -> bytes:
    buffer = io.BytesIO()
    book = openpyxl.Workbook()
    book.active["A1"] = "姓名"
    book.save(buffer)
    return buffer.getvalue()


def xls() -> bytes:
    buffer = io.BytesIO()
    book = xlwt.Workbook()
    book.add_sheet("名册").write(0, 0, "姓名")
    book.save(buffer)
    return buffer.getvalue()


def compound(*streams: str) -> bytes:
    """An OLE file of a header and one directory sector."""
    entries = b""
    for stream in streams:
        name = stream.encode("utf-16-le")
        entries += name.ljust(64, b"\0") + struct.pack("<H", len(name) + 2) + b"\2" + b"\0" * 61
    return OLE.ljust(512, b"\0") + entries.ljust(2048, b"\0")


def pdf(body: bytes = b"1 0 obj<<>>endobj\n") -> bytes:
    return b"%PDF-1.7\n" + body + b"startxref\n0\n%%EOF\n"


def png(width: int = 30, height: int = 20) -> bytes:
    return PNG + struct.pack(">L4sLL", 13, b"IHDR", width, height) + b"\x08\x02\0\0\0" + b"\0" * 20


def jpeg(width: int = 30, height: int = 20, exif: bytes = b"Exif\0\0") -> bytes:
    app = b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif
    frame = b"\xff\xc0" + struct.pack(">HBHH", 17, 8, height, width) + b"\3" + b"\0" * 9
    return b"\xff\xd8" + app + frame + b"\xff\xda\0\0\xff\xd9"


def told(content: bytes, name: str, limits: Limits = SMALL) -> str:
    return check(io.BytesIO(content), name, limits)


def refusal(content: bytes, name: str, limits: Limits = SMALL) -> str:
    with pytest.raises(Refused) as refused:
        told(content, name, limits)
    return refused.value.message


# What an office sends ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "name", "content_type"),
    [
        (pdf(), "答复.PDF", "application/pdf"),
        (docx(), "提案.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml"),
        (xlsx(), "名册.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml"),
        (xls(), "名册.xls", "application/vnd.ms-excel"),
        (xls(), "名册.et", "application/wps-office.et"),
        (compound("WordDocument"), "旧提案.doc", "application/msword"),
        (compound("Root Entry", "WordDocument"), "旧提案.wps", "application/wps-office.wps"),
        (compound("PowerPoint Document"), "汇报.ppt", "application/vnd.ms-powerpoint"),
        (zipped({"OFD.xml": "<ofd/>", "Doc_0/Document.xml": "<d/>"}), "公文.ofd", "application/ofd"),
        (jpeg(), "现场.jpg", "image/jpeg"),
        (jpeg(12_000, 9_000), "现场.jpeg", "image/jpeg"),
        (png(), "截图.png", "image/png"),
        ("建议如下".encode(), "建议.txt", "text/plain; charset=utf-8"),
        ("建议如下".encode("gbk"), "建议.txt", "text/plain; charset=gb18030"),
        ("建议如下".encode("utf-16"), "建议.txt", "text/plain; charset=utf-16"),
        ("姓名,界别\r\n张三,农业\r\n".encode("gbk"), "名册.csv", "text/csv; charset=gb18030"),
        (zipped({"材料/提案.docx": docx(), "照片.jpg": jpeg()}), "材料.zip", "application/zip"),
    ],
)  # fmt: skip
def test_file_is_told_by_its_content(content: bytes, name: str, content_type: str) -> None:
    assert told(content, name).startswith(content_type)


def test_text_cut_between_two_bytes_of_a_character_is_read() -> None:
    content = ("a" + "政协提案" * 20_000).encode("gbk")

    assert told(content, "a.txt") == "text/plain; charset=gb18030"


def test_archive_of_a_mac_or_with_chinese_names_of_windows_is_taken() -> None:
    content = zipped(
        {
            "提案.docx": docx(),
            "__MACOSX/._提案.docx": b"\x00\x05\x16\x07" + b"\0" * 20,
            "空文件夹/": b"",
        }
    )
    # Windows writes GBK and does not set the flag that says UTF-8.
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("gbk-name.txt", "建议")
    windows = buffer.getvalue().replace(b"gbk-name.txt", "建议材料.txt".encode("gbk"))

    assert told(content, "a.zip") == "application/zip"
    assert told(windows, "b.zip") == "application/zip"


def test_document_with_an_embedded_table_or_drawing_is_taken() -> None:
    drawing = zipped({"[Content_Types].xml": "<Types/>", "visio/document.xml": "<v/>"})

    content = docx(word__embeddings__a_xlsx=xlsx(), word__embeddings__b_vsdx=drawing)

    assert "wordprocessingml" in told(content, "a.docx")


# Names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("C:\\Users\\a\\提案.docx", "提案.docx"),
        ("../../etc/提案.docx", "提案.docx"),
        ("提案\u202excod.pdf", "提案xcod.pdf"),
        ("提\x00案\r\n.pdf", "提案.pdf"),
        ('关于"停车"的<建议>?.pdf', "关于_停车_的_建议__.pdf"),
        (" .提案. .pdf. ", "提案.pdf"),
        ("", "附件"),
        ("长" * 300 + ".docx", "长" * (MAX_NAME - 5) + ".docx"),
        ("无扩展名" * 50, ("无扩展名" * 50)[:MAX_NAME]),
    ],
)
def test_name_is_cleaned_and_keeps_its_extension(name: str, clean: str) -> None:
    assert clean_name(name) == clean


def test_extension_is_that_of_the_cleaned_name() -> None:
    assert extension_of("提案.pdf\u202e.EXE ") == ".exe"
    assert extension_of("提案.pdf.") == ".pdf"


# Refusals ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "way_out"),
    [
        ("提案.docm", "宏"),
        ("提案.rtf", "另存为 .docx"),
        ("照片.heic", "另存为 .jpg"),
        ("材料.rar", "压缩为 .zip"),
        ("页.html", "网页或脚本"),
        ("图.svg", "网页或脚本"),
        ("提案.pdf.exe", "程序"),
        ("录像.mp4", "音频和视频"),
        ("提案", "可以上传的有"),
        ("提案.xyz", ".docx"),
    ],
)
def test_extension_outside_the_list_is_refused_with_a_way_out(name: str, way_out: str) -> None:
    assert way_out in refusal(pdf(), name)


def test_empty_and_too_large_files_are_refused() -> None:
    assert "空的" in refusal(b"", "a.pdf")
    assert "超过 1 MB" in refusal(pdf(b"0" * 1_100_000), "a.pdf", Limits(size=1024**2))


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (compound("WordDocument"), "a.docx", "这是旧版 Word 或 WPS 文字文件改了扩展名"),
        (xls(), "a.xlsx", "另存为 .xlsx"),
        (compound("PowerPoint Document"), "a.pptx", "另存为 .pptx"),
        (docx(), "a.doc", "其实是Word 文档，与扩展名 .doc 不符。请把扩展名改为 .docx"),
        (docx(), "a.zip", "其实是Word 文档"),
        (xlsx(), "a.docx", "请把扩展名改为 .xlsx"),
        (zipped({"a.txt": "a"}), "a.docx", "其实是压缩包"),
        (pdf(), "a.jpg", "请把扩展名改为 .pdf"),
        (png(), "a.jpg", "请把扩展名改为 .png"),
        (b"hello", "a.pdf", "纯文本"),
        (b"{\\rtf1 a}", "a.doc", "另存为 .docx"),
        (b"MZ\x90\0", "a.pdf", "程序"),
        (b"\x7fELF\2", "a.txt", "程序"),
        (b"#!/bin/sh\n", "a.txt", "程序"),
        (b"Rar!\x1a\7", "a.zip", "压缩为 .zip"),
        (b"GIF89a", "a.png", "另存为 .jpg"),
        (b"\0\0\0\x18ftypheic", "a.jpg", "另存为 .jpg"),
        (b"\0\0\0\x18ftypmp42", "a.jpg", "音频和视频"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "a.jpg", "另存为 .jpg"),
        (NOISE, "a.txt", "无法识别"),
        (NOISE, "a.pdf", "无法识别"),
        (compound("SummaryInformation"), "a.doc", "无法识别"),
        (zipped({"[Content_Types].xml": "<Types/>", "visio/d.xml": ""}), "a.docx", "无法识别"),
    ],
)
def test_content_that_belies_the_name_is_refused(content: bytes, name: str, sentence: str) -> None:
    assert sentence in refusal(content, name)


@pytest.mark.parametrize("name", ["a.pdf", "a.txt", "a.csv", "a.doc", "a.jpg", "a.png", "a.docx"])
@pytest.mark.parametrize(
    "content",
    [
        b"<!DOCTYPE html><p>",
        b"\n  <HTML><body>",
        b"<html>" + pdf(),
        b"%PDF-1.7\n<script>alert(1)</script>\n%%EOF",
        jpeg(exif=b"<script>alert(1)</script>"),
        PNG + b"<svg onload=alert(1)>",
        b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
        b"<?php echo 1;",
    ],
)
def test_web_page_is_refused_under_any_name(content: bytes, name: str) -> None:
    assert "网页或脚本" in refusal(content, name)


def test_web_page_deep_in_a_text_or_in_another_charset_is_refused() -> None:
    assert "网页" in refusal(b"a" * (64 * 1024 - 3) + b"<script>", "a.txt")
    assert "网页" in refusal("说明<iframe src=x>".encode("utf-16"), "a.txt")


def test_pdf_must_begin_at_the_first_byte_and_have_an_end() -> None:
    assert refusal(b"PK padding " + pdf(), "a.pdf")
    assert "不完整" in refusal(b"%PDF-1.7\n1 0 obj", "a.pdf")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (png(60_000, 60_000), "a.png"),
        (png(40_000, 1), "a.png"),
        (jpeg(60_000, 60_000), "a.jpg"),
    ],
)
def test_picture_of_too_many_pixels_is_refused(content: bytes, name: str) -> None:
    assert "尺寸过大" in refusal(content, name)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (png(0, 5), "a.png"),
        (jpeg()[:20], "a.jpg"),
        (PNG + b"0" * 4, "a.png"),
        (jpeg(0, 0), "a.jpg"),
    ],
)
def test_picture_without_a_size_is_refused(content: bytes, name: str) -> None:
    assert "损坏" in refusal(content, name)


# Old binary files ----------------------------------------------------------------------------


@pytest.mark.parametrize("stream", ["_VBA_PROJECT", "_VBA_PROJECT_CUR"])
def test_old_file_with_macros_is_refused(stream: str) -> None:
    assert "宏" in refusal(compound("WordDocument", "Macros", stream), "a.doc")


def test_old_presentation_with_macros_is_refused() -> None:
    atom = bytes.fromhex("1f00ff0314000000020000040c000000" + "05000000" + "01000000" + "02000000")

    assert "宏" in refusal(compound("PowerPoint Document") + atom, "a.ppt")
    assert told(compound("PowerPoint Document") + atom[:20] + b"\0" * 8, "a.ppt")


def test_text_that_speaks_of_macros_is_no_macro() -> None:
    text = "x_VBA_PROJECT\0".encode("utf-16-le")

    assert told(compound("WordDocument") + text, "a.doc") == "application/msword"


def test_file_behind_a_password_is_refused() -> None:
    assert "密码" in refusal(compound("EncryptedPackage", "EncryptionInfo"), "a.docx")


# Archives ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        docx(word__vbaProject_bin=b"0"),
        docx(word__embeddings__a_xlsm=docx(word__vbaProject_bin=b"0")),
        docx(word__embeddings__oleObject1_bin=compound("_VBA_PROJECT")),
        zipped(
            {
                "[Content_Types].xml": WORD_TYPES.replace("main+xml", "macroEnabled.main+xml"),
                "word/document.xml": "<w/>",
            }
        ),
    ],
)
def test_document_with_macros_is_refused(content: bytes) -> None:
    assert "宏" in refusal(content, "a.docx")


def test_document_that_declares_another_main_part_is_refused() -> None:
    content = zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"})

    assert "损坏" in refusal(content, "a.docx")


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"a.exe": b"MZ"}, "压缩包里的“a.exe”：文件是程序"),
        ({"a.pdf": b"<html>"}, "压缩包里的“a.pdf”：文件内容是网页"),
        ({"a.docx": docx(word__vbaProject_bin=b"0")}, "宏"),
        ({"b.zip": zipped({"a.txt": "a"})}, "压缩包里还有压缩包"),
        ({"b.docx": zipped({"a.txt": "a"})}, "压缩包里还有压缩包"),
        ({"../a.txt": "a"}, "不正常的路径"),
        ({"/a.txt": "a"}, "不正常的路径"),
        ({"..\\a.txt": "a"}, "不正常的路径"),
        ({"C:a.txt": "a"}, "不正常的路径"),
    ],
)
def test_archive_is_looked_through(files: dict[str, bytes | str], sentence: str) -> None:
    assert sentence in refusal(zipped(files), "a.zip")


def test_archive_bombs_are_refused_before_they_go_off() -> None:
    assert "压缩比超过 100 倍" in refusal(zipped({"a.txt": "0" * 1_000_000}), "a.zip")
    assert "压缩比" in refusal(docx(word__a_xml=b"0" * 1_000_000), "a.docx")
    padded = zipped({"a.txt": "0" * 2_100_000, "b.png": png() + NOISE + NOISE})
    assert "解压后超过 1 MB" in refusal(padded, "a.zip")
    assert "多于 20 个" in refusal(zipped({f"{n}.txt": "" for n in range(21)}), "a.zip")


def test_archive_bombs_in_documents_of_an_archive_are_counted_together() -> None:
    inner = docx(word__a_xml=b"0" * 700_000, word__b_bin=NOISE)

    content = zipped({f"{n}.docx": inner for n in range(4)}, zipfile.ZIP_STORED)

    assert told(zipped({"1.docx": inner}), "a.zip")
    assert "解压后超过" in refusal(content, "a.zip")


def test_documents_embedded_without_end_are_refused() -> None:
    content = docx()
    for _level in range(4):
        content = docx(word__embeddings__a_docx=content)

    assert "还有压缩包" in refusal(content, "a.docx")


def test_entry_with_a_password_is_refused() -> None:
    content = bytearray(zipped({"a.txt": "a"}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1

    assert "密码" in refusal(bytes(content), "a.zip")


def test_symbolic_link_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        link = zipfile.ZipInfo("a.txt")
        link.create_system = 3
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")

    assert "快捷链接" in refusal(buffer.getvalue(), "a.zip")


def test_uncommon_compression_is_refused() -> None:
    assert "不常见的压缩方法" in refusal(zipped({"a.txt": "a"}, zipfile.ZIP_BZIP2), "a.zip")


def promise(content: bytes, size: int, crc: int) -> bytes:
    """The archive of one member, with another size and checksum in both of its headers."""
    forged = bytearray(content)
    at = forged.index(b"PK\x01\x02")
    forged[14:18] = forged[at + 16 : at + 20] = struct.pack("<L", crc)
    forged[22:26] = forged[at + 24 : at + 28] = struct.pack("<L", size)
    return bytes(forged)


def hidden_member(content: bytes) -> bytes:
    """A second member stands in the file, but not in the directory."""
    at = content.index(b"PK\x01\x02")
    secret = zipped({"b.exe": b"MZ"})
    secret = secret[: secret.index(b"PK\x01\x02")]
    forged = bytearray(content[:at] + secret + content[at:])
    end = forged.rindex(b"PK\x05\x06")
    forged[end + 16 : end + 20] = struct.pack("<L", at + len(secret))
    return bytes(forged)


def shared_bytes(content: bytes) -> bytes:
    """Two entries of the directory point at the same bytes."""
    at, end = content.index(b"PK\x01\x02"), content.rindex(b"PK\x05\x06")
    entry = content[at:end].replace(b"a.txt", b"b.txt")
    forged = bytearray(content[:end] + entry + content[end:])
    end += len(entry)
    forged[end + 8 : end + 12] = struct.pack("<2H", 2, 2)
    forged[end + 12 : end + 16] = struct.pack("<L", 2 * len(entry))
    return bytes(forged)


@pytest.mark.parametrize(
    "forge",
    [
        lambda content: promise(content, 10, zlib.crc32(b"0" * 10)),
        lambda content: promise(content, 2001, zlib.crc32(b"0" * 2001)),
        lambda content: promise(content, 2000, 1),
        lambda content: content.replace(b"a.txt", b"b.txt", 1),
        lambda content: content[:-30],
        lambda content: content[:40] + b"\xff\xff" + content[42:],
        lambda content: zipped({}),
        hidden_member,
        shared_bytes,
    ],
)
def test_archive_whose_directory_lies_is_refused(forge: Callable[[bytes], bytes]) -> None:
    honest = zipped({"a.txt": "0" * 2000})

    assert told(honest, "a.zip") == "application/zip"
    assert "压缩" in refusal(forge(honest), "a.zip")


def test_archive_with_one_name_twice_is_refused() -> None:
    content = zipped({"a.txt": "1", "b.txt": "2"}).replace(b"b.txt", b"a.txt")

    assert "不正常" in refusal(content, "a.zip")


def test_directory_that_would_fill_the_memory_is_not_read() -> None:
    entries = b"PK\x01\x02" * 21

    assert "多于 20 个" in refusal(b"PK\x03\x04" + entries, "a.zip")
