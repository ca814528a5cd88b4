"""Waiting in tests for what comes by itself."""

import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

from budgetgraph.server.workers import WorkerPool


def wait_until(is_so: Callable[[], bool]) -> None:
    """Wait for a state; fail when it does not come."""
    until = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < until
        threading.Event().wait(0.01)


def hold(pool: WorkerPool, release: Path) -> None:
    """Have a release in memory, and wait until all idle workers are forked from it."""
    pool.hold(release)
    wait_until(lambda: are_forked(pool))


def are_forked(pool: WorkerPool) -> bool:
    """Tell whether all workers are forked from the copy as it is now."""
    copy = pool._copy
    return copy is not None and copy.is_ready and all(worker.origin is copy.made for worker in pool._workers)


def stop(pid: int) -> None:
    """Stop a process, and return when all its threads have: the one that reads may not be the first."""
    os.kill(pid, signal.SIGSTOP)
    states = Path(f"/proc/{pid}/task")
    wait_until(lambda: all(_state(thread) in "TZ" for thread in states.iterdir()))


def _state(process: Path) -> str:
    return (process / "stat").read_text().rpartition(") ")[2][0]
