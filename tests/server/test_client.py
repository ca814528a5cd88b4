"""The client over a store directory, and over addresses where no endpoint is."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from budgetgraph.server.client import query
from budgetgraph.server.exceptions import NoReleaseError, QueryError, QueryTimeoutError, RemoteError

TOTAL = """
PREFIX bud: <https://w3id.org/budgetgraph/def#>
PREFIX qb: <http://purl.org/linked-data/cube#>
SELECT (SUM(?amount) AS ?total) {
  ?o qb:dataSet ?d ; bud:amount ?amount ; bud:isLeaf true .
  ?d bud:canonical true ; qb:structure bud:dsd-expenditure .
}
"""
VALUES = " ".join(f"({n})" for n in range(2000))


class WebPage(BaseHTTPRequestHandler):
    """Answers everything with a page, as a portal does whose endpoint is elsewhere."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        body = b"<html>Welcome</html>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def web_page() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), WebPage)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def test_asks_a_store(store: Path) -> None:
    assert b"".join(query(TOTAL, store=store, format="csv")) == b"total\r\n3001200\r\n"


def test_counts_once_what_stands_in_two_graphs(store: Path) -> None:
    label = "SELECT (COUNT(*) AS ?n) { ?s <http://www.w3.org/2004/02/skos/core#prefLabel> '示例区示例局'@zh }"
    assert b"".join(query(label, store=store, format="csv")) == b"n\r\n1\r\n"


@pytest.mark.parametrize(
    ("text", "written", "marker"),
    [
        ("ASK {}", None, b'"boolean":true'),
        ("ASK {}", "xml", b"<boolean>true"),
        ("SELECT (1 AS ?x) {}", "tsv", b"?x"),
        ("CONSTRUCT WHERE { ?s a ?o }", None, b"@prefix"),
        ("CONSTRUCT WHERE { ?s a ?o }", "nt", b"<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"),
    ],
)
def test_formats(store: Path, text: str, written: str | None, marker: bytes) -> None:
    assert marker in b"".join(query(text, store=store, format=written))


@pytest.mark.parametrize(
    ("text", "written", "said"),
    [("SELECT * {", None, "1:11"), ("ASK {}", "turtle", "possible: json"), ("nonsense", None, "a query begins with")],
)
def test_tells_what_is_wrong_with_a_query(store: Path, text: str, written: str | None, said: str) -> None:
    with pytest.raises(QueryError, match=said):
        list(query(text, store=store, format=written))


def test_stops_in_time(store: Path) -> None:
    runaway = f"SELECT (COUNT(*) AS ?n) {{ {' '.join(f'VALUES (?{v}) {{ {VALUES} }}' for v in 'abc')} }}"
    with pytest.raises(QueryTimeoutError):
        list(query(runaway, store=store, timeout=0.5))


def test_tells_that_nothing_is_published(tmp_path: Path) -> None:
    with pytest.raises(NoReleaseError):
        list(query("ASK {}", store=tmp_path))


def test_tells_a_web_page_from_an_answer(web_page: str) -> None:
    with pytest.raises(RemoteError, match="answered with text/html"):
        list(query("ASK {}", endpoint=web_page))


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:1/sparql", "http://[bad/", "file:///etc/passwd", "no address"])
def test_tells_an_address_that_is_not_reached(endpoint: str) -> None:
    with pytest.raises(RemoteError, match=r"cannot be reached|no address"):
        list(query("ASK {}", endpoint=endpoint))


def test_needs_one_place_to_ask(store: Path) -> None:
    with pytest.raises(ValueError, match="either a store or an endpoint"):
        query("ASK {}")
    with pytest.raises(ValueError, match="either a store or an endpoint"):
        query("ASK {}", store=store, endpoint="http://a.example/")
