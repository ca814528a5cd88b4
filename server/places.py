"""How many requests are at work at once."""

import asyncio
from collections import deque
from collections.abc import Callable


class Places:
    """So many requests may be at work; the others wait in the order in which they came. For one event loop.

    Who enters leaves once, or hands the place on to somebody who does.
    """

    def __init__(self, number: int) -> None:
        self._free = number
        self._waiting: deque[Callable[[], bool]] = deque()

    def enter(self, go: Callable[[], object]) -> None:
        """Call `go` when there is a place: now, or from `leave`."""
        if self._free:
            self._free -= 1
            go()
        else:
            self._waiting.append(lambda: go() is not self)

    async def wait(self) -> None:
        """Wait for a place."""
        has_place: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def go() -> bool:
            if has_place.cancelled():
                return False
            has_place.set_result(None)
            return True

        self._enter(go)
        try:
            await has_place
        except asyncio.CancelledError:
            if not has_place.cancelled():
                self.leave()
            raise

    def leave(self) -> None:
        """Give a place back."""
        while self._waiting:
            if self._waiting.popleft()():
                return
        self._free += 1

    def _enter(self, go: Callable[[], bool]) -> None:
        """Let somebody enter, who says whether the place is still wanted."""
        if self._free:
            self._free -= 1
            go()
        else:
            self._waiting.append(go)
