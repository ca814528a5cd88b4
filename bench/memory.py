"""Memory of whole conversions: all processes of `budgetgraph convert` together, and the one that needs most.

    python bench/memory.py FILE...

Pages of memory that processes share are counted once (PSS; Linux). It is looked at every 30 ms.
"""

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path


def processes(pid: int) -> Iterator[int]:
    """Yield a process and all that it has started."""
    yield pid
    with suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            for child in (thread / "children").read_text().split():
                yield from processes(int(child))


def kibibytes(pid: int, file: str, name: str) -> int:
    """Return a number that the kernel tells of a process, 0 where it has ended."""
    with suppress(OSError):
        found = re.search(rf"^{name}:\s+(\d+)", Path(f"/proc/{pid}/{file}").read_text(), re.MULTILINE)
        return int(found[1]) if found else 0
    return 0


def measure(path: str) -> None:
    """Convert a file and print its peaks in MiB."""
    together = largest = 0
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "budgetgraph.cli", "convert", path, "--output", f"{folder}/out"]
        with Path(folder, "messages").open("wb") as messages:
            process = subprocess.Popen(command, stdout=messages, stderr=messages)
            while process.poll() is None:
                running = list(processes(process.pid))
                together = max(together, sum(kibibytes(pid, "smaps_rollup", "Pss") for pid in running))
                largest = max([largest, *(kibibytes(pid, "status", "VmHWM") for pid in running)])
                time.sleep(0.03)
    print(f"| {Path(path).name} | {together / 1024:.0f} | {largest / 1024:.0f} | {process.returncode} |", flush=True)


if __name__ == "__main__":
    print("| file | together, MiB | largest process, MiB | exit code |\n|---|---|---|---|")
    for name in sys.argv[1:]:
        measure(name)
