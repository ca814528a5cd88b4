"""What a worker costs: reading a release from the disk, and forked from its copy in memory.

`python bench/workers.py FOLDER QUADS`; FOLDER has the data as for `bench/endpoint.py`. Prints processor time and memory
of making the copy, how long a worker that was killed is away, and for each way the worker's processor time for a point
query and the memory that it has of its own. Processor times hold on a busy machine too, waiting times less.
"""

import os
import sys
import time
from contextlib import closing
from itertools import cycle
from pathlib import Path

from serving import children, has_copy, release_of, store_of

from budgetgraph.server.frames import Request
from budgetgraph.server.releases import Release
from budgetgraph.server.workers import PoolLimits, WorkerPool

#: Of these, some from all of the release are asked; the same in each run.
SUBJECTS = "SELECT ?o { ?o a <http://purl.org/linked-data/cube#Observation> } LIMIT 200000"
ROUNDS = (1000, 4000, 10_000)


def ask(pool: WorkerPool, release: Release, query: str) -> bytes:
    return b"".join(pool.evaluate(Request(str(release.quads_path), query, "csv")))


def memory(pid: int, kind: str) -> int:
    """Return how many MiB of memory a process has: "Rss", or "Private_" for what it has to itself. See proc(5)."""
    told = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in told if line.startswith(kind)) >> 10


def seconds(pid: int) -> float:
    """Return the processor time of one process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    store = store_of(Path(sys.argv[1]), int(sys.argv[2]))
    release = release_of(store)
    limits = PoolLimits(
        workers=1, heavy=0, light=600, time=600, copied=16 << 30, memory=16 << 30, rows=None, bytes=None
    )
    with closing(WorkerPool(limits)) as pool:
        subjects = ask(pool, release, SUBJECTS).decode().splitlines()[1:]
        step = max(1, len(subjects) // sum(ROUNDS))
        for where in ("disk", "memory"):
            if where == "memory":
                pool.hold(release.path)
                while not pool.is_in_memory:
                    time.sleep(0.1)
                [copier] = [pid for pid in children(os.getpid()) if has_copy(pid)]
                print(f"copy: {seconds(copier):.1f} s of processor time, {memory(copier, 'Rss')} MiB")
            next(iter(pool._workers)).end()
            began = time.monotonic()
            ask(pool, release, "ASK {}")
            print(f"{where}: {(time.monotonic() - began) * 1000:.0f} ms from the death of a worker to an answer")
            process = next(iter(pool._workers))._process
            assert process is not None
            asked = cycle(subjects[::step])
            for number in ROUNDS:
                before = seconds(process.pid)
                for _ in range(number):
                    ask(pool, release, f"SELECT ?p ?v {{ <{next(asked)}> ?p ?v }}")
                used = (seconds(process.pid) - before) / number * 1000
                own = memory(process.pid, "Private_")
                print(f"{where}: {number} point queries: {used:.3f} ms each; {own} MiB of its own")


if __name__ == "__main__":
    main()
