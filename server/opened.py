"""A release as a worker holds it: read from the disk, or from the copy in memory that it was forked with."""

from collections import OrderedDict
from typing import NamedTuple

import pyoxigraph as ox

#: Releases that stay open: the live one, and one that a client has pinned.
_OPEN = 2


class Copy(NamedTuple):
    """The quads of the release in the directory `path`, in memory; `size` is the address space they take in bytes."""

    path: str
    store: ox.Store
    size: int


class OpenRelease:
    """The quads of a release. A copy in memory answers joins several times faster."""

    def __init__(self, path: str, memory: ox.Store | None) -> None:
        self._path, self._memory = path, memory
        self._disk: ox.Store | None = None

    @property
    def disk(self) -> ox.Store:
        """Return the release on the disk, opened if it is not. Raises OSError when it cannot be."""
        if self._disk is None:
            self._disk = ox.Store.read_only(self._path)
        return self._disk

    def store(self, *, stable: bool) -> ox.Store:
        """Return what answers fastest, or the disk when the order of solutions must be the same for ever."""
        return self.disk if stable or self._memory is None else self._memory


class OpenReleases:
    """The releases a worker was last asked about; one of them may be in memory."""

    def __init__(self, copy: Copy | None = None) -> None:
        self._copy = copy
        self._opened: OrderedDict[str, OpenRelease] = OrderedDict()

    def get(self, path: str) -> OpenRelease:
        """Return the release in a directory."""
        if path not in self._opened:
            while len(self._opened) >= _OPEN:
                self._opened.popitem(last=False)
            is_copied = self._copy is not None and self._copy.path == path
            self._opened[path] = OpenRelease(path, self._copy.store if self._copy and is_copied else None)
        self._opened.move_to_end(path)
        return self._opened[path]
