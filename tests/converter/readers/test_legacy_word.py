import subprocess
from pathlib import Path

import pytest

from budgetgraph.converter.blocks import Grid
from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.readers import legacy_word, read_document
from budgetgraph.converter.readers.legacy_spreadsheet import LegacyWorkbookReader
from budgetgraph.converter.readers.legacy_word import LegacyWordReader
from tests.converter.readers.golden import assert_offsets, assert_reads_as
from tests.converter.readers.test_word import body, docx
from tests.converter.readers.workbooks import as_xls

READER = LegacyWordReader()

needs_libreoffice = pytest.mark.program("soffice", "libreoffice-writer-nogui")


def as_word_97(document: bytes, folder: Path) -> bytes:
    """Return a DOCX document as Word 97 document, made by LibreOffice in a folder."""
    source = folder / "golden.docx"
    source.write_bytes(document)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "doc:MS Word 97", "--outdir", str(folder), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return source.with_suffix(".doc").read_bytes()


@pytest.fixture(scope="module")
def doc(tmp_path_factory):
    """Return the golden tables as Word 97 document."""
    return as_word_97(docx(body() + "<w:p/>"), tmp_path_factory.mktemp("doc"))


@needs_libreoffice
def test_golden_tables(doc):
    assert READER.handles(doc)
    assert not LegacyWorkbookReader().handles(doc)
    blocks = READER.read(doc, "golden.doc")
    assert_reads_as(blocks)
    assert_offsets(blocks)


@needs_libreoffice
def test_rich_text_that_ends_as_a_document_does(tmp_path):
    cells = r"\intbl \u39033?\u30446?\cell \u37329?\u39069?\cell\row\intbl A\cell 12.50\cell\row"
    path = tmp_path / "budget.doc"
    path.write_bytes(rb"{\rtf1\ansi Before\par\trowd\cellx3000\cellx6000 " + cells.encode() + rb"\pard After\par}")
    document = read_document(path)
    assert document.media_type == "application/rtf"
    (grid,) = [block for block in document.blocks if isinstance(block, Grid)]
    assert [[cell.text for cell in row] for row in grid.rows] == [["项目", "金额"], ["A", "12.50"]]


def test_a_web_archive_is_refused_by_its_form(tmp_path):
    path = tmp_path / "budget.doc"
    path.write_bytes(b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n<table><tr><td>1\t2")
    with pytest.raises(SourceError, match=r"budget\.doc: is a web page .* save it as \.docx"):
        read_document(path)


@needs_libreoffice
def test_a_damaged_document_is_refused(doc):
    with pytest.raises(SourceError, match=r"x\.doc: LibreOffice cannot read"):
        READER.read(doc[:1024], "x.doc")


@needs_libreoffice
def test_a_slow_program_is_ended(doc, monkeypatch):
    monkeypatch.setattr(legacy_word, "TIME_LIMIT", 0.01)
    with pytest.raises(SourceError, match="seconds"):
        READER.read(doc, "x.doc")


def test_without_libreoffice_the_message_says_what_to_install(monkeypatch):
    monkeypatch.setattr(legacy_word, "PROGRAMS", ("no-such-program",))
    with pytest.raises(SourceError, match=r"x\.doc: .*apt install libreoffice"):
        READER.read(b"", "x.doc")


def test_a_workbook_is_no_document():
    assert not READER.handles(as_xls())
    assert not READER.handles(b"")
