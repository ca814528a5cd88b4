"""Processes that evaluate queries, as whoever started them sees them: begun here, or forked by another one of them."""

import os
import select
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress

#: The allocator of glibc maps 64 MiB of address space for each thread, used or not, which would be taken from the
#: limit of a worker: the engine starts several threads. See mallopt(3), M_ARENA_MAX. Of small pieces it keeps seven of
#: each size at hand; the engine takes and frees some hundreds for each query, which then took twice as long.
_ENVIRONMENT = {"MALLOC_ARENA_MAX": "1", "GLIBC_TUNABLES": "glibc.malloc.tcache_count=500"}


def start(module: str, *arguments: str, stdin: int, stdout: int) -> subprocess.Popen[bytes]:
    """Run a module of the server in a process of its own. Raises OSError."""
    # A process group of its own: Ctrl-C on a terminal ends the server, which then ends its workers.
    return subprocess.Popen(  # noqa: S603  # our own module
        [sys.executable, "-m", f"budgetgraph.server.{module}", *arguments],
        stdin=stdin,
        stdout=stdout,
        process_group=0,
        env=os.environ | _ENVIRONMENT,
    )


class ForkedProcess:
    """A process that another one of ours forks, with what `subprocess.Popen` has. Safe to use from several threads.

    returncode  as there; None until the end is known. When nobody is left to tell, the process counts as killed
    """

    def __init__(self, told: socket.socket) -> None:
        """`told` brings a descriptor of the process, and later its exit code. See pidfd_open(2)."""
        self.returncode: int | None = None
        self._told = told
        self._pid = 0
        self._handle = -1
        self._lock = threading.Lock()

    @property
    def pid(self) -> int:
        """Return the number of the process; wait for it when it has not been forked yet. 0 when it never was."""
        with self._lock:
            self._meet()
            return self._pid

    def poll(self) -> int | None:
        """Return the exit code when the process has ended."""
        with self._lock:
            while self.returncode is None and self._hear(0):
                pass
            return self.returncode

    def wait(self) -> int:
        """Wait for the end of the process, and return its exit code."""
        with self._lock:
            while self.returncode is None:
                self._hear(None)
            return self.returncode

    def kill(self) -> None:
        """Kill the process. Does nothing when it has ended; waits when it has not been forked yet."""
        self.send_signal(signal.SIGKILL)

    def send_signal(self, number: int) -> None:
        """Send the process a signal, as `kill` does."""
        with self._lock, suppress(ProcessLookupError):
            self._meet()
            if self.returncode is None:
                signal.pidfd_send_signal(self._handle, number)

    def _meet(self) -> None:
        """Wait until the process is forked. The lock is held."""
        while self.returncode is None and self._handle < 0:
            self._hear(None)

    def _hear(self, seconds: float | None) -> bool:
        """Take in what is told, and return whether something was. The lock is held."""
        if not _is_readable(self._told.fileno(), seconds):
            return False
        message, handles, _, _ = socket.recv_fds(self._told, 16, 1)
        if handles:
            self._pid, self._handle = int(message), handles[0]
            return True
        if not message and self._handle >= 0 and not _is_readable(self._handle, seconds):
            return False  # nobody is left to tell, and it has not ended
        self.returncode = int(message) if message else -signal.SIGKILL
        self._told.close()
        if self._handle >= 0:
            os.close(self._handle)
        return True


def _is_readable(descriptor: int, seconds: float | None) -> bool:
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(None if seconds is None else seconds * 1000))
