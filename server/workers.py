"""The pool of worker processes: who evaluates a query, for how long, and what happens when one must be killed.

pyoxigraph can neither limit nor cancel a query, and some queries end its process. So each runs in a process of
its own, which is killed at the deadline, when it is no longer wanted, or when it dies by itself; a new one takes
its place. Answers stream through in chunks of bounded size.
"""

import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from budgetgraph.server.exceptions import (
    ClientLeftError,
    OverloadedError,
    QueryError,
    QueryTimeoutError,
    ServerError,
    StoreError,
    WorkerDiedError,
)
from budgetgraph.server.frames import FrameKind, FrameReader, Request, write_frame

#: Bytes of an answer that are read before it is passed on: smaller answers are known to be whole by then, and have
#: freed their worker before a slow client reads them.
READ_AHEAD = 1 << 18
#: Seconds in which a new worker must be ready. It only imports the engine; more means that it cannot start.
START_LIMIT = 60.0


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
        self._workers = [_WorkerProcess(self.limits.memory) for _ in range(self.limits.workers)]
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

    def give_back(self, worker: "_WorkerProcess", *, reusable: bool) -> None:
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

    def _send(self, request: Request) -> "_WorkerProcess":
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

    def _acquire(self) -> "_WorkerProcess":
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

    def __init__(self, pool: WorkerPool, worker: "_WorkerProcess", client: socket.socket | None) -> None:
        self.truncated = False
        self._pool = pool
        self._worker: _WorkerProcess | None = worker
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

    def _receive(self, worker: "_WorkerProcess") -> tuple[FrameKind, bytes]:
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


class _WorkerProcess:
    """One worker process, the pipes to it, and those of the processes that follow it."""

    def __init__(self, memory: int) -> None:
        self.without_network = False
        self._memory = memory
        self._process: subprocess.Popen[bytes] | None = None
        self._input = self._output = -1
        self._reader = FrameReader(-1)
        self._ready = False

    def spawn(self) -> None:
        """Begin a new process, which is not waited for. What stops it is reported when the worker is used."""
        requests, self._input = os.pipe()
        self._output, answers = os.pipe()
        self._reader = FrameReader(self._output)
        self._ready = False
        try:
            # A process group of its own: Ctrl-C on a terminal ends the server, which then ends its workers.
            self._process = subprocess.Popen(  # noqa: S603  # our own module
                [sys.executable, "-m", "budgetgraph.server.worker", str(self._memory)],
                stdin=requests,
                stdout=answers,
                process_group=0,
            )
        except OSError:
            self._process = None
        finally:
            os.close(requests)
            os.close(answers)

    def start(self) -> None:
        """Wait until the worker takes requests. Raises WorkerDiedError when it does not come up."""
        if self._ready:
            return
        try:
            _, body = self.receive(time.monotonic() + START_LIMIT, None)
        except (QueryTimeoutError, WorkerDiedError):
            raise WorkerDiedError("A query worker cannot start; the server's log says why.") from None
        self.without_network = bool(json.loads(body)["without_network"])
        self._ready = True

    def send(self, request: Request) -> None:
        """Hand over a request. Raises WorkerDiedError when the worker is gone."""
        try:
            write_frame(self._input, FrameKind.REQUEST, request.encode())
        except OSError:
            raise WorkerDiedError(self._obituary()) from None

    def receive(self, deadline: float | None, client: socket.socket | None) -> tuple[FrameKind, bytes]:
        """Return the next frame; wait for it until `deadline` (monotonic clock), or until the client has left."""
        while (frame := self._reader.pop()) is None:
            self._wait(deadline, client)
            if not self._reader.fill():
                raise WorkerDiedError(self._obituary())
        return frame

    def end(self) -> None:
        """Kill the process now, whatever it does; who reads from it finds the end of the pipe."""
        process = self._process
        if process is not None:
            process.kill()
            process.wait()

    def discard(self) -> None:
        """Kill the process and close the pipes to it. Does nothing when that is done."""
        self.end()
        self._process = None
        for descriptor in (self._input, self._output):
            if descriptor >= 0:
                os.close(descriptor)
        self._input = self._output = -1

    def _wait(self, deadline: float | None, client: socket.socket | None) -> None:
        """Return when the worker has something to say, or has died."""
        poll = select.poll()
        poll.register(self._output, select.POLLIN)
        if client is not None:
            poll.register(client, getattr(select, "POLLRDHUP", 0))
        events = poll.poll(None if deadline is None else max(0.0, deadline - time.monotonic()) * 1000)
        if not events:
            raise QueryTimeoutError(
                "The query took too long and was stopped. Ask for less: more constants, fewer joins without a "
                "shared variable, a LIMIT in a subquery."
            )
        if all(descriptor != self._output for descriptor, _ in events):
            raise ClientLeftError("The client closed its connection.")

    def _obituary(self) -> str:
        code = self._process.wait() if self._process is not None else 0
        how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return (
            f"The worker that evaluated the query died ({how}): the query nests too deep, or needs more memory than "
            f"a worker has ({self._memory >> 20} MiB). Make it simpler, or ask for less at once."
        )
