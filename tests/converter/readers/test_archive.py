import io
import re
import struct
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.readers import archive as archives
from budgetgraph.converter.readers import read_document
from budgetgraph.converter.readers.archive import Unpacking, is_archive
from budgetgraph.converter.readers.containers import natural_key
from tests.converter.readers.test_word import docx
from tests.converter.readers.workbooks import as_xlsx


def archive(members, method=zipfile.ZIP_DEFLATED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return file.getvalue()


@pytest.fixture
def unpack(tmp_path):
    """Return the members of an archive by name, and the problems."""

    def unpacked(data, name="x.zip"):
        folder = tmp_path / "unpacked"
        folder.mkdir(exist_ok=True)
        unpacking = Unpacking(data, name, folder)
        members = {each.part: each.path.read_bytes() for each in unpacking.members()}
        assert {path.parent for path in tmp_path.rglob("*") if path.is_file()} <= {folder}
        return members, [(problem.code, problem.location.part) for problem in unpacking.problems]

    return unpacked


def test_members_in_natural_order_of_name(unpack):
    members = {"附件10.csv": b"a", "附件2/表.xls": b"b", "附件1.docx": docx("正文"), "附件9.xlsx": as_xlsx()}
    found, problems = unpack(archive(members))
    assert list(found) == ["附件1.docx", "附件2/表.xls", "附件9.xlsx", "附件10.csv"]
    assert found == members
    assert problems == []


def test_a_document_that_is_a_container_is_no_archive():
    assert is_archive(archive({"a.txt": b"x"}))
    assert is_archive(archive({"a.xlsx": as_xlsx()}, zipfile.ZIP_STORED))
    assert is_archive(archive({}))
    assert not any(map(is_archive, (as_xlsx(), docx(""), b"PK", b"text")))


def test_litter_is_left_out_and_damaged_members_are_reported(unpack):
    data = archive(
        {
            "__MACOSX/._a.txt": b"x",
            ".DS_Store": b"x",
            "b/.git/c.txt": b"x",
            "~$表.docx": b"x",
            "Thumbs.db": b"x",
            "a.txt": "正文".encode(),
            "d.zip": archive({"e.txt": b"x"})[:-10],
        }
    )
    assert unpack(data) == ({"a.txt": "正文".encode()}, [("unread-member", "d.zip")])


@pytest.mark.parametrize("name", ["../../escaped.txt", "/escaped.txt", "a/" * 200 + "b.txt", "长" * 300, "CON.txt"])
def test_a_name_does_not_say_where_a_member_is_written(unpack, name):
    assert unpack(archive({name: b"x"}))[0] == {name: b"x"}


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_names_without_declared_encoding(unpack, encoding):
    name = "附件一.txt".encode(encoding)
    placeholder = "x" * len(name)
    data = archive({placeholder: "正文".encode()}).replace(placeholder.encode(), name)
    assert list(unpack(data)[0]) == ["附件一.txt"]


def test_natural_order():
    assert sorted(["表10", "表2", "表1", "A"], key=natural_key) == ["A", "表1", "表2", "表10"]


def test_an_archive_in_an_archive(unpack):
    inner = archive({"b.txt": b"in"})
    assert unpack(archive({"a.zip": inner, "c.txt": b"out"}))[0] == {"a.zip/b.txt": b"in", "c.txt": b"out"}
    with pytest.raises(SourceError, match="deep"):
        unpack(archive({"a.zip": archive({"b.zip": inner})}))


@pytest.mark.parametrize("limit", ["MAXIMUM_MEMBERS", "MAXIMUM_TOTAL"])
def test_limits_hold_for_all_archives_in_an_archive_together(unpack, monkeypatch, limit):
    data = archive({f"{n}.zip": archive({f"{k}.txt": b"x" for k in range(3)}) for n in range(3)})
    assert len(unpack(data)[0]) == 9
    size = 3 * len(archive({f"{k}.txt": b"x" for k in range(3)})) + 8
    monkeypatch.setattr(archives, limit, {"MAXIMUM_MEMBERS": 11, "MAXIMUM_TOTAL": size}[limit])
    with pytest.raises(SourceError, match=r"x\.zip: holds more than"):
        unpack(data)


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
    ],
    ids=["ratio", "lie", "many", "more", "overlap", "cut"],
)
def test_nothing_of_a_hostile_archive_is_read(unpack, data, said):
    try:
        members, problems = unpack(data)
    except SourceError as error:
        assert re.search(f"^x.zip: .*({said})", str(error))  # noqa: PT017
    else:
        assert (members, {code for code, _ in problems}) == ({}, {"unread-member"})


SINGLE = archive({"a.txt": b"0123456789" * 5})
PACKED = len(zlib.compress(b"0123456789" * 5, wbits=-15))
DIRECTORY = SINGLE.find(b"PK\x01\x02")


@pytest.mark.parametrize(
    "place",
    [
        pytest.param(30, id="own name"),
        pytest.param(DIRECTORY + 16, id="checksum"),
        pytest.param(DIRECTORY + 20, id="packed size"),
        pytest.param(DIRECTORY + 24, id="size"),
        pytest.param(DIRECTORY + 10, id="method"),
        pytest.param(35 + PACKED // 2, id="content"),
    ],
)
def test_a_small_member_that_is_not_sound_is_reported(unpack, place):
    assert unpack(SINGLE)[0] == {"a.txt": b"0123456789" * 5}
    data = bytearray(SINGLE)
    data[place] ^= 3
    assert unpack(bytes(data)) == ({}, [("unread-member", "a.txt")])


def test_an_encrypted_member_is_refused(unpack):
    data = bytearray(archive({"a.txt": b"x"}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.find(mark) + offset] |= 1
    with pytest.raises(SourceError, match="encrypted"):
        unpack(bytes(data))


OPEN_DOCUMENT = archive({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}, zipfile.ZIP_STORED)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (docx("", main="presentationml.presentation.main"), "presentation"),
        (docx("", main="ms-excel.sheet.binary"), "binary"),
        (OPEN_DOCUMENT, "OpenDocument"),
        (archive({"OFD.xml": b"<ofd:OFD/>", "Doc_0/Document.xml": b"<x/>"}), "OFD"),
    ],
    ids=["pptx", "xlsb", "ods", "ofd"],
)
def test_documents_of_other_forms_are_named(tmp_path, data, said):
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    assert not is_archive(data)
    with pytest.raises(SourceError, match=f"a.zip: is .*{said}.*; (save|print)"):
        read_document(path)


def test_an_archive_with_an_ofd_document_in_it_is_an_archive():
    inner = archive({"OFD.xml": b"<ofd:OFD/>"}, zipfile.ZIP_STORED)
    assert is_archive(archive({"budget.ofd": inner}, zipfile.ZIP_STORED))


SMALL = archive({"a.txt": "正文\t1".encode(), "b.csv": b"a,b\n1,2\n"})


@given(st.data())
@settings(deadline=None, max_examples=200)
def test_damaged_archives_raise_only_source_errors(tmp_path_factory, data):
    content = bytearray(SMALL)
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(content[: data.draw(st.integers(0, len(content)))])
    try:
        found = list(Unpacking(cut, "x", tmp_path_factory.mktemp("x")).members())
    except SourceError as error:
        assert str(error).startswith("x")  # noqa: PT017
    else:
        assert all(each.path.is_file() for each in found)
