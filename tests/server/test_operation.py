"""What an operator relies on: time of clients, proxies, logs, compressed answers, pinned releases."""

import gzip
import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import brotli
import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from budgetgraph.server.app import close_app, create_app
from budgetgraph.server.compression import CODINGS, choose_coding
from budgetgraph.server.config import LogSettings, ServerConfig, WebLimits
from budgetgraph.server.exceptions import SettingsError
from budgetgraph.server.logging_json import JsonFormatter
from budgetgraph.server.logs import query_hash
from budgetgraph.server.proxies import TrustedProxies
from budgetgraph.server.publishing import build_release
from budgetgraph.server.releases import ReleaseMetadata
from budgetgraph.server.workers import PoolLimits

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LONG = "SELECT ?s ?p ?o { ?s ?p ?o }"
#: What one client may use: less than any query takes, and gone after hours.
SPENT_AT_ONCE = WebLimits(seconds=1e-6, window=60, proxies=("10.0.0.0/8", "2001:db8::/32"))
PROXY, CLIENT, OTHER = "10.1.2.3", "198.51.100.7", "198.51.100.8"


@contextmanager
def serving(store: Path, web: WebLimits | None = None, logs: LogSettings | None = None) -> Iterator[FlaskClient]:
    """Yield a client of an application with one worker."""
    config = ServerConfig(
        store, PoolLimits(workers=1, heavy=0, time=30), web=web or WebLimits(seconds=None), logs=logs or LogSettings()
    )
    app = create_app(config)
    try:
        yield app.test_client()
    finally:
        close_app(app)


@pytest.fixture(scope="module")
def frugal(store: Path) -> Iterator[FlaskClient]:
    with serving(store, SPENT_AT_ONCE) as client:
        yield client


def status(client: FlaskClient, number: int, address: str, forwarded: str | None = None) -> int:
    """Ask a query that nobody asked before; return the status."""
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    query = f"SELECT * {{ ?s ?p ?o }} LIMIT {number}"
    response = client.get(
        "/sparql", query_string={"query": query}, headers=headers, environ_overrides={"REMOTE_ADDR": address}
    )
    return response.status_code


def test_a_client_that_has_used_its_time_is_told_when_there_is_more(frugal: FlaskClient) -> None:
    def ask(number: int) -> TestResponse:
        query = {"query": f"ASK {{ BIND({number} AS ?x) }}"}
        return frugal.get("/sparql", query_string=query, environ_overrides={"REMOTE_ADDR": "192.0.2.1"})

    assert ask(1).status_code == 200
    refused = ask(2)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 60
    assert refused.headers["Cache-Control"] == "no-store"
    assert f"Wait {refused.headers['Retry-After']} seconds" in refused.text
    assert ask(1).status_code == 200, "what is kept costs no time"
    assert status(frugal, 3, "192.0.2.2") == 200, "another client has its own time"
    assert 'budgetgraph_rejections_total{reason="budget"} 1.0' in frugal.get("/metrics").text


def test_a_trusted_proxy_says_who_its_clients_are(frugal: FlaskClient) -> None:
    assert status(frugal, 10, PROXY, CLIENT) == 200
    assert status(frugal, 11, PROXY, CLIENT) == 429
    assert status(frugal, 12, PROXY, OTHER) == 200
    assert status(frugal, 13, "2001:db8::1", "198.51.100.9") == 200
    assert status(frugal, 14, "2001:db8::2", "198.51.100.9") == 429, "one client behind two proxies"
    assert status(frugal, 15, PROXY, f"203.0.113.250, {CLIENT}") == 429, "what the client wrote itself goes before"


def test_a_subscriber_of_ipv6_is_one_client_whatever_addresses_it_takes(frugal: FlaskClient) -> None:
    assert status(frugal, 16, "2001:db8:7:1::1") == 200
    assert status(frugal, 17, "2001:db8:7:1:2:3:4:5") == 429
    assert status(frugal, 18, "2001:db8:7:2::1") == 200
    assert status(frugal, 19, "::ffff:192.0.2.77") == 200
    assert status(frugal, 20, "192.0.2.77") == 429, "the same address in another spelling"


