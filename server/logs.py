"""What the server writes about requests: one JSON object a line on standard error, and the measures.

Never the address of a client, never the text of a query or of a path that a client made up: of a query its hash,
of a path the rule that it matched.
"""

import hashlib
import time

from flask import Flask, Response, g, request

from budgetgraph.server.backend import backend
from budgetgraph.server.logging_json import log


def query_hash(query: str) -> str:
    """Return what a query is called in logs: the first 16 digits of its SHA-256."""
    return hashlib.sha256(query.encode()).hexdigest()[:16]


def register_logs(app: Flask) -> None:
    """Let the application note each request."""
    app.before_request(_begin)
    app.after_request(_note)


def _begin() -> None:
    g.began = time.monotonic()


def _note(response: Response) -> Response:
    server = backend()
    seconds = time.monotonic() - g.get("began", time.monotonic())
    view = str(request.url_rule) if request.url_rule is not None else "none"
    server.metrics.count_request(view, request.method, response.status_code, seconds)
    settings = server.config.logs
    fields = {
        "method": request.method,
        "view": view,
        "status": response.status_code,
        "milliseconds": round(seconds * 1000, 1),
        "bytes": response.content_length,
    }
    if "query" in g:
        fields |= {"query": query_hash(g.query), "query_length": len(g.query)}
    if settings.slow is not None and "query" in g and seconds >= settings.slow:
        log.warning("slow query", extra={"fields": fields})
    elif settings.requests:
        log.info("request", extra={"fields": fields})
    return response
