"""What the views ask: the live release, and the answers of the query workers over it."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Protocol, cast

from flask import current_app, g, request

from budgetgraph.server.answers import Answer
from budgetgraph.server.budget import TimeBudget
from budgetgraph.server.clients import Client, client_key
from budgetgraph.server.config import ServerConfig
from budgetgraph.server.embedded import EmbeddedEngine
from budgetgraph.server.exceptions import TooLargeError
from budgetgraph.server.frames import Request
from budgetgraph.server.metrics import Metrics
from budgetgraph.server.query_files import read_query
from budgetgraph.server.releases import Release
from budgetgraph.server.remote import RemoteEngine
from budgetgraph.server.responses import AnswerCache, PageCache
from budgetgraph.server.search.indexes import Indexes
from budgetgraph.server.terms import Row, read_results
from budgetgraph.server.uploads.running import Uploads

_EXTENSION = "budgetgraph"
#: Where the environment of a request has its `Client`, when the server can tell whether that has left.
CLIENT = "budgetgraph.client"


class Engine(Protocol):
    """Where the data is: a store directory (`embedded.py`) or a SPARQL endpoint elsewhere (`remote.py`)."""

    def release(self, identity: str | None) -> Release:
        """Return a release that is kept, or the live one."""
        ...

    def evaluate(self, asked: Request, client: Client, release: Release) -> Answer:
        """Evaluate a query over a release; raises the exceptions of `workers.WorkerPool.evaluate`."""
        ...

    def status(self) -> Mapping[str, object]:
        """Return what an operator wants to know of it. Raises ServerError when it cannot answer queries."""
        ...

    def close(self) -> None:
        """End what belongs to it."""
        ...


class Backend:
    """The data, and what is kept between requests."""

    def __init__(self, config: ServerConfig) -> None:
        self.config = config
        self.pages = PageCache()
        self.metrics = Metrics()
        self.engine: Engine = (
            EmbeddedEngine(config.store, config.queries, self.metrics)
            if isinstance(config.store, Path)
            else RemoteEngine(config.store, config.queries, self.metrics)
        )
        self.cache = AnswerCache(config.web.cache)
        self.indexes = Indexes()
        self.uploads = Uploads(config.uploads) if config.uploads.enabled else None
        self.budget = TimeBudget(config.web.seconds, config.web.window)

    @property
    def is_writable(self) -> bool:
        """Tell whether the store takes updates from whoever has the token."""
        return self.config.writes.token is not None

    def keep_ready(self) -> None:
        """Make what the first request over a release would wait for as soon as the release is live."""
        if isinstance(self.engine, EmbeddedEngine):
            self.indexes.keep_ready(partial(self.engine.release, None))

    def close(self) -> None:
        """End what belongs to the application."""
        self.indexes.close()
        self.engine.close()
        if self.uploads is not None:
            self.uploads.close()

    def release(self) -> Release:
        """Return the release that `?release=` names, or the live one; the same until the end of this request."""
        if "release" not in g:
            g.release = self.engine.release(self.pinned())
        return cast(Release, g.release)

    def has_lost_release(self) -> bool:
        """Tell whether the live release, which this request was to be answered over, was removed since."""
        if "release" not in g or self.pinned() is not None or not isinstance(self.engine, EmbeddedEngine):
            return False
        return not cast(Release, g.release).path.exists()

    def pinned(self) -> str | None:
        """Return the release that this request names, in its address or in the form it posts."""
        return cast("str | None", g.get("pinned", request.args.get("release")))

    def client(self) -> Client:
        """Return who sent this request."""
        if "client" not in g:
            g.client = request.environ.get(CLIENT) or Client(client_key(request.remote_addr or ""))
        return cast(Client, g.client)

    def evaluate(
        self,
        query: str,
        format_name: str,
        bindings: Mapping[str, str] | None = None,
        default_graphs: tuple[str, ...] | None = None,
        named_graphs: tuple[str, ...] | None = None,
        rows: int | None = None,
        base_iri: str | None = None,
    ) -> Answer:
        """Evaluate a query over the release of this request, on the time of its client. See `frames.Request`."""
        release, client = self.release(), self.client()
        asked = Request(
            quads=str(release.quads_path),
            query=query,
            format=format_name,
            bindings=bindings,
            default_graphs=default_graphs,
            named_graphs=named_graphs,
            base_iri=base_iri,
            rows=rows,
            stable=self.pinned() is not None,
        )
        self.budget.require(client.key)
        before = client.seconds
        try:
            return self.engine.evaluate(asked, client, release)
        finally:
            self.budget.charge(client.key, client.seconds - before)

    def select(self, name: str, **bindings: str) -> list[Row]:
        """Return the rows of one of the server's own queries, `queries/{name}.rq`; IRIs stand for its variables."""
        answer = self.evaluate(read_query(name), "json", bindings)
        if answer.cut is not None:
            answer.close()
            raise TooLargeError("There is more behind this page than the server reads at once. Ask /sparql for a part.")
        return read_results(answer)


def backend() -> Backend:
    """Return the backend of this application."""
    return cast(Backend, current_app.extensions[_EXTENSION])
