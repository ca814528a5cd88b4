"""A real server on a free port, asked by SPARQLWrapper, urllib and bare sockets."""

import http.client
import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from SPARQLWrapper import CSV, JSON, POST, TURTLE, XML, SPARQLWrapper

from budgetgraph.server.client import query
from budgetgraph.server.config import ServerConfig
from budgetgraph.server.exceptions import AddressError, NoReleaseError, QueryError, RemoteError
from budgetgraph.server.publishing import build_release
from budgetgraph.server.releases import ReleaseMetadata
from budgetgraph.server.serving import serve

#: Serves until it is stopped, and prints the address once it listens. Queries may take three seconds: on a busy machine
#: light ones take one.
PROGRAM = """
import sys
from pathlib import Path
from budgetgraph.server.config import ServerConfig, WebLimits
from budgetgraph.server.serving import serve
from budgetgraph.server.workers import PoolLimits
store = Path(sys.argv[1])
queries = PoolLimits(workers=1, time=float(sys.argv[2]), rows=1000)
config = ServerConfig(store, queries, web=WebLimits(seconds=None))
serve(config, port=0, ready=lambda address: print(address, flush=True))
"""
LABEL = "SELECT ?l { <https://data.example.org/id/org/demo-0001> <http://www.w3.org/2004/02/skos/core#prefLabel> ?l }"
ROWS = " ".join(f"({n})" for n in range(2000))
RUNAWAY = f"SELECT (COUNT(*) AS ?n) {{ VALUES (?a) {{ {ROWS} }} VALUES (?b) {{ {ROWS} }} VALUES (?c) {{ {ROWS} }} }}"


class Server:
    """A server process, and what it printed."""

    def __init__(self, store: Path, limit: float = 3) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(store), str(limit)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().strip()
        assert self.address, self.process.communicate()[1]

        self.host, _, port = self.address.removeprefix("http://").rstrip("/").partition(":")
        self.port = int(port)

    @property
    def sparql(self) -> str:
        return f"{self.address}sparql"

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, str, str]:
        self.process.send_signal(number)
        output, errors = self.process.communicate(timeout=30)
        return self.process.returncode, output, errors


@pytest.fixture(scope="module")
def server(store: Path) -> Iterator[Server]:
    server = Server(store)
    yield server
    returncode, output, errors = server.stop()
    assert (returncode, output, errors) == (0, "", "")


