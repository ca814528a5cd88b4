"""What Prometheus reads at `/metrics`: counts, latency, kills, rejections by reason, the cache."""

from functools import lru_cache, partial
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from budgetgraph.server.lanes import Lane

#: Status -> why a request was turned away.
REASONS = {
    400: "bad-request",
    401: "unauthorized",
    403: "forbidden",
    404: "not-found",
    405: "method",
    406: "not-acceptable",
    410: "gone",
    412: "precondition",
    413: "too-large",
    415: "media-type",
    422: "unprocessable",
    429: "budget",
    503: "overloaded",
    504: "timeout",
}
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)


class Metrics:
    """The measures of one application."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "budgetgraph_requests",
            "Requests by view, method and status.",
            ["view", "method", "status"],
            registry=self._registry,
        )
        self._seconds = Histogram(
            "budgetgraph_request_seconds",
            "Time from a request to its response.",
            ["view"],
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self._rejections = Counter(
            "budgetgraph_rejections", "Requests turned away, by reason.", ["reason"], registry=self._registry
        )
        self._events = Counter(
            "budgetgraph_worker_events",
            "Workers killed (timeout, died, left), queries moved (heavy, restarted) or turned away (overloaded).",
            ["event"],
            registry=self._registry,
        )
        self._cache = Counter(
            "budgetgraph_cache", "Queries answered from kept answers or not.", ["result"], registry=self._registry
        )
        self._hits, self._misses = self._cache.labels("hit"), self._cache.labels("miss")
        #: Looking them up takes longer than counting.
        self._of = lru_cache(1024)(
            lambda view, method, status: (
                self._requests.labels(view, method, str(status)),
                self._seconds.labels(view),
            )
        )
        self._cut = Counter("budgetgraph_cut_answers", "Answers cut at a limit.", registry=self._registry)

    def count_request(self, view: str, method: str, status: int, seconds: float) -> None:
        """Count a response."""
        count, duration = self._of(view, method, status)
        count.inc()
        duration.observe(seconds)
        if status in REASONS:
            self._rejections.labels(REASONS[status]).inc()

    def count_event(self, event: str) -> None:
        """Count what happened to a worker or a query."""
        self._events.labels(event).inc()

    def count_cache(self, *, hit: bool) -> None:
        """Count a look into the cache."""
        (self._hits if hit else self._misses).inc()

    def count_cut(self) -> None:
        """Count an answer that was cut."""
        self._cut.inc()

    def watch(self, *lanes: Lane[Any]) -> None:
        """Measure lanes whenever the measures are read."""
        busy = Gauge("budgetgraph_workers_busy", "Workers at work.", ["lane"], registry=self._registry)
        waiting = Gauge("budgetgraph_queries_waiting", "Queries that wait.", ["lane"], registry=self._registry)
        for lane in lanes:
            busy.labels(lane.name).set_function(partial(getattr, lane, "busy"))
            waiting.labels(lane.name).set_function(partial(getattr, lane, "waiting"))

    def text(self) -> bytes:
        """Return all measures in the text format 0.0.4 of Prometheus."""
        return generate_latest(self._registry)
