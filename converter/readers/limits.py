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


#: The most seconds that a process can be granted beyond its limit.
MAXIMUM_GRANT = 1_800

#: Where this process asks, when it may.
_grants: list[Path] = []


def granted(note: Path) -> int:
    """Return the seconds that a process has asked for in its note, at most MAXIMUM_GRANT."""
    with suppress(OSError, ValueError):
        return min(int(note.read_text("ascii")), MAXIMUM_GRANT)
    return 0


def ask_time(seconds: int) -> None:
    """Ask for further seconds of the clock and of the processor, for work whose size is known now.

    Without effect in a process that was not limited by `limit_process`.
    """
    for note in _grants:
        before = granted(note)
        more = min(before + seconds, MAXIMUM_GRANT)
        written = note.with_suffix(".new")
        written.write_text(str(more), "ascii")
        written.replace(note)  # at once, so that it is never read half written
        if resource is not None:
            soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
            resource.setrlimit(resource.RLIMIT_CPU, (soft + more - before, hard))


def limit_process(memory: int, seconds: int, note: Path | None = None) -> None:
    """Keep this process from mapping `memory` bytes more than it has, and from using more processor time.

    The memory limit is a soft one, so that a program started from here can be given its own. What the process asks
    for with `ask_time` stands in the file `note`, for the process that waits for it.
    """
    _grants[:] = [note] if note else []
    if resource is None:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (_within(address_space() + memory, hard), hard))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + MAXIMUM_GRANT + 1))
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
