"""A real server under what is thrown at endpoints on the open web: it stays up, others are answered, nothing leaks."""

import json
import os
import re
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.client import HTTPConnection
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.server.attacked import LIGHT, Server

MANY = " ".join(f"({n})" for n in range(3000))
A, B, C = (f"VALUES (?{name}) {{ {MANY} }}" for name in "abc")


@pytest.fixture(scope="module")
def server(store: Path) -> Iterator[Server]:
    server = Server(store)
    yield server
    server.process.send_signal(signal.SIGTERM)
    _, errors = server.process.communicate(timeout=60)
    assert server.process.returncode == 0
    assert "Traceback" not in errors
    assert "127.0.0" not in errors
    told = [json.loads(line) for line in errors.splitlines()]
    assert {each["event"] for each in told} <= {
        "slow query",
        "a worker died",
        "the copy of the release in memory was lost",
    }


NESTINGS: dict[str, Callable[[int], str]] = {
    "groups": lambda n: "SELECT * " + "{" * n + "}" * n,
    "parentheses": lambda n: "SELECT (" + "(" * n + "1" + ")" * n + " AS ?x) {}",
    "nots": lambda n: "ASK { FILTER(" + "!" * n + "true) }",
    "minuses": lambda n: "SELECT (" + "-" * n + "1 AS ?x) {}",
    "exists": lambda n: "ASK {" + "FILTER NOT EXISTS {" * n + "}" * n + "}",
    "optionals": lambda n: "ASK {" + "OPTIONAL {" * n + "}" * n + "}",
    "unions": lambda n: "ASK { {}" + " UNION {}" * n + "}",
    "minus": lambda n: "ASK {" + "MINUS { ?s ?p ?o } " * n + "}",
    "subselects": lambda n: "SELECT * {" + "{SELECT * {" * n + "}}" * n + "}",
    "collections": lambda n: "ASK { ?s ?p " + "(" * n + "1" + ")" * n + " }",
    "blank nodes": lambda n: "ASK { ?s ?p " + "[ ?p " * n + "1" + "]" * n + " }",
    "triple terms": lambda n: "ASK { ?s ?p " + "<<( ?s ?p " * n + "1" + ")>>" * n + " }",
    "paths": lambda n: "ASK { ?s " + "(" * n + "<urn:p>" + ")*" * n + " ?o }",
    "inverse paths": lambda n: "ASK { ?s " + "^" * n + "<urn:p> ?o }",
    "sequences": lambda n: "ASK { ?s <urn:p>" + "/<urn:p>" * n + " ?o }",
    "functions": lambda n: "SELECT (" + "STR(" * n + "1" + ")" * n + " AS ?x) {}",
    "ifs": lambda n: "SELECT (" + "IF(true," * n + "1" + ",2)" * n + " AS ?x) {}",
    "additions": lambda n: "SELECT (1" + "+1" * n + " AS ?x) {}",
    "ands": lambda n: "ASK { FILTER(true" + "&&true" * n + ") }",
    "comparisons": lambda n: "ASK { FILTER(1" + "=1" * n + ") }",
    "binds": lambda n: "ASK {" + "".join(f"BIND(1 AS ?v{i})" for i in range(n)) + "}",
    "filters": lambda n: "ASK {" + "FILTER(true)" * n + "}",
    "unclosed": lambda n: "SELECT * {" + '"' * n,
}


@pytest.mark.parametrize("name", NESTINGS)
def test_deep_nesting_of_every_construct(server: Server, name: str) -> None:
    for depth in (95, 2_500, 12_000):
        assert server.ask(NESTINGS[name](depth)) in {200, 400, 413, 500, 504}
    assert server.light() == 200


