"""Reports are kept: the same document is not validated again, a changed one is, and bad files harm nobody."""

import json
import os
from pathlib import Path

import pytest

from budgetgraph.shapes import report_cache
from budgetgraph.shapes.across import summary
from budgetgraph.shapes.catalogue import shipped_shapes
from budgetgraph.shapes.documents import Document
from budgetgraph.shapes.exceptions import NotOneDocumentError
from budgetgraph.shapes.kept_files import KeptFiles
from budgetgraph.shapes.report import to_json, to_turtle
from budgetgraph.shapes.report_cache import ReportCache
from budgetgraph.shapes.validation import validate
from tests.shapes.case_files import CASES, document

DATA = document(CASES / "WT-1" / "invalid.ttl")


@pytest.fixture
def validations(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the names of the sources that were validated, not taken from the folder."""
    asked: list[str] = []

    def counted(data, **options):
        asked.append(options["source"])
        return validate(data, **options)

    monkeypatch.setattr(report_cache, "validate", counted)
    return asked


def test_the_same_document_is_validated_once(tmp_path: Path, validations: list[str]) -> None:
    cache = ReportCache(tmp_path / "reports")
    first = cache.validate(DATA, source="first")
    again = cache.validate(DATA, source="again")
    assert validations == ["first"]
    assert again.source == "again"
    plain = validate(DATA, source="again")
    assert again == plain
    assert to_turtle([again]) == to_turtle([plain])
    assert to_json([again]) == to_json([plain])
    assert first.results == again.results
    assert again.results[1].cells[0].page == 7


def test_report_and_summary_take_one_reading_and_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def counted(data: bytes, name: str) -> Document:
        read.append(name)
        return Document(data, name)

    monkeypatch.setattr(report_cache, "Document", counted)
    cache = ReportCache(tmp_path)
    first = cache.examine(DATA, source="first")
    assert first == (validate(DATA, source="first"), summary(Document(DATA, "first")))
    assert cache.examine(DATA, source="first") == first
    assert read == ["first"]


def test_a_change_of_graph_shapes_engine_or_program_is_validated(
    tmp_path: Path, validations: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = ReportCache(tmp_path)
    cache.validate(DATA, source="first")
    cache.validate(DATA.replace(b"310000.00", b"310000.01"), source="graph")
    cache.validate(DATA, source="engine", engine_name="pyshacl")
    monkeypatch.setattr(report_cache, "_program", lambda: "another")
    cache.validate(DATA, source="program")
    monkeypatch.setattr(shipped_shapes(), "hash", "another")
    cache.validate(DATA, source="shapes")
    assert validations == ["first", "graph", "engine", "program", "shapes"]


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"results": [{}]}', "null"])
def test_a_kept_report_that_cannot_be_read_is_made_again(tmp_path: Path, validations: list[str], content: str) -> None:
    cache = ReportCache(tmp_path)
    report = cache.validate(DATA, source="a")
    (path,) = tmp_path.iterdir()
    path.write_text(content, encoding="utf-8")
    assert cache.validate(DATA, source="a") == report
    assert len(validations) == 2
    assert json.loads(path.read_text(encoding="utf-8"))["document"] == report.document


def test_the_folder_stays_within_bounds(tmp_path: Path, validations: list[str]) -> None:
    cache = ReportCache(tmp_path, most=2)
    versions = [DATA.replace(b"310000.00", f"31000{number}.00".encode()) for number in range(3)]
    for age, data in zip((300, 200), versions, strict=False):
        before = set(tmp_path.iterdir())
        cache.validate(data, source="x")
        (path,) = set(tmp_path.iterdir()) - before
        os.utime(path, (path.stat().st_atime, path.stat().st_mtime - age))
    cache.validate(versions[0], source="used again")
    cache.validate(versions[2], source="x")
    assert len(list(tmp_path.iterdir())) == 2
    del validations[:]
    cache.validate(versions[0], source="was used last")
    cache.validate(versions[1], source="was forgotten")
    assert validations == ["was forgotten"]
    assert len(list(tmp_path.iterdir())) == 2
    ReportCache(tmp_path, most_bytes=0).validate(versions[2] + b"\n", source="too much")
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_kept_is_validated_all_the_same(tmp_path: Path, validations: list[str]) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder", encoding="utf-8")
    assert ReportCache(blocked).validate(DATA, source="x") == validate(DATA, source="x")
    with pytest.raises(NotOneDocumentError):
        ReportCache(tmp_path / "folder").validate(b"", source="x")
    assert not (tmp_path / "folder").exists()


def test_what_could_not_be_kept_leaves_no_part_of_it(tmp_path: Path) -> None:
    (tmp_path / "report").mkdir()
    kept = KeptFiles(tmp_path, most=2, most_bytes=100)
    kept.keep("report", b"takes the place of no folder")
    assert [path.name for path in tmp_path.iterdir()] == ["report"]
    assert kept.get("report") is None
