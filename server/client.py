"""Asking a query from a program or the command line: of a store directory, or of any SPARQL endpoint."""

import ast
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError

from SPARQLWrapper import POST, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed, SPARQLWrapperException

from budgetgraph.server.exceptions import QueryError, RemoteError
from budgetgraph.server.formats import GRAPH_FORMATS, RESULT_FORMATS, Format
from budgetgraph.server.frames import Request
from budgetgraph.server.guard import QueryForm, query_form
from budgetgraph.server.releases import current
from budgetgraph.server.workers import PoolLimits, WorkerPool

_CHUNK = 1 << 16


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
    with closing(WorkerPool(PoolLimits(workers=1, time=timeout, transfer=None))) as pool:
        yield from pool.evaluate(Request(str(release.quads_path), text, written.name))


def _ask_endpoint(text: str, endpoint: str, form: QueryForm, written: Format, timeout: float | None) -> Iterator[bytes]:
    if not endpoint.startswith(("http://", "https://")):
        raise RemoteError(f"{endpoint}: is no address of an endpoint. Give one that begins with http:// or https://.")
    wrapper = SPARQLWrapper(endpoint)
    wrapper.setQuery(text)
    wrapper.queryType = form.value  # it guesses by pattern, and may be wrong
    wrapper.setMethod(POST)
    wrapper.setOnlyConneg(True)
    wrapper.addCustomHttpHeader("Accept", written.media_type)
    if timeout is not None:
        wrapper.setTimeout(max(1, round(timeout)))
    response = _send(wrapper, endpoint)
    with closing(response):
        found = response.headers.get_content_type()
        if found not in {written.media_type, *written.aliases}:
            raise RemoteError(
                f"{endpoint}: answered with {found} where {written.media_type} was asked for. "
                "Check that this is the address of the SPARQL endpoint itself."
            )
        while chunk := _read(response, endpoint):
            yield chunk


def _send(wrapper: SPARQLWrapper, endpoint: str) -> Any:
    """Return the open HTTP response; whatever keeps it from us becomes a RemoteError or QueryError."""
    try:
        return wrapper.query().response
    except QueryBadFormed as error:
        raise QueryError(f"{endpoint}: does not take the query: {_told(error)}") from None
    except SPARQLWrapperException as error:
        raise RemoteError(f"{endpoint}: refused the query: {error.msg}: {_told(error)}") from None
    except HTTPError as error:
        detail = error.read(500).decode("utf-8", "replace").strip()
        raise RemoteError(f"{endpoint}: refused the query: {error.code} {error.reason} {detail}") from None
    except URLError as error:
        raise RemoteError(f"{endpoint}: cannot be reached: {error.reason}. Check the address.") from None
    except (OSError, ValueError, HTTPException) as error:
        raise RemoteError(f"{endpoint}: cannot be reached: {error}. Check the address.") from None


def _told(error: SPARQLWrapperException) -> str:
    """Return what the endpoint said, which SPARQLWrapper puts into its message as the text of a bytes literal."""
    _, _, body = str(error).partition("Response:\n")
    try:
        return str(ast.literal_eval(body), "utf-8", "replace").strip()[:500]
    except (SyntaxError, ValueError, TypeError):
        return body.strip()[:500]


def _read(response: Any, endpoint: str) -> bytes:
    try:
        return bytes(response.read(_CHUNK))
    except (OSError, HTTPException) as error:
        raise RemoteError(f"{endpoint}: broke off its answer, which is not whole: {error}") from None
