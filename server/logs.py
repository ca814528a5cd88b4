"""What the server writes about requests: one JSON object a line on standard error, and the measures.

Never the address of a client, never the text of a query or of a path that a client made up: of a query its hash,
of a path the rule that it matched.
"""

import hashlib
import time

from flask import Flask, Response, g, request

from budgetgraph.server.backend import Backend, backend
from budgetgraph.server.logging_json import log

#: Where the environment of a request has the time of the monotonic clock at which it came.
BEGAN = "budgetgraph.began"


def query_hash(query: str) -> str:
    """Return what a query is called in logs: the first 16 digits of its SHA-256."""
    return hashlib.sha256(query.encode()).hexdigest()[:16]


def register_logs(app: Flask) -> None:
    """Let the application note each request."""
    app.before_request(_begin)
    app.after_request(_note)


def note(
    server: Backend, view: str, method: str, status: int, seconds: float, size: int | None, query: str | None
) -> None:
    """Count a request, and log it as the settings say."""
    server.metrics.count_request(view, method, status, seconds)
    settings = server.config.logs
    is_slow = settings.slow is not None and query is not None and seconds >= settings.slow
    if not is_slow and not settings.requests:
        return
    fields = {
        "method": method,
        "view": view,
        "status": status,
        "milliseconds": round(seconds * 1000, 1),
        "bytes": size,
    }
    if query is not None:
        fields |= {"query": query_hash(query), "query_length": len(query)}
    if is_slow:
        log.warning("slow query", extra={"fields": fields})
    else:
        log.info("request", extra={"fields": fields})


def _begin() -> None:
    g.began = request.environ.get(BEGAN) or time.monotonic()


def _note(response: Response) -> Response:
    seconds = time.monotonic() - g.get("began", time.monotonic())
    view = str(request.url_rule) if request.url_rule is not None else "none"
    note(backend(), view, request.method, response.status_code, seconds, response.content_length, g.get("query"))
    return response
