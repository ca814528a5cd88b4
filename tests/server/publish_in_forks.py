"""Publishes in forks and kills them: `STORE`, and for each line `SOURCE DOCUMENT SECONDS` of standard input one fork.

Answers each line with `killed` or `ended` and the seconds it took. Forked, because a new Python takes longer to start
than a small publication takes.
"""

import os
import select
import signal
import sys
import time
from pathlib import Path

from budgetgraph.server.publishing import build_release
from budgetgraph.server.releases import ReleaseMetadata


def main() -> None:
    store = Path(sys.argv[1])
    for line in sys.stdin:
        source, document, seconds = line.split()
        began, child = time.monotonic(), os.fork()
        if child == 0:
            metadata = ReleaseMetadata("https://data.example.org/", (document,), "0.0")
            build_release(store, [Path(source)], metadata, keep=0)
            os._exit(0)
        ended = os.pidfd_open(child)
        if not select.select([ended], [], [], float(seconds))[0]:
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        os.close(ended)
        how = "killed" if os.WIFSIGNALED(status) else "ended"
        sys.stdout.write(f"{how} {time.monotonic() - began}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
