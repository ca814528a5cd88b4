"""The pool of worker processes: who evaluates a query, for how long, and what happens when one must be killed.

pyoxigraph can neither limit nor cancel a query, and some queries end its process. So each runs in a process of
its own, which is killed at the deadline, when it is no longer wanted, or when it dies by itself; a new one takes
its place. There are two lanes: every query begins in the light one; one that is not done soon goes on in the heavy
one, so that long queries never take the place of short ones.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from budgetgraph.server.answers import Answer
from budgetgraph.server.clients import Client
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
    memory    bytes of address space of each worker; the engine does not start with less than a quarter of a GiB
    copied    bytes that a release may take in a worker's memory; a larger one is read from the disk
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
        self.light = self._lane("light", self.limits.workers, self.limits.waiting)
        self.heavy = self._lane("heavy", self.limits.heavy, -(-self.limits.waiting // 4))

    def evaluate(self, request: Request, client: Client | None = None) -> Answer:
        """Evaluate a query and return its answer, which is whole.

        When `client` leaves, the worker is killed, unless it is done within the time of a light query; the time of
        workers is added to its seconds.
        Raises QueryError, QueryTimeoutError, WorkerDiedError, OverloadedError, StoreError, ClientLeftError.
        """
        return self.evaluation(request, client or Client()).run()

    def evaluation(self, request: Request, client: Client, *, copied: bool = False) -> Evaluation:
        """Return the evaluation of a query, not begun yet; `copied` as in a request."""
        limits = self.limits
        bounds = request._replace(rows=request.rows or limits.rows, size=limits.bytes, copied=copied or request.copied)
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

    def give_back(self, lane: Lane[WorkerProcess], worker: WorkerProcess, client: Client, *, reusable: bool) -> None:
        """Take a worker back; one that is not reusable is killed, and a new process takes its place."""
        if not reusable:
            worker.discard()

        def prepare() -> WorkerProcess:
            if not reusable:
                worker.spawn()
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
            idle.spawn()
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
            worker.spawn()

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
