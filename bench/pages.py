"""How long pages take: cold, made from the data, and warm, as kept for the release. `python bench/pages.py [STORE]`.

Cold pages are asked under addresses that nobody asked before; their queries are the same. In one process with one query
worker, without a network. CPU time is that of both, so that it says something on a busy machine too.
"""

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from flask.testing import FlaskClient

from budgetgraph.server.app import close_app, create_app
from budgetgraph.server.config import ServerConfig, WebLimits
from budgetgraph.server.releases import current
from budgetgraph.server.workers import PoolLimits

#: How often each page is made, and taken from what is kept.
COLD, WARM = 20, 1000
HTML = {"Accept": "text/html"}


def _cpu() -> float:
    """Return the CPU seconds of this process and its children till now. See proc(5)."""
    ticks = 0
    for task in Path("/proc/self/task").iterdir():
        for child in (task / "children").read_text("ascii").split():
            fields = Path("/proc", child, "stat").read_text("ascii").rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
    return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


def _milliseconds(client: FlaskClient, paths: list[str]) -> tuple[float, float]:
    """Return what each of the pages took on the average: by the clock, and of the CPU."""
    began, used = time.perf_counter(), _cpu()
    for path in paths:
        response = client.get(path, headers=HTML)
        if response.status_code != 200:
            raise SystemExit(f"{path}: {response.status}")
    return tuple(1000 * each / len(paths) for each in (time.perf_counter() - began, _cpu() - used))  # type: ignore[return-value]  # two


def _pages(client: FlaskClient, store: Path) -> Iterator[tuple[str, str]]:
    document = f"/doc/doc/{current(store).metadata.documents[-1]}"
    yield "department", _first_link(client, document, "/id/org/")
    yield "document", document
    yield "printed table", f"{document}/t1"
    yield "figure with its cell", _first_link(client, f"{document}/t1", "/id/budget/")


def _first_link(client: FlaskClient, path: str, beginning: str) -> str:
    page = client.get(path, headers=HTML).text
    start = page.index(f'"{beginning}') + 1
    return page[start : page.index('"', start)].replace("/id/", "/doc/", 1)


def main() -> None:
    """Print a table of milliseconds."""
    store = Path(sys.argv[1] if len(sys.argv) > 1 else "data/store")
    app = create_app(ServerConfig(store, PoolLimits(workers=1, time=60), web=WebLimits(seconds=None)))
    try:
        client = app.test_client()
        client.get("/readyz")
        print("| page | cold | CPU | warm | CPU |\n|---|---|---|---|---|")
        for name, path in _pages(client, store):
            cold = _milliseconds(client, [f"{path}?never={number}" for number in range(COLD)])
            client.get(path, headers=HTML)
            warm = _milliseconds(client, [path] * WARM)
            print(f"| {name} | " + " | ".join(f"{number:.1f} ms" for number in (*cold, *warm)) + " |")
    finally:
        close_app(app)


if __name__ == "__main__":
    main()
