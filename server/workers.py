"""The pool of worker processes: who evaluates a query, for how long, and what happens when one must be killed.

pyoxigraph can neither limit nor cancel a query, and some queries end its process. So each runs in a process of
its own, which is killed at the deadline, when it is no longer wanted, or when it dies by itself; a new one takes
its place. There are two lanes: every query begins in the light one; one that is not done soon goes on in the heavy
one, so that long queries never take the place of short ones.
"""

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from budgetgraph.server.answers import Answer
from budgetgraph.server.clients import Client
from budgetgraph.server.copies import SharedCopy
from budgetgraph.server.evaluation import Evaluation
from budgetgraph.server.exceptions import QueryTimeoutError, ServerError, WorkerDiedError
from budgetgraph.server.frames import Request
from budgetgraph.server.lanes import Lane
from budgetgraph.server.processes import WorkerProcess


@dataclass(frozen=True, slots=True)
class PoolLimits:
    """What queries may use.

    workers   processes for queries that are done soon
    heavy     processes more, for queries that are not
    light     seconds after which a query goes on in the heavy lane
    time      seconds after which a query is stopped; None for ever
    memory    bytes of address space of each worker, beside a release in memory; the engine does not start with less
              than a quarter of a GiB
    copied    bytes that a release may take in memory; a larger one is read from the disk
    waiting   queries that may wait in the light lane, and a quarter of them in the heavy one; more are turned away
    patience  seconds that a query waits for a worker before it is turned away
    rows      solutions of an answer at most; None for all. An answer that is cut says so
    bytes     bytes of an answer at most; None for all. It is cut after a number of solutions that fits
    """

    workers: int = 2
    heavy: int = 1
    light: float = 1.0
    time: float | None = 30.0
    memory: int = 2 << 30
    copied: int = 768 << 20
    waiting: int = 64
    patience: float = 10.0
    rows: int | None = 100_000
    bytes: int | None = 64 << 20


class WorkerPool:
    """Worker processes in two lanes. Safe to use from several threads.

    `report` is told of each event: "timeout", "died", "left", "heavy", "restarted", "overloaded".
    """

    def __init__(self, limits: PoolLimits | None = None, report: Callable[[str], None] = lambda _: None) -> None:
        self.limits = limits or PoolLimits()
        self._report = report
        self._lock = threading.Lock()
        self._closed = False
        self._workers: set[WorkerProcess] = set()
        self._copy: SharedCopy | None = None
        self.light = self._lane("light", self.limits.workers, self.limits.waiting)
        self.heavy = self._lane("heavy", self.limits.heavy, -(-self.limits.waiting // 4))

    def evaluate(self, request: Request, client: Client | None = None) -> Answer:
        """Evaluate a query and return its answer, which is whole.

        When `client` leaves, the worker is killed, unless it is done within the time of a light query; the time of
        workers is added to its seconds.
        Raises QueryError, QueryTimeoutError, WorkerDiedError, OverloadedError, StoreError, ClientLeftError.
        """
        return self.evaluation(request, client or Client()).run()

    def evaluation(self, request: Request, client: Client) -> Evaluation:
        """Return the evaluation of a query, not begun yet."""
        limits = self.limits
        bounds = request._replace(rows=request.rows or limits.rows, size=limits.bytes)
        return Evaluation(self, bounds, client)

    def without_network(self) -> bool:
        """Tell whether the system let the workers give up their network."""
        client = Client()
        worker = self.light.acquire(client)
        try:
            worker.start()
        finally:
            self.give_back(self.light, worker, client, reusable=worker.is_ready)
        return worker.without_network

    def close(self) -> None:
        """Kill all workers; queries under way break off."""
        idle = self.light.close() + self.heavy.close()
        with self._lock:
            self._closed = True
            for worker in self._workers:
                worker.end()
        # The pipes of the others are closed by the threads that read them.
        for worker in idle:
            worker.discard()
        if self._copy is not None:
            self._copy.end()
            self._copy.wait()

    def hold(self, release: Path | None) -> None:
        """Have the release in a directory in memory, and no other one; workers read the disk until it is.

        None where all is to be read from the disk. Does nothing when it is so already.
        """
        if not hasattr(os, "pidfd_open"):  # no Linux
            release = None
        with self._lock:
            before = self._copy
            if self._closed or (before.release if before is not None else None) == release:
                return
            limits = self.limits
            self._copy = SharedCopy(release, limits.memory, _loading(limits), self._renew) if release else None
        if before is not None:
            before.end()
        if release is None:
            self._renew()

    @property
    def is_in_memory(self) -> bool:
        """Tell whether workers read from memory what they are to."""
        return self._copy is not None and self._copy.is_ready

    def give_back(self, lane: Lane[WorkerProcess], worker: WorkerProcess, client: Client, *, reusable: bool) -> None:
        """Take a worker back; one that is not reusable or up to date is killed, and a new process takes its place."""
        reusable = reusable and not self._is_outdated(worker)
        if not reusable:
            worker.discard()

        def prepare() -> WorkerProcess:
            if not reusable:
                worker.spawn(self._copy)
            return worker

        if not lane.release(client, prepare):
            worker.discard()

    def make_heavy(self, worker: WorkerProcess, client: Client) -> bool:
        """Let a worker of the light lane go on in the heavy one, if that has a place; a new one takes its own."""
        idle = self.heavy.take(client)
        if idle is None:
            return False
        idle.discard()
        worker.give_way()

        def prepare() -> WorkerProcess:
            idle.spawn(self._copy)
            return idle

        self.light.release(client, prepare)
        self._report("heavy")
        return True

    def replace(self, worker: WorkerProcess) -> None:
        """Begin a new process in the place of one that died while it was idle. Raises WorkerDiedError when closed."""
        with self._lock:
            if self._closed:
                raise WorkerDiedError("The server is stopping.")
            worker.discard()
            worker.spawn(self._copy)

    def _is_outdated(self, worker: WorkerProcess) -> bool:
        """Tell whether a worker is to be replaced: because a copy is made now, or is not wanted any more."""
        copy = self._copy
        return worker.origin is not None if copy is None else copy.is_ready and worker.origin is not copy.made

    def _renew(self) -> None:
        """Replace what is outdated of the idle workers; the others follow when they are given back."""
        client = Client()
        for lane in (self.light, self.heavy):
            while (worker := lane.take(client, self._is_outdated)) is not None:
                self.give_back(lane, worker, client, reusable=False)

    def note(self, error: ServerError) -> None:
        """Report why a worker was killed."""
        names: dict[type[ServerError], str] = {QueryTimeoutError: "timeout", WorkerDiedError: "died"}
        self._report(names.get(type(error), "left"))

    def overloaded(self) -> None:
        """Report that a query was turned away."""
        self._report("overloaded")

    def restarted(self) -> None:
        """Report that a query begins again in the heavy lane."""
        self._report("restarted")

    def _lane(self, name: str, size: int, waiting: int) -> Lane[WorkerProcess]:
        workers = [WorkerProcess(self.limits.memory) for _ in range(size)]
        self._workers.update(workers)
        for worker in workers:
            worker.spawn()
        return Lane(name, workers, waiting, self.limits.patience)


def _loading(limits: PoolLimits) -> int:
    """Return the bytes of address space in which a copy is made: much is taken twice for a while."""
    return 2 * limits.copied + (256 << 20)
