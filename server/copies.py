"""One copy of a release in memory for all workers: a process makes it and forks them. `copying.py` is its other side.

What of the copy a worker only looks at is in memory once. The engine counts in the copy itself who looks at what, so
that a worker gets pages of its own for the parts it has read: all of them, at worst.
"""

import os
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from budgetgraph.server.children import ForkedProcess, start
from budgetgraph.server.logging_json import log

#: What the process says once the copy is made.
READY = b"ready"
#: Seconds until a copy that was lost is made again: at first, and at most. Each time is twice the one before.
_PAUSE, _LONGEST_PAUSE = 30.0, 3600.0


class SharedCopy:
    """The copy of one release, made as soon as this is. Safe to use from several threads.

    is_ready  the copy is made, and workers can be forked
    made      stands for the copy as it was made last; another one is for workers of another process
    """

    def __init__(self, release: Path, worker: int, loading: int, tell: Callable[[], None]) -> None:
        """`worker` and `loading` are bytes: of each worker, beside the copy, and of the process that makes it.

        `tell` is called when the copy is made, from a thread of its own.
        """
        self.is_ready = False
        self.made = object()
        self.release = release
        self._arguments = str(release), str(worker), str(loading)
        self._tell = tell
        self._lock = threading.Lock()
        self._server: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._keep, daemon=True)
        self._thread.start()

    def fork(self, requests: int, answers: int) -> ForkedProcess | None:
        """Return a new worker process between two pipes; None where there is no copy yet, or no more."""
        with self._lock:
            if not self.is_ready or self._server is None:
                return None
            told, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with theirs:
                try:
                    descriptors = [requests, answers, theirs.fileno()]
                    socket.send_fds(self._server, [b"fork"], descriptors, socket.MSG_DONTWAIT)
                except OSError:
                    told.close()
                    self._give_up()
                    return None
        return ForkedProcess(told)

    def end(self) -> None:
        """Fork no more. The process ends with the last worker of it, and at once when there is none."""
        with self._lock:
            self._ended.set()
            if self.is_ready and self._server is not None:
                self.is_ready = False
                self._server.shutdown(socket.SHUT_WR)
            else:
                self._give_up()

    def wait(self) -> None:
        """Wait until all is over, after `end`."""
        self._thread.join()

    def _give_up(self) -> None:
        """Kill the process, so that another one takes its place. The lock is held."""
        self.is_ready = False
        if self._process is not None:
            self._process.kill()

    def _keep(self) -> None:
        """Have the copy made, and made again whenever it is lost; not when it cannot be made."""
        pause = _PAUSE
        while not self._ended.is_set():
            began = time.monotonic()
            with suppress(OSError):
                reason = self._make()
                if reason:
                    log.warning("the release is read from the disk", extra={"fields": {"reason": reason}})
                    return
            if not self._ended.is_set():
                log.warning("the copy of the release in memory was lost", extra={"fields": {"again_in": pause}})
            self._ended.wait(pause)
            has_lasted = time.monotonic() - began > _LONGEST_PAUSE + pause
            pause = _PAUSE if has_lasted else min(2 * pause, _LONGEST_PAUSE)

    def _make(self) -> str:
        """Have the copy made, and return when it is gone: with the reason why there was none, if one was told."""
        server, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with server:
            with self._lock, theirs, Path(os.devnull).open("wb") as nothing:
                if self._ended.is_set():
                    return ""
                self._server = server
                self._process = process = start(
                    "copying", *self._arguments, stdin=theirs.fileno(), stdout=nothing.fileno()
                )
            try:
                told = server.recv(4096)
                if told == READY:
                    with self._lock:
                        self.made = object()
                        self.is_ready = not self._ended.is_set()
                    self._tell()
                    server.recv(1)  # comes when the process ends
            finally:
                with self._lock:
                    self.is_ready, self._server = False, None
                process.kill()
                process.wait()
        return "" if told == READY else told.decode()
