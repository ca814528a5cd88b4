"""What a worker process gives up before it reads a query: the network, and memory without end."""

import ctypes
import os
import resource
import select
from contextlib import suppress
from functools import cache
from pathlib import Path

_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_PAGE = resource.getpagesize()


def leave_network() -> bool:
    """Move this process into a network namespace without interfaces; tell whether the system allowed it.

    Must be called before the process has a second thread. A process with CAP_SYS_ADMIN leaves directly; any other
    tries a user namespace of its own first, which some systems forbid. See unshare(2).
    """
    try:
        unshare = ctypes.CDLL(None, use_errno=True).unshare
    except (OSError, AttributeError):  # no Linux
        return False
    return any(unshare(flags) == 0 for flags in (_CLONE_NEWNET, _CLONE_NEWUSER | _CLONE_NEWNET))


def limit_memory(size: int, shared: int = 0) -> None:
    """Bound the address space of this process, in bytes; an allocation over it fails. See setrlimit(2).

    `shared` bytes that it has inherited come on top of `size`.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    size += shared
    if hard != resource.RLIM_INFINITY:
        size = min(size, hard)
    resource.setrlimit(resource.RLIMIT_AS, (size, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def offer_to_the_oom_killer(score: int = 500) -> None:
    """Let the system end this process before others when the machine runs out of memory. See proc(5), oom_score_adj."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(str(score), "ascii")


def is_nearly_full(size: int) -> bool:
    """Tell whether less than a quarter of `size` is free, which `limit_memory` was told. See proc(5), statm."""
    most, statm = _most(), _open_statm()
    if statm is None or most is None:
        return False
    return _size_in(os.pread(statm, 64, 0)) > most - min(size, most) // 4


def address_space() -> int:
    """Return how many bytes of address space this process has; 0 where the system does not tell."""
    with suppress(OSError):
        return _size_in(Path("/proc/self/statm").read_bytes())
    return 0


def _size_in(statm: bytes) -> int:
    return int(statm.split(b" ", 1)[0]) * _PAGE


@cache
def _most() -> int | None:
    """Return the bound of the address space. It is read once: `limit_memory` comes before."""
    most, _ = resource.getrlimit(resource.RLIMIT_AS)
    return None if most == resource.RLIM_INFINITY else most


@cache
def _open_statm() -> int | None:
    """Open what tells the memory of this process, once: it is read after every query."""
    try:
        return os.open("/proc/self/statm", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:  # no Linux
        return None


def end_with(descriptor: int) -> None:
    """Wait until nobody holds the other end of a pipe, then end this process at once, whatever its threads do.

    A worker that evaluates does not read; without this it would outlive a server that was killed.
    """
    poll = select.poll()
    poll.register(descriptor, 0)
    poll.poll()
    os._exit(0)
