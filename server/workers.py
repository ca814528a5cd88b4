"""The pool of worker processes: who evaluates a query, for how long, and what happens when one must be killed.

pyoxigraph can neither limit nor cancel a query, and some queries end its process. So each runs in a process of
its own, which is killed at the deadline, when it is no longer wanted, or when it dies by itself; a new one takes
its place. Answers stream through in chunks of bounded size.
"""

import json
import socket
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from budgetgraph.server.exceptions import (
    OverloadedError,
    QueryError,
    ServerError,
    StoreError,
    WorkerDiedError,
)
from budgetgraph.server.frames import FrameKind, Request
from budgetgraph.server.processes import WorkerProcess

#: Bytes of an answer that are read before it is passed on: smaller answers are known to be whole by then, and have
#: freed their worker before a slow client reads them.
READ_AHEAD = 1 << 18


@dataclass(frozen=True, slots=True)
class PoolLimits:
    """What queries may use.

    workers    processes, and so queries at the same time
    time       seconds that an answer may take, without those in which the client did not read; None for ever
    transfer   seconds for all of it, a client that reads slowly included; None for ever
    memory     bytes of address space of each worker; the engine does not start with less than half a GiB
    waiting    queries that may wait for a worker; more are turned away
    patience   seconds that a query waits for a worker before it is turned away
    """

    workers: int = 2
    time: float | None = 30.0
    transfer: float | None = 300.0
    memory: int = 2 << 30
    waiting: int = 32
    patience: float = 10.0


class WorkerPool:
    """Worker processes that share one queue. Safe to use from several threads."""

    def __init__(self, limits: PoolLimits | None = None) -> None:
        self.limits = limits or PoolLimits()
        self._changed = threading.Condition()
        self._workers = [WorkerProcess(self.limits.memory) for _ in range(self.limits.workers)]
        self._idle = list(self._workers)
        self._waiting = 0
        self._closed = False
        for worker in self._workers:
            worker.spawn()

    def evaluate(self, request: Request, client: socket.socket | None = None) -> "Answer":
        """Evaluate a query in a worker, and return its answer once it is complete or READ_AHEAD of it is there.

        `client` is the connection the answer is for: when its other end closes, the worker is killed.
        Raises QueryError, QueryTimeoutError, WorkerDiedError, OverloadedError, StoreError, ClientLeftError.
        """
        answer = Answer(self, self._send(request), client)
        answer.wait()
        return answer

    def without_network(self) -> bool:
        """Tell whether the system let the workers give up their network."""
        worker = self._acquire()
        try:
            worker.start()
        except WorkerDiedError:
            self.give_back(worker, reusable=False)
            raise
        self.give_back(worker, reusable=True)
        return worker.without_network

    def close(self) -> None:
        """Kill all workers; queries under way break off."""
        with self._changed:
            self._closed = True
            idle, self._idle = self._idle, []
            self._changed.notify_all()
        for worker in self._workers:
            worker.end()
        # The pipes of the others are closed by the threads that read them.
        for worker in idle:
            worker.discard()

    def give_back(self, worker: WorkerProcess, *, reusable: bool) -> None:
        """Take a worker back; one that is not reusable is killed, and a new process takes its place."""
        if not reusable:
            worker.discard()
        with self._changed:
            if self._closed:
                worker.discard()
                return
            if not reusable:
                worker.spawn()
            self._idle.append(worker)
            self._changed.notify()

    def _send(self, request: Request) -> WorkerProcess:
        """Hand the request to a free worker. One that died while it was idle is replaced, once."""
        worker = self._acquire()
        try:
            try:
                worker.start()
                worker.send(request)
            except WorkerDiedError:
                worker.discard()
                worker.spawn()
                worker.start()
                worker.send(request)
        except WorkerDiedError:
            self.give_back(worker, reusable=False)
            raise
        return worker

    def _acquire(self) -> WorkerProcess:
        """Return a free worker; wait for one, within the limits."""
        until = time.monotonic() + self.limits.patience
        with self._changed:
            if not self._idle and self._waiting >= self.limits.waiting:
                raise OverloadedError("Too many queries are waiting. Try again later.", retry_after=10)
            self._waiting += 1
            try:
                while not self._idle or self._closed:
                    remaining = until - time.monotonic()
                    if self._closed or remaining <= 0:
                        raise OverloadedError("All query workers are busy. Try again later.", retry_after=5)
                    self._changed.wait(remaining)
                return self._idle.pop()
            finally:
                self._waiting -= 1


class Answer:
    """A serialised answer, chunk by chunk. Read it to its end or close it: both free the worker.

    Iterating raises QueryTimeoutError, WorkerDiedError or QueryError when the answer breaks off; what was read
    till then is not whole. `truncated` is known at the end: whether rows over the request's `max_rows` were left out.
    """

    def __init__(self, pool: WorkerPool, worker: WorkerProcess, client: socket.socket | None) -> None:
        self.truncated = False
        self._pool = pool
        self._worker: WorkerProcess | None = worker
        self._client = client
        self._started = time.monotonic()
        self._waited = 0.0
        self._ahead: deque[bytes] = deque()

    @property
    def is_complete(self) -> bool:
        """Tell whether the worker is done, so that nothing can go wrong any more."""
        return self._worker is None

    def wait(self) -> None:
        """Read ahead until the answer is complete or READ_AHEAD is full; raises what iterating would."""
        size = 0
        while size < READ_AHEAD and (chunk := self._read()) is not None:
            self._ahead.append(chunk)
            size += len(chunk)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        chunk = self._ahead.popleft() if self._ahead else self._read()
        if chunk is None:
            raise StopIteration
        return chunk

    def _read(self) -> bytes | None:
        """Return the next chunk from the worker, None behind the last one."""
        if self._worker is None:
            return None
        kind, body = self._receive(self._worker)
        if kind is FrameKind.DATA:
            return body
        self._free(reusable=True)
        told = json.loads(body)
        if kind is FrameKind.FAIL:
            raise _FAILURES[told["kind"]](told["message"])
        self.truncated = told["truncated"]
        return None

    def close(self) -> None:
        """Free the worker; if it is still at work, it is killed."""
        self._ahead.clear()
        self._free(reusable=False)

    def _receive(self, worker: WorkerProcess) -> tuple[FrameKind, bytes]:
        limits, now = self._pool.limits, time.monotonic()
        ends = [now + limits.time - self._waited] if limits.time is not None else []
        ends += [self._started + limits.transfer] if limits.transfer is not None else []
        try:
            return worker.receive(min(ends, default=None), self._client)
        except ServerError:
            self._free(reusable=False)
            raise
        finally:
            self._waited += time.monotonic() - now

    def _free(self, *, reusable: bool) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            self._pool.give_back(worker, reusable=reusable)


_FAILURES: dict[str, type[ServerError]] = {"query": QueryError, "store": StoreError, "memory": WorkerDiedError}
