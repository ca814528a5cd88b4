"""The contract of every path: (method, path, headers, body) -> (status, content type, marker in the body)."""

from dataclasses import dataclass, field

import pytest
from flask.testing import FlaskClient

SELECT = "SELECT+%3Fo+WHERE+%7B%3Chttps%3A%2F%2Fdata.example.org%2Fid%2Forg%2Fdemo-0001%3E+%3Fp+%3Fo%7D"
ASK = "ASK%7B%7D"
CONSTRUCT = "CONSTRUCT+WHERE%7B%3Fs+a+%3Fo%7D"
BODY = "/doc/org/demo-0001"
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
DIRECT = {"Content-Type": "application/sparql-query"}


@dataclass(frozen=True)
class Case:
    status: int
    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    content_type: str | None = None
    marker: str = ""
    expected: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.method} {self.path[:40]} {self.headers.get('Accept', '')[:30]} -> {self.status}"


def accept(media_type: str) -> dict[str, str]:
    return {"Accept": media_type}


CASES = [
    # SPARQL Protocol 2.1: the three ways to bring a query
    Case(200, "GET", f"/sparql?query={SELECT}", {}, b"", "application/sparql-results+json", "示例区示例局"),
    Case(200, "POST", "/sparql", FORM, f"query={SELECT}".encode(), "application/sparql-results+json", "示例区示例局"),
    Case(200, "POST", "/sparql", DIRECT, b"ASK {}", "application/sparql-results+json", '"boolean":true'),
    Case(200, "POST", "/sparql", DIRECT | {"Content-Type": "application/sparql-query; charset=UTF-8"}, b"ASK {}"),
    Case(200, "POST", "/sparql", FORM, "query=SELECT * {BIND('示' AS ?x)}".encode(), None, "示"),
    # Formats of tables and booleans
    Case(
        200,
        "GET",
        f"/sparql?query={SELECT}",
        accept("application/sparql-results+xml"),
        b"",
        "application/sparql-results+xml",
        "<sparql",
    ),
    Case(200, "GET", f"/sparql?query={SELECT}", accept("text/csv"), b"", "text/csv; charset=utf-8", "示例区示例局"),
    Case(
        200,
        "GET",
        f"/sparql?query={SELECT}",
        accept("text/tab-separated-values"),
        b"",
        "text/tab-separated-values; charset=utf-8",
        "?o",
    ),
    Case(
        200,
        "GET",
        f"/sparql?query={SELECT}",
        accept("text/csv;q=0.1, application/sparql-results+xml;q=0.2"),
        b"",
        "application/sparql-results+xml",
    ),
    Case(
        200,
        "GET",
        f"/sparql?query={SELECT}&format=tsv",
        accept("text/csv"),
        b"",
        "text/tab-separated-values; charset=utf-8",
    ),
    Case(
        200,
        "GET",
        f"/sparql?query={ASK}",
        accept("application/sparql-results+xml"),
        b"",
        "application/sparql-results+xml",
        "<boolean>true",
    ),
    Case(200, "GET", f"/sparql?query={ASK}", accept("text/csv"), b"", "text/csv; charset=utf-8", "true"),
    Case(406, "GET", f"/sparql?query={SELECT}", accept("text/turtle")),
    Case(406, "GET", f"/sparql?query={SELECT}&format=turtle"),
    Case(406, "GET", f"/sparql?query={SELECT}", accept("image/png;q=1")),
    # Formats of graphs
    Case(200, "GET", f"/sparql?query={CONSTRUCT}", {}, b"", "text/turtle; charset=utf-8", "@prefix bud:"),
    Case(
        200, "GET", f"/sparql?query={CONSTRUCT}", accept("application/n-triples"), b"", "application/n-triples", "> .\n"
    ),
    Case(
        200, "GET", f"/sparql?query={CONSTRUCT}", accept("application/rdf+xml"), b"", "application/rdf+xml", "<rdf:RDF"
    ),
    Case(200, "GET", f"/sparql?query={CONSTRUCT}", accept("application/ld+json"), b"", "application/ld+json", '"@id"'),
    Case(
        200,
        "GET",
        "/sparql?query=DESCRIBE+%3Chttps%3A%2F%2Fdata.example.org%2Fid%2Forg%2Fdemo-0001%3E",
        {},
        b"",
        "text/turtle; charset=utf-8",
        "示例区示例局",
    ),
    Case(406, "GET", f"/sparql?query={CONSTRUCT}", accept("text/csv")),
    # Broken requests
    Case(400, "GET", "/sparql?query=SELECT+*+%7B", {}, b"", "text/plain; charset=utf-8", "1:11"),
    Case(400, "GET", "/sparql?query=", {}, b"", None, "empty"),
    Case(400, "GET", f"/sparql?query={ASK}&query={ASK}", {}, b"", None, "2 times"),
    Case(400, "POST", f"/sparql?query={ASK}", DIRECT, b"ASK {}", None, "2 times"),
    Case(400, "GET", "/sparql?query=ASK%7B%7D%FF", {}, b"", None, "UTF-8"),
    Case(400, "GET", "/search?q=%D4%A4%CB%E3", {}, b"", None, "UTF-8"),
    Case(400, "GET", "/search?q=%e9%a2%84&year=%ff", {"Accept": "text/html"}, b"", None, "UTF-8"),
    Case(400, "GET", "/?%FF", {}, b"", None, "UTF-8"),
    Case(400, "POST", "/sparql", DIRECT, b"ASK {} #\xff", None, "UTF-8"),
    Case(400, "POST", "/sparql", FORM, b"query=%FF", None, "UTF-8"),
    Case(400, "POST", "/sparql", FORM, b"other=1", None, "no query"),
    Case(
        400, "GET", "/sparql?default-graph-uri=https%3A%2F%2Fdata.example.org%2Fgraph%2Forgs", {}, b"", None, "no query"
    ),
    Case(400, "GET", f"/sparql?query={ASK}&default-graph-uri=not+an+iri"),
    Case(
        400,
        "GET",
        "/sparql?query=SELECT+(%3Chttp%3A%2F%2Ff.example%2F%3E(1)+AS+%3Fx)+%7B%7D",
        {},
        b"",
        None,
        "custom function",
    ),
    Case(403, "GET", "/sparql?update=CLEAR+ALL", {}, b"", None, "takes queries"),
    Case(403, "POST", "/sparql", FORM, b"update=CLEAR+ALL", None, "takes queries"),
    Case(403, "POST", "/sparql", {"Content-Type": "application/sparql-update"}, b"CLEAR ALL", None, "takes queries"),
    Case(403, "POST", "/sparql", DIRECT, b"CLEAR ALL", None, "read-only"),
    Case(413, "POST", "/sparql", DIRECT, b"ASK {} #" + b"x" * (1 << 18)),
    Case(413, "POST", "/sparql", DIRECT, b"x" * (5 << 20)),
    Case(415, "POST", "/sparql", {"Content-Type": "text/plain"}, b"ASK {}"),
    Case(415, "POST", "/sparql", {}, b"ASK {}"),
    Case(
        415, "POST", "/sparql", {"Content-Type": "application/sparql-query; charset=utf-16"}, "ASK {}".encode("utf-16")
    ),
    Case(415, "POST", "/sparql", DIRECT | {"Content-Encoding": "gzip"}, b"ASK {}"),
    *(Case(405, m, "/sparql", expected={"Allow": "GET, HEAD, OPTIONS, POST"}) for m in ("PUT", "DELETE", "PATCH")),
    # HEAD, OPTIONS, and the endpoint without a query
    Case(200, "HEAD", f"/sparql?query={SELECT}", {}, b"", "application/sparql-results+json"),
    Case(204, "OPTIONS", "/sparql", expected={"Access-Control-Allow-Origin": "*", "Allow": "GET, HEAD, POST, OPTIONS"}),
    Case(200, "GET", "/sparql", {}, b"", "text/turtle; charset=utf-8", "sd:UnionDefaultGraph"),
    Case(200, "GET", "/sparql", accept("application/rdf+xml"), b"", "application/rdf+xml", "SPARQL11Query"),
    Case(200, "GET", "/sparql", BROWSER, b"", "text/html; charset=utf-8", "<textarea"),
    Case(406, "GET", "/sparql", accept("text/csv")),
    Case(200, "GET", f"/sparql?query={SELECT}", BROWSER, b"", "text/html; charset=utf-8", "示例区示例局</span>"),
    Case(200, "GET", f"/sparql?query={ASK}&lang=en", BROWSER, b"", "text/html; charset=utf-8", "<p>yes</p>"),
    Case(200, "GET", f"/sparql?query={CONSTRUCT}", BROWSER, b"", "text/html; charset=utf-8", "<pre>@prefix"),
    Case(400, "GET", "/sparql?query=SELECT+*+%7B", BROWSER, b"", "text/html; charset=utf-8", "<textarea"),
    # Linked data
    Case(303, "GET", "/id/org/demo-0001", BROWSER, expected={"Location": BODY, "Vary": "Accept"}),
    Case(303, "GET", "/id/org/demo-0001", {}, expected={"Location": BODY}),
    Case(303, "GET", "/id/org/demo-0001", accept("text/turtle"), expected={"Location": f"{BODY}.ttl"}),
    Case(303, "GET", "/id/org/demo-0001", accept("application/ld+json"), expected={"Location": f"{BODY}.jsonld"}),
    Case(406, "GET", "/id/org/demo-0001", accept("image/png")),
    Case(200, "GET", BODY, BROWSER, b"", "text/html; charset=utf-8", "<h1>示例区示例局</h1>"),
    Case(200, "GET", f"{BODY}?lang=en", BROWSER, b"", "text/html; charset=utf-8", "<h1>Example Bureau"),
    Case(200, "GET", BODY, BROWSER | {"Accept-Language": "en-GB"}, b"", None, "<h1>Example Bureau"),
    Case(200, "GET", BODY, accept("text/turtle"), b"", "text/turtle; charset=utf-8", "示例区示例局"),
    Case(200, "GET", f"{BODY}.ttl", BROWSER, b"", "text/turtle; charset=utf-8", "示例区示例局"),
    Case(200, "GET", f"{BODY}.nt", {}, b"", "application/n-triples", "<https://data.example.org/id/org/demo-0001>"),
    Case(200, "GET", f"{BODY}.rdf", {}, b"", "application/rdf+xml", "<rdf:RDF"),
    Case(200, "GET", f"{BODY}.jsonld", {}, b"", "application/ld+json", "示例区示例局"),
    Case(200, "GET", f"{BODY}.html", accept("text/turtle"), b"", "text/html; charset=utf-8", "<h1>"),
    Case(200, "HEAD", BODY, BROWSER, b"", "text/html; charset=utf-8"),
    Case(406, "GET", BODY, accept("image/png")),
    Case(405, "POST", BODY),
    Case(404, "GET", "/doc/org/nobody", BROWSER, b"", "text/html; charset=utf-8", "org/nobody"),
    Case(404, "GET", "/doc/org/nobody.ttl", {}, b"", "text/plain; charset=utf-8", "org/nobody"),
    Case(404, "GET", "/doc/org/nobody", accept("application/json"), b"", "application/problem+json", '"status": 404'),
    Case(404, "GET", "/doc/%E7%A4%BA%20%3Cb%3E", BROWSER),
    Case(200, "GET", "/doc/code/functional/2021/2013101", BROWSER, b"", None, "行政运行"),
    Case(200, "GET", "/def", BROWSER, b"", "text/html; charset=utf-8", 'id="amount"'),
    Case(200, "GET", "/def", accept("text/turtle"), b"", "text/turtle; charset=utf-8", "bud:amount "),
    Case(200, "GET", "/def.jsonld", {}, b"", "application/ld+json", "#amount"),
    Case(406, "GET", "/def.pdf"),
    Case(200, "GET", "/shapes", {}, b"", "text/turtle; charset=utf-8", "sh:"),
    Case(200, "GET", "/shapes", BROWSER, b"", "text/html; charset=utf-8", 'id="WT-1"'),
    Case(406, "GET", "/shapes", accept("application/rdf+xml")),
    Case(200, "GET", "/validation/00000000000000aa", BROWSER, b"", "text/html; charset=utf-8", "乘积不符"),
    Case(200, "GET", "/validation/00000000000000aa?lang=en", BROWSER, b"", None, "The product differs"),
    Case(
        200,
        "GET",
        "/validation/00000000000000aa",
        accept("text/turtle"),
        b"",
        "text/turtle; charset=utf-8",
        "sh:ValidationReport",
    ),
    Case(200, "GET", "/validation/00000000000000aa.nt", {}, b"", "application/n-triples", "乘积不符"),
    Case(404, "GET", "/validation/00000000000000bb", BROWSER, b"", "text/html; charset=utf-8", "00000000000000bb"),
    Case(200, "GET", "/", BROWSER, b"", "text/html; charset=utf-8", "3,001,200.00"),
    Case(404, "GET", "/nothing", BROWSER, b"", "text/html; charset=utf-8", "404"),
    Case(404, "GET", "/static/../app.py"),
    Case(200, "GET", "/static/style.css", {}, b"", "text/css; charset=utf-8", ":root"),
    Case(200, "GET", "/healthz", {}, b"", "text/plain; charset=utf-8", "ok"),
    Case(200, "GET", "/readyz", {}, b"", "application/json", "workers_without_network"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_contract(client: FlaskClient, case: Case) -> None:
    response = client.open(case.path, method=case.method, headers=case.headers, data=case.body)
    assert response.status_code == case.status, response.text[:300]
    assert case.content_type in {None, response.headers.get("Content-Type")}
    assert case.marker in response.text
    for name, value in case.expected.items():
        found = response.headers[name]
        assert (set(found.split(", ")), found)[name != "Allow"] == (set(value.split(", ")), value)[name != "Allow"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response.headers
    if case.method == "HEAD":
        assert response.data == b""
    response.close()


def test_every_failure_says_what_is_wrong(client: FlaskClient) -> None:
    for case in CASES:
        if case.status >= 400 and case.method != "HEAD":
            text = client.open(case.path, method=case.method, headers=case.headers, data=case.body).text
            assert len(text.strip()) > 10
            assert "Traceback" not in text
