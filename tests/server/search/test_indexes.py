"""Indexes are made when a release goes live, by a process of their own, and each once."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from queue import Queue

import pyoxigraph as ox
import pytest

from budgetgraph.server.exceptions import NoReleaseError, StoreError
from budgetgraph.server.releases import Release, current
from budgetgraph.server.search.index import Index
from budgetgraph.server.search.indexes import Indexes
from budgetgraph.server.terms import Row, read_results
from tests.server.test_serving import PROGRAM


@pytest.fixture
def release(store: Path) -> Release:
    return current(store)


@pytest.fixture
def indexes() -> Iterator[Indexes]:
    indexes = Indexes()
    yield indexes
    indexes.close()


def test_a_process_makes_the_same_index(indexes: Indexes, release: Release) -> None:
    store = ox.Store.read_only(str(release.quads_path))

    def rows_of(query: str) -> list[Row]:
        solutions = store.query(query)
        assert isinstance(solutions, ox.QuerySolutions)
        return read_results([solutions.serialize(format=ox.QueryResultsFormat.JSON) or b""])

    found = indexes.get(release).find("示例", {}, 1, 20)
    assert found.total > 0
    assert found == Index.of(rows_of).find("示例", {}, 1, 20)
    assert indexes.get(release) is indexes.get(release)


def test_what_goes_live_has_its_index_before_anyone_searches(
    indexes: Indexes, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: Queue[Path] = Queue()
    live: Queue[Release | None] = Queue()

    def build(_: Indexes, quads: Path) -> Index:
        made.put(quads)
        return Index()

    def next_one() -> Release:
        told = live.get(timeout=60)
        if told is None:
            raise NoReleaseError
        return told

    monkeypatch.setattr(Indexes, "_build", build)
    monkeypatch.setattr("budgetgraph.server.search.indexes._LOOK", 0.0)
    later = replace(release, id="later", path=release.path / "later")
    for each in (release, release, None, later, release):
        live.put(each)
    indexes.keep_ready(next_one)
    assert [made.get(timeout=60), made.get(timeout=60)] == [release.quads_path, later.quads_path]
    for each in (later, release):
        indexes.get(each)
    indexes.close()
    live.put(release)
    assert made.empty()


def test_an_index_that_cannot_be_made_is_told_of_and_tried_again(
    indexes: Indexes, release: Release, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    broken = replace(release, id="broken", path=tmp_path)
    for _ in range(2):
        with pytest.raises(StoreError, match="search index"):
            indexes.get(broken)
    errors = capfd.readouterr().err
    assert str(tmp_path) in errors
    assert "Traceback" not in errors
    assert indexes.get(release).find("示例", {}, 1, 1).total > 0


def test_nothing_is_made_behind_the_end(indexes: Indexes, release: Release) -> None:
    indexes.close()
    with pytest.raises(StoreError, match="stopping"):
        indexes.get(release)


def test_a_server_begins_with_it(store: Path, release: Release) -> None:
    told = "from budgetgraph.server.search.indexes import Indexes\n"
    told += "Indexes.keep_ready = lambda self, live: print(live().id, flush=True)\n"
    with subprocess.Popen(
        [sys.executable, "-c", told + PROGRAM, str(store), "3"], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == release.id
        process.terminate()
