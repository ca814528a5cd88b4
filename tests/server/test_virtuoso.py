"""The suite of results over Virtuoso, of the version that the system brings: what it answers rightly, and what not.

Its wrong answers are known faults of that version. A test that begins to pass fails here, so that docs/stores.md is
changed with it.
"""

import csv
import io
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from budgetgraph.server.app import close_app, create_app
from budgetgraph.server.config import RemoteSettings, ServerConfig, WebLimits
from budgetgraph.server.workers import PoolLimits
from tests.server.conftest import METADATA, PUBLISHED
from tests.server.test_remote import QUERIES, free_port

SETTINGS = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = temporary.db
TransactionFile = temporary.trx
[Parameters]
ServerPort = 127.0.0.1:{port}
DirsAllowed = .
NumberOfBuffers = 2000
MaxDirtyBuffers = 1500
CheckpointInterval = 0
ServerThreads = 10
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 5
[SPARQL]
ResultSetMaxRows = 10000
"""


@pytest.fixture(scope="module")
def virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """Return a client of the application over a Virtuoso that holds the publication of the tests."""
    folder = tmp_path_factory.mktemp("virtuoso")
    port, http = free_port(), free_port()
    (folder / "virtuoso.ini").write_text(SETTINGS.format(port=port, http=http))
    ox.serialize(ox.parse(path=PUBLISHED, format=ox.RdfFormat.TRIG), str(folder / "data.nq"), ox.RdfFormat.N_QUADS)
    process = subprocess.Popen(
        ["virtuoso-t", "+foreground", "+configfile", "virtuoso.ini"],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _load(port, process)
        settings = RemoteSettings(f"http://127.0.0.1:{http}/sparql", base=METADATA.base, union=True)
        # It sorts no more rows than this (MaxSortedTopRows).
        app = create_app(ServerConfig(settings, PoolLimits(rows=10_000, time=20), web=WebLimits(seconds=None)))
        try:
            yield app.test_client()
        finally:
            close_app(app)
    finally:
        process.terminate()
        process.wait()


def _load(port: int, process: "subprocess.Popen[bytes]") -> None:
    """Load the quads as soon as the server answers."""
    load = "DB.DBA.TTLP(file_to_string_output('data.nq'), '', 'urn:base', 512);"
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert process.poll() is None
        command = ["isql-vt", f"127.0.0.1:{port}", "dba", "dba", "ERRORS=STDOUT", f"exec={load}"]
        done = subprocess.run(command, capture_output=True, text=True)
        if "Done." in done.stdout:
            return
        time.sleep(0.2)
    pytest.fail(done.stdout)


#: What is wrong, and why.
FAULTS = {
    "example-1-totals": "a label that two graphs state doubles the sum that is joined with it",
    "all": "its own system graphs are in the default graph",
    "graphs": "its own system graphs are among the named ones",
    "optional": "its own system graphs are in the default graph",
    "counted once": "a statement of two graphs counts twice in the default graph",
    "chinese": "a statement of two graphs gives two solutions",
    "path": "a path of no length between two variables is refused",
    "ask": "ASK as CSV is a table of its own form",
    "error": "a division by zero ends the query instead of leaving the variable unbound",
}


@pytest.mark.program("virtuoso-t", "virtuoso-opensource-7-bin")
@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[pytest.mark.xfail(strict=True, reason=FAULTS[name])] if name in FAULTS else [])
        for name in QUERIES
    ],
)
def test_the_results_are_those_of_the_embedded_engine(client: FlaskClient, virtuoso: FlaskClient, name: str) -> None:
    found = []
    for each in (client, virtuoso):
        # Closed here: an expected failure keeps its answers, and the file of a large one is then collected at any time.
        with closing(each.get("/sparql", query_string={"query": QUERIES[name], "format": "csv"})) as answer:
            assert answer.status_code == 200, answer.text
            found.append(sorted(csv.reader(io.StringIO(answer.text))))
    assert found[0] == found[1]


@pytest.mark.program("virtuoso-t", "virtuoso-opensource-7-bin")
def test_pages_and_refusals_work(virtuoso: FlaskClient) -> None:
    page = virtuoso.get("/doc/org/demo-0001", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "示例区示例局" in page.text
    assert virtuoso.get("/sparql", query_string={"query": "SELECT * { SERVICE <urn:a> {} }"}).status_code == 403
    assert virtuoso.get("/sparql", query_string={"query": "SELECT * {"}).status_code == 400
