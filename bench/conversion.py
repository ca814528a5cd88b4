"""CPU time of one whole conversion, start-up included, and of emission against rdflib on the same rows.

Prints medians over several runs; run with `make bench`. CPU seconds, not wall time: they hold on a busy machine.
"""

import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

from budgetgraph.converter.rdf.emission import Rows, Slot
from budgetgraph.converter.rdf.serialization import NamedGraph, serialize
from budgetgraph.converter.rdf.terms import XSD

ROOT = Path(__file__).resolve().parent.parent
PUBLICATION = ROOT / "data" / "publications" / "wuhan-jingkai-party-office-2021"
RUNS = 5
ROWS = 10_000
BASE = "http://example.org/"


def conversion() -> float:
    """Return the CPU seconds of `budgetgraph convert` on the shipped publication."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "budgetgraph.cli", "convert", str(PUBLICATION)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def values() -> list[tuple[str, ...]]:
    return [(str(n), f"{201 + n % 30}", f"{n}.{n % 100:02d}", f'"{n:,}.{n % 100:02d}"') for n in range(ROWS)]


def with_templates(rows: list[tuple[str, ...]]) -> int:
    slots = (
        Slot(f"<{BASE}class>", f"<{BASE}code/", ">"),
        Slot(f"<{BASE}amount>", '"', f'"^^<{XSD}decimal>'),
        Slot(f"<{BASE}text>", "", ""),
    )
    constants = ((f"<{BASE}dataSet>", f"<{BASE}set>"),)
    graph = NamedGraph(f"{BASE}g", rows=[Rows(f"{BASE}o/", constants, slots, rows)])
    return sum(map(len, serialize([graph], "turtle")))


def with_rdflib(rows: list[tuple[str, ...]]) -> int:
    from rdflib import Graph, Literal, URIRef
    from rdflib.namespace import XSD as RDFLIB_XSD

    graph = Graph()
    for key, code, amount, text in rows:
        subject = URIRef(f"{BASE}o/{key}")
        graph.add((subject, URIRef(f"{BASE}dataSet"), URIRef(f"{BASE}set")))
        graph.add((subject, URIRef(f"{BASE}class"), URIRef(f"{BASE}code/{code}")))
        graph.add((subject, URIRef(f"{BASE}amount"), Literal(amount, datatype=RDFLIB_XSD.decimal, normalize=False)))
        graph.add((subject, URIRef(f"{BASE}text"), Literal(text.strip('"'))))
    return len(graph.serialize(format="nt"))


def cpu(work: object, *arguments: object) -> float:
    start = time.process_time()
    work(*arguments)  # type: ignore[operator]
    return time.process_time() - start


def main() -> None:
    seconds = [conversion() for _ in range(RUNS)]
    print(f"convert one publication, start-up included: median {statistics.median(seconds):.2f} CPU s of {RUNS} runs")
    rows = values()
    cpu(with_rdflib, rows[:10])
    ratios = [cpu(with_rdflib, rows) / cpu(with_templates, rows) for _ in range(RUNS)]
    median = statistics.median(ratios)
    print(f"emit {ROWS:,} rows of 4 triples: median {median:.0f} times faster than rdflib (same run)")


if __name__ == "__main__":
    main()
