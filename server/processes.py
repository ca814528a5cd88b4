"""One worker process seen from the server: started, asked, waited for, killed."""

import fcntl
import json
import os
import select
import signal
import subprocess
import time
from collections.abc import Callable, Collection
from contextlib import suppress

from budgetgraph.server.children import ForkedProcess, start
from budgetgraph.server.copies import SharedCopy
from budgetgraph.server.exceptions import ClientLeftError, QueryTimeoutError, WorkerDiedError
from budgetgraph.server.frames import FrameKind, FrameReader, Request, frame, rider, write_all

#: Seconds in which a new worker must be ready. It only imports the engine; more means that it cannot start.
START_LIMIT = 60.0
#: Seconds in which requests are begun that were handed over together with another one.
RIDE = 0.02
#: Seconds after which it is looked whether the client is still there.
_LOOK = 0.1
#: How much a worker that does long work gives way to others; see nice(2).
_NICE = 10


class WorkerProcess:
    """One worker process, the pipes to it, and those of the processes that follow it.

    origin  the `made` of the copy that it was forked from; None when it reads the disk
    until   the time of the monotonic clock after which it begins none of the requests that ride with another one
    room    bytes of requests that the worker takes while it is at one, so that handing them over does not block
    """

    def __init__(self, memory: int) -> None:
        self.without_network = False
        self.has_served = False
        self._memory = memory
        self._process: subprocess.Popen[bytes] | ForkedProcess | None = None
        self.origin: object = None
        self._input = self._output = -1
        self._reader = FrameReader(-1)
        self._poll = select.poll()
        self._ready = False
        self.until = 0.0
        self.room = 0
        self._recalled = 0

    def spawn(self, copy: SharedCopy | None = None) -> None:
        """Begin a new process, forked from a copy of the release if that is made. It is not waited for.

        What stops it is reported when the worker is used.
        """
        requests, self._input = os.pipe()
        self.room = _room(self._input)
        self._output, answers = os.pipe()
        self._reader = FrameReader(self._output)
        self._poll = select.poll()
        self._poll.register(self._output, select.POLLIN)
        self._ready = self.has_served = False
        self._recalled = 0
        try:
            self.origin = copy.made if copy is not None else None
            self._process = copy.fork(requests, answers) if copy is not None else None
            if self._process is None:
                self.origin = None
                self._process = start("worker", str(self._memory), stdin=requests, stdout=answers)
        except OSError:
            self._process = None
        finally:
            os.close(requests)
            os.close(answers)

    @property
    def is_ready(self) -> bool:
        """Tell whether the worker has said that it takes requests."""
        return self._ready

    @property
    def output(self) -> int:
        """Return the descriptor that answers are read from."""
        return self._output

    @property
    def reader(self) -> FrameReader:
        """Return what reads them; another one for each process."""
        return self._reader

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
        self.send_all(request.encode(), ())

    def send_all(self, load: bytes, riders: Collection[bytes]) -> None:
        """Hand over an encoded request, and others that ride with it for RIDE seconds. Raises as `send` does."""
        self.until = time.monotonic() + RIDE
        try:
            write_all(self._input, frame(FrameKind.REQUEST, load) + b"".join(rider(e, self.until) for e in riders))
        except OSError:
            raise WorkerDiedError(self._obituary()) from None

    def give_way(self) -> None:
        """Let other processes run before this one, from now on."""
        process = self._process
        if process is not None and process.pid:
            with suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, process.pid, _NICE)

    def receive(self, deadline: float | None, has_left: Callable[[], bool] | None) -> tuple[FrameKind, bytes]:
        """Return the next frame; wait for it until `deadline` (monotonic clock), or until the client has left."""
        while True:
            while (found := self._reader.pop()) is None:
                self._wait(deadline, has_left)
                if not self._reader.fill():
                    raise WorkerDiedError(self._obituary())
            if found[0] is not FrameKind.BACK:
                return found
            self._recalled -= 1

    def pop_answer(self) -> tuple[FrameKind, bytes] | None:
        """Return the next plain answer of what `reader` was filled with, see there. What it leaves, `receive` gives."""
        while (found := self._reader.pop_answer()) is not None and found[0] is FrameKind.BACK and self._recalled:
            self._recalled -= 1
        return found

    def recall(self, number: int) -> None:
        """Expect so many riders to be given back, of which nobody waits for an answer."""
        self._recalled += number

    @property
    def has_answered(self) -> bool:
        """Tell whether there is something to read."""
        return bool(self._poll.poll(0))

    def end(self) -> None:
        """Kill the process now, whatever it does; who reads from it finds the end of the pipe."""
        process = self._process
        if process is not None:
            process.kill()
            process.wait()

    @property
    def is_killed(self) -> bool:
        """Tell whether something else has killed the process: no query makes it do that itself."""
        return self._process is not None and self._process.poll() == -signal.SIGKILL

    def discard(self) -> None:
        """Kill the process and close the pipes to it. Does nothing when that is done."""
        self.end()
        self._process = None
        for descriptor in (self._input, self._output):
            if descriptor >= 0:
                os.close(descriptor)
        self._input = self._output = -1

    def _wait(self, deadline: float | None, has_left: Callable[[], bool] | None) -> None:
        """Return when the worker has something to say, or has died."""
        while True:
            remaining = None if deadline is None else deadline - time.monotonic()
            if remaining is not None and remaining <= 0:
                raise QueryTimeoutError(
                    "The query took too long and was stopped. Ask for less: more constants, fewer joins without a "
                    "shared variable, a LIMIT in a subquery."
                )
            slices = [remaining] if remaining is not None else []
            slices += [_LOOK] if has_left is not None else []
            if self._poll.poll(min(slices) * 1000 if slices else None):
                return
            if has_left is not None and has_left():
                raise ClientLeftError("The client closed its connection.")

    def _obituary(self) -> str:
        code = self._process.wait() if self._process is not None else 0
        how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return (
            f"The worker that evaluated the query died ({how}): the query nests too deep, or needs more memory than "
            f"a worker has ({self._memory >> 20} MiB). Make it simpler, or ask for less at once."
        )


def _room(pipe: int) -> int:
    """Return half of what a pipe holds; the system gives less to who has many. See pipe(7), F_GETPIPE_SZ."""
    return int(fcntl.fcntl(pipe, fcntl.F_GETPIPE_SZ)) // 2 if hasattr(fcntl, "F_GETPIPE_SZ") else 0
