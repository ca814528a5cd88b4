"""Update and Graph Store over a store of their own: each case of the W3C suites restated, and what they leave out.

A case of SPARQL 1.1 Protocol (2.2) or Graph Store HTTP Protocol is a test or a row of a table here; those that only
read are in test_contract.py.
"""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from budgetgraph.server.app import close_app, create_app
from budgetgraph.server.config import ServerConfig, WebLimits, WriteLimits
from budgetgraph.server.exceptions import PreconditionError
from budgetgraph.server.publishing import build_release
from budgetgraph.server.releases import ReleaseMetadata, current
from budgetgraph.server.workers import PoolLimits
from budgetgraph.server.writes import Write, write

BASE = "https://data.example.org/"
DATA = f"{BASE}graph/doc/0001/data"
TOKEN = "a token of this test alone"  # noqa: S105
BEARER = {"Authorization": f"Bearer {TOKEN}"}
DIRECT = {"Content-Type": "application/sparql-update"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
TURTLE = {"Content-Type": "text/turtle"}
PERSON = '@prefix f: <http://xmlns.com/foaf/0.1/> . <urn:john> a f:Person ; f:name "示例" .'


@pytest.fixture(scope="module")
def folder(memory_folder: Path) -> Path:
    folder = memory_folder / "store"
    source = f'<urn:s> <urn:p> "1" <{DATA}> .\n'.encode()
    build_release(folder, [source], ReleaseMetadata(BASE, ("0001",), "0"))
    return folder


@pytest.fixture(scope="module")
def writable(folder: Path) -> Iterator[FlaskClient]:
    limits = WriteLimits(token=TOKEN, body=100_000, time=60)
    app = create_app(ServerConfig(folder, PoolLimits(workers=1), web=WebLimits(seconds=None), writes=limits))
    yield app.test_client()
    close_app(app)


def update(client: FlaskClient, text: str, parameters: str = "", **headers: str) -> TestResponse:
    return client.post(f"/update{parameters}", headers=DIRECT | BEARER | headers, data=text.encode())


def ask(client: FlaskClient, pattern: str) -> bool:
    told = client.get("/sparql", query_string={"query": f"ASK {{ {pattern} }}"}).get_json(force=True)
    return bool(told["boolean"])


def named(graph: str) -> str:
    return f"/graphs?graph={quote(graph, safe='')}"


def triples(response: TestResponse) -> set[ox.Triple]:
    assert response.status_code == 200, response.text
    parsed = ox.parse(response.data, ox.RdfFormat.from_media_type(response.mimetype or ""))
    return {quad.triple for quad in parsed}


def put(client: FlaskClient, path: str, text: str = PERSON, headers: dict[str, str] | None = None) -> TestResponse:
    return client.put(path, headers=BEARER | (headers or TURTLE), data=text.encode())


# Protocol, 2.2: update


def test_an_update_directly_and_by_form(writable: FlaskClient) -> None:
    assert update(writable, "INSERT DATA { GRAPH <urn:g1> { <urn:a> <urn:p> <urn:b> } }").status_code == 204
    assert ask(writable, "GRAPH <urn:g1> { <urn:a> <urn:p> <urn:b> }")
    form = "update=" + quote("DELETE DATA { GRAPH <urn:g1> { <urn:a> <urn:p> <urn:b> } }")
    assert writable.post("/update", headers=FORM | BEARER, data=form).status_code == 204
    assert not ask(writable, "GRAPH <urn:g1> { ?s ?p ?o }")


def test_an_update_resolves_against_the_address(writable: FlaskClient) -> None:
    assert update(writable, "CLEAR GRAPH <urn:b> ; INSERT DATA { GRAPH <urn:b> { <x> <y> <z> } }").status_code == 400
    assert update(writable, "INSERT DATA { GRAPH <urn:b> { <x> <y> <z> } }").status_code == 204
    assert ask(writable, "GRAPH <urn:b> { <http://localhost/x> <http://localhost/y> ?o }")


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ("?using-graph-uri=urn:u1", {"1"}),
        ("?using-graph-uri=urn:u1&using-graph-uri=urn:u2", {"1", "2"}),
        ("?using-named-graph-uri=urn:u1", {"named 1"}),
        ("?using-named-graph-uri=urn:u1&using-named-graph-uri=urn:u2", {"named 1", "named 2"}),
        ("?using-graph-uri=urn:u1&using-named-graph-uri=urn:u2", {"1", "named 2"}),
    ],
)
def test_the_dataset_of_an_update(writable: FlaskClient, parameters: str, found: set[str]) -> None:
    prepared = "".join(f"GRAPH <urn:u{n}> {{ <urn:s> <urn:p> '{n}' }}" for n in (1, 2))
    assert update(writable, f"DROP SILENT GRAPH <urn:out> ; INSERT DATA {{ {prepared} }}").status_code == 204
    text = (
        "INSERT { GRAPH <urn:out> { ?s <urn:found> ?v } } WHERE "
        "{ { ?s ?p ?v } UNION { GRAPH ?g { ?s ?p ?o } BIND(CONCAT('named ', ?o) AS ?v) } }"
    )
    assert update(writable, text, parameters).status_code == 204
    values = {triple.object.value for triple in triples(writable.get(named("urn:out")))}  # type: ignore[union-attr]
    assert values == found


