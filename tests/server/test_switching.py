"""Requests at the moment at which another release becomes live and theirs is removed (`publish --keep 0`)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from budgetgraph.server import releases
from budgetgraph.server.answers import Answer
from budgetgraph.server.app import close_app, create_app
from budgetgraph.server.backend import Backend
from budgetgraph.server.clients import Client
from budgetgraph.server.config import ServerConfig, WebLimits
from budgetgraph.server.embedded import EmbeddedEngine
from budgetgraph.server.exceptions import StoreError
from budgetgraph.server.frames import Request
from budgetgraph.server.metrics import Metrics
from budgetgraph.server.publishing import build_release
from budgetgraph.server.releases import Release, ReleaseMetadata, current
from budgetgraph.server.workers import PoolLimits

METADATA = ReleaseMetadata("https://data.example.org/", ("1",), "0")
QUERY = "/sparql?query=SELECT+*+%7B+%3Curn:a%3E+%3Curn:p%3E+?v+%7D&format=csv"


def publish(store: Path, value: int) -> Release:
    source = f'<urn:a> <urn:p> "{value}" <https://data.example.org/graph/doc/1/data> .\n'
    return build_release(store, [source.encode()], METADATA, keep=0)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    publish(tmp_path, 0)
    limits = PoolLimits(workers=1, heavy=0, time=60, copied=0)
    app = create_app(ServerConfig(tmp_path, limits, web=WebLimits(seconds=None)))
    yield app
    close_app(app)


@pytest.fixture
def switching(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Release]:
    """Publish another release between the beginning of each of the first two requests and its evaluation."""
    published: list[Release] = []
    engine = backend_of(app).engine
    evaluate = engine.evaluate

    def publish_first(asked: Request, client: Client, release: Release) -> Answer:
        if len(published) < 2:
            published.append(publish(tmp_path, len(published) + 1))
        return evaluate(asked, client, release)

    monkeypatch.setattr(engine, "evaluate", publish_first)
    return published


def backend_of(app: Flask) -> Backend:
    backend: Backend = app.extensions["budgetgraph"]
    return backend


def test_a_query_whose_release_is_removed_is_answered_over_the_next_one(app: Flask, switching: list[Release]) -> None:
    response = app.test_client().get(QUERY)
    assert (response.status_code, response.data) == (200, b"v\r\n2\r\n")
    assert response.headers["X-Release"] == switching[-1].id
    assert len(switching) == 2
    again = app.test_client().get(QUERY, headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304


def test_a_query_of_a_pinned_release_is_answered_over_no_other(
    app: Flask, tmp_path: Path, switching: list[Release]
) -> None:
    response = app.test_client().get(f"{QUERY}&release={current(tmp_path).id}")
    assert response.status_code == 503
    assert len(switching) == 1


def test_a_release_that_is_there_and_cannot_be_read_is_an_error(app: Flask, tmp_path: Path) -> None:
    current(tmp_path).quads_path.rename(tmp_path / "away")
    assert app.test_client().get(QUERY).status_code == 503


def test_the_live_release_is_found_while_another_becomes_live(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(tmp_path, 0)
    read, published = releases.read_release, list[Release]()

    def read_late(path: Path) -> Release:
        if not published:
            monkeypatch.setattr(releases, "read_release", read)
            published.append(publish(tmp_path, 1))
        return read(path)

    monkeypatch.setattr(releases, "read_release", read_late)
    assert releases.current(tmp_path) == published[0]
    (published[0].path / "release.json").unlink()
    with pytest.raises(StoreError, match="not readable"):
        current(tmp_path)


def test_what_becomes_live_is_held_in_memory_once(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    limits, held = PoolLimits(workers=1, heavy=0), list[Path | None]()
    engine = EmbeddedEngine(tmp_path, limits, Metrics())
    monkeypatch.setattr(engine.pool, "hold", held.append)
    try:
        expected = []
        for value in (1, 2):
            expected.append(publish(tmp_path, value).path)
            assert [engine.release(None).path for _ in range(2)] == expected[-1:] * 2
        assert held == expected
    finally:
        engine.close()
