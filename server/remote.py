"""A SPARQL 1.1 store elsewhere as the engine: guarded, bounded, cached and described like the embedded one."""

import threading
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from budgetgraph.server.answers import Answer, new_file
from budgetgraph.server.binding import bind_variables
from budgetgraph.server.clients import Client
from budgetgraph.server.config import RemoteSettings
from budgetgraph.server.endpoint import ask, read
from budgetgraph.server.exceptions import ClientLeftError, NotFoundError, QueryError, QueryTimeoutError
from budgetgraph.server.formats import CSV, JSON, format_named
from budgetgraph.server.frames import Request
from budgetgraph.server.guard import QueryForm, query_form
from budgetgraph.server.lanes import Lane
from budgetgraph.server.metrics import Metrics
from budgetgraph.server.query_files import read_query
from budgetgraph.server.releases import Release, ReleaseMetadata
from budgetgraph.server.slicing import bounded, following
from budgetgraph.server.terms import read_results
from budgetgraph.server.workers import PoolLimits

#: Seconds for which it is believed that the store has the release that it had.
_BELIEVED = 5.0


class RemoteEngine:
    """A remote store. As many queries run at once as there would be workers."""

    def __init__(self, remote: RemoteSettings, limits: PoolLimits, metrics: Metrics) -> None:
        self.remote, self._limits = remote, limits
        places: list[object] = [object() for _ in range(limits.workers + limits.heavy)]
        self._lane = Lane("remote", places, limits.waiting, limits.patience)
        metrics.watch(self._lane)
        self._count = metrics.count_event
        self._lock = threading.Lock()
        self._release: tuple[float, Release] | None = None

    def release(self, identity: str | None) -> Release:
        """Return the release that the store says it holds; a name of the moment when it says nothing.

        Raises RemoteError when it cannot be asked, NotFoundError for a release that it does not hold.
        """
        with self._lock:
            if self._release is None or self._release[0] < time.monotonic():
                self._release = (time.monotonic() + _BELIEVED, self._read_release())
            release = self._release[1]
        if identity not in {None, release.id}:
            raise NotFoundError(f"This store holds the release {release.id} alone.")
        return release

    def evaluate(self, asked: Request, client: Client, release: Release) -> Answer:  # noqa: ARG002  # it holds only one
        """Evaluate a query in the remote store, within the limits.

        Raises QueryError, QueryTimeoutError, OverloadedError, ClientLeftError, RemoteError.
        """
        place = self._lane.acquire(client)
        started = time.monotonic()
        try:
            return self._evaluate(asked, client)
        finally:
            client.seconds += time.monotonic() - started
            self._lane.release(client, lambda: place)

    def status(self) -> Mapping[str, object]:
        """Return the release, once the store has answered."""
        self.evaluate(Request("", "ASK {}", "json"), Client(), self.release(None)).close()
        return {"release": self.release(None).id, "store": "remote"}

    def close(self) -> None:
        """Turn away what waits."""
        self._lane.close()

    def _evaluate(self, asked: Request, client: Client) -> Answer:
        query = bind_variables(asked.query, asked.bindings) if asked.bindings else asked.query
        rows = asked.rows or self._limits.rows
        deadline = time.monotonic() + self._limits.time if self._limits.time is not None else None
        while True:
            text = bounded(query, rows) if rows is not None and query_form(query) is not QueryForm.ASK else None
            fetched = self._fetch(text or query, asked, client, deadline)
            if fetched is not None:
                break
            rows = (rows or 1 << 16) // 4
            if rows == 0:
                raise QueryError("one solution alone is larger than an answer may be; ask for fewer variables")
        if text is not None and rows is not None and fetched.size >= rows and self._goes_on(query, rows, client):
            fetched.cut = rows
        return fetched

    def _fetch(self, query: str, asked: Request, client: Client, deadline: float | None) -> Answer | None:
        """Return the answer, None when it is larger than an answer may be."""
        remaining = None if deadline is None else deadline - time.monotonic()
        written = format_named(asked.format)
        graphs = (asked.default_graphs or (), asked.named_graphs or ())
        file = new_file()
        try:
            with closing(ask(self.remote, query, query_form(query), written, remaining, *graphs)) as response:
                while chunk := read(response, self.remote.query):
                    file.write(chunk)
                    if self._limits.bytes is not None and file.tell() > self._limits.bytes:
                        file.close()
                        return None
                    self._look(client, deadline)
        except BaseException:
            file.close()
            raise
        return Answer.of(file, None)

    def _look(self, client: Client, deadline: float | None) -> None:
        if deadline is not None and time.monotonic() > deadline:
            self._count("timeout")
            raise QueryTimeoutError("The query took too long and was given up. Ask for less.")
        if client.has_left():
            self._count("left")
            raise ClientLeftError("The client closed its connection.")

    def _goes_on(self, query: str, rows: int, client: Client) -> bool:
        rest = following(query, rows)
        form = query_form(query)
        asked = Request("", bounded(rest, 1) or rest, "ntriples" if form.gives_graph else CSV.name)
        fetched = self._fetch(asked.query, asked, client, None)
        if fetched is None:
            return True
        return len(b"".join(fetched).splitlines()) > (0 if form.gives_graph else 1)

    def _read_release(self) -> Release:
        base = self.remote.base
        query = bind_variables(read_query("describe-release"), {"graph": f"{base}graph/release"})
        with closing(ask(self.remote, query, query_form(query), JSON, self._limits.time)) as response:
            rows = read_results(iter(lambda: read(response, self.remote.query), b""))
        if not rows:
            moment = f"unversioned-{int(time.time() / _BELIEVED)}"
            return Release(moment, Path(), "", 0, 0, ReleaseMetadata(base, (), ""))
        first = rows[0]
        names = [
            tuple(sorted({row[name].value.rpartition("/")[2] for row in rows if name in row}))
            for name in ("document", "replaced")
        ]
        metadata = ReleaseMetadata(base, names[0], first["version"].value, names[1])
        quads = int(first["triples"].value)
        return Release(first["id"].value, Path(), first["created"].value, quads, quads, metadata)


def count_graphs(remote: RemoteSettings) -> dict[str, int]:
    """Return how many statements each named graph of a remote store has. Raises RemoteError."""
    query = read_query("count-graphs")
    with closing(ask(remote, query, QueryForm.SELECT, JSON, None)) as response:
        rows = read_results(iter(lambda: read(response, remote.query), b""))
    return {row["graph"].value: int(row["triples"].value) for row in rows if "graph" in row}