def test_nobody_else_says_so(frugal: FlaskClient) -> None:
    assert status(frugal, 30, "203.0.113.1", "203.0.113.2") == 200
    assert status(frugal, 21, "203.0.113.1", "203.0.113.3") == 429
    assert status(frugal, 22, "203.0.113.2") == 200


def test_the_address_of_the_site_is_believed_from_a_trusted_proxy_only(frugal: FlaskClient) -> None:
    told = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "budget.example.org", "X-Forwarded-Prefix": "/open"}
    for address, said in (
        (PROXY, "https://budget.example.org/open/sparql"),
        ("203.0.113.9", "http://localhost/sparql"),
    ):
        response = frugal.get(
            "/sparql", headers=told | {"Accept": "text/turtle"}, environ_overrides={"REMOTE_ADDR": address}
        )
        assert f"sd:endpoint <{said}>" in response.text


def test_a_wrong_address_of_a_proxy_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"web\.proxies.*10\.0\.0\.0/8"):
        TrustedProxies(lambda _environ, _start: [], ["proxy.example"])


REQUEST_FIELDS = {"time", "level", "event", "method", "view", "status", "milliseconds", "bytes"}


def lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, object]]:
    return [json.loads(JsonFormatter().format(record)) for record in caplog.records]


def test_a_request_is_logged_without_who_asked_what(store: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "budgetgraph.server")
    query = "SELECT ?x { VALUES ?x { 'secret words' } }"
    agent = {"User-Agent": "agent-of-somebody", "Referer": "https://from.example/", "Cookie": "a=b"}
    with serving(store, logs=LogSettings(requests=True, slow=None)) as client:
        for path, asked in (("/sparql", {"query": query}), ("/doc/org/made-up-name", {}), ("/made-up-path", {})):
            client.get(path, query_string=asked, headers=agent, environ_overrides={"REMOTE_ADDR": CLIENT})
    told = lines(caplog)
    assert [(each["event"], each["status"]) for each in told] == [("request", 200), ("request", 404), ("request", 404)]
    assert set(told[0]) == REQUEST_FIELDS | {"query", "query_length"}
    assert (told[0]["query"], told[0]["query_length"]) == (query_hash(query), len(query))
    assert all(set(each) == REQUEST_FIELDS for each in told[1:])
    written = json.dumps(told)
    for secret in (CLIENT, "secret", "somebody", "from.example", "made-up", "a=b"):
        assert secret not in written


@pytest.mark.parametrize(("slow", "events"), [(0.0, ["slow query"]), (3600.0, []), (None, [])])
def test_a_slow_query_is_told_of_by_its_hash(
    store: Path, caplog: pytest.LogCaptureFixture, slow: float | None, events: list[str]
) -> None:
    caplog.set_level(logging.INFO, "budgetgraph.server")
    query = "ASK { VALUES ?x { 'secret words' } }"
    with serving(store, logs=LogSettings(slow=slow)) as client:
        assert client.get("/sparql", query_string={"query": query}).status_code == 200
        assert client.get("/healthz").status_code == 200, "no query, however slow"
    told = lines(caplog)
    assert [each["event"] for each in told] == events
    assert all((each["level"], each["query"]) == ("warning", query_hash(query)) for each in told)
    assert "secret" not in json.dumps(told)


DECODERS = {"gzip": gzip.decompress, "br": brotli.decompress, "zstd": zstd.decompress, None: bytes}

#: Accept-Encoding -> the coding of the answer (RFC 9110, 12.5.3).
ENCODINGS = [
    (None, None),
    ("", None),
    ("identity", None),
    ("gzip", "gzip"),
    ("x-gzip", "gzip"),
    ("br", "br"),
    ("ZSTD", "zstd"),
    ("gzip, deflate, br, zstd", "zstd"),
    ("gzip;q=1, br;q=0.9, zstd;q=0.8", "gzip"),
    ("zstd;q=0, br;q=0, gzip", "gzip"),
    ("zstd;q=0, *", "br"),
    ("gzip;q=0", None),
    ("*;q=0", None),
    ("gzip;q=0.000, br;q=0.001", "br"),
    ("identity;q=1, gzip;q=0.5", None),
    ("identity;q=0.5, gzip;q=1", "gzip"),
    ("identity;q=0, gzip;q=0.1", "gzip"),
    ("deflate", None),
    ("gzip;q=2", None),
    ("br ; q=0.5 , gzip ; Q=0.4", "br"),
]


