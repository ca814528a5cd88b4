"""Plain queries on their short way: the same answers as the views give, and all else left to the views."""

import asyncio
import logging
import os
import signal
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import pytest
from flask import Flask
from werkzeug.test import EnvironBuilder, TestResponse

from budgetgraph.server import short
from budgetgraph.server.app import close_app, create_app
from budgetgraph.server.backend import CLIENT, Backend
from budgetgraph.server.clients import Client
from budgetgraph.server.config import LogSettings, ServerConfig, WebLimits
from budgetgraph.server.short import Short, answer_soon
from budgetgraph.server.workers import Evaluation, PoolLimits

T = TypeVar("T")

LABEL = "SELECT ?l { <https://data.example.org/id/org/demo-0001> <http://www.w3.org/2004/02/skos/core#prefLabel> ?l }"
LONG = "SELECT ?s ?p ?o { ?s ?p ?o }"
GRAPH = "CONSTRUCT WHERE { ?s <http://www.w3.org/2004/02/skos/core#prefLabel> ?l }"


@pytest.fixture
def app(store: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """Return an application that keeps no answer, so that each query is evaluated, and where everything is soon."""
    monkeypatch.setattr(short, "_SOON", 60.0)
    web = WebLimits(seconds=None, cache=0)
    app = create_app(ServerConfig(store, PoolLimits(workers=1, heavy=0, light=60, time=60), web=web))
    app.test_client().get("/readyz")  # a worker is awake from now on
    yield app
    close_app(app)


def backend_of(app: Flask) -> Backend:
    backend: Backend = app.extensions["budgetgraph"]
    return backend


def environ_of(query: str | None, method: str = "GET", **more: Any) -> dict[str, Any]:
    told = more.pop("query_string", {}) | ({"query": query} if query is not None else {})
    builder = EnvironBuilder("/sparql", "http://data.example.org/", told, method, **more)
    environ: dict[str, Any] = builder.get_environ()
    return environ


def in_a_loop(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine in a thread of its own: the browser of other tests holds a running loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def ask(app: Flask, environ: dict[str, Any], client: Client | None = None) -> Short | None:
    return in_a_loop(answer_soon(backend_of(app), environ, client or Client()))


def view(app: Flask, environ: dict[str, Any]) -> TestResponse:
    return app.test_client().open(environ_overrides=environ)


def ask_while_it_sleeps(app: Flask, client: Client) -> None:
    """Ask when the worker does not run: its answer does not come soon."""
    process = backend_of(app).engine.pool._workers  # type: ignore[attr-defined]  # the embedded engine
    number = next(iter(process))._process.pid
    os.kill(number, signal.SIGSTOP)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(short, "_SOON", 0.0)
        assert ask(app, environ_of(LABEL), client) is None
    assert client.begun is not None
    assert backend_of(app).engine.pool.light.busy == 1  # type: ignore[attr-defined]  # the embedded engine
    os.kill(number, signal.SIGCONT)


ASKED: list[tuple[str, dict[str, Any]]] = [
    (LABEL, {}),
    ("ASK {}", {"headers": {"Accept": "application/sparql-results+xml"}}),
    (LABEL, {"query_string": {"format": "csv"}}),
    (LABEL, {"headers": {"Accept": "text/csv;q=0.5, text/tab-separated-values", "Accept-Encoding": "gzip"}}),
    (LONG, {}),
    (GRAPH, {}),
    (GRAPH, {"headers": {"Accept": "application/n-triples", "Host": "other.example:81"}}),
    ("SELECT * { <s> ?p ?o }", {}),
    ("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o FILTER(false) }", {"query_string": {"format": "nt"}}),
]


@pytest.mark.parametrize(("query", "more"), ASKED, ids=range(len(ASKED)))
def test_the_answer_is_the_one_of_the_views(app: Flask, query: str, more: dict[str, Any]) -> None:
    environ = environ_of(query, **more)
    found, seen = ask(app, environ), view(app, environ_of(query, **more))
    assert found is not None
    assert (seen.status_code, seen.data) == (200, found.body)
    assert sorted((name.lower().encode(), value.encode()) for name, value in seen.headers) == sorted(found.headers)


LEFT_TO_THE_VIEWS: list[tuple[str | None, dict[str, Any]]] = [
    (None, {}),
    (LABEL, {"method": "HEAD"}),
    (LABEL, {"method": "POST"}),
    (LABEL, {"headers": {"If-None-Match": "*"}}),
    (LABEL, {"headers": {"Accept": "text/html"}}),
    (LABEL, {"headers": {"Accept": "image/png"}}),
    (LABEL, {"query_string": {"default-graph-uri": "urn:g"}}),
    (LABEL, {"query_string": {"release": "x"}}),
    (LABEL, {"query_string": {"update": "x"}}),
    (LABEL, {"query_string": {"format": "pdf"}}),
    (LONG, {"headers": {"Accept-Encoding": "gzip"}}),
    ("SELECT (NOW() AS ?n) {}", {}),
    ("SELECT * {", {}),
    ("ASK { SERVICE <urn:x> {} }", {}),
    (LABEL + " #" * 5000, {}),
]


@pytest.mark.parametrize(("query", "more"), LEFT_TO_THE_VIEWS, ids=range(len(LEFT_TO_THE_VIEWS)))
def test_all_else_is_for_the_views(app: Flask, query: str | None, more: dict[str, Any]) -> None:
    client = Client()
    environ = environ_of(query, **more)
    assert ask(app, environ, client) is None
    environ = environ_of(query, **more) | {CLIENT: client}
    assert view(app, environ).status_code == view(app, environ_of(query, **more)).status_code
    assert backend_of(app).engine.pool.light.busy == 0  # type: ignore[attr-defined]  # the embedded engine


def test_what_is_not_done_soon_goes_on_in_the_views(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker that was asked is asked once."""
    evaluated: list[str] = []
    client = Client()
    ask_while_it_sleeps(app, client)
    monkeypatch.setattr(Evaluation, "_send", lambda _: evaluated.append("again"))
    seen = view(app, environ_of(LABEL) | {CLIENT: client})
    assert (seen.status_code, client.begun, evaluated) == (200, None, [])
    assert "示例区示例局" in seen.text


def test_what_is_given_up_frees_its_worker(app: Flask) -> None:
    client = Client()
    ask_while_it_sleeps(app, client)
    assert client.begun is not None
    client.begun.abandon()
    assert backend_of(app).engine.pool.light.busy == 0  # type: ignore[attr-defined]  # the embedded engine
    assert view(app, environ_of(LABEL)).status_code == 200
    assert ask(app, environ_of(LABEL)) is not None


def test_a_query_that_waits_for_a_worker_gets_it(app: Flask) -> None:
    async def both() -> list[Short | None]:
        backend = backend_of(app)
        asked = [environ_of(f"{LABEL} # {n}") for n in range(8)]
        return list(await asyncio.gather(*(answer_soon(backend, each, Client(str(n))) for n, each in enumerate(asked))))

    assert all(found is not None and "示例区示例局".encode() in found.body for found in in_a_loop(both()))


def test_a_worker_that_died_is_for_the_views(app: Flask) -> None:
    process = next(iter(backend_of(app).engine.pool._workers))._process  # type: ignore[attr-defined]
    process.kill()
    process.wait()
    client = Client()
    assert ask(app, environ_of(LABEL), client) is None
    assert view(app, environ_of(LABEL) | {CLIENT: client}).status_code == 200


def test_it_is_measured_logged_and_charged(
    store: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(short, "_SOON", 60.0)
    caplog.set_level(logging.INFO, "budgetgraph.server")
    web = WebLimits(seconds=1e-6, window=60)
    app = create_app(
        ServerConfig(store, PoolLimits(workers=1, heavy=0, light=60, time=60), web=web, logs=LogSettings(True))
    )
    try:
        app.test_client().get("/readyz")
        caplog.clear()
        assert ask(app, environ_of(LABEL), Client("a")) is not None
        assert ask(app, environ_of(LABEL), Client("a")) is not None, "what is kept costs no time"
        assert ask(app, environ_of(f"{LABEL} #"), Client("a")) is None
        assert ask(app, environ_of(f"{LABEL} #"), Client("b")) is not None
        measures = backend_of(app).metrics.text().decode()
    finally:
        close_app(app)
    told = [record.fields for record in caplog.records]  # type: ignore[attr-defined]  # given as extra
    assert [(each["view"], each["status"], each["query_length"]) for each in told[:1]] == [("/sparql", 200, len(LABEL))]
    assert len(told) == 3
    assert 'budgetgraph_requests_total{method="GET",status="200",view="/sparql"} 3.0' in measures
    assert 'budgetgraph_cache_total{result="hit"} 1.0' in measures
    assert 'budgetgraph_cache_total{result="miss"} 2.0' in measures
