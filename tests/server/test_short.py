"""Plain queries on their short way: the same answers as the views give, and all else left to the views."""

import asyncio
import logging
import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote_from_bytes, unquote_to_bytes

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from budgetgraph.server import short
from budgetgraph.server.app import close_app, create_app
from budgetgraph.server.backend import CLIENT
from budgetgraph.server.clients import Client
from budgetgraph.server.config import LogSettings, ServerConfig, WebLimits
from budgetgraph.server.evaluation import Evaluation
from budgetgraph.server.heads import HeadReader
from budgetgraph.server.places import Places
from budgetgraph.server.proxies import TrustedProxies
from budgetgraph.server.short import ShortWay, unquote
from budgetgraph.server.workers import PoolLimits
from tests.server.exchanges import Exchange, backend_of, environ_of, in_a_loop, sent
from tests.server.waiting import stop

LABEL = "SELECT ?l { <https://data.example.org/id/org/demo-0001> <http://www.w3.org/2004/02/skos/core#prefLabel> ?l }"
LONG = "SELECT ?s ?p ?o { ?s ?p ?o }"
PROXIES = TrustedProxies(lambda _environ, _start: (), ("127.0.0.1",))
GRAPH = "CONSTRUCT WHERE { ?s <http://www.w3.org/2004/02/skos/core#prefLabel> ?l }"