def test_delete_where_sees_the_dataset_of_the_request(writable: FlaskClient) -> None:
    update(writable, "INSERT DATA { GRAPH <urn:d1> { <urn:s> <urn:p> 1 } GRAPH <urn:d2> { <urn:s> <urn:p> 1 } }")
    text = "DELETE WHERE { GRAPH ?g { <urn:s> <urn:p> 1 } }"
    assert update(writable, text, "?using-named-graph-uri=urn:d1").status_code == 204
    assert not ask(writable, "GRAPH <urn:d1> { ?s ?p ?o }")
    assert ask(writable, "GRAPH <urn:d2> { ?s ?p ?o }")


@pytest.mark.parametrize(
    ("status", "method", "headers", "body", "said"),
    [
        (405, "GET", {}, b"", "GET"),
        (400, "POST", FORM, b"update=CLEAR%20GRAPH%20%3Curn:x%3E&update=CLEAR%20GRAPH%20%3Curn:x%3E", "2 times"),
        (415, "POST", {"Content-Type": "text/plain"}, b"CLEAR NAMED", "text/plain"),
        (415, "POST", {}, b"update=CLEAR%20NAMED", "(none)"),
        (415, "POST", {"Content-Type": "application/sparql-query"}, b"CLEAR NAMED", "not taken"),
        (415, "POST", DIRECT | {"Content-Type": "application/sparql-update; charset=utf-16"}, b"CLEAR NAMED", "UTF-8"),
        (400, "POST", DIRECT, b"CLEAR NAMED #\xff", "UTF-8"),
        (400, "POST", FORM, b"update=%FF", "UTF-8"),
        (400, "POST", FORM, b"other=1", "no update"),
        (400, "POST", FORM, b"update=CLEAR%20NAMED&query=ASK%7B%7D", "query"),
        (400, "POST", DIRECT, b"CLEAR XYZ", "1:"),
        (400, "POST", DIRECT, b"ASK {}", "1:"),
        (403, "POST", DIRECT, b"LOAD <http://127.0.0.1:1/>", "does not fetch"),
        (403, "POST", DIRECT, b"LOAD SILENT <file:///etc/passwd> INTO GRAPH <urn:g>", "does not fetch"),
        (403, "POST", DIRECT, b"\\u004COAD <http://127.0.0.1:1/>", "does not fetch"),
        (403, "POST", DIRECT, b"INSERT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", "SERVICE"),
        (413, "POST", DIRECT, b"#" * 100_001, "parts"),
    ],
)
def test_what_is_no_update_changes_nothing(
    writable: FlaskClient, folder: Path, status: int, method: str, headers: dict[str, str], body: bytes, said: str
) -> None:
    before = current(folder)
    response = writable.open("/update", method=method, headers=headers | BEARER, data=body)
    assert response.status_code == status, response.text
    assert said in response.text or status == 405
    assert current(folder) == before
    if status == 405:
        assert set(response.headers["Allow"].split(", ")) == {"POST", "OPTIONS"}


