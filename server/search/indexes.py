"""The indexes of the releases that were searched last; that of the live one is made as soon as it is live."""

import subprocess
import sys
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Event, Lock, Thread

from budgetgraph.server.exceptions import ServerError, StoreError
from budgetgraph.server.releases import Release
from budgetgraph.server.search.index import Index

#: Indexes that are kept: of the live release, and of those that a store keeps beside it.
_KEPT = 4
#: Seconds after which it is looked whether another release is live.
_LOOK = 1.0


class _Entry:
    def __init__(self) -> None:
        self.lock = Lock()
        self.index: Index | None = None


class Indexes:
    """Indexes by release; each is made once. Safe for threads."""

    def __init__(self) -> None:
        self._lock, self._building = Lock(), Lock()
        self._entries: OrderedDict[str, _Entry] = OrderedDict()
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = Event()

    def get(self, release: Release, make: Callable[[], Index] | None = None) -> Index:
        """Return the index of a release. Without `make`, a process makes it from the release on the disk.

        Raises StoreError when it cannot be made.
        """
        with self._lock:
            entry = self._entries.setdefault(release.id, _Entry())
            self._entries.move_to_end(release.id)
            while len(self._entries) > _KEPT:
                self._entries.popitem(last=False)
        with entry.lock:
            if entry.index is None:
                entry.index = make() if make is not None else self._build(release.quads_path)
            return entry.index

    def keep_ready(self, live: Callable[[], Release]) -> None:
        """Make the index of each release that goes live, in a thread, until closed."""
        Thread(target=self._keep_ready, args=(live,), daemon=True).start()

    def close(self) -> None:
        """Make no more."""
        self._closed.set()
        with self._lock:
            if self._process is not None:
                self._process.kill()

    def _keep_ready(self, live: Callable[[], Release]) -> None:
        seen = ""
        while not self._closed.is_set():
            with suppress(ServerError):  # once: whoever searches tries again, and is told
                release = live()
                if release.id != seen:
                    seen = release.id
                    self.get(release)
            self._closed.wait(_LOOK)

    def _build(self, quads: Path) -> Index:
        """Let a process make an index, one at a time."""
        with self._building:
            with self._lock:
                if self._closed.is_set():
                    raise StoreError("The server is stopping.")
                command = [sys.executable, "-m", "budgetgraph.server.search.building", str(quads)]
                self._process = subprocess.Popen(  # noqa: S603  # our own module
                    command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, process_group=0
                )
            with self._process as process:
                assert process.stdout is not None  # noqa: S101  # it is a pipe
                image = process.stdout.read()
            with self._lock:
                self._process = None
        if process.returncode != 0:
            raise StoreError("The search index of the release could not be made; the server's log says why.")
        return Index(image)
