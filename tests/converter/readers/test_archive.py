import io
import struct
import zipfile
import zlib
from contextlib import suppress
from itertools import groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budgetgraph.converter.blocks import Paragraph
from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.readers.archive import ArchiveReader
from budgetgraph.converter.readers.containers import natural_key
from budgetgraph.converter.readers.delimited import DelimitedReader
from budgetgraph.converter.readers.html import HtmlReader
from budgetgraph.converter.readers.legacy_spreadsheet import LegacyWorkbookReader
from budgetgraph.converter.readers.spreadsheet import WorkbookReader
from budgetgraph.converter.readers.text import TextReader
from budgetgraph.converter.readers.word import WordReader
from tests.converter.readers.golden import TABLES, assert_offsets, assert_places, assert_reads_as
from tests.converter.readers.test_delimited import as_csv
from tests.converter.readers.test_html import page
from tests.converter.readers.test_spreadsheet import as_xls, as_xlsx
from tests.converter.readers.test_word import body, docx

FORMS = (WorkbookReader(), LegacyWorkbookReader(), WordReader(), HtmlReader(), DelimitedReader(), TextReader())
READER = ArchiveReader(FORMS)


def archive(members, method=zipfile.ZIP_DEFLATED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return file.getvalue()


def read(members):
    return READER.read(archive(members), "x.zip")


def texts(blocks):
    return [block.text for block in blocks if isinstance(block, Paragraph)]


def test_members_of_every_form_in_order_of_name():
    members = {
        "附件10.csv": as_csv(TABLES[0]).encode("gb18030"),
        "附件2/表.xls": as_xls(TABLES),
        "附件2/表.xlsx": as_xlsx(TABLES),
        "附件1.docx": docx(body()),
        "附件9.htm": page().encode(),
    }
    data = archive(members)
    assert READER.handles(data)
    blocks = READER.read(data, "x.zip")
    assert blocks.problems == ()
    assert_places(blocks)
    assert_offsets(blocks)
    parts = {part: list(group) for part, group in groupby(blocks, key=lambda block: block.locator.part)}
    assert list(parts) == ["附件1.docx", "附件2/表.xls", "附件2/表.xlsx", "附件9.htm", "附件10.csv"]
    for part, found in parts.items():
        printed = texts(found) + [
            cell.text for block in found if not isinstance(block, Paragraph) for cell in block.cells()
        ]
        expected = TABLES[:1] if part.endswith("csv") else TABLES
        assert sum(text == "841.5700" for text in printed) == sum(
            cell.text == "841.5700" for table in expected for row in table.rows for cell in row if cell
        )


def test_a_document_that_is_a_container_is_no_archive():
    for data in (as_xlsx(), docx("")):
        assert next(reader for reader in (*FORMS, READER) if reader.handles(data)) is not READER


def test_one_member_reads_as_the_file_itself():
    blocks = read({"a.xlsx": as_xlsx()})
    assert_reads_as(blocks)
    assert {cell.locator.part for block in blocks[2:3] for cell in block.cells()} == {"a.xlsx"}


def test_litter_is_left_out_and_unknown_members_are_reported():
    blocks = read(
        {
            "__MACOSX/._a.txt": b"x",
            ".DS_Store": b"x",
            "b/.git/c.txt": b"x",
            "~$表.docx": b"x",
            "Thumbs.db": b"x",
            "a.txt": "正文".encode(),
            "b.png": b"\x89PNG\x00",
            "c.txt": b"",
            "d.xlsx": as_xlsx()[:-30],
        }
    )
    assert texts(blocks) == ["正文"]
    assert [(p.code, p.location.part) for p in blocks.problems] == [
        ("unread-member", "b.png"),
        ("unread-member", "c.txt"),
        ("unread-member", "d.xlsx"),
    ]


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_names_without_declared_encoding(encoding):
    name = "附件一.txt".encode(encoding)
    placeholder = "x" * len(name)
    data = archive({placeholder: "正文".encode()}).replace(placeholder.encode(), name)
    assert {block.locator.part for block in READER.read(data, "x")} == {"附件一.txt"}


def test_natural_order():
    assert sorted(["表10", "表2", "表1", "A"], key=natural_key) == ["A", "表1", "表2", "表10"]


def test_an_archive_in_an_archive():
    inner = archive({"b.txt": "内".encode()})
    blocks = read({"a.zip": inner, "c.txt": "外".encode()})
    assert [(block.text, block.locator.part) for block in blocks] == [("内", "a.zip/b.txt"), ("外", "c.txt")]
    with pytest.raises(SourceError, match="deep"):
        read({"a.zip": archive({"b.zip": inner})})


def test_problems_of_a_member_name_it():
    xlsx = as_xlsx()
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content.replace(b'sheetId="1"', b'sheetId="1" state="hidden"'))
    blocks = read({"a.xlsx": file.getvalue()})
    assert [(p.code, p.location.part, p.location.sheet) for p in blocks.problems] == [
        ("hidden-content", "a.xlsx", "表1")
    ]


