"""A process that has one release in memory and forks the workers that read it. `copies.py` is its other side.

Started as `python -m budgetgraph.server.copying RELEASE WORKER LOADING` (a directory; bytes of address space of each
worker; bytes that this process may take), with a socket as standard input. It sends READY once the copy is made, or why
there is none. Then each message brings three descriptors: the requests and answers of a new worker, and a socket that
is told its process and, later, its exit code. It has one thread and no network, and opens no store on the disk: a fork
has neither the threads of its parent nor its locks.

The copy is read from the dump of the release: the store on the disk looks four terms up for each quad, which takes
five times as long.
"""

import gc
import gzip
import io
import os
import select
import socket
import sys
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NoReturn, cast

import pyoxigraph as ox

from budgetgraph.server.copies import READY
from budgetgraph.server.dumps import EVERYTHING, FOLDER
from budgetgraph.server.exceptions import StoreError
from budgetgraph.server.isolation import address_space, leave_network, limit_memory, offer_to_the_oom_killer
from budgetgraph.server.opened import Copy
from budgetgraph.server.releases import Release, read_release
from budgetgraph.server.worker import serve

#: Bytes of lines that are read at once, and bytes of a buffer in front of the engine's parser.
_READ = 1 << 18
_BUFFER = 1 << 16
#: Bytes of a reason.
_LONGEST = 1000
#: This process goes after the workers when the machine runs out of memory, and before the server.
_OOM_SCORE = 250


class _Statements(io.RawIOBase):
    """The statements of a dump, and those of the default graph behind them: what stands in a graph that is not hidden.

    `going_on` is called now and then, and may end the process.
    """

    def __init__(self, dump: io.BufferedIOBase, hidden: tuple[bytes, ...], going_on: Callable[[], None]) -> None:
        self._dump, self._hidden, self._going_on = dump, hidden, going_on
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]  # any buffer
        """Fill a buffer; return how many bytes were put into it, 0 at the end."""
        if not self._rest:
            self._going_on()
            lines = self._dump.readlines(_READ)
            self._rest = memoryview(b"".join(lines + [line for each in lines if (line := self._in_default(each))]))
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size

    def _in_default(self, line: bytes) -> bytes:
        """Return a line `s p o <graph> .` without its graph; nothing for a hidden one."""
        begin = line.rindex(b" <")
        return b"" if line.startswith(self._hidden, begin + 2) else line[:begin] + b" .\n"


def load_copy(release: Release, going_on: Callable[[], None] = lambda: None) -> ox.Store:
    """Return a release in memory. Raises StoreError when its dump is not there, or not the release."""
    path, store = release.path / FOLDER / EVERYTHING, ox.Store()
    base = release.metadata.base
    hidden = tuple(f"{base}graph/doc/{document}/".encode() for document in release.metadata.superseded)
    try:
        with gzip.open(path) as dump:
            statements = io.BufferedReader(
                cast(io.RawIOBase, _Statements(cast(io.BufferedIOBase, dump), hidden, going_on)), _BUFFER
            )
            # Its terms were checked when they were published.
            store.bulk_load(input=statements, format=ox.RdfFormat.N_QUADS, lenient=True)
    except (OSError, EOFError, zlib.error, SyntaxError, ValueError) as error:
        raise StoreError(f"{path}: cannot be read: {error}. Publish again.") from error
    if len(store) != release.quads + release.triples:
        raise StoreError(
            f"{path}: gives {len(store)} statements where the release has {release.quads + release.triples}. "
            "Publish again."
        )
    return store


class _Forks:
    """The workers that were forked, and the server that asks for more."""

    def __init__(self, server: socket.socket, memory: int, copy: Copy, *, without_network: bool) -> None:
        self._server, self._memory, self._copy = server, memory, copy
        self._without_network = without_network
        self._poll = select.poll()
        #: Descriptor of each process -> its number, and the socket that is told its end.
        self._living: dict[int, tuple[int, socket.socket]] = {}

    def run(self) -> None:
        """Fork until the server wants no more and all have ended."""
        self._poll.register(self._server, select.POLLIN)
        is_asked = True
        while is_asked or self._living:
            for descriptor, _ in self._poll.poll():
                if descriptor != self._server.fileno():
                    self._bury(descriptor)
                elif not self._take():
                    is_asked = False
                    self._poll.unregister(self._server)

    def _take(self) -> bool:
        """Fork the worker that a message asks for; return False when there will be no more."""
        message, descriptors, _, _ = socket.recv_fds(self._server, 16, 3)
        if not message:
            return False
        requests, answers, told = descriptors
        try:
            process = os.fork()
        except OSError:  # no room for another one: the server sees that there are no more
            for each in descriptors:
                os.close(each)
            self._server.shutdown(socket.SHUT_RDWR)
            return False
        if process == 0:
            self._be_worker(requests, answers)
        os.close(requests)
        os.close(answers)
        handle, teller = os.pidfd_open(process), socket.socket(fileno=told)
        self._living[handle] = process, teller
        self._poll.register(handle, select.POLLIN)
        with suppress(OSError):  # the server wants it no more
            socket.send_fds(teller, [str(process).encode()], [handle])
        return True

    def _be_worker(self, requests: int, answers: int) -> NoReturn:
        """Be a worker as one that was started alone. Nothing of this object is closed twice: the process ends here."""
        try:
            os.setpgid(0, 0)
            os.dup2(requests, 0)
            os.dup2(answers, 1)
            os.closerange(3, os.sysconf("SC_OPEN_MAX"))
            serve(self._memory, self._copy, without_network=self._without_network)
        finally:
            os._exit(1)

    def _bury(self, handle: int) -> None:
        """Tell how a worker has ended. Until here its number is nobody else's."""
        self._poll.unregister(handle)
        process, teller = self._living.pop(handle)
        _, status = os.waitpid(process, 0)
        with teller, suppress(OSError):
            teller.send(str(os.waitstatus_to_exitcode(status)).encode())
        os.close(handle)


def _require_descriptors_of_processes() -> None:
    """Raise StoreError where forked workers could not be killed safely. See pidfd_open(2)."""
    try:
        os.close(os.pidfd_open(os.getpid()))
    except OSError as error:
        raise StoreError(f"This system has no descriptors of processes ({error.strerror}).") from None


def _end_without(server: socket.socket) -> None:
    """End this process when the server wants the copy no more, or is gone."""
    poll = select.poll()
    poll.register(server, select.POLLIN)
    if poll.poll(0):
        os._exit(0)


def main() -> None:
    """Load a release, and fork workers until the server asks for no more and all have ended."""
    path, worker, loading = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    with socket.socket(fileno=os.dup(0)) as server:
        without_network = leave_network()
        offer_to_the_oom_killer(_OOM_SCORE)
        limit_memory(loading)
        before = address_space()
        try:
            _require_descriptors_of_processes()
            release = read_release(path)
            store = load_copy(release, lambda: _end_without(server))
        except StoreError as error:
            server.send(str(error).encode()[:_LONGEST])
            return
        copy = Copy(str(release.quads_path), store, address_space() - before)
        server.send(READY)
        gc.freeze()
        _Forks(server, worker, copy, without_network=without_network).run()


if __name__ == "__main__":
    main()
