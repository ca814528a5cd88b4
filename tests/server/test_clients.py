"""Clients that people use, out of the box: rdflib's SPARQLStore and curl (SPARQLWrapper is in test_serving.py)."""

import gzip
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import Graph, URIRef
from rdflib.namespace import SKOS
from rdflib.plugins.stores.sparqlstore import SPARQLStore

from tests.checks import skip_check

BODY = "https://data.example.org/id/org/demo-0001"


@pytest.fixture(scope="module")
def address(store: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "budgetgraph.cli", "serve", "--store", str(store), "--port", "0", "--workers", "1"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    for line in process.stderr:
        if "serving on " in line:
            break
    yield line.split("serving on ")[1].split()[0]
    process.terminate()
    process.communicate(timeout=60)
    assert process.returncode == 0


def curl(*arguments: str) -> bytes:
    if shutil.which("curl") is None:
        skip_check("curl is not installed")
    return subprocess.run(["curl", "--silent", "--fail", *arguments], capture_output=True, check=True).stdout


def test_rdflib_reads_through_its_sparql_store(address: str) -> None:
    graph = Graph(SPARQLStore(f"{address}sparql"))
    labels = {str(label) for label in graph.objects(URIRef(BODY), SKOS.prefLabel)}
    assert labels == {"示例区示例局", "Example Bureau of Example District"}
    rows = graph.query(f"SELECT (COUNT(*) AS ?n) {{ <{BODY}> ?p ?o }}")
    assert int(next(iter(rows))[0]) > 2  # type: ignore[index,arg-type]


def test_curl_asks_in_every_way(address: str) -> None:
    query = "ASK { ?s ?p ?o }"
    assert curl(f"{address}sparql", "--get", "--data-urlencode", f"query={query}", "-H", "Accept: text/csv") == b"true"
    assert b"true" in curl(f"{address}sparql", "--data-urlencode", f"query={query}")
    assert b"true" in curl(f"{address}sparql", "-H", "Content-Type: application/sparql-query", "--data", query)
    assert (
        "示例区示例局"
        in curl("--location", BODY.replace("https://data.example.org/", address), "-H", "Accept: text/turtle").decode()
    )


def test_curl_gets_compressed_answers(address: str) -> None:
    asked = (f"{address}sparql", "--get", "--data-urlencode", "query=SELECT * { ?s ?p ?o }")
    plain = curl(*asked)
    assert gzip.decompress(curl(*asked, "-H", "Accept-Encoding: gzip")) == plain
    for coding in ("zstd", "br"):
        assert len(curl(*asked, "-H", f"Accept-Encoding: {coding}")) < len(plain) / 3
