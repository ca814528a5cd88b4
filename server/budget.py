"""How much time of workers each client may use: 60 seconds a minute, say, and no more before some have passed."""

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from budgetgraph.server.exceptions import BudgetSpentError

#: Clients that are remembered; whoever was away longest is forgotten first, with what it owes.
_CLIENTS = 10_000


class TimeBudget:
    """A leaky bucket of seconds for each client. Safe to use from several threads.

    What a client uses drains evenly, so that `seconds` are gone after `window`. Addresses stay in memory alone.
    """

    def __init__(self, seconds: float | None, window: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds, self._window, self._clock = seconds, window, clock
        self._lock = threading.Lock()
        self._used: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def require(self, client: str) -> None:
        """Raise BudgetSpentError when a client has nothing left."""
        if self._seconds is None:
            return
        with self._lock:
            over = self._now_used(client) - self._seconds
        if over >= 0:
            wait = max(1, math.ceil((over + 1) * self._window / self._seconds)) if self._seconds else 3600
            raise BudgetSpentError(
                f"You have used the {self._seconds:g} seconds of query time that each client has in "
                f"{self._window:g} seconds. Wait {wait} seconds, or ask simpler queries.",
                retry_after=wait,
            )

    def charge(self, client: str, seconds: float) -> None:
        """Note that a client has used some time."""
        if self._seconds is None or not seconds:
            return
        with self._lock:
            self._used[client] = (self._now_used(client) + seconds, self._clock())
            self._used.move_to_end(client)
            while len(self._used) > _CLIENTS:
                self._used.popitem(last=False)

    def _now_used(self, client: str) -> float:
        used, when = self._used.get(client, (0.0, 0.0))
        return max(0.0, used - (self._clock() - when) * (self._seconds or 0.0) / self._window)
