"""Conversions that are kept: the same as new ones, and made again when anything that they depend on has changed."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from budgetgraph.cli import conversions
from budgetgraph.cli.conversions import ConversionCache, Converted, convert
from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.pipeline import Settings, convert_publication
from budgetgraph.converter.sources.bundles import open_publications
from budgetgraph.converter.sources.search import Publication
from tests.cli.commands import PUBLICATIONS, call

SMALL = PUBLICATIONS / "putuo-finance-bureau-2025"


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the publications that were really converted."""
    names: list[str] = []

    def counted(publication: Publication, settings: Settings) -> Any:
        names.append(publication.name)
        return convert_publication(publication, settings)

    monkeypatch.setattr(conversions, "convert_publication", counted)
    return names


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SMALL, tmp_path / SMALL.name))


@pytest.fixture
def publication(copy: Path) -> Iterator[Publication]:
    with open_publications([copy], Settings()) as found:
        yield found.publications[0]


def test_publishing_again_converts_only_what_changed(tmp_path: Path, copy: Path, made: list[str]) -> None:
    store, other = tmp_path / "store", PUBLICATIONS / "putuo-wanli-subdistrict-2023"
    first = call("publish", copy, other, "--store", store)
    assert first.exit_code == 0, first.output
    assert made == [SMALL.name, other.name]
    again = call("publish", copy, other, "--store", store)
    assert len(made) == 2
    without_release = [line for line in first.output.splitlines() if not line.startswith("published")]
    assert without_release == [line for line in again.output.splitlines() if not line.startswith("published")]
    tables = copy / "tables.html"
    tables.write_bytes(tables.read_bytes() + b"\n")
    assert call("publish", copy, other, "--store", store).exit_code == 0
    assert made[2:] == [SMALL.name]


def test_what_is_kept_is_what_converting_gives(tmp_path: Path, publication: Publication, made: list[str]) -> None:
    cache = ConversionCache(tmp_path / "kept", "")
    kept = [cache.convert(publication, Settings(), None) for _ in range(2)]
    assert kept == [convert(publication, Settings(), None)] * 2
    assert len(made) == 2, "one for the cache, one without it"


def test_everything_that_it_depends_on_makes_it_again(
    tmp_path: Path, publication: Publication, made: list[str]
) -> None:
    kept = tmp_path / "kept"
    ConversionCache(kept, "").convert(publication, Settings(), None)
    ConversionCache(kept, "another registry").convert(publication, Settings(), None)
    ConversionCache(kept, "").convert(publication, Settings("https://data.example.org/"), None)
    ConversionCache(kept, "").convert(publication, Settings(), tmp_path / "pages.zip")
    assert len(made) == 4
    ConversionCache(kept, "").convert(publication, Settings(), None)
    assert len(made) == 4


@pytest.mark.parametrize("content", [b"", b"PK", b"{}"])
def test_what_is_not_whole_is_made_again(
    tmp_path: Path, publication: Publication, made: list[str], content: bytes
) -> None:
    cache = ConversionCache(tmp_path / "kept", "")
    first = cache.convert(publication, Settings(), None)
    (path,) = cache.folder.iterdir()
    path.write_bytes(content)
    assert cache.convert(publication, Settings(), None) == first
    assert len(made) == 2
    assert Converted.unpacked(path.read_bytes()) == first


def test_a_refusal_is_not_kept(tmp_path: Path) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_text("某局 2021 年部门预算\n没有表格。", "utf-8")
    with open_publications([bad], Settings()) as found:
        for _ in range(2):
            with pytest.raises(SourceError, match="has no table"):
                ConversionCache(tmp_path / "kept", "").convert(found.publications[0], Settings(), None)
    assert not (tmp_path / "kept").exists()


def test_another_registry_on_the_command_line_converts_again(tmp_path: Path, copy: Path, made: list[str]) -> None:
    registry = tmp_path / "registry.csv"
    shutil.copy(PUBLICATIONS.parent / "organisations.csv", registry)
    for _ in range(2):
        done = call("publish", copy, "--store", tmp_path / "store", "--registry", registry)
        assert done.exit_code == 0, done.output
    assert len(made) == 1
    registry.write_bytes(registry.read_bytes() + b"\n")
    assert call("publish", copy, "--store", tmp_path / "store", "--registry", registry).exit_code == 0
    assert len(made) == 2