def fetch(server: Server, path: str, body: str | None = None, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    """Get a path, or post a query to it; return the response and all of its body."""
    connection = http.client.HTTPConnection(server.host, server.port, timeout=60)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    if body is not None:
        sent["Content-Type"] = "application/sparql-query"
    try:
        connection.request("GET" if body is None else "POST", path, body and body.encode(), sent)
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def convert(server: Server, text: str, written: str, method: str = "GET") -> Any:
    asking = SPARQLWrapper(server.sparql)
    asking.setQuery(text)
    asking.setReturnFormat(written)
    asking.setMethod(method)
    return asking.queryAndConvert()


def test_sparqlwrapper_reads_every_format(server: Server) -> None:
    rows = convert(server, LABEL, JSON)["results"]["bindings"]
    assert {row["l"]["value"] for row in rows} == {"示例区示例局", "Example Bureau of Example District"}
    assert "示例区示例局" in convert(server, LABEL, XML).toxml()
    assert "示例区示例局" in convert(server, LABEL, CSV).decode()
    construct = LABEL.replace("SELECT ?l", "CONSTRUCT WHERE")
    assert "示例区示例局" in convert(server, construct, TURTLE).decode()


def test_sparqlwrapper_posts(server: Server) -> None:
    assert len(convert(server, LABEL, JSON, POST)["results"]["bindings"]) == 2


def test_an_answer_that_the_client_has_is_not_sent_again(server: Server) -> None:
    tag = fetch(server, "/sparql?query=ASK%7B%7D")[0].headers["ETag"]
    unchanged, body = fetch(server, "/sparql?query=ASK%7B%7D", If_None_Match=tag)
    assert (unchanged.status, unchanged.headers["ETag"], body) == (304, tag, b"")
    assert "Accept" in unchanged.headers["Vary"]
    assert fetch(server, "/sparql?query=ASK%7B%7D&format=xml", If_None_Match=tag)[0].status == 200


@pytest.mark.parametrize("path", ["/", "/def", "/def.ttl", "/doc/org/demo-0001", "/doc/org/demo-0001.nt", "/shapes"])
def test_a_page_that_the_client_has_is_not_sent_again(server: Server, path: str) -> None:
    tag = fetch(server, path, Accept="text/html, */*")[0].headers["ETag"]
    unchanged, _ = fetch(server, path, Accept="text/html, */*", If_None_Match=tag)
    assert (unchanged.status, unchanged.headers["ETag"]) == (304, tag)


def ask_raw(server: Server, *parts: bytes) -> tuple[int, bytes]:
    """Send a request as these bytes, one after the other; return the status and the body."""
    with socket.create_connection((server.host, server.port), timeout=60) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for part in parts:
            connection.sendall(part)
        response = http.client.HTTPResponse(connection)
        response.begin()
        return response.status, response.read()


def test_options_of_the_server_itself_are_told(server: Server) -> None:
    """RFC 9110, 9.3.7."""
    connection = http.client.HTTPConnection(server.host, server.port, timeout=60)
    try:
        connection.request("OPTIONS", "*")
        response = connection.getresponse()
        response.read()
        assert response.status == 204
        assert {"GET", "HEAD", "POST", "OPTIONS"} <= set(response.headers["Allow"].split(", "))
        connection.request("GET", "*")
        assert connection.getresponse().status == 400
    finally:
        connection.close()


REST = b" HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"


@pytest.mark.parametrize(
    "parts",
    [
        ("GET /search?q=示例区".encode() + REST,),
        ("GET /sparql?query=SELECT+('示例区'+AS+?q){}".encode() + REST,),
        ("GET /sparql?query=SELECT+('示例区'+AS+?q){}".encode() + REST.replace(b"Connection: close\r\n", b""),),
        ("GET /search?q=示".encode(), "例区".encode() + REST[:5], REST[5:]),
        ("GET /search?q=示例区".encode()[:-1], "区".encode()[-1:], REST),
    ],
    ids=["a page", "a query", "a plain query", "in parts", "in parts of a character"],
)
def test_an_address_need_not_be_percent_encoded(server: Server, parts: tuple[bytes, ...]) -> None:
    """RFC 3987, 3.1: characters that are not ASCII are taken as UTF-8."""
    status, body = ask_raw(server, *parts)
    assert status == 200
    assert "示例区" in body.decode()


@pytest.mark.parametrize(
    "line", [b"GET /sparql?query=\xb9\xab", b"G\xc3\x89T /"], ids=["no UTF-8 in a query", "not in the address"]
)
def test_other_bytes_are_refused(server: Server, line: bytes) -> None:
    assert ask_raw(server, line + REST)[0] == 400


def test_what_changes_each_time_is_not_cached(server: Server) -> None:
    answer, _ = fetch(server, "/sparql?query=SELECT(NOW()AS%3Fn)%7B%7D")
    assert "ETag" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_runaway_query_gets_504_and_the_next_one_an_answer(server: Server) -> None:
    stopped, body = fetch(server, "/sparql", RUNAWAY)
    assert stopped.status == 504
    assert "took too long" in body.decode()
    assert list(query("ASK {}", endpoint=server.sparql, format="csv")) == [b"true"]


ENDLESS = RUNAWAY.replace("(COUNT(*) AS ?n)", "*")


def test_an_answer_that_is_cut_says_so_and_where_it_goes_on(server: Server) -> None:
    answer, body = fetch(server, "/sparql?format=csv&query=" + quote(ENDLESS.replace(ROWS, "(1) (2) (3)" * 20)))
    assert answer.headers["X-Result-Truncated"] == "rows=1000"
    assert body.count(b"\r\n") == 1001
    link = answer.headers["Link"]
    assert link.endswith('>; rel="next"')
    following, rest = fetch(server, link.removeprefix("<").partition(">")[0].removeprefix(server.address[:-1]))
    assert following.status == 200
    assert rest.count(b"\r\n") == 1001
    assert f"release={answer.headers['X-Release']}" in link


def test_the_client_does_not_take_a_cut_answer_for_whole(server: Server) -> None:
    with pytest.raises(RemoteError, match="only the beginning"):
        list(query(ENDLESS, endpoint=server.sparql, format="csv"))


def test_a_client_that_leaves_frees_the_only_worker(store: Path) -> None:
    server = Server(store, limit=3600)
    try:
        body = RUNAWAY.encode()
        head = f"POST /sparql HTTP/1.1\r\nHost: {server.host}\r\nContent-Type: application/sparql-query\r\n"
        with socket.create_connection((server.host, server.port)) as leaving:
            leaving.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        assert list(query("ASK {}", endpoint=server.sparql, format="csv", timeout=60)) == [b"true"]
    finally:
        assert server.stop()[0] == 0


def _sent_then_silent(server: Server, sent: bytes) -> bytes:
    """Send requests, end the own side of the connection, and return all that comes."""
    with socket.create_connection((server.host, server.port), 60) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        with connection.makefile("rb") as file:
            return file.read()


HEAD = b" HTTP/1.1\r\nHost: data.example.org\r\nAccept: text/csv\r\n"
GET = b"GET /sparql?query=" + quote(LABEL).encode() + HEAD + b"\r\n"
POSTED = b"POST /sparql%bContent-Type: application/sparql-query\r\nContent-Length: %d\r\n\r\n%b"


@pytest.mark.parametrize(
    ("sent", "statuses"),
    [
        (GET, [200]),
        (POSTED % (HEAD, len(LABEL), LABEL.encode()), [200]),
        (POSTED % (HEAD, len(RUNAWAY), RUNAWAY.encode()), [504]),
        (GET + b"GET /" + HEAD + b"\r\n" + GET, [200, 200, 200]),
        (GET.replace(b"?query=", b"?format=json&query=") + GET, [200, 200]),
    ],
)
def test_a_client_that_sends_nothing_more_is_answered(server: Server, sent: bytes, statuses: list[int]) -> None:
    told = _sent_then_silent(server, sent).replace(b"HTTP/1.1 100 Continue\r\n\r\n", b"")
    assert [int(status) for status in re.findall(rb"HTTP/1\.1 (\d+)", told)] == statuses
    assert (b"\xe7\xa4\xba" in told) == (200 in statuses)


@pytest.mark.parametrize("sent", [GET[:40], POSTED % (HEAD, 100, b"ASK {}")])
def test_half_a_request_is_not_answered(server: Server, sent: bytes) -> None:
    assert _sent_then_silent(server, sent) == b""


def test_a_running_server_goes_over_to_a_new_release(tmp_path: Path) -> None:
    base = "https://data.example.org/"
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"

    def publish(size: int) -> None:
        source = "".join(f"<urn:{n}> <urn:p> <urn:o> <{base}graph/doc/1/data> .\n" for n in range(size)).encode()
        build_release(tmp_path, [source], ReleaseMetadata(base, ("1",), "0"))

    publish(1)
    server = Server(tmp_path)
    try:
        tags = set()
        for size in (1, 2, 3):
            publish(size)
            assert b"".join(query(count, endpoint=server.sparql, format="csv")) == f"n\r\n{size}\r\n".encode()
            tags.add(fetch(server, "/sparql?query=ASK%7B%7D")[0].headers["ETag"])
        assert len(tags) == 3
    finally:
        assert server.stop()[0] == 0


def test_ctrl_c_ends_server_and_workers_quietly(store: Path) -> None:
    server = Server(store)
    assert json.loads(fetch(server, "/readyz")[1])["release"]
    assert server.stop(signal.SIGINT) == (0, "", "")


def test_hostile_queries_over_http_leave_the_server_alive(server: Server) -> None:
    for text in ("SELECT * " + "{" * 50_000, "SELECT (" + "STR(" * 9000 + "1" + ")" * 9000 + " AS ?x) {}", "\0", "{"):
        assert fetch(server, "/sparql", text)[0].status == 400
    assert fetch(server, "/healthz")[1] == b"ok\n"


@pytest.mark.parametrize(
    ("path", "text", "error", "said"),
    [
        ("sparql", "SELECT * {", QueryError, "1:11"),
        ("sparql", "SELECT * { SERVICE <http://a.example/> {} }", RemoteError, "does not call other endpoints"),
        ("healthz", "ASK {}", RemoteError, "405"),
        ("nowhere", "ASK {}", RemoteError, "check it is correct"),
    ],
)
def test_the_client_tells_what_an_endpoint_refused(
    server: Server, path: str, text: str, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        list(query(text, endpoint=server.address + path))


def test_a_taken_address_is_one_message(server: Server, store: Path) -> None:
    with pytest.raises(AddressError, match=rf"127\.0\.0\.1:{server.port}: cannot serve here.*--port"):
        serve(ServerConfig(store), port=server.port)


def test_an_empty_store_is_not_served(tmp_path: Path) -> None:
    with pytest.raises(NoReleaseError, match="budgetgraph publish"):
        serve(ServerConfig(tmp_path), port=0)
