"""What the views ask: the live release, and the answers of the query workers over it."""

import errno
import logging
import socket
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import cast

from flask import Response, current_app, g, request

from budgetgraph.server.caching import PageCache
from budgetgraph.server.config import ServerConfig
from budgetgraph.server.exceptions import ServerError
from budgetgraph.server.frames import Request
from budgetgraph.server.releases import Release, current
from budgetgraph.server.terms import Row, read_results
from budgetgraph.server.workers import Answer, WorkerPool

_EXTENSION = "budgetgraph"
_log = logging.getLogger(__name__)


class Backend:
    """A store directory and the workers that read it."""

    def __init__(self, config: ServerConfig) -> None:
        self.config = config
        self.pool = WorkerPool(config.pool)
        self.pages = PageCache()

    def release(self) -> Release:
        """Return the release of this request: the live one when it is first asked for, the same until its end."""
        if "release" not in g:
            g.release = current(self.config.store.resolve())
        return cast(Release, g.release)

    def evaluate(
        self,
        query: str,
        format_name: str,
        bindings: Mapping[str, str] | None = None,
        default_graphs: tuple[str, ...] | None = None,
        named_graphs: tuple[str, ...] | None = None,
        max_rows: int | None = None,
    ) -> Answer:
        """Evaluate a query over the release of this request. See `frames.Request` and `WorkerPool.evaluate`."""
        quads = str(self.release().quads_path)
        asked = Request(quads, query, format_name, bindings, default_graphs, named_graphs, max_rows)
        return self.pool.evaluate(asked, _client_socket())

    def select(self, name: str, **bindings: str) -> list[Row]:
        """Return the rows of one of the server's own queries, `queries/{name}.rq`; IRIs stand for its variables."""
        return read_results(self.evaluate(read_query(name), "json", bindings))


def respond(answer: Answer, content_type: str) -> Response:
    """Return an answer as a response: with its length when it is complete, else chunk by chunk."""
    if answer.is_complete:
        return Response(b"".join(answer), content_type=content_type)
    response = Response(_stream(answer), content_type=content_type)
    response.call_on_close(answer.close)
    return response


def _stream(answer: Answer) -> Iterator[bytes]:
    """Yield the chunks. When they break off, the connection must too: the status is sent, nothing else can tell."""
    try:
        yield from answer
    except ServerError as error:
        _log.info("an answer broke off: %s", error)
        raise ConnectionResetError(errno.ECONNRESET, "the answer broke off") from error


def backend() -> Backend:
    """Return the backend of this application."""
    return cast(Backend, current_app.extensions[_EXTENSION])


@cache
def read_query(name: str) -> str:
    """Return the text of `queries/{name}.rq`."""
    return (resources.files("budgetgraph.server") / "queries" / f"{name}.rq").read_text("utf-8")


def _client_socket() -> socket.socket | None:
    """Return the connection of this request where the WSGI server tells it (gunicorn, Werkzeug's own)."""
    found = request.environ.get("gunicorn.socket") or request.environ.get("werkzeug.socket")
    return found if isinstance(found, socket.socket) else None
