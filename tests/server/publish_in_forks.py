"""Publishes in forks and kills them: `STORE`, and one fork for each line `SOURCE DOCUMENT SECONDS STEP` it is told.

A fork is killed after so many seconds, or kills itself at the n-th event that touches the store (0: at none). An event
is reported before it happens, so that STEP walks through all the moments between two steps on the file system.
Answers each line with `killed`, `ended` or `failed` and the seconds it took. Forked, because a new Python takes longer
to start than a small publication takes.
"""

import os
import select
import signal
import sys
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet  # as the dumps do

from budgetgraph.server.publishing import build_release
from budgetgraph.server.releases import ReleaseMetadata

EVENTS = {"open", "os.mkdir", "os.rename", "os.symlink", "os.remove", "os.rmdir", "shutil.rmtree"}


def kill_at(step: int, store: str) -> None:
    """Let this process kill itself at the n-th event that touches the store."""
    seen = 0

    def count(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal seen
        if event in EVENTS and any(isinstance(a, str | Path) and str(a).startswith(store) for a in arguments):
            seen += 1
            if seen == step:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)


def main() -> None:
    store = Path(sys.argv[1])
    pa.array(["loads pandas, where it is installed"])  # so that not each fork does, for half a second
    for line in sys.stdin:
        source, document, seconds, step = line.split()
        began, child = time.monotonic(), os.fork()
        if child == 0:
            kill_at(int(step), str(store))
            metadata = ReleaseMetadata("https://data.example.org/", (document,), "0.0")
            build_release(store, [Path(source)], metadata, keep=0)
            os._exit(0)
        ended = os.pidfd_open(child)
        if not select.select([ended], [], [], float(seconds))[0]:
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        os.close(ended)
        how = {signal.SIGKILL: "killed", 0: "ended"}.get(status, "failed")
        sys.stdout.write(f"{how} {time.monotonic() - began}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
