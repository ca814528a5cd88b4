"""The same application over a store elsewhere: one suite of results over both engines; what only a remote one does."""

import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from budgetgraph.server.app import close_app, create_app
from budgetgraph.server.binding import bind_variables
from budgetgraph.server.config import LogSettings, RemoteSettings, ServerConfig, WebLimits, WriteLimits
from budgetgraph.server.examples import read_examples
from budgetgraph.server.exceptions import RemoteError
from budgetgraph.server.remote_publishing import publish_remote
from budgetgraph.server.workers import PoolLimits
from tests.server.conftest import METADATA, PUBLISHED

TOKEN = "a token of this test alone"  # noqa: S105
WEB = WebLimits(seconds=None)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Return the address of an `oxigraph serve` process that holds nothing."""
    port = free_port()
    program = Path(sys.executable).with_name("oxigraph")
    process = subprocess.Popen(
        [
            program if program.exists() else shutil.which("oxigraph") or "oxigraph",
            "serve",
            "--bind",
            f"127.0.0.1:{port}",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until = time.monotonic() + 30
    while True:
        try:
            with urlopen(f"http://127.0.0.1:{port}/"):
                break
        except (URLError, OSError):
            assert process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait()


@pytest.fixture(scope="module")
def settings(address: str) -> RemoteSettings:
    return RemoteSettings(f"{address}/query", f"{address}/update", f"{address}/store", base=METADATA.base)


@pytest.fixture(scope="module")
def remote(settings: RemoteSettings) -> Iterator[FlaskClient]:
    publish_remote(settings, [PUBLISHED], METADATA)
    limits = WriteLimits(token=TOKEN)
    app = create_app(ServerConfig(settings, PoolLimits(rows=1000, bytes=1 << 20, time=20), web=WEB, writes=limits))
    yield app.test_client()
    close_app(app)


QUERIES = {
    **{example.name: example.query for example in read_examples()},
    "all": "SELECT ?s ?p ?o { ?s ?p ?o FILTER(!ISBLANK(?s) && !ISBLANK(?o)) }",
    "graphs": "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } FILTER(!CONTAINS(STR(?g), '/release')) } GROUP BY ?g",
    "counted once": "SELECT (COUNT(*) AS ?n) { ?s <http://www.w3.org/2004/02/skos/core#prefLabel> ?l }",
    "chinese": "SELECT ?l { ?s <http://www.w3.org/2004/02/skos/core#prefLabel> ?l FILTER(REGEX(?l, '示例.*局')) }",
    "sum": "SELECT (SUM(?a) AS ?t) { ?o <https://w3id.org/budgetgraph/def#amount> ?a }",
    "from": f"SELECT (COUNT(*) AS ?n) FROM <{METADATA.base}graph/orgs> {{ ?s ?p ?o }}",  # noqa: S608  # no SQL
    "path": "SELECT ?c { ?c <http://www.w3.org/2004/02/skos/core#broader>* ?d FILTER(ISIRI(?c)) } ORDER BY ?c",
    "optional": "SELECT ?s ?l { ?s a ?c FILTER(ISIRI(?s)) OPTIONAL { ?s <http://purl.org/dc/terms/title> ?l } }",
    "ask": "ASK { ?s a ?c }",
    "error": "SELECT (1/0 AS ?x) (STRLEN(1) AS ?y) {}",
    "text": "SELECT ('a,b' AS ?x) ('\\t\\n,' AS ?y) ('示例'@zh AS ?z) (1.50 AS ?n) {}",
}


@pytest.mark.parametrize("name", QUERIES)
def test_both_engines_give_the_same_results(client: FlaskClient, remote: FlaskClient, name: str) -> None:
    found = []
    for each in (client, remote):
        # In CSV, the other engine puts no quotes around IRIs that have commas.
        answer = each.get("/sparql", query_string={"query": QUERIES[name], "format": "tsv"})
        assert answer.status_code == 200, answer.text
        found.append(sorted(answer.text.split("\n")))
    assert found[0] == found[1]
    assert found[0]


def test_both_engines_give_the_same_graphs(client: FlaskClient, remote: FlaskClient) -> None:
    for path in ("/doc/org/demo-0001.nt", f"/graphs?graph={METADATA.base}graph/orgs&format=ntriples"):
        first, second = (set(each.get(path).text.splitlines()) for each in (client, remote))
        assert first
        assert first == second


def test_pages_are_the_same(client: FlaskClient, remote: FlaskClient) -> None:
    browser = {"Accept": "text/html"}
    for path in (
        "/",
        "/doc/org/demo-0001",
        "/validation/00000000000000aa",
        "/doc/code/functional/2021/2013101",
        "/doc/code/functional/2021/_T?inverse=http://www.w3.org/2004/02/skos/core%23broader",
        "/codes",
        "/validation",
        "/def",
    ):
        first, second = (each.get(path, headers=browser) for each in (client, remote))
        assert (first.status_code, second.status_code) == (200, 200), second.text
        # The name of the release differs, and so do its links; blank nodes have no names of their own.
        texts = [re.sub(r"\d{8}T[\d.]+Z-[0-9a-f]{8}|_:\w+", "", each.text) for each in (first, second)]
        assert texts[0].splitlines() == texts[1].splitlines()


def test_faults_are_told_with_the_same_status(client: FlaskClient, remote: FlaskClient) -> None:
    for query, status in (("SELECT * {", 400), ("SELECT * { SERVICE <urn:a> {} }", 403), ("SELECT (" + "(" * 200, 400)):
        for each in (client, remote):
            assert each.get("/sparql", query_string={"query": query}).status_code == status


def test_answers_are_cut_and_cached(remote: FlaskClient) -> None:
    values = " ".join(map(str, range(1500)))
    query = {"query": f"SELECT ?x {{ VALUES ?x {{ {values} }} }}", "format": "csv"}
    first = remote.get("/sparql", query_string=query)
    assert first.headers["X-Result-Truncated"] == "rows=1000"
    assert (
        remote.get("/sparql", query_string=query, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    )
    remote.get("/sparql", query_string=query)
    assert 'budgetgraph_cache_total{result="hit"} 1.0' in remote.get("/metrics").text


def test_the_dataset_of_a_request_goes_along(remote: FlaskClient) -> None:
    query = {"query": "ASK { ?s a ?c }", "format": "csv"}
    for graph, found in ((f"{METADATA.base}graph/orgs", "true"), ("urn:nothing", "false")):
        assert remote.get("/sparql", query_string={**query, "default-graph-uri": graph}).text == found


def test_writes_go_through_with_the_token_alone(remote: FlaskClient) -> None:
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    direct = {"Content-Type": "application/sparql-update"}
    text = b"INSERT DATA { GRAPH <urn:w> { <urn:a> <urn:p> 1 } }"
    assert remote.post("/update", headers=direct, data=text).status_code == 401
    assert remote.post("/update", headers=direct | bearer, data=text).status_code == 204
    path = "/graphs?graph=urn:w"
    assert (
        remote.put(path, headers=bearer | {"Content-Type": "text/turtle"}, data=b"<urn:x> <urn:y> 2 .").status_code
        == 204
    )
    assert remote.put(path, headers=bearer | {"Content-Type": "text/turtle"}, data=b"broken").status_code == 400
    assert remote.delete(path, headers=bearer).status_code == 204
    assert remote.delete(path, headers=bearer).status_code == 404


def test_the_release_is_what_the_publisher_wrote(settings: RemoteSettings, remote: FlaskClient) -> None:
    told = remote.get("/readyz").get_json()
    assert re.fullmatch(r"\d{8}T\d{6}\.\d{6}Z-[0-9a-f]{8}", told["release"])
    assert remote.get("/sparql?query=ASK%7B%7D&release=another").status_code == 404
    assert remote.get(f"/sparql?query=ASK%7B%7D&release={told['release']}").status_code == 200
    _, quads = publish_remote(settings, [PUBLISHED], METADATA)
    assert quads == len({str(q) for q in ox.parse(path=PUBLISHED, format=ox.RdfFormat.TRIG)})


def test_documents_that_are_not_published_again_are_gone(address: str, settings: RemoteSettings) -> None:
    other = f'<urn:s> <urn:p> "1" <{METADATA.base}graph/doc/0009/data> .\n'.encode()
    publish_remote(settings, [PUBLISHED, other], replace(METADATA, documents=(*METADATA.documents, "0009")))
    publish_remote(settings, [PUBLISHED], METADATA)
    with urlopen(  # noqa: S310  # our own server
        f"{address}/query?query=ASK%7B%7B%3Curn:s%3E%3Fp%3Fo%7DUNION%7BGRAPH%3Fg%7B%3Curn:s%3E%3Fp%3Fo%7D%7D%7D"
    ) as got:
        assert b"false" in got.read()


def test_publishing_says_which_addresses_it_needs(settings: RemoteSettings) -> None:
    with pytest.raises(RemoteError, match="BUDGETGRAPH_REMOTE_GRAPHS"):
        publish_remote(replace(settings, graphs=None), [PUBLISHED], METADATA)


def test_a_store_that_is_not_there_is_one_clear_message(capsys: pytest.CaptureFixture[str]) -> None:
    secret = "s3cret-never-told"  # noqa: S105
    gone = RemoteSettings("http://127.0.0.1:1/query", user="someone", password=secret)
    app = create_app(ServerConfig(gone, PoolLimits(time=5), web=WEB, logs=LogSettings(requests=True)))
    try:
        client = app.test_client()
        for path in ("/readyz", "/", "/sparql?query=ASK%7B%7D"):
            response = client.get(path)
            assert response.status_code == 502
            assert "cannot be reached" in response.text
            assert secret not in response.text
        assert client.get("/healthz").status_code == 200
    finally:
        close_app(app)
    assert secret not in repr(gone)
    assert secret not in "".join(capsys.readouterr())


@pytest.mark.parametrize("iri", ["urn:a> ?p ?o } #", "urn:a b", "urn:\n", 'urn:"', "urn:{}", "urn:\\u003e"])
def test_nothing_but_an_iri_is_bound(iri: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        bind_variables("SELECT ?x { ?x ?p ?o }", {"x": iri})