@pytest.mark.parametrize(
    "text",
    [
        "INSERT { GRAPH <urn:x> { ?s ?p ?o } } USING <urn:a> WHERE { ?s ?p ?o }",
        "WITH <urn:a> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    ],
)
def test_a_dataset_is_stated_once(writable: FlaskClient, text: str) -> None:
    assert update(writable, text, "?using-graph-uri=urn:b").status_code == 400


def test_writing_needs_the_token(writable: FlaskClient, client: FlaskClient, folder: Path) -> None:
    before = current(folder)
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {TOKEN}"}, {"Authorization": "x"}):
        for path, method in (("/update", "POST"), (named("urn:g"), "PUT"), ("/graphs?default", "DELETE")):
            refused = writable.open(path, method=method, headers=DIRECT | headers, data=b"CLEAR NAMED")
            assert refused.status_code == 401
            assert refused.headers["WWW-Authenticate"].startswith("Bearer")
    for path, method in (("/update", "POST"), (named("urn:g"), "PUT"), ("/graphs", "POST"), ("/graph/x", "DELETE")):
        assert client.open(path, method=method, headers=DIRECT | BEARER, data=b"CLEAR NAMED").status_code == 403
    assert current(folder) == before


# The default graph is the union of the named ones


def test_what_is_written_into_the_default_graph_stays_there(writable: FlaskClient) -> None:
    assert update(writable, "INSERT DATA { <urn:own> <urn:p> 1 }").status_code == 204
    assert update(writable, "INSERT DATA { GRAPH <urn:more> { <urn:m> <urn:p> 1 } }").status_code == 204
    assert ask(writable, "<urn:own> <urn:p> 1 . <urn:m> <urn:p> 1")
    assert ask(writable, f"GRAPH <{BASE}graph/default> {{ <urn:own> <urn:p> 1 }}")
    assert update(writable, "DELETE DATA { <urn:own> <urn:p> 1 }").status_code == 204
    assert not ask(writable, "<urn:own> ?p ?o")


def test_a_statement_of_a_named_graph_is_not_deleted_from_the_union(writable: FlaskClient, folder: Path) -> None:
    update(writable, "INSERT DATA { GRAPH <urn:held> { <urn:held> <urn:p> 1 } }")
    before = current(folder)
    refused = update(writable, "DELETE DATA { <urn:held> <urn:p> 1 }")
    assert refused.status_code == 409
    assert "<urn:held>" in refused.text
    assert current(folder) == before


def test_a_document_goes_with_its_figures_and_comes_with_them(writable: FlaskClient, folder: Path) -> None:
    new = f"{BASE}graph/doc/0002/data"
    assert update(writable, f"INSERT DATA {{ GRAPH <{new}> {{ <urn:s> <urn:p> 2 }} }}").status_code == 204
    assert current(folder).metadata.documents == ("0001", "0002")
    assert writable.delete(named(new), headers=BEARER).status_code == 204
    assert current(folder).metadata.documents == ("0001",)


# Graph Store HTTP Protocol


@pytest.mark.parametrize("path", ["/graph/person/1", named(f"{BASE}graph/person/2")])
def test_a_graph_through_its_life(writable: FlaskClient, path: str) -> None:
    assert writable.get(path).status_code == writable.head(path).status_code == 404
    assert writable.delete(path, headers=BEARER).status_code == 404
    created = put(writable, path)
    assert created.status_code == 201
    assert len(triples(writable.get(created.headers["Location"]))) == 2
    assert len(triples(writable.get(path, headers={"Accept": "application/rdf+xml"}))) == 2
    head = writable.head(path)
    assert (head.status_code, head.mimetype, head.data) == (200, "text/turtle", b"")
    assert put(writable, path, "<urn:jane> a <urn:Person> .").status_code == 204
    assert len(triples(writable.get(path))) == 1
    added = writable.post(path, headers=BEARER | TURTLE, data=PERSON.encode())
    assert added.status_code == 204
    assert len(triples(writable.get(path))) == 3
    nothing = writable.post(path, headers=BEARER | TURTLE, data=b"")
    assert nothing.status_code == 204
    assert len(triples(writable.get(path))) == 3
    assert put(writable, path, "").status_code == 204
    assert triples(writable.get(path)) == set()
    assert writable.delete(path, headers=BEARER).status_code == 204
    assert writable.get(path).status_code == 404


def test_an_empty_graph_is_a_graph(writable: FlaskClient) -> None:
    assert put(writable, "/graph/empty", "").status_code == 201
    assert triples(writable.get("/graph/empty")) == set()
    assert update(writable, "INSERT DATA { GRAPH <urn:other> { <urn:x> <urn:y> 1 } }").status_code == 204
    assert writable.get("/graph/empty").status_code == 200


def test_a_new_graph_gets_a_name(writable: FlaskClient) -> None:
    created = writable.post("/graphs", headers=BEARER | TURTLE, data=PERSON.encode())
    assert created.status_code == 201
    assert len(triples(writable.get(created.headers["Location"]))) == 2


def test_the_default_graph_is_put_added_to_and_deleted(writable: FlaskClient) -> None:
    own = {ox.Triple(ox.NamedNode("urn:one"), ox.NamedNode("urn:p"), ox.Literal("1"))}
    assert put(writable, "/graphs?default", '<urn:one> <urn:p> "1" .').status_code in {201, 204}
    assert own < triples(writable.get("/graphs?default"))
    added = writable.post("/graphs?default", headers=BEARER | TURTLE, data=b'<urn:two> <urn:p> "2" .')
    assert added.status_code == 204
    assert ask(writable, '<urn:one> <urn:p> "1" . <urn:two> <urn:p> "2"')
    assert writable.delete("/graphs?default", headers=BEARER).status_code == 204
    assert not ask(writable, "<urn:one> ?p ?o")
    assert ask(writable, '<urn:s> <urn:p> "1"')


def test_a_graph_in_a_form(writable: FlaskClient) -> None:
    def send(*files: tuple[str, str]) -> TestResponse:
        parts: Any = [("graph", (io.BytesIO(text.encode()), "g", kind)) for text, kind in files]
        return writable.post("/graph/form", headers=BEARER, data=MultiDict(parts))

    assert send((PERSON, "text/turtle")).status_code == 201
    assert send(("<urn:x> <urn:y> <urn:z> .", "application/n-triples")).status_code == 204
    assert len(triples(writable.get("/graph/form"))) == 3
    assert send().status_code in {400, 415}
    assert send((PERSON, "text/turtle"), (PERSON, "text/turtle")).status_code == 400
    assert send((PERSON, "image/png")).status_code == 415


LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><x/>'


@pytest.mark.parametrize(
    ("status", "path", "kind", "body", "said"),
    [
        (400, "/graph/bad", "text/turtle", b"<urn:a> <urn:b>", "line 1 column 16"),
        (400, "/graph/bad", "application/rdf+xml", PERSON.encode(), ""),
        (400, "/graph/bad", "application/ld+json", b'{"@context": "http://127.0.0.1:1/c", "@id": "urn:a"}', ""),
        (400, "/graphs", "text/turtle", PERSON.encode(), "Name a graph"),
        (400, "/graphs?default&graph=urn:a", "text/turtle", PERSON.encode(), "one graph"),
        (400, "/graphs?graph=urn:a&graph=urn:b", "text/turtle", PERSON.encode(), "one graph"),
        (400, "/graphs?graph=relative", "text/turtle", PERSON.encode(), "no IRI"),
        (403, "/graph/bad", "application/rdf+xml", LAUGHS, "document type"),
        (413, "/graph/bad", "text/turtle", b"#" * 100_001, "parts"),
        (415, "/graph/bad", "text/plain", PERSON.encode(), "not taken"),
        (415, "/graph/bad", "application/trig", PERSON.encode(), "not taken"),
    ],
)
def test_a_bad_graph_changes_nothing(
    writable: FlaskClient, folder: Path, status: int, path: str, kind: str, body: bytes, said: str
) -> None:
    before = current(folder)
    response = writable.put(path, headers=BEARER | {"Content-Type": kind}, data=body)
    assert response.status_code == status, response.text
    assert said in response.text
    assert current(folder) == before


def test_a_graph_that_eats_memory_ends_with_its_process(folder: Path) -> None:
    limits = WriteLimits(token=TOKEN, memory=700 << 20, body=16 << 20)
    app = create_app(ServerConfig(folder, PoolLimits(workers=1), web=WebLimits(seconds=None), writes=limits))
    try:
        before = current(folder)
        body = b"<urn:a> <urn:b> " + b"[ <urn:p> " * 1_000_000 + b"1" + b"]" * 1_000_000 + b" ."
        response = put(app.test_client(), "/graph/deep", body.decode())
        assert response.status_code in {400, 500}
        assert current(folder) == before
    finally:
        close_app(app)


@pytest.mark.parametrize("path", ["/graphs", "/graph/doc/0001/data"])
def test_options_tell_what_is_possible(writable: FlaskClient, client: FlaskClient, path: str) -> None:
    assert "PUT" in writable.options(path).headers["Allow"]
    assert "PUT" not in client.options(path).headers["Allow"]
    assert client.patch(path).status_code == 405


def test_reading_graphs_needs_no_token(writable: FlaskClient) -> None:
    first = writable.get("/graph/doc/0001/data")
    assert triples(first) == {ox.Triple(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.Literal("1"))}
    again = writable.get("/graph/doc/0001/data", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert writable.get("/graph/doc/0001/data", headers={"Accept": "text/csv"}).status_code == 406


# Service Description


def test_the_description_names_update_only_where_it_is_taken(writable: FlaskClient, client: FlaskClient) -> None:
    assert "SPARQL11Update" in writable.get("/sparql").text
    told = client.get("/sparql").text
    assert "SPARQL11Update" not in told
    assert "BasicFederatedQuery" not in told
    assert "bud:queryTimeLimit 30" in told
    assert "bud:solutionLimit 100000" in told


# RFC 9110, 13.1: conditions of a write


def test_a_write_with_a_condition_that_fails_changes_nothing(writable: FlaskClient) -> None:
    path = named("urn:conditions")
    assert put(writable, path, "<urn:a> <urn:p> 1 .", TURTLE | {"If-Match": "*"}).status_code == 412
    assert put(writable, path, "<urn:a> <urn:p> 1 .", TURTLE | {"If-None-Match": "*"}).status_code == 201
    assert put(writable, path, "<urn:a> <urn:p> 2 .", TURTLE | {"If-None-Match": "*"}).status_code == 412
    tag = writable.get(path).headers["ETag"]
    assert put(writable, path, "<urn:a> <urn:p> 2 .", TURTLE | {"If-None-Match": tag}).status_code == 412
    assert put(writable, path, "<urn:a> <urn:p> 2 .", TURTLE | {"If-Match": f'"other", {tag}'}).status_code == 204
    for refused in (
        put(writable, path, "<urn:a> <urn:p> 3 .", TURTLE | {"If-Match": tag}),
        writable.delete(path, headers=BEARER | {"If-Match": tag}),
        writable.post(path, headers=BEARER | TURTLE | {"If-Match": tag}, data=b"<urn:a> <urn:p> 3 ."),
    ):
        assert refused.status_code == 412
    assert ask(writable, "GRAPH <urn:conditions> { <urn:a> <urn:p> 2 FILTER NOT EXISTS { ?s ?p 3 } }")
    tag = writable.get(path, headers={"Accept": "application/n-triples"}).headers["ETag"]
    assert writable.delete(path, headers=BEARER | {"If-Match": tag}).status_code == 204


def test_a_write_for_a_release_that_is_live_no_more_changes_nothing(folder: Path) -> None:
    before = current(folder)
    with pytest.raises(PreconditionError):
        write(folder, WriteLimits(time=60), Write("delete", DATA, release="another"), b"")
    assert current(folder) == before
