"""One query on its way through the pool: from the lane it waits in to its answer, or to why there is none."""

import json
import time
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from typing import IO, TYPE_CHECKING

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
from budgetgraph.server.lanes import Ticket
from budgetgraph.server.processes import WorkerProcess

if TYPE_CHECKING:
    from budgetgraph.server.workers import WorkerPool

#: Queries that ride with another one.
_RIDERS = 7


class Evaluation:
    """One query on its way: begun in the light lane, moved to the heavy one when it is not done soon.

    `run` does all of it and blocks. Who must not block calls `begin`, and `take` with a plain answer that has come from
    the `worker`; from wherever it is, `run` goes on in a thread, and `abandon` gives up.

    Queries that wait ride with the one that gets a worker (`begin`). The worker answers them in turn, each leaves it
    to the next one. Before one of them goes on in a thread, all behind it are recalled.
    """

    def __init__(self, pool: "WorkerPool", request: Request, client: Client, load: bytes | None = None) -> None:
        """`load` is the request as a worker is told of it, for who has it."""
        self.request, self.client = request, client
        self._load = load
        self._pool = pool
        self._lane = pool.light if pool.limits.workers else pool.heavy
        self._ticket: Ticket[WorkerProcess] | None = None
        self._worker: WorkerProcess | None = None
        self._started = 0.0
        self._body: bytes | None = None
        self._failure: dict[str, str] | None = None

    def begin(self, tell: Callable[[], None]) -> bool:
        """Hand the query to a worker if one is idle and awake, and return whether that was done. Does not block.

        If not, the query waits for a worker in its lane, and `tell` is called from any thread when it is worth
        calling `begin` again; it rides with another one then, or may have a worker of its own. Raises OverloadedError.
        """
        if self._ticket is None:
            self._ticket = self._enter(tell, self._encoded())
        ticket, worker = self._ticket, self._ticket.worker
        if worker is None or not worker.is_ready or self._lane is not self._pool.light:
            return False
        if not ticket.rides:
            riders = self._lane.ride(worker, _RIDERS, worker.room)
            try:
                worker.send_all(ticket.load or self._encoded(), [each.load or b"" for each in riders])
            except WorkerDiedError:
                # `run` finds it out again, and has the time to replace the worker.
                for each in riders:
                    self._lane.get_off(each.client)
                    self._lane.put_back(each)
                return False
            for each in riders:
                if each.tell is not None:
                    each.tell()
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

    def take(self, kind: FrameKind, body: bytes, *, is_last: bool) -> bytes | None:
        """Take a plain answer, and return its body; None for a failure, of which `run` tells."""
        assert self._worker is not None  # noqa: S101  # it has answered
        if kind is FrameKind.FAIL:
            self._failure = json.loads(body)
        else:
            self._body = body
        self._end(self._worker, reusable=True, is_last=is_last)
        return self._body

    def inherit(self) -> None:
        """Note that the worker is at this query now, which has ridden with another one."""
        self._started = time.monotonic()

    def recall(self, *, is_last: bool) -> None:
        """Wait for a worker again: this one does not begin the query, and nobody rides behind it if it is the last."""
        ticket, worker = self._ticket, self._worker
        assert ticket is not None and worker is not None  # noqa: S101, PT018  # it has ridden
        self._worker = None
        if is_last:
            self._pool.give_back(self._lane, worker, self.client, reusable=True)
        else:
            self._lane.get_off(self.client.key)
        self._lane.put_back(ticket)

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
        if self._failure is not None:
            raise _FAILURES[self._failure["kind"]](self._failure["message"])
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
        """Tell whether the client has left a long query. A short one ends sooner than a new worker begins."""
        return time.monotonic() - self._started >= self._pool.limits.light and self.client.has_left()

    def _end(self, worker: WorkerProcess, *, reusable: bool, is_last: bool = True) -> None:
        worker.has_served = True
        self._worker = self._ticket = None
        self.client.seconds += time.monotonic() - self._started
        if is_last:
            self._pool.give_back(self._lane, worker, self.client, reusable=reusable)
        else:
            self._lane.get_off(self.client.key)

    def _encoded(self) -> bytes:
        return self._load if self._load is not None else self.request.encode()

    def _enter(self, tell: Callable[[], None] | None = None, load: bytes | None = None) -> Ticket[WorkerProcess]:
        try:
            return self._lane.enter(self.client, tell, load)
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