def lying_about_size(data, size):
    """Return the archive with this size as its members' inflated size, wherever it is stated."""
    result = bytearray(data)
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = result.find(mark)
        while place >= 0:
            struct.pack_into("<I", result, place + offset, size)
            place = result.find(mark, place + 4)
    return bytes(result)


def overlapping(count, size):
    """Return an archive all of whose members are the same bytes of the file."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    kernel = packer.compress(b"a" * size) + packer.flush()
    checksum = zlib.crc32(b"a" * size)
    local = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 8, 0, 33, checksum, len(kernel), size, 1, 0)
    entries = b"".join(
        struct.pack("<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 8, 0, 33, checksum, len(kernel), size, 1, 0, 0, 0, 0, 0, 0)
        + b"a"
        for _ in range(count)
    )
    start = local + b"a" + kernel
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count, count, len(entries), len(start), 0)
    return start + entries + end


BOMB = archive({"a.txt": b"0" * (80 * 1024 * 1024)})


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (BOMB, "inflates|MiB"),
        (lying_about_size(BOMB, 100), "inflates|damaged|MiB"),
        (archive({f"{n}.txt": b"x" for n in range(2001)}), "2001 members"),
        (overlapping(5000, 1000), "members"),
        (overlapping(1000, 4_000_000), "MiB|damaged"),
        (archive({"a.txt": b"x"})[:-10], "damaged"),
        (archive({}), "empty"),
        (archive({"a.png": b"\x00"}), "no form"),
        (archive({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}, zipfile.ZIP_STORED), "OpenDocument"),
    ],
    ids=["ratio", "lie", "many", "more", "overlap", "cut", "empty", "unknown", "ods"],
)
def test_hostile_archives_are_refused(data, said):
    with pytest.raises(SourceError, match=f"^x.zip: .*({said})"):
        READER.read(data, "x.zip")


def test_an_encrypted_member_is_refused():
    data = bytearray(archive({"a.txt": b"x"}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.find(mark) + offset] |= 1
    with pytest.raises(SourceError, match="encrypted"):
        READER.read(bytes(data), "x.zip")


def test_presentations_and_binary_workbooks_are_named():
    for content_type, said in (
        ("presentationml.presentation.main", "presentation"),
        ("ms-excel.sheet.binary", "binary"),
    ):
        with pytest.raises(SourceError, match=said):
            READER.read(docx("", main=content_type), "x")


SMALL = archive({"a.txt": "正文\t1".encode(), "b.csv": b"a,b\n1,2\n"})


@given(st.data())
@settings(deadline=None, max_examples=200)
def test_damaged_archives_raise_only_source_errors(data):
    content = bytearray(SMALL)
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with suppress(SourceError):
        assert_places(READER.read(bytes(content[: data.draw(st.integers(0, len(content)))]), "x"))
