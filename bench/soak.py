"""The endpoint under many clients, and under the death of its workers.

`python bench/soak.py FOLDER QUADS [SECONDS]`: 200 clients for a minute, then 16 for SECONDS (600) while a worker is
killed each second. Prints failures, latencies, and what the web process holds; nothing of that may grow.
"""

import os
import random
import signal
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

from serving import budgetgraph, children, descendants, has_copy, load, release_of, resting, running, store_of, subjects

PORT = 8711
SLICE = 30.0


class Killer(threading.Thread):
    """Kills a descendant of a process each second until it is told to stop."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.stopped, self.kills, self._pid = threading.Event(), 0, pid

    def run(self) -> None:
        while not self.stopped.wait(1.0):
            found = descendants(self._pid)
            copiers = [pid for pid in children(self._pid) if has_copy(pid)]
            # Once a minute the process that workers are forked from.
            found = copiers if self.kills % 60 == 59 else [pid for pid in found if pid not in copiers]
            if found:
                with suppress(ProcessLookupError):
                    os.kill(random.choice(found), signal.SIGKILL)  # noqa: S311  # no secret
                    self.kills += 1


def held(pid: int) -> str:
    """Return what a process holds: memory, descriptors, threads, children."""
    status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    memory = int(status["VmRSS"].split()[0]) >> 10
    descriptors = len(list(Path(f"/proc/{pid}/fd").iterdir()))
    threads, processes = status["Threads"].strip(), len(descendants(pid))
    return f"{memory} MiB, {descriptors} descriptors, {threads} threads, {processes} processes"


def main() -> None:
    folder, quads = Path(sys.argv[1]), int(sys.argv[2])
    seconds = float(sys.argv[3]) if len(sys.argv) > 3 else 600.0
    store = store_of(folder, quads)
    settings = folder / "soak.toml"
    settings.write_text('[web]\nseconds = "none"\ncache = 1_000_000\n')
    points = [f"SELECT ?p ?v {{ <{subject}> ?p ?v }}" for subject in subjects(release_of(store), 200_000)]
    with running(budgetgraph(store, PORT, settings), PORT) as process:
        load(folder, PORT, "/sparql?query=", points[:2000], 4, 2)
        resting(process)
        print(f"at rest: {held(process.pid)}")
        many = load(folder, PORT, "/sparql?query=", points, 200, 60)
        print(
            f"200 clients, 60 s: {many.rate:.0f}/s, 50 % {many.median}, 99 % {many.slowest}; "
            f"failures: {many.failures or 0}"
        )
        print(held(process.pid), flush=True)
        killer, began = Killer(process.pid), time.monotonic()
        killer.start()
        while time.monotonic() - began < seconds:
            seen = load(folder, PORT, "/sparql?query=", points, 16, SLICE)
            print(
                f"{time.monotonic() - began:4.0f} s, {killer.kills} killed: {seen.rate:.0f}/s, 99 % {seen.slowest}; "
                f"failures: {seen.failures or 0}; {held(process.pid)}",
                flush=True,
            )
        killer.stopped.set()
        killer.join()
        resting(process)
        print(f"at rest again: {held(process.pid)}")


if __name__ == "__main__":
    main()