BOMBS = {
    "cartesian product": f"SELECT (COUNT(*) AS ?n) {{ {A} {B} {C} }}",
    "triples product": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
    "sort": f"SELECT * {{ {A} {B} {C} }} ORDER BY ?c ?b",
    "group": f"SELECT ?a ?b (COUNT(*) AS ?n) {{ {A} {B} }} GROUP BY ?a ?b",
    "distinct": f"SELECT DISTINCT * {{ {A} {B} }} OFFSET 8000000",
    "strings": "SELECT (STRLEN(?z) AS ?n) { BIND('xxxxxxxxxx' AS ?a)"
    + "".join(f"BIND(CONCAT(?{a},?{a},?{a},?{a},?{a},?{a},?{a},?{a}) AS ?{b})" for a, b in pairwise("abcdefghijz"))
    + "}",
    "group concat": f"SELECT (GROUP_CONCAT(?s) AS ?x) {{ {A} {B} BIND(STR(?a) AS ?s) }}",
    "regex": f"SELECT * {{ {A} {B} FILTER(REGEX(CONCAT(STR(?a), STR(?b)), '(1+)+$')) }}",
    "replace": "SELECT (STRLEN(REPLACE('" + "a" * 10_000 + "', 'a', '" + "b" * 10_000 + "')) AS ?n) {}",
    "path explosion": "SELECT (COUNT(*) AS ?n) { ?a (!<urn:x>|^!<urn:x>)* ?b . ?b (!<urn:x>|^!<urn:x>)* ?c }",
    "huge result": f"SELECT * {{ {A} {B} }}",
    "huge graph": f"CONSTRUCT {{ ?s ?p ?a . ?s ?p ?b }} {{ ?s ?p ?o {A} {B} }}",
}


def test_bombs_end_and_light_queries_are_answered_meanwhile(server: Server) -> None:
    """All bombs at once, from several clients: each ends with an honest status, and no light query is turned away."""
    statuses: dict[str, int] = {}

    def throw(number: int, name: str) -> None:
        statuses[name] = server.ask(BOMBS[name], f"127.0.0.{number + 10}")

    threads = [threading.Thread(target=throw, args=each) for each in enumerate(BOMBS)]
    for thread in threads:
        thread.start()
    answered = []
    while any(thread.is_alive() for thread in threads):
        answered.append(server.light())
    assert set(answered) == {200}
    assert len(answered) > len(BOMBS)
    assert set(statuses.values()) <= {200, 500, 503, 504}
    assert server.fetch("/readyz")[0].status == 200


def test_clients_that_do_not_read_hold_nothing(server: Server) -> None:
    """Twenty answers of some megabytes that nobody reads; more than there are workers, and threads go on."""
    query = f"SELECT * {{ {A} VALUES (?b) {{ (1) (2) (3) (4) (5) (6) (7) (8) (9) (10) }} }}".encode()
    head = "POST /sparql HTTP/1.1\r\nHost: h\r\nContent-Type: application/sparql-query\r\n"
    head += f"Content-Length: {len(query)}\r\n\r\n"
    sockets = []
    for number in range(20):
        each = server.connect(f"127.0.0.{number + 30}")
        each.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        each.sendall(head.encode() + query)
        sockets.append(each)
    try:
        for _ in range(20):
            assert server.light() == 200
        assert server.memory() < 400 << 20
    finally:
        for each in sockets:
            each.close()


def test_clients_that_are_slow_to_send_hold_nothing(server: Server) -> None:
    sockets = [server.connect(f"127.0.0.{number % 100 + 30}") for number in range(300)]
    try:
        for number, each in enumerate(sockets):
            each.sendall(
                (b"GET /sparql?query=ASK", b"POST /sparql HTTP/1.1\r\nContent-Length: 100\r\n\r\nab", b"")[number % 3]
            )
        for _ in range(10):
            assert server.light() == 200
        for each in sockets:
            assert each.recv(1 << 16) == b"", "what does not move is closed"
    finally:
        for each in sockets:
            each.close()


