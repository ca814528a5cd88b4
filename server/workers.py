"""The pool of worker processes: who evaluates a query, for how long, and what happens when one must be killed.

pyoxigraph can neither limit nor cancel a query, and some queries end its process. So each runs in a process of
its own, which is killed at the deadline, when it is no longer wanted, or when it dies by itself; a new one takes
its place. There are two lanes: every query begins in the light one; one that is not done soon goes on in the heavy
one, so that long queries never take the place of short ones.
"""

import json
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from typing import IO

from budgetgraph.server.answers import Answer, new_file
from budgetgraph.server.clients import Client
from budgetgraph.server.exceptions import (
    ClientLeftError,
    OverloadedError,
    QueryError,
    QueryTimeoutError,
    ServerError,
    StoreError,
    WorkerDiedError,
)
from budgetgraph.server.frames import FrameKind, Request
from budgetgraph.server.lanes import Lane, Ticket
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

    def evaluation(self, request: Request, client: Client, *, copied: bool = False) -> "Evaluation":
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


class Evaluation:
    """One query on its way: begun in the light lane, moved to the heavy one when it is not done soon.

    `run` does all of it and blocks. Who must not block calls `begin`, and `answer` when there is something to read
    from the `worker`; if that gives nothing, `run` goes on from there in a thread, and `abandon` gives up.
    """

    def __init__(self, pool: WorkerPool, request: Request, client: Client) -> None:
        self.request, self.client = request, client
        self._pool = pool
        self._lane = pool.light if pool.limits.workers else pool.heavy
        self._ticket: Ticket[WorkerProcess] | None = None
        self._worker: WorkerProcess | None = None
        self._started = 0.0
        self._body: bytes | None = None

    def begin(self, tell: Callable[[], None]) -> bool:
        """Hand the query to a worker if one is idle and awake, and return whether that was done. Does not block.

        If not, the query waits for a worker in its lane, and `tell` is called from any thread when it is worth
        calling `begin` again. Raises OverloadedError.
        """
        if self._ticket is None:
            self._ticket = self._enter(tell)
        worker = self._ticket.worker
        if worker is None or not worker.is_ready or self._lane is not self._pool.light:
            return False
        try:
            worker.send(self.request)
        except WorkerDiedError:
            return False  # `run` finds it out again, and has the time to replace the worker
        self._worker, self._started = worker, time.monotonic()
        return True

    @property
    def has_worker(self) -> bool:
        """Tell whether waiting for a worker is over."""
        return self._ticket is not None and self._ticket.is_over

    @property
    def worker(self) -> WorkerProcess | None:
        """Return the worker that evaluates, once `begin` has returned True."""
        return self._worker

    def answer(self) -> bytes | None:
        """Return the answer if it has arrived, is small, whole and not cut. Call it when the worker has answered."""
        worker = self._worker
        if worker is not None and (body := worker.whole_answer()) is not None:
            self._body = body
            self._end(worker, reusable=True)
        return self._body

    def abandon(self) -> None:
        """Give up a query that was begun; a worker that is at it is killed. Does nothing when it has ended."""
        ticket, self._ticket = self._ticket, None
        if self._worker is not None:
            self._pool.note(ClientLeftError())
            self._end(self._worker, reusable=False)
        elif ticket is not None and not self._lane.leave(ticket) and ticket.worker is not None:
            self._pool.give_back(self._lane, ticket.worker, self.client, reusable=True)

    def run(self) -> Answer:
        """Return the answer, which is whole; see `WorkerPool.evaluate`."""
        if self._body is not None:
            return Answer(BytesIO(self._body), len(self._body), None)
        limits = self._pool.limits
        if self._lane is self._pool.light:
            with_heavy = limits.heavy and (limits.time is None or limits.time > limits.light)
            seconds = limits.light if with_heavy else limits.time
            try:
                return self._attempts(seconds, movable=bool(with_heavy))
            except _MovedError:
                self._pool.restarted()
                self._lane = self._pool.heavy
        return self._attempts(limits.time, movable=False)

    def _attempts(self, seconds: float | None, *, movable: bool) -> Answer:
        """Evaluate in a worker, and in another one if that died of something else than the query."""
        for _ in range(self._pool.limits.workers + 1):
            with suppress(_OtherDeathError):
                return self._attempt(seconds, movable=movable)
        raise _killed()

    def _attempt(self, seconds: float | None, *, movable: bool) -> Answer:
        """Evaluate in a worker of the lane. Raises _MovedError when it has to begin again in the heavy lane."""
        worker = self._worker or self._send()
        deadline = self._started + seconds if seconds is not None else None
        file = new_file()
        reusable = ended = False
        try:
            while True:
                try:
                    kind, body = worker.receive(deadline, self._is_given_up)
                except QueryTimeoutError:
                    if not movable:
                        raise
                    movable = False
                    if self.client.has_left():
                        raise ClientLeftError("The client closed its connection.") from None
                    if not self._pool.make_heavy(worker, self.client):
                        raise _MovedError from None
                    self._lane = self._pool.heavy
                    deadline = self._started + self._pool.limits.time if self._pool.limits.time is not None else None
                    continue
                if kind is FrameKind.DATA:
                    file.write(body)
                elif kind is FrameKind.RESTART:
                    file.seek(0)
                    file.truncate()
                else:
                    told = json.loads(body)
                    # What is left of a large query would make the next one fail.
                    reusable = not told["full"]
                    ended = True
                    return _finish(kind, told, file)
        except BaseException as error:
            file.close()
            if isinstance(error, ServerError) and not ended and not isinstance(error, _MovedError):
                self._pool.note(error)
            if isinstance(error, WorkerDiedError) and not ended:
                # Earlier queries may have left little memory in it. In the heavy lane that costs too much to find out.
                has_little = worker.has_served and self._lane is self._pool.light
                if worker.is_killed or has_little:
                    raise _OtherDeathError from None
            raise
        finally:
            self._end(worker, reusable=reusable)

    def _is_given_up(self) -> bool:
        """Tell whether the client has left a long query. A short one ends soon; a new worker has a release to copy."""
        return time.monotonic() - self._started >= self._pool.limits.light and self.client.has_left()

    def _end(self, worker: WorkerProcess, *, reusable: bool) -> None:
        worker.has_served = True
        self._worker = self._ticket = None
        self.client.seconds += time.monotonic() - self._started
        self._pool.give_back(self._lane, worker, self.client, reusable=reusable)

    def _enter(self, tell: Callable[[], None] | None = None) -> Ticket[WorkerProcess]:
        try:
            return self._lane.enter(self.client, tell)
        except OverloadedError:
            self._pool.overloaded()
            raise

    def _send(self) -> WorkerProcess:
        """Wait for a worker, and hand it the request."""
        ticket, self._ticket = self._ticket or self._enter(), None
        try:
            worker = self._lane.wait(ticket, self.client)
        except OverloadedError:
            self._pool.overloaded()
            raise
        try:
            if self._lane is self._pool.heavy:
                worker.give_way()
            self._hand_over(worker)
        except BaseException:
            self._pool.give_back(self._lane, worker, self.client, reusable=False)
            raise
        self._worker, self._started = worker, time.monotonic()
        return worker

    def _hand_over(self, worker: WorkerProcess) -> None:
        """Hand the request to a worker. One that died while idle is replaced: once, and whenever it is killed."""
        until, may_die = time.monotonic() + self._pool.limits.patience, True
        while True:
            try:
                worker.start()
                worker.send(self.request)
            except WorkerDiedError:
                if worker.is_killed and time.monotonic() > until:
                    raise _killed() from None
                if not worker.is_killed and not may_die:
                    raise
                may_die = may_die and worker.is_killed
                self._pool.replace(worker)
            else:
                return


def _killed() -> OverloadedError:
    return OverloadedError(
        "The workers that evaluated the query were killed: by an administrator, or because the machine ran out of "
        "memory. Try again later.",
        retry_after=10,
    )


def _finish(kind: FrameKind, told: dict[str, str], file: IO[bytes]) -> Answer:
    if kind is FrameKind.FAIL:
        raise _FAILURES[told["kind"]](told["message"])
    cut = told["cut"]
    return Answer.of(file, int(cut) if cut is not None else None)


class _MovedError(ServerError):
    """Raised if a query has to begin again in the heavy lane."""


class _OtherDeathError(ServerError):
    """Raised if a worker died, and that was perhaps not the fault of the query."""


_FAILURES: dict[str, type[ServerError]] = {"query": QueryError, "store": StoreError, "memory": WorkerDiedError}
