"""The embedded engine: releases of a store directory, read by the worker pool."""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from budgetgraph.server.answers import Answer
from budgetgraph.server.clients import Client
from budgetgraph.server.frames import Request
from budgetgraph.server.logging_json import log
from budgetgraph.server.metrics import Metrics
from budgetgraph.server.releases import Release, current, find_release
from budgetgraph.server.workers import PoolLimits, WorkerPool

#: Bytes that a quad takes in memory; 324 were measured with budgets.
_BYTES_PER_QUAD = 350


class EmbeddedEngine:
    """A store directory and the workers that read it."""

    def __init__(self, store: Path, limits: PoolLimits, metrics: Metrics) -> None:
        self.store = store
        self._metrics = metrics
        self._link = str(store / "current")
        self._live: tuple[str, Release] | None = None
        self.pool = WorkerPool(limits, self._note)
        metrics.watch(self.pool.light, self.pool.heavy)

    def release(self, identity: str | None) -> Release:
        """Return the release of that name, or the live one. Raises StoreError, NotFoundError."""
        if identity is not None:
            return find_release(self.store.resolve(), identity)
        with suppress(OSError):
            # A release never changes: what was read of it holds as long as the link leads to it.
            # As a string, because it is asked for each query.
            if self._live is not None and os.readlink(self._link) == self._live[0]:  # noqa: PTH115
                return self._live[1]
        store = self.store.resolve()
        live = current(store)
        self._live = (str(live.path.relative_to(store)), live)
        size = (live.quads + live.triples) * _BYTES_PER_QUAD
        self.pool.hold(live.path if size <= self.pool.limits.copied else None)
        return live

    def evaluate(self, asked: Request, client: Client, release: Release) -> Answer:  # noqa: ARG002  # see Engine
        """Evaluate a query over a release. See `WorkerPool.evaluate`."""
        evaluation, begun = self.pool.evaluation(asked, client), client.begun
        if begun is not None and begun.request == evaluation.request:
            evaluation, client.begun = begun, None
        return evaluation.run()

    def status(self) -> Mapping[str, object]:
        """Return how the workers are confined and what they read, once one has answered over the live release."""
        release = self.release(None)
        answer = self.pool.evaluate(Request(str(release.quads_path), "ASK {}", "json"))
        assert json.loads(b"".join(answer))["boolean"] is True  # noqa: S101  # there is always one empty solution
        return {
            "release": release.id,
            "workers_without_network": self.pool.without_network(),
            "in_memory": self.pool.is_in_memory,
        }

    def _note(self, event: str) -> None:
        self._metrics.count_event(event)
        if event == "died":
            log.warning("a worker died")

    def close(self) -> None:
        """End the workers."""
        self.pool.close()