@pytest.mark.parametrize(
    ("raw", "statuses"),
    [
        (b"GET / HTTP/1.1\r\nHost: h\r\nX: " + b"a" * 100_000 + b"\r\n\r\n", {431}),
        (b"GET /" + b"a" * 40_000 + b" HTTP/1.1\r\nHost: h\r\n\r\n", {431}),
        (b"POST /sparql HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1;" + b"a" * 2_000_000, {400, 431}),
        (b"POST /sparql HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: " + b"a" * 2_000_000, {400, 431}),
        (b"GET / HTTP/1.1\r\nHost: h\r\nX: " + b"a" * 2_000_000, {400, 431}),
        (b"GET / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n", {400}),
        (
            b"POST /sparql HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            {400, 415},
        ),
        (b"POST /sparql HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n", {400}),
        (b"GET / HTTP/1.1\r\nHost: h\r\nAccept: " + b",".join([b"a/b;q=0.1"] * 3000) + b"\r\n\r\n", {200, 406}),
        (b"GET / HTTP/1.1\r\nHost: h\r\nAccept-Encoding: " + b",".join([b"a;q=0.1"] * 3000) + b"\r\n\r\n", {200}),
        (b"GET / HTTP/1.1\r\nHost: <script>\r\n\r\n", {200, 400}),
        (b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: xn--0\r\n\r\n", {400}),
        (b"\x16\x03\x01\x02\x00\x01\x00", {400, 0}),
        (b"NONSENSE\r\n\r\n", {400, 501, 0}),
        (b"TRACE / HTTP/1.1\r\nHost: h\r\n\r\n", {405}),
        (b"GET /static/../../../etc/passwd HTTP/1.1\r\nHost: h\r\n\r\n", {404, 400}),
        (b"GET /static/%2e%2e/%2e%2e/app.py HTTP/1.1\r\nHost: h\r\n\r\n", {404}),
        (b"GET //etc/passwd HTTP/1.1\r\nHost: h\r\n\r\n", {404, 308, 400}),
        (b"GET /sparql?query=ASK%7B%7D&release=../../../../etc HTTP/1.1\r\nHost: h\r\n\r\n", {404}),
        (b"GET /sparql?query=ASK%7B%7D&release=%00 HTTP/1.1\r\nHost: h\r\n\r\n", {404}),
        (b"GET /sparql?" + b"&".join([b"a=b"] * 2000) + b" HTTP/1.1\r\nHost: h\r\n\r\n", {400}),
        (b"GET /sparql?query=%C0%80 HTTP/1.1\r\nHost: h\r\n\r\n", {400}),
        (b"GET /sparql?query=%u0041 HTTP/1.1\r\nHost: h\r\n\r\n", {400}),
        (
            b"GET /sparql HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: 1.2.3.4\r\nX-Forwarded-Host: evil\r\n\r\n",
            {200},
        ),
    ],
    ids=range(24),
)
def test_broken_requests_get_a_status_and_nothing_else(server: Server, raw: bytes, statuses: set[int]) -> None:
    with server.connect() as connection:
        answer = b""
        try:
            connection.sendall(raw)
            connection.shutdown(socket.SHUT_WR)
            while chunk := connection.recv(1 << 16):
                answer += chunk
        except OSError:
            pass
    answer = answer.replace(b"HTTP/1.1 100 Continue\r\n\r\n", b"")
    status = int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.") else 0
    # A client that has closed its side may be taken for one that has left.
    assert status in statuses | {0}, answer[:300]
    assert b"root:" not in answer
    assert b"Traceback" not in answer
    assert server.light() == 200


QUERY = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\n"
POST = b"POST /sparql HTTP/1.1\r\nHost: h\r\nContent-Type: application/sparql-query\r\n"
PAGE = b"GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n"
CLOSE = b"Connection: close\r\n\r\n"


@pytest.mark.parametrize(
    ("raw", "statuses"),
    [
        (QUERY + b"Host: h\r\n" + CLOSE, [200]),
        (QUERY + b"Host: [::1]:80\r\n" + CLOSE, [200]),
        (QUERY.replace(b"1.1", b"1.0") + b"\r\n", [200]),
        (QUERY + CLOSE, [400]),
        (QUERY + b"Host: a\r\nHost: b\r\n" + CLOSE, [400]),
        (QUERY + b"Host: a b\r\n" + CLOSE, [400]),
        (QUERY + b"Host:\r\n" + CLOSE, [400]),
        (QUERY + b"Host: a/../b\r\n\r\n" + QUERY + b"Host: h\r\n" + CLOSE, [400, 200]),
        (POST + b"Transfer-Encoding: gzip, chunked\r\n" + CLOSE + b"6\r\nASK {}\r\n0\r\n\r\n", [501]),
        (POST + b"Transfer-Encoding: Chunked\r\n" + CLOSE + b"6\r\nASK {}\r\n0\r\n\r\n", [200]),
        (POST + b"Expect: 100-continue\r\nContent-Length: 6\r\n" + CLOSE + b"ASK {}", [100, 200]),
        (POST + b"Expect: 100-continue\r\nContent-Length: 99999999999\r\n\r\n", [413]),
        (POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", [400]),
        (PAGE + PAGE + b"GARBAGE\r\n\r\n", [200, 200]),
        (PAGE + POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", [200]),
        (QUERY + b"Host: h\r\n\r\n" + PAGE + b"GET / HTTP/1.1\r\n: \r\n\r\n", [200, 200]),
    ],
    ids=range(16),
)
def test_each_request_gets_its_own_status(server: Server, raw: bytes, statuses: list[int]) -> None:
    """And the connection ends behind what is no HTTP: an answer never stands where another one is waited for."""
    with server.connect() as connection:
        connection.sendall(raw)
        answer = b""
        while chunk := connection.recv(1 << 16):
            answer += chunk
    assert [int(status) for status in re.findall(rb"HTTP/1\.1 ([0-9]{3})", answer)] == statuses


REACHING = [
    "SELECT * {{ SERVICE <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ SERVICE SILENT <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ VALUES ?x {{ <{0}> }} SERVICE ?x {{ ?s ?p ?o }} }}",
    "ASK {{ FILTER EXISTS {{ SERVICE <{0}> {{}} }} }}",
    "ASK {{ \\u0053ERVICE <{0}> {{}} }}",
    "ASK FROM <{0}> {{ ?s ?p ?o }}",
    "ASK FROM NAMED <{0}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    "ASK {{ GRAPH <{0}> {{ ?s ?p ?o }} }}",
    "LOAD <{0}>",
    "LOAD SILENT <{0}> INTO GRAPH <urn:g>",
    "DESCRIBE <{0}>",
    "SELECT (<{0}>(1) AS ?x) {{}}",
]


@pytest.mark.parametrize("text", REACHING)
def test_no_request_reaches_out(server: Server, text: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        assert server.ask(text.format(address)) in {200, 400, 403}
        for name in ("default-graph-uri", "named-graph-uri"):
            path = f"/sparql?query=ASK%7B%3Fs%3Fp%3Fo%7D&{name}={quote(address, safe='')}"
            assert server.fetch(path)[0].status == 200
        with pytest.raises(BlockingIOError):
            listener.accept()


SCRIPT = "<script>alert(1)</script>"


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT ('{SCRIPT}' AS ?x) {{}}",
        "SELECT (IRI('javascript:alert(1)') AS ?x) {}",
        "SELECT (IRI('http://a.example/\\u0022onclick=alert(1)') AS ?x) {}",
        f"SELECT ('{SCRIPT}'@en AS ?x) {{}}",
        f"CONSTRUCT {{ <urn:a> <urn:b> '{SCRIPT}' }} {{}}",
        f"SELECT * {{ # {SCRIPT}",
    ],
)
def test_nothing_of_a_query_becomes_markup(server: Server, query: str) -> None:
    _, body = server.fetch("/sparql?query=" + quote(query), Accept="text/html")
    assert b"<script>alert" not in body
    assert b'href="javascript:' not in body
    assert b'"onclick=' not in body


def test_a_path_does_not_become_markup(server: Server) -> None:
    for path in ("/doc/%3Cscript%3Ealert(1)%3C/script%3E", "/nothing/%3Cscript%3Ealert(1)%3C/script%3E"):
        assert b"<script>alert" not in server.fetch(path, Accept="text/html")[1]


def test_two_hundred_light_clients_at_once(server: Server) -> None:
    """Each asks its own query over a connection that stays open."""
    failures: list[object] = []

    def use() -> None:
        connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
        try:
            for _ in range(5):
                connection.request(
                    "GET", "/sparql?query=" + quote(f"{LIGHT} # {threading.get_ident()} {time.monotonic_ns()}")
                )
                response = connection.getresponse()
                body = response.read().decode()
                if response.status != 200 or "示例区示例局" not in body:
                    failures.append((response.status, body))
        except OSError as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=use) for _ in range(200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_workers_that_are_killed_again_and_again_leave_nothing_behind(server: Server) -> None:
    """The long form is bench/soak.py."""
    statuses, memory = set[int](), server.memory()
    for _ in range(30):
        for worker in server.workers()[:2]:
            with suppress(ProcessLookupError):  # it is being replaced
                os.kill(worker, signal.SIGKILL)
        statuses.add(server.light())
    assert statuses == {200}
    assert server.memory() < memory + (20 << 20)


def test_afterwards_everything_is_as_before(server: Server) -> None:
    """Workers, files and memory of the web process do not grow with what it has gone through.

    A worker that was killed while it was idle is replaced when it is wanted.
    """
    until = time.monotonic() + 30
    while (len(server.workers()) > 3 or server.descriptors() > 60) and time.monotonic() < until:
        threading.Event().wait(0.1)
    assert len(server.workers()) <= 3
    assert server.descriptors() <= 60
    assert server.memory() < 400 << 20
    assert server.light() == 200
