"""Asking a query from a program or the command line: of a store directory, or of any SPARQL endpoint."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from budgetgraph.server.endpoint import ask, read
from budgetgraph.server.exceptions import QueryError, RemoteError
from budgetgraph.server.formats import GRAPH_FORMATS, RESULT_FORMATS, Format
from budgetgraph.server.frames import Request
from budgetgraph.server.guard import QueryForm, query_form
from budgetgraph.server.releases import current
from budgetgraph.server.settings import read_remote
from budgetgraph.server.workers import PoolLimits, WorkerPool


def query(
    text: str,
    *,
    store: Path | None = None,
    endpoint: str | None = None,
    format: str | None = None,  # noqa: A002  # the name the command line and the protocol have for it
    timeout: float | None = None,
) -> Iterator[bytes]:
    """Yield the answer of a query over a store directory or an endpoint, in chunks.

    `format` is a name in `formats`; without one, JSON for tables and Turtle for graphs. `timeout` is in seconds.
    Raises ValueError unless one of store and endpoint is given; QueryError for a query that is not well-formed or
    whose answer cannot be written so; QueryTimeoutError; StoreError; RemoteError when the endpoint is not
    reached, refuses, or answers with something else than SPARQL results.
    """
    if (store is None) == (endpoint is None):
        raise ValueError("give either a store or an endpoint")
    form = query_form(text)
    written = _format(form, format)
    if store is not None:
        return _ask_store(text, store, written, timeout)
    return _ask_endpoint(text, str(endpoint), form, written, timeout)


def _format(form: QueryForm, name: str | None) -> Format:
    offered = GRAPH_FORMATS if form.gives_graph else RESULT_FORMATS
    for candidate in offered:
        if name is None or name in {candidate.name, candidate.extension}:
            return candidate
    names = ", ".join(f.name for f in offered)
    raise QueryError(f"the answer to a {form} query cannot be written as {name}; possible: {names}")


def _ask_store(text: str, store: Path, written: Format, timeout: float | None) -> Iterator[bytes]:
    release = current(store.resolve())
    limits = PoolLimits(workers=1, heavy=0, time=timeout, rows=None, bytes=None)
    with closing(WorkerPool(limits)) as pool:
        yield from pool.evaluate(Request(str(release.quads_path), text, written.name))


def _ask_endpoint(text: str, address: str, form: QueryForm, written: Format, timeout: float | None) -> Iterator[bytes]:
    with closing(ask(read_remote(address), text, form, written, timeout)) as response:
        while chunk := read(response, address):
            yield chunk
        if (cut := response.headers.get("X-Result-Truncated")) is not None:
            raise RemoteError(
                f"{address}: gave only the beginning of the answer ({cut}). Ask for parts with LIMIT and OFFSET."
            )