@pytest.fixture
def app(store: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """Return an application that keeps no answer, so that each query is evaluated, and where everything is soon."""
    monkeypatch.setattr(short, "_SOON", 60.0)
    web = WebLimits(seconds=None, cache=0)
    app = create_app(ServerConfig(store, PoolLimits(workers=1, heavy=0, light=60, time=60, copied=0), web=web))
    app.test_client().get("/readyz")  # a worker is awake from now on
    yield app
    close_app(app)


def exchange(app: Flask, *data: bytes, answers: int = 1, proxies: TrustedProxies | None = None) -> Exchange:
    """Send data, and return what came of it."""

    async def run() -> Exchange:
        made = Exchange(app, proxies)
        try:
            for each in data:
                made.connection.data_received(each)
            await made.has_ended(answers)
        finally:
            made.close()
        return made

    return in_a_loop(run())


def ask(
    app: Flask, environ: dict[str, Any], client: Client | None = None, proxies: TrustedProxies | None = None
) -> bytes | None:
    """Return the answer of a plain query; None when the views are to go on with what is noted of `client`."""
    made = exchange(app, sent(environ), proxies=proxies)
    if not made.handed:
        return made.transport.written
    [(_, handed)] = made.handed
    if client is not None and handed is not None:
        client.begun = handed.begun
    return None


def view(app: Flask, environ: dict[str, Any]) -> TestResponse:
    return app.test_client().open(environ_overrides=environ)


def ask_while_it_sleeps(app: Flask, client: Client) -> None:
    """Ask when the worker does not run: its answer does not come soon."""
    process = backend_of(app).engine.pool._workers  # type: ignore[attr-defined]  # the embedded engine
    number = next(iter(process))._process.pid
    stop(number)
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


@given(st.binary(), st.text("%ab01Zz =_+é\n").map(str.encode))
def test_percent_signs_are_read_as_elsewhere(raw: bytes, text: bytes) -> None:
    for each in (raw, text, quote_from_bytes(raw).encode()):
        assert unquote(each) == unquote_to_bytes(each)


@pytest.mark.parametrize(("query", "more"), ASKED, ids=range(len(ASKED)))
def test_the_answer_is_the_one_of_the_views(app: Flask, query: str, more: dict[str, Any]) -> None:
    environ = environ_of(query, **more)
    found, seen = ask(app, environ), view(app, environ_of(query, **more))
    assert found is not None
    head, _, body = found.decode().partition("\r\n\r\n")
    status, *fields = head.split("\r\n")
    assert (status, seen.status_code, seen.text) == ("HTTP/1.1 200 OK", 200, body)
    assert sorted(f"{name.lower()}: {value}" for name, value in seen.headers) == sorted(fields)


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


def test_a_worker_that_comes_late_is_left_to_the_views(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The turn of a query may be told just when it has been handed on."""
    process = next(iter(backend_of(app).engine.pool._workers))._process  # type: ignore[attr-defined]
    begun: list[Evaluation] = []

    async def run() -> None:
        made = Exchange(app)
        monkeypatch.setattr(short, "_SOON", 0.0)
        stop(process.pid)
        made.connection.data_received(sent(environ_of(LABEL)))
        [query] = made.way._at_work
        await made.has_ended()
        monkeypatch.setattr(Evaluation, "begin", lambda evaluation, _: begun.append(evaluation))
        query.turn()
        process.send_signal(signal.SIGCONT)
        query.evaluation.abandon()
        made.close()

    in_a_loop(run())
    assert begun == []


def test_what_is_given_up_frees_its_worker(app: Flask) -> None:
    client = Client()
    ask_while_it_sleeps(app, client)
    assert client.begun is not None
    client.begun.abandon()
    assert backend_of(app).engine.pool.light.busy == 0  # type: ignore[attr-defined]  # the embedded engine
    assert view(app, environ_of(LABEL)).status_code == 200
    assert ask(app, environ_of(LABEL)) is not None


def test_queries_that_wait_for_a_worker_get_it(app: Flask) -> None:
    """There is one worker; each query comes over a connection of its own, and some wait for a place as well."""

    async def run() -> list[bytes]:
        made = [Exchange(app) for _ in range(8)]
        way = ShortWay(backend_of(app), Places(3), made[0].threads)
        try:
            for number, each in enumerate(made):
                each.connection._way = way
                each.connection.data_received(sent(environ_of(f"{LABEL} # {number}")))
            for each in made:
                await each.has_ended()
        finally:
            way.close()
            for each in made:
                each.close()
        assert all(each.handed == [] for each in made)
        return [each.transport.written for each in made]

    assert all("示例区示例局".encode() in answer for answer in in_a_loop(run()))


def test_requests_that_come_together_are_answered_in_order(app: Flask) -> None:
    """What comes before an answer waits for it; what came together is for uvicorn."""
    asked = [sent(environ_of(f"{LABEL} # {n}")) for n in range(2)]
    queries = [each.split(b" ")[1].partition(b"?")[2] for each in asked]
    page = b"GET /?page HTTP/1.1\r\nHost: h\r\n\r\n"
    made = exchange(app, asked[0], page + asked[1], asked[0][:20], asked[0][20:], answers=4)
    assert [query for query, _ in made.handed] == [b"page", queries[1], queries[0]]
    assert re.findall(rb"HTTP/1.1 ([0-9]+)", made.transport.written) == [b"200", b"418", b"418", b"418"]
    made = exchange(app, *asked, answers=2)
    assert made.handed == []
    assert re.findall(rb"HTTP/1.1 ([0-9]+)", made.transport.written) == [b"200", b"200"]


def test_the_connection_ends_when_the_client_wants_that(app: Flask) -> None:
    """So do clients that ask once, SPARQLWrapper among them. What they send behind it is not read."""
    asked = sent(environ_of(LABEL, headers={"Connection": "close"}))
    made = exchange(app, asked, asked)
    assert (made.handed, made.transport.is_closed) == ([], True)
    assert re.findall(rb"HTTP/1.1 ([0-9]+)", made.transport.written) == [b"200"]
    assert b"\r\nconnection: close\r\n" in made.transport.written
    made = exchange(app, sent(environ_of(LABEL)))
    assert not made.transport.is_closed
    assert b"connection" not in made.transport.written


def test_a_client_that_does_not_read_is_not_answered_on_the_short_way(app: Flask) -> None:
    """Its answers would add up in memory; uvicorn reads no further request before it has taken them."""

    async def run() -> Exchange:
        made = Exchange(app)
        made.connection.pause_writing()
        for number in range(3):
            made.connection.data_received(sent(environ_of(f"{LABEL} # {number}")))
        await asyncio.sleep(0.01)
        assert made.transport.written == b""
        made.connection.resume_writing()
        await made.has_ended(3)
        made.close()
        return made

    assert len(in_a_loop(run()).handed) == 3


def test_a_query_in_two_parts_is_for_the_views(app: Flask) -> None:
    asked = sent(environ_of(LABEL))
    for at in (1, 8, 30, len(asked) - 1):
        made = exchange(app, asked[:at], asked[at:])
        assert [query for query, _ in made.handed] == [asked.split(b" ")[1].partition(b"?")[2]]


@pytest.mark.parametrize(
    "fields",
    [
        b"",
        b"Host: a\r\nHost: b\r\n",
        b"Host: a\r\nConnection: close, upgrade\r\n",
        b"Host: a\r\nContent-Length: 0\r\n",
        b"Host: a\r\nTransfer-Encoding: chunked\r\n",
        b"Host: a\r\nUpgrade: websocket\r\nConnection: upgrade\r\n",
        b"Host: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n",
        b"Host: a\r\n\r\n",
        b"Host: a\r\nno field\r\n",
        b"Host: xn--0\r\n",
        b"Host: a\r\nX: " + b"x" * 5000 + b"\r\n",
    ],
    ids=range(11),
)
def test_a_head_with_more_in_it_is_read_by_uvicorn(fields: bytes) -> None:
    assert HeadReader(None).read(fields + b"\r\n", "127.0.0.1") is None


def test_a_trusted_proxy_tells_the_client_and_the_address() -> None:
    heads = HeadReader(PROXIES)
    fields = (
        b"Host: a\r\nX-Forwarded-For: 192.0.2.1\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: data.example\r\n\r\n"
    )
    trusted, other = heads.read(fields, "127.0.0.1"), heads.read(fields, "127.0.0.2")
    assert trusted is not None
    assert other is not None
    assert (trusted.client, trusted.base) == ("192.0.2.1", "https://data.example/sparql")
    assert (other.client, other.base) == ("127.0.0.2", "http://a/sparql")
    unknown = HeadReader(None).read(fields, "127.0.0.1")
    assert unknown is not None
    assert (unknown.client, unknown.base) == ("", "http://a/sparql")


def test_a_client_that_leaves_does_not_cost_a_worker(app: Flask) -> None:
    process = next(iter(backend_of(app).engine.pool._workers))  # type: ignore[attr-defined]  # the embedded engine
    before = process._process

    async def run(made: Exchange) -> None:
        stop(before.pid)
        made.connection.data_received(sent(environ_of(LABEL)))
        made.connection.connection_lost(None)
        os.kill(before.pid, signal.SIGCONT)
        await made.until(lambda: made.places._free == backend_of(app).config.web.threads)

    async def both() -> None:
        for soon in (60.0, 0.0):
            with pytest.MonkeyPatch.context() as patched:
                patched.setattr(short, "_SOON", soon)
                made = Exchange(app)
                try:
                    await run(made)
                finally:
                    made.close()
                assert (made.transport.written, made.handed) == (b"", [])

    in_a_loop(both())
    assert process._process is before
    assert ask(app, environ_of(LABEL)) is not None


def test_a_server_that_stops_sends_what_is_asked_and_closes(app: Flask) -> None:
    async def run() -> Exchange:
        made = Exchange(app)
        made.connection.data_received(sent(environ_of(LABEL)))
        made.connection.shutdown()
        assert not made.transport.is_closed
        await made.has_ended()
        made.close()
        return made

    made = in_a_loop(run())
    assert made.transport.written.startswith(b"HTTP/1.1 200 OK\r\n")
    assert made.transport.is_closed


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
        ServerConfig(
            store, PoolLimits(workers=1, heavy=0, light=60, time=60, copied=0), web=web, logs=LogSettings(True)
        )
    )

    def ask_from(client: str, query: str) -> bytes | None:
        return ask(app, environ_of(query, headers={"X-Forwarded-For": client}), proxies=PROXIES)

    try:
        app.test_client().get("/readyz")
        caplog.clear()
        assert ask_from("192.0.2.1", LABEL) is not None
        assert ask_from("192.0.2.1", LABEL) is not None, "what is kept costs no time"
        assert ask_from("192.0.2.1", f"{LABEL} #") is None
        assert ask_from("192.0.2.2", f"{LABEL} #") is not None
        measures = backend_of(app).metrics.text().decode()
    finally:
        close_app(app)
    told = [record.fields for record in caplog.records]  # type: ignore[attr-defined]  # given as extra
    assert [(each["view"], each["status"], each["query_length"]) for each in told[:1]] == [("/sparql", 200, len(LABEL))]
    assert len(told) == 3
    assert 'budgetgraph_requests_total{method="GET",status="200",view="/sparql"} 3.0' in measures
    assert 'budgetgraph_cache_total{result="hit"} 1.0' in measures
    assert 'budgetgraph_cache_total{result="miss"} 2.0' in measures
