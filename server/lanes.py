"""Who gets a worker next: a bounded queue for each lane, in which no client keeps another one out."""

import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from typing import Generic, TypeVar

from budgetgraph.server.clients import Client
from budgetgraph.server.exceptions import ClientLeftError, OverloadedError

#: Seconds after which a waiting query looks whether its client is still there.
_LOOK = 0.25

_Worker = TypeVar("_Worker")


class Ticket(Generic[_Worker]):
    """A place in the queue of a lane.

    client   whose share it is
    is_over  waiting is over
    worker   None as long as it waits, and when the lane was closed
    tell     called once when waiting is over, from any thread, unless it was over at once; it must not block
    load     what a worker may be told together with what others ask; None when the worker is wanted alone
    rides    the worker was told, and is somebody else's until they are done
    """

    __slots__ = ("client", "is_over", "load", "number", "rides", "tell", "worker")

    def __init__(self, client: str, number: int) -> None:
        self.client, self.number = client, number
        self.tell: Callable[[], None] | None = None
        self.worker: _Worker | None = None
        self.load: bytes | None = None
        self.is_over = self.rides = False


class Lane(Generic[_Worker]):
    """Some workers and the queries that wait for them.

    Of those that wait, the one whose client has the fewest queries at work comes first; among equal ones, the one that
    came first. Safe to use from several threads.
    """

    def __init__(self, name: str, workers: list[_Worker], waiting: int, patience: float) -> None:
        self.name = name
        self._idle = list(workers)
        self._size = len(workers)
        self._most, self._patience = waiting, patience
        self._lock = threading.Lock()
        #: The tickets of each client that waits, the oldest first.
        self._queues: dict[str, deque[Ticket[_Worker]]] = {}
        self._waiting = 0
        self._at_work: Counter[str] = Counter()
        self._number = 0
        self._closed = False

    @property
    def waiting(self) -> int:
        """Return how many queries wait."""
        return self._waiting

    @property
    def busy(self) -> int:
        """Return how many workers are at work."""
        return 0 if self._closed else self._size - len(self._idle)

    def take(self, client: Client, wanted: Callable[[_Worker], bool] = lambda _: True) -> _Worker | None:
        """Return an idle worker that is wanted, if there is one that nobody waits for."""
        with self._lock:
            found = next((worker for worker in reversed(self._idle) if wanted(worker)), None)
            if self._closed or self._waiting or found is None:
                return None
            self._at_work[client.key] += 1
            self._idle.remove(found)
            return found

    def enter(
        self, client: Client, tell: Callable[[], None] | None = None, load: bytes | None = None
    ) -> Ticket[_Worker]:
        """Return a place in the queue, which has its worker already if one is idle. Does not block.

        Raises OverloadedError when too many wait, or the lane is closed.
        """
        with self._lock:
            if self._closed:
                raise _busy()
            if not self._idle and self._waiting >= self._most:
                raise OverloadedError("Too many queries are waiting. Try again later.", retry_after=10)
            self._number += 1
            ticket: Ticket[_Worker] = Ticket(client.key, self._number)
            self._queues.setdefault(client.key, deque()).append(ticket)
            self._waiting += 1
            self._hand_out()
            ticket.tell, ticket.load = tell, load
            return ticket

    def wait(self, ticket: Ticket[_Worker], client: Client) -> _Worker:
        """Wait until a ticket has its worker, and return that.

        Raises OverloadedError when none became idle in time, ClientLeftError; then the ticket is void.
        """
        over, until = threading.Event(), time.monotonic() + self._patience
        with self._lock:
            ticket.tell = over.set
        while not ticket.is_over:
            remaining = until - time.monotonic()
            if remaining <= 0 or client.has_left():
                if not self.leave(ticket):
                    break
                if client.has_left():
                    raise ClientLeftError("The client closed its connection.")
                raise _busy()
            over.wait(min(remaining, _LOOK))
        if ticket.worker is None:
            raise _busy()
        return ticket.worker

    def leave(self, ticket: Ticket[_Worker]) -> bool:
        """Give up a place in the queue; return False when it has its worker, which is to be released then."""
        with self._lock:
            if not ticket.is_over:
                self._remove(ticket)
                return True
            return ticket.worker is None

    def acquire(self, client: Client) -> _Worker:
        """Return an idle worker; wait for one within the limits. Raises as `enter` and `wait` do."""
        return self.wait(self.enter(client), client)

    def release(self, client: Client, prepare: Callable[[], _Worker]) -> bool:
        """Take a worker back that `take` or a ticket gave, or another one for it; return False when closed.

        `prepare` returns the worker; it is called only if the lane is open.
        """
        with self._lock:
            self._end_work(client.key)
            if self._closed:
                return False
            self._idle.append(prepare())
            self._hand_out()
            return True

    def ride(self, worker: _Worker, most: int, size: int) -> list[Ticket[_Worker]]:
        """Take tickets off the queue whose loads go along to a worker: their share, `most`, and `size` bytes at most.

        The one who has the worker calls their `tell` when the worker was told. Each of them leaves with `get_off`.
        """
        riders: list[Ticket[_Worker]] = []
        if not self._waiting:
            return riders
        with self._lock:
            share = min(most, self._waiting // self._size)
            while len(riders) < share:
                first = self._first()
                size -= len(first.load or b"")
                if first.load is None or size < 0:
                    break
                self._remove(first)
                self._at_work[first.client] += 1
                first.worker, first.is_over, first.rides = worker, True, True
                riders.append(first)
        return riders

    def get_off(self, client: str) -> None:
        """End a ride of a client: its query is answered, or waits again."""
        with self._lock:
            self._end_work(client)

    def put_back(self, ticket: Ticket[_Worker]) -> None:
        """Let a query that rode in vain wait again, before others of its client, and for a worker alone."""
        with self._lock:
            ticket.worker, ticket.load, ticket.is_over, ticket.rides = None, None, False, False
            if self._closed:
                _end(ticket)
                return
            self._queues.setdefault(ticket.client, deque()).appendleft(ticket)
            self._waiting += 1
            self._hand_out()

    def close(self) -> list[_Worker]:
        """Turn away all that wait, and return the workers that were idle."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
            turned_away, self._queues, self._waiting = self._queues, {}, 0
            for queue in turned_away.values():
                for ticket in queue:
                    _end(ticket)
            return idle

    def _hand_out(self) -> None:
        """Give idle workers to whose turn it is. The lock is held."""
        while self._idle and self._waiting:
            first = self._first()
            self._remove(first)
            self._at_work[first.client] += 1
            first.worker = self._idle.pop()
            _end(first)

    def _first(self) -> Ticket[_Worker]:
        firsts = [queue[0] for queue in self._queues.values()]
        return firsts[0] if len(firsts) == 1 else min(firsts, key=self._rank)

    def _end_work(self, client: str) -> None:
        self._at_work[client] -= 1
        if self._at_work[client] <= 0:
            del self._at_work[client]

    def _rank(self, ticket: Ticket[_Worker]) -> tuple[int, int]:
        return self._at_work[ticket.client], ticket.number

    def _remove(self, ticket: Ticket[_Worker]) -> None:
        queue = self._queues[ticket.client]
        queue.remove(ticket)
        self._waiting -= 1
        if not queue:
            del self._queues[ticket.client]


def _end(ticket: Ticket[_Worker]) -> None:
    ticket.is_over = True
    if ticket.tell is not None:
        ticket.tell()


def _busy() -> OverloadedError:
    return OverloadedError("All query workers are busy. Try again later.", retry_after=5)
