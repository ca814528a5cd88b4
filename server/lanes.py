"""Who gets a worker next: a bounded queue for each lane, in which no client keeps another one out."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from budgetgraph.server.clients import Client
from budgetgraph.server.exceptions import ClientLeftError, OverloadedError

#: Seconds after which a waiting query looks whether its client is still there.
_LOOK = 0.25

_Worker = TypeVar("_Worker")


@dataclass(slots=True, eq=False)
class _Ticket:
    client: str
    number: int


class Lane(Generic[_Worker]):
    """Some workers and the queries that wait for them.

    Of those that wait, the one whose client has the fewest queries at work comes first; among equal ones, the one that
    came first. Safe to use from several threads.
    """

    def __init__(self, name: str, workers: list[_Worker], waiting: int, patience: float) -> None:
        self.name = name
        self._idle = list(workers)
        self._most, self._patience = waiting, patience
        self._changed = threading.Condition()
        self._queue: list[_Ticket] = []
        self._at_work: Counter[str] = Counter()
        self._number = 0
        self._closed = False

    @property
    def waiting(self) -> int:
        """Return how many queries wait."""
        return len(self._queue)

    @property
    def busy(self) -> int:
        """Return how many workers are at work."""
        return self._at_work.total()

    def take(self, client: Client) -> _Worker | None:
        """Return an idle worker if there is one that nobody waits for."""
        with self._changed:
            if self._closed or self._queue or not self._idle:
                return None
            self._at_work[client.key] += 1
            return self._idle.pop()

    def acquire(self, client: Client) -> _Worker:
        """Return an idle worker; wait for one within the limits.

        Raises OverloadedError when too many wait, or none became idle in time; ClientLeftError.
        """
        with self._changed:
            if not self._idle and len(self._queue) >= self._most:
                raise OverloadedError("Too many queries are waiting. Try again later.", retry_after=10)
            self._number += 1
            ticket = _Ticket(client.key, self._number)
            self._queue.append(ticket)
            try:
                self._wait(ticket, client.has_left)
                self._at_work[client.key] += 1
                return self._idle.pop()
            finally:
                self._queue.remove(ticket)
                self._changed.notify_all()

    def release(self, client: Client, prepare: Callable[[], _Worker]) -> bool:
        """Take a worker back that `take` or `acquire` gave, or another one for it; return False when closed.

        `prepare` returns the worker; it is called only if the lane is open.
        """
        with self._changed:
            self._at_work[client.key] -= 1
            if self._at_work[client.key] <= 0:
                del self._at_work[client.key]
            if self._closed:
                return False
            self._idle.append(prepare())
            self._changed.notify_all()
            return True

    def close(self) -> list[_Worker]:
        """Turn away all that wait, and return the workers that were idle."""
        with self._changed:
            self._closed = True
            idle, self._idle = self._idle, []
            self._changed.notify_all()
            return idle

    def _wait(self, ticket: _Ticket, has_left: Callable[[], bool]) -> None:
        until = time.monotonic() + self._patience
        while self._closed or not self._idle or self._first() is not ticket:
            remaining = until - time.monotonic()
            if self._closed or remaining <= 0:
                raise OverloadedError("All query workers are busy. Try again later.", retry_after=5)
            self._changed.wait(min(remaining, _LOOK))
            if has_left():
                raise ClientLeftError("The client closed its connection.")

    def _first(self) -> _Ticket:
        return min(self._queue, key=lambda ticket: (self._at_work[ticket.client], ticket.number))
