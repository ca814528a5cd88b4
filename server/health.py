"""`/healthz`: the process answers. `/readyz`: it can answer queries. `/metrics`: what Prometheus reads."""

from flask import Blueprint, Response, jsonify
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from budgetgraph.server.backend import backend

health = Blueprint("health", __name__)


@health.get("/healthz")
def is_alive() -> Response:
    """Return 200 as long as the web process answers."""
    return _fresh(Response("ok\n", content_type="text/plain; charset=utf-8"))


@health.get("/readyz")
def is_ready() -> Response:
    """Return the live release, once a query over it was answered, and how well workers are confined.

    A 5xx status says why not.
    """
    return _fresh(jsonify(backend().engine.status()))


@health.get("/metrics")
def measures() -> Response:
    """Return all measures in the text format of Prometheus. They name no client."""
    return _fresh(Response(backend().metrics.text(), content_type=CONTENT_TYPE_PLAIN_0_0_4))


def _fresh(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