@pytest.mark.parametrize(("header", "coding"), ENCODINGS)
def test_the_coding_is_the_one_that_the_client_likes_best(
    client: FlaskClient, header: str | None, coding: str | None
) -> None:
    plain = client.get("/sparql", query_string={"query": LONG})
    headers = {} if header is None else {"Accept-Encoding": header}
    response = client.get("/sparql", query_string={"query": LONG}, headers=headers)
    assert response.headers.get("Content-Encoding") == coding
    assert DECODERS[coding](response.data) == plain.data
    assert response.content_length == len(response.data)
    assert {"accept", "accept-encoding"} <= {each.lower() for each in response.vary}


@pytest.mark.parametrize("coding", ["zstd", "br", "gzip", "identity"])
@pytest.mark.parametrize("path", [f"/sparql?query={quote(LONG)}&format=json", "/", "/def"])
def test_head_tells_what_get_would(client: FlaskClient, path: str, coding: str) -> None:
    headers = {"Accept-Encoding": coding, "Accept": "application/json, text/html"}
    got, told = client.get(path, headers=headers), client.head(path, headers=headers)
    assert got.headers.get("Content-Encoding", "identity") == coding
    length = told.headers.pop("Content-Length", None)
    assert length in {None, got.headers.pop("Content-Length")}
    assert (length is None) == (coding != "identity")
    assert told.headers == got.headers
    assert told.data == b""


def test_a_response_that_the_client_has_still_depends_on_the_coding(client: FlaskClient) -> None:
    """A cache takes the fields of a 304 over (RFC 9111, 3.2)."""
    tag = client.get("/sparql", query_string={"query": LONG}).headers["ETag"]
    known = client.get("/sparql", query_string={"query": LONG}, headers={"If-None-Match": tag})
    assert known.status_code == 304
    assert {each.lower() for each in known.vary} == {"accept", "accept-encoding"}


def test_what_is_short_is_sent_as_it_is(client: FlaskClient) -> None:
    response = client.get("/sparql", query_string={"query": "ASK {}"}, headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in response.headers


@given(st.dictionaries(st.sampled_from([*CODINGS, "identity", "*", "deflate"]), st.integers(0, 1000)))
def test_no_coding_is_chosen_that_the_client_refuses(weights: dict[str, int]) -> None:
    header = ", ".join(f"{name};q={weight / 1000:.3f}" for name, weight in weights.items())
    liked = {coding: weights.get(coding, weights.get("*", 0)) for coding in CODINGS}
    chosen = choose_coding(header)
    if chosen is None:
        assert max(liked.values()) <= weights.get("identity", 0)
    else:
        assert liked[chosen] == max(liked.values()) > 0


def test_a_pinned_answer_stays_the_same_bytes(memory_folder: Path) -> None:
    store, base = memory_folder / "pinned", "https://data.example.org/"

    def publish(size: int) -> str:
        lines = [f'<urn:{n}> <urn:p> "{n * n}" <{base}graph/doc/1/data> .\n' for n in range(size)]
        return build_release(store, ["".join(lines).encode()], ReleaseMetadata(base, ("1",), "0")).id

    first = publish(200)
    pinned = {"query": LONG, "release": first}
    with serving(store) as client:
        before = client.get("/sparql", query_string=pinned)
        assert before.text.count('"s":') == 200
        second = publish(300)
        after = client.get("/sparql", query_string=pinned)
        assert (after.data, after.headers["ETag"]) == (before.data, before.headers["ETag"])
        assert after.headers["X-Release"] == first != second
        posted = client.post("/sparql", data=pinned)
        assert (posted.data, posted.headers["X-Release"]) == (before.data, first), "named in the form"
        assert client.post("/sparql", data=pinned, query_string={"release": first}).status_code == 400, "named twice"
        live = client.get("/sparql", query_string={"query": LONG})
        assert (live.headers["X-Release"], live.text.count('"s":')) == (second, 300)
        gone = client.get("/sparql", query_string=pinned | {"release": "no-such-release"})
        assert gone.status_code == 404
    with serving(store) as client:
        again = client.get("/sparql", query_string=pinned)
        assert again.data == before.data, "read anew by another worker, nothing kept in memory"
