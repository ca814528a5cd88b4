"""The endpoint against `oxigraph serve-read-only` on the same release, and rdflib-endpoint where it is installed.

`python bench/endpoint.py [QUADS]`. Point queries differ from each other, so that no cache answers them; four clients
with connections that stay open. Prints requests per second and ratios; compare numbers of one run alone.
"""

import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote

from budgetgraph.server.publishing import build_release
from budgetgraph.server.releases import ReleaseMetadata

BASE = "https://data.example.org/"
BUD, QB = "https://w3id.org/budgetgraph/def#", "http://purl.org/linked-data/cube#"
CLIENTS, SECONDS = 4, 6.0
ROWS = f"SELECT ?o ?a {{ ?o <{BUD}amount> ?a }} LIMIT 10000"
ROLL_UP = (
    f"SELECT ?d (SUM(?a) AS ?t) {{ ?o <{QB}dataSet> ?d ; <{BUD}amount> ?a }} GROUP BY ?d ORDER BY DESC(?t) LIMIT 20"
)


def write_quads(path: Path, quads: int) -> int:
    """Write about so many quads; return how many observations they are."""
    observations = quads // 4
    with path.open("w", encoding="utf-8") as file:
        for n in range(observations):
            subject, graph = f"<{BASE}id/o{n}>", f"<{BASE}graph/doc/0001/data>"
            file.write(f"{subject} <{QB}dataSet> <{BASE}id/d{n % 500}> {graph} .\n")
            file.write(f'{subject} <{BUD}amount> "{n}.5"^^<http://www.w3.org/2001/XMLSchema#decimal> {graph} .\n')
            file.write(f'{subject} <{BUD}sourceValue> "{n}.50" {graph} .\n')
            file.write(f"{subject} <{BUD}functionalClass> <{BASE}id/c{n % 97}> {graph} .\n")
    return observations


def measure(port: int, path: str, queries: list[str]) -> float:
    """Return answers per second from CLIENTS threads over SECONDS."""
    counts, until = [0] * CLIENTS, time.monotonic() + SECONDS

    def use(number: int) -> None:
        connection = HTTPConnection("127.0.0.1", port, timeout=120)
        turn = number
        while time.monotonic() < until:
            connection.request("GET", path + quote(queries[turn % len(queries)]), headers={"Accept": "text/csv"})
            response = connection.getresponse()
            assert response.status == 200, response.read()
            response.read()
            counts[number] += 1
            turn += CLIENTS

    began = time.monotonic()
    threads = [threading.Thread(target=use, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.monotonic() - began)


def wait_for(port: int) -> None:
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)


def main() -> None:
    quads = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "quads.nq")
        observations = write_quads(source, quads)
        release = build_release(Path(folder, "store"), [source], ReleaseMetadata(BASE, ("0001",), "0"))
        points = [f"SELECT ?p ?v {{ <{BASE}id/o{n * 7919 % observations}> ?p ?v }}" for n in range(50_000)]
        settings = Path(folder, "b.toml")
        settings.write_text(
            '[web]\nseconds = "none"\n[queries]\ncopied = 4_000_000_000\nmemory = 16_000_000_000\nlight = 5\n'
        )
        servers = {
            "budgetgraph": (
                8701,
                "/sparql?query=",
                [
                    sys.executable,
                    "-m",
                    "budgetgraph.cli",
                    "serve",
                    "--store",
                    f"{folder}/store",
                    "--port",
                    "8701",
                    *("--config", str(settings)),
                ],
            ),
            "oxigraph": (
                8702,
                "/query?query=",
                [
                    shutil.which("oxigraph") or str(Path(sys.executable).with_name("oxigraph")),
                    "serve-read-only",
                    *("--location", str(release.quads_path), "--bind", "127.0.0.1:8702"),
                ],
            ),
        }
        if shutil.which("rdflib-endpoint"):
            triples = Path(folder, "quads.nq")
            servers["rdflib-endpoint"] = (
                8703,
                "/?query=",
                ["rdflib-endpoint", "serve", "--port", "8703", str(triples)],
            )
        results: dict[str, dict[str, float]] = {}
        for name, (port, path, command) in servers.items():
            process = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
            try:
                wait_for(port)
                measure(port, path, points[:200])
                time.sleep(quads / 50_000)  # while ours copies the release into memory
                results[name] = {
                    "point": measure(port, path, points[200:]),
                    "10k rows": measure(port, path, [ROWS.replace("LIMIT", f"# {n}\nLIMIT") for n in range(999)]),
                    "roll-up": measure(port, path, [ROLL_UP.replace("LIMIT", f"# {n}\nLIMIT") for n in range(999)]),
                }
            finally:
                process.terminate()
                process.wait()
        print(f"{quads:,} quads, {CLIENTS} clients, answers per second")
        for name, found in results.items():
            ratios = {kind: found[kind] / results["oxigraph"][kind] for kind in found}
            print(f"{name:16}", *(f"{kind} {found[kind]:9.1f} ({ratios[kind]:.2f}x)" for kind in found), sep="  ")


if __name__ == "__main__":
    main()
