"""The endpoint against `oxigraph serve` on the same release, on the disk and in memory, and rdflib-endpoint.

`python bench/endpoint.py FOLDER QUADS [--disk] [--without-memory-peer] [--peers VENV] [--before PYTHON]
[--kinds KIND ...]`. FOLDER keeps the data for other runs. `--disk`: all read from the disk. `--without-memory-peer`:
oxigraph only on the disk, as filling it over HTTP takes long. VENV has rdflib-endpoint, PYTHON an earlier budgetgraph.
All servers run at once and are asked in turn, so that what else the machine does meets all of them. Prints answers per
second and ratios; compare numbers of one run alone.
"""

import argparse
import json
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

import pyoxigraph as ox
from serving import BASE, budgetgraph, cpu_seconds, load, oxigraph, release_of, resting, running, store_of, subjects

QB = "http://purl.org/linked-data/cube#"
ROUNDS = 3
#: Kind of query -> connections, and seconds of each round.
LOADS = {"point": (16, 4.0), "10,000 rows": (4, 6.0), "roll-up": (4, 12.0)}
#: Seconds that one answer of the slowest peer is waited for.
PATIENCE = 60.0
ROWS = f"SELECT ?o ?a {{ ?o <{BASE}def#amount> ?a }} LIMIT 10000"
ROLL_UP = (
    f"SELECT ?c (SUM(?a) AS ?t) {{ ?o a <{QB}Observation> ; <{BASE}def#functionalClass> ?c ; <{BASE}def#amount> ?a }}"
    " GROUP BY ?c ORDER BY DESC(?t) LIMIT 20"
)
SETTINGS = '[web]\nseconds = "none"\n[queries]\ncopied = {copied}\nmemory = 16_000_000_000\nlight = 10\nheavy = 0\n'


def servers(
    folder: Path, quads: int, store: Path, *, in_memory: bool, peer: bool, peers: Path | None, before: str | None
) -> dict[str, tuple[int, str, list[str]]]:
    """Return port, path of queries and command of each server."""
    release = release_of(store)
    settings = folder / "settings.toml"
    settings.write_text(SETTINGS.format(copied=4_000_000_000 if in_memory else 0))
    found = {
        "budgetgraph": (8701, "/sparql?query=", budgetgraph(store, 8701, settings)),
        "oxigraph, disk": (
            8702,
            "/query?query=",
            oxigraph(["serve-read-only", "--location", str(release.quads_path)], 8702),
        ),
    }
    if before is not None:
        found["before"] = (8705, "/sparql?query=", budgetgraph(store, 8705, settings, before))
    if peer:
        found["oxigraph, memory"] = (8703, "/query?query=", oxigraph(["serve"], 8703))
    if peers is not None:
        program = [str(peers / "bin" / "rdflib-endpoint"), "serve", "--port", "8704", str(folder / f"quads-{quads}.nq")]
        found["rdflib-endpoint"] = (8704, "/?query=", program)
    return found


def _dump(folder: Path, store: Path) -> Path:
    """Return all quads of the live release in a file."""
    release = release_of(store)
    path = folder / f"{release.id}.nq"
    if not path.exists():
        ox.Store.read_only(str(release.quads_path)).dump(path, ox.RdfFormat.N_QUADS)
    return path


def fill(port: int, quads: Path) -> None:
    """Load a file into an Oxigraph server."""
    with quads.open("rb") as file:
        request = Request(
            f"http://127.0.0.1:{port}/store", file, {"Content-Type": "application/n-quads"}, method="POST"
        )
        request.add_header("Content-Length", str(quads.stat().st_size))
        urlopen(request).close()  # noqa: S310  # our own address


def wait_for_copy(port: int) -> None:
    """Wait until a budgetgraph that may have the live release in memory has it there."""
    while True:
        with urlopen(f"http://127.0.0.1:{port}/readyz") as response:
            if json.load(response)["in_memory"]:
                return
        time.sleep(1)


