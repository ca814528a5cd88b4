"""Files that mean harm, each beside a sound one: refused within bounds, by name, and the sound one is converted."""

import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.pipeline import Settings, convert_publication
from budgetgraph.converter.readers.sheet_columns import column_name
from budgetgraph.converter.sources.bundles import open_publications
from tests.converter.readers.pdf.test_bad_files import CATALOG, written
from tests.converter.readers.test_archive import BOMB, archive, overlapping
from tests.converter.readers.test_word import docx
from tests.converter.readers.workbooks import SHEET, with_member, with_rows
from tests.converter.readers.workbooks import as_xlsx as workbook

SOUND = "示例区档案局2021年部门预算\n\n部门收入总表\n单位：万元\n总计\t5.00\n一、一般公共预算财政拨款收入\t5.00\n"


def encrypted():
    buffer = io.BytesIO()
    canvas = Canvas(buffer, encrypt=StandardEncryption("reader", ownerPassword="owner"))
    canvas.drawString(50, 500, "1.00")
    canvas.save()
    return buffer.getvalue()


def truncated():
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    canvas.drawString(50, 500, "1.00")
    canvas.save()
    return buffer.getvalue()[:300]


def looping():
    tree = b"<</Type/Pages/Kids[2 0 R]/Count 3>>"
    return written(CATALOG, tree, b"<</Type/Pages/Kids[2 0 R]/Count 3/Parent 2 0 R>>")


def entities():
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    return f'<!DOCTYPE a [<!ENTITY a0 "ha">{laughs}]><a>&a11;</a>'.encode()


def workbook_with_entities():
    return with_member(workbook(), SHEET, entities())


def workbook_bomb():
    return with_member(workbook(), SHEET, b"<worksheet><sheetData>" + b" " * (100 * 1024 * 1024))


def workbook_of_a_million_cells():
    cells = "".join(f'<c r="{column_name(c)}{{0}}"><v>{c}</v></c>' for c in range(1000))
    return with_rows("".join(f'<row r="{r}">{cells.format(r)}</row>' for r in range(1, 1001)))


def nested_document():
    return docx("<w:sdt><w:sdtContent>" * 20_000 + "</w:sdtContent></w:sdt>" * 20_000)


def nested_page():
    return b"<html><body>" + b"<table><tr><td>" * 20_000 + b"x"


def archives_in_archives():
    inner = archive({"a.txt": b"0"})
    for _ in range(20):
        inner = archive({"a.zip": inner})
    return inner


def sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(2 * 1024**3)


FILES: dict[str, tuple[Callable[[], bytes], str]] = {
    "encrypted.pdf": (encrypted, "password"),
    "truncated.pdf": (truncated, "damaged|no page|blank"),
    "looping.pdf": (looping, "damaged|no page|blank|pages"),
    "entities.xlsx": (workbook_with_entities, "entit|damaged|XML|DTD"),
    "entities.html": (entities, "table|blank|no text|entit"),
    "bomb.xlsx": (workbook_bomb, "inflates|MiB"),
    "million.xlsx": (workbook_of_a_million_cells, "cells|MiB|inflates"),
    "nested.docx": (nested_document, "nested|deep|damaged"),
    "nested.html": (nested_page, "nested|deep"),
    "bomb.zip": (lambda: BOMB, "inflates|MiB"),
    "overlap.zip": (lambda: overlapping(1000, 4_000_000), "MiB|damaged"),
    "deep.zip": (archives_in_archives, "deep"),
    "cut.zip": (lambda: archive({"a.txt": b"x"})[:-10], "damaged"),
    "empty.zip": (lambda: archive({}), "empty"),
    "hollow.xls": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "neither workbook nor document"),
    "quote.csv": (lambda: b'a,b\n"' + b"x,\n" * 100_000, "table"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_is_refused_and_the_next_one_converted(tmp_path, name):
    content, said = FILES[name]
    (tmp_path / name).write_bytes(content())
    (tmp_path / "sound.txt").write_text(SOUND, "utf-8")
    assert_refused(tmp_path, name, said)


def test_a_file_of_2_gigabytes_is_refused_unread(tmp_path):
    sparse(tmp_path / "large.pdf")
    (tmp_path / "sound.txt").write_text(SOUND, "utf-8")
    assert_refused(tmp_path, "large.pdf", "2147483648 bytes; at most 64 MiB")


def test_a_description_is_data_of_bounded_size(tmp_path):
    for number, text in enumerate(("files: [" * 5_000, "!!python/object/apply:os.abort []", "#" * 100_000)):
        folder = tmp_path / f"described-{number}"
        folder.mkdir()
        (folder / "publication.yaml").write_text(text, "utf-8")
    folder = tmp_path / "described-large"
    folder.mkdir()
    sparse(folder / "publication.yaml")
    (tmp_path / "sound.txt").write_text(SOUND, "utf-8")
    assert set(refusals(tmp_path)) == {"described-0", "described-1", "described-2", "described-large"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('files: ["a\\0b"]', "is no file of that folder"),
        (f"files: [{'x' * 5000}]", "is no file of that folder"),
        ("files: [loop.txt]", "is no file of that folder"),
        ("files: [x.txt]\nyear: 2021-13-45", "is no readable YAML: month"),
    ],
)
def test_a_description_with_values_that_nothing_can_be(tmp_path, text, said):
    (tmp_path / "described").mkdir()
    (tmp_path / "described" / "loop.txt").symlink_to("loop.txt")
    (tmp_path / "described" / "publication.yaml").write_text(text, "utf-8")
    (tmp_path / "sound.txt").write_text(SOUND, "utf-8")
    message = refusals(tmp_path)["described"]
    assert said in message
    assert len(message) < len(str(tmp_path)) + 200


def test_a_pipe_is_no_document_and_nobody_waits_for_it(tmp_path):
    os.mkfifo(tmp_path / "pipe.pdf")
    (tmp_path / "sound.txt").write_text(SOUND, "utf-8")
    assert_refused(tmp_path, "pipe.pdf", "is no file. Name a document")


def test_folders_that_lead_into_themselves_end(tmp_path):
    (tmp_path / "sound.txt").write_text(SOUND, "utf-8")
    (tmp_path / "a").mkdir()
    for name in "xyz":
        (tmp_path / "a" / name).symlink_to(tmp_path)
    assert refusals(tmp_path) == {}


def refusals(folder: Path) -> dict[str, str]:
    """Convert what the folder holds, "sound" among it; return why each other publication was refused."""
    found = {}
    converted = []
    with open_publications([folder], Settings()) as opened:
        for publication in opened.publications:
            try:
                converted.append(convert_publication(publication, Settings()))
            except SourceError as error:
                found[publication.name] = str(error)
    assert [c.budget.source.name for c in converted] == ["sound.txt"]
    return found


def assert_refused(folder: Path, name: str, said: str) -> None:
    message = refusals(folder)[Path(name).stem]
    assert message.startswith(str(folder / name))
    assert any(words in message for words in said.split("|")), message
