"""Limits that the operating system keeps for a process: memory and processor time (POSIX)."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

try:
    import resource
except ImportError:  # no POSIX system: nothing is limited
    resource = None  # type: ignore[assignment]


def address_space() -> int:
    """Return the bytes of address space that this process has mapped, 0 where the system does not tell."""
    with suppress(OSError, ValueError):
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
        return pages * resource.getpagesize()
    return 0


def limit_process(memory: int, seconds: int) -> None:
    """Keep this process from mapping `memory` bytes more than it has, and from using more processor time.

    The memory limit is a soft one, so that a program started from here can be given its own.
    """
    if resource is None:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (_within(address_space() + memory, hard), hard))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


@contextmanager
def memory_for_children(memory: int) -> Iterator[None]:
    """Let processes that are started inside the block have up to `memory` bytes of address space."""
    if resource is None:
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (_within(memory, hard), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _within(limit: int, hard: int) -> int:
    return limit if hard == resource.RLIM_INFINITY else min(limit, hard)
