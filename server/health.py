"""`/healthz`: the process answers. `/readyz`: it can answer queries, and how well its workers are confined."""

from flask import Blueprint, Response

from budgetgraph.server.backend import backend

health = Blueprint("health", __name__)


@health.get("/healthz")
def is_alive() -> Response:
    """Return 200 as long as the web process answers."""
    return Response("ok\n", content_type="text/plain; charset=utf-8")


@health.get("/readyz")
def is_ready() -> dict[str, object]:
    """Return the live release, once a worker has answered a query over it; a 5xx status says why not."""
    server = backend()
    server.evaluate("ASK {}", "json").close()
    return {"release": server.release().id, "workers_without_network": server.pool.without_network()}
