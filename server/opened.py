"""A release as a worker holds it: opened read-only on the disk, and as a copy in memory once that is made."""

import os
import tempfile
import threading
from collections import OrderedDict

import pyoxigraph as ox

#: Releases that stay open: the live one, and one that a client has pinned.
_OPEN = 2


class OpenRelease:
    """The quads of a release. A copy in memory answers joins several times faster; making it takes some seconds."""

    def __init__(self, path: str, *, copied: bool) -> None:
        self.disk = ox.Store.read_only(path)
        self._memory: ox.Store | None = None
        self._ended = threading.Event()
        if copied:
            threading.Thread(target=self._copy, daemon=True).start()

    def store(self, *, stable: bool) -> ox.Store:
        """Return what answers fastest, or the disk when the order of solutions must be the same for ever."""
        return self.disk if stable or self._memory is None else self._memory

    def wait_for_copy(self) -> None:
        """Wait until the copy is made, if one is being made."""
        self._ended.wait()

    def _copy(self) -> None:
        """Write all quads to a file and load it: both run in the engine, so that queries go on meanwhile.

        The file has no name, so that nothing of it is left when this process is killed. See proc(5), /proc/pid/fd.
        """
        try:
            # With its folder named: to find one, the module would make a file in it.
            with tempfile.TemporaryFile(dir=os.environ.get("TMPDIR", "/tmp")) as file:  # noqa: S108
                path = f"/proc/self/fd/{file.fileno()}"
                self.disk.dump(path, ox.RdfFormat.N_QUADS)
                memory = ox.Store()
                memory.bulk_load(path=path, format=ox.RdfFormat.N_QUADS)
                self._memory = memory
        except OSError:
            pass  # no room, or no Linux: the disk answers as before
        finally:
            self._ended.set()


class OpenReleases:
    """The releases a worker was last asked about."""

    def __init__(self) -> None:
        self._opened: OrderedDict[str, OpenRelease] = OrderedDict()

    def get(self, path: str, *, copied: bool) -> OpenRelease:
        """Return the release in a directory; opened if it is not. Raises OSError when it cannot be."""
        if path not in self._opened:
            while len(self._opened) >= _OPEN:
                self._opened.popitem(last=False)
            self._opened[path] = OpenRelease(path, copied=copied)
        self._opened.move_to_end(path)
        return self._opened[path]
