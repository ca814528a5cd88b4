"""Publishes a release and kills itself at the n-th event that touches the store: `STORE SOURCE DOCUMENT N`.

Prints how many events there were when it gets to its end. Each event is reported before it happens, so that N
walks through all the moments between two steps on the file system.
"""

import os
import signal
import sys
from pathlib import Path
from typing import Any

from budgetgraph.server.publishing import build_release
from budgetgraph.server.releases import ReleaseMetadata

EVENTS = {"open", "os.mkdir", "os.rename", "os.symlink", "os.remove", "os.rmdir", "shutil.rmtree"}


def main() -> None:
    store, source, document, fatal = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    seen = 0

    def count(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal seen
        if event in EVENTS and any(isinstance(a, str | Path) and str(a).startswith(str(store)) for a in arguments):
            seen += 1
            if seen == fatal:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    metadata = ReleaseMetadata("https://data.example.org/", (document,), "0.0")
    build_release(store, [source], metadata, keep=0)
    sys.stdout.write(f"{seen}\n")


if __name__ == "__main__":
    main()