def once(port: int, path: str, query: str) -> tuple[float, int]:
    """Return how many seconds one answer takes, at most PATIENCE, and how many lines it has; 0 when there is none."""
    began = time.monotonic()
    try:
        request = Request(f"http://127.0.0.1:{port}{path}{quote(query)}", headers={"Accept": "text/csv"})
        with urlopen(request, timeout=PATIENCE) as response:  # noqa: S310  # our own address
            lines = len(response.read().splitlines())
            return time.monotonic() - began, lines
    except (TimeoutError, HTTPError):
        return PATIENCE, 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("quads", type=int)
    parser.add_argument("--disk", action="store_true")
    parser.add_argument("--without-memory-peer", action="store_true")
    parser.add_argument("--peers", type=Path)
    parser.add_argument("--before")
    parser.add_argument("--kinds", nargs="+", default=list(LOADS), choices=LOADS)
    asked = parser.parse_args()
    folder: Path = asked.folder
    folder.mkdir(exist_ok=True)
    store = store_of(folder, asked.quads)
    points = [f"SELECT ?p ?v {{ <{subject}> ?p ?v }}" for subject in subjects(release_of(store), 200_000)]
    queries_of = {
        "point": points,
        "10,000 rows": [f"{ROWS} #{n}" for n in range(5000)],
        "roll-up": [f"{ROLL_UP} #{n}" for n in range(5000)],
    }
    kinds = {kind: queries_of[kind] for kind in asked.kinds}
    used = dict.fromkeys(kinds, 0)
    rates: dict[str, dict[str, list[float]]] = {}
    costs: dict[str, dict[str, list[float]]] = {}
    pids: dict[str, int] = {}
    with ExitStack() as stack:
        in_memory, peer = not asked.disk, not (asked.disk or asked.without_memory_peer)
        all_servers = servers(
            folder, asked.quads, store, in_memory=in_memory, peer=peer, peers=asked.peers, before=asked.before
        )
        slow: dict[str, set[str]] = {name: set() for name in all_servers}
        for name, (port, path, command) in all_servers.items():
            process = stack.enter_context(running(command, port))
            if name == "oxigraph, memory":
                fill(port, _dump(folder, store))
            if name == "budgetgraph" and in_memory:
                wait_for_copy(port)
            rates[name], costs[name] = ({kind: [] for kind in kinds} for _ in range(2))
            pids[name] = process.pid
            for kind, queries in kinds.items():
                once(port, path, queries[-2])
                seconds, lines = once(port, path, queries[-1])
                print(f"{name}: {kind}, first answer: {lines} lines, {seconds * 1000:.1f} ms", flush=True)
                if seconds > LOADS[kind][1] / 4:
                    slow[name].add(kind)
                    rates[name][kind].append(1 / seconds)
            load(folder, port, path, points[-2000:], 4, 1)
            resting(process)
        for _ in range(ROUNDS):
            for kind, queries in kinds.items():
                for name, (port, path, _command) in all_servers.items():
                    if kind in slow[name]:
                        continue
                    # What was asked before is in the cache of answers: go on behind it.
                    before = cpu_seconds(pids[name])
                    seen = load(folder, port, path, queries[used[kind] :], *LOADS[kind])
                    rates[name][kind].append(seen.rate)
                    costs[name][kind].append((cpu_seconds(pids[name]) - before) * 1000 / max(1, seen.answers))
                    told = f"{name}: {kind}: {seen.rate}/s, 50 % {seen.median}, 99 % {seen.slowest} {seen.failures}"
                    print(told, flush=True)
                asked_most = max(max(rates[name][kind]) for name in ("budgetgraph", "before") if name in rates)
                used[kind] += round(asked_most * LOADS[kind][1]) + 50
    print(f"{release_of(store).quads:,} quads in named graphs, median of {ROUNDS} rounds, answers per second")
    for name, found in rates.items():
        line = [f"{name:17}"]
        for kind, values in found.items():
            ratio = median(values) / (median(rates["oxigraph, disk"][kind]) or 1 / LOADS[kind][1])
            cost = f", {median(costs[name][kind]):.2f} CPU ms" if costs[name][kind] else ""
            line.append(f"{kind} {median(values):10.2f} ({ratio:.2f}x{cost})")
        print("  ".join(line))


if __name__ == "__main__":
    main()
